//! The limit of work. It counts steps, not seconds, so that the same question always has the same
//! answer.

use super::Undecided;

/// Changes of basis for one search. A table of 150 cells and 120 margins takes some hundred, and a
/// search with this many lasts seconds.
const PIVOTS: u32 = 100_000;

/// Nodes of one search. The counts behind published tables need one node, rarely ten; each open
/// node keeps the bounds of its variables in memory.
const NODES: u32 = 10_000;

/// What is left of the work that one search may take.
pub(super) struct Work {
    pivots: u32,
    nodes: u32,
}

impl Work {
    pub(super) fn new() -> Work {
        Work { pivots: PIVOTS, nodes: NODES }
    }

    pub(super) fn pivot(&mut self) -> Result<(), Undecided> {
        self.pivots = self.pivots.checked_sub(1).ok_or(Undecided::TooMuchWork)?;
        Ok(())
    }

    pub(super) fn node(&mut self) -> Result<(), Undecided> {
        self.nodes = self.nodes.checked_sub(1).ok_or(Undecided::TooMuchWork)?;
        Ok(())
    }
}
