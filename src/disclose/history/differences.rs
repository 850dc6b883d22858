//! What a correction tells of cells that it does not give: the differences between two releases obey the
//! relations that the cells themselves obey.
//!
//! Of a cell that both releases give the difference is known, of the others it is computed as the attack
//! computes withheld cells ([`two_releases`]). Those who came or went are respondents like any others: what is told
//! of them has to keep what the policy has to be kept of any.

mod two_releases;

use std::collections::{BTreeMap, BTreeSet};

pub use two_releases::Narrowed;

use two_releases::Both;

use super::snapshot::Snapshot;
use super::{Moved, is_few};
use crate::disclose::cells::{Cell, Cells, Measure, Spot};
use crate::disclose::cohort::Cohort;
use crate::disclose::count::count;
use crate::disclose::known::Known;
use crate::disclose::linear::{Relation, Row};
use crate::disclose::material::Material;
use crate::disclose::relations::relations;
use crate::disclose::release::Release;
use crate::disclose::released::Content;
use crate::disclose::rolls::rolls;
use crate::survey::{Policy, Prompt};

/// What two releases tell of cells that they do not both give, and must not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmasked {
    /// The cell; several where only their sum can be told.
    pub spots: Vec<Spot>,
    /// By how much it has changed, where that is known.
    pub change: Option<i64>,
    /// By how much its base has changed, where that is known.
    pub base_change: Option<i64>,
    /// By how much the rest of its base has changed, where that is known.
    pub rest_change: Option<i64>,
    /// Whether the attack could be carried through; otherwise anything may be computable.
    pub is_decided: bool,
    /// Since which release.
    pub released_at: String,
    /// Whether that release gave it, and whether it is to be printed now.
    pub standing: [bool; 2],
    /// The corrected cells that it follows from.
    pub follows_from: Vec<Spot>,
}

/// What a release, set against each of the earlier ones, tells of cells that the two do not both give, and
/// which of the withheld cells it gives too closely. A cell is named once, against the last that tells of it.
pub(super) fn told(
    material: &Material<'_>,
    policy: &Policy,
    releases: &[Snapshot],
    release: &Release,
) -> (Vec<Unmasked>, Vec<Narrowed>) {
    let (mut unmasked, mut narrowed) = (BTreeMap::new(), BTreeMap::new());
    if releases.is_empty() {
        return Default::default();
    }
    let survey = material.survey;
    // Corrections are within a year.
    let given = releases.iter().flat_map(|one| one.values.keys().chain(one.bands.keys())).copied();
    let given = Known { figures: given.collect(), ..Known::default() };
    let rolls = rolls(&Material { last_year: None, ..*material }, policy, &given);
    let cells = count(survey, &rolls);
    let now_rows = relations(survey, &cells);
    let mut before = count(survey, &rolls);
    let (printed, withheld) = (Known::of(release), withheld(release));
    for snapshot in releases {
        // Of a base that was withheld the ledger does not have how many gave no answer: as many as now.
        for (then, now) in before.all.iter_mut().zip(&cells.all) {
            then.nonresponse = snapshot.silent.get(&now.spot).copied().unwrap_or(now.nonresponse);
        }
        let differences = Differences::new(&cells, policy, &printed, snapshot, &now_rows, &relations(survey, &before));
        if differences.known.iter().flatten().any(|change| *change != 0) {
            differences.look(&withheld, &mut unmasked, &mut narrowed);
        }
    }
    (unmasked.into_values().collect(), narrowed.into_values().collect())
}

/// The cells of which a release says no more than a band.
fn withheld(release: &Release) -> BTreeSet<Spot> {
    let mut withheld = BTreeSet::new();
    for table in release.distributions() {
        for (key, released) in table.cells() {
            let Some(shown) = key.category else { continue };
            let prompt = Prompt { question: table.question(), item: key.item };
            let spot = Spot { cohort: Cohort::All, scope: key.scope, prompt, measure: Measure::Count(shown) };
            if !matches!(released.content(), Content::Published { .. }) {
                withheld.insert(spot);
            }
            if released.base().is_none() {
                withheld.insert(Spot { measure: Measure::Base, ..spot });
            }
        }
    }
    withheld
}

/// The differences between the present cells and those of a release.
struct Differences<'a> {
    cells: &'a Cells,
    policy: &'a Policy,
    printed: &'a Known,
    snapshot: &'a Snapshot,
    /// The difference of each cell that is known.
    known: Vec<Option<i64>>,
    /// What holds between the differences.
    rows: Vec<Row>,
    /// The same between the present cells.
    now_rows: &'a [Row],
    of_cell: Vec<Vec<usize>>,
    /// No difference is larger.
    most: i64,
}

