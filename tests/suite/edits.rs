//! Edits: three outcomes, worked out by hand; contradictions between edits found before anyone is
//! asked.

use crate::book::Book;
use crate::responses::stored;
use crate::support::{Bench, contents, project, sample, table};

/// A copy of the definition whose edits are these.
fn definition(edits: &str) -> Bench {
    let bench = Bench::new();
    for (name, content) in contents(&project().join("pipelines/cssa")) {
        bench.write(&format!("cssa/{name}"), content);
    }
    bench.write("cssa/edits.toml", edits);
    bench
}

fn edit(id: &str, conditions: &str) -> String {
    format!(
        "[[edit]]\nid = \"{id}\"\ntitle = \"試験\"\nkind = \"query\"\nstatus = \"live\"\nyears = [2022, 2023]\n{conditions}\nmessage = \"ご確認ください。\"\n\n"
    )
}

fn complaint(edits: &str) -> String {
    let ran = definition(edits).cssa(["check", "cssa/fy2023.toml"]);
    assert_eq!(ran.status, 2, "{}", ran.out);
    ran.err
}

const SOC: &str = r#"when = [{ question = "soc", any_of = ["always"] }]"#;

#[test]
fn an_edit_that_nobody_can_fail_is_a_mistake() {
    // Behind the gate: scope is not asked where there will be no SOC.
    let gated = edit(
        "behind-gate",
        "when = [{ question = \"soc\", any_of = [\"none\"] }]\nexpect = [{ question = \"soc_scope\", any_of = [\"none\"] }]",
    );
    assert!(complaint(&gated).contains("no answer can fail the edit"), "{}", complaint(&gated));
    // The exclusive option forbids this already.
    let exclusive = edit(
        "exclusive",
        "when = [{ question = \"training\", any_of = [\"none\"] }]\nexpect = [{ question = \"training\", none_of = [\"plan\"] }]",
    );
    assert!(complaint(&exclusive).contains("no answer can fail the edit"));
    // A single choice has one answer.
    let single = edit("single", &format!("{SOC}\nexpect = [{{ question = \"soc\", none_of = [\"planned\"] }}]"));
    assert!(complaint(&single).contains("no answer can fail the edit"));
}

#[test]
fn an_edit_that_everybody_fails_is_a_mistake() {
    let edits = edit("all", "when = [{ question = \"staff_count\", at_least = 0 }]");
    assert!(complaint(&edits).contains("every answer fails the edit"), "{}", complaint(&edits));
}

#[test]
fn edits_that_leave_no_way_to_answer_contradict_each_other() {
    let one = edit("with", &format!("{SOC}\nexpect = [{{ question = \"pentest\", any_of = [\"repeated\"] }}]"));
    let other = edit("without", &format!("{SOC}\nexpect = [{{ question = \"pentest\", none_of = [\"repeated\"] }}]"));
    let said = complaint(&(one.clone() + &other));
    assert!(said.contains("`with` and `without` contradict each other"), "{said}");
    assert!(said.contains("`soc` with always"), "{said}");
    let retired = other.replace("\"live\"", "\"retired\"");
    assert_eq!(definition(&(one + &retired)).cssa(["check", "cssa/fy2023.toml"]).status, 0);
}

