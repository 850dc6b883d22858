//! The roster: the institutions asked in a year, and their sectors.

mod places;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::comparable::{comparable, comparable_name, is_unseen};
use super::document::Complaint;
use super::table_file::{TableFile, TableKind};
use super::{DefinitionError, Sector, SectorIndex, Survey};
pub use places::{InstitutionPlaces, RosterPlaces};

/// Columns of a roster, by position in [`KIND`].
const FISCAL_YEAR: usize = 0;
const INSTITUTION: usize = 1;
const NAME: usize = 2;
const SECTOR: usize = 3;
const SUBSECTOR: usize = 4;

static KIND: TableKind = TableKind {
    name: "the roster",
    columns: &["fiscal_year", "institution", "name", "sector", "subsector"],
    named_by: "name the roster with --roster, or under `roster` in the year's file",
    is_secret: false,
};

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
pub fn code_key(code: &str) -> String {
    let folded = comparable(code);
    let trimmed = folded.trim_start_matches('0');
    if trimmed.is_empty() { folded } else { trimmed.to_owned() }
}

/// Whether a typed code would become another one when its characters are joined: digits with white
/// space between them, unless every one stands by itself, and raised or circled digits.
fn is_glued(code: &str) -> bool {
    let is_raised =
        |character: char| character.is_numeric() && !character.is_ascii_digit() && !matches!(character, '０'..='９');
    let words: Vec<&str> = code.split_whitespace().collect();
    let stand_alone = words.iter().all(|word| word.chars().filter(|&character| !is_unseen(character)).count() == 1);
    let ends_in_digit = |word: &str| word.chars().next_back().is_some_and(char::is_numeric);
    let begins_with_digit = |word: &str| word.chars().next().is_some_and(char::is_numeric);
    let divided = words.windows(2).any(|pair| ends_in_digit(pair[0]) && begins_with_digit(pair[1]));
    code.chars().any(is_raised) || (divided && !stand_alone)
}

impl Roster {
    /// Reads the rows of the survey's year.
    pub fn load(path: &Path, survey: &Survey) -> Result<Roster, DefinitionError> {
        let mut complaints = Vec::new();
        let roster = read(path, survey, &mut complaints);
        DefinitionError::unless_empty(complaints)?;
        Ok(roster.expect("a roster that cannot be read leaves a complaint"))
    }

    /// The places of each institution in a roster file, for every year that the file has. The sectors of other years
    /// than the survey's and the one before it are taken as they are written: they may be gone.
    pub fn places_by_year(path: &Path, survey: &Survey) -> Result<BTreeMap<u16, RosterPlaces>, DefinitionError> {
        let mut complaints = Vec::new();
        let places = places::read(path, survey, &mut complaints);
        DefinitionError::unless_empty(complaints)?;
        Ok(places.expect("a roster that cannot be read leaves a complaint"))
    }

    /// The institutions, in the order of their codes.
    pub fn institutions(&self) -> Vec<&Institution> {
        let mut institutions: Vec<&Institution> = self.institutions.iter().collect();
        institutions.sort_by(|a, b| a.code.cmp(&b.code));
        institutions
    }

    /// The institution with a code, however it was typed: 2202, ２２０２, 2,206, 2202先, No.2202. Digits that
    /// do not stand together, or are none (2202¹), are no code.
    pub fn find(&self, code: &str) -> Option<&Institution> {
        let code = code.trim_matches(|character: char| character.is_whitespace() || is_unseen(character));
        let find = |code: &str| {
            let wanted = code_key(code);
            let place = self.institutions.binary_search_by(|one| (*one.compared_code).cmp(wanted.as_str())).ok()?;
            Some(&self.institutions[place])
        };
        if is_glued(code) {
            return None;
        }
        find(code).or_else(|| {
            let folded = comparable(code);
            let mut bare = folded.as_str();
            bare = ["コード", "番号", "No.", "NO.", "no.", "№", "No"]
                .iter()
                .find_map(|word| bare.strip_prefix(word))
                .unwrap_or(bare);
            bare = bare.strip_prefix([':', '(', '[', '【', '「']).unwrap_or(bare);
            bare = bare.strip_suffix([')', ']', '】', '」', '.', '。', '先', '番']).unwrap_or(bare);
            bare = bare.strip_suffix(".0").unwrap_or(bare);
            let groups: Vec<&str> = bare.split(',').collect();
            let is_grouped = groups.len() > 1
                && (1..=3).contains(&groups[0].len())
                && groups[1..].iter().all(|group| group.len() == 3)
                && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
            if is_grouped { find(&groups.concat()) } else { find(bare) }
        })
    }

