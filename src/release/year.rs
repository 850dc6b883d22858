//! A year as its readers have it: for each circle the edition that stands, made again from its frozen answers, or a
//! draft.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::basis::{Answers, Archive, Basis, Source};
use super::certificate::Verdict;
use super::edition::{Edition, Editions};
use super::kept_draft::{self, Drafts, KeptDraft};
use super::ledger::{self, Documents};
use super::printed::{self, Printed};
use super::{ReleaseError, ReleaseTime, findings, frozen, policy};
use crate::disclose::{self, Beside, Pattern, Protected, Refusal, Release};
use crate::finding::Finding;
use crate::store::TableFiles;
use crate::survey::{Circle, Policy, Survey};
use crate::tabulate::TabulateError;

/// A year with its editions, and the year before.
pub(super) struct Year<'a> {
    pub survey: &'a Survey,
    pub editions: Editions,
    pub before: Option<Box<Year<'a>>>,
    pub files: &'a dyn TableFiles,
    pub archive: &'a Archive<'a>,
    drafts: &'a Drafts,
    made: RefCell<BTreeMap<Circle, Rc<Draft<'a>>>>,
}

/// An edition made again from its frozen answers.
pub(super) struct Standing<'a> {
    pub edition: Edition,
    pub policy: Policy,
    pub basis: Basis<'a>,
    pub pattern: Pattern,
    pub printed: Printed,
    /// Why its tables are not byte for byte those that were released, where they are not; its figures are.
    pub differs: Option<String>,
}

/// An edition, or why its figures cannot be made again.
pub(super) type Remade<'a> = Result<Standing<'a>, String>;

/// A draft of a release to a circle.
pub(super) struct Draft<'a> {
    pub policy: Policy,
    pub source: Source,
    pub basis: Basis<'a>,
    pub previous: Previous,
    /// The tables to print; `None` if disclosure control refuses to make them.
    pub printed: Option<Printed>,
    pub documents: Documents,
    /// Whether nothing withheld can be computed.
    pub is_safe: bool,
    pub findings: Vec<Finding>,
    /// The patterns of the releases that it is tied to.
    ties: OwnedTies,
    /// As disclosure control made it, where this run did.
    protected: Option<Protected>,
    pub key: String,
}

/// The release of the year before whose figures the changes show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Previous {
    /// There is no year before, or nothing of it is printed.
    Nothing,
    /// Its draft.
    Draft,
    /// An edition.
    Edition { number: u32, released_at: ReleaseTime },
}

impl Previous {
    /// The number of the edition.
    pub fn edition(&self) -> Option<u32> {
        match self {
            Previous::Edition { number, .. } => Some(*number),
            Previous::Nothing | Previous::Draft => None,
        }
    }
}

/// The release of the year before, as a draft shows it.
struct BeforeDraft {
    previous: Previous,
    /// Its answers, and its release to the same readers.
    shown: Option<(Source, Rc<Release>)>,
    key: String,
    findings: Vec<Finding>,
}

/// The material of a draft beyond the answers and the policy.
#[derive(Default)]
pub(super) struct Ties<'t> {
    /// The public release of the same answers, with its key.
    public: Option<(&'t Pattern, &'t str)>,
    /// The pattern that nothing may be printed beyond, with the key of it.
    corrected: Option<(&'t Pattern, &'t str)>,
}

/// The same patterns, kept with the draft.
#[derive(Debug, Clone, Default)]
struct OwnedTies {
    public: Option<Pattern>,
    corrected: Option<Pattern>,
}

impl OwnedTies {
    fn beside(&self) -> Beside<'_> {
        Beside { public: self.public.as_ref(), corrected: self.corrected.as_ref() }
    }
}

