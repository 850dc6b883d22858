//! The rules of primary suppression, each at its limit and one beside it.

use cssa::disclose::{Primary, Reason};
use cssa::survey::Circle;

use crate::disclosure::laws::some_members;
use crate::support::release_world::{ReleaseWorld, institution};
use crate::support::two_years::Member;

/// Securities firms of which so many chose each option of an item that all are asked.
fn plan(counts: [usize; 3]) -> Vec<Member> {
    let chosen = ["own", "external", "short"].into_iter().zip(counts);
    let chosen = chosen.flat_map(|(option, count)| std::iter::repeat_n(option, count));
    chosen
        .enumerate()
        .map(|(n, option)| institution(1001 + n, "securities/", &[("staffing/plan", &[option])]))
        .collect()
}

/// Why each of the options is withheld for its own sake.
fn reasons(limits: &[(&str, u32)], counts: [usize; 3]) -> [Option<Primary>; 3] {
    let world = ReleaseWorld::new();
    let year = world.year(&plan(counts));
    let protected = year.protect(&world.policy(Circle::Public, limits));
    ["own", "external", "short"].map(|option| {
        match protected.withheld.get(&year.spot(&format!("securities//staffing/plan/{option}")))?.0 {
            Reason::Primary(primary) => Some(primary),
            _ => None,
        }
    })
}

#[test]
fn every_rule_withholds_below_its_limit_and_not_at_it() {
    use Primary::{All, SmallBase, SmallCount, SmallRest, Zero};
    for (limits, counts, expected) in [
        // Seven institutions are enough to speak of, six are not: not even of those who are many.
        (&[("minimum_base", 7)][..], [3, 2, 2], [None; 3]),
        (&[("minimum_base", 7)], [2, 2, 2], [Some(SmallBase); 3]),
        // Three are enough to be counted, two are not; nobody is no few.
        (&[("minimum_count", 3)], [3, 5, 4], [None; 3]),
        (&[("minimum_count", 3)], [2, 5, 5], [Some(SmallCount), None, None]),
        (&[("minimum_count", 3)], [0, 5, 5], [None; 3]),
        // Three others are enough, two are not; all are no rest.
        (&[("minimum_count", 3)], [7, 3, 0], [None; 3]),
        (&[("minimum_count", 3)], [8, 1, 1], [Some(SmallRest), Some(SmallCount), Some(SmallCount)]),
        (&[("minimum_count", 3)], [8, 0, 0], [None; 3]),
        // Of ten it may be said that nobody did, of nine not.
        (&[("zero_and_all_from", 10)], [0, 5, 5], [None; 3]),
        (&[("zero_and_all_from", 10)], [0, 5, 4], [Some(Zero), None, None]),
        (&[("zero_and_all_from", 10)], [10, 0, 0], [None; 3]),
        (&[("zero_and_all_from", 10)], [9, 0, 0], [Some(All), Some(Zero), Some(Zero)]),
        // A base that is too small says more than that somebody is alone on it.
        (&[("minimum_base", 7), ("minimum_count", 3), ("zero_and_all_from", 10)], [1, 5, 0], [Some(SmallBase); 3]),
    ] {
        assert_eq!(reasons(limits, counts), expected, "{limits:?} {counts:?}");
    }
}

#[test]
fn a_base_behind_a_gate_is_the_count_of_those_who_opened_it() {
    let world = ReleaseWorld::new();
    let policy = world.policy(Circle::Public, &[("minimum_count", 3), ("zero_and_all_from", 8)]);
    // So many have a SOC, of whom one does not say what it watches; so many have none.
    let reason = |with: usize, without: usize| {
        let one = |n: usize| -> Member {
            let (soc, scope) = match n {
                0 if with > 0 => ("always", "item_nonresponse"),
                _ if n < with => ("always", "malware"),
                _ => ("none", "not_asked"),
            };
            institution(1001 + n, "securities/", &[("soc", &[soc]), ("scope", &[scope])])
        };
        let members: Vec<Member> = (0..with + without).map(one).collect();
        let year = world.year(&members);
        let protected = year.protect(&policy);
        protected.withheld.get(&year.spot("securities//scope//base")).map(|withheld| withheld.0)
    };
    let primary = |primary| Some(Reason::Primary(primary));
    // Three were asked, and two of them answered.
    assert_eq!(reason(3, 5), None);
    assert_eq!(reason(2, 6), primary(Primary::SmallCount));
    assert_eq!(reason(5, 3), None);
    assert_eq!(reason(6, 2), primary(Primary::SmallRest));
    assert_eq!((reason(0, 8), reason(0, 7)), (None, primary(Primary::Zero)));
    assert_eq!((reason(8, 0), reason(7, 0)), (None, primary(Primary::All)));
}

#[test]
fn where_nothing_is_sensitive_everything_is_published() {
    let world = ReleaseWorld::new();
    let year = world.year(&some_members(1));
    for circle in Circle::ALL {
        let protected = year.protect(&world.policy(circle, &[("coalition", 1)]));
        assert_eq!((protected.withheld.len(), protected.openings.len()), (0, 0));
        assert_eq!((protected.account.published, protected.account.secondary), (protected.account.cells, 0));
        assert_eq!(protected.account.narrowest, None);
    }
    // Four of each on a base of twelve: nothing to withhold for a policy that withholds fewer than four.
    let limits = [("minimum_base", 12), ("minimum_count", 4), ("narrowest_interval", 4), ("coalition", 1)];
    let year = world.year(&plan([4, 4, 4]));
    assert_eq!(year.protect(&world.policy(Circle::Public, &limits)).withheld.len(), 0);
}
