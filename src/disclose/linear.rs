//! Small systems of linear rows over bounded integers, solved exactly: what an outsider who knows
//! the published figures can conclude about a withheld count.
//!
//! There are no floats here, and never a wrong answer: where a number does not fit or the work
//! becomes too much, the answer is [`Undecided`], which a caller reads as "not protected".
//!
//! A system is first presolved: the rows tighten the bounds of the variables until nothing changes,
//! and what is left falls into parts that share no row (`presolve`, `parts`). Each part is a
//! tableau of integers over one denominator (`tableau`) on which the simplex method runs
//! (`simplex`); integers are found by branch and bound on top of it (`search`).

mod band;
mod cheapest;
mod fraction;
mod parts;
mod prepared;
mod presolve;
mod search;
mod simplex;
mod tableau;
mod work;

pub use fraction::Fraction;
pub use prepared::Prepared;

/// How the sum of a row stands to its constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    Equal,
    AtMost,
    AtLeast,
}

/// One linear row: the sum of the terms (variable, coefficient) stands in this relation to the
/// constant. A variable may occur more than once; its coefficients add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub terms: Vec<(usize, i64)>,
    pub relation: Relation,
    pub constant: i64,
}

/// Bounded integer variables and the rows that hold between them. Every variable that a row or an
/// objective names must have bounds: a variable without them is a bug of the caller, and panics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct System {
    /// The lowest and the highest value of each variable; both belong to it.
    pub bounds: Vec<(i64, i64)>,
    pub rows: Vec<Row>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Undecided {
    #[error("a number of the linear system does not fit into 64 bits")]
    Overflow,
    #[error("the linear system takes more work than its limit")]
    TooMuchWork,
}

impl System {
    /// The lowest and the highest value that an integer point of the system gives the objective;
    /// `None` if the system has no integer point.
    pub fn range(&self, objective: &[(usize, i64)]) -> Result<Option<(i64, i64)>, Undecided> {
        self.prepare()?.map(|prepared| prepared.range(objective)).transpose()
    }

    /// As [`System::range`], but content with less: see [`Prepared::reaches`].
    pub fn reaches(&self, objective: &[(usize, i64)], wanted: (i64, i64)) -> Result<Option<(i64, i64)>, Undecided> {
        self.prepare()?.map(|prepared| prepared.reaches(objective, wanted)).transpose()
    }

    /// Does once what every question about the system needs: the presolve, a feasible basis and an
    /// integer point of each part. `None` if the system has no integer point.
    pub fn prepare(&self) -> Result<Option<Prepared>, Undecided> {
        Prepared::new(self)
    }

    /// The point of the lowest cost among all points, whole or not, that keep the bounds and the
    /// rows: linear programming without the integers. The costs stand in the order of the
    /// variables; a missing one is nothing, a negative one a gain. `None` if there is no such point.
    pub fn cheapest(&self, costs: &[i64]) -> Result<Option<Vec<Fraction>>, Undecided> {
        cheapest::cheapest(self, costs)
    }

    /// The variables in independent parts: two are in one part if a row, or a chain of rows,
    /// connects them. A fixed variable (lowest equals highest) connects nothing and is a part of
    /// its own, and so is one that occurs in no row or only with coefficients that add up to zero.
    /// Each part is ascending, and the parts are in the order of their first variables.
    pub fn components(&self) -> Vec<Vec<usize>> {
        let lists = self.rows.iter().map(|row| {
            let terms = band::merged(row.terms.iter().map(|&(variable, factor)| (variable, i128::from(factor))));
            let free = terms.into_iter().map(|(variable, _)| variable);
            free.filter(|&variable| self.bounds[variable].0 != self.bounds[variable].1).collect::<Vec<_>>()
        });
        parts::connected(self.bounds.len(), lists)
    }
}
