//! What was understood though it is not written as the form asks, and what nobody sees: gathered
//! while answers are read, and reported once for each spelling or question of a workbook.

use std::collections::BTreeMap;

use super::Reader;
use crate::finding::{CellAddress, Code, Place};
use crate::ingest::sheets::sheet::{Look, SheetCell};
use crate::survey::{Prompt, QuestionIndex, comparable};

/// How many places a finding names beside its own.
const PLACES: usize = 50;
/// How many questions a message names.
const NAMED: usize = 5;
/// Words that go together: one note for both.
const PAIRS: [[&str; 2]; 6] =
    [["TRUE", "FALSE"], ["はい", "いいえ"], ["YES", "NO"], ["有", "無"], ["有り", "無し"], ["あり", "なし"]];

/// An answer that was understood.
#[derive(Debug, Clone)]
pub(super) struct Note {
    pub sheet: usize,
    pub cell: CellAddress,
    pub prompt: Prompt,
    pub shown: String,
    pub read_as: String,
}

/// Something in an answer box that whoever looks at the workbook does not take for an answer.
#[derive(Debug, Clone)]
pub(super) struct Unseen {
    pub sheet: usize,
    pub cell: CellAddress,
    pub prompt: Prompt,
    pub shown: String,
    pub why: &'static str,
}

