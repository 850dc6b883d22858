//! Findings from one run to the next: by what they are known, which are new, which the desk has acknowledged; and the
//! table of them in the store, the one place that has all of them, whichever command was run last.

use std::collections::BTreeSet;

use super::Stages;
use crate::finding::{Code, Finding, Place, Severity};
use crate::ingest::{ContentHash, ContentHasher, Submission};
use crate::store::{self, Field, Staging, StoreError, TableFiles, tables};
use crate::survey::{Acknowledgements, ID_DIGITS};

/// Which part of a run notices things of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
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

    /// Whether a command notices such things anew.
    fn is_run(self, stages: Stages) -> bool {
        match self {
            Origin::Collection => stages.ingest,
            Origin::Disclosure => stages.disclose || stages.chart,
            Origin::Outputs => true,
        }
    }
}

/// Whether disclosure control found it: those findings stand in a file of their own.
pub(super) fn is_of_disclosure(finding: &Finding) -> bool {
    Origin::of(finding.code.rule().code) == Origin::Disclosure
}

/// The content of the file that a finding is about as a whole.
fn content_of(finding: &Finding, submissions: &[Submission]) -> Option<ContentHash> {
    let (Place::File(name), None) = (&finding.place, &finding.subject) else { return None };
    submissions.iter().find(|one| *one.file == **name).and_then(|one| one.id)
}

/// Gives findings that have none their ids: a hash over the cause. Of a file that could not be read that is its
/// content, whatever else has come since; of all else what was seen, and where.
pub(super) fn identify(findings: &mut [Finding], submissions: &[Submission]) {
    for finding in findings.iter_mut().filter(|finding| finding.id.is_empty()) {
        let mut hash = ContentHasher::default();
        // Where a text ends is told as well.
        let mut feed = |text: &str| {
            hash.update(&(text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        let content = content_of(finding, submissions);
        feed(&finding.place.to_string());
        if !(finding.code.rule().code.starts_with('F') && content.is_some()) {
            feed(finding.institution.as_deref().unwrap_or(""));
            feed(&finding.message);
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

/// Makes what the desk has acknowledged information; gives findings about lines that acknowledge nothing. What
/// disclosure control finds is not for the desk to pass over: it is settled by the policy or by a request.
pub(super) fn acknowledge(acknowledged: &Acknowledgements, findings: &mut [Finding]) -> Vec<Finding> {
    let mut used = BTreeSet::new();
    for finding in findings.iter_mut() {
        let Some(line) = acknowledged.of(&finding.id) else { continue };
        used.insert(finding.id.clone());
        finding.severity = Severity::Information;
        finding.message = format!("{}; acknowledged by the desk: {}", finding.message, line.reason);
        finding.help = "Nothing: the desk has acknowledged it.".to_owned();
    }
    let unused = acknowledged.all().into_iter().filter(|(id, _)| !used.contains(*id));
    let finding = |(id, line): (&str, &crate::survey::Acknowledgement)| {
        let code = Code::NothingToAcknowledge;
        let message =
            format!("line {} of the table of what is acknowledged names {id}, and nothing has that id", line.line);
        Finding::new(code, Place::Collection, message, code.rule().remedy)
    };
    unused.map(finding).collect()
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
    // What an earlier version wrote has no ids, and is written anew.
    if is_ingest && !store::has_column(files, &tables::FINDINGS, fiscal_year, "finding")? {
        return Ok(None);
    }
    Ok(Some(store::read_texts(files, &tables::FINDINGS, fiscal_year, COLUMNS)?))
}

/// Puts what a command noticed in the place of what the same stages noticed before. What other stages noticed stays.
/// Marks those that are new, and gives their ids: what the last run with other findings did not notice. `marked` were
/// new then, and still are where a run notices the very same.
pub(super) fn write(
    findings: &mut [Finding],
    stages: Stages,
    marked: &BTreeSet<String>,
    staging: &mut Staging<'_>,
) -> Result<BTreeSet<String>, StoreError> {
    let read = read(staging, staging.fiscal_year(), stages.ingest)?;
    let is_first = read.is_none();
    let before = read.unwrap_or_default();
    let stays = before.iter().filter(|row| !origin_of(row).is_run(stages)).cloned();
    let found = findings.iter().map(row_of).filter(|row| origin_of(row).is_run(stages));
    let mut rows: Vec<Row> = stays.chain(found).collect();
    // Within an origin they stay in the order in which they came.
    rows.sort_by_key(origin_of);
    let is_compared = |origin: Origin| origin.is_run(stages) && origin != Origin::Outputs;
    let (then, now) = (ids(&before, &is_compared), ids(&rows, &is_compared));
    let all = ids(&rows, &|_| true);
    let is_marked = |id: &str| marked.contains(id) && (then == now || !now.contains(id));
    let mut new: BTreeSet<&str> = all.iter().copied().filter(|id| is_marked(id)).collect();
    if !is_first {
        new.extend(now.difference(&then));
        new.extend(ids(&rows, &|origin| origin == Origin::Outputs));
    }
    for finding in findings.iter_mut() {
        finding.is_new = new.contains(finding.id.as_str());
    }
    if stages.ingest || rows != before {
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
