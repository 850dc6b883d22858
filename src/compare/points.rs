//! Changes in percentage points, kept as exact fractions until they are printed.
//!
//! A change is the difference of two shares, not of two rounded percentages: 84.2 less 84.1 may be
//! a change of 0.0 or of 0.2. It is rounded once, half up by its size, so that a change back is the
//! same change with the other sign.

use std::cmp::Ordering;
use std::fmt;

/// A count on its base, which is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    count: u32,
    base: u32,
}

impl Share {
    /// `count` of `base`; `None` on an empty base, and where more are counted than the base has.
    ///
    /// # Panics
    /// On a base of 16 million or more, beyond which sums of differences could not be kept exact.
    pub fn of(count: u32, base: u32) -> Option<Share> {
        assert!(base < 1 << 24, "a survey of institutions has fewer than 16 million respondents");
        (base > 0 && count <= base).then_some(Share { count, base })
    }

    /// How many.
    pub fn count(self) -> u32 {
        self.count
    }

    /// Of how many.
    pub fn base(self) -> u32 {
        self.base
    }
}

/// An exact difference of shares.
#[derive(Debug, Clone, Copy)]
pub struct Difference {
    numerator: i128,
    /// Never zero or negative.
    denominator: i128,
}

impl Difference {
    /// Nothing.
    pub const NONE: Difference = Difference { numerator: 0, denominator: 1 };

    /// The weight of one institution on a base; `None` on an empty one.
    pub fn of_one_in(base: u32) -> Option<Difference> {
        (base > 0).then_some(Difference { numerator: 1, denominator: i128::from(base) })
    }

    /// How much a share has grown since another.
    pub fn between(now: Share, before: Share) -> Difference {
        let wide = |number: u32| i128::from(number);
        Difference {
            numerator: wide(now.count) * wide(before.base) - wide(before.count) * wide(now.base),
            denominator: wide(now.base) * wide(before.base),
        }
    }

    /// The sum of two differences.
    #[must_use]
    pub fn plus(self, other: Difference) -> Difference {
        let numerator = self.numerator * other.denominator + other.numerator * self.denominator;
        Difference { numerator, denominator: self.denominator * other.denominator }.reduced()
    }

    /// The difference the other way round.
    #[must_use]
    pub fn opposite(self) -> Difference {
        Difference { numerator: -self.numerator, ..self }
    }

    /// How large it is, whichever way it goes.
    #[must_use]
    pub fn size(self) -> Difference {
        Difference { numerator: self.numerator.abs(), ..self }
    }

    /// In percentage points, as they are printed.
    pub fn points(self) -> PercentagePoints {
        let tenths = (2000 * self.numerator.abs() + self.denominator) / (2 * self.denominator);
        let tenths = i32::try_from(tenths).expect("a difference of shares is at most 100 points");
        PercentagePoints(if self.numerator < 0 { -tenths } else { tenths })
    }

    fn reduced(self) -> Difference {
        let divisor = greatest_common_divisor(self.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        let divisor = i128::try_from(divisor.max(1)).expect("a divisor is no larger than what it divides");
        Difference { numerator: self.numerator / divisor, denominator: self.denominator / divisor }
    }
}

fn greatest_common_divisor(mut one: u128, mut other: u128) -> u128 {
    while other > 0 {
        (one, other) = (other, one % other);
    }
    one
}

impl PartialEq for Difference {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Difference {}

impl PartialOrd for Difference {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Difference {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.numerator * other.denominator).cmp(&(other.numerator * self.denominator))
    }
}

/// A change in percentage points, in tenths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PercentagePoints(i32);

impl PercentagePoints {
    /// The change in tenths of a point.
    pub fn tenths(self) -> i32 {
        self.0
    }

    /// As programs read it: `5.4`, `-2.2`.
    pub fn plain(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{}.{}", self.0.abs() / 10, self.0.abs() % 10)
    }
}

/// As official statistics print it: ＋5.4, ▲2.2, and 0.0 without a sign.
impl fmt::Display for PercentagePoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.0.cmp(&0) {
            Ordering::Less => "▲",
            Ordering::Equal => "",
            Ordering::Greater => "＋",
        };
        f.pad(&format!("{sign}{}.{}", self.0.abs() / 10, self.0.abs() % 10))
    }
}
