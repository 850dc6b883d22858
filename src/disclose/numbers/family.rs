//! One question in one sector: the total of the whole and those of its sub-sectors, which add up to it,
//! and what can be computed of those that are not printed.
//!
//! A printed mean of a known base gives its total to within the rounding, numbers are not negative, and
//! an attacker knows the largest number that can be answered and whether numbers are whole. With one
//! equation between totals each of which lies in an interval, the lowest and the highest value of a total
//! follow by adding and subtracting ends, exactly, in whole millionths.
//!
//! Quartiles are taken to tell more than they do: of the numbers that they rest on, all; of every other
//! one, between which of them it lies. All totals between the two ends that are computed here agree with
//! everything that is printed, whatever the quartiles; without quartiles they are all that agree.

use std::collections::{BTreeMap, BTreeSet};

use super::contributions::Contributions;
use super::rules::{self, count, limit, pivots};
use crate::compare::Replies;
use crate::disclose::coverage::is_covered;
use crate::survey::{LARGEST, Policy, QuestionIndex, SectorIndex, Survey};
use crate::tabulate::{SCALE, Scope};

/// What is printed of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Printed {
    pub mean: bool,
    pub quartiles: bool,
}

/// Those who gave a number: of the whole sector, of a sub-sector, or those who are in no sub-sector.
#[derive(Debug)]
pub(super) struct Group {
    /// `None` for those of whom nothing is ever printed: a sub-sector that the policy leaves out, or those who
    /// are in none, which is everybody where the sector is not divided.
    pub scope: Option<Scope>,
    /// Positions among the numbers of the sector, by number.
    pub members: Vec<usize>,
    pub total: i128,
}

/// The numbers of a sector: the groups are the whole, its parts, and those who are in none of them.
#[derive(Debug)]
pub(super) struct Family {
    pub groups: Vec<Group>,
    sector: SectorIndex,
    /// The largest number that can be answered.
    pub most: i128,
    /// The least that two numbers can differ by.
    grain: i128,
    /// Who gave the numbers.
    codes: Vec<String>,
    numbers: Vec<i128>,
}

/// A total that is not protected well enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exposure {
    pub group: usize,
    pub interval: (i128, i128),
    /// How far below and above the true total the ends have to lie.
    pub needed: (i128, i128),
    pub takes_own_answers: bool,
}

/// What an attack came to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What an outsider can compute of each group whose mean is withheld.
    pub intervals: Vec<Option<(i128, i128)>>,
    pub exposures: Vec<Exposure>,
    /// How many sets of own numbers were tried.
    pub coalitions: usize,
}

/// Where no largest number is defined, what a form takes.
const MOST: i128 = LARGEST as i128;

impl Family {
    /// The numbers given to a question in a sector.
    pub fn of(
        survey: &Survey,
        replies: &Replies,
        contributions: &Contributions,
        policy: &Policy,
        question: QuestionIndex,
        sector: SectorIndex,
    ) -> Family {
        let asked = survey.question(question);
        let members = |scope: Scope| -> Vec<&str> {
            let members = replies.members.get(&scope).map_or(&[][..], Vec::as_slice);
            let gave = members.iter().filter(|one| contributions.of(question, one).is_some());
            gave.map(String::as_str).collect()
        };
        let whole = members(Scope { sector, subsector: None });
        let numbers: Vec<i128> = whole.iter().filter_map(|one| contributions.of(question, one)).collect();
        let group = |scope: Option<Scope>, mut members: Vec<usize>| {
            members.sort_by_key(|&member| (numbers[member], member));
            let total = members.iter().map(|&member| numbers[member]).sum();
            Group { scope, members, total }
        };
        // The rules weigh shares of a total, which numbers below nothing do not have: nothing is printed of those.
        let is_named = |scope: &Scope| asked.least >= 0 && is_covered(survey, policy, *scope);
        let named = |scope: Scope| Some(scope).filter(is_named);
        let mut groups = vec![group(named(Scope { sector, subsector: None }), (0..whole.len()).collect())];
        let mut rest: BTreeSet<usize> = (0..whole.len()).collect();
        for (part, _) in (0..).zip(&survey.sectors[sector.position()].subsectors) {
            let scope = Scope { sector, subsector: Some(part) };
            let places = members(scope).into_iter().filter_map(|one| whole.binary_search(&one).ok());
            let places: Vec<usize> = places.filter(|place| rest.remove(place)).collect();
            groups.push(group(named(scope), places));
        }
        groups.push(group(None, rest.into_iter().collect()));
        let most = asked.most.map_or(MOST, i128::from) * SCALE;
        let grain = if asked.whole { SCALE } else { 1 };
        // What stands in the store may be of an earlier definition.
        let most = numbers.iter().copied().fold(most, i128::max);
        let grain = if numbers.iter().all(|number| number % grain == 0) { grain } else { 1 };
        let codes = whole.into_iter().map(str::to_owned).collect();
        Family { groups, sector, most, grain, codes, numbers }
    }

