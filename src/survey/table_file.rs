//! The tables that a person hands in: the roster, the ledger, the passwords, the intake log, a
//! published table. All of them are read here, and alike.
//!
//! A table is a text with separators, as Excel saves it (UTF-8 with or without a byte order mark, or
//! CP932, which is the 「CSV」 of a Japanese Windows; comma, semicolon or tab), or a workbook with the
//! table on its first sheet. Headings count in any case and width, rows of nothing but separators
//! are passed over, and whatever is wrong is shown with its line and a caret under it.

mod delimited;
mod encoding;
mod workbook;

use std::path::{Path, PathBuf};

use super::comparable;
use super::document::{Complaint, Position};
use delimited::Fault;
pub(crate) use workbook::date_shown;

/// The most bytes that a table may have.
const MOST_BYTES: u64 = 64 << 20;

/// The purpose of a table, and the columns read from it.
#[derive(Debug)]
pub struct TableKind {
    /// The name of the table in a sentence: `the roster`.
    pub name: &'static str,
    /// The columns that are read, under the names of their headings.
    pub columns: &'static [&'static str],
    /// The ways to name the file to the program, for the message on a file that is missing.
    pub named_by: &'static str,
    /// Whether its content is secret and may not be shown.
    pub is_secret: bool,
}

/// Why a table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// It is not there, or the system would not let it be read.
    #[error("{name} {path} cannot be read: {source}\n  {help}")]
    Unreadable {
        /// The name of the table.
        name: &'static str,
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
        /// The remedy.
        help: &'static str,
    },
    /// Something in it is wrong.
    #[error("{}", listed(.0))]
    Mistaken(Vec<Complaint>),
}

fn listed(complaints: &[Complaint]) -> String {
    complaints.iter().map(Complaint::to_string).collect::<Vec<_>>().join("\n\n")
}

impl TableError {
    /// The same as complaints.
    pub fn complaints(self) -> Vec<Complaint> {
        match self {
            TableError::Mistaken(complaints) => complaints,
            TableError::Unreadable { name, path, source, help } => vec![Complaint {
                file: path.display().to_string(),
                position: None,
                message: format!("{name} cannot be read: {source}"),
                help: Some(help.to_owned()),
            }],
        }
    }

    /// `Ok` where there is nothing to complain about.
    pub fn unless_empty(complaints: Vec<Complaint>) -> Result<(), TableError> {
        if complaints.is_empty() { Ok(()) } else { Err(TableError::Mistaken(complaints)) }
    }
}

/// A field of a row, and where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct TableField {
    text: String,
    /// The line, or the row of the sheet, from 1.
    line: usize,
    /// The first character in what is shown of that line, from 1.
    start: usize,
    /// How many characters of it are the field's.
    length: usize,
    /// The cell, where the table is on a sheet.
    cell: Option<String>,
}

/// A row of a table. Its columns are those of [`TableKind::columns`], by position.
#[derive(Debug, Clone)]
pub struct TableRow {
    /// The line in which it begins, or its row on the sheet, from 1.
    pub line: usize,
    fields: Vec<TableField>,
    /// Where each column of the kind stands among the fields.
    places: std::rc::Rc<[Option<usize>]>,
    /// How many columns the table has.
    width: usize,
}

impl TableRow {
    /// The content of a column, to the character; empty if the table has no such column.
    pub fn raw(&self, column: usize) -> &str {
        let field = self.places[column].and_then(|at| self.fields.get(at));
        field.map_or("", |field| &field.text)
    }

    /// The content of a column, without the white space around it.
    pub fn field(&self, column: usize) -> &str {
        self.raw(column).trim()
    }

    /// The first filled field that stands beyond the last heading.
    fn surplus(&self) -> Option<&TableField> {
        self.fields.iter().skip(self.width).find(|field| !field.text.trim().is_empty())
    }
}

/// The rows as read, before the columns are known.
struct Grid {
    /// The text shown for each line.
    lines: Vec<String>,
    /// The rows that are not blank, the headings first.
    rows: Vec<Vec<TableField>>,
}

/// A table that a person handed in.
#[derive(Debug)]
pub struct TableFile {
    kind: &'static TableKind,
    file: String,
    lines: Vec<String>,
    headings: Vec<TableField>,
    places: std::rc::Rc<[Option<usize>]>,
    rows: Vec<TableRow>,
}

impl TableFile {
    /// Reads a table.
    pub fn open(path: &Path, kind: &'static TableKind) -> Result<TableFile, TableError> {
        let unreadable = |source| {
            let (name, help) = (kind.name, kind.named_by);
            TableError::Unreadable { name, path: path.to_owned(), source, help }
        };
        let size = std::fs::metadata(path).map_err(unreadable)?.len();
        let file = path.display().to_string();
        if size > MOST_BYTES {
            let message = format!("{} has {} MB, expected at most {}", kind.name, size >> 20, MOST_BYTES >> 20);
            let help = Some("is it another file that was meant?".to_owned());
            return Err(TableError::Mistaken(vec![Complaint { file, position: None, message, help }]));
        }
        TableFile::parse(&file, &std::fs::read(path).map_err(unreadable)?, kind)
    }

    /// The same from the content of a file, which is named in complaints.
    pub fn parse(file: &str, bytes: &[u8], kind: &'static TableKind) -> Result<TableFile, TableError> {
        let grid = if workbook::is_one(bytes) {
            workbook::read(bytes)
        } else {
            encoding::decode(bytes).and_then(|text| delimited::read(&text, kind.columns))
        };
        let grid = grid.map_err(|fault| TableError::Mistaken(vec![complaint_of(file, fault, kind)]))?;
        TableFile::of(file, grid, kind).map_err(|complaint| TableError::Mistaken(vec![complaint]))
    }

