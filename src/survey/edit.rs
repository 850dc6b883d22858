//! Edits: the rules that answers are held against beyond what follows from the questionnaire.
//!
//! An edit is data: conditions over this year's answers, last year's and the roster, and the question to an
//! institution that fails it. Conditions have three values, because an answer that was not given makes a condition
//! neither true nor false; so an edit passes, fails, or cannot be checked (de Jonge and van der Loo, "Data Validation
//! Infrastructure for R", JSS 97, 2021).

mod consistency;
mod read;
mod wording;

pub(super) use read::{Bounds, read};
pub use wording::Wording;

use super::question::{Prompt, QuestionIndex};
use super::sector::SectorIndex;

/// How sure an edit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EditKind {
    /// An answer that fails it is certainly wrong somewhere.
    Fatal,
    /// An answer that fails it may be right: the institution is asked.
    Query,
}

/// Whether an edit is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EditStatus {
    /// Counted, but nobody is asked.
    Trial,
    /// Those who fail it are asked.
    Live,
    /// Kept for the record.
    Retired,
}

impl EditStatus {
    /// The word in the definition and in tables.
    pub fn word(self) -> &'static str {
        match self {
            EditStatus::Trial => "trial",
            EditStatus::Live => "live",
            EditStatus::Retired => "retired",
        }
    }
}

impl EditKind {
    /// The word in the definition and in tables.
    pub fn word(self) -> &'static str {
        match self {
            EditKind::Fatal => "fatal",
            EditKind::Query => "query",
        }
    }
}

/// Which year's answer a condition is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Year {
    /// The year being processed.
    This,
    /// The year before.
    Previous,
}

/// The requirement of a condition on the chosen options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choose {
    /// At least one of the options is chosen.
    Any,
    /// All of the options are chosen.
    All,
    /// None of the options is chosen.
    None,
}

impl Choose {
    fn holds(self, options: &[u16], chosen: &[u16]) -> bool {
        let is_chosen = |option: &u16| chosen.contains(option);
        match self {
            Choose::Any => options.iter().any(is_chosen),
            Choose::All => options.iter().all(is_chosen),
            Choose::None => !options.iter().any(is_chosen),
        }
    }
}

/// The known facts on the options that were chosen, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen<'a> {
    /// These and no others.
    These(&'a [u16]),
    /// Exactly one of these.
    OneOf(&'a [u16]),
}

/// A limit of numbers; both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lowest number within, if there is one.
    pub at_least: Option<f64>,
    /// The highest number within, if there is one.
    pub at_most: Option<f64>,
}

impl Interval {
    /// Whether a number lies within.
    pub fn contains(self, number: f64) -> bool {
        self.at_least.is_none_or(|limit| number >= limit) && self.at_most.is_none_or(|limit| number <= limit)
    }
}

/// Something that holds of an institution, or not, or cannot be told.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Options that were chosen.
    Chosen {
        /// The answer looked at.
        prompt: Prompt,
        /// The year of the answers.
        year: Year,
        /// How many of the options.
        choose: Choose,
        /// The options, by position.
        options: Vec<u16>,
    },
    /// A number within limits.
    Number {
        /// The answer looked at.
        prompt: Prompt,
        /// The limits.
        within: Interval,
    },
    /// A number within limits once it is divided by last year's.
    Ratio {
        /// The answer looked at.
        prompt: Prompt,
        /// The limits of this year's number divided by last year's.
        within: Interval,
    },
    /// An ordinal answer whose level is lower than last year's by at least so much.
    Fall {
        /// The answer looked at.
        prompt: Prompt,
        /// By how many levels.
        levels: u8,
    },
    /// Every answer that can be compared is last year's.
    SameAsPrevious,
    /// Every answer is that of another institution.
    SameAsAnother,
    /// In each of these grids, every item has the same answer.
    StraightLine {
        /// The grids.
        questions: Vec<QuestionIndex>,
    },
    /// The institution is of one of these sectors.
    Sector {
        /// The sectors.
        sectors: Vec<SectorIndex>,
    },
    /// At least one of these holds.
    AnyOf(Vec<Condition>),
    /// This does not hold.
    Not(Box<Condition>),
}

/// The truth of a condition, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// An answer that it needs was not given.
    Unknown,
}

impl Truth {
    /// A plain yes or no.
    pub fn of(holds: bool) -> Truth {
        if holds { Truth::True } else { Truth::False }
    }

    /// Whether all hold: false as soon as one is, whatever the others are (Kleene).
    pub fn all(truths: impl IntoIterator<Item = Truth>) -> Truth {
        let mut whole = Truth::True;
        for truth in truths {
            match truth {
                Truth::False => return Truth::False,
                Truth::Unknown => whole = Truth::Unknown,
                Truth::True => {}
            }
        }
        whole
    }

    /// The truth over several possible cases: known only if it is the same in all of them.
    pub fn common(truths: impl IntoIterator<Item = Truth>) -> Truth {
        let mut truths = truths.into_iter();
        let Some(first) = truths.next() else { return Truth::Unknown };
        if truths.all(|truth| truth == first) { first } else { Truth::Unknown }
    }

