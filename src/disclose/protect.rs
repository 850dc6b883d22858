//! From confidential tables to a release, with counts of the withheld cells and the openings that an attack found.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::{Counted, Respondents, count};
use super::attack::{Attacker, Opened};
use super::cell::{Address, Cell, Cells, Cohort, Measure, Printed};
use super::changes;
use super::coverage::is_covered;
use super::material::Material;
use super::need::is_class_by_policy;
use super::number::{self, ProtectedNumbers};
use super::refusal::Refusal;
use super::relation::{Row, relations};
use super::release::{Pattern, Release};
use super::released::{Reader, Reason, Releasable, Released, Seal};
use super::rule::{Rule, rule};
use super::share::Share;
use super::suppression::{First, Suppressed, attack, suppress, without_base};
use super::witness::System;
use crate::survey::{Gate, Limit, Policy, Prompt, Shown};
use crate::tabulate::{Figures, Key, Population, Scope, Table, Tabulation};

/// How a release is tied to others that are made from the same answers, or corrected by it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// The public release of the same answers.
    pub public: Option<&'a Pattern>,
    /// The pattern of the edition that an erratum replaces: a withheld cell stays withheld.
    pub corrected: Option<&'a Pattern>,
}

/// A cell that is not protected well enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The cell.
    pub address: Address,
    /// The reader that can compute it too closely.
    pub attacker: Attacker,
    /// The lowest and the highest count that are proven possible.
    pub proven: (i64, i64),
    /// How far apart they have to be.
    pub need: i64,
    /// The printed cells that it hangs together with.
    pub beside: Vec<Address>,
}

/// Counts of the cells that a release prints, shares and withholds.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Account {
    /// Cells that the release covers: counts, and bases that depend on an answer.
    pub cells: usize,
    /// Cells beside these that follow from what is printed: those of institutions in two sectors.
    pub derived: usize,
    /// Relations between all of them.
    pub relations: usize,
    /// Cells that are printed.
    pub published: usize,
    /// Cells of which a class or a whole per cent is printed.
    pub shares: usize,
    /// Cells that a rule withholds, by the rule.
    pub by_rule: BTreeMap<String, usize>,
    /// Cells that are withheld to protect others.
    pub secondary: usize,
    /// Tables: one prompt of one sector or sub-sector.
    pub tables: usize,
    /// Tables of which every cell is printed.
    pub whole_tables: usize,
    /// Independent parts that the withheld cells fall into.
    pub parts: usize,
    /// Cells that have to be protected, and were attacked.
    pub attacked: usize,
    /// Sets of own answers with which each part was attacked.
    pub classes: usize,
    /// The narrowest interval that is proven of a cell that a rule withholds; `None` where there is none.
    pub narrowest: Option<i64>,
}

/// The withheld cells, each with the reason and, where it has to be protected, the counts that are proven possible.
pub type WithheldCells = BTreeMap<Address, (Reason, Option<(i64, i64)>)>;

/// A release, with its counts, openings and reasons.
#[derive(Debug)]
pub struct Protected {
    /// The release to print, if no cell is open.
    pub release: Release,
    /// Counts of its cells.
    pub account: Account,
    /// The cells that an attack opened: if there is one, the release is refused.
    pub openings: Vec<Opening>,
    /// Why each withheld cell is.
    pub withheld: WithheldCells,
    /// The same of number questions.
    pub numbers: ProtectedNumbers,
}

impl Protected {
    /// Whether an attack opened nothing.
    pub fn is_safe(&self) -> bool {
        self.openings.is_empty()
    }
}

/// All that a release covers, with what holds between its cells.
struct Covered {
    cells: Cells,
    relations: Vec<Row>,
    respondents: Respondents,
}

impl Covered {
    fn of(material: &Material<'_>, policy: &Policy) -> Result<Covered, Refusal> {
        let Counted { cells, respondents } = count(material.survey, material.replies, policy)?;
        let relations = relations(material.survey, &cells);
        let covered = Covered { cells, relations, respondents };
        match covered.contradiction() {
            None => Ok(covered),
            Some(address) => Err(Refusal::OtherDefinition { cell: address.name(material.survey) }),
        }
    }

    /// A cell of which the answers contradict the definition, if there is one.
    fn contradiction(&self) -> Option<Address> {
        let contradicted = self.relations.iter().find(|row| {
            row.excess(row.terms.iter().map(|(cell, factor)| factor * self.cells.all[*cell].value).sum()) != 0
        });
        Some(self.cells.all[contradicted?.terms.first()?.0].address)
    }
}

