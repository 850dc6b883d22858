//! The cells of a release: every count and every base of every scope that it is about, as one list
//! that relations, attacks and marks refer to by position.

use std::collections::BTreeMap;

use super::cohort::{Cohort, prompt_before};
use super::rolls::Roll;
use crate::survey::{Comparison, Counterpart, Prompt, QuestionIndex, Shown, Survey};
use crate::tabulate::Scope;

/// What a cell counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Those who were asked and answered.
    Base,
    /// Those who chose an option, or any of a net.
    Count(Shown),
}

/// Where a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// Whom of a scope it counts.
    pub cohort: Cohort,
    /// The sector or sub-sector that it is about, in the terms of this year's survey.
    pub scope: Scope,
    /// What was asked.
    pub prompt: Prompt,
    /// What is counted.
    pub measure: Measure,
}

impl Spot {
    /// The same figure of everybody in the terms of last year's survey; `None` where that has no such part.
    pub(super) fn of_last_year(self, survey: &Survey, before: &Survey) -> Option<Spot> {
        Some(Spot { cohort: Cohort::All, scope: self.scope.in_survey(survey, before)?, ..self })
    }
}

/// A cell with its true value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub spot: Spot,
    pub value: i64,
    /// What it is a part of: its base; of a base, those who could have been asked.
    pub whole: i64,
    /// How many of those asked gave no usable answer; outsiders are taken to know it.
    pub nonresponse: i64,
    /// Whether everybody knows it anyway: the base of a question that is asked of all.
    pub is_known: bool,
    /// Whether it is for this release to print it. What only follows from printed cells is not, nor is
    /// last year's, of which an earlier release has decided.
    pub is_printable: bool,
    /// The widest interval that can be asked of it. What may be printed of all, that all but three did, say,
    /// tells as much of every part of them.
    pub room: i64,
    /// What is lost if it is withheld.
    pub weight: i64,
}

/// All cells of a release.
#[derive(Debug)]
pub(super) struct Cells {
    pub all: Vec<Cell>,
    places: BTreeMap<Spot, usize>,
}

/// Withholding a figure of a whole sector loses this many times what a sub-sector's loses …
const WHOLE_SECTOR: i64 = 1_000;
/// … and withholding one that a chart of the publication shows, so many times that.
const DRAWN: i64 = 1_000;

impl Cells {
    /// The cells behind the rolls of a release.
    pub fn of(survey: &Survey, rolls: &[Roll<'_>]) -> Cells {
        let mut all: Vec<Cell> = rolls.iter().flat_map(|roll| cells(survey, roll)).collect();
        all.sort_by_key(|cell| cell.spot);
        let places = all.iter().enumerate().map(|(place, cell)| (cell.spot, place)).collect();
        let mut cells = Cells { all, places };
        cells.weigh_bases();
        cells.widen_bases(survey);
        cells
    }

    /// Who of those asked is in a panel is not known beforehand: the base of a part of two years may be that of
    /// all who could have been asked.
    fn widen_bases(&mut self, survey: &Survey) {
        for place in 0..self.all.len() {
            let Cell { spot, is_known, .. } = self.all[place];
            let is_part = spot.cohort.is_of_two_years() && spot.cohort != Cohort::LastYear;
            if !is_part || is_known || spot.measure != Measure::Base {
                continue;
            }
            let everybody = match (spot.cohort.is_last_year(), &survey.comparison) {
                (true, Some(comparison)) => prompt_before(comparison, spot.prompt).map(|prompt| Spot {
                    cohort: Cohort::LastYear,
                    prompt,
                    ..spot
                }),
                _ => Some(Spot { cohort: Cohort::All, ..spot }),
            };
            if let Some(everybody) = everybody.and_then(|spot| self.place(spot)) {
                self.all[place].whole = self.all[everybody].whole;
            }
        }
    }

    /// A base is lost with all that stands on it.
    fn weigh_bases(&mut self) {
        let base = |spot: Spot| Spot { measure: Measure::Base, ..spot };
        let mut sums: BTreeMap<Spot, i64> = BTreeMap::new();
        for cell in self.all.iter().filter(|cell| cell.spot.measure != Measure::Base) {
            *sums.entry(base(cell.spot)).or_default() += cell.weight;
        }
        for cell in self.all.iter_mut().filter(|cell| cell.spot.measure == Measure::Base) {
            cell.weight += sums.get(&cell.spot).copied().unwrap_or(0);
        }
    }

    /// The place of a cell.
    pub fn place(&self, spot: Spot) -> Option<usize> {
        self.places.get(&spot).copied()
    }

    /// The place of the base that a cell rests on; of a base, its own.
    pub fn base_of(&self, place: usize) -> usize {
        let spot = Spot { measure: Measure::Base, ..self.all[place].spot };
        self.place(spot).expect("every group has a base")
    }

    /// The counts that rest on a base.
    pub fn group(&self, base: usize) -> impl Iterator<Item = usize> + '_ {
        let spot = self.all[base].spot;
        let is_its = move |place: &usize| Spot { measure: Measure::Base, ..self.all[*place].spot } == spot;
        // The base is the first of its group, and the group stands together.
        (base + 1..self.all.len()).take_while(is_its)
    }
}

