//! The revision note (正誤) that readers get with a corrected edition: when and why, and each changed figure before and
//! after.

use super::erratum::ChangedFigure;
use super::ledger::PrintedCell;
use crate::survey::{Circle, Survey};

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

/// The name of the note of an edition.
pub(super) fn file_name(edition: u32) -> String {
    format!("{PREFIX}{edition}.html")
}

/// The first characters of the names of notes.
pub(super) const PREFIX: &str = "正誤_";

/// The note as a page.
pub(super) fn page(survey: &Survey, note: &Note<'_>, changed: &[ChangedFigure]) -> String {
    let circle = match note.circle {
        Circle::Public => "公表",
        Circle::Feedback => "還元",
    };
    let [edition, corrects] = note.editions;
    let date = note.released_at.map_or_else(|| "（案）".to_owned(), escaped);
    let rows: String = changed.iter().map(|one| row(survey, one)).collect();
    let previous = match note.is_previous_other {
        true => "<p>前回の数値は、前回調査の訂正後の版によるものに改めました。</p>\n",
        false => "",
    };
    let body = if changed.is_empty() {
        "<p>表示する数値に変更はありません。</p>\n".to_owned()
    } else {
        format!(
            "<table>\n<tr><th>区分</th><th>設問</th><th>項目</th><th>訂正前</th><th>訂正後</th></tr>\n{rows}</table>\n\
             <p>「x」は、個別の先の回答を推定されることのないよう秘匿した数値です。括弧内は割合（％）です。</p>\n"
        )
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n<title>正誤</title>\n<style>\n\
         body {{ font-family: \"BIZ UDPGothic\", \"Yu Gothic\", sans-serif; max-width: 60em; margin: 2em auto; line-height: 1.6; }}\n\
         table {{ border-collapse: collapse; width: 100%; margin-bottom: 1.5em; }}\n\
         th, td {{ border-bottom: 1px solid #bbb; padding: .3em .5em; text-align: left; vertical-align: top; }}\n\
         td:nth-child(4), td:nth-child(5) {{ text-align: right; white-space: nowrap; }}\n</style>\n</head>\n<body>\n\
         <h1>正誤（{circle}資料　第{edition}版）</h1>\n<p>{}（{}）</p>\n<p>訂正日：{date}</p>\n<p>訂正の理由：{}</p>\n\
         <p>第{corrects}版の次の数値を訂正しました。</p>\n{previous}{body}</body>\n</html>\n",
        escaped(&survey.title),
        survey.year_name(),
        escaped(note.reason),
    )
}

fn row(survey: &Survey, one: &ChangedFigure) -> String {
    let [place, question, label] = labels(survey, one.cell());
    let cells = [place, question, label, figure(one.before.as_ref()), figure(one.after.as_ref())];
    let cells: String = cells.iter().map(|text| format!("<td>{}</td>", escaped(text))).collect();
    format!("<tr>{cells}</tr>\n")
}

/// A cell in the words of the questionnaire: sector, question, and category.
fn labels(survey: &Survey, cell: &PrintedCell) -> [String; 3] {
    let sector = survey.sectors.iter().find(|sector| sector.id == cell.sector);
    let part = sector.and_then(|sector| sector.subsectors.iter().find(|part| part.id == cell.subsector));
    let names = [sector.map(|sector| sector.name.as_str()), part.map(|part| part.name.as_str())];
    let place = names.into_iter().flatten().collect::<Vec<_>>().join("　");
    let Some(prompt) = survey.prompt(&cell.question, &cell.item) else {
        return [place, cell.question.clone(), cell.option.clone()];
    };
    let asked = survey.question(prompt.question);
    let label = match cell.option.as_str() {
        "" | "base" => "回答のあった先",
        "mean" if !asked.kind.has_options() => "平均",
        "first_quartile" => "第1四分位",
        "median" if !asked.kind.has_options() => "中央値",
        "third_quartile" => "第3四分位",
        id => {
            let shown = asked.categories().find(|one| asked.category_id(*one) == id);
            shown.map_or(id, |shown| asked.category_label(shown))
        }
    };
    [place, survey.prompt_name(prompt), label.to_owned()]
}

fn figure(cell: Option<&PrintedCell>) -> String {
    let Some(cell) = cell else { return "x".to_owned() };
    match (cell.count, cell.base, cell.percent.as_str()) {
        (None, Some(base), "") => format!("{base}先"),
        (None, _, percent) => percent.to_owned(),
        (Some(count), Some(base), "") => format!("{count}先／{base}先"),
        (Some(count), Some(base), percent) => format!("{count}先／{base}先（{percent}）"),
        (Some(count), None, _) => format!("{count}先"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