impl<'a> Differences<'a> {
    fn new(
        cells: &'a Cells,
        policy: &'a Policy,
        printed: &'a Known,
        snapshot: &'a Snapshot,
        now_rows: &'a [Row],
        before: &[Row],
    ) -> Differences<'a> {
        let rows = now_rows.iter().zip(before);
        let rows = rows.map(|(now, then)| Row { constant: now.constant - then.constant, ..now.clone() });
        let rows: Vec<Row> = rows.collect();
        let change = |cell: &Cell| {
            let is_told = cell.is_known || printed.figures.contains(&cell.spot);
            snapshot.values.get(&cell.spot).filter(|_| is_told).map(|then| cell.value - then)
        };
        let mut of_cell = vec![Vec::new(); cells.all.len()];
        for (at, row) in rows.iter().enumerate() {
            row.terms.iter().for_each(|(cell, _)| of_cell[*cell].push(at));
        }
        let wholes = cells.all.iter().map(|cell| cell.whole.max(cell.value));
        let most = wholes.max().unwrap_or(0) + snapshot.values.values().copied().max().unwrap_or(0);
        let known = cells.all.iter().map(change).collect();
        Differences { cells, policy, printed, snapshot, known, rows, now_rows, of_cell, most }
    }

    /// The value of a cell where it is to be printed now, or everybody knows it.
    fn told_now(&self, cell: usize) -> Option<i64> {
        let one = &self.cells.all[cell];
        (one.is_known || self.printed.figures.contains(&one.spot)).then_some(one.value)
    }

    /// Its value in the earlier release, where that gave it.
    fn told_then(&self, cell: usize) -> Option<i64> {
        self.snapshot.values.get(&self.cells.all[cell].spot).copied()
    }

    /// Everything that must not be told, by the cells that it is about; `withheld` are those that are withheld now.
    fn look(
        &self,
        withheld: &BTreeSet<Spot>,
        found: &mut BTreeMap<Vec<Spot>, Unmasked>,
        narrowed: &mut BTreeMap<Spot, Narrowed>,
    ) {
        let mut told = Vec::new();
        for cell in (0..self.cells.all.len()).filter(|&cell| self.cells.all[cell].spot.measure == Measure::Base) {
            told.extend(self.given_base(cell));
        }
        for part in self.parts() {
            let rows: BTreeSet<usize> = part.iter().flat_map(|&cell| self.of_cell[cell].iter().copied()).collect();
            if !self.is_moved(&rows) {
                continue;
            }
            let both = self.both(&part, &rows);
            match &both {
                Some(both) => part.iter().for_each(|&cell| told.extend(self.alone(cell, both))),
                // What cannot be computed here is taken to be computable elsewhere.
                None => told.push(self.undecided(&part)),
            }
            self.narrowed(&part, both.as_ref(), withheld, narrowed);
        }
        let alone: BTreeSet<Spot> = told.iter().flat_map(|one| one.spots.iter().copied()).collect();
        let is_alone = |cell: &usize| alone.contains(&self.cells.all[*cell].spot);
        let together: Vec<Unmasked> = self
            .rows
            .iter()
            .filter_map(|row| self.together(row))
            .filter(|(cells, _)| !cells.iter().any(is_alone))
            .map(|(_, one)| one)
            .collect();
        found.extend(told.into_iter().chain(together).map(|one| (one.spots.clone(), one)));
    }

    /// A base that depends on an answer is a count itself; where counts on it are given as well it is they
    /// that are corrected.
    fn given_base(&self, base: usize) -> Option<Unmasked> {
        let change = self.known[base].filter(|change| is_few(*change, self.policy))?;
        let is_count = !self.cells.all[base].is_known;
        let has_counts = self.cells.group(base).any(|cell| self.known[cell].is_some());
        (is_count && !has_counts).then(|| self.unmasked(&[base], Moved { count: Some(change), ..Moved::default() }))
    }

    /// The cells of which the difference is not known, as far as they hang together.
    fn parts(&self) -> Vec<Vec<usize>> {
        let mut seen: Vec<bool> = self.known.iter().map(Option::is_some).collect();
        let mut parts = Vec::new();
        for start in 0..seen.len() {
            if std::mem::replace(&mut seen[start], true) {
                continue;
            }
            let (mut part, mut waiting) = (Vec::new(), vec![start]);
            while let Some(cell) = waiting.pop() {
                part.push(cell);
                for (other, _) in self.of_cell[cell].iter().flat_map(|&row| &self.rows[row].terms) {
                    if !std::mem::replace(&mut seen[*other], true) {
                        waiting.push(*other);
                    }
                }
            }
            part.sort_unstable();
            parts.push(part);
        }
        parts
    }

    /// Whether anything has changed beside a part: what has not tells nothing.
    fn is_moved(&self, rows: &BTreeSet<usize>) -> bool {
        rows.iter().any(|&row| {
            let row = &self.rows[row];
            row.constant != 0 || row.terms.iter().any(|(cell, _)| self.known[*cell].is_some_and(|change| change != 0))
        })
    }

    /// What is told of one cell and must not be.
    fn alone(&self, cell: usize, both: &Both<'_>) -> Option<Unmasked> {
        // How many answered a question that is asked of all tells no answer.
        if self.cells.all[cell].is_known {
            return None;
        }
        let Ok(count) = both.only_change(&[(cell, 1)]) else {
            return Some(self.undecided(&[cell]));
        };
        let base = self.cells.base_of(cell);
        let moved = match base == cell {
            true => Moved { count, ..Moved::default() },
            false => Moved {
                count,
                base: both.only_change(&[(base, 1)]).ok().flatten(),
                rest: both.only_change(&[(base, 1), (cell, -1)]).ok().flatten(),
            },
        };
        // That nobody, or everybody, of those on a base that is not known exactly is of so many at most.
        let is_group = moved.base.is_none() && [moved.count, moved.rest].contains(&Some(0));
        let most = is_group.then(|| both.most_change(&[(base, 1)])).flatten();
        let is_few = most.is_some_and(|most| (1..i64::from(self.policy.zero_and_all_from.value)).contains(&most));
        (moved.tells(self.policy) || is_few).then(|| self.unmasked(&[cell], moved))
    }

    /// What an equation leaves of several cells together, and must not.
    fn together(&self, row: &Row) -> Option<(Vec<usize>, Unmasked)> {
        let (known, unknown): (Vec<_>, Vec<_>) =
            row.terms.iter().copied().partition(|(cell, _)| self.known[*cell].is_some());
        let &(first, factor) = unknown.first()?;
        let is_sum = factor.abs() == 1 && unknown.iter().all(|(_, other)| *other == factor);
        // One alone is looked at elsewhere, and what equals one known cell is told by that one.
        if row.relation != Relation::Equal || !is_sum || unknown.len() < 2 || known.len() < 2 {
            return None;
        }
        let left: i64 = known.iter().map(|(cell, factor)| factor * self.known[*cell].unwrap_or(0)).sum();
        let change = factor * (row.constant - left);
        let cells: Vec<usize> = unknown.iter().map(|(cell, _)| *cell).collect();
        let bases: BTreeSet<usize> = cells.iter().map(|&cell| self.cells.base_of(cell)).collect();
        let base_change: Option<i64> = bases.iter().map(|&base| self.known[base]).sum();
        let is_base = self.cells.all[first].spot.measure == Measure::Base;
        let tells = match is_base {
            true => is_few(change, self.policy) && cells.iter().any(|&cell| !self.cells.all[cell].is_known),
            false => {
                let rest = base_change.map(|base| base - change);
                Moved { count: Some(change), base: base_change, rest }.tells(self.policy)
            }
        };
        let moved = Moved { count: Some(change), base: base_change.filter(|_| !is_base), rest: None };
        tells.then(|| (cells.clone(), self.unmasked(&cells, moved)))
    }

    /// Cells of which it may be computable by how much they have changed, but the attack was too large.
    fn undecided(&self, cells: &[usize]) -> Unmasked {
        Unmasked { is_decided: false, ..self.unmasked(cells, Moved::default()) }
    }

    fn unmasked(&self, cells: &[usize], moved: Moved) -> Unmasked {
        let near = cells.iter().flat_map(|&cell| &self.of_cell[cell]);
        let near = near.flat_map(|&row| self.rows[row].terms.iter().map(|(cell, _)| *cell));
        let corrected = near.filter(|&cell| self.known[cell].is_some_and(|change| change != 0));
        let corrected: BTreeSet<usize> = corrected.filter(|cell| !cells.contains(cell)).collect();
        let spot = |&cell: &usize| self.cells.all[cell].spot;
        let spots: Vec<Spot> = cells.iter().map(spot).collect();
        Unmasked {
            change: moved.count,
            base_change: moved.base,
            rest_change: moved.rest,
            is_decided: true,
            released_at: self.snapshot.released_at.clone(),
            standing: [
                spots.iter().all(|spot| self.snapshot.values.contains_key(spot)),
                spots.iter().all(|spot| self.printed.figures.contains(spot)),
            ],
            follows_from: corrected.iter().map(spot).collect(),
            spots,
        }
    }
}
