//! Texts in another encoding than UTF-8: parts of XML that say so, and the bytes of workbooks that
//! say something else than they are.

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

/// How far into a part its declaration reaches.
const DECLARATION: usize = 200;

/// Turns a part of XML into UTF-8 where it is in another encoding: by its byte order mark, by the
/// zeros of a mark that is missing, or by its declaration. `false` where it is not what it says.
/// (XML 1.0, appendix F; Office Open XML allows UTF-8 and UTF-16.)
pub fn make_utf8(part: &mut Vec<u8>) -> bool {
    let Some((encoding, mark)) = encoding_of(part) else { return true };
    if encoding == UTF_8 {
        part.drain(..mark);
        return true;
    }
    let (text, is_wrong) = encoding.decode_without_bom_handling(&part[mark..]);
    let is_sound = !is_wrong;
    // The declaration would no longer be true.
    let text = match text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest.to_owned(),
        None => text.into_owned(),
    };
    *part = text.into_bytes();
    is_sound
}

/// The encoding of a part and the length of its mark; `None` where it is UTF-8 without one.
fn encoding_of(part: &[u8]) -> Option<(&'static Encoding, usize)> {
    if let Some((encoding, mark)) = Encoding::for_bom(part) {
        return Some((encoding, mark));
    }
    match part {
        [b'<', 0, ..] => return Some((UTF_16LE, 0)),
        [0, b'<', ..] => return Some((UTF_16BE, 0)),
        _ => {}
    }
    let head = std::str::from_utf8(part.get(..DECLARATION.min(part.len()))?).unwrap_or_default();
    let (declaration, _) = head.strip_prefix("<?xml")?.split_once("?>")?;
    let (_, label) = declaration.split_once("encoding")?;
    let label = label.trim_start().strip_prefix('=')?.trim().trim_start_matches(['"', '\'']);
    let label = label.split(['"', '\'']).next()?;
    let encoding = Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != UTF_8)?;
    // A part of bytes that declares UTF-16 is not in it.
    (encoding != UTF_16LE && encoding != UTF_16BE).then_some((encoding, 0))
}

/// Whether bytes are Shift_JIS and not plain ASCII.
pub fn is_shift_jis(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes).is_some()
}

/// Bytes of an unknown encoding as they can be shown: most likely they come from an older Windows.
pub fn shown(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => SHIFT_JIS.decode_without_bom_handling(bytes).0.into_owned(),
    }
}
