//! A system ready for many questions: presolved, in parts, each with a feasible basis and an
//! integer point from which every search starts.

use super::band::{Band, narrow, objective_terms};
use super::parts::{Split, split};
use super::presolve::presolve;
use super::search::lowest_point;
use super::tableau::Tableau;
use super::work::Work;
use super::{System, Undecided};

/// What [`System::prepare`] gives: the answers are those of the system, only sooner. It never
/// changes, so that many threads can ask it and no answer depends on what was asked before.
#[derive(Debug, Clone)]
pub struct Prepared {
    bounds: Vec<(i64, i64)>,
    /// For each variable the part and the place in it; `None` for one that only its bounds hold.
    place: Vec<Option<(usize, usize)>>,
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
struct Part {
    bounds: Vec<(i64, i64)>,
    bands: Vec<Band>,
    tableau: Tableau,
    point: Vec<i64>,
}

impl Prepared {
    pub(super) fn new(system: &System) -> Result<Option<Prepared>, Undecided> {
        let Some(presolved) = presolve(system)? else { return Ok(None) };
        let bounds = presolved.bounds;
        let mut place = vec![None; bounds.len()];
        let mut parts = Vec::new();
        let mut undecided = None;
        for (number, split) in split(bounds.len(), presolved.bands).into_iter().enumerate() {
            split.variables.iter().enumerate().for_each(|(column, &variable)| place[variable] = Some((number, column)));
            match Part::new(&split, &bounds) {
                Ok(Some(part)) => parts.push(part),
                Ok(None) => return Ok(None),
                // Another part may still show that there is no point at all.
                Err(error) => undecided = undecided.or(Some(error)),
            }
        }
        match undecided {
            Some(error) => Err(error),
            None => Ok(Some(Prepared { bounds, place, parts })),
        }
    }

    /// The lowest and the highest value that an integer point of the system gives the objective.
    pub fn range(&self, objective: &[(usize, i64)]) -> Result<(i64, i64), Undecided> {
        Ok((self.lowest(objective, None)?, self.highest(objective, None)?))
    }

    /// Two values that integer points of the system give the objective, for the question whether
    /// its range is at least as wide as `wanted`. The first is at most `wanted.0`, or it is the
    /// lowest there is; the second is at least `wanted.1`, or it is the highest there is.
    pub fn reaches(&self, objective: &[(usize, i64)], wanted: (i64, i64)) -> Result<(i64, i64), Undecided> {
        Ok((self.lowest(objective, Some(wanted.0))?, self.highest(objective, Some(wanted.1))?))
    }

    /// An integer point of the system at which the objective is not what it is at `point`, another one; `None` if
    /// there is none, so that the objective has one value only. What differs between two points has more than one.
    pub fn apart(&self, objective: &[(usize, i64)], point: &[i64]) -> Result<Option<Vec<i64>>, Undecided> {
        let mut shares: Vec<Vec<(usize, i64)>> = vec![Vec::new(); self.parts.len()];
        for (variable, factor) in objective_terms(objective)? {
            match self.place[variable] {
                Some((part, column)) => shares[part].push((column, factor)),
                None => {
                    let (lowest, highest) = self.bounds[variable];
                    let other = if point[variable] == lowest { highest } else { lowest };
                    if other != point[variable] {
                        let mut point = point.to_vec();
                        point[variable] = other;
                        return Ok(Some(point));
                    }
                }
            }
        }
        for (number, (part, share)) in self.parts.iter().zip(&shares).enumerate() {
            let opposite: Vec<(usize, i64)> = share.iter().map(|&(column, factor)| (column, -factor)).collect();
            for objective in [share, &opposite].into_iter().filter(|objective| !objective.is_empty()) {
                let at = |variable: usize| self.place[variable].filter(|(part, _)| *part == number);
                let values = (0..point.len()).filter_map(|variable| Some((at(variable)?.1, point[variable])));
                let mut own = part.point.clone();
                values.for_each(|(column, value)| own[column] = value);
                if let Some(found) = part.lower(objective, &own)? {
                    let of_part = |variable: usize| at(variable).map_or(point[variable], |(_, column)| found[column]);
                    return Ok(Some((0..point.len()).map(of_part).collect()));
                }
            }
        }
        Ok(None)
    }

