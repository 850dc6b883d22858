//! The answers behind a release: those of each sector and sub-sector, the cells that count them, and the knowledge
//! that each respondent has from its own answers.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::{Address, Behind, Cell, Cells, Cohort, Measure};
use super::coverage::is_covered;
use super::refusal::Refusal;
use super::rule::{AdverseEnds, adverse_ends};
use crate::compare::{Replies, Reply};
use crate::survey::{Policy, Prompt, QuestionIndex, SectorIndex, Shown, Survey};
use crate::tabulate::Scope;

/// The answer of a respondent to a prompt.
#[derive(Debug, Clone, Copy)]
struct Answer<'a> {
    respondent: &'a str,
    /// The options it chose; `None` where it gave no usable answer.
    chosen: Option<&'a [u16]>,
    /// Whether an earlier answer let it through to the prompt; `None` where none decides it, or that one is missing.
    passed: Option<bool>,
}

/// The answers of a cohort of a sector or sub-sector to a prompt.
#[derive(Debug, Clone)]
struct Answers<'a> {
    cohort: Cohort,
    scope: Scope,
    prompt: Prompt,
    answers: Vec<Answer<'a>>,
}

/// For each respondent, by its code, the cells that it is counted in, ascending.
pub(super) type Respondents = BTreeMap<String, Vec<usize>>;

/// The cells of a release, and its respondents.
#[derive(Debug)]
pub(super) struct Counted {
    pub cells: Cells,
    pub respondents: Respondents,
}

/// Counts everything that a release covers.
pub(super) fn count(survey: &Survey, replies: &Replies, policy: &Policy) -> Result<Counted, Refusal> {
    count_some(survey, replies, policy, Behind::Present, &|_| true)
}

/// The same of some institutions only.
pub(super) fn count_some(
    survey: &Survey,
    replies: &Replies,
    policy: &Policy,
    behind: Behind,
    is_one: &dyn Fn(&str) -> bool,
) -> Result<Counted, Refusal> {
    let covered = replies.members.iter().filter(|(scope, _)| is_covered(survey, policy, **scope));
    let members: BTreeMap<Scope, BTreeSet<&str>> = covered
        .map(|(scope, members)| (*scope, members.iter().map(String::as_str).filter(|code| is_one(code)).collect()))
        .collect();
    let mut all = Vec::new();
    for (&scope, members) in &members {
        for prompt in asked(survey, scope.sector) {
            let answers = members.iter().map(|code| answer(survey, replies, code, prompt)).collect();
            all.push(Answers { cohort: Cohort::All, scope, prompt, answers });
        }
    }
    refuse_three_sectors(survey, &members)?;
    all.extend(in_two_sectors(&members, &all));
    let mut cells = Cells::new(all.iter().flat_map(|one| cells_of(survey, one, behind)).collect());
    weigh_bases(&mut cells);
    let respondents = respondents(survey, &cells, &all, behind);
    Ok(Counted { cells, respondents })
}

/// The prompts of a sector that have options.
fn asked(survey: &Survey, sector: SectorIndex) -> impl Iterator<Item = Prompt> + '_ {
    survey.prompts().filter(move |prompt| {
        let question = survey.question(prompt.question);
        question.kind.has_options() && question.sectors.contains(&sector)
    })
}

fn answer<'a>(survey: &Survey, replies: &'a Replies, respondent: &'a str, prompt: Prompt) -> Answer<'a> {
    let passed = survey.question(prompt.question).gate.as_ref().and_then(|gate| {
        match replies.of(respondent, Prompt { question: gate.question, item: None }) {
            Reply::Given(decided) => Some(decided.iter().any(|option| gate.accepted(prompt.item).contains(option))),
            Reply::NotAsked | Reply::Missing => None,
        }
    });
    let chosen = match replies.of(respondent, prompt) {
        Reply::Given(chosen) => Some(chosen.as_slice()),
        Reply::NotAsked | Reply::Missing => None,
    };
    Answer { respondent, chosen, passed }
}

/// More than two sectors with members in common may reveal together more than is attacked: such a release is refused.
fn refuse_three_sectors(survey: &Survey, members: &BTreeMap<Scope, BTreeSet<&str>>) -> Result<(), Refusal> {
    let whole = members.iter().filter(|(scope, _)| scope.subsector.is_none());
    let mut together: Vec<(BTreeSet<SectorIndex>, BTreeSet<&str>)> = Vec::new();
    for (scope, own) in whole {
        let (near, others): (Vec<_>, Vec<_>) = together.into_iter().partition(|(_, codes)| !codes.is_disjoint(own));
        together = others;
        let sectors = near.iter().flat_map(|(sectors, _)| sectors.iter().copied()).chain([scope.sector]).collect();
        let codes = near.iter().flat_map(|(_, codes)| codes.iter().copied()).chain(own.iter().copied()).collect();
        together.push((sectors, codes));
    }
    match together.into_iter().find(|(sectors, _)| sectors.len() > 2) {
        None => Ok(()),
        Some((sectors, _)) => {
            let name = |sector: &SectorIndex| survey.sectors[sector.position()].id.clone();
            Err(Refusal::ThreeSectors { sectors: sectors.iter().map(name).collect() })
        }
    }
}

