//! A reconciliation for programs: one JSON object a line, its keys sorted. `kind` is one of row, cell, group,
//! question, note, and the summary last.

use serde_json::{Value, json};

use super::counts::{Attainable, nearest};
use super::group::Group;
use super::partition::{Grounds, Partition};
use super::span::Span;
use super::table::Cell;
use super::{Extent, Reconciliation, Whole, sentences};

/// The reconciliation as JSON Lines. Spans are pairs of the lowest and the highest number, both included; percentages
/// are text, as printed; a field that does not apply is null.
pub fn jsonl(reconciliation: &Reconciliation, extent: Extent) -> String {
    let is_all = extent == Extent::All;
    let mut objects: Vec<Value> = Vec::new();
    for row in &reconciliation.unusable {
        objects.push(json!({
            "kind": "row", "line": row.line, "column": row.column, "observed": row.observed, "expected": row.expected,
        }));
    }
    for group in &reconciliation.groups {
        let positions = 0..group.cells.len();
        let cells = positions.map(|position| cell(group, position)).filter(|cell| is_all || is_flagged(cell));
        objects.extend(cells);
        if is_all || group.is_flagged() {
            objects.push(group_object(group));
        }
    }
    let wholes = reconciliation.wholes();
    objects.extend(wholes.iter().filter(|whole| is_all || whole.is_flagged()).map(question));
    objects.extend(reconciliation.notes.iter().map(|note| json!({ "kind": "note", "message": note })));
    objects.push(json!({
        "kind": "summary",
        "cells": reconciliation.cells().count(),
        "flagged": reconciliation.is_flagged(),
        "message": sentences::summary(reconciliation),
    }));
    objects.iter().map(|object| format!("{object}\n")).collect()
}

fn is_flagged(object: &Value) -> bool {
    object["flags"].as_array().is_some_and(|flags| !flags.is_empty())
}

fn span(span: Span) -> Value {
    json!([span.low, span.high])
}

fn attainable(one: &Attainable) -> Value {
    json!({ "percent": one.printed.to_string(), "counts": span(one.counts) })
}

fn cell(group: &Group, position: usize) -> Value {
    let cell: &Cell = &group.cells[position];
    let is_impossible = cell.counts().is_none();
    let mut flags = Vec::new();
    if is_impossible {
        flags.push("impossible");
    }
    if cell.count_gives().is_some() {
        flags.push("count");
    }
    let nearest = nearest(cell.percent, cell.base);
    let misprints = is_impossible.then(|| group.misprints(position).iter().map(attainable).collect::<Vec<_>>());
    json!({
        "kind": "cell",
        "line": cell.line,
        "fiscal_year": cell.fiscal_year,
        "sector": cell.sector,
        "subsector": cell.subsector,
        "figure": cell.figure,
        "question": cell.question,
        "item": cell.item,
        "option": cell.option,
        "percent": cell.percent.to_string(),
        "base": cell.base,
        "counts": cell.counts().map(span),
        "count": cell.count,
        "count_gives": cell.count_gives().map(|given| given.to_string()),
        "flags": flags,
        "nearest": nearest.map(|nearest| nearest.iter().map(attainable).collect::<Vec<_>>()),
        "misprints": misprints,
    })
}

fn group_object(group: &Group) -> Value {
    let (first, base) = (group.first(), group.base());
    let mut flags = Vec::new();
    if !group.impossible().is_empty() {
        flags.push("impossible");
    }
    if group.wrong_sum().is_some() {
        flags.push("sum");
    }
    let changes: Vec<Value> = group
        .changes()
        .iter()
        .map(|change| json!({ "line": group.cells[change.position].line, "to": attainable(&change.to) }))
        .collect();
    json!({
        "kind": "group",
        "fiscal_year": first.fiscal_year,
        "sector": first.sector,
        "subsector": first.subsector,
        "question": first.question,
        "item": first.item,
        "base": base,
        "lines": group.cells.iter().map(|cell| cell.line).collect::<Vec<_>>(),
        "partition": group.partition.as_ref().map(|partition| partition_object(group, partition)),
        "flags": flags,
        "suspect": group.suspect().map(|suspect| json!({
            "line": group.cells[suspect.position].line,
            "left": suspect.left.map(span),
        })),
        "changes": changes,
        "bases": bases(&group.possible_bases()),
    })
}

fn partition_object(group: &Group, partition: &Partition) -> Value {
    let grounds = match partition.grounds {
        Grounds::Definition => "definition",
        Grounds::Sum => "sum",
    };
    json!({
        "lines": partition.members.iter().map(|&member| group.cells[member].line).collect::<Vec<_>>(),
        "complete": partition.is_complete,
        "grounds": grounds,
        "sum": partition.sum(&group.cells, group.base()).map(span),
    })
}

fn question(whole: &Whole<'_>) -> Value {
    let first = whole.groups[0].first();
    json!({
        "kind": "question",
        "fiscal_year": first.fiscal_year,
        "sector": first.sector,
        "subsector": first.subsector,
        "question": first.question,
        "items": whole.groups.iter().map(|group| group.first().item.as_str()).collect::<Vec<_>>(),
        "base": first.base,
        "flagged": whole.is_flagged(),
        "bases": bases(&whole.possible_bases()),
    })
}

/// Runs of bases, from the largest down.
fn bases(runs: &[Span]) -> Vec<Value> {
    runs.iter().copied().map(span).collect()
}
