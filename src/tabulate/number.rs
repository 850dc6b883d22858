//! Summaries of number questions: n, mean and quartiles, exact until they are printed.
//!
//! Quartiles are those of Excel's `QUARTILE.INC` (Hyndman and Fan, "Sample Quantiles in
//! Statistical Packages", The American Statistician 50, 1996, definition 7), so that an analyst
//! can check them in a sheet.

use std::fmt;

/// How the method is named in tables.
pub const QUARTILE_METHOD: &str = "QUARTILE.INC (Hyndman-Fan 7)";

/// Answers have at most six decimals, so they are whole numbers of millionths.
pub(crate) const SCALE: i128 = 1_000_000;
const DECIMALS: usize = 6;

/// The summary of the answers to a number question in one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberSummary {
    /// How many were asked.
    pub asked: u32,
    /// How many gave a number: the base.
    pub base: u32,
    /// The mean; `None` where nobody answered.
    pub mean: Option<Exact>,
    /// First quartile, median, third quartile; `None` where nobody answered.
    pub quartiles: Option<[Exact; 3]>,
}

/// A fraction of the unit, kept exact and printed to one decimal, rounded half up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
}

impl NumberSummary {
    /// Summarises numbers that have at most six decimals.
    pub fn of(asked: u32, numbers: &[f64]) -> NumberSummary {
        let mut scaled: Vec<i128> = numbers.iter().map(|&number| millionths(number)).collect();
        scaled.sort_unstable();
        let base = u32::try_from(scaled.len()).expect("fewer than 2^32 respondents");
        if scaled.is_empty() {
            return NumberSummary { asked, base, mean: None, quartiles: None };
        }
        let mean = Exact { numerator: scaled.iter().sum(), denominator: i128::from(base) * SCALE };
        let quartiles = [1, 2, 3].map(|quarter| quartile(&scaled, quarter));
        NumberSummary { asked, base, mean: Some(mean), quartiles: Some(quartiles) }
    }
}

/// A number in millionths, by its shortest decimal spelling, not by multiplying floats.
pub(crate) fn millionths(number: f64) -> i128 {
    let spelled = number.to_string();
    let (whole, decimals) = spelled.split_once('.').unwrap_or((&spelled, ""));
    let digits: String = whole.chars().chain(format!("{decimals:0<DECIMALS$}").chars().take(DECIMALS)).collect();
    digits.parse().expect("an answered number has at most fifteen digits before its decimals")
}

/// Definition 7: at position (n − 1) q / 4 of the sorted numbers, linear between neighbours.
fn quartile(sorted: &[i128], quarter: usize) -> Exact {
    let position = (sorted.len() - 1) * quarter;
    let (below, part) = (position / 4, i128::try_from(position % 4).expect("a remainder below 4"));
    let above = (below + 1).min(sorted.len() - 1);
    Exact { numerator: 4 * sorted[below] + part * (sorted[above] - sorted[below]), denominator: 4 * SCALE }
}

impl Exact {
    /// The printed value, in tenths: rounded half up.
    pub fn tenths(self) -> i128 {
        (2 * 10 * self.numerator + self.denominator).div_euclid(2 * self.denominator)
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.tenths();
        let sign = if tenths < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
    }
}
