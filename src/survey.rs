//! The survey as data: who is asked, what, in which year, and which figures are drawn.
//!
//! [`Survey::load`] reads a year's file and what it names, and validates it into a type that
//! cannot hold a dangling id: options, nets, gates and figures refer to each other by index.
//! Whatever is wrong is collected as [`Complaint`]s, all at once, each with file and line.

mod document;
mod sector;
mod question;
mod selection;
mod gate;
mod bank;
mod edit;
mod figure;
mod roster;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::finding::{Code, Severity};

pub use document::{Complaint, Document, Located, Position, Section, comparable};
pub use edit::{
    Choose, Condition, Edit, EditCase, EditKind, EditStatus, Facts, Interval, Truth, Verdict, Wording, Year,
};
pub use figure::{ChartKind, Figure, Lead, Shown};
pub use question::{Choice, Gate, Item, Kind, Net, Prompt, Question, QuestionIndex};
pub use roster::{Institution, Membership, Roster};
pub use sector::{Audience, Sector, SectorIndex, Subsector};

/// A definition that cannot be used, with all that is wrong with it.
#[derive(Debug, thiserror::Error)]
#[error("{}", summary(.complaints))]
pub struct DefinitionError {
    /// What is wrong; never empty, sorted by file and line.
    pub complaints: Vec<Complaint>,
}

fn summary(complaints: &[Complaint]) -> String {
    let all: Vec<String> = complaints.iter().map(Complaint::to_string).collect();
    let things = if all.len() == 1 { "1 mistake".to_owned() } else { format!("{} mistakes", all.len()) };
    format!("the definition has {things}:\n\n{}", all.join("\n\n"))
}

impl DefinitionError {
    /// `Ok` where there is nothing to complain about.
    pub fn unless_empty(mut complaints: Vec<Complaint>) -> Result<(), DefinitionError> {
        if complaints.is_empty() {
            return Ok(());
        }
        complaints.sort();
        complaints.dedup();
        Err(DefinitionError { complaints })
    }
}

/// The survey of one fiscal year.
#[derive(Debug)]
pub struct Survey {
    /// The fiscal year (事務年度): 2023 runs from July 2023 to June 2024.
    pub fiscal_year: u16,
    /// The survey's name.
    pub title: String,
    /// The sectors, in the order of the definition.
    pub sectors: Vec<Sector>,
    /// The questions asked in the year, in printed order.
    pub questions: Vec<Question>,
    /// The figures, in the order of the publication.
    pub figures: Vec<Figure>,
    /// The rules that answers are held against, beyond what follows from the questionnaire.
    pub edits: Vec<Edit>,
    /// The severities that the survey gives to findings, where they are not those of the code.
    pub severities: BTreeMap<Code, Severity>,
    /// The definition files of the forms.
    pub forms: Vec<PathBuf>,
    /// The folder of returned workbooks, as the year's file names it.
    pub returns: PathBuf,
    /// The roster, as the year's file names it.
    pub roster: PathBuf,
    /// Every file that the definition was read from.
    pub sources: Vec<PathBuf>,
}

impl Survey {
    /// Reads and validates a year's file and everything it names.
    pub fn load(year_file: &Path) -> Result<Survey, DefinitionError> {
        let mut complaints = Vec::new();
        let survey = read(year_file, &mut complaints);
        DefinitionError::unless_empty(complaints)?;
        Ok(survey.expect("a definition that cannot be read leaves a complaint"))
    }

    /// The question at an index.
    pub fn question(&self, index: QuestionIndex) -> &Question {
        &self.questions[index.position()]
    }

