//! Looks into workbooks of Excel 97 to 2003 before they are read.
//!
//! Their reader fills the rectangle between the outermost cells of a sheet, so that two cells far
//! apart can take gigabytes. Here the records of the workbook are walked, cell addresses only, and
//! a sheet that reaches further than any questionnaire is refused. ([MS-XLS] 2.3 and 2.4.)

use super::compound::Compound;
use super::moment::Moment;
use super::refusal::Refusal;
use crate::finding::Code;

/// The most cells, filled or not, between the outermost cells of all sheets together, and the
/// most that one sheet may declare: 16,384 rows of 256 columns.
const AREA: u64 = 1 << 22;

/// Records that begin and end a sheet, and the one that declares its extent.
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const DIMENSIONS: u16 = 0x0200;
/// Records of one cell: row and column are their first two numbers.
const CELLS: [u16; 8] = [0x0006, 0x0201, 0x0203, 0x0204, 0x0205, 0x00D6, 0x00FD, 0x027E];
/// Records of several cells of a row: the last column stands at their end.
const ROWS_OF_CELLS: [u16; 2] = [0x00BD, 0x00BE];

/// What an old workbook says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// When it was saved; empty where it does not say so.
    pub saved: String,
    /// Whether it carries macros.
    pub has_macros: bool,
}

/// Clears a compound file as a workbook, or says why not.
pub fn inspect(bytes: &[u8]) -> Result<Inspected, Refusal> {
    let mut file = Compound::open(bytes)?;
    let Some(stream) = file.workbook()? else {
        let message = "the file is an Office document of another kind, expected a workbook";
        return Err(Refusal::new(Code::NotAWorkbook, message));
    };
    bound(&stream)?;
    let saved = file.properties().and_then(|properties| saved(&properties));
    Ok(Inspected { saved: saved.map(|moment| moment.to_string()).unwrap_or_default(), has_macros: file.has_macros() })
}

/// The time of the last save among the properties of the document ([MS-OLEPS] 2.21 and 2.25.1: a
/// table of ids and offsets, counted from the beginning of the set).
fn saved(stream: &[u8]) -> Option<Moment> {
    /// `PIDSI_LASTSAVE_DTM`, of the type `VT_FILETIME`.
    const LAST_SAVE: u32 = 13;
    const FILE_TIME: u32 = 64;
    let number = |at: usize| Some(u32::from_le_bytes(stream.get(at..at.checked_add(4)?)?.try_into().ok()?));
    let place = |at: usize| usize::try_from(number(at)?).ok();
    let set = place(44).filter(|&set| set < stream.len())?;
    let entries = (0..place(set + 4)?.min(100)).map(|entry| set + 8 + 8 * entry);
    let entry = entries.into_iter().find(|&entry| number(entry) == Some(LAST_SAVE))?;
    let value = set.checked_add(place(entry + 4)?)?;
    if number(value)? != FILE_TIME {
        return None;
    }
    let ticks = u64::from(number(value + 4)?) | u64::from(number(value + 8)?) << 32;
    // Ticks of 100 nanoseconds since 1601; 1970 began 11,644,473,600 seconds later.
    Moment::since_1970(i64::try_from(ticks / 10_000_000).ok()? - 11_644_473_600)
}

/// Walks the records of the stream and bounds what they reach.
fn bound(stream: &[u8]) -> Result<(), Refusal> {
    let mut total = 0;
    let mut extent = Extent::default();
    let mut rest = stream;
    while let [kind_low, kind_high, length_low, length_high, after @ ..] = rest {
        let kind = u16::from_le_bytes([*kind_low, *kind_high]);
        let length = usize::from(u16::from_le_bytes([*length_low, *length_high]));
        let (record, after) = after.split_at(length.min(after.len()));
        rest = after;
        match kind {
            BEGIN | END => {
                total += extent.area();
                extent = Extent::default();
            }
            DIMENSIONS => {
                let declared = declared(record);
                within(declared, "declares")?;
            }
            kind if CELLS.contains(&kind) => extent.reach(record, word(record, 2)),
            kind if ROWS_OF_CELLS.contains(&kind) => {
                extent.reach(record, word(record, record.len().saturating_sub(2)));
                extent.reach(record, word(record, 2));
            }
            _ => {}
        }
        within(total + extent.area(), "reaches over")?;
    }
    Ok(())
}

fn within(area: u64, does: &str) -> Result<(), Refusal> {
    if area <= AREA {
        return Ok(());
    }
    let message = format!("a sheet {does} {area} cells, filled or not");
    Err(Refusal::new(Code::UnsafeWorkbook, message))
}

/// The area that a Dimensions record declares: rows in four bytes each, in BIFF5 in two.
fn declared(record: &[u8]) -> u64 {
    let (first_row, last_row, columns) = if record.len() >= 14 {
        (double(record, 0), double(record, 4), 8)
    } else {
        (u64::from(word(record, 0)), u64::from(word(record, 2)), 4)
    };
    let (first_column, last_column) = (word(record, columns), word(record, columns + 2));
    last_row.saturating_sub(first_row) * u64::from(last_column.saturating_sub(first_column))
}

fn word(record: &[u8], at: usize) -> u16 {
    record.get(at..at + 2).map_or(0, |bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
}

fn double(record: &[u8], at: usize) -> u64 {
    u64::from(word(record, at)) | u64::from(word(record, at + 2)) << 16
}

/// The outermost cells of a sheet.
#[derive(Debug, Default)]
struct Extent {
    corners: Option<[u16; 4]>,
}

impl Extent {
    fn reach(&mut self, record: &[u8], column: u16) {
        let row = word(record, 0);
        let [top, bottom, left, right] = self.corners.unwrap_or([row, row, column, column]);
        self.corners = Some([top.min(row), bottom.max(row), left.min(column), right.max(column)]);
    }

    fn area(&self) -> u64 {
        let side = |from: u16, to: u16| u64::from(to - from) + 1;
        self.corners.map_or(0, |[top, bottom, left, right]| side(top, bottom) * side(left, right))
    }
}
