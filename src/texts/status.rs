//! The texts of the workbook on the state of the collection.

/// The texts of the workbook, and of its first sheet: the state by sector.
#[derive(Debug)]
pub struct StatusTexts {
    /// The title among the workbook's properties.
    pub book: fn(year: &str, survey: &str) -> String,
    /// The line under the title of a sheet.
    pub subtitle: fn(year: &str, survey: &str) -> String,
    /// The name and title of the first sheet.
    pub sheet: &'static str,
    /// Sector, sub-sector, asked, received, accepted, rejected, outstanding, rate, open queries.
    pub columns: [&'static str; 9],
    pub footnotes: [&'static str; 3],
    /// The line of all sectors together.
    pub whole: &'static str,
    /// The institutions without a usable return.
    pub outstanding: OutstandingTexts,
    /// The findings.
    pub findings: FindingTexts,
    /// The changes since a release.
    pub since: SinceTexts,
}

/// The sheet of institutions without a usable return.
#[derive(Debug)]
pub struct OutstandingTexts {
    pub sheet: &'static str,
    pub note: fn(subtitle: &str, count: usize) -> String,
    /// Code, name, sector, sub-sector, state, files, reasons.
    pub columns: [&'static str; 7],
    /// The states: nothing came; what came cannot be used.
    pub nothing_came: &'static str,
    pub unusable: &'static str,
    /// A file that cannot be used and does not say whose it is.
    pub unattributed: fn(file: &str, reason: &str) -> String,
}

/// The sheet of findings.
#[derive(Debug)]
pub struct FindingTexts {
    pub sheet: &'static str,
    pub note: fn(subtitle: &str, errors: usize, warnings: usize, information: usize, new: usize) -> String,
    /// Id, new, severity, institution, place, message.
    pub columns: [&'static str; 6],
    pub footnotes: [&'static str; 2],
    /// The mark of a new finding.
    pub new: &'static str,
    /// The severities.
    pub error: &'static str,
    pub warning: &'static str,
    pub information: &'static str,
}

/// The sheet of changes since a release.
#[derive(Debug)]
pub struct SinceTexts {
    pub sheet: &'static str,
    pub title: &'static str,
    /// Of an edition of a circle: the counts of changes, a list of [`SinceTexts::count`].
    pub note: fn(circle: &str, edition: &str, time: &str, list: &str) -> String,
    pub count: fn(kind: &str, count: usize) -> String,
    /// Circle, edition, code, name, change, answers, questions, places then and now.
    pub columns: [&'static str; 9],
    /// The kinds of change: a return came, has other answers, no longer counts, stands in other sectors.
    pub new: &'static str,
    pub changed: &'static str,
    pub withdrawn: &'static str,
    pub moved: &'static str,
}
