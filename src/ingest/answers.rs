//! Reads the answers of a workbook, block by block, by the labels around them.

pub(in crate::ingest) mod reply;
mod boxes;
mod choices;
mod copies;
mod coverage;
mod grids;
mod looks;
mod moved;
mod notes;
pub(in crate::ingest) mod numbers;
mod off_row;
mod options;
mod remarks;
pub(in crate::ingest) mod typed;

use std::collections::{BTreeMap, HashSet};

use crate::finding::{CellAddress, Code, Finding, Place, Subject};
use crate::form::{AnswerPlace, ChoiceLayout, Form, GridLayout, Heading, LabelId};
use crate::ingest::layout::blocks::{self, Block};
use crate::ingest::layout::labelled::LabelledSheet;
use crate::ingest::reading::{Answer, CellPlace, Content, Written};
use crate::ingest::sheets::sheet::{SheetCell, Value};
use crate::survey::{Kind, Prompt, Survey, comparable};
use notes::{Note, Unseen};
use remarks::AnswerRow;
use typed::is_same_as_above;

/// What is said of an answer that refers to another one.
const SAME_AS_ABOVE: &str = " refers to another answer, which is never filled in for it";

/// Reads the answers to all prompts that an institution was asked, in printed order.
pub fn read(
    survey: &Survey,
    form: &Form,
    file: &str,
    sheets: &[LabelledSheet<'_>],
    asked: &[Prompt],
) -> (Vec<Answer>, Vec<Finding>) {
    let places = blocks::find(form, sheets);
    let mut reader = Reader::new(survey, form, file, sheets);
    reader.first_rows = first_rows(sheets.len(), &places);
    let mut answers = Vec::with_capacity(asked.len());
    let mut missing = Vec::new();
    let mut several = Vec::new();
    for (heading, blocks) in form.headings.iter().zip(&places) {
        let prompts = prompts_of(heading, asked);
        match blocks.as_slice() {
            _ if prompts.is_empty() => {}
            [] => {
                answers.extend(prompts.iter().map(|&prompt| reader.not_found(prompt)));
                missing.push((heading, prompts));
            }
            [only] => answers.extend(reader.read_heading(only, &prompts)),
            _ => several.push((blocks.as_slice(), prompts)),
        }
    }
    reader.read_copies(several, &mut answers);
    reader.set_aside_off_row(&places, &mut answers);
    reader.report_missing(missing, &places, asked);
    reader.report_not_asked(&places, asked);
    reader.report_unlikely_sheets();
    reader.report_stray_marks();
    reader.report_remarks();
    reader.report_notes();
    reader.report_unseen();
    reader.report_formulas(&answers);
    reader.report_formats(&answers);
    reader.report_drawings();
    answers.sort_by_key(|answer| answer.prompt);
    (answers, reader.findings)
}

/// The prompts that a heading stands for, of those asked.
fn prompts_of(heading: &Heading, asked: &[Prompt]) -> Vec<Prompt> {
    let belongs = |prompt: &&Prompt| {
        prompt.question == heading.question && (heading.item.is_none() || prompt.item == heading.item)
    };
    asked.iter().filter(belongs).copied().collect()
}

/// The row in which the first question of each sheet begins.
fn first_rows(sheets: usize, places: &[Vec<Block>]) -> Vec<u32> {
    let mut first = vec![u32::MAX; sheets];
    for block in places.iter().flatten() {
        first[block.sheet] = first[block.sheet].min(block.heading.row);
    }
    first
}

struct Reader<'a> {
    survey: &'a Survey,
    form: &'a Form,
    file: &'a str,
    sheets: &'a [LabelledSheet<'a>],
    /// Cells that were read as answers.
    used: HashSet<(usize, CellAddress)>,
    /// Blocks whose answers could be looked for, and the first prompt of each.
    read_blocks: Vec<(Block, Prompt)>,
    /// Where answers were looked for: what stands further out is a remark.
    answer_rows: Vec<AnswerRow>,
    /// What was understood.
    notes: Vec<Note>,
    /// What nobody sees.
    unseen: Vec<Unseen>,
    /// The row in which the first question of each sheet begins.
    first_rows: Vec<u32>,
    findings: Vec<Finding>,
}

