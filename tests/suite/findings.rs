//! The registry of findings: codes that can be relied on, each explained, each raised by a case.

use std::collections::BTreeSet;

use cssa::finding::Code;

use crate::book::{Book, returned};
use crate::catalogue;
use crate::responses::stored;
use crate::support::{Bench, sample};

#[test]
fn codes_and_names_are_unique_and_of_one_shape() {
    let mut seen = BTreeSet::new();
    for code in Code::ALL {
        let rule = code.rule();
        assert!(seen.insert(rule.code), "{} stands twice", rule.code);
        assert!(seen.insert(rule.name), "{} stands twice", rule.name);
        let (letter, digits) = rule.code.split_at(1);
        assert!(letter.bytes().all(|b| b.is_ascii_uppercase()), "{} begins with a letter", rule.code);
        assert!(digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit()), "{} has two digits", rule.code);
        let is_plain = |b: u8| b.is_ascii_lowercase() || b == b'-';
        assert!(rule.name.bytes().all(is_plain), "{} is made of small letters and hyphens", rule.name);
    }
}

#[test]
fn every_code_is_explained_in_sentences() {
    for code in Code::ALL {
        let rule = code.rule();
        for text in [rule.what, rule.why, rule.example, rule.remedy] {
            assert!(text.chars().count() >= 8 && text.trim() == text, "{} says {text:?}", rule.code);
            assert!(text.ends_with('.'), "{} says {text:?}", rule.code);
        }
    }
}

#[test]
fn the_list_of_codes_changes_only_on_purpose() {
    let lines = Code::ALL.iter().map(|code| {
        let rule = code.rule();
        format!("{} {} {}", rule.code, rule.name, rule.severity.word())
    });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r"
    F01 not-a-workbook error
    F02 encrypted-workbook error
    F03 damaged-workbook error
    F04 empty-file error
    F05 unsafe-workbook error
    F06 not-a-return information
    F07 unreadable-file error
    F08 active-content information
    F09 no-workbook-in-archive error
    F10 beside-workbooks information
    F11 unused-password information
    F12 sheet-not-read warning
    F15 reader-died error
    F16 took-too-long error
    I01 no-cover-sheet error
    I02 unknown-institution error
    I03 repeated-institution warning
    I04 same-file-twice information
    I05 other-year error
    I06 name-differs warning
    I07 not-returned information
    I08 two-institutions error
    I09 order-unclear warning
    I10 blank-workbook error
    I11 newer-unusable warning
    I12 log-differs-from-folder information
    I13 too-little-read error
    L01 question-not-found warning
    L02 option-not-found warning
    L03 label-changed warning
    L04 answer-column-not-found warning
    L05 question-twice warning
    L06 two-answer-columns warning
    L07 copy-not-read information
    L08 copies-differ warning
    L09 example-not-read information
    L10 unlikely-sheet-read information
    L11 other-form warning
    L12 not-asked-of-it information
    L13 answers-off-row warning
    A01 no-such-option warning
    A02 unreadable-answer warning
    A03 not-a-number warning
    A04 stray-mark warning
    A05 cell-error warning
    A06 answer-understood information
    A07 answer-by-formula information
    A08 formula-without-result warning
    A09 remark-beside-answer information
    A10 merged-answer warning
    A11 correction-beside-answer warning
    A12 answer-not-seen warning
    A13 shown-otherwise warning
    A14 drawn-over warning
    A15 share-of-percent information
    E01 several-chosen warning
    E02 none-and-others warning
    E03 item-nonresponse warning
    E04 answer-behind-gate warning
    E05 gate-undecided warning
    E06 fatal-edit-failed warning
    E07 query-edit-failed information
    C01 same-in-many error
    R01 reply-unreadable warning
    R02 reply-without-query information
    R03 nothing-to-acknowledge information
    P01 unexplained-leaver warning
    P02 unexplained-entrant information
    P03 unexplained-name warning
    P04 unexplained-move warning
    D02 erratum-reveals error
    D03 withheld-cell-open error
    D04 released-against-policy information
    D05 year-before-not-released information
    D06 returns-since-release information
    D08 sectors-hang-together error
    D09 edition-not-remade warning
    O01 output-set-aside warning
    ");
}

#[test]
fn explain_answers_to_the_code_and_to_the_name_in_any_case() {
    let bench = Bench::new();
    for code in Code::ALL {
        let rule = code.rule();
        let by_code = bench.cssa(["explain", rule.code]);
        assert_eq!(by_code.status, 0, "{}", by_code.err);
        for text in [rule.code, rule.name, rule.severity.word(), rule.what, rule.why, rule.example, rule.remedy] {
            assert!(by_code.out.contains(text), "{text} in {}", by_code.out);
        }
        assert_eq!(bench.cssa(["explain", rule.name]).out, by_code.out);
        assert_eq!(bench.cssa(["explain", &rule.code.to_lowercase()]).out, by_code.out);
    }
}

