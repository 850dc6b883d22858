//! A row in its normal form: a sum of terms between a lowest and a highest value.

use std::collections::BTreeMap;

use super::fraction::greatest_common_divisor;
use super::{Relation, Row, Undecided};

/// The sum of the sizes of all products in a row stays below this, so that no sum or difference of
/// activities overflows afterwards: bounds only ever become tighter.
const LARGEST: i128 = (i64::MAX / 4) as i128;

/// The terms have one entry for each variable, ascending, none with coefficient zero. Both limits
/// lie between what the bounds of the variables allow at least and at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Band {
    pub(super) terms: Vec<(usize, i64)>,
    pub(super) lowest: i64,
    pub(super) highest: i64,
}

/// One entry for each variable, ascending, without those whose coefficients add up to zero.
pub(super) fn merged(terms: impl Iterator<Item = (usize, i128)>) -> Vec<(usize, i128)> {
    let mut sums: BTreeMap<usize, i128> = BTreeMap::new();
    // Fewer than 2^64 terms of 64 bits each fit into 128 bits.
    terms.for_each(|(variable, factor)| *sums.entry(variable).or_default() += factor);
    sums.into_iter().filter(|&(_, factor)| factor != 0).collect()
}

/// The terms of an objective, merged.
pub(super) fn objective_terms(terms: &[(usize, i64)]) -> Result<Vec<(usize, i64)>, Undecided> {
    let terms = merged(terms.iter().map(|&(variable, factor)| (variable, i128::from(factor))));
    terms.into_iter().map(|(variable, factor)| Ok((variable, narrow(factor)?))).collect()
}

/// Into 64 bits, without the one value that has no opposite.
pub(super) fn narrow(value: i128) -> Result<i64, Undecided> {
    i64::try_from(value).ok().filter(|&value| value != i64::MIN).ok_or(Undecided::Overflow)
}

impl Band {
    /// `None` if the bounds of the variables never allow the row. No bound is empty.
    pub(super) fn new(row: &Row, bounds: &[(i64, i64)]) -> Result<Option<Band>, Undecided> {
        let terms = objective_terms(&row.terms)?;
        let mut size = 0;
        for &(variable, factor) in &terms {
            let (lowest, highest) = bounds[variable];
            let largest = i128::from(lowest).abs().max(i128::from(highest).abs());
            size += i128::from(factor).abs() * largest;
            if size > LARGEST {
                return Err(Undecided::Overflow);
            }
        }
        let (lowest, highest) = match row.relation {
            Relation::Equal => (row.constant, row.constant),
            Relation::AtMost => (i64::MIN, row.constant),
            Relation::AtLeast => (row.constant, i64::MAX),
        };
        Ok(Band { terms, lowest, highest }.clamped(bounds))
    }

    /// What the bounds allow the sum at least and at most.
    pub(super) fn activity(&self, bounds: &[(i64, i64)]) -> (i64, i64) {
        self.terms.iter().fold((0, 0), |(least, most), &(variable, factor)| {
            let (low, high) = share(factor, bounds[variable]);
            (least + low, most + high)
        })
    }

    fn clamped(self, bounds: &[(i64, i64)]) -> Option<Band> {
        let (least, most) = self.activity(bounds);
        let (lowest, highest) = (self.lowest.max(least), self.highest.min(most));
        (lowest <= highest).then_some(Band { lowest, highest, ..self })
    }

    /// The same band without its fixed variables; `None` if the bounds never allow it.
    pub(super) fn without_fixed(self, bounds: &[(i64, i64)]) -> Option<Band> {
        let (fixed, terms): (Vec<_>, Vec<_>) =
            self.terms.iter().partition(|(variable, _)| bounds[*variable].0 == bounds[*variable].1);
        let constant: i64 = fixed.iter().map(|&(variable, factor)| factor * bounds[variable].0).sum();
        let within = self.clamped(bounds)?;
        Some(Band { terms, lowest: within.lowest - constant, highest: within.highest - constant })
    }

    /// The same band for whole values, divided by what all coefficients share; `None` if no whole
    /// sum lies in it.
    pub(super) fn divided(self) -> Option<Band> {
        let shared = self.terms.iter().fold(0, |shared, &(_, factor)| greatest_common_divisor(shared, factor));
        if shared <= 1 {
            return Some(self);
        }
        let (lowest, highest) = (ceiling(self.lowest, shared), self.highest.div_euclid(shared));
        let terms = self.terms.into_iter().map(|(variable, factor)| (variable, factor / shared)).collect();
        (lowest <= highest).then_some(Band { terms, lowest, highest })
    }

    /// Whether the bounds alone keep the band.
    pub(super) fn is_redundant(&self, bounds: &[(i64, i64)]) -> bool {
        let (least, most) = self.activity(bounds);
        self.lowest <= least && most <= self.highest
    }

    /// Tightens the bounds of the variables to what the band leaves to whole values: whether
    /// anything changed, or `None` if nothing is left.
    pub(super) fn tighten(&self, bounds: &mut [(i64, i64)]) -> Option<bool> {
        let (least, most) = self.activity(bounds);
        if self.highest < least || most < self.lowest {
            return None;
        }
        if self.lowest <= least && most <= self.highest {
            return Some(false);
        }
        let mut changed = false;
        for &(variable, factor) in &self.terms {
            // The activity from before this loop is still a valid, only less tight, one.
            let (low, high) = share(factor, bounds[variable]);
            let room = (self.lowest - (most - high), self.highest - (least - low));
            let (smallest, largest) = if factor > 0 {
                (ceiling(room.0, factor), room.1.div_euclid(factor))
            } else {
                (ceiling(-room.1, -factor), (-room.0).div_euclid(-factor))
            };
            let (lowest, highest) = bounds[variable];
            let tighter = (lowest.max(smallest), highest.min(largest));
            if tighter.0 > tighter.1 {
                return None;
            }
            changed |= tighter != (lowest, highest);
            bounds[variable] = tighter;
        }
        Some(changed)
    }
}

/// What one variable adds to a sum at least and at most.
fn share(factor: i64, (lowest, highest): (i64, i64)) -> (i64, i64) {
    if factor > 0 { (factor * lowest, factor * highest) } else { (factor * highest, factor * lowest) }
}

/// The smallest whole number that is not below the quotient; the divisor is positive.
pub(super) fn ceiling(numerator: i64, divisor: i64) -> i64 {
    -(-numerator).div_euclid(divisor)
}
