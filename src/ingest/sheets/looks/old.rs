//! How the cells of a workbook of Excel 5 to 2003 look, by its stream of records. ([MS-XLS] 2.4; those
//! of Excel 5 as OpenOffice.org's documentation of the Excel file format has them, 5.1 to 5.115.)

use std::collections::BTreeMap;

use super::{Run, Shared, SheetLooks, old_drawn, runs_of};
use crate::finding::CellAddress;
use crate::ingest::sheets::legacy::records::{
    BEGIN, CONTINUED, END, RICH_LABEL, Record, Records, SHARED_LABEL, SHORT_NUMBERS, cells_of, double, word,
};
use crate::ingest::sheets::looks::colours::{Palette, Rgb, WHITE};
use crate::ingest::sheets::looks::geometry::{Geometry, POINT, width};
use crate::ingest::sheets::looks::rows::{CellLook, SheetRows};
use crate::ingest::sheets::looks::styles::{Font, Style, Styles, built_in, is_speck};
use crate::ingest::unpack::encodings;

const FONT: u16 = 0x0031;
const FORMAT: u16 = 0x041E;
const STYLE: u16 = 0x00E0;
const PALETTE: u16 = 0x0092;
const TEXTS: u16 = 0x00FC;
const ROW: u16 = 0x0208;
const COLUMNS: u16 = 0x007D;
const USUAL_HEIGHT: u16 = 0x0225;
const USUAL_WIDTH: u16 = 0x0055;
/// A point has twenty of these.
const TWIP: f64 = POINT / 20.0;

impl Shared {
    /// Looks at what comes before the first sheet. Texts are Unicode since Excel 97.
    pub fn of_old_workbook(stream: &[u8], is_unicode: bool) -> Shared {
        let styles = styles(stream, is_unicode);
        let runs = if styles.any_strikes() && is_unicode { texts(stream, &styles) } else { BTreeMap::new() };
        Shared { styles, runs }
    }

    /// Looks at the records of a sheet.
    pub fn look_at_old_sheet(&self, stream: &[u8], start: usize) -> SheetLooks {
        let mut rows = SheetRows::default();
        let mut geometry = Geometry::default();
        let mut drawing = old_drawn::Drawing::default();
        for record in own_records(stream, start) {
            let content = record.content;
            match record.kind {
                ROW => {
                    let is_hidden = word(content, 12).is_some_and(|flags| flags & 0x20 != 0);
                    let Some((row, height)) = word(content, 0).zip(word(content, 6)) else { continue };
                    if is_hidden {
                        rows.hide_rows(u32::from(row), u32::from(row));
                    }
                    let height = if is_hidden { 0.0 } else { f64::from(height & 0x7FFF) * TWIP };
                    geometry.set_height(u32::from(row), height);
                }
                COLUMNS => {
                    let Some((first, last)) = word(content, 0).zip(word(content, 2)) else { continue };
                    let characters = word(content, 4).map_or(8.43, |width| f64::from(width) / 256.0);
                    let is_hidden = word(content, 8).is_some_and(|flags| flags & 1 == 1) || characters == 0.0;
                    if is_hidden {
                        rows.hide_columns(u32::from(first), u32::from(last));
                    }
                    let own = width(if is_hidden { 0.0 } else { characters });
                    geometry.set_width(u32::from(first), u32::from(last), own);
                }
                USUAL_HEIGHT => {
                    geometry.set_usual(word(content, 2).map(|height| f64::from(height) * TWIP), None);
                }
                USUAL_WIDTH => geometry.set_usual(None, word(content, 0).map(|wide| width(f64::from(wide)))),
                _ => {
                    self.note_cells(&record, &mut rows);
                    drawing.take(&record);
                }
            }
        }
        let mut looks = SheetLooks::new(rows);
        looks.add_drawn(drawing.finish(&geometry), &geometry);
        looks
    }

