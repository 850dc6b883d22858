//! The outputs of a run appear together with its tables, or not at all; and nothing that a person wrote among them is
//! lost.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Instant, SystemTime};

use cssa::ingest::ContentHash;

use crate::support::{Bench, Ran, contents, copy, project, sample};

/// How many times a run is killed.
const TIMES: u32 = 50;
const YEAR: &str = "pipelines/cssa/fy2023.toml";

type Files = Vec<(String, Vec<u8>)>;

/// A folder with the definition, which draws one figure, and two collections.
struct Desk {
    bench: Bench,
}

impl Desk {
    fn new() -> Desk {
        let bench = Bench::new();
        for (name, content) in contents(&project().join("pipelines/cssa")) {
            let text = String::from_utf8(content).expect("a definition is text");
            // Pictures are much of the time, and one is as good as many.
            let text: Vec<&str> = text.split("\n[[figure]]").take(2).collect();
            bench.write(&format!("pipelines/cssa/{name}"), text.join("\n[[figure]]"));
        }
        std::fs::copy(sample("roster.csv"), bench.path("roster.csv")).expect("a file can be copied");
        bench.copy_sample(2023, "first", |name| ["_1001_", "_1002_", "_2028_"].iter().any(|code| name.contains(code)));
        bench.copy_sample(2023, "second", |name| name.contains("_10"));
        Desk { bench }
    }

    /// The arguments of a run that reads a collection, in the place of the one before.
    fn reads(command: &'static str, folder: &'static str) -> Vec<&'static str> {
        vec![command, YEAR, "--returns", folder, "--roster", "roster.csv", "--replace", "--fail-on", "never"]
    }

    fn run(&self, folder: &'static str) -> Ran {
        let ran = self.bench.cssa(Desk::reads("run", folder));
        assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
        ran
    }

    fn out(&self) -> PathBuf {
        self.bench.path("reports/fy2023")
    }

    /// All tables and outputs. The manifest tells how long a run took: of it, the outputs that it names.
    fn state(&self) -> Files {
        let store = contents(&self.bench.path("data/store"));
        let tables = store.into_iter().filter(|(name, _)| name.ends_with(".parquet"));
        let outputs = contents(&self.out()).into_iter().filter(|(name, _)| name != "manifest.json");
        tables.map(|(name, content)| (format!("store/{name}"), content)).chain(outputs).collect()
    }

    /// Every output that the manifest names is there as it names it, and it names every one.
    fn manifest_is_true(&self) {
        let manifest = std::fs::read(self.out().join("manifest.json")).expect("a manifest");
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("JSON");
        let named: Vec<(String, String)> = manifest["outputs"]
            .as_array()
            .expect("outputs")
            .iter()
            .map(|one| ["file", "sha256"].map(|key| one[key].as_str().expect("a text").to_owned()).into())
            .collect();
        let there: Vec<(String, String)> = contents(&self.out())
            .into_iter()
            .filter(|(name, _)| name != "manifest.json" && !name.starts_with("internal/set_aside/"))
            .map(|(name, content)| (name, ContentHash::of(&content).to_string()))
            .collect();
        assert_eq!(named, there);
    }

    fn save(&self, name: &str) {
        copy(&self.bench.path("data"), &self.bench.path(&format!("{name}/data")));
        copy(&self.bench.path("reports"), &self.bench.path(&format!("{name}/reports")));
    }

    fn restore(&self, name: &str) {
        for folder in ["data", "reports"] {
            copy(&self.bench.path(&format!("{name}/{folder}")), &self.bench.path(folder));
        }
    }

    /// Finds among the findings of the last run on the returns those about outputs.
    fn set_aside(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.out().join("internal/findings.jsonl")).expect("findings");
        let findings = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
        let of_outputs = findings.filter(|finding| finding["code"] == "O01");
        of_outputs.map(|finding| finding["message"].as_str().expect("a text").to_owned()).collect()
    }
}

fn names(files: &Files) -> Vec<&str> {
    files.iter().map(|(name, _)| name.as_str()).collect()
}

/// The names of files that are not the same in both.
fn differing<'f>(one: &'f Files, other: &'f Files) -> Vec<&'f str> {
    let lacks = |files: &Files, file: &(String, Vec<u8>)| !files.contains(file);
    let of_one = one.iter().filter(|file| lacks(other, file));
    of_one.chain(other.iter().filter(|file| lacks(one, file))).map(|(name, _)| name.as_str()).collect()
}

