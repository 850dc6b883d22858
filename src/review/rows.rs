//! The rows of the tables of answers in the store.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::finding::Place;
use crate::follow_up::{Query, QueryStatus, Waiver};
use crate::ingest::{Format, Reading, Status, Submission};
use crate::store::{self, Field, Staging, StoreError, TableWriter, tables};
use crate::survey::{Roster, Survey};
use crate::tabulate::{self, Percent};
use crate::validate::{Response, Tally};

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

impl Counts {
    /// The counts of a roster alone.
    pub(super) fn of(roster: &Roster) -> Counts {
        let institutions = roster.institutions();
        let memberships = institutions.iter().map(|institution| institution.memberships.len()).sum();
        Counts { institutions: institutions.len(), memberships, ..Counts::default() }
    }
}

/// Writes the institutions that were asked, with their sectors.
pub fn write_memberships(survey: &Survey, roster: &Roster, staging: &mut Staging<'_>) -> Result<(), StoreError> {
    let mut writer = staging.table(&tables::MEMBERSHIPS)?;
    for institution in roster.institutions() {
        for membership in &institution.memberships {
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
    writer.finish()
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
        // An answer that a reply corrected is traced to the reply.
        let reply = response.place.and_then(|place| reading.reply_of(place)).map(|reply| reply.submission.to_string());
        let id = reply.as_ref().unwrap_or(&id);
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
            Field::Text(id),
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
            _ if submission.is_reply() => counts.replies += 1,
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

/// The ids of the answers of a query as two columns; several are divided by spaces, in step.
fn prompt_columns(survey: &Survey, query: &Query) -> (String, String) {
    let ids: Vec<(&str, &str)> = query.prompts.iter().map(|&prompt| survey.prompt_ids(prompt)).collect();
    let join = |ids: Vec<&str>| ids.join(" ").trim_end().to_owned();
    (join(ids.iter().map(|(question, _)| *question).collect()), join(ids.iter().map(|(_, item)| *item).collect()))
}

/// Writes what institutions were asked, by institution.
pub(super) fn write_queries(survey: &Survey, queries: &[Query], staging: &mut Staging<'_>) -> Result<(), StoreError> {
    let mut writer = staging.table(&tables::QUERIES)?;
    for query in queries {
        let (question, item) = prompt_columns(survey, query);
        let cell = query.place.cell().map(|cell| cell.to_string());
        let replied = query.replied.as_ref();
        let replied_cell = replied.and_then(Place::cell).map(|cell| cell.to_string());
        writer.row([
            Field::Text(&query.id),
            Field::Text(&query.institution),
            Field::Text(query.code.rule().code),
            Field::Text(&query.edit),
            Field::Text(&question),
            Field::Text(&item),
            Field::OptionalText(query.place.file()),
            Field::OptionalText(query.place.sheet()),
            Field::OptionalText(cell.as_deref()),
            Field::Text(&query.answered),
            Field::Text(&query.asked),
            Field::Text(query.status.word()),
            Field::Text(&query.reason),
            Field::OptionalText(replied.and_then(Place::file)),
            Field::OptionalText(replied.and_then(Place::sheet)),
            Field::OptionalText(replied_cell.as_deref()),
            Field::OptionalNumber(query.settled_in.map(f64::from)),
        ])?;
    }
    writer.finish()
}

/// Writes the explanations that hold: those of this year's replies and those carried over.
pub(super) fn write_waivers(survey: &Survey, queries: &[Query], staging: &mut Staging<'_>) -> Result<(), StoreError> {
    let mut confirmed: Vec<&Query> = queries.iter().filter(|query| query.status == QueryStatus::Confirmed).collect();
    confirmed.sort_by(|a, b| a.id.cmp(&b.id));
    let mut writer = staging.table(&tables::WAIVERS)?;
    for query in confirmed {
        let (question, item) = prompt_columns(survey, query);
        let replied = query.replied.as_ref();
        let cell = replied.and_then(Place::cell).map(|cell| cell.to_string());
        writer.row([
            Field::Text(&query.id),
            Field::Text(&query.institution),
            Field::Text(query.code.rule().code),
            Field::Text(&query.edit),
            Field::Text(&question),
            Field::Text(&item),
            Field::Text(&query.answered),
            Field::Text(&query.reason),
            Field::Integer(i64::from(query.settled_in.unwrap_or(survey.fiscal_year))),
            Field::OptionalText(replied.and_then(Place::file)),
            Field::OptionalText(replied.and_then(Place::sheet)),
            Field::OptionalText(cell.as_deref()),
        ])?;
    }
    writer.finish()
}

/// The explanations that were accepted last year. Nothing where the store does not hold that year.
pub fn read_waivers(survey: &Survey, staging: &Staging<'_>) -> Result<BTreeMap<String, Waiver>, StoreError> {
    let mut waivers = BTreeMap::new();
    let year = survey.fiscal_year - 1;
    if store::has(staging, &tables::WAIVERS, year) {
        store::read(staging, &tables::WAIVERS, year, &["query", "reason", "accepted_in"], |row| {
            let fiscal_year = u16::try_from(row.integer("accepted_in")).unwrap_or(year);
            waivers.insert(row.text("query").to_owned(), Waiver { reason: row.text("reason").to_owned(), fiscal_year });
        })?;
    }
    Ok(waivers)
}

/// What each edit came to, for the desk: one line each, with the share of those checked that fail.
pub fn edits_csv(survey: &Survey, tallies: &[Tally]) -> Vec<u8> {
    let header = ["fiscal_year", "edit", "title", "kind", "status", "pass", "fail", "unchecked", "percent"];
    let mut rows = vec![header.map(str::to_owned)];
    for (edit, tally) in survey.edits.iter().zip(tallies) {
        let percent = Percent::of(tally.fail, tally.pass + tally.fail);
        rows.push([
            survey.fiscal_year.to_string(),
            edit.id.clone(),
            edit.title.clone(),
            edit.kind.word().to_owned(),
            edit.status.word().to_owned(),
            tally.pass.to_string(),
            tally.fail.to_string(),
            tally.unchecked.to_string(),
            percent.map(|percent| percent.to_string()).unwrap_or_default(),
        ]);
    }
    tabulate::csv_bytes(&rows)
}
