//! Where a finding is: spelled as Excel spells a reference, `[file.xlsx]点検票!F12`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A sheet cell by row and column, counted from 0, shown as in Excel (`F12`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CellAddress {
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub column: u32,
}

impl fmt::Display for CellAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Written backwards into a small buffer: every line of the store's responses has a cell.
        let mut buffer = [0_u8; 24];
        let mut start = buffer.len();
        let mut put = |digit: u8| {
            start -= 1;
            buffer[start] = digit;
        };
        let mut row = u64::from(self.row) + 1;
        while row > 0 {
            put(b'0' + u8::try_from(row % 10).expect("a remainder below 10 fits a byte"));
            row /= 10;
        }
        let mut column = u64::from(self.column) + 1;
        while column > 0 {
            put(b'A' + u8::try_from((column - 1) % 26).expect("a remainder below 26 fits a byte"));
            column = (column - 1) / 26;
        }
        f.pad(std::str::from_utf8(&buffer[start..]).expect("letters and digits are ASCII"))
    }
}

/// A place in the material. Places are ordered by file, then sheet, then cell.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Place {
    /// The collection as a whole.
    Collection,
    /// A file, by its path within the folder of returns.
    File(String),
    /// A sheet of a workbook.
    Sheet {
        /// Path of the workbook.
        file: String,
        /// Name of the sheet.
        sheet: String,
    },
    /// A sheet cell.
    Cell {
        /// Path of the workbook.
        file: String,
        /// Name of the sheet.
        sheet: String,
        /// The cell.
        cell: CellAddress,
    },
}

impl Place {
    /// The file, where the place is within one.
    pub fn file(&self) -> Option<&str> {
        match self {
            Place::Collection => None,
            Place::File(file) | Place::Sheet { file, .. } | Place::Cell { file, .. } => Some(file),
        }
    }

    /// The sheet, where the place is within one.
    pub fn sheet(&self) -> Option<&str> {
        match self {
            Place::Sheet { sheet, .. } | Place::Cell { sheet, .. } => Some(sheet),
            Place::Collection | Place::File(_) => None,
        }
    }

    /// The sheet cell, where the place is one.
    pub fn cell(&self) -> Option<CellAddress> {
        match self {
            Place::Cell { cell, .. } => Some(*cell),
            _ => None,
        }
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.file(), self.sheet(), self.cell()).cmp(&(other.file(), other.sheet(), other.cell()))
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Collection => write!(f, "(collection)"),
            Place::File(file) => write!(f, "[{file}]"),
            Place::Sheet { file, sheet } => write!(f, "[{file}]{sheet}"),
            Place::Cell { file, sheet, cell } => write!(f, "[{file}]{sheet}!{cell}"),
        }
    }
}
