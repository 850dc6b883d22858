//! Whether two questions are worded alike, and built alike.

use crate::survey::comparable;
use crate::survey::question::Question;

/// In what two questions are built differently, so that their parts cannot be paired by their ids.
pub(super) fn structure(now: &Question, before: &Question) -> Option<&'static str> {
    let ids = |question: &Question| -> [Vec<String>; 2] {
        let mut items: Vec<String> = question.items.iter().map(|item| item.id.clone()).collect();
        items.sort_unstable();
        let mut options: Vec<String> = question
            .options
            .iter()
            .map(|option| format!("{} {:?} {}", option.id, option.level, option.exclusive))
            .collect();
        options.sort_unstable();
        [items, options]
    };
    let ([items_now, options_now], [items_before, options_before]) = (ids(now), ids(before));
    let nets = |question: &Question| -> Vec<(String, Vec<String>)> {
        let name = |option: &u16| question.options[usize::from(*option)].id.clone();
        let mut nets: Vec<(String, Vec<String>)> =
            question.nets.iter().map(|net| (net.id.clone(), net.options.iter().map(name).collect())).collect();
        nets.iter_mut().for_each(|(_, options)| options.sort_unstable());
        nets.sort_unstable();
        nets
    };
    match () {
        () if now.kind != before.kind => Some("the kind of answer"),
        () if now.unit != before.unit => Some("the unit"),
        () if items_now != items_before => Some("the items"),
        () if options_now != options_before => Some("the options, their levels or what excludes the others"),
        () if nets(now) != nets(before) => Some("the nets"),
        () => None,
    }
}

/// The first words in which two questions of the same structure differ, as they are in both years.
pub(super) fn difference(now: &Question, before: &Question) -> Option<(String, String)> {
    let texts = |question: &Question| -> Vec<String> {
        let mut items: Vec<(&str, &str)> =
            question.items.iter().map(|item| (item.id.as_str(), item.label.as_str())).collect();
        items.sort_unstable();
        let mut options: Vec<(&str, &str)> =
            question.options.iter().map(|option| (option.id.as_str(), option.label.as_str())).collect();
        options.sort_unstable();
        let labels = items.into_iter().chain(options).map(|(_, label)| label.to_owned());
        std::iter::once(question.title.clone()).chain(labels).collect()
    };
    texts(now).into_iter().zip(texts(before)).find(|(one, other)| !is_alike(one, other))
}

/// Whether two wordings are the same but for width and white space.
pub(super) fn is_alike(one: &str, other: &str) -> bool {
    comparable(one) == comparable(other)
}
