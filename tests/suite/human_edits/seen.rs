//! Single cases of what is seen and what is not, each with its answer.

use std::fmt::Write as _;

use cssa::finding::{Code, Severity};
use rust_xlsxwriter::Format;

use super::{Came, Desk};
use crate::book::{Book, Entry, Parts, Sheet, shape};

/// The first section of the return of 1001 for FY2023, changed, as it was read. 問3 has its mark in
/// D17, 問4 marks in D23, D24 and D26, 問15 the number 8 in D89.
fn section(change: impl Fn(&mut Sheet)) -> (Desk, Came) {
    let desk = Desk::new(2023);
    let mut book = Book::of(2023, "1001");
    change(book.sheet("１．経営層の関与"));
    let came = desk.read(&book);
    (desk, came)
}

/// The same of the list of 1004 for FY2022. 問2 has the number 1 in F8, 問3 marks in F12 to F15.
fn list(change: impl Fn(&mut Sheet)) -> (Desk, Came) {
    let desk = Desk::new(2022);
    let mut book = Book::of(2022, "1004");
    change(book.sheet("点検票"));
    let came = desk.read(&book);
    (desk, came)
}

/// The first section of 1001 with this drawn or set over it.
fn drawn_over(anchors: &str) -> (Desk, Came) {
    let desk = Desk::new(2023);
    let mut book = Book::of(2023, "1001");
    book.sheet("１．経営層の関与").clear("D17");
    let mut parts = Parts::in_bytes(&book.bytes());
    parts.draw("sheet2", anchors);
    let came = desk.read_file(&parts.bytes());
    (desk, came)
}

#[test]
fn only_the_box_counts_beside_a_column_of_last_year() {
    let (desk, came) = section(|sheet| {
        sheet.put("E4", "前回回答").put("E16", "前回回答").put("E6", "○").put("E18", "○").put("E17", "〇");
    });
    assert_eq!(came.answer(desk.prompt("ciso", "")), "1");
    assert_eq!(came.codes(), [Code::RemarkBesideAnswer], "one finding for the column: {:?}", came.findings);
    let (desk, came) = section(|sheet| {
        sheet.clear("D17").put("E16", "下書き").put("E18", "○");
    });
    assert_eq!(came.answer(desk.prompt("ciso", "")), "", "a draft is no answer");
}

#[test]
fn a_number_under_a_heading_of_its_own_is_no_answer() {
    let (desk, came) = section(|sheet| {
        sheet.clear("D89").put("E88", "前回").put("E89", 7);
    });
    assert_eq!(came.answer(desk.prompt("staff_count", "")), "");
    let (desk, came) = section(|sheet| {
        sheet.clear("D89").put("E89", 7);
    });
    assert_eq!(came.answer(desk.prompt("staff_count", "")), "7");
    assert_eq!(came.codes(), [Code::AnswerUnderstood], "{:?}", came.findings);
}

#[test]
fn a_form_filled_with_the_zero_of_chinese_numerals_may_have_a_column_inserted() {
    let (_, original) = section(|_| {});
    let (_, came) = section(|sheet| {
        sheet.rearrange(|row, column| Some((row, if column < 3 { column } else { column + 1 })));
        let marked: Vec<(u32, u16)> = sheet
            .rows()
            .into_iter()
            .flat_map(|(row, cells)| {
                let is_mark = |entry: &&Entry| matches!(entry, Entry::Text(text) if text == "○");
                cells
                    .into_iter()
                    .filter(move |(_, entry)| is_mark(entry))
                    .map(move |(column, _)| (row, column))
                    .collect::<Vec<_>>()
            })
            .collect();
        for (row, column) in marked {
            sheet.set(row, column, Some("〇".into()));
        }
    });
    assert_eq!(came.answers(), original.answers());
    assert_eq!(came.codes(), [], "{:?}", came.findings);
}

#[test]
fn a_mark_on_the_number_contradicts_another_number_in_the_box() {
    let (desk, came) = list(|sheet| {
        sheet.put("D9", "○2");
    });
    assert_eq!(came.answer(desk.prompt("ciso", "")), "1+2", "both stand there, and neither is dropped");
    let (desk, came) = list(|sheet| {
        for (row, number) in ["①", "②", "③", "④"].into_iter().enumerate() {
            sheet.put(&format!("D{}", 8 + row), number);
        }
    });
    assert_eq!(came.answer(desk.prompt("ciso", "")), "1");
    assert_eq!(came.codes(), [], "circles around all numbers are print: {:?}", came.findings);
}

#[test]
fn a_mark_on_a_wording_counts_beside_a_mark_in_a_box() {
    let (desk, came) = section(|sheet| {
        sheet.put("C25", "○他社のサイバーインシデント事例");
    });
    assert_eq!(came.answer(desk.prompt("reporting", "")), "1+2+3+4");
    assert_eq!(came.codes(), [Code::AnswerUnderstood], "{:?}", came.findings);
}

