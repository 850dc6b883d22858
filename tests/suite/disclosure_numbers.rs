//! The number questions beyond the wall: each rule at its limit and beside it, worked out by hand, and the law that
//! what is printed gives no withheld total and nobody's number away.

use cssa::disclose::{self, Mean, NumberReason, Pattern};
use cssa::survey::{Circle, Policy};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::support::number_survey::{Collection, Institution, Outcome, gave, limit, policy};

/// Why the mean of some numbers of an undivided sector is withheld.
fn alone(question: &'static str, numbers: &[f64], policy: &Policy) -> Option<NumberReason> {
    Collection::of(&gave("securities", "", question, numbers)).protect(policy).mean("securities", "", question)
}

/// So many times the same number, and some more.
fn many(times: usize, number: f64, more: &[f64]) -> Vec<f64> {
    [vec![number; times], more.to_vec()].concat()
}

const PARTS: [&str; 3] = ["bank", "shinkin", "shinkumi"];

/// The three sub-sectors, each with its numbers of staff.
fn regional(numbers: [&[f64]; 3]) -> Vec<Institution> {
    let parts = PARTS.into_iter().zip(numbers);
    parts.flat_map(|(part, numbers)| gave("regional", part, "staff", numbers)).collect()
}

/// Why the means of the sector and of its sub-sectors are withheld.
fn means(outcome: &Outcome, question: &str) -> [Option<NumberReason>; 4] {
    ["", "bank", "shinkin", "shinkumi"].map(|part| outcome.mean("regional", part, question))
}

/// The same institutions in another sector as well.
fn also_in(sector: &'static str, institutions: &[Institution]) -> Vec<Institution> {
    institutions.iter().map(|one| Institution { sector, subsector: "", ..one.clone() }).collect()
}

fn feedback() -> Policy {
    Policy { circle: Circle::Feedback, minimum_base: limit(5), ..policy() }
}

const SECONDARY: Option<NumberReason> = Some(NumberReason::Secondary);

#[test]
fn a_number_mean_needs_the_smallest_base() {
    assert_eq!(alone("staff", &[5.0; 9], &policy()), Some(NumberReason::SmallBase));
    assert_eq!(alone("staff", &[5.0; 10], &policy()), None);
}

#[test]
fn a_number_mean_is_withheld_where_the_largest_dominates() {
    // 300 of 400 is 75 %, 301 of 401 is 75.06 %. The other rule allows both: 80 is more than 30.1.
    assert_eq!(alone("staff", &many(8, 10.0, &[20.0, 300.0]), &policy()), None);
    assert_eq!(alone("staff", &many(8, 10.0, &[20.0, 301.0]), &policy()), Some(NumberReason::Dominance));
    // The two largest are 180 of 240, which is 75 %, and with 181 of 241 more.
    let two = Policy { dominance_count: limit(2), ..policy() };
    assert_eq!(alone("staff", &many(10, 6.0, &[90.0, 90.0]), &two), None);
    assert_eq!(alone("staff", &many(10, 6.0, &[90.0, 91.0]), &two), Some(NumberReason::Dominance));
}

#[test]
fn a_number_mean_is_withheld_where_the_second_largest_could_estimate_the_largest() {
    // The second largest takes off its own 90, and is left with 100 and what the others have: 10 or 9.
    assert_eq!(alone("staff", &many(8, 1.0, &[2.0, 90.0, 100.0]), &policy()), None);
    assert_eq!(alone("staff", &many(9, 1.0, &[90.0, 100.0]), &policy()), Some(NumberReason::PPercent));
    let off = Policy { p_percent: limit(9), ..policy() };
    assert_eq!(alone("staff", &many(9, 1.0, &[90.0, 100.0]), &off), None);
}

