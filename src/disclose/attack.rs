//! The attack: for every withheld cell the lowest and the highest count that an outsider can compute
//! from all that is printed, and that a respondent can who knows its own answers as well.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::cells::Cells;
use super::cohort::Cohort;
use super::linear::{Relation, Row, System};
use super::primary::primary;
use super::respondents::Respondent;
use crate::survey::Policy;

/// What is printed of a cell, as far as an attack is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Printed {
    /// Its value.
    Value,
    /// Limits that it lies within.
    Within(i64, i64),
    /// Nothing.
    Nothing,
}

/// What somebody can compute of a withheld cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Interval {
    pub lowest: i64,
    pub highest: i64,
}

impl Interval {
    /// How far apart its ends are.
    pub fn width(self) -> i64 {
        self.highest - self.lowest
    }
}

/// A withheld cell, or a band in the place of one, that is not protected well enough.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Opened {
    pub cell: usize,
    /// What can be computed; `None` where the attack could not be carried through.
    pub interval: Option<Interval>,
    /// How wide it has to be.
    pub needed: i64,
    /// What the attacker knows beyond what is printed.
    pub knowledge: Knowledge,
}

/// Own answers of those who attack: cells in which they are counted, and cells in which they could have
/// been and are not.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Knowledge {
    pub counted: Vec<usize>,
    pub not_counted: Vec<usize>,
    /// The relations that own answers do not exhaust, and by how much: what holds of all holds of the
    /// others alone, so that these relations are closer by that.
    pub unused: Vec<(usize, i64)>,
}

/// All that an attacker can write down.
#[derive(Debug)]
pub(super) struct Outside<'a> {
    pub cells: &'a Cells,
    pub relations: &'a [Row],
    pub policy: &'a Policy,
    /// The relations that each cell stands in.
    of_cell: Vec<Vec<usize>>,
}

/// What an attack on a whole release came to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What an outsider can compute of each withheld cell, and of each band in the place of one.
    pub intervals: BTreeMap<usize, Interval>,
    /// What is not protected well enough.
    pub opened: Vec<Opened>,
    /// How many independent parts the withheld cells fall into.
    pub parts: usize,
    /// How many different sets of own answers were tried.
    pub coalitions: usize,
}

