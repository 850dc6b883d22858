//! The law of errata: a comparison of two editions reveals the answers that every two tables that agree with both of
//! them have in common.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use cssa::disclose::{Attacker, Beside, Comparison, Edition, Pattern, To, compare_editions};
use cssa::survey::Circle;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use super::enumeration::{self, Knowable, Print, Ranges};
use super::laws::{Draft, Reading, draft, law, member, sectors, year_of};
use crate::support::release_world::{ReleaseWorld, Year, institution};
use crate::support::two_years::Member;

/// The change of an institution between two editions.
type Turn = (prop::sample::Index, u8, Draft);

/// Two editions' answers: some come late, some are corrected, some are gone, some move.
fn editions(mut before: Vec<Member>, turns: &[Turn]) -> [Vec<Member>; 2] {
    let place = |one: &Member, is_moved: bool| match (one.sector, one.subsector) {
        ("regional", "bank") if is_moved => "regional/shinkin",
        ("regional", "bank") => "regional/bank",
        ("regional", _) => "regional/shinkin",
        ("securities", _) => "securities/",
        _ => "trust/",
    };
    let mut after = before.clone();
    for (index, kind, answers) in turns.iter().take(before.len()) {
        let at = index.index(before.len());
        let code = before[at].code.clone();
        let number = code.parse().expect("a code");
        let Some(later) = after.iter().position(|one| one.code == code) else { continue };
        match kind {
            0 => before[at] = institution(number, place(&before[at], false), &[]),
            1 => {
                after.remove(later);
            }
            kind => after[later] = member(number, place(&before[at], *kind == 2), answers),
        }
    }
    [before, after]
}

/// Revealed adverse answers: the institution, the option, whether the answer is the earlier one, and the reader.
type Told = BTreeSet<(String, String, bool, To)>;

/// An answer revealed to everybody is not listed for one reader as well.
fn without_repeats(told: Told) -> Told {
    let is_told_all = |one: &(String, String, bool, To)| {
        one.3 != To::Everyone && told.contains(&(one.0.clone(), one.1.clone(), one.2, To::Everyone))
    };
    told.iter().filter(|one| !is_told_all(one)).cloned().collect()
}

/// The adverse answers that all tables have in common: those of all of a base, or of all but the reader.
fn told(known: &Knowable, groups: &[Vec<Member>; 2], sectors: &[&str]) -> Told {
    let mut found = Told::new();
    for (behind, members) in ["left@", "came@"].into_iter().zip(groups) {
        let was_before = behind == "left@";
        let alone = members.iter().map(|one| (&one.code, enumeration::truth(std::slice::from_ref(one), sectors)));
        let alone: Vec<_> = alone.collect();
        for (cell, all) in enumeration::truth(members, sectors) {
            let (table, option) = cell.rsplit_once('/').expect("an option");
            // The cells of the deciding question reveal the respondents that opened a gate.
            if option == "base" || all.whole == 0 {
                continue;
            }
            let names = [format!("{behind}{cell}"), format!("{behind}{table}/base")];
            let is_certain =
                |ranges: &Ranges| names.iter().all(|name| ranges.get(name).is_some_and(|(low, high)| low == high));
            let prompt = table.splitn(3, '/').nth(2).expect("a question").to_owned();
            for (is_adverse, is_chosen) in all.adverse.into_iter().zip([true, false]) {
                let gave = alone.iter().filter_map(|(code, own)| Some((*code, own.get(&cell)?)));
                let (adverse, others): (Vec<_>, Vec<_>) =
                    gave.filter(|(_, own)| own.whole == 1).partition(|(_, own)| (own.count == 1) == is_chosen);
                if !is_adverse || others.len() > 1 {
                    continue;
                }
                let mut tell = |to: &To| {
                    let institutions = adverse.iter().filter(|(code, _)| *to != To::Institution((*code).clone()));
                    found.extend(
                        institutions.map(|(code, _)| ((*code).clone(), prompt.clone(), was_before, to.clone())),
                    );
                };
                if others.is_empty() && is_certain(&known.outside) {
                    tell(&To::Everyone);
                }
                for one in known.respondents.iter().filter(|one| is_certain(&one.ranges)) {
                    let readers = one.codes.iter().filter(|code| others.iter().all(|(other, _)| other == code));
                    readers.for_each(|code| tell(&To::Institution(code.clone())));
                }
            }
        }
    }
    without_repeats(found)
}

