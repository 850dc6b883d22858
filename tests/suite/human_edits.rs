//! What a person sees is what is read: returns of the sample with edits as people make them, the right
//! answer of each known by construction. Nothing may be read otherwise in silence, and an edit that
//! changes nothing raises no finding.
//!
//! Some hundred run here, always the same; `CSSA_HUMAN_EDITS=10000` runs more.

mod edits;
mod seen;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cssa::finding::{Code, Finding, Severity};
use cssa::form::Form;
use cssa::ingest::{Answer, Content, FileReader, Outcome, Passwords, Reading, Scratch};
use cssa::survey::{Kind, Prompt, Roster, Survey};
use tempfile::TempDir;

use crate::book::Book;
use crate::support::{Bench, contents, project, sample, year_file};

/// What must come of an edit at the answers that it touches.
#[derive(Debug, Clone, PartialEq)]
pub enum Becomes {
    /// The same answers, and no finding.
    Same,
    /// The same answers, and nothing graver than a remark.
    Noted,
    /// The same answers, and this finding.
    Found(Code),
    /// No other answer than the true one, and a finding that goes to the institution.
    Asked,
    /// This number, and a finding.
    Number(f64),
}

/// What somebody did to a return.
#[derive(Debug)]
pub struct Edited {
    pub what: String,
    pub touched: Vec<Prompt>,
    pub becomes: Becomes,
}

/// Numbers that look random and are always the same.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % u64::try_from(end).expect("a small number")).expect("a small number")
    }

    pub fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// The definition of a year, and where returns are read.
pub struct Desk {
    pub fiscal_year: u16,
    pub survey: Survey,
    forms: Vec<Form>,
    roster: Roster,
    folder: TempDir,
}

/// What was read of a return.
pub struct Came {
    pub reading: Option<Reading>,
    pub findings: Vec<Finding>,
}

impl Desk {
    pub fn new(fiscal_year: u16) -> Desk {
        Desk::of(fiscal_year, &year_file(fiscal_year))
    }

    /// The same with a line of the question bank in another's place.
    pub fn with_bank(fiscal_year: u16, from: &str, to: &str) -> Desk {
        let bench = Bench::new();
        for (name, content) in contents(&project().join("pipelines/cssa")) {
            bench.write(&format!("pipelines/cssa/{name}"), content);
        }
        let path = bench.path("pipelines/cssa/questions.toml");
        let bank = std::fs::read_to_string(&path).expect("the question bank");
        assert_eq!(bank.matches(from).count(), 1, "{from} stands once in the question bank");
        std::fs::write(&path, bank.replace(from, to)).expect("a file can be written");
        Desk::of(fiscal_year, &bench.path(&format!("pipelines/cssa/fy{fiscal_year}.toml")))
    }

    fn of(fiscal_year: u16, year_file: &Path) -> Desk {
        let survey = Survey::load(year_file).expect("the definition is sound");
        let forms = Form::load_all(&survey).expect("the forms are sound");
        let roster = Roster::load(&sample("roster.csv"), &survey).expect("the roster is sound");
        Desk { fiscal_year, survey, forms, roster, folder: TempDir::new().expect("a temporary folder") }
    }

    /// Reads a file that may be anything, as a workbook or an archive of them.
    pub fn read_whatever(&self, bytes: &[u8]) -> Vec<Outcome> {
        std::fs::write(self.folder.path().join("x.xlsx"), bytes).expect("a file can be written");
        let passwords = Passwords::default();
        let Desk { survey, forms, roster, .. } = self;
        let reader = FileReader { survey, forms, roster, passwords: &passwords, another_try: &|| {} };
        reader.read(self.folder.path(), "x.xlsx", &mut Scratch::default())
    }

    pub fn read_file(&self, bytes: &[u8]) -> Came {
        let mut outcomes = self.read_whatever(bytes);
        assert_eq!(outcomes.len(), 1, "one workbook is one outcome");
        let outcome = outcomes.remove(0);
        Came { reading: outcome.reading.ok(), findings: outcome.findings }
    }

