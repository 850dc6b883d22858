//! What was read from a workbook, prompt by prompt, before it is held against the questionnaire.

use serde::{Deserialize, Serialize};

use crate::finding::{CellAddress, Place};
use crate::ingest::content_hash::ContentHash;
use crate::survey::Prompt;

/// A sheet cell of the workbook that was read, by the position of its sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellPlace {
    /// The sheet, a position in [`Reading::sheets`].
    pub sheet: u16,
    /// The cell.
    pub cell: CellAddress,
}

/// What was written in a cell, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Written {
    /// The cell.
    pub place: CellPlace,
    /// Its content, to the character.
    pub raw: String,
}

/// An option that was chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// The option, by position in its question.
    pub option: u16,
    /// The mark or number that chose it.
    pub written: Written,
}

/// What was answered, as far as it could be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// Options, in the order of the question.
    Options(Vec<Chosen>),
    /// A number.
    Number(Option<(f64, Written)>),
    /// Text.
    Text(Option<Written>),
}

/// The answer to one prompt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// What was asked.
    pub prompt: Prompt,
    /// Where the answer stands or would stand; `None` if the workbook does not have the question.
    pub place: Option<CellPlace>,
    /// What was answered.
    pub content: Content,
    /// What stands in an answer box and could not be read.
    pub unreadable: Vec<Written>,
    /// What another place of the workbook that asks the same says instead: which of the two is the
    /// answer, nobody can tell.
    pub contradicted: Vec<Written>,
}

impl Answer {
    /// Whether nothing was written in answer.
    pub fn is_blank(&self) -> bool {
        self.written().is_empty()
    }

    /// Everything that was written in answer, readable or not, at whatever place.
    pub fn written(&self) -> Vec<&Written> {
        let mut written: Vec<&Written> = match &self.content {
            Content::Options(options) => options.iter().map(|one| &one.written).collect(),
            Content::Number(number) => number.iter().map(|(_, written)| written).collect(),
            Content::Text(text) => text.iter().collect(),
        };
        written.extend(&self.unreadable);
        written.extend(&self.contradicted);
        written
    }
}

/// A follow-up workbook whose sheets stand among those of a reading that it corrected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplySource {
    /// Its path within the folder.
    pub file: String,
    /// The hash of its bytes.
    pub submission: ContentHash,
    /// The position of its first sheet in [`Reading::sheets`].
    pub first_sheet: u16,
}

impl Reading {
    /// The reply in which a place lies; `None` where it lies in the return itself.
    pub fn reply_of(&self, place: CellPlace) -> Option<&ReplySource> {
        self.replies.iter().rev().find(|reply| reply.first_sheet <= place.sheet)
    }

    /// A place as findings name it; `file` is the return.
    pub fn place(&self, file: &str, place: Option<CellPlace>) -> Place {
        let Some(place) = place else { return Place::File(file.to_owned()) };
        let file = self.reply_of(place).map_or(file, |reply| &reply.file).to_owned();
        Place::Cell { file, sheet: self.sheets[usize::from(place.sheet)].clone(), cell: place.cell }
    }
}

/// All answers of one workbook, in printed order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The code of the institution, as the roster spells it.
    pub institution: String,
    /// The names of the workbook's sheets; after them those of the replies that corrected it.
    pub sheets: Vec<String>,
    /// The replies that corrected it, in the order in which they were applied.
    pub replies: Vec<ReplySource>,
    /// An answer for each prompt that the institution was asked.
    pub answers: Vec<Answer>,
}
