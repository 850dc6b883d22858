//! The store: a round trip changes nothing, and an interrupted run leaves the old tables or the
//! new ones.

use cssa::ingest::ContentHash;
use cssa::store::{Draft, Field, Store, TableFiles, tables};
use serde_json::json;

use crate::support::{Bench, contents, table};

fn write(store: &Store, names: &[&str]) {
    let mut staging = store.stage(2023).expect("a staging folder");
    let mut writer = staging.table(&tables::MEMBERSHIPS).expect("a table");
    for name in names {
        let row = [Field::Text(name), Field::Text("模擬"), Field::Text("regional"), Field::Text("")];
        writer.row(row).expect("a row");
    }
    writer.finish().expect("a file");
    staging.commit().expect("a commit");
}

fn read(store: &Store) -> Vec<String> {
    let path = store.file(&tables::MEMBERSHIPS, 2023).expect("the table is there");
    table::read_parquet(&path).into_iter().map(|row| row["institution"].clone()).collect()
}

#[test]
fn a_round_trip_changes_nothing() {
    let bench = Bench::new();
    let store = Store::open(&bench.path("store")).expect("a store");
    // More rows than a row group holds, and texts of every kind.
    let many: Vec<String> = (0..40_000).map(|n| format!("{n:05}")).collect();
    let mut names: Vec<&str> = many.iter().map(String::as_str).collect();
    names.extend(["", "𠮷野家", "=HYPERLINK(\"x\")", "a\nb", "\u{0}"]);
    write(&store, &names);
    assert_eq!(read(&store), names);
}

#[test]
fn a_new_commit_replaces_the_old_tables_and_those_of_other_years_stay() {
    let bench = Bench::new();
    let store = Store::open(&bench.path("store")).expect("a store");
    write(&store, &["old"]);
    write(&store, &["new"]);
    assert_eq!(read(&store), ["new"]);
    let missing = store.file(&tables::MEMBERSHIPS, 2022).expect_err("nothing was stored for 2022");
    assert!(missing.to_string().contains("run `cssa ingest`"), "{missing}");
}

#[test]
fn a_run_that_died_before_its_commit_leaves_the_old_tables() {
    let bench = Bench::new();
    {
        let store = Store::open(&bench.path("store")).expect("a store");
        write(&store, &["old"]);
        let mut staging = store.stage(2023).expect("a staging folder");
        staging.table(&tables::MEMBERSHIPS).expect("a table").finish().expect("a file");
        // No commit: the process ends here.
    }
    let store = Store::open(&bench.path("store")).expect("a store");
    assert_eq!(read(&store), ["old"]);
    let left: Vec<_> = std::fs::read_dir(bench.path("store")).expect("the store").flatten().collect();
    assert!(left.iter().all(|entry| !entry.file_name().to_string_lossy().starts_with(".staging")));
}

#[test]
fn a_run_that_died_within_its_commit_is_finished_by_the_next() {
    let bench = Bench::new();
    let new = {
        let store = Store::open(&bench.path("store")).expect("a store");
        write(&store, &["new"]);
        std::fs::read(store.file(&tables::MEMBERSHIPS, 2023).expect("the table")).expect("the file")
    };
    {
        let store = Store::open(&bench.path("store")).expect("a store");
        write(&store, &["old"]);
    }
    // As the disk is after the journal was written and before the first rename.
    bench.write("store/.staging-2023/memberships/part-0.parquet", &new);
    let journal = r#"{"fiscal_year":2023,"written":["memberships"],"dropped":[["distributions",2023]]}"#;
    bench.write("store/.commit.json", journal);
    let store = Store::open(&bench.path("store")).expect("a store");
    assert_eq!(read(&store), ["new"]);
    assert!(!bench.path("store/.commit.json").exists());
    // And a second time, as if it had died again just before the journal was removed.
    drop(store);
    bench.write("store/.commit.json", journal);
    let store = Store::open(&bench.path("store")).expect("a store");
    assert_eq!(read(&store), ["new"]);
}

