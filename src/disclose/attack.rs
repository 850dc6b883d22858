//! The attack on a release: what an outsider, each respondent with its own answers, and a reader who knows the policy
//! can compute of every cell that has to be protected.
//!
//! A cell is protected where witnesses prove that it may as well be otherwise, by as much as the policy wants. Where
//! none is found it counts as open.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::Respondents;
use super::cell::Printed;
use super::need::{is_class_by_policy, need_of_respondent, needs};
use super::program;
use super::relation::Relation;
use super::rule::rule_at;
use super::walk::{Ground, Manner};
use super::witness::{System, View, Witness};

/// Who computes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attacker {
    /// Anybody, from what is printed alone.
    Outsider,
    /// Anybody who also knows the policy: of cells that hang together at least one is withheld by a rule.
    KnowsPolicy,
    /// A respondent that knows its own answers.
    Respondent,
}

/// A cell that is not protected well enough.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Opened {
    pub cell: usize,
    pub attacker: Attacker,
    /// The lowest and the highest count that witnesses prove.
    pub proven: (i64, i64),
    pub need: i64,
    /// Of respondents which class they are of, and the cells that count each of them.
    pub class: Option<usize>,
    pub own: Vec<usize>,
}

/// What own answers may break of a table: cells that nobody is counted in, and relations that hold only just.
#[derive(Debug)]
struct Tight {
    empty: Vec<usize>,
    rows: Vec<(usize, i64)>,
}

/// No respondent adds more than this to a relation: each of its cells counts it once.
const MOST_OWN: i64 = 64;

impl Tight {
    fn of(system: &System<'_>, witness: &Witness) -> Tight {
        let cells = witness.0.iter().map(|(cell, _)| *cell);
        let empty = cells.clone().filter(|&cell| system.value(witness, cell) == 0).collect();
        let rows: BTreeSet<usize> = cells.flat_map(|cell| system.rows_of[cell].iter().copied()).collect();
        let sum = |row: usize| -> i64 {
            system.rows[row].terms.iter().map(|&(cell, factor)| factor * system.value(witness, cell)).sum()
        };
        let rows = rows.into_iter().filter(|&row| system.rows[row].relation != Relation::Equal);
        let rows = rows.map(|row| (row, sum(row))).filter(|(_, sum)| sum.abs() < MOST_OWN).collect();
        Tight { empty, rows }
    }

    /// Whether the table keeps its relations without the respondents who know their own answers.
    fn fits(&self, system: &System<'_>, own: &[usize], own_sums: &[(usize, i64)]) -> bool {
        let own_sum = |row: usize| own_sums.binary_search_by_key(&row, |one| one.0).map_or(0, |at| own_sums[at].1);
        self.empty.iter().all(|cell| own.binary_search(cell).is_err())
            && self.rows.iter().all(|&(row, sum)| system.rows[row].excess(sum - own_sum(row)) == 0)
    }
}

/// What own answers add to each relation, where that is anything.
fn own_sums(system: &System<'_>, own: &[usize]) -> Vec<(usize, i64)> {
    let mut sums: BTreeMap<usize, i64> = BTreeMap::new();
    for &cell in own {
        for &row in &system.rows_of[cell] {
            let factor: i64 = system.rows[row].terms.iter().filter(|one| one.0 == cell).map(|one| one.1).sum();
            *sums.entry(row).or_default() += factor;
        }
    }
    sums.into_iter().filter(|(_, sum)| *sum != 0).collect()
}

/// How many turns a walk is given before the integer program is asked.
const TURNS: u64 = 3;

/// The attack on a part of a release that shares no relation with the rest, with all witnesses found so far. More
/// cells withheld leave them valid, and so they are kept while it is decided what to withhold.
#[derive(Debug)]
pub(super) struct Attack<'s, 'a> {
    system: &'s System<'a>,
    part: Vec<usize>,
    /// Respondents who know the same of the part, each with how many they are.
    pub classes: Vec<(Vec<usize>, usize)>,
    witnesses: Vec<Witness>,
    known: BTreeSet<Witness>,
    /// Which witnesses move a cell.
    of_cell: BTreeMap<usize, Vec<usize>>,
    /// Of each witness what own answers may break.
    tight: Vec<Tight>,
    /// Of each class what its own answers add to each relation.
    own_sums: Vec<Vec<(usize, i64)>>,
    /// Whether a table agrees with what is printed: by witness, as long as that is the same.
    fits_printed: Vec<Option<bool>>,
    printed: Vec<Printed>,
    /// The cells that are not printed, in pieces that share no relation.
    pieces: Vec<Vec<usize>>,
    piece_of: BTreeMap<usize, usize>,
    /// Whether the integer program is asked where walks find nothing.
    is_thorough: bool,
}

