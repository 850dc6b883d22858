//! The manifest of a run: its inputs and outputs, and the time and memory of each stage.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use super::file_record::FileRecord;
use super::outputs::Outputs;
use super::{Counts, Report};
use crate::collection;
use crate::ingest::BUILD;
use crate::survey::Survey;

/// The manifest within the outputs.
pub(super) const FILE: &str = "manifest.json";

/// A stage with its time and memory.
#[derive(Debug, Clone, Serialize)]
pub struct StageRecord {
    /// Its name.
    pub name: &'static str,
    /// How long it took.
    pub seconds: f64,
    /// The most memory the process held during it, where the system says so.
    pub peak_memory_bytes: Option<u64>,
}

impl StageRecord {
    /// Adds the memory that other processes held.
    pub(super) fn add(&mut self, bytes: u64) {
        self.peak_memory_bytes = self.peak_memory_bytes.map(|own| own + bytes);
    }
}

/// The tables that a person hands in with the returns. The manifest does not name the passwords.
#[derive(Debug, Default)]
pub(super) struct HandedIn {
    pub roster: Option<FileRecord>,
    pub received: Option<FileRecord>,
    pub acknowledged: Option<FileRecord>,
}

/// The manifest, as it is written.
#[derive(Debug, Serialize)]
pub(super) struct Manifest {
    program: &'static str,
    version: &'static str,
    /// Which sources the program was built from.
    build: &'static str,
    /// The survey's id.
    survey: String,
    /// The store that the outputs are of.
    store: String,
    fiscal_year: u16,
    threads: usize,
    pub definition: Vec<FileRecord>,
    roster: Option<FileRecord>,
    received: Option<FileRecord>,
    pub ledger: Option<FileRecord>,
    acknowledged: Option<FileRecord>,
    inputs: Vec<FileRecord>,
    counts: Option<Counts>,
    findings_by_severity: BTreeMap<&'static str, usize>,
    findings_by_code: BTreeMap<&'static str, usize>,
    /// The ids of the findings that are new, whichever run noticed them.
    pub new_findings: BTreeSet<String>,
    stages: Vec<StageRecord>,
    /// Every output that stands, whichever run wrote it.
    outputs: Vec<FileRecord>,
}

impl Manifest {
    pub(super) fn new(survey: &Survey, store: &Path, threads: usize) -> Manifest {
        Manifest {
            program: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            build: BUILD,
            survey: survey.id.clone(),
            store: collection::spelled(store),
            fiscal_year: survey.fiscal_year,
            threads,
            definition: Vec::new(),
            roster: None,
            received: None,
            ledger: None,
            acknowledged: None,
            inputs: Vec::new(),
            counts: None,
            findings_by_severity: BTreeMap::new(),
            findings_by_code: BTreeMap::new(),
            new_findings: BTreeSet::new(),
            stages: Vec::new(),
            outputs: Vec::new(),
        }
    }

    /// Takes over the material that was read.
    pub(super) fn take(&mut self, handed_in: HandedIn, inputs: Vec<FileRecord>) {
        let HandedIn { roster, received, acknowledged } = handed_in;
        (self.roster, self.received, self.acknowledged, self.inputs) = (roster, received, acknowledged, inputs);
    }

    /// Takes over the outcome of the run.
    pub(super) fn complete(&mut self, report: &Report, outputs: &Outputs) {
        for finding in &report.findings {
            *self.findings_by_severity.entry(finding.severity.word()).or_default() += 1;
            *self.findings_by_code.entry(finding.code.rule().code).or_default() += 1;
        }
        self.counts = report.counts;
        self.stages.clone_from(&report.stages);
        self.outputs = outputs.records();
    }

    /// The manifest of an earlier run with the outputs that stand now, for a command that only adds to them; where
    /// there was none, this one.
    pub(super) fn json_over(&self, out: &Path, outputs: &Outputs) -> String {
        let own = serde_json::to_value(self).expect("a manifest is plain data");
        let mut manifest = read(out).filter(serde_json::Value::is_object).unwrap_or(own);
        let build = manifest["build"].as_str().unwrap_or(BUILD).to_owned();
        let mut records = outputs.records();
        // What has no build was written by this one, and what has one may be the earlier manifest's.
        for record in records.iter_mut().filter(|_| build != BUILD) {
            record.build = Some(record.build.take().unwrap_or_else(|| BUILD.to_owned()));
        }
        manifest["new_findings"] = serde_json::to_value(&self.new_findings).expect("ids are plain data");
        manifest["outputs"] = serde_json::to_value(records).expect("records are plain data");
        serde_json::to_string_pretty(&manifest).expect("a manifest is plain data") + "\n"
    }

    pub(super) fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a manifest is plain data") + "\n"
    }
}

/// The manifest in a folder of outputs; `None` where there is none. One that is damaged says nothing.
pub(super) fn read(out: &Path) -> Option<serde_json::Value> {
    let bytes = std::fs::read(out.join(FILE)).ok()?;
    Some(serde_json::from_slice(&bytes).unwrap_or_default())
}

/// The ids of the findings that were new when the last run on a folder of outputs was done.
pub(super) fn new_findings(out: &Path) -> BTreeSet<String> {
    let manifest = read(out).unwrap_or_default();
    let ids = manifest["new_findings"].as_array().into_iter().flatten();
    ids.filter_map(|id| id.as_str().map(str::to_owned)).collect()
}
