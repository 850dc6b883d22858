//! A returned workbook that a test can change: as sheets of cells, or as the parts of its file.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Workbook};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::support::sample;

/// The content of a sheet cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    Text(String),
    Number(f64),
    /// TRUE or FALSE, as a cell with a check box holds it.
    Boolean(bool),
    /// Runs of text, each struck out or not.
    Runs(Vec<(&'static str, bool)>),
    /// An error such as `#REF!`, as a formula leaves it.
    Error(&'static str),
}

impl From<&str> for Entry {
    fn from(text: &str) -> Entry {
        Entry::Text(text.to_owned())
    }
}

impl From<i32> for Entry {
    fn from(number: i32) -> Entry {
        Entry::Number(f64::from(number))
    }
}

/// A sheet: its cells by row and column, from 0.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub name: String,
    pub hidden: bool,
    /// First and last cell of each merged cell.
    merged: Vec<[(u32, u16); 2]>,
    cells: BTreeMap<(u32, u16), Entry>,
    /// How cells look that do not look as usual.
    looks: BTreeMap<(u32, u16), Format>,
    hidden_rows: Vec<u32>,
    hidden_columns: Vec<u16>,
}

/// A workbook.
#[derive(Debug, Clone)]
pub struct Book {
    pub sheets: Vec<Sheet>,
    /// When it says that it was saved: hour and minute of 1 August 2023, universal time. The same
    /// for all unless a test says otherwise, so that no test depends on the clock.
    pub saved: (u16, u8),
}

/// The workbook that an institution of the sample returned.
pub fn returned(fiscal_year: u16, institution: &str) -> PathBuf {
    let start = format!("CSSA{fiscal_year}_{institution}_");
    let folder = std::fs::read_dir(sample(&format!("fy{fiscal_year}"))).expect("the sample is there");
    let mut paths = folder.map(|entry| entry.expect("the sample is readable").path());
    let is_its = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&start));
    paths.find(is_its).unwrap_or_else(|| panic!("the sample has no workbook of {institution} for {fiscal_year}"))
}

/// `F12` as row and column from 0.
fn address(cell: &str) -> (u32, u16) {
    let digits = cell.find(|c: char| c.is_ascii_digit()).expect("a cell such as F12");
    let column = cell[..digits].bytes().fold(0, |sum, letter| 26 * sum + u16::from(letter - b'A') + 1);
    (cell[digits..].parse::<u32>().expect("a cell such as F12") - 1, column - 1)
}

impl Book {
    /// An xlsx workbook of the sample.
    pub fn of(fiscal_year: u16, institution: &str) -> Book {
        Book::open(&returned(fiscal_year, institution))
    }

    /// An xlsx workbook, as values.
    pub fn open(path: &Path) -> Book {
        let mut source: Xlsx<_> = open_workbook(path).expect("an xlsx workbook");
        let sheets = source.worksheets().into_iter().map(|(name, range)| {
            let (top, left) = range.start().unwrap_or((0, 0));
            let cells = range.used_cells().filter_map(|(row, column, data)| {
                let row = top + u32::try_from(row).expect("a small sheet");
                let column =
                    u16::try_from(left).expect("a small sheet") + u16::try_from(column).expect("a small sheet");
                let entry = match data {
                    Data::Empty => return None,
                    Data::Float(number) => Entry::Number(*number),
                    Data::Bool(value) => Entry::Boolean(*value),
                    other => Entry::Text(other.to_string()),
                };
                Some(((row, column), entry))
            });
            let (merged, looks, hidden_rows, hidden_columns) = Default::default();
            Sheet { name, hidden: false, merged, cells: cells.collect(), looks, hidden_rows, hidden_columns }
        });
        Book { sheets: sheets.collect(), saved: (5, 0) }
    }

    /// The sheet of a name.
    pub fn sheet(&mut self, name: &str) -> &mut Sheet {
        self.sheets.iter_mut().find(|sheet| sheet.name == name).unwrap_or_else(|| panic!("there is no sheet {name}"))
    }

