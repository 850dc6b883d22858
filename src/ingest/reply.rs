//! A follow-up workbook that came back: what the institution says of each query.
//!
//! It is told by its title, and read by the headings of its table, wherever rows and columns went.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::answers::typed::{number_in, option_by_wording, option_numbers};
use super::reading::{CellPlace, Chosen, Content, Written};
use super::refusal::Refusal;
use super::sheet::{Sheet, SheetCell, Value, Workbook};
use crate::finding::{CellAddress, Code, Finding, Place};
use crate::form::{Decision, InquiryColumn, inquiry_title_parts};
use crate::survey::{Kind, Prompt, Question, Survey, comparable};

/// A follow-up workbook as it was filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The code of the institution, as it stands in the workbook.
    pub institution: String,
    /// The names of the workbook's sheets.
    pub sheets: Vec<String>,
    /// What was said, line by line; lines without an entry are left out.
    pub lines: Vec<ReplyLine>,
}

/// What was said of one answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplyLine {
    /// The number of the query.
    pub query: String,
    /// Which answer it is about; `None` where the query is about the workbook as a whole.
    pub prompt: Option<Prompt>,
    /// The corrected answer; `None` where the answer is said to stand.
    pub corrected: Option<Content>,
    /// Why.
    pub reason: String,
    /// Where it was said.
    pub place: CellPlace,
}

/// A reply with what was noticed about its entries; or why it is set aside, and where that was seen.
pub(super) type Recognised = Result<(Reply, Vec<Finding>), (Refusal, Place)>;

/// Reads a workbook as a reply, if it is one; the findings are about entries that cannot be used.
pub(super) fn recognise(survey: &Survey, file: &str, workbook: &Workbook) -> Option<Recognised> {
    let (sheet, title) = workbook.sheets.iter().find_map(|sheet| titled(survey, sheet).map(|title| (sheet, title)))?;
    let place = |cell| Place::Cell { file: file.to_owned(), sheet: sheet.name.clone(), cell };
    if title.year != survey.fiscal_year.to_string() {
        let message = format!("a follow-up workbook of {}, expected one of {}", title.year, survey.fiscal_year);
        return Some(Err((Refusal::new(Code::OtherYear, message), place(title.cell))));
    }
    let Some((header, columns)) = find_table(sheet) else {
        let message = "the follow-up workbook has lost the headings of its table";
        return Some(Err((Refusal::new(Code::ReplyUnreadable, message), place(title.cell))));
    };
    let position = workbook.sheets.iter().position(|other| std::ptr::eq(other, sheet)).unwrap_or(0);
    let mut reader =
        TableReader { survey, file, sheet, position, columns, findings: Vec::new(), institutions: Vec::new() };
    let lines = (header + 1..sheet.end()).filter_map(|row| reader.line(row)).collect();
    reader.institutions.sort();
    reader.institutions.dedup();
    let sheets = workbook.sheets.iter().map(|sheet| sheet.name.clone()).collect();
    match reader.institutions.as_slice() {
        [institution] => Some(Ok((Reply { institution: institution.clone(), sheets, lines }, reader.findings))),
        [] => Some(Err((Refusal::new(Code::UnknownInstitution, "no line has an institution code"), place(title.cell)))),
        many => {
            let message = format!("the lines are of different institutions: {}", many.join(", "));
            Some(Err((Refusal::new(Code::TwoInstitutions, message), place(title.cell))))
        }
    }
}

struct Title {
    year: String,
    cell: CellAddress,
}

/// The title of a follow-up workbook on a sheet, which stands in its first rows.
fn titled(survey: &Survey, sheet: &Sheet) -> Option<Title> {
    let (before, after) = inquiry_title_parts(survey);
    sheet.cells().iter().take(8).find_map(|cell| {
        let Value::Text(text) = &cell.value else { return None };
        // Most texts are told by a look, without folding them.
        if text.len() > 400 || !text.contains('照') {
            return None;
        }
        let folded = comparable(text);
        let year = folded.strip_prefix(&before)?.strip_suffix(&after)?.to_owned();
        Some(Title { year, cell: cell.address })
    })
}

/// The row of the headings, and the column of each.
fn find_table(sheet: &Sheet) -> Option<(u32, BTreeMap<InquiryColumn, u32>)> {
    let heading = |cell: &SheetCell| match &cell.value {
        Value::Text(text) => InquiryColumn::ALL.into_iter().find(|one| comparable(one.heading()) == comparable(text)),
        _ => None,
    };
    let first = sheet.cells().iter().find(|cell| heading(cell) == Some(InquiryColumn::Query))?;
    let row = first.address.row;
    let cells = &sheet.cells()[sheet.span(row..row + 1)];
    let columns: BTreeMap<InquiryColumn, u32> =
        cells.iter().filter_map(|cell| heading(cell).map(|column| (column, cell.address.column))).collect();
    let needed = [
        InquiryColumn::Decision,
        InquiryColumn::Corrected,
        InquiryColumn::Reason,
        InquiryColumn::Prompt,
        InquiryColumn::Institution,
    ];
    needed.iter().all(|column| columns.contains_key(column)).then_some((row, columns))
}

