//! The journal of a commit: the renames to do, written down before the first one.
//!
//! Each step can be repeated, so a process that finds a journal finishes it, however far it came.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files::{Committed, InPlace};
use super::{StoreError, partition, remove_folder};

pub(super) const JOURNAL: &str = ".commit.json";
/// The journal while it is written.
const DRAFT: &str = ".commit.json.draft";

/// A commit under way.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    fiscal_year: u16,
    written: Vec<String>,
    /// Tables that go, with their years.
    dropped: Vec<(String, u16)>,
    /// Files outside the store that change with the tables.
    #[serde(default)]
    files: Option<Committed>,
}

/// Where the new tables of a year are written.
pub(super) fn staging_folder(root: &Path, fiscal_year: u16) -> PathBuf {
    root.join(format!(".staging-{fiscal_year}"))
}

impl Journal {
    pub(super) fn new(
        fiscal_year: u16,
        written: &[&'static str],
        dropped: &[(&'static str, u16)],
        files: Option<Committed>,
    ) -> Journal {
        let written = written.iter().map(|&name| name.to_owned()).collect();
        let dropped = dropped.iter().map(|&(name, year)| (name.to_owned(), year)).collect();
        Journal { fiscal_year, written, dropped, files }
    }

    /// Every table that is touched, with its year and whether it is replaced rather than dropped.
    fn steps(&self) -> impl Iterator<Item = (&str, u16, bool)> {
        let written = self.written.iter().map(|table| (table.as_str(), self.fiscal_year, true));
        written.chain(self.dropped.iter().map(|(table, year)| (table.as_str(), *year, false)))
    }

    /// Writes the journal under another name first: a journal is whole or is not there.
    pub(super) fn write(&self, root: &Path) -> Result<(), StoreError> {
        let path = root.join(JOURNAL);
        let draft = root.join(DRAFT);
        let text = serde_json::to_string(self).expect("a journal is plain data");
        let write = || -> io::Result<()> {
            let mut file = File::create(&draft)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&draft, &path)
        };
        write().map_err(|error| StoreError::io("written", &path, error))
    }
}

/// Where a table waits that was replaced or dropped, until all is done.
fn old_place(replaced: &Path, table: &str, fiscal_year: u16) -> PathBuf {
    replaced.join(format!("{table}-{fiscal_year}"))
}

/// Finishes what an interrupted run began, or clears away what it had not yet decided on.
pub(super) fn recover(root: &Path) -> Result<(), StoreError> {
    let path = root.join(JOURNAL);
    match fs::read(&path) {
        Ok(bytes) => {
            let journal: Journal = serde_json::from_slice(&bytes)
                .map_err(|error| StoreError::unfinished(&path, io::Error::other(error)))?;
            finish(root, &journal).map_err(StoreError::into_unfinished)?;
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(StoreError::unfinished(&path, error)),
    }
    // A draft was never decided on.
    match fs::remove_file(root.join(DRAFT)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(StoreError::io("cleared", &root.join(DRAFT), error));
        }
        _ => {}
    }
    let entries = fs::read_dir(root).map_err(|error| StoreError::io("read", root, error))?;
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(".staging-") {
            remove_folder(&entry.path())?;
        }
    }
    Ok(())
}

/// Renames the new tables into place, then the files that change with them, and removes the old ones.
pub(super) fn finish(root: &Path, journal: &Journal) -> Result<(), StoreError> {
    let staging = staging_folder(root, journal.fiscal_year);
    let replaced = staging.join(".replaced");
    let step = |path: &Path, done: io::Result<()>| done.map_err(|error| StoreError::io("replaced", path, error));
    step(&replaced, fs::create_dir_all(&replaced))?;
    for (table, year, is_written) in journal.steps() {
        let target = root.join(partition(table, year));
        let new = staging.join(table);
        let is_new = is_written && new.is_dir();
        if (is_new || !is_written) && target.exists() {
            let old = old_place(&replaced, table, year);
            remove_folder(&old)?;
            step(&target, fs::rename(&target, &old))?;
        }
        if is_new {
            let parent = target.parent().expect("a partition lies in the folder of its table");
            step(parent, fs::create_dir_all(parent))?;
            step(&target, fs::rename(&new, &target))?;
        }
    }
    let files = journal.files.as_ref().map(Committed::put_in_place).transpose()?;
    let journal_path = root.join(JOURNAL);
    step(&journal_path, fs::remove_file(&journal_path))?;
    // Nothing is put back from here on: what cannot be cleared away now is cleared by the next run.
    files.into_iter().for_each(InPlace::clear);
    let _ = remove_folder(&staging);
    Ok(())
}

/// Puts the old tables and files back after a rename that failed, so that all is as it was.
/// A table that cannot be put back stays in the journal, and the next [`recover`] tries to finish: until the journal is
/// gone, the new files wait beside their places.
pub(super) fn roll_back(root: &Path, journal: &Journal) -> Result<(), StoreError> {
    let staging = staging_folder(root, journal.fiscal_year);
    let replaced = staging.join(".replaced");
    let step = |path: &Path, done: io::Result<()>| done.map_err(|error| StoreError::io("put back", path, error));
    if let Some(files) = &journal.files {
        files.take_back()?;
    }
    for (table, year, is_written) in journal.steps() {
        let target = root.join(partition(table, year));
        let (new, old) = (staging.join(table), old_place(&replaced, table, year));
        let is_in_place = is_written && !new.is_dir() && target.is_dir();
        if is_in_place {
            step(&target, fs::rename(&target, &new))?;
        }
        if old.is_dir() {
            step(&target, fs::rename(&old, &target))?;
        }
    }
    let journal_path = root.join(JOURNAL);
    step(&journal_path, fs::remove_file(&journal_path))?;
    // All is as it was: what cannot be cleared away now is cleared by the next run.
    journal.files.iter().for_each(Committed::clear_waiting);
    let _ = remove_folder(&staging);
    Ok(())
}
