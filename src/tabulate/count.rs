//! Counts of a year from the store, one institution after the other: the table of responses is never held whole.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::scope::Scope;
use crate::store::{self, Row, StoreError, TableFiles, tables};
use crate::survey::{Prompt, QuestionIndex, Shown, Survey};
use crate::validate::State;

/// Why a year cannot be tabulated.
#[derive(Debug, thiserror::Error)]
pub enum TabulateError {
    /// The store lacks what is needed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store was written with another definition.
    #[error(
        "the store has {what} `{id}`, which the definition of {fiscal_year} does not know\n  run `cssa ingest` for that year again"
    )]
    Unknown {
        /// Sector, question, …
        what: &'static str,
        /// The id.
        id: String,
        /// The year.
        fiscal_year: u16,
    },
    /// The responses of an institution stand in several places of the store.
    #[error(
        "the responses of fiscal year {fiscal_year} are not in the order of institutions: {institution} stands in two places\n  the store was changed by another program; run `cssa ingest` for that year again"
    )]
    Unsorted {
        /// The institution whose responses stand behind those of a later one.
        institution: String,
        /// The year.
        fiscal_year: u16,
    },
}

/// Every count of a year.
#[derive(Debug, Default)]
pub(super) struct Counts {
    chosen: HashMap<(Scope, Prompt, Shown), u32>,
    answered: HashMap<(Scope, Prompt), u32>,
    asked: HashMap<(Scope, Prompt), u32>,
    numbers: HashMap<(Scope, Prompt), Vec<f64>>,
    populations: BTreeMap<Scope, Population>,
}

/// How many a scope has, and how many of them came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Population {
    /// Everyone on the roster: this is a census, so all of them were asked to return the workbook.
    pub members: u32,
    /// Of these, those whose workbook was accepted. The rest is unit nonresponse.
    pub returned: u32,
}

impl Counts {
    /// How many in a scope chose an option, or any option of a net.
    pub(super) fn chosen(&self, scope: Scope, prompt: Prompt, shown: Shown) -> u32 {
        self.chosen.get(&(scope, prompt, shown)).copied().unwrap_or(0)
    }

    /// How many in a scope were asked, and how many of them answered.
    pub(super) fn asked_and_base(&self, scope: Scope, prompt: Prompt) -> (u32, u32) {
        let of = |counts: &HashMap<(Scope, Prompt), u32>| counts.get(&(scope, prompt)).copied().unwrap_or(0);
        (of(&self.asked), of(&self.answered))
    }

    /// Whether anybody of a scope was asked in the year at all.
    pub(super) fn has_members(&self, scope: Scope) -> bool {
        self.populations.get(&scope).is_some_and(|population| population.members > 0)
    }

    /// The numbers answered in a scope.
    pub(super) fn numbers(&self, scope: Scope, prompt: Prompt) -> &[f64] {
        self.numbers.get(&(scope, prompt)).map_or(&[], Vec::as_slice)
    }

    /// Every scope with its population.
    pub(super) fn into_populations(self) -> BTreeMap<Scope, Population> {
        self.populations
    }

    /// Counts a year.
    pub(super) fn of(survey: &Survey, files: &dyn TableFiles) -> Result<Counts, TabulateError> {
        let ids = Ids::of(survey);
        let memberships = memberships(survey, files)?;
        let mut counts = Counts::default();
        for scope in memberships.values().flatten().flat_map(|scope| scope.with_whole()) {
            counts.populations.entry(scope).or_default().members += 1;
        }
        let mut current = Respondent::default();
        let mut complaint: Option<TabulateError> = None;
        let columns = ["institution", "question", "item", "option", "value", "state"];
        store::read(files, &tables::RESPONSES, survey.fiscal_year, &columns, |row| {
            if complaint.is_some() {
                return;
            }
            let institution = row.text("institution");
            if institution < current.institution.as_str() {
                let (institution, fiscal_year) = (institution.to_owned(), survey.fiscal_year);
                complaint = Some(TabulateError::Unsorted { institution, fiscal_year });
            } else if institution != current.institution {
                let next = Respondent { institution: institution.to_owned(), ..Respondent::default() };
                counts.add(survey, &memberships, &std::mem::replace(&mut current, next));
            }
            complaint = complaint.take().or(current.take(&ids, row).err());
        })?;
        counts.add(survey, &memberships, &current);
        complaint.map_or(Ok(counts), Err)
    }

