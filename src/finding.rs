//! What was noticed about the material: values, not text. The run goes on.
//!
//! A [`Finding`] has a code from the [registry](registry), a place, a message and a help.
//! It is rendered elsewhere ([`render`]) and sorted before anyone sees it, so that the same
//! material gives the same list on any number of threads.

mod place;
mod registry;
pub mod render;

pub use place::{CellAddress, Place};
pub use registry::{Code, Rule};

/// How much a finding matters. The order is that of weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// One thing noticed, at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing; gives the severity.
    pub code: Code,
    /// Where.
    pub place: Place,
    /// Whose workbook, where that is known.
    pub institution: Option<String>,
    /// One phrase: what was seen, what was expected.
    pub message: String,
    /// What to do, addressed to who can do it.
    pub help: String,
}

impl Finding {
    /// A finding about no institution in particular; see [`Finding::of`].
    pub fn new(code: Code, place: Place, message: impl Into<String>, help: impl Into<String>) -> Self {
        Finding { code, place, institution: None, message: message.into(), help: help.into() }
    }

    /// The same finding, about this institution.
    pub fn of(mut self, institution: &str) -> Self {
        self.institution = Some(institution.to_owned());
        self
    }

    /// The severity of its code.
    pub fn severity(&self) -> Severity {
        self.code.rule().severity
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
    findings.iter().map(Finding::severity).max()
}
