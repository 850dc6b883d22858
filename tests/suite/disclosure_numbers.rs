//! The number questions beyond the wall: each rule at its limit and beside it, worked out by hand, and what
//! is released held against every world that agrees with it.

use cssa::disclose::{self, NumberReason};
use cssa::tabulate::NumberSummary;
use proptest::prelude::*;

use crate::support::number_survey::{Institution, LIMITS, Limits, Outcome, gave, release};
use crate::support::{Bench, sample, table};

/// Why the mean of some numbers of an undivided sector is withheld.
fn alone(question: &'static str, numbers: &[f64], limits: Limits) -> Option<NumberReason> {
    release(&gave("securities", "", question, numbers), limits).mean("securities", "", question)
}

/// So many times the same number, and some more.
fn many(times: usize, number: f64, more: &[f64]) -> Vec<f64> {
    [vec![number; times], more.to_vec()].concat()
}

/// The three sub-sectors, each with its numbers of staff.
fn regional(bank: &[f64], shinkin: &[f64], shinkumi: &[f64]) -> Vec<Institution> {
    let parts = [("bank", bank), ("shinkin", shinkin), ("shinkumi", shinkumi)];
    parts.into_iter().flat_map(|(part, numbers)| gave("regional", part, "staff", numbers)).collect()
}

fn means(outcome: &Outcome) -> [Option<NumberReason>; 4] {
    ["", "bank", "shinkin", "shinkumi"].map(|part| outcome.mean("regional", part, "staff"))
}

fn quartiles(outcome: &Outcome) -> [Option<NumberReason>; 4] {
    ["", "bank", "shinkin", "shinkumi"].map(|part| outcome.number("regional", part, "staff").quartiles_withheld())
}

fn interval(outcome: &Outcome, part: &str) -> (String, String) {
    let (lowest, highest) = outcome.told("regional", part, "staff").interval.expect("its mean is withheld");
    (lowest.to_string(), highest.to_string())
}

/// No quartiles, so that what can be computed rests on the means alone.
const MEANS_ONLY: Limits = Limits { quartiles_from: 1_000_000, ..LIMITS };

#[test]
fn a_number_mean_needs_the_smallest_base() {
    assert_eq!(alone("staff", &[5.0; 9], LIMITS), Some(NumberReason::SmallBase));
    assert_eq!(alone("staff", &[5.0; 10], LIMITS), None);
}

#[test]
fn a_number_mean_is_withheld_where_the_largest_dominates() {
    // 300 of 400 is 75 %, 301 of 401 is 75.06 %. The other rule allows both: 80 is more than 30.1.
    assert_eq!(alone("staff", &many(8, 10.0, &[20.0, 300.0]), LIMITS), None);
    assert_eq!(alone("staff", &many(8, 10.0, &[20.0, 301.0]), LIMITS), Some(NumberReason::Dominance));
    // The two largest are 180 of 240, which is 75 %, and with 181 of 241 more.
    let two = Limits { dominance: (2, 75), ..LIMITS };
    assert_eq!(alone("staff", &many(10, 6.0, &[90.0, 90.0]), two), None);
    assert_eq!(alone("staff", &many(10, 6.0, &[90.0, 91.0]), two), Some(NumberReason::Dominance));
}

#[test]
fn a_number_mean_is_withheld_where_the_second_largest_could_estimate_the_largest() {
    // The second largest takes off its own 90, and is left with 100 and what the others have: 10 or 9.
    assert_eq!(alone("staff", &many(8, 1.0, &[2.0, 90.0, 100.0]), LIMITS), None);
    assert_eq!(alone("staff", &many(9, 1.0, &[90.0, 100.0]), LIMITS), Some(NumberReason::Estimable));
    // With nobody who knows its own number, the 90 protect as well.
    let outsiders = Limits { coalition: 0, ..LIMITS };
    assert_eq!(alone("staff", &many(9, 1.0, &[90.0, 100.0]), outsiders), None);
    // Two put their numbers together: 90 and 20 are taken off, and 9 or 10 are left.
    let two = Limits { coalition: 2, ..LIMITS };
    assert_eq!(alone("staff", &many(9, 1.0, &[20.0, 90.0, 100.0]), two), Some(NumberReason::Estimable));
    assert_eq!(alone("staff", &many(10, 1.0, &[20.0, 90.0, 100.0]), two), None);
}

