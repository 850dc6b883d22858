//! From confidential tables to a release, with the account of what was done and what an attack found.

use std::collections::{BTreeMap, BTreeSet};

use super::attack::{Interval, Opened, Outcome, Outside, Printed};
use super::band::Band;
use super::cells::{Cell, Cells, Measure, Spot};
use super::changes;
use super::cohort::{Cohort, prompt_before};
use super::count;
use super::coverage::is_covered;
use super::known::Known;
use super::linear::{Relation, Row};
use super::material::{LastYear, Material};
use super::numbers::{self, Contributions, KnownNumbers, ProtectedNumbers};
use super::panel;
use super::primary::{Primary, primary};
use super::relations::relations;
use super::release::Release;
use super::released::{Reader, Reason, Released, Seal};
use super::respondents::{Respondent, respondents};
use super::rolls::{Roll, rolls, shared_sectors};
use super::room;
use super::secondary;
use crate::survey::{Policy, Prompt, QuestionIndex, SectorIndex, Survey};
use crate::tabulate::{Figures, Key, Population, Scope, Tabulation};

/// A withheld cell that can be computed more closely than the policy allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The cell.
    pub spot: Spot,
    /// The lowest and highest count that can be computed; `None` where the attack was too large.
    pub interval: Option<(i64, i64)>,
    /// How far apart they have to be.
    pub needed: i64,
    /// Whether it takes own answers to compute it.
    pub takes_own_answers: bool,
    /// The printed cells that it is computed from.
    pub pinned_by: Vec<Spot>,
}

/// What was done, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Account {
    /// Cells that the release is about: counts, and bases that depend on an answer.
    pub cells: usize,
    /// Cells of parts of the respondents beside these: those who are in two sectors, in both years, in no panel, ….
    pub derived: usize,
    /// Relations between all of them.
    pub relations: usize,
    /// Cells that are printed.
    pub published: usize,
    /// Cells of which limits are printed.
    pub coarsened: usize,
    /// Cells that are printed because they were released before, and that the policy would withhold for their own
    /// sake.
    pub against_policy: usize,
    /// Cells that are withheld for their own sake, by the reason.
    pub primary: BTreeMap<&'static str, usize>,
    /// Cells that are withheld to protect others.
    pub secondary: usize,
    /// Cells that would be withheld if whole questions were, wherever one cell has to be.
    pub by_whole_rows: usize,
    /// Independent parts that the withheld cells fall into.
    pub parts: usize,
    /// Attacks of an outsider: one for each withheld cell, for each band in the place of one, and for each cell
    /// that nobody prints and that tells something.
    pub attacks: usize,
    /// Sets of own answers with which all of them were repeated.
    pub coalitions: usize,
    /// The narrowest interval that an outsider can compute of a withheld cell, or of a band in the place of one,
    /// in respondents; `None` where nothing is withheld.
    pub narrowest: Option<i64>,
}

/// A release, and what is to be said about it.
#[derive(Debug)]
pub struct Protected {
    /// What may be printed, if nothing was opened.
    pub release: Release,
    /// What was done.
    pub account: Account,
    /// What an attack opened: where there is anything, nothing may be released.
    pub openings: Vec<Opening>,
    /// Why each withheld cell is, and what an outsider can compute of it.
    pub withheld: WithheldCells,
    /// The cells that readers know already and that the policy would withhold for their own sake.
    pub against_policy: BTreeSet<Spot>,
    /// The same of the number questions, of which nothing is released before [`Protected::with_numbers`].
    pub numbers: ProtectedNumbers,
}

impl Protected {
    /// The release with its number questions, which are withheld where the policy demands it and attacked.
    /// `known` are means and quartiles that the circle has already been given.
    pub fn with_numbers(
        mut self,
        material: &Material<'_>,
        contributions: &Contributions,
        policy: &Policy,
        known: &KnownNumbers,
    ) -> Protected {
        let distributions = &self.release.distributions;
        let Material { survey, tabulation, replies, .. } = *material;
        let (tables, numbers) =
            numbers::protect(survey, tabulation, replies, contributions, policy, distributions, known);
        self.release.numbers = tables;
        self.numbers = numbers;
        self
    }

