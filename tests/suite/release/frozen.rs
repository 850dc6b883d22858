//! Frozen answers in the store: each set whole, once, and readable by any engine.

use cssa::store::{Store, read_texts, tables};

use super::world::{Season, collection, with};
use crate::support::contents;

#[test]
fn a_set_of_answers_is_kept_once_and_beside_the_others() {
    let season = Season::released();
    let folder = season.store().join("released_responses/fiscal_year=2023");
    let first = contents(&folder);
    assert_eq!(first.len(), 1, "both circles have the same answers");
    let answers = season.editions(2023)[0]["answers"].as_str().expect("an id").to_owned();
    assert_eq!(first[0].0, format!("part-{}.parquet", &answers[..16]));
    season.answers(2023, &with(collection(), &[("1031", "regional_bank", "partial")]));
    season.succeeds(2023, &["--correct", "訂正", "--release", "2024-05-01"]);
    let both = contents(&folder);
    assert_eq!(both.len(), 2);
    assert!(both.contains(&first[0]), "the first set is as it was");
    let places = contents(&season.store().join("released_memberships/fiscal_year=2023"));
    assert_eq!(places.len(), 2);
}

#[test]
fn the_ledger_says_of_every_edition_what_it_is_and_what_it_prints() {
    let season = Season::released();
    let store = Store::open(&season.store()).expect("a store");
    let columns = ["circle", "released_at", "accepted", "reason", "withdrawn_at"];
    let rows = read_texts(&store, &tables::RELEASES, 2023, columns).expect("a ledger");
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(rows[0], [text("public"), text("2024-04-01"), text(""), None, None]);
    let columns = ["circle", "subsector", "question", "option", "percent"];
    let cells = read_texts(&store, &tables::RELEASED_CELLS, 2023, columns).expect("cells");
    let cell =
        |option: &str, percent: &str| [text("public"), text("regional_bank"), text("soc"), text(option), text(percent)];
    assert!(cells.contains(&cell("", "")), "the base");
    assert!(cells.contains(&cell("partial", "26.7")), "a count with its percentage");
    drop(store);
    let edition = &season.editions(2023)[0];
    assert_eq!(
        (&edition["edition"], &edition["previous_edition"], &edition["corrects"]),
        (&1.into(), &1.into(), &serde_json::Value::Null)
    );
}

#[test]
fn frozen_answers_that_are_lost_come_from_a_copy_and_from_no_ingest() {
    let season = Season::released();
    for (table, year) in [("released_responses", 2023), ("released_memberships", 2023), ("released_responses", 2022)] {
        let folder = season.store().join(table).join(format!("fiscal_year={year}"));
        let copy = contents(&folder);
        std::fs::remove_dir_all(&folder).expect("a folder can be removed");
        let year_file = Season::year_file(2023);
        let mut ways = vec![season.disclose(2023, &[])];
        if year == 2023 {
            ways.push(season.bench.cssa(["status", &year_file]));
        }
        for ran in ways {
            assert_eq!(ran.status, 2, "{}\n{}", ran.out, ran.err);
            let editions = "edition 1 of the public release and edition 1 of the feedback release";
            let words = [table, editions, &format!("of fiscal year {year}"), "from a copy"];
            words.iter().for_each(|word| assert!(ran.err.contains(word), "{word} in {}", ran.err));
            // One of the two cannot be withdrawn while the other one is lost as well.
            let others = ["run `cssa ingest`", "--withdraw"];
            others.iter().for_each(|word| assert!(!ran.err.contains(word), "{word} in {}", ran.err));
        }
        for (name, content) in copy {
            std::fs::create_dir_all(&folder).expect("a folder can be made");
            std::fs::write(folder.join(name), content).expect("a file can be written");
        }
        season.succeeds(2023, &[]);
    }
}

#[test]
fn an_edition_that_lost_its_answers_can_be_withdrawn_where_nothing_else_rests_on_them() {
    let season = Season::new();
    season.succeeds(2022, &["--release", "2023-04-01"]);
    season.succeeds(2023, &["--release", "2024-04-01"]);
    std::fs::remove_dir_all(season.store().join("released_responses/fiscal_year=2023")).expect("a folder to remove");
    let ran = season.disclose(2023, &[]);
    assert!(ran.status == 2 && ran.err.contains("`--circle public --withdraw 1 --because"), "{}", ran.err);
    season.succeeds(2023, &["--circle", "public", "--withdraw", "1", "--because", "凍結した回答を失った"]);
    assert_eq!(season.bench.cssa(["status", &Season::year_file(2023)]).status, 0);
    season.succeeds(2023, &["--release", "2024-04-02"]);
}
