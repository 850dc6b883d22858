//! The status for a terminal: a table whose columns stand under each other although Japanese
//! characters are twice as wide as Latin ones.

use std::fmt::Write as _;

use super::{Findings, Line, Outstanding, Status, Unusable};

/// How many institutions and files are listed; the rest are counted.
const SHOWN: usize = 40;
const HEADINGS: [&str; 7] = ["asked", "received", "accepted", "rejected", "outstanding", "rate %", "open queries"];

/// The status as text.
pub fn text(status: &Status) -> String {
    let mut text = format!("FY{} {}\n", status.fiscal_year, status.title);
    let names: Vec<String> = status.lines.iter().map(indented).collect();
    let width = names.iter().map(|name| columns(name)).max().unwrap_or(0);
    let headings: Vec<&str> = HEADINGS.to_vec();
    push_row(&mut text, "", width, &headings);
    for (line, name) in status.lines.iter().zip(&names) {
        let counts = line.counts;
        let rate = line.response_rate.map_or_else(|| "-".to_owned(), |rate| rate.to_string());
        let cells = [
            counts.asked.to_string(),
            counts.received.to_string(),
            counts.accepted.to_string(),
            counts.rejected.to_string(),
            counts.outstanding.to_string(),
            rate,
            counts.open_queries.to_string(),
        ];
        push_row(&mut text, name, width, &cells.each_ref().map(String::as_str));
    }
    push_list(&mut text, "not answered", &status.outstanding, describe);
    for since in &status.since_release {
        let (circle, edition, time) = (since.circle, since.edition, &since.released_at);
        writeln!(text, "since the {circle} release, edition {edition} of {time}: {}", since.words())
            .expect("writing to a string cannot fail");
    }
    if status.findings != Findings::default() {
        writeln!(text, "findings: {}", status.findings.words()).expect("writing to a string cannot fail");
    }
    push_list(&mut text, "cannot be used, sender unknown", &status.unattributed, describe_file);
    text
}

fn indented(line: &Line) -> String {
    let depth = usize::from(!line.sector.is_empty()) + usize::from(!line.subsector.is_empty());
    format!("{}{}", "  ".repeat(depth), line.name)
}

fn push_row(text: &mut String, name: &str, width: usize, cells: &[&str]) {
    let mut row = format!("  {}", padded(name, width));
    for (cell, heading) in cells.iter().zip(HEADINGS) {
        write!(row, "  {cell:>width$}", width = heading.len()).expect("writing to a string cannot fail");
    }
    text.push_str(row.trim_end());
    text.push('\n');
}

fn push_list<T>(text: &mut String, what: &str, list: &[T], describe: impl Fn(&T) -> String) {
    if list.is_empty() {
        return;
    }
    let mut push = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    push(format!("{what}: {}", list.len()));
    list.iter().take(SHOWN).map(describe).for_each(&mut push);
    if list.len() > SHOWN {
        push(format!("  … and {} more", list.len() - SHOWN));
    }
}

fn describe(one: &Outstanding) -> String {
    let sectors: Vec<String> = one
        .sectors
        .iter()
        .map(|name| {
            if name.subsector.is_empty() { name.sector.clone() } else { format!("{} {}", name.sector, name.subsector) }
        })
        .collect();
    let came = if one.came.is_empty() {
        "nothing came".to_owned()
    } else {
        format!("{} came and cannot be used", one.came.len())
    };
    let mut text = format!("  {} {} ({}): {came}", one.institution, one.name, sectors.join(", "));
    for file in &one.came {
        text.push_str("\n  ");
        text.push_str(&describe_file(file));
    }
    text
}

fn describe_file(file: &Unusable) -> String {
    format!("  [{}] {}", file.file, file.reason)
}

/// A text with blanks behind it, up to this many columns of a terminal.
fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// How many columns of a terminal a text takes.
fn columns(text: &str) -> usize {
    text.chars().map(|character| if is_wide(character) { 2 } else { 1 }).sum()
}

/// Whether a character takes two columns: the wide and full-width ranges of Japanese text
/// (Unicode Standard Annex 11, East Asian Width).
fn is_wide(character: char) -> bool {
    matches!(u32::from(character),
        0x1100..=0x115F | 0x2E80..=0x303E | 0x3041..=0x4DBF | 0x4E00..=0xA4CF | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x2_0000..=0x3_FFFD)
}