    /// The institution with a name, where it is the name of exactly one.
    pub fn find_by_name(&self, name: &str) -> Option<&Institution> {
        let wanted = comparable_name(name);
        let mut found = self.institutions.iter().filter(|one| comparable_name(&one.name) == wanted);
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
    let mut draft = Draft::new();
    let said = complaints.len();
    let wanted_year = survey.fiscal_year;
    each_row(path, wanted_year, complaints, |row| {
        if row.fiscal_year == wanted_year { add(&mut draft, survey, row) } else { Ok(()) }
    })?;
    if draft.is_empty() && complaints.len() == said {
        complaints.push(whole(
            path,
            format!("the roster has no row for fiscal year {wanted_year}: nobody was asked"),
            "add the year's rows, or name another roster with --roster",
        ));
    }
    Some(Roster { institutions: draft.into_values().collect() })
}

/// A row of a roster, as it is written.
struct Row<'a> {
    fiscal_year: u16,
    code: &'a str,
    name: &'a str,
    sector: &'a str,
    subsector: &'a str,
}

/// A mistake in a row: its column, the message, and the remedy.
struct Mistake {
    column: usize,
    message: String,
    help: String,
}

fn mistake(column: usize, message: impl Into<String>) -> Mistake {
    Mistake { column, message: message.into(), help: "correct the row in the roster".to_owned() }
}

impl Mistake {
    /// Where one of some ids belongs.
    fn one_of<'i>(self, ids: impl Iterator<Item = &'i str>) -> Mistake {
        let ids: Vec<&str> = ids.collect();
        let help =
            if ids.is_empty() { "leave it empty".to_owned() } else { format!("write one of {}", ids.join(", ")) };
        Mistake { help, ..self }
    }
}

/// A complaint about the file as a whole.
fn whole(path: &Path, message: String, help: &str) -> Complaint {
    Complaint { file: path.display().to_string(), position: None, message, help: Some(help.to_owned()) }
}

/// Reads a roster row by row; a mistake in a row is a complaint with its line. `None` if the file is no roster.
fn each_row(
    path: &Path,
    wanted_year: u16,
    complaints: &mut Vec<Complaint>,
    mut take: impl FnMut(&Row<'_>) -> Result<(), Mistake>,
) -> Option<()> {
    let table = match TableFile::open(path, &KIND) {
        Ok(table) => table,
        Err(error) => {
            complaints.extend(error.complaints());
            return None;
        }
    };
    if let Err(complaint) = table.require(KIND.columns) {
        complaints.push(complaint);
        return None;
    }
    for row in table.rows() {
        if let Some(complaint) = table.surplus(row) {
            complaints.push(complaint);
            continue;
        }
        let year = comparable(row.field(FISCAL_YEAR));
        let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        let taken = match year.parse().ok().filter(|_| is_year) {
            None => {
                let message =
                    format!("「{}」 is no fiscal year, expected one such as {wanted_year}", row.field(FISCAL_YEAR));
                Err(mistake(FISCAL_YEAR, message))
            }
            Some(fiscal_year) => take(&Row {
                fiscal_year,
                code: row.field(INSTITUTION),
                name: row.field(NAME),
                sector: row.field(SECTOR),
                subsector: row.field(SUBSECTOR),
            }),
        };
        if let Err(Mistake { column, message, help }) = taken {
            complaints.push(table.complaint(row, column, message, help));
        }
    }
    Some(())
}

/// The place in a sector that a row names.
fn membership(sectors: &[Sector], row: &Row<'_>) -> Result<Membership, Mistake> {
    let Row { code, sector, subsector, .. } = row;
    let index = SectorIndex::find(sectors, sector).ok_or_else(|| {
        mistake(SECTOR, format!("there is no sector `{sector}`")).one_of(sectors.iter().map(|one| one.id.as_str()))
    })?;
    let parts = &sectors[index.position()].subsectors;
    let wrong = |message| mistake(SUBSECTOR, message).one_of(parts.iter().map(|part| part.id.as_str()));
    let subsector = match (*subsector, parts.is_empty()) {
        ("", true) => None,
        ("", false) => return Err(wrong(format!("sector `{sector}` is divided, but {code} has no sub-sector"))),
        (id, _) => {
            let position = parts.iter().position(|part| part.id == id);
            let position = position.ok_or_else(|| wrong(format!("sector `{sector}` has no sub-sector `{id}`")))?;
            Some(u16::try_from(position).expect("a sector has few sub-sectors"))
        }
    };
    Ok(Membership { sector: index, subsector })
}

fn add(draft: &mut Draft, survey: &Survey, row: &Row<'_>) -> Result<(), Mistake> {
    let Row { code, name, sector, .. } = *row;
    if code.is_empty() {
        return Err(mistake(INSTITUTION, "the institution has no code"));
    }
    let place = membership(&survey.sectors, row)?;
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
        let message = format!("the codes {known} and {code} cannot be told apart once Excel drops leading zeros");
        return Err(mistake(INSTITUTION, message));
    }
    if *institution.name != *name {
        return Err(mistake(NAME, format!("{code} is called both {} and {name}", institution.name)));
    }
    if institution.memberships.iter().any(|other| other.sector == place.sector) {
        return Err(mistake(SECTOR, format!("{code} stands twice in sector `{sector}`")));
    }
    institution.memberships.push(place);
    institution.memberships.sort();
    Ok(())
}
