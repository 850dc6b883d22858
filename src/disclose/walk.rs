//! Finds witnesses by walking: one cell is moved away from the truth, and whatever relation that breaks is mended by
//! moving another cell of it, until nothing is broken any more. Where printed cells may be moved at a price, the cells
//! that the cheapest walk has moved are those to withhold.
//!
//! A walk is no proof that there is no witness; [`super::witness`] checks what it finds.

use std::collections::VecDeque;

use super::cell::{Measure, Printed};
use super::witness::{Constraint, System, View, Witness};

/// How many cells a walk moves before it is given up.
const MOST_STEPS: usize = 300;
/// How long a cell that was moved stays where it is.
const REST: usize = 4;

/// No cell counts more than this: a walk that goes beyond has lost its way.
const MOST: i64 = 1_000_000;

/// How a walk chooses among the cells that mend a relation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// Different turns break ties in different ways.
    pub turn: u64,
    /// The weight of a broken relation, beside the price of moving a cell.
    pub broken: i64,
}

impl Manner {
    /// A walk over cells that cost nothing.
    pub fn plain(turn: u64) -> Manner {
        Manner { turn, broken: 1 }
    }
}

/// The ground of walks: some cells with all that somebody can write down of them.
#[derive(Debug)]
pub(super) struct Ground {
    part: Vec<usize>,
    values: Vec<i64>,
    /// How many of each cell the reader knows to be itself.
    own: Vec<i64>,
    constraints: Vec<Ours>,
    /// The constraints that each cell stands in, with its factor.
    of_cell: Vec<Vec<(usize, i64)>>,
}

/// A constraint on the cells of the ground, less what all other cells add to it.
#[derive(Debug)]
struct Ours {
    terms: Vec<(usize, i64)>,
    least: i64,
    most: i64,
    /// The sum of the true values.
    sum: i64,
    /// The largest factor: a relation is broken by so many institutions.
    scale: i64,
}

impl Ground {
    /// The ground of a part, on which the printed shares bind.
    pub fn new(system: &System<'_>, part: Vec<usize>, view: &View<'_>) -> Ground {
        let values = part.iter().map(|&cell| system.cells.all[cell].value).collect();
        let own = part.iter().map(|&cell| view.own(cell)).collect();
        let of_cell = vec![Vec::new(); part.len()];
        let mut rows: Vec<usize> = part.iter().flat_map(|&cell| system.rows_of[cell].iter().copied()).collect();
        rows.sort_unstable();
        rows.dedup();
        let cells = part.clone();
        let mut ground = Ground { part, values, own, constraints: Vec::new(), of_cell };
        rows.into_iter().for_each(|row| ground.add(system, &system.relation(row, view)));
        for cell in cells {
            if let Printed::Share(share) = view.printed[cell] {
                system.of_share(cell, share).iter().for_each(|one| ground.add(system, one));
            }
            if system.cells.all[cell].address.measure == Measure::Base {
                system.of_base(cell, view.printed).iter().for_each(|one| ground.add(system, one));
            }
        }
        ground
    }

    /// Its cells.
    pub fn part(&self) -> &[usize] {
        &self.part
    }

    fn add(&mut self, system: &System<'_>, constraint: &Constraint) {
        let (mut terms, mut known) = (Vec::with_capacity(constraint.terms.len()), 0);
        for &(cell, factor) in &constraint.terms {
            match self.part.binary_search(&cell) {
                Ok(at) => terms.push((at, factor)),
                Err(_) => known += factor * system.cells.all[cell].value,
            }
        }
        for &(at, factor) in &terms {
            self.of_cell[at].push((self.constraints.len(), factor));
        }
        let sum = terms.iter().map(|&(at, factor)| factor * self.values[at]).sum();
        let scale = terms.iter().map(|(_, factor)| factor.abs()).max().unwrap_or(1);
        let least = constraint.least.map_or(i64::MIN / 4, |least| least - known);
        let most = constraint.most.map_or(i64::MAX / 4, |most| most - known);
        self.constraints.push(Ours { terms, least, most, sum, scale });
    }

