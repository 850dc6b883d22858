//! The catalogue of what comes back: cases, each made as a real workbook, each with the findings
//! it must give, the state it leaves its answers in, and neighbours that it must not touch.

mod answers;
mod cover;
mod files;
pub mod hostile;
mod printed;

use std::io::Write as _;
use std::path::Path;

use cssa::finding::{Code, Severity};

use crate::book::{Book, Parts, returned};
use crate::responses::{answered, key, stored};
use crate::support::Bench;
use crate::support::table::Row;

/// The name of the file that a case puts into the folder.
pub const FILE: &str = "x.xlsx";

/// One thing that happens, and what must come of it.
pub struct Case {
    fiscal_year: u16,
    /// What is said on the command line beside the usual.
    flags: Vec<&'static str>,
    put: Box<dyn Fn(&Path)>,
    accepted: bool,
    findings: Vec<(&'static str, String)>,
    /// Question, item, state, options; every other answer is that of the key.
    states: Vec<[&'static str; 4]>,
    /// The one state of all answers, where it is the same.
    all: Option<&'static str>,
}

/// Writes the cases of a file as its tests, and lists them.
macro_rules! cases {
    ($($name:ident: $case:expr;)*) => {
        pub fn cases() -> Vec<crate::catalogue::Case> { vec![$($case),*] }
        $(#[test] fn $name() { $case.hold(); })*
    };
}
pub(crate) use cases;

/// Every case there is.
pub fn all() -> Vec<Case> {
    [files::cases(), hostile::cases(), cover::cases(), printed::cases(), answers::cases()]
        .into_iter()
        .flatten()
        .collect()
}

impl Case {
    fn new(fiscal_year: u16, put: impl Fn(&Path) + 'static) -> Case {
        let (flags, findings, states) = (Vec::new(), Vec::new(), Vec::new());
        Case { fiscal_year, flags, put: Box::new(put), accepted: true, findings, states, all: None }
    }

    /// The workbook of an institution on the FY2022 form (one list, numbers in boxes), changed.
    pub fn list(change: impl Fn(&mut Book) + 'static) -> Case {
        Case::changed(2022, change)
    }

    /// The workbook of an institution on the FY2023 form (sections, marks), changed.
    pub fn sections(change: impl Fn(&mut Book) + 'static) -> Case {
        Case::changed(2023, change)
    }

    fn changed(fiscal_year: u16, change: impl Fn(&mut Book) + 'static) -> Case {
        Case::new(fiscal_year, move |folder| {
            let mut book = Book::of(fiscal_year, institution(fiscal_year));
            change(&mut book);
            book.write(&folder.join(FILE));
        })
    }

    /// The FY2023 workbook with changed parts.
    pub fn parts(change: impl Fn(&mut Parts) + 'static) -> Case {
        Case::bytes(move || {
            let mut parts = Parts::of(&returned(2023, institution(2023)));
            change(&mut parts);
            parts.bytes()
        })
    }

    /// A file of these bytes.
    pub fn bytes(bytes: impl Fn() -> Vec<u8> + 'static) -> Case {
        Case::folder(move |folder| std::fs::write(folder.join(FILE), bytes()).expect("a file can be written"))
    }

    /// Whatever is put into the FY2023 folder.
    pub fn folder(put: impl Fn(&Path) + 'static) -> Case {
        Case::new(2023, put)
    }

    /// Says more on the command line.
    pub fn with(mut self, flags: &[&'static str]) -> Case {
        self.flags.extend(flags);
        self
    }

    /// A finding that must be given, at a place such as `[x.xlsx]点検票!F8`.
    pub fn finds(mut self, code: &'static str, place: impl Into<String>) -> Case {
        self.findings.push((code, place.into()));
        self
    }

    /// The state that an answer must be left in, with the options read.
    pub fn leaves(
        mut self,
        question: &'static str,
        item: &'static str,
        state: &'static str,
        options: &'static str,
    ) -> Case {
        self.states.push([question, item, state, options]);
        self
    }

    /// The state that all answers must be left in.
    pub fn leaves_all(mut self, state: &'static str) -> Case {
        self.all = Some(state);
        self
    }

    /// The file must be set aside: nothing of it counts.
    pub fn rejected(mut self) -> Case {
        self.accepted = false;
        self
    }

    /// The codes of the findings that must be given.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.findings.iter().map(|(code, _)| *code)
    }

    /// Runs the case and compares.
    pub fn hold(&self) {
        let is_about_limits = self.flags.iter().any(|flag| flag.starts_with("--worker-"));
        if is_about_limits && !cfg!(target_os = "linux") {
            // Written past the test runner, which keeps what passing tests print to itself.
            writeln!(std::io::stderr(), "1 skipped: limits of worker processes are enforced on Linux only")
                .expect("standard error is open");
            return;
        }
        let bench = Bench::new();
        let neighbours = neighbours(self.fiscal_year);
        let folder = bench.copy_sample(self.fiscal_year, "returned", |name| {
            neighbours.iter().any(|code| name.contains(&format!("_{code}_")))
        });
        (self.put)(&folder);
        let ran = bench.run("ingest", self.fiscal_year, &folder, &self.flags);
        assert!(ran.status <= 1, "no file can stop the run: {}", ran.err);

        let mut found: Vec<(String, String)> = bench.findings(self.fiscal_year).iter().map(code_and_place).collect();
        let mut expected: Vec<(String, String)> =
            self.findings.iter().map(|(code, place)| ((*code).to_owned(), place.clone())).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{}\n{}", ran.out, ran.err);
        let severe = |code: &str| Code::find(code).expect("a code").rule().severity > Severity::Information;
        assert_eq!(ran.status, i32::from(self.codes().any(severe)), "{}\n{}", ran.out, ran.err);

        let responses = stored(&bench, "responses", self.fiscal_year);
        for neighbour in neighbours {
            assert_eq!(answered(&responses, neighbour), key(self.fiscal_year, neighbour), "{neighbour}, a neighbour");
        }
        self.hold_answers(&bench, &responses);
    }

    fn hold_answers(&self, bench: &Bench, responses: &[Row]) {
        let institution = institution(self.fiscal_year);
        let own: Vec<&Row> = responses.iter().filter(|row| row["institution"] == institution).collect();
        if !self.accepted {
            assert!(own.is_empty(), "a file set aside left {own:?}");
            let files = stored(bench, "submissions", self.fiscal_year);
            let file = files.iter().find(|row| row["file"] == FILE).expect("the file is named among the submissions");
            assert_eq!(file["status"], "rejected", "{file:?}");
            assert!(!file["reason"].is_empty(), "{file:?}");
            return;
        }
        assert!(!own.is_empty(), "nothing was read");
        if let Some(state) = self.all {
            // What depends on an answer that cannot be used is not shown to have been asked.
            let is_left = |row: &&&Row| row["state"] == state || row["state"] == "not_asked";
            let other: Vec<_> = own.iter().filter(|row| !is_left(row)).collect();
            assert!(other.is_empty(), "not {state}: {other:?}");
            return;
        }
        for [question, item, state, options] in &self.states {
            let rows = || own.iter().filter(|row| row["question"] == *question && row["item"] == *item);
            assert!(rows().count() > 0, "{question} {item} has no response");
            let states: Vec<&str> = rows().map(|row| row["state"].as_str()).collect();
            assert!(states.iter().all(|found| found == state), "{question} {item} is {states:?}, expected {state}");
            let chosen: Vec<&str> =
                rows().map(|row| row["option"].as_str()).filter(|option| !option.is_empty()).collect();
            // What is not answered has one line without an option, so that nobody counts it.
            assert_eq!(chosen.join(","), *options, "options of {question} {item}");
            assert!(*state == "answered" || rows().count() == 1, "{question} {item} has {} lines", rows().count());
        }
        let is_touched = |prompt: &(String, String)| {
            self.states.iter().any(|[question, item, ..]| prompt.0 == *question && prompt.1 == *item)
        };
        let (mut given, mut expected) = (answered(responses, institution), key(self.fiscal_year, institution));
        given.retain(|prompt, _| !is_touched(prompt));
        expected.retain(|prompt, _| !is_touched(prompt));
        assert_eq!(given, expected, "the answers that the case does not touch");
    }
}

/// Whose workbook is changed.
pub fn institution(fiscal_year: u16) -> &'static str {
    if fiscal_year == 2022 { "1004" } else { "1001" }
}

/// Whose workbooks lie beside it.
fn neighbours(fiscal_year: u16) -> [&'static str; 2] {
    if fiscal_year == 2022 { ["1006", "1501"] } else { ["1004", "1502"] }
}

/// A finding's code, and its place as Excel spells it.
fn code_and_place(finding: &serde_json::Value) -> (String, String) {
    let text = |name: &str| finding[name].as_str().unwrap_or("");
    let mut place = format!("[{}]{}", text("file"), text("sheet"));
    if !text("cell").is_empty() {
        place = format!("{place}!{}", text("cell"));
    }
    (text("code").to_owned(), place)
}
