//! The text of a table from its bytes: UTF-8, or CP932, which Excel on a Japanese Windows writes.
//! Text in another encoding is refused, with the name of the encoding if it is known.

use encoding_rs::{DecoderResult, EUC_JP, SHIFT_JIS};

use super::delimited::Fault;
use crate::survey::Position;

const HELP: &str = "save it from Excel as 「CSV UTF-8（コンマ区切り）」 (CSV UTF-8), or as a workbook (xlsx)";

const EUC: &str = "seems to be in EUC-JP, expected UTF-8 or CP932";

/// The text, with `\n` at the end of every line.
pub(super) fn decode(bytes: &[u8]) -> Result<String, Fault> {
    if let [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] = bytes {
        return Err(Fault::whole("is in UTF-16 (Excel's 「Unicode テキスト」), expected UTF-8 or CP932", HELP));
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        let message = "is a workbook of the old format, or one with a password";
        return Err(Fault::whole(message, "save it as a workbook (xlsx) without a password"));
    }
    if bytes.contains(&0) {
        return Err(Fault::whole("is no text and no workbook", HELP));
    }
    let (has_mark, bytes) = match bytes.strip_prefix("\u{feff}".as_bytes()) {
        Some(rest) => (true, rest),
        None => (false, bytes),
    };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if text.contains("\u{1b}$") => {
            return Err(Fault::whole("is in ISO-2022-JP (JIS), expected UTF-8 or CP932", HELP));
        }
        Ok(text) => text.to_owned(),
        Err(error) if has_mark => {
            return Err(at(bytes, error.valid_up_to(), "begins as UTF-8, and is not in UTF-8 here"));
        }
        Err(error) => match cp932(bytes) {
            Ok(text) if is_euc(bytes, &text) => {
                return Err(at(bytes, error.valid_up_to(), EUC));
            }
            Ok(text) => text,
            Err(_) if is_whole_euc(bytes) => {
                return Err(at(bytes, error.valid_up_to(), EUC));
            }
            Err(valid) => {
                let valid = valid.max(error.valid_up_to());
                return Err(at(bytes, valid, "is neither in UTF-8 nor in CP932 (Shift_JIS) here"));
            }
        },
    };
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The text in CP932; else how many bytes of it are.
fn cp932(bytes: &[u8]) -> Result<String, usize> {
    let mut decoder = SHIFT_JIS.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0);
    let mut text = String::with_capacity(room);
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::InputEmpty, _) => Ok(text),
        (DecoderResult::Malformed(bad, after), read) => Err(read - usize::from(bad) - usize::from(after)),
        (DecoderResult::OutputFull, read) => Err(read),
    }
}

/// Whether what passes for CP932 is EUC-JP: its bytes are katakana of half width there, and little else.
fn is_euc(bytes: &[u8], text: &str) -> bool {
    let foreign = text.chars().filter(|character| !character.is_ascii());
    let (narrow, other): (Vec<char>, Vec<char>) = foreign.partition(|one| ('\u{FF61}'..='\u{FF9F}').contains(one));
    narrow.len() > other.len() && is_whole_euc(bytes)
}

fn is_whole_euc(bytes: &[u8]) -> bool {
    EUC_JP.decode_without_bom_handling_and_without_replacement(bytes).is_some()
}

/// A fault at a byte, shown with what can be shown of its line.
fn at(bytes: &[u8], byte: usize, message: &str) -> Fault {
    let start = bytes[..byte].iter().rposition(|&one| one == b'\n').map_or(0, |end| end + 1);
    let line = 1 + bytes[..byte].iter().filter(|&&one| one == b'\n').count();
    let whole = bytes[start..].split(|&one| matches!(one, b'\n' | b'\r')).next().unwrap_or_default();
    let shown = |bytes: &[u8]| SHIFT_JIS.decode_without_bom_handling(bytes).0.into_owned();
    let (before, text) = match std::str::from_utf8(&bytes[start..byte]) {
        Ok(before) => (before.to_owned(), String::from_utf8_lossy(whole).into_owned()),
        Err(_) => (shown(&bytes[start..byte]), shown(whole)),
    };
    let position = Position { line, column: before.chars().count() + 1, length: 1, text, cell: None };
    Fault { position: Some(position), message: message.to_owned(), help: HELP }
}
