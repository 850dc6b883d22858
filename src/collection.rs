//! The identity of a collection: its survey, and the returns and the roster that it was made from.

use std::collections::BTreeSet;
use std::path::Path;

use crate::ingest::{ContentHash, Listing};
use crate::store::{self, Field, Staging, Store, StoreError, TableFiles, tables};
use crate::survey::{Roster, Survey};

/// What a year that is compared with none looks back on.
const NOTHING: &str = "";
/// Fewer than this many that are gone are no sharp fall, whatever their share.
const MANY: usize = 10;
/// One in so many that is gone is one.
const ONE_IN: usize = 10;

/// The survey of a store, where that is not the one given.
pub fn other_survey(store: &Store, survey: &Survey) -> Result<Option<String>, StoreError> {
    for fiscal_year in store.years(&tables::COLLECTIONS) {
        let mut other = None;
        store::read(store, &tables::COLLECTIONS, fiscal_year, &["survey"], |row| {
            other = Some(row.text("survey").to_owned()).filter(|id| *id != survey.id);
        })?;
        if other.is_some() {
            return Ok(other);
        }
    }
    Ok(None)
}

/// A path in which two spellings of one place are the same.
pub fn spelled(path: &Path) -> String {
    let whole = std::fs::canonicalize(path).or_else(|_| std::path::absolute(path));
    whole.unwrap_or_else(|_| path.to_owned()).to_string_lossy().replace('\\', "/")
}

/// Whether so many of so many are gone that it is hardly meant.
fn is_sharp(gone: usize, all: usize) -> bool {
    gone >= MANY && gone * ONE_IN > all
}

/// The folder of returns and the roster of a collection, as the store remembers them; empty where it does not.
#[derive(Default)]
struct Origin {
    returns: String,
    roster: String,
}

impl Origin {
    fn read(store: &Store, fiscal_year: u16) -> Result<Origin, StoreError> {
        let mut origin = Origin::default();
        if store::has(store, &tables::ORIGIN, fiscal_year) {
            store::read(store, &tables::ORIGIN, fiscal_year, &["returns", "roster"], |row| {
                origin = Origin { returns: row.text("returns").to_owned(), roster: row.text("roster").to_owned() };
            })?;
        }
        Ok(origin)
    }
}

/// The differences between a collection and the one that the store was made from, as far as they are hardly meant:
/// workbooks or institutions that are gone because another folder or roster is read, or because many are gone at once.
pub fn differences(
    store: &Store,
    fiscal_year: u16,
    listing: &Listing,
    roster_file: &Path,
    roster: &Roster,
) -> Result<Vec<String>, StoreError> {
    let mut differences = Vec::new();
    if !store::has(store, &tables::SUBMISSIONS, fiscal_year) {
        return Ok(differences);
    }
    let before = Origin::read(store, fiscal_year)?;
    let now = spelled(listing.folder());
    let is_other = !before.returns.is_empty() && before.returns != now;
    let (gone, all) = missing_workbooks(store, fiscal_year, listing, is_other)?;
    if (is_other && gone > 0) || is_sharp(gone, all) {
        let from = if is_other {
            format!("the returns were read from {}, and are to be read from {now}", before.returns)
        } else {
            format!("the returns are read from {now}")
        };
        differences.push(format!("{from}: {gone} of the {all} workbooks of then are not there"));
    }
    let now = spelled(roster_file);
    let is_other = !before.roster.is_empty() && before.roster != now;
    let mut asked = BTreeSet::new();
    store::read(store, &tables::MEMBERSHIPS, fiscal_year, &["institution"], |row| {
        asked.insert(row.text("institution").to_owned());
    })?;
    let gone = asked.iter().filter(|code| roster.find(code).is_none()).count();
    if (is_other && gone > 0) || is_sharp(gone, asked.len()) {
        let from = if is_other {
            format!("the roster was {}, and is to be {now}", before.roster)
        } else {
            format!("the roster is {now}")
        };
        differences.push(format!("{from}: {gone} of the {} institutions of then are not on it", asked.len()));
    }
    Ok(differences)
}

/// How many of the workbooks in the store are not among the returns, and how many the store has. In another folder a
/// file of the same name and another size is another workbook.
fn missing_workbooks(
    store: &Store,
    fiscal_year: u16,
    listing: &Listing,
    is_other: bool,
) -> Result<(usize, usize), StoreError> {
    let (mut gone, mut all) = (0, 0);
    store::read(store, &tables::SUBMISSIONS, fiscal_year, &["file", "bytes"], |row| {
        all += 1;
        // A workbook in an archive is there if the archive is.
        let name = row.text("file");
        let is_there = match listing.file_of(name) {
            Some(file) if is_other && file == name => {
                let size = std::fs::metadata(listing.folder().join(file));
                size.is_ok_and(|there| i64::try_from(there.len()).unwrap_or(-1) == row.integer("bytes"))
            }
            found => found.is_some(),
        };
        gone += usize::from(!is_there);
    })?;
    Ok((gone, all))
}

/// Writes the identity of a collection.
pub fn write(survey: &Survey, returns: &Path, roster: &Path, staging: &mut Staging<'_>) -> Result<(), StoreError> {
    let looked_back_on = match &survey.comparison {
        Some(comparison) => content_of(staging, comparison.before.fiscal_year)?,
        None => Some(NOTHING.to_owned()),
    };
    let mut writer = staging.table(&tables::COLLECTIONS)?;
    writer.row([
        Field::Text(&survey.id),
        Field::Text(&survey.title),
        Field::OptionalText(looked_back_on.as_deref()),
    ])?;
    writer.finish()?;
    let mut writer = staging.table(&tables::ORIGIN)?;
    writer.row([Field::Text(&spelled(returns)), Field::Text(&spelled(roster))])?;
    writer.finish()
}

/// A hash of all that a year that looks back on this one rests on; `None` where the store does not hold it.
fn content_of(files: &dyn TableFiles, fiscal_year: u16) -> Result<Option<String>, StoreError> {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for table in [&tables::RESPONSES, &tables::MEMBERSHIPS, &tables::WAIVERS] {
        if !store::has(files, table, fiscal_year) {
            return Ok(None);
        }
        parts.push(store::content(files, table, fiscal_year)?);
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    Ok(Some(ContentHash::of_parts(&parts).to_string()))
}

/// Whether a year was ingested when the year before, on which its edits look back and from which its
/// explanations come, was another than it is now.
pub fn is_outdated(files: &dyn TableFiles, fiscal_year: u16) -> Result<bool, StoreError> {
    if !store::has(files, &tables::COLLECTIONS, fiscal_year) {
        return Ok(false);
    }
    let mut then = None;
    store::read(files, &tables::COLLECTIONS, fiscal_year, &["looked_back_on"], |row| {
        then = row.optional_text("looked_back_on").map(str::to_owned);
    })?;
    let now = content_of(files, fiscal_year - 1)?;
    Ok(now.is_some() && now != then && then.as_deref() != Some(NOTHING))
}
