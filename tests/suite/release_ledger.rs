//! A release held against everything that was given before, each rule at its limit and beside it, worked out
//! by hand.

use std::collections::BTreeSet;

use cssa::disclose::{Held, Known, NumberReason, Spot, Unmasked};
use cssa::survey::{Circle, Policy};
use proptest::prelude::*;

use crate::support::number_survey::{Institution, LIMITS, Limits, Line, Outcome, gave, release_after};
use crate::support::release_world::{ReleaseWorld, Year, institution};
use crate::support::two_years::Member;

const FIRST: [&str; 2] = ["public", "2024-04-01"];
const SECOND: [&str; 2] = ["public", "2024-05-01"];

/// Institutions of which so many plan with their own staff, with others', and with too few.
fn planners(place: &'static str, counts: [usize; 3]) -> Vec<Member> {
    let start = place.bytes().map(usize::from).sum::<usize>() * 10_000;
    let answers = ["own", "external", "short"].into_iter().zip(counts);
    let all = answers.flat_map(|(answer, count)| std::iter::repeat_n(answer, count)).enumerate();
    all.map(|(at, answer)| institution(start + at, place, &[("staffing/plan", &[answer])])).collect()
}

/// The regional institutions, by sub-sector.
fn regional(bank: [usize; 3], shinkin: [usize; 3], shinkumi: [usize; 3]) -> Vec<Member> {
    let parts = [("regional/bank", bank), ("regional/shinkin", shinkin), ("regional/shinkumi", shinkumi)];
    parts.into_iter().flat_map(|(place, counts)| planners(place, counts)).collect()
}

/// Nothing is printed on less than ten, and fewer than three are too few.
fn policy(world: &ReleaseWorld) -> Policy {
    world.policy(Circle::Public, &[("minimum_base", 10), ("minimum_count", 3), ("narrowest_interval", 3)])
}

/// Cells, with their change and that of their base.
type Told = (Vec<String>, Option<i64>, Option<i64>);

/// A cell, with what can be computed of it.
type Narrow = (String, Option<(i64, i64)>);

/// What corrections tell of others, with its change and that of its base; each must be safe in itself.
fn told(world: &ReleaseWorld, before: &[Member], now: &[Member]) -> Vec<Told> {
    told_by(world, &policy(world), before, now)
}

fn told_by(world: &ReleaseWorld, policy: &Policy, before: &[Member], now: &[Member]) -> Vec<Told> {
    let year = world.year(before);
    assert!(year.protect(policy).is_safe());
    world.give_by_hand(&[]);
    world.give(&year, policy, "2024-04-01");
    let year = world.year(now);
    let protected = year.protect(policy);
    assert!(protected.is_safe());
    let history = world.history(Circle::Public);
    let Held { corrections, .. } = history.held_against(year.survey, &year.tabulation, None, policy);
    assert!(!corrections.is_empty() && corrections.iter().all(|one| !one.is_unmasking), "{corrections:?}");
    let (unmasked, narrowed) = history.unmasked(&year.material(), policy, &protected.release);
    assert_eq!(narrowed, []);
    spelled(&year, &unmasked)
}

fn spelled(year: &Year<'_>, unmasked: &[Unmasked]) -> Vec<Told> {
    let names = |one: &Unmasked| one.spots.iter().map(|spot| year.name(*spot)).collect();
    unmasked.iter().map(|one| (names(one), one.change, one.base_change)).collect()
}

fn cell(subsector: &str, answer: &str) -> Vec<String> {
    vec![format!("regional/{subsector}/staffing/plan/{answer}")]
}

