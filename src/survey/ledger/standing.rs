//! The ledger against the rosters: contradictions that no date of a roster explains.

use std::collections::BTreeMap;

use super::lives::Course;
use super::row::Column;
use super::{Event, EventKind, Ledger};
use crate::survey::roster::{InstitutionPlaces, RosterPlaces, code_key};
use crate::survey::{Complaint, comparable};

/// The rosters, with the codes as they are compared.
type Rosters<'a> = BTreeMap<u16, BTreeMap<String, &'a InstitutionPlaces>>;

pub(super) fn complaints(ledger: &Ledger, rosters: &BTreeMap<u16, RosterPlaces>) -> Vec<Complaint> {
    let rosters = rosters.iter().map(|(year, roster)| {
        let by_key = roster.iter().map(|(code, one)| (code_key(code), one)).collect();
        (*year, by_key)
    });
    let rosters: Rosters<'_> = rosters.collect();
    let standing = Standing { events: &ledger.events, rosters };
    let mut complaints = Vec::new();
    for (code, courses) in ledger.lives.all() {
        if standing.rosters.values().any(|roster| roster.contains_key(code)) {
            standing.presence(code, courses, &mut complaints);
            courses.iter().for_each(|course| standing.changes(code, course, &mut complaints));
        } else {
            standing.unknown(code, courses, &mut complaints);
        }
    }
    for (at, event) in ledger.events.iter().enumerate() {
        standing.recode(ledger, at, event, &mut complaints);
    }
    complaints.sort();
    complaints
}

struct Standing<'a> {
    events: &'a [Event],
    rosters: Rosters<'a>,
}

