//! The whole flow, measured: each figure a ratio against something in the same run.
//!
//!     cargo bench                                        on copies of the sample
//!     cargo bench -- RETURNS ROSTER                      on a folder of FY2023 returns
//!     cargo bench -- disclosure                          only what a release takes
//!
//! The bench compares the processor time of ingest with that of a bare pass of the reading library over the same
//! files; reading in worker processes against reading within one; a second run after
//! five new files against the first; memory and seconds against ten times as many files. Hostile
//! files are held against fixed bounds. A release is held against tabulating the same answers, and
//! its attacks with own answers against those of outsiders.

mod copies;
mod disclosure;
mod hostile;
mod program;
#[path = "../synthetic/mod.rs"]
mod synthetic;
mod variant;

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::Instant;

use calamine::Reader;
use cssa::ingest::{Progress, WorkerProgram};
use cssa::pipeline::{self, Instruments, Settings, Stage};
use rayon::prelude::*;

const FILES: usize = 864;
const ROUNDS: usize = 9;
const NEW_FILES: usize = 5;

fn main() {
    let given = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let given: Vec<String> = given.collect();
    let work = tempfile::TempDir::new().expect("a temporary folder");
    let (returns, roster) = match given.as_slice() {
        [only] if only == "disclosure" => {
            disclosure::measure(work.path());
            return;
        }
        [] => made(work.path(), "once", FILES),
        [returns, roster] => (PathBuf::from(returns), PathBuf::from(roster)),
        _ => panic!("expected nothing, RETURNS ROSTER or disclosure"),
    };
    compare_with_bare_reading(work.path(), &returns, &roster);
    compare_workers(work.path(), &returns, &roster);
    compare_with_second_run(work.path(), &returns, &roster);
    compare_with_tenfold(work.path());
    bound_hostile_files(work.path());
    disclosure::measure(work.path());
}

/// Like with like: the same workbooks, and ten times as many copies of them.
fn compare_with_tenfold(work: &Path) {
    let measured = |count: usize| {
        let name = format!("{count}");
        let (returns, roster) = made(work, &name, count);
        let folder = work.join(format!("measured-{name}"));
        let ingest = program::run(&folder, "ingest", &returns, &roster, &[]);
        let tabulate = program::run_on_store(&folder, "tabulate", &program::year_file(2023));
        (ingest, tabulate)
    };
    let (once, tabulate) = measured(1_000);
    let (tenfold, _) = measured(10_000);
    println!(
        "ingest, seconds: {:.2} with 1,000 files; {:.2} with 10,000 (ratio per file {:.2}, bound 1.25)",
        once.seconds,
        tenfold.seconds,
        tenfold.seconds / once.seconds / 10.0
    );
    println!(
        "ingest, peak memory of all processes together: {:.0} MB with 1,000 files; {:.0} MB with 10,000 (bound 400 MB)",
        once.memory() / 1e6,
        tenfold.memory() / 1e6
    );
    println!("tabulate, seconds: {:.3} (ratio to ingest {:.2})", tabulate.seconds, tabulate.seconds / once.seconds);
}

