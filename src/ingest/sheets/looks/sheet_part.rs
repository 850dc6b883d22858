//! The parts of an Office Open XML workbook that say how its cells look: those of sheets and of
//! shared texts.

use std::collections::BTreeMap;

use super::{Run, Shared};
use crate::finding::CellAddress;
use crate::ingest::sheets::elements::{Step, walk};
use crate::ingest::sheets::looks::rows::{CellLook, SheetRows};
use crate::ingest::sheets::looks::styles::{Style, is_on};

/// A cell as it is walked through.
#[derive(Default)]
struct Walked {
    address: Option<CellAddress>,
    style: Style,
    is_shared: bool,
    value: String,
    runs: Runs,
}

/// Runs as they are walked through.
#[derive(Default)]
struct Runs {
    done: Vec<Run>,
    struck: Option<bool>,
    /// Within a text that is print, and not the reading of a word.
    in_text: bool,
    aside: bool,
    text: String,
}

impl Runs {
    fn begin(&mut self, name: &str, is_on: impl Fn() -> bool) {
        match name {
            "r" => self.struck = None,
            // A run with properties of its own has none of its cell's.
            "rPr" => self.struck = Some(false),
            "strike" => self.struck = Some(is_on()),
            "rPh" => self.aside = true,
            "t" => self.in_text = !self.aside,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "rPh" => self.aside = false,
            "t" if self.in_text => {
                self.in_text = false;
                self.done.push(Run { text: std::mem::take(&mut self.text), struck: self.struck });
            }
            _ => {}
        }
    }
}

/// Shared texts whose runs say by themselves whether they are struck out, by number: all of them where
/// cells are struck out, and otherwise those that are.
pub fn runs_of_texts(part: &[u8], has_struck_cells: bool) -> BTreeMap<u32, Vec<Run>> {
    let mut found = BTreeMap::new();
    let (mut number, mut runs) = (0, Runs::default());
    walk(part, |step| match step {
        Step::Begin("si", _) => runs = Runs::default(),
        Step::Begin(name, attributes) => {
            runs.begin(name, || is_on(attributes));
        }
        Step::Text(text) if runs.in_text => runs.text.push_str(text),
        Step::Text(_) => {}
        Step::End("si") => {
            if runs.done.iter().any(|run| run.struck == Some(true) || (has_struck_cells && run.struck.is_some())) {
                found.insert(number, std::mem::take(&mut runs.done));
            }
            number += 1;
        }
        Step::End(name) => runs.end(name),
    });
    found
}

/// `B2` as a column and a row, from 0.
pub fn address(text: &str) -> Option<CellAddress> {
    let digits = text.find(|character: char| character.is_ascii_digit()).filter(|&at| (1..=3).contains(&at))?;
    let letter = |byte: u8| byte.is_ascii_uppercase().then(|| u32::from(byte - b'A') + 1);
    let column = text[..digits].bytes().try_fold(0_u32, |sum, byte| Some(26 * sum + letter(byte)?))?;
    let row: u32 = text[digits..].parse().ok().filter(|row| (1..=1_048_576).contains(row))?;
    Some(CellAddress { row: row - 1, column: column - 1 })
}

/// Walks through a sheet part.
pub fn rows_of_sheet(part: &[u8], shared: &Shared) -> SheetRows {
    let mut rows = SheetRows::default();
    let (mut row, mut column) = (0_u32, 0_u32);
    let mut cell: Option<Walked> = None;
    let mut in_value = false;
    walk(part, |step| match step {
        Step::Begin("col", attributes) => {
            let is_narrow = attributes.number::<f64>("width").is_some_and(|width| width <= 0.0);
            if let (true, Some(first), Some(last)) = (
                attributes.flag("hidden") || is_narrow,
                attributes.number::<u32>("min"),
                attributes.number::<u32>("max"),
            ) {
                rows.hide_columns(first.saturating_sub(1), last.saturating_sub(1));
            }
        }
        Step::Begin("row", attributes) => {
            let number = attributes.number::<u32>("r").map(|number| number.saturating_sub(1));
            row = number.unwrap_or(row);
            column = 0;
            let is_flat = attributes.number::<f64>("ht").is_some_and(|height| height <= 0.0);
            if attributes.flag("hidden") || is_flat {
                rows.hide_rows(row, row);
            }
        }
        Step::Begin("c", attributes) => {
            let own = attributes.get("r").and_then(|text| address(&text));
            let address = own.unwrap_or(CellAddress { row, column });
            column = address.column.saturating_add(1);
            let style = attributes.number("s").and_then(|number| shared.styles.get(number)).cloned();
            cell = Some(Walked {
                address: Some(address),
                style: style.unwrap_or_default(),
                is_shared: attributes.get("t").as_deref() == Some("s"),
                ..Walked::default()
            });
        }
        Step::Begin("v", _) => in_value = true,
        Step::Begin(name, attributes) => {
            if let Some(cell) = &mut cell {
                cell.runs.begin(name, || is_on(attributes));
            }
        }
        Step::Text(text) => {
            if let Some(cell) = &mut cell {
                if in_value {
                    cell.value.push_str(text);
                } else if cell.runs.in_text {
                    cell.runs.text.push_str(text);
                }
            }
        }
        Step::End("v") => in_value = false,
        Step::End("row") => row = row.saturating_add(1),
        Step::End("c") => {
            if let Some(mut done) = cell.take() {
                if done.is_shared
                    && let Some(runs) = done.value.trim().parse().ok().and_then(|number: u32| shared.runs.get(&number))
                {
                    done.runs.done.clone_from(runs);
                }
                if let Some(address) = done.address {
                    rows.note(address, CellLook { style: done.style, runs: done.runs.done, shown: None });
                }
            }
        }
        Step::End(name) => {
            if let Some(cell) = &mut cell {
                cell.runs.end(name);
            }
        }
    });
    rows
}
