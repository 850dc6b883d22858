//! The package of an Office Open XML workbook: which of its parts is which, whatever they are called
//! and wherever they lie. (ECMA-376, part 2: relationships lead from part to part.)
//!
//! The reader knows a few fixed names. It is given a container in which the parts have these names,
//! and a list of nothing but sheets of cells that are there.

mod main_part;
mod relationships;
mod soundness;

pub use main_part::{ListedSheet, MainPart};
use main_part::{list_of_sheets, main_part};
use relationships::{Relationship, relationships, relationships_of};
pub use soundness::number_of_attribute;
use soundness::{declares_within_bounds, is_whole, text_by_no_number};

use super::active;
use super::binary;
use super::looks;
use super::number_formats;
use crate::finding::Code;
use crate::ingest::refusal::{Refusal, Unread};
use crate::ingest::sheets::sheet_parts::SheetParts;
use crate::ingest::unpack::container::Container;
use crate::ingest::unpack::encodings;
use crate::ingest::unpack::guard::{Cleared, Content, SheetName};
use crate::ingest::unpack::kinds;
use crate::ingest::unpack::sieve::{RowSieve, Sieve};
use crate::ingest::unpack::unpacking::{Parts, checksum};

/// The most sheets that a workbook may have.
const SHEETS: usize = 255;
/// Where the main part lies where nothing says so.
const USUAL: [&str; 4] = ["xl/workbook.xml", "xl/workbook.bin", "workbook.xml", "workbook.bin"];

/// Clears a package, or says why not.
pub fn clear<'s>(
    mut parts: Parts<'_, '_>,
    container: &'s mut Vec<u8>,
    part: &mut Vec<u8>,
) -> Result<Cleared<'s>, Refusal> {
    let roots = relationships(&mut parts, "", ".rels", part)?;
    let named = roots.iter().find(|one| one.kind == "officeDocument").map(|one| one.target.as_str());
    let Some(main) = named.into_iter().chain(USUAL).find_map(|name| parts.position(name)) else {
        return Err(kinds::of_package(parts.names()));
    };
    let name = parts.names()[main].clone();
    let (folder, base) = name.rsplit_once('/').unwrap_or(("", &name));
    let ways = relationships(&mut parts, folder, &format!("{base}.rels"), part)?;
    let is_binary = name.to_ascii_lowercase().ends_with(".bin");
    let listed = if is_binary {
        parts.unpack(main, None, part)?;
        binary::main_part(part)
    } else {
        unpack_text(&mut parts, main, None, part)?;
        main_part(part).filter(|main| !main.root.is_empty())
    };
    let damaged = || Refusal::new(Code::DamagedWorkbook, "the list of sheets of the workbook is damaged or cut off");
    let listed = listed.ok_or_else(damaged)?;
    if !is_binary && listed.root != "workbook" {
        return Err(kinds::of_package(parts.names()));
    }
    if listed.sheets.len() > SHEETS {
        return Err(Refusal::overfull(format!("the workbook has more than {SHEETS} sheets")));
    }

    let mut carries = active::of_parts(parts.names());
    let (application, saved) = described(&mut parts, &roots, part)?;
    let mut filling = Filling {
        parts,
        part,
        container: Container::new(container),
        is_binary,
        sheets: Vec::new(),
        sheet_parts: SheetParts::default(),
        contents: Vec::new(),
        unread: Vec::new(),
    };
    filling.take_shared(&ways)?;
    for sheet in &listed.sheets {
        match ways.iter().find(|way| way.id == sheet.relationship) {
            Some(way) if way.kind == "worksheet" => filling.take_sheet(sheet, &way.target)?,
            // A chart holds no cells.
            Some(way) if way.kind == "chartsheet" => {}
            Some(way) if way.kind == "dialogsheet" => carries.push(active::DIALOGS),
            Some(way) if way.kind.to_ascii_lowercase().ends_with("macrosheet") => carries.push(active::OLD_MACROS),
            Some(_) => filling.leave_out(sheet, "it is a kind of sheet that is not read here"),
            None => filling.leave_out(sheet, "no part of the file belongs to it"),
        }
    }
    carries.sort_unstable();
    carries.dedup();
    let (content, unread) = filling.finish(listed.counts_from_1904, carries.contains(&active::MACROS));
    Ok(Cleared { content, application, saved, carries, unread })
}

/// A container as it is filled.
struct Filling<'p, 'b, 'i, 's> {
    parts: Parts<'b, 'i>,
    part: &'p mut Vec<u8>,
    container: Container<'s>,
    /// Whether the parts are lists of records and not of elements (xlsb).
    is_binary: bool,
    sheets: Vec<SheetName>,
    sheet_parts: SheetParts,
    contents: Vec<binary::Contents>,
    unread: Vec<Unread>,
}

