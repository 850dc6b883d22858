//! A small survey of one year whose answers a test puts into the store by hand, with a policy of
//! what may be printed of them.

use std::collections::BTreeMap;

use cssa::compare::Replies;
use cssa::disclose::{self, Address, Beside, Contributions, Material, Opening, Pattern, Printed, Protected};
use cssa::store::Store;
use cssa::survey::{Circle, Limit, Policy, Prompt, Survey};
use cssa::tabulate::{Tabulation, tabulate};

use super::Bench;
use super::two_years::{self, Answers, Member};

const SURVEY: &str = r#"
id = "trial"
title = "試験の調査"
[[sector]]
id = "regional"
name = "地域金融機関"
audience = "public"
subsectors = [
  { id = "bank", name = "銀行" },
  { id = "shinkin", name = "信用金庫" },
  { id = "shinkumi", name = "信用組合" },
]
[[sector]]
id = "securities"
name = "証券会社"
audience = "public"
[[sector]]
id = "trust"
name = "信託銀行"
audience = "feedback"
"#;

/// A single choice before a multiple one; a grid of which no answer is adverse; a multiple choice that decides item by
/// item, one that two options open, and one with two ways of saying no and a net of only some of its options. Of the
/// lessons the definition names the adverse answer, of the responses it says that none is.
const QUESTIONS: &str = r#"
[[question]]
id = "soc"
kind = "single"
options = [
  { id = "always", label = "常時", level = 3 },
  { id = "partial", label = "一部", level = 2 },
  { id = "none", label = "なし", level = 1 },
]
[[question]]
id = "scope"
kind = "multiple"
asked_if = { question = "soc", any_of = ["always", "partial"] }
options = [
  { id = "malware", label = "マルウェア" },
  { id = "outbound", label = "外部への通信" },
  { id = "none", label = "いずれもない", exclusive = true },
]
[[question]]
id = "staffing"
kind = "grid_single"
items = [{ id = "plan", label = "企画" }, { id = "watch", label = "監視" }]
options = [
  { id = "own", label = "自組織" },
  { id = "external", label = "外部" },
  { id = "short", label = "不足" },
]
[[question]]
id = "contingency"
kind = "multiple"
options = [
  { id = "web", label = "改ざん" },
  { id = "ddos", label = "DDoS" },
  { id = "none", label = "いずれもない", exclusive = true },
]
[[question]]
id = "measures"
kind = "grid_multiple"
asked_if = { question = "contingency", any_of = ["{item}"] }
items = [{ id = "web", label = "改ざん" }, { id = "ddos", label = "DDoS" }]
options = [{ id = "drill", label = "訓練" }, { id = "rto", label = "目標復旧時間" }]
[[question]]
id = "exercise"
kind = "multiple"
options = [
  { id = "desk", label = "机上" },
  { id = "field", label = "実動" },
  { id = "none", label = "していない", exclusive = true },
]
[[question]]
id = "lessons"
kind = "single"
asked_if = { question = "exercise", any_of = ["desk", "field"] }
options = [{ id = "yes", label = "ある" }, { id = "no", label = "ない", adverse = true }]
[[question]]
id = "tools"
kind = "multiple"
options = [
  { id = "edr", label = "端末の検知" },
  { id = "ndr", label = "通信の検知" },
  { id = "siem", label = "相関分析" },
  { id = "none", label = "いずれもない", exclusive = true },
  { id = "unknown", label = "把握していない", exclusive = true },
]
[[question]]
id = "response"
kind = "single"
harmless = true
asked_if = { question = "tools", any_of = ["edr", "ndr"] }
options = [{ id = "yes", label = "ある" }, { id = "no", label = "ない" }]
"#;

const NETS: &str = r#"
net = [
  { question = "soc", id = "installed", label = "設置", options = ["always", "partial"] },
  { question = "scope", id = "any", label = "いずれか", options = ["malware", "outbound"] },
  { question = "tools", id = "detection", label = "検知", options = ["edr", "ndr"] },
]
"#;

