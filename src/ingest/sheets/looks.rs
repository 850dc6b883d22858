//! How the cells of a workbook of Excel look, where that changes what they say: what is struck out,
//! hidden or shown otherwise than it is stored, and what is drawn or set over the sheet.
//!
//! The reading library tells none of it. The parts are read here, and only where a glance at them
//! shows that there is something to be told.

pub(in crate::ingest) mod binary;
mod colours;
mod drawn;
mod formats;
mod geometry;
pub(in crate::ingest) mod old;
mod old_drawn;
pub(in crate::ingest) mod opendocument;
mod opendocument_drawn;
mod rows;
mod sheet_part;
mod spans;
mod styles;

use std::collections::BTreeMap;

use memchr::memmem;

use drawn::Mark;
pub use drawn::{Drawn, anchored_controls, is_checked, of_controls, of_drawing, ticked_boxes};
pub use formats::{Shown, number_shown, text_shown};
pub use geometry::Geometry;
use rows::SheetRows;
pub use styles::Styles;

use crate::finding::CellAddress;
use crate::ingest::sheets::sheet::{Drawing, Look, Merged, SheetCell, Value};

/// The most shapes of a sheet that are looked at one by one.
const DRAWN: usize = 2_000;

/// A run of a text, and whether it says by itself that it is struck out or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    text: String,
    struck: Option<bool>,
}

impl Run {
    /// A run of a text.
    pub fn new(text: &str, struck: Option<bool>) -> Run {
        Run { text: text.to_owned(), struck }
    }
}

/// The styles and texts that the sheets of a workbook share.
#[derive(Debug, Clone, Default)]
pub struct Shared {
    styles: Styles,
    /// Shared texts whose runs are struck out, or are not though their cells are, by number.
    runs: BTreeMap<u32, Vec<Run>>,
}

/// The looks of one sheet, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetLooks {
    rows: Option<SheetRows>,
    drawn: Vec<Drawn>,
}

impl Shared {
    /// Looks at the part of styles.
    pub fn look_at_styles(&mut self, part: &[u8]) {
        self.styles = Styles::of(part);
    }

    /// Looks at the part of shared texts; that of styles comes first.
    pub fn look_at_texts(&mut self, part: &[u8]) {
        let has_struck_cells = self.styles.any_strikes();
        if has_struck_cells || memmem::find(part, b"strike").is_some() {
            self.runs = sheet_part::runs_of_texts(part, has_struck_cells);
        }
    }

    /// Looks at the part of a sheet. What is drawn over it is added later.
    pub fn look_at_sheet(&self, part: &[u8]) -> SheetLooks {
        let is_wanted = self.styles.say_something()
            || !self.runs.is_empty()
            || hides_something(part)
            || [&b"strike"[..], b"ht=\"0\"", b"width=\"0\""].iter().any(|word| memmem::find(part, word).is_some());
        SheetLooks { rows: is_wanted.then(|| sheet_part::rows_of_sheet(part, self)), drawn: Vec::new() }
    }
}

/// Whether a row or a column may be hidden. Some programs write of each that it is not.
fn hides_something(part: &[u8]) -> bool {
    const WORD: &[u8] = b"hidden=";
    let says_no = |at: usize| [&b"\"false\""[..], b"\"0\""].iter().any(|no| part[at + WORD.len()..].starts_with(no));
    memmem::find_iter(part, WORD).any(|at| !says_no(at))
}

impl SheetLooks {
    /// The looks of a sheet whose rows say this.
    pub fn new(rows: SheetRows) -> SheetLooks {
        SheetLooks { rows: Some(rows), drawn: Vec::new() }
    }

    /// Adds what is drawn or set over the sheet, on cells of these sizes.
    pub fn add_drawn(&mut self, mut drawn: Vec<Drawn>, geometry: &Geometry) {
        if drawn.len() > DRAWN {
            self.drawn.push(Drawn::anywhere(format!("more than {DRAWN} shapes, which nobody draws,")));
            return;
        }
        geometry.settle(&mut drawn);
        self.drawn.extend(drawn);
    }

    /// Gives cells what they show. Gives how they look, where that is to be known, and what is drawn.
    pub fn apply(self, cells: &mut Vec<SheetCell>, merged: &[Merged]) -> (Vec<(CellAddress, Look)>, Vec<Drawing>) {
        let mut looks: BTreeMap<CellAddress, Look> = BTreeMap::new();
        if let Some(rows) = &self.rows {
            for cell in cells.iter_mut() {
                if let Some(look) = rows.look(cell) {
                    looks.insert(cell.address, look);
                }
            }
        }
        let mut drawings = Vec::new();
        for Drawn { first, last, center, what, mark, is_note, corners: _ } in self.drawn {
            let drawing = what.map(|what| Drawing { first, last, what, is_note });
            let (Some(mark), Some(center)) = (mark, center) else {
                drawings.extend(drawing);
                continue;
            };
            let over = merged.iter().find(|one| one.covers(center)).map_or(center, |one| one.first);
            let (sign, what) = sign_of(mark);
            match (cells.iter().find(|cell| cell.address == over), looks.get(&over)) {
                // A box that is tied to its cell says in it whether it is ticked.
                (Some(SheetCell { value: Value::Boolean(_), .. }), _) if mark == Mark::Checked => {}
                (Some(_), None) => drop(looks.insert(over, Look::Drawn(what))),
                (Some(_), Some(Look::Drawn(_))) => {}
                // A cell has one look: a mark on a cell that has another is reported and not read.
                (Some(_), Some(_)) => drawings.extend(drawing),
                (None, _) => {
                    cells.push(SheetCell { address: over, value: Value::Text(sign.to_owned()) });
                    looks.insert(over, Look::Drawn(what));
                }
            }
        }
        (looks.into_iter().collect(), drawings)
    }
}

/// The sign that a mark stands for, and the mark in words.
fn sign_of(mark: Mark) -> (&'static str, &'static str) {
    match mark {
        Mark::Circle => ("○", "a circle drawn there"),
        Mark::Written(sign) => (sign, "a mark drawn there"),
        Mark::Checked => ("☑", "a box ticked there"),
    }
}

/// The runs of a text, by where each begins in units of UTF-16 and whether it is struck out. What stands
/// before the first has the look of its cell.
fn runs_of(text: &str, begins: &[(usize, bool)]) -> Vec<Run> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut runs = Vec::with_capacity(begins.len() + 1);
    let mut push = |from: usize, to: usize, struck: Option<bool>| {
        if let Some(piece) = units.get(from..to).filter(|piece| !piece.is_empty()) {
            runs.push(Run { text: String::from_utf16_lossy(piece), struck });
        }
    };
    push(0, begins.first().map_or(units.len(), |(begin, _)| *begin).min(units.len()), None);
    for (at, (begin, struck)) in begins.iter().enumerate() {
        let end = begins.get(at + 1).map_or(units.len(), |(next, _)| *next).min(units.len());
        push(*begin, end, Some(*struck));
    }
    runs
}
