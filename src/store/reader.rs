//! Reads a table back, row by row, for what needs no engine.

use std::fs::File;

use arrow::array::{Array, Float64Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ProjectionMask;
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
    /// If the column was not asked for, or holds no texts.
    pub fn optional_text(&self, name: &str) -> Option<&str> {
        let column = self.column(name).as_any().downcast_ref::<StringArray>().expect("the column holds texts");
        (!column.is_null(self.row)).then(|| column.value(self.row))
    }

    /// The text of a column; empty where it is null.
    ///
    /// # Panics
    /// If the column was not asked for, or holds no texts.
    pub fn text(&self, name: &str) -> &str {
        self.optional_text(name).unwrap_or("")
    }

    /// The number of a column; `None` where it is null.
    ///
    /// # Panics
    /// If the column was not asked for, or holds no numbers.
    pub fn number(&self, name: &str) -> Option<f64> {
        let column = self.column(name).as_any().downcast_ref::<Float64Array>().expect("the column holds numbers");
        (!column.is_null(self.row)).then(|| column.value(self.row))
    }

    /// The whole number of a column.
    ///
    /// # Panics
    /// If the column was not asked for, or holds no whole numbers, or the number is null.
    pub fn integer(&self, name: &str) -> i64 {
        self.optional_integer(name).expect("the column has a number in every row")
    }

    /// The whole number of a column; `None` where it is null.
    ///
    /// # Panics
    /// If the column was not asked for, or holds no whole numbers.
    pub fn optional_integer(&self, name: &str) -> Option<i64> {
        let column = self.column(name).as_any().downcast_ref::<Int64Array>().expect("the column holds whole numbers");
        (!column.is_null(self.row)).then(|| column.value(self.row))
    }

    fn column(&self, name: &str) -> &dyn Array {
        self.batch.column_by_name(name).expect("the column was asked for")
    }
}

/// Shows the rows of a table of one year, in the order stored, as far as these columns go.
pub fn read(
    files: &dyn TableFiles,
    table: &'static Table,
    fiscal_year: u16,
    columns: &[&'static str],
    mut look: impl FnMut(&Row<'_>),
) -> Result<(), StoreError> {
    let path = files.file(table, fiscal_year)?;
    let file = File::open(&path).map_err(|error| StoreError::io("read", &path, error))?;
    let unreadable = |source| StoreError::Read { table: table.name, source };
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(unreadable)?;
    // A table of an earlier version is told before its columns are missed.
    if let Some(column) = columns.iter().find(|name| builder.schema().field_with_name(name).is_err()) {
        return Err(StoreError::Outdated { table: table.name, column, fiscal_year });
    }
    let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
    for batch in builder.with_projection(mask).build().map_err(unreadable)? {
        let batch = batch.map_err(|error| unreadable(error.into()))?;
        (0..batch.num_rows()).for_each(|row| look(&Row { batch: &batch, row }));
    }
    Ok(())
}

/// Whether a table of one year has a column: a table of an earlier version, if nothing makes it again, may lack one.
pub fn has_column(
    files: &dyn TableFiles,
    table: &'static Table,
    fiscal_year: u16,
    column: &str,
) -> Result<bool, StoreError> {
    let path = files.file(table, fiscal_year)?;
    let file = File::open(&path).map_err(|error| StoreError::io("read", &path, error))?;
    let unreadable = |source| StoreError::Read { table: table.name, source };
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(unreadable)?;
    Ok(builder.schema().field_with_name(column).is_ok())
}

/// The rows of a table, as far as these columns of text go; null is `None`.
pub fn read_texts<const N: usize>(
    files: &dyn TableFiles,
    table: &'static Table,
    fiscal_year: u16,
    columns: [&'static str; N],
) -> Result<Vec<[Option<String>; N]>, StoreError> {
    let mut rows = Vec::new();
    let take = |row: &Row<'_>| rows.push(columns.map(|column| row.optional_text(column).map(str::to_owned)));
    read(files, table, fiscal_year, &columns, take)?;
    Ok(rows)
}
