//! Definitions with mistakes: all shown at once, each with its file, line and a caret, and nothing
//! is written.

use std::path::PathBuf;

use crate::support::{Bench, contents, project, sample};

/// A copy of the survey's definition that can be spoiled.
pub struct Definition {
    bench: Bench,
}

impl Definition {
    pub fn new() -> Definition {
        let bench = Bench::new();
        for (name, content) in contents(&project().join("pipelines/cssa")) {
            bench.write(&format!("cssa/{name}"), content);
        }
        Definition { bench }
    }

    /// Replaces the first place in a file where a text stands.
    pub fn edit(&self, file: &str, from: &str, to: &str) -> &Definition {
        let text = self.text(file);
        assert!(text.contains(from), "{file} has {from}");
        self.bench.write(&format!("cssa/{file}"), text.replacen(from, to, 1));
        self
    }

    fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.bench.path(&format!("cssa/{file}"))).expect("a file of the definition")
    }

    /// The complaint of `check` on fiscal year 2023; it must fail and leave nothing behind.
    pub fn complaint(&self) -> String {
        let before = contents(&self.bench.path(""));
        let ran = self.bench.cssa(["check", "cssa/fy2023.toml"]);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{}", ran.err);
        assert!(contents(&self.bench.path("")) == before, "a check that fails writes nothing");
        let run = self.run(&sample("fy2023"), &sample("roster.csv"));
        assert_eq!(run, ran.err, "`run` says the same as `check`");
        ran.err.replace('\\', "/")
    }

    /// The complaint of `run`; it must fail and leave nothing behind.
    fn run(&self, returns: &std::path::Path, roster: &std::path::Path) -> String {
        let before = contents(&self.bench.path(""));
        let flag = |name: &str, path: &std::path::Path| [name.to_owned(), path.to_string_lossy().into_owned()];
        let mut arguments = vec!["run".to_owned(), "cssa/fy2023.toml".to_owned()];
        arguments.extend([flag("--returns", returns), flag("--roster", roster)].concat());
        let ran = self.bench.cssa(arguments);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{}", ran.err);
        let after: Vec<String> = contents(&self.bench.path("")).into_iter().map(|(name, _)| name).collect();
        let before: Vec<String> = before.into_iter().map(|(name, _)| name).collect();
        assert_eq!(after, before, "a run that cannot begin writes nothing");
        ran.err
    }

    /// Where the nth place of a text is, as a complaint spells it, with the line and a caret.
    pub fn shown(&self, file: &str, text: &str, nth: usize) -> (String, String) {
        let content = self.text(file);
        let at = content.match_indices(text).nth(nth).expect("the text stands in the file").0;
        let line = content[..at].matches('\n').count() + 1;
        let start = content[..at].rfind('\n').map_or(0, |at| at + 1);
        let column = content[start..at].chars().count() + 1;
        let whole = content[start..].lines().next().expect("a line");
        let gutter = " ".repeat(line.to_string().len());
        // A Japanese character is two columns wide on a terminal.
        let columns = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        let caret = format!("{}{}", " ".repeat(columns(&content[start..at])), "^".repeat(columns(text)));
        (format!("cssa/{file}:{line}:{column}: "), format!("\n {gutter} |\n {line} | {whole}\n {gutter} | {caret}\n"))
    }
}

/// One mistake: in `file`, `from` becomes `to`; the complaint points at the nth `culprit` of the
/// spoiled file and says all of `said`.
pub fn one_mistake(file: &str, from: &str, to: &str, (culprit, nth): (&str, usize), said: &[&str]) {
    let definition = Definition::new();
    definition.edit(file, from, to);
    let complaint = definition.complaint();
    assert!(complaint.starts_with("error: the definition has 1 mistake:\n\ncssa/"), "{complaint}");
    let (place, frame) = definition.shown(file, culprit, nth);
    assert!(complaint.contains(&place), "{place} in {complaint}");
    assert!(format!("{complaint}\n").contains(&frame), "{frame} in {complaint}");
    for words in said {
        assert!(complaint.contains(words), "{words} in {complaint}");
    }
}

