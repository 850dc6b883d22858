//! The cheapest point of a system, whole or not.

use super::band::Band;
use super::parts::{Split, split};
use super::presolve::bands;
use super::tableau::Tableau;
use super::work::Work;
use super::{Fraction, System, Undecided};

/// See [`System::cheapest`]. Here the rows may not round: that would cut off points.
pub(super) fn cheapest(system: &System, costs: &[i64]) -> Result<Option<Vec<Fraction>>, Undecided> {
    let Some(bands) = bands(system)? else { return Ok(None) };
    let bounds = &system.bounds;
    let shorter = bands.into_iter().map(|band| band.without_fixed(bounds));
    let Some(mut bands) = shorter.collect::<Option<Vec<Band>>>() else { return Ok(None) };
    bands.retain(|band| !band.is_redundant(bounds));

    let cost = |variable: usize| costs.get(variable).copied().unwrap_or(0);
    let cheaper_end = |(variable, &(lowest, highest)): (usize, &(i64, i64))| {
        Fraction::from(if cost(variable) < 0 { highest } else { lowest })
    };
    let mut point: Vec<Fraction> = bounds.iter().enumerate().map(cheaper_end).collect();
    let mut undecided = None;
    for part in split(bounds.len(), bands) {
        match cheapest_of_part(&part, bounds, cost) {
            Ok(None) => return Ok(None),
            Ok(Some(values)) => {
                part.variables.iter().zip(values).for_each(|(&variable, value)| point[variable] = value)
            }
            // Another part may still show that there is no point at all.
            Err(error) => undecided = undecided.or(Some(error)),
        }
    }
    undecided.map_or(Ok(Some(point)), Err)
}

fn cheapest_of_part(
    part: &Split,
    bounds: &[(i64, i64)],
    cost: impl Fn(usize) -> i64,
) -> Result<Option<Vec<Fraction>>, Undecided> {
    let mut work = Work::new();
    let bounds: Vec<(i64, i64)> = part.variables.iter().map(|&variable| bounds[variable]).collect();
    let mut tableau = Tableau::new(&bounds, &part.bands)?;
    if !tableau.repair(&mut work)? {
        return Ok(None);
    }
    let objective: Vec<(usize, i64)> =
        part.variables.iter().enumerate().map(|(column, &variable)| (column, cost(variable))).collect();
    let mut tableau = tableau.compacted().with_objective(&objective)?;
    tableau.minimise(None, &mut work)?;
    let values = tableau.point()?.into_iter().map(|value| Fraction::new(value, tableau.denominator));
    Ok(Some(values.collect()))
}
