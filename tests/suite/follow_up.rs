//! A whole cycle: returns with defects, the follow-up they give rise to, replies and corrected
//! returns that come back, queries that close, figures that follow, and a history that stays.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cssa::follow_up::Points;
use cssa::survey::{Question, Survey};
use proptest::prelude::*;

use crate::book::{Book, Entry, Sheet};
use crate::responses::{answered, key, stored};
use crate::support::{Bench, contents, table, year_file};

/// A defect put into an answer of a return.
#[derive(Debug, Clone, Copy)]
enum Defect {
    /// Nothing is answered.
    Blank,
    /// Every option has a mark.
    All,
    /// A word stands where a mark belongs, or a number.
    Word,
}

/// The defects of the first round: 15 institutions, two each, with the code of the finding.
const DEFECTS: [(&str, &str, Defect, &str); 30] = [
    ("1001", "ciso", Defect::Blank, "E03"),
    ("1001", "staff_count", Defect::Word, "A03"),
    ("1002", "ciso", Defect::All, "E01"),
    ("1002", "reporting", Defect::All, "E02"),
    ("1004", "plan", Defect::Word, "A02"),
    ("1004", "staff_count", Defect::Blank, "E03"),
    ("1006", "policy", Defect::Blank, "E03"),
    ("1006", "risk_assessment", Defect::All, "E02"),
    ("1016", "risk_decision", Defect::Word, "A02"),
    ("1016", "plan", Defect::All, "E01"),
    ("1501", "policy", Defect::All, "E01"),
    ("1501", "training", Defect::Blank, "E03"),
    ("1502", "reporting", Defect::Blank, "E03"),
    ("1502", "patch_waiver", Defect::Word, "A02"),
    ("1508", "ciso", Defect::Word, "A02"),
    ("1508", "training", Defect::All, "E02"),
    ("1519", "risk_decision", Defect::Blank, "E03"),
    ("1519", "plan", Defect::Blank, "E03"),
    ("2001", "soc", Defect::Blank, "E03"),
    ("2001", "pentest", Defect::All, "E01"),
    ("2002", "oa_terminal", Defect::All, "E02"),
    ("2002", "pentest", Defect::Word, "A02"),
    ("2004", "containment", Defect::Blank, "E03"),
    ("2004", "pentest", Defect::Blank, "E03"),
    ("2005", "contingency_plan", Defect::All, "E02"),
    ("2005", "containment", Defect::All, "E02"),
    ("4001", "policy", Defect::Word, "A02"),
    ("4001", "ciso", Defect::Blank, "E03"),
    ("5001", "plan", Defect::Blank, "E03"),
    ("5001", "risk_decision", Defect::All, "E01"),
];

/// These correct every answer in the follow-up workbook, to what the key says.
const CORRECTING: [&str; 11] = ["1001", "1002", "1004", "1006", "1016", "1501", "1502", "1508", "2002", "4001", "5001"];
/// These send a corrected return.
const RESUBMITTING: [&str; 2] = ["2004", "2005"];
/// This one says of both answers that they stand, with a reason.
const CONFIRMING: &str = "1519";
/// This one does not reply.
const SILENT: &str = "2001";

struct Cycle {
    bench: Bench,
    folder: PathBuf,
    survey: Survey,
}

impl Cycle {
    fn new() -> Cycle {
        let bench = Bench::new();
        let folder = bench.copy_sample(2023, "returned", |_| true);
        Cycle { bench, folder, survey: Survey::load(&year_file(2023)).expect("the definition is sound") }
    }

    fn question(&self, id: &str) -> &Question {
        self.survey.questions.iter().find(|question| question.id == id).expect("a question")
    }

    /// The file of an institution in the folder of returns.
    fn file(&self, institution: &str) -> PathBuf {
        let entries = std::fs::read_dir(&self.folder).expect("the folder is readable").flatten();
        let mut paths = entries.map(|entry| entry.path());
        let is_its = |path: &PathBuf| path.to_string_lossy().contains(&format!("CSSA2023_{institution}_"));
        paths.find(is_its).expect("a return")
    }

    fn spoil(&self, institution: &str, question: &str, defect: Defect) {
        let path = self.file(institution);
        let mut book = Book::open(&path);
        spoil(&mut book, self.question(question), defect);
        book.write(&path);
    }

    fn run(&self) -> i32 {
        let ran = self.bench.run("run", 2023, &self.folder, &[]);
        assert!(ran.status <= 1, "{}\n{}", ran.out, ran.err);
        ran.status
    }

    /// The queries about the answers that this test spoils; those of edits on the sample as it is are left out.
    fn queries(&self) -> Vec<table::Row> {
        let mut queries = stored(&self.bench, "queries", 2023);
        queries.retain(|query| query["edit"].is_empty());
        queries
    }

    /// Fills in the follow-up workbook of an institution and puts it among the returns.
    fn reply(&self, institution: &str, fill: impl Fn(&str, &str) -> (&'static str, Option<Entry>, &'static str)) {
        let name = format!("照会票_2023_{institution}.xlsx");
        let sent = self.bench.path(&format!("reports/fy2023/internal/follow_up/{name}"));
        let mut book = Book::open(&sent);
        let sheet = book.sheet("照会票");
        fill_in(sheet, fill);
        let folder = self.folder.join("返信");
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        book.write(&folder.join(name));
    }

    /// The answer of the key to a question, as it is typed into a reply.
    fn truth(&self, institution: &str, question: &str) -> Entry {
        let given = key(2023, institution);
        let answer = &given[&(question.to_owned(), String::new())];
        let asked = self.question(question);
        let numbers: Vec<String> = answer
            .iter()
            .map(|id| asked.option(id).map_or_else(|| id.clone(), |option| (option + 1).to_string()))
            .collect();
        match numbers.as_slice() {
            [number] if asked.options.is_empty() => Entry::Number(number.parse().expect("a number")),
            numbers => Entry::Text(numbers.join("、")),
        }
    }
}

