//! From two years to what changed between them.
//!
//! Whom of last year an institution of this year is compared with comes first: institutions merge,
//! get new codes and names, come and go. [`Lineage`] says it for everyone on either roster.

mod lineage;

pub use lineage::{Fate, Lineage, Past, Remark};
