//! Disclosure control: the only door between figures and paper.
//!
//! Institutions are known by name, so that the danger is a reader who learns that a named institution gave an adverse
//! answer. Rules withhold the cells that would reveal it ([`rule`]); further cells are withheld so that nobody can
//! compute those ([`suppression`]); and everything that is left is attacked ([`attack`]). A release that an attack opens
//! is not given to anybody.

mod answers;
mod attack;
mod cell;
mod changes;
mod coverage;
mod erratum;
mod explain;
mod found;
mod material;
mod need;
mod number;
mod program;
mod protect;
mod refusal;
mod relation;
mod release;
mod released;
mod released_change;
mod rule;
mod share;
mod suppression;
mod walk;
mod witness;

pub use attack::Attacker;
pub use cell::{Address, Behind, Cohort, Measure, Printed};
pub use coverage::is_covered;
pub use erratum::{Comparison, Edition, Revealed, To, compare_editions};
pub use explain::explain;
pub use material::{LastYear, Material};
pub use number::{
    Amount, Contributions, Mean, NumberAccount, NumberReason, ProtectedNumbers, ReleasedNumber, WithheldNumber,
    explain_number, number, number_name, numbers_csv, protect as protect_numbers, withheld_numbers_csv,
};
pub use protect::{
    Account, Beside, Opening, Protected, WithheldCells, as_printed, audit, costs, for_the_desk, protect,
};
pub use refusal::Refusal;
pub use release::{Pattern, PrintedNumber, Release};
pub use released::{Base, Content, Reader, Reason, Releasable, Released, Seal};
pub use released_change::ReleasedChange;
pub use rule::Rule;
pub use share::Share;
