//! The tables that a person hands in, as Excel and other programs write them: all six are read alike,
//! and a mistake is shown where it stands.

use std::path::Path;

use cssa::ingest::{Listing, Passwords};
use cssa::reconcile::Published;
use cssa::survey::{Acknowledgements, Ledger, Roster};
use encoding_rs::{EUC_JP, ISO_2022_JP, SHIFT_JIS};
use rust_xlsxwriter::{Format, Workbook};

use crate::support::institutions::survey;
use crate::support::{Bench, sample};

const ROSTER: &str = "fiscal_year,institution,name,sector,subsector
2023,1001,模擬一銀行,regional,regional_bank
2023,0102,\"模擬,二銀行\",trust,
";
const LEDGER: &str = "date,event,institution,successor,sector,subsector,name,note
2023-04-01,rename,1001,,,,模擬新銀行,\"改称、
登記済み\"
2023-05-01,exit,1002,,,,,
";
const PASSWORDS: &str = "institution,file,password
1001,,秘密 1
,回答.zip,\"a,b\"
";
const TABLE: &str = "question,option,percent,base,remark
問1,有,39.0,498,
問1,無,61.0,498,注
";

const ACKNOWLEDGED: &str = "finding,reason
F03-1a2b3c4d5e,廃業のため
i09-0123456789,\"確認済み,二件\"
";

/// A workbook of texts, the table on its first sheet.
fn workbook(text: &str) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, record) in
        (1..).zip(csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes()).records())
    {
        for (column, field) in (0..).zip(record.expect("a row").iter()) {
            sheet.write_string(row, column, field).expect("a cell");
        }
    }
    workbook.add_worksheet().write_string(0, 0, "メモ").expect("a cell");
    workbook.save_to_buffer().expect("a workbook")
}

/// The fields of a table between another separator.
fn separated(text: &str, separator: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(separator).flexible(true).from_writer(Vec::new());
    for record in csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes()).records() {
        writer.write_record(&record.expect("a row")).expect("a row");
    }
    writer.into_inner().expect("a table")
}

/// A table in every shape that it comes in.
fn shapes(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let blank = ",".repeat(text.lines().next().expect("headings").matches(',').count());
    let crlf = format!("{blank}\n{text}{blank}\n\n{blank}\n").replace('\n', "\r\n");
    let (heading, rest) = text.split_once('\n').expect("headings");
    vec![
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-8 with a mark", format!("\u{feff}{crlf}").into_bytes()),
        ("CP932", SHIFT_JIS.encode(&crlf).0.into_owned()),
        ("semicolons", separated(text, b';')),
        ("tabs", separated(text, b'\t')),
        ("sep=", [b"sep=;\r\n".as_slice(), &separated(text, b';')].concat()),
        ("headings", format!("{}\n{rest}", heading.to_uppercase()).into_bytes()),
        ("xlsx", workbook(text)),
    ]
}

/// Reads a table in every shape; each must come to what the first does.
fn alike<T: PartialEq + std::fmt::Debug>(text: &str, read: impl Fn(&Bench, &Path) -> T) -> T {
    let bench = Bench::new();
    let mut first = None;
    for (shape, bytes) in shapes(text) {
        let path = bench.write("table", bytes);
        let product = read(&bench, &path);
        let first = first.get_or_insert(product);
        assert_eq!(*first, read(&bench, &path), "{shape}");
    }
    first.expect("there are shapes")
}

#[test]
fn a_roster_in_every_shape() {
    let read = alike(ROSTER, |_, path| {
        let roster = Roster::load(path, &survey()).unwrap_or_else(|error| panic!("{error}"));
        let all = roster.institutions().into_iter().map(|one| format!("{} {} {:?}", one.code, one.name, one.sectors()));
        all.collect::<Vec<_>>()
    });
    assert_eq!(read.len(), 2);
    assert!(read[0].starts_with("0102 模擬,二銀行"), "{read:?}");
}

