//! Any bytes at all may come back as a return: none stops the run, takes long, or needs much memory.
//!
//! The seeds are the returns of the sample and the workbooks of other programs under `tests/data`, in all
//! formats that are read. A case takes one, damages its bytes, those of its parts or those of its
//! streams, and reads it as a run would. Some hundred run here; `CSSA_FUZZ=1200` goes on for so many
//! seconds, and `CSSA_FUZZ_SEEDS` names a folder with more seeds.

use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::book::Parts;
use crate::corruption::damage::Random;
use crate::human_edits::Desk;
use crate::support::{contents, project};

/// How many cases run where nobody asks for more.
const USUAL: u64 = 300;
/// The longest that one workbook may take, as the tests are built.
const LONGEST: Duration = Duration::from_secs(60);

/// A workbook, and its parts where it is a container of parts.
struct Seed {
    name: String,
    bytes: Vec<u8>,
    parts: Option<Parts>,
}

fn seeds() -> Vec<Seed> {
    let mut folders =
        ["data/sample/fy2022", "data/sample/fy2023", "tests/data"].map(|folder| project().join(folder)).to_vec();
    folders.extend(std::env::var_os("CSSA_FUZZ_SEEDS").map(PathBuf::from));
    let is_workbook = |name: &str| {
        let ending = Path::new(name).extension().map(|ending| ending.to_string_lossy().into_owned());
        ending.is_some_and(|ending| matches!(ending.as_str(), "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" | "zip"))
    };
    let mut seeds: Vec<Seed> = Vec::new();
    for folder in folders {
        let files = contents(&folder).into_iter().filter(|(name, _)| is_workbook(name));
        // A few of each format of the sample are enough.
        let mut taken: Vec<(PathBuf, usize)> = Vec::new();
        for (name, bytes) in files {
            let kind = PathBuf::from(Path::new(&name).extension().unwrap_or_default());
            let place = taken.iter().position(|(other, _)| *other == kind).unwrap_or_else(|| {
                taken.push((kind.clone(), 0));
                taken.len() - 1
            });
            taken[place].1 += 1;
            if taken[place].1 <= 30 {
                let is_container = bytes.starts_with(b"PK") && !name.contains("zipcrypto");
                let parts = is_container.then(|| Parts::in_bytes(&bytes));
                seeds.push(Seed { name, bytes, parts });
            }
        }
    }
    seeds
}

/// What may stand where a number, a length or a name is expected.
const PIECES: [&[u8]; 13] = [
    b"\xFF\xFF\xFF\xFF",
    b"\x00\x00\x00\x00",
    b"\xFF\xFF\xFF\x7F",
    b"\x00\x00\x00\x80",
    b"1048577",
    b"4294967296",
    b"-1",
    b"1e308",
    b"<c r=\"XFD1048576\"><v>1</v></c>",
    b"&#x10FFFF;",
    b"table:number-rows-repeated=\"1048576\" ",
    b"table:number-rows-repeated=\"4294967295\" ",
    b"</row></sheetData>",
];

/// Changes some bytes, takes a stretch out, puts one in twice, or puts a piece in.
fn mutated(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        if bytes.is_empty() {
            return;
        }
        let at = random.below(bytes.len());
        let length = (1 + random.below(64)).min(bytes.len() - at);
        match random.below(6) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = u8::try_from(random.below(256)).expect("a byte"),
            2 => drop(bytes.drain(at..at + length)),
            3 => {
                let copy = bytes[at..at + length].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, copy);
            }
            4 => {
                let piece = *random.pick(&PIECES);
                let end = (at + piece.len()).min(bytes.len());
                bytes.splice(at..end, piece.iter().copied());
            }
            _ => {
                let piece = *random.pick(&PIECES);
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
}

