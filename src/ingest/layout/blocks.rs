//! Where each question begins and ends in a workbook, by its printed number and wording.

use std::collections::{BTreeMap, HashMap};

use crate::finding::CellAddress;
use crate::form::{Form, LabelId};
use crate::ingest::layout::labelled::LabelledSheet;
use crate::ingest::sheets::sheet::{Merged, SheetCell};

/// The rows of one question in the workbook.
#[derive(Debug, Clone)]
pub struct Block {
    /// The position of the sheet.
    pub sheet: usize,
    /// The cell of the heading: the number, or the title where only that was found.
    pub heading: CellAddress,
    /// The row after its last.
    pub end: u32,
    /// Whether another question begins there.
    pub followed: bool,
    /// What is printed instead of the number or the title, where only the other was found.
    pub changed: Option<Changed>,
}

/// A heading of which one half is not as the form has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// What the form has.
    pub expected: LabelId,
    /// The cell that stands in its place, if there is one, and what it says.
    pub seen: Option<(CellAddress, String)>,
}

impl Block {
    /// The rows of the block.
    pub fn rows(&self) -> std::ops::Range<u32> {
        self.heading.row..self.end
    }
}

#[derive(Debug, Clone)]
struct Place {
    sheet: usize,
    number: Option<CellAddress>,
    title: Option<CellAddress>,
    changed: Option<Changed>,
}

impl Place {
    fn cell(&self) -> CellAddress {
        // A number merged over several rows may begin above its title, and the other way round.
        let both = [self.number, self.title].into_iter().flatten();
        both.min_by_key(|cell| (cell.row, cell.column)).expect("a place is found by its number or its title")
    }
}