/// The rows of a question in a return of FY2023: from its title to the next one.
fn block(sheet: &Sheet, question: &Question) -> Option<(u32, u32)> {
    let is_heading = |cells: &BTreeMap<u16, &Entry>| {
        cells.values().any(|entry| matches!(entry, Entry::Text(text) if text.starts_with('問') && text.len() < 10))
    };
    let rows = sheet.rows();
    let is_its = |cells: &BTreeMap<u16, &Entry>| {
        is_heading(cells) && cells.values().any(|entry| **entry == Entry::Text(question.title.clone()))
    };
    let first = *rows.iter().find(|(_, cells)| is_its(cells))?.0;
    let next = rows.range(first + 1..).find(|(_, cells)| is_heading(cells)).map(|(row, _)| *row);
    Some((first, next.unwrap_or(first + 40)))
}

fn spoil(book: &mut Book, question: &Question, defect: Defect) {
    let (sheet, (first, end)) = book
        .sheets
        .iter_mut()
        .find_map(|sheet| block(sheet, question).map(|rows| (sheet, rows)))
        .unwrap_or_else(|| panic!("{} is printed", question.id));
    let labels: BTreeSet<&str> = question.options.iter().map(|option| option.label.as_str()).chain(["回答"]).collect();
    let boxes: Vec<(u32, u16)> = sheet
        .rows()
        .range(first..end)
        .flat_map(|(&row, cells)| {
            let label =
                cells.iter().find(|(_, entry)| matches!(entry, Entry::Text(text) if labels.contains(text.as_str())));
            label.map(|(&column, _)| (row, column + 1))
        })
        .collect();
    assert_eq!(boxes.len(), question.options.len().max(1), "boxes of {}", question.id);
    for (position, &(row, column)) in boxes.iter().enumerate() {
        let entry = match defect {
            Defect::Blank => None,
            Defect::All => Some(Entry::Text("○".to_owned())),
            Defect::Word => (position == 0).then(|| Entry::Text("検討中".to_owned())),
        };
        sheet.set(row, column, entry);
    }
}

