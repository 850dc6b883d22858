//! A received workbook, and what became of it.

use std::sync::Arc;

use super::content_hash::ContentHash;
use super::readings::Slot;
use super::sheet::Format;

/// What became of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Its answers count.
    Accepted,
    /// A later one of the same institution counts in its place.
    Superseded,
    /// It could not be used.
    Rejected,
}

impl Status {
    /// The word in the store.
    pub fn word(self) -> &'static str {
        match self {
            Status::Accepted => "accepted",
            Status::Superseded => "superseded",
            Status::Rejected => "rejected",
        }
    }
}

/// One received workbook.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The hash of its bytes; `None` where they could not be read.
    pub id: Option<ContentHash>,
    /// Its path within the folder.
    pub file: Arc<str>,
    /// Its size.
    pub bytes: u64,
    /// Its file format; `None` where it is no workbook.
    pub format: Option<Format>,
    /// The program that saved it, as far as it says so.
    pub application: Arc<str>,
    /// The form it was filled on, where that is known.
    pub form: Option<Arc<str>>,
    /// The institution that sent it, where that is known.
    pub institution: Option<Arc<str>>,
    /// Its place among the workbooks of the same institution, from 1; 0 where that is not known.
    pub received: u32,
    /// What became of it.
    pub status: Status,
    /// Why, where it is not accepted.
    pub reason: Box<str>,
    /// Where its reading lies, where it could be read.
    pub(super) slot: Option<Slot>,
}
