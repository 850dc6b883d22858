//! Sound returns as other programs write them: containers, encodings and counts that are odd and
//! allowed, sheets that hold no cells, binary workbooks. And files that are no workbook at all.
//!
//! excel95.xls holds texts in Shift_JIS (BIFF5); labelled.xlsx is protected by rights management.
//! The others are the workbook of institution 1039: binary.xlsb and padded.xls were written by
//! SheetJS, stray.xls has a text in its last cell, macro_sheet.xlsm a hidden sheet of old macros.

use std::path::Path;

use super::files::{overwrite, workbook};
use super::{Case, FILE, cases, fixture, institution};
use crate::book::{Parts, returned};
use crate::responses::{answered, stored};
use crate::support::{Bench, year_file};

const PLACE: &str = "[x.xlsx]";
const MAIN: &str = "xl/workbook.xml";
const WAYS: &str = "xl/_rels/workbook.xml.rels";
const SHEET: &str = "xl/worksheets/sheet4.xml";
/// The sheet that holds no question.
const NOTES: &str = "[x.xlsx]記入要領";

/// The FY2023 workbook with its parts under other names.
fn renamed(rename: fn(&str) -> String, rewrite: fn(&str) -> String) -> Case {
    Case::bytes(move || {
        let mut parts = Parts::of(&returned(2023, institution(2023)));
        parts.edit_all(rewrite);
        let mut other = Parts::default();
        for name in parts.names() {
            other.add(&rename(name), parts.content(name).to_vec());
        }
        other.bytes()
    })
}

