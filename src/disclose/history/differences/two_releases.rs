//! What can be computed by whoever has an earlier release beside the present one: of those who came or went in
//! between, and of a cell that is withheld now.
//!
//! What holds between the cells holds in either release, and the equations hold between the differences as well.
//! Whoever compares the two will suppose that institutions came late, or withdrew, and that the others answer as
//! they did. Of a base that has grown every count has then grown, by no more; of one that has not, what one release
//! gives holds in the other. And where all that is looked at has moved in one way, those who came keep the
//! inequalities too. Where what is printed of a base does not agree with that, answers on it were corrected, and
//! only the equations are left between the two.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::Differences;
use crate::disclose::cells::Spot;
use crate::disclose::linear::{Prepared, Relation, Row, System, Undecided};

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
pub(super) struct Both<'a> {
    unknowns: Unknowns<'a>,
    prepared: Prepared,
    /// Points of it that lie apart: most of what is looked at is not the same in all of them.
    points: RefCell<Vec<Vec<i64>>>,
}

impl Both<'_> {
    /// By how much a sum of cells has changed, if there is only one possibility.
    pub fn only_change(&self, cells: &[(usize, i64)]) -> Result<Option<i64>, Undecided> {
        let sum =
            cells.iter().fold(Sum::default(), |sum, &(cell, factor)| plus(sum, factor, self.unknowns.change(cell)));
        let (lowest, highest) = self.seen(&sum);
        if lowest < highest {
            return Ok(None);
        }
        let first = self.points.borrow()[0].clone();
        let other = self.prepared.apart(&sum.terms, &first)?;
        let is_only = other.is_none();
        self.points.borrow_mut().extend(other);
        Ok(is_only.then_some(lowest))
    }

    /// The most by which a sum of cells can have changed, up or down.
    pub fn most_change(&self, cells: &[(usize, i64)]) -> Option<i64> {
        let sum =
            cells.iter().fold(Sum::default(), |sum, &(cell, factor)| plus(sum, factor, self.unknowns.change(cell)));
        let (lowest, highest) = self.prepared.range(&sum.terms).ok()?;
        Some((lowest + sum.number).abs().max((highest + sum.number).abs()))
    }

    /// The lowest and the highest value of a sum over the points.
    fn seen(&self, sum: &Sum) -> (i64, i64) {
        let at =
            |point: &Vec<i64>| sum.number + sum.terms.iter().map(|(one, factor)| factor * point[*one]).sum::<i64>();
        let points = self.points.borrow();
        points.iter().map(at).fold((i64::MAX, i64::MIN), |ends, value| (ends.0.min(value), ends.1.max(value)))
    }
}

struct Unknowns<'a> {
    differences: &'a Differences<'a>,
    part: &'a [usize],
    present: BTreeMap<usize, usize>,
}

