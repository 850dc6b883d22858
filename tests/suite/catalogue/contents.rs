//! What stands in the parts of a workbook besides plain answers: formulas, furigana, dates,
//! macros, and other ways to spell the same workbook.

use super::{Case, cases, fixture};
use crate::book::Parts;

const PLACE: &str = "[x.xlsx]";
const D17: &str = "[x.xlsx]１．経営層の関与!D17";
const D89: &str = "[x.xlsx]１．経営層の関与!D89";
const D34: &str = "[x.xlsx]３．有事への備え!D34";
const SHEET: &str = "xl/worksheets/sheet2.xml";

/// The FY2023 workbook with the mark beside 役員 written in another way.
fn mark(cell: &'static str) -> Case {
    Case::parts(move |parts| {
        parts.replace(SHEET, r#"<c r="D17" s="4" t="inlineStr"><is><t>&#9675;</t></is></c>"#, cell);
    })
}

/// With the number of staff, 8, written in another way.
fn number(cell: &'static str) -> Case {
    Case::parts(move |parts| {
        parts.replace(SHEET, r#"<c r="D89" s="4" t="n"><v>8</v></c>"#, cell);
    })
}

/// With remarks, which 1001 left blank.
fn text(cell: &'static str) -> Case {
    Case::parts(move |parts| {
        parts.replace("xl/worksheets/sheet4.xml", r#"<c r="D34" s="4" t="n"></c>"#, cell);
    })
}

/// With the wording 役員 written in another way.
fn wording(cell: &'static str) -> Case {
    Case::parts(move |parts| {
        parts.replace(SHEET, r#"<c r="C17" s="4" t="inlineStr"><is><t>&#24441;&#21729;</t></is></c>"#, cell);
    })
}

/// With a shared string, which the wording 役員 uses.
fn shared(string: &'static str) -> Case {
    Case::parts(move |parts| share(parts, string))
}

fn share(parts: &mut Parts, string: &str) {
    parts.replace(
        SHEET,
        r#"<c r="C17" s="4" t="inlineStr"><is><t>&#24441;&#21729;</t></is></c>"#,
        r#"<c r="C17" s="4" t="s"><v>0</v></c>"#,
    );
    let namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let strings = format!(r#"<sst xmlns="{namespace}" count="1" uniqueCount="1">{string}</sst>"#);
    parts.add("xl/sharedStrings.xml", strings.into_bytes());
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings";
    let relation = format!(r#"<Relationship Type="{kind}" Target="/xl/sharedStrings.xml" Id="rIdS"/></Relationships>"#);
    parts.replace("xl/_rels/workbook.xml.rels", "</Relationships>", &relation);
}

/// As 「厳密な Open XML スプレッドシート」 is saved: under other names of its name spaces.
fn make_strict(parts: &mut Parts) {
    const NAMES: [(&str, &str); 2] = [
        ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    ];
    parts.edit_all(|text| NAMES.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to)));
    parts.edit("xl/workbook.xml", |text| text.replacen("<workbook ", r#"<workbook conformance="strict" "#, 1));
}

/// With the day 1 July 2023 in the box of a mark or a number, in a format of its own.
fn day(case: fn(&'static str) -> Case, cell: &'static str, format: &'static str) -> Case {
    let with_day = case(cell);
    Case::folder(move |folder| {
        (with_day.put)(folder);
        let path = folder.join(super::FILE);
        let mut parts = Parts::of(&path);
        parts.edit("xl/styles.xml", |text| {
            let formats =
                format!(r#"<numFmts count="1"><numFmt numFmtId="176" formatCode="{format}"/></numFmts><fonts"#);
            let text = text.replacen("<fonts", &formats, 1);
            let own =
                r#"<xf numFmtId="176" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>"#;
            text.replacen("</cellXfs>", own, 1)
        });
        std::fs::write(path, parts.bytes()).expect("a file can be written");
    })
}

/// The same workbook as LibreOffice saves it, with the mark beside 役員 written in another way.
fn opendocument(wording: &'static str, mark: &'static str) -> Case {
    Case::bytes(move || {
        let cell = |text: &str| {
            format!(
                r#"<table:table-cell table:style-name="ce3" office:value-type="string" calcext:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
            )
        };
        let mut parts = Parts::in_bytes(&fixture("opendocument.ods"));
        let from = format!("{}{}", cell("役員"), cell("○"));
        // 役員 is an option of several questions; 問3 is the first of them.
        parts.edit("content.xml", |text| {
            assert!(text.contains(&from), "{from} stands in the workbook");
            text.replacen(&from, &format!("{}{mark}", cell(wording)), 1)
        });
        parts.bytes()
    })
}

const OPEN_MARK: &str =
    r#"<table:table-cell office:value-type="string" calcext:value-type="string"><text:p>○</text:p></table:table-cell>"#;

cases! {
    an_answer_by_a_formula: mark(r#"<c r="D17" t="str"><f>IF(TRUE,"○","")</f><v>○</v></c>"#)
        .finds("A07", D17).says(r#"=IF(TRUE,"○","")"#);
    a_number_by_a_formula: number(r#"<c r="D89"><f>4+4</f><v>8</v></c>"#).finds("A07", D89).says("=4+4");
    a_formula_shared_by_cells: mark(r#"<c r="D17" t="str"><f t="shared" si="0" ref="D17:D18">C1</f><v>○</v></c>"#)
        .finds("A07", D17);
    // The number of a shared formula is no size to reserve.
    a_formula_shared_under_a_huge_number: mark(r#"<c r="D17" t="str"><f t="shared" si="4000000000" ref="D17:D18">C1</f><v>○</v></c>"#)
        .finds("A07", D17);
    a_formula_shared_from_nowhere: mark(r#"<c r="D17" t="str"><f t="shared" si="7"/><v>○</v></c>"#).finds("A07", D17);
    a_formula_without_a_result: mark(r#"<c r="D17"><f>C17</f><v></v></c>"#)
        .finds("A08", D17).says("=C17").leaves("ciso", "", "unreadable", "");
    a_formula_with_nothing_but_itself: mark(r#"<c r="D17"><f>C17</f></c>"#)
        .finds("A08", D17).leaves("ciso", "", "unreadable", "");
    a_number_by_a_formula_without_a_result: number(r#"<c r="D89"><f>4+4</f><v/></c>"#)
        .finds("A08", D89).leaves("staff_count", "", "unreadable", "");
    a_formula_whose_result_is_an_empty_text: mark(r#"<c r="D17" t="str"><f>""</f><v></v></c>"#)
        .finds("E03", D17).leaves("ciso", "", "item_nonresponse", "");
    a_formula_whose_result_is_an_error: mark(r##"<c r="D17" t="e"><f>#REF!</f><v>#REF!</v></c>"##)
        .finds("A05", D17).leaves("ciso", "", "unreadable", "");
    a_text_by_a_formula_without_a_result: text(r#"<c r="D34"><f>C34</f></c>"#)
        .finds("A08", D34).leaves("remarks", "", "unreadable", "");
    an_error_where_a_text_is_asked: text(r##"<c r="D34" t="e"><v>#REF!</v></c>"##)
        .finds("A05", D34).leaves("remarks", "", "unreadable", "");
    // Saved by LibreOffice with ="○" in D17.
    an_answer_by_a_formula_in_an_old_workbook: Case::bytes(|| fixture("formula.xls")).finds("A07", D17);
    an_answer_by_a_formula_in_opendocument: opendocument(
        "役員",
        r#"<table:table-cell table:formula="of:=&quot;○&quot;" office:value-type="string" calcext:value-type="string"><text:p>○</text:p></table:table-cell>"#,
    ).finds("A07", D17).says("=\"○\"");
    a_formula_without_a_result_in_opendocument: opendocument("役員", r#"<table:table-cell table:formula="of:=[.C17]"/>"#)
        .finds("A08", D17).says("=[.C17]").leaves("ciso", "", "unreadable", "");

    furigana_in_a_cell: wording(r#"<c r="C17" t="inlineStr"><is><t>役員</t><rPh sb="0" eb="2"><t>ヤクイン</t></rPh><phoneticPr fontId="1"/></is></c>"#);
    furigana_in_a_shared_string: shared(r#"<si><t>役員</t><rPh sb="0" eb="2"><t>ヤクイン</t></rPh><phoneticPr fontId="1"/></si>"#);
    furigana_in_opendocument: opendocument(
        "<text:ruby><text:ruby-base>役員</text:ruby-base><text:ruby-text>ヤクイン</text:ruby-text></text:ruby>",
        OPEN_MARK,
    );
    rich_text_in_a_cell: wording(r#"<c r="C17" t="inlineStr"><is><r><t>役</t></r><r><rPr><b/></rPr><t>員</t></r></is></c>"#);
    rich_text_in_a_shared_string: shared(r#"<si><r><t>役</t></r><r><rPr><b/></rPr><t>員</t></r><rPh sb="0" eb="2"><t>ヤクイン</t></rPh></si>"#);
    rich_text_in_opendocument: opendocument(r#"役<text:span text:style-name="T1">員</text:span>"#, OPEN_MARK);

    a_date_beside_an_option: day(mark, r#"<c r="D17" s="6"><v>45108</v></c>"#, "yyyy/m/d")
        .finds("A02", D17).says("「2023-07-01」").leaves("ciso", "", "unreadable", "");
    a_date_of_the_japanese_calendar: day(mark, r#"<c r="D17" s="6"><v>45108</v></c>"#, "[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@")
        .finds("A02", D17).says("「2023-07-01」").leaves("ciso", "", "unreadable", "");
    a_date_where_a_number_is_asked: day(number, r#"<c r="D89" s="6"><v>45108</v></c>"#, "[$-411]ge.m.d")
        .finds("A03", D89).says("「2023-07-01」").leaves("staff_count", "", "unreadable", "");
    a_year_of_the_japanese_calendar: day(number, r#"<c r="D89" s="6"><v>45108</v></c>"#, "[$-ja-JP-x-gannen]ggge&quot;年&quot;")
        .finds("A03", D89).says("「2023-07-01」").leaves("staff_count", "", "unreadable", "");
    a_time_of_day: day(mark, r#"<c r="D17" s="6"><v>0.5</v></c>"#, "h:mm")
        .finds("A02", D17).says("「12:00」").leaves("ciso", "", "unreadable", "");
    a_day_and_a_time: day(mark, r#"<c r="D17" s="6"><v>45108.75</v></c>"#, "yyyy/m/d h:mm")
        .finds("A02", D17).says("「2023-07-01 18:00」").leaves("ciso", "", "unreadable", "");

    strict_open_xml: Case::parts(make_strict);
    strict_open_xml_with_shared_strings: Case::parts(|parts| {
        share(parts, "<si><t>役員</t></si>");
        make_strict(parts);
    });
    // Where the transitional kind stores a serial number, the strict one may store a day.
    a_date_in_strict_open_xml: Case::parts(|parts| {
        parts.replace(SHEET, r#"<c r="D89" s="4" t="n"><v>8</v></c>"#, r#"<c r="D89" t="d"><v>2023-07-01</v></c>"#);
        make_strict(parts);
    }).finds("A03", D89).says("「2023-07-01」").leaves("staff_count", "", "unreadable", "");

    macros: Case::parts(|parts| {
        parts.add("xl/vbaProject.bin", b"not to be run".to_vec());
    }).finds("F08", PLACE).says("carries macros;");
    links_to_other_workbooks: Case::parts(|parts| {
        parts.add("xl/externalLinks/externalLink1.xml", b"<externalLink/>".to_vec());
        parts.add("xl/externalLinks/_rels/externalLink1.xml.rels", b"<Relationships/>".to_vec());
    }).finds("F08", PLACE).says("links to other workbooks");
    values_of_opendocument_in_attributes: opendocument(
        "役員",
        r#"<table:table-cell office:value-type="string" office:string-value="○"/>"#,
    );
    a_shape_in_a_marked_cell_of_opendocument: opendocument("役員", r#"<table:table-cell office:value-type="string"><draw:custom-shape><text:p>ここ</text:p></draw:custom-shape><text:p>○</text:p></table:table-cell>"#);
    a_shape_in_a_wording_of_opendocument: opendocument("役員</text:p><draw:g><draw:rect><text:p>注</text:p></draw:rect></draw:g><text:p>", OPEN_MARK);
    links_to_other_workbooks_in_opendocument: opendocument(
        "役員",
        r#"<table:table-cell table:formula="of:=['file:///C:/a.ods'#$a.A1]" office:value-type="string"><text:p>○</text:p></table:table-cell>"#,
    ).finds("F08", PLACE).says("links to other workbooks").finds("A07", D17);
    what_was_last_seen_of_another_workbook_in_opendocument: Case::bytes(|| {
        let mut parts = Parts::in_bytes(&fixture("opendocument.ods"));
        parts.edit("content.xml", |text| {
            let copy = r#"<table:table table:name="'file:///C:/a.ods'#$点検票"><table:table-source/><table:table-row><table:table-cell office:value-type="string"><text:p>点検票</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>"#;
            text.replacen("</office:spreadsheet>", copy, 1)
        });
        parts.bytes()
    }).finds("F08", PLACE).says("links to other workbooks");
    web_extensions: Case::parts(|parts| {
        parts.add("xl/webextensions/taskpanes.xml", b"<x/>".to_vec());
    }).finds("F08", PLACE).says("web extensions");
    controls_of_a_form: Case::parts(|parts| {
        parts.add("xl/ctrlProps/ctrlProp1.xml", b"<x/>".to_vec());
    }).finds("F08", PLACE).says("controls");
    macros_of_opendocument: Case::bytes(|| {
        let mut parts = Parts::in_bytes(&fixture("opendocument.ods"));
        parts.add("Basic/Standard/Module1.xml", b"<x/>".to_vec()).bytes()
    }).finds("F08", PLACE);
}
