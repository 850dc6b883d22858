//! What the release ledger has against a release, told to the desk.

use super::making::Making;
use super::openings::seen;
use crate::disclose::{
    self, BandCorrection, Cohort, Correction, Given, Held, History, Known, Measure, Narrowed, NumberCorrection,
    Release, Spot, Unmasked, UnmaskedNumber,
};
use crate::finding::{Code, Finding, Place};
use crate::survey::{Circle, Survey};

/// How many cells a message names before it counts the others.
const NAMED: usize = 4;

/// All that the release ledger has against a release, and whether any of it would show answers.
pub(super) fn held_against(making: &Making<'_>, history: &History, release: &Release) -> (Vec<Finding>, bool) {
    let Making { material, policy, .. } = *making;
    let survey = material.survey;
    let Held { known, corrections, bands } = making.held_against(history).beside(release);
    let numbers = history.numbers_held_against(&material, making.contributions, policy, release);
    let numbers_told = history.numbers_unmasked(&material, making.contributions, policy, release);
    let (told, narrowed) = history.unmasked(&material, policy, release);
    let beside_panel = history.new_beside_panel(survey, release);
    // Those who answered in both years can only be attacked beside what was given of last year.
    let is_panel_alone = history.has_panel() && material.last_year.is_none();
    let is_refused = is_panel_alone
        || !beside_panel.is_empty()
        || corrections.iter().any(|one| one.is_unmasking)
        || numbers.iter().any(|one| one.is_unmasking)
        || !numbers_told.is_empty()
        || !told.is_empty()
        || !narrowed.is_empty();
    let mut findings = Vec::new();
    if is_panel_alone {
        findings.push(panel_alone(survey));
    }
    if !beside_panel.is_empty() {
        findings.push(new_beside_panel(survey, &beside_panel));
    }
    // While nothing is released, what could be corrected is only counted.
    let is_said = |is_unmasking: bool| is_unmasking || !is_refused;
    let others = numbers.iter().filter(|one| !is_said(one.is_unmasking)).count()
        + corrections.iter().filter(|one| !is_said(one.is_unmasking)).count()
        + if is_refused { bands.len() } else { 0 };
    findings.extend((others > 0).then(|| others_corrected(survey, others)));
    findings.extend(numbers.iter().filter(|one| is_said(one.is_unmasking)).map(|one| number_corrected(survey, one)));
    findings.extend(numbers_told.iter().map(|one| number_unmasked(survey, one)));
    findings.extend(corrections.iter().filter(|one| is_said(one.is_unmasking)).map(|one| corrected(survey, one)));
    findings.extend(bands.iter().filter(|_| !is_refused).map(|one| band_corrected(survey, one)));
    findings.extend(not_printed(survey, policy.circle, &known, release));
    findings.extend(told.iter().map(|one| unmasked(survey, one)));
    findings.extend(narrowed.iter().map(|one| narrowed_by(survey, policy.circle, one)));
    (findings, is_refused)
}

/// Figures that were given otherwise, of which none is the reason that nothing is released.
fn others_corrected(survey: &Survey, count: usize) -> Finding {
    let code = Code::FigureCorrected;
    let message = format!(
        "{count} more figures of fiscal year {} are others than those that were released, none of which would show answers",
        survey.fiscal_year
    );
    Finding::new(code, Place::Collection, message, "They can be released when nothing is refused any more.")
}

/// What was given before and is not printed now.
fn not_printed(survey: &Survey, circle: Circle, known: &Known, release: &Release) -> Option<Finding> {
    let code = Code::ReleasedNotPrinted;
    let printed = Known::of(release);
    let is_count = |spot: &&Spot| spot.cohort == Cohort::All && spot.measure != Measure::Base;
    let figures = known.figures.iter().filter(is_count).filter(|spot| !printed.figures.contains(spot));
    let is_there = |spot: &Spot| printed.figures.contains(spot) || printed.bands.contains_key(spot);
    let bands = known.bands.keys().filter(|spot| !is_there(spot) && !known.figures.contains(spot));
    let spots: Vec<Spot> = figures.chain(bands).copied().collect();
    let message = format!(
        "{}: {} figures that were released before are not printed: {}",
        circle.word(),
        spots.len(),
        names(survey, &spots)
    );
    (!spots.is_empty()).then(|| Finding::new(code, Place::Collection, message, code.rule().remedy))
}

/// Figures of those who answered in both years were given, and what was given of last year cannot be set beside them.
fn panel_alone(survey: &Survey) -> Finding {
    let code = Code::WithheldCellOpen;
    let message = format!(
        "figures of those who answered in both years were released of fiscal year {}, expected the figures of the year \
         before as they were released: without them nothing can be said of those who came or left",
        survey.fiscal_year
    );
    let remedy = "Keep the year before in the store as it was released: take out the returns that came since, and \
                  ingest that year again.";
    Finding::new(code, Place::Collection, message, remedy)
}

