//! The ledger of institutions: its rows, their mistakes, and contradictions with the rosters.

use cssa::survey::{EventKind, Roster};

use crate::support::institutions::{ledger, pointed, rosters, survey, wrong};
use crate::support::{Bench, year_file};

#[test]
fn the_events_are_read_as_excel_writes_them_and_sorted_by_date() {
    let ledger = ledger(
        "2023/4/1,merger,1003,1101,,,,合併
         ,,,,,,,
         ２０２２－１０－０１,rename,０１００１,,,,模擬新銀行,

         2022-10-01,move,1002,,regional,shinkin,,
         2022/7/1,recode,1004,1104,,,,
         2022-12-31,entry,1005,,,,,\"新設、免許あり\"
         2023-01-23,exit,1006,,,,,
         2023-02-01,move,1007,,securities,,,",
    );
    let ledger = ledger.unwrap_or_else(|complaints| panic!("{complaints:?}"));
    let read: Vec<String> = ledger
        .events()
        .iter()
        .map(|event| format!("{} {} {} {}", event.line, event.date, event.institution, event.kind.word()))
        .collect();
    // Blank lines count as lines of the file.
    assert_eq!(
        read,
        [
            "7 2022-07-01 1004 recode",
            "4 2022-10-01 ０１００１ rename",
            "6 2022-10-01 1002 move",
            "8 2022-12-31 1005 entry",
            "9 2023-01-23 1006 exit",
            "10 2023-02-01 1007 move",
            "2 2023-04-01 1003 merger",
        ]
    );
    assert_eq!(ledger.events()[0].date.fiscal_year(), 2022);
    assert_eq!(ledger.events()[6].date.fiscal_year(), 2022);
    assert_eq!(ledger.events()[6].kind, EventKind::Merger { successor: "1101".into() });
    assert_eq!(ledger.events()[6].note, "合併");
    assert_eq!(ledger.events()[5].kind, EventKind::Move { sector: "securities".into(), subsector: String::new() });
}

#[test]
fn every_mistake_of_a_row_is_said_at_once() {
    let said = wrong(
        "2023-04-01,fusion,1001,1002,,,,
         令和5年4月1日,exit,1003,,,,,
         2023-02-29,exit,1004,,,,,
         2023-04-01,merger,1005,,,,,
         2023-04-01,exit,1006,1007,,,,
         2023-04-01,rename,1008,,,,,
         2023-04-01,move,1009,,banks,,,
         2023-04-01,move,1010,,regional,city_bank,,
         2023-04-01,move,1011,,regional,,,
         2023-04-01,move,1012,,securities,life,,
         2023-04-01,merger,1013,０1013,,,,
         2023-04-01,exit,,,,,,
         2023-04-01,entry,1014,,,,,閉鎖, 返上",
    );
    assert_eq!(
        said,
        [
            "2:fusion: `fusion` is no event, expected merger, recode, rename, move, entry or exit",
            "3:令和5年4月1日: 「令和5年4月1日」 is no date, expected one such as 2023-04-01",
            "4:2023-02-29: 「2023-02-29」 is no date, expected one such as 2023-04-01",
            "5:,: `merger` needs `successor`, but it is empty",
            "6:1007: `exit` says nothing with `successor`, but 「1007」 stands there",
            "7:,: `rename` needs `name`, but it is empty",
            "8:banks: there is no sector `banks`",
            "9:city_bank: sector `regional` has no sub-sector `city_bank`",
            "10:,: sector `regional` is divided, but there is no sub-sector",
            "11:life: sector `securities` is not divided, but the sub-sector `life` stands there",
            "12:０1013: ０1013 is its own successor, expected another code",
            "13:,: `institution` is empty: whom did it happen to?",
            "14: 返上: the row has 9 fields, expected 8",
        ]
    );
}

#[test]
fn a_complaint_shows_the_line_and_what_to_do() {
    let complaints = ledger("2023-04-01,rename,1001,,,,模擬新銀行,\n2023-04-01,move,1001,,banks,,,").expect_err("one");
    let shown = complaints[0].to_string();
    let (place, rest) = shown.split_once(": ").expect("a place");
    assert!(place.ends_with("ledger.csv:3:23"), "{place}");
    assert_eq!(
        rest,
        "there is no sector `banks`
   |
 3 | 2023-04-01,move,1001,,banks,,,
   |                       ^^^^^
   = write one of regional, securities, insurers, trust, newform"
    );
}

