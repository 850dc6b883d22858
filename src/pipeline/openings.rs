//! What an attack on a release opened, told to the desk.

use std::collections::BTreeMap;

use crate::disclose::{self, NumberOpening, Opening, Protected, Spot};
use crate::finding::{Code, Finding, Place};
use crate::survey::{Circle, Policy, Survey};
use crate::tabulate::Scope;

/// Of every cell that is opened the closest that somebody comes to it, outsiders before others.
pub(super) fn closest(openings: &[Opening]) -> impl Iterator<Item = &Opening> {
    let mut by_cell: BTreeMap<Spot, &Opening> = BTreeMap::new();
    let rank = |one: &Opening| (one.takes_own_answers, one.interval.map(|(lowest, highest)| highest - lowest));
    for opening in openings {
        let known = by_cell.entry(opening.spot).or_insert(opening);
        if rank(opening) < rank(known) {
            *known = opening;
        }
    }
    by_cell.into_values()
}

/// What somebody computes of a cell, as the rest of a sentence.
pub(super) fn seen(interval: Option<(i64, i64)>) -> String {
    match interval {
        Some((lowest, highest)) if lowest == highest => format!("is exactly {lowest}"),
        Some((lowest, highest)) => format!("is {lowest} to {highest}"),
        None => "may be computable: the attack was too large to be carried through".to_owned(),
    }
}

/// A withheld cell that is opened.
pub(super) fn opened(survey: &Survey, policy: &Policy, opening: &Opening) -> Finding {
    let code = Code::WithheldCellOpen;
    let seen = seen(opening.interval);
    let who = match (opening.takes_own_answers, policy.coalition.value) {
        (false, _) => "for an outsider".to_owned(),
        (true, 1) => "for a respondent that knows its own answers".to_owned(),
        (true, most) => format!("for {most} respondents at most who put their own answers together"),
    };
    let pinned: Vec<String> = opening.pinned_by.iter().take(4).map(|spot| disclose::name(survey, *spot)).collect();
    let from = match pinned.as_slice() {
        [] => "the bases, bands and parts that it stands beside".to_owned(),
        named => named.join(", "),
    };
    let message = format!(
        "{}: {} {seen} {who}, expected a width of {}; it follows from {from}",
        policy.circle.word(),
        disclose::name(survey, opening.spot),
        opening.needed
    );
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

/// What is printed because it was before, and would be withheld now.
pub(super) fn printed_against_policy(circle: Circle, protected: &Protected) -> Option<Finding> {
    let code = Code::ReleasedAgainstPolicy;
    let [cells, means] = [protected.account.against_policy, protected.numbers.account.against_policy];
    let counted = [(cells, "cells"), (means, "means")].into_iter().filter(|(count, _)| *count > 0);
    let counted: Vec<String> = counted.map(|(count, what)| format!("{count} {what}")).collect();
    let message = format!(
        "{}: {} that were released before are printed, and would be withheld by the policy as it is now",
        circle.word(),
        counted.join(" and ")
    );
    (cells + means > 0).then(|| Finding::new(code, Place::Collection, message, code.rule().remedy))
}

/// A withheld mean that is.
pub(super) fn number_opened(survey: &Survey, circle: Circle, opening: &NumberOpening) -> Finding {
    let code = Code::WithheldCellOpen;
    let NumberOpening { question, sector, scope, interval, needed, .. } = opening;
    let whole = Scope { sector: *sector, subsector: None };
    let name = disclose::number_name(survey, *question, scope.unwrap_or(whole));
    let whose = if scope.is_some() { "" } else { " of a part of which nothing is printed" };
    let who = if opening.takes_own_answers { "for a respondent that knows its own number" } else { "for an outsider" };
    let message = format!(
        "{}: the total of {name}{whose} is {} to {} {who}, expected ends {} below and {} above the true one; it follows \
         from the printed means of the sector and its other sub-sectors",
        circle.word(),
        interval.0,
        interval.1,
        needed.0,
        needed.1
    );
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}