    /// Whether it does not hold.
    pub fn opposite(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

/// The verdict of an edit on one institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As expected.
    Pass,
    /// Not as expected.
    Fail,
    /// An answer that the edit needs was not given.
    Unchecked,
}

/// The facts that conditions are evaluated on: the answers of one institution, in any storage.
pub trait Facts {
    /// The known facts on the options that were chosen; `None` if the answer cannot be used.
    fn chosen(&self, year: Year, prompt: Prompt) -> Option<Chosen<'_>>;
    /// The number that was given.
    fn number(&self, year: Year, prompt: Prompt) -> Option<f64>;
    /// The lowest and the highest level that an ordinal answer can have.
    fn levels(&self, year: Year, prompt: Prompt) -> Option<(u8, u8)>;
    /// Whether every answer that can be compared is last year's.
    fn same_as_previous(&self) -> Option<bool>;
    /// Whether every answer is that of another institution.
    fn same_as_another(&self) -> Option<bool>;
    /// Whether every item of a grid has the same answer.
    fn straight_line(&self, question: QuestionIndex) -> Option<bool>;
    /// Whether the institution is of a sector.
    fn is_of(&self, sector: SectorIndex) -> bool;
}

impl Condition {
    /// The truth of the condition for an institution.
    pub fn truth(&self, facts: &dyn Facts) -> Truth {
        let known = |holds: Option<bool>| holds.map_or(Truth::Unknown, Truth::of);
        match self {
            Condition::Chosen { prompt, year, choose, options } => match facts.chosen(*year, *prompt) {
                None => Truth::Unknown,
                Some(Chosen::These(chosen)) => Truth::of(choose.holds(options, chosen)),
                Some(Chosen::OneOf(candidates)) => {
                    let holds = candidates.iter().map(|&one| choose.holds(options, &[one]));
                    Truth::common(holds.map(Truth::of))
                }
            },
            Condition::Number { prompt, within } => {
                known(facts.number(Year::This, *prompt).map(|number| within.contains(number)))
            }
            Condition::Ratio { prompt, within } => {
                let now = facts.number(Year::This, *prompt);
                let before = facts.number(Year::Previous, *prompt).filter(|&before| before > 0.0);
                known(now.zip(before).map(|(now, before)| within.contains(now / before)))
            }
            Condition::Fall { prompt, levels } => {
                let now = facts.levels(Year::This, *prompt);
                let Some(((_, now), before)) = now.zip(facts.levels(Year::Previous, *prompt)) else {
                    return Truth::Unknown;
                };
                let has_fallen_from = |before: u8| before >= now.saturating_add(*levels);
                Truth::common([before.0, before.1].map(|before| Truth::of(has_fallen_from(before))))
            }
            Condition::SameAsPrevious => known(facts.same_as_previous()),
            Condition::SameAsAnother => known(facts.same_as_another()),
            Condition::StraightLine { questions } => {
                Truth::all(questions.iter().map(|question| known(facts.straight_line(*question))))
            }
            Condition::Sector { sectors } => Truth::of(sectors.iter().any(|sector| facts.is_of(*sector))),
            Condition::AnyOf(conditions) => {
                Truth::all(conditions.iter().map(|condition| condition.truth(facts).opposite())).opposite()
            }
            Condition::Not(condition) => condition.truth(facts).opposite(),
        }
    }

    /// Calls `look` with every condition within, itself included.
    pub fn visit<'c>(&'c self, look: &mut dyn FnMut(&'c Condition)) {
        look(self);
        match self {
            Condition::AnyOf(conditions) => conditions.iter().for_each(|condition| condition.visit(look)),
            Condition::Not(condition) => condition.visit(look),
            _ => {}
        }
    }

    /// The answers of this year that the condition looks at.
    fn prompts(&self) -> Vec<Prompt> {
        let mut prompts = Vec::new();
        self.visit(&mut |condition| match condition {
            Condition::Chosen { prompt, .. }
            | Condition::Number { prompt, .. }
            | Condition::Ratio { prompt, .. }
            | Condition::Fall { prompt, .. } => prompts.push(*prompt),
            Condition::StraightLine { questions } => {
                prompts.extend(questions.iter().map(|&question| Prompt { question, item: None }));
            }
            _ => {}
        });
        prompts
    }
}

/// A rule. One that is written for each ordinal question has a case for each of them.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Its id.
    pub id: String,
    /// How sure it is.
    pub kind: EditKind,
    /// Whether it is in use.
    pub status: EditStatus,
    /// The subject of the edit, for the desk.
    pub title: String,
    /// The cases that it checks; never empty.
    pub cases: Vec<EditCase>,
}

/// One thing that an edit looks at: where all of `when` holds, all of `expect` must hold.
#[derive(Debug, Clone)]
pub struct EditCase {
    /// Where the case applies.
    pub when: Vec<Condition>,
    /// The conditions that must then hold; if there is none, `when` must not hold.
    pub expect: Vec<Condition>,
    /// The question to the institution.
    pub message: Wording,
}

impl EditCase {
    /// The verdict of the case on an institution.
    pub fn verdict(&self, facts: &dyn Facts) -> Verdict {
        let when = Truth::all(self.when.iter().map(|condition| condition.truth(facts)));
        if when == Truth::False {
            return Verdict::Pass;
        }
        let expected = match self.expect.as_slice() {
            [] => Truth::False,
            conditions => Truth::all(conditions.iter().map(|condition| condition.truth(facts))),
        };
        match (when, expected) {
            (_, Truth::True) => Verdict::Pass,
            (Truth::True, Truth::False) => Verdict::Fail,
            _ => Verdict::Unchecked,
        }
    }

    /// The answers of this year that it looks at, in the order written, each once.
    pub fn prompts(&self) -> Vec<Prompt> {
        let mut prompts = Vec::new();
        for prompt in self.when.iter().chain(&self.expect).flat_map(Condition::prompts) {
            if !prompts.contains(&prompt) {
                prompts.push(prompt);
            }
        }
        prompts
    }
}