#[test]
fn the_same_row_twice() {
    let rows = "2023-04-01,merger,1001,1002,,,,
                2023/4/1,merger,０1001,1002,,,,二度目
                2023-04-01,rename,1003,,,,模擬銀行Ａ,
                2023-04-01,rename,1003,,,,模擬銀行 A,";
    let said = ["3:2023/4/1: the row says what line 2 says", "5:2023-04-01: the row says what line 4 says"];
    assert_eq!(wrong(rows), said);
}

#[test]
fn an_institution_that_ends_twice() {
    let rows = "2022-10-01,merger,1001,1002,,,,
                2023-04-01,exit,1001,,,,,";
    let said = ["3:1001: 1001 ends twice: by this exit on 2023-04-01, and by the merger on 2022-10-01 (line 2)"];
    assert_eq!(wrong(rows), said);
}

#[test]
fn something_happens_after_an_end() {
    let rows = "2023-04-01,rename,1001,,,,模擬新銀行,
                2022-10-01,exit,1001,,,,,
                2023-04-01,merger,1003,1001,,,,";
    assert_eq!(
        wrong(rows),
        [
            "2:1001: 1001 ended on 2022-10-01 (line 3), so that nothing happens to it on 2023-04-01",
            "4:1001: the successor 1001 ended on 2022-10-01 (line 3), and cannot go on for 1003 on 2023-04-01",
        ]
    );
}

#[test]
fn a_chain_that_is_not_in_order_of_dates() {
    let rows = "2023-04-01,recode,1001,1002,,,,
                2022-10-01,merger,1002,1003,,,,";
    let said = ["2:1002: the successor 1002 ended on 2022-10-01 (line 3), and cannot go on for 1001 on 2023-04-01"];
    assert_eq!(wrong(rows), said);
}

#[test]
fn a_successor_that_begins_after_its_predecessor() {
    let rows = "2022-10-01,merger,1001,1101,,,,
                2023-04-01,entry,1101,,,,,
                2022-10-01,merger,1002,1102,,,,
                2023-04-01,recode,1003,1102,,,,";
    assert_eq!(
        wrong(rows),
        [
            "2:1101: the successor 1101 begins on 2023-04-01 (line 3), and cannot go on for 1001 on 2022-10-01",
            "4:1102: the successor 1102 begins on 2023-04-01 (line 5), and cannot go on for 1002 on 2022-10-01",
        ]
    );
}

#[test]
fn something_happens_before_an_entry_and_somebody_enters_twice() {
    let rows = "2022-10-01,rename,1001,,,,模擬新銀行,
                2023-04-01,entry,1001,,,,,
                2023-05-01,entry,1001,,,,,";
    assert_eq!(
        wrong(rows),
        [
            "2:1001: 1001 begins on 2023-04-01 (line 3), so that nothing happens to it on 2022-10-01",
            "4:1001: 1001 entered already on 2023-04-01 (line 3), and did not end between",
        ]
    );
}

#[test]
fn a_code_that_two_institutions_become() {
    let rows = "2022-10-01,recode,1001,1101,,,,
                2023-04-01,recode,1002,1101,,,,
                2022-10-01,entry,1103,,,,,
                2023-04-01,recode,1003,1103,,,,";
    assert_eq!(
        wrong(rows),
        [
            "3:1101: 1002 cannot take the code 1101, which somebody has on 2022-10-01 (line 2)",
            "5:1103: 1003 cannot take the code 1103, which somebody has on 2022-10-01 (line 4)",
        ]
    );
}

#[test]
fn a_circle_is_said_once_at_the_row_that_closes_it() {
    let rows = "2022-10-01,merger,1001,1002,,,,
                2023-04-01,merger,1003,1001,,,,
                2023-01-01,recode,1002,1003,,,,";
    let said = ["3:1001: a circle, 1001 → 1002 → 1003 → 1001: nobody can go on for its own successor"];
    assert_eq!(wrong(rows), said);
    let one_day = "2023-04-01,recode,1001,1002,,,,\n2023-04-01,recode,1002,1001,,,,";
    let said = ["3:1001: a circle, 1001 → 1002 → 1001: nobody can go on for its own successor"];
    assert_eq!(wrong(one_day), said);
}

