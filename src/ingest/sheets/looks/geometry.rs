//! How wide and high the cells of a sheet are, and on which of them a drawing stands.
//!
//! Lengths are in English metric units, 914,400 to the inch, as drawings have them. Heights that the
//! part does not state are those of a line, so a cell is certain only where most of the drawing lies
//! in it.

use std::collections::BTreeMap;

use crate::finding::CellAddress;
use crate::ingest::sheets::elements::{Step, walk};
use crate::ingest::sheets::looks::drawn::Drawn;

/// A pixel of the screen.
pub const PIXEL: f64 = 9_525.0;
/// A point of print.
pub const POINT: f64 = 12_700.0;
/// How much of a drawing must lie in one row and in one column for it to stand there.
const MOST: f64 = 0.6;
/// The most cells that one drawing is measured over.
const CELLS: u32 = 200;
/// The most rows and columns that a corner is looked for over.
const PAGE: u32 = 20_000;

/// A corner of a drawing: a cell, and how far from its own corner.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Corner {
    /// The column, from 0.
    pub column: u32,
    /// The row, from 0.
    pub row: u32,
    /// How far right of the column's beginning.
    pub right: f64,
    /// How far below the row's beginning.
    pub down: f64,
}

impl Corner {
    /// The corner so much further right and down, in the same cell as long as nobody measures.
    pub fn moved(self, (right, down): (f64, f64)) -> Corner {
        Corner { right: self.right + right, down: self.down + down, ..self }
    }
}

/// The sizes of a sheet's cells, as far as it states them.
#[derive(Debug)]
pub struct Geometry {
    heights: BTreeMap<u32, f64>,
    /// The last column of a stretch and its width, by the first.
    widths: BTreeMap<u32, (u32, f64)>,
    height: f64,
    width: f64,
}

impl Default for Geometry {
    fn default() -> Geometry {
        Geometry { heights: BTreeMap::new(), widths: BTreeMap::new(), height: 15.0 * POINT, width: width(8.43) }
    }
}

impl Geometry {
    /// Sets the height of rows and the width of columns that have none of their own.
    pub fn set_usual(&mut self, height: Option<f64>, width: Option<f64>) {
        self.height = height.unwrap_or(self.height);
        self.width = width.unwrap_or(self.width);
    }

    /// Sets the height of a row.
    pub fn set_height(&mut self, row: u32, height: f64) {
        if height != self.height {
            self.heights.insert(row, height);
        }
    }

    /// Sets the width of a stretch of columns.
    pub fn set_width(&mut self, first: u32, last: u32, width: f64) {
        self.widths.insert(first, (last, width));
    }

    /// Reads the sizes from a sheet part.
    pub fn of(part: &[u8]) -> Geometry {
        let mut geometry = Geometry::default();
        let mut next = 0;
        walk(part, |step| match step {
            Step::Begin("sheetFormatPr", attributes) => {
                if let Some(height) = attributes.number::<f64>("defaultRowHeight") {
                    geometry.height = height * POINT;
                }
                if let Some(chars) = attributes.number("defaultColWidth") {
                    geometry.width = width(chars);
                }
            }
            Step::Begin("col", attributes) => {
                let ends = attributes.number::<u32>("min").zip(attributes.number::<u32>("max"));
                if let (Some((first, last)), Some(chars)) = (ends, attributes.number("width")) {
                    let chars = if attributes.flag("hidden") { 0.0 } else { chars };
                    geometry.set_width(first.saturating_sub(1), last.saturating_sub(1), width(chars));
                }
            }
            Step::Begin("row", attributes) => {
                let row = attributes.number::<u32>("r").map_or(next, |row| row.saturating_sub(1));
                next = row.saturating_add(1);
                let height = attributes.number::<f64>("ht").map(|height| height * POINT);
                let height = if attributes.flag("hidden") { Some(0.0) } else { height };
                if let Some(height) = height {
                    geometry.set_height(row, height);
                }
            }
            _ => {}
        });
        geometry
    }

