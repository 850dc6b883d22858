//! The tables of a release as files: what may be printed, and for the desk why the rest may not.

use super::cells::{Measure, Spot};
use super::cohort::Cohort;
use super::protect::Protected;
use super::release::Release;
use super::released::{Content, Releasable, Released};
use crate::compare::PercentagePoints;
use crate::survey::{Prompt, QuestionIndex, Shown, Survey};
use crate::tabulate::{self, Key, Scope, Table, Tabulation, scope_ids};

/// `distributions.csv` of a release: every figure that it is about, with a mark where there is no number.
pub fn distributions_csv(survey: &Survey, release: &Release) -> Vec<u8> {
    let header = [
        "fiscal_year",
        "sector",
        "subsector",
        "question",
        "item",
        "option",
        "kind",
        "count",
        "base",
        "percent",
        "mark",
    ];
    let year = survey.fiscal_year.to_string();
    let mut rows = vec![header.map(str::to_owned)];
    for (question, key, released) in lines(release, release.distributions()) {
        let asked = survey.question(question);
        let (sector, subsector) = scope_ids(survey, key.scope);
        let (id, item) = survey.prompt_ids(Prompt { question, item: key.item });
        let shown = key.category.expect("a distribution is over options and nets");
        let [count, base, percent] = figures(Some(*released));
        rows.push([
            year.clone(),
            sector.to_owned(),
            subsector.to_owned(),
            id.to_owned(),
            item.to_owned(),
            asked.category_id(shown).to_owned(),
            kind(shown).to_owned(),
            count,
            base,
            percent,
            released.mark().to_owned(),
        ]);
    }
    tabulate::csv_bytes(&rows)
}

/// `changes.csv` of a release: this year's figures beside last year's, with a mark where there is no change.
pub fn changes_csv(survey: &Survey, release: &Release) -> Vec<u8> {
    let header = [
        "fiscal_year",
        "sector",
        "subsector",
        "question",
        "item",
        "option",
        "kind",
        "count",
        "base",
        "percent",
        "previous_count",
        "previous_base",
        "previous_percent",
        "points",
        "comparability",
        "panel_base",
        "panel_count",
        "panel_previous_count",
        "panel_points",
        "one_institution",
        "printed",
        "mark",
        "remark",
    ];
    let mut rows = vec![header.map(str::to_owned)];
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let plain = |points: Option<PercentagePoints>| points.map(PercentagePoints::plain).unwrap_or_default();
    for (question, key, change) in lines(release, release.changes()) {
        let asked = survey.question(question);
        let (sector, subsector) = scope_ids(survey, key.scope);
        let (id, item) = survey.prompt_ids(Prompt { question, item: key.item });
        let shown = key.category.expect("a change is of an option or a net");
        let [count, base, percent] = figures(Some(change.now()));
        let [previous_count, previous_base, previous_percent] = figures(change.before());
        let panel = change.panel().map(|(_, panel)| panel).unwrap_or_default();
        rows.push([
            survey.fiscal_year.to_string(),
            sector.to_owned(),
            subsector.to_owned(),
            id.to_owned(),
            item.to_owned(),
            asked.category_id(shown).to_owned(),
            kind(shown).to_owned(),
            count,
            base,
            percent,
            previous_count,
            previous_base,
            previous_percent,
            plain(change.points()),
            change.comparability().word().to_owned(),
            number(panel.base),
            number(panel.count),
            number(panel.previous_count),
            plain(change.panel_points()),
            plain(change.one_institution()),
            change.points().map(|points| points.to_string()).unwrap_or_default(),
            change.mark().to_owned(),
            change.remark().to_owned(),
        ]);
    }
    tabulate::csv_bytes(&rows)
}

fn kind(shown: Shown) -> &'static str {
    if matches!(shown, Shown::Net(_)) { "net" } else { "option" }
}

