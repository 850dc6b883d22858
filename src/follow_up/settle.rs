//! Applies the replies of an institution to what it answered.
//!
//! An entry counts only for the query that it was made for: the query's number holds what was
//! answered, so an answer that has changed since is never overwritten by an old correction. A query
//! closes only when nothing that it asks about is left open, and opens again when its cause does.

use std::collections::BTreeMap;

use super::query::{Query, QueryStatus, given};
use crate::finding::{Code, Finding, Place, Severity};
use crate::ingest::{Answer, Content, Entry, Reading, Reply, ReplyLine, ReplySource, Submission};
use crate::survey::Survey;

/// The answers and queries after the replies.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settled {
    /// The answers after each reply that corrected some, in order; the last is what counts.
    pub steps: Vec<Reading>,
    /// The queries that were closed, by number.
    pub closed: BTreeMap<String, Query>,
    /// The findings on the replies.
    pub findings: Vec<Finding>,
}

/// Applies replies, one after the other. `raise` gives the findings of a reading: each reply is compared with the
/// queries that are open when its turn comes.
pub fn settle(
    survey: &Survey,
    reading: &Reading,
    replies: &[&Submission],
    raise: &dyn Fn(&Reading) -> Vec<Finding>,
) -> Settled {
    let mut work = Work { survey, reading: reading.clone(), raise, settled: Settled::default(), is_corrected: false };
    for submission in replies {
        if let (Some(reply), Some(id)) = (&submission.reply, submission.id) {
            let first_sheet = u16::try_from(work.reading.sheets.len()).unwrap_or(u16::MAX);
            work.reading.sheets.extend(reply.sheets.iter().cloned());
            let file = submission.file.to_string();
            work.reading.replies.push(ReplySource { file, submission: id, first_sheet });
            work.apply(reply, first_sheet);
        }
    }
    // A corrected query that the last answers raise again is open again.
    let raised = queries(survey, &raise(&work.reading));
    let Work { mut settled, .. } = work;
    settled.closed.retain(|id, query| query.status != QueryStatus::Corrected || !raised.contains_key(id));
    settled
}

fn queries(survey: &Survey, raised: &[Finding]) -> BTreeMap<String, Query> {
    let queries = raised.iter().filter_map(|finding| Query::of(survey, finding));
    queries.map(|query| (query.id.clone(), query)).collect()
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

/// Whether something is said of every answer that a query asks about.
fn is_complete(query: &Query, lines: &[&ReplyLine]) -> bool {
    query.prompts.iter().all(|prompt| lines.iter().any(|line| line.prompt == Some(*prompt)))
}

struct Work<'a> {
    survey: &'a Survey,
    reading: Reading,
    raise: &'a dyn Fn(&Reading) -> Vec<Finding>,
    settled: Settled,
    /// Whether the present reply corrected an answer of which nothing is asked any more.
    is_corrected: bool,
}

