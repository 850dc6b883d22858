//! The release ledger: what a circle has already been given, and what a new release may still change.
//!
//! What was published stays published: it cannot be withheld any more, and is part of what everybody
//! knows. A correction shows the difference as well, and a difference of few institutions is theirs; so
//! it is held against everything that was ever given, not only against what was given last, and against
//! what differences tell of cells that were never given ([`differences`]).

mod differences;
mod lines;
mod numbers;
mod snapshot;

use std::collections::{BTreeMap, BTreeSet};

pub use differences::{Narrowed, Unmasked};
use lines::Line;
use numbers::GivenNumbers;
pub use numbers::{NumberCorrection, UnmaskedNumber};
use snapshot::Snapshot;

use super::band::Band;
use super::cells::{Measure, Spot};
use super::cohort::Cohort;
use super::known::Known;
use super::material::Material;
use super::numbers::{Contributions, KnownNumbers};
use super::release::Release;
use crate::compare::Changes;
use crate::store::{StoreError, TableFiles, TableWriter};
use crate::survey::{Circle, Policy, Prompt, Survey};
use crate::tabulate::{Scope, Tabulation};

/// A figure that a circle has been given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// How many.
    pub count: i64,
    /// Of how many.
    pub base: i64,
}

/// What a circle has been given of a year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Every different figure that was given of a cell, the one given last at the end; of a base its own
    /// count.
    figures: BTreeMap<Spot, Vec<Given>>,
    /// Every different band that was given of a cell, with its base where that was given too.
    bands: BTreeMap<Spot, Vec<(Band, Option<i64>)>>,
    numbers: GivenNumbers,
    /// The same, time by time.
    releases: Vec<Snapshot>,
    /// The sectors of which the panel of this year and the next was given in the next.
    panel_of_next: BTreeSet<String>,
    /// The lines of the ledger, to be kept.
    lines: Vec<Line>,
}

/// A figure that is another than the one that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The cell.
    pub spot: Spot,
    /// What was given last; where the difference from an earlier figure tells of those who came or went, that one.
    pub given: Given,
    /// What it is now.
    pub now: Given,
    /// Whether the difference tells of those who came or went.
    pub is_unmasking: bool,
    /// Whether that is because the figures of those who answered in both years were given beside it.
    pub is_beside_panel: bool,
    /// Whether it is to be printed now.
    pub is_printed: bool,
}

/// A band that a figure no longer lies within.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandCorrection {
    /// The cell.
    pub spot: Spot,
    /// The band that was given last.
    pub given: Band,
    /// What the figure is now.
    pub now: Given,
}

/// What was given of a year, held against what it is now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// What is known as it is now.
    pub known: Known,
    /// What was given otherwise.
    pub corrections: Vec<Correction>,
    /// The bands that were.
    pub bands: Vec<BandCorrection>,
}

impl Held {
    /// The same beside a release that is to be given: a figure that it does not print shows no difference.
    pub fn beside(mut self, release: &Release) -> Held {
        let printed = Known::of(release).figures;
        for correction in &mut self.corrections {
            correction.is_printed = printed.contains(&correction.spot);
            correction.is_unmasking &= correction.is_printed;
        }
        self
    }
}

/// Whether a difference is of so few institutions that it tells of them.
fn is_few(difference: i64, policy: &Policy) -> bool {
    (1..i64::from(policy.minimum_count.value)).contains(&difference.abs())
}

/// Whether a base that has changed by so much has changed by too few for anything to be said of them.
fn is_small(base_change: i64, policy: &Policy) -> bool {
    (1..i64::from(policy.minimum_base.value)).contains(&base_change.abs()) || is_few(base_change, policy)
}

/// What is known of those who came or went between two releases, as far as it is.
#[derive(Debug, Clone, Copy, Default)]
struct Moved {
    /// How many of them a cell counts …
    count: Option<i64>,
    /// … of how many …
    base: Option<i64>,
    /// … and how many of them it does not.
    rest: Option<i64>,
}

impl Moved {
    /// Whether that tells of them: what is said of them has to keep what has to be kept of any respondents.
    fn tells(self, policy: &Policy) -> bool {
        let Moved { count, base, rest } = self;
        let is_group = |count: i64, base: i64| {
            (count == 0 || count == base) && (1..i64::from(policy.zero_and_all_from.value)).contains(&base.abs())
        };
        let of_base = count.zip(base).is_some_and(|(count, base)| is_small(base, policy) || is_group(count, base));
        of_base || [count, rest].into_iter().flatten().any(|one| is_few(one, policy))
    }
}

impl Given {
    /// Whether the difference between two figures tells of those who came or went.
    fn unmasks(self, now: Given, policy: &Policy) -> bool {
        let [count, base] = [now.count - self.count, now.base - self.base];
        Moved { count: Some(count), base: Some(base), rest: Some(base - count) }.tells(policy)
    }
}

