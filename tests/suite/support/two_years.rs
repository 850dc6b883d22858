//! A small survey of two years whose answers a test puts into the store by hand.

use std::collections::BTreeMap;

use cssa::compare::{self, Change, Changes, Flow, Lineage, Panel};
use cssa::store::{Field, Staging, Store, tables};
use cssa::survey::{Ledger, Survey};
use cssa::tabulate::{Key, Scope, tabulate};

use super::Bench;

const SURVEY: &str = r#"
id = "trial"
title = "試験の調査"
[[sector]]
id = "regional"
name = "地域金融機関"
audience = "public"
subsectors = [{ id = "bank", name = "銀行" }, { id = "shinkin", name = "信用金庫" }]
[[sector]]
id = "securities"
name = "証券会社"
audience = "public"
"#;

const QUESTIONS: &str = r#"
[[question]]
id = "soc"
kind = "single"
section = "監視"
title = "監視部署"
sectors = ["regional", "securities"]
years = [2022, 2023]
options = [
  { id = "always", label = "常時", level = 3 },
  { id = "partial", label = "一部", level = 2 },
  { id = "none", label = "なし", level = 1 },
]
[[question]]
id = "scope"
kind = "multiple"
section = "監視"
title = "監視対象"
sectors = ["regional", "securities"]
years = [2022, 2023]
asked_if = { question = "soc", any_of = ["always", "partial"] }
options = [{ id = "malware", label = "マルウェア" }, { id = "outbound", label = "外部への通信" }]
[[question]]
id = "staffing"
kind = "grid_single"
section = "人材"
title = "人材の確保"
sectors = ["regional", "securities"]
years = [2022, 2023]
items = [{ id = "plan", label = "企画" }, { id = "watch", label = "監視" }]
options = [{ id = "own", label = "自組織", level = 3 }, { id = "external", label = "外部", level = 2 }, { id = "short", label = "不足", level = 1 }]
"#;

const NETS: &str = r#"
[[net]]
question = "soc"
id = "installed"
label = "設置"
options = ["always", "partial"]
"#;

/// The answers of an institution: by question and item, the options chosen, or the state if there is no answer.
pub type Answers = BTreeMap<(&'static str, &'static str), Vec<&'static str>>;

/// An institution of one year.
#[derive(Debug, Clone)]
pub struct Member {
    pub code: String,
    pub name: String,
    pub sector: &'static str,
    pub subsector: &'static str,
    /// Empty where no workbook came.
    pub answers: Answers,
}

/// The states that stand in the place of options.
const STATES: [&str; 5] = ["not_asked", "item_nonresponse", "contradictory", "unreadable", "answered"];

/// The survey of the two years.
pub struct TwoYears {
    bench: Bench,
    store: Store,
}

/// The result of a comparison.
pub struct Outcome {
    pub survey: Survey,
    pub lineage: Lineage,
    pub changes: Changes,
    /// The two tables as they are written for people.
    pub files: [String; 2],
}

impl TwoYears {
    pub fn new() -> TwoYears {
        let bench = Bench::new();
        bench.write("survey.toml", SURVEY);
        bench.write("questions.toml", QUESTIONS);
        bench.write("nets.toml", NETS);
        bench.write("concordance.toml", "same = [\"soc\", \"scope\", \"staffing\"]\n");
        for (fiscal_year, more) in
            [(2022, ""), (2023, "previous = \"fy2022.toml\"\nconcordance = \"concordance.toml\"\n")]
        {
            let text = format!(
                "fiscal_year = {fiscal_year}\nsurvey = \"survey.toml\"\nquestions = \"questions.toml\"\n\
                 nets = \"nets.toml\"\nforms = [\"form.toml\"]\nreturns = \"returned\"\nroster = \"roster.csv\"\n\
                 asked = [\"soc\", \"scope\", \"staffing\"]\n{more}"
            );
            bench.write(&format!("fy{fiscal_year}.toml"), text);
        }
        let store = Store::open(&bench.path("store")).expect("a store");
        TwoYears { bench, store }
    }

    /// Where the definition and the store lie.
    pub fn bench(&self) -> &Bench {
        &self.bench
    }

