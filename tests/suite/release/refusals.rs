//! Refusals, each with its remedy; and the permissions that the flags give.

use super::world::{Season, collection, institution, with};
use crate::support::two_years::Member;

#[test]
fn a_first_edition_is_released_once() {
    let season = Season::released();
    season.refuses(
        2023,
        &["--release", "2024-05-01"],
        "edition 1 of the public release of fiscal year 2023 was released 2024-04-01",
    );
    season.refuses(2023, &["--release", "2024-05-01"], "prepare a corrected edition with `--correct \"reason\"`");
}

#[test]
fn what_was_not_released_is_not_corrected() {
    let season = Season::new();
    season.refuses(2023, &["--correct", "訂正"], "fiscal year 2023 has no public release that could be corrected");
}

#[test]
fn a_correction_that_changes_nothing_is_not_released() {
    let season = Season::released();
    let ran = season.succeeds(2023, &["--correct", "訂正"]);
    assert!(ran.out.contains("0 figures change"), "{}", ran.out);
    season.refuses(2023, &["--correct", "訂正", "--release", "2024-05-01"], "there is nothing to release");
    assert_eq!(season.editions(2023).len(), 2);
}

#[test]
fn only_what_is_revealed_is_accepted() {
    let season = Season::released();
    season.answers(2023, &with(collection(), &[("1031", "regional_bank", "none")]));
    let release = ["--correct", "訂正", "--release", "2024-05-01", "--accept-revealed"];
    season.refuses(2023, &[&release[..], &["1031,1001"]].concat(), "`--accept-revealed` names 1001");
    season.refuses(2023, &[&release[..], &["1001"]].concat(), "it reveals answers of: 1031");
    season.refuses(2023, &["--accept-revealed", "1031"], "--correct");
    season.succeeds(2023, &[&release[..], &["1031"]].concat());
}

#[test]
fn a_release_has_a_time_that_can_be_and_is_past() {
    let season = Season::new();
    for time in ["tomorrow", "", "2024-02-30", "2024-04-01 25:00"] {
        season.refuses(2022, &["--release", time], "expected a day or a moment, such as 2024-04-01");
    }
    season.refuses(2022, &["--release", "2199-04-01"], "the release time 2199-04-01 lies in the future: today is ");
    assert!(season.editions(2022).is_empty());
    let ran = season.succeeds(2022, &["--release", "2199-04-01", "--ahead"]);
    assert!(ran.out.contains("released 2199-04-01 as edition 1"), "{}", ran.out);
}

#[test]
fn an_open_collection_is_not_released() {
    let season = Season::new();
    season.redefine("fy2022.toml", "fiscal_year = 2022\n", "fiscal_year = 2022\ncloses = 2023-08-31\n");
    let early = ["--release", "2023-08-30"];
    season.refuses(2022, &early, "the release time 2023-08-30 lies before 2023-08-31, when the collection closes");
    let ran = season.succeeds(2022, &[&early[..], &["--while-open", "--dry-run"]].concat());
    assert!(ran.out.contains("would be released 2023-08-30"), "{}", ran.out);
    season.succeeds(2022, &["--release", "2023-08-31"]);
}

#[test]
fn a_closing_day_is_a_day() {
    let season = Season::new();
    season.redefine("fy2022.toml", "fiscal_year = 2022\n", "fiscal_year = 2022\ncloses = \"2023-08-31\"\n");
    season.refuses(2022, &[], "`closes` is string, expected a day such as 2023-08-31, without quotes");
}

#[test]
fn a_later_edition_is_later() {
    let season = Season::released();
    season.answers(2023, &with(collection(), &[("1031", "regional_bank", "partial")]));
    for time in ["2024-04-01", "2024-03-31 23:59"] {
        season.refuses(2023, &["--correct", "訂正", "--release", time], "and edition 1 was released 2024-04-01");
    }
    season.succeeds(2023, &["--correct", "訂正", "--release", "2024-04-01 00:01"]);
}

#[test]
fn the_year_before_is_released_first() {
    let season = Season::new();
    let ran = season.succeeds(2023, &[]);
    assert!(ran.out.contains("a draft until `cssa disclose --release TIME`"), "{}", ran.out);
    assert_eq!(season.codes(2023), ["D05", "D05"]);
    let drafted = season.readers(2023, "public");
    season.refuses(2023, &["--release", "2024-04-01"], "and that year has no public release");
    assert!(season.readers(2023, "public") == drafted, "nothing is written before that is clear");
    season.succeeds(2022, &["--release", "2024-04-02"]);
    season.refuses(2023, &["--release", "2024-04-01"], "fiscal year 2022, which were released 2024-04-02");
    season.succeeds(2023, &["--release", "2024-04-02"]);
}

