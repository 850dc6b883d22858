//! Rules: the cells that are withheld for their own sake, because they would reveal something of a named institution.

use std::fmt;

use super::cell::{Cell, Measure, answers_of};
use crate::survey::{Limit, Policy, Survey};

/// The rule by which a cell is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Its base is too small for anything to be printed.
    SmallBase,
    /// All of its base, or all but too few, gave an adverse answer.
    Adverse,
    /// Too few of a small base are counted.
    SmallCount,
    /// All but too few of a small base are counted.
    SmallRest,
}

impl Rule {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Rule::SmallBase => "small_base",
            Rule::Adverse => "adverse",
            Rule::SmallCount => "small_count",
            Rule::SmallRest => "small_rest",
        }
    }

    /// The limit of a policy that it rests on.
    pub fn limit(self, policy: &Policy) -> &Limit {
        match self {
            Rule::SmallBase => &policy.minimum_base,
            Rule::Adverse => &policy.adverse_all_but,
            Rule::SmallCount | Rule::SmallRest => &policy.minimum_count,
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rule::SmallBase => "its base is too small",
            Rule::Adverse => "all of its base, or all but too few, gave an adverse answer",
            Rule::SmallCount => "too few of a small base are counted",
            Rule::SmallRest => "all but too few of a small base are counted",
        })
    }
}

/// Which ends of a cell are adverse: everybody counted, or nobody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct AdverseEnds {
    pub all: bool,
    pub nobody: bool,
}

/// The adverse ends of a cell, by the answers that it counts. Nobody with a SOC means that everybody answered "none";
/// nobody with a measure of a multiple choice means that everybody lacks it.
pub(super) fn adverse_ends(survey: &Survey, cell: &Cell) -> AdverseEnds {
    let Some((question, counted)) = answers_of(survey, cell.address) else { return AdverseEnds::default() };
    let adverse = question.adverse_options();
    let options = 0..u16::try_from(question.options.len()).expect("a question has few options");
    let all = counted.iter().all(|option| adverse.contains(option));
    let nobody = match question.kind.is_single() {
        true => !adverse.is_empty() && options.filter(|one| !counted.contains(one)).all(|one| adverse.contains(&one)),
        false => counted.iter().any(|option| question.is_adverse_without(*option)),
    };
    AdverseEnds { all, nobody }
}

/// The rule by which a cell is withheld if it counts so many of so many; `None` where none withholds it. The values
/// are those of the cell, or others that a reader takes for possible.
pub(super) fn rule_at(policy: &Policy, cell: &Cell, value: i64, whole: i64) -> Option<Rule> {
    if cell.is_known || whole == 0 {
        return None;
    }
    let limit = |limit: &Limit| i64::from(limit.value);
    // A base behind a gate counts, with those who gave no usable answer, those who gave the answers that open it.
    let count = match cell.address.measure {
        Measure::Base => value + cell.nonresponse,
        Measure::Count(_) | Measure::Nonresponse => value,
    };
    let rest = whole - count;
    let ends = cell.adverse_ends;
    let all_but = limit(&policy.adverse_all_but);
    let is_few = |number: i64| (1..limit(&policy.minimum_count)).contains(&number);
    let is_small = whole < limit(&policy.small_counts_below);
    if whole < limit(&policy.minimum_base) {
        Some(Rule::SmallBase)
    } else if (ends.all && rest <= all_but) || (ends.nobody && count <= all_but) {
        Some(Rule::Adverse)
    } else if is_small && is_few(count) {
        Some(Rule::SmallCount)
    } else if is_small && is_few(rest) {
        Some(Rule::SmallRest)
    } else {
        None
    }
}

/// The rule by which a cell is withheld.
pub(super) fn rule(policy: &Policy, cell: &Cell) -> Option<Rule> {
    rule_at(policy, cell, cell.value, cell.whole)
}
