//! One file of the folder, from its bytes to its answers: whatever is wrong with it becomes a
//! finding about it, and nothing it holds can reach another.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::answers;
use super::content_hash::ContentHash;
use super::cover;
use super::guard::{self, Scratch};
use super::reading::Reading;
use super::refusal::Refusal;
use super::sheet::Format;
use super::workbook;
use crate::finding::{Code, Finding, Place};
use crate::form::Form;
use crate::survey::{Institution, Prompt, Roster, Survey, comparable};

/// What one workbook came to: plain data, which can cross to another process and lie on disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Its path within the folder.
    pub file: String,
    /// The hash of its bytes; `None` where they could not be read.
    pub id: Option<ContentHash>,
    /// Its size.
    pub bytes: u64,
    /// Its file format; `None` where it is no workbook.
    pub format: Option<Format>,
    /// The program that saved it, as far as it says so.
    pub application: String,
    /// The form it was filled on, where that is known.
    pub form: Option<String>,
    /// The institution that sent it, where that is known.
    pub institution: Option<String>,
    /// What was read, or why it is set aside.
    pub reading: Result<Reading, String>,
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
            form: None,
            institution: None,
            reading: Err(String::new()),
            findings: Vec::new(),
        }
    }

    /// What a file came to that could not be read at all.
    pub(super) fn set_aside(file: &str, id: Option<ContentHash>, bytes: u64, refusal: Refusal) -> Outcome {
        let place = Place::File(file.to_owned());
        let finding = Finding::new(refusal.code, place, refusal.message.clone(), refusal.code.rule().remedy);
        Outcome { id, bytes, reading: Err(refusal.message), findings: vec![finding], ..Outcome::new(file) }
    }
}

/// Reads files against the definition of a year.
#[derive(Debug, Clone, Copy)]
pub struct FileReader<'a> {
    /// The survey.
    pub survey: &'a Survey,
    /// Its forms.
    pub forms: &'a [Form],
    /// Who was asked.
    pub roster: &'a Roster,
}

impl FileReader<'_> {
    /// Reads a file of the folder.
    pub fn read(&self, folder: &Path, file: &str, scratch: &mut Scratch) -> Outcome {
        let mut outcome = Outcome::new(file);
        // A library that panics on a damaged file has found it damaged.
        let read = catch_unwind(AssertUnwindSafe(|| self.read_workbook(folder, file, scratch, &mut outcome)));
        let read = read.unwrap_or_else(|_| {
            let refusal = Refusal::new(Code::DamagedWorkbook, "the workbook's parts contradict each other");
            Err((refusal, Place::File(file.to_owned())))
        });
        outcome.reading = read.map_err(|(refusal, place)| {
            let remedy = refusal.code.rule().remedy;
            outcome.findings.push(Finding::new(refusal.code, place, refusal.message.clone(), remedy));
            refusal.message
        });
        if let Some(institution) = &outcome.institution {
            for finding in &mut outcome.findings {
                finding.institution = Some(institution.clone());
            }
        }
        outcome
    }

    fn read_workbook(
        &self,
        folder: &Path,
        file: &str,
        scratch: &mut Scratch,
        outcome: &mut Outcome,
    ) -> Result<Reading, (Refusal, Place)> {
        let path = folder.join(file);
        let of_file = |refusal: Refusal| (refusal, Place::File(file.to_owned()));
        let unreadable =
            |error: std::io::Error| of_file(Refusal::new(Code::UnreadableFile, format!("cannot be read: {error}")));
        outcome.bytes = std::fs::metadata(&path).map_err(unreadable)?.len();
        if outcome.bytes > guard::FILE_LIMIT {
            let message = format!("the file has {} MB, a filled questionnaire has far less", outcome.bytes >> 20);
            return Err(of_file(Refusal::new(Code::UnsafeWorkbook, message)));
        }
        let bytes = std::fs::read(&path).map_err(unreadable)?;
        outcome.id = Some(ContentHash::of(&bytes));
        let cleared = guard::clear(&bytes, scratch).map_err(of_file)?;
        let workbook = workbook::read(&bytes, cleared).map_err(of_file)?;
        outcome.format = Some(workbook.format);
        outcome.application.clone_from(&workbook.application);
        for (sheet, after, what) in &workbook.damaged {
            let name = workbook.sheets[*sheet].name.clone();
            let place = Place::Sheet { file: file.to_owned(), sheet: name };
            let near = after.map_or("the first cell".to_owned(), |cell| format!("{cell}"));
            let message = format!("an error value that only newer versions of Excel know, after {near}: {what}");
            outcome.findings.push(Finding::new(Code::CellError, place, message, Code::CellError.rule().remedy));
        }

        let (form, sheets, cover) = cover::recognise(self.forms, &workbook).map_err(of_file)?;
        outcome.form = Some(form.id.to_string());
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
        outcome.institution = Some(institution.code.to_string());
        if let Some((name, name_cell)) = cover.name
            && comparable(&name) != comparable(&institution.name)
        {
            let message =
                format!("「{name}」 on the cover, but {} is 「{}」 on the roster", institution.code, institution.name);
            outcome.findings.push(Finding::new(
                Code::NameDiffers,
                cell(name_cell),
                message,
                Code::NameDiffers.rule().remedy,
            ));
        }
        let asked = prompts_asked(self.survey, institution);
        let (answers, noticed) = answers::read(self.survey, form, file, &sheets, &asked);
        outcome.findings.extend(noticed);
        Ok(Reading {
            institution: institution.code.to_string(),
            sheets: workbook.sheets.iter().map(|sheet| sheet.name.clone()).collect(),
            answers,
        })
    }
}

/// All that an institution is asked: the questions of any of its sectors.
pub(super) fn prompts_asked(survey: &Survey, institution: &Institution) -> Vec<Prompt> {
    let is_asked = |prompt: &Prompt| {
        let sectors = &survey.question(prompt.question).sectors;
        institution.memberships.iter().any(|membership| sectors.contains(&membership.sector))
    };
    survey.prompts().filter(is_asked).collect()
}
