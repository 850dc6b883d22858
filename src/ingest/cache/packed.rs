//! What one file came to, packed: the readings apart from the rest, because they are the bulk of
//! it and are needed only later, when the order of the institutions is known.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::finding::Code;
use crate::ingest::arrival::folder;
use crate::ingest::content_hash::ContentHash;
use crate::ingest::reader::{FileReader, Outcome};
use crate::ingest::unpack::guard::{FILE_LIMIT, Scratch};

/// What a file came to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Packed {
    /// The hash of the file's bytes; `None` where they could not be read.
    pub content: Option<ContentHash>,
    /// What each workbook in it came to, without the readings.
    pub outcomes: Vec<Outcome>,
    /// How long the reading of each workbook is; `None` for one that was set aside.
    pub lengths: Vec<Option<u32>>,
    /// The readings, one behind the other.
    #[serde(skip)]
    pub readings: Vec<u8>,
}

impl Packed {
    /// Reads a file of the folder and packs what it came to.
    pub fn read(reader: &FileReader<'_>, folder: &Path, file: &str, scratch: &mut Scratch) -> Packed {
        let outcomes = reader.read(folder, file, scratch);
        // A workbook is known by the bytes of its file; what lies within another file is not.
        let content = match outcomes.as_slice() {
            [one] if one.file == file => one.id,
            _ => content_of(&folder::locate(folder, file), &mut Vec::new()),
        };
        Packed::of(content, outcomes)
    }

    /// Packs what a file came to.
    pub fn of(content: Option<ContentHash>, mut outcomes: Vec<Outcome>) -> Packed {
        let mut readings = Vec::new();
        let mut lengths = Vec::with_capacity(outcomes.len());
        for outcome in &mut outcomes {
            let length = match std::mem::replace(&mut outcome.reading, Err(String::new())) {
                Ok(reading) => {
                    let bytes = postcard::to_stdvec(&reading).expect("a reading is plain data");
                    readings.extend(&bytes);
                    Some(u32::try_from(bytes.len()).expect("the guard bounds a workbook to a few megabytes"))
                }
                Err(reason) => {
                    outcome.reading = Err(reason);
                    None
                }
            };
            lengths.push(length);
        }
        Packed { content, outcomes, lengths, readings }
    }

    /// Whether a workbook was set aside because there was no more memory.
    pub fn ran_out_of_memory(&self) -> bool {
        self.outcomes.iter().flat_map(|outcome| &outcome.findings).any(|finding| finding.code == Code::ReaderDied)
    }
}

/// The hash of a file's bytes, unless it cannot be read or is too large to be read at all. The room
/// can be used again for the next file.
pub fn content_of(path: &Path, room: &mut Vec<u8>) -> Option<ContentHash> {
    room.clear();
    File::open(path).ok()?.take(FILE_LIMIT + 1).read_to_end(room).ok()?;
    (room.len() as u64 <= FILE_LIMIT).then(|| ContentHash::of(room))
}
