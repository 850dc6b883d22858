//! From a folder of returned workbooks to readings with provenance, and findings.
//!
//! Files are read in parallel and independently; whatever is wrong with one becomes a finding
//! about that one. What comes out is ordered by institution, never by thread or file system.

mod answers;
mod blocks;
mod cover;
mod folder;
mod guard;
mod labelled;
mod reading;
mod sheet;
mod spill;
mod workbook;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::finding::{self, Code, Finding, Place};
use crate::form::Form;
use crate::survey::{Institution, Prompt, Roster, Survey, comparable};
pub use answers::prompt_name;
use folder::Candidate;
use guard::Refusal;
pub use reading::{Answer, CellPlace, Chosen, Content, Reading, Written};
use spill::{Slot, Spill, SpillWriter};

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
        "the folder of returns {folder} holds no file\n  put the returned workbooks there, or name another folder with --returns"
    )]
    Empty {
        /// The folder.
        folder: PathBuf,
    },
    /// The temporary file of readings failed.
    #[error("the temporary file of readings failed: {source}\n  is there room in the folder for temporary files?")]
    Spill {
        /// What the system said.
        #[from]
        source: std::io::Error,
    },
}

/// What became of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Its answers count.
    Accepted,
    /// A later one of the same institution counts in its place.
    Superseded,
    /// It could not be used.
    Rejected,
}

impl Status {
    /// The word in the store.
    pub fn word(self) -> &'static str {
        match self {
            Status::Accepted => "accepted",
            Status::Superseded => "superseded",
            Status::Rejected => "rejected",
        }
    }
}

/// One received workbook.
#[derive(Debug, Clone)]
pub struct Submission {
    /// SHA-256 of its bytes, in hexadecimal.
    pub id: String,
    /// Its path within the folder.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// xlsx, xlsm, xls or ods; empty where it is no workbook.
    pub format: &'static str,
    /// The program that saved it, as far as it says so.
    pub application: String,
    /// The form it was filled on; empty where that is not known.
    pub form: String,
    /// The institution that sent it, where that is known.
    pub institution: Option<String>,
    /// Its place among the workbooks of the same institution, from 1; 0 where that is not known.
    pub received: u32,
    /// What became of it.
    pub status: Status,
    /// Why, where it is not accepted.
    pub reason: String,
    slot: Option<Slot>,
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
    /// The reading of an accepted or superseded workbook.
    pub fn reading(&mut self, submission: &Submission) -> Result<Option<Reading>, IngestError> {
        submission.slot.map(|slot| self.spill.take(slot)).transpose().map_err(IngestError::from)
    }
}

/// Reads a folder of returned workbooks. `progress` is told how many files there are and then
/// once for each file done, from any thread.
pub fn ingest(
    survey: &Survey,
    forms: &[Form],
    roster: &Roster,
    folder: &Path,
    progress: &dyn Progress,
) -> Result<Collection, IngestError> {
    let (candidates, mut findings) =
        folder::list(folder).map_err(|source| IngestError::Folder { folder: folder.to_owned(), source })?;
    if candidates.is_empty() {
        return Err(IngestError::Empty { folder: folder.to_owned() });
    }
    progress.begin(candidates.len());
    let spill = SpillWriter::new()?;
    let context = Context { survey, forms, roster, spill: &spill };
    let read: Vec<Result<(Submission, Vec<Finding>), std::io::Error>> = candidates
        .par_iter()
        .map(|candidate| {
            let result = context.read_file(candidate);
            progress.step();
            result
        })
        .collect();
    let mut submissions = Vec::with_capacity(read.len());
    for result in read {
        let (submission, noticed) = result?;
        submissions.push(submission);
        findings.extend(noticed);
    }
    settle_repeats(&mut submissions, &mut findings);
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

struct Context<'a> {
    survey: &'a Survey,
    forms: &'a [Form],
    roster: &'a Roster,
    spill: &'a SpillWriter,
}

