//! A run: its settings and definition, which no stage changes, and the tables and outputs that take the place of the
//! present ones when it ends.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::file_record::FileRecord;
use super::ingest::Material;
use super::outputs::Outputs;
use super::{Instruments, PipelineError, Settings, Stage, StageRecord, apart, manifest};
use crate::collection;
use crate::form::Form;
use crate::store::{self, Staging, Store, tables};
use crate::survey::{DefinitionError, Ledger, Roster, Survey};

/// The store of whoever names none.
const STORE: &str = "data/store";
/// The findings about the returns.
pub(super) const FINDINGS: &str = "internal/findings.jsonl";

/// The definition, the settings and the means of a run.
pub(super) struct Run<'a> {
    pub settings: &'a Settings,
    pub instruments: &'a dyn Instruments,
    pub survey: Survey,
    pub forms: Vec<Form>,
    /// The institution ledger, empty where the command does not compare institutions.
    pub ledger: Ledger,
    /// The files of the definition, and of the ledger, as they were read.
    pub definition: Vec<FileRecord>,
    pub ledger_record: Option<FileRecord>,
    /// The folder of outputs.
    pub out: PathBuf,
    /// The folder of the store.
    pub store: PathBuf,
    asked: &'a [Stage],
    stages: BTreeSet<Stage>,
}

/// The tables and outputs of a run. They are put in place together: the store is never between two runs.
pub(super) struct Successor<'s> {
    pub staging: Staging<'s>,
    pub outputs: Outputs,
}

impl<'a> Run<'a> {
    /// Reads the definition and the ledger: mistakes in them are reported before anything is written.
    pub(super) fn begin(
        settings: &'a Settings,
        asked: &'a [Stage],
        instruments: &'a dyn Instruments,
    ) -> Result<Run<'a>, PipelineError> {
        let (survey, forms) = load(&settings.year_file)?;
        let stages = Stage::with_others(asked);
        let reads = stages.contains(&Stage::Ingest);
        // Whoever asks for the changes alone has to be told that there are none.
        if stages.contains(&Stage::Compare) && !reads && survey.comparison.is_none() {
            return Err(PipelineError::NoComparison { year_file: settings.year_file.clone() });
        }
        let out = out_folder(settings.out.as_deref(), &survey);
        let store =
            if reads { store_to_make(settings, &survey) } else { store_to_read(settings.store.as_deref(), &survey) };
        let returns = settings.returns.as_ref().unwrap_or(&survey.returns);
        apart::check(reads.then_some(returns), &store, &out)?;
        let definition = survey.sources.iter().map(|source| FileRecord::read(source)).collect();
        let (ledger, ledger_record) = (Ledger::default(), None);
        Ok(Run { settings, instruments, survey, forms, ledger, definition, ledger_record, out, store, asked, stages })
    }

    /// Reads the institution ledger, if there is one and a stage compares institutions; holds it against the roster
    /// where that is read.
    pub(super) fn with_ledger(mut self) -> Result<Run<'a>, PipelineError> {
        let compares = [Stage::Ingest, Stage::Compare, Stage::Disclose];
        let named =
            self.survey.comparison.as_ref().and_then(|one| self.settings.ledger.as_ref().or(one.ledger.as_ref()));
        let Some(path) = named.filter(|_| compares.iter().any(|stage| self.does(*stage))) else { return Ok(self) };
        let ledger = Ledger::load(path, &self.survey)?;
        if self.does(Stage::Ingest) {
            let rosters = Roster::places_by_year(self.roster_file(), &self.survey)?;
            DefinitionError::unless_empty(ledger.held_against(&rosters))?;
        }
        self.ledger_record = Some(FileRecord::read(path));
        self.ledger = ledger;
        Ok(self)
    }

    /// Whether the command asked for a stage.
    pub(super) fn asks(&self, stage: Stage) -> bool {
        self.asked.contains(&stage)
    }

    /// Whether a stage runs, asked for or not.
    pub(super) fn does(&self, stage: Stage) -> bool {
        self.stages.contains(&stage)
    }

    /// Whether nothing is to be written to the store or to what readers have.
    pub(super) fn is_dry_run(&self) -> bool {
        self.settings.request.as_ref().is_some_and(|request| request.is_dry_run)
    }

    pub(super) fn roster_file(&self) -> &Path {
        self.settings.roster.as_ref().unwrap_or(&self.survey.roster)
    }

    pub(super) fn returns(&self) -> &Path {
        self.settings.returns.as_ref().unwrap_or(&self.survey.returns)
    }

    /// Opens the store. A folder of outputs of another survey or store, and another collection than the one that the
    /// store was made from, are refused.
    pub(super) fn open_store(&self, material: Option<&Material>) -> Result<Store, PipelineError> {
        self.check_outputs()?;
        let store = open(&self.store, &self.survey, material.is_none())?;
        if let Some(material) = material.filter(|_| !self.settings.replace) {
            let (year, roster) = (self.survey.fiscal_year, &material.roster);
            let differences = collection::differences(&store, year, &material.listing, self.roster_file(), roster)?;
            if !differences.is_empty() {
                let path = self.store.clone();
                return Err(PipelineError::OtherCollection { place: "the store", path, differences });
            }
        }
        Ok(store)
    }

    fn check_outputs(&self) -> Result<(), PipelineError> {
        let Some(manifest) = manifest::read(&self.out) else { return Ok(()) };
        let (place, path) = ("the folder of outputs", self.out.clone());
        if let Some(theirs) = manifest["survey"].as_str().filter(|theirs| *theirs != self.survey.id) {
            let (theirs, ours) = (theirs.to_owned(), self.survey.id.clone());
            return Err(PipelineError::OtherSurvey { place, path, theirs, ours, flag: "--out" });
        }
        let now = collection::spelled(&self.store);
        match manifest["store"].as_str() {
            Some(before) if before != now && !self.settings.replace => {
                let differences = vec![format!("its outputs are of the store {before}, and would be of {now}")];
                Err(PipelineError::OtherCollection { place, path, differences })
            }
            _ => Ok(()),
        }
    }

    /// Runs a stage, if the command needs it, and records its time and memory.
    pub(super) fn stage<T>(
        &self,
        stage: Stage,
        records: &mut Vec<StageRecord>,
        runs: impl FnOnce() -> Result<T, PipelineError>,
    ) -> Result<Option<T>, PipelineError> {
        if !self.does(stage) {
            return Ok(None);
        }
        self.instruments.stage(stage.name());
        self.instruments.peak_memory();
        let began = self.instruments.seconds();
        let product = runs()?;
        let seconds = self.instruments.seconds() - began;
        let peak_memory_bytes = self.instruments.peak_memory();
        records.push(StageRecord { name: stage.name(), seconds, peak_memory_bytes });
        Ok(Some(product))
    }
}