/// The cost of one hostile file beside five sound ones, in seconds more than these and in memory.
fn bound_hostile_files(work: &Path) {
    let (returns, roster) = made(work, "few", 5);
    let alone = (0..3).map(|_| program::run(&work.join("hostile"), "ingest", &returns, &roster, &["--fresh"]).seconds);
    let alone = alone.fold(f64::INFINITY, f64::min);
    for (what, file, bytes) in hostile::files(&project().join("data/sample")) {
        let path = returns.join(file);
        fs::write(&path, &bytes).expect("a file can be written");
        let beside = program::run(&work.join("hostile"), "ingest", &returns, &roster, &["--fresh"]);
        fs::remove_file(&path).expect("a file can be removed");
        println!(
            "hostile, {what} ({} KB): {:.2} s more (bound 1.2), {:.0} MB in one process (bound 512)",
            bytes.len() >> 10,
            (beside.seconds - alone).max(0.0),
            beside.workers.iter().copied().fold(beside.own, f64::max) / 1e6
        );
    }
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

/// The seconds that all threads of this process have computed (proc(5), stat: the 14th and 15th field, in ticks of a
/// hundredth); elsewhere than on Linux the seconds that went by.
fn computed(since: Instant) -> f64 {
    let Ok(stat) = fs::read_to_string("/proc/self/stat") else { return since.elapsed().as_secs_f64() };
    let fields = stat.rsplit_once(')').expect("the name of the program").1.split_whitespace();
    fields.skip(11).take(2).map(|ticks| ticks.parse::<f64>().expect("ticks")).sum::<f64>() / 100.0
}

fn compare_with_bare_reading(work: &Path, returns: &Path, roster: &Path) {
    let mut files: Vec<PathBuf> =
        fs::read_dir(returns).expect("the returns").flatten().map(|entry| entry.path()).collect();
    files.sort();
    let settings = settings(work, returns, roster);
    let mut ratios = Vec::with_capacity(ROUNDS);
    let (mut bare_seconds, mut ingest_seconds) = (Vec::new(), Vec::new());
    let start = Instant::now();
    for round in 0..=ROUNDS {
        let began = computed(start);
        assert!(read_bare(&files) > 0, "the workbooks hold cells");
        let between = computed(start);
        let accepted = ingest(&settings);
        let (bare, ingest) = (between - began, computed(start) - between);
        assert_eq!(accepted, files.len(), "every workbook is accepted");
        // The first round warms the disk's cache.
        if round > 0 {
            ratios.push(ingest / bare);
            bare_seconds.push(bare);
            ingest_seconds.push(ingest);
        }
    }
    println!(
        "ingest of {} workbooks: {:.2} s of the processor; bare reading {:.2} s; ratio, median of {ROUNDS} pairs {:.2} (bound 2.0)",
        files.len(),
        median(&mut ingest_seconds),
        median(&mut bare_seconds),
        median(&mut ratios)
    );
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Everything read anew, within this process.
fn settings(work: &Path, returns: &Path, roster: &Path) -> Settings {
    Settings {
        year_file: project().join("pipelines/cssa/fy2023.toml"),
        returns: Some(returns.to_owned()),
        received: None,
        ledger: None,
        request: None,
        roster: Some(roster.to_owned()),
        passwords: None,
        acknowledged: None,
        store: Some(work.join("compared/store")),
        // One store takes the returns of one measurement after the other.
        replace: true,
        out: Some(work.join("compared/out")),
        threads: rayon::current_num_threads(),
        workers: None,
        fresh: true,
    }
}

/// As `settings`, in worker processes.
fn settings_with_workers(work: &Path, returns: &Path, roster: &Path) -> Settings {
    let (memory, seconds) = (512, 1);
    let workers = WorkerProgram {
        path: PathBuf::from(env!("CARGO_BIN_EXE_cssa")),
        arguments: ["worker", "--memory", "512", "--seconds", "1"].map(Into::into).to_vec(),
        memory: memory << 20,
        seconds,
        count: rayon::current_num_threads(),
    };
    Settings { workers: Some(workers), ..settings(work, returns, roster) }
}

/// Ingests; gives how many workbooks were accepted.
fn ingest(settings: &Settings) -> usize {
    let stages = [Stage::Ingest];
    let report = pipeline::run(settings, &stages, &Quiet(Instant::now())).expect("a sound collection");
    report.counts.expect("the returns were read").accepted
}

fn timed(settings: &Settings) -> f64 {
    let began = Instant::now();
    assert!(ingest(settings) > 0, "workbooks are accepted");
    began.elapsed().as_secs_f64()
}

fn compare_workers(work: &Path, returns: &Path, roster: &Path) {
    let (within, beside) = (settings(work, returns, roster), settings_with_workers(work, returns, roster));
    let (mut ratios, mut seconds) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let alone = timed(&within);
        let workers = timed(&beside);
        ratios.push(workers / alone);
        seconds.push(workers);
    }
    println!(
        "ingest in worker processes: {:.3} s; ratio to one process, median of {ROUNDS} pairs {:.2} (bound 1.10)",
        median(&mut seconds),
        median(&mut ratios)
    );
}

fn compare_with_second_run(work: &Path, returns: &Path, roster: &Path) {
    let folder = work.join("second");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let mut files: Vec<PathBuf> =
        fs::read_dir(returns).expect("the returns").flatten().map(|entry| entry.path()).collect();
    files.sort();
    let here = |path: &PathBuf| folder.join(path.file_name().expect("a file has a name"));
    let (old, new) = files.split_at(files.len() - NEW_FILES);
    for path in old {
        fs::copy(path, here(path)).expect("a file can be copied");
    }
    let cold = settings_with_workers(work, &folder, roster);
    let warm = Settings { fresh: false, ..cold.clone() };
    let (mut ratios, mut seconds) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let first = timed(&cold);
        for path in new {
            fs::copy(path, here(path)).expect("a file can be copied");
        }
        let second = timed(&warm);
        for path in new {
            fs::remove_file(here(path)).expect("a file can be removed");
        }
        ratios.push(second / first);
        seconds.push(second);
    }
    println!(
        "second ingest after {NEW_FILES} new files: {:.3} s; ratio to the first, median of {ROUNDS} pairs {:.3} (bound 0.12)",
        median(&mut seconds),
        median(&mut ratios)
    );
}
