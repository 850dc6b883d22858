//! The differences between two sets of answers of one institution, prompt by prompt.

use std::collections::BTreeMap;

use super::{Response, State};
use crate::survey::{Prompt, Question};
use crate::texts::Texts;

/// All that was answered to one prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenAnswer {
    /// Its state.
    pub state: State,
    /// The options chosen, by position, in order.
    pub options: Vec<u16>,
    /// The number given.
    pub value: Option<f64>,
    /// The text given.
    pub text: Option<String>,
}

impl GivenAnswer {
    /// The answer in the store's terms: ids of options joined by commas, the number, the text, or
    /// the word of the state where it is not answered.
    pub fn in_store(&self, question: &Question) -> String {
        self.spelled(question, self.state.word(), ",", |question, option| &question.options[option].id)
    }

    /// The answer as it is printed in the form, for people.
    pub fn in_print(&self, question: &Question, texts: &Texts) -> String {
        let state = match self.state {
            State::Answered => "",
            State::NotAsked => texts.answer.not_asked,
            State::ItemNonresponse => texts.answer.item_nonresponse,
            State::Contradictory => texts.answer.contradictory,
            State::Unreadable => texts.answer.unreadable,
        };
        self.spelled(question, state, texts.punctuation.slash, |question, option| &question.options[option].label)
    }

    fn spelled(
        &self,
        question: &Question,
        state: &str,
        between: &str,
        option: impl Fn(&Question, usize) -> &String,
    ) -> String {
        if self.state != State::Answered {
            return state.to_owned();
        }
        if let Some(number) = self.value {
            return number.to_string();
        }
        let options = self.options.iter().map(|&position| option(question, usize::from(position)).as_str());
        self.text.clone().unwrap_or_else(|| options.collect::<Vec<_>>().join(between))
    }
}

/// A prompt whose answer changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The question or item.
    pub prompt: Prompt,
    /// The earlier answer.
    pub before: GivenAnswer,
    /// The later answer.
    pub after: GivenAnswer,
}

/// The prompts that two sets of answers differ in, in printed order. Where neither is answered,
/// the reason counts, not what was scribbled.
///
/// # Panics
/// If the two do not have the same prompts: an institution is asked the same in all its workbooks.
pub fn differences(before: &[Response], after: &[Response]) -> Vec<Difference> {
    let (before, mut after) = (by_prompt(before), by_prompt(after));
    let pairs = before.into_iter().map(|(prompt, before)| {
        let after = after.remove(&prompt).expect("an institution is asked the same in all its workbooks");
        Difference { prompt, before, after }
    });
    pairs.filter(|pair| pair.before != pair.after).collect()
}

fn by_prompt(responses: &[Response]) -> BTreeMap<Prompt, GivenAnswer> {
    let mut answers = BTreeMap::new();
    for response in responses {
        let none = GivenAnswer { state: response.state, options: Vec::new(), value: None, text: None };
        let answer = answers.entry(response.prompt).or_insert(none);
        answer.options.extend(response.option);
        answer.value = answer.value.or(response.value);
        if answer.text.is_none() {
            answer.text.clone_from(&response.text);
        }
    }
    answers
}
