//! The attack on a release: the intervals of every protected cell that an outsider, a respondent with its own
//! answers, and a reader who knows the policy can compute.
//!
//! A cell is protected where witnesses prove that it may as well be otherwise, by as much as the policy wants. Where
//! none is found it counts as open.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::answers::Respondents;
use super::cell::{Behind, Printed};
use super::found::{Class, Found};
use super::need::{need, need_of_respondent};
use super::program;
use super::rule::rule_at;
use super::walk::{Ground, Manner};
use super::witness::{System, View, Witness};

/// A reader that computes a withheld cell.
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

/// How many turns a walk is given before the integer program is asked.
const TURNS: u64 = 3;

/// The tables by which a cell is proven to be protected: one as low as it goes, and one as high.
#[derive(Debug, Clone, Copy, Default)]
struct Proof {
    low: Option<usize>,
    high: Option<usize>,
}

/// A table with another count in a cell, and a cell that a rule withholds in it: a reader who knows the policy takes
/// that for the reason why cells are withheld.
#[derive(Debug, Clone, Copy)]
struct Explanation {
    table: usize,
    by: usize,
}

/// The attack on a part of a release that shares no relation with the rest.
#[derive(Debug)]
pub(super) struct Attack<'s, 'a> {
    system: &'s System<'a>,
    part: Vec<usize>,
    /// Respondents who know the same of the part.
    pub classes: Vec<Arc<Class>>,
    found: Found<'s, 'a>,
    /// The last proof of each cell, to outsiders or to a class.
    proofs: BTreeMap<(Option<usize>, usize), Proof>,
    /// The last table that explains to a reader who knows the policy why a cell is withheld, though it is another.
    explanations: BTreeMap<usize, Explanation>,
    /// The cells of which no proof was found for what is printed.
    failed: BTreeSet<(Option<usize>, usize)>,
    /// The cells of which no explanation was found for what is printed.
    unexplained: BTreeSet<usize>,
    printed: Vec<Printed>,
    pieces: Pieces,
    /// Whether the integer program is asked where walks find nothing.
    is_thorough: bool,
}