impl<'s> Filling<'_, '_, '_, 's> {
    fn leave_out(&mut self, sheet: &ListedSheet, why: &str) {
        self.unread.push(Unread { name: sheet.name.clone(), why: why.to_owned() });
    }

    /// Takes what the sheets share: texts and formats.
    fn take_shared(&mut self, ways: &[Relationship]) -> Result<(), Refusal> {
        // Styles first: they say whether texts need to be looked at.
        for (kind, name) in [("styles", "xl/styles"), ("sharedStrings", "xl/sharedStrings")] {
            let ending = if self.is_binary { "bin" } else { "xml" };
            let name = format!("{name}.{ending}");
            let way = ways.iter().find(|way| way.kind == kind);
            let Some(index) = self.parts.position(way.map_or(name.as_str(), |way| way.target.as_str())) else {
                // Without its styles nobody knows what of a workbook is struck out or hidden.
                if way.is_some() && kind == "styles" {
                    return Err(damaged_part(&name));
                }
                continue;
            };
            let mut sum = if self.is_binary {
                self.parts.unpack(index, None, self.part)?
            } else {
                unpack_text(&mut self.parts, index, None, self.part)?
            };
            if kind == "styles" && !self.is_binary && !is_whole(self.part, b"styleSheet") {
                return Err(damaged_part(&name));
            }
            let shared = &mut self.sheet_parts.shared;
            match (kind, self.is_binary) {
                ("styles", true) => shared.look_at_binary_styles(self.part),
                (_, true) => shared.look_at_binary_texts(self.part),
                (_, false) => {}
            }
            let changed = match (kind, self.is_binary) {
                ("styles", true) => Some(binary::formats(self.part).ok_or_else(|| damaged_part(&name))?),
                ("styles", false) => Some(number_formats::with_plain_dates(self.part)),
                (_, true) => None,
                (_, false) => declares_within_bounds(&name, self.part).map(|()| None)?,
            };
            if let Some(changed) = changed.filter(|changed| changed != self.part) {
                *self.part = changed;
                sum = checksum(self.part);
            }
            self.sheet_parts.look_at(&name, self.part);
            self.container.add(&name, self.part, sum);
        }
        Ok(())
    }

    /// Takes a sheet of cells; one that is not there or cannot be read costs nothing but itself.
    fn take_sheet(&mut self, sheet: &ListedSheet, target: &str) -> Result<(), Refusal> {
        let Some(index) = self.parts.position(target) else {
            self.leave_out(sheet, "the part that it should stand in is missing");
            return Ok(());
        };
        let number = self.sheets.len() + 1;
        if self.is_binary {
            self.parts.unpack(index, Some(&mut binary::RowSieve::default()), self.part)?;
            let Some((part, mut contents)) = binary::sheet(self.part) else {
                self.leave_out(sheet, "its records are damaged or cut off");
                return Ok(());
            };
            self.container.add(&format!("xl/worksheets/sheet{number}.bin"), &part, checksum(&part));
            contents.looks = self.sheet_parts.shared.look_at_binary_sheet(self.part);
            let geometry = looks::binary::geometry(self.part);
            contents.looks.add_drawn(self.drawn(target, Vec::new()), &geometry);
            self.contents.push(contents);
        } else {
            let sum = unpack_text(&mut self.parts, index, Some(&mut RowSieve::default()), self.part)?;
            if let Some(text) = text_by_no_number(self.part) {
                self.leave_out(sheet, &format!("a cell's text is number 「{text}」 of the workbook's texts"));
                return Ok(());
            }
            let name = format!("xl/worksheets/sheet{number}.xml");
            self.sheet_parts.look_at(&name, self.part);
            self.container.add(&name, self.part, sum);
            self.take_drawn(&name, target);
        }
        self.sheets.push(SheetName { name: sheet.name.clone(), visible: sheet.visible });
        Ok(())
    }

    /// Looks at what is drawn or set over a sheet, whose part is at hand.
    fn take_drawn(&mut self, name: &str, target: &str) {
        // A sheet that has something drawn over it says so in its own part.
        let has = |word: &[u8]| memchr::memmem::find(self.part, word).is_some();
        if !has(b"drawing") && !has(b"Drawing") && !has(b"control") {
            return;
        }
        let sheet = std::mem::take(self.part);
        let drawn = self.drawn(target, looks::anchored_controls(&sheet));
        self.sheet_parts.add_drawn(name, &sheet, drawn);
        *self.part = sheet;
    }

    /// What is drawn or set over a sheet, by the parts that it leads to; the place of its part is used for
    /// them. Controls that the sheet itself places have a part each.
    fn drawn(&mut self, target: &str, anchored: Vec<(String, looks::Drawn)>) -> Vec<looks::Drawn> {
        let (folder, base) = target.rsplit_once('/').unwrap_or(("", target));
        // What cannot be read of it takes nothing from the sheet.
        let ways = relationships(&mut self.parts, folder, &format!("{base}.rels"), self.part).unwrap_or_default();
        let (mut drawn, mut old, mut checked) = (Vec::new(), Vec::new(), Vec::new());
        for way in &ways {
            let is_wanted = matches!(way.kind.as_str(), "drawing" | "vmlDrawing" | "ctrlProp");
            let Some(index) = self.parts.position(&way.target).filter(|_| is_wanted) else { continue };
            if unpack_text(&mut self.parts, index, None, self.part).is_err() {
                continue;
            }
            match way.kind.as_str() {
                "drawing" => drawn.extend(looks::of_drawing(self.part)),
                "vmlDrawing" => old.extend(looks::of_controls(self.part)),
                _ if looks::is_checked(self.part) => {
                    checked.extend(anchored.iter().position(|(id, _)| *id == way.id));
                }
                _ => {}
            }
        }
        drawn.extend(looks::ticked_boxes(anchored, old, &checked));
        drawn
    }

    /// Ends the container with the list of sheets.
    fn finish(mut self, counts_from_1904: bool, macros: bool) -> (Content<'s>, Vec<Unread>) {
        let ending = if self.is_binary { "bin" } else { "xml" };
        let main = if self.is_binary {
            binary::list_of_sheets(self.sheets.len(), counts_from_1904)
        } else {
            list_of_sheets(self.sheets.len(), counts_from_1904)
        };
        let to_sheet = |number| (format!("rId{number}"), "worksheet", format!("worksheets/sheet{number}.{ending}"));
        let ways = relationships_of((1..=self.sheets.len()).map(to_sheet));
        let root = relationships_of([("rId1".to_owned(), "officeDocument", format!("xl/workbook.{ending}"))]);
        let parts = [
            ("_rels/.rels".to_owned(), root),
            (format!("xl/_rels/workbook.{ending}.rels"), ways),
            (format!("xl/workbook.{ending}"), main),
        ];
        for (name, part) in parts {
            self.sheet_parts.look_at(&name, &part);
            self.container.add(&name, &part, checksum(&part));
        }
        let Filling { container, sheets, sheet_parts: parts, contents, unread, is_binary, .. } = self;
        let container = container.finish();
        let content = if is_binary {
            Content::Xlsb { container, sheets, contents }
        } else {
            Content::Xlsx { container, sheets, parts, macros }
        };
        (content, unread)
    }
}

