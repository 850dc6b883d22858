//! Who sent the workbook, and for which year: what the cover says.

use super::{Case, FILE, cases};
use crate::book::returned;

const PLACE: &str = "[x.xlsx]";
const CODE: &str = "D4";
const NAME: &str = "D5";

/// The FY2023 workbook with another code on its cover.
fn code(change: impl Fn(&mut crate::book::Sheet) + 'static) -> Case {
    Case::sections(move |book| change(book.sheet("表紙")))
}

cases! {
    a_workbook_without_its_cover: Case::sections(|book| {
        book.remove("表紙");
    }).finds("I01", PLACE).rejected();
    a_workbook_that_is_no_questionnaire: Case::sections(|book| {
        book.sheets.truncate(1);
        book.sheet("表紙").put("B2", "経費精算書");
    }).says("「表紙」 has the second at B4").finds("I01", PLACE).rejected();

    an_empty_code: code(|cover| {
        cover.clear(CODE);
    }).finds("I02", "[x.xlsx]表紙").rejected();
    a_code_that_is_not_on_the_roster: code(|cover| {
        cover.put(CODE, "1O01");
    }).finds("I02", "[x.xlsx]表紙!D4").rejected();
    a_code_as_a_number: code(|cover| {
        cover.put(CODE, 1001);
    });
    a_code_as_text: code(|cover| {
        cover.put(CODE, " 1001 ");
    });
    a_code_in_full_width_digits: code(|cover| {
        cover.put(CODE, "１００１");
    });
    a_code_with_a_leading_zero: code(|cover| {
        cover.put(CODE, "01001");
    });
    // The box of the code was left empty; what stands further right is a note for the respondent.
    an_empty_code_with_a_note_beside_the_box: code(|cover| {
        cover.clear(CODE).put("H4", "※1002 のように4桁で記入");
    }).finds("I02", "[x.xlsx]表紙!H4").rejected();

    // As with questions: what is visible is what the institution means.
    a_hidden_old_cover_before_the_one_that_counts: Case::sections(|book| {
        let mut old = book.sheet("表紙").clone();
        old.name = "表紙（旧）".to_owned();
        old.hidden = true;
        old.put(CODE, 1002).put(NAME, "模擬地方銀行002");
        book.sheets.insert(0, old);
    });

    the_covers_of_two_institutions: Case::sections(|book| {
        let mut other = book.sheet("表紙").clone();
        other.name = "表紙（２）".to_owned();
        other.put(CODE, 1002).put(NAME, "模擬地方銀行002");
        book.sheets.push(other);
    }).finds("I08", PLACE).rejected();
    the_name_of_another_institution: code(|cover| {
        cover.put(NAME, "模擬地方銀行099");
    }).finds("I06", "[x.xlsx]表紙!D5");
    a_name_in_another_width: code(|cover| {
        cover.put(NAME, "模擬 地方銀行００１");
    });

    the_form_of_another_year: Case::folder(|folder| {
        std::fs::copy(returned(2022, "1004"), folder.join(FILE)).expect("a file can be copied");
    }).says("expected 「サイバーセキュリティセルフアセスメント（2023事務年度）」").finds("I05", "[x.xlsx]表紙!B2").rejected();

    the_code_of_one_institution_and_the_name_of_another: Case::sections(|book| {
        book.sheet("表紙").put("D4", "1002");
    }).finds("I08", "[x.xlsx]表紙!D5").rejected();
    a_form_that_came_back_blank: Case::sections(|book| {
        for name in ["１．経営層の関与", "２．リスクへの対策", "３．有事への備え"] {
            let sheet = book.sheet(name);
            let marks: Vec<(u32, u16)> = sheet
                .rows()
                .into_iter()
                .flat_map(|(row, cells)| cells.into_keys().filter(|column| *column >= 3).map(move |column| (row, column)).collect::<Vec<_>>())
                .collect();
            for (row, column) in marks {
                sheet.take_answer(row, column);
            }
        }
    }).finds("I10", PLACE).rejected();
}