impl Work<'_> {
    /// Applies one reply, whose sheets begin at `first_sheet`.
    fn apply(&mut self, reply: &Reply, first_sheet: u16) {
        let open = queries(self.survey, &(self.raise)(&self.reading));
        let mut corrected: Vec<Query> = Vec::new();
        for lines in by_query(reply) {
            let place = self.place(lines[0], first_sheet);
            let earlier = self.settled.closed.get(&lines[0].query);
            // The later word counts, so a query that an earlier reply corrected may be corrected again.
            let again = earlier.filter(|query| query.status == QueryStatus::Corrected).cloned();
            let Some(query) = open.get(&lines[0].query).cloned().or(again) else {
                if !self.correct_all_the_same(&lines, first_sheet) {
                    self.report_not_open(&lines, place);
                }
                continue;
            };
            // An unreadable line has a finding already; until its correction the other lines of the query do not
            // count.
            if lines.iter().any(|line| line.entry == Entry::Unusable) {
                if query.status == QueryStatus::Open {
                    self.settled.closed.remove(&query.id);
                }
                continue;
            }
            let is_foreign = |line: &&&ReplyLine| {
                matches!(line.entry, Entry::Corrected(_))
                    && !line.prompt.is_some_and(|one| query.prompts.contains(&one))
            };
            if let Some(line) = lines.iter().find(is_foreign) {
                let place = self.place(line, first_sheet);
                let message = format!("the corrected answer is to a question that {} is not about", query.id);
                self.report(Code::ReplyUnreadable, place, message);
                continue;
            }
            let reasons: Vec<&str> =
                lines.iter().map(|line| line.reason.as_str()).filter(|reason| !reason.is_empty()).collect();
            let reason = reasons.join(self.survey.texts().punctuation.slash);
            let corrections = lines.iter().filter(|line| self.correct(line, first_sheet)).count();
            if corrections > 0 {
                corrected.push(query.closed(QueryStatus::Corrected, reason, Some(place), self.survey.fiscal_year));
            } else if query.status == QueryStatus::Corrected {
                let message =
                    format!("{} was corrected before, and is now said to stand: the correction is kept", query.id);
                self.report(Code::ReplyUnreadable, place, message);
            } else if query.code == Code::ItemNonresponse && !is_complete(&query, &lines) {
                let message =
                    format!("{} asks about several answers, and only some of its lines are filled in", query.id);
                self.report(Code::ReplyUnreadable, place, message);
            } else if query.may_stand() {
                let closed = query.closed(QueryStatus::Confirmed, reason, Some(place), self.survey.fiscal_year);
                self.settled.closed.insert(closed.id.clone(), closed);
            } else {
                let message = format!("{} asks for another answer: one that cannot be used cannot stand", query.id);
                self.report(Code::ReplyUnreadable, place, message);
            }
        }
        if !corrected.is_empty() || std::mem::take(&mut self.is_corrected) {
            self.settled.steps.push(self.reading.clone());
            self.close(corrected);
        }
    }

    /// Puts corrections in place whose query is not raised any more, because its edit is gone, say, or last year is
    /// not there: a correction holds as long as the answer is the one that it corrects. False if none was put in
    /// place.
    fn correct_all_the_same(&mut self, lines: &[&ReplyLine], first_sheet: u16) -> bool {
        let is_usable = lines.iter().all(|line| line.entry != Entry::Unusable);
        let is_unchanged = |line: &&&ReplyLine| {
            let now = line.prompt.map(|prompt| given(&self.reading, prompt)).unwrap_or_default();
            matches!(line.entry, Entry::Corrected(_)) && !now.is_empty() && now == line.given
        };
        let unchanged: Vec<&ReplyLine> = lines.iter().filter(is_unchanged).copied().filter(|_| is_usable).collect();
        for line in &unchanged {
            self.correct(line, first_sheet);
            let message = format!(
                "{} is not among the open queries: the answer is the one that the entry corrects, and was corrected",
                line.query
            );
            let place = self.place(line, first_sheet);
            self.report(Code::ReplyWithoutQuery, place, message);
            if let Some(finding) = self.settled.findings.last_mut() {
                finding.help = "Nothing: the correction holds.".to_owned();
            }
        }
        self.is_corrected |= !unchanged.is_empty();
        !unchanged.is_empty()
    }

    /// Entries for a query that is not open: no matter where the answer is what they say, or was only to
    /// be confirmed; a matter for the desk where a correction is left out.
    fn report_not_open(&mut self, lines: &[&ReplyLine], place: Place) {
        let is_so = |line: &&ReplyLine| match &line.entry {
            Entry::Corrected(content) => {
                let answer = self.reading.answers.iter().find(|answer| Some(answer.prompt) == line.prompt);
                answer.is_some_and(|answer| says_the_same(&answer.content, content))
            }
            Entry::Stands | Entry::Unusable => true,
        };
        let is_settled = lines.iter().all(is_so);
        let message = format!("{} is not among the open queries: the entry was not applied", lines[0].query);
        self.report(Code::ReplyWithoutQuery, place, message);
        if let (false, Some(finding)) = (is_settled, self.settled.findings.last_mut()) {
            finding.severity = Severity::Warning;
        }
    }

    /// Closes the queries that were corrected, as far as the corrections leave nothing to ask.
    fn close(&mut self, corrected: Vec<Query>) {
        let raised = queries(self.survey, &(self.raise)(&self.reading));
        for query in corrected {
            if raised.contains_key(&query.id) {
                let message = format!("{} stays open: the corrections do not settle all that it asks about", query.id);
                let place = query.replied.clone().unwrap_or(Place::Collection);
                self.report(Code::ReplyUnreadable, place, message);
                self.settled.closed.remove(&query.id);
            } else {
                self.settled.closed.insert(query.id.clone(), query);
            }
        }
    }

    /// Puts the corrected answer of a line in its place; false where the line corrects nothing.
    fn correct(&mut self, line: &ReplyLine, first_sheet: u16) -> bool {
        let (Some(prompt), Entry::Corrected(content)) = (line.prompt, line.entry.clone()) else { return false };
        let Some(answer) = self.reading.answers.iter_mut().find(|answer| answer.prompt == prompt) else { return false };
        let content = moved(content, first_sheet);
        let mut place = line.place;
        place.sheet = place.sheet.saturating_add(first_sheet);
        *answer = Answer { prompt, place: Some(place), content, unreadable: Vec::new(), contradicted: Vec::new() };
        true
    }

    /// Where a line stands.
    fn place(&self, line: &ReplyLine, first_sheet: u16) -> Place {
        let mut place = line.place;
        place.sheet = place.sheet.saturating_add(first_sheet);
        self.reading.place("", Some(place))
    }

    fn report(&mut self, code: Code, place: Place, message: String) {
        let finding = Finding::new(code, place, message, code.rule().remedy).of(&self.reading.institution);
        self.settled.findings.push(finding);
    }
}

/// Whether two answers are the same, wherever they stand.
fn says_the_same(one: &Content, other: &Content) -> bool {
    let options = |content: &Content| match content {
        Content::Options(chosen) => chosen.iter().map(|one| one.option).collect(),
        _ => Vec::new(),
    };
    match (one, other) {
        (Content::Options(_), Content::Options(_)) => options(one) == options(other),
        (Content::Number(one), Content::Number(other)) => {
            one.as_ref().map(|(number, _)| number) == other.as_ref().map(|(number, _)| number)
        }
        (Content::Text(one), Content::Text(other)) => {
            one.as_ref().map(|text| &text.raw) == other.as_ref().map(|text| &text.raw)
        }
        _ => false,
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
