//! Answer boxes: merged, shared, shifted, with remarks in them and beside them.

use rust_xlsxwriter::Format;

use super::{Case, FILE, cases};
use crate::book::{Entry, Sheet, shape};
use crate::formats_alike::crossed;
use crate::support::project;

/// The FY2022 workbook with its sheet changed. 問2 (統括責任者) has the number 1 in F8, 問3 marks
/// in F12 to F15, 問10 (職員数) the number 16 in F59.
fn list(change: impl Fn(&mut Sheet) + 'static) -> Case {
    Case::list(move |book| change(book.sheet("点検票")))
}

/// The FY2023 workbook with its first section changed. 問3 has its mark in D17, 問13 (a grid of D to F)
/// in E71 and F72, 問15 (職員数) the number 8 in D89.
fn sections(change: impl Fn(&mut Sheet) + 'static) -> Case {
    Case::sections(move |book| change(book.sheet("１．経営層の関与")))
}

/// A workbook in which D18 and D19 (問3) are one cell with a mark, and D71 and E71 (問13) another,
/// saved by LibreOffice.
fn saved_as(ending: &'static str) -> Case {
    Case::folder(move |folder| {
        let saved = project().join(format!("tests/data/returned/merged_boxes.{ending}"));
        std::fs::copy(saved, folder.join(FILE)).expect("a file can be copied");
    })
    .finds("A10", "[x.xlsx]１．経営層の関与!D18")
    .finds("A10", "[x.xlsx]１．経営層の関与!D71")
    .leaves("ciso", "", "unreadable", "")
    .leaves("staffing", "incident_response", "unreadable", "")
}

