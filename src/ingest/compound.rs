//! Compound files (OLE): the container of workbooks of Excel 97 to 2003 and of encrypted ones.

use std::io::{Cursor, Read, Write};

use cfb::{CompoundFile, Version};

use super::refusal::Refusal;
use crate::finding::Code;

/// The bytes that every compound file begins with.
pub const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// The most bytes of a stream that are looked at.
const STREAM: u64 = 32 << 20;
/// The properties of a document are few; pictures of the first page are not wanted.
const PROPERTIES: u64 = 1 << 16;
/// The names of the stream that holds a workbook.
const WORKBOOK: [&str; 4] = ["Workbook", "Book", "WORKBOOK", "BOOK"];
/// Where Excel keeps the macros of a workbook.
const MACROS: &str = "_VBA_PROJECT_CUR";

/// An opened compound file.
pub struct Compound<'b> {
    file: CompoundFile<Cursor<&'b [u8]>>,
}

impl<'b> Compound<'b> {
    /// Opens a compound file.
    pub fn open(bytes: &'b [u8]) -> Result<Compound<'b>, Refusal> {
        Ok(Compound { file: CompoundFile::open(Cursor::new(bytes)).map_err(damaged)? })
    }

    /// Whether it holds a workbook that was encrypted as a whole (ECMA-376).
    pub fn is_package(&self) -> bool {
        self.file.exists("EncryptedPackage")
    }

    /// Whether it holds macros.
    pub fn has_macros(&self) -> bool {
        self.file.exists(MACROS)
    }

    /// The properties of the document; `None` where it has none.
    pub fn properties(&mut self) -> Option<Vec<u8>> {
        let mut stream = Vec::new();
        let found = self.file.open_stream("\u{5}SummaryInformation").ok()?;
        found.take(PROPERTIES).read_to_end(&mut stream).ok()?;
        Some(stream)
    }

    /// The stream of the workbook; `None` where the file is another kind of document.
    pub fn workbook(&mut self) -> Result<Option<Vec<u8>>, Refusal> {
        let name = WORKBOOK.into_iter().find(|name| self.file.is_stream(name));
        name.map(|name| self.stream(name)).transpose()
    }

    /// A stream by its name.
    pub fn stream(&mut self, name: &str) -> Result<Vec<u8>, Refusal> {
        let mut stream = Vec::new();
        let read = self.file.open_stream(name).and_then(|found| found.take(STREAM).read_to_end(&mut stream));
        read.map_err(damaged)?;
        Ok(stream)
    }
}

fn damaged(error: std::io::Error) -> Refusal {
    Refusal::new(Code::DamagedWorkbook, format!("the compound file cannot be read: {error}"))
}

/// A compound file of these streams, and of nothing else but a note that there were macros.
pub fn of_streams(streams: &[(&str, &[u8])], had_macros: bool) -> Vec<u8> {
    let in_memory = "writing to memory cannot fail";
    // Sectors of 512 bytes, as Excel writes them; its readers know no others.
    let mut file = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new())).expect(in_memory);
    for (name, content) in streams {
        file.create_stream(name).and_then(|mut stream| stream.write_all(content)).expect(in_memory);
    }
    if had_macros {
        file.create_storage(MACROS).expect(in_memory);
    }
    file.flush().expect(in_memory);
    file.into_inner().into_inner()
}
