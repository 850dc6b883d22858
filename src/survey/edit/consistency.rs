//! Holds edits against each other and against the questionnaire: an edit that nobody can fail
//! checks nothing, and two edits that together leave no way to answer are a trap.
//!
//! All answers that the conditions can tell apart are gone through one by one, gates and
//! exclusive options included. This is exact for choices; numbers are tried at and around every
//! limit. (Implied edits in the sense of Fellegi and Holt, "A Systematic Approach to Automatic
//! Edit and Imputation", JASA 71, 1976, for pairs.)

use std::collections::{BTreeMap, BTreeSet};

use super::{Chosen, Condition, Edit, EditCase, EditStatus, Facts, Interval, Verdict, Year};
use crate::survey::document::{Complaint, Located};
use crate::survey::question::{Prompt, Question, QuestionIndex};
use crate::survey::sector::SectorIndex;

/// The most combinations of answers that are gone through for an edit or a pair of them.
const COMBINATIONS: usize = 100_000;

/// Something that can be answered or be so, on which conditions depend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Variable {
    Options(Year, Prompt),
    Number(Year, Prompt),
    SameAsPrevious,
    SameAsAnother,
    StraightLine(QuestionIndex),
    Sector(SectorIndex),
}

#[derive(Debug, Clone, PartialEq)]
enum Setting {
    Options(Vec<u16>),
    Number(f64),
    Holds(bool),
}

/// Complains about edits that cannot fail, cannot pass, or contradict another.
pub(super) fn check(edits: &[(Located<String>, Edit)], questions: &[Question], complaints: &mut Vec<Complaint>) {
    let cases: Vec<(&Located<String>, &EditCase)> = edits
        .iter()
        .filter(|(_, edit)| edit.status != EditStatus::Retired)
        .flat_map(|(id, edit)| edit.cases.iter().map(move |case| (id, case)))
        .collect();
    let mut said = BTreeSet::new();
    for (id, case) in &cases {
        let Some(space) = Space::of(&[case], questions) else { continue };
        let (mut fails, mut passes) = (false, false);
        space.visit(|world| match case.verdict(world) {
            Verdict::Fail => fails = true,
            Verdict::Pass => passes = true,
            Verdict::Unchecked => {}
        });
        let what = match (fails, passes) {
            (false, _) => "no answer can fail the edit: it checks nothing that the questionnaire leaves open",
            (true, false) => "every answer fails the edit",
            (true, true) => continue,
        };
        if said.insert((&id.value, what)) {
            complaints.push(id.complaint_with_help(
                format!("{what} (`{}`)", id.value),
                "look at its conditions; gates and exclusive options are checked without an edit",
            ));
        }
    }
    // Edits about different answers cannot contradict each other; a gate between them only makes one
    // that cannot be checked.
    let variables: Vec<BTreeSet<Variable>> = cases.iter().map(|(_, case)| Mentioned::by(&[case]).variables).collect();
    for (place, (first, one)) in cases.iter().enumerate() {
        for (offset, (second, other)) in cases[place + 1..].iter().enumerate() {
            let is_apart = variables[place].is_disjoint(&variables[place + 1 + offset]);
            if is_apart || first.value == second.value || said.contains(&(&first.value, "every answer fails the edit"))
            {
                continue;
            }
            let Some(space) = Space::of(&[one, other], questions) else { continue };
            if let Some(impossible) = space.forbidden_together(one, other)
                && said.insert((&second.value, "together"))
            {
                complaints.push(second.complaint_with_help(
                    format!(
                        "edits `{}` and `{}` contradict each other: whoever answers {} fails one of them",
                        first.value,
                        second.value,
                        shown(&impossible, questions)
                    ),
                    "change one of the two, or retire it",
                ));
            }
        }
    }
}

fn shown((variable, setting): &(Variable, Setting), questions: &[Question]) -> String {
    match (variable, setting) {
        (Variable::Options(_, prompt), Setting::Options(options)) => {
            let question = &questions[prompt.question.position()];
            let ids: Vec<&str> =
                options.iter().map(|&option| question.options[usize::from(option)].id.as_str()).collect();
            format!("`{}` with {}", question.id, ids.join(" and "))
        }
        (Variable::Number(_, prompt), Setting::Number(number)) => {
            format!("`{}` with {number}", questions[prompt.question.position()].id)
        }
        _ => "as one of them describes".to_owned(),
    }
}

/// Every combination of answers that some conditions can tell apart.
struct Space<'q> {
    questions: &'q [Question],
    domains: Vec<(Variable, Vec<Setting>)>,
}

/// The variables, options and limits that conditions mention.
#[derive(Default)]
struct Mentioned {
    variables: BTreeSet<Variable>,
    options: BTreeMap<(Year, Prompt), BTreeSet<u16>>,
    limits: Vec<f64>,
    factors: Vec<f64>,
}

