//! Secondary suppression: withholds further cells until no withheld cell can be computed too closely,
//! losing as little as it can.
//!
//! For each cell that an attack opens, the cheapest change of the unprinted figures is looked for that
//! moves the cell far enough and leaves everything printed as it is (Kelly, Golden and Assad, "Cell
//! Suppression: Disclosure Protection for Sensitive Tabular Data", Networks 22, 1992; Fischetti and
//! Salazar, "Models and Algorithms for Optimizing Cell Suppression", JASA 95, 2000). Cells that it
//! moves are withheld. When nothing is open any more, every cell that was withheld for others is
//! printed again if nothing opens without it, the most important first.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use super::attack::{Opened, Outside, Printed};
use super::cells::Measure;
use super::linear::{Fraction, Relation, Row, System};
use super::respondents::Respondent;
use crate::survey::Prompt;

/// How often a part is attacked and mended before it is given up.
const MOST_ROUNDS: usize = 60;
/// After how many of them a band is no longer kept by withholding others.
const PATIENCE: usize = 8;

/// Withholds what has to be withheld beside `printed`; gives the same with more withheld. `fixed` are the
/// cells that cannot be withheld, because everybody knows them.
pub(super) fn protect(
    outside: &Outside<'_>,
    printed: Vec<Printed>,
    fixed: &[bool],
    respondents: &[Respondent],
) -> Vec<Printed> {
    let primary = printed.clone();
    // Parts that share no relation are protected side by side.
    let all = outside.connected(|cell| !fixed[cell], (0..printed.len()).collect());
    let parts: Vec<Vec<(usize, Printed)>> = all
        .par_iter()
        .map(|part| {
            let mut local = primary.clone();
            let work = Work { outside, part, fixed, respondents, primary: &primary };
            work.close(&mut local);
            let closed = local.clone();
            work.reopen(&mut local);
            // What was looked at question by question has to hold in the whole.
            if local != closed {
                work.close(&mut local);
            }
            part.iter().map(|&cell| (cell, local[cell])).collect()
        })
        .collect();
    let mut printed = printed;
    for (cell, is_printed) in parts.into_iter().flatten() {
        printed[cell] = is_printed;
    }
    printed
}

/// A way in which a cell can be moved.
struct Way {
    cell: usize,
    /// 1 for up, -1 for down.
    sign: i64,
    /// Whether that leaves its band, which is then withheld.
    is_beyond: bool,
}

struct Work<'a> {
    outside: &'a Outside<'a>,
    /// The cells of an independent part of the release.
    part: &'a [usize],
    fixed: &'a [bool],
    respondents: &'a [Respondent],
    primary: &'a [Printed],
}

