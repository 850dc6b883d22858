//! Institutions that stand in two sectors: the printed figures of one sector reveal some of the other.

use std::cell::RefCell;

use cssa::disclose::{self, Attacker, Beside, Opening, Refusal};
use cssa::survey::{Circle, Policy};
use proptest::prelude::*;

use super::laws::law;
use crate::support::release_world::{ReleaseWorld, Year, institution};
use crate::support::two_years::Member;

/// An institution in a place and among the trust banks as well, where it brings no answers of its own.
fn in_both(code: usize, place: &'static str, option: &'static str) -> [Member; 2] {
    [alone(code, place, option), institution(code, "trust/", &[])]
}

fn alone(code: usize, place: &'static str, option: &'static str) -> Member {
    let answer: &[&str] = match option {
        "own" => &["own"],
        "external" => &["external"],
        _ => &["short"],
    };
    institution(code, place, &[("staffing/plan", answer)])
}

const LIMITS: [(&str, u32); 2] = [("minimum_count", 2), ("narrowest_interval", 2)];

/// The openings of the trust banks' answers if only theirs are withheld.
fn of_trust(year: &Year<'_>, policy: &Policy) -> Vec<Opening> {
    let withheld = ["own", "external", "short"].map(|option| format!("trust//staffing/plan/{option}"));
    year.audit(policy, &year.all_but(policy, &withheld.each_ref().map(String::as_str)))
}

#[test]
fn what_everybody_of_one_sector_answered_those_in_both_answered() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Feedback, &LIMITS);
    // Three stand in both sectors. All four securities firms have their own people, and of the four trust
    // banks all but one.
    let mut members: Vec<Member> = (0..3).flat_map(|n| in_both(1001 + n, "securities/", "own")).collect();
    members.extend([alone(1004, "securities/", "own"), alone(1005, "trust/", "short")]);
    let year = world.year(&members);
    let own = year.address("trust//staffing/plan/own");
    let opened = of_trust(&year, &policy);
    let opened = opened.iter().find(|opening| opening.address == own).expect("it is three or four");
    assert_eq!((opened.proven, opened.attacker), ((3, 4), Attacker::Outsider));
    // Three of the four are the securities firms' as well: that is what it follows from.
    let protected = year.protect(&policy);
    assert_eq!(protected.openings, []);
    let names: Vec<String> = protected.withheld.keys().map(|address| year.name(*address)).collect();
    assert!(names.iter().any(|name| name.starts_with("securities//staffing/plan/")), "{names:?}");
}

#[test]
fn what_everybody_of_a_sub_sector_answered_those_in_both_answered() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Feedback, &LIMITS);
    // All three banks are trust banks as well, and have their own people; so have two of the five shinkin banks,
    // so that the regional institutions as a whole tell little.
    let mut members: Vec<Member> = (0..3).flat_map(|n| in_both(1001 + n, "regional/bank", "own")).collect();
    members.extend((0..5).map(|n| alone(1011 + n, "regional/shinkin", if n < 2 { "own" } else { "short" })));
    members.push(alone(1021, "trust/", "short"));
    let year = world.year(&members);
    let own = year.address("trust//staffing/plan/own");
    let opened = of_trust(&year, &policy);
    let opened = opened.iter().find(|opening| opening.address == own).expect("it is three or four");
    assert_eq!((opened.proven, opened.attacker), ((3, 4), Attacker::Outsider));
    assert_eq!(year.protect(&policy).openings, []);
}

#[test]
fn two_sectors_without_members_in_common_tell_nothing_of_each_other() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Feedback, &LIMITS);
    let mut members: Vec<Member> = (0..4).map(|n| alone(1001 + n, "securities/", "own")).collect();
    members.extend((0..3).map(|n| alone(1011 + n, "trust/", "own")));
    members.push(alone(1014, "trust/", "short"));
    let year = world.year(&members);
    assert_eq!(of_trust(&year, &policy), []);
    assert_eq!(year.protect(&policy).account.derived, 0);
}

#[test]
fn what_three_sectors_have_in_common_is_refused() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Feedback, &LIMITS);
    let mut members: Vec<Member> = in_both(1001, "securities/", "own").into();
    members.extend(in_both(1002, "regional/bank", "own"));
    let year = world.year(&members);
    let refusal = disclose::protect(&year.material(), &policy, &Beside::default()).expect_err("three sectors");
    let sectors = ["regional", "securities", "trust"].map(str::to_owned).to_vec();
    assert_eq!(refusal, Refusal::ThreeSectors { sectors });
    // Of the public release, trust banks are no part.
    assert!(year.protect(&world.policy(Circle::Public, &LIMITS)).is_safe());
}

const OPTIONS: [&str; 3] = ["own", "external", "short"];

/// How many of a group gave each answer.
type Counts = [i64; 3];

/// All answers that so many can give together.
fn all_counts(members: i64) -> Vec<Counts> {
    let pairs = (0..=members).flat_map(|own| (0..=members - own).map(move |external| (own, external)));
    pairs.map(|(own, external)| [own, external, members - own - external]).collect()
}

