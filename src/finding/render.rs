//! Findings as text: one line each for the terminal, one JSON object each for programs.

use std::fmt::Write as _;

use serde_json::json;

use super::{Finding, Rule};

/// `warning[E03 item-nonresponse] [file.xlsx]点検票!F12: message`, with the help on a line of its own.
pub fn line(finding: &Finding) -> String {
    let Rule { code, name, .. } = finding.code.rule();
    let severity = finding.severity.word();
    format!("{severity}[{code} {name}] {}: {}\n    {}", finding.place, finding.message, finding.help)
}

/// All findings as JSON Lines, in the order given.
pub fn jsonl(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let Rule { code, name, .. } = finding.code.rule();
        let object = json!({
            "code": code,
            "name": name,
            "severity": finding.severity.word(),
            "institution": finding.institution,
            "file": finding.place.file(),
            "sheet": finding.place.sheet(),
            "cell": finding.place.cell().map(|cell| cell.to_string()),
            "message": finding.message,
            "help": finding.help,
        });
        writeln!(text, "{object}").expect("writing to a string cannot fail");
    }
    text
}

/// The page of a code: what it is, why it matters, an example, what to do.
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
