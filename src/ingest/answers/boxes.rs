//! Answer boxes: where they are, and the numbers and texts in them.

use super::typed::{is_digits, number_for, number_with_unit};
use super::{Reader, cell_place};
use crate::finding::{CellAddress, Code, Finding};
use crate::form::{AnswerPlace, LabelId, Side, Sign};
use crate::ingest::blocks::Block;
use crate::ingest::reading::{Answer, CellPlace, Content, Written};
use crate::ingest::sheet::{SheetCell, Value};
use crate::survey::{Prompt, Question};

impl<'a> Reader<'a> {
    /// The filled cells of a question's answer box. In an answer column it reaches from the heading
    /// to the last row that prints something of the question: what stands below may belong to a
    /// question whose heading is gone. A box merged with that of the question above shows its content.
    pub(super) fn box_cells(&self, block: &Block, column: Option<u32>, last: u32) -> Vec<&'a SheetCell> {
        let sheet = &self.sheets[block.sheet];
        let sheets = self.sheets;
        match (column, self.form.answers) {
            (Some(column), _) => {
                let head = CellAddress { row: block.heading.row, column };
                let shown = sheets[block.sheet].sheet.shown_at(head);
                let below = sheets[block.sheet].rows(block.heading.row + 1..last + 1).map(|(cell, _)| cell);
                shown.into_iter().chain(below.filter(|cell| cell.address.column == column)).collect()
            }
            (None, AnswerPlace::Beside { side, label }) => match sheet.find(label, block.rows()) {
                Some((cell, _)) => self.beside(block.sheet, cell.address, side).into_iter().take(1).collect(),
                None => Vec::new(),
            },
            (None, AnswerPlace::Column { .. }) => Vec::new(),
        }
    }

    /// Where an empty answer box is: for a finding about the missing answer.
    pub(super) fn box_place(&self, block: &Block, column: Option<u32>) -> CellPlace {
        let sheet = &self.sheets[block.sheet];
        let cell = match (column, self.form.answers) {
            (Some(column), _) => CellAddress { row: block.heading.row, column },
            (None, AnswerPlace::Beside { side, label }) => match sheet.find(label, block.rows()) {
                Some((cell, _)) => self.next_to(block.sheet, cell.address, side),
                None => block.heading,
            },
            (None, AnswerPlace::Column { .. }) => block.heading,
        };
        cell_place(block.sheet, cell)
    }

    /// The cell next to a label: beyond all that the label is merged over.
    pub(super) fn next_to(&self, sheet: usize, label: CellAddress, side: Side) -> CellAddress {
        let merged = self.sheets[sheet].sheet.merged_at(label);
        let column = match side {
            Side::Left => merged.first.column.saturating_sub(1),
            Side::Right => merged.last.column.saturating_add(1),
        };
        CellAddress { column, ..label }
    }

    /// Whether the merged cell that holds an answer reaches into another question.
    pub(super) fn reaches_over(&self, block: &Block, cell: CellAddress) -> bool {
        let merged = self.sheets[block.sheet].sheet.merged_at(cell);
        merged.first.row < block.heading.row || (block.followed && merged.last.row >= block.end)
    }

    /// Reports, once for each merged cell, that it covers the boxes of several answers: which of them
    /// it means, nobody can tell.
    pub(super) fn report_merged(&mut self, sheet: usize, cell: &SheetCell, prompt: Prompt) {
        let shown = cell.value.shown();
        let place = self.place(sheet, cell.address);
        let is_same = |finding: &&mut Finding| finding.code == Code::MergedAnswer && finding.place == place;
        if let Some(subject) = self.findings.iter_mut().find(is_same).and_then(|found| found.subject.as_mut()) {
            let (question, item) = self.survey.prompt_ids(prompt);
            let ids = (question.to_owned(), item.to_owned());
            if !subject.prompts.contains(&ids) {
                subject.prompts.push(ids);
            }
            return;
        }
        let merged = self.sheets[sheet].sheet.merged_at(cell.address);
        let message = format!(
            "「{shown}」 in {}:{}, merged over the boxes of several answers at {}, expected one box for each",
            merged.first,
            merged.last,
            self.name(prompt)
        );
        self.report(Code::MergedAnswer, place, message, &[prompt], &shown);
    }

    /// The filled cells on one side of a label, nearest first: what stands right next to it, whatever
    /// it says, and what is further out up to the next printed wording.
    pub(super) fn beside(&self, sheet: usize, label: CellAddress, side: Side) -> Vec<&'a SheetCell> {
        let sheets = self.sheets;
        let mut row: Vec<(&'a SheetCell, Option<LabelId>)> = sheets[sheet].rows(label.row..label.row + 1).collect();
        match side {
            Side::Right => row.retain(|(cell, _)| cell.address.column > label.column),
            Side::Left => {
                row.retain(|(cell, _)| cell.address.column < label.column);
                row.reverse();
            }
        }
        let next = self.next_to(sheet, label, side);
        let is_answer = |(cell, printed): &(&'a SheetCell, Option<LabelId>)| -> Option<&'a SheetCell> {
            // A printed number can also be an answer; a printed wording can only next to the label.
            let wording = printed.is_some() && matches!(&cell.value, Value::Text(text) if !is_digits(text));
            (!wording || cell.address == next).then_some(*cell)
        };
        row.iter().map_while(is_answer).collect()
    }

    /// Reports that the label of a question's answer box is gone.
    fn report_no_box(&mut self, block: &Block, prompt: Prompt) {
        let AnswerPlace::Beside { label, .. } = self.form.answers else { return };
        let text = self.form.labels.text(label).to_owned();
        let place = self.place(block.sheet, block.heading);
        let message = format!("no cell says 「{text}」 in {}: its answer cannot be found", self.name(prompt));
        self.report(Code::AnswerColumnNotFound, place, message, &[prompt], "");
    }

    /// Where the answer box of a number or text is; `None`, with a finding, where its label is gone.
    fn find_box(&mut self, block: &Block, column: Option<u32>, prompt: Prompt) -> Option<CellPlace> {
        let has_box = match self.form.answers {
            AnswerPlace::Column { .. } => true,
            AnswerPlace::Beside { label, .. } => self.sheets[block.sheet].find(label, block.rows()).is_some(),
        };
        if !has_box {
            self.report_no_box(block, prompt);
        }
        let place = has_box.then(|| self.box_place(block, column));
        if let Some(place) = place {
            let found = self.box_cells(block, column, block.heading.row).first().map(|found| found.address);
            match self.form.answers {
                AnswerPlace::Beside { side, .. } => {
                    self.looked_at(block.sheet, found.unwrap_or(place.cell), side, prompt);
                }
                // Left of the wordings, what stands beside a column of answers is print.
                AnswerPlace::Column { .. } if place.cell.column > block.heading.column => {
                    self.looked_at(block.sheet, place.cell, Side::Right, prompt);
                }
                AnswerPlace::Column { .. } => {}
            }
        }
        place
    }

    pub(super) fn read_number(
        &mut self,
        block: &Block,
        column: Option<u32>,
        prompt: Prompt,
        question: &Question,
    ) -> Answer {
        let place = self.find_box(block, column, prompt);
        let mut value = None;
        let mut unreadable = Vec::new();
        for cell in self.box_cells(block, column, block.heading.row) {
            self.used.insert((block.sheet, cell.address));
            let written = self.written(block.sheet, cell);
            let is_blank = matches!(&cell.value, Value::Text(text) if self.form.marks.find(text) == Some(Sign::Blank));
            if is_blank {
                self.note(block.sheet, cell, prompt, "no answer");
                continue;
            }
            if self.reaches_over(block, cell.address) {
                self.report_merged(block.sheet, cell, prompt);
                unreadable.push(written);
                continue;
            }
            let read = number_for(question, &cell.value).and_then(|number| match value {
                Some(_) => Err("one number".to_owned()),
                None => Ok(number),
            });
            match read {
                Ok(number) => {
                    if number_with_unit(question, &cell.value).is_some() {
                        self.note(block.sheet, cell, prompt, &number.to_string());
                    }
                    value = Some((number, written));
                }
                Err(expected) => {
                    self.report_no_answer(block.sheet, cell, prompt, Code::NotANumber, &expected);
                    unreadable.push(written);
                }
            }
        }
        Answer { prompt, place, content: Content::Number(value), unreadable, contradicted: Vec::new() }
    }

    pub(super) fn read_text(&mut self, block: &Block, column: Option<u32>, prompt: Prompt) -> Answer {
        let place = self.find_box(block, column, prompt);
        let cells = self.box_cells(block, column, block.heading.row);
        let mut text: Option<Written> = None;
        let mut unreadable = Vec::new();
        for cell in cells {
            self.used.insert((block.sheet, cell.address));
            if matches!(cell.value, Value::Error(_) | Value::Uncomputed(_)) {
                self.report_no_answer(block.sheet, cell, prompt, Code::CellError, "a text");
                unreadable.push(self.written(block.sheet, cell));
                continue;
            }
            if self.reaches_over(block, cell.address) {
                self.report_merged(block.sheet, cell, prompt);
                unreadable.push(self.written(block.sheet, cell));
                continue;
            }
            match &mut text {
                None => text = Some(self.written(block.sheet, cell)),
                Some(written) => {
                    written.raw.push('\n');
                    written.raw.push_str(&cell.value.shown());
                }
            }
        }
        self.report_below(block, prompt);
        Answer { prompt, place, content: Content::Text(text), unreadable, contradicted: Vec::new() }
    }

    /// A text may go on below its box: what stands there is kept out of the answer, and never lost.
    fn report_below(&mut self, block: &Block, prompt: Prompt) {
        let rows = self.sheets[block.sheet].rows(block.heading.row + 1..block.end);
        let below: Vec<(CellAddress, String)> = rows
            .filter(|(cell, label)| label.is_none() && !self.used.contains(&(block.sheet, cell.address)))
            .map(|(cell, _)| (cell.address, cell.value.shown()))
            .collect();
        let Some(&(first, _)) = below.first() else { return };
        let shown: Vec<String> = below.iter().take(3).map(|(cell, text)| format!("「{text}」 ({cell})")).collect();
        let message = format!("{} below the answer to {}", shown.join(" and "), self.name(prompt));
        let observed: Vec<&str> = below.iter().map(|(_, text)| text.as_str()).collect();
        let place = self.place(block.sheet, first);
        self.report(Code::RemarkBesideAnswer, place, message, &[prompt], &observed.join("\n"));
    }
}
