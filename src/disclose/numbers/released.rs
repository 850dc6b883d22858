//! What may be printed of a number question.

use std::fmt;

use super::rules::NumberReason;
use crate::disclose::released::Base;
use crate::tabulate::{Exact, NumberSummary, SCALE};

/// What may be said of a mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mean {
    /// Everything; `None` where nobody answered.
    Published(Option<Exact>),
    /// Nothing.
    Withheld(NumberReason),
}

/// A number beyond the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleasedNumber {
    base: Option<Base>,
    mean: Mean,
    quartiles: Option<[Exact; 3]>,
    quartiles_withheld: Option<NumberReason>,
}

impl ReleasedNumber {
    /// A summary without what is withheld of it.
    pub(super) fn of(summary: &NumberSummary, mean: Option<NumberReason>, quartiles: Option<NumberReason>) -> Self {
        ReleasedNumber {
            base: Some(Base { base: summary.base, asked: summary.asked }),
            mean: mean.map_or(Mean::Published(summary.mean), Mean::Withheld),
            quartiles: summary.quartiles.filter(|_| quartiles.is_none()),
            quartiles_withheld: quartiles,
        }
    }

    /// A number of which nothing is said, not even its base.
    pub(super) fn hidden(reason: NumberReason) -> Self {
        let mean = Mean::Withheld(reason);
        ReleasedNumber { base: None, mean, quartiles: None, quartiles_withheld: Some(reason) }
    }

    /// What it rests on, where that may be said.
    pub fn base(&self) -> Option<Base> {
        self.base
    }

    /// What may be said of the mean.
    pub fn mean(&self) -> Mean {
        self.mean
    }

    /// First quartile, median and third quartile, where they may be said and somebody answered.
    pub fn quartiles(&self) -> Option<[Exact; 3]> {
        self.quartiles
    }

    /// Why the quartiles are withheld, if they are.
    pub fn quartiles_withheld(&self) -> Option<NumberReason> {
        self.quartiles_withheld
    }

    /// The mark that stands in the place of what is not printed; empty where all of it is. A line with a
    /// mean and the mark of withholding has no quartiles.
    pub fn mark(&self) -> &'static str {
        match (self.mean, self.quartiles_withheld, self.base) {
            (Mean::Withheld(_), ..) | (_, Some(_), _) => "x",
            (Mean::Published(None), _, Some(Base { asked: 0, .. })) => "・",
            (Mean::Published(None), ..) => "…",
            _ => "",
        }
    }
}

/// An exact amount in the unit of a question, with up to six decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(pub(super) i128);

impl Amount {
    /// In millionths of the unit.
    pub fn millionths(self) -> i128 {
        self.0
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.abs() / SCALE, self.0.abs() % SCALE);
        let decimals = format!("{part:06}");
        match decimals.trim_end_matches('0') {
            "" => f.pad(&format!("{sign}{whole}")),
            decimals => f.pad(&format!("{sign}{whole}.{decimals}")),
        }
    }
}