impl Reader<'_> {
    /// Notes that something was understood that is not written as the form asks.
    pub(super) fn note(&mut self, sheet: usize, cell: &SheetCell, prompt: Prompt, read_as: &str) {
        let (shown, read_as) = (cell.value.shown(), read_as.to_owned());
        self.notes.push(Note { sheet, cell: cell.address, prompt, shown, read_as });
    }

    /// Whether the content of a cell is an answer to whoever looks at the workbook; what is not is
    /// noted, and so is a part of it that is struck out.
    pub(super) fn is_seen(&mut self, sheet: usize, cell: &SheetCell, prompt: Prompt) -> bool {
        let Some(look) = self.sheets[sheet].sheet.look(cell.address) else { return true };
        let (why, shown) = match (look.unseen(), look) {
            (Some(why), _) => (why, cell.value.shown()),
            (None, Look::PartlyStruck(text)) => ("struck out", text.to_string()),
            (None, Look::Drawn(what)) => {
                let read_as = format!("that, being {what}");
                self.note(sheet, cell, prompt, &read_as);
                return true;
            }
            (None, _) => return true,
        };
        self.used.insert((sheet, cell.address));
        self.unseen.push(Unseen { sheet, cell: cell.address, prompt, shown, why });
        look.unseen().is_none()
    }

    /// One finding for each spelling.
    pub(super) fn report_notes(&mut self) {
        let mut spellings: BTreeMap<(String, String), Vec<Note>> = BTreeMap::new();
        for note in std::mem::take(&mut self.notes) {
            let spelled = comparable(&note.shown).to_uppercase();
            let pair = PAIRS.iter().position(|pair| pair.contains(&spelled.as_str()));
            let key = match (pair, note.read_as.as_str()) {
                (Some(pair), "chosen" | "not chosen") => (format!("pair {pair}"), String::new()),
                _ => (spelled, note.read_as.clone()),
            };
            spellings.entry(key).or_default().push(note);
        }
        for mut notes in spellings.into_values() {
            notes.sort_by_key(|note| (note.sheet, note.cell, note.prompt));
            let mut read: Vec<(&str, &str)> = Vec::new();
            for note in &notes {
                if !read.iter().any(|(shown, _)| comparable(shown) == comparable(&note.shown)) {
                    read.push((note.shown.trim(), &note.read_as));
                }
            }
            let shown: Vec<String> = read.iter().map(|(shown, _)| format!("「{shown}」")).collect();
            let read_as: Vec<&str> = read.iter().map(|(_, read_as)| *read_as).collect();
            let prompts = each_once(notes.iter().map(|note| note.prompt));
            let was = if shown.len() > 1 { "were" } else { "was" };
            let message = format!(
                "{} in the answer{} {was} read as {}",
                shown.join(" and "),
                self.to_which(&prompts, notes.len()),
                read_as.join(" and ")
            );
            let observed = read.iter().map(|(shown, _)| *shown).collect::<Vec<_>>().join("、");
            let places = notes.iter().map(|note| (note.sheet, note.cell)).collect();
            self.report_together(Code::AnswerUnderstood, message, &prompts, &observed, places);
        }
    }

    /// One finding for each question that has such content in its boxes.
    pub(super) fn report_unseen(&mut self) {
        let mut questions: BTreeMap<(QuestionIndex, &str), Vec<Unseen>> = BTreeMap::new();
        for unseen in std::mem::take(&mut self.unseen) {
            questions.entry((unseen.prompt.question, unseen.why)).or_default().push(unseen);
        }
        for ((_, why), mut all) in questions {
            all.sort_by_key(|unseen| (unseen.sheet, unseen.cell, unseen.prompt));
            all.dedup_by_key(|unseen| (unseen.sheet, unseen.cell, unseen.prompt));
            let shown: Vec<String> =
                all.iter().take(NAMED).map(|one| format!("「{}」 ({})", one.shown.trim(), one.cell)).collect();
            let prompts = each_once(all.iter().map(|unseen| unseen.prompt));
            let (is, more) = match all.len() {
                1 => ("is", String::new()),
                count if count > NAMED => ("are", format!(" and {} more", count - NAMED)),
                _ => ("are", String::new()),
            };
            let message = format!(
                "{}{more} in the answer{} {is} {why}, and {} not read as an answer",
                shown.join(" and "),
                self.to_which(&prompts, all.len()),
                if is == "is" { "was" } else { "were" }
            );
            let mut observed: Vec<&str> = all.iter().map(|unseen| unseen.shown.trim()).collect();
            observed.dedup();
            let places = all.iter().map(|unseen| (unseen.sheet, unseen.cell)).collect();
            self.report_together(Code::AnswerNotSeen, message, &prompts, &observed.join("、"), places);
        }
    }

    /// 「 to 問3」, or 「s to 問3, 問4 and 2 more (134 boxes)」.
    fn to_which(&self, prompts: &[Prompt], boxes: usize) -> String {
        if let [only] = prompts {
            let several = if boxes > 1 { format!(" ({boxes} boxes)") } else { String::new() };
            return format!(" to {}{several}", self.name(*only));
        }
        let mut questions: Vec<QuestionIndex> = prompts.iter().map(|prompt| prompt.question).collect();
        questions.dedup();
        let named = super::coverage::numbers(&questions[..questions.len().min(NAMED)]);
        let more =
            if questions.len() > NAMED { format!(" and {} more", questions.len() - NAMED) } else { String::new() };
        format!("s to {named}{more} ({boxes} boxes)")
    }

    /// Reports something about several cells, at the first of them.
    pub(super) fn report_together(
        &mut self,
        code: Code,
        message: String,
        prompts: &[Prompt],
        observed: &str,
        mut cells: Vec<(usize, CellAddress)>,
    ) {
        cells.dedup();
        let mut places =
            cells.into_iter().map(|(sheet, cell)| self.place(sheet, cell)).collect::<Vec<Place>>().into_iter();
        let Some(first) = places.next() else { return };
        self.report(code, first, message, prompts, observed);
        if let Some(finding) = self.findings.last_mut() {
            finding.related = places.take(PLACES).collect();
        }
    }
}

/// Prompts in printed order, each once.
fn each_once(prompts: impl Iterator<Item = Prompt>) -> Vec<Prompt> {
    let mut prompts: Vec<Prompt> = prompts.collect();
    prompts.sort_unstable();
    prompts.dedup();
    prompts
}
