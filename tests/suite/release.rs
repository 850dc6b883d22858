//! What is published, read as a stranger reads it; and what a release may still change later.

use std::collections::{BTreeMap, BTreeSet};

use cssa::store::{Field, Store, tables};

use crate::support::table::{self, Row};
use crate::support::{Bench, contents, project, sample, year_file};

/// Runs a year of the sample, all of it.
fn run(bench: &Bench, fiscal_year: u16) {
    let ran = bench.run("run", fiscal_year, &sample(&format!("fy{fiscal_year}")), &[]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
}

fn disclose(bench: &Bench, more: &[&str]) -> crate::support::Ran {
    let mut arguments = vec!["disclose".to_owned(), year_file(2023).display().to_string()];
    arguments.extend(more.iter().map(|&word| word.to_owned()));
    bench.cssa(arguments)
}

/// A line of the release ledger: the time, the cell, how many and of how many.
type Given = (&'static str, String, i64, i64);

/// Makes the release ledger of these lines.
fn give(bench: &Bench, lines: &[Given]) {
    give_to(bench, "public", lines);
}

fn give_to(bench: &Bench, circle: &str, lines: &[Given]) {
    let store = Store::open(&bench.path("data/store")).expect("a store");
    let mut staging = store.stage(2023).expect("a staging folder");
    let mut writer = staging.table(&tables::RELEASES).expect("a table");
    for (released_at, cell, count, base) in lines {
        let parts: Vec<&str> = cell.split('/').collect();
        let [sector, subsector, question, item, option] = parts[..] else { panic!("{cell} is no cell") };
        let texts = [circle, released_at, "0", sector, subsector, question, item, option].map(Field::Text);
        let others = [
            Field::OptionalInteger(Some(*count)),
            Field::OptionalInteger(Some(*base)),
            Field::Text(""),
            Field::Text(""),
        ];
        writer.row(<[Field; 12]>::try_from([&texts[..], &others].concat()).expect("a line")).expect("a row");
    }
    writer.finish().expect("a file");
    staging.commit().expect("a commit");
}

/// The codes of what disclosure control found in its last run, in its file and in the store; what ingest found
/// stands beside them.
fn found(bench: &Bench) -> Vec<String> {
    let path = bench.path("reports/fy2023/internal/disclosure/findings.jsonl");
    let text = std::fs::read_to_string(path).expect("findings are written");
    let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a finding is JSON"));
    let codes: Vec<String> = lines.map(|one| one["code"].as_str().expect("a code").to_owned()).collect();
    let store = Store::open(&bench.path("data/store")).expect("a store");
    let stored = cssa::store::read_texts(&store, &tables::FINDINGS, 2023, ["code"]).expect("findings");
    let stored: Vec<String> = stored.into_iter().filter_map(|[code]| code).collect();
    let (ours, others): (Vec<String>, Vec<String>) = stored.into_iter().partition(|code| code.starts_with('D'));
    let of_ingest: Vec<String> =
        bench.all_findings(2023).iter().map(|one| one["code"].as_str().expect("a code").to_owned()).collect();
    assert!(!others.is_empty(), "the sample is not without findings");
    assert_eq!((&ours, others), (&codes, of_ingest));
    codes
}

type Place = (String, String, String, String, String);

fn place(row: &Row) -> Place {
    let text = |name: &str| row[name].clone();
    (text("sector"), text("subsector"), text("question"), text("item"), text("option"))
}

/// The texts of a drawing that are numbers with one decimal.
fn numbers(svg: &str) -> BTreeSet<String> {
    let texts = svg.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text);
    let words = texts.flat_map(|text| text.split(|character: char| !(character.is_ascii_digit() || character == '.')));
    words.filter(|word| word.contains('.') && word.parse::<f64>().is_ok()).map(str::to_owned).collect()
}

#[test]
fn nothing_under_public_tells_what_is_withheld_or_confidential() {
    let bench = Bench::new();
    run(&bench, 2022);
    run(&bench, 2023);
    for fiscal_year in [2022, 2023] {
        let reports = format!("reports/fy{fiscal_year}");
        let internal: BTreeMap<Place, Row> = table::read(&bench.path(&format!("{reports}/internal/distributions.csv")))
            .into_iter()
            .map(|row| (place(&row), row))
            .collect();
        let public = table::read(&bench.path(&format!("{reports}/public/distributions.csv")));
        let mut withheld = 0;
        let mut printed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in &public {
            assert!(!["trust", "newform"].contains(&row["sector"].as_str()), "{row:?}");
            let whole = &internal[&place(row)];
            if row["mark"] == "x" {
                withheld += 1;
                assert_eq!((row["count"].as_str(), row["percent"].as_str()), ("", ""), "{row:?}");
                continue;
            }
            for column in ["count", "base", "percent"] {
                assert_eq!(row[column], whole[column], "{row:?}");
            }
            printed.entry(row["sector"].clone()).or_default().insert(row["percent"].clone());
        }
        // The sample is small: much of it has to be withheld, and something is published.
        assert!(withheld > 100 && withheld < public.len(), "{withheld} of {}", public.len());
        // Whose answers they are, and the sectors that nothing is said of, stand nowhere: not in a table, a
        // drawing, a picture or a certificate.
        let roster = table::read(&sample("roster.csv"));
        let mut secrets: BTreeSet<String> = roster.iter().map(|row| row["name"].clone()).collect();
        secrets.extend(["信託銀行", "新形態銀行", "trust", "newform"].map(str::to_owned));
        let files = contents(&bench.path(&format!("{reports}/public")));
        assert!(files.iter().any(|(name, _)| name.ends_with(".svg")), "there are drawings");
        for (name, content) in &files {
            for secret in &secrets {
                let is_in = content.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!is_in && !name.contains(secret.as_str()), "{name} says {secret}");
            }
            if let Some(sector) = name.strip_prefix("charts/").and_then(|rest| rest.split('/').next())
                && name.ends_with(".svg")
            {
                let svg = String::from_utf8(content.clone()).expect("a drawing is text");
                assert!(!svg.contains("取扱注意") && !svg.contains("対外秘"), "{name} is marked as confidential");
                for number in numbers(&svg) {
                    assert!(printed[sector].contains(&number), "{name} prints {number}");
                }
            }
        }
        let certificate = std::fs::read_to_string(bench.path(&format!("{reports}/public/certificate.json")));
        let certificate: serde_json::Value =
            serde_json::from_str(&certificate.expect("a certificate")).expect("a certificate is JSON");
        assert_eq!((&certificate["passes"], &certificate["released_at"]), (&true.into(), &serde_json::Value::Null));
        assert_eq!(certificate["attacks"]["opened"], 0);
        let all = certificate["cells"]["withheld"].as_u64().expect("a count");
        assert!(all >= u64::try_from(withheld).expect("a count"));
        assert!(all < certificate["cells"]["withheld_by_whole_rows"].as_u64().expect("a count"));
        // Why a cell is withheld is for the desk: of a single one it would tell what kind of count it is.
        let reasons = ["primary", "secondary", "small_count", "small_rest", "\"zero\"", "一次秘匿", "二次秘匿"];
        for (name, content) in files.iter().filter(|(name, _)| name.starts_with("certificate")) {
            let text = String::from_utf8_lossy(content);
            assert!(reasons.iter().all(|reason| !text.contains(reason)), "{name} gives reasons");
        }
        let desk =
            std::fs::read_to_string(bench.path(&format!("{reports}/internal/disclosure/public_certificate.json")));
        assert!(desk.expect("the desk's certificate").contains("withheld_primary"));
    }
    changes_are_those_of_what_both_years_print(&bench);
}

