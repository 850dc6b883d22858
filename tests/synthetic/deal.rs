//! Deals counted answers out to institutions, so that the counts are right and an institution that has come far in
//! one question tends to have come far in all.

use cssa::survey::{Prompt, Survey};

use super::draw::draw_below;
use super::marginals::Marginals;
use super::places::Institution;

/// Deals the answers to one prompt out among those who are asked it: the options of each, none for those
/// who leave it blank.
pub fn deal(survey: &Survey, prompt: Prompt, asked: &[&Institution], marginals: &Marginals) -> Vec<Vec<u16>> {
    let question = survey.question(prompt.question);
    let mut hand = Hand { survey, prompt, asked, dealt: vec![Vec::new(); asked.len()] };
    let blank: Vec<usize> = hand.ranked("blank", (0..asked.len()).collect()).split_off(asked.len() - marginals.blank);
    let mut open: Vec<usize> = (0..asked.len()).filter(|one| !blank.contains(one)).collect();
    let options = || (0..).zip(&question.options).zip(&marginals.counts);
    if question.kind.is_single() {
        // The options stand from the highest level to the lowest.
        let mut ranked = hand.ranked("", open).into_iter();
        for ((option, _), &count) in options() {
            ranked.by_ref().take(count).for_each(|one| hand.dealt[one].push(option));
        }
        assert!(ranked.next().is_none(), "everybody has an answer to {}", question.id);
        return hand.dealt;
    }
    for ((option, choice), &count) in options().filter(|((_, choice), _)| choice.exclusive) {
        let mut ranked = hand.ranked(&choice.id, open);
        let alone = ranked.split_off(ranked.len() - count);
        alone.into_iter().for_each(|one| hand.dealt[one].push(option));
        open = ranked;
    }
    for ((option, choice), &count) in options().filter(|((_, choice), _)| !choice.exclusive) {
        let ranked = hand.ranked(&choice.id, open.clone());
        assert!(count <= ranked.len(), "{} of {} can be chosen so often", choice.id, question.id);
        ranked.into_iter().take(count).for_each(|one| hand.dealt[one].push(option));
    }
    hand.fill(&open);
    hand.dealt.iter_mut().for_each(|options| options.sort_unstable());
    hand.dealt
}

struct Hand<'a> {
    survey: &'a Survey,
    prompt: Prompt,
    asked: &'a [&'a Institution],
    dealt: Vec<Vec<u16>>,
}

impl Hand<'_> {
    /// How much speaks for an institution's giving an answer. Most of it is the same in every year, and so
    /// are most answers.
    fn leaning(&self, one: usize, option: &str) -> (u32, &str) {
        let (question, item) = self.survey.prompt_ids(self.prompt);
        let code = &self.asked[one].code;
        let own = draw_below(900, &["leaning", code, question, item, option]);
        let year = self.survey.fiscal_year.to_string();
        let of_the_year = draw_below(150, &["leaning", &year, code, question, item, option]);
        (self.asked[one].maturity + own + of_the_year, code)
    }

    /// Some of those asked, those first for whom most speaks for an answer.
    fn ranked(&self, option: &str, mut some: Vec<usize>) -> Vec<usize> {
        some.sort_by_cached_key(|&one| std::cmp::Reverse(self.leaning(one, option)));
        some
    }

    /// An institution without an option in a multiple choice takes one from another that has more than one.
    fn fill(&mut self, open: &[usize]) {
        let question = self.survey.question(self.prompt.question);
        for &poor in open {
            if !self.dealt[poor].is_empty() {
                continue;
            }
            let mut options: Vec<u16> = (0..)
                .zip(&question.options)
                .filter(|(_, choice)| !choice.exclusive)
                .map(|(option, _)| option)
                .collect();
            let id = |option: u16| question.options[usize::from(option)].id.as_str();
            options.sort_by_key(|&option| std::cmp::Reverse(self.leaning(poor, id(option))));
            let giver = options.into_iter().find_map(|option| {
                let rich = open.iter().copied();
                let rich = rich.filter(|&one| self.dealt[one].len() > 1 && self.dealt[one].contains(&option));
                Some((option, rich.min_by_key(|&one| self.leaning(one, id(option)))?))
            });
            let (option, rich) = giver.expect("there are at least as many choices as there are institutions");
            self.dealt[rich].retain(|&other| other != option);
            self.dealt[poor].push(option);
        }
    }
}
