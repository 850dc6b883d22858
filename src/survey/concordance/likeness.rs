//! Whether the answers that are compared can mean the same at all: as far as their parts tell.

use super::{Comparability, Counterpart, Pairing};
use crate::survey::question::{Question, Shown};

/// A compared pair with the options that each side stands for.
struct Pair<'a> {
    now: Shown,
    comparability: Comparability,
    note: &'a str,
    options: [Vec<u16>; 2],
    ids: [&'a str; 2],
    labels: [&'a str; 2],
}

/// The mistake in the pairing of two questions' answers, and its remedy.
pub(super) fn mistake(pairing: &Pairing, now: &Question, before: &Question) -> Option<(String, &'static str)> {
    let pairs = pairs(pairing, now, before);
    let nested = pairs
        .iter()
        .enumerate()
        .find_map(|(at, one)| pairs[at + 1..].iter().find_map(|other| contradiction(one, other)));
    crossed(&items(pairing, now, before), &labels_of_items(now), &labels_of_items(before))
        .or_else(|| {
            let pairs: Vec<_> = pairs.iter().map(|pair| (pair.ids, pair.labels)).collect();
            crossed(&pairs, &labels_of_answers(now), &labels_of_answers(before))
        })
        .or(nested)
        .or_else(|| pairs.iter().find_map(|pair| alone(pair, &pairs, now, before)))
        .or_else(|| unmatched(&pairs, now, before))
}

fn pairs<'a>(pairing: &'a Pairing, now: &'a Question, before: &'a Question) -> Vec<Pair<'a>> {
    let pair = |one: Shown| match pairing.category(one) {
        Counterpart::Compared { with, comparability, note } => Some(Pair {
            now: one,
            comparability: *comparability,
            note,
            options: [now.options_of(one), before.options_of(*with)],
            ids: [now.category_id(one), before.category_id(*with)],
            labels: [now.category_label(one), before.category_label(*with)],
        }),
        Counterpart::Absent { .. } => None,
    };
    now.categories().filter_map(pair).collect()
}

