//! A whole season in small: returns come in waves, broken and corrected, the roster is mended, an institution merges,
//! replies come back, figures are released and corrected, and runs are interrupted. At its end the store is that of a
//! single run on everything that came, and nothing is left that nobody has to act on.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::book::{Book, Entry, returned};
use crate::follow_up::fill_in;
use crate::responses::stored_in;
use crate::support::{Bench, Ran, contents, project, sample};

/// The returns and all tables of the desk.
struct Desk {
    bench: Bench,
}

fn year_file(fiscal_year: u16) -> String {
    format!("pipelines/cssa/fy{fiscal_year}.toml")
}

impl Desk {
    fn new() -> Desk {
        let bench = Bench::new();
        for (name, content) in contents(&project().join("pipelines/cssa")) {
            let text = String::from_utf8(content).expect("a definition is text");
            // What is drawn is no matter here, and takes long.
            bench.write(&format!("pipelines/cssa/{name}"), text.split("\n[[figure]]").next().expect("a text"));
        }
        bench.copy_sample(2022, "returned2022", |_| true);
        bench.write("returned/.keep", "");
        std::fs::remove_file(bench.path("returned/.keep")).expect("a file can be removed");
        bench.write("received.csv", "file,time\n");
        let ledger = "date,event,institution,successor,sector,subsector,name,note\n";
        bench.write("ledger.csv", ledger);
        bench.write("roster.csv", std::fs::read(sample("roster.csv")).expect("the roster"));
        Desk { bench }
    }

    fn edit(&self, name: &str, edit: impl Fn(String) -> String) {
        let text = std::fs::read_to_string(self.bench.path(name)).expect("a text");
        let edited = edit(text.clone());
        assert!(text != edited, "{name} changes");
        self.bench.write(name, edited);
    }

    /// Puts workbooks of the sample among the returns.
    fn receive(&self, codes: &[&str]) {
        self.bench.copy_sample(2023, "returned", |name| codes.iter().any(|code| name.contains(&format!("_{code}"))));
    }

    /// Puts a workbook among the returns, and into the intake log.
    fn receive_as(&self, name: &str, content: &[u8], time: &str) {
        self.bench.write(&format!("returned/{name}"), content);
        self.edit("received.csv", |log| format!("{log}{name},{time}\n"));
    }

    /// Where the return of an institution lies.
    fn name_of(code: &str) -> String {
        returned(2023, code).file_name().expect("a name").to_string_lossy().into_owned()
    }

    fn arguments(fiscal_year: u16) -> Vec<String> {
        let year = year_file(fiscal_year);
        let folder = if fiscal_year == 2022 { "returned2022" } else { "returned" };
        let mut all = vec!["run", &year, "--returns", folder, "--roster", "roster.csv"];
        if fiscal_year == 2023 {
            all.extend(["--ledger", "ledger.csv", "--received", "received.csv"]);
        }
        all.into_iter().map(str::to_owned).collect()
    }

    fn run(&self, fiscal_year: u16) -> Ran {
        let ran = self.bench.cssa(Desk::arguments(fiscal_year));
        assert!(ran.status < 2, "{}\n{}", ran.out, ran.err);
        ran
    }

    /// Begins something and kills it after a part of the time that it would take.
    fn interrupt(&self, arguments: &[String], after: Duration) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cssa"));
        command.args(arguments).current_dir(self.bench.path("")).stdout(Stdio::null()).stderr(Stdio::null());
        let mut running = command.spawn().expect("the program starts");
        std::thread::sleep(after);
        running.kill().expect("a process can be killed");
        running.wait().expect("it ends");
    }

    /// A run that is killed at several moments before it is let through.
    fn run_interrupted(&self, parts: &[f64]) -> Ran {
        let began = Instant::now();
        self.run(2023);
        let whole = began.elapsed();
        for part in parts {
            self.interrupt(&Desk::arguments(2023), whole.mul_f64(*part));
        }
        self.run(2023)
    }

    fn disclose(&self, fiscal_year: u16, more: &[&str]) -> Ran {
        let year = year_file(fiscal_year);
        let ran = self.bench.cssa(["disclose", &year].into_iter().chain(more.iter().copied()));
        assert_eq!(ran.status, 0, "{more:?}\n{}\n{}", ran.out, ran.err);
        ran
    }

    fn store(&self) -> PathBuf {
        self.bench.path("data/store")
    }

    /// Code and severity of the findings in the store that need something done.
    fn left(&self) -> Vec<String> {
        let rows = stored_in(&self.store(), "findings", 2023);
        let needs = rows.iter().filter(|row| row["severity"] != "information");
        needs.map(|row| format!("{} {} [{}] {}", row["severity"], row["code"], row["file"], row["message"])).collect()
    }
}

