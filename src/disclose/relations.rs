//! How the cells of a release hang together, as linear relations that everybody can write down: what
//! adds up, what is part of what, and who is asked because of what.

use super::cells::{Cell, Cells, Measure, Spot};
use super::linear::{Relation, Row};
use crate::survey::{Prompt, Question, Shown, Survey};
use crate::tabulate::Scope;

/// All relations between the cells.
pub(super) fn relations(survey: &Survey, cells: &Cells) -> Vec<Row> {
    let mut rows = Vec::new();
    for (place, cell) in cells.all.iter().enumerate() {
        if cell.spot.measure == Measure::Base {
            within_group(survey, cells, place, &mut rows);
            gated(survey, cells, cell, place, &mut rows);
        }
        if cell.spot.scope.subsector.is_none() {
            parts(survey, cells, cell, place, &mut rows);
        }
    }
    rows.retain(|row| !row.terms.is_empty());
    rows
}

/// A row; terms without a cell are left out by the caller.
fn row(terms: Vec<(usize, i64)>, relation: Relation, constant: i64) -> Row {
    Row { terms, relation, constant }
}

/// Options, nets and the base of one question in one scope.
fn within_group(survey: &Survey, cells: &Cells, base: usize, rows: &mut Vec<Row>) {
    let spot = cells.all[base].spot;
    let question = survey.question(spot.prompt.question);
    let place = |shown: Shown| cells.place(Spot { measure: Measure::Count(shown), ..spot });
    let options: Vec<usize> =
        question.categories().filter(|one| matches!(one, Shown::Option(_))).filter_map(place).collect();
    let sum = |of: &[usize]| -> Vec<(usize, i64)> { of.iter().map(|&one| (one, 1)).collect() };
    let with_base = |mut terms: Vec<(usize, i64)>| {
        terms.push((base, -1));
        terms
    };
    let is_single = question.kind.is_single();
    match (is_single, question.voluntary) {
        (true, false) => rows.push(row(with_base(sum(&options)), Relation::Equal, 0)),
        (true, true) => rows.push(row(with_base(sum(&options)), Relation::AtMost, 0)),
        // Whoever answers several choices ticks one at least, and each of them once at most.
        (false, is_voluntary) => {
            if !is_voluntary {
                rows.push(row(with_base(sum(&options)), Relation::AtLeast, 0));
            }
            rows.extend(options.iter().map(|&one| row(with_base(vec![(one, 1)]), Relation::AtMost, 0)));
            exclusive(question, &place, base, rows);
        }
    }
    for net in question.categories().filter(|one| matches!(one, Shown::Net(_))) {
        let Some(union) = place(net) else { continue };
        let options = question.options_of(net);
        if is_single {
            let members = options.into_iter().filter_map(|option| place(Shown::Option(option)));
            let terms = members.map(|one| (one, 1)).chain([(union, -1)]).collect();
            rows.push(row(terms, Relation::Equal, 0));
        } else {
            any_of(question, &options, (union, 0), &place, base, rows);
        }
    }
}

/// A cell that counts those who ticked any of some options of a multiple choice, short of so many.
fn any_of(
    question: &Question,
    options: &[u16],
    (union, short): (usize, i64),
    place: &dyn Fn(Shown) -> Option<usize>,
    base: usize,
    rows: &mut Vec<Row>,
) {
    let cells = |is_among: bool| -> Vec<(u16, usize)> {
        let all = (0..).zip(&question.options).map(|(option, _)| option);
        let such = all.filter(|option| options.contains(option) == is_among);
        such.filter_map(|option| Some((option, place(Shown::Option(option))?))).collect()
    };
    let is_exclusive = |option: u16| question.options[usize::from(option)].exclusive;
    let (among, others) = (cells(true), cells(false));
    let sum = |of: &[(u16, usize)]| -> Vec<(usize, i64)> { of.iter().map(|&(_, one)| (one, 1)).collect() };
    let with = |mut terms: Vec<(usize, i64)>, more: &[(usize, i64)]| {
        terms.extend(more);
        terms
    };
    rows.push(row(with(sum(&among), &[(union, -1)]), Relation::AtLeast, short));
    // Whoever ticked none of them ticked another.
    if !question.voluntary {
        rows.push(row(with(sum(&others), &[(union, 1), (base, -1)]), Relation::AtLeast, -short));
    }
    // Whoever ticked an exclusive option ticked nothing else, in the union or beside it.
    let lone = |of: &[(u16, usize)]| -> Vec<(u16, usize)> {
        of.iter().copied().filter(|(option, _)| is_exclusive(*option)).collect()
    };
    rows.push(row(with(sum(&lone(&others)), &[(union, 1), (base, -1)]), Relation::AtMost, -short));
    let alone = lone(&among);
    for &(option, one) in &among {
        let terms = if is_exclusive(option) { sum(&alone) } else { with(sum(&alone), &[(one, 1)]) };
        rows.push(row(with(terms, &[(union, -1)]), Relation::AtMost, short));
    }
}

