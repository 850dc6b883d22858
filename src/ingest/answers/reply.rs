//! A follow-up workbook that came back: what the institution says of each query.
//!
//! It is told by its title, and read by the headings of its table, wherever rows and columns went.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::{CellAddress, Code, Finding, Place};
use crate::form::{Decision, InquiryColumn, Marks, inquiry_title_parts};
use crate::ingest::answers::numbers::number_for;
use crate::ingest::answers::typed::{option_by_wording, option_numbers};
use crate::ingest::reading::{CellPlace, Chosen, Content, Written};
use crate::ingest::refusal::Refusal;
use crate::ingest::sheets::sheet::{Sheet, SheetCell, Value, Workbook};
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

/// What a line says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Entry {
    /// The answer stands.
    Stands,
    /// The corrected answer.
    Corrected(Content),
    /// Something that cannot be used; the finding is with the reply.
    Unusable,
}

/// What was said of one answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplyLine {
    /// The number of the query.
    pub query: String,
    /// Which answer it is about; `None` where the query is about the workbook as a whole.
    pub prompt: Option<Prompt>,
    /// What was said.
    pub entry: Entry,
    /// Why.
    pub reason: String,
    /// What stood as the answer when it was asked, as a hash; empty where the workbook does not say.
    pub given: String,
    /// Where it was said.
    pub place: CellPlace,
}

/// A reply with what was noticed about its entries; or why it is set aside, and where that was seen.
pub(in crate::ingest) type Recognised = Result<(Reply, Vec<Finding>), (Refusal, Place)>;

/// Reads a workbook as a reply, if it is one; the findings are about entries that cannot be used.
pub(in crate::ingest) fn recognise(survey: &Survey, file: &str, workbook: &Workbook) -> Option<Recognised> {
    let titled: Vec<(usize, Title)> = workbook
        .sheets
        .iter()
        .enumerate()
        .filter_map(|(position, sheet)| titled(survey, sheet).map(|title| (position, title)))
        .collect();
    (!titled.is_empty()).then(|| read(survey, file, workbook, &titled))
}

/// Empties the sheets that are titled as a follow-up workbook's; their positions stay.
pub(in crate::ingest) fn take_out(survey: &Survey, workbook: &mut Workbook) {
    for sheet in &mut workbook.sheets {
        if titled(survey, sheet).is_some() {
            *sheet = Sheet::new(std::mem::take(&mut sheet.name), sheet.visible, Vec::new());
        }
    }
}

/// Reads every sheet that is titled as a follow-up workbook's.
fn read(survey: &Survey, file: &str, workbook: &Workbook, titled: &[(usize, Title)]) -> Recognised {
    let (mut lines, mut findings, mut institutions) = (Vec::new(), Vec::new(), Vec::new());
    for (position, title) in titled {
        let sheet = &workbook.sheets[*position];
        let refuse = |code: Code, message: String| {
            let place = Place::Cell { file: file.to_owned(), sheet: sheet.name.clone(), cell: title.cell };
            Err((Refusal::new(code, message), place))
        };
        if title.year != survey.fiscal_year.to_string() {
            let message = format!("a follow-up workbook of {}, expected one of {}", title.year, survey.fiscal_year);
            return refuse(Code::OtherYear, message);
        }
        let Some((header, columns)) = find_table(sheet) else {
            let message = "the follow-up workbook has lost the headings of its table";
            return refuse(Code::ReplyUnreadable, message.to_owned());
        };
        let last_query = String::new();
        let mut reader =
            TableReader { survey, file, sheet, position: *position, columns, findings, institutions, last_query };
        lines.extend((header + 1..sheet.end()).filter_map(|row| reader.line(row)));
        TableReader { findings, institutions, .. } = reader;
    }
    settle_copies(file, workbook, &mut lines, &mut findings);
    institutions.sort();
    institutions.dedup();
    let place = || {
        let (position, title) = &titled[0];
        Place::Cell { file: file.to_owned(), sheet: workbook.sheets[*position].name.clone(), cell: title.cell }
    };
    let sheets = workbook.sheets.iter().map(|sheet| sheet.name.clone()).collect();
    match institutions.as_slice() {
        [institution] => Ok((Reply { institution: institution.clone(), sheets, lines }, findings)),
        [] => Err((Refusal::new(Code::UnknownInstitution, "no line has an institution code"), place())),
        many => {
            let message = format!("the lines are of different institutions: {}", many.join(", "));
            Err((Refusal::new(Code::TwoInstitutions, message), place()))
        }
    }
}

