//! From a folder of returned workbooks to readings with provenance, and findings.
//!
//! Files are read in parallel and independently; whatever is wrong with one becomes a finding
//! about that one. What comes out is ordered by institution, never by thread or file system.

mod answers;
mod arrival;
mod cache;
mod content_hash;
mod layout;
mod reader;
mod reading;
mod refusal;
mod sheets;
mod surroundings;
mod unpack;
mod worker;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use rayon::prelude::*;

use crate::finding::{self, Code, Finding, Place};
use crate::form::Form;
use crate::survey::{Institution, Roster, Survey, TableError};
pub use answers::reply::{Entry, Reply, ReplyLine};
pub use arrival::moment::Moment;
pub use arrival::passwords::Passwords;
use arrival::received::Received;
pub use arrival::submission::{Status, Submission, Superseded};
pub use cache::fingerprint::BUILD;
use cache::fingerprint::Entries;
use cache::packed::{Packed, content_of};
use cache::readings::{Key, Readings, ReadingsWriter, Slot};
pub use content_hash::{ContentHash, ContentHasher};
pub use reader::{FileReader, INQUIRY, Outcome};
pub use reading::{Answer, CellPlace, Chosen, Content, Reading, ReplySource, Written};
pub use sheets::sheet::Format;
pub use surroundings::surroundings;
pub use unpack::guard::Scratch;
use worker::Fingerprints;
use worker::crew::{Answered, Crew};
pub use worker::{Job, Limits, Program as WorkerProgram, work};

/// Why a folder of returns cannot be ingested at all.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The folder is not there or cannot be listed.
    #[error(
        "the folder of returns {folder} cannot be read: {source}\n  name it with --returns, or under `returns` in the year's file"
    )]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is no file in it.
    #[error(
        "the folder of returns {folder} holds no workbook{}\n  put the returned workbooks there, or name another folder with --returns",
        only(.passed_over)
    )]
    Empty {
        /// The folder.
        folder: PathBuf,
        /// Files that are there and are no returns.
        passed_over: Vec<String>,
    },
    /// The intake log cannot be used.
    #[error(transparent)]
    Received(#[from] TableError),
    /// The file of readings failed.
    #[error(
        "the file of readings {path} failed: {source}\n  is there room on the disk, and may you write there? the old tables stand"
    )]
    Readings {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A worker process could not be started.
    #[error(
        "a process that reads workbooks cannot be started: {source}\n  is there memory for it, and is --worker-memory enough for more than an empty process?"
    )]
    Worker {
        /// What the system or the process said.
        source: io::Error,
    },
}

fn only(passed_over: &[String]) -> String {
    if passed_over.is_empty() { String::new() } else { format!(", only {}", passed_over.join(", ")) }
}

/// All that came back in one year.
#[derive(Debug)]
pub struct Collection {
    /// Every workbook, by institution and order of receipt; those of unknown institutions last.
    pub submissions: Vec<Submission>,
    /// What was noticed, in order.
    pub findings: Vec<Finding>,
    /// How many files were read in this run.
    pub files_read: usize,
    /// How many files were known from an earlier run and unchanged.
    pub files_known: usize,
    /// The most memory that worker processes have held together, in bytes.
    pub workers_memory: u64,
    readings: Readings,
    /// Where the readings are, for messages.
    path: PathBuf,
}

impl Collection {
    /// The readings of workbooks that were read, in the order given.
    pub fn readings(&mut self, submissions: &[&Submission]) -> Result<Vec<Reading>, IngestError> {
        let slots: Vec<Slot> = submissions.iter().filter_map(|submission| submission.slot).collect();
        assert_eq!(slots.len(), submissions.len(), "an accepted workbook was read");
        self.readings.take(&slots).map_err(|source| IngestError::Readings { path: self.path.clone(), source })
    }
}

/// The files of a folder of returns.
#[derive(Debug)]
pub struct Listing {
    folder: PathBuf,
    files: Vec<Arc<str>>,
    received: Received,
    findings: Vec<Finding>,
}

