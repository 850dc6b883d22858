//! The rules for numbers: the means and quartiles that would tell too much of a respondent if they were printed.
//!
//! Dominance and the p % rule are those of Hundepool et al., Statistical Disclosure Control (Wiley, 2012), chapter 4:
//! a total is sensitive where its largest contributors make up too much of it, or where the second largest comes too
//! near to the largest by taking its own number off the total.

use crate::survey::{Limit, Policy};
use crate::tabulate::SCALE;

/// A reason for withholding a mean, or the quartiles: [`NumberReason::word`] and the sentence beside it explain each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum NumberReason {
    SmallBase,
    Zero,
    All,
    Dominance,
    PPercent,
    FewForQuartiles,
    OwnNumber,
    Gate,
    Secondary,
    Shared,
    Edition,
    Policy,
}

impl NumberReason {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        self.words().0
    }

    /// The word, and why in a sentence.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            NumberReason::SmallBase => ("small_base", "its base is too small"),
            NumberReason::Zero => ("zero", "it rounds to nothing, which tells the number of each"),
            NumberReason::All => ("all", "it rounds to the most that can be answered, which tells the number of each"),
            NumberReason::Dominance => ("dominance", "few respondents make up too much of the total"),
            NumberReason::PPercent => ("p_percent", "a respondent could estimate the number of another too closely"),
            NumberReason::FewForQuartiles => ("few_for_quartiles", "its base is too small for quartiles"),
            NumberReason::OwnNumber => ("own_number", "a quartile is the number of a single respondent"),
            NumberReason::Gate => ("gate", "its base depends on an answer whose count is withheld"),
            NumberReason::Secondary => ("secondary", "a mean of the sector that is withheld would follow from it"),
            NumberReason::Shared => ("shared", "a larger sector that is printed has members in common with its sector"),
            NumberReason::Edition => ("edition", "the edition that was released did not print it"),
            NumberReason::Policy => ("policy", "the policy prints nothing of the kind"),
        }
    }

    /// The limit of a policy that demands it, if it is one limit.
    pub fn limit(self, policy: &Policy) -> Option<&Limit> {
        match self {
            NumberReason::SmallBase => Some(&policy.minimum_base),
            NumberReason::Zero | NumberReason::All | NumberReason::OwnNumber => Some(&policy.small_counts_below),
            NumberReason::Dominance => Some(&policy.dominance_share),
            NumberReason::PPercent => Some(&policy.p_percent),
            NumberReason::FewForQuartiles => Some(&policy.quartiles_from),
            _ => None,
        }
    }
}

/// Why base, mean and quartiles are withheld, if they are.
pub(super) type Reasons = [Option<NumberReason>; 3];

/// The figures of some numbers (in millionths, ascending) that the rules withhold, with the reasons. `most` is the
/// largest number that a respondent can answer.
///
/// By `QUARTILE.INC` a quartile stands at position (n − 1) q / 4; where that is whole it is the number that one
/// respondent gave, and elsewhere it lies between those of two.
pub(super) fn reasons(numbers: &[i128], most: i128, policy: &Policy) -> Reasons {
    let limit = |limit: &Limit| i128::from(limit.value);
    let (base, total) = (i128::try_from(numbers.len()).expect("a length fits"), numbers.iter().sum::<i128>());
    if base < limit(&policy.minimum_base).max(1) {
        let small = (base > 0).then_some(NumberReason::SmallBase);
        return [None, small, small];
    }
    let is_small = base < limit(&policy.small_counts_below);
    let tenths = |total: i128, base: i128| (20 * total + base * SCALE) / (2 * base * SCALE);
    // Whether all from one number to another are printed as an end of what can be answered.
    let end = |least: i128, highest: i128| match highest {
        0 => is_small.then_some(NumberReason::Zero),
        _ => (is_small && least >= tenths(most, 1)).then_some(NumberReason::All),
    };
    let largest = |count: i128| numbers.iter().rev().zip(0..count).map(|(number, _)| number).sum::<i128>();
    let dominates = 100 * largest(limit(&policy.dominance_count)) > limit(&policy.dominance_share) * total;
    // The second largest takes its own number off the total: the rest beside the largest hides the largest.
    let is_estimable = 100 * (total - largest(2)) < limit(&policy.p_percent) * largest(1);
    let (mean, last) = (tenths(total, base), numbers.len() - 1);
    // The numbers that the first and the third quartile stand on, or beside.
    let [first, third] = [last / 4, (last * 3).div_ceil(4)].map(|at| tenths(numbers[at], 1));
    let is_own_number = is_small && (1..4).any(|quarter| last * quarter % 4 == 0);
    let mean = end(mean, mean).or(dominates.then_some(NumberReason::Dominance));
    let quartiles = (base < limit(&policy.quartiles_from)).then_some(NumberReason::FewForQuartiles);
    let quartiles = quartiles.or(end(first, third)).or(is_own_number.then_some(NumberReason::OwnNumber));
    [None, mean.or(is_estimable.then_some(NumberReason::PPercent)), quartiles]
}