impl History {
    /// Reads what a circle, and everybody, has been given of a year.
    pub fn read(survey: &Survey, circle: Circle, files: &dyn TableFiles) -> Result<History, StoreError> {
        let mut history = History::of(survey, circle, lines::read(files, survey.fiscal_year)?);
        let next = lines::read(files, survey.fiscal_year + 1)?;
        let of_panel = next.into_iter().filter(|line| line.is_given_to(circle) && !line.cohort.is_empty());
        history.panel_of_next = of_panel.map(|line| line.sector).collect();
        Ok(history)
    }

    fn of(survey: &Survey, circle: Circle, lines: Vec<Line>) -> History {
        let mut history = History::default();
        lines.iter().filter(|line| line.is_given_to(circle)).for_each(|line| history.take(survey, line));
        history.releases = snapshot::at_one_time(history.releases);
        history.lines = lines;
        history
    }

    /// What a circle had been given before its last release; `None` where there was none.
    pub fn before_last(&self, survey: &Survey, circle: Circle) -> Option<History> {
        let (time, release) = self.last_release(circle)?;
        let is_of_last = |line: &&Line| {
            (line.circle.as_str(), line.released_at.as_str(), line.release.as_str()) == (circle.word(), time, release)
        };
        let others = self.lines.iter().filter(|line| !is_of_last(line)).cloned().collect();
        Some(History { panel_of_next: self.panel_of_next.clone(), ..History::of(survey, circle, others) })
    }

    fn take(&mut self, survey: &Survey, line: &Line) {
        numbers::take(survey, line, &mut self.numbers);
        snapshot::take(survey, line, &mut self.releases);
        let Some(spot) = line.spot(survey) else { return };
        let mut enter = |spot: Spot, one: Given| {
            let given = self.figures.entry(spot).or_default();
            given.retain(|other| *other != one);
            given.push(one);
        };
        if let Some(base) = line.base {
            enter(Spot { measure: Measure::Base, ..spot }, Given { count: base, base });
        }
        if let (Measure::Count(_), Some(count), Some(base)) = (spot.measure, line.count, line.base) {
            enter(spot, Given { count, base });
        }
        if let Some(band) = line.band() {
            let given = self.bands.entry(spot).or_default();
            given.retain(|other| *other != (band, line.base));
            given.push((band, line.base));
        }
    }

    /// When a circle was given its last release, and which it was.
    pub fn last_release(&self, circle: Circle) -> Option<(&str, &str)> {
        let last = self.lines.iter().rev().find(|line| line.circle == circle.word())?;
        Some((&last.released_at, &last.release))
    }

    /// Whether a circle was given a release.
    pub fn has_release(&self, circle: Circle, release: &str) -> bool {
        self.lines.iter().any(|line| (line.circle.as_str(), line.release.as_str()) == (circle.word(), release))
    }

