//! The places of institutions in every year of a roster file, for comparisons of years.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Complaint, INSTITUTION, Mistake, NAME, Row, SECTOR, Survey, code_key, each_row, membership, mistake};

/// The roster of one year: the name and places of each institution, by its code as it is spelled.
pub type RosterPlaces = BTreeMap<String, InstitutionPlaces>;

/// The entries of a roster on an institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstitutionPlaces {
    /// Its name.
    pub name: String,
    /// Its places, sorted: the ids of sector and sub-sector, the latter empty where the sector is not
    /// divided.
    pub places: Vec<(String, String)>,
}

/// The institutions of a year, by code as codes are compared, each with its code as it is spelled.
type Year = BTreeMap<String, (String, InstitutionPlaces)>;

pub(super) fn read(
    path: &Path,
    survey: &Survey,
    complaints: &mut Vec<Complaint>,
) -> Option<BTreeMap<u16, RosterPlaces>> {
    let mut years: BTreeMap<u16, Year> = BTreeMap::new();
    each_row(path, survey.fiscal_year, complaints, |row| add(years.entry(row.fiscal_year).or_default(), survey, row))?;
    let spelled = |year: Year| year.into_values().collect();
    Some(years.into_iter().map(|(fiscal_year, year)| (fiscal_year, spelled(year))).collect())
}

fn add(year: &mut Year, survey: &Survey, row: &Row<'_>) -> Result<(), Mistake> {
    let Row { code, name, sector, subsector, .. } = *row;
    if code.is_empty() {
        return Err(mistake(INSTITUTION, "the institution has no code"));
    }
    let before = survey.comparison.as_ref().map(|comparison| &*comparison.before);
    let defined = [Some(survey), before].into_iter().flatten().find(|one| one.fiscal_year == row.fiscal_year);
    if let Some(defined) = defined {
        membership(&defined.sectors, row)?;
    }
    let (known, institution) = year
        .entry(code_key(code))
        .or_insert_with(|| (code.to_owned(), InstitutionPlaces { name: name.to_owned(), places: Vec::new() }));
    if known != code {
        let message = format!("the codes {known} and {code} cannot be told apart once Excel drops leading zeros");
        return Err(mistake(INSTITUTION, message));
    }
    if institution.name != name {
        return Err(mistake(NAME, format!("{code} is called both {} and {name}", institution.name)));
    }
    if institution.places.iter().any(|(other, _)| other == sector) {
        return Err(mistake(SECTOR, format!("{code} stands twice in sector `{sector}`")));
    }
    institution.places.push((sector.to_owned(), subsector.to_owned()));
    institution.places.sort();
    Ok(())
}
