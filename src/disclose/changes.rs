//! What may be printed of the changes from last year: a change where both years' figures are printed,
//! each by the release of its own year, and of the panel what this release lets through.

use super::cells::{Measure, Spot};
use super::cohort::Cohort;
use super::coverage::is_covered;
use super::material::LastYear;
use super::released::{Content, Reason, Releasable, Released, Seal};
use crate::compare::{Change, Difference, PercentagePoints, Share};
use crate::survey::{Comparability, Counterpart, Policy, Prompt, Shown, Survey};
use crate::tabulate::{Key, Scope, Table};

/// A change beyond the wall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleasedChange {
    now: Released,
    beside: Counterpart<Beside>,
}

/// What may be said of what a figure is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Beside {
    answer: Shown,
    before: Released,
    panel: ReleasedPanel,
}

/// What may be said of those who answered in both years; `None` where nothing may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReleasedPanel {
    /// How many they are.
    pub base: Option<u32>,
    /// How many of them chose it this year.
    pub count: Option<u32>,
    /// How many of them had chosen it last year.
    pub previous_count: Option<u32>,
}

impl ReleasedChange {
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

    /// What a reader has to know, or why nothing is compared.
    pub fn remark(&self) -> &str {
        self.beside.remark()
    }

    /// The panel, with the answer of last year that is compared.
    pub fn panel(&self) -> Option<(Shown, ReleasedPanel)> {
        self.beside().map(|beside| (beside.answer, beside.panel))
    }

    /// The change; `None` where one of the years is not printed, or nobody answered in it.
    pub fn points(&self) -> Option<PercentagePoints> {
        let (now, before) = (share(self.now)?, share(self.before()?)?);
        Some(Difference::between(now, before).points())
    }

    /// The change of those who answered in both years, where it may be said.
    pub fn panel_points(&self) -> Option<PercentagePoints> {
        let panel = self.beside()?.panel;
        let of = |count: Option<u32>| Share::of(count?, panel.base?);
        Some(Difference::between(of(panel.count)?, of(panel.previous_count)?).points())
    }

    /// What one institution is worth: the larger of what it is in either year.
    pub fn one_institution(&self) -> Option<PercentagePoints> {
        let (now, before) = (self.now.base()?, self.before()?.base()?);
        Difference::of_one_in(now.base.min(before.base)).map(Difference::points)
    }

    /// The mark that stands in the place of a change; empty where there is one.
    pub fn mark(&self) -> &'static str {
        let is_withheld = |one: Released| !matches!(one.content(), Content::Published { .. });
        match self.before() {
            None => "・",
            Some(before) if is_withheld(self.now) || is_withheld(before) => "x",
            Some(_) if self.points().is_none() => "…",
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
            ReleasedChange { now, beside }
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
    ReleasedPanel {
        base,
        count: figure(Cohort::Panel, Measure::Count(now)).filter(|_| base.is_some()),
        previous_count: figure(Cohort::PanelLastYear, Measure::Count(answer)).filter(|_| base.is_some()),
    }
}
