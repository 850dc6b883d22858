//! The terms of a release: when it may be given.

use super::ReleaseError;
use super::ReleaseTime;
use super::request::{Request, Terms};
use super::year::{Draft, Previous, Year};

/// Whether a release can be given at its time: not in the future, not while the collection is open, after the edition
/// before it, and after the release of the year before whose figures it shows.
pub(super) fn hold(year: &Year<'_>, request: &Request, terms: Terms, draft: &Draft<'_>) -> Result<(), ReleaseError> {
    let Terms { time, is_ahead, is_while_open } = terms;
    if time.day() > request.today && !is_ahead {
        return Err(ReleaseError::InTheFuture { time: time.to_string(), today: request.today.to_string() });
    }
    if let Some(closes) = year.survey.closes.filter(|_| !is_while_open)
        && ReleaseTime::beginning_of(closes).is_some_and(|closes| time < closes || request.today < closes)
    {
        return Err(ReleaseError::StillOpen { time: time.to_string(), closes: closes.to_string() });
    }
    let circle = request.circle;
    if let Some(last) = year.editions.standing(circle).filter(|last| time <= last.released_at) {
        let (edition, last) = (last.number, last.released_at.to_string());
        return Err(ReleaseError::NotAfterLastRelease { time: time.to_string(), edition, last });
    }
    let shows_before = draft.printed.as_ref().is_some_and(|printed| printed.shows_last_year());
    let Some(before) = year.before.as_ref().filter(|_| shows_before) else { return Ok(()) };
    let fiscal_year = before.survey.fiscal_year;
    match &draft.previous {
        Previous::Draft => Err(ReleaseError::PreviousNotReleased { circle: circle.word(), fiscal_year }),
        Previous::Edition { released_at, .. } if time < *released_at => Err(ReleaseError::NotAfterPreviousYear {
            time: time.to_string(),
            previous: released_at.to_string(),
            fiscal_year,
        }),
        Previous::Edition { .. } | Previous::Nothing => Ok(()),
    }
}