/// The content of the cells of a release before anything is withheld to protect others.
fn first(cells: &Cells, policy: &Policy, beside: &Beside<'_>) -> First {
    let mut first: Vec<Printed> = Vec::with_capacity(cells.all.len());
    for cell in &cells.all {
        let rule = rule(policy, cell);
        first.push(match rule {
            _ if cell.is_known => Printed::Value,
            _ if !cell.is_printable => Printed::Nothing,
            _ if cell.whole == 0 => Printed::Value,
            Some(Rule::SmallBase) => Printed::Nothing,
            _ if is_class_by_policy(policy, cell) && cell.address.measure == Measure::Base => Printed::Nothing,
            _ if is_class_by_policy(policy, cell) => class(policy, cell),
            Some(_) => Printed::Nothing,
            None => Printed::Value,
        });
    }
    let mut given: Vec<Printed> =
        cells.all.iter().map(|cell| if cell.is_known { Printed::Value } else { Printed::Nothing }).collect();
    for (at, cell) in cells.all.iter().enumerate().filter(|(_, cell)| cell.is_printable && !cell.is_known) {
        if let Some(corrected) = beside.corrected {
            let kept = kept(policy, cell, corrected.of(cell.address));
            if kept.rank() < first[at].rank() {
                first[at] = kept;
            }
        }
        // The same readers have the public figures: they are printed here as they are there, or in full.
        given[at] = beside.public.map_or(Printed::Nothing, |public| public.of(cell.address));
        if first[at] != Printed::Value && given[at] != Printed::Nothing {
            first[at] = given[at];
        }
    }
    // A count on a withheld base is printed in whole per cents.
    for base in 0..cells.all.len() {
        if cells.all[base].address.measure == Measure::Base && first[base] == Printed::Nothing {
            for count in cells.counts_on(base) {
                if first[count] == Printed::Value && given[count] != Printed::Value {
                    first[count] = without_base(&cells.all[count], given[count]);
                }
            }
        }
    }
    First { printed: first, given }
}

fn class(policy: &Policy, cell: &Cell) -> Printed {
    Share::class_of(&policy.bands, cell.value, cell.whole).map_or(Printed::Nothing, Printed::Share)
}

/// The content that an erratum prints in a cell that the corrected edition printed.
fn kept(policy: &Policy, cell: &Cell, corrected: Printed) -> Printed {
    match corrected {
        Printed::Share(share) if share.is_whole_per_cent() => without_base(cell, Printed::Nothing),
        Printed::Share(_) => class(policy, cell),
        other => other,
    }
}

/// Makes a release for a circle by its policy, and attacks it.
pub fn protect(material: &Material<'_>, policy: &Policy, beside: &Beside<'_>) -> Result<Protected, Refusal> {
    let covered = Covered::of(material, policy)?;
    let cells = &covered.cells;
    let system = System::new(cells, &covered.relations, policy);
    let first = first(cells, policy, beside);
    let Suppressed { printed, proven, opened, parts, classes } = suppress(&system, first, &covered.respondents);
    let interval = |cell: usize, (low, high): (i64, i64)| (cells.all[cell].value + low, cells.all[cell].value + high);
    let withheld = (0..printed.len()).filter(|&at| cells.all[at].is_printable && printed[at] == Printed::Nothing);
    let withheld: WithheldCells = withheld
        .map(|at| {
            let cell = &cells.all[at];
            let reason = match rule(policy, cell) {
                Some(rule) => Reason::Rule(rule),
                None if is_class_by_policy(policy, cell) && cell.address.measure == Measure::Base => Reason::Policy,
                None => Reason::Secondary,
            };
            (cells.all[at].address, (reason, proven.get(&at).map(|&proven| interval(at, proven))))
        })
        .collect();
    let openings = opened.iter().map(|one| opening(&system, &printed, one)).collect();
    let pattern = pattern_of(cells, &printed);
    let seal = Seal::new();
    let Material { survey, tabulation, replies, contributions, .. } = *material;
    let (numbers, protected_numbers) = number::protect(
        survey,
        tabulation,
        replies,
        contributions,
        policy,
        &|gate, scope| is_base_printed(material, &pattern, gate, scope),
        beside.corrected.map(|corrected| &corrected.numbers),
    );
    let reason = |address: Address| withheld.get(&address).map_or(Reason::Policy, |(reason, _)| *reason);
    let release = release(material, policy, &pattern, numbers, &reason, &seal);
    let account = Account { parts, classes, ..account(&covered, policy, &printed, &withheld, &proven) };
    Ok(Protected { release, account, openings, withheld, numbers: protected_numbers })
}

