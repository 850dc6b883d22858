//! A row of the ledger as it stands in the file, so that a complaint can point into it.

use crate::survey::Complaint;
use crate::survey::table_file::{TableFile, TableKind, TableRow};

/// The ledger as a table that is handed in; its columns in the order in which they are usually written.
pub(super) static KIND: TableKind = TableKind {
    name: "the ledger",
    columns: &["date", "event", "institution", "successor", "sector", "subsector", "name", "note"],
    named_by: "name the ledger with --ledger, or under `ledger` in the year's file",
    is_secret: false,
};

/// A column, by its position in [`KIND`].
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
        KIND.columns[self as usize]
    }
}

/// Where a row stands.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Line, from 1.
    pub(super) line: usize,
    /// For each column a complaint that says nothing yet.
    places: Vec<Complaint>,
}

impl Row {
    /// A row of a table.
    pub(super) fn new(table: &TableFile, row: &TableRow) -> Row {
        let place = |column: usize| table.complaint(row, column, String::new(), "");
        Row { line: row.line, places: (0..KIND.columns.len()).map(place).collect() }
    }

    /// A complaint about what stands in a column.
    pub(super) fn complaint(&self, column: Column, message: String, help: impl Into<String>) -> Complaint {
        Complaint { message, help: Some(help.into()), ..self.places[column as usize].clone() }
    }
}
