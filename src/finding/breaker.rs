//! The breaker: a defect that many workbooks have in the same way is one matter, and one finding.
//!
//! If the wrong form was sent out, or a heading of it was printed wrong, every workbook that comes
//! back has the same defect. Four hundred findings would bury the cause and all others with it, and
//! four hundred institutions would be asked about a mistake that is not theirs.

use std::collections::{BTreeMap, BTreeSet};

use super::{CellAddress, Code, Finding, Place, Severity};

/// From how many workbooks on the same finding is one matter.
const FEWEST: usize = 10;
/// And from which share of all: one in ten.
const ONE_IN: usize = 10;

/// The key of findings of different files that are the same.
type Likeness = (Code, Option<String>, Option<CellAddress>, String);

/// Puts findings together that stand in many of the workbooks in the same words and at the same place. Findings on
/// answers stay apart: each institution has to be asked.
pub fn gather(findings: Vec<Finding>, workbooks: usize) -> Vec<Finding> {
    let mut alike: BTreeMap<Likeness, Vec<usize>> = BTreeMap::new();
    for (position, finding) in findings.iter().enumerate().filter(|(_, finding)| is_of_the_form(finding)) {
        let sheet = finding.place.sheet().map(str::to_owned);
        let likeness = (finding.code, sheet, finding.place.cell(), finding.message.clone());
        alike.entry(likeness).or_default().push(position);
    }
    let is_common = |group: &Vec<usize>| group.len() >= FEWEST && group.len() * ONE_IN >= workbooks;
    let common: Vec<Vec<usize>> = alike.into_values().filter(is_common).collect();
    if common.is_empty() {
        return findings;
    }
    let mut gathered: Vec<Finding> =
        common.iter().map(|group| one_for(group.iter().map(|&position| &findings[position]), workbooks)).collect();
    let gone: BTreeSet<usize> = common.into_iter().flatten().collect();
    let kept = findings.into_iter().enumerate().filter(|(position, _)| !gone.contains(position));
    gathered.extend(kept.map(|(_, finding)| finding));
    gathered
}

/// Whether a finding is about the file or what is printed in it, and needs a look.
fn is_of_the_form(finding: &Finding) -> bool {
    let is_of_the_file = finding.code.rule().code.starts_with('F');
    let is_of_the_print = matches!(
        finding.code,
        Code::NoCoverSheet
            | Code::OtherYear
            | Code::QuestionNotFound
            | Code::OptionNotFound
            | Code::LabelChanged
            | Code::AnswerColumnNotFound
            | Code::TwoAnswerColumns
            | Code::OtherForm
            | Code::TooLittleRead
    );
    (is_of_the_file || is_of_the_print) && finding.severity > Severity::Information && finding.place.file().is_some()
}

fn one_for<'f>(findings: impl Iterator<Item = &'f Finding>, workbooks: usize) -> Finding {
    let mut findings: Vec<&Finding> = findings.collect();
    findings.sort_by(|a, b| a.place.cmp(&b.place));
    let first = findings[0];
    let rule = first.code.rule();
    let place = match (first.place.sheet(), first.place.cell()) {
        (Some(sheet), Some(cell)) => format!(" at {sheet}!{cell}"),
        (Some(sheet), None) => format!(" on {sheet}"),
        _ => String::new(),
    };
    let message = format!(
        "{} of {workbooks} workbooks have the same defect{place}: {} ({} {}), such as {}",
        findings.len(),
        first.message,
        rule.code,
        rule.name,
        first.place
    );
    let code = Code::SameInMany;
    // The help for one file fits many; a form is mended at its source.
    let help = if rule.code.starts_with('F') { &first.help } else { code.rule().remedy };
    // Each workbook that comes changes the numbers and the example; the defect stays the same.
    let cause = format!("{}{place}: {}", rule.code, first.message);
    let mut finding = Finding::new(code, Place::Collection, message, help).caused_by(cause);
    finding.related = findings.iter().map(|finding| finding.place.clone()).collect();
    finding
}
