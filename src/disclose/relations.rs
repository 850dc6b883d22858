//! How the cells of a release hang together, as linear relations that everybody can write down: what
//! adds up, what is part of what, and who is asked because of what.

use super::cells::{Cell, Cells, Measure, Spot};
use super::linear::{Relation, Row};
use crate::survey::{Gate, Prompt, Question, Shown, Survey};
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
        let members: Vec<usize> =
            question.options_of(net).into_iter().filter_map(|option| place(Shown::Option(option))).collect();
        let mut terms = sum(&members);
        terms.push((union, -1));
        if is_single {
            rows.push(row(terms, Relation::Equal, 0));
            continue;
        }
        rows.push(row(terms, Relation::AtLeast, 0));
        rows.push(row(with_base(vec![(union, 1)]), Relation::AtMost, 0));
        rows.extend(members.iter().map(|&one| row(vec![(one, 1), (union, -1)], Relation::AtMost, 0)));
    }
}

/// Who chose what excludes the others chose none of them.
fn exclusive(question: &Question, place: &dyn Fn(Shown) -> Option<usize>, base: usize, rows: &mut Vec<Row>) {
    let lone = (0..).zip(&question.options).filter(|(_, option)| option.exclusive);
    for (at, _) in lone {
        let Some(alone) = place(Shown::Option(at)) else { continue };
        let others = question.categories().filter(|one| {
            let options = question.options_of(*one);
            !options.contains(&at)
        });
        rows.extend(
            others.filter_map(place).map(|other| row(vec![(alone, 1), (other, 1), (base, -1)], Relation::AtMost, 0)),
        );
    }
}

/// Who is asked is who gave an answer before; outsiders are taken to know how many of them gave none.
fn gated(survey: &Survey, cells: &Cells, cell: &Cell, base: usize, rows: &mut Vec<Row>) {
    let Spot { scope, prompt, .. } = cell.spot;
    let Some(gate) = &survey.question(prompt.question).gate else { return };
    let opening = opening(cells, scope, prompt, gate);
    let deciding = survey.question(gate.question);
    let asked_less = -cell.nonresponse;
    if deciding.kind.is_single() || opening.len() == 1 {
        let mut terms: Vec<(usize, i64)> = opening.iter().map(|&one| (one, -1)).collect();
        terms.push((base, 1));
        rows.push(row(terms, Relation::Equal, asked_less));
        return;
    }
    // Of several options that open the gate somebody may have ticked more than one.
    let mut terms: Vec<(usize, i64)> = opening.iter().map(|&one| (one, -1)).collect();
    terms.push((base, 1));
    rows.push(row(terms, Relation::AtMost, asked_less));
    rows.extend(opening.iter().map(|&one| row(vec![(base, 1), (one, -1)], Relation::AtLeast, asked_less)));
}

fn opening(cells: &Cells, scope: Scope, prompt: Prompt, gate: &Gate) -> Vec<usize> {
    let deciding = Prompt { question: gate.question, item: None };
    let place =
        |&option: &u16| cells.place(Spot { scope, prompt: deciding, measure: Measure::Count(Shown::Option(option)) });
    gate.accepted(prompt.item).iter().filter_map(place).collect()
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
