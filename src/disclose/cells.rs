//! The cells of a release: every count and every base of every scope that it is about, as one list
//! that relations, attacks and marks refer to by position.

use std::collections::BTreeMap;

use super::band::Band;
use super::cohort::Cohort;
use crate::survey::{Prompt, Shown, Survey};
use crate::tabulate::Scope;

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
    /// Whom of a scope it counts.
    pub cohort: Cohort,
    /// The sector or sub-sector that it is about, in the terms of this year's survey.
    pub scope: Scope,
    /// What was asked.
    pub prompt: Prompt,
    /// What is counted.
    pub measure: Measure,
}

impl Spot {
    /// The same figure of everybody in the terms of last year's survey; `None` where that has no such part.
    pub(super) fn of_last_year(self, survey: &Survey, before: &Survey) -> Option<Spot> {
        Some(Spot { cohort: Cohort::All, scope: self.scope.in_survey(survey, before)?, ..self })
    }
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
    /// The band that readers know of it already, if they know one.
    pub band: Option<Band>,
    /// Whether everybody knows it anyway: the base of a question that is asked of all.
    pub is_known: bool,
    /// Whether it is for this release to print it. What only follows from printed cells is not, nor is
    /// last year's, of which an earlier release has decided.
    pub is_printable: bool,
    /// The widest interval that can be asked of it. What may be printed of all, that all but three did, say,
    /// tells as much of every part of them.
    pub room: i64,
    /// What is lost if it is withheld.
    pub weight: i64,
}

/// All cells of a release.
#[derive(Debug)]
pub(super) struct Cells {
    pub all: Vec<Cell>,
    places: BTreeMap<Spot, usize>,
}

impl Cells {
    /// A list of cells, put in order.
    pub fn new(mut all: Vec<Cell>) -> Cells {
        all.sort_by_key(|cell| cell.spot);
        let places = all.iter().enumerate().map(|(place, cell)| (cell.spot, place)).collect();
        Cells { all, places }
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
        let spot = self.all[base].spot;
        let is_its = move |place: &usize| Spot { measure: Measure::Base, ..self.all[*place].spot } == spot;
        // The base is the first of its group, and the group stands together.
        (base + 1..self.all.len()).take_while(is_its)
    }
}
