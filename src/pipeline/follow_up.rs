//! The stage that writes the workbooks of the follow-up: one for each institution that is asked something, one for the
//! desk.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::PipelineError;
use super::ingest::Ingested;
use super::outputs::Made;
use super::run::{Run, Successor};
use crate::follow_up::{self, Addressee, Effect, Query, QueryStatus};
use crate::survey::{Institution, Survey};

/// The folder within the outputs.
const FOLDER: &str = "internal/follow_up";

/// The path of an institution's workbook within the outputs.
fn path(survey: &Survey, code: &str) -> String {
    format!("{FOLDER}/{}", follow_up::inquiry_file(survey, code))
}

/// Whether a path is one that an institution's workbook has.
fn is_inquiry(fiscal_year: u16, name: &str) -> bool {
    let file = name.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix('/'));
    file.is_some_and(|file| follow_up::is_inquiry_file(fiscal_year, file))
}

/// How many workbooks are made side by side before they are written.
const AT_ONCE: usize = 64;

/// Writes the workbooks, the queries that matter most first; those that would be the same as in the last run are kept.
/// Nothing where nobody was ever asked.
pub(super) fn follow_up(run: &Run<'_>, ingested: &Ingested, next: &mut Successor<'_>) -> Result<(), PipelineError> {
    if !ingested.review.queries.is_empty() {
        write(run, ingested, next)?;
    }
    // A reply that somebody keeps beside them is nobody's to remove.
    next.outputs.remove_others(FOLDER, &|name| is_inquiry(run.survey.fiscal_year, name))
}

fn write(run: &Run<'_>, ingested: &Ingested, next: &mut Successor<'_>) -> Result<(), PipelineError> {
    let (survey, outputs) = (&run.survey, &mut next.outputs);
    let (roster, queries) = (&ingested.roster, &ingested.review.queries);
    let sectors = |code: &str| roster.find(code).map(Institution::sectors).unwrap_or_default();
    let effects = follow_up::effects(survey, &ingested.review.distribution, queries, &sectors);
    let mut ranked: Vec<(&Query, &Effect)> = queries.iter().zip(&effects).collect();
    // What moves a published figure most comes first; then by institution and place.
    ranked.sort_by(|(a, one), (b, other)| {
        let by_effect = other.points.cmp(&one.points);
        by_effect.then_with(|| (&a.institution, &a.place, &a.id).cmp(&(&b.institution, &b.place, &b.id)))
    });
    let name = |query: &Query| roster.find(&query.institution).map_or("", |institution| &institution.name);
    let all: Vec<Addressee<'_>> =
        ranked.iter().map(|&(query, effect)| Addressee { query, name: name(query), effect }).collect();
    outputs.write_book(&format!("{FOLDER}/{}.xlsx", survey.texts().desk.file), &follow_up::desk(survey, &all))?;
    let mut open: BTreeMap<&str, Vec<&Query>> = BTreeMap::new();
    for (query, _) in ranked.iter().filter(|(query, _)| query.status == QueryStatus::Open) {
        open.entry(&query.institution).or_default().push(query);
    }
    let known: Vec<(&Institution, Vec<&Query>)> = open
        .into_iter()
        .filter_map(|(code, queries)| roster.find(code).map(|institution| (institution, queries)))
        .collect();
    for some in known.chunks(AT_ONCE) {
        let made: Vec<(String, Made)> = some
            .par_iter()
            .map(|(institution, queries)| {
                let file = path(survey, &institution.code);
                let made = outputs.make_book(&file, &follow_up::inquiry(survey, institution, queries));
                (file, made)
            })
            .collect();
        for (file, made) in made {
            outputs.put_book(&file, made)?;
        }
    }
    Ok(())
}
