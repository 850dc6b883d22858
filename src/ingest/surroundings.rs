//! The sheet around the place of a finding, re-read from its workbook to be shown.

use std::path::Path;

use crate::finding::{CellAddress, Frame, Place};
use crate::ingest::sheets::workbook;
use crate::ingest::unpack::guard::{self, Scratch};

/// How many rows are shown above and below.
const ROWS: u32 = 3;
/// How many columns are shown at most.
const COLUMNS: usize = 5;

/// The cells around the place of a finding; `None` where it is no cell, or where the workbook can no
/// longer be read as it was.
pub fn surroundings(folder: &Path, place: &Place) -> Option<Frame> {
    let Place::Cell { file, sheet, cell } = place else { return None };
    let path = folder.join(file);
    if std::fs::metadata(&path).ok()?.len() > guard::FILE_LIMIT {
        return None;
    }
    let bytes = std::fs::read(path).ok()?;
    let mut scratch = Scratch::default();
    let workbook = workbook::read(guard::clear(&bytes, &mut scratch).ok()?).ok()?;
    let sheet = workbook.sheets.iter().find(|other| other.name == *sheet)?;
    let rows = cell.row.saturating_sub(ROWS)..=cell.row.saturating_add(ROWS);
    let columns =
        columns_around(sheet.cells()[sheet.span(*rows.start()..rows.end() + 1)].iter().map(|cell| cell.address), *cell);
    let text =
        |row: u32, column: u32| sheet.at(CellAddress { row, column }).map_or(String::new(), |cell| cell.value.shown());
    let shown = rows.map(|row| (row, columns.iter().map(|&column| text(row, column)).collect()));
    Some(Frame { marked: *cell, rows: shown.collect(), columns: columns.clone() })
}

/// The column of the cell and the nearest filled ones, those before it first.
fn columns_around(filled: impl Iterator<Item = CellAddress>, cell: CellAddress) -> Vec<u32> {
    let mut columns: Vec<u32> = filled.map(|filled| filled.column).filter(|&column| column != cell.column).collect();
    columns.sort_unstable();
    columns.dedup();
    columns.sort_by_key(|&column| (column.abs_diff(cell.column), column));
    columns.truncate(COLUMNS - 1);
    columns.push(cell.column);
    columns.sort_unstable();
    columns
}