    /// Adds the answers of one institution to the counts of every sector and sub-sector that it is in and that is
    /// asked the question: an institution in two sectors answers the questions of both.
    fn add(&mut self, survey: &Survey, memberships: &BTreeMap<String, Vec<Scope>>, respondent: &Respondent) {
        let places = memberships.get(&respondent.institution).into_iter().flatten();
        for scope in places.clone().flat_map(|scope| scope.with_whole()) {
            self.populations.entry(scope).or_default().returned += 1;
        }
        for (&prompt, answer) in &respondent.answers {
            let question = survey.question(prompt.question);
            let nets = question.nets.iter().zip(0u16..);
            let nets = nets.filter(|(net, _)| net.options.iter().any(|option| answer.chosen.contains(option)));
            let options = answer.chosen.iter().map(|&option| Shown::Option(option));
            let shown: Vec<Shown> = options.chain(nets.map(|(_, net)| Shown::Net(net))).collect();
            let asked = places.clone().filter(|scope| question.sectors.contains(&scope.sector));
            for scope in asked.flat_map(|scope| scope.with_whole()) {
                *self.asked.entry((scope, prompt)).or_default() += u32::from(answer.is_asked);
                *self.answered.entry((scope, prompt)).or_default() += u32::from(answer.is_answered);
                for &shown in &shown {
                    *self.chosen.entry((scope, prompt, shown)).or_default() += 1;
                }
                if let Some(number) = answer.number {
                    self.numbers.entry((scope, prompt)).or_default().push(number);
                }
            }
        }
    }
}

/// The answers of one institution.
#[derive(Debug, Default)]
struct Respondent {
    institution: String,
    answers: BTreeMap<Prompt, Answer>,
}

/// What counts of one answer.
#[derive(Debug, Default)]
struct Answer {
    is_asked: bool,
    is_answered: bool,
    chosen: BTreeSet<u16>,
    number: Option<f64>,
}

impl Respondent {
    /// Takes a row of the responses.
    fn take(&mut self, ids: &Ids<'_>, row: &Row<'_>) -> Result<(), TabulateError> {
        let prompt = ids.prompt(row.text("question"), row.text("item"))?;
        let answer = self.answers.entry(prompt).or_default();
        let state = row.text("state");
        answer.is_asked |= state != State::NotAsked.word();
        if state != State::Answered.word() {
            return Ok(());
        }
        answer.is_answered = true;
        answer.number = row.number("value").or(answer.number);
        match row.text("option") {
            "" => {}
            id => {
                let option = ids.survey.question(prompt.question).option(id);
                answer.chosen.insert(option.ok_or_else(|| unknown(ids.survey, "option", id))?);
            }
        }
        Ok(())
    }
}

/// The questions of a survey by their ids.
struct Ids<'s> {
    survey: &'s Survey,
    questions: HashMap<&'s str, QuestionIndex>,
}

impl<'s> Ids<'s> {
    fn of(survey: &'s Survey) -> Ids<'s> {
        let questions = survey.questions.iter().enumerate();
        let questions = questions.map(|(position, question)| (question.id.as_str(), QuestionIndex::at(position)));
        Ids { survey, questions: questions.collect() }
    }

    fn prompt(&self, question: &str, item: &str) -> Result<Prompt, TabulateError> {
        let index = *self.questions.get(question).ok_or_else(|| unknown(self.survey, "question", question))?;
        let item = match item {
            "" => None,
            id => {
                let position = self.survey.question(index).item(id);
                Some(position.ok_or_else(|| unknown(self.survey, "item", id))?)
            }
        };
        Ok(Prompt { question: index, item })
    }
}

/// The sectors and sub-sectors of every institution on the roster.
fn memberships(survey: &Survey, files: &dyn TableFiles) -> Result<BTreeMap<String, Vec<Scope>>, TabulateError> {
    let mut memberships: BTreeMap<String, Vec<Scope>> = BTreeMap::new();
    let mut complaint = None;
    let columns = ["institution", "sector", "subsector"];
    store::read(files, &tables::MEMBERSHIPS, survey.fiscal_year, &columns, |row| {
        match scope(survey, row.text("sector"), row.text("subsector")) {
            Ok(scope) => memberships.entry(row.text("institution").to_owned()).or_default().push(scope),
            Err(error) => complaint = complaint.take().or(Some(error)),
        }
    })?;
    complaint.map_or(Ok(memberships), Err)
}

fn scope(survey: &Survey, sector: &str, subsector: &str) -> Result<Scope, TabulateError> {
    let index = survey.sector_index(sector).ok_or_else(|| unknown(survey, "sector", sector))?;
    let subsector = match subsector {
        "" => None,
        id => {
            let parts = &survey.sectors[index.position()].subsectors;
            let position = parts.iter().position(|part| part.id == id);
            let position = position.ok_or_else(|| unknown(survey, "sub-sector", id))?;
            Some(u16::try_from(position).expect("a sector has few parts"))
        }
    };
    Ok(Scope { sector: index, subsector })
}

fn unknown(survey: &Survey, what: &'static str, id: &str) -> TabulateError {
    TabulateError::Unknown { what, id: id.to_owned(), fiscal_year: survey.fiscal_year }
}
