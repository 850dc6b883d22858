//! Grids of marks: items down, options across.

use super::{Reader, cell_place};
use crate::finding::{CellAddress, Code};
use crate::form::{LabelId, Side};
use crate::ingest::layout::blocks::Block;
use crate::ingest::reading::{Answer, Content};
use crate::ingest::sheets::sheet::Merged;
use crate::survey::{Prompt, Question};

impl<'a> Reader<'a> {
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
            let mut crossings: Vec<(u16, CellAddress)> = Vec::new();
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
                crossings.extend(cells.into_iter().map(|cell| (option, cell)));
            }
            let sheet = self.sheets[block.sheet].sheet;
            let is_chosen = |cell: CellAddress| {
                sheet.is_seen(cell) && sheet.at(cell).is_some_and(|shown| self.chooses(&shown.value, None))
            };
            let others = crossings.iter().any(|(_, cell)| is_chosen(*cell));
            for (option, cell) in crossings {
                self.take_crossing(block.sheet, cell, (option, others), [&columns, &rows_of_items], &mut answer);
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
        (option, others): (u16, bool),
        [columns, rows]: [&[Option<Merged>]; 2],
        answer: &mut Answer,
    ) {
        let sheets = self.sheets;
        let Some(shown) = sheets[sheet].sheet.at(cell) else { return };
        if !self.is_seen(sheet, shown, answer.prompt) {
            return;
        }
        let merged = sheets[sheet].sheet.merged_at(shown.address);
        let across =
            |label: &&Merged| label.first.column <= merged.last.column && merged.first.column <= label.last.column;
        let down = |label: &&Merged| label.first.row <= merged.last.row && merged.first.row <= label.last.row;
        let boxes = columns.iter().flatten().filter(across).count() * rows.iter().flatten().filter(down).count();
        if boxes > 1 {
            self.take_merged(sheet, shown, answer);
        } else {
            self.take_mark(sheet, shown, option, None, others, answer);
        }
    }
}
