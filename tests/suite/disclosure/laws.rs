//! Laws over small random years, each release held against the enumeration of all tables.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use cssa::disclose::{self, Content, Known, Opening, Protected, Spot};
use cssa::survey::{Circle, Policy, Prompt, Shown};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseResult, TestRunner};

use super::enumeration::{self, Print, Ranges};
use crate::support::release_world::{ReleaseWorld, Year, institution};
use crate::support::two_years::Member;

const SILENT: [&str; 3] = ["item_nonresponse", "contradictory", "unreadable"];

/// What an institution answers, as numbers that options are chosen by.
type Draft = (bool, Vec<u8>);

fn draft() -> impl Strategy<Value = Draft> {
    (prop::bool::weighted(0.9), prop::collection::vec(any::<u8>(), 10))
}

/// The institutions of the parts: who they are and what they answer.
fn year() -> impl Strategy<Value = Vec<Member>> {
    year_of([6, 7, 7, 6])
}

/// The same with so many in each part at most.
fn year_of(most: [usize; 4]) -> impl Strategy<Value = Vec<Member>> {
    let [bank, shinkin, securities, trust] = most.map(|most| prop::collection::vec(draft(), 0..=most));
    (bank, shinkin, securities, trust).prop_map(|(bank, shinkin, securities, trust)| {
        let places = ["regional/bank", "regional/shinkin", "securities/", "trust/"];
        let all = places.into_iter().zip([bank, shinkin, securities, trust]);
        let all = all.flat_map(|(place, drafts)| drafts.into_iter().map(move |draft| (place, draft)));
        all.enumerate().map(|(n, (place, draft))| member(1001 + n, place, &draft)).collect()
    })
}

