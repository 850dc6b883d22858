//! A day of the ledger, and the rosters that show what happened on it.

use std::fmt;

use crate::survey::comparable;

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Reads `2023-04-01` and `2023/4/1`, in digits of any width. Anything else, and days that do
    /// not exist, is `None`.
    pub fn parse(text: &str) -> Option<Date> {
        let text = comparable(text);
        let separator = if text.contains('/') { '/' } else { '-' };
        let mut parts = text.split(separator);
        let (year, month, day) = (
            number(parts.next()?, 4, 4)?,
            u8::try_from(number(parts.next()?, 1, 2)?).ok()?,
            u8::try_from(number(parts.next()?, 1, 2)?).ok()?,
        );
        let exists =
            (1900..=2200).contains(&year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        (exists && parts.next().is_none()).then_some(Date { year, month, day })
    }

    /// The fiscal year (事務年度) that it lies in: from 1 July to 30 June.
    pub fn fiscal_year(self) -> u16 {
        if self.month >= 7 { self.year } else { self.year - 1 }
    }

    /// The fiscal year whose roster shows an event of this day at the latest. A roster is made by the July in which
    /// its year begins, and it may have been made since April, when the institutions' own year begins: an event up to
    /// 1 April has to be in it.
    pub(super) fn shown_by(self) -> u16 {
        if (self.month, self.day) <= (4, 1) { self.year } else { self.year + 1 }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Between so many digits and so many, as a number.
fn number(text: &str, least: usize, most: usize) -> Option<u16> {
    let is_number = (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}
