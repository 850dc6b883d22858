//! The signs and words that stand beside options and in answer boxes.

use crate::survey::{Complaint, Section, comparable};

/// What a sign says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Chosen, by the mark that the form asks for.
    Chosen,
    /// Chosen, by another mark or word.
    Accepted,
    /// Nothing here.
    Blank,
}

/// The signs of a form, each list as it is compared.
#[derive(Debug, Clone, Default, Hash)]
pub struct Marks {
    pub(super) chosen: Vec<String>,
    accepted: Vec<String>,
    blank: Vec<String>,
}

impl Marks {
    /// Reads the section `[marks]`; a sign in two lists is complained about.
    pub(super) fn read(mut section: Section<'_>, complaints: &mut Vec<Complaint>) -> Marks {
        let mut marks = Marks::default();
        for key in ["chosen", "accepted", "blank"] {
            for sign in section.texts(key, complaints) {
                let compared = compared(&sign.value);
                if marks.find(&compared).is_some() {
                    complaints.push(sign.complaint(format!("`{}` stands here already", sign.value)));
                }
                match key {
                    "chosen" => marks.chosen.push(compared),
                    "accepted" => marks.accepted.push(compared),
                    _ => marks.blank.push(compared),
                }
            }
        }
        section.finish(complaints);
        marks
    }

    /// What a text says, if it is one of the signs.
    pub fn find(&self, text: &str) -> Option<Sign> {
        if self.chosen.iter().any(|sign| sign == text) {
            return Some(Sign::Chosen);
        }
        // Signs are short; folding long texts would be for nothing.
        if text.len() > 64 {
            return None;
        }
        let text = compared(text);
        if self.chosen.contains(&text) {
            Some(Sign::Chosen)
        } else if self.accepted.contains(&text) {
            Some(Sign::Accepted)
        } else {
            self.blank.contains(&text).then_some(Sign::Blank)
        }
    }

    /// Whether a text is a mark and can be nothing else: a single sign, no digit and no word.
    pub fn is_mark(&self, text: &str) -> bool {
        let mut characters = text.trim().chars();
        let alone = matches!((characters.next(), characters.next()), (Some(sign), None) if !sign.is_numeric());
        alone && matches!(self.find(text), Some(Sign::Chosen | Sign::Accepted))
    }
}

/// The large circle ◯ and the zero 〇 stay what they are; widths, case and spaces are folded.
fn compared(text: &str) -> String {
    comparable(text).to_uppercase()
}
