//! The tables of a release as files: the printed content, and for the desk the reasons for the rest.

use crate::compare::PercentagePoints;
use crate::disclose::{Content, Measure, Protected, Releasable, Release, Released};
use crate::survey::{Prompt, QuestionIndex, Shown, Survey};
use crate::tabulate::{self, Key, Table, Tabulation, scope_ids};

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
    let plain = |points: Option<PercentagePoints>| points.map(PercentagePoints::plain).unwrap_or_default();
    for (question, key, change) in lines(release, release.changes()) {
        let asked = survey.question(question);
        let (sector, subsector) = scope_ids(survey, key.scope);
        let (id, item) = survey.prompt_ids(Prompt { question, item: key.item });
        let shown = key.category.expect("a change is of an option or a net");
        let [count, base, percent] = figures(Some(change.now()));
        let [previous_count, previous_base, previous_percent] = figures(change.before());
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
            String::new(),
            String::new(),
            String::new(),
            String::new(),
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
        Content::Share(share) => (String::new(), share.to_string()),
        Content::Withheld(_) => Default::default(),
    };
    let base = released.base().map(|base| base.base.to_string()).unwrap_or_default();
    [count, base, percent]
}

/// The cells of a release, by sector, sub-sector and then in printed order.
fn lines<'a, F>(release: &Release, tables: &'a [Table<Releasable, F>]) -> Vec<(QuestionIndex, &'a Key, &'a F)> {
    let tables = tables.iter();
    let cells = tables.flat_map(|table| table.cells().iter().map(move |(key, cell)| (table.question(), key, cell)));
    let mut lines: Vec<_> = cells.filter(|(_, key, _)| release.population(key.scope).is_some()).collect();
    lines.sort_by_key(|(question, key, _)| (key.scope, *question));
    lines
}

/// `withheld.csv` for the desk: every withheld cell with its true value, the reason, and the counts that are proven
/// possible to a reader.
pub fn withheld_csv(survey: &Survey, tabulation: &Tabulation, protected: &Protected) -> Vec<u8> {
    let header = ["fiscal_year", "cell", "count", "base", "reason", "lowest", "highest"];
    let mut rows = vec![header.map(str::to_owned)];
    for (address, (reason, interval)) in &protected.withheld {
        let table = tabulation.distributions.iter().find(|table| table.question() == address.prompt.question);
        let shown = match address.measure {
            Measure::Count(shown) => shown,
            Measure::Base | Measure::Nonresponse => Shown::Option(0),
        };
        let figures = table.and_then(|table| table.cell(address.scope, address.prompt.item, Some(shown)).copied());
        let figures = figures.unwrap_or_default();
        let count = if address.measure == Measure::Base { String::new() } else { figures.count.to_string() };
        let end = |end: Option<i64>| end.map(|end| end.to_string()).unwrap_or_default();
        rows.push([
            survey.fiscal_year.to_string(),
            address.name(survey),
            count,
            figures.base.to_string(),
            reason.word().to_owned(),
            end(interval.map(|interval| interval.0)),
            end(interval.map(|interval| interval.1)),
        ]);
    }
    tabulate::csv_bytes(&rows)
}
