//! Sheets that show how to fill the form: what stands on them is nobody's answer.

use crate::ingest::sheets::sheet::{Sheet, Value};
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

/// Words for last year's sheet in the name of a sheet.
const FORMER: [&str; 9] = ["前回", "前年", "昨年", "去年", "前期", "旧", "過去", "昨年度", "前年度"];

/// Whether the name of a sheet says that it is of another time, and was left in the workbook.
pub fn is_former(sheet: &Sheet) -> bool {
    let name = comparable(&sheet.name);
    FORMER.iter().any(|word| {
        // 「旧」 begins or stands alone in brackets: 旧点検票, 点検票(旧); it is part of other words, such as 復旧.
        if *word == "旧" {
            name.starts_with(word) || name.contains("(旧") || name.ends_with("_旧")
        } else {
            name.contains(word)
        }
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
        let brackets = [['(', ')'], ['[', ']'], ['【', '】'], ['〔', '〕']];
        brackets.iter().any(|[open, close]| {
            let inner = folded.strip_suffix(*close).and_then(|rest| rest.strip_suffix(word));
            inner.is_some_and(|rest| rest.ends_with(*open))
        })
    };
    bare == ALONE || WORDS.iter().any(|word| bare == *word || ends_with(word))
}
