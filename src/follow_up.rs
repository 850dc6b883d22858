//! Follow-up: every defect becomes one clear question to the institution, and what it replies is
//! carried through.
//!
//! A [`Query`] is a finding that only the institution can settle. [`settle`] applies the replies
//! that came back: an answer that is confirmed closes its query, one that is corrected takes the
//! place of the first, which stays on record. [`effects`] says what each open query is worth in the
//! published figures, and [`inquiry`] and [`desk`] write the workbooks.

mod desk;
mod effect;
mod inquiry;
mod query;
mod settle;

pub use desk::{Addressee, desk};
pub use effect::{Distribution, Effect, Points, effects};
pub use inquiry::inquiry;
pub use query::{Query, QueryStatus, Waiver, given};
pub use settle::{Settled, settle};
