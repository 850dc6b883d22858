//! The definition file of a form, read and checked.

use std::path::Path;

use super::marks::Marks;
use super::{ChoiceLayout, GridLayout, Layout, Side};
use crate::survey::{Complaint, Document, Kind, Located, Section, Survey};

/// How an item that is a question of its own is numbered and titled.
#[derive(Debug, Clone)]
pub(super) struct ItemHeading {
    pub number: String,
    pub title: String,
}

/// Where answers stand, as written.
#[derive(Debug, Clone)]
pub(super) enum WrittenPlace {
    Column { heading: String },
    Beside { side: Side, label: String },
}

/// A definition file that was found to be sound.
#[derive(Debug, Clone)]
pub(super) struct Definition {
    pub id: String,
    pub cover_title: String,
    pub cover_code: String,
    pub cover_name: String,
    pub question_number: String,
    pub question_title: String,
    pub item_heading: Option<ItemHeading>,
    pub answers: WrittenPlace,
    /// Other spellings of its heading or label that people use.
    pub answer_spellings: Vec<String>,
    pub layout: Layout,
    pub marks: Marks,
}

impl Definition {
    /// How the items of a kind of question begin, where they are questions of their own.
    pub(super) fn itemised(&self, kind: Kind) -> Option<&ItemHeading> {
        let grid = match kind {
            Kind::GridSingle => self.layout.grid_single,
            Kind::GridMultiple => self.layout.grid_multiple,
            _ => return None,
        };
        (grid == GridLayout::Items).then_some(self.item_heading.as_ref()).flatten()
    }

    pub(super) fn read(path: &Path, survey: &Survey, complaints: &mut Vec<Complaint>) -> Option<Definition> {
        let document = Document::open(path, complaints)?;
        let table = document.parse(complaints)?;
        let mut root = Section::root(&document, &table);
        let id = root.id("id", complaints);
        root.optional_text("name", complaints);
        let cover_title = with_placeholder(root.text("cover_title", complaints), "{year}", complaints);
        let cover_code = root.text("cover_code", complaints);
        let cover_name = root.text("cover_name", complaints);
        let question_number = with_placeholder(root.text("question_number", complaints), "{question}", complaints);
        let question_title = with_placeholder(root.text("question_title", complaints), "{title}", complaints);
        let item_number =
            with_both(root.optional_text("item_number", complaints), ["{question}", "{item}"], complaints);
        let item_title = with_both(root.optional_text("item_title", complaints), ["{title}", "{label}"], complaints);
        let answers = read_place(&mut root, complaints);
        let answer_spellings = root.texts("answer_spellings", complaints);
        let layout = read_layout(&mut root, complaints);
        let marks = match root.optional_section("marks", complaints) {
            Some(section) => Marks::read(section, complaints),
            None => Marks::default(),
        };
        if marks.chosen.is_empty() {
            complaints.push(root.here().complaint("`marks.chosen` lists no mark: no choice could be read"));
        }
        let item_heading = item_number.zip(item_title).map(|(number, title)| ItemHeading { number, title });
        let needs_items = layout.is_some_and(|layout| {
            survey.questions.iter().any(|question| match question.kind {
                Kind::GridSingle => layout.grid_single == GridLayout::Items,
                Kind::GridMultiple => layout.grid_multiple == GridLayout::Items,
                _ => false,
            })
        });
        if needs_items && item_heading.is_none() {
            complaints.push(root.here().complaint(
                "grids are laid out as items here, so `item_number` and `item_title` must say how items are printed",
            ));
        }
        root.finish(complaints);
        Some(Definition {
            id: id?.value,
            cover_title: cover_title?,
            cover_code: cover_code?.value,
            cover_name: cover_name?.value,
            question_number: question_number?,
            question_title: question_title?,
            item_heading,
            answers: answers?,
            answer_spellings: answer_spellings.into_iter().map(|spelling| spelling.value).collect(),
            layout: layout?,
            marks,
        })
    }
}

/// Item headings name the question as well as the item.
fn with_both(
    pattern: Option<Located<String>>,
    placeholders: [&str; 2],
    complaints: &mut Vec<Complaint>,
) -> Option<String> {
    let pattern = with_placeholder(pattern.clone(), placeholders[0], complaints).and(pattern);
    with_placeholder(pattern, placeholders[1], complaints)
}

/// A pattern without its placeholder would give every question the same label.
fn with_placeholder(
    pattern: Option<Located<String>>,
    placeholder: &str,
    complaints: &mut Vec<Complaint>,
) -> Option<String> {
    let pattern = pattern?;
    if !pattern.value.contains(placeholder) {
        complaints.push(pattern.complaint(format!("`{}` lacks {placeholder}", pattern.value)));
    }
    Some(pattern.value)
}

fn read_place(root: &mut Section<'_>, complaints: &mut Vec<Complaint>) -> Option<WrittenPlace> {
    let heading = root.optional_text("answer_heading", complaints);
    let side = root.optional_text("answer_side", complaints);
    let label = root.optional_text("answer_label", complaints);
    match (heading, side, label) {
        (Some(heading), None, None) => Some(WrittenPlace::Column { heading: heading.value }),
        (None, Some(side), Some(label)) => {
            let side = match side.value.as_str() {
                "right" => Side::Right,
                "left" => Side::Left,
                other => {
                    complaints.push(side.complaint(format!("`{other}` is no side, expected left or right")));
                    return None;
                }
            };
            Some(WrittenPlace::Beside { side, label: label.value })
        }
        _ => {
            complaints.push(root.here().complaint(
                "answers stand either under `answer_heading`, or on an `answer_side` with an `answer_label` for boxes",
            ));
            None
        }
    }
}

fn read_layout(root: &mut Section<'_>, complaints: &mut Vec<Complaint>) -> Option<Layout> {
    let Some(mut section) = root.optional_section("layout", complaints) else {
        complaints.push(root.here().complaint("`[layout]` is missing: it says how each kind of question is laid out"));
        return None;
    };
    let single = one_of(section.text("single", complaints), &CHOICE_LAYOUTS, complaints);
    let multiple = one_of(section.text("multiple", complaints), &CHOICE_LAYOUTS[1..], complaints);
    let grid_single = one_of(section.text("grid_single", complaints), &GRID_LAYOUTS, complaints);
    let grid_multiple = one_of(section.text("grid_multiple", complaints), &GRID_LAYOUTS, complaints);
    for kind in ["number", "text"] {
        one_of(section.text(kind, complaints), &[("box", ())], complaints);
    }
    section.finish(complaints);
    Some(Layout { single: single?, multiple: multiple?, grid_single: grid_single?, grid_multiple: grid_multiple? })
}

const CHOICE_LAYOUTS: [(&str, ChoiceLayout); 2] = [("number", ChoiceLayout::Number), ("marks", ChoiceLayout::Marks)];
const GRID_LAYOUTS: [(&str, GridLayout); 2] = [("items", GridLayout::Items), ("matrix", GridLayout::Matrix)];

fn one_of<T: Copy>(word: Option<Located<String>>, known: &[(&str, T)], complaints: &mut Vec<Complaint>) -> Option<T> {
    let word = word?;
    let found = known.iter().find(|(name, _)| *name == word.value).map(|(_, value)| *value);
    if found.is_none() {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        complaints.push(word.complaint(format!("`{}` is no layout here, expected {}", word.value, names.join(" or "))));
    }
    found
}
