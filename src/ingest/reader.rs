//! One file of the folder, from its bytes to its answers: whatever is wrong with it becomes a
//! finding about it, and nothing it holds can reach another.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::answers;
use crate::finding::{Code, Finding, Place};
use crate::form::Form;
use crate::ingest::answers::reply::{self, Reply};
use crate::ingest::arrival::folder;
use crate::ingest::arrival::letters::beside_workbooks;
use crate::ingest::arrival::passwords::{Keys, Passwords};
use crate::ingest::arrival::sender;
use crate::ingest::content_hash::ContentHash;
use crate::ingest::layout::cover;
use crate::ingest::reading::{Answer, Reading};
use crate::ingest::refusal::{Refusal, Unread};
use crate::ingest::sheets::sheet::Format;
use crate::ingest::sheets::workbook;
use crate::ingest::unpack::archive::{Allowance, Archive, Entry};
use crate::ingest::unpack::guard::{self, Scratch};
use crate::ingest::unpack::kinds;
use crate::ingest::unpack::protection;
use crate::survey::{Institution, Prompt, Roster, Survey, comparable_name};

/// What the reading of a workbook asked of the roster: another roster that answers the same changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Consulted {
    /// The codes that were looked up, found or not.
    pub codes: Vec<String>,
    /// The names that were looked for among all of them, found or not.
    pub names: Vec<String>,
}

/// What one workbook came to: plain data, which can cross to another process and lie on disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Its path within the folder; inside an archive, the path of that and then its own.
    pub file: String,
    /// The hash of its bytes; `None` where they could not be read.
    pub id: Option<ContentHash>,
    /// Its size.
    pub bytes: u64,
    /// Its file format; `None` where it is no workbook.
    pub format: Option<Format>,
    /// The program that saved it, as far as it says so.
    pub application: String,
    /// When it was saved, as that program wrote it; empty where it did not.
    pub saved: String,
    /// The form it was filled on, where that is known.
    pub form: Option<String>,
    /// The institution that sent it, where that is known.
    pub institution: Option<String>,
    /// What was asked of the roster.
    pub consulted: Consulted,
    /// What was read, or why it is set aside.
    pub reading: Result<Reading, String>,
    /// What a follow-up workbook says; its reading is an error.
    pub reply: Option<Reply>,
    /// The lines of the passwords file that opened it, where it was protected; of an archive, all
    /// that were of use stand with the first workbook from it.
    pub opened_by: Vec<u32>,
    /// Whether it is a document that may lie beside returns, such as a letter.
    pub is_letter: bool,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

impl Outcome {
    fn new(file: &str) -> Outcome {
        Outcome {
            file: file.to_owned(),
            id: None,
            bytes: 0,
            format: None,
            application: String::new(),
            saved: String::new(),
            form: None,
            institution: None,
            consulted: Consulted::default(),
            reading: Err(String::new()),
            reply: None,
            opened_by: Vec::new(),
            is_letter: false,
            findings: Vec::new(),
        }
    }

    /// Takes note of what the file is.
    fn take_in(&mut self, bytes: &[u8]) {
        self.bytes = bytes.len() as u64;
        self.id = Some(ContentHash::of(bytes));
    }

    fn notice(&mut self, code: Code, place: Place, message: String) {
        self.findings.push(Finding::new(code, place, message, code.rule().remedy));
    }

    /// Sets the file aside as a whole: what else was found in it counts as little as its answers.
    fn reject(&mut self, (refusal, place): Rejection) {
        self.reply = None;
        if matches!(refusal.code, Code::TwoInstitutions | Code::UnknownInstitution) {
            self.institution = None;
        }
        self.reading = Err(refusal.message.clone());
        self.is_letter = kinds::is_letter(&self.file, &refusal);
        let help = refusal.remedy();
        self.findings.push(Finding::new(refusal.code, place, refusal.message, help));
    }

    /// The outcome of a file that is set aside as a whole.
    fn refused(mut self, refusal: Refusal) -> Outcome {
        let place = Place::File(self.file.clone());
        self.reject((refusal, place));
        self
    }

