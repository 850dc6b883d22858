//! The follow-up workbook of one institution (照会票).

use super::query::Query;
use crate::finding::Code;
use crate::form::{Decision, InquiryColumn, inquiry_options, inquiry_title};
use crate::survey::{Institution, Prompt, Survey};
use crate::texts::{InquiryTexts, Language, Texts};
use crate::workbook_style::{Book, Cell, Column, Row, Sheet};

/// Describes the open queries of an institution, in the order given: the question asked, the answer, the query on it,
/// and cells for the reply.
pub fn inquiry(survey: &Survey, institution: &Institution, queries: &[&Query]) -> Book {
    let texts = &survey.texts().inquiry;
    let title = inquiry_title(survey);
    let notes = vec![
        (texts.addressee)(&institution.code, &institution.name),
        (texts.request)(queries.len()),
        (texts.instruction)(Decision::Confirmed.words(texts), Decision::Corrected.words(texts)),
        texts.sending.to_owned(),
    ];
    let sheet = Sheet {
        name: texts.sheet.to_owned(),
        title: title.clone(),
        notes,
        columns: InquiryColumn::ALL.into_iter().map(|one| column(texts, one)).collect(),
        rows: queries.iter().flat_map(|query| rows(survey, institution, query)).collect(),
        footnotes: vec![texts.footnote.to_owned()],
        frozen_columns: 0,
        is_filtered: false,
        is_locked: true,
    };
    Book { language: survey.language, title, properties: Vec::new(), sheets: vec![sheet] }
}

/// The name of the file of an institution's workbook.
pub fn inquiry_file(survey: &Survey, code: &str) -> String {
    format!("{}{code}.xlsx", file_prefix(survey.texts(), survey.fiscal_year))
}

/// Whether a file is named as an institution's workbook of the year is, in any language.
pub fn is_inquiry_file(fiscal_year: u16, name: &str) -> bool {
    let code = |language: Language| {
        name.strip_prefix(&file_prefix(language.texts(), fiscal_year)).and_then(|rest| rest.strip_suffix(".xlsx"))
    };
    let is_code = |code: &str| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    Language::ALL.into_iter().filter_map(code).any(is_code)
}

fn file_prefix(texts: &Texts, fiscal_year: u16) -> String {
    format!("{}_{fiscal_year}_", texts.inquiry.sheet)
}

fn column(texts: &InquiryTexts, column: InquiryColumn) -> Column {
    let width = match column {
        InquiryColumn::Query => 16.0,
        InquiryColumn::Question => 22.0,
        InquiryColumn::Cell => 12.0,
        InquiryColumn::Answered => 18.0,
        InquiryColumn::Asked => 30.0,
        InquiryColumn::Options => 28.0,
        InquiryColumn::Decision => 12.0,
        InquiryColumn::Corrected => 14.0,
        InquiryColumn::Reason => 20.0,
        InquiryColumn::Prompt | InquiryColumn::Institution | InquiryColumn::Given => 12.0,
    };
    let described = Column::new(column.heading(texts), width);
    match column {
        InquiryColumn::Prompt | InquiryColumn::Institution | InquiryColumn::Given => described.hidden(),
        _ => described,
    }
}

/// The institution's answer, in the line of the answer: as it was written if the query is about one answer.
fn answered(texts: &InquiryTexts, query: &Query, position: usize) -> String {
    let shown = match query.answers.get(position) {
        Some(answer) if query.prompts.len() > 1 => answer,
        _ if position == 0 => &query.answered,
        _ => return String::new(),
    };
    if shown.is_empty() && !query.prompts.is_empty() { texts.unanswered.to_owned() } else { shown.clone() }
}

/// A line for each answer that the institution may correct.
fn rows(survey: &Survey, institution: &Institution, query: &Query) -> Vec<Row> {
    let texts = &survey.texts().inquiry;
    let place = match (query.place.sheet(), query.place.cell()) {
        (Some(sheet), Some(cell)) => format!("{sheet} {cell}"),
        (Some(sheet), None) => sheet.to_owned(),
        _ => String::new(),
    };
    let line = |position: usize, prompt: Option<Prompt>| {
        let question = prompt.map(|prompt| survey.question(prompt.question));
        let ids = prompt.map(|prompt| {
            let (question, item) = survey.prompt_ids(prompt);
            if item.is_empty() { question.to_owned() } else { format!("{question}/{item}") }
        });
        // Of blanks, every line is asked; of other queries the first, and the rest may be why.
        let first = position == 0 || query.code == Code::ItemNonresponse;
        Row::new(InquiryColumn::ALL.map(|column| match column {
            InquiryColumn::Query => Cell::text(query.id.clone()),
            InquiryColumn::Question => Cell::text(prompt.map(|one| survey.prompt_name(one)).unwrap_or_default()),
            InquiryColumn::Cell if position == 0 => Cell::text(place.clone()),
            InquiryColumn::Answered => Cell::text(answered(texts, query, position)),
            InquiryColumn::Asked if first => Cell::text(query.asked.clone()),
            InquiryColumn::Asked => Cell::text(texts.related),
            InquiryColumn::Cell => Cell::empty(),
            InquiryColumn::Options => Cell::text(question.map(|one| inquiry_options(one, texts)).unwrap_or_default()),
            InquiryColumn::Decision => Cell::empty().one_of(Decision::ALL.map(|one| one.words(texts))).open(),
            InquiryColumn::Corrected | InquiryColumn::Reason => Cell::empty().open(),
            InquiryColumn::Prompt => Cell::text(ids.clone().unwrap_or_default()),
            InquiryColumn::Institution => Cell::text(institution.code.to_string()),
            InquiryColumn::Given => Cell::text(query.given.get(position).cloned().unwrap_or_default()),
        }))
    };
    match query.prompts.as_slice() {
        [] => vec![line(0, None)],
        prompts => prompts.iter().enumerate().map(|(position, &prompt)| line(position, Some(prompt))).collect(),
    }
}
