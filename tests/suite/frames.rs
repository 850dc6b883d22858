//! Findings in full: the sheet around the cell, drawn so that one sees what is meant.

use cssa::finding::{CellAddress, Frame, Place};
use cssa::ingest::surroundings;

use crate::book::Book;
use crate::support::Bench;

/// A folder with one workbook, in which the answer to 問3 (D17) is a sentence.
fn folder(bench: &Bench) -> std::path::PathBuf {
    let folder = bench.path("returned");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let mut book = Book::of(2023, "1001");
    book.sheet("１．経営層の関与").put("D17", "今後の\n組織改編にあわせて検討する予定です");
    book.write(&folder.join("x.xlsx"));
    folder
}

#[test]
fn a_listed_finding_is_shown_with_the_sheet_around_its_cell() {
    let bench = Bench::new();
    let folder = folder(&bench);
    let plain = bench.run("ingest", 2023, &folder, &[]);
    assert!(!plain.out.contains(" | B "), "{}", plain.out);
    let framed = bench.run("ingest", 2023, &folder, &["--frames"]);
    assert_eq!(framed.status, 1, "{}", framed.err);
    let at = framed.out.find("warning[A02").expect("the finding is listed");
    // The last line of a frame ends before the help.
    let shown = &framed.out[at..];
    let lines: Vec<&str> = shown.lines().skip(1).take(9).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
           | B   | C                     | D                      |
        14 | 4   | 経営計画を策定する予… |                        |
        15 |     |                       |                        |
        16 | 問3 | サイバーセキュリティ… |                        |
        17 | 1   | 役員                  |[今後の 組織改編にあわ…]|
        18 | 2   | 部長級職員            |                        |
        19 | 3   | その他の職員          |                        |
        20 | 4   | 定めていない          |                        |
        Ask the institution which option it meant.
    ");
    // The typed text is on record to the character, and on one line where it is shown.
    assert!(shown.starts_with("warning[A02 unreadable-answer] [x.xlsx]１．経営層の関与!D17: 「今後の 組織"), "{shown}");
    let findings = bench.findings(2023);
    assert_eq!(findings[0]["question"], "ciso");
    assert_eq!(findings[0]["items"], serde_json::json!([]));
    assert_eq!(findings[0]["observed"], "今後の\n組織改編にあわせて検討する予定です");
}

#[test]
fn a_frame_has_three_rows_on_each_side_and_at_most_five_columns() {
    let bench = Bench::new();
    let folder = folder(&bench);
    let place = |sheet: &str, row: u32, column: u32| Place::Cell {
        file: "x.xlsx".to_owned(),
        sheet: sheet.to_owned(),
        cell: CellAddress { row, column },
    };
    let frame = surroundings(&folder, &place("１．経営層の関与", 16, 3)).expect("the cell is there");
    assert_eq!(frame.rows.iter().map(|(row, _)| *row).collect::<Vec<_>>(), (13..=19).collect::<Vec<_>>());
    assert_eq!(frame.columns, [1, 2, 3]);
    // Around the grid of 問23 stand seven columns; the nearest five are shown.
    let frame = surroundings(&folder, &place("３．有事への備え", 22, 3)).expect("the cell is there");
    assert_eq!(frame.columns.len(), 5);
    // At the top of a sheet, and beside everything that is filled.
    let frame = surroundings(&folder, &place("３．有事への備え", 0, 30)).expect("the cell is there");
    assert_eq!((frame.rows.len(), frame.columns.last()), (4, Some(&30)));
    for nowhere in [
        place("別紙", 1, 1),
        Place::File("x.xlsx".to_owned()),
        Place::Collection,
        Place::Cell { file: "gone.xlsx".into(), sheet: "a".into(), cell: CellAddress { row: 0, column: 0 } },
    ] {
        assert_eq!(surroundings(&folder, &nowhere), None, "{nowhere}");
    }
}

#[test]
fn columns_stand_under_each_other_whatever_is_in_them() {
    let row = |row: u32, texts: [&str; 2]| (row, texts.map(str::to_owned).to_vec());
    let frame = Frame {
        marked: CellAddress { row: 1, column: 3 },
        columns: vec![1, 3],
        rows: vec![
            row(0, ["問1", "a"]),
            row(1, ["", "○\t\u{1b}[31m"]),
            row(9, ["abc", "非常に長い文言がここに書かれている場合"]),
        ],
    };
    insta::assert_snapshot!(frame.draw(), @r"
       | B   | D                     |
     1 | 問1 | a                     |
     2 |     |[○  [31m]              |
    10 | abc | 非常に長い文言がここ… |
    ");
}
