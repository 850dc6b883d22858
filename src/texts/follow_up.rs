//! The texts of the follow-up: the workbook of an institution, and that of the desk.

/// The follow-up workbook of an institution. `ingest` recognises it by these texts when it comes back.
#[derive(Debug)]
pub struct InquiryTexts {
    /// The name of its sheet, with which the names of its files begin.
    pub sheet: &'static str,
    /// Characters of the title: a text without one of them is passed over at a look.
    pub signs: [char; 3],
    /// The title up to the fiscal year, and behind it.
    pub title_before_year: fn(survey: &str) -> String,
    pub title_after_year: &'static str,
    /// The address.
    pub addressee: fn(code: &str, name: &str) -> String,
    /// The request to look at so many queries.
    pub request: fn(count: usize) -> String,
    /// How to reply with either decision.
    pub instruction: fn(confirmed: &str, corrected: &str) -> String,
    /// How to send it back.
    pub sending: &'static str,
    pub footnote: &'static str,
    /// In the place of an answer that was not given.
    pub unanswered: &'static str,
    /// On the lines below the first of a query.
    pub related: &'static str,
    /// The headings of the columns.
    pub query: &'static str,
    pub question: &'static str,
    pub cell: &'static str,
    pub answered: &'static str,
    pub asked: &'static str,
    pub options: &'static str,
    pub decision: &'static str,
    pub corrected: &'static str,
    pub reason: &'static str,
    pub prompt: &'static str,
    pub institution: &'static str,
    pub given: &'static str,
    /// The decisions: the answer stands, or is corrected.
    pub is_confirmed: &'static str,
    pub is_corrected: &'static str,
    /// The possible answers: a number in its unit, a text, one of a list, several of a list.
    pub number: fn(unit: Option<&str>) -> String,
    pub text: &'static str,
    pub one_of: fn(list: &str) -> String,
    pub any_of: fn(list: &str) -> String,
}

/// The workbook of all queries for the desk.
#[derive(Debug)]
pub struct DeskTexts {
    /// The name of its file, without the ending.
    pub file: &'static str,
    /// The title of the workbook and of the sheet of open queries.
    pub title: fn(year: &str) -> String,
    /// The questions of a query: the questionnaire as a whole; several, of which the first is named.
    pub whole: &'static str,
    pub and_others: fn(first: &str, others: usize) -> String,
    /// A figure in print.
    pub figure: fn(sector: &str, number: Option<&str>, title: &str, label: &str) -> String,
    /// The sheet of open queries.
    pub open_sheet: &'static str,
    pub open_notes: [fn(count: usize) -> String; 2],
    /// Query, code, name, question, place, rule, answer, asked, effect, figure.
    pub open_columns: [&'static str; 10],
    /// The sheet of queries with a reply.
    pub closed_sheet: &'static str,
    pub closed_title: fn(year: &str) -> String,
    pub closed_note: fn(count: usize) -> String,
    /// Query, code, name, question, rule, answer, asked, outcome, reason, year, file.
    pub closed_columns: [&'static str; 11],
    /// The outcomes.
    pub open: &'static str,
    pub confirmed: &'static str,
    pub corrected: &'static str,
}
