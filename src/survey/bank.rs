//! Reads the question bank and the nets, and chooses the questions of a year.

use super::comparable::comparable;
use super::document::{Complaint, Document, Located, Section};
use super::gate::{self, WrittenGate};
use super::question::{Choice, DECIMALS, Item, Kind, LARGEST, Net, Question};
use super::sector::{Sector, SectorIndex};
use super::selection::Selection;

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
        let id = section.id("id", complaints);
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
    let whole = section.flag("whole", complaints);
    let least = section.optional_integer("least", complaints);
    let most = section.optional_integer("most", complaints);
    let decimals = section.optional_integer("decimals", complaints);
    let voluntary = section.flag("voluntary", complaints);
    let harmless = section.flag("harmless", complaints);
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
    let bounds = Bounds { least, most, decimals };
    let (least, most, decimals) = bounds.check(kind_value, &kind, whole, complaints);
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
        whole,
        least,
        most,
        decimals,
        voluntary,
        harmless,
        sectors: sector_indices,
        items,
        options,
        gate: None,
        nets: Vec::new(),
    };
    Some(BankQuestion { id, years, gate, question })
}

/// The limits of a number, as written.
struct Bounds {
    least: Option<Located<i64>>,
    most: Option<Located<i64>>,
    decimals: Option<Located<i64>>,
}

impl Bounds {
    /// The least and the largest possible number, and its decimals; only a question for a number may have such
    /// limits.
    fn check(
        self,
        kind: Kind,
        written: &Located<String>,
        whole: bool,
        complaints: &mut Vec<Complaint>,
    ) -> (i64, Option<i64>, u8) {
        if kind != Kind::Number && whole {
            let message = format!("`whole` bounds a number, but the question is {}", written.value);
            complaints.push(written.complaint(message));
        }
        let Bounds { least, most, decimals } = self;
        for (key, bound) in [("least", &least), ("most", &most), ("decimals", &decimals)] {
            if let Some(bound) = bound.as_ref().filter(|_| kind != Kind::Number) {
                let message = format!("`{key}` bounds a number, but the question is {}", written.value);
                complaints.push(bound.complaint(message));
            }
        }
        if kind != Kind::Number {
            return (0, None, 0);
        }
        let lowest = least.as_ref().map_or(0, |least| least.value);
        if let Some(least) = least.filter(|least| !(-LARGEST..LARGEST).contains(&least.value)) {
            let message = format!("`least` is {}, expected a number of at most 15 digits", least.value);
            complaints.push(least.complaint(message));
        }
        if let Some(most) = most.as_ref().filter(|most| !(lowest.saturating_add(1)..=LARGEST).contains(&most.value)) {
            let from = lowest.saturating_add(1);
            complaints.push(most.complaint(format!("`most` is {}, expected a whole number from {from}", most.value)));
        }
        let usual = if whole { 0 } else { DECIMALS };
        let allowed = decimals.as_ref().map_or(Some(usual), |written| u8::try_from(written.value).ok());
        let allowed = allowed.filter(|count| *count <= usual);
        if let (Some(decimals), None) = (&decimals, allowed) {
            let message = format!("`decimals` is {}, expected 0 to {usual}", decimals.value);
            complaints.push(decimals.complaint(message));
        }
        (lowest, most.map(|most| most.value), allowed.unwrap_or(usual))
    }
}

fn read_items(sections: Vec<Section<'_>>, complaints: &mut Vec<Complaint>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::with_capacity(sections.len());
    for mut section in sections {
        let id = section.id("id", complaints);
        let label = section.text("label", complaints);
        section.finish(complaints);
        let (Some(id), Some(label)) = (id, label) else { continue };
        if items.iter().any(|item| item.id == id.value) {
            complaints.push(id.complaint(format!("item `{}` stands twice in the question", id.value)));
        }
        if items.iter().any(|item| comparable(&item.label) == comparable(&label.value)) {
            complaints.push(label.complaint("two items of the question have the same wording"));
        }
        items.push(Item { id: id.value, label: label.value });
    }
    items
}

fn read_options(sections: Vec<Section<'_>>, complaints: &mut Vec<Complaint>) -> Vec<Choice> {
    let mut options: Vec<Choice> = Vec::with_capacity(sections.len());
    for mut section in sections {
        let id = section.id("id", complaints);
        let label = section.text("label", complaints);
        let level = section.optional_integer("level", complaints);
        let exclusive = section.flag("exclusive", complaints);
        let adverse = section.flag("adverse", complaints);
        section.finish(complaints);
        let (Some(id), Some(label)) = (id, label) else { continue };
        if options.iter().any(|option| option.id == id.value) {
            complaints.push(id.complaint(format!("option `{}` stands twice in the question", id.value)));
        }
        if options.iter().any(|option| comparable(&option.label) == comparable(&label.value)) {
            complaints.push(label.complaint("two options of the question have the same wording"));
        }
        let level = level.and_then(|level| {
            let value = u8::try_from(level.value).ok();
            if value.is_none() {
                complaints.push(level.complaint("a level is a small whole number, such as 1 to 4"));
            }
            value
        });
        options.push(Choice { id: id.value, label: label.value, level, exclusive, adverse });
    }
    options
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
        let id = section.id("id", complaints);
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
