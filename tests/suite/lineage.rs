//! The predecessors of each institution: cases worked out by hand, and laws.

use std::collections::BTreeMap;

use cssa::compare::{Fate, Lineage, Past, Remark};
use cssa::survey::{InstitutionPlaces, Ledger, RosterPlaces};
use proptest::prelude::*;

use crate::support::institutions::{ledger, ledger_of, rosters, survey};

/// The lineage between the rosters of FY2022 and FY2023, with these rows of a ledger.
fn between(ledger_rows: &str, roster_rows: &str) -> Lineage {
    let ledger = ledger(ledger_rows).unwrap_or_else(|complaints| panic!("{complaints:?}"));
    let years = rosters(roster_rows);
    Lineage::between(&years[&2022], &years[&2023], &ledger, 2023)
}

fn same(code: &str) -> Past {
    Past::Same(code.into())
}

fn together(codes: &[&str]) -> Past {
    Past::Together(codes.iter().map(|&code| code.into()).collect())
}

fn continues(code: &str) -> Option<Fate> {
    Some(Fate::Continues { as_code: code.into() })
}

fn absorbed(code: &str) -> Option<Fate> {
    Some(Fate::Absorbed { into: code.into() })
}

fn part_of(code: &str) -> Option<Fate> {
    Some(Fate::PartOf { code: code.into() })
}

fn left(explained: bool) -> Option<Fate> {
    Some(Fate::Left { explained })
}

#[test]
fn three_shinkin_banks_that_merge_into_a_new_code_are_compared_together() {
    // 1508 was not asked last year: it is no part of the past.
    let lineage = between(
        "2023-01-23,merger,1503,1601,,,,
         2023-01-23,merger,1501,1601,,,,
         2023-01-23,merger,1502,1601,,,,
         2023-01-23,merger,1508,1601,,,,",
        "2022,1501,模擬信用金庫一,regional,shinkin
         2022,1502,模擬信用金庫二,regional,shinkin
         2022,1503,模擬信用金庫三,regional,shinkin
         2023,1601,模擬新信用金庫,regional,shinkin",
    );
    assert_eq!(lineage.past("1601"), &together(&["1501", "1502", "1503"]));
    assert_eq!(lineage.lines_of_past("1601"), [2, 3, 4]);
    for code in ["1501", "1502", "1503"] {
        assert_eq!(lineage.fate(code).cloned(), part_of("1601"), "{code}");
    }
    assert_eq!(lineage.lines_of_fate("1503"), [2]);
    assert_eq!(lineage.fate("1508"), None);
    assert_eq!(lineage.past("1501"), &Past::None);
    assert!(lineage.remarks().is_empty(), "{:?}", lineage.remarks());
}

#[test]
fn of_a_new_institution_whose_predecessors_were_not_asked_but_one_that_one_is_the_past() {
    let lineage = between(
        "2022-10-01,merger,1501,1601,,,,
         2022-10-01,merger,1502,1601,,,,
         2022-10-01,merger,1503,1602,,,,",
        "2022,1501,模擬信用金庫一,regional,shinkin
         2023,1601,模擬新信用金庫,regional,shinkin
         2023,1602,模擬別信用金庫,regional,shinkin",
    );
    assert_eq!(lineage.past("1601"), &same("1501"));
    assert_eq!(lineage.fate("1501").cloned(), continues("1601"));
    // The other institution has no predecessor that was asked: the ledger explains the entrant.
    assert_eq!((lineage.past("1602"), lineage.lines_of_past("1602")), (&Past::None, &[4][..]));
    assert!(lineage.remarks().is_empty(), "{:?}", lineage.remarks());
}

#[test]
fn who_absorbs_another_is_compared_with_itself() {
    let lineage = between(
        "2022-10-01,merger,1502,1501,,,,",
        "2022,1501,模擬信用金庫一,regional,shinkin
         2022,1502,模擬信用金庫二,regional,shinkin
         2023,1501,模擬信用金庫一,regional,shinkin",
    );
    assert_eq!(lineage.past("1501"), &same("1501"));
    assert_eq!(lineage.fate("1501").cloned(), continues("1501"));
    assert_eq!((lineage.fate("1502").cloned(), lineage.lines_of_fate("1502")), (absorbed("1501"), &[2][..]));
    assert!(lineage.remarks().is_empty(), "{:?}", lineage.remarks());
}

