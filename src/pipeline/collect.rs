//! The first stage of a run: the returned workbooks are read, validated, and staged for the store
//! with all that was noticed about them.

use std::path::PathBuf;

use rayon::join;

use super::file_record::FileRecord;
use super::revisions::{self, Revision};
use super::validation::{self, Gathered, Validated, Validation};
use super::{Asked, PipelineError, Work, noted, records};
use crate::finding;
use crate::follow_up::QueryStatus;
use crate::ingest::{self, Collection, IngestError, Job, Listing, Means, Passwords, Submission};
use crate::store::{Staging, TableWriter, tables};
use crate::survey::{Acknowledgements, Roster};

/// How many workbooks are validated side by side before their lines are written.
const VALIDATED_AT_ONCE: usize = 64;

/// What a collection consists of.
pub(super) struct Material {
    pub(super) roster: Roster,
    pub(super) listing: Listing,
    passwords: Passwords,
    acknowledged: Acknowledgements,
}

/// Where lines of answers go.
struct Writers {
    responses: TableWriter,
    superseded: TableWriter,
}

impl Work<'_> {
    /// Looks at what there is: what is wrong with it is said before anything is written.
    pub(super) fn material(&mut self) -> Result<Material, PipelineError> {
        Ok(Material {
            roster: self.roster()?,
            listing: self.listing()?,
            passwords: self.passwords()?,
            acknowledged: self.acknowledged()?,
        })
    }

    fn roster(&mut self) -> Result<Roster, PipelineError> {
        let path = self.roster_file();
        let roster = Roster::load(path, &self.survey)?;
        let record = FileRecord::read(path);
        self.manifest.roster = Some(record);
        Ok(roster)
    }

    fn listing(&mut self) -> Result<Listing, PipelineError> {
        let folder = self.settings.returns.as_ref().unwrap_or(&self.survey.returns);
        self.report.returns = Some(folder.clone());
        let listing = Listing::of(folder)?;
        let Some(log) = &self.settings.received else { return Ok(listing) };
        let listing = listing.with_received(log)?;
        self.manifest.received = Some(FileRecord::read(log));
        Ok(listing)
    }

    fn acknowledged(&mut self) -> Result<Acknowledgements, PipelineError> {
        let path = self.settings.acknowledged.as_ref().or(self.survey.acknowledged.as_ref());
        let Some(path) = path else { return Ok(Acknowledgements::default()) };
        let acknowledged = Acknowledgements::load(path)?;
        self.manifest.acknowledged = Some(FileRecord::read(path));
        Ok(acknowledged)
    }

    /// The passwords that were given. The manifest does not name their file: it says nothing about them.
    fn passwords(&self) -> Result<Passwords, PipelineError> {
        Ok(self.settings.passwords.as_deref().map(Passwords::load).transpose()?.unwrap_or_default())
    }

    /// How the files of the folder are read.
    fn means(&self, listing: &Listing, kept: PathBuf) -> Means {
        let job = Job {
            year_file: self.settings.year_file.clone().into(),
            roster: self.roster_file().as_os_str().to_owned(),
            passwords: self.settings.passwords.as_ref().map(|path| path.as_os_str().to_owned()),
            returns: listing.folder().as_os_str().to_owned(),
        };
        Means {
            workers: self.settings.workers.clone().map(|program| (program, job)),
            kept: Some(kept),
            fresh: self.settings.fresh,
        }
    }

    /// Reads the material, validates it, and stages everything that is known of it.
    pub(super) fn ingest(
        &mut self,
        material: Material,
        kept: PathBuf,
        staging: &mut Staging<'_>,
    ) -> Result<(), PipelineError> {
        let Material { roster, listing, passwords, acknowledged } = material;
        let folder = listing.folder().to_owned();
        let means = self.means(&listing, kept);
        let mut collection =
            ingest::ingest(&self.survey, &self.forms, &roster, listing, &passwords, &means, self.instruments)?;
        self.workers_memory = collection.workers_memory;
        let submissions = std::mem::take(&mut collection.submissions);
        let mut findings = finding::gather(std::mem::take(&mut collection.findings), submissions.len());
        let mut counts = records::write_memberships(&self.survey, &roster, staging)?;
        (counts.files_read, counts.files_known) = (collection.files_read, collection.files_known);

        let mut superseded = staging.table(&tables::SUPERSEDED_RESPONSES)?;
        let (mut revisions, noticed) =
            revisions::of_resubmissions(&self.survey, &mut collection, &submissions, &mut superseded)?;
        findings.extend(noticed);
        let (previous, remarks) = self.look_back(staging)?;
        findings.extend(remarks);
        let before = (previous, records::read_waivers(&self.survey, staging)?);
        let validation = Validation::new(&self.survey, &roster, before, &submissions, &findings);
        let mut writers = Writers { responses: staging.table(&tables::RESPONSES)?, superseded };
        let gathered = validate(&validation, &mut collection, &submissions, &mut writers, &mut revisions)?;
        let Writers { responses, superseded } = writers;
        responses.finish()?;
        superseded.finish()?;
        counts.responses = gathered.lines;
        let Gathered { findings: noticed, queries, tallies, distribution, .. } = gathered;
        findings.extend(noticed);
        findings.extend(ingest::not_returned(&roster, &submissions));
        noted::identify(&mut findings, &submissions);
        validation::weigh(&self.survey, &mut findings, &queries);
        let unused = noted::acknowledge(&self.survey, &acknowledged, &mut findings);
        findings.extend(unused);
        finding::sort(&mut findings);
        records::write_submissions(&submissions, &mut counts, staging)?;
        records::write_queries(&self.survey, &queries, staging)?;
        records::write_waivers(&self.survey, &queries, staging)?;
        self.write_collection(&folder, staging)?;
        revisions.sort_by(|a, b| a.institution.cmp(&b.institution));
        revisions::write(&self.survey, &revisions, staging)?;
        self.outputs.write("internal/revisions.csv", &revisions::csv(&self.survey, &roster, &revisions))?;
        self.outputs.write("internal/edits.csv", &records::edits_csv(&self.survey, &tallies))?;
        self.manifest.inputs =
            submissions.into_iter().map(|one| FileRecord::new(one.file, one.bytes, one.id)).collect();
        self.manifest.inputs.sort_by(|a, b| a.file.cmp(&b.file));
        counts.open_queries = queries.iter().filter(|query| query.status == QueryStatus::Open).count();
        self.report.counts = Some(counts);
        self.report.findings = findings;
        self.asked = Some(Asked { roster, queries, distribution });
        Ok(())
    }
}

