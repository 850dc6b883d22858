//! Tables, CSV and Parquet, as lists of named values.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

pub type Row = BTreeMap<String, String>;

/// Reads a CSV file, with or without a byte order mark.
pub fn read(path: &Path) -> Vec<Row> {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    reader.deserialize().map(|row| row.expect("a well-formed row")).collect()
}

/// Reads a Parquet file; null is an empty text.
pub fn read_parquet(path: &Path) -> Vec<Row> {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let batches = ParquetRecordBatchReaderBuilder::try_new(file).expect("a Parquet file").build().expect("a table");
    batches.flat_map(|batch| rows(&batch.expect("rows"))).collect()
}

fn rows(batch: &RecordBatch) -> Vec<Row> {
    let schema = batch.schema();
    let named = |row: usize| {
        let columns = schema.fields().iter().zip(batch.columns());
        columns.map(|(field, column)| (field.name().clone(), shown(column, row))).collect()
    };
    (0..batch.num_rows()).map(named).collect()
}

fn shown(column: &dyn Array, row: usize) -> String {
    if column.is_null(row) {
        return String::new();
    }
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float64 => format!("{:?}", column.as_primitive::<Float64Type>().value(row)),
        other => panic!("no column of the store is {other}"),
    }
}
