//! The concordance: which figures of this year may stand beside which of last year, and how.
//!
//! A change over the years exists only through an entry here. A question that both years ask in
//! the same words, a wording that was touched, a net that means the same as another net: each is
//! said so, with a note where the reader needs one; everything else has no change, and the reason
//! stands in its place.

mod bases;
mod classes;
mod likeness;
mod parts;
mod read;
mod wording;

use super::question::{Prompt, QuestionIndex, Shown};

pub use classes::Class;
pub(super) use read::{Years, read};

/// How the figures of two years compare.
///
/// The comparable ones come first, the closest before the loosest: a figure that rests on several of them compares as
/// loosely as the loosest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparability {
    /// Asked in the same words, of those who were asked in the same words.
    Same,
    /// Compared, although the wording was touched; a note says how.
    Reworded,
    /// The options were divided otherwise, but this one, or this net of them, stands for the same
    /// answers in both years.
    Net,
    /// Asked in both years, in ways that cannot be compared.
    Broken,
    /// Not asked last year.
    New,
    /// Not asked this year.
    Dropped,
}

impl Comparability {
    /// The word in the definition and in tables.
    pub fn word(self) -> &'static str {
        match self {
            Comparability::Same => "same",
            Comparability::Reworded => "reworded",
            Comparability::Net => "net",
            Comparability::Broken => "broken",
            Comparability::New => "new",
            Comparability::Dropped => "dropped",
        }
    }

    /// Whether there is a change at all.
    pub fn is_compared(self) -> bool {
        matches!(self, Comparability::Same | Comparability::Reworded | Comparability::Net)
    }
}

/// The other year's counterpart of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counterpart<T> {
    /// This, and how it compares.
    Compared {
        /// The counterpart.
        with: T,
        /// How it compares: one of those that are compared.
        comparability: Comparability,
        /// The remark for the reader; may be empty.
        note: String,
    },
    /// Nothing.
    Absent {
        /// Why: broken, new or dropped.
        comparability: Comparability,
        /// The reason, for a reader that misses the figure.
        reason: String,
    },
}

impl<T> Counterpart<T> {
    /// How it compares.
    pub fn comparability(&self) -> Comparability {
        match self {
            Counterpart::Compared { comparability, .. } | Counterpart::Absent { comparability, .. } => *comparability,
        }
    }

    /// The note, or the reason for which there is nothing.
    pub fn remark(&self) -> &str {
        match self {
            Counterpart::Compared { note, .. } => note,
            Counterpart::Absent { reason, .. } => reason,
        }
    }
}

/// How a question of this year relates to one of last year.
#[derive(Debug, Clone)]
pub struct Pairing {
    /// The question of last year.
    pub before: QuestionIndex,
    /// A note on all that is compared.
    note: String,
    /// For each item of this year, that of last year; empty where there are no items.
    items: Vec<Counterpart<u16>>,
    /// The counterpart of each option of this year.
    options: Vec<Counterpart<Shown>>,
    /// The same for each net.
    nets: Vec<Counterpart<Shown>>,
    /// How those compare who are asked at all, where an earlier answer decides it.
    gate: Option<Likeness>,
}

/// The closeness of a comparison, and the remark for the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Likeness {
    comparability: Comparability,
    note: String,
}

impl Likeness {
    /// The looser of two, with the notes of both.
    fn and(self, comparability: Comparability, note: &str) -> Likeness {
        let notes = match (self.note.as_str(), note) {
            (own, "") => own.to_owned(),
            ("", other) => other.to_owned(),
            (own, other) if own == other => own.to_owned(),
            (own, other) => format!("{own}。{other}"),
        };
        Likeness { comparability: self.comparability.max(comparability), note: notes }
    }
}

/// Something that only last year asked or offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// The question of last year.
    pub question: QuestionIndex,
    /// The item of it; `None` where all are meant, or it has none.
    pub item: Option<u16>,
    /// The option or net of it; `None` where all are meant.
    pub category: Option<Shown>,
    /// Dropped, or asked in another way that cannot be compared.
    pub comparability: Comparability,
    /// Why.
    pub reason: String,
}

