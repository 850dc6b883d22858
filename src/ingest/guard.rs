//! The guard before the reader: looks at the bytes of a file before any of it is trusted.
//!
//! A workbook can be made to exhaust memory: by a part that unpacks to gigabytes, by a declared
//! count that a reader reserves space for, by a document type that expands itself. The guard
//! unpacks every part itself, up to fixed limits, and hands on a container that holds only
//! parts it has seen to be sound, stored without compression. The reader never unpacks
//! anything else.

use std::io::{Cursor, ErrorKind, Read, Write};

use memchr::memmem;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::compound;
use super::legacy;
use super::number_formats;
use super::refusal::Refusal;
use super::sheet_parts::SheetParts;
use crate::finding::Code;

/// The largest file that is read at all. A filled questionnaire has 15 to 30 KB; pasted
/// pictures make 10 MB, 32 MB leaves room.
pub const FILE_LIMIT: u64 = 32 << 20;
/// The most that one part may unpack to: sheets of filled questionnaires have about 100 KB.
const PART_LIMIT: u64 = 16 << 20;
/// The most that all parts together may unpack to.
const TOTAL_LIMIT: u64 = 48 << 20;
/// The most parts that a workbook may have; a questionnaire has about 15.
const PART_COUNT_LIMIT: usize = 2_000;

const MACROS: &str = "macros";
/// What a workbook can carry that acts or reaches out when somebody opens it: how the names of
/// such parts begin, in small letters, and what they are.
const CARRIED: [(&str, &str); 10] = [
    ("xl/vbaproject.bin", MACROS),
    ("basic/", MACROS),
    ("scripts/", MACROS),
    ("xl/macrosheets/", "macros of Excel 4.0"),
    ("xl/externallinks/", "links to other workbooks"),
    ("xl/connections.xml", "connections to data elsewhere"),
    ("xl/embeddings/", "embedded files"),
    ("object 1/", "embedded objects"),
    ("xl/activex/", "controls"),
    ("customui/", "changes to the ribbon"),
];

/// Room that is used again for one file after the other.
#[derive(Debug, Default)]
pub struct Scratch {
    container: Vec<u8>,
    part: Vec<u8>,
}

/// A file that may be handed to the reader.
#[derive(Debug)]
pub enum Cleared<'s> {
    /// An Office Open XML workbook, its sound parts stored in a new container.
    Xlsx {
        /// The container.
        container: &'s [u8],
        /// What a glance at its parts tells of its sheets.
        parts: SheetParts,
        /// Whether it carries macros (xlsm).
        macros: bool,
        /// The program that saved it.
        application: String,
        /// When it was saved, as the program wrote it.
        saved: String,
        /// What else it carries, in a few words each: nothing of it is used.
        carries: Vec<&'static str>,
    },
    /// An OpenDocument spreadsheet.
    Ods {
        /// The part that holds the sheets.
        content: &'s [u8],
        /// The program that saved it.
        application: String,
        /// When it was saved, as the program wrote it.
        saved: String,
        /// What else it carries.
        carries: Vec<&'static str>,
    },
    /// A workbook of Excel 97 to 2003, which has no compressed parts.
    Xls {
        /// When it was saved, as far as it says so.
        saved: String,
        /// What else it carries.
        carries: Vec<&'static str>,
    },
}

/// Looks at a file's bytes and clears it for reading, or says why not.
pub fn clear<'s>(bytes: &[u8], scratch: &'s mut Scratch) -> Result<Cleared<'s>, Refusal> {
    match bytes {
        [] => Err(Refusal::new(Code::EmptyFile, "the file has 0 bytes")),
        [b'P', b'K', ..] => clear_zip(bytes, scratch),
        _ if bytes.starts_with(&compound::MAGIC) => {
            let legacy::Inspected { saved, has_macros } = legacy::inspect(bytes)?;
            let carries = if has_macros { vec![MACROS] } else { Vec::new() };
            Ok(Cleared::Xls { saved, carries })
        }
        _ => Err(Refusal::new(Code::NotAWorkbook, format!("the file {}, expected a workbook", kind_of(bytes)))),
    }
}

/// What a file that is no workbook seems to be, in a few words.
fn kind_of(bytes: &[u8]) -> &'static str {
    let head = &bytes[..bytes.len().min(1024)];
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let text = text.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    if text.starts_with("%pdf") {
        "is a PDF"
    } else if text.starts_with("<!doctype html") || text.starts_with("<html") || text.contains("<table") {
        "is a web page"
    } else if text.starts_with("<?xml") || text.starts_with('<') {
        "is an XML text"
    } else if head.starts_with(b"\x89PNG") || head.starts_with(b"\xFF\xD8\xFF") || head.starts_with(b"GIF8") {
        "is a picture"
    } else if head.starts_with(b"Rar!") || head.starts_with(b"7z\xBC\xAF") || head.starts_with(b"\x1F\x8B") {
        "is an archive of another kind"
    } else if head.iter().all(|&byte| byte >= 0x20 || matches!(byte, b'\t' | b'\r' | b'\n')) {
        "is a text or CSV file"
    } else {
        "has no known beginning"
    }
}

