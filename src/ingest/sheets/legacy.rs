//! Prepares workbooks of Excel 5 to 2003 for their reader, which fills the rectangle between the
//! outermost cells of a sheet, takes one odd record for the end of the workbook, and believes
//! whatever code page it is told.
//!
//! Here the records of the workbook are walked first. A stray cell far away costs nothing: rows and
//! columns without content are left out of their numbers, and put back after reading. A sheet that
//! holds no cells, or that cannot be read, is taken from the list of sheets and named.
//! ([MS-XLS] 2.3 and 2.4.)

pub(in crate::ingest) mod records;

use std::collections::{BTreeMap, BTreeSet};

use super::active;
use crate::finding::{CellAddress, Code};
use crate::ingest::arrival::moment::Moment;
use crate::ingest::refusal::{Refusal, Unread};
use crate::ingest::sheets::looks::{Shared, SheetLooks};
use crate::ingest::unpack::compound::{self, Compound};
use crate::ingest::unpack::encodings;
use records::{
    BEGIN, BOUND_SHEET, CODE_PAGE, DIMENSIONS, END, EXTERNAL_BOOK, EXTERNAL_SHEET, LABEL, OBJECT, QUERY, RICH_LABEL,
    Record, Records, cells_of, is_sound, word,
};

/// The most cells, filled or not, between the outermost cells of a sheet once empty rows and columns
/// are left out: 8,192 rows of 256 columns.
const AREA: u64 = 1 << 21;
/// From how many cells on empty rows and columns are left out.
const LARGE: u64 = 1 << 16;
/// The most sheets that are walked.
const SHEETS: usize = 255;
/// The code pages of Unicode, as Excel 97 and later write it, and of Shift_JIS.
const UNICODE: u16 = 1200;
const SHIFT_JIS: u16 = 932;
/// The code page taken for one that nobody knows.
const LATIN: u16 = 1252;
/// Code pages that the reader knows.
const KNOWN_PAGES: [u16; 14] = [874, 932, 936, 949, 950, 1250, 1251, 1252, 1253, 1254, 1257, 10000, 65001, 1200];

/// An old workbook as its reader can take it.
#[derive(Debug)]
pub struct Prepared {
    /// The container of the changed stream.
    pub container: Vec<u8>,
    /// The code page of its texts.
    pub code_page: u16,
    /// When it was saved; empty where it does not say so.
    pub saved: String,
    /// The things in it that act or reach out.
    pub carries: Vec<&'static str>,
    /// The rows and columns of sheets that were left out of their numbers, by position in the list.
    pub squeezed: BTreeMap<usize, Squeezed>,
    /// How the cells of the sheets look that are read, in order.
    pub looks: Vec<SheetLooks>,
    /// The sheets that cannot be read.
    pub unread: Vec<Unread>,
}

/// The rows and columns that a sheet has content in: what the reader takes for row 0 is the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Squeezed {
    rows: Vec<u16>,
    columns: Vec<u16>,
}

impl Squeezed {
    /// The address of a cell, by the one that the reader gives.
    pub fn address(&self, read: CellAddress) -> CellAddress {
        let at = |numbers: &[u16], place: u32| numbers.get(place as usize).map_or(place, |number| u32::from(*number));
        CellAddress { row: at(&self.rows, read.row), column: at(&self.columns, read.column) }
    }
}

