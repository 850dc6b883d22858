//! Disclosure control and the release: what readers have, written with what the desk has to know of it.

use std::rc::Rc;

use super::{PipelineError, Settings, Work, collection, load};
use crate::disclose::{Account, Release};
use crate::finding::render;
use crate::release::{self, Desk, Disclosed, Drafts, Edition, ReleaseError};
use crate::store::{Staging, Store};
use crate::survey::{Circle, Survey};
use crate::tabulate::{self, Tabulation};

/// What disclosure control found.
const FINDINGS: &str = "internal/disclosure/findings.jsonl";
/// The certificates of what readers have.
const CERTIFICATES: [(Circle, &str); 2] =
    [(Circle::Public, "public/certificate.json"), (Circle::Feedback, "internal/disclosure/feedback/certificate.json")];
/// The folders of what readers have.
const FOLDERS: [&str; 2] = ["public", "internal/disclosure/feedback"];

impl Work<'_> {
    /// Makes what readers have, or would have, and does what was asked for. Gives what everybody may see.
    pub(super) fn disclose(
        &mut self,
        tabulation: &Rc<Tabulation>,
        store: &Store,
        staging: &mut Staging<'_>,
    ) -> Result<Option<Rc<Release>>, PipelineError> {
        let is_dry_run = self.is_dry_run();
        let there =
            |(circle, name): (Circle, &str)| Some((circle, self.report.out.join(name), self.outputs.read(name)?));
        let desk = Desk {
            survey: &self.survey,
            tabulation: Rc::clone(tabulation),
            drafts: Drafts::new(store.drafts_folder(), !is_dry_run),
            request: self.settings.request.as_ref(),
            certificates: CERTIFICATES.into_iter().filter_map(there).collect(),
        };
        let Disclosed { outcomes, findings, public, files, kept, since } = release::disclose(&desk, staging)?;
        for (name, bytes) in &files {
            self.outputs.write(name, bytes)?;
        }
        for folder in FOLDERS {
            if kept.contains(&folder) {
                self.outputs.keep(folder);
            } else {
                // A table that readers no longer have may be there of an earlier draft.
                let is_drawn = |name: &str| [".svg", ".png"].iter().any(|end| name.ends_with(end));
                let has_any = files.keys().any(|name| name.starts_with(&format!("{folder}/")));
                self.outputs.remove_others(folder, &|name| !has_any || !is_drawn(name))?;
            }
        }
        let is_of = |name: &str, circle: Circle| name.starts_with(&format!("internal/disclosure/{}_", circle.word()));
        let is_list =
            |name: &str| name.ends_with("since_release.csv") || Circle::ALL.into_iter().any(|one| is_of(name, one));
        // A correction that was prepared stays until another one is.
        self.outputs.remove_others("internal/disclosure", &|name| is_list(name) && !name.contains("_erratum/"))?;
        // A file of its own: ingest writes its findings when it has read the returns, and they stand until it reads
        // them again.
        self.outputs.write(FINDINGS, render::jsonl(&findings).as_bytes())?;
        self.report.findings.extend(findings);
        self.report.disclosed = outcomes;
        self.report.since = since;
        Ok(public)
    }

    /// Whether nothing is to be written to the store or to what readers have.
    pub(super) fn is_dry_run(&self) -> bool {
        self.settings.request.as_ref().is_some_and(|request| request.is_dry_run)
    }
}

/// The store that a year is read from: it has to be there, and of the same survey.
fn store_to_read(settings: &Settings, survey: &Survey) -> Result<Store, PipelineError> {
    collection::open(&collection::store_to_read(settings.store.as_deref(), survey), survey, true)
}

/// Asks something of what the store holds of a year, and writes nothing.
fn ask<T>(
    settings: &Settings,
    question: impl FnOnce(&Desk<'_>, &Store) -> Result<T, ReleaseError>,
) -> Result<T, PipelineError> {
    let (survey, _) = load(&settings.year_file)?;
    let store = store_to_read(settings, &survey)?;
    let desk = Desk {
        survey: &survey,
        tabulation: Rc::new(tabulate::tabulate(&survey, &store)?),
        drafts: Drafts::new(store.drafts_folder(), false),
        request: None,
        certificates: Vec::new(),
    };
    Ok(question(&desk, &store)?)
}

/// Explains why a cell is withheld from a circle, or that it is not: `name` is as in the desk's list.
pub fn explain_disclosure(settings: &Settings, circle: Circle, name: &str) -> Result<String, PipelineError> {
    ask(settings, |desk, store| release::explain(desk, store, circle, name))
}

/// What each limit of a circle's policy costs: cells that are withheld and tables that are whole, by
/// the policy as it is and with one limit after the other relaxed.
pub fn disclosure_costs(
    settings: &Settings,
    circle: Circle,
) -> Result<Vec<(&'static str, u32, Account)>, PipelineError> {
    ask(settings, |desk, store| release::costs(desk, store, circle))
}

/// An edition of a year, and how many figures it prints.
#[derive(Debug)]
pub struct ListedEdition {
    /// The year.
    pub fiscal_year: u16,
    /// The edition.
    pub edition: Edition,
    /// How many figures it prints.
    pub figures: usize,
}

/// Lists the editions of a year.
pub fn editions(settings: &Settings) -> Result<Vec<ListedEdition>, PipelineError> {
    let (survey, _) = load(&settings.year_file)?;
    let (store, fiscal_year) = (store_to_read(settings, &survey)?, survey.fiscal_year);
    let editions = release::editions(&store, fiscal_year)?;
    let listed = editions.all().iter().map(|edition| {
        let figures = release::cell_count(&store, fiscal_year, edition)?;
        Ok(ListedEdition { fiscal_year, edition: edition.clone(), figures })
    });
    listed.collect()
}
