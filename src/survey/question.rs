//! Questions, their items and options, and the nets over them.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::document::{Complaint, Document, Located, Section};
use super::gate::{self, Gate, WrittenGate};
use super::sector::{Sector, SectorIndex};

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One of the options.
    Single,
    /// Any of the options.
    Multiple,
    /// One of the options for each item.
    GridSingle,
    /// Any of the options for each item.
    GridMultiple,
    /// A number.
    Number,
    /// Free text.
    Text,
}

impl Kind {
    /// Whether one answer at most may be chosen (for each item).
    pub fn is_single(self) -> bool {
        matches!(self, Kind::Single | Kind::GridSingle)
    }

    /// Whether options are chosen at all.
    pub fn has_options(self) -> bool {
        !matches!(self, Kind::Number | Kind::Text)
    }

    /// Whether the question is asked item by item.
    pub fn is_grid(self) -> bool {
        matches!(self, Kind::GridSingle | Kind::GridMultiple)
    }

    fn from_word(word: &str) -> Option<Kind> {
        Some(match word {
            "single" => Kind::Single,
            "multiple" => Kind::Multiple,
            "grid_single" => Kind::GridSingle,
            "grid_multiple" => Kind::GridMultiple,
            "number" => Kind::Number,
            "text" => Kind::Text,
            _ => return None,
        })
    }
}

/// A question as one year asks it.
#[derive(Debug, Clone)]
pub struct Question {
    /// Its id, the same in every year.
    pub id: String,
    /// How it is answered.
    pub kind: Kind,
    /// The section of the questionnaire.
    pub section: String,
    /// Its wording.
    pub title: String,
    /// The unit of a number (人).
    pub unit: Option<String>,
    /// Whether a blank is an answer ("nothing to add") rather than nonresponse.
    pub voluntary: bool,
    /// The sectors that are asked.
    pub sectors: Vec<SectorIndex>,
    /// What it is asked about; empty where it has no items.
    pub items: Vec<Item>,
    /// What can be chosen; empty for numbers and text.
    pub options: Vec<Choice>,
    /// The condition on which it is asked.
    pub gate: Option<Gate>,
    /// The nets over its options.
    pub nets: Vec<Net>,
}

/// One line of a grid.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// Its wording.
    pub label: String,
}

/// An option.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Its id.
    pub id: String,
    /// Its wording.
    pub label: String,
    /// Ordinal maturity, higher is better; `None` where the options have no order.
    pub level: Option<u8>,
    /// "None of these": cannot stand beside another option.
    pub exclusive: bool,
}

/// A union of options reported as one figure.
#[derive(Debug, Clone)]
pub struct Net {
    /// Its id, unlike that of any option of the question.
    pub id: String,
    /// Its wording.
    pub label: String,
    /// The positions of its options.
    pub options: Vec<u16>,
}

/// The position of a question in a year's questionnaire; printed numbers are one higher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct QuestionIndex(u16);

impl QuestionIndex {
    /// The index of a position. A questionnaire is far shorter than 65,535 questions.
    pub fn at(position: usize) -> Self {
        QuestionIndex(u16::try_from(position).expect("a questionnaire has fewer than 65,536 questions"))
    }

    /// The index as a position.
    pub fn position(self) -> usize {
        usize::from(self.0)
    }

    /// The number printed in the form.
    pub fn number(self) -> u16 {
        self.0 + 1
    }
}

/// One thing asked: a question, or one item of a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Prompt {
    /// The question.
    pub question: QuestionIndex,
    /// The item, by position; `None` where the question has none.
    pub item: Option<u16>,
}

impl Question {
    /// The prompts of the question: itself, or one for each item.
    pub fn prompts(&self, index: QuestionIndex) -> impl Iterator<Item = Prompt> + use<> {
        let items: Range<u16> = 0..u16::try_from(self.items.len()).expect("a grid has few items");
        let alone = items.is_empty().then_some(Prompt { question: index, item: None });
        alone.into_iter().chain(items.map(move |item| Prompt { question: index, item: Some(item) }))
    }

    /// The position of an option by its id.
    pub fn option(&self, id: &str) -> Option<u16> {
        position(self.options.iter().map(|option| option.id.as_str()), id)
    }

    /// The position of a net by its id.
    pub fn net(&self, id: &str) -> Option<u16> {
        position(self.nets.iter().map(|net| net.id.as_str()), id)
    }

    /// The position of an item by its id.
    pub fn item(&self, id: &str) -> Option<u16> {
        position(self.items.iter().map(|item| item.id.as_str()), id)
    }
}

fn position<'a>(mut ids: impl Iterator<Item = &'a str>, wanted: &str) -> Option<u16> {
    ids.position(|id| id == wanted).and_then(|position| u16::try_from(position).ok())
}

/// A question of the bank, before a year has chosen its questions.
pub(super) struct BankQuestion {
    id: Located<String>,
    years: Vec<Located<i64>>,
    gate: Option<WrittenGate>,
    question: Question,
}

