//! Questions that stand in several places: which place is read, and what is said about the others.
//!
//! An example, a hidden copy and a blank one are set aside, with one finding for each sheet. Where
//! two places that count say something else, neither does: the answer is kept as contradicted. The
//! order of the sheets decides nothing.

use std::collections::BTreeMap;

use super::{Answer, Reader};
use crate::finding::{Code, Finding};
use crate::ingest::answers::coverage::numbers;
use crate::ingest::layout::blocks::Block;
use crate::ingest::reading::Content;
use crate::survey::{Prompt, QuestionIndex};

/// A place of a question with what was read there.
struct Copy<'a> {
    block: Block,
    answers: Vec<Answer>,
    reader: Reader<'a>,
}

/// What is known of a sheet that shares questions with another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Standing {
    example: bool,
    former: bool,
    hidden: bool,
    blank: bool,
    /// The last word: the name, so that it is always the same sheet.
    name: String,
}

/// How a place stands to the one that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Example,
    /// It is named as last year's.
    Former,
    Hidden,
    Blank,
    /// It counts as much; where it is blank and the other is not, the other is the answer.
    Peer,
    /// It is hidden and filled, and the visible one is blank all over: either may be meant.
    Rival,
}

/// Two sheets that share questions, the one that is read first.
struct Pair {
    relation: Relation,
    prompts: Vec<Prompt>,
    differing: Vec<Prompt>,
    observed: Vec<String>,
}

impl<'a> Reader<'a> {
    /// Reads the questions that stand in several places.
    pub(super) fn read_copies(&mut self, several: Vec<(&[Block], Vec<Prompt>)>, answers: &mut Vec<Answer>) {
        let mut all: Vec<Vec<Copy<'a>>> = several
            .into_iter()
            .map(|(blocks, prompts)| {
                let read = |block: &Block| {
                    let mut reader = self.another();
                    let answers = reader.read_heading(block, &prompts);
                    Copy { block: block.clone(), answers, reader }
                };
                blocks.iter().map(read).collect()
            })
            .collect();
        let standings = self.standings(&all);
        let mut pairs: BTreeMap<(usize, usize), Pair> = BTreeMap::new();
        for copies in &mut all {
            copies.sort_by_key(|copy| (&standings[&copy.block.sheet], copy.block.heading));
            let mut copies = std::mem::take(copies).into_iter();
            let first = copies.next().expect("a question with several places has a first");
            let mut peers = Vec::new();
            for copy in copies {
                let relation = relation(&standings[&first.block.sheet], &standings[&copy.block.sheet]);
                let differing = differing(&first, &copy, relation);
                if copy.block.sheet == first.block.sheet {
                    self.report_twice(&first, &copy, !differing.is_empty());
                } else {
                    let sheets = (first.block.sheet, copy.block.sheet);
                    let none = || Pair { relation, prompts: vec![], differing: vec![], observed: vec![] };
                    let pair = pairs.entry(sheets).or_insert_with(none);
                    pair.prompts.extend(first.answers.iter().map(|answer| answer.prompt));
                    for &prompt in &differing {
                        let said = [&first, &copy].map(|copy| self.said_at(copy, prompt));
                        pair.observed.extend(said.into_iter().filter(|said| !said.is_empty()));
                    }
                    pair.differing.extend(differing);
                }
                if matches!(relation, Relation::Peer | Relation::Rival) {
                    peers.push((copy, relation));
                }
            }
            self.among_peers(&first, &peers, &mut pairs);
            answers.extend(self.join(first, peers));
        }
        // A sheet that contradicts one of them is not said to agree with another.
        let contradicting: Vec<usize> = pairs
            .iter()
            .filter(|(_, pair)| pair.relation == Relation::Peer && !pair.differing.is_empty())
            .map(|((_, other), _)| *other)
            .collect();
        for ((read, other), pair) in pairs {
            let agrees = pair.relation == Relation::Peer && pair.differing.is_empty();
            if !agrees || !contradicting.contains(&other) {
                self.report_pair(read, other, &pair);
            }
        }
    }