#[test]
fn what_the_sector_and_its_other_part_leave_is_one_late_institution() {
    let world = ReleaseWorld::new();
    let before = regional([10, 5, 5], [2, 2, 2], [2, 2, 2]);
    // The sector has thirteen more, all of whom plan with their own staff, and the banks are twelve of them. The
    // credit associations are as many as they were: the other one is a credit cooperative.
    let one = told(&world, &before, &regional([22, 5, 5], [2, 2, 2], [3, 2, 2]));
    let expected = [("own", 1), ("external", 0), ("short", 0)];
    assert_eq!(one, expected.map(|(answer, change)| (cell("shinkumi", answer), Some(change), Some(1))));
    // Nine are fewer than anything is said of, ten are not.
    let nine = told(&world, &before, &regional([22, 5, 5], [2, 2, 2], [5, 5, 5]));
    assert_eq!(nine, ["own", "external", "short"].map(|answer| (cell("shinkumi", answer), Some(3), Some(9))));
    assert_eq!(told(&world, &before, &regional([22, 5, 5], [2, 2, 2], [6, 5, 5])), []);
    // And nobody is nobody.
    assert_eq!(told(&world, &before, &regional([22, 5, 5], [2, 2, 2], [2, 2, 2])), []);
}

#[test]
fn who_withdrew_is_told_like_who_came() {
    let world = ReleaseWorld::new();
    let before = regional([22, 5, 5], [2, 2, 2], [3, 2, 2]);
    let one = told(&world, &before, &regional([10, 5, 5], [2, 2, 2], [2, 2, 2]));
    let expected = [("own", -1), ("external", 0), ("short", 0)];
    assert_eq!(one, expected.map(|(answer, change)| (cell("shinkumi", answer), Some(change), Some(-1))));
}

#[test]
fn what_is_left_of_two_parts_together_may_not_be_too_few_either() {
    let world = ReleaseWorld::new();
    let limits = [("minimum_base", 12), ("minimum_count", 3), ("narrowest_interval", 3)];
    let policy = world.policy(Circle::Public, &limits);
    let before = regional([10, 5, 5], [2, 2, 1], [1, 1, 2]);
    // Thirteen came to the two small parts, and two of them plan with their own staff, wherever they are.
    let two = told_by(&world, &policy, &before, &regional([14, 9, 9], [3, 5, 3], [2, 4, 5]));
    let both = [cell("shinkin", "own"), cell("shinkumi", "own")].concat();
    assert_eq!(two, [(both, Some(2), Some(13))]);
    let three = told_by(&world, &policy, &before, &regional([14, 9, 9], [4, 4, 3], [2, 4, 5]));
    assert_eq!(three, []);
}

#[test]
fn answers_that_were_corrected_are_held_against_the_equations_alone() {
    let world = ReleaseWorld::new();
    let before = regional([10, 5, 5], [2, 2, 2], [2, 2, 2]);
    // Four banks, and of the sector three: one of the others went the opposite way. Which one is not told.
    let one = told(&world, &before, &regional([6, 9, 5], [2, 2, 2], [3, 1, 2]));
    let both = |answer: &str| [cell("shinkin", answer), cell("shinkumi", answer)].concat();
    assert_eq!(one, [(both("own"), Some(1), Some(0)), (both("external"), Some(-1), Some(0))]);
}

#[test]
fn who_is_asked_tells_who_answered_before() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &[("minimum_count", 3)]);
    let answers: [&[(&str, &[&str])]; 2] =
        [&[("soc", &["always"]), ("scope", &["malware"])], &[("soc", &["none"]), ("scope", &["not_asked"])]];
    let members = |installed: usize, none: usize, silent: usize| -> Vec<Member> {
        let all = (0..installed + none).map(|at| match at < installed {
            true if at < silent => institution(at, "securities/", &[answers[0][0], ("scope", &["item_nonresponse"])]),
            true => institution(at, "securities/", answers[0]),
            false => institution(at, "securities/", answers[1]),
        });
        all.collect()
    };
    let changed = |year: &Year<'_>| {
        let release = year.protect(&policy).release;
        let (unmasked, _) = world.history(Circle::Public).unmasked(&year.material(), &policy, &release);
        let spelled = spelled(year, &unmasked);
        spelled.into_iter().find(|(names, ..)| names == &["securities//scope//base"]).map(|(_, change, _)| change)
    };
    // Only the net was given: what was asked of them follows from it, as long as nobody kept silent.
    for (more, expected) in [(2, Some(Some(2))), (3, None)] {
        world.give_by_hand(&[(FIRST, "securities//soc//installed", 20, 40)]);
        assert_eq!(changed(&world.year(&members(20 + more, 20, 0))), expected, "{more}");
    }
    // The base was given, and nothing on it: then it is a count like any other.
    for (more, expected) in [(2, Some(Some(2))), (3, None)] {
        world.give_by_hand(&[(FIRST, "securities//scope//", 20, 20)]);
        assert_eq!(changed(&world.year(&members(20 + more, 20, 0))), expected, "{more}");
    }
    // Of three more two kept silent; one answered.
    world.give_by_hand(&[(FIRST, "securities//soc//installed", 20, 40), (FIRST, "securities//scope//", 20, 20)]);
    assert_eq!(changed(&world.year(&members(23, 20, 2))), Some(Some(1)));
    assert_eq!(changed(&world.year(&members(23, 20, 0))), None);
}