#[test]
fn a_number_mean_at_an_end_of_what_can_be_answered_tells_the_number_of_each_on_a_small_base() {
    let share = |number: f64, base: usize| alone("share", &vec![number; base], &policy());
    assert_eq!([share(0.0, 29), share(0.0, 30)], [Some(NumberReason::Zero), None]);
    // 0.049999 rounds to nothing, 0.05 to a tenth; 99.95 rounds to 100.0.
    assert_eq!([share(0.049999, 29), share(0.05, 29)], [Some(NumberReason::Zero), None]);
    assert_eq!([share(100.0, 29), share(100.0, 30)], [Some(NumberReason::All), None]);
    assert_eq!([share(99.95, 29), share(99.949999, 29)], [Some(NumberReason::All), None]);
}

#[test]
fn number_quartiles_need_a_base_and_are_nobodys_own_number() {
    let of = |numbers: &[f64]| {
        let collection = Collection::of(&gave("securities", "", "staff", numbers));
        let released = collection.protect(&feedback()).number("securities", "", "staff");
        assert_eq!(released.quartiles().is_none(), released.quartiles_withheld().is_some());
        released.quartiles_withheld()
    };
    let rising = |base: u32| (0..base).map(|number| 10.0 + f64::from(number)).collect::<Vec<_>>();
    assert_eq!(
        [4, 9].map(|base| of(&rising(base))),
        [NumberReason::SmallBase, NumberReason::FewForQuartiles].map(Some)
    );
    // Of an odd base the median is one respondent's; of 13 the other quartiles are so as well.
    assert_eq!([11, 13, 29].map(|base| of(&rising(base))), [Some(NumberReason::OwnNumber); 3]);
    assert_eq!([10, 12, 28, 30, 31].map(|base| of(&rising(base))), [None; 5]);
    // Of 10, the third quartile rests on the seventh and the eighth.
    assert_eq!(of(&many(8, 0.0, &[50.0, 60.0])), Some(NumberReason::Zero));
    assert_eq!(of(&many(7, 0.0, &[10.0, 50.0, 60.0])), None);
}

#[test]
fn sub_sector_means_are_printed_all_or_none() {
    let all = |numbers: [&[f64]; 3]| means(&Collection::of(&regional(numbers)).protect(&policy()), "staff");
    let (dominance, small) = (Some(NumberReason::Dominance), Some(NumberReason::SmallBase));
    let (bank, even) = (many(9, 10.0, &[1000.0]), many(9, 10.0, &[100.0]));
    assert_eq!(all([&even, &[30.0; 10], &[30.0; 10]]), [None; 4]);
    // 1000 are 92 % of the 1090 of the banks, 59 % of the 1690 of the sector, and 78 % of 1290.
    assert_eq!(all([&bank, &[30.0; 10], &[30.0; 10]]), [None, dominance, SECONDARY, SECONDARY]);
    assert_eq!(all([&bank, &[10.0; 10], &[10.0; 10]]), [dominance, dominance, SECONDARY, SECONDARY]);
    // 301 are 75.06 % of the 401 of the banks and less of the sector. Of one other respondent, that one takes its 1
    // off the sector's 402; two others do not know of each other.
    let bank = many(8, 10.0, &[20.0, 301.0]);
    let cooperatives = gave("regional", "shinkumi", "share", &[1.0]);
    let one = Collection::of(&[regional([&bank, &[1.0], &[]]), cooperatives].concat());
    let one = one.protect(&policy());
    assert_eq!(means(&one, "staff"), [SECONDARY, dominance, small, None]);
    assert_eq!(one.number("regional", "shinkumi", "staff").mark(), "…");
    assert_eq!(all([&bank, &[1.0], &[1.0]]), [None, dominance, small, small]);
}

#[test]
fn a_sub_sector_to_which_all_belong_is_the_sector() {
    let only = |numbers: &[f64], hidden: &[&str]| {
        let others = ["shinkin", "shinkumi"].map(|part| gave("regional", part, "share", &[1.0]));
        let watchers = gave("regional", "bank", "watchers", numbers);
        let collection = Collection::of(&[watchers, others.concat()].concat());
        means(&collection.protect_after(&policy(), hidden, None), "watchers")
    };
    assert_eq!(only(&[20.0; 10], &[]), [None; 4]);
    let (small, gate) = (Some(NumberReason::SmallBase), Some(NumberReason::Gate));
    assert_eq!(only(&[20.0; 9], &[]), [small, small, None, None]);
    assert_eq!(only(&[20.0; 10], &["bank"]), [SECONDARY, gate, None, None]);
}

