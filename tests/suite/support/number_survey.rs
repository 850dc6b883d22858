//! A small survey with number questions, whose answers a test puts into the store by hand.

use std::collections::{BTreeMap, BTreeSet};

use cssa::compare::Replies;
use cssa::disclose::{
    Contributions, Material, Mean, NumberReason, Pattern, PrintedNumber, ProtectedNumbers, Releasable, ReleasedNumber,
    protect_numbers,
};
use cssa::store::{Field, Store, tables};
use cssa::survey::{Circle, Limit, Policy, QuestionIndex, Survey};
use cssa::tabulate::{Scope, Table, Tabulation, scope_ids, tabulate};

use super::Bench;

const SURVEY: &str = r#"
id = "trial"
title = "試験の調査"
[[sector]]
id = "regional"
name = "地域金融機関"
audience = "public"
subsectors = [{ id = "bank", name = "銀行" }, { id = "shinkin", name = "信用金庫" }, { id = "shinkumi", name = "信用組合" }]
[[sector]]
id = "securities"
name = "証券会社"
audience = "public"
[[sector]]
id = "trust"
name = "信託銀行"
audience = "feedback"
[[sector]]
id = "newform"
name = "新形態銀行"
audience = "feedback"
"#;

/// A single choice on which `watchers` depends, and three numbers: id, most, whether whole.
const NUMBERS: [(&str, u32, bool); 3] = [("staff", 100_000, true), ("share", 100, false), ("watchers", 1000, true)];

fn questions() -> String {
    let head = |id: &str, kind: &str| {
        format!(
            "[[question]]\nid = \"{id}\"\nkind = \"{kind}\"\nsection = \"監視\"\ntitle = \"{id}\"\nyears = [2023]\n\
             sectors = [\"regional\", \"securities\", \"trust\", \"newform\"]\n"
        )
    };
    let options = "options = [{ id = \"own\", label = \"自組織\" }, { id = \"none\", label = \"なし\" }]\n";
    let gate = "asked_if = { question = \"soc\", any_of = [\"own\"] }\n";
    let number = |(id, most, whole)| {
        let gate = if id == "watchers" { gate } else { "" };
        format!("{}unit = \"人\"\nwhole = {whole}\nmost = {most}\n{gate}", head(id, "number"))
    };
    format!("{}{options}{}", head("soc", "single"), NUMBERS.map(number).concat())
}

/// An institution with the numbers that it gave.
#[derive(Debug, Clone)]
pub struct Institution {
    pub code: String,
    pub sector: &'static str,
    pub subsector: &'static str,
    /// The option that it chose of `soc`.
    pub soc: &'static str,
    /// By question; a question that is not there is item nonresponse.
    pub numbers: BTreeMap<&'static str, f64>,
}

/// Institutions of a sector or sub-sector that gave these numbers to a question.
pub fn gave(
    sector: &'static str,
    subsector: &'static str,
    question: &'static str,
    numbers: &[f64],
) -> Vec<Institution> {
    let institution = |(at, number): (usize, &f64)| Institution {
        code: format!("{sector}-{subsector}-{at:04}"),
        sector,
        subsector,
        soc: "own",
        numbers: BTreeMap::from([(question, *number)]),
    };
    numbers.iter().enumerate().map(institution).collect()
}

pub fn limit(value: u32) -> Limit {
    Limit { value, authority: "試験".to_owned() }
}

/// The policy of the published circle; a test changes what it is about.
pub fn policy() -> Policy {
    Policy {
        circle: Circle::Public,
        minimum_base: limit(10),
        minimum_count: limit(3),
        small_counts_below: limit(30),
        adverse_all_but: limit(2),
        narrowest_interval: limit(3),
        own_answer_interval: limit(2),
        quartiles_from: limit(10),
        dominance_count: limit(1),
        dominance_share: limit(75),
        p_percent: limit(10),
        bands_below: limit(0),
        bands: vec![0, 50, 100],
        never: Vec::new(),
        subsectors: true,
    }
}

/// The answers of institutions, tabulated.
pub struct Collection {
    pub survey: Survey,
    pub tabulation: Tabulation,
    replies: Replies,
    contributions: Contributions,
}

/// The figures that a release prints of a collection's numbers.
pub struct Outcome<'a> {
    pub collection: &'a Collection,
    pub tables: Vec<Table<Releasable, ReleasedNumber>>,
    pub numbers: ProtectedNumbers,
}

