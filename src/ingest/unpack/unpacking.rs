//! Unpacks the parts of a container, one at a time and within limits, whatever sizes it declares.

use std::io::Cursor;

use flate2::{Crc, Decompress, FlushDecompress, Status};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use crate::finding::Code;
use crate::ingest::refusal::Refusal;
use crate::ingest::unpack::sieve::Sieve;

/// The most that one part may hold: sheets of filled questionnaires have about 100 KB.
const PART_LIMIT: usize = 16 << 20;
/// The most that all parts together may hold.
const TOTAL_LIMIT: usize = 48 << 20;
/// The most that all parts together may unpack to, with what is thrown away at once: the empty rows
/// of a sheet, which may be a million.
const UNPACKED_LIMIT: usize = 192 << 20;
/// The most parts that a workbook may have; a questionnaire has about 15.
const PART_COUNT_LIMIT: usize = 2_000;
/// How much is unpacked at a time.
const STEP: usize = 256 << 10;
/// From which size on empty rows are thrown away.
const SIEVED: usize = 1 << 20;

/// The inflater, used again for one part after the other.
#[derive(Debug)]
pub struct Inflater {
    state: Decompress,
}

impl Default for Inflater {
    fn default() -> Inflater {
        Inflater { state: Decompress::new(false) }
    }
}

/// The parts of a container.
pub struct Parts<'b, 's> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    bytes: &'b [u8],
    /// Their names as they are meant, in the order of the container.
    names: Vec<String>,
    inflater: &'s mut Inflater,
    held: usize,
    unpacked: usize,
}

impl<'b, 's> Parts<'b, 's> {
    /// Opens a container.
    pub fn open(bytes: &'b [u8], inflater: &'s mut Inflater) -> Result<Parts<'b, 's>, Refusal> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(told(&error)))?;
        if archive.len() > PART_COUNT_LIMIT {
            let message = format!("the file holds {} parts, a workbook has at most {PART_COUNT_LIMIT}", archive.len());
            return Err(Refusal::new(Code::UnsafeWorkbook, message));
        }
        let name = |index| archive.name_for_index(index).and_then(Result::ok).map(|name| meant(&name));
        let names = (0..archive.len()).map(|index| name(index).unwrap_or_default()).collect();
        Ok(Parts { archive, bytes, names, inflater, held: 0, unpacked: 0 })
    }

    /// The names of the parts, `/` between folders.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The position of a part; capital letters make no difference.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|other| other.eq_ignore_ascii_case(name))
    }

    /// Unpacks a part; gives the checksum of what it holds. What a sieve throws away is not held.
    pub fn unpack(
        &mut self,
        index: usize,
        mut sieve: Option<&mut dyn Sieve>,
        part: &mut Vec<u8>,
    ) -> Result<u32, Refusal> {
        part.clear();
        let name = &self.names[index];
        let file = self.archive.by_index_raw(index).map_err(|error| damaged(told(&error)))?;
        if file.encrypted() {
            return Err(Refusal::new(Code::EncryptedWorkbook, "the file is a zip archive with a password"));
        }
        let broken =
            || Refusal::new(Code::DamagedWorkbook, format!("the part {name} cannot be unpacked: it is damaged"));
        let start = file.data_start().and_then(|start| usize::try_from(start).ok()).ok_or_else(broken)?;
        let length = usize::try_from(file.compressed_size()).map_err(|_| broken())?;
        // A directory may say too much of a part, which ends by itself.
        let end = start.saturating_add(length).min(self.bytes.len());
        let packed = self.bytes.get(start..end).ok_or_else(broken)?;
        let expected = file.crc32();
        let is_packed = match file.compression() {
            CompressionMethod::Stored => false,
            CompressionMethod::Deflated => true,
            _ => return Err(damaged("it is packed in a way that no spreadsheet program uses")),
        };
        let declared = usize::try_from(file.size()).unwrap_or(usize::MAX);
        drop(file);

        let mut sum = Crc::new();
        let (mut settled, mut at) = (0, 0);
        self.inflater.state.reset(false);
        // The declared size is only where to begin: a lie costs a second step.
        let wanted = declared.min(PART_LIMIT) + 1;
        let memory = |part: &mut Vec<u8>, more: usize| {
            part.try_reserve(more).map_err(|_| {
                // That is no fault of the part: elsewhere, or with more memory, it may well be read.
                Refusal::new(Code::ReaderDied, format!("there is no memory to unpack {name}"))
            })
        };
        memory(part, wanted)?;
        loop {
            let before = part.len();
            let is_done = if is_packed {
                if part.capacity() == part.len() {
                    memory(part, STEP)?;
                }
                let (read, written) = (self.inflater.state.total_in(), self.inflater.state.total_out());
                let status = self.inflater.state.decompress_vec(&packed[at..], part, FlushDecompress::None);
                let status = status.map_err(|_| broken())?;
                let read = self.inflater.state.total_in() - read;
                at += usize::try_from(read).map_err(|_| broken())?;
                if status != Status::StreamEnd && read == 0 && self.inflater.state.total_out() == written {
                    return Err(broken());
                }
                status == Status::StreamEnd
            } else {
                let end = packed.len().min(at + STEP);
                memory(part, end - at)?;
                part.extend_from_slice(&packed[at..end]);
                at = end;
                at == packed.len()
            };
            sum.update(&part[before..]);
            self.unpacked += part.len() - before;
            if let Some(sieve) = &mut sieve
                && part.len() - settled > SIEVED
            {
                settled = sieve.shake(part);
            }
            if part.len() > PART_LIMIT || self.held + part.len() > TOTAL_LIMIT || self.unpacked > UNPACKED_LIMIT {
                return Err(Refusal::overfull(format!("{name} unpacks to more than any filled questionnaire needs")));
            }
            if is_done {
                break;
            }
        }
        if sum.sum() != expected {
            return Err(broken());
        }
        self.held += part.len();
        Ok(if settled == 0 { expected } else { checksum(part) })
    }
}

/// The checksum of a part.
pub fn checksum(part: &[u8]) -> u32 {
    let mut sum = Crc::new();
    sum.update(part);
    sum.sum()
}

/// A name as it is meant: some programs write `\` between folders, or begin at a root.
pub fn meant(name: &str) -> String {
    let name = name.replace('\\', "/");
    name.trim_start_matches("./").trim_start_matches('/').to_owned()
}

fn damaged(what: &str) -> Refusal {
    Refusal::new(Code::DamagedWorkbook, format!("the workbook's container cannot be read: {what}"))
}

/// The fault of a container, in words.
pub fn told(error: &ZipError) -> &'static str {
    match error {
        ZipError::UnsupportedArchive(_) => "it is packed in a way that no spreadsheet program uses",
        ZipError::Io(_) => "it ends in the middle",
        _ => "its table of contents is damaged or cut off",
    }
}
