//! The number that each respondent gave, as the store has it: its contribution to a total.

use std::collections::BTreeMap;

use crate::store::{self, StoreError, TableFiles, tables};
use crate::survey::{Kind, QuestionIndex, Survey};
use crate::tabulate::millionths;
use crate::validate::State;

/// The numbers of one year in millionths, by question and institution.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contributions(BTreeMap<QuestionIndex, BTreeMap<String, i128>>);

impl Contributions {
    /// Reads a year.
    pub fn read(survey: &Survey, files: &dyn TableFiles) -> Result<Contributions, StoreError> {
        let mut all = Contributions::default();
        let columns = ["institution", "question", "item", "value", "state"];
        store::read(files, &tables::RESPONSES, survey.fiscal_year, &columns, |row| {
            let Some(prompt) = survey.prompt(row.text("question"), row.text("item")) else { return };
            let is_number = survey.question(prompt.question).kind == Kind::Number;
            let is_answered = row.text("state") == State::Answered.word();
            if let Some(number) = row.number("value").filter(|_| is_number && is_answered) {
                let institution = row.text("institution").to_owned();
                all.0.entry(prompt.question).or_default().insert(institution, millionths(number));
            }
        })?;
        Ok(all)
    }

    /// The number of an institution, if it gave one.
    pub(super) fn of(&self, question: QuestionIndex, institution: &str) -> Option<i128> {
        self.0.get(&question)?.get(institution).copied()
    }
}