#[derive(Debug, Default)]
struct Tally {
    errata: usize,
    systems: usize,
    tables: usize,
    told: usize,
    told_to_one: usize,
    openings: usize,
}

/// The question at the root of the gates that a question stands behind.
fn root_of(year: &Year<'_>, id: &str) -> String {
    let mut question = year.survey.questions.iter().find(|question| question.id == id).expect("a question");
    while let Some(gate) = &question.gate {
        question = year.survey.question(gate.question);
    }
    question.id.clone()
}

/// The tables, by sector and the root of their gates, that count another answer or of which the later edition prints
/// more than the earlier one.
fn changed_tables(editions: [(&Year<'_>, &[Member], &Reading<'_>); 2]) -> BTreeSet<(String, String)> {
    let [before, after] = editions;
    let mut changed = BTreeSet::new();
    let places = |members: &[Member], code: &str| -> BTreeSet<(&str, &str)> {
        members.iter().filter(|one| one.code == code).map(|one| (one.sector, one.subsector)).collect()
    };
    for (one, others) in before.1.iter().map(|one| (one, after.1)).chain(after.1.iter().map(|one| (one, before.1))) {
        let other = others.iter().find(|other| other.code == one.code);
        let has_moved = places(before.1, &one.code) != places(after.1, &one.code);
        for (prompt, given) in &one.answers {
            if has_moved || other.and_then(|other| other.answers.get(prompt)) != Some(given) {
                changed.insert((one.sector.to_owned(), root_of(after.0, prompt.0)));
            }
        }
    }
    for cell in after.2.cells() {
        let (earlier, later) = (before.2.print(cell), after.2.print(cell));
        let is_more = later != Print::Nothing && later != earlier && !matches!(earlier, Print::Value(_));
        let mut parts = cell.split('/');
        let (sector, question) = (parts.next().expect("a sector"), parts.nth(1).expect("a question"));
        if is_more {
            changed.insert((sector.to_owned(), root_of(after.0, question)));
        }
    }
    changed
}