#[test]
fn what_one_release_gives_holds_in_the_other_where_nobody_came() {
    let world = ReleaseWorld::new();
    let policy = policy(&world);
    let narrowed = |bank: [usize; 3], shinkin: [usize; 3]| -> Vec<Narrow> {
        let year = world.year(&regional(bank, shinkin, [2, 2, 2]));
        let protected = year.protect(&policy);
        // To protect the credit cooperatives the banks are withheld now, which are fewer than the associations.
        assert!(protected.is_safe());
        let printed = Known::of(&protected.release).figures;
        let own = |part: &str| year.spot(&format!("regional/{part}/staffing/plan/own"));
        assert_eq!(
            ["", "bank", "shinkin", "shinkumi"].map(|part| printed.contains(&own(part))),
            [true, false, true, false]
        );
        let history = world.history(Circle::Public);
        let Held { corrections, .. } = history.held_against(year.survey, &year.tabulation, None, &policy);
        assert!(corrections.iter().all(|one| !one.is_unmasking));
        let (unmasked, narrowed) = history.unmasked(&year.material(), &policy, &protected.release);
        assert_eq!(unmasked, []);
        narrowed.iter().map(|one| (year.name(one.spot), one.interval)).collect()
    };
    world.give_by_hand(&[]);
    assert_eq!(narrowed([9, 4, 4], [10, 10, 10]), []);
    // An earlier release withheld the associations instead: sector and banks leave both, as they still are.
    let earlier = |answer: &str, whole: i64, bank: i64| {
        let cell = |part: &str| format!("regional/{part}/staffing/plan/{answer}");
        [(cell(""), whole, 43), (cell("bank"), bank, 7)]
    };
    let counts = [("own", 17, 5), ("external", 13, 1), ("short", 13, 1)];
    let mut lines = counts.map(|(answer, whole, bank)| earlier(answer, whole, bank)).concat();
    let bases = [("shinkin", 30), ("shinkumi", 6)];
    lines.extend(bases.map(|(part, base)| (format!("regional/{part}/staffing/plan/"), base, base)));
    let lines: Vec<_> = lines.iter().map(|(cell, count, base)| (FIRST, cell.as_str(), *count, *base)).collect();
    world.give_by_hand(&lines);
    let exactly = |part: &str, counts: [i64; 3]| -> Vec<Narrow> {
        let answers = ["own", "external", "short"].into_iter().zip(counts);
        answers.map(|(answer, count)| (cell(part, answer).concat(), Some((count, count)))).collect()
    };
    assert_eq!(
        narrowed([9, 4, 4], [10, 10, 10]),
        [exactly("bank", [9, 4, 4]), exactly("shinkumi", [2, 2, 2])].concat()
    );
    // Where many have come to both, neither is what it was.
    assert_eq!(narrowed([9, 9, 9], [14, 14, 14]), []);
    // Ten banks came and ten associations went, so that the sector is as large as it was; of the cooperatives nobody
    // came or went. What an earlier release told of them still holds.
    let moved = |answer: &str, whole: i64, bank: i64, shinkin: i64| {
        let cell = |part: &str| format!("regional/{part}/staffing/plan/{answer}");
        [(cell(""), whole, 53), (cell("bank"), bank, 7), (cell("shinkin"), shinkin, 40)]
    };
    let counts = [("own", 21, 5, 14), ("external", 16, 1, 13), ("short", 16, 1, 13)];
    let mut lines = counts.map(|(answer, whole, bank, shinkin)| moved(answer, whole, bank, shinkin)).concat();
    lines.push(("regional/shinkumi/staffing/plan/".to_owned(), 6, 6));
    let lines: Vec<_> = lines.iter().map(|(cell, count, base)| (FIRST, cell.as_str(), *count, *base)).collect();
    world.give_by_hand(&lines);
    assert_eq!(
        narrowed([9, 4, 4], [10, 10, 10]),
        [exactly("bank", [9, 4, 4]), exactly("shinkumi", [2, 2, 2])].concat()
    );
}

