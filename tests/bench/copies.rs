//! A large collection from the sample: copies of its workbooks under other codes and names.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Writes `count` workbooks and their roster: copies of the sample's xlsx files of a year.
pub fn write(sample: &Path, fiscal_year: u16, count: usize, returns: &Path, roster: &Path) {
    fs::create_dir_all(returns).expect("a folder can be made");
    let rows = fs::read_to_string(sample.join("roster.csv")).expect("the sample has a roster");
    let rows: Vec<Vec<&str>> =
        rows.trim_start_matches('\u{feff}').lines().map(|line| line.split(',').collect()).collect();
    let mut sources: Vec<(Vec<u8>, Vec<&[&str]>)> = Vec::new();
    let mut names: Vec<_> =
        fs::read_dir(sample.join(format!("fy{fiscal_year}"))).expect("the sample has the year").flatten().collect();
    names.sort_by_key(|entry| entry.file_name());
    for entry in names {
        let name = entry.file_name().to_string_lossy().into_owned();
        let code = name.split('_').nth(1).expect("the sample's files carry their code").to_owned();
        let memberships = rows.iter().filter(|row| row[0] == fiscal_year.to_string() && row[1] == code);
        if name.ends_with(".xlsx") {
            sources.push((fs::read(entry.path()).expect("a workbook"), memberships.map(Vec::as_slice).collect()));
        }
    }
    let mut list = String::from("fiscal_year,institution,name,sector,subsector\n");
    for number in 0..count {
        let (bytes, memberships) = &sources[number % sources.len()];
        let (code, name) = (format!("{}", 100_000 + number), format!("模擬機関{number:05}"));
        for row in memberships {
            list.push_str(&format!("{fiscal_year},{code},{name},{},{}\n", row[3], row[4]));
        }
        let path = returns.join(format!("CSSA{fiscal_year}_{code}.xlsx"));
        fs::write(path, recoded(bytes, &code, &name)).expect("a workbook can be written");
    }
    fs::write(roster, list).expect("a roster can be written");
}

/// The workbook with another code (D4) and name (D5) on its cover, which is the first sheet.
fn recoded(bytes: &[u8], code: &str, name: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a zip archive");
    let mut copy = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let part_name = part.name().expect("a name").into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("a part unpacks");
        if part_name == "xl/worksheets/sheet1.xml" {
            let text = String::from_utf8(content).expect("a sheet is text");
            content = with_cell(&with_cell(&text, "D4", code), "D5", name).into_bytes();
        }
        copy.start_file(part_name, SimpleFileOptions::default()).expect("a part can begin");
        copy.write_all(&content).expect("a part can be written");
    }
    copy.finish().expect("an archive can be finished").into_inner()
}

fn with_cell(sheet: &str, cell: &str, text: &str) -> String {
    let start = sheet.find(&format!("<c r=\"{cell}\"")).expect("the cover has the cell");
    let end = start + sheet[start..].find("</c>").expect("the cell ends") + "</c>".len();
    format!("{}<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>{}", &sheet[..start], &sheet[end..])
}
