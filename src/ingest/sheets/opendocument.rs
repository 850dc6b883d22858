//! Reads OpenDocument spreadsheets cell by cell.
//!
//! The format compresses rows and cells by repetition, and a reader that fills the rectangle
//! between the corners of a sheet needs gigabytes for a stray cell. Here only filled cells are
//! kept. (OpenDocument 1.3, part 3, sections 9 and 19.)

mod table_looks;

use std::collections::BTreeSet;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::active;
use crate::ingest::unpack::budget::Budget;
use table_looks::TableLooks;

use crate::finding::{CellAddress, Code};
use crate::ingest::refusal::Refusal;
use crate::ingest::sheets::looks::Run;
use crate::ingest::sheets::looks::opendocument::{Styles, text_shown};
use crate::ingest::sheets::sheet::{Merged, Sheet, SheetCell, Value, formula_shown};

/// The content of a document.
#[derive(Debug, Default)]
pub struct Document {
    /// Its sheets, in order.
    pub sheets: Vec<Sheet>,
    /// The things in it that act or reach out, in a few words each.
    pub carries: Vec<&'static str>,
}

/// Reads the sheets of a document's `content.xml`; `styles` are those that stand elsewhere.
pub fn read(content: &[u8], styles: Styles) -> Result<Document, Refusal> {
    let text = std::str::from_utf8(content).map_err(|_| damaged("it is not in UTF-8"))?;
    let mut source = Reader::from_str(text);
    source.config_mut().expand_empty_elements = true;
    let unsound = || damaged("it is no sound XML, or ends in the middle");
    let mut document = Reading { styles, ..Reading::default() };
    loop {
        match source.read_event().map_err(|_| unsound())? {
            Event::Start(element) => document.begin(&element)?,
            Event::End(element) => document.end(element.name().0)?,
            Event::Text(text) => document.text(&text.xml10_content()),
            Event::CData(text) => document.text(&text.xml10_content()),
            Event::GeneralRef(entity) => {
                let character = entity.resolve_char_ref().map_err(|_| unsound())?;
                match character {
                    Some(character) => document.text(character.encode_utf8(&mut [0; 4])),
                    None => document.text(resolve_predefined_entity(&entity).unwrap_or("")),
                }
            }
            Event::Eof => return document.finish(),
            _ => {}
        }
    }
}

fn damaged(what: &str) -> Refusal {
    Refusal::new(Code::DamagedWorkbook, format!("the workbook cannot be read: {what}"))
}

/// Elements whose text is not that of the cell in which they stand: notes, the reading of a word, and
/// all that is drawn.
fn stands_aside(name: &str) -> bool {
    let is_drawn = name.starts_with("draw:") || name.starts_with("dr3d:");
    is_drawn || matches!(name, "office:annotation" | "text:ruby-text" | "text:note" | "table:shapes")
}

/// Elements whose tables are no sheets of the document: what was last seen of other workbooks, and
/// what was changed before.
fn holds_no_sheets(name: &str) -> bool {
    matches!(name, "table:dde-links" | "table:tracked-changes")
}

/// The thing in an element that acts or reaches out.
fn carried(name: &str) -> Option<&'static str> {
    match name {
        "table:table-source" | "table:cell-range-source" | "office:dde-source" => Some(active::LINKS),
        "table:database-source-sql" | "table:database-source-table" | "table:database-source-query" => {
            Some(active::CONNECTIONS)
        }
        "draw:control" => Some(active::CONTROLS),
        "script:event-listener" => Some(active::MACROS),
        _ => None,
    }
}

/// The kind of a cell whose formula has no result in the file.
const UNCOMPUTED: &str = "uncomputed";

/// The cell being read.
#[derive(Debug, Default)]
struct Cell {
    kind: String,
    value: Option<String>,
    /// The formula, where it has one.
    formula: Option<String>,
    repeated: u32,
    /// How many columns and rows it is merged over.
    spanned: (u32, u32),
    paragraphs: usize,
    text: String,
    /// The name of its style, where it has one of its own.
    style: Option<String>,
    /// Its text by pieces, each struck out or not, as far as they say so.
    runs: Vec<Run>,
}

/// The state of reading.
#[derive(Debug, Default)]
struct Reading {
    budget: Budget,
    sheets: Vec<Sheet>,
    carries: BTreeSet<&'static str>,
    /// How many elements around hold no sheets of the document.
    elsewhere: usize,
    /// Whether the table is what was last seen of a sheet of another workbook.
    is_copy: bool,
    /// Styles that hide the sheets that have them.
    hiding_styles: Vec<String>,
    style: Option<String>,
    sheet: Option<(String, bool)>,
    cells: Vec<SheetCell>,
    formulas: Vec<(CellAddress, Box<str>)>,
    merged: Vec<Merged>,
    row: u32,
    row_repeated: u32,
    row_start: usize,
    column: u32,
    cell: Option<Cell>,
    /// Within text that is printed, not within a note or the reading of a word.
    paragraph: bool,
    aside: usize,
    styles: Styles,
    /// Whether each piece of text around is struck out, as far as it says so.
    pieces: Vec<Option<bool>>,
    table: TableLooks,
}

