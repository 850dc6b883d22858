//! Ledgers and rosters from the rows that a test writes.

use std::collections::BTreeMap;

use cssa::survey::{Complaint, Ledger, Roster, RosterPlaces, Survey};

use super::{Bench, year_file};

/// The survey whose sectors ledgers and rosters name.
pub fn survey() -> Survey {
    Survey::load(&year_file(2023)).expect("the definition is sound")
}

/// A ledger of these rows, the first of which is line 2; or what is wrong with it.
pub fn ledger(rows: &str) -> Result<Ledger, Vec<Complaint>> {
    ledger_of(&survey(), rows)
}

/// The same for a survey at hand.
pub fn ledger_of(survey: &Survey, rows: &str) -> Result<Ledger, Vec<Complaint>> {
    let text = format!("\u{feff}date,event,institution,successor,sector,subsector,name,note\n{}", unindented(rows));
    let bench = Bench::new();
    Ledger::load(&bench.write("ledger.csv", text), survey).map_err(|error| error.complaints)
}

/// The rosters of these rows, by year.
pub fn rosters(rows: &str) -> BTreeMap<u16, RosterPlaces> {
    let text = format!("fiscal_year,institution,name,sector,subsector\n{}", unindented(rows));
    let bench = Bench::new();
    Roster::places_by_year(&bench.write("roster.csv", text), &survey()).expect("a sound roster")
}

/// Complaints as `line:what is pointed at: message`.
pub fn pointed(complaints: &[Complaint]) -> Vec<String> {
    let one = |complaint: &Complaint| {
        let at = complaint.position.as_ref().expect("a row has a line");
        let shown: String = at.text.chars().skip(at.column - 1).take(at.length).collect();
        assert!(complaint.help.is_some(), "{complaint} says what to do");
        format!("{}:{shown}: {}", at.line, complaint.message)
    };
    complaints.iter().map(one).collect()
}

/// The complaints on a ledger of these rows.
pub fn wrong(rows: &str) -> Vec<String> {
    pointed(&ledger(rows).expect_err("a ledger with mistakes"))
}

fn unindented(rows: &str) -> String {
    rows.lines().map(|row| row.trim().to_owned() + "\n").collect()
}