#[test]
fn a_circle_without_a_policy_gets_nothing() {
    let season = Season::new();
    season.succeeds(2023, &[]);
    assert!(!season.readers(2023, "feedback").is_empty());
    let policies = season.bench.path("pipelines/cssa/disclosure.toml");
    let text = std::fs::read_to_string(&policies).expect("policies");
    std::fs::write(&policies, text.split("[feedback]").next().expect("a text")).expect("a file");
    let ran = season.succeeds(2023, &[]);
    assert!(ran.out.contains("nothing: the year's policies (`disclosure`) have no [feedback]"), "{}", ran.out);
    assert!(!season.bench.path("reports/fy2023/internal/disclosure/feedback").exists(), "nothing is left");
    season.refuses(
        2023,
        &["--release", "2024-04-01", "--circle", "feedback"],
        "the policies of fiscal year 2023 have no [feedback]",
    );
}

#[test]
fn only_the_last_edition_is_withdrawn_and_nothing_that_the_next_year_shows() {
    let season = Season::released();
    season.refuses(2023, &["--withdraw", "2", "--because", "誤り"], "there is no such edition");
    season.refuses(
        2022,
        &["--withdraw", "1", "--because", "誤り"],
        "the public release of fiscal year 2023 shows its figures",
    );
    season.refuses(2023, &["--withdraw", "1"], "--because");
    season.refuses(2023, &["--withdraw", "1", "--because", " "], "expected a reason in words");
    season.answers(2023, &with(collection(), &[("1031", "regional_bank", "partial")]));
    season.succeeds(2023, &["--correct", "訂正", "--release", "2024-05-01"]);
    season.refuses(2023, &["--withdraw", "1", "--because", "誤り"], "edition 2 was released after it");
    for edition in ["2", "1"] {
        season.succeeds(2023, &["--withdraw", edition, "--because", "誤り"]);
    }
    season.refuses(2023, &["--withdraw", "2", "--because", "誤り"], "it was withdrawn 20");
    // Nothing stands: there is a draft again, of the answers that feedback was made from.
    let ran = season.succeeds(2023, &[]);
    assert!(ran.out.contains("a draft until `cssa disclose --release TIME`"), "{}", ran.out);
    assert_eq!(season.soc(2023, "public/distributions.csv", "partial").1, "30");
    let ran = season.succeeds(2023, &["--release", "2024-04-01"]);
    assert!(ran.out.contains("released 2024-04-01 as edition 3"), "{}", ran.out);
}

#[test]
fn a_dry_run_writes_nothing_to_the_store_or_to_readers() {
    let season = Season::new();
    season.succeeds(2022, &[]);
    let (stored, read) = (season.stored(), season.readers(2022, "public"));
    let ran = season.succeeds(2022, &["--release", "2023-04-01", "--dry-run"]);
    assert!(ran.out.contains("would be released 2023-04-01 as edition 1"), "{}", ran.out);
    assert!(season.stored() == stored && season.readers(2022, "public") == read);
    season.succeeds(2022, &["--release", "2023-04-01"]);
    season.answers(2022, &with(collection(), &[("1031", "regional_bank", "partial")]));
    let (stored, read) = (season.stored(), season.readers(2022, "public"));
    let ran = season.succeeds(2022, &["--correct", "訂正", "--release", "2023-05-01", "--dry-run"]);
    assert!(ran.out.contains("would be released 2023-05-01 as edition 2"), "{}", ran.out);
    assert!(season.text(2022, "internal/disclosure/public_erratum/正誤.html").contains("訂正"));
    let ran = season.succeeds(2022, &["--withdraw", "1", "--because", "誤り", "--dry-run"]);
    assert!(ran.out.contains("edition 1 would be withdrawn"), "{}", ran.out);
    assert!(season.stored() == stored && season.readers(2022, "public") == read);
    season.refuses(2022, &["--dry-run"], "--dry-run tries a release, a correction or a withdrawal");
}

#[test]
fn a_release_that_the_ledger_does_not_know_stops_everything() {
    let season = Season::released();
    let public = season.readers(2023, "public");
    std::fs::remove_dir_all(season.store().join("releases/fiscal_year=2023")).expect("the ledger goes");
    season.refuses(2023, &[], "has figures of editions (`released_cells`) and no list of the editions (`releases`)");
    std::fs::remove_dir_all(season.store().join("released_cells/fiscal_year=2023")).expect("the figures go");
    for more in [&[][..], &["--release", "2024-05-01"]] {
        season.refuses(
            2023,
            more,
            "certificate.json is of a public release of 2024-04-01, which the ledger of releases",
        );
    }
    assert!(season.readers(2023, "public") == public);
}

#[test]
fn a_ledger_of_an_earlier_version_is_refused_in_words() {
    let season = Season::new();
    let older = season.bench.path("older");
    {
        // Any table without the columns of an edition.
        let store = cssa::store::Store::open(&season.store()).expect("a store");
        let path = cssa::store::TableFiles::file(&store, &cssa::store::tables::MEMBERSHIPS, 2023).expect("a table");
        std::fs::copy(path, &older).expect("a copy");
    }
    let ledger = season.store().join("releases/fiscal_year=2023");
    std::fs::create_dir_all(&ledger).expect("a folder");
    std::fs::rename(older, ledger.join("part-0.parquet")).expect("a table");
    season.refuses(2023, &[], "table releases of the store has no column circle for fiscal year 2023");
    season.refuses(2023, &[], "move its folder out of the store, and release that year again with this version");
}

