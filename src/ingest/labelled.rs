//! A sheet whose cells are recognised as printed labels of the form.

use super::sheet::{Sheet, SheetCell, Value};
use crate::form::{LabelId, Labels};

/// A recognised label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// Which one.
    pub id: LabelId,
    /// Spelled as in the definition, to the character.
    pub exact: bool,
}

/// A sheet with the label of each cell, where it shows one.
#[derive(Debug)]
pub struct LabelledSheet<'w> {
    /// The sheet.
    pub sheet: &'w Sheet,
    labels: Vec<Option<Label>>,
}

impl<'w> LabelledSheet<'w> {
    /// Recognises the labels of a sheet.
    pub fn new(sheet: &'w Sheet, labels: &Labels) -> Self {
        let recognise = |cell: &SheetCell| {
            let found = match &cell.value {
                Value::Text(text) => labels.find(text),
                Value::Number(number) => labels.find(&number.to_string()),
                _ => None,
            };
            found.map(|(id, exact)| Label { id, exact })
        };
        LabelledSheet { sheet, labels: sheet.cells().iter().map(recognise).collect() }
    }

    /// The cells of some rows with their labels, row by row.
    pub fn rows(&self, rows: std::ops::Range<u32>) -> impl Iterator<Item = (&'w SheetCell, Option<Label>)> + '_ {
        let span = self.sheet.span(rows);
        self.sheet.cells()[span.clone()].iter().zip(self.labels[span].iter().copied())
    }

    /// All cells with their labels.
    pub fn all(&self) -> impl Iterator<Item = (&'w SheetCell, Option<Label>)> + '_ {
        self.sheet.cells().iter().zip(self.labels.iter().copied())
    }

    /// The first cell in some rows that shows a label.
    pub fn find(&self, id: LabelId, rows: std::ops::Range<u32>) -> Option<(&'w SheetCell, Label)> {
        self.rows(rows).find_map(|(cell, label)| label.filter(|label| label.id == id).map(|label| (cell, label)))
    }
}
