//! The same answers from another arrangement: forms changed by respondents, and layouts that are nothing but a
//! definition file.

use crate::book::{Book, Sheet};
use crate::catalogue::Case;
use crate::responses::{Given, answered, stored};
use crate::support::Bench;
use crate::support::grid::{self, Grid};

/// Both forms, with every sheet changed, must be read as the answer key has it, without a finding.
fn every_sheet(change: impl Fn(&mut Sheet) + Clone + 'static) {
    let all = move |book: &mut Book| book.sheets.iter_mut().for_each(&change);
    Case::list(all.clone()).hold();
    Case::sections(all).hold();
}

#[test]
fn rows_inserted_anywhere_change_nothing() {
    every_sheet(|sheet| {
        sheet.rearrange(|row, column| Some((row + 3 + row / 5, column)));
        sheet.put("C1", "社内回覧用");
    });
}

#[test]
fn a_column_inserted_before_the_questions_changes_nothing() {
    every_sheet(|sheet| {
        sheet.rearrange(|row, column| Some((row, if column == 0 { 0 } else { column + 1 })));
        sheet.put("B4", "担当：企画部").put("B20", "担当：事務部");
    });
}

#[test]
fn a_column_inserted_between_wordings_and_answers_changes_nothing() {
    // In the sections D holds the answers; in the list D and E hold the options, and F the answers.
    every_sheet(|sheet| {
        sheet.rearrange(|row, column| Some((row, if column < 3 { column } else { column + 1 })));
    });
    Case::list(|book| {
        let sheet = book.sheet("点検票");
        sheet.rearrange(|row, column| Some((row, if column < 5 { column } else { column + 1 })));
        sheet.put("F3", "前年の回答").put("F8", 4).put("F12", "○").put("F16", "○");
    })
    .finds("A09", "[x.xlsx]点検票!F12")
    .hold();
}

#[test]
fn a_column_deleted_before_the_questions_changes_nothing() {
    // A holds the headings of the list's parts, and is blank in the sections.
    every_sheet(|sheet| {
        sheet.rearrange(|row, column| Some((row, if column == 0 { return None } else { column - 1 })));
    });
}

#[test]
fn a_deleted_column_of_numbers_is_no_loss_where_wordings_tell_the_options() {
    Case::list(|book| {
        book.sheet("点検票").rearrange(|row, column| match column {
            3 => None,
            _ => Some((row, if column < 3 { column } else { column - 1 })),
        });
    })
    .hold();
}

#[test]
fn blank_rows_deleted_change_nothing() {
    Case::sections(|book| {
        // Rows 9, 15 and 21 divide the first questions.
        book.sheet("１．経営層の関与").delete_rows(21, 21).delete_rows(15, 15).delete_rows(9, 9);
    })
    .hold();
}

#[test]
fn a_question_moved_to_the_end_changes_nothing() {
    // Question 2 stands in rows 8 to 11 of the list and in rows 10 to 14 of its section.
    let moved = |first: u32, last: u32| {
        move |row: u32, column: u16| Some((if (first - 1..last).contains(&row) { row + 200 } else { row }, column))
    };
    Case::list(move |book| {
        book.sheet("点検票").rearrange(moved(8, 11));
    })
    .hold();
    Case::sections(move |book| {
        book.sheet("１．経営層の関与").rearrange(moved(10, 14));
    })
    .hold();
}

#[test]
fn a_question_moved_to_another_sheet_changes_nothing() {
    Case::sections(|book| {
        let mut moved = book.sheet("３．有事への備え").clone();
        moved.name = "別紙".to_owned();
        // 問24 stands in rows 27 to 31.
        let is_moved = |row: u32| (26..31).contains(&row);
        moved.rearrange(|row, column| is_moved(row).then_some((row, column)));
        book.sheet("３．有事への備え").rearrange(|row, column| (!is_moved(row)).then_some((row, column)));
        book.sheets.push(moved);
    })
    .hold();
}

