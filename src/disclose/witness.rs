//! Witnesses: the program knows the true table. Another whole table that keeps every relation, agrees with all that
//! is printed and has another count in a cell proves that this count is possible, however it was found; two that lie
//! far enough apart prove the cell protected. Checking one takes exact integers and no solver.

use super::cell::{Cells, Measure, Printed};
use super::need::{is_class_by_policy, wholes};
use super::relation::{Relation, Row};
use super::rule::{Rule, rule};
use super::share::Share;
use crate::survey::Policy;

/// Another table, as its differences from the true one: cells and by how much they differ, ascending, none by nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Witness(pub Vec<(usize, i64)>);

impl Witness {
    /// By how much a cell differs from the truth.
    pub fn of(&self, cell: usize) -> i64 {
        self.0.binary_search_by_key(&cell, |(one, _)| *one).map_or(0, |found| self.0[found].1)
    }
}

/// The cells of a release with their relations, and the limits that the policy sets to a base that bands stand on.
#[derive(Debug)]
pub(super) struct System<'a> {
    pub cells: &'a Cells,
    pub rows: &'a [Row],
    pub policy: &'a Policy,
    /// The relations that each cell stands in.
    pub rows_of: Vec<Vec<usize>>,
    /// The base that each cell rests on.
    pub base_of: Vec<usize>,
    /// The cell that counts what each cell is a part of.
    pub whole_of: Vec<usize>,
    /// The other cells that each cell counts the whole of.
    pub parts_of: Vec<Vec<usize>>,
    /// The cells that count the same answers of all that each cell is a part of.
    pub wholes_of: Vec<Vec<usize>>,
    /// The rule by which each cell is withheld.
    pub rule_of: Vec<Option<Rule>>,
    /// Whether the policy prints only classes in the place of each cell.
    pub is_class: Vec<bool>,
}

/// A reader of a release: the printed content, and the cells that count the reader itself (none for outsiders).
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub printed: &'a [Printed],
    pub own: &'a [usize],
}

impl View<'_> {
    /// How many of a cell the reader knows to be itself.
    pub fn own(&self, cell: usize) -> i64 {
        i64::from(self.own.binary_search(&cell).is_ok())
    }
}

/// A sum of cells that has to lie between two limits.
#[derive(Debug, Clone)]
pub(super) struct Constraint {
    pub terms: Vec<(usize, i64)>,
    pub least: Option<i64>,
    pub most: Option<i64>,
}

impl Constraint {
    /// By how much a sum is too large (above zero) or too small (below).
    pub fn excess(&self, sum: i64) -> i64 {
        match (self.least, self.most) {
            (_, Some(most)) if sum > most => sum - most,
            (Some(least), _) if sum < least => sum - least,
            _ => 0,
        }
    }
}

