//! From a folder of returned workbooks to readings with provenance, and findings.
//!
//! Files are read in parallel and independently; whatever is wrong with one becomes a finding
//! about that one. What comes out is ordered by institution, never by thread or file system.

mod answers;
mod archive;
mod blocks;
mod budget;
mod compound;
mod content_hash;
mod cover;
mod examples;
mod file_names;
mod folder;
mod guard;
mod labelled;
mod legacy;
mod legacy_encryption;
mod moment;
mod number_formats;
mod opendocument;
mod passwords;
mod protection;
mod reader;
mod reading;
mod received;
mod refusal;
mod repeats;
mod reply;
mod sender;
mod sheet;
mod spill;
mod submission;
mod surroundings;
mod workbook;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use crate::finding::{self, Code, Finding, Place};
use crate::form::Form;
use crate::survey::{Institution, Roster, Survey};
pub use content_hash::ContentHash;
use guard::Scratch;
pub use moment::Moment;
pub use passwords::{Passwords, PasswordsError};
pub use reader::{FileReader, INQUIRY, Outcome};
pub use reading::{Answer, CellPlace, Chosen, Content, Reading, ReplySource, Written};
use received::Received;
pub use received::ReceivedError;
pub use reply::{Reply, ReplyLine};
pub use sheet::Format;
use spill::{Slot, Spill, SpillWriter};
pub use submission::{Status, Submission, Superseded};
pub use surroundings::surroundings;

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
    Received(#[from] ReceivedError),
    /// The temporary file of readings failed.
    #[error("the temporary file of readings failed: {source}\n  is there room in the folder for temporary files?")]
    Spill {
        /// What the system said.
        #[from]
        source: std::io::Error,
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
    spill: Spill,
}

impl Collection {
    /// The readings of workbooks that were read, in the order given.
    pub fn readings(&mut self, submissions: &[&Submission]) -> Result<Vec<Reading>, IngestError> {
        let slots: Vec<Slot> = submissions.iter().filter_map(|submission| submission.slot).collect();
        assert_eq!(slots.len(), submissions.len(), "an accepted workbook was read");
        Ok(self.spill.take(&slots)?)
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
        let (received, noticed) = Received::load(log, &self.files)?;
        self.received = received;
        self.findings.extend(noticed);
        Ok(self)
    }

    /// Lists a folder; one that cannot be read or holds nothing to read is an error.
    pub fn of(folder: &Path) -> Result<Listing, IngestError> {
        let folder = folder.to_owned();
        let (files, findings) = match folder::list(&folder) {
            Ok(listed) => listed,
            Err(source) => return Err(IngestError::Folder { folder, source }),
        };
        if files.is_empty() {
            let passed_over = findings.iter().filter_map(|finding| finding.place.file().map(str::to_owned)).collect();
            return Err(IngestError::Empty { folder, passed_over });
        }
        Ok(Listing { folder, files, received: Received::default(), findings })
    }
}

/// Reads the returned workbooks of a folder. `progress` is told how many files there are and then
/// once for each file done, from any thread.
pub fn ingest(
    survey: &Survey,
    forms: &[Form],
    roster: &Roster,
    listing: Listing,
    passwords: &Passwords,
    progress: &dyn Progress,
) -> Result<Collection, IngestError> {
    let Listing { folder, files: candidates, received, findings } = listing;
    progress.begin(candidates.len());
    let spill = SpillWriter::new()?;
    let applications = Mutex::new(BTreeSet::new());
    let context = Context {
        reader: FileReader { survey, forms, roster, passwords },
        folder: &folder,
        spill: &spill,
        applications,
    };
    let submissions = Vec::with_capacity(candidates.len());
    let done = Mutex::new(Done { submissions, findings, opened_by: BTreeSet::new(), failed: None });
    candidates.par_iter().for_each_init(Scratch::default, |scratch, name| {
        let outcomes = context.reader.read(context.folder, name, scratch);
        let read: Vec<_> = outcomes.into_iter().map(|outcome| context.keep(outcome)).collect();
        let mut done = done.lock().expect("no thread fails while it hands over a workbook");
        for one in read {
            match one {
                Ok(Kept { submission, findings, opened_by }) => {
                    done.submissions.push(submission);
                    done.findings.extend(findings);
                    done.opened_by.extend(opened_by);
                }
                Err(error) => done.failed = Some(error),
            }
        }
        progress.step();
    });
    let done = done.into_inner().expect("no thread failed while it handed over a workbook");
    if let Some(error) = done.failed {
        return Err(error.into());
    }
    let Done { mut submissions, mut findings, opened_by, .. } = done;
    sender::presume(&mut submissions, roster, survey.fiscal_year);
    repeats::settle(&mut submissions, &mut findings, &received);
    findings.extend(passwords.unused(&opened_by));
    finding::sort(&mut findings);
    Ok(Collection { submissions, findings, spill: spill.finish()? })
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
    findings: Vec<Finding>,
    /// The lines of the passwords file that opened something.
    opened_by: BTreeSet<u32>,
    /// The temporary file of readings failed.
    failed: Option<std::io::Error>,
}

/// What one workbook leaves behind once its reading lies in the spill.
struct Kept {
    submission: Submission,
    findings: Vec<Finding>,
    opened_by: Vec<u32>,
}

struct Context<'a> {
    reader: FileReader<'a>,
    folder: &'a Path,
    spill: &'a SpillWriter,
    /// The names of programs seen so far: few, and each kept once.
    applications: Mutex<BTreeSet<Arc<str>>>,
}

impl Context<'_> {
    /// The one copy of a program's name.
    fn shared(&self, application: &str) -> Arc<str> {
        let mut known = self.applications.lock().expect("no thread fails while it looks here");
        if let Some(name) = known.get(application) {
            return Arc::clone(name);
        }
        let name: Arc<str> = application.into();
        known.insert(Arc::clone(&name));
        name
    }

    /// Puts the reading of a workbook into the spill. The error is that of the spill, not of the
    /// file: a file's own trouble is a finding.
    fn keep(&self, outcome: Outcome) -> Result<Kept, std::io::Error> {
        let known = |code: &str| self.reader.roster.find(code).map(|one| Arc::clone(&one.code));
        let form = |id: &str| {
            let known = self.reader.forms.iter().find(|form| *form.id == *id);
            known.map_or_else(|| self.shared(id), |form| Arc::clone(&form.id))
        };
        let mut submission = Submission {
            id: outcome.id,
            file: outcome.file.as_str().into(),
            bytes: outcome.bytes,
            format: outcome.format,
            application: self.shared(&outcome.application),
            form: outcome.form.as_deref().map(form),
            institution: outcome.institution.as_deref().and_then(known),
            presumed: None,
            saved: Moment::parse(&outcome.saved),
            received_at: None,
            received: 0,
            status: Status::Rejected,
            reason: Box::default(),
            reply: None,
            superseded: None,
            slot: None,
        };
        if let Some(reply) = outcome.reply {
            submission.status = Status::Accepted;
            submission.reply = Some(Box::new(reply));
            return Ok(Kept { submission, findings: outcome.findings, opened_by: outcome.opened_by });
        }
        match &outcome.reading {
            Ok(reading) => {
                submission.status = Status::Accepted;
                submission.slot = Some(self.spill.put(reading)?);
            }
            Err(reason) => submission.reason = reason.as_str().into(),
        }
        Ok(Kept { submission, findings: outcome.findings, opened_by: outcome.opened_by })
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