impl Listing {
    /// The same files, with the times at which an intake log says that they were received.
    pub fn with_received(mut self, log: &Path) -> Result<Listing, IngestError> {
        self.received = Received::load(log, &self.files)?;
        Ok(self)
    }

    /// Lists a folder; one that cannot be read or holds nothing to read is an error.
    pub fn of(folder: &Path) -> Result<Listing, IngestError> {
        let folder = folder.to_owned();
        let (files, findings) = match arrival::folder::list(&folder) {
            Ok(listed) => listed,
            Err(source) => return Err(IngestError::Folder { folder, source }),
        };
        if files.is_empty() {
            let passed_over = findings.iter().filter_map(|finding| finding.place.file().map(str::to_owned)).collect();
            return Err(IngestError::Empty { folder, passed_over });
        }
        Ok(Listing { folder, files, received: Received::default(), findings })
    }

    /// The file of the folder that is, or holds, what has this name.
    pub fn file_of(&self, name: &str) -> Option<&str> {
        let mut path = name;
        loop {
            if let Ok(at) = self.files.binary_search_by(|file| (**file).cmp(path)) {
                return Some(&self.files[at]);
            }
            path = path.rsplit_once('/')?.0;
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// How the files of a folder are read.
#[derive(Debug, Clone, Default)]
pub struct Means {
    /// Worker processes, and what they load; without them files are read within this process, and
    /// a file that brings its reader down brings down the run.
    pub workers: Option<(WorkerProgram, Job)>,
    /// Where the next run finds what files came to; without it everything is read every time.
    pub kept: Option<PathBuf>,
    /// Whether files are read that are known from an earlier run.
    pub fresh: bool,
}

/// Reads the returned workbooks of a folder. `progress` is told how many files there are and then
/// once for each file done, from any thread.
pub fn ingest(
    survey: &Survey,
    forms: &[Form],
    roster: &Roster,
    listing: Listing,
    passwords: &Passwords,
    means: &Means,
    progress: &dyn Progress,
) -> Result<Collection, IngestError> {
    let Listing { folder, files, mut received, findings } = listing;
    progress.begin(files.len());
    let reader = FileReader { survey, forms, roster, passwords, another_try: &|| {} };
    let entries = Entries::of(roster);
    let fingerprints = worker::fingerprints(&reader, &entries);
    let path = means.kept.clone().unwrap_or_else(|| PathBuf::from("(temporary)"));
    let failed = |source: io::Error| IngestError::Readings { path: path.clone(), source };
    let readings = match &means.kept {
        Some(kept) if means.fresh => ReadingsWriter::fresh(kept),
        Some(kept) => ReadingsWriter::kept(kept, fingerprints.definition, &files),
        None => ReadingsWriter::temporary(),
    };
    let submissions = Vec::with_capacity(files.len());
    let done =
        Done { submissions, letters: Vec::new(), findings, opened_by: BTreeSet::new(), applications: BTreeSet::new() };
    let intake = Intake {
        reader,
        entries,
        definition: fingerprints.definition,
        passwords: OnceLock::new(),
        folder: &folder,
        readings: readings.map_err(failed)?,
        done: Mutex::new(done),
        progress,
    };
    // What was never here is read while what was is held against its content of then.
    let (old, new): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| intake.readings.known(file).is_some());
    let (read, changed) = rayon::join(
        || intake.read(&new, means, fingerprints),
        || -> Vec<Arc<str>> {
            let if_unknown = |room: &mut Vec<u8>, file: &Arc<str>| (!intake.is_known(file, room)).then(|| file.clone());
            old.par_iter().map_init(Vec::new, if_unknown).flatten().collect()
        },
    );
    let failed_to_read = |error: ReadError| match error {
        ReadError::Readings(source) => failed(source),
        ReadError::Worker(source) => IngestError::Worker { source },
    };
    let memory = read.map_err(failed_to_read)?;
    let workers_memory = memory.max(intake.read(&changed, means, fingerprints).map_err(failed_to_read)?);
    let (files_read, files_known) = (new.len() + changed.len(), old.len() - changed.len());
    let Intake { readings, done, .. } = intake;
    let done = done.into_inner().expect("no thread failed while it handed over");
    let Done { mut submissions, mut letters, mut findings, opened_by, .. } = done;
    arrival::sender::presume(&mut submissions, roster, survey.fiscal_year);
    letters.sort_by(|a, b| a.0.file.cmp(&b.0.file));
    arrival::letters::settle(letters, &mut submissions, &mut findings, roster, survey.fiscal_year);
    let workbooks: Vec<Arc<str>> = submissions.iter().map(|one| Arc::clone(&one.file)).collect();
    findings.extend(received.settle(&workbooks));
    arrival::precedence::settle(&mut submissions, &mut findings, &received);
    findings.extend(passwords.unused(&opened_by));
    finding::sort(&mut findings);
    Ok(Collection {
        submissions,
        findings,
        files_read,
        files_known,
        workers_memory,
        readings: readings.finish().map_err(failed)?,
        path,
    })
}

/// What failed while files were read.
enum ReadError {
    Readings(io::Error),
    Worker(io::Error),
}

/// Who is told how far the reading of files has come.
pub trait Progress: Sync {
    /// This many files will be read.
    fn begin(&self, files: usize);
    /// One more file is done.
    fn step(&self);
}

/// What the threads hand over.
struct Done {
    submissions: Vec<Submission>,
    /// Documents that may lie beside returns, with what was noticed about each.
    letters: Vec<(Submission, Vec<Finding>)>,
    findings: Vec<Finding>,
    /// The lines of the passwords file that were of use.
    opened_by: BTreeSet<u32>,
    /// The names of programs seen so far: few, and each kept once.
    applications: BTreeSet<Arc<str>>,
}

impl Done {
    /// The one copy of a program's name.
    fn shared(&mut self, application: &str) -> Arc<str> {
        if let Some(name) = self.applications.get(application) {
            return Arc::clone(name);
        }
        let name: Arc<str> = application.into();
        self.applications.insert(Arc::clone(&name));
        name
    }
}

/// Where what files came to is gathered.
struct Intake<'a> {
    reader: FileReader<'a>,
    entries: Entries<'a>,
    definition: ContentHash,
    /// The fingerprint of the passwords and of the roster, once a file needs it.
    passwords: OnceLock<ContentHash>,
    folder: &'a Path,
    readings: ReadingsWriter,
    done: Mutex<Done>,
    progress: &'a dyn Progress,
}

impl Intake<'_> {
    /// Reads files; gives the most memory that worker processes held together, in bytes.
    fn read(&self, files: &[Arc<str>], means: &Means, fingerprints: Fingerprints) -> Result<u64, ReadError> {
        let Some((program, job)) = &means.workers else {
            let read: Vec<io::Result<()>> = files
                .par_iter()
                .map_init(Scratch::default, |scratch, file| {
                    self.take(file, &Packed::read(&self.reader, self.folder, file, scratch), true)
                })
                .collect();
            return read.into_iter().collect::<io::Result<()>>().map(|()| 0).map_err(ReadError::Readings);
        };
        let failed = Mutex::new(None);
        let take = |file: &Arc<str>, answered: Answered| {
            self.take(file, &answered.packed, answered.is_sound).map_err(|error| {
                *failed.lock().expect("no thread fails while it reports") = Some(error);
                io::Error::other("the readings failed")
            })
        };
        let crew = Crew { program, job: job.clone(), fingerprints };
        let read = crew.read(files, &take);
        match failed.into_inner().expect("no thread failed while it reported") {
            Some(error) => Err(ReadError::Readings(error)),
            None => read.map_err(ReadError::Worker),
        }
    }

