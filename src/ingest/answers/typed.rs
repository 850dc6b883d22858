//! Choices as people type them: signs, and option numbers in all their spellings.
//!
//! Nothing is guessed. A spelling is accepted where it can mean only one thing, and whoever reads
//! it learns whether it was plain or had to be understood.

use crate::form::{Marks, Sign};
use crate::ingest::answers::numbers::{enclosed_number, seen, whole_number};
use crate::ingest::sheets::sheet::Value;
use crate::survey::comparable;

/// What people write for "the same as above".
const SAME_AS_ABOVE: [&str; 11] =
    ["同上", "同左", "同右", "同前", "同じ", "同様", "〃", "上記と同じ", "上と同じ", "上に同じ", "前問と同じ"];

/// Whether a box refers to another one instead of answering.
pub(super) fn is_same_as_above(value: &Value) -> bool {
    let Value::Text(text) = value else { return false };
    // `comparable` keeps the ditto mark, and short texts are quickly folded.
    text.len() <= 64 && SAME_AS_ABOVE.contains(&comparable(text).trim_matches(['(', ')', '「', '」', '。']))
}

/// What stands in a box beside an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marked {
    /// The option is chosen; `plain` says by the mark that the form asks for.
    Chosen { plain: bool },
    /// It is not, and somebody wrote so.
    Blank,
    /// A cross: it is not, where another option is.
    Crossed,
    /// It cannot be told.
    Unreadable,
}

/// Reads a box beside an option: a mark, a word for yes or no, or the option's own number.
pub(super) fn marked(value: &Value, own_number: Option<u16>, marks: &Marks) -> Marked {
    let sign = match value {
        Value::Text(text) => marks.find(text),
        Value::Boolean(true) => marks.find("TRUE"),
        Value::Boolean(false) => marks.find("FALSE"),
        Value::Number(number) => marks.find(&number.to_string()),
        Value::Date(_) | Value::Error(_) | Value::Uncomputed(_) => None,
    };
    match sign {
        Some(Sign::Chosen) => Marked::Chosen { plain: true },
        Some(Sign::Accepted) => Marked::Chosen { plain: false },
        Some(Sign::Blank) => Marked::Blank,
        Some(Sign::Crossed) => Marked::Crossed,
        None => match option_numbers(value, marks) {
            Some(Numbers { numbers, .. }) if own_number.is_some_and(|own| numbers == [i64::from(own)]) => {
                Marked::Chosen { plain: false }
            }
            _ => Marked::Unreadable,
        },
    }
}

/// Option numbers that were typed into one box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ingest) struct Numbers {
    pub numbers: Vec<i64>,
    /// A number, or its plain digits.
    pub plain: bool,
}

/// The longest text that is taken for option numbers.
const LONGEST: usize = 200;

/// Reads option numbers: `2`, `２．`, `(2)`, `②`, `○2`, `選択肢2`, `No.2`, `1,3`, `１、３`, `①③`.
pub(in crate::ingest) fn option_numbers(value: &Value, marks: &Marks) -> Option<Numbers> {
    let text = match value {
        Value::Number(_) => return Some(Numbers { numbers: vec![whole_number(value)?], plain: true }),
        Value::Text(text) if text.len() <= LONGEST => text,
        _ => return None,
    };
    let seen = seen(text);
    if seen.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = (seen.len() <= 4).then(|| seen.parse().ok()).flatten()?;
        return Some(Numbers { numbers: vec![number], plain: text.trim().is_ascii() });
    }
    // Circled and bracketed numbers stand for themselves: folded, ①③ would become 13. Behind a plain
    // number one is a footnote.
    let circled = seen.chars().any(|character| enclosed_number(character).is_some());
    if circled && seen.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut spelled = String::with_capacity(seen.len() + 8);
    for character in seen.chars() {
        match enclosed_number(character) {
            Some(number) => spelled.push_str(&format!(",{number},")),
            None => spelled.push(character),
        }
    }
    let pieces = spelled
        .split(|character: char| {
            matches!(character, ',' | '、' | '・' | '･' | '/' | ';' | '&' | 'と') || character.is_whitespace()
        })
        .filter(|piece| !matches!(*piece, "" | "." | "。" | ")" | "("));
    let numbers: Option<Vec<i64>> = pieces.map(|piece| number_of_piece(piece, marks)).collect();
    let numbers = numbers.filter(|numbers| !numbers.is_empty())?;
    Some(Numbers { plain: false, numbers })
}