    /// Whether nothing has been given.
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty() && self.bands.is_empty() && self.numbers.is_empty()
    }

    /// What is known as it is now, and what was given otherwise; `changes` where there is a panel.
    ///
    /// Of what the panel was given of, nothing may be corrected: the difference would be one of those who came,
    /// left or answered twice as well.
    pub fn held_against(
        &self,
        survey: &Survey,
        tabulation: &Tabulation,
        changes: Option<&Changes>,
        policy: &Policy,
    ) -> Held {
        let mut held = Held::default();
        for table in &tabulation.distributions {
            for (key, figures) in table.cells() {
                let prompt = Prompt { question: table.question(), item: key.item };
                let Some(shown) = key.category else { continue };
                let spot = Spot { cohort: Cohort::All, scope: key.scope, prompt, measure: Measure::Count(shown) };
                let now = Given { count: i64::from(figures.count), base: i64::from(figures.base) };
                self.hold(spot, now, policy, &mut held);
                self.hold_band(spot, now, &mut held);
            }
        }
        for table in changes.into_iter().flat_map(|changes| &changes.changes) {
            for (key, change) in table.cells() {
                let prompt = Prompt { question: table.question(), item: key.item };
                let (Some(shown), Some(compared)) = (key.category, change.compared()) else { continue };
                let spot =
                    |cohort, category| Spot { cohort, scope: key.scope, prompt, measure: Measure::Count(category) };
                let [base, now, before] = [compared.panel.base, compared.panel.count, compared.panel.previous_count];
                let [base, now, before] = [base, now, before].map(i64::from);
                self.hold(spot(Cohort::Panel, shown), Given { count: now, base }, policy, &mut held);
                let last_year = spot(Cohort::PanelLastYear, compared.place.1);
                self.hold(last_year, Given { count: before, base }, policy, &mut held);
            }
        }
        let is_panel = |spot: &&Spot| spot.cohort == Cohort::Panel;
        let panels: BTreeSet<(Scope, Prompt)> =
            self.figures.keys().filter(is_panel).map(|spot| (spot.scope, spot.prompt)).collect();
        for correction in &mut held.corrections {
            let Spot { scope, prompt, .. } = correction.spot;
            let sector = &survey.sectors[scope.sector.position()].id;
            correction.is_beside_panel = panels.contains(&(scope, prompt)) || self.panel_of_next.contains(sector);
            correction.is_unmasking |= correction.is_beside_panel;
        }
        held
    }

    fn hold(&self, spot: Spot, now: Given, policy: &Policy, held: &mut Held) {
        let base = Spot { measure: Measure::Base, ..spot };
        let last = |spot: &Spot| self.figures.get(spot).and_then(|given| given.last().copied());
        if last(&base).is_some_and(|given| given.base == now.base) {
            held.known.figures.insert(base);
        }
        // That of nobody nothing is said is no figure.
        let Some(given) = last(&spot).filter(|given| given.base > 0) else { return };
        if given == now {
            held.known.figures.extend([spot, base]);
            return;
        }
        let ever = self.figures[&spot].iter().rev();
        let unmasking = ever.copied().find(|one| one.unmasks(now, policy));
        let (given, is_unmasking) = (unmasking.unwrap_or(given), unmasking.is_some());
        held.corrections.push(Correction { spot, given, now, is_unmasking, is_beside_panel: false, is_printed: true });
    }

    /// Of a band whose base was not given it is not known whether the base is the same; then the share is held
    /// against it.
    fn hold_band(&self, spot: Spot, now: Given, held: &mut Held) {
        let Some(given) = self.bands.get(&spot) else { return };
        let is_same = |(_, base): &&(Band, Option<i64>)| base.is_none_or(|base| base == now.base);
        for (band, _) in given.iter().filter(is_same).filter(|(band, _)| band.holds(now.count, now.base)) {
            held.known.add_band(spot, *band);
        }
        let last = given.last().filter(|(band, _)| !band.holds(now.count, now.base));
        held.bands.extend(last.map(|(given, _)| BandCorrection { spot, given: *given, now }));
    }

    /// Whether anything was given of those who answered in both years.
    pub fn has_panel(&self) -> bool {
        self.figures.keys().any(|spot| spot.cohort == Cohort::Panel)
    }

    /// The figures that a release prints, and that were not given before, of sectors of which the panel of this year
    /// and the next was: who reads both would know more of those who left than was attacked.
    pub fn new_beside_panel(&self, survey: &Survey, release: &Release) -> Vec<Spot> {
        let is_new = |spot: &Spot| {
            let sector = &survey.sectors[spot.scope.sector.position()].id;
            self.panel_of_next.contains(sector) && !self.figures.contains_key(spot)
        };
        Known::of(release).figures.into_iter().filter(is_new).collect()
    }

    /// What a release, set against each earlier one, tells of cells of which the two do not both give the
    /// figure. Where a correction that unmasks is of the same question it tells of all that rests on its base,
    /// and the cells beside it are not named one by one. And the withheld cells that both together give too
    /// closely.
    pub fn unmasked(
        &self,
        material: &Material<'_>,
        policy: &Policy,
        release: &Release,
    ) -> (Vec<Unmasked>, Vec<Narrowed>) {
        let held = self.held_against(material.survey, material.tabulation, None, policy);
        let Held { corrections, .. } = held.beside(release);
        let unmasking = corrections.iter().filter(|one| one.is_unmasking);
        let said: BTreeSet<_> = unmasking.map(|one| (one.spot.scope, one.spot.prompt)).collect();
        let (mut told, narrowed) = differences::told(material, policy, &self.releases, release);
        told.retain(|one| one.spots.iter().any(|spot| !said.contains(&(spot.scope, spot.prompt))));
        (told, narrowed)
    }

    /// The means and quartiles that are known as they are now.
    pub fn numbers_known(&self, tabulation: &Tabulation) -> KnownNumbers {
        numbers::known(&self.numbers, tabulation)
    }

    /// The means and quartiles that were given otherwise.
    pub fn numbers_held_against(
        &self,
        material: &Material<'_>,
        contributions: &Contributions,
        policy: &Policy,
        release: &Release,
    ) -> Vec<NumberCorrection> {
        numbers::corrections(&self.numbers, material, contributions, policy, release)
    }

    /// The sectors of which a release and an earlier one, both less the parts that they give, tell of those
    /// who came or went.
    pub fn numbers_unmasked(
        &self,
        material: &Material<'_>,
        contributions: &Contributions,
        policy: &Policy,
        release: &Release,
    ) -> Vec<UnmaskedNumber> {
        numbers::unmasked(&self.releases, material, contributions, policy, release)
    }

    /// Writes the ledger with a release added: every figure that it publishes.
    pub fn write(
        &self,
        survey: &Survey,
        release: &Release,
        circle: Circle,
        [released_at, hash]: [&str; 2],
        mut writer: TableWriter,
    ) -> Result<(), StoreError> {
        let like = Line {
            circle: circle.word().to_owned(),
            released_at: released_at.to_owned(),
            release: hash.to_owned(),
            ..Line::default()
        };
        let counts = lines::of_counts(survey, release, &like);
        let numbers = numbers::lines(survey, release, &like);
        for line in self.lines.iter().chain(&counts).chain(&numbers) {
            line.write(&mut writer)?;
        }
        writer.finish()
    }
}
