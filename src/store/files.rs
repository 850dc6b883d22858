//! Files outside the store that change together with its tables: all of them, or none.
//!
//! They are a [`Draft`] first: new files wait in a folder beside their places, and nothing in place has changed. The
//! journal of the store makes them [`Committed`]: from then on the next [`Store::open`] finishes what is interrupted.
//! Then they are [`InPlace`]. Every step is a rename within the folder of all files, and can be repeated.
//!
//! A file in the way that this program did not write, or that somebody has changed since, is set aside and kept.
//! The new files are not waited for until they are on the disk, as tables are: they can be made again from these.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Store, StoreError, is_one, remove_folder};
use crate::ingest::ContentHash;

/// The folder within that of the files where new ones wait.
const WAITING: &str = ".next";
/// The folder within it of files that were replaced, until all is done.
const REPLACED: &str = ".replaced";
/// The file within it that names the store whose journal decides.
const OF_STORE: &str = ".store";
/// The folder within that of the files where those of others are kept.
pub const SET_ASIDE: &str = "internal/set_aside";

/// What becomes of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Change {
    /// The hash of what stands in its place; `None` for nothing.
    present: Option<String>,
    /// Whether this program wrote what stands there.
    is_ours: bool,
    /// Whether a new file takes the place, which else becomes empty.
    is_new: bool,
    /// The path of the file, where its name is no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<OsString>,
}

/// Changes of files that are not decided on: nothing in place differs.
#[derive(Debug)]
pub struct Draft {
    root: PathBuf,
    store: PathBuf,
    changes: BTreeMap<String, Change>,
    /// Whether the folder of those that wait was made.
    is_begun: bool,
}

/// Changes of files that are decided on.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Committed {
    root: PathBuf,
    changes: BTreeMap<String, Change>,
}

/// Files that are in place; what they replaced is still there.
pub(super) struct InPlace<'f>(&'f Committed);

/// Where a file of a certain content is kept if it is set aside, within the folder of the files.
pub fn aside(name: &str, hash: &str) -> String {
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && !ending.contains('/') => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let hash: String = hash.chars().take(12).collect();
    format!("{SET_ASIDE}/{stem}-{hash}{ending}")
}

fn failed(path: &Path, source: io::Error) -> StoreError {
    StoreError::File { path: path.to_owned(), source }
}

/// Whether anything stands at a path, a link that leads nowhere as well.
pub fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// A path within the folder of the files as a name, in which folders are divided by `/`.
pub fn name_of(path: &Path) -> String {
    path.iter().map(OsStr::to_string_lossy).collect::<Vec<_>>().join("/")
}

/// The content of a file; `None` where nothing is. Nobody follows a link: its content is the path that it leads to.
fn content_of(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    if let Ok(target) = fs::read_link(path) {
        return Ok(Some(format!("a link to {}", target.display()).into_bytes()));
    }
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, error)),
    }
}

/// The hash of what stands at a path; `None` where nothing does.
pub fn hash_of(path: &Path) -> Result<Option<String>, StoreError> {
    Ok(content_of(path)?.map(|bytes| ContentHash::of(&bytes).to_string()))
}

/// A path in which two spellings of one place are the same, as far as the place is there.
fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

impl Draft {
    /// Changes of files under a folder that are decided on with a store; see [`Draft::begin`].
    pub fn new(root: &Path, store: &Path) -> Draft {
        // A path that has no absolute form cannot be written to either, which the first file tells.
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Draft { root: absolute(root), store: absolute(store), changes: BTreeMap::new(), is_begun: false }
    }

    /// Clears away what an earlier run left undecided, and finishes what it had decided on with another store. The
    /// draft's own store has to be open.
    pub fn begin(&self) -> Result<(), StoreError> {
        let waiting = self.root.join(WAITING);
        if let Ok(other) = fs::read_to_string(waiting.join(OF_STORE)) {
            let other = PathBuf::from(other);
            if canonical(&other) != canonical(&self.store) && is_one(&other) {
                drop(Store::open(&other)?);
            }
        }
        remove_folder(&waiting)
    }

    /// Has a new file wait for its place. `is_ours` tells of the hash of what stands there whether this program
    /// wrote it. A file that has this content already is left alone.
    pub fn put(&mut self, name: &str, bytes: &[u8], is_ours: impl Fn(&str) -> bool) -> Result<(), StoreError> {
        let present = content_of(&self.root.join(name))?;
        self.changes.remove(name);
        if present.as_deref() == Some(bytes) {
            return Ok(());
        }
        let present = present.map(|bytes| ContentHash::of(&bytes).to_string());
        let waiting = self.root.join(WAITING);
        if !self.is_begun {
            self.is_begun = true;
            fs::create_dir_all(&waiting).map_err(|error| failed(&waiting, error))?;
            let of_store = waiting.join(OF_STORE);
            let store = self.store.to_string_lossy();
            fs::write(&of_store, store.as_bytes()).map_err(|error| failed(&of_store, error))?;
        }
        let path = waiting.join(name);
        let folder = path.parent().expect("a file lies in a folder");
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, bytes));
        written.map_err(|error| failed(&self.root.join(name), error))?;
        let is_ours = present.as_deref().is_none_or(is_ours);
        self.changes.insert(name.to_owned(), Change { present, is_ours, is_new: true, path: None });
        Ok(())
    }

    /// Has a file go. One that this program did not write is set aside.
    pub fn remove(&mut self, path: &Path, is_ours: impl Fn(&str) -> bool) -> Result<(), StoreError> {
        let Some(present) = hash_of(&self.root.join(path))? else { return Ok(()) };
        let is_ours = is_ours(&present);
        let mut name = name_of(path);
        let path = path.to_str().is_none().then(|| path.as_os_str().to_owned());
        // Two names that are no text may look the same.
        while path.is_some() && self.changes.contains_key(&name) {
            name.push('_');
        }
        self.changes.insert(name, Change { present: Some(present), is_ours, is_new: false, path });
        Ok(())
    }

    /// Whether a file goes.
    pub fn removes(&self, name: &str) -> bool {
        self.changes.get(name).is_some_and(|change| !change.is_new)
    }

    /// Which files will be set aside, each with where it is kept then.
    pub fn set_aside(&self) -> Vec<(String, String)> {
        let foreign = self.changes.iter().filter(|(_, change)| !change.is_ours);
        foreign.filter_map(|(name, change)| Some((name.clone(), aside(name, change.present.as_ref()?)))).collect()
    }

    /// What is to be decided on; `None` where nothing changes.
    pub(super) fn committed(&self) -> Option<Committed> {
        let is_any = !self.changes.is_empty();
        is_any.then(|| Committed { root: self.root.clone(), changes: self.changes.clone() })
    }

    /// The draft is decided on: what waits is no longer its own to clear away.
    pub(super) fn decide(mut self) {
        self.is_begun = false;
    }
}

