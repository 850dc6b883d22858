//! Since the release: the returns that came, changed, went or moved since an edition, compared with the answers that
//! are frozen for it.

use std::collections::{BTreeMap, BTreeSet};

use super::ReleaseError;
use super::edition::{Edition, Editions};
use super::frozen::Frozen;
use crate::finding::{Code, Finding, Place, Severity};
use crate::status::{Since, SinceKind, SinceReturn};
use crate::store::{self, StoreError, TableFiles, tables};
use crate::survey::{Circle, Survey};
use crate::tabulate;

/// How many institutions a message names before it counts the others.
const NAMED: usize = 12;

/// The list of the changes since the standing editions.
pub(super) const FILE: &str = "internal/disclosure/since_release.csv";

/// The memberships and answers of each institution.
#[derive(Default)]
struct Returns {
    /// The name of an institution, and the sectors and sub-sectors that it stands in.
    members: BTreeMap<String, (String, BTreeSet<String>)>,
    /// Its answers, by question and item. The workbook of an answer and the place in it are no part of it.
    answers: BTreeMap<String, BTreeMap<(String, String), Vec<String>>>,
}

impl Returns {
    fn read(files: &dyn TableFiles, fiscal_year: u16) -> Result<Returns, StoreError> {
        let mut all = Returns::default();
        let columns = ["institution", "name", "sector", "subsector"];
        store::read(files, &tables::MEMBERSHIPS, fiscal_year, &columns, |row| {
            let place = format!("{}/{}", row.text("sector"), row.text("subsector"));
            let new = || (row.text("name").to_owned(), BTreeSet::new());
            let member = all.members.entry(row.text("institution").to_owned()).or_insert_with(new);
            member.1.insert(place.trim_end_matches('/').to_owned());
        })?;
        let columns = ["institution", "question", "item", "option", "value", "text", "state"];
        store::read(files, &tables::RESPONSES, fiscal_year, &columns, |row| {
            let value = row.number("value").map(|value| value.to_string()).unwrap_or_default();
            let parts = [row.text("state"), row.text("option"), &value, row.text("text")];
            let prompt = (row.text("question").to_owned(), row.text("item").to_owned());
            let own = match all.answers.get_mut(row.text("institution")) {
                Some(own) => own,
                None => all.answers.entry(row.text("institution").to_owned()).or_default(),
            };
            own.entry(prompt).or_default().push(parts.join("\u{1f}"));
        })?;
        Ok(all)
    }

    fn places(&self, institution: &str) -> String {
        let places = self.members.get(institution).into_iter().flat_map(|(_, places)| places);
        places.map(String::as_str).collect::<Vec<_>>().join("+")
    }

    fn name(&self, institution: &str) -> Option<&str> {
        self.members.get(institution).map(|(name, _)| name.as_str())
    }
}

/// The changes since the standing editions; a circle without an edition has none.
pub fn since(files: &dyn TableFiles, fiscal_year: u16, editions: &Editions) -> Result<Vec<Since>, ReleaseError> {
    let standing: Vec<&Edition> = Circle::ALL.into_iter().filter_map(|circle| editions.standing(circle)).collect();
    if standing.is_empty() {
        return Ok(Vec::new());
    }
    let now = Returns::read(files, fiscal_year)?;
    let mut compared: BTreeMap<&str, Vec<SinceReturn>> = BTreeMap::new();
    let mut all = Vec::new();
    for edition in standing {
        let returns = match compared.get(edition.answers.as_str()) {
            Some(known) => known.clone(),
            None => {
                let then = Returns::read(&Frozen::new(files, &edition.answers), fiscal_year)?;
                compared.entry(&edition.answers).or_insert(between(&then, &now)).clone()
            }
        };
        all.push(Since {
            circle: edition.circle.word(),
            edition: edition.number,
            released_at: edition.released_at.to_string(),
            returns,
        });
    }
    Ok(all)
}

