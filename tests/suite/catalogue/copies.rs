//! Sheets that stand twice in the workbook, hidden ones, and examples: what is read, what is set aside.

use super::{Case, cases};
use crate::book::{Book, Sheet};

const LIST: &str = "点検票";
/// The second section of the FY2023 form: 問16 (OA端末) has marks in D5 to D10, 問17 (SOC) in D14, 問18
/// (its scope) in D20 to D24, 問20 (ペネトレーションテスト) in D29.
const SECTION: &str = "２．リスクへの対策";

/// A copy of a sheet under a name, changed.
fn copy(book: &mut Book, of: &str, name: &str, change: impl Fn(&mut Sheet)) -> Sheet {
    let mut copy = book.sheet(of).clone();
    copy.name = name.to_owned();
    change(&mut copy);
    copy
}

/// Takes every answer of the section away.
fn blank(sheet: &mut Sheet) {
    sheet.clear_column("D", 5..=31);
}

/// The FY2023 workbook with a changed copy of its second section at a position.
fn section(at: usize, name: &'static str, change: impl Fn(&mut Sheet) + 'static) -> Case {
    Case::sections(move |book| {
        let copy = copy(book, SECTION, name, &change);
        book.sheets.insert(at, copy);
    })
}

/// The FY2022 workbook with a changed copy of its list at a position.
fn list(at: usize, name: &'static str, change: impl Fn(&mut Sheet) + 'static) -> Case {
    Case::list(move |book| {
        let copy = copy(book, LIST, name, &change);
        book.sheets.insert(at, copy);
    })
}

/// A case in which 問16 and 問17 of the section say two things, and 問18 hangs on 問17.
fn contradicted(case: Case) -> Case {
    case.finds("L08", "[x.xlsx]２．リスクへの対策 (2)")
        .finds("E05", "[x.xlsx]２．リスクへの対策!D20")
        .leaves("oa_terminal", "", "contradictory", "")
        .leaves("soc", "", "contradictory", "")
        .leaves("soc_scope", "", "not_asked", "")
}

