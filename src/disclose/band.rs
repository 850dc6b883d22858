//! Bands: what is printed of a share that is too telling to be printed itself, and what that says of the count.

use std::fmt;

use super::linear::{Relation, Row};

/// Limits in per cent that a share lies within; the upper one only belongs to it where it is 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Band {
    pub(super) from: u32,
    pub(super) to: u32,
}

impl Band {
    /// The lowest share in per cent.
    pub fn from(self) -> u32 {
        self.from
    }

    /// The share in per cent that it stays below, or 100.
    pub fn to(self) -> u32 {
        self.to
    }

    /// The band that is written so.
    pub(super) fn parse(text: &str) -> Option<Band> {
        let (from, to) = text.split_once('～')?;
        let (from, to) = (from.parse().ok()?, to.parse().ok()?);
        (from < to && to <= 100).then_some(Band { from, to })
    }

    /// What it has in common with another.
    pub(super) fn within(self, other: Band) -> Band {
        Band { from: self.from.max(other.from), to: self.to.min(other.to) }
    }

    /// Whether a share lies within it.
    pub(super) fn holds(self, count: i64, base: i64) -> bool {
        let (at_least, at_most) = self.counts(base);
        base > 0 && (at_least..=at_most).contains(&count)
    }

    /// The lowest and the highest count within it, on a base.
    pub(super) fn counts(self, base: i64) -> (i64, i64) {
        let at_least = (i64::from(self.from) * base + 99) / 100;
        let at_most = if self.to == 100 { base } else { (i64::from(self.to) * base + 99) / 100 - 1 };
        (at_least, at_most)
    }

    /// The same of a count and a base that is not known, as rows between the two.
    pub(super) fn rows(self, count: usize, base: usize) -> Vec<Row> {
        // 100 count >= from base, and 100 count < to base, in whole numbers.
        let row = |limit: u32, relation: Relation, constant: i64| {
            let limit = i64::from(limit);
            let common = (1..=100).rev().find(|one| 100 % one == 0 && limit % one == 0).unwrap_or(1);
            Row { terms: vec![(count, 100 / common), (base, -limit / common)], relation, constant }
        };
        let mut rows = Vec::new();
        if self.from > 0 {
            rows.push(row(self.from, Relation::AtLeast, 0));
        }
        if self.to < 100 {
            rows.push(row(self.to, Relation::AtMost, -1));
        }
        rows
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}～{}", self.from, self.to))
    }
}
