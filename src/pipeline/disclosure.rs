//! Disclosure control: what may leave the tables, with its certificate, and what may not.

use std::collections::BTreeSet;

use super::comparison::TwoYears;
use super::corrections::{held_against, outdated, unsafe_before};
use super::making::{Before, Making, RELEASED_FILES, agrees, hash_of, material, released_files, told_before};
use super::openings::{closest, number_opened, opened, printed_against_policy};
use super::returns_since::{self, Returns};
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
    Refused {
        /// Where what was released last is still there as it was, when that was released.
        standing: Option<String>,
    },
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
        /// Whether this run was to release something.
        is_asked_for: bool,
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

/// The certificate for programs.
const CERTIFICATE: &str = "certificate.json";

/// What was made for a circle, before it is decided whether it may be released.
struct Made {
    policy: Policy,
    history: History,
    protected: Protected,
    /// Whether it would show answers beside what was given before.
    is_unmasking: bool,
    /// Whether what it shows of last year is in the release ledger …
    is_before_released: bool,
    /// … and since when.
    before_released_at: Option<ReleaseTime>,
}

/// What was made for a circle, and what becomes of it.
struct Decided {
    made: Made,
    files: Vec<(&'static str, Vec<u8>)>,
    hash: String,
    state: ReleaseState,
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
            let history = History::read(&self.survey, circle, staging)?;
            self.is_ledger_whole(circle, &history)?;
            let before = match two_years {
                Some(two_years) => told_before(&self.survey, circle, two_years, before_to_public.as_ref(), staging)?,
                None => Before::Nothing,
            };
            if let Some(comparison) = &self.survey.comparison {
                match &before {
                    Before::Outdated(figures) => {
                        findings.push(outdated(&comparison.before, *figures));
                        findings.extend(returns_since::finding(&comparison.before, circle, staging)?);
                    }
                    Before::Unsafe => findings.push(unsafe_before(&comparison.before, circle)),
                    Before::Told(_) | Before::Nothing => {}
                }
            }
            let before = before.told();
            let material = material(&self.survey, tabulation, &replies, two_years.zip(before.as_ref()));
            let public = made.iter().find(|one| one.protected.is_safe()).map(|one| &one.protected.release);
            let making = Making { material, contributions: &contributions, policy: &policy, public };
            agrees(&self.survey, &material, &policy, &making.known(&history))?;
            let protected = making.protected(&history);
            let (held_against, is_unmasking) = held_against(&making, &history, &protected.release);
            if is_unmasking {
                findings.extend(returns_since::finding(&self.survey, circle, staging)?);
            }
            findings.extend(held_against);
            findings.extend(closest(&protected.openings).map(|one| opened(&self.survey, &policy, one)));
            findings.extend(protected.numbers.openings.iter().map(|one| number_opened(&self.survey, circle, one)));
            findings.extend(printed_against_policy(circle, &protected));
            let is_before_released = before.as_ref().is_none_or(|before| before.is_released);
            let before_released_at = before.as_ref().and_then(|before| before.released_at);
            made.push(Made { policy, history, protected, is_unmasking, is_before_released, before_released_at });
            if circle == Circle::Public {
                before_to_public = before;
            }
        }
        // Who was given feedback reads what is public as well: what is open in one circle is released in none.
        let passes = made.iter().all(|one| one.protected.is_safe() && !one.is_unmasking);
        // What is wrong with a release is said before anything is written.
        let decided: Vec<Decided> = made.into_iter().map(|one| self.decided(one, passes)).collect::<Result<_, _>>()?;
        let mut public = None;
        for one in decided {
            self.release(tabulation, &one, staging)?;
            if one.made.policy.circle == Circle::Public && passes {
                public = Some(one.made.protected.release);
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

    /// Whether the release ledger knows the release that its certificate in the outputs is of: without it, nothing
    /// could be held against what readers have.
    fn is_ledger_whole(&self, circle: Circle, history: &History) -> Result<(), PipelineError> {
        let name = format!("{}/{CERTIFICATE}", folder_of(circle));
        let certificate = self.outputs.read(&name).and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let certificate: serde_json::Value = certificate.unwrap_or_default();
        let [time, release] = ["released_at", "release"].map(|key| certificate[key].as_str());
        match time.zip(release) {
            Some((time, release)) if !history.has_release(circle, release) => Err(PipelineError::UnknownRelease {
                circle: circle.word(),
                time: time.to_owned(),
                certificate: self.report.out.join(name),
                fiscal_year: self.survey.fiscal_year,
            }),
            _ => Ok(()),
        }
    }

    /// Decides what becomes of what was made for a circle.
    fn decided(&self, made: Made, passes: bool) -> Result<Decided, PipelineError> {
        let circle = made.policy.circle;
        let files = released_files(&self.survey, &made.protected.release);
        let hash = hash_of(&files);
        let last = made.history.last_release(circle);
        let entry = self.settings.release.as_ref().filter(|entry| entry.circle == circle && passes);
        let state = match (last, entry) {
            _ if !passes => ReleaseState::Refused { standing: self.standing(circle, &made.history) },
            // What is the same is released already, whenever it is given again.
            (Some((time, release)), entry) if release == hash => {
                ReleaseState::Released { time: time.to_owned(), is_new: false, is_asked_for: entry.is_some() }
            }
            (last, None) => ReleaseState::Draft { last: last.map(|(time, _)| time.to_owned()) },
            (last, Some(entry)) => {
                self.may_be_given(&made, last.map(|(time, _)| time), entry)?;
                ReleaseState::Released { time: entry.time.to_string(), is_new: true, is_asked_for: true }
            }
        };
        Ok(Decided { made, files, hash, state })
    }

    /// When the last release was given, where its tables are in the outputs as they were given.
    fn standing(&self, circle: Circle, history: &History) -> Option<String> {
        let (time, release) = history.last_release(circle)?;
        let there = |name: &&'static str| Some((*name, self.outputs.read(&format!("{}/{name}", folder_of(circle)))?));
        let files: Vec<(&'static str, Vec<u8>)> = RELEASED_FILES.iter().filter_map(there).collect();
        (hash_of(&files) == release).then(|| time.to_owned())
    }

    /// Whether a release can be given at a time: after the last one, and after that of the year before whose
    /// figures it shows.
    fn may_be_given(&self, made: &Made, last: Option<&str>, entry: &LedgerEntry) -> Result<(), PipelineError> {
        let time = entry.time;
        if let Some(last) = last {
            let known = ReleaseTime::parse(last);
            let last = known.ok_or_else(|| PipelineError::UnreadableReleaseTime { time: last.to_owned() })?;
            if time <= last {
                return Err(PipelineError::NotAfterLastRelease { time: time.to_string(), last: last.to_string() });
            }
        }
        let shows_before = made.protected.release.changes().iter().any(shows_last_year);
        let Some(comparison) = self.survey.comparison.as_ref().filter(|_| shows_before) else { return Ok(()) };
        let fiscal_year = comparison.before.fiscal_year;
        match made.before_released_at {
            _ if !made.is_before_released => {
                let circle = made.policy.circle.word();
                Err(PipelineError::PreviousNotReleased { circle, fiscal_year })
            }
            Some(previous) if time < previous => Err(PipelineError::NotAfterPreviousYear {
                time: time.to_string(),
                previous: previous.to_string(),
                fiscal_year,
            }),
            _ => Ok(()),
        }
    }

    /// Writes what was made for a circle, and enters it in the release ledger if it is to be released.
    fn release(
        &mut self,
        tabulation: &Tabulation,
        decided: &Decided,
        staging: &mut Staging<'_>,
    ) -> Result<(), PipelineError> {
        let Decided { made, hash, state, .. } = decided;
        let circle = made.policy.circle;
        if let ReleaseState::Released { time, is_new: true, .. } = state {
            let writer = staging.table(&tables::RELEASES)?;
            made.history.write(&self.survey, &made.protected.release, circle, [time, hash], writer)?;
            let returns = Returns::read(&self.survey, staging)?;
            returns.enter(circle, [time, hash], staging)?;
        }
        self.write_released(tabulation, decided)?;
        self.report.disclosed.push(outcome(circle, &made.protected, state.clone()));
        Ok(())
    }

    /// Writes what was let through, with its certificate, and for the desk what was withheld and why. Where
    /// nothing was let through, nothing of an earlier draft is left; what was released stays as it was.
    fn write_released(&mut self, tabulation: &Tabulation, decided: &Decided) -> Result<(), PipelineError> {
        let Decided { made: Made { policy, protected, .. }, files, hash, state } = decided;
        let circle = policy.circle;
        let folder = folder_of(circle);
        let desk = format!("internal/disclosure/{}_", circle.word());
        let withheld = disclose::withheld_csv(&self.survey, tabulation, protected);
        self.outputs.write(&format!("{desk}withheld.csv"), &withheld)?;
        let withheld = disclose::withheld_numbers_csv(&self.survey, protected);
        self.outputs.write(&format!("{desk}withheld_numbers.csv"), &withheld)?;
        let verdict = Verdict { hash, passes: state.passes(), released_at: state.released_at() };
        self.certify(&desk, Reader::Desk, policy, protected, verdict)?;
        match state {
            ReleaseState::Refused { standing: Some(_) } => self.outputs.keep(folder),
            ReleaseState::Refused { standing: None } | ReleaseState::NoPolicy => self.remove_released(circle),
            ReleaseState::Draft { .. } | ReleaseState::Released { .. } => {
                for (name, bytes) in files {
                    self.outputs.write(&format!("{folder}/{name}"), bytes)?;
                }
                self.certify(&format!("{folder}/"), Reader::Circle(circle), policy, protected, verdict)?;
                // A table that this release does not have may be there of an earlier one.
                let is_ours = |name: &str| [".csv", ".json", ".html"].iter().any(|end| name.ends_with(end));
                self.outputs.remove_others(folder, &is_ours)
            }
        }
    }

    /// Writes the certificate, for programs and for people.
    fn certify(
        &mut self,
        stem: &str,
        reader: Reader,
        policy: &Policy,
        protected: &Protected,
        verdict: Verdict<'_>,
    ) -> Result<(), PipelineError> {
        let certificate = disclose::certificate(&self.survey, policy, protected, reader, verdict);
        let certificate = serde_json::to_string_pretty(&certificate).expect("a certificate is plain data") + "\n";
        self.outputs.write(&format!("{stem}{CERTIFICATE}"), certificate.as_bytes())?;
        let page = disclose::page(&self.survey, policy, protected, reader, verdict);
        self.outputs.write(&format!("{stem}certificate.html"), page.as_bytes())
    }

    /// Takes away what an earlier run had let through.
    fn remove_released(&self, circle: Circle) -> Result<(), PipelineError> {
        self.outputs.remove_others(folder_of(circle), &|_| true)
    }
}

/// Where what a circle may have stands in the outputs.
fn folder_of(circle: Circle) -> &'static str {
    match circle {
        Circle::Public => "public",
        Circle::Feedback => "internal/disclosure/feedback",
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
