//! The changes since a release: returns that came, changed, went or moved since the standing edition.

use serde::Serialize;

use crate::texts::SinceTexts;

/// The changes since the standing edition of a circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Since {
    /// The circle.
    pub circle: &'static str,
    /// The edition.
    pub edition: u32,
    /// When it was released.
    pub released_at: String,
    /// The returns, by institution.
    pub returns: Vec<SinceReturn>,
}

/// A return that is another one since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SinceReturn {
    /// The code of the institution.
    pub institution: String,
    /// The name.
    pub name: String,
    /// The kind of change.
    pub kind: SinceKind,
    /// The questions and items whose answers changed.
    pub questions: Vec<String>,
    /// The sectors and sub-sectors that it stood in then and stands in now, where they are others.
    pub places: [String; 2],
}

/// A kind of change of a return since a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SinceKind {
    /// It came.
    New,
    /// Some of its answers are others.
    Changed,
    /// It no longer counts.
    Withdrawn,
    /// Its institution stands in other sectors or sub-sectors.
    Moved,
}

impl SinceKind {
    /// Every kind.
    pub const ALL: [SinceKind; 4] = [SinceKind::New, SinceKind::Changed, SinceKind::Withdrawn, SinceKind::Moved];

    /// The word in tables and messages.
    pub fn word(self) -> &'static str {
        match self {
            SinceKind::New => "new",
            SinceKind::Changed => "changed",
            SinceKind::Withdrawn => "withdrawn",
            SinceKind::Moved => "moved",
        }
    }

    /// The word for the desk.
    pub(super) fn in_print(self, texts: &SinceTexts) -> &'static str {
        match self {
            SinceKind::New => texts.new,
            SinceKind::Changed => texts.changed,
            SinceKind::Withdrawn => texts.withdrawn,
            SinceKind::Moved => texts.moved,
        }
    }
}

impl Since {
    /// How many returns became what.
    pub fn count(&self, kind: SinceKind) -> usize {
        self.returns.iter().filter(|one| one.kind == kind).count()
    }

    /// The counts in words: `1 new, 2 changed`; `unchanged` where nothing has changed.
    pub fn words(&self) -> String {
        let counts = SinceKind::ALL.map(|kind| (self.count(kind), kind.word()));
        let counted = counts.into_iter().filter(|(count, _)| *count > 0);
        let counted: Vec<String> = counted.map(|(count, word)| format!("{count} {word}")).collect();
        if counted.is_empty() { "unchanged".to_owned() } else { counted.join(", ") }
    }
}
