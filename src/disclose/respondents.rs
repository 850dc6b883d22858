//! Who is counted in which cells: what each respondent knows of a release because it knows itself.

use std::collections::BTreeMap;

use super::cells::{Cells, Measure, Spot};
use crate::compare::{Replies, Reply};
use crate::survey::Survey;

/// A respondent and the cells that it is counted in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Respondent {
    pub institution: String,
    /// Ascending.
    pub counted: Vec<usize>,
}

/// Everyone who is counted anywhere, in the order of codes.
pub(super) fn respondents(survey: &Survey, cells: &Cells, replies: &Replies) -> Vec<Respondent> {
    let mut all: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (&scope, institutions) in &replies.members {
        for prompt in survey.prompts() {
            let base = Spot { scope, prompt, measure: Measure::Base };
            let Some(base_place) = cells.place(base) else { continue };
            let question = survey.question(prompt.question);
            for institution in institutions {
                let Reply::Given(chosen) = replies.of(institution, prompt) else { continue };
                let counted = all.entry(institution.as_str()).or_default();
                counted.push(base_place);
                for category in question.categories() {
                    let is_counted = question.options_of(category).iter().any(|option| chosen.contains(option));
                    let place = cells.place(Spot { measure: Measure::Count(category), ..base });
                    counted.extend(place.filter(|_| is_counted));
                }
            }
        }
    }
    let respondent = |(institution, mut counted): (&str, Vec<usize>)| {
        counted.sort_unstable();
        Respondent { institution: institution.to_owned(), counted }
    };
    all.into_iter().map(respondent).collect()
}