/// Fills in the lines of a follow-up workbook: `fill` is given the number of the query and the
/// question, and says decision, correction and reason.
pub fn fill_in(sheet: &mut Sheet, fill: impl Fn(&str, &str) -> (&'static str, Option<Entry>, &'static str)) {
    let mut headings: BTreeMap<String, u16> = BTreeMap::new();
    let mut header = None;
    for (row, cells) in sheet.rows() {
        if cells.values().any(|entry| **entry == Entry::Text("照会番号".to_owned())) {
            header = Some(row);
            for (column, entry) in cells {
                if let Entry::Text(text) = entry {
                    headings.insert(text.clone(), column);
                }
            }
        }
    }
    let header = header.expect("the table has headings");
    let text = |cells: &BTreeMap<u16, &Entry>, heading: &str| match cells.get(&headings[heading]) {
        Some(Entry::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let lines: Vec<(u32, String, String)> = sheet
        .rows()
        .range(header + 1..)
        .filter(|(_, cells)| !text(cells, "設問ID").is_empty() || text(cells, "照会番号").starts_with("Q-"))
        .map(|(&row, cells)| (row, text(cells, "照会番号"), text(cells, "設問ID")))
        .collect();
    assert!(!lines.is_empty(), "the follow-up workbook asks something");
    for (row, query, question) in lines {
        let (decision, corrected, reason) = fill(&query, &question);
        let text = |words: &str| (!words.is_empty()).then(|| Entry::Text(words.to_owned()));
        sheet.set(row, headings["回答区分"], text(decision));
        sheet.set(row, headings["訂正後のご回答"], corrected);
        sheet.set(row, headings["理由・補足"], text(reason));
    }
}

/// How often each status occurs among queries.
fn statuses(queries: &[table::Row]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for query in queries {
        *counts.entry(query["status"].clone()).or_default() += 1;
    }
    counts
}

fn distributions(path: &Path) -> BTreeMap<[String; 5], [String; 3]> {
    let row = |row: table::Row| {
        let key = ["sector", "subsector", "question", "item", "option"].map(|name| row[name].clone());
        (key, ["count", "base", "percent"].map(|name| row[name].clone()))
    };
    table::read(path).into_iter().map(row).collect()
}

#[test]
fn a_whole_cycle() {
    let cycle = Cycle::new();
    cycle.run();
    let before = distributions(&cycle.bench.path("reports/fy2023/internal/distributions.csv"));
    assert_eq!(cycle.queries(), Vec::<table::Row>::new(), "the sample is sound");

    // Thirty defects come back, and every one is a query of its own.
    for (institution, question, defect, _) in DEFECTS {
        cycle.spoil(institution, question, defect);
    }
    assert_eq!(cycle.run(), 1);
    let queries = cycle.queries();
    let expected: BTreeSet<[&str; 3]> =
        DEFECTS.iter().map(|(institution, question, _, code)| [*institution, *question, *code]).collect();
    let leading = |query: &table::Row, name: &str| query[name].split(' ').next().unwrap_or("").to_owned();
    let raised: BTreeSet<[String; 3]> = queries
        .iter()
        .filter(|query| !["E04", "E05"].contains(&query["code"].as_str()))
        .map(|query| [query["institution"].clone(), leading(query, "question"), query["code"].clone()])
        .collect();
    let raised: BTreeSet<[&str; 3]> =
        raised.iter().map(|[institution, question, code]| [institution.as_str(), question, code]).collect();
    assert_eq!(raised, expected);
    assert_eq!(statuses(&queries).keys().collect::<Vec<_>>(), ["open"]);
    let spoiled = distributions(&cycle.bench.path("reports/fy2023/internal/distributions.csv"));
    assert_ne!(spoiled, before, "answers that cannot be used leave the figures");

    // Most correct their answers, some send another return, one says that it stands, one is silent.
    for institution in CORRECTING {
        cycle.reply(institution, |_, question| {
            let spoiled = DEFECTS.iter().any(|(whose, what, ..)| *whose == institution && *what == question);
            match spoiled {
                true => ("訂正する", Some(cycle.truth(institution, question)), "記入誤りのため"),
                // The queries of edits on the answers of the sample stay unanswered.
                false => ("", None, ""),
            }
        });
    }
    cycle.reply(CONFIRMING, |_, question| match question {
        "risk_decision" | "plan" => ("回答のとおり", None, "合併準備中のため回答を控える"),
        _ => ("", None, ""),
    });
    let again = cycle.folder.join("再提出");
    std::fs::create_dir_all(&again).expect("a folder can be made");
    for institution in RESUBMITTING {
        let original = crate::book::returned(2023, institution);
        let name = original.file_name().expect("a file name").to_string_lossy().replace(".xlsx", "_再提出.xlsx");
        std::fs::copy(&original, again.join(name)).expect("a file can be copied");
    }
    assert_eq!(cycle.run(), 1, "one has not replied");

    let queries = cycle.queries();
    let of = |institution: &str| -> Vec<&table::Row> {
        queries.iter().filter(|query| query["institution"] == institution).collect()
    };
    for institution in CORRECTING {
        let left: Vec<_> = of(institution).into_iter().filter(|query| query["status"] == "open").collect();
        assert!(left.is_empty(), "{institution}: {left:?}");
        let corrected = of(institution).into_iter().filter(|query| query["status"] == "corrected").count();
        assert_eq!(corrected, 2, "{institution}");
    }
    for query in of(CONFIRMING) {
        assert_eq!(query["status"], "confirmed", "{query:?}");
        assert_eq!(query["reason"], "合併準備中のため回答を控える");
        assert_eq!(query["replied_file"], format!("返信/照会票_2023_{CONFIRMING}.xlsx"));
    }
    assert!(of(SILENT).iter().all(|query| query["status"] == "open") && of(SILENT).len() >= 2);
    assert!(RESUBMITTING.iter().all(|institution| of(institution).iter().all(|query| query["status"] != "open")));

    // The answers are those of the key again, but for the one that abstains and the one that is silent.
    let responses = stored(&cycle.bench, "responses", 2023);
    for institution in CORRECTING.iter().chain(&RESUBMITTING) {
        assert_eq!(answered(&responses, institution), key(2023, institution), "{institution}");
    }
    let after = distributions(&cycle.bench.path("reports/fy2023/internal/distributions.csv"));
    let abstained: BTreeSet<&str> = ["risk_decision", "plan", "soc", "soc_scope", "pentest"].into();
    for (cell, figures) in &before {
        if !abstained.contains(cell[2].as_str()) {
            assert_eq!(&after[cell], figures, "{cell:?}");
        }
    }
    let policy = |all: &BTreeMap<[String; 5], [String; 3]>| {
        all[&["regional", "", "plan", "", "multi_year"].map(str::to_owned)][1].clone()
    };
    assert_eq!((policy(&before).as_str(), policy(&after).as_str()), ("25", "24"), "the base without the abstention");

    // Every corrected number leads to the cell of the reply, and the earlier number is kept.
    let reply = contents(&cycle.folder.join("返信"));
    let hashes = stored(&cycle.bench, "submissions", 2023);
    assert_eq!(hashes.iter().filter(|row| row["form"] == "inquiry").count(), reply.len());
    let corrected: Vec<_> =
        responses.iter().filter(|row| row["institution"] == "1001" && row["question"] == "ciso").collect();
    let source = hashes.iter().find(|row| row["file"] == "返信/照会票_2023_1001.xlsx").expect("the reply is kept");
    assert!(corrected.iter().all(|row| row["submission"] == source["submission"] && row["sheet"] == "照会票"));
    let waivers = stored(&cycle.bench, "waivers", 2023);
    assert_eq!(waivers.len(), 2);
    assert!(waivers.iter().all(|row| row["institution"] == CONFIRMING && row["accepted_in"] == "2023"));

    // And so is every answer that was replaced, with the state that it had.
    let revisions = stored(&cycle.bench, "revisions", 2023);
    let kept = stored(&cycle.bench, "superseded_responses", 2023);
    for (institution, question, defect, _) in
        DEFECTS.iter().filter(|(whose, ..)| *whose != CONFIRMING && *whose != SILENT)
    {
        let is_its = |row: &&table::Row| row["institution"] == *institution && row["question"] == *question;
        let revision = revisions.iter().find(is_its).unwrap_or_else(|| panic!("{institution} {question} is on record"));
        let kind = if RESUBMITTING.contains(institution) { "resubmission" } else { "correction" };
        assert_eq!(revision["kind"], kind, "{revision:?}");
        let state = match defect {
            Defect::Blank => "item_nonresponse",
            Defect::All => "contradictory",
            Defect::Word => "unreadable",
        };
        assert!(kept.iter().filter(is_its).any(|row| row["state"] == state), "{institution} {question}: {state}");
    }

    // A second run changes nothing.
    let store =
        |name: &str| std::fs::read(cycle.bench.path(&format!("data/store/{name}/fiscal_year=2023/part-0.parquet")));
    let tables = ["responses", "queries", "waivers", "findings"];
    let first: Vec<_> = tables.iter().map(|name| store(name).expect("a table")).collect();
    cycle.run();
    let second: Vec<_> = tables.iter().map(|name| store(name).expect("a table")).collect();
    assert!(first == second, "the same bytes");
}

#[test]
fn what_an_answer_is_worth_is_exact() {
    // 1 of 498 is 0.2008 points; 304 / (498 × 499) are 0.1223; 1 of 2 is 50.
    assert_eq!(Points::within(498).to_string(), "0.20");
    assert_eq!(Points::joining(194, 498).to_string(), "0.12");
    assert_eq!(Points::within(2).to_string(), "50.00");
    // 2 of 2 and then 2 of 3: 33.33 points.
    assert_eq!(Points::joining(2, 2).to_string(), "33.33");
    assert_eq!((Points::within(0).to_string(), Points::joining(0, 0).to_string()), ("100.00".into(), "100.00".into()));
    assert!(Points::within(71) > Points::within(272) && Points::joining(1, 2) < Points::within(2));
}

proptest! {
    /// Against every way in which one institution can change a percentage.
    #[test]
    fn no_answer_moves_a_percentage_further((base, count) in (1_u32..60).prop_flat_map(|base| (Just(base), 0..=base))) {
        let share = |count: u32, base: u32| if base == 0 { 0.0 } else { f64::from(count) / f64::from(base) };
        let hundredths = |points: Points| points.to_string().parse::<f64>().expect("a number");
        let now = share(count, base);
        let (within, joining) = (hundredths(Points::within(base)), hundredths(Points::joining(count, base)));
        let moved = |share: f64| 100.0 * (share - now).abs();
        for joined in [share(count, base + 1), share(count + 1, base + 1)] {
            prop_assert!(moved(joined) <= joining + 0.005);
        }
        prop_assert!((moved(share(count, base + 1)).max(moved(share(count + 1, base + 1))) - joining).abs() <= 0.0051);
        if count > 0 {
            prop_assert!(moved(share(count - 1, base)) <= within + 0.0051);
            prop_assert!(base == 1 || moved(share(count - 1, base - 1)) <= within + 0.0051);
        }
        if count < base {
            prop_assert!(moved(share(count + 1, base)) <= within + 0.0051);
            prop_assert!(base == 1 || moved(share(count, base - 1)) <= within + 0.0051);
        }
    }
}

/// A return in which the only thing done for training is a plan, which an edit asks about in both years.
fn with_a_plan_alone(fiscal_year: u16, folder: &Path) {
    let survey = Survey::load(&year_file(fiscal_year)).expect("the definition is sound");
    let training = survey.questions.iter().find(|question| question.id == "training").expect("a question");
    let mut book = Book::of(fiscal_year, "1006");
    match fiscal_year {
        2022 => {
            let sheet = book.sheet("点検票");
            let row_of = |sheet: &Sheet, label: &str| {
                let is_label = |entry: &&Entry| matches!(entry, Entry::Text(text) if text == label);
                let found = sheet.rows().into_iter().find(|(_, cells)| cells.values().any(&is_label));
                found.expect("the option is printed").0
            };
            let rows: Vec<(String, u32)> =
                training.options.iter().map(|option| (option.id.clone(), row_of(sheet, &option.label))).collect();
            for (id, row) in rows {
                sheet.set(row, 5, (id == "plan").then(|| Entry::Text("○".to_owned())));
            }
        }
        _ => {
            spoil(&mut book, training, Defect::All);
            let sheet = book.sheet("１．経営層の関与");
            let (first, end) = block(sheet, training).expect("the question is printed");
            let plan = training.options.iter().find(|option| option.id == "plan").expect("an option").label.clone();
            let is_plan =
                |cells: &BTreeMap<u16, &Entry>| cells.values().any(|entry| **entry == Entry::Text(plan.clone()));
            let rows: Vec<(u32, bool)> =
                sheet.rows().range(first + 1..end).map(|(&row, cells)| (row, is_plan(cells))).collect();
            for (row, is_plan) in rows.into_iter().filter(|(_, is_plan)| !is_plan) {
                assert!(!is_plan);
                sheet.set(row, 3, None);
            }
        }
    }
    let file = std::fs::read_dir(folder).expect("readable").flatten().next().expect("a return").path();
    book.write(&file);
}

#[test]
fn an_explanation_holds_in_the_next_year_for_the_same_answer() {
    let bench = Bench::new();
    let folder = |fiscal_year: u16| {
        let name = format!("returned{fiscal_year}");
        let folder = bench.copy_sample(fiscal_year, &name, |name| name.contains("_1006_"));
        with_a_plan_alone(fiscal_year, &folder);
        folder
    };
    let of = |fiscal_year: u16| {
        let queries = stored(&bench, "queries", fiscal_year);
        let query = queries.into_iter().find(|query| query["edit"] == "training-plan-without-training");
        query.expect("the edit asks")
    };
    let last_year = folder(2022);
    bench.run("ingest", 2022, &last_year, &[]);
    assert_eq!(of(2022)["status"], "open");
    let mut book = Book::open(&bench.path("reports/fy2022/internal/follow_up/照会票_2022_1006.xlsx"));
    fill_in(book.sheet("照会票"), |_, question| match question {
        "training" => ("回答のとおり", None, "研修は親会社が実施"),
        _ => ("", None, ""),
    });
    book.write(&last_year.join("照会票.xlsx"));
    bench.run("ingest", 2022, &last_year, &[]);
    assert_eq!(of(2022)["status"], "confirmed");

    bench.run("ingest", 2023, &folder(2023), &[]);
    let query = of(2023);
    assert_eq!((query["status"].as_str(), query["reason"].as_str()), ("confirmed", "研修は親会社が実施"));
    assert_eq!(query["settled_in"], "2022.0");
    let waivers = stored(&bench, "waivers", 2023);
    assert!(
        waivers.iter().any(|row| row["institution"] == "1006" && row["accepted_in"] == "2022"),
        "and is carried on"
    );
}

/// The entries in a line of the follow-up, by query and question: decision, correction, reason.
type Fill<'a> = dyn Fn(&str, &str) -> (&'static str, Option<Entry>, &'static str) + 'a;

/// Ingests FY2022 returns of 1006 changed so, sends the follow-up back filled in by each of the
/// replies, and gives the queries and findings that are left.
fn answered_by(change: impl Fn(&mut Sheet), replies: &[&Fill<'_>]) -> (Bench, Vec<table::Row>, Vec<String>) {
    let bench = Bench::new();
    let folder = bench.copy_sample(2022, "returned", |name| name.contains("_1006_"));
    let mut book = Book::of(2022, "1006");
    change(book.sheet("点検票"));
    let file = std::fs::read_dir(&folder).expect("readable").flatten().next().expect("a return").path();
    book.write(&file);
    bench.run("ingest", 2022, &folder, &[]);
    let sent = bench.path("reports/fy2022/internal/follow_up/照会票_2022_1006.xlsx");
    let blank = std::fs::read(&sent).expect("the follow-up is written");
    for (rank, fill) in replies.iter().enumerate() {
        std::fs::write(&sent, &blank).expect("a file can be written");
        let mut book = Book::open(&sent);
        fill_in(book.sheet("照会票"), fill);
        book.write(&folder.join(format!("照会票_1006_v{}.xlsx", rank + 1)));
    }
    bench.run("ingest", 2022, &folder, &[]);
    let mut queries = stored(&bench, "queries", 2022);
    queries.retain(|query| query["edit"].is_empty());
    let codes = bench.findings(2022).iter().map(|finding| finding["code"].as_str().unwrap_or("").to_owned()).collect();
    (bench, queries, codes)
}

#[test]
fn an_answer_that_cannot_be_used_cannot_stand() {
    let (_, queries, codes) = answered_by(
        |sheet| {
            sheet.put("F8", "1、3");
        },
        &[&|_, question| if question == "ciso" { ("回答のとおり", None, "") } else { ("", None, "") }],
    );
    assert_eq!(statuses(&queries), [("open".to_owned(), 1)].into());
    assert!(codes.contains(&"R01".to_owned()), "{codes:?}");
}

#[test]
fn the_later_word_of_an_institution_counts() {
    let blank = |sheet: &mut Sheet| {
        sheet.clear("F8");
    };
    let first = |_: &str, question: &str| match question {
        "ciso" => ("回答のとおり", None, "空欄のまま"),
        _ => ("", None, ""),
    };
    let number = |number: &'static str| {
        move |_: &str, question: &str| match question {
            "ciso" => ("訂正する", Some(Entry::Text(number.to_owned())), ""),
            _ => ("", None, ""),
        }
    };
    let chosen = |bench: &Bench| {
        answered(&stored(bench, "responses", 2022), "1006")[&("ciso".to_owned(), String::new())].clone()
    };
    let (bench, queries, _) = answered_by(blank, &[&first, &number("2")]);
    assert_eq!(statuses(&queries), [("corrected".to_owned(), 1)].into());
    assert_eq!(chosen(&bench), ["manager".to_owned()].into());
    let (bench, queries, _) = answered_by(blank, &[&number("2"), &number("3")]);
    assert_eq!(statuses(&queries), [("corrected".to_owned(), 1)].into());
    assert_eq!(chosen(&bench), ["other".to_owned()].into());
    // Every step is kept with the reply that it came by.
    let revisions = stored(&bench, "revisions", 2022);
    let steps: Vec<(&str, &str)> =
        revisions.iter().map(|row| (row["before"].as_str(), row["after"].as_str())).collect();
    assert_eq!(steps, [("item_nonresponse", "manager"), ("manager", "other")]);
    let files = stored(&bench, "submissions", 2022);
    let hash =
        |name: &str| files.iter().find(|row| row["file"] == name).expect("the reply is kept")["submission"].clone();
    assert_eq!(revisions[0]["to_submission"], hash("照会票_1006_v1.xlsx"));
    assert_eq!(
        (&revisions[1]["from_submission"], &revisions[1]["to_submission"]),
        (&hash("照会票_1006_v1.xlsx"), &hash("照会票_1006_v2.xlsx"))
    );
}

#[test]
fn two_replies_of_which_nothing_tells_the_later_are_named() {
    let blank = |sheet: &mut Sheet| {
        sheet.clear("F8");
    };
    let (bench, ..) = answered_by(blank, &[]);
    let folder = bench.path("returned");
    for (name, number) in [("返信甲.xlsx", "2"), ("返信乙.xlsx", "3")] {
        let mut book = Book::open(&bench.path("reports/fy2022/internal/follow_up/照会票_2022_1006.xlsx"));
        fill_in(book.sheet("照会票"), |_, question| match question {
            "ciso" => ("訂正する", Some(number.into()), ""),
            _ => ("", None, ""),
        });
        book.write(&folder.join(name));
    }
    assert_eq!(bench.run("ingest", 2022, &folder, &[]).status, 1);
    let findings = bench.findings(2022);
    let unclear = findings.iter().find(|finding| finding["code"] == "I09").expect("the desk is told");
    assert_eq!(unclear["related"].as_array().map(Vec::len), Some(1), "{unclear}");
}

#[test]
fn a_number_that_can_be_read_in_two_ways_corrects_nothing() {
    let (_, queries, codes) = answered_by(
        |sheet| {
            sheet.put("F8", "検討中").put("F59", "約10名");
        },
        &[&|_, question| match question {
            "ciso" => ("訂正する", Some("2".into()), ""),
            "staff_count" => ("訂正する", Some("1,5".into()), ""),
            _ => ("", None, ""),
        }],
    );
    assert_eq!(statuses(&queries), [("corrected".to_owned(), 1), ("open".to_owned(), 1)].into(), "{queries:?}");
    assert!(codes.contains(&"R01".to_owned()), "1,5 may be 1.5: {codes:?}");
}

#[test]
fn a_follow_up_within_a_return_takes_nothing_from_it() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2022, "returned", |name| name.contains("_1006_"));
    let file = std::fs::read_dir(&folder).expect("readable").flatten().next().expect("a return").path();
    let mut book = Book::of(2022, "1006");
    book.sheet("点検票").clear("F8");
    book.write(&file);
    bench.run("ingest", 2022, &folder, &[]);
    let mut sent = Book::open(&bench.path("reports/fy2022/internal/follow_up/照会票_2022_1006.xlsx"));
    fill_in(sent.sheet("照会票"), |_, question| match question {
        "ciso" => ("訂正する", Some("2".into()), ""),
        _ => ("", None, ""),
    });
    book.sheets.push(sent.sheets.remove(0));
    book.write(&file);
    let ran = bench.run("ingest", 2022, &folder, &[]);
    assert!(ran.out.contains("1 accepted"), "{}", ran.out);
    let given = answered(&stored(&bench, "responses", 2022), "1006");
    assert_eq!(given[&("ciso".to_owned(), String::new())], ["manager".to_owned()].into());
    assert!(given.len() > 20, "the answers of the return are all there");
}

