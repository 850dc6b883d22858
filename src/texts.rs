//! The texts that readers and respondents read, in one catalogue per language.
//!
//! A [`Texts`] has a field for each text: a fixed one is a `&'static str`, a sentence with something to fill in is a
//! function. A language is one file with one value of this type, so a catalogue in which a text is missing does not
//! compile. To add a language: write that file after the model of `texts/japanese.rs`, and give [`Language`] its
//! variant.
//!
//! Not here: the words of the definition (titles, labels, notes), the findings and messages for the desk, and the
//! vocabulary that `ingest` recognises in workbooks, but for the program's own follow-up workbooks that come back.

mod certificate;
mod chart;
mod follow_up;
mod japanese;
pub mod mark;
mod note;
mod status;

pub use certificate::{CertificateTexts, LimitTexts, MarkTexts, OutcomeTexts};
pub use chart::{BaseTexts, ChartTexts};
pub use follow_up::{DeskTexts, InquiryTexts};
pub use note::NoteTexts;
pub use status::{FindingTexts, OutstandingTexts, SinceTexts, StatusTexts};

/// A language that readers and respondents read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Japanese.
    #[default]
    Japanese,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 1] = [Language::Japanese];

    /// Its catalogue.
    pub fn texts(self) -> &'static Texts {
        match self {
            Language::Japanese => &japanese::JAPANESE,
        }
    }
}

/// Every text of a language, by the document in which it stands.
#[derive(Debug)]
pub struct Texts {
    /// The tag of the language in HTML (BCP 47): `ja`.
    pub tag: &'static str,
    /// Lists and quotations.
    pub punctuation: PunctuationTexts,
    /// Names of the year and its questions.
    pub survey: SurveyTexts,
    /// The heads of tables: base and source.
    pub table: TableTexts,
    /// Answers as institutions and the desk read them.
    pub answer: AnswerTexts,
    /// Releases and their editions.
    pub release: ReleaseTexts,
    /// Figures.
    pub chart: ChartTexts,
    /// The certificate of a release.
    pub certificate: CertificateTexts,
    /// The revision note of a corrected edition.
    pub note: NoteTexts,
    /// The workbook on the state of the collection.
    pub status: StatusTexts,
    /// The follow-up workbook of an institution.
    pub inquiry: InquiryTexts,
    /// The workbook of all queries for the desk.
    pub desk: DeskTexts,
    /// Texts of the house style of every workbook.
    pub workbook: WorkbookTexts,
}

/// Lists and quotations.
#[derive(Debug)]
pub struct PunctuationTexts {
    /// Stands between the members of a list.
    pub comma: &'static str,
    /// Stands between several texts of one cell: the options that an answer chose, the reasons for it.
    pub slash: &'static str,
    /// A label within a sentence.
    pub quoted: fn(label: &str) -> String,
}

impl PunctuationTexts {
    /// A list of quoted labels.
    pub fn quoted_list<'a>(&self, labels: impl Iterator<Item = &'a str>) -> String {
        labels.map(self.quoted).collect::<Vec<_>>().join(self.comma)
    }
}

/// Names of the year and its questions.
#[derive(Debug)]
pub struct SurveyTexts {
    /// A fiscal year.
    pub year: fn(fiscal_year: u16) -> String,
    /// The number of a question.
    pub number: fn(number: u16) -> String,
    /// A question by number and title.
    pub question: fn(number: u16, title: &str) -> String,
    /// An item by the number of its question and its own, the title of the question and its label.
    pub item: fn(number: u16, item: u16, title: &str, label: &str) -> String,
    /// The same without the title of the question.
    pub item_alone: fn(number: u16, item: u16, label: &str) -> String,
    /// A category of a question or item.
    pub category: fn(name: &str, label: &str) -> String,
}

/// The heads of tables: base and source.
#[derive(Debug)]
pub struct TableTexts {
    /// The respondents who answered.
    pub base: &'static str,
    /// Those of them who passed a gate, given in words.
    pub base_behind_gate: fn(gate: &str) -> String,
    /// The respondents who gave one of these (quoted) answers to a question.
    pub gate: fn(title: &str, labels: &[String]) -> String,
    /// The respondents who answered in both years.
    pub base_of_both_years: &'static str,
    /// The returns of a year, as a source.
    pub source: fn(survey: &str, year: &str) -> String,
    /// The returns of two years.
    pub source_of_both_years: fn(survey: &str, before: &str, now: &str) -> String,
    /// The reason why a figure of another year has none of this year beside it.
    pub not_asked: fn(year: &str) -> String,
    /// The figures of a number question.
    pub mean: &'static str,
    pub first_quartile: &'static str,
    pub median: &'static str,
    pub third_quartile: &'static str,
}

/// Answers as institutions and the desk read them.
#[derive(Debug)]
pub struct AnswerTexts {
    /// No answer, within a sentence to an institution.
    pub none: &'static str,
    /// Last year's answer beside this year's.
    pub previous: fn(answer: &str) -> String,
    /// The states of what is not answered.
    pub not_asked: &'static str,
    pub item_nonresponse: &'static str,
    pub contradictory: &'static str,
    pub unreadable: &'static str,
    /// How an answer became another: by another workbook, by a reply to the follow-up.
    pub resubmission: &'static str,
    pub correction: &'static str,
}

/// Releases and their editions.
#[derive(Debug)]
pub struct ReleaseTexts {
    /// What everybody gets.
    pub public: &'static str,
    /// What the institutions get.
    pub feedback: &'static str,
    /// An edition by its number.
    pub edition: fn(number: u32) -> String,
    /// What is prepared and not released.
    pub draft: &'static str,
}

/// Texts of the house style of every workbook.
#[derive(Debug)]
pub struct WorkbookTexts {
    /// The name of the hidden sheet with the lists of drop-downs.
    pub lists: &'static str,
    /// The title and the text of the message about an entry that is not on the list.
    pub not_on_list: [&'static str; 2],
}
