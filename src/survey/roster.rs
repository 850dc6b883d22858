//! The roster: who was asked in a year, and in which sectors.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::document::{Complaint, comparable};
use super::{DefinitionError, SectorIndex, Survey};

const COLUMNS: [&str; 5] = ["fiscal_year", "institution", "name", "sector", "subsector"];

/// One institution's place in one sector.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Membership {
    /// The sector.
    pub sector: SectorIndex,
    /// The sub-sector, by position in the sector; `None` for a sector that is not divided.
    pub subsector: Option<u16>,
}

/// One institution that was asked.
#[derive(Debug, Clone)]
pub struct Institution {
    /// Its code, as the roster spells it.
    pub code: Arc<str>,
    /// Its code as it is compared; mostly the same text.
    compared_code: Arc<str>,
    /// Its name.
    pub name: Box<str>,
    /// The sectors it belongs to, in the order of the survey; never empty.
    pub memberships: Vec<Membership>,
}

impl Institution {
    /// The sectors it belongs to.
    pub fn sectors(&self) -> Vec<SectorIndex> {
        self.memberships.iter().map(|membership| membership.sector).collect()
    }
}

/// Everyone who was asked in one year.
#[derive(Debug)]
pub struct Roster {
    /// Sorted by code as it is compared, see [`code_key`].
    institutions: Vec<Institution>,
}

/// The roster while it is read, by code as it is compared.
type Draft = BTreeMap<Arc<str>, Institution>;

/// A code as it is compared: full-width digits folded, white space and leading zeros dropped,
/// because Excel drops the zeros of a code that it takes for a number.
fn code_key(code: &str) -> String {
    let folded = comparable(code);
    let trimmed = folded.trim_start_matches('0');
    if trimmed.is_empty() { folded } else { trimmed.to_owned() }
}

impl Roster {
    /// Reads the rows of the survey's year.
    pub fn load(path: &Path, survey: &Survey) -> Result<Roster, DefinitionError> {
        let mut complaints = Vec::new();
        let roster = read(path, survey, &mut complaints);
        DefinitionError::unless_empty(complaints)?;
        Ok(roster.expect("a roster that cannot be read leaves a complaint"))
    }

    /// The institutions, in the order of their codes.
    pub fn institutions(&self) -> Vec<&Institution> {
        let mut institutions: Vec<&Institution> = self.institutions.iter().collect();
        institutions.sort_by(|a, b| a.code.cmp(&b.code));
        institutions
    }

    /// The institution with a code, however it was typed.
    pub fn find(&self, code: &str) -> Option<&Institution> {
        let wanted = code_key(code);
        let place = self.institutions.binary_search_by(|one| (*one.compared_code).cmp(wanted.as_str())).ok()?;
        Some(&self.institutions[place])
    }

    /// The institution with a name, where it is the name of exactly one.
    pub fn find_by_name(&self, name: &str) -> Option<&Institution> {
        let wanted = comparable(name);
        let mut found = self.institutions.iter().filter(|one| comparable(&one.name) == wanted);
        found.next().filter(|_| found.next().is_none())
    }

    /// How many institutions were asked.
    pub fn len(&self) -> usize {
        self.institutions.len()
    }

    /// Whether nobody was asked.
    pub fn is_empty(&self) -> bool {
        self.institutions.is_empty()
    }
}

fn read(path: &Path, survey: &Survey, complaints: &mut Vec<Complaint>) -> Option<Roster> {
    let file = path.display().to_string();
    let whole = |message: String, help: &str| Complaint {
        file: file.clone(),
        position: None,
        message,
        help: Some(help.to_owned()),
    };
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let help = "name the roster with --roster, or under `roster` in the year's file";
            complaints.push(whole(format!("the roster cannot be read: {error}"), help));
            return None;
        }
    };
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            complaints.push(whole(format!("the roster is not a UTF-8 CSV file: {error}"), "save it as CSV UTF-8"));
            return None;
        }
    };
    let places: Vec<Option<usize>> =
        COLUMNS.iter().map(|name| header.iter().position(|column| column == *name)).collect();
    let missing: Vec<&str> =
        COLUMNS.iter().zip(&places).filter(|(_, at)| at.is_none()).map(|(name, _)| *name).collect();
    if !missing.is_empty() {
        let seen: Vec<&str> = header.iter().collect();
        complaints.push(whole(
            format!("the roster lacks the column {}; it has: {}", missing.join(", "), seen.join(", ")),
            "a roster is a CSV file with the columns fiscal_year,institution,name,sector,subsector, a row per membership",
        ));
        return None;
    }
    let mut draft = Draft::new();
    let wanted_year = survey.fiscal_year.to_string();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                complaints.push(whole(format!("the roster cannot be read further: {error}"), "save it as CSV UTF-8"));
                return None;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let field = |column: usize| places[column].and_then(|at| record.get(at)).unwrap_or("");
        let year = comparable(field(0));
        if year.len() == 4 && year != wanted_year && year.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let mut complain = |message: String| {
            complaints.push(whole(format!("line {line}: {message}"), "correct the row in the roster"));
        };
        if year != wanted_year {
            complain(format!("「{}」 is no fiscal year, expected one such as {wanted_year}", field(0)));
            continue;
        }
        if let Err(message) = add(&mut draft, survey, field(1), field(2), field(3), field(4)) {
            complain(message);
        }
    }
    if draft.is_empty() && complaints.is_empty() {
        complaints.push(whole(
            format!("the roster has no row for fiscal year {wanted_year}: nobody was asked"),
            "add the year's rows, or name another roster with --roster",
        ));
    }
    Some(Roster { institutions: draft.into_values().collect() })
}

fn add(
    draft: &mut Draft,
    survey: &Survey,
    code: &str,
    name: &str,
    sector: &str,
    subsector: &str,
) -> Result<(), String> {
    if code.is_empty() {
        return Err("the institution has no code".into());
    }
    let index = SectorIndex::find(&survey.sectors, sector).ok_or(format!("there is no sector `{sector}`"))?;
    let parts = &survey.sectors[index.position()].subsectors;
    let subsector = match (subsector, parts.is_empty()) {
        ("", true) => None,
        ("", false) => return Err(format!("sector `{sector}` is divided, but {code} has no sub-sector")),
        (id, _) => {
            let position = parts.iter().position(|part| part.id == id);
            let position = position.ok_or(format!("sector `{sector}` has no sub-sector `{id}`"))?;
            Some(u16::try_from(position).expect("a sector has few sub-sectors"))
        }
    };
    let spelled: Arc<str> = code.into();
    let compared = code_key(code);
    let key = if compared == code { Arc::clone(&spelled) } else { compared.into() };
    let institution = draft.entry(Arc::clone(&key)).or_insert_with(|| Institution {
        code: spelled,
        compared_code: key,
        name: name.into(),
        memberships: Vec::new(),
    });
    if *institution.code != *code {
        let known = &institution.code;
        return Err(format!("the codes {known} and {code} cannot be told apart once Excel drops leading zeros"));
    }
    if *institution.name != *name {
        return Err(format!("{code} is called both {} and {name}", institution.name));
    }
    if institution.memberships.iter().any(|other| other.sector == index) {
        return Err(format!("{code} stands twice in sector `{sector}`"));
    }
    institution.memberships.push(Membership { sector: index, subsector });
    institution.memberships.sort();
    Ok(())
}
