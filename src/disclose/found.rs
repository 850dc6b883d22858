//! The tables that were found for a part of a release, and whether each still agrees with what is printed and with the
//! own answers of a class of respondents.

use std::collections::{BTreeMap, BTreeSet};

use super::relation::Relation;
use super::witness::{System, View, Witness};

/// Respondents who know the same of a part: the cells that count each of them.
#[derive(Debug)]
pub(super) struct Class {
    pub own: Vec<usize>,
    /// The sum of their answers in each relation, where it is not zero.
    sums: Vec<(usize, i64)>,
}

impl Class {
    pub fn new(system: &System<'_>, own: Vec<usize>) -> Class {
        let mut sums: BTreeMap<usize, i64> = BTreeMap::new();
        for &cell in &own {
            for &row in &system.rows_of[cell] {
                let factor: i64 = system.rows[row].terms.iter().filter(|one| one.0 == cell).map(|one| one.1).sum();
                *sums.entry(row).or_default() += factor;
            }
        }
        assert!(sums.values().all(|sum| sum.abs() < MOST_OWN), "a respondent adds little to a relation");
        Class { own, sums: sums.into_iter().filter(|(_, sum)| *sum != 0).collect() }
    }

    fn sum(&self, row: usize) -> i64 {
        self.sums.binary_search_by_key(&row, |one| one.0).map_or(0, |at| self.sums[at].1)
    }
}

/// Cells and relations that own answers may break in a table: cells that count nobody, and relations without slack.
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

    /// Whether the table keeps its relations without a respondent of a class.
    fn fits(&self, system: &System<'_>, class: &Class) -> bool {
        self.empty.iter().all(|cell| class.own.binary_search(cell).is_err())
            && self.rows.iter().all(|&(row, sum)| system.rows[row].excess(sum - class.sum(row)) == 0)
    }
}

/// A table that was found.
#[derive(Debug)]
struct One {
    witness: Witness,
    tight: Tight,
    /// Whether it agrees with what is printed, as long as that is the same.
    fits_printed: Option<bool>,
    /// Whether it agrees with the own answers of each class.
    fits_class: Vec<Option<bool>>,
}

/// All tables that were found, by number. More cells withheld leave them valid, and so they are kept while it is
/// decided what to withhold.
#[derive(Debug)]
pub(super) struct Found<'s, 'a> {
    system: &'s System<'a>,
    all: Vec<One>,
    numbers: BTreeMap<Witness, usize>,
    of_cell: BTreeMap<usize, Vec<usize>>,
}

impl<'s, 'a> Found<'s, 'a> {
    pub fn new(system: &'s System<'a>) -> Self {
        Found { system, all: Vec::new(), numbers: BTreeMap::new(), of_cell: BTreeMap::new() }
    }

    /// Keeps a table. Its number, also if it is known already.
    pub fn add(&mut self, witness: Witness) -> usize {
        if let Some(number) = self.numbers.get(&witness) {
            return *number;
        }
        let number = self.all.len();
        for (cell, _) in &witness.0 {
            self.of_cell.entry(*cell).or_default().push(number);
        }
        self.numbers.insert(witness.clone(), number);
        let tight = Tight::of(self.system, &witness);
        self.all.push(One { witness, tight, fits_printed: None, fits_class: Vec::new() });
        number
    }

    pub fn witness(&self, number: usize) -> &Witness {
        &self.all[number].witness
    }

    /// The tables that move a cell.
    pub fn of_cell(&self, cell: usize) -> &[usize] {
        self.of_cell.get(&cell).map_or(&[], Vec::as_slice)
    }

    /// Whether a table agrees with what is printed, and with the own answers of a class.
    pub fn agrees(&mut self, number: usize, view: View<'_>, class: Option<(usize, &Class)>) -> bool {
        let One { witness, tight, fits_printed, fits_class } = &mut self.all[number];
        let system = self.system;
        if !*fits_printed.get_or_insert_with(|| system.agrees(witness, &View { own: &[], ..view })) {
            return false;
        }
        let Some((at, class)) = class else { return true };
        if fits_class.len() <= at {
            fits_class.resize(at + 1, None);
        }
        *fits_class[at].get_or_insert_with(|| tight.fits(system, class))
    }

    /// Forgets of the tables that move some cells whether they agree with what is printed.
    pub fn forget(&mut self, cells: &BTreeSet<usize>) {
        for number in cells.iter().filter_map(|cell| self.of_cell.get(cell)).flatten() {
            self.all[*number].fits_printed = None;
        }
    }
}
