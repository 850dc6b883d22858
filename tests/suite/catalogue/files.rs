//! Files that are no workbook, are damaged, or cannot be opened.

use std::io::Write as _;
use std::path::Path;

use super::{Case, FILE, cases, institution};
use crate::book::{Parts, returned};

const PLACE: &str = "[x.xlsx]";

pub fn workbook() -> Vec<u8> {
    std::fs::read(returned(2023, institution(2023))).expect("a workbook of the sample")
}

/// A workbook of Excel 97 to 2003.
pub fn xls() -> Vec<u8> {
    std::fs::read(returned(2023, "1012")).expect("a workbook of the sample")
}

/// An OLE compound file with these streams: what Excel wraps an encrypted workbook in.
fn compound_file(streams: &[&str]) -> Vec<u8> {
    compound_file_of(&streams.iter().map(|name| (*name, b"not to be read".to_vec())).collect::<Vec<_>>())
}

/// An OLE compound file with streams of this content.
pub fn compound_file_of(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).expect("a compound file");
    for (stream, content) in streams {
        file.create_stream(stream).expect("a stream").write_all(content).expect("its content");
    }
    file.into_inner().into_inner()
}

/// Sets the flag "encrypted" of every entry of a zip archive.
fn with_password_flag(mut zip: Vec<u8>) -> Vec<u8> {
    for at in 0..zip.len() - 10 {
        match &zip[at..at + 4] {
            b"PK\x03\x04" => zip[at + 6] |= 1,
            b"PK\x01\x02" => zip[at + 8] |= 1,
            _ => {}
        }
    }
    zip
}

/// Puts bytes over others at a place of a file.
pub fn replace_at(mut file: Vec<u8>, at: usize, with: &[u8]) -> Vec<u8> {
    file[at..at + with.len()].copy_from_slice(with);
    file
}

/// Puts bytes over others some bytes after the beginning of a mark in a file.
pub fn overwrite(file: Vec<u8>, mark: &[u8], skip: usize, with: &[u8]) -> Vec<u8> {
    let at = file.windows(mark.len()).position(|window| window == mark).expect("the file has these bytes");
    replace_at(file, at + skip, with)
}

/// A file that is there and cannot be read.
#[cfg(windows)]
fn put_unreadable(folder: &Path) {
    use std::os::windows::fs::OpenOptionsExt;
    let path = folder.join(FILE);
    std::fs::write(&path, workbook()).expect("a file can be written");
    // Open elsewhere, sharing nothing, for as long as the test lasts.
    std::mem::forget(std::fs::OpenOptions::new().read(true).share_mode(0).open(path).expect("a file"));
}

/// A file that is there and cannot be read: rights do not stop root, so a link to memory that
/// nobody can read where it begins.
#[cfg(unix)]
fn put_unreadable(folder: &Path) {
    std::os::unix::fs::symlink("/proc/self/mem", folder.join(FILE)).expect("a link");
}