#[test]
fn sheets_renamed_and_reordered_change_nothing() {
    let turn = |book: &mut Book| {
        book.sheets.reverse();
        for (rank, sheet) in book.sheets.iter_mut().enumerate() {
            sheet.name = format!("Sheet{}", rank + 1);
        }
    };
    Case::list(turn).hold();
    Case::sections(turn).hold();
}

/// A survey of its own, in a few lines: no word of it is known to the program.
const SURVEY: &str = r#"
id = "small"
title = "小調査"
sector = [{ id = "all", name = "全先", audience = "public" }]
"#;

const QUESTIONS: &str = r#"
[[question]]
id = "owner"
kind = "single"
section = "一"
title = "責任者"
sectors = ["all"]
years = [2030]
options = [{ id = "yes", label = "いる" }, { id = "no", label = "いない" }]

[[question]]
id = "means"
kind = "multiple"
section = "一"
title = "手段"
sectors = ["all"]
years = [2030]
asked_if = { question = "owner", any_of = ["yes"] }
options = [{ id = "mail", label = "電子メール" }, { id = "fax", label = "ファクシミリ" }, { id = "none", label = "なし", exclusive = true }]

[[question]]
id = "people"
kind = "grid_single"
section = "一"
title = "要員"
sectors = ["all"]
years = [2030]
items = [{ id = "day", label = "日中" }, { id = "night", label = "夜間" }]
options = [{ id = "enough", label = "足りる" }, { id = "short", label = "足りない" }]

[[question]]
id = "staff"
kind = "number"
section = "一"
title = "人数"
sectors = ["all"]
years = [2030]

[[question]]
id = "remarks"
kind = "text"
section = "一"
title = "意見"
sectors = ["all"]
years = [2030]
voluntary = true
"#;

const YEAR: &str = r#"
fiscal_year = 2030
survey = "survey.toml"
questions = "questions.toml"
nets = "nets.toml"
forms = ["left.toml", "table.toml"]
returns = "returned"
roster = "roster.csv"
asked = ["owner", "means", "people", "staff", "remarks"]
"#;

/// Marks to the left of the options, the items of grids as questions of their own, one sheet.
const LEFT: &str = r#"
id = "left"
cover_title = "調査票（{year}）"
cover_code = "番号"
cover_name = "名称"
question_number = "Q{question}."
question_title = "{title}について"
item_number = "Q{question}-{item}."
item_title = "{title}（{label}）について"
answer_side = "left"
answer_label = "記入欄"
marks = { chosen = ["*"] }

[layout]
single = "marks"
multiple = "marks"
grid_single = "items"
grid_multiple = "items"
number = "box"
text = "box"
"#;

const LEFT_SHEET: &str = "
      |         | 調査票（2030）
      |         | 番号              | 11
      |         | 名称              | 甲
Q1.   |         | 責任者について
  1   | *       | いる
  2   |         | いない
Q2.   |         | 手段について
  1   | *       | 電子メール
  2   | *       | ファクシミリ
  3   |         | なし
Q3-1. |         | 要員（日中）について
  1   | *       | 足りる
  2   |         | 足りない
Q3-2. |         | 要員（夜間）について
  1   |         | 足りる
  2   | *       | 足りない
Q4.   |         | 人数について
      | 12      | 記入欄
Q5.   |         | 意見について
      | 特になし| 記入欄
";

/// The same with the numbers of the options between the marks and the wordings.
fn marks_first() -> String {
    let swap = |line: &str| match line.split('|').collect::<Vec<_>>().as_slice() {
        [number, mark, rest @ ..] if number.trim().parse::<u8>().is_ok() => {
            format!("{mark}|{number}|{}", rest.join("|"))
        }
        _ => line.to_owned(),
    };
    LEFT_SHEET.lines().map(swap).collect::<Vec<_>>().join("\n")
}

/// Answers under a heading, grids as tables, the chosen option's number in the box.
const TABLE: &str = r#"
id = "table"
cover_title = "調査票（{year}）"
cover_code = "番号"
cover_name = "名称"
question_number = "({question})"
question_title = "{title}"
answer_heading = "御回答"
marks = { chosen = ["*"] }

