//! From readings to answers that count: each institution's workbooks are settled to one, its replies to the follow-up
//! are applied, its answers are validated, and what remains to be asked becomes queries.
//!
//! Tables of the store: memberships, submissions, responses and superseded responses, revisions, queries and waivers.

mod gathered;
mod institution;
mod noted;
mod revision;
mod rows;

use std::collections::BTreeMap;

use rayon::join;

use crate::finding::{self, Finding};
use crate::follow_up::{Distribution, Query, QueryStatus, Waiver};
use crate::ingest::{self, Collection, IngestError, Submission};
use crate::store::{Staging, StoreError, TableWriter, tables};
use crate::survey::{Acknowledgements, Roster, Survey};
use crate::validate::{PreviousAnswers, Tally};
use gathered::Gathered;
use institution::{Validated, Validation};
pub use noted::{Origin, acknowledge, has_ids, identify, is_of_disclosure, new_findings, still_aside, with_aside};
pub use revision::{Revision, csv as revisions_csv};
pub use rows::{Counts, edits_csv, read_waivers, write_memberships};

/// How many workbooks are validated side by side before their lines are written.
const VALIDATED_AT_ONCE: usize = 64;

/// Why answers could not be reviewed.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// A workbook that was read cannot be read back.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The roster, last year's answers and the desk's decisions, with which the answers of this year are compared.
pub struct Basis<'a> {
    /// Who was asked.
    pub roster: &'a Roster,
    /// Last year's answers, as this year understands them.
    pub previous: PreviousAnswers,
    /// The explanations that were accepted last year, by query.
    pub waivers: BTreeMap<String, Waiver>,
    /// The findings that the desk has acknowledged.
    pub acknowledged: &'a Acknowledgements,
}

/// The review of a collection.
#[derive(Debug)]
pub struct Review {
    /// Every finding about the returns, sorted.
    pub findings: Vec<Finding>,
    /// Every query, open or closed, by institution and place.
    pub queries: Vec<Query>,
    /// Every answer that became another, by institution.
    pub revisions: Vec<Revision>,
    /// The outcome of each edit.
    pub tallies: Vec<Tally>,
    /// How the answers are distributed, for the effect of queries on figures.
    pub distribution: Distribution,
    /// How the collection stands.
    pub counts: Counts,
}

/// Reviews a collection with its `findings` so far, and stages the tables of answers.
pub fn review(
    survey: &Survey,
    basis: Basis<'_>,
    collection: &mut Collection,
    submissions: &[Submission],
    mut findings: Vec<Finding>,
    staging: &mut Staging<'_>,
) -> Result<Review, ReviewError> {
    let Basis { roster, previous, waivers, acknowledged } = basis;
    let mut counts =
        Counts { files_read: collection.files_read, files_known: collection.files_known, ..Counts::of(roster) };
    let mut superseded = staging.table(&tables::SUPERSEDED_RESPONSES)?;
    let (mut revisions, noticed) = revision::of_resubmissions(survey, collection, submissions, &mut superseded)?;
    findings.extend(noticed);
    let validation = Validation::new(survey, roster, (previous, waivers), submissions, &findings);
    let mut writers = Writers { responses: staging.table(&tables::RESPONSES)?, superseded };
    let gathered = validate(&validation, collection, submissions, &mut writers, &mut revisions)?;
    writers.responses.finish()?;
    writers.superseded.finish()?;
    let Gathered { findings: noticed, queries, tallies, distribution, lines, .. } = gathered;
    findings.extend(noticed);
    findings.extend(ingest::not_returned(roster, submissions));
    noted::identify(&mut findings, submissions);
    gathered::weigh(survey, &mut findings, &queries);
    let unused = noted::acknowledge(survey, acknowledged, &mut findings);
    findings.extend(unused);
    finding::sort(&mut findings);
    rows::write_submissions(submissions, &mut counts, staging)?;
    rows::write_queries(survey, &queries, staging)?;
    rows::write_waivers(survey, &queries, staging)?;
    revisions.sort_by(|a, b| a.institution.cmp(&b.institution));
    revision::write(survey, &revisions, staging)?;
    counts.responses = lines;
    counts.open_queries = queries.iter().filter(|query| query.status == QueryStatus::Open).count();
    Ok(Review { findings, queries, revisions, tallies, distribution, counts })
}

/// The tables that lines of answers are written to.
struct Writers {
    responses: TableWriter,
    superseded: TableWriter,
}

/// Validates the workbooks that count, and writes their lines. While the lines of some workbooks are
/// written, the next ones are read and validated.
fn validate(
    validation: &Validation<'_>,
    collection: &mut Collection,
    submissions: &[Submission],
    writers: &mut Writers,
    revisions: &mut Vec<Revision>,
) -> Result<Gathered, ReviewError> {
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
        let write = |(some, validated): (&[&Submission], Vec<Validated>)| -> Result<(), ReviewError> {
            for (submission, one) in some.iter().zip(validated) {
                rows::write_responses(survey, submission, &one.reading, &one.lines, &mut writers.responses)?;
                revisions.extend(revision::of_corrections(survey, submission, &one, &mut writers.superseded)?);
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
