//! Workbooks that would fill the memory of a careless reader, by malice or by accident.

use super::files::{overwrite, replace_at, xls};
use super::{Case, cases};
use crate::book::{Parts, returned};
use crate::responses::{answered, key, stored};
use crate::support::{Bench, Ran};

const PLACE: &str = "[x.xlsx]";
/// The sheet that holds no question.
const NOTES: &str = "[x.xlsx]記入要領";

/// A part of shared strings, with a comment of some length before its root and what that declares.
pub fn strings(comment: usize, attribute: &'static str) -> Case {
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

    one_long_text_shared_by_thousands_of_cells: Case::parts(|parts| {
        let namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let strings = format!("<sst xmlns=\"{namespace}\"><si><t>{}</t></si></sst>", "x".repeat(60_000));
        parts.add("xl/sharedStrings.xml", strings.into_bytes());
        let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings";
        let relation = format!(r#"<Relationship Type="{kind}" Target="/xl/sharedStrings.xml" Id="rIdS"/></Relationships>"#);
        parts.replace("xl/_rels/workbook.xml.rels", "</Relationships>", &relation);
        let cells: String = (1..=5_000).map(|row| format!(r#"<row r="{}"><c r="A{}" t="s"><v>0</v></c></row>"#, 900 + row, 900 + row)).collect();
        parts.replace("xl/worksheets/sheet4.xml", "</sheetData>", &format!("{cells}</sheetData>"));
    }).finds("F05", PLACE).rejected();
    a_cell_in_the_millionth_column: sheet_with(
        "</sheetData>",
        r#"<row r="900"><c r="BDWGN900" t="inlineStr"><is><t>x</t></is></c></row></sheetData>"#,
    ).finds("F05", PLACE).rejected();
    a_row_of_a_million_cells: Case::parts(|parts| {
        let cells = r#"<c t="b"><v>1</v></c>"#.repeat(600_000);
        parts.replace("xl/worksheets/sheet4.xml", "</sheetData>", &format!(r#"<row r="900">{cells}</row></sheetData>"#));
    }).finds("F05", PLACE).rejected();
    thousands_of_sheets: Case::parts(|parts| {
        let sheets: String = (10..3_010).map(|id| format!(r#"<sheet name="s{id}" sheetId="{id}" r:id="rId5"/>"#)).collect();
        parts.edit("xl/workbook.xml", |text| {
            let relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
            text.replacen("<workbook ", &format!(r#"<workbook xmlns:r="{relationships}" "#), 1).replace("</sheets>", &format!("{sheets}</sheets>"))
        });
    }).finds("F05", PLACE).rejected();
    a_directory_that_says_a_part_is_tiny: Case::bytes(|| with_directory_field(24, 10));
    // Nothing leads to them, so nobody unpacks them.
    parts_that_lie_over_one_another: Case::bytes(|| overlapping_parts(40));
    a_sheet_that_is_the_workbook_itself: relation_of_last_sheet("workbook.xml", "").finds("F12", NOTES);
    a_sheet_that_is_the_list_of_relationships: relation_of_last_sheet("_rels/workbook.xml.rels", "").finds("F12", NOTES);
    a_sheet_outside_the_workbook: relation_of_last_sheet("../../../../etc/passwd", "").finds("F12", NOTES);
    a_sheet_on_another_machine: relation_of_last_sheet("file:////server/share/sheet.xml", r#" TargetMode="External""#)
        .finds("F12", NOTES);

    // Odd, and yet every answer can be read.
    elements_nested_a_hundred_thousand_deep: sheet_with(
        "<sheetData>",
        format!("{}{}<sheetData>", "<x>".repeat(100_000), "</x>".repeat(100_000)),
    );
    a_comment_of_megabytes: sheet_with("<sheetData>", format!("<!--{}--><sheetData>", "x".repeat(8 << 20)));
    fewer_strings_declared_than_there_are: strings(0, r#"count="0" uniqueCount="0""#);
    an_extent_declared_over_the_whole_sheet: Case::parts(|parts| {
        parts.edit("xl/worksheets/sheet4.xml", |text| text.replacen(r#"<dimension ref="A1:H34"/>"#, r#"<dimension ref="A1:XFD1048576"/>"#, 1));
    });
    an_extent_declared_smaller_than_it_is: Case::parts(|parts| {
        parts.edit("xl/worksheets/sheet4.xml", |text| text.replacen(r#"<dimension ref="A1:H34"/>"#, r#"<dimension ref="A1"/>"#, 1));
    });
    a_hundred_thousand_merged_cells: Case::parts(|parts| {
        let merged: String = (1_000..101_000).map(|row| format!(r#"<mergeCell ref="A{row}:B{row}"/>"#)).collect();
        parts.edit("xl/worksheets/sheet4.xml", |text| text.replace("</mergeCells>", &format!("{merged}</mergeCells>")));
    }).finds("F05", PLACE).rejected();

    a_directory_that_says_a_part_is_huge: Case::bytes(|| with_directory_field(20, u32::MAX - 1));
    // The guard finds nothing wrong with these two; what they cost their reader is bounded by its
    // process. An ordinary workbook takes a fraction of what is allowed here.
    a_workbook_that_takes_more_memory_than_is_allowed: Case::parts(|parts| {
        parts.edit("xl/worksheets/sheet4.xml", |sheet| format!("{sheet}<!--{}-->", " ".repeat(15 << 20)));
    }).with(&["--worker-memory", "40"]).finds("F15", PLACE).rejected();
    a_workbook_whose_sheets_all_unpack_to_the_same_million_empty_texts: Case::bytes(endless)
        .with(&["--worker-seconds", "1"]).finds("F16", PLACE).rejected();
    a_workbook_whose_sheets_unpack_to_more_than_any_questionnaire: Case::bytes(|| shared_by(200))
        .finds("F05", PLACE).rejected();

    // Not unsafe: it only looks so to a reader that reserves the whole rectangle.
    a_cell_in_the_last_row_and_column: sheet_with(
        "</sheetData>",
        r#"<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>"#,
    ).finds("A09", "[x.xlsx]３．有事への備え!XFD1048576");
    a_huge_picture_that_nobody_needs_to_unpack: Case::parts(|parts| {
        parts.add("xl/media/image1.png", vec![0; 64 << 20]);
    });
}

/// The workbook with another relationship of its last sheet, which holds no question.
fn relation_of_last_sheet(target: &'static str, mode: &'static str) -> Case {
    Case::parts(move |parts| {
        let to = format!(r#"Target="{target}"{mode}"#);
        parts.replace("xl/_rels/workbook.xml.rels", r#"Target="/xl/worksheets/sheet5.xml""#, &to);
    })
}

/// The workbook with a number of four bytes in the directory's record of its last sheet changed.
fn with_directory_field(field: usize, number: u32) -> Vec<u8> {
    let file = super::files::workbook();
    let directory = file.windows(4).position(|bytes| bytes == b"PK\x01\x02").expect("a directory");
    let name = b"xl/worksheets/sheet5.xml";
    let record = file[directory..].windows(name.len()).position(|bytes| bytes == name).expect("the last sheet");
    replace_at(file, directory + record - 46 + field, &number.to_le_bytes())
}

/// The workbook with a part of two megabytes that its directory names so many times.
fn overlapping_parts(times: u16) -> Vec<u8> {
    let mut parts = Parts::in_bytes(&super::files::workbook());
    let one = parts.add("xl/worksheets/0000.xml", vec![b' '; 2 << 20]).bytes();
    let name = b"xl/worksheets/0000.xml";
    let last = one.windows(name.len()).rposition(|bytes| bytes == name).expect("a record of the directory") - 46;
    let end = one.windows(4).rposition(|bytes| bytes == b"PK\x05\x06").expect("an end of the directory");
    let mut all = one[..last].to_vec();
    for number in 0..times {
        let mut record = one[last..end].to_vec();
        record[46 + 14..46 + 18].copy_from_slice(format!("{number:04}").as_bytes());
        all.extend(record);
    }
    let mut tail = one[end..].to_vec();
    let start = u32::from_le_bytes(tail[16..20].try_into().expect("four bytes"));
    let count = u16::from_le_bytes([tail[10], tail[11]]) - 1 + times;
    let length = u32::try_from(all.len()).expect("a small file") - start;
    tail[8..10].copy_from_slice(&count.to_le_bytes());
    tail[10..12].copy_from_slice(&count.to_le_bytes());
    tail[12..16].copy_from_slice(&length.to_le_bytes());
    [all, tail].concat()
}

/// A small workbook that takes seconds to read: three sheets that are all the same part.
pub fn endless() -> Vec<u8> {
    shared_by(2)
}

/// A workbook of which so many sheets more are the same part of a million empty texts.
fn shared_by(count: u32) -> Vec<u8> {
    let mut parts = Parts::of(&returned(2023, "1001"));
    let runs = "<r><t/></r>".repeat(1_200_000);
    parts.edit("xl/worksheets/sheet4.xml", |sheet| {
        let row = format!(r#"<row r="900"><c r="A900" t="inlineStr"><is>{runs}</is></c></row></sheetData>"#);
        sheet.replace("</sheetData>", &row)
    });
    parts.edit("xl/workbook.xml", |workbook| {
        let sheet = |number| format!(r#"<sheet name="s{number}" sheetId="{number}" r:id="rId4"/>"#);
        let sheets: String = (100..100 + count).map(sheet).collect();
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

#[test]
fn rows_and_columns_of_opendocument_beyond_any_sheet_are_set_aside() {
    let row =
        |cells: &str| format!(r#"<table:table-row table:number-rows-repeated="4294967295">{cells}</table:table-row>"#);
    let shape = r#"<table:table-cell><draw:ellipse svg:x="9in" svg:y="9in" svg:width="1in" svg:height="1in"/></table:table-cell>"#;
    let far = r#"<table:table-cell table:number-columns-repeated="4294967295"/><table:table-cell/>"#;
    for last in [row("<table:table-cell/>") + &row("<table:table-cell/>"), row(shape), row(far)] {
        let (bench, ran) = with_tail(u32::MAX, &last);
        let found: Vec<_> = bench.findings(2023).iter().map(|finding| finding["code"].clone()).collect();
        assert_eq!(found, ["F05"], "{}\n{}", ran.out, ran.err);
    }
    let (bench, ran) = with_tail(u32::MAX, "");
    assert_eq!(ran.status, 0, "a last stretch of empty rows may reach further: {}", ran.err);
    assert_eq!(answered(&stored(&bench, "responses", 2023), "2028"), key(2023, "2028"));
}