    /// Notes where places that count say different things of what the first leaves blank: the one that is
    /// the answer then is the next of them that says anything.
    fn among_peers(
        &mut self,
        first: &Copy<'_>,
        peers: &[(Copy<'_>, Relation)],
        pairs: &mut BTreeMap<(usize, usize), Pair>,
    ) {
        let peers: Vec<&Copy<'_>> =
            peers.iter().filter(|(_, relation)| *relation == Relation::Peer).map(|(copy, _)| copy).collect();
        for (at, blank) in first.answers.iter().enumerate().filter(|(_, answer)| answer.is_blank()) {
            let mut filled = peers.iter().filter(|copy| !copy.answers[at].is_blank());
            let Some(read) = filled.next() else { continue };
            for other in filled.filter(|other| said(&other.answers[at]) != said(&read.answers[at])) {
                let none = || Pair { relation: Relation::Peer, prompts: vec![], differing: vec![], observed: vec![] };
                let pair = pairs.entry((read.block.sheet, other.block.sheet)).or_insert_with(none);
                pair.prompts.push(blank.prompt);
                pair.differing.push(blank.prompt);
                pair.observed.extend([*read, *other].map(|copy| self.said_at(copy, blank.prompt)));
            }
        }
    }

    fn standings(&self, all: &[Vec<Copy<'_>>]) -> BTreeMap<usize, Standing> {
        let mut standings: BTreeMap<usize, Standing> = BTreeMap::new();
        for copy in all.iter().flatten() {
            let sheet = &self.sheets[copy.block.sheet];
            let standing = standings.entry(copy.block.sheet).or_insert_with(|| Standing {
                example: sheet.example,
                former: sheet.former,
                hidden: !sheet.sheet.visible,
                blank: true,
                name: sheet.sheet.name.clone(),
            });
            standing.blank &= copy.answers.iter().all(Answer::is_blank);
        }
        standings
    }

    /// The answers of the first place, and of its peers where they alone are filled or say otherwise.
    fn join(&mut self, first: Copy<'a>, peers: Vec<(Copy<'a>, Relation)>) -> Vec<Answer> {
        let mut joined = first.answers;
        let mut absorbed = first.reader;
        let findings = std::mem::take(&mut absorbed.findings);
        self.absorb(absorbed, findings);
        for (mut peer, relation) in peers {
            let mut taken: Vec<Prompt> = Vec::new();
            for (answer, other) in joined.iter_mut().zip(peer.answers) {
                if other.is_blank() || said(answer) == said(&other) {
                    continue;
                }
                if answer.is_blank() && relation == Relation::Peer {
                    taken.push(other.prompt);
                    *answer = other;
                } else {
                    answer.contradicted.extend(other.written().into_iter().cloned());
                }
            }
            if relation == Relation::Peer {
                let ids: Vec<_> = taken.iter().map(|&prompt| self.survey.prompt_ids(prompt)).collect();
                let mut findings = std::mem::take(&mut peer.reader.findings);
                findings.retain(|finding| {
                    let subject = finding.subject.as_ref();
                    subject.is_some_and(|subject| {
                        subject.prompts.iter().any(|(question, item)| ids.contains(&(question, item)))
                    })
                });
                peer.reader.notes.retain(|note| taken.contains(&note.prompt));
                peer.reader.unseen.retain(|unseen| taken.contains(&unseen.prompt));
                self.absorb(peer.reader, findings);
            }
        }
        joined
    }

    fn absorb(&mut self, other: Reader<'a>, findings: Vec<Finding>) {
        self.used.extend(other.used);
        self.read_blocks.extend(other.read_blocks);
        self.answer_rows.extend(other.answer_rows);
        self.notes.extend(other.notes);
        self.unseen.extend(other.unseen);
        // What is said of a sheet is said once, however many of its questions are read.
        let said = |one: &Finding, all: &[Finding]| {
            one.subject.is_none() && all.iter().any(|other| other.code == one.code && other.place == one.place)
        };
        for finding in findings {
            if !said(&finding, &self.findings) {
                self.findings.push(finding);
            }
        }
    }

    /// What a place says in answer to a prompt, with its cells.
    fn said_at(&self, copy: &Copy<'_>, prompt: Prompt) -> String {
        let sheet = &self.sheets[copy.block.sheet].sheet.name;
        let answer = copy.answers.iter().find(|answer| answer.prompt == prompt);
        let written = answer.map(Answer::written).unwrap_or_default();
        let each: Vec<String> =
            written.iter().map(|one| format!("{sheet}!{}「{}」", one.place.cell, one.raw)).collect();
        each.join(" ")
    }

    fn report_twice(&mut self, first: &Copy<'_>, copy: &Copy<'_>, differ: bool) {
        let prompts: Vec<Prompt> = first.answers.iter().map(|answer| answer.prompt).collect();
        let name = self.name(if prompts.len() == 1 { prompts[0] } else { Prompt { item: None, ..prompts[0] } });
        let what = if differ { "with other answers, so that neither is used" } else { "where it was read" };
        let read = self.place(first.block.sheet, first.block.heading);
        let message = format!("{name} stands here as well as at {read}, {what}");
        let observed: Vec<String> =
            prompts.iter().flat_map(|&prompt| [first, copy].map(|copy| self.said_at(copy, prompt))).collect();
        let place = self.place(copy.block.sheet, copy.block.heading);
        self.report(Code::QuestionTwice, place, message, &prompts, &observed.join(" "));
        self.findings.last_mut().expect("it was reported just now").related.push(read);
    }

    fn report_pair(&mut self, read: usize, other: usize, pair: &Pair) {
        let (from, place) = (self.sheets[read].sheet.name.clone(), self.sheet_place(other));
        let mut questions: Vec<QuestionIndex> = pair.differing.iter().map(|prompt| prompt.question).collect();
        questions.dedup();
        let differing = numbers(&questions);
        let otherwise =
            if questions.is_empty() { String::new() } else { format!("; it answers {differing} otherwise") };
        let (code, message) = match pair.relation {
            Relation::Example => {
                (Code::ExampleNotRead, format!("an example, not read: the answers stand on 「{from}」"))
            }
            Relation::Former => {
                (Code::CopyNotRead, format!("last year's by its name, and 「{from}」 was read instead"))
            }
            Relation::Hidden => {
                (Code::CopyNotRead, format!("a hidden copy of 「{from}」, which was read instead{otherwise}"))
            }
            Relation::Blank => (Code::CopyNotRead, format!("a blank copy of 「{from}」, which was read instead")),
            Relation::Peer if questions.is_empty() => {
                (Code::CopyNotRead, format!("a copy of 「{from}」, none of whose answers says otherwise"))
            }
            Relation::Rival => {
                let message =
                    format!("hidden, and answers {differing}, which are blank on 「{from}」: neither is used");
                (Code::CopiesDiffer, message)
            }
            Relation::Peer => {
                let message = format!("{differing} are answered otherwise here than on 「{from}」: neither is used");
                (Code::CopiesDiffer, message)
            }
        };
        let prompts = if code == Code::CopiesDiffer { &pair.differing } else { &pair.prompts };
        self.report(code, place, message, prompts, &pair.observed.join(", "));
        let related = self.sheet_place(read);
        self.findings.last_mut().expect("it was reported just now").related.push(related);
    }

    /// Says which sheets were read though they are hidden or look like examples: nothing else in the
    /// workbook has their questions.
    pub(super) fn report_unlikely_sheets(&mut self) {
        let mut prompts: BTreeMap<usize, Vec<Prompt>> = BTreeMap::new();
        for (block, prompt) in &self.read_blocks {
            prompts.entry(block.sheet).or_default().push(*prompt);
        }
        for (sheet, prompts) in prompts {
            let is = &self.sheets[sheet];
            let why = match (is.sheet.visible, is.example, is.former) {
                (false, ..) => "hidden",
                (true, true, _) => "called an example",
                (true, false, true) => "named as last year's",
                (true, false, false) => continue,
            };
            let message = format!("the sheet is {why}, and was read: its questions stand nowhere else");
            let place = self.sheet_place(sheet);
            self.report(Code::UnlikelySheetRead, place, message, &prompts, "");
        }
    }
}

fn relation(read: &Standing, other: &Standing) -> Relation {
    if other.example && !read.example {
        Relation::Example
    } else if other.former && !read.former {
        Relation::Former
    } else if other.hidden && !read.hidden {
        if read.blank && !other.blank { Relation::Rival } else { Relation::Hidden }
    } else if other.blank {
        Relation::Blank
    } else {
        Relation::Peer
    }
}

/// The prompts that two places answer in different ways. A blank is no answer, unless it is the
/// blank of a sheet that counts more.
fn differing(first: &Copy<'_>, other: &Copy<'_>, relation: Relation) -> Vec<Prompt> {
    let differ = |(one, two): &(&Answer, &Answer)| {
        let blank = two.is_blank() || (one.is_blank() && relation != Relation::Rival);
        !blank && said(one) != said(two)
    };
    let pairs = first.answers.iter().zip(&other.answers).filter(differ);
    pairs.map(|(answer, _)| answer.prompt).collect()
}

/// What an answer says, wherever it is written.
fn said(answer: &Answer) -> (Vec<u16>, String, Vec<&str>) {
    let (options, text) = match &answer.content {
        Content::Options(chosen) => (chosen.iter().map(|one| one.option).collect(), String::new()),
        Content::Number(number) => (vec![], number.as_ref().map_or(String::new(), |(number, _)| number.to_string())),
        Content::Text(text) => (vec![], text.as_ref().map_or(String::new(), |text| text.raw.trim().to_owned())),
    };
    (options, text, answer.unreadable.iter().map(|one| one.raw.trim()).collect())
}
