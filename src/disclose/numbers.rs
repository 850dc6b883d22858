//! The number questions beyond the wall: which means and which quartiles may be printed.
//!
//! A mean of a known base is a total, and sub-sectors add up to their sector. So a question is looked
//! at sector by sector: what tells something of a contributor is withheld ([`rules`]), then what would
//! give it away ([`secondary`]), and what is left is attacked ([`family`]); and so is what two sectors that
//! have members in common tell together ([`shared`]). Of more than two that hang together only the largest is
//! printed. What an attack opens is not released.

mod contributions;
mod explain;
mod family;
mod files;
mod known;
mod released;
pub(super) mod rules;
mod secondary;
mod shared;

use std::collections::{BTreeMap, BTreeSet};

pub use contributions::Contributions;
pub use explain::{explain_number, number};
pub use files::{number_name, numbers_csv, withheld_numbers_csv};
pub use known::KnownNumbers;
pub use released::{Amount, Mean, ReleasedNumber};
pub use rules::NumberReason;

use super::coverage::is_covered;
use super::released::{Content, Releasable, Released, Seal};
use crate::compare::Replies;
use crate::survey::{Gate, Kind, Policy, QuestionIndex, SectorIndex, Shown, Survey};
use crate::tabulate::{Confidential, Key, NumberSummary, Scope, Table, Tabulation};
use family::{Exposure, Family, Outcome, Printed};

/// A withheld total that can be computed more closely than the policy allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberOpening {
    /// The question.
    pub question: QuestionIndex,
    /// The sector.
    pub sector: SectorIndex,
    /// Whose total it is; `None` for those of whom nothing is printed.
    pub scope: Option<Scope>,
    /// The lowest and the highest total that can be computed.
    pub interval: (Amount, Amount),
    /// How far each of them has to be from the true one.
    pub needed: (Amount, Amount),
    /// Whether it takes own numbers to compute it.
    pub takes_own_answers: bool,
}

/// What was done to the number questions, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct NumberAccount {
    /// Means that are printed.
    pub means: usize,
    /// Means that are withheld for their own sake, by the reason.
    pub primary: BTreeMap<&'static str, usize>,
    /// Means that are withheld to protect others.
    pub secondary: usize,
    /// Means that are printed because they were released before, and that the policy would withhold for their own
    /// sake.
    pub against_policy: usize,
    /// Sets of quartiles that are printed.
    pub quartiles: usize,
    /// Sets of quartiles that are withheld, by the reason.
    pub quartiles_withheld: BTreeMap<&'static str, usize>,
    /// Attacks of an outsider: one for each withheld mean.
    pub attacks: usize,
    /// Sets of own numbers with which all of them were repeated.
    pub coalitions: usize,
    /// How near an outsider comes to a withheld total at most, in per cent of its largest contributor;
    /// `None` where there is nothing to come near to.
    pub narrowest: Option<i64>,
}

/// A number of which something is withheld, for the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithheldNumber {
    /// Why the mean is withheld, if it is.
    pub mean: Option<NumberReason>,
    /// Why the quartiles are withheld, if they are.
    pub quartiles: Option<NumberReason>,
    /// The sum of all numbers.
    pub total: Amount,
    /// The largest of them.
    pub largest: Amount,
    /// Totals between which an outsider cannot tell, where the mean is withheld.
    pub interval: Option<(Amount, Amount)>,
}

/// What is to be said about the numbers of a release.
#[derive(Debug, Clone, Default)]
pub struct ProtectedNumbers {
    /// What was done.
    pub account: NumberAccount,
    /// What an attack opened: where there is anything, nothing may be released.
    pub openings: Vec<NumberOpening>,
    /// Of what something is withheld.
    pub withheld: BTreeMap<(QuestionIndex, Scope), WithheldNumber>,
    /// The means that readers know already and that the policy would withhold for their own sake.
    pub against_policy: BTreeSet<(QuestionIndex, Scope)>,
}

