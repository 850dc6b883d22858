//! A percentage as it was printed: its digits, and those that one misprinted digit makes of it.

use std::fmt;

use crate::survey::comparable;

/// The most decimals that are read.
const MOST_DECIMALS: usize = 3;

/// A percentage from 0 to 100 with the decimals it was printed with: 95.5 is 955 units of a tenth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Printed {
    units: u32,
    decimals: u8,
}

impl Printed {
    /// So many units of the last printed decimal; `None` above 100 or with more than 3 decimals.
    pub fn from_units(units: u32, decimals: u8) -> Option<Printed> {
        let printed = Printed { units, decimals };
        (usize::from(decimals) <= MOST_DECIMALS && units <= printed.whole()).then_some(printed)
    }

    /// Reads digits with 0 to 3 decimals, in full or half width, with or without a percent sign. An error names the
    /// expected content.
    pub fn read(written: &str) -> Result<Printed, &'static str> {
        const EXPECTED: &str = "a percentage with 0 to 3 decimals, such as 39.0";
        let folded = comparable(written);
        let number = folded.strip_suffix('%').unwrap_or(&folded);
        let (integer, decimals) = match number.split_once('.') {
            Some((_, "")) => return Err(EXPECTED),
            Some(parts) => parts,
            None => (number, ""),
        };
        let digits = || integer.bytes().chain(decimals.bytes());
        if integer.is_empty() || decimals.len() > MOST_DECIMALS || !digits().all(|digit| digit.is_ascii_digit()) {
            return Err(EXPECTED);
        }
        let units =
            digits().fold(0u32, |units, digit| units.saturating_mul(10).saturating_add(u32::from(digit - b'0')));
        let decimals = u8::try_from(decimals.len()).expect("at most three");
        Printed::from_units(units, decimals).ok_or("at most 100")
    }

    /// How many units of its last decimal it is.
    pub fn units(self) -> u32 {
        self.units
    }

    /// How many decimals are printed.
    pub fn decimals(self) -> u8 {
        self.decimals
    }

    /// One hundred per cent in its units.
    pub fn whole(self) -> u32 {
        100 * self.scale()
    }

    /// How many of its units are one per cent.
    fn scale(self) -> u32 {
        10u32.pow(u32::from(self.decimals))
    }

    /// Its value and the width of its unit, in thousandths of a percent.
    pub(super) fn thousandths(self) -> (u32, u32) {
        let unit = 10u32.pow(3) / self.scale();
        (self.units * unit, unit)
    }

    /// Every percentage of the same length that differs in one digit: first those of which the digit
    /// differs least, among these the lowest first.
    pub fn one_digit_changed(self) -> Vec<Printed> {
        let length = self.units.checked_ilog10().unwrap_or(0).max(u32::from(self.decimals)) + 1;
        let mut changed = Vec::new();
        for place in 0..length {
            let power = 10u32.pow(place);
            let digit = self.units / power % 10;
            let is_first_of_several = place + 1 == length && length > u32::from(self.decimals) + 1;
            for other in (u32::from(is_first_of_several)..=9).filter(|&other| other != digit) {
                let units = self.units - digit * power + other * power;
                changed
                    .extend(Printed::from_units(units, self.decimals).map(|one| (other.abs_diff(digit), units, one)));
            }
        }
        changed.sort_by_key(|&(difference, units, _)| (difference, units));
        changed.into_iter().map(|(_, _, printed)| printed).collect()
    }
}

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (integer, rest) = (self.units / self.scale(), self.units % self.scale());
        match self.decimals {
            0 => f.pad(&integer.to_string()),
            decimals => f.pad(&format!("{integer}.{rest:0width$}", width = usize::from(decimals))),
        }
    }
}