#[test]
fn explain_without_a_code_lists_all_and_an_unknown_code_is_one_error() {
    let bench = Bench::new();
    let ran = bench.cssa(["explain"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!(ran.out.lines().count(), Code::ALL.len());
    for (line, code) in ran.out.lines().zip(Code::ALL) {
        assert!(line.starts_with(code.rule().code) && line.contains(code.rule().name), "{line}");
    }
    let ran = bench.cssa(["explain", "E99"]);
    assert_eq!((ran.status, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("`E99`") && ran.err.contains("cssa explain"), "{}", ran.err);
}

#[test]
fn every_code_is_raised_by_a_case_of_the_catalogue() {
    let cases = catalogue::all();
    let mut raised: BTreeSet<&str> = cases.iter().flat_map(|case| case.codes()).collect();
    // I07 and C01 below: they are about the folder. The others: see `edits`, `follow_up`
    // and `panel` and `release`.
    raised.extend(["I07", "C01", "E06", "E07", "R01", "R02", "P01", "P02", "P03", "P04"]);
    raised.extend(["D02", "D03", "D04", "D05", "D06", "D08", "D09"]);
    // A file that the program did not write: see `outputs`.
    raised.extend(["O01"]);
    // A line of the table of what is acknowledged: see `settled`.
    raised.extend(["R03"]);
    // A share of a percentage needs a question that asks for one, and answers a row off are many: see
    // `human_edits`.
    raised.extend(["A15", "L13"]);
    let codes: BTreeSet<&str> = Code::ALL.iter().map(|code| code.rule().code).collect();
    assert_eq!(raised, codes, "the codes that cases raise, and those there are");
}

#[test]
fn whoever_did_not_return_is_named_and_is_no_failure() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2023, "returned", |name| !name.contains("_1012_"));
    let ran = bench.run("run", 2023, &folder, &[]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains("40 institutions, 39 have returned, 1 have not"), "{}", ran.out);
    let mut findings = bench.all_findings(2023);
    findings.retain(|finding| finding["code"] != "E07"); // the sample is not always plausible
    let found: Vec<_> = findings.iter().map(|finding| (&finding["code"], &finding["institution"])).collect();
    assert_eq!(found, [(&"I07".into(), &"1012".into())]);
    // And the figures of its sector say so.
    let picture = bench.path("reports/fy2023/internal/charts/regional/02_policy.svg");
    let picture = std::fs::read_to_string(picture).expect("the figure is drawn");
    assert!(picture.contains("調査対象25先のうち、24先から回収"), "{picture}");
}

#[test]
fn what_many_workbooks_have_in_common_is_one_finding_and_asked_of_nobody() {
    let bench = Bench::new();
    // Last year's form in ten of eleven workbooks; in all eleven, one answer is missing.
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_1001_"));
    let mut others = 0;
    for entry in std::fs::read_dir(sample("fy2022")).expect("the sample is there") {
        let entry = entry.expect("the sample is readable");
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".xlsx") && !name.contains("_1001_") && others < 10 {
            std::fs::copy(entry.path(), folder.join(name)).expect("a file can be copied");
            others += 1;
        }
    }
    let ran = bench.run("ingest", 2023, &folder, &[]);
    assert_eq!(ran.status, 1, "{}", ran.err);
    let findings = bench.findings(2023);
    let codes: Vec<_> = findings.iter().map(|finding| finding["code"].as_str().unwrap_or("")).collect();
    assert_eq!(codes, ["C01"], "{findings:?}");
    assert_eq!(findings[0]["related"].as_array().map(Vec::len), Some(10));
    assert!(findings[0]["message"].as_str().is_some_and(|said| said.starts_with("10 of 11 workbooks")), "{findings:?}");
    assert!(ran.out.contains("1 accepted, 10 rejected"), "{}", ran.out);
    // Nine are nine.
    let gone = std::fs::read_dir(&folder)
        .expect("readable")
        .flatten()
        .find(|one| one.file_name().to_string_lossy().contains("2022"));
    std::fs::remove_file(gone.expect("one of last year").path()).expect("a file can be removed");
    bench.run("ingest", 2023, &folder, &[]);
    assert_eq!(bench.findings(2023).len(), 9);
}

#[test]
fn a_heading_printed_wrong_for_everybody_is_not_a_question_to_anybody() {
    let bench = Bench::new();
    let folder = bench.path("returned");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let mut changed = 0;
    for code in ["1001", "1002", "1004", "1006", "1501", "1502", "1508", "2001", "2002", "2004", "2005", "2023"] {
        let path = returned(2023, code);
        if !path.to_string_lossy().ends_with(".xlsx") {
            continue;
        }
        let mut book = Book::open(&path);
        // The row of the last option of 問3 was left out of the form that was sent.
        book.sheet("１．経営層の関与").clear_if_filled("B20").clear_if_filled("C20").clear_if_filled("D20");
        book.write(&folder.join(format!("{code}.xlsx")));
        changed += 1;
    }
    assert!(changed >= 10, "{changed} workbooks");
    assert_eq!(bench.run("ingest", 2023, &folder, &[]).status, 1);
    let findings = bench.findings(2023);
    let codes: Vec<_> = findings.iter().map(|finding| finding["code"].as_str().unwrap_or("")).collect();
    assert_eq!(codes, ["C01"], "{findings:?}");
    let asked = stored(&bench, "queries", 2023);
    assert!(asked.iter().all(|query| !query["edit"].is_empty()), "{asked:?}");
}