    /// Takes a sheet out.
    pub fn remove(&mut self, name: &str) -> Sheet {
        let place = self.sheets.iter().position(|sheet| sheet.name == name);
        self.sheets.remove(place.unwrap_or_else(|| panic!("there is no sheet {name}")))
    }

    /// Writes the workbook.
    pub fn write(&self, path: &Path) {
        std::fs::write(path, self.bytes()).expect("a workbook can be saved");
    }

    /// The workbook as a file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut workbook = Workbook::new();
        let saved = ExcelDateTime::from_ymd(2023, 8, 1).and_then(|day| day.and_hms(self.saved.0, self.saved.1, 0));
        let saved = saved.expect("a time of the day");
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&saved));
        let mut is_active = false;
        for sheet in &self.sheets {
            let worksheet = workbook.add_worksheet();
            worksheet.set_name(&sheet.name).expect("a sheet name");
            worksheet.set_hidden(sheet.hidden);
            // Excel shows the active sheet, so it must be one that is not hidden.
            if !sheet.hidden && !is_active {
                worksheet.set_active(true);
                worksheet.set_first_tab(true);
                is_active = true;
            }
            for &[(top, left), (bottom, right)] in &sheet.merged {
                worksheet.merge_range(top, left, bottom, right, "", &Format::new()).expect("a merged cell");
            }
            for (&(row, column), entry) in &sheet.cells {
                let look = sheet.looks.get(&(row, column)).cloned().unwrap_or_default();
                match entry {
                    Entry::Text(text) => worksheet.write_string_with_format(row, column, text, &look),
                    Entry::Number(number) => worksheet.write_number_with_format(row, column, *number, &look),
                    Entry::Boolean(value) => worksheet.write_boolean(row, column, *value),
                    Entry::Runs(runs) => {
                        let (plain, struck) = (Format::new(), Format::new().set_font_strikethrough());
                        let runs: Vec<_> = runs
                            .iter()
                            .map(|(text, is_struck)| (if *is_struck { &struck } else { &plain }, *text))
                            .collect();
                        worksheet.write_rich_string(row, column, &runs)
                    }
                    Entry::Error(error) => {
                        worksheet.write_formula(row, column, Formula::new(format!("={error}")).set_result(*error))
                    }
                }
                .expect("a cell");
            }
            for &row in &sheet.hidden_rows {
                worksheet.set_row_hidden(row).expect("a row");
            }
            for &column in &sheet.hidden_columns {
                worksheet.set_column_hidden(column).expect("a column");
            }
        }
        workbook.save_to_buffer().expect("a workbook can be saved")
    }
}

impl Sheet {
    /// Writes a cell.
    pub fn put(&mut self, cell: &str, entry: impl Into<Entry>) -> &mut Sheet {
        self.cells.insert(address(cell), entry.into());
        self
    }

    /// The rows with their cells, from 0.
    pub fn rows(&self) -> BTreeMap<u32, BTreeMap<u16, &Entry>> {
        let mut rows: BTreeMap<u32, BTreeMap<u16, &Entry>> = BTreeMap::new();
        for (&(row, column), entry) in &self.cells {
            rows.entry(row).or_default().insert(column, entry);
        }
        rows
    }

    /// Empties a cell that holds a mark, a number or the text of a respondent, and no print.
    pub fn take_answer(&mut self, row: u32, column: u16) {
        let is_answer = |entry: &Entry| match entry {
            Entry::Text(text) => text == "○",
            _ => true,
        };
        if self.cells.get(&(row, column)).is_some_and(is_answer) {
            self.cells.remove(&(row, column));
        }
    }

    /// Writes or empties a cell by row and column, from 0.
    pub fn set(&mut self, row: u32, column: u16, entry: Option<Entry>) {
        match entry {
            Some(entry) => drop(self.cells.insert((row, column), entry)),
            None => drop(self.cells.remove(&(row, column))),
        }
    }

    /// Gives a cell a look of its own.
    pub fn dress(&mut self, row: u32, column: u16, look: Format) -> &mut Sheet {
        self.looks.insert((row, column), look);
        self
    }

    /// The same for a cell such as `D6`.
    pub fn dress_cell(&mut self, cell: &str, look: Format) -> &mut Sheet {
        let (row, column) = address(cell);
        self.dress(row, column, look)
    }

