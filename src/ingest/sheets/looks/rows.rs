//! The rows of a sheet: what of them is hidden, and how their cells look, whatever format they were
//! read from.

use std::collections::BTreeMap;

use super::{Run, Shown, number_shown, text_shown};
use crate::finding::CellAddress;
use crate::ingest::sheets::looks::spans::Spans;
use crate::ingest::sheets::looks::styles::Style;
use crate::ingest::sheets::sheet::{Look, SheetCell, Value};

/// The rows of a sheet, as far as their looks are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetRows {
    hidden_rows: Spans,
    hidden_columns: Spans,
    /// Cells with a style that says something, or with runs that are struck out.
    cells: BTreeMap<CellAddress, CellLook>,
}

/// The look of a cell, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellLook {
    /// The effect of its style.
    pub style: Style,
    /// The runs of its text.
    pub runs: Vec<Run>,
    /// The text that it shows, where the file itself says so.
    pub shown: Option<Shown>,
}

impl SheetRows {
    /// Hides rows, from the first to the last.
    pub fn hide_rows(&mut self, first: u32, last: u32) {
        self.hidden_rows.add(first, last);
    }

    /// Hides columns, from the first to the last.
    pub fn hide_columns(&mut self, first: u32, last: u32) {
        self.hidden_columns.add(first, last);
    }

    /// Takes down how a cell looks, where its look says something.
    pub fn note(&mut self, address: CellAddress, mut look: CellLook) {
        let are_struck = look.runs.iter().any(|run| run.struck == Some(true));
        if !are_struck && !look.style.struck {
            look.runs.clear();
        }
        if look != CellLook::default() {
            self.cells.insert(address, look);
        }
    }

    /// Gives a cell the look of another one.
    pub fn copy(&mut self, from: CellAddress, to: CellAddress) {
        if let Some(look) = self.cells.get(&from).cloned() {
            self.cells.insert(to, look);
        }
    }

    /// How a cell looks, where that is to be known; its value becomes what it shows.
    pub fn look(&self, cell: &mut SheetCell) -> Option<Look> {
        let CellAddress { row, column } = cell.address;
        if self.hidden_rows.contains(row) || self.hidden_columns.contains(column) {
            return Some(Look::Hidden);
        }
        let CellLook { style, runs, shown } = self.cells.get(&cell.address)?;
        if style.crossed {
            return Some(Look::Struck);
        }
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
        if style.has_foreign_format {
            return Some(Look::Foreign);
        }
        if runs.iter().any(is_struck) {
            let joined = |which: &dyn Fn(&Run) -> bool| {
                runs.iter().filter(|run| which(run)).map(|run| run.text.as_str()).collect::<String>()
            };
            let struck = joined(&is_struck);
            cell.value = Value::Text(joined(&|run| !is_struck(run)));
            return Some(Look::PartlyStruck(struck.into()));
        }
        let shown = match (shown, style.format.as_deref(), &cell.value) {
            (Some(shown), ..) => shown.clone(),
            (None, Some(format), Value::Number(number)) => number_shown(format, *number),
            (None, Some(format), Value::Text(text)) => text_shown(format, text),
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
