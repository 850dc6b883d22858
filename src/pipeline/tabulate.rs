//! The stage that tabulates a year.

use std::rc::Rc;

use super::run::{Run, Successor};
use super::{PipelineError, Stage};
use crate::tabulate::{self, Tabulation};

/// Tabulates the year; writes its distributions where that was asked for.
pub(super) fn tabulate(run: &Run<'_>, next: &mut Successor<'_>) -> Result<Rc<Tabulation>, PipelineError> {
    let survey = &run.survey;
    let tabulation = tabulate::tabulate(survey, &next.staging)?;
    if run.asks(Stage::Tabulate) {
        tabulate::write(survey, &tabulation, &mut next.staging)?;
        next.outputs.write("internal/distributions.csv", &tabulate::distributions_csv(survey, &tabulation))?;
        next.outputs.write("internal/numbers.csv", &tabulate::numbers_csv(survey, &tabulation))?;
    }
    Ok(Rc::new(tabulation))
}
