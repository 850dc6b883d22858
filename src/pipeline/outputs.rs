//! Files under the folder of outputs, each replaced as a whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::PipelineError;
use super::earlier::Earlier;
use super::file_record::FileRecord;
use crate::ingest::ContentHash;
use crate::workbook_style::{self, Book};

/// A workbook, and the hash of what it was made from.
pub(super) struct Made {
    description: ContentHash,
    content: Vec<u8>,
}

/// The folder of outputs, and what this run wrote there.
#[derive(Debug)]
pub(super) struct Outputs {
    root: PathBuf,
    written: BTreeMap<String, FileRecord>,
}

impl Outputs {
    pub(super) fn new(root: &Path) -> Outputs {
        Outputs { root: root.to_owned(), written: BTreeMap::new() }
    }

    /// Writes a file beside its place and renames it, so that a reader never sees half of it. A
    /// file that has this content already is left alone.
    pub(super) fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), PipelineError> {
        let path = self.root.join(name);
        let folder = path.parent().expect("an output lies in a folder");
        let base = path.file_name().expect("an output has a name").to_string_lossy();
        let draft = path.with_file_name(format!(".draft-{base}"));
        let is_there = fs::metadata(&path).is_ok_and(|there| there.len() == bytes.len() as u64)
            && fs::read(&path).is_ok_and(|there| there == bytes);
        let write = || -> std::io::Result<()> {
            if is_there {
                return Ok(());
            }
            fs::create_dir_all(folder)?;
            fs::write(&draft, bytes)?;
            fs::rename(&draft, &path)
        };
        write().map_err(|source| PipelineError::Output { path: path.clone(), source })?;
        let record = FileRecord {
            file: name.into(),
            bytes: bytes.len() as u64,
            sha256: Some(ContentHash::of(bytes)),
            made_from: None,
        };
        self.written.insert(name.to_owned(), record);
        Ok(())
    }

    /// Writes a workbook that is described, unless the last run wrote the very same one.
    pub(super) fn write_book(&mut self, name: &str, book: &Book, earlier: &Earlier) -> Result<(), PipelineError> {
        let made = self.make_book(name, book, earlier);
        self.put_book(name, made)
    }

    /// Makes a workbook that is described, unless the last run wrote the very same one and it is
    /// still there as it was left.
    pub(super) fn make_book(&self, name: &str, book: &Book, earlier: &Earlier) -> Made {
        let description = ContentHash::of_value(book);
        let there = earlier.made_from(name, description).then(|| fs::read(self.root.join(name)).ok()).flatten();
        let kept = there.filter(|content| earlier.wrote(name, content));
        Made { description, content: kept.unwrap_or_else(|| workbook_style::bytes(book)) }
    }

    /// Writes a workbook that was made.
    pub(super) fn put_book(&mut self, name: &str, made: Made) -> Result<(), PipelineError> {
        self.write(name, &made.content)?;
        if let Some(record) = self.written.get_mut(name) {
            record.made_from = Some(made.description);
        }
        Ok(())
    }

    /// The content of an output, as far as there is one.
    pub(super) fn read(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.root.join(name)).ok()
    }

    /// Keeps all that an earlier run wrote to a folder, as if it were written again.
    pub(super) fn keep(&mut self, folder: &str) -> Result<(), PipelineError> {
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let path = self.root.join(&folder);
            let wrapped = |source| PipelineError::Output { path: path.clone(), source };
            if !path.is_dir() {
                continue;
            }
            for entry in fs::read_dir(&path).map_err(wrapped)? {
                let entry = entry.map_err(wrapped)?;
                let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
                if entry.file_type().map_err(wrapped)?.is_dir() {
                    folders.push(name);
                    continue;
                }
                let bytes = fs::read(entry.path()).map_err(wrapped)?;
                let record = FileRecord {
                    file: name.clone().into(),
                    bytes: bytes.len() as u64,
                    sha256: Some(ContentHash::of(&bytes)),
                    made_from: None,
                };
                self.written.insert(name, record);
            }
        }
        Ok(())
    }

    /// Removes files of an earlier run that this one did not write again: those in a folder of which
    /// `is_ours` says by their name that nobody else put them there. A folder that is empty then goes as well.
    pub(super) fn remove_others(&self, folder: &str, is_ours: &dyn Fn(&str) -> bool) -> Result<(), PipelineError> {
        let root = self.root.join(folder);
        let mut folders = vec![(root, folder.to_owned())];
        let mut looked_at = Vec::new();
        while let Some((path, name)) = folders.pop() {
            let wrapped = |source| PipelineError::Output { path: path.clone(), source };
            if !path.is_dir() {
                continue;
            }
            for entry in fs::read_dir(&path).map_err(wrapped)? {
                let entry = entry.map_err(wrapped)?;
                let child = format!("{name}/{}", entry.file_name().to_string_lossy());
                if entry.file_type().map_err(wrapped)?.is_dir() {
                    folders.push((entry.path(), child));
                } else if is_ours(&child) && !self.written.contains_key(&child) {
                    fs::remove_file(entry.path()).map_err(wrapped)?;
                }
            }
            looked_at.push(path);
        }
        // Those that are not empty stay.
        looked_at.iter().rev().for_each(|path| drop(fs::remove_dir(path)));
        Ok(())
    }

    /// What was written, by name.
    pub(super) fn records(&self) -> Vec<FileRecord> {
        self.written.values().cloned().collect()
    }

    /// The names of what was written.
    pub(super) fn names(&self) -> Vec<String> {
        self.written.keys().cloned().collect()
    }
}