cases! {
    a_pdf_under_the_name_of_a_workbook: Case::bytes(|| b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj".to_vec())
        .finds("F01", PLACE).rejected();
    a_web_page_under_the_name_of_a_workbook: Case::bytes(|| b"<html><body><table><tr><td>1</td></tr></table>".to_vec())
        .finds("F01", PLACE).rejected();
    a_csv_file_under_the_name_of_a_workbook: Case::bytes(|| "設問,回答\r\n1,1\r\n".into())
        .finds("F01", PLACE).rejected();
    a_picture_under_the_name_of_a_workbook: Case::bytes(|| b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".to_vec())
        .finds("F01", PLACE).rejected();
    a_text_document_under_the_name_of_a_workbook: Case::bytes(|| {
        Parts::default().add("[Content_Types].xml", b"<Types/>".to_vec()).add("word/document.xml", b"<w/>".to_vec()).bytes()
    }).finds("F01", PLACE).rejected();
    an_old_text_document: Case::bytes(|| compound_file(&["WordDocument", "1Table"]))
        .finds("F01", PLACE).rejected();

    a_workbook_encrypted_by_excel: Case::bytes(|| compound_file(&["EncryptionInfo", "EncryptedPackage"]))
        .finds("F02", PLACE).rejected();
    a_zip_archive_with_a_password: Case::bytes(|| with_password_flag(workbook()))
        .finds("F02", PLACE).rejected();
    // FILEPASS (0x2F) as the second record of the stream, after the record BOF of 16 bytes.
    an_old_workbook_with_a_password: Case::bytes(|| overwrite(xls(), &[9, 8, 16, 0, 0, 6, 5, 0], 20, &[0x2F, 0]))
        .finds("F02", PLACE).rejected();

    a_workbook_cut_off_in_the_middle: Case::bytes(|| workbook()[..workbook().len() / 2].to_vec())
        .finds("F03", PLACE).rejected();
    an_old_workbook_cut_off_in_the_middle: Case::bytes(|| xls()[..xls().len() / 2].to_vec())
        .finds("F03", PLACE).rejected();
    // Bytes 48 to 51 of the header name the first sector of the directory, here one past the end.
    an_old_workbook_whose_directory_lies_behind_its_end: Case::bytes(|| {
        let sectors = u32::try_from(xls().len() / 512).expect("a small file");
        replace_at(xls(), 48, &sectors.to_le_bytes())
    }).finds("F03", PLACE).rejected();
    // Bytes 76 to 79 say where the table of sectors lies; here there is none.
    an_old_workbook_without_a_table_of_sectors: Case::bytes(|| replace_at(xls(), 76, &[0xFF; 4]))
        .finds("F03", PLACE).rejected();
    // The name of the part, its header's other fields, then its packed content.
    a_workbook_of_which_some_bytes_were_changed: Case::bytes(|| overwrite(workbook(), b"xl/worksheets/sheet2.xml", 200, &[0xFF; 8]))
        .finds("F03", PLACE).rejected();
    a_cell_that_stands_in_its_sheet_twice: Case::parts(|parts| {
        let copy = r#"<row r="900"><c r="A900" t="inlineStr"><is><t>x</t></is></c><c r="A900"/></row></sheetData>"#;
        parts.replace("xl/worksheets/sheet5.xml", "</sheetData>", copy);
    }).finds("F12", "[x.xlsx]記入要領");
    a_cell_whose_text_is_named_by_no_number: Case::parts(|parts| {
        let cell = r#"<row r="900"><c r="A900" t="s"><v>x</v></c></row></sheetData>"#;
        parts.replace("xl/worksheets/sheet4.xml", "</sheetData>", cell);
    }).finds("F12", "[x.xlsx]３．有事への備え")
        .finds("L01", PLACE).finds("L01", PLACE).finds("L01", PLACE).finds("L01", PLACE).finds("L01", PLACE)
        .of_another();
    a_file_of_zero_bytes: Case::bytes(Vec::new).finds("F04", PLACE).rejected();

    what_programs_leave_behind: Case::folder(|folder| {
        std::fs::write(folder.join(FILE), workbook()).expect("a file can be written");
        for name in ["~$x.xlsx", "Thumbs.db", "desktop.ini", ".DS_Store"] {
            std::fs::write(folder.join(name), b"left behind").expect("a file can be written");
        }
    }).finds("F06", "[~$x.xlsx]").finds("F06", "[Thumbs.db]").finds("F06", "[desktop.ini]").finds("F06", "[.DS_Store]");
    a_file_that_the_system_does_not_let_be_read: Case::folder(put_unreadable).finds("F07", PLACE).rejected();
    a_link_to_a_file_that_is_gone: Case::folder(put_dangling).finds("F07", PLACE).rejected();
}

#[cfg(unix)]
fn put_dangling(folder: &Path) {
    std::os::unix::fs::symlink("gone.xlsx", folder.join(FILE)).expect("a link");
}

#[cfg(windows)]
fn put_dangling(folder: &Path) {
    put_unreadable(folder);
}

/// 回答.xlsx in Shift_JIS, as an archive of an older Windows leaves it.
#[cfg(target_os = "linux")]
fn in_shift_jis() -> std::ffi::OsString {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(b"\x89\xF1\x93\x9A.xlsx".to_vec())
}

#[test]
#[cfg(target_os = "linux")]
fn a_name_that_is_no_unicode_text_is_shown_readably_and_the_file_read() {
    let put = |folder: &Path| std::fs::write(folder.join(in_shift_jis()), workbook()).expect("a file can be written");
    Case::folder(put).hold();
    Case::folder(|folder| std::fs::write(folder.join(in_shift_jis()), "x").expect("a file can be written"))
        .about("回答.xlsx")
        .finds("F01", "[回答.xlsx]")
        .rejected()
        .hold();
}

#[test]
#[cfg(target_os = "linux")]
fn two_names_that_are_shown_alike_are_told_apart() {
    let put = |folder: &Path| {
        for name in [in_shift_jis(), "回答.xlsx".into()] {
            std::fs::write(folder.join(name), workbook()).expect("a file can be written");
        }
    };
    Case::folder(put).finds("I04", "[回答.xlsx]").hold();
}

#[test]
fn a_workbook_cut_off_anywhere_stops_nothing() {
    let bench = crate::support::Bench::new();
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_1004_"));
    let ods = std::fs::read(returned(2023, "2028")).expect("a workbook of the sample");
    let mut cuts = 0;
    for (name, bytes) in [("xlsx", workbook()), ("xls", xls()), ("ods", ods)] {
        for part in 1..24 {
            let length = bytes.len() * part / 24;
            std::fs::write(folder.join(format!("cut{length}.{name}")), &bytes[..length])
                .expect("a file can be written");
            cuts += 1;
        }
    }
    let ran = bench.run("ingest", 2023, &folder, &["--format", "json"]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    let report: serde_json::Value = serde_json::from_str(&ran.out).expect("one JSON object");
    assert_eq!((&report["counts"]["accepted"], &report["counts"]["rejected"]), (&1.into(), &cuts.into()));
}
