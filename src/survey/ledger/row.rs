//! A row of the ledger as it stands in the file, so that a complaint can point into it.

use crate::survey::{Complaint, Position};

/// The columns, in the order in which they are usually written.
pub(super) const COLUMNS: [&str; 8] =
    ["date", "event", "institution", "successor", "sector", "subsector", "name", "note"];

/// A column, by its position in [`COLUMNS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Date,
    Event,
    Institution,
    Successor,
    Sector,
    Subsector,
    Name,
    Note,
}

impl Column {
    /// Its name in the file.
    pub(super) fn name(self) -> &'static str {
        COLUMNS[self as usize]
    }
}

/// Where a row stands.
#[derive(Debug, Clone)]
pub(super) struct Row {
    file: String,
    /// Line, from 1.
    pub(super) line: usize,
    text: String,
    /// For each of [`COLUMNS`], the place in the line (from 1, in characters) and the length.
    fields: Vec<(usize, usize)>,
}

impl Row {
    /// A row that begins in a line; `places` says where each of [`COLUMNS`] stands among the fields.
    pub(super) fn new(file: &str, line: usize, text: &str, places: &[usize]) -> Row {
        let all = fields(text);
        // A row that goes over several lines is shown by its first.
        let whole = (1, text.chars().count().max(1));
        let fields = places.iter().map(|&place| all.get(place).copied().unwrap_or(whole)).collect();
        Row { file: file.to_owned(), line, text: text.to_owned(), fields }
    }

    /// A complaint about what stands in a column.
    pub(super) fn complaint(&self, column: Column, message: String, help: impl Into<String>) -> Complaint {
        let (start, length) = self.fields[column as usize];
        let position = Position { line: self.line, column: start, length, text: self.text.clone() };
        Complaint { file: self.file.clone(), position: Some(position), message, help: Some(help.into()) }
    }
}

/// Where the fields of a line of CSV stand: place (from 1, in characters) and length.
fn fields(line: &str) -> Vec<(usize, usize)> {
    let (mut fields, mut start, mut is_quoted, mut at) = (Vec::new(), 1, false, 1);
    for character in line.chars() {
        match character {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => {
                fields.push((start, (at - start).max(1)));
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    if !is_quoted {
        fields.push((start, (at - start).max(1)));
    }
    fields
}
