//! Compound files (OLE): the container of workbooks of Excel 97 to 2003 and of encrypted ones.
//!
//! They are read here as other programs write them, not only as they should be written: a table of
//! sectors may be padded with any mark, and the last sector may be short. What must hold is what
//! tells a sound file from a damaged one: every stream has all of its sectors, and no sector
//! belongs to two. ([MS-CFB] 2.)

use std::collections::HashSet;
use std::io::{Cursor, Write};

use cfb::{CompoundFile, Version};

use crate::finding::Code;
use crate::ingest::refusal::Refusal;

/// The bytes that every compound file begins with.
pub const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// The properties of a document are few; pictures of the first page are not wanted.
const PROPERTIES: u64 = 1 << 16;
/// The names of the stream that holds a workbook, the newest kind first.
const WORKBOOK: [&str; 2] = ["Workbook", "Book"];
/// Where Excel keeps the macros of a workbook.
const MACROS: &str = "_VBA_PROJECT_CUR";
/// Numbers of sectors from here on are marks: free, end of a chain, part of a table.
const MARKS: u32 = 0xFFFF_FFFA;
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
/// Streams shorter than this lie in sectors of 64 bytes within another stream.
const SHORT: u64 = 4096;
const SHORT_SECTOR: usize = 64;
/// The most entries of a directory: a workbook has a dozen.
const ENTRIES: usize = 10_000;

/// A stream or storage.
#[derive(Debug, Clone)]
struct Entry {
    /// Its name, after those of the storages around it.
    path: String,
    is_stream: bool,
    start: u32,
    size: u64,
}

/// An opened compound file.
pub struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    table: Vec<u32>,
    short_table: Vec<u32>,
    /// The stream of short sectors.
    short: Vec<u8>,
    entries: Vec<Entry>,
}

