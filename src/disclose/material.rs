//! Material: the confidential tables and answers of a year that a release is made from, and the year before where the
//! release shows changes.

use super::number::Contributions;
use super::release::Release;
use crate::compare::{Changes, Replies};
use crate::survey::{Comparison, Survey};
use crate::tabulate::Tabulation;

/// The survey, tables and answers that a release is made from.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The year's survey.
    pub survey: &'a Survey,
    /// Its tables.
    pub tabulation: &'a Tabulation,
    /// The answers of every institution.
    pub replies: &'a Replies,
    /// The numbers that every institution gave.
    pub contributions: &'a Contributions,
    /// The year before, if the release shows changes.
    pub last_year: Option<LastYear<'a>>,
}

/// The year before, as the readers of a release have it.
#[derive(Debug, Clone, Copy)]
pub struct LastYear<'a> {
    /// How the two years compare.
    pub comparison: &'a Comparison,
    /// The changes.
    pub changes: &'a Changes,
    /// Last year's release to the same readers; a figure that it withholds is withheld here as well.
    pub release: &'a Release,
}
