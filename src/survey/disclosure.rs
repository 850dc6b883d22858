//! The disclosure policies: the limits on printing a figure for a circle, each with the authority that it rests on.

use super::document::{Complaint, Document, Located, Section};
use super::sector::{Sector, SectorIndex};

/// The readers that a release is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Circle {
    /// Everybody.
    Public,
    /// The institutions themselves, each of which knows its own answers.
    Feedback,
}

impl Circle {
    /// Every circle.
    pub const ALL: [Circle; 2] = [Circle::Public, Circle::Feedback];

    /// The word in the definition, in files and in tables.
    pub fn word(self) -> &'static str {
        match self {
            Circle::Public => "public",
            Circle::Feedback => "feedback",
        }
    }
}

/// A limit and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The limit, in institutions or per cent.
    pub value: u32,
    /// The rule, handbook or decision that it rests on.
    pub authority: String,
}

/// The disclosure policy of one circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// For whom.
    pub circle: Circle,
    /// The smallest base on which anything is printed.
    pub minimum_base: Limit,
    /// The smallest count above zero that is printed on a small base, and the smallest rest of that base.
    pub minimum_count: Limit,
    /// The base from which small counts and small rests are printed.
    pub small_counts_below: Limit,
    /// An adverse answer is withheld where all of a base gave it, or all but so many, whatever the base is.
    pub adverse_all_but: Limit,
    /// How far apart the lowest and the highest count have to be that an outsider can compute for a cell that a rule
    /// withholds.
    pub narrowest_interval: Limit,
    /// The same for a respondent that knows its own answers.
    pub own_answer_interval: Limit,
    /// The base from which quartiles are printed.
    pub quartiles_from: Limit,
    /// Dominance: how many of the largest respondents …
    pub dominance_count: Limit,
    /// … may make up at most how many per cent of a total whose mean is printed.
    pub dominance_share: Limit,
    /// How near, in per cent of it, the second largest respondent may come to the number of the largest.
    pub p_percent: Limit,
    /// Below which base percentages are only printed as classes.
    pub bands_below: Limit,
    /// The limits of the classes in per cent, ascending from 0 to 100.
    pub bands: Vec<u32>,
    /// Sectors of which nothing is ever printed.
    pub never: Vec<SectorIndex>,
    /// Whether sub-sectors are printed.
    pub subsectors: bool,
}

/// Reads the policies; a circle that is not there gets nothing.
pub(super) fn read(document: &Document, sectors: &[Sector], complaints: &mut Vec<Complaint>) -> Vec<Policy> {
    let Some(table) = document.parse(complaints) else { return Vec::new() };
    let mut root = Section::root(document, &table);
    let mut policies = Vec::new();
    for circle in Circle::ALL {
        let Some(section) = root.optional_section(circle.word(), complaints) else { continue };
        policies.extend(policy(circle, section, sectors, complaints));
    }
    root.finish(complaints);
    policies
}

fn policy(
    circle: Circle,
    mut section: Section<'_>,
    sectors: &[Sector],
    complaints: &mut Vec<Complaint>,
) -> Option<Policy> {
    let minimum_base = limit(&mut section, "minimum_base", 1, complaints);
    let minimum_count = limit(&mut section, "minimum_count", 1, complaints);
    let small_counts_below = limit(&mut section, "small_counts_below", 0, complaints);
    let adverse_all_but = limit(&mut section, "adverse_all_but", 0, complaints);
    let narrowest_interval = limit(&mut section, "narrowest_interval", 1, complaints);
    let own_answer_interval = limit(&mut section, "own_answer_interval", 0, complaints);
    let quartiles_from = limit(&mut section, "quartiles_from", 1, complaints);
    let dominance_count = limit(&mut section, "dominance_count", 1, complaints);
    let dominance_share = limit(&mut section, "dominance_share", 1, complaints);
    let p_percent = limit(&mut section, "p_percent", 0, complaints);
    let bands_below = limit(&mut section, "bands_below", 0, complaints);
    let written = section.integers("bands", complaints);
    let never = section.texts("never", complaints);
    let subsectors = section.flag("subsectors", complaints);
    let here = section.here();
    section.finish(complaints);
    let bands = bands(&written, &here, complaints);
    let never = never.iter().filter_map(|name| {
        let found = SectorIndex::find(sectors, &name.value);
        if found.is_none() {
            complaints.push(name.complaint(format!("there is no sector `{}`", name.value)));
        }
        found
    });
    let never = never.collect();
    Some(Policy {
        circle,
        minimum_base: minimum_base?,
        minimum_count: minimum_count?,
        small_counts_below: small_counts_below?,
        adverse_all_but: adverse_all_but?,
        narrowest_interval: narrowest_interval?,
        own_answer_interval: own_answer_interval?,
        quartiles_from: quartiles_from?,
        dominance_count: dominance_count?,
        dominance_share: dominance_share?,
        p_percent: p_percent?,
        bands_below: bands_below?,
        bands,
        never,
        subsectors,
    })
}

/// `key = { value = 3, authority = "…" }`.
fn limit(section: &mut Section<'_>, key: &'static str, least: i64, complaints: &mut Vec<Complaint>) -> Option<Limit> {
    let here = section.here();
    let Some(mut limit) = section.optional_section(key, complaints) else {
        let help = format!("{key} = {{ value = {least}, authority = \"…\" }}");
        complaints.push(here.complaint_with_help(format!("`{key}` is missing here"), help));
        return None;
    };
    let value = limit.integer("value", complaints);
    let authority = limit.text("authority", complaints);
    limit.finish(complaints);
    let (value, authority) = (value?, authority?);
    if authority.value.trim().is_empty() {
        complaints.push(authority.complaint("a limit without an authority cannot be defended: say what it rests on"));
    }
    match u32::try_from(value.value) {
        Ok(number @ 0..=1_000_000) if i64::from(number) >= least => {
            Some(Limit { value: number, authority: authority.value })
        }
        _ => {
            let message = format!("`{key}` is {}, expected a whole number from {least} to 1000000", value.value);
            complaints.push(value.complaint(message));
            None
        }
    }
}

fn bands(written: &[Located<i64>], here: &Located<()>, complaints: &mut Vec<Complaint>) -> Vec<u32> {
    let limits: Vec<u32> = written.iter().filter_map(|one| u32::try_from(one.value).ok()).collect();
    let is_sound = limits.len() == written.len()
        && limits.first() == Some(&0)
        && limits.last() == Some(&100)
        && limits.is_sorted_by(|one, other| one < other);
    if !is_sound {
        let help = "such as bands = [0, 25, 50, 75, 100]";
        complaints.push(here.complaint_with_help("`bands` has to rise from 0 to 100", help));
    }
    limits
}
