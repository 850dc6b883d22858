//! The stage that compares a year with the year before.

use super::run::{Run, Successor};
use super::{PipelineError, Stage};
use crate::compare::{self, Changes, Lineage, Panel};
use crate::finding::Finding;
use crate::store::{self, Staging, TableFiles, tables};
use crate::survey::{Comparison, DefinitionError, Ledger, Survey};
use crate::tabulate::{self, Tabulation};
use crate::validate::PreviousAnswers;

const CHANGES: &str = "internal/changes.csv";
const FLOWS: &str = "internal/flows.csv";

/// The outcome of comparing a year with the year before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ComparisonOutcome {
    /// The changes in short, for a terminal.
    Done(String),
    /// The store does not hold the year before.
    NoPreviousYear(u16),
    /// The year's file names no year before.
    NotDefined,
}

/// The outcome, with the findings about the rosters of both years.
pub(super) struct Compared {
    pub outcome: ComparisonOutcome,
    pub findings: Vec<Finding>,
}

impl Compared {
    /// Whether the changes were written.
    pub(super) fn is_done(&self) -> bool {
        matches!(self.outcome, ComparisonOutcome::Done(_))
    }
}

/// Writes the changes from the year before.
pub(super) fn compare(
    run: &Run<'_>,
    tabulation: &Tabulation,
    next: &mut Successor<'_>,
) -> Result<Compared, PipelineError> {
    let without = |outcome| Compared { outcome, findings: Vec::new() };
    let Some(comparison) = &run.survey.comparison else { return Ok(without(ComparisonOutcome::NotDefined)) };
    let before = comparison.before.fiscal_year;
    if !has_year(&next.staging, comparison) {
        if run.does(Stage::Ingest) {
            return Ok(without(ComparisonOutcome::NoPreviousYear(before)));
        }
        return Err(PipelineError::NoPreviousYear { store: run.store.clone(), fiscal_year: before });
    }
    let (lineage, changes) = two_years(&run.survey, comparison, &run.ledger, tabulation, &next.staging)?;
    compare::write(&run.survey, comparison, &lineage, &changes, &mut next.staging)?;
    next.outputs.write(CHANGES, &compare::changes_csv(&run.survey, comparison, &changes))?;
    next.outputs.write(FLOWS, &compare::flows_csv(&run.survey, &changes))?;
    // Ingest has the findings of this ledger, if it ran.
    let findings = if run.does(Stage::Ingest) { Vec::new() } else { compare::unexplained(before, &lineage) };
    let outcome = ComparisonOutcome::Done(compare::summary(&run.survey, comparison, &changes));
    Ok(Compared { outcome, findings })
}

/// Last year's answers as this year understands them, and the findings about the rosters of both years. Nothing where
/// the store does not hold last year.
pub(super) fn look_back(
    run: &Run<'_>,
    staging: &Staging<'_>,
) -> Result<(PreviousAnswers, Vec<Finding>), PipelineError> {
    let Some(comparison) = run.survey.comparison.as_ref().filter(|one| has_year(staging, one)) else {
        return Ok(Default::default());
    };
    let lineage = compare::lineage(&run.survey, &run.ledger, staging)?;
    let previous = compare::previous_answers(&run.survey, comparison, &lineage, staging)?;
    Ok((previous, compare::unexplained(comparison.before.fiscal_year, &lineage)))
}

/// Removes the changes of an earlier run, which rested on answers that are replaced.
pub(super) fn remove_changes(next: &mut Successor<'_>) -> Result<(), PipelineError> {
    next.outputs.remove_others("internal", &|name| [CHANGES, FLOWS].contains(&name))
}

fn two_years(
    survey: &Survey,
    comparison: &Comparison,
    ledger: &Ledger,
    tabulation: &Tabulation,
    files: &dyn TableFiles,
) -> Result<(Lineage, Changes), PipelineError> {
    let rosters = compare::rosters(survey, files)?;
    DefinitionError::unless_empty(ledger.held_against(&rosters))?;
    let before = tabulate::tabulate(&comparison.before, files)?;
    let lineage = compare::lineage(survey, ledger, files)?;
    let panel = Panel::read(survey, &comparison.before, &lineage, files)?;
    let changes = compare::compare(survey, comparison, &panel, [tabulation, &before]);
    Ok((lineage, changes))
}

/// Whether the store holds the year before.
fn has_year(files: &dyn TableFiles, comparison: &Comparison) -> bool {
    let year = comparison.before.fiscal_year;
    store::has(files, &tables::RESPONSES, year) && store::has(files, &tables::MEMBERSHIPS, year)
}