#[test]
fn a_number_mean_of_nothing_tells_the_number_of_each() {
    assert_eq!(alone("staff", &[0.0; 29], LIMITS), Some(NumberReason::Zero));
    assert_eq!(alone("staff", &[0.0; 30], LIMITS), None);
    let thirty = release(&gave("securities", "", "staff", &[0.0; 30]), LIMITS);
    assert!(thirty.csv.contains("securities,,staff,30,30,0.0,0.0,0.0,0.0,"), "{}", thirty.csv);
    // 29 × 0.049999 rounds to nothing, 29 × 0.05 to a tenth.
    assert_eq!(alone("share", &[0.049999; 29], LIMITS), Some(NumberReason::Zero));
    assert_eq!(alone("share", &[0.05; 29], LIMITS), None);
}

#[test]
fn a_number_mean_at_the_most_tells_the_number_of_each() {
    assert_eq!(alone("share", &[100.0; 29], LIMITS), Some(NumberReason::All));
    assert_eq!(alone("share", &[100.0; 30], LIMITS), None);
    assert_eq!(alone("share", &[99.949999; 29], LIMITS), None);
    assert_eq!(alone("share", &[99.95; 29], LIMITS), Some(NumberReason::All));
}

#[test]
fn number_quartiles_need_a_base_and_are_nobodys_own_number() {
    let of = |base: usize, limits: Limits| {
        let numbers: Vec<f64> = (0..base).map(|number| 10.0 + number as f64).collect();
        let outcome = release(&gave("securities", "", "staff", &numbers), limits);
        let number = outcome.number("securities", "", "staff");
        assert_eq!(number.quartiles().is_none(), number.quartiles_withheld().is_some());
        number.quartiles_withheld()
    };
    let small = Limits { minimum_base: 5, ..LIMITS };
    assert_eq!(of(4, small), Some(NumberReason::SmallBase));
    assert_eq!(of(9, small), Some(NumberReason::FewForQuartiles));
    // Of an odd base the median is one respondent's; of 13 the other quartiles are so as well.
    for base in [11, 13, 29] {
        assert_eq!(of(base, LIMITS), Some(NumberReason::OwnNumber), "{base}");
    }
    for base in [10, 12, 28, 30, 31, 33] {
        assert_eq!(of(base, LIMITS), None, "{base}");
    }
}

#[test]
fn number_quartiles_that_are_all_nothing_are_withheld() {
    // Of 10, the third quartile rests on the seventh and the eighth.
    let eight = release(&gave("securities", "", "staff", &many(8, 0.0, &[50.0, 60.0])), LIMITS);
    assert_eq!(eight.number("securities", "", "staff").quartiles_withheld(), Some(NumberReason::Zero));
    let seven = release(&gave("securities", "", "staff", &many(7, 0.0, &[10.0, 50.0, 60.0])), LIMITS);
    assert_eq!(seven.number("securities", "", "staff").quartiles_withheld(), None);
}

#[test]
fn a_number_that_nobody_gave_is_marked_and_not_withheld() {
    let mut institutions = gave("securities", "", "share", &[1.0; 12]);
    let none = release(&institutions, LIMITS);
    assert!(none.csv.contains("securities,,staff,12,0,,,,,QUARTILE.INC (Hyndman-Fan 7),…"), "{}", none.csv);
    institutions.iter_mut().for_each(|one| one.soc = "none");
    let nobody = release(&institutions, Limits { zero_and_all_from: 1, ..LIMITS });
    assert!(nobody.protected.is_safe());
    // Nobody is asked because nobody runs a centre, which is not said of twelve, but is of many.
    assert!(release(&institutions, LIMITS).csv.contains("securities,,watchers,,,,,,,QUARTILE.INC (Hyndman-Fan 7),x"));
    assert!(nobody.csv.contains("securities,,watchers,0,0,,,,,QUARTILE.INC (Hyndman-Fan 7),・"), "{}", nobody.csv);
}

