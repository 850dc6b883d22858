//! Releases that give withheld cells away, each worked out by hand, and the same figures protected.

use cssa::disclose::{self, Content, Known, Measure, Opening, Protected, Reason, Released};
use cssa::survey::{Circle, Policy};

use crate::support::release_world::{ReleaseWorld, Year, institution};
use crate::support::two_years::Member;

/// So many institutions of a place that answer alike, and nothing beyond that.
type Group = (usize, &'static str, &'static [(&'static str, &'static [&'static str])]);

fn groups(all: &[Group]) -> Vec<Member> {
    let each = all.iter().flat_map(|&(count, place, answers)| std::iter::repeat_n((place, answers), count));
    each.enumerate().map(|(n, (place, answers))| institution(1001 + n, place, answers)).collect()
}

const ALWAYS: &[(&str, &[&str])] = &[("soc", &["always"]), ("scope", &["malware"])];
const PARTIAL: &[(&str, &[&str])] = &[("soc", &["partial"]), ("scope", &["outbound"])];
const NONE: &[(&str, &[&str])] = &[("soc", &["none"]), ("scope", &["not_asked"])];

fn audit(year: &Year<'_>, policy: &Policy, withheld: &[&str]) -> Vec<Opening> {
    year.audit(policy, &withheld.iter().map(|name| year.spot(name)).collect())
}

/// What an attack opens, by outsiders or with own answers.
fn opened(year: &Year<'_>, openings: &[Opening], takes_own_answers: bool) -> Vec<(String, (i64, i64))> {
    let such = openings.iter().filter(|one| one.takes_own_answers == takes_own_answers);
    such.map(|one| (year.name(one.spot), one.interval.expect("a small system"))).collect()
}

/// Protected properly, the same figures are not opened, by the program's own attack or by another one.
fn is_closed(year: &Year<'_>, policy: &Policy, sensitive: &[&str]) {
    let protected = year.protect(policy);
    assert_eq!(protected.openings, []);
    for name in sensitive {
        let (reason, interval) = protected.withheld[&year.spot(name)];
        assert!(matches!(reason, Reason::Primary(_)), "{name}: {reason:?}");
        let (lowest, highest) = interval.expect("a small system");
        assert!(highest - lowest >= i64::from(policy.narrowest_interval.value), "{name}: {lowest} to {highest}");
    }
    assert_eq!(year.audit(policy, &protected.withheld.keys().copied().collect()), []);
}

/// What is said of a cell.
fn cell(year: &Year<'_>, protected: &Protected, name: &str) -> Released {
    let spot = year.spot(name);
    let mut tables = protected.release.distributions().iter();
    let table = tables.find(|table| table.question() == spot.prompt.question).expect("a table");
    let Measure::Count(category) = spot.measure else { panic!("{name} is an option") };
    *table.cell(spot.scope, spot.prompt.item, Some(category)).expect("a figure")
}

fn cells(place: &str, cells: &[(&str, (i64, i64))]) -> Vec<(String, (i64, i64))> {
    cells.iter().map(|(cell, interval)| (format!("{place}/{cell}"), *interval)).collect()
}

#[test]
fn what_is_left_of_the_base_is_computed() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &[("minimum_count", 2), ("narrowest_interval", 2)]);
    let members = groups(&[(5, "securities/", ALWAYS), (4, "securities/", PARTIAL), (1, "securities/", NONE)]);
    let year = world.year(&members);
    // 10 − 5 − 4 = 1, whoever prints the two others.
    let openings = audit(&year, &policy, &["securities//soc//none"]);
    assert_eq!(opened(&year, &openings, false), cells("securities/", &[("soc//none", (1, 1))]));
    assert!(openings[0].pinned_by.contains(&year.spot("securities//soc//always")));
    assert_eq!(openings[0].needed, 2);
    is_closed(&year, &policy, &["securities//soc//none"]);
}

#[test]
fn sub_sectors_subtract_from_their_sector() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &[("minimum_count", 2), ("narrowest_interval", 2)]);
    let bank = [(5, "regional/bank", ALWAYS), (4, "regional/bank", PARTIAL), (1, "regional/bank", NONE)];
    let shinkin = [(5, "regional/shinkin", ALWAYS), (4, "regional/shinkin", PARTIAL), (3, "regional/shinkin", NONE)];
    let year = world.year(&groups(&[bank, shinkin].concat()));
    // Within the banks nothing tells one of the two from the other, but 8 − 4 = 4 and 4 − 3 = 1.
    let withheld = ["regional/bank/soc//partial", "regional/bank/soc//none"];
    let alone = [&withheld[..], &["regional/bank/soc//installed", "regional/bank/scope//base"]].concat();
    let openings = audit(&year, &policy, &withheld);
    assert!(opened(&year, &openings, false).contains(&("regional/bank/soc//none".to_owned(), (1, 1))));
    let openings = audit(&year, &policy, &alone);
    let expected =
        [("soc//partial", (4, 4)), ("soc//none", (1, 1)), ("soc//installed", (9, 9)), ("scope//base", (9, 9))];
    assert_eq!(opened(&year, &openings, false), cells("regional/bank", &expected));
    let none = openings.iter().find(|one| one.spot == year.spot("regional/bank/soc//none")).expect("opened");
    for giving in ["regional//soc//none", "regional/shinkin/soc//none"] {
        assert!(none.pinned_by.contains(&year.spot(giving)), "{giving}");
    }
    is_closed(&year, &policy, &["regional/bank/soc//none"]);
}

