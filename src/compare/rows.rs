//! The lines of changes and flows as they stand in files: the tables of the store, and the same as CSV.

use std::collections::BTreeSet;

use super::Changes;
use super::change::{Change, Telling};
use super::flow::{Flow, Movement};
use super::lineage::{Lineage, Past};
use super::points::Difference;
use crate::store::{Field, Staging, StoreError, Table, tables};
use crate::survey::{Comparability, Comparison, Prompt, Shown, Survey};
use crate::tabulate::{self, Figures, Key, Scope, scope_ids};

/// Where a figure stands in a year's questionnaire, by ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place<'a> {
    pub question: &'a str,
    pub item: &'a str,
    pub option: &'a str,
    pub kind: &'static str,
}

/// A line of the changes: a figure of this year, or what stands for one that only last year had.
pub(super) struct Line<'a> {
    pub sector: &'a str,
    pub subsector: &'a str,
    pub place: Place<'a>,
    /// The question and the answer, as printed.
    pub wording: String,
    /// This year's figure.
    pub now: Option<Figures>,
    pub comparability: Comparability,
    /// The remark for the reader, or the reason for no comparison.
    pub remark: &'a str,
    /// The change, and where last year's figure stood.
    pub change: Option<(&'a Change, Place<'a>)>,
}

fn place<'a>(survey: &'a Survey, prompt: Prompt, category: Shown) -> Place<'a> {
    let (question, item) = survey.prompt_ids(prompt);
    let option = survey.question(prompt.question).category_id(category);
    let kind = match category {
        Shown::Option(_) => "option",
        Shown::Net(_) => "net",
    };
    Place { question, item, option, kind }
}

/// 問13(3) 監視：要員「不足している」.
fn wording(survey: &Survey, prompt: Prompt, category: Shown) -> String {
    (survey.texts().survey.category)(
        &survey.prompt_name(prompt),
        survey.question(prompt.question).category_label(category),
    )
}

/// The lines of all changes by sector and sub-sector, in printed order; figures that only last year had stand after
/// those of this year.
pub(super) fn lines<'a>(survey: &'a Survey, comparison: &'a Comparison, changes: &'a Changes) -> Vec<Line<'a>> {
    let before = &comparison.before;
    let mut lines: Vec<(Scope, Line<'a>)> = Vec::new();
    let mut known: BTreeSet<(Scope, &str, &str, &str)> = BTreeSet::new();
    for table in &changes.changes {
        for (key, change) in table.cells() {
            let Key { scope, item, category } = *key;
            let category = category.expect("a change is of an option or a net");
            let place_now = place(survey, Prompt { question: table.question(), item }, category);
            if change.compared().is_none() {
                known.insert((scope, place_now.question, place_now.item, place_now.option));
            }
            let (sector, subsector) = scope_ids(survey, scope);
            let line = Line {
                sector,
                subsector,
                place: place_now,
                wording: wording(survey, Prompt { question: table.question(), item }, category),
                now: Some(change.now),
                comparability: change.beside.comparability(),
                remark: change.beside.remark(),
                change: change.compared().map(|with| (change, place(before, with.place.0, with.place.1))),
            };
            lines.push((scope, line));
        }
    }
    for (scope, gone) in &changes.gone {
        let question = before.question(gone.question);
        let prompts =
            question.prompts(gone.question).filter(|prompt| gone.item.is_none_or(|_| prompt.item == gone.item));
        for prompt in prompts {
            for category in question.categories().filter(|one| gone.category.is_none_or(|category| category == *one)) {
                let place = place(before, prompt, category);
                // A broken pair with one id in both years has its line already.
                if known.contains(&(*scope, place.question, place.item, place.option)) {
                    continue;
                }
                let (sector, subsector) = scope_ids(survey, *scope);
                let (comparability, remark) = (gone.comparability, gone.reason.as_str());
                let wording = wording(before, prompt, category);
                let line = Line { sector, subsector, place, wording, now: None, comparability, remark, change: None };
                lines.push((*scope, line));
            }
        }
    }
    // Stable: within a scope the printed order stays.
    lines.sort_by_key(|(scope, _)| *scope);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// A line of the flows: those who moved from one class of answers to another.
pub(super) struct FlowLine<'a> {
    pub sector: &'a str,
    pub subsector: &'a str,
    pub question: &'a str,
    pub item: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub movement: Movement,
    /// By how many levels of maturity, where both classes are one level each.
    pub levels: Option<i64>,
    pub count: u32,
}