/// Everything, for those who work with it.
pub(super) fn all(tabulation: &Tabulation, seal: &Seal) -> Vec<Table<Releasable, ReleasedNumber>> {
    let published = |_: &Key, summary: &NumberSummary| ReleasedNumber::of(summary, None, None);
    tabulation.numbers.iter().map(|table| table.sealed(seal, published)).collect()
}

/// The number questions, withheld where the policy demands it and attacked. `distributions` is what is printed
/// of the other questions, on which it may depend who is asked; `known` are means and quartiles that the readers
/// have already.
pub(super) fn protect(
    survey: &Survey,
    tabulation: &Tabulation,
    replies: &Replies,
    contributions: &Contributions,
    policy: &Policy,
    distributions: &[Table<Releasable, Released>],
    known: &KnownNumbers,
) -> (Vec<Table<Releasable, ReleasedNumber>>, ProtectedNumbers) {
    let seal = Seal::new();
    let work = Work { survey, replies, contributions, policy, distributions, known };
    let mut numbers = ProtectedNumbers::default();
    let tables = tabulation.numbers.iter().map(|table| work.table(table, &seal, &mut numbers));
    (tables.collect(), numbers)
}

/// What is decided of a number: why mean and quartiles are withheld, if they are.
#[derive(Debug, Clone, Copy)]
struct Decision {
    mean: Option<NumberReason>,
    quartiles: Option<NumberReason>,
}

/// What is said about one question in one sector.
struct Decided {
    sector: SectorIndex,
    family: Family,
    /// What the readers have already.
    known: Vec<Printed>,
    /// What is withheld before others are protected.
    first: Vec<Decision>,
    printed: Vec<Printed>,
}

/// Something that is printed of a scope, the less important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Quartiles,
    Mean,
}

/// What is withheld because of another sector.
type Closed = (Piece, Scope);

/// Two scopes with all that is printed of them and not known already, the least important first; `None` where
/// there is nothing.
fn to_close(decided: &[Decided], scopes: [Scope; 2]) -> Option<([Scope; 2], Vec<Closed>)> {
    let mut choices: Vec<(Piece, usize, Scope)> = Vec::new();
    for scope in scopes {
        let one = decided.iter().find(|one| one.sector == scope.sector)?;
        let at = one.family.groups.iter().position(|group| group.scope == Some(scope))?;
        let (printed, known) = (one.printed[at], one.known[at]);
        let open =
            [(Piece::Quartiles, printed.quartiles && !known.quartiles), (Piece::Mean, printed.mean && !known.mean)];
        let size = one.family.groups[at].members.len();
        choices.extend(open.into_iter().filter(|(_, is_open)| *is_open).map(|(piece, _)| (piece, size, scope)));
    }
    choices.sort_unstable();
    let choices: Vec<Closed> = choices.into_iter().map(|(piece, _, scope)| (piece, scope)).collect();
    (!choices.is_empty()).then_some((scopes, choices))
}

/// Where more than two sectors hang together by members in common, all that is printed of any but the largest of
/// them: what they would tell together is only looked at two by two.
fn of_many(decided: &[Decided]) -> BTreeSet<Closed> {
    let codes: Vec<BTreeSet<&str>> =
        decided.iter().map(|one| one.family.numbers_by_code(0).into_keys().collect()).collect();
    let mut together: Vec<BTreeSet<usize>> = Vec::new();
    for (at, own) in codes.iter().enumerate() {
        let is_near = |group: &BTreeSet<usize>| group.iter().any(|other| !codes[*other].is_disjoint(own));
        let (near, others): (Vec<_>, Vec<_>) = together.into_iter().partition(is_near);
        together = others;
        together.push(near.into_iter().flatten().chain([at]).collect());
    }
    let mut closed = BTreeSet::new();
    for group in together.into_iter().filter(|group| group.len() > 2) {
        let largest = group.iter().copied().max_by_key(|&at| (codes[at].len(), std::cmp::Reverse(at)));
        for at in group.into_iter().filter(|at| Some(*at) != largest) {
            let scopes = decided[at].family.groups.iter().filter_map(|group| group.scope);
            closed.extend(scopes.flat_map(|scope| [Piece::Quartiles, Piece::Mean].map(|piece| (piece, scope))));
        }
    }
    closed
}

