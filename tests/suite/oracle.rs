//! The sample's figures held to its answer key, counted here by hand from the key alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::table::{self, Row};
use crate::support::{Bench, sample};

struct Key {
    answers: Vec<Row>,
    roster: Vec<Row>,
}

impl Key {
    fn of(fiscal_year: u16) -> Key {
        let of_year = |name: &str| -> Vec<Row> {
            let rows = table::read(&sample(name));
            rows.into_iter().filter(|row| row["fiscal_year"] == fiscal_year.to_string()).collect()
        };
        Key { answers: of_year("answers.csv"), roster: of_year("roster.csv") }
    }

    /// Who in a sector (and sub-sector) gave an answer to a prompt, and which.
    fn chosen(&self, row: &Row) -> BTreeMap<&str, BTreeSet<&str>> {
        let members: BTreeSet<&str> = self
            .roster
            .iter()
            .filter(|member| member["sector"] == row["sector"])
            .filter(|member| row["subsector"].is_empty() || member["subsector"] == row["subsector"])
            .map(|member| member["institution"].as_str())
            .collect();
        let mut chosen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for answer in &self.answers {
            let same = answer["question"] == row["question"] && answer["item"] == row["item"];
            if same && members.contains(answer["institution"].as_str()) {
                chosen.entry(&answer["institution"]).or_default().insert(&answer["option"]);
            }
        }
        chosen
    }
}

/// Every count and base of the options in the sample, against the key.
fn hold(fiscal_year: u16) {
    let bench = Bench::new();
    bench.tabulate_sample(fiscal_year);
    let key = Key::of(fiscal_year);
    let rows = table::read(&bench.path(&format!("reports/fy{fiscal_year}/internal/distributions.csv")));
    let options: Vec<&Row> = rows.iter().filter(|row| row["kind"] == "option").collect();
    assert!(options.len() > 500, "{} lines for options", options.len());
    for row in options {
        let chosen = key.chosen(row);
        let count = chosen.values().filter(|options| options.contains(row["option"].as_str())).count();
        assert_eq!(
            (row["count"].as_str(), row["base"].as_str()),
            (count.to_string().as_str(), chosen.len().to_string().as_str()),
            "{row:?}"
        );
    }
}

#[test]
fn every_count_and_base_of_fy2022_is_that_of_the_answer_key() {
    hold(2022);
}

#[test]
fn every_count_and_base_of_fy2023_is_that_of_the_answer_key() {
    hold(2023);
}
