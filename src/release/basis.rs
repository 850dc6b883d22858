//! The basis of a release: the answers of a year, frozen or present, and the release of the year before whose figures
//! its changes show.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::ReleaseError;
use super::frozen::Frozen;
use crate::compare::{self, Changes, Replies};
use crate::disclose::{Contributions, LastYear, Material, Release};
use crate::store::{self, TableFiles, tables};
use crate::survey::{Comparison, Survey};
use crate::tabulate::{self, Tabulation};

/// Which answers of a year.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// Those that count now.
    Present,
    /// The frozen ones with an id.
    Frozen(String),
}

/// The answers of a year, counted and, where they are asked for, one by one.
#[derive(Debug)]
pub(super) struct Answers {
    pub tabulation: Rc<Tabulation>,
    one_by_one: OnceCell<(Replies, Contributions)>,
    nobody: (Replies, Contributions),
}

/// The answers of a year and of the year before, each read once.
pub(super) struct Archive<'a> {
    files: &'a dyn TableFiles,
    /// The tables of the year's present answers, which are made already, with the year.
    present: (u16, Rc<Tabulation>),
    read: RefCell<BTreeMap<(u16, Source), Rc<Answers>>>,
}

impl<'a> Archive<'a> {
    /// An archive over the store; `present` are the tables of a year's present answers.
    pub fn new(files: &'a dyn TableFiles, present: (u16, Rc<Tabulation>)) -> Archive<'a> {
        Archive { files, present, read: RefCell::default() }
    }

    /// Whether there are any answers of a year that count now.
    pub fn has(&self, fiscal_year: u16) -> bool {
        [&tables::RESPONSES, &tables::MEMBERSHIPS].iter().all(|table| store::has(self.files, table, fiscal_year))
    }

    /// The answers of a year.
    pub fn answers(&self, survey: &Survey, source: &Source) -> Result<Rc<Answers>, ReleaseError> {
        let key = (survey.fiscal_year, source.clone());
        if let Some(known) = self.read.borrow().get(&key) {
            return Ok(Rc::clone(known));
        }
        let tabulation = match source {
            Source::Present if survey.fiscal_year == self.present.0 => Rc::clone(&self.present.1),
            Source::Present => Rc::new(tabulate::tabulate(survey, self.files)?),
            Source::Frozen(id) => Rc::new(tabulate::tabulate(survey, &Frozen::new(self.files, id))?),
        };
        let answers = Rc::new(Answers { tabulation, one_by_one: OnceCell::new(), nobody: Default::default() });
        self.read.borrow_mut().insert(key, Rc::clone(&answers));
        Ok(answers)
    }
}

impl Archive<'_> {
    /// Reads answers one by one, which takes longer than counting them: only who protects or compares them needs that.
    pub fn complete(&self, survey: &Survey, source: &Source, answers: &Answers) -> Result<(), ReleaseError> {
        if answers.one_by_one.get().is_some() {
            return Ok(());
        }
        let read = |files: &dyn TableFiles| -> Result<_, ReleaseError> {
            Ok((Replies::read(survey, survey, files)?, Contributions::read(survey, files)?))
        };
        let read = match source {
            Source::Present => read(self.files)?,
            Source::Frozen(id) => read(&Frozen::new(self.files, id))?,
        };
        answers.one_by_one.get_or_init(|| read);
        Ok(())
    }
}

impl Answers {
    fn one_by_one(&self) -> &(Replies, Contributions) {
        self.one_by_one.get().unwrap_or(&self.nobody)
    }
}

/// The year before, as a release shows it beside its own.
#[derive(Debug)]
pub(super) struct Before {
    pub changes: Changes,
    /// The release of that year to the same readers.
    pub release: Rc<Release>,
}

/// The survey, answers and earlier release that a release is made from.
#[derive(Debug)]
pub(super) struct Basis<'a> {
    pub survey: &'a Survey,
    pub answers: Rc<Answers>,
    pub before: Option<Before>,
}

impl<'a> Basis<'a> {
    /// The answers of a year beside those of the year before and what its readers have of it.
    pub fn new(
        survey: &'a Survey,
        answers: Rc<Answers>,
        before: Option<(&Comparison, &Answers, Rc<Release>)>,
    ) -> Basis<'a> {
        let before = before.map(|(comparison, earlier, release)| {
            let tabulations = [&*answers.tabulation, &*earlier.tabulation];
            Before { changes: compare::cross_section(survey, comparison, tabulations), release }
        });
        Basis { survey, answers, before }
    }

    /// The same for disclosure control. The answers stand in it one by one where [`Archive::complete`] has read them.
    pub fn material(&self) -> Material<'_> {
        let last_year = self.before.as_ref().zip(self.survey.comparison.as_ref());
        Material {
            survey: self.survey,
            tabulation: &self.answers.tabulation,
            replies: &self.answers.one_by_one().0,
            contributions: &self.answers.one_by_one().1,
            last_year: last_year.map(|(before, comparison)| LastYear {
                comparison,
                changes: &before.changes,
                release: &before.release,
            }),
        }
    }
}
