//! Releases that give withheld cells away, each worked out by hand, and the same figures protected.

use cssa::disclose::{Address, Attacker, Beside, Content, Opening, Pattern, Printed, Protected, Reason, Share};
use cssa::survey::{Circle, Policy};

use super::laws::some_members;
use crate::support::release_world::{ReleaseWorld, Year, institution};
use crate::support::two_years::Member;

type Answer = (&'static str, &'static [&'static str]);
/// So many institutions of a place that answer alike.
type Group = (usize, &'static str, &'static [Answer]);

fn groups(all: &[Group]) -> Vec<Member> {
    let each = all.iter().flat_map(|&(count, place, answers)| std::iter::repeat_n((place, answers), count));
    each.enumerate().map(|(n, (place, answers))| institution(1001 + n, place, answers)).collect()
}

const ALWAYS: &[Answer] = &[("soc", &["always"]), ("scope", &["malware"])];
const PARTIAL: &[Answer] = &[("soc", &["partial"]), ("scope", &["outbound"])];
const NONE: &[Answer] = &[("soc", &["none"])];
const OWN: &[Answer] = &[("staffing/plan", &["own"])];
const EXTERNAL: &[Answer] = &[("staffing/plan", &["external"])];
const SHORT: &[Answer] = &[("staffing/plan", &["short"])];

const TWO: [(&str, u32); 2] = [("minimum_count", 2), ("narrowest_interval", 2)];

/// The cells that an attacker opens, with the counts proven possible.
fn opened(year: &Year<'_>, openings: &[Opening], by: Attacker) -> Vec<(String, (i64, i64))> {
    let such = openings.iter().filter(|one| one.attacker == by);
    such.map(|one| (year.name(one.address), one.proven)).collect()
}

/// The cells that an outsider computes from a release that prints everything but some cells.
fn computed(year: &Year<'_>, policy: &Policy, withheld: &[&str]) -> Vec<(String, (i64, i64))> {
    opened(year, &year.audit(policy, &year.all_but(policy, withheld)), Attacker::Outsider)
}

fn cells(all: &[(&str, (i64, i64))]) -> Vec<(String, (i64, i64))> {
    all.iter().map(|(cell, interval)| ((*cell).to_owned(), *interval)).collect()
}

/// Protected properly, the same figures are not opened; with any cell more printed of those that protect a cell, they
/// are.
fn is_closed(year: &Year<'_>, policy: &Policy, sensitive: &[&str]) {
    let protected = year.protect(policy);
    assert_eq!(protected.openings, []);
    for name in sensitive {
        let (reason, interval) = protected.withheld[&year.address(name)];
        assert!(matches!(reason, Reason::Rule(_)), "{name}: {reason:?}");
        let (lowest, highest) = interval.expect("a cell that is protected");
        assert!(highest - lowest >= i64::from(policy.narrowest_interval.value), "{name}: {lowest} to {highest}");
    }
    let pattern = protected.release.pattern();
    assert_eq!(year.audit(policy, &pattern), []);
    // A count on a withheld base cannot be printed anyway.
    let is_other = |(address, (reason, _)): &(&Address, &(Reason, _))| {
        *reason == Reason::Secondary && pattern.of(address.base()) == Printed::Value
    };
    for (address, _) in protected.withheld.iter().filter(is_other) {
        let mut more = pattern.clone();
        more.cells.insert(*address, Printed::Value);
        assert!(!year.audit(policy, &more).is_empty(), "{} was withheld for nothing", year.name(*address));
    }
}

fn content(year: &Year<'_>, protected: &Protected, name: &str) -> Content {
    let address = year.address(name);
    let cssa::disclose::Measure::Count(shown) = address.measure else { panic!("{name} is no option") };
    let mut tables = protected.release.distributions().iter();
    let table = tables.find(|table| table.question() == address.prompt.question).expect("a table");
    table.cell(address.scope, address.prompt.item, Some(shown)).expect("a figure").content()
}

#[test]
fn what_is_left_of_the_base_is_computed() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &TWO);
    let year = world.year(&groups(&[(5, "securities/", OWN), (4, "securities/", EXTERNAL), (1, "securities/", SHORT)]));
    // 10 − 5 − 4 = 1, if the release prints the two others.
    let short = "securities//staffing/plan/short";
    let openings = year.audit(&policy, &year.all_but(&policy, &[short]));
    assert_eq!(opened(&year, &openings, Attacker::Outsider), cells(&[(short, (1, 1))]));
    assert!(openings[0].beside.contains(&year.address("securities//staffing/plan/own")));
    assert_eq!(openings[0].need, 2);
    assert_eq!(computed(&year, &policy, &[short, "securities//staffing/plan/external"]), []);
    is_closed(&year, &policy, &[short]);
}

