//! The files of a folder of returns, in a stated order.

use std::path::Path;
use std::sync::Arc;

use crate::finding::{Code, Finding, Place};

/// Lists the files of a folder and its sub-folders, and what was passed over. A file is named by
/// its path within the folder, with `/` between names; the list is in the order of these names.
/// Links to folders are not followed: they can lead in circles.
pub fn list(root: &Path) -> std::io::Result<(Vec<Arc<str>>, Vec<Finding>)> {
    let mut candidates = Vec::new();
    let mut findings = Vec::new();
    let mut folders = vec![(root.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if prefix.is_empty() => return Err(error),
            Err(error) => {
                findings.push(unreadable(prefix, &error));
                continue;
            }
        };
        for entry in entries {
            let entry = entry?;
            let base = entry.file_name().to_string_lossy().into_owned();
            let name = format!("{prefix}{base}");
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push((entry.path(), format!("{name}/")));
            } else if is_left_behind(&base) {
                let code = Code::NotAReturn;
                let message = "a file that a program left behind was passed over";
                findings.push(Finding::new(code, Place::File(name), message, code.rule().remedy));
            } else {
                match std::fs::metadata(entry.path()) {
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

fn unreadable(name: String, error: &std::io::Error) -> Finding {
    let code = Code::UnreadableFile;
    Finding::new(code, Place::File(name), format!("cannot be read: {error}"), code.rule().remedy)
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

/// Files that Excel, LibreOffice, Windows and macOS leave in folders.
fn is_left_behind(name: &str) -> bool {
    let lower = name.to_lowercase();
    name.starts_with("~$")
        || name.starts_with(".~lock.")
        || name.starts_with("._")
        || matches!(lower.as_str(), "thumbs.db" | "desktop.ini" | ".ds_store" | ".gitkeep" | ".gitignore")
}
