//! Zip archives of workbooks, as they come with a password in a second mail.
//!
//! What is inside is unpacked into memory, one file at a time and within limits; the names are
//! labels and never paths on a disk.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use encoding_rs::SHIFT_JIS;
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use crate::finding::Code;
use crate::ingest::arrival::passwords::Keys;
use crate::ingest::refusal::Refusal;
use crate::ingest::unpack::guard::{self, FILE_LIMIT};
use crate::ingest::unpack::protection::{self, Opened};
use crate::ingest::unpack::unpacking::{meant, told};

/// The most files that an archive may hold; one institution sends a handful.
const ENTRIES: usize = 500;
/// The most that all files of an archive and of those within it may unpack to.
const TOTAL: u64 = 256 << 20;
/// The most passwords that are tried on the files of an archive, all together: each costs up to a
/// thousand rounds of hashing.
const TRIES: u32 = 50_000;
/// The most characters of a name inside an archive that are shown.
const NAME: usize = 200;

/// What an archive and those within it may still cost.
pub struct Allowance {
    bytes: u64,
    tries: u32,
    /// The password that opened the last file.
    last: Option<String>,
}

impl Default for Allowance {
    fn default() -> Allowance {
        Allowance { bytes: TOTAL, tries: TRIES, last: None }
    }
}

impl Allowance {
    /// The refusal of an archive that may unpack no more, if that is so.
    pub fn spent(&self) -> Option<Refusal> {
        let message = format!("the archive unpacks to more than {} MB; the rest of it was not read", TOTAL >> 20);
        (self.bytes == 0).then(|| too_much(message))
    }
}

/// An archive that is no workbook.
pub struct Archive<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
}

/// A file inside an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its position.
    pub index: usize,
    /// Its name and those of the folders around it, `/` between them.
    pub name: String,
}

impl<'b> Archive<'b> {
    /// Opens a zip archive that is neither a workbook nor another Office document; `None` where
    /// the file is something else, or cannot be read as an archive at all.
    pub fn of(bytes: &'b [u8]) -> Option<Archive<'b>> {
        if !bytes.starts_with(b"PK") {
            return None;
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let names: Vec<String> = zip.file_names().filter_map(Result::ok).map(|name| meant(&name)).collect();
        (!guard::is_document(&names)).then_some(Archive { zip })
    }

    /// The files inside, in their order; no two have the same name.
    pub fn entries(&mut self) -> Result<Vec<Entry>, Refusal> {
        let count = self.zip.len();
        if count > ENTRIES {
            let message = format!("the archive holds {count} files, expected at most {ENTRIES}");
            return Err(too_much(message));
        }
        let mut entries = Vec::with_capacity(count);
        let mut names = HashSet::with_capacity(count);
        for index in 0..count {
            let file = self.zip.by_index_raw(index).map_err(damaged)?;
            if file.is_dir() {
                continue;
            }
            let label = label(file.name_raw());
            let mut name = label.clone();
            let mut copy = 1;
            while !names.insert(name.clone()) {
                copy += 1;
                name = format!("{label} ({copy})");
            }
            entries.push(Entry { index, name });
        }
        Ok(entries)
    }

    /// Unpacks a file, with one of the passwords where it has one: the one that opened the file
    /// before is tried first.
    pub fn unpack(&mut self, index: usize, keys: &Keys<'_>, allowance: &mut Allowance) -> Result<Opened, Refusal> {
        if !self.zip.by_index_raw(index).map_err(damaged)?.encrypted() {
            let bytes = read(self.zip.by_index(index).map_err(damaged)?, allowance)?;
            return Ok(Opened { bytes, lines: Vec::new() });
        }
        let mut candidates = keys.candidates();
        if let Some(last) = &allowance.last
            && let Some(place) = candidates.iter().position(|one| one.password == *last)
        {
            candidates[..=place].rotate_right(1);
        }
        for candidate in candidates {
            (keys.another_try)();
            for password in spelled(candidate.password) {
                if allowance.tries == 0 {
                    let message = "the archive takes more tries of passwords than it is worth; name its file in the row of its password";
                    return Err(Refusal::new(Code::EncryptedWorkbook, message));
                }
                allowance.tries -= 1;
                let opened = match self.zip.by_index_decrypt(index, &password) {
                    Ok(file) => read(file, allowance),
                    Err(ZipError::InvalidPassword) => continue,
                    Err(error) => return Err(damaged(error)),
                };
                match opened {
                    Ok(bytes) => {
                        allowance.last = Some(candidate.password.to_owned());
                        return Ok(Opened { bytes, lines: candidate.lines });
                    }
                    // A wrong password passes the check of one byte now and then, and gives rubbish.
                    Err(refusal) if refusal.code == Code::DamagedWorkbook => {}
                    Err(refusal) => return Err(refusal),
                }
            }
        }
        Err(protection::locked("it lies in a zip archive with a password", keys.passwords))
    }
}

fn damaged(error: ZipError) -> Refusal {
    Refusal::new(Code::DamagedWorkbook, format!("the archive cannot be read: {}", told(&error)))
}

/// The refusal of an archive that holds more than belongs to a return.
fn too_much(message: String) -> Refusal {
    let help = "Unpack it on a machine set aside for it, and put the workbook of each institution into the folder.";
    Refusal::new(Code::UnsafeWorkbook, message).helped_by(help)
}

/// Unpacks a file within the limits, whatever size it declares.
fn read(file: ZipFile<'_, Cursor<&[u8]>>, allowance: &mut Allowance) -> Result<Vec<u8>, Refusal> {
    let limit = FILE_LIMIT.min(allowance.bytes);
    let mut bytes = Vec::new();
    let unpacked = file.take(limit + 1).read_to_end(&mut bytes);
    let size = bytes.len() as u64;
    allowance.bytes = allowance.bytes.saturating_sub(size);
    let damaged = "the file cannot be unpacked from the archive: it is damaged or cut off";
    unpacked.map_err(|_| Refusal::new(Code::DamagedWorkbook, damaged))?;
    if size > limit {
        let message = format!("the file unpacks to more than {} MB", limit >> 20);
        return Err(too_much(message));
    }
    Ok(bytes)
}

/// The bytes that a password can have been turned into: Windows takes those of Shift_JIS.
fn spelled(password: &str) -> Vec<Vec<u8>> {
    let mut spelled = vec![password.as_bytes().to_vec()];
    if !password.is_ascii() {
        let (shift_jis, _, unmappable) = SHIFT_JIS.encode(password);
        if !unmappable {
            spelled.push(shift_jis.into_owned());
        }
    }
    spelled
}

/// A name inside an archive as it can be shown: Windows writes Shift_JIS and says nothing of it.
fn label(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => SHIFT_JIS.decode_without_bom_handling(raw).0.into_owned(),
    };
    let is_name = |part: &&str| !part.is_empty() && *part != "." && *part != "..";
    let parts: Vec<&str> = name.split(['/', '\\']).filter(is_name).collect();
    let name = parts.join("/");
    if name.is_empty() { "?".to_owned() } else { name.chars().filter(|one| !one.is_control()).take(NAME).collect() }
}