    /// Whom each group is, whether anything is printed of it or not; those who are in no part are nobody by name.
    pub fn scopes(&self, survey: &Survey) -> Vec<Option<Scope>> {
        let parts = (0..).zip(&survey.sectors[self.sector.position()].subsectors).map(|(part, _)| Some(part));
        let named = std::iter::once(None).chain(parts).map(|subsector| Some(Scope { sector: self.sector, subsector }));
        named.chain([None]).collect()
    }

    /// The least that two numbers can differ by.
    pub fn grain(&self) -> i128 {
        self.grain
    }

    /// The numbers of a group, by who gave them.
    pub fn numbers_by_code(&self, group: usize) -> BTreeMap<&str, i128> {
        let members = self.groups[group].members.iter();
        members.map(|&member| (self.codes[member].as_str(), self.numbers[member])).collect()
    }

    /// Between what each number lies as far as the printed quartiles tell, by who gave it.
    pub fn bounds_by_code(&self, printed: &[Printed]) -> impl Iterator<Item = (&str, (i128, i128))> {
        self.codes.iter().map(String::as_str).zip(self.bounds(printed))
    }

    /// The numbers of a group, ascending.
    pub fn numbers(&self, group: &Group) -> Vec<i128> {
        group.members.iter().map(|&member| self.numbers[member]).collect()
    }

    /// The largest number of a group.
    pub fn largest(&self, group: &Group) -> i128 {
        group.members.last().map_or(0, |&member| self.numbers[member])
    }

    /// What can be computed of everything that is withheld, by an outsider and by those who know own numbers.
    pub fn attack(&self, policy: &Policy, printed: &[Printed]) -> Outcome {
        let bounds = self.bounds(printed);
        let mut outcome = Outcome { intervals: vec![None; self.groups.len()], ..Outcome::default() };
        let is_open: Vec<bool> =
            (0..self.groups.len()).map(|at| self.is_to_be_protected(policy, printed, at)).collect();
        if !is_open.contains(&true) {
            return outcome;
        }
        let coalitions = self.coalitions(policy);
        outcome.coalitions = coalitions.len();
        for own in std::iter::once(&BTreeSet::new()).chain(&coalitions) {
            let intervals = self.intervals(printed, &bounds, own);
            for at in (0..self.groups.len()).filter(|&at| is_open[at]) {
                if own.is_empty() && self.groups[at].scope.is_some() {
                    outcome.intervals[at] = Some(intervals[at]);
                }
                let (lowest, highest) = intervals[at];
                let total = self.groups[at].total;
                let needed = self.needed(policy, at, own);
                if total - lowest < needed.0 || highest - total < needed.1 {
                    let takes_own_answers = !own.is_empty();
                    outcome.exposures.push(Exposure {
                        group: at,
                        interval: (lowest, highest),
                        needed,
                        takes_own_answers,
                    });
                }
            }
        }
        outcome
    }

    /// Whether a total has to be protected: it is withheld, or it is never printed and tells something.
    fn is_to_be_protected(&self, policy: &Policy, printed: &[Printed], at: usize) -> bool {
        let group = &self.groups[at];
        if printed[at].mean || group.members.is_empty() {
            return false;
        }
        // Who are all of the sector are protected as the sector.
        let is_whole = group.scope.is_none() && group.members.len() == self.numbers.len();
        let tells = || rules::mean(&self.numbers(group), self.most, policy).is_some();
        !is_whole && (group.scope.is_some() || tells())
    }

    /// The lowest and the highest that each number can be as far as the printed quartiles tell.
    fn bounds(&self, printed: &[Printed]) -> Vec<(i128, i128)> {
        let mut bounds = vec![(0, self.most); self.numbers.len()];
        for (group, _) in self.groups.iter().zip(printed).filter(|(_, printed)| printed.quartiles) {
            let pivots = pivots(group.members.len());
            let number = |rank: usize| self.numbers[group.members[rank]];
            for (rank, &member) in group.members.iter().enumerate() {
                let (lowest, highest) = &mut bounds[member];
                let below = pivots.iter().rev().find(|&&pivot| pivot <= rank);
                let above = pivots.iter().find(|&&pivot| pivot >= rank);
                *lowest = below.map_or(*lowest, |&pivot| number(pivot).max(*lowest));
                *highest = above.map_or(*highest, |&pivot| number(pivot).min(*highest));
            }
        }
        bounds
    }