#[test]
fn the_base_behind_a_gate_is_the_count_before_it() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &[("minimum_count", 2), ("narrowest_interval", 2)]);
    let members = groups(&[(5, "securities/", ALWAYS), (4, "securities/", PARTIAL), (1, "securities/", NONE)]);
    let year = world.year(&members);
    // Nine were asked about the scope: nine have a SOC, and one has none.
    let all = ["always", "partial", "none", "installed"].map(|option| format!("securities//soc//{option}"));
    let openings = audit(&year, &policy, &all.each_ref().map(String::as_str));
    let expected = [("soc//none", (1, 1)), ("soc//installed", (9, 9))];
    assert_eq!(opened(&year, &openings, false), cells("securities/", &expected));
    let installed = openings.iter().find(|one| one.spot == year.spot("securities//soc//installed")).expect("opened");
    assert!(installed.pinned_by.contains(&year.spot("securities//scope//base")));
    // With the base, and all that rests on it, nothing is opened.
    let behind = ["base", "malware", "outbound", "none", "any"].map(|cell| format!("securities//scope//{cell}"));
    let names: Vec<&str> = all.iter().chain(&behind).map(String::as_str).collect();
    assert_eq!(audit(&year, &policy, &names), []);
    is_closed(&year, &policy, &["securities//soc//none", "securities//scope//base"]);
}

#[test]
fn a_net_less_an_option_is_the_other_option() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &[("minimum_count", 2), ("narrowest_interval", 2)]);
    let members = groups(&[(6, "securities/", ALWAYS), (1, "securities/", PARTIAL), (3, "securities/", NONE)]);
    let year = world.year(&members);
    // 7 − 6 = 1, and 10 − 7 = 3.
    let openings = audit(&year, &policy, &["securities//soc//partial", "securities//soc//none"]);
    let expected = [("soc//partial", (1, 1)), ("soc//none", (3, 3))];
    assert_eq!(opened(&year, &openings, false), cells("securities/", &expected));
    assert!(openings[0].pinned_by.contains(&year.spot("securities//soc//installed")));
    is_closed(&year, &policy, &["securities//soc//partial"]);
}

#[test]
fn a_net_of_all_but_none_gives_none_away() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &[("minimum_count", 2), ("narrowest_interval", 2)]);
    let neither: &[(&str, &[&str])] = &[("soc", &["always"]), ("scope", &["none"])];
    let members = groups(&[
        (4, "securities/", ALWAYS),
        (4, "securities/", PARTIAL),
        (1, "securities/", neither),
        (3, "securities/", NONE),
    ]);
    let year = world.year(&members);
    // Nine were asked; eight ticked something: one ticked none.
    let openings = audit(&year, &policy, &["securities//scope//none"]);
    assert_eq!(opened(&year, &openings, false), cells("securities/", &[("scope//none", (1, 1))]));
    is_closed(&year, &policy, &["securities//scope//none"]);
}