#[test]
fn number_sub_sectors_that_subtract_are_caught_and_healed() {
    let bank = many(9, 10.0, &[1000.0]);
    // The sector is 1590 / 30 = 53.0, which any total from 1588.5 to 1591.5 is: without more, the banks would be
    // 1089 to 1091. So credit associations are withheld too, and the banks are anything up to 1591 − 300.
    let outcome = release(&regional(&bank, &[20.0; 10], &[30.0; 10]), MEANS_ONLY);
    let expected = [None, Some(NumberReason::Dominance), Some(NumberReason::Secondary), None];
    assert_eq!(means(&outcome), expected);
    assert_eq!(interval(&outcome, "bank"), ("0".to_owned(), "1291".to_owned()));
    assert_eq!(interval(&outcome, "shinkin"), ("0".to_owned(), "1291".to_owned()));
    assert!(outcome.protected.is_safe());
    let account = &outcome.protected.numbers.account;
    assert_eq!((account.means, account.secondary, account.attacks), (2, 1, 2));
    assert_eq!(account.primary.get("dominance"), Some(&1));
    // 1291 − 1090 is 20.1 % of 1000.
    assert_eq!(account.narrowest, Some(20));
    assert_eq!(account.coalitions, 30);
    let opened = outcome.audit("staff", &[("regional", "bank")]);
    assert!(opened.contains(&("bank".to_owned(), "1089".to_owned(), "1091".to_owned(), false)), "{opened:?}");
    assert_eq!(outcome.audit("staff", &[("regional", "bank"), ("regional", "shinkin")]), []);
    assert!(outcome.withheld.contains("2023,regional/bank/staff,1090,1000,dominance,few_for_quartiles,0,1291\r\n"));
}

#[test]
fn the_least_important_number_that_protects_enough_is_withheld() {
    let bank = many(9, 10.0, &[1000.0]);
    // Ten credit associations of 9 are 90, of which an outsider's 91 are no 10 % of 1000: the cooperatives have
    // to go, although they are more, and then the associations need not.
    let outcome = release(&regional(&bank, &[9.0; 10], &[30.0; 12]), MEANS_ONLY);
    assert_eq!(means(&outcome), [None, Some(NumberReason::Dominance), None, Some(NumberReason::Secondary)]);
    // Neither of 90 and 96 is enough by itself: with what rounding adds they come to 91 and 97.
    let bank = many(8, 1.0, &[400.0, 1000.0]);
    let outcome = release(&regional(&bank, &[9.0; 10], &[8.0; 12]), MEANS_ONLY);
    let secondary = Some(NumberReason::Secondary);
    assert_eq!(means(&outcome), [None, Some(NumberReason::Estimable), secondary, secondary]);
    assert_eq!(interval(&outcome, "bank"), ("0".to_owned(), "1595".to_owned()));
}

#[test]
fn the_number_of_the_sector_goes_last() {
    let small = [20.0; 9];
    let only = [gave("regional", "bank", "staff", &small), gave("regional", "shinkin", "staff", &[0.0; 30])].concat();
    // 180 / 39 = 4.6: 177.45 to 181.35, and nobody else has any.
    let outcome = release(&only, MEANS_ONLY);
    assert_eq!(outcome.mean("regional", "bank", "staff"), Some(NumberReason::SmallBase));
    assert_eq!(outcome.mean("regional", "", "staff"), Some(NumberReason::Secondary));
    assert_eq!(outcome.mean("regional", "shinkin", "staff"), None);
    assert!(outcome.protected.is_safe());
}

#[test]
fn rounding_that_hides_enough_of_a_number_saves_the_others() {
    // 589 / 29 is printed as 20.3, as 588 and 590 are: the nine banks have 88 to 90 together, a tenth of 10 to
    // either side. With 90 they are at the end of what they can be.
    let bank = |last: f64| many(8, 10.0, &[last]);
    let at = release(&regional(&bank(9.0), &[20.0; 10], &[30.0; 10]), MEANS_ONLY);
    assert_eq!(means(&at), [None, Some(NumberReason::SmallBase), None, None]);
    assert_eq!(interval(&at, "bank"), ("88".to_owned(), "90".to_owned()));
    let beside = release(&regional(&bank(10.0), &[20.0; 10], &[30.0; 10]), MEANS_ONLY);
    assert_eq!(means(&beside), [None, Some(NumberReason::SmallBase), Some(NumberReason::Secondary), None]);
}

