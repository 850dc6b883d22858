//! The same answers in the slowest and plainest way: all points one after the other.

use cssa::disclose::linear::{Relation, Row, System};

pub(super) fn value(terms: &[(usize, i64)], point: &[i64]) -> i64 {
    terms.iter().map(|&(variable, factor)| factor * point[variable]).sum()
}

pub(super) fn keeps(row: &Row, sum: i64) -> bool {
    match row.relation {
        Relation::Equal => sum == row.constant,
        Relation::AtMost => sum <= row.constant,
        Relation::AtLeast => sum >= row.constant,
    }
}

/// All integer points. A row is looked at as soon as all its variables have values.
pub(super) fn points(system: &System) -> Vec<Vec<i64>> {
    let mut points = vec![vec![]];
    let last = |row: &Row| row.terms.iter().map(|&(variable, _)| variable).max();
    let without_terms = system.rows.iter().filter(|row| last(row).is_none());
    if !without_terms.into_iter().all(|row| keeps(row, 0)) {
        return vec![];
    }
    for (variable, &(lowest, highest)) in system.bounds.iter().enumerate() {
        let ready: Vec<&Row> = system.rows.iter().filter(|row| last(row) == Some(variable)).collect();
        let longer = |point: Vec<i64>| (lowest..=highest).map(move |value| [point.clone(), vec![value]].concat());
        let all = points.into_iter().flat_map(longer);
        points = all.filter(|point| ready.iter().all(|row| keeps(row, value(&row.terms, point)))).collect();
    }
    points
}

pub(super) fn range(points: &[Vec<i64>], objective: &[(usize, i64)]) -> Option<(i64, i64)> {
    let values = || points.iter().map(|point| value(objective, point));
    Some((values().min()?, values().max()?))
}

/// The lowest cost over all points of a system of three variables, whole or not, as numerator and
/// positive denominator. It is found at a corner, where three independent planes (of rows or
/// bounds) meet, by Cramer's rule.
pub(super) fn lowest_cost(system: &System, costs: [i64; 3]) -> Option<(i64, i64)> {
    let plane = |row: &Row| {
        let mut factors = [0; 3];
        row.terms.iter().for_each(|&(variable, factor)| factors[variable] += factor);
        (factors, row.constant)
    };
    let mut rows = system.rows.clone();
    for (variable, &(lowest, highest)) in system.bounds.iter().enumerate() {
        rows.push(Row { terms: vec![(variable, 1)], relation: Relation::AtLeast, constant: lowest });
        rows.push(Row { terms: vec![(variable, 1)], relation: Relation::AtMost, constant: highest });
    }
    let planes: Vec<([i64; 3], i64)> = rows.iter().map(plane).collect();
    let mut best: Option<(i64, i64)> = None;
    for (i, one) in planes.iter().enumerate() {
        for (j, other) in planes[..i].iter().enumerate() {
            for third in &planes[..j] {
                let Some((corner, scale)) = meeting([*one, *other, *third]) else { continue };
                let inside = rows.iter().zip(&planes).all(|(row, (factors, constant))| {
                    let scaled = Row { terms: vec![], relation: row.relation, constant: constant * scale };
                    keeps(&scaled, dot(*factors, corner))
                });
                let cost = dot(costs, corner);
                if inside && best.is_none_or(|(least, of)| cost * of < least * scale) {
                    best = Some((cost, scale));
                }
            }
        }
    }
    best
}

fn dot(one: [i64; 3], other: [i64; 3]) -> i64 {
    (0..3).map(|i| one[i] * other[i]).sum()
}

/// The point of three planes, and the positive scale it is to be divided by.
fn meeting(planes: [([i64; 3], i64); 3]) -> Option<([i64; 3], i64)> {
    let determinant = |m: [[i64; 3]; 3]| {
        let minor = |a: usize, b: usize| m[1][a] * m[2][b] - m[1][b] * m[2][a];
        m[0][0] * minor(1, 2) - m[0][1] * minor(0, 2) + m[0][2] * minor(0, 1)
    };
    let matrix = planes.map(|(factors, _)| factors);
    let scale = determinant(matrix);
    let with_constants = |column: usize| {
        let mut replaced = matrix;
        (0..3).for_each(|row| replaced[row][column] = planes[row].1);
        determinant(replaced) * scale.signum()
    };
    (scale != 0).then(|| ([0, 1, 2].map(with_constants), scale.abs()))
}
