//! Laws of linear systems, against all points one after the other.

use cssa::disclose::linear::{Fraction, Relation, Row, System};
use proptest::prelude::*;

use super::{oracle, row, two_way};

/// A system around a hidden point, which most rows keep: systems drawn without one are rarely
/// possible at all.
fn systems(variables: std::ops::RangeInclusive<usize>, factor: i64, rows: usize) -> impl Strategy<Value = System> {
    let relation = prop_oneof![Just(Relation::Equal), Just(Relation::AtMost), Just(Relation::AtLeast)];
    variables.prop_flat_map(move |count| {
        let bounds = prop::collection::vec((-2i64..=2, 0i64..=3, 0i64..=3), count);
        let terms = prop::collection::vec((0..count, -factor..=factor), 0..=4);
        let distance = prop_oneof![6 => Just(0i64), 1 => Just(1), 1 => Just(-1), 1 => -5i64..=5];
        let rows = prop::collection::vec((terms, relation.clone(), distance), 0..=rows);
        (bounds, rows).prop_map(|(bounds, rows)| {
            let hidden: Vec<i64> = bounds.iter().map(|&(lowest, width, within)| lowest + within.min(width)).collect();
            let rows = rows.into_iter().map(|(terms, relation, distance)| {
                let constant = oracle::value(&terms, &hidden) + distance;
                Row { terms, relation, constant }
            });
            let rows = rows.collect();
            System { bounds: bounds.iter().map(|&(lowest, width, _)| (lowest, lowest + width)).collect(), rows }
        })
    })
}

fn objectives() -> impl Strategy<Value = Vec<Vec<i64>>> {
    prop::collection::vec(prop::collection::vec(-3i64..=3, 5), 1..=4)
}

fn terms(factors: &[i64], system: &System) -> Vec<(usize, i64)> {
    factors.iter().copied().enumerate().take(system.bounds.len()).collect()
}

fn check_ranges(system: &System, objectives: &[Vec<(usize, i64)>]) -> Result<(), TestCaseError> {
    let points = oracle::points(system);
    let prepared = system.prepare().expect("small");
    prop_assert_eq!(prepared.is_some(), !points.is_empty());
    for objective in objectives {
        let expected = oracle::range(&points, objective);
        prop_assert_eq!(system.range(objective), Ok(expected));
        let Some((prepared, (lowest, highest))) = prepared.as_ref().zip(expected) else { continue };
        prop_assert_eq!(prepared.range(objective), Ok((lowest, highest)));
        let attained = |value: i64| points.iter().any(|point| oracle::value(objective, point) == value);
        for wanted in [(lowest, highest), (lowest + 1, highest - 1), (lowest - 1, highest + 1), (0, 0)] {
            let (low, high) = prepared.reaches(objective, wanted).expect("small");
            prop_assert_eq!(system.reaches(objective, wanted), Ok(Some((low, high))));
            prop_assert!(attained(low) && (low <= wanted.0 || low == lowest));
            prop_assert!(attained(high) && (high >= wanted.1 || high == highest));
        }
    }
    Ok(())
}

/// The sum of the terms at a point of fractions: numerator and positive denominator.
fn exact(terms: &[(usize, i64)], point: &[Fraction]) -> (i128, i128) {
    terms.iter().fold((0, 1), |(numerator, denominator), &(variable, factor)| {
        let Fraction { numerator: top, denominator: bottom } = point[variable];
        let (top, bottom) = (i128::from(top) * i128::from(factor), i128::from(bottom));
        (numerator * bottom + top * denominator, denominator * bottom)
    })
}

