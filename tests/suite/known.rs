//! Only what changed is read again, and that changes no result.

use std::fs;
use std::path::{Path, PathBuf};

use crate::catalogue::fixture;
use crate::support::{Bench, contents, project, sample};

/// The tables and outputs that a run leaves, but for what measures the run or is kept for the next.
fn products(bench: &Bench) -> Vec<(String, Vec<u8>)> {
    let mut products = contents(&bench.path("data/store"));
    products.extend(contents(&bench.path("reports/fy2023")));
    products.retain(|(name, _)| name != "manifest.json" && name != ".lock" && !name.starts_with(".readings/"));
    assert!(products.len() >= 5, "{} files", products.len());
    products
}

/// A folder of returns, with the definition and the roster beside it to be changed.
struct Desk {
    bench: Bench,
}

const FEW: [&str; 5] = ["_1001_", "_1004_", "_1012_", "_2028_", "_7001_"];

impl Desk {
    fn new() -> Desk {
        let bench = Bench::new();
        bench.copy_sample(2023, "returned", |name| FEW.iter().any(|code| name.contains(code)));
        for (name, content) in contents(&project().join("pipelines/cssa")) {
            bench.write(&format!("pipelines/cssa/{name}"), content);
        }
        fs::copy(sample("roster.csv"), bench.path("roster.csv")).expect("a file can be copied");
        Desk { bench }
    }

    /// Ingests; gives how many files were read and how many were known.
    fn ingest(&self, more: &[&str]) -> (u64, u64) {
        let fixed = ["ingest", "pipelines/cssa/fy2023.toml", "--returns", "returned", "--roster", "roster.csv"];
        let ran = self.bench.cssa(fixed.iter().chain(&["--format", "json", "--fail-on", "never"]).chain(more));
        assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
        let object: serde_json::Value = serde_json::from_str(ran.out.trim()).expect("one JSON object");
        let count = |name: &str| object["counts"][name].as_u64().expect("a count");
        (count("files_read"), count("files_known"))
    }

    fn edit(&self, name: &str, from: &str, to: &str) {
        let path = self.bench.path(name);
        let text = fs::read_to_string(&path).expect("a text");
        assert!(text.contains(from), "{from} stands in {name}");
        fs::write(path, text.replace(from, to)).expect("a file can be written");
    }

    fn returned(&self, code: &str) -> PathBuf {
        let files = fs::read_dir(self.bench.path("returned")).expect("the returns").flatten();
        files.map(|file| file.path()).find(|path| path.to_string_lossy().contains(code)).expect("a return")
    }

    fn kept(&self) -> PathBuf {
        self.bench.path("data/store/.readings/fiscal_year=2023")
    }

    /// The products are those of a run that knew nothing.
    fn assert_as_if_fresh(&self, what: &str) {
        let found = products(&self.bench);
        assert_eq!(self.ingest(&["--fresh"]).1, 0);
        assert!(found == products(&self.bench), "{what} gives other bytes than a run that reads everything");
    }
}

#[test]
fn a_second_run_reads_nothing_and_gives_the_same_bytes() {
    let desk = Desk::new();
    assert_eq!(desk.ingest(&[]), (5, 0));
    let first = products(&desk.bench);
    assert_eq!(desk.ingest(&[]), (0, 5));
    assert!(first == products(&desk.bench));
    assert_eq!(desk.ingest(&["--fresh"]), (5, 0));
    assert!(first == products(&desk.bench));
}

