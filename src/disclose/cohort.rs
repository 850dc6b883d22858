//! Whom a cell counts: everybody of a sector or sub-sector in a year, those of them who answered in both years,
//! or a part that nobody prints and that follows from what is printed, as those who came since last year do.

use crate::survey::{Comparison, Counterpart, Prompt, Question, Survey};
use crate::tabulate::{Scope, scope_ids};

/// Whom a cell counts, within its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cohort {
    /// Everybody who answered this year: what distributions are about.
    All,
    /// Those who stand in another sector, or a sub-sector of it, as well.
    AlsoIn(Scope),
    /// Those who do not stand there.
    NotIn(Scope),
    /// Those who stand in just these sectors and sub-sectors, of more than two sectors that hang together by members
    /// in common.
    JustIn(Scopes),
    /// Those who answered in both years, by this year's answers.
    Panel,
    /// Those of a sector's panel who are in the panel of none of its sub-sectors, by this year's answers.
    Movers,
    /// Those of this year's answers that are in no panel.
    Entrants,
    /// Everybody who answered last year.
    LastYear,
    /// Those who answered in both years, by last year's answers.
    PanelLastYear,
    /// The movers, by last year's answers.
    MoversLastYear,
    /// Those of last year's answers that are in no panel.
    Leavers,
}

/// Sectors and sub-sectors of a survey, by their places in [`Scope::all`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scopes(u128);

impl Scopes {
    /// Some of those of a survey, which has [`crate::survey::MOST_SCOPES`] of them at most.
    pub(super) fn of(survey: &Survey, scopes: impl Fn(Scope) -> bool) -> Scopes {
        let all = Scope::all(survey).enumerate().filter(|(_, scope)| scopes(*scope));
        Scopes(all.fold(0, |set, (at, _)| set | 1 << at))
    }

    /// Those of them, in order.
    pub(super) fn among(self, survey: &Survey) -> impl Iterator<Item = Scope> + '_ {
        Scope::all(survey).enumerate().filter(move |(at, _)| self.0 >> at & 1 == 1).map(|(_, scope)| scope)
    }
}

impl Cohort {
    /// Those who answered in both years, by this year's and by last year's answers.
    pub(super) fn of_panel() -> [Cohort; 2] {
        [Cohort::Panel, Cohort::PanelLastYear]
    }

    /// The word in the release ledger; nothing for what is never printed beside the year's own figures.
    pub(super) fn word(self) -> &'static str {
        match self {
            Cohort::Panel => "panel",
            Cohort::PanelLastYear => "panel_last_year",
            _ => "",
        }
    }

    /// Whether it is known only from two years together.
    pub(super) fn is_of_two_years(self) -> bool {
        !matches!(self, Cohort::All | Cohort::AlsoIn(_) | Cohort::NotIn(_) | Cohort::JustIn(_))
    }

    /// Whether it is a part of last year, by last year's answers.
    pub(super) fn is_last_year(self) -> bool {
        matches!(self, Cohort::PanelLastYear | Cohort::MoversLastYear | Cohort::Leavers)
    }

    /// The question that its answers belong to. Last year's answers of those who answered in both years, and
    /// of those who left, are named by this year's prompt beside which they stand; `None` where that is
    /// compared with nothing.
    pub(super) fn question_beside(self, survey: &Survey, prompt: Prompt) -> Option<&Question> {
        match self {
            Cohort::LastYear => Some(survey.comparison.as_ref()?.before.question(prompt.question)),
            Cohort::PanelLastYear | Cohort::MoversLastYear | Cohort::Leavers => {
                let comparison = survey.comparison.as_ref()?;
                Some(comparison.before.question(prompt_before(comparison, prompt)?.question))
            }
            _ => Some(survey.question(prompt.question)),
        }
    }

    /// The same of a cell.
    ///
    /// # Panics
    /// Where a prompt is compared with nothing: there are no cells of last year beside it.
    pub(super) fn question(self, survey: &Survey, prompt: Prompt) -> &Question {
        self.question_beside(survey, prompt).expect("last year's cells stand beside a prompt that is compared")
    }

    /// The survey that the ids of its prompts are those of.
    ///
    /// # Panics
    /// For last year's cells in a survey that is compared with no year.
    pub(super) fn survey(self, survey: &Survey) -> &Survey {
        if self != Cohort::LastYear {
            return survey;
        }
        &survey.comparison.as_ref().expect("last year's cells need a year before").before
    }

    /// How it is named before the name of a cell; nothing for everybody of this year.
    pub(super) fn name(self, survey: &Survey) -> String {
        let place = |scope: Scope| match scope_ids(survey, scope) {
            (sector, "") => sector.to_owned(),
            (sector, subsector) => format!("{sector}.{subsector}"),
        };
        match self {
            Cohort::All => String::new(),
            Cohort::AlsoIn(other) => format!("also_in_{}@", place(other)),
            Cohort::NotIn(other) => format!("not_in_{}@", place(other)),
            Cohort::JustIn(scopes) => {
                format!("just_in_{}@", scopes.among(survey).map(place).collect::<Vec<_>>().join("+"))
            }
            Cohort::Panel => "panel@".to_owned(),
            Cohort::Movers => "movers@".to_owned(),
            Cohort::Entrants => "entrants@".to_owned(),
            Cohort::LastYear => "last_year@".to_owned(),
            Cohort::PanelLastYear => "panel_last_year@".to_owned(),
            Cohort::MoversLastYear => "movers_last_year@".to_owned(),
            Cohort::Leavers => "leavers@".to_owned(),
        }
    }

    /// Every cohort that can be asked for by its name.
    pub(super) fn all(survey: &Survey) -> impl Iterator<Item = Cohort> + '_ {
        let others = Scope::all(survey).flat_map(|other| [Cohort::AlsoIn(other), Cohort::NotIn(other)]);
        let years = [Cohort::LastYear, Cohort::PanelLastYear, Cohort::MoversLastYear, Cohort::Leavers];
        let years = years.into_iter().filter(|_| survey.comparison.is_some());
        [Cohort::All, Cohort::Panel, Cohort::Movers, Cohort::Entrants].into_iter().chain(others).chain(years)
    }
}

/// What was asked last year where a prompt is asked now, if the two are compared.
pub(super) fn prompt_before(comparison: &Comparison, prompt: Prompt) -> Option<Prompt> {
    match comparison.concordance.prompt(prompt) {
        Counterpart::Compared { with, .. } => Some(with),
        Counterpart::Absent { .. } => None,
    }
}