#[test]
fn what_follows_from_a_mistake_in_a_row_is_not_said_to_be_another() {
    let rows = "2022-10-01,exit,1001,,,,,
                2023-13-01,entry,1001,,,,,
                2023-04-01,rename,1001,,,,模擬新銀行,";
    assert_eq!(wrong(rows), ["3:2023-13-01: 「2023-13-01」 is no date, expected one such as 2023-04-01"]);
}

#[test]
fn a_code_that_was_given_again_is_another_institution() {
    let given_again = "2022-10-01,exit,1001,,,,,
                       2023-04-01,entry,1001,,,,,
                       2023-05-01,rename,1001,,,,模擬新銀行,
                       2024-04-01,merger,1001,1002,,,,
                       2022-10-01,entry,1003,,,,,
                       2022-10-01,recode,1003,1103,,,,";
    ledger(given_again).unwrap_or_else(|complaints| panic!("{complaints:?}"));
}

#[test]
fn a_file_that_is_no_ledger() {
    let bench = Bench::new();
    let survey = survey();
    let said = |content: &[u8]| {
        let path = bench.write("ledger.csv", content);
        let error = cssa::survey::Ledger::load(&path, &survey).expect_err("no ledger");
        assert_eq!(error.complaints.len(), 1);
        let complaint = &error.complaints[0];
        (complaint.position.as_ref().map(|at| at.line), complaint.message.clone(), complaint.help.clone())
    };
    let (line, message, help) = said("日付,event,institution,successor,sector,subsector,name\n".as_bytes());
    assert_eq!(line, Some(1));
    assert_eq!(
        message,
        "the ledger lacks the column date, note; it has: 日付, event, institution, successor, sector, subsector, name"
    );
    assert!(help.is_some_and(|help| help.contains("date,event,institution,successor,sector,subsector,name,note")));
    let header = b"date,event,institution,successor,sector,subsector,name,note\n";
    let (line, message, help) = said(&[header, &b"2023-04-01,rename,1001,,,,\x96\xff\x8b\x5b,\n"[..]].concat());
    assert_eq!((line, message.as_str()), (Some(2), "the ledger is neither in UTF-8 nor in CP932 (Shift_JIS) here"));
    assert!(help.is_some_and(|help| help.contains("CSV UTF-8")));
    // An open quotation mark would swallow the rows after it.
    let rows = b"2023-04-01,exit,1001,,,,,\"\xe9\x96\x89\n2023-04-01,exit,1002,,,,,\n";
    let (line, message, _) = said(&[&header[..], rows].concat());
    assert_eq!((line, message.as_str()), (Some(2), "the ledger has a quotation mark that is never closed"));
    let error = cssa::survey::Ledger::load(&bench.path("none.csv"), &survey).expect_err("no file");
    assert!(error.to_string().contains("the ledger cannot be read"), "{error}");
}

/// The contradictions between a ledger and the rosters.
fn contradicted(rows: &str, roster: &str) -> Vec<String> {
    let ledger = ledger(rows).unwrap_or_else(|complaints| panic!("{complaints:?}"));
    pointed(&ledger.held_against(&rosters(roster)))
}

#[test]
fn a_code_that_is_on_no_roster() {
    let roster = "2022,1001,模擬銀行,regional,regional_bank
                  2023,1001,模擬銀行,regional,regional_bank";
    let rows = "2022-10-01,merger,1009,1008,,,,
                2022-12-01,rename,1007,,,,模擬,
                2022-10-01,entry,1006,,,,,";
    assert_eq!(
        contradicted(rows, roster),
        [
            "2:1009: 1009 is on no roster (FY2022 and FY2023)",
            "2:1008: 1008 is on no roster (FY2022 and FY2023)",
            "3:1007: 1007 is on no roster (FY2022 and FY2023)",
            "4:1006: 1006 is on no roster (FY2022 and FY2023)",
        ]
    );
}