#[test]
fn a_gated_number_withholds_its_base_where_the_gate_is_withheld() {
    let watchers = PARTS.map(|part| gave("regional", part, "watchers", &[5.0; 20])).concat();
    let collection = Collection::of(&watchers);
    assert_eq!(means(&collection.protect(&policy()), "watchers"), [None; 4]);
    let outcome = collection.protect_after(&policy(), &["bank"], None);
    assert_eq!(means(&outcome, "watchers"), [None, Some(NumberReason::Gate), SECONDARY, SECONDARY]);
    let bank = outcome.number("regional", "bank", "watchers");
    assert_eq!((bank.base(), bank.quartiles(), bank.mark()), (None, None, "x"));
    assert_eq!(outcome.number("regional", "", "watchers").base().expect("its gate is printed").asked, 60);
}

#[test]
fn of_sectors_with_members_in_common_only_the_largest_is_printed() {
    let sectors = |policy: &Policy, corrected: Option<&Pattern>, institutions: &[Institution]| {
        let collection = Collection::of(institutions);
        let outcome = collection.protect_after(policy, &[], corrected);
        (["securities", "trust", "newform"].map(|sector| outcome.mean(sector, "", "staff")), outcome.pattern())
    };
    let securities = gave("securities", "", "staff", &many(7, 20.0, &[30.0]));
    let trust = gave("trust", "", "staff", &[15.0; 6]);
    let newform = gave("newform", "", "staff", &[15.0; 5]);
    let both = [&securities[..], &trust, &newform, &also_in("trust", &securities[..1])].concat();
    let shared = Some(NumberReason::Shared);
    let (reasons, pattern) = sectors(&feedback(), None, &both);
    assert_eq!(reasons, [None, shared, None]);
    // Of a chain of three the first and the last have nobody in common.
    let chain = [&both[..], &also_in("newform", &trust[..1])].concat();
    assert_eq!(sectors(&feedback(), None, &chain).0, [None, shared, None]);
    // A member of both sectors that gave no number leaves the sectors nothing in common.
    let mut silent = both.clone();
    silent.iter_mut().filter(|one| one.code == "securities--0000").for_each(|one| one.numbers.clear());
    assert_eq!(sectors(&feedback(), None, &silent).0, [None; 3]);
    // Of sectors that the policy does not cover nothing is printed that could be shared.
    let never = Some(NumberReason::Policy);
    assert_eq!(sectors(&policy_of_eight(), None, &both).0, [None, never, never]);
    // An erratum keeps to the sector that it corrects, although more trust banks came.
    let more = [&both[..], &also_in("trust", &securities[1..2]), &late(&trust)].concat();
    assert_eq!(sectors(&feedback(), None, &more).0, [shared, None, None]);
    assert_eq!(sectors(&feedback(), Some(&pattern), &more).0, [None, Some(NumberReason::Edition), None]);
}

fn policy_of_eight() -> Policy {
    Policy { minimum_base: limit(8), ..policy() }
}

fn late(institutions: &[Institution]) -> Vec<Institution> {
    institutions.iter().map(|one| Institution { code: format!("{}-late", one.code), ..one.clone() }).collect()
}

