//! Workbooks with a password: opened where it is given, named clearly where it is not.
//!
//! The files were made by LibreOffice (standard.xlsx, rc4.xls, document.ods) and by msoffcrypto
//! (agile.xlsx, unasked.xlsx); cryptoapi.xls, cryptoapi40.xls and xor.xls were encrypted from the
//! specification, and msoffcrypto opens them all. Their password is himitsu-1001, but for
//! unasked.xlsx, which has the one that Excel tries by itself. All are the FY2023 workbook of 1001.

use super::files::compound_file_of;
use super::{Case, SECRET, assert_secret, cases, fixture};
use crate::support::{Bench, sample};

const PLACE: &str = "[x.xlsx]";
const RIGHT: &str = "institution,password\n1001,himitsu-1001\n";
const WRONG: &str = "institution,password\n1001,himitsu-1002\n";

fn protected(name: &'static str) -> Case {
    Case::bytes(move || fixture(&format!("encrypted/{name}")))
}

/// An encrypted package that asks for so many rounds of hashing.
fn with_rounds(rounds: &'static str) -> Case {
    Case::bytes(move || {
        let text = format!(
            r#"<encryption><keyData saltValue="" hashAlgorithm="SHA512" blockSize="16"/><p:encryptedKey spinCount="{rounds}"/></encryption>"#
        );
        let information = [&[4, 0, 4, 0, 0x40, 0, 0, 0], text.as_bytes()].concat();
        compound_file_of(&[("EncryptionInfo", information), ("EncryptedPackage", [0; 8].to_vec())])
    })
}

cases! {
    agile_encryption: protected("agile.xlsx").passwords(RIGHT);
    standard_encryption: protected("standard.xlsx").passwords(RIGHT);
    rc4_of_40_bits: protected("rc4.xls").passwords(RIGHT);
    rc4_of_the_cryptographic_interface: protected("cryptoapi.xls").passwords(RIGHT);
    rc4_of_the_cryptographic_interface_with_40_bits: protected("cryptoapi40.xls").passwords(RIGHT);
    xor_obfuscation: protected("xor.xls").passwords(RIGHT);
    the_password_that_excel_does_not_ask_for: protected("unasked.xlsx");

    agile_encryption_and_another_password: protected("agile.xlsx").passwords(WRONG)
        .finds("F02", PLACE).finds("F11", "[]").rejected();
    standard_encryption_and_another_password: protected("standard.xlsx").passwords(WRONG)
        .finds("F02", PLACE).finds("F11", "[]").rejected();
    rc4_of_40_bits_and_another_password: protected("rc4.xls").passwords(WRONG)
        .finds("F02", PLACE).finds("F11", "[]").rejected();
    rc4_of_the_cryptographic_interface_and_another_password: protected("cryptoapi.xls").passwords(WRONG)
        .finds("F02", PLACE).finds("F11", "[]").rejected();
    xor_obfuscation_and_another_password: protected("xor.xls").passwords(WRONG)
        .finds("F02", PLACE).finds("F11", "[]").rejected();
    agile_encryption_and_no_password: protected("agile.xlsx").finds("F02", PLACE).says("none was given").rejected();
    xor_obfuscation_and_no_password: protected("xor.xls").finds("F02", PLACE).rejected();

    // The file's own row comes first, then all others: names of files lie.
    a_password_for_the_file: protected("rc4.xls").passwords("\u{feff}file,password\r\nx.xlsx,himitsu-1001\r\n");
    a_password_among_those_of_others: protected("rc4.xls")
        .passwords("password,institution,file\nhimitsu-1001,1999,\nhimitsu-2,,x.xlsx\n")
        .finds("F11", "[]").says("1 of 2 passwords opened nothing: line 3");
    passwords_in_the_wrong_column: protected("rc4.xls").passwords("password,file\nx.xlsx,himitsu-1001\ny.xlsx,himitsu-1\n")
        .finds("F02", PLACE).finds("F11", "[]").says("lines 2, 3").rejected();
    a_password_that_nothing_needs: Case::bytes(super::files::workbook).passwords(RIGHT)
        .finds("F11", "[]").says("1 of 1 passwords opened nothing: line 2");

    a_package_that_asks_for_four_billion_rounds: with_rounds("4000000000").passwords(RIGHT)
        .finds("F05", PLACE).finds("F11", "[]").rejected();
    a_package_that_asks_for_more_rounds_than_can_be_counted: with_rounds("99999999999999999999999999999999999999999999")
        .finds("F05", PLACE).rejected();
    a_package_that_is_shorter_than_it_says: Case::bytes(|| {
        compound_file_of(&[("EncryptionInfo", vec![4, 0, 4, 0]), ("EncryptedPackage", vec![0xFF; 64])])
    }).passwords(RIGHT).finds("F02", PLACE).finds("F11", "[]").rejected();
}

