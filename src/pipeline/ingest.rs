//! The stage that reads the returned workbooks, reviews their answers, and stages them for the store.

use super::compare;
use super::file_record::FileRecord;
use super::manifest::HandedIn;
use super::run::{Run, Successor};
use super::{PipelineError, Stage};
use crate::collection;
use crate::finding;
use crate::ingest::{self, Job, Listing, Means, Passwords};
use crate::review::{self, Basis, Review};
use crate::store::{self, Staging, Store, StoreError, tables};
use crate::survey::{Acknowledgements, Roster};

/// A collection that is to be read, with the tables that a person hands in.
pub(super) struct Material {
    pub roster: Roster,
    pub listing: Listing,
    passwords: Passwords,
    acknowledged: Acknowledgements,
    handed_in: HandedIn,
}

/// The collection as it was read and reviewed.
pub(super) struct Ingested {
    pub roster: Roster,
    pub review: Review,
    /// The tables that a person handed in, and the workbooks, for the manifest.
    pub handed_in: HandedIn,
    pub inputs: Vec<FileRecord>,
    /// The most memory that the reading processes have held.
    pub workers_memory: u64,
    /// The next year, if its edits, explanations or changes rested on what this run replaces.
    pub outdated: Option<u16>,
}

impl Material {
    /// Reads the tables and lists the returns: mistakes in them are reported before anything is written.
    pub(super) fn of(run: &Run<'_>) -> Result<Material, PipelineError> {
        let roster = Roster::load(run.roster_file(), &run.survey)?;
        let mut handed_in = HandedIn { roster: Some(FileRecord::read(run.roster_file())), ..Default::default() };
        let mut listing = Listing::of(run.returns())?;
        if let Some(log) = &run.settings.received {
            listing = listing.with_received(log)?;
            handed_in.received = Some(FileRecord::read(log));
        }
        let passwords = run.settings.passwords.as_deref().map(Passwords::load).transpose()?.unwrap_or_default();
        let mut acknowledged = Acknowledgements::default();
        if let Some(path) = run.settings.acknowledged.as_ref().or(run.survey.acknowledged.as_ref()) {
            acknowledged = Acknowledgements::load(path)?;
            handed_in.acknowledged = Some(FileRecord::read(path));
        }
        Ok(Material { roster, listing, passwords, acknowledged, handed_in })
    }

    /// How the files of the folder are read; the store keeps the readings of earlier runs.
    fn means(&self, run: &Run<'_>, store: &Store) -> Means {
        let job = Job {
            year_file: run.settings.year_file.clone().into(),
            roster: run.roster_file().as_os_str().to_owned(),
            passwords: run.settings.passwords.as_ref().map(|path| path.as_os_str().to_owned()),
            returns: self.listing.folder().as_os_str().to_owned(),
        };
        Means {
            workers: run.settings.workers.clone().map(|program| (program, job)),
            kept: Some(store.readings_file(run.survey.fiscal_year)),
            fresh: run.settings.fresh,
        }
    }
}

/// Reads the material, reviews it, and stages all of it.
pub(super) fn ingest(
    run: &Run<'_>,
    material: Material,
    store: &Store,
    next: &mut Successor<'_>,
) -> Result<Ingested, PipelineError> {
    let survey = &run.survey;
    let means = material.means(run, store);
    let Material { roster, listing, passwords, acknowledged, handed_in } = material;
    let returns = listing.folder().to_owned();
    let mut read = ingest::ingest(survey, &run.forms, &roster, listing, &passwords, &means, run.instruments)?;
    let submissions = std::mem::take(&mut read.submissions);
    let mut findings = finding::gather(std::mem::take(&mut read.findings), submissions.len());
    review::write_memberships(survey, &roster, &mut next.staging)?;
    let (previous, remarks) = compare::look_back(run, &next.staging)?;
    findings.extend(remarks);
    let waivers = review::read_waivers(survey, &next.staging)?;
    let basis = Basis { roster: &roster, previous, waivers, acknowledged: &acknowledged };
    let review = review::review(survey, basis, &mut read, &submissions, findings, &mut next.staging)?;
    collection::write(survey, &returns, run.roster_file(), &mut next.staging)?;
    next.outputs.write("internal/revisions.csv", &review::revisions_csv(survey, &roster, &review.revisions))?;
    next.outputs.write("internal/edits.csv", &review::edits_csv(survey, &review.tallies))?;
    let mut inputs: Vec<FileRecord> =
        submissions.into_iter().map(|one| FileRecord::new(one.file, one.bytes, one.id)).collect();
    inputs.sort_by(|a, b| a.file.cmp(&b.file));
    let outdated = drop_what_rests_on_it(run, &mut next.staging)?;
    Ok(Ingested { roster, review, handed_in, inputs, workers_memory: read.workers_memory, outdated })
}

/// Drops the tables that were made from answers that are replaced, unless they are made anew: the distributions of this
/// year, and the changes of this year and of the next. Gives the next year, if anything of it rested on them.
fn drop_what_rests_on_it(run: &Run<'_>, staging: &mut Staging<'_>) -> Result<Option<u16>, StoreError> {
    let year = run.survey.fiscal_year;
    let is_outdated = store::has(staging, &tables::CHANGES, year + 1) || collection::is_outdated(staging, year + 1)?;
    if !run.asks(Stage::Tabulate) {
        staging.drop_table(&tables::DISTRIBUTIONS, year);
    }
    for table in [&tables::CHANGES, &tables::FLOWS, &tables::LINEAGE] {
        staging.drop_table(table, year);
        staging.drop_table(table, year + 1);
    }
    Ok(is_outdated.then_some(year + 1))
}
