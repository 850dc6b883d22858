//! The embedded typeface: widths, line breaks, characters that cannot be set.

use cssa::typeface::{TypefaceError, Weight, break_lines, compose, fill_lines, width};

const SIZE: f64 = 10.0;

fn lines(text: &str, characters: f64) -> Vec<String> {
    break_lines(text, Weight::Regular, SIZE, characters * SIZE)
}

#[test]
fn digits_but_one_have_one_width() {
    for weight in [Weight::Regular, Weight::Bold] {
        let one = width("0", weight, SIZE);
        assert!(width("1", weight, SIZE) < one);
        for digit in ('0'..='9').filter(|&digit| digit != '1') {
            assert!((width(&digit.to_string(), weight, SIZE) - one).abs() < f64::EPSILON, "{digit}");
        }
    }
}

#[test]
fn a_kanji_is_as_wide_as_its_size() {
    assert!((width("漢字", Weight::Regular, SIZE) - 2.0 * SIZE).abs() < f64::EPSILON);
}

#[test]
fn lines_stay_within_the_width_and_lose_nothing() {
    let text = "経営トップ（頭取・社長・理事長等）の関与のもと、ディスクロージャーやHP等で対外公表している";
    for characters in 1..40 {
        let limit = f64::from(characters) * SIZE;
        for lines in [break_lines(text, Weight::Bold, SIZE, limit), fill_lines(text, Weight::Bold, SIZE, limit)] {
            assert_eq!(lines.concat(), text, "{characters}");
            for line in &lines {
                let fits = width(line, Weight::Bold, SIZE) <= limit;
                assert!(fits || line.chars().count() == 1, "「{line}」 at {characters}");
            }
        }
    }
}

#[test]
fn no_line_begins_or_ends_with_a_prohibited_character() {
    let text = "「重要なシステム」（勘定系、顧客情報）とは、ネットワーク・サーバー等をいう。ちょっと、ウェブ々と";
    for characters in 4..30 {
        let lines = lines(text, f64::from(characters));
        for line in lines.iter().skip(1) {
            let first = line.chars().next().expect("no line is empty");
            assert!(
                !"、。，．・：；？！）」』】々ーぁぃぅぇぉっゃゅょァィゥェォッャュョ％".contains(first),
                "{lines:?}"
            );
        }
        for line in &lines {
            let last = line.chars().last().expect("no line is empty");
            assert!(!"（「『【".contains(last), "{lines:?}");
        }
    }
}

#[test]
fn numbers_and_words_stay_whole() {
    for characters in 6..20 {
        for line in lines("監視は24時間365日、Security Operationは2023事務年度の41.6％と1,234先", f64::from(characters))
        {
            let line = line.as_str();
            assert!(!line.starts_with("時間") && !line.starts_with("日、") && !line.starts_with("事務"), "{line}");
            assert!(!line.ends_with("41.") && !line.starts_with('％') && !line.starts_with(",234"), "{line}");
            assert!(!line.ends_with("Secur") && !line.starts_with("ation"), "{line}");
        }
    }
}

#[test]
fn the_last_line_is_no_widow() {
    assert_eq!(lines("インターネットとつながっている端末", 14.0), ["インターネットと", "つながっている端末"],);
}

#[test]
fn brackets_go_to_the_next_line_whole() {
    assert_eq!(
        lines("セキュリティ資格の取得推奨（受験料等の会社負担）", 16.0),
        ["セキュリティ資格の取得推奨", "（受験料等の会社負担）"],
    );
}

#[test]
fn a_word_wider_than_a_line_is_broken_somewhere() {
    let lines = lines("https://www.fsa.go.jp/news/r5/cyber/20240423.html", 8.0);
    assert!(lines.len() > 2);
    assert_eq!(lines.concat(), "https://www.fsa.go.jp/news/r5/cyber/20240423.html");
}

#[test]
fn newlines_and_empty_texts_are_kept() {
    assert_eq!(lines("上\n下", 10.0), ["上", "下"]);
    assert_eq!(lines("", 10.0), [""]);
}

#[test]
fn a_missing_glyph_is_named() {
    let error = compose("𠮷田銀行", "業態").expect_err("the typeface lacks this form");
    assert_eq!(
        error,
        TypefaceError::MissingGlyph { character: '𠮷', text: "𠮷田銀行".to_owned(), place: "業態".to_owned() },
    );
    let message = error.to_string();
    assert!(message.contains("U+20BB7") && message.contains("𠮷田銀行") && message.contains("業態"), "{message}");
}

#[test]
fn invisible_characters_are_refused() {
    for character in ['\u{FE0F}', '\u{E0100}', '\u{200B}', '\t', '\u{7}', '\u{202E}', '\u{E000}', '\u{FEFF}'] {
        let text = format!("先{character}数");
        assert!(
            matches!(compose(&text, "題名"), Err(TypefaceError::Invisible { .. })),
            "U+{:04X}",
            u32::from(character),
        );
    }
}

#[test]
fn sound_marks_join_their_kana_and_names_keep_their_form() {
    assert_eq!(compose("カ\u{3099}ハ\u{309A}", "題名").as_deref(), Ok("ガパ"));
    assert_eq!(compose("\u{FA19}\n戸", "題名").as_deref(), Ok("\u{FA19}\n戸"));
}
