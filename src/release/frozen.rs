//! Frozen answers: the memberships and answers of the moment of a release, kept whole in the store.

use std::path::PathBuf;

use super::edition::Edition;
use super::ledger;
use crate::ingest::{ContentHash, ContentHasher};
use crate::store::{self, Field, Row, Staging, StoreError, Table, TableFiles, tables};

const PLACES: [&str; 4] = ["institution", "name", "sector", "subsector"];
const ANSWERS: [&str; 11] =
    ["institution", "question", "item", "option", "value", "text", "state", "submission", "sheet", "cell", "raw"];

/// One set of frozen answers, in the place of the answers that count now.
pub(super) struct Frozen<'f> {
    files: &'f dyn TableFiles,
    part: String,
}

impl<'f> Frozen<'f> {
    /// The set with an id.
    pub fn new(files: &'f dyn TableFiles, answers: &str) -> Frozen<'f> {
        Frozen { files, part: part_of(answers) }
    }

    /// The error about a set that is lost, with the editions that are made from it.
    fn lost(&self, error: StoreError, fiscal_year: u16) -> StoreError {
        let StoreError::Missing { path, table, .. } = error else { return error };
        let editions = ledger::read_editions(self.files, fiscal_year).unwrap_or_default();
        let is_of_it = |one: &&Edition| one.withdrawn.is_none() && part_of(&one.answers) == self.part;
        let of_it: Vec<&Edition> = editions.all().iter().filter(is_of_it).collect();
        let words = |one: &&Edition| format!("edition {} of the {} release", one.number, one.circle.word());
        let named: Vec<String> = of_it.iter().map(words).collect();
        let withdrawn = match of_it.as_slice() {
            [one] if editions.standing(one.circle) == Some(*one) => {
                Some(format!("`--circle {} --withdraw {} --because \"reason\"`", one.circle.word(), one.number))
            }
            _ => None,
        };
        let editions = if named.is_empty() { "a release".to_owned() } else { named.join(" and ") };
        StoreError::MissingFrozen { path, table, editions, withdrawn, fiscal_year }
    }
}

impl TableFiles for Frozen<'_> {
    fn part(&self, table: &Table, fiscal_year: u16, part: &str) -> Result<PathBuf, StoreError> {
        let frozen =
            [(&tables::RESPONSES, &tables::RELEASED_RESPONSES), (&tables::MEMBERSHIPS, &tables::RELEASED_MEMBERSHIPS)];
        match frozen.iter().find(|(present, _)| present.name == table.name) {
            Some((_, released)) => {
                self.files.part(released, fiscal_year, &self.part).map_err(|error| self.lost(error, fiscal_year))
            }
            None => self.files.part(table, fiscal_year, part),
        }
    }
}

/// The name of the part that keeps a set of frozen answers.
fn part_of(answers: &str) -> String {
    answers.chars().take(16).collect()
}

/// An answer as the store has it.
struct Answer<'r> {
    texts: [&'r str; 7],
    value: Option<f64>,
    optional: [Option<&'r str>; 3],
}

impl<'r> Answer<'r> {
    fn of(row: &'r Row<'_>) -> Answer<'r> {
        let texts = ["institution", "question", "item", "option", "state", "submission", "raw"];
        Answer {
            texts: texts.map(|name| row.text(name)),
            value: row.number("value"),
            optional: ["text", "sheet", "cell"].map(|name| row.optional_text(name)),
        }
    }
}

/// The id of the answers of a year that count now: a hash over all their rows.
pub(super) fn id_of(files: &dyn TableFiles, fiscal_year: u16) -> Result<String, StoreError> {
    let mut hash = ContentHasher::default();
    let mut feed = |text: Option<&str>| {
        // The length goes first: an absent text differs from an empty one, and the end of each text is fixed.
        let length = text.map_or(u64::MAX, |text| text.len() as u64);
        hash.update(&length.to_le_bytes());
        hash.update(text.unwrap_or("").as_bytes());
    };
    store::read(files, &tables::MEMBERSHIPS, fiscal_year, &PLACES, |row| {
        PLACES.iter().for_each(|name| feed(Some(row.text(name))));
    })?;
    feed(None);
    store::read(files, &tables::RESPONSES, fiscal_year, &ANSWERS, |row| {
        let Answer { texts, value, optional } = Answer::of(row);
        texts.iter().for_each(|text| feed(Some(text)));
        feed(value.map(|value| value.to_bits().to_string()).as_deref());
        optional.into_iter().for_each(&mut feed);
    })?;
    Ok(hash.finish().to_string())
}

/// Freezes the answers of the year that count now; gives their id. A set that is kept already is not kept twice.
pub(super) fn freeze(staging: &mut Staging<'_>) -> Result<String, StoreError> {
    let year = staging.fiscal_year();
    let id = id_of(staging, year)?;
    let part = part_of(&id);
    let is_kept = |table: &Table, staging: &Staging<'_>| staging.part(table, year, &part).is_ok();
    if !is_kept(&tables::RELEASED_MEMBERSHIPS, staging) {
        let mut writer = staging.add_part(&tables::RELEASED_MEMBERSHIPS, &part)?;
        let mut written = Ok(());
        store::read(staging, &tables::MEMBERSHIPS, year, &PLACES, |row| {
            let [institution, name, sector, subsector] = PLACES.map(|name| Field::Text(row.text(name)));
            let line = [Field::Text(&id), institution, name, sector, subsector];
            if written.is_ok() {
                written = writer.row(line);
            }
        })?;
        written?;
        writer.finish()?;
    }
    if !is_kept(&tables::RELEASED_RESPONSES, staging) {
        let mut writer = staging.add_part(&tables::RELEASED_RESPONSES, &part)?;
        let mut written = Ok(());
        store::read(staging, &tables::RESPONSES, year, &ANSWERS, |row| {
            let answer = Answer::of(row);
            let [institution, question, item, option, state, submission, raw] = answer.texts.map(Field::Text);
            let [text, sheet, cell] = answer.optional.map(Field::OptionalText);
            let value = Field::OptionalNumber(answer.value);
            let line = [
                Field::Text(&id),
                institution,
                question,
                item,
                option,
                value,
                text,
                state,
                submission,
                sheet,
                cell,
                raw,
            ];
            if written.is_ok() {
                written = writer.row(line);
            }
        })?;
        written?;
        writer.finish()?;
    }
    Ok(id)
}

/// The hash of the files of the answers that count now; it identifies them without reading them row by row.
pub(super) fn hash_of_files(files: &dyn TableFiles, fiscal_year: u16) -> Result<String, StoreError> {
    let mut hash = ContentHasher::default();
    for table in [&tables::MEMBERSHIPS, &tables::RESPONSES] {
        let content = store::content(files, table, fiscal_year)?;
        hash.update(ContentHash::of(&content).to_string().as_bytes());
    }
    Ok(hash.finish().to_string())
}