/// The lowest and highest count of each answer in the two sectors, over all that those who are only in the first,
/// in both, and only in the second can have answered, where `printed` is as it is.
fn ranges(groups: [i64; 3], own: [Counts; 3], printed: &[[Option<i64>; 3]; 2]) -> [[(i64, i64); 3]; 2] {
    let mut ranges = [[(i64::MAX, i64::MIN); 3]; 2];
    let all = |group: usize| -> Vec<Counts> {
        let others = groups[group] - own[group].iter().sum::<i64>();
        let with_own = |counts: Counts| [0, 1, 2].map(|option| counts[option] + own[group][option]);
        all_counts(others).into_iter().map(with_own).collect()
    };
    let [first, both, second] = [0, 1, 2].map(all);
    for (one, shared) in first.iter().flat_map(|one| both.iter().map(move |shared| (one, shared))) {
        for other in &second {
            let sectors = [one, other].map(|alone| [0, 1, 2].map(|option| alone[option] + shared[option]));
            let agrees = |(counts, printed): (&Counts, &[Option<i64>; 3])| {
                counts.iter().zip(printed).all(|(count, printed)| printed.is_none_or(|printed| printed == *count))
            };
            if sectors.iter().zip(printed).all(agrees) {
                for (ranges, counts) in ranges.iter_mut().zip(sectors) {
                    for (range, count) in ranges.iter_mut().zip(counts) {
                        *range = (range.0.min(count), range.1.max(count));
                    }
                }
            }
        }
    }
    ranges
}

#[test]
fn what_two_sectors_have_in_common_is_as_unknown_as_every_table_that_there_can_be() {
    let world = ReleaseWorld::new();
    let answers = || prop::collection::vec(0..3_usize, 0..=5);
    let limits = [&LIMITS[..], &[("minimum_base", 2), ("own_answer_interval", 1)]].concat();
    let policy = world.policy(Circle::Feedback, &limits);
    let tally = RefCell::new((0, 0));
    law(150, (answers(), answers(), answers()), |(first, both, second)| {
        let code = |group: usize, at: usize| 1001 + 10 * group + at;
        let mut members: Vec<Member> = Vec::new();
        members.extend(first.iter().enumerate().map(|(n, at)| alone(code(0, n), "securities/", OPTIONS[*at])));
        members.extend(both.iter().enumerate().flat_map(|(n, at)| in_both(code(1, n), "securities/", OPTIONS[*at])));
        members.extend(second.iter().enumerate().map(|(n, at)| alone(code(2, n), "trust/", OPTIONS[*at])));
        let year = world.year(&members);
        let protected = year.protect(&policy);
        prop_assert_eq!(&protected.openings, &[]);
        let number = |count: usize| i64::try_from(count).expect("few");
        let counts = |answers: &[usize]| [0, 1, 2].map(|one| number(answers.iter().filter(|at| **at == one).count()));
        let groups = [&first, &both, &second].map(|answers| counts(answers));
        let sizes = groups.map(|counts| counts.iter().sum::<i64>());
        let name = |sector: usize, option: usize| {
            format!("{}//staffing/plan/{}", ["securities", "trust"][sector], OPTIONS[option])
        };
        let withheld = |sector, option| protected.withheld.get(&year.address(&name(sector, option)));
        let truth = [0, 2].map(|alone: usize| [0, 1, 2].map(|option| groups[alone][option] + groups[1][option]));
        let printed = [0, 1].map(|sector: usize| {
            [0, 1, 2].map(|option| withheld(sector, option).is_none().then_some(truth[sector][option]))
        });
        let known = ranges(sizes, [[0; 3]; 3], &printed);
        // The same if the other sector printed nothing.
        let alone = [0, 1].map(|sector: usize| {
            let mut printed = printed;
            printed[1 - sector] = [None; 3];
            ranges(sizes, [[0; 3]; 3], &printed)[sector]
        });
        // No answer is adverse: the rules withhold small counts, and all counts of a small base.
        let promised = |sector: usize, option: usize, limit: u32| {
            let whole = truth[sector].iter().sum::<i64>();
            let is_ruled = whole < 2 || [1, whole - 1].contains(&truth[sector][option]);
            if is_ruled && printed[sector][option].is_none() { i64::from(limit).min(whole) } else { 0 }
        };
        for (sector, option) in [0, 1].into_iter().flat_map(|sector| [0, 1, 2].map(|option| (sector, option))) {
            let Some((_, stated)) = withheld(sector, option) else { continue };
            let range = known[sector][option];
            let stated = stated.unwrap_or((truth[sector][option], truth[sector][option]));
            prop_assert!(range.0 <= stated.0 && stated.1 <= range.1, "{}: {:?}", name(sector, option), range);
            prop_assert!(range.1 - range.0 >= promised(sector, option, policy.narrowest_interval.value));
            let mut tally = tally.borrow_mut();
            tally.0 += 1;
            tally.1 += usize::from(alone[sector][option] != range);
        }
        // Each of them knows its own answer.
        for (group, option) in [0, 1, 2].into_iter().flat_map(|group| [0, 1, 2].map(|option| (group, option))) {
            if groups[group][option] == 0 {
                continue;
            }
            let mut own = [[0; 3]; 3];
            own[group][option] = 1;
            let known = ranges(sizes, own, &printed);
            for (sector, option) in [0, 1].into_iter().flat_map(|sector| [0, 1, 2].map(|option| (sector, option))) {
                let is_own = group == 1 || group == 2 * sector;
                let others = truth[sector].iter().sum::<i64>() - i64::from(is_own);
                let (lowest, highest) = known[sector][option];
                let needed = promised(sector, option, policy.own_answer_interval.value).min(others);
                let is_wide = highest - lowest >= needed;
                prop_assert!(is_wide, "{} is {lowest} to {highest} to one of group {group}", name(sector, option));
            }
        }
        Ok(())
    });
    // The printed figures of one sector do narrow the withheld ones of the other.
    let (withheld, narrower) = tally.into_inner();
    assert!(withheld > 250 && narrower > 10, "{withheld} {narrower}");
}
