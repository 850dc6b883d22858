//! Reads the answers of a workbook, block by block, by the labels around them.

use std::collections::HashSet;

use super::blocks::{self, Block};
use super::labelled::LabelledSheet;
use super::reading::{Answer, CellPlace, Chosen, Content, Written};
use super::sheet::{SheetCell, Value};
use crate::finding::{CellAddress, Code, Finding, Place};
use crate::form::{AnswerPlace, ChoiceLayout, Form, GridLayout, LabelId, Side};
use crate::survey::{Kind, Prompt, Question, Survey, comparable};

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
                reader.read_block(block, &prompts, &mut answers);
                read_blocks.push(block);
            }
            None => {
                reader.report_missing(prompts[0], heading.item.is_some());
                answers.extend(prompts.into_iter().map(|prompt| reader.not_found(prompt)));
            }
        }
    }
    reader.report_stray_marks(&read_blocks);
    answers.sort_by_key(|answer| answer.prompt);
    (answers, reader.findings)
}

/// How a prompt is named in a message: 問13(3) and the question's wording.
pub fn prompt_name(survey: &Survey, prompt: Prompt) -> String {
    let question = survey.question(prompt.question);
    let number = prompt.question.number();
    match prompt.item {
        Some(item) => {
            format!("問{number}({}) {}：{}", item + 1, question.title, question.items[usize::from(item)].label)
        }
        None => format!("問{number} {}", question.title),
    }
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

/// What a cell says about choosing an option.
enum Choice {
    Mark,
    Unreadable,
}

impl<'a> Reader<'a> {
    fn place(&self, sheet: usize, cell: CellAddress) -> Place {
        Place::Cell { file: self.file.to_owned(), sheet: self.sheets[sheet].sheet.name.clone(), cell }
    }

    fn report(&mut self, code: Code, place: Place, message: String) {
        self.findings.push(Finding::new(code, place, message, code.rule().remedy));
    }

    fn name(&self, prompt: Prompt) -> String {
        prompt_name(self.survey, prompt)
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

    fn read_block(&mut self, block: &Block, prompts: &[Prompt], answers: &mut Vec<Answer>) {
        let survey = self.survey;
        let question = survey.question(prompts[0].question);
        let column = match self.form.answers {
            AnswerPlace::Beside { .. } => None,
            AnswerPlace::Column { heading } => {
                let sheet = &self.sheets[block.sheet];
                match sheet.find(heading, 0..block.end) {
                    Some((cell, _)) => Some(cell.address.column),
                    None => {
                        self.report_no_column(block.sheet, heading);
                        answers.extend(prompts.iter().map(|&prompt| self.not_found(prompt)));
                        return;
                    }
                }
            }
        };
        let grid = match question.kind {
            Kind::GridSingle => Some(self.form.layout.grid_single),
            Kind::GridMultiple => Some(self.form.layout.grid_multiple),
            _ => None,
        };
        if grid == Some(GridLayout::Matrix) {
            answers.extend(self.read_matrix(block, question, prompts));
            return;
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
    }

    fn report_no_column(&mut self, sheet: usize, heading: LabelId) {
        let place = Place::Sheet { file: self.file.to_owned(), sheet: self.sheets[sheet].sheet.name.clone() };
        let known = |finding: &Finding| finding.code == Code::AnswerColumnNotFound && finding.place == place;
        if !self.findings.iter().any(known) {
            let text = self.form.labels.text(heading);
            let message = format!("no cell says 「{text}」, the heading of the answer column");
            self.report(Code::AnswerColumnNotFound, place, message);
        }
    }

    /// The filled cells of a question's answer box.
    fn box_cells(&self, block: &Block, column: Option<u32>) -> Vec<&'a SheetCell> {
        let sheet = &self.sheets[block.sheet];
        let sheets = self.sheets;
        match (column, self.form.answers) {
            (Some(column), _) => sheets[block.sheet]
                .rows(block.rows())
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
    fn box_place(&self, block: &Block, column: Option<u32>) -> CellPlace {
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

    /// The filled cells on one side of a label, nearest first, up to the next printed label.
    fn beside(&self, sheet: usize, label: CellAddress, side: Side) -> Vec<&'a SheetCell> {
        let sheets = self.sheets;
        let row: Vec<_> = sheets[sheet].rows(label.row..label.row + 1).collect();
        let is_free = |(cell, label): &(&'a SheetCell, Option<super::labelled::Label>)| -> Option<&'a SheetCell> {
            // A printed number can also be an answer; a printed wording cannot.
            let printed = label.is_some() && matches!(&cell.value, Value::Text(text) if !is_digits(text));
            (!printed).then_some(*cell)
        };
        match side {
            Side::Right => {
                row.iter().filter(|(cell, _)| cell.address.column > label.column).map_while(is_free).collect()
            }
            Side::Left => {
                row.iter().rev().filter(|(cell, _)| cell.address.column < label.column).map_while(is_free).collect()
            }
        }
    }

    fn read_choice(&self, value: &Value) -> Choice {
        match value {
            Value::Text(text) if self.form.is_mark(text) => Choice::Mark,
            _ => Choice::Unreadable,
        }
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
        match (self.read_choice(&cell.value), &mut answer.content) {
            (Choice::Mark, Content::Options(chosen)) => chosen.push(Chosen { option, written }),
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
        for (option, place) in places.iter_mut().enumerate() {
            if place.is_some() {
                continue;
            }
            let wording = &question.options[option].label;
            // A changed wording is still recognised by the option's number in front of it.
            let by_number = known.and_then(|known| {
                let number = i64::try_from(option + 1).expect("a question has few options");
                sheet.rows(block.rows()).find_map(|(cell, _)| {
                    let is_number = cell.address.column < known.column && whole_number(&cell.value) == Some(number);
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

    fn read_marks(&mut self, block: &Block, column: Option<u32>, prompt: Prompt, question: &Question) -> Answer {
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
                None => self.mark_beside(block.sheet, label, side),
            };
            if let Some(cell) = cell {
                self.take_mark(block.sheet, cell, option, &mut answer);
            }
        }
        answer
    }

    /// The cell beside an option that decides: the nearest mark, or what stands right next to it.
    /// Text further away is a note and no answer.
    fn mark_beside(&self, sheet: usize, label: CellAddress, side: Side) -> Option<&'a SheetCell> {
        let cells = self.beside(sheet, label, side);
        let mark = cells.iter().find(|cell| matches!(self.read_choice(&cell.value), Choice::Mark));
        mark.or_else(|| cells.iter().find(|cell| cell.address == next_to(label, side))).copied()
    }

    fn read_option_number(
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
        for cell in self.box_cells(block, column) {
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

    fn read_matrix(&mut self, block: &Block, question: &Question, prompts: &[Prompt]) -> Vec<Answer> {
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

    fn read_number(&mut self, block: &Block, column: Option<u32>, prompt: Prompt) -> Answer {
        let place = Some(self.box_place(block, column));
        let mut value = None;
        let mut unreadable = Vec::new();
        for cell in self.box_cells(block, column) {
            self.used.insert((block.sheet, cell.address));
            let written = self.written(block.sheet, cell);
            match number_in(&cell.value) {
                Some(number) if value.is_none() => value = Some((number, written)),
                _ => {
                    let code = if matches!(cell.value, Value::Error(_)) { Code::CellError } else { Code::NotANumber };
                    let expected = if value.is_some() { "one number" } else { "a number" };
                    let message =
                        format!("「{}」 in the answer to {}, expected {expected}", written.raw, self.name(prompt));
                    let place = self.place(block.sheet, cell.address);
                    self.report(code, place, message);
                    unreadable.push(written);
                }
            }
        }
        Answer { prompt, place, content: Content::Number(value), unreadable }
    }

    fn read_text(&mut self, block: &Block, column: Option<u32>, prompt: Prompt) -> Answer {
        let place = Some(self.box_place(block, column));
        let cells = self.box_cells(block, column);
        let mut text: Option<Written> = None;
        for cell in cells {
            self.used.insert((block.sheet, cell.address));
            match &mut text {
                None => text = Some(self.written(block.sheet, cell)),
                Some(written) => {
                    written.raw.push('\n');
                    written.raw.push_str(&cell.value.shown());
                }
            }
        }
        Answer { prompt, place, content: Content::Text(text), unreadable: Vec::new() }
    }

    /// Marks within the questions that were read but beside no option.
    fn report_stray_marks(&mut self, blocks: &[&Block]) {
        let mut stray = Vec::new();
        for block in blocks {
            for (cell, _) in self.sheets[block.sheet].rows(block.rows()) {
                let is_mark = matches!(self.read_choice(&cell.value), Choice::Mark);
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

fn is_digits(text: &str) -> bool {
    let folded = comparable(text);
    !folded.is_empty() && folded.bytes().all(|byte| byte.is_ascii_digit())
}

/// A whole number, as a number or as digits of any width.
fn whole_number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => Some(*number as i64),
        Value::Text(text) if is_digits(text) => comparable(text).parse().ok(),
        _ => None,
    }
}

/// A number that is not negative, as a number or as digits with or without separators.
fn number_in(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => *number,
        Value::Text(text) => {
            let folded = comparable(text).replace(',', "");
            let plain = folded.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            plain.then(|| folded.parse().ok()).flatten()?
        }
        _ => return None,
    };
    (number.is_finite() && number >= 0.0).then_some(number)
}