#[test]
fn bounds_stand_only_where_a_number_is_asked_and_mean_something() {
    let no_number = ["`whole` bounds a number, but the question is single"];
    one_mistake("questions.toml", "id = \"ciso\"", "whole = true\nid = \"ciso\"", ("\"single\"", 3), &no_number);
    let no_number = ["`most` bounds a number, but the question is single"];
    one_mistake("questions.toml", "id = \"ciso\"", "most = 7531\nid = \"ciso\"", ("7531", 0), &no_number);
    let expected = ["`most` is -7531, expected a whole number from 1"];
    one_mistake("questions.toml", "most = 100000", "most = -7531", ("-7531", 0), &expected);
}

#[test]
fn three_mistakes_in_three_files_are_shown_at_once() {
    let definition = Definition::new();
    definition
        .edit("fy2023.toml", r#"chart = "donut""#, r#"chart = "pie""#)
        .edit("nets.toml", r#""single_year"]"#, r#""half_year"]"#)
        .edit("questions.toml", "exclusive = true", r#"exclusive = "really""#);
    let complaint = definition.complaint();
    assert!(complaint.starts_with("error: the definition has 3 mistakes:"), "{complaint}");
    for (file, culprit, message) in [
        ("fy2023.toml", r#""pie""#, "`pie` is no chart, expected donut, bars, stacked or panels"),
        ("nets.toml", r#""half_year""#, "`plan` has no option `half_year`"),
        ("questions.toml", r#""really""#, "`exclusive` is string, expected true or false"),
    ] {
        let (place, frame) = definition.shown(file, culprit, 0);
        assert!(complaint.contains(&format!("{place}{message}")), "{place}{message} in {complaint}");
        assert!(complaint.contains(&frame), "{frame} in {complaint}");
    }
}

#[test]
fn three_mistakes_in_one_file_are_shown_as_a_compiler_shows_them() {
    let definition = Definition::new();
    definition.bench.write(
        "cssa/nets.toml",
        r#"net = [
  { question = "log_rules", id = "ruled", label = "ある", options = ["rules", "rules_monitored"] },
  { question = "backup", id = "ruled", label = "ある", options = ["rules", "rules_monitored"] },
  { question = "policy", id = "adopted", label = "掲げている", options = ["published", "intern"] },
  { question = "polcy", id = "any", label = "いずれか", options = ["a", "b"] },

  { question = "plan", id = "any", label = "ある", options = ["planned", "none"], colour = "red" },
]
"#,
    );
    let expected = r#"error: the definition has 3 mistakes:

cssa/nets.toml:4:83: `policy` has no option `intern`
   |
 4 |   { question = "policy", id = "adopted", label = "掲げている", options = ["published", "intern"] },
   |                                                                                        ^^^^^^^^

cssa/nets.toml:5:16: there is no question `polcy`
   |
 5 |   { question = "polcy", id = "any", label = "いずれか", options = ["a", "b"] },
   |                ^^^^^^^

cssa/nets.toml:7:81: unknown key `colour`
   |
 7 |   { question = "plan", id = "any", label = "ある", options = ["planned", "none"], colour = "red" },
   |                                                                                   ^^^^^^
   = keys that may stand here: id, label, options, question
"#;
    assert_eq!(definition.complaint(), expected);
}

#[test]
fn what_follows_from_a_mistake_is_not_said_to_be_another() {
    let said = ["`singel` is no kind of question, expected single, multiple, grid_single"];
    one_mistake("questions.toml", r#"kind = "single""#, r#"kind = "singel""#, (r#""singel""#, 0), &said);
}

#[test]
fn a_question_that_the_bank_does_not_have() {
    one_mistake(
        "fy2023.toml",
        r#"  "remarks","#,
        r#"  "remark", "remarks","#,
        (r#""remark""#, 0),
        &["`remark` is not in the question bank"],
    );
}

#[test]
fn a_question_asked_twice() {
    one_mistake(
        "fy2023.toml",
        r#"  "remarks","#,
        r#"  "remarks", "ciso","#,
        (r#""ciso""#, 1),
        &["`ciso` is asked twice"],
    );
}

#[test]
fn an_option_that_stands_twice() {
    let twice = r#"{ id = "internal", label = "一" }, { id = "internal", label = "経営トップの関与のもと経営方針として掲げている（"#;
    one_mistake(
        "questions.toml",
        r#"{ id = "internal", label = "経営トップの関与のもと経営方針として掲げている（"#,
        twice.replace("}, {", "},\n  {").as_str(),
        (r#""internal""#, 1),
        &["option `internal` stands twice"],
    );
}

#[test]
fn a_gate_on_a_question_that_does_not_exist() {
    let from = r#"asked_if = { question = "soc","#;
    let said = ["the gate of `soc_scope` is `sock`", "asks earlier"];
    one_mistake("questions.toml", from, r#"asked_if = { question = "sock","#, (r#""sock""#, 0), &said);
}

#[test]
fn a_gate_on_a_question_that_comes_later() {
    let definition = Definition::new();
    definition.edit("fy2023.toml", "  \"soc\",\n  \"soc_scope\",", "  \"soc_scope\",\n  \"soc\",");
    let complaint = definition.complaint();
    assert!(complaint.contains("1 mistake:"), "{complaint}");
    assert!(complaint.contains("the gate of `soc_scope` is `soc`, which is not asked before it"), "{complaint}");
}

#[test]
fn a_gate_that_opens_on_an_unknown_option() {
    let from = r#"any_of = ["always", "partial", "planned"]"#;
    let to = r#"any_of = ["always", "partial", "perhaps"]"#;
    one_mistake("questions.toml", from, to, (r#""perhaps""#, 0), &["`soc` has no option `perhaps`"]);
}

#[test]
fn a_net_of_an_unknown_option() {
    one_mistake(
        "nets.toml",
        r#""single_year"]"#,
        r#""half_year"]"#,
        (r#""half_year""#, 0),
        &["`plan` has no option `half_year`"],
    );
}

#[test]
fn a_figure_without_a_base() {
    let definition = Definition::new();
    definition.edit("fy2023.toml", "base = \"{sector}\"\n", "");
    let complaint = definition.complaint();
    let line = definition.text("fy2023.toml").split("[[figure]]").next().expect("a head").matches('\n').count() + 1;
    assert!(complaint.starts_with("error: the definition has 1 mistake:"), "{complaint}");
    assert!(complaint.contains(&format!("cssa/fy2023.toml:{line}:1: `base` is missing here")), "{complaint}");
}

#[test]
fn a_figure_of_a_question_that_the_year_does_not_ask() {
    one_mistake(
        "fy2023.toml",
        r#"question = "policy""#,
        r#"question = "policy_plan""#,
        (r#""policy_plan""#, 0),
        &["does not ask `policy_plan`"],
    );
}

#[test]
fn an_unknown_key() {
    one_mistake(
        "survey.toml",
        "short_title",
        "shorttitle",
        ("shorttitle", 0),
        &["unknown key `shorttitle`", "short_title"],
    );
}

#[test]
fn a_value_of_the_wrong_type() {
    let said = ["`fiscal_year` is string, expected a whole number"];
    one_mistake("fy2023.toml", "fiscal_year = 2023", r#"fiscal_year = "2023""#, (r#""2023""#, 0), &said);
}

#[test]
fn a_sector_that_does_not_exist() {
    let from = r#"sectors = { regional = "本文図表2""#;
    one_mistake(
        "fy2023.toml",
        from,
        r#"sectors = { banks = "本文図表2""#,
        ("banks", 0),
        &["there is no sector `banks`"],
    );
}

#[test]
fn a_layout_that_does_not_exist_in_the_definition_of_a_form() {
    let from = r#"grid_single = "matrix""#;
    one_mistake(
        "forms/sections.toml",
        from,
        r#"grid_single = "table""#,
        (r#""table""#, 0),
        &["`table` is no layout here, expected items or matrix"],
    );
}

#[test]
fn a_pattern_without_its_placeholder() {
    one_mistake("forms/sections.toml", "問{question}", "Q{q}", (r#""Q{q}""#, 0), &["lacks {question}"]);
}

#[test]
fn a_syntax_error_is_shown_where_it_is() {
    let definition = Definition::new();
    definition.edit("nets.toml", r#"id = "adopted""#, r#"id = "adopted"#);
    let complaint = definition.complaint();
    let line = definition.text("nets.toml").lines().position(|line| line == r#"id = "adopted"#).expect("the line") + 1;
    assert!(complaint.starts_with("error: the definition has 1 mistake:"), "{complaint}");
    assert!(complaint.contains(&format!("cssa/nets.toml:{line}:")), "{complaint}");
    assert!(complaint.contains("not valid TOML"), "{complaint}");
    assert!(complaint.contains(&format!("\n {line} | id = \"adopted\n")), "{complaint}");
}

#[test]
fn a_file_that_the_definition_names_and_that_is_not_there() {
    let definition = Definition::new();
    definition.edit("fy2023.toml", "nets.toml", "netts.toml");
    let complaint = definition.complaint();
    assert!(complaint.contains("cssa/netts.toml: cannot be read"), "{complaint}");
}

/// One error about one thing, with what to do; nothing else.
fn is_one_error(said: &str, words: &[&str]) {
    assert_eq!(said.matches("error:").count(), 1, "{said}");
    for word in words {
        assert!(said.contains(word), "{word} in {said}");
    }
}

#[test]
fn a_roster_without_the_columns_it_needs() {
    let definition = Definition::new();
    let roster =
        definition.bench.write("roster.csv", "年度,institution,名称,sector\n2023,1001,模擬地方銀行001,regional\n");
    let said = definition.run(&sample("fy2023"), &roster);
    is_one_error(
        &said,
        &["roster.csv", "lacks the column fiscal_year, name, subsector", "it has: 年度, institution, 名称, sector"],
    );
}

#[test]
fn every_bad_row_of_a_roster_is_shown_with_its_line() {
    let definition = Definition::new();
    let rows = "fiscal_year,institution,name,sector,subsector
2023,1001,模擬地方銀行001,regional,regional_bank
2023,1002,模擬地方銀行002,banks,
2023,1003,模擬地方銀行003,regional,
2023,1001,模擬地方銀行001,regional,regional_bank
2022,1004,模擬地方銀行004,nowhere,
";
    let roster = definition.bench.write("roster.csv", rows);
    let said = definition.run(&sample("fy2023"), &roster);
    is_one_error(
        &said,
        &[
            "3 mistakes",
            "roster.csv:3:21: there is no sector `banks`",
            "roster.csv:4:30: sector `regional` is divided",
            "roster.csv:5:21: 1001 stands twice",
        ],
    );
}

#[test]
fn a_roster_that_is_not_there_and_one_without_the_year() {
    let definition = Definition::new();
    let said = definition.run(&sample("fy2023"), &definition.bench.path("none.csv"));
    is_one_error(&said, &["none.csv", "cannot be read", "--roster"]);
    let roster = definition
        .bench
        .write("roster.csv", "fiscal_year,institution,name,sector,subsector\n2022,1001,模擬,regional,regional_bank\n");
    let said = definition.run(&sample("fy2023"), &roster);
    is_one_error(&said, &["no row for fiscal year 2023"]);
}

#[test]
fn a_folder_of_returns_that_is_not_there() {
    let definition = Definition::new();
    let said = definition.run(&definition.bench.path("nowhere"), &sample("roster.csv"));
    is_one_error(&said, &["nowhere cannot be read", "--returns"]);
}

#[test]
fn a_folder_of_returns_without_a_file() {
    let definition = Definition::new();
    let folder: PathBuf = definition.bench.path("empty");
    std::fs::create_dir_all(folder.join("below")).expect("a folder can be made");
    let said = definition.run(&folder, &sample("roster.csv"));
    is_one_error(&said, &["empty holds no workbook", "--returns"]);
}

#[test]
fn a_folder_with_nothing_but_what_programs_leave_behind() {
    let definition = Definition::new();
    definition.bench.write("left/Thumbs.db", "x");
    let said = definition.run(&definition.bench.path("left"), &sample("roster.csv"));
    is_one_error(&said, &["left", "--returns", "Thumbs.db"]);
}