#[test]
fn a_ledger_in_every_shape() {
    let read = alike(LEDGER, |_, path| {
        let ledger = Ledger::load(path, &survey()).unwrap_or_else(|error| panic!("{error}"));
        ledger
            .events()
            .iter()
            .map(|one| format!("{} {} {:?} {}", one.date, one.institution, one.kind, one.note))
            .collect::<Vec<_>>()
    });
    assert!(read[0].contains("模擬新銀行") && read[0].ends_with("改称、\n登記済み"), "{read:?}");
}

#[test]
fn what_is_acknowledged_in_every_shape() {
    let read = alike(ACKNOWLEDGED, |_, path| {
        let acknowledged = Acknowledgements::load(path).unwrap_or_else(|error| panic!("{error}"));
        acknowledged.all().into_iter().map(|(id, one)| format!("{id} {}", one.reason)).collect::<Vec<_>>()
    });
    assert_eq!(read, ["F03-1a2b3c4d5e 廃業のため", "I09-0123456789 確認済み,二件"]);
}

#[test]
fn passwords_in_every_shape() {
    let read = alike(PASSWORDS, |_, path| {
        let passwords = Passwords::load(path).unwrap_or_else(|error| panic!("{error}"));
        passwords.candidates("回答.zip", None).into_iter().map(|one| one.password.to_owned()).collect::<Vec<_>>()
    });
    assert_eq!(read, ["a,b", "秘密 1"]);
}

#[test]
fn a_published_table_in_every_shape() {
    let read = alike(TABLE, |_, path| {
        let published = Published::read(path, None).unwrap_or_else(|error| panic!("{error}"));
        let cells =
            published.cells.iter().map(|one| format!("{} {} {} {}", one.question, one.option, one.percent, one.base));
        (cells.collect::<Vec<_>>(), published.unusable.len())
    });
    assert_eq!(read, (vec!["問1 有 39.0 498".to_owned(), "問1 無 61.0 498".to_owned()], 0));
}

#[test]
fn an_intake_log_in_every_shape() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_1001_"));
    let file = std::fs::read_dir(&folder).expect("readable").flatten().next().expect("a return");
    let name = file.file_name().to_string_lossy().replace("1001", "模擬1001");
    std::fs::rename(file.path(), folder.join(&name)).expect("a rename");
    for (shape, bytes) in shapes(&format!("file,time\n{name},2023-08-01 14:05\n")) {
        let log = bench.write("log", bytes);
        let read = Listing::of(&folder).and_then(|listing| listing.with_received(&log));
        read.unwrap_or_else(|error| panic!("{shape}: {error}"));
    }
    let log = bench.write("log", "file,time\r\n,\r\nx.xlsx,gestern\r\n");
    let error = Listing::of(&folder).and_then(|listing| listing.with_received(&log)).expect_err("no time");
    let said = error.to_string();
    assert!(said.contains("log:3:8: 「gestern」 is no time of receipt"), "{said}");
    assert!(said.contains(" 3 | x.xlsx,gestern\n   |        ^^^^^^^\n"), "{said}");
}

/// Where a text stands: its line, or its cell where the table is on a sheet.
fn place_of(text: &str, bytes: &[u8], wanted: &str, table: &str) -> String {
    if bytes.starts_with(b"PK") {
        let records =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(table.as_bytes()).into_records();
        for (row, record) in (2..).zip(records) {
            let record = record.expect("a row");
            if let Some(column) = record.iter().position(|field| field == wanted) {
                let column = char::from(b'A' + u8::try_from(column).expect("few columns"));
                return format!("/table]Sheet1!{column}{row}: ");
            }
        }
    }
    // In one of the shapes the headings are capitals.
    let is_it = |line: &str| line.to_lowercase().contains(&wanted.to_lowercase());
    let line = 1 + text.lines().position(is_it).expect("it stands there");
    format!("/table:{line}:")
}

