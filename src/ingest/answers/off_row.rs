//! Answers that were pasted a row off. In a column of answers every one then stands beside another
//! option or question, and marks of a multiple choice look as sound as before.
//!
//! Boxes of option numbers and of numbers tell it: theirs is empty, and a number stands in the row
//! above, which is the last of the question before, or in the row below.

use super::Reader;
use crate::finding::{CellAddress, Code};
use crate::form::{AnswerPlace, ChoiceLayout};
use crate::ingest::answers::numbers::whole_number;
use crate::ingest::layout::blocks::Block;
use crate::ingest::reading::{Answer, Written};
use crate::survey::{Kind, Prompt};

/// How many boxes of a sheet must be empty in this way: a few may have been filled a row low one by one.
const ENOUGH: usize = 4;

impl Reader<'_> {
    /// Sets aside the answers of a sheet among those that stand a row off.
    pub(super) fn set_aside_off_row(&mut self, places: &[Vec<Block>], answers: &mut [Answer]) {
        let AnswerPlace::Column { heading } = self.form.answers else { return };
        for sheet in 0..self.sheets.len() {
            let headings = self.sheets[sheet].all().filter(|(_, label)| *label == Some(heading));
            let columns: Vec<u32> = headings.map(|(cell, _)| cell.address.column).collect();
            let [column] = columns.as_slice() else { continue };
            let own = self.form.headings.iter().zip(places).flat_map(|(heading, blocks)| {
                blocks.iter().filter(|block| block.sheet == sheet).map(move |block| (block.heading.row, heading))
            });
            let mut rows: Vec<_> = own.collect();
            rows.sort_by_key(|(row, _)| *row);
            let is_box = |kind: Kind| match kind {
                Kind::Number => true,
                Kind::Single | Kind::GridSingle => self.form.layout.single == ChoiceLayout::Number,
                Kind::Multiple | Kind::GridMultiple | Kind::Text => false,
            };
            let mut off: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
            for (at, (row, heading)) in rows.iter().enumerate().skip(1) {
                let is_empty = self.sheets[sheet].sheet.shown_at(CellAddress { row: *row, column: *column }).is_none();
                if !is_box(self.survey.question(heading.question).kind) || !is_empty {
                    continue;
                }
                let before = row.checked_sub(1).filter(|before| *before > rows[at - 1].0);
                off[0].extend(before.filter(|&row| self.holds_number(sheet, row, *column, None)).map(|_| at));
                // In the row of option 2 a 2 is where it may be.
                off[1].extend(self.holds_number(sheet, row + 1, *column, Some(2)).then_some(at));
            }
            for at in off.into_iter().filter(|at| at.len() >= ENOUGH) {
                // The questions before and after may have been reached by what was pasted.
                let (first, mut last) = (at[0] - 1, at[at.len() - 1]);
                let is_open = |at: usize| {
                    rows.get(at).is_some_and(|(_, heading)| {
                        let own = answers.iter().filter(|answer| {
                            answer.prompt.question == heading.question
                                && (heading.item.is_none() || heading.item == answer.prompt.item)
                        });
                        own.into_iter().any(|answer| !answer.unreadable.is_empty())
                    })
                };
                last = (last + 1).min(rows.len() - 1);
                while last + 1 < rows.len() && (is_open(last) || is_open(last + 1)) {
                    last += 1;
                }
                let heads: Vec<u32> = at.iter().map(|&at| rows[at].0).collect();
                let within = rows[first].0..=rows[last].0;
                self.set_aside(sheet, *column, &heads, answers, |prompt: Prompt| {
                    let is_own = |(row, heading): &&(u32, &crate::form::Heading)| {
                        within.contains(row)
                            && heading.question == prompt.question
                            && (heading.item.is_none() || heading.item == prompt.item)
                    };
                    rows.iter().any(|one| is_own(&one))
                });
            }
        }
    }

    /// Whether a cell by itself holds a whole number, and not the one that may stand there.
    fn holds_number(&self, sheet: usize, row: u32, column: u32, but: Option<i64>) -> bool {
        let sheet = self.sheets[sheet].sheet;
        let address = CellAddress { row, column };
        let number = sheet.at(address).and_then(|cell| whole_number(&cell.value));
        number.is_some_and(|number| Some(number) != but) && sheet.merged_at(address).first == address
    }

    fn set_aside(
        &mut self,
        sheet: usize,
        column: u32,
        heads: &[u32],
        answers: &mut [Answer],
        is_within: impl Fn(Prompt) -> bool,
    ) {
        let mut prompts = Vec::new();
        for answer in answers.iter_mut().filter(|answer| is_within(answer.prompt)) {
            let written: Vec<Written> = answer.written().into_iter().cloned().collect();
            let is_here = |one: &Written| usize::from(one.place.sheet) == sheet && !answer.unreadable.contains(one);
            let fresh: Vec<Written> = written.into_iter().filter(is_here).collect();
            answer.unreadable.extend(fresh);
            prompts.push(answer.prompt);
        }
        let cells: Vec<String> = heads.iter().map(|&row| CellAddress { row, column }.to_string()).collect();
        let message = format!(
            "the boxes {} are empty, and their numbers stand a row off: {} answers around them are not used",
            cells.join(", "),
            prompts.len()
        );
        let place = self.place(sheet, CellAddress { row: heads[0], column });
        self.report(Code::AnswersOffRow, place, message, &prompts, &cells.join("、"));
    }
}
