//! Runs the stages of the flow in order, and writes down what was done.
//!
//! The library neither prints nor reads the clock: whoever runs a pipeline hands it
//! [`Instruments`] that measure and show.

mod apart;
mod check;
mod collect;
mod collection;
mod comparison;
mod disclosure;
mod drawing;
mod earlier;
mod error;
mod file_record;
mod inquiries;
mod manifest;
mod noted;
mod outputs;
mod records;
mod revisions;
mod standing;
mod validation;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde::Serialize;

use crate::finding::{Finding, render};
use crate::follow_up::{Distribution, Query};
use crate::form::Form;
use crate::ingest::{Progress, WorkerProgram};
use crate::release::{Outcome, Request};
use crate::status::Since;
use crate::store::{self, Staging, tables};
use crate::survey::{DefinitionError, Ledger, Roster, Survey};
use crate::tabulate::{self, Tabulation};
pub use check::{CheckReport, CheckSettings, LedgerReport, check, check_definition};
pub use comparison::ComparisonOutcome;
pub use disclosure::{ListedEdition, disclosure_costs, editions, explain_disclosure};
pub use error::PipelineError;
use file_record::FileRecord;
use manifest::Manifest;
pub use manifest::StageRecord;
use outputs::Outputs;
pub use standing::{StatusReport, status};

/// Measures and shows, on behalf of whoever runs a pipeline.
pub trait Instruments: Progress {
    /// Seconds since some fixed moment.
    fn seconds(&self) -> f64;
    /// The most memory the process has held since the last call, in bytes, where the system says so.
    fn peak_memory(&self) -> Option<u64>;
    /// A stage begins.
    fn stage(&self, name: &'static str);
}

/// What to run on, with the command line's wishes before the year file's.
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
    /// What the desk has acknowledged, if not the table that the year's file names.
    pub acknowledged: Option<PathBuf>,
    /// The passwords of protected workbooks, if any were given.
    pub passwords: Option<PathBuf>,
    /// What is asked for of what readers have, if anything is.
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

/// The stages that a command runs. Each needs what the one before it left in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stages {
    /// Read the returned workbooks into the store.
    pub ingest: bool,
    /// Compute the distributions.
    pub tabulate: bool,
    /// Compare with last year.
    pub compare: bool,
    /// Let through what may be published.
    pub disclose: bool,
    /// Draw the figures.
    pub chart: bool,
}

fn load(year_file: &Path) -> Result<(Survey, Vec<Form>), DefinitionError> {
    let survey = Survey::load(year_file)?;
    let forms = Form::load_all(&survey)?;
    Ok((survey, forms))
}

/// The folder of outputs: the one that was named, else that of the year.
fn out_folder(named: Option<&Path>, survey: &Survey) -> PathBuf {
    named.map_or_else(|| PathBuf::from(format!("reports/fy{}", survey.fiscal_year)), Path::to_owned)
}

/// How the collection stands after ingest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Institutions on the roster.
    pub institutions: usize,
    /// Their places in sectors.
    pub memberships: usize,
    /// Workbooks received.
    pub submissions: usize,
    /// Of these, accepted.
    pub accepted: usize,
    /// Of these, superseded by a later one.
    pub superseded: usize,
    /// Of these, rejected.
    pub rejected: usize,
    /// Replies to the follow-up received.
    pub replies: usize,
    /// Queries that are open.
    pub open_queries: usize,
    /// Files that this run read.
    pub files_read: usize,
    /// Files that were known from an earlier run, and unchanged.
    pub files_known: usize,
    /// Lines of the store's responses.
    pub responses: usize,
}

/// What a run did.
#[derive(Debug)]
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
    /// What was noticed, in order.
    pub findings: Vec<Finding>,
    /// What came of comparing with last year, if that was to be done.
    pub compared: Option<ComparisonOutcome>,
    /// The next year, if its edits, explanations or changes rested on what this run has replaced.
    pub outdated: Option<u16>,
    /// Whether the year before was replaced since this year was ingested, which looked back on it.
    pub is_outdated: bool,
    /// What readers have or would have, by circle.
    pub disclosed: Vec<Outcome>,
    /// What has changed since the releases that readers have.
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

