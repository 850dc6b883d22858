//! What is published, read as a stranger reads it; and what a release may still change later.

use std::collections::{BTreeMap, BTreeSet};

use cssa::store::{Field, Store, tables};

use crate::support::table::{self, Row};
use crate::support::{Bench, contents, sample, year_file};

/// Runs a year of the sample, all of it.
fn run(bench: &Bench, fiscal_year: u16) {
    let ran = bench.run("run", fiscal_year, &sample(&format!("fy{fiscal_year}")), &[]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
}

fn disclose(bench: &Bench, more: &[&str]) -> crate::support::Ran {
    let mut arguments = vec!["disclose".to_owned(), year_file(2023).display().to_string()];
    arguments.extend(more.iter().map(|&word| word.to_owned()));
    bench.cssa(arguments)
}

type Place = (String, String, String, String, String);

fn place(row: &Row) -> Place {
    let text = |name: &str| row[name].clone();
    (text("sector"), text("subsector"), text("question"), text("item"), text("option"))
}

/// The texts of a drawing that are numbers with one decimal.
fn numbers(svg: &str) -> BTreeSet<String> {
    let texts = svg.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text);
    let words = texts.flat_map(|text| text.split(|character: char| !(character.is_ascii_digit() || character == '.')));
    words.filter(|word| word.contains('.') && word.parse::<f64>().is_ok()).map(str::to_owned).collect()
}

#[test]
fn nothing_under_public_tells_what_is_withheld_or_confidential() {
    let bench = Bench::new();
    run(&bench, 2022);
    run(&bench, 2023);
    for fiscal_year in [2022, 2023] {
        let reports = format!("reports/fy{fiscal_year}");
        let internal: BTreeMap<Place, Row> = table::read(&bench.path(&format!("{reports}/internal/distributions.csv")))
            .into_iter()
            .map(|row| (place(&row), row))
            .collect();
        let public = table::read(&bench.path(&format!("{reports}/public/distributions.csv")));
        let mut withheld = 0;
        let mut printed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in &public {
            assert!(!["trust", "newform"].contains(&row["sector"].as_str()), "{row:?}");
            let whole = &internal[&place(row)];
            if row["mark"] == "x" {
                withheld += 1;
                assert_eq!((row["count"].as_str(), row["percent"].as_str()), ("", ""), "{row:?}");
                continue;
            }
            for column in ["count", "base", "percent"] {
                assert_eq!(row[column], whole[column], "{row:?}");
            }
            printed.entry(row["sector"].clone()).or_default().insert(row["percent"].clone());
        }
        // The sample is small: much of it has to be withheld, and something is published.
        assert!(withheld > 100 && withheld < public.len(), "{withheld} of {}", public.len());
        // Whose answers they are, and the sectors that nothing is said of, stand nowhere: not in a table, a
        // drawing, a picture or a certificate.
        let roster = table::read(&sample("roster.csv"));
        let mut secrets: BTreeSet<String> = roster.iter().map(|row| row["name"].clone()).collect();
        secrets.extend(["信託銀行", "新形態銀行", "trust", "newform"].map(str::to_owned));
        let files = contents(&bench.path(&format!("{reports}/public")));
        assert!(files.iter().any(|(name, _)| name.ends_with(".svg")), "there are drawings");
        for (name, content) in &files {
            for secret in &secrets {
                let is_in = content.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!is_in && !name.contains(secret.as_str()), "{name} says {secret}");
            }
            if let Some(sector) = name.strip_prefix("charts/").and_then(|rest| rest.split('/').next())
                && name.ends_with(".svg")
            {
                let svg = String::from_utf8(content.clone()).expect("a drawing is text");
                assert!(!svg.contains("取扱注意") && !svg.contains("対外秘"), "{name} is marked as confidential");
                for number in numbers(&svg) {
                    assert!(printed[sector].contains(&number), "{name} prints {number}");
                }
            }
        }
        let certificate = std::fs::read_to_string(bench.path(&format!("{reports}/public/certificate.json")));
        let certificate: serde_json::Value =
            serde_json::from_str(&certificate.expect("a certificate")).expect("a certificate is JSON");
        assert_eq!(certificate["is_released"], true);
        assert_eq!(certificate["attacks"]["opened"], 0);
        let secondary = certificate["cells"]["withheld_secondary"].as_u64().expect("a count");
        let primary: u64 = certificate["cells"]["withheld_primary"]
            .as_object()
            .expect("counts")
            .values()
            .filter_map(serde_json::Value::as_u64)
            .sum();
        assert!(primary > 0 && primary + secondary >= u64::try_from(withheld).expect("a count"));
        assert!(primary + secondary < certificate["cells"]["withheld_by_whole_rows"].as_u64().expect("a count"));
    }
}