impl Unknowns<'_> {
    fn change(&self, cell: usize) -> Sum {
        match (self.differences.known[cell], self.part.binary_search(&cell)) {
            (None, Ok(variable)) => Sum { terms: vec![(variable, 1)], number: 0 },
            (change, _) => Sum { terms: Vec::new(), number: change.unwrap_or(0) },
        }
    }

    fn now(&self, cell: usize) -> Sum {
        if let Some(value) = self.differences.told_now(cell) {
            return Sum { terms: Vec::new(), number: value };
        }
        match self.differences.told_then(cell) {
            Some(value) => plus(Sum { terms: Vec::new(), number: value }, 1, self.change(cell)),
            None => Sum { terms: vec![(self.present[&cell], 1)], number: 0 },
        }
    }

    fn then(&self, cell: usize) -> Sum {
        match self.differences.told_then(cell) {
            Some(value) => Sum { terms: Vec::new(), number: value },
            None => plus(self.now(cell), -1, self.change(cell)),
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

    /// All that can be written down. Whoever answered in both releases answered alike, but on the bases of which
    /// `is_corrected` says otherwise.
    fn system(&self, rows: &BTreeSet<usize>, is_corrected: &dyn Fn(usize) -> bool) -> System {
        let all = self.differences;
        let ways = all.ways(self.part, rows);
        let way = if ways.contains(&-1) { -1 } else { 1 };
        let between = |&cell: &usize| match is_corrected(all.cells.base_of(cell)) {
            false => all.change_of_those(cell, &ways),
            true => (-all.most, all.most),
        };
        let mut bounds: Vec<(i64, i64)> = self.part.iter().map(between).collect();
        bounds.extend(self.present.keys().map(|&cell| (0, all.most_now(cell))));
        let mut system = System { bounds, rows: Vec::new() };
        for &at in rows {
            let row = &all.rows[at];
            let now = all.now_rows[at].constant;
            let is_corrected = row.terms.iter().any(|(cell, _)| is_corrected(all.cells.base_of(*cell)));
            if row.relation == Relation::Equal || (ways.len() < 2 && !is_corrected) {
                system
                    .rows
                    .push(self.row(row, way * row.constant, |cell| plus(Sum::default(), way, self.change(cell))));
            }
            system.rows.push(self.row(row, now, |cell| self.now(cell)));
            // Of an equation, what is now less what has changed is what was then.
            if row.relation != Relation::Equal {
                system.rows.push(self.row(row, now - row.constant, |cell| self.then(cell)));
            }
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
    /// A part in both releases; `None` where the work is too much, or the ledger contradicts itself.
    pub(super) fn both<'a>(&'a self, part: &'a [usize], rows: &BTreeSet<usize>) -> Option<Both<'a>> {
        let unknown = part.iter().filter(|&&cell| self.told_now(cell).or(self.told_then(cell)).is_none());
        let present = unknown.enumerate().map(|(at, &cell)| (cell, part.len() + at)).collect();
        let unknowns = Unknowns { differences: self, part, present };
        let alike = unknowns.system(rows, &|_| false).prepare().ok()?;
        let but_for_some = || {
            let bases = part.iter().map(|&cell| self.cells.base_of(cell));
            let corrected: BTreeSet<usize> =
                bases.collect::<BTreeSet<_>>().into_iter().filter(|&base| self.is_corrected(base)).collect();
            unknowns.system(rows, &|base| corrected.contains(&base)).prepare().ok()?
        };
        let prepared = match alike.or_else(but_for_some) {
            Some(prepared) => prepared,
            None => unknowns.system(rows, &|_| true).prepare().ok()??,
        };
        let points = RefCell::new(vec![prepared.point()]);
        Some(Both { unknowns, prepared, points })
    }

    /// Whether answers on a base were corrected, by what is printed of that alone: no respondents who came or went
    /// can have moved it so.
    fn is_corrected(&self, base: usize) -> bool {
        let all: Vec<usize> = std::iter::once(base).chain(self.cells.group(base)).collect();
        let part: Vec<usize> = all.iter().copied().filter(|&cell| self.known[cell].is_none()).collect();
        let rows = all.iter().flat_map(|&cell| self.of_cell[cell].iter().copied());
        let is_of_group = |row: &usize| self.rows[*row].terms.iter().all(|(cell, _)| all.contains(cell));
        let rows: BTreeSet<usize> = rows.filter(is_of_group).collect();
        let change = self.known[base].unwrap_or(0);
        let limits = change.min(0)..=change.max(0);
        let mut known = all.iter().filter_map(|&cell| self.known[cell]);
        let unknown = part.iter().filter(|&&cell| self.told_now(cell).or(self.told_then(cell)).is_none());
        let present = unknown.enumerate().map(|(at, &cell)| (cell, part.len() + at)).collect();
        let unknowns = Unknowns { differences: self, part: &part, present };
        let is_beyond = self.known[base].is_some() && known.any(|one| !limits.contains(&one));
        is_beyond || matches!(unknowns.system(&rows, &|_| false).prepare(), Ok(None))
    }

    /// The most that a cell can count now: of a base that is not told, those who could have been asked.
    fn most_now(&self, cell: usize) -> i64 {
        let base = self.cells.base_of(cell);
        match self.told_now(base) {
            Some(whole) if base != cell => whole,
            _ => self.cells.all[base].whole,
        }
    }

    /// Whether institutions came (1) or withdrew (-1), as the bases beside a part have it.
    fn ways(&self, part: &[usize], rows: &BTreeSet<usize>) -> BTreeSet<i64> {
        let near = rows.iter().flat_map(|&row| self.rows[row].terms.iter().map(|(cell, _)| *cell));
        let bases = near.chain(part.iter().copied()).map(|cell| self.cells.base_of(cell));
        bases.filter_map(|base| self.known[base]).map(i64::signum).filter(|way| *way != 0).collect()
    }

    /// By how much a cell can have changed if the others answer as they did.
    fn change_of_those(&self, cell: usize, ways: &BTreeSet<i64>) -> (i64, i64) {
        let base = self.cells.base_of(cell);
        match self.known[base] {
            Some(change) => (change.min(0), change.max(0)),
            None => (
                if ways.contains(&-1) { -self.most } else { 0 },
                if ways.contains(&1) || ways.is_empty() { self.most } else { 0 },
            ),
        }
    }

    /// Every cell of a part that is withheld now and is known too closely with the earlier release.
    pub(super) fn narrowed(
        &self,
        part: &[usize],
        both: Option<&Both<'_>>,
        withheld: &BTreeSet<Spot>,
        found: &mut BTreeMap<Spot, Narrowed>,
    ) {
        for &cell in part.iter().filter(|&&cell| withheld.contains(&self.cells.all[cell].spot)) {
            let one = &self.cells.all[cell];
            let band = self.printed.bands.get(&one.spot).map(|band| band.counts(one.whole));
            // Of a band that was given where nobody has come since there is no more to keep.
            let base = self.cells.base_of(cell);
            let earlier = self.snapshot.bands.get(&one.spot).filter(|_| self.known[base] == Some(0));
            let earlier = earlier.map(|band| band.counts(one.whole));
            let widths = [band, earlier].into_iter().flatten().map(|(lowest, highest)| highest - lowest);
            let kept = widths.fold(one.whole, i64::min);
            let needed = i64::from(self.policy.narrowest_interval.value).min(kept);
            let is_wide = |(lowest, highest): &(i64, i64)| highest - lowest >= needed;
            let now = both.map(|both| (both, both.unknowns.now(cell)));
            if needed == 0 || now.as_ref().is_some_and(|(both, sum)| is_wide(&both.seen(sum))) {
                continue;
            }
            let reached = now.as_ref().and_then(|(both, Sum { terms, number })| {
                let wanted = (one.value - number - needed / 2, one.value - number + needed - needed / 2);
                both.prepared.reaches(terms, wanted).ok()
            });
            if reached.as_ref().is_some_and(is_wide) {
                continue;
            }
            let interval = now.and_then(|(both, Sum { terms, number })| {
                let (lowest, highest) = both.prepared.range(&terms).ok()?;
                Some((lowest + number, highest + number))
            });
            if !interval.as_ref().is_some_and(is_wide) {
                let released_at = self.snapshot.released_at.clone();
                found.insert(one.spot, Narrowed { spot: one.spot, interval, needed, released_at });
            }
        }
    }
}