impl<'a> System<'a> {
    pub fn new(cells: &'a Cells, rows: &'a [Row], policy: &'a Policy) -> System<'a> {
        let mut rows_of = vec![Vec::new(); cells.all.len()];
        for (at, row) in rows.iter().enumerate() {
            for (cell, _) in &row.terms {
                rows_of[*cell].push(at);
            }
        }
        let base_of: Vec<usize> = (0..cells.all.len()).map(|cell| cells.base_of(cell)).collect();
        let whole_of =
            cells.all.iter().zip(&base_of).map(|(cell, base)| cells.position(cell.whole_at).unwrap_or(*base));
        let whole_of: Vec<usize> = whole_of.collect();
        let mut parts_of = vec![Vec::new(); cells.all.len()];
        for (cell, whole) in whole_of.iter().enumerate().filter(|(cell, whole)| cell != *whole) {
            parts_of[*whole].push(cell);
        }
        let wholes_of = cells.all.iter().map(|cell| wholes(cells, cell)).collect();
        let rule_of = cells.all.iter().map(|cell| rule(policy, cell)).collect();
        let is_class = cells.all.iter().map(|cell| is_class_by_policy(policy, cell)).collect();
        System { cells, rows, policy, rows_of, base_of, whole_of, parts_of, wholes_of, rule_of, is_class }
    }

    /// A relation as a reader can write it down: it holds of all respondents, and of all but the reader.
    pub fn relation(&self, row: usize, view: &View<'_>) -> Constraint {
        let Row { terms, relation } = &self.rows[row];
        let own: i64 = terms.iter().map(|(cell, factor)| factor * view.own(*cell)).sum();
        let (least, most) = match relation {
            Relation::Equal => (Some(0), Some(0)),
            Relation::AtMost => (None, Some(own.min(0))),
            Relation::AtLeast => (Some(own.max(0)), None),
        };
        Constraint { terms: terms.clone(), least, most }
    }

    /// The constraints that a printed share sets to its count and its base.
    pub fn of_share(&self, cell: usize, share: Share) -> Vec<Constraint> {
        let base = self.base_of[cell];
        let (from, to) = share.factors();
        let least = Constraint { terms: vec![(cell, 200), (base, -from)], least: Some(0), most: None };
        let most = to.map(|to| Constraint { terms: vec![(cell, 200), (base, -to)], least: None, most: Some(-1) });
        std::iter::once(least).chain(most).collect()
    }

    /// The limits that the shares printed on a base set to the base: a release prints no share on a base below the
    /// policy's minimum, and classes only below its limit for them, unless the base is withheld for another reason.
    pub fn of_base(&self, base: usize, printed: &[Printed]) -> Option<Constraint> {
        let shares = self.cells.counts_on(base).filter_map(|cell| match printed[cell] {
            Printed::Share(share) => Some(share),
            _ => None,
        });
        let shares: Vec<Share> = shares.collect();
        let value = self.cells.all[base].value;
        let [least, below] = [&self.policy.minimum_base, &self.policy.bands_below].map(|limit| i64::from(limit.value));
        let least = Some(least.max(1)).filter(|least| value >= *least);
        let is_class = shares.iter().any(|share| !share.is_whole_per_cent());
        let most = Some(below - 1).filter(|most| is_class && value <= *most);
        (!shares.is_empty()).then(|| Constraint { terms: vec![(base, 1)], least, most })
    }

    /// Whether a table agrees with all that somebody reads. This is the proof: it trusts no finder of tables.
    pub fn agrees(&self, witness: &Witness, view: &View<'_>) -> bool {
        witness.0.iter().all(|&(cell, _)| {
            let is_base = self.cells.all[cell].address.measure == Measure::Base;
            view.printed[cell] != Printed::Value
                && self.value(witness, cell) >= view.own(cell)
                && self.rows_of[cell].iter().all(|&row| self.keeps_relation(row, witness, view))
                && self.keeps_share(cell, witness, view)
                && (!is_base || self.cells.counts_on(cell).all(|count| self.keeps_share(count, witness, view)))
                && (!is_base || self.of_base(cell, view.printed).is_none_or(|one| self.keeps(&one, witness)))
        })
    }

    /// Whether a relation holds of all respondents of a table, and of all but the reader.
    fn keeps_relation(&self, row: usize, witness: &Witness, view: &View<'_>) -> bool {
        let row = &self.rows[row];
        let (mut all, mut others) = (0, 0);
        for &(cell, factor) in &row.terms {
            let value = self.value(witness, cell);
            all += factor * value;
            others += factor * (value - view.own(cell));
        }
        row.excess(all) == 0 && row.excess(others) == 0
    }

    fn keeps_share(&self, cell: usize, witness: &Witness, view: &View<'_>) -> bool {
        match view.printed[cell] {
            Printed::Share(share) => self.of_share(cell, share).iter().all(|one| self.keeps(one, witness)),
            _ => true,
        }
    }

    fn keeps(&self, constraint: &Constraint, witness: &Witness) -> bool {
        let sum = constraint.terms.iter().map(|&(cell, factor)| factor * self.value(witness, cell)).sum();
        constraint.excess(sum) == 0
    }

    /// The count of a table in a cell.
    pub fn value(&self, witness: &Witness, cell: usize) -> i64 {
        self.cells.all[cell].value + witness.of(cell)
    }

    /// The count of a table in the cell that another one is a part of.
    pub fn whole(&self, witness: &Witness, cell: usize) -> i64 {
        let whole = self.whole_of[cell];
        if whole == cell { self.cells.all[cell].whole } else { self.value(witness, whole) }
    }

    /// The connected parts of the cells for which `is_in` holds, reached from some of them: cells that share a
    /// relation, directly or through others.
    pub fn parts(&self, is_in: impl Fn(usize) -> bool, from: impl IntoIterator<Item = usize>) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.cells.all.len()];
        let mut parts = Vec::new();
        for start in from {
            if seen[start] || !is_in(start) {
                continue;
            }
            let (mut part, mut waiting) = (Vec::new(), vec![start]);
            seen[start] = true;
            while let Some(cell) = waiting.pop() {
                part.push(cell);
                let in_rows = self.rows_of[cell].iter().flat_map(|&row| self.rows[row].terms.iter().map(|one| one.0));
                // A share ties its count to its base.
                for other in in_rows.chain([self.base_of[cell]]) {
                    if !seen[other] && is_in(other) {
                        seen[other] = true;
                        waiting.push(other);
                    }
                }
            }
            part.sort_unstable();
            parts.push(part);
        }
        parts
    }
}