#[test]
fn a_reply_within_a_return_is_not_before_an_older_one_by_itself() {
    let blank = |sheet: &mut Sheet| {
        sheet.clear("F8");
    };
    for (saved_within, expected) in [((9, 0), "other"), ((1, 0), "manager")] {
        let (bench, ..) = answered_by(blank, &[]);
        let folder = bench.path("returned");
        let sent = bench.path("reports/fy2022/internal/follow_up/照会票_2022_1006.xlsx");
        let reply = |number: &'static str| {
            let mut book = Book::open(&sent);
            fill_in(book.sheet("照会票"), |_, question| match question {
                "ciso" => ("訂正する", Some(number.into()), ""),
                _ => ("", None, ""),
            });
            book
        };
        // By itself, saved at five o'clock; in the return, saved before or after it.
        reply("2").write(&folder.join("返信.xlsx"));
        let file = std::fs::read_dir(&folder).expect("readable").flatten().map(|one| one.path());
        let file = file.into_iter().find(|path| path.to_string_lossy().contains("_1006_")).expect("a return");
        let mut book = Book::of(2022, "1006");
        blank(book.sheet("点検票"));
        book.sheets.push(reply("3").sheets.remove(0));
        book.saved = saved_within;
        book.write(&file);
        bench.run("ingest", 2022, &folder, &[]);
        let given = answered(&stored(&bench, "responses", 2022), "1006");
        assert_eq!(given[&("ciso".to_owned(), String::new())], [expected.to_owned()].into(), "{saved_within:?}");
    }
}

