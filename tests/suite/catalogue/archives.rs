//! Zip archives among the returns: each workbook inside is a submission of its own.

use std::io::{Cursor, Write as _};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{AesMode, ZipWriter};

use super::files::workbook;
use super::{Case, cases, fixture};

const ARCHIVE: &str = "回答.zip";
const PLACE: &str = "[回答.zip]";
const RIGHT: &str = "file,password\n回答.zip,himitsu-1001\n";

/// An archive of these files.
fn zip(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    zip_with(SimpleFileOptions::default(), files)
}

fn zip_with(options: SimpleFileOptions, files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, options).expect("a file in an archive");
        writer.write_all(content).expect("its content");
    }
    writer.finish().expect("an archive").into_inner()
}

fn with_password(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let options = SimpleFileOptions::default().with_aes_encryption(AesMode::Aes256, "himitsu-1001");
        writer.start_file(*name, options).expect("a file in an archive");
        writer.write_all(content).expect("its content");
    }
    writer.finish().expect("an archive").into_inner()
}

fn archive(bytes: impl Fn() -> Vec<u8> + 'static) -> Case {
    let put = move |folder: &Path| std::fs::write(folder.join(ARCHIVE), bytes()).expect("a file can be written");
    Case::folder(put).about(ARCHIVE)
}

fn letter() -> Vec<u8> {
    b"%PDF-1.7 a letter".to_vec()
}

/// An archive whose directory names one packed file so many times.
fn overlapping(times: u16) -> Vec<u8> {
    let one = zip(&[("0000.xlsx", vec![0; 2 << 20])]);
    let directory = one.windows(4).position(|bytes| bytes == b"PK\x01\x02").expect("a directory");
    let end = one.windows(4).position(|bytes| bytes == b"PK\x05\x06").expect("an end of the directory");
    let mut all = one[..directory].to_vec();
    for number in 0..times {
        let mut record = one[directory..end].to_vec();
        record[46..50].copy_from_slice(format!("{number:04}").as_bytes());
        all.extend(record);
    }
    let mut tail = one[end..].to_vec();
    let length = u32::try_from(all.len() - directory).expect("a small directory");
    tail[8..10].copy_from_slice(&times.to_le_bytes());
    tail[10..12].copy_from_slice(&times.to_le_bytes());
    tail[12..16].copy_from_slice(&length.to_le_bytes());
    [all, tail].concat()
}

