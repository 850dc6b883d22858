//! The cells that rest on one base, judged together: whether all of them are possible on it, the misprint that would
//! explain them, and the other bases on which all of them are possible.

use super::counts::{Attainable, counts};
use super::partition::Partition;
use super::span::{Span, runs_down};
use super::table::Cell;

/// The cells of one item (or of a question without items) of one sector and year on one base.
#[derive(Debug)]
pub struct Group {
    /// Its cells, in the order of the table; never empty.
    pub cells: Vec<Cell>,
    /// Those of them that exclude each other.
    pub partition: Option<Partition>,
}

/// The only cell without which the rest of its group is possible on the stated base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspect {
    /// Its position in the group.
    pub position: usize,
    /// The counts that the others leave for it, if all options of a single choice are there.
    pub left: Option<Span>,
}

/// One digit of one cell that, changed, makes the whole group possible on the stated base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The position of the cell in the group.
    pub position: usize,
    /// The percentage and counts after the change.
    pub to: Attainable,
}

impl Group {
    /// Its first cell, for the fields that are the same in all.
    pub fn first(&self) -> &Cell {
        &self.cells[0]
    }

    /// The stated base.
    pub fn base(&self) -> u64 {
        self.first().base
    }

    /// The positions of the cells that no count gives on the stated base.
    pub fn impossible(&self) -> Vec<usize> {
        (0..self.cells.len()).filter(|&at| self.cells[at].counts().is_none()).collect()
    }

    /// The sums that the partition can have on the stated base, if each member is possible and the sum is not.
    pub fn wrong_sum(&self) -> Option<Span> {
        let partition = self.partition.as_ref().filter(|partition| !partition.holds(&self.cells, self.base()))?;
        partition.sum(&self.cells, self.base())
    }

    /// Whether all its cells are possible on a base, and its partition holds there.
    pub fn holds_on(&self, base: u64) -> bool {
        holds(&self.cells, self.partition.as_ref(), base)
    }

    /// Whether it is not possible on its stated base.
    pub fn is_flagged(&self) -> bool {
        !self.holds_on(self.base())
    }

    /// The bases up to the stated one on which it is possible: runs, from the largest down.
    pub fn possible_bases(&self) -> Vec<Span> {
        runs_down(self.base(), |base| self.holds_on(base))
    }

    /// The one cell without which the rest is possible on the stated base; `None` where the group is
    /// possible, or there is no such cell, or more than one.
    pub fn suspect(&self) -> Option<Suspect> {
        if !self.is_flagged() || self.cells.len() < 2 {
            return None;
        }
        let mut suspects = (0..self.cells.len()).filter(|&position| self.holds_without(position));
        let position = suspects.next().filter(|_| suspects.next().is_none())?;
        let completed = self.partition.as_ref().filter(|partition| partition.is_complete);
        let completed = completed.filter(|partition| partition.members.contains(&position));
        let left = completed.and_then(|partition| {
            let others = partition.without(position).sum(&self.cells_without(position), self.base())?;
            let high = self.base().checked_sub(others.low)?;
            Some(Span { low: self.base().saturating_sub(others.high), high })
        });
        Some(Suspect { position, left })
    }

    /// The percentages one digit away from a cell's that can be had on the stated base, likeliest first:
    /// see [`super::Printed::one_digit_changed`].
    pub fn misprints(&self, position: usize) -> Vec<Attainable> {
        let cell = &self.cells[position];
        let changed = cell.percent.one_digit_changed().into_iter();
        changed.filter_map(|printed| Attainable::on(printed, cell.base)).collect()
    }

    /// Every single digit that, changed, makes the group possible on the stated base, cell by cell;
    /// none where it is possible.
    pub fn changes(&self) -> Vec<Change> {
        if !self.is_flagged() {
            return Vec::new();
        }
        let mut cells = self.cells.clone();
        let mut changes = Vec::new();
        for position in 0..cells.len() {
            let printed = cells[position].percent;
            for to in self.misprints(position) {
                cells[position].percent = to.printed;
                if holds(&cells, self.partition.as_ref(), self.base()) {
                    changes.push(Change { position, to });
                }
            }
            cells[position].percent = printed;
        }
        changes
    }

    fn cells_without(&self, position: usize) -> Vec<Cell> {
        let mut cells = self.cells.clone();
        cells.remove(position);
        cells
    }

    fn holds_without(&self, position: usize) -> bool {
        let partition = self.partition.as_ref().map(|partition| partition.without(position));
        holds(&self.cells_without(position), partition.as_ref(), self.base())
    }
}

fn holds(cells: &[Cell], partition: Option<&Partition>, base: u64) -> bool {
    cells.iter().all(|cell| counts(cell.percent, base).is_some())
        && partition.is_none_or(|partition| partition.holds(cells, base))
}
