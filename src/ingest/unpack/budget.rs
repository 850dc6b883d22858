//! What one workbook may come to while it is read: cells, text and extent. A small file can
//! repeat a text or a cell millions of times; every reader asks here before it keeps one.

use crate::finding::CellAddress;
use crate::ingest::refusal::Refusal;
use crate::ingest::sheets::sheet::{SheetCell, Value};

/// The most filled cells of a workbook; a filled questionnaire has about 400.
const CELLS: usize = 200_000;
/// The most text of a workbook, in bytes; a filled questionnaire has about 20 KB.
const TEXT: usize = 16 << 20;
/// The most text of a cell: Excel itself allows 32,767 characters, of three bytes in Japanese.
const CELL_TEXT: usize = 3 * 32_767;
/// The most merged cells of a sheet; a form has some dozens, and each is looked through many times.
const MERGED: usize = 10_000;
/// The most sheets.
const SHEETS: usize = 255;
/// The rows and columns that Excel has.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// What has been used of it so far.
#[derive(Debug, Default)]
pub struct Budget {
    cells: usize,
    text: usize,
    sheets: usize,
}

impl Budget {
    /// Asks for another sheet.
    pub fn sheet(&mut self) -> Result<(), Refusal> {
        self.sheets += 1;
        within(self.sheets <= SHEETS, || format!("the workbook has more than {SHEETS} sheets"))
    }

    /// Asks for the merged cells of a sheet.
    pub fn merged(&mut self, count: usize) -> Result<(), Refusal> {
        within(count <= MERGED, || format!("a sheet has more than {MERGED} merged cells"))
    }

    /// Asks for a row, a column or a cell that begins at this place, filled or not.
    pub fn place(&self, address: CellAddress) -> Result<(), Refusal> {
        within(address.row < ROWS && address.column < COLUMNS, || format!("cell {address} lies beyond any sheet"))
    }

    /// Asks for another cell, filled or not.
    pub fn cell(&mut self, cell: &SheetCell) -> Result<(), Refusal> {
        let length = match &cell.value {
            Value::Text(text) | Value::Date(text) | Value::Error(text) | Value::Uncomputed(text) => text.len(),
            Value::Number(_) | Value::Boolean(_) => 0,
        };
        self.cells += 1;
        self.text += length;
        let address = cell.address;
        self.place(address)?;
        within(length <= CELL_TEXT, || format!("cell {address} holds {length} bytes of text"))?;
        within(self.cells <= CELLS, || format!("the workbook has more than {CELLS} filled cells"))?;
        within(self.text <= TEXT, || format!("the workbook has more than {} MB of text", TEXT >> 20))
    }
}

fn within(is_within: bool, message: impl Fn() -> String) -> Result<(), Refusal> {
    if is_within { Ok(()) } else { Err(Refusal::overfull(message())) }
}
