//! Institutions that stand in two sectors: what is printed of one sector tells of the other.

use std::cell::RefCell;
use std::collections::BTreeSet;

use cssa::survey::Circle;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::support::release_world::{ReleaseWorld, institution};
use crate::support::two_years::Member;

/// Who stands in a place and among the trust banks as well, where it brings no answers of its own.
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

#[test]
fn what_everybody_of_one_sector_answered_those_in_both_answered() {
    let world = ReleaseWorld::new();
    let limits = [("minimum_count", 2), ("narrowest_interval", 2)];
    let policy = world.policy(Circle::Feedback, &limits);
    // Three stand in both sectors. All four securities firms have their own people, and of the four trust
    // banks all but one.
    let mut members: Vec<Member> = (0..3).flat_map(|n| in_both(1001 + n, "securities/", "own")).collect();
    members.extend([alone(1004, "securities/", "own"), alone(1005, "trust/", "short")]);
    let year = world.year(&members);
    let withheld = ["own", "external", "short"].map(|option| format!("trust//staffing/plan/{option}"));
    let withheld: Vec<&str> = withheld.iter().map(String::as_str).collect();
    let openings = year.audit(&policy, &withheld.iter().map(|name| year.spot(name)).collect());
    let own = year.spot("trust//staffing/plan/own");
    let opened = openings.iter().find(|opening| opening.spot == own).expect("it is three or four");
    assert_eq!((opened.interval, opened.takes_own_answers), (Some((3, 4)), false));
    // Three of the four are the securities firms' as well: that is what it follows from.
    let protected = year.protect(&policy);
    assert_eq!(protected.openings, []);
    let names: Vec<String> = protected.withheld.keys().map(|spot| year.name(*spot)).collect();
    assert!(names.iter().any(|name| name.starts_with("securities//staffing/plan/")), "{names:?}");
}

#[test]
fn what_everybody_of_a_sub_sector_answered_those_in_both_answered() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Feedback, &[("minimum_count", 2), ("narrowest_interval", 2)]);
    // All three banks are trust banks as well, and have their own people; so have two of the five shinkin banks,
    // so that the regional institutions as a whole tell little.
    let mut members: Vec<Member> = (0..3).flat_map(|n| in_both(1001 + n, "regional/bank", "own")).collect();
    members.extend((0..5).map(|n| alone(1011 + n, "regional/shinkin", if n < 2 { "own" } else { "short" })));
    members.push(alone(1021, "trust/", "short"));
    let year = world.year(&members);
    let withheld = ["own", "external", "short"].map(|option| year.spot(&format!("trust//staffing/plan/{option}")));
    let openings = year.audit(&policy, &withheld.into_iter().collect());
    let own = openings.iter().find(|opening| opening.spot == withheld[0]).expect("it is three or four");
    assert_eq!((own.interval, own.takes_own_answers), (Some((3, 4)), false));
    let protected = year.protect(&policy);
    assert_eq!(protected.openings, []);
    // Of the shinkin banks nobody is a trust bank: what is said of them is all the same.
    let names: Vec<String> = protected.withheld.keys().map(|spot| year.name(*spot)).collect();
    assert!(names.iter().any(|name| name.starts_with("regional/bank/staffing/plan/")), "{names:?}");
}

#[test]
fn who_stands_in_one_of_two_others_does_not_stand_in_the_third() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Feedback, &[("minimum_count", 2), ("narrowest_interval", 2)]);
    // Six securities firms: three are banks as well, and have no people of their own; three are trust banks as well,
    // and have. Each of the other sectors has one more member.
    let in_bank = |code: usize| [alone(code, "securities/", "short"), institution(code, "regional/bank", &[])];
    let in_trust = |code: usize| [alone(code, "securities/", "own"), institution(code, "trust/", &[])];
    let mut members: Vec<Member> = (0..3).flat_map(|n| [in_bank(1001 + n), in_trust(1011 + n)]).flatten().collect();
    members.extend([alone(1021, "regional/bank", "short"), alone(1022, "trust/", "short")]);
    let year = world.year(&members);
    let withheld = ["own", "external", "short"].map(|option| year.spot(&format!("trust//staffing/plan/{option}")));
    let openings = year.audit(&policy, &withheld.into_iter().collect());
    // Three of the six firms have people of their own, of the four banks none: so it is the three trust banks.
    let own = openings.iter().find(|one| one.spot == withheld[0]).expect("it is three or four");
    assert_eq!((own.interval, own.takes_own_answers), (Some((3, 4)), false));
    assert_eq!(year.protect(&policy).openings, []);
}

