//! What somebody can write down of a part: between which limits each cell lies, by itself, by its band and by its
//! base, and what holds between the cells.

use super::coalition::Knowledge;
use super::{Outside, Printed};
use crate::disclose::band::Band;
use crate::disclose::linear::{Relation, Row, System};

impl Outside<'_> {
    /// The lowest and highest value that a cell can have at all, for those who know own answers.
    pub fn bounds(&self, cell: usize, knowledge: &Knowledge) -> (i64, i64) {
        (knowledge.counted(cell), self.cells.all[cell].whole - knowledge.not_counted(cell))
    }

    /// The same as far as they can tell from what is printed of the cell, or was before, and of its base unless
    /// that is free.
    pub fn limits(
        &self,
        cell: usize,
        printed: &[Printed],
        is_free: impl Fn(usize) -> bool,
        knowledge: &Knowledge,
    ) -> (i64, i64) {
        let base = self.cells.base_of(cell);
        let limits = self.free_limits(cell, printed, &is_free, knowledge);
        match printed[cell] {
            Printed::Band(band) if printed[base] == Printed::Value && !is_free(base) => {
                meet(limits, band.counts(self.cells.all[cell].whole))
            }
            _ => limits,
        }
    }

    /// The same if nothing were printed of the cell now.
    pub fn free_limits(
        &self,
        cell: usize,
        printed: &[Printed],
        is_free: impl Fn(usize) -> bool,
        knowledge: &Knowledge,
    ) -> (i64, i64) {
        let (lowest, highest) = self.bounds(cell, knowledge);
        let (one, base) = (&self.cells.all[cell], self.cells.base_of(cell));
        if base == cell {
            return self.limits_of_base(base, printed, (lowest, highest));
        }
        if printed[base] != Printed::Value || is_free(base) {
            // Whatever the base is, it is no more than those who could have been asked.
            return (lowest, self.cells.all[base].whole);
        }
        one.band.map_or((lowest, highest), |band| meet((lowest, highest), band.counts(one.whole)))
    }

    /// What the bands that stand on a base tell of it: there are none on bases that are too small for anything to
    /// be said, nor on those that are large enough for percentages. Bands that were printed before are taken to be
    /// of the same policy if that could have printed them.
    fn limits_of_base(&self, base: usize, printed: &[Printed], limits: (i64, i64)) -> (i64, i64) {
        let [least, beyond] = [&self.policy.minimum_base, &self.policy.bands_below].map(|limit| i64::from(limit.value));
        let with_bands = (least.max(1), beyond - 1);
        let is_now = self.cells.group(base).any(|other| matches!(printed[other], Printed::Band(_)));
        let is_before = self.cells.group(base).any(|other| self.cells.all[other].band.is_some());
        let is_possible = (with_bands.0..=with_bands.1).contains(&self.cells.all[base].value);
        match (is_now || is_before, is_possible) {
            (false, _) => limits,
            (true, true) => meet(limits, with_bands),
            (true, false) => meet(limits, (1, i64::MAX)),
        }
    }

    /// What the bands of a part say of bases that are not printed, or that `is_free` has it are not: those that
    /// are printed now, and those that were before.
    pub fn bands(&self, part: &[usize], printed: &[Printed], is_free: impl Fn(usize) -> bool) -> [Vec<Row>; 2] {
        let rows = |band: &dyn Fn(usize) -> Option<Band>| -> Vec<Row> {
            let rows = part.iter().filter_map(|&cell| {
                let (band, base) = (band(cell)?, self.cells.base_of(cell));
                (printed[base] != Printed::Value || is_free(base)).then(|| band.rows(cell, base))
            });
            rows.flatten().collect()
        };
        let now = |cell: usize| match printed[cell] {
            Printed::Band(band) => Some(band),
            _ => None,
        };
        [rows(&now), rows(&|cell| self.cells.all[cell].band)]
    }

    /// What is left to be computed of a part, with the places of its cells among the variables.
    pub(super) fn system(&self, part: &[usize], printed: &[Printed], knowledge: &Knowledge) -> System {
        let bounds = part.iter().map(|&cell| self.limits(cell, printed, |_| false, knowledge)).collect();
        let bands = self.bands(part, printed, |_| false).concat();
        let bands = bands.iter().map(|row| (row, row.constant));
        let rows = self.relations_for(part, knowledge).into_iter().chain(bands).filter_map(|(row, mut constant)| {
            let mut terms = Vec::with_capacity(row.terms.len());
            for &(cell, factor) in &row.terms {
                match part.binary_search(&cell) {
                    Ok(variable) => terms.push((variable, factor)),
                    // What holds of others that are not printed is left out of a look at a part of a part.
                    Err(_) if printed[cell] != Printed::Value => return None,
                    Err(_) => constant -= factor * self.cells.all[cell].value,
                }
            }
            Some(Row { terms, relation: row.relation, constant })
        });
        let mut rows: Vec<Row> = rows.collect();
        rows.extend(self.unknown_wholes(part, printed, knowledge));
        System { bounds, rows }
    }

    /// That some are not counted in a cell leaves the others of a base that is not printed.
    fn unknown_wholes(&self, part: &[usize], printed: &[Printed], knowledge: &Knowledge) -> Vec<Row> {
        let rows = knowledge.not_counted.iter().filter_map(|&(cell, others)| {
            let base = self.cells.base_of(cell);
            if base == cell || printed[base] == Printed::Value {
                return None;
            }
            let terms = [(cell, 1), (base, -1)].map(|(cell, factor)| Some((part.binary_search(&cell).ok()?, factor)));
            let terms: Option<Vec<(usize, i64)>> = terms.into_iter().collect();
            Some(Row { terms: terms?, relation: Relation::AtMost, constant: -others })
        });
        rows.collect()
    }
}

/// What two pairs of limits leave.
fn meet(one: (i64, i64), other: (i64, i64)) -> (i64, i64) {
    (one.0.max(other.0), one.1.min(other.1))
}
