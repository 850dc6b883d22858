//! A TOML document with positions: reads keys one by one and collects every complaint.
//!
//! Nothing stops at the first mistake. A key that is missing, unknown or of the wrong type
//! is a [`Complaint`] with its line and column, and reading goes on with the next key, so
//! that one run shows all that has to be mended.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ledger::Date;
use crate::finding::columns;

/// Something that is wrong in a definition, at a place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// The file, as it was named.
    pub file: String,
    /// Line and column, counted from 1; `None` where the whole file is meant.
    pub position: Option<Position>,
    /// One phrase: the observed and the expected.
    pub message: String,
    /// The remedy.
    pub help: Option<String>,
}

/// A place in a text file, with the line itself so that it can be shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// How many characters are meant.
    pub length: usize,
    /// The whole line.
    pub text: String,
    /// The cell, where the line is a row of a sheet.
    pub cell: Option<String>,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.position {
            None => write!(f, "{}: {}", self.file, self.message)?,
            Some(at) => {
                match &at.cell {
                    Some(cell) => write!(f, "[{}]{cell}: {}", self.file, self.message)?,
                    None => write!(f, "{}:{}:{}: {}", self.file, at.line, at.column, self.message)?,
                }
                let number = at.line.to_string();
                let gutter = " ".repeat(number.len());
                write!(f, "\n {gutter} |\n {number} | {}", at.text)?;
                let before: usize = at.text.chars().take(at.column - 1).map(columns).sum();
                let under: usize = at.text.chars().skip(at.column - 1).take(at.length).map(columns).sum();
                write!(f, "\n {gutter} | {}{}", " ".repeat(before), "^".repeat(under.max(1)))?;
            }
        }
        if let Some(help) = &self.help {
            write!(f, "\n   = {help}")?;
        }
        Ok(())
    }
}

/// The text of a definition file, shared by all that was read from it.
#[derive(Debug, Clone)]
pub struct Document {
    path: PathBuf,
    text: Rc<str>,
}

impl Document {
    /// Reads a file. A file that cannot be read is a complaint about the file.
    pub fn open(path: &Path, complaints: &mut Vec<Complaint>) -> Option<Document> {
        match std::fs::read_to_string(path) {
            Ok(text) => Some(Document { path: path.to_owned(), text: text.into() }),
            Err(error) => {
                complaints.push(Complaint {
                    file: path.display().to_string(),
                    position: None,
                    message: format!("cannot be read: {error}"),
                    help: Some("check the path; it is taken relative to the file that names it".into()),
                });
                None
            }
        }
    }

    /// The path written in this document, seen from where the program runs.
    pub fn resolve(&self, written: &str) -> PathBuf {
        let joined = self.path.parent().unwrap_or(Path::new("")).join(written);
        let mut plain = PathBuf::new();
        for part in joined.components() {
            let climbs = part == std::path::Component::ParentDir
                && matches!(plain.components().next_back(), Some(std::path::Component::Normal(_)));
            if climbs {
                plain.pop();
            } else {
                plain.push(part);
            }
        }
        plain
    }

    /// Parses the document; every syntax error becomes a complaint.
    pub fn parse<'d>(&'d self, complaints: &mut Vec<Complaint>) -> Option<Spanned<DeTable<'d>>> {
        let (table, errors) = DeTable::parse_recoverable(&self.text);
        if errors.is_empty() {
            return Some(table);
        }
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            complaints.push(self.complain(span, format!("not valid TOML: {}", error.message())));
        }
        None
    }

    fn complain(&self, span: Range<usize>, message: String) -> Complaint {
        let start = span.start.min(self.text.len());
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        let end = span.end.clamp(start, line_end);
        Complaint {
            file: self.path.display().to_string(),
            position: Some(Position {
                line: self.text[..start].matches('\n').count() + 1,
                column: self.text[line_start..start].chars().count() + 1,
                length: self.text[start..end].chars().count().max(1),
                text: self.text[line_start..line_end].trim_end().to_owned(),
                cell: None,
            }),
            message,
            help: None,
        }
    }
}

/// A value and where it was written.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// The value as written.
    pub value: T,
    document: Document,
    span: Range<usize>,
}

impl<T> Located<T> {
    /// A complaint that points at this value.
    pub fn complaint(&self, message: impl Into<String>) -> Complaint {
        self.document.complain(self.span.clone(), message.into())
    }