#[test]
fn who_absorbs_another_and_takes_a_new_code_is_compared_with_itself() {
    let lineage = between(
        "2022-10-01,recode,1501,1601,,,,
         2023-02-01,merger,1502,1601,,,,",
        "2022,1501,模擬信用金庫一,regional,shinkin
         2022,1502,模擬信用金庫二,regional,shinkin
         2023,1601,模擬信用金庫一,regional,shinkin",
    );
    assert_eq!(lineage.past("1601"), &same("1501"));
    assert_eq!(lineage.fate("1501").cloned(), continues("1601"));
    assert_eq!(lineage.fate("1502").cloned(), absorbed("1601"));
    assert!(lineage.remarks().is_empty(), "{:?}", lineage.remarks());
}

#[test]
fn chains_are_followed_to_whoever_is_there() {
    // 1001 becomes 1050, which with 1002 becomes 1100 by merger, which becomes 1101. All of it
    // happens between the two rosters; so 1101 is new, of two.
    let lineage = between(
        "2023-03-01,recode,1100,1101,,,,
         2022-10-01,recode,1001,1050,,,,
         2023-01-01,merger,1050,1100,,,,
         2023-01-01,merger,1002,1100,,,,
         2022-08-01,merger,1003,1002,,,,",
        "2022,1001,模擬一,regional,regional_bank
         2022,1002,模擬二,regional,regional_bank
         2022,1003,模擬三,regional,regional_bank
         2023,1101,模擬新,regional,regional_bank",
    );
    assert_eq!(lineage.past("1101"), &together(&["1001", "1002"]));
    assert_eq!(lineage.lines_of_past("1101"), [2, 3, 4, 5]);
    assert_eq!(lineage.fate("1001").cloned(), part_of("1101"));
    assert_eq!(lineage.lines_of_fate("1001"), [2, 3, 4]);
    // 1002 had a past of its own when it absorbed 1003.
    assert_eq!(lineage.fate("1003").cloned(), absorbed("1101"));
    assert!(lineage.remarks().is_empty(), "{:?}", lineage.remarks());
}

#[test]
fn a_chain_into_somebody_with_a_past_is_an_absorption() {
    let lineage = between(
        "2022-10-01,recode,1001,1050,,,,
         2023-01-01,merger,1050,1002,,,,",
        "2022,1001,模擬一,regional,regional_bank
         2022,1002,模擬二,regional,regional_bank
         2023,1002,模擬二,regional,regional_bank",
    );
    assert_eq!(lineage.past("1002"), &same("1002"));
    assert_eq!(lineage.fate("1001").cloned(), absorbed("1002"));
}

#[test]
fn a_recode_twice_over_is_the_same_institution() {
    let lineage = between(
        "2022-10-01,recode,1001,1002,,,,
         2022-12-01,recode,1002,1003,,,,",
        "2022,01001,模擬一,regional,regional_bank
         2023,01003,模擬一,regional,regional_bank",
    );
    assert_eq!(lineage.past("01003"), &same("01001"));
    assert_eq!(lineage.fate("01001").cloned(), continues("01003"));
    assert!(lineage.remarks().is_empty(), "{:?}", lineage.remarks());
}

#[test]
fn codes_are_compared_as_rosters_compare_them() {
    let lineage = between("", "2022,0001,模擬 一,regional,regional_bank\n2023,１,模擬一,regional,regional_bank");
    assert_eq!(lineage.past("１"), &same("0001"));
    assert_eq!(lineage.fate("0001").cloned(), continues("１"));
    assert!(lineage.remarks().is_empty(), "{:?}", lineage.remarks());
}

