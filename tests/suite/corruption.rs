//! Two thousand damaged workbooks: none stops the run, and none is misread without a word.
//!
//! Every damage is drawn from a fixed seed. What turns one valid answer into another valid answer
//! cannot be noticed by anyone, so such damages are not made: the cells that hold answers are not
//! deleted, moved or rewritten alone, and workbooks of Excel 97 to 2003, whose bytes no checksum
//! protects, are damaged only where their structure stands.

pub(crate) mod damage;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cssa::finding::{Code, Finding};
use cssa::form::Form;
use cssa::ingest::{Content, FileReader, Passwords, Reading, Scratch};
use cssa::survey::{Roster, Survey};
use cssa::validate::{self, State};
use rayon::prelude::*;
use rust_xlsxwriter::Format;

use crate::binary_workbook::binary;
use crate::book::{Book, Parts, shape};
use crate::responses::{Given, key};
use crate::support::{Bench, sample, year_file};
use damage::{Random, Source};

const COUNT: u64 = 2_000;

/// A year with its sound workbooks.
struct Year {
    fiscal_year: u16,
    survey: Survey,
    forms: Vec<Form>,
    roster: Roster,
    sources: Vec<Sound>,
}

/// A sound workbook, the answers that are in it, and what is noticed about it.
struct Sound {
    source: Source,
    given: Given,
    noticed: Vec<(Code, String)>,
}

impl Year {
    fn load(fiscal_year: u16) -> Year {
        let survey = Survey::load(&year_file(fiscal_year)).expect("the definition is sound");
        let forms = Form::load_all(&survey).expect("the forms are sound");
        let roster = Roster::load(&sample("roster.csv"), &survey).expect("the roster is sound");
        let mut year = Year { fiscal_year, survey, forms, roster, sources: Vec::new() };
        let folder = sample(&format!("fy{fiscal_year}"));
        let mut files: Vec<_> = std::fs::read_dir(&folder).expect("the sample").flatten().collect();
        files.sort_by_key(|file| file.file_name());
        for file in files {
            let name = file.file_name().to_string_lossy().into_owned();
            let institution = name.split('_').nth(1).expect("the sample's files carry their code");
            let (reading, given, findings) = year.read(&folder, &name);
            let expected = key(fiscal_year, institution);
            assert!(findings.is_empty() && given == Some(expected.clone()), "{name} is sound: {findings:?}");
            let reading = reading.expect("a sound workbook is read");
            let bytes = std::fs::read(file.path()).expect("a workbook of the sample");
            let source = Source::of(name, bytes, answer_cells(&reading));
            year.sources.push(Sound { source, given: expected, noticed: Vec::new() });
        }
        if fiscal_year == 2023 {
            others().into_iter().for_each(|(name, bytes)| year.add(name, bytes));
        }
        year
    }

    /// Adds a workbook of institution 1001 that was written otherwise and says the same.
    fn add(&mut self, name: &str, bytes: Vec<u8>) {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        std::fs::write(folder.path().join(name), &bytes).expect("a file can be written");
        let (reading, given, findings) = self.read(folder.path(), name);
        let expected = key(self.fiscal_year, "1001");
        assert_eq!(given, Some(expected.clone()), "{name} says the same: {findings:?}");
        let noticed = findings.into_iter().map(|finding| (finding.code, finding.message)).collect();
        let source = Source::of(name.to_owned(), bytes, answer_cells(&reading.expect("it was read")));
        self.sources.push(Sound { source, given: expected, noticed });
    }

    /// What a file's answers are, `None` where it is set aside, and what was noticed about it.
    fn read(&self, folder: &Path, file: &str) -> (Option<Reading>, Option<Given>, Vec<Finding>) {
        let (survey, forms, roster) = (&self.survey, &self.forms, &self.roster);
        let reader = FileReader { survey, forms, roster, passwords: &Passwords::default(), another_try: &|| {} };
        let mut outcomes = reader.read(folder, file, &mut Scratch::default());
        let outcome = outcomes.remove(0);
        let mut findings = outcome.findings;
        findings.extend(outcomes.into_iter().flat_map(|other| other.findings));
        let Ok(reading) = outcome.reading else { return (None, None, findings) };
        let (responses, noticed) = validate::validate(&self.survey, file, &reading);
        findings.extend(noticed);
        let mut given = Given::new();
        for response in responses.iter().filter(|response| response.state == State::Answered) {
            let (question, item) = self.survey.prompt_ids(response.prompt);
            let options = &self.survey.question(response.prompt.question).options;
            let option = response.option.map(|option| options[usize::from(option)].id.clone());
            let number = response.value.map(|number| number.to_string());
            if let Some(what) = option.or(number).or_else(|| response.text.clone()) {
                given.entry((question.to_owned(), item.to_owned())).or_default().insert(what);
            }
        }
        (Some(reading), Some(given), findings)
    }
}

