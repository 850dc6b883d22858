//! The means and quartiles that readers have already: they cannot be withheld any more.

use std::collections::BTreeSet;

use super::family::{Family, Printed};
use crate::survey::{QuestionIndex, SectorIndex, Survey};
use crate::tabulate::Scope;

/// The means and quartiles that the readers of a release have been given, as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownNumbers {
    /// Of whom they know the mean.
    pub means: BTreeSet<(QuestionIndex, Scope)>,
    /// Of whom they know the quartiles.
    pub quartiles: BTreeSet<(QuestionIndex, Scope)>,
}

impl KnownNumbers {
    /// Adds what is known from elsewhere.
    pub fn extend(&mut self, other: KnownNumbers) {
        self.means.extend(other.means);
        self.quartiles.extend(other.quartiles);
    }

    /// The sectors of which anything is known.
    pub(super) fn sectors(&self, question: QuestionIndex) -> BTreeSet<SectorIndex> {
        let all = self.means.iter().chain(&self.quartiles);
        all.filter(|(one, _)| *one == question).map(|(_, scope)| scope.sector).collect()
    }

    /// What is known of the groups of a sector, of those as well of which the policy prints nothing.
    pub(super) fn of_family(&self, survey: &Survey, question: QuestionIndex, family: &Family) -> Vec<Printed> {
        let groups = family.scopes(survey).into_iter();
        let of_group = |scope: Option<Scope>| {
            let place = scope.map(|scope| (question, scope));
            Printed {
                mean: place.is_some_and(|place| self.means.contains(&place)),
                quartiles: place.is_some_and(|place| self.quartiles.contains(&place)),
            }
        };
        groups.map(of_group).collect()
    }
}
