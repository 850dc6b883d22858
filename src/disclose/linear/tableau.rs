//! The basic variables of a part as sums of the others, in whole numbers over one denominator.
//!
//! A part has its own variables and one more for each band: the sum of the band, between its lowest
//! and its highest. The variables outside the basis stand at whole values within their bounds, and
//!
//! > denominator × basic variable = Σ cell × variable outside the basis.
//!
//! Every cell is a minor of the matrix of the bands (Edmonds 1967, Bareiss 1968): the division in
//! [`Tableau::pivot`] leaves no rest, and cells stay small where the determinants do. For a two-way
//! table they are all 0, 1 or −1.

use super::Undecided;
use super::band::{Band, narrow};

#[derive(Debug, Clone)]
pub(super) struct Tableau {
    /// Row by row, one for each basic variable, and last that of the objective if there is one. The
    /// last cell of a row is the value, also over the denominator.
    cells: Vec<i64>,
    width: usize,
    pub(super) denominator: i64,
    /// Own variables have the numbers of the part, the sums of the bands follow them.
    pub(super) basic: Vec<usize>,
    pub(super) outside: Vec<usize>,
    /// The value of each variable outside the basis.
    pub(super) stand: Vec<i64>,
    pub(super) bounds: Vec<(i64, i64)>,
    own: usize,
}

impl Tableau {
    /// All variables at their lowest values, and the sums of the bands in the basis.
    pub(super) fn new(own_bounds: &[(i64, i64)], bands: &[Band]) -> Result<Tableau, Undecided> {
        let own = own_bounds.len();
        let stand: Vec<i64> = own_bounds.iter().map(|&(lowest, _)| lowest).collect();
        let mut cells = vec![0; bands.len() * (own + 1)];
        for (row, band) in cells.chunks_exact_mut(own + 1).zip(bands) {
            let mut value = 0;
            for &(variable, factor) in &band.terms {
                row[variable] = factor;
                value += i128::from(factor) * i128::from(stand[variable]);
            }
            row[own] = narrow(value)?;
        }
        let bounds = own_bounds.iter().copied().chain(bands.iter().map(|band| (band.lowest, band.highest)));
        Ok(Tableau {
            cells,
            width: own + 1,
            denominator: 1,
            basic: (own..own + bands.len()).collect(),
            outside: (0..own).collect(),
            stand,
            bounds: bounds.collect(),
            own,
        })
    }

    pub(super) fn row(&self, row: usize) -> &[i64] {
        &self.cells[row * self.width..][..self.width]
    }

    /// The value of the basic variable of a row, times the denominator.
    pub(super) fn value(&self, row: usize) -> i64 {
        self.cells[(row + 1) * self.width - 1]
    }

    /// The row of the objective, which never leaves the basis.
    pub(super) fn objective(&self) -> usize {
        self.basic.len()
    }

    /// The value of each own variable, times the denominator.
    pub(super) fn point(&self) -> Result<Vec<i64>, Undecided> {
        let mut point = vec![0; self.own];
        let outside = self.outside.iter().zip(&self.stand).filter(|(variable, _)| **variable < self.own);
        for (&variable, &stand) in outside {
            point[variable] = narrow(i128::from(stand) * i128::from(self.denominator))?;
        }
        for (row, &variable) in self.basic.iter().enumerate().filter(|(_, variable)| **variable < self.own) {
            point[variable] = self.value(row);
        }
        Ok(point)
    }

    /// The first own variable without a whole value: its number, the whole number below, and
    /// whether the one above is nearer.
    pub(super) fn fractional(&self) -> Option<(usize, i64, bool)> {
        let own = self.basic.iter().enumerate().filter(|(_, variable)| **variable < self.own);
        let broken = own.filter(|(row, _)| self.value(*row) % self.denominator != 0);
        let (row, &variable) = broken.min_by_key(|(_, variable)| **variable)?;
        let (below, rest) =
            (self.value(row).div_euclid(self.denominator), self.value(row).rem_euclid(self.denominator));
        Some((variable, below, rest > self.denominator / 2))
    }

    /// The same tableau with a last row for the objective, a sum of own variables.
    pub(super) fn with_objective(&self, objective: &[(usize, i64)]) -> Result<Tableau, Undecided> {
        // Each product fits into 64 bits, so that no sum of them leaves 128.
        let mut sums = vec![0_i128; self.width];
        for &(variable, factor) in objective {
            let factor = i128::from(factor);
            if let Some(row) = self.basic.iter().position(|&basic| basic == variable) {
                for (column, &cell) in self.row(row).iter().enumerate() {
                    sums[column] += i128::from(narrow(factor * i128::from(cell))?);
                }
            } else if let Some(column) = self.outside.iter().position(|&outside| outside == variable) {
                let cell = i128::from(narrow(factor * i128::from(self.denominator))?);
                sums[column] += cell;
                sums[self.width - 1] += i128::from(narrow(cell * i128::from(self.stand[column]))?);
            }
        }
        let mut with = self.clone();
        for sum in sums {
            with.cells.push(narrow(sum)?);
        }
        Ok(with)
    }