    /// Whether an earlier run has read this very file against this very definition and roster; if
    /// so, takes in what it came to.
    fn is_known(&self, file: &Arc<str>, room: &mut Vec<u8>) -> bool {
        let known = self.readings.known(file).filter(|known| {
            known.key.definition == self.definition
                && content_of(&arrival::folder::locate(self.folder, file), room) == Some(known.key.content)
        });
        let Some((packed, slots)) = known.and_then(|known| known.unpack()) else { return false };
        let holds = known.is_some_and(|known| {
            known.key.roster == self.entries.behind(&packed.outcomes)
                && known.key.passwords == self.passwords_behind(&packed.outcomes)
        });
        if holds {
            self.hand_over(packed.outcomes, slots);
        }
        holds
    }

    /// The fingerprint of what a protected file was tried with: all passwords, and the whole roster, by which the
    /// likeliest are tried first. `None` where no password can change the outcomes.
    fn passwords_behind(&self, outcomes: &[Outcome]) -> Option<ContentHash> {
        let is_any = outcomes.iter().any(Outcome::depends_on_passwords);
        is_any.then(|| {
            *self
                .passwords
                .get_or_init(|| ContentHash::of_value(&(self.reader.passwords.fingerprint(), self.entries.whole())))
        })
    }

    /// Takes in what a file came to. The error is that of the file of readings, not of the file:
    /// a file's own trouble is a finding.
    fn take(&self, file: &str, packed: &Packed, is_sound: bool) -> io::Result<()> {
        // Another time there may be more memory.
        let may_be_kept = is_sound && !packed.ran_out_of_memory();
        let key = packed.content.filter(|_| may_be_kept).map(|content| Key {
            file: file.to_owned(),
            content,
            definition: self.definition,
            roster: self.entries.behind(&packed.outcomes),
            passwords: self.passwords_behind(&packed.outcomes),
        });
        let slots = self.readings.put(key.as_ref(), packed)?;
        self.hand_over(packed.outcomes.clone(), slots);
        Ok(())
    }