#[test]
fn sub_sectors_subtract_from_their_sector() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &TWO);
    let bank = [(5, "regional/bank", OWN), (4, "regional/bank", EXTERNAL), (1, "regional/bank", SHORT)];
    let shinkin = [(5, "regional/shinkin", OWN), (4, "regional/shinkin", EXTERNAL), (3, "regional/shinkin", SHORT)];
    let year = world.year(&groups(&[bank, shinkin].concat()));
    // Within the banks nothing tells one of the two from the other, but 8 − 4 = 4 and 4 − 3 = 1.
    let [short, external] = ["regional/bank/staffing/plan/short", "regional/bank/staffing/plan/external"];
    assert_eq!(computed(&year, &policy, &[short, external]), cells(&[(short, (1, 1))]));
    let others = ["regional/shinkin/staffing/plan/short", "regional/shinkin/staffing/plan/external"];
    assert_eq!(computed(&year, &policy, &[short, external, others[0]]), cells(&[(short, (1, 1))]));
    assert_eq!(computed(&year, &policy, &[short, external, others[0], others[1]]), []);
    is_closed(&year, &policy, &[short]);
}

#[test]
fn the_base_behind_a_gate_is_the_count_before_it() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &TWO);
    let year =
        world.year(&groups(&[(5, "securities/", ALWAYS), (4, "securities/", PARTIAL), (1, "securities/", NONE)]));
    // Nine were asked about the scope: nine have a SOC, and one has none.
    let all = ["always", "partial", "none", "installed"].map(|option| format!("securities//soc//{option}"));
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let expected = cells(&[("securities//soc//none", (1, 1)), ("securities//soc//installed", (9, 9))]);
    assert_eq!(computed(&year, &policy, &all), expected);
    // With the base, and all that rests on it, nothing is opened.
    let behind = ["base", "malware", "outbound", "none", "any"].map(|cell| format!("securities//scope//{cell}"));
    let names: Vec<&str> = all.iter().copied().chain(behind.iter().map(String::as_str)).collect();
    assert_eq!(computed(&year, &policy, &names), []);
    is_closed(&year, &policy, &["securities//soc//none", "securities//scope//base"]);
}

#[test]
fn a_net_less_an_option_is_the_other_option() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &TWO);
    let year =
        world.year(&groups(&[(6, "securities/", ALWAYS), (1, "securities/", PARTIAL), (3, "securities/", NONE)]));
    // 7 − 6 = 1: it does not help to withhold those who have none.
    let [partial, none] = ["securities//soc//partial", "securities//soc//none"];
    assert_eq!(computed(&year, &policy, &[partial, none]), cells(&[(partial, (1, 1))]));
    assert_eq!(computed(&year, &policy, &[partial, "securities//soc//always"]), []);
    is_closed(&year, &policy, &[partial]);
}

#[test]
fn a_net_of_all_but_none_gives_none_away() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &TWO);
    let neither: &[Answer] = &[("soc", &["always"]), ("scope", &["none"])];
    let year = world.year(&groups(&[
        (4, "securities/", ALWAYS),
        (4, "securities/", PARTIAL),
        (1, "securities/", neither),
        (3, "securities/", NONE),
    ]));
    // Nine were asked; eight ticked something: one ticked none.
    let none = "securities//scope//none";
    assert_eq!(computed(&year, &policy, &[none]), cells(&[(none, (1, 1))]));
    is_closed(&year, &policy, &[none]);
}

#[test]
fn a_respondent_subtracts_itself() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &[&TWO[..], &[("own_answer_interval", 2)]].concat());
    let year = world.year(&groups(&[(8, "securities/", OWN), (1, "securities/", EXTERNAL), (1, "securities/", SHORT)]));
    // Two are external or short: nobody outside knows which. Each of the two knows that the other is one of two.
    let [external, short] = ["securities//staffing/plan/external", "securities//staffing/plan/short"];
    let openings = year.audit(&policy, &year.all_but(&policy, &[external, short]));
    assert_eq!(opened(&year, &openings, Attacker::Outsider), []);
    let own = opened(&year, &openings, Attacker::Respondent);
    let expected = [(external, (1, 2)), (short, (0, 1)), (external, (0, 1)), (short, (1, 2))];
    assert_eq!(own.len(), 4, "{own:?}");
    assert!(cells(&expected).iter().all(|one| own.contains(one)), "{own:?}");
    is_closed(&year, &policy, &[external, short]);
}

#[test]
fn a_reader_who_knows_the_policy_finds_the_one_value_that_explains_a_mark() {
    let world = ReleaseWorld::new();
    let with = |count: u32| world.policy(Circle::Public, &[("minimum_count", count)]);
    let year = world.year(&groups(&[(8, "securities/", OWN), (1, "securities/", EXTERNAL), (1, "securities/", SHORT)]));
    // Two are external or short. If only ones are few, it is one each: two and none would have been printed.
    let [external, short] = ["securities//staffing/plan/external", "securities//staffing/plan/short"];
    let openings = year.audit(&with(2), &year.all_but(&with(2), &[external, short]));
    assert_eq!(opened(&year, &openings, Attacker::Outsider), []);
    let by_policy = opened(&year, &openings, Attacker::KnowsPolicy);
    assert_eq!(by_policy.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), [external, short]);
    // Where two are few as well, it may have been that.
    assert_eq!(year.audit(&with(3), &year.all_but(&with(3), &[external, short])), []);
    is_closed(&year, &with(2), &[external, short]);
}

