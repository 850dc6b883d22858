//! Files made to hurt: each small, each against another part of the reader.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

type Edit = fn(&str, String) -> String;

const NAMESPACE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Changes to the FY2023 workbook of an institution whose every part is text: each with its name and its edit.
const XLSX: [(&str, Edit); 6] = [
    ("17 MB in a part", |name, text| if name == SHEET { " ".repeat(17 << 20) } else { text }),
    ("15 MB of remarks in each of three parts", |name, text| {
        let is_sheet = ["sheet2.xml", "sheet3.xml", "sheet4.xml"].iter().any(|end| name.ends_with(end));
        if is_sheet { format!("{text}<!--{}-->", " ".repeat(15 << 20)) } else { text }
    }),
    ("ten billion texts declared", |name, text| {
        if name == SHEET { text.replacen("<sheetData", "<x uniqueCount=\"10000000000\"/><sheetData", 1) } else { text }
    }),
    ("three million texts", |name, text| match name {
        "xl/_rels/workbook.xml.rels" => {
            let kind = format!("{NAMESPACE}/sharedStrings");
            let relation = format!(r#"<Relationship Type="{kind}" Target="styles.xml" Id="rIdS"/></Relationships>"#);
            text.replace("</Relationships>", &relation)
        }
        "xl/styles.xml" => format!("<sst>{}</sst>", "<si/>".repeat(3_000_000)),
        _ => text,
    }),
    ("a million empty cells", |name, text| {
        let cells = "<c r=\"A900\"/>".repeat(1_000_000);
        if name == SHEET { text.replace("</sheetData>", &format!("<row>{cells}</row></sheetData>")) } else { text }
    }),
    ("two hundred sheets that are one part of a million texts", |name, text| match name {
        SHEET => {
            let runs = "<r><t/></r>".repeat(1_200_000);
            let row = format!(r#"<row r="900"><c r="A900" t="inlineStr"><is>{runs}</is></c></row></sheetData>"#);
            text.replace("</sheetData>", &row)
        }
        "xl/workbook.xml" => {
            let sheet =
                |number| format!(r#"<sheet xmlns:r="{NAMESPACE}" name="s{number}" sheetId="{number}" r:id="rId4"/>"#);
            text.replace("</sheets>", &format!("{}</sheets>", (100..300).map(sheet).collect::<String>()))
        }
        _ => text,
    }),
];

const ODS: [(&str, Edit); 1] = [("a row of OpenDocument that repeats itself a million times", |name, text| {
    let row = r#"<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table>"#;
    if name == "content.xml" { text.replacen("</table:table>", row, 1) } else { text }
})];

const SHEET: &str = "xl/worksheets/sheet4.xml";

/// The names of the files and what is in them.
pub fn files(sample: &Path) -> Vec<(&'static str, String, Vec<u8>)> {
    let of = |code: &str| {
        let entries = fs::read_dir(sample.join("fy2023")).expect("the sample has the year").flatten();
        let mut paths = entries.map(|entry| entry.path());
        let path = paths.find(|path| path.to_string_lossy().contains(&format!("_{code}_"))).expect("a workbook");
        fs::read(path).expect("a workbook")
    };
    let (xlsx, ods) = (of("1001"), of("2028"));
    let xlsx = XLSX.iter().map(|(what, edit)| (*what, "x.xlsx".to_owned(), edited(&xlsx, *edit)));
    let ods = ODS.iter().map(|(what, edit)| (*what, "x.ods".to_owned(), edited(&ods, *edit)));
    let random: Vec<u8> = (0..30_u32 << 20).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let plain = [
        ("30 MB that are no workbook", "x.xlsx".to_owned(), random.clone()),
        ("30 MB that begin as an old workbook", "x.xls".to_owned(), old(&random)),
    ];
    xlsx.chain(ods).chain(plain).collect()
}

fn old(random: &[u8]) -> Vec<u8> {
    [&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], random].concat()
}

fn edited(bytes: &[u8], edit: Edit) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a zip archive");
    let mut copy = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("a part unpacks");
        let content = match String::from_utf8(content) {
            Ok(text) => edit(&name, text).into_bytes(),
            Err(error) => error.into_bytes(),
        };
        copy.start_file(name, SimpleFileOptions::default()).expect("a part can begin");
        copy.write_all(&content).expect("a part can be written");
    }
    copy.finish().expect("an archive can be finished").into_inner()
}
