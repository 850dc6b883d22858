//! Why nothing is released: the set-up is wrong, or what was asked for cannot be.

use std::path::PathBuf;

use crate::disclose::Refusal;
use crate::store::StoreError;
use crate::tabulate::TabulateError;

/// Why a request to release, correct or withdraw is refused.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The aggregation.
    #[error(transparent)]
    Tabulate(#[from] TabulateError),
    /// Disclosure control.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// A release for a circle that no policy knows.
    #[error(
        "nothing can be released: the policies of fiscal year {fiscal_year} have no [{circle}]\n  name the file of policies as `disclosure` in the year's file, with a section [{circle}]"
    )]
    NoPolicy {
        /// The circle.
        circle: &'static str,
        /// The year.
        fiscal_year: u16,
    },
    /// A first edition where there is one.
    #[error(
        "edition {edition} of the {circle} release of fiscal year {fiscal_year} was released {time}: there is no first edition to release\n  prepare a corrected edition with `--correct \"reason\"`, or withdraw one that no reader has received with `--withdraw {edition} --because \"reason\"`"
    )]
    AlreadyReleased {
        /// The circle.
        circle: &'static str,
        /// The year.
        fiscal_year: u16,
        /// The edition.
        edition: u32,
        /// When it was released.
        time: String,
    },
    /// A correction of the feedback before that of the public release.
    #[error(
        "public edition {edition} of fiscal year {fiscal_year} was made from other answers than the present ones: feedback that counts the present ones could be compared with it\n  correct the public release first (`--correct REASON --release TIME`), then the feedback"
    )]
    PublicFirst {
        /// The year.
        fiscal_year: u16,
        /// The public edition.
        edition: u32,
    },
    /// A correction where nothing was released.
    #[error(
        "fiscal year {fiscal_year} has no {circle} release that could be corrected\n  release a first edition with `--release TIME`"
    )]
    NothingToCorrect {
        /// The circle.
        circle: &'static str,
        /// The year.
        fiscal_year: u16,
    },
    /// A correction that changes nothing.
    #[error(
        "the corrected edition would print the same figures as edition {edition} of the {circle} release: there is nothing to release\n  ingest the corrected returns first"
    )]
    NothingChanged {
        /// The circle.
        circle: &'static str,
        /// The edition.
        edition: u32,
    },
    /// An edition that a correction cannot be compared with.
    #[error(
        "what a correction reveals cannot be told: edition {edition} of the {circle} release of fiscal year {fiscal_year} cannot be made again ({reason})\n  put the definition of the year back as it was when that edition was released"
    )]
    NotComparable {
        /// The circle.
        circle: &'static str,
        /// The edition.
        edition: u32,
        /// The year.
        fiscal_year: u16,
        /// Why not.
        reason: String,
    },
    /// An institution or a cell that was accepted and of which nothing is revealed.
    #[error(
        "`--accept-revealed` names {named}, of which the correction reveals nothing\n  it reveals answers of: {revealed}"
    )]
    NotRevealed {
        /// The institution or the cell.
        named: String,
        /// Those of which it does.
        revealed: String,
    },
    /// A withdrawal of an edition that is not the last one.
    #[error("edition {edition} of the {circle} release of fiscal year {fiscal_year} cannot be withdrawn: {because}")]
    NotWithdrawn {
        /// The circle.
        circle: &'static str,
        /// The year.
        fiscal_year: u16,
        /// The edition.
        edition: u32,
        /// Why not.
        because: String,
    },
    /// A release in the future.
    #[error(
        "the release time {time} lies in the future: today is {today}\n  name the time at which the figures are given to readers, or release them ahead of it with `--ahead`"
    )]
    InTheFuture {
        /// The time that was named.
        time: String,
        /// Today.
        today: String,
    },
    /// A release of a collection that is open.
    #[error(
        "the release time {time} lies before {closes}, when the collection closes (`closes` in the year's file)\n  name a later time, or release while the collection is open with `--while-open`"
    )]
    StillOpen {
        /// The time that was named.
        time: String,
        /// When the collection closes.
        closes: String,
    },
    /// A release that is given no later than the one before it.
    #[error(
        "the release is given as of {time}, and edition {edition} was released {last}\n  name the time at which the corrected figures are released"
    )]
    NotAfterLastRelease {
        /// The time that was named.
        time: String,
        /// The last edition.
        edition: u32,
        /// When it was released.
        last: String,
    },
    /// A release shows figures of the year before that were never released.
    #[error(
        "the release shows figures of fiscal year {fiscal_year} beside this year's, and that year has no {circle} release\n  first release that year: `cssa disclose` with its year file, `--release TIME` and `--circle {circle}`"
    )]
    PreviousNotReleased {
        /// The circle.
        circle: &'static str,
        /// The year before.
        fiscal_year: u16,
    },
    /// A release that is given before the one of the year before whose figures it shows.
    #[error(
        "the release is given as of {time} and shows figures of fiscal year {fiscal_year}, which were released {previous}\n  name that time or a later one"
    )]
    NotAfterPreviousYear {
        /// The time that was named.
        time: String,
        /// That of the last release of the year before.
        previous: String,
        /// The year before.
        fiscal_year: u16,
    },
    /// A line of the ledger that cannot be read.
    #[error(
        "the ledger of releases of fiscal year {fiscal_year} has {what}\n  restore the folder `releases` of the store from its backup"
    )]
    UnreadableLedger {
        /// The year.
        fiscal_year: u16,
        /// The content of that line.
        what: String,
    },
    /// A release whose certificate is there and that the ledger does not know.
    #[error(
        "{certificate} is of a {circle} release of {time}, which the ledger of releases of fiscal year {fiscal_year} does not have\n  restore the folders `releases` and `released_…` of the store from their backup; if nothing was ever given to readers, delete that file"
    )]
    UnknownRelease {
        /// The circle.
        circle: &'static str,
        /// When it was released.
        time: String,
        /// The certificate.
        certificate: PathBuf,
        /// The year.
        fiscal_year: u16,
    },
    /// A cell that disclosure control does not know.
    #[error("there is no cell `{name}`\n  {what}")]
    NoSuchCell {
        /// Its name, as it was typed.
        name: String,
        /// The part of the name that is not known.
        what: String,
    },
}
