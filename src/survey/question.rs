//! Questions: items, options, the gates before them and the nets over them.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::sector::SectorIndex;

/// The largest number that is taken for an answer: fifteen digits, which a sheet holds exactly.
pub const LARGEST: i64 = 999_999_999_999_999;
/// The most decimals of an answer: sums must be exact.
pub const DECIMALS: u8 = 6;

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

    pub(super) fn from_word(word: &str) -> Option<Kind> {
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
    /// Whether its number must be whole.
    pub whole: bool,
    /// The least number that can be meant: 0 unless the bank says otherwise.
    pub least: i64,
    /// The largest number that can be meant; without it, [`LARGEST`].
    pub most: Option<i64>,
    /// How many decimals its number may have.
    pub decimals: u8,
    /// Whether a blank is an answer ("nothing to add") rather than nonresponse.
    pub voluntary: bool,
    /// The sectors that are asked.
    pub sectors: Vec<SectorIndex>,
    /// Whether the definition says that no answer to it is adverse.
    pub harmless: bool,
    /// The items; empty for a question without items.
    pub items: Vec<Item>,
    /// The options; empty for numbers and text.
    pub options: Vec<Choice>,
    /// The condition on which it is asked.
    pub gate: Option<Gate>,
    /// The nets over its options.
    pub nets: Vec<Net>,
}

/// The condition on which a question is asked.
#[derive(Debug, Clone)]
pub struct Gate {
    /// The earlier question that decides.
    pub question: QuestionIndex,
    /// The options of it that open the gate: one list for each item, or a single one where the
    /// question has no items.
    pub(super) accepted: Vec<Vec<u16>>,
}

impl Gate {
    /// The options of the deciding question that open the gate for any item, in order.
    pub fn all_accepted(&self) -> Vec<u16> {
        let mut options = self.accepted.concat();
        options.sort_unstable();
        options.dedup();
        options
    }

    /// The options of the deciding question that open the gate for an item.
    pub fn accepted(&self, item: Option<u16>) -> &[u16] {
        &self.accepted[usize::from(item.unwrap_or(0))]
    }
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
    /// Whether the definition names it as an adverse answer.
    pub adverse: bool,
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

/// An option or a net of a question, by position: a part that a figure can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shown {
    /// An option.
    Option(u16),
    /// A net.
    Net(u16),
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

    /// Its options and then its nets.
    pub fn categories(&self) -> impl Iterator<Item = Shown> + use<> {
        let few = |count: usize| u16::try_from(count).expect("a question has few options and nets");
        (0..few(self.options.len())).map(Shown::Option).chain((0..few(self.nets.len())).map(Shown::Net))
    }

    /// The id of an option or a net.
    pub fn category_id(&self, category: Shown) -> &str {
        match category {
            Shown::Option(option) => &self.options[usize::from(option)].id,
            Shown::Net(net) => &self.nets[usize::from(net)].id,
        }
    }

    /// The wording of an option or a net.
    pub fn category_label(&self, category: Shown) -> &str {
        match category {
            Shown::Option(option) => &self.options[usize::from(option)].label,
            Shown::Net(net) => &self.nets[usize::from(net)].label,
        }
    }

    /// The options that an option or a net stands for.
    pub fn options_of(&self, category: Shown) -> Vec<u16> {
        match category {
            Shown::Option(option) => vec![option],
            Shown::Net(net) => self.nets[usize::from(net)].options.clone(),
        }
    }

    /// The options that are adverse answers: no release may reveal one of a named institution. They are those that
    /// the definition names; if it names none, the lowest level of a single choice, and "none of these" of a multiple
    /// one.
    pub fn adverse_options(&self) -> Vec<u16> {
        let such = |is_such: &dyn Fn(&Choice) -> bool| -> Vec<u16> {
            (0..).zip(&self.options).filter(|(_, option)| is_such(option)).map(|(at, _)| at).collect()
        };
        let named = such(&|option| option.adverse);
        let levels = || self.options.iter().filter_map(|option| option.level);
        let lowest = levels().min().filter(|lowest| levels().any(|level| level > *lowest));
        match self.kind {
            _ if self.harmless => Vec::new(),
            _ if !named.is_empty() => named,
            Kind::Single | Kind::GridSingle => such(&|option| lowest.is_some() && option.level == lowest),
            _ => such(&|option| option.exclusive),
        }
    }

    /// Whether it is an adverse answer not to choose an option: a measure of a multiple choice. Where the definition
    /// names the adverse options, only those are adverse.
    pub fn is_adverse_without(&self, option: u16) -> bool {
        let is_named = self.harmless || self.options.iter().any(|option| option.adverse);
        let is_multiple = matches!(self.kind, Kind::Multiple | Kind::GridMultiple);
        is_multiple && !is_named && !self.options[usize::from(option)].exclusive
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
