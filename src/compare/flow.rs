//! Flows: how those who answered an ordinal question in both years moved between its levels.

use super::change::head;
use super::panel::{Both, Panel, alike};
use crate::survey::{Class, Comparison, Counterpart, QuestionIndex, Survey};
use crate::tabulate::{Confidential, Key, Scope, Table};

/// The movements of one panel between the classes of answers that both years have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// The classes, the highest first.
    pub classes: Vec<Class>,
    /// For each class of last year, how many of it are in each class of this year.
    pub counts: Vec<Vec<u32>>,
}

/// Which way somebody went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Movement {
    /// To a higher level.
    Rose,
    /// To the same class of answers.
    Stayed,
    /// To a lower level.
    Fell,
}

impl Movement {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Movement::Rose => "rose",
            Movement::Stayed => "stayed",
            Movement::Fell => "fell",
        }
    }

    /// Which way it is from one class to another, by their places; the highest class has the first.
    pub fn between(from: usize, to: usize) -> Movement {
        match to.cmp(&from) {
            std::cmp::Ordering::Less => Movement::Rose,
            std::cmp::Ordering::Equal => Movement::Stayed,
            std::cmp::Ordering::Greater => Movement::Fell,
        }
    }
}

impl Flow {
    /// How many went one way.
    pub fn count(&self, movement: Movement) -> u32 {
        let rows = self.counts.iter().enumerate();
        let cells = rows.flat_map(|(from, row)| row.iter().enumerate().map(move |(to, count)| (from, to, *count)));
        cells.filter(|(from, to, _)| Movement::between(*from, *to) == movement).map(|(.., count)| count).sum()
    }

    /// How many were in a class last year.
    pub fn before(&self, class: usize) -> u32 {
        self.counts[class].iter().sum()
    }

    /// How many are in a class this year.
    pub fn now(&self, class: usize) -> u32 {
        self.counts.iter().map(|row| row[class]).sum()
    }
}

/// The flows of a question in every scope that has a panel; `None` where it is not ordinal, or the years
/// cannot be sorted into the same classes.
pub(super) fn flows(
    survey: &Survey,
    comparison: &Comparison,
    index: QuestionIndex,
    panel: &Panel,
) -> Option<Table<Confidential, Flow>> {
    let question = survey.question(index);
    let Counterpart::Compared { with: pairing, .. } = comparison.concordance.question(index) else { return None };
    let classes = pairing.classes(question, comparison.before.question(pairing.before))?;
    let mut cells = Vec::new();
    for scope in Scope::all(survey).filter(|scope| question.sectors.contains(&scope.sector)) {
        for prompt in question.prompts(index) {
            let Counterpart::Compared { with: before, .. } = comparison.concordance.prompt(prompt) else { continue };
            let is_alike = alike(comparison, index, &[]);
            if let Some(flow) = flow(&classes, &panel.both(scope, prompt, before, &*is_alike)) {
                cells.push((Key { scope, item: prompt.item, category: None }, flow));
            }
        }
    }
    let head = head(survey, comparison, index, survey.texts().table.base_of_both_years);
    Some(Table::confidential(head, index, cells))
}

/// `None` where nobody answered in both years.
fn flow(classes: &[Class], both: &[Both<'_>]) -> Option<Flow> {
    let mut counts = vec![vec![0; classes.len()]; classes.len()];
    for one in both {
        let place = |chosen: &[u16], of: fn(&Class) -> &[u16]| {
            let [option] = chosen else { return None };
            classes.iter().position(|class| of(class).contains(option))
        };
        let from = place(one.before, |class| &class.options_before);
        let to = place(one.now, |class| &class.options_now);
        // Where a blank counts as an answer, it has no level to move from or to.
        if let Some((from, to)) = from.zip(to) {
            counts[from][to] += 1;
        }
    }
    (!both.is_empty()).then(|| Flow { classes: classes.to_vec(), counts })
}
