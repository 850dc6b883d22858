//! The outcome of a run for a circle: its standing release, and the correction that was prepared or released.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::erratum::RevealedAnswer;
use super::printed::CellCounts;
use crate::disclose::Release;
use crate::finding::Finding;
use crate::status::Since;
use crate::survey::Circle;

/// The outcome of a run for a circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The circle.
    pub circle: Circle,
    /// The state of its release.
    pub state: State,
    /// How many cells are printed.
    pub counts: CellCounts,
    /// The correction that was prepared, if one was.
    pub erratum: Option<Erratum>,
    /// The edition that was withdrawn, if one was.
    pub withdrawn: Option<u32>,
    /// Whether nothing of it was written.
    pub is_dry_run: bool,
}

/// The state of the release to a circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing: the circle has no policy.
    NoPolicy,
    /// Nothing: disclosure control refuses the draft.
    Refused,
    /// Nothing yet: it may be released, and is not.
    Draft,
    /// An edition.
    Released {
        /// Its number.
        edition: u32,
        /// When it was released.
        time: String,
        /// Whether this run has released it.
        is_new: bool,
        /// Whether its tables were made again as they were released.
        is_remade: bool,
    },
}

/// A correction that was prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erratum {
    /// The edition that it corrects.
    pub corrects: u32,
    /// How many figures it changes.
    pub changed: usize,
    /// The answers that a comparison with the editions before reveals.
    pub revealed: Vec<RevealedAnswer>,
    /// The institutions whose answers it reveals and that were not accepted.
    pub open: Vec<String>,
    /// Whether it was released.
    pub is_released: bool,
}

/// The outcome of all circles, with the files and findings to write.
#[derive(Debug, Default)]
pub struct Disclosed {
    /// The outcome of each circle.
    pub outcomes: Vec<Outcome>,
    /// The findings.
    pub findings: Vec<Finding>,
    /// The public release, or its draft.
    pub public: Option<Rc<Release>>,
    /// The files to write, by their paths in the outputs.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The folders of readers that are left as they are.
    pub kept: Vec<&'static str>,
    /// The changes since the standing editions.
    pub since: Vec<Since>,
}

impl State {
    /// Whether there is something for readers.
    pub fn passes(&self) -> bool {
        matches!(self, State::Draft | State::Released { .. })
    }

    /// When it was released, if it was.
    pub fn released_at(&self) -> Option<&str> {
        match self {
            State::Released { time, .. } => Some(time),
            _ => None,
        }
    }

    /// The edition, if it is one.
    pub fn edition(&self) -> Option<u32> {
        match self {
            State::Released { edition, .. } => Some(*edition),
            _ => None,
        }
    }
}