impl<'a> Outside<'a> {
    pub fn new(cells: &'a Cells, relations: &'a [Row], policy: &'a Policy) -> Outside<'a> {
        let mut of_cell = vec![Vec::new(); cells.all.len()];
        for (at, row) in relations.iter().enumerate() {
            for (cell, _) in &row.terms {
                of_cell[*cell].push(at);
            }
        }
        Outside { cells, relations, policy, of_cell }
    }

    /// The independent parts of what is not printed: cells that share a relation, directly or through
    /// others that are not printed either.
    pub fn parts(&self, printed: &[Printed]) -> Vec<Vec<usize>> {
        self.connected(|cell| printed[cell] != Printed::Value, (0..printed.len()).collect())
    }

    /// The connected components of the cells that `is_in` says, reached from some of them.
    pub fn connected(&self, is_in: impl Fn(usize) -> bool, from: Vec<usize>) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.cells.all.len()];
        let mut parts = Vec::new();
        for start in from {
            if seen[start] || !is_in(start) {
                continue;
            }
            let (mut part, mut waiting) = (Vec::new(), vec![start]);
            seen[start] = true;
            while let Some(cell) = waiting.pop() {
                part.push(cell);
                for other in self.of_cell[cell].iter().flat_map(|&row| &self.relations[row].terms) {
                    if !seen[other.0] && is_in(other.0) {
                        seen[other.0] = true;
                        waiting.push(other.0);
                    }
                }
            }
            part.sort_unstable();
            parts.push(part);
        }
        parts
    }

    /// The relations that any of some cells stands in, each once.
    pub fn relations_of(&self, part: &[usize]) -> Vec<&'a Row> {
        self.places_of(part).into_iter().map(|row| &self.relations[row]).collect()
    }

    fn places_of(&self, part: &[usize]) -> BTreeSet<usize> {
        part.iter().flat_map(|&cell| self.of_cell[cell].iter().copied()).collect()
    }

    /// The same for those who know own answers, each with its constant.
    pub fn relations_for(&self, part: &[usize], knowledge: &Knowledge) -> Vec<(&'a Row, i64)> {
        let rows = self.places_of(part).into_iter().map(|at| {
            let row = &self.relations[at];
            let unused = knowledge.unused.binary_search_by_key(&at, |(row, _)| *row);
            let unused = unused.map_or(0, |found| knowledge.unused[found].1);
            let constant = match row.relation {
                Relation::Equal => row.constant,
                Relation::AtMost => row.constant - unused,
                Relation::AtLeast => row.constant + unused,
            };
            (row, constant)
        });
        rows.collect()
    }

    /// How wide the interval of a withheld cell has to be, for an outsider or for a coalition. What those
    /// of a coalition know of themselves is no secret that others could keep.
    pub fn needed(&self, cell: usize, coalition: Option<&Knowledge>) -> i64 {
        let whole = self.cells.all[cell].room;
        let Some(knowledge) = coalition else { return i64::from(self.policy.narrowest_interval.value).min(whole) };
        // What own answers tell of those who came or left they tell without the panel as well.
        if !matches!(self.cells.all[cell].spot.cohort, Cohort::All | Cohort::AlsoIn(_) | Cohort::NotIn(_)) {
            return 0;
        }
        let is_own = [&knowledge.counted, &knowledge.not_counted].iter().any(|own| own.binary_search(&cell).is_ok());
        let others = if is_own { whole - i64::from(self.policy.coalition.value) } else { whole };
        i64::from(self.policy.coalition_interval.value).min(others.max(0))
    }

    /// The lowest and highest value that a cell can have at all, for those who know own answers.
    pub fn bounds(&self, cell: usize, knowledge: &Knowledge) -> (i64, i64) {
        let own = i64::from(self.policy.coalition.value);
        let one = &self.cells.all[cell];
        let is_in = |cells: &[usize]| cells.binary_search(&cell).is_ok();
        // More than were asked cannot have answered; who they are is decided elsewhere.
        let lowest = if is_in(&knowledge.counted) { own.min(one.value) } else { 0 };
        let rest = one.whole - one.value;
        let highest = if is_in(&knowledge.not_counted) { one.whole - own.min(rest) } else { one.whole };
        (lowest, highest)
    }

    /// What is left to be computed of a part, with the places of its cells among the variables.
    fn system(&self, part: &[usize], printed: &[Printed], knowledge: &Knowledge) -> System {
        let bounds = part.iter().map(|&cell| {
            let (lowest, highest) = self.loose_bounds(cell, printed, knowledge);
            match printed[cell] {
                Printed::Within(from, to) => (lowest.max(from), highest.min(to)),
                _ => (lowest, highest),
            }
        });
        let bounds = bounds.collect();
        let rows = self.relations_for(part, knowledge).into_iter().filter_map(|(row, mut constant)| {
            let mut terms = Vec::with_capacity(row.terms.len());
            for &(cell, factor) in &row.terms {
                match part.binary_search(&cell) {
                    Ok(variable) => terms.push((variable, factor)),
                    // What holds of others that are not printed is left out of a look at a part of a part.
                    Err(_) if printed[cell] != Printed::Value => return None,
                    Err(_) => constant -= factor * self.cells.all[cell].value,
                }
            }
            Some(Row { terms, relation: row.relation, constant })
        });
        let mut rows: Vec<Row> = rows.collect();
        rows.extend(self.unknown_wholes(part, printed, knowledge));
        System { bounds, rows }
    }

    /// The bounds of a cell as far as they do not rest on a base that is itself not printed.
    fn loose_bounds(&self, cell: usize, printed: &[Printed], knowledge: &Knowledge) -> (i64, i64) {
        let (lowest, highest) = self.bounds(cell, knowledge);
        let base = self.cells.base_of(cell);
        if base != cell && printed[base] != Printed::Value {
            // Whatever the base is, it is no more than those who could have been asked.
            return (lowest, self.cells.all[base].whole);
        }
        (lowest, highest)
    }

    /// That somebody is not counted in a cell leaves the others of a base that is not printed.
    fn unknown_wholes(&self, part: &[usize], printed: &[Printed], knowledge: &Knowledge) -> Vec<Row> {
        let own = i64::from(self.policy.coalition.value);
        let rows = knowledge.not_counted.iter().filter_map(|&cell| {
            let base = self.cells.base_of(cell);
            if base == cell || printed[base] == Printed::Value {
                return None;
            }
            let one = &self.cells.all[cell];
            let terms = [(cell, 1), (base, -1)].map(|(cell, factor)| Some((part.binary_search(&cell).ok()?, factor)));
            let terms: Option<Vec<(usize, i64)>> = terms.into_iter().collect();
            Some(Row { terms: terms?, relation: Relation::AtMost, constant: -own.min(one.whole - one.value) })
        });
        rows.collect()
    }

    /// Holds every cell of a part against what somebody can compute of it. `look` is shown each with what it
    /// has to be wide, whether it is, and its ends; these are exact where that is asked for or the cell is
    /// opened, and lie within the true ones otherwise.
    fn hold(
        &self,
        part: &[usize],
        printed: &[Printed],
        knowledge: &Knowledge,
        is_exact: bool,
        look: &mut dyn FnMut(usize, i64, bool, Option<Interval>) -> bool,
    ) {
        let coalition = (*knowledge != Knowledge::default()).then_some(knowledge);
        let prepared = self.system(part, printed, knowledge).prepare();
        for (variable, &cell) in part.iter().enumerate() {
            let needed = self.needed_of(cell, printed[cell], coalition);
            let Ok(prepared) = &prepared else {
                if !look(cell, needed, needed == 0, None) {
                    return;
                }
                continue;
            };
            let prepared = prepared.as_ref().expect("the true values are a point of the system");
            let value = self.cells.all[cell].value;
            // Most intervals reach so far to both sides; only of the others the ends matter.
            let wanted = (value - needed / 2, value + needed - needed / 2);
            let objective = [(variable, 1)];
            let interval = |(lowest, highest): (i64, i64)| Interval { lowest, highest };
            let reached = prepared.reaches(&objective, wanted).ok().map(interval);
            let is_wide = |interval: &Interval| interval.width() >= needed;
            let interval = match reached {
                Some(reached) if is_wide(&reached) && !is_exact => Some(reached),
                // Where the ends cannot be found, those that were reached are within them.
                reached => prepared.range(&objective).ok().map(interval).or(reached.filter(is_wide)),
            };
            if !look(cell, needed, needed == 0 || interval.as_ref().is_some_and(is_wide), interval) {
                return;
            }
        }
    }

    /// Whether too much must not be known of a cell: it is withheld, or would be if it were not for a band or
    /// because nobody prints it anyway. What is withheld of the panel to protect others is no secret.
    fn is_held(&self, cell: usize, printed: Printed) -> bool {
        match printed {
            Printed::Value => false,
            Printed::Nothing if self.cells.all[cell].spot.cohort == Cohort::All => true,
            Printed::Within(..) | Printed::Nothing => primary(&self.cells.all[cell], self.policy).is_some(),
        }
    }

    /// Attacks a part as an outsider, and as everybody who is counted in it.
    pub fn attack_part(
        &self,
        part: &[usize],
        printed: &[Printed],
        respondents: &[Respondent],
        is_exact: bool,
    ) -> Outcome {
        let mut outcome = Outcome { parts: 1, ..Outcome::default() };
        let Outcome { intervals, opened, coalitions, .. } = &mut outcome;
        let nothing = Knowledge::default();
        self.hold(part, printed, &nothing, is_exact, &mut |cell, needed, is_wide, interval| {
            intervals.extend(interval.filter(|_| self.is_held(cell, printed[cell])).map(|interval| (cell, interval)));
            if !is_wide {
                opened.push(Opened { cell, interval, needed, knowledge: nothing.clone() });
            }
            true
        });
        // While it is mended, what is open to everybody need not be tried with own answers.
        if self.policy.coalition.value > 0 && (is_exact || opened.is_empty()) {
            for knowledge in self.knowledge(part, respondents) {
                *coalitions += 1;
                self.hold(part, printed, &knowledge, false, &mut |cell, needed, is_wide, interval| {
                    if !is_wide {
                        opened.push(Opened { cell, interval, needed, knowledge: knowledge.clone() });
                    }
                    true
                });
            }
        }
        outcome
    }

    /// Whether nothing of a part is opened. `part` may be a part of a connected one: then the answer may be
    /// too favourable, and the whole has to be attacked in the end.
    pub fn is_closed(&self, part: &[usize], printed: &[Printed], respondents: &[Respondent]) -> bool {
        let own = if self.policy.coalition.value > 0 { self.knowledge(part, respondents) } else { BTreeSet::new() };
        std::iter::once(&Knowledge::default()).chain(&own).all(|knowledge| {
            let mut is_closed = true;
            self.hold(part, printed, knowledge, false, &mut |_, _, is_wide, _| {
                is_closed &= is_wide;
                is_closed
            });
            is_closed
        })
    }

    /// How wide an interval has to be, by what is printed; 0 where it does not matter.
    fn needed_of(&self, cell: usize, printed: Printed, coalition: Option<&Knowledge>) -> i64 {
        if self.is_held(cell, printed) { self.needed(cell, coalition) } else { 0 }
    }

    /// What respondents know of a part, each set of own answers once.
    fn knowledge(&self, part: &[usize], respondents: &[Respondent]) -> BTreeSet<Knowledge> {
        let rows = self.places_of(part);
        let of = |respondent: &Respondent| {
            let own = |cells: &[usize]| -> Vec<usize> {
                part.iter().copied().filter(|cell| cells.binary_search(cell).is_ok()).collect()
            };
            let unused = rows.iter().map(|&row| (row, self.unused(row, respondent)));
            let unused = unused.filter(|(_, unused)| *unused != 0).collect();
            Knowledge { counted: own(&respondent.counted), not_counted: own(&respondent.not_counted), unused }
        };
        let all = respondents.iter().map(of);
        all.filter(|knowledge| *knowledge != Knowledge::default()).collect()
    }

    /// How much of a relation the own answers of a respondent leave. They alone keep it, with nothing for
    /// its constant but the own share of the nonresponse where it leads from one question to another.
    fn unused(&self, row: usize, respondent: &Respondent) -> i64 {
        let row = &self.relations[row];
        let prompt = |cell: usize| self.cells.all[cell].spot.prompt;
        let is_between = row.terms.iter().any(|(cell, _)| prompt(*cell) != prompt(row.terms[0].0));
        let is_in = |cells: &[usize], cell: usize| cells.binary_search(&cell).is_ok();
        let is_own = |cell: usize| is_in(&respondent.counted, cell) || (is_between && is_in(&respondent.silent, cell));
        let own: i64 = row.terms.iter().filter(|(cell, _)| is_own(*cell)).map(|(_, factor)| factor).sum();
        match row.relation {
            Relation::Equal => 0,
            Relation::AtMost => (-own).max(0),
            Relation::AtLeast => own.max(0),
        }
    }

    /// Attacks a whole release, its parts side by side.
    pub fn attack(&self, printed: &[Printed], respondents: &[Respondent]) -> Outcome {
        let parts = self.parts(printed);
        let outcomes: Vec<Outcome> =
            parts.par_iter().map(|part| self.attack_part(part, printed, respondents, true)).collect();
        let mut whole = Outcome::default();
        for outcome in outcomes {
            whole.intervals.extend(outcome.intervals);
            whole.opened.extend(outcome.opened);
            whole.parts += outcome.parts;
            whole.coalitions += outcome.coalitions;
        }
        whole.opened.sort();
        whole
    }
}
