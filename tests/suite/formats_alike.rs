//! One return in four formats: what is struck out, hidden, in the colour of its ground, drawn or ticked
//! is seen alike, whatever the workbook was saved as.
//!
//! `tests/data/seen/return.ods` is the return of 1001 of the sample with such edits; LibreOffice saved it
//! as xls and xlsx, and the test writes the xlsx anew as xlsb.

use cssa::finding::{Code, Place};
use rust_xlsxwriter::{Color, Format};

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

fn saved(ending: &str) -> Vec<u8> {
    std::fs::read(project().join(format!("tests/data/seen/return.{ending}"))).expect("a return in the format")
}

#[test]
fn a_return_is_seen_alike_in_four_formats() {
    let desk = Desk::new(2023);
    let xlsx = saved("xlsx");
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
    let others = [("xls", saved("xls")), ("ods", saved("ods")), ("xlsb", binary(&parts))];
    for (format, bytes) in others {
        let came = desk.read_file(&bytes);
        assert_eq!(came.answers(), as_xlsx.answers(), "{format}");
        assert_eq!(found(&came), found(&as_xlsx), "{format}: {:?}", came.findings);
    }
}

#[test]
fn an_edited_return_is_seen_alike_as_xlsx_and_xlsb() {
    let desk = Desk::new(2023);
    let edits: [(&str, Format, Entry); 6] = [
        ("D25", Format::new().set_font_strikethrough(), "○".into()),
        ("D18", Format::new().set_background_color(Color::Black).set_font_color(Color::Black), "○".into()),
        ("D18", Format::new().set_num_format(";;;"), "○".into()),
        ("D89", Format::new().set_num_format("0,"), 12_000.into()),
        ("D89", Format::new().set_num_format("0\"千人\""), 3.into()),
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
