//! The state of the collection: the institutions asked, returned, accepted and outstanding, by sector and sub-sector.
//! Read from the store alone.

mod noticed;
mod since;
mod text;
mod workbook;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

use crate::follow_up::QueryStatus;
use crate::ingest;
use crate::store::{StoreError, TableFiles, read_texts, tables};
use crate::survey::Survey;
use crate::tabulate::Percent;
use crate::texts::Language;
pub use noticed::{Findings, Noticed};
pub use since::{Since, SinceKind, SinceReturn};
pub use text::text;
pub use workbook::workbook;

/// How the collection of a year stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The year.
    pub fiscal_year: u16,
    /// The survey's name.
    pub title: String,
    /// The language of its readers.
    #[serde(skip)]
    pub language: Language,
    /// The whole first, then each sector with its sub-sectors, as the survey orders them.
    pub lines: Vec<Line>,
    /// The institutions without a usable return, by code.
    pub outstanding: Vec<Outstanding>,
    /// Files that cannot be used and do not say whose they are.
    pub unattributed: Vec<Unusable>,
    /// The findings of the year, with those that are new.
    pub findings: Findings,
    /// The changes since the standing releases; a reader of the status from the store adds them.
    pub since_release: Vec<Since>,
}

/// How a part of the respondents stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The sector; empty for the whole.
    pub sector: String,
    /// The sub-sector; empty for the whole of a sector.
    pub subsector: String,
    /// The name in print.
    pub name: String,
    /// The counts.
    #[serde(flatten)]
    pub counts: Counts,
    /// Accepted of asked; `None` where nobody was asked.
    #[serde(serialize_with = "decimal")]
    pub response_rate: Option<Percent>,
}

fn decimal<S: Serializer>(percent: &Option<Percent>, serializer: S) -> Result<S::Ok, S::Error> {
    percent.map(|percent| percent.to_string()).serialize(serializer)
}

/// Institutions by what came from them. An institution in two sectors counts in each, and once in
/// the whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Everyone on the roster.
    pub asked: u32,
    /// Of these, those who sent any workbook.
    pub received: u32,
    /// Those who sent a workbook whose answers count.
    pub accepted: u32,
    /// Those of whom only workbooks came that cannot be used.
    pub rejected: u32,
    /// Those of whom nothing came that can be used: asked without accepted.
    pub outstanding: u32,
    /// The queries on their answers that are open.
    pub open_queries: u32,
}

/// Someone who has sent nothing that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outstanding {
    /// The code.
    pub institution: String,
    /// The name.
    pub name: String,
    /// The names of its sectors and sub-sectors.
    pub sectors: Vec<SectorName>,
    /// The files that came, and the reasons for refusing them.
    pub came: Vec<Unusable>,
}

/// A sector and sub-sector by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SectorName {
    /// The sector.
    pub sector: String,
    /// The sub-sector; empty where the sector is not divided.
    pub subsector: String,
}

/// A file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unusable {
    /// Its path within the folder of returns.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// The data of an institution in the store.
#[derive(Default)]
struct Known {
    name: String,
    /// Ids of sectors and sub-sectors.
    memberships: Vec<(String, String)>,
    is_accepted: bool,
    came: Vec<Unusable>,
    open_queries: u32,
}

impl Known {
    fn is_received(&self) -> bool {
        self.is_accepted || !self.came.is_empty()
    }
}

/// Reads how the collection of a year stands; the ids of findings that are new are known from the last run.
pub fn read(survey: &Survey, files: &dyn TableFiles, new_findings: &BTreeSet<String>) -> Result<Status, StoreError> {
    let mut known = members(survey, files)?;
    let unattributed = take_submissions(survey, files, &mut known)?;
    for (institution, count) in open_queries(survey, files)? {
        if let Some(one) = known.get_mut(&institution) {
            one.open_queries = count;
        }
    }
    let outstanding = known.iter().filter(|(_, one)| !one.is_accepted);
    Ok(Status {
        fiscal_year: survey.fiscal_year,
        title: survey.title.clone(),
        language: survey.language,
        lines: lines(survey, &known),
        outstanding: outstanding.map(|(code, one)| outstanding_one(survey, code, one)).collect(),
        unattributed,
        findings: noticed::read(files, survey.fiscal_year, new_findings)?,
        since_release: Vec::new(),
    })
}

/// The columns that are never null, as texts.
fn sure<const N: usize>(row: [Option<String>; N]) -> [String; N] {
    row.map(Option::unwrap_or_default)
}

