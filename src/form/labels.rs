//! The texts that a form prints, each with a number, so that a sheet is searched by comparing
//! numbers instead of texts.

use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};
use std::sync::RwLock;

use crate::survey::comparable;

/// A printed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelId(u32);

/// How many texts that are not spelled exactly as a label are remembered.
const REMEMBERED: usize = 512;

/// Every text that a form prints.
#[derive(Debug, Default)]
pub struct Labels {
    texts: Vec<String>,
    exact: HashMap<String, LabelId>,
    folded: HashMap<String, LabelId>,
    longest: usize,
    /// The labels found for texts that had to be folded. Hundreds of workbooks carry the same instructions; folding
    /// them once is enough.
    remembered: RwLock<HashMap<String, Option<LabelId>>>,
}

/// By the texts and their numbers; the remembered texts of workbooks are no part of a form.
impl Hash for Labels {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.texts.hash(state);
        self.exact.iter().collect::<BTreeMap<_, _>>().hash(state);
    }
}

impl Labels {
    /// Adds a text; wordings that differ only in width or white space are one label.
    pub fn add(&mut self, text: &str) -> LabelId {
        let folded = comparable(text);
        self.longest = self.longest.max(folded.len());
        let id = *self.folded.entry(folded).or_insert_with(|| {
            self.texts.push(text.to_owned());
            LabelId(u32::try_from(self.texts.len() - 1).expect("a form has few labels"))
        });
        self.exact.insert(text.to_owned(), id);
        id
    }

    /// Adds a number and a text that stand in one cell, as people join them: 「問3 題」, 「1.役員」.
    pub fn add_numbered(&mut self, number: &str, text: &str) -> LabelId {
        let id = self.add(&format!("{number}{text}"));
        for joined in [".", "、", ",", ":", ")", "・", "-"].map(|mark| format!("{number}{mark}{text}")) {
            self.add_spelling(&joined, id);
        }
        self.add_spelling(&format!("({number}){text}"), id);
        id
    }

    /// Another spelling of a label; the text of another label keeps its meaning.
    pub fn add_spelling(&mut self, text: &str, id: LabelId) {
        let folded = comparable(text);
        self.longest = self.longest.max(folded.len());
        self.folded.entry(folded).or_insert(id);
    }

    /// The label that a cell shows, if it shows one.
    pub fn find(&self, text: &str) -> Option<LabelId> {
        if let Some(&id) = self.exact.get(text) {
            return Some(id);
        }
        // Folding can shorten a text (half-width kana, spaces), though hardly to a quarter.
        if text.len() > 4 * self.longest {
            return None;
        }
        self.find_folded(text)
    }

    fn find_folded(&self, text: &str) -> Option<LabelId> {
        let remembered = self.remembered.read().expect("no thread fails while it looks here");
        if let Some(&known) = remembered.get(text) {
            return known;
        }
        let room = remembered.len() < REMEMBERED;
        drop(remembered);
        let found = self.folded.get(&comparable(text)).copied();
        if room {
            let mut remembered = self.remembered.write().expect("no thread fails while it notes here");
            remembered.insert(text.to_owned(), found);
        }
        found
    }

    /// The label as the definition spells it.
    pub fn text(&self, id: LabelId) -> &str {
        &self.texts[id.0 as usize]
    }
}
