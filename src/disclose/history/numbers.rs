//! The number questions in the release ledger: a mean or a quartile that is another than the one that was
//! given shows the number of whoever came in between.

use std::collections::{BTreeMap, BTreeSet};

use super::is_small;
use super::lines::{Line, MEAN, STATISTICS};
use super::snapshot::Snapshot;
use crate::disclose::material::Material;
use crate::disclose::numbers::{Contributions, KnownNumbers, Mean, rules};
use crate::disclose::release::Release;
use crate::survey::{Policy, QuestionIndex, Survey};
use crate::tabulate::{NumberSummary, SCALE, Scope, Tabulation, scope_ids};

/// What was given of number questions: every different base and text of a statistic, the one given last at
/// the end.
pub(super) type GivenNumbers = BTreeMap<(Scope, QuestionIndex, usize), Vec<(i64, String)>>;

/// A mean or a quartile that is another than the one that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberCorrection {
    /// The question.
    pub question: QuestionIndex,
    /// Whom it is about.
    pub scope: Scope,
    /// `mean`, `median`, ….
    pub statistic: &'static str,
    /// What was given last, and on which base; where the difference from an earlier one may tell of those who came
    /// or went, that one.
    pub given: (String, i64),
    /// What it is now.
    pub now: (String, i64),
    /// Whether the difference may tell of those who came or went.
    pub is_unmasking: bool,
}

/// Parts of a sector that leave a total of the others that may tell of those who have come or gone there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmaskedNumber {
    /// The question.
    pub question: QuestionIndex,
    /// The sector, as a whole.
    pub whole: Scope,
    /// Its parts of which the mean is given in both releases.
    pub others: Vec<Scope>,
    /// By how many the bases of the other parts have changed, taken together …
    pub base_change: i64,
    /// … since the release of that time.
    pub released_at: String,
}

/// The statistics as they are printed; empty where there are none.
fn printed(summary: &NumberSummary) -> [String; 4] {
    let [first, median, third] = summary.quartiles.map_or([None; 3], |all| all.map(Some));
    [summary.mean, first, median, third].map(|one| one.map(|one| one.to_string()).unwrap_or_default())
}

/// Takes a line of the ledger if it is about a number question.
pub(super) fn take(survey: &Survey, line: &Line, given: &mut GivenNumbers) {
    let (Some(place), Some(base)) = (line.number(survey), line.base) else { return };
    let one = (base, line.percent.clone());
    let ever = given.entry(place).or_default();
    ever.retain(|other| *other != one);
    ever.push(one);
}

/// A statistic that was given before: which, what it is now, and what was given.
type GivenBefore<'a> = ((Scope, QuestionIndex, usize), (i64, String), &'a [(i64, String)]);

/// Every statistic of the tabulation that was given before.
fn given_before<'a>(given: &'a GivenNumbers, tabulation: &'a Tabulation) -> impl Iterator<Item = GivenBefore<'a>> {
    let cells =
        tabulation.numbers.iter().flat_map(|table| table.cells().iter().map(move |cell| (table.question(), cell)));
    cells.flat_map(move |(question, (key, summary))| {
        let scope = key.scope;
        let statistics = printed(summary).into_iter().enumerate();
        statistics.filter_map(move |(statistic, text)| {
            let place = (scope, question, statistic);
            let ever = given.get(&place)?;
            Some((place, (i64::from(summary.base), text), ever.as_slice()))
        })
    })
}

/// What is known as it is now.
pub(super) fn known(given: &GivenNumbers, tabulation: &Tabulation) -> KnownNumbers {
    let mut same: BTreeMap<(QuestionIndex, Scope), BTreeSet<usize>> = BTreeMap::new();
    for ((scope, question, statistic), now, ever) in given_before(given, tabulation) {
        if ever.last() == Some(&now) {
            same.entry((question, scope)).or_default().insert(statistic);
        }
    }
    let mut known = KnownNumbers::default();
    for (place, statistics) in same {
        if statistics.contains(&MEAN) {
            known.means.insert(place);
        }
        // Quartiles are printed together or not at all.
        if (MEAN + 1..STATISTICS.len()).all(|statistic| statistics.contains(&statistic)) {
            known.quartiles.insert(place);
        }
    }
    known
}

/// What is another number now.
pub(super) fn corrections(
    given: &GivenNumbers,
    material: &Material<'_>,
    contributions: &Contributions,
    policy: &Policy,
    release: &Release,
) -> Vec<NumberCorrection> {
    let mut found = Vec::new();
    let tabulation = material.tabulation;
    for ((scope, question, statistic), now, ever) in given_before(given, tabulation) {
        let Some(last) = ever.last().filter(|last| **last != now) else { continue };
        let table = release.numbers().iter().find(|table| table.question() == question);
        let released = table.and_then(|table| table.cell(scope, None, None));
        // A figure that is withheld now shows no difference.
        let is_printed = released.is_some_and(|released| match statistic {
            MEAN => matches!(released.mean(), Mean::Published(_)),
            _ => released.quartiles().is_some(),
        });
        let contributors = Contributors::of(material, contributions, question, scope);
        let tells = |one: &&(i64, String)| {
            // How many numbers lie behind a difference is not known beyond that of the bases.
            let base_change = now.0 - one.0;
            let change = |side| Some(total(&now, side)? - total(one, -side)?);
            is_printed
                && **one != now
                && match [change(-1), change(1)] {
                    [Some(least), Some(most)] if statistic == MEAN => {
                        contributors.may_tell(base_change, (least, most), policy)
                    }
                    _ => base_change == 0 || is_small(base_change, policy),
                }
        };
        let unmasking = ever.iter().rev().find(tells);
        let (base, text) = unmasking.unwrap_or(last).clone();
        found.push(NumberCorrection {
            question,
            scope,
            statistic: STATISTICS[statistic],
            given: (text, base),
            now: (now.1, now.0),
            is_unmasking: unmasking.is_some(),
        });
    }
    found
}