/// The return of 1001 as a binary workbook, with a circle drawn for a mark, with a mark that is struck out,
/// and in a container with the other stroke between folders.
fn others() -> [(&'static str, Vec<u8>); 4] {
    let section = "１．経営層の関与";
    let original = Book::of(2023, "1001");
    let parts = Parts::in_bytes(&original.bytes());
    let mut drawn = original.clone();
    drawn.sheet(section).clear("D17");
    let mut drawn = Parts::in_bytes(&drawn.bytes());
    drawn.draw("sheet2", &shape([3, 90_000, 16, 10_000], [3, 400_000, 16, 180_000], "ellipse", ""));
    let mut struck = original.clone();
    struck.sheet(section).put("D25", "○").dress_cell("D25", Format::new().set_font_strikethrough());
    let mut strokes = parts.clone();
    for name in parts.names().filter(|name| name.contains('/')) {
        let content = parts.content(name).to_vec();
        strokes.take(name);
        strokes.add(&name.replace('/', "\\"), content);
    }
    [
        ("CSSA2023_1001_binary.xlsb", binary(&parts)),
        ("CSSA2023_1001_drawn.xlsx", drawn.bytes()),
        ("CSSA2023_1001_struck.xlsx", struck.bytes()),
        ("CSSA2023_1001_strokes.xlsx", strokes.bytes()),
    ]
}

/// The cells of a workbook that hold answers, on whatever sheet, as Excel names them.
fn answer_cells(reading: &Reading) -> BTreeSet<String> {
    let mut cells = BTreeSet::new();
    for answer in &reading.answers {
        match &answer.content {
            Content::Options(options) => cells.extend(options.iter().map(|one| one.written.place.cell.to_string())),
            Content::Number(number) => cells.extend(number.iter().map(|(_, written)| written.place.cell.to_string())),
            Content::Text(text) => cells.extend(text.iter().map(|written| written.place.cell.to_string())),
        }
        cells.extend(answer.place.map(|place| place.cell.to_string()));
    }
    cells
}

#[test]
fn of_two_thousand_damaged_workbooks_none_is_misread_without_a_word() {
    let years = [Year::load(2022), Year::load(2023)];
    let bench = Bench::new();
    let folder = bench.path("damaged");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    // What became of each: by kind of damage, how many were set aside, read with findings, and
    // read as if nothing had been; and what must not be.
    let read: Vec<(&str, usize, Option<String>)> = (0..COUNT)
        .into_par_iter()
        .map(|seed| {
            let mut random = Random::of(seed);
            let year = random.pick(&years);
            let Sound { source, given: expected, noticed } = random.pick(&year.sources);
            let (kind, bytes) = source.damaged(&mut random);
            let file = format!("{seed:04}_{}", source.name);
            std::fs::write(folder.join(&file), bytes).expect("a file can be written");
            let (_, given, findings) = year.read(&folder, &file);
            let what = match (&given, findings.is_empty()) {
                (None, _) => 0,
                (Some(_), false) => 1,
                (Some(_), true) => 2,
            };
            // What was noticed about the sound one says nothing of the damage.
            let is_new = |finding: &&Finding| {
                !noticed.iter().any(|(code, message)| *code == finding.code && *message == finding.message)
            };
            let silent = !findings.iter().any(|finding| is_new(&finding)) && given.as_ref() != Some(expected);
            let told = || {
                let given = given.unwrap_or_default();
                let prompts: BTreeSet<_> = given.keys().chain(expected.keys()).collect();
                let differing = prompts.into_iter().filter(|prompt| given.get(prompt) != expected.get(prompt));
                let each: Vec<String> =
                    differing.map(|p| format!("{p:?}: {:?}, not {:?}", given.get(p), expected.get(p))).collect();
                format!("{kind}, FY{}, {file}: {}", year.fiscal_year, each.join("; "))
            };
            let told = silent.then(told);
            if told.is_none() {
                std::fs::remove_file(folder.join(&file)).expect("a file can be removed");
            }
            (kind, what, told)
        })
        .collect();
    let mut kinds: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for (kind, what, _) in &read {
        kinds.entry(kind).or_default()[*what] += 1;
    }
    let silent: Vec<&String> = read.iter().filter_map(|(.., told)| told.as_ref()).collect();
    assert!(silent.is_empty(), "{} misread without a word:\n{silent:#?}\n{kinds:#?}", silent.len());
    // The damages are damages: every kind was made, and most of them were noticed.
    assert!(kinds.len() >= damage::KINDS, "{kinds:#?}");
    let unnoticed: usize = kinds.values().map(|[.., unnoticed]| unnoticed).sum();
    assert!(unnoticed < read.len() / 2, "{unnoticed} changed nothing: {kinds:#?}");
}