#[test]
fn a_code_that_no_roster_at_hand_would_show_is_no_mistake() {
    let roster = "2022,1001,模擬銀行,regional,regional_bank
                  2023,1101,模擬銀行,regional,regional_bank";
    // 1050 stands between two rosters; 1901 was gone before the first; 1999 comes after the last,
    // and so, perhaps, does 1998: the roster of 2023 may have been made before 10 May.
    let rows = "2022-10-01,recode,1001,1050,,,,
                2023-02-01,recode,1050,1101,,,,
                2019-04-01,exit,1901,,,,,
                2023-10-01,entry,1999,,,,,
                2023-05-10,entry,1998,,,,,";
    assert_eq!(contradicted(rows, roster), [""; 0]);
}

#[test]
fn somebody_who_ended_is_on_a_later_roster() {
    let roster = "2022,1001,模擬一,regional,shinkin
                  2022,1002,模擬二,regional,shinkin
                  2022,1003,模擬三,regional,shinkin
                  2023,1001,模擬一,regional,shinkin
                  2023,1002,模擬二,regional,shinkin
                  2023,1003,模擬三,regional,shinkin
                  2024,1001,模擬一,regional,shinkin
                  2024,1003,模擬三,regional,shinkin";
    // The roster of 2023 may have been made between 1 April and 10 May.
    let rows = "2023-04-01,merger,1001,1003,,,,
                2023-05-10,merger,1002,1003,,,,";
    assert_eq!(
        contradicted(rows, roster),
        ["2:1001: 1001 ended on 2023-04-01, but is on the roster of FY2023 and FY2024"]
    );
}

#[test]
fn somebody_who_begins_is_on_an_earlier_roster() {
    let roster = "2022,1001,模擬一,regional,shinkin
                  2022,1002,模擬二,regional,shinkin
                  2022,1003,模擬三,regional,shinkin
                  2023,1001,模擬一,regional,shinkin
                  2023,1002,模擬二,regional,shinkin";
    // An entry within fiscal year 2022 may have been known when its roster was made.
    let rows = "2023-07-01,entry,1001,,,,,
                2023-06-30,entry,1002,,,,,";
    assert_eq!(contradicted(rows, roster), ["2:1001: 1001 begins on 2023-07-01, but is on the roster of FY2022"]);
    assert_eq!(
        contradicted("2023-07-01,recode,1003,1001,,,,", roster),
        ["2:1001: 1001 begins on 2023-07-01, but is on the roster of FY2022"]
    );
    let given_again = "2022-10-01,exit,1001,,,,,\n2023-04-01,entry,1001,,,,,";
    assert_eq!(contradicted(given_again, roster), [""; 0]);
}

#[test]
fn a_rename_and_a_move_that_the_next_roster_does_not_show() {
    let roster = "2022,1001,模擬一,regional,shinkin
                  2022,1002,模擬二,regional,shinkin
                  2022,1003,模擬三,regional,shinkin
                  2023,1001,模擬一,regional,shinkin
                  2023,1002,模擬 ＢＢ,regional,second_regional
                  2023,1003,模擬三,trust,
                  2024,1001,模擬一,regional,shinkin";
    let rows = "2023-01-01,rename,1001,,,,模擬新一,
                2023-01-01,move,1001,,securities,,,
                2023-01-01,rename,1002,,,,模擬BB,
                2023-01-01,move,1002,,regional,second_regional,,
                2022-09-01,move,1003,,regional,shinkumi,,
                2023-05-01,move,1003,,trust,,,";
    assert_eq!(
        contradicted(rows, roster),
        [
            "2:模擬新一: 1001 is called 模擬新一 from 2023-01-01, but 模擬一 on the roster of FY2023",
            "3:securities: 1001 is in securities from 2023-01-01, but in regional/shinkin on the roster of FY2023",
        ]
    );
}

#[test]
fn what_happened_to_somebody_is_not_looked_for_under_a_code_that_was_given_again() {
    let roster = "2022,1001,模擬一,regional,shinkin\n2023,1001,模擬別一,regional,shinkin";
    let rows = "2022-09-01,rename,1001,,,,模擬新一,
                2022-12-01,exit,1001,,,,,
                2023-03-01,entry,1001,,,,,";
    assert_eq!(contradicted(rows, roster), [""; 0]);
}