type Worded<'a> = ([&'a str; 2], [&'a str; 2]);

fn items<'a>(pairing: &Pairing, now: &'a Question, before: &'a Question) -> Vec<Worded<'a>> {
    let pairs = now.items.iter().zip(&pairing.items);
    let paired = pairs.filter_map(|(item, counterpart)| match counterpart {
        Counterpart::Compared { with, .. } => Some((item, &before.items[usize::from(*with)])),
        Counterpart::Absent { .. } => None,
    });
    paired.map(|(one, other)| ([one.id.as_str(), &other.id], [one.label.as_str(), &other.label])).collect()
}

fn labels_of_items(question: &Question) -> Vec<&str> {
    question.items.iter().map(|item| item.label.as_str()).collect()
}

fn labels_of_answers(question: &Question) -> Vec<&str> {
    question.categories().map(|one| question.category_label(one)).collect()
}

/// The mistake of comparing two wordings although one of them stands in both years.
fn crossed(pairs: &[Worded<'_>], now: &[&str], before: &[&str]) -> Option<(String, &'static str)> {
    let (ids, label) = pairs.iter().find_map(|(ids, labels)| {
        let [one, other] = *labels;
        let stands = |label: &str, among: &[&str]| among.iter().any(|words| super::wording::is_alike(label, words));
        if super::wording::is_alike(one, other) {
            return None;
        }
        let is_elsewhere = stands(one, before).then_some(one).or_else(|| stands(other, now).then_some(other));
        is_elsewhere.map(|label| (ids, label))
    })?;
    let message =
        format!("`{}` is compared with `{}`, but 「{label}」 stands in both years, in the same words", ids[0], ids[1]);
    Some((message, "compare what stands in both years with itself, or say `broken` with the reason"))
}

/// The contradiction between two pairs: one year nests or separates their answers, the other does not.
fn contradiction(one: &Pair<'_>, other: &Pair<'_>) -> Option<(String, &'static str)> {
    let relation = |year: usize| {
        let (a, b) = (&one.options[year], &other.options[year]);
        let is_within = |a: &[u16], b: &[u16]| a.iter().all(|option| b.contains(option));
        let is_apart = a.iter().all(|option| !b.contains(option));
        (is_within(a, b), is_within(b, a), is_apart)
    };
    if relation(0) == relation(1) {
        return None;
    }
    let message = format!(
        "`{}` and `{}` are compared with `{}` and `{}`, but these lie otherwise to each other (one within the other, or \
         apart): both pairs cannot mean the same",
        one.ids[0], other.ids[0], one.ids[1], other.ids[1]
    );
    Some((message, "say `broken` of one of the two, with the reason"))
}

/// The mistake of a pair by itself.
fn alone(pair: &Pair<'_>, pairs: &[Pair<'_>], now: &Question, before: &Question) -> Option<(String, &'static str)> {
    let [id, id_before] = pair.ids;
    let is_alike = super::wording::is_alike(pair.labels[0], pair.labels[1]);
    let is_plain = pair.options.iter().all(|options| options.len() == 1);
    let excludes = |question: &Question, options: &[u16]| {
        options.iter().all(|&option| question.options[usize::from(option)].exclusive)
    };
    if excludes(now, &pair.options[0]) != excludes(before, &pair.options[1]) {
        let message =
            format!("only one of `{id}` and `{id_before}` excludes the other answers: they do not mean the same");
        return Some((message, "say `broken` with the reason"));
    }
    if pair.comparability == Comparability::Net {
        if is_plain && !is_alike {
            let message = format!("`{id}` and `{id_before}` are single options with different words, not nets");
            return Some((message, "say `reworded` with a `note`, or `broken` with the reason"));
        }
        if !is_alike && pair.note.is_empty() {
            let message = format!("`{id}` and `{id_before}` are worded differently, and nothing says so");
            return Some((message, "add a `note`: readers have to know how"));
        }
        return None;
    }
    // A net is the same only if it is made of the same.
    let is_made_alike = is_plain
        || pair.options[0].len() == pair.options[1].len()
            && pair.options[0].iter().all(|option| {
                let of_option = pairs.iter().find(|other| other.now == Shown::Option(*option));
                of_option.is_some_and(|other| {
                    other.comparability != Comparability::Net && pair.options[1].contains(&other.options[1][0])
                })
            });
    if !is_made_alike {
        let message = format!("`{id}` and `{id_before}` are made of options that are not the same");
        return Some((message, "say `net`, with a `note` where the words differ"));
    }
    None
}

/// Where every single answer of one year is compared with something of the other, but not the other way
/// round: the compared shares make up the whole in one year and less in the other.
fn unmatched(pairs: &[Pair<'_>], now: &Question, before: &Question) -> Option<(String, &'static str)> {
    if !now.kind.is_single() {
        return None;
    }
    let left = |year: usize, question: &Question| -> Vec<String> {
        let is_left = |at: &u16| !pairs.iter().any(|pair| pair.options[year].contains(at));
        let options = (0..).zip(&question.options).filter(|(at, _)| is_left(at));
        options.map(|(_, option)| format!("`{}`", option.id)).collect()
    };
    let (left_now, left_before) = (left(0, now), left(1, before));
    let (whole, part, rest, year) = match (left_now.is_empty(), left_before.is_empty()) {
        (true, false) => (now, before, left_before, "last year"),
        (false, true) => (before, now, left_now, "this year"),
        _ => return None,
    };
    let message = format!(
        "every answer to `{}` is compared, but of `{}` {} of {year} stays out: those compared cannot all mean the same",
        whole.id,
        part.id,
        rest.join(", ")
    );
    Some((message, "say `broken` with the reason where an answer means something else"))
}
