//! The publications again: the default policy lets every figure of them through, on a collection as large as theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use cssa::compare::{Replies, Reply};
use cssa::store::Store;
use cssa::survey::{Prompt, Survey};

use crate::independent::{has_package, python};
use crate::support::table::{self, Row};
use crate::support::{Bench, project, year_file};
use crate::synthetic;

/// The figures that the publications print of a year and that answers can give.
fn published(fiscal_year: u16) -> Vec<Row> {
    let mut rows = table::read(&project().join("tests/data/published.csv"));
    rows.retain(|row| row["fiscal_year"] == fiscal_year.to_string() && row["status"] != "impossible");
    rows
}

type Place = [String; 5];

fn place(row: &Row) -> Place {
    ["sector", "subsector", "question", "item", "option"].map(|column| row[column].clone())
}

/// Makes the collections of both years.
fn collect(bench: &Bench) -> (Store, [Survey; 2]) {
    let store = Store::open(&bench.path("data/store")).expect("a store");
    let surveys = [2022, 2023].map(|fiscal_year| Survey::load(&year_file(fiscal_year)).expect("a sound definition"));
    surveys.iter().for_each(|survey| synthetic::write(&store, survey));
    (store, surveys)
}

#[test]
fn the_collection_is_one_that_could_have_been_returned() {
    let bench = Bench::new();
    let (store, surveys) = collect(&bench);
    // 498 regional institutions in either year, 864 institutions in 867 places in FY2023.
    for (survey, (institutions, places)) in surveys.iter().zip([(498 + 9, 498 + 9), (864, 867)]) {
        let replies = Replies::read(survey, survey, &store).expect("replies");
        let wholes = replies.members.iter().filter(|(scope, _)| scope.subsector.is_none());
        assert_eq!(wholes.clone().map(|(_, members)| members.len()).sum::<usize>(), places);
        let everybody: BTreeSet<&String> = wholes.flat_map(|(_, members)| members).collect();
        assert_eq!(everybody.len(), institutions);
        for (institution, prompt) in everybody.iter().flat_map(|one| survey.prompts().map(move |prompt| (one, prompt)))
        {
            let question = survey.question(prompt.question);
            let reply = replies.of(institution, prompt);
            if let Some(gate) = &question.gate {
                let deciding = replies.of(institution, Prompt { question: gate.question, item: None });
                let opens = |option: &u16| gate.accepted(prompt.item).contains(option);
                let is_closed = matches!(deciding, Reply::Given(options) if !options.iter().any(opens));
                assert_eq!(*reply == Reply::NotAsked, is_closed, "{institution} {prompt:?}");
            }
            let Reply::Given(options) = reply else { continue };
            let is_alone = |option: &u16| question.kind.is_single() || question.options[usize::from(*option)].exclusive;
            assert!(options.len() == 1 || !options.iter().any(is_alone), "{institution} {prompt:?} {options:?}");
            assert!(!options.is_empty() || !question.kind.has_options(), "{institution} {prompt:?}");
        }
    }
}

