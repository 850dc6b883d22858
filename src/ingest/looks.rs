//! How the cells of a workbook of Excel look, where that changes what they say: what is struck out,
//! hidden or shown otherwise than it is stored, and what is drawn or set over the sheet.
//!
//! The reading library tells none of it. The parts are read here, and only where a glance at them
//! shows that there is something to be told.

mod drawn;
mod formats;
mod geometry;
mod rows;
mod styles;

use std::collections::BTreeMap;

use memchr::memmem;

use drawn::Mark;
pub use drawn::{Drawn, anchored_controls, is_checked, of_controls, of_drawing};
pub use formats::{Shown, number_shown, text_shown};
use rows::SheetRows;
pub use styles::Styles;

use super::sheet::{Drawing, Look, Merged, SheetCell, Value};
use crate::finding::CellAddress;

/// A run of a text, and whether it says by itself that it is struck out or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    text: String,
    struck: Option<bool>,
}

/// What the sheets of a workbook share.
#[derive(Debug, Clone, Default)]
pub struct Shared {
    styles: Styles,
    /// Shared texts of which a part is struck out, by number.
    struck: BTreeMap<u32, Vec<Run>>,
}

/// What is known of the looks of one sheet.
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

    /// Looks at the part of shared texts.
    pub fn look_at_texts(&mut self, part: &[u8]) {
        if memmem::find(part, b"strike").is_some() {
            self.struck = rows::struck_texts(part);
        }
    }

    /// Looks at the part of a sheet. What is drawn over it is added later.
    pub fn look_at_sheet(&self, part: &[u8]) -> SheetLooks {
        let is_wanted = self.styles.say_something()
            || !self.struck.is_empty()
            || [&b"hidden="[..], b"strike", b"ht=\"0\"", b"width=\"0\""]
                .iter()
                .any(|word| memmem::find(part, word).is_some());
        SheetLooks { rows: is_wanted.then(|| SheetRows::of(part, self)), drawn: Vec::new() }
    }
}

impl SheetLooks {
    /// Adds what is drawn or set over the sheet; its part tells how wide and high its cells are.
    pub fn add_drawn(&mut self, mut drawn: Vec<Drawn>, part: &[u8]) {
        geometry::Geometry::of(part).settle(&mut drawn);
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
        for Drawn { first, last, center, what, mark, corners: _ } in self.drawn {
            let (Some(mark), Some(center)) = (mark, center) else {
                if let Some(what) = what {
                    drawings.push(Drawing { first, last, what });
                }
                continue;
            };
            let over = merged.iter().find(|one| one.covers(center)).map_or(center, |one| one.first);
            let (sign, what) = match mark {
                Mark::Circle => ("○", "a circle drawn there"),
                Mark::Written(sign) => (sign, "a mark drawn there"),
                Mark::Checked => ("☑", "a box ticked there"),
            };
            match cells.iter().find(|cell| cell.address == over) {
                // A box that is tied to its cell says in it whether it is ticked.
                Some(SheetCell { value: Value::Boolean(_), .. }) if mark == Mark::Checked => {}
                Some(_) => drop(looks.entry(over).or_insert(Look::Drawn(what))),
                None => {
                    cells.push(SheetCell { address: over, value: Value::Text(sign.to_owned()) });
                    looks.insert(over, Look::Drawn(what));
                }
            }
        }
        (looks.into_iter().collect(), drawings)
    }
}
