//! Tables: figures that cannot exist without title, base, source and year.

use std::marker::PhantomData;

use super::count::Counts;
use super::number::NumberSummary;
use super::percent::Percent;
use super::scope::{Scope, scope_ids, scopes};
use crate::survey::{Prompt, QuestionIndex, Shown, Survey};

/// The readers of a table's figures.
pub trait Standing {
    /// The permission to make such a table; code without a value of it cannot make one.
    type Seal;
}

/// Figures as they are: for the desk only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidential {}

impl Standing for Confidential {
    type Seal = ();
}

/// The head of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableHead {
    /// The title.
    pub title: String,
    /// The words for the base of the figures.
    pub base: String,
    /// Where they come from.
    pub source: String,
    /// The fiscal year.
    pub fiscal_year: u16,
}

/// The integers behind a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// How many chose it.
    pub count: u32,
    /// How many were asked and answered: the base of the percentage.
    pub base: u32,
    /// How many were asked, among those whose workbook was accepted.
    pub asked: u32,
}

impl Figures {
    /// The percentage; `None` on an empty base.
    ///
    /// # Panics
    /// If more are counted than the base has: the counts come from the same answers.
    pub fn percent(self) -> Option<Percent> {
        assert!(self.count <= self.base, "{} of {} counted", self.count, self.base);
        Percent::of(self.count, self.base)
    }

    /// How many were asked and gave no usable answer.
    pub fn nonresponse(self) -> u32 {
        self.asked - self.base
    }
}

/// A figure's place in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The sector or sub-sector.
    pub scope: Scope,
    /// The item, by position; `None` where the question has none.
    pub item: Option<u16>,
    /// The option or net; `None` in a table of numbers.
    pub category: Option<Shown>,
}

/// The figures of one question.
#[derive(Debug, Clone)]
pub struct Table<S: Standing, F = Figures> {
    head: TableHead,
    question: QuestionIndex,
    cells: Vec<(Key, F)>,
    standing: PhantomData<S>,
}

impl<S: Standing, F> Table<S, F> {
    /// The head of the table.
    pub fn head(&self) -> &TableHead {
        &self.head
    }

    /// The question it is about.
    pub fn question(&self) -> QuestionIndex {
        self.question
    }

    /// Its cells, by scope, then in printed order.
    pub fn cells(&self) -> &[(Key, F)] {
        &self.cells
    }

    /// One cell.
    pub fn cell(&self, scope: Scope, item: Option<u16>, category: Option<Shown>) -> Option<&F> {
        let wanted = Key { scope, item, category };
        self.cells.iter().find(|(key, _)| *key == wanted).map(|(_, figures)| figures)
    }
}

impl<F> Table<Confidential, F> {
    /// A table of figures as they are.
    pub(crate) fn confidential(head: TableHead, question: QuestionIndex, cells: Vec<(Key, F)>) -> Self {
        Table { head, question, cells, standing: PhantomData }
    }

    /// The same table with what another standing makes of each figure.
    pub(crate) fn sealed<S: Standing, G>(&self, _seal: &S::Seal, figure: impl Fn(&Key, &F) -> G) -> Table<S, G> {
        let cells = self.cells.iter().map(|(key, one)| (*key, figure(key, one))).collect();
        Table { head: self.head.clone(), question: self.question, cells, standing: PhantomData }
    }
}

/// Builds the distribution of a question.
pub(super) fn distribution(
    head: TableHead,
    survey: &Survey,
    index: QuestionIndex,
    counts: &Counts,
) -> Table<Confidential> {
    let question = survey.question(index);
    let few = |length: usize| u16::try_from(length).expect("a question has few options and nets");
    let mut cells = Vec::new();
    for scope in scopes(survey, index).filter(|scope| counts.has_members(*scope)) {
        for prompt in question.prompts(index) {
            let (asked, base) = counts.asked_and_base(scope, prompt);
            let options = (0..few(question.options.len())).map(Shown::Option);
            for category in options.chain((0..few(question.nets.len())).map(Shown::Net)) {
                let count = counts.chosen(scope, prompt, category);
                let key = Key { scope, item: prompt.item, category: Some(category) };
                cells.push((key, Figures { count, base, asked }));
            }
        }
    }
    Table::confidential(head, index, cells)
}

/// Builds the summary of a number question.
pub(super) fn summary(
    head: TableHead,
    survey: &Survey,
    index: QuestionIndex,
    counts: &Counts,
) -> Table<Confidential, NumberSummary> {
    let prompt = Prompt { question: index, item: None };
    let cells = scopes(survey, index)
        .filter(|scope| counts.has_members(*scope))
        .map(|scope| {
            let (asked, _) = counts.asked_and_base(scope, prompt);
            let key = Key { scope, item: None, category: None };
            (key, NumberSummary::of(asked, counts.numbers(scope, prompt)))
        })
        .collect();
    Table::confidential(head, index, cells)
}

/// A line of the distributions as it is written to files.
pub(super) struct Row<'a> {
    pub sector: &'a str,
    pub subsector: &'a str,
    pub question: &'a str,
    pub item: &'a str,
    pub option: &'a str,
    pub kind: &'static str,
    pub figures: Figures,
}

/// The lines of all distributions, by sector, sub-sector and then in printed order.
pub(super) fn rows<'a>(survey: &'a Survey, tables: &'a [Table<Confidential>]) -> Vec<Row<'a>> {
    let mut cells: Vec<(QuestionIndex, &(Key, Figures))> =
        tables.iter().flat_map(|table| table.cells.iter().map(|cell| (table.question, cell))).collect();
    cells.sort_by_key(|(question, (key, _))| (key.scope, *question));
    cells
        .into_iter()
        .map(|(index, (key, figures))| {
            let question = survey.question(index);
            let (sector, subsector) = scope_ids(survey, key.scope);
            let (option, kind) = match key.category.expect("a distribution is over options and nets") {
                Shown::Option(option) => (question.options[usize::from(option)].id.as_str(), "option"),
                Shown::Net(net) => (question.nets[usize::from(net)].id.as_str(), "net"),
            };
            Row {
                sector,
                subsector,
                question: &question.id,
                item: key.item.map_or("", |item| question.items[usize::from(item)].id.as_str()),
                option,
                kind,
                figures: *figures,
            }
        })
        .collect()
}
