//! How the collection stands, as outputs: after every ingest, and by itself for `status`.

use std::path::{Path, PathBuf};

use super::outputs::Outputs;
use super::{PipelineError, collection, load, out_folder};
use crate::release;
use crate::status::{self, Status};
use crate::store::TableFiles;
use crate::survey::Survey;

/// What `status` found and wrote.
#[derive(Debug)]
pub struct StatusReport {
    /// How the collection stands.
    pub status: Status,
    /// Where the outputs are.
    pub out: PathBuf,
    /// The files written, relative to `out`.
    pub written: Vec<String>,
}

/// Reads how the collection of a year stands from the store, and writes it for the desk.
pub fn status(year_file: &Path, store: Option<&Path>, out: Option<&Path>) -> Result<StatusReport, PipelineError> {
    let (survey, _) = load(year_file)?;
    let out = out_folder(out, &survey);
    let store = collection::open(&collection::store_to_read(store, &survey), &survey, true)?;
    let mut outputs = Outputs::new(&out);
    let status = write(&survey, &store, &mut outputs)?;
    Ok(StatusReport { status, out, written: outputs.names() })
}

/// Writes how the collection of a year stands, by the tables given.
pub(super) fn write(survey: &Survey, files: &dyn TableFiles, outputs: &mut Outputs) -> Result<Status, PipelineError> {
    let mut status = status::read(survey, files)?;
    let editions = release::editions(files, survey.fiscal_year)?;
    status.since_release = release::since(files, survey.fiscal_year, &editions)?;
    outputs.write("internal/status.json", status.json().as_bytes())?;
    outputs.write("internal/status.xlsx", &status::workbook(&status))?;
    Ok(status)
}