impl Collection {
    pub fn of(institutions: &[Institution]) -> Collection {
        let bench = Bench::new();
        bench.write("survey.toml", SURVEY);
        bench.write("questions.toml", questions());
        bench.write("nets.toml", "");
        let year = "fiscal_year = 2023\nsurvey = \"survey.toml\"\nquestions = \"questions.toml\"\nnets = \"nets.toml\"\n\
                    forms = [\"form.toml\"]\nreturns = \"returned\"\nroster = \"roster.csv\"\n\
                    asked = [\"soc\", \"staff\", \"share\", \"watchers\"]\n";
        let survey = Survey::load(&bench.write("fy2023.toml", year)).expect("a sound definition");
        let store = Store::open(&bench.path("store")).expect("a store");
        let mut staging = store.stage(2023).expect("a staging folder");
        let mut places = staging.table(&tables::MEMBERSHIPS).expect("a table");
        for one in institutions {
            let row = [&*one.code, &one.code, one.sector, one.subsector].map(Field::Text);
            places.row(row).expect("a row");
        }
        places.finish().expect("a file");
        let mut responses = staging.table(&tables::RESPONSES).expect("a table");
        let mut written: BTreeSet<&str> = BTreeSet::new();
        // An institution in two sectors has answered once.
        let mut respondents: Vec<&Institution> = institutions.iter().filter(|one| written.insert(&one.code)).collect();
        respondents.sort_by_key(|one| &one.code);
        for one in respondents {
            let mut row = |question: &str, option: &str, number: Option<f64>, state: &str| {
                let [code, question, item, option] = [&*one.code, question, "", option].map(Field::Text);
                let (none, empty) = (Field::OptionalText(None), Field::Text(""));
                let state = Field::Text(state);
                let row = [
                    code,
                    question,
                    item,
                    option,
                    Field::OptionalNumber(number),
                    none,
                    state,
                    empty,
                    none,
                    none,
                    empty,
                ];
                responses.row(row).expect("a row");
            };
            row("soc", one.soc, None, "answered");
            for (question, ..) in NUMBERS {
                match one.numbers.get(question) {
                    _ if question == "watchers" && one.soc != "own" => row(question, "", None, "not_asked"),
                    Some(number) => row(question, "", Some(*number), "answered"),
                    None => row(question, "", None, "item_nonresponse"),
                }
            }
        }
        responses.finish().expect("a file");
        staging.commit().expect("a commit");
        let tabulation = tabulate(&survey, &store).expect("counts");
        let replies = Replies::read(&survey, &survey, &store).expect("replies");
        let contributions = Contributions::read(&survey, &store).expect("numbers");
        Collection { survey, tabulation, replies, contributions }
    }

    pub fn material(&self) -> Material<'_> {
        let Collection { survey, tabulation, replies, contributions } = self;
        Material { survey, tabulation, replies, contributions, last_year: None }
    }

    pub fn protect(&self, policy: &Policy) -> Outcome<'_> {
        self.protect_after(policy, &[], None)
    }

    /// The same where the release does not print the counts of `soc` of some sub-sectors, or corrects an edition.
    pub fn protect_after(&self, policy: &Policy, hidden: &[&str], corrected: Option<&Pattern>) -> Outcome<'_> {
        let Collection { survey, tabulation, replies, contributions } = self;
        let is_base_printed = |_: &_, scope| !hidden.contains(&scope_ids(survey, scope).1);
        let corrected = corrected.map(|pattern| &pattern.numbers);
        let (tables, numbers) =
            protect_numbers(survey, tabulation, replies, contributions, policy, &is_base_printed, corrected);
        Outcome { collection: self, tables, numbers }
    }

    pub fn scope(&self, sector: &str, subsector: &str) -> Scope {
        let mut all = Scope::all(&self.survey);
        all.find(|scope| scope_ids(&self.survey, *scope) == (sector, subsector)).expect("a sector")
    }

    pub fn question(&self, question: &str) -> QuestionIndex {
        self.survey.prompt(question, "").expect("a question").question
    }
}

impl Outcome<'_> {
    /// The figures released of a number.
    pub fn number(&self, sector: &str, subsector: &str, question: &str) -> ReleasedNumber {
        let question = self.collection.question(question);
        let table = self.tables.iter().find(|table| table.question() == question).expect("a table");
        *table.cell(self.collection.scope(sector, subsector), None, None).expect("a number")
    }

    /// Why a mean is withheld, if it is.
    pub fn mean(&self, sector: &str, subsector: &str, question: &str) -> Option<NumberReason> {
        match self.number(sector, subsector, question).mean() {
            Mean::Published(_) => None,
            Mean::Withheld(reason) => Some(reason),
        }
    }

    /// The figures printed of each number.
    pub fn pattern(&self) -> Pattern {
        let mut pattern = Pattern::default();
        for table in &self.tables {
            pattern.numbers.extend(table.cells().iter().map(|(key, one)| {
                let printed = PrintedNumber {
                    base: one.base().is_some(),
                    mean: matches!(one.mean(), Mean::Published(Some(_))),
                    quartiles: one.quartiles().is_some(),
                };
                ((table.question(), key.scope), printed)
            }));
        }
        pattern
    }
}