    /// The same with the account of what stands against the policy because it was released before.
    pub fn beside(mut self, known: &Known, numbers: &KnownNumbers) -> Protected {
        self.account.against_policy = self.against_policy.intersection(&known.figures).count();
        self.numbers.account.against_policy = self.numbers.against_policy.intersection(&numbers.means).count();
        self
    }

    /// Whether an attack opened nothing.
    pub fn is_safe(&self) -> bool {
        self.openings.is_empty() && self.numbers.openings.is_empty()
    }
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
        numbers: numbers::all(tabulation, &seal),
        populations: tabulation.populations.iter().map(|(scope, population)| (*scope, *population)).collect(),
    }
}

/// What readers were given of a year, as they have it.
pub fn as_given(survey: &Survey, tabulation: &Tabulation, policy: &Policy, known: &Known) -> Release {
    let seal = Seal::new();
    let tables = tabulation.distributions.iter().map(|table| {
        table.sealed(&seal, |key: &Key, figures: &Figures| {
            let prompt = Prompt { question: table.question(), item: key.item };
            let shown = key.category.expect("a distribution is over options and nets");
            let spot = Spot { cohort: Cohort::All, scope: key.scope, prompt, measure: Measure::Count(shown) };
            let base = known.figures.contains(&Spot { measure: Measure::Base, ..spot }).then_some(*figures);
            match known.bands.get(&spot) {
                _ if known.figures.contains(&spot) => Released::published(*figures),
                Some(band) => Released::coarsened(base, *band),
                None => Released::withheld(Reason::Policy, base),
            }
        })
    });
    Release {
        reader: Reader::Circle(policy.circle),
        distributions: tables.collect(),
        changes: Vec::new(),
        numbers: Vec::new(),
        populations: populations(survey, tabulation, policy),
    }
}

/// The scopes that a policy says something of.
fn populations(survey: &Survey, tabulation: &Tabulation, policy: &Policy) -> Vec<(Scope, Population)> {
    let all = tabulation.populations.iter();
    let covered = all.filter(|(scope, _)| is_covered(survey, policy, **scope));
    covered.map(|(scope, population)| (*scope, *population)).collect()
}

/// The withheld cells, each with the reason and what an outsider can compute of it.
pub type WithheldCells = BTreeMap<Spot, (Reason, Option<(i64, i64)>)>;

/// All that a release is about, with what holds between its cells.
struct System<'a> {
    rolls: Vec<Roll<'a>>,
    cells: Cells,
    relations: Vec<Row>,
    /// Cells that cannot be withheld, because everybody knows them.
    fixed: Vec<bool>,
}