    /// What a file came to that could not be read at all.
    pub(in crate::ingest) fn set_aside(file: &str, id: Option<ContentHash>, bytes: u64, refusal: Refusal) -> Outcome {
        Outcome { id, bytes, ..Outcome::new(file).refused(refusal) }
    }

    /// Whether other passwords could have come to something else: what a file without a password
    /// came to does not change until the file does.
    pub fn depends_on_passwords(&self) -> bool {
        let is_locked = |finding: &Finding| finding.code == Code::EncryptedWorkbook;
        !self.opened_by.is_empty() || self.findings.iter().any(is_locked)
    }
}

/// What stands for the form of a follow-up workbook in the store.
pub const INQUIRY: &str = "inquiry";

/// Reads files against the definition of a year.
#[derive(Clone, Copy)]
pub struct FileReader<'a> {
    /// The survey.
    pub survey: &'a Survey,
    /// Its forms.
    pub forms: &'a [Form],
    /// Who was asked.
    pub roster: &'a Roster,
    /// What opens protected files.
    pub passwords: &'a Passwords,
    /// Called before each try of a password.
    pub another_try: &'a (dyn Fn() + Sync),
}

impl std::fmt::Debug for FileReader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileReader").field("passwords", self.passwords).finish_non_exhaustive()
    }
}

/// What sets a file aside, and where in it that was seen.
type Rejection = (Refusal, Place);

