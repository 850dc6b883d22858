//! Why a pipeline stopped.

use std::path::PathBuf;

use crate::chart::{ChartError, PngError};
use crate::ingest::IngestError;
use crate::store::StoreError;
use crate::survey::{DefinitionError, TableError};
use crate::tabulate::TabulateError;

/// Why a pipeline stopped: the set-up is wrong, or the disk failed.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The definition or the roster.
    #[error(transparent)]
    Definition(#[from] DefinitionError),
    /// The folder of returns.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The passwords of protected workbooks.
    #[error(transparent)]
    Passwords(#[from] TableError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The aggregation.
    #[error(transparent)]
    Tabulate(#[from] TabulateError),
    /// A store that is to be read is not there.
    #[error(
        "there is no store at {store}, so that fiscal year {fiscal_year} cannot be read from it\n  name the store with --store, or run `cssa ingest` for that year first"
    )]
    NoStore {
        /// The store.
        store: PathBuf,
        /// The year.
        fiscal_year: u16,
    },
    /// A store, or a folder of outputs, is that of another survey.
    #[error(
        "{place} {path} is of the survey `{theirs}`, and the year's file defines the survey `{ours}`\n  name another one with {flag}"
    )]
    OtherSurvey {
        /// What it is.
        place: &'static str,
        /// Where it is.
        path: PathBuf,
        /// Its survey.
        theirs: String,
        /// The year's survey.
        ours: String,
        /// What names another.
        flag: &'static str,
    },
    /// A collection would take the place of another one.
    #[error(
        "{place} {path} was made from another collection:\n  {}\n  To go on with that collection, name its returns, its roster and its store (--returns, --roster, --store).\n  To keep both, name another store and another folder of outputs for this one (--store, --out).\n  To put this one in the place of that one, add --replace.",
        .differences.join("\n  ")
    )]
    OtherCollection {
        /// What it is.
        place: &'static str,
        /// Where it is.
        path: PathBuf,
        /// In what the two differ.
        differences: Vec<String>,
    },
    /// There is nothing to compare a year with.
    #[error(
        "{year_file} names no year before that it is compared with\n  name it there as `previous`, with the `concordance` of the two years"
    )]
    NoComparison {
        /// The year's file.
        year_file: PathBuf,
    },
    /// The store does not hold the year that a year is compared with.
    #[error(
        "the store {store} does not hold fiscal year {fiscal_year}, with which the year is compared\n  run `cssa ingest` for that year first"
    )]
    NoPreviousYear {
        /// The store.
        store: PathBuf,
        /// The year before.
        fiscal_year: u16,
    },
    /// A release shows figures of the year before that were never released.
    #[error(
        "the release shows figures of fiscal year {fiscal_year} beside this year's, and the release ledger does not hold them for the circle {circle}\n  first release that year: `cssa disclose` with its year file, `--release` and `--circle {circle}`"
    )]
    PreviousNotReleased {
        /// The circle.
        circle: &'static str,
        /// The year before.
        fiscal_year: u16,
    },
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
    /// A release that is given no later than the one before it.
    #[error(
        "the release is given as of {time}, and the release ledger has a later one, or another one of that time: {last}\n  name the time at which these figures are released"
    )]
    NotAfterLastRelease {
        /// The time that was named.
        time: String,
        /// That of the last release.
        last: String,
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
    /// A release of which the ledger has a time that is none.
    #[error(
        "the release ledger has a release of `{time}`, which is no time\n  restore the folder `releases` of the store from its backup"
    )]
    UnreadableReleaseTime {
        /// What stands there.
        time: String,
    },
    /// A release whose certificate is there and that the ledger does not know.
    #[error(
        "{certificate} is of a release to the circle {circle} of {time}, which the release ledger of fiscal year {fiscal_year} does not have\n  restore the folders `releases` and `released_returns` of the store from their backup; if nothing was ever given to readers, delete that file"
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
    /// Answers that another definition has read.
    #[error(
        "the answers of fiscal year {fiscal_year} in the store contradict what its file defines, at {cell}\n  they were read by another definition: run `cssa ingest` for that year again"
    )]
    OtherDefinition {
        /// A cell that they contradict it at.
        cell: String,
        /// The year.
        fiscal_year: u16,
    },
    /// A cell that disclosure control does not know.
    #[error("there is no cell `{name}`\n  {what}")]
    NoSuchCell {
        /// Its name, as it was typed.
        name: String,
        /// What is wrong with it.
        what: String,
    },
    /// A figure cannot be drawn.
    #[error("figure {figure} of {sector}: {source}")]
    Chart {
        /// The sector.
        sector: String,
        /// The figure.
        figure: String,
        /// Why.
        source: Box<ChartError>,
    },
    /// A picture cannot be made of a figure.
    #[error("figure {figure} of {sector}: {source}")]
    Png {
        /// The sector.
        sector: String,
        /// The figure.
        figure: String,
        /// Why.
        source: PngError,
    },
    /// An output cannot be written.
    #[error(
        "the output {path} cannot be written: {source}\n  is there room on the disk, and is the file open in another program?"
    )]
    Output {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}
