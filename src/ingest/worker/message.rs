//! What a worker and the program that started it say to each other: each message with its length
//! before it, and behind it whatever is only passed on.

use std::ffi::OsString;
use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::ingest::cache::packed::Packed;
use crate::ingest::content_hash::ContentHash;

/// The longest message: what the guard lets through of one workbook is far shorter.
const LONGEST: u32 = 1 << 30;

/// The first message to a worker: what it reads, and against which definition.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    /// The year's file.
    pub year_file: OsString,
    /// The roster.
    pub roster: OsString,
    /// The passwords of protected files, where there are any. The passwords themselves do not pass
    /// from process to process.
    pub passwords: Option<OsString>,
    /// The folder of returned workbooks.
    pub returns: OsString,
}

/// What a definition and a roster are known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprints {
    /// The definition.
    pub definition: ContentHash,
    /// The whole roster.
    pub roster: ContentHash,
}

/// What a worker is asked to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Request {
    /// Read this file of the folder.
    Read(String),
    /// Say goodbye.
    End,
}

/// What a worker answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Answer {
    /// It has loaded this.
    Ready(Fingerprints),
    /// It cannot work, and why.
    Failed(String),
    /// It tries another password on a file.
    Trying,
    /// What a file came to; its readings follow the message.
    Read(Packed),
    /// Goodbye; the most memory it has held, in bytes.
    Done(Option<u64>),
}

/// Sends a message, and bytes behind it.
pub fn send(output: &mut impl Write, message: &impl Serialize, behind: &[u8]) -> io::Result<()> {
    let message = postcard::to_stdvec(message).map_err(io::Error::other)?;
    for part in [message.as_slice(), behind] {
        let length = u32::try_from(part.len()).map_err(io::Error::other)?;
        output.write_all(&length.to_le_bytes())?;
    }
    output.write_all(&message)?;
    output.write_all(behind)?;
    output.flush()
}

/// Receives a message, and the bytes behind it; `None` at the end.
pub fn receive<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<(T, Vec<u8>)>> {
    let mut lengths = [0; 8];
    match input.read_exact(&mut lengths) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        done => done?,
    }
    let [a, b, c, d, e, f, g, h] = lengths;
    let mut parts = [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])].map(|length| {
        if length > LONGEST { Err(io::Error::other("a message longer than any")) } else { Ok(vec![0; length as usize]) }
    });
    for part in &mut parts {
        match part {
            Ok(bytes) => input.read_exact(bytes)?,
            Err(error) => return Err(io::Error::new(error.kind(), error.to_string())),
        }
    }
    let [message, behind] = parts;
    Ok(Some((postcard::from_bytes(&message?).map_err(io::Error::other)?, behind?)))
}
