//! The answers in the store, and the answers of the key, in one shape.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::support::table::{self, Row};
use crate::support::{Bench, sample};

/// By question and item: the options chosen, or the number or text given.
pub type Given = BTreeMap<(String, String), BTreeSet<String>>;

/// The rows of a table of the store; null is an empty text.
pub fn stored(bench: &Bench, table: &str, fiscal_year: u16) -> Vec<Row> {
    stored_in(&bench.path("data/store"), table, fiscal_year)
}

/// The same of a store that lies elsewhere.
pub fn stored_in(store: &Path, table: &str, fiscal_year: u16) -> Vec<Row> {
    let path = store.join(format!("{table}/fiscal_year={fiscal_year}/part-0.parquet"));
    table::read_parquet(&path)
}

/// The answers of an institution, as far as they count.
pub fn answered(responses: &[Row], institution: &str) -> Given {
    let mut given = Given::new();
    for row in responses.iter().filter(|row| row["institution"] == institution && row["state"] == "answered") {
        let value = row["value"].trim_end_matches(".0");
        let what = [row["option"].as_str(), value, row["text"].as_str()].into_iter().find(|what| !what.is_empty());
        // A voluntary text left blank is answered, with nothing.
        if let Some(what) = what {
            given.entry((row["question"].clone(), row["item"].clone())).or_default().insert(what.to_owned());
        }
    }
    given
}

/// The answers of an institution in the answer key of the sample.
pub fn key(fiscal_year: u16, institution: &str) -> Given {
    let mut given = Given::new();
    for row in table::read(&sample("answers.csv")) {
        if row["fiscal_year"] == fiscal_year.to_string() && row["institution"] == institution {
            given.entry((row["question"].clone(), row["item"].clone())).or_default().insert(row["option"].clone());
        }
    }
    assert!(given.len() > 20, "the key has {} answers of {institution}", given.len());
    given
}
