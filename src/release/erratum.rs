//! Errata: the figures that a corrected edition changes, and the answers that a comparison with the editions before
//! it reveals.

use std::collections::{BTreeMap, BTreeSet};

use super::basis::{Basis, Source};
use super::edition::Edition;
use super::ledger::PrintedCell;
use super::year::{Draft, Standing, Year};
use super::{ReleaseError, findings};
use crate::disclose::{self, Address, Behind, Comparison, Opening, Pattern, Printed, Revealed, To};
use crate::survey::{Circle, Survey};
use crate::tabulate;

/// A figure that a corrected edition prints otherwise; an edition that does not print it has no cell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChangedFigure {
    pub before: Option<PrintedCell>,
    pub after: Option<PrintedCell>,
}

impl ChangedFigure {
    /// The cell as either edition has it.
    pub fn cell(&self) -> &PrintedCell {
        self.after.as_ref().or(self.before.as_ref()).expect("a changed figure is printed by one edition")
    }

    /// The word for its change: withheld, printed or corrected.
    fn word(&self) -> &'static str {
        match (&self.before, &self.after) {
            (Some(_), None) => "withheld",
            (None, Some(_)) => "printed",
            _ => "corrected",
        }
    }
}

/// The figures that two editions print otherwise, in printed order.
pub(super) fn changed(before: &[PrintedCell], after: &[PrintedCell]) -> Vec<ChangedFigure> {
    fn by_address(cells: &[PrintedCell]) -> BTreeMap<[&str; 5], &PrintedCell> {
        cells.iter().map(|cell| (cell.address(), cell)).collect()
    }
    let (old, new) = (by_address(before), by_address(after));
    let is_other =
        |cell: &PrintedCell, others: &BTreeMap<[&str; 5], &PrintedCell>| others.get(&cell.address()) != Some(&cell);
    let corrected = after.iter().filter(|cell| is_other(cell, &old)).map(|cell| ChangedFigure {
        before: old.get(&cell.address()).map(|&cell| cell.clone()),
        after: Some(cell.clone()),
    });
    let gone = before.iter().filter(|cell| !new.contains_key(&cell.address()));
    let gone = gone.map(|cell| ChangedFigure { before: Some(cell.clone()), after: None });
    corrected.chain(gone).collect()
}

/// `changed_figures.csv`: each figure that is printed otherwise, before and after.
pub(super) fn changed_csv(survey: &Survey, changed: &[ChangedFigure]) -> Vec<u8> {
    let header = [
        "fiscal_year",
        "cell",
        "change",
        "before_count",
        "before_base",
        "before_percent",
        "after_count",
        "after_base",
        "after_percent",
    ];
    let mut rows = vec![header.map(str::to_owned)];
    let texts = |cell: Option<&PrintedCell>| {
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        cell.map(|cell| [number(cell.count), number(cell.base), cell.percent.clone()]).unwrap_or_default()
    };
    for one in changed {
        let [before_count, before_base, before_percent] = texts(one.before.as_ref());
        let [after_count, after_base, after_percent] = texts(one.after.as_ref());
        let [sector, subsector, question, item, option] = one.cell().address();
        let option = if option.is_empty() { "base" } else { option };
        rows.push([
            survey.fiscal_year.to_string(),
            format!("{sector}/{subsector}/{question}/{item}/{option}"),
            one.word().to_owned(),
            before_count,
            before_base,
            before_percent,
            after_count,
            after_base,
            after_percent,
        ]);
    }
    tabulate::csv_bytes(&rows)
}

/// An answer of a named institution that comparing editions reveals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RevealedAnswer {
    /// The institution.
    pub institution: String,
    /// The answer, spelled as a cell.
    pub cell: String,
    /// Whether it gave the answer, or is known not to have given it.
    pub is_chosen: bool,
    /// Whether that is what it answered before the correction rather than after it.
    pub was_before: bool,
    /// To whom: `everybody`, `every institution`, or the code of one.
    pub to: String,
}

impl RevealedAnswer {
    fn of(survey: &Survey, revealed: Revealed, everyone: &str) -> RevealedAnswer {
        RevealedAnswer {
            cell: revealed.address.name(survey),
            institution: revealed.institution,
            is_chosen: revealed.is_chosen,
            was_before: revealed.was_before,
            to: match revealed.to {
                To::Everyone => everyone.to_owned(),
                To::Institution(code) => code,
            },
        }
    }

