//! The workbook of all queries for the desk: open queries with their effect, and replies.

use super::effect::{Effect, Points};
use super::query::{Query, QueryStatus};
use crate::survey::Survey;
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
    let title = format!("照会一覧（{}）", survey.year_name());
    let (open, closed): (Vec<&Addressee<'_>>, Vec<&Addressee<'_>>) =
        queries.iter().partition(|one| one.query.status == QueryStatus::Open);
    let sheets = vec![open_sheet(survey, &title, &open), closed_sheet(survey, &closed)];
    Book { title, properties: Vec::new(), sheets }
}

fn question(survey: &Survey, query: &Query) -> String {
    let names: Vec<String> = query.prompts.iter().map(|&prompt| survey.prompt_name(prompt)).collect();
    match names.as_slice() {
        [] => "（点検票全体）".to_owned(),
        [first] => first.clone(),
        [first, rest @ ..] => format!("{first} ほか{}問", rest.len()),
    }
}

fn rule(query: &Query) -> String {
    let code = query.code.rule().code;
    if query.edit.is_empty() { code.to_owned() } else { format!("{code} {}", query.edit) }
}

fn open_sheet(survey: &Survey, title: &str, queries: &[&Addressee<'_>]) -> Sheet {
    let columns = vec![
        Column::new("照会番号", 16.0),
        Column::new("コード", 7.0),
        Column::new("金融機関名", 18.0),
        Column::new("設問", 26.0),
        Column::new("ファイル・シート・セル", 24.0),
        Column::new("点検ルール", 14.0),
        Column::new("回答", 20.0),
        Column::new("照会内容", 34.0),
        Column::new("影響（最大、ポイント）", 10.0),
        Column::new("影響を受ける図表", 24.0),
    ];
    let row = |one: &&Addressee<'_>| {
        let Addressee { query, name, effect } = one;
        let points = if effect.points == Points::NONE { "-".to_owned() } else { effect.points.to_string() };
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
        name: "照会中".to_owned(),
        title: title.to_owned(),
        notes: vec![
            format!("未回答の照会 {}件。公表図表への影響の大きい順。", queries.len()),
            "影響は、その先の回答が変わったときに公表図表の割合が動く幅の上限（ポイント）。「-」は公表図表に影響がない。".to_owned(),
        ],
        columns,
        rows: queries.iter().map(row).collect(),
        frozen_columns: 3,
        is_filtered: true,
        ..Sheet::default()
    }
}

fn closed_sheet(survey: &Survey, queries: &[&Addressee<'_>]) -> Sheet {
    let columns = vec![
        Column::new("照会番号", 16.0),
        Column::new("コード", 7.0),
        Column::new("金融機関名", 18.0),
        Column::new("設問", 26.0),
        Column::new("点検ルール", 14.0),
        Column::new("回答", 20.0),
        Column::new("照会内容", 34.0),
        Column::new("結果", 10.0),
        Column::new("理由・補足", 26.0),
        Column::new("確認した年度", 10.0),
        Column::new("返信のファイル", 20.0),
    ];
    let row = |one: &&Addressee<'_>| {
        let Addressee { query, name, .. } = one;
        let outcome = match query.status {
            QueryStatus::Open => "照会中",
            QueryStatus::Confirmed => "回答のとおり",
            QueryStatus::Corrected => "訂正",
        };
        let year = query.settled_in.map(|year| format!("{year}事務年度")).unwrap_or_default();
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
        name: "回答済み".to_owned(),
        title: format!("回答済みの照会（{}）", survey.year_name()),
        notes: vec![format!("回答のあった照会 {}件。前年度以前に確認済みのものを含む。", queries.len())],
        columns,
        rows: queries.iter().map(row).collect(),
        frozen_columns: 3,
        is_filtered: true,
        ..Sheet::default()
    }
}
