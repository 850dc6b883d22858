//! Several workbooks of one institution: their order, the rows kept of those that do not count, and the report on the
//! difference.

use std::collections::BTreeMap;

use cssa::ingest::Moment;

use crate::book::{Book, Parts, returned};
use crate::responses::stored;
use crate::support::{Bench, contents, sample, table};

/// Institutions of the FY2023 sample that returned xlsx workbooks, in order.
fn institutions() -> Vec<String> {
    let folder = std::fs::read_dir(sample("fy2023")).expect("the sample is there");
    let names = folder.map(|entry| entry.expect("the sample is readable").file_name().to_string_lossy().into_owned());
    let mut codes: Vec<String> = names
        .filter(|name| name.ends_with(".xlsx"))
        .filter_map(|name| Some(name.split('_').nth(1)?.to_owned()))
        .collect();
    codes.sort();
    codes
}

/// Puts a pair of workbooks for each pair of names into a folder, with the same answers and the same
/// time of saving; `{c}` in a name is the code. Gives back, by institution, which file counts.
fn counting(pairs: &[(&str, &str)]) -> (BTreeMap<String, String>, Vec<serde_json::Value>, Vec<String>) {
    let bench = Bench::new();
    let codes = institutions();
    assert!(pairs.len() <= codes.len(), "there is an institution for each pair");
    for (code, (one, another)) in codes.iter().zip(pairs) {
        let mut parts = Parts::of(&returned(2023, code));
        for (name, note) in [(one, "first"), (another, "second")] {
            let name = name.replace("{c}", code);
            bench.write(&format!("returned/{name}"), parts.add("note.xml", note.as_bytes().to_vec()).bytes());
        }
    }
    let ran = bench.run("ingest", 2023, &bench.path("returned"), &[]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    let submissions = stored(&bench, "submissions", 2023);
    assert_eq!(submissions.len(), 2 * pairs.len(), "no two pairs share a name");
    let accepted = submissions.into_iter().filter(|row| row["status"] == "accepted");
    (accepted.map(|row| (row["institution"].clone(), row["file"].clone())).collect(), bench.findings(2023), codes)
}

#[test]
fn names_and_folders_tell_which_one_is_later() {
    let pairs = [
        ("{c}.xlsx", "{c}_再提出.xlsx"),
        ("z{c}.xlsx", "a{c}_再送.xlsx"),
        ("z{c}_回答.xlsx", "a{c}（訂正）.xlsx"),
        ("z{c}_回答.xlsx", "a{c}_修正版.xlsx"),
        ("z{c}_回答.xlsx", "a{c}【差替】.xlsx"),
        ("z{c}_回答.xlsx", "a{c}差し替え.xlsx"),
        ("z{c}_回答.xlsx", "a{c}_最終.xlsx"),
        ("{c}_再提出.xlsx", "{c}_再々提出.xlsx"),
        ("{c}_再提出.xlsx", "{c}_再提出2.xlsx"),
        ("{c}_修正.xlsx", "{c}_修正_最終.xlsx"),
        ("{c}_修正前.xlsx", "{c}.xlsx"),
        ("z{c}_旧.xlsx", "a{c}.xlsx"),
        ("z{c}_old.xlsx", "a{c}.xlsx"),
        ("z{c}（初回）.xlsx", "a{c}.xlsx"),
        ("z{c}_原本.xlsx", "a{c}.xlsx"),
        ("z{c}_v1.xlsx", "a{c}_v2.xlsx"),
        ("{c}_v9.xlsx", "{c}_v10.xlsx"),
        ("{c}_Ver1.9.xlsx", "{c}_Ver1.10.xlsx"),
        ("z{c}.xlsx", "a{c}ver3.xlsx"),
        ("z{c}.xlsx", "a{c} rev.2.xlsx"),
        ("z{c}_第1版.xlsx", "a{c}_第2版.xlsx"),
        ("{c}.xlsx", "{c} (2).xlsx"),
        ("{c} (2).xlsx", "{c} (10).xlsx"),
        ("{c}.xlsx", "{c}（２）.xlsx"),
        ("{c}.xlsx", "{c}_2.xlsx"),
        ("{c}.xlsx", "{c} - コピー.xlsx"),
        ("{c} - ｺﾋﾟｰ.xlsx", "{c} - コピー (2).xlsx"),
        ("z{c}_20230801.xlsx", "z{c}_20230815.xlsx"),
        ("z{c}_20230801.xlsx", "a_{c}_20230815.xlsx"),
        ("回答（9月5日）{c}.xlsx", "点検票（10月1日）{c}.xlsx"),
        ("20230801受領/{c}.xlsx", "20230815受領/{c}.xlsx"),
        ("2023-9-30/{c}.xlsx", "2023-10-01/{c}.xlsx"),
        ("0930受領/{c}.xlsx", "1015受領/{c}.xlsx"),
        ("初回/{c}.xlsx", "再提出/{c}.xlsx"),
        ("z受信/{c}.xlsx", "a受信/再提出/{c}.xlsx"),
        ("旧/{c}.xlsx", "{c}_.xlsx"),
    ];
    // The sample has fewer xlsx workbooks than there are ways to name them.
    for some in pairs.chunks(16) {
        let (counts, findings, codes) = counting(some);
        for (code, (_, later)) in codes.iter().zip(some) {
            assert_eq!(counts[code], later.replace("{c}", code), "of {some:?}");
        }
        assert!(findings.iter().all(|finding| finding["code"] == "I03"), "{findings:#?}");
    }
}

#[test]
fn names_that_tell_nothing_are_not_made_to() {
    let pairs = [
        ("{c}_回答.xlsx", "{c}_送付.xlsx"),
        ("{c}_修正.xlsx", "{c}_再提出.xlsx"),
        ("{c}_v2.xlsx", "{c}_再提出.xlsx"),
        // Another institution's code, and a word within a word.
        ("{c}.xlsx", "{c}_1002.xlsx"),
        ("Goldman{c}.xlsx", "Silver{c}.xlsx"),
        ("Nov{c}.xlsx", "Dec{c}x.xlsx"),
        ("受信/{c}.xlsx", "郵送/{c}.xlsx"),
        ("2023年/{c}.xlsx", "2022年/{c}.xlsx"),
        ("班1/{c}.xlsx", "班2/{c}.xlsx"),
    ];
    let (_, findings, codes) = counting(&pairs);
    for code in &codes[..pairs.len()] {
        let of: Vec<_> =
            findings.iter().filter(|one| one["institution"] == *code).map(|one| one["code"].clone()).collect();
        assert!(of.contains(&"I09".into()) && of.contains(&"I03".into()), "{code}: {findings:#?}");
    }
}

#[test]
fn a_moment_is_the_same_however_it_is_written() {
    let same = [
        "2023-08-01 14:05",
        "2023/8/1 14:05",
        "2023/08/01 14:05:00",
        "2023-08-01T14:05",
        "2023-08-01T14:05:00.123456789",
        "2023-08-01T05:05:00Z",
        "2023-08-01T14:05:00+09:00",
        "2023-07-31 21:05:00-0800",
        " 2023-8-1 14:05 ",
    ];
    for text in same {
        let moment = Moment::parse(text).unwrap_or_else(|| panic!("{text} is a moment"));
        assert_eq!(moment.to_string(), "2023-08-01 14:05", "{text}");
    }
    for text in ["2024-02-29", "2000-02-29 23:59:59", "1970-01-01 09:00", "2026-12-31 00:00"] {
        let shown = Moment::parse(text).expect("a moment").to_string();
        assert!(shown.starts_with(text), "{text} is shown as {shown}");
    }
    let none = [
        "",
        "14:05",
        "2023-13-01",
        "2023-02-29",
        "2023-8-32",
        "1.8.2023",
        "2023-08-01 25:00",
        "2023-08-01 14:5",
        "令和5年8月1日",
        "2023-08-01T14:05+9",
    ];
    for text in none {
        assert_eq!(Moment::parse(text), None, "{text}");
    }
}

#[test]
fn workbooks_of_every_format_say_when_they_were_saved() {
    let bench = Bench::new();
    let ran = bench.run("ingest", 2023, &sample("fy2023"), &[]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    for row in stored(&bench, "submissions", 2023) {
        // All of the sample was saved in one hour, at noon of universal time on a machine that keeps it; ods has no
        // zone, and a time without one is taken for Japan's.
        let hour = if row["format"] == "ods" { "2026-11-20 12:" } else { "2026-11-20 21:" };
        assert!(row["saved_at"].starts_with(hour), "{row:?}");
    }
}

/// Two workbooks of 1001 that differ in the answer to question 1.
fn resubmission() -> Bench {
    let bench = Bench::new();
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_1004_"));
    let mut book = Book::of(2023, "1001");
    book.write(&folder.join("1001_再提出.xlsx"));
    book.sheet("１．経営層の関与").clear("D5").put("D8", "○");
    book.write(&folder.join("=1001.xlsx"));
    bench
}

#[test]
fn what_changed_is_kept_question_by_question() {
    let bench = resubmission();
    let ran = bench.run("ingest", 2023, &bench.path("returned"), &[]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains("internal/revisions.csv"), "{}", ran.out);

    let submissions = stored(&bench, "submissions", 2023);
    let id = |file: &str| submissions.iter().find(|row| row["file"] == file).expect("the file")["submission"].clone();
    let revisions = stored(&bench, "revisions", 2023);
    assert_eq!(revisions.len(), 1, "{revisions:?}");
    let revision = &revisions[0];
    let of = |name: &str| revision[name].as_str();
    assert_eq!((of("institution"), of("question"), of("item"), of("kind")), ("1001", "policy", "", "resubmission"));
    assert_eq!((of("before"), of("after")), ("none", "published"));
    assert_eq!(
        (revision["from_submission"].clone(), revision["to_submission"].clone()),
        (id("=1001.xlsx"), id("1001_再提出.xlsx"))
    );

    let finding = bench.findings(2023).into_iter().find(|finding| finding["code"] == "I03").expect("the finding");
    let message = finding["message"].as_str().expect("a message");
    assert!(message.contains("[1001_再提出.xlsx]") && message.ends_with("differs in 1 question: 問1"), "{message}");

    // Of both workbooks every answer is in the store, those that do not count in a table of their own.
    let superseded = stored(&bench, "superseded_responses", 2023);
    assert!(
        superseded.len() > 40 && superseded.iter().all(|row| row["submission"] == id("=1001.xlsx")),
        "{superseded:?}"
    );
    let policy = superseded.iter().find(|row| row["question"] == "policy").expect("the answer that was");
    assert_eq!((policy["option"].as_str(), policy["cell"].as_str()), ("none", "D8"));

    let path = bench.path("reports/fy2023/internal/revisions.csv");
    assert!(std::fs::read(&path).expect("the file").starts_with("\u{feff}".as_bytes()));
    let rows = table::read(&path);
    assert_eq!(rows.len(), 1);
    let of = |name: &str| rows[0][name].as_str();
    assert_eq!((of("name"), of("kind"), of("number")), ("模擬地方銀行001", "再提出", "問1"));
    assert_eq!((of("from_file"), of("to_file")), ("'=1001.xlsx", "1001_再提出.xlsx"), "no formula is left");
    assert_eq!(of("after"), "経営トップの関与のもと経営方針として掲げ、対外公表している");
}

#[test]
fn a_second_resubmission_is_compared_with_the_first_and_copies_are_kept_once() {
    let bench = resubmission();
    let mut book = Book::of(2023, "1001");
    book.sheet("１．経営層の関与").clear("D5");
    book.write(&bench.path("returned/1001_再々提出.xlsx"));
    let first = bench.path("returned/=1001.xlsx");
    std::fs::copy(&first, bench.path("returned/=1001 (2).xlsx")).expect("a file can be copied");
    let ran = bench.run("ingest", 2023, &bench.path("returned"), &[]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    let changes: Vec<_> =
        stored(&bench, "revisions", 2023).iter().map(|row| (row["before"].clone(), row["after"].clone())).collect();
    let expected = [("none", "published"), ("published", "item_nonresponse")];
    assert_eq!(changes, expected.map(|(before, after)| (before.to_owned(), after.to_owned())));
    let superseded = stored(&bench, "superseded_responses", 2023);
    assert_eq!(superseded.iter().filter(|row| row["question"] == "policy").count(), 2);
    let codes: Vec<_> = bench.findings(2023).iter().map(|one| (one["code"].clone(), one["file"].clone())).collect();
    assert!(codes.contains(&("I04".into(), "=1001 (2).xlsx".into())), "{codes:?}");
}

#[test]
fn the_same_resubmissions_give_the_same_bytes() {
    let products = |bench: &Bench, threads: &str| {
        let log = bench.write("log.csv", "file,time\n1001_再提出.xlsx,2023-08-02\n=1001.xlsx,2023-08-01\n");
        let ran = bench.run(
            "ingest",
            2023,
            &bench.path("returned"),
            &["--threads", threads, "--received", &log.to_string_lossy()],
        );
        assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
        let mut products = contents(&bench.path("data/store"));
        products.extend(contents(&bench.path("reports/fy2023/internal")));
        products.retain(|(name, _)| name != ".lock");
        products
    };
    let bench = resubmission();
    let first = products(&bench, "1");
    for name in ["revisions.csv", "status.xlsx", "status.json", "superseded_responses/fiscal_year=2023/part-0.parquet"]
    {
        assert!(first.iter().any(|(product, _)| product == name), "{name} is written");
    }
    assert!(first == products(&bench, "2"), "a second run on two threads");
}

/// An archive of one file.
fn archive(name: &str, content: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("a file in an archive");
    writer.write_all(content).expect("its content");
    writer.finish().expect("an archive").into_inner()
}

#[test]
fn an_intake_log_reaches_into_archives() {
    let bench = Bench::new();
    let whole = std::fs::read(returned(2023, "1001")).expect("a return");
    // By its name the one in the archive is the later; by the log it came first.
    bench.write("returned/便.zip", archive("1001_再提出.xlsx", &whole));
    let mut book = Book::of(2023, "1001");
    book.saved = (1, 0);
    book.write(&bench.write("returned/1001.xlsx", ""));
    for rows in [
        "便.zip,2023-08-01\n",
        "便.zip/1001_再提出.xlsx,2023-08-01\n",
        "1001_再提出.xlsx,2023-08-01\n",
        "便.zip,2023-08-20\n便.zip\\1001_再提出.xlsx,2023-08-01\n",
    ] {
        let log = bench.write("log.csv", format!("file,time\n{rows}1001.xlsx,2023-08-10\n")).display().to_string();
        let ran = bench.run("ingest", 2023, &bench.path("returned"), &["--received", &log]);
        assert_eq!(ran.status, 0, "the log settles it: {}\n{}", ran.out, ran.err);
        let submissions = stored(&bench, "submissions", 2023);
        let accepted: Vec<&str> =
            submissions.iter().filter(|row| row["status"] == "accepted").map(|row| row["file"].as_str()).collect();
        assert_eq!(accepted, ["1001.xlsx"], "{rows}");
        assert!(
            bench.findings(2023).iter().all(|finding| finding["code"] != "I12"),
            "{rows}: {:?}",
            bench.findings(2023)
        );
    }
    let log = bench.write("log.csv", "file,time\n1001.xlsx,2023-08-10\nfehlt.xlsx,2023-08-10\n").display().to_string();
    bench.run("ingest", 2023, &bench.path("returned"), &["--received", &log]);
    let differing = bench.findings(2023).iter().filter(|finding| finding["code"] == "I12").count();
    assert_eq!(differing, 2, "the archive is not in the log, and one of the log is not there");
}

#[test]
fn a_log_of_resubmissions_alone_is_one_finding_about_all_other_files() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_10") || name.contains("_20"));
    let count = std::fs::read_dir(&folder).expect("readable").count();
    assert!(count > 10);
    let whole = crate::book::returned(2023, "1002");
    std::fs::copy(whole, folder.join("1002_再提出.xlsx")).expect("a file can be copied");
    let log = bench.write("log.csv", "file,time\n1002_再提出.xlsx,2023-08-20\n").display().to_string();
    let differing = || -> Vec<serde_json::Value> {
        bench.run("ingest", 2023, &folder, &["--received", &log, "--fail-on", "never"]);
        bench.findings(2023).into_iter().filter(|finding| finding["code"] == "I12").collect()
    };
    let [one] = &differing()[..] else { panic!("{:?}", differing()) };
    let message = one["message"].as_str().expect("a text");
    let words = format!("the intake log does not name {count} of the {} files of the folder: CSSA2023_1", count + 1);
    assert!(message.starts_with(&words) && message.ends_with(&format!(" and {} more", count - 5)), "{message}");
    assert_eq!(one["severity"], "information");
    // Another return changes the count, and the finding is the same.
    let id = one["finding"].clone();
    bench.copy_sample(2023, "returned", |name| name.contains("_6005_"));
    let [again] = &differing()[..] else { panic!("{:?}", differing()) };
    assert!(again["finding"] == id && again["message"] != one["message"], "{again}");
    // Each file that never came may be a lost workbook.
    let gone = |count: u32| {
        let rows: String = (0..count).map(|number| format!("gone{number:02}.xlsx,2023-08-20\n")).collect();
        bench.write("log.csv", format!("file,time\n{rows}"));
        differing()
            .iter()
            .filter(|one| one["message"].as_str().is_some_and(|text| text.contains("does not have")))
            .count()
    };
    assert_eq!((gone(12), gone(3)), (12, 3));
}

#[test]
fn a_resubmission_that_cannot_be_read_displaces_nothing() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2022, "returned", |name| name.contains("_1004_"));
    let mut book = Book::of(2022, "1004");
    book.sheet("点検票").put("F3", "記入例");
    book.write(&folder.join("1004_再提出.xlsx"));
    let ran = bench.run("ingest", 2022, &folder, &[]);
    assert_eq!(ran.status, 1, "{}", ran.err);
    let submissions = stored(&bench, "submissions", 2022);
    let of =
        |name: &str| submissions.iter().find(|row| row["file"].contains(name)).expect("a workbook")["status"].clone();
    assert_eq!((of("1004_再提出"), of("CSSA2022_1004")), ("rejected".to_owned(), "accepted".to_owned()));
    let mut codes: Vec<String> =
        bench.findings(2022).iter().map(|finding| finding["code"].as_str().unwrap_or("").to_owned()).collect();
    codes.sort();
    assert_eq!(codes, ["I11", "I13"]);
}