    pub fn read(&self, book: &Book) -> Came {
        self.read_file(&book.bytes())
    }

    pub fn prompt(&self, question: &str, item: &str) -> Prompt {
        self.survey.prompt(question, item).unwrap_or_else(|| panic!("there is no {question} {item}"))
    }
}

impl Came {
    /// What was answered, by prompt, as words that can be compared.
    pub fn answers(&self) -> BTreeMap<Prompt, String> {
        let reading = self.reading.as_ref().unwrap_or_else(|| panic!("the return was set aside: {:?}", self.findings));
        reading.answers.iter().map(|answer| (answer.prompt, said(answer))).collect()
    }

    pub fn answer(&self, prompt: Prompt) -> String {
        self.answers().remove(&prompt).expect("the prompt was asked")
    }

    pub fn codes(&self) -> Vec<Code> {
        self.findings.iter().map(|finding| finding.code).collect()
    }
}

fn said(answer: &Answer) -> String {
    let content = match &answer.content {
        Content::Options(chosen) => {
            let options: BTreeSet<u16> = chosen.iter().map(|one| one.option + 1).collect();
            options.iter().map(u16::to_string).collect::<Vec<_>>().join("+")
        }
        Content::Number(number) => number.as_ref().map_or(String::new(), |(number, _)| number.to_string()),
        Content::Text(text) => text.as_ref().map_or(String::new(), |text| text.raw.trim().to_owned()),
    };
    let cannot = !answer.unreadable.is_empty() || !answer.contradicted.is_empty() || answer.place.is_none();
    if cannot { format!("{content}?") } else { content }
}

/// A return, and where everything stands in it.
pub struct Return<'d> {
    pub desk: &'d Desk,
    pub institution: &'static str,
    pub book: Book,
    pub truth: BTreeMap<Prompt, String>,
}

