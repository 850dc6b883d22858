//! Primary suppression of numbers: the means and quartiles that would tell something about a
//! contributor if they were printed.
//!
//! Dominance and the p % rule are those of Hundepool et al., Statistical Disclosure Control (Wiley,
//! 2012), chapter 4: a total is sensitive where its largest contributors make up too much of it, or
//! where the second largest comes too near to the largest by taking its own number off the total.

use std::fmt;

use crate::survey::{Limit, Policy};
use crate::tabulate::SCALE;

/// Why a mean, or the quartiles, are withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberReason {
    /// The base is too small for anything to be said.
    SmallBase,
    /// It would be printed as nothing, on a base on which that tells the number of each.
    Zero,
    /// It would be printed as the most that can be answered, on such a base.
    All,
    /// Few contributors make up too much of the total.
    Dominance,
    /// A large contributor could estimate the largest too closely.
    Estimable,
    /// The base is too small for quartiles.
    FewForQuartiles,
    /// A quartile would be the number of a single respondent, on a base on which that tells of it.
    OwnNumber,
    /// The base depends on an answer whose count is not printed.
    Gate,
    /// To protect others, which could be computed from it.
    Secondary,
    /// The policy prints nothing of the kind.
    Policy,
}

impl NumberReason {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            NumberReason::SmallBase => "small_base",
            NumberReason::Zero => "zero",
            NumberReason::All => "all",
            NumberReason::Dominance => "dominance",
            NumberReason::Estimable => "p_percent",
            NumberReason::FewForQuartiles => "few_for_quartiles",
            NumberReason::OwnNumber => "own_number",
            NumberReason::Gate => "gate",
            NumberReason::Secondary => "secondary",
            NumberReason::Policy => "policy",
        }
    }

    /// The limit of a policy that demands it, if it is one limit.
    pub fn limit(self, policy: &Policy) -> Option<&Limit> {
        match self {
            NumberReason::SmallBase => Some(&policy.minimum_base),
            NumberReason::Zero | NumberReason::All | NumberReason::OwnNumber => Some(&policy.zero_and_all_from),
            NumberReason::Dominance => Some(&policy.dominance_share),
            NumberReason::Estimable | NumberReason::Secondary => Some(&policy.p_percent),
            NumberReason::FewForQuartiles => Some(&policy.quartiles_from),
            NumberReason::Gate | NumberReason::Policy => None,
        }
    }
}

impl fmt::Display for NumberReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NumberReason::SmallBase => "its base is too small",
            NumberReason::Zero => "it is nothing, which tells the number of each",
            NumberReason::All => "it is the most that can be answered, which tells the number of each",
            NumberReason::Dominance => "few contributors make up too much of the total",
            NumberReason::Estimable => "a large contributor could estimate the largest",
            NumberReason::FewForQuartiles => "its base is too small for quartiles",
            NumberReason::OwnNumber => "a quartile is the number of a single respondent",
            NumberReason::Gate => "its base depends on an answer whose count is withheld",
            NumberReason::Secondary => "others could be computed from it",
            NumberReason::Policy => "the policy prints nothing of the kind",
        })
    }
}

/// Why the mean of some numbers (in millionths, ascending) is withheld for its own sake, if it is. `most`
/// is the largest number that can be answered. A mean of no numbers is none.
pub(super) fn mean(numbers: &[i128], most: i128, policy: &Policy) -> Option<NumberReason> {
    let total: i128 = numbers.iter().sum();
    let base = count(numbers.len());
    if numbers.is_empty() {
        return None;
    }
    if base < limit(&policy.minimum_base) {
        return Some(NumberReason::SmallBase);
    }
    if base < limit(&policy.zero_and_all_from) {
        // What rounds to an end of what can be answered tells it as well.
        if tenths(total, base) == 0 {
            return Some(NumberReason::Zero);
        }
        if tenths(total, base) >= tenths(most, 1) {
            return Some(NumberReason::All);
        }
    }
    let of_largest = |most: i128| -> i128 {
        let largest_first = numbers.iter().rev();
        largest_first.zip(0..most).map(|(number, _)| number).sum()
    };
    if 100 * of_largest(limit(&policy.dominance_count)) > limit(&policy.dominance_share) * total {
        return Some(NumberReason::Dominance);
    }
    // A coalition of the next largest takes its numbers off the total; what is left above the largest is
    // all that keeps the largest from being known. Of a total of nothing there is no largest to estimate.
    let left = total - of_largest(1 + limit(&policy.coalition));
    (100 * left < limit(&policy.p_percent) * of_largest(1)).then_some(NumberReason::Estimable)
}

