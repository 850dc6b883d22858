//! The limit of work. It counts steps, not seconds, so that the same question always has the same
//! answer.

use super::Undecided;

/// Changes of basis for one search. A table of 150 cells and 85 margins takes some hundred.
const PIVOTS: u32 = 100_000;

/// Nodes of one search. Two-way tables need one; three-way ones of 5 × 5 × 6 cells, all of them
/// unknown, were decided with a hundred. Systems without such a shape can need any number, and are
/// better given up soon: what is undecided is taken for open.
const NODES: u32 = 200;

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
