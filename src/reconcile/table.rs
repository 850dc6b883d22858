//! The published table as it was handed over: a CSV file with a row for each printed percentage.
//! A row that cannot be used is set aside with what was seen and what was expected.

use std::collections::HashMap;
use std::path::Path;

use super::counts::{counts, percentage};
use super::definition::ReconcileError;
use super::printed::Printed;
use super::span::Span;
use crate::survey::{TableError, TableFile, TableKind, TableRow, comparable};

/// The greatest base that is read: every base below it may have to be tried.
pub const GREATEST_BASE: u64 = 10_000_000;

/// The published table as a table that is handed in; all other columns are ignored.
static KIND: TableKind = TableKind {
    name: "the table",
    columns: &[
        "question",
        "option",
        "percent",
        "base",
        "fiscal_year",
        "sector",
        "subsector",
        "figure",
        "item",
        "count",
    ],
    named_by: "check the path of the table",
    is_secret: false,
};

/// A printed percentage with what it is about.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The year as written; empty where the table has none.
    pub fiscal_year: String,
    /// The sector; empty where the table has none.
    pub sector: String,
    /// The sub-sector; empty where the table has none.
    pub subsector: String,
    /// The figure it stands in; empty where the table has none.
    pub figure: String,
    /// The question.
    pub question: String,
    /// The item; empty where the question has none.
    pub item: String,
    /// The option or net.
    pub option: String,
    /// The percentage.
    pub percent: Printed,
    /// The count that the table gives; `None` where it gives none.
    pub count: Option<u64>,
    /// The base, from 1 to [`GREATEST_BASE`].
    pub base: u64,
}

impl Cell {
    /// The counts that give the percentage on the base; `None` where none does.
    pub fn counts(&self) -> Option<Span> {
        counts(self.percent, self.base)
    }

    /// The percentage by the table's own count, if it differs from the printed one.
    pub fn count_gives(&self) -> Option<Printed> {
        let count = self.count?;
        percentage(count, self.base, self.percent.decimals()).filter(|given| *given != self.percent)
    }

    /// The key of its question: year, sector, sub-sector, question.
    pub(super) fn question_key(&self) -> [&str; 4] {
        [&self.fiscal_year, &self.sector, &self.subsector, &self.question]
    }
}

/// A row that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusableRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The column.
    pub column: &'static str,
    /// The text of the sheet cell.
    pub observed: String,
    /// The expected content.
    pub expected: String,
}

/// A table as it was handed over.
#[derive(Debug, Default)]
pub struct Published {
    /// The cells, in the order of the file.
    pub cells: Vec<Cell>,
    /// The rows that cannot be used, in the order of the file.
    pub unusable: Vec<UnusableRow>,
}

impl Published {
    /// Reads a table. `base` takes the place of every base of the table, and its counts, which belong to
    /// its own bases, are then not read.
    pub fn read(path: &Path, base: Option<u64>) -> Result<Published, ReconcileError> {
        Published::of(&TableFile::open(path, &KIND)?, base)
    }

    /// The same from the content of a file, which is named in errors.
    pub fn parse(file: &str, bytes: &[u8], base: Option<u64>) -> Result<Published, ReconcileError> {
        Published::of(&TableFile::parse(file, bytes, &KIND)?, base)
    }

    fn of(table: &TableFile, base: Option<u64>) -> Result<Published, ReconcileError> {
        let mistaken = |complaint| ReconcileError::Table(TableError::Mistaken(vec![complaint]));
        let needed = if base.is_some() { 3 } else { 4 };
        table.require(&KIND.columns[..needed]).map_err(mistaken)?;
        if table.rows().is_empty() {
            let message = "the table has no row below its headings".to_owned();
            return Err(mistaken(table.of_headings(message, "write a row for each printed percentage")));
        }
        let mut published = Published::default();
        let mut seen = HashMap::new();
        for row in table.rows() {
            match cell(row, base) {
                Ok(Some(cell)) => published.take(cell, &mut seen),
                Ok(None) => {}
                Err(row) => published.unusable.push(row),
            }
        }
        Ok(published)
    }

    /// Takes a cell once. The same percentage printed again (in another figure) says nothing new;
    /// another percentage in its place is a contradiction.
    fn take(&mut self, cell: Cell, seen: &mut HashMap<([String; 6], u64), (u64, Printed)>) {
        let ids = [&cell.fiscal_year, &cell.sector, &cell.subsector, &cell.question, &cell.item, &cell.option];
        match seen.get(&(ids.map(String::clone), cell.base)) {
            None => {
                seen.insert((ids.map(String::clone), cell.base), (cell.line, cell.percent));
                self.cells.push(cell);
            }
            Some((_, percent)) if *percent == cell.percent => {}
            Some((line, percent)) => self.unusable.push(UnusableRow {
                line: cell.line,
                column: "percent",
                observed: cell.percent.to_string(),
                expected: format!("{percent}, which line {line} has for the same option"),
            }),
        }
    }
}

/// The cell of a row; `None` where nobody answered and nothing is printed: there is nothing to hold. With a
/// base for all, the row's own is not read.
fn cell(fields: &TableRow, base_of_all: Option<u64>) -> Result<Option<Cell>, UnusableRow> {
    let line = fields.line as u64;
    let [question, option, percent, base, fiscal_year, sector, subsector, figure, item, count] =
        std::array::from_fn(|column| fields.field(column));
    let row = |column, observed: &str, expected: &str| UnusableRow {
        line,
        column,
        observed: observed.to_owned(),
        expected: expected.to_owned(),
    };
    for (column, id, expected) in
        [("question", question, "the name of a question"), ("option", option, "the name of an option")]
    {
        if id.is_empty() {
            return Err(row(column, id, expected));
        }
    }
    if percent.is_empty() && whole_number(base) == Some(0) {
        return Ok(None);
    }
    let printed = Printed::read(percent).map_err(|expected| row("percent", percent, expected))?;
    let (base, count) = match base_of_all {
        Some(base) => (base, None),
        None => {
            let expected = "a whole number from 1 to 10,000,000";
            let base = whole_number(base)
                .filter(|base| (1..=GREATEST_BASE).contains(base))
                .ok_or_else(|| row("base", base, expected))?;
            let expected = format!("a whole number from 0 to the base of {base}, or nothing");
            let is_fine = |count: &u64| *count <= base;
            match count {
                "" => (base, None),
                _ => match whole_number(count).filter(is_fine) {
                    Some(count) => (base, Some(count)),
                    None => return Err(row("count", count, &expected)),
                },
            }
        }
    };
    Ok(Some(Cell {
        line,
        fiscal_year: comparable(fiscal_year),
        sector: sector.to_owned(),
        subsector: subsector.to_owned(),
        figure: figure.to_owned(),
        question: question.to_owned(),
        item: item.to_owned(),
        option: option.to_owned(),
        percent: printed,
        count,
        base,
    }))
}

/// Digits alone, in full or half width.
fn whole_number(written: &str) -> Option<u64> {
    let folded = comparable(written);
    let is_number = !folded.is_empty() && folded.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| folded.parse().ok()).flatten()
}
