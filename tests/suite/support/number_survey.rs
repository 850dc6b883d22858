//! A small survey with number questions, whose answers a test puts into the store by hand.

use std::collections::{BTreeMap, BTreeSet};

use cssa::compare::Replies;
use cssa::disclose::{
    self, Contributions, History, Material, Mean, NumberCorrection, NumberReason, Protected, ReleasedNumber,
    UnmaskedNumber, WithheldNumber,
};
use cssa::store::{Field, Store, tables};
use cssa::survey::{Circle, Policy, Survey};
use cssa::tabulate::{Scope, Tabulation, scope_ids, tabulate};

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

const QUESTIONS: &str = r#"
[[question]]
id = "soc"
kind = "single"
section = "監視"
title = "監視部署"
sectors = ["regional", "securities", "trust", "newform"]
years = [2023]
options = [{ id = "own", label = "自組織" }, { id = "none", label = "なし" }]
[[question]]
id = "staff"
kind = "number"
section = "人材"
title = "職員数"
sectors = ["regional", "securities", "trust", "newform"]
years = [2023]
unit = "人"
whole = true
most = MOST
[[question]]
id = "share"
kind = "number"
section = "人材"
title = "割合"
sectors = ["regional", "securities", "trust", "newform"]
years = [2023]
unit = "％"
whole = false
most = 100
[[question]]
id = "watchers"
kind = "number"
section = "人材"
title = "監視要員"
sectors = ["regional", "securities", "trust", "newform"]
years = [2023]
asked_if = { question = "soc", any_of = ["own"] }
unit = "人"
whole = true
most = 1000
"#;

/// An institution with the numbers that it gave.
#[derive(Debug, Clone)]
pub struct Institution {
    pub code: String,
    pub sector: &'static str,
    pub subsector: &'static str,
    /// What it chose of `soc`.
    pub soc: &'static str,
    /// By question; a question that is not there is item nonresponse.
    pub numbers: BTreeMap<&'static str, f64>,
}

/// Institutions of a sub-sector that gave these numbers to a question.
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

/// The limits of a policy that a test cares about; the others are as published.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub circle: &'static str,
    pub minimum_base: u32,
    pub zero_and_all_from: u32,
    pub coalition: u32,
    pub quartiles_from: u32,
    pub dominance: (u32, u32),
    pub p_percent: u32,
    pub never: &'static str,
    pub subsectors: bool,
    /// The most that can be answered to `staff`.
    pub most: u32,
}

pub const LIMITS: Limits = Limits {
    circle: "public",
    minimum_base: 10,
    zero_and_all_from: 30,
    coalition: 1,
    quartiles_from: 10,
    dominance: (1, 75),
    p_percent: 10,
    never: "\"trust\", \"newform\"",
    subsectors: true,
    most: 100_000,
};

/// A line of the release ledger.
pub type Line<'a> = ([&'a str; 2], [&'a str; 2], [&'a str; 2], i64, &'a str);

/// What a release came to.
pub struct Outcome {
    pub survey: Survey,
    pub tabulation: Tabulation,
    pub protected: Protected,
    pub csv: String,
    pub withheld: String,
    /// What was released otherwise.
    pub corrections: Vec<NumberCorrection>,
    /// What corrections tell of others.
    pub unmasked: Vec<UnmaskedNumber>,
    replies: Replies,
    contributions: Contributions,
    policy: Policy,
}

/// Protects the numbers of some institutions.
pub fn release(institutions: &[Institution], limits: Limits) -> Outcome {
    release_after(institutions, limits, &[])
}

