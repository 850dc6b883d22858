//! The validation of one institution after the other: states, edits, replies, and what remains to
//! be asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::finding::{Finding, Severity};
use crate::follow_up::{self, Distribution, Query, QueryStatus, Settled, Waiver};
use crate::ingest::{Reading, Submission};
use crate::survey::{Institution, Prompt, Roster, SectorIndex, Survey};
use crate::validate::{self, Answers, Examined, PreviousAnswers, Response, Tally, signature};

/// What the answers of an institution are held against.
pub(super) struct Validation<'a> {
    pub survey: &'a Survey,
    pub roster: &'a Roster,
    /// Last year's answers.
    pub previous: PreviousAnswers,
    /// Explanations accepted last year, by query.
    pub waivers: BTreeMap<String, Waiver>,
    /// The replies of each institution, in the order in which they came.
    pub replies: BTreeMap<Arc<str>, Vec<&'a Submission>>,
    /// What was noticed while its workbook was read.
    pub noticed: BTreeMap<Arc<str>, Vec<Finding>>,
}

/// What the validation of one institution came to.
pub(super) struct Validated {
    /// The answers with the corrections in place.
    pub reading: Reading,
    /// The lines of the store.
    pub lines: Vec<Response>,
    /// What the institution answered first, where a reply corrected it.
    pub original: Option<Original>,
    /// What was noticed by the validation.
    pub findings: Vec<Finding>,
    /// Every query, open or closed.
    pub queries: Vec<Query>,
    /// What each edit came to.
    pub tallies: Vec<Tally>,
    /// Its sectors.
    pub sectors: Vec<SectorIndex>,
    /// Its answers that count.
    pub answers: Answers,
}

/// Answers before they were corrected.
pub(super) struct Original {
    pub reading: Reading,
    pub lines: Vec<Response>,
}

impl<'a> Validation<'a> {
    /// Prepares the validation: `before` is last year's answers and explanations.
    pub fn new(
        survey: &'a Survey,
        roster: &'a Roster,
        before: (PreviousAnswers, BTreeMap<String, Waiver>),
        submissions: &'a [Submission],
        findings: &[Finding],
    ) -> Self {
        let mut replies: BTreeMap<Arc<str>, Vec<&Submission>> = BTreeMap::new();
        for submission in submissions.iter().filter(|submission| submission.reply.is_some()) {
            if let Some(institution) = &submission.institution {
                replies.entry(Arc::clone(institution)).or_default().push(submission);
            }
        }
        let mut noticed: BTreeMap<Arc<str>, Vec<Finding>> = BTreeMap::new();
        for finding in findings.iter().filter(|finding| finding.asked().is_some()) {
            if let Some(institution) = &finding.institution {
                noticed.entry(institution.as_str().into()).or_default().push(finding.clone());
            }
        }
        let (previous, waivers) = before;
        Validation { survey, roster, previous, waivers, replies, noticed }
    }

