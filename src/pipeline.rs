//! Runs the stages of the flow in order, and writes down what was done.
//!
//! A stage is a function of the [`Run`], which no stage changes, and of the products of the stages before it. Its tables
//! and outputs wait in the [`Successor`] until all stages are done. A new stage is a file here, a variant of [`Stage`]
//! and a line in [`run`].
//!
//! The library neither prints nor reads the clock: whoever runs a pipeline hands it [`Instruments`] that measure and
//! show.

mod apart;
mod chart;
mod check;
mod compare;
mod disclose;
mod earlier;
mod error;
mod file_record;
mod follow_up;
mod ingest;
mod manifest;
mod outputs;
mod run;
mod stage;
mod status;
mod tabulate;

use std::path::PathBuf;

use crate::collection;
use crate::finding::{Finding, render};
use crate::ingest::{Progress, WorkerProgram};
use crate::release::{Outcome, Request};
pub use crate::review::Counts;
use crate::review::{self, Origin};
use crate::status::Since;
pub use check::{CheckReport, CheckSettings, LedgerReport, check, check_definition};
pub use compare::ComparisonOutcome;
pub use disclose::{ListedEdition, disclosure_costs, editions, explain_disclosure};
pub use error::PipelineError;
pub use manifest::StageRecord;
pub use stage::Stage;
pub use status::{StatusReport, status};

use chart::Drawn;
use compare::Compared;
use disclose::Disclosed;
use ingest::{Ingested, Material};
use manifest::Manifest;
use outputs::Outputs;
use run::{FINDINGS, Run, Successor};

/// Measures and shows, on behalf of whoever runs a pipeline.
pub trait Instruments: Progress {
    /// Seconds since some fixed moment.
    fn seconds(&self) -> f64;
    /// The most memory the process has held since the last call, in bytes, where the system says so.
    fn peak_memory(&self) -> Option<u64>;
    /// A stage begins.
    fn stage(&self, name: &'static str);
}

/// The files and folders of a run; the command line's go before the year file's.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The year's file.
    pub year_file: PathBuf,
    /// The folder of returned workbooks, if not the one that the year's file names.
    pub returns: Option<PathBuf>,
    /// The roster, if not the one that the year's file names.
    pub roster: Option<PathBuf>,
    /// The intake log, which says when each file was received.
    pub received: Option<PathBuf>,
    /// The findings that the desk has acknowledged, if not the table that the year's file names.
    pub acknowledged: Option<PathBuf>,
    /// The passwords of protected workbooks, if any were given.
    pub passwords: Option<PathBuf>,
    /// The request for a release, a correction or a withdrawal.
    pub request: Option<Request>,
    /// The institution ledger, if not the one that the year's file names.
    pub ledger: Option<PathBuf>,
    /// The store, if not the usual one or that of the year's file.
    pub store: Option<PathBuf>,
    /// Whether another collection may take the place of the one that the store was made from.
    pub replace: bool,
    /// The folder of outputs, if not `reports/fyYYYY`.
    pub out: Option<PathBuf>,
    /// The number of threads, for the manifest.
    pub threads: usize,
    /// The processes that read workbooks; without them this process reads them, and a file that
    /// brings its reader down brings down the run.
    pub workers: Option<WorkerProgram>,
    /// Whether every workbook is read again, known or not.
    pub fresh: bool,
}

/// The outcome of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// The year.
    pub fiscal_year: u16,
    /// The folder of returns that was read, if any was.
    pub returns: Option<PathBuf>,
    /// Where the outputs are.
    pub out: PathBuf,
    /// Where the store is.
    pub store: PathBuf,
    /// How the collection stands, if it was read.
    pub counts: Option<Counts>,
    /// The findings, in order.
    pub findings: Vec<Finding>,
    /// The outcome of comparing with last year, if that was to be done.
    pub compared: Option<ComparisonOutcome>,
    /// The next year, if its edits, explanations or changes rested on what this run has replaced.
    pub outdated: Option<u16>,
    /// Whether the year before was replaced since this year was ingested, which looked back on it.
    pub is_outdated: bool,
    /// The release or draft of each circle.
    pub disclosed: Vec<Outcome>,
    /// The changes since the releases that readers have.
    pub since: Vec<Since>,
    /// How many figures there are.
    pub figures: usize,
    /// How many of them are the same as in the last run, so that their pictures were kept.
    pub figures_kept: usize,
    /// The stages with their time and memory.
    pub stages: Vec<StageRecord>,
    /// The files written, relative to `out`.
    pub written: Vec<String>,
}

/// The findings and the status are written when all findings are known, those about outputs as well.
const WRITTEN_LAST: [&str; 3] = [FINDINGS, status::JSON, status::WORKBOOK];