#[test]
fn a_run_killed_at_any_moment_leaves_store_and_outputs_of_one_run() {
    let desk = Desk::new();
    desk.run("first");
    desk.save("saved");
    let before = desk.state();
    let began = Instant::now();
    desk.run("second");
    let whole = began.elapsed();
    let after = desk.state();
    let changed = differing(&before, &after);
    for part in ["store/", "internal/", "internal/charts/", "public/"] {
        assert!(changed.iter().any(|name| name.starts_with(part)), "{part} differs between the two: {changed:?}");
    }
    // Whatever comes next finishes what is not finished.
    let next: [&[&str]; 3] = [&["status", YEAR], &["tabulate", YEAR], &["disclose", YEAR, "--releases"]];
    let (mut old, mut new, mut within) = (0, 0, 0);
    for time in 0..TIMES {
        desk.restore("saved");
        let mut command = Command::new(env!("CARGO_BIN_EXE_cssa"));
        command.args(Desk::reads("run", "second")).current_dir(desk.bench.path(""));
        let mut running = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
        // As often at the end, where everything is put in place, as over all the rest.
        let part = f64::from((time * 37) % TIMES) / f64::from(TIMES);
        let moment = if time % 2 == 0 { part } else { 0.75 + 0.35 * part };
        if time % 5 == 4 {
            desk.wait_for_journal(&mut running);
        } else {
            std::thread::sleep(whole.mul_f64(moment));
        }
        running.kill().expect("a process can be killed");
        running.wait().expect("it ends");
        within += u32::from(desk.journal().exists());
        let ran = desk.bench.cssa(next[time as usize % next.len()]);
        assert_eq!(ran.status, 0, "killed at {moment:.2}: {}\n{}", ran.out, ran.err);
        let mut found = desk.state();
        // One that only lists leaves what was not decided on to the next run with outputs.
        found.retain(|(name, _)| !name.starts_with(".next/"));
        let is_old = found == before;
        assert!(
            is_old || found == after,
            "killed at {moment:.2} of {whole:?}: a mixture; not as before: {:?}; not as after: {:?}",
            differing(&found, &before),
            differing(&found, &after)
        );
        old += u32::from(is_old);
        new += u32::from(!is_old);
        desk.manifest_is_true_without_drafts();
    }
    assert!(old > 0 && new > 0 && old + new == TIMES, "{old} were killed before their end, {new} were not");
    assert!(within > 0, "no run was killed while it put things in place");
    desk.run("second");
    assert!(desk.state() == after, "whatever was left behind, the next run is as good as any");
    desk.manifest_is_true();
}

impl Desk {
    fn journal(&self) -> PathBuf {
        self.bench.path("data/store/.commit.json")
    }

    /// Waits until a run has decided, or has ended: what it puts in place takes a few milliseconds.
    fn wait_for_journal(&self, running: &mut Child) {
        let journal = self.journal();
        while !journal.exists() && running.try_wait().expect("a process can be looked at").is_none() {}
    }

    fn manifest_is_true_without_drafts(&self) {
        let waiting = self.out().join(".next");
        if waiting.exists() {
            std::fs::remove_dir_all(waiting).expect("a folder can be removed");
        }
        self.manifest_is_true();
    }
}

