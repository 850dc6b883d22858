//! Sheets that show how to fill the form: what stands on them is nobody's answer.

use super::sheet::{Sheet, Value};
use crate::survey::comparable;

/// Words for an example wherever they stand in the name of a sheet.
const WORDS: [&str; 5] = ["記入例", "記載例", "サンプル", "見本", "SAMPLE"];
/// The word that is part of too many others to be looked for within a name.
const ALONE: &str = "例";
/// In how many rows from the top a sheet may be titled.
const TITLE_ROWS: u32 = 3;

/// Whether a sheet is named or titled as an example.
pub fn is_example(sheet: &Sheet) -> bool {
    let name = comparable(&sheet.name).to_uppercase();
    let named = WORDS.iter().any(|word| name.contains(word)) || name == ALONE || name.ends_with("(例)");
    let top = sheet.cells().first().map_or(0, |cell| cell.address.row);
    named
        || sheet.cells()[sheet.span(top..top + TITLE_ROWS)].iter().any(|cell| match &cell.value {
            Value::Text(text) => is_title(text),
            _ => false,
        })
}

/// 「記入例」, 「【記載例】」, 「点検票（見本）」: the word alone, or in brackets at the end. A sentence that
/// mentions an example is no title.
fn is_title(text: &str) -> bool {
    if text.len() > 120 {
        return false;
    }
    let folded = comparable(text).to_uppercase();
    let is_bracket =
        |c: char| matches!(c, '(' | ')' | '[' | ']' | '【' | '】' | '〔' | '〕' | '《' | '》' | '<' | '>' | '※');
    let bare = folded.trim_matches(is_bracket);
    let ends_with = |word: &str| {
        let brackets = [["(", ")"], ["[", "]"], ["【", "】"], ["〔", "〕"]];
        brackets.iter().any(|[open, close]| folded.ends_with(&format!("{open}{word}{close}")))
    };
    bare == ALONE || WORDS.iter().any(|word| bare == *word || ends_with(word))
}