impl<'a> System<'a> {
    fn of(material: &Material<'a>, policy: &Policy, known: &Known) -> System<'a> {
        let rolls = rolls(material, policy, known);
        let mut cells = count::count(material.survey, &rolls);
        // What was said of others before is known, and not said again.
        let others = cells.all.iter_mut().filter(|cell| !is_covered(material.survey, policy, cell.spot.scope));
        others.for_each(|cell| cell.is_printable = false);
        let relations = relations(material.survey, &cells);
        // What is known of last year is so in the terms of its own survey.
        let of_cell = |cell: &Cell| match (cell.spot.cohort, material.last_year) {
            (Cohort::LastYear, Some(LastYear { comparison, known, .. })) => {
                cell.spot.of_last_year(material.survey, &comparison.before).map(|spot| (known, spot))
            }
            _ => Some((known, cell.spot)),
        };
        let is_known = |cell: &Cell| of_cell(cell).is_some_and(|(known, spot)| known.figures.contains(&spot));
        let fixed: Vec<bool> = cells.all.iter().map(|cell| cell.is_known || is_known(cell)).collect();
        room::without_panel(material.survey, policy, &fixed, &mut cells);
        for cell in &mut cells.all {
            let band = of_cell(cell).and_then(|(known, spot)| known.bands.get(&spot).copied());
            cell.band = band.filter(|band| band.holds(cell.value, cell.whole));
        }
        System { rolls, cells, relations, fixed }
    }
}

/// Makes a release for a circle by its policy, and attacks it. `known` is what the circle has already been
/// given: it cannot be withheld any more.
pub fn protect(material: &Material<'_>, policy: &Policy, known: &Known) -> Protected {
    let System { rolls, mut cells, relations, fixed } = System::of(material, policy, known);
    let reasons: Vec<Option<Primary>> =
        cells.all.iter().zip(&fixed).map(|(cell, is_fixed)| primary(cell, policy).filter(|_| !is_fixed)).collect();
    let mut first: Vec<Printed> = Vec::with_capacity(cells.all.len());
    for (place, cell) in cells.all.iter().enumerate() {
        let band = band(policy, cell.value, cell.whole).filter(|_| cell.spot.cohort == Cohort::All);
        first.push(match (reasons[place], band) {
            _ if fixed[place] || cell.whole == 0 => Printed::Value,
            // Of the panel it is decided when the distributions are.
            _ if !cell.is_printable || cell.spot.cohort != Cohort::All => Printed::Nothing,
            (Some(Primary::SmallBase), _) => Printed::Nothing,
            (_, Some(band)) if cell.spot.measure != Measure::Base => Printed::Band(band),
            (Some(_), _) => Printed::Nothing,
            (None, _) => Printed::Value,
        });
    }
    // What rests on a base that is withheld is withheld with it; a band says little without its base.
    for (place, cell) in cells.all.iter().enumerate() {
        if cell.spot.measure == Measure::Base && first[place] == Printed::Nothing {
            let group = cells.group(place).filter(|&other| !fixed[other]);
            group.for_each(|other| first[other] = first[other].without_base());
        }
    }
    let everyone = respondents(material.survey, &cells, &rolls);
    // What is said of a panel by nobody tells nothing: the distributions are protected without it.
    let is_of_one_year = |row: &&Row| !row.terms.iter().any(|(cell, _)| cells.all[*cell].spot.cohort.is_of_two_years());
    let of_one_year: Vec<Row> = relations.iter().filter(is_of_one_year).cloned().collect();
    let printed = secondary::protect(&Outside::new(&cells, &of_one_year, policy), first, &fixed, &everyone);
    let outcome = Outside::new(&cells, &relations, policy).attack(&printed, &everyone);
    room::beside_panel(&outcome.intervals, &mut cells);
    let outside = Outside::new(&cells, &relations, policy);
    let shared = shared_sectors(material, policy);
    let (printed, outcome) = with_panel(material.survey, &outside, printed, outcome, &everyone, &shared);
    let reason = |place: usize| match reasons[place] {
        Some(primary) => Reason::Primary(primary),
        None => Reason::Secondary,
    };
    let is_printable = |place: &usize| cells.all[*place].is_printable;
    let withheld = (0..cells.all.len()).filter(is_printable).filter(|&place| printed[place] == Printed::Nothing);
    let withheld: WithheldCells = withheld
        .map(|place| {
            let interval = outcome.intervals.get(&place).map(|&Interval { lowest, highest }| (lowest, highest));
            (cells.all[place].spot, (reason(place), interval))
        })
        .collect();
    let of_all = || withheld.iter().filter(|(spot, _)| spot.cohort == Cohort::All).map(|(_, (reason, _))| *reason);
    // Of those who are in two sectors, or in no panel, no more is kept than what is printed of all leaves; and
    // of a band that stands for itself, no more than the band.
    let is_ours = |cell: &Cell| cell.spot.cohort == Cohort::All && cell.is_printable;
    let is_kept = |place: usize| printed[place] == Printed::Nothing || reasons[place].is_some();
    let held = outcome.intervals.iter();
    let held = held.filter(|(cell, _)| is_ours(&cells.all[**cell]) && is_kept(**cell));
    let is_against = |cell: &Cell, is_fixed: bool| is_fixed && is_ours(cell) && primary(cell, policy).is_some();
    let account = Account {
        cells: count(&cells, &printed, |_| true),
        derived: cells.all.iter().filter(|cell| cell.spot.cohort != Cohort::All).count(),
        relations: relations.len(),
        published: count(&cells, &printed, |printed| printed == Printed::Value),
        coarsened: count(&cells, &printed, |printed| matches!(printed, Printed::Band(_))),
        against_policy: 0,
        primary: tally(of_all().filter_map(|reason| match reason {
            Reason::Primary(primary) => Some(primary.word()),
            _ => None,
        })),
        secondary: of_all().filter(|reason| *reason == Reason::Secondary).count(),
        by_whole_rows: by_whole_rows(material.survey, &cells, &reasons),
        parts: outcome.parts,
        attacks: outcome.intervals.len(),
        coalitions: outcome.coalitions,
        narrowest: held.map(|(_, interval)| interval.width()).min(),
    };
    let openings = outcome.opened.iter().map(|opened| opening(&outside, &printed, opened)).collect();
    let release = release(material, policy, &cells, &printed, &withheld);
    let against = cells.all.iter().zip(&fixed).filter(|(cell, is_fixed)| is_against(cell, **is_fixed));
    let against_policy = against.map(|(cell, _)| cell.spot).collect();
    Protected { release, account, openings, withheld, against_policy, numbers: ProtectedNumbers::default() }
}

/// Prints what may be printed of the panel, and attacks it. A question whose panel is opened loses it.
fn with_panel(
    survey: &Survey,
    outside: &Outside<'_>,
    distributions: Vec<Printed>,
    without: Outcome,
    everyone: &[Respondent],
    shared: &BTreeSet<SectorIndex>,
) -> (Vec<Printed>, Outcome) {
    let mut blocks = match outside.policy.panel {
        true => panel::printable(survey, outside.policy, outside.cells, &distributions, shared),
        false => BTreeSet::new(),
    };
    while !blocks.is_empty() {
        let mut printed = distributions.clone();
        panel::print(outside.cells, &blocks, &mut printed);
        let outcome = outside.attack(&printed, everyone);
        let opened = outcome.opened.iter().flat_map(|opened| beside(survey, outside.cells.all[opened.cell].spot));
        let opened: BTreeSet<QuestionIndex> = opened.collect();
        let before = blocks.len();
        blocks.retain(|(_, prompt)| !opened.contains(&prompt.question));
        if opened.is_empty() {
            return (printed, outcome);
        }
        // What is opened where nothing of the panel is printed is opened by another question's.
        if blocks.len() == before {
            break;
        }
    }
    (distributions, without)
}

/// This year's questions that a cell stands beside: of last year's cells, all that are compared with it.
fn beside(survey: &Survey, spot: Spot) -> Vec<QuestionIndex> {
    let Some(comparison) = survey.comparison.as_ref().filter(|_| spot.cohort == Cohort::LastYear) else {
        return vec![spot.prompt.question];
    };
    let compared = survey.prompts().filter(|prompt| prompt_before(comparison, *prompt) == Some(spot.prompt));
    compared.map(|prompt| prompt.question).collect()
}

/// A cell of which the answers contradict what the survey defines, if there is one.
pub fn contradiction(material: &Material<'_>, policy: &Policy, known: &Known) -> Option<Spot> {
    let System { cells, relations, .. } = System::of(material, policy, known);
    let contradicted = relations.iter().find(|row| {
        let sum: i64 = row.terms.iter().map(|(cell, factor)| factor * cells.all[*cell].value).sum();
        match row.relation {
            Relation::Equal => sum != row.constant,
            Relation::AtMost => sum > row.constant,
            Relation::AtLeast => sum < row.constant,
        }
    });
    Some(cells.all[contradicted?.terms.first()?.0].spot)
}

/// Attacks a release in which exactly these cells are withheld, whoever chose them: what is opened.
pub fn audit(material: &Material<'_>, policy: &Policy, withheld: &BTreeSet<Spot>) -> Vec<Opening> {
    let told = |cell: &Cell| match cell.is_printable && !withheld.contains(&cell.spot) {
        true => Printed::Value,
        false => Printed::Nothing,
    };
    attack(material, policy, &Known::default(), &told)
}

/// Attacks a release in which one more cell is printed, beside what its readers know already: what is opened.
pub(super) fn if_printed(
    material: &Material<'_>,
    policy: &Policy,
    release: &Release,
    known: &Known,
    spot: Spot,
) -> Vec<Opening> {
    let Known { figures, bands } = Known::of(release);
    let told = |cell: &Cell| match bands.get(&cell.spot) {
        _ if cell.spot == spot || cell.whole == 0 || figures.contains(&cell.spot) => Printed::Value,
        Some(band) => Printed::Band(*band),
        None => Printed::Nothing,
    };
    attack(material, policy, known, &told)
}

fn attack(material: &Material<'_>, policy: &Policy, known: &Known, told: &dyn Fn(&Cell) -> Printed) -> Vec<Opening> {
    let System { rolls, mut cells, relations, fixed } = System::of(material, policy, known);
    let everyone = respondents(material.survey, &cells, &rolls);
    let print = |(cell, is_fixed): (&Cell, &bool)| if *is_fixed { Printed::Value } else { told(cell) };
    let printed: Vec<Printed> = cells.all.iter().zip(&fixed).map(print).collect();
    if policy.panel && material.last_year.is_some() {
        let is_of_panel = |cell: &Cell| matches!(cell.spot.cohort, Cohort::Panel | Cohort::PanelLastYear);
        let hide = |(cell, printed): (&Cell, &Printed)| if is_of_panel(cell) { Printed::Nothing } else { *printed };
        let without: Vec<Printed> = cells.all.iter().zip(&printed).map(hide).collect();
        let outcome = Outside::new(&cells, &relations, policy).attack(&without, &[]);
        room::beside_panel(&outcome.intervals, &mut cells);
    }
    let outside = Outside::new(&cells, &relations, policy);
    let outcome = outside.attack(&printed, &everyone);
    outcome.opened.iter().map(|opened| opening(&outside, &printed, opened)).collect()
}

fn count(cells: &Cells, printed: &[Printed], is_counted: impl Fn(Printed) -> bool) -> usize {
    let is_ours = |cell: &Cell| cell.spot.cohort == Cohort::All && cell.is_printable && !cell.is_known;
    cells.all.iter().zip(printed).filter(|(cell, printed)| is_ours(cell) && is_counted(**printed)).count()
}

fn tally<'a>(words: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut tally = BTreeMap::new();
    words.for_each(|word| *tally.entry(word).or_default() += 1);
    tally
}

