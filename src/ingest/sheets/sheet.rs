//! A workbook as it was read: sheets of filled cells, nothing interpreted yet.

use serde::{Deserialize, Serialize};

use crate::finding::CellAddress;
use crate::ingest::refusal::Unread;
use crate::survey::is_blank;

/// The content of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, as stored.
    Text(String),
    /// A number; always finite.
    Number(f64),
    /// TRUE or FALSE.
    Boolean(bool),
    /// A date or time, as text.
    Date(String),
    /// An error, such as `#REF!`.
    Error(String),
    /// A formula whose result is not in the file: what the cell shows is not known.
    Uncomputed(String),
}

impl Value {
    /// The value as a person would read it in the cell.
    pub fn shown(&self) -> String {
        match self {
            Value::Text(text) | Value::Date(text) | Value::Error(text) | Value::Uncomputed(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Boolean(true) => "TRUE".to_owned(),
            Value::Boolean(false) => "FALSE".to_owned(),
        }
    }
}

/// A filled cell.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetCell {
    /// Where it is.
    pub address: CellAddress,
    /// Its content; never blank text.
    pub value: Value,
}

/// The look of a cell, where its content by itself would mislead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// All that it holds is struck out.
    Struck,
    /// A part of it is struck out, which its value no longer has.
    PartlyStruck(Box<str>),
    /// Its row or column is hidden.
    Hidden,
    /// It is shown in the colour of its ground, or by a format that shows nothing.
    Invisible,
    /// It lies under a merged cell that shows something else.
    Covered,
    /// Its number is shown otherwise than it is stored; this is what is stored.
    Formatted(Box<str>),
    /// It is shown by a number format that Excel does not allow: nobody can tell how.
    Foreign,
    /// Its content is not in the cell, but drawn or set over it.
    Drawn(&'static str),
}

impl Look {
    /// Why nobody counts the content as an answer who looks at the workbook, if that is so.
    pub fn unseen(&self) -> Option<&'static str> {
        match self {
            Look::Struck => Some("struck out"),
            Look::Hidden => Some("in a hidden row or column"),
            Look::Invisible => Some("not to be seen in its cell"),
            Look::Covered => Some("under a merged cell"),
            Look::Foreign => Some("shown by a number format that Excel does not allow"),
            Look::PartlyStruck(_) | Look::Formatted(_) | Look::Drawn(_) => None,
        }
    }
}

/// Something that is drawn over a sheet and that no cell can be read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// The cell in which it begins.
    pub first: CellAddress,
    /// The cell in which it ends.
    pub last: CellAddress,
    /// Its kind, in a few words.
    pub what: String,
    /// Whether it is a note that somebody attached, and no part of what is filled in.
    pub is_note: bool,
}

/// Cells that are merged into one: its content is that of the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// The cell at the top left.
    pub first: CellAddress,
    /// The cell at the bottom right.
    pub last: CellAddress,
}

impl Merged {
    /// Whether a cell is one of those merged.
    pub fn covers(&self, cell: CellAddress) -> bool {
        (self.first.row..=self.last.row).contains(&cell.row)
            && (self.first.column..=self.last.column).contains(&cell.column)
    }
}

/// The filled cells of a sheet, by row and column.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether Excel shows it.
    pub visible: bool,
    cells: Vec<SheetCell>,
    formulas: Vec<(CellAddress, Box<str>)>,
    merged: Vec<Merged>,
    looks: Vec<(CellAddress, Look)>,
    drawings: Vec<Drawing>,
}

impl Sheet {
    /// A sheet of these cells; blank ones are dropped, and those that hold nothing that anybody sees.
    pub fn new(name: String, visible: bool, mut cells: Vec<SheetCell>) -> Sheet {
        cells.retain(|cell| !matches!(&cell.value, Value::Text(text) if is_blank(text)));
        if !cells.is_sorted_by_key(|cell| cell.address) {
            cells.sort_by_key(|cell| cell.address);
        }
        let (formulas, merged, looks, drawings) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Sheet { name, visible, cells, formulas, merged, looks, drawings }
    }

    /// The same sheet with these cells merged.
    pub fn with_merged(self, merged: Vec<Merged>) -> Sheet {
        Sheet { merged, ..self }
    }

    /// Its merged cells.
    pub fn merged(&self) -> &[Merged] {
        &self.merged
    }

    /// The merged cell that a cell is part of; one that stands alone is merged with itself.
    pub fn merged_at(&self, cell: CellAddress) -> Merged {
        let alone = Merged { first: cell, last: cell };
        self.merged.iter().find(|merged| merged.covers(cell)).copied().unwrap_or(alone)
    }

