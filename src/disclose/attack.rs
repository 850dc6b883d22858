//! The attack: for every withheld cell the lowest and the highest count that an outsider can compute
//! from all that is printed, and that respondents can who put their own answers together (`coalition`).

mod coalition;
mod system;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

pub(super) use self::coalition::Knowledge;
use self::coalition::{Coalitions, Strongest};
use super::band::Band;
use super::cells::Cells;
use super::cohort::Cohort;
use super::linear::{Relation, Row};
use super::primary::primary;
use super::respondents::Respondent;
use crate::survey::Policy;

/// What is printed of a cell, as far as an attack is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Printed {
    /// Its value.
    Value,
    /// Limits that its share of the base lies within, whether the base is printed or not.
    Band(Band),
    /// Nothing.
    Nothing,
}

impl Printed {
    /// What is left of it where its base is not printed.
    pub fn without_base(self) -> Printed {
        if self == Printed::Value { Printed::Nothing } else { self }
    }
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

/// All that an attacker can write down.
#[derive(Debug)]
pub(super) struct Outside<'a> {
    pub cells: &'a Cells,
    pub relations: &'a [Row],
    pub policy: &'a Policy,
    /// The relations that each cell stands in.
    of_cell: Vec<Vec<usize>>,
}

/// How much has to be found out of what coalitions open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// All that any of them computes.
    Everything,
    /// Every cell that any of them opens, once.
    EveryCell,
    /// Whether there is one.
    Anything,
}

