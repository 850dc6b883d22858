//! The panel from one year to the next: remarks on changes without an event in the ledger, and the institutions whose
//! answers of last year the edits look back on.

use std::collections::BTreeSet;

use crate::support::{Bench, sample, table, year_file};

/// The questions of FY2023 that are ordinal and can be compared with FY2022.
const ORDINAL: [&str; 8] = ["policy", "ciso", "risk_decision", "third_party", "staffing", "soc", "pentest", "backup"];

/// The roster of the sample, with lines replaced: of FY2023 unless they name another year.
fn roster(bench: &Bench, changes: &[(&str, &str)]) -> String {
    let mut text = std::fs::read_to_string(sample("roster.csv")).expect("a roster").replace("\r\n", "\n");
    for (from, to) in changes {
        assert!(text.contains(from), "the roster has {from}");
        text = text.replacen(from, to, 1);
    }
    bench.write("roster.csv", text).display().to_string()
}

/// The row of an institution in a year of the sample's roster, as it is written.
fn row(fiscal_year: u16, institution: &str) -> String {
    let text = std::fs::read_to_string(sample("roster.csv")).expect("a roster");
    let start = format!("{fiscal_year},{institution},");
    text.lines().find(|line| line.starts_with(&start)).expect("the institution was asked").to_owned()
}

/// Ingests both years with a roster and a ledger.
fn ingest_both(bench: &Bench, roster: &str, ledger: &str, keep: fn(&str) -> bool) {
    let header = "date,event,institution,successor,sector,subsector,name,note\n";
    let ledger = bench.write("ledger.csv", format!("{header}{ledger}")).display().to_string();
    for fiscal_year in [2022, 2023] {
        let folder = bench.copy_sample(fiscal_year, &format!("returned{fiscal_year}"), keep).display().to_string();
        let year_file = year_file(fiscal_year).display().to_string();
        let ran = bench.cssa([
            "ingest",
            &year_file,
            "--returns",
            &folder,
            "--roster",
            roster,
            "--ledger",
            &ledger,
            "--fail-on",
            "never",
        ]);
        assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    }
}

/// The findings about who is asked: code, institution, message.
fn about_the_panel(bench: &Bench) -> Vec<(String, String, String)> {
    let findings = bench.all_findings(2023);
    let text = |finding: &serde_json::Value, name: &str| finding[name].as_str().unwrap_or("").to_owned();
    let of = findings.iter().filter(|finding| text(finding, "code").starts_with('P'));
    of.map(|one| (text(one, "code"), text(one, "institution"), text(one, "message"))).collect()
}

#[test]
fn a_row_that_moves_the_others_of_the_ledger_leaves_a_finding_the_same() {
    let bench = Bench::new();
    // The successor is not asked this year either.
    let gone = ["1001", "1004"].map(|code| format!("{}\n", row(2023, code)));
    let roster = roster(&bench, &[(&gone[0], ""), (&gone[1], "")]);
    let leaver = || {
        let found = bench
            .all_findings(2023)
            .into_iter()
            .find(|one| one["code"] == "P01" && one["institution"] == "1001")
            .expect("a leaver");
        ["finding", "message"].map(|key| found[key].as_str().expect("a text").to_owned())
    };
    let own = "2022-10-01,merger,1001,1004,,,,\n";
    ingest_both(&bench, &roster, own, |name| name.contains("_1002_"));
    let [id, message] = leaver();
    assert!(message.ends_with("; line 2 of the ledger says otherwise"), "{message}");
    let other = "2023-06-01,entry,6011,,,,,\n";
    ingest_both(&bench, &roster, &format!("{other}{own}"), |name| name.contains("_1002_"));
    let [same, message] = leaver();
    assert!(message.ends_with("; line 3 of the ledger says otherwise"), "{message}");
    assert_eq!(same, id);
}

