//! The house rules, held against the source text.

use std::path::{Path, PathBuf};

/// The modules in the order of the flow: each may use those before it, never those after it.
const ORDER: [&str; 20] = [
    "finding",
    "texts",
    "typeface",
    "workbook_style",
    "survey",
    "form",
    "ingest",
    "validate",
    "follow_up",
    "store",
    "collection",
    "tabulate",
    "compare",
    "review",
    "reconcile",
    "status",
    "disclose",
    "release",
    "chart",
    "pipeline",
];

/// Foreign crates and the only places that may name them.
const HOMES: [(&str, &[&str]); 21] = [
    ("microlp::", &["disclose/program.rs"]),
    ("cfb::", &["ingest/unpack/compound.rs"]),
    ("office_crypto::", &["ingest/unpack/protection.rs"]),
    ("md5::", &["ingest/unpack/legacy_encryption.rs"]),
    ("sha1::", &["ingest/unpack/legacy_encryption.rs"]),
    (
        "encoding_rs::",
        &[
            "ingest/unpack/archive.rs",
            "ingest/unpack/encodings.rs",
            "ingest/arrival/folder.rs",
            "survey/table_file/encoding.rs",
        ],
    ),
    ("flate2::", &["ingest/unpack/unpacking.rs"]),
    (
        "quick_xml::",
        &["ingest/sheets/elements.rs", "ingest/sheets/opendocument.rs", "ingest/sheets/package/relationships.rs"],
    ),
    ("calamine::", &["ingest/sheets/workbook.rs", "survey/table_file/workbook.rs"]),
    ("zip::", &["ingest/unpack/archive.rs", "ingest/unpack/unpacking.rs"]),
    ("arrow::", &["store/reader.rs", "store/writer.rs"]),
    ("parquet::", &["store.rs", "store/reader.rs", "store/writer.rs"]),
    ("plotters", &["chart/canvas.rs"]),
    ("resvg::", &["chart/png.rs"]),
    ("ttf_parser::", &["typeface/face.rs"]),
    ("rust_xlsxwriter::", &["workbook_style.rs"]),
    ("toml::", &["survey/document.rs"]),
    ("sha2::", &["ingest/content_hash.rs"]),
    ("postcard::", &["ingest/cache/packed.rs", "ingest/cache/readings.rs", "ingest/worker/message.rs"]),
    ("rustix::", &["bin/cssa/limits.rs"]),
    ("libc::", &["bin/cssa/limits.rs"]),
];

/// The places outside the catalogue of texts that hold Japanese words, and why.
const JAPANESE: [(&str, &str); 8] = [
    ("texts/", "the catalogue"),
    ("ingest/", "the vocabulary that is recognised in workbooks and in names of files"),
    ("survey/table_file/", "the names of columns and sheets that are recognised in tables from the desk"),
    ("survey/roster.rs", "the words around a code that are taken off it"),
    ("finding/registry.rs", "examples in the explanations of findings"),
    ("survey/comparable.rs", "letters that names use for one another"),
    ("typeface/kinsoku.rs", "the letters that may not begin or end a line"),
    ("chart/canvas.rs", "the Japanese name of a typeface"),
];

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("src is readable") {
            let path = entry.expect("src is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    let name = |path: &Path| path.strip_prefix(&root).expect("a file of src").to_string_lossy().replace('\\', "/");
    files.iter().map(|path| (name(path), std::fs::read_to_string(path).expect("a source is text"))).collect()
}

/// The code without comments: rules are about what is used, not about what is mentioned.
fn code(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn module_of(file: &str) -> &str {
    file.split(['/', '.']).next().expect("a file has a name")
}

#[test]
fn a_module_uses_only_what_stands_before_it() {
    let rank = |module: &str| ORDER.iter().position(|other| *other == module);
    let mut seen = 0;
    for (file, text) in sources() {
        let Some(own) = rank(module_of(&file)) else { continue };
        for used in code(&text).split("crate::").skip(1) {
            let name: String = used.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            let Some(other) = rank(&name) else { panic!("{file} uses crate::{name}, which is no module of the flow") };
            assert!(other <= own, "{file} reaches up to {name}");
            seen += 1;
        }
    }
    assert!(seen > 50, "only {seen} uses were found: does the test still read the sources?");
}

#[test]
fn every_module_of_the_library_has_its_place_in_the_order() {
    let library = &sources().into_iter().find(|(file, _)| file == "lib.rs").expect("lib.rs").1;
    let declared: Vec<&str> =
        library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert_eq!(declared, ORDER, "lib.rs lists the modules in the order of the flow");
}

#[test]
fn a_foreign_crate_has_one_home() {
    for (file, text) in sources() {
        for (name, homes) in HOMES {
            let at_home = homes.contains(&file.as_str());
            assert!(at_home || !code(&text).contains(name), "{file} names {name}, whose home is {homes:?}");
        }
    }
}

/// Code is written in ASCII, so that a Japanese letter outside a comment stands in a literal.
#[test]
fn japanese_words_stand_in_the_catalogue() {
    let is_japanese = |letter: &char| {
        matches!(letter, '\u{3041}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}'
            | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF66}'..='\u{FF9D}')
    };
    let mut used = [false; JAPANESE.len()];
    for (file, text) in sources().into_iter().filter(|(file, _)| !file.starts_with("bin/")) {
        let code = code(&text);
        let Some(line) = code.lines().find(|line| line.chars().any(|letter| is_japanese(&letter))) else { continue };
        let place = JAPANESE.iter().position(|(place, _)| file.starts_with(place));
        let place = place.unwrap_or_else(|| panic!("{file} has Japanese words, which belong into src/texts:\n{line}"));
        used[place] = true;
    }
    assert_eq!(used, [true; JAPANESE.len()], "an exception that nothing needs any more");
}

#[test]
fn the_library_neither_prints_nor_reads_the_clock_nor_exits() {
    let forbidden =
        ["println!", "eprintln!", "print!(", "dbg!", "Instant::", "SystemTime", "process::exit", ".unwrap()"];
    for (file, text) in sources() {
        // The build script, which writes to the compiler, is no part of the library.
        for word in forbidden.iter().filter(|_| !file.starts_with("bin/") && file != "build.rs") {
            assert!(!code(&text).contains(word), "{file} has {word}");
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_is_no_house_of_its_own() {
    for (file, text) in sources() {
        assert!(text.starts_with("//! "), "{file} does not say at its top what it is for");
        let lines = text.lines().count();
        let limit = 520;
        assert!(lines <= limit, "{file} has {lines} lines: is it one room or several?");
    }
}
