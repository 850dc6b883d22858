//! The changes in short, for the terminal: of each sector the largest rises and falls, with how they
//! compare and whether they say anything.

use std::collections::{BTreeMap, BTreeSet};

use super::Changes;
use super::change::{Change, Telling};
use super::flow::Movement;
use super::points::Difference;
use crate::survey::{Comparability, Comparison, Counterpart, QuestionIndex, Sector, SectorIndex, Shown, Survey};
use crate::tabulate::{Figures, Key, Scope};

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
        let part = Part { survey, comparison, changes, sector, scope, entries: entries(changes, scope) };
        if !part.entries.is_empty() {
            part.describe(&mut text);
        }
    }
    if !text.is_empty() {
        text.push_str(LEGEND);
    }
    text
}

/// A sector and its changes.
struct Part<'a> {
    survey: &'a Survey,
    comparison: &'a Comparison,
    changes: &'a Changes,
    sector: &'a Sector,
    scope: Scope,
    entries: Vec<Entry<'a>>,
}

fn entries(changes: &Changes, scope: Scope) -> Vec<Entry<'_>> {
    let tables = changes.changes.iter();
    let all = tables.flat_map(|table| table.cells().iter().map(move |(key, change)| (table.question(), key, change)));
    let of_scope = all.filter(|(_, key, _)| key.scope == scope);
    let entry = |(question, key, change): (QuestionIndex, &Key, _)| {
        Some(Entry { question, item: key.item, category: key.category?, change })
    };
    of_scope.filter_map(entry).collect()
}