/// Exactly what an edition printed, from the answers that were frozen for it.
pub fn as_printed(material: &Material<'_>, policy: &Policy, pattern: &Pattern) -> Release {
    let seal = Seal::new();
    let numbers = number::as_printed(material.tabulation, &pattern.numbers, &seal);
    release(material, policy, pattern, numbers, &|_| Reason::Policy, &seal)
}

/// Everything, for those who work with it.
pub fn for_the_desk(tabulation: &Tabulation) -> Release {
    let seal = Seal::new();
    let published = |_: &Key, figures: &Figures| Released::published(*figures);
    let tables = tabulation.distributions.iter().map(|table| table.sealed(&seal, published));
    Release {
        reader: Reader::Desk,
        distributions: tables.collect(),
        changes: Vec::new(),
        numbers: number::all(tabulation, &seal),
        populations: tabulation.populations.iter().map(|(scope, population)| (*scope, *population)).collect(),
    }
}

/// The openings of a release of exactly this pattern, wherever it comes from.
pub fn audit(
    material: &Material<'_>,
    policy: &Policy,
    beside: &Beside<'_>,
    pattern: &Pattern,
) -> Result<Vec<Opening>, Refusal> {
    let covered = Covered::of(material, policy)?;
    let system = System::new(&covered.cells, &covered.relations, policy);
    let First { given, .. } = first(&covered.cells, policy, beside);
    let printed: Vec<Printed> = covered
        .cells
        .all
        .iter()
        .zip(&given)
        .map(|(cell, given)| match *given {
            Printed::Value => Printed::Value,
            given if cell.is_printable && pattern.of(cell.address) == Printed::Nothing => given,
            _ if cell.is_printable => pattern.of(cell.address),
            _ => Printed::Nothing,
        })
        .collect();
    let opened = attack(&system, &printed, &covered.respondents);
    Ok(opened.iter().map(|one| opening(&system, &printed, one)).collect())
}

/// The cells that a release would withhold, and the tables that would be whole, if a limit of the policy were relaxed:
/// what each parameter costs. The first is the policy as it is.
pub fn costs(
    material: &Material<'_>,
    policy: &Policy,
    beside: &Beside<'_>,
) -> Result<Vec<(&'static str, u32, Account)>, Refusal> {
    type Part = fn(&mut Policy) -> &mut Limit;
    let relaxed: [(&str, Part, u32); 6] = [
        ("minimum_base", |policy| &mut policy.minimum_base, 1),
        ("minimum_count", |policy| &mut policy.minimum_count, 1),
        ("small_counts_below", |policy| &mut policy.small_counts_below, 0),
        ("adverse_all_but", |policy| &mut policy.adverse_all_but, 0),
        ("narrowest_interval", |policy| &mut policy.narrowest_interval, 1),
        ("own_answer_interval", |policy| &mut policy.own_answer_interval, 0),
    ];
    let mut costs = vec![("", 0, protect(material, policy, beside)?.account)];
    for (name, part, value) in relaxed {
        let mut other = policy.clone();
        part(&mut other).value = value;
        costs.push((name, value, protect(material, &other, beside)?.account));
    }
    Ok(costs)
}

/// The scopes that a policy lets anything be printed of.
fn populations(material: &Material<'_>, policy: &Policy) -> Vec<(Scope, Population)> {
    let all = material.tabulation.populations.iter();
    let covered = all.filter(|(scope, _)| is_covered(material.survey, policy, **scope));
    covered.map(|(scope, population)| (*scope, *population)).collect()
}

fn pattern_of(cells: &Cells, printed: &[Printed]) -> Pattern {
    let all = cells.all.iter().zip(printed);
    let ours = all.filter(|(cell, printed)| cell.is_printable && **printed != Printed::Nothing);
    Pattern { cells: ours.map(|(cell, printed)| (cell.address, *printed)).collect(), numbers: BTreeMap::new() }
}

