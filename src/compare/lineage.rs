//! The predecessors of each institution of this year, and the fate of each institution of last year.
//!
//! The rosters list the institutions of both years; the ledger explains the differences (see
//! [`crate::survey::Ledger`] for the events that may do so). Without an event, an equal code is the same institution,
//! unless the code was given to another in between. Otherwise the ledger is followed from event to event, from an
//! institution of last year that is not there now to the first that is:
//!
//! - After a recode the institution is compared with itself under its old code.
//! - A successor's own past comes first: if it, or the institution whose code it took over, was asked last year, it
//!   is compared with that one, and the institutions it absorbed leave the panel.
//! - A successor without a past of its own is compared with the institutions that went into it, as far as they were
//!   asked last year: with several of them together, or with the only one.
//!
//! So each institution of last year is in the past of at most one of this year.

use std::collections::{BTreeMap, BTreeSet};

use crate::survey::{Event, EventKind, InstitutionPlaces, Ledger, Life, RosterPlaces, code_key, comparable};

/// The predecessors of an institution of this year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Past {
    /// One institution: the code of last year, which may be another.
    Same(String),
    /// Several that went into it together, in the order of their codes; more than one.
    Together(Vec<String>),
    /// Nobody: it was not asked last year.
    None,
}

impl Past {
    /// The codes of last year.
    pub fn codes(&self) -> &[String] {
        match self {
            Past::Same(code) => std::slice::from_ref(code),
            Past::Together(codes) => codes,
            Past::None => &[],
        }
    }
}

/// The fate of an institution of last year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It goes on.
    Continues {
        /// Its code of this year, which may be another.
        as_code: String,
    },
    /// It went into one that has a past of its own, and leaves the panel.
    Absorbed {
        /// The code of this year.
        into: String,
    },
    /// It went, with others, into one that has no other past than them.
    PartOf {
        /// The code of this year.
        code: String,
    },
    /// It is not asked any more, and nobody goes on for it.
    Left {
        /// Whether the ledger says so.
        explained: bool,
    },
}

/// A difference between the rosters that the ledger does not explain. Sectors that only one of the years
/// asked are none. `lines` are those of the
/// ledger that are about it and say otherwise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remark {
    /// Somebody is not on the roster any more.
    UnexplainedLeaver {
        /// The code of last year.
        code: String,
        /// The name of last year.
        name: String,
        /// The lines that lead to a successor who is not on the roster either.
        lines: Vec<usize>,
    },
    /// Somebody is new on the roster.
    UnexplainedEntrant {
        /// The code of this year.
        code: String,
        /// The name of this year.
        name: String,
    },
    /// Somebody is called otherwise.
    UnexplainedName {
        /// The code of this year.
        code: String,
        /// The name of last year.
        before: String,
        /// The name of this year.
        now: String,
        /// The lines that give other names.
        lines: Vec<usize>,
    },
    /// Somebody stands in other sectors or sub-sectors.
    UnexplainedMove {
        /// The code of this year.
        code: String,
        /// The places of last year.
        before: Vec<(String, String)>,
        /// The places of this year.
        now: Vec<(String, String)>,
        /// The lines that tell of moves.
        lines: Vec<usize>,
    },
}

/// Something, and the lines of the ledger that it rests on, ascending.
#[derive(Debug)]
struct Explained<T> {
    value: T,
    lines: Vec<usize>,
}

/// The correspondence of the institutions of two years.
#[derive(Debug)]
pub struct Lineage {
    /// By code of this year.
    pasts: BTreeMap<String, Explained<Past>>,
    /// By code of last year.
    fates: BTreeMap<String, Explained<Fate>>,
    /// Codes of this year into which another institution went.
    enlarged: BTreeSet<String>,
    /// Sorted.
    remarks: Vec<Remark>,
}

static NOBODY: Past = Past::None;