/// The tables of what was collected: not those of releases, and not from where it was read.
fn collected(store: &Path) -> Vec<(String, Vec<u8>)> {
    let mut tables = contents(store);
    let is_other = |name: &str| ["release", ".", "findings/"].iter().any(|start| name.starts_with(start));
    tables.retain(|(name, _)| name.ends_with(".parquet") && !is_other(name));
    tables
}

/// The findings of a store but for those about releases.
fn findings(store: &Path) -> Vec<String> {
    let rows = stored_in(store, "findings", 2023).into_iter().filter(|row| !row["code"].starts_with('D'));
    rows.map(|row| format!("{row:?}")).collect()
}

/// Everything that comes in the course of a season, up to the release.
fn collect(desk: &Desk) {
    desk.run(2022);
    // The first wave. The roster has the names of two institutions the wrong way round, one return is cut off, and
    // one leaves a question blank.
    let (one, other) = ("1002,模擬地方銀行002", "1016,模擬地方銀行016");
    desk.edit("roster.csv", |roster| {
        let swapped = roster.replace(one, "1002,模擬地方銀行016");
        swapped.replace(other, "1016,模擬地方銀行002")
    });
    desk.receive(&["1002", "1004", "1012", "1016", "15"]);
    let whole = std::fs::read(returned(2023, "1006")).expect("a return");
    desk.receive_as(&Desk::name_of("1006"), &whole[..whole.len() / 2], "2023-07-20 10:00");
    let mut book = Book::of(2023, "1001");
    for cell in ["D5", "D6", "D7", "D8"] {
        book.sheet("１．経営層の関与").clear_if_filled(cell);
    }
    desk.receive_as(&Desk::name_of("1001"), &book.bytes(), "2023-07-21 10:00");
    let ran = desk.run_interrupted(&[0.3, 0.6, 0.95]);
    assert_eq!(ran.status, 1);
    let left = desk.left().join("\n");
    for code in ["error F03", "error I08", "warning E03"] {
        assert!(left.contains(code), "{code} in\n{left}");
    }
    // The second wave: the whole return after the broken one, the roster mended, an institution that has merged into
    // another, and one that sends a second workbook.
    desk.receive_as("再提出_1006.xlsx", &whole, "2023-08-02 09:00");
    desk.edit("roster.csv", |roster| {
        let mended = roster.replace("1002,模擬地方銀行016", one).replace("1016,模擬地方銀行002", other);
        let rows = mended.lines().filter(|row| !row.starts_with("2023,3002,"));
        rows.map(|row| format!("{row}\n")).collect()
    });
    desk.edit("ledger.csv", |ledger| format!("{ledger}2023-04-01,merger,3002,3001,,,,\n"));
    desk.receive(&["20", "3001", "3005", "3008", "3009", "3010"]);
    let mut book = Book::of(2023, "2002");
    book.sheet("１．経営層の関与").clear_if_filled("D5").clear_if_filled("D6").clear_if_filled("D7").put("D8", "○");
    desk.receive_as("2002_初回.xlsx", &book.bytes(), "2023-07-25 09:00");
    desk.edit("received.csv", |log| format!("{log}{},2023-07-28 09:00\n", Desk::name_of("2002")));
    let ran = desk.run_interrupted(&[0.5, 0.9]);
    assert_eq!(ran.status, 1, "a question is still open");
    let left = desk.left();
    assert!(left.len() == 1 && left[0].starts_with("warning E03"), "{left:?}");
    // The reply.
    let name = "照会票_2023_1001.xlsx";
    let mut inquiry = Book::open(&desk.bench.path(&format!("reports/fy2023/internal/follow_up/{name}")));
    fill_in(inquiry.sheet("照会票"), |_, _| ("訂正する", Some(Entry::Text("1".to_owned())), "記入漏れ"));
    desk.receive_as(name, &inquiry.bytes(), "2023-08-10 09:00");
    // All the others.
    desk.receive(&["4", "5", "6", "7"]);
    let ran = desk.run_interrupted(&[0.4, 0.85]);
    assert_eq!((ran.status, desk.left()), (0, Vec::new()), "{}", ran.out);
}

