//! A request of the desk: a first edition, a corrected one, a withdrawal.

use super::ReleaseTime;
use crate::survey::Circle;

/// A request of the desk for a circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The circle.
    pub circle: Circle,
    /// The action asked for.
    pub action: Action,
    /// The day on which it is asked for.
    pub today: ReleaseTime,
    /// Whether nothing is to be written, neither to the store nor to what readers have.
    pub is_dry_run: bool,
}

/// An action that the desk asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Release a first edition.
    Release(Terms),
    /// Prepare a corrected edition, and release it where there are terms.
    Correct {
        /// Why, in words that readers get.
        reason: String,
        /// When it is released, if it is.
        terms: Option<Terms>,
        /// The institutions of which the desk accepts that the correction reveals an answer.
        accepted: Vec<String>,
    },
    /// Withdraw the last edition, which no reader has received.
    Withdraw {
        /// Its number.
        edition: u32,
        /// Why.
        because: String,
    },
}

/// The terms of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// When it is given.
    pub time: ReleaseTime,
    /// Whether that may lie in the future.
    pub is_ahead: bool,
    /// Whether the collection may be open then.
    pub is_while_open: bool,
}

impl Request {
    /// The terms of the release that is asked for of a circle, if one is.
    pub(super) fn terms(&self) -> Option<Terms> {
        match &self.action {
            Action::Release(terms) => Some(*terms),
            Action::Correct { terms, .. } => *terms,
            Action::Withdraw { .. } => None,
        }
    }
}
