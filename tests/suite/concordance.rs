//! The concordance of two years: every question is in it, and nothing misleading gets through.

use cssa::survey::{Comparability, Shown, Survey};

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
    said("same", "the wording differs between the years: `reworded` with a `note`");
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
    // The answer on the SOC decides the base of the question on its scope: if the SOC is broken, so is the scope.
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
    let definition = Definition::new();
    let net = "[[net]]\nquestion = \"policy_plan\"\nid = \"adopted\"\nlabel = \"経営方針として掲げている\"\noptions = [\"with_plan\", \"without_plan\"]\n\n";
    let doubled = "  { before = \"with_plan\", as = \"broken\", reason = \"2023事務年度は、計画を方針とは別の設問で尋ねている\" },\n";
    definition
        .edit("nets.toml", net, "")
        .edit(FILE, r#"before = "adopted", as = "net" },"#, r#"before = "with_plan", as = "net", note = "試験" },"#)
        .edit(FILE, doubled, "");
    let complaint = definition.complaint();
    for words in said {
        assert!(complaint.contains(words), "{words} in {complaint}");
    }
}

/// A definition of two years in which the second question of last year is worded otherwise.
fn reworded(question: &str, from: &str, to: &str, pair: &str) -> TwoYears {
    let world = TwoYears::new();
    let read = |file: &str| std::fs::read_to_string(world.bench().path(file)).expect("a file of the definition");
    let questions = read("questions.toml");
    let start = questions.find(&format!("[[question]]\nid = \"{question}\"")).expect("the question");
    let length = questions[start + 1..].find("[[question]]").map_or(questions.len() - start, |at| at + 1);
    let own = &questions[start..start + length];
    let now = own.replacen("years = [2022, 2023]", "years = [2023]", 1);
    let before = own
        .replacen("years = [2022, 2023]", "years = [2022]", 1)
        .replacen(&format!("id = \"{question}\""), &format!("id = \"{question}_2022\""), 1)
        .replacen(from, to, 1);
    assert_ne!(before, own);
    world.bench().write("questions.toml", questions.replacen(own, &format!("{now}{before}"), 1));
    let quoted = |id: &str| format!("\"{id}\"");
    let asked = read("fy2022.toml").replacen(&quoted(question), &quoted(&format!("{question}_2022")), 1);
    world.bench().write("fy2022.toml", asked);
    let same: Vec<String> =
        ["soc", "scope", "staffing"].iter().filter(|id| **id != question).map(|id| quoted(id)).collect();
    world.bench().write("concordance.toml", format!("same = [{}]\n[[question]]\n{pair}\n", same.join(", ")));
    world
}

#[test]
fn what_is_reworded_about_an_item_is_said_of_its_answers() {
    let pair = "now = \"staffing\"\nbefore = \"staffing_2022\"\nitems = [\n  { now = \"plan\", before = \"plan\", as = \"reworded\", note = \"企画は企画・立案であった\" },\n  { now = \"watch\", before = \"watch\", as = \"same\" },\n]\noptions = [\n  { now = \"own\", before = \"own\", as = \"same\" },\n  { now = \"external\", before = \"external\", as = \"same\" },\n  { now = \"short\", before = \"short\", as = \"same\" },\n]";
    let world = reworded("staffing", "label = \"企画\"", "label = \"企画・立案\"", pair);
    let survey = Survey::load(&world.bench().path("fy2023.toml")).expect("a sound definition");
    let concordance = &survey.comparison.as_ref().expect("a year before").concordance;
    let beside = |item: &str| {
        let prompt = survey.prompt("staffing", item).expect("an item");
        let figure = concordance.figure(prompt, Shown::Option(0));
        (figure.comparability(), figure.remark().to_owned())
    };
    assert_eq!(beside("plan"), (Comparability::Reworded, "企画は企画・立案であった".to_owned()));
    assert_eq!(beside("watch"), (Comparability::Same, String::new()));
}

#[test]
fn what_is_reworded_about_who_is_asked_is_said_of_what_they_are_asked() {
    // The nets of a question that is not asked are another's.
    let pair = "now = \"soc\"\nbefore = \"soc_2022\"\nas = \"reworded\"\nnote = \"監視部署はSOCであった\"";
    let world = reworded("soc", "title = \"監視部署\"", "title = \"SOC\"", pair);
    let nets = std::fs::read_to_string(world.bench().path("nets.toml")).expect("nets");
    world.bench().write("nets.toml", format!("{nets}{}", nets.replace("\"soc\"", "\"soc_2022\"")));
    let gate = "asked_if = { question = \"soc\"";
    let questions = std::fs::read_to_string(world.bench().path("questions.toml")).expect("questions");
    let scope = questions.find("[[question]]\nid = \"scope\"").expect("the scope");
    let end = scope + 1 + questions[scope + 1..].find("[[question]]").expect("a question after it");
    let own = &questions[scope..end];
    let now = own.replacen("years = [2022, 2023]", "years = [2023]", 1);
    let before = own
        .replacen("years = [2022, 2023]", "years = [2022]", 1)
        .replacen("id = \"scope\"", "id = \"scope_2022\"", 1)
        .replacen(gate, "asked_if = { question = \"soc_2022\"", 1);
    world.bench().write("questions.toml", questions.replacen(own, &format!("{now}{before}"), 1));
    let asked = std::fs::read_to_string(world.bench().path("fy2022.toml")).expect("a year");
    world.bench().write("fy2022.toml", asked.replacen("\"scope\"", "\"scope_2022\"", 1));
    let options = "options = [\n  { now = \"malware\", before = \"malware\", as = \"same\" },\n  { now = \"outbound\", before = \"outbound\", as = \"same\" },\n]";
    let scope = format!("now = \"scope\"\nbefore = \"scope_2022\"\n{options}");
    world
        .bench()
        .write("concordance.toml", format!("same = [\"staffing\"]\n[[question]]\n{pair}\n[[question]]\n{scope}\n"));
    let survey = Survey::load(&world.bench().path("fy2023.toml")).expect("a sound definition");
    let prompt = survey.prompt("scope", "").expect("the scope");
    let figure = survey.comparison.as_ref().expect("a year before").concordance.figure(prompt, Shown::Option(0));
    assert_eq!((figure.comparability(), figure.remark()), (Comparability::Reworded, "監視部署はSOCであった"));
}

