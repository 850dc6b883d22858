//! The cells of a release: every count and every base of every scope that it is about, as one list
//! that relations, attacks and marks refer to by position.

use std::collections::BTreeMap;

use crate::survey::{Audience, Circle, Policy, Prompt, QuestionIndex, SectorIndex, Shown, Survey};
use crate::tabulate::{Figures, Scope, Tabulation};

/// What a cell counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Those who were asked and answered.
    Base,
    /// Those who chose an option, or any of a net.
    Count(Shown),
}

/// Where a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// Whom it is about.
    pub scope: Scope,
    /// What was asked.
    pub prompt: Prompt,
    /// What is counted.
    pub measure: Measure,
}

/// A cell with its true value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub spot: Spot,
    pub value: i64,
    /// What it is a part of: its base; of a base, those who could have been asked.
    pub whole: i64,
    /// How many of those asked gave no usable answer; outsiders are taken to know it.
    pub nonresponse: i64,
    /// Whether everybody knows it anyway: the base of a question that is asked of all.
    pub is_known: bool,
    /// What is lost if it is withheld.
    pub weight: i64,
}

/// All cells of a release.
#[derive(Debug)]
pub(super) struct Cells {
    pub all: Vec<Cell>,
    places: BTreeMap<Spot, usize>,
}

/// Withholding a figure of a whole sector loses this many times what a sub-sector's loses …
const WHOLE_SECTOR: i64 = 1_000;
/// … and withholding one that a chart of the publication shows, so many times that.
const DRAWN: i64 = 1_000;

impl Cells {
    /// The cells of the sectors that a policy lets anything be said about.
    pub fn of(survey: &Survey, tabulation: &Tabulation, policy: &Policy) -> Cells {
        let mut all = Vec::new();
        for table in &tabulation.distributions {
            let index = table.question();
            let mut last: Option<(Scope, Option<u16>)> = None;
            for (key, figures) in table.cells() {
                if !is_covered(survey, policy, key.scope) {
                    continue;
                }
                let prompt = Prompt { question: index, item: key.item };
                if last.replace((key.scope, key.item)) != Some((key.scope, key.item)) {
                    all.push(base(survey, tabulation, key.scope, prompt, *figures));
                }
                let shown = key.category.expect("a distribution is over options and nets");
                let spot = Spot { scope: key.scope, prompt, measure: Measure::Count(shown) };
                all.push(Cell {
                    spot,
                    value: i64::from(figures.count),
                    whole: i64::from(figures.base),
                    nonresponse: i64::from(figures.nonresponse()),
                    is_known: false,
                    weight: weight(survey, key.scope, index, shown, i64::from(figures.count)),
                });
            }
        }
        all.sort_by_key(|cell| cell.spot);
        let places = all.iter().enumerate().map(|(place, cell)| (cell.spot, place)).collect();
        let mut cells = Cells { all, places };
        cells.weigh_bases();
        cells
    }

    /// A base is lost with all that stands on it.
    fn weigh_bases(&mut self) {
        let mut sums: BTreeMap<(Scope, Prompt), i64> = BTreeMap::new();
        for cell in self.all.iter().filter(|cell| cell.spot.measure != Measure::Base) {
            *sums.entry((cell.spot.scope, cell.spot.prompt)).or_default() += cell.weight;
        }
        for cell in self.all.iter_mut().filter(|cell| cell.spot.measure == Measure::Base) {
            cell.weight += sums.get(&(cell.spot.scope, cell.spot.prompt)).copied().unwrap_or(0);
        }
    }

    /// The place of a cell.
    pub fn place(&self, spot: Spot) -> Option<usize> {
        self.places.get(&spot).copied()
    }

    /// The place of the base that a cell rests on; of a base, its own.
    pub fn base_of(&self, place: usize) -> usize {
        let spot = Spot { measure: Measure::Base, ..self.all[place].spot };
        self.place(spot).expect("every group has a base")
    }

    /// The counts that rest on a base.
    pub fn group(&self, base: usize) -> impl Iterator<Item = usize> + '_ {
        let Spot { scope, prompt, .. } = self.all[base].spot;
        let is_its = move |place: &usize| {
            let spot = self.all[*place].spot;
            (spot.scope, spot.prompt) == (scope, prompt)
        };
        // The base is the first of its group, and the group stands together.
        (base + 1..self.all.len()).take_while(is_its)
    }
}

/// Whether anything may be said about a scope.
pub(super) fn is_covered(survey: &Survey, policy: &Policy, scope: Scope) -> bool {
    let sector = &survey.sectors[scope.sector.position()];
    let is_for_them = policy.circle == Circle::Feedback || sector.audience == Audience::Public;
    is_for_them && !is_never(policy, scope.sector) && (scope.subsector.is_none() || policy.subsectors)
}

fn is_never(policy: &Policy, sector: SectorIndex) -> bool {
    policy.never.contains(&sector)
}

fn base(survey: &Survey, tabulation: &Tabulation, scope: Scope, prompt: Prompt, figures: Figures) -> Cell {
    let gate = survey.question(prompt.question).gate.as_ref();
    let members = tabulation.populations.get(&scope).map_or(0, |population| population.members);
    let whole = match gate {
        None => i64::from(members),
        Some(gate) => {
            let deciding = tabulation.distributions.iter().find(|table| table.question() == gate.question);
            let cell = deciding.and_then(|table| table.cell(scope, None, Some(Shown::Option(0))));
            cell.map_or(i64::from(members), |figures| i64::from(figures.base))
        }
    };
    Cell {
        spot: Spot { scope, prompt, measure: Measure::Base },
        value: i64::from(figures.base),
        whole,
        nonresponse: i64::from(figures.nonresponse()),
        is_known: gate.is_none(),
        weight: 1,
    }
}

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
