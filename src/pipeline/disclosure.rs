//! Disclosure control: what may leave the tables, with its certificate, and what may not.

use std::collections::{BTreeMap, BTreeSet};

use super::comparison::TwoYears;
use super::corrections::{narrowed_by, number_corrected, number_unmasked, unmasked};
use super::{PipelineError, Settings, Work, load, records};
use crate::compare::Replies;
use crate::disclose::{
    self, BandCorrection, Content, Contributions, Correction, Held, History, Known, LastYear, Material, NumberOpening,
    Opening, Protected, Reader, Releasable, Release, Released, ReleasedChange, Spot,
};
use crate::finding::{Code, Finding, Place, render};
use crate::ingest::ContentHash;
use crate::store::{Staging, Store, TableFiles, tables};
use crate::survey::{Circle, Policy, Survey};
use crate::tabulate::{self, Scope, Table, Tabulation};

/// What came of disclosure control for a circle.
#[derive(Debug, Clone)]
pub struct DisclosureOutcome {
    /// For whom.
    pub circle: Circle,
    /// Whether it may be released.
    pub is_released: bool,
    /// How many cells are published, given as a band, withheld for their own sake, withheld for others.
    pub cells: [usize; 4],
    /// How many would be withheld if whole questions were.
    pub by_whole_rows: usize,
    /// The narrowest interval that an outsider can compute.
    pub narrowest: Option<i64>,
    /// When it was released, if it was.
    pub released_at: Option<String>,
}

/// The folder of what everybody may see.
pub(super) const PUBLIC: &str = "public";

/// What was made for a circle, before it is decided whether it may be released.
struct Made {
    policy: Policy,
    history: History,
    protected: Protected,
    /// Whether it would show answers beside what was given before.
    is_unmasking: bool,
    /// Whether what it shows of last year is in the release ledger.
    is_before_released: bool,
}

/// Last year as a circle is told of it.
struct Told {
    release: Release,
    known: Known,
    /// Whether the release ledger holds it.
    is_released: bool,
}
/// What disclosure control found.
const FINDINGS: &str = "internal/disclosure/findings.jsonl";