#[test]
fn two_sectors_without_members_in_common_tell_nothing_of_each_other() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Feedback, &[("minimum_count", 2), ("narrowest_interval", 2)]);
    let mut members: Vec<Member> = (0..4).map(|n| alone(1001 + n, "securities/", "own")).collect();
    members.extend((0..3).map(|n| alone(1011 + n, "trust/", "own")));
    members.push(alone(1014, "trust/", "short"));
    let year = world.year(&members);
    let withheld = ["own", "external", "short"].map(|option| year.spot(&format!("trust//staffing/plan/{option}")));
    assert_eq!(year.audit(&policy, &withheld.into_iter().collect()), []);
    assert_eq!(year.protect(&policy).account.derived, 0);
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
    let strategy = (answers(), answers(), answers());
    let config = ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() };
    let limits = [("minimum_count", 2), ("zero_and_all_from", 4), ("narrowest_interval", 2), ("coalition", 1)];
    let policy = world.policy(Circle::Feedback, &limits);
    let tally = RefCell::new((0, 0));
    let result = TestRunner::new(config).run(&strategy, |(first, both, second)| {
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
        let interval = |sector, option| protected.withheld.get(&year.spot(&name(sector, option))).map(|one| one.1);
        let truth = [0, 2].map(|alone: usize| [0, 1, 2].map(|option| groups[alone][option] + groups[1][option]));
        let printed = [0, 1].map(|sector: usize| {
            [0, 1, 2].map(|option| interval(sector, option).is_none().then_some(truth[sector][option]))
        });
        let known = ranges(sizes, [[0; 3]; 3], &printed);
        // The same if the other sector printed nothing.
        let alone = [0, 1].map(|sector: usize| {
            let mut printed = printed;
            printed[1 - sector] = [None; 3];
            ranges(sizes, [[0; 3]; 3], &printed)[sector]
        });
        for (sector, option) in [0, 1].into_iter().flat_map(|sector| [0, 1, 2].map(|option| (sector, option))) {
            let Some(stated) = interval(sector, option) else { continue };
            prop_assert_eq!(stated, Some(known[sector][option]), "{}", name(sector, option));
            let mut tally = tally.borrow_mut();
            tally.0 += 1;
            tally.1 += usize::from(alone[sector][option] != known[sector][option]);
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
                let needed = i64::from(policy.coalition_interval.value).min(others);
                let is_wide = printed[sector][option].is_some() || highest - lowest >= needed;
                prop_assert!(is_wide, "{} is {lowest} to {highest} to one of group {group}", name(sector, option));
            }
        }
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    // What is printed of one sector does make what is withheld of the other narrower.
    let (withheld, narrower) = tally.into_inner();
    assert!(withheld > 500 && narrower > 20, "{withheld} {narrower}");
}

const PLACES: [&str; 3] = ["securities/", "trust/", "regional/bank"];

/// The counts of three sectors that there can be together, where so many stand in each of the seven ways in which
/// one can stand in one of them at least: every way by bits.
fn all_of_three(standing: &[i64; 7]) -> BTreeSet<[Counts; 3]> {
    let mut all = BTreeSet::from([[[0; 3]; 3]]);
    for (way, members) in (1..8).zip(standing) {
        let add = |sectors: &[Counts; 3], counts: &Counts| -> [Counts; 3] {
            let is_in = |sector: usize| i64::from((way >> sector) & 1 == 1);
            std::array::from_fn(|sector| std::array::from_fn(|one| sectors[sector][one] + is_in(sector) * counts[one]))
        };
        let of_way = all_counts(*members);
        all = all.iter().flat_map(|sectors| of_way.iter().map(move |counts| add(sectors, counts))).collect();
    }
    all
}

#[test]
fn what_three_sectors_have_in_common_is_as_unknown_as_every_table_that_there_can_be() {
    let world = ReleaseWorld::new();
    let strategy = prop::array::uniform7(prop::collection::vec(0..3_usize, 0..=2));
    let config = ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() };
    let policy = world.policy(Circle::Feedback, &[("minimum_count", 2), ("narrowest_interval", 2)]);
    let tally = RefCell::new((0, 0));
    let result = TestRunner::new(config).run(&strategy, |answers| {
        let mut members: Vec<Member> = Vec::new();
        for (way, answers) in (1..8_usize).zip(&answers) {
            for (n, at) in answers.iter().enumerate() {
                let mut places = (0..3).filter(|sector| (way >> sector) & 1 == 1).map(|sector| PLACES[sector]);
                members.push(alone(1001 + 10 * way + n, places.next().expect("a place"), OPTIONS[*at]));
                members.extend(places.map(|place| institution(1001 + 10 * way + n, place, &[])));
            }
        }
        let year = world.year(&members);
        let protected = year.protect(&policy);
        prop_assert_eq!(&protected.openings, &[]);
        let number = |count: usize| i64::try_from(count).expect("few");
        let count = |sector: usize, option: usize| -> i64 {
            let in_it = (1..8_usize).zip(&answers).filter(|(way, _)| (way >> sector) & 1 == 1);
            number(in_it.flat_map(|(_, answers)| answers).filter(|at| **at == option).count())
        };
        let name = |sector: usize, option: usize| {
            format!("{}/staffing/plan/{}", ["securities/", "trust/", "regional/"][sector], OPTIONS[option])
        };
        let cells = || (0..3).flat_map(|sector| (0..3).map(move |option| (sector, option)));
        let stated = |sector, option| protected.withheld.get(&year.spot(&name(sector, option))).map(|one| one.1);
        let tables = all_of_three(&answers.each_ref().map(|answers| number(answers.len())));
        let agrees = |table: &&[Counts; 3]| {
            cells().all(|(sector, option)| {
                stated(sector, option).is_some() || table[sector][option] == count(sector, option)
            })
        };
        let tables: Vec<&[Counts; 3]> = tables.iter().filter(agrees).collect();
        for (sector, option) in cells() {
            let Some(interval) = stated(sector, option) else { continue };
            let values = || tables.iter().map(|table| table[sector][option]);
            prop_assert_eq!(interval, values().min().zip(values().max()), "{}", name(sector, option));
            tally.borrow_mut().0 += 1;
        }
        tally.borrow_mut().1 += cells().filter(|(sector, option)| stated(*sector, *option).is_none()).count();
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    let (withheld, printed) = tally.into_inner();
    assert!(withheld > 100 && printed > 50, "{withheld} {printed}");
}