impl<'d> Return<'d> {
    pub fn of(desk: &'d Desk, institution: &'static str) -> Return<'d> {
        let book = Book::of(desk.fiscal_year, institution);
        let came = desk.read(&book);
        let findings = came.findings.iter().filter(|finding| finding.code != Code::ActiveContent);
        assert_eq!(findings.count(), 0, "the sample is clean: {:?}", came.findings);
        Return { desk, institution, book, truth: came.answers() }
    }

    /// Whether the options of a question have a mark each, and no number in a box.
    pub fn has_marks(&self, kind: Kind) -> bool {
        match self.desk.fiscal_year {
            2022 => kind == Kind::Multiple,
            _ => matches!(kind, Kind::Single | Kind::Multiple),
        }
    }

    /// Reads the edited return and holds it against what must come of it.
    pub fn hold(&self, edits: &[Edited]) {
        let came = self.desk.read(&self.book);
        let answers = came.answers();
        let described: Vec<&str> = edits.iter().map(|edit| edit.what.as_str()).collect();
        let context = || format!("{} {}: {described:?}\n{:#?}", self.desk.fiscal_year, self.institution, came.findings);
        let about = |prompt: &Prompt| {
            let (question, item) = self.desk.survey.prompt_ids(*prompt);
            let names = move |finding: &&Finding| {
                let subject = finding.subject.as_ref();
                subject.is_some_and(|subject| {
                    subject.prompts.iter().any(|(q, i)| q == question && (i == item || i.is_empty()))
                })
            };
            came.findings.iter().filter(names).collect::<Vec<&Finding>>()
        };
        let touched: BTreeSet<Prompt> = edits.iter().flat_map(|edit| edit.touched.iter().copied()).collect();
        for (prompt, truth) in self.truth.iter().filter(|(prompt, _)| !touched.contains(prompt)) {
            assert_eq!(&answers[prompt], truth, "{prompt:?} was not touched\n{}", context());
            let grave = about(prompt).into_iter().filter(|finding| finding.severity > Severity::Information);
            assert_eq!(grave.count(), 0, "a finding about {prompt:?}, which was not touched\n{}", context());
        }
        for edit in edits {
            for prompt in &edit.touched {
                let (truth, read, found) = (&self.truth[prompt], &answers[prompt], about(prompt));
                let gravest = found.iter().map(|finding| finding.severity).max();
                match &edit.becomes {
                    Becomes::Same | Becomes::Noted | Becomes::Found(_) => {
                        assert_eq!(read, truth, "{prompt:?} after {}\n{}", edit.what, context());
                    }
                    Becomes::Number(number) => {
                        assert_eq!(read, &number.to_string(), "{prompt:?} after {}\n{}", edit.what, context());
                    }
                    Becomes::Asked => {
                        let is_open = read.is_empty() || read.ends_with('?') || read == truth;
                        assert!(is_open, "{prompt:?} read as {read} after {}\n{}", edit.what, context());
                    }
                }
                match &edit.becomes {
                    Becomes::Same => assert_eq!(found.len(), 0, "findings after {}\n{}", edit.what, context()),
                    Becomes::Noted => {
                        assert!(gravest <= Some(Severity::Information), "{}\n{}", edit.what, context());
                    }
                    Becomes::Found(code) => {
                        assert!(found.iter().any(|one| one.code == *code), "{}\n{}", edit.what, context());
                    }
                    Becomes::Asked => {
                        let goes_back = found.iter().any(|finding| finding.asked().is_some());
                        // A blank answer is asked about when the answers are held against the questionnaire.
                        assert!(goes_back || read.is_empty(), "{} in silence\n{}", edit.what, context());
                    }
                    Becomes::Number(_) => assert!(!found.is_empty(), "{} in silence\n{}", edit.what, context()),
                }
            }
        }
        if edits.iter().all(|edit| edit.becomes == Becomes::Same) {
            let grave = came.findings.iter().filter(|finding| finding.severity > Severity::Information).count();
            assert_eq!(grave, 0, "{}", context());
        }
    }
}

/// The xlsx returns of the sample that are edited.
const RETURNS: [(u16, [&str; 4]); 2] =
    [(2022, ["1004", "1006", "1501", "2013"]), (2023, ["1001", "1004", "1502", "2005"])];
const SEED: u64 = 20_261_201;
const USUAL: usize = 300;

#[test]
fn what_people_do_to_a_return_is_read_as_it_is_seen() {
    let count = std::env::var("CSSA_HUMAN_EDITS").ok().and_then(|count| count.parse().ok()).unwrap_or(USUAL);
    let desks = RETURNS.map(|(year, institutions)| (Desk::new(year), institutions));
    let all: Vec<Return<'_>> = desks
        .iter()
        .flat_map(|(desk, institutions)| institutions.iter().map(|&institution| Return::of(desk, institution)))
        .collect();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for run in 0..count {
        let mut dice = Dice::new(SEED + u64::try_from(run).expect("few runs"));
        let original = dice.of(&all);
        let mut edited = Return {
            desk: original.desk,
            institution: original.institution,
            book: original.book.clone(),
            truth: original.truth.clone(),
        };
        let mut done: Vec<Edited> = Vec::new();
        for _ in 0..1 + dice.below(3) {
            let taken: BTreeSet<Prompt> = done.iter().flat_map(|edit| edit.touched.iter().copied()).collect();
            if let Some((kind, edit)) = edits::any(&mut dice, &mut edited, &taken) {
                *kinds.entry(kind).or_default() += 1;
                done.push(edit);
            }
        }
        // What moves rows or columns comes last, so that the others know their places.
        done.extend(edits::whole(&mut dice, &mut edited));
        edited.hold(&done);
    }
    assert!(kinds.len() >= edits::KINDS.min(count / 10), "kinds of edits that were tried: {kinds:?}");
}