#[test]
fn who_knows_its_own_number_learns_no_more() {
    // The credit associations have 200, of which one has 110: an outsider cannot tell the banks from 1090 + 201,
    // but that one from 1090 + 91, which is less than a tenth of 1000.
    let institutions = regional(&many(9, 10.0, &[1000.0]), &many(9, 10.0, &[110.0]), &[30.0; 10]);
    let dominance = Some(NumberReason::Dominance);
    let secondary = Some(NumberReason::Secondary);
    let outsiders = release(&institutions, Limits { coalition: 0, ..MEANS_ONLY });
    assert_eq!(means(&outsiders), [None, dominance, secondary, None]);
    let own = release(&institutions, MEANS_ONLY);
    assert_eq!(means(&own), [None, dominance, None, secondary]);
    // It is the one that knows 110, and nobody else.
    let opened = own.audit("staff", &[("regional", "bank"), ("regional", "shinkin")]);
    assert_eq!(opened, [("bank".to_owned(), "0".to_owned(), "1181".to_owned(), true)]);
}

/// The same institutions in another sector as well.
fn also_in(sector: &'static str, institutions: &[Institution]) -> Vec<Institution> {
    institutions.iter().map(|one| Institution { sector, subsector: "", ..one.clone() }).collect()
}

/// For the institutions, of all sectors, without quartiles.
const FEEDBACK: Limits = Limits { circle: "feedback", minimum_base: 5, never: "", ..MEANS_ONLY };

#[test]
fn the_one_whom_two_sectors_do_not_share_is_what_they_leave() {
    // All ten trust banks are securities firms too, of which there is one more. 150 − 100 is its number: 13.6 by 11
    // is 150 and nothing else, 10.0 by 10 is 100.
    let securities = gave("securities", "", "staff", &many(10, 10.0, &[50.0]));
    let all = [securities.clone(), also_in("trust", &securities[..10])].concat();
    let outcome = release(&all, FEEDBACK);
    let opened = outcome.audit("staff", &[]);
    assert!(opened.contains(&(String::new(), "50".to_owned(), "50".to_owned(), false)), "{opened:?}");
    // Of the trust banks that one would know the total if only the securities firms' mean were printed; not so the
    // other way, where it knows its own number and what is printed.
    let secondary = Some(NumberReason::Secondary);
    assert_eq!(["securities", "trust"].map(|sector| outcome.mean(sector, "", "staff")), [secondary, None]);
    assert!(outcome.protected.is_safe());
    assert_eq!(outcome.audit("staff", &[("securities", "")]), []);
}

#[test]
fn the_total_that_one_sector_withholds_may_not_follow_from_another() {
    // Four trust banks are too few to be printed; all of them are securities firms, of which there are five.
    let securities = gave("securities", "", "staff", &[10.0, 20.0, 30.0, 40.0, 25.0]);
    let all = [securities.clone(), also_in("trust", &securities[..4])].concat();
    let outcome = release(&all, FEEDBACK);
    // The fifth takes its 25 off 25.0 by 5.
    let opened = outcome.audit("staff", &[("trust", "")]);
    assert!(opened.contains(&(String::new(), "100".to_owned(), "100".to_owned(), true)), "{opened:?}");
    let reasons = ["securities", "trust"].map(|sector| outcome.mean(sector, "", "staff"));
    assert_eq!(reasons, [Some(NumberReason::Secondary), Some(NumberReason::SmallBase)]);
    assert!(outcome.protected.is_safe());
}

#[test]
fn few_members_in_common_take_nothing_from_two_sectors() {
    let securities = gave("securities", "", "staff", &[10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0]);
    let trust = gave("trust", "", "staff", &[15.0, 25.0, 35.0, 45.0, 55.0]);
    let all = [securities.clone(), trust, also_in("trust", &securities[..3])].concat();
    let outcome = release(&all, FEEDBACK);
    assert_eq!(["securities", "trust"].map(|sector| outcome.mean(sector, "", "staff")), [None, None]);
    assert!(outcome.protected.is_safe());
}