    /// All that is asked, question by question and item by item, in printed order.
    pub fn prompts(&self) -> impl Iterator<Item = Prompt> + '_ {
        self.questions.iter().enumerate().flat_map(|(position, question)| question.prompts(QuestionIndex::at(position)))
    }

    /// The sector with this id.
    pub fn sector_index(&self, id: &str) -> Option<SectorIndex> {
        SectorIndex::find(&self.sectors, id)
    }

    /// How a prompt is named in a message: 問13(3) and the question's wording.
    pub fn prompt_name(&self, prompt: Prompt) -> String {
        let question = self.question(prompt.question);
        let number = prompt.question.number();
        match prompt.item {
            Some(item) => {
                format!("問{number}({}) {}：{}", item + 1, question.title, question.items[usize::from(item)].label)
            }
            None => format!("問{number} {}", question.title),
        }
    }

    /// The ids of a prompt: question, and item or nothing.
    pub fn prompt_ids(&self, prompt: Prompt) -> (&str, &str) {
        let question = self.question(prompt.question);
        (&question.id, prompt.item.map_or("", |item| &question.items[usize::from(item)].id))
    }

    /// The prompt with these ids.
    pub fn prompt(&self, question: &str, item: &str) -> Option<Prompt> {
        let index = self.questions.iter().position(|other| other.id == question)?;
        let item = match item {
            "" => None,
            id => Some(self.questions[index].item(id)?),
        };
        Some(Prompt { question: QuestionIndex::at(index), item })
    }

    /// How the year is called in print: 2023事務年度.
    pub fn year_name(&self) -> String {
        format!("{}事務年度", self.fiscal_year)
    }
}

fn read(year_file: &Path, complaints: &mut Vec<Complaint>) -> Option<Survey> {
    let document = Document::open(year_file, complaints)?;
    let table = document.parse(complaints)?;
    let mut year = Section::root(&document, &table);

    let fiscal_year = year.integer("fiscal_year", complaints);
    let survey_file = year.text("survey", complaints);
    let questions_file = year.text("questions", complaints);
    let nets_file = year.text("nets", complaints);
    let edits_file = year.optional_text("edits", complaints);
    let forms = year.texts("forms", complaints);
    let returns = year.text("returns", complaints);
    let roster = year.text("roster", complaints);
    let asked = year.texts("asked", complaints);
    let figures = year.sections("figure", complaints);
    if forms.is_empty() {
        complaints.push(year.here().complaint("`forms` names no form: no workbook could be read"));
    }
    let here = year.here();
    year.finish(complaints);

    let mut sources = vec![year_file.to_owned()];
    let mut open = |name: &Located<String>, complaints: &mut Vec<Complaint>| {
        let path = document.resolve(&name.value);
        sources.push(path.clone());
        Document::open(&path, complaints)
    };
    let survey_document = survey_file.as_ref().and_then(|name| open(name, complaints));
    let questions_document = questions_file.as_ref().and_then(|name| open(name, complaints));
    let nets_document = nets_file.as_ref().and_then(|name| open(name, complaints));
    let edits_document = edits_file.as_ref().and_then(|name| open(name, complaints));
    sources.extend(forms.iter().map(|form| document.resolve(&form.value)));

    let fiscal_year = fiscal_year.and_then(|year| match u16::try_from(year.value) {
        Ok(value @ 1990..=2200) => Some(value),
        _ => {
            let message = format!("{} is no fiscal year, expected one such as 2023", year.value);
            complaints.push(year.complaint(message));
            None
        }
    })?;
    let (title, sectors) = sector::read(&survey_document?, complaints)?;
    let bank = bank::read_bank(&questions_document?, &sectors, complaints)?;
    let mut questions = bank::select(bank, fiscal_year, &asked, &here, complaints);
    bank::read_nets(&nets_document?, &mut questions, complaints)?;
    let figures = figure::read(figures, &sectors, &questions, complaints);
    let is_of_another_year = |id: &str| questions.is_of_another_year(id);
    let is_broken = |id: &str| questions.is_broken(id);
    let bounds = edit::Bounds {
        fiscal_year,
        sectors: &sectors,
        questions: &questions.asked,
        is_of_another_year: &is_of_another_year,
        is_broken: &is_broken,
    };
    let (edits, severities) =
        edits_document.map_or_else(Default::default, |document| edit::read(&document, &bounds, complaints));
    Some(Survey {
        fiscal_year,
        title,
        sectors,
        questions: questions.asked,
        figures,
        edits,
        severities,
        forms: forms.iter().map(|form| document.resolve(&form.value)).collect(),
        returns: document.resolve(&returns?.value),
        roster: document.resolve(&roster?.value),
        sources,
    })
}