#[test]
fn a_file_of_passwords_that_cannot_be_used_stops_the_run_and_names_the_line() {
    let cases: [(&[u8], &str); 8] = [
        (
            b"institution,passwort\n1001,himitsu-1\n",
            "passwords.csv:1:1: the file of passwords lacks the column password",
        ),
        (b"himitsu-1\n", "passwords.csv:1:1: the file of passwords lacks the column password"),
        (
            b"password\nhimitsu-1\n",
            "passwords.csv:1:1: the file of passwords has neither a column `institution` nor a column `file`",
        ),
        (b"institution,password\n1001,himitsu-1\n1002,\n", "passwords.csv:3:3: the row has no password"),
        (b"institution,file,password\n1001,,himitsu-1\n,,himitsu-2\n", "passwords.csv:3:1: the row names neither"),
        (
            b"institution,password\n1001,himitsu-1\n1002,himitsu-\x89\n",
            "passwords.csv:3:3: the file of passwords is neither in UTF-8 nor in CP932",
        ),
        (b"institution,password\n1001,himitsu-1,2\n", "passwords.csv:2:5: the row has 3 fields, expected 2"),
        (b"", "passwords.csv: the file of passwords lacks the column password"),
    ];
    for (content, said) in cases {
        let bench = Bench::new();
        let path = bench.write("passwords.csv", content).to_string_lossy().into_owned();
        let ran = bench.run("ingest", 2023, &sample("fy2023"), &["--passwords", &path]);
        assert_eq!(ran.status, 2, "{}", ran.err);
        assert!(ran.err.contains(said), "{said} in {}", ran.err);
        assert_secret(&bench, &ran);
        assert!(!bench.path("data").exists(), "nothing is written");
    }
}

#[test]
fn a_file_of_passwords_that_is_not_there_stops_the_run() {
    let bench = Bench::new();
    let ran = bench.run("run", 2023, &sample("fy2023"), &["--passwords", "gone.csv"]);
    assert_eq!(ran.status, 2, "{}", ran.err);
    assert!(ran.err.contains("gone.csv cannot be read") && !ran.err.contains(SECRET), "{}", ran.err);
}

#[test]
fn a_protected_file_that_was_cut_off_or_changed_anywhere_stops_nothing() {
    let bench = Bench::new();
    let folder = bench.copy_sample(2023, "returned", |name| name.contains("_1004_"));
    let passwords = bench.write("passwords.csv", RIGHT).to_string_lossy().into_owned();
    let names = ["agile.xlsx", "standard.xlsx", "rc4.xls", "cryptoapi.xls", "xor.xls", "document.ods", "zipcrypto.zip"];
    for name in names {
        let whole = fixture(&format!("encrypted/{name}"));
        for part in 1..8 {
            let at = whole.len() * part / 8;
            std::fs::write(folder.join(format!("cut{part}_{name}")), &whole[..at]).expect("a file can be written");
            // The beginning of a file, where its structure is told, and places all over it.
            for at in [at, 24 + 8 * part, 512 + 40 * part] {
                let mut changed = whole.clone();
                changed[at..at + 4].copy_from_slice(&[0xFF; 4]);
                std::fs::write(folder.join(format!("changed{at}_{name}")), changed).expect("a file can be written");
            }
        }
    }
    let ran = bench.run("ingest", 2023, &folder, &["--passwords", &passwords, "--format", "json"]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    assert_secret(&bench, &ran);
    let report: serde_json::Value = serde_json::from_str(&ran.out).expect("one JSON object");
    assert_eq!(report["counts"]["submissions"], 1 + names.len() * 7 * 4);
    assert!(report["counts"]["rejected"].as_u64().is_some_and(|count| count > 50), "{}", ran.out);
}