/// Sectors and sub-sectors that have members in common with those of another sector: those, and the others of each.
fn in_two_sectors<'a>(members: &BTreeMap<Scope, BTreeSet<&str>>, all: &[Answers<'a>]) -> Vec<Answers<'a>> {
    let by_scope: BTreeMap<(Scope, Prompt), &Answers<'a>> =
        all.iter().map(|one| ((one.scope, one.prompt), one)).collect();
    let mut parts = Vec::new();
    for (&one, own) in members {
        let others = members.iter().filter(|(other, _)| one.sector < other.sector);
        for (&other, theirs) in others.filter(|(_, theirs)| !own.is_disjoint(theirs)) {
            for (&(_, prompt), first) in by_scope.iter().filter(|((scope, _), _)| *scope == one) {
                let Some(second) = by_scope.get(&(other, prompt)) else { continue };
                let part = |answers: &Answers<'a>, cohort, others: &BTreeSet<&str>, is_in: bool| {
                    let such = answers.answers.iter().filter(|one| others.contains(one.respondent) == is_in);
                    Answers { cohort, answers: such.copied().collect(), ..*answers }
                };
                parts.push(part(first, Cohort::AlsoIn(other), theirs, true));
                parts.push(part(first, Cohort::NotIn(other), theirs, false));
                parts.push(part(second, Cohort::NotIn(one), own, false));
            }
        }
    }
    parts
}

fn number(count: usize) -> i64 {
    i64::try_from(count).expect("fewer than 2^63 institutions")
}

/// Base, nonresponse, options and nets of a prompt.
fn cells_of(survey: &Survey, of: &Answers<'_>, behind: Behind) -> Vec<Cell> {
    let question = survey.question(of.prompt.question);
    let is_gated = question.gate.is_some();
    let answers = &of.answers;
    let asked = answers.iter().filter(|one| !is_gated || one.passed.is_some()).count();
    let silent = answers.iter().filter(|one| one.passed == Some(true) && one.chosen.is_none()).count();
    let base = number(answers.iter().filter(|one| one.chosen.is_some()).count());
    let is_printable = of.cohort == Cohort::All && matches!(behind, Behind::Present | Behind::Earlier);
    let address = |prompt, measure| Address { behind, cohort: of.cohort, scope: of.scope, prompt, measure };
    let deciding = question.gate.as_ref().map(|gate| Prompt { question: gate.question, item: None });
    let cell = |measure, value, whole| Cell {
        address: address(of.prompt, measure),
        value,
        whole,
        whole_at: address(deciding.filter(|_| measure == Measure::Base).unwrap_or(of.prompt), Measure::Base),
        nonresponse: number(silent),
        is_known: measure == Measure::Nonresponse || (measure == Measure::Base && !is_gated),
        is_printable: is_printable && measure != Measure::Nonresponse,
        weight: 1,
        adverse_ends: AdverseEnds::default(),
    };
    let mut cells = vec![cell(Measure::Base, base, number(asked))];
    if is_gated {
        cells.push(cell(Measure::Nonresponse, number(silent), number(silent)));
    }
    for category in question.categories() {
        let options = question.options_of(category);
        let is_any = |chosen: &[u16]| chosen.iter().any(|option| options.contains(option));
        let count = number(answers.iter().filter(|one| one.chosen.is_some_and(is_any)).count());
        let weight = weight(survey, of.scope, of.prompt.question, category, count);
        cells.push(Cell { weight, ..cell(Measure::Count(category), count, base) });
    }
    for cell in &mut cells {
        cell.adverse_ends = adverse_ends(survey, cell);
    }
    cells
}

/// A figure of a whole sector loses so many times what a sub-sector's loses …
const WHOLE_SECTOR: i64 = 1_000;
/// … and one that a chart of the publication shows, so many times that.
const DRAWN: i64 = 1_000;

fn weight(survey: &Survey, scope: Scope, question: QuestionIndex, shown: Shown, count: i64) -> i64 {
    if scope.subsector.is_some() {
        return 1 + count;
    }
    let is_drawn = survey.figures.iter().any(|figure| {
        let is_lead = figure.lead.as_ref().is_some_and(|lead| {
            lead.question == question && matches!(shown, Shown::Option(option) if lead.options.contains(&option))
        });
        let is_shown = figure.question == question && figure.shows.contains(&shown);
        (is_shown || is_lead) && figure.sectors.iter().any(|(sector, _)| *sector == scope.sector)
    });
    (1 + count) * WHOLE_SECTOR * if is_drawn { DRAWN } else { 1 }
}

/// A base is worth all that rests on it.
fn weigh_bases(cells: &mut Cells) {
    for base in 0..cells.all.len() {
        if cells.all[base].address.measure == Measure::Base {
            let all: i64 = cells.counts_on(base).map(|cell| cells.all[cell].weight).sum();
            cells.all[base].weight = 1 + all;
        }
    }
}

/// For each respondent the cells that it is counted in.
fn respondents(survey: &Survey, cells: &Cells, all: &[Answers<'_>], behind: Behind) -> Respondents {
    let mut respondents: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for one in all {
        let at = |measure| {
            let address = Address { behind, cohort: one.cohort, scope: one.scope, prompt: one.prompt, measure };
            cells.position(address)
        };
        let question = survey.question(one.prompt.question);
        let categories: Vec<(usize, Vec<u16>)> = question
            .categories()
            .filter_map(|category| Some((at(Measure::Count(category))?, question.options_of(category))))
            .collect();
        for answer in &one.answers {
            let counted = match (answer.chosen, answer.passed) {
                (Some(chosen), _) => {
                    let is_in = |(_, options): &&(usize, Vec<u16>)| options.iter().any(|one| chosen.contains(one));
                    let counts = categories.iter().filter(is_in).map(|(cell, _)| *cell);
                    at(Measure::Base).into_iter().chain(counts).collect()
                }
                (None, Some(true)) => at(Measure::Nonresponse).into_iter().collect(),
                (None, _) => Vec::new(),
            };
            let cells: Vec<usize> = counted;
            respondents.entry(answer.respondent).or_default().extend(cells);
        }
    }
    let sorted = respondents.into_iter().map(|(code, mut cells)| {
        cells.sort_unstable();
        (code.to_owned(), cells)
    });
    sorted.collect()
}
