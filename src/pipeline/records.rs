//! The rows that ingest puts into the store.

use super::Counts;
use super::revisions::Revision;
use crate::finding::Finding;
use crate::ingest::{Format, Reading, Status, Submission};
use crate::store::{Field, Staging, StoreError, TableWriter, tables};
use crate::survey::{Roster, Survey};
use crate::validate::Response;

/// Writes who was asked, by institution; counts them.
pub(super) fn write_memberships(
    survey: &Survey,
    roster: &Roster,
    staging: &mut Staging<'_>,
) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    let mut writer = staging.table(&tables::MEMBERSHIPS)?;
    for institution in roster.institutions() {
        counts.institutions += 1;
        for membership in &institution.memberships {
            counts.memberships += 1;
            let sector = &survey.sectors[membership.sector.position()];
            let subsector = membership.subsector.map_or("", |part| &sector.subsectors[usize::from(part)].id);
            writer.row([
                Field::Text(&institution.code),
                Field::Text(&institution.name),
                Field::Text(&sector.id),
                Field::Text(subsector),
            ])?;
        }
    }
    writer.finish()?;
    Ok(counts)
}

/// The id of a workbook in the store; empty where its bytes could not be read.
pub(super) fn submission_id(submission: &Submission) -> String {
    submission.id.map(|id| id.to_string()).unwrap_or_default()
}

/// Writes the responses of one workbook, in printed order.
pub(super) fn write_responses(
    survey: &Survey,
    submission: &Submission,
    reading: &Reading,
    responses: &[Response],
    writer: &mut TableWriter,
) -> Result<(), StoreError> {
    let id = submission_id(submission);
    for response in responses {
        let question = survey.question(response.prompt.question);
        let item = response.prompt.item.map_or("", |item| &question.items[usize::from(item)].id);
        let option = response.option.map_or("", |option| &question.options[usize::from(option)].id);
        let sheet = response.place.map(|place| reading.sheets[usize::from(place.sheet)].as_str());
        let cell = response.place.map(|place| place.cell.to_string());
        writer.row([
            Field::Text(&reading.institution),
            Field::Text(&question.id),
            Field::Text(item),
            Field::Text(option),
            Field::OptionalNumber(response.value),
            Field::OptionalText(response.text.as_deref()),
            Field::Text(response.state.word()),
            Field::Text(&id),
            Field::OptionalText(sheet),
            Field::OptionalText(cell.as_deref()),
            Field::Text(&response.raw),
        ])?;
    }
    Ok(())
}

/// Writes every received workbook; counts what became of them.
pub(super) fn write_submissions(
    submissions: &[Submission],
    counts: &mut Counts,
    staging: &mut Staging<'_>,
) -> Result<(), StoreError> {
    let mut writer = staging.table(&tables::SUBMISSIONS)?;
    for submission in submissions {
        counts.submissions += 1;
        match submission.status {
            Status::Accepted => counts.accepted += 1,
            Status::Superseded => counts.superseded += 1,
            Status::Rejected => counts.rejected += 1,
        }
        writer.row([
            Field::Text(&submission_id(submission)),
            Field::Text(&submission.file),
            Field::Integer(i64::try_from(submission.bytes).expect("a file is smaller than 2^63 bytes")),
            Field::Text(submission.format.map_or("", Format::word)),
            Field::Text(&submission.application),
            Field::Text(submission.form.as_deref().unwrap_or("")),
            Field::OptionalText(submission.institution.as_deref()),
            Field::Integer(i64::from(submission.received)),
            Field::Text(submission.status.word()),
            Field::Text(&submission.reason),
            Field::OptionalText(submission.presumed.as_deref()),
            Field::OptionalText(submission.received_at.map(|moment| moment.to_string()).as_deref()),
            Field::OptionalText(submission.saved.map(|moment| moment.to_string()).as_deref()),
        ])?;
    }
    writer.finish()
}

/// Writes every answer that became another, whatever the reason. They come by institution; those
/// of other reasons are merged into the same order by whoever hands them over.
pub(super) fn write_revisions(
    survey: &Survey,
    revisions: &[Revision],
    staging: &mut Staging<'_>,
) -> Result<(), StoreError> {
    let mut writer = staging.table(&tables::REVISIONS)?;
    for revision in revisions {
        let difference = &revision.difference;
        let question = survey.question(difference.prompt.question);
        let (question_id, item) = survey.prompt_ids(difference.prompt);
        writer.row([
            Field::Text(&revision.institution),
            Field::Text(question_id),
            Field::Text(item),
            Field::Text(&revision.from.submission),
            Field::Text(&revision.to.submission),
            Field::Text(&difference.before.in_store(question)),
            Field::Text(&difference.after.in_store(question)),
            Field::Text(revision.kind.word()),
        ])?;
    }
    writer.finish()
}

/// Writes what was noticed.
pub(super) fn write_findings(findings: &[Finding], staging: &mut Staging<'_>) -> Result<(), StoreError> {
    let mut writer = staging.table(&tables::FINDINGS)?;
    for finding in findings {
        let cell = finding.place.cell().map(|cell| cell.to_string());
        writer.row([
            Field::Text(finding.code.rule().code),
            Field::Text(finding.severity.word()),
            Field::OptionalText(finding.institution.as_deref()),
            Field::OptionalText(finding.place.file()),
            Field::OptionalText(finding.place.sheet()),
            Field::OptionalText(cell.as_deref()),
            Field::Text(&finding.message),
        ])?;
    }
    writer.finish()
}