/// How much the simplest safe way withholds: wherever one cell of a question has to be withheld in a
/// sub-sector or a sector, all sub-sectors of the sector lose the whole question, and so does the
/// sector where it was itself the place.
fn by_whole_rows(survey: &Survey, cells: &Cells, reasons: &[Option<Primary>]) -> usize {
    let is_printed = |cell: &Cell| cell.spot.cohort == Cohort::All && cell.is_printable;
    let hit: BTreeSet<(Scope, Prompt)> = cells
        .all
        .iter()
        .zip(reasons)
        .filter(|(cell, reason)| is_printed(cell) && reason.is_some())
        .map(|(cell, _)| (cell.spot.scope, cell.spot.prompt))
        .collect();
    let is_lost = |scope: Scope, prompt: Prompt| {
        let gate =
            survey.question(prompt.question).gate.as_ref().map(|gate| Prompt { question: gate.question, item: None });
        let touches = |prompt: Prompt| {
            hit.contains(&(scope, prompt))
                || (scope.subsector.is_some()
                    && hit.iter().any(|(other, hit)| {
                        *hit == prompt && other.sector == scope.sector && other.subsector.is_some()
                    }))
        };
        touches(prompt) || gate.is_some_and(touches)
    };
    let all = cells.all.iter().filter(|cell| is_printed(cell) && !cell.is_known);
    all.filter(|cell| is_lost(cell.spot.scope, cell.spot.prompt)).count()
}

