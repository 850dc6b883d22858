//! What earlier runs wrote to a folder of outputs: it tells what is this program's to replace, and spares making again
//! what would be the same.

use std::collections::BTreeMap;
use std::path::Path;

use super::file_record::FileRecord;
use super::manifest;
use crate::ingest::{BUILD, ContentHash};

/// The files that earlier runs wrote and that stand, by name, as the manifest has them.
#[derive(Debug, Default)]
pub(super) struct Earlier(BTreeMap<String, FileRecord>);

impl Earlier {
    /// Reads the manifest in a folder of outputs. Where it is not there or is damaged, this program wrote nothing that
    /// it knows of.
    pub(super) fn read(out: &Path) -> Earlier {
        let manifest = manifest::read(out).unwrap_or_default();
        let records = manifest["outputs"].as_array().into_iter().flatten();
        let build = manifest["build"].as_str().unwrap_or("");
        let named = records.filter_map(|record| FileRecord::of_output(record, build));
        Earlier(named.map(|record| (record.file.to_string(), record)).collect())
    }

    /// Whether this build made what it wrote under this name from the same.
    pub(super) fn made_from(&self, name: &str, description: ContentHash) -> bool {
        let made_from =
            self.0.get(name).filter(|file| file.is_of_this_build()).and_then(|file| file.made_from.as_ref());
        made_from.is_some_and(|hash| *hash == description.to_string())
    }

    /// Whether this build wrote this content under this name.
    pub(super) fn made(&self, name: &str, content: &[u8]) -> bool {
        self.0.get(name).is_some_and(FileRecord::is_of_this_build) && self.wrote(name, content)
    }

    /// Whether this program wrote this content under this name.
    pub(super) fn wrote(&self, name: &str, content: &[u8]) -> bool {
        self.has(name, &ContentHash::of(content).to_string())
    }

    /// Whether this program wrote content of this hash under this name.
    pub(super) fn has(&self, name: &str, hash: &str) -> bool {
        self.0.get(name).is_some_and(|file| file.sha256.as_deref() == Some(hash))
    }

    /// Whether this program wrote anything under this name.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The files that stand after a run: what it wrote and, of what earlier runs wrote, what is still there.
    pub(super) fn with(
        &self,
        written: &BTreeMap<String, FileRecord>,
        is_there: impl Fn(&str) -> bool,
    ) -> Vec<FileRecord> {
        let mut all: BTreeMap<&String, &FileRecord> = self.0.iter().filter(|(name, _)| is_there(name)).collect();
        all.extend(written);
        // One that another build wrote says so, because no build trusts what another has made.
        all.into_values().cloned().collect()
    }
}

impl FileRecord {
    fn is_of_this_build(&self) -> bool {
        self.build.as_deref().is_none_or(|build| build == BUILD)
    }

    /// A record of a manifest that a build wrote.
    fn of_output(record: &serde_json::Value, build: &str) -> Option<FileRecord> {
        let text = |key: &str| record[key].as_str().map(str::to_owned);
        let build = text("build").unwrap_or_else(|| build.to_owned());
        Some(FileRecord {
            file: text("file")?.into(),
            bytes: record["bytes"].as_u64()?,
            sha256: text("sha256"),
            made_from: text("made_from"),
            build: Some(build).filter(|build| build != BUILD),
        })
    }
}