#[test]
fn new_changed_and_renamed_files_are_read_and_no_others() {
    let desk = Desk::new();
    desk.ingest(&[]);
    let [other, one] = ["_1002_", "_1006_"].map(|code| {
        let all = fs::read_dir(sample("fy2023")).expect("the sample").flatten().map(|file| file.path());
        all.into_iter().find(|path| path.to_string_lossy().contains(code)).expect("a workbook of the sample")
    });
    fs::copy(&other, desk.bench.path("returned/new.xlsx")).expect("a file can be copied");
    assert_eq!(desk.ingest(&[]), (1, 5), "a new file");
    // The same name and other content, at the same time of day as far as the disk can tell.
    fs::copy(&one, desk.bench.path("returned/new.xlsx")).expect("a file can be copied");
    assert_eq!(desk.ingest(&[]), (1, 5), "a changed file");
    fs::rename(desk.bench.path("returned/new.xlsx"), desk.bench.path("returned/newer.xlsx")).expect("a rename");
    assert_eq!(desk.ingest(&[]), (1, 5), "a renamed file: findings name it");
    fs::remove_file(desk.bench.path("returned/newer.xlsx")).expect("a file can be removed");
    assert_eq!(desk.ingest(&[]), (0, 5), "a removed file");
    desk.assert_as_if_fresh("what was known in part");
}

#[test]
fn a_file_that_was_set_aside_is_known() {
    let desk = Desk::new();
    desk.bench.write("returned/a.xlsx", b"%PDF-1.7");
    desk.bench.write("returned/b.xlsx", fixture("encrypted/agile.xlsx"));
    assert_eq!(desk.ingest(&[]), (7, 0));
    let first = products(&desk.bench);
    assert_eq!(desk.ingest(&[]), (0, 7));
    assert!(first == products(&desk.bench), "what is known is as much set aside as before");
}

#[test]
fn a_protected_file_is_known_as_long_as_the_same_passwords_are_given() {
    let desk = Desk::new();
    desk.bench.write("returned/回答.zip", fixture("encrypted/zipcrypto.zip"));
    desk.bench.write("returned/b.xlsx", fixture("encrypted/agile.xlsx"));
    let passwords = |rows: &str| {
        desk.bench.write("passwords.csv", format!("institution,file,password\n{rows}"));
    };
    let given = ["--passwords", "passwords.csv"];
    let right = ",回答.zip,himitsu-1001\n";
    passwords(right);
    assert_eq!(desk.ingest(&given), (7, 0));
    let first = products(&desk.bench);
    let is_locked = || {
        let locked = desk.bench.findings(2023).into_iter().filter(|one| one["code"] == "F02");
        locked.map(|one| one.to_string()).any(|one| one.contains("回答.zip"))
    };
    assert_eq!(desk.ingest(&given), (0, 7));
    assert!(first == products(&desk.bench));
    desk.ingest(&[&given[..], &["--fresh"]].concat());
    assert!(first == products(&desk.bench), "a run that reads everything gives the same");
    // Another password, none, and the right one in another line are other passwords.
    for (rows, more) in [
        (",回答.zip,himitsu-2\n", &given[..]),
        ("", &[]),
        (",何か.zip,himitsu-3\n,回答.zip,himitsu-1001\n", &given),
        (right, &given),
    ] {
        passwords(rows);
        assert_eq!(desk.ingest(more), (2, 5), "{rows}");
        assert_eq!(is_locked(), !rows.contains("himitsu-1001"), "{rows}");
        assert_eq!(desk.ingest(more), (0, 7), "{rows}");
    }
    assert!(first == products(&desk.bench));
    // The likeliest password is found by the roster.
    desk.edit("roster.csv", "模擬地方銀行002", "改称銀行");
    assert_eq!(desk.ingest(&given), (2, 5));
    for (name, content) in contents(&desk.bench.path("data/store")) {
        assert!(!content.windows(7).any(|part| part == b"himitsu"), "{name} holds a password");
    }
}

