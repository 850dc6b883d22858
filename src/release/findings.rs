//! Findings of disclosure control and of the ledger of releases, for the desk.

use std::collections::{BTreeMap, BTreeSet};

use super::edition::Edition;
use super::erratum::RevealedByErratum;
use super::policy;
use super::printed::folder_of;
use crate::disclose::{Attacker, Opening, Protected, Refusal};
use crate::finding::{Code, Finding, Place, Severity};
use crate::survey::{Circle, Policy, Survey};

/// How many cells a message names before it counts the others.
const NAMED: usize = 4;

fn named(names: &[String]) -> String {
    let more = if names.len() > NAMED { format!(" and {} more", names.len() - NAMED) } else { String::new() };
    names[..names.len().min(NAMED)].join(", ") + &more
}

/// Findings on the cells that an attack opens.
pub(super) fn openings(survey: &Survey, circle: Circle, protected: &Protected) -> Vec<Finding> {
    let code = Code::WithheldCellOpen;
    let mut seen = BTreeSet::new();
    let found = protected.openings.iter().filter(|one| seen.insert(one.address)).map(|one| {
        let message = format!("{}: {}", circle.word(), opened(survey, one));
        Finding::new(code, Place::Collection, message, code.rule().remedy)
    });
    found.collect()
}

/// The result of an attack on a withheld cell, in words.
pub(super) fn opened(survey: &Survey, opening: &Opening) -> String {
    let who = match opening.attacker {
        Attacker::Outsider => "anybody",
        Attacker::KnowsPolicy => "a reader who knows the policy",
        Attacker::Respondent => "a respondent that knows its own answers",
    };
    let beside: Vec<String> = opening.beside.iter().map(|address| address.name(survey)).collect();
    let from = if beside.is_empty() { "what it stands beside".to_owned() } else { named(&beside) };
    let (lowest, highest) = opening.proven;
    format!(
        "{who} may compute {} more closely than the policy allows: only counts {} apart are proven to be possible, expected {}; it follows from {from}",
        opening.address.name(survey),
        highest - lowest,
        opening.need
    )
}

/// More than two sectors hang together.
pub(super) fn sectors(circle: Circle, refusal: &Refusal) -> Finding {
    let code = Code::SectorsHangTogether;
    let text = refusal.to_string();
    let message = format!("{}: {}", circle.word(), text.lines().next().unwrap_or_default());
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

/// The year before is not released, and its draft is shown beside this year's or cannot be.
pub(super) fn year_before(before: &Survey, circle: Circle, is_safe: bool) -> Finding {
    let code = Code::YearBeforeNotReleased;
    let (circle, year) = (circle.word(), before.fiscal_year);
    let message = match is_safe {
        true => format!("{circle}: the changes show figures of fiscal year {year}, which has no {circle} release"),
        false => format!(
            "{circle}: the changes are left out, because the figures of fiscal year {year} cannot be released as they are"
        ),
    };
    let mut finding = Finding::new(code, Place::Collection, message, code.rule().remedy);
    if !is_safe {
        finding.severity = Severity::Warning;
    }
    finding
}

/// An edition cannot be made again as it was released.
pub(super) fn not_remade(survey: &Survey, edition: &Edition, reason: &str) -> Finding {
    let code = Code::EditionNotRemade;
    let message = format!(
        "edition {} of the {} release of fiscal year {} ({}) cannot be made again as it was released: {reason}; {} stays as it is",
        edition.number,
        edition.circle.word(),
        survey.fiscal_year,
        edition.released_at,
        folder_of(edition.circle)
    );
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

/// The policy of an edition is not that of now.
pub(super) fn against_policy(survey: &Survey, edition: &Edition, then: &Policy) -> Option<Finding> {
    let code = Code::ReleasedAgainstPolicy;
    let differences = match survey.policy(edition.circle) {
        Some(now) => policy::differences(then, now),
        None => vec![format!("there is no policy [{}] any more", edition.circle.word())],
    };
    let message = format!(
        "edition {} of the {} release of fiscal year {} ({}) was made by another policy: {}",
        edition.number,
        edition.circle.word(),
        survey.fiscal_year,
        edition.released_at,
        differences.join(", ")
    );
    (!differences.is_empty()).then(|| Finding::new(code, Place::Collection, message, code.rule().remedy))
}

/// The decision of the desk on a correction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decision<'d> {
    /// The institutions and cells that were accepted to be revealed.
    pub accepted: &'d [String],
    /// Whether the correction is to be released.
    pub is_to_be_released: bool,
}

impl Decision<'_> {
    /// A revealed answer is an error only if the desk asked for the release of the correction without accepting it.
    fn severity(self, named: &str) -> Severity {
        match (self.accepts(named), self.is_to_be_released) {
            (true, _) => Severity::Information,
            (false, true) => Severity::Error,
            (false, false) => Severity::Warning,
        }
    }

    fn accepts(self, named: &str) -> bool {
        self.accepted.iter().any(|one| one == named)
    }
}

/// Findings on a correction: one for each institution that it reveals and each reader, and one for each withheld cell
/// that the editions together show too closely.
pub(super) fn revealed(
    (circle, edition): (Circle, u32),
    revealed: &RevealedByErratum,
    decision: Decision<'_>,
) -> Vec<Finding> {
    let finding = |code: Code, name: &str, text: String| {
        let decided = if decision.accepts(name) { "; accepted" } else { "" };
        let message = format!("{}: {text}{decided}", circle.word());
        let mut finding = Finding::new(code, Place::Collection, message, code.rule().remedy);
        finding.severity = decision.severity(name);
        finding
    };
    let mut by_institution: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for one in &revealed.answers {
        by_institution.entry((&one.institution, &one.to)).or_default().push(one.words());
    }
    let answers = by_institution.into_iter().map(|((institution, to), words)| {
        let text = format!(
            "comparing the correction with edition {edition} reveals to {to} that {institution} answers {}",
            named(&words)
        );
        finding(Code::ErratumReveals, institution, text).of(institution)
    });
    let openings = revealed.openings.iter().map(|one| {
        let text = format!("comparing the correction with edition {edition}, {}", one.words);
        finding(Code::WithheldCellOpen, &one.cell, text)
    });
    answers.chain(openings).collect()
}
