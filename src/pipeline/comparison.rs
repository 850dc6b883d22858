//! The comparison with last year: what edits look back on, and the changes.

use std::path::PathBuf;

use super::file_record::FileRecord;
use super::{PipelineError, Settings, Work};
use crate::compare::{self, Changes, Lineage, Panel, Remark};
use crate::finding::{Code, Finding, Place};
use crate::store::{self, Staging, TableFiles, tables};
use crate::survey::{Comparison, DefinitionError, Ledger, Roster, Survey};
use crate::tabulate::{self, Tabulation};
use crate::validate::PreviousAnswers;

const CHANGES: &str = "internal/changes.csv";
const FLOWS: &str = "internal/flows.csv";

/// A year beside the year before.
pub(super) struct TwoYears {
    pub lineage: Lineage,
    pub changes: Changes,
}

/// What came of comparing a year with the year before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ComparisonOutcome {
    /// The changes in short, for a terminal.
    Done(String),
    /// The store does not hold the year before.
    NoPreviousYear(u16),
    /// The year's file names no year before.
    NotDefined,
}

impl Work<'_> {
    /// Reads the institution ledger, if there is one, and holds it against the roster where that is
    /// `is_roster_read`: what is wrong with it is said before anything is written.
    pub(super) fn ledger(&mut self, is_roster_read: bool) -> Result<Ledger, PipelineError> {
        let Some(path) = ledger_file(self.settings, &self.survey) else { return Ok(Ledger::default()) };
        let ledger = Ledger::load(path, &self.survey)?;
        if is_roster_read {
            let rosters = Roster::places_by_year(self.roster_file(), &self.survey)?;
            DefinitionError::unless_empty(ledger.held_against(&rosters))?;
        }
        self.manifest.ledger = Some(FileRecord::read(path));
        Ok(ledger)
    }

    /// Last year's answers as this year understands them, and what is strange about who is asked.
    /// Nothing where the store does not hold last year.
    pub(super) fn look_back(&self, staging: &Staging<'_>) -> Result<(PreviousAnswers, Vec<Finding>), PipelineError> {
        let Some(comparison) = self.survey.comparison.as_ref().filter(|one| has_year(staging, one)) else {
            return Ok(Default::default());
        };
        let lineage = compare::lineage(&self.survey, &self.ledger, staging)?;
        let previous = compare::previous_answers(&self.survey, comparison, &lineage, staging)?;
        Ok((previous, remarks(comparison, &lineage)))
    }

    /// Writes what changed from the year before.
    pub(super) fn compare(
        &mut self,
        two_years: &TwoYears,
        staging: &mut Staging<'_>,
    ) -> Result<ComparisonOutcome, PipelineError> {
        let TwoYears { lineage, changes, .. } = two_years;
        let comparison = self.survey.comparison.as_ref().expect("two years are compared as the survey says");
        compare::write(&self.survey, comparison, lineage, changes, staging)?;
        self.outputs.write(CHANGES, &compare::changes_csv(&self.survey, comparison, changes))?;
        self.outputs.write(FLOWS, &compare::flows_csv(&self.survey, changes))?;
        if self.report.counts.is_none() {
            // Ingest has said them of this ledger, if it ran.
            self.report.findings = remarks(comparison, lineage);
        }
        Ok(ComparisonOutcome::Done(compare::summary(&self.survey, comparison, changes)))
    }

    /// Takes away the tables of changes of an earlier run, which rested on answers that are replaced.
    pub(super) fn remove_changes(&mut self) -> Result<(), PipelineError> {
        self.outputs.remove_others("internal", &|name| [CHANGES, FLOWS].contains(&name))
    }
}

/// The institution ledger of a year that is compared: the one that was named, else that of the year's file.
pub(super) fn ledger_file<'a>(settings: &'a Settings, survey: &'a Survey) -> Option<&'a PathBuf> {
    let comparison = survey.comparison.as_ref()?;
    settings.ledger.as_ref().or(comparison.ledger.as_ref())
}

/// A year beside the year before, if it is compared with one; or why it is not.
pub(super) fn two_years(
    survey: &Survey,
    ledger: &Ledger,
    tabulation: &Tabulation,
    files: &dyn TableFiles,
) -> Result<Result<TwoYears, ComparisonOutcome>, PipelineError> {
    let Some(comparison) = &survey.comparison else { return Ok(Err(ComparisonOutcome::NotDefined)) };
    if !has_year(files, comparison) {
        return Ok(Err(ComparisonOutcome::NoPreviousYear(comparison.before.fiscal_year)));
    }
    let rosters = compare::rosters(survey, files)?;
    DefinitionError::unless_empty(ledger.held_against(&rosters))?;
    let before = tabulate::tabulate(&comparison.before, files)?;
    let lineage = compare::lineage(survey, ledger, files)?;
    let panel = Panel::read(survey, &comparison.before, &lineage, files)?;
    let changes = compare::compare(survey, comparison, &panel, [tabulation, &before]);
    Ok(Ok(TwoYears { lineage, changes }))
}

/// Whether the store holds the year before.
fn has_year(files: &dyn TableFiles, comparison: &Comparison) -> bool {
    let year = comparison.before.fiscal_year;
    store::has(files, &tables::RESPONSES, year) && store::has(files, &tables::MEMBERSHIPS, year)
}

/// What the ledger does not explain about who is asked, as findings.
fn remarks(comparison: &Comparison, lineage: &Lineage) -> Vec<Finding> {
    let before = comparison.before.fiscal_year;
    let ledger = |lines: &[usize]| match lines {
        [] => "the ledger does not say why".to_owned(),
        [line] => format!("line {line} of the ledger says otherwise"),
        several => {
            let lines: Vec<String> = several.iter().map(usize::to_string).collect();
            format!("lines {} of the ledger say otherwise", lines.join(", "))
        }
    };
    let places = |places: &[(String, String)]| {
        let one = |(sector, part): &(String, String)| {
            if part.is_empty() { sector.clone() } else { format!("{sector}/{part}") }
        };
        places.iter().map(one).collect::<Vec<_>>().join(" and ")
    };
    let finding = |remark: &Remark| {
        let (code, institution, seen, lines): (_, _, _, &[usize]) = match remark {
            Remark::UnexplainedLeaver { code, name, lines } => {
                let seen = format!("{code} {name} was asked in {before} and is not on the roster");
                (Code::UnexplainedLeaver, code, seen, lines)
            }
            Remark::UnexplainedEntrant { code, name } => {
                let seen = format!("{code} {name} is asked and was not in {before}");
                (Code::UnexplainedEntrant, code, seen, &[])
            }
            Remark::UnexplainedName { code, before: old, now, lines } => {
                (Code::UnexplainedName, code, format!("{code} is called {now}, in {before} {old}"), lines)
            }
            Remark::UnexplainedMove { code, before: old, now, lines } => {
                let seen = format!("{code} stands in {}, in {before} in {}", places(now), places(old));
                (Code::UnexplainedMove, code, seen, lines)
            }
        };
        let message = format!("{seen}; {}", ledger(lines));
        // A row of the ledger that comes or goes moves the others.
        let cause = if lines.is_empty() { seen } else { format!("{seen}; the ledger says otherwise") };
        Finding::new(code, Place::Collection, message, code.rule().remedy).of(institution).caused_by(cause)
    };
    lineage.remarks().iter().map(finding).collect()
}
