//! From a printed percentage back to the counts that give it, exactly and at once.
//!
//! With W units to the whole, a count c of base b is printed as u units, rounded half up, where
//! u − ½ ≤ W c / b < u + ½, that is (2u − 1) b ≤ 2W c < (2u + 1) b: the counts of a percentage follow
//! one another, and their ends are two divisions.

use super::printed::Printed;
use super::span::Span;

/// A percentage that can be had, with the counts that give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attainable {
    /// The percentage.
    pub printed: Printed,
    /// The counts.
    pub counts: Span,
}

impl Attainable {
    /// The percentage on this base, if any count gives it.
    pub(super) fn on(printed: Printed, base: u64) -> Option<Attainable> {
        counts(printed, base).map(|counts| Attainable { printed, counts })
    }
}

/// The share of a count in a base as it is printed with so many decimals, rounded half up; `None`
/// without a base, above it, or with more than 3 decimals.
pub fn percentage(count: u64, base: u64, decimals: u8) -> Option<Printed> {
    if base == 0 || count > base {
        return None;
    }
    let whole = Printed::from_units(0, decimals)?.whole();
    let (count, base) = (u128::from(count), u128::from(base));
    let units = (2 * u128::from(whole) * count + base) / (2 * base);
    Printed::from_units(u32::try_from(units).ok()?, decimals)
}

/// The first count that reaches `halves` half units of a percentage on a base.
fn first_reaching(halves: u64, whole: u32, base: u64) -> u64 {
    let least = (u128::from(halves) * u128::from(base)).div_ceil(2 * u128::from(whole));
    u64::try_from(least).expect("a count is hardly more than its base")
}

/// Every count from 0 to the base that is printed as this percentage; `None` where no count is.
pub fn counts(printed: Printed, base: u64) -> Option<Span> {
    if base == 0 {
        return None;
    }
    let (units, whole) = (u64::from(printed.units()), printed.whole());
    let low = first_reaching((2 * units).saturating_sub(1), whole, base);
    let high = (first_reaching(2 * units + 1, whole, base) - 1).min(base);
    (low <= high).then_some(Span { low, high })
}

/// For a percentage that no count gives: the nearest ones below and above that a count gives.
/// `None` where it can be had, or without a base.
pub fn nearest(printed: Printed, base: u64) -> Option<[Attainable; 2]> {
    if base == 0 || counts(printed, base).is_some() {
        return None;
    }
    // 0 and 100 can always be had, so that a count lies on either side.
    let above = first_reaching(2 * u64::from(printed.units()), printed.whole(), base);
    let at = |count| Attainable::on(percentage(count, base, printed.decimals())?, base);
    Some([at(above - 1)?, at(above)?])
}
