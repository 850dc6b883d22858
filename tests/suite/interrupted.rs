//! A run that is killed, or that the disk has no room for, leaves all tables of a year as they were
//! or all as they were to be.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use cssa::store::Store;

use crate::support::{Bench, contents, copy, sample, year_file};

/// How many times a run is killed.
const TIMES: u32 = 50;

/// The tables of the store, by name.
fn tables(store: &Path) -> Vec<(String, Vec<u8>)> {
    let mut tables = contents(store);
    tables.retain(|(name, _)| name.ends_with(".parquet"));
    tables
}

/// Two collections of other institutions, the store after the first and after the second.
struct Two {
    bench: Bench,
    before: Vec<(String, Vec<u8>)>,
    after: Vec<(String, Vec<u8>)>,
}

impl Two {
    fn new() -> Two {
        let bench = Bench::new();
        bench.copy_sample(2023, "first", |name| ["_1001_", "_1004_", "_2028_"].iter().any(|code| name.contains(code)));
        bench.copy_sample(2023, "second", |name| name.contains("_10") || name.contains("_300"));
        for stage in ["ingest", "tabulate"] {
            let ran = bench.run(stage, 2023, &bench.path("first"), &[]);
            assert_eq!(ran.status, 0, "{}", ran.err);
        }
        let store = bench.path("data/store");
        copy(&store, &bench.path("store-before"));
        let before = tables(&store);
        // The second has a roster of its own, so that not one table is the same.
        let roster = std::fs::read_to_string(sample("roster.csv")).expect("the roster");
        let rows: Vec<&str> = roster.lines().filter(|row| !row.starts_with("2023,7002,")).collect();
        bench.write("roster.csv", rows.join("\n"));
        let mut two = Two { bench, before, after: Vec::new() };
        assert!(two.command().status().expect("the program starts").success());
        two.after = tables(&store);
        let (before, after) = (&two.before, &two.after);
        assert_eq!(before.len(), after.len() + 1, "ingest drops the distributions, which no longer fit");
        // Nobody replied and nobody sent a second workbook: those tables are empty in both. Both are of one survey.
        let has_rows = |name: &str| {
            !["queries", "waivers", "revisions", "superseded", "collections"]
                .iter()
                .any(|empty| name.starts_with(empty))
        };
        let filled: Vec<_> = before.iter().filter(|(name, _)| has_rows(name)).collect();
        assert_eq!(filled.len(), 6);
        assert!(filled.iter().all(|table| !after.contains(table)), "every table differs between the two");
        two
    }

    /// Puts the store back as it was after the first.
    fn restore(&self) {
        copy(&self.bench.path("store-before"), &self.bench.path("data/store"));
    }

    /// A run from the first to the second.
    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cssa"));
        command.arg("ingest").arg(year_file(2023)).arg("--returns").arg(self.bench.path("second"));
        command.arg("--replace").arg("--roster").arg(self.bench.path("roster.csv")).current_dir(self.bench.path(""));
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }
}

#[test]
fn a_run_killed_at_any_moment_leaves_all_old_tables_or_all_new_ones() {
    let two = Two::new();
    two.restore();
    let began = Instant::now();
    assert!(two.command().status().expect("the program starts").success());
    let whole = began.elapsed();
    let (mut old, mut new) = (0, 0);
    for time in 0..TIMES {
        two.restore();
        let mut running = two.command().spawn().expect("the program starts");
        // Spread over the run in steps that have no rhythm in common with it; the end, where the
        // tables are put in place, as often as all the rest.
        let part = f64::from((time * 37) % TIMES) / f64::from(TIMES);
        let moment = if time % 2 == 0 { part } else { 0.8 + 0.3 * part };
        std::thread::sleep(whole.mul_f64(moment));
        running.kill().expect("a process can be killed");
        running.wait().expect("it ends");
        // Every command begins with this.
        drop(Store::open(&two.bench.path("data/store")).expect("the store can be opened"));
        let found = tables(&two.bench.path("data/store"));
        assert!(found == two.before || found == two.after, "killed at {moment:.2} of {whole:?}: a mixture");
        if found == two.before {
            old += 1;
        } else {
            new += 1;
        }
        let left: Vec<_> = std::fs::read_dir(two.bench.path("data/store")).expect("the store").flatten().collect();
        let is_left = |name: &str| left.iter().any(|entry| entry.file_name().to_string_lossy().starts_with(name));
        assert!(!is_left(".staging") && !is_left(".commit"), "{left:?}");
    }
    assert!(old > 0, "no run was killed before its end");
    assert!(old + new == TIMES);
    // And whatever was left behind, the next run is as good as any.
    assert!(two.command().status().expect("the program starts").success());
    assert!(tables(&two.bench.path("data/store")) == two.after);
}

#[test]
#[cfg(unix)]
fn a_disk_without_room_is_one_error_and_the_old_tables_stand() {
    let two = Two::new();
    // A limit of the size of files, in blocks of 512 bytes; the signal that goes with it would end
    // the process before it could say anything.
    for blocks in [1, 4, 8, 16, 24] {
        two.restore();
        let script = r#"trap "" XFSZ; ulimit -c 0; ulimit -f "$0"; exec "$@""#;
        let command = two.command();
        let mut limited = Command::new("sh");
        limited.arg("-c").arg(script).arg(blocks.to_string()).arg(command.get_program()).args(command.get_args());
        let output = limited.current_dir(two.bench.path("")).output().expect("a shell starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{blocks} blocks: {said}");
        assert_eq!(said.matches("error:").count(), 1, "{blocks} blocks: {said}");
        assert!(said.contains("is there room on the disk"), "{blocks} blocks: {said}");
        drop(Store::open(&two.bench.path("data/store")).expect("the store can be opened"));
        assert!(tables(&two.bench.path("data/store")) == two.before, "{blocks} blocks: {said}");
    }
    // With room again, all is well.
    assert!(two.command().status().expect("the program starts").success());
    assert!(tables(&two.bench.path("data/store")) == two.after);
}
