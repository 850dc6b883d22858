//! A worker: a process of its own that reads one file after the other for the program that
//! started it, so that a file that brings its reader down brings down nothing else.
//!
//! The two speak over the worker's standard input and output, see [`message`]. The worker loads
//! the same definition and roster and says by their fingerprints which ones it has. It ends when
//! its input ends: when there is nothing more to read, and when the program is gone.

pub(in crate::ingest) mod crew;
mod message;
mod process;

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use message::{Answer, Request, receive, send};
pub use message::{Fingerprints, Job};
pub use process::{Cause, Process, Program};

use crate::form::Form;
use crate::ingest::arrival::passwords::Passwords;
use crate::ingest::cache::fingerprint::{self, Entries};
use crate::ingest::cache::packed::Packed;
use crate::ingest::reader::FileReader;
use crate::ingest::unpack::guard::Scratch;
use crate::survey::{Roster, Survey};

/// The stack of the thread that reads.
const STACK: usize = 8 << 20;

/// Holds a worker to its limits, and measures it.
pub trait Limits {
    /// A file is about to be read: the time it may take begins.
    fn file_begins(&self);
    /// The file has been read.
    fn file_ends(&self);
    /// The most memory the process has held, in bytes, where the system says so.
    fn peak_memory(&self) -> Option<u64>;
}

/// Does a worker's work until its input ends, and not a moment longer: what is being read then, is
/// read for nobody. Whoever calls this ends the process when it returns. The error is that of the
/// input, or of starting to work.
pub fn work<O, L>(input: impl Read, output: O, limits: L) -> io::Result<()>
where
    O: Write + Send + 'static,
    L: Limits + Send + Sync + 'static,
{
    let mut input = BufReader::new(input);
    let Some((job, _)) = receive::<Job>(&mut input)? else { return Ok(()) };
    let (sender, requests) = channel();
    // A thread of its own has a stack of the same size on every system.
    thread::Builder::new().stack_size(STACK).spawn(move || {
        // An error is that of a broken pipe: nobody is there to be told of it.
        let _ = answer(&job, &requests, output, &limits);
    })?;
    while let Some((request, _)) = receive(&mut input)? {
        if sender.send(request).is_err() {
            break;
        }
    }
    Ok(())
}

/// Answers requests, one after the other.
fn answer(
    job: &Job,
    requests: &Receiver<Request>,
    output: impl Write + Send,
    limits: &(impl Limits + Sync),
) -> io::Result<()> {
    let output = Mutex::new(BufWriter::new(output));
    let tell = |answer: &Answer, behind: &[u8]| {
        send(&mut *output.lock().expect("no thread fails while it answers"), answer, behind)
    };
    let (survey, forms, roster, passwords) = match load(job) {
        Ok(loaded) => loaded,
        Err(error) => return tell(&Answer::Failed(error.to_string()), &[]),
    };
    // Each password has its time, however many were tried before it, and nobody takes the worker
    // for one that sleeps.
    let another_try = || {
        limits.file_begins();
        // Where the pipe is broken, the answer to the file will find out.
        let _ = tell(&Answer::Trying, &[]);
    };
    let reader = FileReader {
        survey: &survey,
        forms: &forms,
        roster: &roster,
        passwords: &passwords,
        another_try: &another_try,
    };
    tell(&Answer::Ready(fingerprints(&reader, &Entries::of(&roster))), &[])?;
    let mut scratch = Scratch::default();
    for request in requests {
        match request {
            Request::Read(file) => {
                limits.file_begins();
                let mut packed = Packed::read(&reader, Path::new(&job.returns), &file, &mut scratch);
                limits.file_ends();
                let readings = std::mem::take(&mut packed.readings);
                tell(&Answer::Read(packed), &readings)?;
            }
            Request::End => tell(&Answer::Done(limits.peak_memory()), &[])?,
        }
    }
    Ok(())
}

/// What a worker reads against.
type Loaded = (Survey, Vec<Form>, Roster, Passwords);

fn load(job: &Job) -> Result<Loaded, Box<dyn std::error::Error>> {
    let survey = Survey::load(Path::new(&job.year_file))?;
    let forms = Form::load_all(&survey)?;
    let roster = Roster::load(Path::new(&job.roster), &survey)?;
    let passwords = job.passwords.as_deref().map(|path| Passwords::load(Path::new(path))).transpose()?;
    Ok((survey, forms, roster, passwords.unwrap_or_default()))
}

/// By what a worker and the program that started it make sure that they read alike.
pub fn fingerprints(reader: &FileReader<'_>, entries: &Entries<'_>) -> Fingerprints {
    Fingerprints { definition: fingerprint::definition(reader.survey, reader.forms), roster: entries.whole() }
}
