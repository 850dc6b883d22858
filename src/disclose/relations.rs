//! How the cells of a release hang together, as linear relations that everybody can write down: what
//! adds up, what is part of what, and who is asked because of what.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::{Cell, Cells, Measure, Spot};
use super::cohort::{Cohort, prompt_before};
use super::linear::{Relation, Row};
use crate::survey::{Prompt, Question, Shown, Survey};
use crate::tabulate::Scope;

/// All relations between the cells.
pub(super) fn relations(survey: &Survey, cells: &Cells) -> Vec<Row> {
    let mut rows = Vec::new();
    let standing = standing(survey, cells);
    for (place, cell) in cells.all.iter().enumerate() {
        if cell.spot.measure == Measure::Base {
            within_group(survey, cells, place, &mut rows);
            gated(survey, cells, cell, place, &mut rows);
        }
        if cell.spot.scope.subsector.is_none() {
            parts(survey, cells, cell, place, &mut rows);
        }
        cohorts(survey, cells, cell, place, &mut rows);
        by_standing(&standing, cell, place, &mut rows);
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
    let question = spot.cohort.question(survey, spot.prompt);
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
    let Spot { cohort, prompt, .. } = cell.spot;
    let Some(gate) = &cohort.question(survey, prompt).gate else { return };
    let questions = cohort.survey(survey);
    let before = Prompt { question: gate.question, item: None };
    // Last year's answers of the panel are named by this year's questions.
    let before = match (cohort, &survey.comparison) {
        (Cohort::PanelLastYear, Some(comparison)) => {
            survey.prompts().find(|now| prompt_before(comparison, *now) == Some(before))
        }
        _ => Some(before),
    };
    let Some(before) = before else { return };
    let before = Spot { prompt: before, measure: Measure::Base, ..cell.spot };
    let accepted = gate.accepted(prompt.item);
    let place = |shown: Shown| cells.place(Spot { measure: Measure::Count(shown), ..before });
    let opening: Vec<usize> = accepted.iter().filter_map(|&option| place(Shown::Option(option))).collect();
    let (Some(deciding_base), true) = (cells.place(before), opening.len() == accepted.len()) else { return };
    match cohort {
        // Who answered in both years has passed in both; who passed in both need not have answered. Of
        // institutions that were consolidated all have to have passed alike for that.
        Cohort::Panel | Cohort::PanelLastYear => {
            let passed: i64 = opening.iter().map(|&one| cells.all[one].value).sum();
            if passed < cell.value {
                return;
            }
            let terms = opening.iter().map(|&one| (one, -1)).chain([(base, 1)]).collect();
            rows.push(row(terms, Relation::AtMost, 0));
            return;
        }
        Cohort::All | Cohort::AlsoIn(_) | Cohort::NotIn(_) | Cohort::JustIn(_) | Cohort::LastYear => {}
        _ => return,
    }
    let deciding = questions.question(gate.question);
    let is_net = |net: &Shown| {
        let mut options = deciding.options_of(*net);
        options.sort_unstable();
        let mut accepted = accepted.to_vec();
        accepted.sort_unstable();
        options == accepted
    };
    let silent = cell.nonresponse;
    let opening = match deciding.categories().find(is_net).and_then(place) {
        Some(net) => vec![net],
        None => opening,
    };
    if deciding.kind.is_single() || opening.len() == 1 {
        let terms = opening.iter().map(|&one| (one, -1)).chain([(base, 1)]).collect();
        rows.push(row(terms, Relation::Equal, -silent));
    } else {
        // Of several options that open the gate somebody may have ticked more than one.
        any_of(deciding, accepted, (base, silent), &place, deciding_base, rows);
    }
}

/// The sub-sectors of a sector add up to it; its panel has those as well who moved between them.
fn parts(survey: &Survey, cells: &Cells, cell: &Cell, whole: usize, rows: &mut Vec<Row>) {
    let spot = cell.spot;
    let movers = match spot.cohort {
        // Those of them who are in a part of another sector add up as well.
        Cohort::All | Cohort::LastYear | Cohort::AlsoIn(_) => None,
        Cohort::Panel => Some(Cohort::Movers),
        Cohort::PanelLastYear => Some(Cohort::MoversLastYear),
        _ => return,
    };
    let parts = survey.sectors[spot.scope.sector.position()].subsectors.len();
    let parts = (0..u16::try_from(parts).expect("a sector has few parts")).map(Some);
    let place = |subsector| cells.place(Spot { scope: Scope { subsector, ..spot.scope }, ..spot });
    // A part that nobody belongs to has no cells, and adds nothing.
    let mut terms: Vec<(usize, i64)> = parts.filter_map(place).map(|part| (part, 1)).collect();
    if terms.is_empty() {
        return;
    }
    let moved = movers.map(|cohort| cells.place(Spot { cohort, ..spot }));
    terms.extend(moved.flatten().map(|moved| (moved, 1)));
    terms.push((whole, -1));
    // Where a part has no panel of its own, the others are only a part of the whole.
    let relation = if moved == Some(None) { Relation::AtMost } else { Relation::Equal };
    rows.push(row(terms, relation, 0));
}

/// Those who are in another sector are in the parts of that; nobody is in a part without cells.
fn in_parts_of(survey: &Survey, cells: &Cells, whole: usize, other: Scope, rows: &mut Vec<Row>) {
    let parts = Scope::all(survey).filter(|scope| scope.sector == other.sector && scope.subsector.is_some());
    let place = |part: Scope| cells.place(Spot { cohort: Cohort::AlsoIn(part), ..cells.all[whole].spot });
    let mut terms: Vec<(usize, i64)> = parts.filter_map(place).map(|part| (part, 1)).collect();
    if !terms.is_empty() {
        terms.push((whole, -1));
        rows.push(row(terms, Relation::Equal, 0));
    }
}

/// Those who stand in just some scopes, by what is counted of them: the scopes, and their cell.
type Standing = BTreeMap<(Prompt, Measure), Vec<(BTreeSet<Scope>, usize)>>;

fn standing(survey: &Survey, cells: &Cells) -> Standing {
    let mut standing = Standing::new();
    for (place, cell) in cells.all.iter().enumerate() {
        let Cohort::JustIn(scopes) = cell.spot.cohort else { continue };
        let alike = standing.entry((cell.spot.prompt, cell.spot.measure)).or_default();
        alike.push((scopes.among(survey).collect(), place));
    }
    standing
}

/// Those of a scope, or of two, fall into those who stand in just these and those who stand in others as well.
fn by_standing(standing: &Standing, cell: &Cell, whole: usize, rows: &mut Vec<Row>) {
    let Spot { cohort, scope, prompt, measure } = cell.spot;
    let other = match cohort {
        Cohort::All => scope,
        Cohort::AlsoIn(other) => other,
        _ => return,
    };
    let alike = standing.get(&(prompt, measure)).into_iter().flatten();
    let there = alike.filter(|(scopes, _)| scopes.contains(&scope) && scopes.contains(&other));
    let mut terms: Vec<(usize, i64)> = there.map(|(_, part)| (*part, 1)).collect();
    if !terms.is_empty() {
        terms.push((whole, -1));
        rows.push(row(terms, Relation::Equal, 0));
    }
}

/// Those of a scope fall into those who stand in another sector and the others, or into those who answered
/// in both years and the others.
fn cohorts(survey: &Survey, cells: &Cells, cell: &Cell, part: usize, rows: &mut Vec<Row>) {
    let spot = cell.spot;
    let place = |cohort: Cohort| cells.place(Spot { cohort, ..spot });
    let mut split = |whole: Option<usize>, others: Option<usize>| {
        if let (Some(whole), Some(others)) = (whole, others) {
            rows.push(row(vec![(part, 1), (others, 1), (whole, -1)], Relation::Equal, 0));
        }
    };
    match spot.cohort {
        Cohort::AlsoIn(other) => {
            split(place(Cohort::All), place(Cohort::NotIn(other)));
            let there = Spot { scope: other, ..spot };
            let not_here = Spot { cohort: Cohort::NotIn(spot.scope), ..there };
            split(cells.place(Spot { cohort: Cohort::All, ..there }), cells.place(not_here));
            if other.subsector.is_none() {
                in_parts_of(survey, cells, part, other, rows);
            }
        }
        Cohort::Panel => split(place(Cohort::All), place(Cohort::Entrants)),
        Cohort::PanelLastYear => {
            let before = survey.comparison.as_ref().and_then(|comparison| prompt_before(comparison, spot.prompt));
            let last_year = before.map(|prompt| Spot { cohort: Cohort::LastYear, prompt, ..spot });
            split(last_year.and_then(|spot| cells.place(spot)), place(Cohort::Leavers));
            // They are the same in both years.
            if let (Measure::Base, Some(now)) = (spot.measure, place(Cohort::Panel)) {
                rows.push(row(vec![(part, 1), (now, -1)], Relation::Equal, 0));
            }
        }
        _ => {}
    }
}
