//! The meaning of a judged cell or group, in sentences: for people who compare them with the printed page.

use super::counts::{Attainable, nearest, percentage};
use super::group::{Group, Suspect};
use super::partition::Grounds;
use super::span::Span;
use super::table::Cell;
use super::{Reconciliation, Whole};

/// How many digits changed are listed; the rest are counted.
const SHOWN_CHANGES: usize = 4;
/// How many runs of bases are listed; the bases of the rest are counted.
const SHOWN_RUNS: usize = 10;

/// The name of a group: FY2023 regional backup / offline.
pub(super) fn name(first: &Cell, is_with_item: bool) -> String {
    let mut parts = Vec::new();
    if !first.fiscal_year.is_empty() {
        parts.push(format!("FY{}", first.fiscal_year));
    }
    let sector = [&first.sector, &first.subsector].into_iter().filter(|id| !id.is_empty());
    parts.extend(sector.cloned());
    parts.push(first.question.clone());
    let item = if is_with_item && !first.item.is_empty() { format!(" / {}", first.item) } else { String::new() };
    parts.join(" ") + &item
}

/// The counts that a cell's percentage allows: one line, or two if no count fits.
pub(super) fn cell(group: &Group, position: usize) -> Vec<String> {
    let cell = &group.cells[position];
    let mut said = match (cell.counts(), nearest(cell.percent, cell.base)) {
        (Some(counts), _) => vec![counts.to_string()],
        (None, Some([below, above])) => {
            vec![format!("no count gives it; nearest {} and {}", attainable(&below), attainable(&above))]
        }
        (None, None) => vec!["no count gives it".to_owned()],
    };
    if let (Some(count), Some(given)) = (cell.count, cell.count_gives()) {
        said[0].push_str(&format!("; the table says {count}, which is {given}"));
    }
    if cell.counts().is_none() {
        said.extend(one_digit(group, position));
    }
    said
}

/// The percentage that a misprinted digit may have replaced in a cell: the one that makes its group possible, if
/// there is one.
fn one_digit(group: &Group, position: usize) -> Option<String> {
    let cell = &group.cells[position];
    let healing: Vec<Attainable> =
        group.changes().into_iter().filter(|change| change.position == position).map(|change| change.to).collect();
    let is_in_sum = group.partition.as_ref().is_some_and(|partition| partition.members.contains(&position));
    if is_in_sum && !healing.is_empty() {
        return Some(format!("one digit changed, adding up with the others: {}", capped(&healing)));
    }
    let mut changed = group.misprints(position);
    let nearest = nearest(cell.percent, cell.base);
    changed.retain(|one| !nearest.is_some_and(|nearest| nearest.contains(one)));
    (!changed.is_empty()).then(|| format!("one digit changed: {}", capped(&changed)))
}

/// A percentage with the counts that give it: 85.5 (394).
fn attainable(one: &Attainable) -> String {
    format!("{} ({})", one.printed, one.counts)
}

fn capped(all: &[Attainable]) -> String {
    let shown: Vec<String> = all.iter().take(SHOWN_CHANGES).map(attainable).collect();
    shown.join(", ") + &more(all.len())
}

fn more(all: usize) -> String {
    if all > SHOWN_CHANGES { format!(" and {} more", all - SHOWN_CHANGES) } else { String::new() }
}

/// The fault of a flagged group, and possible explanations; empty for any other group.
pub(super) fn group(group: &Group) -> Vec<String> {
    if !group.is_flagged() {
        return Vec::new();
    }
    let mut said: Vec<String> = group.wrong_sum().map(|sum| wrong_sum(group, sum)).into_iter().collect();
    said.extend(misprint(group));
    let all = if group.cells.len() == 1 { "it" } else { "all of them" };
    said.push(match bases(&group.possible_bases()) {
        Some(bases) => format!("If the percentages are right and the base is smaller, it is {bases}."),
        None => format!("No base up to {} gives {all}: something is misprinted, or the base is larger.", group.base()),
    });
    said
}

fn wrong_sum(group: &Group, sum: Span) -> String {
    let base = group.base();
    match &group.partition {
        Some(partition) if !partition.is_complete => {
            format!(
                "Each can be had, but at {sum} they are more than the base of {base}, although they exclude each other."
            )
        }
        Some(partition) if partition.grounds == Grounds::Sum => format!(
            "Each can be had, but together they are {sum}, not {base}. (Taken for all options of a single choice, \
             because they sum to 100; --definition would tell.)"
        ),
        _ => format!(
            "Each can be had, but together they are {sum}, not {base}, although they are all options of a single choice."
        ),
    }
}

