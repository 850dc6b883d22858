//! Which returns a release was made from, and which have come, gone or changed since: where a correction would show
//! answers, these are the ones to look at.

use std::collections::BTreeMap;

use super::PipelineError;
use crate::finding::{Code, Finding, Place};
use crate::store::{self, Staging, TableFiles, tables};
use crate::survey::{Circle, Survey};

const COLUMNS: [&str; 5] = ["circle", "released_at", "release", "institution", "submission"];

/// How many returns a message names before it counts the others.
const NAMED: usize = 12;

/// The return of each institution that counts, and those of the releases.
pub(super) struct Returns {
    present: BTreeMap<String, String>,
    /// The lines of the store, in the order of [`COLUMNS`].
    released: Vec<[String; 5]>,
}

impl Returns {
    /// Reads those of a year.
    pub fn read(survey: &Survey, files: &dyn TableFiles) -> Result<Returns, PipelineError> {
        let year = survey.fiscal_year;
        let mut present = BTreeMap::new();
        store::read(files, &tables::RESPONSES, year, &["institution", "submission"], |row| {
            present.insert(row.text("institution").to_owned(), row.text("submission").to_owned());
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
    fn of_last_release(&self, circle: Circle) -> Option<(&str, BTreeMap<&str, &str>)> {
        let is_given = |line: &&[String; 5]| [circle, Circle::Public].iter().any(|one| one.word() == line[0]);
        let last = self.released.iter().rev().find(is_given)?;
        let of_it = self.released.iter().filter(|line| line[..3] == last[..3]);
        Some((
            &last[1],
            of_it.map(|[.., institution, submission]| (institution.as_str(), submission.as_str())).collect(),
        ))
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
    let mut said = Vec::new();
    for (institution, submission) in &returns.present {
        let what = match then.get(institution.as_str()) {
            None => "new",
            Some(before) if before != submission => "another one",
            Some(_) => continue,
        };
        let file = files_of.get(submission).map(|file| format!(", {file}")).unwrap_or_default();
        said.push(format!("{institution} ({what}{file})"));
    }
    said.extend(then.keys().filter(|one| !returns.present.contains_key(**one)).map(|one| format!("{one} (gone)")));
    if said.is_empty() {
        return Ok(None);
    }
    let count = said.len();
    let more = if count > NAMED { format!(" and {} more", count - NAMED) } else { String::new() };
    said.truncate(NAMED);
    let code = Code::FigureCorrected;
    let message = format!(
        "fiscal year {}: since the release of {time}, {count} returns that count are others: {}{more}",
        survey.fiscal_year,
        said.join(", ")
    );
    let remedy = "With the returns of then, the figures are those that were released: take the new ones out of the \
                  folder, put the old ones back, and ingest again.";
    Ok(Some(Finding::new(code, Place::Collection, message, remedy)))
}