/// The base of a roll, and the count of each option and net.
fn cells(survey: &Survey, roll: &Roll<'_>) -> Vec<Cell> {
    let Roll { cohort, scope, prompt, ref voices } = *roll;
    let question = cohort.question(survey, prompt);
    let number = |count: usize| i64::try_from(count).expect("fewer than 2^63 institutions");
    let is_gated = question.gate.is_some();
    let asked = voices.iter().filter(|voice| !is_gated || voice.passed.is_some()).count();
    let silent = voices.iter().filter(|voice| voice.passed == Some(true) && voice.chosen.is_none()).count();
    let base = number(voices.iter().filter(|voice| voice.chosen.is_some()).count());
    let cell = |measure, value, whole, is_printable| Cell {
        spot: Spot { cohort, scope, prompt, measure },
        value,
        whole,
        nonresponse: number(silent),
        is_known: measure == Measure::Base && !is_gated,
        is_printable,
        room: whole,
        weight: 1,
    };
    let is_printed = matches!(cohort, Cohort::All | Cohort::Panel | Cohort::PanelLastYear);
    let mut cells = vec![cell(Measure::Base, base, number(asked), is_printed)];
    for category in question.categories() {
        let options = question.options_of(category);
        let is_any = |chosen: &[u16]| chosen.iter().any(|option| options.contains(option));
        let count = number(voices.iter().filter(|voice| voice.chosen.is_some_and(is_any)).count());
        let is_printable = is_printed && is_beside(survey, cohort, prompt, category);
        let mut one = cell(Measure::Count(category), count, base, is_printable);
        if cohort == Cohort::All {
            one.weight = weight(survey, scope, prompt.question, category, count);
        }
        cells.push(one);
    }
    cells
}

/// Whether an answer is one that is printed: of the panel only those that are compared are.
fn is_beside(survey: &Survey, cohort: Cohort, prompt: Prompt, category: Shown) -> bool {
    let beside = |comparison: &Comparison, category| match comparison.concordance.figure(prompt, category) {
        Counterpart::Compared { with: (_, answer), .. } => Some(answer),
        Counterpart::Absent { .. } => None,
    };
    match (cohort, &survey.comparison) {
        (Cohort::Panel, Some(comparison)) => beside(comparison, category).is_some(),
        (Cohort::PanelLastYear, Some(comparison)) => {
            let mut now = survey.question(prompt.question).categories();
            now.any(|now| beside(comparison, now) == Some(category))
        }
        _ => true,
    }
}

fn weight(survey: &Survey, scope: Scope, question: QuestionIndex, shown: Shown, count: i64) -> i64 {
    if scope.subsector.is_some() {
        return 1 + count;
    }
    let is_drawn = survey.figures.iter().any(|figure| {
        let is_lead = figure.lead.as_ref().is_some_and(|lead| {
            lead.question == question && matches!(shown, Shown::Option(option) if lead.options.contains(&option))
        });
        let is_shown = figure.question == question && figure.shows.contains(&shown);
        (is_shown || is_lead) && figure.sectors.iter().any(|(sector, _)| *sector == scope.sector)
    });
    (1 + count) * WHOLE_SECTOR * if is_drawn { DRAWN } else { 1 }
}
