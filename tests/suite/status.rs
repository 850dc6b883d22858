//! How the collection stands, on the sample with some files taken out or damaged; every number is
//! worked out by hand from the roster.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use serde_json::Value;

use crate::book::Book;
use crate::support::{Bench, contents, sample, year_file};

/// The FY2023 sample: 40 institutions, 25 regional (6 regional banks, 5 second regional banks, 8
/// shinkin, 6 credit cooperatives), 5 securities companies, 2 life and 2 non-life insurers, 4 trust
/// banks, 4 new-form banks; two institutions are both trust and new-form. Of these
///   1002 returned nothing;
///   1006 returned a file that is cut off;
///   4001 returned a PDF and a file of zero bytes;
///   1004 left question 1 blank, which is a query;
///   a file of nobody is there as well.
fn collection() -> Bench {
    let bench = Bench::new();
    let left_out = ["_1002_", "_1004_", "_1006_", "_4001_"];
    let folder = bench.copy_sample(2023, "returned", |name| !left_out.iter().any(|code| name.contains(code)));
    let whole = std::fs::read(crate::book::returned(2023, "1006")).expect("a workbook of the sample");
    bench.write("returned/CSSA2023_1006_模擬地方銀行006.xlsx", &whole[..whole.len() / 2]);
    bench.write("returned/4001_回答.xlsx", b"%PDF-1.7");
    bench.write("returned/模擬証券001/空.xlsx", b"");
    bench.write("returned/=1+1.xlsx", b"");
    let mut book = Book::of(2023, "1004");
    for cell in ["D5", "D6", "D7", "D8"] {
        book.sheet("１．経営層の関与").clear_if_filled(cell);
    }
    book.write(&folder.join("1004.xlsx"));
    let ran = bench.run("ingest", 2023, &folder, &[]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    bench
}

fn status(bench: &Bench, more: &[&str]) -> crate::support::Ran {
    let year_file = year_file(2023).to_string_lossy().into_owned();
    let arguments = ["status", &year_file].into_iter().chain(more.iter().copied());
    bench.cssa(arguments)
}

const COUNTS: [&str; 6] = ["asked", "received", "accepted", "rejected", "outstanding", "open_queries"];

#[test]
fn every_line_has_the_counts_that_one_gets_by_hand() {
    let bench = collection();
    let ran = status(&bench, &["--format", "json"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let object: Value = serde_json::from_str(&ran.out).expect("one JSON object");
    let lines: BTreeMap<String, (Vec<u64>, &str)> = object["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| {
            let name =
                format!("{}/{}", line["sector"].as_str().expect("text"), line["subsector"].as_str().expect("text"));
            let counts = COUNTS.map(|count| line[count].as_u64().expect("a count")).to_vec();
            (name, (counts, line["response_rate"].as_str().expect("a rate")))
        })
        .collect();
    let expected = [
        // 37 / 40 is 92.5; 23 / 25 is 92.0; 4 / 6 is 66.66…; 4 / 5 is 80. One answer was left blank;
        // 3008 and 6005 (trust and new-form bank) say of a SOC that it watches nothing.
        ("/", [40, 39, 37, 2, 3, 3], "92.5"),
        ("regional/", [25, 24, 23, 1, 2, 2], "92.0"),
        ("regional/regional_bank", [6, 5, 4, 1, 2, 1], "66.7"),
        ("regional/second_regional", [5, 5, 5, 0, 0, 0], "100.0"),
        ("regional/shinkin", [8, 8, 8, 0, 0, 0], "100.0"),
        ("regional/shinkumi", [6, 6, 6, 0, 0, 1], "100.0"),
        ("securities/", [5, 5, 4, 1, 1, 0], "80.0"),
        ("insurers/", [4, 4, 4, 0, 0, 0], "100.0"),
        ("insurers/life", [2, 2, 2, 0, 0, 0], "100.0"),
        ("insurers/nonlife", [2, 2, 2, 0, 0, 0], "100.0"),
        ("trust/", [4, 4, 4, 0, 0, 1], "100.0"),
        ("newform/", [4, 4, 4, 0, 0, 0], "100.0"),
    ];
    assert_eq!(lines.len(), expected.len(), "{lines:?}");
    for (name, counts, rate) in expected {
        let (found, found_rate) = lines.get(name).unwrap_or_else(|| panic!("{name} in {:?}", lines.keys()));
        assert_eq!((found.as_slice(), *found_rate), (counts.as_slice(), rate), "{name}");
    }
    // 25 + 5 + 4 + 4 + 4 are 42 memberships of 40 institutions.
    let file = std::fs::read(bench.path("reports/fy2023/internal/status.json")).expect("status.json");
    assert_eq!(serde_json::from_slice::<Value>(&file).expect("JSON"), object, "the file is the same object");
}

#[test]
fn who_has_not_answered_is_listed_with_what_came() {
    let bench = collection();
    let file = std::fs::read(bench.path("reports/fy2023/internal/status.json")).expect("status.json");
    let object: Value = serde_json::from_slice(&file).expect("JSON");
    let outstanding = object["outstanding"].as_array().expect("a list");
    let came: Vec<(&str, Vec<&str>)> = outstanding
        .iter()
        .map(|one| {
            let files = one["came"].as_array().expect("a list").iter();
            (
                one["institution"].as_str().expect("a code"),
                files.map(|file| file["file"].as_str().expect("a file")).collect(),
            )
        })
        .collect();
    let expected = [
        ("1002", vec![]),
        ("1006", vec!["CSSA2023_1006_模擬地方銀行006.xlsx"]),
        ("4001", vec!["4001_回答.xlsx", "模擬証券001/空.xlsx"]),
    ];
    assert_eq!(came, expected);
    assert_eq!(outstanding[2]["came"][0]["reason"], "the file is a PDF, expected a workbook");
    assert_eq!(outstanding[0]["sectors"][0]["subsector"], "地方銀行");
    assert_eq!(object["unattributed"][0]["file"], "=1+1.xlsx");
}

#[test]
fn the_terminal_shows_columns_that_stand_under_each_other() {
    let bench = collection();
    let ran = status(&bench, &[]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let table: Vec<&str> = ran.out.lines().skip(1).take_while(|line| !line.starts_with("not answered")).collect();
    assert_eq!(table.len(), 13, "{}", ran.out);
    // Every character of these names is twice as wide as a Latin one.
    let width = |line: &str| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    assert!(table.iter().all(|line| width(line) == width(table[0])), "{}", ran.out);
    let regional = table.iter().find(|line| line.contains(" 地方銀行")).expect("the line of a sub-sector");
    let cells: Vec<&str> = regional.split_whitespace().collect();
    assert_eq!(cells, ["地方銀行", "6", "5", "4", "1", "2", "66.7", "1"]);
    assert!(
        ran.out.contains("not answered: 3\n  1002 模擬地方銀行002 (地域金融機関 地方銀行): nothing came\n"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("[4001_回答.xlsx] the file is a PDF"), "{}", ran.out);
    assert!(ran.out.contains("reports/fy2023/internal/status.xlsx"), "{}", ran.out);
}

#[test]
fn the_workbook_says_the_same_and_runs_nothing() {
    let bench = collection();
    let bytes = std::fs::read(bench.path("reports/fy2023/internal/status.xlsx")).expect("status.xlsx");
    let mut workbook = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    assert_eq!(workbook.sheet_names(), ["回収状況", "未回収先", "指摘"]);
    let lines = workbook.worksheet_range("回収状況").expect("the sheet");
    let row = |name: &str| {
        let row = lines.rows().find(|row| row.iter().any(|cell| cell == &Data::String(name.to_owned())));
        let numbers = row.unwrap_or_else(|| panic!("{name} is in the sheet")).iter();
        numbers
            .filter_map(|cell| if let Data::Float(number) = cell { Some(*number) } else { None })
            .collect::<Vec<f64>>()
    };
    assert_eq!(row("全体"), [40.0, 39.0, 37.0, 2.0, 3.0, 92.5, 3.0]);
    assert_eq!(row("地方銀行"), [6.0, 5.0, 4.0, 1.0, 2.0, 66.7, 1.0]);
    let missing = workbook.worksheet_range("未回収先").expect("the sheet");
    let codes: Vec<String> = missing.rows().skip(4).take(3).map(|row| row[0].to_string()).collect();
    assert_eq!(codes, ["1002", "1006", "4001"]);
    assert!(missing.rows().any(|row| row[0].to_string().contains("=1+1.xlsx")));
    let noticed = workbook.worksheet_range("指摘").expect("the sheet");
    let listed = |text: &str| noticed.rows().any(|row| row.iter().any(|cell| cell.to_string().contains(text)));
    assert!(listed("F03-") && listed("[=1+1.xlsx]") && listed("エラー"), "{noticed:?}");
    for sheet in ["回収状況", "未回収先", "指摘"] {
        assert_eq!(workbook.worksheet_formula(sheet).expect("the sheet").used_cells().count(), 0);
    }
}

#[test]
fn status_by_itself_writes_what_ingest_wrote() {
    let bench = collection();
    let of = |bench: &Bench| {
        let mut files = contents(&bench.path("reports/fy2023/internal"));
        files.retain(|(name, _)| name.starts_with("status."));
        assert_eq!(files.len(), 2);
        files
    };
    let before = of(&bench);
    std::fs::remove_dir_all(bench.path("reports")).expect("the outputs can be removed");
    assert_eq!(status(&bench, &[]).status, 0);
    assert!(before == of(&bench));
}

#[test]
fn a_superseded_workbook_and_a_rejected_newer_one_change_no_count() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2023, "returned", |_| true);
    let mut book = Book::of(2023, "1001");
    book.sheet("１．経営層の関与").clear("D5").put("D8", "○");
    book.write(&folder.join("CSSA2023_1001_旧.xlsx"));
    std::fs::write(folder.join("CSSA2023_1001_再提出.xlsx"), b"").expect("a file can be written");
    assert_eq!(bench.run("ingest", 2023, &folder, &[]).status, 1);
    let object: Value = serde_json::from_str(&status(&bench, &["--format", "json"]).out).expect("one JSON object");
    let counts = COUNTS.map(|count| object["lines"][0][count].as_u64().expect("a count"));
    assert_eq!(counts, [40, 40, 40, 0, 0, 2]);
    assert_eq!((&object["outstanding"], &object["unattributed"]), (&Value::Array(vec![]), &Value::Array(vec![])));
}

#[test]
fn status_before_ingest_says_what_to_do_first() {
    let bench = Bench::new();
    let ran = status(&bench, &[]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("run `cssa ingest`"), "{}", ran.err);
    let ran = status(&bench, &["--out", "here", &year_file(2022).to_string_lossy()]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("--out names the folder of one year"), "{}", ran.err);
    let log = sample("roster.csv").to_string_lossy().into_owned();
    let years = [year_file(2022), year_file(2023)].map(|path| path.to_string_lossy().into_owned());
    let ran = bench.cssa(["run", &years[0], &years[1], "--received", &log]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("--received names the intake log of one year"), "{}", ran.err);
}