cases! {
    a_workbook_and_a_letter: archive(|| zip(&[("送付状.pdf", letter()), ("点検票.xlsx", workbook())]))
        .finds("F10", "[回答.zip/送付状.pdf]");
    a_workbook_in_folders_with_what_programs_leave: archive(|| zip(&[
        ("提出/2023/点検票.xlsx", workbook()),
        ("提出/2023/~$点検票.xlsx", b"x".to_vec()),
        ("提出/Thumbs.db", b"x".to_vec()),
        ("__MACOSX/提出/点検票.xlsx", b"x".to_vec()),
    ]))
        .finds("F06", "[回答.zip/提出/2023/~$点検票.xlsx]").finds("F06", "[回答.zip/提出/Thumbs.db]")
        .finds("F06", "[回答.zip/__MACOSX/提出/点検票.xlsx]");
    an_archive_in_an_archive: archive(|| zip(&[("内.zip", zip(&[("点検票.xlsx", workbook())]))]));
    an_archive_in_an_archive_in_an_archive: archive(|| {
        zip(&[("1.zip", zip(&[("2.zip", zip(&[("点検票.xlsx", workbook())]))]))])
    }).about("回答.zip/1.zip/2.zip").finds("F05", "[回答.zip/1.zip/2.zip]").rejected();
    two_copies_of_a_workbook_in_an_archive: archive(|| zip(&[("1.xlsx", workbook()), ("2.xlsx", workbook())]))
        .finds("I04", "[回答.zip/1.xlsx]");
    // A name is a label: it leads nowhere.
    a_name_that_points_outside_the_archive: archive(|| zip(&[("../../../点検票.xlsx", b"PK\x03\x04".to_vec())]))
        .about("回答.zip/点検票.xlsx").finds("F03", "[回答.zip/点検票.xlsx]").rejected();

    // Made by Info-ZIP with ZipCrypto; the name inside is 回答.xlsx in Shift_JIS.
    an_archive_with_an_old_password: archive(|| fixture("encrypted/zipcrypto.zip")).passwords(RIGHT);
    an_archive_with_an_old_password_and_another_one: archive(|| fixture("encrypted/zipcrypto.zip"))
        .passwords("file,password\n回答.zip,himitsu-2\n").finds("F02", PLACE).finds("F11", "[]").rejected();
    a_name_in_shift_jis: Case::folder(|folder| {
        let bytes = fixture("encrypted/zipcrypto.zip");
        std::fs::write(folder.join(ARCHIVE), zip(&[("0.zip", bytes), ("点検票.xlsx", workbook())])).expect("a file");
    }).finds("F02", "[回答.zip/0.zip]");
    an_archive_with_a_password: archive(|| with_password(&[("点検票.xlsx", workbook())])).passwords(RIGHT);
    an_archive_with_a_password_for_the_file_inside: archive(|| with_password(&[("点検票.xlsx", workbook())]))
        .passwords("file,password\n点検票.xlsx,himitsu-1001\n");
    an_archive_without_the_password: archive(|| with_password(&[("点検票.xlsx", workbook()), ("送付状.pdf", letter())]))
        .finds("F02", PLACE).says("none was given").rejected();
    a_workbook_with_a_password_in_an_archive_with_one: archive(|| {
        with_password(&[("点検票.xls", fixture("encrypted/rc4.xls"))])
    }).passwords(RIGHT);

    an_empty_archive: archive(|| zip(&[])).finds("F09", PLACE).rejected();
    an_archive_without_a_workbook: archive(|| zip(&[("送付状.pdf", letter()), ("読んでください.txt", b"x".to_vec())]))
        .finds("F09", PLACE).says("only 送付状.pdf, 読んでください.txt").rejected();
    an_archive_of_a_thousand_files: archive(|| {
        let names: Vec<String> = (0..1_000).map(|number| format!("{number}.xlsx")).collect();
        zip(&names.iter().map(|name| (name.as_str(), Vec::new())).collect::<Vec<_>>())
    }).finds("F05", PLACE).rejected();
    a_file_that_unpacks_to_more_than_a_workbook_can_have: archive(|| {
        zip(&[("点検票.xlsx", workbook()), ("大.xlsx", vec![b'P'; 40 << 20])])
    }).finds("F05", "[回答.zip/大.xlsx]");
    a_workbook_in_an_archive_that_unpacks_to_more_than_any_questionnaire: archive(|| {
        let mut parts = crate::book::Parts::in_bytes(&workbook());
        parts.add("xl/worksheets/sheet4.xml", vec![b' '; 17 << 20]);
        zip(&[("点検票.xlsx", parts.bytes())])
    }).about("回答.zip/点検票.xlsx").finds("F05", "[回答.zip/点検票.xlsx]").rejected();
    an_archive_cut_off_in_the_middle: archive(|| {
        let whole = zip(&[("点検票.xlsx", workbook())]);
        whole[..whole.len() / 2].to_vec()
    }).finds("F03", PLACE).rejected();
}

#[test]
fn an_archive_whose_files_lie_over_one_another_is_unpacked_within_limits() {
    let bench = crate::support::Bench::new();
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_1004_"));
    std::fs::write(folder.join(ARCHIVE), overlapping(400)).expect("a file can be written");
    let ran = bench.run("ingest", 2023, &folder, &["--format", "json"]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    let findings = bench.findings(2023);
    let places: Vec<_> = findings.iter().filter(|one| one["code"] == "F05").map(|one| one["file"].clone()).collect();
    assert!(places.contains(&ARCHIVE.into()) && places.len() <= 2, "{places:?}");
    // What lies in it holds nothing but zeros, which is one matter.
    assert!(findings.iter().all(|one| one["code"] == "F05" || one["code"] == "C01"), "{findings:?}");
}
