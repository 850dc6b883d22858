//! The passwords that institutions sent for their workbooks: a table that an analyst keeps.
//!
//! A password is used to open files and for nothing else. No type here shows one, no message
//! repeats one, and nothing that is stored or written holds one. The readings that are kept for the next run hold a
//! fingerprint of them all together, see [`Passwords::fingerprint`].

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::Path;

use crate::finding::{Code, Finding, Place};
use crate::ingest::content_hash::ContentHash;
use crate::survey::{Complaint, TableError, TableFile, TableKind, comparable};

/// How many rows that opened nothing are named one by one.
const NAMED: usize = 20;

/// How often the fingerprint of the passwords is hashed again: as often as Excel hashes a password, so that to guess one
/// from the fingerprint takes no less than to guess it from a workbook.
const ROUNDS: u32 = 100_000;

/// Columns of the file, by position in [`KIND`].
const INSTITUTION: usize = 0;
const FILE: usize = 1;
const PASSWORD: usize = 2;

/// What it holds is not repeated: it may be a password.
static KIND: TableKind = TableKind {
    name: "the file of passwords",
    columns: &["institution", "file", "password"],
    named_by: "name it with --passwords",
    is_secret: true,
};

/// A row of the file.
#[derive(Clone, Hash)]
struct Row {
    line: u32,
    /// The code of an institution, as it is compared; empty where the row names a file.
    institution: String,
    /// The name or path of a file, as it is compared; empty where the row names an institution.
    file: String,
    password: String,
}

/// The passwords that were given. None were, by default.
#[derive(Clone, Default)]
pub struct Passwords {
    rows: Vec<Row>,
}

impl fmt::Debug for Passwords {
    /// How many there are, and nothing else.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passwords", self.rows.len())
    }
}

/// A password worth trying, and the lines to thank where it opens something.
pub struct Candidate<'a> {
    /// The password.
    pub password: &'a str,
    /// The lines that gave it.
    pub lines: Vec<u32>,
}

/// The passwords as they are tried on one file.
pub struct Keys<'a> {
    /// All that were given.
    pub passwords: &'a Passwords,
    /// The place that is shown for the file, which says which passwords are likely.
    pub file: &'a str,
    /// The institution that the name of the file points to.
    pub institution: Option<&'a str>,
    /// Called before each try: what a try may take is counted from there.
    pub another_try: &'a dyn Fn(),
}

impl Keys<'_> {
    /// The passwords to try, each once and the likeliest first.
    pub fn candidates(&self) -> Vec<Candidate<'_>> {
        self.passwords.candidates(self.file, self.institution)
    }
}

impl Passwords {
    /// Reads a file of passwords.
    pub fn load(path: &Path) -> Result<Passwords, TableError> {
        let table = TableFile::open(path, &KIND)?;
        let mut complaints: Vec<Complaint> = table.require(&["password"]).err().into_iter().collect();
        if complaints.is_empty() && !table.has(INSTITUTION) && !table.has(FILE) {
            let message = "the file of passwords has neither a column `institution` nor a column `file`";
            let help = "the first row names the columns: institution and/or file, and password";
            complaints.push(table.of_headings(message.to_owned(), help));
        }
        TableError::unless_empty(std::mem::take(&mut complaints))?;
        let mut rows = Vec::new();
        for row in table.rows() {
            let read = Row {
                line: u32::try_from(row.line).unwrap_or(u32::MAX),
                institution: comparable(row.field(INSTITUTION)),
                file: comparable(&row.field(FILE).replace('\\', "/")),
                password: row.raw(PASSWORD).to_owned(),
            };
            if let Some(complaint) = table.surplus(row) {
                complaints.push(complaint);
            } else if read.institution.is_empty() && read.file.is_empty() {
                let column = if table.has(INSTITUTION) { INSTITUTION } else { FILE };
                let message = "the row names neither an institution nor a file".to_owned();
                let help = "write the institution code or the name of the file that the password is for";
                complaints.push(table.complaint(row, column, message, help));
            } else if read.password.is_empty() {
                let help = "write it in, or take the row out";
                complaints.push(table.complaint(row, PASSWORD, "the row has no password".to_owned(), help));
            } else {
                rows.push(read);
            }
        }
        TableError::unless_empty(complaints)?;
        Ok(Passwords { rows })
    }

    /// How many were given.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The fingerprint of all rows, by which a run knows that it was given the same ones as the run before.
    pub(in crate::ingest) fn fingerprint(&self) -> ContentHash {
        let rows = ContentHash::of_value(&self.rows);
        if self.rows.is_empty() {
            return rows;
        }
        (0..ROUNDS).fold(rows, |hash, _| ContentHash::of_value(&hash))
    }

    /// The passwords to try on a file, each once and the likeliest first: those for the file or
    /// its folder, those of the institution that its name points to, those of institutions whose
    /// code its path has, then all others, because names of files lie.
    pub fn candidates(&self, file: &str, institution: Option<&str>) -> Vec<Candidate<'_>> {
        let name = format!("/{}/", comparable(file));
        let institution = institution.map(comparable);
        let rank = |row: &Row| {
            if !row.file.is_empty() && name.contains(&format!("/{}/", row.file.trim_matches('/'))) {
                0
            } else if !row.institution.is_empty() && institution.as_ref() == Some(&row.institution) {
                1
            } else if !row.institution.is_empty() && name.contains(&row.institution) {
                2
            } else {
                3
            }
        };
        let mut ranked: Vec<(u8, &Row)> = self.rows.iter().map(|row| (rank(row), row)).collect();
        ranked.sort_by_key(|(rank, row)| (*rank, row.line));
        let mut candidates: Vec<(u8, Candidate<'_>)> = Vec::with_capacity(ranked.len());
        let mut places: HashMap<&str, usize> = HashMap::with_capacity(ranked.len());
        for (rank, row) in ranked {
            match places.get(row.password.as_str()).map(|&place| &mut candidates[place]) {
                // Rows that are equally likely share the thanks.
                Some((first, one)) if *first == rank => one.lines.push(row.line),
                Some(_) => {}
                None => {
                    places.insert(&row.password, candidates.len());
                    candidates.push((rank, Candidate { password: &row.password, lines: vec![row.line] }));
                }
            }
        }
        candidates.into_iter().map(|(_, candidate)| candidate).collect()
    }

    /// One finding about all rows that opened nothing, if there are any. `used` are the lines that did.
    pub(in crate::ingest) fn unused(&self, used: &BTreeSet<u32>) -> Option<Finding> {
        let idle: Vec<&Row> = self.rows.iter().filter(|row| !used.contains(&row.line)).collect();
        if idle.is_empty() {
            return None;
        }
        // The lines alone: whoever put the columns in another order has passwords in all of them.
        let named: Vec<String> = idle.iter().take(NAMED).map(|row| row.line.to_string()).collect();
        let more = if idle.len() > NAMED { format!(" and {} more", idle.len() - NAMED) } else { String::new() };
        let lines = if idle.len() == 1 { "line" } else { "lines" };
        let message = format!(
            "{} of {} passwords opened nothing: {lines} {}{more}",
            idle.len(),
            self.rows.len(),
            named.join(", ")
        );
        let code = Code::UnusedPassword;
        Some(Finding::new(code, Place::Collection, message, code.rule().remedy).caused_by("passwords opened nothing"))
    }
}
