//! What two years together give away: this year's figures, last year's and those of the panel subtract.
//! Worked by hand, and held against every way in which the institutions can have answered.

use std::collections::{BTreeMap, BTreeSet};

use cssa::compare::Replies;
use cssa::disclose::{self, Cohort, Held, History, Known, LastYear, Material, Opening, Protected, Release, Spot};
use cssa::store::tables;
use cssa::survey::{Circle, Policy};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{TestCaseError, TestRunner};

use crate::support::release_world::ReleaseWorld;
use crate::support::two_years::{Member, Outcome, TwoYears, member};

/// Two years, with what everybody knows of last year.
struct Both {
    outcome: Outcome,
    release: Release,
    known: Known,
}

impl Both {
    /// Two years of which all of last year is known but these options of the SOC.
    fn of(world: &TwoYears, before: &[Member], now: &[Member], ledger: &str, withheld_before: &[&str]) -> Both {
        let outcome = world.compare(before, now, ledger);
        let comparison = outcome.survey.comparison.as_ref().expect("a year before");
        let replies = Replies::read(&comparison.before, &comparison.before, world.store()).expect("answers");
        let (survey, tabulation) = (&*comparison.before, &outcome.tabulations[1]);
        let material = Material { survey, tabulation, replies: &replies, last_year: None };
        let protected = disclose::protect(&material, &policy(&[]), &Default::default());
        let hidden: BTreeSet<Spot> =
            withheld_before.iter().map(|name| disclose::spot(survey, name).expect("a cell")).collect();
        let mut known = Known::of(&protected.release);
        known.figures = &known.figures - &hidden;
        Both { outcome, release: protected.release, known }
    }

    fn material(&self) -> Material<'_> {
        let Outcome { survey, panel, tabulations, changes, .. } = &self.outcome;
        let comparison = survey.comparison.as_ref().expect("a year before");
        let (release, known) = (&self.release, &self.known);
        let last_year = Some(LastYear { comparison, panel, changes, release, known });
        Material { survey, tabulation: &tabulations[0], replies: &panel.now, last_year }
    }

    fn spot(&self, name: &str) -> Spot {
        disclose::spot(&self.outcome.survey, name).unwrap_or_else(|| panic!("there is no cell {name}"))
    }

    fn audit(&self, policy: &Policy, withheld: &[&str]) -> BTreeMap<String, Opening> {
        let withheld = withheld.iter().map(|name| self.spot(name)).collect();
        let openings = disclose::audit(&self.material(), policy, &withheld);
        let outside = openings.into_iter().filter(|opening| !opening.takes_own_answers);
        outside.map(|opening| (disclose::name(&self.outcome.survey, opening.spot), opening)).collect()
    }

    fn protect(&self, policy: &Policy) -> Protected {
        disclose::protect(&self.material(), policy, &Default::default())
    }
}

fn assert_safe(both: &Both, protected: &Protected) {
    let name = |opening: &Opening| (disclose::name(&both.outcome.survey, opening.spot), opening.interval);
    let opened: Vec<_> = protected.openings.iter().map(name).collect();
    assert_eq!(opened, []);
}

/// A policy that prints the panel, and forbids nothing but what these limits do.
fn policy(limits: &[(&str, u32)]) -> Policy {
    let mut policy = ReleaseWorld::new().policy(Circle::Public, limits);
    policy.panel = true;
    policy
}

fn many(codes: std::ops::Range<usize>, part: &'static str, soc: &'static str) -> Vec<Member> {
    codes.map(|code| member(&code.to_string(), part, soc)).collect()
}