/// The question bank.
#[derive(Default)]
pub(super) struct Bank {
    questions: Vec<BankQuestion>,
    /// Ids of questions that were complained about and could not be taken over: a reference to
    /// one of them is no mistake of its own.
    broken: Vec<String>,
}

/// Reads the question bank; `None` where the file cannot be read at all.
pub(super) fn read_bank(document: &Document, sectors: &[Sector], complaints: &mut Vec<Complaint>) -> Option<Bank> {
    let table = document.parse(complaints)?;
    let mut root = Section::root(document, &table);
    let mut bank = Bank::default();
    for mut section in root.sections("question", complaints) {
        let id = section.text("id", complaints);
        let Some(entry) = read_question(section, id.clone(), sectors, complaints) else {
            bank.broken.extend(id.map(|id| id.value));
            continue;
        };
        if bank.questions.iter().any(|other| other.id.value == entry.id.value) {
            complaints.push(entry.id.complaint(format!("question `{}` is defined twice", entry.id.value)));
        }
        bank.questions.push(entry);
    }
    root.finish(complaints);
    Some(bank)
}

fn read_question(
    mut section: Section<'_>,
    id: Option<Located<String>>,
    sectors: &[Sector],
    complaints: &mut Vec<Complaint>,
) -> Option<BankQuestion> {
    let kind = section.text("kind", complaints);
    let heading = section.text("section", complaints);
    let title = section.text("title", complaints);
    let unit = section.optional_text("unit", complaints);
    let voluntary = section.flag("voluntary", complaints);
    let years = section.integers("years", complaints);
    let asked = section.texts("sectors", complaints);
    let gate = section.optional_section("asked_if", complaints).and_then(|mut gate| {
        let question = gate.text("question", complaints);
        let any_of = gate.texts("any_of", complaints);
        gate.finish(complaints);
        Some(WrittenGate { question: question?, any_of })
    });
    let items = read_items(section.sections("items", complaints), complaints);
    let options = read_options(section.sections("options", complaints), complaints);
    section.finish(complaints);

    let (id, kind) = (id?, kind?);
    let Some(kind_value) = Kind::from_word(&kind.value) else {
        complaints.push(kind.complaint(format!(
            "`{}` is no kind of question, expected single, multiple, grid_single, grid_multiple, number or text",
            kind.value
        )));
        return None;
    };
    if kind_value.is_grid() == items.is_empty() {
        let have = if items.is_empty() { "no items" } else { "items" };
        complaints.push(kind.complaint(format!("`{}` is {} but has {have}", id.value, kind.value)));
    }
    if kind_value.has_options() == options.is_empty() {
        let have = if options.is_empty() { "no options" } else { "options" };
        complaints.push(kind.complaint(format!("`{}` is {} but has {have}", id.value, kind.value)));
    }
    let mut sector_indices = Vec::with_capacity(asked.len());
    for name in &asked {
        match SectorIndex::find(sectors, &name.value) {
            Some(sector) => sector_indices.push(sector),
            None => complaints.push(name.complaint(format!("there is no sector `{}`", name.value))),
        }
    }
    if asked.is_empty() {
        complaints.push(id.complaint(format!("`{}` is asked of no sector", id.value)));
    }
    sector_indices.sort_unstable();
    let question = Question {
        id: id.value.clone(),
        kind: kind_value,
        section: heading?.value,
        title: title?.value,
        unit: unit.map(|unit| unit.value),
        voluntary,
        sectors: sector_indices,
        items,
        options,
        gate: None,
        nets: Vec::new(),
    };
    Some(BankQuestion { id, years, gate, question })
}

fn read_items(sections: Vec<Section<'_>>, complaints: &mut Vec<Complaint>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::with_capacity(sections.len());
    for mut section in sections {
        let id = section.text("id", complaints);
        let label = section.text("label", complaints);
        section.finish(complaints);
        let (Some(id), Some(label)) = (id, label) else { continue };
        if items.iter().any(|item| item.id == id.value) {
            complaints.push(id.complaint(format!("item `{}` stands twice in the question", id.value)));
        }
        items.push(Item { id: id.value, label: label.value });
    }
    items
}

fn read_options(sections: Vec<Section<'_>>, complaints: &mut Vec<Complaint>) -> Vec<Choice> {
    let mut options: Vec<Choice> = Vec::with_capacity(sections.len());
    for mut section in sections {
        let id = section.text("id", complaints);
        let label = section.text("label", complaints);
        let level = section.optional_integer("level", complaints);
        let exclusive = section.flag("exclusive", complaints);
        section.finish(complaints);
        let (Some(id), Some(label)) = (id, label) else { continue };
        if options.iter().any(|option| option.id == id.value) {
            complaints.push(id.complaint(format!("option `{}` stands twice in the question", id.value)));
        }
        if options.iter().any(|option| option.label == label.value) {
            complaints.push(label.complaint("two options of the question have the same wording"));
        }
        let level = level.and_then(|level| {
            let value = u8::try_from(level.value).ok();
            if value.is_none() {
                complaints.push(level.complaint("a level is a small whole number, such as 1 to 4"));
            }
            value
        });
        options.push(Choice { id: id.value, label: label.value, level, exclusive });
    }
    options
}