    /// Validates the answers of one institution.
    pub fn validate(&self, submission: &Submission, reading: Reading) -> Validated {
        let institution = reading.institution.clone();
        let nothing = Vec::new();
        let noticed = self.noticed.get(institution.as_str()).unwrap_or(&nothing);
        let replies = self.replies.get(institution.as_str()).map_or(&[][..], Vec::as_slice);
        let raise = |reading: &Reading| {
            let (lines, found) = validate::validate(self.survey, &submission.file, reading);
            let (_, failed, _) = self.examine(submission, reading, &lines);
            noticed.iter().cloned().chain(found).chain(failed).collect()
        };
        let settled = (!replies.is_empty()).then(|| follow_up::settle(self.survey, &reading, replies, &raise));
        let (reading, original, closed, mut findings) = match settled {
            None => (reading, None, BTreeMap::new(), Vec::new()),
            Some(Settled { reading: after, closed, findings }) => {
                let (lines, _) = validate::validate(self.survey, &submission.file, &reading);
                (after, Some(Original { reading, lines }), closed, findings)
            }
        };
        let (lines, found) = validate::validate(self.survey, &submission.file, &reading);
        let (answers, failed, tallies) = self.examine(submission, &reading, &lines);
        findings.extend(found);
        findings.extend(failed);
        let mut queries: Vec<Query> = Vec::new();
        for finding in noticed.iter().chain(&findings) {
            let Some(query) = Query::of(self.survey, finding) else { continue };
            if closed.contains_key(&query.id) || queries.iter().any(|other| other.id == query.id) {
                continue;
            }
            queries.push(match self.waivers.get(&query.id) {
                Some(waiver) => query.closed(QueryStatus::Confirmed, waiver.reason.clone(), None, waiver.fiscal_year),
                None => query,
            });
        }
        queries.extend(closed.into_values());
        queries.sort_by(|a, b| (&a.place, &a.id).cmp(&(&b.place, &b.id)));
        let sectors = self.sectors(&institution);
        Validated { reading, lines, original, findings, queries, tallies, sectors, answers }
    }

    fn sectors(&self, institution: &str) -> Vec<SectorIndex> {
        self.roster.find(institution).map(Institution::sectors).unwrap_or_default()
    }

    /// Validates the answers of several institutions side by side.
    pub fn validate_all(&self, submissions: &[&Submission], readings: Vec<Reading>) -> Vec<Validated> {
        let pairs = submissions.par_iter().zip(readings);
        pairs.map(|(submission, reading)| self.validate(submission, reading)).collect()
    }

    /// What remains to be asked of an institution now that another is known to have given the same
    /// answers; `tallies` are put right.
    pub fn validate_twin(
        &self,
        submission: &Submission,
        validated: &Validated,
        other: &str,
        tallies: &mut [Tally],
    ) -> (Vec<Finding>, Vec<Query>) {
        let Validated { reading, lines, answers, .. } = validated;
        let findings = self.with_examined(submission, reading, lines, answers, |examined| {
            validate::examine_twin(self.survey, examined, other, tallies)
        });
        let queries = findings.iter().filter_map(|finding| Query::of(self.survey, finding)).collect();
        (findings, queries)
    }

    fn examine(
        &self,
        submission: &Submission,
        reading: &Reading,
        lines: &[Response],
    ) -> (Answers, Vec<Finding>, Vec<Tally>) {
        let answers = validate::answers(lines);
        let (findings, tallies) = self.with_examined(submission, reading, lines, &answers, |examined| {
            let mut tallies = vec![Tally::default(); self.survey.edits.len()];
            (validate::examine(self.survey, examined, &mut tallies), tallies)
        });
        (answers, findings, tallies)
    }

    fn with_examined<T>(
        &self,
        submission: &Submission,
        reading: &Reading,
        lines: &[Response],
        answers: &Answers,
        look: impl FnOnce(&Examined<'_>) -> T,
    ) -> T {
        let place = |prompt: Prompt| {
            let line = lines.iter().find(|line| line.prompt == prompt)?;
            line.place.map(|place| reading.place(&submission.file, Some(place)))
        };
        let sectors = self.sectors(&reading.institution);
        look(&Examined {
            institution: &reading.institution,
            sectors: &sectors,
            file: &submission.file,
            answers,
            previous: self.previous.get(&reading.institution),
            place: &place,
        })
    }
}

/// What the institutions came to, put together.
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
        self.signatures.push(signature(&one.answers));
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

    /// Takes over what is noticed about one that gave the same answers as another.
    pub fn take_twin(&mut self, findings: Vec<Finding>, queries: Vec<Query>) {
        self.findings.extend(findings);
        self.queries.extend(queries);
    }
}

/// Gives findings the severity that the survey says, and then lowers those whose query is closed:
/// nothing about them is left to
/// be done, and nothing about them is forgotten.
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
