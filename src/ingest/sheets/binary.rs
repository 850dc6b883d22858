//! The parts of a binary workbook (xlsb): lists of records instead of elements.
//!
//! They are walked before the reader is given them. Cells that it passes over are written as those
//! that it knows, what it would stumble over is found, and what it does not tell is taken down:
//! merged cells, and which cells have formulas. ([MS-XLSB] 2.1.4, 2.3 and 2.4.)

use super::number_formats;
use crate::finding::CellAddress;
use crate::ingest::sheets::looks::SheetLooks;
use crate::ingest::sheets::package::{ListedSheet, MainPart};
use crate::ingest::sheets::sheet::Merged;
use crate::ingest::unpack::sieve::{Sieve, move_down};

/// Kinds of records.
pub(in crate::ingest) const ROW: u16 = 0x0000;
pub(in crate::ingest) const BLANK: u16 = 0x0001;
const SHORT_NUMBER: u16 = 0x0002;
const ERROR: u16 = 0x0003;
const TRUTH: u16 = 0x0004;
const NUMBER: u16 = 0x0005;
const TEXT: u16 = 0x0006;
pub(in crate::ingest) const SHARED_TEXT: u16 = 0x0007;
const TEXT_BY_FORMULA: u16 = 0x0008;
const NUMBER_BY_FORMULA: u16 = 0x0009;
const TRUTH_BY_FORMULA: u16 = 0x000A;
pub(in crate::ingest) const ERROR_BY_FORMULA: u16 = 0x000B;
/// Cells that stand right behind the one before and do not say in which column.
pub(in crate::ingest) const FIRST_SHORT: u16 = 0x000C;
pub(in crate::ingest) const LAST_SHORT: u16 = 0x0012;
pub(in crate::ingest) const RICH_TEXT: u16 = 0x003E;
pub(in crate::ingest) const END_OF_CELLS: u16 = 0x0092;
const MERGED: u16 = 0x00B0;
const BEGIN_OF_FORMATS: u16 = 0x0267;
pub(in crate::ingest) const FORMAT: u16 = 0x002C;
const END_OF_FORMATS: u16 = 0x0268;
pub(in crate::ingest) const BEGIN_OF_STYLES: u16 = 0x0269;
pub(in crate::ingest) const STYLE: u16 = 0x002F;
pub(in crate::ingest) const END_OF_STYLES: u16 = 0x026A;
const WORKBOOK_PROPERTIES: u16 = 0x0099;
const LISTED_SHEET: u16 = 0x009C;
const END_OF_SHEETS: u16 = 0x0090;
const CALCULATION: u16 = 0x009D;

/// The facts about a sheet that the reader does not tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// Its merged cells.
    pub merged: Vec<Merged>,
    /// The cells that have formulas.
    pub formulas: Vec<CellAddress>,
    /// How its cells look, where that changes what they say.
    pub looks: SheetLooks,
}

/// The records of a part; the last one is `None` where it is cut off.
pub(in crate::ingest) struct Records<'p> {
    rest: &'p [u8],
}