fn hold(
    [before, after]: [(&Year<'_>, &[Member], &Reading<'_>); 2],
    comparison: &Comparison,
    circle: &'static [&'static str],
    open_in_both: &BTreeSet<String>,
    tally: &mut Tally,
) -> TestCaseResult {
    let print = |cell: &str| match cell.split_once('@') {
        None => after.2.print(cell),
        Some(("earlier", cell)) => before.2.print(cell),
        Some(_) => Print::Nothing,
    };
    let known = enumeration::knowable_of_both(before.1, after.1, circle, &print);
    // The tables of tools, and of questions behind them, are left out.
    let is_looked_at = |name: &str| !name.contains("/tools/") && !name.contains("/response/");
    let expected = told(&known, &enumeration::left_and_came(before.1, after.1), circle);
    // An answer in a table that is the same in both editions is revealed by either of them alone, if at all.
    let changed = changed_tables([before, after]);
    let is_of_changed = |code: &str, prompt: &str| {
        let question = prompt.split('/').next().expect("a question");
        let root = root_of(after.0, question);
        let sectors = before.1.iter().chain(after.1).filter(|one| one.code == code).map(|one| one.sector.to_owned());
        sectors.map(|sector| (sector, root.clone())).any(|table| changed.contains(&table))
    };
    let is_expected =
        |one: &(String, String, bool, To)| is_looked_at(&format!("/{}", one.1)) && is_of_changed(&one.0, &one.1);
    let expected: Told = expected.into_iter().filter(is_expected).collect();
    let said = comparison.revealed.iter().map(|one| {
        let (question, item) = after.0.survey.prompt_ids(one.address.prompt);
        (one.institution.clone(), format!("{question}/{item}"), one.was_before, one.to.clone())
    });
    let said: Told = said.filter(|one| is_looked_at(&format!("/{}", one.1))).collect();
    prop_assert_eq!(without_repeats(said), expected.clone(), "what is revealed");
    // A cell that is open in either edition by itself is no matter of the comparison.
    let is_new = |name: &str| !open_in_both.contains(name.strip_prefix("earlier@").unwrap_or(name));
    let open = |ranges: &Ranges, within: Option<&BTreeMap<String, [i64; 2]>>| -> BTreeSet<String> {
        let mut open = BTreeSet::new();
        for (behind, reading) in [("earlier@", before.2), ("", after.2)] {
            let own = |name: &String| name.strip_prefix(behind).filter(|name| !name.contains('@')).map(str::to_owned);
            let ranges: Ranges = ranges.iter().filter_map(|(name, range)| Some((own(name)?, *range))).collect();
            let within =
                within.map(|all| all.iter().filter_map(|(name, own_in)| Some((own(name)?, *own_in))).collect());
            let names = reading.open(&ranges, within.as_ref()).into_iter().filter(|name| is_new(name));
            open.extend(names.map(|name| format!("{behind}{name}")));
        }
        open
    };
    let of = |attacker: Attacker| -> BTreeSet<String> {
        let found = comparison.openings.iter().filter(|one| one.attacker == attacker);
        found.map(|one| after.0.name(one.address)).filter(|name| is_looked_at(name) && is_new(name)).collect()
    };
    let by_outsiders = open(&known.outside, None);
    prop_assert_eq!(&of(Attacker::Outsider), &by_outsiders, "what outsiders open");
    let mut by_respondents = BTreeSet::new();
    known.respondents.iter().for_each(|one| by_respondents.extend(open(&one.ranges, Some(&one.within))));
    let beyond = |all: BTreeSet<String>| -> BTreeSet<String> { all.difference(&by_outsiders).cloned().collect() };
    prop_assert_eq!(beyond(of(Attacker::Respondent)), beyond(by_respondents), "what respondents open");
    tally.errata += 1;
    tally.systems += known.systems;
    tally.tables += known.tables;
    tally.told += expected.len();
    tally.told_to_one += expected.iter().filter(|one| one.3 != To::Everyone).count();
    tally.openings += comparison.openings.len();
    Ok(())
}

const POLICIES: [(Circle, &[(&str, u32)]); 3] = [
    (
        Circle::Public,
        &[
            ("minimum_base", 2),
            ("minimum_count", 3),
            ("adverse_all_but", 1),
            ("narrowest_interval", 2),
            ("own_answer_interval", 1),
        ],
    ),
    (Circle::Public, &[("small_counts_below", 0)]),
    (
        Circle::Feedback,
        &[("minimum_count", 2), ("narrowest_interval", 2), ("own_answer_interval", 1), ("bands_below", 4)],
    ),
];

/// Holds a correction to the law, by each policy.
fn hold_all(world: &ReleaseWorld, [first, second]: [Vec<Member>; 2], tally: &mut Tally) -> TestCaseResult {
    let [before, after] = [&first, &second].map(|members| world.year(members));
    let materials = [before.material(), after.material()];
    for (circle, limits) in POLICIES {
        let policy = world.policy(circle, limits);
        let earlier = before.protect(&policy).release.pattern();
        let beside = Beside { corrected: Some(&earlier), ..Beside::default() };
        let later = after.protect_beside(&policy, &beside).release.pattern();
        let edition = |at: usize, pattern| Edition { material: &materials[at], pattern };
        let comparison = compare_editions(edition(0, &earlier), edition(1, &later), &policy);
        let comparison = comparison.unwrap_or_else(|refusal| panic!("{refusal}"));
        let readings =
            [Reading::new(&before, &first, &policy, &earlier), Reading::new(&after, &second, &policy, &later)];
        let both = [(&before, &first[..], &readings[0]), (&after, &second[..], &readings[1])];
        let open = |year: &Year<'_>, pattern: &Pattern| -> BTreeSet<String> {
            year.audit(&policy, pattern).iter().map(|one| year.name(one.address)).collect()
        };
        let open_in_both: BTreeSet<String> =
            open(&before, &earlier).intersection(&open(&after, &later)).cloned().collect();
        hold(both, &comparison, sectors(&policy), &open_in_both, tally)?;
    }
    Ok(())
}