#[test]
fn a_commit_that_fails_half_way_puts_the_old_tables_back() {
    let bench = Bench::new();
    let store = Store::open(&bench.path("store")).expect("a store");
    write(&store, &["old"]);
    // A file where the folder of the second table would be: its rename must fail.
    bench.write("store/findings", "in the way");
    let mut staging = store.stage(2023).expect("a staging folder");
    let mut writer = staging.table(&tables::MEMBERSHIPS).expect("a table");
    let row = [Field::Text("new"), Field::Text("模擬"), Field::Text("regional"), Field::Text("")];
    writer.row(row).expect("a row");
    writer.finish().expect("a file");
    staging.table(&tables::FINDINGS).expect("a table").finish().expect("a file");
    let error = staging.commit().expect_err("the second table cannot be put in place");
    assert!(error.to_string().contains("the old tables stand"), "{error}");
    assert_eq!(read(&store), ["old"]);
    drop(store);
    let store = Store::open(&bench.path("store")).expect("the next run opens it");
    assert_eq!(read(&store), ["old"]);
}

#[test]
fn a_store_in_use_is_one_clear_error() {
    let bench = Bench::new();
    let _held = Store::open(&bench.path("data/store")).expect("a store");
    let ran = bench.run("run", 2023, &crate::support::sample("fy2023"), &[]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("in use by another run"), "{}", ran.err);
}

#[test]
fn a_part_is_added_beside_those_that_a_table_has() {
    let bench = Bench::new();
    let store = Store::open(&bench.path("store")).expect("a store");
    for (part, name) in [("a", "1001"), ("b", "1002"), ("a", "1003")] {
        let mut staging = store.stage(2023).expect("a staging folder");
        let mut writer = staging.add_part(&tables::RELEASED_MEMBERSHIPS, part).expect("a part");
        let row = [part, name, "模擬", "regional", ""].map(Field::Text);
        writer.row(row).expect("a row");
        writer.finish().expect("a file");
        assert!(staging.part(&tables::RELEASED_MEMBERSHIPS, 2023, "a").is_ok(), "it is seen before it is in place");
        staging.commit().expect("a commit");
    }
    let parts = crate::support::contents(&bench.path("store/released_memberships/fiscal_year=2023"));
    let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["part-a.parquet", "part-b.parquet"]);
    // One that is written again takes the place of the one of that name alone.
    let path = store.part(&tables::RELEASED_MEMBERSHIPS, 2023, "a").expect("a part");
    let rows = table::read_parquet(&path);
    assert_eq!(rows.iter().map(|row| row["institution"].as_str()).collect::<Vec<_>>(), ["1003"]);
}

/// Files outside the store before a commit: one of the program's, one that somebody has changed, one that goes.
const BEFORE: [(&str, &str); 3] = [("a.csv", "old"), ("b/b.csv", "changed"), ("c/c.csv", "old")];

/// Has new files wait that a commit with this store puts in place.
fn changes(bench: &Bench) -> Draft {
    let is_ours = |hash: &str| hash == ContentHash::of(b"old").to_string();
    let mut draft = Draft::new(&bench.path("out"), &bench.path("store"));
    draft.begin().expect("nothing is left over");
    for name in ["a.csv", "b/b.csv", "d/d.csv"] {
        draft.put(name, b"new", is_ours).expect("it waits");
    }
    draft.remove("c/c.csv".as_ref(), is_ours).expect("it is found");
    draft
}

fn restore(bench: &Bench) {
    if bench.path("out").exists() {
        std::fs::remove_dir_all(bench.path("out")).expect("a folder can be removed");
    }
    for (name, content) in BEFORE {
        bench.write(&format!("out/{name}"), content);
    }
}

