//! The releases to all circles: for each the standing edition or, without one, a draft; and the outcome of a request
//! to release, correct or withdraw.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

use super::basis::{Archive, Source};
use super::certificate::Verdict;
use super::edition::{Edition, Editions};
use super::erratum;
use super::kept_draft::Drafts;
use super::ledger::{self, Documents, PrintedCell};
use super::note::{self, Note};
use super::outcome::{Disclosed, Erratum, Outcome, State};
use super::printed::{self, CellCounts, folder_of, path_of};
use super::request::{Action, Request, Terms};
use super::withdrawal::withdraw;
use super::year::{Draft, Standing, Year};
use super::{ReleaseError, findings, frozen, policy, since, terms};
use crate::status::Since;
use crate::store::{self, Staging, TableFiles, tables};
use crate::survey::{Circle, Survey};
use crate::tabulate::Tabulation;

/// The material that the desk brings.
pub struct Desk<'a> {
    /// The year.
    pub survey: &'a Survey,
    /// The tables of its present answers.
    pub tabulation: Rc<Tabulation>,
    /// The drafts that are kept between runs.
    pub drafts: Drafts,
    /// The request of the desk.
    pub request: Option<&'a Request>,
    /// The certificates that stand in the outputs, each with its path.
    pub certificates: Vec<(Circle, PathBuf, Vec<u8>)>,
}

/// An edition that is to be entered in the ledger.
struct NewEdition {
    edition: Edition,
    source: Source,
    cells: Vec<PrintedCell>,
    documents: Documents,
}

/// Makes what readers of a year have or would have, and does what is asked for.
pub fn disclose(desk: &Desk<'_>, staging: &mut Staging<'_>) -> Result<Disclosed, ReleaseError> {
    let fiscal_year = desk.survey.fiscal_year;
    let mut editions = ledger::read_editions(staging, fiscal_year)?;
    is_ledger_whole(desk, &editions)?;
    let is_dry_run = desk.request.is_some_and(|request| request.is_dry_run);
    if let Some(request) = desk.request
        && let Action::Withdraw { edition, because } = &request.action
    {
        withdraw(desk.survey, request, (*edition, because), &mut editions, staging)?;
        if !is_dry_run {
            ledger::write_editions(&editions, staging)?;
        }
    }
    let (disclosed, new) = {
        let files: &dyn TableFiles = staging;
        let archive = Archive::new(files, (fiscal_year, Rc::clone(&desk.tabulation)));
        let year = Year::new(desk.survey, editions.clone(), files, &archive, &desk.drafts)?;
        let mut work = Work { desk, year, disclosed: Disclosed::default(), new: Vec::new() };
        for circle in Circle::ALL {
            work.circle(circle)?;
        }
        work.since()?;
        (work.disclosed, work.new)
    };
    for NewEdition { mut edition, source, cells, documents } in new.into_iter().filter(|_| !is_dry_run) {
        edition.answers = match source {
            Source::Present => frozen::freeze(staging)?,
            Source::Frozen(id) => id,
        };
        ledger::enter(&editions, &edition, &cells, &documents, staging)?;
        editions.all.push(edition);
    }
    Ok(disclosed)
}

/// Whether the ledger knows the release that the certificate in the outputs is of: without it, nothing that readers
/// have could be kept.
fn is_ledger_whole(desk: &Desk<'_>, editions: &Editions) -> Result<(), ReleaseError> {
    for (circle, path, bytes) in &desk.certificates {
        let certificate: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
        let [time, release] = ["released_at", "release"].map(|key| certificate[key].as_str());
        let Some((time, release)) = time.zip(release) else { continue };
        if !editions.all.iter().any(|one| one.circle == *circle && one.release == release) {
            return Err(ReleaseError::UnknownRelease {
                circle: circle.word(),
                time: time.to_owned(),
                certificate: path.clone(),
                fiscal_year: desk.survey.fiscal_year,
            });
        }
    }
    Ok(())
}

struct Work<'d> {
    desk: &'d Desk<'d>,
    year: Year<'d>,
    disclosed: Disclosed,
    new: Vec<NewEdition>,
}