    /// Without what can no longer move: sums outside the basis that have one value only, and sums
    /// in the basis that depend on nothing.
    pub(super) fn compacted(&self) -> Tableau {
        let moves = |column: &usize| {
            let variable = self.outside[*column];
            variable < self.own || self.bounds[variable].0 != self.bounds[variable].1
        };
        let columns: Vec<usize> = (0..self.outside.len()).filter(moves).collect();
        let depends =
            |row: &usize| self.basic[*row] < self.own || columns.iter().any(|&column| self.row(*row)[column] != 0);
        let rows: Vec<usize> = (0..self.basic.len()).filter(depends).collect();
        let kept = |row: usize| {
            let cells = columns.iter().map(move |&column| self.row(row)[column]);
            cells.chain([self.value(row)])
        };
        Tableau {
            cells: rows.iter().flat_map(|&row| kept(row)).collect(),
            width: columns.len() + 1,
            denominator: self.denominator,
            basic: rows.iter().map(|&row| self.basic[row]).collect(),
            outside: columns.iter().map(|&column| self.outside[column]).collect(),
            stand: columns.iter().map(|&column| self.stand[column]).collect(),
            bounds: self.bounds.clone(),
            own: self.own,
        }
    }

    /// Gives the own variables these bounds; those outside the basis move into them.
    pub(super) fn restrict(&mut self, own_bounds: &[(i64, i64)]) -> Result<(), Undecided> {
        self.bounds[..self.own].copy_from_slice(own_bounds);
        for column in 0..self.outside.len() {
            let (lowest, highest) = self.bounds[self.outside[column]];
            self.shift(column, self.stand[column].clamp(lowest, highest))?;
        }
        Ok(())
    }

    /// Moves a variable outside the basis to a value; the basis follows.
    pub(super) fn shift(&mut self, column: usize, to: i64) -> Result<(), Undecided> {
        let change = i128::from(to) - i128::from(self.stand[column]);
        if change != 0 {
            let last = self.width - 1;
            for row in self.cells.chunks_exact_mut(self.width) {
                row[last] = narrow(i128::from(row[last]) + i128::from(row[column]) * change)?;
            }
            self.stand[column] = to;
        }
        Ok(())
    }

    /// The basic variable of the row leaves the basis at the value `to`, and the variable of the
    /// column takes its place.
    pub(super) fn pivot(&mut self, leaving: usize, entering: usize, to: i64) -> Result<(), Undecided> {
        let (width, last, old) = (self.width, self.width - 1, self.denominator);
        let mut source = self.row(leaving).to_vec();
        let (sign, new) = (source[entering].signum(), source[entering].abs());
        source[last] = narrow(i128::from(source[last]) - i128::from(to) * i128::from(old))?;
        let entered_value = narrow(i128::from(self.stand[entering]) * i128::from(new))?;
        let filled: Vec<usize> = (0..width).filter(|&column| column != entering && source[column] != 0).collect();
        for (number, row) in self.cells.chunks_exact_mut(width).enumerate() {
            let factor = row[entering] * sign;
            if number == leaving {
                row.iter_mut().zip(&source).for_each(|(cell, &from)| *cell = -sign * from);
                row[entering] = sign * old;
                row[last] = narrow(i128::from(row[last]) + i128::from(entered_value))?;
            } else if new == old {
                if factor != 0 {
                    for &column in &filled {
                        row[column] = reduced(row[column], factor, source[column], old)?;
                    }
                }
                row[entering] = factor;
            } else {
                for (column, cell) in row.iter_mut().enumerate() {
                    let product = i128::from(*cell) * i128::from(new) - i128::from(factor) * i128::from(source[column]);
                    *cell = narrow(product / i128::from(old))?;
                }
                row[entering] = factor;
            }
        }
        std::mem::swap(&mut self.basic[leaving], &mut self.outside[entering]);
        self.stand[entering] = to;
        self.denominator = new;
        Ok(())
    }
}

/// A cell after a pivot that leaves the denominator as it is.
fn reduced(cell: i64, factor: i64, source: i64, denominator: i64) -> Result<i64, Undecided> {
    let product = i128::from(factor) * i128::from(source);
    let product = if denominator == 1 { product } else { product / i128::from(denominator) };
    narrow(i128::from(cell) - product)
}