#[test]
fn a_band_that_one_more_institution_leaves_says_how_many_there_are() {
    let world = ReleaseWorld::new();
    let limits = [("minimum_count", 2), ("narrowest_interval", 2), ("bands_below", 20)];
    let policy = world.policy(Circle::Feedback, &limits);
    let both = |before: [usize; 3], now: [usize; 3]| -> (Vec<Told>, Vec<Narrow>) {
        world.give_by_hand(&[]);
        world.give(&world.year(&planners("trust/", before)), &policy, "2024-04-01");
        let year = world.year(&planners("trust/", now));
        let protected = year.protect(&policy);
        assert!(protected.is_safe() && protected.account.coarsened >= 2, "{:?}", protected.account);
        let history = world.history(Circle::Feedback);
        let (told, narrowed) = history.unmasked(&year.material(), &policy, &protected.release);
        (spelled(&year, &told), narrowed.iter().map(|one| (year.name(one.spot), one.interval)).collect())
    };
    // Of 13 a half is more than 6, and of 14 it is 7: from 25 to 50 per cent to 50 to 75 with one more institution
    // there were 6 and are 7, and the one who came is among them, and not among the others.
    let own = "trust//staffing/plan/own".to_owned();
    let (told, narrowed) = both([6, 4, 3], [7, 4, 3]);
    assert_eq!(narrowed, [(own.clone(), Some((7, 7)))]);
    assert!(told.contains(&(vec![own], Some(1), Some(1))), "{told:?}");
    // Where two more came, or none of the bands is another, no count follows.
    assert_eq!(both([6, 4, 3], [6, 5, 3]), Default::default());
}

#[test]
fn a_correction_is_held_against_everything_that_was_given() {
    let world = ReleaseWorld::new();
    let policy = policy(&world);
    let give = |counts: [usize; 3], released_at: &str| {
        world.give(&world.year(&planners("securities/", counts)), &policy, released_at);
    };
    give([10, 10, 10], "2024-04-01");
    give([24, 10, 10], "2024-05-01");
    let own = |counts: [usize; 3]| {
        let year = world.year(&planners("securities/", counts));
        let Held { known, corrections, .. } =
            world.history(Circle::Public).held_against(year.survey, &year.tabulation, None, &policy);
        let spot = year.spot("securities//staffing/plan/own");
        let mut of_it = corrections.into_iter().filter(|one| one.spot == spot);
        let correction = of_it.next().map(|one| (one.given.count, one.is_unmasking));
        assert!(of_it.next().is_none(), "it is said once");
        assert_eq!(known.figures.contains(&spot), correction.is_none());
        correction
    };
    // 11 is thirteen less than 24 was, and one more than 10.
    assert_eq!(own([11, 36, 10]), Some((10, true)));
    // 37 is thirteen and 27 more.
    assert_eq!(own([37, 10, 10]), Some((24, false)));
    // What was given last is known; what was given before that is corrected, and shows fourteen once more.
    assert_eq!(own([24, 10, 10]), None);
    assert_eq!(own([10, 10, 10]), Some((24, false)));
}