    /// Hides a row, counted from 0.
    pub fn hide_row(&mut self, row: u32) -> &mut Sheet {
        self.hidden_rows.push(row);
        self
    }

    /// Hides a column, counted from 0.
    pub fn hide_column(&mut self, column: u16) -> &mut Sheet {
        self.hidden_columns.push(column);
        self
    }

    /// Merges cells and keeps what those hold that are covered, as merging by the format brush does.
    pub fn merge_cells(&mut self, first: (u32, u16), last: (u32, u16)) -> &mut Sheet {
        self.merged.push([first, last]);
        self
    }

    /// Merges cells, such as `D6` to `D7`; the content of all but the first is gone, as in Excel.
    pub fn merge(&mut self, first: &str, last: &str) -> &mut Sheet {
        let (first, last) = (address(first), address(last));
        let covered = |cell: &(u32, u16)| {
            (first.0..=last.0).contains(&cell.0) && (first.1..=last.1).contains(&cell.1) && *cell != first
        };
        self.cells.retain(|cell, _| !covered(cell));
        self.merged.push([first, last]);
        self
    }

    /// Empties the filled cells of a column, from one row to another.
    pub fn clear_column(&mut self, column: &str, rows: std::ops::RangeInclusive<u32>) -> &mut Sheet {
        for row in rows {
            self.clear_if_filled(&format!("{column}{row}"));
        }
        self
    }

    /// Empties a cell that may be empty already.
    pub fn clear_if_filled(&mut self, cell: &str) -> &mut Sheet {
        self.cells.remove(&address(cell));
        self
    }

    /// Empties a cell that is filled.
    pub fn clear(&mut self, cell: &str) -> &mut Sheet {
        self.cells.remove(&address(cell)).unwrap_or_else(|| panic!("{cell} is empty already"));
        self
    }

    /// Moves every cell; those that `to` has no place for are dropped.
    pub fn rearrange(&mut self, to: impl Fn(u32, u16) -> Option<(u32, u16)>) -> &mut Sheet {
        let cells = std::mem::take(&mut self.cells);
        self.cells = cells.into_iter().filter_map(|((row, column), entry)| Some((to(row, column)?, entry))).collect();
        let looks = std::mem::take(&mut self.looks);
        self.looks = looks.into_iter().filter_map(|((row, column), look)| Some((to(row, column)?, look))).collect();
        self.hidden_rows = self.hidden_rows.iter().filter_map(|&row| to(row, 0).map(|(row, _)| row)).collect();
        for corners in &mut self.merged {
            *corners = corners.map(|(row, column)| to(row, column).unwrap_or((row, column)));
        }
        self
    }

    /// Deletes rows, counted as Excel does; those below move up.
    pub fn delete_rows(&mut self, first: u32, last: u32) -> &mut Sheet {
        let (first, count) = (first - 1, last - first + 1);
        self.rearrange(|row, column| match row {
            row if row < first => Some((row, column)),
            row if row < first + count => None,
            row => Some((row - count, column)),
        })
    }
}

