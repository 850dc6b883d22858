//! Workbooks written from text, readable in the test: a sheet is a name and a grid of lines,
//! columns divided by `|`. A whole number becomes a number; `'1` stays the text "1".

use std::path::Path;

use rust_xlsxwriter::Workbook;

/// A sheet: its name and its rows.
pub struct Grid<'a> {
    pub name: &'a str,
    pub rows: &'a str,
}

/// Writes sheets to an xlsx file.
pub fn write(path: &Path, sheets: &[Grid<'_>]) {
    let mut workbook = Workbook::new();
    for sheet in sheets {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(sheet.name).expect("a sheet name");
        for (row, line) in sheet.rows.lines().filter(|line| !line.trim().is_empty()).enumerate() {
            for (column, cell) in line.split('|').enumerate() {
                let (row, column) =
                    (u32::try_from(row).expect("few rows"), u16::try_from(column).expect("few columns"));
                let cell = cell.trim();
                if let Ok(number) = cell.parse::<f64>() {
                    worksheet.write_number(row, column, number).expect("a cell");
                } else if !cell.is_empty() {
                    worksheet.write_string(row, column, cell.trim_start_matches('\'')).expect("a cell");
                }
            }
        }
    }
    std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
    workbook.save(path).expect("a workbook can be saved");
}
