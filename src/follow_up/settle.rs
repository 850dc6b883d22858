//! Applies the replies of an institution to what it answered.
//!
//! An entry counts only for the query that it was made for: the query's number holds what was
//! answered, so an answer that has changed since is never overwritten by an old correction.

use std::collections::BTreeMap;

use super::query::{Query, QueryStatus};
use crate::finding::{Code, Finding};
use crate::ingest::{Answer, Content, Reading, Reply, ReplyLine, ReplySource, Submission};
use crate::survey::Survey;

/// What replies came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// The answers with the corrections in place.
    pub reading: Reading,
    /// The queries that were closed, by number.
    pub closed: BTreeMap<String, Query>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Applies replies, one after the other. `raise` says which findings a reading gives rise to: after
/// each reply the next is held against what is then open.
pub fn settle(
    survey: &Survey,
    reading: &Reading,
    replies: &[&Submission],
    raise: &dyn Fn(&Reading) -> Vec<Finding>,
) -> Settled {
    let mut settled = Settled { reading: reading.clone(), closed: BTreeMap::new(), findings: Vec::new() };
    for submission in replies {
        let (Some(reply), Some(id)) = (&submission.reply, submission.id) else { continue };
        let raised = raise(&settled.reading);
        let mut open: BTreeMap<String, Query> = raised
            .iter()
            .filter_map(|finding| Query::of(survey, finding))
            .filter(|query| !settled.closed.contains_key(&query.id))
            .map(|query| (query.id.clone(), query))
            .collect();
        let first_sheet = u16::try_from(settled.reading.sheets.len()).unwrap_or(u16::MAX);
        settled.reading.sheets.extend(reply.sheets.iter().cloned());
        settled.reading.replies.push(ReplySource { file: submission.file.to_string(), submission: id, first_sheet });
        for lines in by_query(reply) {
            settled.take(survey, &submission.file, &lines, &mut open, first_sheet);
        }
    }
    settled
}

/// The lines of a reply, those of one query together, in the order of the first of each.
fn by_query(reply: &Reply) -> Vec<Vec<&ReplyLine>> {
    let mut groups: Vec<Vec<&ReplyLine>> = Vec::new();
    for line in &reply.lines {
        match groups.iter_mut().find(|group| group[0].query == line.query) {
            Some(group) => group.push(line),
            None => groups.push(vec![line]),
        }
    }
    groups
}

impl Settled {
    /// Takes the lines about one query.
    fn take(
        &mut self,
        survey: &Survey,
        file: &str,
        lines: &[&ReplyLine],
        open: &mut BTreeMap<String, Query>,
        first_sheet: u16,
    ) {
        let place = |line: &ReplyLine| {
            let mut place = line.place;
            place.sheet = place.sheet.saturating_add(first_sheet);
            place
        };
        let replied = self.reading.place(file, Some(place(lines[0])));
        let Some(query) = open.remove(&lines[0].query) else {
            let code = Code::ReplyWithoutQuery;
            let message = format!("{} is not open: the entry was not applied", lines[0].query);
            self.findings.push(Finding::new(code, replied, message, code.rule().remedy).of(&self.reading.institution));
            return;
        };
        let reasons: Vec<&str> =
            lines.iter().map(|line| line.reason.as_str()).filter(|reason| !reason.is_empty()).collect();
        let reason = reasons.join("／");
        let mut status = QueryStatus::Confirmed;
        for line in lines {
            let (Some(prompt), Some(content)) = (line.prompt, line.corrected.clone()) else { continue };
            let answer = self.reading.answers.iter_mut().find(|answer| answer.prompt == prompt);
            let Some(answer) = answer.filter(|_| query.prompts.contains(&prompt)) else { continue };
            let content = moved(content, first_sheet);
            *answer =
                Answer { prompt, place: Some(place(line)), content, unreadable: Vec::new(), contradicted: Vec::new() };
            status = QueryStatus::Corrected;
        }
        let closed = query.closed(status, reason, Some(replied), survey.fiscal_year);
        self.closed.insert(closed.id.clone(), closed);
    }
}

/// The content with its places among the sheets of the whole reading.
fn moved(mut content: Content, first_sheet: u16) -> Content {
    let shift = |sheet: &mut u16| *sheet = sheet.saturating_add(first_sheet);
    match &mut content {
        Content::Options(options) => options.iter_mut().for_each(|one| shift(&mut one.written.place.sheet)),
        Content::Number(number) => number.iter_mut().for_each(|(_, written)| shift(&mut written.place.sheet)),
        Content::Text(text) => text.iter_mut().for_each(|written| shift(&mut written.place.sheet)),
    }
    content
}