#[test]
fn moves_and_renames_are_explained_or_remarked() {
    let lineage = between(
        "2022-10-01,move,1001,,regional,second_regional,,
         2022-10-01,rename,1001,,,,模擬新一,
         2022-10-01,rename,1002,,,,模擬別二,
         2022-10-01,move,1003,,securities,,,
         2018-10-01,move,1004,,trust,,,
         2022-10-01,rename,1005,,,,模擬ＡＢ,
         2022-11-01,recode,1005,1105,,,,
         2022-12-01,move,1105,,trust,,,",
        "2022,1001,模擬一,regional,regional_bank
         2023,1001,模擬新一,regional,second_regional
         2022,1002,模擬二,regional,regional_bank
         2023,1002,模擬新二,regional,shinkin
         2022,1003,模擬三,trust,
         2023,1003,模擬三,regional,regional_bank
         2023,1003,模擬三,securities,
         2022,1004,模擬四,regional,regional_bank
         2023,1004,模擬四,trust,
         2022,1005,模擬五,regional,regional_bank
         2023,1105,模擬ＡＢ,trust,",
    );
    for code in ["1001", "1002", "1003", "1004"] {
        assert_eq!(lineage.past(code), &same(code));
    }
    assert_eq!(lineage.lines_of_past("1001"), [2, 3]);
    assert_eq!((lineage.past("1105"), lineage.lines_of_past("1105")), (&same("1005"), &[7, 8, 9][..]));
    let places = |all: &[(&str, &str)]| all.iter().map(|&(one, part)| (one.to_owned(), part.to_owned())).collect();
    let moved = |code: &str, before: &[(&str, &str)], now: &[(&str, &str)], lines: Vec<usize>| {
        Remark::UnexplainedMove { code: code.into(), before: places(before), now: places(now), lines }
    };
    assert_eq!(
        lineage.remarks(),
        [
            Remark::UnexplainedName {
                code: "1002".into(),
                before: "模擬二".into(),
                now: "模擬新二".into(),
                lines: vec![4],
            },
            moved("1002", &[("regional", "regional_bank")], &[("regional", "shinkin")], vec![]),
            // The move to securities says nothing of a place among the regional banks.
            moved("1003", &[("trust", "")], &[("regional", "regional_bank"), ("securities", "")], vec![5]),
            // An event of 2018 was on the roster of 2022.
            moved("1004", &[("regional", "regional_bank")], &[("trust", "")], vec![]),
        ]
    );
}

#[test]
fn a_place_that_is_left_needs_a_move_too() {
    let roster = "2022,1001,模擬一,regional,regional_bank
                  2022,1001,模擬一,trust,
                  2023,1001,模擬一,regional,regional_bank";
    let lineage = between("", roster);
    assert!(matches!(lineage.remarks(), [Remark::UnexplainedMove { .. }]), "{:?}", lineage.remarks());
    let lineage = between("2022-10-01,move,1001,,regional,regional_bank,,", roster);
    assert_eq!((lineage.remarks(), lineage.lines_of_past("1001")), (&[][..], &[2][..]));
}

#[test]
fn who_comes_and_who_goes() {
    let lineage = between(
        "2022-10-01,exit,1001,,,,,
         2022-10-01,merger,1003,1009,,,,
         2022-10-01,entry,1004,,,,,",
        "2022,1001,模擬一,regional,regional_bank
         2022,1002,模擬二,regional,regional_bank
         2022,1003,模擬三,regional,regional_bank
         2023,1004,模擬四,regional,regional_bank
         2023,1005,模擬五,regional,regional_bank",
    );
    assert_eq!((lineage.fate("1001").cloned(), lineage.lines_of_fate("1001")), (left(true), &[2][..]));
    assert_eq!(lineage.fate("1002").cloned(), left(false));
    // Its successor is not on the roster: its fate remains open.
    assert_eq!(lineage.fate("1003").cloned(), left(false));
    assert_eq!((lineage.past("1004"), lineage.lines_of_past("1004")), (&Past::None, &[4][..]));
    assert_eq!(lineage.past("1005"), &Past::None);
    let leaver =
        |code: &str, name: &str, lines| Remark::UnexplainedLeaver { code: code.into(), name: name.into(), lines };
    assert_eq!(
        lineage.remarks(),
        [
            leaver("1002", "模擬二", vec![]),
            leaver("1003", "模擬三", vec![3]),
            Remark::UnexplainedEntrant { code: "1005".into(), name: "模擬五".into() },
        ]
    );
}

