//! The store: Parquet tables, partitioned by fiscal year, replaced as a whole or not at all.
//!
//! `<store>/<table>/fiscal_year=YYYY/part-0.parquet`, zstd, readable by any Parquet engine. A table that keeps several
//! sets of rows of a year, such as the answers frozen for each release, has one part file for each of them.
//! New tables of a year are written aside ([`Staging`]) and put in place together by
//! [`Staging::commit`]: a journal first, then renames. A run that dies before the journal leaves
//! the old tables; one that dies after it is finished by the next [`Store::open`]. Files outside the store that tell of
//! the tables change with them ([`Draft`]).

mod files;
mod journal;
mod reader;
pub mod tables;
mod writer;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

pub use files::{Draft, SET_ASIDE, aside, hash_of, is_there, name_of};
use journal::Journal;
use rayon::prelude::*;
pub use reader::{Row, has_column, read, read_texts};
pub use tables::{Column, ColumnKind, Field, Table};
pub use writer::TableWriter;

/// An error of the store: a matter of the disk, not of the material.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system would not read or write.
    #[error(
        "the store cannot be {what} at {path}: {source}\n  is there room on the disk, may you write there, and is no file of the store open elsewhere? the old tables stand"
    )]
    Io {
        /// Read, written, locked.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The Parquet library would not write.
    #[error(
        "table {table} of the store cannot be written: {source}\n  is there room on the disk? the old tables stand"
    )]
    Write {
        /// The table.
        table: &'static str,
        /// The error of the library.
        source: parquet::errors::ParquetError,
    },
    /// The Parquet library would not read.
    #[error("table {table} of the store cannot be read: {source}\n  {}", remedy(table))]
    Read {
        /// The table.
        table: &'static str,
        /// The error of the library.
        source: parquet::errors::ParquetError,
    },
    /// The table was written by an earlier version of this program.
    #[error(
        "table {table} of the store has no column {column} for fiscal year {fiscal_year}\n  it was written by an earlier version; {}",
        remedy_of_outdated(table)
    )]
    Outdated {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The year.
        fiscal_year: u16,
    },
    /// The system would not read or write a file outside the store that changes with it.
    #[error(
        "the output {path} cannot be written: {source}\n  is there room on the disk, may you write there, and is the file open in another program? the store and all outputs stand as they were"
    )]
    File {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The tables and outputs of a commit are partly in place, and the next run finishes it.
    #[error(
        "an interrupted run is not finished: close {path} and run again\n  {source}; is its folder within reach, may you write there, and is there room on the disk?"
    )]
    Unfinished {
        /// The file or folder that could not be changed.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// Another run holds the store.
    #[error(
        "the store {path} is in use by another run\n  wait until it has finished, or name another store with --store"
    )]
    InUse {
        /// The store.
        path: PathBuf,
    },
    /// The year has no such table yet.
    #[error("the store {path} has no table {table} of fiscal year {fiscal_year}\n  {}", remedy_of_missing(table))]
    Missing {
        /// The store.
        path: PathBuf,
        /// The table.
        table: &'static str,
        /// The year.
        fiscal_year: u16,
    },
    /// The frozen answers of a release are lost.
    #[error(
        "the store {path} has lost the frozen answers ({table}) of {editions} of fiscal year {fiscal_year}\n  no ingest brings them back: restore the folders `released_…` of the store from a copy{}",
        withdrawn.as_deref().map(|flags| format!(";\n  if no reader has received that edition, withdraw it instead: `cssa disclose` with {flags}")).unwrap_or_default()
    )]
    MissingFrozen {
        /// The store.
        path: PathBuf,
        /// The table.
        table: &'static str,
        /// The editions that are made from them, in words.
        editions: String,
        /// The flags that withdraw the one edition, where it can be withdrawn.
        withdrawn: Option<String>,
        /// The year.
        fiscal_year: u16,
    },
}

/// The remedy for a table that cannot be read: released figures are in no workbook.
fn remedy(table: &str) -> &'static str {
    if tables::RELEASED.iter().any(|one| one.name == table) {
        "it holds what was released and cannot be made again: restore its folder in the store from the backup"
    } else {
        "run `cssa ingest` for that year again"
    }
}