/// The changes between two states of a collection, by institution.
fn between(then: &Returns, now: &Returns) -> Vec<SinceReturn> {
    let mut all = Vec::new();
    let institutions: BTreeSet<&String> = [&then.answers, &now.answers]
        .into_iter()
        .flat_map(BTreeMap::keys)
        .chain(then.members.keys())
        .chain(now.members.keys())
        .collect();
    for institution in institutions {
        let [was, is] = [then, now].map(|one| one.answers.get(institution));
        let name = now.name(institution).or(then.name(institution)).unwrap_or_default();
        let entry = |kind, questions: Vec<String>, places: [String; 2]| SinceReturn {
            institution: institution.clone(),
            name: name.to_owned(),
            kind,
            questions,
            places,
        };
        let nowhere = || [String::new(), String::new()];
        match (was, is) {
            (None, Some(_)) => all.push(entry(SinceKind::New, Vec::new(), nowhere())),
            (Some(_), None) => all.push(entry(SinceKind::Withdrawn, Vec::new(), nowhere())),
            (Some(was), Some(is)) if was != is => {
                let prompts: BTreeSet<&(String, String)> = was.keys().chain(is.keys()).collect();
                let changed = prompts.into_iter().filter(|prompt| was.get(*prompt) != is.get(*prompt));
                let named =
                    changed.map(|(question, item)| format!("{question}/{item}").trim_end_matches('/').to_owned());
                all.push(entry(SinceKind::Changed, named.collect(), nowhere()));
            }
            _ => {}
        }
        let places = [then.places(institution), now.places(institution)];
        if places[0] != places[1] {
            all.push(entry(SinceKind::Moved, Vec::new(), places));
        }
    }
    all
}

/// The changes since an edition, as a finding; `None` if there is none.
pub(super) fn finding(survey: &Survey, since: &Since) -> Option<Finding> {
    let mut named: Vec<String> = since
        .returns
        .iter()
        .map(|one| match one.kind {
            SinceKind::Changed => format!("{} ({} answers changed)", one.institution, one.questions.len()),
            SinceKind::Moved => {
                let [was, is] = one.places.each_ref().map(|place| if place.is_empty() { "nowhere" } else { place });
                format!("{} (in {is}, then in {was})", one.institution)
            }
            kind => format!("{} ({})", one.institution, kind.word()),
        })
        .collect();
    let count = named.len();
    if count == 0 {
        return None;
    }
    let more = if count > NAMED { format!(" and {} more", count - NAMED) } else { String::new() };
    named.truncate(NAMED);
    let code = Code::ReturnsSinceRelease;
    let message = format!(
        "{} release of fiscal year {}: since edition {} of {}: {}{more}",
        since.circle,
        survey.fiscal_year,
        since.edition,
        since.released_at,
        named.join(", ")
    );
    let mut finding = Finding::new(code, Place::Collection, message, code.rule().remedy);
    finding.severity = Severity::Information;
    Some(finding)
}

/// The list for the desk.
pub(super) fn csv(fiscal_year: u16, all: &[Since]) -> Vec<u8> {
    let header = [
        "fiscal_year",
        "circle",
        "edition",
        "released_at",
        "institution",
        "name",
        "since",
        "answers",
        "questions",
        "places_then",
        "places_now",
    ];
    let mut rows = vec![header.map(str::to_owned)];
    for since in all {
        for one in &since.returns {
            let [then, now] = one.places.clone();
            let answers = if one.kind == SinceKind::Changed { one.questions.len().to_string() } else { String::new() };
            rows.push([
                fiscal_year.to_string(),
                since.circle.to_owned(),
                since.edition.to_string(),
                since.released_at.clone(),
                one.institution.clone(),
                one.name.clone(),
                one.kind.word().to_owned(),
                answers,
                one.questions.join(" "),
                then,
                now,
            ]);
        }
    }
    tabulate::csv_bytes(&rows)
}
