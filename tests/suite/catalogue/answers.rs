//! What was written as an answer: unreadable, contradicting itself, or not asked for.

use super::{Case, cases};
use crate::book::{Entry, Sheet};

/// The FY2022 workbook with its sheet changed. 問2 (統括責任者) has the number 1 in F8, 問3 marks
/// in F12 to F15, 問10 (職員数) the number 16 in F59.
fn list(change: impl Fn(&mut Sheet) + 'static) -> Case {
    Case::list(move |book| change(book.sheet("点検票")))
}

/// The FY2023 workbook with its first section changed. 問1 has its mark in D5, 問3 in D17, 問9
/// (サードパーティの有無) in D50 and its dependent 問10 in D54, 問15 (職員数) the number 8 in D89.
fn sections(change: impl Fn(&mut Sheet) + 'static) -> Case {
    Case::sections(move |book| change(book.sheet("１．経営層の関与")))
}

/// The FY2023 workbook with its last section changed: plans in D16 to D18, measures in D23 to H25.
fn plans(change: impl Fn(&mut Sheet) + 'static) -> Case {
    Case::sections(move |book| change(book.sheet("３．有事への備え")))
}

cases! {
    an_option_number_that_does_not_exist: list(|sheet| {
        sheet.put("F8", 9);
    }).finds("A01", "[x.xlsx]点検票!F8").leaves("ciso", "", "unreadable", "");
    the_option_number_zero: list(|sheet| {
        sheet.put("F8", 0);
    }).finds("A01", "[x.xlsx]点検票!F8").leaves("ciso", "", "unreadable", "");
    an_option_number_in_full_width: list(|sheet| {
        sheet.put("F8", "１");
    }).finds("A06", "[x.xlsx]点検票!F8");
    an_option_number_in_a_circle_with_a_stop: list(|sheet| {
        sheet.put("F8", "①．");
    }).finds("A06", "[x.xlsx]点検票!F8");
    the_wording_of_an_option_in_its_box: list(|sheet| {
        sheet.put("F8", "1. 役 員");
    }).finds("A06", "[x.xlsx]点検票!F8");
    the_wording_of_one_option_with_the_number_of_another: list(|sheet| {
        sheet.put("F8", "2 役員");
    }).finds("A02", "[x.xlsx]点検票!F8").leaves("ciso", "", "unreadable", "");
    several_numbers_in_the_box_of_a_single_choice: list(|sheet| {
        sheet.put("F8", "1、3");
    })
        .finds("A06", "[x.xlsx]点検票!F8").finds("E01", "[x.xlsx]点検票!F8")
        .leaves("ciso", "", "contradictory", "");
    several_numbers_in_one_box_of_a_multiple_choice: list(|sheet| {
        for row in 12..=16 {
            sheet.clear_if_filled(&format!("F{row}"));
        }
        sheet.put("F12", "②④");
    }).finds("A06", "[x.xlsx]点検票!F12").leaves("reporting", "", "answered", "progress,threats");
    a_dash_for_no_answer: list(|sheet| {
        sheet.put("F8", "－");
    })
        .finds("A06", "[x.xlsx]点検票!F8").finds("E03", "[x.xlsx]点検票!F8")
        .leaves("ciso", "", "item_nonresponse", "");
    words_for_yes_and_no: sections(|sheet| {
        sheet.put("D17", "はい").put("D18", "いいえ").put("D19", "FALSE");
    })
        .says("「はい」 and 「いいえ」").says("were read as chosen and not chosen")
        .finds("A06", "[x.xlsx]１．経営層の関与!D17").finds("A06", "[x.xlsx]１．経営層の関与!D19");
    the_own_number_of_an_option_beside_it: sections(|sheet| {
        sheet.clear("D17").put("D18", 2);
    }).finds("A06", "[x.xlsx]１．経営層の関与!D18").leaves("ciso", "", "answered", "manager");
    a_printed_wording_typed_as_an_answer: sections(|sheet| {
        sheet.put("D17", "存在する");
    }).finds("A02", "[x.xlsx]１．経営層の関与!D17").leaves("ciso", "", "unreadable", "");
    an_option_number_with_a_fraction: list(|sheet| {
        sheet.put("F8", Entry::Number(1.5));
    }).finds("A02", "[x.xlsx]点検票!F8").leaves("ciso", "", "unreadable", "");
    words_in_the_box_of_an_option_number: list(|sheet| {
        sheet.put("F8", "検討中");
    }).finds("A02", "[x.xlsx]点検票!F8").leaves("ciso", "", "unreadable", "");
    words_in_the_box_of_a_mark: sections(|sheet| {
        sheet.put("D17", "同上");
    }).finds("A02", "[x.xlsx]１．経営層の関与!D17").leaves("ciso", "", "unreadable", "");
    a_cross_beside_a_mark_says_no: sections(|sheet| {
        sheet.put("D18", "×").put("D19", "×");
    }).says("(2 boxes)").finds("A06", "[x.xlsx]１．経営層の関与!D18").leaves("ciso", "", "answered", "officer");
    a_cross_alone_may_say_anything: sections(|sheet| {
        sheet.clear("D17").put("D18", "×");
    }).finds("A02", "[x.xlsx]１．経営層の関与!D18").leaves("ciso", "", "unreadable", "");
    a_mark_further_out_does_not_overrule_the_box: sections(|sheet| {
        sheet.put("D17", "×").put("F17", "レ");
    })
        .finds("A02", "[x.xlsx]１．経営層の関与!D17").finds("A04", "[x.xlsx]１．経営層の関与!F17")
        .leaves("ciso", "", "unreadable", "");
    words_in_a_grid: sections(|sheet| {
        sheet.put("D71", "外部と共同");
    }).finds("A02", "[x.xlsx]１．経営層の関与!D71").leaves("staffing", "incident_response", "unreadable", "");
    every_kind_of_mark: sections(|sheet| {
        for (cell, mark) in ["D5", "D11", "D17", "D23", "D24", "D26", "D30", "D31", "D35"]
            .into_iter().zip(["〇", "◯", "●", "◎", "✓", "✔", "レ", "ﾚ", " ○ "])
        {
            sheet.put(cell, mark);
        }
    })
        .finds("A06", "[x.xlsx]１．経営層の関与!D17").finds("A06", "[x.xlsx]１．経営層の関与!D23")
        .finds("A06", "[x.xlsx]１．経営層の関与!D24").finds("A06", "[x.xlsx]１．経営層の関与!D26")
        .finds("A06", "[x.xlsx]１．経営層の関与!D30");
    a_mark_beside_the_box: sections(|sheet| {
        sheet.clear("D17").put("E17", "○");
    }).finds("A06", "[x.xlsx]１．経営層の関与!E17");
    a_note_beside_the_box: sections(|sheet| {
        sheet.put("E17", "専務取締役").put("G18", "来年度から");
    }).finds("A09", "[x.xlsx]１．経営層の関与!E17");

    words_where_a_number_is_asked: list(|sheet| {
        sheet.put("F59", "約10名");
    }).finds("A03", "[x.xlsx]点検票!F59").leaves("staff_count", "", "unreadable", "");
    a_negative_number_of_staff: sections(|sheet| {
        sheet.put("D89", -3);
    }).finds("A03", "[x.xlsx]１．経営層の関与!D89").leaves("staff_count", "", "unreadable", "");
    more_staff_than_there_are_people: sections(|sheet| {
        sheet.put("D89", Entry::Number(1e40));
    }).finds("A03", "[x.xlsx]１．経営層の関与!D89").leaves("staff_count", "", "unreadable", "");
    a_number_as_full_width_text: list(|sheet| {
        sheet.put("F59", "１６");
    });

    a_mark_below_the_last_option: sections(|sheet| {
        sheet.put("D9", "○");
    }).finds("A04", "[x.xlsx]１．経営層の関与!D9");
    a_mark_in_the_column_of_remarks: list(|sheet| {
        sheet.put("G9", "○");
    }).finds("A04", "[x.xlsx]点検票!G9");
    two_marks_beside_one_option: sections(|sheet| {
        sheet.put("E17", "○");
    }).finds("A04", "[x.xlsx]１．経営層の関与!E17");

    an_error_in_the_box_of_an_option_number: list(|sheet| {
        sheet.put("F8", Entry::Error("#REF!"));
    }).finds("A05", "[x.xlsx]点検票!F8").leaves("ciso", "", "unreadable", "");
    an_error_in_the_box_of_a_mark: sections(|sheet| {
        sheet.put("D17", Entry::Error("#REF!"));
    }).finds("A05", "[x.xlsx]１．経営層の関与!D17").leaves("ciso", "", "unreadable", "");
    an_error_where_a_number_is_asked: sections(|sheet| {
        sheet.put("D89", Entry::Error("#N/A"));
    }).finds("A05", "[x.xlsx]１．経営層の関与!D89").leaves("staff_count", "", "unreadable", "");
    // What new versions of Excel leave; the place is the sheet, as the reader is past the cell.
    an_error_that_only_new_versions_know: Case::parts(|parts| {
        parts.replace("xl/worksheets/sheet3.xml", "</sheetData>", r##"<row r="40"><c r="J40" t="e"><v>#SPILL!</v></c></row></sheetData>"##);
    }).finds("A05", "[x.xlsx]２．リスクへの対策");

    two_numbers_in_the_box_of_a_single_choice: list(|sheet| {
        sheet.put("F9", 2);
    }).finds("E01", "[x.xlsx]点検票!F8").leaves("ciso", "", "contradictory", "");
    two_marks_on_a_single_choice: sections(|sheet| {
        sheet.put("D18", "○");
    }).finds("E01", "[x.xlsx]１．経営層の関与!D17").leaves("ciso", "", "contradictory", "");
    two_marks_in_a_line_of_a_grid: sections(|sheet| {
        sheet.put("D71", "○");
    })
        .finds("E01", "[x.xlsx]１．経営層の関与!D71")
        .leaves("staffing", "incident_response", "contradictory", "");
    none_of_these_together_with_others: list(|sheet| {
        sheet.put("F16", "○");
    })
        .finds("E02", "[x.xlsx]点検票!F12")
        .leaves("reporting", "", "contradictory", "");
    none_of_these_together_with_others_in_a_grid: plans(|sheet| {
        sheet.put("H24", "○");
    })
        .finds("E02", "[x.xlsx]３．有事への備え!D24")
        .leaves("contingency_measures", "ddos", "contradictory", "");

    a_question_left_blank: list(|sheet| {
        sheet.clear("F8");
    }).finds("E03", "[x.xlsx]点検票!F8").leaves("ciso", "", "item_nonresponse", "");
    a_number_left_blank: sections(|sheet| {
        sheet.clear("D89");
    }).finds("E03", "[x.xlsx]１．経営層の関与!D89").leaves("staff_count", "", "item_nonresponse", "");
    two_items_of_a_grid_left_blank: sections(|sheet| {
        sheet.clear("F72").clear("D74");
    })
        .finds("E03", "[x.xlsx]１．経営層の関与!D72")
        .leaves("staffing", "strategy", "item_nonresponse", "").leaves("staffing", "log_monitoring", "item_nonresponse", "");
    a_box_with_nothing_but_a_space: list(|sheet| {
        sheet.put("F8", "　");
    }).finds("E03", "[x.xlsx]点検票!F8").leaves("ciso", "", "item_nonresponse", "");

    an_answer_behind_a_closed_gate: sections(|sheet| {
        sheet.clear("D50").put("D51", "○");
    })
        .finds("E04", "[x.xlsx]１．経営層の関与!D54")
        .leaves("third_party_exists", "", "answered", "no").leaves("third_party", "", "not_asked", "");
    nothing_behind_a_closed_gate: sections(|sheet| {
        sheet.clear("D50").put("D51", "○").clear("D54");
    }).leaves("third_party_exists", "", "answered", "no").leaves("third_party", "", "not_asked", "");
    measures_for_an_attack_without_a_plan: plans(|sheet| {
        sheet.clear("D17");
    })
        .finds("E04", "[x.xlsx]３．有事への備え!D24")
        .leaves("contingency_plan", "", "answered", "web,ransomware")
        .leaves("contingency_measures", "ddos", "not_asked", "");
    an_answer_behind_an_undecided_gate: sections(|sheet| {
        sheet.clear("D50");
    })
        .finds("E03", "[x.xlsx]１．経営層の関与!D50").finds("E05", "[x.xlsx]１．経営層の関与!D54")
        .leaves("third_party_exists", "", "item_nonresponse", "").leaves("third_party", "", "not_asked", "");
    an_answer_behind_a_gate_that_contradicts_itself: sections(|sheet| {
        sheet.put("D51", "○");
    })
        .finds("E01", "[x.xlsx]１．経営層の関与!D50").finds("E05", "[x.xlsx]１．経営層の関与!D54")
        .leaves("third_party_exists", "", "contradictory", "").leaves("third_party", "", "not_asked", "");
}
