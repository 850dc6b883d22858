//! A line of the release ledger, and the lines that a release adds to it.

use crate::disclose::band::Band;
use crate::disclose::cells::{Measure, Spot};
use crate::disclose::cohort::Cohort;
use crate::disclose::release::Release;
use crate::disclose::released::Content;
use crate::store::{self, Field, Row, StoreError, TableFiles, TableWriter, tables};
use crate::survey::{Circle, Prompt, QuestionIndex, Survey};
use crate::tabulate::{Scope, scope_ids};

/// The columns of the ledger, of which the last is not in those of earlier versions.
const COLUMNS: [&str; 12] = [
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
    "cohort",
];

/// The statistics of a number question, as the ledger calls them.
pub(super) const STATISTICS: [&str; 4] = ["mean", "first_quartile", "median", "third_quartile"];
/// The first of them.
pub(super) const MEAN: usize = 0;

/// A line of the release ledger.
///
/// Without an option it is about a base, which is told of cells that are withheld as well: `count` is then
/// how many were asked, so that it is also kept how many of them gave no answer. Without a count it is a band.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub circle: String,
    pub released_at: String,
    pub release: String,
    pub sector: String,
    pub subsector: String,
    pub question: String,
    pub item: String,
    pub option: String,
    pub count: Option<i64>,
    pub base: Option<i64>,
    pub percent: String,
    /// Nothing for everybody of the year, or which answers of those who answered in both years.
    pub cohort: String,
}

/// The release ledger of a year; empty where there is none.
pub(super) fn read(files: &dyn TableFiles, fiscal_year: u16) -> Result<Vec<Line>, StoreError> {
    let mut lines = Vec::new();
    if !store::has(files, &tables::RELEASES, fiscal_year) {
        return Ok(lines);
    }
    let has_cohort = store::has_column(files, &tables::RELEASES, fiscal_year, COLUMNS[11])?;
    let columns = &COLUMNS[..if has_cohort { 12 } else { 11 }];
    store::read(files, &tables::RELEASES, fiscal_year, columns, |row| lines.push(Line::of(row, has_cohort)))?;
    Ok(lines)
}

impl Line {
    /// Whether a circle has it: everybody knows what was public.
    pub fn is_given_to(&self, circle: Circle) -> bool {
        [circle, Circle::Public].iter().any(|one| one.word() == self.circle)
    }

    /// Takes a line from the store.
    fn of(row: &Row<'_>, has_cohort: bool) -> Line {
        let text = |name: &str| row.text(name).to_owned();
        Line {
            circle: text("circle"),
            released_at: text("released_at"),
            release: text("release"),
            sector: text("sector"),
            subsector: text("subsector"),
            question: text("question"),
            item: text("item"),
            option: text("option"),
            count: row.optional_integer("count"),
            base: row.optional_integer("base"),
            percent: text("percent"),
            cohort: if has_cohort { text("cohort") } else { String::new() },
        }
    }

    /// Puts it into the store.
    pub fn write(&self, writer: &mut TableWriter) -> Result<(), StoreError> {
        writer.row([
            Field::Text(&self.circle),
            Field::Text(&self.released_at),
            Field::Text(&self.release),
            Field::Text(&self.sector),
            Field::Text(&self.subsector),
            Field::Text(&self.question),
            Field::Text(&self.item),
            Field::Text(&self.option),
            Field::OptionalInteger(self.count),
            Field::OptionalInteger(self.base),
            Field::Text(&self.percent),
            Field::Text(&self.cohort),
        ])
    }

    /// The band that it gives, if it gives one.
    pub fn band(&self) -> Option<Band> {
        Band::parse(&self.percent).filter(|_| self.count.is_none())
    }

    /// Whom it is about; `None` where the survey knows no such part.
    pub fn scope(&self, survey: &Survey) -> Option<Scope> {
        Scope::all(survey).find(|scope| scope_ids(survey, *scope) == (&self.sector, &self.subsector))
    }