impl Context<'_> {
    /// Reads one file. The error is that of the spill, not of the file: a file's own trouble is
    /// a finding.
    fn read_file(&self, candidate: &Candidate) -> Result<(Submission, Vec<Finding>), std::io::Error> {
        let mut submission = Submission {
            id: String::new(),
            file: candidate.name.clone(),
            bytes: 0,
            format: "",
            application: String::new(),
            form: String::new(),
            institution: None,
            received: 0,
            status: Status::Rejected,
            reason: String::new(),
            slot: None,
        };
        let mut findings = Vec::new();
        match self.read_workbook(candidate, &mut submission, &mut findings) {
            Ok(reading) => {
                submission.status = Status::Accepted;
                submission.slot = Some(self.spill.put(&reading)?);
            }
            Err((refusal, place)) => {
                submission.reason = refusal.message.clone();
                let remedy = refusal.code.rule().remedy;
                findings.push(Finding::new(refusal.code, place, refusal.message, remedy));
            }
        }
        if let Some(institution) = &submission.institution {
            for finding in &mut findings {
                finding.institution = Some(institution.clone());
            }
        }
        Ok((submission, findings))
    }

    fn read_workbook(
        &self,
        candidate: &Candidate,
        submission: &mut Submission,
        findings: &mut Vec<Finding>,
    ) -> Result<Reading, (Refusal, Place)> {
        let of_file = |refusal: Refusal| (refusal, Place::File(candidate.name.clone()));
        let unreadable =
            |error: std::io::Error| of_file(Refusal::new(Code::UnreadableFile, format!("cannot be read: {error}")));
        submission.bytes = std::fs::metadata(&candidate.path).map_err(unreadable)?.len();
        if submission.bytes > guard::FILE_LIMIT {
            let message = format!("the file has {} MB, a filled questionnaire has far less", submission.bytes >> 20);
            return Err(of_file(Refusal::new(Code::UnsafeWorkbook, message)));
        }
        let bytes = std::fs::read(&candidate.path).map_err(unreadable)?;
        submission.id = content_hash(&bytes);
        let cleared = guard::clear(&bytes).map_err(of_file)?;
        let workbook = workbook::read(&bytes, cleared).map_err(of_file)?;
        submission.format = workbook.format;
        submission.application.clone_from(&workbook.application);
        for (sheet, after, what) in &workbook.damaged {
            let name = workbook.sheets[*sheet].name.clone();
            let place = Place::Sheet { file: candidate.name.clone(), sheet: name };
            let near = after.map_or("the first cell".to_owned(), |cell| format!("{cell}"));
            let message = format!("an error value that only newer versions of Excel know, after {near}: {what}");
            findings.push(Finding::new(Code::CellError, place, message, Code::CellError.rule().remedy));
        }

        let (form, sheets, cover) = cover::recognise(self.forms, &workbook).map_err(of_file)?;
        submission.form.clone_from(&form.id);
        let cover_sheet = &workbook.sheets[cover.sheet].name;
        let cell = |cell| Place::Cell { file: candidate.name.clone(), sheet: cover_sheet.clone(), cell };
        let Some((code, code_cell)) = cover.code else {
            let place = Place::Sheet { file: candidate.name.clone(), sheet: cover_sheet.clone() };
            return Err((Refusal::new(Code::UnknownInstitution, "the institution code on the cover is empty"), place));
        };
        let Some(institution) = self.roster.find(&code) else {
            let year = self.survey.fiscal_year;
            let message = format!("institution code 「{code}」 is not on the roster of {year}");
            return Err((Refusal::new(Code::UnknownInstitution, message), cell(code_cell)));
        };
        submission.institution = Some(institution.code.clone());
        if let Some((name, name_cell)) = cover.name
            && comparable(&name) != comparable(&institution.name)
        {
            let message =
                format!("「{name}」 on the cover, but {} is 「{}」 on the roster", institution.code, institution.name);
            findings.push(Finding::new(Code::NameDiffers, cell(name_cell), message, Code::NameDiffers.rule().remedy));
        }
        let asked = prompts_asked(self.survey, institution);
        let (answers, noticed) = answers::read(self.survey, form, &candidate.name, &sheets, &asked);
        findings.extend(noticed);
        Ok(Reading {
            institution: institution.code.clone(),
            sheets: workbook.sheets.iter().map(|sheet| sheet.name.clone()).collect(),
            answers,
        })
    }
}

/// All that an institution is asked: the questions of any of its sectors.
fn prompts_asked(survey: &Survey, institution: &Institution) -> Vec<Prompt> {
    let is_asked = |prompt: &Prompt| {
        let sectors = &survey.question(prompt.question).sectors;
        institution.memberships.iter().any(|membership| sectors.contains(&membership.sector))
    };
    survey.prompts().filter(is_asked).collect()
}

/// Decides which workbook counts where an institution sent several: the last in file order.
fn settle_repeats(submissions: &mut Vec<Submission>, findings: &mut Vec<Finding>) {
    let mut by_institution: BTreeMap<String, Vec<Submission>> = BTreeMap::new();
    let mut unknown = Vec::new();
    for submission in submissions.drain(..) {
        match &submission.institution {
            Some(institution) => by_institution.entry(institution.clone()).or_default().push(submission),
            None => unknown.push(submission),
        }
    }
    for (institution, mut group) in by_institution {
        group.sort_by(|a, b| name_order(&a.file).cmp(&name_order(&b.file)));
        let last = group.iter().rposition(|submission| submission.status == Status::Accepted);
        for (position, submission) in group.iter_mut().enumerate() {
            submission.received = u32::try_from(position + 1).expect("an institution sends few workbooks");
            if submission.status == Status::Accepted && Some(position) != last {
                submission.status = Status::Superseded;
            }
        }
        if let Some(last) = last {
            let counts = (group[last].file.clone(), group[last].id.clone());
            for submission in group.iter_mut().filter(|submission| submission.status == Status::Superseded) {
                submission.reason = format!("{} of the same institution counts", counts.0);
                let (code, what) = if submission.id == counts.1 {
                    (Code::SameFileTwice, "is a copy of")
                } else {
                    (Code::RepeatedInstitution, "is of the same institution as")
                };
                let message = format!("the workbook {what} [{}], which counts", counts.0);
                let place = Place::File(submission.file.clone());
                findings.push(Finding::new(code, place, message, code.rule().remedy).of(&institution));
            }
        }
        submissions.extend(group);
    }
    unknown.sort_by(|a, b| a.file.cmp(&b.file));
    submissions.extend(unknown);
}

/// File names in the order in which people number them: `x.xlsx` before `x (2).xlsx` and
/// `x_再提出.xlsx`, because the name without its ending is compared first.
fn name_order(file: &str) -> (&str, &str) {
    file.rsplit_once('.').unwrap_or((file, ""))
}

/// The SHA-256 of some content, in hexadecimal: what a workbook is known by.
pub fn content_hash(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
    }
    text
}
