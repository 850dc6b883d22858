//! The questions that a workbook has, held against those that the institution was asked.

use super::{Reader, prompts_of};
use crate::finding::{Code, Place};
use crate::form::Heading;
use crate::ingest::layout::blocks::Block;
use crate::survey::{Prompt, QuestionIndex, Sector};

/// Where more than one in this many of the questions asked are missing, the form is not the one
/// that was sent, and that is said once.
const ONE_IN: usize = 3;

impl Reader<'_> {
    /// What is asked and is nowhere: a finding for each, or one where the whole form is another.
    pub(super) fn report_missing(
        &mut self,
        missing: Vec<(&Heading, Vec<Prompt>)>,
        places: &[Vec<Block>],
        asked: &[Prompt],
    ) {
        let asked_questions = questions(asked.iter().copied());
        let present = self.present(places);
        let gone: Vec<QuestionIndex> =
            asked_questions.iter().copied().filter(|question| !present.contains(question)).collect();
        let sectors = if gone.len() > 1 { self.sectors_with(&present) } else { Vec::new() };
        if gone.len() * ONE_IN <= asked_questions.len() && sectors.is_empty() {
            for (heading, prompts) in missing {
                let prompt = if heading.item.is_some() { prompts[0] } else { whole(heading.question) };
                self.report_nowhere(prompt);
            }
            return;
        }
        let prompts: Vec<Prompt> = missing.into_iter().flat_map(|(_, prompts)| prompts).collect();
        let named: Vec<String> = sectors.into_iter().map(|sector| format!("「{sector}」")).collect();
        let form = if named.is_empty() {
            String::new()
        } else {
            format!(", which has exactly the questions of {}", named.join(" and "))
        };
        let message = format!(
            "{} of the {} questions that the institution is asked are nowhere in the workbook{form}: {}",
            gone.len(),
            asked_questions.len(),
            numbers(&gone)
        );
        let place = Place::File(self.file.to_owned());
        self.report(Code::OtherForm, place, message, &prompts, &numbers(&gone));
    }

    /// A question or item that is nowhere.
    pub(super) fn report_nowhere(&mut self, prompt: Prompt) {
        let place = Place::File(self.file.to_owned());
        let message = format!("{} is nowhere in the workbook", self.name(prompt));
        let question = self.survey.question(prompt.question);
        let prompts: Vec<Prompt> = match prompt.item {
            Some(_) => vec![prompt],
            None => question.prompts(prompt.question).collect(),
        };
        self.report(Code::QuestionNotFound, place, message, &prompts, "");
    }

    /// What is answered though the institution is not asked: named once, and not read.
    pub(super) fn report_not_asked(&mut self, places: &[Vec<Block>], asked: &[Prompt]) {
        let mut answered: Vec<Prompt> = Vec::new();
        for (heading, blocks) in self.form.headings.iter().zip(places) {
            if !prompts_of(heading, asked).is_empty() {
                continue;
            }
            let all: Vec<Prompt> = self.survey.question(heading.question).prompts(heading.question).collect();
            let prompts = prompts_of(heading, &all);
            for block in blocks.iter().filter(|block| !self.sheets[block.sheet].example) {
                let mut aside = self.another();
                let answers = aside.read_heading(block, &prompts);
                answered.extend(answers.iter().filter(|answer| !answer.is_blank()).map(|answer| answer.prompt));
            }
        }
        if answered.is_empty() {
            return;
        }
        let names = numbers(&questions(answered.iter().copied()));
        let message = format!("answers to {names}, which the institution is not asked, were not read");
        self.report(Code::NotAskedOfIt, Place::File(self.file.to_owned()), message, &answered, &names);
    }

    /// The questions that the workbook prints.
    fn present(&self, places: &[Vec<Block>]) -> Vec<QuestionIndex> {
        let mut present: Vec<QuestionIndex> = self
            .form
            .headings
            .iter()
            .zip(places)
            .filter(|(_, blocks)| !blocks.is_empty())
            .map(|(heading, _)| heading.question)
            .collect();
        present.dedup();
        present
    }

    /// The sectors that are asked exactly these questions.
    fn sectors_with(&self, present: &[QuestionIndex]) -> Vec<&str> {
        let questions = || self.survey.questions.iter().enumerate();
        let asks = |name: &&Sector| {
            let index = self.survey.sector_index(&name.id);
            let own = questions().filter(|(_, question)| index.is_some_and(|index| question.sectors.contains(&index)));
            own.map(|(position, _)| QuestionIndex::at(position)).eq(present.iter().copied())
        };
        self.survey.sectors.iter().filter(asks).map(|sector| sector.name.as_str()).collect()
    }
}

fn whole(question: QuestionIndex) -> Prompt {
    Prompt { question, item: None }
}

/// The questions of prompts in printed order, each once.
fn questions(prompts: impl Iterator<Item = Prompt>) -> Vec<QuestionIndex> {
    let mut questions: Vec<QuestionIndex> = prompts.map(|prompt| prompt.question).collect();
    questions.dedup();
    questions
}

/// `問2, 問5, 問6`.
pub(super) fn numbers(questions: &[QuestionIndex]) -> String {
    let each: Vec<String> = questions.iter().map(|question| format!("問{}", question.number())).collect();
    each.join(", ")
}
