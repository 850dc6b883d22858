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
    pub sha256: Option<ContentHash>,
    /// The hash of what it was made from, where making it again can be spared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_from: Option<ContentHash>,
}

fn as_text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

impl FileRecord {
    /// A file that was read before; one that has gone since has no hash.
    pub(super) fn read(path: &Path) -> FileRecord {
        let content = std::fs::read(path).ok();
        FileRecord {
            file: path.to_string_lossy().replace('\\', "/").into(),
            bytes: content.as_ref().map_or(0, |content| content.len() as u64),
            sha256: content.as_deref().map(ContentHash::of),
            made_from: None,
        }
    }
}