    /// What can be computed of the total of each group by those who know own numbers.
    fn intervals(&self, printed: &[Printed], bounds: &[(i128, i128)], own: &BTreeSet<usize>) -> Vec<(i128, i128)> {
        let alone: Vec<(i128, i128)> = (0..self.groups.len())
            .map(|at| {
                let known = self.groups[at].members.iter().map(|member| match own.contains(member) {
                    true => (self.numbers[*member], self.numbers[*member]),
                    false => bounds[*member],
                });
                let (lowest, highest) = known.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
                let (from, to) = if printed[at].mean { self.rounding(at) } else { (lowest, highest) };
                (lowest.max(from), highest.min(to))
            })
            .collect();
        let (whole, parts) = alone.split_first().expect("a sector is a group");
        let sum = parts.iter().fold((0, 0), |sum: (i128, i128), one| (sum.0 + one.0, sum.1 + one.1));
        let mut intervals = vec![(whole.0.max(sum.0), whole.1.min(sum.1))];
        for part in parts {
            let others = (sum.0 - part.0, sum.1 - part.1);
            intervals.push((part.0.max(whole.0 - others.1), part.1.min(whole.1 - others.0)));
        }
        intervals
    }

    /// The totals that are printed as the mean of a group is.
    pub fn rounding(&self, at: usize) -> (i128, i128) {
        let group = &self.groups[at];
        let base = count(group.members.len());
        if base == 0 {
            return (0, 0);
        }
        let tenths = rules::tenths(group.total, base);
        // Half a tenth below belongs to it, half a tenth above does not.
        let half = base * SCALE / 20;
        let (from, above) = ((2 * tenths - 1) * half, (2 * tenths + 1) * half);
        let up = |amount: i128| amount.div_euclid(self.grain) + i128::from(amount.rem_euclid(self.grain) != 0);
        (up(from.max(0)) * self.grain, (up(above) - 1) * self.grain)
    }

    fn needed(&self, policy: &Policy, at: usize, own: &BTreeSet<usize>) -> (i128, i128) {
        let others = self.groups[at].members.iter().filter(|member| !own.contains(member));
        let others: Vec<i128> = others.map(|&member| self.numbers[member]).collect();
        needed(policy, &others, self.most, self.grain)
    }

    /// The sets of respondents who put their own numbers together: each alone; and where the policy lets
    /// more do so, for each group its largest and the largest of the others.
    fn coalitions(&self, policy: &Policy) -> BTreeSet<BTreeSet<usize>> {
        let size = usize::try_from(policy.coalition.value).expect("few respondents");
        let mut coalitions = BTreeSet::new();
        if size >= 1 {
            coalitions.extend((0..self.numbers.len()).map(|one| BTreeSet::from([one])));
        }
        if size >= 2 {
            let largest_first: Vec<usize> = self.groups[0].members.iter().rev().copied().collect();
            for group in &self.groups {
                let (inside, outside): (Vec<usize>, Vec<usize>) =
                    largest_first.iter().partition(|one| group.members.contains(one));
                coalitions.extend([inside, outside].map(|all| all.into_iter().take(size).collect::<BTreeSet<_>>()));
            }
            coalitions.remove(&BTreeSet::new());
        }
        coalitions
    }
}

/// How far below and above the true total of some numbers (ascending) that the attackers do not know the ends of
/// what they can compute have to lie: so many per cent of the largest of them, as the p % rule has it. Where that
/// is nothing, it must not be certain that nobody gave a whole unit. What cannot be, because the total would be
/// less than nothing or each number the most, need not be possible.
pub(super) fn needed(policy: &Policy, others: &[i128], most: i128, grain: i128) -> (i128, i128) {
    let Some(&largest) = others.last() else { return (0, 0) };
    let total: i128 = others.iter().sum();
    let part = limit(&policy.p_percent) * largest;
    let share = (part / 100 + i128::from(part % 100 != 0)).max(grain);
    let (below, above) = if largest == 0 { (0, SCALE) } else { (share, share) };
    (below.min(total), above.min(count(others.len()) * most - total))
}
