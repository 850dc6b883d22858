//! Disclosure control: the only door between figures and paper.
//!
//! A percentage with its base gives a count; sub-sectors subtract from sectors, nets from their
//! options, gates give bases away, and a respondent subtracts itself. So all figures of a release are
//! looked at together: what tells something of an institution is withheld ([`Primary`]), then what
//! would give it away (secondary suppression), and then everything that is left is attacked. What an
//! attack opens is not released.

mod attack;
mod band;
mod cells;
mod certificate;
mod changes;
mod cohort;
mod count;
mod coverage;
mod explain;
mod history;
mod known;
pub mod linear;
mod material;
mod numbers;
mod panel;
mod primary;
mod protect;
mod relations;
mod release;
mod released;
mod released_change;
mod respondents;
mod rolls;
mod room;
mod secondary;
mod tables;

pub use band::Band;
pub use cells::{Measure, Spot};
pub use certificate::{Verdict, certificate, page};
pub use cohort::Cohort;
pub use coverage::is_covered;
pub use explain::explain;
pub use history::{
    BandCorrection, Correction, Given, Held, History, Narrowed, NumberCorrection, Unmasked, UnmaskedNumber,
};
pub use known::Known;
pub use material::{LastYear, Material};
pub use numbers::{
    Amount, Contributions, KnownNumbers, Mean, NumberAccount, NumberOpening, NumberReason, ProtectedNumbers,
    ReleasedNumber, WithheldNumber, audit_numbers, explain_number, number, number_name, numbers_csv,
    withheld_numbers_csv,
};
pub use primary::Primary;
pub use protect::{Account, Opening, Protected, WithheldCells, as_given, audit, contradiction, for_the_desk, protect};
pub use release::{Release, published_numbers};
pub use released::{Base, Content, Reader, Reason, Releasable, Released, Seal};
pub use released_change::{ReleasedChange, ReleasedPanel};
pub use tables::{changes_csv, distributions_csv, name, spot, withheld_csv};
