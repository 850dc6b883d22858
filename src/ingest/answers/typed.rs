//! Answers as people type them: signs, option numbers in all their spellings, and numbers.
//!
//! Nothing is guessed. A spelling is accepted where it can mean only one thing, and whoever reads
//! it learns whether it was plain or had to be understood.

use crate::form::{Marks, Sign};
use crate::ingest::sheet::Value;
use crate::survey::{Question, comparable};

/// Whether a text is digits of any width, and nothing else.
pub(super) fn is_digits(text: &str) -> bool {
    let text = text.trim();
    // Most texts are words: told by a look, without folding them.
    !text.is_empty() && text.chars().all(char::is_numeric) && digits(text).is_some()
}

/// The digits of a text of numeric characters, in ASCII.
fn digits(text: &str) -> Option<String> {
    let folded = comparable(text);
    folded.bytes().all(|byte| byte.is_ascii_digit()).then_some(folded)
}

/// A whole number, as a number or as digits of any width.
pub(super) fn whole_number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => Some(*number as i64),
        Value::Text(text) => {
            let text = text.trim();
            if text.bytes().all(|byte| byte.is_ascii_digit()) {
                return text.parse().ok();
            }
            text.chars().all(char::is_numeric).then(|| digits(text)).flatten()?.parse().ok()
        }
        _ => None,
    }
}

/// The largest number that is taken for an answer.
const LARGEST: f64 = 1e9;
/// The most decimals of one: what is summed later must be exact.
const DECIMALS: usize = 6;

/// A number from 0 to a thousand million with at most six decimals, as a number or as digits with
/// or without separators.
fn number_in(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => *number,
        Value::Text(text) => {
            let folded = without_separators(&comparable(text))?;
            let plain = folded.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            plain.then(|| folded.parse().ok()).flatten()?
        }
        _ => return None,
    };
    let decimals = number.to_string().split_once('.').map_or(0, |(_, decimals)| decimals.len());
    ((0.0..=LARGEST).contains(&number) && decimals <= DECIMALS).then_some(number)
}

/// A number without the commas between its thousands; `None` where a comma stands elsewhere, because
/// 1,5 may be meant for 1.5.
fn without_separators(text: &str) -> Option<String> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let mut rest = groups.peekable();
    let is_grouped = rest.peek().is_some();
    let is_sound = !is_grouped || ((1..=3).contains(&first.len()) && rest.all(|group| group.len() == 3));
    is_sound.then(|| text.replace(',', ""))
}

/// A number with the unit of its question behind it: 「8人」.
pub(super) fn number_with_unit(question: &Question, value: &Value) -> Option<f64> {
    let (Value::Text(text), Some(unit)) = (value, &question.unit) else { return None };
    let number = comparable(text).strip_suffix(comparable(unit).as_str())?.to_owned();
    number_in(&Value::Text(number))
}

/// The number that answers a question, or what was expected.
pub(in crate::ingest) fn number_for(question: &Question, value: &Value) -> Result<f64, String> {
    let number = number_in(value).or_else(|| number_with_unit(question, value)).ok_or("a number")?;
    if question.whole && number.fract() != 0.0 {
        return Err("a whole number".to_owned());
    }
    match question.most {
        Some(most) if number > f64::from(most) => {
            Err(format!("{most}{} at most", question.unit.as_deref().unwrap_or("")))
        }
        _ => Ok(number),
    }
}

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
        None => match option_numbers(value) {
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

/// Reads option numbers: `2`, `２．`, `(2)`, `②`, `1,3`, `１、３`, `①③`.
pub(in crate::ingest) fn option_numbers(value: &Value) -> Option<Numbers> {
    let text = match value {
        Value::Number(_) => return Some(Numbers { numbers: vec![whole_number(value)?], plain: true }),
        Value::Text(text) => text,
        _ => return None,
    };
    // Circled and bracketed numbers stand for themselves: folded, ①③ would become 13.
    let mut spelled = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match enclosed_number(character) {
            Some(number) => spelled.push_str(&format!(",{number},")),
            None => spelled.push(character),
        }
    }
    let folded = unicode_fold(&spelled);
    let pieces = folded
        .split([',', '、', '・', '/', ';', ' ', '\n', '\t'])
        .filter(|piece| !matches!(*piece, "" | "." | ")" | "("));
    let numbers: Option<Vec<i64>> = pieces.map(number_of_piece).collect();
    let numbers = numbers.filter(|numbers| !numbers.is_empty())?;
    Some(Numbers { plain: text.trim().bytes().all(|byte| byte.is_ascii_digit()), numbers })
}

/// `2`, `2.`, `2)`, `(2)`, `2番`.
fn number_of_piece(piece: &str) -> Option<i64> {
    let inner = piece.strip_prefix('(').unwrap_or(piece);
    let inner = inner.strip_suffix(['.', ')', '番']).unwrap_or(inner);
    let digits = !inner.is_empty() && inner.len() <= 4 && inner.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| inner.parse().ok()).flatten()
}

/// Circled (①), bracketed (⑴) and dotted (⒈) numbers, 1 to 20 each, U+2460 to U+249B.
fn enclosed_number(character: char) -> Option<u32> {
    let place = u32::from(character).checked_sub(0x2460)?;
    (place < 60).then_some(place % 20 + 1)
}

/// Compatibility characters folded, white space kept as what divides.
fn unicode_fold(text: &str) -> String {
    text.split_whitespace().map(comparable).collect::<Vec<_>>().join(" ")
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
