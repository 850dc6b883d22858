//! The panel: those who are in both years, unit by unit, with what they answered in each.
//!
//! A unit is an institution of this year and the one of last year that it continues, or all of last
//! year that were consolidated into it. It is in the panel of a sector only where it stood in that
//! sector in both years, and in that of a question only where it answered it in both.

use std::collections::BTreeMap;

use super::lineage::Lineage;
use super::replies::{Replies, Reply};
use crate::store::{StoreError, TableFiles};
use crate::survey::{Prompt, Survey};
use crate::tabulate::Scope;

/// An institution of this year and those of last year that it is compared with.
#[derive(Debug)]
struct Unit {
    now: String,
    before: Vec<String>,
}

/// What a unit answered in both years.
#[derive(Debug, Clone, Copy)]
pub(super) struct Both<'p> {
    /// The options chosen this year.
    pub now: &'p [u16],
    /// The options chosen last year.
    pub before: &'p [u16],
    /// How many institutions of last year these are: more than one after a consolidation.
    pub predecessors: u32,
}

/// Everyone's answers in both years, and who is in both.
#[derive(Debug)]
pub(super) struct Panel {
    now: Replies,
    before: Replies,
    units: BTreeMap<Scope, Vec<Unit>>,
}

impl Panel {
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

    /// What those of a scope answered who answered in both years. Of institutions that were
    /// consolidated the answer is known only where all answered alike, which `is_alike` tells of two
    /// answers of last year.
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
            is_one.then_some(Both { now: chosen_now, before: chosen_before, predecessors })
        });
        both.collect()
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
