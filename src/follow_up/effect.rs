//! What a query is worth: by how many points a published figure can move at most when the
//! institution answers.
//!
//! With a base of b and a count of c, an institution within the base moves a percentage by at most
//! 1/b when it answers otherwise, and by max(c, b − c) / (b (b − 1)) when it leaves the base; one
//! outside the base moves it by max(c, b − c) / (b (b + 1)) when it joins. Exact fractions; rounded
//! half up to hundredths of a point when they are printed.

use std::cmp::Ordering;
use std::fmt;

use super::query::Query;
use crate::survey::{Audience, Figure, Membership, Prompt, QuestionIndex, SectorIndex, Shown, Survey};
use crate::tabulate::{Figures, Scope, Tabulation};

/// A number of percentage points, exact.
#[derive(Debug, Clone, Copy)]
pub struct Points {
    numerator: u64,
    denominator: u64,
}

impl Points {
    /// No effect at all.
    pub const NONE: Points = Points { numerator: 0, denominator: 1 };

    /// The largest change of a percentage that one institution can bring about.
    pub fn at_most(figures: Figures) -> Points {
        let (count, base) = (u64::from(figures.count), u64::from(figures.base));
        let larger = count.max(base.saturating_sub(count));
        match base {
            // The first to answer makes the figure.
            0 => Points { numerator: 1, denominator: 1 },
            // The only one in the base: the whole figure.
            1 => Points { numerator: 1, denominator: 1 },
            _ => {
                let otherwise = Points { numerator: 1, denominator: base };
                let leaving = Points { numerator: larger, denominator: base * (base - 1) };
                let joining = Points { numerator: larger, denominator: base * (base + 1) };
                otherwise.max(leaving).max(joining)
            }
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

/// What a query is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// By how many points at most.
    pub points: Points,
    /// The figure that moves most, in words; empty where none does.
    pub figure: String,
}

/// What each query is worth in the published figures, in the order given. `memberships` says in
/// which sectors an institution is.
pub fn effects<'m>(
    survey: &Survey,
    tabulation: &Tabulation,
    queries: &[Query],
    memberships: &dyn Fn(&str) -> &'m [Membership],
) -> Vec<Effect> {
    let of = |query: &Query| {
        let sectors: Vec<SectorIndex> =
            memberships(&query.institution).iter().map(|membership| membership.sector).collect();
        let mut best = Effect { points: Points::NONE, figure: String::new() };
        for &prompt in &query.prompts {
            for figure in moved_figures(survey, prompt) {
                look_at(survey, tabulation, figure, prompt, &sectors, &mut best);
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
    tabulation: &Tabulation,
    figure: &Figure,
    prompt: Prompt,
    sectors: &[SectorIndex],
    best: &mut Effect,
) {
    let Some(table) = tabulation.distributions.iter().find(|table| table.question() == figure.question) else {
        return;
    };
    for (sector, reference) in &figure.sectors {
        let known = &survey.sectors[sector.position()];
        if known.audience != Audience::Public || !sectors.contains(sector) {
            continue;
        }
        let scope = Scope { sector: *sector, subsector: None };
        for (key, figures) in table.cells().iter().filter(|(key, _)| key.scope == scope) {
            // Another item of a grid does not move; what depends on a gate does, whatever the item.
            let is_other = figure.question == prompt.question && key.item != prompt.item;
            let is_drawn = key.category.is_some_and(|category| figure.shows.contains(&category));
            let points = Points::at_most(*figures);
            if is_other || !is_drawn || points <= best.points {
                continue;
            }
            let question = survey.question(figure.question);
            let label = match key.category {
                Some(Shown::Option(option)) => &question.options[usize::from(option)].label,
                Some(Shown::Net(net)) => &question.nets[usize::from(net)].label,
                None => continue,
            };
            let number = reference.as_ref().map(|number| format!("{number} ")).unwrap_or_default();
            *best = Effect { points, figure: format!("{} {number}{}「{label}」", known.name, figure.title) };
        }
    }
}