#[test]
fn ids_that_do_not_exist_and_conditions_about_nothing_are_mistakes() {
    for (conditions, said) in [
        (r#"when = [{ question = "sock", any_of = ["always"] }]"#, "there is no question `sock`"),
        (r#"when = [{ question = "policy_plan", any_of = ["none"] }]"#, "`policy_plan` is not asked in 2023"),
        (r#"when = [{ question = "soc", any_of = ["allways"] }]"#, "`soc` has no option `allways`"),
        (r#"when = [{ question = "staffing", any_of = ["own"] }]"#, "`staffing` has items: say which `item`"),
        (r#"when = [{ question = "soc", at_most = 3 }]"#, "`soc` is no number"),
        (r#"when = [{ question = "soc" }]"#, "is not said, or said twice"),
        (r#"when = [{ sector = ["banks"] }]"#, "there is no sector `banks`"),
        (r#"when = [{ question = "third_party_exists", falls_by = 1 }]"#, "have no levels"),
        ("", "neither `when` nor `expect`"),
    ] {
        let complaint = complaint(&edit("wrong", conditions));
        assert!(complaint.contains(said) && complaint.contains("edits.toml:"), "{said}: {complaint}");
    }
    let message = edit("words", SOC).replace("ご確認", "{socks}");
    assert!(complaint(&message).contains("`{socks}` in the message"));
    let severity = format!("[severity]\nL99 = \"error\"\n\n{}", edit("fine", SOC));
    assert!(complaint(&severity).contains("there is no finding code `L99`"));
}

/// The verdicts of each edit in a year, by its id: pass, fail, unchecked.
fn tallies(bench: &Bench, fiscal_year: u16) -> Vec<(String, [u32; 3])> {
    let rows = table::read(&bench.path(&format!("reports/fy{fiscal_year}/internal/edits.csv")));
    let number = |row: &table::Row, name: &str| row[name].parse().expect("a count");
    rows.iter().map(|row| (row["edit"].clone(), ["pass", "fail", "unchecked"].map(|name| number(row, name)))).collect()
}

fn ingest(bench: &Bench, fiscal_year: u16, returns: &std::path::Path) {
    let ran = bench.cssa([
        "ingest".as_ref(),
        format!("cssa/fy{fiscal_year}.toml").as_ref(),
        "--returns".as_ref(),
        returns.as_os_str(),
        "--roster".as_ref(),
        sample("roster.csv").as_os_str(),
    ]);
    assert!(ran.status <= 1, "{}", ran.err);
}

#[test]
fn an_edit_passes_fails_or_cannot_be_checked() {
    // By the key: 1001 answers ciso; in the other returns it is blank or contradictory.
    let edits = edit("ciso-is-officer", r#"expect = [{ question = "ciso", any_of = ["officer"] }]"#)
        + &edit("staff", "expect = [{ question = \"staff_count\", at_most = 1000 }]")
        + &edit("staff-grows", "expect = [{ question = \"staff_count\", times_previous = true, at_most = 1 }]")
        + &edit("trial", r#"expect = [{ question = "ciso", none_of = ["officer", "manager"] }]"#)
            .replace("\"live\"", "\"trial\"");
    let bench = definition(&edits);
    let folder = bench.copy_sample(2022, "returned2022", |name| {
        ["_1001_", "_1002_", "_1004_", "_1006_"].iter().any(|code| name.contains(code))
    });
    let change = |institution: &str, cells: &[(&str, Option<&str>)]| {
        let mut book = Book::of(2022, institution);
        for (cell, text) in cells {
            match text {
                Some(text) => drop(book.sheet("点検票").put(cell, *text)),
                None => drop(book.sheet("点検票").clear_if_filled(cell)),
            }
        }
        let name = crate::book::returned(2022, institution);
        book.write(&folder.join(name.file_name().expect("a name")));
    };
    change("1001", &[("F8", Some("1")), ("F59", Some("12"))]); // an officer, 12 people
    change("1002", &[("F8", Some("4")), ("F59", Some("1001"))]); // nobody, 1,001 people
    change("1004", &[("F8", None), ("F59", None)]); // nothing
    change("1006", &[("F8", Some("1と2")), ("F59", Some("1000"))]); // unreadable, 1,000 people
    ingest(&bench, 2022, &folder);
    let expected =
        [("ciso-is-officer", [1, 1, 2]), ("staff", [2, 1, 1]), ("staff-grows", [0, 0, 4]), ("trial", [1, 1, 2])];
    assert_eq!(tallies(&bench, 2022), expected.map(|(id, counts)| (id.to_owned(), counts)));
    let queries = stored(&bench, "queries", 2022);
    let failed: Vec<(&str, &str)> = queries
        .iter()
        .filter(|query| !query["edit"].is_empty())
        .map(|query| (query["institution"].as_str(), query["edit"].as_str()))
        .collect();
    assert_eq!(failed, [("1002", "ciso-is-officer"), ("1002", "staff")], "nobody is asked what is on trial");
}

#[test]
fn the_name_of_another_institution_never_reaches_the_one_that_is_asked() {
    let bench = definition(&edit("same", r#"when = [{ same_as = "another" }]"#));
    let folder = bench.copy_sample(2022, "returned", |name| name.contains("_1004_"));
    // The workbook of 1004 under the code and name of 1006.
    let mut book = Book::of(2022, "1004");
    let other = Book::of(2022, "1006");
    let cover = other.sheets[0].clone();
    book.sheets[0] = cover;
    book.write(&folder.join("other.xlsx"));
    ingest(&bench, 2022, &folder);
    assert_eq!(tallies(&bench, 2022), [("same".to_owned(), [0, 2, 0])]);
    let queries = stored(&bench, "queries", 2022);
    for (whose, other) in [("1004", "1006"), ("1006", "1004")] {
        let query = queries.iter().find(|query| query["institution"] == whose).expect("both are asked");
        assert!(!query["asked"].contains(other) && !query["answered"].contains(other), "{query:?}");
        let sent = Book::open(&bench.path(&format!("reports/fy2022/internal/follow_up/照会票_2022_{whose}.xlsx")));
        assert!(!format!("{sent:?}").contains(other), "the workbook of {whose} names {other}");
    }
}

#[test]
fn what_is_certainly_wrong_is_a_warning_and_what_is_unusual_is_not() {
    for (kind, code, status) in [("fatal", "E06", 1), ("query", "E07", 0)] {
        let edits = edit("few", r#"expect = [{ question = "staff_count", at_most = 1 }]"#);
        let bench = definition(&edits.replace("\"query\"", &format!("\"{kind}\"")));
        let folder = bench.copy_sample(2022, "returned", |name| name.contains("_1004_"));
        let (year, roster) = ("cssa/fy2022.toml", sample("roster.csv"));
        let arguments = ["ingest".as_ref(), year.as_ref(), "--returns".as_ref(), folder.as_os_str()];
        let ran = bench.cssa(arguments.into_iter().chain(["--roster".as_ref(), roster.as_os_str()]));
        assert_eq!(ran.status, status, "{}\n{}", ran.out, ran.err);
        let findings = bench.all_findings(2022);
        let found = findings.iter().find(|finding| finding["code"] == code).expect("the edit fails");
        assert_eq!((&found["edit"], &found["question"]), (&"few".into(), &"staff_count".into()));
        assert_eq!((&found["sheet"], &found["cell"]), (&"点検票".into(), &"F59".into()), "where the number stands");
    }
}

#[test]
fn severities_can_be_set() {
    let bench = definition("[severity]\nA06 = \"error\"\n");
    let folder = bench.copy_sample(2022, "returned", |name| name.contains("_1004_"));
    let mut book = Book::of(2022, "1004");
    book.sheet("点検票").put("F8", "②");
    let file = crate::book::returned(2022, "1004");
    book.write(&folder.join(file.file_name().expect("a name")));
    ingest(&bench, 2022, &folder);
    let findings = bench.findings(2022);
    assert!(findings.iter().any(|finding| finding["code"] == "A06" && finding["severity"] == "error"), "{findings:?}");
}