impl<'d> Work<'d> {
    /// Makes what a circle has, and does what is asked for it.
    fn circle(&mut self, circle: Circle) -> Result<(), ReleaseError> {
        let (survey, fiscal_year) = (self.desk.survey, self.desk.survey.fiscal_year);
        let request = self.desk.request.filter(|request| request.circle == circle);
        let action = request.map(|request| &request.action);
        let terms = request.and_then(Request::terms);
        if survey.policy(circle).is_none() && matches!(action, Some(Action::Release(_) | Action::Correct { .. })) {
            return Err(ReleaseError::NoPolicy { circle: circle.word(), fiscal_year });
        }
        let mut outcome = Outcome {
            circle,
            state: State::NoPolicy,
            counts: CellCounts::default(),
            erratum: None,
            withdrawn: match action {
                Some(Action::Withdraw { edition, .. }) => Some(*edition),
                _ => None,
            },
            is_dry_run: request.is_some_and(|request| request.is_dry_run),
        };
        match (self.year.editions.standing(circle).cloned(), action) {
            (Some(edition), Some(Action::Release(_))) => {
                return Err(ReleaseError::AlreadyReleased {
                    circle: circle.word(),
                    fiscal_year,
                    edition: edition.number,
                    time: edition.released_at.to_string(),
                });
            }
            (None, Some(Action::Correct { .. })) => {
                return Err(ReleaseError::NothingToCorrect { circle: circle.word(), fiscal_year });
            }
            (Some(edition), Some(Action::Correct { reason, accepted, .. })) => {
                self.correct(&edition, reason, accepted, terms, &mut outcome)?;
                if !matches!(outcome.state, State::Released { .. }) {
                    self.standing(&edition, &mut outcome)?;
                } else if outcome.is_dry_run {
                    // The documents with the desk stay those of the edition.
                    let (state, counts) = (outcome.state.clone(), outcome.counts);
                    self.standing(&edition, &mut outcome)?;
                    (outcome.state, outcome.counts) = (state, counts);
                }
            }
            (Some(edition), _) => self.standing(&edition, &mut outcome)?,
            (None, _) => self.draft(circle, terms, &mut outcome)?,
        }
        if outcome.is_dry_run {
            // The folder of these readers stays as it is.
            let folder = folder_of(circle);
            self.disclosed.files.retain(|name, _| !name.starts_with(&format!("{folder}/")));
            self.disclosed.kept.push(folder);
            if circle == Circle::Public {
                self.disclosed.public = None;
            }
        }
        self.disclosed.outcomes.push(outcome);
        Ok(())
    }

    /// The standing edition of a circle, made again from its frozen answers.
    fn standing(&mut self, edition: &Edition, outcome: &mut Outcome) -> Result<(), ReleaseError> {
        let (survey, circle) = (self.desk.survey, edition.circle);
        let remade = self.year.remade(edition)?;
        let (is_remade, reason) = match &remade {
            Ok(Standing { differs: None, .. }) => (true, ""),
            Ok(Standing { differs: Some(reason), .. }) | Err(reason) => (false, reason.as_str()),
        };
        outcome.state = State::Released {
            edition: edition.number,
            time: edition.released_at.to_string(),
            is_new: false,
            is_remade,
        };
        let documents = self.documents_of(edition)?;
        if is_remade {
            self.write_documents(circle, &documents);
        } else {
            self.disclosed.findings.push(findings::not_remade(survey, edition, reason));
            let for_desk = documents.iter().filter(|(name, _)| printed::is_for_desk(name));
            let for_desk: Documents = for_desk.map(|(name, text)| (name.clone(), text.clone())).collect();
            self.write_documents(circle, &for_desk);
            self.disclosed.kept.push(folder_of(circle));
        }
        let Ok(standing) = remade else { return Ok(()) };
        outcome.counts = standing.printed.counts(self.desk.survey);
        self.disclosed.findings.extend(findings::against_policy(survey, edition, &standing.policy));
        if is_remade {
            self.write_tables(folder_of(circle), &standing.printed.tables);
            if circle == Circle::Public {
                self.disclosed.public = Some(standing.printed.release);
            }
        }
        Ok(())
    }

    /// The documents of an edition, with the revision notes of all editions up to it.
    fn documents_of(&self, edition: &Edition) -> Result<Documents, ReleaseError> {
        let (files, year) = (self.year.files, self.desk.survey.fiscal_year);
        let mut documents = self.notes_before(edition.circle, edition.number)?;
        documents.extend(ledger::documents_of(files, year, edition)?);
        Ok(documents)
    }

    /// The revision notes of the editions before one.
    fn notes_before(&self, circle: Circle, number: u32) -> Result<Documents, ReleaseError> {
        let mut notes = Documents::new();
        for edition in self.year.editions.given(circle).filter(|one| one.number < number && one.corrects.is_some()) {
            let documents = ledger::documents_of(self.year.files, self.desk.survey.fiscal_year, edition)?;
            notes.extend(documents.into_iter().filter(|(name, _)| note::is_note(name)));
        }
        Ok(notes)
    }