/// Count, base and percentage as they are printed.
fn figures(released: Option<Released>) -> [String; 3] {
    let Some(released) = released else { return Default::default() };
    let (count, percent) = match released.content() {
        Content::Published { count, percent } => {
            (count.to_string(), percent.map(|percent| percent.to_string()).unwrap_or_default())
        }
        Content::Coarsened(band) => (String::new(), band.to_string()),
        Content::Withheld(_) => Default::default(),
    };
    let base = released.base().map(|base| base.base.to_string()).unwrap_or_default();
    [count, base, percent]
}

/// What a release is about, by sector, sub-sector and then in printed order.
fn lines<'a, F>(release: &Release, tables: &'a [Table<Releasable, F>]) -> Vec<(QuestionIndex, &'a Key, &'a F)> {
    let tables = tables.iter();
    let cells = tables.flat_map(|table| table.cells().iter().map(move |(key, cell)| (table.question(), key, cell)));
    let mut lines: Vec<_> = cells.filter(|(_, key, _)| release.population(key.scope).is_some()).collect();
    lines.sort_by_key(|(question, key, _)| (key.scope, *question));
    lines
}

/// How a cell is named on the command line and in messages: `regional/shinkin/soc//none`, and with whom it
/// counts in front where that is not everybody: `panel@regional//soc//none`.
pub fn name(survey: &Survey, spot: Spot) -> String {
    let cohort = spot.cohort.name(survey);
    let (sector, subsector) = scope_ids(survey, spot.scope);
    let (question, item) = spot.cohort.survey(survey).prompt_ids(spot.prompt);
    let option = match spot.measure {
        Measure::Base => "base",
        Measure::Count(shown) => spot.cohort.question(survey, spot.prompt).category_id(shown),
    };
    format!("{cohort}{sector}/{subsector}/{question}/{item}/{option}")
}

/// The cell with a name.
pub fn spot(survey: &Survey, name: &str) -> Option<Spot> {
    let (cohort, parts) = match name.split_once('@') {
        None => (Cohort::All, name),
        Some((whom, parts)) => (Cohort::all(survey).find(|one| one.name(survey) == format!("{whom}@"))?, parts),
    };
    let parts: Vec<&str> = parts.split('/').collect();
    let [sector, subsector, question, item, option] = parts.as_slice() else { return None };
    let scope = Scope::all(survey).find(|scope| scope_ids(survey, *scope) == (*sector, *subsector))?;
    let prompt = cohort.survey(survey).prompt(question, item)?;
    let asked = cohort.question_beside(survey, prompt)?;
    let measure = match *option {
        "base" => Measure::Base,
        id => Measure::Count(asked.categories().find(|one| asked.category_id(*one) == id)?),
    };
    Some(Spot { cohort, scope, prompt, measure })
}

/// `disclosure.csv` for the desk: every withheld cell with its true value, the reason, and what an outsider
/// can compute of it.
pub fn withheld_csv(survey: &Survey, tabulation: &Tabulation, protected: &Protected) -> Vec<u8> {
    let header = ["fiscal_year", "cell", "count", "base", "reason", "lowest", "highest"];
    let mut rows = vec![header.map(str::to_owned)];
    let withheld = protected.withheld.iter().filter(|(spot, _)| spot.cohort == Cohort::All);
    for (spot, (reason, interval)) in withheld {
        let table = tabulation.distributions.iter().find(|table| table.question() == spot.prompt.question);
        let shown = match spot.measure {
            Measure::Base => Shown::Option(0),
            Measure::Count(shown) => shown,
        };
        let figures = table.and_then(|table| table.cell(spot.scope, spot.prompt.item, Some(shown)).copied());
        let figures = figures.unwrap_or_default();
        let count = if spot.measure == Measure::Base { String::new() } else { figures.count.to_string() };
        let end = |end: Option<i64>| end.map(|end| end.to_string()).unwrap_or_default();
        rows.push([
            survey.fiscal_year.to_string(),
            name(survey, *spot),
            count,
            figures.base.to_string(),
            reason.word().to_owned(),
            end(interval.map(|interval| interval.0)),
            end(interval.map(|interval| interval.1)),
        ]);
    }
    tabulate::csv_bytes(&rows)
}
