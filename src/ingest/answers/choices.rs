//! Choices: marks beside options, option numbers in boxes, and grids of marks.

use super::typed::{self, Marked, Numbers, option_numbers, whole_number};
use super::{Reader, cell_place, next_to};
use crate::finding::{CellAddress, Code, Finding, Place};
use crate::form::{AnswerPlace, LabelId, Side, Sign};
use std::collections::BTreeMap;

use crate::ingest::blocks::Block;
use crate::ingest::labelled::LabelledSheet;
use crate::ingest::reading::{Answer, Chosen, Content};
use crate::ingest::sheet::{SheetCell, Value};
use crate::survey::{Prompt, Question};

impl<'a> Reader<'a> {
    /// Whether a cell holds a mark that chooses an option.
    pub(super) fn is_mark(&self, value: &Value) -> bool {
        matches!(value, Value::Text(text) if self.form.marks.is_mark(text))
    }

    /// Notes that something was understood that is not written as the form asks.
    pub(super) fn note(&mut self, sheet: usize, cell: &SheetCell, prompt: Prompt, read_as: &str) {
        let shown = cell.value.shown();
        let message = format!("「{shown}」 in the answer to {} was read as {read_as}", self.name(prompt));
        let place = self.place(sheet, cell.address);
        self.report(Code::AnswerUnderstood, place, message);
    }

