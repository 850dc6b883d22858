//! How the cells of a release hang together, as linear relations that every reader can write down: options add up to
//! their base, sub-sectors to their sector, nets to their options, and a gate's count is the next base.

use super::cell::{Address, Cell, Cells, Cohort, Measure};
use crate::survey::{Prompt, Question, Shown, Survey};
use crate::tabulate::Scope;

/// How a sum stands to zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    AtMost,
    AtLeast,
}

/// A sum of cells with factors, and how it stands to zero. It holds of any respondents, so that it holds of all but
/// one of them as well.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub terms: Vec<(usize, i64)>,
    pub relation: Relation,
}

impl Row {
    /// By how much a sum breaks the relation: above zero if it is too large, below if it is too small.
    pub fn excess(&self, sum: i64) -> i64 {
        match self.relation {
            Relation::Equal => sum,
            Relation::AtMost => sum.max(0),
            Relation::AtLeast => sum.min(0),
        }
    }
}

/// All relations between the cells.
pub(super) fn relations(survey: &Survey, cells: &Cells) -> Vec<Row> {
    let mut rows = Vec::new();
    for (position, cell) in cells.all.iter().enumerate() {
        if cell.address.measure == Measure::Base {
            within_group(survey, cells, position, &mut rows);
            gated(survey, cells, cell, position, &mut rows);
        }
        if cell.address.scope.subsector.is_none() {
            subsectors(survey, cells, cell, position, &mut rows);
        }
        if let Cohort::AlsoIn(other) = cell.address.cohort {
            in_two_sectors(survey, cells, cell, position, other, &mut rows);
        }
    }
    rows.retain(|row| !row.terms.is_empty());
    rows
}

fn sum(of: &[usize], factor: i64) -> Vec<(usize, i64)> {
    of.iter().map(|&cell| (cell, factor)).collect()
}

fn row(parts: &[Vec<(usize, i64)>], relation: Relation) -> Row {
    Row { terms: parts.concat(), relation }
}

/// Options, nets and the base of one question in one scope.
fn within_group(survey: &Survey, cells: &Cells, base: usize, rows: &mut Vec<Row>) {
    let address = cells.all[base].address;
    let question = survey.question(address.prompt.question);
    let at = |shown: Shown| cells.position(Address { measure: Measure::Count(shown), ..address });
    let is_option = |one: &Shown| matches!(one, Shown::Option(_));
    let options: Vec<usize> = question.categories().filter(is_option).filter_map(at).collect();
    let less_base = vec![(base, -1)];
    let is_single = question.kind.is_single();
    if is_single {
        let relation = if question.voluntary { Relation::AtMost } else { Relation::Equal };
        rows.push(row(&[sum(&options, 1), less_base], relation));
    } else {
        // Each respondent of a multiple choice ticks one option at least, and each option once at most.
        if !question.voluntary {
            rows.push(row(&[sum(&options, 1), less_base.clone()], Relation::AtLeast));
        }
        rows.extend(options.iter().map(|&one| row(&[vec![(one, 1)], less_base.clone()], Relation::AtMost)));
        exclusive(question, &at, base, rows);
    }
    for net in question.categories().filter(|one| !is_option(one)) {
        let Some(union) = at(net) else { continue };
        let members = question.options_of(net);
        if is_single {
            let members: Vec<usize> = members.into_iter().filter_map(|option| at(Shown::Option(option))).collect();
            rows.push(row(&[sum(&members, 1), vec![(union, -1)]], Relation::Equal));
        } else {
            any_of(question, &members, &[union], &at, base, rows);
        }
    }
}

/// Cells that together count those who ticked any of some options of a multiple choice.
fn any_of(
    question: &Question,
    options: &[u16],
    union: &[usize],
    at: &dyn Fn(Shown) -> Option<usize>,
    base: usize,
    rows: &mut Vec<Row>,
) {
    let cells = |is_among: bool, is_lone: bool| -> Vec<usize> {
        let such = (0..)
            .zip(&question.options)
            .filter(|(option, choice)| options.contains(option) == is_among && (choice.exclusive || !is_lone));
        such.filter_map(|(option, _)| at(Shown::Option(option))).collect()
    };
    let less_base = vec![(base, -1)];
    rows.push(row(&[sum(&cells(true, false), 1), sum(union, -1)], Relation::AtLeast));
    // A respondent that ticked none of them ticked another.
    if !question.voluntary {
        rows.push(row(&[sum(&cells(false, false), 1), sum(union, 1), less_base.clone()], Relation::AtLeast));
    }
    // A respondent that ticked an exclusive option ticked nothing else, in the union or beside it.
    rows.push(row(&[sum(&cells(false, true), 1), sum(union, 1), less_base], Relation::AtMost));
    let lone = cells(true, true);
    for one in cells(true, false) {
        let more = if lone.contains(&one) { Vec::new() } else { vec![(one, 1)] };
        rows.push(row(&[sum(&lone, 1), more, sum(union, -1)], Relation::AtMost));
    }
}

