//! A received workbook, and what became of it.

use std::sync::Arc;

use crate::ingest::answers::reply::Reply;
use crate::ingest::arrival::moment::Moment;
use crate::ingest::cache::readings::Slot;
use crate::ingest::content_hash::ContentHash;
use crate::ingest::reader::INQUIRY;
use crate::ingest::sheets::sheet::Format;

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

/// What took the place of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Superseded {
    /// The file that counts.
    pub by: Arc<str>,
    /// Why that one counts, after "because".
    pub because: &'static str,
    /// Whether that is what the intake log says, which the desk has written itself.
    pub is_logged: bool,
    /// The file that has the same bytes, where there is one.
    pub copy_of: Option<Arc<str>>,
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
    /// The institution that its file name points to, where its cover could not be read.
    pub presumed: Option<Arc<str>>,
    /// When it was saved, as far as it says so.
    pub saved: Option<Moment>,
    /// When it was received, as far as an intake log says so.
    pub received_at: Option<Moment>,
    /// Its place among the workbooks of the same institution, from 1; 0 where that is not known.
    pub received: u32,
    /// What became of it.
    pub status: Status,
    /// Why, where it is not accepted.
    pub reason: Box<str>,
    /// What it says, where it is a reply to the follow-up and no return.
    pub reply: Option<Box<Reply>>,
    /// The place of its reply among those of the institution, in returns or by themselves; 0 where it has none.
    pub reply_order: u32,
    /// What took its place, where it is superseded.
    pub superseded: Option<Superseded>,
    /// Where its reading lies, where it could be read.
    pub(in crate::ingest) slot: Option<Slot>,
}

impl Submission {
    /// Who sent it: by its cover, else by its file name.
    pub fn sender(&self) -> Option<&str> {
        self.institution.as_deref().or(self.presumed.as_deref())
    }

    /// Whether it is a return whose answers count.
    pub fn counts(&self) -> bool {
        self.status == Status::Accepted && self.slot.is_some()
    }

    /// Whether it is a follow-up workbook and nothing else.
    pub fn is_reply(&self) -> bool {
        self.form.as_deref() == Some(INQUIRY)
    }
}
