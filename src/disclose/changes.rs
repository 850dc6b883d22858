//! What may be printed of the changes from last year: a change where both years' figures are printed,
//! each by the release of its own year, and of the panel what this release lets through.

use super::cells::{Measure, Spot};
use super::cohort::Cohort;
use super::coverage::is_covered;
use super::material::LastYear;
use super::released::{Reason, Releasable, Released, Seal};
use super::released_change::{Beside, ReleasedChange, ReleasedPanel};
use crate::compare::Change;
use crate::survey::{Counterpart, Policy, Prompt, Shown, Survey};
use crate::tabulate::{Key, Scope, Table};

/// The changes as far as they may be printed. `told` is the value of a cell that this release prints.
pub(super) fn release(
    survey: &Survey,
    policy: &Policy,
    last_year: &LastYear<'_>,
    distributions: &[Table<Releasable, Released>],
    seal: &Seal,
    told: &dyn Fn(Spot) -> Option<i64>,
) -> Vec<Table<Releasable, ReleasedChange>> {
    let tables = last_year.changes.changes.iter().map(|table| {
        let own = distributions.iter().find(|one| one.question() == table.question());
        table.sealed(seal, |key: &Key, change: &Change| {
            let now = own.and_then(|one| one.cell(key.scope, key.item, key.category).copied());
            let now = now.unwrap_or_else(|| Released::withheld(Reason::Policy, None));
            let prompt = Prompt { question: table.question(), item: key.item };
            let beside = match &change.beside {
                Counterpart::Absent { comparability, reason } => {
                    Counterpart::Absent { comparability: *comparability, reason: reason.clone() }
                }
                Counterpart::Compared { with, comparability, note } => {
                    let with = Beside {
                        answer: with.place.1,
                        before: before(survey, policy, last_year, key.scope, with.place),
                        panel: panel(policy, key, prompt, with.place.1, told),
                    };
                    Counterpart::Compared { with, comparability: *comparability, note: note.clone() }
                }
            };
            ReleasedChange::new(now, beside)
        })
    });
    tables.collect()
}

/// What last year's release says of a figure.
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
    // What a later policy would let through of last year is not told beside this year.
    let spot = Spot { cohort: Cohort::All, scope, prompt, measure: Measure::Count(answer) };
    if !last_year.known.has(&spot) {
        return nothing();
    }
    let mut tables = last_year.release.distributions().iter();
    let table = tables.find(|table| table.question() == prompt.question);
    let released = table.and_then(|table| table.cell(scope, prompt.item, Some(answer)).copied());
    released.unwrap_or_else(nothing)
}

fn panel(
    policy: &Policy,
    key: &Key,
    prompt: Prompt,
    answer: Shown,
    told: &dyn Fn(Spot) -> Option<i64>,
) -> ReleasedPanel {
    let (Some(now), true) = (key.category, policy.panel) else { return ReleasedPanel::default() };
    let figure = |cohort, measure| {
        let value = told(Spot { cohort, scope: key.scope, prompt, measure })?;
        Some(u32::try_from(value).expect("fewer than 2^32 institutions"))
    };
    let base = figure(Cohort::Panel, Measure::Base);
    let count = figure(Cohort::Panel, Measure::Count(now)).filter(|_| base.is_some());
    let previous_count = figure(Cohort::PanelLastYear, Measure::Count(answer)).filter(|_| base.is_some());
    // How many answered in both years is no secret, and says nothing alone.
    ReleasedPanel { base: base.filter(|_| count.or(previous_count).is_some()), count, previous_count }
}