impl Mentioned {
    fn by(cases: &[&EditCase]) -> Mentioned {
        let mut mentioned = Mentioned::default();
        for condition in cases.iter().flat_map(|case| case.when.iter().chain(&case.expect)) {
            condition.visit(&mut |inner| mentioned.look_at(inner));
        }
        mentioned
    }

    fn option(&mut self, year: Year, prompt: Prompt, options: &[u16]) {
        self.variables.insert(Variable::Options(year, prompt));
        self.options.entry((year, prompt)).or_default().extend(options);
    }

    fn look_at(&mut self, condition: &Condition) {
        let ends = |within: &Interval| within.at_least.into_iter().chain(within.at_most);
        match condition {
            Condition::Chosen { prompt, year, options, .. } => self.option(*year, *prompt, options),
            Condition::Number { prompt, within } => {
                self.variables.insert(Variable::Number(Year::This, *prompt));
                self.limits.extend(ends(within));
            }
            Condition::Ratio { prompt, within } => {
                self.variables.extend([Year::This, Year::Previous].map(|year| Variable::Number(year, *prompt)));
                self.factors.extend(ends(within));
            }
            Condition::Fall { prompt, .. } => {
                self.option(Year::This, *prompt, &[]);
                self.option(Year::Previous, *prompt, &[]);
            }
            Condition::SameAsPrevious => drop(self.variables.insert(Variable::SameAsPrevious)),
            Condition::SameAsAnother => drop(self.variables.insert(Variable::SameAsAnother)),
            Condition::StraightLine { questions } => {
                self.variables.extend(questions.iter().map(|&question| Variable::StraightLine(question)));
            }
            Condition::Sector { sectors } => {
                self.variables.extend(sectors.iter().map(|&sector| Variable::Sector(sector)));
            }
            Condition::AnyOf(_) | Condition::Not(_) => {}
        }
    }

    /// Adds the questions that decide whether the others are asked.
    fn add_gates(&mut self, questions: &[Question]) {
        let mut waiting: Vec<Variable> = self.variables.iter().copied().collect();
        while let Some(variable) = waiting.pop() {
            let (Variable::Options(Year::This, prompt) | Variable::Number(Year::This, prompt)) = variable else {
                continue;
            };
            let Some(gate) = &questions[prompt.question.position()].gate else { continue };
            let deciding = Prompt { question: gate.question, item: None };
            if self.variables.insert(Variable::Options(Year::This, deciding)) {
                waiting.push(Variable::Options(Year::This, deciding));
            }
            self.option(Year::This, deciding, gate.accepted(prompt.item));
        }
    }

    fn domain(&self, variable: Variable, questions: &[Question]) -> Vec<Setting> {
        match variable {
            Variable::Options(year, prompt) => {
                let question = &questions[prompt.question.position()];
                option_settings(question, &self.options[&(year, prompt)])
            }
            Variable::Number(..) => self.numbers().into_iter().map(Setting::Number).collect(),
            _ => vec![Setting::Holds(false), Setting::Holds(true)],
        }
    }

    /// Numbers at and around every limit, and at and around their multiples.
    fn numbers(&self) -> Vec<f64> {
        let mut numbers: Vec<f64> = vec![0.0, 1.0, 10.0, 1000.0];
        for &limit in &self.limits {
            numbers.extend([limit - 1.0, limit, limit + 1.0]);
        }
        for base in numbers.clone() {
            for &factor in &self.factors {
                numbers.extend([base * factor - 1.0, base * factor, base * factor + 1.0]);
            }
        }
        numbers.retain(|&number| number >= 0.0);
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        numbers
    }
}

/// The answers to a choice that can be told apart when only some options matter.
fn option_settings(question: &Question, mentioned: &BTreeSet<u16>) -> Vec<Setting> {
    let all = 0..u16::try_from(question.options.len()).expect("a question has few options");
    if question.kind.is_single() {
        return all.map(|option| Setting::Options(vec![option])).collect();
    }
    let is_exclusive = |option: &u16| question.options[usize::from(*option)].exclusive;
    let (alone, free): (Vec<u16>, Vec<u16>) = all.partition(is_exclusive);
    // Of the options that no condition names, one stands for all.
    let mut free: Vec<u16> = free;
    let other = free.iter().copied().find(|option| !mentioned.contains(option));
    free.retain(|option| mentioned.contains(option) || Some(*option) == other);
    let subsets = (1_u32..1 << free.len().min(16)).map(|bits| {
        let chosen = free.iter().enumerate().filter(|(place, _)| bits >> place & 1 == 1);
        Setting::Options(chosen.map(|(_, &option)| option).collect())
    });
    subsets.chain(alone.into_iter().map(|option| Setting::Options(vec![option]))).collect()
}