    /// A complaint that points at this value and gives the remedy.
    pub fn complaint_with_help(&self, message: impl Into<String>, help: impl Into<String>) -> Complaint {
        Complaint { help: Some(help.into()), ..self.complaint(message) }
    }
}

/// A table of the document while it is being read. Keys that nobody asked for are complained
/// about by [`Section::finish`].
pub struct Section<'d> {
    document: &'d Document,
    table: &'d DeTable<'d>,
    span: Range<usize>,
    read: BTreeSet<&'static str>,
}

impl<'d> Section<'d> {
    /// The whole document as a section.
    pub fn root(document: &'d Document, table: &'d Spanned<DeTable<'d>>) -> Self {
        Section { document, table: table.get_ref(), span: 0..0, read: BTreeSet::new() }
    }

    /// Where the section begins, for a complaint about the section as a whole.
    pub fn here(&self) -> Located<()> {
        Located { value: (), document: self.document.clone(), span: self.span.clone() }
    }

    fn find(&mut self, key: &'static str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.read.insert(key);
        self.table.get(key)
    }

    fn require<T>(&self, key: &str, value: Option<T>, complaints: &mut Vec<Complaint>) -> Option<T> {
        if value.is_none() && !self.table.contains_key(key) {
            complaints.push(self.here().complaint(format!("`{key}` is missing here")));
        }
        value
    }

    /// A text that may be absent.
    pub fn optional_text(&mut self, key: &'static str, complaints: &mut Vec<Complaint>) -> Option<Located<String>> {
        let found = self.find(key)?;
        read_text(self.document, key, found, complaints)
    }

    /// A text that must be there.
    pub fn text(&mut self, key: &'static str, complaints: &mut Vec<Complaint>) -> Option<Located<String>> {
        let value = self.optional_text(key, complaints);
        self.require(key, value, complaints)
    }

    /// An id that must be there: letters, digits, `_` and `-`, because ids name files and columns.
    pub fn id(&mut self, key: &'static str, complaints: &mut Vec<Complaint>) -> Option<Located<String>> {
        let id = self.text(key, complaints)?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if id.value.is_empty() || !id.value.chars().all(is_plain) {
            let message = format!("`{}` is no id: ids are of letters a to z, digits, _ and -", id.value);
            complaints.push(id.complaint(message));
        }
        Some(id)
    }

    /// A whole number that may be absent.
    pub fn optional_integer(&mut self, key: &'static str, complaints: &mut Vec<Complaint>) -> Option<Located<i64>> {
        let found = self.find(key)?;
        read_integer(self.document, key, found, complaints)
    }

    /// A whole number that must be there.
    pub fn integer(&mut self, key: &'static str, complaints: &mut Vec<Complaint>) -> Option<Located<i64>> {
        let value = self.optional_integer(key, complaints);
        self.require(key, value, complaints)
    }

    /// A day (`2023-08-31`, without quotes) that may be absent.
    pub fn optional_day(&mut self, key: &'static str, complaints: &mut Vec<Complaint>) -> Option<Located<Date>> {
        let found = self.find(key)?;
        let written = match found.get_ref() {
            DeValue::Datetime(moment) if moment.time.is_none() => moment.date.map(|date| date.to_string()),
            _ => None,
        };
        let Some(value) = written.and_then(|text| Date::parse(&text)) else {
            complaints.push(wrong_type(self.document, key, found, "a day such as 2023-08-31, without quotes"));
            return None;
        };
        Some(Located { value, document: self.document.clone(), span: found.span() })
    }

    /// A number, whole or not, that may be absent.
    pub fn optional_number(&mut self, key: &'static str, complaints: &mut Vec<Complaint>) -> Option<Located<f64>> {
        let found = self.find(key)?;
        let written = match found.get_ref() {
            DeValue::Integer(number) => number.as_str().replace('_', "").parse().ok(),
            DeValue::Float(number) => number.as_str().replace('_', "").parse().ok(),
            _ => None,
        };
        let Some(value) = written.filter(|value: &f64| value.is_finite()) else {
            complaints.push(wrong_type(self.document, key, found, "a number"));
            return None;
        };
        Some(Located { value, document: self.document.clone(), span: found.span() })
    }

    /// A yes or no; no where it is absent.
    pub fn flag(&mut self, key: &'static str, complaints: &mut Vec<Complaint>) -> bool {
        let Some(found) = self.find(key) else { return false };
        found.get_ref().as_bool().unwrap_or_else(|| {
            complaints.push(wrong_type(self.document, key, found, "true or false"));
            false
        })
    }