/// Reads the definition of a year.
pub(super) fn load(year_file: &Path) -> Result<(Survey, Vec<Form>), DefinitionError> {
    let survey = Survey::load(year_file)?;
    let forms = Form::load_all(&survey)?;
    Ok((survey, forms))
}

/// The folder of outputs: the one that was named, else that of the year.
pub(super) fn out_folder(named: Option<&Path>, survey: &Survey) -> PathBuf {
    named.map_or_else(|| PathBuf::from(format!("reports/fy{}", survey.fiscal_year)), Path::to_owned)
}

/// The store that returns are read into: the one that was named, else that of the year's file where its returns
/// and its roster are read, else the usual one.
fn store_to_make(settings: &Settings, survey: &Survey) -> PathBuf {
    let is_its = settings.returns.is_none() && settings.roster.is_none();
    let of_year_file = survey.store.as_ref().filter(|_| is_its);
    settings.store.as_ref().or(of_year_file).cloned().unwrap_or_else(|| PathBuf::from(STORE))
}

/// The store that a year is read from: the one that was named, else the usual one, or that of the year's file
/// where only that one holds the year.
pub(super) fn store_to_read(named: Option<&Path>, survey: &Survey) -> PathBuf {
    let usual = Path::new(STORE);
    let holds = |root: &Path| store::holds(root, &tables::MEMBERSHIPS, survey.fiscal_year);
    let of_year_file = survey.store.as_deref().filter(|root| !holds(usual) && holds(root));
    named.or(of_year_file).unwrap_or(usual).to_owned()
}

/// Opens a store; one that is only read has to be there, because a slip in its path is not to become one.
/// The store of another survey is refused.
pub(super) fn open(root: &Path, survey: &Survey, is_read_only: bool) -> Result<Store, PipelineError> {
    if is_read_only && !store::is_one(root) {
        let (store, fiscal_year) = (root.to_owned(), survey.fiscal_year);
        return Err(PipelineError::NoStore { store, fiscal_year });
    }
    let store = Store::open(root)?;
    if let Some(theirs) = collection::other_survey(&store, survey)? {
        let (path, ours) = (root.to_owned(), survey.id.clone());
        return Err(PipelineError::OtherSurvey { place: "the store", path, theirs, ours, flag: "--store" });
    }
    Ok(store)
}

/// Opens the store that a year is read from.
pub(super) fn store_of_year(named: Option<&Path>, survey: &Survey) -> Result<Store, PipelineError> {
    open(&store_to_read(named, survey), survey, true)
}