struct Work<'a> {
    survey: &'a Survey,
    replies: &'a Replies,
    contributions: &'a Contributions,
    policy: &'a Policy,
    /// The distributions: they say which bases may be told.
    distributions: &'a [Table<Releasable, Released>],
    /// What the readers have already.
    known: &'a KnownNumbers,
}

impl Work<'_> {
    fn table(
        &self,
        table: &Table<Confidential, NumberSummary>,
        seal: &Seal,
        numbers: &mut ProtectedNumbers,
    ) -> Table<Releasable, ReleasedNumber> {
        let question = table.question();
        let sectors = self.survey.question(question).sectors.iter().copied();
        let is_covered = |sector| is_covered(self.survey, self.policy, Scope { sector, subsector: None });
        let told = self.known.sectors(question);
        let about = sectors.filter(|sector| is_covered(*sector) || told.contains(sector));
        let sectors: Vec<SectorIndex> = about.collect();
        // What two sectors that have members in common would give away together is withheld of one of them, and
        // each sector is then protected anew.
        let mut closed: BTreeSet<Closed>;
        let decide = |closed: &BTreeSet<Closed>| -> (Vec<Decided>, Vec<shared::Exposure>) {
            let decided = sectors.iter().map(|&sector| self.decide(question, sector, closed));
            let decided: Vec<Decided> = decided.collect();
            let printed: Vec<_> = decided.iter().map(|one| (&one.family, one.printed.as_slice())).collect();
            let exposures = shared::exposed(self.policy, &printed);
            (decided, exposures)
        };
        let (mut decided, mut exposures) = decide(&BTreeSet::new());
        closed = of_many(&decided);
        if !closed.is_empty() {
            (decided, exposures) = decide(&closed);
        }
        while let Some((scopes, choices)) = exposures.iter().find_map(|one| to_close(&decided, one.scopes)) {
            // The least important that helps, or the least important.
            let with = |one: &Closed| closed.iter().copied().chain([*one]).collect::<BTreeSet<Closed>>();
            let helps = |one: &&Closed| decide(&with(one)).1.iter().all(|one| one.scopes != scopes);
            closed = with(choices.iter().find(helps).unwrap_or(&choices[0]));
            (decided, exposures) = decide(&closed);
        }
        let mut decisions: BTreeMap<Scope, Decision> = BTreeMap::new();
        for one in &decided {
            self.enter(table, one, &mut decisions, numbers);
        }
        numbers.openings.extend(exposures.iter().map(|one| shared_opening(question, one)));
        table.sealed(seal, |key, summary| match decisions.get(&key.scope) {
            Some(Decision { mean: Some(NumberReason::Gate), quartiles: Some(NumberReason::Gate) }) => {
                ReleasedNumber::hidden(NumberReason::Gate)
            }
            Some(Decision { mean, quartiles }) => ReleasedNumber::of(summary, *mean, *quartiles),
            None => ReleasedNumber::hidden(NumberReason::Policy),
        })
    }

    /// Decides on all that is said about one question in one sector; of what is closed nothing is.
    fn decide(&self, question: QuestionIndex, sector: SectorIndex, closed: &BTreeSet<Closed>) -> Decided {
        let family = Family::of(self.survey, self.replies, self.contributions, self.policy, question, sector);
        let known = self.known.of_family(self.survey, question, &family);
        let close = |group: &family::Group, Decision { mean, quartiles }: Decision| {
            let is_closed = |piece| group.scope.is_some_and(|scope| closed.contains(&(piece, scope)));
            let close = |piece| is_closed(piece).then_some(NumberReason::Secondary);
            Decision { mean: mean.or(close(Piece::Mean)), quartiles: quartiles.or(close(Piece::Quartiles)) }
        };
        let first = family.groups.iter().map(|group| close(group, self.primary(&family, group, question)));
        let first: Vec<Decision> = first.collect();
        // What is known is no secret any more, whatever the policy has of it.
        let printed = first.iter().zip(&known).map(|(one, known)| Printed {
            mean: one.mean.is_none() || known.mean,
            quartiles: one.quartiles.is_none() || known.quartiles,
        });
        let printed = secondary::protect(&family, self.policy, printed.collect(), &known);
        Decided { sector, family, known, first, printed }
    }

    /// Enters what was decided, and attacks it.
    fn enter(
        &self,
        table: &Table<Confidential, NumberSummary>,
        decided: &Decided,
        decisions: &mut BTreeMap<Scope, Decision>,
        numbers: &mut ProtectedNumbers,
    ) {
        let question = table.question();
        let Decided { sector, family, first, printed, .. } = decided;
        for group in &family.groups {
            let summary = group.scope.and_then(|scope| table.cell(scope, None, None));
            let is_same = summary.is_none_or(|summary| summary.base as usize == group.members.len());
            assert!(is_same, "the summaries and the attack rest on the same answers");
        }
        let outcome = family.attack(self.policy, printed);
        for (at, group) in family.groups.iter().enumerate() {
            let Some(scope) = group.scope.filter(|scope| table.cell(*scope, None, None).is_some()) else { continue };
            let withheld = |is_printed: bool, first: Option<NumberReason>| {
                (!is_printed).then(|| first.unwrap_or(NumberReason::Secondary))
            };
            let mean = withheld(printed[at].mean, first[at].mean);
            let quartiles = withheld(printed[at].quartiles, first[at].quartiles);
            decisions.insert(scope, Decision { mean, quartiles });
            numbers.account.enter(group.members.is_empty(), mean, quartiles);
            if mean.is_none() && first[at].mean.is_some() {
                numbers.against_policy.insert((question, scope));
            }
            if mean.is_some() || quartiles.is_some() {
                let interval = outcome.intervals[at].map(|(lowest, highest)| (Amount(lowest), Amount(highest)));
                let (total, largest) = (Amount(group.total), Amount(family.largest(group)));
                let withheld = WithheldNumber { mean, quartiles, total, largest, interval };
                numbers.withheld.insert((question, scope), withheld);
            }
        }
        numbers.account.attacked(family, &outcome);
        numbers.openings.extend(openings(family, &outcome, question, *sector));
    }

    /// What is withheld for its own sake.
    fn primary(&self, family: &Family, group: &family::Group, question: QuestionIndex) -> Decision {
        let Some(scope) = group.scope else {
            return Decision { mean: Some(NumberReason::Policy), quartiles: Some(NumberReason::Policy) };
        };
        let gate = self.survey.question(question).gate.as_ref();
        if gate.is_some_and(|gate| !self.is_base_told(gate, scope)) {
            return Decision { mean: Some(NumberReason::Gate), quartiles: Some(NumberReason::Gate) };
        }
        let numbers = family.numbers(group);
        let mean = rules::mean(&numbers, family.most, self.policy);
        Decision { mean, quartiles: rules::quartiles(&numbers, family.most, self.policy) }
    }

    /// Whether the base of a question that depends on an answer may be told: where it is a sum of counts
    /// that are printed.
    fn is_base_told(&self, gate: &Gate, scope: Scope) -> bool {
        let accepted = gate.all_accepted();
        let deciding = self.survey.question(gate.question);
        let table = self.distributions.iter().find(|table| table.question() == gate.question);
        let is_printed = |option: &u16| {
            let cell = table.and_then(|table| table.cell(scope, None, Some(Shown::Option(*option))));
            cell.is_some_and(|cell| matches!(cell.content(), Content::Published { .. }))
        };
        (deciding.kind.is_single() || accepted.len() == 1) && accepted.iter().all(is_printed)
    }
}