#[test]
fn an_erratum_prints_no_number_that_was_withheld() {
    let edition = Collection::of(&regional([&[20.0; 10], &[30.0; 12], &[40.0]]));
    let edition = edition.protect(&policy());
    assert_eq!(means(&edition, "staff"), [None, SECONDARY, SECONDARY, Some(NumberReason::SmallBase)]);
    // Eleven cooperatives more, and no rule withholds anything any more.
    let corrected = Collection::of(&regional([&[20.0; 10], &[30.0; 12], &[40.0; 12]]));
    assert_eq!(means(&corrected.protect(&policy()), "staff"), [None; 4]);
    let kept = corrected.protect_after(&policy(), &[], Some(&edition.pattern()));
    assert_eq!(
        means(&kept, "staff"),
        [None, Some(NumberReason::Edition), Some(NumberReason::Edition), Some(NumberReason::Edition)]
    );
    let quartiles = |part| kept.number("regional", part, "staff").quartiles_withheld();
    assert_eq!([quartiles("bank"), quartiles("shinkumi")], [None, Some(NumberReason::Edition)]);
    // A number that only the edition withholds takes nothing from the sector, although a single cooperative is left.
    let one = Collection::of(&regional([&[20.0; 12], &[], &[40.0]]));
    let kept = one.protect_after(&policy(), &[], Some(&edition.pattern()));
    let means = ["", "bank"].map(|part| kept.mean("regional", part, "staff"));
    assert_eq!(means, [None, Some(NumberReason::Edition)]);
}

#[test]
fn an_edition_is_printed_again_from_its_pattern() {
    let trust = gave("trust", "", "staff", &[31.0; 40]);
    let mut all = [regional([&many(9, 10.0, &[1000.0]), &[30.0; 10], &[30.0; 11]]), trust].concat();
    let collection = Collection::of(&all);
    let outcome = collection.protect_after(&policy(), &["bank"], None);
    // The order of institutions changes nothing.
    all.reverse();
    assert_eq!(Collection::of(&all).protect_after(&policy(), &["bank"], None).numbers, outcome.numbers);
    let release = disclose::as_printed(&collection.material(), &policy(), &outcome.pattern());
    for (made, again) in outcome.tables.iter().zip(release.numbers()) {
        for ((key, made), (_, again)) in made.cells().iter().zip(again.cells()) {
            let mean = |mean| if let Mean::Published(mean) = mean { mean } else { None };
            assert_eq!(
                (made.base(), mean(made.mean()), made.quartiles()),
                (again.base(), mean(again.mean()), again.quartiles())
            );
            assert_eq!(made.mark(), again.mark(), "{key:?}");
        }
    }
    let csv = String::from_utf8(disclose::numbers_csv(&collection.survey, &release)).expect("UTF-8");
    let lines: Vec<&str> = csv.lines().filter(|line| line.contains(",staff,")).collect();
    assert_eq!(
        lines.join("\n"),
        "2023,regional,,staff,31,31,55.5,10.0,30.0,30.0,QUARTILE.INC (Hyndman-Fan 7),\n\
         2023,regional,bank,staff,10,10,,10.0,10.0,10.0,QUARTILE.INC (Hyndman-Fan 7),x\n\
         2023,regional,shinkin,staff,10,10,,30.0,30.0,30.0,QUARTILE.INC (Hyndman-Fan 7),x\n\
         2023,regional,shinkumi,staff,11,11,,,,,QUARTILE.INC (Hyndman-Fan 7),x"
    );
    assert!(csv.contains("2023,regional,bank,watchers,,,,,,,QUARTILE.INC (Hyndman-Fan 7),x\r\n"), "{csv}");
    assert!(!csv.contains("trust"));
    let account = &outcome.numbers.account;
    let staff_and_gate = [("dominance", 1), ("gate", 1), ("secondary", 2)];
    assert_eq!((account.means, account.withheld.clone()), (1, staff_and_gate.into()));
    let withheld = disclose::withheld_numbers_csv(&collection.survey, &outcome.numbers);
    let withheld = String::from_utf8(withheld).expect("UTF-8");
    assert!(withheld.starts_with("\u{feff}fiscal_year,number,total,largest,mean_reason,quartiles_reason\r\n"));
    assert!(withheld.contains("2023,regional/bank/staff,1090,1000,dominance,\r\n"), "{withheld}");
    let bank = disclose::number(&collection.survey, "regional/bank/staff").expect("its name");
    let text = disclose::explain_number(&collection.survey, &policy(), &release, &outcome.numbers, bank);
    assert_eq!(
        text.expect("it is covered"),
        "regional/bank/staff (staff)\n  the mean: withheld, because few respondents make up too much of the total\n    \
         the limit is 75: 試験\n  the quartiles: printed\n"
    );
}