impl Part<'_> {
    fn describe(&self, text: &mut String) {
        let mut line = |content: &str| {
            text.push_str(content.trim_end());
            text.push('\n');
        };
        let moved: Vec<(Difference, &Entry<'_>)> =
            self.entries.iter().filter_map(|entry| Some((entry.change.difference()?, entry))).collect();
        let year = self.comparison.before.fiscal_year;
        line("");
        if moved.is_empty() {
            return line(&format!("{}: nothing to compare with in FY{year}", self.sector.name));
        }
        line(&format!("{}: change from FY{year}", self.sector.name));
        let [now, before] = self.changes.populations.get(&self.scope).copied().unwrap_or_default();
        line(&format!(
            "  asked {} and returned {}, in FY{year} {} and {}",
            now.members, now.returned, before.members, before.returned
        ));
        line("  percentage points of all, and of those in both years; last year → this year");
        let listed = || moved.iter().filter(|(_, entry)| !self.is_told_by_another(entry));
        // Sorting is stable: of changes of one size the order of the questionnaire stays.
        let mut rises: Vec<_> = listed().filter(|(difference, _)| *difference > Difference::NONE).collect();
        rises.sort_by_key(|(difference, _)| std::cmp::Reverse(*difference));
        let mut falls: Vec<_> = listed().filter(|(difference, _)| *difference < Difference::NONE).collect();
        falls.sort_by_key(|(difference, _)| *difference);
        for (title, largest) in [("largest rises", rises), ("largest falls", falls)] {
            line(&format!("  {title}{}", if largest.is_empty() { ": none" } else { "" }));
            for (_, entry) in largest.iter().take(SHOWN) {
                line(&self.entry_words(entry));
            }
        }
        let flows = self.flow_words();
        if !flows.is_empty() {
            line("  levels of those in both years: rose, stayed, fell");
            flows.iter().for_each(|flow| line(flow));
        }
        if let Some(words) = self.words_of_what_is_not_compared() {
            line(&words);
        }
    }

    /// Whether a figure is a net of all options but one, which tells the same the other way round.
    fn is_told_by_another(&self, entry: &Entry<'_>) -> bool {
        let question = self.survey.question(entry.question);
        let is_net = matches!(entry.category, Shown::Net(_));
        is_net && question.kind.is_single() && question.options_of(entry.category).len() + 1 == question.options.len()
    }

    fn flow_words(&self) -> Vec<String> {
        let tables = self.changes.flows.iter();
        let cells = tables.flat_map(|table| table.cells().iter().map(move |cell| (table.question(), cell)));
        let of_scope = cells.filter(|(_, (key, _))| key.scope == self.scope);
        let words = of_scope.map(|(question, (key, flow))| {
            let [rose, stayed, fell] =
                [Movement::Rose, Movement::Stayed, Movement::Fell].map(|movement| flow.count(movement));
            format!("    {rose:>5}  {stayed:>5}  {fell:>5}  {}", self.name(question, key.item))
        });
        words.collect()
    }

    fn words_of_what_is_not_compared(&self) -> Option<String> {
        let without = self.entries.iter().filter(|entry| entry.change.compared().is_none());
        let mut counts: BTreeMap<Comparability, usize> = BTreeMap::new();
        let mut questions: BTreeSet<QuestionIndex> = BTreeSet::new();
        for entry in without {
            *counts.entry(entry.change.beside.comparability()).or_default() += 1;
            questions.insert(entry.question);
        }
        let gone = self.changes.gone.iter().filter(|(scope, _)| *scope == self.scope).count();
        if questions.is_empty() && gone == 0 {
            return None;
        }
        let counts: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {}", word.word())).collect();
        let questions = match questions.len() {
            1 => "1 question".to_owned(),
            several => format!("{several} questions"),
        };
        let gone = if gone == 0 { String::new() } else { format!(", and {gone} answers or questions of last year") };
        let counts = counts.join(", ");
        Some(format!("  not compared: figures of {questions} ({counts}){gone}; the reasons stand in the table"))
    }

    /// The name of the question. The item of a grid says enough, and the lines stay readable.
    fn name(&self, question: QuestionIndex, item: Option<u16>) -> String {
        let asked = self.survey.question(question);
        let texts = &self.survey.texts().survey;
        match item {
            Some(item) => (texts.item_alone)(question.number(), item + 1, &asked.items[usize::from(item)].label),
            None => (texts.question)(question.number(), &asked.title),
        }
    }

    fn entry_words(&self, entry: &Entry<'_>) -> String {
        let Entry { question, item, category, change } = entry;
        let figures = |figures: Figures| {
            let percent = figures.percent().map(|percent| percent.to_string()).unwrap_or_default();
            (percent, format!("({}/{})", figures.count, figures.base))
        };
        let name = self.name(*question, *item);
        let label = self.survey.question(*question).category_label(*category);
        let points = |difference: Option<Difference>| {
            difference.map_or_else(|| "-".to_owned(), |difference| difference.points().to_string())
        };
        let before = change.compared().map(|with| with.before).unwrap_or_default();
        let ((percent_before, counts_before), (percent, counts)) = (figures(before), figures(change.now));
        let mut words = format!(
            "  {} {:>6}  {:>6}  {percent_before:>5} {counts_before:>9} → {percent:>5} {counts:>9}  {:8}  {name}「{label}」",
            mark(change),
            points(change.difference()),
            points(change.panel_difference()),
            change.beside.comparability().word(),
        );
        if let Counterpart::Compared { note, .. } = &change.beside
            && !note.is_empty()
        {
            words.push_str(&format!("（{note}）"));
        }
        words
    }
}

/// The mark of a change that should not be read as one; see [`LEGEND`].
fn mark(change: &Change) -> &'static str {
    let sign = |difference: Difference| difference.cmp(&Difference::NONE);
    let is_against =
        change.difference().zip(change.panel_difference()).is_some_and(|(whole, panel)| sign(whole) != sign(panel));
    match change.telling() {
        Some(Telling::UnderOneInstitution) => "*",
        Some(Telling::WithinNonresponse) => "?",
        _ if is_against => "!",
        _ => " ",
    }
}

const LEGEND: &str = "
* less than one institution is worth  ? those who did not answer could undo it  ! those in both years did not go that way
Points are made from exact fractions: they need not be the difference of the printed percentages.
";