/// Prepares a compound file as a workbook, or says why not.
pub fn prepare(file: &Compound<'_>) -> Result<Prepared, Refusal> {
    let Some(mut stream) = file.workbook()? else {
        let message = format!("the file is {}, expected a workbook", kind_of(file));
        return Err(Refusal::new(Code::NotAWorkbook, message).of_document());
    };
    let mut carries = carried(file);
    let mut globals = Globals::read(&stream)?;
    carries.append(&mut globals.carries);
    let shared = Shared::of_old_workbook(&stream, globals.is_unicode);
    let (mut squeezed, mut unread) = (BTreeMap::new(), Vec::new());
    let mut looks = Vec::new();
    let mut walked: Vec<std::ops::Range<usize>> = Vec::new();
    for sheet in &globals.sheets {
        let read = match sheet.kind {
            SheetKind::Cells => Extent::of(&stream, sheet.start),
            SheetKind::Other => Err("it is a kind of sheet that only newer or older programs know"),
            SheetKind::Chart => {
                records::hide(&mut stream, sheet.record);
                continue;
            }
            SheetKind::Macros => {
                carries.push(active::OLD_MACROS);
                records::hide(&mut stream, sheet.record);
                continue;
            }
            SheetKind::Module => {
                carries.push(active::MACROS);
                records::hide(&mut stream, sheet.record);
                continue;
            }
        };
        let extent = match read {
            Ok(extent) => extent,
            Err(why) => {
                unread.push(Unread { name: globals.name(sheet), why: why.to_owned() });
                records::hide(&mut stream, sheet.record);
                continue;
            }
        };
        if walked.iter().any(|other| other.start < extent.span.end && extent.span.start < other.end) {
            return Err(Refusal::new(Code::DamagedWorkbook, "two sheets of the workbook lie in the same place"));
        }
        walked.push(extent.span.clone());
        if extent.has_controls {
            carries.push(active::CONTROLS);
        }
        let own = shared.look_at_old_sheet(&stream, sheet.start);
        if let Some(numbers) = extent.squeeze(&mut stream)? {
            squeezed.insert(looks.len(), numbers);
        }
        looks.push(own);
    }
    carries.sort_unstable();
    carries.dedup();
    let properties = file.properties();
    let saved = properties.and_then(|properties| saved(&properties)).map(|moment| moment.to_string());
    let container = compound::of_streams(&[("Workbook", &stream)], false);
    let code_page = globals.code_page(&stream);
    Ok(Prepared { container, code_page, saved: saved.unwrap_or_default(), carries, squeezed, looks, unread })
}