impl Work<'_> {
    /// Protects what is to leave the tables, attacks it, and writes it if nothing is opened. Gives what
    /// everybody may see.
    pub(super) fn disclose(
        &mut self,
        tabulation: &Tabulation,
        two_years: Option<&TwoYears>,
        staging: &mut Staging<'_>,
    ) -> Result<Option<Release>, PipelineError> {
        let replies = Replies::read(&self.survey, &self.survey, staging)?;
        let contributions = Contributions::read(&self.survey, staging)?;
        let mut findings = Vec::new();
        let mut made: Vec<Made> = Vec::new();
        let mut before_to_public = None;
        for circle in Circle::ALL {
            let Some(policy) = self.survey.policy(circle).cloned() else {
                self.remove_released(circle)?;
                continue;
            };
            let (before, outdated) = match two_years {
                Some(two_years) => told_before(&self.survey, circle, two_years, before_to_public.as_ref(), staging)?,
                None => (None, None),
            };
            findings.extend(outdated);
            let material = material(&self.survey, tabulation, &replies, two_years.zip(before.as_ref()));
            let history = History::read(&self.survey, circle, staging)?;
            let public = made.iter().find(|one| one.protected.is_safe()).map(|one| &one.protected.release);
            let (protected, held) = protect(&material, &contributions, &policy, &history, public);
            let numbers = history.numbers_held_against(tabulation, &policy);
            let (told, narrowed) = history.unmasked(&material, &policy, &protected.release);
            let numbers_told = history.numbers_unmasked(&self.survey, tabulation, &policy, &protected.release);
            let is_unmasking =
                held.corrections.iter().any(|one| one.is_unmasking) || numbers.iter().any(|one| one.is_unmasking);
            let is_unmasking = is_unmasking || !told.is_empty() || !narrowed.is_empty() || !numbers_told.is_empty();
            findings.extend(numbers.iter().map(|one| number_corrected(&self.survey, one)));
            findings.extend(numbers_told.iter().map(|one| number_unmasked(&self.survey, one)));
            findings.extend(held.corrections.iter().map(|one| corrected(&self.survey, one)));
            findings.extend(held.bands.iter().map(|one| band_corrected(&self.survey, one)));
            findings.extend(told.iter().map(|one| unmasked(&self.survey, one)));
            findings.extend(narrowed.iter().map(|one| narrowed_by(&self.survey, circle, one)));
            findings.extend(closest(&protected.openings).map(|one| opened(&self.survey, circle, one)));
            findings.extend(protected.numbers.openings.iter().map(|one| number_opened(&self.survey, one)));
            let is_before_released = before.as_ref().is_none_or(|before| before.is_released);
            made.push(Made { policy, history, protected, is_unmasking, is_before_released });
            if circle == Circle::Public {
                before_to_public = before;
            }
        }
        // Who was given feedback reads what is public as well: what would unmask in one circle is in none.
        let is_unmasking = made.iter().any(|one| one.is_unmasking);
        let mut public = None;
        for one in made {
            let is_released = one.protected.is_safe() && !is_unmasking;
            self.release(tabulation, &one, is_released, staging)?;
            if one.policy.circle == Circle::Public && is_released {
                public = Some(one.protected.release);
            }
        }
        // What was public is held against in both circles, and said once.
        let mut said: BTreeSet<(&str, String)> = BTreeSet::new();
        findings.retain(|finding: &Finding| said.insert((finding.code.rule().code, finding.message.clone())));
        // A file of its own: ingest writes its findings when it has read the returns, and what it wrote stands
        // until it reads them again, however often figures are disclosed in between. To put both into one
        // file, outputs would have to be read back, which nothing does.
        self.outputs.write(FINDINGS, render::jsonl(&findings).as_bytes())?;
        records::write_findings_of_disclosure(&findings, staging)?;
        self.report.findings.extend(findings);
        Ok(public)
    }

    /// Writes what was made for a circle, and enters it in the release ledger if it is to be released.
    fn release(
        &mut self,
        tabulation: &Tabulation,
        made: &Made,
        is_released: bool,
        staging: &mut Staging<'_>,
    ) -> Result<(), PipelineError> {
        let Made { policy, history, protected, .. } = made;
        let circle = policy.circle;
        let files = released_files(&self.survey, &protected.release);
        let contents: Vec<&[u8]> = files.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        let hash = ContentHash::of(&contents.concat()).to_string();
        let entry = self.settings.release.as_ref().filter(|entry| entry.circle == circle && is_released);
        let released_at = entry.map(|entry| entry.time.clone());
        if let Some(time) = &released_at {
            let shows_before = protected.release.changes().iter().any(shows_last_year);
            if let (true, false, Some(comparison)) = (shows_before, made.is_before_released, &self.survey.comparison) {
                return Err(PipelineError::PreviousNotReleased { fiscal_year: comparison.before.fiscal_year });
            }
            let writer = staging.table(&tables::RELEASES)?;
            history.write(&self.survey, &protected.release, circle, [time, &hash], writer)?;
        }
        self.write_released(tabulation, policy, protected, is_released.then_some(files), &hash)?;
        self.report.disclosed.push(outcome(circle, protected, is_released, released_at));
        Ok(())
    }

    /// Writes what was let through, with its certificate, and for the desk what was withheld and why. Where
    /// nothing was let through, nothing of an earlier run is left.
    fn write_released(
        &mut self,
        tabulation: &Tabulation,
        policy: &Policy,
        protected: &Protected,
        files: Option<Vec<(&'static str, Vec<u8>)>>,
        hash: &str,
    ) -> Result<(), PipelineError> {
        let circle = policy.circle;
        let withheld = disclose::withheld_csv(&self.survey, tabulation, protected);
        self.outputs.write(&format!("internal/disclosure/{}_withheld.csv", circle.word()), &withheld)?;
        let withheld = disclose::withheld_numbers_csv(&self.survey, protected);
        self.outputs.write(&format!("internal/disclosure/{}_withheld_numbers.csv", circle.word()), &withheld)?;
        let is_released = files.is_some();
        let folder = match circle {
            Circle::Public if is_released => PUBLIC.to_owned(),
            circle => format!("internal/disclosure/{}", circle.word()),
        };
        match files {
            Some(files) => {
                for (name, bytes) in files {
                    self.outputs.write(&format!("{folder}/{name}"), &bytes)?;
                }
            }
            None => self.remove_released(circle)?,
        }
        let desk = format!("internal/disclosure/{}_", circle.word());
        for (stem, reader) in [(desk, Reader::Desk), (format!("{folder}/"), Reader::Circle(circle))] {
            let certificate = disclose::certificate(&self.survey, policy, protected, hash, (reader, is_released));
            let certificate = serde_json::to_string_pretty(&certificate).expect("a certificate is plain data") + "\n";
            self.outputs.write(&format!("{stem}certificate.json"), certificate.as_bytes())?;
            let page = disclose::page(&self.survey, policy, protected, hash, (reader, is_released));
            self.outputs.write(&format!("{stem}certificate.html"), page.as_bytes())?;
        }
        Ok(())
    }

    /// Takes away what an earlier run had let through.
    fn remove_released(&self, circle: Circle) -> Result<(), PipelineError> {
        self.outputs.remove_others(&format!("internal/disclosure/{}", circle.word()), &|_| true)?;
        if circle == Circle::Public { self.outputs.remove_others(PUBLIC, &|_| true) } else { Ok(()) }
    }
}