/// Attacks the number questions of a release in which exactly these means are withheld, whoever chose them, and
/// quartiles are printed where they may be for their own sake: what is opened.
pub fn audit_numbers(
    survey: &Survey,
    replies: &Replies,
    contributions: &Contributions,
    policy: &Policy,
    withheld: &BTreeSet<(QuestionIndex, Scope)>,
) -> Vec<NumberOpening> {
    let questions = (0..survey.questions.len()).map(QuestionIndex::at);
    let numbers = questions.filter(|question| survey.question(*question).kind == Kind::Number);
    let opened = numbers.flat_map(|question| {
        let sectors = survey.question(question).sectors.iter().copied();
        let covered = sectors.filter(|&sector| is_covered(survey, policy, Scope { sector, subsector: None }));
        let families = covered.map(|one| (one, Family::of(survey, replies, contributions, policy, question, one)));
        let families: Vec<(SectorIndex, Family)> = families.collect();
        let print = |family: &Family, group: &family::Group| Printed {
            mean: group.scope.is_some_and(|scope| !withheld.contains(&(question, scope))),
            quartiles: group.scope.is_some() && rules::quartiles(&family.numbers(group), family.most, policy).is_none(),
        };
        let printed: Vec<Vec<Printed>> = families
            .iter()
            .map(|(_, family)| family.groups.iter().map(|group| print(family, group)).collect())
            .collect();
        let both: Vec<_> = families.iter().zip(&printed).map(|((_, family), all)| (family, all.as_slice())).collect();
        let alone = families.iter().zip(&printed).flat_map(|((sector, family), printed)| {
            openings(family, &family.attack(policy, printed), question, *sector)
        });
        let together = shared::exposed(policy, &both);
        alone.chain(together.iter().map(|one| shared_opening(question, one))).collect::<Vec<_>>()
    });
    opened.collect()
}