#[test]
fn what_a_person_wrote_among_the_outputs_is_kept() {
    let desk = Desk::new();
    desk.run("first");
    let out = desk.out();
    let table = std::fs::read(out.join("internal/distributions.csv")).expect("a table");
    let changed = [&table, "備考\r\n".as_bytes()].concat();
    std::fs::write(out.join("internal/distributions.csv"), &changed).expect("a file can be written");
    std::fs::write(out.join("internal/status.xlsx"), "注記").expect("a file can be written");
    std::fs::write(out.join("public/memo.txt"), "覚え書き").expect("a file can be written");
    std::fs::write(out.join("internal/memo.txt"), "これも").expect("a file can be written");
    let ran = desk.run("second");
    let said = desk.set_aside();
    assert_eq!(said.len(), 3, "{said:?}");
    for (message, name, text) in [
        (&said[0], "internal/distributions.csv was changed since this program wrote it", changed.as_slice()),
        (&said[1], "internal/status.xlsx was changed since", "注記".as_bytes()),
        (&said[2], "public/memo.txt stood where only this program writes", "覚え書き".as_bytes()),
    ] {
        assert!(message.starts_with(name), "{message}");
        let kept = message.rsplit_once(" is kept as ").expect("where it is kept").1;
        assert_eq!(std::fs::read(out.join(kept)).expect("it is kept"), text, "{message}");
        assert!(ran.out.contains(message), "{}", ran.out);
    }
    // Where this program writes nothing, nobody is in the way.
    assert_eq!(std::fs::read_to_string(out.join("internal/memo.txt")).expect("a memo"), "これも");
    assert_eq!(contents(&out.join("internal/set_aside")).len(), 3);
    std::fs::remove_file(out.join("internal/memo.txt")).expect("a file can be removed");
    desk.manifest_is_true();
    // Told as long as they are kept; and without the files that were in the way the outputs are the same.
    let ran = desk.run("second");
    assert_eq!((desk.set_aside(), ran.out.matches("[O01").count()), (said, 3), "{}", ran.out);
    std::fs::remove_dir_all(out.join("internal/set_aside")).expect("a folder can be removed");
    let ran = desk.run("second");
    assert!(desk.set_aside().is_empty() && !ran.out.contains("O01"), "{}", ran.out);
    let clean = Desk::new();
    clean.run("first");
    clean.run("second");
    let mut found = desk.state();
    found.retain(|(name, _)| !name.starts_with("internal/set_aside/") && !name.starts_with("store/.origin/"));
    let mut expected = clean.state();
    expected.retain(|(name, _)| !name.starts_with("store/.origin/"));
    assert_eq!(differing(&found, &expected), Vec::<&str>::new());
}

#[test]
fn a_file_that_status_sets_aside_stands_among_the_findings_as_long_as_it_is_kept() {
    let desk = Desk::new();
    desk.run("first");
    let out = desk.out();
    std::fs::write(out.join("internal/status.xlsx"), "注記").expect("a file can be written");
    let listed = || {
        let text = std::fs::read(out.join("internal/status.json")).expect("a status");
        let status: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
        let listed = status["findings"]["listed"].as_array().expect("a list").clone();
        listed.into_iter().filter(|one| one["code"] == "O01").map(|one| one["new"] == true).collect::<Vec<_>>()
    };
    let stored = || {
        let rows = crate::responses::stored_in(&desk.bench.path("data/store"), "findings", 2023);
        rows.into_iter().filter(|row| row["code"] == "O01").map(|row| row["file"].clone()).collect::<Vec<_>>()
    };
    for command in ["status", "status", "tabulate", "status"] {
        let ran = desk.bench.cssa([command, YEAR]);
        assert!(ran.status < 2 && ran.out.contains("O01"), "{command}: {}\n{}", ran.out, ran.err);
        assert_eq!((listed(), desk.set_aside().len()), (vec![true], 1), "{command}");
        assert!(stored().len() == 1 && out.join(&stored()[0]).is_file(), "{command}: {:?}", stored());
        desk.manifest_is_true();
    }
    std::fs::remove_dir_all(out.join("internal/set_aside")).expect("a folder can be removed");
    let ran = desk.bench.cssa(["status", YEAR]);
    assert!(!ran.out.contains("O01"), "{}", ran.out);
    assert!(listed().is_empty() && desk.set_aside().is_empty() && stored().is_empty());
}

#[test]
fn what_a_system_leaves_in_a_folder_stays_there() {
    let desk = Desk::new();
    desk.run("first");
    for name in ["Thumbs.db", "desktop.ini", ".DS_Store", "~$figures.xlsx"] {
        std::fs::write(desk.out().join("public").join(name), "x").expect("a file can be written");
    }
    desk.run("second");
    assert!(desk.set_aside().is_empty(), "{:?}", desk.set_aside());
    for name in ["Thumbs.db", "desktop.ini", ".DS_Store", "~$figures.xlsx"] {
        assert!(desk.out().join("public").join(name).is_file(), "{name}");
    }
}

