//! What disclosure control and the ledger of releases find, as findings for the desk.

use std::collections::{BTreeMap, BTreeSet};

use super::edition::Edition;
use super::erratum::RevealedAnswer;
use super::policy;
use super::printed::folder_of;
use crate::disclose::{Attacker, Protected, Refusal};
use crate::finding::{Code, Finding, Place, Severity};
use crate::survey::{Circle, Policy, Survey};

/// How many cells a message names before it counts the others.
const NAMED: usize = 4;

fn named(names: &[String]) -> String {
    let more = if names.len() > NAMED { format!(" and {} more", names.len() - NAMED) } else { String::new() };
    names[..names.len().min(NAMED)].join(", ") + &more
}

/// What an attack opens.
pub(super) fn openings(survey: &Survey, circle: Circle, protected: &Protected) -> Vec<Finding> {
    let code = Code::WithheldCellOpen;
    let mut seen = BTreeSet::new();
    let found = protected.openings.iter().filter(|one| seen.insert(one.address)).map(|one| {
        let who = match one.attacker {
            Attacker::Outsider => "anybody",
            Attacker::KnowsPolicy => "a reader who knows the policy",
            Attacker::Respondent => "a respondent that knows its own answers",
        };
        let beside: Vec<String> = one.beside.iter().map(|address| address.name(survey)).collect();
        let from = if beside.is_empty() { "what it stands beside".to_owned() } else { named(&beside) };
        let (lowest, highest) = one.proven;
        let message = format!(
            "{}: {who} may compute {} more closely than the policy allows: only counts {} apart are proven to be possible, expected {}; it follows from {from}",
            circle.word(),
            one.address.name(survey),
            highest - lowest,
            one.need
        );
        Finding::new(code, Place::Collection, message, code.rule().remedy)
    });
    found.collect()
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

/// What a correction reveals, a finding for each institution and for whom it is revealed to. It is an error only where
/// the correction was to be released.
pub(super) fn revealed(
    (circle, edition): (Circle, u32),
    revealed: &[RevealedAnswer],
    accepted: &[String],
    is_to_be_released: bool,
) -> Vec<Finding> {
    let code = Code::ErratumReveals;
    let mut by_institution: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for one in revealed {
        let words = by_institution.entry((&one.institution, &one.to)).or_default();
        words.push(one.words());
    }
    let found = by_institution.into_iter().map(|((institution, to), words)| {
        let is_accepted = accepted.iter().any(|one| one == institution);
        let decided = if is_accepted { "; accepted" } else { "" };
        let message = format!(
            "{}: comparing the correction with edition {edition} reveals to {to} that {institution} answers {}{decided}",
            circle.word(),
            named(&words)
        );
        let mut finding = Finding::new(code, Place::Collection, message, code.rule().remedy).of(institution);
        finding.severity = match (is_accepted, is_to_be_released) {
            (true, _) => Severity::Information,
            (false, true) => Severity::Error,
            (false, false) => Severity::Warning,
        };
        finding
    });
    found.collect()
}
