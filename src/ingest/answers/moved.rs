//! Where the boxes of a question are: next to its options, unless nothing at all stands there.
//!
//! A column may have been inserted, or an answer typed a cell too far out. What stands beside the
//! boxes is read only where no box of the question is filled, and never under a heading of its own:
//! there it is last year's answer, or a draft.

use std::collections::BTreeSet;

use super::Reader;
use crate::finding::CellAddress;
use crate::form::{AnswerPlace, LabelId, Side};
use crate::ingest::answers::numbers::whole_number;
use crate::ingest::layout::blocks::Block;
use crate::ingest::sheets::sheet::SheetCell;
use crate::survey::comparable;

/// Headings that say of a column that it holds the answers.
const ANSWERS: [&str; 8] = ["回答", "回答欄", "ご回答", "ご回答欄", "御回答", "御回答欄", "今回回答", "今回"];

/// Headings of the column that the form has for remarks.
const REMARKS: [&str; 5] = ["備考", "備考欄", "摘要", "コメント", "特記事項"];

/// Whether a heading is that of a column for remarks: a mark under it may be a slip.
pub(super) fn is_for_remarks(heading: &SheetCell) -> bool {
    REMARKS.contains(&comparable(&heading.value.shown()).as_str())
}

impl<'a> Reader<'a> {
    /// The box beside an option: the next cell, or, where that prints the option's own number, the
    /// one beyond it.
    pub(super) fn box_of(&self, sheet: usize, label: CellAddress, side: Side, option: usize) -> CellAddress {
        let next = self.next_to(sheet, label, side);
        let own = i64::try_from(option + 1).expect("a question has few options");
        let is_print = |cell: &SheetCell| side == Side::Left && whole_number(&cell.value) == Some(own);
        match self.sheets[sheet].sheet.shown_at(next) {
            Some(cell) if is_print(cell) => self.next_to(sheet, cell.address, side),
            _ => next,
        }
    }

    /// The column in which all marks of a question stand whose boxes are empty, where it is one column
    /// without a heading of its own; and whether all boxes of the sheet stand there.
    pub(super) fn moved_column(
        &self,
        block: &Block,
        options: &[Option<CellAddress>],
        side: Side,
    ) -> Option<(u32, bool)> {
        let mut columns = BTreeSet::new();
        for label in options.iter().flatten() {
            let further = self.beside(block.sheet, *label, side).into_iter();
            let chooses = |cell: &&SheetCell| {
                self.chooses(&cell.value, None) && self.sheets[block.sheet].sheet.is_seen(cell.address)
            };
            columns.extend(further.filter(chooses).map(|cell| cell.address.column));
        }
        columns.retain(|&column| self.own_heading(block, column).is_none());
        if columns.len() > 1 {
            // Where all boxes of the sheet stand in one of them, a mark in another one is a slip.
            columns.retain(|&column| self.is_shifted(block.sheet, side, column));
        }
        let column = columns.first().copied().filter(|_| columns.len() == 1)?;
        Some((column, self.is_shifted(block.sheet, side, column)))
    }

    /// What stands as a heading of its own over the boxes of a question in a column: in the row of
    /// the question's heading, or above all questions of the sheet. The answer column's is none.
    pub(super) fn own_heading(&self, block: &Block, column: u32) -> Option<&'a SheetCell> {
        let sheets = self.sheets;
        let sheet = &sheets[block.sheet];
        let first = self.first_rows.get(block.sheet).copied().unwrap_or(block.heading.row).min(block.heading.row);
        let rows = [0..first, block.heading.row..block.heading.row + 1];
        let is_heading = |cell: &SheetCell| {
            let is_over = sheet.sheet.merged_at(cell.address);
            (is_over.first.column..=is_over.last.column).contains(&column)
                && !self.is_mark(&cell.value)
                && !ANSWERS.contains(&comparable(&cell.value.shown()).as_str())
        };
        let own = block.heading.column..=block.heading.column + 1;
        let mut found = rows.into_iter().flat_map(|rows| sheet.rows(rows)).filter(|(cell, label)| {
            // What the form itself prints is no heading that somebody added.
            label.is_none() && !own.contains(&cell.address.column) && is_heading(cell)
        });
        found.next().map(|(cell, _)| cell)
    }

    /// Whether the boxes of a sheet stand in this column altogether: next to no option and no label of a
    /// box anything stands, and the marks of two questions at least stand there.
    fn is_shifted(&self, sheet: usize, side: Side, column: u32) -> bool {
        let labelled = &self.sheets[sheet];
        let box_label = match self.form.answers {
            AnswerPlace::Beside { label, .. } => Some(label),
            AnswerPlace::Column { .. } => None,
        };
        let is_choice = |label: LabelId| {
            box_label == Some(label)
                || self.form.questions.iter().flat_map(|one| &one.options).flatten().any(|&option| option == label)
        };
        let mut marked = 0;
        for (cell, label) in labelled.all() {
            if !label.is_some_and(is_choice) {
                continue;
            }
            let next = self.next_to(sheet, cell.address, side);
            let beside = labelled.rows(next.row..next.row + 1).find(|(other, _)| other.address == next);
            match beside {
                // The options of a grid stand side by side.
                Some((_, Some(_))) => {}
                Some((_, None)) => return false,
                None => {
                    let there = CellAddress { column, ..cell.address };
                    marked += usize::from(labelled.sheet.at(there).is_some());
                }
            }
        }
        marked >= 2
    }

    /// What stands in the box of a number or text, or further out where the box is empty and no heading
    /// of its own stands over it; and whether it is further out.
    pub(super) fn in_box_beside(&self, block: &Block, label: CellAddress, side: Side) -> Option<(&'a SheetCell, bool)> {
        let sheets = self.sheets;
        let next = self.next_to(block.sheet, label, side);
        if let Some(cell) = sheets[block.sheet].sheet.shown_at(next) {
            return Some((cell, false));
        }
        let further = self.beside(block.sheet, label, side).into_iter();
        let mut further = further.filter(|cell| self.own_heading(block, cell.address.column).is_none());
        let found = further.find(|cell| sheets[block.sheet].sheet.is_seen(cell.address))?;
        Some((found, !self.is_shifted(block.sheet, side, found.address.column)))
    }
}