#[test]
#[cfg(unix)]
fn links_and_names_that_are_no_text_are_set_aside_as_they_are() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    let desk = Desk::new();
    desk.run("first");
    let public = desk.out().join("public");
    desk.bench.write("elsewhere/memo.txt", "覚え書き");
    symlink(desk.bench.path("elsewhere"), public.join("folder")).expect("a link");
    symlink(desk.bench.path("nowhere"), public.join("nothing")).expect("a link");
    std::fs::write(public.join(std::ffi::OsStr::from_bytes(b"memo\xff.txt")), "x").expect("a file can be written");
    let ran = desk.run("second");
    assert_eq!(desk.set_aside().len(), 3, "{}", ran.out);
    let aside = std::fs::read_dir(desk.out().join("internal/set_aside/public")).expect("a folder");
    assert_eq!(aside.count(), 3);
    let left = std::fs::read_dir(&public).expect("a folder").flatten();
    let left: Vec<_> = left.map(|entry| entry.file_name()).collect();
    let is_left = |name: &[u8]| left.iter().any(|other| other.as_bytes() == name);
    assert!(!is_left(b"folder") && !is_left(b"nothing") && !is_left(b"memo\xff.txt"), "{left:?}");
    assert!(desk.bench.path("elsewhere/memo.txt").is_file(), "the folder that a link leads to is nobody's");
    let ran = desk.run("second");
    assert_eq!(desk.set_aside().len(), 3, "{}", ran.out);
}

#[test]
fn what_is_unchanged_is_left_alone_whichever_command_wrote_it() {
    let desk = Desk::new();
    desk.run("first");
    let long_ago = SystemTime::UNIX_EPOCH;
    for (name, _) in contents(&desk.out()) {
        let file = std::fs::File::options().append(true).open(desk.out().join(name)).expect("an output");
        file.set_modified(long_ago).expect("a time can be set");
    }
    for arguments in
        [Desk::reads("ingest", "first"), vec!["status", YEAR], vec!["chart", YEAR], Desk::reads("run", "first")]
    {
        let ran = desk.bench.cssa(&arguments);
        assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
        for (name, _) in contents(&desk.out()).iter().filter(|(name, _)| name != "manifest.json") {
            let modified = std::fs::metadata(desk.out().join(name)).and_then(|there| there.modified());
            assert_eq!(modified.expect("a time"), long_ago, "{arguments:?} wrote {name} again");
        }
        desk.manifest_is_true();
    }
}

/// The program is refused, with one error, and nothing has changed.
fn is_refused(desk: &Desk, before: &Files, arguments: &[&str], output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert_eq!(said.matches("error:").count(), 1, "{arguments:?}: {said}");
    let found = desk.state();
    assert!(found == *before, "{arguments:?} changes {:?}\n{said}", differing(&found, before));
}

fn cssa(desk: &Desk, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cssa"));
    command.args(arguments).current_dir(desk.bench.path("")).output().expect("the program starts")
}

#[test]
fn a_folder_in_the_place_of_a_file_and_a_file_in_that_of_a_folder_are_one_error_each() {
    let desk = Desk::new();
    desk.run("first");
    desk.save("saved");
    let release: &[&str] = &["disclose", YEAR, "--release", "2024-04-01"];
    let run = Desk::reads("run", "second");
    let cases: [(&str, bool, &[&str]); 6] = [
        ("reports/fy2023/internal/distributions.csv", true, &run),
        ("reports/fy2023/internal/findings.jsonl", true, &run),
        ("reports/fy2023/public/certificate.json", true, release),
        ("reports/fy2023/public/certificate.json", true, &run),
        ("reports/fy2023/internal/disclosure", false, release),
        ("reports/fy2023/internal/charts", false, &["chart", YEAR]),
    ];
    for (place, is_folder, arguments) in cases {
        desk.restore("saved");
        let place = desk.bench.path(place);
        if is_folder {
            std::fs::remove_file(&place).expect("a file can be removed");
            std::fs::create_dir_all(place.join("in the way")).expect("a folder can be made");
            std::fs::write(place.join("in the way/memo.txt"), "x").expect("a file can be written");
        } else {
            std::fs::remove_dir_all(&place).expect("a folder can be removed");
            std::fs::write(&place, "x").expect("a file can be written");
        }
        let before = desk.state();
        is_refused(&desk, &before, arguments, &cssa(&desk, arguments));
        let listed = cssa(&desk, &["disclose", YEAR, "--releases"]);
        assert!(String::from_utf8_lossy(&listed.stdout).contains("nothing was released"), "{place:?}");
    }
}

/// Runs a script of a shell that may mount, as `$0` the first of these and the rest after it.
#[cfg(target_os = "linux")]
fn mounting(desk: &Desk, script: &str, arguments: &[&str]) -> std::io::Result<Output> {
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", script]).args(arguments);
    command.current_dir(desk.bench.path("")).output()
}

