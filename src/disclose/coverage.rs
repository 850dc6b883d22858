//! Which sectors and sub-sectors a policy lets anything be said about at all.

use crate::survey::{Audience, Circle, Policy, Survey};
use crate::tabulate::Scope;

/// Whether anything may be said about a scope.
pub fn is_covered(survey: &Survey, policy: &Policy, scope: Scope) -> bool {
    let sector = &survey.sectors[scope.sector.position()];
    let is_for_them = policy.circle == Circle::Feedback || sector.audience == Audience::Public;
    is_for_them && !policy.never.contains(&scope.sector) && (scope.subsector.is_none() || policy.subsectors)
}