/// With all of its parts in UTF-16.
fn wide(unit: fn(u16) -> [u8; 2], mark: &'static str) -> Case {
    Case::parts(move |parts| {
        let names: Vec<String> = parts.names().map(str::to_owned).collect();
        for name in names {
            let text = String::from_utf8(parts.content(&name).to_vec()).expect("a part is text");
            let text = format!(r#"{mark}<?xml version="1.0" encoding="UTF-16"?>{text}"#);
            parts.put(&name, text.encode_utf16().flat_map(unit).collect());
        }
    })
}

/// With something put behind the beginning of its list of sheets.
fn main_with(before: &'static str, what: &'static str) -> Case {
    Case::parts(move |parts| {
        parts.edit(MAIN, |text| text.replacen(before, &format!("{what}{before}"), 1));
    })
}

/// With merged cells more.
fn merged(area: &'static str) -> Case {
    Case::parts(move |parts| {
        let cell = format!(r#"<mergeCell ref="{area}"/></mergeCells>"#);
        parts.edit(SHEET, |text| text.replacen("</mergeCells>", &cell, 1));
    })
}

/// With rows more at the end of a sheet.
fn rows(rows: impl Fn() -> String + 'static) -> Case {
    Case::parts(move |parts| {
        parts.edit(SHEET, |text| text.replace("</sheetData>", &format!("{}</sheetData>", rows())));
    })
}

/// With another sheet in the list, and a relationship of this kind to its part.
fn with_sheet(kind: &'static str) -> Case {
    Case::parts(move |parts| {
        let space = "http://schemas.microsoft.com/office/2006/relationships";
        let way =
            format!(r#"<Relationship Id="rId99" Type="{space}/{kind}" Target="odd/sheet1.xml"/></Relationships>"#);
        parts.replace(WAYS, "</Relationships>", &way);
        let sheet = r#"<sheet xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" name="Odd" sheetId="99" r:id="rId99"/></sheets>"#;
        parts.replace(MAIN, "</sheets>", sheet);
        parts.add("xl/odd/sheet1.xml", b"<odd/>".to_vec());
    })
}

/// A file beside a return.
fn beside(name: &'static str, bytes: impl Fn() -> Vec<u8> + 'static) -> Case {
    Case::folder(move |folder: &Path| {
        std::fs::write(folder.join(FILE), workbook()).expect("a file can be written");
        std::fs::write(folder.join(name), bytes()).expect("a file can be written");
    })
}

/// A file that is refused for what it is.
fn other(bytes: &'static [u8], what: &'static str) -> Case {
    Case::bytes(move || bytes.to_vec()).finds("F01", PLACE).says(what).rejected()
}

fn numbers() -> Vec<u8> {
    Parts::default().add("Index/Document.iwa", b"x".to_vec()).add("preview.jpg", b"x".to_vec()).bytes()
}

fn letter() -> Vec<u8> {
    let space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let way = format!(
        r#"<Relationships><Relationship Id="a" Type="{space}/officeDocument" Target="word/document.xml"/></Relationships>"#
    );
    Parts::default()
        .add("[Content_Types].xml", b"<Types/>".to_vec())
        .add("_rels/.rels", way.into_bytes())
        .add("word/document.xml", b"<w:document/>".to_vec())
        .bytes()
}

/// A record CODEPAGE (0x42, two bytes) that says something else than Unicode.
fn code_page(page: u16) -> Case {
    Case::bytes(move || overwrite(fixture("formula.xls"), &[0x42, 0, 2, 0, 0xB0, 4], 4, &page.to_le_bytes()))
        .finds("A07", "[x.xlsx]１．経営層の関与!D17")
}

const COUNTED: &str = r#"algorithmName="SHA-512" hashValue="eA==" saltValue="eA==" spinCount="100000""#;

cases! {
    names_with_backslashes: renamed(|name| name.replace('/', "\\"), str::to_owned);
    the_main_part_at_the_root: renamed(
        |name| name.strip_prefix("xl/").unwrap_or(name).to_owned(),
        |text| text.replace("\"/xl/", "\"").replace("\"xl/", "\""),
    );
    the_main_part_under_another_name: renamed(
        |name| name.replace("xl/workbook.xml", "xl/book/Main.xml").replace("xl/_rels/workbook", "xl/book/_rels/Main"),
        |text| text.replace("\"xl/workbook.xml\"", "\"/xl/book/main.xml\"").replace("\"styles.xml\"", "\"../styles.xml\""),
    );
    parts_in_utf_16: wide(u16::to_le_bytes, "\u{feff}");
    parts_in_utf_16_the_other_way_round: wide(u16::to_be_bytes, "\u{feff}");
    parts_in_utf_16_without_a_mark: wide(u16::to_le_bytes, "");
    a_part_in_the_encoding_of_an_older_windows: Case::parts(|parts| {
        let text = String::from_utf8(parts.content(SHEET).to_vec()).expect("a part is text");
        parts.put(SHEET, format!(r#"<?xml version="1.0" encoding="Shift_JIS"?>{text}"#).into_bytes());
    });

    a_sheet_protected_by_a_password: Case::parts(|parts| {
        let protection = format!(r#"</sheetData><sheetProtection {COUNTED} sheet="1"/>"#);
        parts.edit(SHEET, |text| text.replace("</sheetData>", &protection));
    });
    a_range_with_a_password_of_its_own: Case::parts(|parts| {
        let range = format!(r#"</sheetData><protectedRanges><protectedRange name="a" sqref="A1" {COUNTED}/></protectedRanges>"#);
        parts.edit(SHEET, |text| text.replace("</sheetData>", &range));
    });
    a_structure_protected_by_a_password: main_with("<bookViews>", r#"<workbookProtection workbookSpinCount="100000" lockStructure="1"/>"#);
    a_password_for_writing: main_with("<workbookPr", r#"<fileSharing spinCount="100000" userName="x"/>"#);
    calculation_that_is_repeated: main_with("<bookViews>", r#"<x iterateCount="32767"/>"#);
    more_references_to_texts_than_bytes: super::hostile::strings(0, r#"count="4000000" uniqueCount="1""#);
    texts_declared_that_are_not_there: super::hostile::strings(0, r#"uniqueCount="100000""#);

    a_whole_row_merged: merged("95:95");
    whole_columns_merged: merged("J:K");
    merged_cells_with_dollars: merged("$A$900:$B$901");
    hundreds_of_thousands_of_empty_rows: rows(|| (900..400_000).map(|row| format!(r#"<row r="{row}" ht="20.25" customHeight="1" x="xxxxxxxx"/>"#)).collect());
    rows_of_nothing_but_styles: rows(|| (900..330_000).map(|row| format!(r#"<row r="{row}"><c r="A{row}" s="1"/><c r="B{row}" s="1"/></row>"#)).collect());
    // Rows without a number count on from the last one, which is empty and not needed otherwise.
    a_row_without_a_number_behind_many_empty_ones: rows(|| {
        let empty: String = (900..100_000).map(|row| format!(r#"<row r="{row}"/>"#)).collect();
        format!(r#"{empty}<row><c t="inlineStr"><is><t>x</t></is></c></row>"#)
    }).finds("A09", "[x.xlsx]３．有事への備え!A100000");

    a_module_without_a_part: Case::parts(|parts| {
        parts.replace(MAIN, "</sheets>", r#"<sheet name="Module1" sheetId="99"/></sheets>"#);
    }).finds("F12", "[x.xlsx]Module1");
    a_sheet_of_old_macros: with_sheet("xlMacrosheet").finds("F08", PLACE).says("macros of Excel 4.0");
    a_sheet_of_a_kind_that_nobody_knows: with_sheet("futureSheet").finds("F12", "[x.xlsx]Odd");
    a_sheet_that_ends_in_the_middle: Case::parts(|parts| {
        let part = "xl/worksheets/sheet5.xml";
        parts.edit(part, |text| text[..text.len() / 2].to_owned());
    }).finds("F12", NOTES);
    a_cover_that_ends_in_the_middle: Case::parts(|parts| {
        parts.edit("xl/worksheets/sheet1.xml", |text| text[..text.len() / 2].to_owned());
    }).finds("F12", "[x.xlsx]表紙").finds("F03", PLACE).says("sheet 表紙 cannot be read").rejected();

    texts_of_excel_95: Case::bytes(|| fixture("containers/excel95.xls"));
    a_code_page_that_is_not_that_of_the_texts: code_page(932);
    a_code_page_that_nobody_knows: code_page(21_010);
    a_compound_file_with_a_short_last_sector: Case::bytes(|| {
        let mut file = fixture("formula.xls");
        file.truncate(file.iter().rposition(|byte| *byte != 0).expect("a file that holds something") + 1);
        file
    }).finds("A07", "[x.xlsx]１．経営層の関与!D17");
    // The record DIMENSIONS (0x200, 14 bytes): first row 0, rows to 0xFFFFFFFF, columns 0 to 0xFFFF.
    an_extent_that_no_sheet_has: Case::bytes(|| {
        overwrite(fixture("formula.xls"), &[0, 2, 14, 0, 0, 0, 0, 0], 8, &[0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF])
    }).finds("A07", "[x.xlsx]１．経営層の関与!D17");

    rights_management: Case::bytes(|| fixture("containers/labelled.xlsx")).finds("F02", PLACE).says("秘密度ラベル").rejected();
    a_spreadsheet_encrypted_by_libreoffice: Case::bytes(|| fixture("encrypted/document.ods")).finds("F02", PLACE).rejected();
    a_spreadsheet_encrypted_as_a_whole: Case::bytes(|| {
        Parts::default().add("META-INF/manifest.xml", b"<m/>".to_vec()).add("encrypted-package", b"x".to_vec()).bytes()
    }).finds("F02", PLACE).rejected();
    a_spreadsheet_of_numbers: Case::bytes(numbers).finds("F01", PLACE).says("Apple Numbers").rejected();
    an_xml_spreadsheet_of_2003: other(
        br#"<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>"#,
        "XML Spreadsheet 2003",
    );
    a_flat_opendocument: other(
        br#"<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:mimetype="application/vnd.oasis.opendocument.spreadsheet"/>"#,
        "fods",
    );
    a_workbook_of_excel_2: other(b"\x09\0\x04\0\x02\0\x10\0", "Excel 2");
    a_workbook_of_excel_3: other(b"\x09\x02\x06\0\0\0\x10\0\0\0", "Excel 3");
    a_workbook_of_excel_4: other(b"\x09\x04\x06\0\0\0\x10\0\0\0", "Excel 4");
    an_archive_of_lha: other(b"\x1A\0-lh5-\0\0\0\0", "LHA");
    a_program_that_unpacks_itself: other(b"MZ\x90\0", "a program");
    a_shortcut: other(b"[InternetShortcut]\r\nURL=https://example.jp/\r\n", "a shortcut");
    a_file_of_zeros: Case::bytes(|| vec![0; 4_096]).finds("F03", PLACE).says("zeros").rejected();

    a_letter_beside_a_return: beside("送付状.pdf", || b"%PDF-1.7 a letter".to_vec()).finds("F10", "[送付状.pdf]");
    a_letter_written_with_word: beside("送付状.docx", letter).finds("F10", "[送付状.docx]");
    a_text_beside_a_return: beside("読んでください.txt", || b"\x82\xE6\x82\xEB\x82\xB5\x82\xAD".to_vec())
        .finds("F10", "[読んでください.txt]");
    a_letter_of_an_institution_of_which_there_is_a_return: beside("1001_送付状.pdf", || b"%PDF-1.7".to_vec())
        .finds("F10", "[1001_送付状.pdf]");
    a_pdf_of_an_institution_that_sent_nothing_else: beside("1016_点検票.pdf", || b"%PDF-1.7".to_vec())
        .finds("F01", "[1016_点検票.pdf]");
    a_spreadsheet_of_numbers_in_an_archive: beside("回答.zip", || {
        Parts::default().add("点検票.numbers", numbers()).add("送付状.pdf", b"%PDF-1.7".to_vec()).bytes()
    }).finds("F01", "[回答.zip/点検票.numbers]").finds("F10", "[回答.zip/送付状.pdf]");
}

#[test]
fn a_return_gives_the_same_answers_in_every_format() {
    let read = |name: &str| {
        let bench = Bench::new();
        let rows = "fiscal_year,institution,name,sector,subsector\r\n2023,1039,模擬地方銀行039,regional,regional_bank\r\n,,,,\r\n";
        let roster = bench.write("roster.csv", rows);
        let path = bench.write(&format!("returned/{name}"), fixture(&format!("containers/{name}")));
        let folder = path.parent().expect("a file lies in a folder");
        let year = year_file(2023);
        let [year, folder, roster] = [&year, folder, &roster].map(|path| path.to_string_lossy().into_owned());
        let ran = bench.cssa(["ingest", &year, "--returns", &folder, "--roster", &roster]);
        assert_eq!(ran.status, 0, "{name}: {}\n{}", ran.out, ran.err);
        answered(&stored(&bench, "responses", 2023), "1039")
    };
    let binary = read("binary.xlsb");
    assert!(binary.len() > 30, "{binary:?}");
    for name in ["padded.xls", "stray.xls", "macro_sheet.xlsm"] {
        assert_eq!(read(name), binary, "{name}");
    }
}

#[test]
fn the_password_of_the_institution_that_a_file_is_named_after_is_tried_first() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_1004_"));
    std::fs::write(folder.join("模擬地方銀行001.xlsx"), fixture("encrypted/agile.xlsx"))
        .expect("a file can be written");
    // So many that trying them all would take far longer than one file may take.
    let others: String = (2_000..12_000).map(|code| format!("{code},himitsu-{code}\r\n")).collect();
    let passwords = bench.write("passwords.csv", format!("institution,password\r\n{others}1001,himitsu-1001\r\n"));
    let ran = bench.run("ingest", 2023, &folder, &["--passwords", &passwords.to_string_lossy()]);
    assert!(answered(&stored(&bench, "responses", 2023), "1001").len() > 20, "{}\n{}", ran.out, ran.err);
    super::assert_secret(&bench, &ran);
}
