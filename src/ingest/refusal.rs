//! Why a file is set aside: the code of the finding it becomes, and what was seen.

use crate::finding::{CellAddress, Code};

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The code of the finding.
    pub code: Code,
    /// What was seen.
    pub message: String,
    /// Where, by the position of the sheet; `None` where the whole file is meant.
    pub at: Option<(usize, CellAddress)>,
}

impl Refusal {
    /// A refusal under a code.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Refusal { code, message: message.into(), at: None }
    }

    /// The same refusal, of this cell.
    pub fn at(self, sheet: usize, cell: CellAddress) -> Self {
        Refusal { at: Some((sheet, cell)), ..self }
    }
}
