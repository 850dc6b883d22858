//! A published table held against its bases: which counts can stand behind a printed percentage,
//! which percentages no count can give, which groups cannot add up, and on which smaller bases an
//! impossible group becomes possible. Integers only.
//!
//! [`Published`] is the table as it was handed over; [`reconcile`] sorts its cells into [`Group`]s
//! that rest on one base, with what a [`Definitions`] says about their options; [`text`] and [`jsonl`]
//! say what came of it.

mod counts;
mod definition;
mod group;
mod json;
mod partition;
mod printed;
mod sentences;
mod span;
mod table;
mod text;

pub use counts::{Attainable, counts, nearest, percentage};
pub use definition::{Definitions, ReconcileError};
pub use group::{Change, Group, Suspect};
pub use json::jsonl;
pub use partition::{Grounds, Partition};
pub use printed::Printed;
pub use span::Span;
pub use table::{Cell, GREATEST_BASE, Published, UnusableRow};
pub use text::text;

use std::collections::HashMap;

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The flagged groups only.
    Flagged,
    /// Every cell and every group.
    All,
}

/// A table that was held against its bases.
#[derive(Debug)]
pub struct Reconciliation {
    /// The cells by what they rest on, in the order in which the table begins them.
    pub groups: Vec<Group>,
    /// The rows that could not be used, in the order of the table.
    pub unusable: Vec<UnusableRow>,
    /// Remarks that are no mistake of the table, in its order.
    pub notes: Vec<String>,
}

/// The groups of one question of which the items all have the same stated base: one base for all of
/// them is stronger evidence than one for each.
#[derive(Debug)]
pub struct Whole<'r> {
    /// Its groups, one for each item, in the order of the table; at least two.
    pub groups: Vec<&'r Group>,
}

/// Holds every cell and group of a table against its base.
pub fn reconcile(published: Published, definitions: &Definitions) -> Reconciliation {
    let mut places: HashMap<_, usize> = HashMap::new();
    let mut gathered: Vec<Vec<Cell>> = Vec::new();
    for cell in published.cells {
        let key = (cell.question_key().map(str::to_owned), cell.item.clone(), cell.base);
        let place = *places.entry(key).or_insert_with(|| {
            gathered.push(Vec::new());
            gathered.len() - 1
        });
        gathered[place].push(cell);
    }
    let mut notes = Vec::new();
    let mut groups = Vec::with_capacity(gathered.len());
    for cells in gathered {
        let (partition, unknown) = partition::of(&cells, definitions);
        for note in fewer_decimals(&cells).into_iter().chain(unknown) {
            // Each thing is said once, however many groups it is true of.
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        groups.push(Group { cells, partition });
    }
    Reconciliation { groups, unusable: published.unusable, notes }
}

/// A remark on cells that are printed with fewer decimals than their neighbours: a spreadsheet drops
/// closing zeros, and 39 is had from far more counts than 39.0.
fn fewer_decimals(cells: &[Cell]) -> Option<String> {
    let most = cells.iter().map(|cell| cell.percent.decimals()).max()?;
    let short: Vec<&Cell> = cells.iter().filter(|cell| cell.percent.decimals() < most).collect();
    let first = short.first()?;
    let others = if short.len() > 1 { format!(" (and {} beside it)", short.len() - 1) } else { String::new() };
    Some(format!(
        "line {}: {}{others} has fewer decimals than the other cells of its group; if a spreadsheet dropped closing \
         zeros, write them again, or too many counts are taken for possible",
        first.line, first.percent
    ))
}

impl Reconciliation {
    /// Every cell, group by group.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.groups.iter().flat_map(|group| &group.cells)
    }

    /// Whether anything needs a look: a cell or group that is not possible, a count that does not
    /// give its percentage, a row that could not be used.
    pub fn is_flagged(&self) -> bool {
        !self.unusable.is_empty()
            || self.groups.iter().any(Group::is_flagged)
            || self.cells().any(|cell| cell.count_gives().is_some())
    }

    /// The questions with several items on one stated base, in the order of the table.
    pub fn wholes(&self) -> Vec<Whole<'_>> {
        let mut places: HashMap<[&str; 4], usize> = HashMap::new();
        let mut wholes: Vec<Whole<'_>> = Vec::new();
        for group in &self.groups {
            let place = *places.entry(group.first().question_key()).or_insert_with(|| {
                wholes.push(Whole { groups: Vec::new() });
                wholes.len() - 1
            });
            wholes[place].groups.push(group);
        }
        wholes.retain(|whole| {
            whole.groups.len() > 1 && whole.groups.iter().all(|group| group.base() == whole.groups[0].base())
        });
        wholes
    }
}

impl Whole<'_> {
    /// Whether any of its groups is not possible on the stated base.
    pub fn is_flagged(&self) -> bool {
        self.groups.iter().any(|group| group.is_flagged())
    }

    /// The bases up to the stated one on which all of its groups are possible: runs, from the largest
    /// down.
    pub fn possible_bases(&self) -> Vec<Span> {
        span::runs_down(self.groups[0].base(), |base| self.groups.iter().all(|group| group.holds_on(base)))
    }
}