#[test]
fn a_cell_is_explained_as_it_was_released() {
    let season = Season::released();
    season.answers(2023, &with(collection(), &[("1031", "regional_bank", "partial")]));
    let cell = "regional/regional_bank/soc//partial";
    let ran = season.succeeds(2023, &["--explain", cell]);
    assert!(ran.out.starts_with("edition 1, released 2024-04-01\n") && ran.out.contains("8 of 30"), "{}", ran.out);
    season.succeeds(2023, &["--withdraw", "1", "--because", "誤り"]);
    season.succeeds(2023, &["--withdraw", "1", "--because", "誤り", "--circle", "feedback"]);
    let ran = season.succeeds(2023, &["--explain", cell]);
    assert!(ran.out.starts_with(cell) && ran.out.contains("9 of 31"), "{}", ran.out);
    season.refuses(
        2023,
        &["--explain", "trust//soc//always"],
        "the policy [public] prints nothing of trust; ask with `--circle feedback`",
    );
    season.refuses(2023, &["--explain", "soc"], "cells are named sector/sub-sector/question/item/option");
}

#[test]
fn more_than_two_sectors_that_hang_together_are_refused_in_words() {
    let season = Season::new();
    let mut members = collection();
    for (sector, subsector) in [("securities", ""), ("insurers", "life")] {
        let also =
            crate::support::two_years::Member { sector, subsector, answers: Default::default(), ..members[0].clone() };
        members.push(also);
    }
    season.answers(2023, &members);
    let ran = season.disclose(2023, &["--release", "2024-04-01"]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains("error[D08 sectors-hang-together]"), "{}", ran.out);
    assert!(ran.out.contains("have members in common one with another, expected two at most"), "{}", ran.out);
    assert!(season.editions(2023).is_empty(), "nothing is released");
    assert!(!season.bench.path("reports/fy2023/public").exists(), "and nothing is left for readers");
}

#[test]
fn a_release_that_opens_a_withheld_cell_is_not_given_to_anybody() {
    // All regional banks but one have no SOC: that is withheld, and needs company among the shinkin banks. Feedback
    // wants it to be known less closely than the public tables leave it.
    let answers = |at: usize| if at == 0 { "always" } else { "none" };
    let banks = (0..30).map(|at| institution(&format!("{}", 1001 + at), "regional_bank", answers(at)));
    let shinkin = collection().into_iter().filter(|one| one.subsector == "shinkin");
    let season = Season::empty();
    season.answers(2022, &banks.chain(shinkin).collect::<Vec<_>>());
    season.redefine("disclosure.toml", "narrowest_interval = { value = 2,", "narrowest_interval = { value = 30,");
    let ran = season.disclose(2022, &["--release", "2023-04-01", "--circle", "feedback"]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    let opened: Vec<String> =
        season.found(2022).into_iter().filter(|(code, _)| code == "D03").map(|one| one.1).collect();
    assert!(opened.iter().any(|message| message.contains("regional/regional_bank/soc//none")), "{opened:?}");
    assert!(!season.bench.path("reports/fy2022/internal/disclosure/feedback").exists(), "nothing is left for readers");
    assert!(season.editions(2022).is_empty());
    // The public tables keep their own limits.
    assert!(season.readers(2022, "public").iter().any(|(name, _)| name == "distributions.csv"));
}

#[test]
fn feedback_is_not_corrected_before_the_public_release() {
    let season = Season::released();
    season.answers(2023, &with(collection(), &[("1031", "regional_bank", "partial")]));
    let correct = ["--correct", "訂正", "--circle", "feedback"];
    season.refuses(2023, &correct, "public edition 1 of fiscal year 2023 was made from other answers");
    season.refuses(2023, &correct, "correct the public release first");
    season.succeeds(2023, &["--correct", "訂正", "--release", "2024-05-01"]);
    season.succeeds(2023, &[&correct[..], &["--release", "2024-05-02"]].concat());
    // With both corrected, the public one is not withdrawn from under the other.
    season.refuses(2023, &["--withdraw", "2", "--because", "誤り"], "feedback edition 2 of 2024-05-02 was made from");
    season.succeeds(2023, &["--withdraw", "2", "--because", "誤り", "--circle", "feedback"]);
    season.succeeds(2023, &["--withdraw", "2", "--because", "誤り"]);
}

#[test]
fn a_return_of_a_sector_that_is_never_public_corrects_feedback_alone() {
    let season = Season::released();
    let late = Member { sector: "trust", ..institution("9001", "", "partial") };
    season.answers(2023, &[collection(), vec![late]].concat());
    season.refuses(2023, &["--correct", "訂正", "--release", "2024-05-01"], "there is nothing to release");
    season.succeeds(2023, &["--correct", "訂正", "--circle", "feedback"]);
}
