//! Two years of the project's own definition, with answers that a test puts into the store by hand: 40 shinkin banks
//! and 30 regional banks say how far their SOC goes, and nothing else.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cssa::store::{Store, tables};
use serde_json::Value;

use crate::support::two_years::{self, Member};
use crate::support::{Bench, Ran, contents, project, table};

/// The measures of `soc_scope`, all of which everybody takes who is asked.
const MEASURES: [&str; 5] = ["malware", "outbound", "inbound", "internal", "privileged"];

/// A folder with the definition, the store and the outputs.
pub struct Season {
    pub bench: Bench,
}

/// An institution that answers how far its SOC goes.
pub fn institution(code: &str, part: &'static str, soc: &'static str) -> Member {
    let scope = if soc == "none" { vec!["not_asked"] } else { MEASURES.to_vec() };
    let answers = BTreeMap::from([(("soc", ""), vec![soc]), (("soc_scope", ""), scope)]);
    Member { code: code.to_owned(), name: format!("模擬{code}"), sector: "regional", subsector: part, answers }
}

/// So many institutions from a code on, by their answers.
fn group(first: usize, part: &'static str, counts: [(&'static str, usize); 4]) -> Vec<Member> {
    let answers = counts.into_iter().flat_map(|(soc, count)| std::iter::repeat_n(soc, count));
    answers.enumerate().map(|(at, soc)| institution(&format!("{:04}", first + at), part, soc)).collect()
}

/// The answers of a year before anything is late or corrected.
pub fn collection() -> Vec<Member> {
    let banks = group(1001, "regional_bank", [("always", 12), ("partial", 8), ("planned", 5), ("none", 5)]);
    let shinkin = group(2001, "shinkin", [("always", 14), ("partial", 12), ("planned", 8), ("none", 6)]);
    [banks, shinkin].concat()
}

/// The same answers, but those of some institutions.
pub fn with(mut members: Vec<Member>, others: &[(&str, &'static str, &'static str)]) -> Vec<Member> {
    for (code, part, soc) in others {
        members.retain(|one| one.code != *code);
        members.push(institution(code, part, soc));
    }
    members
}

impl Season {
    /// The definition, and no answers.
    pub fn empty() -> Season {
        let bench = Bench::new();
        for (name, content) in contents(&project().join("pipelines/cssa")) {
            let text = String::from_utf8(content).expect("a definition is text");
            // The figures are no matter here, and take long to draw.
            let text = text.split("\n[[figure]]").next().expect("a text").to_owned();
            bench.write(&format!("pipelines/cssa/{name}"), text);
        }
        Season { bench }
    }

    /// Both years as they came in.
    pub fn new() -> Season {
        let season = Season::empty();
        season.answers(2022, &collection());
        season.answers(2023, &collection());
        season
    }

    /// Both years, both released to both circles.
    pub fn released() -> Season {
        let season = Season::new();
        for (fiscal_year, time) in [(2022, "2023-04-01"), (2023, "2024-04-01")] {
            for circle in ["public", "feedback"] {
                season.succeeds(fiscal_year, &["--release", time, "--circle", circle]);
            }
        }
        season
    }

    /// Puts the answers of a year into the store, in the place of those that counted.
    pub fn answers(&self, fiscal_year: u16, members: &[Member]) {
        let store = Store::open(&self.store()).expect("a store");
        let mut staging = store.stage(fiscal_year).expect("a staging folder");
        two_years::write(&mut staging, members);
        for table in [&tables::SUBMISSIONS, &tables::QUERIES] {
            staging.table(table).expect("a table").finish().expect("a file");
        }
        staging.commit().expect("a commit");
    }

    pub fn store(&self) -> PathBuf {
        self.bench.path("data/store")
    }

    pub fn year_file(fiscal_year: u16) -> String {
        format!("pipelines/cssa/fy{fiscal_year}.toml")
    }

    pub fn disclose(&self, fiscal_year: u16, more: &[&str]) -> Ran {
        let year_file = Season::year_file(fiscal_year);
        self.bench.cssa(["disclose", &year_file].into_iter().chain(more.iter().copied()))
    }

    /// Runs `disclose` and expects that all is well.
    pub fn succeeds(&self, fiscal_year: u16, more: &[&str]) -> Ran {
        let ran = self.disclose(fiscal_year, more);
        assert_eq!(ran.status, 0, "{more:?}\n{}\n{}", ran.out, ran.err);
        ran
    }

    /// Runs `disclose` and expects that it is refused with these words.
    pub fn refuses(&self, fiscal_year: u16, more: &[&str], words: &str) {
        let ran = self.disclose(fiscal_year, more);
        assert_eq!(ran.status, 2, "{more:?}\n{}\n{}", ran.out, ran.err);
        assert!(ran.err.contains(words), "{more:?} says\n{}", ran.err);
    }

    /// The files of a circle's readers, by name.
    pub fn readers(&self, fiscal_year: u16, circle: &str) -> Vec<(String, Vec<u8>)> {
        let folder = if circle == "public" { "public" } else { "internal/disclosure/feedback" };
        contents(&self.bench.path(&format!("reports/fy{fiscal_year}/{folder}")))
    }

    /// A text among the outputs.
    pub fn text(&self, fiscal_year: u16, name: &str) -> String {
        let path = self.bench.path(&format!("reports/fy{fiscal_year}/{name}"));
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Count and base that a table of readers prints of the regional banks' SOC.
    pub fn soc(&self, fiscal_year: u16, file: &str, option: &str) -> (String, String) {
        let rows = table::read(&self.bench.path(&format!("reports/fy{fiscal_year}/{file}")));
        let is_it = |row: &&table::Row| {
            (row["subsector"].as_str(), row["question"].as_str(), row["option"].as_str())
                == ("regional_bank", "soc", option)
        };
        let row = rows.iter().find(is_it).expect("the regional banks have a SOC");
        (row["count"].clone(), row["base"].clone())
    }

    /// The editions of a year, as `--releases` lists them.
    pub fn editions(&self, fiscal_year: u16) -> Vec<Value> {
        let ran = self.succeeds(fiscal_year, &["--releases", "--format", "json"]);
        ran.out.lines().map(|line| serde_json::from_str(line).expect("an edition is JSON")).collect()
    }

    /// The findings of disclosure control in its last run: code and message.
    pub fn found(&self, fiscal_year: u16) -> Vec<(String, String)> {
        let text = self.text(fiscal_year, "internal/disclosure/findings.jsonl");
        let finding = |line: &str| -> Value { serde_json::from_str(line).expect("a finding is JSON") };
        let word = |finding: &Value, key: &str| finding[key].as_str().expect("a text").to_owned();
        text.lines().map(finding).map(|one| (word(&one, "code"), word(&one, "message"))).collect()
    }

    /// The codes of these.
    pub fn codes(&self, fiscal_year: u16) -> Vec<String> {
        self.found(fiscal_year).into_iter().map(|(code, _)| code).collect()
    }

    /// Changes a file of the definition.
    pub fn redefine(&self, name: &str, from: &str, to: &str) {
        let path = self.bench.path(&format!("pipelines/cssa/{name}"));
        let text = std::fs::read_to_string(&path).expect("a definition");
        assert!(text.contains(from), "{from} stands in {name}");
        std::fs::write(path, text.replace(from, to)).expect("a file can be written");
    }

    /// Every file of the store but what is kept to save time.
    pub fn stored(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = contents(&self.store());
        files.retain(|(name, _)| !name.starts_with('.'));
        files
    }
}
