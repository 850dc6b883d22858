//! Releases to readers: editions from frozen answers, errata, withdrawals, and refusals.

mod drafts;
mod errata;
mod frozen;
mod identity;
mod public;
mod refusals;
mod season;
pub mod world;
