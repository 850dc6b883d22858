//! The stage of disclosure control and of the release, and the commands that ask about releases.

use std::rc::Rc;

use super::run::{Run, Successor, load, store_of_year};
use super::{PipelineError, Settings};
use crate::disclose::{Account, Release};
use crate::finding::{Finding, render};
use crate::release::{self, Desk, Drafts, Edition, Outcome, ReleaseError};
use crate::status::Since;
use crate::store::Store;
use crate::survey::Circle;
use crate::tabulate::{self, Tabulation};

/// The findings of disclosure control.
const FINDINGS: &str = "internal/disclosure/findings.jsonl";
/// The certificates of the releases.
const CERTIFICATES: [(Circle, &str); 2] =
    [(Circle::Public, "public/certificate.json"), (Circle::Feedback, "internal/disclosure/feedback/certificate.json")];
/// The folders of the releases.
const FOLDERS: [&str; 2] = ["public", "internal/disclosure/feedback"];

/// The outcome of disclosure control and of the release.
pub(super) struct Disclosed {
    /// The state of each circle.
    pub outcomes: Vec<Outcome>,
    pub findings: Vec<Finding>,
    /// The public release, or its draft.
    pub public: Option<Rc<Release>>,
    /// What has changed since the releases that readers have.
    pub since: Vec<Since>,
}

/// Makes the releases or their drafts, carries out the request for a release, and writes all of it.
pub(super) fn disclose(
    run: &Run<'_>,
    tabulation: &Rc<Tabulation>,
    store: &Store,
    next: &mut Successor<'_>,
) -> Result<Disclosed, PipelineError> {
    let outputs = &mut next.outputs;
    let there = |(circle, name): (Circle, &str)| Some((circle, run.out.join(name), outputs.read(name)?));
    let desk = Desk {
        survey: &run.survey,
        tabulation: Rc::clone(tabulation),
        drafts: Drafts::new(store.drafts_folder(), !run.is_dry_run()),
        request: run.settings.request.as_ref(),
        certificates: CERTIFICATES.into_iter().filter_map(there).collect(),
    };
    let release::Disclosed { outcomes, findings, public, files, kept, since } =
        release::disclose(&desk, &mut next.staging)?;
    for (name, bytes) in &files {
        outputs.write(name, bytes)?;
    }
    for folder in FOLDERS {
        if kept.contains(&folder) {
            outputs.keep(folder);
        } else {
            // A table that readers no longer have may be there of an earlier draft.
            let is_drawn = |name: &str| [".svg", ".png"].iter().any(|end| name.ends_with(end));
            let has_any = files.keys().any(|name| name.starts_with(&format!("{folder}/")));
            outputs.remove_others(folder, &|name| !has_any || !is_drawn(name))?;
        }
    }
    let is_of = |name: &str, circle: Circle| name.starts_with(&format!("internal/disclosure/{}_", circle.word()));
    let is_list =
        |name: &str| name.ends_with("since_release.csv") || Circle::ALL.into_iter().any(|one| is_of(name, one));
    // A correction that was prepared stays until another one is.
    outputs.remove_others("internal/disclosure", &|name| is_list(name) && !name.contains("_erratum/"))?;
    // A file of its own: ingest writes its findings when it has read the returns, and they stand until it reads
    // them again.
    outputs.write(FINDINGS, render::jsonl(&findings).as_bytes())?;
    Ok(Disclosed { outcomes, findings, public, since })
}

/// Answers a question about the releases of a year, and writes nothing.
fn ask<T>(
    settings: &Settings,
    question: impl FnOnce(&Desk<'_>, &Store) -> Result<T, ReleaseError>,
) -> Result<T, PipelineError> {
    let (survey, _) = load(&settings.year_file)?;
    let store = store_of_year(settings.store.as_deref(), &survey)?;
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

/// The cost of each limit of a circle's policy: cells that are withheld and tables that are whole, by
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
    let (store, fiscal_year) = (store_of_year(settings.store.as_deref(), &survey)?, survey.fiscal_year);
    let editions = release::editions(&store, fiscal_year)?;
    let listed = editions.all().iter().map(|edition| {
        let figures = release::cell_count(&store, fiscal_year, edition)?;
        Ok(ListedEdition { fiscal_year, edition: edition.clone(), figures })
    });
    listed.collect()
}