#[test]
fn an_erratum_reveals_what_every_two_tables_have_in_common() {
    let world = ReleaseWorld::new();
    let tally = RefCell::new(Tally::default());
    let turns = prop::collection::vec((any::<prop::sample::Index>(), 0..5_u8, draft()), 1..=3);
    law(12, (year_of([2, 2, 4, 3]), turns), |(members, turns)| {
        let tally = &mut *tally.borrow_mut();
        if members.is_empty() {
            return Ok(());
        }
        hold_all(&world, editions(members, &turns), tally)
    });
    let tally = tally.into_inner();
    println!("{tally:?}");
    assert!(tally.systems > 300 && tally.told > 20 && tally.told_to_one > 0 && tally.openings > 50, "{tally:?}");
}

/// Found by the longer run: each edition by itself tells one of two respondents the answer of the other, and the
/// correction of another question tells nothing more.
#[test]
fn an_answer_that_is_the_same_in_both_editions_is_no_matter_of_the_correction() {
    let world = ReleaseWorld::new();
    let members = |tools: &'static str| {
        let one = institution(1002, "regional/bank", &[("exercise", &["desk"]), ("tools", &["none"])]);
        let tools: [&'static str; 1] = [tools];
        let other = institution(1003, "regional/shinkin", &[("exercise", &["none"]), ("tools", &tools)]);
        [one, other]
    };
    let policy = world.policy(Circle::Public, POLICIES[0].1);
    let [first, second] = [members("none"), members("siem")];
    let [before, after] = [&first, &second].map(|members| world.year(members));
    let [earlier, later] = [before.material(), after.material()];
    let pattern = before.protect(&policy).release.pattern();
    let corrected = after.protect_beside(&policy, &Beside { corrected: Some(&pattern), ..Beside::default() });
    let comparison = compare_editions(
        Edition { material: &earlier, pattern: &pattern },
        Edition { material: &later, pattern: &corrected.release.pattern() },
        &policy,
    );
    let revealed = comparison.unwrap_or_else(|refusal| panic!("{refusal}")).revealed;
    let exercise = revealed.iter().filter(|one| after.survey.prompt_ids(one.address.prompt).0 == "exercise");
    assert_eq!(exercise.count(), 0, "{revealed:?}");
}

/// Found by the longer run: a measure that nobody chose tells nothing of an institution that may not have been asked.
#[test]
fn an_answer_is_revealed_only_where_the_base_is_certain() {
    let answers = |contingency: &'static [&'static str], web: &'static [&'static str]| {
        let measures: [(&'static str, &'static [&'static str]); 3] =
            [("contingency", contingency), ("measures/ddos", &["drill"]), ("measures/web", web)];
        let others: [(&'static str, &'static [&'static str]); 8] = [
            ("exercise", &["none"]),
            ("lessons", &["not_asked"]),
            ("response", &["not_asked"]),
            ("scope", &["none"]),
            ("soc", &["always"]),
            ("staffing/plan", &["own"]),
            ("staffing/watch", &["own"]),
            ("tools", &["none"]),
        ];
        [&measures[..], &others[..]].concat()
    };
    let place = "securities/";
    let before = vec![
        institution(1001, place, &[]),
        institution(1002, place, &answers(&["ddos"], &["not_asked"])),
        institution(1003, place, &answers(&["web", "ddos"], &["rto"])),
        institution(1004, place, &answers(&["web", "ddos"], &["drill"])),
    ];
    let mut after = before.clone();
    after[0] = member(1001, place, &(true, vec![0, 0, 0, 9, 0, 0, 0, 0, 0, 0]));
    after[2] = member(1003, place, &(true, vec![0, 0, 0, 3, 102, 0, 0, 0, 0, 0]));
    let held = hold_all(&ReleaseWorld::new(), [before, after], &mut Tally::default());
    held.unwrap_or_else(|failed| panic!("{failed}"));
}