    /// The point from which searches start.
    pub fn point(&self) -> Vec<i64> {
        let all = self.place.iter().zip(&self.bounds);
        let value = |(place, bounds): (&Option<(usize, usize)>, &(i64, i64))| match *place {
            Some((part, column)) => self.parts[part].point[column],
            None => bounds.0,
        };
        all.map(value).collect()
    }

    /// The highest value is the opposite of the lowest value of the opposite.
    fn highest(&self, objective: &[(usize, i64)], enough: Option<i64>) -> Result<i64, Undecided> {
        let opposite = |value: i64| narrow(-i128::from(value));
        let terms = objective.iter().map(|&(variable, factor)| Ok((variable, opposite(factor)?)));
        let terms = terms.collect::<Result<Vec<_>, Undecided>>()?;
        // Only the lowest number of all has no opposite, and every value is at least that.
        let enough = enough.map(|enough| opposite(enough).unwrap_or(i64::MAX));
        opposite(self.lowest(&terms, enough)?)
    }

    fn lowest(&self, objective: &[(usize, i64)], enough: Option<i64>) -> Result<i64, Undecided> {
        let mut shares: Vec<Vec<(usize, i64)>> = vec![Vec::new(); self.parts.len()];
        let mut attained = 0_i128;
        for (variable, factor) in objective_terms(objective)? {
            let (lowest, highest) = self.bounds[variable];
            let value = match self.place[variable] {
                Some((part, column)) => {
                    shares[part].push((column, factor));
                    self.parts[part].point[column]
                }
                None if factor > 0 => lowest,
                None => highest,
            };
            attained += i128::from(narrow(i128::from(factor) * i128::from(value))?);
        }
        let touched = self.parts.iter().zip(&shares).filter(|(_, share)| !share.is_empty());
        for (part, share) in touched {
            let known = part.value(share)?;
            let others = attained - i128::from(known);
            let left = enough.map(|enough| (i128::from(enough) - others).clamp(i64::MIN.into(), i64::MAX.into()));
            let left = left.map(|left| i64::try_from(left).expect("it was clamped into 64 bits"));
            attained = others + i128::from(part.lowest(share, known, left)?);
        }
        narrow(attained)
    }
}

impl Part {
    /// `None` if the part has no integer point.
    fn new(split: &Split, bounds: &[(i64, i64)]) -> Result<Option<Part>, Undecided> {
        let bounds: Vec<(i64, i64)> = split.variables.iter().map(|&variable| bounds[variable]).collect();
        let mut work = Work::new();
        let mut tableau = Tableau::new(&bounds, &split.bands)?;
        if !tableau.repair(&mut work)? {
            return Ok(None);
        }
        let tableau = tableau.compacted();
        let found = lowest_point(tableau.with_objective(&[])?, &split.bands, &bounds, None, Some(0))?;
        Ok(found.map(|found| Part { bounds, bands: split.bands.clone(), tableau, point: found.point }))
    }

    /// A point at which the objective is lower than at another one, if there is one.
    fn lower(&self, objective: &[(usize, i64)], point: &[i64]) -> Result<Option<Vec<i64>>, Undecided> {
        let known = value_at(objective, point)?;
        let tableau = self.tableau.with_objective(objective)?;
        let found = lowest_point(tableau, &self.bands, &self.bounds, Some(known), Some(known - 1))?;
        Ok(found.map(|found| found.point))
    }

    /// The objective at the known point.
    fn value(&self, objective: &[(usize, i64)]) -> Result<i64, Undecided> {
        value_at(objective, &self.point)
    }

    /// The lowest value of the objective, or one that is at most `enough`.
    fn lowest(&self, objective: &[(usize, i64)], known: i64, enough: Option<i64>) -> Result<i64, Undecided> {
        if enough.is_some_and(|enough| known <= enough) {
            return Ok(known);
        }
        let tableau = self.tableau.with_objective(objective)?;
        let found = lowest_point(tableau, &self.bands, &self.bounds, Some(known), enough)?;
        Ok(found.map_or(known, |found| found.value))
    }
}

/// The objective at a point.
fn value_at(objective: &[(usize, i64)], point: &[i64]) -> Result<i64, Undecided> {
    let mut sum = 0_i128;
    for &(column, factor) in objective {
        sum += i128::from(narrow(i128::from(factor) * i128::from(point[column]))?);
    }
    narrow(sum)
}