/// The lines of all flows by sector and sub-sector, in printed order; the highest class first.
pub(super) fn flow_lines<'a>(survey: &'a Survey, changes: &'a Changes) -> Vec<FlowLine<'a>> {
    let mut lines: Vec<(Scope, FlowLine<'a>)> = Vec::new();
    for table in &changes.flows {
        let options = survey.question(table.question());
        for (key, Flow { classes, counts }) in table.cells() {
            let (sector, subsector) = scope_ids(survey, key.scope);
            let (question, item) = survey.prompt_ids(Prompt { question: table.question(), item: key.item });
            for (from, row) in counts.iter().enumerate() {
                for (to, &count) in row.iter().enumerate() {
                    let level = |class: usize| {
                        let (lowest, highest) = classes[class].levels;
                        (lowest == highest).then_some(i64::from(lowest))
                    };
                    let line = FlowLine {
                        sector,
                        subsector,
                        question,
                        item,
                        from: options.category_id(classes[from].now),
                        to: options.category_id(classes[to].now),
                        movement: Movement::between(from, to),
                        levels: level(to).zip(level(from)).map(|(to, from)| to - from),
                        count,
                    };
                    lines.push((key.scope, line));
                }
            }
        }
    }
    lines.sort_by_key(|(scope, _)| *scope);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// A difference as programs read it.
fn plain(difference: Option<Difference>) -> Option<String> {
    difference.map(|difference| difference.points().plain())
}

/// The words and decimals of a line.
struct Words {
    percent: Option<String>,
    previous_percent: Option<String>,
    points: Option<String>,
    panel_points: Option<String>,
    panel_one_institution: Option<String>,
    one_institution: Option<String>,
    entrants_points: Option<String>,
    leavers_points: Option<String>,
    lowest_points: Option<String>,
    highest_points: Option<String>,
    printed: Option<String>,
}

impl Line<'_> {
    fn words(&self) -> Words {
        let percent = |figures: Option<Figures>| figures.and_then(Figures::percent).map(|percent| percent.to_string());
        let change = self.change.map(|(change, _)| change);
        let bounds = change.and_then(Change::bounds);
        Words {
            percent: percent(self.now),
            previous_percent: percent(change.and_then(Change::compared).map(|with| with.before)),
            points: plain(change.and_then(Change::difference)),
            panel_points: plain(change.and_then(Change::panel_difference)),
            panel_one_institution: plain(change.and_then(Change::one_of_panel)),
            one_institution: plain(change.and_then(Change::one_institution)),
            entrants_points: plain(change.and_then(Change::entrants)),
            leavers_points: plain(change.and_then(Change::leavers)),
            lowest_points: plain(bounds.map(|(lowest, _)| lowest)),
            highest_points: plain(bounds.map(|(_, highest)| highest)),
            printed: change.and_then(Change::points).map(|points| points.to_string()),
        }
    }

    /// The fields of [`tables::CHANGES`].
    fn fields<'f>(&'f self, words: &'f Words) -> [Field<'f>; 38] {
        let change = self.change.map(|(change, _)| change);
        let compared = change.and_then(Change::compared);
        let (before, panel) = (compared.map(|with| with.before), compared.map(|with| with.panel));
        let previous = self.change.map(|(_, place)| place);
        let number = |number: Option<u32>| Field::OptionalInteger(number.map(i64::from));
        fn word(word: &Option<String>) -> Field<'_> {
            Field::OptionalText(word.as_deref())
        }
        [
            Field::Text(self.sector),
            Field::Text(self.subsector),
            Field::Text(self.place.question),
            Field::Text(self.place.item),
            Field::Text(self.place.option),
            Field::Text(self.place.kind),
            number(self.now.map(|now| now.count)),
            number(self.now.map(|now| now.base)),
            number(self.now.map(|now| now.asked)),
            number(self.now.map(Figures::nonresponse)),
            word(&words.percent),
            number(before.map(|before| before.count)),
            number(before.map(|before| before.base)),
            word(&words.previous_percent),
            word(&words.points),
            Field::Text(self.comparability.word()),
            number(panel.map(|panel| panel.base)),
            number(panel.map(|panel| panel.count)),
            number(panel.map(|panel| panel.previous_count)),
            word(&words.panel_points),
            word(&words.one_institution),
            Field::OptionalText(previous.map(|place| place.question)),
            Field::OptionalText(previous.map(|place| place.item)),
            Field::OptionalText(previous.map(|place| place.option)),
            number(change.and_then(Change::entrant_count)),
            word(&words.entrants_points),
            number(change.and_then(Change::leaver_count)),
            word(&words.leavers_points),
            number(compared.map(|with| with.missing_now)),
            number(compared.map(|with| with.missing_before)),
            word(&words.lowest_points),
            word(&words.highest_points),
            Field::OptionalText(change.and_then(Change::telling).map(Telling::word)),
            word(&words.panel_one_institution),
            Field::OptionalText(change.and_then(Change::panel_telling).map(Telling::word)),
            word(&words.printed),
            Field::Text(self.remark),
            Field::Text(&self.wording),
        ]
    }
}