/// A shape from one cell to another: column, offset, row, offset, from 0.
pub fn shape(from: [u32; 4], to: [u32; 4], outline: &str, text: &str) -> String {
    let corner = |name: &str, [column, right, row, down]: [u32; 4]| {
        let columns = format!("<xdr:col>{column}</xdr:col><xdr:colOff>{right}</xdr:colOff>");
        format!("<xdr:{name}>{columns}<xdr:row>{row}</xdr:row><xdr:rowOff>{down}</xdr:rowOff></xdr:{name}>")
    };
    let properties = r#"<xdr:nvSpPr><xdr:cNvPr id="2" name="x"/></xdr:nvSpPr>"#;
    let outline = format!(r#"<xdr:spPr><a:prstGeom prst="{outline}"/></xdr:spPr>"#);
    let text = format!("<xdr:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></xdr:txBody>");
    let corners = corner("from", from) + &corner("to", to);
    format!("<xdr:twoCellAnchor>{corners}<xdr:sp>{properties}{outline}{text}</xdr:sp></xdr:twoCellAnchor>")
}

/// The parts of an Office file by name.
#[derive(Debug, Clone, Default)]
pub struct Parts(Vec<(String, Vec<u8>)>);

impl Parts {
    pub fn of(path: &Path) -> Parts {
        Parts::in_bytes(&std::fs::read(path).expect("a workbook of the sample"))
    }

    pub fn in_bytes(bytes: &[u8]) -> Parts {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a zip archive");
        let parts = (0..archive.len()).map(|index| {
            let mut file = archive.by_index(index).expect("a part");
            let mut content = Vec::new();
            file.read_to_end(&mut content).expect("a part can be unpacked");
            (file.name().expect("a part has a name").into_owned(), content)
        });
        Parts(parts.collect())
    }

    /// Replaces a text that stands once in a part.
    pub fn replace(&mut self, part: &str, from: &str, to: &str) -> &mut Parts {
        self.edit(part, |text| {
            assert_eq!(text.matches(from).count(), 1, "{from} stands once in {part}");
            text.replace(from, to)
        })
    }

    /// Rewrites the text of a part.
    pub fn edit(&mut self, part: &str, rewrite: impl Fn(&str) -> String) -> &mut Parts {
        let place = self.0.iter_mut().find(|(name, _)| name == part);
        let (_, content) = place.unwrap_or_else(|| panic!("there is no part {part}"));
        *content = rewrite(std::str::from_utf8(content).expect("a part in UTF-8")).into_bytes();
        self
    }

    /// Rewrites the text of every part that is text.
    pub fn edit_all(&mut self, rewrite: impl Fn(&str) -> String) -> &mut Parts {
        for (_, content) in &mut self.0 {
            if let Ok(text) = std::str::from_utf8(content) {
                *content = rewrite(text).into_bytes();
            }
        }
        self
    }

    /// The names of the parts, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The content of a part.
    pub fn content(&self, part: &str) -> &[u8] {
        let found = self.0.iter().find(|(name, _)| name == part);
        &found.unwrap_or_else(|| panic!("there is no part {part}")).1
    }

    /// Puts other content in the place of a part's own.
    pub fn put(&mut self, part: &str, content: Vec<u8>) -> &mut Parts {
        let found = self.0.iter_mut().find(|(name, _)| name == part);
        found.unwrap_or_else(|| panic!("there is no part {part}")).1 = content;
        self
    }

    /// Draws something over a sheet: anchors as a part of drawings has them.
    pub fn draw(&mut self, sheet: &str, anchors: &str) -> &mut Parts {
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        let drawings = "http://schemas.openxmlformats.org/drawingml/2006";
        self.edit(&format!("xl/worksheets/{sheet}.xml"), |text| {
            let drawing = format!(r#"<drawing xmlns:r="{office}" r:id="rId1"/></worksheet>"#);
            text.replace("</worksheet>", &drawing)
        });
        let way = format!(r#"<Relationship Id="rId1" Type="{office}/drawing" Target="../drawings/drawing1.xml"/>"#);
        let ways = format!(r#"<Relationships xmlns="{package}">{way}</Relationships>"#);
        self.add(&format!("xl/worksheets/_rels/{sheet}.xml.rels"), ways.into_bytes());
        let spaces = format!(r#"xmlns:xdr="{drawings}/spreadsheetDrawing" xmlns:a="{drawings}/main""#);
        self.add("xl/drawings/drawing1.xml", format!("<xdr:wsDr {spaces}>{anchors}</xdr:wsDr>").into_bytes())
    }

    /// Takes a part out.
    pub fn take(&mut self, part: &str) -> &mut Parts {
        self.0.retain(|(name, _)| name != part);
        self
    }

    /// Adds a part, or puts it in the place of the one of the same name.
    pub fn add(&mut self, part: &str, content: Vec<u8>) -> &mut Parts {
        self.0.retain(|(name, _)| name != part);
        self.0.push((part.to_owned(), content));
        self
    }

    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in &self.0 {
            writer.start_file(name.as_str(), SimpleFileOptions::default()).expect("a part");
            writer.write_all(content).expect("a part");
        }
        writer.finish().expect("an archive").into_inner()
    }
}