fn members(survey: &Survey, files: &dyn TableFiles) -> Result<BTreeMap<String, Known>, StoreError> {
    let columns = ["institution", "name", "sector", "subsector"];
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    for row in read_texts(files, &tables::MEMBERSHIPS, survey.fiscal_year, columns)? {
        let [institution, name, sector, subsector] = sure(row);
        let one = known.entry(institution).or_default();
        one.name = name;
        one.memberships.push((sector, subsector));
    }
    Ok(known)
}

/// Notes what came from whom; gives back what cannot be used and is nobody's.
fn take_submissions(
    survey: &Survey,
    files: &dyn TableFiles,
    known: &mut BTreeMap<String, Known>,
) -> Result<Vec<Unusable>, StoreError> {
    let columns = ["institution", "presumed_institution", "file", "status", "reason", "form"];
    let mut unattributed = Vec::new();
    for row in read_texts(files, &tables::SUBMISSIONS, survey.fiscal_year, columns)? {
        let [institution, presumed, file, status, reason, form] = row;
        // A reply to the follow-up is no return.
        if form.as_deref() == Some(ingest::INQUIRY) {
            continue;
        }
        let sender = institution.or(presumed).and_then(|sender| known.get_mut(&sender));
        let [file, status, reason] = sure([file, status, reason]);
        let unusable = Unusable { file, reason };
        match sender {
            Some(one) if status == ingest::Status::Rejected.word() => one.came.push(unusable),
            Some(one) => one.is_accepted |= status == ingest::Status::Accepted.word(),
            None => unattributed.push(unusable),
        }
    }
    Ok(unattributed)
}

/// How many queries are open with each institution.
fn open_queries(survey: &Survey, files: &dyn TableFiles) -> Result<BTreeMap<String, u32>, StoreError> {
    let mut counts = BTreeMap::new();
    for row in read_texts(files, &tables::QUERIES, survey.fiscal_year, ["institution", "status"])? {
        let [institution, status] = sure(row);
        if status == QueryStatus::Open.word() {
            *counts.entry(institution).or_default() += 1;
        }
    }
    Ok(counts)
}

fn lines(survey: &Survey, known: &BTreeMap<String, Known>) -> Vec<Line> {
    let line = |sector: &str, subsector: &str, name: &str| {
        let is_within = |(of_sector, of_subsector): &(String, String)| {
            (sector.is_empty() || of_sector == sector) && (subsector.is_empty() || of_subsector == subsector)
        };
        let counts = count(known.values().filter(|one| one.memberships.iter().any(is_within)));
        Line {
            sector: sector.to_owned(),
            subsector: subsector.to_owned(),
            name: name.to_owned(),
            counts,
            response_rate: Percent::of(counts.accepted, counts.asked),
        }
    };
    let mut lines = vec![line("", "", survey.texts().status.whole)];
    for sector in &survey.sectors {
        lines.push(line(&sector.id, "", &sector.name));
        lines.extend(sector.subsectors.iter().map(|part| line(&sector.id, &part.id, &part.name)));
    }
    // A sector that is not asked this year is not outstanding either.
    lines.retain(|line| line.counts.asked > 0);
    lines
}

fn count<'a>(institutions: impl Iterator<Item = &'a Known>) -> Counts {
    let mut counts = Counts::default();
    for one in institutions {
        counts.asked += 1;
        counts.received += u32::from(one.is_received());
        counts.accepted += u32::from(one.is_accepted);
        counts.rejected += u32::from(one.is_received() && !one.is_accepted);
        counts.outstanding += u32::from(!one.is_accepted);
        counts.open_queries += one.open_queries;
    }
    counts
}

fn outstanding_one(survey: &Survey, code: &str, one: &Known) -> Outstanding {
    let sectors = survey.sectors.iter().flat_map(|sector| {
        let of = one.memberships.iter().filter(|(id, _)| *id == sector.id);
        of.map(|(_, id)| {
            let part = sector.subsectors.iter().find(|part| part.id == *id);
            SectorName {
                sector: sector.name.clone(),
                subsector: part.map_or_else(String::new, |part| part.name.clone()),
            }
        })
    });
    let (institution, name) = (code.to_owned(), one.name.clone());
    Outstanding { institution, name, sectors: sectors.collect(), came: one.came.clone() }
}

impl Status {
    /// The same as one JSON object.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a status is plain data") + "\n"
    }
}