#[test]
fn who_came_since_last_year_is_what_the_panel_leaves() {
    let world = TwoYears::new();
    // Nine answer in both years alike; a tenth comes.
    let before = [many(1001..1006, "bank", "always"), many(1006..1010, "bank", "none")].concat();
    let now = [before.clone(), many(1010..1011, "bank", "partial")].concat();
    let both = Both::of(&world, &before, &now, "", &[]);
    let policy = policy(&[("minimum_base", 3), ("narrowest_interval", 2)]);
    let opened = both.audit(&policy, &[]);
    // 1 − 0 = 1: the one that came has a part of the SOC.
    assert_eq!(opened["entrants@regional/bank/soc//partial"].interval, Some((1, 1)));
    assert_eq!(opened["entrants@regional//soc//always"].interval, Some((0, 0)));
    let protected = both.protect(&policy);
    assert_safe(&both, &protected);
    let withheld: Vec<String> =
        protected.withheld.keys().map(|spot| disclose::name(&both.outcome.survey, *spot)).collect();
    // The panel gives way, and not the distribution.
    assert!(withheld.iter().any(|name| name.starts_with("panel@")), "{withheld:?}");
    assert!(withheld.iter().all(|name| name.starts_with("panel")), "{withheld:?}");
}

#[test]
fn who_left_since_last_year_is_what_last_year_leaves() {
    let world = TwoYears::new();
    let now = [many(1001..1006, "bank", "always"), many(1006..1010, "bank", "none")].concat();
    let before = [now.clone(), many(1010..1011, "bank", "partial")].concat();
    let both = Both::of(&world, &before, &now, "2023-04-01,exit,1010,,,,,\n", &[]);
    let policy = policy(&[("minimum_base", 3), ("narrowest_interval", 2)]);
    let opened = both.audit(&policy, &[]);
    assert_eq!(opened["leavers@regional/bank/soc//partial"].interval, Some((1, 1)));
    let protected = both.protect(&policy);
    assert_safe(&both, &protected);
    let panel = protected.release.changes().iter().flat_map(|table| table.cells()).filter_map(|(_, one)| one.panel());
    assert!(panel.into_iter().any(|(_, panel)| panel.previous_count.is_none()), "something of it is withheld");
}

#[test]
fn what_was_withheld_last_year_does_not_come_out_by_the_panel() {
    let world = TwoYears::new();
    // Last year one of ten had a part of the SOC, which was withheld with another. Nobody came and nobody left.
    let before =
        [many(1001..1006, "bank", "always"), many(1006..1010, "bank", "none"), many(1010..1011, "bank", "partial")];
    let before = before.concat();
    // Who has one was asked what it watches.
    let hidden = ["soc//partial", "soc//none", "soc//installed", "scope//base", "scope//malware", "scope//outbound"];
    let withheld: Vec<String> =
        ["regional/", "regional/bank"].iter().flat_map(|place| hidden.map(|cell| format!("{place}/{cell}"))).collect();
    let withheld: Vec<&str> = withheld.iter().map(String::as_str).collect();
    let both = Both::of(&world, &before, &before, "", &withheld);
    let policy = policy(&[("minimum_count", 2), ("narrowest_interval", 2)]);
    let opened = both.audit(&policy, &[]);
    assert_eq!(opened["last_year@regional/bank/soc//partial"].interval, Some((1, 1)));
    let protected = both.protect(&policy);
    assert_safe(&both, &protected);
}

#[test]
fn who_moved_between_sub_sectors_is_what_their_panels_leave() {
    let world = TwoYears::new();
    let stay = [many(1001..1006, "bank", "always"), many(2001..2006, "shinkin", "none")].concat();
    let before = [stay.clone(), many(1006..1007, "shinkin", "partial")].concat();
    let now = [stay, many(1006..1007, "bank", "partial")].concat();
    let both = Both::of(&world, &before, &now, "2023-04-01,move,1006,,regional,bank,,\n", &[]);
    let policy = policy(&[("minimum_base", 3), ("narrowest_interval", 2)]);
    let opened = both.audit(&policy, &[]);
    assert_eq!(opened["movers@regional//soc//partial"].interval, Some((1, 1)));
    assert_safe(&both, &both.protect(&policy));
}

