//! The change of one figure: an option or a net of a question, in a sector or a sub-sector.

use super::panel::{Both, Panel, alike};
use super::points::{Difference, PercentagePoints, Share};
use crate::survey::{Comparability, Comparison, Counterpart, Prompt, QuestionIndex, Shown, Survey};
use crate::tabulate::{Confidential, Figures, Key, Scope, Table, TableHead, Tabulation};

/// A figure of this year, and its counterpart of last year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// This year's figure.
    pub now: Figures,
    /// Last year's, or why there is none that it may be compared with.
    pub beside: Counterpart<Compared>,
}

/// The figure of last year that a figure is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// The answer of last year's questionnaire that it is.
    pub place: (Prompt, Shown),
    /// Last year's figure.
    pub before: Figures,
    /// How many gave no answer that counts this year, although they were asked or may have been.
    pub missing_now: u32,
    /// The same for last year.
    pub missing_before: u32,
    /// Those who answered in both years.
    pub panel: PanelFigures,
}

/// The figures of those who answered in both years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PanelFigures {
    /// How many they are, in institutions of this year.
    pub base: u32,
    /// How many institutions of last year they are: more, where some were consolidated.
    pub predecessors: u32,
    /// How many of them chose it this year.
    pub count: u32,
    /// How many of them had chosen it last year.
    pub previous_count: u32,
}

/// Whether a change says anything about the sector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Telling {
    /// It does.
    Yes,
    /// It is smaller than what one institution is worth.
    UnderOneInstitution,
    /// Those who did not answer could have turned it the other way round, or into none.
    WithinNonresponse,
}

impl Telling {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Telling::Yes => "yes",
            Telling::UnderOneInstitution => "under_one_institution",
            Telling::WithinNonresponse => "within_nonresponse",
        }
    }
}

impl Change {
    /// The figure that it is compared with, if there is one.
    pub fn compared(&self) -> Option<&Compared> {
        match &self.beside {
            Counterpart::Compared { with, .. } => Some(with),
            Counterpart::Absent { .. } => None,
        }
    }

    fn shares(&self) -> Option<(Share, Share)> {
        share(self.now).zip(share(self.compared()?.before))
    }

    /// The change in the cross-section: of all who answered this year from all who answered last year.
    /// `None` where nothing is compared, or nobody answered in one of the years.
    pub fn difference(&self) -> Option<Difference> {
        let (now, before) = self.shares()?;
        Some(Difference::between(now, before))
    }

    /// The change of those who answered in both years; `None` where there are none.
    pub fn panel_difference(&self) -> Option<Difference> {
        let (now, before) = self.compared()?.panel.shares()?;
        Some(Difference::between(now, before))
    }

    /// By how much this year's share lies above that of the panel: the part of those who are in no panel,
    /// because they were not asked last year, moved here, or gave no answer last year.
    ///
    /// The change is the panel's, plus this, less [`Change::leavers`], exactly.
    pub fn entrants(&self) -> Option<Difference> {
        let ((now, _), (panel, _)) = (self.shares()?, self.compared()?.panel.shares()?);
        Some(Difference::between(now, panel))
    }

    /// By how much last year's share lay above that of the panel: the part of those who are in no panel any
    /// more, and of institutions that were consolidated, which weigh as one in the panel.
    pub fn leavers(&self) -> Option<Difference> {
        let ((_, before), (_, panel)) = (self.shares()?, self.compared()?.panel.shares()?);
        Some(Difference::between(before, panel))
    }

    /// How many of this year's answers are in no panel.
    pub fn entrant_count(&self) -> Option<u32> {
        Some(self.now.base - self.compared()?.panel.base)
    }

    /// How many of last year's answers are in no panel.
    pub fn leaver_count(&self) -> Option<u32> {
        let compared = self.compared()?;
        Some(compared.before.base - compared.panel.predecessors)
    }

    /// The weight of one institution: the larger of its weights in the two years.
    pub fn one_institution(&self) -> Option<Difference> {
        let compared = self.compared()?;
        let smaller = self.now.base.min(compared.before.base);
        Difference::of_one_in(smaller)
    }

    /// The weight of one institution of the panel.
    pub fn one_of_panel(&self) -> Option<Difference> {
        Difference::of_one_in(self.compared()?.panel.base)
    }

    /// Whether the change of the panel is at least what one institution of it is worth.
    pub fn panel_telling(&self) -> Option<Telling> {
        let is_less = self.panel_difference()?.size() < self.one_of_panel()?;
        Some(if is_less { Telling::UnderOneInstitution } else { Telling::Yes })
    }