/// How this year's questionnaire relates to last year's. Every question of either year is in it.
#[derive(Debug, Clone, Default)]
pub struct Concordance {
    /// For each question of this year, its counterpart.
    questions: Vec<Counterpart<Pairing>>,
    /// The questions and parts that only last year had, in its printed order.
    pub gone: Vec<Gone>,
}

impl Concordance {
    /// The counterpart of a question of this year.
    pub fn question(&self, question: QuestionIndex) -> &Counterpart<Pairing> {
        &self.questions[question.position()]
    }

    /// The prompt of last year that corresponds to one of this year.
    pub fn prompt(&self, prompt: Prompt) -> Counterpart<Prompt> {
        match self.question(prompt.question) {
            Counterpart::Absent { comparability, reason } => {
                Counterpart::Absent { comparability: *comparability, reason: reason.clone() }
            }
            Counterpart::Compared { with: pairing, .. } => pairing.prompt(prompt),
        }
    }

    /// The figure of last year that stands beside an option or net of this year, as comparable as the wording of the
    /// answer, of the item and of the respondents asked allows.
    pub fn figure(&self, prompt: Prompt, category: Shown) -> Counterpart<(Prompt, Shown)> {
        let absent = |comparability, reason| Counterpart::Absent { comparability, reason };
        let pairing = match self.question(prompt.question) {
            Counterpart::Absent { comparability, reason } => return absent(*comparability, reason.clone()),
            Counterpart::Compared { with, .. } => with,
        };
        match (pairing.prompt(prompt), pairing.category(category)) {
            (Counterpart::Absent { comparability, reason }, _) => absent(comparability, reason),
            (_, Counterpart::Absent { comparability, reason }) => absent(*comparability, reason.clone()),
            (
                Counterpart::Compared { with: before, comparability, note },
                Counterpart::Compared { with: answer, comparability: own, note: own_note },
            ) => {
                let likeness = Likeness { comparability: *own, note: own_note.clone() }.and(comparability, &note);
                let Likeness { comparability, note } = likeness;
                Counterpart::Compared { with: (before, *answer), comparability, note }
            }
        }
    }
}

impl Pairing {
    /// The prompt of last year that corresponds to one of this year, by the item and the respondents asked.
    fn prompt(&self, prompt: Prompt) -> Counterpart<Prompt> {
        let whole = Likeness { comparability: Comparability::Same, note: self.note.clone() };
        let whole = match &self.gate {
            Some(gate) => whole.and(gate.comparability, &gate.note),
            None => whole,
        };
        let compared = |item, Likeness { comparability, note }| Counterpart::Compared {
            with: Prompt { question: self.before, item },
            comparability,
            note,
        };
        match prompt.item {
            None => compared(None, whole),
            Some(item) => match &self.items[usize::from(item)] {
                Counterpart::Compared { with, comparability, note } => {
                    compared(Some(*with), whole.and(*comparability, note))
                }
                Counterpart::Absent { comparability, reason } => {
                    Counterpart::Absent { comparability: *comparability, reason: reason.clone() }
                }
            },
        }
    }

    /// The counterpart of an option or a net of this year.
    pub fn category(&self, category: Shown) -> &Counterpart<Shown> {
        match category {
            Shown::Option(option) => &self.options[usize::from(option)],
            Shown::Net(net) => &self.nets[usize::from(net)],
        }
    }

    /// Every option and net of this year that is compared, with that of last year.
    pub fn compared(&self) -> impl Iterator<Item = (Shown, Shown)> + '_ {
        let few = |position: usize| u16::try_from(position).expect("a question has few options and nets");
        let options = self.options.iter().enumerate().map(move |(at, one)| (Shown::Option(few(at)), one));
        let nets = self.nets.iter().enumerate().map(move |(at, one)| (Shown::Net(few(at)), one));
        options.chain(nets).filter_map(|(now, counterpart)| match counterpart {
            Counterpart::Compared { with, .. } => Some((now, *with)),
            Counterpart::Absent { .. } => None,
        })
    }
}
