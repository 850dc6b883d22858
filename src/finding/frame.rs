//! A piece of a sheet around a cell, drawn with characters so that one sees what is meant.

use std::fmt::Write as _;

use super::CellAddress;

/// The most terminal columns that a column of the sheet is drawn with.
const WIDEST: usize = 24;

/// How many terminal columns a character takes: two for Japanese, one for the rest.
/// Good enough to put things under each other.
pub fn columns(character: char) -> usize {
    match character {
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' => 2,
        '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}' => 2,
        '\u{FFE0}'..='\u{FFE6}' | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    }
}

/// The cells around a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The cell that is meant.
    pub marked: CellAddress,
    /// The numbers of the columns shown, from 0.
    pub columns: Vec<u32>,
    /// The rows shown, each with its number from 0 and a text for each column.
    pub rows: Vec<(u32, Vec<String>)>,
}

impl Frame {
    /// The frame as lines: a head of column letters, then the rows, the cell meant in brackets.
    pub fn draw(&self) -> String {
        let letters = |column: u32| {
            let cell = CellAddress { row: 0, column }.to_string();
            cell.trim_end_matches('1').to_owned()
        };
        let shown = |row: u32, column: u32, text: &str| {
            let text = shortened(text, WIDEST - 2);
            let is_meant = self.marked == CellAddress { row, column };
            if is_meant { format!("[{text}]") } else { format!(" {text} ") }
        };
        let head: Vec<String> = self.columns.iter().map(|&column| format!(" {} ", letters(column))).collect();
        let lines: Vec<(String, Vec<String>)> = self
            .rows
            .iter()
            .map(|(row, texts)| {
                let cells = self.columns.iter().zip(texts).map(|(&column, text)| shown(*row, column, text));
                ((row + 1).to_string(), cells.collect())
            })
            .collect();
        let widest = |place: usize| {
            let all = lines.iter().map(|(_, cells)| &cells[place]).chain([&head[place]]);
            all.map(|text| width(text)).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(widest).collect();
        let gutter = lines.iter().map(|(number, _)| number.len()).max().unwrap_or(0);
        let mut text = String::new();
        for (number, cells) in std::iter::once((String::new(), head)).chain(lines) {
            let mut line = format!("{number:>gutter$} |");
            for (cell, width_of_column) in cells.iter().zip(&widths) {
                let room = " ".repeat(width_of_column - width(cell));
                write!(line, "{cell}{room}|").expect("writing to a string cannot fail");
            }
            writeln!(text, "{line}").expect("writing to a string cannot fail");
        }
        text
    }
}

/// How many terminal columns a text takes.
fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// A text on one line and of at most so many terminal columns; `…` stands for the rest.
fn shortened(text: &str, most: usize) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.trim();
    if width(line) <= most {
        return line.to_owned();
    }
    let mut short = String::new();
    for character in line.chars() {
        if width(&short) + columns(character) >= most {
            break;
        }
        short.push(character);
    }
    short + "…"
}
