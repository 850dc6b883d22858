//! A moment as logs and workbooks write it, comparable however it was written.

use std::fmt;

/// Japan is nine hours ahead of universal time all year.
const JAPAN: i64 = 9 * 3600;

/// A moment, in seconds since 1970 in universal time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// So many seconds after the beginning of 1970 in universal time, up to the year 9999.
    pub fn since_1970(seconds: i64) -> Option<Moment> {
        (0..253_402_300_800).contains(&seconds).then_some(Moment(seconds))
    }

    /// The beginning of the day that it lies in, in Japan.
    pub fn day(self) -> Moment {
        let local = self.0 + JAPAN;
        Moment(local - local.rem_euclid(86_400) - JAPAN)
    }

    /// Reads `2023-08-01 14:05`, `2023/8/1 14:05`, `2023-08-01T14:05:09.5+09:00` and the like. A
    /// time without a zone is Japan's; a day without a time is its beginning. Anything else, and
    /// days and hours that do not exist, is `None`.
    pub fn parse(text: &str) -> Option<Moment> {
        let text = text.trim();
        let (date, time) = match text.find(['T', ' ']) {
            Some(at) => (&text[..at], text[at + 1..].trim_start()),
            None => (text, ""),
        };
        let separator = if date.contains('/') { '/' } else { '-' };
        let mut parts = date.split(separator);
        let (year, month, day) =
            (digits(parts.next()?, 4, 4)?, digits(parts.next()?, 1, 2)?, digits(parts.next()?, 1, 2)?);
        let is_day =
            (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        if parts.next().is_some() || !is_day {
            return None;
        }
        let (seconds, zone) = if time.is_empty() { (0, JAPAN) } else { time_of_day(time)? };
        Some(Moment(days_since_1970(year, month, day) * 86_400 + seconds - zone))
    }
}

/// Between so many digits and so many, as a number.
fn digits(text: &str, least: usize, most: usize) -> Option<i64> {
    let is_number = (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// Seconds since midnight, and the seconds by which the zone is ahead of universal time.
fn time_of_day(text: &str) -> Option<(i64, i64)> {
    let (clock, zone) = match text.find(['Z', '+', '-']) {
        Some(at) => (&text[..at], zone(&text[at..])?),
        None => (text, JAPAN),
    };
    let mut parts = clock.trim_end().split(':');
    let (hour, minute) = (digits(parts.next()?, 1, 2)?, digits(parts.next()?, 2, 2)?);
    let second = match parts.next() {
        None => 0,
        // A fraction of a second decides nothing that people did.
        Some(text) => digits(text.split_once(['.', ',']).map_or(text, |(whole, _)| whole), 2, 2)?,
    };
    let exists = hour < 24 && minute < 60 && second < 61 && parts.next().is_none();
    exists.then_some((hour * 3600 + minute * 60 + second, zone))
}

/// `Z`, `+09:00`, `+0900`, `-05`.
fn zone(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let plain: String = text.get(1..)?.chars().filter(|character| *character != ':').collect();
    let (hours, minutes) = match plain.len() {
        2 => (digits(&plain, 2, 2)?, 0),
        4 => (digits(&plain[..2], 2, 2)?, digits(&plain[2..], 2, 2)?),
        _ => return None,
    };
    (hours < 15 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days of the Gregorian calendar, counting years from March so that the leap day is the last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468
}

impl fmt::Display for Moment {
    /// In Japan's time: `2023-08-01 14:05`, with seconds where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.0 + JAPAN;
        let (days, seconds) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        // The inverse of `days_since_1970`: the last year and month that begin by that day.
        let year = (days / 366 + 1970..).take_while(|&year| days_since_1970(year, 1, 1) <= days).last().unwrap_or(1970);
        let month = (1..=12).take_while(|&month| days_since_1970(year, month, 1) <= days).last().unwrap_or(1);
        let day = days - days_since_1970(year, month, 1) + 1;
        write!(f, "{year:04}-{month:02}-{day:02} {:02}:{:02}", seconds / 3600, seconds / 60 % 60)?;
        if seconds % 60 == 0 { Ok(()) } else { write!(f, ":{:02}", seconds % 60) }
    }
}