/// The tables of a release, by their names.
fn released_files(survey: &Survey, release: &Release) -> Vec<(&'static str, Vec<u8>)> {
    let mut files = vec![("distributions.csv", disclose::distributions_csv(survey, release))];
    files.push(("numbers.csv", disclose::numbers_csv(survey, release)));
    if !release.changes().is_empty() {
        files.push(("changes.csv", disclose::changes_csv(survey, release)));
    }
    files
}

/// Makes a release by a policy, beside what was given before and what everybody is told; and what was given
/// before, held against what it is now.
fn protect(
    material: &Material<'_>,
    contributions: &Contributions,
    policy: &Policy,
    history: &History,
    public: Option<&Release>,
) -> (Protected, Held) {
    let changes = material.last_year.map(|last_year| last_year.changes).filter(|_| policy.panel);
    let held = history.held_against(material.tabulation, changes, policy);
    let mut known = held.known.clone();
    public.into_iter().for_each(|release| known.extend(Known::of(release)));
    let mut known_numbers = history.numbers_known(material.tabulation);
    public.into_iter().for_each(|release| known_numbers.extend(disclose::published_numbers(release)));
    let protected = disclose::protect(material, policy, &known);
    (protected.with_numbers(material, contributions, policy, &known_numbers), held)
}

/// What a release is made from.
fn material<'a>(
    survey: &'a Survey,
    tabulation: &'a Tabulation,
    replies: &'a Replies,
    before: Option<(&'a TwoYears, &'a Told)>,
) -> Material<'a> {
    let last_year = before.zip(survey.comparison.as_ref()).map(|((two_years, told), comparison)| LastYear {
        comparison,
        panel: &two_years.panel,
        changes: &two_years.changes,
        release: &told.release,
        known: &told.known,
    });
    Material { survey, tabulation, replies, last_year }
}

/// What a circle is told of last year, by last year's own policy and, where it was released, by the release
/// ledger; `None` where that would not be safe, or nothing may be said. `public` is what everybody is told
/// of it. Figures that are others than those that were released are told by a release of their own year.
fn told_before(
    survey: &Survey,
    circle: Circle,
    two_years: &TwoYears,
    public: Option<&Told>,
    files: &dyn TableFiles,
) -> Result<(Option<Told>, Option<Finding>), PipelineError> {
    let Some(comparison) = &survey.comparison else { return Ok((None, None)) };
    let (before, tabulation) = (&*comparison.before, &two_years.before);
    let Some(policy) = before.policy(circle) else { return Ok((None, None)) };
    let history = History::read(before, circle, files)?;
    let Held { mut known, corrections, bands } = history.held_against(tabulation, None, policy);
    if !corrections.is_empty() || !bands.is_empty() {
        return Ok((None, Some(outdated(before, circle, corrections.len() + bands.len()))));
    }
    public.iter().for_each(|told| known.extend(told.known.clone()));
    let replies = Replies::read(before, before, files)?;
    let protected = disclose::protect(&material(before, tabulation, &replies, None), policy, &known);
    if !protected.is_safe() {
        return Ok((None, None));
    }
    let is_released = !history.is_empty();
    if !is_released {
        known.extend(Known::of(&protected.release));
    }
    Ok((Some(Told { release: protected.release, known, is_released }), None))
}

