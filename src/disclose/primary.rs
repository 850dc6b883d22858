//! Primary suppression: the cells that would tell something about an institution if they were printed.

use std::fmt;

use super::cells::{Cell, Measure};
use crate::survey::{Limit, Policy};

/// Why a cell is withheld for its own sake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Primary {
    /// Its base is too small for anything to be said.
    SmallBase,
    /// Too few are counted.
    SmallCount,
    /// All but too few are counted.
    SmallRest,
    /// Nobody is counted, on a base on which that tells the answer of each.
    Zero,
    /// Everybody is counted, on such a base.
    All,
}

impl Primary {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Primary::SmallBase => "small_base",
            Primary::SmallCount => "small_count",
            Primary::SmallRest => "small_rest",
            Primary::Zero => "zero",
            Primary::All => "all",
        }
    }

    /// The limit of a policy that demands it.
    pub fn limit(self, policy: &Policy) -> &Limit {
        match self {
            Primary::SmallBase => &policy.minimum_base,
            Primary::SmallCount | Primary::SmallRest => &policy.minimum_count,
            Primary::Zero | Primary::All => &policy.zero_and_all_from,
        }
    }
}

impl fmt::Display for Primary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Primary::SmallBase => "its base is too small",
            Primary::SmallCount => "too few are counted",
            Primary::SmallRest => "too few are not counted",
            Primary::Zero => "nobody is counted, which tells the answer of each",
            Primary::All => "everybody is counted, which tells the answer of each",
        })
    }
}

/// Why a cell has to be withheld for its own sake, if it has to.
pub(super) fn primary(cell: &Cell, policy: &Policy) -> Option<Primary> {
    if cell.is_known {
        return None;
    }
    let at_least = |value: i64, limit: &Limit| value >= i64::from(limit.value);
    // A base that depends on an answer is the count of those who gave it.
    let count = match cell.spot.measure {
        Measure::Base => cell.value + cell.nonresponse,
        Measure::Count(_) => cell.value,
    };
    let rest = cell.whole - count;
    if cell.whole == 0 {
        return None;
    }
    if cell.spot.measure != Measure::Base && !at_least(cell.whole, &policy.minimum_base) {
        return Some(Primary::SmallBase);
    }
    match (count, rest) {
        (0, _) if !at_least(cell.whole, &policy.zero_and_all_from) => Some(Primary::Zero),
        (_, 0) if !at_least(cell.whole, &policy.zero_and_all_from) => Some(Primary::All),
        (1.., _) if !at_least(count, &policy.minimum_count) => Some(Primary::SmallCount),
        (_, 1..) if !at_least(rest, &policy.minimum_count) => Some(Primary::SmallRest),
        _ => None,
    }
}
