//! Who is counted in which cells: what each respondent knows of a release because it knows itself.

use std::collections::BTreeMap;

use super::cells::{Cells, Measure, Spot};
use super::rolls::Roll;
use crate::survey::Survey;

/// A respondent, the cells that it is counted in, and those that it could have been counted in and is
/// not. All are ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Respondent {
    pub counted: Vec<usize>,
    pub not_counted: Vec<usize>,
    /// The bases of what it was asked behind a gate without giving a usable answer.
    pub silent: Vec<usize>,
}

/// Everyone who answered anything, in the order of codes.
pub(super) fn respondents(survey: &Survey, cells: &Cells, rolls: &[Roll<'_>]) -> Vec<Respondent> {
    let mut all: BTreeMap<&str, Respondent> = BTreeMap::new();
    for roll in rolls {
        let base = Spot { cohort: roll.cohort, scope: roll.scope, prompt: roll.prompt, measure: Measure::Base };
        let Some(base_place) = cells.place(base) else { continue };
        let question = roll.cohort.question(survey, roll.prompt);
        for voice in &roll.voices {
            let Some(chosen) = voice.chosen else {
                let Some(passed) = voice.passed else { continue };
                let respondent = all.entry(voice.respondent).or_default();
                respondent.not_counted.push(base_place);
                if passed {
                    respondent.silent.push(base_place);
                }
                continue;
            };
            let respondent = all.entry(voice.respondent).or_default();
            respondent.counted.push(base_place);
            for category in question.categories() {
                let Some(place) = cells.place(Spot { measure: Measure::Count(category), ..base }) else { continue };
                let is_counted = question.options_of(category).iter().any(|option| chosen.contains(option));
                if is_counted { respondent.counted.push(place) } else { respondent.not_counted.push(place) }
            }
        }
    }
    for respondent in all.values_mut() {
        for cells in [&mut respondent.counted, &mut respondent.not_counted, &mut respondent.silent] {
            cells.sort_unstable();
            // Who consolidated others stands behind a cell of last year for each of them.
            cells.dedup();
        }
    }
    all.into_values().collect()
}
