//! Whether a text can be set: every character has a glyph, and none of them is invisible.

use unicode_normalization::char::{canonical_combining_class, compose as join};

use super::FAMILY;
use super::face::has_glyph;

/// A text that cannot be set in the embedded typeface.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TypefaceError {
    #[error(
        "{place}: no glyph for 「{character}」 (U+{:04X}) in {FAMILY}, found in 「{text}」; \
         replace it by a character of JIS X 0213 or by kana",
        u32::from(*.character)
    )]
    MissingGlyph { character: char, text: String, place: String },
    #[error(
        "{place}: invisible character U+{:04X} in 「{}」; delete it",
        u32::from(*.character),
        .text.escape_debug()
    )]
    Invisible { character: char, text: String, place: String },
}

/// The text as it can be set: sound marks joined to their kana, every character checked.
///
/// Only combining marks are composed. Full NFC would also replace the compatibility ideographs
/// (神 U+FA19 and the like) that stand in the registered names of some institutions.
///
/// # Errors
/// A character without a glyph, or one that cannot be seen (a newline excepted).
pub fn compose(text: &str, place: &str) -> Result<String, TypefaceError> {
    let mut composed = String::with_capacity(text.len());
    for character in text.chars() {
        let joined = (canonical_combining_class(character) != 0)
            .then(|| composed.chars().next_back().and_then(|base| join(base, character)))
            .flatten();
        if let Some(joined) = joined {
            composed.pop();
            composed.push(joined);
        } else {
            composed.push(character);
        }
    }
    for character in composed.chars().filter(|&character| character != '\n') {
        if is_invisible(character) {
            return Err(TypefaceError::Invisible { character, text: text.to_owned(), place: place.to_owned() });
        }
        if !has_glyph(character) {
            return Err(TypefaceError::MissingGlyph { character, text: text.to_owned(), place: place.to_owned() });
        }
    }
    Ok(composed)
}

/// Controls, joiners, direction marks, variation selectors, and characters for private use, which Unicode leaves
/// unassigned: they change or hide printed text without being seen.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{10FFFF}')
}
