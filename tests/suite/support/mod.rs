//! The shared tools of the tests: folders that clean up, small collections, workbooks from text grids, and the
//! program itself.

pub mod gallery;
pub mod grid;
pub mod institutions;
pub mod number_survey;
pub mod release_world;
pub mod table;
pub mod two_years;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The project's folder.
pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file or folder of the committed sample.
pub fn sample(name: &str) -> PathBuf {
    project().join("data/sample").join(name)
}

/// A year's definition.
pub fn year_file(fiscal_year: u16) -> PathBuf {
    project().join(format!("pipelines/cssa/fy{fiscal_year}.toml"))
}

/// A folder for one test, with what `cssa` needs in it.
pub struct Bench {
    root: TempDir,
}

/// The status and outputs of a run of the program.
pub struct Ran {
    pub status: i32,
    pub out: String,
    pub err: String,
}

impl Bench {
    pub fn new() -> Bench {
        Bench { root: TempDir::new().expect("a temporary folder") }
    }

    /// A path within the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Writes a file within the folder.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        std::fs::write(&path, content).expect("a file can be written");
        path
    }

    /// Copies the returned workbooks of a sample year, some of them if a filter says so.
    pub fn copy_sample(&self, fiscal_year: u16, folder: &str, keep: impl Fn(&str) -> bool) -> PathBuf {
        let target = self.path(folder);
        std::fs::create_dir_all(&target).expect("a folder can be made");
        for entry in std::fs::read_dir(sample(&format!("fy{fiscal_year}"))).expect("the sample is there") {
            let entry = entry.expect("the sample is readable");
            let name = entry.file_name().to_string_lossy().into_owned();
            if keep(&name) {
                std::fs::copy(entry.path(), target.join(name)).expect("a file can be copied");
            }
        }
        target
    }

    /// Runs the program in the folder.
    pub fn cssa<I: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> Ran {
        let output: Output = Command::new(env!("CARGO_BIN_EXE_cssa"))
            .args(arguments)
            .current_dir(self.root.path())
            .output()
            .expect("the program starts");
        Ran {
            status: output.status.code().expect("the program ends by itself"),
            out: String::from_utf8(output.stdout).expect("output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("errors are UTF-8"),
        }
    }

    /// Runs stages on a year with this folder of returns; store and outputs lie in the folder.
    pub fn run(&self, command: &str, fiscal_year: u16, returns: &Path, more: &[&str]) -> Ran {
        let mut arguments = vec![command.to_owned(), year_file(fiscal_year).to_string_lossy().into_owned()];
        // All other commands read the store alone.
        if ["ingest", "run"].contains(&command) {
            arguments.extend(["--returns".to_owned(), returns.to_string_lossy().into_owned()]);
            // Tests put one collection in the place of another and mean it.
            arguments.push("--replace".to_owned());
            // Of two, the later counts for the program; here the test's own.
            if !more.contains(&"--roster") {
                arguments.extend(["--roster".to_owned(), sample("roster.csv").to_string_lossy().into_owned()]);
            }
        }
        arguments.extend(more.iter().map(|&word| word.to_owned()));
        self.cssa(arguments)
    }

    /// Ingests and tabulates a year of the sample, without drawing.
    pub fn tabulate_sample(&self, fiscal_year: u16) {
        for stage in ["ingest", "tabulate"] {
            let ran = self.run(stage, fiscal_year, &sample(&format!("fy{fiscal_year}")), &[]);
            assert_eq!(ran.status, 0, "{stage}: {}\n{}", ran.out, ran.err);
        }
    }

    /// The findings of the last run on a year about returns and their entries. Missing returns are left out, because
    /// most tests work with a few workbooks of the sample; so are implausible answers, because simulated institutions
    /// are not always plausible.
    pub fn findings(&self, fiscal_year: u16) -> Vec<serde_json::Value> {
        let mut findings = self.all_findings(fiscal_year);
        findings.retain(|finding| finding["code"] != "I07" && finding["code"] != "E07");
        findings
    }

    /// The findings of the last run on a year.
    pub fn all_findings(&self, fiscal_year: u16) -> Vec<serde_json::Value> {
        let path = self.path(&format!("reports/fy{fiscal_year}/internal/findings.jsonl"));
        let text = std::fs::read_to_string(path).expect("findings are written");
        text.lines().map(|line| serde_json::from_str(line).expect("a finding is JSON")).collect()
    }
}

/// Every file below a folder with its content, by name.
pub fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut folders = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("the folder is readable") {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("a file below the folder");
                files.push((name.to_string_lossy().replace('\\', "/"), std::fs::read(&path).expect("a file")));
            }
        }
    }
    files.sort();
    files
}

/// Copies a folder to another place, over whatever is there.
pub fn copy(from: &Path, to: &Path) {
    if to.exists() {
        std::fs::remove_dir_all(to).expect("a folder can be removed");
    }
    for (name, content) in contents(from) {
        let path = to.join(name);
        std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        std::fs::write(path, content).expect("a file can be written");
    }
}
