//! Reads gates: a question that is asked only of those who gave certain earlier answers.

use super::document::{Complaint, Located};
use super::question::{Gate, Question};
use super::selection::Selection;

/// A gate as written, before its ids are looked up.
#[derive(Debug, Clone)]
pub(super) struct WrittenGate {
    pub question: Located<String>,
    pub any_of: Vec<Located<String>>,
}

/// Looks up the ids of a gate among the questions asked before.
pub(super) fn resolve(
    written: &WrittenGate,
    gated: &Question,
    earlier: &Selection,
    complaints: &mut Vec<Complaint>,
) -> Option<Gate> {
    let name = &written.question.value;
    let Some(index) = earlier.find(name) else {
        if earlier.is_broken(name) {
            return None;
        }
        complaints.push(written.question.complaint_with_help(
            format!("the gate of `{}` is `{name}`, which is not asked before it", gated.id),
            "a gate must be a question that the same year asks, and asks earlier",
        ));
        return None;
    };
    let deciding = earlier.question(index);
    if !deciding.items.is_empty() || deciding.options.is_empty() {
        complaints.push(
            written.question.complaint(format!(
                "`{name}` cannot be a gate: only a single or multiple choice can decide who is asked"
            )),
        );
        return None;
    }
    if gated.sectors.iter().any(|sector| !deciding.sectors.contains(sector)) {
        complaints.push(
            written
                .question
                .complaint(format!("`{}` is asked of a sector that is not asked its gate `{name}`", gated.id)),
        );
    }
    if written.any_of.is_empty() {
        complaints.push(written.question.complaint("the gate accepts no answer: nobody would be asked"));
    }
    let item_ids: Vec<Option<&str>> = match gated.items.as_slice() {
        [] => vec![None],
        items => items.iter().map(|item| Some(item.id.as_str())).collect(),
    };
    let mut accepted = Vec::with_capacity(item_ids.len());
    for item in item_ids {
        let mut options = Vec::with_capacity(written.any_of.len());
        for option in &written.any_of {
            let wanted = match (option.value.as_str(), item) {
                ("{item}", Some(id)) => id,
                ("{item}", None) => {
                    complaints
                        .push(option.complaint(format!("`{}` has no items, so {{item}} means nothing", gated.id)));
                    continue;
                }
                (id, _) => id,
            };
            match deciding.option(wanted) {
                Some(position) => options.push(position),
                None => complaints.push(option.complaint(format!("`{name}` has no option `{wanted}`"))),
            }
        }
        accepted.push(options);
    }
    Some(Gate { question: index, accepted })
}