const ASKED: [&str; 9] =
    ["soc", "scope", "staffing", "contingency", "measures", "exercise", "lessons", "tools", "response"];

/// Every limit of a policy, with a value that forbids as little as can be: that all of a base, or nobody, gave an
/// adverse answer is always withheld.
const LIMITS: [(&str, u32); 11] = [
    ("minimum_base", 1),
    ("minimum_count", 1),
    ("small_counts_below", 1000),
    ("adverse_all_but", 0),
    ("narrowest_interval", 1),
    ("own_answer_interval", 0),
    ("quartiles_from", 1),
    ("dominance_count", 1),
    ("dominance_share", 100),
    ("p_percent", 0),
    ("bands_below", 0),
];

/// The survey, its policy and a store.
pub struct ReleaseWorld {
    /// Where the definition and the store lie, as long as they are needed.
    _bench: Bench,
    store: Store,
    pub survey: Survey,
}

/// The figures of one year.
pub struct Year<'w> {
    pub survey: &'w Survey,
    pub tabulation: Tabulation,
    pub replies: Replies,
    contributions: Contributions,
}

impl ReleaseWorld {
    pub fn new() -> ReleaseWorld {
        let bench = Bench::new();
        bench.write("survey.toml", SURVEY);
        // The same head serves every question: these tests do not look at it.
        let every = "section = \"試験\"\ntitle = \"設問\"\nsectors = [\"regional\", \"securities\", \"trust\"]\nyears = [2023]\n";
        bench.write("questions.toml", QUESTIONS.replace("options = [", &format!("{every}options = [")));
        bench.write("nets.toml", NETS);
        let limits = LIMITS.map(|(name, value)| format!("{name} = {{ value = {value}, authority = \"試験\" }}\n"));
        let others = "bands = [0, 25, 50, 75, 100]\nsubsectors = true\n";
        let circles = Circle::ALL.map(|circle| format!("[{}]\n{}{others}\n", circle.word(), limits.concat()));
        bench.write("disclosure.toml", circles.concat());
        bench.write(
            "fy2023.toml",
            format!(
                "fiscal_year = 2023\nsurvey = \"survey.toml\"\nquestions = \"questions.toml\"\nnets = \"nets.toml\"\n\
                 disclosure = \"disclosure.toml\"\nforms = [\"form.toml\"]\nreturns = \"returned\"\n\
                 roster = \"roster.csv\"\nasked = {ASKED:?}\n"
            ),
        );
        let survey = Survey::load(&bench.path("fy2023.toml")).unwrap_or_else(|error| panic!("{error}"));
        let store = Store::open(&bench.path("store")).expect("a store");
        ReleaseWorld { _bench: bench, store, survey }
    }

    /// Puts answers into the store and counts them.
    pub fn year(&self, members: &[Member]) -> Year<'_> {
        let mut staging = self.store.stage(2023).expect("a staging folder");
        two_years::write(&mut staging, members);
        staging.commit().expect("a commit");
        let tabulation = tabulate(&self.survey, &self.store).expect("counts");
        let replies = Replies::read(&self.survey, &self.survey, &self.store).expect("replies");
        let contributions = Contributions::read(&self.survey, &self.store).expect("numbers");
        Year { survey: &self.survey, tabulation, replies, contributions }
    }

    /// The policy of a circle, which forbids as little as can be but for these limits.
    pub fn policy(&self, circle: Circle, limits: &[(&str, u32)]) -> Policy {
        let written = self.survey.policies.iter().find(|policy| policy.circle == circle).expect("a policy");
        let mut policy = written.clone();
        for (name, value) in limits {
            limit(&mut policy, name).value = *value;
        }
        policy
    }
}

