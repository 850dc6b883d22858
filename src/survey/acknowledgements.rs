//! What the desk has acknowledged: findings that it has looked at, each with the reason why nothing more is to be done.
//!
//! A table that is handed in, with the columns `finding` and `reason`. A finding is named by its id, which changes with
//! its cause: a line holds as long as the cause is the same.

use std::collections::BTreeMap;
use std::path::Path;

use super::document::Complaint;
use super::table_file::{TableError, TableFile, TableKind};

/// Columns of the table, by position in [`KIND`].
const FINDING: usize = 0;
const REASON: usize = 1;

static KIND: TableKind = TableKind {
    name: "the table of what is acknowledged",
    columns: &["finding", "reason"],
    named_by: "name it with --acknowledged, or under `acknowledged` in the year's file",
    is_secret: false,
};

/// How many hexadecimal digits the id of a finding has after its code.
pub const ID_DIGITS: usize = 10;

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The line, from 1.
    pub line: usize,
    /// Why nothing more is to be done.
    pub reason: String,
}

/// What is acknowledged, by the id of the finding. Nothing is, by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acknowledgements(BTreeMap<String, Acknowledgement>);

impl Acknowledgements {
    /// Reads a table.
    pub fn load(path: &Path) -> Result<Acknowledgements, TableError> {
        let table = TableFile::open(path, &KIND)?;
        TableError::unless_empty(table.require(&["finding", "reason"]).err().into_iter().collect())?;
        let mut complaints: Vec<Complaint> = Vec::new();
        let mut all: BTreeMap<String, Acknowledgement> = BTreeMap::new();
        for row in table.rows() {
            let (id, reason) = (spelled(row.field(FINDING)), row.field(REASON).to_owned());
            if let Some(complaint) = table.surplus(row) {
                complaints.push(complaint);
            } else if !is_id(&id) {
                let message = format!("「{}」 is no id of a finding", row.field(FINDING));
                let help = "copy it from internal/status.xlsx or internal/findings.jsonl, such as F03-1a2b3c4d5e";
                complaints.push(table.complaint(row, FINDING, message, help));
            } else if let Some((message, help)) = not_for_the_desk(&id) {
                complaints.push(table.complaint(row, FINDING, message, help));
            } else if reason.is_empty() {
                let help = "say why nothing more is to be done, or take the row out";
                complaints.push(table.complaint(row, REASON, "the row gives no reason".to_owned(), help));
            } else if let Some(other) = all.get(&id) {
                let message = format!("the finding {id} is acknowledged in line {} already", other.line);
                complaints.push(table.complaint(row, FINDING, message, "take one of the two rows out"));
            } else {
                all.insert(id, Acknowledgement { line: row.line, reason });
            }
        }
        TableError::unless_empty(complaints)?;
        Ok(Acknowledgements(all))
    }

    /// The line about a finding.
    pub fn of(&self, id: &str) -> Option<&Acknowledgement> {
        self.0.get(id)
    }

    /// All lines with the ids that they name, in the order of the table.
    pub fn all(&self) -> Vec<(&str, &Acknowledgement)> {
        let mut all: Vec<_> = self.0.iter().map(|(id, one)| (id.as_str(), one)).collect();
        all.sort_by_key(|(_, one)| one.line);
        all
    }
}

/// The complaint about a finding that no line can settle, with the way to settle it.
fn not_for_the_desk(id: &str) -> Option<(String, &'static str)> {
    let (whose, help) = match id.as_bytes().first()? {
        b'D' => (
            "a finding of disclosure control",
            "change the disclosure policy, or decide with `cssa disclose`, and take the row out",
        ),
        b'O' => (
            "a finding about a file that was set aside",
            "take the file out of internal/set_aside, with which the finding goes, and take the row out",
        ),
        _ => return None,
    };
    Some((format!("{id} is {whose}, which nobody can acknowledge"), help))
}

/// An id as the program spells it.
fn spelled(text: &str) -> String {
    match text.split_once('-') {
        Some((code, digits)) => format!("{}-{}", code.to_uppercase(), digits.to_lowercase()),
        None => text.to_owned(),
    }
}

fn is_id(text: &str) -> bool {
    let Some((code, digits)) = text.split_once('-') else { return false };
    let is_code = code.len() == 3 && code.as_bytes()[0].is_ascii_uppercase();
    is_code && digits.len() == ID_DIGITS && digits.bytes().all(|b| b.is_ascii_hexdigit())
}
