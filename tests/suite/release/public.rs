//! The public files, read as a stranger reads them.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::table::{self, Row};
use crate::support::{Bench, contents, sample};

/// Runs a year of the sample, all of it.
fn run(bench: &Bench, fiscal_year: u16) {
    let ran = bench.run("run", fiscal_year, &sample(&format!("fy{fiscal_year}")), &[]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
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
            if row["count"].is_empty() && !row["percent"].is_empty() {
                // Without its base a table stands in classes or whole per cents.
                let number = |text: &str| text.parse::<f64>().expect("a percentage");
                let (from, to) = match row["percent"].split_once('～') {
                    Some((from, to)) => (number(from), number(to)),
                    None => (number(&row["percent"]) - 0.5, number(&row["percent"]) + 0.5),
                };
                assert_eq!(row["base"], "", "{row:?}");
                assert!((from..=to).contains(&number(&whole["percent"])), "{row:?}");
                continue;
            }
            for column in ["count", "base", "percent"] {
                assert_eq!(row[column], whole[column], "{row:?}");
            }
            printed.entry(row["sector"].clone()).or_default().insert(row["percent"].clone());
        }
        // The sample is small: much of it has to be withheld, and something is published.
        assert!(withheld > 100 && withheld < public.len(), "{withheld} of {}", public.len());
        // The names of institutions, and the sectors that the policy does not cover, stand nowhere: not in a table, a
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
        assert_eq!((&certificate["passes"], &certificate["released_at"]), (&true.into(), &serde_json::Value::Null));
        assert_eq!(certificate["attacks"]["opened"], 0);
        let all = certificate["cells"]["withheld"].as_u64().expect("a count");
        assert!(all >= u64::try_from(withheld).expect("a count"));
        // Why a cell is withheld is for the desk: of a single one it would tell what kind of count it is.
        let reasons =
            ["by_rule", "to_protect", "\"small_count\"", "\"small_rest\"", "\"adverse\"", "一次秘匿", "二次秘匿"];
        for (name, content) in files.iter().filter(|(name, _)| name.starts_with("certificate")) {
            let text = String::from_utf8_lossy(content);
            assert!(reasons.iter().all(|reason| !text.contains(reason)), "{name} gives reasons");
        }
        let desk =
            std::fs::read_to_string(bench.path(&format!("{reports}/internal/disclosure/public_certificate.json")));
        assert!(desk.expect("the desk's certificate").contains("withheld_by_rule"));
    }
    changes_are_those_of_what_both_years_print(&bench);
}

/// Every figure of last year that is public this year was public last year.
fn changes_are_those_of_what_both_years_print(bench: &Bench) {
    let read = |year: u16, file: &str| table::read(&bench.path(&format!("reports/fy{year}/{file}")));
    let by_place = |rows: Vec<Row>| rows.into_iter().map(|row| (place(&row), row)).collect::<BTreeMap<Place, Row>>();
    let (now, before) =
        (by_place(read(2023, "public/distributions.csv")), by_place(read(2022, "public/distributions.csv")));
    let internal = by_place(read(2023, "internal/changes.csv"));
    let (mut compared, mut withheld) = (0, 0);
    for row in read(2023, "public/changes.csv") {
        let here = place(&row);
        for column in ["count", "base", "percent"] {
            assert_eq!(row[column], now[&here][column], "{row:?}");
        }
        let whole = &internal[&here];
        if row["previous_count"].is_empty() {
            withheld += usize::from(row["mark"] == "x");
        } else {
            let earlier = (
                here.0,
                here.1,
                whole["previous_question"].clone(),
                whole["previous_item"].clone(),
                whole["previous_option"].clone(),
            );
            let public = &before[&earlier];
            assert_eq!((&row["previous_count"], &row["previous_base"]), (&public["count"], &public["base"]), "{row:?}");
            assert!(!public["count"].is_empty(), "{row:?}");
        }
        if row["mark"].is_empty() {
            compared += 1;
            assert_eq!(row["points"], whole["points"], "{row:?}");
        } else {
            assert_eq!((row["points"].as_str(), row["printed"].as_str()), ("", ""), "{row:?}");
        }
    }
    assert!(compared > 10 && withheld > 100, "{compared} compared, {withheld} withheld");
}
