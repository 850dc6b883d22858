//! Errata: the changed answers of institutions that a comparison of a corrected edition with the one before it
//! reveals.
//!
//! Both editions are one system. The answers that are the same stand behind both of them; those of the institutions
//! that left or corrected something stand behind the earlier one, those of the institutions that came or corrected
//! something behind the later one. Readers are taken to know who these institutions are, and what both editions print.
//! Where one securities company comes late, every count that both editions print is a count of its answers.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::answers::{Counted, Respondents, count_some};
use super::attack::Attack;
use super::cell::{Address, Behind, Cell, Cells, Cohort, Measure, Printed};
use super::material::Material;
use super::protect::{Opening, opening};
use super::refusal::Refusal;
use super::relation::{Relation, Row, relations};
use super::release::Pattern;
use super::suppression;
use super::witness::{System, View};
use crate::compare::Replies;
use crate::survey::{Policy, Prompt, QuestionIndex, SectorIndex, Survey};
use crate::tabulate::Scope;

/// An edition: the answers that were frozen for it, and its printed cells.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// The answers and tables that it is made from.
    pub material: &'a Material<'a>,
    /// The content that it prints in each cell.
    pub pattern: &'a Pattern,
}

/// A reader that can work an answer out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum To {
    /// Every reader who knows whose answers are others now.
    Everyone,
    /// One institution, because it knows its own answers.
    Institution(String),
}

/// An adverse answer of a named institution that comparing two editions reveals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revealed {
    /// The institution.
    pub institution: String,
    /// The figure whose difference reveals it.
    pub address: Address,
    /// Whether the institution chose the option, or an option of the net, rather than none of it.
    pub is_chosen: bool,
    /// Whether that is its answer of before the correction.
    pub was_before: bool,
    /// To whom.
    pub to: To,
}

/// The answers and cells that a comparison of two editions reveals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Adverse answers of named institutions.
    pub revealed: Vec<Revealed>,
    /// Withheld cells of either edition that both together show more closely than the policy promises.
    pub openings: Vec<Opening>,
}

/// Compares an edition with the one that it corrects.
pub fn compare_editions(before: Edition<'_>, after: Edition<'_>, policy: &Policy) -> Result<Comparison, Refusal> {
    let survey = after.material.survey;
    let changed = changed(survey, before.material.replies, after.material.replies);
    if changed.is_empty() && before.pattern == after.pattern {
        return Ok(Comparison::default());
    }
    let is_changed = |code: &str| changed.contains(code);
    let count = |behind, edition: &Edition<'_>, is_one: &dyn Fn(&str) -> bool| {
        count_some(survey, edition.material.replies, policy, behind, is_one)
    };
    let parts = [
        count(Behind::Present, &after, &|_| true)?,
        count(Behind::Earlier, &before, &|_| true)?,
        count(Behind::Unchanged, &after, &|code| !is_changed(code))?,
        count(Behind::Left, &before, &is_changed)?,
        count(Behind::Came, &after, &is_changed)?,
    ];
    let affected = affected(survey, [&before, &after], &changed, &parts);
    let is_affected = |cell: &&Cell| affected.contains(&table(survey, cell.address));
    let cells = Cells::new(parts.iter().flat_map(|one| one.cells.all.iter()).filter(is_affected).copied().collect());
    let rows = [relations(survey, &cells), links(&cells)].concat();
    let system = System::new(&cells, &rows, policy);
    let printed: Vec<Printed> = cells.all.iter().map(|cell| printed(cell, &before, &after)).collect();
    let respondents = own_answers(&cells, &parts);
    let compared = Compared::new(survey, &system, &printed, &respondents);
    let opened = suppression::attack(&system, &printed, &respondents);
    let openings = opened.iter().map(|one| opening(&system, &printed, one)).collect();
    Ok(Comparison { revealed: compared.revealed(), openings })
}

/// The institutions whose answers or places are others now.
fn changed(survey: &Survey, before: &Replies, after: &Replies) -> BTreeSet<String> {
    let places = |replies: &Replies| {
        let mut places: BTreeMap<String, BTreeSet<Scope>> = BTreeMap::new();
        for (scope, members) in &replies.members {
            members.iter().for_each(|code| {
                places.entry(code.clone()).or_default().insert(*scope);
            });
        }
        places
    };
    let [earlier, present] = [places(before), places(after)];
    let all: BTreeSet<&String> = earlier.keys().chain(present.keys()).collect();
    let is_changed = |code: &String| {
        let is_other = |prompt| before.of(code, prompt) != after.of(code, prompt);
        earlier.get(code) != present.get(code) || survey.prompts().any(is_other)
    };
    all.into_iter().filter(|code| is_changed(code)).cloned().collect()
}

/// A sector, and the question at the root of the gates that a question stands behind: tables beyond share no relation.
type Tables = (SectorIndex, QuestionIndex);

fn table(survey: &Survey, address: Address) -> Tables {
    let mut root = address.prompt.question;
    while let Some(gate) = &survey.question(root).gate {
        root = gate.question;
    }
    (address.scope.sector, root)
}

