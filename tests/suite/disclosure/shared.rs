//! Institutions that stand in two sectors: what is printed of one sector tells of the other.

use cssa::survey::Circle;

use crate::support::release_world::{ReleaseWorld, institution};
use crate::support::two_years::Member;

/// Who stands in both sectors: one member of each, of whom the second brings no answers of its own.
fn in_both(code: usize, option: &'static str) -> [Member; 2] {
    let answer: &[&str] = match option {
        "own" => &["own"],
        _ => &["short"],
    };
    [institution(code, "securities/", &[("staffing/plan", answer)]), institution(code, "trust/", &[])]
}

fn alone(code: usize, place: &'static str, option: &'static str) -> Member {
    let answer: &[&str] = match option {
        "own" => &["own"],
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
    let mut members: Vec<Member> = (0..3).flat_map(|n| in_both(1001 + n, "own")).collect();
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
