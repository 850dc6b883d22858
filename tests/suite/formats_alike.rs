//! One return in four formats: what is struck out, hidden, in the colour of its ground, drawn or ticked
//! is seen alike, whatever the workbook was saved as.
//!
//! `tests/data/seen/return.ods` is the return of 1001 of the sample with such edits; LibreOffice saved it
//! as xls and xlsx, and the test writes the xlsx anew as xlsb. In `crossed.xlsx`, saved by LibreOffice as
//! xls and ods, a line crosses one mark from corner to corner (D5), and another has one point (D11).

use cssa::finding::{Code, Place};
use rust_xlsxwriter::{Color, Format, FormatBorder, FormatDiagonalBorder};

use crate::binary_workbook::binary;
use crate::book::{Book, Entry, Parts, shape};
use crate::human_edits::{Came, Desk};
use crate::support::project;

/// The findings of a reading, by code and cell.
fn found(came: &Came) -> Vec<(Code, String)> {
    let cell = |place: &Place| match place {
        Place::Cell { sheet, cell, .. } => format!("{sheet}!{cell}"),
        _ => String::new(),
    };
    let mut found: Vec<_> = came.findings.iter().map(|finding| (finding.code, cell(&finding.place))).collect();
    found.sort();
    found
}

fn saved(name: &str) -> Vec<u8> {
    std::fs::read(project().join(format!("tests/data/seen/{name}"))).expect("a return in the format")
}

#[test]
fn a_return_is_seen_alike_in_four_formats() {
    let desk = Desk::new(2023);
    let xlsx = saved("return.xlsx");
    let as_xlsx = desk.read_file(&xlsx);
    assert_eq!(as_xlsx.answer(desk.prompt("policy", "")), "1", "a second mark is white");
    assert_eq!(as_xlsx.answer(desk.prompt("plan", "")), "1", "a second mark stands in a hidden row");
    assert_eq!(as_xlsx.answer(desk.prompt("ciso", "")), "2", "a circle is drawn over the box");
    assert_eq!(as_xlsx.answer(desk.prompt("reporting", "")), "1+2+4", "a fourth mark is struck out");
    assert_eq!(as_xlsx.answer(desk.prompt("risk_decision", "")), "3", "a box of a form is ticked");
    assert_eq!(as_xlsx.answer(desk.prompt("staff_count", "")), "12", "an 8 is struck out before it");
    let not_seen = as_xlsx.codes().into_iter().filter(|code| *code == Code::AnswerNotSeen).count();
    assert_eq!(not_seen, 4, "{:?}", as_xlsx.findings);
    // In a binary workbook Excel keeps the state of boxes in the old drawings, which LibreOffice leaves out.
    let mut parts = Parts::in_bytes(&xlsx);
    parts.edit("xl/drawings/vmlDrawing1.vml", |drawing| {
        drawing.replacen("</x:Anchor>", "</x:Anchor><x:Checked>1</x:Checked>", 1)
    });
    let others = [("xls", saved("return.xls")), ("ods", saved("return.ods")), ("xlsb", binary(&parts))];
    for (format, bytes) in others {
        let came = desk.read_file(&bytes);
        assert_eq!(came.answers(), as_xlsx.answers(), "{format}");
        assert_eq!(found(&came), found(&as_xlsx), "{format}: {:?}", came.findings);
    }
}

#[test]
fn a_crossed_mark_and_one_of_a_point_are_seen_alike_in_four_formats() {
    let desk = Desk::new(2023);
    let xlsx = saved("crossed.xlsx");
    let as_xlsx = desk.read_file(&xlsx);
    let not_seen: Vec<_> = found(&as_xlsx).into_iter().filter(|(code, _)| *code == Code::AnswerNotSeen).collect();
    let cells = ["D11", "D5"].map(|cell| (Code::AnswerNotSeen, format!("１．経営層の関与!{cell}")));
    assert_eq!(not_seen, cells, "{:?}", as_xlsx.findings);
    let others =
        [("xls", saved("crossed.xls")), ("ods", saved("crossed.ods")), ("xlsb", binary(&Parts::in_bytes(&xlsx)))];
    for (format, bytes) in others {
        let came = desk.read_file(&bytes);
        assert_eq!(came.answers(), as_xlsx.answers(), "{format}");
        assert_eq!(found(&came), found(&as_xlsx), "{format}: {:?}", came.findings);
    }
}

