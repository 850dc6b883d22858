//! Findings as text: one line each for the terminal, one JSON object each for programs.

use std::fmt::Write as _;

use serde_json::json;

use super::{Finding, Frame, Place, Rule};

/// `warning[E03 item-nonresponse] [file.xlsx]点検票!F12: message`, with the help on a line of its own.
pub fn line(finding: &Finding) -> String {
    full(finding, None)
}

/// A finding in full: its line, the sheet around its cell, its help.
pub fn full(finding: &Finding, frame: Option<&Frame>) -> String {
    let Rule { code, name, .. } = finding.code.rule();
    let severity = finding.severity.word();
    // The text of a sheet cell may hold line breaks, and controls that a terminal would obey.
    let said = on_one_line(&format!("{}: {}", finding.place, finding.message));
    let drawn: String = frame.map(Frame::draw).iter().flat_map(|text| text.lines()).map(indented).collect();
    format!("{severity}[{code} {name}] {said}\n{drawn}    {}", finding.help)
}

fn on_one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

fn indented(line: &str) -> String {
    format!("    {line}\n")
}

/// All findings as JSON Lines, in the order given.
///
/// A finding about answers has the id of its first question, the ids of that question's items that it is about, and
/// the observed text; the others have null.
pub fn jsonl(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let Rule { code, name, .. } = finding.code.rule();
        let subject = finding.subject.as_deref();
        let question = subject.and_then(|subject| subject.prompts.first()).map(|(question, _)| question);
        let items = subject.map(|subject| -> Vec<&str> {
            let own = subject.prompts.iter().filter(|(other, item)| Some(other) == question && !item.is_empty());
            own.map(|(_, item)| item.as_str()).collect()
        });
        let object = json!({
            "finding": finding.id,
            "new": finding.is_new,
            "code": code,
            "name": name,
            "severity": finding.severity.word(),
            "institution": finding.institution,
            "file": finding.place.file(),
            "sheet": finding.place.sheet(),
            "cell": finding.place.cell().map(|cell| cell.to_string()),
            "question": question,
            "items": items,
            "observed": subject.map(|subject| &subject.observed),
            "edit": subject.map(|subject| &subject.edit).filter(|edit| !edit.is_empty()),
            "related": finding.related.iter().map(Place::to_string).collect::<Vec<_>>(),
            "message": finding.message,
            "help": finding.help,
        });
        writeln!(text, "{object}").expect("writing to a string cannot fail");
    }
    text
}

/// The page of a code: description, reason, example, remedy.
pub fn explanation(rule: &Rule) -> String {
    format!(
        "{} {} ({})\n\nWhat it is\n  {}\n\nWhy it matters\n  {}\n\nExample\n  {}\n\nWhat to do\n  {}\n",
        rule.code,
        rule.name,
        rule.severity.word(),
        rule.what,
        rule.why,
        rule.example,
        rule.remedy
    )
}
