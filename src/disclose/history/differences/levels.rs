//! What can be computed of a cell that is withheld now by whoever has an earlier release as well.
//!
//! Where nobody came, what one of the two releases gives holds in the other; and where few did, nearly.
//! So both releases and the differences between them are one system, in which a withheld cell has to be as
//! unknown as it has to be in one release alone.

use std::collections::{BTreeMap, BTreeSet};

use super::Differences;
use crate::disclose::cells::Spot;
use crate::disclose::linear::{Relation, Row, System};

/// A cell that is withheld and that two releases together give too closely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrowed {
    /// The cell.
    pub spot: Spot,
    /// The lowest and highest count that can be computed; `None` where the attack was too large.
    pub interval: Option<(i64, i64)>,
    /// How far apart they have to be.
    pub needed: i64,
    /// The earlier release.
    pub released_at: String,
}

/// A sum of variables and a number.
#[derive(Debug, Clone, Default)]
struct Sum {
    terms: Vec<(usize, i64)>,
    number: i64,
}

/// A part of the cells in both releases. Of each cell there is a variable for the difference, and one more
/// for its present value where neither release gives it.
struct Both<'a> {
    differences: &'a Differences<'a>,
    part: &'a [usize],
    way: i64,
    present: BTreeMap<usize, usize>,
}

impl Both<'_> {
    fn change(&self, cell: usize) -> Sum {
        match (self.differences.known[cell], self.part.binary_search(&cell)) {
            (None, Ok(variable)) => Sum { terms: vec![(variable, 1)], number: 0 },
            (change, _) => Sum { terms: Vec::new(), number: self.way * change.unwrap_or(0) },
        }
    }

    fn now(&self, cell: usize) -> Sum {
        if let Some(value) = self.differences.told_now(cell) {
            return Sum { terms: Vec::new(), number: value };
        }
        match self.differences.told_then(cell) {
            Some(value) => plus(Sum { terms: Vec::new(), number: value }, self.way, self.change(cell)),
            None => Sum { terms: vec![(self.present[&cell], 1)], number: 0 },
        }
    }

    fn then(&self, cell: usize) -> Sum {
        match self.differences.told_then(cell) {
            Some(value) => Sum { terms: Vec::new(), number: value },
            None => plus(self.now(cell), -self.way, self.change(cell)),
        }
    }

    /// A relation, written down for these sums.
    fn row(&self, row: &Row, constant: i64, of: impl Fn(usize) -> Sum) -> Row {
        let sum = row.terms.iter().fold(Sum::default(), |sum, &(cell, factor)| plus(sum, factor, of(cell)));
        Row { terms: sum.terms, relation: row.relation, constant: constant - sum.number }
    }

    /// What the bands of either release say of a cell, each with its base.
    fn bands(&self, cell: usize, rows: &mut Vec<Row>) {
        let all = self.differences;
        let (spot, base) = (all.cells.all[cell].spot, all.cells.base_of(cell));
        let then = all.snapshot.bands.get(&spot).map(|band| (band, self.then(cell), self.then(base)));
        let now = all.printed.bands.get(&spot).map(|band| (band, self.now(cell), self.now(base)));
        for (band, count, base) in [then, now].into_iter().flatten() {
            for row in band.rows(0, 1) {
                let sums = [&count, &base].into_iter().zip(&row.terms);
                let sum = sums.fold(Sum::default(), |sum, (of, (_, factor))| plus(sum, *factor, of.clone()));
                rows.push(Row { terms: sum.terms, relation: row.relation, constant: row.constant - sum.number });
            }
        }
    }

    fn system(&self, rows: &BTreeSet<usize>) -> System {
        let all = self.differences;
        let mut bounds: Vec<(i64, i64)> = self.part.iter().map(|&cell| all.change_of_those(cell)).collect();
        bounds.extend(self.present.keys().map(|&cell| (0, all.cells.all[cell].whole)));
        let mut system = System { bounds, rows: Vec::new() };
        for &at in rows {
            let row = &all.rows[at];
            let now = all.levels[at].constant;
            system.rows.push(self.row(row, self.way * row.constant, |cell| self.change(cell)));
            system.rows.push(self.row(row, now, |cell| self.now(cell)));
            system.rows.push(self.row(row, now - row.constant, |cell| self.then(cell)));
        }
        for &cell in self.part {
            for Sum { terms, number } in [self.now(cell), self.then(cell)] {
                system.rows.push(Row { terms, relation: Relation::AtLeast, constant: -number });
            }
            self.bands(cell, &mut system.rows);
        }
        system.rows.retain(|row| !row.terms.is_empty());
        system
    }
}

fn plus(mut sum: Sum, factor: i64, more: Sum) -> Sum {
    sum.number += factor * more.number;
    sum.terms.extend(more.terms.into_iter().map(|(variable, own)| (variable, factor * own)));
    sum
}

impl Differences<'_> {
    /// Every cell that is withheld now and is known too closely with the earlier release.
    pub(super) fn narrowed(&self, withheld: &BTreeSet<Spot>, found: &mut BTreeMap<Spot, Narrowed>) {
        for part in self.parts() {
            let rows: BTreeSet<usize> = part.iter().flat_map(|&cell| self.of_cell[cell].iter().copied()).collect();
            let Some(way) = self.way(&part, &rows).filter(|_| self.is_moved(&rows)) else { continue };
            let unknown = part.iter().filter(|&&cell| self.told_now(cell).or(self.told_then(cell)).is_none());
            let present = unknown.enumerate().map(|(at, &cell)| (cell, part.len() + at)).collect();
            let both = Both { differences: self, part: &part, way, present };
            let prepared = match both.system(&rows).prepare() {
                Ok(Some(prepared)) => Some(prepared),
                // Answers were corrected: what one release gives need not hold in the other.
                Ok(None) => continue,
                Err(_) => None,
            };
            for &cell in part.iter().filter(|&&cell| withheld.contains(&self.cells.all[cell].spot)) {
                let one = &self.cells.all[cell];
                let band = self.printed.bands.get(&one.spot).map(|band| band.counts(one.whole));
                let kept = band.map_or(one.whole, |(lowest, highest)| highest - lowest);
                let needed = i64::from(self.policy.narrowest_interval.value).min(kept);
                let Sum { terms, number } = both.now(cell);
                let wanted = (one.value - number - needed / 2, one.value - number + needed - needed / 2);
                let is_wide = |(lowest, highest): &(i64, i64)| highest - lowest >= needed;
                let reached = prepared.as_ref().and_then(|prepared| prepared.reaches(&terms, wanted).ok());
                if needed == 0 || reached.as_ref().is_some_and(is_wide) {
                    continue;
                }
                let interval = prepared.as_ref().and_then(|prepared| prepared.range(&terms).ok());
                if !interval.as_ref().is_some_and(is_wide) {
                    let interval = interval.map(|(lowest, highest)| (lowest + number, highest + number));
                    let released_at = self.snapshot.released_at.clone();
                    found.insert(one.spot, Narrowed { spot: one.spot, interval, needed, released_at });
                }
            }
        }
    }
}