impl<'s, 'a> Attack<'s, 'a> {
    pub fn new(system: &'s System<'a>, part: Vec<usize>, respondents: &Respondents) -> Self {
        let mut near: Vec<usize> = part.iter().flat_map(|&cell| system.rows_of[cell].iter().copied()).collect();
        near.sort_unstable();
        near.dedup();
        let mut near: Vec<usize> =
            near.iter().flat_map(|&row| system.rows[row].terms.iter().map(|one| one.0)).collect();
        near.extend(part.iter().flat_map(|&cell| [cell, system.base_of[cell]]));
        near.sort_unstable();
        near.dedup();
        let mut classes: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        for own in respondents.values() {
            let own: Vec<usize> = own.iter().copied().filter(|cell| near.binary_search(cell).is_ok()).collect();
            if !own.is_empty() {
                *classes.entry(own).or_default() += 1;
            }
        }
        let classes: Vec<(Vec<usize>, usize)> = classes.into_iter().collect();
        let own_sums = classes.iter().map(|(own, _)| own_sums(system, own)).collect();
        Attack {
            system,
            part,
            classes,
            witnesses: Vec::new(),
            known: BTreeSet::new(),
            of_cell: BTreeMap::new(),
            tight: Vec::new(),
            own_sums,
            fits_printed: Vec::new(),
            printed: Vec::new(),
            pieces: Vec::new(),
            piece_of: BTreeMap::new(),
            is_thorough: true,
        }
    }

    /// The same by walks alone: quick, and more cells count as open.
    pub fn set_thorough(&mut self, is_thorough: bool) {
        self.is_thorough = is_thorough;
    }

    /// Adds a table that others found.
    pub fn add(&mut self, witness: Witness) {
        if witness.0.is_empty() || !self.known.insert(witness.clone()) {
            return;
        }
        self.tight.push(Tight::of(self.system, &witness));
        for (cell, _) in &witness.0 {
            self.of_cell.entry(*cell).or_default().push(self.witnesses.len());
        }
        self.witnesses.push(witness);
    }

    /// The cells of the part that are open to anybody.
    pub fn opened(&mut self, printed: &[Printed]) -> Vec<Opened> {
        let part = self.part.clone();
        let mut opened = self.opened_to_readers(&part, printed);
        for class in 0..self.classes.len() {
            opened.extend(self.opened_to_class(class, &part, printed));
        }
        opened
    }

    /// Whether nothing among some cells is open to anybody.
    pub fn is_closed(&mut self, among: &[usize], printed: &[Printed]) -> bool {
        self.opened_to_readers(among, printed).is_empty()
            && (0..self.classes.len()).all(|class| self.opened_to_class(class, among, printed).is_empty())
    }

    /// The cells among some that are open to outsiders, or to readers who know the policy.
    pub fn opened_to_readers(&mut self, among: &[usize], printed: &[Printed]) -> Vec<Opened> {
        self.take_printed(printed);
        let view = View { printed, own: &[] };
        let mut opened = Vec::new();
        for (cell, need) in needs(self.system, among, printed) {
            let value = self.system.cells.all[cell].value;
            let (low, high) = self.prove(cell, need, view, None);
            let open = Opened {
                cell,
                attacker: Attacker::Outsider,
                proven: (value + low, value + high),
                need,
                class: None,
                own: Vec::new(),
            };
            if high - low < need {
                opened.push(open);
            } else if !self.is_explained_otherwise(cell, view) {
                let attacker = Attacker::KnowsPolicy;
                opened.push(Opened { attacker, proven: (value, value), need: 1, ..open });
            }
        }
        opened
    }

    /// The cells among some that are open to a class of respondents.
    pub fn opened_to_class(&mut self, class: usize, among: &[usize], printed: &[Printed]) -> Vec<Opened> {
        self.take_printed(printed);
        let own = std::mem::take(&mut self.classes[class].0);
        let view = View { printed, own: &own };
        let mut opened = Vec::new();
        for cell in needs(self.system, among, printed).into_keys() {
            let need = need_of_respondent(self.system, &view, cell);
            if need == 0 {
                continue;
            }
            let (low, high) = self.prove(cell, need, view, Some(class));
            if high - low < need {
                let value = self.system.cells.all[cell].value;
                let (proven, attacker) = ((value + low, value + high), Attacker::Respondent);
                opened.push(Opened { cell, attacker, proven, need, class: Some(class), own: own.clone() });
            }
        }
        self.classes[class].0 = own;
        opened
    }