fn damaged_part(name: &str) -> Refusal {
    Refusal::new(Code::DamagedWorkbook, format!("the part {name} is damaged or cut off"))
}

/// Unpacks a part that is XML, in UTF-8 whatever it was in; gives its checksum.
pub fn unpack_text(
    parts: &mut Parts<'_, '_>,
    index: usize,
    sieve: Option<&mut dyn Sieve>,
    part: &mut Vec<u8>,
) -> Result<u32, Refusal> {
    let mut sum = parts.unpack(index, sieve, part)?;
    let name = &parts.names()[index];
    let length = part.len();
    if !encodings::make_utf8(part) {
        return Err(Refusal::new(Code::DamagedWorkbook, format!("{name} is not in the encoding that it says")));
    }
    if part.len() != length {
        sum = checksum(part);
    }
    if memchr::memmem::find(part, b"<!DOCTYPE").is_some() {
        let message = format!("{name} declares a document type, which no workbook does");
        return Err(Refusal::new(Code::UnsafeWorkbook, message));
    }
    Ok(sum)
}

/// Which program saved the workbook, and when.
fn described(
    parts: &mut Parts<'_, '_>,
    roots: &[Relationship],
    part: &mut Vec<u8>,
) -> Result<(String, String), Refusal> {
    let mut text = |kind: &str, usual: &str, element: &str| {
        let target = roots.iter().find(|one| one.kind == kind).map_or(usual, |one| one.target.as_str());
        let Some(index) = parts.position(target) else { return Ok(String::new()) };
        unpack_text(parts, index, None, part)?;
        Ok(element_text(part, element))
    };
    let application = text("extended-properties", "docProps/app.xml", "Application")?;
    Ok((application, text("core-properties", "docProps/core.xml", "modified")?))
}

/// The text of the first element of a name, whatever its prefix, for the small files of properties.
pub fn element_text(part: &[u8], name: &str) -> String {
    let text = String::from_utf8_lossy(part);
    let opened = text.split('<').find_map(|element| {
        let (tag, text) = element.split_once('>')?;
        let own = tag.split_ascii_whitespace().next()?;
        (own.rsplit(':').next() == Some(name) && !own.starts_with('/')).then_some(text)
    });
    opened.unwrap_or_default().chars().filter(|character| !character.is_control()).take(80).collect()
}
