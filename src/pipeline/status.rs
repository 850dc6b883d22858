//! The status of the collection, as outputs: after every ingest, and by itself for `status`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::manifest::{self, Manifest};
use super::outputs::Outputs;
use super::run::{FINDINGS, load, open, out_folder, store_to_read};
use super::{PipelineError, apart};
use crate::finding::{Code, Finding};
use crate::release;
use crate::review::{self, Origin};
use crate::status::{self, Status};
use crate::store::{Staging, TableFiles};
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
    /// The files of others that were set aside, now or earlier, and that are kept.
    pub findings: Vec<Finding>,
    /// The files written, relative to `out`.
    pub written: Vec<String>,
}

/// Reads how the collection of a year stands from the store, and writes it for the desk.
pub fn status(year_file: &Path, store: Option<&Path>, out: Option<&Path>) -> Result<StatusReport, PipelineError> {
    let (survey, _) = load(year_file)?;
    let out = out_folder(out, &survey);
    let root = store_to_read(store, &survey);
    apart::check(None, &root, &out)?;
    let store = open(&root, &survey, true)?;
    let mut outputs = Outputs::new(&out, &root);
    outputs.begin()?;
    let mut staging = store.stage(survey.fiscal_year)?;
    let mut findings = set_aside(&outputs, &[JSON, WORKBOOK], &staging)?;
    review::identify(&mut findings, &[]);
    let mut manifest = Manifest::new(&survey, &root, 1);
    manifest.new_findings = manifest::new_findings(&out);
    if review::has_ids(&staging, survey.fiscal_year)? {
        manifest.new_findings =
            review::new_findings(&mut findings, &[Origin::Outputs], &manifest.new_findings, &mut staging)?;
    }
    rewrite_findings(&mut outputs, &findings)?;
    let status = write(&survey, &staging, &manifest.new_findings, &mut outputs)?;
    let written = outputs.names();
    let json = manifest.json_over(&out, &outputs);
    outputs.write(manifest::FILE, json.as_bytes())?;
    outputs.commit(staging)?;
    Ok(StatusReport { status, out, findings, written })
}

/// The findings about files that this run sets aside, those in the place of files that are `still_to_come` among them,
/// and about those that earlier runs set aside and that are still kept.
pub(super) fn set_aside(
    outputs: &Outputs,
    still_to_come: &[&str],
    staging: &Staging<'_>,
) -> Result<Vec<Finding>, PipelineError> {
    let mut findings = outputs.set_aside(still_to_come);
    let mut earlier = review::still_aside(staging, staging.fiscal_year(), outputs.root())?;
    earlier.retain(|finding| findings.iter().all(|other| other.place != finding.place));
    findings.extend(earlier);
    findings.sort_by(|a, b| a.place.cmp(&b.place));
    Ok(findings)
}

/// Brings the file of findings up to date with the files that are set aside. One that somebody has changed, or that no
/// run has written, is left to the next run on the returns.
pub(super) fn rewrite_findings(outputs: &mut Outputs, findings: &[Finding]) -> Result<(), PipelineError> {
    let content = outputs.read(FINDINGS).filter(|content| outputs.earlier().wrote(FINDINGS, content));
    let Some(text) = content.and_then(|content| String::from_utf8(content).ok()) else { return Ok(()) };
    let is_aside = |finding: &&Finding| finding.code == Code::OutputSetAside;
    let aside: Vec<Finding> = findings.iter().filter(is_aside).cloned().collect();
    let present = review::with_aside(&text, &aside);
    if present == text { Ok(()) } else { outputs.write(FINDINGS, present.as_bytes()) }
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
