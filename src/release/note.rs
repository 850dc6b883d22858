//! The revision note (正誤) that readers get with a corrected edition: when and why, and each changed figure before and
//! after.

use super::erratum::ChangedFigure;
use super::ledger::PrintedCell;
use crate::survey::{Circle, Survey};
use crate::texts::{Language, NoteTexts, mark};

/// The data of a note on the edition that it belongs to.
pub(super) struct Note<'n> {
    pub circle: Circle,
    /// The number of the corrected edition, and of the one that it corrects.
    pub editions: [u32; 2],
    /// When it is released; `None` while it is prepared.
    pub released_at: Option<&'n str>,
    pub reason: &'n str,
    /// Whether figures of the year before are those of another edition than before.
    pub is_previous_other: bool,
}

/// The name of the note that is prepared.
pub(super) fn draft_name(survey: &Survey) -> String {
    format!("{}.html", survey.texts().note.file)
}

/// The name of the note of an edition.
pub(super) fn file_name(survey: &Survey, edition: u32) -> String {
    format!("{}_{edition}.html", survey.texts().note.file)
}

/// Whether a file is named as the note of an edition is, in any language.
pub(super) fn is_note(name: &str) -> bool {
    let is_of =
        |language: Language| name.strip_prefix(language.texts().note.file).is_some_and(|rest| rest.starts_with('_'));
    Language::ALL.into_iter().any(is_of)
}

/// The note as a page.
pub(super) fn page(survey: &Survey, note: &Note<'_>, changed: &[ChangedFigure]) -> String {
    let all = survey.texts();
    let texts = &all.note;
    let circle = match note.circle {
        Circle::Public => all.release.public,
        Circle::Feedback => all.release.feedback,
    };
    let [edition, corrects] = note.editions.map(all.release.edition);
    let date = note.released_at.map_or_else(|| all.release.draft.to_owned(), escaped);
    let rows: String = changed.iter().map(|one| row(survey, one)).collect();
    let previous = match note.is_previous_other {
        true => format!("<p>{}</p>\n", texts.previous),
        false => String::new(),
    };
    let body = if changed.is_empty() {
        format!("<p>{}</p>\n", texts.unchanged)
    } else {
        let headings = texts.columns.map(|heading| format!("<th>{heading}</th>")).concat();
        format!("<table>\n<tr>{headings}</tr>\n{rows}</table>\n<p>{}</p>\n", texts.legend)
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n<style>\n\
         body {{ font-family: \"BIZ UDPGothic\", \"Yu Gothic\", sans-serif; max-width: 60em; margin: 2em auto; line-height: 1.6; }}\n\
         table {{ border-collapse: collapse; width: 100%; margin-bottom: 1.5em; }}\n\
         th, td {{ border-bottom: 1px solid #bbb; padding: .3em .5em; text-align: left; vertical-align: top; }}\n\
         td:nth-child(4), td:nth-child(5) {{ text-align: right; white-space: nowrap; }}\n</style>\n</head>\n<body>\n\
         <h1>{}</h1>\n<p>{}</p>\n<p>{}</p>\n<p>{}</p>\n<p>{}</p>\n{previous}{body}</body>\n</html>\n",
        all.tag,
        texts.title,
        (texts.heading)(circle, &edition),
        (texts.subject)(&escaped(&survey.title), &survey.year_name()),
        (texts.date)(&date),
        (texts.reason)(&escaped(note.reason)),
        (texts.corrects)(&corrects),
    )
}

fn row(survey: &Survey, one: &ChangedFigure) -> String {
    let [place, question, label] = labels(survey, one.cell());
    let [before, after] = [&one.before, &one.after].map(|cell| figure(&survey.texts().note, cell.as_ref()));
    let cells = [place, question, label, before, after];
    let cells: String = cells.iter().map(|text| format!("<td>{}</td>", escaped(text))).collect();
    format!("<tr>{cells}</tr>\n")
}

/// A cell in the words of the questionnaire: sector, question, and category.
fn labels(survey: &Survey, cell: &PrintedCell) -> [String; 3] {
    let sector = survey.sectors.iter().find(|sector| sector.id == cell.sector);
    let part = sector.and_then(|sector| sector.subsectors.iter().find(|part| part.id == cell.subsector));
    let all = survey.texts();
    let place = match (sector, part) {
        (Some(sector), Some(part)) => (all.note.place)(&sector.name, &part.name),
        (sector, _) => sector.map(|sector| sector.name.clone()).unwrap_or_default(),
    };
    let Some(prompt) = survey.prompt(&cell.question, &cell.item) else {
        return [place, cell.question.clone(), cell.option.clone()];
    };
    let asked = survey.question(prompt.question);
    let label = match cell.option.as_str() {
        "" | "base" => all.table.base,
        "mean" if !asked.kind.has_options() => all.table.mean,
        "first_quartile" => all.table.first_quartile,
        "median" if !asked.kind.has_options() => all.table.median,
        "third_quartile" => all.table.third_quartile,
        id => {
            let shown = asked.categories().find(|one| asked.category_id(*one) == id);
            shown.map_or(id, |shown| asked.category_label(shown))
        }
    };
    [place, survey.prompt_name(prompt), label.to_owned()]
}

fn figure(texts: &NoteTexts, cell: Option<&PrintedCell>) -> String {
    let Some(cell) = cell else { return mark::WITHHELD.to_owned() };
    match (cell.count, cell.base, cell.percent.as_str()) {
        (None, Some(base), "") => (texts.respondents)(base),
        (None, _, percent) => percent.to_owned(),
        (Some(count), Some(base), "") => (texts.count_of_base)(count, base),
        (Some(count), Some(base), percent) => (texts.count_of_base_with_percent)(count, base, percent),
        (Some(count), None, _) => (texts.respondents)(count),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
