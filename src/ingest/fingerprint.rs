//! What the reading of a file depends on besides its bytes and its name, as hashes: this build of
//! the program, the printed content of the definition, and the roster's entry of whoever sent it.
//!
//! A comment in the definition, a figure, a net or a gate changes nothing here; a wording does.

use std::hash::{Hash, Hasher};

use super::content_hash::ContentHash;
use super::reader::Outcome;
use crate::finding::Code;
use crate::form::Form;
use crate::survey::{Choice, Institution, Item, Question, Roster, Survey};

/// The build of this program, by its sources.
pub const BUILD: &str = env!("CSSA_BUILD");

/// The fingerprint of a definition, for this build of the program.
pub fn definition(survey: &Survey, forms: &[Form]) -> ContentHash {
    let sectors: Vec<&str> = survey.sectors.iter().map(|sector| sector.id.as_str()).collect();
    let questions: Vec<Printed<'_>> = survey.questions.iter().map(Printed).collect();
    ContentHash::of_value(&(BUILD, survey.fiscal_year, &survey.title, sectors, questions, forms))
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

    /// The fingerprint of what outcomes depend on: the entries of the institutions that sent them.
    /// A code that is on nobody's roster may be on the next one, so it depends on all of it.
    pub fn behind(&self, outcomes: &[Outcome]) -> ContentHash {
        let parts: Vec<Option<ContentHash>> = outcomes
            .iter()
            .map(|outcome| match &outcome.institution {
                Some(code) => self.roster.find(code).map(entry),
                None if is_unknown(outcome) => Some(self.whole),
                None => None,
            })
            .collect();
        ContentHash::of_value(&parts)
    }
}

fn is_unknown(outcome: &Outcome) -> bool {
    outcome.findings.iter().any(|finding| finding.code == Code::UnknownInstitution)
}

/// An institution's entry: its code, its name and its sectors. Reading does not ask for sub-sectors.
fn entry(institution: &Institution) -> ContentHash {
    let sectors: Vec<_> = institution.memberships.iter().map(|membership| membership.sector).collect();
    ContentHash::of_value(&(&institution.code, &institution.name, sectors))
}