#[test]
fn who_came_is_protected_like_any_other_respondents() {
    let world = ReleaseWorld::new();
    let limits = [("minimum_base", 5), ("minimum_count", 2), ("zero_and_all_from", 10), ("narrowest_interval", 2)];
    let policy = world.policy(Circle::Public, &limits);
    world.give_by_hand(&[]);
    world.give(&world.year(&planners("securities/", [20, 20, 20])), &policy, "2024-04-01");
    let unmasking = |counts: [usize; 3]| -> Vec<bool> {
        let year = world.year(&planners("securities/", counts));
        let held = world.history(Circle::Public).held_against(year.survey, &year.tabulation, None, &policy);
        let of = |answer: &str| {
            let spot = year.spot(&format!("securities//staffing/plan/{answer}"));
            held.corrections.iter().find(|one| one.spot == spot).expect("it has changed").is_unmasking
        };
        ["own", "external", "short"].map(of).to_vec()
    };
    // Four are fewer than anything is said of.
    assert_eq!(unmasking([22, 22, 20]), [true, true, true]);
    // Of six nobody is short; and one of seven is few.
    assert_eq!(unmasking([23, 23, 20]), [false, false, true]);
    assert_eq!(unmasking([23, 23, 21]), [false, false, true]);
    assert_eq!(unmasking([22, 22, 22]), [false, false, false]);
    // All of nine have their own, all of ten may.
    assert_eq!(unmasking([29, 20, 20]), [true, true, true]);
    assert_eq!(unmasking([30, 20, 20]), [false, false, false]);
}

#[test]
fn a_base_without_figures_is_kept_in_the_ledger() {
    let world = ReleaseWorld::new();
    let policy = policy(&world);
    let year = world.year(&regional([10, 5, 5], [2, 2, 2], [2, 2, 2]));
    world.give(&year, &policy, "2024-04-01");
    let history = world.history(Circle::Public);
    let Held { known, corrections, .. } = history.held_against(year.survey, &year.tabulation, None, &policy);
    assert!(corrections.is_empty());
    assert!(known.figures.contains(&year.spot("regional/shinkumi/staffing/plan/base")));
    assert!(!known.figures.contains(&year.spot("regional/shinkumi/staffing/plan/own")));
    let now = world.year(&regional([10, 5, 5], [2, 2, 2], [2, 2, 3]));
    let Held { known, .. } = history.held_against(now.survey, &now.tabulation, None, &policy);
    assert!(!known.figures.contains(&now.spot("regional/shinkumi/staffing/plan/base")));
}

#[test]
fn the_feedback_circle_knows_what_was_public_and_not_the_other_way() {
    let world = ReleaseWorld::new();
    let year = world.year(&planners("securities/", [10, 10, 10]));
    let [own, external] = ["own", "external"].map(|answer| format!("securities//staffing/plan/{answer}"));
    world.give_by_hand(&[(FIRST, &own, 10, 30), (["feedback", "2024-04-01"], &external, 10, 30)]);
    for (circle, expected) in [(Circle::Public, [true, false]), (Circle::Feedback, [true, true])] {
        let policy = world.policy(circle, &[]);
        let Held { known, .. } = world.history(circle).held_against(year.survey, &year.tabulation, None, &policy);
        assert_eq!([&own, &external].map(|name| known.figures.contains(&year.spot(name))), expected);
    }
}

#[test]
fn differences_are_the_same_on_one_thread_and_on_four() {
    let world = ReleaseWorld::new();
    let (before, now) = (regional([10, 5, 5], [2, 2, 2], [2, 2, 2]), regional([22, 5, 5], [2, 2, 2], [5, 5, 5]));
    let run = |threads: usize, now: &[Member]| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| told(&world, &before, now))
    };
    let first = run(1, &now);
    let backwards: Vec<Member> = now.iter().rev().cloned().collect();
    assert_eq!(run(4, &backwards), first);
}

/// How so many late institutions can have answered: how many own, external, short.
fn ways(late: usize) -> Vec<[i64; 3]> {
    let counts =
        (0..=late).flat_map(|own| (0..=late - own).map(move |external| [own, external, late - own - external]));
    counts.map(|counts| counts.map(|count| i64::try_from(count).expect("few"))).collect()
}

