//! The usable answers of one institution, as edits look at them: this year's and last year's.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::{Response, State};
use crate::survey::{Chosen, Facts, Prompt, QuestionIndex, SectorIndex, Shown, Survey, Year};

/// An answer that counts.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// Options, by position, in the order of the question.
    Options(Vec<u16>),
    /// One of these options, which are a net of this year's question: last year divided them
    /// otherwise.
    OneOf {
        /// The net, by position.
        net: u16,
        /// Its options.
        options: Vec<u16>,
    },
    /// A number.
    Number(f64),
}

impl Hash for Given {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Given::Options(options) | Given::OneOf { options, .. } => options.hash(state),
            Given::Number(number) => number.to_bits().hash(state),
        }
    }
}

/// The answers of an institution that count, by what was asked. Free text is not among them.
pub type Answers = BTreeMap<Prompt, Given>;

/// Last year's answers, by institution.
pub type PreviousAnswers = BTreeMap<String, Answers>;

/// The fewest answers that must be comparable before "all are the same" says anything.
const ENOUGH: usize = 10;

/// The answers among the lines of a workbook that count.
pub fn answers(responses: &[Response]) -> Answers {
    let mut answers = Answers::new();
    for response in responses.iter().filter(|response| response.state == State::Answered) {
        match (response.option, response.value) {
            (Some(option), _) => {
                let given = answers.entry(response.prompt).or_insert_with(|| Given::Options(Vec::new()));
                if let Given::Options(options) = given {
                    options.push(option);
                }
            }
            (None, Some(number)) => drop(answers.insert(response.prompt, Given::Number(number))),
            (None, None) => {}
        }
    }
    answers
}

/// The present answer to a prompt, in words that the institution recognises; empty without an answer.
pub fn shown(survey: &Survey, responses: &[Response], prompt: Prompt) -> String {
    let options = &survey.question(prompt.question).options;
    let punctuation = &survey.texts().punctuation;
    let of = |line: &Response| match (line.option, line.value, &line.text) {
        (Some(option), ..) => (punctuation.quoted)(&options[usize::from(option)].label),
        (None, Some(number), _) => number.to_string(),
        (None, None, Some(text)) => text.clone(),
        // A response without an answer has the text of its sheet cell.
        (None, None, None) => line.raw.clone(),
    };
    let words: Vec<String> = responses.iter().filter(|line| line.prompt == prompt).map(of).collect();
    words.join(punctuation.comma)
}

/// A number that two institutions share only if they gave the same answers throughout; 0 where
/// there are too few to say so.
pub fn signature(answers: &Answers) -> u64 {
    if answers.len() < ENOUGH {
        return 0;
    }
    // The algorithm of this hasher is fixed within one version of the compiler, and its values
    // are compared only within one run.
    let mut hasher = DefaultHasher::new();
    for (prompt, given) in answers {
        (prompt, given).hash(&mut hasher);
    }
    hasher.finish().max(1)
}

/// The facts that edits are evaluated on.
pub(super) struct Known<'a> {
    pub survey: &'a Survey,
    pub now: &'a Answers,
    pub before: Option<&'a Answers>,
    pub sectors: &'a [SectorIndex],
    pub same_as_another: bool,
}

impl Known<'_> {
    fn given(&self, year: Year, prompt: Prompt) -> Option<&Given> {
        match year {
            Year::This => self.now.get(&prompt),
            Year::Previous => self.before?.get(&prompt),
        }
    }

    /// An answer in words that the institution recognises.
    pub fn shown(&self, year: Year, prompt: Prompt) -> String {
        let question = self.survey.question(prompt.question);
        let texts = self.survey.texts();
        match self.given(year, prompt) {
            Some(Given::Options(options)) => {
                let labels = options.iter().map(|&option| question.options[usize::from(option)].label.as_str());
                texts.punctuation.quoted_list(labels)
            }
            Some(Given::OneOf { net, .. }) => (texts.punctuation.quoted)(question.category_label(Shown::Net(*net))),
            Some(Given::Number(number)) => number.to_string(),
            None => texts.answer.none.to_owned(),
        }
    }
}

impl Facts for Known<'_> {
    fn chosen(&self, year: Year, prompt: Prompt) -> Option<Chosen<'_>> {
        match self.given(year, prompt)? {
            Given::Options(options) => Some(Chosen::These(options)),
            Given::OneOf { options, .. } => Some(Chosen::OneOf(options)),
            Given::Number(_) => None,
        }
    }

    fn number(&self, year: Year, prompt: Prompt) -> Option<f64> {
        match self.given(year, prompt)? {
            Given::Number(number) => Some(*number),
            Given::Options(_) | Given::OneOf { .. } => None,
        }
    }

    fn levels(&self, year: Year, prompt: Prompt) -> Option<(u8, u8)> {
        let options = &self.survey.question(prompt.question).options;
        let level = |option: &u16| options[usize::from(*option)].level;
        match self.given(year, prompt)? {
            Given::Options(chosen) => chosen.first().and_then(level).map(|level| (level, level)),
            Given::OneOf { options, .. } => {
                let levels: Option<Vec<u8>> = options.iter().map(level).collect();
                levels.and_then(|levels| Some((*levels.iter().min()?, *levels.iter().max()?)))
            }
            Given::Number(_) => None,
        }
    }

    fn same_as_previous(&self) -> Option<bool> {
        let before = self.before?;
        let pairs = self.now.iter().filter_map(|(prompt, now)| before.get(prompt).map(|before| (now, before)));
        let (mut count, mut same) = (0, true);
        for (now, before) in pairs {
            count += 1;
            same &= match (now, before) {
                (Given::Options(now), Given::OneOf { options, .. }) => now.iter().all(|one| options.contains(one)),
                (now, before) => now == before,
            };
        }
        (count >= ENOUGH).then_some(same)
    }

    fn same_as_another(&self) -> Option<bool> {
        (self.now.len() >= ENOUGH).then_some(self.same_as_another)
    }

    fn straight_line(&self, question: QuestionIndex) -> Option<bool> {
        let prompts = self.survey.question(question).prompts(question);
        let given: Option<Vec<&Given>> = prompts.map(|prompt| self.now.get(&prompt)).collect();
        let given = given.filter(|given| given.len() > 1)?;
        Some(given.iter().all(|one| *one == given[0]))
    }

    fn is_of(&self, sector: SectorIndex) -> bool {
        self.sectors.contains(&sector)
    }
}
