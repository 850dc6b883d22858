//! Where each answer sits in a workbook: a layout described by what is printed around the
//! answers, never by fixed rows and columns.
//!
//! A form's definition file says how questions are numbered and titled, where answers stand
//! relative to the printed labels, and how each kind of question is laid out. Joined with the
//! questions of a year it becomes a [`Form`]: every label that can be printed, and what the
//! blocks of the questionnaire begin with. Another layout is another file.

mod definition;
mod inquiry;
mod labels;
mod marks;

use std::sync::Arc;

pub use inquiry::{Decision, InquiryColumn, inquiry_options, inquiry_title, inquiry_title_parts};
pub use labels::{LabelId, Labels};
pub use marks::{Marks, Sign};

use crate::survey::{Complaint, DefinitionError, QuestionIndex, Survey, comparable};
use definition::Definition;

/// Where answers stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnswerPlace {
    /// In the column under this heading.
    Column {
        /// The heading.
        heading: LabelId,
    },
    /// Next to the option, and for numbers and text next to this label.
    Beside {
        /// The side of the option or label.
        side: Side,
        /// The label of the box of numbers and text.
        label: LabelId,
    },
}

/// A side of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The columns before it.
    Left,
    /// The columns after it.
    Right,
}

/// How a choice is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChoiceLayout {
    /// The chosen option's number stands in the answer box of the question.
    Number,
    /// A mark stands beside each chosen option.
    Marks,
}

/// How a grid is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GridLayout {
    /// Each item is a numbered question of its own.
    Items,
    /// Items down, options across, marks where they meet.
    Matrix,
}

/// How each kind of question is laid out; numbers and text always have a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Layout {
    /// Single choices.
    pub single: ChoiceLayout,
    /// Multiple choices.
    pub multiple: ChoiceLayout,
    /// Grids with one option for each item.
    pub grid_single: GridLayout,
    /// Grids with any options for each item.
    pub grid_multiple: GridLayout,
}

/// The beginning of a question in the workbook: number and title in one row.
#[derive(Debug, Clone, Hash)]
pub struct Heading {
    /// The question.
    pub question: QuestionIndex,
    /// The item, where items are questions of their own.
    pub item: Option<u16>,
    /// The printed number.
    pub number: LabelId,
    /// The printed wording.
    pub title: LabelId,
    /// Both in one cell.
    pub joined: LabelId,
}

impl Heading {
    fn new(question: QuestionIndex, item: Option<u16>, number: &str, title: &str, labels: &mut Labels) -> Heading {
        let joined = labels.add_numbered(number, title);
        Heading { question, item, number: labels.add(number), title: labels.add(title), joined }
    }
}

/// The labels of one question.
#[derive(Debug, Clone, Hash)]
pub struct QuestionLabels {
    /// The options, by position: the wording alone, and with its number in one cell.
    pub options: Vec<[LabelId; 2]>,
    /// The items, by position, likewise.
    pub items: Vec<[LabelId; 2]>,
}

/// A workbook layout for the questions of one year.
#[derive(Debug, Hash)]
pub struct Form {
    /// Its id in the store.
    pub id: Arc<str>,
    /// The title on the cover, with the year, as it is compared.
    pub cover_title: String,
    /// The title on the cover, with the year, as it is printed.
    pub printed_title: String,
    /// The text before and after the year in that title, to recognise other years' forms.
    pub cover_title_parts: (String, String),
    /// The label of the institution code on the cover.
    pub cover_code: LabelId,
    /// The label of the institution's name on the cover.
    pub cover_name: LabelId,
    /// Where answers stand.
    pub answers: AnswerPlace,
    /// How each kind of question is laid out.
    pub layout: Layout,
    /// Every question's beginning, in printed order.
    pub headings: Vec<Heading>,
    /// The labels of each question, by question index.
    pub questions: Vec<QuestionLabels>,
    /// Every text that is printed in the form.
    pub labels: Labels,
    /// The signs that stand beside options and in boxes.
    pub marks: Marks,
}

impl Form {
    /// Reads the forms of a year.
    pub fn load_all(survey: &Survey) -> Result<Vec<Form>, DefinitionError> {
        let mut complaints: Vec<Complaint> = Vec::new();
        let mut forms: Vec<Form> = Vec::with_capacity(survey.forms.len());
        for path in &survey.forms {
            let Some(definition) = Definition::read(path, survey, &mut complaints) else { continue };
            if forms.iter().any(|form| *form.id == *definition.id) {
                complaints.push(Complaint {
                    file: path.display().to_string(),
                    position: None,
                    message: format!("another form of the year has the id `{}` as well", definition.id),
                    help: Some("give each form an id of its own".to_owned()),
                });
            }
            forms.push(Form::of(definition, survey));
        }
        DefinitionError::unless_empty(complaints)?;
        Ok(forms)
    }

    fn of(definition: Definition, survey: &Survey) -> Form {
        let mut labels = Labels::default();
        let mut headings = Vec::new();
        let mut questions = Vec::with_capacity(survey.questions.len());
        for (position, question) in survey.questions.iter().enumerate() {
            let index = QuestionIndex::at(position);
            let number = index.number().to_string();
            let mut both = |(rank, wording): (usize, &str)| {
                [labels.add(wording), labels.add_numbered(&(rank + 1).to_string(), wording)]
            };
            let options = question.options.iter().map(|option| option.label.as_str()).enumerate().map(&mut both);
            let options = options.collect();
            let items = question.items.iter().map(|item| item.label.as_str()).enumerate().map(&mut both).collect();
            questions.push(QuestionLabels { options, items });
            let itemised = definition.itemised(question.kind);
            match itemised {
                Some(written) => {
                    for (rank, item) in question.items.iter().enumerate() {
                        let item_number = (rank + 1).to_string();
                        let fill = |pattern: &str| {
                            pattern
                                .replace("{question}", &number)
                                .replace("{item}", &item_number)
                                .replace("{title}", &question.title)
                                .replace("{label}", &item.label)
                        };
                        let item = Some(u16::try_from(rank).expect("a grid has few items"));
                        let (number, title) = (fill(&written.number), fill(&written.title));
                        headings.push(Heading::new(index, item, &number, &title, &mut labels));
                    }
                }
                None => {
                    let number = definition.question_number.replace("{question}", &number);
                    let title = definition.question_title.replace("{title}", &question.title);
                    headings.push(Heading::new(index, None, &number, &title, &mut labels));
                }
            }
        }
        let (before, after) = definition.cover_title.split_once("{year}").unwrap_or((&definition.cover_title, ""));
        let printed_title = definition.cover_title.replace("{year}", &survey.fiscal_year.to_string());
        let cover_code = labels.add(&definition.cover_code);
        let cover_name = labels.add(&definition.cover_name);
        let (answers, label) = match definition.answers {
            definition::WrittenPlace::Column { heading } => {
                let heading = labels.add(&heading);
                (AnswerPlace::Column { heading }, heading)
            }
            definition::WrittenPlace::Beside { side, label } => {
                let label = labels.add(&label);
                (AnswerPlace::Beside { side, label }, label)
            }
        };
        for spelling in &definition.answer_spellings {
            labels.add_spelling(spelling, label);
        }
        Form {
            cover_title: comparable(&printed_title),
            printed_title,
            cover_title_parts: (comparable(before), comparable(after)),
            cover_code,
            cover_name,
            answers,
            layout: definition.layout,
            id: definition.id.into(),
            headings,
            questions,
            labels,
            marks: definition.marks,
        }
    }
}
