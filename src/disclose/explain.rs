//! Why a cell is withheld, and what would have to change: for the desk, in sentences.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::cells::{Measure, Spot};
use super::cohort::Cohort;
use super::known::Known;
use super::material::Material;
use super::protect::{Protected, if_printed};
use super::released::{Content, Reason};
use super::tables::name;
use crate::survey::Policy;

/// How many of the cells that would be opened are named.
const SHOWN: usize = 5;

/// The explanation of one cell, of a release to readers who know something already; `None` where there is no such
/// figure.
pub fn explain(
    material: &Material<'_>,
    policy: &Policy,
    protected: &Protected,
    known: &Known,
    spot: Spot,
) -> Option<String> {
    let survey = material.survey;
    let is_of_panel = Cohort::of_panel().contains(&spot.cohort);
    // Of other parts of the respondents nothing is ever printed that could be explained.
    if spot.cohort != Cohort::All && !is_of_panel {
        return None;
    }
    let mut text = format!("{} ({})\n", name(survey, spot), survey.prompt_name(spot.prompt));
    let mut line = |content: String| {
        writeln!(text, "  {content}").expect("writing to a string cannot fail");
    };
    if is_of_panel {
        line(of_panel(policy, protected, spot).to_owned());
        return Some(text);
    }
    let Some((reason, interval)) = protected.withheld.get(&spot) else {
        line(printed(protected, spot)?);
        return Some(text);
    };
    if let Some((lowest, highest)) = interval {
        line(format!("withheld: all that an outsider can compute is {lowest} to {highest}"));
    }
    match reason {
        Reason::Primary(primary) => {
            let limit = primary.limit(policy);
            line(format!("for its own sake: {primary}"));
            line(format!("the limit is {}: {}", limit.value, limit.authority));
            line(
                "it would be printed if the count, or the base, kept the limit; or with another limit in the policy"
                    .to_owned(),
            );
        }
        Reason::Secondary => {
            let openings = if_printed(material, policy, &protected.release, known, spot);
            line(match openings.is_empty() {
                true => "to protect others, together with what else is withheld of the question".to_owned(),
                false => "to protect others. If it were printed, these could be computed:".to_owned(),
            });
            let mut named = BTreeSet::new();
            for opening in openings.iter().filter(|opening| named.insert(opening.spot)).take(SHOWN) {
                let seen = match opening.interval {
                    Some((lowest, highest)) if lowest == highest => format!("exactly {lowest}"),
                    Some((lowest, highest)) => format!("{lowest} to {highest}"),
                    None => "perhaps".to_owned(),
                };
                let who = match (opening.takes_own_answers, policy.coalition.value) {
                    (false, _) => "",
                    (true, 1) => ", by one of the respondents",
                    (true, _) => ", by respondents who put their own answers together",
                };
                line(format!(
                    "  {} ({seen}{who}; a width of {} is needed)",
                    name(survey, opening.spot),
                    opening.needed
                ));
            }
            let all: BTreeSet<Spot> = openings.iter().map(|opening| opening.spot).collect();
            if all.len() > SHOWN {
                line(format!("  and {} more", all.len() - SHOWN));
            }
            line(
                "it would be printed if those were printed, or if something else of less weight protected them"
                    .to_owned(),
            );
        }
        Reason::Policy => line("the policy prints nothing of the kind".to_owned()),
    }
    Some(text)
}

/// What is said of those who answered in both years: of a question all of it or nothing.
fn of_panel(policy: &Policy, protected: &Protected, spot: Spot) -> &'static str {
    if !policy.panel {
        return "not printed: the policy says `panel = false`";
    }
    match Known::of(&protected.release).figures.contains(&spot) {
        true => "printed: nobody who answered in both years, came or left has to be protected here",
        false => {
            "withheld: the figures of the panel are printed as one or not at all, where everything of both years is \
             printed beside them, nobody who came, left, moved or stands in two sectors would be told of, and no \
             attack opens them"
        }
    }
}

fn printed(protected: &Protected, spot: Spot) -> Option<String> {
    let table = protected.release.distributions().iter().find(|table| table.question() == spot.prompt.question)?;
    let Measure::Count(shown) = spot.measure else {
        return Some("printed: everybody knows how many were asked, or may know how many answered".to_owned());
    };
    let released = table.cell(spot.scope, spot.prompt.item, Some(shown))?;
    match released.content() {
        Content::Published { count, percent } => {
            let percent = percent.map(|percent| format!(", {percent} per cent")).unwrap_or_default();
            let base = released.base().map(|base| format!(" of {}", base.base)).unwrap_or_default();
            Some(format!("printed: {count}{base}{percent}"))
        }
        Content::Coarsened(band) => Some(format!("printed as a band: {band} per cent")),
        Content::Withheld(_) => None,
    }
}
