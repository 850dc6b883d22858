//! A run of whole numbers, both ends included: of counts, of sums, of bases.

use std::fmt;

/// The whole numbers from `low` to `high`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The lowest.
    pub low: u64,
    /// The highest; never below `low`.
    pub high: u64,
}

impl Span {
    /// Whether a number is within.
    pub fn contains(self, number: u64) -> bool {
        (self.low..=self.high).contains(&number)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.low == self.high { write!(f, "{}", self.low) } else { write!(f, "{}-{}", self.low, self.high) }
    }
}

/// The numbers from 1 to `most` of which something is true, as runs from the largest down.
pub(super) fn runs_down(most: u64, is_true: impl Fn(u64) -> bool) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    for number in (1..=most).rev().filter(|&number| is_true(number)) {
        match runs.last_mut() {
            Some(run) if run.low == number + 1 => run.low = number,
            _ => runs.push(Span { low: number, high: number }),
        }
    }
    runs
}
