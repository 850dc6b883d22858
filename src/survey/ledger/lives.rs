//! The lives of codes: the events of each institution, and the contradictions between events, whatever the rosters
//! say.

use std::collections::{BTreeMap, BTreeSet};

use super::row::Column;
use super::{Date, Event, EventKind};
use crate::survey::Complaint;
use crate::survey::roster::code_key;

/// One of the institutions that had a code, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Life {
    /// The code as codes are compared.
    pub(crate) code: String,
    /// 0 is the first that had it.
    number: usize,
}

/// The events of a life, by their positions in the ledger.
#[derive(Debug, Clone, Default)]
pub(super) struct Course {
    /// The entry that began it.
    pub(super) entry: Option<usize>,
    /// The mergers and recodes into it.
    pub(super) joined: Vec<usize>,
    /// The renames and moves.
    pub(super) changes: Vec<usize>,
    /// The merger, recode or exit that ended it.
    pub(super) end: Option<usize>,
}

impl Course {
    /// All events of it, in no order.
    pub(super) fn all(&self) -> impl Iterator<Item = usize> + '_ {
        self.entry.iter().chain(&self.joined).chain(&self.changes).chain(&self.end).copied()
    }
}

/// The lives of every code that the ledger names.
#[derive(Debug, Clone, Default)]
pub(super) struct Lives {
    courses: BTreeMap<String, Vec<Course>>,
    /// For each event, whose it is, and who goes on.
    of_events: Vec<(Life, Option<Life>)>,
}

/// The role of an event for a code. Events of one day follow in the order of the variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Entry,
    Joined,
    Change,
    End,
}

/// A contradiction: the event, and its fault.
#[derive(Debug, Clone, Copy)]
enum Contradiction {
    /// It happens to somebody who has ended by an earlier event.
    AfterEnd { event: usize, end: usize },
    /// Its successor has ended by an earlier event.
    IntoEnded { event: usize, end: usize },
    /// Its institution begins by a later event.
    BeforeEntry { event: usize, entry: usize },
    /// Its successor begins by a later event.
    IntoUnbegun { event: usize, beginning: usize },
    /// A second entry of somebody who is there.
    EntryAgain { event: usize, entry: usize },
    /// A recode to a code that somebody has by an earlier event.
    RecodeToTaken { event: usize, earlier: usize },
    /// A recode to a code that ends on the same day: in a row, or given again?
    RecodeToEnding { event: usize, end: usize },
}

impl Lives {
    /// Sorts events (by date) into lives, and complains of contradictions; not of the codes that are doubtful,
    /// because their contradictions may follow from another mistake.
    pub(super) fn of(events: &[Event], doubtful: &BTreeSet<String>, complaints: &mut Vec<Complaint>) -> Lives {
        let mut codes: BTreeMap<String, BTreeMap<Date, Vec<(Role, usize)>>> = BTreeMap::new();
        for (at, event) in events.iter().enumerate() {
            let mut add = |code: &str, role| {
                codes.entry(code_key(code)).or_default().entry(event.date).or_default().push((role, at));
            };
            add(&event.institution, Role::of(&event.kind));
            if let Some(successor) = event.kind.successor() {
                add(successor, Role::Joined);
            }
        }
        let mut owners: Vec<(Option<Life>, Option<Life>)> = vec![(None, None); events.len()];
        let mut lives = Lives::default();
        let mut contradictions = Vec::new();
        for (code, days) in codes {
            let mut courses = vec![Course::default()];
            for mut day in days.into_values() {
                sort_day(&mut day, courses.last().is_some_and(|course| course.end.is_none()));
                for (role, at) in day {
                    happens(&mut courses, role, at, events, &mut contradictions);
                    let life = Some(Life { code: code.clone(), number: courses.len() - 1 });
                    if role == Role::Joined { owners[at].1 = life } else { owners[at].0 = life }
                }
            }
            courses.iter().for_each(|course| recodes(course, events, &mut contradictions));
            lives.courses.insert(code, courses);
        }
        let owners = owners.into_iter().map(|(own, next)| (own.expect("every event has an institution"), next));
        lives.of_events = owners.collect();
        let circles = lives.circles();
        let is_doubtful = |at: usize| {
            let event = &events[at];
            let named = [Some(event.institution.as_str()), event.kind.successor()];
            named.into_iter().flatten().any(|code| doubtful.contains(&code_key(code)))
        };
        let is_in_circle = |at: usize| circles.iter().any(|circle| circle.contains(&at));
        let kept = contradictions.into_iter().filter(|one| !is_doubtful(one.event()) && !is_in_circle(one.event()));
        complaints.extend(kept.map(|one| one.complaint(events)));
        complaints.extend(circles.iter().map(|circle| circle_complaint(circle, events)));
        lives
    }