    /// The draft for a circle without an edition; it is released if the request says so.
    fn draft(&mut self, circle: Circle, terms: Option<Terms>, outcome: &mut Outcome) -> Result<(), ReleaseError> {
        let Some(draft) = self.year.draft(circle)? else { return Ok(()) };
        self.disclosed.findings.extend(draft.findings.iter().cloned());
        let printed = draft.printed.as_ref().filter(|_| draft.is_safe);
        outcome.counts = draft.printed.as_ref().map(|printed| printed.counts(self.desk.survey)).unwrap_or_default();
        let Some(printed) = printed else {
            outcome.state = State::Refused;
            let for_desk = draft.documents.iter().filter(|(name, _)| printed::is_for_desk(name));
            let for_desk: Documents = for_desk.map(|(name, text)| (name.clone(), text.clone())).collect();
            self.write_documents(circle, &for_desk);
            return Ok(());
        };
        outcome.state = State::Draft;
        let mut documents = draft.documents.clone();
        if let (Some(terms), Some(request)) = (terms, self.desk.request) {
            terms::hold(&self.year, request, terms, &draft)?;
            let released = self.released(request, terms, &draft, Corrects::default(), outcome)?;
            // A dry run leaves the draft with the desk.
            if !request.is_dry_run {
                documents = released;
            }
        }
        self.write_documents(circle, &documents);
        self.write_tables(folder_of(circle), &printed.tables);
        if circle == Circle::Public {
            self.disclosed.public = Some(Rc::clone(&printed.release));
        }
        Ok(())
    }

    /// Prepares a corrected edition and, where there are terms and nothing that it reveals is left open, releases it.
    fn correct(
        &mut self,
        edition: &Edition,
        reason: &str,
        accepted: &[String],
        terms: Option<Terms>,
        outcome: &mut Outcome,
    ) -> Result<(), ReleaseError> {
        let (survey, circle, request) = (self.desk.survey, edition.circle, self.desk.request);
        let standing = erratum::standing(&self.year, edition)?;
        let draft = self.year.correction(edition, &standing.pattern)?;
        let draft = draft.expect("a correction is made by a policy");
        self.disclosed.findings.extend(draft.findings.iter().cloned());
        let Some(printed) = &draft.printed else { return Ok(()) };
        let changed = erratum::changed(&standing.printed.cells, &printed.cells);
        let revealed = erratum::revealed(&self.year, circle, &draft)?;
        let mut named: Vec<&str> = revealed.answers.iter().map(|one| one.institution.as_str()).collect();
        named.dedup();
        named.extend(revealed.openings.iter().map(|one| one.cell.as_str()));
        if let Some(other) = accepted.iter().find(|one| !named.contains(&one.as_str())) {
            let revealed = if named.is_empty() { "nobody".to_owned() } else { named.join(", ") };
            return Err(ReleaseError::NotRevealed { named: other.clone(), revealed });
        }
        let open = named.iter().filter(|one| !accepted.iter().any(|other| other == *one));
        let open: Vec<String> = open.map(|&one| one.to_owned()).collect();
        let decision = findings::Decision { accepted, is_to_be_released: terms.is_some() };
        self.disclosed.findings.extend(findings::revealed((circle, edition.number), &revealed, decision));
        let folder = format!("internal/disclosure/{}_erratum", circle.word());
        let number = self.year.editions.next_number(circle);
        let is_previous_other = draft.previous.edition() != edition.previous;
        let time = terms.map(|terms| terms.time.to_string());
        let note = Note {
            circle,
            editions: [number, edition.number],
            released_at: time.as_deref(),
            reason,
            is_previous_other,
        };
        let note = note::page(survey, &note, &changed);
        self.write_tables(&folder, &printed.tables);
        let names = self.names()?;
        let note_file = note::draft_name(survey);
        let files = [
            ("changed_figures.csv", erratum::changed_csv(survey, &changed)),
            ("revealed.csv", erratum::revealed_csv(survey, &names, &revealed.answers)),
            (note_file.as_str(), note.clone().into_bytes()),
        ];
        self.disclosed.files.extend(files.map(|(name, bytes)| (format!("{folder}/{name}"), bytes)));
        let is_same = printed.hash == edition.release;
        outcome.erratum = Some(Erratum {
            corrects: edition.number,
            changed: changed.len(),
            revealed: revealed.answers,
            open: open.clone(),
            is_released: false,
        });
        let (Some(terms), Some(request)) = (terms, request) else { return Ok(()) };
        if is_same {
            return Err(ReleaseError::NothingChanged { circle: circle.word(), edition: edition.number });
        }
        terms::hold(&self.year, request, terms, &draft)?;
        if !open.is_empty() || !draft.is_safe {
            return Ok(());
        }
        outcome.counts = printed.counts(self.desk.survey);
        let corrects = Corrects { edition: Some(edition.number), reason: Some(reason), accepted, note: Some(note) };
        let documents = self.released(request, terms, &draft, corrects, outcome)?;
        if let Some(erratum) = &mut outcome.erratum {
            erratum.is_released = true;
        }
        self.write_documents(circle, &documents);
        self.write_tables(folder_of(circle), &printed.tables);
        if circle == Circle::Public {
            self.disclosed.public = Some(Rc::clone(&printed.release));
        }
        Ok(())
    }

