//! Percentages and summaries: laws, and values worked out by hand.

use cssa::tabulate::{NumberSummary, Percent};
use proptest::prelude::*;

#[test]
fn a_percentage_is_rounded_half_up_from_the_counts() {
    // 84.1365… %: adding the published 68.1 and 16.1 would print 84.2.
    assert_eq!(Percent::of(419, 498).expect("a base").to_string(), "84.1");
    assert_eq!(Percent::of(1, 16).expect("a base").to_string(), "6.3"); // 6.25
    assert_eq!(Percent::of(1, 2000).expect("a base").to_string(), "0.1"); // 0.05
    assert_eq!(Percent::of(498, 498).expect("a base").to_string(), "100.0");
    assert_eq!(Percent::of(0, 498).expect("a base").to_string(), "0.0");
    assert!(Percent::of(0, 0).is_none(), "nobody was asked: no percentage, not 0 %");
}

proptest! {
    /// Half up means: the printed tenths are the only whole number t with
    /// t − ½ ≤ 1000 count / base < t + ½.
    #[test]
    fn a_percentage_is_the_nearest_tenth((base, count) in (1u32..1_000_000).prop_flat_map(|base| (Just(base), 0..=base))) {
        let tenths = u64::from(Percent::of(count, base).expect("a base").tenths());
        let (count, base) = (u64::from(count), u64::from(base));
        prop_assert!((2 * tenths * base) <= 2000 * count + base);
        prop_assert!(2000 * count + base < (2 * tenths + 2) * base);
    }

    /// The order of the numbers does not matter, and quartiles lie between the extremes in order.
    #[test]
    fn a_summary_does_not_depend_on_the_order(mut numbers in prop::collection::vec(0u32..10_000, 1..60)) {
        let floats = |numbers: &[u32]| numbers.iter().map(|&n| f64::from(n)).collect::<Vec<_>>();
        let there = NumberSummary::of(60, &floats(&numbers));
        numbers.reverse();
        prop_assert_eq!(&there, &NumberSummary::of(60, &floats(&numbers)));
        let printed: Vec<f64> = there.quartiles.expect("there are numbers").iter()
            .map(|quartile| quartile.to_string().parse().expect("a number")).collect();
        prop_assert!(printed.is_sorted());
    }
}

#[test]
fn quartiles_are_those_of_excel() {
    // QUARTILE.INC of 1, 2, 4, 7, 8, 9, 10, 12 is 3.5, 7.5, 9.25 (the example of Microsoft's
    // documentation of QUARTILE.INC has the first); the mean is 53 / 8 = 6.625.
    let numbers = [12.0, 1.0, 10.0, 2.0, 9.0, 4.0, 8.0, 7.0];
    let summary = NumberSummary::of(9, &numbers);
    let quartiles = summary.quartiles.expect("there are numbers").map(|quartile| quartile.to_string());
    assert_eq!(quartiles, ["3.5", "7.5", "9.3"]);
    assert_eq!(summary.mean.expect("there are numbers").to_string(), "6.6");
    assert_eq!((summary.asked, summary.base), (9, 8));
}

#[test]
fn a_summary_is_rounded_once() {
    // 1.049 is below 1.05; rounding it to 1.05 first would print 1.1.
    let summary = NumberSummary::of(1, &[1.049]);
    assert_eq!(summary.mean.expect("there is a number").to_string(), "1.0");
}

#[test]
fn nobody_answered_gives_no_mean_instead_of_zero() {
    let summary = NumberSummary::of(3, &[]);
    assert_eq!((summary.mean, summary.quartiles), (None, None));
}

/// The counts behind the published percentages, found by turning them back (one decimal on a
/// known base usually gives the count): they must print as they were published.
#[test]
fn every_attainable_published_percentage_is_printed_as_published() {
    let rows = crate::support::table::read(&crate::support::project().join("tests/data/published.csv"));
    let (impossible, attainable): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row["status"] == "impossible");
    assert_eq!((impossible.len(), attainable.len()), (1, 115));
    for row in attainable {
        let number = |name: &str| row[name].parse().unwrap_or_else(|_| panic!("{name} of {row:?}"));
        let percent = Percent::of(number("count"), number("base")).expect("a base");
        assert_eq!(percent.to_string(), row["percent"], "{row:?}");
    }
    // 95.5 % of 461 has no count: 440 gives 95.4 and 441 gives 95.7.
    assert!((0..=461).all(|count| Percent::of(count, 461).expect("a base").to_string() != impossible[0]["percent"]));
}
