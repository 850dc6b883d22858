//! What the reading of a file depends on besides its bytes and its name, as hashes: this build of
//! the program, the printed content of the definition, and what the roster says of whom the file names.
//!
//! A comment in the definition, a figure, a net or a gate changes nothing here; a wording does.

use std::hash::{Hash, Hasher};

use crate::form::Form;
use crate::ingest::content_hash::ContentHash;
use crate::ingest::reader::Outcome;
use crate::survey::{Choice, Institution, Item, Question, Roster, Survey};

/// The build of this program, by its sources.
pub const BUILD: &str = env!("CSSA_BUILD");

/// The fingerprint of a definition, for this build of the program.
pub fn definition(survey: &Survey, forms: &[Form]) -> ContentHash {
    let sectors: Vec<(&str, &str)> =
        survey.sectors.iter().map(|sector| (sector.id.as_str(), sector.name.as_str())).collect();
    let questions: Vec<Printed<'_>> = survey.questions.iter().map(Printed).collect();
    ContentHash::of_value(&(BUILD, survey.fiscal_year, &survey.title, survey.least_read, sectors, questions, forms))
}

/// A question by what is printed of it and who is asked.
struct Printed<'a>(&'a Question);

impl Hash for Printed<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Every field is named, so that whoever adds one has to say whether reading depends on it.
        let Question {
            id,
            kind,
            section: _,
            title,
            unit,
            whole,
            least,
            most,
            decimals,
            voluntary: _,
            harmless: _,
            sectors,
            items,
            options,
            gate: _,
            nets: _,
        } = self.0;
        (id, kind, title, unit, whole, (least, most, decimals), sectors, items.len(), options.len()).hash(state);
        for Item { id, label } in items {
            (id, label).hash(state);
        }
        for Choice { id, label, level: _, exclusive: _, adverse: _ } in options {
            (id, label).hash(state);
        }
    }
}

/// The fingerprints of a roster, as far as they are asked for.
pub struct Entries<'a> {
    roster: &'a Roster,
    whole: ContentHash,
}

impl<'a> Entries<'a> {
    pub fn of(roster: &'a Roster) -> Entries<'a> {
        let entries: Vec<ContentHash> = roster.institutions().into_iter().map(entry).collect();
        Entries { roster, whole: ContentHash::of_value(&entries) }
    }

    /// The fingerprint of the whole roster.
    pub fn whole(&self) -> ContentHash {
        self.whole
    }

    /// The fingerprint of what outcomes depend on: the entries of the codes and names that were looked up,
    /// or that they are on nobody's roster, because they may be on the next one.
    pub fn behind(&self, outcomes: &[Outcome]) -> ContentHash {
        let of_code = |code: &String| self.roster.find(code).map(entry);
        let of_outcome = |outcome: &Outcome| {
            let codes: Vec<Option<ContentHash>> = outcome.consulted.codes.iter().map(of_code).collect();
            let of_name = |name: &String| self.roster.find_by_name(name).map(entry);
            (codes, outcome.consulted.names.iter().map(of_name).collect::<Vec<_>>())
        };
        ContentHash::of_value(&outcomes.iter().map(of_outcome).collect::<Vec<_>>())
    }
}

/// An institution's entry: its code, its name and its sectors. Reading does not ask for sub-sectors.
fn entry(institution: &Institution) -> ContentHash {
    let sectors: Vec<_> = institution.memberships.iter().map(|membership| membership.sector).collect();
    ContentHash::of_value(&(&institution.code, &institution.name, sectors))
}
