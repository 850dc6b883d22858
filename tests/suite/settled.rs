//! Settled is settled: what is new since the last run is marked, and what the desk has acknowledged is no failure as
//! long as its cause is the same.

use serde_json::Value;

use crate::release::world::{Season, collection, with};
use crate::responses::stored_in;
use crate::support::{Bench, Ran, project, sample};

/// Workbooks of the sample that are good, and one that is cut off.
struct Desk {
    bench: Bench,
}

impl Desk {
    fn new() -> Desk {
        let bench = Bench::new();
        bench.copy_sample(2023, "returned", |name| name.contains("_1001_") || name.contains("_1004_"));
        let desk = Desk { bench };
        desk.cut_off("1002", 3000);
        desk
    }

    /// Puts the first bytes of a workbook of the sample into the folder.
    fn cut_off(&self, code: &str, bytes: usize) {
        let whole = std::fs::read(crate::book::returned(2023, code)).expect("a workbook of the sample");
        self.bench.write(&format!("returned/CSSA2023_{code}_模擬.xlsx"), &whole[..bytes]);
    }

    fn run(&self, more: &[&str]) -> Ran {
        let ran = self.bench.run("ingest", 2023, &self.bench.path("returned"), more);
        assert!(ran.status < 2, "{}", ran.err);
        ran
    }

    /// Id, severity and novelty of every finding with a code.
    fn of(&self, code: &str) -> Vec<(String, String, bool)> {
        let all = self.bench.all_findings(2023).into_iter().filter(|finding| finding["code"] == code);
        let text = |finding: &Value, key: &str| finding[key].as_str().expect("a text").to_owned();
        all.map(|one| (text(&one, "finding"), text(&one, "severity"), one["new"] == true)).collect()
    }

    /// The ids of those that are new.
    fn new_ones(&self) -> Vec<String> {
        let all = self.bench.all_findings(2023).into_iter().filter(|finding| finding["new"] == true);
        all.map(|one| one["finding"].as_str().expect("an id").to_owned()).collect()
    }

    fn status(&self) -> Value {
        let text = std::fs::read(self.bench.path("reports/fy2023/internal/status.json")).expect("a status");
        serde_json::from_slice(&text).expect("JSON")
    }
}

#[test]
fn what_is_new_since_the_last_run_is_marked_until_something_else_is() {
    let desk = Desk::new();
    let ran = desk.run(&[]);
    assert_eq!(ran.status, 1);
    assert!(desk.new_ones().is_empty() && !ran.out.contains("new since"), "the first run has none before it");
    let first = desk.of("F03")[0].0.clone();
    assert!(ran.out.contains(&format!("    {first}\n")), "the id is shown: {}", ran.out);
    desk.cut_off("1006", 3000);
    let ran = desk.run(&[]);
    let new = desk.new_ones();
    let [(_, _, false), (second, severity, true)] = &desk.of("F03")[..] else { panic!("{:?}", desk.of("F03")) };
    assert_eq!((new.as_slice(), severity.as_str()), ([second.clone()].as_slice(), "error"));
    assert!(ran.out.contains("2 error (1 new since the last run)"), "{}", ran.out);
    assert!(ran.out.contains(&format!("    {second}, new since the last run\n")), "{}", ran.out);
    // The status tells the same, whichever command writes it.
    for command in ["ingest", "status"] {
        if command == "status" {
            let year = crate::support::year_file(2023).display().to_string();
            let ran = desk.bench.cssa(["status", &year]);
            assert!(ran.out.contains("findings: 2 error, 0 warning"), "{}", ran.out);
            assert!(ran.out.contains("; 1 new since the last run"), "{}", ran.out);
        }
        let findings = &desk.status()["findings"];
        assert_eq!((&findings["error"], &findings["new"]), (&2.into(), &1.into()), "{findings}");
        let listed: Vec<_> = findings["listed"].as_array().expect("a list").iter().map(|one| &one["new"]).collect();
        assert_eq!(listed, [&Value::Bool(false), &Value::Bool(true)], "{findings}");
    }
    // Running again is not looking at it.
    desk.run(&[]);
    assert_eq!(desk.new_ones(), new);
    desk.run(&["--fresh"]);
    assert_eq!(desk.new_ones(), new);
    // Something else is new.
    desk.cut_off("1501", 3000);
    desk.run(&[]);
    assert_eq!(desk.new_ones().len(), 1);
    assert!(!desk.new_ones().contains(second));
}

