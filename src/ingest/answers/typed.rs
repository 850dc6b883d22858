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

/// A number that is not negative, as a number or as digits with or without separators.
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
    (number.is_finite() && number >= 0.0).then_some(number)
}
