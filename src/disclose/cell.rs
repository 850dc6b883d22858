//! The cells of a release: every count and every base of every sector and sub-sector that it covers, as one list
//! that relations, attacks and marks refer to by position.

use std::collections::BTreeMap;

use super::rule::AdverseEnds;
use super::share::Share;
use crate::survey::{Gate, Prompt, Question, Shown, Survey};
use crate::tabulate::{Scope, scope_ids};

/// The respondents of a sector or sub-sector that a cell counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cohort {
    /// Everybody: the figures that are printed.
    All,
    /// Those who stand in another sector, or a sub-sector of it, as well. Nobody prints them; they follow from what
    /// both sectors print.
    AlsoIn(Scope),
    /// Those who do not stand there.
    NotIn(Scope),
}

/// Which answers a cell counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Behind {
    /// Those of the release at hand.
    Present,
    /// Those of the edition that it corrects.
    Earlier,
    /// Those of the institutions whose answers are the same in both.
    Unchanged,
    /// The earlier answers of the others.
    Left,
    /// Their present answers.
    Came,
}

/// The answers that a cell counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Those who were asked and answered.
    Base,
    /// Those who chose an option, or any of a net.
    Count(Shown),
    /// Those who were asked behind a gate and gave no usable answer. Readers are taken to know it.
    Nonresponse,
}

/// Where a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// Which answers it counts.
    pub behind: Behind,
    /// The respondents of the scope that it counts.
    pub cohort: Cohort,
    /// The sector or sub-sector.
    pub scope: Scope,
    /// The question, or one item of a grid.
    pub prompt: Prompt,
    /// The answers that it counts.
    pub measure: Measure,
}

impl Address {
    /// The figure of everybody of a sector or sub-sector, by the answers at hand.
    pub fn of(scope: Scope, prompt: Prompt, measure: Measure) -> Address {
        Address { behind: Behind::Present, cohort: Cohort::All, scope, prompt, measure }
    }

    /// The base that it rests on; of a base, itself.
    pub fn base(self) -> Address {
        Address { measure: Measure::Base, ..self }
    }

    /// Its name on the command line and in messages: `regional/shinkin/soc//none`. Of those who stand in two sectors
    /// the other one stands in front: `also_in_trust@newform//soc//none`.
    pub fn name(self, survey: &Survey) -> String {
        let place = |scope: Scope| match scope_ids(survey, scope) {
            (sector, "") => sector.to_owned(),
            (sector, subsector) => format!("{sector}.{subsector}"),
        };
        let cohort = match self.cohort {
            Cohort::All => String::new(),
            Cohort::AlsoIn(other) => format!("also_in_{}@", place(other)),
            Cohort::NotIn(other) => format!("not_in_{}@", place(other)),
        };
        let (sector, subsector) = scope_ids(survey, self.scope);
        let (question, item) = survey.prompt_ids(self.prompt);
        let option = match self.measure {
            Measure::Base => "base",
            Measure::Nonresponse => "nonresponse",
            Measure::Count(shown) => survey.question(self.prompt.question).category_id(shown),
        };
        let behind = match self.behind {
            Behind::Present => "",
            Behind::Earlier => "earlier@",
            Behind::Unchanged => "unchanged@",
            Behind::Left => "left@",
            Behind::Came => "came@",
        };
        format!("{behind}{cohort}{sector}/{subsector}/{question}/{item}/{option}")
    }

    /// The figure with a name: a count or a base of everybody. `None` where the survey has no such figure.
    pub fn parse(survey: &Survey, name: &str) -> Option<Address> {
        let parts: Vec<&str> = name.split('/').collect();
        let [sector, subsector, question, item, option] = parts.as_slice() else { return None };
        let scope = Scope::all(survey).find(|scope| scope_ids(survey, *scope) == (*sector, *subsector))?;
        let prompt = survey.prompt(question, item)?;
        let asked = survey.question(prompt.question);
        let measure = match *option {
            "base" => Measure::Base,
            id => Measure::Count(asked.categories().find(|one| asked.category_id(*one) == id)?),
        };
        Some(Address::of(scope, prompt, measure))
    }
}

/// Which answers of a question a cell stands for, and of which question: a base behind a gate counts those who gave
/// the answers that open it.
pub(super) fn answers_of(survey: &Survey, address: Address) -> Option<(&Question, Vec<u16>)> {
    let question = survey.question(address.prompt.question);
    match (address.measure, &question.gate) {
        (Measure::Count(shown), _) => Some((question, question.options_of(shown))),
        (Measure::Base, Some(gate)) => {
            Some((survey.question(gate.question), Gate::accepted(gate, address.prompt.item).to_vec()))
        }
        _ => None,
    }
}

/// A cell with its true value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub address: Address,
    pub value: i64,
    /// The count that it is a part of: its base; for a base behind a gate, the respondents that answered the gate's
    /// question.
    pub whole: i64,
    /// The cell of that count.
    pub whole_at: Address,
    /// How many of those asked behind a gate gave no usable answer.
    pub nonresponse: i64,
    /// Which ends of it are adverse: everybody counted, or nobody.
    pub adverse_ends: AdverseEnds,
    /// Whether readers know it whatever is printed: the base of a question that is asked of all, and nonresponse.
    pub is_known: bool,
    /// Whether a release prints it: not those who stand in two sectors, and not what changed between two editions.
    pub is_printable: bool,
    /// The loss to the release if the cell is withheld.
    pub weight: i64,
}

/// The content that a release prints in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Printed {
    /// Nothing.
    Nothing,
    /// Limits of its share of the base: a class, or a whole per cent.
    Share(Share),
    /// Its value.
    Value,
}

impl Printed {
    /// How much it says: nothing, a class, a whole per cent, the value.
    pub(super) fn rank(self) -> u8 {
        match self {
            Printed::Nothing => 0,
            Printed::Share(share) if !share.is_whole_per_cent() => 1,
            Printed::Share(_) => 2,
            Printed::Value => 3,
        }
    }
}

/// All cells of a release.
#[derive(Debug)]
pub(super) struct Cells {
    pub all: Vec<Cell>,
    positions: BTreeMap<Address, usize>,
}

impl Cells {
    /// A list of cells, put in order.
    pub fn new(mut all: Vec<Cell>) -> Cells {
        all.sort_by_key(|cell| cell.address);
        let positions = all.iter().enumerate().map(|(position, cell)| (cell.address, position)).collect();
        Cells { all, positions }
    }

    /// The position of a cell.
    pub fn position(&self, address: Address) -> Option<usize> {
        self.positions.get(&address).copied()
    }

    /// The position of the base that a cell rests on; of a base, its own.
    pub fn base_of(&self, cell: usize) -> usize {
        self.position(self.all[cell].address.base()).expect("every count has a base")
    }

    /// The counts that rest on a base.
    pub fn counts_on(&self, base: usize) -> impl Iterator<Item = usize> + '_ {
        let address = self.all[base].address;
        // The base is the first of its group, and the group stands together.
        let is_its = move |cell: &usize| self.all[*cell].address.base() == address;
        let group = (base + 1..self.all.len()).take_while(is_its);
        group.filter(|&cell| matches!(self.all[cell].address.measure, Measure::Count(_)))
    }
}