/// The kind of a compound file without a workbook.
fn kind_of(file: &Compound<'_>) -> &'static str {
    let kinds = [
        ("WordDocument", "a document of Word"),
        ("PowerPoint Document", "a presentation"),
        ("__properties_version1.0", "a mail saved from Outlook"),
        ("VisioDocument", "a drawing of Visio"),
        ("FileHeader", "a document of Hangul"),
        ("DocumentText", "a document of 一太郎"),
    ];
    let known = kinds.into_iter().find(|(stream, _)| file.has(stream));
    known.map_or("an Office document of another kind", |(_, kind)| kind)
}

/// The things that a compound file carries beside its workbook, by the names of its streams.
fn carried(file: &Compound<'_>) -> Vec<&'static str> {
    let all = [
        (file.has_macros(), active::MACROS),
        (file.has_beginning("MBD"), active::OBJECTS),
        (file.has("Ctls"), active::CONTROLS),
    ];
    all.into_iter().filter(|(is_there, _)| *is_there).map(|(_, what)| what).collect()
}

/// The kind of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SheetKind {
    Cells,
    Macros,
    Chart,
    Module,
    Other,
}

/// A sheet in the list of sheets.
#[derive(Debug)]
struct ListedSheet {
    /// Where its record begins.
    record: usize,
    /// Where its own records begin.
    start: usize,
    kind: SheetKind,
    name: Vec<u8>,
}

/// The workbook as the records before the first sheet describe it.
#[derive(Debug)]
struct Globals {
    /// Whether texts are Unicode (BIFF8, since Excel 97) or bytes (BIFF5).
    is_unicode: bool,
    declared_page: Option<u16>,
    sheets: Vec<ListedSheet>,
    carries: Vec<&'static str>,
}

impl Globals {
    fn read(stream: &[u8]) -> Result<Globals, Refusal> {
        let damaged = |what: &str| Refusal::new(Code::DamagedWorkbook, format!("the workbook cannot be read: {what}"));
        let mut records = Records::new(stream, 0);
        let first = records.next().filter(|record| record.kind == BEGIN).and_then(|record| word(record.content, 0));
        let is_unicode = match first {
            Some(0x0600 | 0) => true,
            Some(0x0500) => false,
            _ => return Err(damaged("its first record is not that of a workbook")),
        };
        let mut globals = Globals { is_unicode, declared_page: None, sheets: Vec::new(), carries: Vec::new() };
        for record in records {
            match record.kind {
                END => return Ok(globals),
                CODE_PAGE => globals.declared_page = word(record.content, 0),
                BOUND_SHEET => globals.list(&record, stream.len()),
                EXTERNAL_BOOK | EXTERNAL_SHEET => globals.note_link(&record),
                QUERY => globals.carries.push(active::CONNECTIONS),
                _ => {}
            }
            if globals.sheets.len() > SHEETS {
                let message = format!("the workbook has more than {SHEETS} sheets");
                return Err(Refusal::new(Code::UnsafeWorkbook, message));
            }
        }
        Err(damaged("it ends before its first sheet"))
    }

    fn list(&mut self, record: &Record<'_>, end: usize) {
        let content = record.content;
        let start = records::double(content, 0).and_then(|start| usize::try_from(start).ok()).unwrap_or(usize::MAX);
        let kind = match content.get(5) {
            _ if start >= end => SheetKind::Other,
            Some(0) => SheetKind::Cells,
            Some(1) => SheetKind::Macros,
            Some(2) => SheetKind::Chart,
            Some(6) => SheetKind::Module,
            _ => SheetKind::Other,
        };
        let name = content.get(6..).unwrap_or_default().to_vec();
        self.sheets.push(ListedSheet { record: record.start, start, kind, name });
    }

    /// Notes a link to another workbook: one that names neither the workbook itself nor an add-in.
    fn note_link(&mut self, record: &Record<'_>) {
        let is_link = match record.kind {
            // [MS-XLS] 2.4.271: a count, and then 0x0401 for the workbook itself, 0x3A01 for an add-in.
            // A name of one character that is none stands for the sheet itself.
            EXTERNAL_BOOK => match word(record.content, 2) {
                Some(0x0401 | 0x3A01) | None => false,
                Some(1) => !matches!(record.content.get(5), Some(0 | 0x20)),
                Some(_) => true,
            },
            // In BIFF5 a text of which the first byte says whether a sheet of this workbook is meant.
            _ => !self.is_unicode && matches!(record.content.get(1), Some(1)),
        };
        if is_link {
            self.carries.push(active::LINKS);
        }
    }

    /// The name of a sheet.
    fn name(&self, sheet: &ListedSheet) -> String {
        let wide = |bytes: &[u8]| {
            let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        };
        match sheet.name.as_slice() {
            [_, 0, text @ ..] if self.is_unicode => text.iter().map(|byte| char::from(*byte)).collect(),
            [_, _, text @ ..] if self.is_unicode => wide(text),
            [_, text @ ..] => encodings::shown(text),
            [] => "?".to_owned(),
        }
    }

    /// The code page of the texts, whatever the workbook says: Unicode since Excel 97; before it,
    /// Shift_JIS where that is what all texts are.
    fn code_page(&self, stream: &[u8]) -> u16 {
        if self.is_unicode {
            return UNICODE;
        }
        let declared = self.declared_page.filter(|page| KNOWN_PAGES.contains(page) && *page != UNICODE);
        if matches!(declared, Some(932 | 936 | 949 | 950 | 65001)) {
            return declared.unwrap_or(SHIFT_JIS);
        }
        let texts = Records::new(stream, 0).filter_map(|record| match record.kind {
            LABEL | RICH_LABEL => record.content.get(8..),
            BOUND_SHEET => record.content.get(7..),
            _ => None,
        });
        let mut texts = texts.filter(|text| !text.is_ascii()).peekable();
        if texts.peek().is_some() && texts.all(encodings::is_shift_jis) {
            return SHIFT_JIS;
        }
        declared.unwrap_or(LATIN)
    }
}

/// The cells of a sheet, by where their numbers stand.
struct Extent {
    /// The records of the sheet.
    span: std::ops::Range<usize>,
    /// Where row and columns of a record of cells stand in the stream: row, first and last column.
    places: Vec<[usize; 3]>,
    rows: BTreeSet<u16>,
    columns: BTreeSet<u16>,
    /// Records that only announce what comes.
    announcements: Vec<usize>,
    /// Whether a control stands on the sheet.
    has_controls: bool,
}

impl Extent {
    /// Walks the records of a sheet; the error says why it cannot be read.
    fn of(stream: &[u8], start: usize) -> Result<Extent, &'static str> {
        let mut extent = Extent {
            span: start..start,
            places: Vec::new(),
            rows: BTreeSet::new(),
            columns: BTreeSet::new(),
            announcements: Vec::new(),
            has_controls: false,
        };
        let mut depth = 0_usize;
        for record in Records::new(stream, start) {
            extent.span.end = record.start + 4 + record.content.len();
            match record.kind {
                BEGIN => depth += 1,
                END if depth <= 1 => return Ok(extent),
                END => depth -= 1,
                // A nested sheet is a chart, which has cells of its own.
                _ if depth != 1 => {}
                DIMENSIONS => extent.announcements.push(record.start),
                OBJECT => extent.has_controls |= is_control(&record),
                _ if !is_sound(&record) => return Err("a record of a cell is damaged"),
                _ => extent.reach(&record),
            }
            if depth == 0 {
                return Err("it does not begin as a sheet");
            }
        }
        Err("it ends in the middle")
    }

    fn reach(&mut self, record: &Record<'_>) {
        let Some((row, first, last)) = cells_of(record) else { return };
        let content = record.start + 4;
        let end = if first == last { content + 2 } else { content + record.content.len() - 2 };
        self.places.push([content, content + 2, end]);
        self.rows.insert(row);
        self.columns.extend(first..=last);
    }

    /// Leaves out rows and columns without content where they are many.
    fn squeeze(self, stream: &mut [u8]) -> Result<Option<Squeezed>, Refusal> {
        // The reader would reserve memory for what is announced.
        for place in &self.announcements {
            records::hide(stream, *place);
        }
        let side = |numbers: &BTreeSet<u16>| match (numbers.first(), numbers.last()) {
            (Some(first), Some(last)) => u64::from(last - first) + 1,
            _ => 0,
        };
        if side(&self.rows) * side(&self.columns) <= LARGE {
            return Ok(None);
        }
        let area = self.rows.len() as u64 * self.columns.len() as u64;
        if area > AREA {
            let message =
                format!("the cells of a sheet lie in {} rows and {} columns", self.rows.len(), self.columns.len());
            return Err(Refusal::overfull(message));
        }
        let squeezed = Squeezed { rows: self.rows.into_iter().collect(), columns: self.columns.into_iter().collect() };
        let mut put = |at: usize, numbers: &[u16]| {
            let number = u16::from_le_bytes([stream[at], stream[at + 1]]);
            let place = numbers.partition_point(|other| *other < number);
            stream[at..at + 2].copy_from_slice(&u16::try_from(place).unwrap_or(u16::MAX).to_le_bytes());
        };
        for [row, first, last] in self.places {
            put(row, &squeezed.rows);
            put(first, &squeezed.columns);
            if last != first {
                put(last, &squeezed.columns);
            }
        }
        Ok(Some(squeezed))
    }
}

/// Whether an object is a control of a form ([MS-XLS] 2.5.143): a button, a check box and the like.
/// The arrow beside a list of allowed values, which is an object too, is none.
fn is_control(record: &Record<'_>) -> bool {
    word(record.content, 0) == Some(0x15) && matches!(word(record.content, 4), Some(0x07 | 0x0B..=0x13))
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