/// The remedy for a table that is not there.
fn remedy_of_missing(table: &str) -> &'static str {
    if tables::RELEASED.iter().any(|one| one.name == table) {
        "it holds what was released and cannot be made again: restore its folder in the store from a copy"
    } else {
        "run `cssa ingest` for that year first"
    }
}

/// The remedy for a table of an earlier version.
fn remedy_of_outdated(table: &str) -> &'static str {
    if tables::RELEASED.iter().any(|one| one.name == table) {
        "move its folder out of the store, and release that year again with this version"
    } else {
        "run `cssa ingest` for that year again"
    }
}

impl StoreError {
    fn io(what: &'static str, path: &Path, source: io::Error) -> StoreError {
        StoreError::Io { what, path: path.to_owned(), source }
    }

    fn unfinished(path: &Path, source: io::Error) -> StoreError {
        StoreError::Unfinished { path: path.to_owned(), source }
    }

    /// The same error where a journal stays: neither the old tables nor the old outputs are sure to stand.
    fn into_unfinished(self) -> StoreError {
        match self {
            StoreError::Io { path, source, .. } | StoreError::File { path, source } => {
                StoreError::Unfinished { path, source }
            }
            other => other,
        }
    }
}

/// How often a store that is held is tried again …
const LOCK_PATIENCE: u32 = 10;
/// … and after how long.
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// A store that this run holds alone.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    /// Held, and so locked, as long as the store is.
    lock: File,
}

/// A process that is just being started may still hold the open file: it is not waited for.
impl Drop for Store {
    fn drop(&mut self) {
        // A lock that cannot be released here ends when the file is closed.
        let _ = self.lock.unlock();
    }
}

impl Store {
    /// Opens a store, creating its folder where there is none, and finishes what an interrupted
    /// run left half done.
    pub fn open(root: &Path) -> Result<Store, StoreError> {
        fs::create_dir_all(root).map_err(|error| StoreError::io("created", root, error))?;
        let lock_path = root.join(".lock");
        let lock = File::create(&lock_path).map_err(|error| StoreError::io("locked", &lock_path, error))?;
        let mut locked = lock.try_lock();
        // A process that was ended may leave one behind that it was just starting, for a moment.
        for _ in 0..LOCK_PATIENCE {
            if !matches!(locked, Err(TryLockError::WouldBlock)) {
                break;
            }
            thread::sleep(LOCK_PAUSE);
            locked = lock.try_lock();
        }
        match locked {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse { path: root.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(StoreError::io("locked", &lock_path, error)),
        }
        journal::recover(root)?;
        Ok(Store { root: root.to_owned(), lock })
    }

    /// The years of which it has a table, in order.
    pub fn years(&self, table: &Table) -> Vec<u16> {
        let entries = fs::read_dir(self.root.join(table.name)).into_iter().flatten().flatten();
        let year = |name: &str| name.strip_prefix("fiscal_year=")?.parse().ok();
        let mut years: Vec<u16> = entries.filter_map(|entry| year(&entry.file_name().to_string_lossy())).collect();
        years.retain(|year| has(self, table, *year));
        years.sort_unstable();
        years
    }

    /// Where ingest keeps what the files of a year came to, for its next run: no table, but as
    /// confidential as one.
    pub fn readings_file(&self, fiscal_year: u16) -> PathBuf {
        self.root.join(partition(".readings", fiscal_year))
    }

    /// Where drafts of releases are kept between runs: no tables, but as confidential as they.
    pub fn drafts_folder(&self) -> PathBuf {
        self.root.join(".drafts")
    }

    /// Begins new tables for one year.
    pub fn stage(&self, fiscal_year: u16) -> Result<Staging<'_>, StoreError> {
        let folder = journal::staging_folder(&self.root, fiscal_year);
        remove_folder(&folder)?;
        fs::create_dir_all(&folder).map_err(|error| StoreError::io("written", &folder, error))?;
        Ok(Staging { store: self, fiscal_year, folder, written: Vec::new(), dropped: Vec::new(), is_decided: false })
    }
}

