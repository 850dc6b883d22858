//! The number questions: which means and quartiles a release prints.
//!
//! A mean on a printed base gives its total, and the totals of the sub-sectors add up to that of their sector. So a
//! release prints the means of all sub-sectors of a sector, or of none: of none where a rule withholds one of them.
//! The mean of the sector stands by itself then. The p % rule that it keeps protects each respondent from every other
//! one, whatever sub-sectors they are in: nobody's number is more than what the others leave of the total.

mod contributions;
mod files;
mod released;
mod rule;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

pub use contributions::Contributions;
pub use files::{explain_number, number, number_name, numbers_csv, withheld_numbers_csv};
pub use released::{Amount, Mean, ReleasedNumber};
pub use rule::NumberReason;

use super::coverage::is_covered;
use super::release::PrintedNumber;
use super::released::{Releasable, Seal};
use crate::compare::Replies;
use crate::survey::{Gate, Policy, QuestionIndex, SectorIndex, Survey};
use crate::tabulate::{NumberSummary, SCALE, Scope, Table, Tabulation};
use rule::{Reasons, reasons};

/// Counts of the means and sets of quartiles of number questions: printed, and withheld by reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct NumberAccount {
    pub means: usize,
    pub withheld: BTreeMap<&'static str, usize>,
    pub quartiles: usize,
    pub quartiles_withheld: BTreeMap<&'static str, usize>,
}

/// Why mean and quartiles are withheld, if they are, with the sum of all numbers and the largest: for the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithheldNumber {
    pub mean: Option<NumberReason>,
    pub quartiles: Option<NumberReason>,
    pub total: Amount,
    pub largest: Amount,
}

/// Counts of the number questions' figures, and the numbers of which a figure is withheld.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProtectedNumbers {
    pub account: NumberAccount,
    pub withheld: BTreeMap<(QuestionIndex, Scope), WithheldNumber>,
}

/// The figures that an edition prints of each number.
type Edition = BTreeMap<(QuestionIndex, Scope), PrintedNumber>;

/// The largest number, if the definition names none: the limit of a form, see `ingest`.
const MOST: i128 = 1_000_000_000;

/// Everything, for the desk.
pub(super) fn all(tabulation: &Tabulation, seal: &Seal) -> Vec<Table<Releasable, ReleasedNumber>> {
    sealed(tabulation, seal, |_, _| [None; 3])
}

/// The tables of number questions that an edition printed.
pub(super) fn as_printed(
    tabulation: &Tabulation,
    edition: &Edition,
    seal: &Seal,
) -> Vec<Table<Releasable, ReleasedNumber>> {
    sealed(tabulation, seal, |number, summary| withheld_by(edition, number, summary.base == 0))
}

fn sealed(
    tabulation: &Tabulation,
    seal: &Seal,
    reasons: impl Fn((QuestionIndex, Scope), &NumberSummary) -> Reasons,
) -> Vec<Table<Releasable, ReleasedNumber>> {
    let of = |table: &Table<_, _>| {
        let question = table.question();
        table.sealed(seal, |key, summary| ReleasedNumber::of(summary, reasons((question, key.scope), summary)))
    };
    tabulation.numbers.iter().map(of).collect()
}

/// The figures of a number that an edition did not print. The mean of nobody is withheld with its base or not at all.
fn withheld_by(edition: &Edition, number: (QuestionIndex, Scope), is_empty: bool) -> Reasons {
    let PrintedNumber { base, mean, quartiles } = edition.get(&number).copied().unwrap_or_default();
    [base, base && (mean || is_empty), base && (quartiles || is_empty)]
        .map(|is_printed| (!is_printed).then_some(NumberReason::Edition))
}

/// Withholds of the number questions what the policy demands. `is_base_printed` says whether the counts that open a
/// gate are printed; of a number that the edition that is `corrected` withheld, nothing is printed.
pub fn protect(
    survey: &Survey,
    tabulation: &Tabulation,
    replies: &Replies,
    contributions: &Contributions,
    policy: &Policy,
    is_base_printed: &dyn Fn(&Gate, Scope) -> bool,
    corrected: Option<&Edition>,
) -> (Vec<Table<Releasable, ReleasedNumber>>, ProtectedNumbers) {
    let work = Work { survey, replies, contributions, policy, is_base_printed, corrected };
    let mut protected = ProtectedNumbers::default();
    let mut reasons: BTreeMap<(QuestionIndex, Scope), Reasons> = BTreeMap::new();
    for table in &tabulation.numbers {
        let question = table.question();
        let groups = work.question(question).into_iter();
        for (scope, group) in groups.filter(|(scope, _)| table.cell(*scope, None, None).is_some()) {
            protected.enter((question, scope), &group);
            reasons.insert((question, scope), group.reasons);
        }
    }
    let of = |number, _: &NumberSummary| reasons.get(&number).copied().unwrap_or([Some(NumberReason::Policy); 3]);
    (sealed(tabulation, &Seal::new(), of), protected)
}

struct Work<'a> {
    survey: &'a Survey,
    replies: &'a Replies,
    contributions: &'a Contributions,
    policy: &'a Policy,
    is_base_printed: &'a dyn Fn(&Gate, Scope) -> bool,
    corrected: Option<&'a Edition>,
}