/// Runs stages on one year.
pub fn run(settings: &Settings, stages: Stages, instruments: &dyn Instruments) -> Result<Report, PipelineError> {
    let (survey, forms) = load(&settings.year_file)?;
    // Whoever asks for the changes alone has to be told that there are none.
    if stages.compare && !stages.ingest && survey.comparison.is_none() {
        return Err(PipelineError::NoComparison { year_file: settings.year_file.clone() });
    }
    let out = out_folder(settings.out.as_deref(), &survey);
    let root = if stages.ingest {
        collection::store_to_make(settings, &survey)
    } else {
        collection::store_to_read(settings.store.as_deref(), &survey)
    };
    let returns = settings.returns.as_ref().unwrap_or(&survey.returns);
    apart::check(stages.ingest.then_some(returns), &root, &out)?;
    let mut work = Work {
        settings,
        instruments,
        workers_memory: 0,
        outputs: Outputs::new(&out, &root),
        manifest: Manifest::new(&survey, settings.threads),
        report: Report {
            fiscal_year: survey.fiscal_year,
            returns: None,
            out: out.clone(),
            store: root.clone(),
            counts: None,
            findings: Vec::new(),
            compared: None,
            outdated: None,
            is_outdated: false,
            disclosed: Vec::new(),
            since: Vec::new(),
            figures: 0,
            figures_kept: 0,
            stages: Vec::new(),
            written: Vec::new(),
        },
        survey,
        forms,
        ledger: Ledger::default(),
        asked: None,
    };
    for source in &work.survey.sources {
        work.manifest.definition.push(FileRecord::read(source));
    }
    // What is wrong with the roster, the folder or the passwords is said before anything is written.
    let material = if stages.ingest { Some(work.material()?) } else { None };
    if stages.ingest || stages.compare || stages.disclose || stages.chart {
        work.ledger = work.ledger(stages.ingest)?;
    }
    work.check_outputs(&root)?;
    let store = collection::open(&root, &work.survey, !stages.ingest)?;
    if let Some(material) = &material {
        work.check_collection(material, &store)?;
    }
    work.outputs.begin()?;
    work.manifest.store = work.store_in_manifest();
    // All tables of a run are put in place together: the store is never between two runs.
    let mut staging = store.stage(work.survey.fiscal_year)?;
    if let Some(material) = material {
        let kept = store.readings_file(work.survey.fiscal_year);
        work.measured("ingest", |work| work.ingest(material, kept, &mut staging))?;
        work.drop_what_rests_on_it(&mut staging, stages)?;
    } else {
        work.report.is_outdated = collection::is_outdated(&staging, work.survey.fiscal_year)?;
    }
    let mut tabulation = None;
    if stages.tabulate || stages.compare || stages.disclose || stages.chart {
        tabulation = Some(Rc::new(work.measured("tabulate", |work| work.tabulate(&mut staging, stages.tabulate))?));
    }
    if let (true, Some(tabulation)) = (stages.compare, &tabulation) {
        let outcome = work.measured("compare", |work| {
            match comparison::two_years(&work.survey, &work.ledger, tabulation, &staging)? {
                Ok(both) => work.compare(&both, &mut staging),
                Err(outcome) => Ok(outcome),
            }
        })?;
        if let (ComparisonOutcome::NoPreviousYear(fiscal_year), false) = (&outcome, stages.ingest) {
            let (store, fiscal_year) = (root.clone(), *fiscal_year);
            return Err(PipelineError::NoPreviousYear { store, fiscal_year });
        }
        work.report.compared = Some(outcome);
    }
    let mut public = None;
    if let (true, Some(tabulation)) = (stages.disclose || stages.chart, &tabulation) {
        public = work.measured("disclose", |work| work.disclose(tabulation, &store, &mut staging))?;
    }
    if stages.ingest {
        if !matches!(work.report.compared, Some(ComparisonOutcome::Done(_))) {
            work.remove_changes()?;
        }
        work.measured("follow-up", Work::follow_up)?;
    }
    if stages.chart || stages.disclose {
        // Charts of an earlier release may show what this one withholds: those of a release go with it.
        let desk = tabulation.as_deref().filter(|_| stages.chart);
        work.measured("chart", |work| work.draw(desk, public.as_deref()))?;
    }
    work.finish(staging, stages)
}

/// What was noticed about the returns.
const FINDINGS: &str = "internal/findings.jsonl";
/// What is written when all findings are known, those about outputs as well.
const WRITTEN_LAST: [&str; 3] = [FINDINGS, standing::JSON, standing::WORKBOOK];

struct Work<'a> {
    settings: &'a Settings,
    instruments: &'a dyn Instruments,
    /// The most memory that processes of the present stage have held beside this one.
    workers_memory: u64,
    survey: Survey,
    forms: Vec<Form>,
    /// What became of institutions.
    ledger: Ledger,
    outputs: Outputs,
    manifest: Manifest,
    report: Report,
    /// What the follow-up takes from ingest.
    asked: Option<Asked>,
}

