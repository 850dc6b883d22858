//! Workers side by side: each file of a list is read by one of them. What a worker dies of becomes
//! a finding about the file that it was reading; another takes its place, and the others go on.

use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;

use super::{Cause, Fingerprints, Job, Process, Program};
use crate::finding::Code;
use crate::ingest::cache::packed::{Packed, content_of};
use crate::ingest::reader::Outcome;
use crate::ingest::refusal::Refusal;

/// How many files a worker is asked for ahead: it goes on while its last answer is dealt with.
const AHEAD: usize = 2;

/// How many files make it worth starting a worker, which takes as long as reading some of them.
const WORTH_A_WORKER: usize = 8;

/// Workers and what they work on.
#[derive(Debug)]
pub struct Crew<'a> {
    /// How they are started.
    pub program: &'a Program,
    /// What they read.
    pub job: Job,
    /// What they must have loaded.
    pub fingerprints: Fingerprints,
}

/// What a worker came to for one file, and whether the next run may rely on it. A worker that died
/// may do better another time, with more memory or less to do.
#[derive(Debug)]
pub struct Answered {
    pub packed: Packed,
    pub is_sound: bool,
}

impl Crew<'_> {
    /// Reads files, each once, and hands over what they came to, from any thread; gives the most
    /// memory that the workers have held together, in bytes. The error is that of starting a
    /// worker, or of `take`.
    pub fn read(
        &self,
        files: &[Arc<str>],
        take: &(dyn Fn(&Arc<str>, Answered) -> io::Result<()> + Sync),
    ) -> io::Result<u64> {
        let shared = Shared { files, next: AtomicUsize::new(0), stop: AtomicBool::new(false), peak: AtomicU64::new(0) };
        let count = self.program.count.min(files.len().div_ceil(WORTH_A_WORKER));
        let ends: Vec<io::Result<()>> = thread::scope(|scope| {
            let threads: Vec<_> = (0..count).map(|_| scope.spawn(|| self.lead(&shared, take))).collect();
            let join = |thread: thread::ScopedJoinHandle<'_, _>| thread.join().expect("leading a worker cannot fail");
            threads.into_iter().map(join).collect()
        });
        ends.into_iter().collect::<io::Result<()>>()?;
        Ok(shared.peak.into_inner())
    }

    /// Leads one worker, and those that take its place, until nothing is left to read.
    fn lead(
        &self,
        shared: &Shared<'_>,
        take: &(dyn Fn(&Arc<str>, Answered) -> io::Result<()> + Sync),
    ) -> io::Result<()> {
        let led = self.lead_to_the_end(shared, take);
        if led.is_err() {
            shared.stop.store(true, Ordering::Relaxed);
        }
        led
    }

    fn lead_to_the_end(
        &self,
        shared: &Shared<'_>,
        take: &(dyn Fn(&Arc<str>, Answered) -> io::Result<()> + Sync),
    ) -> io::Result<()> {
        let mut process = self.start()?;
        let mut asked: VecDeque<&Arc<str>> = VecDeque::with_capacity(AHEAD);
        loop {
            while asked.len() < AHEAD
                && let Some(file) = shared.take_next()
            {
                process.ask(file);
                asked.push_back(file);
            }
            let Some(&file) = asked.front() else { break };
            let answered = match process.answer() {
                Ok(packed) => Answered { packed, is_sound: true },
                Err(cause) => {
                    // What the files before have left in its memory may be to blame: only what
                    // ends a worker that has read nothing else is laid at the door of the file.
                    let is_blamed = process.answered == 0 || matches!(cause, Cause::Time | Cause::Silence);
                    process = self.start()?;
                    let kept = asked.iter().skip(usize::from(is_blamed));
                    kept.for_each(|file| process.ask(file));
                    if !is_blamed {
                        continue;
                    }
                    Answered { packed: self.set_aside(file, &cause), is_sound: false }
                }
            };
            asked.pop_front();
            take(file, answered)?;
        }
        if let Some(peak) = process.dismiss() {
            shared.peak.fetch_add(peak, Ordering::Relaxed);
        }
        Ok(())
    }

    fn start(&self) -> io::Result<Process> {
        Process::start(self.program, &self.job, self.fingerprints)
    }

    /// What becomes of a file that its reader did not survive.
    fn set_aside(&self, file: &str, cause: &Cause) -> Packed {
        let megabytes = self.program.memory >> 20;
        let refusal = match cause {
            Cause::Memory => {
                let message =
                    format!("reading it takes more than the {megabytes} MB of memory that a workbook may take");
                Refusal::new(Code::ReaderDied, message)
            }
            Cause::Ended(how) => Refusal::new(Code::ReaderDied, format!("the process that read it was {how}")),
            Cause::Time => {
                let seconds = self.program.seconds;
                let message =
                    format!("reading it takes more than the {seconds} s of processor time that a workbook may take");
                Refusal::new(Code::TookTooLong, message)
            }
            Cause::Silence => Refusal::new(Code::TookTooLong, "reading it did not come to an end"),
        };
        let path = Path::new(&self.job.returns).join(file);
        let content = content_of(&path, &mut Vec::new());
        let bytes = fs::metadata(&path).map_or(0, |metadata| metadata.len());
        Packed::of(content, vec![Outcome::set_aside(file, content, bytes, refusal)])
    }
}

/// What the threads share.
struct Shared<'a> {
    files: &'a [Arc<str>],
    next: AtomicUsize,
    /// Another thread cannot go on, so this run will not come to its end.
    stop: AtomicBool,
    peak: AtomicU64,
}

impl<'a> Shared<'a> {
    fn take_next(&self) -> Option<&'a Arc<str>> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        self.files.get(self.next.fetch_add(1, Ordering::Relaxed))
    }
}