/// What an attack on a whole release came to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What an outsider can compute of each withheld cell, and of each band in the place of one.
    pub intervals: BTreeMap<usize, Interval>,
    /// What is not protected well enough: what several coalitions compute of a cell only once.
    pub opened: Vec<Opened>,
    /// How many independent parts the withheld cells fall into.
    pub parts: usize,
    /// How many different coalitions were tried, or cleared together by what none of them exceeds: sets of
    /// own answers to what a part is about, over all parts.
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
            let unused = knowledge.unused(at);
            let constant = match row.relation {
                Relation::Equal => row.constant,
                Relation::AtMost => row.constant - unused,
                Relation::AtLeast => row.constant + unused,
            };
            (row, constant)
        });
        rows.collect()
    }

    /// How wide the interval of a cell has to be by what is printed of it, for an outsider or for coalitions; 0 where
    /// it does not matter. What those of a coalition know of themselves is no secret that others could keep.
    fn needed(&self, cell: usize, printed: Printed, strongest: Option<&Strongest>) -> i64 {
        if !self.is_held(cell, printed) {
            return 0;
        }
        let one = &self.cells.all[cell];
        // A band that is there for itself keeps no more than it leaves open, and of one that was given before there
        // is no more to keep: from those who are counted in it no more than their own answers leave of it.
        let given = one.band.map(|band| {
            let (lowest, highest) = band.counts(one.whole);
            match strongest.filter(|one| one.is_one).map(|one| self.bounds(cell, &one.knowledge)) {
                None => highest - lowest,
                Some((least, most)) => highest.min(most) - lowest.max(least),
            }
        });
        let by_itself = match printed {
            Printed::Band(band) if primary(one, self.policy).is_none() => Some(band),
            _ => None,
        };
        let by_itself = by_itself.map(|band| {
            let (lowest, highest) = band.counts(one.whole);
            highest - lowest
        });
        let most = [by_itself, given].into_iter().flatten().fold(one.room.min(one.whole), i64::min);
        match strongest {
            None => i64::from(self.policy.narrowest_interval.value).min(most),
            Some(strongest) => {
                let others = one.whole - strongest.own(cell);
                i64::from(self.policy.coalition_interval.value).min(most).min(others).max(0)
            }
        }
    }

    /// Holds cells of a part against what somebody can compute of them. `look` is shown each with whether it
    /// is as wide as it has to be, and its ends; these are exact where that is asked for or the cell is
    /// opened, and lie within the true ones otherwise. It says whether to go on.
    fn hold(
        &self,
        part: &[usize],
        printed: &[Printed],
        knowledge: &Knowledge,
        is_exact: bool,
        wanted: &[(usize, i64)],
        look: &mut dyn FnMut(usize, i64, bool, Option<Interval>) -> bool,
    ) {
        let prepared = self.system(part, printed, knowledge).prepare();
        for &(cell, needed) in wanted {
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
            let objective = [(part.binary_search(&cell).expect("a cell of the part"), 1)];
            let interval = |(lowest, highest): (i64, i64)| Interval { lowest, highest };
            let is_wide = |interval: &Interval| interval.width() >= needed;
            let reached = prepared.reaches(&objective, wanted).ok().map(interval);
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

    /// The cells among some that are not as wide as they have to be, with what they lack; the attack need
    /// not say how wide they are.
    fn narrow(
        &self,
        part: &[usize],
        printed: &[Printed],
        knowledge: &Knowledge,
        wanted: &[(usize, i64)],
    ) -> Vec<Opened> {
        let mut narrow = Vec::new();
        let wanted: Vec<(usize, i64)> = wanted.iter().copied().filter(|(_, needed)| *needed > 0).collect();
        if wanted.is_empty() {
            return narrow;
        }
        self.hold(part, printed, knowledge, false, &wanted, &mut |cell, needed, is_wide, interval| {
            if !is_wide {
                narrow.push(Opened { cell, interval, needed, knowledge: knowledge.clone() });
            }
            true
        });
        narrow
    }

    /// Whether too much must not be known of a cell: it is withheld, or no more than a band is said of it, or it
    /// would be withheld if anybody printed it. What is withheld of the panel to protect others is no secret.
    fn is_held(&self, cell: usize, printed: Printed) -> bool {
        match printed {
            Printed::Value => false,
            _ if self.cells.all[cell].spot.cohort == Cohort::All => true,
            _ => primary(&self.cells.all[cell], self.policy).is_some(),
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
        let held = part.iter().copied().filter(|&cell| self.is_held(cell, printed[cell]));
        let wanted: Vec<(usize, i64)> = held.map(|cell| (cell, self.needed(cell, printed[cell], None))).collect();
        self.hold(part, printed, &nothing, is_exact, &wanted, &mut |cell, needed, is_wide, interval| {
            intervals.extend(interval.map(|interval| (cell, interval)));
            if !is_wide {
                opened.push(Opened { cell, interval, needed, knowledge: nothing.clone() });
            }
            true
        });
        // While it is mended, what is open to everybody need not be tried with own answers.
        if self.policy.coalition.value > 0 && (is_exact || opened.is_empty()) {
            let own = self.coalitions(part, respondents);
            // Nor need what one coalition opens be tried with another.
            let wanted = if is_exact { Wanted::Everything } else { Wanted::EveryCell };
            let found = self.attack_by(&own, part, printed, part.to_vec(), wanted);
            opened.extend(found.0);
            *coalitions = found.1;
        }
        outcome
    }

    /// Whether nothing of a part is opened. `part` may be a part of a connected one: then the answer may be
    /// too favourable, and the whole has to be attacked in the end.
    pub fn is_closed(&self, part: &[usize], printed: &[Printed], respondents: &[Respondent]) -> bool {
        let outsider = |&cell: &usize| (cell, self.needed(cell, printed[cell], None));
        let mut left: Vec<(usize, i64)> = part.iter().map(outsider).collect();
        let own = (self.policy.coalition.value > 0).then(|| self.coalitions(part, respondents));
        if let Some(strongest) = own.as_ref().and_then(Coalitions::strongest) {
            // What is wide enough to who knows more than any coalition is so to outsiders and to them all.
            let own = self.needed_by(&strongest, part, printed);
            let both: Vec<(usize, i64)> =
                left.iter().zip(own).map(|(&(cell, one), (_, other))| (cell, one.max(other))).collect();
            let narrow = self.narrow(part, printed, &strongest.knowledge, &both);
            left = narrow.iter().map(|one| outsider(&one.cell)).collect();
        }
        self.narrow(part, printed, &Knowledge::default(), &left).is_empty()
            && own.is_none_or(|own| {
                let cells = left.iter().map(|(cell, _)| *cell).collect();
                self.attack_by(&own, part, printed, cells, Wanted::Anything).0.is_empty()
            })
    }

    /// Attacks cells of a part as every coalition: what is opened, and how many of them were tried.
    fn attack_by(
        &self,
        own: &Coalitions,
        part: &[usize],
        printed: &[Printed],
        cells: Vec<usize>,
        wanted: Wanted,
    ) -> (Vec<Opened>, usize) {
        let mut opened: BTreeMap<(usize, Option<Interval>, i64), Knowledge> = BTreeMap::new();
        let mut found = BTreeSet::new();
        let tried = own.attack(cells, |strongest, cells| {
            let is_looked_for = |cell: &usize| wanted == Wanted::Everything || !found.contains(cell);
            let cells: Vec<usize> = cells.iter().copied().filter(is_looked_for).collect();
            let needed = self.needed_by(strongest, &cells, printed);
            let narrow = self.narrow(part, printed, &strongest.knowledge, &needed);
            let left = narrow.iter().map(|one| one.cell).collect();
            if strongest.is_one {
                for one in narrow {
                    found.insert(one.cell);
                    opened.entry((one.cell, one.interval, one.needed)).or_insert(one.knowledge);
                }
            }
            (wanted != Wanted::Anything || found.is_empty()).then_some(left)
        });
        if let Some(strongest) = own.strongest().filter(|_| !tried.undecided.is_empty()) {
            for (cell, needed) in self.needed_by(&strongest, &tried.undecided, printed) {
                opened.entry((cell, None, needed)).or_insert_with(|| strongest.knowledge.clone());
            }
        }
        let one = |((cell, interval, needed), knowledge)| Opened { cell, interval, needed, knowledge };
        (opened.into_iter().map(one).collect(), tried.coalitions)
    }

    /// How wide cells have to be to each of some coalitions.
    fn needed_by(&self, strongest: &Strongest, cells: &[usize], printed: &[Printed]) -> Vec<(usize, i64)> {
        cells.iter().map(|&cell| (cell, self.needed(cell, printed[cell], Some(strongest)))).collect()
    }

    /// The coalitions of those who know something of a part.
    fn coalitions(&self, part: &[usize], respondents: &[Respondent]) -> Coalitions {
        let rows = self.places_of(part);
        let in_rows = rows.iter().flat_map(|&row| self.relations[row].terms.iter().map(|(cell, _)| *cell));
        let near: BTreeSet<usize> = in_rows.chain(part.iter().copied()).collect();
        let among = |own: &[usize]| -> Vec<usize> {
            near.iter().copied().filter(|cell| own.binary_search(cell).is_ok()).collect()
        };
        // Many answer alike what a part is about.
        let mut alike: BTreeMap<Respondent, usize> = BTreeMap::new();
        for Respondent { counted, not_counted, silent } in respondents {
            let [counted, not_counted, silent] = [counted, not_counted, silent].map(|own| among(own));
            if !counted.is_empty() || !not_counted.is_empty() {
                *alike.entry(Respondent { counted, not_counted, silent }).or_default() += 1;
            }
        }
        let of = |(respondent, members): (Respondent, usize)| {
            let own = |cells: &[usize]| -> Vec<(usize, i64)> {
                cells.iter().filter(|cell| part.binary_search(cell).is_ok()).map(|&cell| (cell, 1)).collect()
            };
            let unused = rows.iter().map(|&row| (row, self.unused(row, &respondent)));
            let unused = unused.filter(|(_, unused)| *unused != 0).collect();
            let (counted, not_counted) = (own(&respondent.counted), own(&respondent.not_counted));
            (Knowledge { counted, not_counted, unused }, members)
        };
        let most = usize::try_from(self.policy.coalition.value).expect("few respondents");
        Coalitions::of(alike.into_iter().map(of), most)
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
