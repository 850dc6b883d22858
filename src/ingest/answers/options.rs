//! Where the options of a question are printed, and whether they still are what the form prints.

use std::collections::BTreeMap;

use super::Reader;
use crate::finding::{CellAddress, Code};
use crate::form::LabelId;
use crate::ingest::answers::numbers::whole_number;
use crate::ingest::layout::blocks::Block;
use crate::ingest::layout::labelled::LabelledSheet;
use crate::ingest::sheets::sheet::{SheetCell, Value};
use crate::survey::{Prompt, Question};

impl Reader<'_> {
    /// The cells of a block that print the options, or a finding for each one that is gone. What is
    /// typed in the answer column is never taken for print.
    pub(super) fn option_cells(
        &mut self,
        block: &Block,
        answers: Option<u32>,
        prompt: Prompt,
        question: &Question,
    ) -> Vec<Option<CellAddress>> {
        let labels = &self.form.questions[prompt.question.position()].options;
        let sheet = &self.sheets[block.sheet];
        let printed: Vec<Vec<CellAddress>> = labels
            .iter()
            .map(|both| sheet.find_all(both, block.rows()).filter(|cell| Some(cell.column) != answers).collect())
            .collect();
        let mut places = in_one_column(&printed);
        for (place, both) in places.iter_mut().zip(labels) {
            if place.is_none() {
                *place = self.marked_wording(block, both, answers);
            }
        }
        let sheet = &self.sheets[block.sheet];
        let known = places.iter().flatten().next().copied();
        let number_column = number_column(sheet, &places, block.heading);
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
            let (code, at, seen, message) = match by_number {
                Some((address, seen)) => {
                    *place = Some(address);
                    let message = format!("「{seen}」 stands where the form has option {} 「{wording}」", option + 1);
                    (Code::LabelChanged, address, seen, message)
                }
                None => {
                    let message = format!("option {} 「{wording}」 of {} is gone", option + 1, self.name(prompt));
                    (Code::OptionNotFound, block.heading, String::new(), message)
                }
            };
            let place = self.place(block.sheet, at);
            self.report(code, place, message, &[prompt], &seen);
        }
        self.report_renumbered(block, prompt, &places, number_column);
        places
    }

    /// The cell that prints the wording of an option with a mark before or behind it.
    fn marked_wording(&self, block: &Block, wording: &[LabelId], answers: Option<u32>) -> Option<CellAddress> {
        let mut cells = self.sheets[block.sheet].rows(block.rows());
        let is_own = |cell: &SheetCell| {
            let Value::Text(text) = &cell.value else { return false };
            let rest = self.form.marks.beside_mark(text).and_then(|rest| self.form.labels.find(rest));
            Some(cell.address.column) != answers && rest.is_some_and(|label| wording.contains(&label))
        };
        cells.find(|(cell, label)| label.is_none() && is_own(cell)).map(|(cell, _)| cell.address)
    }

    /// The mark that stands before or behind the wording in a cell that prints an option.
    pub(super) fn mark_at_wording(&self, sheet: usize, cell: CellAddress) -> Option<char> {
        let shown = self.sheets[sheet].sheet.at(cell);
        let Some(Value::Text(text)) = shown.map(|cell| &cell.value) else { return None };
        let (mark, rest) = self.form.marks.split_mark(text)?;
        let is_wording = self.form.labels.find(text).is_none() && self.form.labels.find(rest).is_some();
        is_wording.then_some(mark)
    }

    /// The mark that stands at the wording of every option of a question, as in a list that was typed anew.
    pub(super) fn mark_of_list(&self, sheet: usize, options: &[Option<CellAddress>]) -> Option<char> {
        let (first, others) = options.split_first()?;
        let mark = self.mark_at_wording(sheet, (*first)?)?;
        let is_same =
            |place: &Option<CellAddress>| place.and_then(|cell| self.mark_at_wording(sheet, cell)) == Some(mark);
        (!others.is_empty() && others.iter().all(is_same)).then_some(mark)
    }

    /// Reports that a mark at the wording of every option was taken for print, once for a question.
    pub(super) fn report_list(&mut self, sheet: usize, first: CellAddress, mark: char, prompt: Prompt) {
        let whole = Prompt { item: None, ..prompt };
        let name = self.name(whole);
        let message = format!("「{mark}」 stands at the wording of every option of {name}, and was taken for print");
        if self.findings.iter().all(|finding| finding.message != message) {
            let place = self.place(sheet, first);
            self.report(Code::LabelChanged, place, message, &[whole], &mark.to_string());
        }
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
            let seen = self.sheets[block.sheet].sheet.at(cell).filter(|_| cell != block.heading)?;
            let number = whole_number(&seen.value)?;
            (number != expected).then(|| (cell, seen.value.shown(), expected))
        })
    }

    /// Whether any option has another number in front of it than the form gives it.
    pub(super) fn is_renumbered(&self, block: &Block, options: &[Option<CellAddress>]) -> bool {
        let column = number_column(&self.sheets[block.sheet], options, block.heading);
        self.renumbered(block, options, column).next().is_some()
    }

    fn report_renumbered(
        &mut self,
        block: &Block,
        prompt: Prompt,
        options: &[Option<CellAddress>],
        column: Option<u32>,
    ) {
        let renumbered: Vec<_> = self.renumbered(block, options, column).collect();
        for (cell, seen, expected) in renumbered {
            let place = self.place(block.sheet, cell);
            let message = format!("「{seen}」 stands where the form has the number {expected}");
            self.report(Code::LabelChanged, place, message, &[prompt], &seen);
        }
    }
}

/// One cell for each option, of those that show its wording: the one in the column where most
/// options stand. A wording further out in the row of a printed option is what somebody typed.
fn in_one_column(printed: &[Vec<CellAddress>]) -> Vec<Option<CellAddress>> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for cells in printed {
        let mut columns: Vec<u32> = cells.iter().map(|cell| cell.column).collect();
        columns.sort_unstable();
        columns.dedup();
        columns.into_iter().for_each(|column| *counts.entry(column).or_default() += 1);
    }
    let usual = counts.into_iter().max_by_key(|&(column, count)| (count, std::cmp::Reverse(column)));
    let Some((usual, _)) = usual else { return vec![None; printed.len()] };
    let mut places: Vec<Option<CellAddress>> =
        printed.iter().map(|cells| cells.iter().find(|cell| cell.column == usual).copied()).collect();
    let rows: Vec<u32> = places.iter().flatten().map(|cell| cell.row).collect();
    for (place, cells) in places.iter_mut().zip(printed) {
        if place.is_none() {
            *place = cells.iter().find(|cell| !rows.contains(&cell.row)).copied();
        }
    }
    places
}

/// The column in front of the options where most of them have a number. The number of the question
/// itself may stand in the row of its first option.
fn number_column(sheet: &LabelledSheet<'_>, options: &[Option<CellAddress>], heading: CellAddress) -> Option<u32> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for place in options.iter().flatten() {
        for (cell, _) in sheet.rows(place.row..place.row + 1) {
            let in_front = cell.address.column < place.column && cell.address != heading;
            if in_front && whole_number(&cell.value).is_some() {
                *counts.entry(cell.address.column).or_default() += 1;
            }
        }
    }
    // Of several, the nearest to the options.
    counts.into_iter().max_by_key(|&(column, count)| (count, column)).map(|(column, _)| column)
}