/// The total, in millionths, that a printed mean is that of: at least (-1), or at most (1).
fn total((base, mean): &(i64, String), side: i128) -> Option<i128> {
    let tenths: i128 = mean.replace('.', "").parse().ok().filter(|_| mean.contains('.'))?;
    Some((2 * tenths + side) * i128::from(*base) * SCALE / 20)
}

/// Those who gave a number, among whom those who came are.
struct Contributors {
    /// Their numbers, ascending.
    numbers: Vec<i128>,
    /// The most that can be answered, where there is such a number.
    most: Option<i128>,
}

impl Contributors {
    fn of(material: &Material<'_>, contributions: &Contributions, question: QuestionIndex, scope: Scope) -> Self {
        let numbers = contributions.of_members(question, material.replies.members.get(&scope));
        let most = material.survey.question(question).most.map(|most| i128::from(most) * SCALE);
        Contributors { numbers, most }
    }

    /// Whether numbers that have come to a total between two limits may tell of those who came. Who they are nobody
    /// can say from the ledger, so that any of the present contributors may be among them. Of those who went there is
    /// no number left to judge by.
    fn may_tell(&self, base_change: i64, total: (i128, i128), policy: &Policy) -> bool {
        base_change <= 0
            || is_small(base_change, policy)
            || rules::may_dominate(&self.numbers, base_change.into(), total, self.most, policy)
    }
}

/// What the sector and its printed parts leave of the others, where that may tell of those who have come or gone
/// since an earlier release.
pub(super) fn unmasked(
    releases: &[Snapshot],
    material: &Material<'_>,
    contributions: &Contributions,
    policy: &Policy,
    release: &Release,
) -> Vec<UnmaskedNumber> {
    let (survey, tabulation) = (material.survey, material.tabulation);
    let mut found: BTreeMap<(QuestionIndex, Scope), UnmaskedNumber> = BTreeMap::new();
    for snapshot in releases {
        for (table, summaries) in release.numbers().iter().zip(&tabulation.numbers) {
            let question = table.question();
            // The means that are given in both releases, then and now.
            let both = |scope: Scope| {
                let Mean::Published(Some(mean)) = table.cell(scope, None, None)?.mean() else { return None };
                let now = (i64::from(summaries.cell(scope, None, None)?.base), mean.to_string());
                Some((snapshot.means.get(&(question, scope))?, now))
            };
            for &sector in &survey.question(question).sectors {
                let whole = Scope { sector, subsector: None };
                let parts = (0..).zip(&survey.sectors[sector.position()].subsectors);
                let parts = parts.map(|(part, _)| Scope { sector, subsector: Some(part) });
                let parts: Vec<_> = parts.filter_map(|part| Some((part, both(part)?))).collect();
                let Some((then, now)) = both(whole).filter(|_| !parts.is_empty()) else { continue };
                let of_parts = parts.iter().map(|(_, (then, now))| now.0 - then.0).sum::<i64>();
                let base_change = now.0 - then.0 - of_parts;
                // By how much the total of the others has changed: at least, and at most.
                let change = |side: i128| {
                    let left = parts.iter().map(|(_, (then, now))| Some(total(now, -side)? - total(then, side)?));
                    Some(total(&now, side)? - total(then, -side)? - left.sum::<Option<i128>>()?)
                };
                let contributors = Contributors::of(material, contributions, question, whole);
                let tells = match [change(-1), change(1)] {
                    // Nobody came to them, and somebody gave another number than before.
                    [Some(least), Some(most)] if base_change == 0 => !(least..=most).contains(&0),
                    [Some(least), Some(most)] => contributors.may_tell(base_change, (least, most), policy),
                    _ => base_change != 0,
                };
                if tells {
                    let others = parts.into_iter().map(|(part, _)| part).collect();
                    let released_at = snapshot.released_at.clone();
                    found.insert(
                        (question, whole),
                        UnmaskedNumber { question, whole, others, base_change, released_at },
                    );
                }
            }
        }
    }
    found.into_values().collect()
}

/// The lines that a release adds.
pub(super) fn lines(survey: &Survey, release: &Release, like: &Line) -> Vec<Line> {
    let mut lines = Vec::new();
    for table in release.numbers() {
        for (key, released) in table.cells() {
            let Some(base) = released.base() else { continue };
            let mean = match released.mean() {
                Mean::Published(mean) => mean,
                Mean::Withheld(_) => None,
            };
            let [first, median, third] = released.quartiles().map_or([None; 3], |all| all.map(Some));
            let (sector, subsector) = scope_ids(survey, key.scope);
            for (statistic, value) in [mean, first, median, third].into_iter().enumerate() {
                let Some(value) = value else { continue };
                lines.push(Line {
                    sector: sector.to_owned(),
                    subsector: subsector.to_owned(),
                    question: survey.question(table.question()).id.clone(),
                    item: String::new(),
                    option: STATISTICS[statistic].to_owned(),
                    count: Some(i64::from(base.base)),
                    base: Some(i64::from(base.base)),
                    percent: value.to_string(),
                    ..like.clone()
                });
            }
        }
    }
    lines
}