    /// Compares two years; `ledger` is the lines below its header.
    pub fn compare(&self, before: &[Member], now: &[Member], ledger: &str) -> Outcome {
        let survey = Survey::load(&self.bench.path("fy2023.toml")).expect("a sound definition");
        let header = "date,event,institution,successor,sector,subsector,name,note\n";
        let path = self.bench.write("ledger.csv", format!("{header}{ledger}"));
        let ledger = Ledger::load(&path, &survey).expect("a sound ledger");
        for (fiscal_year, members) in [(2022, before), (2023, now)] {
            let mut staging = self.store.stage(fiscal_year).expect("a staging folder");
            write(&mut staging, members);
            staging.commit().expect("a commit");
        }
        let comparison = survey.comparison.as_ref().expect("a year before");
        let tabulations = [&survey, &*comparison.before].map(|one| tabulate(one, &self.store).expect("counts"));
        let lineage = compare::lineage(&survey, &ledger, &self.store).expect("memberships");
        let both = [&tabulations[0], &tabulations[1]];
        let panel = Panel::read(&survey, &comparison.before, &lineage, &self.store).expect("answers");
        let changes = compare::compare(&survey, comparison, &panel, both);
        let mut staging = self.store.stage(2023).expect("a staging folder");
        compare::write(&survey, comparison, &lineage, &changes, &mut staging).expect("tables");
        staging.commit().expect("a commit");
        let files = [compare::changes_csv(&survey, comparison, &changes), compare::flows_csv(&survey, &changes)];
        let files = files.map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
        Outcome { survey, lineage, changes, files }
    }
}

impl Outcome {
    /// A part of the respondents, by ids.
    pub fn scope(&self, sector: &str, subsector: &str) -> Scope {
        let of = |scope: &Scope| cssa::tabulate::scope_ids(&self.survey, *scope) == (sector, subsector);
        Scope::all(&self.survey).find(of).expect("a sector")
    }

    /// The change of a figure, by ids.
    pub fn change(&self, scope: Scope, question: &str, item: &str, option: &str) -> &Change {
        let prompt = self.survey.prompt(question, item).expect("a question");
        let asked = self.survey.question(prompt.question);
        let category = asked.categories().find(|one| asked.category_id(*one) == option).expect("an option or a net");
        let mut tables = self.changes.changes.iter();
        let table = tables.find(|table| table.question() == prompt.question).expect("a table");
        table.cell(scope, prompt.item, Some(category)).expect("a figure")
    }

    /// All changes, with where they stand.
    pub fn all(&self) -> Vec<(String, &Change)> {
        let tables = self.changes.changes.iter();
        let cells = tables.flat_map(|table| table.cells().iter().map(move |cell| (table.question(), cell)));
        cells.map(|(question, (key, change))| (format!("{question:?} {key:?}"), change)).collect()
    }

    /// The flow of an ordinal question, by ids.
    pub fn flow(&self, scope: Scope, question: &str, item: &str) -> Option<&Flow> {
        let prompt = self.survey.prompt(question, item).expect("a question");
        let table = self.changes.flows.iter().find(|table| table.question() == prompt.question)?;
        table.cell(scope, prompt.item, None)
    }

    /// All flows, with where they stand.
    pub fn flows(&self) -> Vec<(cssa::survey::QuestionIndex, Key, &Flow)> {
        let tables = self.changes.flows.iter();
        tables.flat_map(|table| table.cells().iter().map(|(key, flow)| (table.question(), *key, flow))).collect()
    }
}

/// Puts the answers of a year into the store.
pub fn write(staging: &mut Staging<'_>, members: &[Member]) {
    let mut sorted: Vec<&Member> = members.iter().collect();
    sorted.sort_by(|a, b| a.code.cmp(&b.code));
    let mut places = staging.table(&tables::MEMBERSHIPS).expect("a table");
    for one in &sorted {
        let row = [Field::Text(&one.code), Field::Text(&one.name), Field::Text(one.sector), Field::Text(one.subsector)];
        places.row(row).expect("a row");
    }
    places.finish().expect("a file");
    let mut responses = staging.table(&tables::RESPONSES).expect("a table");
    for one in &sorted {
        for ((question, item), chosen) in &one.answers {
            for option in chosen {
                let is_state = STATES.contains(option);
                responses
                    .row([
                        Field::Text(&one.code),
                        Field::Text(question),
                        Field::Text(item),
                        Field::Text(if is_state { "" } else { option }),
                        Field::OptionalNumber(None),
                        Field::OptionalText(None),
                        Field::Text(if is_state { option } else { "answered" }),
                        Field::Text(""),
                        Field::OptionalText(None),
                        Field::OptionalText(None),
                        Field::Text(""),
                    ])
                    .expect("a row");
            }
        }
    }
    responses.finish().expect("a file");
}

/// Somebody who answers how far the SOC goes, and nothing else.
pub fn member(code: &str, subsector: &'static str, soc: &'static str) -> Member {
    let scope = if soc == "none" { "not_asked" } else { "malware" };
    let answers = BTreeMap::from([
        (("soc", ""), vec![soc]),
        (("scope", ""), vec![scope]),
        (("staffing", "plan"), vec!["own"]),
        (("staffing", "watch"), vec!["own"]),
    ]);
    Member { code: code.to_owned(), name: format!("模擬{code}"), sector: "regional", subsector, answers }
}
