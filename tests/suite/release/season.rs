//! A season: both years released, a late return, a corrected answer, errata, a withdrawal. At every step: the
//! readers' files, the desk's findings, and no loss.

use super::world::{Season, collection, with};
use crate::support::contents;

fn pair(count: &str, base: &str) -> (String, String) {
    (count.to_owned(), base.to_owned())
}

#[test]
fn a_season() {
    let season = Season::released();
    let first = season.readers(2023, "public");
    assert!(first.iter().any(|(name, _)| name == "changes.csv"), "the changes are released with the year");
    assert_eq!(season.soc(2023, "public/distributions.csv", "none"), pair("5", "30"));

    // A regional bank returns late: readers have what they had, the desk sees both.
    season.answers(2023, &with(collection(), &[("1031", "regional_bank", "partial")]));
    let ran = season.succeeds(2023, &[]);
    assert!(ran.out.contains("edition 1, as released 2024-04-01; returns since: 1 new"), "{}", ran.out);
    assert!(season.readers(2023, "public") == first, "what was released stays");
    assert_eq!(season.codes(2023), ["D06", "D06"]);
    let tabulated = season.bench.cssa(["tabulate", &Season::year_file(2023)]);
    assert_eq!(tabulated.status, 0, "{}", tabulated.err);
    assert_eq!(season.soc(2023, "internal/distributions.csv", "partial"), pair("9", "31"));
    assert!(season.text(2023, "internal/disclosure/since_release.csv").contains(",1031,模擬1031,new,"));

    // The correction reveals nothing adverse: it is prepared, and then released.
    let correct = ["--correct", "1031の回収票が遅れて届いたため"];
    let ran = season.succeeds(2023, &correct);
    assert!(ran.out.contains("reveals no adverse answer; prepared"), "{}", ran.out);
    assert!(season.readers(2023, "public") == first, "what is prepared is not released");
    let changed = season.text(2023, "internal/disclosure/public_erratum/changed_figures.csv");
    assert!(changed.contains("2023,regional/regional_bank/soc//partial,corrected,8,30,26.7,9,31,29.0"), "{changed}");
    let ran = season.succeeds(2023, &[&correct[..], &["--release", "2024-05-01"]].concat());
    assert!(ran.out.contains("released 2024-05-01 as edition 2"), "{}", ran.out);
    assert_eq!(season.soc(2023, "public/distributions.csv", "partial"), pair("9", "31"));
    let note = season.text(2023, "public/正誤_2.html");
    assert!(note.contains("1031の回収票が遅れて届いたため") && note.contains("2024-05-01"), "{note}");
    assert!(note.contains("<td>8先／30先（26.7）</td><td>9先／31先（29.0）</td>"), "{note}");
    let second = season.readers(2023, "public");
    season.succeeds(2023, &[]);
    assert!(season.readers(2023, "public") == second, "and so it stays");
    // Those who get feedback have the first edition still, until theirs is corrected as well.
    assert_eq!(season.soc(2023, "internal/disclosure/feedback/distributions.csv", "partial"), pair("8", "30"));
    season.succeeds(2023, &[&correct[..], &["--release", "2024-05-02", "--circle", "feedback"]].concat());
    assert_eq!(season.soc(2023, "internal/disclosure/feedback/distributions.csv", "partial"), pair("9", "31"));

    // Another one corrects its answer to one that is adverse: the desk has to accept that.
    let now = with(collection(), &[("1031", "regional_bank", "partial"), ("1001", "regional_bank", "none")]);
    season.answers(2023, &now);
    let correct = ["--correct", "1001の回答の訂正"];
    let ran = season.disclose(2023, &correct);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains("warning[D02 erratum-reveals]"), "{}", ran.out);
    let revealed = season.text(2023, "internal/disclosure/public_erratum/revealed.csv");
    assert_eq!(revealed.lines().last(), Some("2023,1001,模擬1001,regional//soc//none,chosen,after,everybody"));
    assert_eq!(revealed.lines().count(), 2, "{revealed}");
    let release = ["--release", "2024-06-01"];
    let ran = season.disclose(2023, &[&correct[..], &release].concat());
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    assert!(
        ran.out.contains("error[D02 erratum-reveals]") && ran.out.contains("`--accept-revealed 1001`"),
        "{}",
        ran.out
    );
    assert!(season.readers(2023, "public") == second, "it is not released");
    assert_eq!(season.editions(2023).len(), 4);
    let accept = ["--accept-revealed", "1001"];
    let ran = season.succeeds(2023, &[&correct[..], &release, &accept].concat());
    assert!(ran.out.contains("released 2024-06-01 as edition 3"), "{}", ran.out);
    assert_eq!(season.soc(2023, "public/distributions.csv", "none"), pair("6", "31"));
    let names: Vec<String> = season.readers(2023, "public").into_iter().map(|(name, _)| name).collect();
    assert!(["正誤_2.html", "正誤_3.html"].iter().all(|note| names.iter().any(|name| name == note)), "{names:?}");
    let editions = season.editions(2023);
    let last = editions.last().expect("an edition");
    assert_eq!((&last["edition"], &last["corrects"], &last["accepted"][0]), (&3.into(), &2.into(), &"1001".into()));

    // No reader has received it yet: it is withdrawn, and edition 2 stands again, byte for byte.
    let ran = season.succeeds(2023, &["--withdraw", "3", "--because", "送付前に誤りを発見"]);
    assert!(ran.out.contains("edition 2, as released 2024-05-01; edition 3 is withdrawn"), "{}", ran.out);
    assert!(season.readers(2023, "public") == second);
    let editions = season.editions(2023);
    assert_eq!(editions.len(), 5, "nothing is erased");
    assert_eq!(editions[4]["withdrawn_because"], "送付前に誤りを発見");
    let listed = season.succeeds(2023, &["--releases"]);
    assert!(listed.out.contains("FY2023 public edition 2, released 2024-05-01: "), "{}", listed.out);
    assert!(listed.out.contains("; corrects edition 1: 1031の回収票が遅れて届いたため\n"), "{}", listed.out);
    // Its number is not given again.
    let ran = season.succeeds(2023, &[&correct[..], &release, &accept].concat());
    assert!(ran.out.contains("released 2024-06-01 as edition 4"), "{}", ran.out);
    // And all that was ever frozen is in the store.
    let parts = contents(&season.store().join("released_responses/fiscal_year=2023"));
    assert_eq!(parts.len(), 3, "the first answers, those with 1031, and those with the correction of 1001");
}