/// The cells of a part that are not printed, in pieces that share no relation.
#[derive(Debug, Default)]
struct Pieces {
    all: Vec<Vec<usize>>,
    /// The piece of each cell.
    of: BTreeMap<usize, usize>,
    /// The cells of each piece that a rule withholds.
    ruled: Vec<Vec<usize>>,
    /// Outsiders' ground for walks in each piece, where it was needed.
    grounds: BTreeMap<usize, Ground>,
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
        let of_part = |own: &Vec<usize>| -> Vec<usize> {
            near.iter().copied().filter(|cell| own.binary_search(cell).is_ok()).collect()
        };
        let classes: BTreeSet<Vec<usize>> = respondents.values().map(of_part).filter(|own| !own.is_empty()).collect();
        Attack {
            system,
            part,
            classes: classes.into_iter().map(|own| Arc::new(Class::new(system, own))).collect(),
            found: Found::new(system),
            proofs: BTreeMap::new(),
            explanations: BTreeMap::new(),
            failed: BTreeSet::new(),
            unexplained: BTreeSet::new(),
            printed: Vec::new(),
            pieces: Pieces::default(),
            is_thorough: true,
        }
    }

    /// The same by walks alone: quick, and more cells count as open.
    pub fn set_thorough(&mut self, is_thorough: bool) {
        self.is_thorough = is_thorough;
        self.failed.clear();
        self.unexplained.clear();
    }

    /// Adds a table that others found.
    pub fn add(&mut self, witness: Witness) {
        if !witness.0.is_empty() {
            self.found.add(witness);
        }
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
        self.is_closed_to_readers(among, printed)
            && (0..self.classes.len())
                .all(|class| among.iter().all(|&cell| self.opened_cell_of_class(class, cell, printed).is_none()))
    }

    /// Whether nothing among some cells is open to outsiders, or to readers who know the policy.
    pub fn is_closed_to_readers(&mut self, among: &[usize], printed: &[Printed]) -> bool {
        self.take_printed(printed);
        among.iter().all(|&cell| self.opened_cell(cell, printed).is_none())
    }

    /// The cells among some that are open to outsiders, or to readers who know the policy.
    pub fn opened_to_readers(&mut self, among: &[usize], printed: &[Printed]) -> Vec<Opened> {
        self.take_printed(printed);
        among.iter().filter_map(|&cell| self.opened_cell(cell, printed)).collect()
    }

    /// The cells among some that are open to a class of respondents.
    pub fn opened_to_class(&mut self, class: usize, among: &[usize], printed: &[Printed]) -> Vec<Opened> {
        self.take_printed(printed);
        among.iter().filter_map(|&cell| self.opened_cell_of_class(class, cell, printed)).collect()
    }

    fn opened_cell(&mut self, cell: usize, printed: &[Printed]) -> Option<Opened> {
        let need = need(self.system, printed, cell);
        if need == 0 {
            return None;
        }
        let value = self.system.cells.all[cell].value;
        let view = View { printed, own: &[] };
        let (low, high) = self.prove(cell, need, view, None);
        let attacker = Attacker::Outsider;
        let open = Opened { cell, attacker, proven: (value + low, value + high), need, class: None, own: Vec::new() };
        if high - low < need {
            return Some(open);
        }
        let knows = Opened { attacker: Attacker::KnowsPolicy, proven: (value, value), need: 1, ..open };
        (!self.is_explained_otherwise(cell, view)).then_some(knows)
    }

    fn opened_cell_of_class(&mut self, class: usize, cell: usize, printed: &[Printed]) -> Option<Opened> {
        if printed[cell] == Printed::Value {
            return None;
        }
        let own = Arc::clone(&self.classes[class]);
        let view = View { printed, own: &own.own };
        let need = need_of_respondent(self.system, &view, cell);
        if need == 0 {
            return None;
        }
        let (low, high) = self.prove(cell, need, view, Some(class));
        let value = self.system.cells.all[cell].value;
        let (proven, attacker) = ((value + low, value + high), Attacker::Respondent);
        let open = Opened { cell, attacker, proven, need, class: Some(class), own: own.own.clone() };
        (high - low < need).then_some(open)
    }

    /// The cells of which a proof may rest on a table that moves this one.
    pub fn proven_with(&self, cell: usize) -> BTreeSet<usize> {
        let tables = self.found.of_cell(cell).iter();
        tables.flat_map(|&number| self.found.witness(number).0.iter().map(|(cell, _)| *cell)).collect()
    }

    /// Whether a reader has to reckon with another count in a cell than the true one.
    pub fn may_differ(&mut self, cell: usize, view: View<'_>) -> bool {
        self.take_printed(view.printed);
        let class = match view.own {
            [] => None,
            own => Some(self.classes.iter().position(|known| known.own == own).unwrap_or_else(|| {
                self.classes.push(Arc::new(Class::new(self.system, own.to_vec())));
                self.classes.len() - 1
            })),
        };
        self.prove(cell, 1, view, class) != (0, 0)
    }

    /// The distance below and above the truth that witnesses prove possible to outsiders, for each protected cell.
    pub fn proven(&mut self, printed: &[Printed]) -> BTreeMap<usize, (i64, i64)> {
        self.take_printed(printed);
        let view = View { printed, own: &[] };
        let part = self.part.clone();
        let needs = part.into_iter().map(|cell| (cell, need(self.system, printed, cell))).filter(|(_, need)| *need > 0);
        needs.map(|(cell, need)| (cell, self.prove(cell, need, view, None))).collect()
    }

    /// Looks anew at all that rests on what is printed, if that is another now.
    fn take_printed(&mut self, printed: &[Printed]) {
        let now: Vec<Printed> = self.part.iter().map(|&cell| printed[cell]).collect();
        if now == self.printed {
            return;
        }
        // A table agrees or not by the cells that it moves and by what is printed of their tables.
        let changed = self.part.iter().zip(&now).zip(&self.printed).filter(|((_, now), before)| now != before);
        let tables = changed.flat_map(|((&cell, _), _)| {
            let base = self.system.base_of[cell];
            self.system.cells.counts_on(base).chain([base, cell])
        });
        let tables: BTreeSet<usize> = tables.collect();
        self.found.forget(&tables);
        let before = std::mem::replace(&mut self.pieces, Pieces::of(self.system, &self.part, printed));
        // A search that failed is made again only where the pieces are others.
        let touched = [&before, &self.pieces].map(|pieces| pieces.with(&tables));
        let is_the_same = |cell: &usize| {
            let touches = [&before, &self.pieces].into_iter().zip(&touched);
            touches.into_iter().all(|(pieces, touched)| pieces.of.get(cell).is_none_or(|one| !touched.contains(one)))
        };
        self.failed.retain(|(_, cell)| is_the_same(cell));
        self.unexplained.retain(is_the_same);
        self.printed = now;
    }

    /// How far below and above the truth witnesses prove that a cell may be: as far as it needs, if they are found.
    fn prove(&mut self, cell: usize, need: i64, view: View<'_>, class: Option<usize>) -> (i64, i64) {
        let known = class.map(|class| (class, Arc::clone(&self.classes[class])));
        let known = known.as_ref().map(|(at, class)| (*at, &**class));
        let key = (class, cell);
        if let Some(proof) = self.proofs.get(&key).copied() {
            let width = self.width(proof, cell);
            let tables = [proof.low, proof.high];
            if width.1 - width.0 >= need && tables.into_iter().flatten().all(|at| self.found.agrees(at, view, known)) {
                return width;
            }
        }
        let mut proof = Proof::default();
        for n in 0..self.found.of_cell(cell).len() {
            let number = self.found.of_cell(cell)[n];
            if self.found.agrees(number, view, known) && self.widen(&mut proof, cell, number) >= need {
                break;
            }
        }
        let narrow = |width: (i64, i64)| width.1 - width.0 < need;
        if narrow(self.width(proof, cell)) && !self.failed.contains(&key) {
            self.search(cell, need, view, &mut proof);
            if narrow(self.width(proof, cell)) {
                self.failed.insert(key);
            }
        }
        self.proofs.insert(key, proof);
        self.width(proof, cell)
    }

    /// Looks for tables that prove more of a cell.
    fn search(&mut self, cell: usize, need: i64, view: View<'_>, proof: &mut Proof) {
        let ground = self.pieces.take_ground(self.system, cell, &view);
        let turns = if self.is_thorough { TURNS } else { 1 };
        'walks: for turn in 0..turns {
            for far in (1..=need).rev() {
                for amount in [far, -far] {
                    let width = self.width(*proof, cell);
                    let is_known = if amount > 0 { amount <= width.1 } else { amount >= width.0 };
                    if is_known {
                        continue;
                    }
                    let found = ground.walk(&[(cell, amount)], &|_| Some(0), Manner::plain(turn));
                    if let Some(witness) = found.filter(|witness| self.system.agrees(witness, &view)) {
                        let number = self.found.add(witness);
                        if self.widen(proof, cell, number) >= need {
                            break 'walks;
                        }
                    }
                }
            }
        }
        for is_up in [true, false] {
            let width = self.width(*proof, cell);
            if width.1 - width.0 < need
                && self.is_thorough
                && let Some(witness) = program::farthest(self.system, view, ground.part(), cell, is_up)
            {
                let number = self.found.add(witness);
                self.widen(proof, cell, number);
            }
        }
        self.pieces.put_ground(cell, &view, ground);
    }

    /// How far below and above the truth a proof reaches.
    fn width(&self, proof: Proof, cell: usize) -> (i64, i64) {
        let of = |number: Option<usize>| number.map_or(0, |number| self.found.witness(number).of(cell));
        (of(proof.low), of(proof.high))
    }

    /// Takes a table into a proof if that makes it wider. How wide it is.
    fn widen(&self, proof: &mut Proof, cell: usize, number: usize) -> i64 {
        let (low, high) = self.width(*proof, cell);
        let by = self.found.witness(number).of(cell);
        if by < low {
            proof.low = Some(number);
        }
        if by > high {
            proof.high = Some(number);
        }
        high.max(by) - low.min(by)
    }

    /// Whether there is a table with another count in a cell that explains just as well why cells are withheld: of
    /// those that hang together a rule withholds one at least. Where the policy prints classes, no rule is the reason.
    fn is_explained_otherwise(&mut self, cell: usize, view: View<'_>) -> bool {
        if !is_withheld(self.system, view.printed, cell) {
            return true;
        }
        if let Some(&Explanation { table, by }) = self.explanations.get(&cell)
            && self.is_beside(cell, by, view.printed)
            && self.found.agrees(table, view, None)
        {
            return true;
        }
        for n in 0..self.found.of_cell(cell).len() {
            let table = self.found.of_cell(cell)[n];
            if let Some(by) = self.explaining(table, cell, view.printed)
                && self.found.agrees(table, view, None)
            {
                self.explanations.insert(cell, Explanation { table, by });
                return true;
            }
        }
        if self.unexplained.contains(&cell) {
            return false;
        }
        let ground = self.pieces.take_ground(self.system, cell, &view);
        let explanation = self.explanation(cell, view, &ground);
        self.pieces.put_ground(cell, &view, ground);
        match explanation {
            Some(one) => drop(self.explanations.insert(cell, one)),
            None => drop(self.unexplained.insert(cell)),
        }
        explanation.is_some()
    }

    /// Looks for a table that explains it.
    fn explanation(&mut self, cell: usize, view: View<'_>, ground: &Ground) -> Option<Explanation> {
        let (system, is_thorough) = (self.system, self.is_thorough);
        let mut try_walk = |goals: &[(usize, i64)], turn: u64| {
            let found = ground.walk(goals, &|_| Some(0), Manner::plain(turn));
            let table = self.found.add(found.filter(|witness| system.agrees(witness, &view))?);
            self.explaining(table, cell, view.printed).map(|by| Explanation { table, by })
        };
        let alone = (0..TURNS).flat_map(|turn| STEPS_ASIDE.into_iter().map(move |amount| (turn, amount)));
        for (turn, amount) in alone {
            if let Some(explanation) = try_walk(&[(cell, amount)], turn) {
                return Some(explanation);
            }
        }
        if !is_thorough {
            return None;
        }
        // Another cell that it shares a relation with may be the one that a rule withholds.
        let rows = system.rows_of[cell].iter().flat_map(|&row| system.rows[row].terms.iter().map(|one| one.0));
        let is_other = |other: &usize| *other != cell && is_withheld(system, view.printed, *other);
        let near: BTreeSet<usize> = rows.filter(is_other).collect();
        let goals =
            near.into_iter().flat_map(|other| ruled_values(system, other).into_iter().map(move |value| (other, value)));
        let goals: Vec<(usize, i64)> = goals.collect();
        goals.into_iter().find_map(|(other, value)| {
            let by = value - system.cells.all[other].value;
            STEPS_ASIDE.into_iter().take(4).find_map(|amount| try_walk(&[(cell, amount), (other, by)], 0))
        })
    }

    /// A cell that a rule withholds in a table, among those that hang together with a cell.
    fn explaining(&self, table: usize, cell: usize, printed: &[Printed]) -> Option<usize> {
        let (system, witness) = (self.system, self.found.witness(table));
        let piece = *self.pieces.of.get(&cell)?;
        let moved = witness.0.iter().map(|(cell, _)| *cell);
        let moved: BTreeSet<usize> =
            moved.flat_map(|cell| system.parts_of[cell].iter().copied().chain([cell])).collect();
        let unmoved = self.pieces.ruled[piece].iter().copied();
        let unmoved =
            unmoved.filter(|ruled| !moved.contains(ruled)).find(|&ruled| self.is_beside(cell, ruled, printed));
        let is_explaining = |other: &usize| self.is_beside(cell, *other, printed) && is_ruled(system, witness, *other);
        unmoved.or_else(|| moved.iter().copied().find(is_explaining))
    }

    /// Whether another cell is withheld, hangs together with one, and may be the reason why that is withheld: an
    /// earlier edition knows nothing of a later one.
    fn is_beside(&self, cell: usize, other: usize, printed: &[Printed]) -> bool {
        let pieces = &self.pieces.of;
        let [behind, other_behind] = [cell, other].map(|cell| self.system.cells.all[cell].address.behind);
        pieces.get(&other).is_some_and(|piece| pieces.get(&cell) == Some(piece))
            && (behind != Behind::Earlier || other_behind == Behind::Earlier)
            && is_withheld(self.system, printed, other)
    }
}

