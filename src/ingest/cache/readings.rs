//! What files came to, on disk: readings wait here until the order of the institutions is known,
//! and lie here for the next run, which reads only what is new or has changed.
//!
//! One file, written at its end only: a line that names its kind, then a record for each file
//! that was read. A record has a checksum; what is torn, foreign or of another build is ignored
//! and made new. It holds answers and is as confidential as the store beside it.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ingest::cache::packed::Packed;
use crate::ingest::content_hash::ContentHash;
use crate::ingest::reading::Reading;

/// What the file begins with. Another layout of records gets another number.
const KIND: &[u8] = b"cssa readings 2\n";
/// Two lengths and a checksum stand before each record.
const FRONT: usize = 4 + 4 + 8;

/// Where a reading lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    offset: u64,
    length: u32,
}

/// What must be the same for a record to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The path of the file in the folder, because findings name it.
    pub file: String,
    /// Its bytes.
    pub content: ContentHash,
    /// The definition, see [`super::fingerprint::definition`].
    pub definition: ContentHash,
    /// The entries of the roster, see [`super::fingerprint::Entries::behind`].
    pub roster: ContentHash,
    /// The passwords that were given and the institutions that they may be for, where the outcome rests on them.
    pub passwords: Option<ContentHash>,
}

/// What is known of a file from an earlier run.
#[derive(Debug)]
pub struct Known {
    /// What it holds for.
    pub key: Key,
    /// The packed outcomes, but for the readings.
    summary: Vec<u8>,
    readings: u64,
}

impl Known {
    /// What the file came to, with the place of each reading.
    pub fn unpack(&self) -> Option<(Packed, Vec<Option<Slot>>)> {
        let packed: Packed = postcard::from_bytes(&self.summary).ok()?;
        let slots = slots(&packed, self.readings);
        Some((packed, slots))
    }
}

/// The places of readings that lie one behind the other.
fn slots(packed: &Packed, mut offset: u64) -> Vec<Option<Slot>> {
    let place = |length: &Option<u32>| {
        let slot = Slot { offset, length: (*length)? };
        offset += u64::from(slot.length);
        Some(slot)
    };
    packed.lengths.iter().map(place).collect()
}

/// The readings of a year, to be added to from any thread.
#[derive(Debug)]
pub struct ReadingsWriter {
    inner: Mutex<(BufWriter<File>, u64)>,
    known: HashMap<String, Known>,
}

/// The readings of a year, to be taken from.
#[derive(Debug)]
pub struct Readings {
    file: BufReader<File>,
    /// Where it stands in the file.
    at: u64,
}

impl ReadingsWriter {
    /// Readings in a file without a name in the system's folder for temporary files, which goes
    /// away with the process. Nothing is known.
    pub fn temporary() -> io::Result<ReadingsWriter> {
        Ok(ReadingsWriter::at(tempfile::tempfile()?, 0, HashMap::new()))
    }

    /// Readings that are kept for the next run. What is known for this definition is looked up
    /// among `wanted` files; where more than half of the file is of no more use, it is written anew.
    pub fn kept(path: &Path, definition: ContentHash, wanted: &[Arc<str>]) -> io::Result<ReadingsWriter> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let (known, end) = load(path, definition, wanted)?;
        let used: u64 = known.values().map(|(_, record)| record.length).sum();
        if end == 0 || 2 * used < end {
            return compacted(path, known);
        }
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        // What a run that was killed left half written is cut off.
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        Ok(ReadingsWriter::at(file, end, known.into_iter().map(|(file, (known, _))| (file, known)).collect()))
    }

    /// Readings that are kept for the next run, nothing being known.
    pub fn fresh(path: &Path) -> io::Result<ReadingsWriter> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        compacted(path, HashMap::new())
    }

    fn at(file: File, end: u64, known: HashMap<String, Known>) -> ReadingsWriter {
        ReadingsWriter { inner: Mutex::new((BufWriter::with_capacity(1 << 16, file), end)), known }
    }

    /// What is known of a file.
    pub fn known(&self, file: &str) -> Option<&Known> {
        self.known.get(file)
    }

    /// Puts in what a file came to; with a key it is known to the next run.
    pub fn put(&self, key: Option<&Key>, packed: &Packed) -> io::Result<Vec<Option<Slot>>> {
        let mut summary = postcard::to_stdvec(&key).map_err(io::Error::other)?;
        summary = postcard::to_extend(packed, summary).map_err(io::Error::other)?;
        let front = front(&summary, &packed.readings).map_err(io::Error::other)?;
        let mut inner = self.inner.lock().map_err(|_| io::Error::other("another thread failed while writing"))?;
        let (file, end) = &mut *inner;
        for part in [front.as_slice(), &summary, &packed.readings] {
            file.write_all(part)?;
            *end += part.len() as u64;
        }
        Ok(slots(packed, *end - packed.readings.len() as u64))
    }

    /// Turns to taking out.
    pub fn finish(self) -> io::Result<Readings> {
        let (file, _) = self.inner.into_inner().map_err(|_| io::Error::other("another thread failed while writing"))?;
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(Readings { file: BufReader::with_capacity(1 << 16, file), at: 0 })
    }
}

