//! A workbook as data: sheets with a title, columns and rows of typed cells. Its looks are not set here; the house
//! style is the same for every workbook.

use std::hash::{Hash, Hasher};

use crate::texts::Language;

/// A workbook to be written.
#[derive(Debug, Clone, Default, Hash)]
pub struct Book {
    /// The language of the texts that the house style adds.
    pub language: Language,
    /// The title among the document's properties.
    pub title: String,
    /// Named texts among the document's own properties. They survive a save by Excel, LibreOffice
    /// and openpyxl, so a workbook that comes back can be known by them.
    pub properties: Vec<(String, String)>,
    /// The sheets, in order; the first is shown when the workbook is opened.
    pub sheets: Vec<Sheet>,
}

/// A sheet: a title, lines of text, and one table.
#[derive(Debug, Clone, Default, Hash)]
pub struct Sheet {
    /// The name on its tab: at most 31 characters, none of `[]:*?/\`.
    pub name: String,
    /// The title in its first row.
    pub title: String,
    /// Lines between title and table, each wrapped over the width of the table.
    pub notes: Vec<String>,
    /// The columns of the table.
    pub columns: Vec<Column>,
    /// The rows of the table; each has a cell for each column.
    pub rows: Vec<Row>,
    /// Lines under the table.
    pub footnotes: Vec<String>,
    /// How many of the first columns stay in view when one scrolls to the right.
    pub frozen_columns: u16,
    /// Whether the headings offer a filter.
    pub is_filtered: bool,
    /// Whether only open cells can be written in. There is no password: the lock keeps from
    /// slips, not from people.
    pub is_locked: bool,
}

/// A column of a sheet's table.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// Its width in half-width characters.
    pub width: f64,
    /// Whether it is there for programs only.
    pub is_hidden: bool,
}

impl Hash for Column {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.heading, self.width.to_bits(), self.is_hidden).hash(state);
    }
}

impl Column {
    /// The columns with these headings and widths.
    pub fn all<const N: usize>(headings: [&str; N], widths: [f64; N]) -> Vec<Column> {
        headings.into_iter().zip(widths).map(|(heading, width)| Column::new(heading, width)).collect()
    }

    /// A column that is seen.
    pub fn new(heading: impl Into<String>, width: f64) -> Column {
        Column { heading: heading.into(), width, is_hidden: false }
    }

    /// The same column, hidden: for keys that a program reads when the workbook comes back.
    pub fn hidden(self) -> Column {
        Column { is_hidden: true, ..self }
    }
}

/// A row of a sheet's table.
#[derive(Debug, Clone, Default, Hash)]
pub struct Row {
    /// A cell for each column.
    pub cells: Vec<Cell>,
    /// Whether it stands out, as totals do.
    pub is_strong: bool,
}

impl Row {
    /// A row like any other.
    pub fn new(cells: impl IntoIterator<Item = Cell>) -> Row {
        Row { cells: cells.into_iter().collect(), is_strong: false }
    }

    /// The same row, standing out.
    pub fn strong(self) -> Row {
        Row { is_strong: true, ..self }
    }
}

/// The content of a sheet cell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Content {
    Empty,
    Text(String),
    Whole(i64),
    /// A number of tenths, printed with one decimal.
    Tenths(i64),
}

/// A cell of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cell {
    pub(super) content: Content,
    pub(super) is_open: bool,
    pub(super) choices: Vec<String>,
}

impl Cell {
    fn of(content: Content) -> Cell {
        Cell { content, is_open: false, choices: Vec::new() }
    }

    /// A cell with nothing in it.
    pub fn empty() -> Cell {
        Cell::of(Content::Empty)
    }

    /// A text, whatever it looks like: `=1+1` stays what it is and is never computed.
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        Cell::of(if text.is_empty() { Content::Empty } else { Content::Text(text) })
    }

    /// A count. A spreadsheet holds whole numbers exactly up to 2^53, which no count here reaches.
    pub fn count(count: usize) -> Cell {
        Cell::of(Content::Whole(i64::try_from(count).expect("a count is smaller than 2^63")))
    }

    /// A number given in tenths, such as a percentage: 333 is printed as 33.3.
    pub fn tenths(tenths: impl Into<i64>) -> Cell {
        Cell::of(Content::Tenths(tenths.into()))
    }

    /// The same cell, open for writing on a locked sheet, and shown to be.
    pub fn open(self) -> Cell {
        Cell { is_open: true, ..self }
    }

    /// The same cell, open for one of these texts, offered as a drop-down list.
    pub fn one_of(self, choices: impl IntoIterator<Item = impl Into<String>>) -> Cell {
        Cell { is_open: true, choices: choices.into_iter().map(Into::into).collect(), ..self }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::text(text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::text(text)
    }
}
