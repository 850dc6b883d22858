//! The same release on every run, with few threads and many, and however the institutions are ordered.

use cssa::disclose::{self, Reader, Verdict};
use cssa::survey::Circle;

use crate::disclosure::laws::some_members;
use crate::support::release_world::{ReleaseWorld, Year};

/// All that is written of a release.
fn written(year: &Year<'_>, limits: (Circle, &[(&str, u32)]), world: &ReleaseWorld) -> Vec<String> {
    let policy = world.policy(limits.0, limits.1);
    let protected = year.protect(&policy);
    assert!(protected.account.secondary > 0, "there is something to choose from");
    let verdict = Verdict { hash: "試験", passes: true, released_at: None };
    let certificate = disclose::certificate(year.survey, &policy, &protected, Reader::Desk, verdict).to_string();
    let tables = [
        disclose::distributions_csv(year.survey, &protected.release),
        disclose::withheld_csv(year.survey, &year.tabulation, &protected),
    ];
    let tables = tables.map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
    tables.into_iter().chain([certificate, format!("{:?}", protected.openings)]).collect()
}

#[test]
fn a_release_is_the_same_however_it_is_made() {
    let world = ReleaseWorld::new();
    let members = some_members(7);
    // The last institution gets the first code, and is written first.
    let count = members.len();
    let codes: Vec<String> = members.iter().map(|one| one.code.clone()).collect();
    let mut turned = members.clone();
    turned.iter_mut().enumerate().for_each(|(n, one)| one.code.clone_from(&codes[(n * 5 + 3) % count]));
    turned.reverse();
    assert_eq!(turned.iter().map(|one| &one.code).collect::<std::collections::BTreeSet<_>>().len(), count);
    let strict = [("minimum_base", 3), ("minimum_count", 2), ("zero_and_all_from", 4), ("narrowest_interval", 2)];
    let banded = [("minimum_count", 2), ("coalition", 1), ("bands_below", 9)];
    for limits in [(Circle::Public, &strict[..]), (Circle::Feedback, &banded)] {
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
