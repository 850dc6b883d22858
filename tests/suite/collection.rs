//! A collection knows what it is: nothing takes its place, or its outputs', in silence.

use std::path::Path;

use crate::support::{Bench, Ran, contents, project, sample, year_file};

/// The tables of a store.
fn tables(bench: &Bench, store: &str) -> Vec<(String, Vec<u8>)> {
    contents(&bench.path(store)).into_iter().filter(|(name, _)| name.ends_with(".parquet")).collect()
}

fn ingest(bench: &Bench, folder: &Path, more: &[&str]) -> Ran {
    let (year, folder) = (year_file(2023).display().to_string(), folder.display().to_string());
    let roster = sample("roster.csv").display().to_string();
    let roster = if more.contains(&"--roster") { vec![] } else { vec!["--roster", roster.as_str()] };
    bench.cssa([&["ingest", &year, "--returns", &folder, "--fail-on", "never"], more, &roster].concat())
}

/// The run was refused with a choice, and nothing changed.
fn is_refused(bench: &Bench, before: &[(String, Vec<u8>)], ran: &Ran, words: &[&str]) {
    assert_eq!(ran.status, 2, "{}\n{}", ran.out, ran.err);
    for word in words {
        assert!(ran.err.contains(word), "{word} in {}", ran.err);
    }
    assert!(before == tables(bench, "data/store"), "the store stands");
}

#[test]
fn the_sample_of_a_year_file_takes_nobodys_place() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_10"));
    assert_eq!(ingest(&bench, &folder, &[]).status, 0);
    let before = tables(&bench, "data/store");
    let outputs = contents(&bench.path("reports"));
    let year = year_file(2023).display().to_string();
    let ran = bench.cssa(["ingest", &year, "--fail-on", "never"]);
    is_refused(&bench, &before, &ran, &["reports/fy2023", "--replace", "--store", "--out", "data/sample-store"]);
    assert!(outputs == contents(&bench.path("reports")), "the outputs stand");
    // With outputs of its own it has a store of its own.
    let ran = bench.cssa(["ingest", &year, "--out", "sample"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(before == tables(&bench, "data/store"), "the store stands");
    assert!(!tables(&bench, "data/sample-store").is_empty());
    // A command that only reads takes the store of the real returns.
    let ran = bench.cssa(["status", &year, "--out", "status"]);
    assert!(ran.status == 0 && ran.out.contains("40"), "{}\n{}", ran.out, ran.err);
    let status = std::fs::read_to_string(bench.path("status/internal/status.json")).expect("a status");
    let status: serde_json::Value = serde_json::from_str(&status).expect("JSON");
    assert_eq!(status["lines"][0]["accepted"].as_u64().unwrap_or(0), before_count(&folder), "{status}");
}

fn before_count(folder: &Path) -> u64 {
    std::fs::read_dir(folder).expect("readable").count() as u64
}

#[test]
fn other_returns_and_another_roster_are_a_choice() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_10") || name.contains("_20"));
    assert_eq!(ingest(&bench, &folder, &[]).status, 0);
    let before = tables(&bench, "data/store");
    let other = bench.copy_sample(2023, "other", |name| name.contains("_20"));
    let ran = ingest(&bench, &other, &[]);
    is_refused(
        &bench,
        &before,
        &ran,
        &["the returns were read from", "/returned", "/other", "are not there", "--replace"],
    );
    // A file of the same name and other content is another file.
    let moved = bench.copy_sample(2023, "moved", |name| name.contains("_10") || name.contains("_20"));
    let first = std::fs::read_dir(&moved).expect("readable").flatten().next().expect("a return").path();
    let content = std::fs::read(&first).expect("a return");
    bench.write(&format!("moved/{}", first.file_name().expect("a name").to_string_lossy()), b"another");
    is_refused(&bench, &before, &ingest(&bench, &moved, &[]), &["1 of the"]);
    // The same collection that lies elsewhere is the same.
    std::fs::write(&first, content).expect("a file can be written");
    assert_eq!(ingest(&bench, &moved, &[]).status, 0);
    assert!(
        before
            .iter()
            .filter(|(name, _)| !name.starts_with(".origin"))
            .all(|table| tables(&bench, "data/store").contains(table))
    );
    let before = tables(&bench, "data/store");
    let roster = std::fs::read_to_string(sample("roster.csv")).expect("the roster");
    let short: Vec<&str> = roster.lines().filter(|line| !line.starts_with("2023,1002,")).collect();
    let short = bench.write("short.csv", short.join("\n")).display().to_string();
    let ran = ingest(&bench, &moved, &["--roster", &short]);
    is_refused(&bench, &before, &ran, &["the roster was", "1 of the 40 institutions"]);
    let ran = ingest(&bench, &other, &["--roster", &short, "--replace"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(before != tables(&bench, "data/store"), "it was meant");
}

#[test]
fn a_collection_that_shrinks_sharply_is_a_choice() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2023, "returned", |_| true);
    assert_eq!(ingest(&bench, &folder, &[]).status, 0);
    // A few may go: findings advise to take files out.
    let mut names: Vec<_> = std::fs::read_dir(&folder).expect("readable").flatten().map(|file| file.path()).collect();
    names.sort();
    names[..3].iter().for_each(|path| std::fs::remove_file(path).expect("a file can be removed"));
    assert_eq!(ingest(&bench, &folder, &[]).status, 0);
    names[3..20].iter().for_each(|path| std::fs::remove_file(path).expect("a file can be removed"));
    let before = tables(&bench, "data/store");
    is_refused(&bench, &before, &ingest(&bench, &folder, &[]), &["17 of the 37 workbooks of then are not there"]);
    assert_eq!(ingest(&bench, &folder, &["--replace"]).status, 0);
}

