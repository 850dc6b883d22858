//! Reads a table back, row by row.

use std::fs::File;
use std::path::Path;

use arrow::array::{Array, Float64Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::tables::Table;
use super::{StoreError, TableFiles};

/// A row of a table, by the names of its columns.
pub struct Row<'b> {
    batch: &'b RecordBatch,
    row: usize,
}

impl Row<'_> {
    /// The text of a column; `None` where it is null.
    ///
    /// # Panics
    /// If the table has no text column of that name.
    pub fn optional_text(&self, name: &str) -> Option<&str> {
        let column = self.column(name).as_any().downcast_ref::<StringArray>().expect("the column holds texts");
        (!column.is_null(self.row)).then(|| column.value(self.row))
    }

    /// The text of a column; empty where it is null.
    pub fn text(&self, name: &str) -> &str {
        self.optional_text(name).unwrap_or("")
    }

    /// The number of a column; `None` where it is null.
    ///
    /// # Panics
    /// If the table has no column of numbers of that name.
    pub fn number(&self, name: &str) -> Option<f64> {
        let column = self.column(name).as_any().downcast_ref::<Float64Array>().expect("the column holds numbers");
        (!column.is_null(self.row)).then(|| column.value(self.row))
    }

    /// The whole number of a column.
    ///
    /// # Panics
    /// If the table has no column of whole numbers of that name.
    pub fn integer(&self, name: &str) -> i64 {
        let column = self.column(name).as_any().downcast_ref::<Int64Array>().expect("the column holds whole numbers");
        column.value(self.row)
    }

    fn column(&self, name: &str) -> &dyn Array {
        self.batch.column_by_name(name).expect("the table has the column")
    }
}

/// Shows every row of a table of one year, in the order stored.
pub fn read(
    files: &dyn TableFiles,
    table: &'static Table,
    fiscal_year: u16,
    mut look: impl FnMut(&Row<'_>),
) -> Result<(), StoreError> {
    let path = files.file(table, fiscal_year)?;
    let unreadable = |source| StoreError::Read { table: table.name, path: path.clone(), source };
    let file = File::open(&path).map_err(|error| StoreError::io("read", &path, error))?;
    let batches = ParquetRecordBatchReaderBuilder::try_new(file).and_then(|builder| builder.build());
    for batch in batches.map_err(unreadable)? {
        let batch = batch.map_err(|error| unreadable(error.into()))?;
        check(table, &batch, &path)?;
        (0..batch.num_rows()).for_each(|row| look(&Row { batch: &batch, row }));
    }
    Ok(())
}

/// A file of another version, or of another program, is told before its columns are missed.
fn check(table: &'static Table, batch: &RecordBatch, path: &Path) -> Result<(), StoreError> {
    let is_there = |name: &str| batch.column_by_name(name).is_some();
    match table.columns.iter().find(|column| !is_there(column.name)) {
        None => Ok(()),
        Some(column) => {
            let source = parquet::errors::ParquetError::General(format!("it has no column {}", column.name));
            Err(StoreError::Read { table: table.name, path: path.to_owned(), source })
        }
    }
}
