//! Why a file is set aside: the code of the finding it becomes, and what was seen.

use crate::finding::Code;

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The code of the finding.
    pub code: Code,
    /// What was seen.
    pub message: String,
}

impl Refusal {
    /// A refusal under a code.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Refusal { code, message: message.into() }
    }
}