    /// Whether it is the same answer of the same institution, to whomever it is revealed.
    fn is_same_as(&self, other: &RevealedAnswer) -> bool {
        let what = |one: &RevealedAnswer| (one.institution.clone(), one.cell.clone(), one.is_chosen, one.was_before);
        what(self) == what(other)
    }

    /// The answer in words: `regional//soc//none`, or `not regional//soc//always, before the correction`.
    pub fn words(&self) -> String {
        let not = if self.is_chosen { "" } else { "not " };
        let before = if self.was_before { " (before the correction)" } else { "" };
        format!("{not}{}{before}", self.cell)
    }
}

/// `revealed.csv`: whose answers comparing the editions reveals, and to whom.
pub(super) fn revealed_csv(survey: &Survey, names: &BTreeMap<String, String>, revealed: &[RevealedAnswer]) -> Vec<u8> {
    let header = ["fiscal_year", "institution", "name", "cell", "answer", "state", "revealed_to"];
    let mut rows = vec![header.map(str::to_owned)];
    for one in revealed {
        rows.push([
            survey.fiscal_year.to_string(),
            one.institution.clone(),
            names.get(&one.institution).cloned().unwrap_or_default(),
            one.cell.clone(),
            if one.is_chosen { "chosen" } else { "not_chosen" }.to_owned(),
            if one.was_before { "before" } else { "after" }.to_owned(),
            one.to.clone(),
        ]);
    }
    tabulate::csv_bytes(&rows)
}

/// All that some readers have of the same answers.
struct Had<'a> {
    answers: String,
    basis: Basis<'a>,
    pattern: Pattern,
}

/// The answers and cells that a comparison of a correction with the editions before it reveals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RevealedByErratum {
    /// Adverse answers of named institutions.
    pub answers: Vec<RevealedAnswer>,
    /// Withheld cells that the editions together show more closely than the policy allows.
    pub openings: Vec<OpenedCell>,
}

/// A withheld cell that editions together show more closely than the policy allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpenedCell {
    /// The cell.
    pub cell: String,
    /// The reader that computes it, and its result, in words.
    pub words: String,
}

/// The answers and cells that a correction reveals to readers of the editions before it: to everybody, and to the
/// institutions that have feedback. The desk decided on the comparison of those editions when it released them.
pub(super) fn revealed(year: &Year<'_>, circle: Circle, draft: &Draft<'_>) -> Result<RevealedByErratum, ReleaseError> {
    let mut all = RevealedByErratum::default();
    let Some(printed) = &draft.printed else { return Ok(all) };
    if circle == Circle::Public {
        all = learned(year, &[Circle::Public], draft, &printed.release.pattern(), "everybody")?;
    }
    if year.editions.standing(Circle::Feedback).is_some() {
        let mut pattern = printed.release.pattern();
        // The public edition prints the same of the answers of the draft.
        if let Some(public) = year.editions.standing(Circle::Public).filter(|_| circle == Circle::Feedback) {
            unite(&mut pattern, &standing(year, public)?.pattern);
        }
        let institutions = learned(year, &Circle::ALL, draft, &pattern, "every institution")?;
        let is_known = |one: &RevealedAnswer| all.answers.iter().any(|other| other.is_same_as(one));
        let answers: Vec<RevealedAnswer> = institutions.answers.into_iter().filter(|one| !is_known(one)).collect();
        let is_known = |one: &OpenedCell| all.openings.iter().any(|other| other.cell == one.cell);
        let openings: Vec<OpenedCell> = institutions.openings.into_iter().filter(|one| !is_known(one)).collect();
        all.answers.extend(answers);
        all.openings.extend(openings);
    }
    all.answers.sort();
    Ok(all)
}

