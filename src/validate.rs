//! Holds what was read against the questionnaire: every response gets a state, every
//! contradiction a finding. No value is ever changed here; a supervisory self-assessment is
//! queried, never imputed.
//!
//! The checks here follow from the questionnaire alone: a single choice means one, "none of these" stands alone, a
//! gate decides who is asked, and a question that is asked wants an answer. The survey's own rules are
//! [edits](examine).

mod answers;
mod edits;

mod difference;

use std::collections::BTreeMap;

pub use answers::{Answers, Given, PreviousAnswers, answers, shown, signature};
pub use edits::{Examined, Tally, examine};

use crate::finding::{Code, Finding, Place, Subject};
use crate::ingest::{Answer, CellPlace, Content, Reading, Written};
use crate::survey::{Prompt, Question, QuestionIndex, Survey};
pub use difference::{Difference, GivenAnswer, differences};

/// The state of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Asked and answered: it counts in the base.
    Answered,
    /// Not shown to have been asked: its gate is closed, or undecided.
    NotAsked,
    /// Asked and left blank.
    ItemNonresponse,
    /// Asked, and the answer contradicts itself.
    Contradictory,
    /// Asked, and the answer cannot be read.
    Unreadable,
}

impl State {
    /// The word in the store.
    pub fn word(self) -> &'static str {
        match self {
            State::Answered => "answered",
            State::NotAsked => "not_asked",
            State::ItemNonresponse => "item_nonresponse",
            State::Contradictory => "contradictory",
            State::Unreadable => "unreadable",
        }
    }
}

/// One line of the store's `responses`: a chosen option, a number, a text, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The question or item.
    pub prompt: Prompt,
    /// The option chosen, by position; `None` where none was or could be read.
    pub option: Option<u16>,
    /// The number given.
    pub value: Option<f64>,
    /// The text given.
    pub text: Option<String>,
    /// Its state.
    pub state: State,
    /// Where it was read, or where it would stand.
    pub place: Option<CellPlace>,
    /// The text of the sheet cell, to the character.
    pub raw: String,
}

/// Gives every answer of a workbook its state. `file` is for the findings' places.
pub fn validate(survey: &Survey, file: &str, reading: &Reading) -> (Vec<Response>, Vec<Finding>) {
    let mut gates: BTreeMap<QuestionIndex, Decided> = BTreeMap::new();
    let mut responses = Vec::with_capacity(2 * reading.answers.len());
    let mut noticed = Noticed { survey, file, reading, findings: Vec::new(), blank: BTreeMap::new() };
    for answer in &reading.answers {
        let question = survey.question(answer.prompt.question);
        let opening = opening(question, answer.prompt, &gates);
        let state = state_of(question, answer, opening);
        noticed.look_at(question, answer, opening, state);
        if answer.prompt.item.is_none() {
            gates.insert(answer.prompt.question, Decided { opening, state, chosen: chosen(answer) });
        }
        push_responses(&mut responses, answer, state);
    }
    noticed.report_blanks();
    let findings = noticed.findings.into_iter().map(|finding| finding.of(&reading.institution)).collect();
    (responses, findings)
}

/// Whether a prompt is asked of this respondent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opening {
    Open,
    Closed,
    Undecided,
}

/// What is known of a question that may be the gate of others.
struct Decided {
    opening: Opening,
    state: State,
    chosen: Vec<u16>,
}

fn opening(question: &Question, prompt: Prompt, gates: &BTreeMap<QuestionIndex, Decided>) -> Opening {
    let Some(gate) = &question.gate else { return Opening::Open };
    match gates.get(&gate.question) {
        Some(Decided { state: State::Answered, chosen, .. }) => {
            let accepted = gate.accepted(prompt.item);
            if chosen.iter().any(|option| accepted.contains(option)) { Opening::Open } else { Opening::Closed }
        }
        // A gate that was itself not asked closes what depends on it; one of which nobody knows whether it
        // was asked decides nothing.
        Some(Decided { state: State::NotAsked, opening: Opening::Closed, .. }) => Opening::Closed,
        _ => Opening::Undecided,
    }
}

fn chosen(answer: &Answer) -> Vec<u16> {
    match &answer.content {
        Content::Options(options) => options.iter().map(|one| one.option).collect(),
        Content::Number(_) | Content::Text(_) => Vec::new(),
    }
}

fn state_of(question: &Question, answer: &Answer, opening: Opening) -> State {
    if opening != Opening::Open {
        return State::NotAsked;
    }
    if !answer.contradicted.is_empty() {
        return State::Contradictory;
    }
    if answer.place.is_none() || !answer.unreadable.is_empty() {
        return State::Unreadable;
    }
    if answer.is_blank() {
        return if question.voluntary { State::Answered } else { State::ItemNonresponse };
    }
    match contradiction(question, answer) {
        Some(_) => State::Contradictory,
        None => State::Answered,
    }
}

fn contradiction(question: &Question, answer: &Answer) -> Option<Code> {
    let options = chosen(answer);
    if question.kind.is_single() && options.len() > 1 {
        return Some(Code::SeveralChosen);
    }
    let is_exclusive = |option: &u16| question.options[usize::from(*option)].exclusive;
    (options.len() > 1 && options.iter().any(is_exclusive)).then_some(Code::NoneAndOthers)
}