impl Standing<'_> {
    /// A code that no roster has, although there is one that would have to have it.
    fn unknown(&self, code: &str, courses: &[Course], complaints: &mut Vec<Complaint>) {
        let Some(first) = courses.iter().find(|course| self.is_to_be_found(course)) else { return };
        let Some(event) = first.all().min().map(|at| &self.events[at]) else { return };
        let is_own = code_key(&event.institution) == code;
        let column = if is_own { Column::Institution } else { Column::Successor };
        let written = if is_own { &event.institution } else { event.kind.successor().unwrap_or_default() };
        let message = format!("{written} is on no roster ({})", years(self.rosters.keys()));
        let help = "correct the code, or add the institution to the rosters of the years in which it was asked";
        complaints.push(event.row.complaint(column, message, help));
    }

    /// Whether there is a roster of a time at which somebody was surely there: after the beginning
    /// has shown (if the ledger has it), and before the end may show.
    fn is_to_be_found(&self, course: &Course) -> bool {
        let date = |at: usize| self.events[at].date;
        let beginning = course.entry.into_iter().chain(course.joined.iter().copied()).min();
        let is_begun_by_it = beginning.is_some() && course.all().min() == beginning;
        let from = beginning.filter(|_| is_begun_by_it).map_or(0, |at| date(at).shown_by());
        let until = match course.end {
            Some(end) => date(end).fiscal_year(),
            None => course.all().map(|at| date(at).shown_by()).max().unwrap_or(0),
        };
        self.rosters.keys().any(|year| (from..=until).contains(year))
    }

    /// Rosters with a code in a year in which nobody can have had it.
    fn presence(&self, code: &str, courses: &[Course], complaints: &mut Vec<Complaint>) {
        let mut after_end: BTreeMap<usize, Vec<u16>> = BTreeMap::new();
        let mut before_beginning: BTreeMap<usize, Vec<u16>> = BTreeMap::new();
        let with_it = self.rosters.iter().filter(|(_, roster)| roster.contains_key(code));
        for year in with_it.map(|(year, _)| *year) {
            let has_ended = |course: &Course| course.end.filter(|end| self.events[*end].date.shown_by() <= year);
            let unbegun =
                |course: &Course| self.beginning(course).filter(|at| self.events[*at].date.fiscal_year() > year);
            if courses.iter().any(|course| has_ended(course).is_none() && unbegun(course).is_none()) {
                continue;
            }
            match courses.iter().rev().find_map(has_ended) {
                Some(end) => after_end.entry(end).or_default().push(year),
                None => {
                    let beginning = courses.iter().find_map(unbegun).expect("who is not there has ended or not begun");
                    before_beginning.entry(beginning).or_default().push(year);
                }
            }
        }
        for (end, years_seen) in after_end {
            let event = &self.events[end];
            let shown = years(&years_seen);
            let message = format!("{} ended on {}, but is on the roster of {shown}", event.institution, event.date);
            let help = "take it off the roster, or correct the date; where the code was given to another institution, add its entry";
            complaints.push(event.row.complaint(Column::Institution, message, help));
        }
        for (beginning, years_seen) in before_beginning {
            let event = &self.events[beginning];
            let (column, begun) = match event.kind.successor() {
                Some(successor) => (Column::Successor, successor),
                None => (Column::Institution, event.institution.as_str()),
            };
            let message = format!("{begun} begins on {}, but is on the roster of {}", event.date, years(&years_seen));
            let help = match event.kind {
                EventKind::Recode { .. } => {
                    "a recode is to a new code: where two institutions became one, write `merger`; else correct the date"
                }
                _ => "correct the date, or take the institution off the earlier roster",
            };
            complaints.push(event.row.complaint(column, message, help));
        }
    }

    /// A recode of which one roster has both codes: they are two institutions.
    fn recode(&self, ledger: &Ledger, at: usize, event: &Event, complaints: &mut Vec<Complaint>) {
        let EventKind::Recode { successor } = &event.kind else { return };
        let (own, next) = (code_key(&event.institution), code_key(successor));
        let both = self.rosters.iter().filter(|(year, roster)| {
            let is_life = |code: &str, life: Option<&super::Life>| {
                roster.contains_key(code) && life == Some(&ledger.life_on_roster(code, **year))
            };
            is_life(&own, Some(ledger.lives.of_event(at))) && is_life(&next, ledger.lives.after_event(at))
        });
        let both: Vec<u16> = both.map(|(year, _)| *year).collect();
        // A code on a roster before its recode has a complaint on this line already.
        let is_said = complaints.iter().any(|one| one.position.as_ref().is_some_and(|at| at.line == event.line));
        if !both.is_empty() && !is_said {
            let message =
                format!("{} becomes {successor}, but both are on the roster of {}", event.institution, years(&both));
            let help = "a recode is to a new code: where two institutions became one, write `merger`";
            complaints.push(event.row.complaint(Column::Successor, message, help));
        }
    }

    /// The event that began a life beyond doubt. A merger may go into somebody who was there.
    fn beginning(&self, course: &Course) -> Option<usize> {
        let is_recode = |at: &usize| matches!(self.events[*at].kind, EventKind::Recode { .. });
        course.entry.into_iter().chain(course.joined.iter().copied().filter(is_recode)).min()
    }

    /// Renames and moves that the first roster that has to show them does not show.
    fn changes(&self, code: &str, course: &Course, complaints: &mut Vec<Complaint>) {
        let changes = || course.changes.iter().map(|&at| &self.events[at]);
        for event in changes() {
            let Some((year, roster)) = self.rosters.range(event.date.shown_by()..).next() else { continue };
            let has_ended = course.end.is_some_and(|end| self.events[end].date.fiscal_year() <= *year);
            let Some(institution) = roster.get(code).filter(|_| !has_ended) else { continue };
            // A later change of the same kind may show already.
            let others = changes().filter(|other| other.date >= event.date && other.date.fiscal_year() <= *year);
            if std::iter::once(event).chain(others).any(|one| is_shown(event, one, institution)) {
                continue;
            }
            let help = format!("correct the row, or the roster of FY{year}");
            let code = &event.institution;
            let (column, message) = match &event.kind {
                EventKind::Rename { name } => (
                    Column::Name,
                    format!(
                        "{code} is called {name} from {}, but {} on the roster of FY{year}",
                        event.date, institution.name
                    ),
                ),
                EventKind::Move { sector, subsector } => {
                    let seen: Vec<String> = institution.places.iter().map(|(one, part)| place(one, part)).collect();
                    let (to, seen) = (place(sector, subsector), seen.join(", "));
                    (
                        Column::Sector,
                        format!("{code} is in {to} from {}, but in {seen} on the roster of FY{year}", event.date),
                    )
                }
                _ => continue,
            };
            complaints.push(event.row.complaint(column, message, help));
        }
    }
}

/// Whether a roster shows what an event says, and the event is of the same kind as another.
fn is_shown(wanted: &Event, event: &Event, institution: &InstitutionPlaces) -> bool {
    match (&wanted.kind, &event.kind) {
        (EventKind::Rename { .. }, EventKind::Rename { name }) => comparable(name) == comparable(&institution.name),
        (EventKind::Move { .. }, EventKind::Move { sector, subsector }) => {
            institution.places.iter().any(|(one, part)| one == sector && part == subsector)
        }
        _ => false,
    }
}

/// A place as a message names it.
fn place(sector: &str, subsector: &str) -> String {
    if subsector.is_empty() { sector.to_owned() } else { format!("{sector}/{subsector}") }
}

/// Years as a message names them: FY2022 and FY2023.
fn years<'a>(years: impl IntoIterator<Item = &'a u16>) -> String {
    let all: Vec<String> = years.into_iter().map(|year| format!("FY{year}")).collect();
    match all.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => all.concat(),
    }
}
