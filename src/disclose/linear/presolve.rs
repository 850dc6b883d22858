//! What the rows say about whole values without any solving: tighter bounds, fewer and shorter rows.

use super::band::Band;
use super::{System, Undecided};

/// Rounds of tightening. Two rows can push each other's bounds together by one in each round, for
/// as long as the bounds are wide; to stop early leaves the bounds wider, never wrong.
const ROUNDS: usize = 50;

/// The same system for whole values: tight bounds, and bands that do not follow from the bounds
/// and in which no variable is fixed.
pub(super) struct Presolved {
    pub(super) bounds: Vec<(i64, i64)>,
    pub(super) bands: Vec<Band>,
}

/// `None` if it is already clear that the system has no integer point.
pub(super) fn presolve(system: &System) -> Result<Option<Presolved>, Undecided> {
    let bounds = system.bounds.clone();
    let Some(bands) = bands(system)? else { return Ok(None) };
    Ok(simplified(bounds, bands))
}

/// The rows as bands; `None` if a bound or a row is impossible by itself, whole or not.
pub(super) fn bands(system: &System) -> Result<Option<Vec<Band>>, Undecided> {
    if system.bounds.iter().any(|(lowest, highest)| lowest > highest) {
        return Ok(None);
    }
    system.rows.iter().map(|row| Band::new(row, &system.bounds)).collect()
}

fn simplified(mut bounds: Vec<(i64, i64)>, mut bands: Vec<Band>) -> Option<Presolved> {
    // Bounds fix variables, which shortens the bands, whose coefficients then may share a divisor,
    // which rounds their limits, which tightens bounds.
    for _ in 0..ROUNDS {
        let before = bands.clone();
        if !propagate(&bands, &mut bounds) {
            return None;
        }
        let shorter = bands.into_iter().map(|band| band.without_fixed(&bounds)?.divided());
        bands = shorter.collect::<Option<Vec<_>>>()?;
        bands.retain(|band| !band.is_redundant(&bounds));
        if bands == before {
            break;
        }
    }
    Some(Presolved { bounds, bands })
}

/// Tightens the bounds by every band until nothing changes; false if nothing is left.
pub(super) fn propagate(bands: &[Band], bounds: &mut [(i64, i64)]) -> bool {
    for _ in 0..ROUNDS {
        let mut changed = false;
        for band in bands {
            match band.tighten(bounds) {
                None => return false,
                Some(tighter) => changed |= tighter,
            }
        }
        if !changed {
            break;
        }
    }
    true
}
