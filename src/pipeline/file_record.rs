//! A file as the manifest names it: by path, size and hash.

use std::path::Path;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::ingest::ContentHash;

/// A file by name, size and hash.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FileRecord {
    #[serde(serialize_with = "as_text")]
    pub file: Arc<str>,
    pub bytes: u64,
    pub sha256: Option<String>,
    /// The hash of what it was made from, where making it again can be spared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_from: Option<String>,
    /// The build that wrote it, where that is another than the manifest's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
}

fn as_text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

impl FileRecord {
    /// A file whose hash is known, if it could be read.
    pub(super) fn new(file: Arc<str>, bytes: u64, hash: Option<ContentHash>) -> FileRecord {
        FileRecord { file, bytes, sha256: hash.map(|hash| hash.to_string()), made_from: None, build: None }
    }

    /// A file of this content.
    pub(super) fn of(file: &str, content: &[u8]) -> FileRecord {
        FileRecord::new(file.into(), content.len() as u64, Some(ContentHash::of(content)))
    }

    /// A file that was read before; one that has gone since has no hash.
    pub(super) fn read(path: &Path) -> FileRecord {
        let name = path.to_string_lossy().replace('\\', "/");
        match std::fs::read(path) {
            Ok(content) => FileRecord::of(&name, &content),
            Err(_) => FileRecord::new(name.into(), 0, None),
        }
    }
}