#[test]
fn a_correction_holds_when_nothing_is_asked_any_more() {
    let bench = Bench::new();
    for (name, content) in contents(&crate::support::project().join("pipelines/cssa")) {
        bench.write(&format!("cssa/{name}"), content);
    }
    let keep = |name: &str| name.contains("_3008_") || name.contains("_3010_");
    let [before, folder] = [2022, 2023].map(|year| bench.copy_sample(year, &format!("returned{year}"), keep));
    let roster = crate::support::sample("roster.csv").display().to_string();
    let ingest = |year: u16, folder: &Path, store: &str| {
        let (file, folder) = (format!("cssa/fy{year}.toml"), folder.display().to_string());
        let out = format!("reports/{store}/fy{year}");
        let ran = bench.cssa([
            "ingest",
            &file,
            "--returns",
            &folder,
            "--roster",
            &roster,
            "--store",
            store,
            "--out",
            &out,
            "--fail-on",
            "never",
        ]);
        assert_eq!(ran.status, 0, "{}", ran.err);
    };
    let given = |store: &str| {
        let rows = crate::responses::stored_in(&bench.path(store), "responses", 2023);
        let answer = |institution: &str, question: &str| {
            let mut its = rows.iter().filter(|row| row["institution"] == institution && row["question"] == question);
            let row = its.next().expect("an answer");
            format!("{}{}", row["option"], row["value"].trim_end_matches(".0"))
        };
        [answer("3008", "plan"), answer("3010", "staff_count")]
    };
    ingest(2022, &before, "one");
    ingest(2023, &folder, "one");
    let first = given("one");
    for (institution, question, entry) in [("3008", "plan", Entry::from("3")), ("3010", "staff_count", Entry::from(5))]
    {
        let name = format!("照会票_2023_{institution}.xlsx");
        let mut book = Book::open(&bench.path(&format!("reports/one/fy2023/internal/follow_up/{name}")));
        fill_in(book.sheet("照会票"), |_, asked| {
            if asked == question { ("訂正する", Some(entry.clone()), "") } else { ("", None, "") }
        });
        book.write(&folder.join(name));
    }
    ingest(2023, &folder, "one");
    let corrected = given("one");
    assert!(corrected[0] != first[0] && corrected[1] != first[1], "{first:?} {corrected:?}");
    // A store without last year: the edit that looks back asks nothing.
    ingest(2023, &folder, "two");
    assert_eq!(given("two"), corrected, "without last year");
    let edits = std::fs::read_to_string(bench.path("cssa/edits.toml")).expect("the edits");
    bench.write("cssa/edits.toml", edits.replace("status = \"live\"", "status = \"trial\""));
    ingest(2023, &folder, "one");
    assert_eq!(given("one"), corrected, "an edit on trial");
    let findings = crate::responses::stored_in(&bench.path("one"), "findings", 2023);
    assert!(
        findings.iter().filter(|row| row["code"] == "R02").all(|row| row["severity"] == "information"),
        "{findings:?}"
    );
    // An answer that has changed since is another one.
    let file = std::fs::read_dir(&folder).expect("readable").flatten().map(|one| one.path());
    let file = file.into_iter().find(|path| path.to_string_lossy().contains("CSSA2023_3010_")).expect("a return");
    let mut book = Book::open(&file);
    for sheet in &mut book.sheets {
        let twelve: Vec<(u32, u16)> = sheet
            .rows()
            .into_iter()
            .flat_map(|(row, cells)| {
                cells
                    .into_iter()
                    .filter(|(_, entry)| **entry == Entry::Number(12.0))
                    .map(move |(column, _)| (row, column))
                    .collect::<Vec<_>>()
            })
            .collect();
        twelve.into_iter().for_each(|(row, column)| sheet.set(row, column, Some(Entry::Number(40.0))));
    }
    book.write(&file);
    ingest(2023, &folder, "one");
    assert_eq!(given("one")[1], "40", "the correction was of another answer");
}

