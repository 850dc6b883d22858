//! Findings on the material, as values, not text. The run goes on.
//!
//! A [`Finding`] has a code from the [registry](registry), a place, a message and a help.
//! It is rendered elsewhere ([`render`]) and sorted before anyone sees it, so that the same
//! material gives the same list on any number of threads.

mod breaker;
mod frame;
mod place;
mod registry;
mod rule;
pub mod render;

pub use breaker::gather;
pub use frame::{Frame, columns};
pub use place::{CellAddress, Place};
pub use registry::Code;
pub use rule::Rule;

use serde::{Deserialize, Serialize};

/// How much a finding matters. The order is that of weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Worth knowing; nothing needs to be done.
    Information,
    /// An answer or a file needs a look; the figures leave it out or may change.
    Warning,
    /// A whole file could not be used.
    Error,
}

impl Severity {
    /// The word in tables, messages and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Information => "information",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// The answers of a respondent that a finding is about, with the data for the query on them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The prompts, as ids of question and item (empty where the question has none), the one that
    /// the finding is about first.
    pub prompts: Vec<(String, String)>,
    /// The answer at that place, in words that the respondent recognises; empty without an answer.
    pub observed: String,
    /// A hash of the rest of the finding's basis, if it rests on more than one answer: another basis is another
    /// matter. Empty otherwise.
    pub basis: String,
    /// The edit that failed, by its id; empty where the finding follows from the questionnaire.
    pub edit: String,
    /// The question to the respondent, in its language, if it differs from the one of the code.
    pub asked: Option<String>,
}

/// One thing noticed, at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The kind of finding.
    pub code: Code,
    /// How much it matters: that of the code, unless the survey says otherwise.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// Other places that belong to it.
    pub related: Vec<Place>,
    /// The institution of the workbook, if it is known.
    pub institution: Option<String>,
    /// Which answers it is about, where it is about answers.
    pub subject: Option<Box<Subject>>,
    /// One phrase: the observed and the expected.
    pub message: String,
    /// The cause, where the message tells more than that: counts, examples and line numbers, which change while the
    /// cause stays. A run hashes it in the place of the message.
    #[serde(skip)]
    pub cause: Option<String>,
    /// The action to take, addressed to the person who can take it.
    pub help: String,
    /// What it is known by from one run to the next: its code and a hash over its cause. A run gives it.
    #[serde(skip)]
    pub id: String,
    /// Whether the run before did not notice it. A run tells.
    #[serde(skip)]
    pub is_new: bool,
}

impl Finding {
    /// A finding about no institution in particular, see [`Finding::of`], of the severity of its code.
    pub fn new(code: Code, place: Place, message: impl Into<String>, help: impl Into<String>) -> Self {
        Finding {
            code,
            severity: code.rule().severity,
            place,
            related: Vec::new(),
            institution: None,
            subject: None,
            message: message.into(),
            cause: None,
            help: help.into(),
            id: String::new(),
            is_new: false,
        }
    }

    /// The same finding, about this institution.
    pub fn of(mut self, institution: &str) -> Self {
        self.institution = Some(institution.to_owned());
        self
    }

    /// The same finding, known by this cause rather than by its message.
    pub fn caused_by(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The same finding, about these answers.
    pub fn about(mut self, subject: Subject) -> Self {
        self.subject = Some(Box::new(subject));
        self
    }

    /// The question to the institution, in its language; `None` if the matter is the desk's.
    pub fn asked(&self) -> Option<String> {
        let subject = self.subject.as_ref()?;
        let usual = || self.code.rule().asks.map(|text| text.replace("{observed}", &subject.observed));
        subject.asked.clone().or_else(usual)
    }
}

impl Code {
    /// Finds a code by its short form or its name, in any case.
    pub fn find(text: &str) -> Option<Code> {
        let wanted = text.trim();
        Code::ALL.iter().copied().find(|code| {
            let rule = code.rule();
            rule.code.eq_ignore_ascii_case(wanted) || rule.name.eq_ignore_ascii_case(wanted)
        })
    }
}

/// Puts findings into the order in which they are shown and stored: by place, then code.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (&a.place, a.code, &a.institution, &a.message).cmp(&(&b.place, b.code, &b.institution, &b.message))
    });
}

/// The gravest severity among findings, if there are any.
pub fn gravest(findings: &[Finding]) -> Option<Severity> {
    findings.iter().map(|finding| finding.severity).max()
}
