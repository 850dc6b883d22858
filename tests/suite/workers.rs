//! Files are read in processes of their own: one that dies costs its file, and none is left behind.
#![cfg(target_os = "linux")]

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::catalogue::hostile::endless;
use crate::responses::{answered, key, stored};
use crate::support::{Bench, sample, year_file};

/// A run over two sound workbooks and one that is read for minutes, which is under way.
fn under_way(bench: &Bench) -> Child {
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_1004_") || name.contains("_1502_"));
    // Last in the order of names, so that a worker has read something before it.
    std::fs::write(folder.join("x.xlsx"), endless()).expect("a file can be written");
    let running = Command::new(env!("CARGO_BIN_EXE_cssa"))
        .arg("ingest")
        .arg(year_file(2023))
        .arg("--returns")
        .arg(&folder)
        .arg("--roster")
        .arg(sample("roster.csv"))
        .args(["--threads", "1", "--worker-seconds", "600"])
        .current_dir(bench.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    wait_until("a worker", || children(running.id()).len() == 1);
    running
}

/// The processes whose parent is this one (proc(5), stat: the fourth field).
fn children(parent: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("the system tells of its processes").flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let is_child = |id: &u32| {
        let status = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        let after_name = status.rsplit_once(") ").map_or("", |(_, rest)| rest);
        let mut fields = after_name.split(' ');
        // One that has ended and is not yet waited for holds nothing any more.
        let is_running = fields.next().is_some_and(|state| state != "Z");
        is_running && fields.next() == Some(&parent.to_string())
    };
    ids.filter(is_child).collect()
}

/// Waits until something holds, for as long as a loaded machine may take.
fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(60), "{what} has not come about");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// How much processor time a process has used, in hundredths of a second: one that has used much is
/// past its start and at a file.
fn ticks(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields: Vec<&str> = status.rsplit_once(") ").map_or("", |(_, rest)| rest).split(' ').collect();
    fields.get(11).and_then(|ticks| ticks.parse().ok()).unwrap_or(0)
}

#[test]
fn a_worker_killed_costs_its_file_and_no_other() {
    let bench = Bench::new();
    let running = under_way(&bench);
    // The first is not blamed on the file, because that worker had read others before; the second
    // has read nothing else.
    let mut killed = Vec::new();
    for time in 1..=2 {
        let fresh = || children(running.id()).into_iter().find(|worker| !killed.contains(worker));
        wait_until("a worker at the last file", || fresh().is_some_and(|worker| ticks(worker) > 100));
        let worker = fresh().expect("a worker is at work");
        let done = Command::new("kill").arg("-9").arg(worker.to_string()).status().expect("kill is there");
        assert!(done.success(), "the worker was there to be killed, for the {time}. time");
        killed.push(worker);
    }
    let output = running.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let findings = bench.findings(2023);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!((&findings[0]["code"], &findings[0]["file"]), (&"F15".into(), &"x.xlsx".into()));
    assert!(findings[0]["message"].as_str().is_some_and(|text| text.contains("signal 9")), "{findings:?}");
    for neighbour in ["1004", "1502"] {
        assert_eq!(answered(&stored(&bench, "responses", 2023), neighbour), key(2023, neighbour), "{neighbour}");
    }
}

#[test]
fn no_worker_outlives_the_program() {
    let bench = Bench::new();
    let mut running = under_way(&bench);
    let workers = children(running.id());
    running.kill().expect("a process can be killed");
    running.wait().expect("it ends");
    // They are at a file that takes minutes, or wait for one: either way nobody waits for them.
    let is_there = |worker: &u32| std::path::Path::new(&format!("/proc/{worker}")).exists();
    wait_until("the end of the workers", || !workers.iter().any(is_there));
}

#[test]
fn a_worker_that_has_no_memory_to_begin_with_is_one_error() {
    let bench = Bench::new();
    let ran = bench.run("ingest", 2023, &sample("fy2023"), &["--worker-memory", "1"]);
    assert_eq!(ran.status, 2, "{}\n{}", ran.out, ran.err);
    assert!(ran.err.contains("--worker-memory"), "{}", ran.err);
}

#[test]
fn a_worker_that_is_told_nothing_ends_quietly() {
    let bench = Bench::new();
    let ran = bench.cssa(["worker", "--memory", "512", "--seconds", "1"]);
    assert_eq!((ran.status, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
}
