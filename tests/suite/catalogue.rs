//! The catalogue of what comes back: cases, each made as a real workbook, each with the findings
//! it must give, the state it leaves its answers in, and neighbours that it must not touch.

mod answers;
mod archives;
mod boxes;
mod containers;
mod contents;
mod copies;
mod cover;
mod files;
pub mod hostile;
mod printed;
mod protected;
mod repeats;

use std::io::Write as _;
use std::path::Path;

use cssa::finding::{Code, Severity};

use crate::book::{Book, Parts, returned};
use crate::responses::{answered, key, stored};
use crate::support::table::Row;
use crate::support::{Bench, Ran, contents, project};

/// The name of the file that a case puts into the folder.
pub const FILE: &str = "x.xlsx";

/// One thing that happens, and what must come of it.
pub struct Case {
    fiscal_year: u16,
    /// What is said on the command line beside the usual.
    flags: Vec<&'static str>,
    put: Box<dyn Fn(&Path)>,
    /// The file that the case is about, as the store names it.
    file: &'static str,
    /// The file of passwords, as its content.
    passwords: Option<&'static str>,
    accepted: bool,
    findings: Vec<(&'static str, String)>,
    /// What one of the findings must say.
    said: Vec<&'static str>,
    /// Question, item, state, options; every other answer is that of the key.
    states: Vec<[&'static str; 4]>,
    /// The intake log: lines of file and time.
    received: Option<&'static str>,
    /// Whether what was found is settled by something else: nobody has to act.
    settled: bool,
    /// The workbook holds the answers of somebody else, so that the key does not tell them.
    of_another: bool,
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
    let files = [
        files::cases(),
        protected::cases(),
        archives::cases(),
        hostile::cases(),
        containers::cases(),
        contents::cases(),
    ];
    let whose = [cover::cases(), repeats::cases()];
    let answers = [printed::cases(), copies::cases(), answers::cases(), boxes::cases()];
    files.into_iter().chain(whose).chain(answers).flatten().collect()
}

impl Case {
    fn new(fiscal_year: u16, put: impl Fn(&Path) + 'static) -> Case {
        Case {
            fiscal_year,
            flags: Vec::new(),
            put: Box::new(put),
            file: FILE,
            passwords: None,
            received: None,
            accepted: true,
            findings: Vec::new(),
            said: Vec::new(),
            states: Vec::new(),
            of_another: false,
            settled: false,
        }
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

    /// The file that the case is about, where it is not [`FILE`].
    pub fn about(mut self, file: &'static str) -> Case {
        self.file = file;
        self
    }

    /// Passwords are given, in a file of this content.
    pub fn passwords(mut self, content: &'static str) -> Case {
        self.passwords = Some(content);
        self
    }

    /// One of the findings must say this.
    pub fn says(mut self, text: &'static str) -> Case {
        self.said.push(text);
        self
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

    /// The workbook is another institution's: only its findings are looked at.
    pub fn of_another(mut self) -> Case {
        self.of_another = true;
        self
    }

    /// What was found is settled: the exit code is 0.
    pub fn settled(mut self) -> Case {
        self.settled = true;
        self
    }

    /// The file must be set aside: nothing of it counts.
    pub fn rejected(mut self) -> Case {
        self.accepted = false;
        self
    }

    /// An intake log of these lines beside the folder; the neighbours are always in it.
    pub fn received(mut self, lines: &'static str) -> Case {
        self.received = Some(lines);
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
        let log = self.received.map(|lines| bench.write("received.csv", log(&folder, lines)).display().to_string());
        let mut more: Vec<&str> = self.flags.clone();
        more.extend(log.iter().flat_map(|log| ["--received", log]));
        let passwords = bench.path("passwords.csv").to_string_lossy().into_owned();
        if let Some(content) = self.passwords {
            bench.write("passwords.csv", content);
            more.extend(["--passwords", &passwords]);
        }
        let ran = bench.run("ingest", self.fiscal_year, &folder, &more);
        assert!(ran.status <= 1, "no file can stop the run: {}", ran.err);
        if self.passwords.is_some() {
            assert_secret(&bench, &ran);
        }

        let findings = bench.findings(self.fiscal_year);
        for finding in &findings {
            assert!(is_about_answers(finding), "{finding} does not say which answers it is about");
        }
        let mut found: Vec<(String, String)> = findings.iter().map(code_and_place).collect();
        let mut expected: Vec<(String, String)> =
            self.findings.iter().map(|(code, place)| ((*code).to_owned(), place.clone())).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{}\n{}", ran.out, ran.err);
        for text in &self.said {
            let says =
                |finding: &serde_json::Value| finding["message"].as_str().is_some_and(|said| said.contains(text));
            assert!(findings.iter().any(says), "no finding says {text}: {findings:?}");
        }
        let severe = |code: &str| Code::find(code).expect("a code").rule().severity > Severity::Information;
        assert_eq!(ran.status, i32::from(!self.settled && self.codes().any(severe)), "{}\n{}", ran.out, ran.err);

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
            let file =
                files.iter().find(|row| row["file"] == self.file).expect("the file is named among the submissions");
            assert_eq!(file["status"], "rejected", "{file:?}");
            assert!(!file["reason"].is_empty(), "{file:?}");
            return;
        }
        assert!(!own.is_empty(), "nothing was read");
        if self.of_another {
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

/// An intake log of these lines and of the neighbours in the folder.
fn log(folder: &Path, lines: &str) -> String {
    let entries = std::fs::read_dir(folder).expect("the folder is readable");
    let names = entries.map(|entry| entry.expect("the folder is readable").file_name().to_string_lossy().into_owned());
    let neighbours: Vec<String> = names.filter(|name| name.starts_with("CSSA")).collect();
    let logged: String = neighbours.iter().map(|name| format!("{name},2023-08-01\r\n")).collect();
    format!("\u{feff}file,time\r\n{logged}{lines}")
}

/// What every password of the tests contains, and no output may.
pub const SECRET: &str = "himitsu";

/// No password stands in anything that a run shows or writes.
pub fn assert_secret(bench: &Bench, ran: &Ran) {
    assert!(!ran.out.contains(SECRET) && !ran.err.contains(SECRET), "{}\n{}", ran.out, ran.err);
    for folder in ["reports", "data"].map(|folder| bench.path(folder)).iter().filter(|folder| folder.is_dir()) {
        for (name, content) in contents(folder) {
            let is_in = content.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
            assert!(!is_in, "{name} holds a password");
        }
    }
}

/// A file that another program made, committed beside the tests.
pub fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(project().join("tests/data").join(name)).expect("a file committed beside the tests")
}

/// Whose workbook is changed.
pub fn institution(fiscal_year: u16) -> &'static str {
    if fiscal_year == 2022 { "1004" } else { "1001" }
}

/// Whose workbooks lie beside it.
fn neighbours(fiscal_year: u16) -> [&'static str; 2] {
    if fiscal_year == 2022 { ["1006", "1501"] } else { ["1004", "1502"] }
}

/// Whether a finding says which question it is about, if it is about one: those about the answer
/// column of a sheet, or about a sheet that cannot be read to its end, are about all of its questions.
fn is_about_answers(finding: &serde_json::Value) -> bool {
    let code = finding["code"].as_str().unwrap_or("");
    let of_sheet = matches!(code, "L04" | "L06" | "A05") && finding["cell"].is_null();
    !code.starts_with(['L', 'A']) || of_sheet || finding["question"].is_string()
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
