//! The questions that a year has chosen from the bank.

use super::question::{Question, QuestionIndex};

/// The questions of a year together with those that other years ask, so that a reference to
/// the latter can be told from a spelling mistake.
pub(super) struct Selection {
    /// The questions that the year asks, in printed order.
    pub asked: Vec<Question>,
    /// Ids of the bank's questions that it does not ask.
    pub not_asked: Vec<String>,
    /// Ids of questions that were complained about and could not be taken over: a reference to
    /// one of them is no mistake of its own.
    pub broken: Vec<String>,
}

impl Selection {
    /// The question with this id among those asked.
    pub(super) fn find(&self, id: &str) -> Option<QuestionIndex> {
        self.asked.iter().position(|question| question.id == id).map(QuestionIndex::at)
    }

    /// The question at an index.
    pub(super) fn question(&self, index: QuestionIndex) -> &Question {
        &self.asked[index.position()]
    }

    /// Whether the question is in the bank but was complained about there.
    pub(super) fn is_broken(&self, id: &str) -> bool {
        self.broken.iter().any(|other| other == id)
    }

    pub(super) fn is_of_another_year(&self, id: &str) -> bool {
        self.not_asked.iter().any(|other| other == id)
    }
}