impl<'q> Space<'q> {
    /// The space of some cases; `None` where it is too large to go through.
    fn of(cases: &[&EditCase], questions: &'q [Question]) -> Option<Space<'q>> {
        let mut mentioned = Mentioned::by(cases);
        mentioned.add_gates(questions);
        let domains: Vec<(Variable, Vec<Setting>)> =
            mentioned.variables.iter().map(|&one| (one, mentioned.domain(one, questions))).collect();
        let size = domains.iter().try_fold(1_usize, |size, (_, domain)| size.checked_mul(domain.len()));
        size.is_some_and(|size| size <= COMBINATIONS).then_some(Space { questions, domains })
    }

    /// Shows every combination.
    fn visit(&self, mut look: impl FnMut(&World<'_>)) {
        let mut places = vec![0; self.domains.len()];
        loop {
            look(&World { space: self, places: &places });
            let Some(digit) = (0..places.len()).find(|&digit| places[digit] + 1 < self.domains[digit].1.len()) else {
                return;
            };
            places[digit] += 1;
            places[..digit].fill(0);
        }
    }

    /// A setting of a variable that each edit alone allows and both together do not.
    fn forbidden_together(&self, one: &EditCase, other: &EditCase) -> Option<(Variable, Setting)> {
        // For each setting of each variable: allowed by the first, by the second, by both at once.
        let mut allowed: Vec<Vec<[bool; 3]>> =
            self.domains.iter().map(|(_, domain)| vec![[false; 3]; domain.len()]).collect();
        self.visit(|world| {
            let verdicts = [one.verdict(world), other.verdict(world)].map(|verdict| verdict != Verdict::Fail);
            for (variable, &place) in world.places.iter().enumerate() {
                let seen = &mut allowed[variable][place];
                seen[0] |= verdicts[0];
                seen[1] |= verdicts[1];
                seen[2] |= verdicts[0] && verdicts[1];
            }
        });
        for ((variable, domain), allowed) in self.domains.iter().zip(&allowed) {
            let found = allowed.iter().position(|seen| *seen == [true, true, false]);
            if let Some(place) = found {
                return Some((*variable, domain[place].clone()));
            }
        }
        None
    }
}

/// One combination of answers.
struct World<'s> {
    space: &'s Space<'s>,
    places: &'s [usize],
}

impl World<'_> {
    fn setting(&self, variable: Variable) -> Option<&Setting> {
        let place = self.space.domains.binary_search_by_key(&variable, |(one, _)| *one).ok()?;
        Some(&self.space.domains[place].1[self.places[place]])
    }

    fn holds(&self, variable: Variable) -> Option<bool> {
        match self.setting(variable)? {
            Setting::Holds(holds) => Some(*holds),
            _ => None,
        }
    }

    /// Whether the answers before it let this year's question be asked.
    fn is_asked(&self, year: Year, prompt: Prompt) -> bool {
        let Some(gate) = &self.space.questions[prompt.question.position()].gate else { return true };
        if year == Year::Previous {
            return true;
        }
        let deciding = self.options(year, Prompt { question: gate.question, item: None });
        deciding.is_some_and(|chosen| chosen.iter().any(|option| gate.accepted(prompt.item).contains(option)))
    }
}

impl World<'_> {
    fn options(&self, year: Year, prompt: Prompt) -> Option<&[u16]> {
        match self.setting(Variable::Options(year, prompt))? {
            Setting::Options(options) if self.is_asked(year, prompt) => Some(options),
            _ => None,
        }
    }
}

impl Facts for World<'_> {
    fn chosen(&self, year: Year, prompt: Prompt) -> Option<Chosen<'_>> {
        self.options(year, prompt).map(Chosen::These)
    }

    fn number(&self, year: Year, prompt: Prompt) -> Option<f64> {
        match self.setting(Variable::Number(year, prompt))? {
            Setting::Number(number) if self.is_asked(year, prompt) => Some(*number),
            _ => None,
        }
    }

    fn levels(&self, year: Year, prompt: Prompt) -> Option<(u8, u8)> {
        let chosen = self.options(year, prompt)?;
        let question = &self.space.questions[prompt.question.position()];
        let level = chosen.first().and_then(|&option| question.options[usize::from(option)].level);
        level.map(|level| (level, level))
    }

    fn same_as_previous(&self) -> Option<bool> {
        self.holds(Variable::SameAsPrevious)
    }

    fn same_as_another(&self) -> Option<bool> {
        self.holds(Variable::SameAsAnother)
    }

    fn straight_line(&self, question: QuestionIndex) -> Option<bool> {
        self.holds(Variable::StraightLine(question))
    }

    fn is_of(&self, sector: SectorIndex) -> bool {
        self.holds(Variable::Sector(sector)).unwrap_or(false)
    }
}
