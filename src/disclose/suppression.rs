//! Secondary suppression: withholds further cells until every cell that a rule withholds is protected, and prints again
//! what need not be withheld.
//!
//! For a cell that an attack opens the cheapest walk is looked for that moves the cell far enough, printed cells at a
//! price (after Kelly, Golden and Assad, "Cell Suppression: Disclosure Protection for Sensitive Tabular Data", Networks
//! 22, 1992). The cells that it moves are withheld. When nothing is open any more, each cell that was withheld for
//! others is tried again, the most important first, and printed if nothing opens. Where a base has to be withheld its
//! table stands in whole per cents, or in classes, without the base.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::answers::Respondents;
use super::attack::{Attack, Attacker, Opened, STEPS_ASIDE, is_ruled, ruled_values};
use super::cell::{Cell, Measure, Printed};
use super::share::Share;
use super::walk::{Ground, Manner};
use super::witness::{System, View, Witness};

/// How often a part is attacked and mended before it is given up.
const MOST_ROUNDS: usize = 60;
/// How many cells of a part the integer program looks at for what may be printed again.
const MOST_SOLVED: usize = 60;
/// After how many rounds the classes on the base of an open cell are withheld.
const PATIENCE: usize = 8;
/// The manners in which a walk is tried, the most thrifty first.
const MANNERS: [Manner; 6] = [
    Manner { turn: 0, broken: 1 },
    Manner { turn: 1, broken: 10 },
    Manner { turn: 2, broken: 100 },
    Manner { turn: 3, broken: 10_000 },
    Manner { turn: 4, broken: 10 },
    Manner { turn: 5, broken: 1_000_000 },
];

/// The content of each cell after suppression, with the cells that an attack still opens.
pub(super) struct Suppressed {
    pub printed: Vec<Printed>,
    /// The distance below and above the truth that witnesses prove possible, for each protected cell.
    pub proven: BTreeMap<usize, (i64, i64)>,
    pub opened: Vec<Opened>,
    pub parts: usize,
    /// Respondents' knowledge that was tried: sets of own answers over all parts.
    pub classes: usize,
}

/// A release before anything is withheld to protect others.
pub(super) struct First {
    /// The content that the rules let be printed.
    pub printed: Vec<Printed>,
    /// The content that the same readers have already: a count, or a share. It cannot be withheld.
    pub given: Vec<Printed>,
}

/// Withholds the cells that protect those which the rules withhold.
pub(super) fn suppress(system: &System<'_>, first: First, respondents: &Respondents) -> Suppressed {
    let First { printed: first, given } = first;
    // Parts that share no relation are protected side by side.
    let parts = system.parts(|cell| given[cell] != Printed::Value, 0..first.len());
    let done: Vec<Suppressed> = parts
        .par_iter()
        .map(|part| {
            let attack = Attack::new(system, part.clone(), respondents);
            let ground = Ground::new(system, part.clone(), &View { printed: &given, own: &[] });
            let mut work = Work { system, part, given: &given, first: &first, attack, ground };
            let mut printed = first.clone();
            work.close(&mut printed);
            // Where nothing cheaper is found, everything is withheld, and printed again as far as that can be.
            if !work.attack.is_closed(part, &printed) {
                part.iter().for_each(|&cell| printed[cell] = given[cell]);
            }
            work.reopen(&mut printed);
            work.close(&mut printed);
            work.finish(printed)
        })
        .collect();
    let mut all = Suppressed { printed: first, proven: BTreeMap::new(), opened: Vec::new(), parts: 0, classes: 0 };
    for (part, done) in parts.iter().zip(done) {
        part.iter().for_each(|&cell| all.printed[cell] = done.printed[cell]);
        all.proven.extend(done.proven);
        all.opened.extend(done.opened);
        all.parts += done.parts;
        all.classes += done.classes;
    }
    all.opened.sort();
    all
}