/// The release, a correction that comes late, and the release of that.
fn release(desk: &Desk) {
    desk.disclose(2022, &["--release", "2023-04-01"]);
    let release = ["disclose", &year_file(2023), "--release", "2024-04-01"].map(str::to_owned);
    let began = Instant::now();
    desk.disclose(2023, &["--release", "2024-04-01", "--dry-run"]);
    for part in [0.4, 0.9] {
        desk.interrupt(&release, began.elapsed().mul_f64(part));
    }
    // It may have come through before it was killed.
    let listed = desk.disclose(2023, &["--releases"]).out;
    if listed.contains("nothing was released") {
        desk.disclose(2023, &["--release", "2024-04-01"]);
    }
    let mut late = Book::of(2023, "1501");
    late.sheet("１．経営層の関与").clear_if_filled("D5").clear_if_filled("D6").clear_if_filled("D7").put("D8", "○");
    desk.receive_as("訂正_1501.xlsx", &late.bytes(), "2024-04-10 09:00");
    desk.edit("received.csv", |log| format!("{log}{},2023-07-22 09:00\n", Desk::name_of("1501")));
    let ran = desk.run_interrupted(&[0.7]);
    assert_eq!((ran.status, desk.left()), (0, Vec::new()), "{}", ran.out);
    assert!(ran.out.contains("returns since: "), "{}", ran.out);
    let year = year_file(2023);
    let correct = ["disclose", &year, "--correct", "1501の訂正", "--format", "json"];
    let prepared = desk.bench.cssa(correct);
    let prepared: Value = serde_json::from_str(prepared.out.trim()).expect("one JSON object");
    let open = &prepared["disclosed"][0]["erratum"]["not_accepted"];
    let open: Vec<&str> = open.as_array().expect("codes").iter().filter_map(Value::as_str).collect();
    let accepted = open.join(",");
    let mut more = vec!["--correct", "1501の訂正", "--release", "2024-05-01"];
    if !accepted.is_empty() {
        more.extend(["--accept-revealed", &accepted]);
    }
    desk.disclose(2023, &more);
    assert_eq!(stored_in(&desk.store(), "releases", 2023).len(), 2);
}

#[test]
fn a_season_ends_where_a_single_run_on_everything_that_came_begins() {
    let desk = Desk::new();
    collect(&desk);
    release(&desk);
    let ran = desk.run(2023);
    assert_eq!((ran.status, desk.left()), (0, Vec::new()), "{}", ran.out);

    let fresh = Desk::new();
    for folder in ["returned", "returned2022"] {
        for (name, content) in contents(&desk.bench.path(folder)) {
            fresh.bench.write(&format!("{folder}/{name}"), content);
        }
    }
    for table in ["roster.csv", "ledger.csv", "received.csv"] {
        fresh.bench.write(table, std::fs::read(desk.bench.path(table)).expect("a table"));
    }
    fresh.run(2022);
    let ran = fresh.run(2023);
    assert_eq!((ran.status, fresh.left()), (0, Vec::new()), "{}", ran.out);
    let (season, single) = (collected(&desk.store()), collected(&fresh.store()));
    let names = |tables: &[(String, Vec<u8>)]| tables.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&season), names(&single));
    assert!(season.len() >= 20, "{:?}", names(&season));
    for (one, other) in season.iter().zip(&single) {
        assert!(one.1 == other.1, "{} differs", one.0);
    }
    assert_eq!(findings(&desk.store()), findings(&fresh.store()));
}
