//! Reads the answers of a workbook, block by block, by the labels around them.

mod boxes;
mod choices;
pub(super) mod typed;

use std::collections::HashSet;

use super::blocks::{self, Block};
use super::labelled::LabelledSheet;
use super::reading::{Answer, CellPlace, Content, Written};
use super::sheet::{SheetCell, Value};
use crate::finding::{CellAddress, Code, Finding, Place};
use crate::form::{AnswerPlace, ChoiceLayout, Form, GridLayout, LabelId, Side};
use crate::survey::{Kind, Prompt, Survey};

/// Reads the answers to all prompts that an institution was asked, in printed order.
pub fn read(
    survey: &Survey,
    form: &Form,
    file: &str,
    sheets: &[LabelledSheet<'_>],
    asked: &[Prompt],
) -> (Vec<Answer>, Vec<Finding>) {
    let blocks = blocks::find(form, sheets);
    let mut reader = Reader { survey, form, file, sheets, used: HashSet::new(), findings: Vec::new() };
    let mut answers = Vec::with_capacity(asked.len());
    let mut read_blocks = Vec::new();
    for (heading, block) in form.headings.iter().zip(&blocks) {
        let belongs = |prompt: &&Prompt| {
            prompt.question == heading.question && (heading.item.is_none() || prompt.item == heading.item)
        };
        let prompts: Vec<Prompt> = asked.iter().filter(belongs).copied().collect();
        if prompts.is_empty() {
            continue;
        }
        match block {
            Some(block) => {
                reader.report_heading(block, prompts[0]);
                if reader.read_block(block, &prompts, &mut answers) {
                    read_blocks.push(block);
                }
            }
            None => {
                reader.report_missing(prompts[0], heading.item.is_some());
                answers.extend(prompts.into_iter().map(|prompt| reader.not_found(prompt)));
            }
        }
    }
    reader.report_stray_marks(&read_blocks);
    reader.report_formulas();
    answers.sort_by_key(|answer| answer.prompt);
    (answers, reader.findings)
}

struct Reader<'a> {
    survey: &'a Survey,
    form: &'a Form,
    file: &'a str,
    sheets: &'a [LabelledSheet<'a>],
    /// Cells that were read as answers.
    used: HashSet<(usize, CellAddress)>,
    findings: Vec<Finding>,
}

impl<'a> Reader<'a> {
    fn place(&self, sheet: usize, cell: CellAddress) -> Place {
        Place::Cell { file: self.file.to_owned(), sheet: self.sheets[sheet].sheet.name.clone(), cell }
    }

    fn report(&mut self, code: Code, place: Place, message: String) {
        self.findings.push(Finding::new(code, place, message, code.rule().remedy));
    }

    fn name(&self, prompt: Prompt) -> String {
        self.survey.prompt_name(prompt)
    }

    fn report_heading(&mut self, block: &Block, prompt: Prompt) {
        if let Some(changed) = &block.changed {
            let expected = self.form.labels.text(changed.expected).to_owned();
            let (cell, seen) = changed.seen.clone().unwrap_or((block.heading, String::new()));
            let place = self.place(block.sheet, cell);
            let seen = if seen.is_empty() { "an empty cell".to_owned() } else { format!("「{seen}」") };
            self.report(Code::LabelChanged, place, format!("{seen} stands where the form has 「{expected}」"));
        }
        for &(sheet, cell) in &block.copies {
            let place = self.place(sheet, cell);
            let read = self.place(block.sheet, block.heading);
            let message = format!("{} stands here as well as at {read}, where it was read", self.name(prompt));
            self.report(Code::QuestionTwice, place, message);
        }
    }

    fn report_missing(&mut self, prompt: Prompt, is_item: bool) {
        let name = if is_item { self.name(prompt) } else { self.name(Prompt { item: None, ..prompt }) };
        let place = Place::File(self.file.to_owned());
        self.report(Code::QuestionNotFound, place, format!("{name} is nowhere in the workbook"));
    }

    fn not_found(&self, prompt: Prompt) -> Answer {
        let content = empty_content(self.survey.question(prompt.question).kind);
        Answer { prompt, place: None, content, unreadable: Vec::new() }
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
                Kind::Number => self.read_number(block, column, prompt),
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
        let headings = sheet.all().filter(|(_, label)| *label == Some(heading));
        let mut columns: Vec<u32> = headings.map(|(cell, _)| cell.address.column).collect();
        columns.sort_unstable();
        columns.dedup();
        let text = self.form.labels.text(heading);
        let (code, message) = match columns.as_slice() {
            [column] => return Some(*column),
            [] => (Code::AnswerColumnNotFound, format!("no cell says 「{text}」, the heading of the answer column")),
            many => (Code::TwoAnswerColumns, format!("{} columns are headed 「{text}」", many.len())),
        };
        let place = Place::Sheet { file: self.file.to_owned(), sheet: sheet.sheet.name.clone() };
        if !self.findings.iter().any(|finding| finding.code == code && finding.place == place) {
            self.report(code, place, message);
        }
        None
    }

    /// Answers that a formula gives: they count, and whoever checks them sees where they are from.
    fn report_formulas(&mut self) {
        let mut used: Vec<(usize, CellAddress)> = self.used.iter().copied().collect();
        used.sort_unstable();
        for (sheet, address) in used {
            let Some(formula) = self.sheets[sheet].sheet.formula(address) else { continue };
            let Some(cell) = self.sheets[sheet].sheet.at(address) else { continue };
            // What could not be computed has its own finding.
            if matches!(cell.value, Value::Error(_) | Value::Uncomputed(_)) {
                continue;
            }
            let message = format!("「{}」 is the stored result of the formula {formula}", cell.value.shown());
            let place = self.place(sheet, address);
            self.report(Code::AnswerByFormula, place, message);
        }
    }

    /// Reports an answer that cannot be read: under the code of what the cell holds, where that is
    /// no answer of any kind, and otherwise under `code`.
    fn report_no_answer(&mut self, sheet: usize, cell: &SheetCell, prompt: Prompt, code: Code, expected: &str) {
        let (shown, name) = (cell.value.shown(), self.name(prompt));
        let (code, message) = match cell.value {
            Value::Uncomputed(_) => {
                let message = format!("the answer to {name} is the formula {shown}, whose result is not in the file");
                (Code::FormulaWithoutResult, message)
            }
            Value::Error(_) => (Code::CellError, format!("「{shown}」 in the answer to {name}, expected {expected}")),
            _ => (code, format!("「{shown}」 in the answer to {name}, expected {expected}")),
        };
        let place = self.place(sheet, cell.address);
        self.report(code, place, message);
    }

    /// Marks within the questions that were read but beside no option.
    fn report_stray_marks(&mut self, blocks: &[&Block]) {
        let mut stray = Vec::new();
        for block in blocks {
            for (cell, _) in self.sheets[block.sheet].rows(block.rows()) {
                let is_mark = self.is_mark(&cell.value);
                if is_mark && !self.used.contains(&(block.sheet, cell.address)) {
                    stray.push((block.sheet, cell.address, cell.value.shown()));
                }
            }
        }
        for (sheet, cell, shown) in stray {
            let place = self.place(sheet, cell);
            self.report(Code::StrayMark, place, format!("「{shown}」 stands beside no option and was not read"));
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

fn next_to(label: CellAddress, side: Side) -> CellAddress {
    let column = match side {
        Side::Left => label.column.saturating_sub(1),
        Side::Right => label.column + 1,
    };
    CellAddress { column, ..label }
}
