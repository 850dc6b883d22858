//! Withdrawals: the last edition of a circle, which no reader has received, is marked as withdrawn.

use super::ReleaseError;
use super::edition::{Edition, Editions, Withdrawal};
use super::ledger;
use super::request::Request;
use crate::store::TableFiles;
use crate::survey::{Circle, Survey};

/// Withdraws the last edition of a circle: it stays in the ledger, and the edition before it stands again.
pub(super) fn withdraw(
    survey: &Survey,
    request: &Request,
    (number, because): (u32, &str),
    editions: &mut Editions,
    files: &dyn TableFiles,
) -> Result<(), ReleaseError> {
    let (circle, fiscal_year) = (request.circle, survey.fiscal_year);
    let refused =
        |because: String| ReleaseError::NotWithdrawn { circle: circle.word(), fiscal_year, edition: number, because };
    let last = editions.standing(circle).map(|edition| edition.number);
    match (editions.numbered(circle, number), last) {
        (None, _) => return Err(refused("there is no such edition; `--releases` lists them".to_owned())),
        (Some(Edition { withdrawn: Some(earlier), .. }), _) => {
            return Err(refused(format!("it was withdrawn {}", earlier.at)));
        }
        (_, Some(last)) if last != number => {
            return Err(refused(format!("edition {last} was released after it; withdraw that one first")));
        }
        _ => {}
    }
    let later = ledger::read_editions(files, fiscal_year + 1)?;
    if later.given(circle).any(|one| one.previous == Some(number)) {
        let next = fiscal_year + 1;
        return Err(refused(format!("the {} release of fiscal year {next} shows its figures", circle.word())));
    }
    // The edition before it was made from other answers than the feedback that followed it.
    let feedback = editions.standing(Circle::Feedback).filter(|_| circle == Circle::Public);
    let own = editions.numbered(circle, number).filter(|edition| edition.corrects.is_some());
    if let Some((feedback, _)) = feedback.zip(own).filter(|(feedback, own)| feedback.answers == own.answers) {
        let (time, other) = (feedback.released_at, feedback.number);
        let because = format!(
            "feedback edition {other} of {time} was made from the same answers, and could be compared with the edition before; withdraw that one first (`--circle feedback`)"
        );
        return Err(refused(because));
    }
    let edition = editions.all.iter_mut().find(|one| (one.circle, one.number) == (circle, number));
    let edition = edition.expect("the edition was found");
    edition.withdrawn = Some(Withdrawal { at: request.today.to_string(), because: because.to_owned() });
    Ok(())
}