/// Runs stages on one year, and those that they need or bring.
pub fn run(settings: &Settings, stages: &[Stage], instruments: &dyn Instruments) -> Result<Report, PipelineError> {
    let run = Run::begin(settings, stages, instruments)?;
    let material = if run.does(Stage::Ingest) { Some(Material::of(&run)?) } else { None };
    let run = run.with_ledger()?;
    let mut outputs = Outputs::new(&run.out, &run.store);
    let store = run.open_store(material.as_ref())?;
    outputs.begin()?;
    let mut next = Successor { staging: store.stage(run.survey.fiscal_year)?, outputs };
    let is_outdated = material.is_none() && collection::is_outdated(&next.staging, run.survey.fiscal_year)?;

    let mut times = Vec::new();
    let ingested =
        run.stage(Stage::Ingest, &mut times, || ingest::ingest(&run, needed(material), &store, &mut next))?;
    let tabulation = run.stage(Stage::Tabulate, &mut times, || tabulate::tabulate(&run, &mut next))?;
    let tabulated = || needed(tabulation.as_ref());
    let compared = run.stage(Stage::Compare, &mut times, || compare::compare(&run, tabulated(), &mut next))?;
    let disclosed =
        run.stage(Stage::Disclose, &mut times, || disclose::disclose(&run, tabulated(), &store, &mut next))?;
    run.stage(Stage::FollowUp, &mut times, || follow_up::follow_up(&run, needed(ingested.as_ref()), &mut next))?;
    let drawn = run.stage(Stage::Chart, &mut times, || {
        chart::chart(&run, tabulated(), needed(disclosed.as_ref()).public.as_deref(), &mut next)
    })?;
    finish(&run, Products { ingested, compared, disclosed, drawn, times, is_outdated }, next)
}

/// The product of a stage that another one needs, and that therefore ran.
fn needed<T>(product: Option<T>) -> T {
    product.expect("the stages that a stage needs run before it")
}

/// The products of the stages that ran.
struct Products {
    ingested: Option<Ingested>,
    compared: Option<Compared>,
    disclosed: Option<Disclosed>,
    drawn: Option<Drawn>,
    times: Vec<StageRecord>,
    /// Whether the year before was replaced since this year was ingested.
    is_outdated: bool,
}

/// Writes the findings, the status and the manifest, and puts the tables and all outputs in place together.
fn finish(run: &Run<'_>, products: Products, mut next: Successor<'_>) -> Result<Report, PipelineError> {
    let Products { ingested, compared, disclosed, drawn, mut times, is_outdated } = products;
    let reads = run.does(Stage::Ingest);
    if reads && !compared.as_ref().is_some_and(Compared::is_done) {
        compare::remove_changes(&mut next)?;
    }
    let drawn = drawn.unwrap_or_default();
    let mut manifest = Manifest::new(&run.survey, &run.store, run.settings.threads);
    manifest.definition.clone_from(&run.definition);
    manifest.ledger.clone_from(&run.ledger_record);
    let mut report = Report {
        fiscal_year: run.survey.fiscal_year,
        returns: reads.then(|| run.returns().to_owned()),
        out: run.out.clone(),
        store: run.store.clone(),
        is_outdated,
        figures: drawn.figures,
        figures_kept: drawn.kept,
        ..Report::default()
    };
    if let Some(ingested) = ingested {
        times
            .iter_mut()
            .filter(|one| one.name == Stage::Ingest.name())
            .for_each(|one| one.add(ingested.workers_memory));
        report.counts = Some(ingested.review.counts);
        report.findings = ingested.review.findings;
        report.outdated = ingested.outdated;
        manifest.take(ingested.handed_in, ingested.inputs);
    }
    if let Some(Compared { outcome, findings }) = compared {
        report.findings.extend(findings);
        report.compared = Some(outcome);
    }
    if let Some(Disclosed { outcomes, findings, since, .. }) = disclosed {
        report.findings.extend(findings);
        (report.disclosed, report.since) = (outcomes, since);
    }
    report.stages = times;
    let Successor { mut staging, mut outputs } = next;
    let last: &[&str] = if reads { &WRITTEN_LAST } else { &[] };
    report.findings.extend(status::set_aside(&outputs, last, &staging)?);
    review::identify(&mut report.findings, &[]);
    let marked = manifest::new_findings(&run.out);
    manifest.new_findings = if run.is_dry_run() {
        staging = staging.without_tables()?;
        marked
    } else {
        review::new_findings(&mut report.findings, &origins(run), &marked, &mut staging)?
    };
    if reads {
        // Those of disclosure control stand in a file of their own.
        let is_it = |finding: &&Finding| !review::is_of_disclosure(finding);
        let findings: Vec<Finding> = report.findings.iter().filter(is_it).cloned().collect();
        outputs.write(FINDINGS, render::jsonl(&findings).as_bytes())?;
        status::write(&run.survey, &staging, &manifest.new_findings, &mut outputs)?;
    } else if !run.is_dry_run() {
        status::rewrite_findings(&mut outputs, &report.findings)?;
    }
    manifest.complete(&report, &outputs);
    outputs.write(manifest::FILE, manifest.json().as_bytes())?;
    report.written = outputs.names();
    outputs.commit(staging)?;
    Ok(report)
}

/// The origins of the findings that a run makes anew.
fn origins(run: &Run<'_>) -> Vec<Origin> {
    let made = [(Stage::Ingest, Origin::Collection), (Stage::Disclose, Origin::Disclosure)];
    let made = made.into_iter().filter(|(stage, _)| run.does(*stage)).map(|(_, origin)| origin);
    made.chain([Origin::Outputs]).collect()
}