    /// What it is about, if it is about a number question: whom, which question, which statistic.
    pub fn number(&self, survey: &Survey) -> Option<(Scope, QuestionIndex, usize)> {
        let statistic = STATISTICS.iter().position(|name| *name == self.option)?;
        let question = survey.prompt(&self.question, "")?.question;
        let is_number = !survey.question(question).kind.has_options();
        Some((self.scope(survey).filter(|_| is_number)?, question, statistic))
    }

    /// The cell that it gives; `None` where it is about a number question, or the survey knows no such cell.
    pub fn spot(&self, survey: &Survey) -> Option<Spot> {
        let cohorts = [Cohort::All].into_iter().chain(Cohort::of_panel());
        let cohort = cohorts.into_iter().find(|one| one.word() == self.cohort)?;
        let prompt = survey.prompt(&self.question, &self.item)?;
        let question = cohort.question_beside(survey, prompt)?;
        if !question.kind.has_options() {
            return None;
        }
        let measure = match self.option.as_str() {
            "" => Measure::Base,
            id => Measure::Count(question.categories().find(|one| question.category_id(*one) == id)?),
        };
        Some(Spot { cohort, scope: self.scope(survey)?, prompt, measure })
    }
}

/// The lines that a release adds for its counts: every figure and every band that it gives, and every base. `like`
/// says to whom, when and of which release.
pub(super) fn of_counts(survey: &Survey, release: &Release, like: &Line) -> Vec<Line> {
    let mut lines = Vec::new();
    for table in release.distributions() {
        let question = survey.question(table.question());
        let mut last = None;
        for (key, released) in table.cells() {
            let Some(shown) = key.category else { continue };
            let (sector, subsector) = scope_ids(survey, key.scope);
            let (id, item) = survey.prompt_ids(Prompt { question: table.question(), item: key.item });
            let here = Line {
                sector: sector.to_owned(),
                subsector: subsector.to_owned(),
                question: id.to_owned(),
                item: item.to_owned(),
                base: released.base().map(|base| i64::from(base.base)),
                ..like.clone()
            };
            let is_first = last.replace((key.scope, key.item)) != Some((key.scope, key.item));
            if let (true, Some(base)) = (is_first, released.base()) {
                lines.push(Line { count: Some(i64::from(base.asked)), ..here.clone() });
            }
            let (count, percent) = match released.content() {
                Content::Published { count, percent } => {
                    (Some(i64::from(count)), percent.map(|percent| percent.to_string()).unwrap_or_default())
                }
                Content::Coarsened(band) => (None, band.to_string()),
                Content::Withheld(_) => continue,
            };
            lines.push(Line { option: question.category_id(shown).to_owned(), count, percent, ..here });
        }
    }
    lines.extend(of_panel(survey, release, like));
    lines
}

/// The lines of those who answered in both years. Last year's answers stand beside this year's questions.
fn of_panel(survey: &Survey, release: &Release, like: &Line) -> Vec<Line> {
    let mut lines = Vec::new();
    for table in release.changes() {
        let mut last = None;
        for (key, change) in table.cells() {
            let (Some(shown), Some((answer, panel))) = (key.category, change.panel()) else { continue };
            let Some(base) = panel.base else { continue };
            let prompt = Prompt { question: table.question(), item: key.item };
            let (sector, subsector) = scope_ids(survey, key.scope);
            let (question, item) = survey.prompt_ids(prompt);
            let [now, before] = Cohort::of_panel().map(|cohort| Line {
                sector: sector.to_owned(),
                subsector: subsector.to_owned(),
                question: question.to_owned(),
                item: item.to_owned(),
                count: Some(i64::from(base)),
                base: Some(i64::from(base)),
                cohort: cohort.word().to_owned(),
                ..like.clone()
            });
            if last.replace((key.scope, key.item)) != Some((key.scope, key.item)) {
                lines.extend([now.clone(), before.clone()]);
            }
            let line = |like: Line, cohort: Cohort, category, count: Option<u32>| {
                let option = cohort.question(survey, prompt).category_id(category).to_owned();
                count.map(|count| Line { option, count: Some(i64::from(count)), ..like })
            };
            lines.extend(line(now, Cohort::Panel, shown, panel.count));
            lines.extend(line(before, Cohort::PanelLastYear, answer, panel.previous_count));
        }
    }
    lines
}
