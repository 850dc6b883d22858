//! A reconciliation for a terminal: the flagged groups, in the order of the table, and a summary last.

use super::group::Group;
use super::{Extent, Reconciliation, sentences};
use crate::finding::columns;

/// How many columns of a terminal a sentence takes at most, if its words allow it.
const WIDEST: usize = 100;

/// The reconciliation as text.
pub fn text(reconciliation: &Reconciliation, extent: Extent) -> String {
    let mut blocks = vec![rows(reconciliation)];
    let wholes = reconciliation.wholes();
    for (position, group) in reconciliation.groups.iter().enumerate() {
        blocks.push(group_block(group, extent));
        let is_last = |last: &&Group| std::ptr::eq(*last, &reconciliation.groups[position]);
        let ended = wholes.iter().find(|whole| whole.groups.last().is_some_and(is_last));
        if let Some(whole) = ended.filter(|whole| whole.is_flagged()) {
            let name = sentences::name(group.first(), false);
            let heading = format!("{name}, all {} items on {}", whole.groups.len(), group.base());
            blocks.push([vec![heading], wrapped("  ", &sentences::whole(whole))].concat());
        }
    }
    blocks.push(reconciliation.notes.iter().flat_map(|note| wrapped("", &format!("note: {note}"))).collect());
    blocks.push(sentences::advice(reconciliation).into_iter().flat_map(|advice| wrapped("", advice)).collect());
    blocks.push(vec![sentences::summary(reconciliation)]);
    let blocks = blocks.into_iter().filter(|block| !block.is_empty());
    let blocks: Vec<String> = blocks.map(|lines| lines.iter().map(|line| printable(line) + "\n").collect()).collect();
    blocks.join("\n")
}

/// Without the controls that a terminal would obey: a table may hold anything.
fn printable(line: &str) -> String {
    line.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

fn rows(reconciliation: &Reconciliation) -> Vec<String> {
    let rows = &reconciliation.unusable;
    let numbers = aligned_right(rows.iter().map(|row| row.line.to_string()));
    let names = aligned(rows.iter().map(|row| row.column.to_owned()));
    let lines = rows.iter().zip(numbers).zip(names);
    let lines = lines.map(|((row, number), name)| {
        let observed = if row.observed.is_empty() { "nothing".to_owned() } else { format!("「{}」", row.observed) };
        format!("  line {number}  {name}  {observed}, expected {}", row.expected)
    });
    let heading = (!rows.is_empty()).then(|| "Rows that cannot be used".to_owned());
    heading.into_iter().chain(lines).collect()
}

/// A group with the cells that need a look (or all of them), and their meaning.
fn group_block(group: &Group, extent: Extent) -> Vec<String> {
    let is_shown = |position: &usize| {
        let cell = &group.cells[*position];
        let is_in_sum = group.wrong_sum().is_some()
            && group.partition.as_ref().is_some_and(|partition| partition.members.contains(position));
        extent == Extent::All || is_in_sum || cell.counts().is_none() || cell.count_gives().is_some()
    };
    let shown: Vec<usize> = (0..group.cells.len()).filter(is_shown).collect();
    if shown.is_empty() {
        return Vec::new();
    }
    let column = |of: fn(&super::Cell) -> String| shown.iter().map(move |&position| of(&group.cells[position]));
    let numbers = aligned_right(column(|cell| cell.line.to_string()));
    let options = aligned(column(|cell| cell.option.clone()));
    let percents = aligned_right(column(|cell| cell.percent.to_string()));
    let mut lines = vec![format!("{}, base {}", sentences::name(group.first(), true), group.base())];
    for (((position, number), option), percent) in shown.iter().zip(numbers).zip(options).zip(percents) {
        let begin = format!("  line {number}  {option}  {percent}  ");
        let mut begin_or_blank = begin.clone();
        for said in sentences::cell(group, *position) {
            lines.push(begin_or_blank + &said);
            begin_or_blank = " ".repeat(width(&begin));
        }
    }
    lines.extend(sentences::group(group).iter().flat_map(|sentence| wrapped("  ", sentence)));
    lines
}

/// A sentence in lines, all but the first a little further in.
fn wrapped(indent: &str, sentence: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = indent.to_owned();
    for word in sentence.split(' ') {
        if line.trim().is_empty() {
            line.push_str(word);
        } else if width(&line) + 1 + width(word) <= WIDEST {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(line);
            line = format!("{indent}  {word}");
        }
    }
    lines.push(line);
    lines
}

/// How many columns of a terminal a text takes.
fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

fn blanks_to_widest(texts: impl Iterator<Item = String>) -> Vec<(String, String)> {
    let texts: Vec<String> = texts.collect();
    let widest = texts.iter().map(|text| width(text)).max().unwrap_or(0);
    texts.into_iter().map(|text| (" ".repeat(widest - width(&text)), text)).collect()
}

fn aligned(texts: impl Iterator<Item = String>) -> Vec<String> {
    blanks_to_widest(texts).into_iter().map(|(blanks, text)| text + &blanks).collect()
}

fn aligned_right(texts: impl Iterator<Item = String>) -> Vec<String> {
    blanks_to_widest(texts).into_iter().map(|(blanks, text)| blanks + &text).collect()
}
