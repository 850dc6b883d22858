//! What a correction tells of cells that it does not give: the differences between two releases obey the
//! relations that the cells themselves obey.
//!
//! Of a cell that both releases give the difference is known, of the others it is computed as the attack
//! computes withheld cells. What is looked for is small: a difference of so few institutions is theirs, and
//! where a base has changed by so few, every difference on it is, that of nothing as well.
//!
//! Whoever compares two releases will suppose that institutions came late, or withdrew, and that the others
//! answer as they did. Those who came are then respondents like any others, so that every relation holds of
//! them alone, the inequalities too. Where the printed figures do not agree with that, answers were
//! corrected, and only the equations are left.

mod levels;

use std::collections::{BTreeMap, BTreeSet};

pub use levels::Narrowed;

use super::is_few;
use super::snapshot::Snapshot;
use crate::disclose::cells::{Cell, Cells, Measure, Spot};
use crate::disclose::cohort::Cohort;
use crate::disclose::count::count;
use crate::disclose::known::Known;
use crate::disclose::linear::{Prepared, Relation, Row, System, Undecided};
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
    /// By how much it has changed; `None` where that may be computable, but the attack was too large.
    pub change: Option<i64>,
    /// By how much its base has changed, where that is known.
    pub base_change: Option<i64>,
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
    let rolls = rolls(&Material { last_year: None, ..*material }, policy);
    let cells = count(survey, &rolls);
    let levels = relations(survey, &cells);
    let mut before = count(survey, &rolls);
    let (printed, withheld) = (Known::of(release), withheld(release));
    for snapshot in releases {
        // Of a base that was withheld the ledger does not have how many gave no answer: as many as now.
        for (then, now) in before.all.iter_mut().zip(&cells.all) {
            then.nonresponse = snapshot.silent.get(&now.spot).copied().unwrap_or(now.nonresponse);
        }
        let differences = Differences::new(&cells, policy, &printed, snapshot, &levels, &relations(survey, &before));
        if differences.known.iter().flatten().any(|change| *change != 0) {
            differences.look(&mut unmasked);
            differences.narrowed(&withheld, &mut narrowed);
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
    levels: &'a [Row],
    of_cell: Vec<Vec<usize>>,
    /// No difference is larger.
    most: i64,
}

/// What can be computed of a part of the differences.
struct Computed {
    prepared: Prepared,
    /// -1 where it is computed for those who withdrew.
    way: i64,
}

impl Computed {
    /// The value of a sum of differences if there is only one.
    fn only(&self, objective: &[(usize, i64)]) -> Result<Option<i64>, Undecided> {
        let (lowest, highest) = self.prepared.range(objective)?;
        Ok((lowest == highest).then_some(self.way * lowest))
    }
}

impl<'a> Differences<'a> {
    fn new(
        cells: &'a Cells,
        policy: &'a Policy,
        printed: &'a Known,
        snapshot: &'a Snapshot,
        levels: &'a [Row],
        before: &[Row],
    ) -> Differences<'a> {
        let rows = levels.iter().zip(before);
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
        Differences { cells, policy, printed, snapshot, known, rows, levels, of_cell, most }
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

    /// Everything that must not be told, by the cells that it is about.
    fn look(&self, found: &mut BTreeMap<Vec<Spot>, Unmasked>) {
        let mut told = Vec::new();
        for cell in (0..self.cells.all.len()).filter(|&cell| self.cells.all[cell].spot.measure == Measure::Base) {
            told.extend(self.given_base(cell));
        }
        for part in self.parts() {
            let rows: BTreeSet<usize> = part.iter().flat_map(|&cell| self.of_cell[cell].iter().copied()).collect();
            if !self.is_moved(&rows) {
                continue;
            }
            match self.computed(&part, &rows) {
                Some(computed) => part.iter().for_each(|&cell| told.extend(self.alone(cell, &part, &computed))),
                // What cannot be computed here is taken to be computable elsewhere.
                None => told.push(self.unmasked(&part, None, None)),
            }
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
        (is_count && !has_counts).then(|| self.unmasked(&[base], Some(change), None))
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

    /// What can be computed of a part; `None` where the work is too much, or the ledger contradicts itself.
    fn computed(&self, part: &[usize], rows: &BTreeSet<usize>) -> Option<Computed> {
        if let Some(way) = self.way(part, rows)
            && let Some(prepared) = self.system(part, rows, Some(way)).prepare().ok()?
        {
            return Some(Computed { prepared, way });
        }
        let prepared = self.system(part, rows, None).prepare().ok()??;
        Some(Computed { prepared, way: 1 })
    }

    /// Whether institutions came (1) or withdrew (-1), as the bases have it; `None` where both did.
    fn way(&self, part: &[usize], rows: &BTreeSet<usize>) -> Option<i64> {
        let near = rows.iter().flat_map(|&row| self.rows[row].terms.iter().map(|(cell, _)| *cell));
        let bases = near.chain(part.iter().copied()).map(|cell| self.cells.base_of(cell));
        let ways: BTreeSet<i64> = bases.filter_map(|base| self.known[base]).map(i64::signum).collect();
        match (ways.contains(&1), ways.contains(&-1)) {
            (true, true) => None,
            (false, true) => Some(-1),
            _ => Some(1),
        }
    }

    /// How many of those who came or withdrew a cell can count.
    fn change_of_those(&self, cell: usize) -> (i64, i64) {
        let base = self.known[self.cells.base_of(cell)];
        (0, base.map_or(self.most, |base| base.abs()))
    }

    /// The differences of a part: those of institutions that came or withdrew, or any.
    fn system(&self, part: &[usize], rows: &BTreeSet<usize>, way: Option<i64>) -> System {
        let bounds = match way {
            Some(_) => part.iter().map(|&cell| self.change_of_those(cell)).collect(),
            None => vec![(-self.most, self.most); part.len()],
        };
        let sign = way.unwrap_or(1);
        let rows = rows.iter().map(|&row| &self.rows[row]);
        let rows = rows.filter(|row| way.is_some() || row.relation == Relation::Equal).map(|row| {
            let (mut terms, mut constant) = (Vec::with_capacity(row.terms.len()), sign * row.constant);
            for &(cell, factor) in &row.terms {
                match (self.known[cell], part.binary_search(&cell)) {
                    (None, Ok(variable)) => terms.push((variable, factor)),
                    (change, _) => constant -= sign * factor * change.unwrap_or(0),
                }
            }
            Row { terms, relation: row.relation, constant }
        });
        System { bounds, rows: rows.collect() }
    }

    /// What is told of one cell and must not be.
    fn alone(&self, cell: usize, part: &[usize], computed: &Computed) -> Option<Unmasked> {
        // How many answered a question that is asked of all tells no answer.
        if self.cells.all[cell].is_known {
            return None;
        }
        let variable = part.binary_search(&cell).ok()?;
        let Ok(change) = computed.only(&[(variable, 1)]) else { return Some(self.unmasked(&[cell], None, None)) };
        let base = self.cells.base_of(cell);
        let (base_change, rest) = match part.binary_search(&base) {
            _ if base == cell => (None, None),
            Ok(whole) => (
                computed.only(&[(whole, 1)]).ok().flatten(),
                computed.only(&[(whole, 1), (variable, -1)]).ok().flatten(),
            ),
            Err(_) => (self.known[base], self.known[base].zip(change).map(|(base, change)| base - change)),
        };
        let is_few = |change: Option<i64>| change.is_some_and(|change| is_few(change, self.policy));
        let tells = is_few(change) || is_few(rest) || (change.is_some() && is_few(base_change));
        tells.then(|| self.unmasked(&[cell], change, base_change))
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
        let rest = base_change.map(|base| base - change);
        let is_few = |change: i64| is_few(change, self.policy);
        let is_base = self.cells.all[first].spot.measure == Measure::Base;
        let tells = match is_base {
            true => is_few(change) && cells.iter().any(|&cell| !self.cells.all[cell].is_known),
            false => is_few(change) || [rest, base_change].into_iter().flatten().any(is_few),
        };
        tells.then(|| (cells.clone(), self.unmasked(&cells, Some(change), base_change.filter(|_| !is_base))))
    }

    fn unmasked(&self, cells: &[usize], change: Option<i64>, base_change: Option<i64>) -> Unmasked {
        let near = cells.iter().flat_map(|&cell| &self.of_cell[cell]);
        let near = near.flat_map(|&row| self.rows[row].terms.iter().map(|(cell, _)| *cell));
        let corrected = near.filter(|&cell| self.known[cell].is_some_and(|change| change != 0));
        let corrected: BTreeSet<usize> = corrected.filter(|cell| !cells.contains(cell)).collect();
        let spot = |&cell: &usize| self.cells.all[cell].spot;
        let spots: Vec<Spot> = cells.iter().map(spot).collect();
        Unmasked {
            change,
            base_change,
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