/// What institutions are asked about their answers.
struct Asked {
    roster: Roster,
    queries: Vec<Query>,
    distribution: Distribution,
}

impl Work<'_> {
    fn measured<T>(
        &mut self,
        name: &'static str,
        stage: impl FnOnce(&mut Self) -> Result<T, PipelineError>,
    ) -> Result<T, PipelineError> {
        self.instruments.stage(name);
        self.instruments.peak_memory();
        let began = self.instruments.seconds();
        let product = stage(self)?;
        let seconds = self.instruments.seconds() - began;
        let beside = std::mem::take(&mut self.workers_memory);
        let peak_memory_bytes = self.instruments.peak_memory().map(|own| own + beside);
        self.report.stages.push(StageRecord { name, seconds, peak_memory_bytes });
        Ok(product)
    }

    /// Drops what was made from answers that are replaced, unless it is made anew: this year's tables,
    /// and the changes of the next year.
    fn drop_what_rests_on_it(&mut self, staging: &mut Staging<'_>, stages: Stages) -> Result<(), PipelineError> {
        let year = self.survey.fiscal_year;
        let is_outdated =
            store::has(staging, &tables::CHANGES, year + 1) || collection::is_outdated(staging, year + 1)?;
        self.report.outdated = is_outdated.then_some(year + 1);
        if !stages.tabulate {
            staging.drop_table(&tables::DISTRIBUTIONS, year);
        }
        for table in [&tables::CHANGES, &tables::FLOWS, &tables::LINEAGE] {
            staging.drop_table(table, year);
            staging.drop_table(table, year + 1);
        }
        Ok(())
    }

    fn roster_file(&self) -> &Path {
        self.settings.roster.as_ref().unwrap_or(&self.survey.roster)
    }

    /// Writes the workbooks of the follow-up, the queries that matter most first.
    fn follow_up(&mut self) -> Result<(), PipelineError> {
        let asked = self.asked.take().expect("the follow-up comes after ingest");
        inquiries::write(&self.survey, &asked, &mut self.outputs)?;
        // A reply that somebody keeps beside them is nobody's to remove.
        let year = self.survey.fiscal_year;
        self.outputs.remove_others(inquiries::FOLDER, &|name| inquiries::is_inquiry(year, name))
    }

    fn tabulate(&mut self, staging: &mut Staging<'_>, write: bool) -> Result<Tabulation, PipelineError> {
        let tabulation = tabulate::tabulate(&self.survey, staging)?;
        if write {
            tabulate::write(&self.survey, &tabulation, staging)?;
            let distributions = tabulate::distributions_csv(&self.survey, &tabulation);
            self.outputs.write("internal/distributions.csv", &distributions)?;
            self.outputs.write("internal/numbers.csv", &tabulate::numbers_csv(&self.survey, &tabulation))?;
        }
        Ok(tabulation)
    }

    /// Writes the manifest of the run, and puts the tables and all outputs in place together.
    fn finish(mut self, mut staging: Staging<'_>, stages: Stages) -> Result<Report, PipelineError> {
        let last: &[&str] = if stages.ingest { &WRITTEN_LAST } else { &[] };
        let aside = standing::set_aside(&self.outputs, last, &staging)?;
        self.report.findings.extend(aside);
        noted::identify(&mut self.report.findings, &[]);
        let marked = manifest::new_findings(&self.report.out);
        self.manifest.new_findings = if self.is_dry_run() {
            staging = staging.without_tables()?;
            marked
        } else {
            noted::write(&mut self.report.findings, stages, &marked, &mut staging)?
        };
        if stages.ingest {
            // Those of disclosure control stand in a file of their own.
            let is_it = |finding: &&Finding| !noted::is_of_disclosure(finding);
            let findings: Vec<Finding> = self.report.findings.iter().filter(is_it).cloned().collect();
            self.outputs.write(FINDINGS, render::jsonl(&findings).as_bytes())?;
            standing::write(&self.survey, &staging, &self.manifest.new_findings, &mut self.outputs)?;
        } else if !self.is_dry_run() {
            standing::rewrite_findings(&mut self.outputs, &self.report.findings)?;
        }
        self.manifest.complete(&self.report, &self.outputs);
        self.outputs.write(manifest::FILE, self.manifest.json().as_bytes())?;
        self.report.written = self.outputs.names();
        self.outputs.commit(staging)?;
        Ok(self.report)
    }
}
