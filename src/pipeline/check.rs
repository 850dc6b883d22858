//! What a definition amounts to, for those who have just written it.

use std::path::Path;

use serde::Serialize;

use super::{PipelineError, load};

/// What a definition amounts to, for `check`.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// The year.
    pub fiscal_year: u16,
    /// Questions asked.
    pub questions: usize,
    /// Things asked, counting the items of grids.
    pub prompts: usize,
    /// Sectors.
    pub sectors: usize,
    /// Edits.
    pub edits: usize,
    /// Figures, counted once for each sector.
    pub figures: usize,
    /// Forms.
    pub forms: usize,
    /// Definition files that were read.
    pub files: usize,
}

/// Reads and validates the definition of a year, and nothing else.
pub fn check(year_file: &Path) -> Result<CheckReport, PipelineError> {
    let (survey, forms) = load(year_file)?;
    Ok(CheckReport {
        fiscal_year: survey.fiscal_year,
        questions: survey.questions.len(),
        prompts: survey.prompts().count(),
        sectors: survey.sectors.len(),
        edits: survey.edits.len(),
        figures: survey.figures.iter().map(|figure| figure.sectors.len()).sum(),
        forms: forms.len(),
        files: survey.sources.len(),
    })
}