#[test]
fn the_desk_sees_every_number() {
    let mut institutions = regional([&many(9, 10.0, &[1000.0]), &[20.0; 10], &[0.0; 3]]);
    institutions.iter_mut().for_each(|one| one.soc = "none");
    let collection = Collection::of(&institutions);
    let csv = disclose::numbers_csv(&collection.survey, &disclose::for_the_desk(&collection.tabulation));
    let csv = String::from_utf8(csv).expect("UTF-8");
    let internal = String::from_utf8(cssa::tabulate::numbers_csv(&collection.survey, &collection.tabulation));
    let without_marks: Vec<&str> = csv.lines().map(|line| line.rsplit_once(',').expect("a mark, or none").0).collect();
    assert_eq!(without_marks, internal.expect("UTF-8").lines().collect::<Vec<_>>());
    assert!(csv.contains("regional,bank,share,10,0,,,,,QUARTILE.INC (Hyndman-Fan 7),…\r\n"), "{csv}");
    assert!(csv.contains("regional,bank,watchers,0,0,,,,,QUARTILE.INC (Hyndman-Fan 7),・\r\n"), "{csv}");
}

/// The lowest and the highest total of the sector and of each sub-sector that agree with the printed means, for an
/// outsider or for a respondent that knows its own number: by sub-sector and position.
fn intervals(numbers: &[Vec<i64>; 3], printed: [bool; 4], own: Option<(usize, usize)>) -> [(i64, i64); 4] {
    const MOST: i64 = 100_000;
    let rounded = |base: i64, total: i64| {
        // Twenty times a total that is printed as so many tenths lies between these.
        let tenths = (20 * total + base) / (2 * base.max(1));
        (
            ((2 * tenths - 1) * base).max(0).div_euclid(20)
                + i64::from((2 * tenths - 1) * base > 0 && (2 * tenths - 1) * base % 20 != 0),
            ((2 * tenths + 1) * base - 1).div_euclid(20),
        )
    };
    let of = |part: usize| {
        let base = numbers[part].len() as i64;
        let (lowest, highest) = match own.filter(|own| own.0 == part) {
            Some((_, at)) => (numbers[part][at], numbers[part][at] + (base - 1) * MOST),
            None => (0, base * MOST),
        };
        let (from, to) = if printed[part + 1] { rounded(base, numbers[part].iter().sum()) } else { (lowest, highest) };
        (lowest.max(from), highest.min(to))
    };
    let parts = [0, 1, 2].map(of);
    let sum = parts.iter().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    let all = numbers.concat();
    let whole = if printed[0] { rounded(all.len() as i64, all.iter().sum()) } else { sum };
    let whole = (whole.0.max(sum.0), whole.1.min(sum.1));
    let rest = |part: (i64, i64)| (part.0.max(whole.0 - (sum.1 - part.1)), part.1.min(whole.1 - (sum.0 - part.0)));
    [whole, rest(parts[0]), rest(parts[1]), rest(parts[2])]
}