/// Every shape of a table reports a mistake at its place, with the content, the remedy and a caret. A password is never
/// printed.
fn told(table: &str, wanted: &str, words: &[&str], said: impl Fn(&Bench, &Path) -> String) {
    let bench = Bench::new();
    for (shape, bytes) in shapes(table) {
        let path = bench.write("table", &bytes);
        let said = said(&bench, &path);
        let text = if shape == "CP932" { SHIFT_JIS.decode(&bytes).0 } else { String::from_utf8_lossy(&bytes) };
        let place = place_of(&text, &bytes, wanted, table);
        assert!(said.contains(&place), "{shape}: {place} in\n{said}");
        for word in words {
            assert!(said.contains(word), "{shape}: {word} in\n{said}");
        }
        assert!(said.contains('^') && !said.contains("秘密"), "{shape}: {said}");
        assert_eq!(said.matches("/table").count(), 1, "{shape}: one mistake is one complaint\n{said}");
    }
}

#[test]
fn a_mistake_in_each_table_and_each_shape_is_told_at_its_place() {
    let sector = ROSTER.replace(",trust,", ",banks,");
    told(&sector, "banks", &["there is no sector `banks`", "write one of", "trust"], |_, path| {
        Roster::load(path, &survey()).expect_err("a mistake").to_string()
    });
    let event = LEDGER.replace(",exit,", ",closed,");
    told(&event, "closed", &["`closed` is no event", "write one of merger, recode"], |_, path| {
        Ledger::load(path, &survey()).expect_err("a mistake").to_string()
    });
    let without = PASSWORDS.replace("回答.zip", "mark.zip").replace("\"a,b\"", "");
    told(&without, "mark.zip", &["the row has no password", "write it in"], |_, path| {
        // The row has no field to point at: its file is.
        Passwords::load(path).expect_err("a mistake").to_string().replace("Sheet1!A4", "Sheet1!B4")
    });
    let day = "file,time\nx.xlsx,2023-08-01 14:05\ny.xlsx,gestern\n";
    told(day, "gestern", &["「gestern」 is no time of receipt", "2023-08-01 14:05"], |bench, path| {
        let folder = bench.copy_sample(2023, "returned", |name| name.contains("_1001_"));
        let read = Listing::of(&folder).and_then(|listing| listing.with_received(path));
        read.expect_err("a mistake").to_string()
    });
    let id = ACKNOWLEDGED.replace("i09-0123456789", "1.23E+09");
    told(&id, "1.23E+09", &["「1.23E+09」 is no id of a finding", "internal/status.xlsx"], |_, path| {
        Acknowledgements::load(path).expect_err("a mistake").to_string()
    });
    let column = TABLE.replace("percent", "share");
    told(&column, "question", &["lacks the column percent", "the first row names the columns"], |_, path| {
        Published::read(path, None).expect_err("a mistake").to_string()
    });
}

#[test]
fn a_row_of_a_published_table_that_cannot_be_used_is_told_in_every_shape() {
    let table = TABLE.replace("61.0", "６１．０％前後");
    let bench = Bench::new();
    for (shape, bytes) in shapes(&table) {
        let path = bench.write("table", &bytes);
        let published = Published::read(&path, None).unwrap_or_else(|error| panic!("{shape}: {error}"));
        let [one] = published.unusable.as_slice() else { panic!("{shape}: {:?}", published.unusable) };
        let told = format!("{one:?}");
        let text = if shape == "CP932" { SHIFT_JIS.decode(&bytes).0 } else { String::from_utf8_lossy(&bytes) };
        let line = text.lines().position(|line| line.contains("６１．０％前後")).map_or(4, |line| line + 1);
        assert!(told.contains(&line.to_string()) && told.contains("６１．０％前後"), "{shape}: line {line} in {told}");
        assert_eq!(published.cells.len(), 1, "{shape}");
    }
}

