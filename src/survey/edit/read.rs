//! Reads the file of edits: ids looked up, each condition checked against the questionnaire.

use std::collections::BTreeMap;

use super::{Choose, Condition, Edit, EditCase, EditKind, EditStatus, Interval, Wording, Year, consistency};
use crate::finding::{Code, Severity};
use crate::survey::document::{Complaint, Document, Located, Section};
use crate::survey::question::{Kind, Prompt, Question, QuestionIndex};
use crate::survey::sector::{Sector, SectorIndex};

/// The sectors and questions that the edits of a year may refer to.
pub struct Bounds<'a> {
    /// The year.
    pub fiscal_year: u16,
    /// The sectors.
    pub sectors: &'a [Sector],
    /// The questions that the year asks.
    pub questions: &'a [Question],
    /// Whether a question of the bank is of another year only.
    pub is_of_another_year: &'a dyn Fn(&str) -> bool,
    /// Whether a question has a complaint and was left out: an edit that refers to it is then no mistake of its own.
    pub is_broken: &'a dyn Fn(&str) -> bool,
}

/// Reads the edits that apply in the year, and the severities that findings are given. Edits of
/// other years are read as far as they can be understood without their questionnaire.
pub fn read(
    document: &Document,
    bounds: &Bounds<'_>,
    complaints: &mut Vec<Complaint>,
) -> (Vec<Edit>, BTreeMap<Code, Severity>) {
    let Some(table) = document.parse(complaints) else { return Default::default() };
    let mut root = Section::root(document, &table);
    let severities = read_severities(root.text_by_id("severity", complaints), complaints);
    let mut edits: Vec<(Located<String>, Edit)> = Vec::new();
    let before = complaints.len();
    for section in root.sections("edit", complaints) {
        let Some((id, edit)) = read_edit(section, bounds, complaints) else { continue };
        if edits.iter().any(|(_, other)| other.id == edit.id) {
            complaints.push(id.complaint(format!("edit `{}` stands twice", edit.id)));
        }
        edits.push((id, edit));
    }
    root.finish(complaints);
    // Mistakes in single edits first: only sound edits can contradict one another.
    if complaints.len() == before {
        consistency::check(&edits, bounds.questions, complaints);
    }
    (edits.into_iter().map(|(_, edit)| edit).filter(|edit| !edit.cases.is_empty()).collect(), severities)
}

fn read_severities(
    written: Vec<(Located<String>, String)>,
    complaints: &mut Vec<Complaint>,
) -> BTreeMap<Code, Severity> {
    let mut severities = BTreeMap::new();
    for (name, word) in written {
        let severity = [Severity::Information, Severity::Warning, Severity::Error]
            .into_iter()
            .find(|severity| severity.word() == word);
        match (Code::find(&name.value), severity) {
            (None, _) => complaints.push(name.complaint(format!("there is no finding code `{}`", name.value))),
            (_, None) => complaints
                .push(name.complaint(format!("`{word}` is no severity, expected information, warning or error"))),
            (Some(code), Some(severity)) => drop(severities.insert(code, severity)),
        }
    }
    severities
}

fn read_edit(
    mut section: Section<'_>,
    bounds: &Bounds<'_>,
    complaints: &mut Vec<Complaint>,
) -> Option<(Located<String>, Edit)> {
    let id = section.id("id", complaints);
    let title = section.text("title", complaints);
    let kind = section
        .text("kind", complaints)
        .and_then(|word| one_of(&word, &[("fatal", EditKind::Fatal), ("query", EditKind::Query)], complaints));
    let status = section.text("status", complaints).and_then(|word| {
        let words = [("trial", EditStatus::Trial), ("live", EditStatus::Live), ("retired", EditStatus::Retired)];
        one_of(&word, &words, complaints)
    });
    let years = section.integers("years", complaints);
    if years.is_empty() {
        complaints.push(section.here().complaint("`years` names no year: the edit would never be used"));
    }
    let each = section.optional_text("each", complaints);
    let when = section.sections("when", complaints);
    let expect = section.sections("expect", complaints);
    let message = section.text("message", complaints);
    if when.is_empty() && expect.is_empty() {
        complaints.push(section.here().complaint("neither `when` nor `expect` has a condition: nothing is checked"));
    }
    section.finish(complaints);
    let (id, title, kind, status, message) = (id?, title?, kind?, status?, message?);
    let mut edit = Edit { id: id.value.clone(), kind, status, title: title.value, cases: Vec::new() };
    if !years.iter().any(|year| year.value == i64::from(bounds.fiscal_year)) {
        return Some((id, edit));
    }
    let owns: Vec<Option<Prompt>> = match &each {
        None => vec![None],
        Some(word) if word.value == "ordinal" => ordinal_prompts(bounds.questions).map(Some).collect(),
        Some(word) => {
            complaints.push(word.complaint(format!("`{}` is no set of questions, expected ordinal", word.value)));
            return None;
        }
    };
    // The conditions of an edit for each question are read once; its complaints would repeat.
    let mut read_all = |sections: Vec<Section<'_>>, own: Option<Prompt>| -> Option<Vec<Condition>> {
        let read: Vec<Option<Condition>> =
            sections.into_iter().map(|section| read_condition(section, own, bounds, complaints)).collect();
        read.into_iter().collect()
    };
    let first = owns.first().copied().flatten();
    // An edit of which a condition is missing would say something else.
    let (Some(when), Some(expect)) = (read_all(when, first), read_all(expect, first)) else {
        return Some((id, edit));
    };
    let find = |question: &str, item: &str| find_prompt(bounds.questions, question, item);
    for (rank, own) in owns.into_iter().enumerate() {
        let mut unheard = Vec::new();
        let heard = if rank == 0 { &mut *complaints } else { &mut unheard };
        edit.cases.push(EditCase {
            when: when.iter().map(|condition| moved(condition, first, own)).collect(),
            expect: expect.iter().map(|condition| moved(condition, first, own)).collect(),
            message: Wording::read(&message, own, &find, bounds.is_broken, heard),
        });
    }
    Some((id, edit))
}

