//! Reads how the items, or the options and nets, of two questions pair up, where they are listed one
//! by one. Every one of either year has to be accounted for.

use super::wording::is_alike;
use super::{Comparability, Counterpart};
use crate::survey::document::{Complaint, Located, Section};

/// The parts of a question in one year that can be paired: its items, or its options and nets.
pub(super) struct Side<'a, T> {
    /// The id of the question.
    pub question: &'a str,
    /// The word for the parts in a message.
    pub what: &'static str,
    /// Each with its id and wording.
    pub parts: Vec<(T, &'a str, &'a str)>,
}

impl<T: Copy> Side<'_, T> {
    fn find(&self, name: &Located<String>, complaints: &mut Vec<Complaint>) -> Option<usize> {
        let found = self.parts.iter().position(|(_, id, _)| *id == name.value);
        if found.is_none() {
            let ids: Vec<&str> = self.parts.iter().map(|(_, id, _)| *id).collect();
            complaints.push(name.complaint_with_help(
                format!("`{}` has no {} `{}`", self.question, self.what, name.value),
                format!("it has: {}", ids.join(", ")),
            ));
        }
        found
    }
}

/// How they pair up.
pub(super) struct Paired<T> {
    /// For each of this year, in order.
    pub now: Vec<Counterpart<T>>,
    /// Those that only last year had, each with why.
    pub gone: Vec<(T, Comparability, String)>,
}

/// Reads a list of pairs. `titles_differ` says that the two questions are not asked in the same words.
pub(super) fn read<T: Copy>(
    sections: Vec<Section<'_>>,
    (now, before): (&Side<'_, T>, &Side<'_, T>),
    titles_differ: bool,
    list: &Located<()>,
    complaints: &mut Vec<Complaint>,
) -> Option<Paired<T>> {
    let mut found_now: Vec<Option<Counterpart<T>>> = now.parts.iter().map(|_| None).collect();
    let mut found_before = vec![false; before.parts.len()];
    let mut gone = Vec::new();
    let already = complaints.len();
    for mut section in sections {
        let here = section.here();
        let name_now = section.optional_text("now", complaints);
        let name_before = section.optional_text("before", complaints);
        let word = section.text("as", complaints);
        let note = said(section.optional_text("note", complaints));
        let reason = said(section.optional_text("reason", complaints));
        section.finish(complaints);
        let Some(word) = word else { continue };
        let Some(comparability) = comparability(&word, complaints) else { continue };
        let at_now = name_now.as_ref().map(|name| now.find(name, complaints));
        let at_before = name_before.as_ref().map(|name| before.find(name, complaints));
        if at_now == Some(None) || at_before == Some(None) {
            continue;
        }
        let (at_now, at_before) = (at_now.flatten(), at_before.flatten());
        if let Err(mistake) =
            fits(comparability, at_now.is_some(), at_before.is_some(), note.is_some(), reason.is_some())
        {
            complaints.push(word.complaint(mistake));
            continue;
        }
        let remark = note.or(reason).map(|text| text.value).unwrap_or_default();
        if let Some(at) = at_before
            && std::mem::replace(&mut found_before[at], true)
        {
            complaints.push(here.complaint(format!("`{}` of last year is paired twice", before.parts[at].1)));
        }
        if let (Some(one), Some(other)) = (at_now, at_before) {
            let is_reworded = titles_differ || !is_alike(now.parts[one].2, before.parts[other].2);
            if let Some(mistake) = honest(comparability, is_reworded) {
                complaints.push(word.complaint(mistake));
            }
        }
        if let (Some(at), false) = (at_before, comparability.is_compared()) {
            gone.push((at, comparability, remark.clone()));
        }
        let Some(at) = at_now else { continue };
        let counterpart = match at_before.filter(|_| comparability.is_compared()) {
            Some(with) => Counterpart::Compared { with: before.parts[with].0, comparability, note: remark },
            None => Counterpart::Absent { comparability, reason: remark },
        };
        if found_now[at].replace(counterpart).is_some() {
            complaints.push(here.complaint(format!("`{}` stands twice", now.parts[at].1)));
        }
    }
    let missing = |ids: Vec<&str>, year: &str| {
        list.complaint_with_help(
            format!("nothing is said of the {} {} of {year}", now.what, ids.join(", ")),
            "each has to be compared (same, reworded, net) or said to be broken, new or dropped, with the reason",
        )
    };
    let without_now = found_now.iter().zip(&now.parts).filter(|(found, _)| found.is_none());
    let without_now: Vec<&str> = without_now.map(|(_, (_, id, _))| *id).collect();
    let without_before = found_before.iter().zip(&before.parts).filter(|(found, _)| !**found);
    let without_before: Vec<&str> = without_before.map(|(_, (_, id, _))| *id).collect();
    if complaints.len() == already {
        if !without_now.is_empty() {
            complaints.push(missing(without_now, "this year"));
        }
        if !without_before.is_empty() {
            complaints.push(missing(without_before, "last year"));
        }
    }
    gone.sort_by_key(|(at, ..)| *at);
    let gone = gone.into_iter().map(|(at, comparability, reason)| (before.parts[at].0, comparability, reason));
    let gone = gone.collect();
    let now: Option<Vec<Counterpart<T>>> = found_now.into_iter().collect();
    Some(Paired { now: now?, gone })
}

/// A text that says something.
pub(super) fn said(text: Option<Located<String>>) -> Option<Located<String>> {
    text.filter(|text| !text.value.trim().is_empty())
}

/// The comparability that a word means.
pub(super) fn comparability(word: &Located<String>, complaints: &mut Vec<Complaint>) -> Option<Comparability> {
    let all = [
        Comparability::Same,
        Comparability::Reworded,
        Comparability::Net,
        Comparability::Broken,
        Comparability::New,
        Comparability::Dropped,
    ];
    let found = all.into_iter().find(|one| one.word() == word.value);
    if found.is_none() {
        complaints.push(word.complaint(format!(
            "`{}` says nothing of how two years compare, expected same, reworded, net, broken, new or dropped",
            word.value
        )));
    }
    found
}

/// Whether what is said fits together: which years it is about, and whether what a reader has to know
/// is there.
pub(super) fn fits(
    comparability: Comparability,
    now: bool,
    before: bool,
    note: bool,
    reason: bool,
) -> Result<(), &'static str> {
    match comparability {
        Comparability::New if !now || before => Err("what is new has `now` and no `before`"),
        Comparability::Dropped if now || !before => Err("what was dropped has `before` and no `now`"),
        _ if !now && !before => Err("neither `now` nor `before` says what is meant"),
        _ if comparability.is_compared() && !(now && before) => Err("what is compared has both `now` and `before`"),
        _ if comparability.is_compared() && reason => {
            Err("what is compared has a `note`; a `reason` says why there is nothing to compare")
        }
        Comparability::Reworded if !note => Err("what was reworded needs a `note`: readers have to know how"),
        _ if !comparability.is_compared() && note => Err("where there is nothing to compare, say why in `reason`"),
        _ if !comparability.is_compared() && !reason => Err("where there is nothing to compare, a `reason` says why"),
        _ => Ok(()),
    }
}

/// The mistake in calling a pair the same, or reworded.
fn honest(comparability: Comparability, is_reworded: bool) -> Option<&'static str> {
    match comparability {
        Comparability::Same if is_reworded => Some("the wording differs between the years: `reworded` with a `note`"),
        Comparability::Reworded if !is_reworded => Some("the wording is that of last year: `same`"),
        _ => None,
    }
}