fn clear_zip<'s>(bytes: &[u8], scratch: &'s mut Scratch) -> Result<Cleared<'s>, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > PART_COUNT_LIMIT {
        let message = format!("the file holds {} parts, a workbook has at most {PART_COUNT_LIMIT}", archive.len());
        return Err(Refusal::new(Code::UnsafeWorkbook, message));
    }
    let names: Vec<String> = archive.file_names().filter_map(Result::ok).map(|name| name.into_owned()).collect();
    if names.iter().any(|name| name.eq_ignore_ascii_case("[Content_Types].xml")) {
        return clear_xlsx(&mut archive, scratch);
    }
    if names.iter().any(|name| name == "content.xml") {
        return clear_ods(&mut archive, scratch);
    }
    Err(Refusal::new(Code::NotAWorkbook, "the file is a zip archive without a workbook in it"))
}

fn damaged(error: ZipError) -> Refusal {
    Refusal::new(Code::DamagedWorkbook, format!("the workbook's container cannot be read: {error}"))
}

/// Unpacks the parts that are wanted, one by one, each inspected before it is handed on.
fn unpack(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    part: &mut Vec<u8>,
    is_wanted: impl Fn(&str) -> bool,
    mut take: impl FnMut(String, &mut Vec<u8>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut total = 0;
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(text) if text == ZipError::PASSWORD_REQUIRED => {
                Refusal::new(Code::EncryptedWorkbook, "the file is a zip archive with a password")
            }
            error => damaged(error),
        })?;
        let name = file.name().map_err(damaged)?.into_owned();
        if !is_wanted(&name) {
            continue;
        }
        part.clear();
        file.take(PART_LIMIT + 1).read_to_end(part).map_err(|error| match error.kind() {
            // That is no fault of the part: elsewhere, or with more memory, it may well be read.
            ErrorKind::OutOfMemory => Refusal::new(Code::ReaderDied, format!("there is no memory to unpack {name}")),
            _ => Refusal::new(Code::DamagedWorkbook, format!("the part {name} cannot be unpacked: {error}")),
        })?;
        total += part.len() as u64;
        if part.len() as u64 > PART_LIMIT || total > TOTAL_LIMIT {
            let message = format!("{name} unpacks to more than any filled questionnaire needs");
            return Err(Refusal::new(Code::UnsafeWorkbook, message));
        }
        inspect(&name, part)?;
        if name.starts_with("xl/worksheets/") {
            inspect_texts(&name, part)?;
        }
        take(name, part)?;
    }
    Ok(())
}

fn clear_xlsx<'s>(archive: &mut ZipArchive<Cursor<&[u8]>>, scratch: &'s mut Scratch) -> Result<Cleared<'s>, Refusal> {
    let Scratch { container, part } = scratch;
    container.clear();
    let mut writer = ZipWriter::new(Cursor::new(&mut *container));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let carries = carried(archive);
    let macros = carries.contains(&MACROS);
    let (mut application, mut saved) = (String::new(), String::new());
    let mut has_workbook = false;
    let mut parts = SheetParts::default();
    unpack(archive, part, holds_answers, |name, part| {
        parts.look_at(&name, part);
        if name == "docProps/app.xml" {
            application = element_text(part, "Application");
        } else if name == "docProps/core.xml" {
            saved = element_text(part, "dcterms:modified");
        }
        has_workbook |= name.eq_ignore_ascii_case("xl/workbook.xml");
        if name.eq_ignore_ascii_case("xl/styles.xml") {
            *part = number_formats::with_plain_dates(part);
        }
        writer.start_file(name, stored).map_err(damaged)?;
        writer.write_all(part).expect("writing to memory cannot fail");
        Ok(())
    })?;
    if !has_workbook {
        let message = "the file is an Office document of another kind, expected a workbook";
        return Err(Refusal::new(Code::NotAWorkbook, message));
    }
    writer.finish().map_err(damaged)?;
    Ok(Cleared::Xlsx { container, parts, macros, application, saved, carries })
}