/// Of lines about the same answer that say the same, one is left; where they do not, none can be used.
fn settle_copies(file: &str, workbook: &Workbook, lines: &mut Vec<ReplyLine>, findings: &mut Vec<Finding>) {
    let mut settled: Vec<ReplyLine> = Vec::with_capacity(lines.len());
    for line in lines.drain(..) {
        let known = settled.iter_mut().find(|known| known.query == line.query && known.prompt == line.prompt);
        let Some(known) = known else {
            settled.push(line);
            continue;
        };
        if says(&known.entry) != says(&line.entry) && known.entry != Entry::Unusable {
            let sheet = workbook.sheets[usize::from(line.place.sheet)].name.clone();
            let place = Place::Cell { file: file.to_owned(), sheet, cell: line.place.cell };
            let message = format!("two lines about {} say different things", line.query);
            findings.push(Finding::new(Code::ReplyUnreadable, place, message, Code::ReplyUnreadable.rule().remedy));
            known.entry = Entry::Unusable;
        }
    }
    // Nor can two queries about one answer get different ones.
    let mut said: BTreeMap<Prompt, Vec<usize>> = BTreeMap::new();
    for (position, line) in settled.iter().enumerate() {
        if let Some(prompt) = line.prompt.filter(|_| line.entry != Entry::Unusable) {
            said.entry(prompt).or_default().push(position);
        }
    }
    for positions in said.into_values() {
        let first = says(&settled[positions[0]].entry);
        if positions.iter().any(|&position| says(&settled[position].entry) != first) {
            for &position in &positions {
                let line = &mut settled[position];
                let sheet = workbook.sheets[usize::from(line.place.sheet)].name.clone();
                let place = Place::Cell { file: file.to_owned(), sheet, cell: line.place.cell };
                let message = "the lines about this answer say different things".to_owned();
                let remedy = Code::ReplyUnreadable.rule().remedy;
                findings.push(Finding::new(Code::ReplyUnreadable, place, message, remedy));
                line.entry = Entry::Unusable;
            }
        }
    }
    *lines = settled;
}

/// What an entry says, wherever it stands.
fn says(entry: &Entry) -> Option<(Vec<u16>, Option<u64>, String)> {
    match entry {
        Entry::Stands => None,
        Entry::Unusable => Some((Vec::new(), None, String::new())),
        Entry::Corrected(Content::Options(chosen)) => {
            Some((chosen.iter().map(|one| one.option).collect(), None, String::new()))
        }
        Entry::Corrected(Content::Number(number)) => {
            Some((Vec::new(), number.as_ref().map(|(number, _)| number.to_bits()), String::new()))
        }
        Entry::Corrected(Content::Text(text)) => {
            Some((Vec::new(), None, text.as_ref().map(|text| text.raw.clone()).unwrap_or_default()))
        }
    }
}

struct Title {
    year: String,
    cell: CellAddress,
}

/// The title of a follow-up workbook on a sheet, which stands in its first rows.
fn titled(survey: &Survey, sheet: &Sheet) -> Option<Title> {
    sheet.cells().iter().take(8).find_map(|cell| {
        let Value::Text(text) = &cell.value else { return None };
        // A text without one of these characters is no title; 照 alone also stands in 参照.
        let has_sign = survey.texts().inquiry.signs.into_iter().all(|character| text.contains(character));
        if text.len() > 400 || !has_sign {
            return None;
        }
        let (before, after) = inquiry_title_parts(survey);
        let folded = comparable(text);
        let year = folded.strip_prefix(&before)?.strip_suffix(&after)?.to_owned();
        Some(Title { year, cell: cell.address })
    })
}