#[test]
fn a_code_that_was_given_again_is_not_the_same() {
    let roster = "2022,1001,模擬一,regional,regional_bank
                  2023,1001,模擬新一,regional,regional_bank
                  2023,1101,模擬一,regional,regional_bank";
    let lineage = between("2022-10-01,recode,1001,1101,,,,\n2023-04-01,entry,1001,,,,,", roster);
    assert_eq!(lineage.past("1001"), &Past::None);
    assert_eq!(lineage.past("1101"), &same("1001"));
    assert_eq!(lineage.fate("1001").cloned(), continues("1101"));
    assert!(lineage.remarks().is_empty(), "{:?}", lineage.remarks());

    let roster = "2022,1001,模擬一,regional,regional_bank\n2023,1001,模擬新一,regional,regional_bank";
    let lineage = between("2022-10-01,exit,1001,,,,,\n2022-10-01,entry,1001,,,,,", roster);
    assert_eq!((lineage.past("1001"), lineage.fate("1001").cloned()), (&Past::None, left(true)));
    assert!(lineage.remarks().is_empty(), "{:?}", lineage.remarks());
    // An event before both rosters, or after both, changes nothing between them.
    for years in [["2020", "2021"], ["2024", "2025"]] {
        let rows = years.map(|year| format!("{year}-10-01")).to_vec();
        let lineage = between(&format!("{},exit,1001,,,,,\n{},entry,1001,,,,,", rows[0], rows[1]), roster);
        assert_eq!((lineage.past("1001"), lineage.fate("1001").cloned()), (&same("1001"), continues("1001")));
    }
}

#[test]
fn the_rosters_say_what_happened_and_when() {
    let roster = "2022,1001,模擬一,regional,shinkin
                  2022,1002,模擬二,regional,shinkin
                  2023,1002,模擬二,regional,shinkin";
    // Dated a year late, or a year early, the merger still explains who is gone; further away not.
    for (date, fate) in [
        ("2021-06-30", left(false)),
        ("2021-07-01", absorbed("1002")),
        ("2024-06-30", absorbed("1002")),
        ("2024-07-01", left(false)),
    ] {
        let lineage = between(&format!("{date},merger,1001,1002,,,,"), roster);
        assert_eq!(lineage.fate("1001").cloned(), fate, "{date}");
    }
    // An institution on both rosters goes on, whatever the ledger says.
    let lineage = between("2022-10-01,merger,1002,1001,,,,", roster);
    assert_eq!((lineage.past("1002"), lineage.fate("1002").cloned()), (&same("1002"), continues("1002")));
}

#[test]
fn nobody_is_the_past_of_two_where_a_predecessor_is_still_there() {
    // 1002 is said to have gone into 1101, but is on the roster.
    let lineage = between(
        "2022-10-01,merger,1001,1101,,,,\n2022-10-01,merger,1002,1101,,,,",
        "2022,1001,模擬一,regional,shinkin
         2022,1002,模擬二,regional,shinkin
         2023,1002,模擬二,regional,shinkin
         2023,1101,模擬新,regional,shinkin",
    );
    assert_eq!((lineage.past("1002"), lineage.past("1101")), (&same("1002"), &same("1001")));
    assert_eq!(lineage.fate("1001").cloned(), continues("1101"));
}

/// An event in the lives of the eight codes of the laws: kind, code, successor, days since the last.
type Happening = (u8, u8, u8, u16);

/// A ledger without contradictions from happenings: impossible ones are left out.
fn rows(happenings: &[Happening]) -> Vec<String> {
    let mut rows = Vec::new();
    // Whether a code is free to begin; nothing happens twice to it on a day.
    let mut has_ended = [false; 8];
    let mut is_known = [false; 8];
    let mut day = 0;
    for &(kind, whose, whom, days) in happenings {
        day += u32::from(days) + 1;
        let date = format!("{}-{:02}-{:02}", 2021 + day / 336, day % 336 / 28 + 1, day % 28 + 1);
        let (own, other) = (usize::from(whose), usize::from(whom));
        let (code, to) = (1001 + own, 1001 + other);
        let row = match kind {
            0 if !has_ended[own] && !has_ended[other] && own != other => {
                has_ended[own] = true;
                format!("{date},merger,{code},{to},,,,")
            }
            1 if !has_ended[own] && !is_known[other] && own != other => {
                has_ended[own] = true;
                format!("{date},recode,{code},{to},,,,")
            }
            2 if !has_ended[own] => {
                has_ended[own] = true;
                format!("{date},exit,{code},,,,,")
            }
            3 if has_ended[own] => {
                has_ended[own] = false;
                format!("{date},entry,{code},,,,,")
            }
            4 if !has_ended[own] => format!("{date},rename,{code},,,,模擬{other},"),
            5 if !has_ended[own] => format!("{date},move,{code},,trust,,,"),
            _ => continue,
        };
        is_known[own] = true;
        is_known[other] |= matches!(kind, 0 | 1);
        rows.push(row);
    }
    rows
}