/// The tables in which an answer is another one, or of which the later edition prints more, with those of sectors that
/// have members in common. Of all others a reader of the earlier edition learns nothing from the later one.
fn affected(
    survey: &Survey,
    editions: [&Edition<'_>; 2],
    changed: &BTreeSet<String>,
    parts: &[Counted],
) -> BTreeSet<Tables> {
    let [before, after] = editions.map(|edition| edition.material.replies);
    let mut affected = BTreeSet::new();
    for code in changed {
        let places = |replies: &Replies| -> BTreeSet<Scope> {
            Scope::all(survey).filter(|scope| replies.is_in(code, *scope)).collect()
        };
        let [earlier, present] = [places(before), places(after)];
        let is_other = |prompt: &Prompt| earlier != present || before.of(code, *prompt) != after.of(code, *prompt);
        for prompt in survey.prompts().filter(is_other) {
            let scopes = earlier.union(&present);
            affected.extend(scopes.map(|scope| table(survey, Address::of(*scope, prompt, Measure::Base))));
        }
    }
    let [before, after] = editions.map(|edition| edition.pattern);
    let is_more = |address: &&Address| {
        let (earlier, later) = (before.of(**address), after.of(**address));
        later != Printed::Nothing && earlier != Printed::Value && later != earlier
    };
    affected.extend(after.cells.keys().filter(is_more).map(|address| table(survey, *address)));
    let in_common = parts.iter().flat_map(|part| &part.cells.all).filter_map(|cell| match cell.address.cohort {
        Cohort::AlsoIn(other) => Some([cell.address.scope.sector, other.sector]),
        Cohort::All | Cohort::NotIn(_) => None,
    });
    for pair in in_common.collect::<BTreeSet<_>>() {
        let tied: Vec<Tables> = affected.iter().filter(|(sector, _)| pair.contains(sector)).copied().collect();
        affected.extend(tied.into_iter().flat_map(|(_, root)| pair.map(|sector| (sector, root))));
    }
    affected
}

/// Each edition counts the unchanged answers and those that are behind it alone.
fn links(cells: &Cells) -> Vec<Row> {
    let both = [(Behind::Present, Behind::Came), (Behind::Earlier, Behind::Left)];
    let rows = cells.all.iter().enumerate().filter_map(|(at, cell)| {
        let (_, own) = both.into_iter().find(|(behind, _)| *behind == cell.address.behind)?;
        let parts = [Behind::Unchanged, own].into_iter();
        let parts = parts.filter_map(|behind| cells.position(Address { behind, ..cell.address }));
        let terms = parts.map(|part| (part, 1)).chain([(at, -1)]).collect();
        Some(Row { terms, relation: Relation::Equal })
    });
    rows.collect()
}

fn printed(cell: &Cell, before: &Edition<'_>, after: &Edition<'_>) -> Printed {
    let address = Address { behind: Behind::Present, ..cell.address };
    match cell.address.behind {
        _ if cell.is_known => Printed::Value,
        Behind::Present if cell.is_printable => after.pattern.of(address),
        Behind::Earlier if cell.is_printable => before.pattern.of(address),
        _ => Printed::Nothing,
    }
}

/// The knowledge of each respondent of both editions: all cells that count it.
fn own_answers(cells: &Cells, parts: &[Counted]) -> Respondents {
    let mut all = Respondents::new();
    for Counted { cells: own, respondents } in parts {
        for (code, counted) in respondents {
            let at = counted.iter().filter_map(|&cell| cells.position(own.all[cell].address));
            all.entry(code.clone()).or_default().extend(at);
        }
    }
    all.values_mut().for_each(|cells| cells.sort_unstable());
    all
}

/// Two editions as one system, with the attack on each piece of cells that hang together and are not printed.
struct Compared<'c, 'a> {
    survey: &'c Survey,
    system: &'c System<'a>,
    printed: &'c [Printed],
    respondents: &'c Respondents,
    pieces: Vec<Piece<'c, 'a>>,
    piece_of: BTreeMap<usize, usize>,
}

/// A piece of cells, and the attack on it, which keeps the tables that it finds from one reader to the next.
struct Piece<'c, 'a> {
    /// The cells that stand in a relation with one of the piece.
    near: BTreeSet<usize>,
    attack: RefCell<Attack<'c, 'a>>,
}

impl<'c, 'a> Compared<'c, 'a> {
    fn new(survey: &'c Survey, system: &'c System<'a>, printed: &'c [Printed], respondents: &'c Respondents) -> Self {
        let parts = system.parts(|cell| printed[cell] != Printed::Value, 0..printed.len());
        let of = |(at, part): (usize, &Vec<usize>)| part.iter().map(move |&cell| (cell, at)).collect::<Vec<_>>();
        let piece_of = parts.iter().enumerate().flat_map(of).collect();
        let piece = |part: Vec<usize>| {
            let rows = part.iter().flat_map(|&cell| system.rows_of[cell].iter().copied());
            let near = rows.flat_map(|row| system.rows[row].terms.iter().map(|one| one.0));
            let near = near.chain(part.iter().copied()).collect();
            Piece { near, attack: RefCell::new(Attack::new(system, part, &Respondents::new())) }
        };
        Compared { survey, system, printed, respondents, pieces: parts.into_iter().map(piece).collect(), piece_of }
    }

    /// The adverse answers that the difference reveals: those that all of the changed institutions of a sector or
    /// sub-sector gave, to everyone; and those that all but one gave, to that one.
    fn revealed(&self) -> Vec<Revealed> {
        let mut found = Vec::new();
        for (at, cell) in self.system.cells.all.iter().enumerate() {
            let is_difference = matches!(cell.address.behind, Behind::Left | Behind::Came);
            if is_difference && !cell.is_known && cell.whole > 0 {
                found.extend(self.of_cell(at, cell));
            }
        }
        found.sort();
        // Of a single choice an option, the net that it belongs to and their rest reveal the same answer.
        let answer = |one: &Revealed| match self.survey.question(one.address.prompt.question).kind.is_single() {
            true => (None, true),
            false => (Some(one.address.measure), one.is_chosen),
        };
        let mut kept: Vec<Revealed> = Vec::new();
        for one in found {
            let is_known = kept.iter().any(|other: &Revealed| {
                (&other.institution, other.address.prompt, other.was_before, answer(other))
                    == (&one.institution, one.address.prompt, one.was_before, answer(&one))
                    && (other.to == To::Everyone || other.to == one.to)
            });
            if !is_known {
                kept.push(one);
            }
        }
        kept
    }

    fn of_cell(&self, at: usize, cell: &Cell) -> Vec<Revealed> {
        let counted = cell.value + cell.nonresponse * i64::from(self.system.base_of[at] == at);
        let ends = [(cell.adverse_ends.all, cell.whole - counted, true), (cell.adverse_ends.nobody, counted, false)];
        let mut revealed = Vec::new();
        for (_, others, is_chosen) in ends.into_iter().filter(|(is_adverse, others, _)| *is_adverse && *others <= 1) {
            let base = self.system.base_of[at];
            let members = self.respondents.iter().filter(|(_, own)| own.binary_search(&base).is_ok());
            let members: Vec<(&String, &Vec<usize>)> = members.collect();
            let is_adverse = |own: &[usize]| own.binary_search(&at).is_ok() == is_chosen;
            let adverse: Vec<&String> =
                members.iter().filter(|(_, own)| is_adverse(own)).map(|(code, _)| *code).collect();
            let mut tell = |to: To| {
                for institution in adverse.iter().filter(|code| to != To::Institution((**code).clone())) {
                    let address = Address { behind: Behind::Present, ..cell.address };
                    let was_before = cell.address.behind == Behind::Left;
                    let institution = (*institution).clone();
                    revealed.push(Revealed { institution, address, is_chosen, was_before, to: to.clone() });
                }
            };
            if others == 0 && self.is_certain(at, None) {
                tell(To::Everyone);
                continue;
            }
            for (code, own) in &members {
                // A respondent with another answer knows the adverse answer of the rest; of two, each knows the
                // other's.
                let is_exception = !is_adverse(own);
                if (is_exception || (others == 0 && members.len() > 1)) && self.is_certain(at, Some(own)) {
                    tell(To::Institution((*code).clone()));
                }
            }
            // A respondent outside the group knows the remainder of the totals after its own answers.
            let mut known: BTreeMap<[Vec<usize>; 2], bool> = BTreeMap::new();
            let strangers = self.respondents.iter().filter(|(_, own)| own.binary_search(&base).is_err());
            for (code, own) in strangers.filter(|_| others == 0) {
                let near = [at, base].map(|cell| self.near(cell, own));
                let has_any = near.iter().any(|cells| !cells.is_empty());
                let is_open = has_any && *known.entry(near).or_insert_with(|| self.is_certain(at, Some(own)));
                if is_open {
                    tell(To::Institution(code.clone()));
                }
            }
        }
        revealed
    }

    /// Those of a respondent's own cells that say something of a cell.
    fn near(&self, cell: usize, own: &[usize]) -> Vec<usize> {
        let Some(piece) = self.piece_of.get(&cell).map(|&at| &self.pieces[at]) else { return Vec::new() };
        own.iter().copied().filter(|one| piece.near.contains(one)).collect()
    }

    /// Whether a reader knows the count of a cell, and how many it is of: an answer that nobody chose tells nothing of an
    /// institution that may not have been asked.
    fn is_certain(&self, cell: usize, own: Option<&[usize]>) -> bool {
        let base = self.system.base_of[cell];
        [cell, base].into_iter().all(|cell| {
            let near = own.map(|own| self.near(cell, own)).unwrap_or_default();
            !self.may_differ(cell, &near)
        })
    }

    /// Whether a reader with own answers has to reckon with another count in a cell than the true one.
    fn may_differ(&self, cell: usize, own: &[usize]) -> bool {
        let Some(piece) = self.piece_of.get(&cell).map(|&at| &self.pieces[at]) else { return false };
        piece.attack.borrow_mut().may_differ(cell, View { printed: self.printed, own })
    }
}
