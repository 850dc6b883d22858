//! Documents that came with returns and are none, such as a letter: information where a return of
//! whoever sent them is there, and an error where nothing else came from it.

use super::sender;
use crate::finding::{Code, Finding};
use crate::ingest::arrival::submission::Submission;
use crate::survey::Roster;

/// Decides what each document is. One whose name points to an institution of which there is nothing
/// else stands for its return; any other lies beside the returns.
pub(in crate::ingest) fn settle(
    letters: Vec<(Submission, Vec<Finding>)>,
    submissions: &mut Vec<Submission>,
    findings: &mut Vec<Finding>,
    roster: &Roster,
    fiscal_year: u16,
) {
    let institutions = roster.institutions();
    for (mut letter, noticed) in letters {
        let sender = sender::named_by(&letter.file, &institutions, fiscal_year).map(|one| one.code.clone());
        let came_alone = sender.as_deref().is_some_and(|code| submissions.iter().all(|one| one.sender() != Some(code)));
        if came_alone {
            letter.presumed = sender;
            submissions.push(letter);
            findings.extend(noticed);
        } else {
            findings.extend(noticed.into_iter().map(beside_workbooks));
        }
    }
}

/// The finding about a document, as one about what lies beside workbooks.
pub(in crate::ingest) fn beside_workbooks(finding: Finding) -> Finding {
    let code = Code::BesideWorkbooks;
    let what = finding.message.trim_end_matches(", expected a workbook");
    Finding::new(code, finding.place, format!("passed over: {what}"), code.rule().remedy)
}
