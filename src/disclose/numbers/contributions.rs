//! The number that each institution gave, as the store has it: what it contributes to a total.

use std::collections::BTreeMap;

use crate::store::{self, StoreError, TableFiles, tables};
use crate::survey::{Kind, QuestionIndex, Survey};
use crate::tabulate::millionths;
use crate::validate::State;

/// The numbers of one year in millionths, by question and institution.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contributions {
    numbers: BTreeMap<QuestionIndex, BTreeMap<String, i128>>,
}

impl Contributions {
    /// Reads a year.
    pub fn read(survey: &Survey, files: &dyn TableFiles) -> Result<Contributions, StoreError> {
        let mut all = Contributions::default();
        let columns = ["institution", "question", "item", "value", "state"];
        store::read(files, &tables::RESPONSES, survey.fiscal_year, &columns, |row| {
            let Some(prompt) = survey.prompt(row.text("question"), row.text("item")) else { return };
            let is_number = survey.question(prompt.question).kind == Kind::Number;
            if let (true, true, Some(number)) =
                (is_number, row.text("state") == State::Answered.word(), row.number("value"))
            {
                let numbers = all.numbers.entry(prompt.question).or_default();
                numbers.insert(row.text("institution").to_owned(), millionths(number));
            }
        })?;
        Ok(all)
    }

    /// The numbers of some institutions, ascending.
    pub(in crate::disclose) fn of_members(&self, question: QuestionIndex, members: Option<&Vec<String>>) -> Vec<i128> {
        let mut numbers: Vec<i128> = members.into_iter().flatten().filter_map(|one| self.of(question, one)).collect();
        numbers.sort_unstable();
        numbers
    }

    /// The number of an institution, if it gave one.
    pub(super) fn of(&self, question: QuestionIndex, institution: &str) -> Option<i128> {
        self.numbers.get(&question)?.get(institution).copied()
    }
}
