//! Reads a cleared workbook into sheets, by calamine, which reads what Excel writes.
//!
//! Cells are streamed, so a stray cell in the last row costs nothing. Errors of the library are
//! retold in the words of the person who has to mend the file.

use std::io::Cursor;

use calamine::{
    CellType, Data, DataRef, Dimensions, Range, Reader, SheetType, SheetVisible, Xls, Xlsx, XlsxError,
    XlsxFormulaMetadata,
};

use super::budget::Budget;
use super::guard::Cleared;
use super::opendocument;
use super::refusal::Refusal;
use super::sheet::{Format, Merged, Sheet, SheetCell, Value, Workbook, formula_shown};
use super::sheet_parts::{SheetPart, SheetParts};
use crate::finding::{CellAddress, Code};
use crate::survey::date_shown;

/// The most cells of a sheet with errors that the library does not know.
const ERROR_LIMIT: usize = 1_000;

/// Reads a workbook that the guard has cleared.
pub fn read(bytes: &[u8], cleared: Cleared<'_>) -> Result<Workbook, Refusal> {
    match cleared {
        Cleared::Xlsx { container, parts, macros, application, saved, carries } => {
            let (sheets, damaged) = read_xlsx(container, &parts)?;
            let format = if macros { Format::Xlsm } else { Format::Xlsx };
            Ok(Workbook { format, application, saved, sheets, carries, damaged })
        }
        Cleared::Ods { content, application, saved, carries } => {
            let sheets = opendocument::read(content)?;
            Ok(Workbook { format: Format::Ods, application, saved, sheets, carries, damaged: Vec::new() })
        }
        Cleared::Xls { saved, carries } => {
            let workbook: Xls<_> =
                Reader::new(Cursor::new(bytes)).map_err(|error: calamine::XlsError| match error {
                    calamine::XlsError::Password => {
                        Refusal::new(Code::EncryptedWorkbook, "the workbook is encrypted with a password")
                    }
                    error => damaged(error),
                })?;
            let sheets = read_xls(workbook)?;
            let (format, application) = (Format::Xls, String::new());
            Ok(Workbook { format, application, saved, sheets, carries, damaged: Vec::new() })
        }
    }
}

fn damaged(error: impl std::fmt::Display) -> Refusal {
    Refusal::new(Code::DamagedWorkbook, format!("the workbook cannot be read: {error}"))
}

/// Cells that could not be read: their sheet, the cell before them, and what the library said.
type Damaged = Vec<(usize, Option<CellAddress>, String)>;