#[test]
fn what_the_desk_has_acknowledged_is_no_failure_as_long_as_its_cause_is_the_same() {
    let desk = Desk::new();
    assert_eq!(desk.run(&[]).status, 1);
    let (id, severity, _) = desk.of("F03")[0].clone();
    assert_eq!(severity, "error");
    let table =
        |id: &str| desk.bench.write("acknowledged.csv", format!("Finding,Reason\r\n{id},廃業のため再送なし\r\n"));
    let path = table(&id.to_lowercase()).display().to_string();
    let acknowledged = ["--acknowledged", path.as_str()];
    let ran = desk.run(&acknowledged);
    assert_eq!(ran.status, 0, "{}", ran.out);
    assert_eq!(desk.of("F03"), [(id.clone(), "information".to_owned(), false)]);
    let said = desk.bench.all_findings(2023).into_iter().find(|finding| finding["code"] == "F03").expect("a finding");
    let message = said["message"].as_str().expect("a text");
    assert!(message.ends_with("; acknowledged by the desk: 廃業のため再送なし"), "{message}");
    let stored = stored_in(&desk.bench.path("data/store"), "findings", 2023);
    let stored = stored.iter().find(|row| row["code"] == "F03").expect("a row");
    assert_eq!((stored["severity"].as_str(), stored["finding"].as_str()), ("information", id.as_str()));
    // A whole workbook beside it settles it; it is the same finding still.
    let whole = crate::book::returned(2023, "1002");
    std::fs::copy(whole, desk.bench.path("returned/1002_再提出.xlsx")).expect("a file can be copied");
    desk.run(&[]);
    assert_eq!(desk.of("F03"), [(id.clone(), "information".to_owned(), false)]);
    std::fs::remove_file(desk.bench.path("returned/1002_再提出.xlsx")).expect("a file can be removed");
    // Without the table it stands again.
    assert_eq!(desk.run(&[]).status, 1);
    // The same file broken elsewhere is another matter, and the line names nothing any more.
    desk.cut_off("1002", 4000);
    let ran = desk.run(&acknowledged);
    assert_eq!(ran.status, 1, "{}", ran.out);
    let [(other, severity, true)] = &desk.of("F03")[..] else { panic!("{:?}", desk.of("F03")) };
    assert!(*other != id && severity == "error");
    let [(_, severity, _)] = &desk.of("R03")[..] else { panic!("{:?}", desk.of("R03")) };
    assert_eq!(severity, "information");
    table(other);
    assert_eq!(desk.run(&acknowledged).status, 0);
    assert!(desk.of("R03").is_empty());
}

#[test]
fn a_mistyped_id_is_a_warning_that_names_the_right_one() {
    let desk = Desk::new();
    desk.run(&[]);
    let (id, ..) = desk.of("F03")[0].clone();
    // Two digits are exchanged, or another one is typed where they are the same.
    let (front, back) = id.split_at(id.len() - 3);
    let mistyped = match (&back[..1], &back[1..2], &back[2..]) {
        ("0", "0", last) => format!("{front}01{last}"),
        (one, another, last) if one == another => format!("{front}0{another}{last}"),
        (one, another, last) => format!("{front}{another}{one}{last}"),
    };
    let path = desk.bench.write("acknowledged.csv", format!("finding,reason\n{mistyped},廃業\n"));
    let path = path.display().to_string();
    let ran = desk.run(&["--acknowledged", &path]);
    let message = format!("names {mistyped}, and nothing has that id: did you mean {id}?");
    assert!(ran.status == 1 && ran.out.contains(&message), "{}", ran.out);
    assert_eq!(desk.of("R03")[0].1, "warning");
    let text = std::fs::read_to_string(desk.bench.path("reports/fy2023/internal/status.json")).expect("a status");
    let status: Value = serde_json::from_str(&text).expect("JSON");
    let listed = status["findings"]["listed"].as_array().expect("a list");
    assert!(listed.iter().any(|one| one["code"] == "R03"), "{status}");
    // An id that is like no other is that of a finding that is gone.
    desk.bench.write("acknowledged.csv", "finding,reason\nF03-0123456789,廃業\n");
    desk.run(&["--acknowledged", &path]);
    assert_eq!(desk.of("R03")[0].1, "information");
}

