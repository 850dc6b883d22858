//! Changes from last year: a change is printed where both years' figures are, each by the release of its own year.

use super::coverage::is_covered;
use super::material::LastYear;
use super::released::{Reason, Releasable, Released, Seal};
use super::released_change::{Beside, ReleasedChange};
use crate::compare::Change;
use crate::survey::{Counterpart, Policy, Prompt, Shown, Survey};
use crate::tabulate::{Key, Scope, Table};

/// The changes as far as both years' figures are printed.
pub(super) fn release(
    survey: &Survey,
    policy: &Policy,
    last_year: &LastYear<'_>,
    distributions: &[Table<Releasable, Released>],
    seal: &Seal,
) -> Vec<Table<Releasable, ReleasedChange>> {
    let tables = last_year.changes.changes.iter().map(|table| {
        let own = distributions.iter().find(|one| one.question() == table.question());
        table.sealed(seal, |key: &Key, change: &Change| {
            let now = own.and_then(|one| one.cell(key.scope, key.item, key.category).copied());
            let now = now.unwrap_or_else(|| Released::withheld(Reason::Policy, None));
            let beside = match &change.beside {
                Counterpart::Absent { comparability, reason } => {
                    Counterpart::Absent { comparability: *comparability, reason: reason.clone() }
                }
                Counterpart::Compared { with, comparability, note } => {
                    let with = Beside { before: before(survey, policy, last_year, key.scope, with.place) };
                    Counterpart::Compared { with, comparability: *comparability, note: note.clone() }
                }
            };
            ReleasedChange::new(now, beside)
        })
    });
    tables.collect()
}

/// The content that last year's release prints for a figure.
fn before(
    survey: &Survey,
    policy: &Policy,
    last_year: &LastYear<'_>,
    scope: Scope,
    (prompt, answer): (Prompt, Shown),
) -> Released {
    let nothing = || Released::withheld(Reason::Policy, None);
    if !is_covered(survey, policy, scope) {
        return nothing();
    }
    let Some(scope) = scope.in_survey(survey, &last_year.comparison.before) else { return nothing() };
    let mut tables = last_year.release.distributions().iter();
    let table = tables.find(|table| table.question() == prompt.question);
    let released = table.and_then(|table| table.cell(scope, prompt.item, Some(answer)).copied());
    released.unwrap_or_else(nothing)
}