    /// A list of texts; empty where it is absent.
    pub fn texts(&mut self, key: &'static str, complaints: &mut Vec<Complaint>) -> Vec<Located<String>> {
        let document = self.document;
        let list = self.list(key, complaints);
        list.iter().filter_map(|value| read_text(document, key, value, complaints)).collect()
    }

    /// A list of whole numbers; empty where it is absent.
    pub fn integers(&mut self, key: &'static str, complaints: &mut Vec<Complaint>) -> Vec<Located<i64>> {
        let document = self.document;
        let list = self.list(key, complaints);
        list.iter().filter_map(|value| read_integer(document, key, value, complaints)).collect()
    }

    /// A list of tables (`[[key]]` or `key = [{ … }]`); empty where it is absent.
    pub fn sections(&mut self, key: &'static str, complaints: &mut Vec<Complaint>) -> Vec<Section<'d>> {
        let document = self.document;
        let list = self.list(key, complaints);
        let mut sections = Vec::with_capacity(list.len());
        for value in list {
            match value.get_ref().as_table() {
                Some(table) => sections.push(Section { document, table, span: value.span(), read: BTreeSet::new() }),
                None => complaints.push(wrong_type(document, key, value, "a table")),
            }
        }
        sections
    }

    /// One table that may be absent.
    pub fn optional_section(&mut self, key: &'static str, complaints: &mut Vec<Complaint>) -> Option<Section<'d>> {
        let document = self.document;
        let value = self.find(key)?;
        let Some(table) = value.get_ref().as_table() else {
            complaints.push(wrong_type(document, key, value, "a table"));
            return None;
        };
        Some(Section { document, table, span: value.span(), read: BTreeSet::new() })
    }

    /// A table whose keys are ids and whose values are texts, in the order written.
    pub fn text_by_id(&mut self, key: &'static str, complaints: &mut Vec<Complaint>) -> Vec<(Located<String>, String)> {
        let Some(section) = self.optional_section(key, complaints) else { return Vec::new() };
        let mut pairs = Vec::with_capacity(section.table.len());
        for (id, value) in section.table {
            let located = Located { value: id.get_ref().to_string(), document: self.document.clone(), span: id.span() };
            if let Some(text) = read_text(self.document, key, value, complaints) {
                pairs.push((located, text.value));
            }
        }
        pairs.sort_by_key(|(id, _)| id.span.start);
        pairs
    }

    fn list(&mut self, key: &'static str, complaints: &mut Vec<Complaint>) -> &'d [Spanned<DeValue<'d>>] {
        let Some(found) = self.find(key) else { return &[] };
        match found.get_ref().as_array() {
            Some(list) => list,
            None => {
                complaints.push(wrong_type(self.document, key, found, "a list"));
                &[]
            }
        }
    }

    /// Complains about every key that was not asked for.
    pub fn finish(self, complaints: &mut Vec<Complaint>) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !self.read.contains(name) {
                let known: Vec<&str> = self.read.iter().copied().collect();
                complaints.push(Complaint {
                    help: Some(format!("keys that may stand here: {}", known.join(", "))),
                    ..self.document.complain(key.span(), format!("unknown key `{name}`"))
                });
            }
        }
    }
}

fn read_text(
    document: &Document,
    key: &str,
    found: &Spanned<DeValue<'_>>,
    complaints: &mut Vec<Complaint>,
) -> Option<Located<String>> {
    let Some(text) = found.get_ref().as_str() else {
        complaints.push(wrong_type(document, key, found, "a text in quotes"));
        return None;
    };
    Some(Located { value: text.to_owned(), document: document.clone(), span: found.span() })
}

fn read_integer(
    document: &Document,
    key: &str,
    found: &Spanned<DeValue<'_>>,
    complaints: &mut Vec<Complaint>,
) -> Option<Located<i64>> {
    let number =
        found.get_ref().as_integer().and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
    let Some(value) = number else {
        complaints.push(wrong_type(document, key, found, "a whole number"));
        return None;
    };
    Some(Located { value, document: document.clone(), span: found.span() })
}

fn wrong_type(document: &Document, key: &str, found: &Spanned<DeValue<'_>>, wanted: &str) -> Complaint {
    let message = format!("`{key}` is {}, expected {wanted}", found.get_ref().type_str());
    document.complain(found.span(), message)
}
