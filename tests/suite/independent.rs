//! Another engine recomputes every figure from the store: the numbers are not ours alone.

use std::io::Write as _;
use std::process::Command;

use crate::support::{Bench, project};

/// Whether Python with DuckDB is here; says so where it is not.
fn has_duckdb() -> bool {
    let probe = Command::new(python()).args(["-c", "import duckdb"]).output();
    let there = probe.is_ok_and(|output| output.status.success());
    if !there {
        assert!(std::env::var_os("CSSA_REQUIRE_DUCKDB").is_none(), "DuckDB was promised and is not here");
        // Written past the test runner, which keeps what passing tests print to itself.
        writeln!(std::io::stderr(), "1 skipped: no Python with the package duckdb (pip install duckdb)")
            .expect("standard error is open");
    }
    there
}

fn python() -> String {
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