    /// Gives drawings the one cell on which they stand, where that is certain.
    pub fn settle(&self, drawn: &mut [Drawn]) {
        for one in drawn.iter_mut().filter(|one| one.last.row < u32::MAX) {
            let [from, to] = one.corners;
            let wide = |column: u32| self.width(column);
            let high = |row: u32| self.height(row);
            let column = mostly((from.column, from.right), (to.column, to.right), wide);
            let row = mostly((from.row, from.down), (to.row, to.down), high);
            if let (Some(column), Some(row)) = (column, row) {
                one.center = Some(CellAddress { row, column });
            }
            // A drawing without an end of its own may reach further than the cell in which it begins.
            let last = |from: (u32, f64), to: (u32, f64), size: &dyn Fn(u32) -> f64| {
                spans(from, to, size).last().map(|span| span.0)
            };
            if let Some(column) = last((from.column, from.right), (to.column, to.right), &wide) {
                one.last.column = one.last.column.max(column);
            }
            if let Some(row) = last((from.row, from.down), (to.row, to.down), &high) {
                one.last.row = one.last.row.max(row);
            }
        }
    }

    /// The width of a column.
    pub fn width(&self, column: u32) -> f64 {
        let own = self.widths.range(..=column).next_back().filter(|(_, (last, _))| column <= *last);
        own.map_or(self.width, |(_, (_, width))| *width)
    }

    /// The height of a row.
    pub fn height(&self, row: u32) -> f64 {
        self.heights.get(&row).copied().unwrap_or(self.height)
    }

    /// The corner in the cell in which it lies, where it is counted from a cell before.
    pub fn within(&self, mut corner: Corner) -> Corner {
        for _ in 0..PAGE {
            let width = self.width(corner.column);
            if corner.right < width {
                break;
            }
            corner.right -= width;
            corner.column += 1;
        }
        for _ in 0..PAGE {
            let height = self.height(corner.row);
            if corner.down < height {
                break;
            }
            corner.down -= height;
            corner.row += 1;
        }
        corner
    }
}

/// The width of so many characters of the usual font.
pub fn width(characters: f64) -> f64 {
    if characters <= 0.0 { 0.0 } else { (characters * 7.0 + 5.0) * PIXEL }
}

/// How much of a stretch lies in each row or column.
fn spans(from: (u32, f64), to: (u32, f64), size: impl Fn(u32) -> f64) -> Vec<(u32, f64)> {
    let mut spans = Vec::new();
    let (mut at, mut begin) = from;
    while at <= to.0 && at - from.0 < CELLS {
        let size = size(at);
        let end = if at == to.0 { to.1 } else { size };
        spans.push((at, (end.min(size) - begin.min(size)).max(0.0)));
        (at, begin) = (at + 1, 0.0);
    }
    // A stretch that reaches beyond the last cell lies in the next ones.
    let mut beyond = to.1 - size(to.0);
    let mut at = to.0;
    while beyond > 0.0 && at - to.0 < CELLS {
        at += 1;
        spans.push((at, beyond.min(size(at))));
        beyond -= size(at);
    }
    spans
}

/// The row or column in which most of a stretch lies.
fn mostly(from: (u32, f64), to: (u32, f64), size: impl Fn(u32) -> f64) -> Option<u32> {
    // A drawing that begins and ends in one cell stands there, whatever its size.
    if from.0 == to.0 && from.1 <= to.1 && to.1 <= size(to.0) * 1.25 {
        return Some(from.0);
    }
    let spans = spans(from, to, size);
    let all: f64 = spans.iter().map(|(_, length)| length).sum();
    let (cell, most) = spans.into_iter().max_by(|one, other| one.1.total_cmp(&other.1))?;
    (all > 0.0 && most >= MOST * all).then_some(cell)
}