#[test]
fn the_follow_up_of_one_institution_within_the_return_of_another_is_set_aside() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_1001_") || name.contains("_1004_"));
    let path = |code: &str| {
        let found = std::fs::read_dir(&folder).expect("readable").flatten().map(|one| one.path());
        found.into_iter().find(|path| path.to_string_lossy().contains(code)).expect("a return")
    };
    let survey = Survey::load(&year_file(2023)).expect("the definition is sound");
    let ciso = survey.questions.iter().find(|question| question.id == "ciso").expect("a question");
    let mut book = Book::of(2023, "1001");
    spoil(&mut book, ciso, Defect::Blank);
    book.write(&path("_1001_"));
    bench.run("ingest", 2023, &folder, &[]);
    let mut sent = Book::open(&bench.path("reports/fy2023/internal/follow_up/照会票_2023_1001.xlsx"));
    fill_in(sent.sheet("照会票"), |_, question| match question {
        "ciso" => ("訂正する", Some("2".into()), ""),
        _ => ("", None, ""),
    });
    let inquiry = sent.sheets.remove(0);
    // Within its own return, where the answer is blank: the table of the follow-up is no form.
    let mut own = book.clone();
    own.sheets.push(inquiry.clone());
    own.write(&path("_1001_"));
    let ran = bench.run("ingest", 2023, &folder, &[]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    let given = answered(&stored(&bench, "responses", 2023), "1001");
    assert_eq!(given[&("ciso".to_owned(), String::new())], ["manager".to_owned()].into());
    // Within that of another, beside a sound return: neither can be trusted, and nothing else is lost.
    book.write(&path("_1001_"));
    let mut other = Book::of(2023, "1004");
    other.sheets.push(inquiry);
    other.write(&folder.join("CSSA2023_1004_再提出.xlsx"));
    let ran = bench.run("ingest", 2023, &folder, &[]);
    assert!(ran.out.contains("2 accepted, 1 rejected"), "{}\n{}", ran.out, ran.err);
    assert!(bench.findings(2023).iter().any(|finding| finding["code"] == "I08"));
    let responses = stored(&bench, "responses", 2023);
    assert_eq!(answered(&responses, "1004"), key(2023, "1004"));
    assert!(!answered(&responses, "1001").contains_key(&("ciso".to_owned(), String::new())));
}