    /// The cells of which a proof may rest on a table that moves this one.
    pub fn proven_with(&self, cell: usize) -> Vec<usize> {
        let of_cell = self.of_cell.get(&cell).into_iter().flatten();
        let moved = of_cell.flat_map(|&at| self.witnesses[at].0.iter().map(|(cell, _)| *cell));
        let moved: BTreeSet<usize> = moved.collect();
        moved.into_iter().collect()
    }

    /// Whether a reader has to reckon with another count in a cell than the true one.
    pub fn may_differ(&mut self, cell: usize, view: View<'_>) -> bool {
        let own: Vec<usize> = view.own.to_vec();
        let class = self.classes.iter().position(|(known, _)| *known == own);
        self.take_printed(view.printed);
        match (class, own.is_empty()) {
            (None, false) => {
                self.classes.push((own, 1));
                self.own_sums.push(own_sums(self.system, view.own));
                self.prove(cell, 1, view, Some(self.classes.len() - 1)) != (0, 0)
            }
            (class, _) => self.prove(cell, 1, view, class) != (0, 0),
        }
    }

    /// What witnesses prove of each protected cell to outsiders: how far below and above the truth it may be.
    pub fn proven(&mut self, printed: &[Printed]) -> BTreeMap<usize, (i64, i64)> {
        self.take_printed(printed);
        let view = View { printed, own: &[] };
        let needs = needs(self.system, &self.part, printed);
        needs.into_iter().map(|(cell, need)| (cell, self.prove(cell, need, view, None))).collect()
    }

    /// Forgets which witnesses agree with what was printed, if that is another now.
    fn take_printed(&mut self, printed: &[Printed]) {
        let now: Vec<Printed> = self.part.iter().map(|&cell| printed[cell]).collect();
        if now != self.printed {
            self.forget(&now);
            self.printed = now;
            self.pieces = self.system.parts(|cell| printed[cell] != Printed::Value, self.part.iter().copied());
            let of_piece =
                |(at, piece): (usize, &Vec<usize>)| piece.iter().map(move |&cell| (cell, at)).collect::<Vec<_>>();
            self.piece_of = self.pieces.iter().enumerate().flat_map(of_piece).collect();
        }
    }

    /// Forgets of the witnesses that move a cell of which something else is printed now, or a cell of its table.
    fn forget(&mut self, now: &[Printed]) {
        if self.printed.is_empty() {
            return;
        }
        let changed = self.part.iter().enumerate().filter(|(at, _)| now[*at] != self.printed[*at]);
        let tables = changed.flat_map(|(_, &cell)| {
            let base = self.system.base_of[cell];
            self.system.cells.counts_on(base).chain([base, cell])
        });
        let tables: BTreeSet<usize> = tables.collect();
        for at in tables.iter().filter_map(|cell| self.of_cell.get(cell)).flatten() {
            if let Some(fits) = self.fits_printed.get_mut(*at) {
                *fits = None;
            }
        }
    }

    /// The cells that are not printed and hang together with one of them.
    fn piece(&self, cell: usize) -> Vec<usize> {
        self.piece_of.get(&cell).map(|&at| self.pieces[at].clone()).unwrap_or_default()
    }

    /// Whether a witness agrees with what is printed, and with the own answers of a class.
    fn agrees(&mut self, at: usize, view: View<'_>, class: Option<usize>) -> bool {
        let (system, witness) = (self.system, &self.witnesses[at]);
        if self.fits_printed.len() <= at {
            self.fits_printed.resize(at + 1, None);
        }
        let fits = &mut self.fits_printed[at];
        *fits.get_or_insert_with(|| system.agrees(witness, &View { own: &[], ..view }))
            && class.is_none_or(|class| self.tight[at].fits(system, view.own, &self.own_sums[class]))
    }