#[test]
fn a_policy_without_panel_prints_none_of_it() {
    let world = TwoYears::new();
    let members = [many(1001..1006, "bank", "always"), many(1006..1010, "bank", "none")].concat();
    let both = Both::of(&world, &members, &members, "", &[]);
    let mut policy = policy(&[]);
    policy.panel = false;
    let protected = both.protect(&policy);
    let changes = protected.release.changes();
    assert!(changes.iter().any(|table| table.cells().iter().any(|(_, change)| change.points().is_some())));
    for (_, change) in changes.iter().flat_map(|table| table.cells()) {
        assert!(change.panel().is_none_or(|(_, panel)| panel == Default::default()), "{change:?}");
    }
    assert_eq!(protected.account.derived, 0);
}

#[test]
fn what_was_given_of_the_panel_stays_given() {
    let world = TwoYears::new();
    let stay = [many(1001..1007, "bank", "always"), many(1007..1013, "bank", "none")].concat();
    let both = Both::of(&world, &stay, &stay, "", &[]);
    let generous = policy(&[]);
    let protected = both.protect(&generous);
    let survey = &both.outcome.survey;
    let always = both.spot("panel@regional/bank/soc//always");
    assert!(Known::of(&protected.release).figures.contains(&always));
    let mut staging = world.store().stage(2023).expect("a staging folder");
    let writer = staging.table(&tables::RELEASES).expect("a table");
    let history = History::read(survey, Circle::Public, world.store()).expect("a ledger");
    let times = ["2024-04-01", "0"];
    history.write(survey, &protected.release, Circle::Public, times, writer).expect("a ledger");
    staging.commit().expect("a commit");
    // A stricter policy prints it all the same: it is known.
    let history = History::read(survey, Circle::Public, world.store()).expect("a ledger");
    let strict = policy(&[("minimum_base", 20)]);
    let held = |both: &Both, policy: &Policy| {
        history.held_against(survey, &both.outcome.tabulations[0], Some(&both.outcome.changes), policy)
    };
    let Held { known, corrections, .. } = held(&both, &strict);
    assert!(known.figures.contains(&always) && corrections.is_empty(), "{corrections:?}");
    let released = disclose::protect(&both.material(), &strict, &known).release;
    assert!(Known::of(&released).figures.contains(&always));
    // A policy without a panel prints none, and the attack knows what was given.
    let mut without = policy(&[]);
    without.panel = false;
    assert_eq!(disclose::contradiction(&both.material(), &without, &known), None);
    let protected = disclose::protect(&both.material(), &without, &known);
    assert_eq!(protected.openings, []);
    assert!(protected.account.derived > 0 && !Known::of(&protected.release).figures.contains(&always));
    // One of the panel answers otherwise now: whose answer that was would be seen.
    let now =
        [many(1001..1006, "bank", "always"), many(1006..1007, "bank", "partial"), many(1007..1013, "bank", "none")];
    let later = Both::of(&world, &stay, &now.concat(), "", &[]);
    let Held { corrections, .. } = held(&later, &policy(&[("minimum_count", 2)]));
    let correction = corrections.iter().find(|one| one.spot == always).expect("it was six, and is five");
    assert_eq!((correction.given.count, correction.now.count, correction.is_unmasking), (6, 5, true));
    let before = both.spot("panel_last_year@regional/bank/soc//always");
    assert!(corrections.iter().all(|one| one.spot != before), "last year's answers are the same");
    // Three more come, which would be enough if it were not known that none of them had answered last year.
    let more = Both::of(&world, &stay, &[&stay[..], &many(1013..1016, "bank", "always")].concat(), "", &[]);
    let Held { corrections, .. } = held(&more, &policy(&[("minimum_count", 2)]));
    let all = both.spot("regional/bank/soc//always");
    let correction = corrections.iter().find(|one| one.spot == all).expect("it was six, and is nine");
    assert_eq!((correction.given.count, correction.now.count, correction.is_unmasking), (6, 9, true));
    // So would three more be of last year.
    let before = &*survey.comparison.as_ref().expect("a year before").before;
    let history = |world: &TwoYears| History::read(before, Circle::Public, world.store()).expect("a ledger");
    // What would be printed of last year for the first time beside the panel would tell of those who left.
    let is_new = |world: &TwoYears| !history(world).new_beside_panel(before, &both.release).is_empty();
    assert!(is_new(&world));
    let mut staging = world.store().stage(2022).expect("a staging folder");
    let writer = staging.table(&tables::RELEASES).expect("a table");
    history(&world).write(before, &both.release, Circle::Public, times, writer).expect("a ledger");
    staging.commit().expect("a commit");
    assert!(!is_new(&world));
    let more = Both::of(&world, &[&stay[..], &many(1013..1016, "bank", "always")].concat(), &stay, "", &[]);
    let tabulation = &more.outcome.tabulations[1];
    let Held { corrections, .. } = history(&world).held_against(before, tabulation, None, &policy(&[]));
    assert!(!corrections.is_empty() && corrections.iter().all(|one| one.is_unmasking), "{corrections:?}");
}

