//! The effect of a query: the most points by which a published figure can move when the institution replies.
//!
//! With a base of b and a count of c, an institution within the base moves a percentage by 1/b at
//! most, whether it answers otherwise or leaves the base (by (b − c) / (b (b − 1)) if it chose the
//! option, which then c ≥ 1 did, and by c / (b (b − 1)) if it did not, and then c ≤ b − 1). One that
//! joins the base moves it by max(c, b − c) / (b (b + 1)). Exact fractions, rounded half up to
//! hundredths of a point when they are printed.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;

use super::query::Query;
use crate::survey::{Audience, Figure, Prompt, QuestionIndex, SectorIndex, Shown, Survey};
use crate::validate::{Answers, Given};

/// The distribution of the answers so far: enough to compute the effect of one of them.
#[derive(Debug, Clone, Default)]
pub struct Distribution {
    bases: HashMap<(SectorIndex, Prompt), u32>,
    counts: HashMap<(SectorIndex, Prompt, Shown), u32>,
}

impl Distribution {
    /// Counts the answers of an institution in each of its sectors.
    pub fn add(&mut self, survey: &Survey, sectors: &[SectorIndex], answers: &Answers) {
        let few = |position: usize| u16::try_from(position).expect("a question has few nets");
        for (&prompt, given) in answers {
            let Given::Options(chosen) = given else { continue };
            let nets = &survey.question(prompt.question).nets;
            for &sector in sectors {
                *self.bases.entry((sector, prompt)).or_default() += 1;
                let reached =
                    nets.iter().enumerate().filter(|(_, net)| net.options.iter().any(|one| chosen.contains(one)));
                let nets = reached.map(|(position, _)| Shown::Net(few(position)));
                for shown in chosen.iter().map(|&option| Shown::Option(option)).chain(nets) {
                    *self.counts.entry((sector, prompt, shown)).or_default() += 1;
                }
            }
        }
    }

    fn base(&self, sector: SectorIndex, prompt: Prompt) -> u32 {
        self.bases.get(&(sector, prompt)).copied().unwrap_or(0)
    }

    fn count(&self, sector: SectorIndex, prompt: Prompt, shown: Shown) -> u32 {
        self.counts.get(&(sector, prompt, shown)).copied().unwrap_or(0)
    }
}

/// A number of percentage points, exact.
#[derive(Debug, Clone, Copy)]
pub struct Points {
    numerator: u64,
    denominator: u64,
}

impl Points {
    /// No effect at all.
    pub const NONE: Points = Points { numerator: 0, denominator: 1 };

    /// The largest change of a percentage that an institution within its base can bring about.
    pub fn within(base: u32) -> Points {
        Points { numerator: 1, denominator: u64::from(base.max(1)) }
    }

    /// The largest change of a percentage that an institution brings about by joining its base; the
    /// first one makes the figure.
    pub fn joining(count: u32, base: u32) -> Points {
        let (count, base) = (u64::from(count), u64::from(base));
        match base {
            0 => Points { numerator: 1, denominator: 1 },
            _ => Points { numerator: count.max(base.saturating_sub(count)), denominator: base * (base + 1) },
        }
    }
}

impl PartialEq for Points {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Points {}

impl PartialOrd for Points {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Points {
    fn cmp(&self, other: &Self) -> Ordering {
        let cross = |one: u64, two: u64| u128::from(one) * u128::from(two);
        cross(self.numerator, other.denominator).cmp(&cross(other.numerator, self.denominator))
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (numerator, denominator) = (u128::from(self.numerator), u128::from(self.denominator));
        let hundredths = (2 * 10_000 * numerator + denominator) / (2 * denominator);
        f.pad(&format!("{}.{:02}", hundredths / 100, hundredths % 100))
    }
}

/// The effect of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// By how many points at most.
    pub points: Points,
    /// The figure that moves most, in words; empty where none does.
    pub figure: String,
}

/// The effect of each query on the published figures, in the order given. `sectors` gives the sectors of an
/// institution.
pub fn effects(
    survey: &Survey,
    distribution: &Distribution,
    queries: &[Query],
    sectors: &dyn Fn(&str) -> Vec<SectorIndex>,
) -> Vec<Effect> {
    let of = |query: &Query| {
        let sectors = sectors(&query.institution);
        let mut best = Effect { points: Points::NONE, figure: String::new() };
        for &prompt in &query.prompts {
            for figure in moved_figures(survey, prompt) {
                // Only answers that count can fail an edit; all other queries are about answers that do not. An
                // institution that changes its answer to a gate may join or leave the base of the questions behind
                // it.
                let joins = query.edit.is_empty() && figure.question == prompt.question;
                look_at(survey, distribution, figure, (prompt, joins), &sectors, &mut best);
            }
        }
        best
    };
    queries.iter().map(of).collect()
}

/// The figures that an answer moves: those of its question, and of the questions it is the gate of.
fn moved_figures(survey: &Survey, prompt: Prompt) -> impl Iterator<Item = &Figure> {
    let depends = move |question: QuestionIndex| {
        question == prompt.question
            || survey.question(question).gate.as_ref().is_some_and(|gate| gate.question == prompt.question)
    };
    survey.figures.iter().filter(move |figure| depends(figure.question))
}

fn look_at(
    survey: &Survey,
    distribution: &Distribution,
    figure: &Figure,
    (prompt, joins): (Prompt, bool),
    sectors: &[SectorIndex],
    best: &mut Effect,
) {
    let question = survey.question(figure.question);
    // Another item of a grid does not move; each item of a question behind the gate does.
    let moved: Vec<Prompt> =
        if figure.question == prompt.question { vec![prompt] } else { question.prompts(figure.question).collect() };
    for (sector, reference) in &figure.sectors {
        let known = &survey.sectors[sector.position()];
        if known.audience != Audience::Public || !sectors.contains(sector) {
            continue;
        }
        for (&moved, &shown) in moved.iter().flat_map(|moved| figure.shows.iter().map(move |shown| (moved, shown))) {
            let base = distribution.base(*sector, moved);
            let count = distribution.count(*sector, moved, shown);
            let points = if joins { Points::joining(count, base) } else { Points::within(base) };
            if points <= best.points {
                continue;
            }
            let label = match shown {
                Shown::Option(option) => &question.options[usize::from(option)].label,
                Shown::Net(net) => &question.nets[usize::from(net)].label,
            };
            let printed = (survey.texts().desk.figure)(&known.name, reference.as_deref(), &figure.title, label);
            *best = Effect { points, figure: printed };
        }
    }
}