/// How many came with each answer: of these numbers, so that enough came to be told of, and few to one part.
fn some(numbers: &'static [usize]) -> impl Strategy<Value = [usize; 3]> {
    prop::array::uniform3(prop::sample::select(numbers))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Every way in which those who came, or withdrew, can have answered is tried: what is the same in all that
    /// agree with the printed figures is what a reader of both releases can tell.
    #[test]
    fn what_is_told_is_what_every_way_to_answer_has_in_common(
        before in prop::array::uniform3(prop::array::uniform3(1usize..=5)),
        late in (some(&[0, 3, 4]), some(&[0, 0, 1]), some(&[0, 0, 1, 3])),
        has_withdrawn in any::<bool>(),
        minimum_base in 6u32..=14,
        minimum_count in 2u32..=4,
    ) {
        let late = [late.0, late.1, late.2];
        let world = ReleaseWorld::new();
        let policy = world.policy(Circle::Public, &[("minimum_base", minimum_base), ("minimum_count", minimum_count)]);
        let after: Vec<[usize; 3]> =
            before.iter().zip(&late).map(|(one, more)| std::array::from_fn(|at| one[at] + more[at])).collect();
        let all = |counts: &[[usize; 3]]| regional(counts[0], counts[1], counts[2]);
        let (then, now) = if has_withdrawn { (all(&after), all(&before)) } else { (all(&before), all(&after)) };
        let year = world.year(&then);
        let printed_then = Known::of(&year.protect(&policy).release).figures;
        world.give(&year, &policy, "2024-04-01");
        let year = world.year(&now);
        let release = year.protect(&policy).release;
        let printed_now = Known::of(&release).figures;
        let history = world.history(Circle::Public);
        let held = history.held_against(year.survey, &year.tabulation, None, &policy);
        let Held { corrections, .. } = held.beside(&release);
        let said: Vec<_> = corrections.iter().filter(|one| one.is_unmasking).map(|one| one.spot.scope).collect();
        let (told, _) = history.unmasked(&year.material(), &policy, &release);
        let told: BTreeSet<Spot> =
            told.iter().filter(|one| one.spots.len() == 1).map(|one| one.spots[0]).collect();

        // Whom a cell counts: of which parts, and which answer.
        let parts: [(&str, &[usize]); 4] = [("", &[0, 1, 2]), ("bank", &[0]), ("shinkin", &[1]), ("shinkumi", &[2])];
        let answers = ["own", "external", "short"];
        let cells = parts.into_iter().flat_map(|part| (0..3).map(move |answer| (part, answer)));
        let cells: Vec<(Spot, &[usize], usize)> = cells
            .map(|((part, of), answer)| (year.spot(&format!("regional/{part}/staffing/plan/{}", answers[answer])), of, answer))
            .collect();
        let change = |world: &[[i64; 3]; 3], of: &[usize], answer: usize| of.iter().map(|&part| world[part][answer]).sum::<i64>();
        let truth = late.map(|counts| counts.map(|count| i64::try_from(count).expect("few")));
        let possible = late.map(|counts| ways(counts.iter().sum()));
        let [first, second, third] = &possible;
        let pairs = first.iter().flat_map(|one| second.iter().map(move |two| (*one, *two)));
        let worlds = pairs.flat_map(|(one, two)| third.iter().map(move |three| [one, two, *three]));
        let is_printed = |spot: &Spot| printed_then.contains(spot) && printed_now.contains(spot);
        let agrees = |world: &[[i64; 3]; 3]| {
            let printed = cells.iter().filter(|(spot, ..)| is_printed(spot));
            printed.clone().all(|(_, of, answer)| change(world, of, *answer) == change(&truth, of, *answer))
        };
        let worlds: Vec<[[i64; 3]; 3]> = worlds.filter(agrees).collect();
        let is_few = |change: i64| (1..i64::from(minimum_count)).contains(&change);
        let is_small = |base: i64| is_few(base) || (1..i64::from(minimum_base)).contains(&base);
        let most_group = i64::from(policy.zero_and_all_from.value);
        let is_group = |only: i64, base: i64| (only == 0 || only == base) && (1..most_group).contains(&base);
        let mut expected = BTreeSet::new();
        for (spot, of, answer) in cells.iter().filter(|(spot, ..)| !is_printed(spot) && !said.contains(&spot.scope)) {
            let changes: BTreeSet<i64> = worlds.iter().map(|world| change(world, of, *answer)).collect();
            let base: i64 = of.iter().map(|&part| truth[part].iter().sum::<i64>()).sum();
            let only = changes.first().copied().filter(|_| changes.len() == 1);
            let tells = |only| is_few(only) || is_small(base) || is_few(base - only) || is_group(only, base);
            if only.is_some_and(tells) {
                expected.insert(*spot);
            }
        }
        prop_assert_eq!(told, expected);
    }
}