/// Attacks any given set of printed cells.
pub(super) fn attack(system: &System<'_>, printed: &[Printed], respondents: &Respondents) -> Vec<Opened> {
    let parts = system.parts(|cell| printed[cell] != Printed::Value, 0..printed.len());
    let opened: Vec<Vec<Opened>> =
        parts.into_par_iter().map(|part| Attack::new(system, part, respondents).opened(printed)).collect();
    let mut opened = opened.concat();
    opened.sort();
    opened
}

/// How walks may go that protect an open cell.
struct Way<'w> {
    opened: &'w Opened,
    ground: &'w Ground,
    /// The price of withholding each cell of the part.
    prices: &'w [Option<i64>],
    printed: &'w [Printed],
}

struct Work<'w, 's, 'a> {
    system: &'s System<'a>,
    /// The cells of a part of the release that shares no relation with the rest.
    part: &'w [usize],
    /// The content that readers have already.
    given: &'w [Printed],
    first: &'w [Printed],
    attack: Attack<'s, 'a>,
    /// The ground for walks that protect cells from outsiders: all cells, at a price.
    ground: Ground,
}

impl Work<'_, '_, '_> {
    /// Withholds until nothing is open, or nothing more can be withheld: first to readers, then to each class of
    /// respondents.
    fn close(&mut self, printed: &mut Vec<Printed>) {
        for round in 0..MOST_ROUNDS {
            let before = printed.clone();
            let opened = self.attack.opened_to_readers(self.part, printed);
            self.mend_all(&opened, round, printed);
            let mut left = opened;
            if left.is_empty() {
                for class in 0..self.attack.classes.len() {
                    let opened = self.attack.opened_to_class(class, self.part, printed);
                    self.mend_all(&opened, round, printed);
                    left.extend(opened);
                }
            }
            if left.is_empty() || (*printed == before && !self.give_way(&left, printed)) {
                return;
            }
        }
    }

    fn mend_all(&mut self, opened: &[Opened], round: usize, printed: &mut Vec<Printed>) {
        let before = printed.clone();
        for one in opened {
            if *printed == before || self.is_still_open(one, printed) {
                self.mend(one, round, printed);
            }
        }
    }

    fn is_still_open(&mut self, one: &Opened, printed: &[Printed]) -> bool {
        let cell = [one.cell];
        match one.class {
            None => !self.attack.opened_to_readers(&cell, printed).is_empty(),
            Some(class) => !self.attack.opened_to_class(class, &cell, printed).is_empty(),
        }
    }

    /// Withholds what the cheapest walk moves that protects an open cell.
    fn mend(&mut self, opened: &Opened, round: usize, printed: &mut [Printed]) {
        let is_share = matches!(printed[opened.cell], Printed::Share(_));
        if round >= PATIENCE {
            self.withhold_shares(opened.cell, printed);
            if is_share {
                return;
            }
        }
        let found = [false, true].into_iter().find_map(|are_bases_free| self.cheapest(opened, are_bases_free, printed));
        match found {
            Some(witnesses) => {
                for witness in witnesses {
                    self.withhold_moved(&witness, printed);
                    self.attack.add(witness);
                }
            }
            None if is_share => printed[opened.cell] = self.given[opened.cell],
            None => self.withhold_shares(opened.cell, printed),
        }
    }

    /// The cheapest tables that together protect an open cell: one that is far enough away, or two on either side.
    fn cheapest(&self, opened: &Opened, are_bases_free: bool, printed: &[Printed]) -> Option<Vec<Witness>> {
        let value = self.system.cells.all[opened.cell].value;
        let (low, high) = (opened.proven.0 - value, opened.proven.1 - value);
        let view = View { printed, own: &opened.own };
        let own_ground = (!view.own.is_empty())
            .then(|| Ground::new(self.system, self.part.to_vec(), &View { printed: self.given, own: &opened.own }));
        let ground = own_ground.as_ref().unwrap_or(&self.ground);
        let prices: Vec<Option<i64>> =
            self.part.iter().map(|&cell| self.price(cell, are_bases_free, printed)).collect();
        let way = Way { opened, ground, prices: &prices, printed };
        let at = |amount: i64| self.walked(&way, &[(opened.cell, amount)], &MANNERS);
        let alone = |amount: i64| at(amount).map(|(cost, one)| (cost, vec![one]));
        let cheapest = |found: &mut dyn Iterator<Item = (i64, Vec<Witness>)>| found.min_by_key(|(cost, _)| *cost);
        let found = if opened.attacker == Attacker::KnowsPolicy {
            let goals = self.goals_of_others(opened.cell, are_bases_free);
            let others = goals.iter().filter_map(|goals| self.walked(&way, goals, &MANNERS[..2]));
            let others = others.map(|(cost, one)| (cost, vec![one]));
            cheapest(&mut STEPS_ASIDE.into_iter().filter_map(alone).chain(others))
        } else {
            let missing = opened.need - (high - low);
            let both = |up: i64| {
                let (one, other) = at(high + up).zip(at(low - (missing - up)))?;
                Some((one.0 + other.0, vec![one.1, other.1]))
            };
            let sides = [high + missing, low - missing].into_iter().filter_map(alone);
            cheapest(&mut sides.chain((1..missing).filter_map(both)))
        };
        found.map(|(_, witnesses)| witnesses)
    }

    /// The price of withholding a cell; `None` if the cell cannot be withheld.
    fn price(&self, cell: usize, are_bases_free: bool, printed: &[Printed]) -> Option<i64> {
        let one = &self.system.cells.all[cell];
        let is_base = one.address.measure == Measure::Base;
        match printed[cell] {
            // A share that readers have stays, and costs nothing.
            Printed::Share(_) if self.given[cell] != Printed::Nothing => Some(0),
            Printed::Value if is_base && !are_bases_free => None,
            Printed::Value => Some(one.weight),
            // A share may be kept, or lost.
            Printed::Share(_) => Some(one.weight.div_euclid(2) + 1),
            Printed::Nothing => Some(0),
        }
    }

    /// Ways in which another cell is the one that a rule withholds: one that shares a relation with it.
    fn goals_of_others(&self, cell: usize, are_bases_free: bool) -> Vec<[(usize, i64); 2]> {
        let (system, cells) = (self.system, self.system.cells);
        let rows = system.rows_of[cell].iter().flat_map(|&row| system.rows[row].terms.iter().map(|one| one.0));
        let is_free = |other: &usize| {
            let one = &cells.all[*other];
            let is_count = matches!(one.address.measure, Measure::Count(_)) || are_bases_free;
            *other != cell && is_count && one.is_printable && self.given[*other] != Printed::Value
        };
        let near: BTreeSet<usize> = rows.filter(is_free).collect();
        let values = near.into_iter();
        let values = values.flat_map(|other| ruled_values(system, other).into_iter().map(move |one| (other, one)));
        let goals = values.flat_map(|(other, value)| {
            let by = value - cells.all[other].value;
            STEPS_ASIDE.into_iter().take(2).map(move |amount| [(cell, amount), (other, by)])
        });
        goals.collect()
    }

    /// The cheapest walk that moves an open cell, and perhaps others, by given amounts, with what it costs.
    fn walked(&self, way: &Way<'_>, goals: &[(usize, i64)], manners: &[Manner]) -> Option<(i64, Witness)> {
        let Way { opened, ground, prices, printed } = way;
        // A class that stays printed has to hold in the other table too.
        if let Printed::Share(share) = printed[opened.cell] {
            let one = &self.system.cells.all[opened.cell];
            if !share.holds(one.value + goals[0].1, one.whole) {
                return None;
            }
        }
        let knows_policy = opened.attacker == Attacker::KnowsPolicy;
        let walks = manners.iter().filter_map(|&manner| {
            let witness = ground.walk(goals, &|at| prices[at], manner)?;
            let is_enough = !knows_policy || self.explains(&witness, printed);
            let others = witness.0.iter().map(|(cell, _)| *cell).filter(|cell| *cell != opened.cell);
            let price = |cell: usize| self.part.binary_search(&cell).ok().and_then(|at| prices[at]);
            let cost: i64 = others.filter_map(price).sum();
            is_enough.then_some((cost, witness))
        });
        walks.min()
    }

    /// Whether a rule withholds a cell of those that a table moves.
    fn explains(&self, witness: &Witness, printed: &[Printed]) -> bool {
        let moved = witness.0.iter().map(|(cell, _)| *cell);
        let mut withheld = moved.filter(|&cell| !matches!(printed[cell], Printed::Share(_)));
        withheld.any(|cell| self.system.cells.all[cell].is_printable && is_ruled(self.system, witness, cell))
    }

    /// Withholds what a table has otherwise.
    fn withhold_moved(&self, witness: &Witness, printed: &mut [Printed]) {
        let system = self.system;
        for (cell, _) in &witness.0 {
            match printed[*cell] {
                Printed::Value => self.withhold(*cell, printed),
                Printed::Share(_) | Printed::Nothing => {}
            }
        }
        // Shares that would be others give way to wider ones.
        let bases = witness.0.iter().map(|(cell, _)| system.base_of[*cell]);
        for cell in bases.flat_map(|base| system.cells.counts_on(base)).collect::<Vec<_>>() {
            while let Printed::Share(share) = printed[cell] {
                let holds = share.holds(system.value(witness, cell), system.whole(witness, cell));
                if holds || self.given[cell] == printed[cell] {
                    break;
                }
                printed[cell] = self.wider(cell, share);
            }
        }
    }

    /// The wider content that replaces a share that reveals too much.
    fn wider(&self, cell: usize, share: Share) -> Printed {
        let one = &self.system.cells.all[cell];
        if self.given[cell] != Printed::Nothing {
            return self.given[cell];
        }
        let class = share.is_whole_per_cent().then(|| Share::class_of(&self.system.policy.bands, one.value, one.whole));
        class.flatten().map_or(Printed::Nothing, Printed::Share)
    }

    /// Withholds the shares on the base of a cell, and on those that it shares a relation with: they say how large
    /// these can be.
    fn withhold_shares(&self, cell: usize, printed: &mut [Printed]) {
        let system = self.system;
        let near = system.rows_of[cell].iter().flat_map(|&row| system.rows[row].terms.iter().map(|one| one.0));
        let bases: Vec<usize> = near.chain([cell]).map(|cell| system.base_of[cell]).collect();
        for other in bases.into_iter().flat_map(|base| system.cells.counts_on(base)) {
            if matches!(printed[other], Printed::Share(_)) {
                printed[other] = self.given[other];
            }
        }
    }

    /// Withholds the cheapest printed cell that shares a relation with an open one, where nothing better is known.
    /// Whether there was one.
    fn give_way(&self, opened: &[Opened], printed: &mut [Printed]) -> bool {
        let system = self.system;
        let rows = opened.iter().flat_map(|one| &system.rows_of[one.cell]);
        let near = rows.flat_map(|&row| system.rows[row].terms.iter().map(|one| one.0));
        let free = near.filter(|&cell| printed[cell] != self.given[cell]);
        match free.min_by_key(|&cell| (system.cells.all[cell].weight, cell)) {
            Some(cell) => {
                self.withhold(cell, printed);
                true
            }
            None => false,
        }
    }

    /// Withholds a cell. Where that is a base, its table stands in whole per cents.
    fn withhold(&self, cell: usize, printed: &mut [Printed]) {
        if printed[cell] == self.given[cell] {
            return;
        }
        printed[cell] = self.given[cell];
        let cells = self.system.cells;
        if cells.all[cell].address.measure == Measure::Base {
            for other in cells.counts_on(cell).filter(|&other| self.given[other] != Printed::Value) {
                if printed[other] == Printed::Value {
                    printed[other] = without_base(&cells.all[other], self.given[other]);
                }
            }
        }
    }

    /// Prints again what was withheld for others and need not be: first what walks prove, then what an integer program
    /// proves.
    fn reopen(&mut self, printed: &mut Vec<Printed>) {
        self.attack.set_thorough(false);
        self.reopen_once(printed, usize::MAX);
        self.attack.set_thorough(true);
        self.reopen_once(printed, MOST_SOLVED);
    }

    /// Tries so many cells that were withheld for others, the most important first.
    fn reopen_once(&mut self, printed: &mut Vec<Printed>, most: usize) {
        let closed = self.part.iter().copied().filter(|&cell| printed[cell] != self.first[cell]);
        let mut closed: Vec<usize> = closed.collect();
        closed.sort_by_key(|&cell| (Reverse(self.system.cells.all[cell].weight), cell));
        for cell in closed.into_iter().take(most) {
            if let Some(better) = self.better(cell, printed).into_iter().find(|one| self.may_print(one, printed)) {
                *printed = better;
            }
        }
    }

    /// Whether something else may be printed than what is, which opens nothing.
    fn may_print(&mut self, better: &[Printed], printed: &[Printed]) -> bool {
        let changed = self.part.iter().copied().filter(|&one| better[one] != printed[one]);
        // A share speaks of its base as well.
        let changed: BTreeSet<usize> = changed.flat_map(|one| [one, self.system.base_of[one]]).collect();
        let near: BTreeSet<usize> = changed.into_iter().flat_map(|one| self.attack.proven_with(one)).collect();
        let near: Vec<usize> = near.into_iter().collect();
        // For a reader that knows the policy, the reason for a withheld cell may stand anywhere in the part.
        self.attack.is_closed(&near, better) && self.attack.is_closed_to_readers(self.part, better)
    }

    /// The contents that may replace the present ones with a cell withheld, the best first.
    fn better(&self, cell: usize, printed: &[Printed]) -> Vec<Vec<Printed>> {
        let cells = self.system.cells;
        let with = |changes: &[(usize, Printed)]| {
            let mut with = printed.to_vec();
            changes.iter().for_each(|(cell, printed)| with[*cell] = *printed);
            with
        };
        let one = &cells.all[cell];
        if one.address.measure == Measure::Base {
            let group = cells.counts_on(cell).filter(|&other| matches!(printed[other], Printed::Share(_)));
            let group: Vec<(usize, Printed)> = group.map(|other| (other, self.first[other])).collect();
            return vec![with(&[&[(cell, Printed::Value)], &group[..]].concat())];
        }
        if printed[self.system.base_of[cell]] == Printed::Value || self.first[cell] != Printed::Value {
            return vec![with(&[(cell, self.first[cell])])];
        }
        if self.given[cell] != Printed::Nothing {
            return Vec::new();
        }
        let whole = without_base(one, Printed::Nothing);
        let class = Share::class_of(&self.system.policy.bands, one.value, one.whole).map(Printed::Share);
        let choices = [Some(whole), class].into_iter().flatten();
        choices
            .filter(|choice| *choice != printed[cell] && !is_wider(*choice, printed[cell]))
            .map(|one| with(&[(cell, one)]))
            .collect()
    }

    /// The release of the part, attacked once more as a whole.
    fn finish(&mut self, printed: Vec<Printed>) -> Suppressed {
        let opened = self.attack.opened(&printed);
        let proven = self.attack.proven(&printed);
        let is_withheld = |&&cell: &&usize| printed[cell] != Printed::Value && self.system.cells.all[cell].is_printable;
        let parts = usize::from(self.part.iter().any(|cell| is_withheld(&cell)));
        let classes = if parts > 0 { self.attack.classes.len() } else { 0 };
        Suppressed { printed, proven, opened, parts, classes }
    }
}

/// The content of a count whose base is withheld: the share that readers have already, or a whole per cent.
pub(super) fn without_base(cell: &Cell, given: Printed) -> Printed {
    match given {
        Printed::Nothing => Share::whole_per_cent(cell.value, cell.whole).map_or(Printed::Nothing, Printed::Share),
        given => given,
    }
}

/// Whether a choice says less than what is printed.
fn is_wider(choice: Printed, printed: Printed) -> bool {
    match (choice, printed) {
        (Printed::Share(choice), Printed::Share(printed)) => !choice.is_whole_per_cent() && printed.is_whole_per_cent(),
        _ => false,
    }
}
