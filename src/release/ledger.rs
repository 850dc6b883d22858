//! The ledger of releases in the store: editions, the cells that each prints, and the documents made with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::edition::{Edition, Editions, Withdrawal};
use super::{ReleaseError, ReleaseTime};
use crate::disclose::{Address, Content, Mean, Measure, Pattern, Printed, PrintedNumber, Release, Share};
use crate::store::{self, Field, Staging, StoreError, TableFiles, tables};
use crate::survey::{Circle, Prompt, Survey};
use crate::tabulate::{Scope, scope_ids};

/// The statistics of a number question, as the ledger calls them.
const BASE: &str = "base";
const MEAN: &str = "mean";
const QUARTILES: [&str; 3] = ["first_quartile", "median", "third_quartile"];

/// A figure that an edition prints.
///
/// Without an option it is a base. Without a count it is a share: `25～50`, or `28`. Of a number question the option
/// is the statistic, and `percent` its value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PrintedCell {
    pub sector: String,
    pub subsector: String,
    pub question: String,
    pub item: String,
    pub option: String,
    pub count: Option<i64>,
    pub base: Option<i64>,
    pub percent: String,
}

impl PrintedCell {
    /// Where it stands, spelled as on the command line.
    pub fn address(&self) -> [&str; 5] {
        [&self.sector, &self.subsector, &self.question, &self.item, &self.option]
    }
}

/// A document by circle, edition and name.
pub(super) type Documents = BTreeMap<String, String>;

fn circle_of(word: &str, fiscal_year: u16) -> Result<Circle, ReleaseError> {
    let circle = Circle::ALL.into_iter().find(|circle| circle.word() == word);
    let what = || format!("a release to `{word}`, which is no circle");
    circle.ok_or_else(|| ReleaseError::UnreadableLedger { fiscal_year, what: what() })
}

fn number(integer: i64, fiscal_year: u16) -> Result<u32, ReleaseError> {
    let what = || format!("an edition `{integer}`, which is no number");
    u32::try_from(integer).map_err(|_| ReleaseError::UnreadableLedger { fiscal_year, what: what() })
}

/// Reads the editions of a year; none where there is no ledger.
pub(super) fn read_editions(files: &dyn TableFiles, fiscal_year: u16) -> Result<Editions, ReleaseError> {
    let mut rows = Vec::new();
    if !store::has(files, &tables::RELEASES, fiscal_year) {
        if store::has(files, &tables::RELEASED_CELLS, fiscal_year) {
            let what = "figures of editions (`released_cells`) and no list of the editions (`releases`)".to_owned();
            return Err(ReleaseError::UnreadableLedger { fiscal_year, what });
        }
        return Ok(Editions::default());
    }
    let columns = [
        "circle",
        "edition",
        "released_at",
        "release",
        "answers",
        "previous_edition",
        "corrects",
        "reason",
        "accepted",
        "policy",
        "withdrawn_at",
        "withdrawn_because",
    ];
    store::read(files, &tables::RELEASES, fiscal_year, &columns, |row| {
        let read = || {
            let time = row.text("released_at");
            let what = || format!("a release of `{time}`, which is no time");
            let released_at = ReleaseTime::parse(time);
            let edition = |integer: i64| number(integer, fiscal_year);
            let withdrawn = row
                .optional_text("withdrawn_at")
                .map(|at| Withdrawal { at: at.to_owned(), because: row.text("withdrawn_because").to_owned() });
            Ok(Edition {
                circle: circle_of(row.text("circle"), fiscal_year)?,
                number: edition(row.integer("edition"))?,
                released_at: released_at.ok_or_else(|| ReleaseError::UnreadableLedger { fiscal_year, what: what() })?,
                release: row.text("release").to_owned(),
                answers: row.text("answers").to_owned(),
                previous: row.optional_integer("previous_edition").map(edition).transpose()?,
                corrects: row.optional_integer("corrects").map(edition).transpose()?,
                reason: row.optional_text("reason").map(str::to_owned),
                accepted: row.text("accepted").split_whitespace().map(str::to_owned).collect(),
                policy: row.text("policy").to_owned(),
                withdrawn,
            })
        };
        rows.push(read());
    })?;
    Ok(Editions { all: rows.into_iter().collect::<Result<_, ReleaseError>>()? })
}