/// No quartiles, so that what can be computed rests on the means alone.
const MEANS_ONLY: Limits = Limits { quartiles_from: 1_000_000, ..LIMITS };

fn staff(bank: &[f64], shinkin: &[f64], shinkumi: &[f64]) -> Vec<Institution> {
    let parts = [("bank", bank), ("shinkin", shinkin), ("shinkumi", shinkumi)];
    parts.into_iter().flat_map(|(part, numbers)| gave("regional", part, "staff", numbers)).collect()
}

fn mean(time: [&'static str; 2], part: &'static str, base: i64, text: &'static str) -> Line<'static> {
    (time, ["regional", part], ["staff", "mean"], base, text)
}

fn means(outcome: &Outcome) -> [Option<NumberReason>; 4] {
    ["", "bank", "shinkin", "shinkumi"].map(|part| outcome.mean("regional", part, "staff"))
}

#[test]
fn means_that_were_given_cannot_be_withheld_any_more() {
    // One bank has 1000 of 1090, so that its mean tells of it; 53.0 is the mean of all thirty.
    let institutions = staff(&[[10.0; 9].as_slice(), &[1000.0]].concat(), &[20.0; 10], &[30.0; 10]);
    let (dominance, secondary) = (Some(NumberReason::Dominance), Some(NumberReason::Secondary));
    let release = |ledger: &[Line<'_>]| release_after(&institutions, MEANS_ONLY, ledger);
    assert_eq!(means(&release(&[])), [None, dominance, secondary, None]);
    let shinkin = mean(FIRST, "shinkin", 10, "20.0");
    // Then the cooperatives have to go, and where they were given as well, the sector.
    assert_eq!(means(&release(&[shinkin])), [None, dominance, None, secondary]);
    let parts = [shinkin, mean(FIRST, "shinkumi", 10, "30.0")];
    assert_eq!(means(&release(&parts)), [secondary, dominance, None, None]);
    // What was given otherwise, or of others, or to others, is not known.
    for other in [
        mean(FIRST, "shinkin", 10, "20.1"),
        mean(FIRST, "shinkin", 13, "20.0"),
        mean(["feedback", "2024-04-01"], "shinkin", 10, "20.0"),
    ] {
        assert_eq!(means(&release(&[other])), [None, dominance, secondary, None]);
    }
    // A mean that the policy would withhold for its own sake is no secret either …
    let known = release(&[mean(FIRST, "bank", 10, "109.0")]);
    assert_eq!(means(&known), [None; 4]);
    assert!(known.protected.is_safe());
    // … and where nothing is left to be withheld, the release is refused.
    let all = [mean(FIRST, "", 30, "53.0"), parts[0], parts[1]];
    let refused = release(&all);
    assert_eq!(means(&refused), [None, dominance, None, None]);
    let opened = &refused.protected.numbers.openings;
    assert!(!refused.protected.is_safe());
    assert!(opened.iter().all(|one| one.scope == Some(refused.scope("regional", "bank"))), "{opened:?}");
}

#[test]
fn quartiles_that_were_given_are_known_together() {
    // The median of eleven is the number of one of them.
    let numbers: Vec<f64> = (10..21).map(f64::from).collect();
    let institutions = gave("securities", "", "staff", &numbers);
    let line = |statistic, text| (FIRST, ["securities", ""], ["staff", statistic], 11, text);
    let three = [line("first_quartile", "12.5"), line("median", "15.0"), line("third_quartile", "17.5")];
    let withheld = |ledger: &[Line<'_>]| {
        release_after(&institutions, LIMITS, ledger).number("securities", "", "staff").quartiles_withheld()
    };
    assert_eq!(withheld(&[]), Some(NumberReason::OwnNumber));
    assert_eq!(withheld(&three[..2]), Some(NumberReason::OwnNumber));
    assert_eq!(withheld(&three), None);
    assert_eq!(withheld(&[three[0], three[1], line("third_quartile", "17.0")]), Some(NumberReason::OwnNumber));
}

#[test]
fn a_mean_is_held_against_every_one_that_was_given() {
    let institutions = staff(&[5.0; 24], &[5.0; 14], &[5.0; 14]);
    let corrected = |ledger: &[Line<'_>]| -> Vec<(i64, bool)> {
        let outcome = release_after(&institutions, MEANS_ONLY, ledger);
        outcome.corrections.iter().map(|one| (one.given.1, one.is_unmasking)).collect()
    };
    // Nine more and ten more: 120 less 84 are 36 at least, of which none of the 24 is more than an eighth or so.
    let (first, second) = (mean(FIRST, "bank", 15, "6.0"), mean(SECOND, "bank", 14, "6.0"));
    assert_eq!(corrected(&[second]), [(14, false)]);
    assert_eq!(corrected(&[first]), [(15, true)]);
    assert_eq!(corrected(&[first, second]), [(15, true)]);
    // 120 less 114.8 are six at most, to which one of them may have come with five.
    assert_eq!(corrected(&[mean(FIRST, "bank", 14, "8.2")]), [(14, true)]);
    // Of those who went nobody knows any more what they gave.
    assert_eq!(corrected(&[mean(FIRST, "bank", 40, "5.0")]), [(40, true)]);
    // What was given last is what it is: the correction was released then.
    assert_eq!(corrected(&[first, mean(SECOND, "bank", 24, "5.0")]), []);
    // Of a mean that is not printed any more no difference is seen.
    let outcome = release_after(&institutions, Limits { subsectors: false, ..MEANS_ONLY }, &[first]);
    assert_eq!(outcome.corrections.iter().map(|one| one.is_unmasking).collect::<Vec<_>>(), [false]);
}

#[test]
fn a_mean_tells_of_newcomers_what_it_would_tell_of_any() {
    let is_unmasking = |institutions: &[Institution], line: Line<'_>| -> Vec<bool> {
        let outcome = release_after(institutions, MEANS_ONLY, &[line]);
        outcome.corrections.iter().map(|one| one.is_unmasking).collect()
    };
    // 38 banks came to 8700, of which one has 5000. Twelve more with 1200 together: it is none of them.
    let banks = [&[100.0; 49][..], &[5000.0]].concat();
    assert_eq!(is_unmasking(&staff(&banks, &[], &[]), mean(FIRST, "bank", 38, "228.9")), [false]);
    // One of them with 1100 has most of it.
    let banks = [&[100.0; 37][..], &[5000.0, 1100.0], &[10.0; 11]].concat();
    assert_eq!(is_unmasking(&staff(&banks, &[], &[]), mean(FIRST, "bank", 38, "228.9")), [true]);
    // Forty with 50 in the mean, and twelve more with all that can be answered.
    let share = |newcomers: f64| gave("securities", "", "share", &[&[50.0; 40][..], &[newcomers; 12]].concat());
    let line = (FIRST, ["securities", ""], ["share", "mean"], 40, "50.0");
    assert_eq!(is_unmasking(&share(100.0), line), [true]);
    assert_eq!(is_unmasking(&share(90.0), line), [false]);
    assert_eq!(is_unmasking(&share(0.0), line), [true]);
}

#[test]
fn totals_that_leave_one_late_institution_show_its_number() {
    let institutions = staff(&[10.0; 20], &[20.0; 20], &[30.0; 20]);
    let left_of = |whole: i64, shinkin: i64, text: &'static str| -> Vec<i64> {
        let ledger = [mean(FIRST, "", whole, text), mean(FIRST, "shinkin", shinkin, "20.1")];
        let outcome = release_after(&institutions, MEANS_ONLY, &ledger);
        outcome.unmasked.iter().map(|one| one.base_change).collect()
    };
    let left = |whole: i64, shinkin: i64| left_of(whole, shinkin, "20.1");
    assert_eq!(left(56, 17), [1]);
    assert_eq!(left(48, 17), [9]);
    // Ten have come with about 197.
    assert!(left(47, 17).is_empty());
    // They may have come with less than twice what the largest has.
    assert_eq!(left_of(47, 17, "23.2"), [10]);
    // Nobody came to the others, and their numbers are what they were; or one of them has another one.
    assert!(left(57, 17).is_empty());
    assert_eq!(left_of(57, 17, "20.5"), [0]);
}
