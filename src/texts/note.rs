//! The texts of the revision note.

/// The texts of the note that readers get with a corrected edition.
#[derive(Debug)]
pub struct NoteTexts {
    /// The name of its file, without the ending and the number of the edition.
    pub file: &'static str,
    /// The title of the page.
    pub title: &'static str,
    /// The heading, with the readers and the edition.
    pub heading: fn(circle: &str, edition: &str) -> String,
    /// The survey and the year.
    pub subject: fn(survey: &str, year: &str) -> String,
    /// The date and the reason of the correction.
    pub date: fn(date: &str) -> String,
    pub reason: fn(reason: &str) -> String,
    /// The edition that is corrected.
    pub corrects: fn(edition: &str) -> String,
    /// Figures of the year before are those of another edition.
    pub previous: &'static str,
    /// No figure is another.
    pub unchanged: &'static str,
    /// The columns: place, question, category, before, after.
    pub columns: [&'static str; 5],
    /// The legend under the table.
    pub legend: &'static str,
    /// The name of a sub-sector after that of its sector.
    pub place: fn(sector: &str, subsector: &str) -> String,
    /// A number of respondents; a count and its base; with a percentage.
    pub respondents: fn(number: i64) -> String,
    pub count_of_base: fn(count: i64, base: i64) -> String,
    pub count_of_base_with_percent: fn(count: i64, base: i64, percent: &str) -> String,
}