fn is_feasible(system: &System, point: &[Fraction]) -> bool {
    let bound = |variable, relation, constant| row(&[(variable, 1)], relation, constant);
    let bounds = system.bounds.iter().enumerate().flat_map(|(variable, &(lowest, highest))| {
        [bound(variable, Relation::AtLeast, lowest), bound(variable, Relation::AtMost, highest)]
    });
    bounds.chain(system.rows.iter().cloned()).all(|row| {
        let (sum, scale) = exact(&row.terms, point);
        match row.relation {
            Relation::Equal => sum == i128::from(row.constant) * scale,
            Relation::AtMost => sum <= i128::from(row.constant) * scale,
            Relation::AtLeast => sum >= i128::from(row.constant) * scale,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_range_is_that_of_all_points(system in systems(1..=5, 2, 6), objectives in objectives()) {
        let objectives: Vec<_> = objectives.iter().map(|factors| terms(factors, &system)).collect();
        check_ranges(&system, &objectives)?;
    }

    /// Larger factors make larger determinants and more fractions.
    #[test]
    fn so_it_is_with_larger_factors(system in systems(2..=4, 9, 5), objectives in objectives()) {
        let objectives: Vec<_> = objectives.iter().map(|factors| terms(factors, &system)).collect();
        check_ranges(&system, &objectives)?;
    }

    #[test]
    fn the_cheapest_point_is_feasible_and_no_whole_point_is_cheaper(
        system in systems(1..=5, 3, 6), costs in prop::collection::vec(0i64..=5, 5),
    ) {
        let costs = &costs[..system.bounds.len()];
        let lowest = oracle::range(&oracle::points(&system), &terms(costs, &system)).map(|(lowest, _)| lowest);
        let cheapest = system.cheapest(costs).expect("small");
        prop_assert!(cheapest.is_some() || lowest.is_none());
        let Some(point) = cheapest else { return Ok(()) };
        prop_assert_eq!(point.len(), costs.len());
        prop_assert!(is_feasible(&system, &point));
        let (cost, scale) = exact(&terms(costs, &system), &point);
        prop_assert!(lowest.is_none_or(|lowest| cost <= i128::from(lowest) * scale));
    }

    #[test]
    fn the_cheapest_point_costs_as_much_as_the_best_corner(
        system in systems(3..=3, 4, 5), costs in [-5i64..=5, 0..=5, 0..=5],
    ) {
        let corner = oracle::lowest_cost(&system, costs);
        let cheapest = system.cheapest(&costs).expect("small");
        prop_assert_eq!(cheapest.is_some(), corner.is_some());
        let Some((point, (least, of))) = cheapest.zip(corner) else { return Ok(()) };
        let (cost, scale) = exact(&terms(&costs, &system), &point);
        prop_assert_eq!(cost * i128::from(of), i128::from(least) * scale);
    }

    /// Every variable is in one part, in order, and no row reaches over two of them.
    #[test]
    fn components_are_a_partition(system in systems(1..=5, 2, 3)) {
        let components = system.components();
        prop_assert!(components.iter().all(|part| part.is_sorted()));
        prop_assert!(components.iter().map(|part| part[0]).is_sorted());
        let mut all = components.concat();
        all.sort_unstable();
        prop_assert_eq!(all, (0..system.bounds.len()).collect::<Vec<_>>());
        for row in &system.rows {
            let own = |variable: usize| row.terms.iter().filter(move |term| term.0 == variable);
            let factor = |variable: usize| own(variable).map(|term| term.1).sum::<i64>();
            let is_fixed = |variable: usize| system.bounds[variable].0 == system.bounds[variable].1;
            let free = |variable: &usize| !is_fixed(*variable) && factor(*variable) != 0;
            let touched = components.iter().filter(|part| part.iter().any(free)).count();
            prop_assert!(touched <= 1);
        }
    }
}

/// A table of three dimensions with the sums over each of them: those of two-way tables that were
/// published one by one.
fn three_way(sizes: [usize; 3], counts: &[i64]) -> System {
    let cell = |i: usize, j: usize, k: usize| (i * sizes[1] + j) * sizes[2] + k;
    let mut lines: Vec<Vec<usize>> = Vec::new();
    for a in 0..sizes[0].max(sizes[1]) {
        for b in 0..sizes[1].max(sizes[2]) {
            let within = |at: usize, along: usize| at < sizes[along];
            if within(a, 0) && within(b, 1) {
                lines.push((0..sizes[2]).map(|k| cell(a, b, k)).collect());
            }
            if within(a, 0) && within(b, 2) {
                lines.push((0..sizes[1]).map(|j| cell(a, j, b)).collect());
            }
            if within(a, 1) && within(b, 2) {
                lines.push((0..sizes[0]).map(|i| cell(i, a, b)).collect());
            }
        }
    }
    let rows: Vec<Row> = lines
        .iter()
        .map(|line| {
            let terms: Vec<(usize, i64)> = line.iter().map(|&cell| (cell, 1)).collect();
            Row { constant: oracle::value(&terms, counts), terms, relation: Relation::Equal }
        })
        .collect();
    let smallest = |cell: usize| {
        let own = rows.iter().filter(|row| row.terms.contains(&(cell, 1)));
        own.map(|row| row.constant).min().expect("every cell is in three sums")
    };
    System { bounds: (0..counts.len()).map(|cell| (0, smallest(cell))).collect(), rows }
}

fn check_cells(system: &System) -> Result<(), TestCaseError> {
    let mut objectives: Vec<Vec<(usize, i64)>> = (0..system.bounds.len()).map(|cell| vec![(cell, 1)]).collect();
    objectives.push((0..system.bounds.len()).map(|cell| (cell, cell as i64 % 4 - 1)).collect());
    check_ranges(system, &objectives)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_three_way_table_has_the_ranges_of_all_tables(counts in prop::collection::vec(0i64..=4, 12)) {
        check_cells(&three_way([2, 2, 3], &counts))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    /// At the size of published tables there is no counting all of them, but for two dimensions the
    /// bounds of Fréchet are attained.
    #[test]
    fn a_two_way_table_has_the_ranges_of_frechet(
        counts in (2usize..=6, 2usize..=8).prop_flat_map(|(height, width)| {
            prop::collection::vec(prop::collection::vec(0i64..=20, width), height)
        }),
    ) {
        let rows: Vec<i64> = counts.iter().map(|row| row.iter().sum()).collect();
        let columns: Vec<i64> = (0..counts[0].len()).map(|j| counts.iter().map(|row| row[j]).sum()).collect();
        let total: i64 = rows.iter().sum();
        let prepared = two_way(&rows, &columns).prepare().expect("decided").expect("there is a table");
        let cells = rows.iter().flat_map(|row| columns.iter().map(move |column| (row, column)));
        for (cell, (row, column)) in cells.enumerate() {
            let expected = ((row + column - total).max(0), *row.min(column));
            prop_assert_eq!(prepared.range(&[(cell, 1)]), Ok(expected));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    /// From 3 × 3 × 3 on, such a system can have corners that are not whole.
    #[test]
    fn so_has_a_larger_one(counts in prop::collection::vec(0i64..=2, 27)) {
        check_cells(&three_way([3, 3, 3], &counts))?;
    }
}