#[test]
fn the_panel_of_sectors_with_members_in_common_is_not_printed() {
    let world = TwoYears::new();
    let stay = [many(1001..1007, "bank", "always"), many(1007..1013, "bank", "none")].concat();
    let in_both = Member { sector: "securities", subsector: "", answers: Default::default(), ..stay[0].clone() };
    for (more, is_printed) in [(vec![], true), (vec![in_both], false)] {
        // It is enough that they had been in both last year.
        let both =
            Both::of(&world, &[stay.clone(), more].concat(), &stay, "2023-04-01,move,1001,,regional,bank,,\n", &[]);
        let figures = Known::of(&both.protect(&policy(&[])).release).figures;
        assert_eq!(figures.contains(&both.spot("panel@regional/bank/soc//always")), is_printed);
    }
}

/// Who somebody is in the two years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Stays,
    Comes,
    Leaves,
}

const OPTIONS: [&str; 3] = ["always", "partial", "none"];

/// The counts that can be told of the SOC: this year, last year, the panel in both, and what they leave.
const COHORTS: [&str; 6] = ["", "last_year@", "panel@", "panel_last_year@", "entrants@", "leavers@"];

fn cell(cohort: &str, option: &str) -> String {
    format!("{cohort}regional//soc//{option}")
}

/// What each cohort counts where everybody answered so.
fn counts(fates: &[Fate], answers: &[(usize, usize)]) -> [[i64; 3]; 6] {
    let mut all = [[0; 3]; 6];
    for (fate, (now, before)) in fates.iter().zip(answers) {
        let (is_now, is_before) = (*fate != Fate::Leaves, *fate != Fate::Comes);
        let is_both = is_now && is_before;
        let counted = [
            (is_now, *now),
            (is_before, *before),
            (is_both, *now),
            (is_both, *before),
            (is_now && !is_before, *now),
            (is_before && !is_now, *before),
        ];
        for (cohort, (_, option)) in counted.into_iter().enumerate().filter(|(_, (is_in, _))| *is_in) {
            all[cohort][option] += 1;
        }
    }
    all
}

/// Every way in which they can have answered; `own` did as it did.
fn worlds(fates: &[Fate], own: Option<(usize, (usize, usize))>) -> Vec<[[i64; 3]; 6]> {
    let mut worlds: BTreeSet<[[i64; 3]; 6]> = BTreeSet::from([[[0; 3]; 6]]);
    for (at, fate) in fates.iter().enumerate() {
        let ways = |is_open: bool| if is_open { 0..3 } else { 0..1 };
        let ways =
            ways(*fate != Fate::Leaves).flat_map(|now| ways(*fate != Fate::Comes).map(move |before| (now, before)));
        let ways: Vec<_> = match own.filter(|(who, _)| *who == at) {
            Some((_, answer)) => vec![answer],
            None => ways.collect(),
        };
        let add = |world: &[[i64; 3]; 6], one: [[i64; 3]; 6]| {
            std::array::from_fn(|cohort| std::array::from_fn(|option| world[cohort][option] + one[cohort][option]))
        };
        worlds = worlds.iter().flat_map(|world| ways.iter().map(|way| add(world, counts(&[*fate], &[*way])))).collect();
    }
    worlds.into_iter().collect()
}

