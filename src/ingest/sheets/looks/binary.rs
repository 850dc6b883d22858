//! How the cells of a binary workbook (xlsb) look: its parts of styles, shared texts and sheets are
//! lists of records. ([MS-XLSB] 2.4 and 2.5.)

use std::collections::BTreeMap;

use super::{Run, Shared, SheetLooks, runs_of};
use crate::finding::CellAddress;
use crate::ingest::sheets::binary::{
    BEGIN_OF_STYLES, BLANK, END_OF_CELLS, END_OF_STYLES, ERROR_BY_FORMULA, FIRST_SHORT, FORMAT, LAST_SHORT, RICH_TEXT,
    ROW, Records, SHARED_TEXT, STYLE, double, wide_text,
};
use crate::ingest::sheets::looks::colours::{BLACK, Palette, Rgb, WHITE, of_theme};
use crate::ingest::sheets::looks::geometry::{Geometry, POINT, width};
use crate::ingest::sheets::looks::rows::{CellLook, SheetRows};
use crate::ingest::sheets::looks::styles::{Font, Style, Styles, built_in, is_speck};

const FONT: u16 = 0x002B;
const FILL: u16 = 0x002D;
const BORDER: u16 = 0x002E;
const TEXT_ITEM: u16 = 0x0013;
const COLUMN: u16 = 0x003C;
const SIZES: u16 = 0x01E5;
/// The short form of a cell whose text is shared.
const SHORT_SHARED_TEXT: u16 = FIRST_SHORT + SHARED_TEXT - BLANK;
/// A point of a font or a row has twenty of these.
const TWIP: f64 = POINT / 20.0;

impl Shared {
    /// Looks at the part of styles.
    pub fn look_at_binary_styles(&mut self, part: &[u8]) {
        self.styles = styles(part);
    }

    /// Looks at the part of shared texts; that of styles comes first.
    pub fn look_at_binary_texts(&mut self, part: &[u8]) {
        if self.styles.any_strikes() {
            self.runs = texts(part, &self.styles);
        }
    }

    /// Looks at the part of a sheet, as it came.
    pub fn look_at_binary_sheet(&self, part: &[u8]) -> SheetLooks {
        SheetLooks::new(rows(part, self))
    }
}

/// The records of a part, as far as they are whole.
fn records(part: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    Records::of(part).map_while(|record| record)
}

fn word(content: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(content.get(at..at + 2)?.try_into().ok()?))
}

fn styles(part: &[u8]) -> Styles {
    let mut formats: BTreeMap<u16, String> = BTreeMap::new();
    let (mut fonts, mut grounds): (Vec<Font>, Vec<Option<Rgb>>) = (Vec::new(), Vec::new());
    let (mut borders, mut cells) = (Vec::new(), Vec::new());
    let palette = Palette::default();
    let mut is_of_cells = false;
    for (kind, content) in records(part) {
        match kind {
            FORMAT => {
                if let (Some(id), Some((format, _))) = (word(content, 0), wide_text(content, 2)) {
                    formats.insert(id, format);
                }
            }
            FONT => {
                let struck = word(content, 2).is_some_and(|flags| flags & 8 != 0);
                let is_speck = word(content, 0).is_some_and(|height| is_speck(f64::from(height) / 20.0));
                fonts.push(Font { struck, colour: colour(content, 12, &palette, BLACK), is_speck });
            }
            FILL => grounds.push(match double(content, 0) {
                Some(0) => Some(WHITE),
                Some(1) => colour(content, 4, &palette, WHITE),
                _ => None,
            }),
            // Which ways a line may cross the cell, and the kind of line behind those of the four sides.
            BORDER => borders.push(
                matches!((content.first(), content.get(41)), (Some(ways), Some(line)) if ways & 3 != 0 && *line != 0),
            ),
            BEGIN_OF_STYLES => is_of_cells = true,
            END_OF_STYLES => is_of_cells = false,
            STYLE if is_of_cells => {
                let place = |at: usize| word(content, at).unwrap_or(0);
                let font = fonts.get(usize::from(place(4))).copied().unwrap_or_default();
                let ground = grounds.get(usize::from(place(6))).copied().unwrap_or(Some(WHITE));
                let crossed = borders.get(usize::from(place(8))).copied().unwrap_or(false);
                let id = place(2);
                let format = formats.get(&id).map(String::as_str).or_else(|| built_in(u32::from(id)));
                cells.push(Style::of(font, ground, crossed, format));
            }
            _ => {}
        }
    }
    Styles::new(cells, fonts)
}

/// A colour of eight bytes: its kind, its number, how much lighter it is, and red, green and blue.
fn colour(content: &[u8], at: usize, palette: &Palette, automatic: Rgb) -> Option<Rgb> {
    let [kind, number, tint_low, tint_high, red, green, blue]: [u8; 7] = content.get(at..at + 7)?.try_into().ok()?;
    if i16::from_le_bytes([tint_low, tint_high]).unsigned_abs() > 300 {
        return None;
    }
    match kind >> 1 {
        0 => Some(automatic),
        1 => palette.get(u32::from(number)),
        2 => Some([red, green, blue]),
        3 => of_theme(u32::from(number)),
        _ => None,
    }
}