#[test]
fn a_respondent_subtracts_itself() {
    let world = ReleaseWorld::new();
    let limits = [("minimum_count", 2), ("narrowest_interval", 2), ("coalition", 1), ("coalition_interval", 2)];
    let policy = world.policy(Circle::Public, &limits);
    let members = groups(&[(8, "securities/", ALWAYS), (1, "securities/", PARTIAL), (1, "securities/", NONE)]);
    let year = world.year(&members);
    // Two are partial or none: nobody outside knows which. Who is partial knows that the other is one of two.
    let soc = ["partial", "none", "installed"].map(|option| format!("securities//soc//{option}"));
    let scope = ["base", "malware", "outbound", "none", "any"].map(|cell| format!("securities//scope//{cell}"));
    let names: Vec<&str> = soc.iter().chain(&scope).map(String::as_str).collect();
    let openings = audit(&year, &policy, &names);
    assert_eq!(opened(&year, &openings, false), []);
    let own = opened(&year, &openings, true);
    for (cell, interval) in [("soc//partial", (1, 2)), ("soc//none", (0, 1))] {
        assert!(own.contains(&(format!("securities//{cell}"), interval)), "{own:?}");
    }
    is_closed(&year, &policy, &["securities//soc//partial", "securities//soc//none"]);
}

#[test]
fn who_ticked_both_knows_that_the_others_ticked_something() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &[("coalition", 1)]);
    let both: &[(&str, &[&str])] = &[("exercise", &["desk", "field"]), ("lessons", &["yes"])];
    let field: &[(&str, &[&str])] = &[("exercise", &["field"]), ("lessons", &["yes"])];
    let year = world.year(&groups(&[(1, "securities/", both), (1, "securities/", field)]));
    // One of two ticked the first option and none ticked neither: one or both ticked the second. Who
    // ticked both is the one, so that the other ticked the second.
    let openings = audit(&year, &policy, &["securities//exercise//field"]);
    assert_eq!(opened(&year, &openings, false), []);
    assert_eq!(opened(&year, &openings, true), cells("securities/", &[("exercise//field", (2, 2))]));
}

#[test]
fn two_who_answered_differently_leave_one_possibility() {
    let world = ReleaseWorld::new();
    let both: &[(&str, &[&str])] = &[("exercise", &["desk", "field"]), ("lessons", &["yes"])];
    let desk: &[(&str, &[&str])] = &[("exercise", &["desk"]), ("lessons", &["yes"])];
    let field: &[(&str, &[&str])] = &[("exercise", &["field"]), ("lessons", &["yes"])];
    let year = world.year(&groups(&[(1, "securities/", both), (1, "securities/", desk), (2, "securities/", field)]));
    // Two of four ticked the first option and none ticked neither: two to four ticked the second. Who ticked
    // both knows that it is three at least, of the three others at most one ticked the first. Who ticked
    // the first alone knows that it is three at most. Those who ticked the second know nothing new.
    let withheld = ["securities//exercise//field"];
    let openings = |coalition| audit(&year, &world.policy(Circle::Public, &[("coalition", coalition)]), &withheld);
    assert_eq!(openings(1), []);
    let together = openings(2);
    assert_eq!(opened(&year, &together, false), []);
    assert_eq!(opened(&year, &together, true), cells("securities/", &[("exercise//field", (3, 3))]));
    // With the first option withheld as well, the two others may have ticked whatever they like.
    let policy = world.policy(Circle::Public, &[("coalition", 2)]);
    assert_eq!(audit(&year, &policy, &["securities//exercise//desk", "securities//exercise//field"]), []);
}

#[test]
fn two_who_know_that_they_are_two_cost_a_third_cell() {
    let world = ReleaseWorld::new();
    let chose =
        |count: usize, option: &'static [(&'static str, &'static [&'static str])]| (count, "securities/", option);
    let year = world.year(&groups(&[
        chose(1, &[("staffing/plan", &["own"])]),
        chose(1, &[("staffing/plan", &["external"])]),
        chose(3, &[("staffing/plan", &["short"])]),
    ]));
    // One chose the first and one the second: the two together know who they are, so that the three others
    // have to be withheld as well. There are three coalitions of one, three of two who chose differently,
    // and one of two who chose the same.
    for (coalition, secondary, coalitions) in [(1, 0, 3), (2, 1, 3 + 3 + 1)] {
        let limits = [("minimum_count", 2), ("narrowest_interval", 2), ("coalition", coalition)];
        let protected = year.protect(&world.policy(Circle::Public, &limits));
        assert_eq!(protected.openings, []);
        let account = protected.account;
        assert_eq!((account.secondary, account.coalitions), (secondary, coalitions), "{coalition}");
    }
}

