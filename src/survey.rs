//! The survey as data: the institutions and questions of a year, and the figures to draw.
//!
//! [`Survey::load`] reads a year's file and what it names, and validates it into a type that
//! cannot hold a dangling id: options, nets, gates and figures refer to each other by index.
//! The mistakes are collected as [`Complaint`]s, all at once, each with file and line.

mod comparable;
mod document;
mod sector;
mod question;
mod selection;
mod gate;
mod bank;
mod concordance;
mod edit;
mod figure;
mod disclosure;
mod table_file;
mod roster;
mod acknowledgements;
mod ledger;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::finding::{Code, Severity};
use crate::texts::{Language, Texts};

pub use acknowledgements::{Acknowledgement, Acknowledgements, ID_DIGITS};
pub use comparable::{comparable, comparable_name, is_blank, is_unseen};
pub use concordance::{Class, Comparability, Concordance, Counterpart, Gone, Pairing};
pub use disclosure::{Circle, Limit, Policy};
pub use document::{Complaint, Document, Located, Position, Section};
pub use edit::{
    Choose, Chosen, Condition, Edit, EditCase, EditKind, EditStatus, Facts, Interval, Truth, Verdict, Wording, Year,
};
pub use figure::{ChartKind, Figure, Lead};
pub(crate) use ledger::Life;
pub use ledger::{Date, Event, EventKind, Ledger};
pub use question::{Choice, Gate, Item, Kind, LARGEST, Net, Prompt, Question, QuestionIndex, Shown};
pub use roster::{Institution, InstitutionPlaces, Membership, Roster, RosterPlaces, code_key};
pub use sector::{Audience, MOST_SCOPES, Sector, SectorIndex, Subsector};
pub(crate) use table_file::date_shown;
pub use table_file::{TableError, TableFile, TableKind, TableRow};

/// A definition that cannot be used, with all that is wrong with it.
#[derive(Debug, thiserror::Error)]
#[error("{}", summary(.complaints))]
pub struct DefinitionError {
    /// The mistakes; never empty, sorted by file and line.
    pub complaints: Vec<Complaint>,
}

fn summary(complaints: &[Complaint]) -> String {
    let all: Vec<String> = complaints.iter().map(Complaint::to_string).collect();
    let things = if all.len() == 1 { "1 mistake".to_owned() } else { format!("{} mistakes", all.len()) };
    // A roster or a ledger is a table, whatever the definition is like.
    let is_defined = complaints.iter().any(|complaint| complaint.file.ends_with(".toml"));
    let place = if is_defined { "the definition has" } else { "what was handed in has" };
    format!("{place} {things}:\n\n{}", all.join("\n\n"))
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
    /// The survey's id, by which its stores and outputs are known as its own in every year.
    pub id: String,
    /// The fiscal year (事務年度): 2023 runs from July 2023 to June 2024.
    pub fiscal_year: u16,
    /// The survey's name.
    pub title: String,
    /// The language of its readers and respondents.
    pub language: Language,
    /// A return of which fewer percent of the answers can be looked for and read is set aside.
    pub least_read: u8,
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
    /// The disclosure policies, by circle; a circle without a policy gets nothing.
    pub policies: Vec<Policy>,
    /// The definition files of the forms.
    pub forms: Vec<PathBuf>,
    /// The folder of returned workbooks, as the year's file names it.
    pub returns: PathBuf,
    /// The roster, as the year's file names it.
    pub roster: PathBuf,
    /// The day on which the collection closes, where the year's file says it.
    pub closes: Option<Date>,
    /// What the desk has acknowledged, where the year's file names a table of it.
    pub acknowledged: Option<PathBuf>,
    /// The store of these returns and this roster, where the year's file names one: a path from where the
    /// program runs, as that of every other store.
    pub store: Option<PathBuf>,
    /// The year before and how it compares, where the year's file names it.
    pub comparison: Option<Comparison>,
    /// Every file that the definition was read from.
    pub sources: Vec<PathBuf>,
}

/// The comparison of a year with the one before.
#[derive(Debug)]
pub struct Comparison {
    /// The survey of the year before.
    pub before: Box<Survey>,
    /// Which figures of the two years may stand side by side, and how.
    pub concordance: Concordance,
    /// The file that tells what became of institutions, where the year's file names one.
    pub ledger: Option<PathBuf>,
}

impl Survey {
    /// Reads and validates a year's file and everything it names.
    pub fn load(year_file: &Path) -> Result<Survey, DefinitionError> {
        let mut complaints = Vec::new();
        let survey = read_with_comparison(year_file, &mut complaints);
        DefinitionError::unless_empty(complaints)?;
        Ok(survey.expect("a definition that cannot be read leaves a complaint"))
    }

