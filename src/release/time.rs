//! When a release is given, as the operator names it.

use std::fmt;

use crate::ingest::Moment;
use crate::survey::Date;

/// A day, or a moment of one, in Japan's time where no zone is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReleaseTime(Moment);

impl ReleaseTime {
    /// Reads `2024-04-01`, `2024/4/1 10:00` and ISO 8601; `None` for anything else.
    pub fn parse(text: &str) -> Option<ReleaseTime> {
        Moment::parse(text).map(ReleaseTime)
    }

    /// The day in Japan so many seconds after the beginning of 1970 in universal time.
    pub fn day_of(seconds: i64) -> Option<ReleaseTime> {
        Some(ReleaseTime(Moment::since_1970(seconds)?.day()))
    }

    /// The beginning of a day.
    pub(super) fn beginning_of(date: Date) -> Option<ReleaseTime> {
        ReleaseTime::parse(&date.to_string())
    }

    /// The beginning of the day that it lies in.
    pub(super) fn day(self) -> ReleaseTime {
        ReleaseTime(self.0.day())
    }
}

impl fmt::Display for ReleaseTime {
    /// The beginning of a day is written as the day.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = self.0.to_string();
        f.pad(moment.strip_suffix(" 00:00").unwrap_or(&moment))
    }
}