    /// The events of a life; `None` if the ledger does not name its code.
    pub(super) fn course(&self, life: &Life) -> Option<&Course> {
        self.courses.get(&life.code)?.get(life.number)
    }

    /// Every life that the ledger names, in the order of codes.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &[Course])> {
        self.courses.iter().map(|(code, courses)| (code.as_str(), courses.as_slice()))
    }

    /// The life that an event belongs to.
    pub(super) fn of_event(&self, event: usize) -> &Life {
        &self.of_events[event].0
    }

    /// The life that goes on after an event.
    pub(super) fn after_event(&self, event: usize) -> Option<&Life> {
        self.of_events[event].1.as_ref()
    }

    /// The life that a roster means: the one that its year lies in by the rule that an event shows
    /// first on the roster of the year after its own; else, with a year's slack, the earlier one
    /// (rosters lag more often than they lead); else the nearest.
    pub(super) fn on_roster(&self, events: &[Event], code: &str, fiscal_year: u16) -> Life {
        let courses = self.courses.get(code).map_or(&[][..], Vec::as_slice);
        let year = |event: Option<usize>| event.map(|at| events[at].date.fiscal_year());
        let lies_in = |course: &Course, slack: u16| {
            let has_begun = year(course.entry).is_none_or(|begun| begun < fiscal_year + slack);
            let has_ended = year(course.end).is_some_and(|ended| ended + slack < fiscal_year);
            has_begun && !has_ended
        };
        let found = [0, 1].into_iter().find_map(|slack| courses.iter().position(|course| lies_in(course, slack)));
        let number = found.unwrap_or_else(|| {
            let begun = courses.iter().filter(|course| year(course.entry).is_none_or(|begun| begun <= fiscal_year));
            begun.count().saturating_sub(1)
        });
        Life { code: code.to_owned(), number }
    }

    /// Events that lead back to where they began, each circle once.
    fn circles(&self) -> Vec<Vec<usize>> {
        let mut seen: BTreeSet<&Life> = BTreeSet::new();
        let mut circles = Vec::new();
        for (start, _) in &self.of_events {
            let (mut path, mut life): (Vec<(&Life, usize)>, &Life) = (Vec::new(), start);
            while seen.insert(life) {
                let Some(end) = self.course(life).and_then(|course| course.end) else { break };
                path.push((life, end));
                let Some(next) = self.after_event(end) else { break };
                life = next;
            }
            if let Some(from) = path.iter().position(|(passed, _)| *passed == life)
                && path.last().is_some_and(|(_, end)| self.after_event(*end) == Some(life))
            {
                circles.push(path[from..].iter().map(|(_, end)| *end).collect());
            }
        }
        circles
    }
}

impl Role {
    fn of(kind: &EventKind) -> Role {
        match kind {
            EventKind::Merger { .. } | EventKind::Recode { .. } | EventKind::Exit => Role::End,
            EventKind::Rename { .. } | EventKind::Move { .. } => Role::Change,
            EventKind::Entry => Role::Entry,
        }
    }
}

/// Puts the events of one day in order: entries come first and ends come last, so that chains of one day hold
/// together. Only if one institution ends and another enters under the same code, the code is given again, and the
/// end comes first.
fn sort_day(day: &mut [(Role, usize)], is_there: bool) {
    let has = |wanted| day.iter().any(|(role, _)| *role == wanted);
    let is_given_again = is_there && has(Role::End) && has(Role::Entry);
    day.sort_by_key(|(role, at)| (!(is_given_again && *role == Role::End), *role, *at));
}

/// Lets an event happen to the last life of a code.
fn happens(courses: &mut Vec<Course>, role: Role, at: usize, events: &[Event], found: &mut Vec<Contradiction>) {
    let course = courses.last_mut().expect("a code has a life");
    match (role, course.end) {
        (Role::Entry, Some(_)) => courses.push(Course { entry: Some(at), ..Course::default() }),
        (Role::Entry, None) => match course.entry {
            Some(entry) => found.push(Contradiction::EntryAgain { event: at, entry }),
            None => {
                course.entry = Some(at);
                let into = course.joined.iter().filter(|joined| events[**joined].date < events[at].date);
                found.extend(into.map(|&event| Contradiction::IntoUnbegun { event, beginning: at }));
                found.extend(course.changes.iter().map(|&event| Contradiction::BeforeEntry { event, entry: at }));
            }
        },
        (Role::Joined, end) => {
            found.extend(end.map(|end| Contradiction::IntoEnded { event: at, end }));
            course.joined.push(at);
        }
        (Role::Change, end) => {
            found.extend(end.map(|end| Contradiction::AfterEnd { event: at, end }));
            course.changes.push(at);
        }
        (Role::End, Some(end)) => found.push(Contradiction::AfterEnd { event: at, end }),
        (Role::End, None) => course.end = Some(at),
    }
}