fn read_xlsx(container: &[u8], parts: &SheetParts) -> Result<(Vec<Sheet>, Damaged), Refusal> {
    let mut source: Xlsx<_> = Reader::new(Cursor::new(container)).map_err(|error: XlsxError| match error {
        XlsxError::Password => Refusal::new(Code::EncryptedWorkbook, "the workbook is encrypted with a password"),
        error => damaged(error),
    })?;
    let all = source.sheets_metadata().to_vec();
    let count = all.len();
    let worksheets = all.into_iter().enumerate().filter(|(_, sheet)| sheet.typ == SheetType::WorkSheet);
    let mut sheets = Vec::with_capacity(count);
    let mut unreadable = Vec::new();
    let mut budget = Budget::default();
    for (index, (position, sheet)) in worksheets.enumerate() {
        budget.sheet()?;
        let SheetPart { merged, has_formulas } = parts.of(position, count);
        let mut reader = source.worksheet_cells_reader(&sheet.name).map_err(damaged)?;
        let mut cells: Vec<SheetCell> = Vec::with_capacity(512);
        let mut formulas = Vec::new();
        let mut places: Vec<CellAddress> = Vec::with_capacity(1_024);
        loop {
            // The first way of reading hands on a shared formula where it stands and copies it nowhere.
            let read = if has_formulas {
                let cell = reader.next_cell_with_formula_metadata();
                cell.map(|cell| cell.map(|cell| (cell.pos, value_of_ref(&cell.value), cell.formula.map(formula_of))))
            } else {
                reader
                    .next_cell()
                    .map(|cell| cell.map(|cell| (cell.get_position(), value_of_ref(cell.get_value()), None)))
            };
            match read {
                Ok(Some(((row, column), value, formula))) => {
                    let address = CellAddress { row, column };
                    places.push(address);
                    let value = match (value, &formula) {
                        (None, Some(formula)) => Some(Value::Uncomputed(formula.clone())),
                        (value, _) => value,
                    };
                    if let Some(value) = value {
                        let cell = SheetCell { address, value };
                        budget.cell(&cell)?;
                        cells.push(cell);
                        formulas.extend(formula.map(|formula| (address, formula.into_boxed_str())));
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
        drop(reader);
        if let Some(cell) = standing_twice(places) {
            let message = format!("cell {cell} of sheet {} stands in it twice", sheet.name);
            return Err(Refusal::new(Code::DamagedWorkbook, message));
        }
        let merged = match merged {
            Some(merged) => merged,
            None => merged_cells(&source.merge_cells_by_sheet_name(&sheet.name).map_err(damaged)?),
        };
        budget.merged(merged.len())?;
        let visible = sheet.visible == SheetVisible::Visible;
        sheets.push(Sheet::new(sheet.name, visible, cells).with_formulas(formulas).with_merged(merged));
    }
    Ok((sheets, unreadable))
}

/// The formula of a cell; one that it shares with other cells is written out only in the first.
fn formula_of(formula: XlsxFormulaMetadata) -> String {
    match formula {
        XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => {
            formula_shown(&formula)
        }
        _ => formula_shown("…"),
    }
}

/// A cell that stands in a sheet more than once, filled or not: there is no telling which of the
/// contents is meant.
fn standing_twice(mut places: Vec<CellAddress>) -> Option<CellAddress> {
    if !places.is_sorted() {
        places.sort_unstable();
    }
    places.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

fn read_xls(mut source: Xls<Cursor<&[u8]>>) -> Result<Vec<Sheet>, Refusal> {
    let metadata: Vec<_> =
        source.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect();
    let mut budget = Budget::default();
    let mut sheets = Vec::with_capacity(metadata.len());
    for sheet in metadata {
        budget.sheet()?;
        let range: Range<Data> = source.worksheet_range(&sheet.name).map_err(damaged)?;
        let mut cells = Vec::new();
        for (row, column, data) in range.used_cells() {
            let address = address_in(&range, row, column);
            if let Some(value) = value_of(data) {
                let cell = SheetCell { address, value };
                budget.cell(&cell)?;
                cells.push(cell);
            }
        }
        let formulas: Range<String> = source.worksheet_formula(&sheet.name).map_err(damaged)?;
        let shown = |formula: &str| formula_shown(formula).into_boxed_str();
        let formulas = formulas
            .used_cells()
            .map(|(row, column, formula)| (address_in(&formulas, row, column), shown(formula)))
            .collect();
        let merged = source.merge_cells_by_sheet_name(&sheet.name).map_err(damaged)?;
        budget.merged(merged.len())?;
        let visible = sheet.visible == SheetVisible::Visible;
        let read = Sheet::new(sheet.name, visible, cells).with_formulas(formulas);
        sheets.push(read.with_merged(merged_cells(&merged)));
    }
    Ok(sheets)
}

/// The address of a cell of a range, which begins at the first filled row and column.
fn address_in<T: CellType>(range: &Range<T>, row: usize, column: usize) -> CellAddress {
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let offset = |place: usize| u32::try_from(place).expect("a sheet has fewer than 2^32 rows and columns");
    CellAddress { row: first_row + offset(row), column: first_column + offset(column) }
}

fn merged_cells(regions: &[Dimensions]) -> Vec<Merged> {
    let corner = |(row, column)| CellAddress { row, column };
    regions.iter().map(|region| Merged { first: corner(region.start), last: corner(region.end) }).collect()
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
        Data::DateTime(moment) => Value::Date(date_shown(moment)),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Value::Date(text.clone()),
        Data::Error(error) => Value::Error(error.to_string()),
    })
}

/// A file can spell a number as NaN; that is no number to anyone who reads the cell.
fn number_value(number: f64) -> Value {
    if number.is_finite() { Value::Number(number) } else { Value::Error(number.to_string()) }
}
