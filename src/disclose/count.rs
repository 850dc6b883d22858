//! From the rolls to the cells: everything of a release is counted once, by whom it counts.

use std::collections::BTreeMap;

use super::cells::{Cell, Cells, Measure, Spot};
use super::cohort::{Cohort, prompt_before};
use super::rolls::Roll;
use crate::survey::{Comparison, Counterpart, Prompt, QuestionIndex, Shown, Survey};
use crate::tabulate::Scope;

/// Withholding a figure of a whole sector loses this many times what a sub-sector's loses …
const WHOLE_SECTOR: i64 = 1_000;
/// … and withholding one that a chart of the publication shows, so many times that.
const DRAWN: i64 = 1_000;

/// The cells behind the rolls of a release.
pub(super) fn count(survey: &Survey, rolls: &[Roll<'_>]) -> Cells {
    let mut cells = Cells::new(rolls.iter().flat_map(|roll| of_roll(survey, roll)).collect());
    weigh_bases(&mut cells);
    widen_bases(survey, &mut cells);
    cells
}

/// Who of those asked is in a panel is not known beforehand: the base of a part of two years may be that of
/// all who could have been asked.
fn widen_bases(survey: &Survey, cells: &mut Cells) {
    for place in 0..cells.all.len() {
        let Cell { spot, is_known, .. } = cells.all[place];
        let is_part = spot.cohort.is_of_two_years() && spot.cohort != Cohort::LastYear;
        if !is_part || is_known || spot.measure != Measure::Base {
            continue;
        }
        let everybody = match (spot.cohort.is_last_year(), &survey.comparison) {
            (true, Some(comparison)) => {
                prompt_before(comparison, spot.prompt).map(|prompt| Spot { cohort: Cohort::LastYear, prompt, ..spot })
            }
            _ => Some(Spot { cohort: Cohort::All, ..spot }),
        };
        if let Some(everybody) = everybody.and_then(|spot| cells.place(spot)) {
            cells.all[place].whole = cells.all[everybody].whole;
        }
    }
}

/// A base is lost with all that stands on it.
fn weigh_bases(cells: &mut Cells) {
    let base = |spot: Spot| Spot { measure: Measure::Base, ..spot };
    let mut sums: BTreeMap<Spot, i64> = BTreeMap::new();
    for cell in cells.all.iter().filter(|cell| cell.spot.measure != Measure::Base) {
        *sums.entry(base(cell.spot)).or_default() += cell.weight;
    }
    for cell in cells.all.iter_mut().filter(|cell| cell.spot.measure == Measure::Base) {
        cell.weight += sums.get(&cell.spot).copied().unwrap_or(0);
    }
}

/// The base of a roll, and the count of each option and net.
fn of_roll(survey: &Survey, roll: &Roll<'_>) -> Vec<Cell> {
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
        band: None,
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