/// A recode begins a code: nobody has it before, and only one institution becomes it.
fn recodes(course: &Course, events: &[Event], found: &mut Vec<Contradiction>) {
    let is_recode = |at: usize| matches!(events[at].kind, EventKind::Recode { .. });
    let mut recodes = course.joined.iter().copied().filter(|at| is_recode(*at));
    let Some(first) = recodes.next() else { return };
    found.extend(recodes.map(|event| Contradiction::RecodeToTaken { event, earlier: first }));
    let is_earlier = |at: &usize| events[*at].date < events[first].date;
    let mergers = course.joined.iter().copied().filter(|at| is_earlier(at) && !is_recode(*at));
    found.extend(mergers.map(|event| Contradiction::IntoUnbegun { event, beginning: first }));
    let taken = course.entry.iter().chain(&course.changes).copied().filter(is_earlier).min();
    found.extend(taken.map(|earlier| Contradiction::RecodeToTaken { event: first, earlier }));
    let same_day = course.end.filter(|end| events[*end].date == events[first].date);
    found.extend(same_day.map(|end| Contradiction::RecodeToEnding { event: first, end }));
}

impl Contradiction {
    /// The event that cannot be.
    fn event(self) -> usize {
        match self {
            Contradiction::AfterEnd { event, .. }
            | Contradiction::IntoEnded { event, .. }
            | Contradiction::BeforeEntry { event, .. }
            | Contradiction::IntoUnbegun { event, .. }
            | Contradiction::EntryAgain { event, .. }
            | Contradiction::RecodeToTaken { event, .. }
            | Contradiction::RecodeToEnding { event, .. } => event,
        }
    }

    fn complaint(self, events: &[Event]) -> Complaint {
        let wrong = &events[self.event()];
        let Event { date, institution, .. } = wrong;
        let word = wrong.kind.word();
        let successor = wrong.kind.successor().unwrap_or_default();
        let at = |event: usize| format!("on {} (line {})", events[event].date, events[event].line);
        let given_again =
            "correct the code or the date; where the code was given to another institution, add its entry";
        let (column, message, help) = match self {
            Contradiction::AfterEnd { end, .. } if Role::of(&wrong.kind) == Role::End => (
                Column::Institution,
                format!(
                    "{institution} ends twice: by this {word} on {date}, and by the {} {}",
                    events[end].kind.word(),
                    at(end)
                ),
                given_again,
            ),
            Contradiction::AfterEnd { end, .. } => (
                Column::Institution,
                format!("{institution} ended {}, so that nothing happens to it on {date}", at(end)),
                given_again,
            ),
            Contradiction::IntoEnded { end, .. } => (
                Column::Successor,
                format!("the successor {successor} ended {}, and cannot go on for {institution} on {date}", at(end)),
                given_again,
            ),
            Contradiction::BeforeEntry { entry, .. } => (
                Column::Institution,
                format!("{institution} begins {}, so that nothing happens to it on {date}", at(entry)),
                "correct the code or one of the two dates",
            ),
            Contradiction::IntoUnbegun { beginning, .. } => (
                Column::Successor,
                format!(
                    "the successor {successor} begins {}, and cannot go on for {institution} on {date}",
                    at(beginning)
                ),
                "correct the code or one of the two dates",
            ),
            Contradiction::EntryAgain { entry, .. } => (
                Column::Institution,
                format!("{institution} entered already {}, and did not end between", at(entry)),
                "leave the entry out, or add the end of the institution that had the code before",
            ),
            Contradiction::RecodeToTaken { earlier, .. } => (
                Column::Successor,
                format!("{institution} cannot take the code {successor}, which somebody has {}", at(earlier)),
                "a recode is to a new code; where two institutions became one, write `merger`",
            ),
            Contradiction::RecodeToEnding { end, .. } => (
                Column::Successor,
                format!(
                    "{institution} takes the code {successor} on the day on which {successor} ends (line {})",
                    events[end].line
                ),
                "where the code was given on from one institution to the other, add an entry of it on that day; where one institution changed its code twice, write the last code only",
            ),
        };
        wrong.row.complaint(column, message, help)
    }
}

fn circle_complaint(circle: &[usize], events: &[Event]) -> Complaint {
    let last = circle.iter().max().expect("a circle has events");
    let turn = circle.iter().position(|at| at == last).expect("it is one of them");
    let from = circle[turn + 1..].iter().chain(&circle[..=turn]).map(|&at| &events[at]);
    let mut codes: Vec<&str> = from.map(|event| event.institution.as_str()).collect();
    codes.push(events[*last].kind.successor().expect("a circle is of successors"));
    let message = format!("a circle, {}: nobody can go on for its own successor", codes.join(" → "));
    let help = "correct the codes; where a code was given to another institution, add its entry";
    events[*last].row.complaint(Column::Successor, message, help)
}