fn shared_opening(question: QuestionIndex, exposure: &shared::Exposure) -> NumberOpening {
    NumberOpening {
        question,
        sector: exposure.scopes[1].sector,
        scope: exposure.scope,
        interval: (Amount(exposure.interval.0), Amount(exposure.interval.1)),
        needed: (Amount(exposure.needed.0), Amount(exposure.needed.1)),
        takes_own_answers: exposure.takes_own_answers,
    }
}

fn openings(family: &Family, outcome: &Outcome, question: QuestionIndex, sector: SectorIndex) -> Vec<NumberOpening> {
    let opening = |exposure: &Exposure| NumberOpening {
        question,
        sector,
        scope: family.groups[exposure.group].scope,
        interval: (Amount(exposure.interval.0), Amount(exposure.interval.1)),
        needed: (Amount(exposure.needed.0), Amount(exposure.needed.1)),
        takes_own_answers: exposure.takes_own_answers,
    };
    outcome.exposures.iter().map(opening).collect()
}

impl NumberAccount {
    fn enter(&mut self, is_empty: bool, mean: Option<NumberReason>, quartiles: Option<NumberReason>) {
        match mean {
            None => self.means += usize::from(!is_empty),
            Some(NumberReason::Secondary) => self.secondary += 1,
            Some(reason) => *self.primary.entry(reason.word()).or_default() += 1,
        }
        match quartiles {
            None => self.quartiles += usize::from(!is_empty),
            Some(reason) => *self.quartiles_withheld.entry(reason.word()).or_default() += 1,
        }
    }

    fn attacked(&mut self, family: &Family, outcome: &Outcome) {
        for (group, interval) in family.groups.iter().zip(&outcome.intervals) {
            let Some((lowest, highest)) = *interval else { continue };
            self.attacks += 1;
            let largest = family.largest(group);
            if largest > 0 {
                let near = 100 * (group.total - lowest).min(highest - group.total) / largest;
                let near = i64::try_from(near).unwrap_or(i64::MAX);
                self.narrowest = Some(self.narrowest.map_or(near, |narrowest| narrowest.min(near)));
            }
        }
        self.coalitions += outcome.coalitions;
    }
}