impl<'b> Compound<'b> {
    /// Opens a compound file.
    pub fn open(bytes: &'b [u8]) -> Result<Compound<'b>, Refusal> {
        Compound::read(bytes).ok_or_else(|| damaged("its table of contents is damaged or cut off"))
    }

    fn read(bytes: &'b [u8]) -> Option<Compound<'b>> {
        let sector = match word(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Compound {
            bytes,
            sector,
            table: Vec::new(),
            short_table: Vec::new(),
            short: Vec::new(),
            entries: Vec::new(),
        };
        file.read_table()?;
        let directory = file.chain(double(bytes, 48)?)?;
        let records: Vec<&[u8]> = directory.chunks_exact(128).take(ENTRIES).collect();
        let root = records.first().filter(|root| root[66] == 5)?;
        let (start, size) = (double(root, 116)?, u64::from(double(root, 120)?));
        if size > 0 {
            file.short = file.stream_of(start, size)?;
            file.short_table = numbers(&file.chain(double(bytes, 60)?)?);
        }
        file.entries = entries(&records)?;
        file.has_its_sectors_to_itself(start, size).then_some(file)
    }

    /// The table of sectors: where it lies stands in the header and, of large files, in a chain of
    /// sectors of its own.
    fn read_table(&mut self) -> Option<()> {
        let sectors = self.bytes.len() / self.sector + 1;
        let mut places = numbers(self.bytes.get(76..512)?);
        let mut next = double(self.bytes, 68)?;
        for _ in 0..sectors {
            if next >= MARKS {
                break;
            }
            let mut more = numbers(self.sector_of(next)?);
            next = more.pop()?;
            places.extend(more);
            // A chain that runs in circles names more sectors than there are.
            if places.len() > sectors + 109 {
                return None;
            }
        }
        for place in places.into_iter().filter(|place| *place < MARKS) {
            if self.table.len() > sectors {
                break;
            }
            let sector = self.sector_of(place)?;
            self.table.extend(numbers(sector));
            // A short last sector of the table: what it lacks is free.
            self.table.resize(self.table.len().next_multiple_of(self.sector / 4), u32::MAX);
        }
        (!self.table.is_empty()).then_some(())
    }

    /// A sector, as much of it as the file has; `None` where it has nothing of it.
    fn sector_of(&self, number: u32) -> Option<&'b [u8]> {
        let start = (usize::try_from(number).ok()? + 1).checked_mul(self.sector)?;
        let end = self.bytes.len().min(start.checked_add(self.sector)?);
        self.bytes.get(start..end).filter(|sector| !sector.is_empty())
    }

    /// The numbers of the sectors of a chain, which ends, and does so within the file.
    fn numbers_of(table: &[u32], first: u32) -> Option<Vec<u32>> {
        let mut chain = Vec::new();
        let mut next = first;
        while next != END_OF_CHAIN {
            chain.push(next);
            next = *table.get(usize::try_from(next).ok()?)?;
            if chain.len() > table.len() {
                return None;
            }
        }
        Some(chain)
    }

    /// All that lies in a chain of sectors.
    fn chain(&self, first: u32) -> Option<Vec<u8>> {
        let sectors = Self::numbers_of(&self.table, first)?.into_iter().map(|number| self.sector_of(number));
        sectors.collect::<Option<Vec<&[u8]>>>().map(|sectors| sectors.concat())
    }

    /// The content of a stream: its chain is as long as it has to be. What is longer was once used.
    fn stream_of(&self, start: u32, size: u64) -> Option<Vec<u8>> {
        let size = usize::try_from(size).ok()?;
        let mut content = self.chain(start)?;
        (content.len() >= size).then(|| content.truncate(size))?;
        Some(content)
    }

    fn short_stream_of(&self, start: u32, size: u64) -> Option<Vec<u8>> {
        let size = usize::try_from(size).ok()?;
        let chain = Self::numbers_of(&self.short_table, start)?;
        let mut content = Vec::with_capacity(size);
        for number in chain {
            let at = usize::try_from(number).ok()?.checked_mul(SHORT_SECTOR)?;
            content.extend(self.short.get(at..self.short.len().min(at + SHORT_SECTOR))?);
        }
        (content.len() >= size).then(|| content.truncate(size))?;
        Some(content)
    }

    /// Whether no sector belongs to two streams: where the table is damaged, one soon does.
    fn has_its_sectors_to_itself(&self, short: u32, short_size: u64) -> bool {
        let of_short = (short_size > 0).then_some(short);
        let long = self.entries.iter().filter(|entry| entry.is_stream && entry.size >= SHORT).map(|entry| entry.start);
        let mut seen = HashSet::new();
        long.chain(of_short).all(|start| {
            let chain = Self::numbers_of(&self.table, start).unwrap_or_default();
            chain.into_iter().all(|number| seen.insert(number))
        })
    }

    fn entry(&self, path: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.path.eq_ignore_ascii_case(path))
    }

    /// Whether it has a stream or storage of this name.
    pub fn has(&self, path: &str) -> bool {
        self.entry(path).is_some()
    }

    /// Whether a stream or storage, at whatever depth, has a name that begins so.
    pub fn has_beginning(&self, beginning: &str) -> bool {
        self.entries.iter().any(|entry| entry.path.split('/').any(|name| name.starts_with(beginning)))
    }

    /// Whether it holds a package that was encrypted as a whole (ECMA-376).
    pub fn is_package(&self) -> bool {
        self.has("EncryptedPackage")
    }

    /// Whether rights management protects it: a label, and a server that knows who may read it.
    /// ([MS-OFFCRYPTO] 2.2.)
    pub fn has_rights_management(&self) -> bool {
        let is_by_password = self.has("EncryptionInfo");
        self.has("\u{9}DRMContent") || self.has_beginning("DRM") || (self.is_package() && !is_by_password)
    }

    /// Whether it holds macros.
    pub fn has_macros(&self) -> bool {
        self.has(MACROS)
    }

    /// The properties of the document; `None` where it has none.
    pub fn properties(&self) -> Option<Vec<u8>> {
        let entry = self.entry("\u{5}SummaryInformation").filter(|entry| entry.size <= PROPERTIES)?;
        self.content(entry)
    }

    /// The stream of the workbook; `None` where the file is another kind of document.
    pub fn workbook(&self) -> Result<Option<Vec<u8>>, Refusal> {
        let is_stream = |name: &&str| self.entry(name).is_some_and(|entry| entry.is_stream);
        WORKBOOK.into_iter().find(is_stream).map(|name| self.stream(name)).transpose()
    }

    /// A stream by its name.
    pub fn stream(&self, path: &str) -> Result<Vec<u8>, Refusal> {
        let entry = self.entry(path).ok_or_else(|| damaged("a part that it must have is missing"))?;
        self.content(entry).ok_or_else(|| damaged("a part of it is damaged or cut off"))
    }

    fn content(&self, entry: &Entry) -> Option<Vec<u8>> {
        match entry.size {
            0 => Some(Vec::new()),
            size if size < SHORT => self.short_stream_of(entry.start, size),
            size => self.stream_of(entry.start, size),
        }
    }
}

/// The entries of a directory, which is a tree of names within storages.
fn entries(records: &[&[u8]]) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut visited = HashSet::from([0]);
    let mut open = vec![(double(records.first()?, 76)?, String::new())];
    while let Some((number, within)) = open.pop() {
        if number == u32::MAX {
            continue;
        }
        let record = records.get(usize::try_from(number).ok()?)?;
        if !visited.insert(number) {
            return None;
        }
        let length = usize::from(word(record, 64)?).min(64);
        let name: Vec<u16> =
            record[..length].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        let path = format!("{within}{}", String::from_utf16_lossy(&name).trim_end_matches('\0'));
        open.push((double(record, 68)?, within.clone()));
        open.push((double(record, 72)?, within));
        if record[66] == 1 {
            open.push((double(record, 76)?, format!("{path}/")));
        }
        let (start, size) = (double(record, 116)?, u64::from(double(record, 120)?));
        entries.push(Entry { path, is_stream: record[66] == 2, start, size });
    }
    Some(entries)
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect()
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn double(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn damaged(what: &str) -> Refusal {
    Refusal::new(Code::DamagedWorkbook, format!("the workbook's container cannot be read: {what}"))
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