#[test]
fn every_published_figure_may_be_published() {
    let bench = Bench::new();
    drop(collect(&bench));
    let mut shown = 0;
    for fiscal_year in [2022, 2023] {
        let ran = bench.cssa([std::ffi::OsStr::new("disclose"), year_file(fiscal_year).as_os_str()]);
        assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
        let public = bench.path(&format!("reports/fy{fiscal_year}/public"));
        let rows = table::read(&public.join("distributions.csv"));
        assert!(rows.iter().all(|row| !["trust", "newform"].contains(&row["sector"].as_str())), "nothing of them");
        let rows: BTreeMap<Place, Row> = rows.into_iter().map(|row| (place(&row), row)).collect();
        for figure in published(fiscal_year) {
            // A figure may count several options of a single choice together.
            let mut count = 0;
            for option in figure["option"].split('+') {
                let printed =
                    Row::from([("subsector", ""), ("option", option)].map(|(k, v)| (k.to_owned(), v.to_owned())));
                let wanted =
                    figure.iter().map(|(column, text)| (column.clone(), text.clone())).chain(printed).collect();
                let row = rows.get(&place(&wanted)).unwrap_or_else(|| panic!("{option} of {figure:?} has a row"));
                assert_eq!((row["mark"].as_str(), &row["base"]), ("", &figure["base"]), "{row:?} for {figure:?}");
                count += row["count"].parse::<u32>().unwrap_or_else(|_| panic!("{row:?} is published"));
            }
            assert_eq!(count.to_string(), figure["count"], "{figure:?}");
            shown += 1;
        }
        let certificate = std::fs::read(public.join("certificate.json")).expect("a certificate");
        let certificate: serde_json::Value = serde_json::from_slice(&certificate).expect("a certificate is JSON");
        // Nine tables of ten are whole.
        let tables = &certificate["tables"];
        let [all, whole] = ["all", "whole"].map(|name| tables[name].as_u64().expect("a count"));
        assert!(whole * 10 >= all * 9, "{tables}");
        assert_eq!(certificate["attacks"]["opened"], 0);
    }
    assert_eq!(shown, 115);
}

#[test]
fn another_solver_computes_no_withheld_figure_more_closely_than_the_policy_says() {
    if !has_package("scipy") || !has_package("duckdb") {
        return;
    }
    let bench = Bench::new();
    drop(collect(&bench));
    for command in ["tabulate", "disclose"] {
        let ran = bench.cssa([command, &year_file(2023).display().to_string()]);
        assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    }
    let reports = bench.path("reports/fy2023");
    let attack = || {
        let script = project().join("tests/independent/reattack.py");
        let (pipelines, store) = (project().join("pipelines/cssa"), bench.path("data/store"));
        let output = Command::new(python()).arg(script).args([&reports, &pipelines, &store]).output();
        let output = output.expect("Python starts");
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.success(), said)
    };
    let (is_safe, said) = attack();
    assert!(is_safe, "{said}");
    let numbers = |circle: &str| -> Vec<usize> {
        let line = said.lines().find_map(|line| line.strip_prefix(circle)).expect("a circle that is attacked");
        line.split([' ', ',']).filter_map(|word| word.parse().ok()).collect()
    };
    let [public, feedback] = ["public:", "feedback:"].map(numbers);
    // Cells, shares, the narrowest interval, and cells by who knows the policy and by who knows an own answer.
    let ([cells, .., by_policy, by_own, 0], [of_feedback, shares, _, by_own_of_feedback, 0]) =
        (&public[..], &feedback[..])
    else {
        panic!("{said}")
    };
    assert!(*cells > 10 && *by_policy > 10 && *by_own > 50, "{said}");
    assert!(*of_feedback > 300 && *shares > 200 && *by_own_of_feedback > 500, "{said}");
    // A release that prints one of the cells that protect others opens these.
    let told = table::read(&reports.join("internal/disclosure/public_withheld.csv"));
    let protecting = told.iter().find(|row| row["reason"] == "secondary" && !row["count"].is_empty());
    let protecting = protecting.expect("something is withheld to protect others");
    let [sector, subsector, question, item, option] = protecting["cell"].split('/').collect::<Vec<_>>()[..] else {
        panic!("{protecting:?}")
    };
    let path = reports.join("public/distributions.csv");
    let public = std::fs::read_to_string(&path).expect("it is published");
    let line = format!("2023,{sector},{subsector},{question},{item},{option},");
    let opened: Vec<String> = public
        .lines()
        .map(|row| match row.strip_prefix(&line) {
            Some(rest) => {
                let kind = rest.split(',').next().expect("a kind");
                format!("{line}{kind},{},{},0.0,", protecting["count"], protecting["base"])
            }
            None => row.to_owned(),
        })
        .collect();
    std::fs::write(&path, opened.join("\n")).expect("a file");
    let (is_safe, said) = attack();
    assert!(!is_safe && !said.contains("no table agrees"), "{said}");
}
