//! Refusals: releases that cannot be made at all.

/// Why a release cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Three sectors may reveal together more than this program attacks.
    #[error(
        "the sectors {} have members in common one with another, expected two at most\n  leave one of them out of the release (`never` in the disclosure policy)",
        sectors.join(", ")
    )]
    ThreeSectors {
        /// The ids of the sectors.
        sectors: Vec<String>,
    },
    /// The answers in the store are not such as the definition describes them.
    #[error(
        "the answers contradict the definition at {cell}: the store was written by another definition\n  run `cssa ingest` for the year again"
    )]
    OtherDefinition {
        /// The cell.
        cell: String,
    },
}
