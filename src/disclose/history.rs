//! The release ledger: what a circle has already been given, and what a new release may still change.
//!
//! What was published stays published: it cannot be withheld any more, and is part of what everybody
//! knows. A correction shows the difference as well, and a difference of few institutions is theirs.

mod numbers;

use std::collections::{BTreeMap, BTreeSet};

use numbers::GivenNumbers;
pub use numbers::NumberCorrection;

use super::cells::{Measure, Spot};
use super::cohort::Cohort;
use super::release::Release;
use super::released::Content;
use crate::store::{self, Field, StoreError, TableFiles, TableWriter, tables};
use crate::survey::{Circle, Policy, Prompt, Survey};
use crate::tabulate::{Scope, Tabulation, scope_ids};

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
    figures: BTreeMap<Spot, Given>,
    numbers: GivenNumbers,
    /// The lines of the ledger, to be kept.
    lines: Vec<Line>,
}

/// A line of the release ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Line {
    circle: String,
    released_at: String,
    release: String,
    sector: String,
    subsector: String,
    question: String,
    item: String,
    option: String,
    count: i64,
    base: i64,
    percent: String,
}

/// A figure that is another than the one that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The cell.
    pub spot: Spot,
    /// What was given.
    pub given: Given,
    /// What it is now.
    pub now: Given,
    /// Whether the difference tells of too few.
    pub is_unmasking: bool,
}

impl History {
    /// Reads what a circle, and everybody, has been given of a year.
    pub fn read(survey: &Survey, circle: Circle, files: &dyn TableFiles) -> Result<History, StoreError> {
        let mut history = History::default();
        if !store::has(files, &tables::RELEASES, survey.fiscal_year) {
            return Ok(history);
        }
        let columns = [
            "circle",
            "released_at",
            "release",
            "sector",
            "subsector",
            "question",
            "item",
            "option",
            "count",
            "base",
            "percent",
        ];
        store::read(files, &tables::RELEASES, survey.fiscal_year, &columns, |row| {
            let text = |name: &str| row.text(name).to_owned();
            let line = Line {
                circle: text("circle"),
                released_at: text("released_at"),
                release: text("release"),
                sector: text("sector"),
                subsector: text("subsector"),
                question: text("question"),
                item: text("item"),
                option: text("option"),
                count: row.integer("count"),
                base: row.integer("base"),
                percent: text("percent"),
            };
            // Everybody knows what was public.
            let is_known = line.circle == circle.word() || line.circle == Circle::Public.word();
            if let Some(spot) = spot(survey, &line).filter(|_| is_known) {
                {
                    let given = Given { count: line.count, base: line.base };
                    history
                        .figures
                        .insert(Spot { measure: Measure::Base, ..spot }, Given { count: line.base, ..given });
                    history.figures.insert(spot, given);
                }
            }
            if is_known {
                numbers::take(survey, &line, &mut history.numbers);
            }
            history.lines.push(line);
        })?;
        Ok(history)
    }

    /// Whether nothing has been given.
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty()
    }

    /// The cells that are known as they are now, and those that were given otherwise.
    pub fn held_against(&self, tabulation: &Tabulation, policy: &Policy) -> (BTreeSet<Spot>, Vec<Correction>) {
        let (mut known, mut corrections) = (BTreeSet::new(), Vec::new());
        for table in &tabulation.distributions {
            for (key, figures) in table.cells() {
                let prompt = Prompt { question: table.question(), item: key.item };
                let Some(shown) = key.category else { continue };
                let spot = Spot { cohort: Cohort::All, scope: key.scope, prompt, measure: Measure::Count(shown) };
                let Some(given) = self.figures.get(&spot) else { continue };
                let now = Given { count: i64::from(figures.count), base: i64::from(figures.base) };
                if *given == now {
                    known.extend([spot, Spot { measure: Measure::Base, ..spot }]);
                    continue;
                }
                let is_few = |difference: i64| (1..i64::from(policy.minimum_count.value)).contains(&difference.abs());
                let rest = (now.base - now.count) - (given.base - given.count);
                let differences = [now.count - given.count, now.base - given.base, rest];
                let is_unmasking = differences.into_iter().any(is_few);
                corrections.push(Correction { spot, given: *given, now, is_unmasking });
            }
        }
        (known, corrections)
    }

    /// The means and quartiles that were given otherwise.
    pub fn numbers_held_against(&self, tabulation: &Tabulation, policy: &Policy) -> Vec<NumberCorrection> {
        numbers::corrections(&self.numbers, tabulation, policy)
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
        let new = lines(survey, release, circle, [released_at, hash]);
        for line in self.lines.iter().chain(&new) {
            writer.row([
                Field::Text(&line.circle),
                Field::Text(&line.released_at),
                Field::Text(&line.release),
                Field::Text(&line.sector),
                Field::Text(&line.subsector),
                Field::Text(&line.question),
                Field::Text(&line.item),
                Field::Text(&line.option),
                Field::Integer(line.count),
                Field::Integer(line.base),
                Field::Text(&line.percent),
            ])?;
        }
        writer.finish()
    }
}

fn spot(survey: &Survey, line: &Line) -> Option<Spot> {
    let scope = Scope::all(survey).find(|scope| scope_ids(survey, *scope) == (&line.sector, &line.subsector))?;
    let prompt = survey.prompt(&line.question, &line.item)?;
    let question = survey.question(prompt.question);
    let shown = question.categories().find(|one| question.category_id(*one) == line.option)?;
    Some(Spot { cohort: Cohort::All, scope, prompt, measure: Measure::Count(shown) })
}

fn lines(survey: &Survey, release: &Release, circle: Circle, [released_at, hash]: [&str; 2]) -> Vec<Line> {
    let mut lines = Vec::new();
    for table in release.distributions() {
        let question = survey.question(table.question());
        for (key, released) in table.cells() {
            let (Content::Published { count, percent }, Some(base), Some(shown)) =
                (released.content(), released.base(), key.category)
            else {
                continue;
            };
            let (sector, subsector) = scope_ids(survey, key.scope);
            let (id, item) = survey.prompt_ids(Prompt { question: table.question(), item: key.item });
            lines.push(Line {
                circle: circle.word().to_owned(),
                released_at: released_at.to_owned(),
                release: hash.to_owned(),
                sector: sector.to_owned(),
                subsector: subsector.to_owned(),
                question: id.to_owned(),
                item: item.to_owned(),
                option: question.category_id(shown).to_owned(),
                count: i64::from(count),
                base: i64::from(base.base),
                percent: percent.map(|percent| percent.to_string()).unwrap_or_default(),
            });
        }
    }
    let like = Line {
        circle: circle.word().to_owned(),
        released_at: released_at.to_owned(),
        release: hash.to_owned(),
        ..Line::default()
    };
    lines.extend(numbers::lines(survey, release, &like));
    lines
}