#[test]
fn a_line_that_lost_its_number_and_a_line_left_out_close_nothing() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_1001_"));
    let file = std::fs::read_dir(&folder).expect("readable").flatten().next().expect("a return").path();
    let mut book = Book::of(2023, "1001");
    let sheet = book.sheet("３．有事への備え");
    let survey = Survey::load(&year_file(2023)).expect("the definition is sound");
    let backup = survey.questions.iter().find(|question| question.id == "backup").expect("a question");
    let (first, end) = block(sheet, backup).expect("the question is printed");
    let marks: Vec<(u32, u16)> = sheet
        .rows()
        .range(first..end)
        .flat_map(|(&row, cells)| cells.keys().map(move |&column| (row, column)).collect::<Vec<_>>())
        .collect();
    for (row, column) in marks {
        sheet.take_answer(row, column);
    }
    book.write(&file);
    bench.run("ingest", 2023, &folder, &[]);
    let sent = bench.path("reports/fy2023/internal/follow_up/照会票_2023_1001.xlsx");
    let blank = std::fs::read(&sent).expect("the follow-up is written");
    let status = |fill: &Fill<'_>, spoil: &dyn Fn(&mut Sheet)| {
        std::fs::write(&sent, &blank).expect("a file can be written");
        let mut book = Book::open(&sent);
        fill_in(book.sheet("照会票"), fill);
        spoil(book.sheet("照会票"));
        book.write(&folder.join("照会票.xlsx"));
        bench.run("ingest", 2023, &folder, &[]);
        let queries = stored(&bench, "queries", 2023);
        let codes: Vec<_> = bench.findings(2023).iter().map(|finding| finding["code"].clone()).collect();
        let query = queries.into_iter().find(|query| query["code"] == "E03").expect("the query is kept");
        (query["status"].clone(), codes.contains(&"R01".into()))
    };
    let one: &Fill<'_> = &|_, question| match question {
        "backup/generations" => ("回答のとおり", None, "対象外"),
        _ => ("", None, ""),
    };
    let all: &Fill<'_> = &|_, question| {
        if question.starts_with("backup/") { ("回答のとおり", None, "対象外") } else { ("", None, "") }
    };
    assert_eq!(status(one, &|_| {}), ("open".to_owned(), true), "two of three are left out");
    let lose_number = |sheet: &mut Sheet| {
        let last = sheet.rows().into_iter().filter(|(_, cells)| cells.len() > 5).map(|(row, _)| row).max();
        sheet.set(last.expect("a line"), 0, None);
    };
    assert_eq!(status(all, &lose_number), ("open".to_owned(), true), "a line without its number");
    assert_eq!(status(all, &|_| {}), ("confirmed".to_owned(), false));
}

