//! From two years to what changed: percentage points in the cross-section and in the panel, and the
//! flows between the levels of ordinal questions.
//!
//! Nothing is compared that the survey's concordance does not pair, and nobody with anybody but
//! whom the institution ledger says. Every change comes with what a reader has to know before
//! believing it: what one institution is worth, what those who did not answer could have made of it,
//! and how much of it is due to those who came and those who left.

mod change;
mod flow;
mod lineage;
mod panel;
mod points;
mod previous;
mod replies;
mod rows;
mod summary;

pub use change::{Change, Compared, Telling};
pub use flow::{Flow, Movement};
pub use lineage::{Fate, Lineage, Past, Remark};
pub use points::{Difference, PercentagePoints, Share};
pub use previous::previous_answers;
pub use rows::{changes_csv, flows_csv, write};
pub use summary::summary;

use crate::store::{self, StoreError, TableFiles, tables};
use crate::survey::{Comparison, Gone, InstitutionPlaces, Ledger, QuestionIndex, RosterPlaces, Survey};
use crate::tabulate::{Confidential, Scope, Table, Tabulation};
use panel::Panel;

/// What changed from last year.
#[derive(Debug)]
pub struct Changes {
    /// The changes of every question with options, in printed order.
    pub changes: Vec<Table<Confidential, Change>>,
    /// The flows of every ordinal question that both years asked, in printed order.
    pub flows: Vec<Table<Confidential, Flow>>,
    /// What only last year asked, by scope: where no change can be, and why.
    pub gone: Vec<(Scope, Gone)>,
}

/// Compares a year with the year before: the distributions of both, and the answers of those who are
/// in both, whom `lineage` tells.
pub fn compare(
    survey: &Survey,
    comparison: &Comparison,
    lineage: &Lineage,
    [now, before]: [&Tabulation; 2],
    files: &dyn TableFiles,
) -> Result<Changes, StoreError> {
    let panel = Panel::read(survey, &comparison.before, lineage, files)?;
    let of = |index: QuestionIndex| survey.question(index).kind.has_options();
    let changes = now.distributions.iter().filter(|table| of(table.question()));
    let changes = changes.map(|table| change::changes(survey, comparison, table, before, &panel)).collect();
    let flows = (0..survey.questions.len()).map(QuestionIndex::at);
    let flows = flows.filter_map(|index| flow::flows(survey, comparison, index, &panel)).collect();
    Ok(Changes { changes, flows, gone: gone(survey, comparison, before) })
}

/// Whom of last year each institution of this year is compared with, by the memberships of both years
/// in the store.
pub fn lineage(survey: &Survey, ledger: &Ledger, files: &dyn TableFiles) -> Result<Lineage, StoreError> {
    let read = |fiscal_year: u16| -> Result<RosterPlaces, StoreError> {
        let mut all = RosterPlaces::new();
        let columns = ["institution", "name", "sector", "subsector"];
        store::read(files, &tables::MEMBERSHIPS, fiscal_year, &columns, |row| {
            let new = || InstitutionPlaces { name: row.text("name").to_owned(), places: Vec::new() };
            let one = all.entry(row.text("institution").to_owned()).or_insert_with(new);
            one.places.push((row.text("sector").to_owned(), row.text("subsector").to_owned()));
        })?;
        Ok(all)
    };
    Ok(Lineage::between(&read(survey.fiscal_year - 1)?, &read(survey.fiscal_year)?, ledger, survey.fiscal_year))
}

/// What only last year asked, in every scope that it was asked of.
fn gone(survey: &Survey, comparison: &Comparison, before: &Tabulation) -> Vec<(Scope, Gone)> {
    let mut all = Vec::new();
    for scope in Scope::all(survey) {
        let Some(scope_before) = scope.in_survey(survey, &comparison.before) else { continue };
        if before.populations.get(&scope_before).is_none_or(|population| population.members == 0) {
            continue;
        }
        let of = |gone: &&Gone| comparison.before.question(gone.question).sectors.contains(&scope_before.sector);
        all.extend(comparison.concordance.gone.iter().filter(of).map(|gone| (scope, gone.clone())));
    }
    all
}
