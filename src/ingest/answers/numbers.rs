//! Numbers as people type them. Digits are only those that stand together: white space, superscripts
//! and circled numbers between or behind them are something else, and never make a longer number.

use crate::ingest::sheets::sheet::Value;
use crate::survey::{LARGEST, Question, comparable, is_unseen};

/// A text as it is seen, with letters and digits of full width in their usual one, without the white
/// space around it. Nothing else is folded: ² stays ².
pub(super) fn seen(text: &str) -> String {
    let usual = |character: char| match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        '\u{3000}' => ' ',
        other => other,
    };
    let folded: String = text.chars().filter(|&character| !is_unseen(character)).map(usual).collect();
    folded.trim().to_owned()
}

/// Whether a text is digits of any width, and nothing else.
pub(super) fn is_digits(text: &str) -> bool {
    // Most texts are words: told by a look, without folding them.
    text.chars().next_back().is_some_and(|last| !last.is_alphabetic()) && {
        let seen = seen(text);
        !seen.is_empty() && seen.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// A whole number, as a number, as digits of any width, or as one circled number.
pub(super) fn whole_number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => Some(*number as i64),
        Value::Text(text) => {
            if text.chars().next_back().is_none_or(char::is_alphabetic) {
                return None;
            }
            let seen = seen(text);
            let mut characters = seen.chars();
            if let (Some(only), None) = (characters.next(), characters.next())
                && let Some(number) = enclosed_number(only)
            {
                return Some(i64::from(number));
            }
            // Printed numbers may have a stop: 「2.」.
            let seen = seen.trim_end_matches(['.', ')', '。']);
            seen.bytes().all(|byte| byte.is_ascii_digit()).then(|| seen.parse().ok()).flatten()
        }
        _ => None,
    }
}

/// Circled (①, ❶, ➀, ➊, ⓵), bracketed (⑴) and dotted (⒈) numbers.
pub(super) fn enclosed_number(character: char) -> Option<u32> {
    let at = u32::from(character);
    match at {
        0x2460..=0x249B => Some((at - 0x2460) % 20 + 1),
        0x24F5..=0x24FE => Some(at - 0x24F5 + 1),
        0x2776..=0x2793 => Some((at - 0x2776) % 10 + 1),
        _ => None,
    }
}

/// A number that was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::ingest) struct Read {
    /// The number.
    pub number: f64,
    /// Whether it was typed as the form asks: a number, or its plain digits.
    pub plain: bool,
    /// Whether it was written with the sign of percent.
    pub percent: bool,
}

/// The number that answers a question, or what was expected.
pub(in crate::ingest) fn number_for(question: &Question, value: &Value) -> Result<Read, String> {
    let read = number_in(question, value).ok_or_else(|| expected(question))?;
    let number = read.number;
    if question.whole && number.fract() != 0.0 {
        return Err("a whole number".to_owned());
    }
    let decimals = number.to_string().split_once('.').map_or(0, |(_, decimals)| decimals.len());
    if decimals > usize::from(question.decimals) {
        return Err(format!("{} decimals at most", question.decimals));
    }
    let unit = question.unit.as_deref().unwrap_or("");
    let most = question.most.unwrap_or(LARGEST);
    // Both ends are whole numbers of at most fifteen digits, which a float holds exactly.
    if number < question.least as f64 {
        return Err(format!("{}{unit} at least", question.least));
    }
    if number > most as f64 {
        return Err(format!("{most}{unit} at most"));
    }
    Ok(read)
}

/// What a question asks for, in words.
fn expected(question: &Question) -> String {
    let unit = question.unit.as_ref().map_or(String::new(), |unit| format!(" of {unit}"));
    match question.most {
        Some(most) => format!("a number{unit} from {} to {most}", question.least),
        None => format!("a number{unit} from {}", question.least),
    }
}

/// A question whose unit is the hundredth part.
pub(super) fn is_of_percent(question: &Question) -> bool {
    question.unit.as_deref().is_some_and(|unit| matches!(comparable(unit).as_str(), "%" | "パーセント"))
}

/// A number, its digits with or without separators, or these with the unit of the question behind them.
fn number_in(question: &Question, value: &Value) -> Option<Read> {
    match value {
        Value::Number(number) => Some(Read { number: *number, plain: true, percent: false }),
        Value::Text(text) => {
            let seen = seen(text);
            if let Some(number) = parsed(&seen) {
                return Some(Read { number, plain: true, percent: false });
            }
            let number = units(question).iter().find_map(|unit| parsed(seen.strip_suffix(unit.as_str())?.trim_end()));
            number.map(|number| Read { number, plain: false, percent: is_of_percent(question) })
        }
        _ => None,
    }
}

/// The spellings of a question's unit: people are counted by 人 and by 名.
fn units(question: &Question) -> Vec<String> {
    let Some(unit) = &question.unit else { return Vec::new() };
    let unit = seen(unit);
    let others: &[&str] = match comparable(&unit).as_str() {
        "人" | "名" => &["人", "名"],
        "%" | "パーセント" => &["%", "パーセント"],
        _ => &[],
    };
    let mut units = vec![unit];
    units.extend(others.iter().map(|&other| other.to_owned()));
    units
}

/// The signs of a number below nothing.
const MINUS: [char; 4] = ['-', '\u{2212}', '▲', '△'];

/// Digits with or without a sign, commas between the thousands, and decimals; `None` where a comma
/// stands elsewhere, because 1,5 may be meant for 1.5.
fn parsed(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(MINUS);
    let digits = unsigned.or_else(|| text.strip_prefix('+')).unwrap_or(text);
    let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if decimals.is_some_and(|decimals| !are_digits(decimals)) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let rest: Vec<&str> = groups.collect();
    let is_sound = rest.is_empty() || ((1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3));
    if !is_sound || !are_digits(first) || !rest.iter().all(|group| are_digits(group)) {
        return None;
    }
    let spelled = digits.replace(',', "");
    let number: f64 = spelled.parse().ok()?;
    Some(if unsigned.is_some() && number != 0.0 { -number } else { number })
}
