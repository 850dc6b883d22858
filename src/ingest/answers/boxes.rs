//! Answer boxes: where they are, and the numbers and texts in them.

use super::typed::{is_digits, number_in};
use super::{Reader, cell_place, next_to};
use crate::finding::{CellAddress, Code};
use crate::form::{AnswerPlace, LabelId, Side, Sign};
use crate::ingest::blocks::Block;
use crate::ingest::reading::{Answer, CellPlace, Content, Written};
use crate::ingest::sheet::{SheetCell, Value};
use crate::survey::Prompt;

impl<'a> Reader<'a> {
    /// The filled cells of a question's answer box. In an answer column it reaches from the heading
    /// to the last row that prints something of the question: what stands below may belong to a
    /// question whose heading is gone.
    pub(super) fn box_cells(&self, block: &Block, column: Option<u32>, last: u32) -> Vec<&'a SheetCell> {
        let sheet = &self.sheets[block.sheet];
        let sheets = self.sheets;
        match (column, self.form.answers) {
            (Some(column), _) => sheets[block.sheet]
                .rows(block.heading.row..last + 1)
                .map(|(cell, _)| cell)
                .filter(|cell| cell.address.column == column)
                .collect(),
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
                Some((cell, _)) => next_to(cell.address, side),
                None => block.heading,
            },
            (None, AnswerPlace::Column { .. }) => block.heading,
        };
        cell_place(block.sheet, cell)
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
        let is_answer = |(cell, printed): &(&'a SheetCell, Option<LabelId>)| -> Option<&'a SheetCell> {
            // A printed number can also be an answer; a printed wording can only next to the label.
            let wording = printed.is_some() && matches!(&cell.value, Value::Text(text) if !is_digits(text));
            (!wording || cell.address == next_to(label, side)).then_some(*cell)
        };
        row.iter().map_while(is_answer).collect()
    }

    /// Reports that the label of a question's answer box is gone.
    fn report_no_box(&mut self, block: &Block, prompt: Prompt) {
        let AnswerPlace::Beside { label, .. } = self.form.answers else { return };
        let text = self.form.labels.text(label).to_owned();
        let place = self.place(block.sheet, block.heading);
        let message = format!("no cell says 「{text}」 in {}: its answer cannot be found", self.name(prompt));
        self.report(Code::AnswerColumnNotFound, place, message);
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
        has_box.then(|| self.box_place(block, column))
    }

    pub(super) fn read_number(&mut self, block: &Block, column: Option<u32>, prompt: Prompt) -> Answer {
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
            match number_in(&cell.value) {
                Some(number) if value.is_none() => value = Some((number, written)),
                _ => {
                    let expected = if value.is_some() { "one number" } else { "a number" };
                    self.report_no_answer(block.sheet, cell, prompt, Code::NotANumber, expected);
                    unreadable.push(written);
                }
            }
        }
        Answer { prompt, place, content: Content::Number(value), unreadable }
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
            match &mut text {
                None => text = Some(self.written(block.sheet, cell)),
                Some(written) => {
                    written.raw.push('\n');
                    written.raw.push_str(&cell.value.shown());
                }
            }
        }
        Answer { prompt, place, content: Content::Text(text), unreadable }
    }
}
