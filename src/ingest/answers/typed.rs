//! Numbers as people type them.

use crate::ingest::sheet::Value;
use crate::survey::comparable;

/// Whether a text is digits of any width, and nothing else.
pub(super) fn is_digits(text: &str) -> bool {
    let folded = comparable(text);
    !folded.is_empty() && folded.bytes().all(|byte| byte.is_ascii_digit())
}

/// A whole number, as a number or as digits of any width.
pub(super) fn whole_number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => Some(*number as i64),
        Value::Text(text) if is_digits(text) => comparable(text).parse().ok(),
        _ => None,
    }
}

/// The largest number that is taken for an answer.
const LARGEST: f64 = 1e9;
/// The most decimals of one: what is summed later must be exact.
const DECIMALS: usize = 6;

/// A number from 0 to a thousand million with at most six decimals, as a number or as digits with
/// or without separators.
pub(super) fn number_in(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => *number,
        Value::Text(text) => {
            let folded = comparable(text).replace(',', "");
            let plain = folded.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            plain.then(|| folded.parse().ok()).flatten()?
        }
        _ => return None,
    };
    let decimals = number.to_string().split_once('.').map_or(0, |(_, decimals)| decimals.len());
    ((0.0..=LARGEST).contains(&number) && decimals <= DECIMALS).then_some(number)
}