#[test]
fn the_rosters_of_all_years_are_read_as_that_of_one() {
    let bench = Bench::new();
    let rows = "fiscal_year,institution,name,sector,subsector
2019,1001,模擬一,gone,
2022,1001,模擬一,banks,
2023,1001,模擬一,regional,shinkin
2023,0１001,模擬一,trust,
2023,1002,模擬二,regional,shinkin
2023,1002,模擬弐,trust,
23,1003,模擬三,trust,
2023,,模擬四,trust,
";
    let error = Roster::places_by_year(&bench.write("roster.csv", rows), &survey()).expect_err("mistakes");
    let messages: Vec<&str> = error.complaints.iter().map(|complaint| complaint.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "there is no sector `banks`",
            "the codes 1001 and 0１001 cannot be told apart once Excel drops leading zeros",
            "1002 is called both 模擬二 and 模擬弐",
            "「23」 is no fiscal year, expected one such as 2023",
            "the institution has no code",
        ]
    );
    let lines: Vec<usize> = error.complaints.iter().filter_map(|one| one.position.as_ref()).map(|at| at.line).collect();
    assert_eq!(lines, [3, 5, 7, 8, 9]);
    let years = rosters("2019,01001,模擬一,gone,\n2023,1001,模擬一,trust,\n2023,1001,模擬一,regional,shinkin");
    assert_eq!(years[&2019]["01001"].places, [("gone".to_owned(), String::new())]);
    let places = [("regional", "shinkin"), ("trust", "")].map(|(one, part)| (one.to_owned(), part.to_owned()));
    assert_eq!(years[&2023]["1001"].places, places);
}

const HEADER: &str = "date,event,institution,successor,sector,subsector,name,note\n";

#[test]
fn check_holds_the_ledger_against_the_roster_and_says_where_there_is_none() {
    let bench = Bench::new();
    let year = year_file(2023).to_string_lossy().into_owned();
    let ran = bench.cssa(["check", &year]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(
        ran.out.contains("its ledger of 0 event(s) contradicts nothing on the roster of FY2022, FY2023 ("),
        "{}",
        ran.out
    );

    bench.write("ledger.csv", format!("{HEADER}2022-10-01,merger,1001,1002,,,,\n2022-10-01,fusion,1004,1002,,,,\n"));
    let ran = bench.cssa(["check", &year, "--ledger", "ledger.csv"]);
    assert_eq!((ran.status, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("1 mistake:") && ran.err.contains("ledger.csv:3:12: `fusion` is no event"), "{}", ran.err);

    bench.write("ledger.csv", format!("{HEADER}2022-10-01,merger,1001,1002,,,,\n"));
    let ran = bench.cssa(["check", &year, "--ledger", "ledger.csv"]);
    assert_eq!(ran.status, 2);
    let said = "ledger.csv:2:19: 1001 ended on 2022-10-01, but is on the roster of FY2023";
    assert!(ran.err.contains("1 mistake:") && ran.err.contains(said), "{}", ran.err);

    let rows = "fiscal_year,institution,name,sector,subsector\n2022,1001,模擬一,trust,\n2023,1002,模擬二,trust,\n";
    bench.write("roster.csv", rows);
    let ran = bench.cssa(["check", &year, "--ledger", "ledger.csv", "--roster", "roster.csv", "--format", "json"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let report: serde_json::Value = serde_json::from_str(ran.out.trim()).expect("one JSON object");
    assert_eq!(report["ledger"]["events"], 1);
    assert_eq!(report["ledger"]["roster_years"], serde_json::json!([2022, 2023]));
}

#[test]
fn a_roster_that_is_not_there_is_a_mistake_only_where_the_command_names_it() {
    let bench = Bench::new();
    for (name, content) in crate::support::contents(&crate::support::project().join("pipelines/cssa")) {
        bench.write(&format!("pipelines/cssa/{name}"), content);
    }
    let year = "pipelines/cssa/fy2023.toml";
    let ran = bench.cssa(["check", year]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let said = ran.out.replace('\\', "/");
    assert!(said.contains("is held against no roster: data/sample/roster.csv is not there"), "{said}");
    let ran = bench.cssa(["check", year, "--roster", "data/sample/roster.csv"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("the roster cannot be read"), "{}", ran.err);
    let ran = bench.cssa(["check", year, "--ledger", "none.csv"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("none.csv: the ledger cannot be read"), "{}", ran.err);
}
