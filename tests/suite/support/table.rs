//! CSV tables as lists of named values.

use std::collections::BTreeMap;
use std::path::Path;

pub type Row = BTreeMap<String, String>;

/// Reads a CSV file, with or without a byte order mark.
pub fn read(path: &Path) -> Vec<Row> {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    reader.deserialize().map(|row| row.expect("a well-formed row")).collect()
}
