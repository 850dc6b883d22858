//! The registry of findings: codes that can be relied on, each explained, each raised by a case.

use std::collections::BTreeSet;

use cssa::finding::Code;

use crate::catalogue;
use crate::support::Bench;

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
    L01 question-not-found warning
    L02 option-not-found warning
    L03 label-changed warning
    L04 answer-column-not-found warning
    L05 question-twice warning
    L06 two-answer-columns warning
    A01 no-such-option warning
    A02 unreadable-answer warning
    A03 not-a-number warning
    A04 stray-mark warning
    A05 cell-error warning
    A06 answer-understood information
    E01 several-chosen warning
    E02 none-and-others warning
    E03 item-nonresponse warning
    E04 answer-behind-gate warning
    E05 gate-undecided warning
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
    raised.insert("I07"); // below: it is about who is not in the folder
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
    let findings = bench.all_findings(2023);
    let found: Vec<_> = findings.iter().map(|finding| (&finding["code"], &finding["institution"])).collect();
    assert_eq!(found, [(&"I07".into(), &"1012".into())]);
    // And the figures of its sector say so.
    let picture = bench.path("reports/fy2023/internal/charts/regional/02_policy.svg");
    let picture = std::fs::read_to_string(picture).expect("the figure is drawn");
    assert!(picture.contains("調査対象25先のうち、24先から回収"), "{picture}");
}
