//! Choices: marks beside options, option numbers in boxes, and grids of marks.

use super::typed::whole_number;
use super::{Reader, cell_place, next_to, prompt_name};
use crate::finding::{CellAddress, Code, Finding, Place};
use crate::form::{AnswerPlace, LabelId, Side};
use crate::ingest::blocks::Block;
use crate::ingest::reading::{Answer, Chosen, Content};
use crate::ingest::sheet::{SheetCell, Value};
use crate::survey::{Prompt, Question};

impl<'a> Reader<'a> {
    /// Whether a cell holds a mark that chooses an option.
    pub(super) fn is_mark(&self, value: &Value) -> bool {
        matches!(value, Value::Text(text) if self.form.is_mark(text))
    }

    fn report_unreadable(&mut self, sheet: usize, cell: &SheetCell, prompt: Prompt, expected: &str) {
        let shown = cell.value.shown();
        let code = if matches!(cell.value, Value::Error(_)) { Code::CellError } else { Code::UnreadableAnswer };
        let message = format!("「{shown}」 in the answer to {}, expected {expected}", self.name(prompt));
        let place = self.place(sheet, cell.address);
        self.report(code, place, message);
    }

    /// One cell that may choose an option: a mark, nothing, or something else.
    fn take_mark(&mut self, sheet: usize, cell: &'a SheetCell, option: u16, answer: &mut Answer) {
        self.used.insert((sheet, cell.address));
        let written = self.written(sheet, cell);
        match &mut answer.content {
            Content::Options(chosen) if self.is_mark(&cell.value) => chosen.push(Chosen { option, written }),
            _ => {
                self.report_unreadable(sheet, cell, answer.prompt, "○ or nothing");
                answer.unreadable.push(written);
            }
        }
    }

    /// The cells of a block that print the options, or a finding for each one that is gone.
    fn option_cells(&mut self, block: &Block, prompt: Prompt, question: &Question) -> Vec<Option<CellAddress>> {
        let labels = &self.form.questions[prompt.question.position()].options;
        let sheet = &self.sheets[block.sheet];
        let mut places: Vec<Option<CellAddress>> =
            labels.iter().map(|&label| sheet.find(label, block.rows()).map(|(cell, _)| cell.address)).collect();
        let known = places.iter().flatten().next().copied();
        let number_column = places.iter().enumerate().find_map(|(option, place)| {
            let place = (*place)?;
            let number = i64::try_from(option + 1).expect("a question has few options");
            let row = sheet.rows(place.row..place.row + 1);
            let before = row.filter(|(cell, _)| cell.address.column < place.column);
            before
                .filter(|(cell, _)| whole_number(&cell.value) == Some(number))
                .last()
                .map(|(cell, _)| cell.address.column)
        });
        for (option, place) in places.iter_mut().enumerate() {
            if place.is_some() {
                continue;
            }
            let wording = &question.options[option].label;
            // A changed wording is still recognised by the option's number, in the column where the
            // other options have theirs.
            let by_number = known.zip(number_column).and_then(|(known, column)| {
                let number = i64::try_from(option + 1).expect("a question has few options");
                sheet.rows(block.rows()).find_map(|(cell, _)| {
                    let is_number = cell.address.column == column && whole_number(&cell.value) == Some(number);
                    let wording = CellAddress { column: known.column, ..cell.address };
                    let (seen, label) =
                        sheet.rows(wording.row..wording.row + 1).find(|(cell, _)| cell.address == wording)?;
                    (is_number && label.is_none()).then(|| (wording, seen.value.shown()))
                })
            });
            let (code, at, message) = match by_number {
                Some((address, seen)) => {
                    *place = Some(address);
                    let message = format!("「{seen}」 stands where the form has option {} 「{wording}」", option + 1);
                    (Code::LabelChanged, address, message)
                }
                None => {
                    let message =
                        format!("option {} 「{wording}」 of {} is gone", option + 1, prompt_name(self.survey, prompt));
                    (Code::OptionNotFound, block.heading, message)
                }
            };
            let place = Place::Cell { file: self.file.to_owned(), sheet: sheet.sheet.name.clone(), cell: at };
            self.findings.push(Finding::new(code, place, message, code.rule().remedy));
        }
        places
    }

    pub(super) fn read_marks(
        &mut self,
        block: &Block,
        column: Option<u32>,
        prompt: Prompt,
        question: &Question,
    ) -> Answer {
        let options = self.option_cells(block, prompt, question);
        let first = options.iter().flatten().next().copied();
        let side = match self.form.answers {
            AnswerPlace::Beside { side, .. } => side,
            AnswerPlace::Column { .. } => Side::Right,
        };
        let box_of = |label: CellAddress| match column {
            Some(column) => CellAddress { column, ..label },
            None => next_to(label, side),
        };
        let place = cell_place(block.sheet, first.map_or(block.heading, box_of));
        let complete = options.iter().all(Option::is_some);
        let mut answer = Answer {
            prompt,
            place: complete.then_some(place),
            content: Content::Options(Vec::new()),
            unreadable: Vec::new(),
        };
        for (option, label) in options.iter().enumerate() {
            let Some(label) = *label else { continue };
            let option = u16::try_from(option).expect("a question has few options");
            let cell = match column {
                Some(column) => self.sheets[block.sheet].sheet.at(CellAddress { column, ..label }),
                None => self.mark_beside(block.sheet, label, side, option),
            };
            if let Some(cell) = cell {
                self.take_mark(block.sheet, cell, option, &mut answer);
            }
        }
        answer
    }

