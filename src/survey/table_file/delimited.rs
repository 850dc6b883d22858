//! The rows of a text with separators: commas, semicolons or tabs, by its headings. A field in
//! quotation marks may hold all of them, and more than one line.

use super::{Grid, TableField, folded};
use crate::survey::Position;

/// A fault of a table as a whole, as the rest of a sentence about it.
#[derive(Debug)]
pub(super) struct Fault {
    pub position: Option<Position>,
    pub message: String,
    pub help: &'static str,
}

impl Fault {
    /// A fault that stands at no place.
    pub(super) fn whole(message: impl Into<String>, help: &'static str) -> Fault {
        Fault { position: None, message: message.into(), help }
    }
}

/// The separators that Excel writes; where nothing tells, the first.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// Reads a text whose headings are to be some of `columns`.
pub(super) fn read(text: &str, columns: &[&str]) -> Result<Grid, Fault> {
    let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let (skipped, separator) = separator(&lines, columns);
    let body: String = lines[skipped..].join("\n");
    let rows = Rows { separator, lines: &lines, line: skipped + 1, column: 1, rows: Vec::new(), row: Vec::new() };
    let rows = rows.read(&body)?;
    Ok(Grid { lines, rows })
}

/// How many lines stand before the table, and what divides its fields: `sep=;` says so to Excel, else the
/// separator with which the first filled line has most of the headings, and else most fields.
fn separator(lines: &[String], columns: &[&str]) -> (usize, char) {
    let first = lines.iter().position(|line| !line.chars().all(|one| one.is_whitespace() || SEPARATORS.contains(&one)));
    let Some(first) = first else { return (0, SEPARATORS[0]) };
    let said = lines[first].trim().trim_matches('"').to_lowercase();
    if let Some(separator) = said.strip_prefix("sep=").and_then(|rest| rest.chars().next()) {
        return (first + 1, separator);
    }
    let told = |separator: &char| {
        let fields = lines[first].split(*separator).map(|field| folded(field.trim().trim_matches('"')));
        let fields: Vec<String> = fields.collect();
        (fields.iter().filter(|field| columns.contains(&field.as_str())).count(), fields.len())
    };
    // Of equals, the first.
    (0, SEPARATORS.into_iter().rev().max_by_key(told).unwrap_or(SEPARATORS[0]))
}

/// A text while it is read.
struct Rows<'a> {
    separator: char,
    lines: &'a [String],
    line: usize,
    column: usize,
    rows: Vec<Vec<TableField>>,
    row: Vec<TableField>,
}

impl Rows<'_> {
    fn read(mut self, text: &str) -> Result<Vec<Vec<TableField>>, Fault> {
        let mut characters = text.chars().peekable();
        loop {
            let mut field = TableField { line: self.line, start: self.column, ..TableField::default() };
            // White space before a quotation mark is none of the field's.
            let quoted = {
                let mut ahead = characters.clone();
                let mut blanks = 0;
                while ahead.next_if(|&one| one == ' ' && one != self.separator).is_some() {
                    blanks += 1;
                }
                ahead.next_if_eq(&'"').is_some().then_some(blanks + 1)
            };
            if let Some(skipped) = quoted {
                characters.by_ref().take(skipped).for_each(drop);
                self.column += skipped;
                self.quoted(&mut characters, &mut field)?;
            }
            while let Some(one) = characters.next_if(|&one| one != self.separator && one != '\n') {
                self.column += 1;
                if quoted.is_none() {
                    field.text.push(one);
                } else if !one.is_whitespace() {
                    let message = format!("has a text in quotation marks that ends in line {}, and goes on", self.line);
                    return Err(self.fault(&field, message));
                }
            }
            field.length = if self.line == field.line {
                (self.column - field.start).max(1)
            } else {
                let shown = self.lines.get(field.line - 1).map_or(0, |line| line.chars().count() + 1);
                shown.saturating_sub(field.start).max(1)
            };
            self.row.push(field);
            match characters.next() {
                Some('\n') => {
                    self.end_row();
                    self.line += 1;
                    self.column = 1;
                }
                Some(_) => self.column += 1,
                None => {
                    self.end_row();
                    return Ok(self.rows);
                }
            }
        }
    }

    /// Reads up to the closing quotation mark; two of them are one that belongs to the text.
    fn quoted(
        &mut self,
        characters: &mut std::iter::Peekable<std::str::Chars<'_>>,
        field: &mut TableField,
    ) -> Result<(), Fault> {
        loop {
            let Some(one) = characters.next() else {
                return Err(self.fault(field, "has a quotation mark that is never closed".to_owned()));
            };
            match one {
                '"' if characters.next_if_eq(&'"').is_some() => {
                    self.column += 2;
                    field.text.push('"');
                    continue;
                }
                '"' => {
                    self.column += 1;
                    return Ok(());
                }
                '\n' => {
                    self.line += 1;
                    self.column = 1;
                }
                _ => self.column += 1,
            }
            field.text.push(one);
        }
    }

    fn end_row(&mut self) {
        let row = std::mem::take(&mut self.row);
        if row.iter().any(|field| !field.text.trim().is_empty()) {
            self.rows.push(row);
        }
    }

    fn fault(&self, field: &TableField, message: String) -> Fault {
        let text = self.lines.get(field.line - 1).cloned().unwrap_or_default();
        let position = Position { line: field.line, column: field.start, length: 1, text, cell: None };
        let help = "close the quotation mark, and write one that belongs to the text twice";
        Fault { position: Some(position), message, help }
    }
}
