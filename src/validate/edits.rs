//! Evaluates the survey's edits on the answers of an institution, and counts what each came to.

use super::answers::{Answers, Known};
use crate::finding::{Code, Finding, Place, Subject};
use crate::ingest::ContentHash;
use crate::survey::{
    Condition, Edit, EditCase, EditKind, EditStatus, Prompt, QuestionIndex, SectorIndex, Survey, Verdict, Year,
};

/// How often an edit passed, failed and could not be checked, over institutions and its cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// As expected.
    pub pass: u32,
    /// Not as expected.
    pub fail: u32,
    /// An answer that it needs was not given.
    pub unchecked: u32,
}

impl Tally {
    /// Counts one more verdict.
    pub fn add(&mut self, verdict: Verdict) {
        *self.of(verdict) += 1;
    }

    fn of(&mut self, verdict: Verdict) -> &mut u32 {
        match verdict {
            Verdict::Pass => &mut self.pass,
            Verdict::Fail => &mut self.fail,
            Verdict::Unchecked => &mut self.unchecked,
        }
    }

    /// Takes a count back.
    pub fn take(&mut self, other: Tally) {
        self.pass -= other.pass;
        self.fail -= other.fail;
        self.unchecked -= other.unchecked;
    }

    /// Adds another count.
    pub fn merge(&mut self, other: Tally) {
        self.pass += other.pass;
        self.fail += other.fail;
        self.unchecked += other.unchecked;
    }
}

/// The institution whose answers the edits check, and the places of these answers.
pub struct Examined<'a> {
    /// The institution.
    pub institution: &'a str,
    /// Its sectors.
    pub sectors: &'a [SectorIndex],
    /// Its workbook, for findings about no answer in particular.
    pub file: &'a str,
    /// Its answers.
    pub answers: &'a Answers,
    /// Last year's, where there are any.
    pub previous: Option<&'a Answers>,
    /// Another institution that gave the same answers, where there is one.
    pub twin: Option<&'a str>,
    /// Where an answer stands.
    pub place: &'a dyn Fn(Prompt) -> Option<Place>,
}

/// Evaluates the edits; `tallies` has a place for each.
pub fn examine(survey: &Survey, examined: &Examined<'_>, tallies: &mut [Tally]) -> Vec<Finding> {
    let Examined { answers, previous, sectors, twin, .. } = *examined;
    let known = Known { survey, now: answers, before: previous, sectors, same_as_another: twin.is_some() };
    let mut findings = Vec::new();
    for (edit, tally) in survey.edits.iter().zip(tallies) {
        for case in edit.cases.iter().filter(|_| edit.status != EditStatus::Retired) {
            let verdict = case.verdict(&known);
            tally.add(verdict);
            if verdict == Verdict::Fail && edit.status == EditStatus::Live {
                findings.push(finding(edit, case, &known, examined));
            }
        }
    }
    findings
}

fn looks_at_others(case: &EditCase) -> bool {
    let mut found = false;
    for condition in case.when.iter().chain(&case.expect) {
        condition.visit(&mut |inner| found |= *inner == Condition::SameAsAnother);
    }
    found
}

fn looks_back(case: &EditCase) -> bool {
    let mut found = false;
    for condition in case.when.iter().chain(&case.expect) {
        condition.visit(&mut |inner| {
            found |= matches!(
                inner,
                Condition::Chosen { year: Year::Previous, .. } | Condition::Ratio { .. } | Condition::Fall { .. }
            );
        });
    }
    found
}

/// A failed edit, with the answers that it looked at. The name of another institution is for the
/// desk: it stands in the message and never in what is asked.
fn finding(edit: &Edit, case: &EditCase, known: &Known<'_>, examined: &Examined<'_>) -> Finding {
    let survey = known.survey;
    let prompts: Vec<Prompt> = case.prompts().into_iter().flat_map(|prompt| all_items(survey, prompt)).collect();
    let code = match edit.kind {
        EditKind::Fatal => Code::FatalEditFailed,
        EditKind::Query => Code::QueryEditFailed,
    };
    let place = prompts.iter().find_map(|&prompt| (examined.place)(prompt));
    let place = place.unwrap_or_else(|| Place::File(examined.file.to_owned()));
    let mut observed: Vec<String> = prompts.iter().map(|&prompt| known.shown(Year::This, prompt)).collect();
    if looks_back(case) {
        observed.extend(
            prompts.iter().map(|&prompt| (survey.texts().answer.previous)(&known.shown(Year::Previous, prompt))),
        );
    }
    let observed = observed.join(" ");
    let asked = case.message.fill(&|year, prompt| known.shown(year, prompt), &|prompt| survey.prompt_name(prompt));
    let other = examined.twin.filter(|_| looks_at_others(case));
    let with = other.map(|other| format!(", with {other}")).unwrap_or_default();
    // A finding on the workbook as a whole rests on all of its answers: their hash is its basis.
    let whole = || ContentHash::of_value(&(known.now, known.before, other)).to_string();
    let basis = if prompts.is_empty() { whole() } else { String::new() };
    let answered = if observed.is_empty() { String::new() } else { format!(": {observed}") };
    let message = format!("edit {} fails{with} ({}){answered}", edit.id, edit.title);
    let ids = prompts.iter().map(|&prompt| survey.prompt_ids(prompt));
    let prompts = ids.map(|(question, item)| (question.to_owned(), item.to_owned())).collect();
    Finding::new(code, place, message, code.rule().remedy).of(examined.institution).about(Subject {
        prompts,
        observed,
        basis,
        edit: edit.id.clone(),
        asked: Some(asked),
    })
}

/// A grid as a whole stands for all its items.
fn all_items(survey: &Survey, prompt: Prompt) -> Vec<Prompt> {
    let question: QuestionIndex = prompt.question;
    match prompt.item {
        Some(_) => vec![prompt],
        None => survey.question(question).prompts(question).collect(),
    }
}