#[test]
fn a_bad_intake_log_is_one_clear_error_before_anything_is_written() {
    let bench = resubmission();
    for folder in ["a", "b"] {
        std::fs::create_dir(bench.path(&format!("returned/{folder}"))).expect("a folder can be made");
        std::fs::copy(returned(2023, "1006"), bench.path(&format!("returned/{folder}/1006.xlsx"))).expect("a copy");
    }
    let cases: [(&str, &str); 6] = [
        ("file,time\n1001_再提出.xlsx,8月1日\n", "log.csv:2:15: 「8月1日」 is no time of receipt"),
        ("file,time\n=1001.xlsx,2023-08-01\n1001_再提出.xlsx,2023-02-30\n", "log.csv:3:15: 「2023-02-30」"),
        ("file,time\n,2023-08-01\n", "log.csv:2:1: the file is not named"),
        ("file,received\nx,y\n", "log.csv:1:1: the intake log lacks the column time; it has: file, received"),
        ("file,time\n1006.xlsx,2023-08-01\n", "log.csv:2:1: 1006.xlsx may be a/1006.xlsx or b/1006.xlsx"),
        (
            "file,time\n=1001.xlsx,2023-08-01\n=1001.xlsx,2023-08-02\n",
            "log.csv:3:1: =1001.xlsx stands already in line 2",
        ),
    ];
    for (log, said) in cases {
        let path = bench.write("log.csv", log);
        let ran = bench.run("ingest", 2023, &bench.path("returned"), &["--received", &path.to_string_lossy()]);
        assert_eq!(ran.status, 2, "{log}");
        assert!(ran.err.contains(said) && ran.err.contains("log.csv"), "{said} in {}", ran.err);
    }
    let ran = bench.run("ingest", 2023, &bench.path("returned"), &["--received", "nowhere.csv"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("the intake log nowhere.csv cannot be read"), "{}", ran.err);
    let path = bench.write("log.csv", b"file,time\n\x83\xFF.xlsx,2023-08-01\n");
    let ran = bench.run("ingest", 2023, &bench.path("returned"), &["--received", &path.to_string_lossy()]);
    assert!(
        ran.status == 2 && ran.err.contains("log.csv:2:1: the intake log is neither in UTF-8 nor in CP932"),
        "{}",
        ran.err
    );
    assert!(!bench.path("data").exists() && !bench.path("reports").exists(), "nothing is written");
}