#[test]
fn what_has_changed_since_a_release_stands_in_the_status() {
    let season = Season::released();
    let mut now = with(
        collection(),
        &[("1031", "regional_bank", "none"), ("1002", "regional_bank", "partial"), ("2001", "shinkumi", "always")],
    );
    now.retain(|one| one.code != "2040");
    season.answers(2023, &now);
    let ran = season.bench.cssa(["status", &Season::year_file(2023)]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let told = "since the public release, edition 1 of 2024-04-01: 1 new, 1 changed, 1 withdrawn, 3 moved";
    assert!(ran.out.contains(told), "{}", ran.out);
    let json = season.text(2023, "internal/status.json");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let since = &json["since_release"][0];
    assert_eq!((&since["circle"], &since["edition"]), (&"public".into(), &1.into()));
    let changed = since["returns"].as_array().expect("returns").iter().find(|one| one["kind"] == "changed");
    let changed = changed.expect("a changed return");
    assert_eq!((&changed["institution"], &changed["questions"]), (&"1002".into(), &serde_json::json!(["soc"])));
    // Nothing of it is an error, and nothing that was released is touched.
    let ran = season.succeeds(2023, &[]);
    assert!(ran.out.contains("returns since: 1 new, 1 changed, 1 withdrawn, 3 moved"), "{}", ran.out);
    let list = season.text(2023, "internal/disclosure/since_release.csv");
    assert!(list.contains(",2001,模擬2001,moved,,,regional/shinkin,regional/shinkumi"), "{list}");
}