/// Shared texts with runs, by number.
fn texts(part: &[u8], styles: &Styles) -> BTreeMap<u32, Vec<Run>> {
    let items = records(part).filter(|(kind, _)| *kind == TEXT_ITEM);
    (0..).zip(items).filter_map(|(number, (_, content))| Some((number, rich_text(content, 0, styles)?))).collect()
}

/// The runs of a text that has any.
fn rich_text(content: &[u8], at: usize, styles: &Styles) -> Option<Vec<Run>> {
    if content.get(at)? & 1 == 0 {
        return None;
    }
    let (text, end) = wide_text(content, at + 1)?;
    let count = usize::try_from(double(content, end)?).ok()?;
    let begins = content.get(end + 4..)?.chunks_exact(4).take(count).map(|run| {
        let number = |at: usize| usize::from(u16::from_le_bytes([run[at], run[at + 1]]));
        (number(0), styles.font_strikes(number(2)))
    });
    Some(runs_of(&text, &begins.collect::<Vec<_>>()))
}

fn rows(part: &[u8], shared: &Shared) -> SheetRows {
    let mut rows = SheetRows::default();
    let (mut row, mut column) = (0, 0_u32);
    for (kind, content) in records(part) {
        match kind {
            COLUMN => {
                let is_hidden = word(content, 16).is_some_and(|flags| flags & 1 == 1) || double(content, 8) == Some(0);
                if let (true, Some(first), Some(last)) = (is_hidden, double(content, 0), double(content, 4)) {
                    rows.hide_columns(first, last);
                }
            }
            ROW => {
                row = double(content, 0).unwrap_or(row);
                column = 0;
                if is_hidden(content) {
                    rows.hide_rows(row, row);
                }
            }
            FIRST_SHORT..=LAST_SHORT => {
                let runs = (kind == SHORT_SHARED_TEXT).then(|| double(content, 4)).flatten();
                note(&mut rows, CellAddress { row, column }, content, 0, shared, text_of(runs, shared));
                column = column.saturating_add(1);
            }
            BLANK..=ERROR_BY_FORMULA | RICH_TEXT => {
                let Some(own) = double(content, 0) else { continue };
                let runs = match kind {
                    SHARED_TEXT => text_of(double(content, 8), shared),
                    RICH_TEXT => rich_text(content, 8, &shared.styles).unwrap_or_default(),
                    _ => Vec::new(),
                };
                note(&mut rows, CellAddress { row, column: own }, content, 4, shared, runs);
                column = own.saturating_add(1);
            }
            END_OF_CELLS => break,
            _ => {}
        }
    }
    rows
}

/// Whether a row is hidden: bit 12 of its flags, or without height.
fn is_hidden(row: &[u8]) -> bool {
    word(row, 10).is_some_and(|flags| flags & 0x1000 != 0) || word(row, 8) == Some(0)
}

fn text_of(number: Option<u32>, shared: &Shared) -> Vec<Run> {
    number.and_then(|number| shared.runs.get(&number)).cloned().unwrap_or_default()
}

/// Takes down the look of a cell, whose style stands in three bytes.
fn note(rows: &mut SheetRows, address: CellAddress, content: &[u8], at: usize, shared: &Shared, runs: Vec<Run>) {
    let style = double(content, at).and_then(|style| shared.styles.get((style & 0x00FF_FFFF) as usize));
    rows.note(address, CellLook { style: style.cloned().unwrap_or_default(), runs, shown: None });
}

/// The sizes of the cells of a sheet.
pub fn geometry(part: &[u8]) -> Geometry {
    let mut geometry = Geometry::default();
    for (kind, content) in records(part) {
        match kind {
            SIZES => {
                let height = word(content, 6).map(|height| f64::from(height) * TWIP);
                let own = double(content, 0).filter(|own| *own != u32::MAX).map(|own| f64::from(own) / 256.0);
                let characters = own.or_else(|| word(content, 4).map(f64::from));
                geometry.set_usual(height, characters.map(width));
            }
            COLUMN => {
                let flags = word(content, 16).unwrap_or(0);
                let ends = double(content, 0).zip(double(content, 4));
                if let (Some((first, last)), Some(own)) = (ends, double(content, 8)) {
                    let own = if flags & 1 == 1 { 0.0 } else { f64::from(own) / 256.0 };
                    geometry.set_width(first, last, width(own));
                }
            }
            ROW => {
                if let (Some(row), Some(height)) = (double(content, 0), word(content, 8)) {
                    geometry.set_height(row, if is_hidden(content) { 0.0 } else { f64::from(height) * TWIP });
                }
            }
            END_OF_CELLS => break,
            _ => {}
        }
    }
    geometry
}
