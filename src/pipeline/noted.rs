//! The findings of a year in the store: the one place that has all of them, whichever command was run last.

use super::Stages;
use crate::finding::Finding;
use crate::store::{self, Field, Staging, StoreError, tables};

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

/// A row of the table.
type Row = [Option<String>; 7];

const COLUMNS: [&str; 7] = ["code", "severity", "institution", "file", "sheet", "cell", "message"];

fn row_of(finding: &Finding) -> Row {
    [
        Some(finding.code.rule().code.to_owned()),
        Some(finding.severity.word().to_owned()),
        finding.institution.clone(),
        finding.place.file().map(str::to_owned),
        finding.place.sheet().map(str::to_owned),
        finding.place.cell().map(|cell| cell.to_string()),
        Some(finding.message.clone()),
    ]
}

fn origin_of(row: &Row) -> Origin {
    Origin::of(row[0].as_deref().unwrap_or(""))
}

/// Puts what a command noticed in the place of what the same stages noticed before. What other stages noticed stays.
pub(super) fn write(findings: &[Finding], stages: Stages, staging: &mut Staging<'_>) -> Result<(), StoreError> {
    let year = staging.fiscal_year();
    let mut before: Vec<Row> = Vec::new();
    if store::has(staging, &tables::FINDINGS, year) {
        before = store::read_texts(staging, &tables::FINDINGS, year, COLUMNS)?;
    }
    let stays = before.iter().filter(|row| !origin_of(row).is_run(stages)).cloned();
    let found = findings.iter().map(row_of).filter(|row| origin_of(row).is_run(stages));
    let mut rows: Vec<Row> = stays.chain(found).collect();
    // Within an origin they stay in the order in which they came.
    rows.sort_by_key(origin_of);
    if !stages.ingest && rows == before {
        return Ok(());
    }
    let mut writer = staging.table(&tables::FINDINGS)?;
    for [code, severity, institution, file, sheet, cell, message] in &rows {
        writer.row([
            Field::Text(code.as_deref().unwrap_or("")),
            Field::Text(severity.as_deref().unwrap_or("")),
            Field::OptionalText(institution.as_deref()),
            Field::OptionalText(file.as_deref()),
            Field::OptionalText(sheet.as_deref()),
            Field::OptionalText(cell.as_deref()),
            Field::Text(message.as_deref().unwrap_or("")),
        ])?;
    }
    writer.finish()
}