fn clear_ods<'s>(archive: &mut ZipArchive<Cursor<&[u8]>>, scratch: &'s mut Scratch) -> Result<Cleared<'s>, Refusal> {
    let Scratch { container: content, part } = scratch;
    let (mut application, mut saved) = (String::new(), String::new());
    let mut encrypted = false;
    let carries = carried(archive);
    let is_wanted = |name: &str| matches!(name, "content.xml" | "meta.xml" | "META-INF/manifest.xml");
    unpack(archive, part, is_wanted, |name, part| {
        match name.as_str() {
            "content.xml" => std::mem::swap(content, part),
            "meta.xml" => {
                application = element_text(part, "meta:generator");
                saved = element_text(part, "dc:date");
            }
            _ => encrypted = memmem::find(part, b"encryption-data").is_some(),
        }
        Ok(())
    })?;
    if encrypted {
        let message = "the OpenDocument workbook is encrypted with a password, which this program cannot undo";
        return Err(Refusal::new(Code::EncryptedWorkbook, message));
    }
    Ok(Cleared::Ods { content, application, saved, carries })
}

/// What else an archive carries, by the names of its parts.
fn carried(archive: &ZipArchive<Cursor<&[u8]>>) -> Vec<&'static str> {
    let names: Vec<String> =
        archive.file_names().filter_map(Result::ok).map(|name| name.to_ascii_lowercase()).collect();
    let mut carried = Vec::new();
    for (beginning, what) in CARRIED {
        // A folder alone, or the lists of modules that LibreOffice always writes, are nothing yet.
        let is_one = |name: &String| name.starts_with(beginning) && !name.ends_with('/') && !name.ends_with("-lc.xml");
        if !carried.contains(&what) && names.iter().any(is_one) {
            carried.push(what);
        }
    }
    carried
}

/// The parts of a workbook that hold answers or say where they are: those directly under `xl/`
/// (but for the order of calculation), the sheets, and the properties of the document. Pictures,
/// comments, macros, pivot caches and links to the outside are left behind.
fn holds_answers(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let within = |folder: &str| name.strip_prefix(folder).is_some_and(|rest| !rest.contains('/'));
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("xml") => {
            let kept = within("xl/") || within("xl/worksheets/") || within("docprops/") || !name.contains('/');
            kept && name != "xl/calcchain.xml"
        }
        Some("rels") => within("_rels/") || within("xl/_rels/"),
        _ => false,
    }
}

/// Looks for what would make a reader of the part grow without bound.
fn inspect(name: &str, part: &[u8]) -> Result<(), Refusal> {
    if memmem::find(part, b"<!DOCTYPE").is_some() {
        return Err(Refusal::new(
            Code::UnsafeWorkbook,
            format!("{name} declares a document type, which no workbook does"),
        ));
    }
    // A reader may reserve room for the number of strings or styles that a part declares. Each
    // takes at least one byte of the part, so a larger number is a lie.
    for at in memmem::find_iter(part, b"ount") {
        let Some(declared) = number_of_attribute(&part[at + 4..]) else { continue };
        if declared > part.len() as u128 {
            let message = format!("{name} declares {declared} entries in {} bytes", part.len());
            return Err(Refusal::new(Code::UnsafeWorkbook, message));
        }
    }
    Ok(())
}

/// Looks for cells that name their text by something else than a number, which a reader may take
/// for the first text there is. One that names nothing is how some programs write an empty cell.
fn inspect_texts(name: &str, part: &[u8]) -> Result<(), Refusal> {
    let (value, end) = (memmem::Finder::new("<v>"), memmem::Finder::new("</c>"));
    for at in memmem::find_iter(part, " t=\"s\"") {
        let cell = &part[at..];
        let cell = &cell[..end.find(cell).unwrap_or(cell.len())];
        let Some(from) = value.find(cell) else { continue };
        let number = cell[from + 3..].split(|byte| *byte == b'<').next().unwrap_or_default();
        if !number.iter().all(u8::is_ascii_digit) {
            let number = String::from_utf8_lossy(number);
            let message = format!("{name} has a cell whose text is number 「{number}」 of the workbook's texts");
            return Err(Refusal::new(Code::DamagedWorkbook, message));
        }
    }
    Ok(())
}

/// The number in `="123"`, however it is spaced and quoted.
pub(super) fn number_of_attribute(text: &[u8]) -> Option<u128> {
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

/// The text of the first element of a name, for the small files of document properties.
fn element_text(part: &[u8], name: &str) -> String {
    let text = String::from_utf8_lossy(part);
    let opened = text.split(&format!("<{name}")).skip(1).find(|rest| rest.starts_with(['>', ' ', '\r', '\n', '\t']));
    let between = opened
        .and_then(|rest| rest.split_once('>'))
        .and_then(|(_, rest)| rest.split_once(&format!("</{name}>")))
        .map_or("", |(inner, _)| inner);
    between.chars().filter(|character| !character.is_control()).take(80).collect()
}
