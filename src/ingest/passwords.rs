//! The passwords that institutions sent for their workbooks: a CSV file that an analyst keeps.
//!
//! A password is used to open files and for nothing else. No type here shows one, no message
//! repeats one, and nothing that is stored or written holds one.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};

use crate::finding::{Code, Finding, Place};
use crate::survey::{comparable, plain_csv};

/// How many rows that opened nothing are named one by one.
const NAMED: usize = 20;

/// Why a file of passwords cannot be used. What it holds is not repeated: it may be a password.
#[derive(Debug, thiserror::Error)]
pub enum PasswordsError {
    /// It is not there or cannot be read.
    #[error("the file of passwords {path} cannot be read: {source}\n  name it with --passwords")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line of it is wrong.
    #[error("{path}, line {line}: {what}\n  {help}")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        what: &'static str,
        /// What to do.
        help: &'static str,
    },
}

/// A row of the file.
#[derive(Clone)]
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
    pub fn load(path: &Path) -> Result<Passwords, PasswordsError> {
        let unreadable = |source| PasswordsError::Unreadable { path: path.to_owned(), source };
        let content = std::fs::read(path).map_err(unreadable)?;
        let wrong = |line: u64, what, help| PasswordsError::Line { path: path.to_owned(), line, what, help };
        let text = std::str::from_utf8(&content).map_err(|error| {
            let before = &content[..error.valid_up_to()];
            let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count() as u64;
            wrong(line, "the text is not in UTF-8", "save it from Excel as 「CSV UTF-8（コンマ区切り）」")
        })?;
        let text = plain_csv(text.as_bytes());
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_slice());
        let not_csv = "the line is no line of a CSV file";
        let header = reader.headers().map_err(|_| wrong(1, not_csv, "open and save it with Excel"))?;
        let column = |name: &str| header.iter().position(|title| title.trim().eq_ignore_ascii_case(name));
        let (institution, file, password) = (column("institution"), column("file"), column("password"));
        let expected = "the first line names the columns: institution and/or file, and password";
        let Some(password) = password else { return Err(wrong(1, "there is no column `password`", expected)) };
        if institution.is_none() && file.is_none() {
            return Err(wrong(1, "there is neither a column `institution` nor a column `file`", expected));
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line);
                wrong(line, not_csv, "open and save it with Excel")
            })?;
            let line = record.position().map_or(0, csv::Position::line);
            let field = |column: Option<usize>| column.and_then(|column| record.get(column)).unwrap_or("");
            let row = Row {
                line: u32::try_from(line).unwrap_or(u32::MAX),
                institution: comparable(field(institution)),
                file: comparable(&field(file).replace('\\', "/")),
                password: field(Some(password)).to_owned(),
            };
            // Excel leaves such rows where others were emptied.
            if record.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            if row.institution.is_empty() && row.file.is_empty() {
                let help = "write the institution code or the name of the file that the password is for";
                return Err(wrong(line, "the row names neither an institution nor a file", help));
            }
            if row.password.is_empty() {
                return Err(wrong(line, "the row has no password", "write it in, or take the row out"));
            }
            rows.push(row);
        }
        Ok(Passwords { rows })
    }

    /// How many were given.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The passwords to try on a file, each once and the likeliest first: those for the file or
    /// its folder, those of the institution that its name points to, those of institutions whose
    /// code its path has, then all others, because names of files lie.
    fn candidates(&self, file: &str, institution: Option<&str>) -> Vec<Candidate<'_>> {
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
    pub(super) fn unused(&self, used: &BTreeSet<u32>) -> Option<Finding> {
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
        Some(Finding::new(code, Place::Collection, message, code.rule().remedy))
    }
}