/// Where the tables of a year can be read: in the store, or staged and not yet in place.
pub trait TableFiles {
    /// The Parquet file of one part of a table for one year.
    fn part(&self, table: &Table, fiscal_year: u16, part: &str) -> Result<PathBuf, StoreError>;

    /// The Parquet file of a table for one year, of a table that has one part.
    fn file(&self, table: &Table, fiscal_year: u16) -> Result<PathBuf, StoreError> {
        self.part(table, fiscal_year, WHOLE)
    }
}

impl TableFiles for Store {
    fn part(&self, table: &Table, fiscal_year: u16, part: &str) -> Result<PathBuf, StoreError> {
        let path = self.root.join(partition(table.name, fiscal_year)).join(file_name(part));
        if path.is_file() {
            return Ok(path);
        }
        Err(StoreError::Missing { path: self.root.clone(), table: table.name, fiscal_year })
    }
}

/// Whether a folder is a store.
pub fn is_one(root: &Path) -> bool {
    [&tables::MEMBERSHIPS, &tables::RELEASES].iter().any(|table| root.join(table.name).is_dir())
        || root.join(journal::JOURNAL).is_file()
}

/// Whether a folder is a store that has a table of a year, without opening it.
pub fn holds(root: &Path, table: &Table, fiscal_year: u16) -> bool {
    root.join(partition(table.name, fiscal_year)).join(file_name(WHOLE)).is_file()
}

/// The bytes of a table of one year.
pub fn content(files: &dyn TableFiles, table: &Table, fiscal_year: u16) -> Result<Vec<u8>, StoreError> {
    let path = files.file(table, fiscal_year)?;
    fs::read(&path).map_err(|error| StoreError::io("read", &path, error))
}

/// Whether a year has a table.
pub fn has(files: &dyn TableFiles, table: &Table, fiscal_year: u16) -> bool {
    files.file(table, fiscal_year).is_ok()
}

impl TableFiles for Staging<'_> {
    fn part(&self, table: &Table, fiscal_year: u16, part: &str) -> Result<PathBuf, StoreError> {
        if fiscal_year == self.fiscal_year && self.written.contains(&table.name) {
            let path = self.folder.join(table.name).join(file_name(part));
            if path.is_file() {
                return Ok(path);
            }
            return Err(StoreError::Missing { path: self.store.root.clone(), table: table.name, fiscal_year });
        }
        self.store.part(table, fiscal_year, part)
    }
}

/// The part of a table that has one.
const WHOLE: &str = "0";

fn file_name(part: &str) -> String {
    format!("part-{part}.parquet")
}

fn partition(table: &str, fiscal_year: u16) -> PathBuf {
    Path::new(table).join(format!("fiscal_year={fiscal_year}"))
}

fn remove_folder(folder: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::io("cleared", folder, error)),
        _ => Ok(()),
    }
}

/// New tables of one year, not yet in place.
#[derive(Debug)]
pub struct Staging<'s> {
    store: &'s Store,
    fiscal_year: u16,
    folder: PathBuf,
    written: Vec<&'static str>,
    dropped: Vec<(&'static str, u16)>,
    /// Whether the journal has decided on them.
    is_decided: bool,
}

/// Tables that are not decided on leave nothing behind.
impl Drop for Staging<'_> {
    fn drop(&mut self) {
        if !self.is_decided {
            // What cannot be cleared now is cleared by the next run.
            let _ = remove_folder(&self.folder);
        }
    }
}

