//! Counts from the store, through polars. Everything that leaves this file is an integer or an
//! answered number, keyed by whom and what it is about.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::*;

use super::scope::Scope;
use crate::store::{self, StoreError, TableFiles, tables};
use crate::survey::{Prompt, QuestionIndex, Shown, Survey};
use crate::validate::State;

/// Why a year cannot be tabulated.
#[derive(Debug, thiserror::Error)]
pub enum TabulateError {
    /// The store lacks what is needed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine failed on a table.
    #[error(
        "{what} of fiscal year {fiscal_year} cannot be computed: {source}\n  does the store hold what `cssa ingest` wrote? run it again"
    )]
    Engine {
        /// Which statistic.
        what: &'static str,
        /// The year.
        fiscal_year: u16,
        /// The error of the engine.
        source: PolarsError,
    },
    /// The store was written with another definition.
    #[error(
        "the store has {what} `{id}`, which the definition of {fiscal_year} does not know\n  run `cssa ingest` for that year again"
    )]
    Unknown {
        /// Sector, question, …
        what: &'static str,
        /// The id.
        id: String,
        /// The year.
        fiscal_year: u16,
    },
}

/// Every count of a year.
#[derive(Debug, Default)]
pub(super) struct Counts {
    chosen: HashMap<(Scope, Prompt, Shown), u32>,
    answered: HashMap<(Scope, Prompt), u32>,
    asked: HashMap<(Scope, Prompt), u32>,
    numbers: HashMap<(Scope, Prompt), Vec<f64>>,
    populations: BTreeMap<Scope, Population>,
}

/// How many a scope has, and how many of them came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Population {
    /// Everyone on the roster: this is a census, so all of them were asked to return the workbook.
    pub members: u32,
    /// Of these, those whose workbook was accepted. The rest is unit nonresponse.
    pub returned: u32,
}

impl Counts {
    /// How many in a scope chose an option, or any option of a net.
    pub(super) fn chosen(&self, scope: Scope, prompt: Prompt, shown: Shown) -> u32 {
        self.chosen.get(&(scope, prompt, shown)).copied().unwrap_or(0)
    }

    /// How many in a scope were asked, and how many of them answered.
    pub(super) fn asked_and_base(&self, scope: Scope, prompt: Prompt) -> (u32, u32) {
        let of = |counts: &HashMap<(Scope, Prompt), u32>| counts.get(&(scope, prompt)).copied().unwrap_or(0);
        (of(&self.asked), of(&self.answered))
    }

    /// Whether anybody of a scope was asked in the year at all.
    pub(super) fn has_members(&self, scope: Scope) -> bool {
        self.populations.get(&scope).is_some_and(|population| population.members > 0)
    }

    /// The numbers answered in a scope.
    pub(super) fn numbers(&self, scope: Scope, prompt: Prompt) -> Vec<f64> {
        self.numbers.get(&(scope, prompt)).cloned().unwrap_or_default()
    }

    /// Every scope with its population.
    pub(super) fn into_populations(self) -> BTreeMap<Scope, Population> {
        self.populations
    }

    /// Counts a year.
    pub(super) fn of(survey: &Survey, files: &dyn TableFiles) -> Result<Counts, TabulateError> {
        let source = Source::open(survey, files)?;
        let mut counts = Counts { populations: source.populations()?, ..Counts::default() };
        for line in source.states()? {
            for scope in line.scope.with_whole() {
                if line.last != State::NotAsked.word() {
                    *counts.asked.entry((scope, line.prompt)).or_default() += line.count;
                }
                if line.last == State::Answered.word() {
                    *counts.answered.entry((scope, line.prompt)).or_default() += line.count;
                }
            }
        }
        for line in source.options()? {
            let option = survey.question(line.prompt.question).option(&line.last);
            let option = option.ok_or_else(|| source.unknown("option", &line.last))?;
            counts.add_chosen(&line, Shown::Option(option));
        }
        for line in source.nets()? {
            let net = survey.question(line.prompt.question).net(&line.last);
            let net = net.ok_or_else(|| source.unknown("net", &line.last))?;
            counts.add_chosen(&line, Shown::Net(net));
        }
        for (scope, prompt, number) in source.numbers()? {
            for scope in scope.with_whole() {
                counts.numbers.entry((scope, prompt)).or_default().push(number);
            }
        }
        Ok(counts)
    }

    fn add_chosen(&mut self, line: &Line, shown: Shown) {
        for scope in line.scope.with_whole() {
            *self.chosen.entry((scope, line.prompt, shown)).or_default() += line.count;
        }
    }
}

/// One line of an aggregate: how many in a scope have `last` (a state, option or net) for a prompt.
struct Line {
    scope: Scope,
    prompt: Prompt,
    last: String,
    count: u32,
}

struct Source<'s> {
    survey: &'s Survey,
    responses: LazyFrame,
    memberships: LazyFrame,
}