#[test]
fn the_store_of_another_survey_is_refused() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_10"));
    assert_eq!(ingest(&bench, &folder, &[]).status, 0);
    let before = tables(&bench, "data/store");
    for (name, content) in contents(&project().join("pipelines/cssa")) {
        bench.write(&format!("other/{name}"), content);
    }
    let survey = std::fs::read_to_string(bench.path("other/survey.toml")).expect("the survey");
    bench.write("other/survey.toml", survey.replace("id = \"cssa\"", "id = \"trial\""));
    let (returns, roster) = (folder.display().to_string(), sample("roster.csv").display().to_string());
    for out in ["reports/fy2023", "elsewhere"] {
        let ran = bench.cssa([
            "ingest",
            "other/fy2023.toml",
            "--returns",
            &returns,
            "--roster",
            &roster,
            "--replace",
            "--out",
            out,
        ]);
        is_refused(&bench, &before, &ran, &["survey `cssa`", "survey `trial`"]);
    }
    let ran = bench.cssa(["tabulate", "other/fy2023.toml", "--out", "elsewhere"]);
    is_refused(&bench, &before, &ran, &["the store data/store is of the survey `cssa`", "--store"]);
    let manifest = std::fs::read_to_string(bench.path("reports/fy2023/manifest.json")).expect("a manifest");
    assert!(manifest.contains("\"survey\": \"cssa\""), "the outputs say of which survey they are");
}

#[test]
fn a_store_that_is_only_read_has_to_be_there() {
    let bench = Bench::new();
    let year = year_file(2023).display().to_string();
    for command in ["tabulate", "compare", "disclose", "chart", "status"] {
        let ran = bench.cssa([command, &year, "--store", "dta/store"]);
        assert_eq!(ran.status, 2, "{command}");
        assert!(ran.err.contains("there is no store at dta/store") && ran.err.contains("--store"), "{}", ran.err);
        assert!(!bench.path("dta").exists(), "{command} makes none");
    }
    let ran = bench.cssa(["disclose", &year, "--store", "dta/store", "--explain", "regional//soc//always"]);
    assert!(ran.status == 2 && !bench.path("dta").exists(), "{}", ran.err);
    // Nor is any other folder one.
    bench.write("memo/a.txt", "x");
    assert_eq!(bench.cssa(["tabulate", &year, "--store", "memo"]).status, 2);
    assert_eq!(contents(&bench.path("memo")).len(), 1);
}

#[test]
fn a_command_refuses_what_it_does_not_read() {
    let bench = Bench::new();
    let year = year_file(2023).display().to_string();
    for command in ["tabulate", "compare", "disclose", "chart"] {
        for flag in ["--returns", "--roster"] {
            let ran = bench.cssa([command, &year, flag, "x"]);
            assert!(ran.status == 2 && ran.err.contains(flag), "{command} {flag}: {}", ran.err);
        }
    }
}

#[test]
fn a_year_before_that_is_replaced_makes_this_one_outdated() {
    let bench = Bench::new();
    let keep = |name: &str| name.contains("_3008_") || name.contains("_3010_") || name.contains("_1006_");
    let [before, now] = [2022, 2023].map(|year| bench.copy_sample(year, &format!("returned{year}"), keep));
    let run = |command: &str, year: u16, folder: &Path| {
        let ran = bench.run(command, year, folder, &["--fail-on", "never"]);
        assert_eq!(ran.status, 0, "{}", ran.err);
        ran.out
    };
    run("ingest", 2022, &before);
    run("ingest", 2023, &now);
    assert!(!run("ingest", 2022, &before).contains("outdated"), "nothing has changed");
    assert!(!run("tabulate", 2023, &now).contains("outdated"));
    let gone = std::fs::read_dir(&before).expect("readable").flatten().next().expect("a return").path();
    std::fs::remove_file(gone).expect("a file can be removed");
    assert!(run("ingest", 2022, &before).contains("fiscal year 2023 looked back on what this run replaced"));
    assert!(run("tabulate", 2023, &now).contains("fiscal year 2022 was replaced since 2023 was ingested"));
    run("ingest", 2023, &now);
    assert!(!run("tabulate", 2023, &now).contains("outdated"));
}
