//! The parts of the respondents that figures are broken down by.

use crate::survey::{QuestionIndex, SectorIndex, Survey};

/// The part of the respondents that a figure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// The sector.
    pub sector: SectorIndex,
    /// The sub-sector, by position in the sector; `None` for the whole.
    pub subsector: Option<u16>,
}

impl Scope {
    /// Every sector as a whole and then by sub-sector, in the order of the survey.
    pub fn all(survey: &Survey) -> impl Iterator<Item = Scope> + '_ {
        (0..survey.sectors.len()).flat_map(|position| of_sector(survey, SectorIndex::at(position)))
    }

    /// The same part of the respondents in the terms of another year's survey; `None` where that year
    /// has no such part.
    pub fn in_survey(self, survey: &Survey, other: &Survey) -> Option<Scope> {
        let own = &survey.sectors[self.sector.position()];
        let sector = other.sector_index(&own.id)?;
        let Some(part) = self.subsector else { return Some(Scope { sector, subsector: None }) };
        let id = &own.subsectors[usize::from(part)].id;
        let parts = &other.sectors[sector.position()].subsectors;
        let position = parts.iter().position(|part| part.id == *id)?;
        Some(Scope { sector, subsector: Some(u16::try_from(position).expect("a sector has few parts")) })
    }

    /// The scope and the whole of its sector, or the sector alone where it is not divided.
    pub(super) fn with_whole(self) -> impl Iterator<Item = Scope> {
        let whole = Scope { subsector: None, ..self };
        std::iter::once(whole).chain(self.subsector.is_some().then_some(self))
    }
}

/// The scopes of a question: each sector asked, as a whole and then by sub-sector.
pub(super) fn scopes(survey: &Survey, question: QuestionIndex) -> impl Iterator<Item = Scope> + '_ {
    survey.question(question).sectors.iter().flat_map(|&sector| of_sector(survey, sector))
}

/// A sector as a whole, and then by sub-sector.
fn of_sector(survey: &Survey, sector: SectorIndex) -> impl Iterator<Item = Scope> + use<> {
    let parts = u16::try_from(survey.sectors[sector.position()].subsectors.len()).expect("a sector has few parts");
    std::iter::once(None).chain((0..parts).map(Some)).map(move |subsector| Scope { sector, subsector })
}

/// The ids of a scope: sector, and sub-sector or nothing.
pub fn scope_ids(survey: &Survey, scope: Scope) -> (&str, &str) {
    let sector = &survey.sectors[scope.sector.position()];
    let subsector = scope.subsector.map_or("", |part| sector.subsectors[usize::from(part)].id.as_str());
    (&sector.id, subsector)
}