#[test]
fn true_and_false_in_every_box_are_one_note() {
    let (_, original) = section(|_| {});
    let (_, came) = section(|sheet| {
        let boxes: Vec<(u32, bool)> = sheet
            .rows()
            .into_iter()
            .filter(|(_, cells)| {
                matches!(cells.get(&1), Some(Entry::Text(text)) if text.parse::<u8>().is_ok()) && cells.contains_key(&2)
            })
            .map(|(row, cells)| (row, cells.contains_key(&3)))
            .collect();
        assert!(boxes.len() > 30, "{} boxes", boxes.len());
        for (row, is_marked) in boxes {
            sheet.set(row, 3, Some(Entry::Boolean(is_marked)));
        }
    });
    assert_eq!(came.answers(), original.answers());
    assert_eq!(came.codes(), [Code::AnswerUnderstood], "{:?}", came.findings);
}

#[test]
fn a_struck_run_is_no_part_of_the_number() {
    let (desk, came) = section(|sheet| {
        sheet.set(88, 3, Some(Entry::Runs(vec![("8", true), ("12", false)])));
    });
    assert_eq!(came.answer(desk.prompt("staff_count", "")), "12");
    assert_eq!(came.codes(), [Code::AnswerNotSeen], "{:?}", came.findings);
}

#[test]
fn a_hidden_column_of_boxes_holds_no_answers() {
    let (desk, came) = section(|sheet| {
        sheet.hide_column(3);
    });
    assert_eq!(came.answer(desk.prompt("ciso", "")), "");
    assert!(came.codes().contains(&Code::AnswerNotSeen));
}

#[test]
fn a_format_that_shows_a_mark_is_read_as_shown() {
    let (desk, came) = section(|sheet| {
        sheet.put("D17", 0).put("D18", 1);
        for cell in ["D17", "D18"] {
            sheet.dress_cell(cell, Format::new().set_num_format("\"○\";;"));
        }
    });
    assert_eq!(came.answer(desk.prompt("ciso", "")), "2");
}

#[test]
fn a_circle_drawn_over_a_box_is_read() {
    let (desk, came) = drawn_over(&shape([3, 90_000, 17, 10_000], [3, 400_000, 17, 180_000], "ellipse", ""));
    assert_eq!(came.answer(desk.prompt("ciso", "")), "2");
    assert_eq!(came.codes(), [Code::AnswerUnderstood], "{:?}", came.findings);
}

#[test]
fn a_circle_drawn_around_the_number_of_an_option_is_read() {
    let (desk, came) = drawn_over(&shape([1, 90_000, 18, 10_000], [1, 400_000, 18, 180_000], "ellipse", ""));
    assert_eq!(came.answer(desk.prompt("ciso", "")), "3");
    let grave = came.findings.iter().filter(|finding| finding.severity > Severity::Information).count();
    assert_eq!(grave, 0, "{:?}", came.findings);
}

#[test]
fn a_sign_in_a_text_box_is_read_and_words_are_reported() {
    let (desk, came) = drawn_over(&shape([3, 90_000, 19, 10_000], [3, 400_000, 19, 180_000], "rect", "レ"));
    assert_eq!(came.answer(desk.prompt("ciso", "")), "4");
    let (desk, came) = drawn_over(&shape([3, 90_000, 17, 10_000], [5, 400_000, 18, 180_000], "rect", "部長が担当"));
    assert_eq!(came.answer(desk.prompt("ciso", "")), "");
    let said: Vec<&str> = came.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(said.iter().any(|said| said.contains("部長が担当")), "{said:?}");
}

#[test]
fn a_circle_over_two_options_is_reported_and_not_read() {
    let (desk, came) = drawn_over(&shape([3, 90_000, 17, 10_000], [3, 400_000, 18, 180_000], "ellipse", ""));
    assert_eq!(came.answer(desk.prompt("ciso", "")), "");
    assert!(came.codes().contains(&Code::DrawnOver), "{:?}", came.findings);
}

#[test]
fn a_circle_over_a_number_with_a_look_of_its_own_is_read_or_reported() {
    let desk = Desk::new(2023);
    let mut book = Book::of(2023, "1001");
    let looks = [
        (Entry::Number(3.0), Format::new().set_num_format("0\".\""), "3"),
        (Entry::Number(3.0), Format::new().set_num_format("0\"人\""), ""),
        ("3".into(), Format::new().set_font_strikethrough(), ""),
    ];
    for (entry, look, answer) in looks {
        book.sheet("１．経営層の関与").clear_if_filled("D17").put("B19", entry).dress_cell("B19", look);
        let mut parts = Parts::in_bytes(&book.bytes());
        parts.draw("sheet2", &shape([1, 90_000, 18, 10_000], [1, 400_000, 18, 180_000], "ellipse", ""));
        let came = desk.read_file(&parts.bytes());
        assert_eq!(came.answer(desk.prompt("ciso", "")), answer);
        assert_eq!(came.codes().contains(&Code::DrawnOver), answer.is_empty(), "{:?}", came.findings);
    }
}

