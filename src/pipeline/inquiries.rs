//! The workbooks of the follow-up: one for each institution that is asked something, one for the
//! desk.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::follow_up::{self, Addressee, Effect, Query, QueryStatus};
use crate::survey::{Institution, Membership, Roster, Survey};
use crate::tabulate::Tabulation;

/// The folder within the outputs.
const FOLDER: &str = "internal/follow_up";

/// Writes the workbooks: names within the outputs, and bytes. Nothing where nobody was ever asked.
pub(super) fn write(
    survey: &Survey,
    roster: &Roster,
    tabulation: &Tabulation,
    queries: &[Query],
) -> Vec<(String, Vec<u8>)> {
    if queries.is_empty() {
        return Vec::new();
    }
    let memberships = |code: &str| -> &[Membership] {
        roster.find(code).map_or(&[], |institution| institution.memberships.as_slice())
    };
    let effects = follow_up::effects(survey, tabulation, queries, &memberships);
    let mut ranked: Vec<(&Query, &Effect)> = queries.iter().zip(&effects).collect();
    // What moves a published figure most comes first; then by institution and place.
    ranked.sort_by(|(a, one), (b, other)| {
        other
            .points
            .cmp(&one.points)
            .then_with(|| (&a.institution, &a.place, &a.id).cmp(&(&b.institution, &b.place, &b.id)))
    });
    let name = |query: &Query| roster.find(&query.institution).map_or("", |institution| &institution.name);
    let all: Vec<Addressee<'_>> =
        ranked.iter().map(|&(query, effect)| Addressee { query, name: name(query), effect }).collect();
    let mut files = vec![(format!("{FOLDER}/照会一覧.xlsx"), follow_up::desk(survey, &all))];
    let mut open: BTreeMap<&str, Vec<&Query>> = BTreeMap::new();
    for (query, _) in ranked.iter().filter(|(query, _)| query.status == QueryStatus::Open) {
        open.entry(&query.institution).or_default().push(query);
    }
    let known: Vec<(&Institution, Vec<&Query>)> = open
        .into_iter()
        .filter_map(|(code, queries)| roster.find(code).map(|institution| (institution, queries)))
        .collect();
    files.par_extend(known.par_iter().map(|(institution, queries)| {
        let file = format!("{FOLDER}/照会票_{}_{}.xlsx", survey.fiscal_year, institution.code);
        (file, follow_up::inquiry(survey, institution, queries))
    }));
    files
}