    /// The content that a cell shows: its own, or that of the merged cell that it is part of.
    pub fn shown_at(&self, cell: CellAddress) -> Option<&SheetCell> {
        self.at(self.merged_at(cell).first)
    }

    /// The same sheet, with what is to be known of the looks of its cells.
    pub fn with_looks(mut self, mut looks: Vec<(CellAddress, Look)>) -> Sheet {
        looks.sort_by_key(|(address, _)| *address);
        self.looks = looks;
        self
    }

    /// The same sheet, with what is drawn over it.
    pub fn with_drawings(self, drawings: Vec<Drawing>) -> Sheet {
        Sheet { drawings, ..self }
    }

    /// The drawings over it that could not be read as the content of a cell.
    pub fn drawings(&self) -> &[Drawing] {
        &self.drawings
    }

    /// The look of a filled cell, where it has to be known.
    pub fn look(&self, cell: CellAddress) -> Option<&Look> {
        if self.merged_at(cell).first != cell {
            return Some(&Look::Covered);
        }
        let place = self.looks.binary_search_by_key(&cell, |(address, _)| *address).ok()?;
        Some(&self.looks[place].1)
    }

    /// Whether whoever looks at the sheet sees the content of a filled cell, and sees it stand.
    pub fn is_seen(&self, cell: CellAddress) -> bool {
        self.look(cell).and_then(Look::unseen).is_none()
    }

    /// The filled cells, row by row.
    pub fn cells(&self) -> &[SheetCell] {
        &self.cells
    }

    /// Where the filled cells of some rows stand in [`Sheet::cells`].
    pub fn span(&self, rows: std::ops::Range<u32>) -> std::ops::Range<usize> {
        let first = self.cells.partition_point(|cell| cell.address.row < rows.start);
        let last = self.cells.partition_point(|cell| cell.address.row < rows.end);
        first..last.max(first)
    }

    /// The filled cell at an address.
    pub fn at(&self, address: CellAddress) -> Option<&SheetCell> {
        let place = self.cells.binary_search_by_key(&address, |cell| cell.address).ok()?;
        Some(&self.cells[place])
    }

    /// The same sheet, with the formulas of its cells.
    pub fn with_formulas(mut self, mut formulas: Vec<(CellAddress, Box<str>)>) -> Sheet {
        formulas.sort_by_key(|(address, _)| *address);
        self.formulas = formulas;
        self
    }

    /// The formula of a cell, as `=A1`.
    pub fn formula(&self, address: CellAddress) -> Option<&str> {
        let place = self.formulas.binary_search_by_key(&address, |(address, _)| *address).ok()?;
        Some(&self.formulas[place].1)
    }

    /// The row after the last filled one.
    pub fn end(&self) -> u32 {
        self.cells.last().map_or(0, |cell| cell.address.row + 1)
    }
}

/// The file format of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// Office Open XML.
    Xlsx,
    /// Office Open XML with macros.
    Xlsm,
    /// Office Open XML with binary parts.
    Xlsb,
    /// Excel 97 to 2003.
    Xls,
    /// OpenDocument.
    Ods,
}

impl Format {
    /// The word in the store: the usual ending of such files.
    pub fn word(self) -> &'static str {
        match self {
            Format::Xlsx => "xlsx",
            Format::Xlsm => "xlsm",
            Format::Xlsb => "xlsb",
            Format::Xls => "xls",
            Format::Ods => "ods",
        }
    }
}

/// A workbook as it was read.
#[derive(Debug, Clone)]
pub struct Workbook {
    /// The file format.
    pub format: Format,
    /// The program that saved it, as far as it says so.
    pub application: String,
    /// When it was saved, as the program wrote it; empty where it did not.
    pub saved: String,
    /// Its sheets, in order.
    pub sheets: Vec<Sheet>,
    /// The things in it that act or reach out when somebody opens it, in a few words each.
    pub carries: Vec<&'static str>,
    /// Cells that could not be read, as places and reasons: `(sheet, after this cell, what)`.
    pub damaged: Vec<(usize, Option<CellAddress>, String)>,
    /// The sheets that cannot be read.
    pub unread: Vec<Unread>,
}

/// A formula as it is shown: with its sign, and no longer than anybody reads.
pub fn formula_shown(formula: &str) -> String {
    let formula = formula.trim().trim_start_matches('=');
    let mut shown: String = formula.chars().take(FORMULA_SHOWN).collect();
    if shown.len() < formula.len() {
        shown.push('…');
    }
    format!("={shown}")
}

/// How much of a formula is shown.
const FORMULA_SHOWN: usize = 120;
