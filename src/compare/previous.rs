//! Last year's answers as this year's institutions and this year's questionnaire understand them, for
//! the edits that look back.

use std::collections::BTreeMap;

use super::lineage::{Lineage, Past};
use crate::store::{self, StoreError, TableFiles, tables};
use crate::survey::{Comparison, Counterpart, Pairing, Prompt, Shown, Survey};
use crate::validate::{Answers, Given, PreviousAnswers, State};

/// Last year's answers by institution of this year.
///
/// Three kinds of answers are left out: those to a question with another form last year, those on which consolidated
/// institutions did not agree, and the numbers of an institution that has taken over another, which are not of the
/// same business.
pub fn previous_answers(
    survey: &Survey,
    comparison: &Comparison,
    lineage: &Lineage,
    files: &dyn TableFiles,
) -> Result<PreviousAnswers, StoreError> {
    let before = read(&comparison.before, files)?;
    let mut previous = PreviousAnswers::new();
    for (institution, past) in lineage.pasts() {
        let is_alone = matches!(past, Past::Same(_)) && !lineage.is_enlarged(institution);
        let Some(mut answers) = common(past.codes().iter().map(|code| before.get(code))) else { continue };
        answers.retain(|_, given| is_alone || !matches!(given, Given::Number(_)));
        previous.insert(institution.to_owned(), translated(survey, comparison, &answers));
    }
    Ok(previous)
}

/// The answers that all have given alike; `None` where one gave none at all.
fn common<'a>(all: impl Iterator<Item = Option<&'a Answers>>) -> Option<Answers> {
    let all: Vec<&Answers> = all.collect::<Option<_>>()?;
    let (first, others) = all.split_first()?;
    let is_common = |(prompt, given): &(&Prompt, &Given)| others.iter().all(|other| other.get(*prompt) == Some(*given));
    Some(first.iter().filter(is_common).map(|(prompt, given)| (*prompt, given.clone())).collect())
}

/// Last year's answers in terms of this year's questionnaire.
fn translated(survey: &Survey, comparison: &Comparison, answers: &Answers) -> Answers {
    let mut found = Answers::new();
    for prompt in survey.prompts() {
        let Counterpart::Compared { with: before, .. } = comparison.concordance.prompt(prompt) else { continue };
        let Counterpart::Compared { with: pairing, .. } = comparison.concordance.question(prompt.question) else {
            continue;
        };
        let given = match answers.get(&before) {
            Some(Given::Number(number)) => Some(Given::Number(*number)),
            Some(Given::Options(options)) => options_now(survey, comparison, pairing, prompt, options),
            Some(Given::OneOf { .. }) | None => None,
        };
        found.extend(given.map(|given| (prompt, given)));
    }
    found
}

/// Options of last year as options of this year. A single answer may only be known to be one of several.
fn options_now(
    survey: &Survey,
    comparison: &Comparison,
    pairing: &Pairing,
    prompt: Prompt,
    options: &[u16],
) -> Option<Given> {
    let (now, before) = (survey.question(prompt.question), comparison.before.question(pairing.before));
    // The finest that stands for the option: an option before a net.
    let finest = |option: u16| {
        let stands_for = |category: &Shown| matches!(pairing.category(*category), Counterpart::Compared { with, .. } if before.options_of(*with).contains(&option));
        now.categories().filter(stands_for).min_by_key(|category| now.options_of(*category).len())
    };
    match options {
        [option] if now.kind.is_single() => match finest(*option)? {
            Shown::Option(option) => Some(Given::Options(vec![option])),
            Shown::Net(net) => Some(Given::OneOf { net, options: now.options_of(Shown::Net(net)) }),
        },
        several => {
            // An option that was not chosen means something as well: all options have to be those of last year.
            let is_whole = now
                .categories()
                .filter(|one| matches!(one, Shown::Option(_)))
                .all(|one| matches!(pairing.category(one), Counterpart::Compared { with: Shown::Option(_), .. }));
            let found: Option<Vec<u16>> = several
                .iter()
                .map(|&option| match finest(option)? {
                    Shown::Option(option) => Some(option),
                    Shown::Net(_) => None,
                })
                .collect();
            let mut found = found.filter(|_| is_whole)?;
            found.sort_unstable();
            Some(Given::Options(found))
        }
    }
}

/// The answers of a year that count, by institution.
fn read(survey: &Survey, files: &dyn TableFiles) -> Result<BTreeMap<String, Answers>, StoreError> {
    let mut all: BTreeMap<String, Answers> = BTreeMap::new();
    let columns = ["institution", "question", "item", "option", "value", "state"];
    store::read(files, &tables::RESPONSES, survey.fiscal_year, &columns, |row| {
        if row.text("state") != State::Answered.word() {
            return;
        }
        let Some(prompt) = survey.prompt(row.text("question"), row.text("item")) else { return };
        let answers = all.entry(row.text("institution").to_owned()).or_default();
        if let Some(number) = row.number("value") {
            answers.insert(prompt, Given::Number(number));
        } else if let Some(option) = survey.question(prompt.question).option(row.text("option")) {
            match answers.entry(prompt).or_insert_with(|| Given::Options(Vec::new())) {
                Given::Options(options) => options.push(option),
                other => *other = Given::Options(vec![option]),
            }
        }
    })?;
    Ok(all)
}
