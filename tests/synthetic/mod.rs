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
use draw::draw_below;
use places::Institution;

/// The differences of a collection from that of the survey, for measurements on other sizes and divisions.
#[derive(Clone, Copy)]
pub struct Shape {
    /// Of a hundred institutions so many answer, drawn anew for each number of the draw.
    pub subset: Option<(u32, u32)>,
    /// A sub-sector that is divided into so many parts: `shinkin_00`, `shinkin_01` and so on.
    pub divided: Option<(&'static str, usize)>,
    /// How often each question is asked: the second time with `_1` behind its id.
    pub times: usize,
}

impl Shape {
    /// The collection as the survey has it.
    pub const SHIPPED: Shape = Shape { subset: None, divided: None, times: 1 };

    fn is_asked(&self, institution: &Institution) -> bool {
        self.subset.is_none_or(|(percent, number)| {
            draw_below(100, &["subset", &number.to_string(), &institution.code]) < percent
        })
    }

    fn subsector(&self, position: usize, subsector: &str) -> String {
        match self.divided {
            Some((divided, parts)) if divided == subsector => format!("{subsector}_{:02}", position % parts),
            _ => subsector.to_owned(),
        }
    }

    /// The id of a question that is asked several times.
    pub fn question(time: usize, id: &str) -> String {
        if time == 0 { id.to_owned() } else { format!("{id}_{time}") }
    }
}

/// Puts the collection of a survey's year into a store, in the place of the present one.
pub fn write(store: &Store, survey: &Survey) {
    write_shape(store, survey, Shape::SHIPPED);
}

/// The same in another shape: for a definition that has the sub-sectors and questions of that shape.
pub fn write_shape(store: &Store, survey: &Survey, shape: Shape) {
    let institutions = places::institutions(survey);
    let answers = answers::of_all(survey, &institutions);
    let asked: Vec<_> = institutions.iter().zip(&answers).filter(|(one, _)| shape.is_asked(one)).collect();
    let mut staging = store.stage(survey.fiscal_year).expect("a staging folder");
    write_memberships(&mut staging, &asked.iter().map(|(one, _)| *one).collect::<Vec<_>>(), shape);
    let mut responses = staging.table(&tables::RESPONSES).expect("a table");
    for (institution, answers) in asked {
        for ((prompt, answer), time) in answers.iter().flat_map(|one| (0..shape.times).map(move |time| (one, time))) {
            let (id, item) = survey.prompt_ids(*prompt);
            let question = &Shape::question(time, id);
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

fn write_memberships(staging: &mut Staging<'_>, institutions: &[&Institution], shape: Shape) {
    let mut memberships = staging.table(&tables::MEMBERSHIPS).expect("a table");
    for (position, institution) in institutions.iter().enumerate() {
        for (sector, subsector) in &institution.places {
            let subsector = &shape.subsector(position, subsector);
            let row = [&institution.code, &institution.name, sector, subsector].map(|text| Field::Text(text));
            memberships.row(row).expect("a row");
        }
    }
    memberships.finish().expect("a file");
}
