//! Laws over small random years, each release held against the enumeration of all tables.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use cssa::disclose::{Address, Attacker, Beside, Opening, Pattern, Printed, Reason, Share};
use cssa::survey::{Circle, Policy};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseResult, TestError, TestRng, TestRunner};

use super::enumeration::{self, Limits, Print, Ranges, SILENT, True};
use crate::support::release_world::{ReleaseWorld, Year, institution};
use crate::support::two_years::Member;

/// The answers of an institution, as numbers that options are chosen by.
pub type Draft = (bool, Vec<u8>);

pub fn draft() -> impl Strategy<Value = Draft> {
    // Where many answer alike there is more to withhold.
    let drawn = prop_oneof![2 => any::<u8>(), 1 => Just(0_u8), 1 => Just(9_u8)];
    (prop::bool::weighted(0.9), prop::collection::vec(drawn, 10))
}

/// The institutions of the parts, at most so many in each, with their answers.
pub fn year_of(most: [usize; 4]) -> impl Strategy<Value = Vec<Member>> {
    let [bank, shinkin, securities, trust] = most.map(|most| prop::collection::vec(draft(), 0..=most));
    (bank, shinkin, securities, trust).prop_map(|(bank, shinkin, securities, trust)| {
        let places = ["regional/bank", "regional/shinkin", "securities/", "trust/"];
        let all = places.into_iter().zip([bank, shinkin, securities, trust]);
        let all = all.flat_map(|(place, drafts)| drafts.into_iter().map(move |draft| (place, draft)));
        all.enumerate().map(|(n, (place, draft))| member(1001 + n, place, &draft)).collect()
    })
}

/// An institution that answers as drawn.
pub fn member(code: usize, place: &'static str, (has_returned, draws): &Draft) -> Member {
    if !has_returned {
        return institution(code, place, &[]);
    }
    // One answer in thirty-two is none.
    let usable = |at: usize| draws[at] % 32 != 31;
    let silent = |at: usize| vec![SILENT[usize::from(draws[at] / 32) % 3]];
    let one = |at: usize, options: &[&'static str]| {
        if usable(at) { vec![options[usize::from(draws[at] / 3) % options.len()]] } else { silent(at) }
    };
    let several = |at: usize, options: &[&'static str], alone: &[&'static str]| {
        let sets = (1 << options.len()) - 1 + alone.len();
        let set = usize::from(draws[at] / 3) % sets;
        match alone.get(set) {
            _ if !usable(at) => silent(at),
            Some(alone) => vec![*alone],
            None => {
                let set = set - alone.len() + 1;
                (0..options.len()).filter(|bit| (set >> bit) & 1 == 1).map(|bit| options[bit]).collect()
            }
        }
    };
    let soc = one(0, &["always", "partial", "none"]);
    let contingency = several(3, &["web", "ddos"], &["none"]);
    let exercise = several(6, &["desk", "field"], &["none"]);
    let tools = several(8, &["edr", "ndr", "siem"], &["none", "unknown"]);
    let behind = |gate: &[&str], accepted: &[&str], answer: Vec<&'static str>| {
        if gate.iter().any(|option| accepted.contains(option)) { answer } else { vec!["not_asked"] }
    };
    let answers = [
        ("scope/", behind(&soc, &["always", "partial"], several(1, &["malware", "outbound"], &["none"]))),
        ("staffing/plan", one(2, &["own", "external", "short"])),
        ("staffing/watch", one(9, &["own", "external", "short"])),
        ("measures/web", behind(&contingency, &["web"], several(4, &["drill", "rto"], &[]))),
        ("measures/ddos", behind(&contingency, &["ddos"], several(5, &["drill", "rto"], &[]))),
        ("lessons/", behind(&exercise, &["desk", "field"], one(7, &["yes", "no"]))),
        ("response/", behind(&tools, &["edr", "ndr"], one(0, &["yes", "no"]))),
        ("soc/", soc),
        ("contingency/", contingency),
        ("exercise/", exercise),
        ("tools/", tools),
    ];
    let answers: Vec<(&'static str, &[&'static str])> =
        answers.iter().map(|(prompt, chosen)| (*prompt, chosen.as_slice())).collect();
    institution(code, place, &answers)
}

/// Institutions of every part, with answers from a fixed series.
pub fn some_members(seed: u64) -> Vec<Member> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u8::try_from(state >> 56).expect("8 bits")
    };
    let places = [("regional/bank", 7), ("regional/shinkin", 9), ("securities/", 8), ("trust/", 4)];
    let all = places.into_iter().flat_map(|(place, count)| std::iter::repeat_n(place, count)).enumerate();
    all.map(|(n, place)| member(1001 + n, place, &(next() % 8 > 0, (0..10).map(|_| next()).collect()))).collect()
}