#[test]
fn one_institution_is_no_secret_of_its_neighbours() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &[("coalition", 1)]);
    let own: &[(&str, &[&str])] = &[("staffing/plan", &["own"])];
    let short: &[(&str, &[&str])] = &[("staffing/plan", &["short"])];
    let year = world.year(&groups(&[(1, "regional/bank", own), (1, "regional/shinkin", short)]));
    let withheld = ["regional/bank", "regional/shinkin"]
        .map(|place| ["own", "short"].map(|option| format!("{place}/staffing/plan/{option}")));
    let withheld: Vec<&str> = withheld.iter().flatten().map(String::as_str).collect();
    let openings = audit(&year, &policy, &withheld);
    assert_eq!(opened(&year, &openings, false), []);
    // Of the one bank and the one shinkin bank one is short: each knows the other's answer.
    let own = opened(&year, &openings, true);
    assert_eq!(own.len(), 4, "{own:?}");
    assert!(own.contains(&("regional/bank/staffing/plan/own".to_owned(), (1, 1))), "{own:?}");
    // Both together have nobody left to find out about; that does not excuse either of them.
    assert_eq!(audit(&year, &world.policy(Circle::Public, &[("coalition", 2)]), &withheld), openings);
}

#[test]
fn a_band_gives_away_what_bands_add_up_to() {
    let world = ReleaseWorld::new();
    let limits = [("minimum_count", 2), ("zero_and_all_from", 6), ("narrowest_interval", 2), ("bands_below", 6)];
    let own: &[(&str, &[&str])] = &[("staffing/plan", &["own"])];
    let short: &[(&str, &[&str])] = &[("staffing/plan", &["short"])];
    let year = world.year(&groups(&[(2, "trust/", own), (3, "trust/", short)]));
    // 25 to 50 per cent of five is two, 50 to 75 is three: nobody is left for the third, which may not
    // be said of five.
    let protected = year.protect(&world.policy(Circle::Feedback, &limits));
    assert_eq!(protected.openings, []);
    let names = ["own", "external", "short"].map(|option| format!("trust//staffing/plan/{option}"));
    let contents = names.map(|name| cell(&year, &protected, &name).content());
    let is_withheld = contents.map(|content| matches!(content, Content::Withheld(_)));
    assert!(is_withheld[1] && is_withheld.iter().filter(|is_withheld| **is_withheld).count() >= 2, "{contents:?}");
}

#[test]
fn a_band_is_not_undone_by_the_base_of_the_next_question() {
    let world = ReleaseWorld::new();
    let limits = [("minimum_count", 2), ("narrowest_interval", 2), ("bands_below", 12)];
    let policy = world.policy(Circle::Feedback, &limits);
    let web: &[(&str, &[&str])] = &[("contingency", &["web"]), ("measures/web", &["drill"])];
    let both: &[(&str, &[&str])] =
        &[("contingency", &["web", "ddos"]), ("measures/web", &["drill", "rto"]), ("measures/ddos", &["rto"])];
    let none: &[(&str, &[&str])] = &[("contingency", &["none"])];
    let year = world.year(&groups(&[(3, "trust/", web), (3, "trust/", both), (4, "trust/", none)]));
    // Six of ten have a plan for web sites: 50 to 75 per cent, that is five, six or seven. All six were asked
    // for the measures: their base is what the band keeps back, and is not printed; what stands on it is, as
    // bands.
    let protected = year.protect(&policy);
    assert_eq!(protected.openings, []);
    assert!(matches!(cell(&year, &protected, "trust//contingency//web").content(), Content::Coarsened(_)));
    let drill = cell(&year, &protected, "trust//measures/web/drill");
    assert!(matches!(drill.content(), Content::Coarsened(_)) && drill.base().is_none(), "{drill:?}");
    // Nothing else of them is withheld.
    let base = year.spot("trust//measures/web/base");
    assert_eq!(protected.withheld.keys().filter(|spot| spot.prompt == base.prompt).collect::<Vec<_>>(), [&base]);
    // Where bands are only printed on a base of six or more, they tell that it is six or seven.
    let policy = world.policy(Circle::Feedback, &[&limits[..], &[("minimum_base", 6)]].concat());
    let protected = year.protect(&policy);
    assert_eq!(protected.openings, []);
    let content = |name: &str| cell(&year, &protected, name).content();
    let both = ["trust//contingency//web", "trust//measures/web/drill"].map(content);
    assert!(both.iter().any(|one| matches!(one, Content::Withheld(_))), "{both:?}");
}

