//! Whole values: branch and bound on top of the simplex method.

use super::Undecided;
use super::band::{Band, ceiling};
use super::presolve::propagate;
use super::tableau::Tableau;
use super::work::Work;

/// An integer point and the value of the objective there.
pub(super) struct Found {
    pub(super) value: i64,
    pub(super) point: Vec<i64>,
}

/// The integer point with the lowest objective among those below `known`; `None` if there is none.
/// The search ends early at the first point whose objective is at most `enough`.
///
/// Depth first, at the first variable that is not whole, and first on the side to which it is
/// nearer. It ends because the bounds are finite.
pub(super) fn lowest_point(
    mut tableau: Tableau,
    bands: &[Band],
    bounds: &[(i64, i64)],
    known: Option<i64>,
    enough: Option<i64>,
) -> Result<Option<Found>, Undecided> {
    let mut best: Option<Found> = None;
    let mut work = Work::new();
    let mut open = vec![bounds.to_vec()];
    while let Some(mut bounds) = open.pop() {
        let mark = best.as_ref().map(|found| found.value).or(known);
        if mark.is_some_and(|mark| enough.is_some_and(|enough| mark <= enough)) {
            break;
        }
        work.node()?;
        if !propagate(bands, &mut bounds) {
            continue;
        }
        tableau.restrict(&bounds)?;
        if !tableau.repair(&mut work)? {
            continue;
        }
        tableau.minimise(enough, &mut work)?;
        // Enough only by a fraction: the lowest corner is the better place to branch.
        if enough.is_some() && tableau.fractional().is_some() {
            tableau.minimise(None, &mut work)?;
        }
        // No integer point of this node is lower than this.
        let value = ceiling(tableau.value(tableau.objective()), tableau.denominator);
        if mark.is_some_and(|mark| value >= mark) {
            continue;
        }
        match tableau.fractional() {
            None => {
                let point = tableau.point()?.into_iter().map(|cell| cell / tableau.denominator).collect();
                best = Some(Found { value, point });
            }
            Some((variable, below, nearer_above)) => {
                let (mut lower, mut upper) = (bounds.clone(), bounds);
                lower[variable].1 = below;
                upper[variable].0 = below + 1;
                open.extend(if nearer_above { [lower, upper] } else { [upper, lower] });
            }
        }
    }
    Ok(best)
}
