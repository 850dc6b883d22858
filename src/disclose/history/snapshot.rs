//! The release ledger release by release: what could be set against what at one time.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::{Line, MEAN};
use crate::disclose::band::Band;
use crate::disclose::cells::{Measure, Spot};
use crate::survey::{QuestionIndex, Survey};
use crate::tabulate::Scope;

/// What was given at one time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Snapshot {
    pub released_at: String,
    /// The value of each cell that was given, bases among them.
    pub values: BTreeMap<Spot, i64>,
    /// The bands that were given.
    pub bands: BTreeMap<Spot, Band>,
    /// How many of those asked gave no answer, by base, where it is kept.
    pub silent: BTreeMap<Spot, i64>,
    /// The means that were given, each with its base.
    pub means: BTreeMap<(QuestionIndex, Scope), (i64, String)>,
    /// The circles, each with the release that it was given.
    releases: BTreeSet<(String, String)>,
}

impl Snapshot {
    /// Whether both can be what one state of the answers was printed as: a circle has one release of it.
    fn is_of_one_time(&self, other: &Snapshot) -> bool {
        let circles = |one: &Snapshot| one.releases.iter().map(|(circle, _)| circle.clone()).collect::<BTreeSet<_>>();
        self.released_at == other.released_at
            && circles(self).is_disjoint(&circles(other))
            && agree(&self.values, &other.values)
            && agree(&self.means, &other.means)
            && agree(&self.bands, &other.bands)
            && agree(&self.silent, &other.silent)
    }
}

impl Snapshot {
    fn says_the_same(&self, other: &Snapshot) -> bool {
        self.values == other.values
            && self.bands == other.bands
            && self.means == other.means
            && self.silent == other.silent
    }
}

/// Whether two say the same wherever both say something.
fn agree<K: Ord, V: PartialEq>(one: &BTreeMap<K, V>, other: &BTreeMap<K, V>) -> bool {
    other.iter().all(|(key, value)| one.get(key).is_none_or(|own| own == value))
}

/// Adds a line to the release that it belongs to. The lines of a release stand together in the ledger.
pub(super) fn take(survey: &Survey, line: &Line, releases: &mut Vec<Snapshot>) {
    let release = (line.circle.clone(), line.release.clone());
    let is_of = |last: &Snapshot| last.released_at == line.released_at && last.releases.contains(&release);
    if !releases.last().is_some_and(is_of) {
        let released_at = line.released_at.clone();
        releases.push(Snapshot { released_at, releases: BTreeSet::from([release]), ..Snapshot::default() });
    }
    let Some(last) = releases.last_mut() else { return };
    if let (Some((scope, question, MEAN)), Some(base)) = (line.number(survey), line.base) {
        last.means.insert((question, scope), (base, line.percent.clone()));
    }
    let Some(spot) = line.spot(survey) else { return };
    let base = Spot { measure: Measure::Base, ..spot };
    if let Some(count) = line.base {
        last.values.insert(base, count);
    }
    if let Some(band) = line.band() {
        last.bands.insert(spot, band);
    }
    match (spot.measure, line.count, line.base) {
        (Measure::Base, Some(asked), Some(answered)) => last.silent.insert(base, asked - answered),
        (Measure::Count(_), Some(count), _) => last.values.insert(spot, count),
        _ => None,
    };
}

/// What was given to several circles at one time is one for those who have both; a release that gave the
/// same as one before tells nothing more.
pub(super) fn at_one_time(releases: Vec<Snapshot>) -> Vec<Snapshot> {
    let mut all: Vec<Snapshot> = Vec::new();
    for release in releases {
        if all.iter().any(|other| other.says_the_same(&release)) {
            continue;
        }
        match all.iter_mut().find(|other| other.is_of_one_time(&release)) {
            Some(other) => {
                other.values.extend(release.values);
                other.bands.extend(release.bands);
                other.silent.extend(release.silent);
                other.means.extend(release.means);
                other.releases.extend(release.releases);
            }
            None => all.push(release),
        }
    }
    all
}
