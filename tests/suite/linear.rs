//! Linear systems over bounded integers, worked out by hand.

mod laws;
mod oracle;

use Relation::{AtLeast, AtMost, Equal};
use cssa::disclose::linear::{Fraction, Relation, Row, System, Undecided};

pub(crate) fn row(terms: &[(usize, i64)], relation: Relation, constant: i64) -> Row {
    Row { terms: terms.to_vec(), relation, constant }
}

/// A sum of variables.
fn sum(variables: &[usize], relation: Relation, constant: i64) -> Row {
    row(&variables.iter().map(|&variable| (variable, 1)).collect::<Vec<_>>(), relation, constant)
}

fn system(bounds: &[(i64, i64)], rows: Vec<Row>) -> System {
    System { bounds: bounds.to_vec(), rows }
}

/// The cells of a table with known margins, row by row; each cell is a count of at most the total.
fn two_way(rows: &[i64], columns: &[i64]) -> System {
    let (height, width, total) = (rows.len(), columns.len(), rows.iter().sum());
    let across = (0..height).map(|i| sum(&(0..width).map(|j| i * width + j).collect::<Vec<_>>(), Equal, rows[i]));
    let down = (0..width).map(|j| sum(&(0..height).map(|i| i * width + j).collect::<Vec<_>>(), Equal, columns[j]));
    System { bounds: vec![(0, total); height * width], rows: across.chain(down).collect() }
}

#[test]
fn a_table_with_margins_gives_the_bounds_of_frechet() {
    //  a b c | 7      A cell lies between max(0, row + column − total) and min(row, column):
    //  d e f | 2      a: 7+3−9 = 1 to 3, b: 7+4−9 = 2 to 4, c: 7+2−9 = 0 to 2,
    //  3 4 2 | 9      d, e, f: 2+4−9 < 0, so 0, to 2.
    let table = two_way(&[7, 2], &[3, 4, 2]);
    let ranges = (0..6).map(|cell| table.range(&[(cell, 1)]).expect("decided").expect("a table"));
    assert_eq!(ranges.collect::<Vec<_>>(), [(1, 3), (2, 4), (0, 2), (0, 2), (0, 2), (0, 2)]);
    // a + b = 7 − c, and a − d = a − (3 − a) = 2a − 3.
    assert_eq!(table.range(&[(0, 1), (1, 1)]), Ok(Some((5, 7))));
    assert_eq!(table.range(&[(0, 1), (3, -1)]), Ok(Some((-1, 3))));
    // The objective may name a variable twice: a + a.
    assert_eq!(table.range(&[(0, 1), (0, 1)]), Ok(Some((2, 6))));
    assert_eq!(table.components(), [[0, 1, 2, 3, 4, 5]]);
}

#[test]
fn whole_values_are_narrower_than_fractions_on_an_odd_cycle() {
    // Of x, y, z (each 0 or 1) every two have sum 1 at least. Halves would do, with sum 3/2; of
    // whole values at least two must be 1.
    let rows = vec![sum(&[0, 1], AtLeast, 1), sum(&[1, 2], AtLeast, 1), sum(&[0, 2], AtLeast, 1)];
    let cycle = system(&[(0, 1); 3], rows);
    assert_eq!(cycle.range(&[(0, 1), (1, 1), (2, 1)]), Ok(Some((2, 3))));
    assert_eq!(cycle.cheapest(&[1, 1, 1]), Ok(Some(vec![Fraction { numerator: 1, denominator: 2 }; 3])));
    // With costs 1, 1, 3 the point 1, 1, 0 costs 2, less than the halves: 5/2.
    assert_eq!(cycle.cheapest(&[1, 1, 3]), Ok(Some(vec![Fraction::from(1), Fraction::from(1), Fraction::from(0)])));
}

