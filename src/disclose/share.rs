//! Shares: the percentages printed in the place of counts: a class such as 25～50, or a whole per cent if the base is
//! withheld.

use std::fmt;

/// Limits that a share lies within, in half per cents. The upper one belongs to it only where it is 100 per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share {
    from: u32,
    to: u32,
}

/// A share is counted in half per cents, so that a whole per cent has limits: 28 is 27.5 or more and below 28.5.
const UNITS: i64 = 200;

impl Share {
    /// A class between two limits in per cent.
    pub fn class(from: u32, to: u32) -> Share {
        Share { from: 2 * from, to: 2 * to }
    }

    /// The class of a policy that a share lies in. `limits` rise from 0 to 100.
    pub(super) fn class_of(limits: &[u32], count: i64, base: i64) -> Option<Share> {
        let classes = limits.windows(2).map(|pair| Share::class(pair[0], pair[1]));
        classes.rev().find(|class| class.holds(count, base))
    }

    /// The whole per cent of a share, rounded half up.
    pub(super) fn whole_per_cent(count: i64, base: i64) -> Option<Share> {
        let rounded = |base: i64| u32::try_from((UNITS * count + base) / (2 * base)).expect("at most 100 per cent");
        (base > 0).then(|| Share::around(rounded(base)))
    }

    fn around(per_cent: u32) -> Share {
        Share { from: (2 * per_cent).saturating_sub(1), to: (2 * per_cent + 1).min(200) }
    }

    /// The share that is written so: `25～50`, or `28`.
    pub fn parse(text: &str) -> Option<Share> {
        let Some((from, to)) = text.split_once('～') else {
            let per_cent: u32 = text.parse().ok()?;
            return (per_cent <= 100).then(|| Share::around(per_cent));
        };
        let (from, to) = (from.parse().ok()?, to.parse().ok()?);
        (from < to && to <= 100).then(|| Share::class(from, to))
    }

    /// Whether it is a whole per cent rather than a class.
    pub fn is_whole_per_cent(self) -> bool {
        self.from % 2 == 1 || self.to % 2 == 1
    }

    /// Whether a count of a base lies within it.
    pub fn holds(self, count: i64, base: i64) -> bool {
        let (least, most) = self.counts(base);
        base > 0 && (least..=most).contains(&count)
    }

    /// The lowest and the highest count within it, on a base.
    pub fn counts(self, base: i64) -> (i64, i64) {
        let up = |limit: u32| (i64::from(limit) * base + UNITS - 1) / UNITS;
        (up(self.from), if i64::from(self.to) == UNITS { base } else { up(self.to) - 1 })
    }

    /// The limits as factors: `from` × base ≤ 200 × count, and 200 × count < `to` × base where there is a `to`.
    pub(super) fn factors(self) -> (i64, Option<i64>) {
        (i64::from(self.from), (i64::from(self.to) < UNITS).then_some(i64::from(self.to)))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_whole_per_cent() {
            // Half up: the lower limit of 0 is 0, of any other a half below.
            true => f.pad(&self.from.div_ceil(2).to_string()),
            false => f.pad(&format!("{}～{}", self.from / 2, self.to / 2)),
        }
    }
}