#[test]
fn bands_add_up() {
    let world = ReleaseWorld::new();
    let limits = [("minimum_count", 2), ("narrowest_interval", 1), ("bands_below", 6)];
    let policy = world.policy(Circle::Feedback, &limits);
    let year = world.year(&groups(&[(2, "trust/", OWN), (3, "trust/", SHORT)]));
    // 25 to 50 per cent of five is two, 50 to 75 is three: nobody is left for the third.
    let names = ["own", "external", "short"].map(|option| format!("trust//staffing/plan/{option}"));
    let mut pattern = year.all_but(&policy, &[]);
    for (name, share) in names.iter().zip(["25～50", "0～25", "50～75"]) {
        pattern.cells.insert(year.address(name), Printed::Share(Share::parse(share).expect("a class")));
    }
    let openings = opened(&year, &year.audit(&policy, &pattern), Attacker::Outsider);
    assert_eq!(openings, cells(&[(&names[1], (0, 0))]));
    let protected = year.protect(&policy);
    assert_eq!(protected.openings, []);
    let is_withheld = |name: &String| matches!(content(&year, &protected, name), Content::Withheld(_));
    assert!(names.iter().filter(|name| is_withheld(name)).count() >= 1);
}

#[test]
fn whole_per_cents_without_a_base_tell_how_large_it_can_be() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &[&TWO[..], &[("minimum_base", 5)]].concat());
    let malware: &[Answer] = &[("soc", &["always"]), ("scope", &["malware"])];
    let both: &[Answer] = &[("soc", &["always"]), ("scope", &["malware", "outbound"])];
    let year = world.year(&groups(&[(4, "securities/", malware), (3, "securities/", both), (1, "securities/", NONE)]));
    // Seven of eight were asked: all of them watch for malware, 43 per cent for more. That is three of seven, and of
    // eight or fewer no other.
    let withheld: Vec<String> = ["soc//always", "soc//none", "soc//installed", "scope//base"]
        .into_iter()
        .chain(["scope//malware", "scope//outbound", "scope//none", "scope//any"])
        .map(|cell| format!("securities//{cell}"))
        .collect();
    let withheld: Vec<&str> = withheld.iter().map(String::as_str).collect();
    let pattern = year.all_but(&policy, &withheld);
    assert_eq!(opened(&year, &year.audit(&policy, &pattern), Attacker::Outsider), []);
    let with = |share: &str| -> Pattern {
        let mut pattern = pattern.clone();
        let share = Printed::Share(Share::parse(share).expect("a share"));
        pattern.cells.insert(year.address("securities//scope//outbound"), share);
        pattern
    };
    let openings = opened(&year, &year.audit(&policy, &with("43")), Attacker::Outsider);
    let expected = cells(&[
        ("securities//soc//none", (1, 1)),
        ("securities//soc//installed", (7, 7)),
        ("securities//scope//base", (7, 7)),
    ]);
    assert!(expected.iter().all(|one| openings.contains(one)), "{openings:?}");
    // A class leaves five to eight.
    assert_eq!(opened(&year, &year.audit(&policy, &with("25～50")), Attacker::Outsider), []);
    assert!(year.protect(&policy).is_safe());
}

#[test]
fn a_share_that_everybody_has_is_the_share_of_feedback() {
    // Where the public tables say 0 per cent of a base that they withhold, a class of 0 to 25 protects nobody.
    let world = ReleaseWorld::new();
    let limits = [("minimum_base", 2), ("minimum_count", 3), ("small_counts_below", 5), ("narrowest_interval", 2)];
    let public_policy = world.policy(Circle::Public, &limits);
    let policy = world.policy(Circle::Feedback, &[("minimum_base", 2), ("minimum_count", 2), ("bands_below", 9)]);
    let mut shares = 0;
    for seed in 0..24 {
        let members = some_members(seed);
        let year = world.year(&members);
        let public = year.protect(&public_policy).release.pattern();
        let beside = Beside { public: Some(&public), corrected: None };
        let feedback = year.protect_beside(&policy, &beside).release.pattern();
        for (cell, printed) in public.cells.iter().filter(|(_, printed)| matches!(printed, Printed::Share(_))) {
            shares += 1;
            let here = feedback.of(*cell);
            assert!(here == *printed || here == Printed::Value, "{} is {here:?}", year.name(*cell));
        }
    }
    assert!(shares > 5, "{shares} shares");
}