/// The answers and cells that a correction reveals to readers that have the editions of some circles: each earlier
/// edition is compared by itself.
fn learned(
    year: &Year<'_>,
    circles: &[Circle],
    draft: &Draft<'_>,
    after: &Pattern,
    everyone: &str,
) -> Result<RevealedByErratum, ReleaseError> {
    year.archive.complete(year.survey, &draft.source, &draft.basis.answers)?;
    let mut had: Vec<Had<'_>> = Vec::new();
    let mut given: Vec<&Edition> = circles.iter().flat_map(|circle| year.editions.given(*circle)).collect();
    given.sort_by_key(|edition| edition.released_at);
    for edition in given {
        let Standing { basis, pattern, .. } = standing(year, edition)?;
        year.archive.complete(year.survey, &Source::Frozen(edition.answers.clone()), &basis.answers)?;
        match had.iter_mut().find(|one| one.answers == edition.answers) {
            Some(known) => unite(&mut known.pattern, &pattern),
            None => had.push(Had { answers: edition.answers.clone(), basis, pattern }),
        }
    }
    let compare = |before: &Had<'_>, (basis, pattern): (&Basis<'_>, &Pattern)| -> Result<Comparison, ReleaseError> {
        let [earlier, later] = [before.basis.material(), basis.material()];
        let before = disclose::Edition { material: &earlier, pattern: &before.pattern };
        let after = disclose::Edition { material: &later, pattern };
        Ok(disclose::compare_editions(before, after, &draft.policy)?)
    };
    let mut known = BTreeSet::new();
    let mut told: Vec<Revealed> = Vec::new();
    for (at, earlier) in had.iter().enumerate() {
        for later in &had[at + 1..] {
            let Comparison { revealed, openings } = compare(earlier, (&later.basis, &later.pattern))?;
            told.extend(revealed);
            known.extend(openings.iter().map(|one| figure(one, &earlier.answers, &later.answers)));
        }
    }
    let is_of_the_same = |one: &Had<'_>| draft.source == Source::Frozen(one.answers.clone());
    let mut answers = BTreeSet::new();
    let mut openings: BTreeMap<String, String> = BTreeMap::new();
    for one in had.iter().filter(|one| !is_of_the_same(one)) {
        let now = compare(one, (&draft.basis, after))?;
        let what = |one: &Revealed| (one.institution.clone(), one.address, one.is_chosen, one.was_before);
        let is_told = |one: &Revealed| {
            let mut told = told.iter().filter(|other| what(other) == what(one));
            told.any(|other| other.to == To::Everyone || other.to == one.to)
        };
        let new = now.revealed.into_iter().filter(|one| !is_told(one));
        answers.extend(new.map(|one| RevealedAnswer::of(year.survey, one, everyone)));
        let present = match &draft.source {
            Source::Frozen(answers) => answers.as_str(),
            Source::Present => "",
        };
        for opening in now.openings.iter().filter(|opening| !known.contains(&figure(opening, &one.answers, present))) {
            let words = || findings::opened(year.survey, opening);
            openings.entry(opening.address.name(year.survey)).or_insert_with(words);
        }
    }
    let openings = openings.into_iter().map(|(cell, words)| OpenedCell { cell, words });
    // An answer revealed to everybody is not reported for one reader as well.
    let answers: Vec<RevealedAnswer> = answers.into_iter().collect();
    let is_for_all = |one: &RevealedAnswer| answers.iter().any(|all| all.to == everyone && all.is_same_as(one));
    let kept = answers.iter().filter(|one| one.to == everyone || !is_for_all(one)).cloned();
    Ok(RevealedByErratum { answers: kept.collect(), openings: openings.collect() })
}

/// The figure that an opening is of: the answers that it was made from, and its address among them.
fn figure(opening: &Opening, before: &str, after: &str) -> (String, Address) {
    let Address { behind, .. } = opening.address;
    let answers = if behind == Behind::Earlier { before } else { after };
    (answers.to_owned(), Address { behind: Behind::Present, ..opening.address })
}

/// An edition with which a correction is compared.
pub(super) fn standing<'a>(year: &Year<'a>, edition: &Edition) -> Result<Standing<'a>, ReleaseError> {
    year.remade(edition)?.map_err(|reason| ReleaseError::NotComparable {
        circle: edition.circle.word(),
        edition: edition.number,
        fiscal_year: year.survey.fiscal_year,
        reason,
    })
}

/// All that either of two patterns prints.
fn unite(pattern: &mut Pattern, other: &Pattern) {
    for (address, printed) in &other.cells {
        let known = pattern.cells.entry(*address).or_insert(*printed);
        if *printed == Printed::Value {
            *known = Printed::Value;
        }
    }
    for (place, number) in &other.numbers {
        let known = pattern.numbers.entry(*place).or_default();
        known.base |= number.base;
        known.mean |= number.mean;
        known.quartiles |= number.quartiles;
    }
}