#[test]
fn of_three_sectors_that_hang_together_only_the_largest_is_printed() {
    let numbers = |start: f64| -> Vec<f64> { (0..6).map(|n| start + 10.0 * f64::from(n)).collect() };
    let securities = gave("securities", "", "staff", &[numbers(10.0), vec![70.0, 80.0]].concat());
    let [trust, newform] = ["trust", "newform"].map(|sector| gave(sector, "", "staff", &numbers(15.0)));
    let printed = |all: &[Vec<Institution>]| {
        let outcome = release(&all.concat(), FEEDBACK);
        assert!(outcome.protected.is_safe());
        ["securities", "trust", "newform"].map(|sector| outcome.mean(sector, "", "staff"))
    };
    // Three of the securities firms are trust banks as well, and three of the trust banks are new-form banks.
    let two = [securities.clone(), trust.clone(), newform.clone(), also_in("trust", &securities[..3])];
    assert_eq!(printed(&two), [None; 3]);
    let secondary = Some(NumberReason::Secondary);
    let three = [&two[..], &[also_in("newform", &trust[..3])]].concat();
    assert_eq!(printed(&three), [secondary, None, secondary]);
}

#[test]
fn number_quartiles_that_give_a_total_away_are_withheld() {
    // The quartiles of the credit associations would say that eight of ten have 20: the banks would be known
    // to within 40 of 1000. Those of the banks and of the cooperatives take nothing from it.
    let outcome = release(&regional(&many(9, 10.0, &[1000.0]), &[20.0; 10], &[30.0; 10]), LIMITS);
    let secondary = Some(NumberReason::Secondary);
    assert_eq!(means(&outcome), [None, Some(NumberReason::Dominance), secondary, None]);
    assert_eq!(quartiles(&outcome), [secondary, None, secondary, None]);
    assert!(outcome.protected.is_safe());
}

#[test]
fn a_gated_number_hides_its_base_where_the_gate_is_hidden() {
    let watchers = |subsector, base: usize| gave("regional", subsector, "watchers", &vec![5.0; base]);
    let without = |subsector, count: usize| {
        let mut all = gave("regional", subsector, "staff", &vec![5.0; count]);
        all.iter_mut().for_each(|one| {
            one.soc = "none";
            one.code.push('n');
        });
        all
    };
    // One bank without a centre is withheld, and who is asked of the centre would give it away.
    let all = [watchers("bank", 20), without("bank", 1), watchers("shinkin", 20), without("shinkin", 8)];
    let outcome = release(&[all.concat(), watchers("shinkumi", 20), without("shinkumi", 9)].concat(), LIMITS);
    let bank = outcome.number("regional", "bank", "watchers");
    assert_eq!((bank.base(), bank.quartiles()), (None, None));
    assert_eq!(outcome.mean("regional", "bank", "watchers"), Some(NumberReason::Gate));
    let whole = outcome.number("regional", "", "watchers");
    assert_eq!(whole.base().expect("its gate is printed").asked, 60);
}

#[test]
fn the_desk_sees_every_number() {
    let institutions = regional(&many(9, 10.0, &[1000.0]), &[20.0; 10], &[0.0; 3]);
    let outcome = release(&institutions, LIMITS);
    let desk = disclose::for_the_desk(&outcome.tabulation);
    let csv = String::from_utf8(disclose::numbers_csv(&outcome.survey, &desk)).expect("UTF-8");
    let internal = String::from_utf8(cssa::tabulate::numbers_csv(&outcome.survey, &outcome.tabulation)).expect("UTF-8");
    let without_marks: Vec<&str> =
        csv.lines().map(|line| line.trim_end_matches(['x', '…', '・']).rsplit_once(',').expect("marks").0).collect();
    assert_eq!(without_marks, internal.lines().collect::<Vec<_>>());
    assert!(!csv.contains(",x"));
}