/// Whether this machine lets a test mount. A test that is skipped is counted where everybody sees it, and fails where
/// `CSSA_REQUIRE_MOUNTS` is set.
#[cfg(target_os = "linux")]
fn may_mount(desk: &Desk, what: &str) -> bool {
    let tried = mounting(desk, "mount -t tmpfs -o size=64k tmpfs \"$0\"", &["."]);
    let is_allowed = tried.as_ref().is_ok_and(|output| output.status.success());
    if !is_allowed {
        let is_required = std::env::var_os("CSSA_REQUIRE_MOUNTS").is_some();
        assert!(!is_required, "CSSA_REQUIRE_MOUNTS is set, and this machine lets no test mount {what}: {tried:?}");
        // Past the capture of a test's output.
        writeln!(std::io::stderr(), "1 skipped: this machine lets no test mount {what}").expect("stderr is open");
    }
    is_allowed
}

/// What every command that writes outputs is called with.
#[cfg(target_os = "linux")]
fn commands() -> Vec<Vec<&'static str>> {
    vec![
        Desk::reads("ingest", "second"),
        Desk::reads("run", "second"),
        vec!["tabulate", YEAR],
        vec!["disclose", YEAR, "--release", "2024-04-01"],
        vec!["chart", YEAR],
        vec!["status", YEAR],
    ]
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_without_write_permission_is_one_error_at_each_stage() {
    let desk = Desk::new();
    if !may_mount(&desk, "a folder that cannot be written to") {
        return;
    }
    desk.run("first");
    // So that every command has something to write.
    for name in ["internal/distributions.csv", "public/certificate.json", "internal/status.json"] {
        std::fs::write(desk.out().join(name), "x").expect("a file can be written");
    }
    std::fs::remove_dir_all(desk.out().join("internal/charts")).expect("a folder can be removed");
    let before = desk.state();
    let script = r#"mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@""#;
    for folder in ["reports/fy2023", "reports/fy2023/internal", "reports/fy2023/public", "data/store"] {
        for arguments in commands() {
            // These write nothing for readers.
            if folder.ends_with("public") && ["tabulate", "status", "ingest"].contains(&arguments[0]) {
                continue;
            }
            let all = [&[folder, env!("CARGO_BIN_EXE_cssa")], &arguments[..]].concat();
            let output = mounting(&desk, script, &all).expect("a shell starts");
            is_refused(&desk, &before, &[&[folder], &arguments[..]].concat(), &output);
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_fills_up_is_one_error_wherever_it_does() {
    let desk = Desk::new();
    if !may_mount(&desk, "a small disk") {
        return;
    }
    desk.run("first");
    std::fs::remove_dir_all(desk.out().join("internal/charts")).expect("a folder can be removed");
    desk.save("saved");
    let before = desk.state();
    // The outputs lie on a small disk of their own, with so many KB to spare; they are looked at afterwards.
    let script = r#"spare="$0"; mkdir -p stocked found; cp -a reports/fy2023/. stocked
        used=$(du -sk --apparent-size reports/fy2023 | cut -f1); files=$(find reports/fy2023 | wc -l)
        mount -t tmpfs -o size=$((used + files * 4 + spare))k tmpfs reports/fy2023 && cp -a stocked/. reports/fy2023
        "$@"; rc=$?; rm -rf found/*; cp -a reports/fy2023/. found; exit $rc"#;
    let mut refused = 0;
    for arguments in commands() {
        for spare in ["0", "40", "120", "300"] {
            desk.restore("saved");
            let all = [&[spare, env!("CARGO_BIN_EXE_cssa")], &arguments[..]].concat();
            let output = mounting(&desk, script, &all).expect("a shell starts");
            // With enough to spare there is no error.
            if output.status.success() {
                continue;
            }
            refused += 1;
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.contains("No space left") && said.contains("is there room on the disk"), "{said}");
            is_refused(&desk, &before, &[&[spare], &arguments[..]].concat(), &output);
            let mut found = contents(&desk.bench.path("found"));
            found.retain(|(name, _)| name != "manifest.json");
            let outputs: Files = before.iter().filter(|(name, _)| !name.starts_with("store/")).cloned().collect();
            assert_eq!(names(&found), names(&outputs), "{spare} KB, {arguments:?}");
            assert!(found == outputs, "{spare} KB, {arguments:?}");
        }
    }
    assert!(refused >= 4, "only {refused} runs found the disk full");
}

#[test]
fn a_memo_for_readers_outlives_a_refusal_and_a_policy_that_is_taken_away() {
    let desk = Desk::new();
    desk.run("first");
    let memo = desk.out().join("public/memo.txt");
    std::fs::write(&memo, "覚え書き").expect("a file can be written");
    let before = desk.state();
    // Refused: nothing was released that could be corrected.
    let refused = ["disclose", YEAR, "--correct", "訂正", "--release", "2024-04-01"];
    is_refused(&desk, &before, &refused, &cssa(&desk, &refused));
    // Without a policy nobody is to have anything: the draft goes, and what a person wrote does not.
    let policies = desk.bench.path("pipelines/cssa/fy2023.toml");
    let text = std::fs::read_to_string(&policies).expect("a definition");
    std::fs::write(&policies, text.replace("disclosure = \"disclosure.toml\"\n", "")).expect("a file can be written");
    let ran = desk.bench.cssa(["chart", YEAR]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    assert!(!desk.out().join("public").exists(), "{}", ran.out);
    let kept = ran.out.split(" is kept as ").nth(1).expect("where it is kept").lines().next().expect("a line");
    assert_eq!(std::fs::read_to_string(desk.out().join(kept)).expect("it is kept"), "覚え書き");
    let others = contents(&desk.out().join("internal/set_aside"));
    assert_eq!(others.len(), 1, "what the program wrote itself is not kept aside");
}

#[test]
fn folders_of_which_one_lies_inside_another_are_refused() {
    let desk = Desk::new();
    desk.run("first");
    let before = contents(&desk.bench.path("."));
    let mut cases = vec![
        (vec!["--out", "data/store"], "the folder of outputs data/store is the same folder as the store"),
        (vec!["--out", "data/store/new"], "the folder of outputs data/store/new lies inside the store"),
        (vec!["--out", "new/../data/store/new"], "lies inside the store"),
        (vec!["--returns", "data/../data/store/"], "is the same folder as the store"),
        (vec!["--returns", "data/store"], "the folder of returns data/store is the same folder as the store"),
        (vec!["--returns", "data/store/responses"], "lies inside the store"),
        (vec!["--store", "first/store"], "the store first/store lies inside the folder of returns first"),
        (vec!["--out", "first/reports"], "the folder of outputs first/reports lies inside the folder of returns"),
        (vec!["--out", "./first"], "is the same folder as the folder of returns"),
        (vec!["--returns", "."], "lies inside the folder of returns ."),
        (vec!["--returns", "reports/fy2023/internal/follow_up"], "lies inside the folder of outputs"),
        (vec!["--store", "reports/fy2023/public/store"], "lies inside the folder of outputs"),
    ];
    #[cfg(unix)]
    {
        let aside = desk.bench.path("aside");
        std::fs::create_dir(&aside).expect("a folder can be made");
        for (link, target) in [("store", "data/store"), ("returns", "first")] {
            std::os::unix::fs::symlink(desk.bench.path(target), aside.join(link)).expect("a link can be made");
        }
        cases.push((vec!["--out", "aside/store/new"], "the folder of outputs aside/store/new lies inside the store"));
        cases.push((vec!["--out", "aside/returns/new"], "lies inside the folder of returns"));
    }
    for (flags, words) in cases {
        let given = ["--returns", "first"];
        let given = if flags[0] == "--returns" { &given[..0] } else { &given };
        let fixed = ["run", YEAR, "--roster", "roster.csv", "--replace", "--fail-on", "never"];
        let ran = desk.bench.cssa([&fixed[..], given, &flags].concat());
        assert_eq!(ran.status, 2, "{flags:?}: {}\n{}", ran.out, ran.err);
        let remedy = format!("name another folder with {}", flags[0]);
        let remedy = if flags == ["--returns", "."] { "name another folder with --store" } else { &remedy };
        assert!(ran.err.contains(words) && ran.err.contains(remedy), "{flags:?}: {}", ran.err);
    }
    for command in ["status", "tabulate"] {
        let ran = desk.bench.cssa([command, YEAR, "--out", "data/store/new"]);
        assert!(ran.status == 2 && ran.err.contains("lies inside the store"), "{command}: {}", ran.err);
    }
    let aside = |name: &str| name.starts_with("aside/");
    let after = contents(&desk.bench.path(".")).into_iter().filter(|(name, _)| !aside(name)).collect::<Vec<_>>();
    assert!(before == after, "nothing was written");
    // Folders side by side, or the store and the returns beside the program's own outputs, are as good as ever.
    let ran = desk.bench.cssa([
        "ingest",
        YEAR,
        "--roster",
        "roster.csv",
        "--returns",
        "all/returns",
        "--store",
        "all/store",
        "--out",
        "all",
    ]);
    assert!(!ran.err.contains("lies inside"), "{}", ran.err);
}
