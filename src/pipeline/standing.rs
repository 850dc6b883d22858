//! How the collection stands, as outputs: after every ingest, and by itself for `status`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::manifest::{self, Manifest};
use super::outputs::Outputs;
use super::{PipelineError, collection, load, out_folder};
use crate::finding::Finding;
use crate::release;
use crate::status::{self, Status};
use crate::store::TableFiles;
use crate::survey::Survey;

/// The status for programs, and for the desk.
pub(super) const JSON: &str = "internal/status.json";
pub(super) const WORKBOOK: &str = "internal/status.xlsx";

/// What `status` found and wrote.
#[derive(Debug)]
pub struct StatusReport {
    /// How the collection stands.
    pub status: Status,
    /// Where the outputs are.
    pub out: PathBuf,
    /// Which files of others were set aside.
    pub findings: Vec<Finding>,
    /// The files written, relative to `out`.
    pub written: Vec<String>,
}

/// Reads how the collection of a year stands from the store, and writes it for the desk.
pub fn status(year_file: &Path, store: Option<&Path>, out: Option<&Path>) -> Result<StatusReport, PipelineError> {
    let (survey, _) = load(year_file)?;
    let out = out_folder(out, &survey);
    let root = collection::store_to_read(store, &survey);
    let store = collection::open(&root, &survey, true)?;
    let mut outputs = Outputs::new(&out, &root);
    outputs.begin()?;
    let status = write(&survey, &store, &manifest::new_findings(&out), &mut outputs)?;
    let written = outputs.names();
    let mut manifest = Manifest::new(&survey, 1);
    manifest.store = collection::spelled(&root);
    let json = manifest.json_over(&out, &outputs);
    outputs.write(manifest::FILE, json.as_bytes())?;
    let findings = outputs.set_aside(&[]);
    outputs.commit(store.stage(survey.fiscal_year)?)?;
    Ok(StatusReport { status, out, findings, written })
}

/// Writes how the collection of a year stands, by the tables given.
pub(super) fn write(
    survey: &Survey,
    files: &dyn TableFiles,
    new_findings: &BTreeSet<String>,
    outputs: &mut Outputs,
) -> Result<Status, PipelineError> {
    let mut status = status::read(survey, files, new_findings)?;
    let editions = release::editions(files, survey.fiscal_year)?;
    status.since_release = release::since(files, survey.fiscal_year, &editions)?;
    outputs.write(JSON, status.json().as_bytes())?;
    outputs.write(WORKBOOK, &status::workbook(&status))?;
    Ok(status)
}
