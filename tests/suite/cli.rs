//! The command line: help that teaches, exit codes, both formats.

use crate::support::{Bench, project, sample, year_file};

#[test]
fn a_clean_run_ends_with_0_and_says_where_everything_is() {
    let bench = Bench::new();
    let ran = bench.run("run", 2023, &sample("fy2023"), &[]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    for said in [
        "40 workbooks",
        "40 accepted",
        "40 institutions, 40 have returned",
        "distributions.csv",
        "internal/charts",
        "2 information",
    ] {
        assert!(ran.out.contains(said), "{said} in {}", ran.out);
    }
    assert!(bench.path("reports/fy2023/internal/charts/regional/02_policy.png").is_file());
    assert!(bench.path("reports/fy2023/public/certificate.json").is_file(), "what is public has its certificate");
}

#[test]
fn json_is_one_object_a_year_and_the_manifest_says_what_went_in_and_out() {
    let bench = Bench::new();
    let ran = bench.run("ingest", 2023, &sample("fy2023"), &["--format", "json", "--threads", "1"]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    let object: serde_json::Value = serde_json::from_str(ran.out.trim()).expect("one JSON object");
    assert_eq!(object["counts"]["accepted"], 40);
    assert_eq!(object["counts"]["memberships"], 42);
    let manifest = std::fs::read(bench.path("reports/fy2023/manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("a manifest is JSON");
    assert_eq!(manifest["inputs"].as_array().map(Vec::len), Some(40));
    assert_eq!(manifest["threads"], 1);
    assert_eq!(manifest["stages"][0]["name"], "ingest");
    assert!(manifest["stages"][0]["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0));
    assert_eq!(manifest["inputs"][0]["sha256"].as_str().map(str::len), Some(64));
}

#[test]
fn each_stage_alone_gives_what_the_whole_run_gives() {
    let (whole, parts) = (Bench::new(), Bench::new());
    whole.run("run", 2022, &sample("fy2022"), &[]);
    for stage in ["ingest", "tabulate", "chart"] {
        let ran = parts.run(stage, 2022, &sample("fy2022"), &[]);
        assert_eq!(ran.status, 0, "{stage}: {}", ran.err);
    }
    let internal = |bench: &Bench| crate::support::contents(&bench.path("reports/fy2022/internal"));
    assert!(internal(&whole) == internal(&parts));
}

#[test]
fn tabulate_before_ingest_says_what_to_do_first() {
    let bench = Bench::new();
    let ran = bench.run("tabulate", 2023, &sample("fy2023"), &[]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("run `cssa ingest`"), "{}", ran.err);
}

#[test]
fn check_passes_both_years_and_a_year_that_does_not_exist_is_one_error() {
    let bench = Bench::new();
    let ran = bench.cssa([&"check".into(), &year_file(2022), &year_file(2023)]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("FY2022 is sound") && ran.out.contains("FY2023 is sound"), "{}", ran.out);
    let ran = bench.cssa([&"check".into(), &project().join("pipelines/cssa/fy1999.toml")]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("fy1999.toml: cannot be read"), "{}", ran.err);
}

#[test]
fn help_teaches_by_example() {
    let bench = Bench::new();
    let first = bench.cssa(["--help"]);
    assert_eq!(first.status, 0);
    assert!(first.out.contains("cssa run   pipelines/cssa/fy2023.toml"), "{}", first.out);
    for command in
        ["check", "ingest", "tabulate", "compare", "disclose", "chart", "run", "status", "reconcile", "explain"]
    {
        let ran = bench.cssa([command, "--help"]);
        assert_eq!(ran.status, 0);
        assert!(ran.out.contains("Example"), "{command} --help has an example: {}", ran.out);
    }
}

#[test]
fn one_folder_for_two_years_is_refused() {
    let bench = Bench::new();
    let returns = sample("fy2023");
    let ran = bench.cssa([&"run".into(), &year_file(2022), &year_file(2023), &"--returns".into(), &returns]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("--returns names the folder of one year"), "{}", ran.err);
}