/// Writes the editions of a year.
pub(super) fn write_editions(editions: &Editions, staging: &mut Staging<'_>) -> Result<(), StoreError> {
    let mut writer = staging.table(&tables::RELEASES)?;
    for one in &editions.all {
        let withdrawn = one.withdrawn.as_ref();
        writer.row([
            Field::Text(one.circle.word()),
            Field::Integer(i64::from(one.number)),
            Field::Text(&one.released_at.to_string()),
            Field::Text(&one.release),
            Field::Text(&one.answers),
            Field::OptionalInteger(one.previous.map(i64::from)),
            Field::OptionalInteger(one.corrects.map(i64::from)),
            Field::OptionalText(one.reason.as_deref()),
            Field::Text(&one.accepted.join(" ")),
            Field::Text(&one.policy),
            Field::OptionalText(withdrawn.map(|one| one.at.as_str())),
            Field::OptionalText(withdrawn.map(|one| one.because.as_str())),
        ])?;
    }
    writer.finish()
}

/// The rows of a table of which each belongs to an edition, with the edition.
type OfEditions<T> = Vec<(String, i64, T)>;

fn all_cells(files: &dyn TableFiles, fiscal_year: u16) -> Result<OfEditions<PrintedCell>, StoreError> {
    let mut rows = Vec::new();
    if !store::has(files, &tables::RELEASED_CELLS, fiscal_year) {
        return Ok(rows);
    }
    let columns =
        ["circle", "edition", "sector", "subsector", "question", "item", "option", "count", "base", "percent"];
    store::read(files, &tables::RELEASED_CELLS, fiscal_year, &columns, |row| {
        let text = |name: &str| row.text(name).to_owned();
        let cell = PrintedCell {
            sector: text("sector"),
            subsector: text("subsector"),
            question: text("question"),
            item: text("item"),
            option: text("option"),
            count: row.optional_integer("count"),
            base: row.optional_integer("base"),
            percent: text("percent"),
        };
        rows.push((text("circle"), row.integer("edition"), cell));
    })?;
    Ok(rows)
}

fn all_documents(files: &dyn TableFiles, fiscal_year: u16) -> Result<OfEditions<(String, String)>, StoreError> {
    let mut rows = Vec::new();
    if store::has(files, &tables::RELEASED_DOCUMENTS, fiscal_year) {
        let columns = ["circle", "edition", "document", "content"];
        store::read(files, &tables::RELEASED_DOCUMENTS, fiscal_year, &columns, |row| {
            let document = (row.text("document").to_owned(), row.text("content").to_owned());
            rows.push((row.text("circle").to_owned(), row.integer("edition"), document));
        })?;
    }
    Ok(rows)
}

fn of_edition<T>(rows: OfEditions<T>, edition: &Edition) -> impl Iterator<Item = T> {
    let (circle, number) = (edition.circle.word(), i64::from(edition.number));
    rows.into_iter().filter(move |(of, edition, _)| (of.as_str(), *edition) == (circle, number)).map(|(.., row)| row)
}

/// The cells that an edition prints.
pub(super) fn cells_of(
    files: &dyn TableFiles,
    fiscal_year: u16,
    edition: &Edition,
) -> Result<Vec<PrintedCell>, StoreError> {
    Ok(of_edition(all_cells(files, fiscal_year)?, edition).collect())
}

/// The documents that were made with an edition.
pub(super) fn documents_of(
    files: &dyn TableFiles,
    fiscal_year: u16,
    edition: &Edition,
) -> Result<Documents, StoreError> {
    Ok(of_edition(all_documents(files, fiscal_year)?, edition).collect())
}

/// Enters an edition: its row, its cells and its documents, behind those that are there.
pub(super) fn enter(
    editions: &Editions,
    edition: &Edition,
    cells: &[PrintedCell],
    documents: &Documents,
    staging: &mut Staging<'_>,
) -> Result<(), StoreError> {
    let fiscal_year = staging.fiscal_year();
    let mut with_it = editions.clone();
    with_it.all.push(edition.clone());
    write_editions(&with_it, staging)?;
    let (circle, number) = (edition.circle.word().to_owned(), i64::from(edition.number));
    let mut all = all_cells(staging, fiscal_year)?;
    all.extend(cells.iter().map(|cell| (circle.clone(), number, cell.clone())));
    let mut writer = staging.table(&tables::RELEASED_CELLS)?;
    for (circle, number, cell) in &all {
        writer.row([
            Field::Text(circle),
            Field::Integer(*number),
            Field::Text(&cell.sector),
            Field::Text(&cell.subsector),
            Field::Text(&cell.question),
            Field::Text(&cell.item),
            Field::Text(&cell.option),
            Field::OptionalInteger(cell.count),
            Field::OptionalInteger(cell.base),
            Field::Text(&cell.percent),
        ])?;
    }
    writer.finish()?;
    let mut all = all_documents(staging, fiscal_year)?;
    all.extend(documents.iter().map(|(name, text)| (circle.clone(), number, (name.clone(), text.clone()))));
    let mut writer = staging.table(&tables::RELEASED_DOCUMENTS)?;
    for (circle, number, (name, content)) in &all {
        writer.row([Field::Text(circle), Field::Integer(*number), Field::Text(name), Field::Text(content)])?;
    }
    writer.finish()
}