    /// Takes down the looks of the cells of a record.
    fn note_cells(&self, record: &Record<'_>, rows: &mut SheetRows) {
        let Some((row, first, last)) = cells_of(record) else { return };
        for column in first..=last {
            let at = if record.kind == SHORT_NUMBERS { 4 + 6 * usize::from(column - first) } else { 4 };
            let style = word(record.content, at).and_then(|style| self.styles.get(usize::from(style)));
            let runs = match record.kind {
                SHARED_LABEL => double(record.content, 6).and_then(|number| self.runs.get(&number)).cloned(),
                RICH_LABEL => old_runs(record.content, &self.styles),
                _ => None,
            };
            let address = CellAddress { row: u32::from(row), column: u32::from(column) };
            let runs = runs.unwrap_or_default();
            rows.note(address, CellLook { style: style.cloned().unwrap_or_default(), runs, shown: None });
        }
    }
}

/// The records of a sheet, without those of charts in it.
fn own_records(stream: &[u8], start: usize) -> impl Iterator<Item = Record<'_>> {
    let mut depth = 0_usize;
    let mut is_over = false;
    let within = Records::new(stream, start).take_while(move |record| {
        if is_over {
            return false;
        }
        match record.kind {
            BEGIN => depth += 1,
            END => depth = depth.saturating_sub(1),
            _ => {}
        }
        is_over = depth == 0;
        true
    });
    let mut depth = 0_usize;
    within.filter(move |record| {
        match record.kind {
            BEGIN => depth += 1,
            END => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 1
    })
}

/// The place of a font by the number that cells and runs name it by: there is none with the number 4.
fn place_of_font(number: u16) -> usize {
    usize::from(if number > 4 { number - 1 } else { number })
}

fn styles(stream: &[u8], is_unicode: bool) -> Styles {
    let mut formats: BTreeMap<u16, String> = BTreeMap::new();
    // Fonts by their colour's number: the palette comes behind them.
    let (mut fonts, mut cells): (Vec<(Font, u16)>, Vec<&[u8]>) = (Vec::new(), Vec::new());
    let mut palette = Palette::default();
    for record in Records::new(stream, 0).take_while(|record| record.kind != END) {
        let content = record.content;
        match record.kind {
            FONT => {
                let struck = word(content, 2).is_some_and(|flags| flags & 8 != 0);
                let is_speck = word(content, 0).is_some_and(|height| is_speck(f64::from(height) / 20.0));
                fonts.push((Font { struck, colour: None, is_speck }, word(content, 4).unwrap_or(0x7FFF)));
            }
            FORMAT => {
                if let Some((id, format)) = word(content, 0).zip(format_of(content, is_unicode)) {
                    formats.insert(id, format);
                }
            }
            STYLE => cells.push(content),
            PALETTE => {
                let own = content.get(2..).unwrap_or_default().chunks_exact(4);
                palette = palette.with(own.map(|colour| [colour[0], colour[1], colour[2]]));
            }
            _ => {}
        }
    }
    let fonts: Vec<Font> =
        fonts.into_iter().map(|(font, colour)| Font { colour: palette.get(u32::from(colour)), ..font }).collect();
    let style = |content: &[u8]| {
        let font = fonts.get(place_of_font(word(content, 0).unwrap_or(0))).copied().unwrap_or_default();
        let id = word(content, 2).unwrap_or(0);
        let format = formats.get(&id).map(String::as_str).or_else(|| built_in(u32::from(id)));
        Style::of(font, ground(content, is_unicode, &palette), is_unicode && is_crossed(content), format)
    };
    let cells = cells.into_iter().map(style).collect();
    Styles::new(cells, fonts)
}

/// Whether a line crosses the cells of a style; since Excel 97.
fn is_crossed(style: &[u8]) -> bool {
    let (ways, line) = (double(style, 10).map(|sides| sides >> 30), double(style, 14).map(|rest| rest >> 21 & 0xF));
    ways.zip(line).is_some_and(|(ways, line)| ways != 0 && line != 0)
}

/// The ground of a style, where it is one colour.
fn ground(style: &[u8], is_unicode: bool, palette: &Palette) -> Option<Rgb> {
    let (pattern, colours) = if is_unicode {
        (double(style, 14)? >> 26, u32::from(word(style, 18)?))
    } else {
        let area = double(style, 8)?;
        (area >> 16 & 0x3F, area & 0x3FFF)
    };
    match pattern {
        0 => Some(WHITE),
        1 => palette.get(colours & 0x7F),
        _ => None,
    }
}

