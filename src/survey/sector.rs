//! Sectors and sub-sectors: the classification that figures are broken down by.

use super::document::{Complaint, Document, Section};

/// The readers of a sector's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The figures are published.
    Public,
    /// The figures are only in what goes back to the institutions.
    Feedback,
}

/// How many sectors and sub-sectors a survey can have.
pub const MOST_SCOPES: usize = 128;

/// A sector (業態).
#[derive(Debug, Clone)]
pub struct Sector {
    /// Its id in the store and the tables.
    pub id: String,
    /// Its name in print.
    pub name: String,
    /// The readers of its figures.
    pub audience: Audience,
    /// Its sub-sectors; none for a sector that is not divided.
    pub subsectors: Vec<Subsector>,
}

/// A sub-sector.
#[derive(Debug, Clone)]
pub struct Subsector {
    /// Its id, unique within the survey.
    pub id: String,
    /// Its name in print.
    pub name: String,
}

/// The position of a sector in [`super::Survey::sectors`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectorIndex(u16);

impl SectorIndex {
    /// The index as a position.
    pub fn position(self) -> usize {
        usize::from(self.0)
    }

    /// The index of a position.
    pub fn at(position: usize) -> SectorIndex {
        SectorIndex(u16::try_from(position).expect("a survey has few sectors"))
    }

    /// Finds a sector by its id.
    pub(super) fn find(sectors: &[Sector], id: &str) -> Option<SectorIndex> {
        let position = sectors.iter().position(|sector| sector.id == id)?;
        u16::try_from(position).ok().map(SectorIndex)
    }
}

/// The entries of the survey's file.
pub(super) struct Basics {
    pub id: String,
    pub title: String,
    pub least_read: u8,
    pub sectors: Vec<Sector>,
}

/// The percentage of answers that have to be readable where the survey's file does not say.
const LEAST_READ: u8 = 20;

/// Reads the survey's file: its title and its sectors.
pub(super) fn read(document: &Document, complaints: &mut Vec<Complaint>) -> Option<Basics> {
    let table = document.parse(complaints)?;
    let mut root = Section::root(document, &table);
    let survey_id = root.id("id", complaints);
    let title = root.text("title", complaints);
    root.optional_text("short_title", complaints);
    let least_read = root.optional_integer("least_read", complaints).map_or(LEAST_READ, |percent| {
        u8::try_from(percent.value).ok().filter(|value| *value <= 100).unwrap_or_else(|| {
            complaints.push(percent.complaint(format!("{} is no percentage, expected 0 to 100", percent.value)));
            LEAST_READ
        })
    });
    let mut sectors: Vec<Sector> = Vec::new();
    for mut section in root.sections("sector", complaints) {
        let id = section.id("id", complaints);
        let name = section.text("name", complaints);
        let audience = section.text("audience", complaints).and_then(|word| match word.value.as_str() {
            "public" => Some(Audience::Public),
            "feedback" => Some(Audience::Feedback),
            other => {
                complaints.push(word.complaint(format!("`{other}` is no audience, expected public or feedback")));
                None
            }
        });
        let mut subsectors: Vec<Subsector> = Vec::new();
        for mut part in section.sections("subsectors", complaints) {
            let id = part.id("id", complaints);
            let name = part.text("name", complaints);
            part.finish(complaints);
            let (Some(id), Some(name)) = (id, name) else { continue };
            let taken = subsectors.iter().chain(sectors.iter().flat_map(|sector| &sector.subsectors));
            if taken.into_iter().any(|subsector| subsector.id == id.value) {
                complaints.push(id.complaint(format!("sub-sector `{}` is defined twice", id.value)));
            }
            subsectors.push(Subsector { id: id.value, name: name.value });
        }
        section.finish(complaints);
        let (Some(id), Some(name), Some(audience)) = (id, name, audience) else { continue };
        if sectors.iter().any(|sector| sector.id == id.value) {
            complaints.push(id.complaint(format!("sector `{}` is defined twice", id.value)));
        }
        sectors.push(Sector { id: id.value, name: name.value, audience, subsectors });
    }
    if sectors.is_empty() {
        complaints.push(root.here().complaint("no sector is defined: there is nobody to ask"));
    }
    let scopes: usize = sectors.iter().map(|sector| 1 + sector.subsectors.len()).sum();
    if scopes > MOST_SCOPES {
        let what = format!("{scopes} sectors and sub-sectors are defined, expected {MOST_SCOPES} at most");
        complaints.push(root.here().complaint(what));
    }
    root.finish(complaints);
    Some(Basics { id: survey_id?.value, title: title?.value, least_read, sectors })
}
