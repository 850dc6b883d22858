//! What the readers of a release have been given already, as it is now: it cannot be withheld any more.

use std::collections::{BTreeMap, BTreeSet};

use super::band::Band;
use super::cells::{Measure, Spot};
use super::cohort::Cohort;
use super::release::Release;
use super::released::Content;
use crate::survey::Prompt;
use crate::tabulate::Scope;

/// The cells that readers know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Those of which they know the count, bases among them.
    pub figures: BTreeSet<Spot>,
    /// Those of which they know a band.
    pub bands: BTreeMap<Spot, Band>,
}

impl Known {
    /// What a release tells its readers.
    pub fn of(release: &Release) -> Known {
        let mut known = Known::default();
        for table in &release.distributions {
            for (key, released) in table.cells() {
                let Some(shown) = key.category else { continue };
                let prompt = Prompt { question: table.question(), item: key.item };
                let spot = Spot { cohort: Cohort::All, scope: key.scope, prompt, measure: Measure::Count(shown) };
                if released.base().is_some() {
                    known.figures.insert(Spot { measure: Measure::Base, ..spot });
                }
                match released.content() {
                    Content::Published { .. } => {
                        known.figures.insert(spot);
                    }
                    Content::Coarsened(band) => known.add_band(spot, band),
                    Content::Withheld(_) => {}
                }
            }
        }
        known.figures.extend(of_panel(release));
        known
    }

    /// Adds a band; of two that a cell lies within, it lies within what they have in common.
    pub fn add_band(&mut self, spot: Spot, band: Band) {
        self.bands.entry(spot).and_modify(|known| *known = known.within(band)).or_insert(band);
    }

    /// Adds what is known from elsewhere.
    pub fn extend(&mut self, other: Known) {
        self.figures.extend(other.figures);
        other.bands.into_iter().for_each(|(spot, band)| self.add_band(spot, band));
    }

    /// The scopes of which anything is known.
    pub(super) fn scopes(&self) -> BTreeSet<Scope> {
        self.figures.iter().chain(self.bands.keys()).map(|spot| spot.scope).collect()
    }

    /// Whether anything is known of those who answered in both years.
    pub(super) fn has_panel(&self) -> bool {
        self.figures.iter().any(|spot| Cohort::of_panel().contains(&spot.cohort))
    }

    /// Whether anything but a base of a cell is known.
    pub(super) fn has(&self, spot: &Spot) -> bool {
        self.figures.contains(spot) || self.bands.contains_key(spot)
    }
}

/// The figures of those who answered in both years.
fn of_panel(release: &Release) -> BTreeSet<Spot> {
    let mut known = BTreeSet::new();
    for table in &release.changes {
        for (key, change) in table.cells() {
            let (Some(shown), Some((answer, panel))) = (key.category, change.panel()) else { continue };
            let prompt = Prompt { question: table.question(), item: key.item };
            let spot = |cohort, measure| Spot { cohort, scope: key.scope, prompt, measure };
            let told = [
                (panel.base, spot(Cohort::Panel, Measure::Base)),
                (panel.base, spot(Cohort::PanelLastYear, Measure::Base)),
                (panel.count, spot(Cohort::Panel, Measure::Count(shown))),
                (panel.previous_count, spot(Cohort::PanelLastYear, Measure::Count(answer))),
            ];
            known.extend(told.into_iter().filter(|(figure, _)| figure.is_some()).map(|(_, spot)| spot));
        }
    }
    known
}
