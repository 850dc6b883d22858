//! Who is counted in which cells: what each respondent knows of a release because it knows itself.

use std::collections::BTreeMap;

use super::cells::{Cells, Measure, Spot};
use crate::compare::{Replies, Reply};
use crate::survey::{Prompt, Survey};

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
pub(super) fn respondents(survey: &Survey, cells: &Cells, replies: &Replies) -> Vec<Respondent> {
    let mut all: BTreeMap<&str, Respondent> = BTreeMap::new();
    for (&scope, institutions) in &replies.members {
        for prompt in survey.prompts() {
            let base = Spot { scope, prompt, measure: Measure::Base };
            let Some(base_place) = cells.place(base) else { continue };
            let question = survey.question(prompt.question);
            for institution in institutions {
                let Reply::Given(chosen) = replies.of(institution, prompt) else {
                    let Some(gate) = &question.gate else { continue };
                    let deciding = Prompt { question: gate.question, item: None };
                    let Reply::Given(decided) = replies.of(institution, deciding) else { continue };
                    let respondent = all.entry(institution.as_str()).or_default();
                    respondent.not_counted.push(base_place);
                    if decided.iter().any(|option| gate.accepted(prompt.item).contains(option)) {
                        respondent.silent.push(base_place);
                    }
                    continue;
                };
                let respondent = all.entry(institution.as_str()).or_default();
                respondent.counted.push(base_place);
                for category in question.categories() {
                    let Some(place) = cells.place(Spot { measure: Measure::Count(category), ..base }) else { continue };
                    let is_counted = question.options_of(category).iter().any(|option| chosen.contains(option));
                    if is_counted { respondent.counted.push(place) } else { respondent.not_counted.push(place) }
                }
            }
        }
    }
    for respondent in all.values_mut() {
        for cells in [&mut respondent.counted, &mut respondent.not_counted, &mut respondent.silent] {
            cells.sort_unstable();
        }
    }
    all.into_values().collect()
}
