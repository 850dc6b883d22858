//! The intake log: when each file was received, as the desk wrote it down. It settles the order of
//! several workbooks of one institution beyond doubt.
//!
//! A line names a file of the folder, or a workbook inside an archive (`回答.zip/点検票.xlsx`). What it
//! says of an archive holds for all that is in it, unless a line of its own says otherwise.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::finding::{Code, Finding, Place};
use crate::ingest::arrival::moment::Moment;
use crate::survey::{Complaint, TableError, TableFile, TableKind, TableRow, comparable};

/// From how many files on that the log does not name they are one finding: it is then a log of some files only.
const MANY: usize = 10;
/// How many of them that finding names.
const NAMED: usize = 5;

/// Columns of the log, by position in [`KIND`].
const FILE: usize = 0;
const TIME: usize = 1;

static KIND: TableKind = TableKind {
    name: "the intake log",
    columns: &["file", "time"],
    named_by: "name it with --received, or leave --received out",
    is_secret: false,
};

/// When files were received, as far as a log says so.
#[derive(Debug, Clone, Default)]
pub(in crate::ingest) struct Received {
    /// Whether there is a log.
    is_kept: bool,
    /// The files that are there and logged, with line and time.
    times: BTreeMap<Arc<str>, (usize, Moment)>,
    /// What is logged and no file of the folder has as its name: perhaps something inside an archive.
    others: BTreeMap<String, Moment>,
    /// The files of the folder.
    files: Vec<Arc<str>>,
}

impl Received {
    /// When a file was received: it, or the archive that it lies in.
    pub(in crate::ingest) fn time(&self, file: &str) -> Option<Moment> {
        let mut path = file;
        loop {
            if let Some((_, time)) = self.times.get(path) {
                return Some(*time);
            }
            path = path.rsplit_once('/')?.0;
        }
    }

    /// Reads a log against the files that are there.
    pub(in crate::ingest) fn load(path: &Path, files: &[Arc<str>]) -> Result<Received, TableError> {
        let table = TableFile::open(path, &KIND)?;
        table.require(KIND.columns).map_err(|complaint| TableError::Mistaken(vec![complaint]))?;
        let mut received =
            Received { is_kept: true, times: BTreeMap::new(), others: BTreeMap::new(), files: files.to_vec() };
        let complaints = table.rows().iter().filter_map(|row| received.add(&table, row).err()).collect();
        TableError::unless_empty(complaints)?;
        Ok(received)
    }

    fn add(&mut self, table: &TableFile, row: &TableRow) -> Result<(), Complaint> {
        let (written, time) = (row.field(FILE), row.field(TIME));
        if let Some(complaint) = table.surplus(row) {
            return Err(complaint);
        }
        if written.is_empty() {
            let help = "write the path within the folder, or take the row out";
            return Err(table.complaint(row, FILE, "the file is not named".to_owned(), help));
        }
        let moment = Moment::parse(time).ok_or_else(|| {
            let line = row.line;
            let message =
                format!("「{time}」 is no time of receipt, in line {line}: expected one such as 2023-08-01 14:05");
            table.complaint(row, TIME, message, "write the day, and the time of the day where it matters")
        })?;
        let wanted = written.replace('\\', "/");
        let wanted = wanted.strip_prefix("./").unwrap_or(&wanted);
        let wrong = |message: String, help: &str| Err(table.complaint(row, FILE, message, help));
        match meant(wanted, &self.files).as_slice() {
            [] => match self.others.get(wanted) {
                Some(other) if *other != moment => {
                    let message = format!("{wanted} stands already in the log, with the time {other}");
                    return wrong(message, "leave one of the two rows out");
                }
                _ => drop(self.others.insert(wanted.to_owned(), moment)),
            },
            [file] => match self.times.get(file) {
                Some((before, other)) if *other != moment => {
                    let message = format!("{file} stands already in line {before}, with the time {other}");
                    return wrong(message, "leave one of the two rows out");
                }
                Some(_) => {}
                None => drop(self.times.insert(Arc::clone(file), (row.line, moment))),
            },
            [one, another, ..] => {
                return wrong(format!("{written} may be {one} or {another}"), "write the path within the folder");
            }
        }
        Ok(())
    }

    /// Finds what the log names inside archives among all workbooks that there are, and notes what only
    /// one of log and folder has.
    pub(in crate::ingest) fn settle(&mut self, workbooks: &[Arc<str>]) -> Vec<Finding> {
        if !self.is_kept {
            return Vec::new();
        }
        let mut findings = Vec::new();
        let mut missing = Vec::new();
        for (name, time) in std::mem::take(&mut self.others) {
            match meant(&name, workbooks).as_slice() {
                [] => missing.push(name),
                [file] => drop(self.times.insert(Arc::clone(file), (0, time))),
                [one, another, ..] => {
                    let message = format!("the intake log names this file, which may be {one} or {another}");
                    let help = "Write the path of the archive and that within it into the log.";
                    findings.push(differs(Place::File(name), message, help));
                }
            }
        }
        let is_within = |file: &str, workbook: &str| {
            workbook.strip_prefix(file).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let is_logged = |file: &str| {
            let mut within = workbooks.iter().filter(|workbook| is_within(file, workbook)).peekable();
            match within.peek() {
                None => self.time(file).is_some(),
                Some(_) => within.all(|workbook| self.time(workbook).is_some()),
            }
        };
        let unlogged: Vec<String> =
            self.files.iter().filter(|file| !is_logged(file)).map(|file| file.to_string()).collect();
        // Each of these may be a lost workbook, and is named.
        findings.extend(missing.iter().map(|file| {
            let seen = "the intake log names this file, but the folder does not have it".to_owned();
            differs(Place::File(file.clone()), seen, "Look for the file, or take its line out of the log.")
        }));
        findings.extend(one_or_each(
            &unlogged,
            "the folder has this file, but the intake log does not name it",
            "Add the file to the intake log with the time of its receipt.",
            |count| format!("the intake log does not name {count} of the {} files of the folder", self.files.len()),
            "Nothing, if the log is of some files only, such as resubmissions; else add the files with the times of their \
             receipt.",
        ));
        findings
    }
}

fn differs(place: Place, message: String, help: &str) -> Finding {
    Finding::new(Code::LogDiffersFromFolder, place, message, help)
}

/// A finding for each file, or one for all of them where they are many.
fn one_or_each(
    files: &[String],
    of_each: &str,
    help_of_each: &str,
    of_all: impl Fn(usize) -> String,
    help_of_all: &str,
) -> Vec<Finding> {
    if files.len() < MANY {
        let finding = |file: &String| differs(Place::File(file.clone()), of_each.to_owned(), help_of_each);
        return files.iter().map(finding).collect();
    }
    let (named, more) = (files[..NAMED].join(", "), files.len() - NAMED);
    let message = format!("{}: {named} and {more} more", of_all(files.len()));
    // Each file that comes changes the count; the cause stays the same.
    vec![differs(Place::Collection, message, help_of_all).caused_by(of_each)]
}

/// The files that a name may mean: the path, else the name without folders; to the character,
/// else as far as widths, spaces and capital letters may differ between systems.
fn meant(wanted: &str, files: &[Arc<str>]) -> Vec<Arc<str>> {
    let base = |path: &str| path.rsplit_once('/').map_or(path, |(_, base)| base).to_owned();
    let folded = |text: &str| comparable(text).to_lowercase();
    let those = |is_meant: &dyn Fn(&str) -> bool| -> Vec<Arc<str>> {
        files.iter().filter(|file| is_meant(file)).cloned().collect()
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
