//! The layout of a follow-up workbook (照会票): the printed words, by which it is written for an institution and
//! recognised when it comes back.

use crate::survey::{Kind, Question, Survey, comparable};
use crate::texts::{InquiryTexts, Language};

/// The columns of the table, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InquiryColumn {
    /// The number of the query.
    Query,
    /// The question as printed in the questionnaire.
    Question,
    /// Where the answer stands in the return.
    Cell,
    /// The institution's answer.
    Answered,
    /// The question to the institution.
    Asked,
    /// The options of the question.
    Options,
    /// Whether the answer stands; for the institution to fill in.
    Decision,
    /// The corrected answer; for the institution to fill in.
    Corrected,
    /// Why; for the institution to fill in.
    Reason,
    /// The ids of question and item; hidden.
    Prompt,
    /// The code of the institution; hidden.
    Institution,
    /// The answer of the query as a hash: it shows whether the answer has changed since; hidden.
    Given,
}

impl InquiryColumn {
    /// Every column, in order.
    pub const ALL: [InquiryColumn; 12] = [
        InquiryColumn::Query,
        InquiryColumn::Question,
        InquiryColumn::Cell,
        InquiryColumn::Answered,
        InquiryColumn::Asked,
        InquiryColumn::Options,
        InquiryColumn::Decision,
        InquiryColumn::Corrected,
        InquiryColumn::Reason,
        InquiryColumn::Prompt,
        InquiryColumn::Institution,
        InquiryColumn::Given,
    ];

    /// Its printed heading.
    pub fn heading(self, texts: &InquiryTexts) -> &'static str {
        match self {
            InquiryColumn::Query => texts.query,
            InquiryColumn::Question => texts.question,
            InquiryColumn::Cell => texts.cell,
            InquiryColumn::Answered => texts.answered,
            InquiryColumn::Asked => texts.asked,
            InquiryColumn::Options => texts.options,
            InquiryColumn::Decision => texts.decision,
            InquiryColumn::Corrected => texts.corrected,
            InquiryColumn::Reason => texts.reason,
            InquiryColumn::Prompt => texts.prompt,
            InquiryColumn::Institution => texts.institution,
            InquiryColumn::Given => texts.given,
        }
    }

    /// The column with this heading, in any language.
    pub fn find(text: &str) -> Option<InquiryColumn> {
        let text = comparable(text);
        InquiryColumn::ALL.into_iter().find(|column| is_one_of(&text, |texts| column.heading(texts)))
    }
}

/// A decision of an institution on its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The answer stands.
    Confirmed,
    /// It is corrected.
    Corrected,
}

impl Decision {
    /// Both, in the order of the drop-down list.
    pub const ALL: [Decision; 2] = [Decision::Confirmed, Decision::Corrected];

    /// The words in the drop-down list.
    pub fn words(self, texts: &InquiryTexts) -> &'static str {
        match self {
            Decision::Confirmed => texts.is_confirmed,
            Decision::Corrected => texts.is_corrected,
        }
    }

    /// The decision that a text says, in any language.
    pub fn find(text: &str) -> Option<Decision> {
        let text = comparable(text);
        Decision::ALL.into_iter().find(|decision| is_one_of(&text, |texts| decision.words(texts)))
    }
}

/// Whether a folded text is that of a catalogue, in any language.
fn is_one_of(folded: &str, text: impl Fn(&InquiryTexts) -> &'static str) -> bool {
    Language::ALL.into_iter().any(|language| comparable(text(&language.texts().inquiry)) == folded)
}

/// The title of a year's follow-up workbooks.
pub fn inquiry_title(survey: &Survey) -> String {
    let texts = &survey.texts().inquiry;
    format!("{}{}{}", (texts.title_before_year)(&survey.title), survey.fiscal_year, texts.title_after_year)
}

/// The beginning and the end of the title, between which the year stands.
pub fn inquiry_title_parts(survey: &Survey) -> (String, String) {
    let texts = &survey.texts().inquiry;
    (comparable(&(texts.title_before_year)(&survey.title)), comparable(texts.title_after_year))
}

/// The possible answers to a question, in words for the table.
pub fn inquiry_options(question: &Question, texts: &InquiryTexts) -> String {
    let numbered = question.options.iter().enumerate().map(|(place, option)| format!("{} {}", place + 1, option.label));
    let list = numbered.collect::<Vec<_>>().join("\n");
    match question.kind {
        Kind::Number => (texts.number)(question.unit.as_deref()),
        Kind::Text => texts.text.to_owned(),
        kind if kind.is_single() => (texts.one_of)(&list),
        _ => (texts.any_of)(&list),
    }
}
