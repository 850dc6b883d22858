//! A published percentage: tenths of a percent in an integer, rounded once, half up, from counts.

use std::fmt;

/// A share between 0.0 and 100.0 per cent, in tenths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(u16);

impl Percent {
    /// One hundred per cent.
    pub const WHOLE: Percent = Percent(1000);

    /// A share given in tenths of a percent; `None` above 100.0.
    #[must_use]
    pub fn from_tenths(tenths: u16) -> Option<Self> {
        (tenths <= Self::WHOLE.0).then_some(Self(tenths))
    }

    /// The share of `count` in `base`, rounded half up; `None` without a base or above it.
    #[must_use]
    pub fn of(count: u32, base: u32) -> Option<Self> {
        if base == 0 || count > base {
            return None;
        }
        let (count, base) = (u64::from(count), u64::from(base));
        let tenths = (2000 * count + base) / (2 * base);
        u16::try_from(tenths).ok().and_then(Self::from_tenths)
    }

    /// The share in tenths of a percent.
    #[must_use]
    pub fn tenths(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.0 / 10, self.0 % 10))
    }
}