/// Whether the base of a number question behind a gate is printed: where it is a sum of counts that are.
fn is_base_printed(material: &Material<'_>, pattern: &Pattern, gate: &Gate, scope: Scope) -> bool {
    let accepted = gate.all_accepted();
    let deciding = material.survey.question(gate.question);
    let prompt = Prompt { question: gate.question, item: None };
    let is_printed =
        |option: &u16| pattern.of(Address::of(scope, prompt, Measure::Count(Shown::Option(*option)))) == Printed::Value;
    (deciding.kind.is_single() || accepted.len() == 1) && accepted.iter().all(is_printed)
}

fn release(
    material: &Material<'_>,
    policy: &Policy,
    pattern: &Pattern,
    numbers: Vec<Table<Releasable, number::ReleasedNumber>>,
    reason: &dyn Fn(Address) -> Reason,
    seal: &Seal,
) -> Release {
    let Material { survey, tabulation, .. } = *material;
    let tables = tabulation.distributions.iter().map(|table| {
        table.sealed(seal, |key: &Key, figures: &Figures| {
            let prompt = Prompt { question: table.question(), item: key.item };
            let shown = key.category.expect("a distribution is over options and nets");
            let address = Address::of(key.scope, prompt, Measure::Count(shown));
            let base = (pattern.of(address.base()) == Printed::Value).then_some(*figures);
            match pattern.of(address) {
                Printed::Value => Released::published(*figures),
                // The share is that of the answers at hand: a pattern may come from a corrected edition.
                Printed::Share(share) => Released::share(base, share),
                Printed::Nothing => Released::withheld(reason(address), base),
            }
        })
    });
    let distributions: Vec<Table<Releasable, Released>> = tables.collect();
    let changes =
        material.last_year.map(|last_year| changes::release(survey, policy, &last_year, &distributions, seal));
    Release {
        reader: Reader::Circle(policy.circle),
        distributions,
        changes: changes.unwrap_or_default(),
        numbers,
        populations: populations(material, policy),
    }
}

fn account(
    covered: &Covered,
    policy: &Policy,
    printed: &[Printed],
    withheld: &WithheldCells,
    proven: &BTreeMap<usize, (i64, i64)>,
) -> Account {
    let cells = &covered.cells;
    let ours = || {
        let all = cells.all.iter().zip(printed);
        all.filter(|(cell, _)| cell.is_printable && !cell.is_known)
    };
    let mut by_rule: BTreeMap<String, usize> = BTreeMap::new();
    for (reason, _) in withheld.values() {
        if let Reason::Rule(rule) = reason {
            *by_rule.entry(rule.word().to_owned()).or_default() += 1;
        }
    }
    let table = |cell: &Cell| (cell.address.scope, cell.address.prompt);
    let tables: BTreeSet<(Scope, Prompt)> = ours().map(|(cell, _)| table(cell)).collect();
    let broken = ours().filter(|(_, printed)| **printed != Printed::Value);
    let broken: BTreeSet<(Scope, Prompt)> = broken.map(|(cell, _)| table(cell)).collect();
    let of_rules = proven.iter().filter(|(cell, _)| {
        let one = &cells.all[**cell];
        one.address.cohort == Cohort::All && rule(policy, one).is_some()
    });
    Account {
        cells: ours().count(),
        derived: cells.all.iter().filter(|cell| cell.address.cohort != Cohort::All).count(),
        relations: covered.relations.len(),
        published: ours().filter(|(_, printed)| **printed == Printed::Value).count(),
        shares: ours().filter(|(_, printed)| matches!(printed, Printed::Share(_))).count(),
        secondary: withheld.values().filter(|(reason, _)| *reason == Reason::Secondary).count(),
        by_rule,
        tables: tables.len(),
        whole_tables: tables.len() - broken.len(),
        parts: 0,
        attacked: proven.len(),
        classes: 0,
        narrowest: of_rules.map(|(_, (low, high))| high - low).min(),
    }
}

/// An opening, with the printed cells that it hangs together with.
pub(super) fn opening(system: &System<'_>, printed: &[Printed], opened: &Opened) -> Opening {
    let rows = system.rows_of[opened.cell].iter().flat_map(|&row| system.rows[row].terms.iter().map(|one| one.0));
    let beside = rows.filter(|&cell| cell != opened.cell && printed[cell] == Printed::Value);
    let beside: BTreeSet<Address> = beside.map(|cell| system.cells.all[cell].address).collect();
    let Opened { attacker, proven, need, .. } = *opened;
    let address = system.cells.all[opened.cell].address;
    Opening { address, attacker, proven, need, beside: beside.into_iter().collect() }
}