#[test]
fn what_is_acknowledged_twice_or_without_a_reason_is_told() {
    let bench = Bench::new();
    let table = "finding,reason\r\nF03-1a2b3c4d5e,済\r\n,\r\nf03-1A2B3C4D5E,済\r\nF03-1a2b3c4d5f,\r\n";
    let said = Acknowledgements::load(&bench.write("table", table)).expect_err("mistakes").to_string();
    assert!(said.contains("table:4:1: the finding F03-1a2b3c4d5e is acknowledged in line 2 already"), "{said}");
    assert!(said.contains("table:5:16: the row gives no reason"), "{said}");
    let table = "finding,reason\r\nd03-1a2b3c4d5e,済\r\nO01-1a2b3c4d5e,済\r\n";
    let said = Acknowledgements::load(&bench.write("table", table)).expect_err("mistakes").to_string();
    assert!(said.contains("table:2:1: D03-1a2b3c4d5e is a finding of disclosure control"), "{said}");
    assert!(said.contains("table:3:1: O01-1a2b3c4d5e is a finding about a file that was set aside"), "{said}");
}

/// What is said of a roster of these bytes.
fn said(bytes: &[u8]) -> String {
    let bench = Bench::new();
    let error = Roster::load(&bench.write("roster.csv", bytes), &survey()).expect_err("mistakes");
    error.to_string().replace(&format!("{}/", bench.path("").display()).replace("//", "/"), "")
}

#[test]
fn a_mistake_is_shown_in_its_line_with_a_caret() {
    let rows = "fiscal_year,institution,name,sector,subsector\n,,,,\n\n2023,1001,\"模擬\n銀行\",regional,regional_bank\n2023,1002,模擬二,banks,\n";
    let cp932 = SHIFT_JIS.encode(&rows.replace('\n', "\r\n")).0.into_owned();
    for bytes in [rows.as_bytes(), &cp932] {
        let said = said(bytes);
        assert!(said.contains("roster.csv:6:15: there is no sector `banks`"), "{said}");
        assert!(said.contains(" 6 | 2023,1002,模擬二,banks,\n   |                  ^^^^^\n"), "{said}");
        assert_eq!(said.matches("roster.csv:").count(), 1, "{said}");
    }
    let comma = said(b"fiscal_year,institution,name,sector,subsector\n2023,1001,a, b,regional,regional_bank\n");
    assert!(comma.contains("roster.csv:2:25: the row has 6 fields, expected 5"), "{comma}");
    let open = said(
        "fiscal_year,institution,name,sector,subsector\n2023,1001,\"模擬,trust,\n2023,1002,二,trust,\n".as_bytes(),
    );
    assert!(open.contains("roster.csv:2:11: the roster has a quotation mark that is never closed"), "{open}");
    let swallowed = said(
        "fiscal_year,institution,name,sector,subsector\n2023,1,\"一,trust,\n2023,2,二,trust,\n2023,3,\"三\",trust,\n"
            .as_bytes(),
    );
    assert!(
        swallowed.contains("roster.csv:2:8: the roster has a text in quotation marks that ends in line 4, and goes on"),
        "{swallowed}"
    );
    let twice = said(b"fiscal_year,institution,name,name,sector,subsector\n");
    assert!(twice.contains("roster.csv:1:30: the roster has two columns `name`"), "{twice}");
}

