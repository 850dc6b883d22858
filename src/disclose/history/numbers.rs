//! The number questions in the release ledger: a mean or a quartile that is another than the one that was
//! given shows the number of whoever came in between.

use std::collections::BTreeMap;

use super::Line;
use crate::disclose::numbers::Mean;
use crate::disclose::release::Release;
use crate::survey::{Policy, QuestionIndex, Survey};
use crate::tabulate::{NumberSummary, Scope, Tabulation, scope_ids};

/// The statistics of a number question, as the ledger calls them.
const STATISTICS: [&str; 4] = ["mean", "first_quartile", "median", "third_quartile"];

/// What was given of number questions: base and text by statistic.
pub(super) type GivenNumbers = BTreeMap<(Scope, QuestionIndex, usize), (i64, String)>;

/// A mean or a quartile that is another than the one that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberCorrection {
    /// The question.
    pub question: QuestionIndex,
    /// Whom it is about.
    pub scope: Scope,
    /// `mean`, `median`, ….
    pub statistic: &'static str,
    /// What was given, and on which base.
    pub given: (String, i64),
    /// What it is now.
    pub now: (String, i64),
    /// Whether the difference is of too few.
    pub is_unmasking: bool,
}

/// The statistics as they are printed; empty where there are none.
fn printed(summary: &NumberSummary) -> [String; 4] {
    let [first, median, third] = summary.quartiles.map_or([None; 3], |all| all.map(Some));
    [summary.mean, first, median, third].map(|one| one.map(|one| one.to_string()).unwrap_or_default())
}

/// Takes a line of the ledger if it is about a number question.
pub(super) fn take(survey: &Survey, line: &Line, given: &mut GivenNumbers) {
    let Some(statistic) = STATISTICS.iter().position(|name| *name == line.option) else { return };
    let scope = Scope::all(survey).find(|scope| scope_ids(survey, *scope) == (&line.sector, &line.subsector));
    let question = survey.prompt(&line.question, "").map(|prompt| prompt.question);
    if let Some((scope, question)) =
        scope.zip(question).filter(|(_, index)| !survey.question(*index).kind.has_options())
    {
        given.insert((scope, question, statistic), (line.base, line.percent.clone()));
    }
}

/// What is another number now.
pub(super) fn corrections(given: &GivenNumbers, tabulation: &Tabulation, policy: &Policy) -> Vec<NumberCorrection> {
    let mut found = Vec::new();
    for table in &tabulation.numbers {
        for (key, summary) in table.cells() {
            let base = i64::from(summary.base);
            for (statistic, text) in printed(summary).into_iter().enumerate() {
                let Some((given_base, given_text)) = given.get(&(key.scope, table.question(), statistic)) else {
                    continue;
                };
                if *given_text == text && *given_base == base {
                    continue;
                }
                found.push(NumberCorrection {
                    question: table.question(),
                    scope: key.scope,
                    statistic: STATISTICS[statistic],
                    given: (given_text.clone(), *given_base),
                    now: (text, base),
                    // How many numbers lie behind a difference is not known beyond that of the bases.
                    is_unmasking: (base - given_base).abs() < i64::from(policy.minimum_count.value),
                });
            }
        }
    }
    found
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
                    count: i64::from(base.base),
                    base: i64::from(base.base),
                    percent: value.to_string(),
                    ..like.clone()
                });
            }
        }
    }
    lines
}
