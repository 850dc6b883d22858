//! What is written beside the boxes: kept out of the answers, and never lost.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Reader;
use crate::finding::{CellAddress, Code, Place};
use crate::form::Side;
use crate::ingest::sheets::sheet::Value;
use crate::survey::Prompt;

/// What people write when the answer in the box is not the one they mean.
const CORRECTION: [&str; 8] = ["訂正", "修正", "誤り", "誤記", "間違", "取消", "取り消", "正しくは"];
/// How many remarks on one answer are shown in the message.
const SHOWN: usize = 10;

/// A row in which an answer was looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnswerRow {
    /// The position of the sheet.
    pub sheet: usize,
    /// The cell of the answer, or of the one furthest from the labels.
    pub cell: CellAddress,
    /// Which side of it is free for remarks.
    pub side: Side,
    /// What was asked there.
    pub prompt: Prompt,
}

/// Something written beside the boxes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Remark {
    place: Place,
    cell: CellAddress,
    text: String,
}

impl Reader<'_> {
    /// Notes that an answer was looked for here.
    pub(super) fn looked_at(&mut self, sheet: usize, cell: CellAddress, side: Side, prompt: Prompt) {
        self.answer_rows.push(AnswerRow { sheet, cell, side, prompt });
    }

    /// The same for those of some rows in which anything stands.
    pub(super) fn looked_at_rows(&mut self, sheet: usize, rows: Range<u32>, column: u32, side: Side, prompt: Prompt) {
        let mut filled: Vec<u32> = self.sheets[sheet].rows(rows).map(|(cell, _)| cell.address.row).collect();
        filled.dedup();
        let rows = filled.into_iter().map(|row| AnswerRow { sheet, cell: CellAddress { row, column }, side, prompt });
        self.answer_rows.extend(rows);
    }

    /// One finding for each prompt that has remarks beside its boxes.
    pub(super) fn report_remarks(&mut self) {
        let mut noted: BTreeMap<Prompt, Vec<Remark>> = BTreeMap::new();
        let mut seen: BTreeSet<(usize, u32, Prompt)> = BTreeSet::new();
        for row in &self.answer_rows {
            if seen.insert((row.sheet, row.cell.row, row.prompt)) {
                let remarks = self.remarks_in(row);
                if !remarks.is_empty() {
                    noted.entry(row.prompt).or_default().extend(remarks);
                }
            }
        }
        for (prompt, remarks) in noted {
            let shown = remarks.iter().take(SHOWN).map(|one| format!("「{}」 ({})", one.text, one.cell));
            let texts = shown.collect::<Vec<_>>().join(" and ");
            let more =
                if remarks.len() > SHOWN { format!(" and {} more", remarks.len() - SHOWN) } else { String::new() };
            let message = format!("{texts}{more} beside the answer to {}", self.name(prompt));
            let observed: Vec<&str> = remarks.iter().map(|one| one.text.as_str()).collect();
            let mut places = remarks.iter().map(|one| one.place.clone());
            let first = places.next().expect("a prompt is noted with its first remark");
            let speaks_of_correction = |text: &&str| CORRECTION.iter().any(|word| text.contains(word));
            let is_correction = observed.iter().any(speaks_of_correction);
            let code = if is_correction { Code::CorrectionBesideAnswer } else { Code::RemarkBesideAnswer };
            self.report(code, first, message, &[prompt], &observed.join("\n"));
            let finding = self.findings.last_mut().expect("it was reported just now");
            finding.related = places.collect();
        }
    }

    /// The remarks of a row: what stands further out than its box, up to the next printed wording.
    /// Signs are not among them: a mark out there is a finding of its own.
    fn remarks_in(&self, row: &AnswerRow) -> Vec<Remark> {
        let sheet = &self.sheets[row.sheet];
        let beyond = sheet.sheet.merged_at(row.cell);
        let own = &self.form.questions[row.prompt.question.position()];
        let mut cells: Vec<_> = sheet.rows(row.cell.row..row.cell.row + 1).collect();
        match row.side {
            Side::Right => cells.retain(|(cell, _)| cell.address.column > beyond.last.column),
            Side::Left => {
                cells.retain(|(cell, _)| cell.address.column < beyond.first.column);
                cells.reverse();
            }
        }
        // The wording of an own option is a remark where it stands beside the boxes; that of another
        // question begins a form that goes on there.
        let is_own = |label| own.options.iter().chain(&own.items).flatten().any(|&other| Some(other) == label);
        let is_text = |value: &Value| matches!(value, Value::Text(_));
        let up_to_print =
            cells.into_iter().take_while(|(cell, label)| label.is_none() || is_own(*label) || !is_text(&cell.value));
        up_to_print
            .filter(|(cell, _)| !self.used.contains(&(row.sheet, cell.address)) && !self.is_mark(&cell.value))
            .filter(|(cell, _)| sheet.sheet.is_seen(cell.address))
            // Numbers on the far left are those of the options.
            .filter(|(cell, _)| row.side == Side::Right || super::numbers::whole_number(&cell.value).is_none())
            .map(|(cell, _)| {
                let place = self.place(row.sheet, cell.address);
                Remark { place, cell: cell.address, text: cell.value.shown() }
            })
            .collect()
    }
}