/// A case: a seed, damaged as the random numbers say.
fn case(seeds: &[Seed], random: &mut Random) -> (String, Vec<u8>) {
    let seed = random.pick(seeds);
    match &seed.parts {
        // Within the parts checksums hold, so that the readers behind the guard see the damage.
        Some(parts) if random.below(8) > 0 => {
            let mut parts = parts.clone();
            for _ in 0..=random.below(2) {
                let names: Vec<String> = parts.names().map(str::to_owned).collect();
                let name = random.pick(&names).clone();
                let mut content = parts.content(&name).to_vec();
                mutated(&mut content, random);
                parts.put(&name, content);
            }
            (seed.name.clone(), parts.bytes())
        }
        _ => {
            let mut bytes = seed.bytes.clone();
            mutated(&mut bytes, random);
            (seed.name.clone(), bytes)
        }
    }
}

/// Where code has failed while workbooks were read, on whatever thread.
static FAILED: Mutex<Vec<String>> = Mutex::new(Vec::new());

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send + 'static>;

/// Notes failures as long as it stands, and then gives the usual hook its place again.
struct Watch(Arc<Hook>);

impl Watch {
    /// A library of others that fails on a damaged file has found it damaged; all other code may not fail,
    /// that of the language's own libraries included, which the project calls.
    fn begin() -> Watch {
        let usual: Arc<Hook> = Arc::new(std::panic::take_hook());
        let others = Arc::clone(&usual);
        std::panic::set_hook(Box::new(move |failure: &PanicHookInfo<'_>| {
            let place = failure.location().map(ToString::to_string).unwrap_or_default();
            // Other tests that fail meanwhile stand under `tests/`.
            if !place.contains("/registry/") && !place.starts_with("tests/") {
                failures().push(failure.to_string());
                others(failure);
            }
        }));
        Watch(usual)
    }

    fn end(self) {
        let usual = self.0;
        std::panic::set_hook(Box::new(move |failure: &PanicHookInfo<'_>| usual(failure)));
    }
}

/// The list of failures; a thread that failed while it held the list leaves it as it is.
fn failures() -> MutexGuard<'static, Vec<String>> {
    FAILED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The most memory that this process has held, in bytes, where the system tells (proc(5), status).
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// Reads damaged workbooks until the time is over; gives how many, or the first that went wrong.
fn read_damaged(seeds: &[Seed], desks: &[Desk], seconds: Option<Duration>) -> Result<u64, String> {
    let began = Instant::now();
    let first = seconds.map_or(0, |_| std::process::id().into()) * 1_000_000;
    let mut read = 0_u64;
    for number in first.. {
        let is_over = seconds.map_or(read >= USUAL, |seconds| began.elapsed() > seconds);
        if is_over {
            break;
        }
        let mut random = Random::of(number);
        let (name, bytes) = case(seeds, &mut random);
        let desk = random.pick(desks);
        let start = Instant::now();
        desk.read_whatever(&bytes);
        let failed = std::mem::take(&mut *failures());
        if !failed.is_empty() {
            return Err(format!("case {number} of {name}: {failed:?}"));
        }
        if start.elapsed() >= LONGEST {
            return Err(format!("case {number} of {name} took {:?}", start.elapsed()));
        }
        read += 1;
    }
    Ok(read)
}

#[test]
fn no_bytes_stop_the_reader() {
    let seconds = std::env::var("CSSA_FUZZ").ok().and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
    let seeds = seeds();
    let desks = [Desk::new(2022), Desk::new(2023)];
    assert!(seeds.len() > 20, "{} seeds", seeds.len());
    let watch = Watch::begin();
    let read = read_damaged(&seeds, &desks, seconds);
    watch.end();
    // In a longer run nothing else takes memory.
    let peak = peak_memory().filter(|_| seconds.is_some());
    assert!(peak.is_none_or(|peak| peak < 1 << 30), "{peak:?} bytes of memory");
    match read {
        Ok(read) => println!("{read} damaged workbooks were read, at most {peak:?} bytes of memory held"),
        Err(failed) => panic!("{failed}"),
    }
}
