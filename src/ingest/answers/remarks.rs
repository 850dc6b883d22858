//! What is written beside the boxes: kept out of the answers, and never lost.

use super::Reader;
use crate::finding::{CellAddress, Code, Place};
use crate::form::Side;
use crate::ingest::sheet::Value;
use crate::survey::Prompt;

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

impl Reader<'_> {
    /// Notes that an answer was looked for here.
    pub(super) fn looked_at(&mut self, sheet: usize, cell: CellAddress, side: Side, prompt: Prompt) {
        self.answer_rows.push(AnswerRow { sheet, cell, side, prompt });
    }

    /// One finding for each prompt that has remarks beside its boxes.
    pub(super) fn report_remarks(&mut self) {
        let mut noted: Vec<(Prompt, Vec<(Place, CellAddress, String)>)> = Vec::new();
        for row in &self.answer_rows {
            for (cell, text) in self.remarks_in(row) {
                let remark = (self.place(row.sheet, cell), cell, text);
                match noted.iter_mut().find(|(prompt, _)| *prompt == row.prompt) {
                    Some((_, remarks)) if !remarks.contains(&remark) => remarks.push(remark),
                    Some(_) => {}
                    None => noted.push((row.prompt, vec![remark])),
                }
            }
        }
        for (prompt, remarks) in noted {
            let texts: Vec<String> = remarks.iter().map(|(_, cell, text)| format!("「{text}」 ({cell})")).collect();
            let message = format!("{} beside the answer to {}", texts.join(" and "), self.name(prompt));
            let observed: Vec<&str> = remarks.iter().map(|(_, _, text)| text.as_str()).collect();
            let mut places = remarks.iter().map(|(place, ..)| place.clone());
            let first = places.next().expect("a prompt is noted with its first remark");
            self.report(Code::RemarkBesideAnswer, first, message, &[prompt], &observed.join("\n"));
            let finding = self.findings.last_mut().expect("it was reported just now");
            finding.related = places.collect();
        }
    }

    /// The remarks of a row: what stands further out than its box, up to the next printed wording.
    /// Signs are not among them: a mark out there is a finding of its own.
    fn remarks_in(&self, row: &AnswerRow) -> Vec<(CellAddress, String)> {
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
            // Numbers on the far left are those of the options.
            .filter(|(cell, _)| row.side == Side::Right || super::typed::whole_number(&cell.value).is_none())
            .map(|(cell, _)| (cell.address, cell.value.shown()))
            .collect()
    }
}
