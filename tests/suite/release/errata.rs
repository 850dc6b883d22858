//! Errata: their changes, the answers that they reveal, and the readers of those.

use super::world::{Season, collection, with};

#[test]
fn what_a_correction_of_the_public_tables_reveals_to_those_who_have_feedback_counts_as_well() {
    // Feedback alone was released: everybody learns nothing from a first public edition, which is made from the same
    // answers.
    let season = Season::new();
    for fiscal_year in [2022, 2023] {
        season.succeeds(fiscal_year, &["--release", "2024-04-01", "--circle", "feedback"]);
    }
    season.answers(2023, &with(collection(), &[("1031", "regional_bank", "none")]));
    season.succeeds(2022, &["--release", "2024-04-01"]);
    season.succeeds(2023, &["--release", "2024-04-02"]);
    assert_eq!(season.soc(2023, "public/distributions.csv", "none").1, "30", "the answers that feedback is made from");
    let editions = season.editions(2023);
    assert_eq!(editions[0]["answers"], editions[1]["answers"]);
}

#[test]
fn feedback_is_corrected_from_the_answers_of_the_newer_public_edition() {
    let season = Season::released();
    season.answers(2023, &with(collection(), &[("1031", "regional_bank", "partial")]));
    season.succeeds(2023, &["--correct", "訂正", "--release", "2024-05-01"]);
    // More returns come before the institutions get theirs.
    let more = [("1031", "regional_bank", "partial"), ("1032", "regional_bank", "always")];
    season.answers(2023, &with(collection(), &more));
    season.succeeds(2023, &["--correct", "訂正", "--release", "2024-05-02", "--circle", "feedback"]);
    let editions = season.editions(2023);
    assert_eq!(editions.len(), 4);
    assert_eq!(editions[2]["answers"], editions[3]["answers"], "both circles have the same answers");
    let changed = season.text(2023, "internal/disclosure/feedback_erratum/changed_figures.csv");
    assert!(changed.contains(",8,30,26.7,9,31,29.0"), "{changed}");
    assert_eq!(season.soc(2023, "internal/disclosure/feedback/distributions.csv", "partial").1, "31");
}

#[test]
fn what_earlier_editions_revealed_is_not_accepted_twice() {
    let season = Season::released();
    let late = ("1031", "regional_bank", "none");
    season.answers(2023, &with(collection(), &[late]));
    let accept = ["--accept-revealed", "1031"];
    season.succeeds(2023, &[&["--correct", "訂正", "--release", "2024-05-01"], &accept[..]].concat());
    // Another one comes, with nothing adverse to reveal.
    season.answers(2023, &with(collection(), &[late, ("1032", "regional_bank", "partial")]));
    let ran = season.succeeds(2023, &["--correct", "訂正", "--release", "2024-06-01"]);
    assert!(ran.out.contains("reveals no adverse answer; released"), "{}", ran.out);
}

#[test]
fn an_accepted_institution_stands_in_the_ledger_and_not_in_what_readers_get() {
    let season = Season::released();
    season.answers(2023, &with(collection(), &[("1031", "regional_bank", "none")]));
    season.succeeds(2023, &["--correct", "訂正", "--release", "2024-05-01", "--accept-revealed", "1031"]);
    let listed = season.succeeds(2023, &["--releases"]);
    assert!(listed.out.contains("accepted to be revealed: 1031"), "{}", listed.out);
    let desk = season.text(2023, "internal/disclosure/public_certificate.json");
    assert!(desk.contains("\"1031\""), "{desk}");
    for (name, content) in season.readers(2023, "public") {
        let text = String::from_utf8_lossy(&content).into_owned();
        assert!(!text.contains("1031"), "{name} names the institution");
    }
}

#[test]
fn a_correction_withholds_what_the_present_policy_does_and_says_so() {
    let season = Season::released();
    season.answers(2023, &with(collection(), &[("1031", "regional_bank", "partial")]));
    season.redefine("disclosure.toml", "minimum_base = { value = 10,", "minimum_base = { value = 35,");
    let ran = season.disclose(2023, &["--correct", "方針の変更"]);
    assert!([0, 1].contains(&ran.status), "{}", ran.err);
    let changed = season.text(2023, "internal/disclosure/public_erratum/changed_figures.csv");
    assert!(changed.contains("2023,regional/regional_bank/soc//partial,withheld,8,30,26.7,,,"), "{changed}");
    let note = season.text(2023, "internal/disclosure/public_erratum/正誤.html");
    assert!(note.contains("<td>8先／30先（26.7）</td><td>x</td>"), "{note}");
}