    /// The lowest and the highest change that the answers of those who gave none would leave: all of
    /// them for it in one year and against it in the other. Those whose workbook did not come count
    /// as asked.
    pub fn bounds(&self) -> Option<(Difference, Difference)> {
        let compared = self.compared()?;
        let (low_now, high_now) = extremes(self.now, compared.missing_now)?;
        let (low_before, high_before) = extremes(compared.before, compared.missing_before)?;
        Some((Difference::between(low_now, high_before), Difference::between(high_now, low_before)))
    }

    /// Whether the change says anything; `None` where there is none.
    pub fn telling(&self) -> Option<Telling> {
        let size = self.difference()?.size();
        let (lowest, highest) = self.bounds()?;
        Some(if size < self.one_institution()? {
            Telling::UnderOneInstitution
        } else if lowest <= Difference::NONE && highest >= Difference::NONE {
            Telling::WithinNonresponse
        } else {
            Telling::Yes
        })
    }

    /// The change as it is printed.
    pub fn points(&self) -> Option<PercentagePoints> {
        self.difference().map(Difference::points)
    }
}

impl PanelFigures {
    fn of(both: &[Both<'_>], now: &[u16], before: &[u16]) -> PanelFigures {
        let mut figures = PanelFigures::default();
        let is_any = |chosen: &[u16], of: &[u16]| chosen.iter().any(|option| of.contains(option));
        for one in both {
            figures.base += 1;
            figures.predecessors += one.predecessors;
            figures.count += u32::from(is_any(one.now, now));
            figures.previous_count += u32::from(is_any(one.before, before));
        }
        figures
    }

    fn shares(self) -> Option<(Share, Share)> {
        Share::of(self.count, self.base).zip(Share::of(self.previous_count, self.base))
    }
}

fn share(figures: Figures) -> Option<Share> {
    Share::of(figures.count, figures.base)
}

/// The shares if all of the missing had not chosen it, and if all had.
fn extremes(figures: Figures, missing: u32) -> Option<(Share, Share)> {
    let base = figures.base + missing;
    Share::of(figures.count, base).zip(Share::of(figures.count + missing, base))
}

/// The changes of the figures of one question.
pub(super) fn changes(
    survey: &Survey,
    comparison: &Comparison,
    table: &Table<Confidential>,
    before: &Tabulation,
    panel: &Panel,
) -> Table<Confidential, Change> {
    let index = table.question();
    let question = survey.question(index);
    let cells = table.cells().iter().map(|&(key, now)| {
        let prompt = Prompt { question: index, item: key.item };
        let category = key.category.expect("a distribution is over options and nets");
        let beside = match comparison.concordance.figure(prompt, category) {
            Counterpart::Absent { comparability, reason } => Counterpart::Absent { comparability, reason },
            Counterpart::Compared { with: place, comparability, note } => {
                match figures_before(survey, comparison, before, key.scope, place) {
                    None => not_asked(&comparison.before),
                    Some(figures) => {
                        let options_now = question.options_of(category);
                        let options_before = comparison.before.question(place.0.question).options_of(place.1);
                        let is_alike = alike(comparison, index, &options_before);
                        let both = panel.both(key.scope, prompt, place.0, &*is_alike);
                        let with = Compared {
                            place,
                            before: figures,
                            missing_now: panel.missing_now(key.scope, prompt),
                            missing_before: panel.missing_before(key.scope, place.0),
                            panel: PanelFigures::of(&both, &options_now, &options_before),
                        };
                        Counterpart::Compared { with, comparability, note }
                    }
                }
            }
        };
        (key, Change { now, beside })
    });
    let cells: Vec<(Key, Change)> = cells.collect();
    Table::confidential(head(survey, comparison, index, &table.head().base), index, cells)
}

/// Last year's figure; `None` where the sector was not asked.
fn figures_before(
    survey: &Survey,
    comparison: &Comparison,
    before: &Tabulation,
    scope: Scope,
    (prompt, category): (Prompt, Shown),
) -> Option<Figures> {
    let scope = scope.in_survey(survey, &comparison.before)?;
    let table = before.distributions.iter().find(|table| table.question() == prompt.question)?;
    table.cell(scope, prompt.item, Some(category)).copied()
}

/// Why there is nothing in a year that a figure of another year could stand beside.
pub(super) fn not_asked_words(year: &Survey) -> String {
    (year.texts().table.not_asked)(&year.year_name())
}

fn not_asked<T>(before: &Survey) -> Counterpart<T> {
    Counterpart::Absent { comparability: Comparability::New, reason: not_asked_words(before) }
}

/// The head of a table of changes, or of flows.
pub(super) fn head(survey: &Survey, comparison: &Comparison, question: QuestionIndex, base: &str) -> TableHead {
    TableHead {
        title: survey.question(question).title.clone(),
        base: base.to_owned(),
        source: (survey.texts().table.source_of_both_years)(
            &survey.title,
            &comparison.before.year_name(),
            &survey.year_name(),
        ),
        fiscal_year: survey.fiscal_year,
    }
}
