//! Answer boxes: where they are, and the numbers and texts in them.

use super::{Reader, cell_place};
use crate::finding::{CellAddress, Code, Finding};
use crate::form::{AnswerPlace, LabelId, Side, Sign};
use crate::ingest::answers::numbers::{self, is_digits, number_for};
use crate::ingest::layout::blocks::Block;
use crate::ingest::reading::{Answer, CellPlace, Content, Written};
use crate::ingest::sheets::sheet::{SheetCell, Value};
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
                Some((cell, _)) => {
                    self.in_box_beside(block, cell.address, side).into_iter().map(|(cell, _)| cell).collect()
                }
                None => Vec::new(),
            },
            (None, AnswerPlace::Column { .. }) => Vec::new(),
        }
    }

    /// Notes where an answer stands beside its box, which is empty.
    fn note_beside(&mut self, block: &Block, prompt: Prompt, read_as: &str) {
        let AnswerPlace::Beside { side, label } = self.form.answers else { return };
        let label = self.sheets[block.sheet].find(label, block.rows()).map(|(cell, _)| cell.address);
        if let Some((cell, true)) = label.and_then(|label| self.in_box_beside(block, label, side)) {
            self.note(block.sheet, cell, prompt, &format!("{read_as}, beside its box, which is empty"));
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
        if merged.first == merged.last {
            let expected = "one box for each option";
            self.report_no_answer(sheet, cell, prompt, Code::UnreadableAnswer, expected);
            return;
        }
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
            if !self.is_seen(block.sheet, cell, prompt) {
                continue;
            }
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
            let read = number_for(question, &cell.value).and_then(|read| match value {
                Some(_) => Err("one number".to_owned()),
                None => Ok(read),
            });
            match read {
                Ok(read) => {
                    if !read.plain {
                        self.note(block.sheet, cell, prompt, &read.number.to_string());
                    }
                    self.note_beside(block, prompt, &read.number.to_string());
                    if numbers::is_of_percent(question) && !read.percent && 0.0 < read.number && read.number <= 1.0 {
                        self.report_share(block.sheet, cell, prompt);
                    }
                    value = Some((read.number, written));
                }
                Err(expected) => {
                    self.report_no_answer(block.sheet, cell, prompt, Code::NotANumber, &expected);
                    unreadable.push(written);
                }
            }
        }
        Answer { prompt, place, content: Content::Number(value), unreadable, contradicted: Vec::new() }
    }

    /// Reports a number that may be a share where the hundredth part is asked for.
    fn report_share(&mut self, sheet: usize, cell: &SheetCell, prompt: Prompt) {
        let shown = cell.value.shown();
        let message = format!("「{shown}」 in the answer to {}, which asks for a percentage", self.name(prompt));
        let place = self.place(sheet, cell.address);
        self.report(Code::ShareOfPercent, place, message, &[prompt], &shown);
    }

    pub(super) fn read_text(&mut self, block: &Block, column: Option<u32>, prompt: Prompt) -> Answer {
        let place = self.find_box(block, column, prompt);
        let cells = self.box_cells(block, column, block.heading.row);
        let mut text: Option<Written> = None;
        let mut unreadable = Vec::new();
        for cell in cells {
            if !self.is_seen(block.sheet, cell, prompt) {
                continue;
            }
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
        if text.is_some() {
            self.note_beside(block, prompt, "the text");
        }
        self.report_below(block, prompt);
        Answer { prompt, place, content: Content::Text(text), unreadable, contradicted: Vec::new() }
    }

    /// A text may go on below its box: what stands there is kept out of the answer, and never lost.
    fn report_below(&mut self, block: &Block, prompt: Prompt) {
        let rows = self.sheets[block.sheet].rows(block.heading.row + 1..block.end);
        let below: Vec<(CellAddress, String)> = rows
            .filter(|(cell, label)| label.is_none() && !self.used.contains(&(block.sheet, cell.address)))
            .filter(|(cell, _)| self.sheets[block.sheet].sheet.is_seen(cell.address))
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