#[test]
fn a_later_release_may_not_show_whose_answers_came_in_between() {
    let bench = Bench::new();
    let without = bench.copy_sample(2023, "without", |name| !name.contains("_1001_"));
    let ran = bench.run("ingest", 2023, &without, &["--fail-on", "error"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let ran = disclose(&bench, &["--release", "2024-04-01"]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains("released 2024-04-01"), "{}", ran.out);
    // The same again changes nothing, and is no second release.
    let public = bench.path("reports/fy2023/public/distributions.csv");
    let first = std::fs::read(&public).expect("it is published");
    assert_eq!(disclose(&bench, &[]).status, 0);
    assert!(std::fs::read(&public).expect("it is published") == first);
    // Then the return of 1001 arrives: every figure that it moves would show its answer.
    let ran = bench.run("ingest", 2023, &sample("fy2023"), &["--fail-on", "error"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let ran = disclose(&bench, &[]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains("error[D02 correction-unmasks]"), "{}", ran.out);
    // A mean on one institution more shows the number of that one.
    assert!(ran.out.contains("the mean of regional//staff_count was released as"), "{}", ran.out);
    assert!(!public.exists(), "nothing is left under public");
}

#[test]
fn a_correction_of_enough_institutions_is_said() {
    let bench = Bench::new();
    // Half of the regional institutions come after the release.
    let early = bench.copy_sample(2023, "early", |name| !name.contains("模擬信用金庫"));
    bench.run("ingest", 2023, &early, &["--fail-on", "never"]);
    assert_eq!(disclose(&bench, &["--release", "2024-04-01"]).status, 0);
    bench.run("ingest", 2023, &sample("fy2023"), &["--fail-on", "never"]);
    let ran = disclose(&bench, &["--fail-on", "never"]);
    assert!(ran.out.contains("[D01 figure-corrected]") || ran.out.contains("[D02 correction-unmasks]"), "{}", ran.out);
    // Whatever moved by three or more alone is no reason to refuse; a figure that moved by one or two is.
    assert!(ran.out.contains("[D01 figure-corrected] (collection): regional//"), "{}", ran.out);
}

#[test]
fn what_was_published_before_can_make_a_release_impossible() {
    let bench = Bench::new();
    let ran = bench.run("ingest", 2023, &sample("fy2023"), &[]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    bench.run("tabulate", 2023, &sample("fy2023"), &[]);
    // An earlier release has given the insurers as a whole and the life insurers: what is left are the others,
    // who are far too few.
    let rows = table::read(&bench.path("reports/fy2023/internal/distributions.csv"));
    let given = rows
        .iter()
        .filter(|row| row["question"] == "soc" && row["sector"] == "insurers" && row["subsector"] != "nonlife");
    {
        let store = Store::open(&bench.path("data/store")).expect("a store");
        let mut staging = store.stage(2023).expect("a staging folder");
        let mut writer = staging.table(&tables::RELEASES).expect("a table");
        for row in given {
            let number = |name: &str| Field::Integer(row[name].parse().expect("a number"));
            writer
                .row([
                    Field::Text("public"),
                    Field::Text("2024-04-01"),
                    Field::Text("0"),
                    Field::Text(&row["sector"]),
                    Field::Text(&row["subsector"]),
                    Field::Text(&row["question"]),
                    Field::Text(&row["item"]),
                    Field::Text(&row["option"]),
                    number("count"),
                    number("base"),
                    Field::Text(&row["percent"]),
                ])
                .expect("a row");
        }
        writer.finish().expect("a file");
        staging.commit().expect("a commit");
    }
    let ran = disclose(&bench, &[]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    assert!(
        ran.out.contains("error[D03 withheld-cell-open] (collection): public: insurers/nonlife/soc//"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("it follows from insurers//soc//"), "{}", ran.out);
    assert!(!bench.path("reports/fy2023/public").join("distributions.csv").exists());
}

#[test]
fn a_withheld_cell_is_explained() {
    let bench = Bench::new();
    assert_eq!(bench.run("ingest", 2023, &sample("fy2023"), &[]).status, 0);
    let ran = disclose(&bench, &["--explain", "insurers/life/soc//always"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("for its own sake: its base is too small"), "{}", ran.out);
    assert!(ran.out.contains("the limit is 10: "), "{}", ran.out);
    let ran = disclose(&bench, &["--explain", "trust//soc//always"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("the policy prints nothing of its sector"), "{}", ran.err);
    let ran = disclose(&bench, &["--explain", "soc"]);
    assert!(ran.err.contains("cells are named sector/sub-sector/question/item/option"), "{}", ran.err);
}