/// A respondent that chose an exclusive option chose no other option.
fn exclusive(question: &Question, at: &dyn Fn(Shown) -> Option<usize>, base: usize, rows: &mut Vec<Row>) {
    let cells = |is_exclusive: bool| -> Vec<usize> {
        let such = (0..).zip(&question.options).filter(|(_, option)| option.exclusive == is_exclusive);
        such.filter_map(|(option, _)| at(Shown::Option(option))).collect()
    };
    let alone = cells(true);
    if !alone.is_empty() {
        let with = |others: &[usize]| row(&[sum(&alone, 1), sum(others, 1), vec![(base, -1)]], Relation::AtMost);
        rows.push(with(&[]));
        rows.extend(cells(false).into_iter().map(|other| with(&[other])));
    }
}

/// Those who are asked are those who gave certain answers before: with those of them who gave no usable answer.
fn gated(survey: &Survey, cells: &Cells, cell: &Cell, base: usize, rows: &mut Vec<Row>) {
    let Address { prompt, .. } = cell.address;
    let Some(gate) = &survey.question(prompt.question).gate else { return };
    let silent = cells.position(Address { measure: Measure::Nonresponse, ..cell.address });
    let silent = silent.expect("a question behind a gate has nonresponse");
    let before = Prompt { question: gate.question, item: None };
    let before = Address { prompt: before, measure: Measure::Base, ..cell.address };
    let at = |shown: Shown| cells.position(Address { measure: Measure::Count(shown), ..before });
    let accepted = gate.accepted(prompt.item);
    let opening: Vec<usize> = accepted.iter().filter_map(|&option| at(Shown::Option(option))).collect();
    let Some(deciding_base) = cells.position(before) else { return };
    let deciding = survey.question(gate.question);
    let is_net = |net: &Shown| {
        let mut options = deciding.options_of(*net);
        options.sort_unstable();
        let mut accepted = accepted.to_vec();
        accepted.sort_unstable();
        options == accepted
    };
    let opening = match deciding.categories().find(is_net).and_then(at) {
        Some(net) => vec![net],
        None => opening,
    };
    if deciding.kind.is_single() || opening.len() == 1 {
        rows.push(row(&[vec![(base, 1), (silent, 1)], sum(&opening, -1)], Relation::Equal));
    } else {
        // Of several options that open the gate somebody may have ticked more than one.
        any_of(deciding, accepted, &[base, silent], &at, deciding_base, rows);
    }
}

/// The sub-sectors of a sector add up to it. One that nobody belongs to has no cells, and adds nothing.
fn subsectors(survey: &Survey, cells: &Cells, cell: &Cell, whole: usize, rows: &mut Vec<Row>) {
    let address = cell.address;
    if matches!(address.cohort, Cohort::NotIn(_)) {
        return;
    }
    let parts = survey.sectors[address.scope.sector.position()].subsectors.len();
    let parts = (0..u16::try_from(parts).expect("a sector has few sub-sectors")).map(Some);
    let at = |subsector| cells.position(Address { scope: Scope { subsector, ..address.scope }, ..address });
    let parts: Vec<usize> = parts.filter_map(at).collect();
    if !parts.is_empty() {
        rows.push(row(&[sum(&parts, 1), vec![(whole, -1)]], Relation::Equal));
    }
}

/// The members of a scope fall into those who stand in another sector as well, and the others.
fn in_two_sectors(survey: &Survey, cells: &Cells, cell: &Cell, part: usize, other: Scope, rows: &mut Vec<Row>) {
    let address = cell.address;
    let mut split = |whole: Address, others: Cohort| {
        let others = cells.position(Address { cohort: others, ..whole });
        if let (Some(whole), Some(others)) = (cells.position(whole), others) {
            rows.push(row(&[vec![(part, 1), (others, 1), (whole, -1)]], Relation::Equal));
        }
    };
    split(Address { cohort: Cohort::All, ..address }, Cohort::NotIn(other));
    split(Address { cohort: Cohort::All, scope: other, ..address }, Cohort::NotIn(address.scope));
    if other.subsector.is_some() {
        return;
    }
    let parts = Scope::all(survey).filter(|scope| scope.sector == other.sector && scope.subsector.is_some());
    let at = |part: Scope| cells.position(Address { cohort: Cohort::AlsoIn(part), ..address });
    let parts: Vec<usize> = parts.filter_map(at).collect();
    if !parts.is_empty() {
        rows.push(row(&[sum(&parts, 1), vec![(part, -1)]], Relation::Equal));
    }
}