/// Finds the blocks of every heading of the form: none for those that the workbook lacks, several
/// for those that stand in several places.
pub fn find(form: &Form, sheets: &[LabelledSheet<'_>]) -> Vec<Vec<Block>> {
    let mut places = find_whole(form, sheets);
    find_halves(form, sheets, &mut places);

    let mut starts: Vec<Vec<u32>> = vec![Vec::new(); sheets.len()];
    for place in places.iter().flatten() {
        starts[place.sheet].push(place.cell().row);
    }
    for rows in &mut starts {
        rows.sort_unstable();
    }
    places
        .into_iter()
        .map(|found| {
            let block = |place: Place| {
                let heading = place.cell();
                let rows = &starts[place.sheet];
                let next = rows.get(rows.partition_point(|&row| row <= heading.row)).copied();
                let end = next.unwrap_or_else(|| sheets[place.sheet].sheet.end());
                Block { sheet: place.sheet, heading, end, followed: next.is_some(), changed: place.changed }
            };
            found.into_iter().map(block).collect()
        })
        .collect()
}

/// Headings of which number and title stand in one row, number first, or in one cell.
fn find_whole(form: &Form, sheets: &[LabelledSheet<'_>]) -> Vec<Vec<Place>> {
    let mut by_title: HashMap<LabelId, Vec<usize>> = HashMap::with_capacity(form.headings.len());
    for (position, heading) in form.headings.iter().enumerate() {
        by_title.entry(heading.title).or_default().push(position);
        by_title.entry(heading.joined).or_default().push(position);
    }
    let mut places = vec![Vec::new(); form.headings.len()];
    for (sheet_position, sheet) in sheets.iter().enumerate() {
        let tall = tall_labels(sheet);
        for (cell, label) in sheet.all() {
            let Some(headings) = label.and_then(|label| by_title.get(&label)) else { continue };
            for &heading in headings {
                let printed = &form.headings[heading];
                let number = if label == Some(printed.joined) {
                    Some(cell.address)
                } else {
                    number_beside(sheet, &tall, printed.number, cell.address)
                };
                // A title that stands twice in its row is one heading.
                let is_known = |place: &Place| place.sheet == sheet_position && place.number == number;
                if number.is_some() && !places[heading].iter().any(is_known) {
                    let place = Place { sheet: sheet_position, number, title: Some(cell.address), changed: None };
                    places[heading].push(place);
                }
            }
        }
    }
    places
}

/// The labels of a sheet that are merged over several rows.
fn tall_labels(sheet: &LabelledSheet<'_>) -> Vec<(LabelId, Merged)> {
    let label_at = |merged: &Merged| {
        let rows = merged.first.row..merged.first.row + 1;
        sheet.rows(rows).find(|(cell, _)| cell.address == merged.first).and_then(|(_, label)| label)
    };
    let tall = sheet.sheet.merged().iter().filter(|merged| merged.first.row < merged.last.row);
    tall.filter_map(|merged| Some((label_at(merged)?, *merged))).collect()
}

/// The number in front of a title, in one of the rows that either is merged over.
fn number_beside(
    sheet: &LabelledSheet<'_>,
    tall: &[(LabelId, Merged)],
    number: LabelId,
    title: CellAddress,
) -> Option<CellAddress> {
    let rows = sheet.sheet.merged_at(title);
    let in_rows = sheet.find(number, rows.first.row..rows.last.row.saturating_add(1)).map(|(cell, _)| cell.address);
    let over_rows = || {
        let is_over = |merged: &Merged| (merged.first.row..=merged.last.row).contains(&title.row);
        let mut found = tall.iter().filter(|(label, merged)| *label == number && is_over(merged));
        found.next().map(|(_, merged)| merged.first)
    };
    let is_in_front = |cell: &CellAddress| cell.column < title.column;
    in_rows.filter(is_in_front).or_else(|| over_rows().filter(is_in_front))
}

/// The columns in which a sheet has its numbers and titles, told from the whole headings.
fn usual_columns(places: &[Vec<Place>], sheet: usize) -> Option<(u32, u32)> {
    let mut counts: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for place in places.iter().flatten().filter(|place| place.sheet == sheet) {
        if let (Some(number), Some(title)) = (place.number, place.title)
            && number != title
        {
            *counts.entry((number.column, title.column)).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(columns, _)| columns)
}

/// Headings of which only one half is as printed, in the column where the sheet has that half.
fn find_halves(form: &Form, sheets: &[LabelledSheet<'_>], places: &mut [Vec<Place>]) {
    let missing: Vec<usize> = (0..places.len()).filter(|&heading| places[heading].is_empty()).collect();
    if missing.is_empty() {
        return;
    }
    let mut found: Vec<(usize, Place)> = Vec::new();
    for (position, sheet) in sheets.iter().enumerate() {
        let Some((number_column, title_column)) = usual_columns(places, position) else { continue };
        let taken: Vec<u32> =
            places.iter().flatten().filter(|place| place.sheet == position).map(|place| place.cell().row).collect();
        let is = |cell: &SheetCell, label: Option<LabelId>, wanted: LabelId, column: u32| {
            (label == Some(wanted)) && cell.address.column == column && !taken.contains(&cell.address.row)
        };
        for &heading in &missing {
            let printed = &form.headings[heading];
            for (cell, label) in sheet.all() {
                let (number, title, expected, other_column) = if is(cell, label, printed.number, number_column) {
                    (Some(cell.address), None, printed.title, title_column)
                } else if is(cell, label, printed.title, title_column) {
                    (None, Some(cell.address), printed.number, number_column)
                } else {
                    continue;
                };
                let other = CellAddress { row: cell.address.row, column: other_column };
                let beside = sheet.rows(other.row..other.row + 1).find(|(cell, _)| cell.address == other);
                // A lone number beside a known wording is an option's number, not a question's.
                if number.is_some() && beside.is_none_or(|(_, label)| label.is_some()) {
                    continue;
                }
                let seen = beside.map(|(cell, _)| (cell.address, cell.value.shown()));
                let changed = Some(Changed { expected, seen });
                found.push((heading, Place { sheet: position, number, title, changed }));
            }
        }
    }
    for (heading, place) in found {
        places[heading].push(place);
    }
}