/// Runs a law over so many cases, always the same; with `CSSA_LAWS=n`, over n times as many new ones.
pub fn law<S: Strategy<Value: std::fmt::Debug>>(cases: u32, of: S, law: impl Fn(S::Value) -> TestCaseResult) {
    let config = |cases| ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = match std::env::var("CSSA_LAWS") {
        Ok(times) => TestRunner::new(config(cases * times.parse::<u32>().expect("CSSA_LAWS is a number"))),
        Err(_) => TestRunner::new_with_rng(config(cases), TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    match runner.run(&of, law) {
        Ok(()) => {}
        Err(TestError::Fail(reason, smallest)) => panic!("{reason}\nfor {smallest:?}"),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

/// Counts of the cases, releases and cells that were checked.
#[derive(Debug, Default)]
struct Tally {
    releases: usize,
    refused: usize,
    /// Those of them in which something is open that would not be if nothing were printed.
    given_up: usize,
    systems: usize,
    tables: usize,
    withheld: usize,
    shares: usize,
    ranges: usize,
    own_ranges: usize,
    openings: BTreeMap<Attacker, usize>,
    skipped: usize,
    /// Releases beside a public one that prints shares.
    beside: usize,
    /// Cells that are said to be open to a reader who knows the policy, and are not.
    needless: usize,
    /// Secondary cells that were tried again, and those that could have been printed.
    tried: usize,
    printable: usize,
}

/// The rules of a policy, in the terms of the enumeration.
fn limits(policy: &Policy) -> Limits {
    Limits {
        minimum_base: policy.minimum_base.value.into(),
        minimum_count: policy.minimum_count.value.into(),
        small_counts_below: policy.small_counts_below.value.into(),
        adverse_all_but: policy.adverse_all_but.value.into(),
    }
}

pub fn sectors(policy: &Policy) -> &'static [&'static str] {
    match policy.circle {
        Circle::Public => &["regional", "securities"],
        Circle::Feedback => &["regional", "securities", "trust"],
    }
}

/// A release as it is read: its figures, and the policy's promise on the others.
pub struct Reading<'r> {
    policy: &'r Policy,
    truth: BTreeMap<String, True>,
    prints: BTreeMap<String, Print>,
}

impl<'r> Reading<'r> {
    pub fn new(year: &Year<'_>, members: &[Member], policy: &'r Policy, pattern: &Pattern) -> Reading<'r> {
        let truth = enumeration::truth(members, sectors(policy));
        let cells = year.cells(policy);
        let name = |cell: &Address| year.name(*cell);
        let is_class = |text: &str| text.contains('～');
        let text = |cell: &Address| match pattern.of(*cell) {
            Printed::Share(share) => share.to_string(),
            _ => String::new(),
        };
        let classes: BTreeSet<String> =
            cells.iter().filter(|cell| is_class(&text(cell))).map(|cell| name(&cell.base())).collect();
        let print = |cell: &Address| {
            let (cell, base, printed, text) = (name(cell), name(&cell.base()), pattern.of(*cell), text(cell));
            let value = |name: &str| truth.get(name).map_or(0, |one| one.count);
            match printed {
                Printed::Nothing => Print::Nothing,
                Printed::Value => Print::Value(u8::try_from(value(&cell)).expect("a small survey")),
                Printed::Share(_) => {
                    let number = |text: &str| text.parse::<u32>().expect("per cent");
                    let share = match text.split_once('～') {
                        Some((from, to)) => [2 * number(from), 2 * number(to)],
                        None => [(2 * number(&text)).saturating_sub(1), (2 * number(&text) + 1).min(200)],
                    };
                    let base_wide = u32::try_from(value(&base)).expect("a small survey");
                    // Nothing stands on a smaller base, and classes below a limit only, unless for another reason.
                    let least = Some(policy.minimum_base.value.max(1)).filter(|least| base_wide >= *least);
                    let most = policy.bands_below.value.checked_sub(1).filter(|most| base_wide <= *most);
                    let most = most.filter(|_| classes.contains(&base));
                    Print::Share(share, [least.unwrap_or(0), most.unwrap_or(u32::MAX)])
                }
            }
        };
        let prints = cells.iter().map(|cell| (name(cell), print(cell))).collect();
        Reading { policy, truth, prints }
    }

    /// The content that is printed in a cell.
    pub fn print(&self, cell: &str) -> Print {
        self.prints.get(cell).copied().unwrap_or(Print::Nothing)
    }

    /// The names of the cells that are printed in some form.
    pub fn cells(&self) -> impl Iterator<Item = &String> {
        self.prints.keys()
    }

    /// The lowest and the highest count of a printed share.
    fn counts_of_share(&self, cell: &str) -> Option<(i64, i64)> {
        let Print::Share([from, to], _) = self.print(cell) else { return None };
        let (from, to, whole) = (i64::from(from), i64::from(to), self.truth[cell].whole);
        let is_within = |count: &i64| 200 * count >= from * whole && (to == 200 || 200 * count < to * whole);
        let counts: Vec<i64> = (0..=whole).filter(is_within).collect();
        Some((counts[0], counts[counts.len() - 1]))
    }

    /// How wide the interval of a cell has to be for an outsider, or for a respondent that belongs to its base and is
    /// counted in it or not.
    pub fn promised(&self, cell: &str, respondent: Option<[i64; 2]>) -> i64 {
        let Some(one) = self.truth.get(cell).filter(|one| one.whole > 0) else { return 0 };
        let is_ruled = one.is_ruled(limits(self.policy));
        let is_class = |share: [u32; 2]| share.iter().all(|limit| limit % 2 == 0);
        let is_small_base = one.whole < self.policy.minimum_base.value.into();
        let is_by_policy = one.whole < self.policy.bands_below.value.into() && !is_small_base;
        let is_held = match self.print(cell) {
            Print::Nothing => is_ruled,
            Print::Share(share, _) => is_class(share) && is_by_policy,
            Print::Value(_) => false,
        };
        if !is_held {
            return 0;
        }
        // Where two of a sector gave an answer, no more than two of a part of it did.
        let (place, rest) = cell.split_once('/').expect("a sector");
        let (_, rest) = rest.split_once('/').expect("a sub-sector");
        let sector = format!("{place}//{rest}");
        let room = match self.truth.get(&sector) {
            Some(all) if sector != cell && matches!(self.print(&sector), Print::Value(_)) => {
                all.count.min((all.whole - all.count).max(0))
            }
            _ => i64::MAX,
        };
        let share = self.counts_of_share(cell);
        let of_share = share.filter(|_| !is_ruled).map_or(i64::MAX, |(least, most)| most - least);
        let wide = |limit: u32| i64::from(limit).min(one.whole).min(room).min(of_share);
        let Some([in_base, counted]) = respondent else { return wide(self.policy.narrowest_interval.value) };
        let left =
            share.map_or(i64::MAX, |(least, most)| most.min(one.whole - (in_base - counted)) - least.max(counted));
        wide(self.policy.own_answer_interval.value).min(one.whole - in_base).min(left).max(0)
    }

    /// The cells that are known more closely than that.
    pub fn open(&self, ranges: &Ranges, within: Option<&BTreeMap<String, [i64; 2]>>) -> BTreeSet<String> {
        let open = ranges.iter().filter(|(cell, (lowest, highest))| {
            let own = within.map(|within| within.get(*cell).copied().unwrap_or_default());
            highest - lowest < self.promised(cell, own)
        });
        open.map(|(cell, _)| cell.clone()).collect()
    }
}

/// Compares the openings, and the intervals stated for outsiders, with the enumeration.
fn hold(
    year: &Year<'_>,
    members: &[Member],
    reading: &Reading<'_>,
    openings: &[Opening],
    stated: &Ranges,
    tally: &mut Tally,
) -> TestCaseResult {
    let policy = reading.policy;
    // Where a policy prints classes, no rule is the reason that something is withheld.
    let rules = Some(limits(policy)).filter(|_| policy.bands_below.value == 0);
    let known = enumeration::knowable(members, sectors(policy), &|cell| reading.print(cell), rules);
    for (cell, (lowest, highest)) in stated {
        let range = known.outside[cell];
        prop_assert!(range.0 <= *lowest && *highest <= range.1, "{} is {:?}", cell, range);
    }
    let of = |attacker| -> BTreeSet<String> {
        let found = openings.iter().filter(|opening| opening.attacker == attacker);
        found.map(|one| year.name(one.address)).collect()
    };
    let by_outsiders = reading.open(&known.outside, None);
    prop_assert_eq!(&of(Attacker::Outsider), &by_outsiders, "what outsiders open");
    // A respondent without knowledge of a cell opens the same as an outsider; those openings count once, for
    // outsiders.
    let beyond = |all: &BTreeSet<String>| -> BTreeSet<String> { all.difference(&by_outsiders).cloned().collect() };
    let mut by_respondents = BTreeSet::new();
    for one in &known.respondents {
        by_respondents.extend(reading.open(&one.ranges, Some(&one.within)));
        tally.own_ranges += one.ranges.len();
    }
    prop_assert_eq!(beyond(&of(Attacker::Respondent)), beyond(&by_respondents), "what respondents open");
    if rules.is_some() && known.skipped == 0 {
        // Where what is printed of the sector leaves nothing open of a part, there is nothing to keep.
        let is_kept = |cell: &&String| reading.promised(cell, None) > 0;
        let pinned: BTreeSet<String> = known.pinned_by_policy.iter().filter(is_kept).cloned().collect();
        let (said, pinned) = (of(Attacker::KnowsPolicy), beyond(&pinned));
        let of_table = |cell: &String| {
            let (table, _) = cell.rsplit_once('/').expect("a table");
            let beside = reading.prints.iter().filter(|(name, _)| name.starts_with(table));
            beside.map(|(name, print)| (name.clone(), *print, reading.truth[name].count)).collect::<Vec<_>>()
        };
        let missed = pinned.difference(&said).next().map(of_table);
        prop_assert!(missed.is_none(), "{:?} are pinned, and {:?} are said to be: {:?}", pinned, said, missed);
        tally.needless += said.difference(&pinned).count();
    }
    tally.releases += 1;
    tally.systems += known.systems;
    tally.tables += known.tables;
    tally.skipped += known.skipped;
    tally.ranges += known.outside.len();
    openings.iter().for_each(|one| *tally.openings.entry(one.attacker).or_default() += 1);
    Ok(())
}

/// Policies from lax to strict, small enough for a small survey.
const POLICIES: [(Circle, &[(&str, u32)]); 6] = [
    (Circle::Public, &[("minimum_count", 2), ("narrowest_interval", 2)]),
    (
        Circle::Public,
        &[
            ("minimum_base", 3),
            ("minimum_count", 3),
            ("adverse_all_but", 1),
            ("narrowest_interval", 3),
            ("own_answer_interval", 2),
        ],
    ),
    (
        Circle::Feedback,
        &[("minimum_base", 2), ("minimum_count", 3), ("adverse_all_but", 1), ("own_answer_interval", 1)],
    ),
    (
        Circle::Feedback,
        &[
            ("minimum_base", 2),
            ("minimum_count", 2),
            ("adverse_all_but", 1),
            ("narrowest_interval", 2),
            ("own_answer_interval", 1),
            ("bands_below", 6),
        ],
    ),
    (
        Circle::Public,
        &[
            ("minimum_base", 2),
            ("minimum_count", 3),
            ("small_counts_below", 5),
            ("adverse_all_but", 1),
            ("narrowest_interval", 2),
            ("own_answer_interval", 2),
        ],
    ),
    (Circle::Public, &[("adverse_all_but", 1), ("small_counts_below", 0), ("own_answer_interval", 1)]),
];

/// Protects years by policies, and holds each release against the enumeration.
#[test]
fn what_is_withheld_is_as_unknown_as_every_table_that_there_can_be() {
    let world = ReleaseWorld::new();
    let tally = RefCell::new(Tally::default());
    law(36, (year_of([4, 4, 6, 5]), any::<prop::sample::Index>()), |(members, sample)| {
        let tally = &mut *tally.borrow_mut();
        let year = world.year(&members);
        for (circle, limits) in POLICIES {
            let policy = world.policy(circle, limits);
            // The readers of feedback have the public tables as well.
            let public = (circle == Circle::Feedback).then(|| {
                let protected = year.protect(&world.policy(Circle::Public, POLICIES[4].1));
                tally.beside += usize::from(protected.account.shares > 0);
                protected.release.pattern()
            });
            let beside = Beside { public: public.as_ref(), corrected: None };
            let protected = year.protect_beside(&policy, &beside);
            let pattern = protected.release.pattern();
            for (cell, printed) in public.iter().flat_map(|public| &public.cells) {
                let here = pattern.of(*cell);
                prop_assert!(here == *printed || here == Printed::Value, "{} is {:?}", year.name(*cell), here);
            }
            let reading = Reading::new(&year, &members, &policy, &pattern);
            let stated =
                protected.withheld.iter().filter_map(|(address, (_, range))| Some((year.name(*address), (*range)?)));
            hold(&year, &members, &reading, &protected.openings, &stated.collect(), tally)?;
            tally.withheld += protected.withheld.len();
            tally.shares += protected.account.shares;
            if !protected.is_safe() {
                tally.refused += 1;
                let nothing = year.audit_beside(&policy, &beside, &Pattern::default());
                let open: BTreeSet<Address> = nothing.iter().map(|one| one.address).collect();
                tally.given_up += usize::from(protected.openings.iter().any(|one| !open.contains(&one.address)));
            }
            // A cell that was withheld to protect others cannot be printed.
            let is_other = |(address, (reason, _)): &(&Address, &(Reason, _))| {
                let is_class = reading.truth[&year.name(**address)].whole < policy.bands_below.value.into();
                *reason == Reason::Secondary && pattern.of(address.base()) == Printed::Value && !is_class
            };
            let others: Vec<Address> =
                protected.withheld.iter().filter(is_other).map(|(address, _)| *address).collect();
            if protected.is_safe() && !others.is_empty() {
                let mut more = pattern.clone();
                more.cells.insert(others[sample.index(others.len())], Printed::Value);
                tally.tried += 1;
                tally.printable += usize::from(year.audit_beside(&policy, &beside, &more).is_empty());
            }
        }
        Ok(())
    });
    let tally = tally.into_inner();
    println!("{tally:?}");
    assert!(tally.systems > 500 && tally.shares > 0 && tally.beside > 0 && tally.tried > 50, "{tally:?}");
    // A refused release has a cell that is open even if nothing at all is printed.
    assert!(tally.refused * 10 < tally.releases && tally.given_up == 0, "{tally:?}");
    assert!(tally.skipped * 20 < tally.systems && tally.printable == 0, "{tally:?}");
}

/// A release in which cells were withheld at random; a count on a withheld base is withheld too or stands in whole
/// per cents.
fn at_random(year: &Year<'_>, policy: &Policy, truth: &BTreeMap<String, True>, draws: &[u8]) -> Pattern {
    // One cell in two to sixteen.
    let rate = 2 + usize::from(draws[0]) % 15;
    let mut state = draws.iter().fold(7_u64, |state, draw| state.wrapping_mul(257).wrapping_add(u64::from(*draw)));
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 40).expect("24 bits")
    };
    let mut pattern = Pattern::default();
    for address in year.cells(policy) {
        let one = truth.get(&year.name(address)).copied().unwrap_or_default();
        let is_withheld = next() % rate == 0;
        let is_base_printed = address.base() == address || pattern.of(address.base()) == Printed::Value;
        let whole_per_cent = (200 * one.count + one.whole).checked_div(2 * one.whole).map(|share| share.to_string());
        let printed = match whole_per_cent.and_then(|share| Share::parse(&share)) {
            _ if is_withheld => Printed::Nothing,
            _ if is_base_printed => Printed::Value,
            Some(share) if next() % 2 == 0 => Printed::Share(share),
            _ => Printed::Nothing,
        };
        pattern.cells.insert(address, printed);
    }
    pattern
}

