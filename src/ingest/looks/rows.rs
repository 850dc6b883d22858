//! The rows of a sheet part: what of them is hidden, and which style and runs their cells have.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::styles::Style;
use super::{Run, Shared, Shown, number_shown, text_shown};
use crate::finding::CellAddress;
use crate::ingest::elements::{Step, walk};
use crate::ingest::sheet::{Look, SheetCell, Value};

/// What is known of the rows of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetRows {
    hidden_rows: Vec<u32>,
    hidden_columns: Vec<RangeInclusive<u32>>,
    /// Cells with a style that says something, or with runs that are struck out.
    cells: BTreeMap<CellAddress, (Style, Vec<Run>)>,
}

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

    fn are_struck(&self) -> bool {
        self.done.iter().any(|run| run.struck == Some(true))
    }
}

/// Shared texts of which a part is struck out, by number.
pub fn struck_texts(part: &[u8]) -> BTreeMap<u32, Vec<Run>> {
    let mut found = BTreeMap::new();
    let (mut number, mut runs) = (0, Runs::default());
    walk(part, |step| match step {
        Step::Begin("si", _) => runs = Runs::default(),
        Step::Begin(name, attributes) => {
            runs.begin(name, || attributes.get("val").is_none_or(|value| value != "0" && value != "false"));
        }
        Step::Text(text) if runs.in_text => runs.text.push_str(text),
        Step::Text(_) => {}
        Step::End("si") => {
            if runs.are_struck() {
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

impl SheetRows {
    /// Walks through a sheet part.
    pub fn of(part: &[u8], shared: &Shared) -> SheetRows {
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
                    rows.hidden_columns.push(first.saturating_sub(1)..=last.saturating_sub(1));
                }
            }
            Step::Begin("row", attributes) => {
                let number = attributes.number::<u32>("r").map(|number| number.saturating_sub(1));
                row = number.unwrap_or(row);
                column = 0;
                let is_flat = attributes.number::<f64>("ht").is_some_and(|height| height <= 0.0);
                if attributes.flag("hidden") || is_flat {
                    rows.hidden_rows.push(row);
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
                    cell.runs
                        .begin(name, || attributes.get("val").is_none_or(|value| value != "0" && value != "false"));
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
                        && let Some(runs) =
                            done.value.trim().parse().ok().and_then(|number: u32| shared.struck.get(&number))
                    {
                        done.runs.done.clone_from(runs);
                    }
                    let runs = if done.runs.are_struck() || done.style.struck { done.runs.done } else { Vec::new() };
                    if let Some(address) = done.address.filter(|_| done.style != Style::default() || !runs.is_empty()) {
                        rows.cells.insert(address, (done.style, runs));
                    }
                }
            }
            Step::End(name) => {
                if let Some(cell) = &mut cell {
                    cell.runs.end(name);
                }
            }
        });
        rows.hidden_rows.sort_unstable();
        rows
    }

    /// How a cell looks, where that is to be known; its value becomes what it shows.
    pub fn look(&self, cell: &mut SheetCell) -> Option<Look> {
        let CellAddress { row, column } = cell.address;
        if self.hidden_rows.binary_search(&row).is_ok()
            || self.hidden_columns.iter().any(|columns| columns.contains(&column))
        {
            return Some(Look::Hidden);
        }
        let (style, runs) = self.cells.get(&cell.address)?;
        let is_struck = |run: &Run| run.struck.unwrap_or(style.struck) && !run.text.trim().is_empty();
        let stands = |run: &Run| !run.struck.unwrap_or(style.struck) && !run.text.trim().is_empty();
        if runs.is_empty() {
            if style.struck {
                return Some(Look::Struck);
            }
        } else if !runs.iter().any(stands) {
            return Some(Look::Struck);
        }
        if style.invisible {
            return Some(Look::Invisible);
        }
        if runs.iter().any(is_struck) {
            let joined = |which: &dyn Fn(&Run) -> bool| {
                runs.iter().filter(|run| which(run)).map(|run| run.text.as_str()).collect::<String>()
            };
            let struck = joined(&is_struck);
            cell.value = Value::Text(joined(&|run| !is_struck(run)));
            return Some(Look::PartlyStruck(struck.into()));
        }
        let format = style.format.as_deref()?;
        let shown = match &cell.value {
            Value::Number(number) => number_shown(format, *number),
            Value::Text(text) => text_shown(format, text),
            _ => Shown::AsStored,
        };
        match shown {
            Shown::AsStored => None,
            Shown::Nothing => Some(Look::Invisible),
            Shown::Text(text) => {
                let stored = std::mem::replace(&mut cell.value, Value::Text(text));
                Some(Look::Formatted(stored.shown().into()))
            }
        }
    }
}