/// Every figure of last year that is public this year was public last year.
fn changes_are_those_of_what_both_years_print(bench: &Bench) {
    let read = |year: u16, file: &str| table::read(&bench.path(&format!("reports/fy{year}/{file}")));
    let by_place = |rows: Vec<Row>| rows.into_iter().map(|row| (place(&row), row)).collect::<BTreeMap<Place, Row>>();
    let (now, before) =
        (by_place(read(2023, "public/distributions.csv")), by_place(read(2022, "public/distributions.csv")));
    let internal = by_place(read(2023, "internal/changes.csv"));
    let (mut compared, mut withheld) = (0, 0);
    for row in read(2023, "public/changes.csv") {
        let here = place(&row);
        for column in ["count", "base", "percent"] {
            assert_eq!(row[column], now[&here][column], "{row:?}");
        }
        assert!(
            ["panel_base", "panel_count", "panel_previous_count", "panel_points"]
                .iter()
                .all(|name| row[*name].is_empty())
        );
        let whole = &internal[&here];
        if row["previous_count"].is_empty() {
            withheld += usize::from(row["mark"] == "x");
        } else {
            let earlier = (
                here.0,
                here.1,
                whole["previous_question"].clone(),
                whole["previous_item"].clone(),
                whole["previous_option"].clone(),
            );
            let public = &before[&earlier];
            assert_eq!((&row["previous_count"], &row["previous_base"]), (&public["count"], &public["base"]), "{row:?}");
            assert!(!public["count"].is_empty(), "{row:?}");
        }
        if row["mark"].is_empty() {
            compared += 1;
            assert_eq!(row["points"], whole["points"], "{row:?}");
        } else {
            assert_eq!((row["points"].as_str(), row["printed"].as_str()), ("", ""), "{row:?}");
        }
    }
    assert!(compared > 10 && withheld > 100, "{compared} compared, {withheld} withheld");
}