#[test]
fn parity_leaves_no_whole_point() {
    // The three rows add up to 2 (x + y + z) = 3.
    let rows = vec![sum(&[0, 1], Equal, 1), sum(&[1, 2], Equal, 1), sum(&[0, 2], Equal, 1)];
    let odd = system(&[(0, 3); 3], rows);
    assert_eq!(odd.range(&[(0, 1)]), Ok(None));
    assert_eq!(odd.cheapest(&[1, 1, 1]), Ok(Some(vec![Fraction { numerator: 1, denominator: 2 }; 3])));
    // 2x + 4y is even; 2x + 3y = 7 is x = 2, y = 1 only.
    assert_eq!(system(&[(0, 9); 2], vec![row(&[(0, 2), (1, 4)], Equal, 7)]).range(&[]), Ok(None));
    assert_eq!(system(&[(1, 9); 2], vec![row(&[(0, 2), (1, 3)], Equal, 7)]).range(&[(0, 1)]), Ok(Some((2, 2))));
    // 3 ≤ 2x + 2y ≤ 5 leaves x + y = 2.
    let rows = vec![row(&[(0, 2), (1, 2)], AtLeast, 3), row(&[(0, 2), (1, 2)], AtMost, 5)];
    assert_eq!(system(&[(0, 9); 2], rows).range(&[(0, 1), (1, 1)]), Ok(Some((2, 2))));
}

#[test]
fn without_rows_the_bounds_answer() {
    // 3x − 2y: from 3·(−1) − 2·5 = −13 to 3·4 − 2·2 = 8.
    let free = system(&[(-1, 4), (2, 5)], vec![]);
    assert_eq!(free.range(&[(0, 3), (1, -2)]), Ok(Some((-13, 8))));
    assert_eq!(free.cheapest(&[1, 1]), Ok(Some(vec![Fraction::from(-1), Fraction::from(2)])));
    assert_eq!(free.cheapest(&[-1]), Ok(Some(vec![Fraction::from(4), Fraction::from(2)])), "a gain, and no cost");
    assert_eq!(system(&[(2, 1)], vec![]).range(&[]), Ok(None), "no value lies between 2 and 1");
    assert_eq!(system(&[(2, 1)], vec![]).cheapest(&[1]), Ok(None));
}

#[test]
fn an_empty_system_has_one_point() {
    let empty = System::default();
    assert_eq!(empty.range(&[]), Ok(Some((0, 0))));
    assert_eq!(empty.cheapest(&[]), Ok(Some(vec![])));
    assert!(empty.components().is_empty());
    // A row without terms says 0 = 0 or 0 ≥ 1.
    assert_eq!(system(&[], vec![row(&[], Equal, 0)]).range(&[]), Ok(Some((0, 0))));
    assert_eq!(system(&[], vec![row(&[], AtLeast, 1)]).range(&[]), Ok(None));
    assert_eq!(system(&[], vec![row(&[], AtLeast, 1)]).cheapest(&[]), Ok(None));
}

#[test]
fn terms_add_up_and_zeros_say_nothing() {
    assert_eq!(system(&[(0, 9)], vec![row(&[(0, 1), (0, 1)], Equal, 6)]).range(&[(0, 1)]), Ok(Some((3, 3))));
    assert_eq!(system(&[(0, 9)], vec![row(&[(0, 1), (0, -1)], AtMost, -1)]).range(&[(0, 1)]), Ok(None));
    // 0·x + y = 4 leaves x free and apart from y.
    let apart = system(&[(0, 9); 2], vec![row(&[(0, 0), (1, 1)], Equal, 4)]);
    assert_eq!(apart.range(&[(0, 1), (1, 1)]), Ok(Some((4, 13))));
    assert_eq!(apart.components(), [[0], [1]]);
}

#[test]
fn redundant_rows_change_nothing_and_contradictory_ones_leave_nothing() {
    // x + y = 5 once more, doubled, and as two inequalities.
    let once = sum(&[0, 1], Equal, 5);
    let twice = row(&[(0, 2), (1, 2)], Equal, 10);
    let (above, below) = (sum(&[0, 1], AtLeast, 5), sum(&[0, 1], AtMost, 5));
    let redundant = system(&[(0, 4); 2], vec![once.clone(), twice, above, below, once.clone()]);
    assert_eq!(redundant.range(&[(0, 1)]), Ok(Some((1, 4))));
    let contradictory = system(&[(0, 4); 2], vec![once, sum(&[0, 1], Equal, 6)]);
    assert_eq!(contradictory.range(&[(0, 1)]), Ok(None));
    assert_eq!(contradictory.cheapest(&[1, 1]), Ok(None));
    // x < y < x, which bounds alone see only after as many rounds as the bounds are wide.
    let rows = vec![row(&[(0, 1), (1, -1)], AtMost, -1), row(&[(1, 1), (0, -1)], AtMost, -1)];
    assert_eq!(system(&[(0, 1_000_000_000); 2], rows).range(&[]), Ok(None));
}