    /// Walks from the truth to a table in which cells differ from it by given amounts. `price` gives the cost of
    /// moving another cell, by its position in the part; `None` if it cannot be moved.
    pub fn walk(
        &self,
        goals: &[(usize, i64)],
        price: &dyn Fn(usize) -> Option<i64>,
        manner: Manner,
    ) -> Option<Witness> {
        let mut is_goal = vec![false; self.part.len()];
        let sums = self.constraints.iter().map(|one| one.sum).collect();
        let (moved, moved_at) = (vec![0; self.part.len()], vec![0; self.part.len()]);
        let mut starts = Vec::with_capacity(goals.len());
        for &(cell, amount) in goals {
            let goal = self.part.binary_search(&cell).ok()?;
            if self.values[goal] + amount < self.own[goal] {
                return None;
            }
            is_goal[goal] = true;
            starts.push((goal, amount));
        }
        let waiting = VecDeque::new();
        let mut walk = Walk { ground: self, price, manner, is_goal, moved, moved_at, sums, waiting };
        starts.into_iter().for_each(|(goal, amount)| walk.move_by(goal, amount));
        walk.mend()?;
        let moved = self.part.iter().zip(&walk.moved).filter(|(_, by)| **by != 0);
        Some(Witness(moved.map(|(cell, by)| (*cell, *by)).collect()))
    }
}

struct Walk<'w> {
    ground: &'w Ground,
    price: &'w dyn Fn(usize) -> Option<i64>,
    manner: Manner,
    /// The cells that stay where the walk began.
    is_goal: Vec<bool>,
    moved: Vec<i64>,
    /// The step at which each cell was moved last.
    moved_at: Vec<usize>,
    /// The present sum of each constraint.
    sums: Vec<i64>,
    waiting: VecDeque<usize>,
}

impl Walk<'_> {
    fn move_by(&mut self, cell: usize, by: i64) {
        self.moved[cell] += by;
        for &(constraint, factor) in &self.ground.of_cell[cell] {
            self.sums[constraint] += factor * by;
            self.waiting.push_back(constraint);
        }
    }

    /// By how much a sum is too large (above zero) or too small (below).
    fn excess(&self, constraint: usize, more: i64) -> i64 {
        let Ours { least, most, .. } = self.ground.constraints[constraint];
        let sum = self.sums[constraint] + more;
        if sum > most { sum - most } else { (sum - least).min(0) }
    }

    fn mend(&mut self) -> Option<()> {
        for step in REST..MOST_STEPS + REST {
            while self.waiting.front().is_some_and(|&at| self.excess(at, 0) == 0) {
                self.waiting.pop_front();
            }
            let Some(&broken) = self.waiting.front() else { return Some(()) };
            // Out of a blind alley a walk goes back over a cell that it has just moved.
            let (cell, by) = self.choose(broken, step, false).or_else(|| self.choose(broken, step, true))?;
            self.move_by(cell, by);
            self.moved_at[cell] = step;
        }
        None
    }

    /// The cell that mends a broken constraint best, and by how much it has to be moved.
    fn choose(&self, broken: usize, step: usize, is_back: bool) -> Option<(usize, i64)> {
        let excess = self.excess(broken, 0);
        let mut best: Option<(i64, u64, usize, i64)> = None;
        for &(cell, factor) in &self.ground.constraints[broken].terms {
            let rests = !is_back && self.moved_at[cell] > 0 && step - self.moved_at[cell] < REST;
            if self.is_goal[cell] || rests {
                continue;
            }
            let Some(price) = (self.price)(cell) else { continue };
            // Far enough to mend it: the amount is rounded away from zero.
            let wanted = -excess * factor.signum();
            let by = wanted.signum() * ((wanted.abs() + factor.abs() - 1) / factor.abs());
            let before = self.moved[cell];
            let by = by.max(self.ground.own[cell] - self.ground.values[cell] - before);
            if by == 0 || (self.ground.values[cell] + before + by) > MOST {
                continue;
            }
            let paid = match (before, before + by) {
                (0, _) => price,
                (_, 0) => -price,
                _ => 0,
            };
            let cost = paid.saturating_add(self.manner.broken.saturating_mul(self.newly_broken(cell, by)));
            let one = (cost, shuffle(self.manner.turn, step, cell), cell, by);
            if best.is_none_or(|best| one < best) {
                best = Some(one);
            }
        }
        best.map(|(.., cell, by)| (cell, by))
    }

    /// By how much more relations are broken if a cell is moved, in institutions.
    fn newly_broken(&self, cell: usize, by: i64) -> i64 {
        let more = self.ground.of_cell[cell].iter().map(|&(constraint, factor)| {
            let more = self.excess(constraint, factor * by).abs() - self.excess(constraint, 0).abs();
            let scale = self.ground.constraints[constraint].scale;
            more / scale + i64::from(more > 0 && more < scale)
        });
        more.sum()
    }
}

/// A number that looks like chance and is always the same.
fn shuffle(turn: u64, step: usize, cell: usize) -> u64 {
    let step = u64::try_from(step).expect("few steps");
    let cell = u64::try_from(cell).expect("few cells");
    if turn == 0 {
        return cell;
    }
    let mixed = (turn.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (step << 32) ^ cell).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^ (mixed >> 29)
}
