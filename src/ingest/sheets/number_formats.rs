//! Formats of the Japanese calendar: dates that the reader takes for numbers.
//!
//! The reader tells a date by the letters of days, months and years in its format, and knows
//! neither era (g), year of an era (e) nor day of the week (a). A format of these alone, such as
//! `ggge"年"`, would make 45108 out of 令和5年. Such a format is given a day here, so that the
//! reader sees a date; how it would look does not matter to anyone who reads values.

use memchr::memmem;

const ATTRIBUTE: &[u8] = b"formatCode=\"";

/// The part of styles with a day in each format that is only of the Japanese calendar.
pub fn with_plain_dates(styles: &[u8]) -> Vec<u8> {
    let mut changed = Vec::with_capacity(styles.len() + 16);
    let mut rest = styles;
    while let Some(at) = memmem::find(rest, ATTRIBUTE) {
        let (before, format) = rest.split_at(at + ATTRIBUTE.len());
        changed.extend_from_slice(before);
        let end = memchr::memchr(b'"', format).unwrap_or(format.len());
        if is_japanese_date(&String::from_utf8_lossy(&format[..end])) {
            changed.push(b'd');
        }
        rest = format;
    }
    changed.extend_from_slice(rest);
    changed
}

/// Whether a format has letters of the Japanese calendar: outside of texts, colours and locales,
/// in its first section, and not as part of `General` or of an exponent.
pub fn is_japanese_date(format: &str) -> bool {
    let format = format.replace("&quot;", "\"");
    let mut shown = String::new();
    let (mut text, mut bracket) = (false, false);
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => text = !text,
            _ if text => {}
            '[' => bracket = true,
            ']' => bracket = false,
            _ if bracket => {}
            // The next character is only shown, or gives a width, or fills.
            '\\' | '_' | '*' => drop(characters.next()),
            ';' => break,
            _ => shown.push(character.to_ascii_lowercase()),
        }
    }
    let shown = shown.replace("general", "").replace("e+", "").replace("e-", "");
    shown.contains(['e', 'g']) || shown.contains("aaa")
}
