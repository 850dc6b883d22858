//! The number questions in the release ledger: a mean or a quartile that is another than the one that was
//! given shows the number of whoever came in between.

use std::collections::{BTreeMap, BTreeSet};

use super::is_few;
use super::lines::{Line, MEAN, STATISTICS};
use super::snapshot::Snapshot;
use crate::disclose::numbers::{KnownNumbers, Mean};
use crate::disclose::release::Release;
use crate::survey::{Policy, QuestionIndex, Survey};
use crate::tabulate::{NumberSummary, Scope, Tabulation, scope_ids};

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
    /// What was given last, and on which base; where the difference from an earlier one is of too few,
    /// that one.
    pub given: (String, i64),
    /// What it is now.
    pub now: (String, i64),
    /// Whether the difference is of too few.
    pub is_unmasking: bool,
}

/// Parts of a sector of which too few have come or gone for the total that the others leave of the sector.
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
pub(super) fn corrections(given: &GivenNumbers, tabulation: &Tabulation, policy: &Policy) -> Vec<NumberCorrection> {
    let mut found = Vec::new();
    for ((scope, question, statistic), now, ever) in given_before(given, tabulation) {
        let Some(last) = ever.last().filter(|last| **last != now) else { continue };
        // How many numbers lie behind a difference is not known beyond that of the bases.
        let tells = |one: &&(i64, String)| **one != now && (now.0 == one.0 || is_few(now.0 - one.0, policy));
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

/// What the sector and its printed parts leave of the others, where that has changed by too few since an
/// earlier release.
pub(super) fn unmasked(
    survey: &Survey,
    policy: &Policy,
    releases: &[Snapshot],
    tabulation: &Tabulation,
    release: &Release,
) -> Vec<UnmaskedNumber> {
    let mut found: BTreeMap<(QuestionIndex, Scope), UnmaskedNumber> = BTreeMap::new();
    for snapshot in releases {
        for (table, summaries) in release.numbers().iter().zip(&tabulation.numbers) {
            let question = table.question();
            // By how much a base has changed, where the mean is given in both releases.
            let change = |scope: Scope| -> Option<i64> {
                let is_printed = matches!(table.cell(scope, None, None)?.mean(), Mean::Published(Some(_)));
                let now = summaries.cell(scope, None, None).filter(|_| is_printed)?;
                Some(i64::from(now.base) - snapshot.means.get(&(question, scope))?)
            };
            for &sector in &survey.question(question).sectors {
                let whole = Scope { sector, subsector: None };
                let parts = (0..).zip(&survey.sectors[sector.position()].subsectors);
                let parts = parts.map(|(part, _)| Scope { sector, subsector: Some(part) });
                let others: Vec<(Scope, i64)> = parts.filter_map(|part| Some((part, change(part)?))).collect();
                let Some(of_whole) = change(whole).filter(|_| !others.is_empty()) else { continue };
                let base_change = of_whole - others.iter().map(|(_, change)| change).sum::<i64>();
                if is_few(base_change, policy) {
                    let others = others.into_iter().map(|(part, _)| part).collect();
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