#[test]
fn files_that_change_with_the_tables_are_finished_wherever_the_run_died() {
    let bench = Bench::new();
    restore(&bench);
    let store = Store::open(&bench.path("store")).expect("a store");
    let draft = changes(&bench);
    let [(_, kept)] = &draft.set_aside()[..] else { panic!("one was changed by somebody") };
    assert!(contents(&bench.path("out")).iter().any(|(name, content)| name == "a.csv" && content == b"old"));
    store.stage(2023).expect("a staging folder").commit_with(draft).expect("a commit");
    drop(store);
    let after = contents(&bench.path("out"));
    let expected = [("a.csv", "new"), ("b/b.csv", "new"), ("d/d.csv", "new"), (kept.as_str(), "changed")];
    assert_eq!(after, expected.map(|(name, content)| (name.to_owned(), content.as_bytes().to_vec())));
    assert!(!bench.path("out/c").exists(), "a folder that has become empty goes");
    // The renames of a commit, in their order; the run dies after each of them.
    let moves = [
        ("a.csv", ".next/.replaced/a.csv"),
        (".next/a.csv", "a.csv"),
        ("b/b.csv", kept.as_str()),
        (".next/b/b.csv", "b/b.csv"),
        ("c/c.csv", ".next/.replaced/c/c.csv"),
        (".next/d/d.csv", "d/d.csv"),
    ];
    let change = |present: Option<&str>, is_new: bool| {
        let hash = present.map(|content| ContentHash::of(content.as_bytes()).to_string());
        json!({ "present": hash, "is_ours": present != Some("changed"), "is_new": is_new })
    };
    let changes_of_all = json!({
        "a.csv": change(Some("old"), true),
        "b/b.csv": change(Some("changed"), true),
        "c/c.csv": change(Some("old"), false),
        "d/d.csv": change(None, true),
    });
    let files = json!({ "root": bench.path("out"), "changes": changes_of_all });
    let journal = json!({ "fiscal_year": 2023, "written": [], "dropped": [], "files": files }).to_string();
    for died_after in 0..=moves.len() {
        restore(&bench);
        // What waits stays when a run dies.
        std::mem::forget(changes(&bench));
        bench.write("store/.commit.json", &journal);
        for (from, to) in &moves[..died_after] {
            let to = bench.path(&format!("out/{to}"));
            std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder can be made");
            std::fs::rename(bench.path(&format!("out/{from}")), to).expect("a rename");
        }
        drop(Store::open(&bench.path("store")).expect("it is finished"));
        assert_eq!(contents(&bench.path("out")), after, "died after {died_after} renames");
        assert!(!bench.path("store/.commit.json").exists() && !bench.path("out/.next").exists());
    }
    // Somebody who saved a file after the run had died keeps it.
    restore(&bench);
    std::mem::forget(changes(&bench));
    bench.write("store/.commit.json", &journal);
    bench.write("out/a.csv", "saved since");
    drop(Store::open(&bench.path("store")).expect("it is finished"));
    let found = contents(&bench.path("out"));
    assert!(found.iter().any(|(name, content)| name.starts_with("internal/set_aside/a-") && content == b"saved since"));
}

#[test]
fn files_are_put_back_with_the_tables_where_one_cannot_be_put_in_place() {
    let bench = Bench::new();
    restore(&bench);
    let store = Store::open(&bench.path("store")).expect("a store");
    write(&store, &["old"]);
    let mut staging = store.stage(2023).expect("a staging folder");
    staging.table(&tables::MEMBERSHIPS).expect("a table").finish().expect("a file");
    let draft = changes(&bench);
    // A file where the folder of the last one would be.
    bench.write("out/d", "in the way");
    let before = contents(&bench.path("out")).into_iter().filter(|(name, _)| !name.starts_with(".next/"));
    let before: Vec<_> = before.collect();
    let error = staging.commit_with(draft).expect_err("the last file cannot be put in place").to_string();
    assert!(error.contains("d/d.csv cannot be written") && error.contains("stand as they were"), "{error}");
    assert_eq!(contents(&bench.path("out")), before);
    assert!(!bench.path("out/internal").exists());
    assert_eq!(read(&store), ["old"]);
    assert!(!bench.path("store/.commit.json").exists());
}

#[test]
fn files_that_another_store_had_decided_on_are_finished_first() {
    let bench = Bench::new();
    restore(&bench);
    drop(Store::open(&bench.path("store")).expect("a store"));
    std::mem::forget(changes(&bench));
    let change = json!({ "present": ContentHash::of(b"old").to_string(), "is_ours": true, "is_new": true });
    let files = json!({ "root": bench.path("out"), "changes": { "a.csv": change } });
    let journal = json!({ "fiscal_year": 2023, "written": [], "dropped": [], "files": files });
    bench.write("store/.commit.json", journal.to_string());
    Draft::new(&bench.path("out"), &bench.path("other")).begin().expect("it is finished");
    assert_eq!(std::fs::read_to_string(bench.path("out/a.csv")).expect("a file"), "new");
    assert!(!bench.path("store/.commit.json").exists() && !bench.path("out/.next").exists());
}

/// A journal of one new file, `a.csv`, in the place of the program's own.
fn journal_of_one(root: &std::path::Path) -> String {
    let change = json!({ "present": ContentHash::of(b"old").to_string(), "is_ours": true, "is_new": true });
    let files = json!({ "root": root, "changes": { "a.csv": change } });
    json!({ "fiscal_year": 2023, "written": [], "dropped": [], "files": files }).to_string()
}

