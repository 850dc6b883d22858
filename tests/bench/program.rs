//! The program in a process of its own: how long a stage took, and the memory of all its processes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::project;

/// The time and memory of a run.
pub struct Measured {
    /// The seconds of its first stage, or of the whole process.
    pub seconds: f64,
    /// The most memory that its own process held, in bytes.
    pub own: f64,
    /// The most that each process it started held, in bytes.
    pub workers: Vec<f64>,
}

impl Measured {
    /// The peaks of all processes, as if all had come at once.
    pub fn memory(&self) -> f64 {
        self.own + self.workers.iter().sum::<f64>()
    }
}

/// Runs a stage on FY2023 in a folder.
pub fn run(folder: &Path, stage: &str, returns: &Path, roster: &Path, flags: &[&str]) -> Measured {
    fs::create_dir_all(folder).expect("a folder can be made");
    let mut command = program(folder, stage, &year_file(2023));
    command.arg("--returns").arg(returns).arg("--roster").arg(roster).args(flags);
    let measured = watch(&mut command, &format!("{stage} of {}", returns.display()));
    let manifest = fs::read(folder.join("reports/fy2023/manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("a manifest is JSON");
    Measured { seconds: manifest["stages"][0]["seconds"].as_f64().unwrap_or(f64::NAN), ..measured }
}

/// Runs a stage of a definition on what the store of a folder holds; the seconds are those of the whole process.
pub fn run_on_store(folder: &Path, stage: &str, year_file: &Path) -> Measured {
    let mut command = program(folder, stage, year_file);
    watch(command.args(["--store", "data/store"]), &format!("{stage} of {}", year_file.display()))
}

/// The project's definition of a year.
pub fn year_file(fiscal_year: u16) -> PathBuf {
    project().join(format!("pipelines/cssa/fy{fiscal_year}.toml"))
}

fn program(folder: &Path, stage: &str, year_file: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cssa"));
    command.arg(stage).arg(year_file).args(["--fail-on", "never"]).current_dir(folder).stdout(Stdio::null());
    command
}

/// Runs a program to its end and looks at its memory meanwhile.
fn watch(command: &mut Command, what: &str) -> Measured {
    let began = Instant::now();
    let mut running = command.spawn().expect("the program starts");
    let mut peaks: BTreeMap<u32, f64> = BTreeMap::new();
    let status = loop {
        look(running.id(), &mut peaks);
        if let Some(status) = running.try_wait().expect("the program can be waited for") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let seconds = began.elapsed().as_secs_f64();
    assert!(status.success(), "{what}");
    let own = peaks.remove(&running.id()).unwrap_or(f64::NAN);
    Measured { seconds, own, workers: peaks.into_values().collect() }
}

/// Notes the peaks of a process and of those it has started (proc(5), status); nothing where the
/// system does not tell.
fn look(process: u32, peaks: &mut BTreeMap<u32, f64>) {
    let children = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten().flat_map(|thread| {
        let listed = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        listed.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>()
    });
    for id in children.chain([process]).collect::<Vec<_>>() {
        let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let name = status.lines().find_map(|line| line.strip_prefix("Name:")).unwrap_or("").trim();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("");
        let peak = peak.trim().trim_end_matches(" kB").parse::<f64>().map(|kilobytes| kilobytes * 1024.0);
        // Between fork and exec a child is still a copy of its parent.
        if let (Ok(peak), true) = (peak, name.starts_with("cssa")) {
            let known = peaks.entry(id).or_default();
            *known = known.max(peak);
        }
    }
}