impl<'a> Reader<'a> {
    fn new(survey: &'a Survey, form: &'a Form, file: &'a str, sheets: &'a [LabelledSheet<'a>]) -> Reader<'a> {
        Reader {
            survey,
            form,
            file,
            sheets,
            used: HashSet::new(),
            read_blocks: Vec::new(),
            answer_rows: Vec::new(),
            notes: Vec::new(),
            unseen: Vec::new(),
            first_rows: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Another reader of the same workbook, which finds things by itself.
    fn another(&self) -> Reader<'a> {
        let mut other = Reader::new(self.survey, self.form, self.file, self.sheets);
        other.first_rows.clone_from(&self.first_rows);
        other
    }

    fn place(&self, sheet: usize, cell: CellAddress) -> Place {
        Place::Cell { file: self.file.to_owned(), sheet: self.sheets[sheet].sheet.name.clone(), cell }
    }

    fn sheet_place(&self, sheet: usize) -> Place {
        Place::Sheet { file: self.file.to_owned(), sheet: self.sheets[sheet].sheet.name.clone() }
    }

    /// Reports something about answers; `observed` is what was written there, to the character.
    fn report(&mut self, code: Code, place: Place, message: String, prompts: &[Prompt], observed: &str) {
        let ids = |prompt: &Prompt| {
            let (question, item) = self.survey.prompt_ids(*prompt);
            (question.to_owned(), item.to_owned())
        };
        let subject = Subject {
            basis: String::new(),
            prompts: prompts.iter().map(ids).collect(),
            observed: observed.to_owned(),
            edit: String::new(),
            asked: None,
        };
        self.findings.push(Finding::new(code, place, message, code.rule().remedy).about(subject));
    }

    fn name(&self, prompt: Prompt) -> String {
        self.survey.prompt_name(prompt)
    }

    /// Reads a block for its prompts, and says where its heading was changed.
    fn read_heading(&mut self, block: &Block, prompts: &[Prompt]) -> Vec<Answer> {
        if let Some(changed) = &block.changed {
            let expected = self.form.labels.text(changed.expected).to_owned();
            let (cell, seen) = changed.seen.clone().unwrap_or((block.heading, String::new()));
            let place = self.place(block.sheet, cell);
            let shown = if seen.is_empty() { "an empty cell".to_owned() } else { format!("「{seen}」") };
            let message = format!("{shown} stands where the form has 「{expected}」");
            self.report(Code::LabelChanged, place, message, prompts, &seen);
        }
        let mut answers = Vec::with_capacity(prompts.len());
        if self.read_block(block, prompts, &mut answers) {
            self.read_blocks.push((block.clone(), prompts[0]));
        }
        answers
    }

    fn not_found(&self, prompt: Prompt) -> Answer {
        let content = empty_content(self.survey.question(prompt.question).kind);
        Answer { prompt, place: None, content, unreadable: Vec::new(), contradicted: Vec::new() }
    }

    fn written(&self, sheet: usize, cell: &SheetCell) -> Written {
        let place = cell_place(sheet, cell.address);
        Written { place, raw: cell.value.shown() }
    }

    /// Reads the prompts of a block; false where its answers could not even be looked for.
    fn read_block(&mut self, block: &Block, prompts: &[Prompt], answers: &mut Vec<Answer>) -> bool {
        let survey = self.survey;
        let question = survey.question(prompts[0].question);
        let column = match self.form.answers {
            AnswerPlace::Beside { .. } => None,
            AnswerPlace::Column { heading } => {
                let Some(column) = self.answer_column(block, heading) else {
                    answers.extend(prompts.iter().map(|&prompt| self.not_found(prompt)));
                    return false;
                };
                Some(column)
            }
        };
        let grid = match question.kind {
            Kind::GridSingle => Some(self.form.layout.grid_single),
            Kind::GridMultiple => Some(self.form.layout.grid_multiple),
            _ => None,
        };
        if grid == Some(GridLayout::Matrix) {
            answers.extend(self.read_matrix(block, question, prompts));
            return true;
        }
        for &prompt in prompts {
            let answer = match question.kind {
                Kind::Number => self.read_number(block, column, prompt, question),
                Kind::Text => self.read_text(block, column, prompt),
                kind => {
                    let layout = if kind.is_single() { self.form.layout.single } else { self.form.layout.multiple };
                    match layout {
                        ChoiceLayout::Number => self.read_option_number(block, column, prompt, question),
                        ChoiceLayout::Marks => self.read_marks(block, column, prompt, question),
                    }
                }
            };
            answers.push(answer);
        }
        true
    }

    /// The answer column of a sheet; `None`, with one finding for the sheet, where its heading is gone
    /// or stands twice.
    fn answer_column(&mut self, block: &Block, heading: LabelId) -> Option<u32> {
        let sheet = &self.sheets[block.sheet];
        let headings = || sheet.all().filter(|(_, label)| *label == Some(heading));
        let printed = comparable(self.form.labels.text(heading));
        // What people write instead of the heading counts where nothing has it as it is printed.
        let as_printed = headings().filter(|(cell, _)| comparable(&cell.value.shown()) == printed);
        let mut columns: Vec<u32> = as_printed.map(|(cell, _)| cell.address.column).collect();
        if columns.is_empty() {
            columns = headings().map(|(cell, _)| cell.address.column).collect();
        }
        columns.sort_unstable();
        columns.dedup();
        let text = self.form.labels.text(heading);
        let (code, message) = match columns.as_slice() {
            [column] => return Some(*column),
            [] => (Code::AnswerColumnNotFound, format!("no cell says 「{text}」, the heading of the answer column")),
            many => (Code::TwoAnswerColumns, format!("{} columns are headed 「{text}」", many.len())),
        };
        let place = self.sheet_place(block.sheet);
        if !self.findings.iter().any(|finding| finding.code == code && finding.place == place) {
            self.findings.push(Finding::new(code, place, message, code.rule().remedy));
        }
        None
    }

    /// Answers that a formula gives: they count, and whoever checks them sees where they are from.
    fn report_formulas(&mut self, answers: &[Answer]) {
        let mut by_cell: BTreeMap<(usize, CellAddress), Prompt> = BTreeMap::new();
        for answer in answers {
            for written in answer.written() {
                by_cell.insert((usize::from(written.place.sheet), written.place.cell), answer.prompt);
            }
        }
        for ((sheet, address), prompt) in by_cell {
            let Some(formula) = self.sheets[sheet].sheet.formula(address) else { continue };
            let Some(cell) = self.sheets[sheet].sheet.at(address) else { continue };
            // What could not be computed has its own finding.
            if matches!(cell.value, Value::Error(_) | Value::Uncomputed(_)) {
                continue;
            }
            let shown = cell.value.shown();
            let message = format!("「{shown}」 is the stored result of the formula {formula}");
            let place = self.place(sheet, address);
            self.report(Code::AnswerByFormula, place, message, &[prompt], &shown);
        }
    }

    /// Reports an answer that cannot be read: under the code of what the cell holds, where that is
    /// no answer of any kind, and otherwise under `code`.
    fn report_no_answer(&mut self, sheet: usize, cell: &SheetCell, prompt: Prompt, code: Code, expected: &str) {
        let (shown, name) = (cell.value.shown(), self.name(prompt));
        let above = if is_same_as_above(&cell.value) { SAME_AS_ABOVE } else { "" };
        let (code, message) = match cell.value {
            Value::Uncomputed(_) => {
                let message = format!("the answer to {name} is the formula {shown}, whose result is not in the file");
                (Code::FormulaWithoutResult, message)
            }
            Value::Error(_) => (Code::CellError, format!("「{shown}」 in the answer to {name}, expected {expected}")),
            _ => (code, format!("「{shown}」 in the answer to {name}{above}, expected {expected}")),
        };
        let place = self.place(sheet, cell.address);
        self.report(code, place, message, &[prompt], &shown);
    }

    /// Marks within the questions that were read but beside no option.
    fn report_stray_marks(&mut self) {
        let mut stray = Vec::new();
        let mut headed: HeadedMarks = BTreeMap::new();
        for (block, prompt) in &self.read_blocks {
            for (cell, _) in self.sheets[block.sheet].rows(block.rows()) {
                let is_mark = self.is_mark(&cell.value);
                let is_seen = || self.sheets[block.sheet].sheet.is_seen(cell.address);
                if !is_mark || self.used.contains(&(block.sheet, cell.address)) || !is_seen() {
                    continue;
                }
                // A column under a heading of its own is one matter: last year's answers, or a draft.
                let heading = self.own_heading(block, cell.address.column);
                match heading.filter(|heading| !moved::is_for_remarks(heading)) {
                    Some(heading) => {
                        let marks = headed.entry((block.sheet, cell.address.column)).or_default();
                        marks.push((cell.address, heading.value.shown(), *prompt));
                    }
                    None => stray.push((block.sheet, cell.address, cell.value.shown(), *prompt)),
                }
            }
        }
        self.report_headed(headed);
        for (sheet, cell, shown, prompt) in stray {
            let place = self.place(sheet, cell);
            let message = format!("「{shown}」 stands beside no option and was not read");
            let whole = Prompt { item: None, ..prompt };
            self.report(Code::StrayMark, place, message, &[whole], &shown);
        }
    }
}

/// Marks in columns that have a heading of their own, by sheet and column: where, under which heading, and of what.
type HeadedMarks = BTreeMap<(usize, u32), Vec<(CellAddress, String, Prompt)>>;

impl Reader<'_> {
    /// Marks in columns that have a heading of their own: one finding for each column.
    fn report_headed(&mut self, headed: HeadedMarks) {
        for ((sheet, _), marks) in headed {
            let (count, heading) = (marks.len(), marks[0].1.clone());
            let are = if count == 1 { "1 mark was".to_owned() } else { format!("{count} marks were") };
            let message = format!("{are} not read, in a column headed 「{}」 beside the boxes", heading.trim());
            let mut prompts: Vec<Prompt> = marks.iter().map(|(.., prompt)| Prompt { item: None, ..*prompt }).collect();
            prompts.dedup();
            let cells = marks.into_iter().map(|(cell, ..)| (sheet, cell)).collect();
            self.report_together(Code::RemarkBesideAnswer, message, &prompts, &heading, cells);
        }
    }
}

fn empty_content(kind: Kind) -> Content {
    match kind {
        Kind::Number => Content::Number(None),
        Kind::Text => Content::Text(None),
        _ => Content::Options(Vec::new()),
    }
}

fn cell_place(sheet: usize, cell: CellAddress) -> CellPlace {
    CellPlace { sheet: u16::try_from(sheet).unwrap_or(u16::MAX), cell }
}
