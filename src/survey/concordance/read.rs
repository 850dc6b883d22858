//! Reads the concordance of two years, and refuses what would make a misleading change: a question
//! of either year of which nothing is said, words called the same that are not, and percentages whose
//! bases do not mean the same.

use super::parts::{self, Paired, Side, comparability, fits, said};
use super::{Comparability, Concordance, Counterpart, Gone, Pairing, bases, likeness, wording};
use crate::survey::document::{Complaint, Document, Located, Section};
use crate::survey::question::{Question, QuestionIndex, Shown};

/// The questions of the two years.
pub struct Years<'a> {
    /// Those of this year.
    pub now: &'a [Question],
    /// Those of last year.
    pub before: &'a [Question],
}

impl Years<'_> {
    fn find(&self, questions: &[Question], name: &Located<String>, year: &str) -> Result<usize, Complaint> {
        questions.iter().position(|question| question.id == name.value).ok_or_else(|| {
            let help = "the years ask what `asked` of their files lists";
            name.complaint_with_help(format!("{year} does not ask `{}`", name.value), help)
        })
    }
}

/// The correspondence of the questions so far, while the file is read.
struct Draft {
    now: Vec<Option<(Located<String>, Counterpart<Pairing>)>>,
    is_before_known: Vec<bool>,
    gone: Vec<Gone>,
}

/// Reads the concordance; `None` where something is wrong with it.
pub fn read(document: &Document, years: &Years<'_>, complaints: &mut Vec<Complaint>) -> Option<Concordance> {
    let already = complaints.len();
    let table = document.parse(complaints)?;
    let mut root = Section::root(document, &table);
    let mut draft = Draft {
        now: years.now.iter().map(|_| None).collect(),
        is_before_known: vec![false; years.before.len()],
        gone: Vec::new(),
    };
    for name in root.texts("same", complaints) {
        read_same(&name, years, &mut draft, complaints);
    }
    for section in root.sections("question", complaints) {
        read_question(section, years, &mut draft, complaints);
    }
    let here = root.here();
    root.finish(complaints);
    if complaints.len() > already {
        return None;
    }
    tell_what_is_missing(&here, years, &draft, complaints);
    let (names, questions): (Vec<_>, Vec<_>) = draft.now.into_iter().flatten().unzip();
    if complaints.len() > already {
        return None;
    }
    draft.gone.sort_by_key(|gone| (gone.question, gone.item, gone.category));
    let mut concordance = Concordance { questions, gone: draft.gone };
    for (name, (position, question)) in names.iter().zip(years.now.iter().enumerate()) {
        let index = QuestionIndex::at(position);
        let Counterpart::Compared { with: pairing, .. } = concordance.question(index) else {
            continue;
        };
        let before = &years.before[pairing.before.position()];
        if let Some((why, help)) = likeness::mistake(pairing, question, before) {
            complaints.push(name.complaint_with_help(why, help));
        }
        if let Some(why) = bases::difference(&concordance, question, before, pairing, (years.now, years.before)) {
            let help = "say `broken` with the reason, or set right how the questions that decide who is asked compare";
            complaints.push(name.complaint_with_help(why, help));
            continue;
        }
        // A deciding question stands before those that depend on it, so that this goes down any chain.
        let gate = bases::gate(&concordance, question);
        if let Counterpart::Compared { with: pairing, .. } = &mut concordance.questions[position] {
            pairing.gate = gate;
        }
    }
    (complaints.len() == already).then_some(concordance)
}

fn tell_what_is_missing(here: &Located<()>, years: &Years<'_>, draft: &Draft, complaints: &mut Vec<Complaint>) {
    let mut tell = |year: &str, ids: Vec<&str>, cure: &str| {
        if !ids.is_empty() {
            let message = format!("nothing is said of these questions of {year}: {}", ids.join(", "));
            complaints.push(here.complaint_with_help(message, cure));
        }
    };
    let now = years.now.iter().zip(&draft.now).filter(|(_, found)| found.is_none());
    tell(
        "this year",
        now.map(|(question, _)| question.id.as_str()).collect(),
        "put them into `same`, or give each a [[question]] that pairs it with one of last year or says `new` or `broken` with the reason",
    );
    let before = years.before.iter().zip(&draft.is_before_known).filter(|(_, found)| !**found);
    tell(
        "last year",
        before.map(|(question, _)| question.id.as_str()).collect(),
        "name each as `before` of a [[question]], with `as = \"dropped\"` and the reason where nothing took its place",
    );
}

impl Draft {
    fn put(
        &mut self,
        position: usize,
        name: &Located<String>,
        counterpart: Counterpart<Pairing>,
        complaints: &mut Vec<Complaint>,
    ) {
        if self.now[position].replace((name.clone(), counterpart)).is_some() {
            complaints.push(name.complaint(format!("`{}` of this year stands twice", name.value)));
        }
    }
}

