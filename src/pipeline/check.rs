//! The definition of a year in short, for those who have just written it.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::PipelineError;
use super::run::load;
use crate::compare::Lineage;
use crate::survey::{DefinitionError, Ledger, Roster, Survey};

/// What to check, with the command line's wishes before the year file's.
#[derive(Debug, Clone)]
pub struct CheckSettings {
    /// The year's file.
    pub year_file: PathBuf,
    /// The ledger of institutions, if not the one that the year's file names.
    pub ledger: Option<PathBuf>,
    /// The roster, if not the one that the year's file names.
    pub roster: Option<PathBuf>,
}

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
    /// The ledger, where there is one.
    pub ledger: Option<LedgerReport>,
}

/// What a ledger amounts to.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerReport {
    /// Its rows.
    pub events: usize,
    /// The roster that it was or would be held against.
    pub roster: PathBuf,
    /// The years of the roster; `None` where the file that the year's file names is not there.
    pub roster_years: Option<Vec<u16>>,
    /// How many differences between the roster of this year and that of the year before it does not explain;
    /// `None` where there are not both.
    pub unexplained: Option<usize>,
}

/// Reads and validates the definition of a year, and its ledger with the roster if it is there.
/// Nothing else is read, and nothing written.
pub fn check(settings: &CheckSettings) -> Result<CheckReport, PipelineError> {
    let (survey, forms) = load(&settings.year_file)?;
    Ok(CheckReport {
        fiscal_year: survey.fiscal_year,
        questions: survey.questions.len(),
        prompts: survey.prompts().count(),
        sectors: survey.sectors.len(),
        edits: survey.edits.len(),
        figures: survey.figures.iter().map(|figure| figure.sectors.len()).sum(),
        forms: forms.len(),
        files: survey.sources.len(),
        ledger: check_ledger(settings, &survey)?,
    })
}

/// Says what is wrong with the definition of a year alone, as every run does before it begins; gives the
/// year.
pub fn check_definition(year_file: &Path) -> Result<u16, PipelineError> {
    let (survey, _) = load(year_file)?;
    Ok(survey.fiscal_year)
}

fn check_ledger(settings: &CheckSettings, survey: &Survey) -> Result<Option<LedgerReport>, DefinitionError> {
    let named = survey.comparison.as_ref().and_then(|comparison| comparison.ledger.as_ref());
    let mut complaints = Vec::new();
    let ledger = settings.ledger.as_ref().or(named).map(|path| Ledger::read(path, survey, &mut complaints));
    // Where collections lie is often not settled yet when the definition is written: a roster that
    // only the year's file names may be missing. Without a ledger it is not the definition's matter.
    let roster = settings.roster.as_ref().unwrap_or(&survey.roster);
    let is_read = settings.roster.is_some() || (ledger.is_some() && is_there(roster));
    let rosters = is_read.then(|| Roster::places_by_year(roster, survey)).and_then(|read| {
        let taken = read.map_err(|error| complaints.extend(error.complaints));
        taken.ok()
    });
    if let (Some(Some(ledger)), Some(rosters)) = (&ledger, &rosters) {
        complaints.extend(ledger.held_against(rosters));
    }
    DefinitionError::unless_empty(complaints)?;
    let unexplained = |ledger: &Ledger| {
        let year = survey.fiscal_year;
        let rosters = rosters.as_ref()?;
        let (before, now) = (rosters.get(&(year - 1))?, rosters.get(&year)?);
        Some(Lineage::between(before, now, ledger, year).remarks().len())
    };
    Ok(ledger.flatten().map(|ledger| LedgerReport {
        unexplained: unexplained(&ledger),
        events: ledger.events().len(),
        roster: roster.clone(),
        roster_years: rosters.as_ref().map(|rosters| rosters.keys().copied().collect()),
    }))
}

fn is_there(path: &Path) -> bool {
    path.try_exists().unwrap_or(true)
}
