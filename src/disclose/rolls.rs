//! Who is behind the cells: every cohort of every scope, prompt by prompt, with what each respondent of
//! it answered.

use std::collections::{BTreeMap, BTreeSet};

use super::cohort::{Cohort, Scopes, prompt_before};
use super::coverage::is_covered;
use super::known::Known;
use super::material::{LastYear, Material};
use crate::compare::{Both, Replies, Reply};
use crate::survey::{Policy, Prompt, Sector, SectorIndex, Survey};
use crate::tabulate::Scope;

/// What a respondent gave to a prompt.
#[derive(Debug, Clone, Copy)]
pub(super) struct Voice<'a> {
    /// Its code. Who is another institution this year than last year has this year's code in both.
    pub respondent: &'a str,
    /// The options it chose; `None` where it gave no answer that counts.
    pub chosen: Option<&'a [u16]>,
    /// Whether an earlier answer let it through to the prompt; `None` where none decides it, or that one
    /// is missing.
    pub passed: Option<bool>,
}

/// A cohort of a scope, and what it gave to a prompt.
#[derive(Debug, Clone)]
pub(super) struct Roll<'a> {
    pub cohort: Cohort,
    pub scope: Scope,
    pub prompt: Prompt,
    pub voices: Vec<Voice<'a>>,
}

/// All that a release is about, and all that follows from it.
///
/// What readers know already belongs to it, whatever the policy has of that now.
pub(super) fn rolls<'a>(material: &Material<'a>, policy: &Policy, known: &Known) -> Vec<Roll<'a>> {
    let (survey, replies) = (material.survey, material.replies);
    let told = known.scopes();
    let mut rolls = Vec::new();
    // Sub-sectors add up to their sector only together.
    let is_told = |scope: Scope| {
        told.iter().any(|one| one.sector == scope.sector && (scope.subsector.is_none() || one.subsector.is_some()))
    };
    let is_about = |scope: Scope| is_covered(survey, policy, scope) || is_told(scope);
    for (&scope, members) in replies.members.iter().filter(|(scope, _)| is_about(**scope)) {
        for prompt in asked(survey, scope.sector) {
            let voices = members.iter().map(|code| voice(survey, replies, code, code, prompt)).collect();
            rolls.push(Roll { cohort: Cohort::All, scope, prompt, voices });
        }
    }
    rolls.extend(shared(replies, &rolls));
    rolls.extend(hanging_together(survey, replies, &rolls));
    if let (true, Some(last_year)) = (policy.panel || known.has_panel(), material.last_year) {
        rolls.extend(two_years(survey, &last_year, &rolls));
    }
    rolls
}

/// What a sector is asked.
fn asked(survey: &Survey, sector: SectorIndex) -> impl Iterator<Item = Prompt> + '_ {
    survey.prompts().filter(move |prompt| {
        let question = survey.question(prompt.question);
        question.kind.has_options() && question.sectors.contains(&sector)
    })
}

fn voice<'a>(survey: &Survey, replies: &'a Replies, respondent: &'a str, code: &str, prompt: Prompt) -> Voice<'a> {
    let passed = survey.question(prompt.question).gate.as_ref().and_then(|gate| {
        match replies.of(code, Prompt { question: gate.question, item: None }) {
            Reply::Given(decided) => Some(decided.iter().any(|option| gate.accepted(prompt.item).contains(option))),
            Reply::NotAsked | Reply::Missing => None,
        }
    });
    let chosen = match replies.of(code, prompt) {
        Reply::Given(chosen) => Some(chosen.as_slice()),
        Reply::NotAsked | Reply::Missing => None,
    };
    Voice { respondent, chosen, passed }
}

/// Sectors and sub-sectors that have members in common with those of another sector: those, and the others of
/// each.
fn shared<'a>(replies: &'a Replies, all: &[Roll<'a>]) -> Vec<Roll<'a>> {
    let by_place: BTreeMap<(Scope, Prompt), &Roll<'a>> =
        all.iter().map(|roll| ((roll.scope, roll.prompt), roll)).collect();
    let scopes: BTreeSet<Scope> = all.iter().map(|roll| roll.scope).collect();
    let members: BTreeMap<Scope, BTreeSet<&str>> =
        scopes.iter().map(|scope| (*scope, replies.members[scope].iter().map(String::as_str).collect())).collect();
    let mut rolls = Vec::new();
    for &one in &scopes {
        let of_others = scopes.iter().copied().filter(|other| one.sector < other.sector);
        for other in of_others.filter(|other| !members[&one].is_disjoint(&members[other])) {
            for (&(_, prompt), first) in by_place.iter().filter(|((scope, _), _)| *scope == one) {
                let Some(second) = by_place.get(&(other, prompt)) else { continue };
                let part = |roll: &Roll<'a>, cohort, others: &BTreeSet<&str>, is_in: bool| {
                    let voices = roll.voices.iter().filter(|voice| others.contains(voice.respondent) == is_in);
                    Roll { cohort, voices: voices.copied().collect(), ..*roll }
                };
                rolls.push(part(first, Cohort::AlsoIn(other), &members[&other], true));
                rolls.push(part(first, Cohort::NotIn(other), &members[&other], false));
                rolls.push(part(second, Cohort::NotIn(one), &members[&one], false));
            }
        }
    }
    rolls
}