/// A question of the same id that both years ask in the same words.
fn read_same(name: &Located<String>, years: &Years<'_>, draft: &mut Draft, complaints: &mut Vec<Complaint>) {
    let found = years
        .find(years.now, name, "this year")
        .and_then(|now| years.find(years.before, name, "last year").map(|before| (now, before)));
    let (at_now, at_before) = match found {
        Ok(found) => found,
        Err(complaint) => return complaints.push(complaint),
    };
    let (now, before) = (&years.now[at_now], &years.before[at_before]);
    if let Some(what) = wording::structure(now, before) {
        return complaints
            .push(name.complaint(format!("`{}` is not the same in both years: {what} differ", name.value)));
    }
    if let Some((one, other)) = wording::difference(now, before) {
        return complaints.push(name.complaint_with_help(
            format!("`{}` is not asked in the same words: 「{one}」, last year 「{other}」", name.value),
            "give it a [[question]] with `as = \"reworded\"` and a `note`",
        ));
    }
    draft.is_before_known[at_before] = true;
    let pairing = by_ids(now, before, at_before, Comparability::Same, String::new());
    let counterpart = Counterpart::Compared { with: pairing, comparability: Comparability::Same, note: String::new() };
    draft.put(at_now, name, counterpart, complaints);
}

/// A pairing in which all parts have the same ids.
fn by_ids(now: &Question, before: &Question, at_before: usize, comparability: Comparability, note: String) -> Pairing {
    fn compared<T>(with: T, comparability: Comparability) -> Counterpart<T> {
        Counterpart::Compared { with, comparability, note: String::new() }
    }
    let option = |id: &str| before.option(id).expect("both years have the same options");
    let items = now.items.iter().map(|item| before.item(&item.id).expect("both years have the same items"));
    let nets = now.nets.iter().map(|net| before.net(&net.id).expect("both years have the same nets"));
    Pairing {
        before: QuestionIndex::at(at_before),
        note,
        gate: None,
        items: items.map(|item| compared(item, comparability)).collect(),
        options: now.options.iter().map(|one| compared(Shown::Option(option(&one.id)), comparability)).collect(),
        nets: nets.map(|net| compared(Shown::Net(net), comparability)).collect(),
    }
}

fn read_question(mut section: Section<'_>, years: &Years<'_>, draft: &mut Draft, complaints: &mut Vec<Complaint>) {
    let here = section.here();
    let name_now = section.optional_text("now", complaints);
    let name_before = section.optional_text("before", complaints);
    let word = section.optional_text("as", complaints);
    let note = said(section.optional_text("note", complaints));
    let reason = said(section.optional_text("reason", complaints));
    let items = section.sections("items", complaints);
    let options = section.sections("options", complaints);
    section.finish(complaints);
    let mut find = |name: &Option<Located<String>>, questions: &[Question], year: &str| match name {
        None => Some(None),
        Some(name) => match years.find(questions, name, year) {
            Ok(found) => Some(Some(found)),
            Err(complaint) => {
                complaints.push(complaint);
                None
            }
        },
    };
    let (at_now, at_before) = (find(&name_now, years.now, "this year"), find(&name_before, years.before, "last year"));
    let (Some(at_now), Some(at_before)) = (at_now, at_before) else { return };
    if let Some(at) = at_before {
        draft.is_before_known[at] = true;
    }
    let comparability = match &word {
        Some(word) => match comparability(word, complaints) {
            Some(comparability) => Some(comparability),
            None => return,
        },
        None => None,
    };
    let remark = |text: Option<Located<String>>| text.map(|text| text.value).unwrap_or_default();
    let name = name_now.or(name_before);
    let (Some(name), listed) = (name, !options.is_empty()) else {
        return complaints.push(here.complaint("neither `now` nor `before` names a question"));
    };
    match (comparability, at_now, at_before) {
        (None, Some(now), Some(before)) if listed => {
            let pair = Pair { now: &years.now[now], before: &years.before[before], at_before: before };
            let Some((pairing, gone)) = pair.read(items, options, remark(note), &here, complaints) else { return };
            draft.gone.extend(gone);
            let counterpart =
                Counterpart::Compared { with: pairing, comparability: Comparability::Net, note: String::new() };
            draft.put(now, &name, counterpart, complaints);
        }
        (None, ..) => complaints.push(here.complaint_with_help(
            "nothing says how the years compare here",
            "say it for the whole question in `as`, or pair its options and nets one by one in `options`",
        )),
        (Some(_), ..) if listed => {
            complaints.push(here.complaint(
                "`as` speaks of the whole question, `options` of its parts: only one of them may stand here",
            ));
        }
        (Some(Comparability::Same | Comparability::Net), ..) => complaints.push(here.complaint_with_help(
            "a whole question is not called `same` or `net` here",
            "what is the same stands in the list `same`; nets are paired under `options`",
        )),
        (Some(comparability), now, before) => {
            if let Err(mistake) = fits(comparability, now.is_some(), before.is_some(), note.is_some(), reason.is_some())
            {
                return complaints.push(here.complaint(mistake));
            }
            if let (Comparability::Reworded, Some(now), Some(before)) = (comparability, now, before) {
                let pair = Pair { now: &years.now[now], before: &years.before[before], at_before: before };
                let Some(pairing) = pair.reworded(remark(note), &name, complaints) else { return };
                let counterpart = Counterpart::Compared { with: pairing, comparability, note: String::new() };
                return draft.put(now, &name, counterpart, complaints);
            }
            // A question with one id in both years is neither new nor dropped.
            let other = match comparability {
                Comparability::New => Some(years.before),
                Comparability::Dropped => Some(years.now),
                _ => None,
            };
            if other.is_some_and(|questions| questions.iter().any(|question| question.id == name.value)) {
                let message = format!("`{}` is asked in both years: it is not {}", name.value, comparability.word());
                return complaints.push(name.complaint_with_help(message, "say `broken` with the reason"));
            }
            let reason = remark(reason);
            if let Some(before) = before {
                let question = QuestionIndex::at(before);
                let reason = reason.clone();
                draft.gone.push(Gone { question, item: None, category: None, comparability, reason });
            }
            if let Some(now) = now {
                draft.put(now, &name, Counterpart::Absent { comparability, reason }, complaints);
            }
        }
    }
}