    fn hand_over(&self, outcomes: Vec<Outcome>, slots: Vec<Option<Slot>>) {
        let known = |code: &str| self.reader.roster.find(code).map(|one| Arc::clone(&one.code));
        let forms = &self.reader.forms;
        let mut done = self.done.lock().expect("no thread fails while it hands over");
        for (outcome, slot) in outcomes.into_iter().zip(slots) {
            let form = outcome.form.map(|id| {
                let known = forms.iter().find(|form| *form.id == *id);
                known.map_or_else(|| done.shared(&id), |form| Arc::clone(&form.id))
            });
            let is_reply = form.as_deref() == Some(INQUIRY) && outcome.reply.is_some();
            let is_accepted = slot.is_some() || is_reply;
            let submission = Submission {
                id: outcome.id,
                file: outcome.file.into(),
                bytes: outcome.bytes,
                format: outcome.format,
                application: done.shared(&outcome.application),
                form,
                institution: outcome.institution.as_deref().and_then(known),
                presumed: None,
                saved: Moment::parse(&outcome.saved),
                received_at: None,
                received: 0,
                status: if is_accepted { Status::Accepted } else { Status::Rejected },
                reason: outcome.reading.err().filter(|_| !is_accepted).unwrap_or_default().into(),
                reply: outcome.reply.map(Box::new),
                reply_order: 0,
                superseded: None,
                slot,
            };
            if outcome.is_letter {
                done.letters.push((submission, outcome.findings));
                continue;
            }
            done.submissions.push(submission);
            done.findings.extend(outcome.findings);
            done.opened_by.extend(outcome.opened_by);
        }
        drop(done);
        self.progress.step();
    }
}

/// A finding for everyone who was asked and has no accepted workbook.
pub fn not_returned(roster: &Roster, submissions: &[Submission]) -> Vec<Finding> {
    let accepted = submissions.iter().filter(|one| one.counts());
    let returned: BTreeSet<&str> = accepted.filter_map(|one| one.institution.as_deref()).collect();
    let missing = roster.institutions().into_iter().filter(|one| !returned.contains(&*one.code));
    missing
        .map(|Institution { code, name, .. }| {
            let rule = Code::NotReturned.rule();
            let message = format!("{code} {name} was asked, and no usable workbook of it is here");
            Finding::new(Code::NotReturned, Place::Collection, message, rule.remedy).of(code)
        })
        .collect()
}
