//! Workbooks that would fill the memory of a careless reader, by malice or by accident.

use super::files::{overwrite, xls};
use super::{Case, cases};
use crate::book::{Parts, returned};
use crate::responses::{answered, key, stored};
use crate::support::{Bench, Ran};

const PLACE: &str = "[x.xlsx]";

/// A part of shared strings, with a comment of some length before its root and what that declares.
fn strings(comment: usize, attribute: &'static str) -> Case {
    Case::parts(move |parts| {
        let namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let comment = format!("<!--{}-->", " ".repeat(comment));
        let part = format!("{comment}<sst xmlns=\"{namespace}\" {attribute}><si><t>a</t></si></sst>");
        parts.add("xl/sharedStrings.xml", part.into_bytes());
        let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings";
        let relation =
            format!(r#"<Relationship Type="{kind}" Target="/xl/sharedStrings.xml" Id="rIdS"/></Relationships>"#);
        parts.replace("xl/_rels/workbook.xml.rels", "</Relationships>", &relation);
    })
}

fn sheet_with(from: &'static str, to: impl Into<String>) -> Case {
    let to = to.into();
    Case::parts(move |parts| {
        parts.replace("xl/worksheets/sheet4.xml", from, &to);
    })
}

cases! {
    a_part_that_unpacks_to_more_than_any_questionnaire: Case::parts(|parts| {
        parts.add("xl/worksheets/sheet4.xml", vec![b' '; 17 << 20]);
    }).finds("F05", PLACE).rejected();
    ten_billion_strings_declared: strings(0, r#"uniqueCount="10000000000""#).finds("F05", PLACE).rejected();
    more_strings_than_can_be_counted_declared_in_single_quotes: strings(0, "uniqueCount='1000000000000000000'").finds("F05", PLACE).rejected();
    more_strings_than_can_be_counted_declared_with_white_space: strings(0, r#"uniqueCount = "1000000000000000000""#).finds("F05", PLACE).rejected();
    more_strings_than_can_be_counted_declared_behind_a_comment: strings(100_000, r#"uniqueCount="1000000000000000000""#)
        .finds("F05", PLACE).rejected();
    a_part_that_declares_a_document_type: sheet_with("<worksheet ", "<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\">]><worksheet ")
        .finds("F05", PLACE).rejected();
    // The record DIMENSIONS (0x200, 14 bytes): first row 0, rows to 0xFFFFFFFF, columns 0 to 0xFFFF.
    an_old_workbook_that_declares_four_billion_rows: Case::bytes(|| {
        overwrite(xls(), &[0, 2, 14, 0, 0, 0, 0, 0], 8, &[0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF])
    }).finds("F05", PLACE).rejected();

    // A record LABELSST (0xFD, 10 bytes), which begins with row and column of its cell.
    an_old_workbook_with_a_cell_far_from_the_others: Case::bytes(|| {
        overwrite(xls(), &[0xFD, 0, 10, 0], 4, &[0xFF, 0xFF, 0xFF, 0xFF])
    }).finds("F05", PLACE).rejected();
    a_text_longer_than_a_cell_of_excel_can_hold: sheet_with(
        "</sheetData>",
        format!(
            r#"<row r="900"><c r="A900" t="inlineStr"><is><t>{}</t></is></c></row></sheetData>"#,
            "x".repeat(200_000)
        ),
    ).finds("F05", PLACE).rejected();

    // The guard finds nothing wrong with these two; what they cost their reader is bounded by its
    // process. An ordinary workbook takes a fraction of what is allowed here.
    a_workbook_that_takes_more_memory_than_is_allowed: Case::parts(|parts| {
        parts.edit("xl/worksheets/sheet4.xml", |sheet| format!("{sheet}<!--{}-->", " ".repeat(15 << 20)));
    }).with(&["--worker-memory", "40"]).finds("F15", PLACE).rejected();
    a_workbook_whose_sheets_all_unpack_to_the_same_million_empty_texts: Case::bytes(endless)
        .with(&["--worker-seconds", "2"]).finds("F16", PLACE).rejected();

    // Not unsafe: it only looks so to a reader that reserves the whole rectangle.
    a_cell_in_the_last_row_and_column: sheet_with(
        "</sheetData>",
        r#"<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>"#,
    );
    a_huge_picture_that_nobody_needs_to_unpack: Case::parts(|parts| {
        parts.add("xl/media/image1.png", vec![0; 64 << 20]);
    });
}

/// A small workbook that takes minutes to read: two hundred sheets that are all the same part.
pub fn endless() -> Vec<u8> {
    let mut parts = Parts::of(&returned(2023, "1001"));
    let runs = "<r><t/></r>".repeat(1_200_000);
    parts.edit("xl/worksheets/sheet4.xml", |sheet| {
        let row = format!(r#"<row r="900"><c r="A900" t="inlineStr"><is>{runs}</is></c></row></sheetData>"#);
        sheet.replace("</sheetData>", &row)
    });
    parts.edit("xl/workbook.xml", |workbook| {
        let sheet = |number| format!(r#"<sheet name="s{number}" sheetId="{number}" r:id="rId4"/>"#);
        let sheets: String = (100..300).map(sheet).collect();
        let namespace = r#"<sheets xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">"#;
        workbook.replace("<sheets>", namespace).replace("</sheets>", &format!("{sheets}</sheets>"))
    });
    parts.bytes()
}

/// An OpenDocument workbook as LibreOffice saved it, with another tail of its cover: the empty
/// rows below the last filled one, and then a last row.
fn with_tail(empty_rows: u32, last_row: &str) -> (Bench, Ran) {
    let bench = Bench::new();
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_1004_"));
    let mut parts = Parts::of(&returned(2023, "2028"));
    parts.edit("content.xml", |text| {
        let (before, tail) =
            text.split_once(r#" table:number-rows-repeated="1048567""#).expect("empty rows of the cover");
        let (_, after) = tail.split_once("</table:table>").expect("the end of the cover");
        let rows =
            format!(r#" table:number-rows-repeated="{empty_rows}"><table:table-cell/></table:table-row>{last_row}"#);
        format!("{before}{rows}</table:table>{after}")
    });
    std::fs::write(folder.join("x.ods"), parts.bytes()).expect("a file can be written");
    let ran = bench.run("ingest", 2023, &folder, &[]);
    assert_eq!(answered(&stored(&bench, "responses", 2023), "1004"), key(2023, "1004"), "a neighbour");
    (bench, ran)
}

/// Rows of OpenDocument: so many rows of so many empty cells and then so many filled ones.
fn rows(count: u32, empty: u32, filled: u32) -> String {
    let cell = format!(r#"<table:table-cell table:number-columns-repeated="{empty}"/>"#);
    let text = format!(
        r#"<table:table-cell table:number-columns-repeated="{filled}" office:value-type="string"><text:p>x</text:p></table:table-cell>"#
    );
    format!(r#"<table:table-row table:number-rows-repeated="{count}">{cell}{text}</table:table-row>"#)
}

/// The most memory that reading took, where the system says so; two small workbooks need 50 MB.
fn assert_frugal(bench: &Bench) {
    let manifest = std::fs::read(bench.path("reports/fy2023/manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("a manifest is JSON");
    if let Some(bytes) = manifest["stages"][0]["peak_memory_bytes"].as_u64() {
        assert!(bytes < 256 << 20, "reading took {} MB", bytes >> 20);
    }
}

#[test]
fn a_stray_cell_far_down_and_right_in_opendocument_costs_nothing() {
    let (bench, ran) = with_tail(2_000, &rows(1, 8_000, 1));
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    assert_eq!(answered(&stored(&bench, "responses", 2023), "2028"), key(2023, "2028"));
    assert_frugal(&bench);
}

#[test]
fn a_stray_cell_in_the_last_row_and_column_of_opendocument_is_read_or_set_aside_for_what_it_is() {
    let (bench, ran) = with_tail(1_048_567, &rows(1, 16_383, 1));
    let found: Vec<_> = bench.findings(2023).iter().map(|finding| finding["code"].clone()).collect();
    assert!(found.is_empty() || found == ["F05"], "{}\n{}", ran.out, ran.err);
    assert_frugal(&bench);
}

#[test]
fn a_cell_of_opendocument_that_repeats_itself_over_millions_is_set_aside() {
    let (bench, ran) = with_tail(1, &rows(2_000, 1, 8_000));
    let found: Vec<_> = bench.findings(2023).iter().map(|finding| finding["code"].clone()).collect();
    assert_eq!(found, ["F05"], "{}\n{}", ran.out, ran.err);
    assert_frugal(&bench);
}
