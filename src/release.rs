//! The releases of a year: editions made from frozen answers, errata, and the answers that a later change would
//! reveal.
//!
//! A circle (everybody, or the institutions that get feedback) has the last [`Edition`] that was not withdrawn. It is
//! made again from the answers that were frozen for it, never from those that count now, so that nothing that was
//! released disappears because something else has changed. Where a circle has no edition there is a draft. A corrected
//! edition is compared with all editions before it: whose answer that reveals, and to whom, is for the desk to accept.

mod basis;
mod certificate;
mod edition;
mod erratum;
mod error;
mod explanation;
mod findings;
mod frozen;
mod kept_draft;
mod ledger;
mod note;
mod outcome;
mod policy;
mod printed;
mod readers;
mod request;
mod since;
mod tables;
mod terms;
mod time;
mod withdrawal;
mod year;

pub use certificate::{Verdict, certificate, page};
pub use edition::{Edition, Editions, Withdrawal};
pub use erratum::RevealedAnswer;
pub use error::ReleaseError;
pub use explanation::{costs, explain};
pub use kept_draft::Drafts;
pub use outcome::{Disclosed, Erratum, Outcome, State};
pub use printed::CellCounts;
pub use readers::{Desk, disclose};
pub use request::{Action, Request, Terms};
pub use since::since;
pub use tables::{distributions_csv, withheld_csv};
pub use time::ReleaseTime;

use crate::store::TableFiles;

/// The editions of a year; none where nothing was released.
pub fn editions(files: &dyn TableFiles, fiscal_year: u16) -> Result<Editions, ReleaseError> {
    ledger::read_editions(files, fiscal_year)
}

/// How many cells an edition prints.
pub fn cell_count(files: &dyn TableFiles, fiscal_year: u16, edition: &Edition) -> Result<usize, ReleaseError> {
    Ok(ledger::cells_of(files, fiscal_year, edition)?.len())
}
