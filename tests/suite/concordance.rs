//! The concordance of two years: every question is in it, and nothing misleading gets through.

use cssa::survey::Survey;

use crate::definitions::{Definition, one_mistake};
use crate::support::two_years::TwoYears;

const FILE: &str = "concordance_fy2022_fy2023.toml";
const MANAGEMENT: &str = r#"{ now = "management", before = "management", as = "net" }"#;

#[test]
fn a_question_of_either_year_of_which_nothing_is_said_is_a_mistake() {
    let definition = Definition::new();
    definition.edit(FILE, "  \"ciso\",\n", "");
    let complaint = definition.complaint();
    assert!(complaint.starts_with("error: the definition has 2 mistakes:"), "{complaint}");
    for year in ["this year", "last year"] {
        assert!(complaint.contains(&format!("nothing is said of these questions of {year}: ciso")), "{complaint}");
    }
    // The same for the options and nets of a question that are paired one by one.
    let option = "  { now = \"risk_department\", as = \"broken\", reason = \"2022事務年度の選択肢に、リスク統括部署がない\" },\n";
    let said = ["nothing is said of the option or net risk_department of this year"];
    one_mistake(FILE, option, "", ("[[question]]", 3), &said);
}

#[test]
fn what_stands_twice_or_nowhere_is_a_mistake() {
    let twice = "  \"ciso\",\n  \"ciso\",\n";
    one_mistake(FILE, "  \"ciso\",\n", twice, ("\"ciso\"", 1), &["`ciso` of this year stands twice"]);
    let unknown = "  \"ciso\",\n  \"cisco\",\n";
    one_mistake(FILE, "  \"ciso\",\n", unknown, ("\"cisco\"", 0), &["this year does not ask `cisco`"]);
    let only_now = "  \"ciso\",\n  \"plan\",\n";
    one_mistake(FILE, "  \"ciso\",\n", only_now, ("\"plan\"", 0), &["last year does not ask `plan`"]);
    let manager = MANAGEMENT.replace("before = \"management\"", "before = \"manager\"");
    let said = ["`risk_decision_2022` has no option or net `manager`", "it has: management, system_risk_department"];
    one_mistake(FILE, MANAGEMENT, &manager, ("\"manager\"", 0), &said);
    let paired = r#"before = "system_department", as = "broken""#;
    let again = r#"before = "management", as = "broken""#;
    let culprit =
        r#"{ before = "management", as = "broken", reason = "2023事務年度の選択肢に、システム管理部門がない" }"#;
    one_mistake(FILE, paired, again, (culprit, 0), &["`management` of last year is paired twice"]);
}

#[test]
fn a_comparability_says_what_it_needs() {
    let said = |word: &str, message: &str| {
        let pair = MANAGEMENT.replace("\"net\"", &format!("\"{word}\""));
        one_mistake(FILE, MANAGEMENT, &pair, (&format!("\"{word}\""), usize::from(word == "new")), &[message]);
    };
    said("same", "the wording differs between the years: `reworded` with a `note`, or `net`");
    said("reworded", "what was reworded needs a `note`");
    said(
        "alike",
        "`alike` says nothing of how two years compare, expected same, reworded, net, broken, new or dropped",
    );
    said("dropped", "what was dropped has `before` and no `now`");
    let reason = r#", reason = "2022事務年度の選択肢に、リスク統括部署がない""#;
    let culprit = ("\"broken\"", 5);
    one_mistake(FILE, reason, "", culprit, &["where there is nothing to compare, a `reason` says why"]);
    let new = "now = \"contingency_measures\"\n";
    let both = "now = \"contingency_measures\"\nbefore = \"contingency_2022\"\n";
    one_mistake(FILE, new, both, ("[[question]]", 5), &["what is new has `now` and no `before`"]);
}