    /// The cell beside an option that decides: what stands right next to it, or, where that is
    /// empty, the nearest mark (a column may have been inserted). Text further away is a note and no
    /// answer; the option's own number in front of it is print.
    fn mark_beside(&self, sheet: usize, label: CellAddress, side: Side, option: u16) -> Option<&'a SheetCell> {
        let own_number = |cell: &SheetCell| whole_number(&cell.value) == Some(i64::from(option) + 1);
        let cells = self.beside(sheet, label, side);
        let next = cells.iter().copied().find(|cell| cell.address == next_to(label, side));
        match next {
            Some(next) if side == Side::Right || !own_number(next) => Some(next),
            _ => cells.into_iter().find(|cell| self.is_mark(&cell.value)),
        }
    }

    pub(super) fn read_option_number(
        &mut self,
        block: &Block,
        column: Option<u32>,
        prompt: Prompt,
        question: &Question,
    ) -> Answer {
        let options = self.option_cells(block, prompt, question);
        let place = options.iter().all(Option::is_some).then(|| self.box_place(block, column));
        let mut chosen: Vec<Chosen> = Vec::new();
        let mut unreadable = Vec::new();
        let last = options.iter().flatten().map(|cell| cell.row).max().unwrap_or(block.heading.row);
        for cell in self.box_cells(block, column, last) {
            self.used.insert((block.sheet, cell.address));
            let written = self.written(block.sheet, cell);
            let count = question.options.len();
            match whole_number(&cell.value) {
                Some(number) if (1..=count as i64).contains(&number) => {
                    let option = u16::try_from(number - 1).expect("an option number is small");
                    chosen.push(Chosen { option, written });
                }
                Some(number) => {
                    let message =
                        format!("option {number} in the answer to {}, expected 1 to {count}", self.name(prompt));
                    let place = self.place(block.sheet, cell.address);
                    self.report(Code::NoSuchOption, place, message);
                    unreadable.push(written);
                }
                None => {
                    self.report_unreadable(block.sheet, cell, prompt, &format!("an option number from 1 to {count}"));
                    unreadable.push(written);
                }
            }
        }
        chosen.sort_by_key(|one| one.option);
        chosen.dedup_by_key(|one| one.option);
        Answer { prompt, place, content: Content::Options(chosen), unreadable }
    }

    pub(super) fn read_matrix(&mut self, block: &Block, question: &Question, prompts: &[Prompt]) -> Vec<Answer> {
        let labels = &self.form.questions[prompts[0].question.position()];
        let sheet = &self.sheets[block.sheet];
        let find = |label: LabelId| sheet.find(label, block.rows()).map(|(cell, _)| cell.address);
        let columns: Vec<Option<u32>> =
            labels.options.iter().map(|&label| find(label).map(|cell| cell.column)).collect();
        let rows: Vec<Option<u32>> = labels.items.iter().map(|&label| find(label).map(|cell| cell.row)).collect();
        for (option, column) in columns.iter().enumerate() {
            if column.is_none() {
                let whole = Prompt { item: None, ..prompts[0] };
                let message = format!("option 「{}」 of {} is gone", question.options[option].label, self.name(whole));
                let place = self.place(block.sheet, block.heading);
                self.report(Code::OptionNotFound, place, message);
            }
        }
        let has_all_options = columns.iter().all(Option::is_some);
        let mut answers = Vec::with_capacity(prompts.len());
        for &prompt in prompts {
            let row = rows[usize::from(prompt.item.expect("a matrix is read item by item"))];
            let Some(row) = row else {
                self.report_missing(prompt, true);
                answers.push(self.not_found(prompt));
                continue;
            };
            let column = columns.iter().flatten().min().copied().unwrap_or(block.heading.column);
            let place = has_all_options.then(|| cell_place(block.sheet, CellAddress { row, column }));
            let mut answer = Answer { prompt, place, content: Content::Options(Vec::new()), unreadable: Vec::new() };
            for (option, column) in columns.iter().enumerate() {
                let Some(column) = *column else { continue };
                if let Some(cell) = self.sheets[block.sheet].sheet.at(CellAddress { row, column }) {
                    let option = u16::try_from(option).expect("a question has few options");
                    self.take_mark(block.sheet, cell, option, &mut answer);
                }
            }
            answers.push(answer);
        }
        answers
    }
}
