//! Everything that may be printed for a reader, as one.

use super::numbers::{KnownNumbers, Mean, ReleasedNumber};
use super::released::{Reader, Releasable, Released};
use super::released_change::ReleasedChange;
use crate::tabulate::{Population, Scope, Table};

/// Everything that may be printed for a reader.
#[derive(Debug)]
pub struct Release {
    pub(super) reader: Reader,
    pub(super) distributions: Vec<Table<Releasable, Released>>,
    pub(super) changes: Vec<Table<Releasable, ReleasedChange>>,
    pub(super) numbers: Vec<Table<Releasable, ReleasedNumber>>,
    pub(super) populations: Vec<(Scope, Population)>,
}

impl Release {
    /// For whom.
    pub fn reader(&self) -> Reader {
        self.reader
    }

    /// The distributions, in printed order.
    pub fn distributions(&self) -> &[Table<Releasable, Released>] {
        &self.distributions
    }

    /// What changed from last year, in printed order; empty where nothing is compared.
    pub fn changes(&self) -> &[Table<Releasable, ReleasedChange>] {
        &self.changes
    }

    /// The number questions, in printed order.
    pub fn numbers(&self) -> &[Table<Releasable, ReleasedNumber>] {
        &self.numbers
    }

    /// How many a scope has, and how many of them came back; `None` where nothing is said of it.
    pub fn population(&self, scope: Scope) -> Option<Population> {
        self.populations.iter().find(|(other, _)| *other == scope).map(|(_, population)| *population)
    }
}

/// The means and quartiles that a release publishes: what its readers know from then on.
pub fn published_numbers(release: &Release) -> KnownNumbers {
    let mut known = KnownNumbers::default();
    for table in &release.numbers {
        for (key, released) in table.cells() {
            let place = (table.question(), key.scope);
            if matches!(released.mean(), Mean::Published(Some(_))) {
                known.means.insert(place);
            }
            if released.quartiles().is_some() {
                known.quartiles.insert(place);
            }
        }
    }
    known
}
