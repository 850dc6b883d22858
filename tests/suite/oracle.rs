//! The sample's figures held to its answer key, counted here by hand from the key alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::responses::{answered, key, stored};
use crate::support::table::{self, Row};
use crate::support::{Bench, project, sample};

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

    /// The members of a sector (and sub-sector) that gave an answer to a prompt, with their options.
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
    let nets = nets();
    let mut held = 0;
    for row in &rows {
        let chosen = key.chosen(row);
        let members: Vec<&str> = match row["kind"].as_str() {
            "option" => vec![&row["option"]],
            _ => nets[&(row["question"].clone(), row["option"].clone())].iter().map(String::as_str).collect(),
        };
        let count = chosen.values().filter(|options| members.iter().any(|member| options.contains(member))).count();
        held += usize::from(row["kind"] == "net");
        assert_eq!(
            (row["count"].as_str(), row["base"].as_str()),
            (count.to_string().as_str(), chosen.len().to_string().as_str()),
            "{row:?}"
        );
    }
    assert!(held > 50, "only {held} lines for nets");
    // No answer of the key is missing from the table.
    let lines: BTreeSet<[&str; 5]> = rows
        .iter()
        .map(|row| ["sector", "subsector", "question", "item", "option"].map(|name| row[name].as_str()))
        .collect();
    let asked: BTreeSet<(&str, &str)> =
        rows.iter().map(|row| (row["sector"].as_str(), row["question"].as_str())).collect();
    let mut looked_up = 0;
    for member in &key.roster {
        let own = key.answers.iter().filter(|answer| answer["institution"] == member["institution"]);
        for answer in own.filter(|answer| !matches!(answer["question"].as_str(), "staff_count" | "remarks")) {
            if !asked.contains(&(member["sector"].as_str(), answer["question"].as_str())) {
                let others = key.roster.iter().filter(|other| other["institution"] == member["institution"]);
                assert!(others.count() > 1, "{} is asked of no sector of {member:?}", answer["question"]);
                continue;
            }
            for subsector in ["", &member["subsector"]] {
                let line = [&member["sector"], subsector, &answer["question"], &answer["item"], &answer["option"]];
                assert!(lines.contains(&line), "no line for {line:?}");
                looked_up += 1;
            }
        }
    }
    assert!(looked_up > 1_000, "only {looked_up} answers were looked up");
}

/// The options of every net, from the definition.
fn nets() -> BTreeMap<(String, String), Vec<String>> {
    let text = std::fs::read_to_string(project().join("pipelines/cssa/nets.toml")).expect("the nets");
    let table: toml::Table = text.parse().expect("TOML");
    let text = |value: &toml::Value| value.as_str().expect("a text").to_owned();
    let list = table["net"].as_array().expect("a list of nets");
    let of = |net: &toml::Value| {
        let options = net["options"].as_array().expect("a list of options").iter().map(text).collect();
        ((text(&net["question"]), text(&net["id"])), options)
    };
    list.iter().map(of).collect()
}

#[test]
fn every_count_and_base_of_fy2022_is_that_of_the_answer_key() {
    hold(2022);
}

#[test]
fn every_count_and_base_of_fy2023_is_that_of_the_answer_key() {
    hold(2023);
}

#[test]
fn every_workbook_of_the_sample_is_read_as_the_key_has_it_and_without_a_finding() {
    for (fiscal_year, workbooks) in [(2022, 27), (2023, 40)] {
        let bench = Bench::new();
        let ran = bench.run("ingest", fiscal_year, &sample(&format!("fy{fiscal_year}")), &[]);
        assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
        assert_eq!(bench.findings(fiscal_year), Vec::<serde_json::Value>::new());
        let read = stored(&bench, "responses", fiscal_year);
        let institutions: BTreeSet<&str> = read.iter().map(|row| row["institution"].as_str()).collect();
        assert_eq!(institutions.len(), workbooks);
        for institution in institutions {
            assert_eq!(answered(&read, institution), key(fiscal_year, institution), "{institution} in {fiscal_year}");
        }
    }
}