/// Who chose what excludes the others chose none of them.
fn exclusive(question: &Question, place: &dyn Fn(Shown) -> Option<usize>, base: usize, rows: &mut Vec<Row>) {
    let cells = |is_exclusive: bool| -> Vec<usize> {
        let such = (0..).zip(&question.options).filter(|(_, option)| option.exclusive == is_exclusive);
        such.filter_map(|(at, _)| place(Shown::Option(at))).collect()
    };
    let alone: Vec<(usize, i64)> = cells(true).into_iter().map(|one| (one, 1)).chain([(base, -1)]).collect();
    if alone.len() > 1 {
        rows.push(row(alone.clone(), Relation::AtMost, 0));
        let others = cells(false).into_iter();
        rows.extend(others.map(|other| row([&alone[..], &[(other, 1)]].concat(), Relation::AtMost, 0)));
    }
}

/// Who is asked is who gave an answer before; outsiders are taken to know how many of them gave none.
fn gated(survey: &Survey, cells: &Cells, cell: &Cell, base: usize, rows: &mut Vec<Row>) {
    let Spot { scope, prompt, .. } = cell.spot;
    let Some(gate) = &survey.question(prompt.question).gate else { return };
    let deciding = survey.question(gate.question);
    let before = Spot { scope, prompt: Prompt { question: gate.question, item: None }, measure: Measure::Base };
    let place = |shown: Shown| cells.place(Spot { measure: Measure::Count(shown), ..before });
    let accepted = gate.accepted(prompt.item);
    let is_net = |net: &Shown| {
        let mut options = deciding.options_of(*net);
        options.sort_unstable();
        let mut accepted = accepted.to_vec();
        accepted.sort_unstable();
        options == accepted
    };
    let silent = cell.nonresponse;
    let opening: Vec<usize> = match deciding.categories().find(is_net) {
        Some(net) => place(net).into_iter().collect(),
        None => accepted.iter().filter_map(|&option| place(Shown::Option(option))).collect(),
    };
    if deciding.kind.is_single() || opening.len() == 1 {
        let terms = opening.iter().map(|&one| (one, -1)).chain([(base, 1)]).collect();
        rows.push(row(terms, Relation::Equal, -silent));
    } else if let Some(before) = cells.place(before) {
        // Of several options that open the gate somebody may have ticked more than one.
        any_of(deciding, accepted, (base, silent), &place, before, rows);
    }
}

/// The sub-sectors of a sector add up to it.
fn parts(survey: &Survey, cells: &Cells, cell: &Cell, whole: usize, rows: &mut Vec<Row>) {
    let parts = survey.sectors[cell.spot.scope.sector.position()].subsectors.len();
    let parts = (0..u16::try_from(parts).expect("a sector has few parts")).map(Some);
    let place = |subsector| cells.place(Spot { scope: Scope { subsector, ..cell.spot.scope }, ..cell.spot });
    // A part that nobody belongs to has no cells, and adds nothing.
    let mut terms: Vec<(usize, i64)> = parts.filter_map(place).map(|part| (part, 1)).collect();
    if !terms.is_empty() {
        terms.push((whole, -1));
        rows.push(row(terms, Relation::Equal, 0));
    }
}
