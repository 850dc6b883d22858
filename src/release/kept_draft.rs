//! Drafts that are kept in the store between runs, each with the key of all that it rests on: nothing unchanged is
//! protected again.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::ledger::{Documents, PrintedCell};
use crate::finding::Finding;
use crate::ingest::{BUILD, ContentHasher};
use crate::survey::{Circle, Survey};

/// A draft as it is kept: the printed cells, the documents that go with them, and the findings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct KeptDraft {
    key: String,
    pub is_safe: bool,
    pub cells: Vec<PrintedCell>,
    pub documents: Documents,
    pub findings: Vec<Finding>,
}

/// Where drafts are kept.
#[derive(Debug, Clone)]
pub struct Drafts {
    folder: PathBuf,
    /// Whether new ones are kept.
    is_kept: bool,
}

impl Drafts {
    /// Drafts in a folder; new ones are not kept in a dry run.
    pub fn new(folder: PathBuf, is_kept: bool) -> Drafts {
        Drafts { folder, is_kept }
    }

    /// A year that is compared with the one before and the same year by itself have drafts of their own.
    fn path(&self, survey: &Survey, circle: Circle) -> PathBuf {
        let alone = if survey.comparison.is_none() { "_alone" } else { "" };
        let year = format!("fiscal_year={}", survey.fiscal_year);
        self.folder.join(year).join(format!("{}{alone}.json", circle.word()))
    }

    /// The draft that was kept with this key, if there is one.
    pub(super) fn find(&self, survey: &Survey, circle: Circle, key: &str) -> Option<KeptDraft> {
        let bytes = fs::read(self.path(survey, circle)).ok()?;
        let kept: KeptDraft = serde_json::from_slice(&bytes).ok()?;
        (kept.key == key).then_some(kept)
    }

    /// Keeps a draft. One that cannot be written is made again by the next run.
    pub(super) fn keep(&self, survey: &Survey, circle: Circle, draft: &KeptDraft) {
        if !self.is_kept {
            return;
        }
        let path = self.path(survey, circle);
        let written = serde_json::to_vec(draft).expect("a draft is plain data");
        let write = |path: &Path| -> std::io::Result<()> {
            let aside = path.with_extension("json.draft");
            fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
            fs::write(&aside, written)?;
            fs::rename(&aside, path)
        };
        let _ = write(&path);
    }
}

impl KeptDraft {
    pub(super) fn new(
        key: String,
        is_safe: bool,
        cells: Vec<PrintedCell>,
        documents: Documents,
        findings: Vec<Finding>,
    ) -> KeptDraft {
        KeptDraft { key, is_safe, cells, documents, findings }
    }
}

/// The key of a draft: a hash over this build, the definition, and all else that the draft rests on.
pub(super) fn key(survey: &Survey, parts: &[&str]) -> String {
    let mut hash = ContentHasher::default();
    let mut feed = |piece: &[u8]| {
        hash.update(&(piece.len() as u64).to_le_bytes());
        hash.update(piece);
    };
    feed(BUILD.as_bytes());
    for source in &survey.sources {
        // A definition that can no longer be read is another one.
        feed(&fs::read(source).unwrap_or_default());
    }
    parts.iter().for_each(|part| feed(part.as_bytes()));
    hash.finish().to_string()
}
