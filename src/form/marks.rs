//! The signs and words that stand beside options and in answer boxes.

use crate::survey::{Complaint, Section, comparable, is_unseen};

/// The meaning of a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Chosen, by the mark that the form asks for.
    Chosen,
    /// Chosen, by another mark or word.
    Accepted,
    /// Nothing here.
    Blank,
    /// A cross: "no" where other boxes have a mark, and by itself nothing that anybody could tell.
    Crossed,
}

/// The signs of a form, each list as it is compared.
#[derive(Debug, Clone, Default, Hash)]
pub struct Marks {
    pub(super) chosen: Vec<String>,
    accepted: Vec<String>,
    blank: Vec<String>,
    crossed: Vec<String>,
}

impl Marks {
    /// Reads the section `[marks]`; a sign in two lists is complained about.
    pub(super) fn read(mut section: Section<'_>, complaints: &mut Vec<Complaint>) -> Marks {
        let mut marks = Marks::default();
        for key in ["chosen", "accepted", "blank", "crossed"] {
            for sign in section.texts(key, complaints) {
                let compared = compared(&sign.value);
                if marks.find(&compared).is_some() {
                    complaints.push(sign.complaint(format!("`{}` stands here already", sign.value)));
                }
                match key {
                    "chosen" => marks.chosen.push(compared),
                    "accepted" => marks.accepted.push(compared),
                    "blank" => marks.blank.push(compared),
                    _ => marks.crossed.push(compared),
                }
            }
        }
        section.finish(complaints);
        marks
    }

    /// The meaning of a text, if it is one of the signs.
    pub fn find(&self, text: &str) -> Option<Sign> {
        if self.chosen.iter().any(|sign| sign == text) {
            return Some(Sign::Chosen);
        }
        // Signs are short; folding long texts would be for nothing.
        if text.len() > 64 && text.chars().filter(|&character| !is_unseen(character)).nth(64).is_some() {
            return None;
        }
        let text = compared(text);
        if self.chosen.contains(&text) {
            Some(Sign::Chosen)
        } else if self.accepted.contains(&text) {
            Some(Sign::Accepted)
        } else if self.blank.contains(&text) {
            Some(Sign::Blank)
        } else {
            self.crossed.contains(&text).then_some(Sign::Crossed)
        }
    }

    /// Whether a text is a mark and can be nothing else: a single sign, no digit and no word. The
    /// zero 〇 of Chinese numerals is the circle that most people type.
    pub fn is_mark(&self, text: &str) -> bool {
        let mut seen = text.chars().filter(|&character| !character.is_whitespace() && !is_unseen(character));
        let alone = matches!((seen.next(), seen.next()), (Some(sign), None) if self.is_sign(sign));
        alone && matches!(self.find(text), Some(Sign::Chosen | Sign::Accepted))
    }

    /// Whether a character by itself is a mark that chooses: one of the signs, and neither a digit (1)
    /// nor a word (有).
    pub fn is_sign(&self, character: char) -> bool {
        let is_word = character.is_ascii_alphanumeric()
            || matches!(character, '\u{4E00}'..='\u{9FFF}')
            || comparable(character.encode_utf8(&mut [0; 4])).starts_with(|folded: char| folded.is_ascii_digit());
        !is_word && matches!(self.find(character.encode_utf8(&mut [0; 4])), Some(Sign::Chosen | Sign::Accepted))
    }

    /// The text beside a mark that stands at its beginning or end: 「2」 in 「○2」 and 「2 ○」.
    pub fn beside_mark<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.split_mark(text).map(|(_, rest)| rest)
    }

    /// The mark that stands at the beginning or end of a text, and the text beside it.
    pub fn split_mark<'t>(&self, text: &'t str) -> Option<(char, &'t str)> {
        let is_nothing = |character: char| character.is_whitespace() || is_unseen(character);
        let text = text.trim_matches(is_nothing);
        let (first, last) = (text.chars().next()?, text.chars().next_back()?);
        let (mark, rest) = if self.is_symbol(first) {
            (first, text.strip_prefix(first)?)
        } else if self.is_symbol(last) {
            (last, text.strip_suffix(last)?)
        } else {
            return None;
        };
        Some((mark, rest.trim_matches(is_nothing))).filter(|(_, rest)| !rest.is_empty())
    }

    /// Whether a character is a sign that no word begins or ends with: レ and 有 are also letters.
    fn is_symbol(&self, character: char) -> bool {
        (character == '〇' || !character.is_alphanumeric()) && self.is_sign(character)
    }
}

/// The large circle ◯ and the zero 〇 stay what they are; widths, case and spaces are folded.
fn compared(text: &str) -> String {
    comparable(text).to_uppercase()
}
