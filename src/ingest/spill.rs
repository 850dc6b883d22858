//! Readings on disk until all files are read: the order of the institutions is known only then,
//! and ten times as many workbooks must not take ten times the memory.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::sync::Mutex;

use rayon::prelude::*;

use super::reading::Reading;

/// Where a reading lies in the spill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    offset: u64,
    length: u32,
}

/// A spill that readings are put into, from any thread.
#[derive(Debug)]
pub struct SpillWriter {
    inner: Mutex<(BufWriter<File>, u64)>,
}

/// A spill that readings are taken from.
#[derive(Debug)]
pub struct Spill {
    file: BufReader<File>,
}

impl SpillWriter {
    /// A new spill in the system's folder for temporary files; it has no name and goes away
    /// with the process.
    pub fn new() -> io::Result<SpillWriter> {
        Ok(SpillWriter { inner: Mutex::new((BufWriter::with_capacity(1 << 16, tempfile::tempfile()?), 0)) })
    }

    /// Puts a reading in.
    pub fn put(&self, reading: &Reading) -> io::Result<Slot> {
        let bytes = postcard::to_stdvec(reading).map_err(io::Error::other)?;
        let mut inner = self.inner.lock().map_err(|_| io::Error::other("another thread failed while writing"))?;
        let (file, offset) = &mut *inner;
        file.write_all(&bytes)?;
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        let slot = Slot { offset: *offset, length };
        *offset += bytes.len() as u64;
        Ok(slot)
    }

    /// Turns to taking out.
    pub fn finish(self) -> io::Result<Spill> {
        let (file, _) = self.inner.into_inner().map_err(|_| io::Error::other("another thread failed while writing"))?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(Spill { file: BufReader::new(file) })
    }
}

impl Spill {
    /// Takes readings out, in the order of their slots.
    pub fn take(&mut self, slots: &[Slot]) -> io::Result<Vec<Reading>> {
        let mut packed = Vec::with_capacity(slots.len());
        for slot in slots {
            let mut bytes = vec![0; slot.length as usize];
            self.file.seek(SeekFrom::Start(slot.offset))?;
            self.file.read_exact(&mut bytes)?;
            packed.push(bytes);
        }
        let read: Vec<Result<Reading, postcard::Error>> =
            packed.par_iter().map(|bytes| postcard::from_bytes(bytes)).collect();
        read.into_iter().collect::<Result<_, _>>().map_err(io::Error::other)
    }
}
