//! Disclosure control: what may leave the tables, with its certificate, and what may not.

use std::collections::BTreeSet;

use super::comparison::TwoYears;
use super::corrections::{held_against, outdated};
use super::making::{Before, Making, hash_of, material, released_files, told_before};
use super::openings::{closest, number_opened, opened};
use super::{LedgerEntry, PipelineError, ReleaseTime, Work, records};
use crate::compare::Replies;
use crate::disclose::{
    self, Content, Contributions, History, Protected, Reader, Releasable, Release, Released, ReleasedChange, Verdict,
};
use crate::finding::{Finding, render};
use crate::store::{Staging, tables};
use crate::survey::{Circle, Policy};
use crate::tabulate::{Table, Tabulation};

/// What came of disclosure control for a circle.
#[derive(Debug, Clone)]
pub struct DisclosureOutcome {
    /// For whom.
    pub circle: Circle,
    /// What became of it.
    pub state: ReleaseState,
    /// How many cells are published, given as a band, withheld for their own sake, withheld for others.
    pub cells: [usize; 4],
    /// How many would be withheld if whole questions were.
    pub by_whole_rows: usize,
    /// The narrowest interval that an outsider can compute.
    pub narrowest: Option<i64>,
}

/// What becomes of what was made for a circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReleaseState {
    /// No policy says what may be made for it.
    NoPolicy,
    /// It may not be released.
    Refused,
    /// It may be released, and is not; where something was released before, when that was.
    Draft {
        /// The time of the last release.
        last: Option<String>,
    },
    /// It is what was released.
    Released {
        /// When.
        time: String,
        /// Whether this run has released it.
        is_new: bool,
    },
}

impl ReleaseState {
    /// Whether it may be given to its readers.
    pub fn passes(&self) -> bool {
        matches!(self, ReleaseState::Draft { .. } | ReleaseState::Released { .. })
    }