impl Work<'_> {
    /// The unprinted cells of the part, in connected pieces.
    fn pieces(&self, printed: &[Printed]) -> Vec<Vec<usize>> {
        self.outside.connected(|cell| printed[cell] != Printed::Value, self.part.to_vec())
    }

    fn opened(&self, printed: &[Printed], pieces: &[Vec<usize>]) -> Vec<Opened> {
        let mut opened: Vec<Opened> = pieces
            .iter()
            .flat_map(|piece| self.outside.attack_part(piece, printed, self.respondents, false).opened)
            .collect();
        opened.sort();
        opened.dedup_by_key(|one| one.cell);
        opened
    }

    /// The unprinted cells of the part by question: most of what gives a cell away stands there, and is
    /// found much sooner than in the whole.
    fn questions(&self, printed: &[Printed]) -> Vec<Vec<usize>> {
        let cells = self.outside.cells;
        let mut questions: BTreeMap<Prompt, Vec<usize>> = BTreeMap::new();
        for &cell in self.part.iter().filter(|&&cell| printed[cell] != Printed::Value) {
            questions.entry(cells.all[cell].spot.prompt).or_default().push(cell);
        }
        questions.into_values().collect()
    }

    /// Withholds until nothing is open, or nothing more can be withheld: first question by question, then
    /// in the whole.
    fn close(&self, printed: &mut Vec<Printed>) {
        for is_whole in [false, true] {
            for round in 0..MOST_ROUNDS {
                let pieces = if is_whole { self.pieces(printed) } else { self.questions(printed) };
                let opened = self.opened(printed, &pieces);
                if opened.is_empty() {
                    break;
                }
                let before = printed.clone();
                if opened.iter().any(|one| one.interval.is_none()) {
                    // Too large to be attacked: bands are what makes it so.
                    self.withhold_bands(&pieces, printed);
                    if *printed == before {
                        break;
                    }
                    continue;
                }
                for one in &opened {
                    self.mend(one, round, printed);
                }
                if *printed == before && !self.give_way(&opened, printed) {
                    break;
                }
            }
        }
    }

    /// Withholds what is only printed as bands in pieces.
    fn withhold_bands(&self, pieces: &[Vec<usize>], printed: &mut [Printed]) {
        for &cell in pieces.iter().flatten() {
            if matches!(printed[cell], Printed::Band(_)) {
                self.withhold(cell, printed);
            }
        }
    }

    /// Withholds what the cheapest way of moving an open cell moves.
    fn mend(&self, opened: &Opened, round: usize, printed: &mut [Printed]) {
        let cells = self.outside.cells;
        let (lowest, highest) = self.outside.limits(opened.cell, printed, |_| false, &opened.knowledge);
        let is_band = matches!(printed[opened.cell], Printed::Band(_));
        // A band that gives too much away by itself, or that nothing else protects, is withheld.
        if (is_band && highest - lowest < opened.needed) || round >= PATIENCE {
            let group: Vec<usize> = cells.group(cells.base_of(opened.cell)).collect();
            self.withhold_bands(&[group], printed);
            if is_band {
                return;
            }
        }
        let value = cells.all[opened.cell].value;
        // Rounds that did not help ask for more: whole numbers leave gaps.
        let wanted = opened.needed + i64::try_from(round / 4).expect("few rounds");
        let down = (wanted / 2).min(value - lowest).max(0);
        let up = (wanted - down).min(highest - value).max(0);
        let down = (wanted - up).min(value - lowest).max(0);
        for amount in [up, -down].into_iter().filter(|amount| *amount != 0) {
            let mut ways = [false, true].into_iter();
            let moved = ways.find_map(|is_base_free| self.cheapest(opened, amount, is_base_free, printed));
            match moved {
                Some(moved) => moved.into_iter().for_each(|cell| self.withhold(cell, printed)),
                None if is_band => self.withhold(opened.cell, printed),
                None => self.withhold_bands_near(opened.cell, printed),
            }
        }
    }

    /// Withholds the bands on bases that a cell shares a relation with: they say how large these can be.
    fn withhold_bands_near(&self, cell: usize, printed: &mut [Printed]) {
        let cells = self.outside.cells;
        let near =
            self.outside.relations_of(&[cell]).into_iter().flat_map(|row| row.terms.iter().map(|(cell, _)| *cell));
        let bases = near.map(|cell| cells.base_of(cell)).filter(|&base| printed[base] != Printed::Value);
        let bases: BTreeSet<usize> = bases.collect();
        let groups: Vec<Vec<usize>> = bases.into_iter().map(|base| cells.group(base).collect()).collect();
        self.withhold_bands(&groups, printed);
    }

    /// The cells that the cheapest change moves which moves a cell by an amount; `None` where there is no
    /// such change.
    fn cheapest(&self, opened: &Opened, amount: i64, is_base_free: bool, printed: &[Printed]) -> Option<Vec<usize>> {
        let cells = self.outside.cells;
        let may_move = |cell: usize| {
            let is_base = cells.all[cell].spot.measure == Measure::Base;
            !self.fixed[cell] && (is_base_free || !is_base || printed[cell] != Printed::Value)
        };
        let part = self.outside.connected(may_move, vec![opened.cell]).pop()?;
        let mut ways: Vec<Way> = Vec::with_capacity(2 * part.len());
        let (mut bounds, mut costs) = (Vec::with_capacity(2 * part.len()), Vec::with_capacity(2 * part.len()));
        let mut of_cell: Vec<Range<usize>> = Vec::with_capacity(part.len());
        for &cell in &part {
            let one = &cells.all[cell];
            let by = |(lowest, highest): (i64, i64)| [(highest - one.value).max(0), (one.value - lowest).max(0)];
            let within = by(self.outside.limits(cell, printed, may_move, &opened.knowledge));
            let first = ways.len();
            let mut add = |sign: i64, is_beyond: bool, (least, most): (i64, i64)| {
                if most > 0 {
                    ways.push(Way { cell, sign, is_beyond });
                    bounds.push((least, most));
                    // What stays within its band need not be withheld.
                    let is_lost = is_beyond || printed[cell] == Printed::Value;
                    costs.push(if is_lost { one.weight } else { 0 });
                }
            };
            if cell == opened.cell {
                add(amount.signum(), false, (amount.abs(), amount.abs()));
            } else {
                [1, -1].into_iter().zip(within).for_each(|(sign, most)| add(sign, false, (0, most)));
                if matches!(printed[cell], Printed::Band(_)) {
                    let free = by(self.outside.free_limits(cell, printed, may_move, &opened.knowledge));
                    [1, -1].into_iter().zip(free).for_each(|(sign, most)| add(sign, true, (0, most)));
                }
            }
            of_cell.push(first..ways.len());
        }
        let moved_in = |row: &Row, constant: i64, is_counted: &dyn Fn(&Way) -> bool| {
            let (mut terms, mut at_truth) = (Vec::with_capacity(2 * row.terms.len()), 0);
            for &(cell, factor) in &row.terms {
                at_truth += factor * cells.all[cell].value;
                let Ok(place) = part.binary_search(&cell) else { continue };
                let such = of_cell[place].clone().filter(|&way| is_counted(&ways[way]));
                terms.extend(such.map(|way| (way, ways[way].sign * factor)));
            }
            let constant = if row.relation == Relation::Equal { 0 } else { constant - at_truth };
            Row { terms, relation: row.relation, constant }
        };
        let relations = self.outside.relations_for(&part, &opened.knowledge).into_iter();
        let relations = relations.map(|(row, constant)| moved_in(row, constant, &|_| true));
        let [bands, given] = self.outside.bands(&part, printed, may_move);
        let bands = bands.iter().map(|row| moved_in(row, row.constant, &|way| !way.is_beyond));
        let given = given.iter().map(|row| moved_in(row, row.constant, &|_| true));
        let rows = relations.chain(bands).chain(given).collect();
        let point = System { bounds, rows }.cheapest(&costs).ok().flatten()?;
        let moved = ways.iter().zip(&point).filter(|(_, amount)| **amount != Fraction::from(0));
        let lost = moved.filter(|(way, _)| way.is_beyond || printed[way.cell] == Printed::Value);
        Some(lost.map(|(way, _)| way.cell).collect())
    }

    /// Withholds the cheapest printed cell that shares a relation with an open one, where nothing better is
    /// known. Says whether there was one.
    fn give_way(&self, opened: &[Opened], printed: &mut [Printed]) -> bool {
        let cells = self.outside.cells;
        let near = opened.iter().flat_map(|one| self.outside.relations_of(&[one.cell]));
        let near = near.flat_map(|row| row.terms.iter().map(|(cell, _)| *cell));
        let free = near.filter(|&cell| !self.fixed[cell] && printed[cell] != Printed::Nothing);
        match free.min_by_key(|&cell| (cells.all[cell].weight, cell)) {
            Some(cell) => {
                self.withhold(cell, printed);
                true
            }
            None => false,
        }
    }

    /// Withholds a cell, and with a base all that rests on it but bands.
    fn withhold(&self, cell: usize, printed: &mut [Printed]) {
        if self.fixed[cell] {
            return;
        }
        printed[cell] = Printed::Nothing;
        if self.outside.cells.all[cell].spot.measure == Measure::Base {
            self.outside.cells.group(cell).for_each(|other| printed[other] = printed[other].without_base());
        }
    }

    /// Prints again what was withheld for others and need not be, the most important first.
    fn reopen(&self, printed: &mut [Printed]) {
        let cells = self.outside.cells;
        let mut closed: Vec<usize> =
            self.part.iter().copied().filter(|&cell| printed[cell] != self.primary[cell]).collect();
        closed.sort_by_key(|&cell| (std::cmp::Reverse(cells.all[cell].weight), cell));
        for cell in closed {
            let base = cells.base_of(cell);
            if base != cell && printed[base] == Printed::Nothing && self.primary[cell] == Printed::Value {
                continue;
            }
            let was = std::mem::replace(&mut printed[cell], self.primary[cell]);
            let prompt = cells.all[cell].spot.prompt;
            let is_near = |one: &usize| cells.all[*one].spot.prompt == prompt && printed[*one] != Printed::Value;
            let near: Vec<usize> = self.part.iter().copied().filter(is_near).collect();
            if !self.outside.is_closed(&near, printed, self.respondents) {
                printed[cell] = was;
            }
        }
    }
}
