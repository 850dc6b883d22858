//! The reason for a withheld cell, and the change that would print it: for the desk, in sentences.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::attack::Attacker;
use super::cell::{Address, Measure, Printed};
use super::material::Material;
use super::protect::{Beside, Opening, Protected, audit};
use super::released::{Content, Reason};
use crate::survey::Policy;

/// How many of the cells that would be opened are named.
const SHOWN: usize = 5;

/// The explanation of one cell of a release; `None` where the release has no such figure.
pub fn explain(
    material: &Material<'_>,
    policy: &Policy,
    protected: &Protected,
    beside: &Beside<'_>,
    address: Address,
) -> Option<String> {
    let survey = material.survey;
    let mut text = format!("{} ({})\n", address.name(survey), survey.prompt_name(address.prompt));
    let mut line = |content: String| {
        writeln!(text, "  {content}").expect("writing to a string cannot fail");
    };
    let Some((reason, proven)) = protected.withheld.get(&address) else {
        line(printed(protected, address)?);
        return Some(text);
    };
    match reason {
        Reason::Rule(rule) => {
            let limit = rule.limit(policy);
            line(format!("withheld by a rule: {rule}"));
            line(format!("the limit is {}: {}", limit.value, limit.authority));
            if let Some((lowest, highest)) = proven {
                line(format!("for readers {lowest} and {highest} are both possible; the range may be wider"));
            }
            line(
                "it is printed when the count or the base keeps the limit, or with another limit in the policy"
                    .to_owned(),
            );
        }
        Reason::Secondary => {
            let mut pattern = protected.release.pattern();
            pattern.cells.insert(address, Printed::Value);
            let openings = audit(material, policy, beside, &pattern).unwrap_or_default();
            line(match openings.is_empty() {
                true => "withheld to protect others, together with what else is withheld of the question".to_owned(),
                false => "withheld to protect others. If it were printed, these would be open:".to_owned(),
            });
            openings_of(material, &openings, &mut line);
        }
        Reason::Policy => line("the policy prints nothing of the kind".to_owned()),
    }
    Some(text)
}

fn openings_of(material: &Material<'_>, openings: &[Opening], line: &mut dyn FnMut(String)) {
    let mut named = BTreeSet::new();
    for opening in openings.iter().filter(|opening| named.insert(opening.address)).take(SHOWN) {
        let (lowest, highest) = opening.proven;
        let who = match opening.attacker {
            Attacker::Outsider => "for every reader",
            Attacker::KnowsPolicy => "for a reader who knows the policy",
            Attacker::Respondent => "for one of the respondents",
        };
        let name = opening.address.name(material.survey);
        line(format!("  {name} (between {lowest} and {highest} {who}; a width of {} is needed)", opening.need));
    }
    let all: BTreeSet<Address> = openings.iter().map(|opening| opening.address).collect();
    if all.len() > SHOWN {
        line(format!("  and {} more", all.len() - SHOWN));
    }
}

fn printed(protected: &Protected, address: Address) -> Option<String> {
    let mut tables = protected.release.distributions().iter();
    let table = tables.find(|table| table.question() == address.prompt.question)?;
    let Measure::Count(shown) = address.measure else {
        return Some("printed: the number of those asked, or of those who answered".to_owned());
    };
    let released = table.cell(address.scope, address.prompt.item, Some(shown))?;
    match released.content() {
        Content::Published { count, percent } => {
            let percent = percent.map(|percent| format!(", {percent} per cent")).unwrap_or_default();
            let base = released.base().map(|base| format!(" of {}", base.base)).unwrap_or_default();
            Some(format!("printed: {count}{base}{percent}"))
        }
        Content::Share(share) if share.is_whole_per_cent() => {
            Some(format!("printed as {share} per cent without its base, which is withheld"))
        }
        Content::Share(share) => Some(format!("printed as a class: {share} per cent")),
        Content::Withheld(_) => None,
    }
}