fn limit<'a>(policy: &'a mut Policy, name: &str) -> &'a mut Limit {
    match name {
        "minimum_base" => &mut policy.minimum_base,
        "minimum_count" => &mut policy.minimum_count,
        "small_counts_below" => &mut policy.small_counts_below,
        "adverse_all_but" => &mut policy.adverse_all_but,
        "narrowest_interval" => &mut policy.narrowest_interval,
        "own_answer_interval" => &mut policy.own_answer_interval,
        "bands_below" => &mut policy.bands_below,
        _ => panic!("{name} is no limit that a count is held against"),
    }
}

impl Year<'_> {
    /// A release by a policy.
    pub fn protect(&self, policy: &Policy) -> Protected {
        self.protect_beside(policy, &Beside::default())
    }

    /// A release that is tied to others.
    pub fn protect_beside(&self, policy: &Policy, beside: &Beside<'_>) -> Protected {
        disclose::protect(&self.material(), policy, beside).unwrap_or_else(|refusal| panic!("{refusal}"))
    }

    /// The openings of a release of exactly this pattern.
    pub fn audit(&self, policy: &Policy, pattern: &Pattern) -> Vec<Opening> {
        self.audit_beside(policy, &Beside::default(), pattern)
    }

    /// The same of a release that is tied to others.
    pub fn audit_beside(&self, policy: &Policy, beside: &Beside<'_>, pattern: &Pattern) -> Vec<Opening> {
        let openings = disclose::audit(&self.material(), policy, beside, pattern);
        openings.unwrap_or_else(|refusal| panic!("{refusal}"))
    }

    /// The pattern of a release that prints everything but some cells.
    pub fn all_but(&self, policy: &Policy, withheld: &[&str]) -> Pattern {
        let mut cells: BTreeMap<Address, Printed> =
            self.cells(policy).into_iter().map(|cell| (cell, Printed::Value)).collect();
        for name in withheld {
            cells.remove(&self.address(name)).unwrap_or_else(|| panic!("the release has no cell {name}"));
        }
        Pattern { cells, ..Pattern::default() }
    }

    /// The cells that a release covers: counts, and bases.
    pub fn cells(&self, policy: &Policy) -> Vec<Address> {
        let mut cells = Vec::new();
        for table in &self.tabulation.distributions {
            for (key, _) in table.cells() {
                let shown = key.category.expect("an option or a net");
                let prompt = Prompt { question: table.question(), item: key.item };
                let address = Address::of(key.scope, prompt, disclose::Measure::Count(shown));
                if disclose::is_covered(self.survey, policy, key.scope) {
                    cells.extend([address, address.base()]);
                }
            }
        }
        cells.sort_unstable();
        cells.dedup();
        cells
    }

    /// The survey, tables and answers that a release is made from.
    pub fn material(&self) -> Material<'_> {
        let Year { survey, tabulation, replies, contributions } = self;
        Material { survey, tabulation, replies, contributions, last_year: None }
    }

    /// A cell by its name.
    pub fn address(&self, name: &str) -> Address {
        Address::parse(self.survey, name).unwrap_or_else(|| panic!("there is no cell {name}"))
    }

    /// The name of a cell.
    pub fn name(&self, address: Address) -> String {
        address.name(self.survey)
    }
}

/// An institution; where it stands is spelled `regional/bank`, `securities/`.
pub fn institution(code: usize, place: &'static str, answers: &[(&'static str, &[&'static str])]) -> Member {
    let (sector, subsector) = place.split_once('/').expect("a sector and a sub-sector");
    let prompts = answers.iter().map(|(prompt, chosen)| (prompt.split_once('/').unwrap_or((prompt, "")), chosen));
    let answers: Answers = prompts.map(|(prompt, chosen)| (prompt, chosen.to_vec())).collect::<BTreeMap<_, _>>();
    Member { code: format!("{code:04}"), name: format!("模擬{code:04}"), sector, subsector, answers }
}
