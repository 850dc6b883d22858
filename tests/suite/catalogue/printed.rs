//! The form: what is printed around the answers and was deleted, overtyped or copied.

use super::{Case, cases};

/// The sheet of the FY2022 form.
const LIST: &str = "点検票";

cases! {
    a_question_that_was_deleted_from_the_list: Case::list(|book| {
        book.sheet(LIST).delete_rows(8, 11);
    }).finds("L01", "[x.xlsx]").leaves("ciso", "", "unreadable", "");
    a_question_that_was_deleted_from_its_section: Case::sections(|book| {
        book.sheet("１．経営層の関与").delete_rows(16, 20);
    }).finds("L01", "[x.xlsx]").leaves("ciso", "", "unreadable", "");
    a_question_of_which_number_and_wording_were_overtyped: Case::list(|book| {
        book.sheet(LIST).put("B8", "二").put("C8", "統括者");
    }).finds("L01", "[x.xlsx]").leaves("ciso", "", "unreadable", "");
    a_question_left_blank_above_one_without_a_heading: Case::list(|book| {
        book.sheet(LIST).clear("F4").put("B8", "二").put("C8", "統括者").put("F8", 3);
    })
        .finds("L01", "[x.xlsx]").leaves("ciso", "", "unreadable", "")
        .finds("E03", "[x.xlsx]点検票!F4").leaves("policy_plan", "", "item_nonresponse", "");
    a_number_above_a_question_without_a_heading: Case::list(|book| {
        book.sheet(LIST).put("B60", "十一").put("C60", "端末");
    }).finds("L01", "[x.xlsx]").leaves("oa_terminal", "", "unreadable", "");
    options_with_other_numbers: Case::list(|book| {
        book.sheet(LIST).put("D8", 2).put("D9", 3).put("D10", 4).put("D11", 5).put("F8", 2);
    })
        .finds("L03", "[x.xlsx]点検票!D8").finds("L03", "[x.xlsx]点検票!D9")
        .finds("L03", "[x.xlsx]点検票!D10").finds("L03", "[x.xlsx]点検票!D11")
        .leaves("ciso", "", "unreadable", "");
    two_columns_headed_as_the_answers: Case::list(|book| {
        book.sheet(LIST).put("G3", "回答欄");
    }).finds("L06", "[x.xlsx]点検票").leaves_all("unreadable");
    the_label_of_an_answer_box_overtyped: Case::sections(|book| {
        book.sheet("１．経営層の関与").put("C89", "人数");
    }).finds("L04", "[x.xlsx]１．経営層の関与!B88").leaves("staff_count", "", "unreadable", "");
    an_item_that_was_deleted_from_a_grid: Case::sections(|book| {
        book.sheet("３．有事への備え").delete_rows(31, 31);
    }).finds("L01", "[x.xlsx]").leaves("backup", "immutable", "unreadable", "");
    a_section_that_was_deleted: Case::sections(|book| {
        book.remove("２．リスクへの対策");
    })
        .finds("L01", "[x.xlsx]").finds("L01", "[x.xlsx]").finds("L01", "[x.xlsx]").finds("L01", "[x.xlsx]")
        .leaves("oa_terminal", "", "unreadable", "").leaves("soc", "", "unreadable", "")
        .leaves("soc_scope", "", "not_asked", "").leaves("pentest", "", "unreadable", "");

    an_option_that_was_deleted_from_the_list: Case::list(|book| {
        book.sheet(LIST).delete_rows(10, 10);
    }).finds("L02", "[x.xlsx]点検票!B8").leaves("ciso", "", "unreadable", "");
    an_option_that_was_deleted_from_its_section: Case::sections(|book| {
        book.sheet("１．経営層の関与").delete_rows(26, 26);
    }).finds("L02", "[x.xlsx]１．経営層の関与!B22").leaves("reporting", "", "unreadable", "");
    an_option_that_was_deleted_from_the_head_of_a_grid: Case::sections(|book| {
        book.sheet("３．有事への備え").clear("F28");
    })
        .finds("L02", "[x.xlsx]３．有事への備え!B27")
        .leaves("backup", "generations", "unreadable", "")
        .leaves("backup", "offline", "unreadable", "")
        .leaves("backup", "immutable", "unreadable", "");

    an_option_of_which_the_wording_was_changed: Case::list(|book| {
        book.sheet(LIST).put("E9", "部長級職員（兼務を含む）");
    }).finds("L03", "[x.xlsx]点検票!E9");
    an_option_of_which_the_wording_was_changed_in_a_section: Case::sections(|book| {
        book.sheet("１．経営層の関与").put("C17", "取締役");
    }).finds("L03", "[x.xlsx]１．経営層の関与!C17");
    a_question_of_which_the_wording_was_changed: Case::list(|book| {
        book.sheet(LIST).put("C8", "サイバーセキュリティの責任者");
    }).finds("L03", "[x.xlsx]点検票!C8");
    a_question_of_which_the_number_was_changed: Case::sections(|book| {
        book.sheet("１．経営層の関与").put("B16", "問３′");
    }).finds("L03", "[x.xlsx]１．経営層の関与!B16");
    labels_in_another_width_and_with_line_breaks: Case::sections(|book| {
        book.sheet("２．リスクへの対策").put("B4", "問１６").put("C4", "ＯＡ端末の\nサイバー攻撃対策").put("C7", "端末にパターン検知型ﾏﾙｳｪｱ対策製品を導入");
    });

    furigana_and_formatting_within_a_wording: Case::parts(|parts| {
        let entities = |text: &str| text.chars().map(|c| format!("&#{};", u32::from(c))).collect::<String>();
        let plain = format!("<t>{}</t>", entities("部長級職員"));
        let rich = "<r><t>部長級</t></r><r><rPr><b/></rPr><t>職員</t></r><rPh sb=\"0\" eb=\"3\"><t>ブチョウキュウ</t></rPh>";
        parts.replace("xl/worksheets/sheet2.xml", &plain, rich);
    });

    the_heading_of_the_answer_column_overtyped: Case::list(|book| {
        book.sheet(LIST).put("F3", "ご記入ください");
    }).finds("L04", "[x.xlsx]点検票").leaves_all("unreadable");

    a_sheet_that_was_copied: Case::sections(|book| {
        let mut copy = book.sheet("２．リスクへの対策").clone();
        copy.name = "２．リスクへの対策 (2)".to_owned();
        copy.clear("D5").put("D17", "○");
        book.sheets.push(copy);
    })
        .finds("L05", "[x.xlsx]２．リスクへの対策 (2)!B4").finds("L05", "[x.xlsx]２．リスクへの対策 (2)!B13")
        .finds("L05", "[x.xlsx]２．リスクへの対策 (2)!B19").finds("L05", "[x.xlsx]２．リスクへの対策 (2)!B27");
    a_hidden_draft_before_the_sheet_that_counts: Case::sections(|book| {
        let mut draft = book.sheet("２．リスクへの対策").clone();
        draft.name = "下書き".to_owned();
        draft.hidden = true;
        draft.clear("D5").put("D17", "○");
        book.sheets.insert(1, draft);
    })
        .finds("L05", "[x.xlsx]下書き!B4").finds("L05", "[x.xlsx]下書き!B13")
        .finds("L05", "[x.xlsx]下書き!B19").finds("L05", "[x.xlsx]下書き!B27");
}