fn member(code: usize, place: &'static str, (has_returned, draws): &Draft) -> Member {
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

/// What was looked at, over all cases.
#[derive(Debug, Default)]
struct Tally {
    releases: usize,
    refused: usize,
    systems: usize,
    tables: usize,
    withheld: usize,
    ranges: usize,
    own_ranges: usize,
    openings: usize,
    by_whole_rows: usize,
    coarsened: usize,
}

/// The bases on which a policy prints bands.
fn with_bands(policy: &Policy) -> [u32; 2] {
    [policy.minimum_base.value.max(1), policy.bands_below.value.saturating_sub(1)]
}

/// What a release prints, by the names of cells.
fn printed(year: &Year<'_>, policy: &Policy, protected: &Protected) -> BTreeMap<String, Print> {
    let small = |count: u32| u8::try_from(count).expect("a small survey");
    let mut all = BTreeMap::new();
    for table in protected.release.distributions() {
        let question = year.survey.question(table.question());
        for (key, released) in table.cells() {
            if protected.release.population(key.scope).is_none() {
                continue;
            }
            let (sector, subsector) = cssa::tabulate::scope_ids(year.survey, key.scope);
            let (id, item) = year.survey.prompt_ids(Prompt { question: table.question(), item: key.item });
            let place = format!("{sector}/{subsector}/{id}/{item}");
            let shown: Shown = key.category.expect("an option or a net");
            let print = match released.content() {
                Content::Published { count, .. } => Print::Value(small(count)),
                Content::Coarsened(band) => Print::Band([band.from(), band.to()], with_bands(policy)),
                Content::Withheld(_) => Print::Nothing,
            };
            all.insert(format!("{place}/{}", question.category_id(shown)), print);
            let base = released.base().map_or(Print::Nothing, |base| Print::Value(small(base.base)));
            let before = all.insert(format!("{place}/base"), base);
            assert!(before.is_none_or(|before| before == base), "{place}: one base for all that rests on it");
        }
    }
    all
}

/// Whether a count would have to be withheld, in words of the policy.
fn is_sensitive(policy: &Policy, count: i64, base: i64) -> bool {
    let few = |number: i64| (1..i64::from(policy.minimum_count.value)).contains(&number);
    let is_group = (count == 0 || count == base) && base < i64::from(policy.zero_and_all_from.value);
    base > 0 && (base < i64::from(policy.minimum_base.value) || few(count) || few(base - count) || is_group)
}

/// Holds what is opened, and what is said that outsiders can compute, against the enumeration.
fn hold(
    year: &Year<'_>,
    members: &[Member],
    policy: &Policy,
    [print, given]: [&dyn Fn(&str) -> Print; 2],
    openings: &[Opening],
    stated: Option<&Ranges>,
    tally: &mut Tally,
) -> TestCaseResult {
    let sectors = sectors(policy);
    let most = usize::try_from(policy.coalition.value).expect("few respondents");
    let known = enumeration::knowable(members, sectors, most, print);
    let truth = enumeration::truth(members, sectors);
    let rests_on: BTreeMap<String, String> = enumeration::cells(sectors).into_iter().collect();
    let whole = |cell: &str| truth[&rests_on[cell]];
    let is_held = |cell: &str| !matches!(print(cell), Print::Value(_));
    // How much there is to be kept of a cell: of a band that is there for itself, or was given before, as much as it
    // leaves open.
    // Of one that was given, to some who are counted and some who are not, what their own answers leave of it.
    let kept = |cell: &str, [counted, not_counted]: [i64; 2]| {
        let is_for_itself = !is_sensitive(policy, truth[cell], whole(cell));
        let by_itself = Some((print(cell), [0, 0])).filter(|_| is_for_itself);
        let bands = [by_itself, Some((given(cell), [counted, not_counted]))].into_iter().flatten();
        let left = bands.filter_map(|(print, [counted, not_counted])| match print {
            Print::Band([from, to], _) => {
                let (from, to, whole) = (i64::from(from), i64::from(to), whole(cell));
                let is_within = |count: &i64| 100 * count >= from * whole && (to == 100 || 100 * count < to * whole);
                let left = (counted..=whole - not_counted).filter(is_within).count();
                Some(i64::try_from(left).expect("a small survey") - 1)
            }
            Print::Value(_) | Print::Nothing => None,
        });
        left.fold(whole(cell), i64::min)
    };
    if let Some(stated) = stated {
        for (cell, range) in &known.outside {
            if print(cell) == Print::Nothing {
                prop_assert_eq!(stated.get(cell), Some(range), "{}", cell);
            }
        }
        for cell in stated.keys() {
            prop_assert!(known.outside.contains_key(cell), "{} is withheld", cell);
        }
    }
    let narrow = |ranges: &Ranges, needed: &dyn Fn(&str) -> i64| -> BTreeSet<(String, (i64, i64))> {
        let held = ranges.iter().filter(|(cell, _)| is_held(cell));
        let open = held.filter(|(cell, (lowest, highest))| highest - lowest < needed(cell));
        open.map(|(cell, range)| (cell.clone(), *range)).collect()
    };
    let of = |takes_own_answers: bool| -> BTreeSet<(String, (i64, i64))> {
        let found = openings.iter().filter(|opening| opening.takes_own_answers == takes_own_answers);
        found.map(|one| (year.name(one.spot), one.interval.expect("a small system is decided"))).collect()
    };
    let outsider = |cell: &str| i64::from(policy.narrowest_interval.value).min(kept(cell, [0, 0]));
    let by_outsiders = narrow(&known.outside, &outsider);
    prop_assert_eq!(&of(false), &by_outsiders, "what outsiders open");
    let mut by_respondents = BTreeSet::new();
    for (within, ranges) in &known.coalitions {
        let needed = |cell: &str| {
            let [own, counted] = within.get(cell).copied().unwrap_or_default();
            let others = kept(cell, [counted, own - counted]).min(whole(cell) - own);
            i64::from(policy.coalition_interval.value).min(others)
        };
        by_respondents.extend(narrow(ranges, &needed));
        tally.own_ranges += ranges.len();
    }
    // Who knows nothing of a cell opens what outsiders open; that is said once.
    let beyond = |all: &BTreeSet<(String, (i64, i64))>| -> BTreeSet<(String, (i64, i64))> {
        all.iter().filter(|one| !by_outsiders.contains(one)).cloned().collect()
    };
    prop_assert_eq!(beyond(&of(true)), beyond(&by_respondents), "what respondents open");
    tally.systems += known.systems;
    tally.tables += known.tables;
    tally.ranges += known.outside.len();
    tally.openings += openings.len();
    Ok(())
}

fn nothing(_: &str) -> Print {
    Print::Nothing
}

fn sectors(policy: &Policy) -> &'static [&'static str] {
    match policy.circle {
        Circle::Public => &["regional", "securities"],
        Circle::Feedback => &["regional", "securities", "trust"],
    }
}

/// Policies from lax to strict, small enough for a small survey.
const POLICIES: [(Circle, &[(&str, u32)]); 6] = [
    (Circle::Public, &[("minimum_count", 2), ("narrowest_interval", 2)]),
    (
        Circle::Public,
        &[
            ("minimum_base", 3),
            ("minimum_count", 2),
            ("zero_and_all_from", 4),
            ("narrowest_interval", 2),
            ("coalition", 1),
        ],
    ),
    (Circle::Feedback, &[("minimum_base", 2), ("minimum_count", 2), ("zero_and_all_from", 3), ("coalition", 1)]),
    (
        Circle::Feedback,
        &[
            ("minimum_count", 2),
            ("zero_and_all_from", 4),
            ("narrowest_interval", 2),
            ("coalition", 1),
            ("bands_below", 6),
        ],
    ),
    (Circle::Public, &[("minimum_count", 3), ("narrowest_interval", 3), ("coalition", 1), ("coalition_interval", 2)]),
    (Circle::Public, &[("minimum_count", 1), ("zero_and_all_from", 3), ("coalition", 1)]),
];

