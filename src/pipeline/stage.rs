//! The stages of a run, with those that each needs and brings.

use std::collections::BTreeSet;

/// A stage. A command asks for some, and those that they need or bring run as well: `chart` needs what disclosure
/// control lets through, and a release brings its charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Read the returned workbooks into the store.
    Ingest,
    /// Compute the distributions.
    Tabulate,
    /// Compare with last year.
    Compare,
    /// Let through what may be published.
    Disclose,
    /// Ask institutions about their answers.
    FollowUp,
    /// Draw the figures.
    Chart,
}

impl Stage {
    /// All of them, in the order in which they run.
    pub const ALL: [Stage; 6] =
        [Stage::Ingest, Stage::Tabulate, Stage::Compare, Stage::Disclose, Stage::FollowUp, Stage::Chart];

    /// Its name, in the manifest and on a terminal.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Ingest => "ingest",
            Stage::Tabulate => "tabulate",
            Stage::Compare => "compare",
            Stage::Disclose => "disclose",
            Stage::FollowUp => "follow-up",
            Stage::Chart => "chart",
        }
    }

    /// The stages whose products it takes.
    fn needs(self) -> &'static [Stage] {
        match self {
            Stage::Ingest | Stage::Tabulate => &[],
            Stage::Compare | Stage::Disclose => &[Stage::Tabulate],
            Stage::FollowUp => &[Stage::Ingest],
            Stage::Chart => &[Stage::Disclose],
        }
    }

    /// The stages whose products go with its own.
    fn brings(self) -> &'static [Stage] {
        match self {
            Stage::Ingest => &[Stage::FollowUp],
            Stage::Disclose => &[Stage::Chart],
            _ => &[],
        }
    }

    /// Some stages, with all that they need and bring.
    pub(super) fn with_others(stages: &[Stage]) -> BTreeSet<Stage> {
        let mut all = BTreeSet::new();
        let mut open = stages.to_vec();
        while let Some(stage) = open.pop() {
            if all.insert(stage) {
                open.extend(stage.needs().iter().chain(stage.brings()));
            }
        }
        all
    }
}
