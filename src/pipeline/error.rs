//! Why a pipeline stopped.

use std::path::PathBuf;

use crate::chart::{ChartError, PngError};
use crate::ingest::IngestError;
use crate::release::ReleaseError;
use crate::review::ReviewError;
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
    /// A folder lies inside another one whose files have another purpose.
    #[error("{inner} {relation} {outer}, {because}\n  name another folder with {flag}")]
    NotApart {
        /// The inner folder, with its role.
        inner: String,
        /// How the two lie.
        relation: &'static str,
        /// The outer folder, with its role.
        outer: String,
        /// The purpose of the files in the outer one.
        because: &'static str,
        /// The flag that names another inner folder.
        flag: &'static str,
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
    /// The answers.
    #[error(transparent)]
    Review(#[from] ReviewError),
    /// The release.
    #[error(transparent)]
    Release(#[from] ReleaseError),
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
