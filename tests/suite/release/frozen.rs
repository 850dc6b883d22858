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