impl FileReader<'_> {
    /// Reads a file of the folder: one workbook, or those inside an archive.
    pub fn read(&self, folder: &Path, file: &str, scratch: &mut Scratch) -> Vec<Outcome> {
        let mut outcome = Outcome::new(file);
        let bytes = match load(&folder::locate(folder, file), &mut outcome) {
            Ok(bytes) => bytes,
            Err(refusal) => return vec![outcome.refused(refusal)],
        };
        // A library that panics on a damaged file has found it damaged.
        let read = catch_unwind(AssertUnwindSafe(|| match Archive::of(&bytes) {
            Some(archive) => self.read_archive(archive, outcome.clone(), &mut Allowance::default(), true, scratch),
            None => vec![self.read_workbook(&bytes, outcome.clone(), scratch)],
        }));
        read.unwrap_or_else(|_| vec![outcome.refused(contradictory())])
    }

    /// Reads the workbooks inside an archive, each as a submission of its own. `outermost` says
    /// that an archive inside it may be opened as well.
    fn read_archive(
        &self,
        mut archive: Archive<'_>,
        outcome: Outcome,
        allowance: &mut Allowance,
        outermost: bool,
        scratch: &mut Scratch,
    ) -> Vec<Outcome> {
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(refusal) => return vec![outcome.refused(refusal)],
        };
        let (mut outcomes, mut findings) = (Vec::new(), Vec::new());
        // What could not be opened, and what is no workbook.
        let (mut locked, mut others) = (Vec::new(), Vec::new());
        let mut opened_by: Vec<u32> = Vec::new();
        for Entry { index, name } in entries {
            let mut inner = Outcome::new(&format!("{}/{name}", outcome.file));
            if folder::is_left_behind(&name) {
                findings.push(folder::left_behind(inner.file));
                continue;
            }
            if let Some(refusal) = allowance.spent() {
                outcomes.push(outcome.clone().refused(refusal));
                break;
            }
            let institution = self.named_by(&inner.file);
            let opened = match archive.unpack(index, &self.keys(&inner.file, institution), allowance) {
                Ok(opened) => opened,
                Err(refusal) if refusal.code == Code::EncryptedWorkbook => {
                    locked.push((inner, refusal));
                    continue;
                }
                Err(refusal) => {
                    outcomes.push(inner.refused(refusal));
                    continue;
                }
            };
            inner.take_in(&opened.bytes);
            opened_by.extend(&opened.lines);
            match Archive::of(&opened.bytes) {
                Some(within) if outermost => {
                    outcomes.extend(self.read_archive(within, inner, allowance, false, scratch));
                }
                Some(_) => {
                    let message = "an archive within an archive within an archive is not opened";
                    let help = "Unpack it, and put the workbook into the folder.";
                    outcomes.push(inner.refused(Refusal::new(Code::UnsafeWorkbook, message).helped_by(help)));
                }
                None => {
                    let read = self.read_workbook(&opened.bytes, inner, scratch);
                    if read.is_letter { others.push(read) } else { outcomes.push(read) }
                }
            }
        }
        opened_by.extend(others.iter().flat_map(|one: &Outcome| &one.opened_by));
        if outcomes.is_empty() {
            outcomes.push(outcome.refused(nothing_in_it(&locked, &others)));
        } else {
            outcomes.extend(locked.into_iter().map(|(one, refusal)| one.refused(refusal)));
            findings.extend(others.into_iter().flat_map(|one| one.findings).map(beside_workbooks));
        }
        outcomes[0].findings.extend(findings);
        outcomes[0].opened_by.extend(opened_by);
        outcomes
    }

    /// Reads a workbook from its bytes.
    fn read_workbook(&self, bytes: &[u8], mut outcome: Outcome, scratch: &mut Scratch) -> Outcome {
        let file = outcome.file.clone();
        let read = catch_unwind(AssertUnwindSafe(|| self.read_bytes(bytes, scratch, &mut outcome)));
        let read = read.unwrap_or_else(|_| Err((contradictory(), Place::File(file))));
        match read {
            Ok(Some(reading)) => outcome.reading = Ok(reading),
            Ok(None) => outcome.reading = Err("a reply to the follow-up".to_owned()),
            Err(rejection) => outcome.reject(rejection),
        }
        if let Some(institution) = &outcome.institution {
            for finding in &mut outcome.findings {
                finding.institution = Some(institution.clone());
            }
        }
        outcome
    }

    /// The code of the institution that the name of a file points to, where passwords were given.
    fn named_by(&self, file: &str) -> Option<&str> {
        let is_of_use = self.passwords.count() > 0;
        let institutions = is_of_use.then(|| self.roster.institutions())?;
        sender::named_by(file, &institutions, self.survey.fiscal_year).map(|one| &*one.code)
    }

    fn keys<'k>(&'k self, file: &'k str, institution: Option<&'k str>) -> Keys<'k> {
        Keys { passwords: self.passwords, file, institution, another_try: self.another_try }
    }

    /// The institution with a code.
    fn find(&self, code: &str, outcome: &mut Outcome) -> Option<&Institution> {
        outcome.consulted.codes.push(code.to_owned());
        self.roster.find(code)
    }

    /// Takes over what a follow-up workbook says, for the institution that its lines name.
    fn take_reply(&self, recognised: reply::Recognised, outcome: &mut Outcome) -> Result<(), Rejection> {
        let (mut reply, noticed) = recognised?;
        outcome.findings.extend(noticed);
        let Some(institution) = self.find(&reply.institution, outcome) else {
            let message = format!("institution code 「{}」 is not on the roster", reply.institution);
            return Err((Refusal::new(Code::UnknownInstitution, message), Place::File(outcome.file.clone())));
        };
        reply.institution = institution.code.to_string();
        outcome.institution = Some(reply.institution.clone());
        outcome.reply = Some(reply);
        Ok(())
    }

    /// Reads a workbook: its answers, unless it is a follow-up workbook and nothing else.
    fn read_bytes(
        &self,
        bytes: &[u8],
        scratch: &mut Scratch,
        outcome: &mut Outcome,
    ) -> Result<Option<Reading>, Rejection> {
        let file = outcome.file.clone();
        let file = file.as_str();
        let of_file = |refusal: Refusal| (refusal, Place::File(file.to_owned()));
        let opened = protection::open(bytes, &self.keys(file, self.named_by(file))).map_err(of_file)?;
        let bytes = match &opened {
            Some(opened) => {
                outcome.opened_by.extend(&opened.lines);
                opened.bytes.as_slice()
            }
            None => bytes,
        };
        let mut workbook = workbook::read(guard::clear(bytes, scratch).map_err(of_file)?).map_err(of_file)?;
        outcome.format = Some(workbook.format);
        outcome.application.clone_from(&workbook.application);
        outcome.saved.clone_from(&workbook.saved);
        if !workbook.carries.is_empty() {
            let message =
                format!("the workbook carries {}; nothing of it was run or followed", workbook.carries.join(", "));
            outcome.notice(Code::ActiveContent, Place::File(file.to_owned()), message);
        }
        for Unread { name, why } in &workbook.unread {
            let place = Place::Sheet { file: file.to_owned(), sheet: name.clone() };
            outcome.notice(Code::SheetNotRead, place, format!("the sheet cannot be read: {why}"));
        }
        for (sheet, after, what) in &workbook.damaged {
            let name = workbook.sheets[*sheet].name.clone();
            let place = Place::Sheet { file: file.to_owned(), sheet: name };
            let near = after.map_or("the first cell".to_owned(), |cell| format!("{cell}"));
            let message = format!("an error value that only newer versions of Excel know, after {near}: {what}");
            outcome.notice(Code::CellError, place, message);
        }

        let reply = reply::recognise(self.survey, file, &workbook);
        // The table of a follow-up prints questions as the form does, and is no part of the form.
        if reply.is_some() {
            reply::take_out(self.survey, &mut workbook);
        }
        let recognised = cover::recognise(self.forms, &workbook);
        match (reply, &recognised) {
            (Some(reply), Err(_)) => {
                outcome.form = Some(INQUIRY.to_owned());
                return self.take_reply(reply, outcome).map(|()| None);
            }
            // A follow-up workbook is one by itself, or stands in the return that it is about; what is
            // wrong with it there takes nothing from the return.
            (Some(Ok(reply)), Ok(_)) => self.take_reply(Ok(reply), outcome)?,
            (Some(Err((refusal, place))), Ok(_)) => outcome.notice(refusal.code, place, refusal.message),
            (None, _) => {}
        }
        let unread = workbook.unread.first().map(|Unread { name, why }| {
            let message = format!("sheet {name} cannot be read: {why}");
            of_file(Refusal::new(Code::DamagedWorkbook, message))
        });
        let (form, sheets, cover) = recognised.map_err(|refusal| match refusal.at {
            // The cover may well have stood on the sheet that cannot be read.
            _ if refusal.code == Code::NoCoverSheet && unread.is_some() => unread.clone().unwrap_or(of_file(refusal)),
            Some((sheet, cell)) => {
                let sheet = workbook.sheets[sheet].name.clone();
                (refusal, Place::Cell { file: file.to_owned(), sheet, cell })
            }
            None => of_file(refusal),
        })?;
        outcome.form = Some(form.id.to_string());
        let cover_sheet = &workbook.sheets[cover.sheet].name;
        let cell = |cell| Place::Cell { file: file.to_owned(), sheet: cover_sheet.clone(), cell };
        let Some((code, code_cell)) = cover.code else {
            let place = Place::Sheet { file: file.to_owned(), sheet: cover_sheet.clone() };
            return Err((Refusal::new(Code::UnknownInstitution, "the institution code on the cover is empty"), place));
        };
        let Some(institution) = self.find(&code, outcome) else {
            let year = self.survey.fiscal_year;
            let message = format!("institution code 「{code}」 is not on the roster of {year}");
            return Err((Refusal::new(Code::UnknownInstitution, message), cell(code_cell)));
        };
        if let Some(reply) = &outcome.reply
            && reply.institution != *institution.code
        {
            let message =
                format!("the cover is of {}, the follow-up in the workbook of {}", institution.code, reply.institution);
            return Err((Refusal::new(Code::TwoInstitutions, message), cell(code_cell)));
        }
        outcome.institution = Some(institution.code.to_string());
        if let Some((name, name_cell)) = cover.name
            && comparable_name(&name) != comparable_name(&institution.name)
        {
            // A name that is somebody else's: one of the two is a slip, and nobody can say which.
            outcome.consulted.names.push(name.clone());
            if let Some(other) = self.roster.find_by_name(&name) {
                let message = format!(
                    "the cover has the code of {} ({}) and the name of {} ({})",
                    institution.code, institution.name, other.code, other.name
                );
                outcome.institution = None;
                return Err((Refusal::new(Code::TwoInstitutions, message), cell(name_cell)));
            }
            let message =
                format!("「{name}」 on the cover, but {} is 「{}」 on the roster", institution.code, institution.name);
            outcome.notice(Code::NameDiffers, cell(name_cell), message);
        }
        let asked = prompts_asked(self.survey, institution);
        let (answers, noticed) = answers::read(self.survey, form, file, &sheets, &asked);
        let little = too_little(self.survey, &answers, &noticed);
        let is_blank = answers.iter().all(Answer::is_blank);
        // What is missing may well have stood on the sheet that cannot be read.
        if let Some(rejection) = unread.filter(|_| is_blank || little.is_some()) {
            return Err(rejection);
        }
        if let Some(message) = little {
            return Err(of_file(Refusal::new(Code::TooLittleRead, message)));
        }
        if is_blank {
            let message = "the workbook has a cover and no answer to any question";
            return Err(of_file(Refusal::new(Code::BlankWorkbook, message)));
        }
        outcome.findings.extend(noticed);
        Ok(Some(Reading {
            institution: institution.code.to_string(),
            sheets: workbook.sheets.iter().map(|sheet| sheet.name.clone()).collect(),
            replies: Vec::new(),
            answers,
        }))
    }
}

