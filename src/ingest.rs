//! From a folder of returned workbooks to readings with provenance, and findings.
//!
//! Files are read in parallel and independently; whatever is wrong with one becomes a finding
//! about that one. What comes out is ordered by institution, never by thread or file system.

mod answers;
mod blocks;
mod budget;
mod content_hash;
mod cover;
mod folder;
mod guard;
mod labelled;
mod legacy;
mod opendocument;
mod reading;
mod refusal;
mod sheet;
mod spill;
mod workbook;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use crate::finding::{self, Code, Finding, Place};
use crate::form::Form;
use crate::survey::{Institution, Prompt, Roster, Survey, comparable};
pub use answers::prompt_name;
pub use content_hash::ContentHash;
use guard::Scratch;
pub use reading::{Answer, CellPlace, Chosen, Content, Reading, Written};
use refusal::Refusal;
pub use sheet::Format;
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
    /// The hash of its bytes; `None` where they could not be read.
    pub id: Option<ContentHash>,
    /// Its path within the folder.
    pub file: Arc<str>,
    /// Its size.
    pub bytes: u64,
    /// Its file format; `None` where it is no workbook.
    pub format: Option<Format>,
    /// The program that saved it, as far as it says so.
    pub application: Arc<str>,
    /// The form it was filled on, where that is known.
    pub form: Option<Arc<str>>,
    /// The institution that sent it, where that is known.
    pub institution: Option<Arc<str>>,
    /// Its place among the workbooks of the same institution, from 1; 0 where that is not known.
    pub received: u32,
    /// What became of it.
    pub status: Status,
    /// Why, where it is not accepted.
    pub reason: Box<str>,
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
    let context = Context { survey, forms, roster, folder: &folder, spill: &spill, applications };
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

/// What the threads hand over.
struct Done {
    submissions: Vec<Submission>,
    findings: Vec<Finding>,
    /// The temporary file of readings failed.
    failed: Option<std::io::Error>,
}

