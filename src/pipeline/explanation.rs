//! Why a cell is withheld, asked for by its name.

use super::making::{Making, material};
use super::{PipelineError, Settings, load};
use crate::compare::Replies;
use crate::disclose::{self, Contributions, History, Protected, Release};
use crate::store::Store;
use crate::survey::{Circle, Policy};
use crate::tabulate;

/// Explains why a cell is withheld for a circle, or that it is not: `name` is as in the desk's list.
pub fn explain_disclosure(settings: &Settings, circle: Circle, name: &str) -> Result<String, PipelineError> {
    let (survey, _) = load(&settings.year_file)?;
    let unknown = |what: &str| PipelineError::NoSuchCell { name: name.to_owned(), what: what.to_owned() };
    let (spot, number) = (disclose::spot(&survey, name), disclose::number(&survey, name));
    if spot.is_none() && number.is_none() {
        let help = "cells are named sector/sub-sector/question/item/option, and number questions \
                    sector/sub-sector/question, as in internal/disclosure";
        return Err(unknown(help));
    }
    let policy = survey.policy(circle).ok_or_else(|| unknown("the year's file names no policy for this circle"))?;
    let store = Store::open(&settings.store)?;
    let tabulation = tabulate::tabulate(&survey, &store)?;
    let replies = Replies::read(&survey, &survey, &store)?;
    let contributions = Contributions::read(&survey, &store)?;
    let material = material(&survey, &tabulation, &replies, None);
    let of = |policy: &Policy, public: Option<&Release>| -> Result<Protected, PipelineError> {
        let history = History::read(&survey, policy.circle, &store)?;
        let making = Making { material, contributions: &contributions, policy, public };
        Ok(making.protected(&history))
    };
    let public = match (circle, survey.policy(Circle::Public)) {
        (Circle::Feedback, Some(public)) => Some(of(public, None)?).filter(Protected::is_safe).map(|one| one.release),
        _ => None,
    };
    let protected = of(policy, public.as_ref())?;
    let explained = match (spot, number) {
        (Some(spot), _) => disclose::explain(&material, policy, &protected, spot),
        (None, Some(number)) => disclose::explain_number(&survey, policy, &protected, number),
        (None, None) => None,
    };
    explained.ok_or_else(|| unknown("the policy prints nothing of its sector, or there is no such figure"))
}
