//! The tables printed for a circle, the hash that identifies them, and the documents that go with them.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::certificate::{self, Verdict};
use super::ledger::{self, Documents, PrintedCell};
use super::tables;
use crate::disclose::{self, Content, Protected, Reader, Release, Released};
use crate::ingest::ContentHash;
use crate::survey::{Circle, Policy, Survey};
use crate::tabulate::{Key, Tabulation};

/// The tables that a release can have, in the order in which they are hashed.
const TABLES: [&str; 3] = ["distributions.csv", "numbers.csv", "changes.csv"];

/// The certificate for programs, among the documents of a release.
pub(super) const CERTIFICATE: &str = "certificate.json";
/// The certificate for people.
pub(super) const CERTIFICATE_PAGE: &str = "certificate.html";
/// The first characters of the names of documents for the desk alone.
const DESK: &str = "desk/";

/// The release printed for a circle.
#[derive(Debug)]
pub(super) struct Printed {
    pub release: Rc<Release>,
    pub cells: Vec<PrintedCell>,
    pub tables: Vec<(&'static str, Vec<u8>)>,
    /// The hash over the tables.
    pub hash: String,
}

/// How many cells a release prints with their counts, as shares, and not at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CellCounts {
    /// With their counts.
    pub published: usize,
    /// As classes or whole per cents.
    pub shares: usize,
    /// Not at all.
    pub withheld: usize,
}

impl Printed {
    pub fn new(survey: &Survey, release: Release) -> Printed {
        let [distributions, numbers, changes] = TABLES;
        let mut tables = vec![(distributions, tables::distributions_csv(survey, &release))];
        tables.push((numbers, disclose::numbers_csv(survey, &release)));
        if !release.changes().is_empty() {
            tables.push((changes, tables::changes_csv(survey, &release)));
        }
        let contents: Vec<&[u8]> = tables.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        let hash = ContentHash::of_parts(&contents).to_string();
        Printed { cells: ledger::cells(survey, &release), release: Rc::new(release), tables, hash }
    }

    /// The counts of cells that are printed and that are not, as the certificate has them: counts, and the bases that
    /// depend on an answer.
    pub fn counts(&self, survey: &Survey) -> CellCounts {
        let mut counts = CellCounts::default();
        for table in self.release.distributions() {
            let is_gated = survey.question(table.question()).gate.is_some();
            let mut bases = BTreeMap::new();
            let covered = |(key, _): &&(Key, Released)| self.release.population(key.scope).is_some();
            for (key, released) in table.cells().iter().filter(covered) {
                match released.content() {
                    Content::Published { .. } => counts.published += 1,
                    Content::Share(_) => counts.shares += 1,
                    Content::Withheld(_) => counts.withheld += 1,
                }
                bases.insert((key.scope, key.item), released.base().is_some());
            }
            let printed = bases.values().filter(|is_printed| **is_printed).count();
            if is_gated {
                counts.published += printed;
                counts.withheld += bases.len() - printed;
            }
        }
        counts
    }

    /// Whether it shows any figure of last year.
    pub fn shows_last_year(&self) -> bool {
        let is_shown = |one: Released| !matches!(one.content(), Content::Withheld(_));
        let cells = self.release.changes().iter().flat_map(|table| table.cells());
        cells.into_iter().any(|(_, change)| change.before().is_some_and(is_shown))
    }
}

/// Where what a circle has stands in the outputs.
pub(super) fn folder_of(circle: Circle) -> &'static str {
    match circle {
        Circle::Public => "public",
        Circle::Feedback => "internal/disclosure/feedback",
    }
}

/// The name of a document that is for the desk alone.
pub(super) fn for_desk(name: &str) -> String {
    format!("{DESK}{name}")
}

/// Where a document of a circle stands in the outputs.
pub(super) fn path_of(circle: Circle, document: &str) -> String {
    match document.strip_prefix(DESK) {
        Some(name) => format!("internal/disclosure/{}_{name}", circle.word()),
        None => format!("{}/{document}", folder_of(circle)),
    }
}

/// Whether a document is for the desk alone.
pub(super) fn is_for_desk(document: &str) -> bool {
    document.starts_with(DESK)
}

/// The certificates and, for the desk, the lists of withheld cells.
pub(super) fn documents(
    survey: &Survey,
    policy: &Policy,
    tabulation: &Tabulation,
    protected: &Protected,
    verdict: Verdict<'_>,
) -> Documents {
    let mut documents = Documents::new();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("tables are written in UTF-8");
    let reader = Reader::Circle(policy.circle);
    for (reader, is_desk) in [(reader, false), (Reader::Desk, true)] {
        let name = |name: &str| if is_desk { for_desk(name) } else { name.to_owned() };
        let certificate = certificate::certificate(survey, policy, protected, reader, verdict);
        let certificate = serde_json::to_string_pretty(&certificate).expect("a certificate is plain data") + "\n";
        documents.insert(name(CERTIFICATE), certificate);
        documents.insert(name(CERTIFICATE_PAGE), certificate::page(survey, policy, protected, reader, verdict));
    }
    let withheld = tables::withheld_csv(survey, tabulation, protected);
    documents.insert(for_desk("withheld.csv"), text(withheld));
    documents
        .insert(for_desk("withheld_numbers.csv"), text(disclose::withheld_numbers_csv(survey, &protected.numbers)));
    documents
}
