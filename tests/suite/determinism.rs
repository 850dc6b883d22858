//! Same input, same bytes: on any number of threads, in any order of files, on a second run.

use std::path::Path;

use crate::support::{Bench, contents, sample};

/// All that a run leaves, but for what measures the run itself.
fn products(bench: &Bench, fiscal_year: u16) -> Vec<(String, Vec<u8>)> {
    let mut products = contents(&bench.path("data/store"));
    products.extend(contents(&bench.path(&format!("reports/fy{fiscal_year}"))));
    // The readings and origins of files depend on the order in which they were read, and on their folders.
    let is_of_the_run = |name: &str| [".readings/", ".origin/"].iter().any(|start| name.starts_with(start));
    products.retain(|(name, _)| name != "manifest.json" && name != ".lock" && !is_of_the_run(name));
    assert!(products.len() > 50, "{} files", products.len());
    products
}

fn assert_same(a: &[(String, Vec<u8>)], b: &[(String, Vec<u8>)], what: &str) {
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(a), names(b), "{what}: other files");
    for ((name, left), (_, right)) in a.iter().zip(b) {
        assert!(left == right, "{what}: {name} differs");
    }
}

fn run(bench: &Bench, returns: &Path, threads: &str) {
    let ran = bench.run("run", 2023, returns, &["--threads", threads]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
}

#[test]
fn one_thread_and_two_and_a_second_run_give_the_same_bytes() {
    let (one, two) = (Bench::new(), Bench::new());
    run(&one, &sample("fy2023"), "1");
    run(&two, &sample("fy2023"), "2");
    let first = products(&two, 2023);
    assert_same(&products(&one, 2023), &first, "one thread and two");
    run(&two, &sample("fy2023"), "2");
    assert_same(&first, &products(&two, 2023), "a second run");
}

#[test]
fn the_names_and_order_of_the_files_do_not_matter() {
    let (plain, renamed) = (Bench::new(), Bench::new());
    run(&plain, &sample("fy2023"), "1");
    let folder = renamed.copy_sample(2023, "returned", |_| true);
    let mut names: Vec<_> =
        std::fs::read_dir(&folder).expect("the copy is there").map(|e| e.expect("a file").path()).collect();
    names.sort();
    for (rank, path) in names.iter().rev().enumerate() {
        let ending = path.extension().expect("a workbook has an ending").to_string_lossy().into_owned();
        std::fs::rename(path, folder.join(format!("{rank:04}.{ending}"))).expect("a file can be renamed");
    }
    run(&renamed, &folder, "2");
    // These name the files; everything else is the same to the byte.
    let naming =
        ["submissions/", "findings/", "queries/", "internal/findings.jsonl", "internal/follow_up/照会一覧.xlsx"];
    let without_names = |bench: &Bench| -> Vec<(String, Vec<u8>)> {
        let is_free = |name: &String| !naming.iter().any(|start| name.starts_with(start));
        products(bench, 2023).into_iter().filter(|(name, _)| is_free(name)).collect()
    };
    assert_same(&without_names(&plain), &without_names(&renamed), "renamed files");
}