struct TableReader<'a> {
    survey: &'a Survey,
    file: &'a str,
    sheet: &'a Sheet,
    position: usize,
    columns: BTreeMap<InquiryColumn, u32>,
    findings: Vec<Finding>,
    institutions: Vec<String>,
}

impl<'a> TableReader<'a> {
    fn at(&self, row: u32, column: InquiryColumn) -> Option<&'a SheetCell> {
        self.sheet.at(CellAddress { row, column: self.columns[&column] })
    }

    fn text(&self, row: u32, column: InquiryColumn) -> String {
        self.at(row, column).map(|cell| cell.value.shown().trim().to_owned()).unwrap_or_default()
    }

    fn report(&mut self, row: u32, column: InquiryColumn, message: String) {
        let cell = CellAddress { row, column: self.columns[&column] };
        let place = Place::Cell { file: self.file.to_owned(), sheet: self.sheet.name.clone(), cell };
        self.findings.push(Finding::new(Code::ReplyUnreadable, place, message, Code::ReplyUnreadable.rule().remedy));
    }

    /// One line of the table; `None` where nothing was entered, or nothing that can be used.
    fn line(&mut self, row: u32) -> Option<ReplyLine> {
        let query = self.text(row, InquiryColumn::Query);
        let institution = self.text(row, InquiryColumn::Institution);
        if query.is_empty() || institution.is_empty() {
            return None;
        }
        self.institutions.push(institution);
        let decision = self.text(row, InquiryColumn::Decision);
        let corrected = self.at(row, InquiryColumn::Corrected);
        let reason = self.text(row, InquiryColumn::Reason);
        if decision.is_empty() && corrected.is_none() {
            if !reason.is_empty() {
                let message = format!("「{reason}」 is given as a reason, but not whether the answer stands");
                self.report(row, InquiryColumn::Decision, message);
            }
            return None;
        }
        let ids = self.text(row, InquiryColumn::Prompt);
        let (question, item) = ids.split_once('/').unwrap_or((&ids, ""));
        let prompt = self.survey.prompt(question, item);
        if prompt.is_none() && !ids.is_empty() {
            self.report(row, InquiryColumn::Prompt, format!("「{ids}」 is no question of this year"));
            return None;
        }
        let known = Decision::find(&decision);
        match (known, corrected) {
            (Some(Decision::Confirmed), None) => {
                let place = self.place(row, InquiryColumn::Decision);
                Some(ReplyLine { query, prompt, corrected: None, reason, place })
            }
            (Some(Decision::Confirmed), Some(cell)) => {
                let shown = cell.value.shown();
                let message = format!("the answer is said to stand, but 「{shown}」 is entered as its correction");
                self.report(row, InquiryColumn::Corrected, message);
                None
            }
            (Some(Decision::Corrected), None) => {
                // A query on several answers has a line for each; those that stay are left blank.
                self.report(row, InquiryColumn::Corrected, "a correction is announced, but none is entered".to_owned());
                None
            }
            (None, _) if !decision.is_empty() => {
                let expected = Decision::ALL.map(Decision::words).join("」 or 「");
                self.report(row, InquiryColumn::Decision, format!("「{decision}」, expected 「{expected}」"));
                None
            }
            (_, Some(cell)) => {
                let place = self.place(row, InquiryColumn::Corrected);
                let written = Written { place, raw: cell.value.shown() };
                let question = prompt.map(|prompt| self.survey.question(prompt.question));
                let Some(content) = question.and_then(|question| content(question, &cell.value, written)) else {
                    let message = format!("「{}」 cannot be read as an answer to the question", cell.value.shown());
                    self.report(row, InquiryColumn::Corrected, message);
                    return None;
                };
                Some(ReplyLine { query, prompt, corrected: Some(content), reason, place })
            }
            (None, None) => None,
        }
    }

    fn place(&self, row: u32, column: InquiryColumn) -> CellPlace {
        let cell = CellAddress { row, column: self.columns[&column] };
        CellPlace { sheet: u16::try_from(self.position).unwrap_or(u16::MAX), cell }
    }
}

/// A corrected answer: option numbers or wordings (several in lines of their own), a number, a text.
fn content(question: &Question, value: &Value, written: Written) -> Option<Content> {
    let mut options: Vec<u16> = match question.kind {
        Kind::Text => return Some(Content::Text(Some(written))),
        Kind::Number => return number_in(value).map(|number| Content::Number(Some((number, written)))),
        _ => match option_numbers(value) {
            Some(typed) => typed.numbers.iter().map(|number| u16::try_from(number - 1).ok()).collect::<Option<_>>()?,
            None => {
                let wordings = || question.options.iter().map(|option| option.label.as_str());
                let text = value.shown();
                let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                lines.map(|line| option_by_wording(line, wordings())).collect::<Option<_>>()?
            }
        },
    };
    options.sort_unstable();
    options.dedup();
    let is_known = options.iter().all(|&option| usize::from(option) < question.options.len());
    let is_one = options.len() == 1 || !question.kind.is_single();
    (is_known && is_one && !options.is_empty()).then(|| {
        Content::Options(options.into_iter().map(|option| Chosen { option, written: written.clone() }).collect())
    })
}
