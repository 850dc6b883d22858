//! A collection knows what it is: of which survey, and from which returns and which roster. What is of
//! another survey is refused, and another collection takes a store's place only where that is meant.

use std::path::{Path, PathBuf};

use super::collect::Material;
use super::{PipelineError, Settings, Work, manifest};
use crate::ingest::ContentHash;
use crate::store::{self, Field, Staging, Store, StoreError, TableFiles, tables};
use crate::survey::Survey;

/// What a year that is compared with none looks back on.
const NOTHING: &str = "";
/// The store of whoever names none.
const STORE: &str = "data/store";
/// Fewer than this many that are gone are no sharp fall, whatever their share.
const MANY: usize = 10;
/// One in so many that is gone is one.
const ONE_IN: usize = 10;

/// The store that returns are read into: the one that was named, else that of the year's file where its returns
/// and its roster are read, else the usual one.
pub(super) fn store_to_make(settings: &Settings, survey: &Survey) -> PathBuf {
    let is_its = settings.returns.is_none() && settings.roster.is_none();
    let of_year_file = survey.store.as_ref().filter(|_| is_its);
    settings.store.as_ref().or(of_year_file).cloned().unwrap_or_else(|| PathBuf::from(STORE))
}

/// The store that a year is read from: the one that was named, else the usual one, or that of the year's file
/// where only that one holds the year.
pub(super) fn store_to_read(named: Option<&Path>, survey: &Survey) -> PathBuf {
    let usual = Path::new(STORE);
    let holds = |root: &Path| store::holds(root, &tables::MEMBERSHIPS, survey.fiscal_year);
    let of_year_file = survey.store.as_deref().filter(|root| !holds(usual) && holds(root));
    named.or(of_year_file).unwrap_or(usual).to_owned()
}

/// Opens a store; one that is only read has to be there, because a slip in its path is not to become one.
/// The store of another survey is refused.
pub(super) fn open(root: &Path, survey: &Survey, is_read_only: bool) -> Result<Store, PipelineError> {
    if is_read_only && !store::is_one(root) {
        let (store, fiscal_year) = (root.to_owned(), survey.fiscal_year);
        return Err(PipelineError::NoStore { store, fiscal_year });
    }
    let store = Store::open(root)?;
    for fiscal_year in store.years(&tables::COLLECTIONS) {
        let mut other = None;
        store::read(&store, &tables::COLLECTIONS, fiscal_year, &["survey"], |row| {
            other = Some(row.text("survey").to_owned()).filter(|id| *id != survey.id);
        })?;
        if let Some(theirs) = other {
            let (store, ours) = (root.to_owned(), survey.id.clone());
            return Err(PipelineError::OtherSurvey { place: "the store", path: store, theirs, ours, flag: "--store" });
        }
    }
    Ok(store)
}

/// A path in which two spellings of one place are the same.
pub(super) fn spelled(path: &Path) -> String {
    let whole = std::fs::canonicalize(path).or_else(|_| std::path::absolute(path));
    whole.unwrap_or_else(|_| path.to_owned()).to_string_lossy().replace('\\', "/")
}

/// Whether so many of so many are gone that it is hardly meant.
fn is_sharp(gone: usize, all: usize) -> bool {
    gone >= MANY && gone * ONE_IN > all
}

