//! The ledger of institutions: their events over the years, as the analysts write them down.
//!
//! A CSV file with a dated row for each event: a merger, a new code, a new name, another place
//! among the sectors, an entry, an exit. A code may be given again to another institution after
//! the first one's end; so what events happen to is not a code but a [`Life`] of it, which an
//! entry begins and a merger, a recode or an exit ends.
//!
//! # Which roster shows an event
//!
//! Fiscal year Y (事務年度) runs from 1 July Y to 30 June Y+1, and rosters carry no date. An event
//! dated within fiscal year Y-1 is taken to show first on the roster of Y. Nothing rests on the
//! day alone, though: a change that was announced may stand in the roster before its day, and a
//! roster that was made in spring lacks what happened until July. Therefore:
//!
//! - Between the rosters of Y-1 and Y, the rosters say what happened and the ledger explains it.
//!   Every event from 1 July Y-2 to 30 June Y+1 may do so, a year's slack on either side, if its
//!   institution is on the earlier roster and not on the later one (or is named or placed
//!   otherwise there).
//! - [`Ledger::held_against`] complains only of what no date of a roster explains: the roster of
//!   Y has to show what happened by 1 April Y, and cannot show an entry of fiscal year Y+1.
//! - Where a code was given again, the first of these rules says which institution a roster means.

mod date;
mod lives;
mod read;
mod row;
mod standing;

use std::collections::BTreeMap;
use std::path::Path;

use super::document::Complaint;
use super::roster::RosterPlaces;
use super::{DefinitionError, Survey};
pub use date::Date;
pub(crate) use lives::Life;
use lives::Lives;
use row::Row;

/// A kind of event in the life of an institution.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// It went into another, new or not, and is no more.
    Merger {
        /// The code of the other.
        successor: String,
    },
    /// It got another code and is the same institution.
    Recode {
        /// Its code from then on.
        successor: String,
    },
    /// It got another name.
    Rename {
        /// Its name from then on.
        name: String,
    },
    /// It got another place among the sectors.
    Move {
        /// Its sector from then on.
        sector: String,
        /// Its sub-sector from then on; empty where the sector is not divided.
        subsector: String,
    },
    /// It began to be asked.
    Entry,
    /// It ceased, and nobody went on with it.
    Exit,
}

impl EventKind {
    /// The words of the column `event`.
    const WORDS: [&'static str; 6] = ["merger", "recode", "rename", "move", "entry", "exit"];

    /// The word in the column `event`.
    pub fn word(&self) -> &'static str {
        match self {
            EventKind::Merger { .. } => "merger",
            EventKind::Recode { .. } => "recode",
            EventKind::Rename { .. } => "rename",
            EventKind::Move { .. } => "move",
            EventKind::Entry => "entry",
            EventKind::Exit => "exit",
        }
    }

    /// The code that goes on, where there is one.
    pub fn successor(&self) -> Option<&str> {
        match self {
            EventKind::Merger { successor } | EventKind::Recode { successor } => Some(successor),
            _ => None,
        }
    }
}

/// A row of the ledger.
#[derive(Debug, Clone)]
pub struct Event {
    /// The day.
    pub date: Date,
    /// The line of the file, from 1.
    pub line: usize,
    /// The code of the institution, as the ledger spells it.
    pub institution: String,
    /// The kind of event.
    pub kind: EventKind,
    /// The note of the analysts.
    pub note: String,
    row: Row,
}

/// The lives of institutions. A value of this type has no contradictions.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// Sorted by date, then line.
    events: Vec<Event>,
    lives: Lives,
}

impl Ledger {
    /// Reads a ledger, against the sectors of a survey.
    pub fn load(path: &Path, survey: &Survey) -> Result<Ledger, DefinitionError> {
        let mut complaints = Vec::new();
        let ledger = Ledger::read(path, survey, &mut complaints);
        DefinitionError::unless_empty(complaints)?;
        Ok(ledger.expect("a ledger that cannot be read leaves a complaint"))
    }

    /// Reads a ledger; `None` where there is anything to complain about.
    pub fn read(path: &Path, survey: &Survey, complaints: &mut Vec<Complaint>) -> Option<Ledger> {
        let said = complaints.len();
        let draft = read::read(path, &survey.sectors, complaints)?;
        let lives = Lives::of(&draft.events, &draft.doubtful, complaints);
        (complaints.len() == said).then_some(Ledger { events: draft.events, lives })
    }

    /// The events, sorted by date, then line.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The contradictions between the ledger and the rosters. Years without a roster are not compared.
    pub fn held_against(&self, rosters: &BTreeMap<u16, RosterPlaces>) -> Vec<Complaint> {
        standing::complaints(self, rosters)
    }

    /// The life of a code (as codes are compared) that the roster of a year means.
    pub(crate) fn life_on_roster(&self, code: &str, fiscal_year: u16) -> Life {
        self.lives.on_roster(&self.events, code, fiscal_year)
    }

    /// The entry that began a life.
    pub(crate) fn entry(&self, life: &Life) -> Option<&Event> {
        self.lives.course(life)?.entry.map(|at| &self.events[at])
    }

    /// The merger, recode or exit that ended a life.
    pub(crate) fn end(&self, life: &Life) -> Option<&Event> {
        self.lives.course(life)?.end.map(|at| &self.events[at])
    }

    /// The mergers and recodes into a life, each with the life that went into it.
    pub(crate) fn joined(&self, life: &Life) -> impl Iterator<Item = (&Event, &Life)> {
        let joined = self.lives.course(life).map_or(&[][..], |course| &course.joined);
        joined.iter().map(|&at| (&self.events[at], self.lives.of_event(at)))
    }

    /// The renames and moves within a life, by date.
    pub(crate) fn changes(&self, life: &Life) -> impl Iterator<Item = &Event> {
        let changes = self.lives.course(life).map_or(&[][..], |course| &course.changes);
        changes.iter().map(|&at| &self.events[at])
    }

    /// The life that goes on after the end of a life, where one does.
    pub(crate) fn successor(&self, life: &Life) -> Option<&Life> {
        self.lives.after_event(self.lives.course(life)?.end?)
    }
}