/// The same condition about another question, where it is about the first of the edit's own.
fn moved(condition: &Condition, from: Option<Prompt>, to: Option<Prompt>) -> Condition {
    match (condition, from, to) {
        (Condition::Fall { prompt, levels }, Some(from), Some(to)) if *prompt == from => {
            Condition::Fall { prompt: to, levels: *levels }
        }
        (Condition::Not(inner), ..) => Condition::Not(Box::new(moved(inner, from, to))),
        (Condition::AnyOf(inner), ..) => Condition::AnyOf(inner.iter().map(|one| moved(one, from, to)).collect()),
        (other, ..) => other.clone(),
    }
}

fn ordinal_prompts(questions: &[Question]) -> impl Iterator<Item = Prompt> + '_ {
    let is_ordinal = |question: &Question| {
        question.kind.is_single() && question.options.iter().filter(|option| option.level.is_some()).count() > 1
    };
    let numbered = questions.iter().enumerate().filter(move |(_, question)| is_ordinal(question));
    numbered.flat_map(|(position, question)| question.prompts(QuestionIndex::at(position)))
}

fn one_of<T: Copy>(word: &Located<String>, words: &[(&str, T)], complaints: &mut Vec<Complaint>) -> Option<T> {
    let found = words.iter().find(|(known, _)| *known == word.value).map(|(_, value)| *value);
    if found.is_none() {
        let known: Vec<&str> = words.iter().map(|(known, _)| *known).collect();
        complaints.push(word.complaint(format!("`{}` is none of {}", word.value, known.join(", "))));
    }
    found
}

fn find_prompt(questions: &[Question], question: &str, item: &str) -> Option<Prompt> {
    let position = questions.iter().position(|other| other.id == question)?;
    let found = &questions[position];
    let item = match item {
        "" if found.items.is_empty() => None,
        "" => return None,
        id => Some(found.item(id)?),
    };
    Some(Prompt { question: QuestionIndex::at(position), item })
}

fn read_condition(
    mut section: Section<'_>,
    own: Option<Prompt>,
    bounds: &Bounds<'_>,
    complaints: &mut Vec<Complaint>,
) -> Option<Condition> {
    let here = section.here();
    if let Some(inner) = section.optional_section("not", complaints) {
        section.finish(complaints);
        return read_condition(inner, own, bounds, complaints).map(|inner| Condition::Not(Box::new(inner)));
    }
    let any = section.sections("any", complaints);
    if !any.is_empty() {
        section.finish(complaints);
        let inner: Vec<Option<Condition>> =
            any.into_iter().map(|inner| read_condition(inner, own, bounds, complaints)).collect();
        return inner.into_iter().collect::<Option<Vec<Condition>>>().map(Condition::AnyOf);
    }
    if let Some(word) = section.optional_text("same_as", complaints) {
        section.finish(complaints);
        let words = [("previous", Condition::SameAsPrevious), ("another", Condition::SameAsAnother)];
        let found = words.into_iter().find(|(known, _)| *known == word.value).map(|(_, condition)| condition);
        if found.is_none() {
            complaints.push(word.complaint(format!("`{}` is neither previous nor another", word.value)));
        }
        return found;
    }
    let lines = section.texts("straight_line", complaints);
    if !lines.is_empty() {
        section.finish(complaints);
        return read_grids(&lines, bounds, complaints);
    }
    let sectors = section.texts("sector", complaints);
    if !sectors.is_empty() {
        section.finish(complaints);
        return read_sectors(&sectors, bounds, complaints);
    }
    let falls_by = section.optional_integer("falls_by", complaints);
    if let (Some(levels), Some(prompt)) = (&falls_by, own) {
        section.finish(complaints);
        return read_fall(levels, prompt, bounds, complaints);
    }
    let Some(question) = section.optional_text("question", complaints) else {
        complaints.push(here.complaint_with_help(
            "the condition is about nothing",
            "name a `question`, or use same_as, straight_line, sector, any or not",
        ));
        return None;
    };
    let item = section.optional_text("item", complaints);
    let Some(prompt) = find_prompt(bounds.questions, &question.value, item.as_ref().map_or("", |id| &id.value)) else {
        if (bounds.is_broken)(&question.value) {
            return None;
        }
        let (at, what) = match (&item, bounds.questions.iter().find(|other| other.id == question.value)) {
            (_, None) if (bounds.is_of_another_year)(&question.value) => {
                (&question, format!("`{}` is not asked in {}", question.value, bounds.fiscal_year))
            }
            (_, None) => (&question, format!("there is no question `{}`", question.value)),
            (None, Some(_)) => (&question, format!("`{}` has items: say which `item`", question.value)),
            (Some(item), Some(_)) => (item, format!("`{}` has no item `{}`", question.value, item.value)),
        };
        complaints.push(at.complaint(what));
        return None;
    };
    if let Some(levels) = falls_by {
        section.finish(complaints);
        return read_fall(&levels, prompt, bounds, complaints);
    }
    read_answer(section, &question, prompt, bounds, complaints)
}

