//! Choices: marks beside options, option numbers in boxes, and grids of marks.

use super::typed::{self, Marked, Numbers, option_numbers, whole_number};
use super::{Reader, cell_place};
use crate::finding::{CellAddress, Code};
use crate::form::{AnswerPlace, LabelId, Side, Sign};
use crate::ingest::blocks::Block;
use crate::ingest::reading::{Answer, Chosen, Content};
use crate::ingest::sheet::{Merged, SheetCell, Value};
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
        self.report(Code::AnswerUnderstood, place, message, &[prompt], &shown);
    }

    /// One cell that may choose an option: a mark, nothing, or something else.
    fn take_mark(&mut self, sheet: usize, cell: &'a SheetCell, option: u16, own: Option<u16>, answer: &mut Answer) {
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
        let column = column.or_else(|| self.shifted_column(block, &options, side));
        let box_of = |label: CellAddress| match column {
            Some(column) => CellAddress { column, ..label },
            None => self.next_to(block.sheet, label, side),
        };
        let boxes: Vec<Option<CellAddress>> = options.iter().map(|label| label.map(box_of)).collect();
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
            let cell = match column {
                Some(_) => self.sheets[block.sheet].sheet.shown_at(place),
                None => self.mark_beside(block.sheet, label, side, option),
            };
            // Left of the options, what stands beside a column of answers is print.
            if side == Side::Left || place.column > label.column {
                let cell = cell.map_or(place, |cell| CellAddress { row: place.row, ..cell.address });
                self.looked_at(block.sheet, cell, side, prompt);
            }
            filled.extend(cell.map(|cell| (option, cell)));
        }
        // Several numbers in the only box that is filled name the options of the question.
        let mut cells: Vec<&'a SheetCell> = filled.iter().map(|(_, cell)| *cell).collect();
        cells.dedup();
        if let ([cell], false) = (cells.as_slice(), question.kind.is_single())
            && option_numbers(&cell.value).is_some_and(|typed| typed.numbers.len() > 1)
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
        for (option, cell) in &filled {
            let boxes = filled.iter().filter(|(_, other)| other.address == cell.address).count();
            if boxes > 1 || self.reaches_over(block, cell.address) {
                self.take_merged(block.sheet, cell, &mut answer);
            } else {
                self.take_mark(block.sheet, cell, *option, Some(option + 1), &mut answer);
            }
        }
        answer
    }

    /// A cell that covers the boxes of several answers: it is none of them.
    fn take_merged(&mut self, sheet: usize, cell: &'a SheetCell, answer: &mut Answer) {
        self.used.insert((sheet, cell.address));
        self.report_merged(sheet, cell, answer.prompt);
        let written = self.written(sheet, cell);
        if !answer.unreadable.contains(&written) {
            answer.unreadable.push(written);
        }
    }

    /// The column of the boxes where one was inserted between them and the options: nothing stands
    /// next to the options, and all marks further out stand in one column.
    fn shifted_column(&self, block: &Block, options: &[Option<CellAddress>], side: Side) -> Option<u32> {
        let sheet = self.sheets[block.sheet].sheet;
        let mut columns: Vec<u32> = Vec::new();
        for (option, label) in options.iter().enumerate() {
            let Some(label) = *label else { continue };
            let own = i64::try_from(option + 1).expect("a question has few options");
            let next = sheet.shown_at(self.next_to(block.sheet, label, side));
            let is_print = |cell: &SheetCell| side == Side::Left && whole_number(&cell.value) == Some(own);
            if next.is_some_and(|next| !is_print(next)) {
                return None;
            }
            let mut further = self.beside(block.sheet, label, side).into_iter();
            columns.extend(further.find(|cell| self.is_mark(&cell.value)).map(|cell| cell.address.column));
        }
        columns.dedup();
        match columns.as_slice() {
            [column] => Some(*column),
            _ => None,
        }
    }

    /// The cell beside an option that decides: what stands right next to it, or, where that is
    /// empty, the nearest mark (a column may have been inserted). Text further away is a note and no
    /// answer; the option's own number in front of it is print.
    fn mark_beside(&self, sheet: usize, label: CellAddress, side: Side, option: u16) -> Option<&'a SheetCell> {
        let own_number = |cell: &SheetCell| whole_number(&cell.value) == Some(i64::from(option) + 1);
        let sheets = self.sheets;
        let next = sheets[sheet].sheet.shown_at(self.next_to(sheet, label, side));
        match next {
            Some(next) if side == Side::Right || !own_number(next) => Some(next),
            _ => self.beside(sheet, label, side).into_iter().find(|cell| self.is_mark(&cell.value)),
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
        for cell in self.box_cells(block, column, last) {
            self.used.insert((block.sheet, cell.address));
            if self.reaches_over(block, cell.address) {
                self.report_merged(block.sheet, cell, prompt);
                unreadable.push(self.written(block.sheet, cell));
                continue;
            }
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
        Answer { prompt, place, content: Content::Options(chosen), unreadable, contradicted: Vec::new() }
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

    pub(super) fn read_matrix(&mut self, block: &Block, question: &Question, prompts: &[Prompt]) -> Vec<Answer> {
        let labels = &self.form.questions[prompts[0].question.position()];
        let sheet = &self.sheets[block.sheet];
        // A label merged over several cells has all of them.
        let find =
            |both: &[LabelId; 2]| sheet.find_all(both, block.rows()).next().map(|cell| sheet.sheet.merged_at(cell));
        let columns: Vec<Option<Merged>> = labels.options.iter().map(find).collect();
        let rows_of_items: Vec<Option<Merged>> = labels.items.iter().map(find).collect();
        for (option, column) in columns.iter().enumerate() {
            if column.is_none() {
                let whole = Prompt { item: None, ..prompts[0] };
                let message = format!("option 「{}」 of {} is gone", question.options[option].label, self.name(whole));
                let place = self.place(block.sheet, block.heading);
                self.report(Code::OptionNotFound, place, message, prompts, "");
            }
        }
        let has_all_options = columns.iter().all(Option::is_some);
        let first_column = columns.iter().flatten().map(|label| label.first.column).min();
        let mut answers = Vec::with_capacity(prompts.len());
        for &prompt in prompts {
            let item = rows_of_items[usize::from(prompt.item.expect("a matrix is read item by item"))];
            let Some(item) = item else {
                self.report_nowhere(prompt);
                answers.push(self.not_found(prompt));
                continue;
            };
            let column = first_column.unwrap_or(block.heading.column);
            let place = CellAddress { row: item.first.row, column };
            let mut answer = Answer {
                prompt,
                place: has_all_options.then(|| cell_place(block.sheet, place)),
                content: Content::Options(Vec::new()),
                unreadable: Vec::new(),
                contradicted: Vec::new(),
            };
            let rows = item.first.row..item.last.row.saturating_add(1);
            self.looked_at_rows(block.sheet, rows.clone(), column, Side::Right, prompt);
            for (option, label) in columns.iter().enumerate() {
                let Some(label) = label else { continue };
                let option = u16::try_from(option).expect("a question has few options");
                // Only filled cells: a label may be merged over a million.
                let corner = CellAddress { row: item.first.row, column: label.first.column };
                let merged = self.sheets[block.sheet].sheet.shown_at(corner).map(|shown| shown.address);
                let own = label.first.column..=label.last.column;
                let all = self.sheets[block.sheet].rows(rows.clone()).map(|(cell, _)| cell.address);
                let mut cells: Vec<CellAddress> = all.filter(|cell| own.contains(&cell.column)).collect();
                cells.extend(merged.filter(|merged| !cells.contains(merged)));
                for cell in cells {
                    self.take_crossing(block.sheet, cell, option, [&columns, &rows_of_items], &mut answer);
                }
            }
            answers.push(answer);
        }
        answers
    }

    /// The cell where an item and an option meet: it must be theirs alone.
    fn take_crossing(
        &mut self,
        sheet: usize,
        cell: CellAddress,
        option: u16,
        [columns, rows]: [&[Option<Merged>]; 2],
        answer: &mut Answer,
    ) {
        let sheets = self.sheets;
        let Some(shown) = sheets[sheet].sheet.at(cell) else { return };
        let merged = sheets[sheet].sheet.merged_at(shown.address);
        let across =
            |label: &&Merged| label.first.column <= merged.last.column && merged.first.column <= label.last.column;
        let down = |label: &&Merged| label.first.row <= merged.last.row && merged.first.row <= label.last.row;
        let boxes = columns.iter().flatten().filter(across).count() * rows.iter().flatten().filter(down).count();
        if boxes > 1 {
            self.take_merged(sheet, shown, answer);
        } else {
            self.take_mark(sheet, shown, option, None, answer);
        }
    }
}
