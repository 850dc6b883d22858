//! Members that two sectors, or parts of them, have in common: what the means of both tell of those who are in
//! one of them only, of those who are in both, and of a total that one of them withholds.
//!
//! Three groups that share nobody, and two totals: the first two add up to the one, the last two to the other.
//! Every equation shares one group with the other one, so that narrowing limits from one to the other gives all
//! that they tell.

use std::collections::{BTreeMap, BTreeSet};

use super::family::{Family, Printed, needed};
use super::rules;
use crate::survey::Policy;
use crate::tabulate::Scope;

/// A total that two sectors together give too closely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exposure {
    /// The two scopes that it follows from.
    pub scopes: [Scope; 2],
    /// Whose it is, if it is that of one of them.
    pub scope: Option<Scope>,
    pub interval: (i128, i128),
    /// How far below and above the true total the ends have to lie.
    pub needed: (i128, i128),
    pub takes_own_answers: bool,
}

/// A sector, and what is printed of its groups.
pub(super) type Sector<'a> = (&'a Family, &'a [Printed]);

type Interval = (i128, i128);

/// Everything that the means of two sectors give too closely.
pub(super) fn exposed(policy: &Policy, sectors: &[Sector<'_>]) -> Vec<Exposure> {
    let mut exposures = Vec::new();
    for (at, one) in sectors.iter().enumerate() {
        for other in &sectors[at + 1..] {
            let groups = |sector: &Sector<'_>| (0..sector.0.groups.len()).filter(named(sector)).collect::<Vec<_>>();
            for (first, second) in groups(one).into_iter().flat_map(|a| groups(other).into_iter().map(move |b| (a, b)))
            {
                exposures.extend(
                    Pair::of([(*one, first), (*other, second)]).into_iter().flat_map(|pair| pair.exposed(policy)),
                );
            }
        }
    }
    exposures
}

/// Whether something is ever printed of a group.
fn named<'a>(sector: &'a Sector<'_>) -> impl Fn(&usize) -> bool + 'a {
    |at| sector.0.groups[*at].scope.is_some()
}

/// Two groups of different sectors that have members in common.
struct Pair<'a> {
    scopes: [Scope; 2],
    /// The totals that the printed means allow, where they are printed.
    told: [Option<Interval>; 2],
    /// The numbers of those who are only in the first, in both, only in the second, by who they are.
    parts: [BTreeMap<&'a str, i128>; 3],
    /// Between what each number lies as far as printed quartiles tell.
    bounds: BTreeMap<&'a str, Interval>,
    most: i128,
    grain: i128,
}

impl<'a> Pair<'a> {
    /// The pair, if they have members in common.
    fn of(both: [(Sector<'a>, usize); 2]) -> Option<Pair<'a>> {
        let numbers = both.map(|((family, _), at)| family.numbers_by_code(at));
        let [first, second] = &numbers;
        let part = |is_in: [bool; 2]| -> BTreeMap<&'a str, i128> {
            let all = first.iter().chain(second);
            let such = all.filter(|(code, _)| [first, second].map(|one| one.contains_key(*code)) == is_in);
            such.map(|(code, number)| (*code, *number)).collect()
        };
        let parts = [part([true, false]), part([true, true]), part([false, true])];
        if parts[1].is_empty() {
            return None;
        }
        let mut bounds: BTreeMap<&str, Interval> = BTreeMap::new();
        for ((family, printed), _) in both {
            for (code, limits) in family.bounds_by_code(printed) {
                bounds.entry(code).and_modify(|known| *known = meet(*known, limits)).or_insert(limits);
            }
        }
        let [(first, _), (second, _)] = both.map(|(sector, _)| sector);
        Some(Pair {
            scopes: both.map(|((family, _), at)| family.groups[at].scope.expect("something is printed of it")),
            told: both.map(|((family, printed), at)| printed[at].mean.then(|| family.rounding(at))),
            parts,
            bounds,
            most: first.most.max(second.most),
            grain: first.grain().min(second.grain()),
        })
    }

    fn exposed(&self, policy: &Policy) -> Vec<Exposure> {
        let everybody: BTreeMap<&str, i128> =
            self.parts.iter().flatten().map(|(code, number)| (*code, *number)).collect();
        let [first, both, second] = self.parts.each_ref();
        let together = |one: &BTreeMap<&'a str, i128>| -> BTreeMap<&'a str, i128> {
            one.iter().chain(both).map(|(code, number)| (*code, *number)).collect()
        };
        let wholes = [together(first), together(second)];
        let tells = |part: &BTreeMap<&str, i128>| {
            let mut numbers: Vec<i128> = part.values().copied().collect();
            numbers.sort_unstable();
            rules::mean(&numbers, self.most, policy).is_some()
        };
        let mut held: Vec<(usize, &BTreeMap<&str, i128>, Option<Scope>)> = Vec::new();
        held.extend((0..3).map(|at| (at, &self.parts[at], None)).filter(|(_, part, _)| tells(part)));
        let withheld = (0..2).filter(|&at| self.told[at].is_none());
        held.extend(withheld.map(|at| (3 + at, &wholes[at], Some(self.scopes[at]))));
        let mut exposures = Vec::new();
        for own in std::iter::once(BTreeSet::new()).chain(coalitions(policy, &everybody, &self.parts)) {
            let intervals = self.intervals(&own);
            let others = |part: &BTreeMap<&'a str, i128>| -> BTreeSet<&'a str> {
                part.keys().copied().filter(|code| !own.contains(code)).collect()
            };
            // The others' total may be one that is printed, or what own numbers leave of one: that is no secret of
            // a sector that is printed, but it may be one of a total that is withheld.
            let is_no_secret = |part: &BTreeMap<&'a str, i128>, scope: Option<Scope>| {
                let told = wholes.iter().zip(&self.told).filter(|(_, told)| told.is_some());
                let left = others(part);
                told.map(|(whole, _)| whole).any(|whole| match scope {
                    None => others(whole) == left,
                    Some(_) => whole.keys().copied().eq(left.iter().copied()),
                })
            };
            for &(at, part, scope) in &held {
                if is_no_secret(part, scope) {
                    continue;
                }
                let mut others: Vec<i128> =
                    part.iter().filter(|(code, _)| !own.contains(*code)).map(|(_, number)| *number).collect();
                others.sort_unstable();
                let needed = needed(policy, &others, self.most, self.grain);
                let (total, interval) = (part.values().sum::<i128>(), intervals[at]);
                if total - interval.0 < needed.0 || interval.1 - total < needed.1 {
                    let takes_own_answers = !own.is_empty();
                    exposures.push(Exposure { scopes: self.scopes, scope, interval, needed, takes_own_answers });
                }
            }
        }
        exposures
    }

    /// What those who know own numbers can compute of the three groups and the two totals.
    fn intervals(&self, own: &BTreeSet<&str>) -> [Interval; 5] {
        let alone = |part: &BTreeMap<&str, i128>| {
            part.iter().fold((0, 0), |sum, (code, number)| {
                let limits = self.bounds.get(code).copied().unwrap_or((0, self.most));
                let (lowest, highest) = if own.contains(code) { (*number, *number) } else { limits };
                (sum.0 + lowest, sum.1 + highest)
            })
        };
        let [mut first, mut both, mut second] = self.parts.each_ref().map(alone);
        let whole = |told: Option<Interval>, one: Interval, other: Interval| {
            let sum = (one.0 + other.0, one.1 + other.1);
            told.map_or(sum, |told| meet(told, sum))
        };
        let rest = |whole: Interval, part: Interval| (whole.0 - part.1, whole.1 - part.0);
        // From the one equation to the other, and back.
        for _ in 0..2 {
            for (at, part) in [(0, &mut first), (1, &mut second)] {
                let total = whole(self.told[at], *part, both);
                both = meet(both, rest(total, *part));
                *part = meet(*part, rest(total, both));
            }
        }
        let totals = [(0, first), (1, second)].map(|(at, part)| whole(self.told[at], part, both));
        [first, both, second, totals[0], totals[1]]
    }
}

/// Each by itself; and where the policy lets more put their numbers together, for each group its largest and the
/// largest of the others.
fn coalitions<'a>(
    policy: &Policy,
    everybody: &BTreeMap<&'a str, i128>,
    parts: &[BTreeMap<&'a str, i128>; 3],
) -> BTreeSet<BTreeSet<&'a str>> {
    let size = usize::try_from(policy.coalition.value).expect("few respondents");
    let mut coalitions: BTreeSet<BTreeSet<&str>> = BTreeSet::new();
    if size >= 1 {
        coalitions.extend(everybody.keys().map(|code| BTreeSet::from([*code])));
    }
    if size >= 2 {
        let mut largest_first: Vec<(&str, i128)> = everybody.iter().map(|(code, number)| (*code, *number)).collect();
        largest_first.sort_by_key(|(code, number)| (std::cmp::Reverse(*number), *code));
        for (part, is_in) in parts.iter().flat_map(|part| [true, false].map(|is_in| (part, is_in))) {
            let such = largest_first.iter().filter(|(code, _)| part.contains_key(code) == is_in);
            coalitions.insert(such.take(size).map(|(code, _)| *code).collect());
        }
        coalitions.remove(&BTreeSet::new());
    }
    coalitions
}

fn meet(one: Interval, other: Interval) -> Interval {
    (one.0.max(other.0), one.1.min(other.1))
}
