//! Drafts: an unchanged draft is not protected again, a changed one is.

use std::path::PathBuf;

use super::world::{Season, collection, with};

/// Writes a mark into a kept draft, which only a run that takes the draft as it is kept can give back.
fn mark(season: &Season, name: &str) -> PathBuf {
    let path = season.store().join(".drafts").join(name);
    let text = std::fs::read_to_string(&path).expect("a draft is kept");
    let marked = text.replacen("fiscal_year,cell,", "fiscal_year,kept,", 1);
    assert_ne!(text, marked, "the list of withheld cells is kept with it");
    std::fs::write(&path, marked).expect("a file can be written");
    path
}

fn is_kept(season: &Season, circle: &str) -> bool {
    season.text(2023, &format!("internal/disclosure/{circle}_withheld.csv")).contains("fiscal_year,kept,")
}

#[test]
fn a_draft_is_made_anew_when_something_that_it_rests_on_has_changed() {
    type Change = fn(&Season);
    let changes: [(&str, Change); 4] = [
        ("an answer", |season| season.answers(2023, &with(collection(), &[("1001", "regional_bank", "partial")]))),
        ("the policy", |season| {
            season.redefine("disclosure.toml", "minimum_base = { value = 10,", "minimum_base = { value = 11,")
        }),
        ("an answer of last year", |season| {
            season.answers(2022, &with(collection(), &[("1001", "regional_bank", "partial")]));
        }),
        ("the release of last year", |season| {
            season.succeeds(2022, &["--release", "2024-04-01"]);
            season.succeeds(2022, &["--release", "2024-04-01", "--circle", "feedback"]);
        }),
    ];
    let season = Season::new();
    for (what, change) in changes {
        season.succeeds(2023, &[]);
        for circle in ["public", "feedback"] {
            mark(&season, &format!("fiscal_year=2023/{circle}.json"));
        }
        season.succeeds(2023, &[]);
        assert!(is_kept(&season, "public") && is_kept(&season, "feedback"), "nothing has changed but {what} will");
        change(&season);
        season.succeeds(2023, &[]);
        assert!(!is_kept(&season, "public"), "{what} has changed");
        assert!(!is_kept(&season, "feedback"), "{what} has changed");
    }
}

#[test]
fn a_draft_gives_the_same_bytes_kept_or_not() {
    let season = Season::new();
    let all = || ["public", "feedback"].map(|circle| season.readers(2023, circle));
    season.succeeds(2023, &[]);
    let first = all();
    season.succeeds(2023, &[]);
    assert!(all() == first, "kept");
    std::fs::remove_dir_all(season.store().join(".drafts")).expect("the drafts go");
    season.succeeds(2023, &[]);
    assert!(all() == first, "made anew");
    // One that is damaged is made anew.
    std::fs::write(season.store().join(".drafts/fiscal_year=2023/public.json"), "{").expect("a file");
    season.succeeds(2023, &[]);
    assert!(all() == first, "damaged");
}

#[test]
fn a_draft_rests_on_the_answers_of_the_other_circle() {
    let season = Season::new();
    season.succeeds(2022, &["--release", "2023-04-01"]);
    season.succeeds(2023, &["--release", "2024-04-01"]);
    season.answers(2023, &with(collection(), &[("1031", "regional_bank", "none")]));
    let ran = season.succeeds(2023, &[]);
    assert!(ran.out.contains("a draft until `cssa disclose --release TIME --circle feedback`"), "{}", ran.out);
    let feedback = "internal/disclosure/feedback/distributions.csv";
    assert_eq!(season.soc(2023, feedback, "none"), ("5".to_owned(), "30".to_owned()));
}