/// The misprint, if the base is right.
fn misprint(group: &Group) -> Option<String> {
    let impossible = group.impossible().len();
    let others = group.cells.len() - 1;
    if let Some(suspect) = group.suspect() {
        let option = &group.cells[suspect.position].option;
        let hold = if others == 1 { "the other one is" } else { "the others are" };
        let left = left(group, suspect).map(|left| format!(", leaving {left}")).unwrap_or_default();
        return Some(format!("If the base is right, only `{option}` is misprinted: {hold} possible{left}."));
    }
    match impossible {
        0 => {
            let changes = group.changes();
            let each = changes.iter().take(SHOWN_CHANGES).map(|change| {
                let cell = &group.cells[change.position];
                format!("`{}` {} for {}", cell.option, attainable(&change.to), cell.percent)
            });
            let each = each.collect::<Vec<_>>().join(", ") + &more(changes.len());
            (!changes.is_empty()).then(|| format!("If the base is right, one digit may be misprinted: {each}."))
        }
        1 if group.cells.len() == 1 => Some("If the base is right, it is misprinted.".to_owned()),
        1 => Some("If the base is right, it is misprinted, and the others do not add up.".to_owned()),
        several => Some(format!("If the base is right, {several} of {} are misprinted.", group.cells.len())),
    }
}

/// The percentage and count that the others leave for a suspect: 12.0 (60).
fn left(group: &Group, suspect: Suspect) -> Option<String> {
    let (left, decimals) = (suspect.left?, group.cells[suspect.position].percent.decimals());
    let [low, high] = [left.low, left.high].map(|count| percentage(count, group.base(), decimals));
    let (low, high) = (low?, high?);
    Some(if low == high { format!("{low} ({left})") } else { format!("{low}-{high} ({left})") })
}

/// The base on which all items of a flagged question are possible.
pub(super) fn whole(whole: &Whole<'_>) -> String {
    let base = whole.groups[0].base();
    match bases(&whole.possible_bases()) {
        Some(bases) => format!("If the percentages are right and all items rest on one smaller base, it is {bases}."),
        None => {
            format!(
                "No base up to {base} gives all items: they rest on several bases or a larger one, or something is misprinted."
            )
        }
    }
}

/// Runs of bases as a list from the largest down; `None` where there are none.
fn bases(runs: &[Span]) -> Option<String> {
    let count = |runs: &[Span]| runs.iter().map(|run| run.high - run.low + 1).sum::<u64>();
    let shown = &runs[..runs.len().min(SHOWN_RUNS)];
    let rest = count(runs) - count(shown);
    let list = shown.iter().map(|run| match run {
        Span { low, high } if low == high => low.to_string(),
        Span { low, high } => format!("{high}-{low}"),
    });
    let list: Vec<String> = list.collect();
    match (list.as_slice(), rest) {
        ([], _) => None,
        ([only], 0) => Some(only.clone()),
        ([first @ .., last], 0) => Some(format!("{} or {last}", first.join(", "))),
        (all, rest) => Some(format!("{} or one of {rest} smaller ones", all.join(", "))),
    }
}

/// The advice on the faults found; empty if there is none.
pub(super) fn advice(reconciliation: &Reconciliation) -> Vec<&'static str> {
    let mut advice = Vec::new();
    if !reconciliation.unusable.is_empty() {
        advice.push("Correct the rows that cannot be used, and run again.");
    }
    if reconciliation.cells().any(|cell| cell.count_gives().is_some()) {
        advice.push("Where a count does not give its percentage, one of the two or the base is wrong.");
    }
    if reconciliation.groups.iter().any(Group::is_flagged) {
        advice.push("Look these cells up in print. If they stand there, look for another base: who was left out, or counted as well?");
    }
    advice
}

/// The last line: how many cells were compared with their bases, and the results.
pub(super) fn summary(reconciliation: &Reconciliation) -> String {
    let plural = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let impossible: usize = reconciliation.groups.iter().map(|group| group.impossible().len()).sum();
    let sums = reconciliation.groups.iter().filter(|group| group.wrong_sum().is_some()).count();
    let counts = reconciliation.cells().filter(|cell| cell.count_gives().is_some()).count();
    let unusable = reconciliation.unusable.len();
    let held = reconciliation.cells().count();
    let cells = plural(held, "cell held against its base", "cells held against their bases");
    let mut results = Vec::new();
    if held > 0 {
        results.push(if impossible == 0 { "all can be had".to_owned() } else { format!("{impossible} cannot be had") });
    }
    if sums > 0 {
        results.push(plural(sums, "group cannot add up", "groups cannot add up"));
    }
    if counts > 0 {
        results.push(plural(counts, "count does not give its percentage", "counts do not give their percentages"));
    }
    if unusable > 0 {
        results.push(plural(unusable, "row cannot be used", "rows cannot be used"));
    }
    if results.is_empty() {
        results.push("none can be held".to_owned());
    }
    format!("{cells}: {}", results.join(", "))
}