impl Work<'_> {
    /// Stops where the folder of outputs is that of another survey, or of another store.
    pub(super) fn check_outputs(&self, store: &Path) -> Result<(), PipelineError> {
        let Some(manifest) = manifest::read(&self.report.out) else { return Ok(()) };
        if let Some(theirs) = manifest["survey"].as_str().filter(|theirs| *theirs != self.survey.id) {
            let (path, theirs, ours) = (self.report.out.clone(), theirs.to_owned(), self.survey.id.clone());
            return Err(PipelineError::OtherSurvey {
                place: "the folder of outputs",
                path,
                theirs,
                ours,
                flag: "--out",
            });
        }
        match manifest["store"].as_str() {
            Some(before) if before != spelled(store) && !self.settings.replace => {
                let differences =
                    vec![format!("its outputs are of the store {before}, and would be of {}", spelled(store))];
                Err(PipelineError::OtherCollection {
                    place: "the folder of outputs",
                    path: self.report.out.clone(),
                    differences,
                })
            }
            _ => Ok(()),
        }
    }

    /// The store that the outputs are of, as the manifest has it.
    pub(super) fn store_in_manifest(&self) -> String {
        spelled(&self.report.store)
    }

    /// Stops where what is to be read is another collection than the one that the store was made from, unless
    /// that is meant.
    pub(super) fn check_collection(&self, material: &Material, store: &Store) -> Result<(), PipelineError> {
        let year = self.survey.fiscal_year;
        if self.settings.replace || !store::has(store, &tables::SUBMISSIONS, year) {
            return Ok(());
        }
        let mut before = (String::new(), String::new());
        if store::has(store, &tables::ORIGIN, year) {
            store::read(store, &tables::ORIGIN, year, &["returns", "roster"], |row| {
                before = (row.text("returns").to_owned(), row.text("roster").to_owned());
            })?;
        }
        let folder = material.listing.folder();
        let mut differences = Vec::new();
        let now = spelled(folder);
        let is_other = !before.0.is_empty() && before.0 != now;
        let (mut gone, mut all) = (0, 0);
        store::read(store, &tables::SUBMISSIONS, year, &["file", "bytes"], |row| {
            all += 1;
            // What lies inside an archive is there if that is.
            let name = row.text("file");
            let is_there = match material.listing.file_of(name) {
                Some(file) if is_other && file == name => {
                    let size =
                        std::fs::metadata(folder.join(file)).map(|there| i64::try_from(there.len()).unwrap_or(-1));
                    size.is_ok_and(|size| size == row.integer("bytes"))
                }
                found => found.is_some(),
            };
            gone += usize::from(!is_there);
        })?;
        if (is_other && gone > 0) || is_sharp(gone, all) {
            let from = if is_other {
                format!("the returns were read from {}, and are to be read from {now}", before.0)
            } else {
                format!("the returns are read from {now}")
            };
            differences.push(format!("{from}: {gone} of the {all} workbooks of then are not there"));
        }
        let now = spelled(self.roster_file());
        let is_other = !before.1.is_empty() && before.1 != now;
        let mut asked = std::collections::BTreeSet::new();
        store::read(store, &tables::MEMBERSHIPS, year, &["institution"], |row| {
            asked.insert(row.text("institution").to_owned());
        })?;
        let gone = asked.iter().filter(|code| material.roster.find(code).is_none()).count();
        if (is_other && gone > 0) || is_sharp(gone, asked.len()) {
            let from = if is_other {
                format!("the roster was {}, and is to be {now}", before.1)
            } else {
                format!("the roster is {now}")
            };
            differences.push(format!("{from}: {gone} of the {} institutions of then are not on it", asked.len()));
        }
        if differences.is_empty() {
            return Ok(());
        }
        Err(PipelineError::OtherCollection { place: "the store", path: self.report.store.clone(), differences })
    }

    /// Writes what the collection is.
    pub(super) fn write_collection(&self, folder: &Path, staging: &mut Staging<'_>) -> Result<(), StoreError> {
        let looked_back_on = match &self.survey.comparison {
            Some(comparison) => content_of(staging, comparison.before.fiscal_year)?,
            None => Some(NOTHING.to_owned()),
        };
        let mut writer = staging.table(&tables::COLLECTIONS)?;
        writer.row([
            Field::Text(&self.survey.id),
            Field::Text(&self.survey.title),
            Field::OptionalText(looked_back_on.as_deref()),
        ])?;
        writer.finish()?;
        let mut writer = staging.table(&tables::ORIGIN)?;
        writer.row([Field::Text(&spelled(folder)), Field::Text(&spelled(self.roster_file()))])?;
        writer.finish()
    }
}

/// What a year that looks back on this one rests on, as a hash; `None` where the store does not hold it.
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
pub(super) fn is_outdated(files: &dyn TableFiles, fiscal_year: u16) -> Result<bool, StoreError> {
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