struct Context<'a> {
    survey: &'a Survey,
    forms: &'a [Form],
    roster: &'a Roster,
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

    /// Reads one file. The error is that of the spill, not of the file: a file's own trouble is
    /// a finding.
    fn read_file(&self, name: &Arc<str>, scratch: &mut Scratch) -> Result<(Submission, Vec<Finding>), std::io::Error> {
        let mut submission = Submission {
            id: None,
            file: Arc::clone(name),
            bytes: 0,
            format: None,
            application: self.shared(""),
            form: None,
            institution: None,
            received: 0,
            status: Status::Rejected,
            reason: Box::default(),
            slot: None,
        };
        let mut findings = Vec::new();
        // A library that panics on a damaged file has found it damaged.
        let read = catch_unwind(AssertUnwindSafe(|| self.read_workbook(name, scratch, &mut submission, &mut findings)));
        let read = read.unwrap_or_else(|_| {
            let refusal = Refusal::new(Code::DamagedWorkbook, "the workbook's parts contradict each other");
            Err((refusal, Place::File(name.to_string())))
        });
        match read {
            Ok(reading) => {
                submission.status = Status::Accepted;
                submission.slot = Some(self.spill.put(&reading)?);
            }
            Err((refusal, place)) => {
                submission.reason = refusal.message.clone().into();
                let remedy = refusal.code.rule().remedy;
                findings.push(Finding::new(refusal.code, place, refusal.message, remedy));
            }
        }
        if let Some(institution) = &submission.institution {
            for finding in &mut findings {
                finding.institution = Some(institution.to_string());
            }
        }
        Ok((submission, findings))
    }

    fn read_workbook(
        &self,
        file: &str,
        scratch: &mut Scratch,
        submission: &mut Submission,
        findings: &mut Vec<Finding>,
    ) -> Result<Reading, (Refusal, Place)> {
        let path = self.folder.join(file);
        let of_file = |refusal: Refusal| (refusal, Place::File(file.to_owned()));
        let unreadable =
            |error: std::io::Error| of_file(Refusal::new(Code::UnreadableFile, format!("cannot be read: {error}")));
        submission.bytes = std::fs::metadata(&path).map_err(unreadable)?.len();
        if submission.bytes > guard::FILE_LIMIT {
            let message = format!("the file has {} MB, a filled questionnaire has far less", submission.bytes >> 20);
            return Err(of_file(Refusal::new(Code::UnsafeWorkbook, message)));
        }
        let bytes = std::fs::read(&path).map_err(unreadable)?;
        submission.id = Some(ContentHash::of(&bytes));
        let cleared = guard::clear(&bytes, scratch).map_err(of_file)?;
        let workbook = workbook::read(&bytes, cleared).map_err(of_file)?;
        submission.format = Some(workbook.format);
        submission.application = self.shared(&workbook.application);
        for (sheet, after, what) in &workbook.damaged {
            let name = workbook.sheets[*sheet].name.clone();
            let place = Place::Sheet { file: file.to_owned(), sheet: name };
            let near = after.map_or("the first cell".to_owned(), |cell| format!("{cell}"));
            let message = format!("an error value that only newer versions of Excel know, after {near}: {what}");
            findings.push(Finding::new(Code::CellError, place, message, Code::CellError.rule().remedy));
        }

        let (form, sheets, cover) = cover::recognise(self.forms, &workbook).map_err(of_file)?;
        submission.form = Some(Arc::clone(&form.id));
        let cover_sheet = &workbook.sheets[cover.sheet].name;
        let cell = |cell| Place::Cell { file: file.to_owned(), sheet: cover_sheet.clone(), cell };
        let Some((code, code_cell)) = cover.code else {
            let place = Place::Sheet { file: file.to_owned(), sheet: cover_sheet.clone() };
            return Err((Refusal::new(Code::UnknownInstitution, "the institution code on the cover is empty"), place));
        };
        let Some(institution) = self.roster.find(&code) else {
            let year = self.survey.fiscal_year;
            let message = format!("institution code 「{code}」 is not on the roster of {year}");
            return Err((Refusal::new(Code::UnknownInstitution, message), cell(code_cell)));
        };
        submission.institution = Some(Arc::clone(&institution.code));
        if let Some((name, name_cell)) = cover.name
            && comparable(&name) != comparable(&institution.name)
        {
            let message =
                format!("「{name}」 on the cover, but {} is 「{}」 on the roster", institution.code, institution.name);
            findings.push(Finding::new(Code::NameDiffers, cell(name_cell), message, Code::NameDiffers.rule().remedy));
        }
        let asked = prompts_asked(self.survey, institution);
        let (answers, noticed) = answers::read(self.survey, form, file, &sheets, &asked);
        findings.extend(noticed);
        Ok(Reading {
            institution: institution.code.to_string(),
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

/// Puts the workbooks in order, and decides which one counts where an institution sent several:
/// the last in file order.
fn settle_repeats(submissions: &mut [Submission], findings: &mut Vec<Finding>) {
    // No two files have the same name, so the order is total and an unstable sort, which needs no
    // second copy of the list, gives the same every time.
    submissions.sort_unstable_by(|a, b| {
        let unknown = |one: &Submission| one.institution.is_none();
        let by_institution = unknown(a).cmp(&unknown(b)).then_with(|| a.institution.cmp(&b.institution));
        by_institution.then_with(|| name_order(&a.file).cmp(&name_order(&b.file)))
    });
    for group in submissions.chunk_by_mut(|a, b| a.institution.is_some() && a.institution == b.institution) {
        let Some(institution) = group[0].institution.clone() else { continue };
        for (position, submission) in group.iter_mut().enumerate() {
            submission.received = u32::try_from(position + 1).expect("an institution sends few workbooks");
        }
        let Some(last) = group.iter().rposition(|submission| submission.status == Status::Accepted) else { continue };
        let (counts, counted_id) = (group[last].file.clone(), group[last].id);
        for submission in group[..last].iter_mut().filter(|submission| submission.status == Status::Accepted) {
            submission.status = Status::Superseded;
            // Its answers do not count, so nobody has to ask about them.
            findings.retain(|finding| finding.place.file() != Some(&submission.file));
            submission.reason = format!("{counts} of the same institution counts").into();
            let (code, what) = if submission.id == counted_id {
                (Code::SameFileTwice, "is a copy of")
            } else {
                (Code::RepeatedInstitution, "is of the same institution as")
            };
            let message = format!("the workbook {what} [{counts}], which counts");
            let place = Place::File(submission.file.to_string());
            findings.push(Finding::new(code, place, message, code.rule().remedy).of(&institution));
        }
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

/// File names in the order in which people number them: `x.xlsx` before `x (2).xlsx`, that before
/// `x (10).xlsx`, and all before `x_再提出.xlsx`. The name without its ending is compared first,
/// digits as the number they spell.
fn name_order(file: &str) -> (Vec<(&str, u64)>, &str) {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let mut pieces = Vec::new();
    let mut rest = stem;
    while !rest.is_empty() {
        let text = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (before, digits) = rest.split_at(text);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        pieces.push((before, digits[..end].parse().unwrap_or(0)));
        rest = &digits[end..];
    }
    (pieces, file)
}
