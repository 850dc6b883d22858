//! The rules by which a cell is withheld, each at its limit and one beside it.

use cssa::disclose::{Measure, Reason, Rule};
use cssa::survey::Circle;

use crate::support::release_world::{ReleaseWorld, institution};
use crate::support::two_years::Member;

type Answer = (&'static str, &'static [&'static str]);

/// Securities firms, so many of each kind.
fn firms(groups: &[(usize, &[Answer])]) -> Vec<Member> {
    let each = groups.iter().flat_map(|(count, answers)| std::iter::repeat_n(answers, *count));
    each.enumerate().map(|(n, answers)| institution(1001 + n, "securities/", answers)).collect()
}

/// The rules by which cells of theirs are withheld.
fn rules<const N: usize>(limits: &[(&str, u32)], groups: &[(usize, &[Answer])], cells: [&str; N]) -> [Option<Rule>; N] {
    let world = ReleaseWorld::new();
    let year = world.year(&firms(groups));
    let protected = year.protect(&world.policy(Circle::Public, limits));
    cells.map(|cell| match protected.withheld.get(&year.address(&format!("securities//{cell}")))?.0 {
        Reason::Rule(rule) => Some(rule),
        Reason::Secondary | Reason::Policy => None,
    })
}

const OWN: &[Answer] = &[("staffing/plan", &["own"])];
const EXTERNAL: &[Answer] = &[("staffing/plan", &["external"])];
const SHORT: &[Answer] = &[("staffing/plan", &["short"])];

/// Of a question of which no answer is adverse.
fn of_plan(limits: &[(&str, u32)], [own, external, short]: [usize; 3]) -> [Option<Rule>; 3] {
    let cells = ["staffing/plan/own", "staffing/plan/external", "staffing/plan/short"];
    rules(limits, &[(own, OWN), (external, EXTERNAL), (short, SHORT)], cells)
}

#[test]
fn a_small_base_and_small_counts_are_withheld_below_their_limits_and_not_at_them() {
    use Rule::{SmallBase, SmallCount, SmallRest};
    for (limits, counts, expected) in [
        // Seven institutions are enough to speak of, six are not: not even of those who are many, or of nobody.
        (&[("minimum_base", 7)][..], [3, 2, 2], [None; 3]),
        (&[("minimum_base", 7)], [2, 4, 0], [Some(SmallBase); 3]),
        // Three are enough to be counted, two are not; nobody is no few.
        (&[("minimum_count", 3)], [3, 5, 4], [None; 3]),
        (&[("minimum_count", 3)], [2, 5, 5], [Some(SmallCount), None, None]),
        (&[("minimum_count", 3)], [0, 5, 5], [None; 3]),
        // Three others are enough, two are not; all are no rest.
        (&[("minimum_count", 3)], [7, 3, 0], [None; 3]),
        (&[("minimum_count", 3)], [8, 1, 1], [Some(SmallRest), Some(SmallCount), Some(SmallCount)]),
        (&[("minimum_count", 3)], [8, 0, 0], [None; 3]),
        // Small counts are small on a small base only.
        (&[("minimum_count", 3), ("small_counts_below", 13)], [2, 5, 5], [Some(SmallCount), None, None]),
        (&[("minimum_count", 3), ("small_counts_below", 12)], [2, 5, 5], [None; 3]),
        (&[("minimum_count", 3), ("small_counts_below", 12)], [11, 1, 0], [None; 3]),
        // A base that is too small says more than that somebody is alone on it.
        (&[("minimum_base", 7), ("minimum_count", 3)], [1, 5, 0], [Some(SmallBase); 3]),
    ] {
        assert_eq!(of_plan(limits, counts), expected, "{limits:?} {counts:?}");
    }
}

#[test]
fn two_of_254_are_printed() {
    let limits = [("minimum_base", 10), ("minimum_count", 3), ("small_counts_below", 30), ("adverse_all_but", 1)];
    assert_eq!(of_plan(&limits, [252, 2, 0]), [None; 3]);
    let cells = ["soc//always", "soc//partial", "soc//none", "soc//installed"];
    let always: &[Answer] = &[("soc", &["always"]), ("scope", &["malware"])];
    let none: &[Answer] = &[("soc", &["none"])];
    assert_eq!(rules(&limits, &[(252, always), (2, none)], cells), [None; 4]);
    // That 253 of 254 have no SOC is what any of them did, or all but one.
    let adverse = Some(Rule::Adverse);
    assert_eq!(rules(&limits, &[(1, always), (253, none)], cells), [None, None, adverse, adverse]);
    assert_eq!(rules(&limits, &[(2, always), (252, none)], cells), [None; 4]);
}

const ALWAYS: &[Answer] = &[("soc", &["always"]), ("scope", &["malware"])];
const PARTIAL: &[Answer] = &[("soc", &["partial"]), ("scope", &["outbound"])];
const NONE: &[Answer] = &[("soc", &["none"])];

#[test]
fn the_lowest_level_is_adverse_where_all_or_all_but_a_few_gave_it() {
    let cells = ["soc//always", "soc//partial", "soc//none", "soc//installed"];
    let of = |all_but: u32, counts: [usize; 3]| {
        let groups = [(counts[0], ALWAYS), (counts[1], PARTIAL), (counts[2], NONE)];
        rules(&[("adverse_all_but", all_but)], &groups, cells)
    };
    let adverse = Some(Rule::Adverse);
    // All have none: nobody has one. Nobody always, and nobody in part, hurts nobody.
    assert_eq!(of(0, [0, 0, 9]), [None, None, adverse, adverse]);
    assert_eq!(of(0, [1, 0, 8]), [None; 4]);
    assert_eq!(of(1, [1, 0, 8]), [None, None, adverse, adverse]);
    assert_eq!(of(1, [1, 1, 8]), [None; 4]);
    assert_eq!(of(2, [1, 1, 8]), [None, None, adverse, adverse]);
    // That nobody has none is good to know of everybody.
    assert_eq!(of(1, [9, 0, 0]), [None; 4]);
    assert_eq!(of(1, [0, 9, 0]), [None; 4]);
}

#[test]
fn none_of_these_and_a_measure_that_is_lacking_are_adverse() {
    let cells = ["contingency//web", "contingency//ddos", "contingency//none"];
    let of = |web: usize, both: usize, none: usize| {
        let groups: [(usize, &[Answer]); 3] = [
            (web, &[("contingency", &["web"]), ("measures/web", &["drill"])]),
            (both, &[("contingency", &["web", "ddos"]), ("measures/web", &["drill"]), ("measures/ddos", &["drill"])]),
            (none, &[("contingency", &["none"])]),
        ];
        rules(&[("adverse_all_but", 1)], &groups, cells)
    };
    let adverse = Some(Rule::Adverse);
    assert_eq!(of(0, 0, 9), [adverse; 3]);
    assert_eq!(of(1, 0, 8), [adverse; 3]);
    assert_eq!(of(2, 0, 8), [None, adverse, None]);
    assert_eq!(of(8, 1, 0), [None, adverse, None]);
    // All of them have the measure, or none of them answered "none": nobody is hurt.
    assert_eq!(of(7, 2, 0), [None; 3]);
}

#[test]
fn what_the_definition_names_is_adverse_and_what_it_calls_harmless_is_not() {
    let lessons = |answer: &'static [&'static str]| [("exercise", &["desk", "field"][..]), ("lessons", answer)];
    let (yes, no) = (lessons(&["yes"]), lessons(&["no"]));
    let cells = ["lessons//yes", "lessons//no"];
    let limits = [("adverse_all_but", 1)];
    assert_eq!(rules(&limits, &[(9, &no)], cells), [Some(Rule::Adverse); 2]);
    assert_eq!(rules(&limits, &[(1, &yes), (8, &no)], cells), [Some(Rule::Adverse); 2]);
    assert_eq!(rules(&limits, &[(2, &yes), (8, &no)], cells), [None; 2]);
    assert_eq!(rules(&limits, &[(9, &yes)], cells), [None; 2]);
    let response: &[Answer] = &[("tools", &["edr", "ndr", "siem"]), ("response", &["no"])];
    assert_eq!(rules(&limits, &[(9, response)], ["response//yes", "response//no"]), [None; 2]);
}

#[test]
fn a_base_behind_a_gate_is_the_count_of_those_who_opened_it() {
    let silent: &[Answer] = &[("soc", &["always"]), ("scope", &["item_nonresponse"])];
    let of = |limits: &[(&str, u32)], with: usize, without: usize| {
        // One of those who were asked gave no answer.
        let groups = [(1, silent), (with - 1, ALWAYS), (without, NONE)];
        rules(limits, &groups, ["scope//base"])[0]
    };
    let limits = [("minimum_count", 3), ("adverse_all_but", 0)];
    assert_eq!(of(&limits, 3, 5), None);
    assert_eq!(of(&limits, 2, 6), Some(Rule::SmallCount));
    assert_eq!(of(&limits, 5, 3), None);
    assert_eq!(of(&limits, 6, 2), Some(Rule::SmallRest));
    // One asked of nine: eight have no SOC.
    assert_eq!(of(&[("adverse_all_but", 1)], 1, 8), Some(Rule::Adverse));
    assert_eq!(of(&[("adverse_all_but", 1)], 2, 8), None);
    assert_eq!(rules(&limits, &[(8, NONE)], ["scope//base"]), [Some(Rule::Adverse)]);
    assert_eq!(rules(&limits, &[(8, ALWAYS)], ["scope//base"]), [None]);
}

#[test]
fn where_no_rule_holds_everything_is_printed() {
    let world = ReleaseWorld::new();
    let limits = [("minimum_base", 12), ("minimum_count", 4), ("narrowest_interval", 4), ("own_answer_interval", 2)];
    let year = world.year(&firms(&[(4, OWN), (4, EXTERNAL), (4, SHORT)]));
    for circle in Circle::ALL {
        let protected = year.protect(&world.policy(circle, &limits));
        assert!(protected.is_safe());
        assert_eq!(protected.withheld.keys().filter(|cell| cell.measure != Measure::Base).count(), 0);
        assert_eq!((protected.account.secondary, protected.account.narrowest), (0, None));
    }
}