#[test]
fn a_commit_that_could_not_be_put_back_whole_is_finished_by_the_next_run() {
    let bench = Bench::new();
    let root = bench.path("store");
    let store = Store::open(&root).expect("a store");
    let mut staging = store.stage(2023).expect("a staging folder");
    staging.table(&tables::DISTRIBUTIONS).expect("a table").finish().expect("a file");
    staging.commit().expect("a commit");
    let mut staging = store.stage(2023).expect("a staging folder");
    staging.table(&tables::MEMBERSHIPS).expect("a table").finish().expect("a file");
    staging.drop_table(&tables::DISTRIBUTIONS, 2023);
    // The files lie in the store itself: a folder of one of them is in the way when the dropped table is put back.
    let mut draft = Draft::new(&root, &root);
    let in_the_way = "distributions/fiscal_year=2023/folder/b.csv";
    for name in ["a.csv", in_the_way, "z/z.csv"] {
        draft.put(name, b"new", |_| true).expect("it waits");
    }
    bench.write("store/z", "in the way");
    let error = staging.commit_with(draft).expect_err("the last file cannot be put in place").to_string();
    assert!(error.contains("an interrupted run is not finished: close"), "{error}");
    assert!(!error.contains("stand"), "{error}");
    assert!(bench.path("store/.commit.json").exists() && bench.path("store/.next/a.csv").exists());
    drop(store);
    let error = Store::open(&root).expect_err("the file is still in the way").to_string();
    assert!(error.contains("an interrupted run is not finished: close") && error.contains("z.csv"), "{error}");
    std::fs::remove_file(bench.path("store/z")).expect("a file can be removed");
    let store = Store::open(&root).expect("it is finished");
    assert!(store.file(&tables::MEMBERSHIPS, 2023).is_ok() && store.file(&tables::DISTRIBUTIONS, 2023).is_err());
    for name in ["a.csv", "z/z.csv"] {
        assert_eq!(std::fs::read_to_string(bench.path(&format!("store/{name}"))).expect("a file"), "new", "{name}");
    }
    assert!(!bench.path("store/.commit.json").exists() && !bench.path("store/.next").exists());
}

#[test]
fn files_out_of_reach_are_waited_for_and_those_given_up_are_not() {
    let bench = Bench::new();
    bench.write("share/out/a.csv", "old");
    bench.write("share/out/.next/a.csv", "new");
    bench.write("store/.commit.json", journal_of_one(&bench.path("share/out")));
    // As if the share were not mounted.
    std::fs::rename(bench.path("share"), bench.path("elsewhere")).expect("a rename");
    let error = Store::open(&bench.path("store")).expect_err("the outputs are out of reach").to_string();
    assert!(error.contains("an interrupted run is not finished") && error.contains("within reach"), "{error}");
    assert!(bench.path("store/.commit.json").exists());
    std::fs::rename(bench.path("elsewhere"), bench.path("share")).expect("a rename");
    drop(Store::open(&bench.path("store")).expect("it is finished"));
    assert_eq!(std::fs::read_to_string(bench.path("share/out/a.csv")).expect("a file"), "new");
    // Somebody removed the folder of outputs alone.
    bench.write("store/.commit.json", journal_of_one(&bench.path("share/out")));
    std::fs::remove_dir_all(bench.path("share/out")).expect("a folder can be removed");
    drop(Store::open(&bench.path("store")).expect("nothing is wanted"));
    assert!(!bench.path("store/.commit.json").exists() && !bench.path("share/out").exists());
}

#[test]
#[cfg(unix)]
fn another_spelling_of_the_store_is_no_other_store() {
    let bench = Bench::new();
    restore(&bench);
    let store = Store::open(&bench.path("store")).expect("a store");
    write(&store, &["old"]);
    std::os::unix::fs::symlink(bench.path("store"), bench.path("link")).expect("a link");
    for spelling in ["link", "out/../store"] {
        std::mem::forget(changes(&bench));
        let waiting = bench.path("out/.next/.store");
        std::fs::write(&waiting, bench.path(spelling).to_string_lossy().as_bytes()).expect("a file can be written");
        // The store is held: another one would be opened.
        Draft::new(&bench.path("out"), &bench.path("store")).begin().expect(spelling);
        assert!(!waiting.exists(), "{spelling}");
    }
}