/// Whether the rules for a mean may hold of so many of some contributors (ascending), of whom it is only known between
/// what limits their total lies: as if the largest who can be among them were. Nobody who gave more than all of them
/// together can. `most` is the largest number that can be answered, if there is one.
pub(in crate::disclose) fn may_dominate(
    numbers: &[i128],
    base: i128,
    (least, highest): (i128, i128),
    most: Option<i128>,
    policy: &Policy,
) -> bool {
    let possible = &numbers[..numbers.partition_point(|number| *number <= highest)];
    let of_largest = |count: i128| -> i128 { possible.iter().rev().zip(0..count).map(|(number, _)| number).sum() };
    let left = least - of_largest(1 + limit(&policy.coalition));
    let is_end = tenths(least.max(0), base) == 0
        || most.is_some_and(|most| tenths(highest.min(base * most), base) >= tenths(most, 1));
    (base < limit(&policy.zero_and_all_from) && is_end)
        || 100 * of_largest(limit(&policy.dominance_count)) > limit(&policy.dominance_share) * least
        || 100 * left < limit(&policy.p_percent) * of_largest(1)
}

/// Why the quartiles of some numbers (in millionths, ascending) are withheld for their own sake, if they are.
///
/// By `QUARTILE.INC` a quartile stands at position (n − 1) q / 4; where that is whole it is the number
/// that one respondent gave, and elsewhere it lies between those of two. So where a quarter falls on a
/// respondent, quartiles are printed from the base on from which the policy does not take what is said of
/// a group for what is said of an institution. The rule looks at the base alone: one that looked at the
/// numbers would tell of them by what it withholds. Who it was that gave the number is not said in
/// either case. That quartiles are the safest summary of a distribution is shown by Derrick et al., "The
/// Risk of Disclosure When Reporting Commonly Used Univariate Statistics" (Privacy in Statistical
/// Databases, 2022), who count how often whole samples can be worked out.
pub(super) fn quartiles(numbers: &[i128], most: i128, policy: &Policy) -> Option<NumberReason> {
    let base = count(numbers.len());
    let [Some(first), Some(last)] = [numbers.first(), numbers.last()] else { return None };
    if base < limit(&policy.minimum_base) {
        return Some(NumberReason::SmallBase);
    }
    if base < limit(&policy.quartiles_from) {
        return Some(NumberReason::FewForQuartiles);
    }
    if base < limit(&policy.zero_and_all_from) {
        let pivots = pivots(numbers.len());
        let (lowest, highest) =
            (pivots.first().map_or(first, |at| &numbers[*at]), pivots.last().map_or(last, |at| &numbers[*at]));
        // Three quarters at an end of what can be answered tell of each what a mean there tells.
        if tenths(*highest, 1) == 0 {
            return Some(NumberReason::Zero);
        }
        if tenths(*lowest, 1) >= tenths(most, 1) {
            return Some(NumberReason::All);
        }
        if (1..4).any(|quarter| (base - 1) * quarter % 4 == 0) {
            return Some(NumberReason::OwnNumber);
        }
    }
    None
}

/// The positions, ascending, that the quartiles of so many numbers rest on.
pub(super) fn pivots(length: usize) -> Vec<usize> {
    if length == 0 {
        return Vec::new();
    }
    (1..4).flat_map(|quarter| [(length - 1) * quarter / 4, ((length - 1) * quarter).div_ceil(4)]).collect()
}

/// What is printed of the mean of a total, in tenths: rounded half up.
pub(super) fn tenths(total: i128, base: i128) -> i128 {
    (20 * total + base * SCALE) / (2 * base * SCALE)
}

/// A limit of the policy, to calculate with.
pub(super) fn limit(limit: &Limit) -> i128 {
    i128::from(limit.value)
}

/// How many, to calculate with.
pub(super) fn count(length: usize) -> i128 {
    i128::try_from(length).expect("a length fits")
}