cases! {
    a_copy_with_the_same_answers: section(3, "２．リスクへの対策 (2)", |_| {})
        .finds("L07", "[x.xlsx]２．リスクへの対策 (2)");
    a_copy_with_the_same_answers_before_the_first: section(1, "２．リスクへの対策 (2)", |_| {})
        .finds("L07", "[x.xlsx]２．リスクへの対策 (2)");
    a_copy_of_the_list: list(0, "点検票 (2)", |_| {}).finds("L07", "[x.xlsx]点検票 (2)");
    a_blank_copy: section(1, "２．リスクへの対策 (2)", blank).finds("L07", "[x.xlsx]２．リスクへの対策 (2)");
    a_blank_sheet_and_a_filled_copy: Case::sections(|book| {
        let copy = copy(book, SECTION, "２．リスクへの対策 (2)", |_| {});
        blank(book.sheet(SECTION));
        book.sheets.push(copy);
    }).finds("L07", "[x.xlsx]２．リスクへの対策");
    a_copy_that_was_filled_in_part: section(1, "２．リスクへの対策 (2)", |sheet| {
        sheet.clear_column("D", 5..=17);
    }).finds("L07", "[x.xlsx]２．リスクへの対策 (2)");
    two_people_who_filled_a_half_each: Case::sections(|book| {
        let copy = copy(book, SECTION, "２．リスクへの対策 (2)", |sheet| {
            sheet.clear_column("D", 5..=17);
        });
        book.sheet(SECTION).clear_column("D", 18..=31);
        book.sheets.push(copy);
    }).finds("L07", "[x.xlsx]２．リスクへの対策 (2)");
    three_of_which_the_first_is_blank_and_the_others_differ: Case::sections(|book| {
        for (name, mark) in [("２．リスクへの対策 (2)", "D5"), ("２．リスクへの対策 (3)", "D6")] {
            let copy = copy(book, SECTION, name, |sheet| {
                sheet.clear_column("D", 5..=10).put(mark, "○");
            });
            book.sheets.push(copy);
        }
        book.sheet(SECTION).clear_column("D", 5..=10);
    })
        .says("問16 are answered otherwise here than on 「２．リスクへの対策 (2)」")
        .finds("L07", "[x.xlsx]２．リスクへの対策 (2)").finds("L08", "[x.xlsx]２．リスクへの対策 (3)")
        .leaves("oa_terminal", "", "contradictory", "");
    a_hidden_draft_before_the_sheet_that_counts: Case::sections(|book| {
        let mut draft = copy(book, SECTION, "下書き", |sheet| {
            sheet.clear("D5").put("D17", "○").put("D6", "検討中");
        });
        draft.hidden = true;
        book.sheets.insert(1, draft);
    }).says("it answers 問16, 問17 otherwise").finds("L07", "[x.xlsx]下書き");
    a_hidden_copy_that_is_filled_and_a_blank_sheet: Case::sections(|book| {
        let mut hidden = copy(book, SECTION, "控え", |_| {});
        hidden.hidden = true;
        book.sheets.push(hidden);
        blank(book.sheet(SECTION));
    })
        .finds("L08", "[x.xlsx]控え")
        .leaves("oa_terminal", "", "contradictory", "").leaves("soc", "", "contradictory", "")
        .leaves("soc_scope", "", "not_asked", "").leaves("pentest", "", "contradictory", "");

    a_copy_that_says_otherwise: contradicted(section(5, "２．リスクへの対策 (2)", |sheet| {
        sheet.clear("D5").put("D17", "○");
    }));
    a_copy_before_the_first_that_says_otherwise: contradicted(section(0, "２．リスクへの対策 (2)", |sheet| {
        sheet.clear("D5").put("D17", "○");
    }));
    a_copy_of_the_list_that_says_otherwise: list(1, "点検票 (2)", |sheet| {
        sheet.put("F8", 3);
    }).says("問2 are answered otherwise here").finds("L08", "[x.xlsx]点検票 (2)").leaves("ciso", "", "contradictory", "");
    a_copy_with_one_line_of_a_grid_that_says_otherwise: Case::sections(|book| {
        let copy = copy(book, "３．有事への備え", "３．有事への備え (2)", |sheet| {
            sheet.clear("D30").put("E30", "○");
        });
        book.sheets.push(copy);
    })
        .finds("L08", "[x.xlsx]３．有事への備え (2)")
        .leaves("backup", "offline", "contradictory", "");

    a_copy_that_can_be_read_beside_one_that_cannot: list(1, "点検票 (2)", |sheet| {
        sheet.put("F8", "検討中");
    }).finds("L08", "[x.xlsx]点検票 (2)").leaves("ciso", "", "contradictory", "");

    an_example_before_the_list: list(0, "記入例", |sheet| {
        sheet.put("F8", 3).put("F59", "約10名");
    }).finds("L09", "[x.xlsx]記入例");
    an_example_behind_the_sections: section(5, "別紙（見本）", |sheet| {
        sheet.clear("D5").put("D17", "○");
    }).finds("L09", "[x.xlsx]別紙（見本）");
    an_example_by_its_title: section(1, "Sheet1", |sheet| {
        sheet.clear("D5").put("D17", "○").put("D1", "【記入例】");
    }).finds("L09", "[x.xlsx]Sheet1");
    an_example_by_the_end_of_its_title: list(0, "Sheet1", |sheet| {
        sheet.put("F8", 3).put("B1", "サイバーセキュリティ点検票（記載例）");
    }).finds("L09", "[x.xlsx]Sheet1");
    an_example_with_a_cover_of_its_own: Case::sections(|book| {
        let mut cover = book.sheet("表紙").clone();
        cover.name = "記入例（表紙）".to_owned();
        cover.put("D4", 9999).put("D5", "○○銀行");
        book.sheets.insert(0, cover);
    });
    an_example_that_is_the_only_sheet_with_its_questions: Case::list(|book| {
        book.sheet(LIST).name = "点検票（記入例）".to_owned();
    }).finds("L10", "[x.xlsx]点検票（記入例）");
    a_hidden_sheet_that_alone_has_its_questions: Case::sections(|book| {
        book.sheet(SECTION).hidden = true;
    }).finds("L10", "[x.xlsx]２．リスクへの対策");

    a_question_twice_on_a_sheet: Case::sections(|book| {
        twice(book.sheet("１．経営層の関与"), 1);
    }).finds("L05", "[x.xlsx]１．経営層の関与!B120");
    a_question_twice_on_a_sheet_with_other_answers: Case::sections(|book| {
        twice(book.sheet("１．経営層の関与"), 2);
    }).finds("L05", "[x.xlsx]１．経営層の関与!B120").leaves("ciso", "", "contradictory", "");
}

/// Writes 問3 (統括責任者) once more below all others, with this option marked.
fn twice(sheet: &mut Sheet, marked: u32) {
    sheet.put("B120", "問3").put("C120", "サイバーセキュリティの統括責任者");
    for (option, wording) in (1..).zip(["役員", "部長級職員", "その他の職員", "定めていない"]) {
        sheet.put(&format!("B{}", 120 + option), option.to_string().as_str());
        sheet.put(&format!("C{}", 120 + option), wording);
    }
    sheet.put(&format!("D{}", 120 + marked), "○");
}