/// Policies against two respondents who put their answers together.
const AGAINST_TWO: [(Circle, &[(&str, u32)]); 4] = [
    (Circle::Public, &[("minimum_count", 2), ("narrowest_interval", 2), ("coalition", 2)]),
    (Circle::Public, &[("minimum_count", 2), ("narrowest_interval", 2), ("coalition", 2), ("coalition_interval", 2)]),
    (
        Circle::Feedback,
        &[("minimum_base", 2), ("minimum_count", 2), ("narrowest_interval", 2), ("coalition", 2), ("bands_below", 5)],
    ),
    (Circle::Public, &[("minimum_count", 3), ("narrowest_interval", 3), ("coalition", 2), ("coalition_interval", 3)]),
];

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() })
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

/// Protects years by policies, and holds each release against the enumeration.
fn protect_years(
    cases: u32,
    years: impl Strategy<Value = Vec<Member>>,
    policies: &[(Circle, &[(&str, u32)])],
) -> Tally {
    let world = ReleaseWorld::new();
    let tally = RefCell::new(Tally::default());
    let result = runner(cases).run(&years, |members| {
        let tally = &mut *tally.borrow_mut();
        let year = world.year(&members);
        for &(circle, limits) in policies {
            let policy = world.policy(circle, limits);
            let protected = year.protect(&policy);
            let print = printed(&year, &policy, &protected);
            let stated: Ranges = protected
                .withheld
                .iter()
                .map(|(spot, (_, range))| (year.name(*spot), range.expect("a small system is decided")))
                .collect();
            let print = |cell: &str| print.get(cell).copied().unwrap_or(Print::Value(0));
            hold(&year, &members, &policy, [&print, &nothing], &protected.openings, Some(&stated), tally)?;
            tally.releases += 1;
            tally.refused += usize::from(!protected.openings.is_empty());
            if !protected.openings.is_empty() {
                // What is refused could not be helped: it is open even if nothing at all is printed.
                let truth = enumeration::truth(&members, sectors(&policy));
                let all = enumeration::cells(sectors(&policy)).into_iter().map(|(cell, _)| cell);
                let everything = all.filter(|cell| truth.contains_key(cell)).map(|cell| year.spot(&cell)).collect();
                let open: BTreeSet<Spot> = year.audit(&policy, &everything).iter().map(|one| one.spot).collect();
                for opening in &protected.openings {
                    prop_assert!(open.contains(&opening.spot), "{} is opened needlessly", year.name(opening.spot));
                }
            }
            tally.withheld += protected.withheld.len();
            tally.coarsened += protected.account.coarsened;
            tally.by_whole_rows += protected.account.by_whole_rows;
        }
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    tally.into_inner()
}

#[test]
fn what_is_withheld_is_as_unknown_as_every_table_that_there_can_be() {
    let tally = protect_years(16, year(), &POLICIES);
    println!("{tally:?}");
    assert!(tally.systems > 500 && tally.coarsened > 0 && tally.refused < tally.releases, "{tally:?}");
    assert!(tally.withheld < tally.by_whole_rows, "{tally:?}");
}

/// A policy of feedback, and a later one.
const AFTER: [[&[(&str, u32)]; 2]; 3] = [
    [
        &[("minimum_count", 2), ("narrowest_interval", 2), ("coalition", 1), ("bands_below", 6)],
        &[("minimum_base", 3), ("minimum_count", 2), ("narrowest_interval", 2), ("coalition", 1)],
    ],
    [
        &[("minimum_count", 2), ("narrowest_interval", 2), ("bands_below", 5)],
        &[("minimum_count", 3), ("narrowest_interval", 3), ("coalition", 1), ("bands_below", 9)],
    ],
    [
        &[("minimum_count", 2), ("zero_and_all_from", 4), ("narrowest_interval", 2), ("bands_below", 9)],
        &[("minimum_base", 20), ("narrowest_interval", 2)],
    ],
];

#[test]
fn what_was_given_before_is_known_to_whoever_attacks() {
    let world = ReleaseWorld::new();
    let tally = RefCell::new(Tally::default());
    let result = runner(24).run(&year(), |members| {
        let tally = &mut *tally.borrow_mut();
        let year = world.year(&members);
        for limits in AFTER {
            let [first, second] = limits.map(|limits| world.policy(Circle::Feedback, limits));
            let before = year.protect(&first);
            if !before.openings.is_empty() {
                continue;
            }
            let known = Known::of(&before.release);
            let protected = disclose::protect(&year.material(), &second, &known);
            let (given, now) = (printed(&year, &first, &before), printed(&year, &second, &protected));
            let of = |all: &BTreeMap<String, Print>, cell: &str| all.get(cell).copied().unwrap_or(Print::Value(0));
            let truth = enumeration::truth(&members, sectors(&second));
            let bases: BTreeMap<String, String> = enumeration::cells(sectors(&second)).into_iter().collect();
            // An earlier policy may have been the same, if that could have printed the bands.
            let limits = |cell: &str| {
                let [least, most] = with_bands(&second);
                let is_possible = (i64::from(least)..=i64::from(most)).contains(&truth[&bases[cell]]);
                if is_possible { [least, most] } else { [1, u32::MAX] }
            };
            // The bands are those of one list of limits: one cell has the same in both.
            let both = |cell: &str| match (of(&given, cell), of(&now, cell)) {
                (Print::Value(value), _) | (_, Print::Value(value)) => Print::Value(value),
                (Print::Nothing, other) => other,
                (Print::Band(shares, _), _) => Print::Band(shares, limits(cell)),
            };
            for (cell, print) in &given {
                let is_given = matches!(print, Print::Value(_)) && *print != of(&now, cell);
                prop_assert!(!is_given, "{cell} was given, and stays given");
            }
            let given = |cell: &str| of(&given, cell);
            hold(&year, &members, &second, [&both, &given], &protected.openings, None, tally)?;
            tally.releases += 1;
            tally.withheld += protected.withheld.len();
            tally.coarsened += protected.account.coarsened;
        }
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    let tally = tally.into_inner();
    println!("{tally:?}");
    assert!(tally.systems > 500 && tally.coarsened > 100 && tally.withheld > 500, "{tally:?}");
}

#[test]
fn no_two_respondents_compute_together_what_is_withheld() {
    let tally = protect_years(40, year_of([3, 3, 4, 3]), &AGAINST_TWO);
    println!("{tally:?}");
    assert!(tally.systems > 500 && tally.coarsened > 0 && tally.refused < tally.releases, "{tally:?}");
}

/// A release in which cells were withheld at random, a base with all that rests on it.
fn at_random(year: &Year<'_>, truth: &BTreeMap<String, i64>, policy: &Policy, draws: &[u8]) -> BTreeSet<Spot> {
    let all = enumeration::cells(sectors(policy));
    let there: Vec<&(String, String)> = all.iter().filter(|(cell, _)| truth.contains_key(cell)).collect();
    // One cell in two to sixteen.
    let rate = 2 + usize::from(draws[0]) % 15;
    let mut state = draws.iter().fold(7_u64, |state, draw| state.wrapping_mul(257).wrapping_add(u64::from(*draw)));
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 40).expect("24 bits")
    };
    let mut withheld: BTreeSet<&str> = BTreeSet::new();
    for (cell, base) in &there {
        if next() % rate == 0 || (!cell.ends_with("/base") && withheld.contains(base.as_str())) {
            withheld.insert(cell);
        }
    }
    withheld.into_iter().map(|cell| year.spot(cell)).collect()
}

/// Withholds cells of years at random, and holds what an attack says to that against the enumeration.
fn attack_years(cases: u32, years: impl Strategy<Value = Vec<Member>>, policies: &[(Circle, &[(&str, u32)])]) -> Tally {
    let world = ReleaseWorld::new();
    let tally = RefCell::new(Tally::default());
    let draws = prop::collection::vec(prop::collection::vec(any::<u8>(), 4), policies.len());
    let result = runner(cases).run(&(years, draws), |(members, draws)| {
        let tally = &mut *tally.borrow_mut();
        let year = world.year(&members);
        for (draws, &(circle, limits)) in draws.iter().zip(policies) {
            let policy = world.policy(circle, limits);
            let truth = enumeration::truth(&members, sectors(&policy));
            let withheld = at_random(&year, &truth, &policy, draws);
            let openings = year.audit(&policy, &withheld);
            let names: BTreeSet<String> = withheld.iter().map(|spot| year.name(*spot)).collect();
            let print = |cell: &str| {
                if names.contains(cell) {
                    return Print::Nothing;
                }
                Print::Value(u8::try_from(truth.get(cell).copied().unwrap_or(0)).expect("a small survey"))
            };
            hold(&year, &members, &policy, [&print, &nothing], &openings, None, tally)?;
            tally.releases += 1;
            tally.withheld += withheld.len();
        }
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    tally.into_inner()
}

#[test]
fn an_attack_opens_exactly_what_every_table_opens() {
    let tally = attack_years(100, year(), &POLICIES);
    println!("{tally:?}");
    assert!(tally.systems > 3000 && tally.openings > 10_000, "{tally:?}");
}

#[test]
fn an_attack_opens_exactly_what_every_table_opens_to_two() {
    let tally = attack_years(100, year_of([3, 4, 4, 3]), &AGAINST_TWO);
    println!("{tally:?}");
    assert!(tally.systems > 1000 && tally.openings > 1000, "{tally:?}");
}
