//! Changes and flows: laws that hold whatever was answered, and panels worked out by hand.

use std::collections::BTreeMap;

use cssa::compare::{Difference, Movement, Share, Telling};
use cssa::survey::{Comparability, Counterpart, Survey};
use proptest::prelude::*;

use crate::support::two_years::{Answers, Member, Outcome, TwoYears, member};
use crate::support::{project, table, year_file};

const SOC: [&str; 3] = ["always", "partial", "none"];
const STAFFING: [&str; 3] = ["own", "external", "short"];

/// The answers of an institution: an option each, or nothing.
fn answers() -> impl Strategy<Value = Answers> {
    let single = |options: [&'static str; 3]| prop_oneof![8 => prop::sample::select(options.to_vec()), 1 => Just("item_nonresponse"), 1 => Just("contradictory")];
    let scope = prop_oneof![
        Just(vec!["malware"]),
        Just(vec!["outbound"]),
        Just(vec!["malware", "outbound"]),
        Just(vec!["unreadable"])
    ];
    (single(SOC), scope, single(STAFFING), single(STAFFING)).prop_map(|(soc, scope, plan, watch)| {
        // A question behind a gate that is closed, or not answered, is not asked.
        let scope = if ["always", "partial"].contains(&soc) { scope } else { vec!["not_asked"] };
        BTreeMap::from([
            (("soc", ""), vec![soc]),
            (("scope", ""), scope),
            (("staffing", "plan"), vec![plan]),
            (("staffing", "watch"), vec![watch]),
        ])
    })
}

/// Institutions of one year: some are not asked, some do not return the workbook.
fn year() -> impl Strategy<Value = Vec<Member>> {
    let place = prop::sample::select(vec![("regional", "bank"), ("regional", "shinkin"), ("securities", "")]);
    let one = (prop::bool::weighted(0.85), prop::bool::weighted(0.9), place, answers());
    prop::collection::vec(one, 12).prop_map(|all| {
        let members = all.into_iter().enumerate().filter(|(_, (is_asked, ..))| *is_asked);
        members
            .map(|(n, (_, has_returned, (sector, subsector), answers))| Member {
                code: format!("{}", 1001 + n),
                name: format!("模擬{n:02}"),
                sector,
                subsector,
                answers: if has_returned { answers } else { Answers::new() },
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn equal_years_give_zero(members in year()) {
        let outcome = TwoYears::new().compare(&members, &members, "");
        for (name, change) in outcome.all() {
            prop_assert!(change.compared().is_some(), "{}", name);
            for difference in [change.difference(), change.panel_difference(), change.entrants(), change.leavers()].into_iter().flatten() {
                prop_assert_eq!(difference, Difference::NONE, "{}", name);
            }
            prop_assert_ne!(change.telling(), Some(Telling::Yes), "{}", name);
        }
        for (_, _, flow) in outcome.flows() {
            prop_assert_eq!((flow.count(Movement::Rose), flow.count(Movement::Fell)), (0, 0));
        }
    }

    #[test]
    fn swapping_the_years_flips_every_sign(before in year(), now in year()) {
        let world = TwoYears::new();
        let (there, back) = (world.compare(&before, &now, ""), world.compare(&now, &before, ""));
        let mut compared = 0;
        for (name, change) in there.all() {
            let Some(other) = back.all().into_iter().find(|(other, _)| *other == name).map(|(_, other)| other) else {
                // A sector that only one of the years has.
                continue;
            };
            if change.compared().is_none() || other.compared().is_none() {
                continue;
            }
            compared += 1;
            prop_assert_eq!(change.difference(), other.difference().map(Difference::opposite), "{}", name);
            prop_assert_eq!(change.panel_difference(), other.panel_difference().map(Difference::opposite), "{}", name);
            prop_assert_eq!(change.entrants(), other.leavers(), "{}", name);
            prop_assert_eq!(change.bounds(), other.bounds().map(|(low, high)| (high.opposite(), low.opposite())));
            prop_assert_eq!(change.telling(), other.telling(), "{}", name);
            // As printed as well: rounding does not prefer a direction.
            let tenths = |points: Option<cssa::compare::PercentagePoints>| points.map(|points| points.tenths());
            prop_assert_eq!(tenths(change.points()), tenths(other.points()).map(|tenths| -tenths), "{}", name);
        }
        prop_assert!(compared > 0);
        for (question, key, flow) in there.flows() {
            let other = back.flows().into_iter().find(|(q, k, _)| (*q, *k) == (question, key)).expect("the same panel").2;
            for (from, row) in flow.counts.iter().enumerate() {
                for (to, count) in row.iter().enumerate() {
                    prop_assert_eq!(*count, other.counts[to][from]);
                }
            }
        }
    }

    #[test]
    fn flows_add_up_to_the_panel_and_changes_to_their_parts(before in year(), mut now in year(), is_merged in any::<bool>()) {
        // 1001 and 1002 went into 1020, and 1003 into 1004, where those who would go on are there.
        let mut ledger = String::new();
        if is_merged {
            now.retain(|one| !["1001", "1002", "1003"].contains(&one.code.as_str()));
            if let Some(last) = now.iter_mut().find(|one| one.code == "1012") {
                last.code = "1020".to_owned();
                last.name = "模擬新設".to_owned();
                ledger = "2023-04-01,merger,1001,1020,,,,\n2023-04-01,merger,1002,1020,,,,\n".to_owned();
            }
            ledger.push_str("2023-04-01,merger,1003,1004,,,,\n");
        }
        let outcome = TwoYears::new().compare(&before, &now, &ledger);
        for (name, change) in outcome.all() {
            // Cross-section = panel + entrants - leavers, exactly.
            if let (Some(whole), Some(panel)) = (change.difference(), change.panel_difference()) {
                let (entrants, leavers) = (change.entrants().expect("a panel"), change.leavers().expect("a panel"));
                prop_assert_eq!(whole, panel.plus(entrants).plus(leavers.opposite()), "{}", name);
                // The entrants' part is what their own answers make of it: n/N of how far their share is
                // from the panel's.
                let (figures, both) = (change.now, change.compared().expect("a panel").panel);
                let (count, alone) = (figures.count - both.count, figures.base - both.base);
                if let (Some(own), Some(panel)) = (Share::of(count, alone), Share::of(both.count, both.base)) {
                    let apart = Difference::between(own, panel);
                    let part = (0..alone).fold(Difference::NONE, |sum, _| sum.plus(apart));
                    let whole = (0..figures.base).fold(Difference::NONE, |sum, _| sum.plus(entrants));
                    prop_assert_eq!(part, whole, "{}", name);
                }
                let (lowest, highest) = change.bounds().expect("a change has bounds");
                prop_assert!(lowest <= whole && whole <= highest, "{}", name);
            }
        }
        for (question, key, flow) in outcome.flows() {
            let table = outcome.changes.changes.iter().find(|table| table.question() == question).expect("a table");
            let mut panel_base = 0;
            for (place, class) in flow.classes.iter().enumerate() {
                let change = table.cell(key.scope, key.item, Some(class.now)).expect("a figure");
                let panel = change.compared().expect("an ordinal question that both years asked").panel;
                prop_assert_eq!((flow.now(place), flow.before(place)), (panel.count, panel.previous_count));
                panel_base = panel.base;
            }
            let moved = [Movement::Rose, Movement::Stayed, Movement::Fell].map(|movement| flow.count(movement));
            prop_assert_eq!(moved.iter().sum::<u32>(), panel_base);
        }
    }

    /// Half up by size: the printed tenths are the only whole number t with t − ½ ≤ size < t + ½.
    #[test]
    fn a_change_is_the_nearest_tenth((b1, c1, b0, c0) in (1u32..3_000, 1u32..3_000).prop_flat_map(|(b1, b0)| (Just(b1), 0..=b1, Just(b0), 0..=b0))) {
        let difference = Difference::between(Share::of(c1, b1).expect("a share"), Share::of(c0, b0).expect("a share"));
        let wide = |number: u32| i128::from(number);
        let (numerator, denominator) = (wide(c1) * wide(b0) - wide(c0) * wide(b1), wide(b1) * wide(b0));
        let tenths = i128::from(difference.points().tenths());
        prop_assert!(tenths.signum() * numerator.signum() >= 0);
        let (size, tenths) = (numerator.abs(), tenths.abs());
        prop_assert!((2 * tenths - 1) * denominator <= 2000 * size);
        prop_assert!(2000 * size < (2 * tenths + 1) * denominator);
    }
}

#[test]
fn changes_are_rounded_once_and_printed_as_official_statistics_do() {
    let between = |now: (u32, u32), before: (u32, u32)| {
        let of = |(count, base)| Share::of(count, base).expect("a share");
        Difference::between(of(now), of(before)).points()
    };
    // 84.137 % less 79.920 %: the printed 84.1 and 79.9 would give the same 4.2 here,
    assert_eq!(between((419, 498), (398, 498)).to_string(), "＋4.2");
    // but 89.157 less 91.365 is −2.208, and 83.735 less 88.353 is −4.618, where 83.7 less 88.4 is −4.7.
    assert_eq!(between((444, 498), (455, 498)).to_string(), "▲2.2");
    assert_eq!(between((417, 498), (440, 498)).to_string(), "▲4.6");
    assert_eq!(between((468, 498), (468, 498)).to_string(), "0.0");
    // A change that rounds to zero has no sign: 1/3000 is 0.03 points.
    assert_eq!(between((1, 3000), (0, 3000)).to_string(), "0.0");
    assert_eq!(between((0, 3000), (1, 3000)).plain(), "0.0");
    // Half a tenth goes away from nothing, either way: 1/2000 is 0.05 points.
    assert_eq!(
        (between((1, 2000), (0, 2000)).plain(), between((0, 2000), (1, 2000)).plain()),
        ("0.1".into(), "-0.1".into())
    );
    assert!(Share::of(0, 0).is_none() && Share::of(2, 1).is_none());
}

fn with(mut member: Member, question: &'static str, item: &'static str, option: &'static str) -> Member {
    member.answers.insert((question, item), vec![option]);
    member
}

/// The counts of the panel: base, this year's count, last year's.
fn panel(outcome: &Outcome, subsector: &str, question: &str, item: &str, option: &str) -> (u32, u32, u32) {
    let change = outcome.change(outcome.scope("regional", subsector), question, item, option);
    let panel = change.compared().expect("a comparison").panel;
    (panel.base, panel.count, panel.previous_count)
}

#[test]
fn three_shinkin_banks_that_merged_are_one_unit_of_the_panel() {
    // 3001 to 3003 became 3009; they agreed on the SOC, not on who plans.
    let before = [
        member("3001", "shinkin", "always"),
        member("3002", "shinkin", "always"),
        with(member("3003", "shinkin", "always"), "staffing", "plan", "short"),
        member("3004", "shinkin", "none"),
    ];
    let now = [member("3009", "shinkin", "partial"), member("3004", "shinkin", "always")];
    let ledger = "2023-04-01,merger,3001,3009,,,,\n2023-04-01,merger,3002,3009,,,,\n2023-04-01,merger,3003,3009,,,,\n";
    let outcome = TwoYears::new().compare(&before, &now, ledger);
    // Last year 3 of 4, this year 1 of 2: 50 − 75 points. In the panel 3009 went from always to partial
    // and 3004 from none to always: 1 of 2 in both years.
    let change = outcome.change(outcome.scope("regional", "shinkin"), "soc", "", "always");
    assert_eq!(change.points().expect("a change").to_string(), "▲25.0");
    assert_eq!(panel(&outcome, "shinkin", "soc", "", "always"), (2, 1, 1));
    let points = |difference: Option<Difference>| difference.expect("a panel").points().plain();
    assert_eq!(points(change.panel_difference()), "0.0");
    // All four of last year are in the panel; that they weigh as two takes 75 − 50 points away.
    assert_eq!((change.entrant_count(), change.leaver_count()), (Some(0), Some(0)));
    assert_eq!((points(change.entrants()), points(change.leavers())), ("0.0".to_owned(), "25.0".to_owned()));
    // One institution is worth 1/2, more than a change of 25 points.
    assert_eq!(change.telling(), Some(Telling::UnderOneInstitution));
    let flow = outcome.flow(outcome.scope("regional", "shinkin"), "soc", "").expect("a panel");
    assert_eq!(flow.counts, [[0, 1, 0], [0, 0, 0], [1, 0, 0]]);
    // They did not agree on planning: 3009 has no answer of the year before, and only 3004 is left.
    assert_eq!(panel(&outcome, "shinkin", "staffing", "plan", "own"), (1, 1, 1));
    assert_eq!(panel(&outcome, "shinkin", "staffing", "watch", "own"), (2, 2, 2));
    // Without the ledger they are three leavers and an entrant.
    let outcome = TwoYears::new().compare(&before, &now, "");
    assert_eq!(panel(&outcome, "shinkin", "soc", "", "always"), (1, 1, 0));
    let change = outcome.change(outcome.scope("regional", "shinkin"), "soc", "", "always");
    assert_eq!((change.entrant_count(), change.leaver_count()), (Some(1), Some(3)));
}

#[test]
fn who_takes_over_another_is_compared_with_itself() {
    let before = [member("3001", "shinkin", "always"), member("3004", "shinkin", "none")];
    let now = [member("3004", "shinkin", "partial")];
    let outcome = TwoYears::new().compare(&before, &now, "2023-04-01,merger,3001,3004,,,,\n");
    assert_eq!(panel(&outcome, "shinkin", "soc", "", "partial"), (1, 1, 0));
    let change = outcome.change(outcome.scope("regional", "shinkin"), "soc", "", "always");
    assert_eq!(change.leaver_count(), Some(1));
    // From 1 of 2 to 0 of 1: −50, of which none in the panel.
    assert_eq!(change.leavers().expect("a panel").points().plain(), "50.0");
}

#[test]
fn who_moved_is_in_the_panel_of_the_sector_and_of_neither_part() {
    // 3001 became a bank. 1001 stayed one, 3002 stayed a shinkin bank.
    let before =
        [member("1001", "bank", "partial"), member("3001", "shinkin", "none"), member("3002", "shinkin", "none")];
    let now = [member("1001", "bank", "partial"), member("3001", "bank", "always"), member("3002", "shinkin", "none")];
    let outcome = TwoYears::new().compare(&before, &now, "2023-04-01,move,3001,,regional,bank,,\n");
    assert_eq!(panel(&outcome, "", "soc", "", "always"), (3, 1, 0));
    assert_eq!(panel(&outcome, "bank", "soc", "", "always"), (1, 0, 0));
    assert_eq!(panel(&outcome, "shinkin", "soc", "", "none"), (1, 1, 1));
    // Banks: 0 of 1, then 1 of 2; all of it is the entrant's.
    let change = outcome.change(outcome.scope("regional", "bank"), "soc", "", "always");
    assert_eq!(change.difference(), change.entrants());
    assert_eq!(change.points().expect("a change").to_string(), "＋50.0");

    // And from one sector to another: an entrant there, a leaver here.
    let now = [member("1001", "bank", "partial"), Member { sector: "securities", ..member("3001", "", "always") }];
    let before = [member("1001", "bank", "partial"), member("3001", "bank", "always")];
    let outcome = TwoYears::new().compare(&before, &now, "2023-04-01,move,3001,,securities,,,\n");
    assert_eq!(panel(&outcome, "", "soc", "", "always"), (1, 0, 0));
    // Nobody of the securities companies was asked last year: nothing to compare with, and it says so.
    let change = outcome.change(outcome.scope("securities", ""), "soc", "", "always");
    let Counterpart::Absent { comparability, reason } = &change.beside else { panic!("{change:?}") };
    assert_eq!(
        (*comparability, reason.as_str()),
        (Comparability::New, "2022事務年度は、この業態・内訳に尋ねた先がない")
    );
}

#[test]
fn a_new_name_or_a_new_code_is_the_same_institution() {
    let before = [member("3001", "shinkin", "none"), member("3002", "shinkin", "partial")];
    let now = [
        Member { name: "模擬新名称信用金庫".to_owned(), ..member("3001", "shinkin", "partial") },
        Member { name: "模擬3002".to_owned(), ..member("3102", "shinkin", "partial") },
    ];
    let ledger = "2022-10-01,rename,3001,,,,模擬新名称信用金庫,\n2023-01-05,recode,3002,3102,,,,\n";
    let outcome = TwoYears::new().compare(&before, &now, ledger);
    assert_eq!(panel(&outcome, "shinkin", "soc", "", "partial"), (2, 2, 1));
    let remarks: Vec<_> = outcome.lineage.remarks().iter().collect();
    assert!(remarks.is_empty(), "{remarks:?}");
}

#[test]
fn those_who_did_not_answer_bound_a_change() {
    // Of five, 3 yes then 4 yes; this year one more did not return the workbook, and of one it is not
    // known whether it was asked, because the deciding answer is missing.
    let soc = |code: &str, soc| member(code, "bank", soc);
    let before = [soc("1", "always"), soc("2", "always"), soc("3", "always"), soc("4", "none"), soc("5", "none")];
    let now = [
        soc("1", "always"),
        soc("2", "always"),
        soc("3", "always"),
        soc("4", "always"),
        Member { answers: Answers::new(), ..soc("5", "none") },
        with(with(soc("6", "always"), "soc", "", "item_nonresponse"), "scope", "", "not_asked"),
    ];
    let outcome = TwoYears::new().compare(&before, &now, "");
    let bank = outcome.scope("regional", "bank");
    let change = outcome.change(bank, "soc", "", "always");
    // 4 of 4 less 3 of 5.
    assert_eq!(change.points().expect("a change").to_string(), "＋40.0");
    let compared = change.compared().expect("a comparison");
    assert_eq!((compared.missing_now, compared.missing_before), (2, 0));
    // If the two said no: 4 of 6 less 3 of 5, 6.67 points; if both said yes, 40.
    let (lowest, highest) = change.bounds().expect("a change");
    assert_eq!((lowest.points().plain(), highest.points().plain()), ("6.7".to_owned(), "40.0".to_owned()));
    assert_eq!(change.telling(), Some(Telling::Yes));
    // Behind the gate: 4 of 4 in this year, 3 of 3 before; the two may have been asked.
    let compared = outcome.change(bank, "scope", "", "malware").compared().expect("a comparison");
    assert_eq!((compared.missing_now, compared.missing_before), (2, 0));
    // Installed was 3 of 5 and is 4 of 4 as well; none went from 2 of 5 to 0 of 4, −40 points, and could
    // be 2 of 6 less 2 of 5, −6.7.
    let change = outcome.change(bank, "soc", "", "none");
    assert_eq!(change.bounds().map(|(_, highest)| highest.points().plain()).as_deref(), Some("-6.7"));
    // With one more missing it could be none at all: 3 of 7 less 2 of 5 is above nothing.
    let mut more = now.to_vec();
    more.push(Member { answers: Answers::new(), ..soc("7", "none") });
    let outcome = TwoYears::new().compare(&before, &more, "");
    assert_eq!(outcome.change(bank, "soc", "", "none").telling(), Some(Telling::WithinNonresponse));
}

#[test]
fn the_tables_say_what_a_reader_has_to_know() {
    let before = [member("1", "bank", "always"), member("2", "bank", "none")];
    let now = [member("1", "bank", "none"), member("2", "bank", "none")];
    let world = TwoYears::new();
    let outcome = world.compare(&before, &now, "");
    let [changes, flows] = &outcome.files;
    assert!(changes.starts_with('\u{feff}'));
    let line = changes.lines().find(|line| line.starts_with("2023,regional,,soc,,always,")).expect("a line");
    // 0 of 2 after 1 of 2: −50 points, in the panel as well; one institution is worth 50.
    assert_eq!(
        line,
        "2023,regional,,soc,,always,option,0,2,0.0,1,2,50.0,-50.0,same,2,0,1,-50.0,50.0,soc,,always,0,0.0,0,0.0,0,0,-50.0,-50.0,yes,50.0,yes,▲50.0,,問1 監視部署「常時」"
    );
    // Nobody is asked behind the gate this year: no percentage, and no change instead of one from zero.
    let line = changes.lines().find(|line| line.starts_with("2023,regional,,scope,,malware,")).expect("a line");
    assert_eq!(
        line,
        "2023,regional,,scope,,malware,option,0,0,,1,1,100.0,,same,0,0,0,,,scope,,malware,0,,1,,0,0,,,,,,,,問2 監視対象「マルウェア」"
    );
    assert!(flows.contains("\r\n2023,regional,bank,soc,,always,none,1,fell,-2\r\n"), "{flows}");
    assert!(flows.contains("\r\n2023,regional,bank,soc,,none,none,1,stayed,0\r\n"), "{flows}");
    assert!(flows.contains("\r\n2023,regional,bank,soc,,none,always,0,rose,2\r\n"), "{flows}");
}

#[test]
fn predecessors_agree_on_what_is_compared_and_not_on_more() {
    // Two that answered several choices differently, and one question alike.
    let scope = |code: &str, chosen: &[&'static str]| {
        let mut one = member(code, "shinkin", "always");
        one.answers.insert(("scope", ""), chosen.to_vec());
        one
    };
    let before = [scope("3001", &["malware", "outbound"]), scope("3002", &["malware"])];
    let now = [scope("3009", &["malware"])];
    let ledger = "2023-04-01,merger,3001,3009,,,,\n2023-04-01,merger,3002,3009,,,,\n";
    let outcome = TwoYears::new().compare(&before, &now, ledger);
    // Both had chosen malware: that is known of 3009. On outbound they did not agree.
    assert_eq!(panel(&outcome, "shinkin", "scope", "", "malware"), (1, 1, 1));
    assert_eq!(panel(&outcome, "shinkin", "scope", "", "outbound"), (0, 0, 0));
}

#[test]
fn what_nobody_is_asked_any_more_is_said_to_be_dropped() {
    let before = [member("1001", "bank", "always"), member("3001", "shinkin", "always")];
    let now = [member("1001", "bank", "always")];
    let outcome = TwoYears::new().compare(&before, &now, "2023-04-01,exit,3001,,,,,\n");
    let lines: Vec<&str> = outcome.files[0].lines().filter(|line| line.starts_with("2023,regional,shinkin,")).collect();
    // 4 of the SOC, 2 of its scope, 3 for each of 2 items: all of last year, none with a number.
    assert_eq!(lines.len(), 12);
    let said = ",dropped,,,,,,,,,,,,,,,,,,,,,2023事務年度は、この業態・内訳に尋ねた先がない,問";
    assert!(lines.iter().all(|line| line.contains(said)), "{lines:?}");
}

/// The percentages of both publications as counts, held against each other by the concordance: every
/// change that may be formed, and none of those that may not.
#[test]
fn the_published_figures_change_as_the_concordance_lets_them() {
    let survey = Survey::load(&year_file(2023)).expect("a sound definition");
    let comparison = survey.comparison.as_ref().expect("a year before");
    let rows = table::read(&project().join("tests/data/published.csv"));
    let figure = |fiscal_year: &str, question: &str, item: &str, option: &str| {
        let is_it = |row: &&table::Row| {
            row["fiscal_year"] == fiscal_year
                && row["sector"] == "regional"
                && row["question"] == question
                && row["item"] == item
                && row["option"] == option
        };
        let row = rows.iter().find(is_it)?;
        Share::of(row["count"].parse().ok()?, row["base"].parse().ok()?)
    };
    let mut formed: BTreeMap<String, String> = BTreeMap::new();
    for prompt in survey.prompts().filter(|prompt| survey.question(prompt.question).kind.has_options()) {
        let question = survey.question(prompt.question);
        let (id, item) = survey.prompt_ids(prompt);
        for category in question.categories() {
            let option = question.category_id(category);
            let Counterpart::Compared { with: (before, theirs), .. } = comparison.concordance.figure(prompt, category)
            else {
                continue;
            };
            let (id_before, item_before) = comparison.before.prompt_ids(before);
            let option_before = comparison.before.question(before.question).category_id(theirs);
            // Nets are printed as the sum of their options.
            let published = |year: &str, id: &str, item: &str, option: &str, parts: Vec<&str>| {
                let alone = figure(year, id, item, option).or_else(|| figure(year, id, item, &parts.join("+")));
                alone.or_else(|| {
                    let all: Option<Vec<Share>> = parts.iter().map(|part| figure(year, id, item, part)).collect();
                    let all = all.filter(|_| question.kind.is_single())?;
                    Share::of(all.iter().map(|one| one.count()).sum(), all.first()?.base())
                })
            };
            let now = published("2023", id, item, option, ids(question, category));
            let earlier = comparison.before.question(before.question);
            let then = published("2022", id_before, item_before, option_before, ids(earlier, theirs));
            if let Some((now, then)) = now.zip(then) {
                formed.insert(format!("{id} {item} {option}"), Difference::between(now, then).points().to_string());
            }
        }
    }
    // Worked out by hand from the counts: 468/498 twice; 444 less 455, 417 less 440, 339 less 312, 80
    // less 86, 397 less 412, 360 less 388, 367 less 357, 456 less 460, 207 less 214, all of 498, …
    for (place, points) in [
        ("oa_terminal  isolation", "0.0"),
        ("oa_terminal  media", "▲2.2"),
        ("oa_terminal  signature_av", "▲4.6"),
        ("soc  always", "＋5.4"),
        ("soc  partial", "▲1.2"),
        ("risk_assessment  periodic", "▲3.0"),
        ("risk_assessment  on_change", "▲5.6"),
        ("staffing new_technology short", "＋2.0"),
        ("policy  adopted", "▲0.8"),
        ("risk_decision  management", "▲1.4"),
    ] {
        assert_eq!(formed.get(place).map(String::as_str), Some(points), "{place} of {formed:?}");
    }
    // An option with another meaning last year has no change, although both years have printed it.
    for place in ["policy  published", "policy  internal", "plan  multi_year", "contingency_plan  ransomware"] {
        assert!(!formed.contains_key(place), "{place} of {formed:?}");
    }
}

fn ids(question: &cssa::survey::Question, category: cssa::survey::Shown) -> Vec<&str> {
    question.options_of(category).into_iter().map(|option| question.options[usize::from(option)].id.as_str()).collect()
}