/// Two questions that are paired.
struct Pair<'a> {
    now: &'a Question,
    before: &'a Question,
    at_before: usize,
}

impl Pair<'_> {
    /// All parts have the same ids, but not all the same words.
    fn reworded(&self, note: String, name: &Located<String>, complaints: &mut Vec<Complaint>) -> Option<Pairing> {
        let Pair { now, before, at_before } = *self;
        if let Some(what) = wording::structure(now, before) {
            complaints.push(name.complaint_with_help(
                format!("`{}` and `{}` differ in more than words: {what}", now.id, before.id),
                "pair their options one by one in `options`",
            ));
            return None;
        }
        if wording::difference(now, before).is_none() {
            let help = "put it into `same` where both years use one id, else pair its `options`";
            let message = format!("`{}` has the words that `{}` had last year", now.id, before.id);
            complaints.push(name.complaint_with_help(message, help));
            return None;
        }
        Some(by_ids(now, before, at_before, Comparability::Reworded, note))
    }

    /// The parts are paired one by one.
    fn read(
        &self,
        items: Vec<Section<'_>>,
        options: Vec<Section<'_>>,
        note: String,
        here: &Located<()>,
        complaints: &mut Vec<Complaint>,
    ) -> Option<(Pairing, Vec<Gone>)> {
        let Pair { now, before, at_before } = *self;
        let titles_differ = !wording::is_alike(&now.title, &before.title);
        let items = self.items(items, here, complaints)?;
        let categories =
            parts::read(options, (&categories(now), &categories(before)), titles_differ, here, complaints)?;
        let question = QuestionIndex::at(at_before);
        let gone_items = items.gone.into_iter().map(|(item, comparability, reason)| Gone {
            question,
            item: Some(item),
            category: None,
            comparability,
            reason,
        });
        let gone_categories = categories.gone.into_iter().map(|(category, comparability, reason)| Gone {
            question,
            item: None,
            category: Some(category),
            comparability,
            reason,
        });
        let gone = gone_items.chain(gone_categories).collect();
        let mut categories = categories.now;
        let nets = categories.split_off(now.options.len());
        let before = QuestionIndex::at(at_before);
        Some((Pairing { before, note, gate: None, items: items.now, options: categories, nets }, gone))
    }

    fn items(
        &self,
        written: Vec<Section<'_>>,
        here: &Located<()>,
        complaints: &mut Vec<Complaint>,
    ) -> Option<Paired<u16>> {
        let Pair { now, before, .. } = *self;
        let (of_now, of_before) = (items(now), items(before));
        if !written.is_empty() {
            return parts::read(written, (&of_now, &of_before), false, here, complaints);
        }
        let by_id: Option<Vec<u16>> = now.items.iter().map(|item| before.item(&item.id)).collect();
        let is_same = |(one, other): (usize, u16)| {
            wording::is_alike(&now.items[one].label, &before.items[usize::from(other)].label)
        };
        match by_id {
            Some(found) if now.items.len() == before.items.len() && found.iter().copied().enumerate().all(is_same) => {
                let compared =
                    |with| Counterpart::Compared { with, comparability: Comparability::Same, note: String::new() };
                Some(Paired { now: found.into_iter().map(compared).collect(), gone: Vec::new() })
            }
            _ => {
                let message = format!("the items of `{}` are not those of `{}`", now.id, before.id);
                complaints.push(here.complaint_with_help(message, "pair them one by one in `items`"));
                None
            }
        }
    }
}

fn items(question: &Question) -> Side<'_, u16> {
    let parts = (0..).zip(&question.items).map(|(at, item)| (at, item.id.as_str(), item.label.as_str()));
    Side { question: &question.id, what: "item", parts: parts.collect() }
}

fn categories(question: &Question) -> Side<'_, Shown> {
    let parts = question.categories();
    let parts = parts.map(|one| (one, question.category_id(one), question.category_label(one)));
    Side { question: &question.id, what: "option or net", parts: parts.collect() }
}
