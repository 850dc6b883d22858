//! What a release is made from: the confidential tables and answers of a year, and of the year before
//! where the release says what has changed.

use super::known::Known;
use super::release::Release;
use crate::compare::{Changes, Panel, Replies};
use crate::survey::{Comparison, Survey};
use crate::tabulate::Tabulation;

/// What a release is made from.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The year's survey.
    pub survey: &'a Survey,
    /// Its tables.
    pub tabulation: &'a Tabulation,
    /// What everyone answered.
    pub replies: &'a Replies,
    /// The year before, if the release says what has changed.
    pub last_year: Option<LastYear<'a>>,
}

/// The year before, as a release of this year looks back on it.
#[derive(Debug, Clone, Copy)]
pub struct LastYear<'a> {
    /// How the two years compare.
    pub comparison: &'a Comparison,
    /// Who answered in both years.
    pub panel: &'a Panel,
    /// What changed.
    pub changes: &'a Changes,
    /// What the same readers are told of last year; the rest is withheld here as well.
    pub release: &'a Release,
    /// What they know of last year, in the terms of last year's survey.
    pub known: &'a Known,
}
