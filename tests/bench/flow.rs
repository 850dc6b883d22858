//! The whole flow, measured: each figure a ratio against something in the same run.
//!
//!     cargo bench                                        on copies of the sample
//!     cargo bench -- RETURNS ROSTER                      on a folder of FY2023 returns
//!
//! Ingest is held against a bare pass of the reading library over the same files on the same
//! number of threads; memory against ten times as many files.

mod copies;

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use calamine::Reader;
use cssa::ingest::Progress;
use cssa::pipeline::{self, Instruments, Settings, Stages};
use rayon::prelude::*;

const FILES: usize = 864;
const ROUNDS: usize = 9;

fn main() {
    let mut given = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).map(PathBuf::from);
    let work = tempfile::TempDir::new().expect("a temporary folder");
    let (returns, roster) = match (given.next(), given.next()) {
        (Some(returns), Some(roster)) => (returns, roster),
        _ => made(work.path(), "once", FILES),
    };
    compare_with_bare_reading(work.path(), &returns, &roster);
    // Like with like: the same workbooks, once and ten times as many copies of them.
    let (few, few_roster) = made(work.path(), "once", FILES);
    let once = measured(work.path(), &few, &few_roster, "once");
    let (many, many_roster) = made(work.path(), "tenfold", 10 * FILES);
    let tenfold = measured(work.path(), &many, &many_roster, "tenfold");
    println!(
        "ingest, peak memory: {:.0} MB; {:.0} MB with {} files (ratio {:.2}, bound 1.25 and 300 MB)",
        once.memory / 1e6,
        tenfold.memory / 1e6,
        10 * FILES,
        tenfold.memory / once.memory
    );
    println!("ingest, seconds: {:.2}; {:.2} with {} files", once.seconds, tenfold.seconds, 10 * FILES);
    println!(
        "tabulate, seconds: {:.3} (ratio to ingest {:.2})",
        once.tabulate_seconds,
        once.tabulate_seconds / once.seconds
    );
}

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn made(work: &Path, name: &str, count: usize) -> (PathBuf, PathBuf) {
    let (returns, roster) = (work.join(format!("{name}/returns")), work.join(format!("{name}/roster.csv")));
    copies::write(&project().join("data/sample"), 2023, count, &returns, &roster);
    (returns, roster)
}

/// A bare pass: every sheet of every workbook into a range, nothing kept.
fn read_bare(files: &[PathBuf]) -> usize {
    let count = |path: &PathBuf| {
        let bytes = fs::read(path).expect("a workbook");
        let mut workbook = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).expect("a sound workbook");
        let names = workbook.sheet_names();
        names.iter().map(|name| workbook.worksheet_range(name).expect("a sheet").used_cells().count()).sum::<usize>()
    };
    files.par_iter().map(count).sum()
}

struct Quiet(Instant);

impl Progress for Quiet {
    fn begin(&self, _: usize) {}
    fn step(&self) {}
}

impl Instruments for Quiet {
    fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
    fn peak_memory(&self) -> Option<u64> {
        None
    }
    fn stage(&self, _: &'static str) {}
}

fn compare_with_bare_reading(work: &Path, returns: &Path, roster: &Path) {
    let mut files: Vec<PathBuf> =
        fs::read_dir(returns).expect("the returns").flatten().map(|entry| entry.path()).collect();
    files.sort();
    let settings = Settings {
        year_file: project().join("pipelines/cssa/fy2023.toml"),
        returns: Some(returns.to_owned()),
        received: None,
        roster: Some(roster.to_owned()),
        passwords: None,
        store: work.join("compared/store"),
        out: Some(work.join("compared/out")),
        threads: rayon::current_num_threads(),
    };
    let stages = Stages { ingest: true, tabulate: false, chart: false };
    let mut ratios = Vec::with_capacity(ROUNDS);
    let (mut bare_seconds, mut ingest_seconds) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let began = Instant::now();
        assert!(read_bare(&files) > 0, "the workbooks hold cells");
        let bare = began.elapsed().as_secs_f64();
        let began = Instant::now();
        let report = pipeline::run(&settings, stages, &Quiet(Instant::now())).expect("a sound collection");
        let ingest = began.elapsed().as_secs_f64();
        let accepted = report.counts.expect("the returns were read").accepted;
        assert_eq!(accepted, files.len(), "every workbook is accepted");
        // The first round warms the disk's cache.
        if round > 0 {
            ratios.push(ingest / bare);
            bare_seconds.push(bare);
            ingest_seconds.push(ingest);
        }
    }
    println!(
        "ingest of {} workbooks on {} threads: {:.3} s; bare reading {:.3} s; ratio, median of {ROUNDS} pairs {:.2} (bound 1.5)",
        files.len(),
        rayon::current_num_threads(),
        median(&mut ingest_seconds),
        median(&mut bare_seconds),
        median(&mut ratios)
    );
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

struct Measured {
    seconds: f64,
    memory: f64,
    tabulate_seconds: f64,
}

/// The program in a process of its own, as its manifest tells it.
fn measured(work: &Path, returns: &Path, roster: &Path, name: &str) -> Measured {
    let stage = |command: &str| -> serde_json::Value {
        let folder = work.join(format!("measured-{name}"));
        fs::create_dir_all(&folder).expect("a folder can be made");
        let ran = Command::new(env!("CARGO_BIN_EXE_cssa"))
            .arg(command)
            .arg(project().join("pipelines/cssa/fy2023.toml"))
            .arg("--returns")
            .arg(returns)
            .arg("--roster")
            .arg(roster)
            .args(["--fail-on", "never"])
            .current_dir(&folder)
            .output()
            .expect("the program starts");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let manifest = fs::read(folder.join("reports/fy2023/manifest.json")).expect("a manifest");
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("a manifest is JSON");
        manifest["stages"][0].clone()
    };
    let number = |value: &serde_json::Value| value.as_f64().unwrap_or(f64::NAN);
    let ingest = stage("ingest");
    let tabulate = stage("tabulate");
    Measured {
        seconds: number(&ingest["seconds"]),
        memory: number(&ingest["peak_memory_bytes"]),
        tabulate_seconds: number(&tabulate["seconds"]),
    }
}