#[test]
fn a_line_of_no_kind_crosses_nothing() {
    let mut parts = Parts::in_bytes(&saved("crossed.ods"));
    parts.replace("content.xml", r#"-tl-br="0.74pt solid #000000""#, r#"-tl-br="0.000cm none #c7c7c7""#);
    let came = Desk::new(2023).read_file(&parts.bytes());
    assert_eq!(found(&came).iter().filter(|(code, _)| *code == Code::AnswerNotSeen).count(), 1, "{:?}", came.findings);
}

/// A line from corner to corner.
pub fn crossed() -> Format {
    Format::new().set_border_diagonal(FormatBorder::Thin).set_border_diagonal_type(FormatDiagonalBorder::BorderUp)
}

#[test]
fn an_edited_return_is_seen_alike_as_xlsx_and_xlsb() {
    let desk = Desk::new(2023);
    let edits: [(&str, Format, Entry); 9] = [
        ("D25", Format::new().set_font_strikethrough(), "○".into()),
        ("D18", Format::new().set_background_color(Color::Black).set_font_color(Color::Black), "○".into()),
        ("D18", Format::new().set_num_format(";;;"), "○".into()),
        ("D18", crossed(), "○".into()),
        ("D18", Format::new().set_font_size(1), "○".into()),
        ("D89", Format::new().set_num_format("0,"), 12_000.into()),
        ("D89", Format::new().set_num_format("0\"千人\""), 3.into()),
        ("D89", Format::new().set_num_format("0".repeat(300)), 8.into()),
        ("D89", Format::new(), Entry::Runs(vec![("8", true), ("12", false)])),
    ];
    for (cell, look, entry) in edits {
        let mut book = Book::of(2023, "1001");
        book.sheet("１．経営層の関与").put(cell, entry).dress_cell(cell, look);
        let parts = Parts::in_bytes(&book.bytes());
        let (one, other) = (desk.read_file(&parts.bytes()), desk.read_file(&binary(&parts)));
        assert!(!one.findings.is_empty(), "{cell} is not as the form asks");
        assert_eq!((one.answers(), found(&one)), (other.answers(), found(&other)), "{:?}", other.findings);
    }
}

#[test]
fn a_circle_is_seen_in_a_binary_workbook() {
    let desk = Desk::new(2023);
    let mut book = Book::of(2023, "1001");
    book.sheet("１．経営層の関与").clear("D17");
    let mut parts = Parts::in_bytes(&book.bytes());
    parts.draw("sheet2", &shape([3, 90_000, 17, 10_000], [3, 400_000, 17, 180_000], "ellipse", ""));
    let came = desk.read_file(&binary(&parts));
    assert_eq!(came.answer(desk.prompt("ciso", "")), "2");
    assert_eq!(came.codes(), [Code::AnswerUnderstood], "{:?}", came.findings);
}

#[test]
fn a_row_without_height_is_hidden_in_a_binary_workbook() {
    let desk = Desk::new(2023);
    let mut book = Book::of(2023, "1001");
    book.sheet("１．経営層の関与").put("D18", "○");
    let mut parts = Parts::in_bytes(&book.bytes());
    parts.replace("xl/worksheets/sheet2.xml", r#"<row r="18""#, r#"<row r="18" ht="0" customHeight="1""#);
    for bytes in [parts.bytes(), binary(&parts)] {
        let came = desk.read_file(&bytes);
        assert_eq!(came.answer(desk.prompt("ciso", "")), "1");
        assert_eq!(came.codes(), [Code::AnswerNotSeen], "{:?}", came.findings);
    }
}

/// The return of Excel 95 among the fixtures, with an object of this kind in the place of its title: from the
/// first column to the third, in rows 4 and 5.
fn with_object_of_excel_95(kind: u16) -> Vec<u8> {
    let mut bytes = std::fs::read(project().join("tests/data/containers/excel95.xls")).expect("a return of Excel 95");
    let begin = [0x09, 0x08, 0x08, 0x00, 0x00, 0x05, 0x10, 0x00];
    let mut sheets = bytes.windows(8).enumerate().filter(|(_, window)| *window == begin).map(|(at, _)| at);
    // The first is the cover.
    let sheet = sheets.nth(1).expect("a sheet of questions") + 12;
    // What the sheet says of its extent, and its first text.
    let length = |at: usize| 4 + usize::from(u16::from_le_bytes([bytes[at + 2], bytes[at + 3]]));
    let end = sheet + length(sheet) + length(sheet + length(sheet));
    let content = u16::try_from(end - sheet - 4).expect("two short records");
    let numbers = [0x5D, content, 1, 0, kind, 1, 0, 0, 0, 3, 0, 2, 512, 4, 128];
    bytes[sheet..end].fill(0);
    for (place, number) in bytes[sheet..end].chunks_exact_mut(2).zip(numbers) {
        place.copy_from_slice(&number.to_le_bytes());
    }
    bytes
}

#[test]
fn an_object_drawn_in_excel_95_is_reported() {
    let desk = Desk::new(2023);
    let drawn = |kind| {
        let came = desk.read_file(&with_object_of_excel_95(kind));
        let drawn = came.findings.into_iter().filter(|finding| finding.code == Code::DrawnOver);
        drawn.map(|finding| finding.message).collect::<Vec<_>>()
    };
    let oval = drawn(3);
    assert_eq!(oval.len(), 1, "{oval:?}");
    assert!(oval[0].contains("a drawn object (A4:C5)"), "{oval:?}");
    assert_eq!(drawn(0x0B), [""; 0], "a box of a form is no drawing");
}
