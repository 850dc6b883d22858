//! The answers of each institution in one year, as the store has them, and its sectors.

use std::collections::BTreeMap;

use crate::store::{self, StoreError, TableFiles, tables};
use crate::survey::{Prompt, Survey};
use crate::tabulate::Scope;
use crate::validate::State;

/// The reply of one institution to one prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The options it chose, by position, in order.
    Given(Vec<u16>),
    /// It was not asked: its gate is closed.
    NotAsked,
    /// Nothing that counts, although it was or may have been asked.
    Missing,
}

/// The institutions of one year. Institutions without a return that counts have places and no replies.
#[derive(Debug, Default)]
pub struct Replies {
    /// The members of each sector and sub-sector, in the terms of the survey of the comparison.
    pub members: BTreeMap<Scope, Vec<String>>,
    replies: BTreeMap<String, BTreeMap<Prompt, Reply>>,
}

/// Prompts have options or are not compared.
impl Replies {
    /// The reply of an institution; `Missing` if it did not return the workbook.
    pub fn of(&self, institution: &str, prompt: Prompt) -> &Reply {
        self.replies.get(institution).and_then(|replies| replies.get(&prompt)).unwrap_or(&Reply::Missing)
    }

    /// Whether an institution stands in a sector or sub-sector.
    pub fn is_in(&self, institution: &str, scope: Scope) -> bool {
        self.members
            .get(&scope)
            .is_some_and(|members| members.binary_search_by(|one| one.as_str().cmp(institution)).is_ok())
    }

    /// How many of a scope gave nothing that counts.
    pub fn missing(&self, scope: Scope, prompt: Prompt) -> u32 {
        let members = self.members.get(&scope).map_or(&[][..], Vec::as_slice);
        let missing = members.iter().filter(|institution| *self.of(institution, prompt) == Reply::Missing);
        u32::try_from(missing.count()).expect("fewer than 2^32 institutions")
    }

    /// Reads a year; `places` is the survey whose sectors are meant, which may be that of another year.
    pub fn read(survey: &Survey, places: &Survey, files: &dyn TableFiles) -> Result<Replies, StoreError> {
        let mut all = Replies { members: read_members(survey, places, files)?, ..Replies::default() };
        let columns = ["institution", "question", "item", "option", "state"];
        store::read(files, &tables::RESPONSES, survey.fiscal_year, &columns, |row| {
            let Some(prompt) = survey.prompt(row.text("question"), row.text("item")) else { return };
            let replies = match all.replies.get_mut(row.text("institution")) {
                Some(replies) => replies,
                None => all.replies.entry(row.text("institution").to_owned()).or_default(),
            };
            let state = row.text("state");
            if state == State::NotAsked.word() {
                replies.insert(prompt, Reply::NotAsked);
            } else if state != State::Answered.word() {
                replies.insert(prompt, Reply::Missing);
            } else {
                let given = replies.entry(prompt).or_insert_with(|| Reply::Given(Vec::new()));
                let option = survey.question(prompt.question).option(row.text("option"));
                if let (Reply::Given(options), Some(option)) = (given, option) {
                    options.push(option);
                }
            }
        })?;
        for replies in all.replies.values_mut() {
            settle(survey, replies);
        }
        Ok(all)
    }
}

/// Puts options in order, and tells those who were not asked from those of whom it is not known,
/// because what decides is itself not answered.
fn settle(survey: &Survey, replies: &mut BTreeMap<Prompt, Reply>) {
    for prompt in survey.prompts() {
        let gate = survey.question(prompt.question).gate.as_ref();
        let decides = gate.map(|gate| Prompt { question: gate.question, item: None });
        let is_undecided = decides.is_some_and(|deciding| replies.get(&deciding) == Some(&Reply::Missing));
        match replies.get_mut(&prompt) {
            Some(Reply::Given(options)) => options.sort_unstable(),
            Some(reply @ Reply::NotAsked) if is_undecided => *reply = Reply::Missing,
            _ => {}
        }
    }
}

fn read_members(
    survey: &Survey,
    places: &Survey,
    files: &dyn TableFiles,
) -> Result<BTreeMap<Scope, Vec<String>>, StoreError> {
    let mut members: BTreeMap<Scope, Vec<String>> = BTreeMap::new();
    let columns = ["institution", "sector", "subsector"];
    store::read(files, &tables::MEMBERSHIPS, survey.fiscal_year, &columns, |row| {
        let Some(sector) = places.sector_index(row.text("sector")) else { return };
        let parts = &places.sectors[sector.position()].subsectors;
        let part = parts.iter().position(|part| part.id == row.text("subsector"));
        let subsector = part.map(|part| u16::try_from(part).expect("a sector has few parts"));
        for subsector in [None].into_iter().chain(subsector.map(Some)) {
            members.entry(Scope { sector, subsector }).or_default().push(row.text("institution").to_owned());
        }
    })?;
    for institutions in members.values_mut() {
        institutions.sort_unstable();
        institutions.dedup();
    }
    Ok(members)
}