impl Readings {
    /// Takes readings out, in the order of their slots.
    pub fn take(&mut self, slots: &[Slot]) -> io::Result<Vec<Reading>> {
        let mut packed = Vec::with_capacity(slots.len());
        for slot in slots {
            let mut bytes = vec![0; slot.length as usize];
            // Mostly the next reading is a little further on, and has been read ahead already.
            let far = || io::Error::other("a reading lies behind any end of a file");
            let distance = i64::try_from(i128::from(slot.offset) - i128::from(self.at)).map_err(|_| far())?;
            self.file.seek_relative(distance)?;
            self.file.read_exact(&mut bytes)?;
            self.at = slot.offset + u64::from(slot.length);
            packed.push(bytes);
        }
        let read: Vec<Result<Reading, postcard::Error>> =
            packed.par_iter().map(|bytes| postcard::from_bytes(bytes)).collect();
        read.into_iter().collect::<Result<_, _>>().map_err(io::Error::other)
    }
}

/// What stands before a record: how long its two parts are, and a checksum over all of it.
fn front(summary: &[u8], readings: &[u8]) -> Result<[u8; FRONT], std::num::TryFromIntError> {
    let lengths = [u32::try_from(summary.len())?.to_le_bytes(), u32::try_from(readings.len())?.to_le_bytes()];
    let mut front = [0; FRONT];
    front[..8].copy_from_slice(lengths.as_flattened());
    front[8..].copy_from_slice(&ContentHash::of_parts(&[lengths.as_flattened(), summary, readings]).short());
    Ok(front)
}

/// Where a record stands in the file.
#[derive(Debug, Clone, Copy)]
struct Record {
    offset: u64,
    length: u64,
}

/// What is known, and where it stands, by file.
type Found = HashMap<String, (Known, Record)>;

/// Finds the records that hold for a definition and are wanted, and the end of what is sound.
/// A file that is not there or is foreign has its end at 0.
fn load(path: &Path, definition: ContentHash, wanted: &[Arc<str>]) -> io::Result<(Found, u64)> {
    let mut known = HashMap::new();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((known, 0)),
        Err(error) => return Err(error),
    };
    let size = file.metadata()?.len();
    let mut source = BufReader::with_capacity(1 << 16, file);
    let mut kind = [0; KIND.len()];
    if source.read_exact(&mut kind).is_err() || kind != *KIND {
        return Ok((known, 0));
    }
    let wanted: HashSet<&str> = wanted.iter().map(|file| &**file).collect();
    let mut end = KIND.len() as u64;
    let mut readings = Vec::new();
    while let Some((summary, length)) = next(&mut source, size - end, &mut readings)? {
        let record = Record { offset: end, length };
        end += length;
        let Ok((Some(key), packed)) = postcard::take_from_bytes::<Option<Key>>(&summary) else { continue };
        if key.definition == definition && wanted.contains(key.file.as_str()) {
            let (file, summary) = (key.file.clone(), packed.into());
            let known_readings = end - readings.len() as u64;
            known.insert(file, (Known { key, summary, readings: known_readings }, record));
        }
    }
    Ok((known, end))
}

/// The next record: its summary and its length, its readings in the room given. `None` at the end
/// and where what follows is not whole.
fn next(source: &mut impl Read, left: u64, readings: &mut Vec<u8>) -> io::Result<Option<(Vec<u8>, u64)>> {
    if left < FRONT as u64 {
        return Ok(None);
    }
    let mut expected = [0; FRONT];
    source.read_exact(&mut expected)?;
    let [a, b, c, d, e, f, g, h, ..] = expected;
    let lengths = [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])];
    let length = FRONT as u64 + u64::from(lengths[0]) + u64::from(lengths[1]);
    if length > left {
        return Ok(None);
    }
    let mut summary = vec![0; lengths[0] as usize];
    source.read_exact(&mut summary)?;
    readings.resize(lengths[1] as usize, 0);
    source.read_exact(readings)?;
    let is_whole = front(&summary, readings).is_ok_and(|front| front == expected);
    Ok(is_whole.then_some((summary, length)))
}

/// Writes the file anew with these records only: beside its place, then renamed.
fn compacted(path: &Path, known: Found) -> io::Result<ReadingsWriter> {
    let draft = path.with_extension("draft");
    let mut target = BufWriter::new(File::create(&draft)?);
    target.write_all(KIND)?;
    let mut end = KIND.len() as u64;
    let mut kept = HashMap::with_capacity(known.len());
    if !known.is_empty() {
        let mut source = File::open(path)?;
        let mut records: Vec<(String, (Known, Record))> = known.into_iter().collect();
        records.sort_by_key(|(_, (_, record))| record.offset);
        for (file, (mut known, record)) in records {
            source.seek(SeekFrom::Start(record.offset))?;
            io::copy(&mut (&source).take(record.length), &mut target)?;
            known.readings = end + (known.readings - record.offset);
            end += record.length;
            kept.insert(file, known);
        }
    }
    drop(target.into_inner().map_err(io::IntoInnerError::into_error)?);
    fs::rename(&draft, path)?;
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    file.seek(SeekFrom::Start(end))?;
    Ok(ReadingsWriter::at(file, end, kept))
}