#[test]
fn a_later_release_may_not_show_whose_answers_came_in_between() {
    let bench = Bench::new();
    let without = bench.copy_sample(2023, "without", |name| !name.contains("_1001_"));
    let ran = bench.run("ingest", 2023, &without, &["--fail-on", "error"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let ran = disclose(&bench, &["--release", "2024-04-01"]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains("released 2024-04-01"), "{}", ran.out);
    // The same again changes nothing, and is no second release.
    let public = bench.path("reports/fy2023/public/distributions.csv");
    let first = std::fs::read(&public).expect("it is published");
    assert_eq!(disclose(&bench, &[]).status, 0);
    assert!(std::fs::read(&public).expect("it is published") == first);
    // Then the return of 1001 arrives: every figure that it moves would show its answer.
    let ran = bench.run("ingest", 2023, &sample("fy2023"), &["--fail-on", "error"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let ran = disclose(&bench, &[]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains("error[D02 correction-unmasks]"), "{}", ran.out);
    // A mean on one institution more shows the number of that one.
    assert!(ran.out.contains("the mean of regional//staff_count was released as"), "{}", ran.out);
    // Whose return it is is said, and what was released stays as it was, its charts with it.
    let returns = "[D06 returns-since-release] (collection): fiscal year 2023: since the release of 2024-04-01 \
                   (public), returns that count are others: 1001 (new, ";
    assert!(ran.out.contains(returns), "{}", ran.out);
    assert!(ran.out.contains("reports/fy2023/public stays as released 2024-04-01"), "{}", ran.out);
    let folder = bench.path("reports/fy2023/public");
    assert!(std::fs::read(&public).expect("it is published") == first);
    assert!(contents(&folder).iter().any(|(name, _)| name.ends_with("02_policy.svg")));
    let certificate = std::fs::read_to_string(folder.join("certificate.json")).expect("a certificate");
    assert!(certificate.contains("\"released_at\": \"2024-04-01\""), "{certificate}");
    let desk = std::fs::read_to_string(bench.path("reports/fy2023/internal/disclosure/public_certificate.json"));
    assert!(desk.expect("the desk's certificate").contains("\"passes\": false"));
    // What somebody else has written there is no release.
    std::fs::write(&public, "count").expect("a file");
    assert_eq!(disclose(&bench, &[]).status, 1);
    assert!(!folder.exists(), "nothing is left, not even a folder");
    // With the returns of then it is what was released.
    assert_eq!(bench.run("ingest", 2023, &without, &["--fail-on", "error"]).status, 0);
    let ran = disclose(&bench, &["--release", "2024-05-01"]);
    assert!(ran.out.contains("as released 2024-04-01, unchanged: `--release` enters nothing"), "{}", ran.out);
    assert!(std::fs::read(&public).expect("it is published") == first);
}

#[test]
fn a_release_that_the_ledger_does_not_know_stops_everything() {
    let bench = ingested();
    assert_eq!(disclose(&bench, &["--release", "2024-04-01"]).status, 0);
    std::fs::remove_dir_all(bench.path("data/store/releases")).expect("the ledger goes");
    let public = contents(&bench.path("reports/fy2023/public"));
    for more in [&[][..], &["--release", "2024-05-01"]] {
        let ran = disclose(&bench, more);
        assert_eq!(ran.status, 2, "{}", ran.out);
        let told = "certificate.json is of a release to the circle public of 2024-04-01, which the release ledger of \
                    fiscal year 2023 does not have";
        assert!(ran.err.contains(told), "{}", ran.err);
    }
    assert!(contents(&bench.path("reports/fy2023/public")) == public);
    std::fs::remove_file(bench.path("reports/fy2023/public/certificate.json")).expect("nothing was ever given");
    assert_eq!(disclose(&bench, &[]).status, 0);
}

#[test]
fn what_the_policy_would_withhold_now_is_counted() {
    let bench = ingested();
    // Three of five securities firms, of whom the policy prints nothing.
    give(&bench, &[("2024-04-01", "securities//training//rotation".to_owned(), 3, 5)]);
    let ran = disclose(&bench, &["--fail-on", "never"]);
    let told = "[D04 released-against-policy] (collection): public: 1 cells that were released before are printed";
    assert!(ran.out.contains(told), "{}", ran.out);
    let certificate = std::fs::read_to_string(bench.path("reports/fy2023/internal/disclosure/public_certificate.json"));
    assert!(certificate.expect("the desk's certificate").contains("\"published_before_against_policy\": 1"));
}

#[test]
fn what_would_unmask_for_those_who_got_feedback_is_not_public_either() {
    let bench = Bench::new();
    let without = bench.copy_sample(2023, "without", |name| !name.contains("_1001_"));
    assert_eq!(bench.run("ingest", 2023, &without, &["--fail-on", "error"]).status, 0);
    let ran = disclose(&bench, &["--release", "2024-04-01", "--circle", "feedback"]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    let public = bench.path("reports/fy2023/public/distributions.csv");
    assert!(public.exists(), "nothing was public before");
    // The return of 1001 arrives: who has the feedback would see its answers in what becomes public.
    assert_eq!(bench.run("ingest", 2023, &sample("fy2023"), &["--fail-on", "error"]).status, 0);
    let ran = disclose(&bench, &[]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains("error[D02 correction-unmasks]"), "{}", ran.out);
    assert!(!public.exists(), "nothing is left under public");
    let certificate = std::fs::read_to_string(bench.path("reports/fy2023/internal/disclosure/public_certificate.json"));
    assert!(certificate.expect("the desk's certificate").contains("\"passes\": false"));
}

#[test]
fn what_was_published_before_can_make_a_release_impossible() {
    let bench = Bench::new();
    let ran = bench.run("ingest", 2023, &sample("fy2023"), &[]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    bench.run("tabulate", 2023, &sample("fy2023"), &[]);
    // An earlier release has given the insurers as a whole and the life insurers: what is left are the others,
    // who are far too few.
    let rows = table::read(&bench.path("reports/fy2023/internal/distributions.csv"));
    let given = rows
        .iter()
        .filter(|row| row["question"] == "soc" && row["sector"] == "insurers" && row["subsector"] != "nonlife");
    let lines: Vec<Given> = given
        .map(|row| {
            let number = |name: &str| row[name].parse().expect("a number");
            let cell = ["sector", "subsector", "question", "item", "option"].map(|name| row[name].clone()).join("/");
            ("2024-04-01", cell, number("count"), number("base"))
        })
        .collect();
    give(&bench, &lines);
    let ran = disclose(&bench, &[]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    assert!(
        ran.out.contains("error[D03 withheld-cell-open] (collection): public: insurers/nonlife/soc//"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("it follows from insurers//soc//"), "{}", ran.out);
    assert!(!bench.path("reports/fy2023/public").join("distributions.csv").exists());
    // What is open to those who have feedback, who read what is public as well, is not public either.
    give(&bench, &[]);
    assert_eq!(disclose(&bench, &[]).status, 0);
    give_to(&bench, "feedback", &lines);
    let ran = disclose(&bench, &[]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    let told = |circle: &str| format!("error[D03 withheld-cell-open] (collection): {circle}: insurers/nonlife/soc//");
    assert!(ran.out.contains(&told("feedback")) && !ran.out.contains(&told("public")), "{}", ran.out);
    assert!(!bench.path("reports/fy2023/public").exists());
}

#[test]
fn the_year_before_is_released_first() {
    let bench = Bench::new();
    for fiscal_year in [2022, 2023] {
        let ran = bench.run("ingest", fiscal_year, &sample(&format!("fy{fiscal_year}")), &["--fail-on", "error"]);
        assert_eq!(ran.status, 0, "{}", ran.err);
    }
    let release = |fiscal_year: u16, time: &str| {
        bench.cssa(["disclose", &year_file(fiscal_year).display().to_string(), "--release", time, "--fail-on", "error"])
    };
    let ran = release(2023, "2024-04-01");
    assert_eq!(ran.status, 2, "{}", ran.out);
    assert!(ran.err.contains("shows figures of fiscal year 2022 beside this year's"), "{}", ran.err);
    assert!(!bench.path("reports/fy2023/public").exists(), "nothing is written before that is clear");
    assert_eq!(release(2022, "2024-04-02").status, 0);
    let ran = release(2023, "2024-04-01");
    assert_eq!(ran.status, 2, "{}", ran.out);
    assert!(ran.err.contains("figures of fiscal year 2022, which were released 2024-04-02"), "{}", ran.err);
    assert_eq!(release(2023, "2024-04-02").status, 0);
}

/// The store with the sample in it, and a file of findings that ingest wrote.
fn ingested() -> Bench {
    let bench = Bench::new();
    let ran = bench.run("ingest", 2023, &sample("fy2023"), &[]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    bench
}

/// `soc` of the regional institutions as a whole, of which 21 of 25 always watch now.
fn always(released_at: &'static str, count: i64, base: i64) -> Given {
    (released_at, "regional//soc//always".to_owned(), count, base)
}

#[test]
fn a_release_has_a_time_after_the_last_and_is_made_once() {
    let bench = ingested();
    for time in ["tomorrow", "", "2024-02-30", "2024-04-01 25:00"] {
        let ran = disclose(&bench, &["--release", time]);
        assert_eq!(ran.status, 2, "{time}: {}", ran.out);
        assert!(ran.err.contains("expected a day or a moment, such as 2024-04-01"), "{time}: {}", ran.err);
    }
    // What is left of an earlier release stands no more in the folder of what is public.
    let public = bench.path("reports/fy2023/public");
    let stale = ["changes.csv", "charts/regional/99_old.svg"].map(|name| public.join(name));
    std::fs::create_dir_all(public.join("charts/regional")).expect("a folder");
    stale.iter().for_each(|path| std::fs::write(path, "12.3").expect("a file"));
    let ran = disclose(&bench, &["--release", "2024/4/1"]);
    assert!(ran.out.contains("; released 2024-04-01\n"), "{}\n{}", ran.out, ran.err);
    assert!(stale.iter().all(|path| !path.exists()), "nothing stale is left");
    assert!(contents(&public).iter().any(|(name, _)| name.ends_with("02_policy.svg")), "its charts go with it");
    let certificate = std::fs::read_to_string(public.join("certificate.json")).expect("a certificate");
    assert!(certificate.contains("\"released_at\": \"2024-04-01\""), "{certificate}");
    // The same again is no second release, whenever it is said to be.
    let ledger = bench.path("data/store/releases/fiscal_year=2023/part-0.parquet");
    let lines = std::fs::read(&ledger).expect("a ledger");
    for more in [&["--release", "2024-05-01"][..], &["--release", "2023-01-01"], &[]] {
        let ran = disclose(&bench, more);
        assert!(ran.out.contains("as released 2024-04-01, unchanged"), "{}\n{}", ran.out, ran.err);
    }
    assert!(std::fs::read(&ledger).expect("a ledger") == lines, "nothing is entered twice");
    // Feedback has releases of its own, bands among them, and is made again as it was.
    let feedback = ["--release", "2024-04-02 10:00", "--circle", "feedback"];
    let ran = disclose(&bench, &feedback);
    assert!(ran.out.contains(" as bands, ") && ran.out.contains("; released 2024-04-02 10:00"), "{}", ran.out);
    let store = Store::open(&bench.path("data/store")).expect("a store");
    let stored = cssa::store::read_texts(&store, &tables::RELEASES, 2023, ["circle", "percent"]).expect("a ledger");
    let is_band = |[circle, percent]: &[Option<String>; 2]| {
        circle.as_deref() == Some("feedback") && percent.as_deref().is_some_and(|percent| percent.contains('～'))
    };
    assert!(stored.iter().filter(|line| is_band(line)).count() > 50);
    drop(store);
    let ran = disclose(&bench, &["--format", "json"]);
    let said: serde_json::Value = serde_json::from_str(ran.out.lines().next().expect("a line")).expect("JSON");
    let told: Vec<&str> =
        said["disclosed"].as_array().expect("circles").iter().filter_map(|one| one["released_at"].as_str()).collect();
    assert_eq!(told, ["2024-04-01", "2024-04-02 10:00"]);
}

#[test]
fn without_a_policy_nothing_is_made_and_nothing_is_left() {
    let bench = ingested();
    assert_eq!(disclose(&bench, &[]).status, 0);
    let files = || contents(&bench.path("reports/fy2023/internal/disclosure"));
    let of_feedback =
        |files: &[(String, Vec<u8>)]| files.iter().filter(|(name, _)| name.starts_with("feedback")).count();
    assert!(of_feedback(&files()) > 4, "there is something for the desk and for the institutions");
    let year = with_policies(&bench, |text| text.split("[feedback]").next().expect("a text").to_owned());
    let without = |more: &[&str]| bench.cssa(["disclose", year.as_str()].into_iter().chain(more.iter().copied()));
    let ran = without(&[]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    let told: Vec<&str> =
        ran.out.lines().filter(|line| line.contains("public  ") || line.contains("feedback")).collect();
    assert!(told[0].starts_with("  public ") && told[1].ends_with("have no [feedback]"), "{}", ran.out);
    assert_eq!(of_feedback(&files()), 0);
    let ran = without(&["--release", "2024-04-01", "--circle", "feedback"]);
    assert_eq!(ran.status, 2, "{}", ran.out);
    assert!(ran.err.contains("the policies of fiscal year 2023 have no [feedback]"), "{}", ran.err);
}

/// A year file that is the project's, with something else in its policies.
fn with_policies(bench: &Bench, change: impl Fn(&str) -> String) -> String {
    for (name, content) in contents(&project().join("pipelines/cssa")) {
        let text = String::from_utf8(content).expect("a definition is text");
        let text = if name == "disclosure.toml" { change(&text) } else { text };
        bench.write(&format!("definition/{name}"), text);
    }
    bench.path("definition/fy2023.toml").display().to_string()
}

#[test]
fn what_the_policy_no_longer_speaks_of_is_said_to_be_gone() {
    let bench = ingested();
    assert_eq!(disclose(&bench, &["--release", "2024-04-01", "--circle", "feedback"]).status, 0);
    let year = with_policies(&bench, |text| text.replace("subsectors = true", "subsectors = false"));
    let ran = bench.cssa(["disclose", &year, "--fail-on", "never"]);
    let told = "[D07 released-not-printed] (collection): feedback: ";
    assert!(
        ran.out.contains(told) && ran.out.contains("were released before are not printed: regional/"),
        "{}",
        ran.out
    );
    // As it was, it is as released.
    let ran = disclose(&bench, &[]);
    assert!(!ran.out.contains("D07") && ran.out.contains("as released 2024-04-01, unchanged"), "{}", ran.out);
}

#[test]
fn an_institution_that_stands_elsewhere_since_is_named() {
    let bench = ingested();
    assert_eq!(disclose(&bench, &["--release", "2024-04-01"]).status, 0);
    let roster = std::fs::read_to_string(project().join("data/sample/roster.csv")).expect("a roster");
    assert!(roster.contains("regional,shinkin"), "{roster}");
    let mut lines: Vec<String> = roster.lines().map(str::to_owned).collect();
    let moved = lines.iter().position(|line| line.starts_with("2023,") && line.contains("regional,shinkin"));
    let line = &mut lines[moved.expect("a shinkin bank")];
    let code = line.split(',').nth(1).expect("a code").to_owned();
    *line = line.replace("regional,shinkin", "regional,shinkumi");
    bench.write("roster.csv", lines.join("\n"));
    let [year, returns, moved] = [year_file(2023), sample("fy2023"), bench.path("roster.csv")];
    let [year, returns, moved] = [year, returns, moved].map(|path| path.display().to_string());
    let ran = bench.cssa(["ingest", &year, "--returns", &returns, "--roster", &moved, "--fail-on", "never"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let ran = disclose(&bench, &[]);
    assert_eq!(ran.status, 1, "{}", ran.out);
    let told = format!("returns that count are others: {code} (in regional/shinkumi, then in regional/shinkin)");
    assert!(ran.out.contains(&told), "{}", ran.out);
    assert!(ran.out.contains("where D06 names the returns behind it"), "{}", ran.out);
    // What is found again stands in the store once.
    let found = || {
        let rows = crate::responses::stored(&bench, "findings", 2023);
        rows.iter().filter(|row| row["code"].starts_with('D')).count()
    };
    let once = found();
    disclose(&bench, &[]);
    assert!(once > 0 && found() == once, "{once}, then {}", found());
    // What is refused is not explained as if it were printed.
    let ran = disclose(&bench, &["--explain", "regional//soc//always"]);
    assert!(ran.out.starts_with("nothing may be released as it stands, and this is what would be"), "{}", ran.out);
}

#[test]
fn a_year_before_that_is_open_is_left_out_and_said() {
    let bench = Bench::new();
    for fiscal_year in [2022, 2023] {
        let ran = bench.run("ingest", fiscal_year, &sample(&format!("fy{fiscal_year}")), &["--fail-on", "error"]);
        assert_eq!(ran.status, 0, "{}", ran.err);
    }
    // Feedback is to keep more than what is public leaves.
    let strict = |text: &str| text.replace("narrowest_interval = { value = 2,", "narrowest_interval = { value = 12,");
    let year = with_policies(&bench, strict);
    let ran = bench.cssa(["disclose", &year, "--fail-on", "never"]);
    let told =
        "warning[D05 year-before-open] (collection): feedback: the figures of fiscal year 2022 cannot be released";
    assert!(ran.out.contains(told), "{}\n{}", ran.out, ran.err);
}

#[test]
fn another_release_has_to_be_later() {
    let bench = ingested();
    // Fourteen came, of whom eleven always watch.
    give(&bench, &[always("2024-05-01", 10, 11)]);
    for time in ["2024-05-01", "2024-04-30 23:59"] {
        let ran = disclose(&bench, &["--release", time]);
        assert_eq!(ran.status, 2, "{}", ran.out);
        assert!(
            ran.err.contains("the release ledger has a later one, or another one of that time: 2024-05-01"),
            "{}",
            ran.err
        );
    }
    let ran = disclose(&bench, &["--fail-on", "never"]);
    assert!(ran.out.contains("other than what was released 2024-05-01"), "{}", ran.out);
    let told =
        "[D01 figure-corrected] (collection): regional//soc//always was released as 10 of 11 and is 21 of 25 now";
    assert!(ran.out.contains(told), "{}", ran.out);
    assert_eq!(found(&bench), ["D01"]);
    assert!(bench.path("reports/fy2023/public/distributions.csv").exists());
    assert_eq!(disclose(&bench, &["--release", "2024-05-01 00:01", "--fail-on", "never"]).status, 0);
}

#[test]
fn three_releases_in_a_row_are_each_held_against_all_before() {
    let bench = ingested();
    give(&bench, &[always("2024-04-01", 10, 10), always("2024-05-01", 10, 11)]);
    let ran = disclose(&bench, &["--release", "2024-06-01", "--fail-on", "never"]);
    assert!(ran.out.contains("released 2024-06-01"), "{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains("regional//soc//always was released as 10 of 11 and is 21 of 25 now"), "{}", ran.out);
    assert_eq!(found(&bench), ["D01"]);
    // What it gave is what it is; the figures before it were corrected then.
    let ran = disclose(&bench, &[]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    assert!(found(&bench).is_empty());
}

#[test]
fn a_correction_of_the_first_of_two_releases_can_unmask() {
    let bench = ingested();
    // Fourteen more than were given last, and one more than were given before that.
    give(&bench, &[always("2024-04-01", 20, 24), always("2024-05-01", 10, 11)]);
    let ran = disclose(&bench, &[]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    let told = "error[D02 correction-unmasks] (collection): regional//soc//always was released as 20 of 24 and is 21 of 25 now";
    assert!(ran.out.contains(told), "{}", ran.out);
    assert!(found(&bench).contains(&"D02".to_owned()));
    assert!(!bench.path("reports/fy2023/public/distributions.csv").exists());
    // Refused, it is no release: the ledger holds the two, and the same is refused again with the same words.
    assert_eq!(disclose(&bench, &[]).out.lines().filter(|line| line.contains("D02")).count(), {
        ran.out.lines().filter(|line| line.contains("D02")).count()
    });
}

#[test]
fn a_correction_can_unmask_a_sub_sector_that_is_withheld() {
    let bench = ingested();
    // Four came, and always watch. By the bases three of them are of `shinkin`, and one of `shinkumi`.
    let base = |subsector: &str, base: i64| ("2024-04-01", format!("regional/{subsector}/soc//"), base, base);
    let of = |shinkin: i64, shinkumi: i64| {
        let others = [base("regional_bank", 6), base("second_regional", 5)];
        [&others[..], &[base("shinkin", shinkin), base("shinkumi", shinkumi), always("2024-04-01", 17, 21)]].concat()
    };
    let told = |part: &str, change: i64| {
        format!(
            "error[D02 correction-unmasks] (collection): regional/{part}/soc//always, withheld 2024-04-01 and now, has \
             changed by {change:+} on a base that has by {change:+}; it follows from the corrections of \
             regional//soc//always"
        )
    };
    give(&bench, &of(5, 5));
    let ran = disclose(&bench, &[]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains(&told("shinkin", 3)) && ran.out.contains(&told("shinkumi", 1)), "{}", ran.out);
    // Where all four are of one part, nothing is told of the other.
    give(&bench, &of(4, 6));
    let ran = disclose(&bench, &[]);
    assert!(ran.out.contains(&told("shinkin", 4)), "{}", ran.out);
    assert!(!ran.out.contains("D02 correction-unmasks] (collection): regional/shinkumi/"), "{}", ran.out);
}

#[test]
fn a_withheld_cell_is_explained() {
    let bench = Bench::new();
    assert_eq!(bench.run("ingest", 2023, &sample("fy2023"), &[]).status, 0);
    let ran = disclose(&bench, &["--explain", "insurers/life/soc//always"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("for its own sake: its base is too small"), "{}", ran.out);
    assert!(ran.out.contains("the limit is 10: "), "{}", ran.out);
    let ran = disclose(&bench, &["--explain", "insurers/life/staff_count"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("the mean: withheld, because its base is too small"), "{}", ran.out);
    let ran = disclose(&bench, &["--explain", "trust//soc//always", "--circle", "feedback"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.starts_with("trust//soc//always ("), "{}", ran.out);
    for cell in ["trust//soc//always", "trust//soc//base", "trust//staff_count"] {
        let ran = disclose(&bench, &["--explain", cell]);
        assert_eq!(ran.status, 2);
        assert!(
            ran.err.contains("the policy [public] prints nothing of trust; ask with `--circle feedback`"),
            "{}",
            ran.err
        );
    }
    let ran = disclose(&bench, &["--explain", "regional//soc//always", "--format", "json"]);
    let said: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert!(said["explanation"].as_str().is_some_and(|text| text.contains("printed: 21 of 25")), "{said}");
    let ran = disclose(&bench, &["--explain", "soc"]);
    assert!(ran.err.contains("cells are named sector/sub-sector/question/item/option"), "{}", ran.err);
}
