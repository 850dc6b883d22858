//! Finds witnesses as an integer program, where walks find none. Its answers are tables to be checked: a wrong one is
//! thrown away, and where it gives none a cell counts as open.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};

use super::cell::{Measure, Printed};
use super::witness::{Constraint, System, View, Witness};

/// How many nodes of its search a program may look at: the same answer on every machine, unlike a limit of time.
const MOST_NODES: u64 = 200;
/// Parts with more cells than this are left to walks.
const MOST_CELLS: usize = 400;

/// A table in which a cell of a part is as high as the program finds, or as low.
pub(super) fn farthest(
    system: &System<'_>,
    view: View<'_>,
    part: &[usize],
    cell: usize,
    is_up: bool,
) -> Option<Witness> {
    if part.len() > MOST_CELLS {
        return None;
    }
    // Foreign code that fails costs a witness, not the run.
    let found = catch_unwind(AssertUnwindSafe(|| solve(system, view, part, cell, is_up)));
    found.ok().flatten().filter(|witness| system.agrees(witness, &view))
}

fn solve(system: &System<'_>, view: View<'_>, part: &[usize], cell: usize, is_up: bool) -> Option<Witness> {
    let direction = if is_up { OptimizationDirection::Maximize } else { OptimizationDirection::Minimize };
    let mut problem = Problem::new(direction);
    let small = |value: i64| i32::try_from(value).ok();
    let mut variables: BTreeMap<usize, Variable> = BTreeMap::new();
    for &one in part {
        let base = system.base_of[one];
        let is_base_free = view.printed[base] != Printed::Value;
        let most = system.cells.all[if is_base_free { base } else { one }].whole;
        let objective = if one == cell { 1.0 } else { 0.0 };
        let bounds = (small(view.own(one))?, small(most)?);
        variables.insert(one, problem.add_integer_var(objective, bounds));
    }
    let mut add = |constraint: &Constraint| {
        let mut terms = Vec::with_capacity(constraint.terms.len());
        let mut known = 0;
        for &(one, factor) in &constraint.terms {
            match variables.get(&one) {
                Some(variable) => terms.push((*variable, f64::from(small(factor)?))),
                None => known += factor * system.cells.all[one].value,
            }
        }
        if terms.is_empty() {
            return Some(());
        }
        let limit = |limit: i64| small(limit - known).map(f64::from);
        match (constraint.least, constraint.most) {
            (Some(least), Some(most)) if least == most => {
                problem.add_constraint(terms, ComparisonOp::Eq, limit(least)?);
            }
            (least, most) => {
                if let Some(least) = least {
                    problem.add_constraint(terms.clone(), ComparisonOp::Ge, limit(least)?);
                }
                if let Some(most) = most {
                    problem.add_constraint(terms, ComparisonOp::Le, limit(most)?);
                }
            }
        }
        Some(())
    };
    let mut rows: Vec<usize> = part.iter().flat_map(|&one| system.rows_of[one].iter().copied()).collect();
    rows.sort_unstable();
    rows.dedup();
    for row in rows {
        add(&system.relation(row, &view))?;
    }
    for &one in part {
        if let Printed::Share(share) = view.printed[one] {
            system.of_share(one, share).iter().try_for_each(&mut add)?;
        }
        if system.cells.all[one].address.measure == Measure::Base {
            system.of_base(one, view.printed).iter().try_for_each(&mut add)?;
        }
    }
    let mut options = SolveOptions::default();
    options.node_limit = Some(MOST_NODES);
    let outcome = problem.solve_with(options).ok()?;
    let solution = outcome.solution()?;
    let moved = variables.iter().map(|(&one, &variable)| {
        // Whole within the tolerance of the program; `agrees` decides.
        #[expect(clippy::cast_possible_truncation, reason = "values lie within bounds of 32 bits")]
        let value = solution.var_value(variable).round() as i64;
        (one, value - system.cells.all[one].value)
    });
    Some(Witness(moved.filter(|(_, by)| *by != 0).collect()))
}
