//! What was noticed, as far as somebody has to look at it: how many findings there are, which are new, and which need
//! something done.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::finding::Severity;
use crate::store::{self, StoreError, TableFiles, tables};

/// A finding as the store has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Noticed {
    /// Its id, by which the desk acknowledges it.
    pub finding: String,
    /// Its code.
    pub code: String,
    /// How much it matters.
    pub severity: String,
    /// Whether the run before did not notice it.
    pub new: bool,
    /// Whose workbook, where that is known.
    pub institution: String,
    /// Where, as far as it has a place.
    pub place: String,
    /// What was seen.
    pub message: String,
}

/// The findings of a year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// Files that could not be used, or figures that may not be released.
    pub error: usize,
    /// What needs a look.
    pub warning: usize,
    /// What is worth knowing.
    pub information: usize,
    /// How many of all these are new.
    pub new: usize,
    /// Those that need a look, and those that are new.
    pub listed: Vec<Noticed>,
}

impl Findings {
    /// `2 error, 1 warning, 30 information; 3 new since the last run`.
    pub(super) fn words(&self) -> String {
        let new = if self.new > 0 { format!("; {} new since the last run", self.new) } else { String::new() };
        format!("{} error, {} warning, {} information{new}", self.error, self.warning, self.information)
    }
}

/// Reads the findings of a year. What an earlier version stored has no ids, and is not listed.
pub(super) fn read(
    files: &dyn TableFiles,
    fiscal_year: u16,
    new_findings: &BTreeSet<String>,
) -> Result<Findings, StoreError> {
    let mut findings = Findings::default();
    let table = &tables::FINDINGS;
    if !store::has(files, table, fiscal_year) || !store::has_column(files, table, fiscal_year, "finding")? {
        return Ok(findings);
    }
    let columns = ["finding", "code", "severity", "institution", "file", "sheet", "cell", "message"];
    for row in store::read_texts(files, table, fiscal_year, columns)? {
        let [finding, code, severity, institution, file, sheet, cell, message] = row.map(Option::unwrap_or_default);
        let new = new_findings.contains(&finding);
        let is_information = severity == Severity::Information.word();
        findings.new += usize::from(new);
        *match severity.as_str() {
            word if word == Severity::Error.word() => &mut findings.error,
            word if word == Severity::Warning.word() => &mut findings.warning,
            _ => &mut findings.information,
        } += 1;
        if new || !is_information {
            let cell = if cell.is_empty() { cell } else { format!("!{cell}") };
            let place = if file.is_empty() { String::new() } else { format!("[{file}]{sheet}{cell}") };
            findings.listed.push(Noticed { finding, code, severity, new, institution, place, message });
        }
    }
    Ok(findings)
}
