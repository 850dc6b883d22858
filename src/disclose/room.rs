//! How much can be asked of what only follows from printed figures.
//!
//! Of those who stand in several sectors no more can be kept than what may be printed of all of either sector
//! leaves: where all firms have a plan, those that are banks as well have one. Of those who came, left or
//! moved since last year the figures of the panel may not tell more than the two years do without it.

use std::collections::BTreeMap;

use super::attack::Interval;
use super::cells::{Cells, Spot};
use super::cohort::Cohort;
use super::primary::primary;
use crate::survey::{Policy, Survey};

/// Takes the room as it is before anything of a panel is printed. `fixed` are the cells that everybody knows.
pub(super) fn without_panel(survey: &Survey, policy: &Policy, fixed: &[bool], cells: &mut Cells) {
    for place in 0..cells.all.len() {
        let spot = cells.all[place].spot;
        let all = Spot { cohort: Cohort::All, ..spot };
        let containing = match spot.cohort {
            Cohort::All => continue,
            Cohort::AlsoIn(scope) => vec![all, Spot { scope, ..all }],
            Cohort::NotIn(_) => vec![all],
            Cohort::JustIn(scopes) => scopes.among(survey).map(|scope| Spot { scope, ..all }).collect(),
            _ => {
                cells.all[place].room = 0;
                continue;
            }
        };
        let containing = containing.into_iter().filter_map(|spot| cells.place(spot));
        // What a policy does not cover is not printed, unless it was before.
        let containing = containing.filter(|&whole| cells.all[whole].is_printable || fixed[whole]);
        let containing = containing.map(|whole| &cells.all[whole]);
        let printed = containing.filter(|whole| primary(whole, policy).is_none());
        let room = printed.map(|whole| whole.value.min(whole.whole - whole.value)).min();
        let cell = &mut cells.all[place];
        cell.room = room.map_or(cell.whole, |room| room.min(cell.whole));
    }
}

/// Takes the room that the two years leave without the panel, by what can be computed then: all of it where that
/// could not be found out.
pub(super) fn beside_panel(intervals: &BTreeMap<usize, Interval>, cells: &mut Cells) {
    for (place, cell) in cells.all.iter_mut().enumerate().filter(|(_, cell)| cell.spot.cohort.is_of_two_years()) {
        cell.room = intervals.get(&place).map_or(cell.whole, |interval| interval.width().min(cell.whole));
    }
}
