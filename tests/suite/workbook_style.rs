//! The house style of workbooks: a written value stays what it is, opens again, and has the same bytes every time.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, SheetVisible, Xlsx};
use cssa::texts::Language;
use cssa::workbook_style::{Book, Cell, Column, Row, Sheet, bytes};
use zip::ZipArchive;

fn book() -> Book {
    let many: Vec<String> = (1..=40).map(|n| format!("（{n}）定めている, 一部で定めている")).collect();
    Book {
        language: Language::Japanese,
        title: "照会 & 回答".to_owned(),
        properties: vec![("cssa.kind".to_owned(), "test".to_owned())],
        sheets: vec![Sheet {
            name: "照会票".to_owned(),
            title: "照会票".to_owned(),
            notes: vec!["長い注記。".repeat(40)],
            columns: vec![Column::new("鍵", 6.0).hidden(), Column::new("内容", 20.0), Column::new("件数", 8.0)],
            rows: vec![
                Row::new([Cell::text("k1"), Cell::text("=1+1"), Cell::count(1234)]),
                Row::new([Cell::text("k2"), Cell::empty().one_of(&many), Cell::tenths(333_u16)]).strong(),
                Row::new([Cell::text("k3"), Cell::empty().open(), Cell::text("長".repeat(40_000))]),
            ],
            footnotes: vec!["以上".to_owned()],
            is_locked: true,
            is_filtered: true,
            ..Sheet::default()
        }],
    }
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a workbook is an archive");
    let mut text = String::new();
    archive.by_name(name).expect("the part is there").read_to_string(&mut text).expect("a part is text");
    text
}

#[test]
fn the_same_description_gives_the_same_bytes() {
    assert!(bytes(&book()) == bytes(&book()));
}

#[test]
fn what_is_written_is_read_again_and_nothing_is_a_formula() {
    let written = bytes(&book());
    let mut opened = Xlsx::new(Cursor::new(&written)).expect("a workbook");
    let visible: Vec<_> = opened.sheets_metadata().iter().map(|sheet| sheet.visible == SheetVisible::Visible).collect();
    assert_eq!(visible, [true, false], "the lists of drop-downs are behind the sheet");
    let range = opened.worksheet_range("照会票").expect("the sheet");
    // Title, note, a line of air, headings, rows.
    assert_eq!(range.get_value((3, 1)), Some(&Data::String("内容".to_owned())));
    assert_eq!(range.get_value((4, 1)), Some(&Data::String("=1+1".to_owned())));
    assert_eq!(range.get_value((4, 2)), Some(&Data::Float(1234.0)));
    assert_eq!(range.get_value((5, 2)), Some(&Data::Float(33.3)));
    let long = range.get_value((6, 2)).expect("a cell").to_string();
    assert_eq!((long.chars().count(), long.ends_with('…')), (32_767, true));
    assert_eq!(opened.worksheet_formula("照会票").expect("the sheet").used_cells().count(), 0);
}

#[test]
fn a_locked_sheet_opens_the_cells_that_are_to_be_filled_in() {
    let written = bytes(&book());
    let sheet = part(&written, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<sheetProtection sheet=\"1\""), "{sheet}");
    assert!(sheet.contains("<dataValidation type=\"list\""), "{sheet}");
    // 40 options of 16 characters are more than the 255 that fit into a cell's own list.
    assert!(sheet.contains("'選択肢一覧'!$A$1:$A$40"), "{sheet}");
    assert!(sheet.contains("orientation=\"landscape\"") && sheet.contains("paperSize=\"9\""), "{sheet}");
    let styles = part(&written, "xl/styles.xml");
    assert!(styles.contains("<protection locked=\"0\"/>"), "{styles}");
    assert!(styles.contains("quotePrefix=\"1\""), "{styles}");
    assert!(styles.contains("BIZ UDPGothic"), "{styles}");
    assert!(part(&written, "docProps/core.xml").contains("2000-01-01T00:00:00Z"));
    assert!(part(&written, "docProps/custom.xml").contains("cssa.kind"));
}