/// Protects the numbers of some institutions after these lines of the release ledger: circle and time, sector
/// and sub-sector, question and statistic, base, and what was printed.
pub fn release_after(institutions: &[Institution], limits: Limits, ledger: &[Line]) -> Outcome {
    let bench = Bench::new();
    bench.write("survey.toml", SURVEY);
    bench.write("questions.toml", QUESTIONS.replace("MOST", &limits.most.to_string()));
    bench.write("nets.toml", "");
    bench.write("disclosure.toml", policy(limits));
    let year = "fiscal_year = 2023\nsurvey = \"survey.toml\"\nquestions = \"questions.toml\"\nnets = \"nets.toml\"\nforms = [\"form.toml\"]\n\
                returns = \"returned\"\nroster = \"roster.csv\"\ndisclosure = \"disclosure.toml\"\n\
                asked = [\"soc\", \"staff\", \"share\", \"watchers\"]\n";
    let survey = Survey::load(&bench.write("fy2023.toml", year)).expect("a sound definition");
    let store = Store::open(&bench.path("store")).expect("a store");
    let mut staging = store.stage(2023).expect("a staging folder");
    let mut places = staging.table(&tables::MEMBERSHIPS).expect("a table");
    for one in institutions {
        let row = [Field::Text(&one.code), Field::Text(&one.code), Field::Text(one.sector), Field::Text(one.subsector)];
        places.row(row).expect("a row");
    }
    places.finish().expect("a file");
    let mut responses = staging.table(&tables::RESPONSES).expect("a table");
    let mut written: BTreeSet<&str> = BTreeSet::new();
    // Who stands in two places has answered once.
    for one in institutions.iter().filter(|one| written.insert(&one.code)) {
        let mut row = |question: &str, option: &str, number: Option<f64>, state: &str| {
            responses
                .row([
                    Field::Text(&one.code),
                    Field::Text(question),
                    Field::Text(""),
                    Field::Text(option),
                    Field::OptionalNumber(number),
                    Field::OptionalText(None),
                    Field::Text(state),
                    Field::Text(""),
                    Field::OptionalText(None),
                    Field::OptionalText(None),
                    Field::Text(""),
                ])
                .expect("a row");
        };
        row("soc", one.soc, None, "answered");
        for question in ["staff", "share", "watchers"] {
            match one.numbers.get(question) {
                _ if question == "watchers" && one.soc != "own" => row(question, "", None, "not_asked"),
                Some(number) => row(question, "", Some(*number), "answered"),
                None => row(question, "", None, "item_nonresponse"),
            }
        }
    }
    responses.finish().expect("a file");
    let mut releases = staging.table(&tables::RELEASES).expect("a table");
    for ([circle, released_at], [sector, subsector], [question, option], base, percent) in ledger {
        releases
            .row([
                Field::Text(circle),
                Field::Text(released_at),
                Field::Text(released_at),
                Field::Text(sector),
                Field::Text(subsector),
                Field::Text(question),
                Field::Text(""),
                Field::Text(option),
                Field::OptionalInteger(Some(*base)),
                Field::OptionalInteger(Some(*base)),
                Field::Text(percent),
                Field::Text(""),
            ])
            .expect("a row");
    }
    releases.finish().expect("a file");
    staging.commit().expect("a commit");
    let tabulation = tabulate(&survey, &store).expect("counts");
    let replies = Replies::read(&survey, &survey, &store).expect("replies");
    let contributions = Contributions::read(&survey, &store).expect("numbers");
    let circle = Circle::ALL.into_iter().find(|circle| circle.word() == limits.circle).expect("a circle");
    let policy: Policy = survey.policy(circle).expect("a policy").clone();
    let history = History::read(&survey, circle, &store).expect("a ledger");
    let known = history.numbers_known(&tabulation);
    let material = Material { survey: &survey, tabulation: &tabulation, replies: &replies, last_year: None };
    let protected = disclose::protect(&material, &policy, &Default::default());
    let protected = protected.with_numbers(&material, &contributions, &policy, &known);
    let corrections = history.numbers_held_against(&material, &contributions, &policy, &protected.release);
    let unmasked = history.numbers_unmasked(&material, &contributions, &policy, &protected.release);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let csv = text(disclose::numbers_csv(&survey, &protected.release));
    let withheld = text(disclose::withheld_numbers_csv(&survey, &protected));
    Outcome { survey, tabulation, protected, csv, withheld, corrections, unmasked, replies, contributions, policy }
}

fn policy(limits: Limits) -> String {
    let Limits { circle, minimum_base, zero_and_all_from, coalition, quartiles_from, p_percent, subsectors, .. } =
        limits;
    let values = [
        ("minimum_base", minimum_base),
        ("minimum_count", 3),
        ("zero_and_all_from", zero_and_all_from),
        ("narrowest_interval", 3),
        ("coalition", coalition),
        ("coalition_interval", 2),
        ("quartiles_from", quartiles_from),
        ("dominance_count", limits.dominance.0),
        ("dominance_share", limits.dominance.1),
        ("p_percent", p_percent),
        ("bands_below", 0),
    ];
    let lines = values.map(|(name, value)| format!("{name} = {{ value = {value}, authority = \"試験\" }}\n"));
    format!(
        "[{circle}]\n{}bands = [0, 50, 100]\nnever = [{}]\nsubsectors = {subsectors}\npanel = false\n",
        lines.concat(),
        limits.never
    )
}

impl Outcome {
    pub fn scope(&self, sector: &str, subsector: &str) -> Scope {
        let mut all = Scope::all(&self.survey);
        all.find(|scope| scope_ids(&self.survey, *scope) == (sector, subsector)).expect("a sector")
    }

    /// What is released of a number.
    pub fn number(&self, sector: &str, subsector: &str, question: &str) -> ReleasedNumber {
        let index = self.survey.prompt(question, "").expect("a question").question;
        let tables = self.protected.release.numbers();
        let table = tables.iter().find(|table| table.question() == index).expect("a table");
        *table.cell(self.scope(sector, subsector), None, None).expect("a number")
    }

    /// Why a mean is withheld, if it is.
    pub fn mean(&self, sector: &str, subsector: &str, question: &str) -> Option<NumberReason> {
        match self.number(sector, subsector, question).mean() {
            Mean::Published(_) => None,
            Mean::Withheld(reason) => Some(reason),
        }
    }

    /// What the desk is told of a number of which something is withheld.
    pub fn told(&self, sector: &str, subsector: &str, question: &str) -> &WithheldNumber {
        let index = self.survey.prompt(question, "").expect("a question").question;
        &self.protected.numbers.withheld[&(index, self.scope(sector, subsector))]
    }

    /// What opens if exactly these means of a question are withheld: sub-sector, interval, and whether it takes own
    /// numbers; each opening once.
    pub fn audit(&self, question: &str, withheld: &[(&str, &str)]) -> Vec<(String, String, String, bool)> {
        let index = self.survey.prompt(question, "").expect("a question").question;
        let withheld = withheld.iter().map(|(sector, part)| (index, self.scope(sector, part))).collect();
        let openings =
            disclose::audit_numbers(&self.survey, &self.replies, &self.contributions, &self.policy, &withheld);
        let of_question = openings.iter().filter(|opening| opening.question == index);
        let name = |scope: Option<Scope>| scope.map_or("", |scope| scope_ids(&self.survey, scope).1).to_owned();
        let mut opened: Vec<_> = of_question
            .map(|one| (name(one.scope), one.interval.0.to_string(), one.interval.1.to_string(), one.takes_own_answers))
            .collect();
        opened.sort();
        opened.dedup();
        opened
    }
}