/// Figures that are new beside the panel of this year and the next.
fn new_beside_panel(survey: &Survey, spots: &[Spot]) -> Finding {
    let code = Code::CorrectionUnmasks;
    let message = format!(
        "{} are to be printed and were not released before, expected no new figures: those who answered in fiscal year \
         {} as well were released with that year, and the two together tell of those who left",
        names(survey, spots),
        survey.fiscal_year + 1
    );
    Finding::new(code, Place::Collection, message, "Release this year again by the policy of its last release.")
}

/// A figure that was given otherwise.
fn corrected(survey: &Survey, correction: &Correction) -> Finding {
    let Correction { spot, given, now, is_unmasking, is_beside_panel, is_printed } = correction;
    let code = if *is_unmasking { Code::CorrectionUnmasks } else { Code::FigureCorrected };
    let name = disclose::name(survey, *spot);
    let [count, base] = [now.count - given.count, now.base - given.base];
    let told = match (is_unmasking, is_beside_panel) {
        (false, _) => String::new(),
        (true, true) => ", expected no difference: the figures of those who answered in both years were given beside \
                         it"
        .to_owned(),
        (true, false) => format!(
            ": {count:+} in the count, {base:+} in the base and {:+} in the rest, expected no difference, or one that \
             the policy would print of as many respondents",
            base - count
        ),
    };
    let Given { count: given_count, base: given_base } = given;
    let is_now = match is_printed {
        true => format!("is {} of {} now", now.count, now.base),
        false => "is another figure now, which is withheld".to_owned(),
    };
    let message = format!("{name} was released as {given_count} of {given_base} and {is_now}{told}");
    let remedy = match is_printed {
        true => code.rule().remedy,
        false => "Say in print that the figure of then is no longer given.",
    };
    Finding::new(code, Place::Collection, message, remedy)
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
pub(super) fn outdated(before: &Survey, corrections: usize) -> Finding {
    let code = Code::FigureCorrected;
    let message = format!(
        "{corrections} figures of fiscal year {} are others than those that were released, expected the same; the \
         changes since that year are left out",
        before.fiscal_year
    );
    let remedy = "Release that year again; or put its returns and roster back as they were then (D06 says what has \
                  changed), and ingest it again.";
    Finding::new(code, Place::Collection, message, remedy)
}

/// What may be told of last year is open to an attack.
pub(super) fn unsafe_before(before: &Survey, circle: Circle) -> Finding {
    let code = Code::YearBeforeOpen;
    let fiscal_year = before.fiscal_year;
    let message = format!(
        "{}: the figures of fiscal year {fiscal_year} cannot be released as they are; the changes since that year are \
         left out",
        circle.word()
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
    let told = match (is_unmasking, base - given_base) {
        (false, _) => String::new(),
        (true, 0) => ": the difference is that of the answers that were corrected".to_owned(),
        (true, change) if change < 0 => format!(": {change} in the base, of whom nobody knows what they gave"),
        (true, change) => {
            format!(": {change:+} in the base, who are too few, or of whom one may have given most of the difference")
        }
    };
    let message = format!(
        "the {statistic} of {name} was released as {given} on a base of {given_base} and is {now} on one of {base} \
         now{told}"
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
    let change = match (told.change, told.rest_change) {
        _ if !told.is_decided => {
            "may have changed by too few: the attack was too large to be carried through".to_owned()
        }
        (Some(0), _) => format!("has not changed{of}"),
        (Some(change), _) => format!("has changed by {change:+}{of}"),
        (None, rest) => format!("has changed as its base has, but for {:+}", rest.unwrap_or(0)),
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
    let seen = seen(narrowed.interval);
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
    let differ = match told.base_change {
        0 => "differ though nobody has come to the others: somebody's number was corrected".to_owned(),
        change => format!("differ by the numbers of {change:+}"),
    };
    let message = format!(
        "the totals of {} less {}, as released {} and now, {differ}",
        name(told.whole),
        others.join(", "),
        told.released_at
    );
    Finding::new(code, Place::Collection, message, code.rule().remedy)
}

fn names(survey: &Survey, spots: &[Spot]) -> String {
    let named: Vec<String> = spots.iter().take(NAMED).map(|spot| disclose::name(survey, *spot)).collect();
    let more = if spots.len() > NAMED { format!(" and {} more", spots.len() - NAMED) } else { String::new() };
    named.join(", ") + &more
}
