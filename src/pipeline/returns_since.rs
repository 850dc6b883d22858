//! Which returns a release was made from, and which have come, gone, changed or been moved since: where a correction
//! would show answers, these are the ones to look at.

use std::collections::{BTreeMap, BTreeSet};

use super::PipelineError;
use crate::finding::{Code, Finding, Place};
use crate::store::{self, Staging, TableFiles, tables};
use crate::survey::{Circle, Survey};

const COLUMNS: [&str; 6] = ["circle", "released_at", "release", "institution", "submission", "places"];

/// How many returns a message names before it counts the others.
const NAMED: usize = 12;

/// The returns that count, and those that counted when something was released.
pub(super) struct Returns {
    /// Institutions, each with what counts of it (a workbook, and the replies that corrected answers of it), and with
    /// the sectors and sub-sectors that it stands in.
    present: BTreeSet<[String; 3]>,
    /// The lines of the store, in the order of [`COLUMNS`].
    released: Vec<[String; 6]>,
}

impl Returns {
    /// Reads those of a year.
    pub fn read(survey: &Survey, files: &dyn TableFiles) -> Result<Returns, PipelineError> {
        let year = survey.fiscal_year;
        let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        store::read(files, &tables::MEMBERSHIPS, year, &["institution", "sector", "subsector"], |row| {
            let place = format!("{}/{}", row.text("sector"), row.text("subsector"));
            let of_it = places.entry(row.text("institution").to_owned()).or_default();
            of_it.insert(place.trim_end_matches('/').to_owned());
        })?;
        let mut counted: BTreeSet<(String, String)> = BTreeSet::new();
        store::read(files, &tables::RESPONSES, year, &["institution", "submission"], |row| {
            let own = (row.text("institution"), row.text("submission"));
            // Rows of one return stand together.
            if counted.last().is_none_or(|(institution, submission)| (institution.as_str(), submission.as_str()) != own)
            {
                counted.insert((own.0.to_owned(), own.1.to_owned()));
            }
        })?;
        let place_of = |institution: &String| {
            let of_it = places.get(institution).into_iter().flatten();
            of_it.map(String::as_str).collect::<Vec<_>>().join("+")
        };
        let of_places = |(institution, submission)| {
            let places = place_of(&institution);
            [institution, submission, places]
        };
        let present = counted.into_iter().map(of_places).collect();
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
        for [institution, submission, places] in &self.present {
            let line = [circle.word(), time, release, institution, submission, places];
            writer.row(line.map(store::Field::Text))?;
        }
        Ok(writer.finish()?)
    }

    /// The last release that a circle has: to whom and when, and the returns that it was made from.
    fn of_last_release(&self, circle: Circle) -> Option<([&str; 2], BTreeSet<[&str; 3]>)> {
        let is_given = |line: &&[String; 6]| [circle, Circle::Public].iter().any(|one| one.word() == line[0]);
        let last = self.released.iter().rev().find(is_given)?;
        let of_it = self.released.iter().filter(|line| line[..3] == last[..3]);
        let returns = of_it.map(|[.., institution, submission, places]| [institution.as_str(), submission, places]);
        Some(([&last[0], &last[1]], returns.collect()))
    }
}

/// The returns that have come, gone, changed or been moved since the last release that a circle has; `None` where
/// there are none.
pub(super) fn finding(
    survey: &Survey,
    circle: Circle,
    files: &dyn TableFiles,
) -> Result<Option<Finding>, PipelineError> {
    let returns = Returns::read(survey, files)?;
    let Some(([to, time], then)) = returns.of_last_release(circle) else { return Ok(None) };
    let mut files_of: BTreeMap<String, String> = BTreeMap::new();
    store::read(files, &tables::SUBMISSIONS, survey.fiscal_year, &["submission", "file"], |row| {
        files_of.insert(row.text("submission").to_owned(), row.text("file").to_owned());
    })?;
    let now: BTreeSet<[&str; 3]> = returns.present.iter().map(|one| one.each_ref().map(String::as_str)).collect();
    let came = now.difference(&then).map(|&[institution, submission, places]| {
        let file = files_of.get(submission).map(|file| format!(", {file}")).unwrap_or_default();
        let before = then.iter().find(|one| one[..2] == [institution, submission]);
        match before {
            Some([.., old]) => format!("{institution} (in {places}, then in {old})"),
            None if then.iter().any(|one| one[0] == institution) => format!("{institution} (another one{file})"),
            None => format!("{institution} (new{file})"),
        }
    });
    let gone = then.difference(&now).filter(|one| now.iter().all(|other| other[0] != one[0]));
    let gone = gone.map(|[institution, ..]| format!("{institution} (gone)"));
    let mut said: Vec<String> = came.chain(gone).collect();
    if said.is_empty() {
        return Ok(None);
    }
    let count = said.len();
    let more = if count > NAMED { format!(" and {} more", count - NAMED) } else { String::new() };
    said.truncate(NAMED);
    let code = Code::ReturnsSinceRelease;
    let message = format!(
        "fiscal year {}: since the release of {time} ({to}), returns that count are others: {}{more}",
        survey.fiscal_year,
        said.join(", ")
    );
    Ok(Some(Finding::new(code, Place::Collection, message, code.rule().remedy)))
}