#[test]
fn a_change_of_the_roster_costs_only_the_files_of_those_it_is_about() {
    let desk = Desk::new();
    desk.ingest(&[]);
    desk.edit("roster.csv", "模擬地方銀行004", "改称銀行");
    assert_eq!(desk.ingest(&[]), (1, 4), "a new name is held against the cover");
    let findings = desk.bench.findings(2023);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["code"], "I06");
    desk.assert_as_if_fresh("a changed roster");
    let roster = fs::read_to_string(desk.bench.path("roster.csv")).expect("the roster");
    let without: Vec<&str> = roster.lines().filter(|line| !line.starts_with("2023,1001,")).collect();
    fs::write(desk.bench.path("roster.csv"), without.join("\n")).expect("a file can be written");
    assert_eq!(desk.ingest(&[]), (1, 4), "who is no longer on the roster");
    assert_eq!(desk.ingest(&[]), (0, 5));
    fs::write(desk.bench.path("roster.csv"), &roster).expect("a file can be written");
    assert_eq!(desk.ingest(&[]), (1, 4), "who is on it again");
    desk.assert_as_if_fresh("a roster as before");
}

#[test]
fn a_roster_that_is_corrected_frees_a_file_that_rested_on_it() {
    let desk = Desk::new();
    // The cover of 1001 has the name that the roster gives to another by mistake.
    let name = "模擬地方銀行001";
    desk.edit("roster.csv", "模擬地方銀行002", "模擬誤記");
    desk.edit("roster.csv", name, "模擬地方銀行002");
    desk.edit("roster.csv", "模擬誤記", name);
    assert_eq!(desk.ingest(&[]), (5, 0));
    assert!(
        desk.bench.findings(2023).iter().any(|finding| finding["code"] == "I08"),
        "{:?}",
        desk.bench.findings(2023)
    );
    desk.edit("roster.csv", "模擬地方銀行002", "模擬誤記");
    desk.edit("roster.csv", name, "模擬地方銀行002");
    desk.edit("roster.csv", "模擬誤記", name);
    assert_eq!(desk.ingest(&[]), (1, 4), "the one that rested on both entries");
    assert!(desk.bench.findings(2023).is_empty(), "{:?}", desk.bench.findings(2023));
    desk.assert_as_if_fresh("a corrected roster");
}

#[test]
fn a_roster_on_which_somebody_gets_the_name_of_a_cover_is_seen() {
    let desk = Desk::new();
    desk.edit("roster.csv", "模擬地方銀行004", "改称銀行");
    desk.ingest(&[]);
    assert_eq!(desk.bench.findings(2023)[0]["code"], "I06");
    // Now the name on the cover of 1004 is that of 1002.
    desk.edit("roster.csv", "模擬地方銀行002", "模擬地方銀行004");
    assert_eq!(desk.ingest(&[]), (1, 4));
    assert_eq!(desk.bench.findings(2023)[0]["code"], "I08");
    desk.assert_as_if_fresh("a name that went to another");
}

#[test]
fn the_name_of_a_sector_costs_reading_again() {
    let desk = Desk::new();
    desk.ingest(&[]);
    desk.edit("pipelines/cssa/survey.toml", "地域金融機関", "地域の金融機関");
    assert_eq!(desk.ingest(&[]), (5, 0), "findings name sectors");
    desk.assert_as_if_fresh("another name of a sector");
}

#[test]
fn only_what_is_printed_of_a_definition_costs_reading_again() {
    let desk = Desk::new();
    desk.ingest(&[]);
    for name in ["fy2023.toml", "questions.toml", "nets.toml", "survey.toml"] {
        let path = format!("pipelines/cssa/{name}");
        let text = fs::read_to_string(desk.bench.path(&path)).expect("a definition");
        desk.bench.write(&path, format!("# a remark\n{text}# another\n"));
    }
    assert_eq!(desk.ingest(&[]), (0, 5), "remarks");
    // A wording of one question: it may stand in any workbook.
    let path = "pipelines/cssa/questions.toml";
    let text = fs::read_to_string(desk.bench.path(path)).expect("the questions");
    let title = text.lines().find(|line| line.starts_with("title = ")).expect("a question has a title").to_owned();
    desk.edit(path, &title, &title.replacen("\"", "\"改", 1));
    assert_eq!(desk.ingest(&[]), (5, 0), "a wording");
    desk.assert_as_if_fresh("another wording");
}