#[test]
fn numbers_of_confidential_sectors_are_for_nobody() {
    let numbers = gave("trust", "", "staff", &[31.0; 40]);
    let all = [numbers, gave("newform", "", "staff", &[32.0; 40]), gave("securities", "", "staff", &[33.0; 40])];
    // Even if the policy does not name them: they are not for the public.
    for never in [LIMITS.never, ""] {
        let outcome = release(&all.concat(), Limits { never, ..LIMITS });
        assert!(outcome.csv.contains(",33.0,"));
        for word in ["trust", "newform", "31.0", "32.0"] {
            assert!(!outcome.csv.contains(word), "{word}");
        }
        for sector in ["trust", "newform"] {
            assert_eq!(outcome.mean(sector, "", "staff"), Some(NumberReason::Policy));
            assert_eq!(outcome.number(sector, "", "staff").base(), None);
        }
    }
    let feedback = release(&all.concat(), Limits { circle: "feedback", never: "\"newform\"", ..LIMITS });
    assert_eq!(feedback.mean("trust", "", "staff"), None);
    assert_eq!(feedback.mean("newform", "", "staff"), Some(NumberReason::Policy));
}

#[test]
fn numbers_of_sub_sectors_that_the_policy_leaves_out_are_protected_all_the_same() {
    let limits = Limits { subsectors: false, ..MEANS_ONLY };
    let sector = |others: f64| {
        let banks = gave("regional", "bank", "staff", &[20.0; 9]);
        release(&[banks, gave("regional", "shinkin", "staff", &[others; 30])].concat(), limits)
    };
    // 210 / 39 is printed as 5.4, as 212 is: the nine banks may have 0 to 212.
    let outcome = sector(1.0);
    assert_eq!(outcome.mean("regional", "bank", "staff"), Some(NumberReason::Policy));
    assert_eq!(outcome.mean("regional", "", "staff"), None);
    assert!(!outcome.csv.contains("bank") && !outcome.withheld.contains("bank"));
    // Where the others have nothing, 4.6 says that they have 181 at most: one more than they have, and not two.
    assert_eq!(sector(0.0).mean("regional", "", "staff"), Some(NumberReason::Secondary));
}

#[test]
fn the_order_of_institutions_and_threads_does_not_matter_to_numbers() {
    let mut institutions = regional(&many(9, 10.0, &[1000.0]), &many(9, 10.0, &[110.0]), &[30.0; 10]);
    let files = |threads: usize, institutions: &[Institution]| {
        let pool = rayon_pool(threads);
        let outcome = pool.install(|| release(institutions, LIMITS));
        (outcome.csv, outcome.withheld)
    };
    let first = files(1, &institutions);
    institutions.reverse();
    assert_eq!(files(4, &institutions), first);
}

fn rayon_pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads")
}

