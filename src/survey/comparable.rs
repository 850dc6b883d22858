//! The comparison of typed texts: by their looks.

use unicode_normalization::UnicodeNormalization;

/// The form in which two wordings are compared: compatibility characters folded (ＯＡ is OA),
/// white space and what nobody sees dropped. Case and punctuation stay: they can change the meaning.
pub fn comparable(text: &str) -> String {
    let seen = text.chars().filter(|&character| !is_unseen(character));
    seen.nfkc().filter(|character| !character.is_whitespace()).collect()
}

/// The form in which two names are compared: as wordings are, and characters that look alike are one.
pub fn comparable_name(text: &str) -> String {
    comparable(text).chars().map(usual_form).collect()
}

/// Whether a text shows nothing: white space and characters that nobody sees.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() || is_unseen(character))
}

/// Whether nobody sees a character: controls, joiners, marks of direction and of byte order, soft
/// hyphens, selectors of a variant. (Default_Ignorable_Code_Point of Unicode 16, the interlinear
/// annotations and the blank of braille.)
pub fn is_unseen(character: char) -> bool {
    match character {
        ' '..='~' | '\u{3000}'..='\u{3163}' | '\u{3165}'..='\u{9FFF}' => false,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' => true,
        '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => true,
        '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' => true,
        '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' => true,
        '\u{E0000}'..='\u{E0FFF}' => true,
        other => other.is_control() && !other.is_whitespace(),
    }
}

/// The usual one of characters that look the same: 髙 is 高. Those that Unicode itself folds are not among them, nor
/// those that look different (齋 and 斉).
fn usual_form(character: char) -> char {
    match character {
        '髙' => '高',
        '\u{FA11}' => '崎',
        '𠮷' => '吉',
        '德' => '徳',
        '黑' => '黒',
        '靑' => '青',
        '淸' => '清',
        '敎' => '教',
        '增' => '増',
        '橫' => '横',
        '綠' => '緑',
        '瀨' => '瀬',
        '內' => '内',
        '戶' => '戸',
        '步' => '歩',
        '每' => '毎',
        other => other,
    }
}
