//! The tables of a release as files: what may be printed, and for the desk why the rest may not.

use super::cells::{Measure, Spot};
use super::protect::Protected;
use super::release::Release;
use super::released::{Content, Released};
use crate::survey::{Prompt, QuestionIndex, Shown, Survey};
use crate::tabulate::{self, Key, Scope, Tabulation, scope_ids};

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
    for (question, key, released) in lines(release) {
        let asked = survey.question(question);
        let (sector, subsector) = scope_ids(survey, key.scope);
        let (id, item) = survey.prompt_ids(Prompt { question, item: key.item });
        let shown = key.category.expect("a distribution is over options and nets");
        let kind = if matches!(shown, Shown::Net(_)) { "net" } else { "option" };
        let (count, percent) = match released.content() {
            Content::Published { count, percent } => {
                (count.to_string(), percent.map(|percent| percent.to_string()).unwrap_or_default())
            }
            Content::Coarsened(band) => (String::new(), band.to_string()),
            Content::Withheld(_) => Default::default(),
        };
        let base = released.base().map(|base| base.base.to_string()).unwrap_or_default();
        rows.push([
            year.clone(),
            sector.to_owned(),
            subsector.to_owned(),
            id.to_owned(),
            item.to_owned(),
            asked.category_id(shown).to_owned(),
            kind.to_owned(),
            count,
            base,
            percent,
            released.mark().to_owned(),
        ]);
    }
    tabulate::csv_bytes(&rows)
}

/// What a release is about, by sector, sub-sector and then in printed order.
fn lines(release: &Release) -> Vec<(QuestionIndex, &Key, &Released)> {
    let tables = release.distributions().iter();
    let cells = tables.flat_map(|table| table.cells().iter().map(move |(key, cell)| (table.question(), key, cell)));
    let mut lines: Vec<_> = cells.filter(|(_, key, _)| release.population(key.scope).is_some()).collect();
    lines.sort_by_key(|(question, key, _)| (key.scope, *question));
    lines
}

/// How a cell is named on the command line and in messages: `regional/shinkin/soc//none`.
pub fn name(survey: &Survey, spot: Spot) -> String {
    let (sector, subsector) = scope_ids(survey, spot.scope);
    let (question, item) = survey.prompt_ids(spot.prompt);
    let option = match spot.measure {
        Measure::Base => "base",
        Measure::Count(shown) => survey.question(spot.prompt.question).category_id(shown),
    };
    format!("{sector}/{subsector}/{question}/{item}/{option}")
}

/// The cell with a name.
pub fn spot(survey: &Survey, name: &str) -> Option<Spot> {
    let parts: Vec<&str> = name.split('/').collect();
    let [sector, subsector, question, item, option] = parts.as_slice() else { return None };
    let scope = Scope::all(survey).find(|scope| scope_ids(survey, *scope) == (*sector, *subsector))?;
    let prompt = survey.prompt(question, item)?;
    let asked = survey.question(prompt.question);
    let measure = match *option {
        "base" => Measure::Base,
        id => Measure::Count(asked.categories().find(|one| asked.category_id(*one) == id)?),
    };
    Some(Spot { scope, prompt, measure })
}

/// `disclosure.csv` for the desk: every withheld cell with its true value, the reason, and what an outsider
/// can compute of it.
pub fn withheld_csv(survey: &Survey, tabulation: &Tabulation, protected: &Protected) -> Vec<u8> {
    let header = ["fiscal_year", "cell", "count", "base", "reason", "lowest", "highest"];
    let mut rows = vec![header.map(str::to_owned)];
    for (spot, (reason, interval)) in &protected.withheld {
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