impl<'p> Iterator for Records<'p> {
    type Item = Option<(u16, &'p [u8])>;

    fn next(&mut self) -> Option<Option<(u16, &'p [u8])>> {
        if self.rest.is_empty() {
            return None;
        }
        let record = self.read();
        if record.is_none() {
            self.rest = &[];
        }
        Some(record)
    }
}

impl<'p> Records<'p> {
    pub(in crate::ingest) fn of(part: &'p [u8]) -> Records<'p> {
        Records { rest: part }
    }

    fn read(&mut self) -> Option<(u16, &'p [u8])> {
        let kind = self.number(2)?;
        let length = usize::try_from(self.number(4)?).ok()?;
        let content = self.rest.get(..length)?;
        self.rest = &self.rest[length..];
        Some((u16::try_from(kind).ok()?, content))
    }

    /// The kind of the first record, and how long it is as a whole.
    fn first_length(mut self) -> Option<(u16, usize)> {
        let all = self.rest.len();
        let (kind, _) = self.read()?;
        Some((kind, all - self.rest.len()))
    }

    /// A number of seven bits a byte, the lowest first; the highest bit says that more come.
    fn number(&mut self, bytes: u32) -> Option<u32> {
        let mut number = 0;
        for place in 0..bytes {
            let (&byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            number |= u32::from(byte & 0x7F) << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(number)
    }
}

/// Throws away the empty rows of a sheet while it is unpacked, as [`super::sieve`] does with those of
/// elements.
#[derive(Debug, Default)]
pub struct RowSieve {
    /// The place in the part before which everything stands as it shall.
    settled: usize,
}

impl Sieve for RowSieve {
    fn shake(&mut self, part: &mut Vec<u8>) -> usize {
        let (mut kept, mut at) = (self.settled, self.settled);
        // Where a row begins of which nothing but blank cells has come.
        let mut row = None;
        while let Some((kind, length)) = (Records { rest: &part[at..] }).first_length() {
            match kind {
                ROW => row = Some(at),
                BLANK | FIRST_SHORT if row.is_some() => {}
                // Blank cells before one that holds something say in which column that stands.
                _ => move_down(part, &mut kept, row.take().unwrap_or(at), at + length),
            }
            at += length;
        }
        // The rest is looked at when more of it has come.
        self.settled = kept;
        let end = part.len();
        move_down(part, &mut kept, row.unwrap_or(at), end);
        part.truncate(kept);
        self.settled
    }
}

fn put(part: &mut Vec<u8>, kind: u16, content: &[u8]) {
    let mut number = |mut number: usize| {
        while number >= 0x80 {
            part.push((number & 0x7F) as u8 | 0x80);
            number >>= 7;
        }
        part.push(number as u8);
    };
    number(usize::from(kind));
    number(content.len());
    part.extend_from_slice(content);
}

/// Reads the main part; `None` where it is damaged.
pub fn main_part(part: &[u8]) -> Option<MainPart> {
    let mut main = MainPart::default();
    for record in (Records { rest: part }) {
        let (kind, content) = record?;
        match kind {
            WORKBOOK_PROPERTIES => main.counts_from_1904 = content.first()? & 1 == 1,
            LISTED_SHEET => {
                let state = double(content, 0)?;
                let (relationship, after) = wide_text(content, 8)?;
                let (name, _) = wide_text(content, after)?;
                main.sheets.push(ListedSheet { name, visible: state == 0, relationship });
            }
            END_OF_SHEETS => return Some(main),
            _ => {}
        }
    }
    None
}

/// A sheet as the reader takes it; `None` where it is damaged.
pub fn sheet(part: &[u8]) -> Option<(Vec<u8>, Contents)> {
    let (mut clean, mut contents) = (Vec::with_capacity(part.len().min(1 << 20)), Contents::default());
    let mut is_within = true;
    let mut row = None;
    let mut column = 0;
    for record in (Records { rest: part }) {
        let (kind, content) = record?;
        if !is_within {
            if kind == MERGED {
                let number = |at| double(content, at);
                let first = CellAddress { row: number(0)?, column: number(8)? };
                contents.merged.push(Merged { first, last: CellAddress { row: number(4)?, column: number(12)? } });
            }
            continue;
        }
        match kind {
            // A row is written when a cell of it comes.
            ROW => {
                row = Some((double(content, 0)?, Some(content)));
                column = 0;
            }
            BLANK => column = double(content, 0)?.checked_add(1)?,
            // A blank one, and then the kinds from a short number on.
            FIRST_SHORT => column += 1,
            short if (FIRST_SHORT..=LAST_SHORT).contains(&short) => {
                let (_, header) = row.as_mut()?;
                if let Some(header) = header.take() {
                    put(&mut clean, ROW, header);
                }
                let whole = [&u32::to_le_bytes(column), content].concat();
                put_cell(&mut clean, kind - FIRST_SHORT + BLANK, &whole)?;
                column = column.checked_add(1)?;
            }
            END_OF_CELLS => {
                put(&mut clean, kind, content);
                is_within = false;
            }
            SHORT_NUMBER..=ERROR_BY_FORMULA | RICH_TEXT => {
                let (number, header) = row.as_mut()?;
                if let Some(header) = header.take() {
                    put(&mut clean, ROW, header);
                }
                if (TEXT_BY_FORMULA..=ERROR_BY_FORMULA).contains(&kind) {
                    contents.formulas.push(CellAddress { row: *number, column: double(content, 0)? });
                }
                put_cell(&mut clean, kind, content)?;
                column = double(content, 0)?.checked_add(1)?;
            }
            kind => put(&mut clean, kind, content),
        }
    }
    (!is_within).then_some((clean, contents))
}

/// Writes a cell as the reader knows it: column and style in eight bytes, then its content.
fn put_cell(clean: &mut Vec<u8>, kind: u16, content: &[u8]) -> Option<()> {
    match kind {
        SHORT_NUMBER | SHARED_TEXT => content.get(..12)?,
        TRUTH | TRUTH_BY_FORMULA => content.get(..9)?,
        NUMBER | NUMBER_BY_FORMULA => content.get(..16)?,
        ERROR | ERROR_BY_FORMULA => {
            let mut cell = content.get(..9)?.to_vec();
            if !matches!(cell[8], 0x00 | 0x07 | 0x0F | 0x17 | 0x1D | 0x24 | 0x2A | 0x2B) {
                // An error that only newer versions know is an error all the same.
                cell[8] = 0x0F;
            }
            put(clean, ERROR, &cell);
            return Some(());
        }
        RICH_TEXT => {
            let (_, end) = wide_text(content, 9)?;
            put(clean, TEXT, &[&content[..8], &content[9..end]].concat());
            return Some(());
        }
        _ => {
            wide_text(content, 8)?;
            content
        }
    };
    put(clean, kind, content);
    Some(())
}

/// Of the part of styles what the reader needs, which loses its way among the rest: the formats of
/// numbers, with a day in each that is only of the Japanese calendar, and which cells have which.
/// `None` where the part is damaged.
pub fn formats(part: &[u8]) -> Option<Vec<u8>> {
    let (mut formats, mut styles) = (Vec::new(), Vec::new());
    let mut is_of_cells = false;
    for record in (Records { rest: part }) {
        let (kind, content) = record?;
        match kind {
            FORMAT => {
                let (format, _) = wide_text(content, 2)?;
                let format = if number_formats::is_japanese_date(&format) { format!("d{format}") } else { format };
                formats.push([&content[..2], &wide(&format)].concat());
            }
            BEGIN_OF_STYLES => is_of_cells = true,
            END_OF_STYLES => is_of_cells = false,
            STYLE if is_of_cells => styles.push(content.get(..4)?.to_vec()),
            _ => {}
        }
    }
    let mut part = Vec::new();
    for (begin, kind, contents, end) in
        [(BEGIN_OF_FORMATS, FORMAT, formats, END_OF_FORMATS), (BEGIN_OF_STYLES, STYLE, styles, END_OF_STYLES)]
    {
        put(&mut part, begin, &u32::try_from(contents.len()).ok()?.to_le_bytes());
        contents.iter().for_each(|content| put(&mut part, kind, content));
        put(&mut part, end, &[]);
    }
    Some(part)
}

/// A list of so many sheets, which are named by their numbers.
pub fn list_of_sheets(count: usize, counts_from_1904: bool) -> Vec<u8> {
    let mut part = Vec::new();
    put(&mut part, WORKBOOK_PROPERTIES, &[u8::from(counts_from_1904), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for number in 1..=count {
        let id = u32::try_from(number).expect("there are few sheets").to_le_bytes();
        let sheet = [&[0; 4][..], &id, &wide(&format!("rId{number}")), &wide(&number.to_string())].concat();
        put(&mut part, LISTED_SHEET, &sheet);
    }
    put(&mut part, END_OF_SHEETS, &[]);
    put(&mut part, CALCULATION, &[]);
    part
}

/// A text as two bytes a character, with its length before it.
fn wide(text: &str) -> Vec<u8> {
    let letters: Vec<u16> = text.encode_utf16().collect();
    let length = u32::try_from(letters.len()).expect("the guard bounds a part to some megabytes").to_le_bytes();
    length.into_iter().chain(letters.into_iter().flat_map(u16::to_le_bytes)).collect()
}

/// A text of two bytes a character with its length before it, and where it ends.
pub(in crate::ingest) fn wide_text(content: &[u8], at: usize) -> Option<(String, usize)> {
    let length = match double(content, at)? {
        u32::MAX => 0,
        length => usize::try_from(length).ok()?.checked_mul(2)?,
    };
    let end = at.checked_add(4)?.checked_add(length)?;
    let letters = content.get(at + 4..end)?.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    Some((String::from_utf16_lossy(&letters.collect::<Vec<u16>>()), end))
}

pub(in crate::ingest) fn double(content: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(content.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
