//! Reads a cleared workbook into sheets: the only file that knows calamine, which reads what
//! Excel writes.
//!
//! Cells are streamed, so a stray cell in the last row costs nothing. Errors of the library are
//! retold in the words of the person who has to mend the file.

use std::io::Cursor;

use calamine::{Data, DataRef, Range, Reader, SheetType, SheetVisible, Xls, Xlsx, XlsxError};

use super::budget::Budget;
use super::guard::Cleared;
use super::opendocument;
use super::refusal::Refusal;
use super::sheet::{Format, Sheet, SheetCell, Value, Workbook};
use crate::finding::{CellAddress, Code};

/// The most cells of a sheet with errors that the library does not know.
const ERROR_LIMIT: usize = 1_000;

/// Reads a workbook that the guard has cleared.
pub fn read(bytes: &[u8], cleared: Cleared<'_>) -> Result<Workbook, Refusal> {
    match cleared {
        Cleared::Xlsx { container, macros, application } => read_xlsx(container, macros, application),
        Cleared::Ods { content, application } => {
            let sheets = opendocument::read(content)?;
            Ok(Workbook { format: Format::Ods, application, sheets, damaged: Vec::new() })
        }
        Cleared::Xls => {
            let workbook: Xls<_> =
                Reader::new(Cursor::new(bytes)).map_err(|error: calamine::XlsError| match error {
                    calamine::XlsError::Password => {
                        Refusal::new(Code::EncryptedWorkbook, "the workbook is encrypted with a password")
                    }
                    error => damaged(error),
                })?;
            read_xls(workbook)
        }
    }
}

fn damaged(error: impl std::fmt::Display) -> Refusal {
    Refusal::new(Code::DamagedWorkbook, format!("the workbook cannot be read: {error}"))
}

fn read_xlsx(container: &[u8], macros: bool, application: String) -> Result<Workbook, Refusal> {
    let mut source: Xlsx<_> = Reader::new(Cursor::new(container)).map_err(|error: XlsxError| match error {
        XlsxError::Password => Refusal::new(Code::EncryptedWorkbook, "the workbook is encrypted with a password"),
        error => damaged(error),
    })?;
    let metadata: Vec<_> =
        source.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect();
    let mut sheets = Vec::with_capacity(metadata.len());
    let mut unreadable = Vec::new();
    let mut budget = Budget::default();
    for (index, sheet) in metadata.into_iter().enumerate() {
        budget.sheet()?;
        let mut reader = source.worksheet_cells_reader(&sheet.name).map_err(damaged)?;
        let mut cells: Vec<SheetCell> = Vec::with_capacity(512);
        let mut places: Vec<CellAddress> = Vec::with_capacity(1_024);
        loop {
            match reader.next_cell() {
                Ok(Some(cell)) => {
                    let (row, column) = cell.get_position();
                    let address = CellAddress { row, column };
                    places.push(address);
                    if let Some(value) = value_of_ref(cell.get_value()) {
                        let cell = SheetCell { address, value };
                        budget.cell(&cell)?;
                        cells.push(cell);
                    }
                }
                Ok(None) => break,
                // An error value that the library does not know, such as #SPILL!: the reader
                // stands behind it and goes on with the next cell.
                Err(XlsxError::CellError(text)) => {
                    unreadable.push((index, cells.last().map(|cell| cell.address), text));
                }
                Err(error) => return Err(damaged(format!("sheet {}: {error}", sheet.name))),
            }
            if unreadable.len() > ERROR_LIMIT {
                let message = format!("sheet {} has more than {ERROR_LIMIT} cells with errors", sheet.name);
                return Err(Refusal::new(Code::UnsafeWorkbook, message));
            }
        }
        if let Some(cell) = standing_twice(places) {
            let message = format!("cell {cell} of sheet {} stands in it twice", sheet.name);
            return Err(Refusal::new(Code::DamagedWorkbook, message));
        }
        sheets.push(Sheet::new(sheet.name, sheet.visible == SheetVisible::Visible, cells));
    }
    let format = if macros { Format::Xlsm } else { Format::Xlsx };
    Ok(Workbook { format, application, sheets, damaged: unreadable })
}

/// A cell that stands in a sheet more than once, filled or not: there is no telling which of the
/// contents is meant.
fn standing_twice(mut places: Vec<CellAddress>) -> Option<CellAddress> {
    if !places.is_sorted() {
        places.sort_unstable();
    }
    places.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

fn read_xls(mut source: Xls<Cursor<&[u8]>>) -> Result<Workbook, Refusal> {
    let metadata: Vec<_> =
        source.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect();
    let mut budget = Budget::default();
    let mut sheets = Vec::with_capacity(metadata.len());
    for sheet in metadata {
        budget.sheet()?;
        let range: Range<Data> = source.worksheet_range(&sheet.name).map_err(damaged)?;
        let (first_row, first_column) = range.start().unwrap_or((0, 0));
        let mut cells = Vec::new();
        for (row, column, data) in range.used_cells() {
            let offset = |place: usize| u32::try_from(place).expect("a sheet has fewer than 2^32 rows and columns");
            let address = CellAddress { row: first_row + offset(row), column: first_column + offset(column) };
            if let Some(value) = value_of(data) {
                let cell = SheetCell { address, value };
                budget.cell(&cell)?;
                cells.push(cell);
            }
        }
        sheets.push(Sheet::new(sheet.name, sheet.visible == SheetVisible::Visible, cells));
    }
    Ok(Workbook { format: Format::Xls, application: String::new(), sheets, damaged: Vec::new() })
}

fn value_of_ref(data: &DataRef<'_>) -> Option<Value> {
    match data {
        DataRef::SharedString(text) => Some(Value::Text((*text).to_owned())),
        DataRef::Float(number) => Some(number_value(*number)),
        other => value_of(&Data::from(other.clone())),
    }
}

fn value_of(data: &Data) -> Option<Value> {
    Some(match data {
        Data::Empty => return None,
        Data::String(text) => Value::Text(text.clone()),
        Data::Float(number) => number_value(*number),
        Data::Int(number) => Value::Number(*number as f64),
        Data::Bool(value) => Value::Boolean(*value),
        Data::DateTime(moment) => Value::Date(moment.to_string()),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Value::Date(text.clone()),
        Data::Error(error) => Value::Error(error.to_string()),
    })
}

/// A file can spell a number as NaN; that is no number to anyone who reads the cell.
fn number_value(number: f64) -> Value {
    if number.is_finite() { Value::Number(number) } else { Value::Error(number.to_string()) }
}
