//! Which figures of the panel may be printed.
//!
//! Beside the two years, the figures of those who answered in both give those who came and those who left. So
//! the panel of a prompt is printed as one or not at all: only where everything of both years stands beside
//! it, nobody of panel, entrants and leavers would have to be protected, and nobody of them stands in another
//! sector as well. Distributions never give way for it. What a sector's panel would give away of a sub-sector's is
//! withheld as well, and everything is attacked in the end.

use std::collections::BTreeSet;

use super::attack::Printed;
use super::cells::{Cells, Measure, Spot};
use super::cohort::{Cohort, prompt_before};
use super::primary::primary;
use crate::survey::{Policy, Prompt, SectorIndex, Survey};
use crate::tabulate::Scope;

/// The panel of a prompt in a scope.
pub(super) type Block = (Scope, Prompt);

/// The panels that may be printed beside what is printed of the two years. `shared` are the sectors that have
/// members in common with others, in either year.
pub(super) fn printable(
    survey: &Survey,
    policy: &Policy,
    cells: &Cells,
    printed: &[Printed],
    shared: &BTreeSet<SectorIndex>,
) -> BTreeSet<Block> {
    let is_panel = |spot: &Spot| spot.cohort == Cohort::Panel && spot.measure == Measure::Base;
    let blocks = cells.all.iter().map(|cell| cell.spot).filter(is_panel).map(|spot| (spot.scope, spot.prompt));
    let blocks: BTreeSet<Block> = blocks.collect();
    let work = Work { survey, policy, cells, printed, shared };
    let mut kept: BTreeSet<Block> = blocks.iter().copied().filter(|block| work.is_harmless(*block)).collect();
    for &whole in blocks.iter().filter(|(scope, _)| scope.subsector.is_none()) {
        work.keep_apart(whole, &blocks, &mut kept);
    }
    kept
}

/// Prints the cells of some panels.
pub(super) fn print(cells: &Cells, blocks: &BTreeSet<Block>, printed: &mut [Printed]) {
    for (cell, printed) in cells.all.iter().zip(printed) {
        let is_its = matches!(cell.spot.cohort, Cohort::Panel | Cohort::PanelLastYear);
        if is_its && cell.is_printable && blocks.contains(&(cell.spot.scope, cell.spot.prompt)) {
            *printed = Printed::Value;
        }
    }
}

struct Work<'a> {
    survey: &'a Survey,
    policy: &'a Policy,
    cells: &'a Cells,
    printed: &'a [Printed],
    shared: &'a BTreeSet<SectorIndex>,
}

impl Work<'_> {
    /// The cells of a cohort in a block.
    fn of(&self, (scope, prompt): Block, cohort: Cohort) -> Vec<usize> {
        let base = self.cells.place(Spot { cohort, scope, prompt, measure: Measure::Base });
        base.into_iter().flat_map(|base| std::iter::once(base).chain(self.cells.group(base))).collect()
    }

    /// Whether nothing has to be protected of those whom the panel tells of.
    fn is_harmless(&self, block: Block) -> bool {
        let comparison = self.survey.comparison.as_ref();
        let before = comparison.and_then(|comparison| prompt_before(comparison, block.1));
        let is_printed = |&cell: &usize| self.printed[cell] == Printed::Value;
        let is_beside = before.is_some_and(|before| {
            let two_years = [self.of(block, Cohort::All), self.of((block.0, before), Cohort::LastYear)];
            two_years.iter().all(|year| !year.is_empty() && year.iter().all(is_printed))
        });
        let is_beside = is_beside && !self.shared.contains(&block.0.sector);
        let told = [Cohort::Panel, Cohort::PanelLastYear, Cohort::Entrants, Cohort::Leavers];
        is_beside && told.into_iter().all(|cohort| !self.is_sensitive(block, cohort))
    }

    fn is_sensitive(&self, block: Block, cohort: Cohort) -> bool {
        self.of(block, cohort).into_iter().any(|cell| primary(&self.cells.all[cell], self.policy).is_some())
    }

    /// A single part of a sector's panel that is not printed is what the others leave: then the smallest of
    /// them is not printed either, and if there is none the whole is not.
    fn keep_apart(&self, whole: Block, blocks: &BTreeSet<Block>, kept: &mut BTreeSet<Block>) {
        let (scope, prompt) = whole;
        let is_part =
            |(other, asked): &Block| *asked == prompt && other.sector == scope.sector && other.subsector.is_some();
        let parts: Vec<Block> = blocks.iter().copied().filter(is_part).collect();
        let moved = [Cohort::Movers, Cohort::MoversLastYear].into_iter().any(|one| self.is_sensitive(whole, one));
        let hidden = parts.iter().filter(|part| !kept.contains(*part)).count() + usize::from(moved);
        if hidden != 1 || !kept.contains(&whole) {
            return;
        }
        let size = |part: &Block| self.of(*part, Cohort::Panel).first().map_or(0, |&base| self.cells.all[base].value);
        let smallest = parts.iter().copied().filter(|part| kept.contains(part)).min_by_key(|part| (size(part), *part));
        kept.remove(&smallest.unwrap_or(whole));
    }
}