/// Of more than two sectors that hang together by members in common, two by two does not say all: those who stand
/// in just the same sectors and sub-sectors, each apart, whatever these are asked.
fn hanging_together<'a>(survey: &Survey, replies: &Replies, rolls: &[Roll<'a>]) -> Vec<Roll<'a>> {
    let scopes: BTreeSet<Scope> = rolls.iter().map(|roll| roll.scope).collect();
    let mut standing: BTreeMap<&str, BTreeSet<Scope>> = BTreeMap::new();
    for (scope, members) in replies.members.iter().filter(|(scope, _)| scopes.contains(scope)) {
        for code in members {
            standing.entry(code).or_default().insert(*scope);
        }
    }
    let mut together: Vec<BTreeSet<SectorIndex>> = Vec::new();
    for scopes in standing.values() {
        let own: BTreeSet<SectorIndex> = scopes.iter().map(|scope| scope.sector).collect();
        let (near, others): (Vec<_>, Vec<_>) = together.into_iter().partition(|one| !one.is_disjoint(&own));
        together = others;
        together.push(near.into_iter().flatten().chain(own).collect());
    }
    let many: BTreeSet<SectorIndex> = together.into_iter().filter(|one| one.len() > 2).flatten().collect();
    standing.retain(|_, scopes| scopes.iter().any(|one| many.contains(&one.sector)));
    let mut by_prompt: BTreeMap<(Prompt, &BTreeSet<Scope>), BTreeMap<&str, Voice<'a>>> = BTreeMap::new();
    for roll in rolls.iter().filter(|roll| roll.cohort == Cohort::All && many.contains(&roll.scope.sector)) {
        for voice in &roll.voices {
            let alike = by_prompt.entry((roll.prompt, &standing[voice.respondent])).or_default();
            alike.insert(voice.respondent, *voice);
        }
    }
    let found = by_prompt.into_iter().filter_map(|((prompt, scopes), voices)| {
        let cohort = Cohort::JustIn(Scopes::of(survey, |scope| scopes.contains(&scope)));
        Some(Roll { cohort, scope: *scopes.first()?, prompt, voices: voices.into_values().collect() })
    });
    found.collect()
}

/// The sectors that the release is about and that have members in common with others, this year or last year.
pub(super) fn shared_sectors(material: &Material<'_>, policy: &Policy) -> BTreeSet<SectorIndex> {
    let before = material.last_year.map(|last_year| &last_year.panel.before);
    let years = std::iter::once(material.replies).chain(before);
    let of_year = |replies: &Replies| {
        let mut sectors: BTreeMap<String, BTreeSet<SectorIndex>> = BTreeMap::new();
        for (scope, members) in replies.members.iter().filter(|(scope, _)| is_covered(material.survey, policy, **scope))
        {
            for code in members {
                sectors.entry(code.clone()).or_default().insert(scope.sector);
            }
        }
        sectors.into_values().filter(|sectors| sectors.len() > 1).flatten().collect::<BTreeSet<_>>()
    };
    years.flat_map(of_year).collect()
}

/// The panel of a prompt in each scope.
type Panels<'a> = BTreeMap<(Scope, Prompt), Vec<Both<'a>>>;

