//! Another engine recomputes every figure from the store: the numbers are not ours alone.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use crate::support::two_years::{Member, TwoYears, member};
use crate::support::{Bench, project, sample, year_file};

/// Whether Python with a package is here; says so where it is not.
pub fn has_package(package: &str) -> bool {
    let probe = Command::new(python()).args(["-c", &format!("import {package}")]).output();
    let there = probe.is_ok_and(|output| output.status.success());
    if !there {
        let promise = format!("CSSA_REQUIRE_{}", package.to_uppercase());
        assert!(std::env::var_os(promise).is_none(), "{package} was promised and is not here");
        // Written past the test runner, which keeps what passing tests print to itself.
        writeln!(std::io::stderr(), "1 skipped: no Python with the package {package} (pip install {package})")
            .expect("standard error is open");
    }
    there
}

fn has_duckdb() -> bool {
    has_package("duckdb")
}

/// The Python that independent tests run in.
pub fn python() -> String {
    std::env::var("CSSA_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

#[test]
fn duckdb_recomputes_every_count_and_base_from_the_store() {
    if !has_duckdb() {
        return;
    }
    for (fiscal_year, least) in [(2022, 500), (2023, 1_000)] {
        let bench = Bench::new();
        bench.tabulate_sample(fiscal_year);
        let output = Command::new(python())
            .arg(project().join("tests/independent/recount.py"))
            .arg(bench.path("data/store"))
            .arg(fiscal_year.to_string())
            .arg(project().join("pipelines/cssa/nets.toml"))
            .output()
            .expect("Python starts");
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let agreed: usize = said
            .lines()
            .find_map(|line| line.strip_suffix(" lines agree")?.parse().ok())
            .unwrap_or_else(|| panic!("no count of lines in: {said}"));
        assert!(agreed > least, "only {agreed} lines of {fiscal_year} were compared");
    }
}

/// Recomputes the changes and flows of a store; gives how many of each there are, and how many cells
/// agree.
fn recompare(store: &Path, now: &Path, before: &Path) -> [usize; 3] {
    let script = project().join("tests/independent/recompare.py");
    let output = Command::new(python()).arg(script).args([store, now, before]).output().expect("Python starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let numbers = said.split(|character: char| !character.is_ascii_digit()).filter(|word| !word.is_empty());
    let numbers: Vec<usize> = numbers.map(|word| word.parse().expect("a number")).collect();
    let [changes, flows, agreed, differing] = numbers[..] else { panic!("no four numbers in: {said}") };
    assert_eq!(differing, 0, "{said}");
    [changes, flows, agreed]
}

#[test]
fn duckdb_recomputes_every_change_and_flow_from_the_store() {
    if !has_duckdb() {
        return;
    }
    let bench = Bench::new();
    bench.tabulate_sample(2022);
    bench.tabulate_sample(2023);
    let ran = bench.run("compare", 2023, &sample("fy2023"), &[]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    let [changes, flows, agreed] = recompare(&bench.path("data/store"), &year_file(2023), &year_file(2022));
    assert!(changes > 1_500 && flows > 500 && agreed > 30_000, "{changes} changes, {flows} flows, {agreed} cells");
}

#[test]
fn duckdb_agrees_on_mergers_moves_and_missing_answers() {
    if !has_duckdb() {
        return;
    }
    let before: Vec<Member> = [
        ("3001", "shinkin", "always"),
        ("3002", "shinkin", "always"),
        ("3003", "shinkin", "none"),
        ("3004", "shinkin", "partial"),
        ("3005", "shinkin", "contradictory"),
        ("1001", "bank", "none"),
        ("1002", "bank", "partial"),
        ("1003", "bank", "always"),
    ]
    .map(|(code, part, soc)| member(code, part, soc))
    .into();
    // 3001 and 3002 became 3009, 3003 went into 3004, 3005 moved, 1002 has another code, 1003 left, 1009
    // is new, and of 1001 no workbook came.
    let mut now: Vec<Member> = [
        ("3009", "shinkin", "partial"),
        ("3004", "shinkin", "always"),
        ("3005", "bank", "none"),
        ("1001", "bank", "none"),
        ("1102", "bank", "always"),
        ("1009", "bank", "item_nonresponse"),
    ]
    .map(|(code, part, soc)| member(code, part, soc))
    .into();
    now[3].answers.clear();
    now[4].name = "模擬1002".to_owned();
    let ledger = "2023-04-01,merger,3001,3009,,,,\n2023-04-01,merger,3002,3009,,,,\n2023-05-01,merger,3003,3004,,,,\n\
                  2023-04-01,move,3005,,regional,bank,,\n2022-11-11,recode,1002,1102,,,,\n2022-12-01,exit,1003,,,,,\n\
                  2023-02-01,entry,1009,,,,,\n";
    let world = TwoYears::new();
    let outcome = world.compare(&before, &now, ledger);
    assert!(outcome.lineage.remarks().is_empty(), "{:?}", outcome.lineage.remarks());
    let path = |name: &str| world.bench().path(name);
    // 3 scopes, of 4 figures of the SOC, 2 of its scope, and 2 items with 3 options each.
    let [changes, flows, agreed] = recompare(&path("store"), &path("fy2023.toml"), &path("fy2022.toml"));
    assert_eq!(changes, 3 * (4 + 2 + 6));
    assert!(flows == 3 * 3 * 9 && agreed > 700, "{flows} flows, {agreed} cells");
}
