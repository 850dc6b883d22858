//! The files of a folder of returns, in a stated order.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encoding_rs::SHIFT_JIS;

use crate::finding::{Code, Finding, Place};

/// Lists the files of a folder and its sub-folders, and what was passed over. A file is named by
/// its path within the folder, with `/` between names; the list is in the order of these names.
/// Links to folders are not followed: they can lead in circles.
pub fn list(root: &Path) -> std::io::Result<(Vec<Arc<str>>, Vec<Finding>)> {
    let mut candidates = Vec::new();
    let mut findings = Vec::new();
    let mut folders = vec![(root.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let entries = match named(&folder) {
            Ok(entries) => entries,
            Err(error) if prefix.is_empty() => return Err(error),
            Err(error) => {
                findings.push(unreadable(prefix, &error));
                continue;
            }
        };
        for (base, entry) in entries {
            let path = folder.join(&entry);
            let name = format!("{prefix}{base}");
            // A link is not followed here: it says what it is itself.
            if std::fs::symlink_metadata(&path).is_ok_and(|kind| kind.is_dir()) {
                folders.push((path, format!("{name}/")));
            } else if is_left_behind(&name) {
                findings.push(left_behind(name));
            } else {
                match std::fs::metadata(&path) {
                    Ok(target) if target.is_dir() => findings.push(link_to_folder(name)),
                    Ok(target) if !target.is_file() => findings.push(no_plain_file(name)),
                    Ok(_) => candidates.push(name.into()),
                    // A link that leads nowhere: opening it will say so.
                    Err(_) => candidates.push(name.into()),
                }
            }
        }
    }
    candidates.sort();
    Ok((candidates, findings))
}

/// The path of a listed file.
pub fn locate(root: &Path, name: &str) -> PathBuf {
    let plain = root.join(name);
    if std::fs::symlink_metadata(&plain).is_ok() {
        return plain;
    }
    // A name that is no Unicode text was listed under another.
    let mut path = root.to_owned();
    for part in name.split('/') {
        let entries = named(&path).unwrap_or_default();
        match entries.into_iter().find(|(label, _)| label == part) {
            Some((_, entry)) => path.push(entry),
            None => return plain,
        }
    }
    path
}

/// What lies in a folder, each under a name that can be shown and that no other has.
fn named(folder: &Path) -> std::io::Result<Vec<(String, OsString)>> {
    let mut entries = Vec::new();
    let mut others = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        match entry?.file_name().into_string() {
            Ok(name) => entries.push((name.clone(), OsString::from(name))),
            Err(name) => others.push(name),
        }
    }
    // Always in the same order, so that each keeps the name that it was given.
    others.sort();
    for name in others {
        let shown = shown(&name);
        let mut label = shown.clone();
        let mut copy = 1;
        while entries.iter().any(|(taken, _)| *taken == label) {
            copy += 1;
            label = match shown.rsplit_once('.') {
                Some((stem, ending)) => format!("{stem} ({copy}).{ending}"),
                None => format!("{shown} ({copy})"),
            };
        }
        entries.push((label, name));
    }
    Ok(entries)
}

/// A name that is no Unicode text as it can be shown: most likely it came from an archive of an
/// older Windows, in Shift_JIS.
fn shown(name: &OsStr) -> String {
    let (text, _, is_damaged) = SHIFT_JIS.decode(name.as_encoded_bytes());
    if is_damaged || cfg!(windows) { name.to_string_lossy().into_owned() } else { text.replace('/', "／") }
}

fn unreadable(name: String, error: &std::io::Error) -> Finding {
    let code = Code::UnreadableFile;
    Finding::new(code, Place::File(name), format!("cannot be read: {error}"), code.rule().remedy)
}

/// A finding about a file that a program left behind.
pub fn left_behind(name: String) -> Finding {
    let code = Code::NotAReturn;
    let message = "a file that a program left behind was passed over";
    Finding::new(code, Place::File(name), message, code.rule().remedy)
}

/// Reading a pipe or a device could wait for ever.
fn no_plain_file(name: String) -> Finding {
    let code = Code::NotAReturn;
    Finding::new(code, Place::File(name), "a pipe or device was passed over", code.rule().remedy)
}

fn link_to_folder(name: String) -> Finding {
    let code = Code::NotAReturn;
    let help = "Put the folder itself there if it holds returns.";
    Finding::new(code, Place::File(name), "a link to a folder was not followed", help)
}

/// Files that Excel, LibreOffice, Windows and macOS leave in folders and archives.
pub fn is_left_behind(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    folder.split('/').any(|folder| folder == "__MACOSX")
        || name.starts_with("~$")
        || name.starts_with(".~lock.")
        || name.starts_with("._")
        || matches!(
            name.to_lowercase().as_str(),
            "thumbs.db" | "desktop.ini" | ".ds_store" | ".gitkeep" | ".gitignore" | ".lock"
        )
}