impl<'a> Year<'a> {
    /// A year and, where it is compared with one, the year before.
    pub fn new(
        survey: &'a Survey,
        editions: Editions,
        files: &'a dyn TableFiles,
        archive: &'a Archive<'a>,
        drafts: &'a Drafts,
    ) -> Result<Year<'a>, ReleaseError> {
        let before = survey.comparison.as_ref().map(|comparison| -> Result<_, ReleaseError> {
            let before = &*comparison.before;
            let editions = ledger::read_editions(files, before.fiscal_year)?;
            Ok(Box::new(Year {
                survey: before,
                editions,
                before: None,
                files,
                archive,
                drafts,
                made: RefCell::default(),
            }))
        });
        let before = before.transpose()?;
        Ok(Year { survey, editions, before, files, archive, drafts, made: RefCell::default() })
    }

    /// An edition, made again from the answers that were frozen for it.
    pub fn remade(&self, edition: &Edition) -> Result<Remade<'a>, ReleaseError> {
        let source = Source::Frozen(edition.answers.clone());
        let answers = match self.archive.answers(self.survey, &source) {
            Err(ReleaseError::Tabulate(error @ TabulateError::Unknown { .. })) => return Ok(Err(in_short(&error))),
            other => other?,
        };
        let Some(policy) = policy::parse(self.survey, edition.circle, &edition.policy) else {
            return Ok(Err("the policy that it was made by cannot be read".to_owned()));
        };
        let mut earlier = None;
        if let (Some(number), Some(before)) = (edition.previous, &self.before) {
            let Some(previous) = before.editions.numbered(edition.circle, number) else {
                return Ok(Err(format!("the year before has no edition {number}")));
            };
            match before.remade(previous)? {
                Ok(standing) => earlier = Some((standing.basis.answers, standing.printed.release)),
                Err(reason) => return Ok(Err(format!("of the year before: {reason}"))),
            }
        }
        let basis = self.basis(answers, earlier);
        let cells = ledger::cells_of(self.files, self.survey.fiscal_year, edition)?;
        let pattern = ledger::pattern(self.survey, &cells);
        let release = disclose::as_printed(&basis.material(), &policy, &pattern);
        let printed = Printed::new(self.survey, release);
        if printed.cells != cells {
            return Ok(Err("by the present definition its figures are others".to_owned()));
        }
        let is_same = printed.hash == edition.release;
        let differs = (!is_same).then(|| "by the present definition its tables read otherwise".to_owned());
        Ok(Ok(Standing { edition: edition.clone(), policy, basis, pattern, printed, differs }))
    }

    fn basis(&self, answers: Rc<Answers>, earlier: Option<(Rc<Answers>, Rc<Release>)>) -> Basis<'a> {
        let earlier = self.survey.comparison.as_ref().zip(earlier.as_ref());
        let before = earlier.map(|(comparison, (before, release))| (comparison, &**before, Rc::clone(release)));
        Basis::new(self.survey, answers, before)
    }

    /// The first draft for a circle: from the answers of the other circle's edition if it has one, else from those
    /// that count now. `None` without a policy for the circle.
    pub fn draft(&self, circle: Circle) -> Result<Option<Rc<Draft<'a>>>, ReleaseError> {
        if let Some(made) = self.made.borrow().get(&circle) {
            return Ok(Some(Rc::clone(made)));
        }
        let Some(policy) = self.survey.policy(circle) else { return Ok(None) };
        let other = Circle::ALL.into_iter().filter(|other| *other != circle);
        let other = other.filter_map(|other| self.editions.standing(other)).next();
        let source = other.map_or(Source::Present, |edition| Source::Frozen(edition.answers.clone()));
        let draft = match (circle, other) {
            // The public release is a part of the feedback that is given already.
            (Circle::Public, Some(feedback)) => {
                let cells = ledger::cells_of(self.files, self.survey.fiscal_year, feedback)?;
                let pattern = ledger::pattern(self.survey, &cells);
                let ties = Ties { corrected: Some((&pattern, &feedback.release)), ..Ties::default() };
                self.drafted(policy, source, &ties, true)?
            }
            (Circle::Feedback, Some(public)) => {
                let cells = ledger::cells_of(self.files, self.survey.fiscal_year, public)?;
                let pattern = ledger::pattern(self.survey, &cells);
                self.drafted(
                    policy,
                    source,
                    &Ties { public: Some((&pattern, &public.release)), ..Ties::default() },
                    true,
                )?
            }
            (Circle::Feedback, None) => {
                let public = self.draft(Circle::Public)?.filter(|public| public.is_safe);
                let pattern = public.as_ref().and_then(|public| public.printed.as_ref());
                let pattern = pattern.map(|printed| printed.release.pattern());
                let public = pattern.as_ref().zip(public.as_ref().map(|public| public.key.as_str()));
                self.drafted(policy, source, &Ties { public, ..Ties::default() }, true)?
            }
            (Circle::Public, None) => self.drafted(policy, source, &Ties::default(), true)?,
        };
        let draft = Rc::new(draft);
        self.made.borrow_mut().insert(circle, Rc::clone(&draft));
        Ok(Some(draft))
    }

    /// The draft that would replace an edition: from the answers that count now; for feedback, from the answers of
    /// the public edition, if that is the newer of the two. Feedback of answers of which the public edition prints
    /// otherwise is refused.
    pub fn correction(&self, edition: &Edition, pattern: &Pattern) -> Result<Option<Draft<'a>>, ReleaseError> {
        let Some(policy) = self.survey.policy(edition.circle) else { return Ok(None) };
        let public = self.editions.standing(Circle::Public).filter(|_| edition.circle == Circle::Feedback);
        let newer = public.filter(|public| public.released_at > edition.released_at);
        let source = newer.map_or(Source::Present, |public| Source::Frozen(public.answers.clone()));
        let mut ties = Ties { corrected: Some((pattern, &edition.release)), ..Ties::default() };
        let mut beside = None;
        if let Some(public) = public {
            let is_of_the_same = match &source {
                Source::Frozen(answers) => *answers == public.answers,
                Source::Present => frozen::id_of(self.files, self.survey.fiscal_year)? == public.answers,
            };
            if !is_of_the_same && !self.prints_the_same_now(public)? {
                let (fiscal_year, edition) = (self.survey.fiscal_year, public.number);
                return Err(ReleaseError::PublicFirst { fiscal_year, edition });
            }
            let cells = ledger::cells_of(self.files, self.survey.fiscal_year, public)?;
            beside = Some((ledger::pattern(self.survey, &cells), public.release.clone()));
        }
        ties.public = beside.as_ref().map(|(pattern, key)| (pattern, key.as_str()));
        self.drafted(policy, source, &ties, false).map(Some)
    }

    /// Whether a public edition would print the same of the present answers: that of a sector that is never public, such
    /// as a trust bank's, changes no public table.
    fn prints_the_same_now(&self, public: &Edition) -> Result<bool, ReleaseError> {
        let Ok(Standing { pattern, .. }) = self.remade(public)? else { return Ok(false) };
        let draft = self.correction(public, &pattern)?;
        Ok(draft.and_then(|draft| draft.printed).is_some_and(|printed| printed.hash == public.release))
    }

    /// Makes a draft, or takes the one that was kept.
    fn drafted(
        &self,
        policy: &Policy,
        source: Source,
        ties: &Ties<'_>,
        is_kept: bool,
    ) -> Result<Draft<'a>, ReleaseError> {
        let circle = policy.circle;
        let BeforeDraft { previous, shown, key: before, findings: mut found } = self.before_draft(circle)?;
        let answers = self.archive.answers(self.survey, &source)?;
        let id = match &source {
            Source::Present => frozen::hash_of_files(self.files, self.survey.fiscal_year)?,
            Source::Frozen(id) => id.clone(),
        };
        let policy_text = policy::text(self.survey, policy);
        let public = ties.public.map_or("", |(_, key)| key);
        let corrected = ties.corrected.map_or("", |(_, key)| key);
        let key = kept_draft::key(self.survey, &[circle.word(), &policy_text, &id, &before, public, corrected]);
        let earlier = match (shown, &self.before) {
            (Some((source, release)), Some(before)) => Some((before.archive.answers(before.survey, &source)?, release)),
            _ => None,
        };
        let basis = self.basis(answers, earlier);
        let mut draft = Draft {
            policy: policy.clone(),
            source,
            previous,
            printed: None,
            documents: Documents::new(),
            is_safe: false,
            findings: Vec::new(),
            ties: OwnedTies {
                public: ties.public.map(|(pattern, _)| pattern.clone()),
                corrected: ties.corrected.map(|(pattern, _)| pattern.clone()),
            },
            protected: None,
            key: key.clone(),
            basis,
        };
        if let Some(kept) = Some(()).filter(|_| is_kept).and_then(|()| self.drafts.find(self.survey, circle, &key)) {
            if kept.is_safe || !kept.cells.is_empty() {
                let pattern = ledger::pattern(self.survey, &kept.cells);
                let release = disclose::as_printed(&draft.basis.material(), policy, &pattern);
                draft.printed = Some(Printed::new(self.survey, release));
            }
            found.extend(kept.findings);
            (draft.documents, draft.is_safe, draft.findings) = (kept.documents, kept.is_safe, found);
            return Ok(draft);
        }
        let own = self.protect(&mut draft)?;
        if is_kept {
            let cells = draft.printed.as_ref().map(|printed| printed.cells.clone()).unwrap_or_default();
            let kept = KeptDraft::new(key, draft.is_safe, cells, draft.documents.clone(), own.clone());
            self.drafts.keep(self.survey, circle, &kept);
        }
        found.extend(own);
        draft.findings = found;
        Ok(draft)
    }

    /// Has disclosure control make a draft; gives what it found.
    fn protect(&self, draft: &mut Draft<'a>) -> Result<Vec<Finding>, ReleaseError> {
        let policy = draft.policy.clone();
        self.archive.complete(self.survey, &draft.source, &draft.basis.answers)?;
        let protected = match disclose::protect(&draft.basis.material(), &policy, &draft.ties.beside()) {
            Ok(protected) => protected,
            Err(refusal @ Refusal::ThreeSectors { .. }) => return Ok(vec![findings::sectors(policy.circle, &refusal)]),
            Err(other) => return Err(other.into()),
        };
        draft.is_safe = protected.is_safe();
        let pattern = protected.release.pattern();
        let release = disclose::as_printed(&draft.basis.material(), &policy, &pattern);
        let printed = Printed::new(self.survey, release);
        let verdict = Verdict { hash: &printed.hash, passes: draft.is_safe, ..Verdict::default() };
        let tabulation = &draft.basis.answers.tabulation;
        draft.documents = printed::documents(self.survey, &policy, tabulation, &protected, verdict);
        let found = findings::openings(self.survey, policy.circle, &protected);
        draft.printed = Some(printed);
        draft.protected = Some(protected);
        Ok(found)
    }

    /// The documents that go with a draft, by what is to be said of it.
    pub fn documents(&self, draft: &Draft<'a>, verdict: Verdict<'_>) -> Result<Documents, ReleaseError> {
        let tabulation = &draft.basis.answers.tabulation;
        self.ask_of_draft(draft, |protected, _| {
            printed::documents(self.survey, &draft.policy, tabulation, protected, verdict)
        })
    }

    /// The reply of disclosure control to a question on a draft, taken from the result of its protection.
    pub fn ask_of_draft<T>(
        &self,
        draft: &Draft<'a>,
        ask: impl FnOnce(&Protected, &Beside<'_>) -> T,
    ) -> Result<T, ReleaseError> {
        let beside = draft.ties.beside();
        if let Some(protected) = &draft.protected {
            return Ok(ask(protected, &beside));
        }
        self.archive.complete(self.survey, &draft.source, &draft.basis.answers)?;
        Ok(ask(&disclose::protect(&draft.basis.material(), &draft.policy, &beside)?, &beside))
    }

    /// The same of an edition: its answers are protected again as they were then. `None` where that withholds other
    /// cells than the edition did, because another version of this program released it.
    pub fn ask_of_edition<T>(
        &self,
        standing: &Standing<'a>,
        ask: impl FnOnce(&Protected, &Beside<'_>) -> T,
    ) -> Result<Option<T>, ReleaseError> {
        let Standing { edition, policy, basis, pattern, .. } = standing;
        let pattern_of = |edition: &Edition| -> Result<Pattern, ReleaseError> {
            let cells = ledger::cells_of(self.files, self.survey.fiscal_year, edition)?;
            Ok(ledger::pattern(self.survey, &cells))
        };
        let is_before = |other: &&Edition| {
            other.answers == edition.answers
                && other.circle != edition.circle
                && other.released_at <= edition.released_at
        };
        let other = self.editions.all.iter().rfind(|other| is_before(other) && other.withdrawn.is_none());
        let corrects = edition.corrects.and_then(|number| self.editions.numbered(edition.circle, number));
        let (public, corrected) = match edition.circle {
            Circle::Public => (None, corrects.or(other)),
            Circle::Feedback => (other, corrects),
        };
        let ties = OwnedTies {
            public: public.map(pattern_of).transpose()?,
            corrected: corrected.map(pattern_of).transpose()?,
        };
        self.archive.complete(self.survey, &Source::Frozen(edition.answers.clone()), &basis.answers)?;
        let protected = disclose::protect(&basis.material(), policy, &ties.beside())?;
        Ok((protected.release.pattern().cells == pattern.cells).then(|| ask(&protected, &ties.beside())))
    }

    /// The release of the year before that a draft for a circle compares with: the edition of the circle, else the
    /// draft of that year.
    fn before_draft(&self, circle: Circle) -> Result<BeforeDraft, ReleaseError> {
        let nothing = |key: &str, findings| BeforeDraft {
            previous: Previous::Nothing,
            shown: None,
            key: key.to_owned(),
            findings,
        };
        let Some(before) = &self.before else { return Ok(nothing("no year before", Vec::new())) };
        if let Some(edition) = before.editions.standing(circle) {
            return Ok(match before.remade(edition)? {
                Ok(standing) => BeforeDraft {
                    previous: Previous::Edition { number: edition.number, released_at: edition.released_at },
                    shown: Some((Source::Frozen(edition.answers.clone()), standing.printed.release)),
                    key: edition.release.clone(),
                    findings: Vec::new(),
                },
                Err(reason) => nothing(&reason, vec![findings::not_remade(before.survey, edition, &reason)]),
            });
        }
        let has_other = Circle::ALL.into_iter().any(|other| before.editions.standing(other).is_some());
        if !has_other && !before.archive.has(before.survey.fiscal_year) {
            return Ok(nothing("the year before is not stored", Vec::new()));
        }
        let Some(draft) = before.draft(circle)? else { return Ok(nothing("no policy before", Vec::new())) };
        let found = findings::year_before(before.survey, circle, draft.is_safe);
        let Some(printed) = draft.printed.as_ref().filter(|_| draft.is_safe) else {
            return Ok(nothing(&draft.key, vec![found]));
        };
        Ok(BeforeDraft {
            previous: Previous::Draft,
            shown: Some((draft.source.clone(), Rc::clone(&printed.release))),
            key: draft.key.clone(),
            findings: vec![found],
        })
    }
}

/// An error without what is to be done about it.
fn in_short(error: &TabulateError) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
