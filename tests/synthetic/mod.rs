//! A whole collection that nobody returned: every institution of a year with an answer to everything it
//! is asked, put into the store as `cssa ingest` leaves it, but for where an answer was read.
//!
//! The counts of the published figures are exactly the published ones; whose they are is made up, and so
//! is everything else. Questions, options, gates and sectors are those of the survey.

mod answers;
mod deal;
mod draw;
mod marginals;
mod places;

use cssa::store::{Field, Staging, Store, tables};
use cssa::survey::Survey;

use answers::Answer;
use places::Institution;

/// Puts the collection of a survey's year into a store, in the place of what is there.
pub fn write(store: &Store, survey: &Survey) {
    let institutions = places::institutions(survey);
    let answers = answers::of_all(survey, &institutions);
    let mut staging = store.stage(survey.fiscal_year).expect("a staging folder");
    write_memberships(&mut staging, &institutions);
    let mut responses = staging.table(&tables::RESPONSES).expect("a table");
    for (institution, answers) in institutions.iter().zip(&answers) {
        for (prompt, answer) in answers {
            let (question, item) = survey.prompt_ids(*prompt);
            let mut row = |option: &str, value: Option<f64>, text: Option<&str>, raw: &str| {
                let row = [
                    Field::Text(&institution.code),
                    Field::Text(question),
                    Field::Text(item),
                    Field::Text(option),
                    Field::OptionalNumber(value),
                    Field::OptionalText(text),
                    Field::Text(answer.state().word()),
                    Field::Text(""),
                    Field::OptionalText(None),
                    Field::OptionalText(None),
                    Field::Text(raw),
                ];
                responses.row(row).expect("a row");
            };
            match answer {
                Answer::Chosen(options) => {
                    let all = &survey.question(prompt.question).options;
                    options.iter().for_each(|&option| row(&all[usize::from(option)].id, None, None, "○"));
                }
                Answer::Number(number) => row("", Some(f64::from(*number)), None, &number.to_string()),
                Answer::Text(text) => row("", None, text.as_deref(), text.as_deref().unwrap_or_default()),
                Answer::NotAsked | Answer::Blank => row("", None, None, ""),
            }
        }
    }
    responses.finish().expect("a file");
    staging.commit().expect("a commit");
}

fn write_memberships(staging: &mut Staging<'_>, institutions: &[Institution]) {
    let mut memberships = staging.table(&tables::MEMBERSHIPS).expect("a table");
    for institution in institutions {
        for (sector, subsector) in &institution.places {
            let row = [&institution.code, &institution.name, sector, subsector].map(|text| Field::Text(text));
            memberships.row(row).expect("a row");
        }
    }
    memberships.finish().expect("a file");
}
