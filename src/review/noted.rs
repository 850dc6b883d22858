//! Findings from one run to the next: by what they are known, which are new, which the desk has acknowledged; and the
//! table of them in the store, the one place that has all of them, whichever command was run last.

use std::collections::BTreeSet;
use std::path::Path;

use crate::finding::{Code, Finding, Place, Severity, render};
use crate::follow_up::Query;
use crate::ingest::{ContentHash, ContentHasher, Submission};
use crate::store::{self, Field, Staging, StoreError, TableFiles, tables};
use crate::survey::{Acknowledgement, Acknowledgements, ID_DIGITS, Survey};

/// The part of a run that a finding comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Reading the returns.
    Collection,
    /// Disclosure control.
    Disclosure,
    /// Putting the outputs in place.
    Outputs,
}

impl Origin {
    fn of(code: &str) -> Origin {
        match code.as_bytes().first() {
            Some(b'D') => Origin::Disclosure,
            Some(b'O') => Origin::Outputs,
            _ => Origin::Collection,
        }
    }
}

/// Whether disclosure control found it: those findings stand in a file of their own.
pub fn is_of_disclosure(finding: &Finding) -> bool {
    Origin::of(finding.code.rule().code) == Origin::Disclosure
}

/// The content of the file that a finding is about as a whole.
fn content_of(finding: &Finding, submissions: &[Submission]) -> Option<ContentHash> {
    let (Place::File(name), None) = (&finding.place, &finding.subject) else { return None };
    submissions.iter().find(|one| *one.file == **name).and_then(|one| one.id)
}

