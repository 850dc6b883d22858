//! The simplex method on a tableau: finding a feasible basis, and the lowest value of the objective.
//!
//! Both choose greedily at first and by the lowest number (Bland's rule) once that takes long, so
//! that they end, and always in the same way.

use super::Undecided;
use super::band::narrow;
use super::tableau::Tableau;
use super::work::Work;

/// How far the entering variable can go: the step as a fraction, and the row that then leaves the
/// basis at a bound.
struct Block {
    numerator: i64,
    denominator: i64,
    row: usize,
    to: i64,
}

impl Block {
    fn is_before(&self, numerator: i64, denominator: i64) -> bool {
        i128::from(self.numerator) * i128::from(denominator) < i128::from(numerator) * i128::from(self.denominator)
    }
}

impl Tableau {
    /// Brings every basic variable into its bounds; false if that is impossible (the general
    /// simplex of Dutertre and de Moura 2006, which needs no artificial variables).
    pub(super) fn repair(&mut self, work: &mut Work) -> Result<bool, Undecided> {
        for step in 0.. {
            let Some((row, to, upward)) = self.violation(step >= self.patience()) else { break };
            let Some(column) = self.relief(row, upward, step >= self.patience()) else { return Ok(false) };
            work.pivot()?;
            self.pivot(row, column, to)?;
        }
        Ok(true)
    }

    /// Brings the objective down to its lowest value, or until it is at most `enough`. The basis is
    /// feasible.
    pub(super) fn minimise(&mut self, enough: Option<i64>, work: &mut Work) -> Result<(), Undecided> {
        let mut stalled = 0;
        while !enough.is_some_and(|enough| self.objective_is_at_most(enough)) {
            let Some((column, upward)) = self.descent(stalled >= self.patience()) else { break };
            work.pivot()?;
            let (lowest, highest) = self.bounds[self.outside[column]];
            let (bound, stand) = (if upward { highest } else { lowest }, self.stand[column]);
            let room = narrow((i128::from(bound) - i128::from(stand)).abs())?;
            match self.block(column, upward)? {
                Some(block) if block.is_before(room, 1) => {
                    stalled = if block.numerator == 0 { stalled + 1 } else { 0 };
                    self.pivot(block.row, column, block.to)?;
                }
                _ => {
                    stalled = 0;
                    self.shift(column, bound)?;
                }
            }
        }
        Ok(())
    }

    fn objective_is_at_most(&self, limit: i64) -> bool {
        i128::from(self.value(self.objective())) <= i128::from(limit) * i128::from(self.denominator)
    }

    /// Greedy steps before Bland's rule takes over.
    fn patience(&self) -> usize {
        self.basic.len() + self.outside.len()
    }

    /// A basic variable out of its bounds: its row, the bound, and whether it must rise. The
    /// farthest one, or by Bland's rule that of the lowest number.
    fn violation(&self, bland: bool) -> Option<(usize, i64, bool)> {
        let denominator = i128::from(self.denominator);
        let mut found: Option<(i128, usize, (usize, i64, bool))> = None;
        for (row, &variable) in self.basic.iter().enumerate() {
            let (lowest, highest) = self.bounds[variable];
            let value = i128::from(self.value(row));
            let (below, above) = (i128::from(lowest) * denominator - value, value - i128::from(highest) * denominator);
            let (distance, way) = if below > 0 { (below, (row, lowest, true)) } else { (above, (row, highest, false)) };
            let rank = if bland { 0 } else { -distance };
            if distance > 0 && found.as_ref().is_none_or(|best| (rank, variable) < (best.0, best.1)) {
                found = Some((rank, variable, way));
            }
        }
        found.map(|(_, _, way)| way)
    }

    /// A column that can move the basic variable of the row. The one with the smallest cell, which
    /// keeps the denominator small, or by Bland's rule that of the lowest number.
    fn relief(&self, row: usize, upward: bool, bland: bool) -> Option<usize> {
        let cells = self.row(row);
        let helps = |column: &usize| cells[*column] != 0 && self.can_move(*column, (cells[*column] > 0) == upward);
        let columns = (0..self.outside.len()).filter(helps);
        columns.min_by_key(|&column| (if bland { 0 } else { cells[column].abs() }, self.outside[column]))
    }

    /// A column whose movement lowers the objective, and whether it moves upward. The steepest one,
    /// or by Bland's rule that of the lowest number.
    fn descent(&self, bland: bool) -> Option<(usize, bool)> {
        let cells = self.row(self.objective());
        let lowers = |column: &usize| cells[*column] != 0 && self.can_move(*column, cells[*column] < 0);
        let columns = (0..self.outside.len()).filter(lowers);
        let column =
            columns.min_by_key(|&column| (if bland { 0 } else { -cells[column].abs() }, self.outside[column]))?;
        Some((column, cells[column] < 0))
    }

    fn can_move(&self, column: usize, upward: bool) -> bool {
        let (lowest, highest) = self.bounds[self.outside[column]];
        if upward { self.stand[column] < highest } else { self.stand[column] > lowest }
    }

    /// The first basic variable that meets a bound when the variable of the column moves; of
    /// several the one with the lowest number.
    fn block(&self, column: usize, upward: bool) -> Result<Option<Block>, Undecided> {
        let mut first: Option<Block> = None;
        for (row, &variable) in self.basic.iter().enumerate() {
            let cell = self.row(row)[column];
            if cell == 0 {
                continue;
            }
            let (lowest, highest) = self.bounds[variable];
            let to = if (cell > 0) == upward { highest } else { lowest };
            let room = i128::from(to) * i128::from(self.denominator) - i128::from(self.value(row));
            let (numerator, denominator) = (narrow(room.abs())?, cell.abs());
            let replaces = first.as_ref().is_none_or(|block| {
                let tie = !block.is_before(numerator, denominator) && variable < self.basic[block.row];
                tie || Block { numerator, denominator, row, to }.is_before(block.numerator, block.denominator)
            });
            if replaces {
                first = Some(Block { numerator, denominator, row, to });
            }
        }
        Ok(first)
    }
}
