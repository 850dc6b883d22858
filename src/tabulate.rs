//! From the store to tables: how the answers to every question are distributed, by sector and
//! sub-sector. Percentages are made from the counts once, in [`Percent`].

mod count;
mod csv;
mod number;
mod percent;
mod scope;
mod table;

pub use count::{Population, TabulateError};
pub use csv::{csv_bytes, distributions_csv, numbers_csv};
pub use number::{Exact, NumberSummary, QUARTILE_METHOD};
pub(crate) use number::{SCALE, millionths};
pub use percent::Percent;
pub use scope::{Scope, scope_ids};
pub use table::{Confidential, Figures, Key, Standing, Table, TableHead};

use std::collections::BTreeMap;

use crate::store::{Field, Staging, StoreError, TableFiles, tables};
use crate::survey::{Gate, Question, QuestionIndex, Survey};
use count::Counts;

/// All tables of one year.
#[derive(Debug)]
pub struct Tabulation {
    /// The distributions of every question with options, in printed order.
    pub distributions: Vec<Table<Confidential>>,
    /// The summaries of every number question, in printed order.
    pub numbers: Vec<Table<Confidential, NumberSummary>>,
    /// Every scope with how many it has and how many of them came back.
    pub populations: BTreeMap<Scope, Population>,
}

/// Tabulates a year from its responses and memberships.
pub fn tabulate(survey: &Survey, files: &dyn TableFiles) -> Result<Tabulation, TabulateError> {
    let counts = Counts::of(survey, files)?;
    let (mut distributions, mut numbers) = (Vec::new(), Vec::new());
    for (position, question) in survey.questions.iter().enumerate() {
        let index = QuestionIndex::at(position);
        let head = head(survey, question);
        if question.kind.has_options() {
            distributions.push(table::distribution(head, survey, index, &counts));
        } else if question.kind == crate::survey::Kind::Number {
            numbers.push(table::summary(head, survey, index, &counts));
        }
    }
    Ok(Tabulation { distributions, numbers, populations: counts.into_populations() })
}

fn head(survey: &Survey, question: &Question) -> TableHead {
    let texts = &survey.texts().table;
    TableHead {
        title: question.title.clone(),
        base: match &question.gate {
            None => texts.base.to_owned(),
            Some(gate) => (texts.base_behind_gate)(&gate_words(survey, gate)),
        },
        source: (texts.source)(&survey.title, &survey.year_name()),
        fiscal_year: survey.fiscal_year,
    }
}

/// The respondents that pass a gate, in words: 「重要なサードパーティの有無」で「存在する」と回答した先.
fn gate_words(survey: &Survey, gate: &Gate) -> String {
    let texts = survey.texts();
    let deciding = survey.question(gate.question);
    let labels: Vec<String> = gate
        .all_accepted()
        .iter()
        .map(|&option| (texts.punctuation.quoted)(&deciding.options[usize::from(option)].label))
        .collect();
    (texts.table.gate)(&deciding.title, &labels)
}

/// Writes the distributions of a year into the store.
pub fn write(survey: &Survey, tabulation: &Tabulation, staging: &mut Staging<'_>) -> Result<(), StoreError> {
    let mut writer = staging.table(&tables::DISTRIBUTIONS)?;
    for row in table::rows(survey, &tabulation.distributions) {
        let percent = row.figures.percent().map(|percent| percent.to_string());
        writer.row([
            Field::Text(row.sector),
            Field::Text(row.subsector),
            Field::Text(row.question),
            Field::Text(row.item),
            Field::Text(row.option),
            Field::Text(row.kind),
            Field::Integer(i64::from(row.figures.count)),
            Field::Integer(i64::from(row.figures.base)),
            Field::Integer(i64::from(row.figures.asked)),
            Field::Integer(i64::from(row.figures.nonresponse())),
            Field::OptionalText(percent.as_deref()),
        ])?;
    }
    writer.finish()
}
