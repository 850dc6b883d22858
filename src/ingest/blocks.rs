//! Where each question begins and ends in a workbook, by its printed number and wording.

use std::collections::{BTreeMap, HashMap};

use super::labelled::LabelledSheet;
use super::sheet::SheetCell;
use crate::finding::CellAddress;
use crate::form::{Form, LabelId};

/// The rows of one question in the workbook.
#[derive(Debug, Clone)]
pub struct Block {
    /// The position of the sheet.
    pub sheet: usize,
    /// The cell of the heading: the number, or the title where only that was found.
    pub heading: CellAddress,
    /// The row after its last.
    pub end: u32,
    /// What is printed instead of the number or the title, where only the other was found.
    pub changed: Option<Changed>,
    /// Other places where the question stands as well.
    pub copies: Vec<(usize, CellAddress)>,
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
        self.number.or(self.title).expect("a place is found by its number or its title")
    }
}

/// Finds the block of every heading of the form; `None` for those that the workbook lacks.
pub fn find(form: &Form, sheets: &[LabelledSheet<'_>]) -> Vec<Option<Block>> {
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
        .map(|mut found| {
            // Visible sheets first: a hidden copy is more likely a leftover.
            found.sort_by_key(|place| (!sheets[place.sheet].sheet.visible, place.sheet, place.cell()));
            let mut found = found.into_iter();
            let first = found.next()?;
            let heading = first.cell();
            let rows = &starts[first.sheet];
            let next = rows.partition_point(|&row| row <= heading.row);
            let end = rows.get(next).copied().unwrap_or_else(|| sheets[first.sheet].sheet.end());
            Some(Block {
                sheet: first.sheet,
                heading,
                end,
                changed: first.changed.clone(),
                copies: found.map(|place| (place.sheet, place.cell())).collect(),
            })
        })
        .collect()
}

/// Headings of which number and title stand in one row, number first.
fn find_whole(form: &Form, sheets: &[LabelledSheet<'_>]) -> Vec<Vec<Place>> {
    let mut by_title: HashMap<LabelId, Vec<usize>> = HashMap::with_capacity(form.headings.len());
    for (position, heading) in form.headings.iter().enumerate() {
        by_title.entry(heading.title).or_default().push(position);
    }
    let mut places = vec![Vec::new(); form.headings.len()];
    for (sheet_position, sheet) in sheets.iter().enumerate() {
        for (cell, label) in sheet.all() {
            let Some(headings) = label.and_then(|label| by_title.get(&label)) else { continue };
            let row = cell.address.row;
            for &heading in headings {
                let number = sheet
                    .find(form.headings[heading].number, row..row + 1)
                    .filter(|(number, _)| number.address.column < cell.address.column);
                if let Some((number, _)) = number {
                    places[heading].push(Place {
                        sheet: sheet_position,
                        number: Some(number.address),
                        title: Some(cell.address),
                        changed: None,
                    });
                }
            }
        }
    }
    places
}

/// The columns in which a sheet has its numbers and titles, told from the whole headings.
fn usual_columns(places: &[Vec<Place>], sheet: usize) -> Option<(u32, u32)> {
    let mut counts: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for place in places.iter().flatten().filter(|place| place.sheet == sheet) {
        if let (Some(number), Some(title)) = (place.number, place.title) {
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