#[test]
fn a_comparison_whose_bases_do_not_mean_the_same_is_refused() {
    // Who is asked about the scope of the SOC is decided by the SOC: if that is broken, so is this.
    let definition = Definition::new();
    definition.edit(FILE, "  \"soc\",\n", "").edit(
        FILE,
        "# From kinds of damage",
        "[[question]]\nnow = \"soc\"\nbefore = \"soc\"\nas = \"broken\"\nreason = \"試験\"\n\n# From kinds of damage",
    );
    let complaint = definition.complaint();
    let said = "`soc_scope` is asked behind `soc`, last year `soc_scope` behind `soc`, and these are not compared";
    assert!(complaint.contains(said), "{complaint}");
    // Last year everyone was asked, this year those who have a SOC.
    let world = TwoYears::new();
    let change = |file: &str, from: &str, to: &str| {
        let text = std::fs::read_to_string(world.bench().path(file)).expect("a file of the definition");
        assert!(text.contains(from), "{file} has {from}");
        world.bench().write(file, text.replacen(from, to, 1));
    };
    let everyone = "[[question]]\nid = \"scope_of_all\"\nkind = \"multiple\"\nsection = \"監視\"\ntitle = \"監視の対象\"\n\
                    sectors = [\"regional\", \"securities\"]\nyears = [2022]\n\
                    options = [{ id = \"malware\", label = \"マルウェア\" }, { id = \"outbound\", label = \"外部への通信\" }]\n";
    change(
        "questions.toml",
        "title = \"監視対象\"\nsectors = [\"regional\", \"securities\"]\nyears = [2022, 2023]",
        "title = \"監視対象\"\nsectors = [\"regional\", \"securities\"]\nyears = [2023]",
    );
    change("questions.toml", "[[question]]\nid = \"staffing\"", &format!("{everyone}[[question]]\nid = \"staffing\""));
    change("fy2022.toml", "\"scope\"", "\"scope_of_all\"");
    let pair = "same = [\"soc\", \"staffing\"]\n[[question]]\nnow = \"scope\"\nbefore = \"scope_of_all\"\nas = \"reworded\"\nnote = \"試験\"\n";
    world.bench().write("concordance.toml", pair);
    let error = Survey::load(&world.bench().path("fy2023.toml")).expect_err("a misleading comparison").to_string();
    assert!(error.contains("`scope` is asked only behind `soc`, but last year `scope_of_all` of everyone"), "{error}");
}

#[test]
fn shares_of_the_whole_are_not_compared_with_shares_of_a_part() {
    // Everyone who answered this year would be compared, but not those of last year without a plan.
    let said = [
        "every answer to `policy` is compared, but of `policy_plan` `without_plan` of last year stays out",
        "those compared cannot all mean the same",
    ];
    let from = r#"{ now = "adopted", before = "adopted", as = "net" },"#;
    let to = r#"{ now = "adopted", before = "with_plan", as = "net" },
  { before = "adopted", as = "broken", reason = "試験" },"#;
    let definition = Definition::new();
    let doubled = "  { before = \"with_plan\", as = \"broken\", reason = \"2023事務年度は、計画を方針とは別の設問で尋ねている\" },\n";
    definition.edit(FILE, from, to).edit(FILE, doubled, "");
    let complaint = definition.complaint();
    for words in said {
        assert!(complaint.contains(words), "{words} in {complaint}");
    }
}

#[test]
fn a_year_is_compared_with_the_year_before_and_with_a_concordance() {
    let previous = "previous = \"fy2022.toml\"\n";
    let itself = "previous = \"fy2023.toml\"\n";
    let said = ["`previous` is fiscal year 2023, expected 2022"];
    one_mistake("fy2023.toml", previous, itself, ("\"fy2023.toml\"", 0), &said);
    let concordance = "concordance = \"concordance_fy2022_fy2023.toml\"\n";
    let said = ["`previous` stands without `concordance`"];
    one_mistake("fy2023.toml", concordance, "", ("\"fy2022.toml\"", 0), &said);
    let definition = Definition::new();
    definition.edit("fy2023.toml", previous, "");
    let complaint = definition.complaint();
    assert!(complaint.contains("without `previous`, the file of the year before, this says nothing"), "{complaint}");
}