/// Last year's figures are others than those that were released of it.
fn outdated(before: &Survey, circle: Circle, corrections: usize) -> Finding {
    let code = Code::FigureCorrected;
    let message = format!(
        "{}: {corrections} figures of fiscal year {} are others than those that were released, expected the same; \
         what has changed since is left out until that year is released again",
        circle.word(),
        before.fiscal_year
    );
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

/// Whether a table of changes shows any figure of last year.
fn shows_last_year(table: &Table<Releasable, ReleasedChange>) -> bool {
    let is_shown = |one: Released| matches!(one.content(), Content::Published { .. });
    table.cells().iter().any(|(_, change)| change.before().is_some_and(is_shown))
}

fn outcome(circle: Circle, protected: &Protected, is_released: bool, released_at: Option<String>) -> DisclosureOutcome {
    let account = &protected.account;
    DisclosureOutcome {
        circle,
        is_released,
        cells: [account.published, account.coarsened, account.primary.values().sum(), account.secondary],
        by_whole_rows: account.by_whole_rows,
        narrowest: account.narrowest,
        released_at,
    }
}

fn corrected(survey: &Survey, correction: &Correction) -> Finding {
    let Correction { spot, given, now, is_unmasking } = correction;
    let code = if *is_unmasking { Code::CorrectionUnmasks } else { Code::FigureCorrected };
    let message = format!(
        "{} was released as {} of {} and is {} of {} now",
        disclose::name(survey, *spot),
        given.count,
        given.base,
        now.count,
        now.base
    );
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

fn band_corrected(survey: &Survey, correction: &BandCorrection) -> Finding {
    let BandCorrection { spot, given, now } = correction;
    let code = Code::FigureCorrected;
    let name = disclose::name(survey, *spot);
    let message = format!("{name} was released as {given} per cent and is {} of {} now", now.count, now.base);
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

/// Of every cell that is opened the closest that somebody comes to it, outsiders before others.
fn closest(openings: &[Opening]) -> impl Iterator<Item = &Opening> {
    let mut by_cell: BTreeMap<Spot, &Opening> = BTreeMap::new();
    let rank = |one: &Opening| (one.takes_own_answers, one.interval.map(|(lowest, highest)| highest - lowest));
    for opening in openings {
        let known = by_cell.entry(opening.spot).or_insert(opening);
        if rank(opening) < rank(known) {
            *known = opening;
        }
    }
    by_cell.into_values()
}

fn opened(survey: &Survey, circle: Circle, opening: &Opening) -> Finding {
    let code = Code::WithheldCellOpen;
    let seen = match opening.interval {
        Some((lowest, highest)) if lowest == highest => format!("is exactly {lowest}"),
        Some((lowest, highest)) => format!("is {lowest} to {highest}"),
        None => "may be computable: the attack was too large to be carried through".to_owned(),
    };
    let who = if opening.takes_own_answers { "for a respondent that knows its own answers" } else { "for an outsider" };
    let pinned: Vec<String> = opening.pinned_by.iter().take(4).map(|spot| disclose::name(survey, *spot)).collect();
    let message = format!(
        "{}: {} {seen} {who}, expected a width of {}; it follows from {}",
        circle.word(),
        disclose::name(survey, opening.spot),
        opening.needed,
        pinned.join(", ")
    );
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

/// Explains why a cell is withheld for a circle, or that it is not: `name` is as in the desk's list.
pub fn explain_disclosure(settings: &Settings, circle: Circle, name: &str) -> Result<String, PipelineError> {
    let (survey, _) = load(&settings.year_file)?;
    let unknown = |what: &str| PipelineError::NoSuchCell { name: name.to_owned(), what: what.to_owned() };
    let (spot, number) = (disclose::spot(&survey, name), disclose::number(&survey, name));
    if spot.is_none() && number.is_none() {
        let help = "cells are named sector/sub-sector/question/item/option, and number questions \
                    sector/sub-sector/question, as in internal/disclosure";
        return Err(unknown(help));
    }
    let policy = survey.policy(circle).ok_or_else(|| unknown("the year's file names no policy for this circle"))?;
    let store = Store::open(&settings.store)?;
    let tabulation = tabulate::tabulate(&survey, &store)?;
    let replies = Replies::read(&survey, &survey, &store)?;
    let contributions = Contributions::read(&survey, &store)?;
    let material = material(&survey, &tabulation, &replies, None);
    let of = |policy: &Policy, public: Option<&Release>| -> Result<Protected, PipelineError> {
        let history = History::read(&survey, policy.circle, &store)?;
        Ok(protect(&material, &contributions, policy, &history, public).0)
    };
    let public = match (circle, survey.policy(Circle::Public)) {
        (Circle::Feedback, Some(public)) => Some(of(public, None)?).filter(Protected::is_safe).map(|one| one.release),
        _ => None,
    };
    let protected = of(policy, public.as_ref())?;
    let explained = match (spot, number) {
        (Some(spot), _) => disclose::explain(&material, policy, &protected, spot),
        (None, Some(number)) => disclose::explain_number(&survey, policy, &protected, number),
        (None, None) => None,
    };
    explained.ok_or_else(|| unknown("the policy prints nothing of its sector, or there is no such figure"))
}

fn number_opened(survey: &Survey, opening: &NumberOpening) -> Finding {
    let code = Code::WithheldCellOpen;
    let NumberOpening { question, sector, scope, interval, needed, .. } = opening;
    let whole = Scope { sector: *sector, subsector: None };
    let name = disclose::number_name(survey, *question, scope.unwrap_or(whole));
    let whose = if scope.is_some() { "" } else { " of a part of which nothing is printed" };
    let who = if opening.takes_own_answers { "for a respondent that knows its own number" } else { "for an outsider" };
    let message = format!(
        "the total of {name}{whose} is {} to {} {who}, expected ends {} below and {} above the true one; it follows \
         from the printed means of the sector and its other sub-sectors",
        interval.0, interval.1, needed.0, needed.1
    );
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}