fn roster_of(has: [bool; 8]) -> RosterPlaces {
    let institution = |number: usize| InstitutionPlaces {
        name: format!("模擬{number}"),
        places: vec![("regional".to_owned(), "shinkin".to_owned())],
    };
    (0..8).filter(|&number| has[number]).map(|number| ((1001 + number).to_string(), institution(number))).collect()
}

fn ledger_from(rows: &[String]) -> Ledger {
    thread_local!(static SURVEY: cssa::survey::Survey = survey());
    SURVEY.with(|survey| ledger_of(survey, &rows.join("\n"))).unwrap_or_else(|complaints| panic!("{complaints:?}"))
}

/// All that a lineage says but the lines of the ledger.
fn told(lineage: &Lineage) -> String {
    let pasts: Vec<_> = lineage.pasts().collect();
    let fates: Vec<_> = lineage.fates().collect();
    let without_lines = |remark: &Remark| {
        let text = format!("{remark:?}");
        text.split(", lines").next().map(str::to_owned)
    };
    let remarks: Vec<_> = lineage.remarks().iter().map(without_lines).collect();
    format!("{pasts:?} {fates:?} {remarks:?}")
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    prop::collection::vec((0..6u8, 0..8u8, 0..8u8, 0..120u16), 0..16)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pasts_and_fates_agree(happenings in happenings(), before: [bool; 8], now: [bool; 8]) {
        let ledger = ledger_from(&rows(&happenings));
        let (before, now) = (roster_of(before), roster_of(now));
        let lineage = Lineage::between(&before, &now, &ledger, 2023);
        prop_assert!(lineage.pasts().map(|(code, _)| code).eq(now.keys()), "everyone of this year has one past");
        prop_assert!(lineage.fates().map(|(code, _)| code).eq(before.keys()), "everyone of last year has one fate");
        let mut successors: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
        for (code, past) in lineage.pasts() {
            prop_assert!(!matches!(past, Past::Together(codes) if codes.len() < 2));
            prop_assert!(past.codes().is_sorted());
            for of_last_year in past.codes() {
                prop_assert!(before.contains_key(of_last_year));
                let taken = successors.insert(of_last_year, (code, past.codes().len()));
                prop_assert!(taken.is_none(), "{of_last_year} is the past of two");
            }
        }
        for (code, fate) in lineage.fates() {
            let expected = match (successors.get(code), fate) {
                (Some(&(to, 1)), _) => Fate::Continues { as_code: to.to_owned() },
                (Some(&(to, _)), _) => Fate::PartOf { code: to.to_owned() },
                (None, Fate::Absorbed { into }) => {
                    prop_assert!(lineage.past(into) != &Past::None, "who absorbs has a past of its own");
                    continue;
                }
                (None, _) => {
                    prop_assert!(matches!(fate, Fate::Left { .. }), "{code}: {fate:?}");
                    continue;
                }
            };
            prop_assert_eq!(fate, &expected);
        }
    }

    #[test]
    fn the_order_of_the_rows_changes_nothing(
        (rows, shuffled) in happenings().prop_map(|all| rows(&all)).prop_flat_map(|rows| {
            (Just(rows.clone()), Just(rows).prop_shuffle())
        }),
        before: [bool; 8],
        now: [bool; 8],
    ) {
        let (before, now) = (roster_of(before), roster_of(now));
        let lineages = [rows, shuffled].map(|rows| told(&Lineage::between(&before, &now, &ledger_from(&rows), 2023)));
        prop_assert_eq!(&lineages[0], &lineages[1]);
    }

    #[test]
    fn without_a_ledger_equal_rosters_are_the_same_institutions(has: [bool; 8]) {
        let roster = roster_of(has);
        let lineage = Lineage::between(&roster, &roster, &Ledger::default(), 2023);
        prop_assert!(lineage.pasts().all(|(code, past)| *past == Past::Same(code.to_owned())));
        prop_assert!(lineage.fates().all(|(code, fate)| Some(fate) == continues(code).as_ref()));
        prop_assert!(lineage.remarks().is_empty());
    }
}
