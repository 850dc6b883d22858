//! The options of a table by a year's definition, and the errors that stop the comparison of a table with its bases.

use std::path::PathBuf;

use crate::survey::{DefinitionError, Survey, TableError};

/// Why a table cannot be held against its bases.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// The table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A definition has mistakes.
    #[error(transparent)]
    Definition(#[from] DefinitionError),
    /// Two definitions are of the same year.
    #[error("two definitions are of fiscal year {fiscal_year}\n  give --definition once for each year")]
    TwoDefinitions {
        /// The year.
        fiscal_year: u16,
    },
}

/// The definitions of the years that a table is about; there may be none.
#[derive(Debug, Default)]
pub struct Definitions {
    surveys: Vec<Survey>,
}

impl Definitions {
    /// Reads year files, one for each year.
    pub fn load(year_files: &[PathBuf]) -> Result<Definitions, ReconcileError> {
        let mut surveys: Vec<Survey> = Vec::with_capacity(year_files.len());
        for year_file in year_files {
            let survey = Survey::load(year_file)?;
            let fiscal_year = survey.fiscal_year;
            if surveys.iter().any(|other| other.fiscal_year == fiscal_year) {
                return Err(ReconcileError::TwoDefinitions { fiscal_year });
            }
            surveys.push(survey);
        }
        Ok(Definitions { surveys })
    }

    /// The definition for a year as the table writes it. A table without years is about the only
    /// definition there is.
    pub(super) fn of_year(&self, fiscal_year: &str) -> Option<&Survey> {
        match (fiscal_year, &self.surveys[..]) {
            ("", [only]) => Some(only),
            ("", _) => None,
            (year, surveys) => surveys.iter().find(|survey| survey.fiscal_year.to_string() == year),
        }
    }

    /// Whether no definition was given.
    pub(super) fn is_empty(&self) -> bool {
        self.surveys.is_empty()
    }
}
