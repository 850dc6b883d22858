//! A release: everything that is printed for a reader, as one.

use std::collections::BTreeMap;

use super::cell::{Address, Measure, Printed};
use super::number::{Mean, ReleasedNumber};
use super::released::{Content, Reader, Releasable, Released};
use super::released_change::ReleasedChange;
use crate::survey::{Prompt, QuestionIndex};
use crate::tabulate::{Population, Scope, Table};

/// Everything that is printed for a reader.
#[derive(Debug)]
pub struct Release {
    pub(super) reader: Reader,
    pub(super) distributions: Vec<Table<Releasable, Released>>,
    pub(super) changes: Vec<Table<Releasable, ReleasedChange>>,
    pub(super) numbers: Vec<Table<Releasable, ReleasedNumber>>,
    pub(super) populations: Vec<(Scope, Population)>,
}

/// The figures that a release prints of a number question.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PrintedNumber {
    /// Whether the base is.
    pub base: bool,
    /// Whether the mean is.
    pub mean: bool,
    /// Whether the quartiles are.
    pub quartiles: bool,
}

/// The pattern of a release: the content of each cell and number, without the figures. A cell that does not stand
/// here is withheld.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pattern {
    /// Of counts and bases.
    pub cells: BTreeMap<Address, Printed>,
    /// Of number questions.
    pub numbers: BTreeMap<(QuestionIndex, Scope), PrintedNumber>,
}

impl Pattern {
    /// The content that the release prints in a cell.
    pub fn of(&self, address: Address) -> Printed {
        self.cells.get(&address).copied().unwrap_or(Printed::Nothing)
    }
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

    /// The changes from last year, in printed order; empty if there is no comparison.
    pub fn changes(&self) -> &[Table<Releasable, ReleasedChange>] {
        &self.changes
    }

    /// The number questions, in printed order.
    pub fn numbers(&self) -> &[Table<Releasable, ReleasedNumber>] {
        &self.numbers
    }

    /// How many a scope has, and how many of them came back; `None` where the release does not cover it.
    pub fn population(&self, scope: Scope) -> Option<Population> {
        self.populations.iter().find(|(other, _)| *other == scope).map(|(_, population)| *population)
    }

    /// The pattern: the content printed in each cell.
    pub fn pattern(&self) -> Pattern {
        let mut pattern = Pattern::default();
        for table in &self.distributions {
            for (key, released) in table.cells() {
                let Some(shown) = key.category else { continue };
                let prompt = Prompt { question: table.question(), item: key.item };
                let address = Address::of(key.scope, prompt, Measure::Count(shown));
                if released.base().is_some() {
                    pattern.cells.insert(address.base(), Printed::Value);
                }
                let printed = match released.content() {
                    Content::Published { .. } => Printed::Value,
                    Content::Share(share) => Printed::Share(share),
                    Content::Withheld(_) => continue,
                };
                pattern.cells.insert(address, printed);
            }
        }
        for table in &self.numbers {
            for (key, released) in table.cells() {
                let printed = PrintedNumber {
                    base: released.base().is_some(),
                    mean: matches!(released.mean(), Mean::Published(Some(_))),
                    quartiles: released.quartiles().is_some(),
                };
                pattern.numbers.insert((table.question(), key.scope), printed);
            }
        }
        pattern
    }
}