impl<'s> Source<'s> {
    fn open(survey: &'s Survey, files: &dyn TableFiles) -> Result<Source<'s>, TabulateError> {
        let scan = |table: &'static store::Table| -> Result<LazyFrame, TabulateError> {
            let path = files.file(table, survey.fiscal_year)?;
            let path = path.to_string_lossy();
            LazyFrame::scan_parquet(PlRefPath::from(&*path), ScanArgsParquet::default())
                .map_err(|source| engine(survey, table.name, source))
        };
        Ok(Source { survey, responses: scan(&tables::RESPONSES)?, memberships: scan(&tables::MEMBERSHIPS)? })
    }

    fn unknown(&self, what: &'static str, id: &str) -> TabulateError {
        TabulateError::Unknown { what, id: id.to_owned(), fiscal_year: self.survey.fiscal_year }
    }

    /// Members of every scope, and those of them who have responses.
    fn populations(&self) -> Result<BTreeMap<Scope, Population>, TabulateError> {
        let what = "the response rates";
        let wrapped = |source| engine(self.survey, what, source);
        let returned = self.responses.clone().group_by(by(["institution"])).agg([len().alias("lines")]);
        let on = by(["institution"]);
        let frame = self
            .memberships
            .clone()
            .join(returned, &on, &on, JoinArgs::new(JoinType::Left))
            .group_by(by(["sector", "subsector"]))
            .agg([len().alias("members"), col("lines").is_not_null().sum().alias("returned")])
            .collect()
            .map_err(wrapped)?;
        let read = || -> Result<BTreeMap<Scope, Population>, LineError> {
            let texts = |name: &str| frame.column(name).and_then(Column::str);
            let (sectors, subsectors) = (texts("sector")?, texts("subsector")?);
            let members = frame.column("members")?.cast(&DataType::UInt32)?;
            let returned = frame.column("returned")?.cast(&DataType::UInt32)?;
            let (members, returned) = (members.u32()?, returned.u32()?);
            let mut populations: BTreeMap<Scope, Population> = BTreeMap::new();
            for row in 0..frame.height() {
                let scope = self.scope(text_at(sectors, row), text_at(subsectors, row))?;
                for scope in scope.with_whole() {
                    let population = populations.entry(scope).or_default();
                    population.members += number_at(members, row);
                    population.returned += number_at(returned, row);
                }
            }
            Ok(populations)
        };
        read().map_err(|error| error.into_error(self, what))
    }

    /// Respondents by state: one line of `responses` or several have the same prompt and state.
    fn states(&self) -> Result<Vec<Line>, TabulateError> {
        let prompts = self.responses.clone().group_by(by(["institution", "question", "item", "state"])).agg([len()]);
        self.count("the bases", prompts, "state")
    }

    /// Respondents by option chosen.
    fn options(&self) -> Result<Vec<Line>, TabulateError> {
        self.count("the counts of options", self.chosen(), "option")
    }

    /// Respondents by net: once, however many of its options they chose.
    fn nets(&self) -> Result<Vec<Line>, TabulateError> {
        let mut questions = Vec::new();
        let mut options = Vec::new();
        let mut nets = Vec::new();
        for question in &self.survey.questions {
            for net in &question.nets {
                for &option in &net.options {
                    questions.push(question.id.as_str());
                    options.push(question.options[usize::from(option)].id.as_str());
                    nets.push(net.id.as_str());
                }
            }
        }
        if nets.is_empty() {
            return Ok(Vec::new());
        }
        let what = "the counts of nets";
        let frame = df!("question" => questions, "option" => options, "net" => nets)
            .map_err(|source| engine(self.survey, what, source))?;
        let on = by(["question", "option"]);
        let members = self.chosen().join(frame.lazy(), &on, &on, JoinArgs::new(JoinType::Inner));
        let once = members.group_by(by(["institution", "question", "item", "net"])).agg([len()]);
        self.count(what, once, "net")
    }

    fn chosen(&self) -> LazyFrame {
        let answered = col("state").eq(lit(State::Answered.word()));
        self.responses.clone().filter(answered.and(col("option").neq(lit(""))))
    }

    /// Joins one line per respondent with its sectors and counts.
    fn count(&self, what: &'static str, lines: LazyFrame, last: &'static str) -> Result<Vec<Line>, TabulateError> {
        let on = by(["institution"]);
        let frame = lines
            .join(self.memberships.clone(), &on, &on, JoinArgs::new(JoinType::Inner))
            .group_by(by(["sector", "subsector", "question", "item", last]))
            .agg([len().alias("respondents")])
            .collect()
            .map_err(|source| engine(self.survey, what, source))?;
        self.lines(&frame, last).map_err(|error| error.into_error(self, what))
    }

