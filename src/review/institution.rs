//! The review of one institution: states, edits, replies, and what remains to be asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::finding::{Code, Finding, Place, Severity};
use crate::follow_up::{self, Query, QueryStatus, Settled, Waiver};
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
    /// What was answered before each reply that corrected something, the oldest first.
    pub earlier: Vec<Earlier>,
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
    /// The same for two institutions with the same answers; 0 for none.
    pub signature: u64,
}

/// Answers before they were corrected.
pub(super) struct Earlier {
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
                let known = replies.entry(Arc::clone(institution)).or_default();
                // A copy of a reply says nothing new, whatever it is called.
                if known.iter().all(|other| other.id != submission.id) {
                    known.push(submission);
                }
            }
        }
        replies.values_mut().for_each(|replies| replies.sort_by_key(|one| one.reply_order));
        let mut noticed: BTreeMap<Arc<str>, Vec<Finding>> = BTreeMap::new();
        for finding in findings.iter().filter(|finding| finding.asked().is_some()) {
            if let Some(institution) = &finding.institution {
                noticed.entry(institution.as_str().into()).or_default().push(finding.clone());
            }
        }
        let (previous, waivers) = before;
        Validation { survey, roster, previous, waivers, replies, noticed }
    }

    /// Validates the answers of one institution; `twin` is another that gave the same answers, as far
    /// as that is known.
    pub fn validate(&self, submission: &Submission, reading: Reading, twin: Option<&str>) -> Validated {
        let institution = reading.institution.clone();
        let nothing = Vec::new();
        let noticed = self.noticed.get(institution.as_str()).unwrap_or(&nothing);
        let replies = self.replies.get(institution.as_str()).map_or(&[][..], Vec::as_slice);
        let raise = |reading: &Reading| {
            let (lines, found) = validate::validate(self.survey, &submission.file, reading);
            let (_, failed, _) = self.examine(submission, reading, &lines, twin);
            let left = noticed.iter().filter(|finding| still_holds(self.survey, finding, reading)).cloned();
            left.chain(found).chain(failed).collect()
        };
        let settled = (!replies.is_empty()).then(|| follow_up::settle(self.survey, &reading, replies, &raise));
        let Settled { steps, closed, mut findings } = settled.unwrap_or_default();
        let mut earlier: Vec<Reading> = Vec::new();
        let mut reading = reading;
        for step in steps {
            earlier.push(std::mem::replace(&mut reading, step));
        }
        let earlier = earlier.into_iter().map(|reading| {
            let (lines, _) = validate::validate(self.survey, &submission.file, &reading);
            Earlier { reading, lines }
        });
        let earlier = earlier.collect();
        let (lines, found) = validate::validate(self.survey, &submission.file, &reading);
        let (answers, failed, tallies) = self.examine(submission, &reading, &lines, twin);
        findings.extend(found);
        findings.extend(failed);
        let left = noticed.iter().filter(|finding| still_holds(self.survey, finding, &reading));
        let mut queries: Vec<Query> = Vec::new();
        for finding in left.chain(&findings) {
            let Some(query) = Query::of(self.survey, finding) else { continue };
            if closed.contains_key(&query.id) || queries.iter().any(|other| other.id == query.id) {
                continue;
            }
            let waiver = self.waivers.get(&query.id).filter(|_| query.may_be_carried());
            queries.push(match waiver {
                Some(waiver) => query.closed(QueryStatus::Confirmed, waiver.reason.clone(), None, waiver.fiscal_year),
                None => query,
            });
        }
        queries.extend(closed.into_values());
        for query in &mut queries {
            let shown = query.prompts.iter().map(|&prompt| validate::shown(self.survey, &lines, prompt));
            query.answers = shown.collect();
            query.given = query.prompts.iter().map(|&prompt| follow_up::given(&reading, prompt)).collect();
        }
        let sectors = self.sectors(&institution);
        Validated {
            reading,
            lines,
            earlier,
            findings,
            queries,
            tallies,
            sectors,
            signature: signature(&answers),
            answers,
        }
    }

    /// Replies of institutions that have no return whose answers count.
    pub fn replies_without_return(&self, accepted: &[&Submission]) -> Vec<Finding> {
        let has_return = |institution: &str| accepted.iter().any(|one| one.institution.as_deref() == Some(institution));
        let without = self.replies.iter().filter(|(institution, _)| !has_return(institution));
        let replies = without.flat_map(|(institution, replies)| replies.iter().map(move |reply| (institution, reply)));
        let found = replies.map(|(institution, reply)| {
            let code = Code::ReplyWithoutQuery;
            let message = format!("a reply of {institution}, of which no return counts: nothing was applied");
            let place = Place::File(reply.file.to_string());
            let mut finding = Finding::new(code, place, message, code.rule().remedy).of(institution);
            finding.severity = Severity::Warning;
            finding
        });
        found.collect()
    }

    fn sectors(&self, institution: &str) -> Vec<SectorIndex> {
        self.roster.find(institution).map(Institution::sectors).unwrap_or_default()
    }

    /// Validates the answers of several institutions side by side.
    pub fn validate_all(&self, submissions: &[&Submission], readings: Vec<Reading>) -> Vec<Validated> {
        let pairs = submissions.par_iter().zip(readings);
        pairs.map(|(submission, reading)| self.validate(submission, reading, None)).collect()
    }

    fn examine(
        &self,
        submission: &Submission,
        reading: &Reading,
        lines: &[Response],
        twin: Option<&str>,
    ) -> (Answers, Vec<Finding>, Vec<Tally>) {
        let answers = validate::answers(lines);
        let place = |prompt: Prompt| {
            let line = lines.iter().find(|line| line.prompt == prompt)?;
            line.place.map(|place| reading.place(&submission.file, Some(place)))
        };
        let examined = Examined {
            institution: &reading.institution,
            sectors: &self.sectors(&reading.institution),
            file: &submission.file,
            answers: &answers,
            previous: self.previous.get(&reading.institution),
            twin,
            place: &place,
        };
        let mut tallies = vec![Tally::default(); self.survey.edits.len()];
        let findings = validate::examine(self.survey, &examined, &mut tallies);
        (answers, findings, tallies)
    }
}

/// Whether what was noticed while a workbook was read is still so: a reply may have put other answers
/// in the place of all that it is about.
fn still_holds(survey: &Survey, finding: &Finding, reading: &Reading) -> bool {
    let Some(subject) = &finding.subject else { return true };
    let is_replaced = |(question, item): &(String, String)| {
        let prompt = survey.prompt(question, item);
        let answer = prompt.and_then(|prompt| reading.answers.iter().find(|answer| answer.prompt == prompt));
        answer.and_then(|answer| answer.place).is_some_and(|place| reading.reply_of(place).is_some())
    };
    subject.prompts.is_empty() || !subject.prompts.iter().all(is_replaced)
}