    /// When it was released, if it was.
    pub fn released_at(&self) -> Option<&str> {
        match self {
            ReleaseState::Released { time, .. } => Some(time),
            _ => None,
        }
    }
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
                if self.settings.release.as_ref().is_some_and(|entry| entry.circle == circle) {
                    let fiscal_year = self.survey.fiscal_year;
                    return Err(PipelineError::NoPolicy { circle: circle.word(), fiscal_year });
                }
                self.remove_released(circle)?;
                let desk = format!("internal/disclosure/{}_", circle.word());
                self.outputs.remove_others("internal/disclosure", &|name| name.starts_with(&desk))?;
                self.report.disclosed.push(DisclosureOutcome::without_policy(circle));
                continue;
            };
            let before = match two_years {
                Some(two_years) => told_before(&self.survey, circle, two_years, before_to_public.as_ref(), staging)?,
                None => Before::Nothing,
            };
            if let (Before::Outdated(figures), Some(comparison)) = (&before, &self.survey.comparison) {
                findings.push(outdated(&comparison.before, circle, *figures));
            }
            let before = before.told();
            let material = material(&self.survey, tabulation, &replies, two_years.zip(before.as_ref()));
            let history = History::read(&self.survey, circle, staging)?;
            let public = made.iter().find(|one| one.protected.is_safe()).map(|one| &one.protected.release);
            let making = Making { material, contributions: &contributions, policy: &policy, public };
            let protected = making.protected(&history);
            let (held_against, is_unmasking) = held_against(&making, &history, &protected.release);
            findings.extend(held_against);
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
            let passes = one.protected.is_safe() && !is_unmasking;
            self.release(tabulation, &one, passes, staging)?;
            if one.policy.circle == Circle::Public && passes {
                public = Some(one.protected.release);
            }
        }
        self.report.disclosed.sort_by_key(|outcome| outcome.circle);
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
        passes: bool,
        staging: &mut Staging<'_>,
    ) -> Result<(), PipelineError> {
        let Made { policy, history, protected, .. } = made;
        let circle = policy.circle;
        let files = released_files(&self.survey, &protected.release);
        let hash = hash_of(&files);
        let last = history.last_release(circle);
        let entry = self.settings.release.as_ref().filter(|entry| entry.circle == circle && passes);
        let state = match (last, entry) {
            _ if !passes => ReleaseState::Refused,
            // What is the same is released already, whenever it is given again.
            (Some((time, release)), _) if release == hash => {
                ReleaseState::Released { time: time.to_owned(), is_new: false }
            }
            (last, None) => ReleaseState::Draft { last: last.map(|(time, _)| time.to_owned()) },
            (last, Some(entry)) => {
                self.may_be_given(made, last.map(|(time, _)| time), entry)?;
                let time = entry.time.to_string();
                let writer = staging.table(&tables::RELEASES)?;
                history.write(&self.survey, &protected.release, circle, [&time, &hash], writer)?;
                ReleaseState::Released { time, is_new: true }
            }
        };
        self.write_released(tabulation, made, &state, passes.then_some(files), &hash)?;
        self.report.disclosed.push(outcome(circle, protected, state));
        Ok(())
    }

    /// Whether a release can be given at a time: after the last one, and after that of the year before whose
    /// figures it shows.
    fn may_be_given(&self, made: &Made, last: Option<&str>, entry: &LedgerEntry) -> Result<(), PipelineError> {
        let shows_before = made.protected.release.changes().iter().any(shows_last_year);
        if let (true, false, Some(comparison)) = (shows_before, made.is_before_released, &self.survey.comparison) {
            return Err(PipelineError::PreviousNotReleased { fiscal_year: comparison.before.fiscal_year });
        }
        match last.and_then(ReleaseTime::parse) {
            Some(last) if entry.time <= last => {
                Err(PipelineError::NotAfterLastRelease { time: entry.time.to_string(), last: last.to_string() })
            }
            _ => Ok(()),
        }
    }

    /// Writes what was let through, with its certificate, and for the desk what was withheld and why. Where
    /// nothing was let through, nothing of an earlier run is left.
    fn write_released(
        &mut self,
        tabulation: &Tabulation,
        made: &Made,
        state: &ReleaseState,
        files: Option<Vec<(&'static str, Vec<u8>)>>,
        hash: &str,
    ) -> Result<(), PipelineError> {
        let Made { policy, protected, .. } = made;
        let circle = policy.circle;
        let withheld = disclose::withheld_csv(&self.survey, tabulation, protected);
        self.outputs.write(&format!("internal/disclosure/{}_withheld.csv", circle.word()), &withheld)?;
        let withheld = disclose::withheld_numbers_csv(&self.survey, protected);
        self.outputs.write(&format!("internal/disclosure/{}_withheld_numbers.csv", circle.word()), &withheld)?;
        let folder = match circle {
            Circle::Public if state.passes() => PUBLIC.to_owned(),
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
        let verdict = Verdict { hash, passes: state.passes(), released_at: state.released_at() };
        for (stem, reader) in [(desk, Reader::Desk), (format!("{folder}/"), Reader::Circle(circle))] {
            let certificate = disclose::certificate(&self.survey, policy, protected, reader, verdict);
            let certificate = serde_json::to_string_pretty(&certificate).expect("a certificate is plain data") + "\n";
            self.outputs.write(&format!("{stem}certificate.json"), certificate.as_bytes())?;
            let page = disclose::page(&self.survey, policy, protected, reader, verdict);
            self.outputs.write(&format!("{stem}certificate.html"), page.as_bytes())?;
        }
        // A table that this release does not have may be there of an earlier one.
        self.outputs.remove_others(&folder, &|name| [".csv", ".json", ".html"].iter().any(|end| name.ends_with(end)))
    }

    /// Takes away what an earlier run had let through.
    fn remove_released(&self, circle: Circle) -> Result<(), PipelineError> {
        self.outputs.remove_others(&format!("internal/disclosure/{}", circle.word()), &|_| true)?;
        if circle == Circle::Public { self.outputs.remove_others(PUBLIC, &|_| true) } else { Ok(()) }
    }
}

/// Whether a table of changes shows any figure of last year.
fn shows_last_year(table: &Table<Releasable, ReleasedChange>) -> bool {
    let is_shown = |one: Released| matches!(one.content(), Content::Published { .. });
    table.cells().iter().any(|(_, change)| change.before().is_some_and(is_shown))
}

impl DisclosureOutcome {
    fn without_policy(circle: Circle) -> DisclosureOutcome {
        DisclosureOutcome { circle, state: ReleaseState::NoPolicy, cells: [0; 4], by_whole_rows: 0, narrowest: None }
    }
}

fn outcome(circle: Circle, protected: &Protected, state: ReleaseState) -> DisclosureOutcome {
    let account = &protected.account;
    DisclosureOutcome {
        circle,
        state,
        cells: [account.published, account.coarsened, account.primary.values().sum(), account.secondary],
        by_whole_rows: account.by_whole_rows,
        narrowest: account.narrowest,
    }
}