    /// How far below and above the truth witnesses prove that a cell may be: as far as it needs, if they are found.
    fn prove(&mut self, cell: usize, need: i64, view: View<'_>, class: Option<usize>) -> (i64, i64) {
        let mut proven = (0, 0);
        let widen = |proven: &mut (i64, i64), by: i64| *proven = (proven.0.min(by), proven.1.max(by));
        for n in 0..self.of_cell.get(&cell).map_or(0, Vec::len) {
            let at = self.of_cell[&cell][n];
            if self.agrees(at, view, class) {
                widen(&mut proven, self.witnesses[at].of(cell));
                if proven.1 - proven.0 >= need {
                    return proven;
                }
            }
        }
        let piece = self.piece(cell);
        let ground = Ground::new(self.system, &piece, &view, true);
        let turns = if self.is_thorough { TURNS } else { 1 };
        for turn in 0..turns {
            for far in (1..=need).rev() {
                for amount in [far, -far] {
                    let is_known = if amount > 0 { amount <= proven.1 } else { amount >= proven.0 };
                    if is_known || proven.1 - proven.0 >= need {
                        continue;
                    }
                    let found = ground.walk(&[(cell, amount)], &|_| Some(0), Manner::plain(turn));
                    if let Some(witness) = found.filter(|witness| self.system.agrees(witness, &view)) {
                        widen(&mut proven, amount);
                        self.add(witness);
                    }
                }
            }
        }
        for is_up in [true, false] {
            if proven.1 - proven.0 < need
                && self.is_thorough
                && let Some(witness) = program::farthest(self.system, view, &piece, cell, is_up)
            {
                widen(&mut proven, witness.of(cell));
                self.add(witness);
            }
        }
        proven
    }

    /// Whether there is a table with another count in a cell that explains just as well why cells are withheld: of
    /// those that hang together a rule withholds one at least. Where the policy prints classes, no rule is the reason.
    fn is_explained_otherwise(&mut self, cell: usize, view: View<'_>) -> bool {
        let system = self.system;
        let one = &system.cells.all[cell];
        if view.printed[cell] != Printed::Nothing || !one.is_printable || is_class_by_policy(system.policy, one) {
            return true;
        }
        let piece = self.piece(cell);
        let withheld = piece.iter().copied().filter(|&other| {
            let other_cell = &system.cells.all[other];
            view.printed[other] == Printed::Nothing
                && other_cell.is_printable
                && !is_class_by_policy(system.policy, other_cell)
        });
        let withheld: Vec<usize> = withheld.collect();
        let explains = |witness: &Witness| withheld.iter().any(|&other| is_ruled(system, witness, other));
        let known = self.of_cell.get(&cell).cloned().unwrap_or_default();
        if known.into_iter().any(|at| explains(&self.witnesses[at]) && self.agrees(at, view, None)) {
            return true;
        }
        let ground = Ground::new(system, &piece, &view, true);
        let is_thorough = self.is_thorough;
        let mut try_walk = |goals: &[(usize, i64)], turn: u64| {
            let found = ground.walk(goals, &|_| Some(0), Manner::plain(turn));
            let Some(witness) = found.filter(|witness| system.agrees(witness, &view)) else { return false };
            let is_other = explains(&witness);
            self.add(witness);
            is_other
        };
        for turn in 0..TURNS {
            if STEPS_ASIDE.into_iter().any(|amount| try_walk(&[(cell, amount)], turn)) {
                return true;
            }
        }
        // Another cell that it shares a relation with may be the one that a rule withholds.
        if !is_thorough {
            return false;
        }
        let rows = system.rows_of[cell].iter().flat_map(|&row| system.rows[row].terms.iter().map(|one| one.0));
        let near: BTreeSet<usize> = rows.filter(|&other| other != cell && withheld.contains(&other)).collect();
        let goals =
            near.into_iter().flat_map(|other| ruled_values(system, other).into_iter().map(move |value| (other, value)));
        let goals: Vec<(usize, i64)> = goals.collect();
        goals.into_iter().any(|(other, value)| {
            let by = value - system.cells.all[other].value;
            STEPS_ASIDE.into_iter().take(4).any(|amount| try_walk(&[(cell, amount), (other, by)], 0))
        })
    }
}

/// How far a cell is moved to see whether it may be another.
pub(super) const STEPS_ASIDE: [i64; 6] = [1, -1, 2, -2, 3, -3];

/// Whether a rule would withhold a cell of a table.
pub(super) fn is_ruled(system: &System<'_>, witness: &Witness, cell: usize) -> bool {
    let one = &system.cells.all[cell];
    rule_at(system.policy, one, system.value(witness, cell), system.whole(witness, cell)).is_some()
}

/// The counts, on the true base, for which a rule would withhold a cell.
pub(super) fn ruled_values(system: &System<'_>, cell: usize) -> Vec<i64> {
    let one = &system.cells.all[cell];
    let few = i64::from(system.policy.minimum_count.value.max(system.policy.adverse_all_but.value + 1));
    let ends = (0..few).flat_map(|few| [few, one.whole - few]);
    ends.filter(|&value| value != one.value && rule_at(system.policy, one, value, one.whole).is_some()).collect()
}
