//! Follow-up: every defect becomes one clear query to the institution, and its reply is carried through.
//!
//! A [`Query`] is a finding that only the institution can settle. [`settle`] applies the replies that came back: an
//! answer that is confirmed closes its query, one that is corrected takes the place of the first, which stays on
//! record. [`effects`] computes the effect of each open query on the published figures, and [`inquiry`] and [`desk`]
//! write the workbooks.

mod desk;
mod effect;
mod inquiry;
mod query;
mod settle;

pub use desk::{Addressee, desk};
pub use effect::{Distribution, Effect, Points, effects};
pub use inquiry::{inquiry, inquiry_file, is_inquiry_file};
pub use query::{Query, QueryStatus, Waiver, given};
pub use settle::{Settled, settle};
