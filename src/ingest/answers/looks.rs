//! What a cell shows otherwise than it holds, and what is drawn over the boxes.

use super::Reader;
use crate::finding::{CellAddress, Code};
use crate::ingest::reading::{Answer, Content, Written};
use crate::ingest::sheets::sheet::{Drawing, Look};
use crate::survey::Prompt;

impl Reader<'_> {
    /// Answers that are shown otherwise than they are stored: what is shown was read.
    pub(super) fn report_formats(&mut self, answers: &[Answer]) {
        let mut found: Vec<(&Written, String, Prompt)> = Vec::new();
        for answer in answers {
            let readable = answer.written().into_iter().filter(|one| !answer.unreadable.contains(one));
            for written in readable {
                let sheet = self.sheets[usize::from(written.place.sheet)].sheet;
                if let Some(Look::Formatted(stored)) = sheet.look(written.place.cell)
                    && !says(answer, written, stored)
                {
                    found.push((written, stored.to_string(), answer.prompt));
                }
            }
        }
        found.dedup_by_key(|(written, ..)| written.place);
        for (written, stored, prompt) in found {
            let place = self.place(usize::from(written.place.sheet), written.place.cell);
            let message = format!(
                "「{}」 in the answer to {} is how the format of the cell shows {stored}; what is shown was read",
                written.raw,
                self.name(prompt)
            );
            self.report(Code::ShownOtherwise, place, message, &[prompt], &written.raw);
        }
    }

    /// What is drawn over the rows of questions and could not be read as the content of a box.
    pub(super) fn report_drawings(&mut self) {
        let mut found: Vec<(usize, CellAddress, String, Prompt)> = Vec::new();
        for (block, prompt) in &self.read_blocks {
            let sheet = self.sheets[block.sheet].sheet;
            let is_over = |drawing: &&Drawing| {
                !drawing.is_note && drawing.first.row < block.end && block.heading.row <= drawing.last.row
            };
            for drawing in sheet.drawings().iter().filter(is_over) {
                found.push((
                    block.sheet,
                    drawing.first,
                    format!("{} ({}:{})", drawing.what, drawing.first, drawing.last),
                    *prompt,
                ));
            }
        }
        for (sheet, cell, what, prompt) in found {
            let whole = Prompt { item: None, ..prompt };
            let message = format!("{what} lies over {}, and was not read", self.name(whole));
            let place = self.place(sheet, cell);
            self.report(Code::DrawnOver, place, message, &[whole], &what);
        }
    }
}

/// Whether an answer says the number that is stored, or the same share in percent.
fn says(answer: &Answer, written: &Written, stored: &str) -> bool {
    let Ok(stored) = stored.parse::<f64>() else { return false };
    match &answer.content {
        Content::Number(Some((number, of))) if of == written => {
            *number == stored || (written.raw.ends_with('%') && (*number - stored * 100.0).abs() < 1e-6)
        }
        Content::Options(chosen) => {
            let mut own = chosen.iter().filter(|one| one.written == *written);
            own.all(|one| f64::from(one.option) + 1.0 == stored)
        }
        _ => false,
    }
}
