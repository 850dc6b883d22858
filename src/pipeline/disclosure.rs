//! Disclosure control: what may leave the tables, with its certificate, and what may not.

use super::{PipelineError, Work};
use crate::compare::Replies;
use crate::disclose::{self, Contributions, Correction, History, NumberOpening, Opening, Protected, Release};
use crate::finding::{Code, Finding, Place};
use crate::ingest::ContentHash;
use crate::store::{Staging, tables};
use crate::survey::{Circle, Survey};
use crate::tabulate::{Scope, Tabulation};

/// What came of disclosure control for a circle.
#[derive(Debug, Clone)]
pub struct DisclosureOutcome {
    /// For whom.
    pub circle: Circle,
    /// Whether it may be released.
    pub is_released: bool,
    /// How many cells are published, given as a band, withheld for their own sake, withheld for others.
    pub cells: [usize; 4],
    /// How many would be withheld if whole questions were.
    pub by_whole_rows: usize,
    /// The narrowest interval that an outsider can compute.
    pub narrowest: Option<i64>,
    /// When it was released, if it was.
    pub released_at: Option<String>,
}

/// The folder of what everybody may see.
pub(super) const PUBLIC: &str = "public";

impl Work<'_> {
    /// Protects what is to be published, attacks it, and writes it if nothing is opened.
    pub(super) fn disclose(
        &mut self,
        tabulation: &Tabulation,
        staging: &mut Staging<'_>,
    ) -> Result<Option<Release>, PipelineError> {
        let Some(policy) = self.survey.policy(Circle::Public).cloned() else {
            self.remove_public()?;
            return Ok(None);
        };
        let replies = Replies::read(&self.survey, &self.survey, staging)?;
        let history = History::read(&self.survey, Circle::Public, staging)?;
        let (known, corrections) = history.held_against(tabulation, &policy);
        let protected = disclose::protect(&self.survey, tabulation, &replies, &policy, &known);
        let contributions = Contributions::read(&self.survey, staging)?;
        let protected = protected.with_numbers(&self.survey, tabulation, &replies, &contributions, &policy);
        let csv = disclose::distributions_csv(&self.survey, &protected.release);
        let hash = ContentHash::of(&csv).to_string();
        let mut findings: Vec<Finding> = corrections.iter().map(|one| corrected(&self.survey, one)).collect();
        findings.extend(protected.openings.iter().map(|one| opened(&self.survey, one)));
        findings.extend(protected.numbers.openings.iter().map(|one| number_opened(&self.survey, one)));
        let is_released = protected.is_safe() && !corrections.iter().any(|one| one.is_unmasking);
        self.report.findings.extend(findings);
        let desk = disclose::withheld_csv(&self.survey, tabulation, &protected);
        self.outputs.write("internal/disclosure.csv", &desk)?;
        let desk = disclose::withheld_numbers_csv(&self.survey, &protected);
        self.outputs.write("internal/disclosure_numbers.csv", &desk)?;
        let certificate = disclose::certificate(&self.survey, &policy, &protected, &hash);
        let certificate = serde_json::to_string_pretty(&certificate).expect("a certificate is plain data") + "\n";
        let page = disclose::page(&self.survey, &policy, &protected, &hash);
        let released_at = self.settings.released_at.clone().filter(|_| is_released);
        if is_released {
            self.outputs.write("public/distributions.csv", &csv)?;
            let numbers = disclose::numbers_csv(&self.survey, &protected.release);
            self.outputs.write("public/numbers.csv", &numbers)?;
            self.outputs.write("public/certificate.json", certificate.as_bytes())?;
            self.outputs.write("public/certificate.html", page.as_bytes())?;
            if let Some(time) = &released_at {
                let writer = staging.table(&tables::RELEASES)?;
                history.write(&self.survey, &protected.release, Circle::Public, [time, &hash], writer)?;
            }
        } else {
            self.outputs.write("internal/certificate.json", certificate.as_bytes())?;
            self.outputs.write("internal/certificate.html", page.as_bytes())?;
            self.remove_public()?;
        }
        self.report.disclosed.push(outcome(&protected, is_released, released_at));
        Ok(is_released.then_some(protected.release))
    }

    /// Takes away what an earlier run had let through.
    fn remove_public(&self) -> Result<(), PipelineError> {
        self.outputs.remove_others(PUBLIC, &|_| true)
    }
}

fn outcome(protected: &Protected, is_released: bool, released_at: Option<String>) -> DisclosureOutcome {
    let account = &protected.account;
    DisclosureOutcome {
        circle: Circle::Public,
        is_released,
        cells: [account.published, account.coarsened, account.primary.values().sum(), account.secondary],
        by_whole_rows: account.by_whole_rows,
        narrowest: account.narrowest,
        released_at,
    }
}

fn corrected(survey: &Survey, correction: &Correction) -> Finding {
    let Correction { spot, given, now, is_unmasking } = correction;
    let code = if *is_unmasking { Code::CorrectionUnmasks } else { Code::FigureCorrected };
    let message = format!(
        "{} was released as {} of {} and is {} of {} now",
        disclose::name(survey, *spot),
        given.count,
        given.base,
        now.count,
        now.base
    );
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

fn opened(survey: &Survey, opening: &Opening) -> Finding {
    let code = Code::WithheldCellOpen;
    let seen = match opening.interval {
        Some((lowest, highest)) if lowest == highest => format!("is exactly {lowest}"),
        Some((lowest, highest)) => format!("is {lowest} to {highest}"),
        None => "may be computable: the attack was too large to be carried through".to_owned(),
    };
    let who = if opening.takes_own_answers { "for a respondent that knows its own answers" } else { "for an outsider" };
    let pinned: Vec<String> = opening.pinned_by.iter().take(4).map(|spot| disclose::name(survey, *spot)).collect();
    let message = format!(
        "{} {seen} {who}, expected a width of {}; it follows from {}",
        disclose::name(survey, opening.spot),
        opening.needed,
        pinned.join(", ")
    );
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

fn number_opened(survey: &Survey, opening: &NumberOpening) -> Finding {
    let code = Code::WithheldCellOpen;
    let NumberOpening { question, sector, scope, interval, needed, .. } = opening;
    let whole = Scope { sector: *sector, subsector: None };
    let name = disclose::number_name(survey, *question, scope.unwrap_or(whole));
    let whose = if scope.is_some() { "" } else { " of a part of which nothing is printed" };
    let who = if opening.takes_own_answers { "for a respondent that knows its own number" } else { "for an outsider" };
    let message = format!(
        "the total of {name}{whose} is {} to {} {who}, expected ends {} below and {} above the true one; it follows \
         from the printed means of the sector and its other sub-sectors",
        interval.0, interval.1, needed.0, needed.1
    );
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}