/// Last year, the panel, and those who are in none.
fn two_years<'a>(survey: &Survey, last_year: &LastYear<'a>, rolls: &[Roll<'a>]) -> Vec<Roll<'a>> {
    let LastYear { comparison, panel, .. } = *last_year;
    let all = || rolls.iter().filter(|roll| roll.cohort == Cohort::All);
    let panels: Panels<'a> = all()
        .filter_map(|roll| {
            let both = panel.of_all_figures(survey, comparison, roll.scope, roll.prompt)?;
            Some(((roll.scope, roll.prompt), both))
        })
        .collect();
    let mut found = Vec::new();
    for roll in all() {
        let Some(both) = panels.get(&(roll.scope, roll.prompt)) else { continue };
        let is_in: BTreeSet<&str> = both.iter().map(|one| one.unit.now.as_str()).collect();
        let entrants = roll.voices.iter().filter(|voice| !is_in.contains(voice.respondent)).copied().collect();
        found.push(Roll { cohort: Cohort::Entrants, voices: entrants, ..*roll });
        // Who passed an earlier question in both years and is not in this panel knows that it is not.
        let gate = survey.question(roll.prompt.question).gate.as_ref();
        let deciding = gate.and_then(|gate| panels.get(&(roll.scope, Prompt { question: gate.question, item: None })));
        let others = deciding.into_iter().flatten().filter(|one| !is_in.contains(one.unit.now.as_str()));
        let others = others.map(|one| Voice { respondent: &one.unit.now, chosen: None, passed: Some(false) });
        let others: Vec<Voice<'a>> = others.collect();
        for (is_now, cohort) in [(true, Cohort::Panel), (false, Cohort::PanelLastYear)] {
            let voices = [in_panel(both, gate.is_some(), is_now), others.clone()].concat();
            found.push(Roll { cohort, voices, ..*roll });
        }
        if let Some(moved) = movers(rolls, roll, both, &panels) {
            for (is_now, cohort) in [(true, Cohort::Movers), (false, Cohort::MoversLastYear)] {
                found.push(Roll { cohort, voices: in_panel(&moved, gate.is_some(), is_now), ..*roll });
            }
        }
    }
    found.extend(earlier(survey, last_year, &panels));
    found
}

/// The voices of those who answered in both years, of this year or of last year.
fn in_panel<'a>(both: &[Both<'a>], is_gated: bool, is_now: bool) -> Vec<Voice<'a>> {
    let passed = is_gated.then_some(true);
    let voice = |one: &Both<'a>| Voice {
        respondent: &one.unit.now,
        chosen: Some(if is_now { one.now } else { one.before }),
        passed,
    };
    both.iter().map(voice).collect()
}

/// Everybody of last year, and those of them who are in no panel.
fn earlier<'a>(survey: &Survey, last_year: &LastYear<'a>, panels: &Panels<'a>) -> Vec<Roll<'a>> {
    let LastYear { comparison, panel, .. } = *last_year;
    let before = &*comparison.before;
    let successors = panel.successors();
    let mut found = Vec::new();
    let mut whole: BTreeSet<(Scope, Prompt)> = BTreeSet::new();
    for (&(scope, prompt), both) in panels {
        let (Some(members), Some(prompt_before)) =
            (panel.before.members.get(&scope), prompt_before(comparison, prompt))
        else {
            continue;
        };
        // Parts that were others last year do not add up to the sector.
        if scope.subsector.is_some() && !is_as_divided(survey, before, scope) {
            continue;
        }
        let own_code = |code: &'a str| successors.get(code).copied().unwrap_or(code);
        let voices: Vec<Voice<'a>> =
            members.iter().map(|code| voice(before, &panel.before, own_code(code), code, prompt_before)).collect();
        // Of institutions that were consolidated the first stands for all in the panel.
        let first: BTreeSet<&str> = both.iter().filter_map(|one| Some(one.unit.before.first()?.as_str())).collect();
        let left = members.iter().zip(&voices).filter(|(code, _)| !first.contains(code.as_str()));
        let left = left.map(|(_, voice)| *voice).collect();
        found.push(Roll { cohort: Cohort::Leavers, scope, prompt, voices: left });
        if whole.insert((scope, prompt_before)) {
            found.push(Roll { cohort: Cohort::LastYear, scope, prompt: prompt_before, voices });
        }
    }
    found
}

/// Whether last year's survey divides the sector into the same sub-sectors.
fn is_as_divided(survey: &Survey, before: &Survey, scope: Scope) -> bool {
    let own = &survey.sectors[scope.sector.position()];
    let ids = |sector: &Sector| sector.subsectors.iter().map(|part| part.id.clone()).collect::<BTreeSet<_>>();
    before.sector_index(&own.id).is_some_and(|sector| ids(&before.sectors[sector.position()]) == ids(own))
}

/// Those of a sector's panel who are in the panel of none of its sub-sectors; `None` where it has none that
/// the release is about, or one has no panel of its own.
fn movers<'a>(rolls: &[Roll<'a>], roll: &Roll<'a>, both: &[Both<'a>], panels: &Panels<'a>) -> Option<Vec<Both<'a>>> {
    let is_part = |one: &&Roll<'_>| {
        let Scope { sector, subsector } = one.scope;
        one.cohort == Cohort::All && one.prompt == roll.prompt && sector == roll.scope.sector && subsector.is_some()
    };
    let parts: Vec<Scope> = rolls.iter().filter(is_part).map(|part| part.scope).collect();
    if roll.scope.subsector.is_some() || parts.is_empty() {
        return None;
    }
    let mut stayed: BTreeSet<&str> = BTreeSet::new();
    for part in parts {
        stayed.extend(panels.get(&(part, roll.prompt))?.iter().map(|one| one.unit.now.as_str()));
    }
    Some(both.iter().filter(|one| !stayed.contains(one.unit.now.as_str())).copied().collect())
}