#[test]
fn an_encoding_that_is_not_read_is_named() {
    let utf16: Vec<u8> = [0xFEFFu16].into_iter().chain(ROSTER.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(said(&utf16).contains("the roster is in UTF-16"), "{}", said(&utf16));
    assert!(said(&EUC_JP.encode(ROSTER).0).contains("the roster seems to be in EUC-JP"), "EUC-JP");
    assert!(said(&ISO_2022_JP.encode(ROSTER).0).contains("the roster is in ISO-2022-JP"), "JIS");
    let neither = said(b"fiscal_year,institution,name,sector,subsector\r\n2023,1001,\x96\xff,trust,\r\n");
    assert!(neither.contains("roster.csv:2:11: the roster is neither in UTF-8 nor in CP932"), "{neither}");
    assert!(neither.contains("CSV UTF-8"), "{neither}");
    let broken = said(b"\xEF\xBB\xBFfiscal_year,institution,name,sector,subsector\n2023,1001,\x96\xcd,trust,\n");
    assert!(broken.contains("roster.csv:2:11: the roster begins as UTF-8"), "{broken}");
    let old = said(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more");
    assert!(old.contains("old format, or one with a password"), "{old}");
}

#[test]
fn a_sheet_is_read_as_it_shows_its_numbers_and_a_mistake_names_its_cell() {
    let bench = Bench::new();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("名簿").expect("a name");
    for (column, heading) in (1..).zip(["Fiscal_Year", "institution", "name", "sector", "subsector"]) {
        sheet.write_string(2, column, heading).expect("a cell");
    }
    for (row, code, sector) in [(3, 102.0, "trust"), (5, 103.0, "banks")] {
        sheet.write_number(row, 1, 2023.0).expect("a cell");
        sheet.write_number_with_format(row, 2, code, &Format::new().set_num_format("0000")).expect("a cell");
        sheet.write_string(row, 3, format!("模擬{code}")).expect("a cell");
        sheet.write_string(row, 4, sector).expect("a cell");
        sheet.write_string(row, 9, "覚え").expect("a cell");
    }
    workbook.save(bench.path("roster.xlsx")).expect("a workbook");
    let error = Roster::load(&bench.path("roster.xlsx"), &survey()).expect_err("no sector").to_string();
    assert!(error.contains("roster.xlsx]名簿!E6: there is no sector `banks`"), "{error}");
    assert!(error.contains("0103 | 模擬103 | banks") && error.contains("^^^^^"), "{error}");

    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, heading) in (0..).zip(["question", "option", "percent", "base"]) {
        sheet.write_string(0, column, heading).expect("a cell");
    }
    for (row, number, format) in
        [(1, 12.0, "0.0"), (2, 0.387, "0.0%"), (3, 0.4, "0%"), (4, 9.45, "0.0"), (5, 8.5, "General")]
    {
        sheet.write_string(row, 0, "q").expect("a cell");
        sheet.write_string(row, 1, format!("{row}")).expect("a cell");
        sheet.write_number_with_format(row, 2, number, &Format::new().set_num_format(format)).expect("a cell");
        sheet.write_number_with_format(row, 3, 1498.0, &Format::new().set_num_format("#,##0")).expect("a cell");
    }
    workbook.save(bench.path("table.xlsx")).expect("a workbook");
    let published = Published::read(&bench.path("table.xlsx"), None).unwrap_or_else(|error| panic!("{error}"));
    let percents: Vec<String> = published.cells.iter().map(|cell| cell.percent.to_string()).collect();
    assert_eq!(percents, ["12.0", "38.7", "40", "9.5", "8.5"]);
    assert!(published.cells.iter().all(|cell| cell.base == 1498));
}

#[test]
fn the_program_takes_a_roster_from_excel() {
    let bench = Bench::new();
    let text = std::fs::read_to_string(sample("roster.csv")).expect("the roster");
    let cp932 = SHIFT_JIS.encode(&text.trim_start_matches('\u{feff}').replace('\n', "\r\n")).0.into_owned();
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_1001_"));
    for (name, bytes) in [("roster.csv", cp932), ("roster.xlsx", workbook(text.trim_start_matches('\u{feff}')))] {
        let path = bench.write(name, bytes).to_string_lossy().into_owned();
        let ran = bench.run("ingest", 2023, &folder, &["--roster", &path, "--format", "json"]);
        assert_eq!(ran.status, 0, "{name}: {}\n{}", ran.out, ran.err);
        assert!(ran.out.contains("\"institutions\":40"), "{name}: {}", ran.out);
    }
}
