//! The reviews of all institutions, put together: findings, queries, tallies, and those who gave the same answers.

use std::collections::BTreeMap;

use super::institution::Validated;
use crate::finding::{Finding, Severity};
use crate::follow_up::{Distribution, Query, QueryStatus};
use crate::survey::Survey;
use crate::validate::Tally;

/// The reviews of all institutions, put together.
pub(super) struct Gathered {
    pub findings: Vec<Finding>,
    pub queries: Vec<Query>,
    pub tallies: Vec<Tally>,
    /// How the answers are distributed.
    pub distribution: Distribution,
    /// How many lines the answers have.
    pub lines: usize,
    signatures: Vec<u64>,
}

impl Gathered {
    pub fn new(survey: &Survey) -> Gathered {
        let tallies = vec![Tally::default(); survey.edits.len()];
        Gathered {
            findings: Vec::new(),
            queries: Vec::new(),
            tallies,
            distribution: Distribution::default(),
            lines: 0,
            signatures: Vec::new(),
        }
    }

    /// Takes over the next institution.
    pub fn take(&mut self, survey: &Survey, one: Validated) {
        self.lines += one.lines.len();
        self.findings.extend(one.findings);
        self.queries.extend(one.queries);
        for (sum, tally) in self.tallies.iter_mut().zip(one.tallies) {
            sum.merge(tally);
        }
        self.signatures.push(one.signature);
        self.distribution.add(survey, &one.sectors, &one.answers);
    }

    /// Those who gave the same answers as another, by position, each with the other.
    pub fn twins(&self) -> Vec<(usize, usize)> {
        let mut by_signature: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (place, &signature) in self.signatures.iter().enumerate().filter(|(_, signature)| **signature != 0) {
            by_signature.entry(signature).or_default().push(place);
        }
        let mut twins: Vec<(usize, usize)> = Vec::new();
        for places in by_signature.values().filter(|places| places.len() > 1) {
            twins.extend(places.iter().map(|&place| {
                let other = if place == places[0] { places[1] } else { places[0] };
                (place, other)
            }));
        }
        twins.sort_unstable();
        twins
    }

    /// Takes over one that turned out to have given the same answers as another, in the place of what
    /// was found before that was known.
    pub fn take_twin(&mut self, before: &Validated, one: Validated) {
        let institution = one.reading.institution.as_str();
        self.findings.retain(|finding| finding.institution.as_deref() != Some(institution));
        self.queries.retain(|query| query.institution != institution);
        for ((sum, old), new) in self.tallies.iter_mut().zip(&before.tallies).zip(&one.tallies) {
            sum.take(*old);
            sum.merge(*new);
        }
        self.findings.extend(one.findings);
        self.queries.extend(one.queries);
    }

    /// The queries by institution, and then by place.
    pub fn sort(&mut self) {
        let key = |query: &Query| (query.institution.clone(), query.place.clone(), query.id.clone());
        self.queries.sort_by_cached_key(key);
    }
}

/// Gives findings the severity that the survey says, and then lowers those whose query is closed: nothing about them
/// is left to be done, and nothing about them is forgotten.
pub(super) fn weigh(survey: &Survey, findings: &mut [Finding], queries: &[Query]) {
    for finding in findings.iter_mut() {
        if let Some(severity) = survey.severities.get(&finding.code) {
            finding.severity = *severity;
        }
    }
    let closed: BTreeMap<&str, &Query> = queries
        .iter()
        .filter(|query| query.status != QueryStatus::Open)
        .map(|query| (query.id.as_str(), query))
        .collect();
    if closed.is_empty() {
        return;
    }
    for finding in findings.iter_mut() {
        let Some(query) = Query::of(survey, finding).and_then(|query| closed.get(query.id.as_str()).copied()) else {
            continue;
        };
        let reason = if query.reason.is_empty() { String::new() } else { format!(": {}", query.reason) };
        let year = query.settled_in.unwrap_or(survey.fiscal_year);
        let place = query.replied.as_ref().map(|place| format!(" at {place}")).unwrap_or_default();
        finding.severity = Severity::Information;
        finding.message =
            format!("{}; {} by the institution in {year}{place}{reason}", finding.message, query.status.word());
        finding.help = "Nothing: the institution has replied.".to_owned();
    }
}
