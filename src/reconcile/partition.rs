//! Which cells of a group exclude each other, so that their counts add up to the base or stay within
//! it: by the definition for certain, by their sum for lack of one.

use super::counts::counts;
use super::definition::Definitions;
use super::span::Span;
use super::table::Cell;
use crate::survey::{Question, Survey};

/// How a partition is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grounds {
    /// The definition says so.
    Definition,
    /// The percentages sum to 100 within half a unit each.
    Sum,
}

/// Cells of a group that exclude each other: the options of a single choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// Their positions in the group; at least two.
    pub members: Vec<usize>,
    /// Whether all options are there: the counts are the base. Otherwise they are at most the base.
    pub is_complete: bool,
    /// How that is known.
    pub grounds: Grounds,
}

impl Partition {
    /// The sums of the counts of its members on a base; `None` if one of them has no count.
    pub fn sum(&self, cells: &[Cell], base: u64) -> Option<Span> {
        self.members.iter().try_fold(Span { low: 0, high: 0 }, |sum, &member| {
            let counts = counts(cells[member].percent, base)?;
            Some(Span { low: sum.low + counts.low, high: sum.high + counts.high })
        })
    }

    /// Whether its members can add up as they must on a base. The counts of a cell follow one another,
    /// so every sum between the lowest and the highest can be had.
    pub fn holds(&self, cells: &[Cell], base: u64) -> bool {
        self.sum(cells, base).is_some_and(|sum| sum.low <= base && (!self.is_complete || base <= sum.high))
    }

    /// The partition without one cell: its options are then no longer all there.
    pub(super) fn without(&self, position: usize) -> Partition {
        let others = self.members.iter().filter(|&&member| member != position);
        let members: Vec<usize> = others.map(|&member| member - usize::from(member > position)).collect();
        Partition { is_complete: self.is_complete && members.len() == self.members.len(), members, ..*self }
    }
}

/// The partition among the cells of a group, and a note on each name that no definition knows.
pub(super) fn of(cells: &[Cell], definitions: &Definitions) -> (Option<Partition>, Vec<String>) {
    let first = &cells[0];
    let Some(survey) = definitions.of_year(&first.fiscal_year) else {
        let unknown = (!definitions.is_empty()).then(|| match first.fiscal_year.as_str() {
            "" => format!("line {}: has no fiscal year, so that no definition says what its options are", first.line),
            year => {
                format!("no definition is of fiscal year {year}: which options exclude each other is taken from sums")
            }
        });
        return (by_sum(cells), unknown.into_iter().collect());
    };
    match survey.questions.iter().find(|question| question.id == first.question) {
        Some(question) => (by_definition(cells, question), unknown_names(cells, question)),
        None => (by_sum(cells), vec![unknown_question(first, survey)]),
    }
}

fn unknown_question(first: &Cell, survey: &Survey) -> String {
    format!("line {}: the definition of {} has no question `{}`", first.line, survey.fiscal_year, first.question)
}

/// Items and options that the question does not have.
fn unknown_names(cells: &[Cell], question: &Question) -> Vec<String> {
    let first = &cells[0];
    let is_unknown_item = !first.item.is_empty() && question.item(&first.item).is_none();
    let item = is_unknown_item.then(|| format!("line {}: `{}` has no item `{}`", first.line, question.id, first.item));
    let options = cells.iter().filter(|cell| !is_known(question, &cell.option));
    let options =
        options.map(|cell| format!("line {}: `{}` has no option or net `{}`", cell.line, question.id, cell.option));
    item.into_iter().chain(options).collect()
}

/// Whether a name is that of an option or a net, or joins options with `+`.
fn is_known(question: &Question, name: &str) -> bool {
    question.net(name).is_some() || name.split('+').all(|part| question.option(part.trim()).is_some())
}

/// The options of a single choice; nets are unions of them and stay out.
fn by_definition(cells: &[Cell], question: &Question) -> Option<Partition> {
    if !question.kind.is_single() {
        return None;
    }
    let members: Vec<usize> = (0..cells.len()).filter(|&at| question.option(&cells[at].option).is_some()).collect();
    let is_complete = members.len() == question.options.len();
    (members.len() > 1).then_some(Partition { members, is_complete, grounds: Grounds::Definition })
}

/// All cells, if they sum to 100 as rounded parts of a whole do: within half a unit for each.
fn by_sum(cells: &[Cell]) -> Option<Partition> {
    let thousandths = cells.iter().map(|cell| cell.percent.thousandths());
    let (sum, units) =
        thousandths.fold((0u64, 0u64), |(sum, units), (value, unit)| (sum + u64::from(value), units + u64::from(unit)));
    let is_whole = cells.len() > 1 && 2 * sum.abs_diff(100_000) <= units;
    is_whole.then(|| Partition { members: (0..cells.len()).collect(), is_complete: true, grounds: Grounds::Sum })
}