    /// Enters a draft as the next edition; gives the documents that readers and the desk have with it.
    fn released(
        &mut self,
        request: &Request,
        terms: Terms,
        draft: &Draft<'d>,
        corrects: Corrects<'_>,
        outcome: &mut Outcome,
    ) -> Result<Documents, ReleaseError> {
        let (survey, circle) = (self.desk.survey, request.circle);
        let printed = draft.printed.as_ref().expect("only what is printed is released");
        let number = self.year.editions.next_number(circle);
        let time = terms.time.to_string();
        let verdict = Verdict {
            hash: &printed.hash,
            passes: true,
            edition: Some(number),
            released_at: Some(&time),
            reason: corrects.reason.unwrap_or(""),
            accepted: corrects.accepted,
        };
        let mut documents = self.year.documents(draft, verdict)?;
        documents.extend(corrects.note.map(|note| (note::file_name(survey, number), note)));
        let edition = Edition {
            circle,
            number,
            released_at: terms.time,
            release: printed.hash.clone(),
            answers: String::new(),
            previous: draft.previous.edition().filter(|_| !printed.release.changes().is_empty()),
            corrects: corrects.edition,
            reason: corrects.reason.map(str::to_owned),
            accepted: corrects.accepted.to_vec(),
            policy: policy::text(survey, &draft.policy),
            withdrawn: None,
        };
        let (source, cells) = (draft.source.clone(), printed.cells.clone());
        self.new.push(NewEdition { edition, source, cells, documents: documents.clone() });
        outcome.state = State::Released { edition: number, time, is_new: true, is_remade: true };
        documents.extend(self.notes_before(circle, number)?);
        Ok(documents)
    }

    /// The changes since the standing editions.
    fn since(&mut self) -> Result<(), ReleaseError> {
        let all = since::since(self.year.files, self.desk.survey.fiscal_year, &self.year.editions)?;
        let replaced = |since: &Since| self.new.iter().any(|new| new.edition.circle.word() == since.circle);
        let all: Vec<Since> = all.into_iter().filter(|since| !replaced(since)).collect();
        self.disclosed.findings.extend(all.iter().filter_map(|since| since::finding(self.desk.survey, since)));
        if !all.is_empty() {
            self.disclosed.files.insert(since::FILE.to_owned(), since::csv(self.desk.survey.fiscal_year, &all));
        }
        self.disclosed.since = all;
        Ok(())
    }

    /// The names of the institutions that are asked.
    fn names(&self) -> Result<BTreeMap<String, String>, ReleaseError> {
        let mut names = BTreeMap::new();
        let columns = ["institution", "name"];
        store::read(self.year.files, &tables::MEMBERSHIPS, self.desk.survey.fiscal_year, &columns, |row| {
            names.insert(row.text("institution").to_owned(), row.text("name").to_owned());
        })?;
        Ok(names)
    }

    fn write_documents(&mut self, circle: Circle, documents: &Documents) {
        let files = documents.iter().map(|(name, text)| (path_of(circle, name), text.clone().into_bytes()));
        self.disclosed.files.extend(files);
    }

    fn write_tables(&mut self, folder: &str, tables: &[(&'static str, Vec<u8>)]) {
        let files = tables.iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes.clone()));
        self.disclosed.files.extend(files);
    }
}

/// The edition that a correction replaces, and the decision of the desk on it.
#[derive(Default)]
struct Corrects<'c> {
    edition: Option<u32>,
    reason: Option<&'c str>,
    accepted: &'c [String],
    note: Option<String>,
}
