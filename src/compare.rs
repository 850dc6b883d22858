//! From two years to what changed: percentage points in the cross-section and in the panel, and the
//! flows between the levels of ordinal questions.
//!
//! Figures are compared only as the survey's concordance pairs them, and institutions only as the institution ledger
//! links them. Each change comes with the facts that a reader needs to judge it: the weight of one institution, the
//! most that nonresponse could have made of it, and the share of it that is due to entrants and leavers.

mod change;
mod flow;
mod lineage;
mod panel;
mod points;
mod previous;
mod replies;
mod rows;
mod summary;
mod unexplained;

pub use change::{Change, Compared, Telling};
pub use flow::{Flow, Movement};
pub use lineage::{Fate, Lineage, Past, Remark};
pub use panel::{Both, Panel, Unit};
pub use points::{Difference, PercentagePoints, Share};
pub use previous::previous_answers;
pub use replies::{Replies, Reply};
pub use rows::{changes_csv, flows_csv, write};
pub use summary::summary;
pub use unexplained::unexplained;

use std::collections::BTreeMap;

use crate::store::{self, StoreError, TableFiles, tables};
use crate::survey::{
    Comparability, Comparison, Counterpart, Gone, InstitutionPlaces, Ledger, QuestionIndex, RosterPlaces, Survey,
};
use crate::tabulate::{Confidential, Population, Scope, Table, Tabulation};

/// The changes from last year.
#[derive(Debug)]
pub struct Changes {
    /// The changes of every question with options, in printed order.
    pub changes: Vec<Table<Confidential, Change>>,
    /// The flows of every ordinal question that both years asked, in printed order.
    pub flows: Vec<Table<Confidential, Flow>>,
    /// The figures that only last year had, by scope, each with the reason for having no change.
    pub gone: Vec<(Scope, Gone)>,
    /// How many each scope has and had, and how many of them came back.
    pub populations: BTreeMap<Scope, [Population; 2]>,
}

/// Compares a year with the year before: the distributions of both, and the answers of the institutions in both, by
/// `panel`.
pub fn compare(survey: &Survey, comparison: &Comparison, panel: &Panel, [now, before]: [&Tabulation; 2]) -> Changes {
    let of = |index: QuestionIndex| survey.question(index).kind.has_options();
    let changes = now.distributions.iter().filter(|table| of(table.question()));
    let changes = changes.map(|table| change::changes(survey, comparison, table, before, panel)).collect();
    let flows = (0..survey.questions.len()).map(QuestionIndex::at);
    let flows = flows.filter_map(|index| flow::flows(survey, comparison, index, panel)).collect();
    let populations = Scope::all(survey).map(|scope| {
        let of = |tabulation: &Tabulation, scope: Option<Scope>| {
            scope.and_then(|scope| tabulation.populations.get(&scope)).copied().unwrap_or_default()
        };
        (scope, [of(now, Some(scope)), of(before, scope.in_survey(survey, &comparison.before))])
    });
    let populations = populations.collect();
    Changes { changes, flows, gone: gone(survey, comparison, now, before), populations }
}

/// Compares the distributions of two years and nothing beside them: nobody counts as being in both.
pub fn cross_section(survey: &Survey, comparison: &Comparison, tabulations: [&Tabulation; 2]) -> Changes {
    compare(survey, comparison, &Panel::of_nobody(), tabulations)
}

/// The places of the institutions in last year's and this year's roster, as the store has them.
pub fn rosters(survey: &Survey, files: &dyn TableFiles) -> Result<BTreeMap<u16, RosterPlaces>, StoreError> {
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
    [survey.fiscal_year - 1, survey.fiscal_year].into_iter().map(|year| Ok((year, read(year)?))).collect()
}

/// The predecessors of each institution, by the rosters of both years and the ledger.
pub fn lineage(survey: &Survey, ledger: &Ledger, files: &dyn TableFiles) -> Result<Lineage, StoreError> {
    let rosters = rosters(survey, files)?;
    let (before, now) = (&rosters[&(survey.fiscal_year - 1)], &rosters[&survey.fiscal_year]);
    Ok(Lineage::between(before, now, ledger, survey.fiscal_year))
}

/// The figures that only last year had, in every scope that had them: those of the concordance, and the questions
/// that a scope was asked then and is not asked now.
fn gone(survey: &Survey, comparison: &Comparison, now: &Tabulation, before: &Tabulation) -> Vec<(Scope, Gone)> {
    let has_members = |tabulation: &Tabulation, scope: Scope| {
        tabulation.populations.get(&scope).is_some_and(|population| population.members > 0)
    };
    let mut all = Vec::new();
    for scope in Scope::all(survey) {
        let Some(scope_before) = scope.in_survey(survey, &comparison.before) else { continue };
        if !has_members(before, scope_before) {
            continue;
        }
        let is_asked_before =
            |question: QuestionIndex| comparison.before.question(question).sectors.contains(&scope_before.sector);
        let said = comparison.concordance.gone.iter().filter(|gone| is_asked_before(gone.question));
        all.extend(said.map(|gone| (scope, gone.clone())));
        let asked = (0..survey.questions.len()).map(QuestionIndex::at).filter_map(|index| {
            match comparison.concordance.question(index) {
                Counterpart::Compared { with, .. } => Some((index, with.before)),
                Counterpart::Absent { .. } => None,
            }
        });
        let left = asked.filter(|(index, earlier)| {
            let is_asked = survey.question(*index).sectors.contains(&scope.sector) && has_members(now, scope);
            is_asked_before(*earlier) && !is_asked
        });
        all.extend(left.map(|(_, question)| {
            let reason = change::not_asked_words(survey);
            let comparability = Comparability::Dropped;
            (scope, Gone { question, item: None, category: None, comparability, reason })
        }));
    }
    all
}
