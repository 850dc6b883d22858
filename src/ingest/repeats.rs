//! Several workbooks of one institution: their order, and which one counts.

use super::submission::{Status, Submission};
use crate::finding::{Code, Finding, Place};

/// Puts the workbooks in order, and decides which one counts where an institution sent several:
/// the last in file order.
pub(super) fn settle(submissions: &mut [Submission], findings: &mut Vec<Finding>) {
    // No two files have the same name, so the order is total and an unstable sort, which needs no
    // second copy of the list, gives the same every time.
    submissions.sort_unstable_by(|a, b| {
        let unknown = |one: &Submission| one.institution.is_none();
        let by_institution = unknown(a).cmp(&unknown(b)).then_with(|| a.institution.cmp(&b.institution));
        let by_institution = by_institution.then_with(|| a.reply.is_some().cmp(&b.reply.is_some()));
        by_institution.then_with(|| name_order(&a.file).cmp(&name_order(&b.file)))
    });
    let is_kin = |a: &Submission, b: &Submission| {
        a.institution.is_some() && a.institution == b.institution && a.reply.is_some() == b.reply.is_some()
    };
    for group in submissions.chunk_by_mut(is_kin) {
        let Some(institution) = group[0].institution.clone() else { continue };
        for (position, submission) in group.iter_mut().enumerate() {
            submission.received = u32::try_from(position + 1).expect("an institution sends few workbooks");
        }
        // Every reply to the follow-up counts, one after the other.
        if group[0].reply.is_some() {
            continue;
        }
        let Some(last) = group.iter().rposition(|submission| submission.status == Status::Accepted) else { continue };
        let (counts, counted_id) = (group[last].file.clone(), group[last].id);
        for submission in group[..last].iter_mut().filter(|submission| submission.status == Status::Accepted) {
            submission.status = Status::Superseded;
            // Its answers do not count, so nobody has to ask about them.
            findings.retain(|finding| finding.place.file() != Some(&submission.file));
            submission.reason = format!("{counts} of the same institution counts").into();
            let (code, what) = if submission.id == counted_id {
                (Code::SameFileTwice, "is a copy of")
            } else {
                (Code::RepeatedInstitution, "is of the same institution as")
            };
            let message = format!("the workbook {what} [{counts}], which counts");
            let place = Place::File(submission.file.to_string());
            findings.push(Finding::new(code, place, message, code.rule().remedy).of(&institution));
        }
    }
}

/// File names in the order in which people number them: `x.xlsx` before `x (2).xlsx`, that before
/// `x (10).xlsx`, and all before `x_再提出.xlsx`. The name without its ending is compared first,
/// digits as the number they spell.
fn name_order(file: &str) -> (Vec<(&str, u64)>, &str) {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let mut pieces = Vec::new();
    let mut rest = stem;
    while !rest.is_empty() {
        let text = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (before, digits) = rest.split_at(text);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        pieces.push((before, digits[..end].parse().unwrap_or(0)));
        rest = &digits[end..];
    }
    (pieces, file)
}