/// A draft that is not decided on leaves nothing behind.
impl Drop for Draft {
    fn drop(&mut self) {
        if self.is_begun {
            // What cannot be cleared now is cleared by the next run.
            let _ = remove_folder(&self.root.join(WAITING));
        }
    }
}

impl Change {
    /// Where the file stands.
    fn place(&self, root: &Path, name: &str) -> PathBuf {
        self.path.as_ref().map_or_else(|| root.join(name), |path| root.join(path))
    }
}

impl Committed {
    /// Puts every file in place.
    pub(super) fn put_in_place(&self) -> Result<InPlace<'_>, StoreError> {
        if !self.is_given_up()? {
            self.changes.iter().try_for_each(|(name, change)| self.change(name, change))?;
        }
        Ok(InPlace(self))
    }

    /// Whether somebody removed the folder of all files, and so wants none of them. A folder that is out of reach, such
    /// as that of a share that is not mounted, is an error.
    fn is_given_up(&self) -> Result<bool, StoreError> {
        match fs::symlink_metadata(&self.root) {
            Err(error) if error.kind() == ErrorKind::NotFound && self.root.parent().is_some_and(Path::is_dir) => {
                Ok(true)
            }
            Err(error) => Err(failed(&self.root, error)),
            // A link leads to the folder, or to nothing.
            Ok(_) => fs::read_dir(&self.root).map(|_| false).map_err(|error| failed(&self.root, error)),
        }
    }

    fn change(&self, name: &str, change: &Change) -> Result<(), StoreError> {
        let (place, new) = (change.place(&self.root, name), self.root.join(WAITING).join(name));
        // A new file that waits no longer is in place.
        if change.is_new && !new.is_file() {
            return Ok(());
        }
        let found = hash_of(&place)?;
        // The place may have been taken since.
        let is_as_it_was = found == change.present;
        if let Some(hash) = found.filter(|_| change.is_new || is_as_it_was) {
            let kept = self.root.join(aside(name, &hash));
            let is_done_with = (change.is_ours && is_as_it_was) || is_there(&kept);
            rename(&place, &if is_done_with { self.replaced(name) } else { kept }, &place)?;
        }
        if change.is_new { rename(&new, &place, &place) } else { Ok(()) }
    }

    /// Puts everything back as it was. What cannot be put back stays in the journal, and the next run finishes it.
    pub(super) fn take_back(&self) -> Result<(), StoreError> {
        if self.is_given_up()? {
            return Ok(());
        }
        for (name, change) in self.changes.iter().rev() {
            let (place, new) = (change.place(&self.root, name), self.root.join(WAITING).join(name));
            if change.is_new && !new.is_file() && place.is_file() {
                rename(&place, &new, &place)?;
            }
            let kept = change.present.as_ref().map(|hash| self.root.join(aside(name, hash)));
            let old = [Some(self.replaced(name)), kept].into_iter().flatten().find(|old| is_there(old));
            if let Some(old) = old.filter(|_| !is_there(&place)) {
                rename(&old, &place, &place)?;
            }
        }
        // The folder of what is kept of others may have been made for nothing.
        remove_empty(&self.root, self.changes.keys().map(|name| aside(name, "")));
        Ok(())
    }

    /// Removes the folder of files that wait, when nothing is to be put in place or back any more.
    pub(super) fn clear_waiting(&self) {
        // What cannot be cleared now is cleared by the next run.
        let _ = remove_folder(&self.root.join(WAITING));
    }

    fn replaced(&self, name: &str) -> PathBuf {
        self.root.join(WAITING).join(REPLACED).join(name)
    }
}

impl InPlace<'_> {
    /// Forgets what was replaced, and removes folders that have become empty.
    pub(super) fn clear(self) {
        let Committed { root, changes } = self.0;
        remove_empty(root, changes.iter().filter(|(_, change)| !change.is_new).map(|(name, _)| name.clone()));
        self.0.clear_waiting();
    }
}

/// Renames a file; `told` is the one that an error is about.
fn rename(from: &Path, to: &Path, told: &Path) -> Result<(), StoreError> {
    let folder = to.parent().expect("a file lies in a folder");
    let renamed = fs::create_dir_all(folder).and_then(|()| fs::rename(from, to));
    renamed.map_err(|error| failed(told, error))
}

/// Removes the folders of files where nothing is left in them.
fn remove_empty(root: &Path, names: impl Iterator<Item = String>) {
    for name in names {
        let folders = Path::new(&name).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
        for folder in folders {
            // One that is not empty stays, and so do those that it lies in.
            if fs::remove_dir(root.join(folder)).is_err() {
                break;
            }
        }
    }
}