#[test]
fn two_that_gave_the_same_answers_can_say_so() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2022, "returned", |name| name.contains("_1004_"));
    let mut book = Book::of(2022, "1004");
    book.sheets[0] = Book::of(2022, "1006").sheets[0].clone();
    book.write(&folder.join("other.xlsx"));
    bench.run("ingest", 2022, &folder, &[]);
    let twins = |status: &str| {
        let queries = stored(&bench, "queries", 2022);
        queries.iter().filter(|query| query["edit"] == "same-as-another" && query["status"] == status).count()
    };
    assert_eq!(twins("open"), 2);
    for code in ["1004", "1006"] {
        let mut sent = Book::open(&bench.path(&format!("reports/fy2022/internal/follow_up/照会票_2022_{code}.xlsx")));
        fill_in(sent.sheet("照会票"), |_, question| match question {
            "" => ("回答のとおり", None, "同じ委託先が作成"),
            _ => ("", None, ""),
        });
        sent.write(&folder.join(format!("返信{code}.xlsx")));
    }
    bench.run("ingest", 2022, &folder, &[]);
    assert_eq!((twins("open"), twins("confirmed")), (0, 2));
    // Another answer is another matter.
    book.sheet("点検票").put("F59", 77);
    book.write(&folder.join("other.xlsx"));
    let path = std::fs::read_dir(&folder).expect("readable").flatten().map(|one| one.path());
    let first = path.into_iter().find(|path| path.to_string_lossy().contains("_1004_")).expect("the return of 1004");
    let mut same = Book::of(2022, "1004");
    same.sheet("点検票").put("F59", 77);
    same.write(&first);
    let ran = bench.run("ingest", 2022, &folder, &[]);
    assert_eq!((twins("open"), twins("confirmed")), (2, 0), "said of other answers: {}\n{}", ran.out, ran.err);
}

#[test]
fn what_the_desk_keeps_beside_the_follow_up_is_left_alone() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2022, "returned", |name| name.contains("_1006_"));
    bench.write("reports/fy2022/internal/follow_up/返信/1006_返信.xlsx", b"x");
    bench.write("reports/fy2022/internal/follow_up/メモ.xlsx", b"x");
    bench.write("reports/fy2022/internal/follow_up/照会票_2022_9999.xlsx", b"x");
    bench.run("ingest", 2022, &folder, &[]);
    let left = |name: &str| bench.path(&format!("reports/fy2022/internal/follow_up/{name}")).exists();
    assert!(left("返信/1006_返信.xlsx") && left("メモ.xlsx") && !left("照会票_2022_9999.xlsx"));
}

#[test]
fn a_reply_that_cannot_be_used_leaves_the_query_open() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2022, "returned", |name| name.contains("_1006_"));
    let mut book = Book::of(2022, "1006");
    book.sheet("点検票").clear("F8");
    let file = std::fs::read_dir(&folder).expect("readable").flatten().next().expect("a return").path();
    book.write(&file);
    bench.run("ingest", 2022, &folder, &[]);
    let sent = bench.path("reports/fy2022/internal/follow_up/照会票_2022_1006.xlsx");
    let entries: [(&str, Option<Entry>, &str); 5] = [
        ("訂正する", None, "R01"),
        ("訂正する", Some("九番".into()), "R01"),
        ("訂正する", Some("9".into()), "R01"),
        ("回答のとおり", Some("2".into()), "R01"),
        ("たぶん", Some("2".into()), "R01"),
    ];
    for (decision, corrected, code) in entries {
        let mut book = Book::open(&sent);
        fill_in(book.sheet("照会票"), |_, question| match question {
            "ciso" => (decision, corrected.clone(), ""),
            _ => ("", None, ""),
        });
        book.write(&folder.join("照会票.xlsx"));
        let ran = bench.run("ingest", 2022, &folder, &[]);
        assert_eq!(ran.status, 1, "{decision} {corrected:?}: {}", ran.out);
        let codes: Vec<String> =
            bench.findings(2022).iter().map(|finding| finding["code"].as_str().unwrap_or("").to_owned()).collect();
        assert!(
            codes.contains(&code.to_owned()) && codes.contains(&"E03".to_owned()),
            "{decision}: {codes:?}\n{}",
            ran.out
        );
        let queries = stored(&bench, "queries", 2022);
        assert!(queries.iter().any(|query| query["code"] == "E03" && query["status"] == "open"), "{decision}");
    }
}

#[test]
fn an_old_correction_does_not_overwrite_a_newer_answer() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2022, "returned", |name| name.contains("_1006_"));
    let file = std::fs::read_dir(&folder).expect("readable").flatten().next().expect("a return").path();
    let original = std::fs::read(&file).expect("a return");
    let mut book = Book::of(2022, "1006");
    book.sheet("点検票").put("F8", "検討中");
    book.write(&file);
    bench.run("ingest", 2022, &folder, &[]);
    let mut book = Book::open(&bench.path("reports/fy2022/internal/follow_up/照会票_2022_1006.xlsx"));
    fill_in(book.sheet("照会票"), |_, question| match question {
        "ciso" => ("訂正する", Some("4".into()), ""),
        _ => ("", None, ""),
    });
    book.write(&folder.join("照会票.xlsx"));
    // Meanwhile the return itself was corrected, otherwise.
    std::fs::write(&file, original).expect("a file can be written");
    bench.run("ingest", 2022, &folder, &[]);
    let responses = stored(&bench, "responses", 2022);
    assert_eq!(answered(&responses, "1006"), key(2022, "1006"), "the newer answer stands");
    assert!(bench.findings(2022).iter().any(|finding| finding["code"] == "R02"), "and the desk is told");
}
