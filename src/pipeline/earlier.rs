//! What an earlier run wrote, so that what would be the same need not be made again.

use std::collections::BTreeMap;
use std::path::Path;

use crate::ingest::{BUILD, ContentHash};

/// The outputs of an earlier run of this very build, as its manifest has them.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    hashes: BTreeMap<String, String>,
    made_from: BTreeMap<String, String>,
}

impl Earlier {
    /// Reads the manifest in a folder of outputs. One that is not there, is damaged or was written
    /// by another build tells of no outputs: they are made anew.
    pub(super) fn read(out: &Path) -> Earlier {
        let Ok(bytes) = std::fs::read(out.join("manifest.json")) else { return Earlier::default() };
        let manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if manifest["build"] != BUILD {
            return Earlier::default();
        }
        let outputs = manifest["outputs"].as_array().map_or(&[][..], Vec::as_slice);
        let hashes = |key: &str| {
            let hash = |output: &serde_json::Value| {
                Some((output["file"].as_str()?.to_owned(), output[key].as_str()?.to_owned()))
            };
            outputs.iter().filter_map(hash).collect()
        };
        Earlier { hashes: hashes("sha256"), made_from: hashes("made_from") }
    }

    /// Whether the earlier run made what it wrote under this name from the same.
    pub(super) fn made_from(&self, name: &str, description: ContentHash) -> bool {
        self.made_from.get(name).is_some_and(|hash| *hash == description.to_string())
    }

    /// Whether the earlier run wrote this content under this name.
    pub(super) fn wrote(&self, name: &str, content: &[u8]) -> bool {
        self.hashes.get(name).is_some_and(|hash| *hash == ContentHash::of(content).to_string())
    }
}
