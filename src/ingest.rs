//! From a folder of returned workbooks to readings with provenance, and findings.
//!
//! Files are read in parallel and independently; whatever is wrong with one becomes a finding
//! about that one. What comes out is ordered by institution, never by thread or file system.

mod answers;
mod blocks;
mod budget;
mod content_hash;
mod cover;
mod examples;
mod folder;
mod guard;
mod labelled;
mod legacy;
mod opendocument;
mod reader;
mod reading;
mod refusal;
mod repeats;
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
pub use reader::{FileReader, Outcome};
pub use reading::{Answer, CellPlace, Chosen, Content, Reading, Written};
pub use sheet::Format;
use spill::{Slot, Spill, SpillWriter};
pub use submission::{Status, Submission};
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
    findings: Vec<Finding>,
}

impl Listing {
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
        Ok(Listing { folder, files, findings })
    }
}

/// Reads the returned workbooks of a folder. `progress` is told how many files there are and then
/// once for each file done, from any thread.
pub fn ingest(
    survey: &Survey,
    forms: &[Form],
    roster: &Roster,
    listing: Listing,
    progress: &dyn Progress,
) -> Result<Collection, IngestError> {
    let Listing { folder, files: candidates, findings } = listing;
    progress.begin(candidates.len());
    let spill = SpillWriter::new()?;
    let applications = Mutex::new(BTreeSet::new());
    let context =
        Context { reader: FileReader { survey, forms, roster }, folder: &folder, spill: &spill, applications };
    let submissions = Vec::with_capacity(candidates.len());
    let done = Mutex::new(Done { submissions, findings, failed: None });
    candidates.par_iter().for_each_init(Scratch::default, |scratch, name| {
        let read = context.read_file(name, scratch);
        let mut done = done.lock().expect("no thread fails while it hands over a workbook");
        match read {
            Ok((submission, noticed)) => {
                done.submissions.push(submission);
                done.findings.extend(noticed);
            }
            Err(error) => done.failed = Some(error),
        }
        progress.step();
    });
    let done = done.into_inner().expect("no thread failed while it handed over a workbook");
    if let Some(error) = done.failed {
        return Err(error.into());
    }
    let Done { mut submissions, mut findings, .. } = done;
    repeats::settle(&mut submissions, &mut findings);
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
    /// The temporary file of readings failed.
    failed: Option<std::io::Error>,
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

    /// Reads one file and puts its reading into the spill. The error is that of the spill, not of
    /// the file: a file's own trouble is a finding.
    fn read_file(&self, name: &Arc<str>, scratch: &mut Scratch) -> Result<(Submission, Vec<Finding>), std::io::Error> {
        let outcome = self.reader.read(self.folder, name, scratch);
        let known = |code: &str| self.reader.roster.find(code).map(|one| Arc::clone(&one.code));
        let form = |id: &str| self.reader.forms.iter().find(|form| *form.id == *id).map(|form| Arc::clone(&form.id));
        let mut submission = Submission {
            id: outcome.id,
            file: Arc::clone(name),
            bytes: outcome.bytes,
            format: outcome.format,
            application: self.shared(&outcome.application),
            form: outcome.form.as_deref().and_then(form),
            institution: outcome.institution.as_deref().and_then(known),
            received: 0,
            status: Status::Rejected,
            reason: Box::default(),
            slot: None,
        };
        match &outcome.reading {
            Ok(reading) => {
                submission.status = Status::Accepted;
                submission.slot = Some(self.spill.put(reading)?);
            }
            Err(reason) => submission.reason = reason.as_str().into(),
        }
        Ok((submission, outcome.findings))
    }
}

/// A finding for everyone who was asked and has no accepted workbook.
pub fn not_returned(roster: &Roster, submissions: &[Submission]) -> Vec<Finding> {
    let accepted = submissions.iter().filter(|one| one.status == Status::Accepted);
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