#[test]
fn answers_that_lie_otherwise_to_each_other_are_not_paired() {
    // Published lies within adopted; last year's adopted is made to be of others than without_plan.
    let definition = Definition::new();
    let pair = r#"{ now = "published", before = "without_plan", as = "reworded", note = "試験" },"#;
    definition
        .edit("nets.toml", r#"["with_plan", "without_plan"]"#, r#"["with_plan", "planned"]"#)
        .edit(FILE, r#"{ now = "published", as = "broken", reason = "2022事務年度は、方針を対外公表しているかを尋ねていない" },"#, pair)
        .edit(FILE, "  { before = \"without_plan\", as = \"broken\", reason = \"2023事務年度は、計画を方針とは別の設問で尋ねている\" },\n", "");
    let complaint = definition.complaint();
    assert!(complaint.contains("but these lie otherwise to each other"), "{complaint}");
    // Single options with different words are no nets.
    let pair =
        r#"{ now = "risk_department", as = "broken", reason = "2022事務年度の選択肢に、リスク統括部署がない" },"#;
    let wrong = r#"{ now = "risk_department", before = "system_department", as = "net" },"#;
    let doubled = "  { before = \"system_department\", as = \"broken\", reason = \"2023事務年度の選択肢に、システム管理部門がない\" },\n";
    let definition = Definition::new();
    definition.edit(FILE, pair, wrong).edit(FILE, doubled, "");
    let complaint = definition.complaint();
    assert!(
        complaint
            .contains("`risk_department` and `system_department` are single options with different words, not nets"),
        "{complaint}"
    );
}

#[test]
fn what_stands_in_both_years_is_compared_with_itself() {
    let said = |options: &str, words: &str| {
        let definition = Definition::new();
        let pair = format!(
            "[[question]]\nnow = \"third_party\"\nbefore = \"third_party\"\noptions = [\n{options}]\n\n# From kinds of damage"
        );
        definition.edit(FILE, "  \"third_party\",\n", "").edit(FILE, "# From kinds of damage", &pair);
        let complaint = definition.complaint();
        assert!(complaint.contains(words), "{words} in {complaint}");
    };
    let pair = |now: &str, before: &str, word: &str| {
        format!("  {{ now = \"{now}\", before = \"{before}\", as = \"{word}\", note = \"試験\" }},\n")
    };
    // Two answers crossed, and an answer beside the net that it is part of.
    let crossed = [
        pair("central", "department", "reworded"),
        pair("department", "central", "reworded"),
        pair("none", "none", "same"),
        pair("managed", "managed", "same"),
    ];
    said(
        &crossed.concat(),
        "`central` is compared with `department`, but 「統括部署にて一元的に管理している」 stands in both years",
    );
    let wider =
        [pair("central", "managed", "net"), pair("department", "department", "same"), pair("none", "none", "same")];
    let rest = "  { now = \"managed\", as = \"broken\", reason = \"試験\" },\n  { before = \"central\", as = \"broken\", reason = \"試験\" },\n";
    said(
        &format!("{}{rest}", wider.concat()),
        "`central` is compared with `managed`, but 「統括部署にて一元的に管理している」 stands in both years",
    );
}

#[test]
fn white_space_is_no_reason_and_what_both_years_ask_is_not_new() {
    let definition = Definition::new();
    definition.edit(FILE, "reason = \"2022事務年度の選択肢に、リスク統括部署がない\"", "reason = \"　\"");
    assert!(definition.complaint().contains("where there is nothing to compare, a `reason` says why"));
    let definition = Definition::new();
    let split = "[[question]]\nnow = \"ciso\"\nas = \"new\"\nreason = \"試験\"\n\n# From kinds of damage";
    definition.edit(FILE, "  \"ciso\",\n", "").edit(FILE, "# From kinds of damage", split);
    assert!(
        definition.complaint().contains("`ciso` is asked in both years: it is not new"),
        "{}",
        definition.complaint()
    );
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
