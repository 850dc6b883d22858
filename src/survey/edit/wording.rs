//! The question to an institution that fails an edit: a sentence with its answers filled in.

use super::Year;
use crate::survey::document::{Complaint, Located};
use crate::survey::question::Prompt;

/// A sentence with places for answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Wording {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Text(String),
    Answer(Year, Prompt),
    Title(Prompt),
}

impl Wording {
    /// Reads a sentence: `{soc}` stands for the answer to `soc`, `{soc/item}` for that of an item,
    /// `{soc@previous}` for last year's; where the edit is for each question, `{question}`,
    /// `{answer}` and `{previous}` stand for the question itself.
    pub(super) fn read(
        written: &Located<String>,
        own: Option<Prompt>,
        find: &dyn Fn(&str, &str) -> Option<Prompt>,
        is_broken: &dyn Fn(&str) -> bool,
        complaints: &mut Vec<Complaint>,
    ) -> Wording {
        let mut pieces = Vec::new();
        let mut rest = written.value.as_str();
        while let Some((text, after)) = rest.split_once('{') {
            pieces.push(Piece::Text(text.to_owned()));
            let Some((name, after)) = after.split_once('}') else {
                complaints.push(written.complaint("a `{` in the message is not closed"));
                return Wording { pieces };
            };
            rest = after;
            let (path, year) = match name.strip_suffix("@previous") {
                Some(path) => (path, Year::Previous),
                None => (name, Year::This),
            };
            let (question, item) = path.split_once('/').unwrap_or((path, ""));
            let piece = match (name, own) {
                ("question", Some(own)) => Some(Piece::Title(own)),
                ("answer", Some(own)) => Some(Piece::Answer(Year::This, own)),
                ("previous", Some(own)) => Some(Piece::Answer(Year::Previous, own)),
                _ => find(question, item).map(|prompt| Piece::Answer(year, prompt)),
            };
            match piece {
                Some(piece) => pieces.push(piece),
                None if is_broken(question) => {}
                None => complaints.push(written.complaint_with_help(
                    format!("`{{{name}}}` in the message is no answer of this year's questionnaire"),
                    "write {question} or {question/item}, with @previous for last year's answer",
                )),
            }
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Wording { pieces }
    }

    /// The sentence with the answers of an institution.
    pub fn fill(&self, answer: &dyn Fn(Year, Prompt) -> String, title: &dyn Fn(Prompt) -> String) -> String {
        let words = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Answer(year, prompt) => answer(*year, *prompt),
            Piece::Title(prompt) => title(*prompt),
        });
        words.collect()
    }
}