/// Sets boxes of a form over a sheet as old drawings have them: the anchor of each, and whether it is ticked.
/// More ways lead from the sheet to other parts, and more elements stand in it.
fn set_over(parts: &mut Parts, boxes: &[(&str, &str)], ways: &str, elements: &str) {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    parts.edit("xl/worksheets/sheet2.xml", |sheet| {
        let own = format!(r#"<legacyDrawing xmlns:r="{office}" r:id="rId1"/>{elements}</worksheet>"#);
        sheet.replace("</worksheet>", &own)
    });
    let way = format!(r#"<Relationship Id="rId1" Type="{office}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/>"#);
    let ways = format!(r#"<Relationships xmlns="{package}">{way}{ways}</Relationships>"#);
    parts.add("xl/worksheets/_rels/sheet2.xml.rels", ways.into_bytes());
    let mut controls = String::new();
    for (anchor, state) in boxes {
        let data =
            format!(r#"<x:ClientData ObjectType="Checkbox"><x:Anchor>{anchor}</x:Anchor>{state}</x:ClientData>"#);
        write!(controls, r##"<v:shape type="#t">{data}</v:shape>"##).expect("a text");
    }
    let spaces = r#"xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel""#;
    parts.add("xl/drawings/vmlDrawing1.vml", format!("<xml {spaces}>{controls}</xml>").into_bytes());
}

#[test]
fn a_ticked_box_of_a_form_is_read_where_it_stands() {
    let desk = Desk::new(2023);
    let mut book = Book::of(2023, "1001");
    book.sheet("１．経営層の関与").clear("D17");
    let mut parts = Parts::in_bytes(&book.bytes());
    let boxes = [
        ("3, 5, 16, 2, 3, 30, 16, 17", ""),
        ("3, 5, 17, 2, 3, 30, 17, 17", "<x:Checked>1</x:Checked>"),
        ("3, 5, 18, 2, 3, 30, 18, 17", "<x:Checked>0</x:Checked>"),
    ];
    set_over(&mut parts, &boxes, "", "");
    let came = desk.read_file(&parts.bytes());
    assert_eq!(came.answer(desk.prompt("ciso", "")), "2");
    assert!(came.findings.iter().all(|finding| finding.severity == Severity::Information), "{:?}", came.findings);
}

#[test]
fn a_ticked_box_that_has_a_part_of_its_own_as_well_counts_once() {
    let desk = Desk::new(2023);
    let mut parts = Parts::in_bytes(&Book::of(2023, "1001").bytes());
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let way = format!(r#"<Relationship Id="rId2" Type="{office}/ctrlProp" Target="../ctrlProps/ctrlProp1.xml"/>"#);
    let corner = |row: u32| format!("<col>3</col><colOff>50000</colOff><row>{row}</row><rowOff>20000</rowOff>");
    let anchor = format!("<anchor><from>{}</from><to>{}</to></anchor>", corner(16), corner(19));
    let control = format!(r#"<control xmlns:r="{office}" shapeId="1" r:id="rId2" name="x">{anchor}</control>"#);
    set_over(
        &mut parts,
        &[("3, 5, 16, 2, 3, 30, 19, 2", "<x:Checked>1</x:Checked>")],
        &way,
        &format!("<controls>{control}</controls>"),
    );
    parts.add("xl/ctrlProps/ctrlProp1.xml", br#"<formControlPr objectType="CheckBox" checked="Checked"/>"#.to_vec());
    let came = desk.read_file(&parts.bytes());
    let drawn = came.codes().into_iter().filter(|code| *code == Code::DrawnOver).count();
    assert_eq!(drawn, 1, "one box over three options: {:?}", came.findings);
}

#[test]
fn a_format_that_excel_does_not_allow_is_asked() {
    let texts = "@".repeat(9);
    for format in [format!("0.{}", "0".repeat(70_000)), "0".repeat(256), format!("0;0;0;{texts}")] {
        let (desk, came) = section(|sheet| {
            sheet.put("D89", 8).dress_cell("D89", Format::new().set_num_format(&format));
        });
        assert_eq!(came.answer(desk.prompt("staff_count", "")), "");
        assert_eq!(came.codes(), [Code::AnswerNotSeen], "{:?}", came.findings);
    }
    let (desk, came) = section(|sheet| {
        sheet.put("D89", 8).dress_cell("D89", Format::new().set_num_format("0".repeat(255)));
    });
    assert_eq!(came.answer(desk.prompt("staff_count", "")), "8");
}

#[test]
fn a_run_whose_line_through_is_off_stands() {
    let desk = Desk::new(2023);
    let mut book = Book::of(2023, "1001");
    book.sheet("１．経営層の関与").set(88, 3, Some(Entry::Runs(vec![("8", true), ("1", false)])));
    let mut parts = Parts::in_bytes(&book.bytes());
    parts.replace("xl/sharedStrings.xml", "<strike/>", r#"<strike val="off"/>"#);
    assert_eq!(desk.read_file(&parts.bytes()).answer(desk.prompt("staff_count", "")), "81");
}

#[test]
fn one_mark_at_every_wording_is_print() {
    let (_, original) = section(|_| {});
    for boxes in [true, false] {
        let (desk, came) = section(|sheet| {
            for row in 22..=26 {
                let rows = sheet.rows();
                let Entry::Text(wording) = rows[&row][&2] else { panic!("a wording") };
                let typed = format!("○ {wording}");
                sheet.set(row, 2, Some(Entry::Text(typed)));
                if !boxes {
                    sheet.set(row, 3, None);
                }
            }
        });
        let expected = if boxes { original.answer(desk.prompt("reporting", "")) } else { String::new() };
        assert_eq!(came.answer(desk.prompt("reporting", "")), expected);
        assert_eq!(came.codes(), [Code::LabelChanged], "{:?}", came.findings);
    }
}

#[test]
fn a_sheet_of_last_year_is_no_contradiction() {
    let desk = Desk::new(2022);
    let mut book = Book::of(2022, "1004");
    let mut former = book.sheet("点検票").clone();
    former.name = "点検票（前回）".to_owned();
    former.put("F8", 3).clear("F12");
    book.sheets.push(former);
    let came = desk.read(&book);
    assert_eq!(came.answer(desk.prompt("ciso", "")), "1");
    assert_eq!(came.codes(), [Code::CopyNotRead], "{:?}", came.findings);
}

#[test]
fn bounds_and_percentages_are_those_of_the_question() {
    let number = |bank: &str, entry: Entry, format: &str| {
        let desk = Desk::with_bank(2023, "unit = \"人\"\nwhole = true\nmost = 100000", bank);
        let mut book = Book::of(2023, "1001");
        let sheet = book.sheet("１．経営層の関与");
        sheet.set(88, 3, Some(entry));
        sheet.dress_cell("D89", Format::new().set_num_format(format));
        let came = desk.read(&book);
        (came.answer(desk.prompt("staff_count", "")), came.codes())
    };
    let percent = "unit = \"％\"\nmost = 100\ndecimals = 2";
    assert_eq!(number(percent, Entry::Number(0.85), "0%"), ("85".to_owned(), vec![Code::AnswerUnderstood]));
    assert_eq!(number(percent, Entry::Number(0.85), "General"), ("0.85".to_owned(), vec![Code::ShareOfPercent]));
    assert_eq!(number(percent, Entry::Number(8.125), "General"), ("?".to_owned(), vec![Code::NotANumber]));
    assert_eq!(number(percent, "12.5％".into(), "General"), ("12.5".to_owned(), vec![Code::AnswerUnderstood]));
    let yen = "unit = \"円\"\nwhole = true\nleast = -1000000000000";
    assert_eq!(number(yen, Entry::Number(123_456_789_012.0), "#,##0"), ("123456789012".to_owned(), vec![]));
    assert_eq!(number(yen, "▲1,234,567".into(), "General"), ("-1234567".to_owned(), vec![]));
    assert_eq!(number(yen, "-2000000000000".into(), "General"), ("?".to_owned(), vec![Code::NotANumber]));
}

#[test]
fn answers_pasted_a_row_too_high_are_not_used() {
    let (_, original) = list(|_| {});
    for up in [true, false] {
        let (_, came) = list(|sheet| {
            sheet.rearrange(|row, column| match (column, row) {
                (5, 7..=60) if up => Some((row - 1, column)),
                (5, 7..=60) => Some((row + 1, column)),
                _ => Some((row, column)),
            });
        });
        let (truth, read) = (original.answers(), came.answers());
        let silent = truth.iter().filter(|(prompt, truth)| {
            let read = &read[prompt];
            read != *truth && !read.is_empty() && !read.ends_with('?')
        });
        assert_eq!(silent.count(), 0, "{truth:?}\n{read:?}\n{:?}", came.findings);
        assert!(came.codes().contains(&Code::AnswersOffRow), "{:?}", came.findings);
    }
}
