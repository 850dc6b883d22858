//! The attack: for every withheld cell the lowest and the highest count that an outsider can compute
//! from all that is printed, and that a respondent can who knows its own answers as well.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::cells::Cells;
use super::linear::{Relation, Row, System, Undecided};
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
        let whole = self.cells.all[cell].whole;
        let Some(knowledge) = coalition else { return i64::from(self.policy.narrowest_interval.value).min(whole) };
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
        let rows = self.relations_for(part, knowledge).into_iter().map(|(row, mut constant)| {
            let mut terms = Vec::with_capacity(row.terms.len());
            for &(cell, factor) in &row.terms {
                match part.binary_search(&cell) {
                    Ok(variable) => terms.push((variable, factor)),
                    Err(_) => constant -= factor * self.cells.all[cell].value,
                }
            }
            Row { terms, relation: row.relation, constant }
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

    /// What can be computed of each withheld cell of a part.
    pub fn intervals(
        &self,
        part: &[usize],
        printed: &[Printed],
        knowledge: &Knowledge,
    ) -> Vec<(usize, Result<Interval, Undecided>)> {
        let prepared = self.system(part, printed, knowledge).prepare();
        let of = |variable: usize| -> Result<Interval, Undecided> {
            let prepared = prepared.as_ref().map_err(|undecided| *undecided)?;
            let prepared = prepared.as_ref().expect("the true values are a point of the system");
            let (lowest, highest) = prepared.range(&[(variable, 1)])?;
            Ok(Interval { lowest, highest })
        };
        part.iter().enumerate().map(|(variable, &cell)| (cell, of(variable))).collect()
    }

    /// Whether too much must not be known of a cell: it is withheld, or would be if it were not for a band.
    fn is_held(&self, cell: usize, printed: Printed) -> bool {
        match printed {
            Printed::Value => false,
            Printed::Within(..) => primary(&self.cells.all[cell], self.policy).is_some(),
            Printed::Nothing => true,
        }
    }

    /// Attacks a part as an outsider, and as everybody who is counted in it.
    pub fn attack_part(&self, part: &[usize], printed: &[Printed], respondents: &[Respondent]) -> Outcome {
        let mut outcome = Outcome { parts: 1, ..Outcome::default() };
        let hold = |coalition: Option<&Knowledge>, outcome: &mut Outcome| {
            let nothing = Knowledge::default();
            let knowledge = coalition.unwrap_or(&nothing);
            for (cell, interval) in self.intervals(part, printed, knowledge) {
                if !self.is_held(cell, printed[cell]) {
                    continue;
                }
                if let (Ok(interval), None) = (&interval, coalition) {
                    outcome.intervals.insert(cell, *interval);
                }
                let needed = self.needed(cell, coalition);
                let interval = interval.ok();
                if interval.is_none_or(|interval| interval.width() < needed) {
                    outcome.opened.push(Opened { cell, interval, needed, knowledge: knowledge.clone() });
                }
            }
        };
        hold(None, &mut outcome);
        if self.policy.coalition.value > 0 {
            for knowledge in self.knowledge(part, respondents) {
                outcome.coalitions += 1;
                hold(Some(&knowledge), &mut outcome);
            }
        }
        outcome
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
            parts.par_iter().map(|part| self.attack_part(part, printed, respondents)).collect();
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
