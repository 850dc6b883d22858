//! Changes cleared for printing: the figures of both years, as far as each is printed.

use super::released::{Content, Released};
use crate::compare::{Difference, PercentagePoints, Share};
use crate::survey::{Comparability, Counterpart};
use crate::texts::mark;

/// A change beyond the wall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleasedChange {
    now: Released,
    beside: Counterpart<Beside>,
}

/// The printable content of the figure of the year before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Beside {
    pub before: Released,
}

impl ReleasedChange {
    pub(super) fn new(now: Released, beside: Counterpart<Beside>) -> ReleasedChange {
        ReleasedChange { now, beside }
    }

    /// This year's figure.
    pub fn now(&self) -> Released {
        self.now
    }

    /// Last year's figure; `None` where none stands beside it.
    pub fn before(&self) -> Option<Released> {
        self.beside().map(|beside| beside.before)
    }

    /// How the two compare.
    pub fn comparability(&self) -> Comparability {
        self.beside.comparability()
    }

    /// The remark for the reader, or the reason for no comparison.
    pub fn remark(&self) -> &str {
        self.beside.remark()
    }

    /// The change; `None` where one of the years is not printed, or nobody answered in it.
    pub fn points(&self) -> Option<PercentagePoints> {
        let (now, before) = (share(self.now)?, share(self.before()?)?);
        Some(Difference::between(now, before).points())
    }

    /// The weight of one institution: the larger of its weights in the two years.
    pub fn one_institution(&self) -> Option<PercentagePoints> {
        let (now, before) = (self.now.base()?, self.before()?.base()?);
        Difference::of_one_in(now.base.min(before.base)).map(Difference::points)
    }

    /// The mark that stands in the place of a change; empty where there is one.
    pub fn mark(&self) -> &'static str {
        let is_withheld = |one: Released| !matches!(one.content(), Content::Published { .. });
        match self.before() {
            None => mark::NOT_APPLICABLE,
            Some(before) if is_withheld(self.now) || is_withheld(before) => mark::WITHHELD,
            Some(_) if self.points().is_none() => mark::NOT_AVAILABLE,
            Some(_) => "",
        }
    }

    fn beside(&self) -> Option<&Beside> {
        match &self.beside {
            Counterpart::Compared { with, .. } => Some(with),
            Counterpart::Absent { .. } => None,
        }
    }
}

fn share(released: Released) -> Option<Share> {
    match (released.content(), released.base()) {
        (Content::Published { count, .. }, Some(base)) => Share::of(count, base.base),
        _ => None,
    }
}
