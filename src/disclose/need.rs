//! Needs: how far apart the counts have to be that a reader can compute for a cell.

use super::cell::{Address, Behind, Cell, Cells, Cohort, Printed};
use super::rule::{Rule, rule};
use super::witness::{System, View};
use crate::survey::{Limit, Policy};
use crate::tabulate::Scope;

/// The need of a cell for outsiders. One that is printed, or withheld to protect others, has none.
pub(super) fn need(system: &System<'_>, printed: &[Printed], cell: usize) -> i64 {
    need_within(system, printed, cell, &system.policy.narrowest_interval)
}

/// The need of a cell for a respondent that knows its own answers. Of itself there is nothing to keep from it.
pub(super) fn need_of_respondent(system: &System<'_>, view: &View<'_>, cell: usize) -> i64 {
    let one = &system.cells.all[cell];
    let in_whole = view.own(system.whole_of[cell]);
    let others = one.whole - in_whole;
    let need = need_within(system, view.printed, cell, &system.policy.own_answer_interval).min(others);
    let left = match view.printed[cell] {
        Printed::Share(share) => {
            let (least, most) = share.counts(one.whole);
            most.min(one.whole - (in_whole - view.own(cell))) - least.max(view.own(cell))
        }
        _ => need,
    };
    need.min(left).max(0)
}

fn need_within(system: &System<'_>, printed: &[Printed], cell: usize, limit: &Limit) -> i64 {
    let one = &system.cells.all[cell];
    if !is_protected(system, cell, printed[cell]) || !matches!(one.address.behind, Behind::Present | Behind::Earlier) {
        return 0;
    }
    // A band leaves open no more than itself.
    let of_band = match printed[cell] {
        Printed::Share(share) if system.rule_of[cell].is_none() => {
            let (least, most) = share.counts(one.whole);
            most - least
        }
        _ => one.whole,
    };
    i64::from(limit.value).min(of_band).min(room(system, printed, cell)).min(one.whole)
}

/// Whether a cell has to be protected: a rule withholds it, or the policy prints a class in the place of its count.
fn is_protected(system: &System<'_>, cell: usize, printed: Printed) -> bool {
    match printed {
        Printed::Value => false,
        Printed::Share(share) => system.is_class[cell] && !share.is_whole_per_cent(),
        Printed::Nothing => system.rule_of[cell].is_some(),
    }
}

/// Whether the policy prints only classes there: of a count on a small base, and of the base behind a gate, which is
/// the count of those who gave the answers that open it.
pub(super) fn is_class_by_policy(policy: &Policy, cell: &Cell) -> bool {
    !cell.is_known && cell.whole < i64::from(policy.bands_below.value) && rule(policy, cell) != Some(Rule::SmallBase)
}

/// The count of a part that the printed counts of its wholes leave open: if two of a sector gave an answer, at most
/// two of a sub-sector did. A count that a rule lets a release print of a whole reveals as much of each part.
fn room(system: &System<'_>, printed: &[Printed], cell: usize) -> i64 {
    let wholes = system.wholes_of[cell].iter().filter(|&&at| printed[at] == Printed::Value);
    let room = wholes.map(|&at| {
        let whole = &system.cells.all[at];
        whole.value.min((whole.whole - whole.value).max(0))
    });
    room.min().unwrap_or(i64::MAX)
}

/// The cells that count the same answers of all that a cell is a part of.
pub(super) fn wholes(cells: &Cells, cell: &Cell) -> Vec<usize> {
    let Address { scope, cohort, .. } = cell.address;
    let all = Address { cohort: Cohort::All, ..cell.address };
    let sector = Scope { subsector: None, ..scope };
    let mut wholes = vec![Address { scope: sector, ..all }];
    match cohort {
        Cohort::All => {}
        Cohort::NotIn(_) => wholes.push(all),
        Cohort::AlsoIn(other) => {
            let there = Scope { subsector: None, ..other };
            wholes.extend([all, Address { scope: other, ..all }, Address { scope: there, ..all }]);
        }
    }
    wholes.into_iter().filter(|whole| *whole != cell.address).filter_map(|whole| cells.position(whole)).collect()
}