/// Validates the workbooks that count, and writes their lines. While the lines of some workbooks are
/// written, the next ones are read and validated.
fn validate(
    validation: &Validation<'_>,
    collection: &mut Collection,
    submissions: &[Submission],
    writers: &mut Writers,
    revisions: &mut Vec<Revision>,
) -> Result<Gathered, PipelineError> {
    let survey = validation.survey;
    let mut gathered = Gathered::new(survey);
    let accepted: Vec<&Submission> = submissions.iter().filter(|submission| submission.counts()).collect();
    let mut chunks = accepted.chunks(VALIDATED_AT_ONCE);
    let mut waiting: Option<(&[&Submission], Vec<Validated>)> = None;
    loop {
        let next = chunks.next();
        if next.is_none() && waiting.is_none() {
            break;
        }
        let write = |(some, validated): (&[&Submission], Vec<Validated>)| -> Result<(), PipelineError> {
            for (submission, one) in some.iter().zip(validated) {
                records::write_responses(survey, submission, &one.reading, &one.lines, &mut writers.responses)?;
                revisions.extend(revisions::of_corrections(survey, submission, &one, &mut writers.superseded)?);
                gathered.take(survey, one);
            }
            Ok(())
        };
        let (written, following) = join(
            || waiting.take().map_or(Ok(()), write),
            || next.map(|some| Ok((some, validation.validate_all(some, collection.readings(some)?)))).transpose(),
        );
        written?;
        waiting = following.map_err(|error: IngestError| error)?;
    }
    for (place, other) in gathered.twins() {
        let reading = collection.readings(&accepted[place..=place])?.remove(0);
        let before = validation.validate(accepted[place], reading.clone(), None);
        let twin = validation.validate(accepted[place], reading, accepted[other].institution.as_deref());
        gathered.take_twin(&before, twin);
    }
    gathered.findings.extend(validation.replies_without_return(&accepted));
    gathered.sort();
    Ok(gathered)
}