/// Why a workbook is set aside in which hardly a question can be found, or its answer read: it is another
/// form, or one that was changed beyond recognition, and what it lacks is not left blank.
fn too_little(survey: &Survey, answers: &[Answer], noticed: &[Finding]) -> Option<String> {
    let is_read = |answer: &&Answer| answer.place.is_some() && answer.unreadable.is_empty();
    let (read, asked) = (answers.iter().filter(is_read).count(), answers.len());
    let is_enough = read > 0 && read * 100 >= asked * usize::from(survey.least_read);
    let causes = [Code::AnswerColumnNotFound, Code::TwoAnswerColumns, Code::OtherForm];
    (asked > 0 && !is_enough).then(|| {
        let cause = noticed.iter().find(|finding| causes.contains(&finding.code));
        let cause = cause.map(|finding| format!(": {}", finding.message)).unwrap_or_default();
        format!(
            "{read} of the {asked} answers could be looked for and read, expected at least {}%{cause}",
            survey.least_read
        )
    })
}

/// The bytes of a file, if they can be read and are not too many.
fn load(path: &Path, outcome: &mut Outcome) -> Result<Vec<u8>, Refusal> {
    let unreadable = |error: std::io::Error| Refusal::new(Code::UnreadableFile, format!("cannot be read: {error}"));
    outcome.bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    if outcome.bytes > guard::FILE_LIMIT {
        let message = format!("the file has {} MB, a filled questionnaire has far less", outcome.bytes >> 20);
        return Err(Refusal::overfull(message));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    outcome.take_in(&bytes);
    Ok(bytes)
}

fn contradictory() -> Refusal {
    Refusal::new(Code::DamagedWorkbook, "the workbook's parts contradict each other")
}

/// Why an archive from which nothing came is set aside.
fn nothing_in_it(locked: &[(Outcome, Refusal)], others: &[Outcome]) -> Refusal {
    if let Some((_, refusal)) = locked.first() {
        return refusal.clone();
    }
    let names: Vec<&str> = others.iter().filter_map(|one| one.file.rsplit('/').next()).take(5).collect();
    let held = match (names.as_slice(), others.len()) {
        ([], _) => "the archive is empty".to_owned(),
        (names, count) if count > names.len() => {
            format!("the archive holds no workbook, only {} and {} more", names.join(", "), count - names.len())
        }
        (names, _) => format!("the archive holds no workbook, only {}", names.join(", ")),
    };
    Refusal::new(Code::NoWorkbookInArchive, held)
}

/// All that an institution is asked: the questions of any of its sectors.
pub(in crate::ingest) fn prompts_asked(survey: &Survey, institution: &Institution) -> Vec<Prompt> {
    let is_asked = |prompt: &Prompt| {
        let sectors = &survey.question(prompt.question).sectors;
        institution.memberships.iter().any(|membership| sectors.contains(&membership.sector))
    };
    survey.prompts().filter(is_asked).collect()
}