/// The questions of a year together with those that other years ask, so that a reference to
/// the latter can be told from a spelling mistake.
pub(super) struct Selection {
    asked: Vec<Question>,
    not_asked: Vec<String>,
    broken: Vec<String>,
}

impl Selection {
    /// The questions of the year.
    pub(super) fn into_asked(self) -> Vec<Question> {
        self.asked
    }

    /// The question with this id among those asked.
    pub(super) fn find(&self, id: &str) -> Option<QuestionIndex> {
        self.asked.iter().position(|question| question.id == id).map(QuestionIndex::at)
    }

    /// The question at an index.
    pub(super) fn question(&self, index: QuestionIndex) -> &Question {
        &self.asked[index.position()]
    }

    /// Whether the question is in the bank but was complained about there.
    pub(super) fn is_broken(&self, id: &str) -> bool {
        self.broken.iter().any(|other| other == id)
    }

    fn is_of_another_year(&self, id: &str) -> bool {
        self.not_asked.iter().any(|other| other == id)
    }
}

/// Chooses the questions of a year, in the order in which it prints them, and resolves gates.
pub(super) fn select(
    bank: Bank,
    fiscal_year: u16,
    asked: &[Located<String>],
    year: &Located<()>,
    complaints: &mut Vec<Complaint>,
) -> Selection {
    let Bank { questions, broken } = bank;
    let mut bank: Vec<Option<BankQuestion>> = questions.into_iter().map(Some).collect();
    let mut selection = Selection { asked: Vec::with_capacity(asked.len()), not_asked: Vec::new(), broken };
    for name in asked {
        let slot = bank.iter_mut().find(|slot| slot.as_ref().is_some_and(|entry| entry.id.value == name.value));
        let Some(entry) = slot.and_then(Option::take) else {
            if selection.is_broken(&name.value) {
                continue;
            }
            let twice = selection.asked.iter().any(|question| question.id == name.value);
            let what = if twice { "is asked twice" } else { "is not in the question bank" };
            complaints.push(name.complaint(format!("question `{}` {what}", name.value)));
            continue;
        };
        if !entry.years.iter().any(|year| year.value == i64::from(fiscal_year)) {
            complaints.push(name.complaint_with_help(
                format!(
                    "`{}` is asked here, but the question bank does not give it the year {fiscal_year}",
                    name.value
                ),
                "add the year to `years` in the question bank, or take the question out of `asked`",
            ));
        }
        let mut question = entry.question;
        if let Some(written) = &entry.gate {
            question.gate = gate::resolve(written, &question, &selection, complaints);
        }
        selection.asked.push(question);
    }
    for entry in bank.into_iter().flatten() {
        if entry.years.iter().any(|year| year.value == i64::from(fiscal_year)) {
            complaints.push(entry.id.complaint_with_help(
                format!("the question bank has `{}` for {fiscal_year}, but the year does not ask it", entry.id.value),
                "put it into `asked` of the year's file at its printed place, or take the year out of `years`",
            ));
        }
        selection.not_asked.push(entry.id.value);
    }
    if asked.is_empty() {
        complaints.push(year.complaint("`asked` lists no question"));
    }
    selection
}

/// Reads the nets and hangs them on their questions; those of other years' questions wait. `None`
/// where the file cannot be read at all.
pub(super) fn read_nets(document: &Document, selection: &mut Selection, complaints: &mut Vec<Complaint>) -> Option<()> {
    let table = document.parse(complaints)?;
    let mut root = Section::root(document, &table);
    for mut section in root.sections("net", complaints) {
        let question = section.text("question", complaints);
        let id = section.text("id", complaints);
        let label = section.text("label", complaints);
        let options = section.texts("options", complaints);
        section.finish(complaints);
        let (Some(question), Some(id), Some(label)) = (question, id, label) else { continue };
        let Some(index) = selection.find(&question.value) else {
            if !selection.is_of_another_year(&question.value) && !selection.is_broken(&question.value) {
                complaints.push(question.complaint(format!("there is no question `{}`", question.value)));
            }
            continue;
        };
        let target = &mut selection.asked[index.position()];
        if target.option(&id.value).is_some() || target.net(&id.value).is_some() {
            complaints.push(id.complaint(format!("`{}` already has an option or net `{}`", target.id, id.value)));
        }
        let mut positions = Vec::with_capacity(options.len());
        for option in &options {
            match target.option(&option.value) {
                Some(position) if positions.contains(&position) => {
                    complaints.push(option.complaint(format!("option `{}` stands twice in the net", option.value)));
                }
                Some(position) => positions.push(position),
                None => complaints.push(option.complaint(format!("`{}` has no option `{}`", target.id, option.value))),
            }
        }
        if options.len() < 2 {
            complaints.push(id.complaint("a net joins at least two options"));
        }
        positions.sort_unstable();
        target.nets.push(Net { id: id.value, label: label.value, options: positions });
    }
    root.finish(complaints);
    Some(())
}
