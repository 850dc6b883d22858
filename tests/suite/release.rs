//! What readers have: editions from frozen answers, errata, withdrawals, and what is refused.

mod drafts;
mod errata;
mod frozen;
mod identity;
mod public;
mod refusals;
mod season;
pub mod world;