/// A condition on the options or the number of one answer.
fn read_answer(
    mut section: Section<'_>,
    question: &Located<String>,
    prompt: Prompt,
    bounds: &Bounds<'_>,
    complaints: &mut Vec<Complaint>,
) -> Option<Condition> {
    let asked = &bounds.questions[prompt.question.position()];
    let year = match section.optional_text("year", complaints) {
        None => Year::This,
        Some(word) => one_of(&word, &[("this", Year::This), ("previous", Year::Previous)], complaints)?,
    };
    let lists: Vec<(Choose, Vec<Located<String>>)> =
        [("any_of", Choose::Any), ("all_of", Choose::All), ("none_of", Choose::None)]
            .into_iter()
            .map(|(key, choose)| (choose, section.texts(key, complaints)))
            .filter(|(_, options)| !options.is_empty())
            .collect();
    let within = Interval {
        at_least: section.optional_number("at_least", complaints).map(|number| number.value),
        at_most: section.optional_number("at_most", complaints).map(|number| number.value),
    };
    let of_previous = section.flag("times_previous", complaints);
    section.finish(complaints);
    let has_limit = within.at_least.is_some() || within.at_most.is_some();
    match (lists.as_slice(), has_limit) {
        ([(choose, options)], false) => {
            let mut positions = Vec::with_capacity(options.len());
            for option in options {
                match asked.option(&option.value) {
                    Some(position) => positions.push(position),
                    None => {
                        complaints.push(option.complaint(format!("`{}` has no option `{}`", asked.id, option.value)))
                    }
                }
            }
            Some(Condition::Chosen { prompt, year, choose: *choose, options: positions })
        }
        ([], true) if asked.kind != Kind::Number => {
            complaints.push(question.complaint(format!("`{}` is no number", asked.id)));
            None
        }
        ([], true) if of_previous => Some(Condition::Ratio { prompt, within }),
        ([], true) => Some(Condition::Number { prompt, within }),
        _ => {
            complaints.push(question.complaint_with_help(
                format!("what is expected of `{}` is not said, or said twice", asked.id),
                "give one of any_of, all_of, none_of; or at_least and at_most; or falls_by",
            ));
            None
        }
    }
}

fn read_fall(
    levels: &Located<i64>,
    prompt: Prompt,
    bounds: &Bounds<'_>,
    complaints: &mut Vec<Complaint>,
) -> Option<Condition> {
    let question = &bounds.questions[prompt.question.position()];
    let highest = question.options.iter().filter_map(|option| option.level).max();
    let fall = u8::try_from(levels.value).ok().filter(|&fall| fall > 0);
    match (fall, highest) {
        (_, None) => complaints.push(levels.complaint(format!("the options of `{}` have no levels", question.id))),
        (None, _) => complaints.push(levels.complaint("a fall is by at least 1 level")),
        (Some(levels), Some(_)) => return Some(Condition::Fall { prompt, levels }),
    }
    None
}

fn read_grids(lines: &[Located<String>], bounds: &Bounds<'_>, complaints: &mut Vec<Complaint>) -> Option<Condition> {
    let mut questions = Vec::with_capacity(lines.len());
    for line in lines {
        match bounds.questions.iter().position(|question| question.id == line.value) {
            Some(position) if bounds.questions[position].kind == Kind::GridSingle => {
                questions.push(QuestionIndex::at(position));
            }
            Some(_) => complaints.push(line.complaint(format!("`{}` is no grid of single choices", line.value))),
            None => complaints.push(line.complaint(format!("there is no question `{}`", line.value))),
        }
    }
    Some(Condition::StraightLine { questions })
}

fn read_sectors(ids: &[Located<String>], bounds: &Bounds<'_>, complaints: &mut Vec<Complaint>) -> Option<Condition> {
    let mut sectors = Vec::with_capacity(ids.len());
    for id in ids {
        match SectorIndex::find(bounds.sectors, &id.value) {
            Some(sector) => sectors.push(sector),
            None => complaints.push(id.complaint(format!("there is no sector `{}`", id.value))),
        }
    }
    Some(Condition::Sector { sectors })
}