/// One line for each chosen option where the prompt was answered; otherwise one line without an
/// option, whose raw text tells all that was written, so that nobody counts it by mistake.
fn push_responses(responses: &mut Vec<Response>, answer: &Answer, state: State) {
    let blank = Response {
        prompt: answer.prompt,
        option: None,
        value: None,
        text: None,
        state,
        place: answer.place,
        raw: String::new(),
    };
    if state != State::Answered {
        let written = answer.written();
        responses.push(Response {
            place: written.first().map(|written| written.place).or(answer.place),
            raw: raw_of_all(&written),
            ..blank
        });
        return;
    }
    let of = |written: &Written| Response { place: Some(written.place), raw: written.raw.clone(), ..blank.clone() };
    match &answer.content {
        Content::Options(options) => {
            responses.extend(options.iter().map(|one| Response { option: Some(one.option), ..of(&one.written) }))
        }
        Content::Number(Some((value, written))) => {
            responses.push(Response { value: Some(*value), ..of(written) });
        }
        Content::Text(Some(written)) => {
            responses.push(Response { text: Some(written.raw.clone()), ..of(written) });
        }
        Content::Number(None) | Content::Text(None) => responses.push(blank),
    }
}

/// The text of one sheet cell, unchanged; of several, each after its cell: `D17「○」 D18「○」`.
fn raw_of_all(written: &[&Written]) -> String {
    match written {
        [] => String::new(),
        [one] => one.raw.clone(),
        many => {
            let each: Vec<String> = many.iter().map(|one| format!("{}「{}」", one.place.cell, one.raw)).collect();
            each.join(" ")
        }
    }
}

struct Noticed<'a> {
    survey: &'a Survey,
    file: &'a str,
    reading: &'a Reading,
    findings: Vec<Finding>,
    /// Blank prompts of each question: a grid left blank is one finding, not one for each item.
    blank: BTreeMap<QuestionIndex, Vec<(Prompt, Option<CellPlace>)>>,
}

impl Noticed<'_> {
    fn place(&self, place: Option<CellPlace>) -> Place {
        self.reading.place(self.file, place)
    }

    /// Reports something about answers: `prompts` are those that the institution may correct.
    fn report(&mut self, code: Code, place: Option<CellPlace>, message: String, prompts: &[Prompt], observed: String) {
        let place = self.place(place);
        let ids = prompts.iter().map(|&prompt| self.survey.prompt_ids(prompt));
        let prompts = ids.map(|(question, item)| (question.to_owned(), item.to_owned())).collect();
        let subject = Subject { prompts, observed, basis: String::new(), edit: String::new(), asked: None };
        self.findings.push(Finding::new(code, place, message, code.rule().remedy).about(subject));
    }

    fn look_at(&mut self, question: &Question, answer: &Answer, opening: Opening, state: State) {
        let name = || self.survey.prompt_name(answer.prompt);
        let punctuation = &self.survey.texts().punctuation;
        let labels = |between: &str| {
            let chosen = chosen(answer);
            let labels = chosen.iter().map(|&option| question.options[usize::from(option)].label.as_str());
            labels.map(punctuation.quoted).collect::<Vec<_>>().join(between)
        };
        match (opening, state) {
            // Where two sheets contradict each other, that has been said.
            (Opening::Closed | Opening::Undecided, _) if !answer.is_blank() && answer.contradicted.is_empty() => {
                let gate = question.gate.as_ref().expect("only a gate can close a question");
                let deciding = self.survey.question(gate.question);
                let number = self.survey.question_number(gate.question);
                let place = answer.written().first().map(|written| written.place).or(answer.place);
                let (code, why) = match opening {
                    Opening::Closed => (Code::AnswerBehindGate, "says that it does not apply"),
                    _ => (Code::GateUndecided, "does not say whether it applies"),
                };
                let message = format!("{} is answered, but the answer to {number} {} {why}", name(), deciding.title);
                let deciding = Prompt { question: gate.question, item: None };
                self.report(code, place, message, &[answer.prompt, deciding], raw_of_all(&answer.written()));
            }
            (Opening::Open, State::ItemNonresponse) => {
                self.blank.entry(answer.prompt.question).or_default().push((answer.prompt, answer.place));
            }
            (Opening::Open, State::Contradictory) => {
                // Where two places of the workbook contradict each other, ingest has said so.
                let Some(code) = contradiction(question, answer) else { return };
                let expected = match code {
                    Code::SeveralChosen => "expected one",
                    _ => "which exclude each other",
                };
                let place = answer.written().first().map(|written| written.place).or(answer.place);
                let message = format!("{} chosen in {}, {expected}", labels(" and "), name());
                let observed = labels(punctuation.comma);
                self.report(code, place, message, &[answer.prompt], observed);
            }
            _ => {}
        }
    }

    fn report_blanks(&mut self) {
        for (index, prompts) in std::mem::take(&mut self.blank) {
            let question = self.survey.question(index);
            let whole = Prompt { question: index, item: None };
            let message = match prompts.as_slice() {
                [(prompt, _)] => format!("{} is not answered", self.survey.prompt_name(*prompt)),
                all if all.len() == question.items.len() => {
                    format!("{} is not answered for any of its {} items", self.survey.prompt_name(whole), all.len())
                }
                some => {
                    let items: Vec<String> = some
                        .iter()
                        .filter_map(|(prompt, _)| prompt.item)
                        .map(|item| format!("({}) {}", item + 1, question.items[usize::from(item)].label))
                        .collect();
                    format!("{} is not answered for {}", self.survey.prompt_name(whole), items.join(", "))
                }
            };
            let blank: Vec<Prompt> = prompts.iter().map(|(prompt, _)| *prompt).collect();
            self.report(Code::ItemNonresponse, prompts[0].1, message, &blank, String::new());
        }
    }
}
