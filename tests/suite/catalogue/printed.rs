//! The form: what is printed around the answers and was deleted, overtyped or copied.

use super::{Case, FILE, cases};
use crate::book::{Book, Entry, Sheet};

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
    }).finds("L01", "[x.xlsx]")
        .finds("A04", "[x.xlsx]点検票!F60")
        .finds("A04", "[x.xlsx]点検票!F61")
        .finds("A04", "[x.xlsx]点検票!F62")
        .finds("A04", "[x.xlsx]点検票!F63")
        .finds("A04", "[x.xlsx]点検票!F64")
        .finds("A04", "[x.xlsx]点検票!F65").leaves("oa_terminal", "", "unreadable", "");
    options_with_other_numbers: Case::list(|book| {
        book.sheet(LIST).put("D8", 2).put("D9", 3).put("D10", 4).put("D11", 5).put("F8", 2);
    })
        .finds("L03", "[x.xlsx]点検票!D8").finds("L03", "[x.xlsx]点検票!D9")
        .finds("L03", "[x.xlsx]点検票!D10").finds("L03", "[x.xlsx]点検票!D11")
        .leaves("ciso", "", "unreadable", "");
    two_columns_headed_as_the_answers: Case::list(|book| {
        book.sheet(LIST).put("G3", "回答欄");
    }).says("2 columns are headed 「回答欄」").finds("I13", "[x.xlsx]").rejected();
    two_columns_headed_as_the_answers_on_one_of_two_sheets: Case::list(|book| {
        let mut rest = book.sheet(LIST).clone();
        rest.name = "続き".to_owned();
        rest.rearrange(|row, column| (!(3..58).contains(&row)).then_some((row, column)));
        rest.put("G3", "回答欄");
        book.sheet(LIST).rearrange(|row, column| (row < 58).then_some((row, column)));
        book.sheets.push(rest);
    }).finds("L06", "[x.xlsx]続き").of_another();
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
    }).says("no cell says 「回答欄」").finds("I13", "[x.xlsx]").rejected();
    the_form_of_last_year_with_this_year_on_its_cover: Case::folder(|folder| {
        let mut book = Book::of(2022, "1501");
        for sheet in &mut book.sheets {
            let mut years = Vec::new();
            for (row, cells) in sheet.rows() {
                for (column, entry) in cells {
                    if let Entry::Text(text) = entry {
                        years.push((row, column, text.replace("2022", "2023")));
                    }
                }
            }
            for (row, column, text) in years {
                sheet.set(row, column, Some(Entry::Text(text)));
            }
        }
        book.write(&folder.join(FILE));
    }).says("answers could be looked for and read").finds("I13", "[x.xlsx]").rejected();

    number_and_title_in_one_cell: Case::sections(|book| {
        book.sheet("１．経営層の関与").clear("B16").put("C16", "問3　サイバーセキュリティの統括責任者");
        book.sheet("２．リスクへの対策").clear("C4").put("B4", "問16．OA端末のサイバー攻撃対策");
    });
    number_and_title_in_one_cell_of_the_list: Case::list(|book| {
        book.sheet(LIST).clear("B8").put("C8", "２．サイバーセキュリティの統括責任者").clear("C59")
            .put("B59", "10 サイバーセキュリティ業務に従事する職員数\n（人、兼務を含む）");
    });
    an_option_with_its_number_in_one_cell: Case::sections(|book| {
        book.sheet("１．経営層の関与").clear("B17").put("C17", "1. 役員").clear("B18").put("C18", "（２）部長級職員");
        book.sheet("３．有事への備え").put("D28", "①ルール・手順を定め、実施状況をモニタリングしている")
            .clear("B29").put("C29", "(1) 複数世代の保管");
    });
    options_with_their_numbers_in_one_cell_of_the_list: Case::list(|book| {
        book.sheet(LIST).clear("D8").put("E8", "１．役員").clear("D9").put("E9", "２．部長級職員")
            .clear("D10").put("E10", "３．その他の職員").clear("D11").put("E11", "４．定めていない");
    });
    an_option_with_the_number_of_another_in_one_cell: Case::sections(|book| {
        book.sheet("１．経営層の関与").clear("B17").put("C17", "2. 役員");
    }).finds("A04", "[x.xlsx]１．経営層の関与!D17").finds("L02", "[x.xlsx]１．経営層の関与!B16").leaves("ciso", "", "unreadable", "");
    an_option_that_now_reads_as_another: Case::sections(|book| {
        book.sheet("１．経営層の関与").put("C17", "部長級職員");
    }).finds("L03", "[x.xlsx]１．経営層の関与!B17").finds("L02", "[x.xlsx]１．経営層の関与!B16").leaves("ciso", "", "unreadable", "");
    an_option_of_the_list_that_now_reads_as_another: Case::list(|book| {
        book.sheet(LIST).put("E8", "部長級職員");
    })
        .finds("L02", "[x.xlsx]点検票!B8").finds("L03", "[x.xlsx]点検票!D8")
        .leaves("ciso", "", "unreadable", "");
    two_options_that_changed_places: Case::sections(|book| {
        book.sheet("１．経営層の関与").put("C17", "部長級職員").put("C18", "役員");
    })
        .finds("L03", "[x.xlsx]１．経営層の関与!B17").finds("L03", "[x.xlsx]１．経営層の関与!B18")
        .leaves("ciso", "", "answered", "manager");
    a_title_that_now_reads_as_that_of_another_question: Case::sections(|book| {
        book.sheet("１．経営層の関与").put("C16", "サイバーセキュリティの経営計画");
    }).finds("A04", "[x.xlsx]１．経営層の関与!D17").finds("L01", "[x.xlsx]").leaves("ciso", "", "unreadable", "");

    labels_merged_over_several_cells: Case::sections(|book| {
        let sheet = book.sheet("１．経営層の関与");
        sheet.clear("B16").put("B15", "問3").merge("B15", "B16");
        sheet.merge("C17", "D17").put("E17", "○");
        // Row 79 is blank: the last item of 問13 takes it in.
        sheet.merge("C78", "C79").clear("F78").put("F79", "○");
        book.sheet("３．有事への備え").merge("A29", "B30").put("B29", "(1)");
    });
    the_number_of_a_question_merged_over_all_its_rows: Case::list(|book| {
        book.sheet(LIST).merge("A8", "A11").merge("B8", "B11").merge("C8", "C11").merge("F8", "F11");
    });

    the_form_of_another_sector: Case::sections(|book| {
        let mut other = Book::of(2023, "4001");
        other.sheet("表紙").put("D4", 1001).put("D5", "模擬地方銀行001");
        *book = other;
    }).says("5 of the 24 questions").says("問7, 問8, 問11, 問12, 問20").says("answers to 問19").finds("L11", "[x.xlsx]").finds("L12", "[x.xlsx]").of_another();
    a_form_of_which_most_is_gone: Case::sections(|book| {
        book.remove("１．経営層の関与");
    }).says("15 of the 24 questions").finds("L11", "[x.xlsx]").of_another();
    a_question_that_the_institution_is_not_asked: Case::sections(|book| {
        log_rules(book).put("D42", "○");
    }).finds("L12", "[x.xlsx]");
    a_question_that_the_institution_is_not_asked_left_blank: Case::sections(|book| {
        log_rules(book);
    });
}

/// Prints 問19, which is not asked of banks, below the questions of its section.
fn log_rules(book: &mut Book) -> &mut Sheet {
    let sheet = book.sheet("２．リスクへの対策");
    sheet.put("B40", "問19").put("C40", "重要なシステムのログ（監査証跡）について規定されている事項");
    sheet.put("D41", "ルール・手順を定め、実施状況をモニタリングしている").put("E41", "ルール・手順を定めている");
    sheet.put("F41", "定めていない").put("B42", "(1)").put("C42", "取得すべきログの特定")
}