#[test]
fn a_contradiction_elsewhere_leaves_no_point_either() {
    let mut rows = vec![sum(&[0, 1], Equal, 3)];
    assert_eq!(system(&[(0, 3); 5], rows.clone()).range(&[(0, 1)]), Ok(Some((0, 3))));
    rows.extend([sum(&[2, 3], Equal, 1), sum(&[3, 4], Equal, 1), sum(&[2, 4], Equal, 1)]);
    let both = system(&[(0, 3); 5], rows);
    assert_eq!(both.range(&[(0, 1)]), Ok(None));
    assert_eq!(both.components(), [vec![0, 1], vec![2, 3, 4]]);
}

#[test]
fn a_fixed_variable_connects_nothing() {
    let rows = vec![sum(&[0, 1], AtMost, 3), sum(&[1, 2], AtMost, 3)];
    assert_eq!(system(&[(0, 3); 3], rows.clone()).components(), [[0, 1, 2]]);
    assert_eq!(system(&[(0, 3), (1, 1), (0, 3)], rows).components(), [[0], [1], [2]]);
}

#[test]
fn enough_is_attained_or_the_range_is_exact() {
    let table = two_way(&[7, 2], &[3, 4, 2]);
    let reached = |wanted| table.reaches(&[(0, 1)], wanted).expect("decided").expect("a table");
    assert_eq!(reached((0, 9)), (1, 3), "a lies between 1 and 3: more is not attained");
    let (low, high) = reached((2, 2));
    assert!((1..=2).contains(&low) && (2..=3).contains(&high));
    assert_eq!(two_way(&[7, 2], &[3, 4, 3]).reaches(&[(0, 1)], (0, 9)), Ok(None), "the margins do not agree");
    // Two tables side by side: 1 to 3 and 0 to 2 give 1 to 5.
    let mut both = table.clone();
    both.bounds.extend(table.bounds);
    both.rows.extend(
        table
            .rows
            .into_iter()
            .map(|row| Row { terms: row.terms.into_iter().map(|(cell, factor)| (cell + 6, factor)).collect(), ..row }),
    );
    assert_eq!(both.reaches(&[(0, 1), (8, 1)], (0, 9)), Ok(Some((1, 5))));
}

#[test]
fn what_does_not_fit_is_undecided() {
    let wide = |row| system(&[(0, i64::MAX), (i64::MIN, i64::MAX)], vec![row]);
    assert_eq!(wide(row(&[(0, 2)], AtMost, 10)).range(&[(0, 1)]), Err(Undecided::Overflow));
    assert_eq!(wide(row(&[(0, i64::MIN), (1, i64::MIN)], Equal, i64::MIN)).range(&[]), Err(Undecided::Overflow));
    assert_eq!(wide(row(&[(1, 1)], AtLeast, 0)).cheapest(&[1, 1]), Err(Undecided::Overflow));
    let free = system(&[(0, i64::MAX)], vec![]);
    assert_eq!(free.range(&[(0, 1)]), Ok(Some((0, i64::MAX))));
    assert_eq!(free.range(&[(0, 2)]), Err(Undecided::Overflow));
    // Products of some 10^12 are no trouble until the determinants multiply them.
    let primes = [999_983, 999_979, 999_961, 999_959, 999_953];
    let rows = (0..5).map(|i| row(&[(i, primes[i]), ((i + 1) % 5, -7)], AtLeast, 5)).collect();
    assert_eq!(system(&[(0, 1_000_000); 5], rows).cheapest(&[1; 5]), Err(Undecided::Overflow));
}

/// A market split after Cornuéjols and Dawande (1998): rows of arbitrary factors, each to be
/// split into halves, are the standard example of what branch and bound cannot do.
#[test]
fn too_much_work_is_undecided() {
    let factor = |i: usize, j: usize| ((i * 7919 + 13) * (j * 104_729 + 17) % 100_003 % 100) as i64;
    let rows = (0..5).map(|i| {
        let terms: Vec<(usize, i64)> = (0..40).map(|j| (j, factor(i, j))).collect();
        let total: i64 = terms.iter().map(|(_, factor)| factor).sum();
        row(&terms, Equal, total / 2)
    });
    let market = system(&[(0, 1); 40], rows.collect());
    assert_eq!(market.range(&[(0, 1)]), Err(Undecided::TooMuchWork));
    assert!(market.cheapest(&[1; 40]).expect("without whole values it is easy").is_some());
}