impl Lineage {
    /// The correspondence between the roster of the year before and that of a fiscal year. The codes of a roster must
    /// differ as codes are compared; those of a roster read from a file do.
    pub fn between(before: &RosterPlaces, now: &RosterPlaces, ledger: &Ledger, fiscal_year: u16) -> Lineage {
        let search = Search {
            before: Side::new(before, ledger, fiscal_year.saturating_sub(1)),
            now: Side::new(now, ledger, fiscal_year),
            ledger,
            fiscal_year,
        };
        let mut remarks = Vec::new();
        let mut pasts = BTreeMap::new();
        for (life, (code, institution)) in &search.now.institutions {
            let descent = search.descent(life, code, institution, &mut remarks);
            pasts.insert((*code).to_owned(), descent);
        }
        let (mut fates, mut enlarged) = (BTreeMap::new(), BTreeSet::new());
        for (life, (code, institution)) in &search.before.institutions {
            let (fate, mut lines) = search.fate(life, code, &pasts);
            enlarged.extend(search.merged_into(life));
            lines.sort_unstable();
            if fate == (Fate::Left { explained: false }) && search.now.asked_of(institution) {
                let (code, name) = ((*code).to_owned(), institution.name.clone());
                remarks.push(Remark::UnexplainedLeaver { code, name, lines: lines.clone() });
            }
            fates.insert((*code).to_owned(), Explained { value: fate, lines });
        }
        remarks.sort();
        Lineage { pasts, fates, enlarged, remarks }
    }

    /// Whether another institution went into one of this year: its own counts are then not of the same business as
    /// before.
    pub fn is_enlarged(&self, institution: &str) -> bool {
        self.enlarged.contains(institution)
    }

    /// The predecessors of an institution, by its code as this year's roster spells it. An institution outside the
    /// roster has none.
    pub fn past(&self, institution: &str) -> &Past {
        self.pasts.get(institution).map_or(&NOBODY, |found| &found.value)
    }

    /// The fate of an institution of last year, by its code as last year's roster spells it.
    pub fn fate(&self, institution: &str) -> Option<&Fate> {
        self.fates.get(institution).map(|found| &found.value)
    }

    /// Everyone of this year, in the order of codes.
    pub fn pasts(&self) -> impl Iterator<Item = (&str, &Past)> {
        self.pasts.iter().map(|(code, found)| (code.as_str(), &found.value))
    }

    /// Everyone of last year, in the order of codes.
    pub fn fates(&self) -> impl Iterator<Item = (&str, &Fate)> {
        self.fates.iter().map(|(code, found)| (code.as_str(), &found.value))
    }

    /// The lines of the ledger that explain the past, name and places of an institution of this year.
    pub fn lines_of_past(&self, institution: &str) -> &[usize] {
        self.pasts.get(institution).map_or(&[], |found| &found.lines)
    }

    /// The lines of the ledger that explain what became of an institution of last year.
    pub fn lines_of_fate(&self, institution: &str) -> &[usize] {
        self.fates.get(institution).map_or(&[], |found| &found.lines)
    }

    /// The differences that the ledger does not explain, sorted.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }
}

/// A roster by the lives that its codes mean.
struct Side<'a> {
    institutions: BTreeMap<Life, (&'a str, &'a InstitutionPlaces)>,
    /// The sectors that anybody stands in.
    sectors: BTreeSet<&'a str>,
}

impl<'a> Side<'a> {
    fn new(roster: &'a RosterPlaces, ledger: &Ledger, fiscal_year: u16) -> Side<'a> {
        let life = |code: &str| ledger.life_on_roster(&code_key(code), fiscal_year);
        let institutions = roster.iter().map(|(code, one)| (life(code), (code.as_str(), one))).collect();
        let places = roster.values().flat_map(|one| &one.places);
        Side { institutions, sectors: places.map(|(sector, _)| sector.as_str()).collect() }
    }

    /// Whether any of the sectors of an institution of the other year was asked.
    fn asked_of(&self, institution: &InstitutionPlaces) -> bool {
        institution.places.iter().any(|(sector, _)| self.sectors.contains(sector.as_str()))
    }

    fn has(&self, life: &Life) -> bool {
        self.institutions.contains_key(life)
    }

    /// The code of a life as the roster spells it.
    fn code(&self, life: &Life) -> Option<&'a str> {
        self.institutions.get(life).map(|(code, _)| *code)
    }
}