#[test]
fn an_attack_opens_exactly_what_every_table_opens() {
    let world = ReleaseWorld::new();
    let tally = RefCell::new(Tally::default());
    let draws = prop::collection::vec(prop::collection::vec(any::<u8>(), 4), POLICIES.len());
    law(54, (year_of([4, 4, 5, 4]), draws), |(members, draws)| {
        let tally = &mut *tally.borrow_mut();
        let year = world.year(&members);
        for (draws, (circle, limits)) in draws.iter().zip(POLICIES) {
            let policy = world.policy(circle, limits);
            let truth = enumeration::truth(&members, sectors(&policy));
            // Half of them are releases of which one cell too many is printed.
            let mut pattern = at_random(&year, &policy, &truth, draws);
            if draws[1] % 2 == 0 {
                let protected = year.protect(&policy);
                let withheld: Vec<&Address> = protected.withheld.keys().collect();
                pattern = protected.release.pattern();
                let more = withheld.get(usize::from(draws[2]) % withheld.len().max(1));
                pattern.cells.extend(more.map(|cell| (**cell, Printed::Value)));
            }
            let openings = year.audit(&policy, &pattern);
            let reading = Reading::new(&year, &members, &policy, &pattern);
            hold(&year, &members, &reading, &openings, &Ranges::new(), tally)?;
        }
        Ok(())
    });
    let tally = tally.into_inner();
    println!("{tally:?}");
    assert!(tally.systems > 1000 && tally.openings.values().sum::<usize>() > 1000, "{tally:?}");
    let by_policy = tally.openings.get(&Attacker::KnowsPolicy).copied().unwrap_or(0);
    assert!(by_policy > 10 && tally.needless * 10 < by_policy, "{tally:?}");
}
