//! The changes in short, for the terminal: of each sector the largest rises and falls, with how they
//! compare and whether they say anything.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::Changes;
use super::change::{Change, Telling};
use super::points::Difference;
use crate::survey::{Comparability, Comparison, Counterpart, QuestionIndex, Sector, SectorIndex, Shown, Survey};
use crate::tabulate::Scope;

/// How many rises, and how many falls, are shown of a sector.
const SHOWN: usize = 10;

/// A change of a sector as a whole.
struct Entry<'a> {
    question: QuestionIndex,
    item: Option<u16>,
    category: Shown,
    change: &'a Change,
}

/// The summary of all sectors, in the order of the survey.
pub fn summary(survey: &Survey, comparison: &Comparison, changes: &Changes) -> String {
    let mut text = String::new();
    for (position, sector) in survey.sectors.iter().enumerate() {
        let scope = Scope { sector: SectorIndex::at(position), subsector: None };
        let entries = entries(changes, scope);
        if !entries.is_empty() {
            describe(&mut text, survey, comparison, sector, &entries);
        }
    }
    text
}

fn entries(changes: &Changes, scope: Scope) -> Vec<Entry<'_>> {
    let tables = changes.changes.iter();
    let all = tables.flat_map(|table| table.cells().iter().map(move |(key, change)| (table.question(), key, change)));
    let of_scope = all.filter(|(_, key, _)| key.scope == scope);
    let entry = |(question, key, change): (QuestionIndex, &crate::tabulate::Key, _)| {
        Some(Entry { question, item: key.item, category: key.category?, change })
    };
    of_scope.filter_map(entry).collect()
}

fn describe(text: &mut String, survey: &Survey, comparison: &Comparison, sector: &Sector, entries: &[Entry<'_>]) {
    let mut line = |content: &str| {
        text.push_str(content.trim_end());
        text.push('\n');
    };
    let moved: Vec<(Difference, &Entry<'_>)> =
        entries.iter().filter_map(|entry| Some((entry.change.difference()?, entry))).collect();
    line("");
    if moved.is_empty() {
        let year = comparison.before.fiscal_year;
        return line(&format!("{}: nothing to compare with in FY{year}", sector.name));
    }
    line(&format!("{}: change from FY{} in percentage points", sector.name, comparison.before.fiscal_year));
    // Sorting is stable: of changes of one size the order of the questionnaire stays.
    let mut rises: Vec<_> = moved.iter().filter(|(difference, _)| *difference > Difference::NONE).collect();
    rises.sort_by_key(|(difference, _)| std::cmp::Reverse(*difference));
    let mut falls: Vec<_> = moved.iter().filter(|(difference, _)| *difference < Difference::NONE).collect();
    falls.sort_by_key(|(difference, _)| *difference);
    for (title, largest) in [("largest rises", rises), ("largest falls", falls)] {
        line(&format!("  {title}{}", if largest.is_empty() { ": none" } else { "" }));
        for (_, entry) in largest.iter().take(SHOWN) {
            line(&entry_words(survey, entry));
        }
    }
    let without: Vec<&Entry<'_>> = entries.iter().filter(|entry| entry.change.compared().is_none()).collect();
    if !without.is_empty() {
        let questions: BTreeSet<QuestionIndex> = without.iter().map(|entry| entry.question).collect();
        let mut counts = Vec::new();
        for word in [Comparability::Broken, Comparability::New] {
            let count = without.iter().filter(|entry| entry.change.beside.comparability() == word).count();
            if count > 0 {
                counts.push(format!("{count} {}", word.word()));
            }
        }
        let questions = match questions.len() {
            1 => "1 question".to_owned(),
            several => format!("{several} questions"),
        };
        line(&format!(
            "  not compared: figures of {questions} ({}); the reasons stand in the table",
            counts.join(", ")
        ));
    }
}

fn entry_words(survey: &Survey, entry: &Entry<'_>) -> String {
    let Entry { question, item, category, change } = entry;
    let percent = |percent: Option<crate::tabulate::Percent>| percent.map(|one| one.to_string()).unwrap_or_default();
    let asked = survey.question(*question);
    // The item of a grid says enough, and the lines stay readable.
    let name = match item {
        Some(item) => {
            format!("問{}({}) {}", question.number(), item + 1, asked.items[usize::from(*item)].label)
        }
        None => format!("問{} {}", question.number(), asked.title),
    };
    let label = asked.category_label(*category);
    let (points, before) = (change.points().map(|one| one.to_string()), change.compared().map(|with| with.before));
    let mut words = String::new();
    write!(
        words,
        "    {:>6}  {:>5} → {:>5}  {:8}  {name}「{label}」",
        points.unwrap_or_default(),
        percent(before.and_then(|figures| figures.percent())),
        percent(change.now.percent()),
        change.beside.comparability().word(),
    )
    .expect("writing to a string cannot fail");
    words.push_str(match change.telling() {
        Some(Telling::UnderOneInstitution) => "  not telling: less than one institution is worth",
        Some(Telling::WithinNonresponse) => "  not telling: those who did not answer could undo it",
        Some(Telling::Yes) | None => "",
    });
    if let Counterpart::Compared { note, .. } = &change.beside
        && !note.is_empty()
    {
        write!(words, "（{note}）").expect("writing to a string cannot fail");
    }
    words
}
