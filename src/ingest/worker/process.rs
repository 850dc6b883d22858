//! A worker as the program that started it sees it: a process that answers, or ends, or has to be
//! ended.

use std::ffi::OsString;
use std::io::{self, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::ingest::cache::packed::Packed;
use crate::ingest::worker::message::{Answer, Fingerprints, Job, Request, receive, send};

/// How long a worker may take to load its definition: a machine under load, a slow disk.
const START: Duration = Duration::from_secs(120);
/// How long a worker may be silent over one file. Its own limit is one of processor time and far
/// shorter; this one is for a worker that sleeps, and leaves room for a loaded machine and for a
/// large file on a slow network drive.
const SILENCE: Duration = Duration::from_secs(60);
/// How much of what a worker says before it ends is looked at.
const LAST_WORDS: u64 = 1 << 16;

/// How worker processes are started.
#[derive(Debug, Clone)]
pub struct Program {
    /// The program.
    pub path: PathBuf,
    /// What makes a worker of it, with its limits.
    pub arguments: Vec<OsString>,
    /// The most memory that a worker may take, in bytes, as its arguments say.
    pub memory: u64,
    /// The most processor time that a worker may take for one file, in seconds, as its arguments say.
    pub seconds: u32,
    /// How many are at work side by side.
    pub count: usize,
}

/// Why a worker gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// It needed more memory than it may take.
    Memory,
    /// It took more processor time than it may take.
    Time,
    /// It was silent too long and was ended.
    Silence,
    /// It ended otherwise.
    Ended(String),
}

/// A worker at work.
#[derive(Debug)]
pub struct Process {
    child: Child,
    input: Option<ChildStdin>,
    answers: Receiver<(Answer, Vec<u8>)>,
    last_words: Option<JoinHandle<Vec<u8>>>,
    /// How many files it has read.
    pub answered: usize,
}

impl Process {
    /// Starts a worker and waits until it has loaded its definition.
    pub fn start(program: &Program, job: &Job, expected: Fingerprints) -> io::Result<Process> {
        let mut child = Command::new(&program.path)
            .args(&program.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take();
        let output = child.stdout.take().expect("the output of a worker is a pipe");
        let errors = child.stderr.take().expect("the errors of a worker are a pipe");
        // A program that prefers not to read on must not keep the worker from ending.
        let (sender, answers) = sync_channel(2);
        thread::spawn(move || {
            let mut output = BufReader::with_capacity(1 << 16, output);
            while let Ok(Some(answer)) = receive(&mut output) {
                if sender.send(answer).is_err() {
                    break;
                }
            }
        });
        let last_words = thread::spawn(move || {
            let mut words = Vec::new();
            let mut errors = errors;
            // What cannot be read to its end is told as far as it was read; the rest is thrown away,
            // or the worker would wait for ever to be rid of it.
            let _ = (&mut errors).take(LAST_WORDS).read_to_end(&mut words);
            let _ = io::copy(&mut errors, &mut io::sink());
            words
        });
        let mut process = Process { child, input, answers, last_words: Some(last_words), answered: 0 };
        let greeted = process.input.as_mut().is_some_and(|input| send(input, job, &[]).is_ok());
        match process.answers.recv_timeout(START) {
            Ok((Answer::Ready(found), _)) if greeted && found == expected => Ok(process),
            Ok((Answer::Ready(_), _)) => Err(io::Error::other(
                "it loaded another definition or roster than this run: was one of them changed just now?",
            )),
            Ok((Answer::Failed(why), _)) => Err(io::Error::other(why)),
            Ok(_) => Err(io::Error::other("it does not speak as a worker")),
            Err(_) => Err(io::Error::other(match process.end() {
                Cause::Memory => "the memory it may take is not enough to load the definition".to_owned(),
                Cause::Ended(how) => format!("it was {how} while it loaded the definition"),
                Cause::Time | Cause::Silence => "it did not load the definition in time".to_owned(),
            })),
        }
    }

    /// Asks for a file. A worker that no longer listens is found out when its answer is awaited.
    pub fn ask(&mut self, file: &str) {
        if let Some(input) = &mut self.input {
            let _ = send(input, &Request::Read(file.to_owned()), &[]);
        }
    }

    /// Waits for the next answer, or says why none will come. The worker is gone then.
    pub fn answer(&mut self) -> Result<Packed, Cause> {
        let answered = loop {
            match self.answers.recv_timeout(SILENCE) {
                Ok((Answer::Trying, _)) => {}
                answered => break answered,
            }
        };
        match answered {
            // Some libraries take an answer of the system that there is no more memory; others end
            // the process. It comes to the same.
            Ok((Answer::Read(packed), _)) if packed.ran_out_of_memory() => {
                self.end();
                Err(Cause::Memory)
            }
            Ok((Answer::Read(mut packed), readings)) => {
                self.answered += 1;
                packed.readings = readings;
                Ok(packed)
            }
            Ok(_) => {
                self.end();
                Err(Cause::Ended("ended for not speaking as a worker".to_owned()))
            }
            Err(RecvTimeoutError::Timeout) => {
                self.end();
                Err(Cause::Silence)
            }
            Err(RecvTimeoutError::Disconnected) => Err(self.end()),
        }
    }

    /// Says goodbye; gives the most memory that the worker has held.
    pub fn dismiss(mut self) -> Option<u64> {
        let input = self.input.as_mut()?;
        send(input, &Request::End, &[]).ok()?;
        match self.answers.recv_timeout(SILENCE) {
            Ok((Answer::Done(peak), _)) => peak,
            _ => None,
        }
    }

    /// Makes sure that the process is gone, and finds out what it died of.
    fn end(&mut self) -> Cause {
        self.input = None;
        // One that has ended by itself is not killed by this, and its own end is what is told.
        let status = match self.child.try_wait() {
            Ok(Some(status)) => Ok(status),
            // Its output has ended, so it is about to; one that only closed its output is killed.
            _ => self.wait_shortly(),
        };
        let words = self.last_words.take().and_then(|words| words.join().ok()).unwrap_or_default();
        let words = String::from_utf8_lossy(&words);
        if words.contains("memory allocation of") {
            return Cause::Memory;
        }
        match status {
            Ok(status) if is_out_of_time(status) => Cause::Time,
            Ok(_) if words.contains("overflowed its stack") => Cause::Ended("ended by an overflow of its stack".into()),
            Ok(status) => Cause::Ended(how(status)),
            Err(error) => Cause::Ended(format!("ended in an unknown way ({error})")),
        }
    }

    /// Waits for a process whose output has ended, and kills it where it does not end.
    fn wait_shortly(&mut self) -> io::Result<ExitStatus> {
        for _ in 0..200 {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(5));
        }
        self.child.kill()?;
        self.child.wait()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.input = None;
        // An error means that it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The signal of a timer of processor time (setitimer(2), ITIMER_PROF), and that of the system's
/// own limit of processor time.
#[cfg(unix)]
fn is_out_of_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    const SIGPROF: i32 = 27;
    const SIGXCPU: i32 = 24;
    matches!(status.signal(), Some(SIGPROF | SIGXCPU))
}

#[cfg(not(unix))]
fn is_out_of_time(_: ExitStatus) -> bool {
    false
}

#[cfg(unix)]
fn how(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match status.signal() {
        Some(signal) => format!("ended by signal {signal}"),
        None => format!("ended with status {}", status.code().unwrap_or(-1)),
    }
}

#[cfg(not(unix))]
fn how(status: ExitStatus) -> String {
    format!("ended with status {}", status.code().unwrap_or(-1))
}