impl Reading {
    fn begin(&mut self, element: &BytesStart<'_>) -> Result<(), Refusal> {
        let attribute = |name: &str| -> Option<String> {
            let found = element.try_get_attribute(name).ok()??;
            found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
        };
        let count = |name: &str| attribute(name).and_then(|count| count.parse().ok()).unwrap_or(1_u32).max(1);
        let name = element.name();
        self.carries.extend(carried(name.0));
        self.elsewhere += usize::from(holds_no_sheets(name.0));
        if self.elsewhere > 0 {
            return Ok(());
        }
        if self.sheet.is_none() {
            let (_, own) = name.0.split_once(':').unwrap_or(("", name.0));
            self.styles.begin(own, |wanted| {
                let mut all = element.attributes().flatten();
                let found = all.find(|attribute| attribute.key.local_name().as_ref() == wanted)?;
                found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
            });
        } else {
            self.ask_for_place(name.0)?;
            let cell = self.cell.is_some().then_some(CellAddress { row: self.row, column: self.column });
            self.table.begin(name.0, &attribute, &self.styles, self.row, cell);
        }
        match name.0 {
            "style:style" => self.style = attribute("style:name"),
            "style:table-properties" if attribute("table:display").as_deref() == Some("false") => {
                self.hiding_styles.extend(self.style.clone());
            }
            "table:table" => {
                self.budget.sheet()?;
                let hidden = attribute("table:style-name").is_some_and(|style| self.hiding_styles.contains(&style));
                self.sheet = Some((attribute("table:name").unwrap_or_default(), !hidden));
                (self.row, self.row_start) = (0, 0);
                self.is_copy = false;
                self.table = TableLooks::default();
            }
            "table:table-source" => self.is_copy = true,
            "table:table-row" => {
                self.row_repeated = count("table:number-rows-repeated");
                self.row_start = self.cells.len();
                self.column = 0;
            }
            "table:table-cell" | "table:covered-table-cell" => {
                // LibreOffice says in its own name space that a text is an error.
                let kind = attribute("calcext:value-type").or_else(|| attribute("office:value-type"));
                let value = [
                    "office:value",
                    "office:boolean-value",
                    "office:date-value",
                    "office:time-value",
                    "office:string-value",
                ];
                self.cell = Some(Cell {
                    kind: kind.unwrap_or_default(),
                    value: value.iter().find_map(|name| attribute(name)),
                    // `of:=[.A1]` names the language of the formula first.
                    formula: attribute("table:formula")
                        .map(|formula| formula_shown(formula.split_once('=').map_or("", |(_, text)| text))),
                    repeated: count("table:number-columns-repeated"),
                    spanned: (count("table:number-columns-spanned"), count("table:number-rows-spanned")),
                    style: attribute("table:style-name"),
                    ..Cell::default()
                });
            }
            name if stands_aside(name) => self.aside += 1,
            "text:span" if self.sheet.is_some() && self.aside == 0 => {
                self.pieces.push(attribute("text:style-name").and_then(|style| self.styles.strikes(&style)));
            }
            "text:p" | "text:h" => {
                if let Some(cell) = self.cell.as_mut().filter(|_| self.aside == 0) {
                    if cell.paragraphs > 0 {
                        cell.text.push('\n');
                    }
                    cell.paragraphs += 1;
                    self.paragraph = true;
                }
            }
            "text:s" => self.text(&" ".repeat(count("text:c").min(1_000) as usize)),
            "text:tab" => self.text("\t"),
            "text:line-break" => self.text("\n"),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), Refusal> {
        if holds_no_sheets(name) {
            self.elsewhere = self.elsewhere.saturating_sub(1);
        }
        if self.elsewhere > 0 {
            return Ok(());
        }
        if self.sheet.is_none() {
            self.styles.end(name.split_once(':').map_or(name, |(_, own)| own));
        }
        self.table.end(name);
        match name {
            "text:span" if self.aside == 0 => drop(self.pieces.pop()),
            "style:style" => self.style = None,
            name if stands_aside(name) => self.aside = self.aside.saturating_sub(1),
            "text:p" | "text:h" if self.aside == 0 => self.paragraph = false,
            "table:table-cell" | "table:covered-table-cell" => self.end_cell()?,
            "table:table-row" => self.end_row()?,
            "table:table" => {
                if let Some((name, visible)) = self.sheet.take() {
                    let (mut cells, formulas) = (std::mem::take(&mut self.cells), std::mem::take(&mut self.formulas));
                    let merged = std::mem::take(&mut self.merged);
                    let table = std::mem::take(&mut self.table);
                    if !self.is_copy {
                        let (looks, drawings) = table.finish().apply(&mut cells, &merged);
                        let sheet = Sheet::new(name, visible, cells).with_formulas(formulas).with_merged(merged);
                        self.sheets.push(sheet.with_looks(looks).with_drawings(drawings));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.aside > 0 {
            self.table.text(text);
        } else if let Some(cell) = self.cell.as_mut().filter(|_| self.paragraph) {
            cell.text.push_str(text);
            let struck = self.pieces.iter().rev().find_map(|piece| *piece);
            cell.runs.push(Run::new(text, struck));
        }
    }

    /// Refuses rows, columns and cells that begin beyond any sheet.
    fn ask_for_place(&self, name: &str) -> Result<(), Refusal> {
        let (row, column) = match name {
            "table:table-row" => (self.row, 0),
            "table:table-column" => (0, self.table.next_column()),
            "table:table-cell" | "table:covered-table-cell" => (self.row, self.column),
            _ => return Ok(()),
        };
        self.budget.place(CellAddress { row, column })
    }

    fn end_cell(&mut self) -> Result<(), Refusal> {
        let Some(mut cell) = self.cell.take() else { return Ok(()) };
        let repeated = cell.repeated;
        let formula = cell.formula.take();
        if let Some(formula) = &formula {
            if formula.contains("'file:") || formula.contains("DDE(") || formula.contains("WEBSERVICE(") {
                self.carries.insert(active::LINKS);
            }
            self.formulas.push((CellAddress { row: self.row, column: self.column }, formula.as_str().into()));
            // A formula that was computed has a value; only a text may be empty.
            if cell.value.is_none() && cell.kind != "string" && cell.text.trim().is_empty() {
                cell.kind = UNCOMPUTED.to_owned();
                cell.text.clone_from(formula);
            }
        }
        if cell.spanned != (1, 1) {
            let (columns, rows) = cell.spanned;
            let first = CellAddress { row: self.row, column: self.column };
            let last =
                CellAddress { row: self.row.saturating_add(rows - 1), column: self.column.saturating_add(columns - 1) };
            self.merged.push(Merged { first, last });
            self.budget.merged(self.merged.len())?;
        }
        if let Some(value) = value_of(&cell) {
            let look = self.table.look(&cell, self.column, &value, &self.styles);
            for column in (self.column..).take(repeated as usize) {
                let address = CellAddress { row: self.row, column };
                self.table.note(address, look.clone());
                self.push(SheetCell { address, value: value.clone() })?;
            }
        }
        self.column = self.column.saturating_add(repeated);
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Refusal> {
        let filled = self.row_start..self.cells.len();
        if !filled.is_empty() {
            for row in (self.row..).take(self.row_repeated as usize).skip(1) {
                for place in filled.clone() {
                    let copy = self.cells[place].clone();
                    self.table.copy(copy.address, CellAddress { row, ..copy.address });
                    self.push(SheetCell { address: CellAddress { row, ..copy.address }, ..copy })?;
                }
            }
        }
        self.row = self.row.saturating_add(self.row_repeated);
        Ok(())
    }

    fn push(&mut self, cell: SheetCell) -> Result<(), Refusal> {
        self.budget.cell(&cell)?;
        self.cells.push(cell);
        Ok(())
    }

    fn finish(self) -> Result<Document, Refusal> {
        if self.sheet.is_some() {
            return Err(damaged("it ends in the middle of a sheet"));
        }
        Ok(Document { sheets: self.sheets, carries: self.carries.into_iter().collect() })
    }
}

fn value_of(cell: &Cell) -> Option<Value> {
    let Cell { kind, value, text, .. } = cell;
    match (kind.as_str(), value) {
        ("float" | "percentage" | "currency", Some(value)) => match value.parse::<f64>() {
            Ok(number) if number.is_finite() => Some(Value::Number(number)),
            _ => Some(Value::Error(value.clone())),
        },
        ("boolean", Some(value)) => Some(Value::Boolean(value == "true")),
        ("date" | "time", Some(value)) => Some(Value::Date(value.clone())),
        ("error", _) => Some(Value::Error(text.clone())),
        (UNCOMPUTED, _) => Some(Value::Uncomputed(text.clone())),
        // A text may stand in an attribute alone (OpenDocument 1.3, part 3, 19.390); where it also stands in
        // the cell, that is how its format shows it.
        ("string", Some(value)) if !value.trim().is_empty() && text_shown(value, text).is_some() => {
            Some(Value::Text(value.clone()))
        }
        _ if text.trim().is_empty() => None,
        _ => Some(Value::Text(text.clone())),
    }
}
