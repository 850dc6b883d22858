//! Between which two characters a line may break, and how much it would hurt.
//!
//! The prohibitions follow JIS X 4051 and the W3C's JLREQ (character classes 1 to 12, strict
//! style: small kana and the long-vowel mark do not begin a line). The costs are our own: a
//! label reads best when it breaks where a phrase ends, after a particle or before a bracket.

use unicode_normalization::char::canonical_combining_class;

/// The classes of characters that the rules speak of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Opening,
    Closing,
    Stop,
    Dot,
    Trailing,
    Wave,
    Prefix,
    Digit,
    Latin,
    Hiragana,
    Katakana,
    Kanji,
    Symbol,
}

fn class(character: char) -> Class {
    match character {
        ' ' | '\u{3000}' => Class::Space,
        '（' | '「' | '『' | '【' | '〔' | '［' | '｛' | '〈' | '《' | '“' | '‘' | '｢' | '(' | '[' | '{' => {
            Class::Opening
        }
        '）' | '」' | '』' | '】' | '〕' | '］' | '｝' | '〉' | '》' | '”' | '’' | '｣' | ')' | ']' | '}' => {
            Class::Closing
        }
        '、' | '。' | '，' | '．' | '！' | '？' | '；' | '：' | '､' | '｡' | '‼' | '⁇' | '⁈' | '⁉' => {
            Class::Stop
        }
        '・' | '･' | '／' => Class::Dot,
        '～' | '〜' | '–' | '‐' | '゠' => Class::Wave,
        'ー' | 'ｰ' | 'ﾞ' | 'ﾟ' | '゛' | '゜' | '々' | '〻' | 'ゝ' | 'ゞ' | 'ヽ' | 'ヾ' | '…' | '‥' | '—' | '―' | '％'
        | '‰' | '℃' | '°' | '′' | '″' => Class::Trailing,
        'ぁ'
        | 'ぃ'
        | 'ぅ'
        | 'ぇ'
        | 'ぉ'
        | 'っ'
        | 'ゃ'
        | 'ゅ'
        | 'ょ'
        | 'ゎ'
        | 'ゕ'
        | 'ゖ'
        | 'ァ'
        | 'ィ'
        | 'ゥ'
        | 'ェ'
        | 'ォ'
        | 'ッ'
        | 'ャ'
        | 'ュ'
        | 'ョ'
        | 'ヮ'
        | 'ヵ'
        | 'ヶ'
        | 'ｧ'..='ｯ'
        | 'ㇰ'..='ㇿ' => Class::Trailing,
        '￥' | '＄' | '￡' | '＃' | '№' | '¥' | '$' => Class::Prefix,
        '0'..='9' | '０'..='９' => Class::Digit,
        '!'..='~' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '\u{00C0}'..='\u{024F}' => Class::Latin,
        '\u{3041}'..='\u{309F}' => Class::Hiragana,
        '\u{30A0}'..='\u{30FF}' | '\u{FF66}'..='\u{FF9F}' => Class::Katakana,
        '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' => Class::Kanji,
        _ => Class::Symbol,
    }
}

/// The cost of a break before the character at `at`; `None` forbids it.
pub(super) fn break_cost(text: &[char], at: usize) -> Option<u64> {
    let (before, after) = (text[at - 1], text[at]);
    use Class::{
        Closing, Digit, Dot, Hiragana, Kanji, Katakana, Latin, Opening, Prefix, Space, Stop, Symbol, Trailing, Wave,
    };
    if canonical_combining_class(after) != 0 {
        return None;
    }
    // An ASCII bracket or sign inside a Latin word belongs to the word, as in "TLS(1.2)".
    if before.is_ascii_graphic() && after.is_ascii_graphic() {
        return (before == '/').then_some(20);
    }
    if is_katakana(before) && is_katakana(after) && class(after) != Class::Trailing {
        return Some(within_katakana(text, at));
    }
    match (class(before), class(after)) {
        (_, Space | Closing | Stop | Dot | Trailing | Wave) | (Opening | Prefix, _) => None,
        (Space | Stop, _) => Some(0),
        // Digits keep their counter: 24時間, 2回, ５カ年.
        (Digit | Latin, Digit | Latin) | (Wave, Digit) | (Digit, Kanji | Hiragana | Katakana) => None,
        (_, Opening) | (Closing, _) => Some(1),
        (Dot, _) => Some(2),
        (Hiragana, Kanji | Katakana | Latin | Digit | Symbol) => Some(after_hiragana(before)),
        (Hiragana, Hiragana) => Some(match (before, after) {
            ('を', _) => 1,
            ('と' | 'に' | 'が' | 'は', 'つ' | 'あ' | 'お' | 'み' | 'か') => 6,
            _ => 55,
        }),
        (Trailing, _) => Some(after_trailing(before, after)),
        (Kanji | Katakana, Hiragana) => Some(55),
        (Kanji, Kanji) => Some(between_kanji(text, at)),
        (Kanji, Katakana) => Some(5),
        (Katakana, Kanji) => Some(8),
        _ => Some(12),
    }
}

/// A phrase usually ends where hiragana meets something else, but not inside 取り組み or お客様.
fn after_hiragana(before: char) -> u64 {
    match before {
        'お' | 'ご' => 25,
        'り' | 'み' | 'き' | 'け' | 'れ' | 'え' | 'い' => 6,
        'の' | 'し' => 2,
        _ => 1,
    }
}

/// Long words split best after a long vowel, サイバー and セキュリティ, and into no small pieces.
fn within_katakana(text: &[char], at: usize) -> u64 {
    // Small letters and long vowels make no piece longer: リティ is as short as リテ.
    let full = |character: &&char| class(**character) != Class::Trailing;
    let word = |character: &&char| is_katakana(**character);
    let left = text[..at].iter().rev().take_while(word).filter(full).count();
    let right = text[at..].iter().take_while(word).filter(full).count();
    match text[at - 1] {
        _ if left.min(right) < 3 || text[at] == 'ン' || text[at] == 'ﾝ' => 80,
        'ー' | 'ｰ' => 28,
        _ => 75,
    }
}

/// Katakana with the marks and small letters that belong to them.
fn is_katakana(character: char) -> bool {
    matches!(character, 'ァ'..='ヺ' | 'ー' | 'ㇰ'..='ㇿ' | 'ｦ'..='ﾟ')
}

/// Compounds are mostly made of words of two characters, with suffixes that stay with them.
fn between_kanji(text: &[char], at: usize) -> u64 {
    let run = text[..at].iter().rev().take_while(|&&character| class(character) == Class::Kanji).count();
    match text[at] {
        '等' | '的' | '性' | '化' | '者' | '率' | '度' | '別' | '型' | '時' | '先' => 30,
        _ if run % 2 == 1 => 45,
        _ => 12,
    }
}

/// Long-vowel marks and small kana continue the word they stand in.
fn after_trailing(before: char, after: char) -> u64 {
    match before {
        '％' | '‰' | '℃' | '々' => 5,
        _ if class(after) == Class::Hiragana => 40,
        _ => 8,
    }
}