/// The text of a format.
fn format_of(content: &[u8], is_unicode: bool) -> Option<String> {
    if is_unicode {
        let length = usize::from(word(content, 2)?);
        let is_wide = content.get(4)? & 1 == 1;
        let bytes = content.get(5..)?;
        return Some(if is_wide { wide(bytes, length) } else { narrow(bytes, length) });
    }
    let length = usize::from(*content.get(2)?);
    Some(encodings::shown(content.get(3..3 + length)?))
}

fn wide(bytes: &[u8], length: usize) -> String {
    let units = bytes.chunks_exact(2).take(length).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    String::from_utf16_lossy(&units.collect::<Vec<_>>())
}

fn narrow(bytes: &[u8], length: usize) -> String {
    bytes.iter().take(length).map(|byte| char::from(*byte)).collect()
}

/// The runs of a text of Excel 5, whose characters are bytes.
fn old_runs(content: &[u8], styles: &Styles) -> Option<Vec<Run>> {
    let length = usize::from(word(content, 6)?);
    let bytes = content.get(8..8 + length)?;
    let count = usize::from(*content.get(8 + length)?);
    let begins: Vec<(usize, bool)> = content
        .get(9 + length..)?
        .chunks_exact(2)
        .take(count)
        .map(|run| {
            let at = encodings::shown(&bytes[..usize::from(run[0]).min(length)]).encode_utf16().count();
            (at, styles.font_strikes(place_of_font(u16::from(run[1]))))
        })
        .collect();
    Some(runs_of(&encodings::shown(bytes), &begins))
}

/// Shared texts with runs, by number. ([MS-XLS] 2.4.265.)
fn texts(stream: &[u8], styles: &Styles) -> BTreeMap<u32, Vec<Run>> {
    let mut records = Records::new(stream, 0).skip_while(|record| record.kind != TEXTS);
    let Some(first) = records.next() else { return BTreeMap::new() };
    let mut pieces = vec![first.content.get(8..).unwrap_or_default()];
    pieces.extend(records.take_while(|record| record.kind == CONTINUED).map(|record| record.content));
    let mut reader = Pieces { pieces, piece: 0, at: 0 };
    let mut found = BTreeMap::new();
    for number in 0.. {
        let Some((text, begins)) = reader.text() else { break };
        let begins: Vec<(usize, bool)> =
            begins.into_iter().map(|(at, font)| (usize::from(at), styles.font_strikes(place_of_font(font)))).collect();
        if !begins.is_empty() {
            found.insert(number, runs_of(&text, &begins));
        }
    }
    found
}

/// The content of a record that goes on in others.
struct Pieces<'s> {
    pieces: Vec<&'s [u8]>,
    piece: usize,
    at: usize,
}

impl Pieces<'_> {
    fn byte(&mut self) -> Option<u8> {
        loop {
            let piece = self.pieces.get(self.piece)?;
            if let Some(&byte) = piece.get(self.at) {
                self.at += 1;
                return Some(byte);
            }
            (self.piece, self.at) = (self.piece + 1, 0);
        }
    }

    fn word(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    /// The next text, and where each of its runs begins and in which font.
    fn text(&mut self) -> Option<(String, Vec<(u16, u16)>)> {
        let length = self.word()?;
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { self.word()? } else { 0 };
        let beyond = if flags & 4 != 0 { u32::from(self.word()?) | u32::from(self.word()?) << 16 } else { 0 };
        let mut is_wide = flags & 1 == 1;
        let mut units = Vec::with_capacity(usize::from(length));
        for _ in 0..length {
            // Characters that go on in another record begin there with whether they are wide.
            if self.pieces.get(self.piece).is_some_and(|piece| piece.len() == self.at) {
                (self.piece, self.at) = (self.piece + 1, 0);
                is_wide = self.byte()? & 1 == 1;
            }
            units.push(if is_wide { self.word()? } else { u16::from(self.byte()?) });
        }
        let runs = (0..runs).map(|_| Some((self.word()?, self.word()?))).collect::<Option<_>>()?;
        for _ in 0..beyond {
            self.byte()?;
        }
        Some((String::from_utf16_lossy(&units), runs))
    }
}
