//! The workbook of all queries for the desk: open queries with their effect, and replies.

use super::effect::{Effect, Points};
use super::query::{Query, QueryStatus};
use crate::survey::Survey;
use crate::texts::mark;
use crate::workbook_style::{Book, Cell, Column, Row, Sheet};

/// A query with its institution and its effect on the figures.
#[derive(Debug, Clone, Copy)]
pub struct Addressee<'a> {
    /// The query.
    pub query: &'a Query,
    /// The name of the institution.
    pub name: &'a str,
    /// The effect of its reply on the figures.
    pub effect: &'a Effect,
}

/// Describes the workbook of all queries, in the order given.
pub fn desk(survey: &Survey, queries: &[Addressee<'_>]) -> Book {
    let title = (survey.texts().desk.title)(&survey.year_name());
    let (open, closed): (Vec<&Addressee<'_>>, Vec<&Addressee<'_>>) =
        queries.iter().partition(|one| one.query.status == QueryStatus::Open);
    let sheets = vec![open_sheet(survey, &title, &open), closed_sheet(survey, &closed)];
    Book { language: survey.language, title, properties: Vec::new(), sheets }
}

fn question(survey: &Survey, query: &Query) -> String {
    let names: Vec<String> = query.prompts.iter().map(|&prompt| survey.prompt_name(prompt)).collect();
    match names.as_slice() {
        [] => survey.texts().desk.whole.to_owned(),
        [first] => first.clone(),
        [first, rest @ ..] => (survey.texts().desk.and_others)(first, rest.len()),
    }
}

fn rule(query: &Query) -> String {
    let code = query.code.rule().code;
    if query.edit.is_empty() { code.to_owned() } else { format!("{code} {}", query.edit) }
}

fn open_sheet(survey: &Survey, title: &str, queries: &[&Addressee<'_>]) -> Sheet {
    let texts = &survey.texts().desk;
    let widths = [16.0, 7.0, 18.0, 26.0, 24.0, 14.0, 20.0, 34.0, 10.0, 24.0];
    let row = |one: &&Addressee<'_>| {
        let Addressee { query, name, effect } = one;
        let points = if effect.points == Points::NONE { mark::NONE.to_owned() } else { effect.points.to_string() };
        Row::new([
            Cell::text(query.id.clone()),
            Cell::text(query.institution.clone()),
            Cell::text(*name),
            Cell::text(question(survey, query)),
            Cell::text(query.place.to_string()),
            Cell::text(rule(query)),
            Cell::text(query.answered.clone()),
            Cell::text(query.asked.clone()),
            Cell::text(points),
            Cell::text(effect.figure.clone()),
        ])
    };
    Sheet {
        name: texts.open_sheet.to_owned(),
        title: title.to_owned(),
        notes: texts.open_notes.map(|note| note(queries.len())).to_vec(),
        columns: Column::all(texts.open_columns, widths),
        rows: queries.iter().map(row).collect(),
        frozen_columns: 3,
        is_filtered: true,
        ..Sheet::default()
    }
}

fn closed_sheet(survey: &Survey, queries: &[&Addressee<'_>]) -> Sheet {
    let texts = &survey.texts().desk;
    let widths = [16.0, 7.0, 18.0, 26.0, 14.0, 20.0, 34.0, 10.0, 26.0, 10.0, 20.0];
    let row = |one: &&Addressee<'_>| {
        let Addressee { query, name, .. } = one;
        let outcome = match query.status {
            QueryStatus::Open => texts.open,
            QueryStatus::Confirmed => texts.confirmed,
            QueryStatus::Corrected => texts.corrected,
        };
        let year = query.settled_in.map(survey.texts().survey.year).unwrap_or_default();
        Row::new([
            Cell::text(query.id.clone()),
            Cell::text(query.institution.clone()),
            Cell::text(*name),
            Cell::text(question(survey, query)),
            Cell::text(rule(query)),
            Cell::text(query.answered.clone()),
            Cell::text(query.asked.clone()),
            Cell::text(outcome),
            Cell::text(query.reason.clone()),
            Cell::text(year),
            Cell::text(query.replied.as_ref().and_then(|place| place.file()).unwrap_or_default()),
        ])
    };
    Sheet {
        name: texts.closed_sheet.to_owned(),
        title: (texts.closed_title)(&survey.year_name()),
        notes: vec![(texts.closed_note)(queries.len())],
        columns: Column::all(texts.closed_columns, widths),
        rows: queries.iter().map(row).collect(),
        frozen_columns: 3,
        is_filtered: true,
        ..Sheet::default()
    }
}
