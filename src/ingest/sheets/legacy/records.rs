//! The records of a workbook's stream: a kind, a length, and a content.

/// Records that begin and end the workbook's own part and each sheet.
pub const BEGIN: u16 = 0x0809;
pub const END: u16 = 0x000A;
/// How far a sheet reaches, as it says.
pub const DIMENSIONS: u16 = 0x0200;
/// A sheet in the list of sheets.
pub const BOUND_SHEET: u16 = 0x0085;
/// The code page of texts.
pub const CODE_PAGE: u16 = 0x0042;
/// Another workbook that is linked to, and a sheet of it.
pub const EXTERNAL_BOOK: u16 = 0x01AE;
pub const EXTERNAL_SHEET: u16 = 0x0017;
/// A record goes on here.
pub const CONTINUED: u16 = 0x003C;
/// A query of a database.
pub const QUERY: u16 = 0x00DC;
/// Something drawn on a sheet: a shape, a note or a control.
pub const OBJECT: u16 = 0x005D;
/// Cells with a text of their own.
pub const LABEL: u16 = 0x0204;
pub const RICH_LABEL: u16 = 0x00D6;
const FORMULA: u16 = 0x0006;
const NUMBER: u16 = 0x0203;
const TRUTH: u16 = 0x0205;
/// A cell with a text that others share.
pub const SHARED_LABEL: u16 = 0x00FD;
const SHORT_NUMBER: u16 = 0x027E;
/// Cells side by side with a short number each.
pub const SHORT_NUMBERS: u16 = 0x00BD;
const MERGED: u16 = 0x00E5;
/// A record without meaning to a reader.
const MEANINGLESS: u16 = 0x00E2;

/// A record.
#[derive(Debug)]
pub struct Record<'s> {
    /// Where it begins in the stream.
    pub start: usize,
    /// Its kind.
    pub kind: u16,
    /// Its content, as long as the stream has it.
    pub content: &'s [u8],
}

/// The records of a stream from a place on.
pub struct Records<'s> {
    stream: &'s [u8],
    at: usize,
}

impl<'s> Records<'s> {
    /// The records of a stream from a place on.
    pub fn new(stream: &'s [u8], at: usize) -> Records<'s> {
        Records { stream, at }
    }
}

impl<'s> Iterator for Records<'s> {
    type Item = Record<'s>;

    fn next(&mut self) -> Option<Record<'s>> {
        let start = self.at;
        let rest = self.stream.get(start..)?;
        let (kind, length) = (word(rest, 0)?, usize::from(word(rest, 2)?));
        let content = &rest[4..rest.len().min(4 + length)];
        self.at = start + 4 + content.len();
        Some(Record { start, kind, content })
    }
}

/// Makes a record mean nothing to a reader.
pub fn hide(stream: &mut [u8], record: usize) {
    stream[record..record + 2].copy_from_slice(&MEANINGLESS.to_le_bytes());
}

/// Row, first and last column of a record that holds cells.
pub fn cells_of(record: &Record<'_>) -> Option<(u16, u16, u16)> {
    let content = record.content;
    let (row, first) = (word(content, 0)?, word(content, 2)?);
    match record.kind {
        FORMULA | NUMBER | LABEL | RICH_LABEL | TRUTH | SHARED_LABEL | SHORT_NUMBER => Some((row, first, first)),
        SHORT_NUMBERS => Some((row, first, word(content, content.len().checked_sub(2)?)?)),
        _ => None,
    }
}

/// Whether a record is as long as what it holds; of the kinds that are read.
pub fn is_sound(record: &Record<'_>) -> bool {
    let content = record.content;
    let fewest = match record.kind {
        FORMULA => 20,
        NUMBER => 14,
        LABEL | RICH_LABEL => 8,
        TRUTH => return content.len() >= 8 && (content[7] == 0 || is_error(content[6])) && content[7] < 2,
        SHARED_LABEL | SHORT_NUMBER => 10,
        SHORT_NUMBERS => {
            let Some((_, first, last)) = cells_of(record) else { return false };
            return last >= first && content.len() == 6 + 6 * (usize::from(last - first) + 1);
        }
        MERGED => {
            let count = usize::from(word(content, 0).unwrap_or(u16::MAX));
            return content.len() >= 2 + 8 * count;
        }
        _ => 0,
    };
    content.len() >= fewest
}

/// The errors that a cell can show.
fn is_error(code: u8) -> bool {
    matches!(code, 0x00 | 0x07 | 0x0F | 0x17 | 0x1D | 0x24 | 0x2A | 0x2B)
}

/// A number of two bytes.
pub fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// A number of four bytes.
pub fn double(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
