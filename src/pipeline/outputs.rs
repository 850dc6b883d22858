//! Files under the folder of outputs: what a run writes there waits until the run is committed.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::PipelineError;
use super::earlier::Earlier;
use super::file_record::FileRecord;
use super::manifest;
use crate::finding::{Code, Finding, Place};
use crate::ingest::ContentHash;
use crate::store::{self, Draft, Staging};
use crate::workbook_style::{self, Book};

/// A workbook, and the hash of what it was made from.
pub(super) struct Made {
    description: ContentHash,
    content: Vec<u8>,
}

/// Whether a file is one that a system or Excel leaves in a folder that somebody looks at: nobody wrote it.
fn is_of_the_system(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_lowercase();
    ["thumbs.db", "desktop.ini", ".ds_store"].contains(&name.as_str()) || name.starts_with("~$")
}

/// The folder of outputs, and what this run changes there.
#[derive(Debug)]
pub(super) struct Outputs {
    root: PathBuf,
    draft: Draft,
    /// What earlier runs wrote there.
    earlier: Earlier,
    written: BTreeMap<String, FileRecord>,
    /// Folders of which everything stays as it is.
    kept: BTreeSet<String>,
}

impl Outputs {
    /// A run's outputs, with the store whose commit decides on them.
    pub(super) fn new(root: &Path, store: &Path) -> Outputs {
        Outputs {
            root: root.to_owned(),
            draft: Draft::new(root, store),
            earlier: Earlier::default(),
            written: BTreeMap::new(),
            kept: BTreeSet::new(),
        }
    }

    /// Looks at what earlier runs left. The store has to be open: what an interrupted run had decided on is in place
    /// then.
    pub(super) fn begin(&mut self) -> Result<(), PipelineError> {
        self.draft.begin()?;
        self.earlier = Earlier::read(&self.root);
        Ok(())
    }

    /// The folder.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// What earlier runs wrote.
    pub(super) fn earlier(&self) -> &Earlier {
        &self.earlier
    }

    /// Writes a file, which is in its place after the commit. A file that has this content already is left alone.
    pub(super) fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), PipelineError> {
        let earlier = &self.earlier;
        // The manifest cannot name itself.
        self.draft.put(name, bytes, |hash| name == manifest::FILE || earlier.has(name, hash))?;
        self.written.insert(name.to_owned(), FileRecord::of(name, bytes));
        Ok(())
    }

    /// Writes a workbook that is described, unless the last run wrote the very same one.
    pub(super) fn write_book(&mut self, name: &str, book: &Book) -> Result<(), PipelineError> {
        let made = self.make_book(name, book);
        self.put_book(name, made)
    }

    /// Makes a workbook that is described, unless the last run wrote the very same one and it is
    /// still there as it was left.
    pub(super) fn make_book(&self, name: &str, book: &Book) -> Made {
        let description = ContentHash::of_value(book);
        let earlier = &self.earlier;
        let there = earlier.made_from(name, description).then(|| fs::read(self.root.join(name)).ok()).flatten();
        let kept = there.filter(|content| earlier.made(name, content));
        Made { description, content: kept.unwrap_or_else(|| workbook_style::bytes(book)) }
    }

    /// Writes a workbook that was made.
    pub(super) fn put_book(&mut self, name: &str, made: Made) -> Result<(), PipelineError> {
        self.write(name, &made.content)?;
        if let Some(record) = self.written.get_mut(name) {
            record.made_from = Some(made.description.to_string());
        }
        Ok(())
    }

    /// The content of an output of an earlier run, as far as there is one.
    pub(super) fn read(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.root.join(name)).ok()
    }

    /// Keeps a folder as it is, whoever wrote what lies there.
    pub(super) fn keep(&mut self, folder: &str) {
        self.kept.insert(format!("{folder}/"));
    }

    /// Removes files of an earlier run that this one did not write again: those in a folder of which
    /// `is_ours` says by their name that nobody else put them there. One that this program did not write, or that was
    /// changed since, is set aside. A folder that is empty then goes as well.
    pub(super) fn remove_others(&mut self, folder: &str, is_ours: &dyn Fn(&str) -> bool) -> Result<(), PipelineError> {
        let is_kept = |name: &str| self.kept.iter().any(|folder| name.starts_with(folder.as_str()));
        let earlier = &self.earlier;
        for path in self.files_in(folder)? {
            let name = store::name_of(&path);
            if is_ours(&name) && !is_kept(&name) && !self.written.contains_key(&name) {
                self.draft.remove(&path, |hash| earlier.has(&name, hash))?;
            }
        }
        Ok(())
    }

    /// The files in a folder and in those within it, without what a system leaves there. A link is a file, wherever it
    /// leads.
    fn files_in(&self, folder: &str) -> Result<Vec<PathBuf>, PipelineError> {
        let mut folders = vec![PathBuf::from(folder)];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            let path = self.root.join(&folder);
            if !path.is_dir() {
                continue;
            }
            let wrapped = |source| PipelineError::Output { path: path.clone(), source };
            for entry in fs::read_dir(&path).map_err(wrapped)? {
                let entry = entry.map_err(wrapped)?;
                if is_of_the_system(&entry.file_name()) {
                    continue;
                }
                let within = folder.join(entry.file_name());
                let is_folder = entry.file_type().map_err(wrapped)?.is_dir();
                if is_folder { folders.push(within) } else { files.push(within) }
            }
        }
        Ok(files)
    }

    /// The findings about files that the commit sets aside, those in the place of files that are `still_to_come`
    /// among them.
    pub(super) fn set_aside(&self, still_to_come: &[&str]) -> Vec<Finding> {
        let finding = |(name, kept): (String, String)| {
            let seen = if self.earlier.knows(&name) {
                "was changed since this program wrote it"
            } else {
                "stood where only this program writes, and it did not write it"
            };
            let code = Code::OutputSetAside;
            let message = format!("{name} {seen}; it is kept as {kept}");
            // A person looks for the file where it is kept, and the finding stands as long as it is there.
            Finding::new(code, Place::File(kept), message, code.rule().remedy)
        };
        let mut aside = self.draft.set_aside();
        for name in still_to_come {
            let hash = store::hash_of(&self.root.join(name)).ok().flatten();
            let foreign = hash.filter(|hash| !self.earlier.has(name, hash));
            aside.extend(foreign.map(|hash| ((*name).to_owned(), store::aside(name, &hash))));
        }
        aside.sort();
        aside.into_iter().map(finding).collect()
    }

    /// Every output that stands after the commit, by name.
    pub(super) fn records(&self) -> Vec<FileRecord> {
        let is_there = |name: &str| !self.draft.removes(name) && self.root.join(name).is_file();
        self.earlier.with(&self.written, is_there)
    }

    /// The names of what was written.
    pub(super) fn names(&self) -> Vec<String> {
        self.written.keys().cloned().collect()
    }

    /// Puts everything in place together with the tables.
    pub(super) fn commit(self, staging: Staging<'_>) -> Result<(), PipelineError> {
        Ok(staging.commit_with(self.draft)?)
    }
}