impl FlowLine<'_> {
    /// The fields of [`tables::FLOWS`].
    fn fields(&self) -> [Field<'_>; 9] {
        [
            Field::Text(self.sector),
            Field::Text(self.subsector),
            Field::Text(self.question),
            Field::Text(self.item),
            Field::Text(self.from),
            Field::Text(self.to),
            Field::Integer(i64::from(self.count)),
            Field::Text(self.movement.word()),
            Field::OptionalInteger(self.levels),
        ]
    }
}

/// Writes changes, flows and who was compared with whom into the store.
pub fn write(
    survey: &Survey,
    comparison: &Comparison,
    lineage: &Lineage,
    changes: &Changes,
    staging: &mut Staging<'_>,
) -> Result<(), StoreError> {
    let mut writer = staging.table(&tables::CHANGES)?;
    for line in lines(survey, comparison, changes) {
        writer.row(line.fields(&line.words()))?;
    }
    writer.finish()?;
    let mut writer = staging.table(&tables::FLOWS)?;
    for line in flow_lines(survey, changes) {
        writer.row(line.fields())?;
    }
    writer.finish()?;
    write_lineage(lineage, staging)
}

/// `changes.csv`: this year's figures, last year's, the changes, and the remarks for the reader.
pub fn changes_csv(survey: &Survey, comparison: &Comparison, changes: &Changes) -> Vec<u8> {
    let lines = lines(survey, comparison, changes);
    let words: Vec<Words> = lines.iter().map(Line::words).collect();
    let rows = lines.iter().zip(&words).map(|(line, words)| line.fields(words));
    // The bases tell how many were asked and did not answer; the distributions have it as numbers.
    csv(survey, &tables::CHANGES, rows, &["asked", "nonresponse"])
}

/// `flows.csv`: how those who answered in both years moved between levels.
pub fn flows_csv(survey: &Survey, changes: &Changes) -> Vec<u8> {
    let lines = flow_lines(survey, changes);
    csv(survey, &tables::FLOWS, lines.iter().map(FlowLine::fields), &[])
}

/// A table of the store as a CSV file, with the fiscal year in front.
fn csv<'f, const N: usize>(
    survey: &Survey,
    table: &Table,
    rows: impl Iterator<Item = [Field<'f>; N]>,
    without: &[&str],
) -> Vec<u8> {
    let year = survey.fiscal_year.to_string();
    let columns = || table.columns.iter().enumerate().filter(|(_, column)| !without.contains(&column.name));
    let header = std::iter::once("fiscal_year".to_owned()).chain(columns().map(|(_, column)| column.name.to_owned()));
    let mut written: Vec<Vec<String>> = vec![header.collect()];
    for row in rows {
        let cells = columns().map(|(place, _)| match row[place] {
            Field::Text(text) => text.to_owned(),
            Field::OptionalText(text) => text.unwrap_or_default().to_owned(),
            Field::Integer(number) => number.to_string(),
            Field::OptionalInteger(number) => number.map(|number| number.to_string()).unwrap_or_default(),
            Field::OptionalNumber(number) => number.map(|number| number.to_string()).unwrap_or_default(),
        });
        written.push(std::iter::once(year.clone()).chain(cells).collect());
    }
    tabulate::csv_bytes(&written)
}

fn write_lineage(lineage: &Lineage, staging: &mut Staging<'_>) -> Result<(), StoreError> {
    let mut writer = staging.table(&tables::LINEAGE)?;
    for (institution, past) in lineage.pasts() {
        let word = match past {
            Past::Same(_) => "same",
            Past::Together(_) => "together",
            Past::None => "none",
        };
        let codes: Vec<Option<&str>> = match past.codes() {
            [] => vec![None],
            codes => codes.iter().map(|code| Some(code.as_str())).collect(),
        };
        let lines: Vec<String> = lineage.lines_of_past(institution).iter().map(usize::to_string).collect();
        let lines = lines.join(" ");
        for code in codes {
            let lines = Field::Text(&lines);
            writer.row([Field::Text(institution), Field::OptionalText(code), Field::Text(word), lines])?;
        }
    }
    writer.finish()
}
