//! The merged cells of sheets, and whether they have formulas at all, told by a glance at their parts.
//!
//! The reading library goes through a whole sheet a second time for its merged cells, and more
//! slowly where it has to look for formulas. Both can be seen in the bytes of the part, which the
//! guard holds anyway. Where a part is not written as usual, the library is asked after all.

use std::collections::BTreeMap;

use memchr::memmem;

use crate::finding::CellAddress;
use crate::ingest::sheets::looks::{Drawn, Geometry, Shared, SheetLooks};
use crate::ingest::sheets::sheet::Merged;

/// The facts known of one sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetPart {
    /// Its merged cells; `None` where they are not written as usual.
    pub merged: Option<Vec<Merged>>,
    /// Whether it may have formulas.
    pub has_formulas: bool,
    /// How its cells look, where that changes what they say.
    pub looks: SheetLooks,
}

/// The facts known of the sheets of a workbook.
#[derive(Debug, Clone, Default)]
pub struct SheetParts {
    parts: BTreeMap<String, SheetPart>,
    /// The styles and texts of all sheets that change how their cells look.
    pub(in crate::ingest) shared: Shared,
    /// The relationships of the sheets, in the order of the workbook.
    sheets: Vec<String>,
    /// The parts that relationships lead to.
    targets: BTreeMap<String, String>,
}

impl SheetParts {
    /// Looks at a part.
    pub fn look_at(&mut self, name: &str, part: &[u8]) {
        if name.starts_with("xl/worksheets/") {
            let looks = self.shared.look_at_sheet(part);
            let known = SheetPart { merged: merged_cells(part), has_formulas: has_formulas(part), looks };
            self.parts.insert(name.to_owned(), known);
        } else if name == "xl/styles.xml" {
            self.shared.look_at_styles(part);
        } else if name == "xl/sharedStrings.xml" {
            self.shared.look_at_texts(part);
        } else if name == "xl/workbook.xml" {
            let ids = elements(part, b"sheet").map(|element| attribute(element, b":id=").unwrap_or_default());
            self.sheets = ids.collect();
        } else if name == "xl/_rels/workbook.xml.rels" {
            for element in elements(part, b"Relationship") {
                let (id, target) = (attribute(element, b" Id="), attribute(element, b" Target="));
                if let Some((id, target)) = id.zip(target) {
                    let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
                    self.targets.insert(id, path);
                }
            }
        }
    }

    /// Adds what is drawn or set over a sheet that was looked at.
    pub fn add_drawn(&mut self, name: &str, part: &[u8], drawn: Vec<Drawn>) {
        if let Some(known) = self.parts.get_mut(name).filter(|_| !drawn.is_empty()) {
            known.looks.add_drawn(drawn, &Geometry::of(part));
        }
    }

    /// The facts known of a sheet, by its position among all `count` of the workbook; asked once.
    pub fn take(&mut self, position: usize, count: usize) -> SheetPart {
        let unknown = SheetPart { merged: None, has_formulas: true, looks: SheetLooks::default() };
        if self.sheets.len() != count {
            return unknown;
        }
        let path = self.sheets.get(position).and_then(|id| self.targets.get(id));
        path.and_then(|path| self.parts.remove(path)).unwrap_or(unknown)
    }
}

/// The elements of a name as they are written, from their name to their end.
pub(in crate::ingest) fn elements<'p>(part: &'p [u8], name: &'static [u8]) -> impl Iterator<Item = &'p [u8]> {
    memmem::find_iter(part, name).filter_map(move |at| {
        let before = part[..at].last().copied();
        let rest = &part[at + name.len()..];
        let is_whole = rest.first().is_some_and(|byte| byte.is_ascii_whitespace());
        let end = memchr::memchr(b'>', rest)?;
        (matches!(before, Some(b'<' | b':')) && is_whole).then(|| &rest[..end])
    })
}

/// The value of an attribute, where it holds nothing that would have to be translated.
fn attribute(element: &[u8], name: &[u8]) -> Option<String> {
    let rest = &element[memmem::find(element, name)? + name.len()..];
    let quote = *rest.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let value = &rest[1..1 + memchr::memchr(quote, &rest[1..])?];
    let text = std::str::from_utf8(value).ok()?;
    (!text.contains('&')).then(|| text.to_owned())
}

/// `None` where one of them is not written as usual.
fn merged_cells(part: &[u8]) -> Option<Vec<Merged>> {
    elements(part, b"mergeCell").map(|element| area(&attribute(element, b" ref=")?)).collect()
}

/// `B2:C5`, a single cell, or whole rows or columns: `2:5`, `B:C`.
fn area(text: &str) -> Option<Merged> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let (column, row) = corner(first)?;
    let (last_column, last_row) = corner(last)?;
    let first = CellAddress { row: row.unwrap_or(0), column: column.unwrap_or(0) };
    let last = CellAddress { row: last_row.unwrap_or(ROWS - 1), column: last_column.unwrap_or(COLUMNS - 1) };
    (first.row <= last.row && first.column <= last.column).then_some(Merged { first, last })
}

/// The rows and columns that a sheet has.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// Column and row of `B2`, or one of them where the other is left out; a `$` means nothing here.
fn corner(text: &str) -> Option<(Option<u32>, Option<u32>)> {
    let text = text.replace('$', "");
    let (letters, digits) = text.split_at(text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len()));
    let number = |sum: u32, letter: u8| {
        letter.is_ascii_alphabetic().then(|| 26 * sum + u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    };
    let is_short = letters.len() <= 3 && !text.is_empty();
    let column = is_short.then(|| letters.bytes().try_fold(0, number)).flatten()?.checked_sub(1);
    if digits.is_empty() {
        return Some((column, None));
    }
    let row: u32 = digits.parse().ok().filter(|row| (1..=ROWS).contains(row))?;
    Some((column, Some(row - 1)))
}

fn has_formulas(part: &[u8]) -> bool {
    let is_formula = |at: usize| matches!(part.get(at + 2), Some(b'>' | b' ' | b'/' | b'\t' | b'\r' | b'\n'));
    [b"<f", b":f"].into_iter().any(|beginning| memmem::find_iter(part, beginning).any(is_formula))
}
