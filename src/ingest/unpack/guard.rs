//! The guard before the reader: looks at the bytes of a file before any of it is trusted.
//!
//! A workbook can be made to exhaust memory: by a part that unpacks to gigabytes, by a declared
//! count that a reader reserves space for, by a document type that expands itself. The guard
//! unpacks every part itself, up to fixed limits, and hands on a container that holds only
//! parts it has seen to be sound, stored without compression. The reader never unpacks
//! anything else.

use std::collections::BTreeMap;

use super::kinds;
use crate::finding::Code;
use crate::ingest::refusal::{Refusal, Unread};
use crate::ingest::sheets::active;
use crate::ingest::sheets::binary;
use crate::ingest::sheets::legacy::{self, Squeezed};
use crate::ingest::sheets::looks::{self, SheetLooks};
use crate::ingest::sheets::package::{self, element_text};
use crate::ingest::sheets::sheet_parts::SheetParts;
use crate::ingest::unpack::compound::{self, Compound};
use crate::ingest::unpack::unpacking::{Inflater, Parts};

/// The largest file that is read at all. A filled questionnaire has 15 to 30 KB; pasted
/// pictures make 10 MB, 32 MB leaves room.
pub const FILE_LIMIT: u64 = 32 << 20;

/// Room that is used again for one file after the other.
#[derive(Debug, Default)]
pub struct Scratch {
    container: Vec<u8>,
    part: Vec<u8>,
    inflater: Inflater,
}

/// A file that may be handed to the reader.
#[derive(Debug)]
pub struct Cleared<'s> {
    /// What is handed on.
    pub content: Content<'s>,
    /// The program that saved it; empty where it does not say so.
    pub application: String,
    /// When it was saved, as the program wrote it.
    pub saved: String,
    /// What else it carries, in a few words each: nothing of it is used.
    pub carries: Vec<&'static str>,
    /// The sheets that cannot be read.
    pub unread: Vec<Unread>,
}

/// The name of a sheet, and whether Excel shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetName {
    /// Its name.
    pub name: String,
    /// Whether Excel shows it.
    pub visible: bool,
}

/// What the reader is given.
#[derive(Debug)]
pub enum Content<'s> {
    /// An Office Open XML workbook: its sound parts, stored in a new container under fixed names.
    Xlsx {
        /// The container.
        container: &'s [u8],
        /// Its sheets.
        sheets: Vec<SheetName>,
        /// What a glance at its parts tells of its sheets.
        parts: SheetParts,
        /// Whether it carries macros (xlsm).
        macros: bool,
    },
    /// The same with binary parts.
    Xlsb {
        /// The container.
        container: &'s [u8],
        /// Its sheets.
        sheets: Vec<SheetName>,
        /// What the reader does not tell of each.
        contents: Vec<binary::Contents>,
    },
    /// An OpenDocument spreadsheet.
    Ods {
        /// The part that holds the sheets.
        content: &'s [u8],
        /// The styles that are not in it.
        styles: looks::opendocument::Styles,
    },
    /// A workbook of Excel 5 to 2003.
    Xls {
        /// The container.
        container: Vec<u8>,
        /// The code page of its texts.
        code_page: u16,
        /// Sheets whose empty rows and columns were left out, by their position.
        squeezed: BTreeMap<usize, Squeezed>,
        /// How the cells of each sheet look.
        looks: Vec<SheetLooks>,
    },
}

/// Looks at a file's bytes and clears it for reading, or says why not.
pub fn clear<'s>(bytes: &[u8], scratch: &'s mut Scratch) -> Result<Cleared<'s>, Refusal> {
    match bytes {
        [] => Err(Refusal::new(Code::EmptyFile, "the file has 0 bytes")),
        [b'P', b'K', ..] => clear_zip(bytes, scratch),
        _ if bytes.starts_with(&compound::MAGIC) => clear_compound(bytes),
        _ => Err(kinds::refusal_of(bytes)),
    }
}

fn clear_compound(bytes: &[u8]) -> Result<Cleared<'static>, Refusal> {
    let legacy::Prepared { container, code_page, saved, carries, squeezed, looks, unread } =
        legacy::prepare(&Compound::open(bytes)?)?;
    let content = Content::Xls { container, code_page, squeezed, looks };
    Ok(Cleared { content, application: String::new(), saved, carries, unread })
}

fn clear_zip<'s>(bytes: &[u8], scratch: &'s mut Scratch) -> Result<Cleared<'s>, Refusal> {
    let Scratch { container, part, inflater } = scratch;
    let parts = Parts::open(bytes, inflater)?;
    if is_package(parts.names()) {
        return package::clear(parts, container, part);
    }
    if is_opendocument(parts.names()) {
        return clear_ods(parts, container, part);
    }
    let other = || Refusal::new(Code::NotAWorkbook, "the file is a zip archive without a workbook in it");
    Err(kinds::of_archive(parts.names()).unwrap_or_else(other))
}

/// Whether a zip archive is a document by itself, and no archive of files.
pub fn is_document(names: &[String]) -> bool {
    is_package(names) || is_opendocument(names) || kinds::of_archive(names).is_some()
}

fn is_package(names: &[String]) -> bool {
    let marks = ["[Content_Types].xml", "_rels/.rels"];
    names.iter().any(|name| marks.iter().any(|mark| name.eq_ignore_ascii_case(mark)))
}

fn is_opendocument(names: &[String]) -> bool {
    names.iter().any(|name| name == "content.xml" || name == "encrypted-package")
}

fn clear_ods<'s>(
    mut parts: Parts<'_, '_>,
    content: &'s mut Vec<u8>,
    part: &mut Vec<u8>,
) -> Result<Cleared<'s>, Refusal> {
    let encrypted = || {
        let message = "the OpenDocument workbook is encrypted with a password, which this program cannot undo";
        let help = "Open it in LibreOffice with its password, save it without one (as .xlsx or .ods), and run again; or ask the institution for a workbook of Excel.";
        Err(Refusal::new(Code::EncryptedWorkbook, message).helped_by(help))
    };
    if parts.position("encrypted-package").is_some() {
        return encrypted();
    }
    // What the other parts hold shows only once it is known that they are not encrypted.
    if let Some(index) = parts.position("META-INF/manifest.xml") {
        parts.unpack(index, None, part)?;
        if memchr::memmem::find(part, b"encryption-data").is_some() {
            return encrypted();
        }
    }
    if let Some(index) = parts.position("mimetype") {
        parts.unpack(index, None, part)?;
        let kind = String::from_utf8_lossy(part);
        if let Some(kind) = kind.trim().strip_prefix("application/vnd.oasis.opendocument.")
            && !kind.starts_with("spreadsheet")
        {
            return Err(kinds::of_opendocument(kind));
        }
    }
    let (mut application, mut saved) = (String::new(), String::new());
    if let Some(index) = parts.position("meta.xml") {
        package::unpack_text(&mut parts, index, None, part)?;
        application = element_text(part, "generator");
        saved = element_text(part, "date");
    }
    let mut styles = looks::opendocument::Styles::default();
    if let Some(index) = parts.position("styles.xml") {
        package::unpack_text(&mut parts, index, None, part)?;
        styles = looks::opendocument::Styles::of(part);
    }
    let missing = || Refusal::new(Code::DamagedWorkbook, "the part that holds the sheets is missing");
    let index = parts.position("content.xml").ok_or_else(missing)?;
    package::unpack_text(&mut parts, index, None, content)?;
    let carries = active::of_parts(parts.names());
    let content = Content::Ods { content, styles };
    Ok(Cleared { content, application, saved, carries, unread: Vec::new() })
}