struct Search<'a> {
    before: Side<'a>,
    now: Side<'a>,
    ledger: &'a Ledger,
    fiscal_year: u16,
}

/// Where the ledger leads from somebody of last year.
struct Path<'a> {
    /// The lives passed, from the first to the last.
    lives: Vec<Life>,
    /// The events between them, and the exit if it ends with one.
    events: Vec<&'a Event>,
    /// Whether the last life is on this year's roster.
    arrives: bool,
}

impl<'a> Search<'a> {
    /// Whether an event may explain a difference between the two rosters.
    fn is_near(&self, event: &Event) -> bool {
        (self.fiscal_year.saturating_sub(2)..=self.fiscal_year).contains(&event.date.fiscal_year())
    }

    /// The end of a life, where it may be the reason that it is not on this year's roster.
    fn end(&self, life: &Life) -> Option<&'a Event> {
        self.ledger.end(life).filter(|event| !self.now.has(life) && self.is_near(event))
    }

    fn path(&self, from: &Life) -> Path<'a> {
        let mut path = Path { lives: vec![from.clone()], events: Vec::new(), arrives: self.now.has(from) };
        let mut last = from;
        while let Some(end) = self.end(last) {
            path.events.push(end);
            let Some(next) = self.ledger.successor(last) else { break };
            path.lives.push(next.clone());
            path.arrives = self.now.has(next);
            last = next;
        }
        path
    }

    /// The lives of last year that a life goes back to, by the rules above.
    fn origins(&self, life: &Life) -> BTreeSet<Life> {
        if self.before.has(life) {
            return BTreeSet::from([life.clone()]);
        }
        let those = |is_recode: bool| -> BTreeSet<Life> {
            let joined = self.ledger.joined(life).filter(|(event, source)| {
                matches!(event.kind, EventKind::Recode { .. }) == is_recode && self.end(source).is_some()
            });
            joined.flat_map(|(_, source)| self.origins(source)).collect()
        };
        let own = those(true);
        if own.is_empty() { those(false) } else { own }
    }

    fn descent(
        &self,
        life: &Life,
        code: &str,
        institution: &InstitutionPlaces,
        remarks: &mut Vec<Remark>,
    ) -> Explained<Past> {
        let origins = self.origins(life);
        let mut lines = BTreeSet::new();
        let mut codes = Vec::new();
        for origin in &origins {
            codes.push(self.before.code(origin).expect("an origin is of last year").to_owned());
            lines.extend(self.path(origin).events.iter().map(|event| event.line));
        }
        codes.sort();
        if let (Some(origin), 1) = (origins.first(), origins.len()) {
            self.differences(origin, code, institution, &mut lines, remarks);
        }
        if origins.is_empty() {
            let entry = self.ledger.entry(life).into_iter();
            let joined = self.ledger.joined(life).map(|(event, _)| event);
            lines.extend(entry.chain(joined).filter(|event| self.is_near(event)).map(|event| event.line));
            // Where the whole sector was not asked, nobody of it needs an explanation.
            if lines.is_empty() && self.before.asked_of(institution) {
                let (code, name) = (code.to_owned(), institution.name.clone());
                remarks.push(Remark::UnexplainedEntrant { code, name });
            }
        }
        let value = match codes.len() {
            0 => Past::None,
            1 => Past::Same(codes.remove(0)),
            _ => Past::Together(codes),
        };
        Explained { value, lines: lines.into_iter().collect() }
    }

    /// Remarks on the new name and places of an institution that goes on. The product of a merger is another
    /// institution, whose name and places need no explanation.
    fn differences(
        &self,
        origin: &Life,
        code: &str,
        now: &InstitutionPlaces,
        lines: &mut BTreeSet<usize>,
        remarks: &mut Vec<Remark>,
    ) {
        let path = self.path(origin);
        if path.events.iter().any(|event| matches!(event.kind, EventKind::Merger { .. })) {
            return;
        }
        let (_, before) = self.before.institutions[origin];
        let changes = || path.lives.iter().flat_map(|life| self.ledger.changes(life)).filter(|one| self.is_near(one));
        if comparable(&before.name) != comparable(&now.name) {
            let renames = changes().filter_map(|event| match &event.kind {
                EventKind::Rename { name } => Some((event.line, comparable(name) == comparable(&now.name))),
                _ => None,
            });
            let (right, wrong): (Vec<_>, Vec<_>) = renames.partition(|(_, is_right)| *is_right);
            if right.is_empty() {
                remarks.push(Remark::UnexplainedName {
                    code: code.to_owned(),
                    before: before.name.clone(),
                    now: now.name.clone(),
                    lines: sorted(wrong),
                });
            }
            lines.extend(sorted(right));
        }
        let places = |one: &InstitutionPlaces| -> BTreeSet<(String, String)> { one.places.iter().cloned().collect() };
        let (places_before, places_now) = (places(before), places(now));
        if places_before != places_now {
            let moves = changes().filter_map(|event| match &event.kind {
                EventKind::Move { sector, subsector } => Some((event.line, (sector.clone(), subsector.clone()))),
                _ => None,
            });
            let (right, wrong): (Vec<_>, Vec<_>) = moves.partition(|(_, target)| places_now.contains(target));
            let targets: BTreeSet<_> = right.iter().map(|(_, target)| target.clone()).collect();
            // A move leaves one place and takes another; a place left or taken without one is open.
            let is_explained = places_now.difference(&places_before).all(|place| targets.contains(place))
                && places_before.difference(&places_now).count() <= targets.len();
            if is_explained {
                lines.extend(sorted(right));
            } else {
                remarks.push(Remark::UnexplainedMove {
                    code: code.to_owned(),
                    before: places_before.into_iter().collect(),
                    now: places_now.into_iter().collect(),
                    lines: sorted(right.into_iter().chain(wrong).collect()),
                });
            }
        }
    }

    /// The code of this year into which a life of last year went by a merger.
    fn merged_into(&self, life: &Life) -> Option<String> {
        let path = self.path(life);
        let has_merged = path.events.iter().any(|event| matches!(event.kind, EventKind::Merger { .. }));
        let last = path.lives.last().filter(|_| has_merged && path.arrives)?;
        self.now.code(last).map(str::to_owned)
    }

    /// The fate of an institution of last year, and the lines of the ledger that were followed.
    fn fate(&self, life: &Life, code: &str, pasts: &BTreeMap<String, Explained<Past>>) -> (Fate, Vec<usize>) {
        let path = self.path(life);
        let lines = path.events.iter().map(|event| event.line).collect();
        let last = path.lives.last().expect("a path begins somewhere");
        let Some(arrived) = self.now.code(last).filter(|_| path.arrives).map(str::to_owned) else {
            let explained = path.events.last().is_some_and(|event| event.kind == EventKind::Exit);
            return (Fate::Left { explained }, lines);
        };
        let past = &pasts[&arrived].value;
        let fate = match past.codes() {
            [only] if only == code => Fate::Continues { as_code: arrived },
            several if several.iter().any(|one| one == code) => Fate::PartOf { code: arrived },
            _ => Fate::Absorbed { into: arrived },
        };
        (fate, lines)
    }
}

/// Lines, ascending.
fn sorted<T>(found: Vec<(usize, T)>) -> Vec<usize> {
    let lines: BTreeSet<usize> = found.into_iter().map(|(line, _)| line).collect();
    lines.into_iter().collect()
}