/// What is printed of some numbers, where it is printed: all that an outsider sees.
fn seen(numbers: &[f64], released: &disclose::ReleasedNumber) -> Vec<String> {
    let summary = NumberSummary::of(0, numbers);
    let mean = summary.mean.filter(|_| matches!(released.mean(), disclose::Mean::Published(Some(_))));
    let quartiles = summary.quartiles.filter(|_| released.quartiles().is_some());
    mean.into_iter().chain(quartiles.into_iter().flatten()).map(|number| number.to_string()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Every way in which seven institutions of three sub-sectors can have answered 0 to 3 is tried: those that
    /// print as the true ones do are what an outsider cannot tell apart.
    #[test]
    fn no_world_that_agrees_with_the_numbers_is_denied(
        numbers in prop::collection::vec(0u32..=3, 7),
        with_quartiles in any::<bool>(),
        p_percent in 1u32..=60,
    ) {
        let places: [&[usize]; 3] = [&[0, 1], &[2, 3], &[4, 5, 6]];
        let of = |world: &[f64], part: usize| places[part].iter().map(|&at| world[at]).collect::<Vec<f64>>();
        let truth: Vec<f64> = numbers.iter().map(|&number| f64::from(number)).collect();
        let limits = Limits {
            minimum_base: 3, zero_and_all_from: 1, quartiles_from: if with_quartiles { 3 } else { 1000 },
            dominance: (1, 90), p_percent,
            most: 3,
            ..LIMITS
        };
        let outcome = release(&regional(&of(&truth, 0), &of(&truth, 1), &of(&truth, 2)), limits);
        prop_assert!(outcome.protected.is_safe());
        let names = ["bank", "shinkin", "shinkumi"];
        let parts = names.map(|part| outcome.number("regional", part, "staff"));
        let whole = outcome.number("regional", "", "staff");
        // What can be in each sub-sector, and of all ways to put them together what can be in the sector.
        let of_part = |part: usize| -> Vec<Vec<f64>> {
            let true_print = seen(&of(&truth, part), &parts[part]);
            let size = u32::try_from(places[part].len()).expect("few");
            let all = (0..4u32.pow(size)).map(|code| (0..size).map(|at| f64::from(code / 4u32.pow(at) % 4)).collect());
            all.filter(|numbers: &Vec<f64>| seen(numbers, &parts[part]) == true_print).collect()
        };
        let [first, second, third] = [of_part(0), of_part(1), of_part(2)];
        let pairs = first.iter().flat_map(|one| second.iter().map(move |two| [&one[..], two].concat()));
        let all = pairs.flat_map(|pair| third.iter().map(move |three| [&pair[..], three].concat()));
        let true_print = seen(&truth, &whole);
        let worlds: Vec<Vec<f64>> = all.filter(|world| seen(world, &whole) == true_print).collect();
        for part in 0..3 {
            if !matches!(parts[part].mean(), disclose::Mean::Withheld(_)) {
                continue;
            }
            let totals = |worlds: &mut dyn Iterator<Item = &Vec<f64>>| {
                worlds.map(|world| of(world, part).iter().sum::<f64>() as i128 * 1_000_000).collect::<std::collections::BTreeSet<_>>()
            };
            let possible = totals(&mut worlds.iter());
            let (lowest, highest) = outcome.told("regional", names[part], "staff").interval.expect("withheld");
            let claimed: Vec<i128> = (lowest.millionths()..=highest.millionths()).step_by(1_000_000).collect();
            prop_assert!(claimed.iter().all(|total| possible.contains(total)), "{claimed:?} {possible:?}");
            if !with_quartiles {
                prop_assert_eq!(&claimed, &possible.iter().copied().collect::<Vec<_>>());
            }
            // The rule again, from the worlds: for an outsider and for each who knows its own number.
            for own in [None].into_iter().chain((0..7).map(Some)) {
                let known = totals(&mut worlds.iter().filter(|world| own.is_none_or(|own| world[own] == truth[own])));
                let others: Vec<f64> = places[part].iter().filter(|&&at| own != Some(at)).map(|&at| truth[at]).collect();
                let (sum, largest) = (others.iter().sum::<f64>(), others.iter().copied().fold(0.0, f64::max));
                let total = of(&truth, part).iter().sum::<f64>();
                let up = if largest == 0.0 { 1.0 } else { largest * f64::from(p_percent) / 100.0 };
                let down = largest * f64::from(p_percent) / 100.0;
                let room = 3.0 * others.len() as f64 - sum;
                let ends = [known.first(), known.last()].map(|end| *end.expect("the truth") as f64 / 1e6);
                prop_assert!(total - ends[0] >= down.min(sum) - 1e-9, "{own:?} {ends:?}");
                prop_assert!(ends[1] - total >= up.min(room) - 1e-9, "{own:?} {ends:?}");
            }
        }
    }
}

#[test]
fn public_numbers_stand_beside_the_public_distributions() {
    let bench = Bench::new();
    bench.tabulate_sample(2023);
    let ran = bench.run("chart", 2023, &sample("fy2023"), &[]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    let rows = |name: &str| table::read(&bench.path(&format!("reports/fy2023/{name}")));
    let (public, internal) = (rows("public/numbers.csv"), rows("internal/numbers.csv"));
    assert!(!public.is_empty());
    for row in &public {
        assert!(["regional", "securities", "insurers"].contains(&row["sector"].as_str()), "{row:?}");
        let same = |other: &&std::collections::BTreeMap<String, String>| {
            ["sector", "subsector", "question"].iter().all(|key| other[*key] == row[*key])
        };
        let true_row = internal.iter().find(same).expect("it is in the internal table");
        for (key, value) in true_row {
            assert!(row[key] == *value || (row["mark"] == "x" && row[key].is_empty()), "{key} of {row:?}");
        }
    }
    let certificate =
        std::fs::read_to_string(bench.path("reports/fy2023/public/certificate.json")).expect("a certificate");
    let certificate: serde_json::Value = serde_json::from_str(&certificate).expect("JSON");
    assert!(certificate["numbers"]["means"].as_u64().expect("a count") > 0);
    assert!(bench.path("reports/fy2023/internal/disclosure/public_withheld_numbers.csv").exists());
}
