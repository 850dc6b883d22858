//! The panel: those who are in both years, unit by unit, with what they answered in each.
//!
//! A unit is an institution of this year and the one of last year that it continues, or all of last
//! year that were consolidated into it. It is in the panel of a sector only where it stood in that
//! sector in both years, and in that of a question only where it answered it in both.

use std::collections::BTreeMap;

use super::lineage::Lineage;
use super::replies::{Replies, Reply};
use crate::store::{StoreError, TableFiles};
use crate::survey::{Comparison, Counterpart, Prompt, QuestionIndex, Survey};
use crate::tabulate::Scope;

/// An institution of this year and those of last year that it is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The code of this year.
    pub now: String,
    /// The codes of last year: several where institutions were consolidated.
    pub before: Vec<String>,
}

/// The answers of a unit in both years.
#[derive(Debug, Clone, Copy)]
pub struct Both<'p> {
    /// The unit.
    pub unit: &'p Unit,
    /// The options chosen this year.
    pub now: &'p [u16],
    /// The options chosen last year.
    pub before: &'p [u16],
    /// How many institutions of last year these are: more than one after a consolidation.
    pub predecessors: u32,
}

/// Everyone's answers in both years, and who is in both.
#[derive(Debug)]
pub struct Panel {
    /// Everyone's answers this year.
    pub now: Replies,
    /// Everyone's answers last year, in the sectors of this year's survey.
    pub before: Replies,
    units: BTreeMap<Scope, Vec<Unit>>,
}

impl Panel {
    /// A panel that nobody is in.
    pub(super) fn of_nobody() -> Panel {
        Panel { now: Replies::default(), before: Replies::default(), units: BTreeMap::new() }
    }

    /// Reads both years from the store.
    pub fn read(
        survey: &Survey,
        survey_before: &Survey,
        lineage: &Lineage,
        files: &dyn TableFiles,
    ) -> Result<Panel, StoreError> {
        let now = Replies::read(survey, survey, files)?;
        let before = Replies::read(survey_before, survey, files)?;
        let unit = |scope: Scope, institution: &String| {
            let codes = lineage.past(institution).codes();
            let is_in_both = !codes.is_empty() && codes.iter().all(|code| before.is_in(code, scope));
            is_in_both.then(|| Unit { now: institution.clone(), before: codes.to_vec() })
        };
        let units = now.members.iter().map(|(&scope, institutions)| {
            let units = institutions.iter().filter_map(|institution| unit(scope, institution));
            (scope, units.collect())
        });
        let units = units.collect();
        Ok(Panel { now, before, units })
    }

    /// The answers of the units of a scope that answered in both years. Last year's answer of consolidated
    /// institutions is known only if all answered alike; `is_alike` compares two answers of last year.
    pub fn both(
        &self,
        scope: Scope,
        now: Prompt,
        before: Prompt,
        is_alike: &dyn Fn(&[u16], &[u16]) -> bool,
    ) -> Vec<Both<'_>> {
        let units = self.units.get(&scope).map_or(&[][..], Vec::as_slice);
        let both = units.iter().filter_map(|unit| {
            let Reply::Given(chosen_now) = self.now.of(&unit.now, now) else { return None };
            let mut replies = unit.before.iter().map(|code| self.before.of(code, before));
            let Reply::Given(chosen_before) = replies.next()? else { return None };
            let is_one =
                replies.all(|other| matches!(other, Reply::Given(options) if is_alike(options, chosen_before)));
            let predecessors = u32::try_from(unit.before.len()).expect("fewer than 2^32 institutions");
            is_one.then_some(Both { unit, now: chosen_now, before: chosen_before, predecessors })
        });
        both.collect()
    }

    /// The panel of a prompt in a scope, where all its figures that are compared have the same one; `None`
    /// where none are, or institutions that were consolidated answered some of them alike and others not.
    pub fn of_all_figures(
        &self,
        survey: &Survey,
        comparison: &Comparison,
        scope: Scope,
        prompt: Prompt,
    ) -> Option<Vec<Both<'_>>> {
        let question = survey.question(prompt.question);
        let mut common: Option<Vec<Both<'_>>> = None;
        for category in question.categories() {
            let Counterpart::Compared { with: (before, answer), .. } = comparison.concordance.figure(prompt, category)
            else {
                continue;
            };
            let looked_at = comparison.before.question(before.question).options_of(answer);
            let both = self.both(scope, prompt, before, &*alike(comparison, prompt.question, &looked_at));
            match &common {
                None => common = Some(both),
                Some(known) if known.iter().map(|one| one.unit).eq(both.iter().map(|one| one.unit)) => {}
                Some(_) => return None,
            }
        }
        common
    }

    /// Every institution of last year that is compared with one of this year, with the code of that one.
    pub fn successors(&self) -> BTreeMap<&str, &str> {
        let units = self.units.values().flatten();
        units.flat_map(|unit| unit.before.iter().map(|code| (code.as_str(), unit.now.as_str()))).collect()
    }

    /// How many of a scope gave no answer that counts this year, although they were asked or may have
    /// been: those whose workbook did not come among them.
    pub fn missing_now(&self, scope: Scope, prompt: Prompt) -> u32 {
        self.now.missing(scope, prompt)
    }

    /// The same for last year.
    pub fn missing_before(&self, scope: Scope, prompt: Prompt) -> u32 {
        self.before.missing(scope, prompt)
    }
}

/// Whether two answers of last year are alike.
pub(super) type Alike<'a> = Box<dyn Fn(&[u16], &[u16]) -> bool + 'a>;

/// Whether institutions that were consolidated answered a question of last year alike: where one answer is
/// given, if it belongs to the same of the answers that are compared, so that all of these have one
/// panel; where several are, if all of them chose what is looked at, or none did.
pub(super) fn alike<'a>(comparison: &'a Comparison, index: QuestionIndex, looked_at: &'a [u16]) -> Alike<'a> {
    let Counterpart::Compared { with: pairing, .. } = comparison.concordance.question(index) else {
        return Box::new(|one, other| one == other);
    };
    let before = comparison.before.question(pairing.before);
    let holds = |options: &[u16], chosen: &[u16]| chosen.iter().any(|option| options.contains(option));
    if !before.kind.is_single() {
        return Box::new(move |one, other| holds(looked_at, one) == holds(looked_at, other));
    }
    let compared: Vec<Vec<u16>> = pairing.compared().map(|(_, other)| before.options_of(other)).collect();
    Box::new(move |one, other| compared.iter().all(|options| holds(options, one) == holds(options, other)))
}