#[test]
fn what_the_ledger_does_not_explain_is_said_once_each() {
    // Of those in both years 1001 is gone this year, 1004 has another name and 1501 stands elsewhere; 7002
    // was not asked last year. That the securities companies were not asked is no riddle;
    // 6011 and 6012 are trust banks, which were not asked, and new-form banks, which were.
    let bench = Bench::new();
    let (gone, renamed, moved) = (row(2023, "1001"), row(2023, "1004"), row(2023, "1501"));
    let name = renamed.split(',').nth(2).expect("a name").to_owned();
    let changed = renamed.replace(&name, "模擬新名称銀行");
    let elsewhere = moved.replace("regional,second_regional", "regional,shinkin");
    assert_ne!(moved, elsewhere);
    let roster = roster(
        &bench,
        &[
            (&format!("{gone}\n"), ""),
            (&format!("{}\n", row(2022, "7002")), ""),
            (&renamed, &changed),
            (&moved, &elsewhere),
        ],
    );
    ingest_both(&bench, &roster, "", |name| name.contains("_1002_"));
    let name_of = |line: &str| line.split(',').nth(2).expect("a name").to_owned();
    let new = |code: &str| {
        format!("{code} {} is asked and was not in 2022; the ledger does not say why", name_of(&row(2023, code)))
    };
    let expected = [
        (
            "P01",
            "1001",
            format!("1001 {} was asked in 2022 and is not on the roster; the ledger does not say why", name_of(&gone)),
        ),
        ("P02", "6011", new("6011")),
        ("P02", "6012", new("6012")),
        ("P02", "7002", new("7002")),
        ("P03", "1004", format!("1004 is called 模擬新名称銀行, in 2022 {name}; the ledger does not say why")),
        (
            "P04",
            "1501",
            "1501 stands in regional/shinkin, in 2022 in regional/second_regional; the ledger does not say why"
                .to_owned(),
        ),
    ];
    let expected = expected.map(|(code, institution, message)| (code.to_owned(), institution.to_owned(), message));
    let mut found = about_the_panel(&bench);
    found.sort();
    assert_eq!(found, expected);
    // The ledger explains them.
    let ledger = "2023-03-31,exit,1001,,,,,\n2022-10-01,rename,1004,,,,模擬新名称銀行,\n\
                  2023-04-01,move,1501,,regional,shinkin,,\n2023-06-01,entry,7002,,,,,\n2023-06-01,entry,6011,,,,,\n2023-06-01,entry,6012,,,,,\n";
    ingest_both(&bench, &roster, ledger, |name| name.contains("_1002_"));
    assert_eq!(about_the_panel(&bench), []);
}

#[test]
fn edits_look_back_through_a_new_code() {
    // 1001 of last year is 1004 of this year.
    let bench = Bench::new();
    let (new, old) = (format!("{}\n", row(2022, "1004")), format!("{}\n", row(2023, "1001")));
    let roster = roster(&bench, &[(&new, ""), (&old, "")]);
    let is_either = |name: &str| name.starts_with("CSSA2022_1001_") || name.starts_with("CSSA2023_1004_");
    // The answers that can have fallen: every ordinal question that both years asked and both workbooks answered. The
    // policy counts too, as adopted, planned or none.
    let key = |fiscal_year: u16, institution: &str| -> BTreeSet<(String, String)> {
        crate::responses::key(fiscal_year, institution).into_keys().collect()
    };
    let mut before = key(2022, "1001");
    if before.remove(&("policy_plan".to_owned(), String::new())) {
        before.insert(("policy".to_owned(), String::new()));
    }
    // Of who decides only the management is asked alike.
    let decided = ("risk_decision_2022".to_owned(), String::new());
    if crate::responses::key(2022, "1001")[&decided].contains("management") {
        before.insert(("risk_decision".to_owned(), String::new()));
    }
    let both = key(2023, "1004");
    let ordinal = ORDINAL.map(str::to_owned);
    let expected = before.intersection(&both).filter(|(question, _)| ordinal.contains(question)).count();
    assert!(expected > 10, "{expected}");
    let recode = "2022-10-01,recode,1001,1004,,,,\n";
    for (ledger, expected) in [("", 0), (recode, expected)] {
        ingest_both(&bench, &roster, ledger, is_either);
        let rows = table::read(&bench.path("reports/fy2023/internal/edits.csv"));
        let row = rows.iter().find(|row| row["edit"] == "level-falls").expect("an edit that looks back");
        let number = |name: &str| row[name].parse::<usize>().expect("a number");
        assert_eq!(number("pass") + number("fail"), expected, "with the ledger 「{ledger}」");
    }
}
