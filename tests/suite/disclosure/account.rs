//! The account of a release adds up, what a limit costs is what is printed without it, and a release is the same on
//! every run, with few threads and many, and however the institutions are ordered.

use cssa::disclose::{self, Account, Beside, Measure, Printed, Reader, Reason};
use cssa::release::{self, Verdict};
use cssa::survey::Circle;

use crate::disclosure::laws::some_members;
use crate::support::release_world::{ReleaseWorld, Year};

type Limits = [(&'static str, u32)];

const STRICT: &Limits = &[
    ("minimum_base", 3),
    ("minimum_count", 3),
    ("adverse_all_but", 1),
    ("narrowest_interval", 2),
    ("own_answer_interval", 1),
];
const BANDED: &Limits = &[("minimum_count", 2), ("own_answer_interval", 1), ("bands_below", 9)];

#[test]
fn the_account_adds_up() {
    let world = ReleaseWorld::new();
    for seed in 1..=4 {
        let members = some_members(seed);
        let year = world.year(&members);
        for (circle, limits) in [(Circle::Public, STRICT), (Circle::Feedback, BANDED)] {
            let policy = world.policy(circle, limits);
            let protected = year.protect(&policy);
            let Account { cells, published, shares, secondary, tables, whole_tables, .. } = protected.account;
            let by_rule: usize = protected.account.by_rule.values().sum();
            let of_policy = protected.withheld.values().filter(|(reason, _)| *reason == Reason::Policy).count();
            assert_eq!(published + shares + by_rule + secondary + of_policy, cells);
            assert_eq!(by_rule + secondary + of_policy, protected.withheld.len());
            // Bases of questions that everybody is asked depend on no answer, and are no cells.
            let question = |cell: &disclose::Address| world.survey.question(cell.prompt.question);
            let is_cell = |cell: &disclose::Address| cell.measure != Measure::Base || question(cell).gate.is_some();
            let all: Vec<_> = year.cells(&policy).into_iter().filter(is_cell).collect();
            let pattern = protected.release.pattern();
            assert_eq!(all.len(), cells);
            assert_eq!(all.iter().filter(|cell| pattern.of(**cell) == Printed::Value).count(), published);
            let mut of_tables: Vec<_> = all.iter().map(|cell| (cell.scope, cell.prompt)).collect();
            of_tables.dedup();
            of_tables.sort_unstable();
            of_tables.dedup();
            assert_eq!(of_tables.len(), tables);
            let is_whole = |table: &&(_, _)| {
                let mut its = all.iter().filter(|cell| (cell.scope, cell.prompt) == **table);
                its.all(|cell| pattern.of(*cell) == Printed::Value)
            };
            assert_eq!(of_tables.iter().filter(is_whole).count(), whole_tables);
        }
    }
}

#[test]
fn what_a_limit_costs_is_what_is_printed_without_it() {
    let world = ReleaseWorld::new();
    let members = some_members(3);
    let year = world.year(&members);
    let policy = world.policy(Circle::Public, STRICT);
    let costs = disclose::costs(&year.material(), &policy, &Beside::default()).expect("no refusal");
    assert_eq!((costs[0].0, &costs[0].2), ("", &year.protect(&policy).account));
    for (name, value, account) in &costs[1..] {
        let other = STRICT.iter().copied().filter(|(limit, _)| limit != name).chain([(*name, *value)]);
        let other: Vec<(&str, u32)> = other.collect();
        assert_eq!(account, &year.protect(&world.policy(Circle::Public, &other)).account, "{name}");
        assert!(account.by_rule.values().sum::<usize>() <= costs[0].2.by_rule.values().sum(), "{name}");
    }
}

/// All that is written of a release.
fn written(year: &Year<'_>, (circle, limits): (Circle, &Limits), world: &ReleaseWorld) -> Vec<String> {
    let policy = world.policy(circle, limits);
    let protected = year.protect(&policy);
    assert!(protected.account.secondary > 0, "there is something to choose from");
    let verdict = Verdict { hash: "試験", passes: true, ..Verdict::default() };
    let certificate = release::certificate(year.survey, &policy, &protected, Reader::Desk, verdict).to_string();
    let tables = [
        release::distributions_csv(year.survey, &protected.release),
        release::withheld_csv(year.survey, &year.tabulation, &protected),
    ];
    let tables = tables.map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
    tables.into_iter().chain([certificate, format!("{:?}", protected.openings)]).collect()
}

#[test]
fn a_release_is_the_same_however_it_is_made() {
    let world = ReleaseWorld::new();
    for seed in [7, 11, 13] {
        let members = some_members(seed);
        // The last institution gets the first code, and is written first.
        let count = members.len();
        let codes: Vec<String> = members.iter().map(|one| one.code.clone()).collect();
        let mut turned = members.clone();
        turned.iter_mut().enumerate().for_each(|(n, one)| one.code.clone_from(&codes[(n * 5 + 3) % count]));
        turned.reverse();
        for limits in [(Circle::Public, STRICT), (Circle::Feedback, BANDED)] {
            let year = world.year(&members);
            let first = written(&year, limits, &world);
            assert_eq!(written(&year, limits, &world), first, "a second run");
            for threads in [1, 4] {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
                assert_eq!(pool.install(|| written(&year, limits, &world)), first, "{threads} threads");
            }
            drop(year);
            assert_eq!(written(&world.year(&turned), limits, &world), first, "other codes");
        }
    }
}
