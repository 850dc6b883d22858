//! How the table being read looks: its hidden rows and columns, the sizes and styles of its cells, and what is
//! drawn over it. (OpenDocument 1.3, part 3, sections 9 and 19.)

use std::collections::BTreeMap;

use super::Cell;
use crate::finding::CellAddress;
use crate::ingest::sheets::looks::opendocument::{CellLook, Drawing, SheetRows, Styles, number_shown, text_shown};
use crate::ingest::sheets::looks::{Geometry, SheetLooks};
use crate::ingest::sheets::sheet::Value;

/// The most rows of one stretch whose height is kept.
const MEASURED: u32 = 1_000;

/// The looks of a table, as far as they are known.
#[derive(Debug, Default)]
pub struct TableLooks {
    rows: SheetRows,
    geometry: Geometry,
    drawing: Drawing,
    /// The column that comes next in the list of columns.
    column: u32,
    /// The last column of a stretch and the style of its cells, by the first.
    styles: BTreeMap<u32, (u32, String)>,
    /// The style of the cells of the row.
    row_style: Option<String>,
    /// Whether each group of rows or columns around is folded.
    groups: Vec<bool>,
}

/// The attributes of an element, by their whole names.
type Attribute<'a> = &'a dyn Fn(&str) -> Option<String>;

impl TableLooks {
    /// The column that comes next in the list of columns.
    pub fn next_column(&self) -> u32 {
        self.column
    }

    /// An element begins, in this row and perhaps in a cell.
    pub fn begin(
        &mut self,
        name: &str,
        attribute: Attribute<'_>,
        styles: &Styles,
        row: u32,
        cell: Option<CellAddress>,
    ) {
        match name {
            "table:table-row-group" | "table:table-column-group" => {
                self.groups.push(attribute("table:display").as_deref() == Some("false"));
            }
            "table:table-column" => self.begin_column(attribute, styles),
            "table:table-row" => self.begin_row(attribute, styles, row),
            name if name.starts_with("draw:") || name.starts_with("form:") => {
                self.drawing.begin(name, attribute, cell);
            }
            _ => {}
        }
    }

    fn begin_column(&mut self, attribute: Attribute<'_>, styles: &Styles) {
        let (first, repeated) = (self.column, count(attribute, "table:number-columns-repeated"));
        self.column = first.saturating_add(repeated);
        let last = self.column - 1;
        let width = attribute("table:style-name").and_then(|style| styles.width(&style));
        let is_hidden = self.is_hidden(attribute) || width == Some(0.0);
        if is_hidden {
            self.rows.hide_columns(first, last);
        }
        if let Some(width) = width {
            self.geometry.set_width(first, last, if is_hidden { 0.0 } else { width });
        }
        if let Some(style) = attribute("table:default-cell-style-name") {
            self.styles.insert(first, (last, style));
        }
    }

    fn begin_row(&mut self, attribute: Attribute<'_>, styles: &Styles, first: u32) {
        let repeated = count(attribute, "table:number-rows-repeated");
        let height = attribute("table:style-name").and_then(|style| styles.height(&style));
        let is_hidden = self.is_hidden(attribute) || height == Some(0.0);
        if is_hidden {
            self.rows.hide_rows(first, first.saturating_add(repeated - 1));
        }
        if let Some(height) = height {
            if first == 0 {
                self.geometry.set_usual(Some(height), None);
            }
            for row in (first..).take(repeated.min(MEASURED) as usize) {
                self.geometry.set_height(row, if is_hidden { 0.0 } else { height });
            }
        }
        self.row_style = attribute("table:default-cell-style-name");
    }

    /// Whether a row or column is hidden, by itself or with a group around it.
    fn is_hidden(&self, attribute: Attribute<'_>) -> bool {
        let is_out_of_sight = |seen: String| seen == "collapse" || seen == "filter";
        attribute("table:visibility").is_some_and(is_out_of_sight) || self.groups.contains(&true)
    }

    /// An element ends.
    pub fn end(&mut self, name: &str) {
        self.drawing.end(name);
        if matches!(name, "table:table-row-group" | "table:table-column-group") {
            self.groups.pop();
        }
    }

    /// Text that is drawn over the table.
    pub fn text(&mut self, text: &str) {
        self.drawing.text(text);
    }

    /// How a cell of this column and value looks.
    pub fn look(&self, cell: &Cell, column: u32, value: &Value, styles: &Styles) -> CellLook {
        let of_column = || {
            let (_, (last, style)) = self.styles.range(..=column).next_back()?;
            (column <= *last).then_some(style)
        };
        let style = cell.style.as_ref().or(self.row_style.as_ref()).or_else(of_column);
        let style = styles.cell(style.map_or("Default", String::as_str));
        let shown = match value {
            Value::Number(number) if cell.paragraphs > 0 => number_shown(*number, &cell.text),
            Value::Text(own) if cell.paragraphs > 0 => text_shown(own, &cell.text),
            _ => None,
        };
        CellLook { style, runs: cell.runs.clone(), shown }
    }

    /// Takes down how a cell looks.
    pub fn note(&mut self, address: CellAddress, look: CellLook) {
        self.rows.note(address, look);
    }

    /// Gives a cell the look of another one.
    pub fn copy(&mut self, from: CellAddress, to: CellAddress) {
        self.rows.copy(from, to);
    }

    /// The looks of the sheet, with what is drawn over it.
    pub fn finish(self) -> SheetLooks {
        let TableLooks { rows, geometry, drawing, .. } = self;
        let mut looks = SheetLooks::new(rows);
        looks.add_drawn(drawing.finish(&geometry), &geometry);
        looks
    }
}

/// How many times a row or column is repeated, at least once.
fn count(attribute: Attribute<'_>, name: &str) -> u32 {
    attribute(name).and_then(|count| count.parse().ok()).unwrap_or(1).max(1)
}
