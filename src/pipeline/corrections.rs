//! What the release ledger has against a release, told to the desk.

use super::making::Making;
use crate::disclose::{
    self, BandCorrection, Correction, Given, Held, History, Narrowed, NumberCorrection, Release, Spot, Unmasked,
    UnmaskedNumber,
};
use crate::finding::{Code, Finding, Place};
use crate::survey::{Circle, Policy, Survey};

/// How many cells a message names before it counts the others.
const NAMED: usize = 4;

/// All that the release ledger has against a release, and whether any of it would show answers.
pub(super) fn held_against(making: &Making<'_>, history: &History, release: &Release) -> (Vec<Finding>, bool) {
    let Making { material, policy, .. } = *making;
    let (survey, tabulation) = (material.survey, material.tabulation);
    let Held { corrections, bands, .. } = making.held_against(history);
    let numbers = history.numbers_held_against(tabulation, policy);
    let numbers_told = history.numbers_unmasked(survey, tabulation, policy, release);
    let (told, narrowed) = history.unmasked(&material, policy, release);
    let is_unmasking = corrections.iter().any(|one| one.is_unmasking)
        || numbers.iter().any(|one| one.is_unmasking)
        || !numbers_told.is_empty()
        || !told.is_empty()
        || !narrowed.is_empty();
    let mut findings = Vec::new();
    findings.extend(numbers.iter().map(|one| number_corrected(survey, one)));
    findings.extend(numbers_told.iter().map(|one| number_unmasked(survey, one)));
    findings.extend(corrections.iter().map(|one| corrected(survey, policy, one)));
    findings.extend(bands.iter().map(|one| band_corrected(survey, one)));
    findings.extend(told.iter().map(|one| unmasked(survey, one)));
    findings.extend(narrowed.iter().map(|one| narrowed_by(survey, policy.circle, one)));
    (findings, is_unmasking)
}

/// A figure that was given otherwise.
fn corrected(survey: &Survey, policy: &Policy, correction: &Correction) -> Finding {
    let Correction { spot, given, now, is_unmasking } = correction;
    let code = if *is_unmasking { Code::CorrectionUnmasks } else { Code::FigureCorrected };
    let name = disclose::name(survey, *spot);
    let [count, base] = [now.count - given.count, now.base - given.base];
    let least = i64::from(policy.minimum_count.value);
    let is_few = [count, base, base - count].iter().any(|change| (1..least).contains(&change.abs()));
    let told = match (is_unmasking, is_few) {
        (false, _) => String::new(),
        (true, true) => format!(
            ": {count:+} in the count, {base:+} in the base and {:+} in the rest, expected in each no difference or \
             one of `minimum_count` or more",
            base - count
        ),
        (true, false) => ", expected no difference: the figures of those who answered in both years were given \
                          beside it"
            .to_owned(),
    };
    let Given { count: given_count, base: given_base } = given;
    let message =
        format!("{name} was released as {given_count} of {given_base} and is {} of {} now{told}", now.count, now.base);
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

/// A band that a figure no longer lies within.
fn band_corrected(survey: &Survey, correction: &BandCorrection) -> Finding {
    let BandCorrection { spot, given, now } = correction;
    let code = Code::FigureCorrected;
    let name = disclose::name(survey, *spot);
    let message = format!("{name} was released as {given} per cent and is {} of {} now", now.count, now.base);
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

/// Last year's figures are others than those that were released of it.
pub(super) fn outdated(before: &Survey, circle: Circle, corrections: usize) -> Finding {
    let code = Code::FigureCorrected;
    let message = format!(
        "{}: {corrections} figures of fiscal year {} are others than those that were released, expected the same; \
         what has changed since is left out until that year is released again",
        circle.word(),
        before.fiscal_year
    );
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

/// A mean or a quartile that was given otherwise.
fn number_corrected(survey: &Survey, correction: &NumberCorrection) -> Finding {
    let NumberCorrection { question, scope, statistic, given, now, is_unmasking } = correction;
    let code = if *is_unmasking { Code::CorrectionUnmasks } else { Code::FigureCorrected };
    let name = disclose::number_name(survey, *question, *scope);
    let (given, given_base) = given;
    let (now, base) = now;
    let message = format!(
        "the {statistic} of {name} was released as {given} on a base of {given_base} and is {now} on one of {base} now"
    );
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

/// Cells of which corrections tell what too few have changed.
fn unmasked(survey: &Survey, told: &Unmasked) -> Finding {
    let code = Code::CorrectionUnmasks;
    let time = &told.released_at;
    let together = if told.spots.len() > 1 { " taken together," } else { "" };
    let stood = match told.standing {
        [true, true] => format!("released {time}, and to be released now"),
        [true, false] => format!("released {time} and withheld now"),
        [false, true] => format!("withheld {time} and to be released now"),
        [false, false] if told.spots.len() > 1 => format!("not all released {time} or to be released now"),
        [false, false] => format!("withheld {time} and now"),
    };
    let of = told.base_change.map(|change| format!(" on a base that has by {change:+}")).unwrap_or_default();
    let change = match told.change {
        Some(0) => format!("has not changed{of}"),
        Some(change) => format!("has changed by {change:+}{of}"),
        None => "may have changed by too few: the attack was too large to be carried through".to_owned(),
    };
    let from = match told.follows_from.as_slice() {
        [] => String::new(),
        spots => format!("; it follows from the corrections of {}", names(survey, spots)),
    };
    let message = format!("{},{together} {stood}, {change}{from}", names(survey, &told.spots));
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

/// A withheld cell that whoever has an earlier release as well can compute too closely.
fn narrowed_by(survey: &Survey, circle: Circle, narrowed: &Narrowed) -> Finding {
    let code = Code::WithheldCellOpen;
    let seen = match narrowed.interval {
        Some((lowest, highest)) if lowest == highest => format!("is exactly {lowest}"),
        Some((lowest, highest)) => format!("is {lowest} to {highest}"),
        None => "may be computable: the attack was too large to be carried through".to_owned(),
    };
    let message = format!(
        "{}: {} {seen} for who has the release of {} as well, expected a width of {}",
        circle.word(),
        disclose::name(survey, narrowed.spot),
        narrowed.released_at,
        narrowed.needed
    );
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

/// A sector of whose numbers corrections leave what too few have changed.
fn number_unmasked(survey: &Survey, told: &UnmaskedNumber) -> Finding {
    let code = Code::CorrectionUnmasks;
    let name = |scope| disclose::number_name(survey, told.question, scope);
    let others: Vec<String> = told.others.iter().map(|scope| name(*scope)).collect();
    let message = format!(
        "the totals of {} less {}, as released {} and now, differ by the numbers of {:+}",
        name(told.whole),
        others.join(", "),
        told.released_at,
        told.base_change
    );
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

fn names(survey: &Survey, spots: &[Spot]) -> String {
    let named: Vec<String> = spots.iter().take(NAMED).map(|spot| disclose::name(survey, *spot)).collect();
    let more = if spots.len() > NAMED { format!(" and {} more", spots.len() - NAMED) } else { String::new() };
    named.join(", ") + &more
}