cases! {
    a_mark_merged_over_two_options: sections(|sheet| {
        sheet.clear("D17").put("D18", "○").merge("D18", "D19");
    }).says("D18:D19").finds("A10", "[x.xlsx]１．経営層の関与!D18").leaves("ciso", "", "unreadable", "");
    a_mark_merged_over_two_options_of_the_list: list(|sheet| {
        sheet.merge("F12", "F13");
    }).finds("A10", "[x.xlsx]点検票!F12").leaves("reporting", "", "unreadable", "");
    two_boxes_merged_and_left_blank: sections(|sheet| {
        sheet.merge("D18", "D19").merge("D17", "F17");
    });
    a_mark_merged_over_two_options_of_a_grid: sections(|sheet| {
        sheet.clear("E71").put("D71", "○").merge("D71", "E71");
    })
        .finds("A10", "[x.xlsx]１．経営層の関与!D71")
        .leaves("staffing", "incident_response", "unreadable", "");
    a_mark_merged_over_two_items_of_a_grid: sections(|sheet| {
        sheet.put("F72", "○").merge("F72", "F73");
    })
        .finds("A10", "[x.xlsx]１．経営層の関与!F72")
        .leaves("staffing", "strategy", "unreadable", "").leaves("staffing", "threat_intelligence", "unreadable", "");
    merged_boxes_saved_as_xls: saved_as("xls");
    merged_boxes_saved_as_ods: saved_as("ods");
    // The boxes of 問5 (F20 to F23) and 問6 (F24 to F25) are one.
    a_number_merged_over_two_questions: list(|sheet| {
        sheet.merge("F20", "F25");
    })
        .finds("A10", "[x.xlsx]点検票!F20").finds("E05", "[x.xlsx]点検票!F26")
        .leaves("risk_decision_2022", "", "unreadable", "").leaves("third_party_exists", "", "unreadable", "")
        .leaves("third_party", "", "not_asked", "");
    numbers_in_one_box_merged_over_all_options: list(|sheet| {
        sheet.put("F12", "1、2、3、4").merge("F12", "F16");
    }).finds("A06", "[x.xlsx]点検票!F12");

    a_number_with_a_remark_in_brackets: list(|sheet| {
        sheet.put("F8", "2（一部）");
    }).finds("A02", "[x.xlsx]点検票!F8").leaves("ciso", "", "unreadable", "");
    a_number_with_a_remark_after_it: list(|sheet| {
        sheet.put("F8", "2 ※来年度より");
    }).finds("A02", "[x.xlsx]点検票!F8").leaves("ciso", "", "unreadable", "");
    a_number_that_was_corrected_in_its_box: list(|sheet| {
        sheet.put("F8", "1→2");
    }).finds("A02", "[x.xlsx]点検票!F8").leaves("ciso", "", "unreadable", "");
    a_mark_with_a_remark_in_its_box: sections(|sheet| {
        sheet.put("D17", "○（兼務）");
    }).finds("A02", "[x.xlsx]１．経営層の関与!D17").leaves("ciso", "", "unreadable", "");
    the_wording_of_an_option_typed_beside_another: list(|sheet| {
        sheet.put("F8", "「部長級職員」。");
    }).finds("A06", "[x.xlsx]点検票!F8").leaves("ciso", "", "answered", "manager");
    nearly_the_wording_of_an_option: list(|sheet| {
        sheet.put("F8", "部長級");
    }).finds("A02", "[x.xlsx]点検票!F8").leaves("ciso", "", "unreadable", "");
    the_wording_of_an_option_in_the_box_of_another: sections(|sheet| {
        sheet.put("D17", "部長級職員");
    }).finds("A02", "[x.xlsx]１．経営層の関与!D17").leaves("ciso", "", "unreadable", "");

    the_same_as_above_in_the_list: list(|sheet| {
        sheet.put("F8", "同上");
    }).says("refers to another answer").finds("A02", "[x.xlsx]点検票!F8").leaves("ciso", "", "unreadable", "");
    the_same_as_above_in_a_grid: sections(|sheet| {
        sheet.clear("F73").put("D73", "同　上");
    }).finds("A02", "[x.xlsx]１．経営層の関与!D73").leaves("staffing", "threat_intelligence", "unreadable", "");
    the_same_as_above_for_a_number: sections(|sheet| {
        sheet.put("D89", "〃");
    }).says("refers to another answer").finds("A03", "[x.xlsx]１．経営層の関与!D89").leaves("staff_count", "", "unreadable", "");

    not_applicable_beside_a_marked_option: sections(|sheet| {
        sheet.put("E17", "該当なし");
    }).finds("A09", "[x.xlsx]１．経営層の関与!E17");
    a_correction_beside_a_mark: sections(|sheet| {
        sheet.put("E17", "→訂正");
    }).says("「→訂正」 (E17) beside the answer to 問3").finds("A11", "[x.xlsx]１．経営層の関与!E17");
    a_remark_beside_the_line_of_a_grid: sections(|sheet| {
        sheet.put("G71", "一部は外部委託");
    }).finds("A09", "[x.xlsx]１．経営層の関与!G71");
    a_remark_beside_a_number: sections(|sheet| {
        sheet.put("E89", "うち専任2名");
    }).finds("A09", "[x.xlsx]１．経営層の関与!E89");
    remarks_in_the_column_for_remarks: list(|sheet| {
        sheet.put("G9", "来年度から").put("G10", "検討中").put("G59", "2022年8月時点");
    }).says("「来年度から」 (G9) and 「検討中」 (G10)").finds("A09", "[x.xlsx]点検票!G9").finds("A09", "[x.xlsx]点検票!G59");
    a_word_in_the_column_of_boxes_that_moved: sections(|sheet| {
        sheet.rearrange(|row, column| Some((row, if column < 3 { column } else { column + 1 })));
        sheet.put("E18", "検討中");
    }).finds("A02", "[x.xlsx]１．経営層の関与!E18").leaves("ciso", "", "unreadable", "");

    a_mark_that_is_struck_out: sections(|sheet| {
        sheet.put("D18", "○").dress_cell("D18", Format::new().set_font_strikethrough());
    }).says("is struck out").finds("A12", "[x.xlsx]１．経営層の関与!D18").leaves("ciso", "", "answered", "officer");
    a_mark_that_is_crossed_out_by_a_border: sections(|sheet| {
        sheet.put("D18", "○").dress_cell("D18", crossed());
    }).says("is struck out").finds("A12", "[x.xlsx]１．経営層の関与!D18").leaves("ciso", "", "answered", "officer");
    a_mark_of_one_point: sections(|sheet| {
        sheet.put("D18", "○").dress_cell("D18", Format::new().set_font_size(1));
    }).says("not to be seen").finds("A12", "[x.xlsx]１．経営層の関与!D18").leaves("ciso", "", "answered", "officer");
    thousands_that_are_shown_as_ones: sections(|sheet| {
        sheet.put("D89", 8_000).dress_cell("D89", Format::new().set_num_format("0,"));
    }).says("how the format of the cell shows 8000").finds("A13", "[x.xlsx]１．経営層の関与!D89");
    a_circle_drawn_around_two_boxes: Case::parts(|parts| {
        parts.draw("sheet2", &shape([3, 90_000, 17, 10_000], [3, 400_000, 18, 180_000], "ellipse", ""));
    }).says("a circle (D18:D19)").finds("A14", "[x.xlsx]１．経営層の関与!D18");
    a_mark_on_the_number_of_an_option: sections(|sheet| {
        sheet.clear("D17").put("B18", "②");
    }).finds("A06", "[x.xlsx]１．経営層の関与!B18").leaves("ciso", "", "answered", "manager");
    a_mark_in_a_column_with_a_heading_of_its_own: sections(|sheet| {
        sheet.clear("D17").put("E16", "前回回答").put("E17", "○");
    })
        .finds("A09", "[x.xlsx]１．経営層の関与!E17").finds("E03", "[x.xlsx]１．経営層の関与!D17")
        .leaves("ciso", "", "item_nonresponse", "");
    a_number_in_the_row_of_another_option: list(|sheet| {
        sheet.clear("F8").put("F9", 1);
    }).finds("A02", "[x.xlsx]点検票!F9").leaves("ciso", "", "unreadable", "");

    half_a_person: sections(|sheet| {
        sheet.put("D89", Entry::Number(8.5));
    }).says("expected a whole number").finds("A03", "[x.xlsx]１．経営層の関与!D89").leaves("staff_count", "", "unreadable", "");
    more_staff_than_any_institution_has: list(|sheet| {
        sheet.put("F59", 100_001);
    }).says("expected 100000人 at most").finds("A03", "[x.xlsx]点検票!F59").leaves("staff_count", "", "unreadable", "");
    as_much_staff_as_can_be: list(|sheet| {
        sheet.put("F59", 100_000);
    }).leaves("staff_count", "", "answered", "");
}
