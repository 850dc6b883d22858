//! The layout of a follow-up workbook (照会票): the printed words, by which it is written for an institution and
//! recognised when it comes back.

use crate::survey::{Kind, Question, Survey, comparable};

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
    pub fn heading(self) -> &'static str {
        match self {
            InquiryColumn::Query => "照会番号",
            InquiryColumn::Question => "設問",
            InquiryColumn::Cell => "シート・セル",
            InquiryColumn::Answered => "ご回答",
            InquiryColumn::Asked => "照会内容",
            InquiryColumn::Options => "選択肢",
            InquiryColumn::Decision => "回答区分",
            InquiryColumn::Corrected => "訂正後のご回答",
            InquiryColumn::Reason => "理由・補足",
            InquiryColumn::Prompt => "設問ID",
            InquiryColumn::Institution => "金融機関コード",
            InquiryColumn::Given => "回答識別",
        }
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
    pub fn words(self) -> &'static str {
        match self {
            Decision::Confirmed => "回答のとおり",
            Decision::Corrected => "訂正する",
        }
    }

    /// The decision that a text says.
    pub fn find(text: &str) -> Option<Decision> {
        Decision::ALL.into_iter().find(|decision| comparable(decision.words()) == comparable(text))
    }
}

/// The title of a year's follow-up workbooks.
pub fn inquiry_title(survey: &Survey) -> String {
    format!("{}　照会票（{}）", survey.title, survey.year_name())
}

/// The beginning and the end of the title, between which the year stands.
pub fn inquiry_title_parts(survey: &Survey) -> (String, String) {
    (comparable(&format!("{}　照会票（", survey.title)), comparable("事務年度）"))
}

/// The possible answers to a question, in words for the table.
pub fn inquiry_options(question: &Question) -> String {
    let numbered = question.options.iter().enumerate().map(|(place, option)| format!("{} {}", place + 1, option.label));
    match question.kind {
        Kind::Number => format!("数値{}", question.unit.as_ref().map(|unit| format!("（{unit}）")).unwrap_or_default()),
        Kind::Text => "自由記載".to_owned(),
        kind if kind.is_single() => format!("次の一つ\n{}", numbered.collect::<Vec<_>>().join("\n")),
        _ => format!("次のうち当てはまるものすべて\n{}", numbered.collect::<Vec<_>>().join("\n")),
    }
}
