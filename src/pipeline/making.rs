//! Makes a release for a circle: from the year's figures, what was given before, what everybody is told, and what
//! may be told of last year.

use super::comparison::TwoYears;
use super::{PipelineError, ReleaseTime};
use crate::compare::Replies;
use crate::disclose::{self, Contributions, Held, History, Known, LastYear, Material, Protected, Release};
use crate::ingest::ContentHash;
use crate::store::TableFiles;
use crate::survey::{Circle, Policy, Survey};
use crate::tabulate::Tabulation;

/// All that a release for a circle is made from, but what was given before.
pub(super) struct Making<'a> {
    pub material: Material<'a>,
    pub contributions: &'a Contributions,
    pub policy: &'a Policy,
    /// What everybody is told.
    pub public: Option<&'a Release>,
}

impl Making<'_> {
    /// What was given before, held against what it is now.
    pub fn held_against(&self, history: &History) -> Held {
        let Making { material, policy, .. } = *self;
        let changes = material.last_year.map(|last_year| last_year.changes);
        history.held_against(material.survey, material.tabulation, changes, policy)
    }

    /// Makes the release: the last one again if nothing has changed, which need not be the only one that could be
    /// made, and otherwise one beside all that was given before.
    pub fn protected(&self, history: &History) -> Protected {
        self.as_released(history).unwrap_or_else(|| self.beside(history))
    }

    /// What its readers know already.
    pub fn known(&self, history: &History) -> Known {
        let mut known = self.held_against(history).known;
        self.public.into_iter().for_each(|release| known.extend(Known::of(release)));
        known
    }

    /// Makes a release beside what was given before.
    fn beside(&self, history: &History) -> Protected {
        let Making { material, contributions, policy, public } = *self;
        let given_numbers = history.numbers_known(material.tabulation);
        let mut known_numbers = given_numbers.clone();
        public.into_iter().for_each(|release| known_numbers.extend(disclose::published_numbers(release)));
        let protected = disclose::protect(&material, policy, &self.known(history));
        let protected = protected.with_numbers(&material, contributions, policy, &known_numbers);
        protected.beside(&self.held_against(history).known, &given_numbers)
    }

    /// The last release made again, beside what was given before it; `None` where that is another one now.
    fn as_released(&self, history: &History) -> Option<Protected> {
        let (_, last) = history.last_release(self.policy.circle)?;
        let before = history.before_last(self.material.survey, self.policy.circle)?;
        let protected = self.beside(&before);
        (hash_of(&released_files(self.material.survey, &protected.release)) == last).then_some(protected)
    }
}

/// Last year as a circle is told of it.
pub(super) struct Told {
    pub release: Release,
    pub known: Known,
    /// Whether the release ledger holds it …
    pub is_released: bool,
    /// … and since when: the time of the last release of which it is.
    pub released_at: Option<ReleaseTime>,
}

/// What may be told of last year.
pub(super) enum Before {
    Told(Told),
    /// Nothing: no policy says what.
    Nothing,
    /// Nothing: what the policy lets through of it is open to an attack.
    Unsafe,
    /// Nothing, because so many figures are others than those that were released.
    Outdated(usize),
}

impl Before {
    /// What is told, if anything is.
    pub fn told(self) -> Option<Told> {
        match self {
            Before::Told(told) => Some(told),
            Before::Nothing | Before::Unsafe | Before::Outdated(_) => None,
        }
    }
}

/// What a circle is told of last year, by last year's own policy and, where it was released, by the release
/// ledger; `None` where that would not be safe, or nothing may be said. `public` is what everybody is told
/// of it. Figures that are others than those that were released are told by a release of their own year.
pub(super) fn told_before(
    survey: &Survey,
    circle: Circle,
    two_years: &TwoYears,
    public: Option<&Told>,
    files: &dyn TableFiles,
) -> Result<Before, PipelineError> {
    let Some(comparison) = &survey.comparison else { return Ok(Before::Nothing) };
    let (before, tabulation) = (&*comparison.before, &two_years.before);
    let Some(policy) = before.policy(circle) else { return Ok(Before::Nothing) };
    let history = History::read(before, circle, files)?;
    let Held { mut known, corrections, bands } = history.held_against(before, tabulation, None, policy);
    if !corrections.is_empty() || !bands.is_empty() {
        return Ok(Before::Outdated(corrections.len() + bands.len()));
    }
    // A draft is nothing that anybody was given.
    let given = public.filter(|told| told.is_released || history.is_empty());
    given.iter().for_each(|told| known.extend(told.known.clone()));
    if !history.is_empty() {
        let release = disclose::as_given(before, tabulation, policy, &known);
        let times = [circle, Circle::Public].into_iter().filter_map(|circle| history.last_release(circle));
        let released_at = times.filter_map(|(time, _)| ReleaseTime::parse(time)).max();
        return Ok(Before::Told(Told { release, known, is_released: true, released_at }));
    }
    let replies = Replies::read(before, before, files)?;
    let material = material(before, tabulation, &replies, None);
    agrees(before, &material, policy, &known)?;
    let protected = disclose::protect(&material, policy, &known);
    if !protected.is_safe() {
        return Ok(Before::Unsafe);
    }
    known.extend(Known::of(&protected.release));
    Ok(Before::Told(Told { release: protected.release, known, is_released: false, released_at: None }))
}

/// Whether the answers in the store are such as the survey defines them: they may have been read by another
/// definition.
pub(super) fn agrees(
    survey: &Survey,
    material: &Material<'_>,
    policy: &Policy,
    known: &Known,
) -> Result<(), PipelineError> {
    match disclose::contradiction(material, policy, known) {
        None => Ok(()),
        Some(spot) => {
            Err(PipelineError::OtherDefinition { cell: disclose::name(survey, spot), fiscal_year: survey.fiscal_year })
        }
    }
}

/// What a release is made from.
pub(super) fn material<'a>(
    survey: &'a Survey,
    tabulation: &'a Tabulation,
    replies: &'a Replies,
    before: Option<(&'a TwoYears, &'a Told)>,
) -> Material<'a> {
    let last_year = before.zip(survey.comparison.as_ref()).map(|((two_years, told), comparison)| LastYear {
        comparison,
        panel: &two_years.panel,
        changes: &two_years.changes,
        release: &told.release,
        known: &told.known,
    });
    Material { survey, tabulation, replies, last_year }
}

/// The tables that a release can have, in the order in which they are hashed.
pub(super) const RELEASED_FILES: [&str; 3] = ["distributions.csv", "numbers.csv", "changes.csv"];

/// The tables of a release, by their names.
pub(super) fn released_files(survey: &Survey, release: &Release) -> Vec<(&'static str, Vec<u8>)> {
    let [distributions, numbers, changes] = RELEASED_FILES;
    let mut files = vec![(distributions, disclose::distributions_csv(survey, release))];
    files.push((numbers, disclose::numbers_csv(survey, release)));
    if !release.changes().is_empty() {
        files.push((changes, disclose::changes_csv(survey, release)));
    }
    files
}

/// The hash over the tables of a release.
pub(super) fn hash_of(files: &[(&'static str, Vec<u8>)]) -> String {
    let contents: Vec<&[u8]> = files.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    ContentHash::of(&contents.concat()).to_string()
}