#[test]
fn who_is_counted_in_a_band_does_not_undo_it() {
    let world = ReleaseWorld::new();
    let limits = [("minimum_count", 2), ("narrowest_interval", 2), ("coalition", 1), ("bands_below", 10)];
    let policy = world.policy(Circle::Feedback, &limits);
    let chose = |count: usize, answers: &'static [(&'static str, &'static [&'static str])]| (count, "trust/", answers);
    let year = world.year(&groups(&[
        chose(3, &[("staffing/plan", &["own"])]),
        chose(1, &[("staffing/plan", &["external"])]),
        chose(4, &[("staffing/plan", &["short"])]),
    ]));
    // Less than a quarter of eight is none or one: the one knows that it is one, and 25 to 50 per cent are two or
    // three, 50 to 75 four or five. With seven others that is three and four.
    let protected = year.protect(&policy);
    assert_eq!(protected.openings, []);
    let contents = ["own", "external", "short"]
        .map(|option| cell(&year, &protected, &format!("trust//staffing/plan/{option}")).content());
    assert!(contents.iter().any(|one| matches!(one, Content::Withheld(_))), "{contents:?}");
}

#[test]
fn what_was_said_of_a_sector_of_which_nothing_is_said_any_more_is_known() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &[("minimum_count", 2), ("narrowest_interval", 2)]);
    let chose = |count: usize, answers: &'static [(&'static str, &'static [&'static str])]| (count, "trust/", answers);
    let year = world.year(&groups(&[
        chose(4, &[("staffing/plan", &["own"])]),
        chose(1, &[("staffing/plan", &["external"])]),
        chose(3, &[("staffing/plan", &["short"])]),
    ]));
    // Of the trust banks nothing is public. Where two of the three answers were once, the third is 8 − 4 − 3.
    let openings = |given: &[&str]| {
        let figures = given.iter().map(|answer| year.spot(&format!("trust//staffing/plan/{answer}"))).collect();
        let protected = disclose::protect(&year.material(), &policy, &Known { figures, ..Known::default() });
        assert!(protected.release.population(year.spot("trust//staffing/plan/own").scope).is_none());
        opened(&year, &protected.openings, false)
    };
    assert_eq!(openings(&[]), []);
    assert_eq!(openings(&["own", "short"]), cells("trust/", &[("staffing/plan/external", (1, 1))]));
}

#[test]
fn of_a_sub_sector_that_was_given_the_others_are_not_nobody() {
    let world = ReleaseWorld::new();
    let mut policy = world.policy(Circle::Public, &[("minimum_count", 2), ("narrowest_interval", 2)]);
    policy.subsectors = false;
    let of = |place: &'static str| [(5, place, ALWAYS), (4, place, PARTIAL), (3, place, NONE)];
    let year = world.year(&groups(&["regional/bank", "regional/shinkin"].map(of).concat()));
    // Once a figure of the banks was given, and none of the associations: sub-sectors are not printed any more.
    let given = year.spot("regional/bank/soc//always");
    let known = Known { figures: [given].into_iter().collect(), ..Known::default() };
    assert_eq!(disclose::contradiction(&year.material(), &policy, &known), None);
    let protected = disclose::protect(&year.material(), &policy, &known);
    assert_eq!(protected.openings, []);
    assert!(protected.release.population(given.scope).is_none());
    // What is left of the sector are the associations, of whom nothing is to be known.
    let whole = protected.withheld[&year.spot("regional//soc//always")].0;
    assert_eq!(whole, Reason::Secondary);
}
