//! A query to an institution about its answers, and its status.

use crate::finding::{Code, Finding, Place};
use crate::ingest::{Content, ContentHash, Reading, Written};
use crate::survey::{Prompt, Survey};

/// The status of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum QueryStatus {
    /// The institution has not replied, or not so that it could be used.
    Open,
    /// The institution says that its answer stands.
    Confirmed,
    /// The institution corrected its answer.
    Corrected,
}

impl QueryStatus {
    /// The word in the store.
    pub fn word(self) -> &'static str {
        match self {
            QueryStatus::Open => "open",
            QueryStatus::Confirmed => "confirmed",
            QueryStatus::Corrected => "corrected",
        }
    }
}

/// A query to an institution about its answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Its number. It depends on the institution, the prompts and the answers, and on nothing else, so that it is the
    /// same in every run and in every year.
    pub id: String,
    /// The institution.
    pub institution: String,
    /// The code of the finding.
    pub code: Code,
    /// The edit that failed; empty where the finding follows from the questionnaire.
    pub edit: String,
    /// The answers that it may correct, the one asked about first.
    pub prompts: Vec<Prompt>,
    /// Where the answer stands.
    pub place: Place,
    /// The answer that the query is about.
    pub answered: String,
    /// The present answers to the prompts, in their order; empty where the answer is not known.
    pub answers: Vec<String>,
    /// The hashes of the present answers to the prompts, in their order; see [`given`].
    pub given: Vec<String>,
    /// The question to the institution.
    pub asked: String,
    /// The status of the query.
    pub status: QueryStatus,
    /// The institution's reason, where it is not open.
    pub reason: String,
    /// Where it replied; `None` where a reason of an earlier year holds.
    pub replied: Option<Place>,
    /// The fiscal year of the reply, where it is not open.
    pub settled_in: Option<u16>,
}

impl Query {
    /// The query that a finding becomes; `None` where the matter is the desk's.
    pub fn of(survey: &Survey, finding: &Finding) -> Option<Query> {
        let (asked, institution) = (finding.asked()?, finding.institution.clone()?);
        let subject = finding.subject.as_ref()?;
        let prompts: Vec<Prompt> =
            subject.prompts.iter().filter_map(|(question, item)| survey.prompt(question, item)).collect();
        if prompts.is_empty() && subject.edit.is_empty() {
            return None;
        }
        let ids: Vec<String> = subject.prompts.iter().map(|(question, item)| format!("{question}/{item}")).collect();
        // Parts are divided by a character that no text of a workbook can hold.
        let whole = [
            institution.as_str(),
            finding.code.rule().code,
            &subject.edit,
            &ids.join("\u{1}"),
            &subject.observed,
            &subject.basis,
        ];
        let hash = ContentHash::of(whole.join("\0").as_bytes()).to_string().to_uppercase();
        Some(Query {
            id: format!("Q-{}", &hash[..10]),
            institution,
            code: finding.code,
            edit: subject.edit.clone(),
            prompts,
            place: finding.place.clone(),
            answered: subject.observed.clone(),
            answers: Vec::new(),
            given: Vec::new(),
            asked,
            status: QueryStatus::Open,
            reason: String::new(),
            replied: None,
            settled_in: None,
        })
    }

    /// Whether the answer may stand as it is: one that can be used, or none. One that contradicts itself
    /// or cannot be read has to be replaced.
    pub fn may_stand(&self) -> bool {
        let others = [Code::ItemNonresponse, Code::AnswerBehindGate, Code::StrayMark, Code::CorrectionBesideAnswer];
        !self.edit.is_empty() || others.contains(&self.code)
    }

    /// Whether an explanation holds in later years: it is about an answer, and the answer is the same.
    /// An explanation of a blank, or of a workbook as a whole, holds in that year only.
    pub fn may_be_carried(&self) -> bool {
        !self.answered.is_empty() && !self.prompts.is_empty()
    }

    /// The same query, closed by what the institution replied.
    pub fn closed(self, status: QueryStatus, reason: String, replied: Option<Place>, fiscal_year: u16) -> Query {
        Query { status, reason, replied, settled_in: Some(fiscal_year), ..self }
    }
}

/// The hash of the present answer to a prompt: the same for the same answer, wherever it stands.
pub fn given(reading: &Reading, prompt: Prompt) -> String {
    let Some(answer) = reading.answers.iter().find(|answer| answer.prompt == prompt) else { return String::new() };
    let options: Vec<u16> = match &answer.content {
        Content::Options(chosen) => chosen.iter().map(|one| one.option).collect(),
        Content::Number(_) | Content::Text(_) => Vec::new(),
    };
    let number = match &answer.content {
        Content::Number(number) => number.as_ref().map(|(number, _)| number.to_bits()),
        Content::Options(_) | Content::Text(_) => None,
    };
    let text = match &answer.content {
        Content::Text(text) => text.as_ref().map(|text| text.raw.as_str()),
        Content::Options(_) | Content::Number(_) => None,
    };
    let raw = |written: &[Written]| written.iter().map(|one| one.raw.clone()).collect::<Vec<_>>();
    let whole = (options, number, text, raw(&answer.unreadable), raw(&answer.contradicted), answer.place.is_some());
    ContentHash::of_value(&whole).to_string()[..10].to_uppercase()
}

/// An explanation that was accepted, and holds as long as the answer is the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiver {
    /// The institution's reason.
    pub reason: String,
    /// The fiscal year in which it was given.
    pub fiscal_year: u16,
}
