//! Parts that the reader would believe though they are cut off or say what cannot be.

use crate::finding::Code;
use crate::ingest::refusal::Refusal;
use crate::ingest::sheets::sheet_parts;

/// Whether a part reaches to the end of its outermost element, whatever prefix that has.
pub fn is_whole(part: &[u8], root: &[u8]) -> bool {
    let Some(at) = memchr::memmem::rfind(part, root) else { return false };
    let begin = memchr::memrchr(b'<', &part[..at]).unwrap_or(at);
    part[begin..].starts_with(b"</") || part.trim_ascii_end().ends_with(b"/>")
}

/// The reader reserves room for as many shared texts as their part declares. Each takes at least
/// five bytes of the part, so a far larger number is a lie.
pub fn declares_within_bounds(name: &str, part: &[u8]) -> Result<(), Refusal> {
    /// What may be reserved for nothing: texts of 24 bytes each.
    const SLACK: u128 = 1 << 20;
    let declared = sheet_parts::elements(part, b"sst").filter_map(|element| {
        let at = memchr::memmem::find(element, b"uniqueCount")?;
        number_of_attribute(&element[at + b"uniqueCount".len()..])
    });
    match declared.max() {
        Some(declared) if declared > SLACK && declared > part.len() as u128 => {
            let message = format!("{name} declares {declared} texts in {} bytes", part.len());
            Err(Refusal::new(Code::UnsafeWorkbook, message))
        }
        _ => Ok(()),
    }
}

/// The number in `="123"`, however it is spaced and quoted.
pub fn number_of_attribute(text: &[u8]) -> Option<u128> {
    let text = text.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let text = text.strip_prefix(b"\"").or_else(|| text.strip_prefix(b"'"))?.trim_ascii_start();
    let text = text.strip_prefix(b"+").unwrap_or(text);
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    let mut number: Option<u128> = None;
    for digit in digits {
        number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(u128::from(digit - b'0')));
    }
    number
}

/// The text of a cell that names its text by something else than a number, which the reader may take
/// for the first text there is. One that names nothing is how some programs write an empty cell.
pub fn text_by_no_number(part: &[u8]) -> Option<String> {
    let (value, end) = (memchr::memmem::Finder::new("v>"), memchr::memmem::Finder::new("c>"));
    for at in memchr::memmem::find_iter(part, " t=\"s\"") {
        let cell = &part[at..];
        if is_usual(cell) {
            continue;
        }
        let close = end.find_iter(cell).find(|&end| matches!(cell[..end], [.., b'/' | b':']));
        let cell = &cell[..close.unwrap_or(cell.len())];
        let Some(from) = value.find_iter(cell).find(|&from| matches!(cell[..from], [.., b'<' | b':'])) else {
            continue;
        };
        let number = cell[from + 2..].split(|byte| *byte == b'<').next().unwrap_or_default();
        if !number.iter().all(u8::is_ascii_digit) {
            return Some(String::from_utf8_lossy(number).chars().take(20).collect());
        }
    }
    None
}

/// Whether the rest of a cell is `…><v>12</v>`, as nearly all are written.
fn is_usual(cell: &[u8]) -> bool {
    let Some(end) = cell.iter().position(|byte| *byte == b'>') else { return false };
    let Some(value) = cell[end + 1..].strip_prefix(b"<v>") else { return false };
    let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && cell[end - 1] != b'/' && value[digits..].starts_with(b"</v>")
}