/// The numbers of a sector or sub-sector, ascending, and the reasons for each withheld figure.
struct Group {
    numbers: Vec<i128>,
    reasons: Reasons,
}

impl<'a> Work<'a> {
    /// One question in all sectors and sub-sectors that the policy covers.
    fn question(&self, question: QuestionIndex) -> BTreeMap<Scope, Group> {
        let gave = |sector: SectorIndex| self.gave(question, Scope { sector, subsector: None });
        let mut sectors = self.survey.question(question).sectors.clone();
        sectors.retain(|&sector| is_covered(self.survey, self.policy, Scope { sector, subsector: None }));
        // A sector that the corrected edition prints comes first, and then the larger one.
        sectors.sort_by_cached_key(|&sector| {
            let scope = (question, Scope { sector, subsector: None });
            let edition = self.corrected.and_then(|edition| edition.get(&scope));
            (!edition.is_some_and(|one| one.mean || one.quartiles), Reverse(gave(sector).len()), sector)
        });
        let mut printed: BTreeSet<&str> = BTreeSet::new();
        let mut groups = BTreeMap::new();
        for sector in sectors {
            let is_shared = gave(sector).keys().any(|code| printed.contains(code));
            printed.extend(gave(sector).into_keys().filter(|_| !is_shared));
            groups.extend(self.sector(question, sector, is_shared));
        }
        groups
    }

    /// A sector and its sub-sectors. Every member of a sector that has sub-sectors is in one of them.
    fn sector(&self, question: QuestionIndex, sector: SectorIndex, is_shared: bool) -> Vec<(Scope, Group)> {
        let scopes = Scope::all(self.survey).filter(|scope| scope.sector == sector);
        let mut groups: Vec<_> = scopes.map(|scope| (scope, self.group(question, scope, is_shared))).collect();
        let ((_, whole), parts) = groups.split_first_mut().expect("a sector is a scope");
        // The total of a sub-sector is that of the sector where nobody else gave a number; where one did, that one
        // takes its own off.
        let follows = parts.iter().any(|(_, Group { numbers, reasons: [_, mean, _] })| {
            let others = usize::from(*mean != Some(NumberReason::Edition));
            mean.is_some() && !numbers.is_empty() && whole.numbers.len() - numbers.len() <= others
        });
        if follows {
            whole.reasons[1].get_or_insert(NumberReason::Secondary);
        }
        if groups.iter().any(|(_, group)| group.reasons[1].is_some()) {
            for (_, part) in groups[1..].iter_mut().filter(|(_, part)| !part.numbers.is_empty()) {
                part.reasons[1].get_or_insert(NumberReason::Secondary);
            }
        }
        groups.retain(|(scope, _)| is_covered(self.survey, self.policy, *scope));
        groups
    }

    /// A sector or sub-sector by itself.
    fn group(&self, question: QuestionIndex, scope: Scope, is_shared: bool) -> Group {
        let asked = self.survey.question(question);
        let mut numbers: Vec<i128> = self.gave(question, scope).into_values().collect();
        numbers.sort_unstable();
        // A number in the store may be from an earlier definition of the question.
        let most = (asked.most.map_or(MOST, i128::from) * SCALE).max(numbers.last().copied().unwrap_or(0));
        let is_covered = is_covered(self.survey, self.policy, scope);
        let is_hidden = asked.gate.as_ref().is_some_and(|gate| is_covered && !(self.is_base_printed)(gate, scope));
        let gate = is_hidden.then_some(NumberReason::Gate);
        let rules = reasons(&numbers, most, self.policy);
        let corrected = self.corrected.filter(|_| is_covered);
        let edition =
            corrected.map_or([None; 3], |edition| withheld_by(edition, (question, scope), numbers.is_empty()));
        let shared = (is_shared && !numbers.is_empty()).then_some(NumberReason::Shared);
        let all = [[gate; 3], rules, edition, [None, shared, shared]];
        Group { numbers, reasons: [0, 1, 2].map(|of| all.iter().find_map(|reasons| reasons[of])) }
    }

    /// The respondents of a sector or sub-sector that gave a number, with the number of each.
    fn gave(&self, question: QuestionIndex, scope: Scope) -> BTreeMap<&'a str, i128> {
        let members = self.replies.members.get(&scope).into_iter().flatten();
        let number = |code: &'a String| Some((code.as_str(), self.contributions.of(question, code)?));
        members.filter_map(number).collect()
    }
}

impl ProtectedNumbers {
    fn enter(&mut self, number: (QuestionIndex, Scope), Group { numbers, reasons: [_, mean, quartiles] }: &Group) {
        let (mean, quartiles) = (*mean, *quartiles);
        let NumberAccount { means, withheld, quartiles: sets, quartiles_withheld } = &mut self.account;
        for (reason, printed, withheld) in [(mean, means, withheld), (quartiles, sets, quartiles_withheld)] {
            match reason {
                None => *printed += usize::from(!numbers.is_empty()),
                Some(reason) => *withheld.entry(reason.word()).or_default() += 1,
            }
        }
        if mean.is_some() || quartiles.is_some() {
            let (total, largest) = (numbers.iter().sum(), numbers.last().copied().unwrap_or(0));
            let withheld = WithheldNumber { mean, quartiles, total: Amount(total), largest: Amount(largest) };
            self.withheld.insert(number, withheld);
        }
    }
}