#[test]
fn no_pair_of_years_gives_away_what_is_withheld() {
    let strategy = prop::collection::vec((0..5u8, 0..3usize, 0..3usize), 4..=9);
    let mut runner = TestRunner::deterministic();
    let world = TwoYears::new();
    let (mut withheld, mut opened) = (0, 0);
    let policies = [
        policy(&[("minimum_base", 3), ("minimum_count", 2), ("narrowest_interval", 2)]),
        policy(&[("minimum_count", 2), ("zero_and_all_from", 4), ("narrowest_interval", 1), ("coalition", 1)]),
    ];
    for _ in 0..60 {
        let drafts = strategy.new_tree(&mut runner).expect("a draft").current();
        for policy in &policies {
            let found = held(&world, &drafts, policy).unwrap_or_else(|error| panic!("{drafts:?}: {error}"));
            withheld += found.0;
            opened += found.1;
        }
    }
    assert!(withheld > 300 && opened > 50, "there is something to hold: {withheld}, {opened}");
}

/// Holds a release, and one that withholds nothing, against all ways in which everybody can have answered: how
/// many cells were withheld in the one, and opened in the other.
fn held(world: &TwoYears, drafts: &[(u8, usize, usize)], policy: &Policy) -> Result<(usize, usize), TestCaseError> {
    let fates: Vec<Fate> = drafts
        .iter()
        .map(|(fate, ..)| match fate {
            0 => Fate::Comes,
            1 => Fate::Leaves,
            _ => Fate::Stays,
        })
        .collect();
    let answers: Vec<(usize, usize)> = drafts.iter().map(|(_, now, before)| (*now, *before)).collect();
    let members = |is_in: &dyn Fn(Fate) -> bool, option: &dyn Fn((usize, usize)) -> usize| -> Vec<Member> {
        let all = fates.iter().zip(&answers).enumerate().filter(|(_, (fate, _))| is_in(**fate));
        all.map(|(n, (_, answer))| member(&(1001 + n).to_string(), "bank", OPTIONS[option(*answer)])).collect()
    };
    let now = members(&|fate| fate != Fate::Leaves, &|answer| answer.0);
    let before = members(&|fate| fate != Fate::Comes, &|answer| answer.1);
    if now.is_empty() || before.is_empty() {
        return Ok((0, 0));
    }
    let both = Both::of(world, &before, &now, "", &[]);
    let protected = both.protect(policy);
    let opened: Vec<String> =
        protected.openings.iter().map(|one| disclose::name(&both.outcome.survey, one.spot)).collect();
    prop_assert!(opened.is_empty(), "{opened:?}");
    let printed = |release: &BTreeSet<Spot>| -> [[bool; 3]; 6] {
        std::array::from_fn(|cohort| {
            std::array::from_fn(|option| {
                let known = |name: &str| release.contains(&both.spot(name));
                match COHORTS[cohort] {
                    "last_year@" => true,
                    "entrants@" | "leavers@" => false,
                    whom => known(&cell(whom, OPTIONS[option])),
                }
            })
        })
    };
    let truth = counts(&fates, &answers);
    let is_told = printed(&Known::of(&protected.release).figures);
    let ranges = |is_told: &[[bool; 3]; 6], own| -> [[(i64, i64); 3]; 6] {
        let mut ranges = truth.map(|counts| counts.map(|count| (count, count)));
        let agrees = |one: &[[i64; 3]; 6]| {
            (0..6).all(|cohort| {
                (0..3).all(|option| !is_told[cohort][option] || one[cohort][option] == truth[cohort][option])
            })
        };
        for one in worlds(&fates, own).iter().filter(|one| agrees(one)) {
            for (cohort, option) in (0..6).flat_map(|cohort| (0..3).map(move |option| (cohort, option))) {
                let (lowest, highest) = &mut ranges[cohort][option];
                *lowest = (*lowest).min(one[cohort][option]);
                *highest = (*highest).max(one[cohort][option]);
            }
        }
        ranges
    };
    let bases: [i64; 6] = truth.map(|counts| counts.iter().sum());
    let few = |number: i64| (1..i64::from(policy.minimum_count.value)).contains(&number);
    let is_sensitive = |count: i64, base: i64| {
        let is_group = (count == 0 || count == base) && base < i64::from(policy.zero_and_all_from.value);
        base > 0 && (base < i64::from(policy.minimum_base.value) || few(count) || few(base - count) || is_group)
    };
    // Of those who came, left or answered twice the panel may not tell more than the two years do alone.
    let without_panel = |told: &[[bool; 3]; 6]| {
        let alone = std::array::from_fn(|cohort| if cohort < 2 { told[cohort] } else { [false; 3] });
        ranges(&alone, None)
    };
    let room = |alone: &[[(i64, i64); 3]; 6], cohort: usize, option: usize| {
        let (lowest, highest) = alone[cohort][option];
        if cohort == 0 { bases[0] } else { highest - lowest }
    };
    let is_held = |cohort: usize, option: usize| cohort == 0 || is_sensitive(truth[cohort][option], bases[cohort]);
    let mut withheld = 0;
    let (outside, alone) = (ranges(&is_told, None), without_panel(&is_told));
    for (cohort, option) in (0..6).flat_map(|cohort| (0..3).map(move |option| (cohort, option))) {
        let (lowest, highest) = outside[cohort][option];
        if !is_told[cohort][option] && is_held(cohort, option) {
            withheld += 1;
            let needed = i64::from(policy.narrowest_interval.value).min(room(&alone, cohort, option));
            let name = cell(COHORTS[cohort], OPTIONS[option]);
            prop_assert!(highest - lowest >= needed, "{name} is {lowest} to {highest}");
        }
    }
    if policy.coalition.value > 0 {
        let mut two_years = is_told;
        two_years[2..].fill([false; 3]);
        for who in 0..fates.len() {
            let itself = Some((who, answers[who]));
            let (own, without) = (ranges(&is_told, itself), ranges(&two_years, itself));
            let counted = counts(&fates[who..=who], &answers[who..=who]).map(|counts| counts.iter().sum::<i64>());
            for (cohort, option) in (0..6).flat_map(|cohort| (0..3).map(move |option| (cohort, option))) {
                if is_told[cohort][option] || !is_held(cohort, option) {
                    continue;
                }
                let others = bases[cohort] - counted[cohort];
                let needed = i64::from(policy.coalition_interval.value).min(others).min(room(&without, cohort, option));
                let (lowest, highest) = own[cohort][option];
                let name = cell(COHORTS[cohort], OPTIONS[option]);
                prop_assert!(highest - lowest >= needed, "{name} is {lowest} to {highest} for {who}");
            }
        }
    }
    // The distributions are those of a release that says nothing of the panel.
    let mut distributions = policy.clone();
    distributions.panel = false;
    let of_all = |spots: BTreeSet<Spot>| -> BTreeSet<Spot> {
        spots.into_iter().filter(|spot| spot.cohort == Cohort::All).collect()
    };
    let published = |policy: &Policy| of_all(Known::of(&both.protect(policy).release).figures);
    prop_assert_eq!(published(policy), published(&distributions));
    // Whoever prints the panel beside the two years opens what the enumeration opens, and nothing else.
    let all = [[true; 3], [true; 3], [true; 3], [true; 3], [false; 3], [false; 3]];
    let (open, alone) = (ranges(&all, None), without_panel(&all));
    let audited = both.audit(policy, &[]);
    let mut opened = 0;
    for (cohort, option) in [4, 5].into_iter().flat_map(|cohort| (0..3).map(move |option| (cohort, option))) {
        let name = cell(COHORTS[cohort], OPTIONS[option]);
        let (lowest, highest) = open[cohort][option];
        let needed = i64::from(policy.narrowest_interval.value).min(room(&alone, cohort, option));
        let is_open = is_sensitive(truth[cohort][option], bases[cohort]) && highest - lowest < needed;
        prop_assert_eq!(audited.contains_key(&name), is_open, "{}: {:?}", name, audited.get(&name));
        opened += usize::from(is_open);
    }
    Ok((withheld, opened))
}