    /// The texts that its readers and respondents read.
    pub fn texts(&self) -> &'static Texts {
        self.language.texts()
    }

    /// The question at an index.
    pub fn question(&self, index: QuestionIndex) -> &Question {
        &self.questions[index.position()]
    }

    /// All that is asked, question by question and item by item, in printed order.
    pub fn prompts(&self) -> impl Iterator<Item = Prompt> + '_ {
        self.questions.iter().enumerate().flat_map(|(position, question)| question.prompts(QuestionIndex::at(position)))
    }

    /// The disclosure policy of a circle.
    pub fn policy(&self, circle: Circle) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.circle == circle)
    }

    /// The sector with this id.
    pub fn sector_index(&self, id: &str) -> Option<SectorIndex> {
        SectorIndex::find(&self.sectors, id)
    }

    /// How a prompt is named in a message: 問13(3) and the question's wording.
    pub fn prompt_name(&self, prompt: Prompt) -> String {
        let question = self.question(prompt.question);
        let number = prompt.question.number();
        let texts = &self.texts().survey;
        match prompt.item {
            Some(item) => (texts.item)(number, item + 1, &question.title, &question.items[usize::from(item)].label),
            None => (texts.question)(number, &question.title),
        }
    }

    /// How a question is named by its number alone: 問13.
    pub fn question_number(&self, question: QuestionIndex) -> String {
        (self.texts().survey.number)(question.number())
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
        (self.texts().survey.year)(self.fiscal_year)
    }
}

/// The entries of a year's file on the year before.
struct WrittenComparison {
    previous: Located<String>,
    concordance: Option<Located<String>>,
    ledger: Option<Located<String>>,
    document: Document,
}

/// Reads a year, and the year before that it is compared with.
fn read_with_comparison(year_file: &Path, complaints: &mut Vec<Complaint>) -> Option<Survey> {
    let (mut survey, written) = read(year_file, complaints)?;
    let Some(WrittenComparison { previous, concordance, ledger, document }) = written else { return Some(survey) };
    let Some(concordance) = concordance else {
        let help = "name the file that says how the questions of the two years compare, as `concordance`";
        complaints.push(previous.complaint_with_help("`previous` stands without `concordance`", help));
        return None;
    };
    // The year before is compared with nothing here: its own past is its own file's matter.
    let (before, _) = read(&document.resolve(&previous.value), complaints)?;
    if before.fiscal_year + 1 != survey.fiscal_year {
        let message = format!("`previous` is fiscal year {}, expected {}", before.fiscal_year, survey.fiscal_year - 1);
        complaints.push(previous.complaint(message));
    }
    let path = document.resolve(&concordance.value);
    let concordance_document = Document::open(&path, complaints)?;
    // Complaints that follow from a mistake in the questions of either year are left out.
    if !complaints.is_empty() {
        return None;
    }
    let years = concordance::Years { now: &survey.questions, before: &before.questions };
    let concordance = concordance::read(&concordance_document, &years, complaints)?;
    survey.sources.push(path);
    survey
        .sources
        .extend(before.sources.iter().filter(|source| !survey.sources.contains(source)).cloned().collect::<Vec<_>>());
    let ledger = ledger.map(|name| document.resolve(&name.value));
    survey.comparison = Some(Comparison { before: Box::new(before), concordance, ledger });
    Some(survey)
}

fn read(year_file: &Path, complaints: &mut Vec<Complaint>) -> Option<(Survey, Option<WrittenComparison>)> {
    let document = Document::open(year_file, complaints)?;
    let table = document.parse(complaints)?;
    let mut year = Section::root(&document, &table);

    let fiscal_year = year.integer("fiscal_year", complaints);
    let survey_file = year.text("survey", complaints);
    let questions_file = year.text("questions", complaints);
    let nets_file = year.text("nets", complaints);
    let edits_file = year.optional_text("edits", complaints);
    let disclosure_file = year.optional_text("disclosure", complaints);
    let forms = year.texts("forms", complaints);
    let returns = year.text("returns", complaints);
    let roster = year.text("roster", complaints);
    let acknowledged = year.optional_text("acknowledged", complaints);
    let closes = year.optional_day("closes", complaints);
    let store = year.optional_text("store", complaints);
    let previous = year.optional_text("previous", complaints);
    let concordance = year.optional_text("concordance", complaints);
    let ledger = year.optional_text("ledger", complaints);
    for lonely in concordance.iter().chain(&ledger).filter(|_| previous.is_none()) {
        complaints.push(lonely.complaint("without `previous`, the file of the year before, this says nothing"));
    }
    let written =
        previous.map(|previous| WrittenComparison { previous, concordance, ledger, document: document.clone() });
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
    let disclosure_document = disclosure_file.as_ref().and_then(|name| open(name, complaints));
    sources.extend(forms.iter().map(|form| document.resolve(&form.value)));

    let fiscal_year = fiscal_year.and_then(|year| match u16::try_from(year.value) {
        Ok(value @ 1990..=2200) => Some(value),
        _ => {
            let message = format!("{} is no fiscal year, expected one such as 2023", year.value);
            complaints.push(year.complaint(message));
            None
        }
    })?;
    let sector::Basics { id, title, least_read, sectors } = sector::read(&survey_document?, complaints)?;
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
    let policies =
        disclosure_document.map_or_else(Vec::new, |document| disclosure::read(&document, &sectors, complaints));
    let survey = Survey {
        id,
        fiscal_year,
        title,
        language: Language::default(),
        least_read,
        sectors,
        questions: questions.asked,
        figures,
        edits,
        severities,
        policies,
        forms: forms.iter().map(|form| document.resolve(&form.value)).collect(),
        returns: document.resolve(&returns?.value),
        roster: document.resolve(&roster?.value),
        acknowledged: acknowledged.map(|name| document.resolve(&name.value)),
        closes: closes.map(|day| day.value),
        store: store.map(|store| PathBuf::from(store.value)),
        comparison: None,
        sources,
    };
    Some((survey, written))
}