impl Pieces {
    fn of(system: &System<'_>, part: &[usize], printed: &[Printed]) -> Pieces {
        let all = system.parts(|cell| printed[cell] != Printed::Value, part.iter().copied());
        let of = all.iter().enumerate().flat_map(|(at, piece)| piece.iter().map(move |&cell| (cell, at))).collect();
        let is_ruled = |cell: &usize| is_withheld(system, printed, *cell) && system.rule_of[*cell].is_some();
        let ruled = all.iter().map(|piece| piece.iter().copied().filter(is_ruled).collect()).collect();
        Pieces { all, of, ruled, grounds: BTreeMap::new() }
    }

    /// The pieces that some cells belong to.
    fn with(&self, cells: &BTreeSet<usize>) -> BTreeSet<usize> {
        cells.iter().filter_map(|cell| self.of.get(cell).copied()).collect()
    }

    /// The ground for walks among the cells that hang together with one.
    fn take_ground(&mut self, system: &System<'_>, cell: usize, view: &View<'_>) -> Ground {
        let piece = self.of.get(&cell);
        let kept = piece.filter(|_| view.own.is_empty()).and_then(|piece| self.grounds.remove(piece));
        kept.unwrap_or_else(|| {
            let cells = piece.map(|&piece| self.all[piece].clone()).unwrap_or_default();
            Ground::new(system, cells, view)
        })
    }

    /// Keeps the ground of outsiders for the next walk.
    fn put_ground(&mut self, cell: usize, view: &View<'_>, ground: Ground) {
        if let Some(&piece) = self.of.get(&cell).filter(|_| view.own.is_empty()) {
            self.grounds.insert(piece, ground);
        }
    }
}

/// Whether a cell is withheld whole, and a rule may be the reason: where the policy prints classes, none is.
fn is_withheld(system: &System<'_>, printed: &[Printed], cell: usize) -> bool {
    printed[cell] == Printed::Nothing && system.cells.all[cell].is_printable && !system.is_class[cell]
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
