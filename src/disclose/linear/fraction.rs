//! An exact fraction.

/// Numerator and denominator in lowest terms; the denominator is positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fraction {
    pub numerator: i64,
    pub denominator: i64,
}

impl Fraction {
    /// In lowest terms. The denominator is positive already: it is that of a tableau.
    pub(super) fn new(numerator: i64, denominator: i64) -> Fraction {
        let shared = greatest_common_divisor(numerator, denominator);
        Fraction { numerator: numerator / shared, denominator: denominator / shared }
    }
}

impl From<i64> for Fraction {
    fn from(whole: i64) -> Fraction {
        Fraction { numerator: whole, denominator: 1 }
    }
}

/// Zero only if both are zero. Neither is `i64::MIN`: the tableau and the bands keep it out.
pub(super) fn greatest_common_divisor(one: i64, other: i64) -> i64 {
    let (mut larger, mut smaller) = (one.abs(), other.abs());
    while smaller != 0 {
        (larger, smaller) = (smaller, larger % smaller);
    }
    larger
}
