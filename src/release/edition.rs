//! The editions of a year: the circle, the day, the answers and the fate of each.

use super::ReleaseTime;
use crate::survey::Circle;

/// An edition of the release of a year to a circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// The circle.
    pub circle: Circle,
    /// Its number within circle and year, from 1.
    pub number: u32,
    /// When it was released.
    pub released_at: ReleaseTime,
    /// The hash over its tables.
    pub release: String,
    /// The id of the frozen answers that it is made from.
    pub answers: String,
    /// The edition of the year before whose figures its changes show.
    pub previous: Option<u32>,
    /// The edition that it corrects.
    pub corrects: Option<u32>,
    /// Why it was corrected.
    pub reason: Option<String>,
    /// The institutions of which the desk accepted that the correction reveals an answer.
    pub accepted: Vec<String>,
    /// The policy that it was made by, as text.
    pub policy: String,
    /// When and why it was withdrawn, if it was.
    pub withdrawn: Option<Withdrawal>,
}

/// The withdrawal of an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// When.
    pub at: String,
    /// Why.
    pub because: String,
}

/// The editions of a year, in the order in which they were released.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Editions {
    pub(super) all: Vec<Edition>,
}

impl Editions {
    /// All of them, those that were withdrawn as well.
    pub fn all(&self) -> &[Edition] {
        &self.all
    }

    /// Those of a circle that readers have or had.
    pub(super) fn given(&self, circle: Circle) -> impl DoubleEndedIterator<Item = &Edition> {
        self.all.iter().filter(move |one| one.circle == circle && one.withdrawn.is_none())
    }

    /// The edition that a circle has: the last one that was not withdrawn.
    pub(super) fn standing(&self, circle: Circle) -> Option<&Edition> {
        self.given(circle).next_back()
    }

    /// The edition with a number.
    pub(super) fn numbered(&self, circle: Circle, number: u32) -> Option<&Edition> {
        self.all.iter().find(|one| (one.circle, one.number) == (circle, number))
    }

    /// The number of the next edition. Numbers of withdrawn editions are not given again.
    pub(super) fn next_number(&self, circle: Circle) -> u32 {
        let numbers = self.all.iter().filter(|one| one.circle == circle).map(|one| one.number);
        numbers.max().unwrap_or(0) + 1
    }
}
