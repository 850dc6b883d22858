//! The store: a round trip changes nothing, and an interrupted run leaves the old tables or the
//! new ones.

use cssa::store::{Field, Store, TableFiles, tables};
use polars::prelude::*;

use crate::support::Bench;

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
    let scan = LazyFrame::scan_parquet(PlRefPath::from(&*path.to_string_lossy()), ScanArgsParquet::default());
    let frame = scan.expect("a Parquet file").collect().expect("a table");
    let column = frame.column("institution").expect("a column").str().expect("texts").clone();
    column.iter().map(|name| name.expect("never null").to_owned()).collect()
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
    let scan = LazyFrame::scan_parquet(PlRefPath::from(&*path.to_string_lossy()), ScanArgsParquet::default());
    let frame = scan.expect("a Parquet file").collect().expect("a table");
    let institutions = frame.column("institution").expect("a column").str().expect("texts").clone();
    assert_eq!(institutions.iter().flatten().collect::<Vec<_>>(), ["1003"]);
}