impl Staging<'_> {
    /// The year whose tables these are.
    pub fn fiscal_year(&self) -> u16 {
        self.fiscal_year
    }

    /// Begins a table. It takes the place of the old one at [`Staging::commit`], and that of one that was begun
    /// before.
    pub fn table(&mut self, table: &'static Table) -> Result<TableWriter, StoreError> {
        let folder = self.folder.join(table.name);
        fs::create_dir_all(&folder).map_err(|error| StoreError::io("written", &folder, error))?;
        if !self.written.contains(&table.name) {
            self.written.push(table.name);
        }
        TableWriter::create(table, &folder.join(file_name(WHOLE)))
    }

    /// Begins a part of a table that keeps its other parts, which stand beside the new one after
    /// [`Staging::commit`].
    pub fn add_part(&mut self, table: &'static Table, part: &str) -> Result<TableWriter, StoreError> {
        let folder = self.folder.join(table.name);
        if !self.written.contains(&table.name) {
            fs::create_dir_all(&folder).map_err(|error| StoreError::io("written", &folder, error))?;
            self.keep_parts(table, &folder)?;
            self.written.push(table.name);
        }
        let path = folder.join(file_name(part));
        // A part of that name may be a link to the one that is in place, which stays as it is until the commit.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::io("cleared", &path, error)),
            _ => TableWriter::create(table, &path),
        }
    }

    /// Puts the parts that a table has already into the folder that takes its place.
    fn keep_parts(&self, table: &Table, folder: &Path) -> Result<(), StoreError> {
        let present = self.store.root.join(partition(table.name, self.fiscal_year));
        if !present.is_dir() {
            return Ok(());
        }
        let entries = fs::read_dir(&present).map_err(|error| StoreError::io("read", &present, error))?;
        for entry in entries {
            let entry = entry.map_err(|error| StoreError::io("read", &present, error))?;
            let (from, to) = (entry.path(), folder.join(entry.file_name()));
            // Not every disk has links: there the part is copied.
            let kept = fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(drop));
            kept.map_err(|error| StoreError::io("written", &to, error))?;
        }
        Ok(())
    }

    /// Drops a table at [`Staging::commit`], of this year or another, because it no longer fits what
    /// it was made from. One that is written instead is not dropped.
    pub fn drop_table(&mut self, table: &'static Table, fiscal_year: u16) {
        self.dropped.push((table.name, fiscal_year));
    }

    /// Waits until a table is on the disk.
    fn sync(&self, table: &str) -> Result<(), StoreError> {
        let folder = self.folder.join(table);
        let entries = fs::read_dir(&folder).map_err(|error| StoreError::io("written", &folder, error))?;
        for entry in entries.flatten() {
            let path = entry.path();
            let file = File::options().write(true).open(&path);
            file.and_then(|file| file.sync_all()).map_err(|error| StoreError::io("written", &path, error))?;
        }
        Ok(())
    }

    /// Gives up all tables: nothing of the store changes at the commit.
    pub fn without_tables(mut self) -> Result<Self, StoreError> {
        self.written.clear();
        self.dropped.clear();
        remove_folder(&self.folder)?;
        Ok(self)
    }

    /// Puts the new tables in place, all together.
    pub fn commit(self) -> Result<(), StoreError> {
        self.commit_all(None)
    }

    /// Puts the new tables in place, and files outside the store with them.
    pub fn commit_with(self, files: Draft) -> Result<(), StoreError> {
        self.commit_all(Some(files))
    }

    fn commit_all(mut self, draft: Option<Draft>) -> Result<(), StoreError> {
        let files = draft.as_ref().and_then(Draft::committed);
        if self.written.is_empty() && self.dropped.is_empty() && files.is_none() {
            return Ok(());
        }
        // The disk takes all files together in little more time than one of them.
        let synced: Vec<Result<(), StoreError>> = self.written.par_iter().map(|table| self.sync(table)).collect();
        synced.into_iter().collect::<Result<(), StoreError>>()?;
        let is_written = |table: &str, year: u16| year == self.fiscal_year && self.written.contains(&table);
        let dropped = self.dropped.iter().filter(|(table, year)| !is_written(table, *year));
        let journal = Journal::new(self.fiscal_year, &self.written, &dropped.copied().collect::<Vec<_>>(), files);
        let root = &self.store.root;
        journal.write(root)?;
        self.is_decided = true;
        draft.into_iter().for_each(Draft::decide);
        journal::finish(root, &journal).map_err(|error| match journal::roll_back(root, &journal) {
            // The error to report is that of the rename: a table that another program holds open, say.
            Ok(()) => error,
            Err(left) => left.into_unfinished(),
        })
    }
}