/// The cells that a release prints, in printed order.
pub(super) fn cells(survey: &Survey, release: &Release) -> Vec<PrintedCell> {
    let mut cells = Vec::new();
    for table in release.distributions() {
        let question = survey.question(table.question());
        let mut last = None;
        for (key, released) in table.cells() {
            let Some(shown) = key.category else { continue };
            let (sector, subsector) = scope_ids(survey, key.scope);
            let (id, item) = survey.prompt_ids(Prompt { question: table.question(), item: key.item });
            let here = PrintedCell {
                sector: sector.to_owned(),
                subsector: subsector.to_owned(),
                question: id.to_owned(),
                item: item.to_owned(),
                base: released.base().map(|base| i64::from(base.base)),
                ..PrintedCell::default()
            };
            let is_first = last.replace((key.scope, key.item)) != Some((key.scope, key.item));
            cells.extend((is_first && here.base.is_some()).then(|| here.clone()));
            let (count, percent) = match released.content() {
                Content::Published { count, percent } => {
                    (Some(i64::from(count)), percent.map(|percent| percent.to_string()).unwrap_or_default())
                }
                Content::Share(share) => (None, share.to_string()),
                Content::Withheld(_) => continue,
            };
            cells.push(PrintedCell { option: question.category_id(shown).to_owned(), count, percent, ..here });
        }
    }
    cells.extend(cells_of_numbers(survey, release));
    cells
}

fn cells_of_numbers(survey: &Survey, release: &Release) -> Vec<PrintedCell> {
    let mut cells = Vec::new();
    for table in release.numbers() {
        for (key, released) in table.cells() {
            let (sector, subsector) = scope_ids(survey, key.scope);
            let cell = |option: &str, value: String| PrintedCell {
                sector: sector.to_owned(),
                subsector: subsector.to_owned(),
                question: survey.question(table.question()).id.clone(),
                option: option.to_owned(),
                base: released.base().map(|base| i64::from(base.base)),
                percent: value,
                ..PrintedCell::default()
            };
            cells.extend(released.base().map(|_| cell(BASE, String::new())));
            if let Mean::Published(Some(mean)) = released.mean() {
                cells.push(cell(MEAN, mean.to_string()));
            }
            let quartiles = released.quartiles().into_iter().flatten().zip(QUARTILES);
            cells.extend(quartiles.map(|(value, name)| cell(name, value.to_string())));
        }
    }
    cells
}

/// The pattern of the release that printed these cells. Cells that the survey no longer knows are left out: a release
/// with them cannot be made again.
pub(super) fn pattern(survey: &Survey, cells: &[PrintedCell]) -> Pattern {
    let scopes: BTreeMap<(&str, &str), Scope> =
        Scope::all(survey).map(|scope| (scope_ids(survey, scope), scope)).collect();
    let mut pattern = Pattern::default();
    for cell in cells {
        let scope = scopes.get(&(cell.sector.as_str(), cell.subsector.as_str()));
        let (Some(&scope), Some(prompt)) = (scope, survey.prompt(&cell.question, &cell.item)) else { continue };
        let asked = survey.question(prompt.question);
        if !asked.kind.has_options() {
            let number: &mut PrintedNumber = pattern.numbers.entry((prompt.question, scope)).or_default();
            match cell.option.as_str() {
                BASE => number.base = true,
                MEAN => number.mean = true,
                _ => number.quartiles = true,
            }
            continue;
        }
        let measure = match cell.option.as_str() {
            "" => Measure::Base,
            id => match asked.categories().find(|one| asked.category_id(*one) == id) {
                Some(shown) => Measure::Count(shown),
                None => continue,
            },
        };
        let printed = match (measure, cell.count) {
            (Measure::Count(_), None) => Share::parse(&cell.percent).map(Printed::Share),
            _ => Some(Printed::Value),
        };
        pattern.cells.extend(printed.map(|printed| (Address::of(scope, prompt, measure), printed)));
    }
    pattern
}