    fn lines(&self, frame: &DataFrame, last: &str) -> Result<Vec<Line>, LineError> {
        let texts = |name: &str| frame.column(name).and_then(Column::str);
        let (sectors, subsectors) = (texts("sector")?, texts("subsector")?);
        let (questions, items, lasts) = (texts("question")?, texts("item")?, texts(last)?);
        let counts = frame.column("respondents")?.cast(&DataType::UInt32)?;
        let counts = counts.u32()?;
        let mut lines = Vec::with_capacity(frame.height());
        for row in 0..frame.height() {
            let at = |column| text_at(column, row);
            let Some((scope, prompt)) = self.place(at(sectors), at(subsectors), at(questions), at(items))? else {
                continue;
            };
            lines.push(Line { scope, prompt, last: at(lasts).to_owned(), count: number_at(counts, row) });
        }
        Ok(lines)
    }

    /// Numbers answered, with whom they are about.
    fn numbers(&self) -> Result<Vec<(Scope, Prompt, f64)>, TabulateError> {
        let what = "the summaries of numbers";
        let on = by(["institution"]);
        let answered = col("state").eq(lit(State::Answered.word())).and(col("value").is_not_null());
        let frame = self
            .responses
            .clone()
            .filter(answered)
            .join(self.memberships.clone(), &on, &on, JoinArgs::new(JoinType::Inner))
            .select(["sector", "subsector", "question", "item", "value"].map(col))
            .collect()
            .map_err(|source| engine(self.survey, what, source))?;
        let read = || -> Result<Vec<(Scope, Prompt, f64)>, LineError> {
            let texts = |name: &str| frame.column(name).and_then(Column::str);
            let (sectors, subsectors) = (texts("sector")?, texts("subsector")?);
            let (questions, items) = (texts("question")?, texts("item")?);
            let values = frame.column("value")?.f64()?;
            let mut numbers = Vec::with_capacity(frame.height());
            for row in 0..frame.height() {
                let at = |column| text_at(column, row);
                let place = self.place(at(sectors), at(subsectors), at(questions), at(items))?;
                if let (Some((scope, prompt)), Some(value)) = (place, values.get(row)) {
                    numbers.push((scope, prompt, value));
                }
            }
            Ok(numbers)
        };
        read().map_err(|error| error.into_error(self, what))
    }

    fn scope(&self, sector: &str, subsector: &str) -> Result<Scope, LineError> {
        let unknown = |what, id: &str| LineError::Unknown(what, id.to_owned());
        let index = self.survey.sector_index(sector).ok_or_else(|| unknown("sector", sector))?;
        let parts = &self.survey.sectors[index.position()].subsectors;
        let subsector = match subsector {
            "" => None,
            id => {
                let position = parts.iter().position(|part| part.id == id).ok_or_else(|| unknown("sub-sector", id))?;
                Some(u16::try_from(position).expect("a sector has few parts"))
            }
        };
        Ok(Scope { sector: index, subsector })
    }

    /// The scope and prompt of a line; `None` where the sector is not asked the question (an
    /// institution in two sectors answers the questions of both).
    fn place(
        &self,
        sector: &str,
        subsector: &str,
        question: &str,
        item: &str,
    ) -> Result<Option<(Scope, Prompt)>, LineError> {
        let unknown = |what, id: &str| LineError::Unknown(what, id.to_owned());
        let scope = self.scope(sector, subsector)?;
        let position = self.survey.questions.iter().position(|other| other.id == question);
        let position = position.ok_or_else(|| unknown("question", question))?;
        let asked = &self.survey.questions[position];
        if !asked.sectors.contains(&scope.sector) {
            return Ok(None);
        }
        let item = match item {
            "" => None,
            id => Some(asked.item(id).ok_or_else(|| unknown("item", id))?),
        };
        let prompt = Prompt { question: QuestionIndex::at(position), item };
        Ok(Some((scope, prompt)))
    }
}

enum LineError {
    Engine(PolarsError),
    Unknown(&'static str, String),
}

impl From<PolarsError> for LineError {
    fn from(error: PolarsError) -> Self {
        LineError::Engine(error)
    }
}

impl LineError {
    fn into_error(self, source: &Source<'_>, what: &'static str) -> TabulateError {
        match self {
            LineError::Engine(error) => engine(source.survey, what, error),
            LineError::Unknown(kind, id) => source.unknown(kind, &id),
        }
    }
}

fn text_at(column: &StringChunked, row: usize) -> &str {
    column.get(row).expect("the keys of the store are never null")
}

fn number_at(column: &UInt32Chunked, row: usize) -> u32 {
    column.get(row).expect("a count is never null")
}

fn by<const N: usize>(names: [&str; N]) -> [Expr; N] {
    names.map(col)
}

fn engine(survey: &Survey, what: &'static str, source: PolarsError) -> TabulateError {
    TabulateError::Engine { what, fiscal_year: survey.fiscal_year, source }
}
