//! The intake log: when each file was received, as the desk wrote it down. It settles the order of
//! several workbooks of one institution beyond doubt.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::moment::Moment;
use crate::finding::{Code, Finding, Place};
use crate::survey::{comparable, plain_csv};

/// An intake log that cannot be used: nothing is read before it is put right.
#[derive(Debug, thiserror::Error)]
pub enum ReceivedError {
    /// The file is not there, or the system would not let it be read.
    #[error("the intake log {path} cannot be read: {source}\n  name it with --received, or leave --received out")]
    Unreadable {
        /// The log.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Something in it is wrong.
    #[error("the intake log {path} cannot be used:\n{}\n  it is a CSV file (UTF-8) with the columns file,time: `x.xlsx,2023-08-01 14:05`", .mistakes.join("\n"))]
    Mistaken {
        /// The log.
        path: PathBuf,
        /// What is wrong, each with its line.
        mistakes: Vec<String>,
    },
}

/// When files were received, as far as a log says so.
#[derive(Debug, Clone, Default)]
pub(super) struct Received {
    times: BTreeMap<Arc<str>, Moment>,
}

impl Received {
    /// When a file was received: by its own name, or by that of the archive that it came in.
    pub(super) fn time(&self, file: &str) -> Option<Moment> {
        let around = file.match_indices('/').rev().map(|(at, _)| &file[..at]);
        std::iter::once(file).chain(around).find_map(|file| self.times.get(file).copied())
    }

    /// Reads a log against the files that are there, and notes what only one of them has.
    pub(super) fn load(path: &Path, files: &[Arc<str>]) -> Result<(Received, Vec<Finding>), ReceivedError> {
        let source = std::fs::read(path);
        let bytes = source.map_err(|source| ReceivedError::Unreadable { path: path.to_owned(), source })?;
        let mut draft = Draft { files, lines: BTreeMap::new(), gone: Vec::new(), mistakes: Vec::new() };
        draft.read(&plain_csv(&bytes));
        if !draft.mistakes.is_empty() {
            return Err(ReceivedError::Mistaken { path: path.to_owned(), mistakes: draft.mistakes });
        }
        let findings = draft.findings();
        let times = draft.lines.into_iter().map(|(file, (_, time))| (file, time)).collect();
        Ok((Received { times }, findings))
    }
}

/// A log while it is read.
struct Draft<'a> {
    files: &'a [Arc<str>],
    /// The files that are there and logged, with line and time.
    lines: BTreeMap<Arc<str>, (u64, Moment)>,
    /// The files that are logged and not there.
    gone: Vec<String>,
    mistakes: Vec<String>,
}

impl Draft<'_> {
    fn read(&mut self, bytes: &[u8]) {
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
        let not_text = |error: csv::Error| format!("  it is not a UTF-8 CSV file: {error}");
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => return self.mistakes.push(not_text(error)),
        };
        let column = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
        let (Some(file), Some(time)) = (column("file"), column("time")) else {
            let seen: Vec<&str> = header.iter().collect();
            return self
                .mistakes
                .push(format!("  line 1: expected the columns file and time, found: {}", seen.join(", ")));
        };
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => return self.mistakes.push(not_text(error)),
            };
            let line = record.position().map_or(0, csv::Position::line);
            let field = |column: usize| record.get(column).unwrap_or("");
            if let Err(mistake) = self.add(line, field(file), field(time)) {
                self.mistakes.push(format!("  line {line}: {mistake}"));
            }
        }
    }

    fn add(&mut self, line: u64, written: &str, time: &str) -> Result<(), String> {
        if written.is_empty() && time.is_empty() {
            return Ok(());
        }
        if written.is_empty() {
            return Err("the file is not named".to_owned());
        }
        let moment = Moment::parse(time)
            .ok_or_else(|| format!("「{time}」 is no time of receipt, expected one such as 2023-08-01 14:05"))?;
        let wanted = written.replace('\\', "/");
        let wanted = wanted.strip_prefix("./").unwrap_or(&wanted);
        match self.meant(wanted).as_slice() {
            [] => self.gone.push(wanted.to_owned()),
            [file] => match self.lines.get(file) {
                Some((before, other)) if *other != moment => {
                    return Err(format!("{file} stands already in line {before}, with the time {other}"));
                }
                Some(_) => {}
                None => drop(self.lines.insert(Arc::clone(file), (line, moment))),
            },
            [one, another, ..] => {
                return Err(format!("{written} may be {one} or {another}; write the path within the folder"));
            }
        }
        Ok(())
    }

    /// The files that a name may mean: the path, else the name without folders; to the character,
    /// else as far as widths, spaces and capital letters may differ between systems.
    fn meant(&self, wanted: &str) -> Vec<Arc<str>> {
        let base = |path: &str| path.rsplit_once('/').map_or(path, |(_, base)| base).to_owned();
        let folded = |text: &str| comparable(text).to_lowercase();
        let those = |is_meant: &dyn Fn(&str) -> bool| -> Vec<Arc<str>> {
            self.files.iter().filter(|file| is_meant(file)).cloned().collect()
        };
        let exactly = those(&|file| file == wanted);
        if !exactly.is_empty() {
            return exactly;
        }
        let loosely = folded(wanted);
        let ways: [&dyn Fn(&str) -> bool; 3] =
            [&|file| !wanted.contains('/') && base(file) == wanted, &|file| folded(file) == loosely, &|file| {
                !wanted.contains('/') && folded(&base(file)) == loosely
            }];
        ways.into_iter().map(those).find(|files| !files.is_empty()).unwrap_or_default()
    }

    fn findings(&self) -> Vec<Finding> {
        let code = Code::LogDiffersFromFolder;
        let finding =
            |file: &str, message: &str, help: &str| Finding::new(code, Place::File(file.to_owned()), message, help);
        let unlogged = self.files.iter().filter(|file| !self.lines.contains_key(*file));
        let gone = self.gone.iter().map(|file| {
            let help = "Look for the file, or take its line out of the log.";
            finding(file, "the intake log names this file, but the folder does not have it", help)
        });
        let unlogged = unlogged.map(|file| {
            let help = "Add the file to the intake log with the time of its receipt.";
            finding(file, "the folder has this file, but the intake log does not name it", help)
        });
        gone.chain(unlogged).collect()
    }
}