#[test]
fn what_is_torn_or_foreign_is_read_again_and_is_no_error() {
    let desk = Desk::new();
    desk.ingest(&[]);
    let first = products(&desk.bench);
    let whole = fs::read(desk.kept()).expect("what is kept");
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let mut lengthened = whole.clone();
    lengthened.extend([0xFF; 40]);
    let torn = whole[..whole.len() - 7].to_vec();
    for (what, content, all) in [
        ("nothing in it", Vec::new(), true),
        ("another kind of file", b"PK\x03\x04 something else".to_vec(), true),
        ("another number of its kind", [b"cssa readings 0\n".as_slice(), &whole[16..]].concat(), true),
        ("a byte changed", flipped, false),
        ("its end cut off", torn, false),
        ("rubbish at its end", lengthened, false),
    ] {
        fs::write(desk.kept(), content).expect("a file can be written");
        let (read, known) = desk.ingest(&[]);
        assert_eq!(read + known, 5, "{what}");
        assert!(if all { known == 0 } else { known >= 1 }, "{what}: {known} known");
        assert!(first == products(&desk.bench), "{what} changes the results");
        assert_eq!(desk.ingest(&[]), (0, 5), "{what}: and the next run knows everything again");
    }
}

#[test]
fn what_is_kept_does_not_grow_without_end() {
    let desk = Desk::new();
    desk.ingest(&[]);
    let size = |path: &Path| fs::metadata(path).expect("what is kept").len();
    let once = size(&desk.kept());
    let path = desk.returned("_1004_");
    for _ in 0..4 {
        for code in FEW {
            let own = desk.returned(code);
            let other = own.with_file_name(format!("x{}", own.file_name().expect("a name").to_string_lossy()));
            fs::rename(&own, other).expect("a rename");
        }
        assert_eq!(desk.ingest(&[]), (5, 0));
    }
    assert!(!path.exists());
    let often = size(&desk.kept());
    assert!(often <= 3 * once, "{often} bytes, {once} for one run");
}

#[test]
fn pictures_that_would_be_the_same_are_kept_and_others_are_drawn() {
    let desk = Desk::new();
    let run = |bench: &Bench| {
        let fixed = ["run", "pipelines/cssa/fy2023.toml", "--returns", "returned", "--roster", "roster.csv"];
        let ran = bench.cssa(fixed.iter().chain(&["--format", "json", "--fail-on", "never"]));
        assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
        let object: serde_json::Value = serde_json::from_str(ran.out.trim()).expect("one JSON object");
        let count = |name: &str| object[name].as_u64().expect("a count");
        (count("figures"), count("figures_kept"))
    };
    let (figures, kept) = run(&desk.bench);
    assert_eq!(kept, 0);
    let first = products(&desk.bench);
    assert_eq!(run(&desk.bench), (figures, figures));
    assert!(first == products(&desk.bench));
    // A picture that somebody painted over, and one that is gone.
    let charts = desk.bench.path("reports/fy2023/internal/charts");
    let pictures: Vec<String> =
        contents(&charts).into_iter().map(|(name, _)| name).filter(|name| name.ends_with(".png")).collect();
    fs::write(charts.join(&pictures[0]), b"painted over").expect("a file can be written");
    fs::remove_file(charts.join(&pictures[1])).expect("a file can be removed");
    assert_eq!(run(&desk.bench), (figures, figures - 2));
    // What somebody painted is kept, and told once.
    let aside = contents(&desk.bench.path("reports/fy2023/internal/set_aside"));
    assert_eq!(aside.iter().map(|(_, content)| content.as_slice()).collect::<Vec<_>>(), [b"painted over"]);
    fs::remove_dir_all(desk.bench.path("reports/fy2023/internal/set_aside")).expect("a folder can be removed");
    assert_eq!(run(&desk.bench), (figures, figures));
    assert!(first == products(&desk.bench));
}