#[test]
fn a_line_on_a_question_to_an_institution_is_refused_in_words() {
    let desk = Desk::new();
    desk.bench.copy_sample(2023, "returned", |name| name.contains("_6005_"));
    desk.run(&[]);
    let (id, severity, _) = desk.of("E07")[0].clone();
    let table = desk.bench.write("acknowledged.csv", format!("finding,reason\n{id},済\n"));
    let ran = desk.run(&["--acknowledged", &table.display().to_string()]);
    assert_eq!(desk.of("E07"), [(id.clone(), severity, false)]);
    assert!(ran.out.contains(&format!("names {id}, which is a question to the institution")), "{}", ran.out);
    assert_eq!(desk.of("R03")[0].1, "warning");
    let stored = stored_in(&desk.bench.path("data/store"), "queries", 2023);
    assert!(stored.iter().any(|row| row["institution"] == "6005" && row["status"] == "open"), "{stored:?}");
}

#[test]
fn a_defect_of_many_workbooks_stays_the_same_finding_when_another_comes() {
    let desk = Desk::new();
    let name = |number: usize| format!("returned/CSSA2023_{number}.xlsx");
    for number in 9100..9110 {
        desk.bench.write(&name(number), "");
    }
    desk.run(&[]);
    let message =
        || desk.bench.all_findings(2023).into_iter().find(|one| one["code"] == "C01").expect("C01")["message"].clone();
    let before = (desk.of("C01")[0].0.clone(), message());
    // Its file comes before all others, and is the example.
    desk.bench.write(&name(9000), "");
    desk.run(&[]);
    let after = (desk.of("C01")[0].0.clone(), message());
    assert!(before.0 == after.0 && before.1 != after.1, "{before:?}, {after:?}");
}

#[test]
fn the_year_file_names_the_table_of_what_is_acknowledged() {
    let desk = Desk::new();
    for (name, content) in crate::support::contents(&project().join("pipelines/cssa")) {
        desk.bench.write(&format!("pipelines/{name}"), content);
    }
    let year = std::fs::read_to_string(desk.bench.path("pipelines/fy2023.toml")).expect("a definition");
    let year = year.replacen("roster = ", "acknowledged = \"../acknowledged.csv\"\nroster = ", 1);
    desk.bench.write("pipelines/fy2023.toml", year);
    let (folder, roster) = (desk.bench.path("returned").display().to_string(), sample("roster.csv"));
    let roster = roster.display().to_string();
    let ingest = || desk.bench.cssa(["ingest", "pipelines/fy2023.toml", "--returns", &folder, "--roster", &roster]);
    let ran = ingest();
    assert!(ran.status == 2 && ran.err.contains("acknowledged.csv cannot be read"), "{}", ran.err);
    desk.bench.write("acknowledged.csv", "finding,reason\n");
    assert_eq!(ingest().status, 1);
    desk.bench.write("acknowledged.csv", format!("finding,reason\n{},済\n", desk.of("F03")[0].0));
    assert_eq!(ingest().status, 0);
}

#[test]
fn what_disclosure_control_finds_stands_once_however_often_it_runs() {
    let season = Season::released();
    season.answers(2023, &with(collection(), &[("1031", "regional_bank", "partial")]));
    let codes = || {
        let rows = stored_in(&season.store(), "findings", 2023);
        rows.iter().map(|row| row["code"].clone()).filter(|code| code.starts_with('D')).collect::<Vec<_>>()
    };
    season.succeeds(2023, &[]);
    let first = codes();
    assert!(!first.is_empty(), "a late return is a finding");
    for _ in 0..2 {
        season.succeeds(2023, &[]);
        assert_eq!(codes(), first);
    }
}
