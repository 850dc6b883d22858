//! The answers of each institution, sector by sector and question by question.

use std::collections::BTreeMap;

use cssa::survey::{Kind, Prompt, Question, Survey};
use cssa::validate::State;

use super::deal::deal;
use super::draw::draw_below;
use super::marginals::Published;
use super::places::Institution;

/// The response of one institution to one prompt.
#[derive(Clone)]
pub enum Answer {
    /// The options it chose, by position.
    Chosen(Vec<u16>),
    Number(u32),
    /// Its text, if it wrote one to an optional question.
    Text(Option<String>),
    /// Its gate is closed, or it is not known whether it is.
    NotAsked,
    Blank,
}

impl Answer {
    pub fn state(&self) -> State {
        match self {
            Answer::Chosen(_) | Answer::Number(_) | Answer::Text(_) => State::Answered,
            Answer::NotAsked => State::NotAsked,
            Answer::Blank => State::ItemNonresponse,
        }
    }
}

/// The answers of each institution, in printed order.
pub fn of_all(survey: &Survey, institutions: &[Institution]) -> Vec<BTreeMap<Prompt, Answer>> {
    let mut answers = vec![BTreeMap::new(); institutions.len()];
    for sector in &survey.sectors {
        // An institution in two sectors answers once, as a member of the first.
        let is_of = |one: &usize| institutions[*one].places[0].0 == sector.id;
        let of_sector: Vec<usize> = (0..institutions.len()).filter(is_of).collect();
        let published = Published::read(survey, &sector.id);
        for prompt in survey.prompts() {
            let question = survey.question(prompt.question);
            let concerned: Vec<usize> =
                of_sector.iter().copied().filter(|&one| concerns(survey, question, &institutions[one])).collect();
            let is_asked = |one: &usize| is_open(question, prompt, &answers[*one]);
            let (asked, others): (Vec<usize>, Vec<usize>) = concerned.into_iter().partition(is_asked);
            others.into_iter().for_each(|one| {
                answers[one].insert(prompt, Answer::NotAsked);
            });
            let who: Vec<&Institution> = asked.iter().map(|&one| &institutions[one]).collect();
            let given: Vec<Answer> = match question.kind {
                Kind::Number => who.iter().map(|one| number(survey, question, one)).collect(),
                Kind::Text => who.iter().map(|one| text(survey, question, one)).collect(),
                _ => {
                    let dealt = deal(survey, prompt, &who, &published.marginals(prompt, who.len()));
                    let answer =
                        |options: Vec<u16>| if options.is_empty() { Answer::Blank } else { Answer::Chosen(options) };
                    dealt.into_iter().map(answer).collect()
                }
            };
            for (one, answer) in asked.into_iter().zip(given) {
                answers[one].insert(prompt, answer);
            }
        }
    }
    answers
}

/// Whether a question is asked of any sector that an institution stands in.
fn concerns(survey: &Survey, question: &Question, institution: &Institution) -> bool {
    let is_asked = |id: &str| survey.sector_index(id).is_some_and(|sector| question.sectors.contains(&sector));
    institution.places.iter().any(|(sector, _)| is_asked(sector))
}

fn is_open(question: &Question, prompt: Prompt, answers: &BTreeMap<Prompt, Answer>) -> bool {
    let Some(gate) = &question.gate else { return true };
    let deciding = answers.get(&Prompt { question: gate.question, item: None });
    let accepted = gate.accepted(prompt.item);
    matches!(deciding, Some(Answer::Chosen(options)) if options.iter().any(|option| accepted.contains(option)))
}

/// Most are small, a few are large, and hardly any changes much in a year.
fn number(survey: &Survey, question: &Question, institution: &Institution) -> Answer {
    let year = survey.fiscal_year.to_string();
    if draw_below(60, &["blank", &year, &institution.code, &question.id]) == 0 {
        return Answer::Blank;
    }
    let drawn = draw_below(1000, &["number", &institution.code, &question.id]);
    let usual = 1 + institution.maturity / 150 + drawn * drawn / 100_000;
    let large = if draw_below(25, &["large", &institution.code, &question.id]) == 0 { 8 } else { 1 };
    let of_the_year = draw_below(2, &["number", &year, &institution.code, &question.id]);
    let most = question.most.and_then(|most| u32::try_from(most).ok()).unwrap_or(u32::MAX);
    Answer::Number((usual * large + of_the_year).min(most))
}

/// Few write anything where they need not.
fn text(survey: &Survey, question: &Question, institution: &Institution) -> Answer {
    let year = survey.fiscal_year.to_string();
    let is_written = draw_below(8, &["text", &year, &institution.code, &question.id]) == 0;
    match (is_written, question.voluntary) {
        (true, _) => Answer::Text(Some("対策を進めている。".to_owned())),
        (false, true) => Answer::Text(None),
        (false, false) => Answer::Blank,
    }
}
