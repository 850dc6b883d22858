//! Choices: marks beside options, and option numbers in boxes.

use super::{Reader, cell_place};
use crate::finding::{CellAddress, Code};
use crate::form::{AnswerPlace, Side, Sign};
use crate::ingest::answers::typed::{self, Decorated, Marked, Numbers, decorated, option_numbers};
use crate::ingest::layout::blocks::Block;
use crate::ingest::reading::{Answer, Chosen, Content};
use crate::ingest::sheets::sheet::{Look, SheetCell, Value};
use crate::survey::{Prompt, Question};

/// The options that stand in a row: their cells, by position.
type Options = [Option<CellAddress>];

impl<'a> Reader<'a> {
    /// Whether a cell holds a mark that chooses an option.
    pub(super) fn is_mark(&self, value: &Value) -> bool {
        matches!(value, Value::Text(text) if self.form.marks.is_mark(text))
    }

    /// Whether a box beside an option chooses it.
    pub(super) fn chooses(&self, value: &Value, own: Option<u16>) -> bool {
        matches!(typed::marked(value, own, &self.form.marks), Marked::Chosen { .. })
    }

    /// One cell that may choose an option: a mark, nothing, or something else. `others` says that
    /// another box of the question has a mark, beside which a cross means no.
    pub(super) fn take_mark(
        &mut self,
        sheet: usize,
        cell: &'a SheetCell,
        option: u16,
        own: Option<u16>,
        others: bool,
        answer: &mut Answer,
    ) {
        self.used.insert((sheet, cell.address));
        let written = self.written(sheet, cell);
        let marked = typed::marked(&cell.value, own, &self.form.marks);
        match (marked, &mut answer.content) {
            (Marked::Chosen { plain }, Content::Options(chosen)) => {
                if chosen.iter().all(|other| other.option != option) {
                    chosen.push(Chosen { option, written });
                }
                if !plain {
                    self.note(sheet, cell, answer.prompt, "chosen");
                }
            }
            (Marked::Blank, _) => self.note(sheet, cell, answer.prompt, "not chosen"),
            (Marked::Crossed, _) if others => self.note(sheet, cell, answer.prompt, "not chosen"),
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

    pub(super) fn read_marks(
        &mut self,
        block: &Block,
        column: Option<u32>,
        prompt: Prompt,
        question: &Question,
    ) -> Answer {
        let options = self.option_cells(block, column, prompt, question);
        let side = match self.form.answers {
            AnswerPlace::Beside { side, .. } => side,
            AnswerPlace::Column { .. } => Side::Right,
        };
        let at = |(option, label): (usize, &Option<CellAddress>)| {
            label.map(|label| match column {
                Some(column) => CellAddress { column, ..label },
                None => self.box_of(block.sheet, label, side, option),
            })
        };
        let mut boxes: Vec<Option<CellAddress>> = options.iter().enumerate().map(at).collect();
        // What stands beside the boxes is read only where nothing at all stands in them.
        let mut is_beside = false;
        let is_filled = |place: &CellAddress| self.sheets[block.sheet].sheet.shown_at(*place).is_some();
        if column.is_none()
            && !boxes.iter().flatten().any(is_filled)
            && let Some((moved, is_shifted)) = self.moved_column(block, &options, side)
        {
            boxes = options.iter().map(|label| label.map(|label| CellAddress { column: moved, ..label })).collect();
            is_beside = !is_shifted;
        }
        let first = boxes.iter().flatten().next().copied().unwrap_or(block.heading);
        let complete = options.iter().all(Option::is_some);
        let mut answer = Answer {
            prompt,
            place: complete.then(|| cell_place(block.sheet, first)),
            content: Content::Options(Vec::new()),
            unreadable: Vec::new(),
            contradicted: Vec::new(),
        };
        let mut filled: Vec<(u16, &'a SheetCell)> = Vec::new();
        for (option, (label, place)) in options.iter().zip(&boxes).enumerate() {
            let (Some(label), Some(place)) = (*label, *place) else { continue };
            let option = u16::try_from(option).expect("a question has few options");
            let sheets = self.sheets;
            let cell = sheets[block.sheet].sheet.shown_at(place);
            // Left of the options, what stands beside a column of answers is print.
            if side == Side::Left || place.column > label.column {
                self.looked_at(block.sheet, place, side, prompt);
            }
            let seen = cell.filter(|cell| self.is_seen(block.sheet, cell, prompt));
            filled.extend(seen.map(|cell| (option, cell)));
            // Merged boxes may hold what they covered when they were merged.
            if let Some(under) = sheets[block.sheet].sheet.at(place).filter(|under| cell != Some(*under)) {
                self.is_seen(block.sheet, under, prompt);
            }
        }
        // Several numbers in the only box that is filled name the options of the question.
        let mut cells: Vec<&'a SheetCell> = filled.iter().map(|(_, cell)| *cell).collect();
        cells.dedup();
        if let ([cell], false) = (cells.as_slice(), question.kind.is_single())
            && option_numbers(&cell.value, &self.form.marks).is_some_and(|typed| typed.numbers.len() > 1)
            && !self.reaches_over(block, cell.address)
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
        let others = filled.iter().any(|(option, cell)| self.chooses(&cell.value, Some(option + 1)));
        for (option, cell) in &filled {
            let boxes = filled.iter().filter(|(_, other)| other.address == cell.address).count();
            if boxes > 1 || self.reaches_over(block, cell.address) {
                self.take_merged(block.sheet, cell, &mut answer);
                continue;
            }
            self.take_mark(block.sheet, cell, *option, Some(option + 1), others, &mut answer);
            if is_beside {
                self.note(block.sheet, cell, prompt, "in the box beside it, which is empty");
            }
        }
        self.take_marked_numbers(block, &options, question, &mut answer);
        answer
    }

    /// The numbers of options that have a mark, a circle or brackets, as on paper. Where no box is filled,
    /// they are the answer; where boxes are, a mark beside a number counts as well, and what may be print
    /// cannot be told. Where all numbers of the question have circles or brackets, or all its wordings the same
    /// mark, they are print.
    fn take_marked_numbers(&mut self, block: &Block, options: &Options, question: &Question, answer: &mut Answer) {
        let sheets = self.sheets;
        let sheet = sheets[block.sheet].sheet;
        let mut found: Vec<(u16, &'a SheetCell, Decorated)> = Vec::new();
        let mut printed = 0;
        let mark_of_list = self.mark_of_list(block.sheet, options);
        if let (Some(mark), Some(first)) = (mark_of_list, options.iter().flatten().next()) {
            self.report_list(block.sheet, *first, mark, answer.prompt);
        }
        for (option, label) in options.iter().enumerate() {
            let Some(label) = *label else { continue };
            let number = u16::try_from(option + 1).expect("a question has few options");
            let is_drawn = |place| sheet.look(place).is_some_and(|look| matches!(look, Look::Drawn(_)));
            // A mark may be drawn over the wording, or written before or behind it.
            let is_marked = || mark_of_list.is_none() && self.mark_at_wording(block.sheet, label).is_some();
            if is_drawn(label) || is_marked() {
                found.extend(sheet.at(label).map(|cell| (number - 1, cell, Decorated::Marked)));
            }
            let place = self.next_to(block.sheet, label, Side::Left);
            if place == label || place == block.heading {
                continue;
            }
            let Some(cell) = sheet.at(place).filter(|cell| !self.used.contains(&(block.sheet, cell.address))) else {
                continue;
            };
            printed += 1;
            let decorated = decorated(&cell.value, number, &self.form.marks);
            if let Some(decorated) = decorated.or(is_drawn(place).then_some(Decorated::Marked)) {
                found.push((number - 1, cell, decorated));
            }
        }
        let all_enclosed = printed > 1 && found.len() == printed;
        if all_enclosed && found.iter().all(|(.., decorated)| *decorated == Decorated::Enclosed) {
            return;
        }
        let was_blank = answer.is_blank();
        for (option, cell, decorated) in found {
            if !self.is_seen(block.sheet, cell, answer.prompt) {
                continue;
            }
            self.used.insert((block.sheet, cell.address));
            let written = self.written(block.sheet, cell);
            let Content::Options(chosen) = &mut answer.content else { return };
            let is_chosen = chosen.iter().any(|one| one.option == option);
            if is_chosen {
                continue;
            }
            if was_blank || decorated == Decorated::Marked {
                chosen.push(Chosen { option, written });
                chosen.sort_by_key(|one| one.option);
                let read_as = format!("a mark on option {} of {}", option + 1, question.options.len());
                self.note(block.sheet, cell, answer.prompt, &read_as);
            } else {
                let expected = "the number of the option as the form has it, or a mark in the box";
                self.report_no_answer(block.sheet, cell, answer.prompt, Code::UnreadableAnswer, expected);
                answer.unreadable.push(written);
            }
        }
    }

    /// A cell that covers the boxes of several answers: it is none of them.
    pub(super) fn take_merged(&mut self, sheet: usize, cell: &'a SheetCell, answer: &mut Answer) {
        self.used.insert((sheet, cell.address));
        self.report_merged(sheet, cell, answer.prompt);
        let written = self.written(sheet, cell);
        if !answer.unreadable.contains(&written) {
            answer.unreadable.push(written);
        }
    }

    pub(super) fn read_option_number(
        &mut self,
        block: &Block,
        column: Option<u32>,
        prompt: Prompt,
        question: &Question,
    ) -> Answer {
        let options = self.option_cells(block, column, prompt, question);
        let place = options.iter().all(Option::is_some).then(|| self.box_place(block, column));
        let mut chosen: Vec<Chosen> = Vec::new();
        let mut unreadable = Vec::new();
        // Where options were renumbered, nobody can say which one a number means.
        let renumbered = self.is_renumbered(block, &options);
        let place = place.filter(|_| !renumbered);
        let last = options.iter().flatten().map(|cell| cell.row).max().unwrap_or(block.heading.row);
        let free = self.box_place(block, column).cell;
        match self.form.answers {
            AnswerPlace::Beside { side, .. } => self.looked_at(block.sheet, free, side, prompt),
            AnswerPlace::Column { .. } if free.column > block.heading.column => {
                let rows = block.heading.row..last + 1;
                self.looked_at_rows(block.sheet, rows, free.column, Side::Right, prompt);
            }
            AnswerPlace::Column { .. } => {}
        }
        let cells = self.box_cells(block, column, last);
        let seen: Vec<&'a SheetCell> =
            cells.into_iter().filter(|cell| self.is_seen(block.sheet, cell, prompt)).collect();
        let head = self.sheets[block.sheet].sheet.merged_at(free);
        let in_head = |cell: &SheetCell| column.is_none() || head.covers(cell.address);
        let alone = !seen.iter().any(|cell| in_head(cell));
        for cell in seen {
            self.used.insert((block.sheet, cell.address));
            if self.reaches_over(block, cell.address) {
                self.report_merged(block.sheet, cell, prompt);
                unreadable.push(self.written(block.sheet, cell));
                continue;
            }
            // In a lower row of a box that is no longer merged, a number is read where it is that of the
            // option beside it: it could be a mark, or have been pasted a row off.
            let beside = options.iter().position(|label| label.is_some_and(|label| label.row == cell.address.row));
            if !in_head(cell) && !self.names_option(&cell.value, beside) {
                let expected = match beside {
                    Some(option) => format!("{} or nothing in the row of option {}", option + 1, option + 1),
                    None => "nothing below the box of the answer".to_owned(),
                };
                self.report_no_answer(block.sheet, cell, prompt, Code::UnreadableAnswer, &expected);
                unreadable.push(self.written(block.sheet, cell));
                continue;
            }
            match self.take_numbers(block.sheet, cell, prompt, question) {
                Some(options) => {
                    if !in_head(cell) && alone {
                        let option = options.first().map_or(0, |option| option + 1);
                        self.note(block.sheet, cell, prompt, &format!("option {option}, in whose row it stands"));
                    }
                    let written = self.written(block.sheet, cell);
                    chosen.extend(options.into_iter().map(|option| Chosen { option, written: written.clone() }));
                }
                None => unreadable.push(self.written(block.sheet, cell)),
            }
        }
        chosen.sort_by_key(|one| one.option);
        chosen.dedup_by_key(|one| one.option);
        let content = Content::Options(chosen);
        let mut answer = Answer { prompt, place, content, unreadable, contradicted: Vec::new() };
        self.take_marked_numbers(block, &options, question, &mut answer);
        answer
    }

    /// Whether a cell in the row of an option says that option or nothing.
    fn names_option(&self, value: &Value, beside: Option<usize>) -> bool {
        let is_blank = matches!(value, Value::Text(text) if self.form.marks.find(text) == Some(Sign::Blank));
        let own = beside.and_then(|option| i64::try_from(option + 1).ok());
        let says = |own: i64| option_numbers(value, &self.form.marks).is_some_and(|typed| typed.numbers == [own]);
        is_blank || own.is_some_and(says)
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
        if let Some(Numbers { numbers, plain }) = option_numbers(&cell.value, &self.form.marks) {
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
                self.report(Code::NoSuchOption, place, message, &[prompt], &cell.value.shown());
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
}