/// Gives findings that have none their ids: a hash over the cause. Of a file that could not be read that is its
/// content, whatever else has come since; of all else what was seen, and where, without counts and examples.
pub fn identify(findings: &mut [Finding], submissions: &[Submission]) {
    for finding in findings.iter_mut().filter(|finding| finding.id.is_empty()) {
        let mut hash = ContentHasher::default();
        // The length of a text is hashed as well, so that two texts never run into each other.
        let mut feed = |text: &str| {
            hash.update(&(text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        let content = content_of(finding, submissions);
        feed(&finding.place.to_string());
        if !(finding.code.rule().code.starts_with('F') && content.is_some()) {
            feed(finding.institution.as_deref().unwrap_or(""));
            feed(finding.cause.as_ref().unwrap_or(&finding.message));
        }
        if let Some(subject) = &finding.subject {
            subject.prompts.iter().flat_map(|(question, item)| [question, item]).for_each(|id| feed(id));
            [&subject.observed, &subject.basis, &subject.edit].into_iter().for_each(|text| feed(text));
        }
        feed(&content.map(|hash| hash.to_string()).unwrap_or_default());
        let digits: String = hash.finish().to_string().chars().take(ID_DIGITS).collect();
        finding.id = format!("{}-{digits}", finding.code.rule().code);
    }
}

/// Makes what the desk has acknowledged information; gives findings about lines that acknowledge nothing. A question to
/// an institution is settled by its reply, and not for the desk to pass over.
pub fn acknowledge(survey: &Survey, acknowledged: &Acknowledgements, findings: &mut [Finding]) -> Vec<Finding> {
    let mut used = BTreeSet::new();
    let mut asked = BTreeSet::new();
    for finding in findings.iter_mut() {
        let Some(line) = acknowledged.of(&finding.id) else { continue };
        if Query::of(survey, finding).is_some() {
            asked.insert(finding.id.clone());
            continue;
        }
        used.insert(finding.id.clone());
        finding.severity = Severity::Information;
        finding.message = format!("{}; acknowledged by the desk: {}", finding.message, line.reason);
        finding.help = "Nothing: the desk has acknowledged it.".to_owned();
    }
    let is_open = |finding: &&Finding| finding.severity > Severity::Information;
    let open: Vec<&str> = findings.iter().filter(is_open).map(|finding| &*finding.id).collect();
    let unused = acknowledged.all().into_iter().filter(|(id, _)| !used.contains(*id));
    let because = |id: &str| match (asked.contains(id), open.iter().find(|other| is_slip(id, other))) {
        (true, _) => Because::Asked,
        (false, Some(other)) => Because::Mistyped((*other).to_owned()),
        (false, None) => Because::Gone,
    };
    unused.map(|(id, line)| acknowledges_nothing(id, line, &because(id))).collect()
}

/// How many characters of an id may differ from those of another one for the two to be taken for a slip.
const SLIPS: usize = 2;

/// Whether an id is most likely another one that was mistyped: ids are hashes, and not alike by chance.
fn is_slip(id: &str, other: &str) -> bool {
    id.len() == other.len() && id.bytes().zip(other.bytes()).filter(|(a, b)| a != b).count() <= SLIPS
}

/// Why a line of the table acknowledges nothing.
enum Because {
    /// The institution is asked.
    Asked,
    /// The id is that of another finding, mistyped.
    Mistyped(String),
    /// The finding is gone, or its cause is another one.
    Gone,
}

fn acknowledges_nothing(id: &str, line: &Acknowledgement, because: &Because) -> Finding {
    let words = match because {
        Because::Asked => "which is a question to the institution: its reply settles it".to_owned(),
        Because::Mistyped(other) => format!("and nothing has that id: did you mean {other}?"),
        Because::Gone => "and nothing has that id".to_owned(),
    };
    let message = format!("line {} of the table of what is acknowledged names {id}, {words}", line.line);
    let code = Code::NothingToAcknowledge;
    let help = match because {
        Because::Mistyped(other) => format!("Correct the id in the table to {other}, if that finding is meant."),
        _ => code.rule().remedy.to_owned(),
    };
    // A finding stands that somebody took for settled.
    let severity = if matches!(because, Because::Gone) { code.rule().severity } else { Severity::Warning };
    let finding = Finding::new(code, Place::Collection, message, help);
    Finding { severity, ..finding.caused_by(format!("{id}, {words}")) }
}

/// The findings about files that earlier runs set aside, as long as those are kept in the folder of outputs.
pub fn still_aside(files: &dyn TableFiles, fiscal_year: u16, out: &Path) -> Result<Vec<Finding>, StoreError> {
    let is_kept = |file: &str| Path::new(file).starts_with(store::SET_ASIDE) && store::is_there(&out.join(file));
    let code = Code::OutputSetAside;
    let finding = |row: Row| {
        let [of_code, _, _, file, _, _, message, id] = row.map(Option::unwrap_or_default);
        let is_it = of_code == code.rule().code && is_kept(&file);
        let finding = || Finding::new(code, Place::File(file), message, code.rule().remedy);
        is_it.then(|| Finding { id, ..finding() })
    };
    Ok(read(files, fiscal_year, true)?.into_iter().flatten().filter_map(finding).collect())
}

/// The findings of the last run on the returns, one on each line, with these about outputs in the place of those then.
pub fn with_aside(text: &str, aside: &[Finding]) -> String {
    let code = |line: &str| serde_json::from_str::<serde_json::Value>(line).ok()?["code"].as_str().map(Origin::of);
    let others = text.lines().filter(|line| code(line) != Some(Origin::Outputs));
    others.map(|line| format!("{line}\n")).collect::<String>() + &render::jsonl(aside)
}

/// Whether the findings of the year can be told from each other: what an earlier version wrote has no ids.
pub fn has_ids(files: &dyn TableFiles, fiscal_year: u16) -> Result<bool, StoreError> {
    let table = &tables::FINDINGS;
    Ok(!store::has(files, table, fiscal_year) || store::has_column(files, table, fiscal_year, "finding")?)
}

/// A row of the table.
type Row = [Option<String>; 8];

const COLUMNS: [&str; 8] = ["code", "severity", "institution", "file", "sheet", "cell", "message", "finding"];

fn row_of(finding: &Finding) -> Row {
    [
        Some(finding.code.rule().code.to_owned()),
        Some(finding.severity.word().to_owned()),
        finding.institution.clone(),
        finding.place.file().map(str::to_owned),
        finding.place.sheet().map(str::to_owned),
        finding.place.cell().map(|cell| cell.to_string()),
        Some(finding.message.clone()),
        Some(finding.id.clone()),
    ]
}

fn origin_of(row: &Row) -> Origin {
    Origin::of(row[0].as_deref().unwrap_or(""))
}

fn ids<'r>(rows: &'r [Row], is_wanted: &dyn Fn(Origin) -> bool) -> BTreeSet<&'r str> {
    rows.iter().filter(|row| is_wanted(origin_of(row))).filter_map(|row| row[7].as_deref()).collect()
}

/// The rows of the year; `None` where no run has written any.
fn read(files: &dyn TableFiles, fiscal_year: u16, is_ingest: bool) -> Result<Option<Vec<Row>>, StoreError> {
    if !store::has(files, &tables::FINDINGS, fiscal_year) {
        return Ok(None);
    }
    // What an earlier version wrote is written anew.
    if is_ingest && !has_ids(files, fiscal_year)? {
        return Ok(None);
    }
    Ok(Some(store::read_texts(files, &tables::FINDINGS, fiscal_year, COLUMNS)?))
}

/// Puts the findings of a command in the place of the earlier ones of the same origins; those of other origins stay.
/// Marks those that are new, and gives their ids: the last run with other findings did not notice them. `marked` were
/// new then, and still are where a run notices the very same.
pub fn new_findings(
    findings: &mut [Finding],
    origins: &[Origin],
    marked: &BTreeSet<String>,
    staging: &mut Staging<'_>,
) -> Result<BTreeSet<String>, StoreError> {
    let read = read(staging, staging.fiscal_year(), origins.contains(&Origin::Collection))?;
    let is_first = read.is_none();
    let before = read.unwrap_or_default();
    let stays = before.iter().filter(|row| !origins.contains(&origin_of(row))).cloned();
    let found = findings.iter().map(row_of).filter(|row| origins.contains(&origin_of(row)));
    let mut rows: Vec<Row> = stays.chain(found).collect();
    // Within an origin they stay in the order in which they came.
    rows.sort_by_key(origin_of);
    let is_of_outputs = |origin: Origin| origin == Origin::Outputs;
    let is_compared = |origin: Origin| origins.contains(&origin) && !is_of_outputs(origin);
    let (then, now) = (ids(&before, &is_compared), ids(&rows, &is_compared));
    let all = ids(&rows, &|_| true);
    let (aside_then, aside_now) = (ids(&before, &is_of_outputs), ids(&rows, &is_of_outputs));
    // A file that is set aside does not make the returns another matter.
    let is_same = |id: &str| if aside_now.contains(id) { aside_then == aside_now } else { then == now };
    let is_marked = |id: &str| marked.contains(id) && (is_same(id) || !(now.contains(id) || aside_now.contains(id)));
    let mut new: BTreeSet<&str> = all.iter().copied().filter(|id| is_marked(id)).collect();
    if !is_first {
        new.extend(now.difference(&then));
        new.extend(aside_now.difference(&aside_then));
    }
    for finding in findings.iter_mut() {
        finding.is_new = new.contains(finding.id.as_str());
    }
    if origins.contains(&Origin::Collection) || rows != before {
        write_rows(&rows, staging)?;
    }
    Ok(new.into_iter().map(str::to_owned).collect())
}

fn write_rows(rows: &[Row], staging: &mut Staging<'_>) -> Result<(), StoreError> {
    let mut writer = staging.table(&tables::FINDINGS)?;
    for [code, severity, institution, file, sheet, cell, message, finding] in rows {
        writer.row([
            Field::Text(code.as_deref().unwrap_or("")),
            Field::Text(severity.as_deref().unwrap_or("")),
            Field::OptionalText(institution.as_deref()),
            Field::OptionalText(file.as_deref()),
            Field::OptionalText(sheet.as_deref()),
            Field::OptionalText(cell.as_deref()),
            Field::Text(message.as_deref().unwrap_or("")),
            Field::Text(finding.as_deref().unwrap_or("")),
        ])?;
    }
    writer.finish()
}
