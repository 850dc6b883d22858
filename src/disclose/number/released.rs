//! The figures that a release prints of a number question.

use std::fmt;

use super::rule::{NumberReason, Reasons};
use crate::disclose::released::Base;
use crate::tabulate::{Exact, NumberSummary, SCALE};
use crate::texts::mark;

/// The content that a release prints in place of a mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mean {
    /// The mean; `None` where nobody answered.
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
    pub(super) fn of(summary: &NumberSummary, [base, mean, quartiles]: Reasons) -> Self {
        ReleasedNumber {
            base: base.is_none().then_some(Base { base: summary.base, asked: summary.asked }),
            mean: mean.map_or(Mean::Published(summary.mean), Mean::Withheld),
            quartiles: summary.quartiles.filter(|_| quartiles.is_none()),
            quartiles_withheld: quartiles,
        }
    }

    /// The base of the number, if the release prints it.
    pub fn base(&self) -> Option<Base> {
        self.base
    }

    /// The content that the release prints in place of the mean.
    pub fn mean(&self) -> Mean {
        self.mean
    }

    /// First quartile, median and third quartile, where they are printed and somebody answered.
    pub fn quartiles(&self) -> Option<[Exact; 3]> {
        self.quartiles
    }

    /// Why the quartiles are withheld, if they are.
    pub fn quartiles_withheld(&self) -> Option<NumberReason> {
        self.quartiles_withheld
    }

    /// The mark in the place of a withheld figure; empty if all are printed. A line with a mean and the mark of
    /// withholding has no quartiles.
    pub fn mark(&self) -> &'static str {
        match (self.mean, self.quartiles_withheld, self.base) {
            (Mean::Withheld(_), ..) | (_, Some(_), _) => mark::WITHHELD,
            (Mean::Published(None), _, Some(Base { asked: 0, .. })) => mark::NOT_APPLICABLE,
            (Mean::Published(None), ..) => mark::NOT_AVAILABLE,
            _ => "",
        }
    }
}

/// An exact amount in the unit of a question, with up to six decimals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(pub(super) i128);

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:06}", self.0 / SCALE, self.0 % SCALE);
        f.pad(text.trim_end_matches('0').trim_end_matches('.'))
    }
}