/// The band that a share lies in, where the policy prints bands on such a base.
fn band(policy: &Policy, count: i64, base: i64) -> Option<Band> {
    if base == 0 || base >= i64::from(policy.bands_below.value) {
        return None;
    }
    let limits = policy.bands.windows(2).map(|pair| Band { from: pair[0], to: pair[1] });
    limits.rev().find(|band| 100 * count >= i64::from(band.from) * base)
}

fn release(
    material: &Material<'_>,
    policy: &Policy,
    cells: &Cells,
    printed: &[Printed],
    withheld: &WithheldCells,
) -> Release {
    let Material { survey, tabulation, .. } = *material;
    let seal = Seal::new();
    let tables = tabulation.distributions.iter().map(|table| {
        table.sealed(&seal, |key: &Key, figures: &Figures| {
            let prompt = Prompt { question: table.question(), item: key.item };
            let shown = key.category.expect("a distribution is over options and nets");
            let spot = Spot { cohort: Cohort::All, scope: key.scope, prompt, measure: Measure::Count(shown) };
            let place = cells.place(spot).filter(|&place| cells.all[place].is_printable);
            let Some(place) = place else { return Released::withheld(Reason::Policy, None) };
            let counted = &cells.all[place];
            let is_same = (counted.value, counted.whole) == (i64::from(figures.count), i64::from(figures.base));
            assert!(is_same, "the tables and the attack rest on the same answers");
            let is_base_printed = printed[cells.base_of(place)] == Printed::Value;
            match printed[place] {
                Printed::Value => Released::published(*figures),
                Printed::Band(band) => Released::coarsened(is_base_printed.then_some(*figures), band),
                Printed::Nothing => Released::withheld(withheld[&spot].0, is_base_printed.then_some(*figures)),
            }
        })
    });
    let distributions: Vec<_> = tables.collect();
    let told = |spot: Spot| {
        let place = cells.place(spot)?;
        (printed[place] == Printed::Value && cells.all[place].is_printable).then(|| cells.all[place].value)
    };
    let changes =
        material.last_year.map(|last_year| changes::release(survey, policy, &last_year, &distributions, &seal, &told));
    Release {
        reader: Reader::Circle(policy.circle),
        distributions,
        changes: changes.unwrap_or_default(),
        numbers: Vec::new(),
        populations: populations(survey, tabulation, policy),
    }
}

fn opening(outside: &Outside<'_>, printed: &[Printed], opened: &Opened) -> Opening {
    let near = outside.relations_of(&[opened.cell]);
    let pinned_by: BTreeSet<Spot> = near
        .iter()
        .flat_map(|row| row.terms.iter().map(|(cell, _)| *cell))
        .filter(|&cell| cell != opened.cell && printed[cell] == Printed::Value)
        .map(|cell| outside.cells.all[cell].spot)
        .collect();
    Opening {
        spot: outside.cells.all[opened.cell].spot,
        interval: opened.interval.map(|interval| (interval.lowest, interval.highest)),
        needed: opened.needed,
        takes_own_answers: opened.knowledge != Default::default(),
        pinned_by: pinned_by.into_iter().collect(),
    }
}
