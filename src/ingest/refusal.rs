//! Why a file, or a sheet of it, is set aside: the code of the finding it becomes, and what was seen.

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
    /// What helps with this cause; where nothing is said, what helps with most of its code.
    pub help: Option<&'static str>,
    /// Whether the file is a document of another kind than a workbook, such as a letter: what such
    /// files are depends on what they are called.
    pub is_document: bool,
}

impl Refusal {
    /// A refusal under a code.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Refusal { code, message: message.into(), at: None, help: None, is_document: false }
    }

    /// The refusal of a workbook that holds more than any filled questionnaire, and nothing worse.
    pub fn overfull(message: impl Into<String>) -> Self {
        let help = "Open it in Excel, delete the sheets, rows or columns that do not belong to the form, save it, and run again; or copy the answers into a blank form.";
        Refusal::new(Code::UnsafeWorkbook, message).helped_by(help)
    }

    /// The same refusal, of this cell.
    pub fn at(self, sheet: usize, cell: CellAddress) -> Self {
        Refusal { at: Some((sheet, cell)), ..self }
    }

    /// The same refusal, with what helps with its cause.
    pub fn helped_by(self, help: &'static str) -> Self {
        Refusal { help: Some(help), ..self }
    }

    /// The same refusal, of a document that is no workbook.
    pub fn of_document(self) -> Self {
        Refusal { is_document: true, ..self }
    }

    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        self.help.unwrap_or(self.code.rule().remedy)
    }
}

/// A sheet that cannot be read, and why. The others are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its name.
    pub name: String,
    /// Why it is not read.
    pub why: String,
}