[layout]
single = "number"
multiple = "marks"
grid_single = "matrix"
grid_multiple = "matrix"
number = "box"
text = "box"
"#;

const TABLE_SHEET: &str = "
調査票（2030）
番号 | '０２２
名称 | 乙
     |        |              | 御回答
(1)  | 責任者 | いる         | 2
     |        | いない
(2)  | 手段   | 電子メール
     |        | ファクシミリ
     |        | なし
(3)  | 要員
     |        |              | 足りる | 足りない
     |        | 日中         |        | *
     |        | 夜間         | *
(4)  | 人数   |              | 7
(5)  | 意見
";

fn small_survey(sheets: &[(&str, &str)]) -> Bench {
    let bench = Bench::new();
    for (name, text) in
        [("survey", SURVEY), ("questions", QUESTIONS), ("year", YEAR), ("left", LEFT), ("table", TABLE), ("nets", "")]
    {
        bench.write(&format!("{name}.toml"), text);
    }
    bench.write("roster.csv", "fiscal_year,institution,name,sector,subsector\n2030,11,甲,all,\n2030,022,乙,all,\n");
    for (file, rows) in sheets {
        grid::write(&bench.path(&format!("returned/{file}")), &[Grid { name: "調査", rows }]);
    }
    bench
}

fn given(answers: &[(&str, &str, &[&str])]) -> Given {
    let of = |options: &[&str]| options.iter().map(|option| (*option).to_owned()).collect();
    answers
        .iter()
        .map(|(question, item, options)| (((*question).to_owned(), (*item).to_owned()), of(options)))
        .collect()
}

/// The answers of the institution with the left layout.
fn left() -> Given {
    given(&[
        ("owner", "", &["yes"]),
        ("means", "", &["mail", "fax"]),
        ("people", "day", &["enough"]),
        ("people", "night", &["short"]),
        ("staff", "", &["12"]),
        ("remarks", "", &["特になし"]),
    ])
}

#[test]
fn layouts_that_are_only_definition_files_are_read_side_by_side() {
    let bench = small_survey(&[("a.xlsx", LEFT_SHEET), ("b.xlsx", TABLE_SHEET)]);
    let ran = bench.cssa(["run", "year.toml"]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    let responses = stored(&bench, "responses", 2030);
    assert_eq!(answered(&responses, "11"), left());
    let table = given(&[
        ("owner", "", &["no"]),
        ("people", "day", &["short"]),
        ("people", "night", &["enough"]),
        ("staff", "", &["7"]),
    ]);
    assert_eq!(answered(&responses, "022"), table);
    let forms: Vec<String> = stored(&bench, "submissions", 2030).iter().map(|row| row["form"].clone()).collect();
    assert_eq!(forms, ["table", "left"], "in the order of the institutions' codes");
}

#[test]
fn the_number_of_an_option_between_mark_and_wording_is_no_answer() {
    let bench = small_survey(&[("a.xlsx", &marks_first())]);
    let ran = bench.cssa(["ingest", "year.toml"]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    assert_eq!(answered(&stored(&bench, "responses", 2030), "11"), left());
}

#[test]
fn mistakes_on_a_layout_of_ones_own_have_their_place_too() {
    let sheet = LEFT_SHEET.replace("  2   |         | いない", "  2   | *       | いない").replace("| 12 ", "| 約 ");
    let bench = small_survey(&[("a.xlsx", &sheet)]);
    let ran = bench.cssa(["ingest", "year.toml"]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    let places: Vec<String> = bench
        .findings(2030)
        .iter()
        .map(|finding| ["code", "sheet", "cell"].map(|name| finding[name].as_str().unwrap_or("").to_owned()).join(" "))
        .collect();
    // 手段 depends on 責任者, which contradicts itself.
    assert_eq!(places, ["E01 調査 B5", "E05 調査 B8", "A03 調査 B18"]);
}