    /// One cell that may choose an option: a mark, nothing, or something else.
    fn take_mark(&mut self, sheet: usize, cell: &'a SheetCell, option: u16, own: Option<u16>, answer: &mut Answer) {
        self.used.insert((sheet, cell.address));
        let written = self.written(sheet, cell);
        let marked = typed::marked(&cell.value, own, &self.form.marks);
        match (marked, &mut answer.content) {
            (Marked::Chosen { plain }, Content::Options(chosen)) => {
                chosen.push(Chosen { option, written });
                if !plain {
                    self.note(sheet, cell, answer.prompt, "chosen");
                }
            }
            (Marked::Blank, _) => self.note(sheet, cell, answer.prompt, "not chosen"),
            _ => {
                self.report_no_answer(
                    sheet,
                    cell,
                    answer.prompt,
                    Code::UnreadableAnswer,
                    "a mark such as ○, or nothing",
                );
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
        let number_column = number_column(sheet, &places);
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
                        format!("option {} 「{wording}」 of {} is gone", option + 1, self.survey.prompt_name(prompt));
                    (Code::OptionNotFound, block.heading, message)
                }
            };
            let place = Place::Cell { file: self.file.to_owned(), sheet: sheet.sheet.name.clone(), cell: at };
            self.findings.push(Finding::new(code, place, message, code.rule().remedy));
        }
        self.report_renumbered(block, &places, number_column);
        places
    }

    /// Options that have another number in front of them than the form gives them: where it stands,
    /// what it says, and what it should be.
    fn renumbered<'b>(
        &'b self,
        block: &'b Block,
        options: &'b [Option<CellAddress>],
        column: Option<u32>,
    ) -> impl Iterator<Item = (CellAddress, String, i64)> + 'b {
        options.iter().enumerate().filter_map(move |(option, place)| {
            let cell = CellAddress { column: column?, ..(*place)? };
            let expected = i64::try_from(option + 1).expect("a question has few options");
            let seen = self.sheets[block.sheet].sheet.at(cell)?;
            let number = whole_number(&seen.value)?;
            (number != expected).then(|| (cell, seen.value.shown(), expected))
        })
    }

    fn report_renumbered(&mut self, block: &Block, options: &[Option<CellAddress>], column: Option<u32>) {
        let renumbered: Vec<_> = self.renumbered(block, options, column).collect();
        for (cell, seen, expected) in renumbered {
            let place = self.place(block.sheet, cell);
            let message = format!("「{seen}」 stands where the form has the number {expected}");
            self.report(Code::LabelChanged, place, message);
        }
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
        let mut filled: Vec<(u16, &'a SheetCell)> = Vec::new();
        for (option, label) in options.iter().enumerate() {
            let Some(label) = *label else { continue };
            let option = u16::try_from(option).expect("a question has few options");
            let cell = match column {
                Some(column) => self.sheets[block.sheet].sheet.at(CellAddress { column, ..label }),
                None => self.mark_beside(block.sheet, label, side, option),
            };
            filled.extend(cell.map(|cell| (option, cell)));
        }
        // Several numbers in the only box that is filled name the options of the question.
        if let ([(_, cell)], false) = (filled.as_slice(), question.kind.is_single())
            && option_numbers(&cell.value).is_some_and(|typed| typed.numbers.len() > 1)
        {
            self.used.insert((block.sheet, cell.address));
            let written = self.written(block.sheet, cell);
            match self.take_numbers(block.sheet, cell, prompt, question) {
                Some(options) => {
                    let chosen = options.into_iter().map(|option| Chosen { option, written: written.clone() });
                    answer.content = Content::Options(chosen.collect());
                }
                None => answer.unreadable.push(written),
            }
            return answer;
        }
        for (option, cell) in filled {
            self.take_mark(block.sheet, cell, option, Some(option + 1), &mut answer);
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
        // Where options were renumbered, nobody can say which one a number means.
        let column_of_numbers = number_column(&self.sheets[block.sheet], &options);
        let renumbered = self.renumbered(block, &options, column_of_numbers).next().is_some();
        let place = place.filter(|_| !renumbered);
        let last = options.iter().flatten().map(|cell| cell.row).max().unwrap_or(block.heading.row);
        for cell in self.box_cells(block, column, last) {
            self.used.insert((block.sheet, cell.address));
            match self.take_numbers(block.sheet, cell, prompt, question) {
                Some(options) => {
                    let written = self.written(block.sheet, cell);
                    chosen.extend(options.into_iter().map(|option| Chosen { option, written: written.clone() }));
                }
                None => unreadable.push(self.written(block.sheet, cell)),
            }
        }
        chosen.sort_by_key(|one| one.option);
        chosen.dedup_by_key(|one| one.option);
        Answer { prompt, place, content: Content::Options(chosen), unreadable }
    }

    /// The options that a box names by number or wording; none where it says that there is no
    /// answer; `None` where it cannot be read, with a finding.
    fn take_numbers(
        &mut self,
        sheet: usize,
        cell: &SheetCell,
        prompt: Prompt,
        question: &Question,
    ) -> Option<Vec<u16>> {
        let count = question.options.len();
        if let Some(Numbers { numbers, plain }) = option_numbers(&cell.value) {
            let options: Option<Vec<u16>> = numbers
                .iter()
                .map(|number| u16::try_from(*number - 1).ok().filter(|option| usize::from(*option) < count))
                .collect();
            if options.is_none() {
                let message = format!(
                    "option 「{}」 in the answer to {}, expected 1 to {count}",
                    cell.value.shown(),
                    self.name(prompt)
                );
                let place = self.place(sheet, cell.address);
                self.report(Code::NoSuchOption, place, message);
            } else if !plain {
                let read: Vec<String> = numbers.iter().map(i64::to_string).collect();
                self.note(sheet, cell, prompt, &format!("option {}", read.join(" and ")));
            }
            return options;
        }
        if let Value::Text(text) = &cell.value {
            if self.form.marks.find(text) == Some(Sign::Blank) {
                self.note(sheet, cell, prompt, "no answer");
                return Some(Vec::new());
            }
            let wordings = question.options.iter().map(|option| option.label.as_str());
            if let Some(option) = typed::option_by_wording(text, wordings) {
                self.note(sheet, cell, prompt, &format!("option {}", option + 1));
                return Some(vec![option]);
            }
        }
        let code = Code::UnreadableAnswer;
        self.report_no_answer(sheet, cell, prompt, code, &format!("an option number from 1 to {count}"));
        None
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
                    self.take_mark(block.sheet, cell, option, None, &mut answer);
                }
            }
            answers.push(answer);
        }
        answers
    }
}

/// The column in front of the options where most of them have a number.
fn number_column(sheet: &LabelledSheet<'_>, options: &[Option<CellAddress>]) -> Option<u32> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for place in options.iter().flatten() {
        for (cell, _) in sheet.rows(place.row..place.row + 1) {
            if cell.address.column < place.column && whole_number(&cell.value).is_some() {
                *counts.entry(cell.address.column).or_default() += 1;
            }
        }
    }
    // Of several, the nearest to the options.
    counts.into_iter().max_by_key(|&(column, count)| (count, column)).map(|(column, _)| column)
}