    fn of(file: &str, grid: Grid, kind: &'static TableKind) -> Result<TableFile, Complaint> {
        let Grid { lines, rows } = grid;
        let mut rows = rows.into_iter();
        let headings = rows.next().unwrap_or_default();
        let folded: Vec<String> = headings.iter().map(|heading| folded(&heading.text)).collect();
        let places = kind.columns.iter().map(|name| folded.iter().position(|heading| heading == name)).collect();
        let mut table =
            TableFile { kind, file: file.to_owned(), lines, headings, places, rows: Vec::with_capacity(rows.len()) };
        let is_known = |heading: &str| kind.columns.contains(&heading);
        let twice =
            folded.iter().enumerate().find(|(at, heading)| is_known(heading) && folded[..*at].contains(heading));
        if let Some((at, heading)) = twice {
            let message = format!("{} has two columns `{heading}`", kind.name);
            let help = "rename the one that is not meant; columns of other names are passed over";
            return Err(table.at(&table.headings[at], message, help));
        }
        let width = table.headings.len();
        table.rows.extend(rows.filter_map(|fields| {
            let line = fields.first()?.line;
            Some(TableRow { line, fields, places: std::rc::Rc::clone(&table.places), width })
        }));
        Ok(table)
    }

    /// Complains of columns that have to be there and are not.
    pub fn require(&self, columns: &[&str]) -> Result<(), Complaint> {
        let is_there = |name: &&&str| {
            let position = self.kind.columns.iter().position(|column| column == *name);
            position.and_then(|position| self.places[position]).is_some()
        };
        let missing: Vec<&str> = columns.iter().filter(|name| !is_there(name)).copied().collect();
        if missing.is_empty() {
            return Ok(());
        }
        let seen: Vec<&str> = self.headings.iter().map(|heading| heading.text.trim()).collect();
        let has = match (self.kind.is_secret, seen.is_empty()) {
            (true, _) => String::new(),
            (_, true) => "; it is empty".to_owned(),
            _ => format!("; it has: {}", seen.join(", ")),
        };
        let name = self.kind.name;
        let message = format!("{name} lacks the column {}{has}", missing.join(", "));
        let help = format!("the first row names the columns: {}", self.kind.columns.join(","));
        Err(self.of_headings(message, help))
    }

    /// Whether a column is there.
    pub fn has(&self, column: usize) -> bool {
        self.places[column].is_some()
    }

    /// The rows below the headings that are not blank.
    pub fn rows(&self) -> &[TableRow] {
        &self.rows
    }

    /// A complaint about the headings.
    pub fn of_headings(&self, message: String, help: impl Into<String>) -> Complaint {
        let (Some(first), Some(last)) = (self.headings.first(), self.headings.last()) else {
            return Complaint { file: self.file.clone(), position: None, message, help: Some(help.into()) };
        };
        let length = if last.line == first.line { last.start + last.length - first.start } else { first.length };
        self.at(&TableField { length, ..first.clone() }, message, help)
    }

    /// A complaint about what stands, or does not stand, in a column of a row.
    pub fn complaint(&self, row: &TableRow, column: usize, message: String, help: impl Into<String>) -> Complaint {
        let field = row.places[column].and_then(|at| row.fields.get(at));
        // A row that ends before the column is pointed at as a whole.
        let (first, last) = (row.fields.first(), row.fields.last());
        let whole = first.zip(last).map(|(first, last)| TableField {
            length: (last.start + last.length).saturating_sub(first.start).max(1),
            ..first.clone()
        });
        self.at(field.or(whole.as_ref()).unwrap_or(&TableField::default()), message, help)
    }

    /// A complaint about a field too many, where a row has one: mostly a comma that is no separator. What
    /// stands beside a table on a sheet is a remark.
    pub fn surplus(&self, row: &TableRow) -> Option<Complaint> {
        let field = row.surplus().filter(|field| field.cell.is_none())?;
        let message = format!("the row has {} fields, expected {}", row.fields.len(), row.width);
        Some(self.at(field, message, "put a text that holds the separator into quotation marks"))
    }

    fn at(&self, field: &TableField, message: String, help: impl Into<String>) -> Complaint {
        let text = self.lines.get(field.line.wrapping_sub(1)).cloned().unwrap_or_default();
        let mut position = Position {
            line: field.line,
            column: field.start.max(1),
            length: field.length.max(1),
            text,
            cell: field.cell.clone(),
        };
        if self.kind.is_secret {
            position = concealed(position);
        }
        Complaint { file: self.file.clone(), position: Some(position), message, help: Some(help.into()) }
    }
}

/// The same place, of whose line nothing but the separators is shown: not even how long a field is.
fn concealed(position: Position) -> Position {
    let (mut text, mut column) = (String::new(), 1);
    for (at, character) in position.text.chars().enumerate() {
        let is_separator = matches!(character, ',' | ';' | '\t' | '|');
        if is_separator || !text.ends_with('…') {
            text.push(if is_separator { character } else { '…' });
        }
        if at + 1 == position.column {
            column = text.chars().count();
        }
    }
    if position.column > position.text.chars().count() {
        column = text.chars().count() + 1;
    }
    Position { text, column, length: 1, ..position }
}

fn complaint_of(file: &str, fault: Fault, kind: &TableKind) -> Complaint {
    let Fault { position, message, help } = fault;
    let position = position.map(|position| if kind.is_secret { concealed(position) } else { position });
    Complaint { file: file.to_owned(), position, message: format!("{} {message}", kind.name), help: Some(help.into()) }
}

/// A heading as it is compared.
fn folded(heading: &str) -> String {
    comparable(heading).to_lowercase()
}