/// The numbers that a reader can compute too closely: a total that dominance or the p % rule withholds, to less than
/// `p` per cent of its largest number; or another's number.
fn leaks(numbers: &[Vec<i64>; 3], printed: [bool; 4], is_sensitive: [bool; 4], p: i64) -> Vec<String> {
    let everybody: Vec<_> = (0..3).flat_map(|part| (0..numbers[part].len()).map(move |at| (part, at))).collect();
    let mut leaks = Vec::new();
    for own in [None].into_iter().chain(everybody.iter().copied().map(Some)) {
        let intervals = intervals(numbers, printed, own);
        for (at, (lowest, highest)) in intervals.into_iter().enumerate() {
            let others = everybody.iter().filter(|one| Some(**one) != own && (at == 0 || one.0 + 1 == at));
            let largest = others.map(|&(part, at)| numbers[part][at]).max().unwrap_or(0);
            if is_sensitive[at] && !printed[at] && 100 * (highest - lowest) < p * largest {
                leaks.push(format!("{own:?} knows group {at} from {lowest} to {highest}"));
            }
        }
        for &(part, at) in everybody.iter().filter(|one| Some(**one) != own) {
            let known = |group: usize| {
                own.filter(|own| group == 0 || own.0 + 1 == group).map_or(0, |(part, at)| numbers[part][at])
            };
            let highest = (intervals[0].1 - known(0)).min(intervals[part + 1].1 - known(part + 1));
            if 100 * (highest - numbers[part][at]) < p * numbers[part][at] {
                leaks.push(format!("{own:?} knows that {part} {at} has {highest} at most"));
            }
        }
    }
    leaks
}

#[test]
fn printed_means_give_no_withheld_total_away() {
    let number = prop_oneof![6 => 1i64..30, 1 => 100i64..300];
    let numbers = prop::array::uniform3(prop::collection::vec(number, 0..6));
    let limits = (5u32..60, 50u32..95, 1u32..3);
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
    let random = proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha);
    let (saved, split) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let law = TestRunner::new_with_rng(config, random).run(&(numbers, limits), |(numbers, (p, share, count))| {
        let policy = Policy {
            minimum_base: limit(2),
            small_counts_below: limit(0),
            dominance_count: limit(count),
            dominance_share: limit(share),
            p_percent: limit(p),
            ..policy()
        };
        let floats = numbers.clone().map(|part| part.into_iter().map(|number| number as f64).collect::<Vec<_>>());
        // Everybody is there, so that every sub-sector is.
        let silent = PARTS.map(|part| gave("regional", part, "share", &[1.0])).concat();
        let institutions = [regional([&floats[0], &floats[1], &floats[2]]), late(&silent)].concat();
        let collection = Collection::of(&institutions);
        let outcome = collection.protect(&policy);
        let reasons = means(&outcome, "staff");
        let sizes = [numbers.concat().len(), numbers[0].len(), numbers[1].len(), numbers[2].len()];
        let printed = [0, 1, 2, 3].map(|at| reasons[at].is_none() && sizes[at] > 0);
        // The rules once more: a sector or sub-sector that is sensitive for its own sake.
        let is_sensitive = |part: &[i64]| {
            let mut part = part.to_vec();
            part.sort_unstable_by(|one, other| other.cmp(one));
            let (total, largest) = (part.iter().sum::<i64>(), part.first().copied().unwrap_or(0));
            let left = total - part.iter().take(2).sum::<i64>();
            let dominating = part.iter().take(count as usize).sum::<i64>();
            !part.is_empty() && (100 * dominating > i64::from(share) * total || 100 * left < i64::from(p) * largest)
        };
        let sensitive = [&numbers.concat(), &numbers[0], &numbers[1], &numbers[2]].map(|part| is_sensitive(part));
        for at in (0..4).filter(|&at| sensitive[at]) {
            prop_assert!(!printed[at], "{at} is printed: {reasons:?}");
        }
        let found = leaks(&numbers, printed, sensitive, i64::from(p));
        prop_assert!(found.is_empty(), "{found:?} {reasons:?}");
        // The law has teeth: the other sub-sectors' means would give some away.
        let loose = [0, 1, 2, 3].map(|at| sizes[at] > 0 && !sensitive[at]);
        saved.set(saved.get() + usize::from(!leaks(&numbers, loose, sensitive, i64::from(p)).is_empty()));
        split.set(split.get() + usize::from(printed[0] && printed != loose));
        Ok(())
    });
    law.unwrap_or_else(|error| panic!("{error}"));
    assert!(saved.get() > 3 && split.get() > 3, "{} {}", saved.get(), split.get());
}
