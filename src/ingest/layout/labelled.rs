//! A sheet whose cells are recognised as printed labels of the form.

use crate::finding::CellAddress;
use crate::form::{LabelId, Labels};
use crate::ingest::layout::examples::{is_example, is_former};
use crate::ingest::sheets::sheet::{Sheet, SheetCell, Value};

/// A sheet with the label of each cell, where it shows one.
#[derive(Debug)]
pub struct LabelledSheet<'w> {
    /// The sheet.
    pub sheet: &'w Sheet,
    /// Whether it is named or titled as an example.
    pub example: bool,
    /// Whether it is named as last year's.
    pub former: bool,
    labels: Vec<Option<LabelId>>,
}

impl<'w> LabelledSheet<'w> {
    /// Recognises the labels of a sheet.
    pub fn new(sheet: &'w Sheet, labels: &Labels) -> Self {
        let recognise = |cell: &SheetCell| match &cell.value {
            Value::Text(text) => labels.find(text),
            Value::Number(number) => labels.find(&number.to_string()),
            _ => None,
        };
        let (example, former) = (is_example(sheet), is_former(sheet));
        LabelledSheet { sheet, example, former, labels: sheet.cells().iter().map(recognise).collect() }
    }

    /// The cells of some rows with their labels, row by row.
    pub fn rows(&self, rows: std::ops::Range<u32>) -> impl Iterator<Item = (&'w SheetCell, Option<LabelId>)> + '_ {
        let span = self.sheet.span(rows);
        self.sheet.cells()[span.clone()].iter().zip(self.labels[span].iter().copied())
    }

    /// All cells with their labels.
    pub fn all(&self) -> impl Iterator<Item = (&'w SheetCell, Option<LabelId>)> + '_ {
        self.sheet.cells().iter().zip(self.labels.iter().copied())
    }

    /// The cells in some rows that show one of these labels.
    pub fn find_all<'s>(
        &'s self,
        wanted: &'s [LabelId],
        rows: std::ops::Range<u32>,
    ) -> impl Iterator<Item = CellAddress> + 's {
        let is_wanted = |label: Option<LabelId>| label.is_some_and(|label| wanted.contains(&label));
        self.rows(rows).filter(move |(_, label)| is_wanted(*label)).map(|(cell, _)| cell.address)
    }

    /// The first cell in some rows that shows a label.
    pub fn find(&self, id: LabelId, rows: std::ops::Range<u32>) -> Option<(&'w SheetCell, LabelId)> {
        self.rows(rows).find_map(|(cell, label)| label.filter(|label| *label == id).map(|label| (cell, label)))
    }
}