/// What people write in front of an option's number, and behind it.
const BEFORE: [&str; 9] = ["選択肢", "番号", "回答", "No.", "NO.", "no.", "№", "No", "#"];
const BEHIND: [&str; 6] = [".", "。", ")", "番目", "番", "号"];
/// Brackets around it.
const BRACKETS: [[char; 2]; 8] =
    [['(', ')'], ['[', ']'], ['<', '>'], ['【', '】'], ['「', '」'], ['〔', '〕'], ['《', '》'], ['〈', '〉']];

/// `2`, `2.`, `2)`, `(2)`, `【2】`, `2番`, `選択肢2`, `○2`, `2.0`.
fn number_of_piece(piece: &str, marks: &Marks) -> Option<i64> {
    let mut inner = marks.beside_mark(piece).unwrap_or(piece);
    inner = BEFORE.iter().find_map(|word| inner.strip_prefix(word)).unwrap_or(inner);
    for [open, close] in BRACKETS {
        inner = inner.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).unwrap_or(inner);
    }
    inner = BEHIND.iter().find_map(|word| inner.strip_suffix(word)).unwrap_or(inner);
    // 「2.0」 is how some programs spell a whole number as text.
    inner = inner
        .split_once('.')
        .filter(|(_, zeros)| zeros.bytes().all(|byte| byte == b'0'))
        .map_or(inner, |(whole, _)| whole);
    let digits = !inner.is_empty() && inner.len() <= 4 && inner.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| inner.parse().ok()).flatten()
}

/// What a cell that prints an option's number says of it beyond that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decorated {
    /// A mark stands beside the number: `○2`, `2 レ`.
    Marked,
    /// The number has a circle or brackets, which may be print: `②`, `(2)`.
    Enclosed,
}

/// Whether the cell of an option's number has more than the number in it.
pub(super) fn decorated(value: &Value, number: u16, marks: &Marks) -> Option<Decorated> {
    let Value::Text(text) = value else { return None };
    if text.len() > 64 {
        return None;
    }
    let seen = seen(text);
    let is_own = |text: &str| {
        option_numbers(&Value::Text(text.to_owned()), marks).is_some_and(|read| read.numbers == [i64::from(number)])
    };
    if let Some(rest) = marks.beside_mark(&seen) {
        return is_own(rest).then_some(Decorated::Marked);
    }
    let is_plain = seen.trim_end_matches(['.', '。', ')', '、']).bytes().all(|byte| byte.is_ascii_digit());
    (!is_plain && is_own(&seen)).then_some(Decorated::Enclosed)
}

/// The option that a text spells out, if it can be only one: its wording, in any width, with or
/// without spaces and brackets, and with or without its own number in front.
pub(in crate::ingest) fn option_by_wording<'o>(text: &str, options: impl Iterator<Item = &'o str>) -> Option<u16> {
    let bare = |text: &str| -> String {
        let is_bracket = |c: char| matches!(c, '(' | ')' | '「' | '」' | '『' | '』' | '[' | ']' | '【' | '】' | '。');
        comparable(text).chars().filter(|&c| !is_bracket(c)).collect()
    };
    let written = bare(text);
    let mut found = None;
    for (position, option) in options.enumerate() {
        let wording = bare(option);
        let number = (position + 1).to_string();
        let numbered = written.strip_prefix(&number).map(|rest| rest.trim_start_matches(['.', '、', ',', ':']));
        if written == wording || numbered == Some(wording.as_str()) {
            if found.is_some() {
                return None;
            }
            found = u16::try_from(position).ok();
        }
    }
    found
}
