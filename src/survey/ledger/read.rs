//! Reads the rows of a ledger, each for itself.

use std::collections::BTreeSet;
use std::path::Path;

use super::row::{Column, KIND, Row};
use super::{Date, Event, EventKind};
use crate::survey::roster::code_key;
use crate::survey::table_file::{TableFile, TableRow};
use crate::survey::{Complaint, Sector, comparable};

/// The content of the rows, before they are compared with one another.
pub(super) struct Draft {
    /// Sorted by date, then line.
    pub(super) events: Vec<Event>,
    /// The codes, as they are compared, of rows that could not be read: a contradiction of another row with one of
    /// them may follow from that.
    pub(super) doubtful: BTreeSet<String>,
}

pub(super) fn read(path: &Path, sectors: &[Sector], complaints: &mut Vec<Complaint>) -> Option<Draft> {
    let table = match TableFile::open(path, &KIND) {
        Ok(table) => table,
        Err(error) => {
            complaints.extend(error.complaints());
            return None;
        }
    };
    if let Err(complaint) = table.require(KIND.columns) {
        complaints.push(complaint);
        return None;
    }
    let mut draft = Draft { events: Vec::new(), doubtful: BTreeSet::new() };
    for fields in table.rows() {
        let written = Written { fields, row: Row::new(&table, fields) };
        let said = complaints.len();
        complaints.extend(table.surplus(fields));
        let event = written.event(sectors, complaints).filter(|_| complaints.len() == said);
        match event {
            Some(event) => draft.events.push(event),
            None => {
                let codes = [Column::Institution, Column::Successor].map(|column| code_key(written.field(column)));
                draft.doubtful.extend(codes);
            }
        }
    }
    draft.events.sort_by_key(|event| (event.date, event.line));
    drop_repeated(&mut draft.events, complaints);
    Some(draft)
}

/// A row while it is read.
struct Written<'a> {
    fields: &'a TableRow,
    row: Row,
}

