//! Which returns a release was made from, and which have come, gone or changed since: where a correction would show
//! answers, these are the ones to look at.

use std::collections::{BTreeMap, BTreeSet};

use super::PipelineError;
use crate::finding::{Code, Finding, Place};
use crate::store::{self, Staging, TableFiles, tables};
use crate::survey::{Circle, Survey};

const COLUMNS: [&str; 5] = ["circle", "released_at", "release", "institution", "submission"];

/// How many returns a message names before it counts the others.
const NAMED: usize = 12;

/// The returns that count, and those that counted when something was released.
pub(super) struct Returns {
    /// Institutions, each with what counts of it: a workbook, and the replies that corrected answers of it.
    present: BTreeSet<(String, String)>,
    /// The lines of the store, in the order of [`COLUMNS`].
    released: Vec<[String; 5]>,
}

impl Returns {
    /// Reads those of a year.
    pub fn read(survey: &Survey, files: &dyn TableFiles) -> Result<Returns, PipelineError> {
        let year = survey.fiscal_year;
        let mut present = BTreeSet::new();
        store::read(files, &tables::RESPONSES, year, &["institution", "submission"], |row| {
            let own = (row.text("institution").to_owned(), row.text("submission").to_owned());
            // Rows of one return stand together.
            if present.last() != Some(&own) {
                present.insert(own);
            }
        })?;
        let mut released = Vec::new();
        if store::has(files, &tables::RELEASED_RETURNS, year) {
            store::read(files, &tables::RELEASED_RETURNS, year, &COLUMNS, |row| {
                released.push(COLUMNS.map(|column| row.text(column).to_owned()));
            })?;
        }
        Ok(Returns { present, released })
    }

    /// Enters what a release is made from.
    pub fn enter(
        &self,
        circle: Circle,
        [time, release]: [&str; 2],
        staging: &mut Staging<'_>,
    ) -> Result<(), PipelineError> {
        let mut writer = staging.table(&tables::RELEASED_RETURNS)?;
        for line in &self.released {
            writer.row(line.each_ref().map(|text| store::Field::Text(text)))?;
        }
        for (institution, submission) in &self.present {
            let line = [circle.word(), time, release, institution, submission];
            writer.row(line.map(store::Field::Text))?;
        }
        Ok(writer.finish()?)
    }

    /// The time of the last release that a circle has, with the returns that it was made from.
    fn of_last_release(&self, circle: Circle) -> Option<(&str, BTreeSet<(&str, &str)>)> {
        let is_given = |line: &&[String; 5]| [circle, Circle::Public].iter().any(|one| one.word() == line[0]);
        let last = self.released.iter().rev().find(is_given)?;
        let of_it = self.released.iter().filter(|line| line[..3] == last[..3]);
        let returns = of_it.map(|[.., institution, submission]| (institution.as_str(), submission.as_str()));
        Some((&last[1], returns.collect()))
    }
}

/// The returns that have come, gone or changed since the last release that a circle has; `None` where there are none.
pub(super) fn finding(
    survey: &Survey,
    circle: Circle,
    files: &dyn TableFiles,
) -> Result<Option<Finding>, PipelineError> {
    let returns = Returns::read(survey, files)?;
    let Some((time, then)) = returns.of_last_release(circle) else { return Ok(None) };
    let mut files_of: BTreeMap<String, String> = BTreeMap::new();
    store::read(files, &tables::SUBMISSIONS, survey.fiscal_year, &["submission", "file"], |row| {
        files_of.insert(row.text("submission").to_owned(), row.text("file").to_owned());
    })?;
    let now: BTreeSet<(&str, &str)> =
        returns.present.iter().map(|(institution, submission)| (institution.as_str(), submission.as_str())).collect();
    let is_in = |all: &BTreeSet<(&str, &str)>, institution: &str| all.iter().any(|(one, _)| *one == institution);
    let name = |(institution, submission): &(&str, &str), what: &str| {
        let file = files_of.get(*submission).map(|file| format!(", {file}")).unwrap_or_default();
        format!("{institution} ({what}{file})")
    };
    let came = now.difference(&then).map(|one| name(one, if is_in(&then, one.0) { "another one" } else { "new" }));
    let gone = then.difference(&now).filter(|one| !is_in(&now, one.0)).map(|one| name(one, "gone"));
    let mut said: Vec<String> = came.chain(gone).collect();
    if said.is_empty() {
        return Ok(None);
    }
    let count = said.len();
    let more = if count > NAMED { format!(" and {} more", count - NAMED) } else { String::new() };
    said.truncate(NAMED);
    let code = Code::ReturnsSinceRelease;
    let message = format!(
        "fiscal year {}: since the release of {time}, returns that count are others: {}{more}",
        survey.fiscal_year,
        said.join(", ")
    );
    Ok(Some(Finding::new(code, Place::Collection, message, code.rule().remedy)))
}
