//! Reads columns of text out of a table, for what needs no engine.

use std::fs::File;

use arrow::array::{Array, AsArray};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::tables::Table;
use super::{StoreError, TableFiles};

/// The rows of a table, as far as these columns of text go; null is `None`.
pub fn read_texts<const N: usize>(
    files: &dyn TableFiles,
    table: &'static Table,
    fiscal_year: u16,
    columns: [&'static str; N],
) -> Result<Vec<[Option<String>; N]>, StoreError> {
    let path = files.file(table, fiscal_year)?;
    let file = File::open(&path).map_err(|error| StoreError::io("read", &path, error))?;
    let wrapped = |source| StoreError::Read { table: table.name, source };
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(wrapped)?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), columns);
    let reader = builder.with_projection(mask).build().map_err(wrapped)?;
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.map_err(|error| wrapped(error.into()))?;
        let mut texts = Vec::with_capacity(N);
        for column in columns {
            let array = batch.column_by_name(column).and_then(|array| array.as_string_opt::<i32>());
            texts.push(array.ok_or(StoreError::Outdated { table: table.name, column, fiscal_year })?);
        }
        let text = |array: &arrow::array::StringArray, row| (!array.is_null(row)).then(|| array.value(row).to_owned());
        rows.extend((0..batch.num_rows()).map(|row| std::array::from_fn(|column| text(texts[column], row))));
    }
    Ok(rows)
}