/// The row of the headings, and the column of each.
fn find_table(sheet: &Sheet) -> Option<(u32, BTreeMap<InquiryColumn, u32>)> {
    let heading = |cell: &SheetCell| match &cell.value {
        Value::Text(text) => InquiryColumn::find(text),
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
    /// The query of the line above.
    last_query: String,
}

impl<'a> TableReader<'a> {
    fn at(&self, row: u32, column: InquiryColumn) -> Option<&'a SheetCell> {
        self.sheet.at(CellAddress { row, column: self.columns[&column] })
    }

    /// What stands in a column; nothing where the column is gone.
    fn text(&self, row: u32, column: InquiryColumn) -> String {
        self.columns
            .get(&column)
            .and_then(|_| self.at(row, column))
            .map(|cell| cell.value.shown().trim().to_owned())
            .unwrap_or_default()
    }

    fn report(&mut self, row: u32, column: InquiryColumn, message: String) {
        let cell = CellAddress { row, column: self.columns[&column] };
        let place = Place::Cell { file: self.file.to_owned(), sheet: self.sheet.name.clone(), cell };
        self.findings.push(Finding::new(Code::ReplyUnreadable, place, message, Code::ReplyUnreadable.rule().remedy));
    }

    /// One line of the table; `None` where nothing was entered.
    fn line(&mut self, row: u32) -> Option<ReplyLine> {
        let mut query = self.text(row, InquiryColumn::Query);
        let institution = self.text(row, InquiryColumn::Institution);
        let is_line = !query.is_empty() && !institution.is_empty();
        if !institution.is_empty() {
            self.institutions.push(institution);
        }
        if query.is_empty() {
            query.clone_from(&self.last_query);
        }
        self.last_query.clone_from(&query);
        let decision = self.text(row, InquiryColumn::Decision);
        let corrected = self.at(row, InquiryColumn::Corrected);
        let reason = self.text(row, InquiryColumn::Reason);
        let ids = self.text(row, InquiryColumn::Prompt);
        let (question, item) = ids.split_once('/').unwrap_or((&ids, ""));
        let prompt = self.survey.prompt(question, item);
        let given = self.text(row, InquiryColumn::Given);
        let is_blank = decision.is_empty() && corrected.is_none();
        if is_blank && reason.is_empty() || query.is_empty() {
            return None;
        }
        let unusable = match (Decision::find(&decision), corrected) {
            _ if !is_line => {
                let message = "the number of the query or the code of the institution is gone from the line";
                Some((InquiryColumn::Query, message.to_owned()))
            }
            _ if prompt.is_none() && !ids.is_empty() => {
                Some((InquiryColumn::Prompt, format!("「{ids}」 is no question of this year")))
            }
            (None, _) if is_blank => {
                let message = format!("「{reason}」 is given as a reason, but not whether the answer stands");
                Some((InquiryColumn::Decision, message))
            }
            (None, _) if !decision.is_empty() => {
                let expected = Decision::ALL.map(|one| one.words(&self.survey.texts().inquiry)).join("」 or 「");
                Some((InquiryColumn::Decision, format!("「{decision}」, expected 「{expected}」")))
            }
            (Some(Decision::Confirmed), Some(cell)) => {
                let shown = cell.value.shown();
                let message = format!("the answer is said to stand, but 「{shown}」 is entered as its correction");
                Some((InquiryColumn::Corrected, message))
            }
            (Some(Decision::Corrected), None) => {
                Some((InquiryColumn::Corrected, "a correction is announced, but none is entered".to_owned()))
            }
            _ => None,
        };
        if let Some((column, message)) = unusable {
            self.report(row, column, message);
            let place = self.place(row, column);
            return Some(ReplyLine { query, prompt, entry: Entry::Unusable, reason, given, place });
        }
        let Some(cell) = corrected else {
            let place = self.place(row, InquiryColumn::Decision);
            return Some(ReplyLine { query, prompt, entry: Entry::Stands, reason, given, place });
        };
        let place = self.place(row, InquiryColumn::Corrected);
        let written = Written { place, raw: cell.value.shown() };
        let question = prompt.map(|prompt| self.survey.question(prompt.question));
        let read = question.ok_or_else(|| "no answer can be corrected here".to_owned());
        let entry = match read.and_then(|question| content(question, &cell.value, written)) {
            Ok(content) => Entry::Corrected(content),
            Err(expected) => {
                let message = format!("「{}」 as the corrected answer, expected {expected}", cell.value.shown());
                self.report(row, InquiryColumn::Corrected, message);
                Entry::Unusable
            }
        };
        Some(ReplyLine { query, prompt, entry, reason, given, place })
    }

    fn place(&self, row: u32, column: InquiryColumn) -> CellPlace {
        let cell = CellAddress { row, column: self.columns[&column] };
        CellPlace { sheet: u16::try_from(self.position).unwrap_or(u16::MAX), cell }
    }
}

/// A corrected answer: option numbers or wordings (several in lines of their own), a number, a text;
/// or what was expected.
fn content(question: &Question, value: &Value, written: Written) -> Result<Content, String> {
    let options: Option<Vec<u16>> = match question.kind {
        Kind::Text => return Ok(Content::Text(Some(written))),
        Kind::Number => {
            return number_for(question, value).map(|read| Content::Number(Some((read.number, written))));
        }
        _ => match option_numbers(value, &Marks::default()) {
            Some(typed) => typed.numbers.iter().map(|number| u16::try_from(number - 1).ok()).collect(),
            None => {
                let wordings = || question.options.iter().map(|option| option.label.as_str());
                let text = value.shown();
                let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                lines.map(|line| option_by_wording(line, wordings())).collect()
            }
        },
    };
    let count = question.options.len();
    let several = if question.kind.is_single() { "one option number" } else { "option numbers" };
    let expected = || format!("{several} from 1 to {count}, or the wording");
    let mut options = options.filter(|options| !options.is_empty()).ok_or_else(expected)?;
    options.sort_unstable();
    options.dedup();
    let is_known = options.iter().all(|&option| usize::from(option) < count);
    let is_one = options.len() == 1 || !question.kind.is_single();
    if !is_known || !is_one {
        return Err(expected());
    }
    let chosen = options.into_iter().map(|option| Chosen { option, written: written.clone() });
    Ok(Content::Options(chosen.collect()))
}