impl Written<'_> {
    fn field(&self, column: Column) -> &str {
        self.fields.field(column as usize)
    }

    fn complaint(&self, column: Column, message: String, help: impl Into<String>) -> Complaint {
        self.row.complaint(column, message, help)
    }

    fn event(&self, sectors: &[Sector], complaints: &mut Vec<Complaint>) -> Option<Event> {
        let date = Date::parse(self.field(Column::Date));
        if date.is_none() {
            let message = format!("「{}」 is no date, expected one such as 2023-04-01", self.field(Column::Date));
            complaints.push(self.complaint(Column::Date, message, "write the day from which on it holds"));
        }
        let institution = self.field(Column::Institution);
        if institution.is_empty() {
            let message = "`institution` is empty: whom did it happen to?".to_owned();
            complaints.push(self.complaint(Column::Institution, message, "write the code of the institution"));
        }
        let kind = self.kind(sectors, complaints);
        Some(Event {
            date: date?,
            line: self.row.line,
            institution: institution.to_owned(),
            kind: kind?,
            note: self.field(Column::Note).to_owned(),
            row: self.row.clone(),
        })
    }

    fn kind(&self, sectors: &[Sector], complaints: &mut Vec<Complaint>) -> Option<EventKind> {
        let word = comparable(self.field(Column::Event));
        let used: &[Column] = match word.as_str() {
            "merger" | "recode" => &[Column::Successor],
            "rename" => &[Column::Name],
            "move" => &[Column::Sector, Column::Subsector],
            "entry" | "exit" => &[],
            _ => {
                let (last, first) = EventKind::WORDS.split_last().expect("there are words");
                let expected = format!("{} or {last}", first.join(", "));
                let message = format!("`{}` is no event, expected {expected}", self.field(Column::Event));
                complaints.push(self.complaint(Column::Event, message, format!("write one of {expected}")));
                return None;
            }
        };
        for column in [Column::Successor, Column::Sector, Column::Subsector, Column::Name] {
            let (written, name) = (self.field(column), column.name());
            if !written.is_empty() && !used.contains(&column) {
                let message = format!("`{word}` says nothing with `{name}`, but 「{written}」 stands there");
                let help = "leave it empty, and write what else happened into a row of its own";
                complaints.push(self.complaint(column, message, help));
            }
            if written.is_empty() && used.contains(&column) && column != Column::Subsector {
                let message = format!("`{word}` needs `{name}`, but it is empty");
                complaints.push(self.complaint(column, message, wanted(column)));
            }
        }
        let present = |column| Some(self.field(column).to_owned()).filter(|written| !written.is_empty());
        match word.as_str() {
            "entry" => Some(EventKind::Entry),
            "exit" => Some(EventKind::Exit),
            "rename" => Some(EventKind::Rename { name: present(Column::Name)? }),
            "move" => self.target(&present(Column::Sector)?, sectors, complaints),
            _ => {
                let successor = present(Column::Successor)?;
                if code_key(&successor) == code_key(self.field(Column::Institution)) {
                    let message = format!("{successor} is its own successor, expected another code");
                    let help = "write the code that goes on; an institution that keeps its code needs no row";
                    complaints.push(self.complaint(Column::Successor, message, help));
                }
                let is_merger = word == "merger";
                Some(if is_merger { EventKind::Merger { successor } } else { EventKind::Recode { successor } })
            }
        }
    }

    /// Where an institution moves to.
    fn target(&self, sector: &str, sectors: &[Sector], complaints: &mut Vec<Complaint>) -> Option<EventKind> {
        let Some(found) = sectors.iter().find(|one| one.id == sector) else {
            let known: Vec<&str> = sectors.iter().map(|one| one.id.as_str()).collect();
            let help = format!("write one of {}", known.join(", "));
            complaints.push(self.complaint(Column::Sector, format!("there is no sector `{sector}`"), help));
            return None;
        };
        let subsector = self.field(Column::Subsector);
        let known: Vec<&str> = found.subsectors.iter().map(|part| part.id.as_str()).collect();
        let is_right = if known.is_empty() { subsector.is_empty() } else { known.contains(&subsector) };
        if !is_right {
            let (message, help) = match (known.is_empty(), subsector.is_empty()) {
                (true, _) => (
                    format!("sector `{sector}` is not divided, but the sub-sector `{subsector}` stands there"),
                    "leave it empty".to_owned(),
                ),
                (false, true) => (
                    format!("sector `{sector}` is divided, but there is no sub-sector"),
                    format!("write one of {}", known.join(", ")),
                ),
                (false, false) => (
                    format!("sector `{sector}` has no sub-sector `{subsector}`"),
                    format!("write one of {}", known.join(", ")),
                ),
            };
            complaints.push(self.complaint(Column::Subsector, message, help));
        }
        Some(EventKind::Move { sector: sector.to_owned(), subsector: subsector.to_owned() })
    }
}

/// The help for a column that an event needs.
fn wanted(column: Column) -> &'static str {
    match column {
        Column::Successor => "write the code that goes on",
        Column::Name => "write the name from then on",
        _ => "write the sector from then on",
    }
}

/// Complains of every row that repeats another row, and leaves it out.
fn drop_repeated(events: &mut Vec<Event>, complaints: &mut Vec<Complaint>) {
    let mut kept: Vec<Event> = Vec::with_capacity(events.len());
    for event in events.drain(..) {
        let same_day = kept.iter().rev().take_while(|other| other.date == event.date);
        match same_day.into_iter().find(|other| says_the_same(other, &event)) {
            Some(other) => {
                let message = format!("the row says what line {} says", other.line);
                complaints.push(event.row.complaint(Column::Date, message, "leave one of the two out"));
            }
            None => kept.push(event),
        }
    }
    *events = kept;
}

fn says_the_same(one: &Event, other: &Event) -> bool {
    let kind = match (&one.kind, &other.kind) {
        (EventKind::Rename { name: one }, EventKind::Rename { name: other }) => comparable(one) == comparable(other),
        (EventKind::Merger { successor: one }, EventKind::Merger { successor: other })
        | (EventKind::Recode { successor: one }, EventKind::Recode { successor: other }) => {
            code_key(one) == code_key(other)
        }
        (one, other) => one == other,
    };
    kind && code_key(&one.institution) == code_key(&other.institution)
}
