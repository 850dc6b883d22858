//! An edition stays byte for byte, whatever changes later.

use super::world::{Season, collection, with};

type Readers = [Vec<(String, Vec<u8>)>; 2];

fn readers(season: &Season) -> Readers {
    ["public", "feedback"].map(|circle| season.readers(2023, circle))
}

#[test]
fn answers_of_this_year_and_of_last_year_change_nothing() {
    let season = Season::released();
    let then = readers(&season);
    let mut fewer = collection();
    fewer.retain(|one| one.subsector != "shinkin");
    season.answers(2022, &fewer);
    season.succeeds(2023, &[]);
    assert!(readers(&season) == then, "last year's answers");
    season.answers(2023, &fewer);
    season.succeeds(2023, &[]);
    assert!(readers(&season) == then, "this year's answers");
    // Nor does what readers had of last year go when that is corrected.
    season.answers(2022, &with(collection(), &[("1031", "regional_bank", "partial")]));
    season.succeeds(2022, &["--correct", "訂正", "--release", "2024-06-01"]);
    season.succeeds(2023, &[]);
    assert!(readers(&season) == then, "last year's second edition");
    // Even the folder of outputs can be lost.
    std::fs::remove_dir_all(season.bench.path("reports")).expect("the outputs go");
    season.succeeds(2023, &[]);
    assert!(readers(&season) == then, "made again");
}

#[test]
fn another_policy_holds_for_the_next_edition_only() {
    let season = Season::released();
    let then = readers(&season);
    season.redefine("disclosure.toml", "minimum_base = { value = 10,", "minimum_base = { value = 35,");
    season.redefine("disclosure.toml", "subsectors = true", "subsectors = false");
    season.succeeds(2023, &[]);
    assert!(readers(&season) == then);
    let found = season.found(2023);
    let (code, message) = &found[0];
    assert_eq!(code, "D04");
    assert!(message.contains("minimum_base was 10 and is 35, subsectors was true and is false"), "{message}");
    // A policy that is gone takes nothing back either.
    let policies = season.bench.path("pipelines/cssa/disclosure.toml");
    let text = std::fs::read_to_string(&policies).expect("policies");
    std::fs::write(&policies, text.split("[feedback]").next().expect("a text")).expect("a file");
    season.succeeds(2023, &[]);
    assert!(readers(&season) == then);
    assert!(season.found(2023).iter().any(|(_, message)| message.contains("no policy [feedback] any more")));
}

#[test]
fn a_definition_that_reads_the_answers_otherwise_leaves_the_files_as_they_are() {
    let season = Season::released();
    let then = readers(&season);
    // The title of a question is no matter.
    season.redefine("questions.toml", "の設置状況\"", "の状況\"");
    season.succeeds(2023, &[]);
    assert!(readers(&season) == then);
    assert!(season.codes(2023).is_empty());
    // An option that is called otherwise is.
    season.redefine(
        "questions.toml",
        "id = \"planned\", label = \"設置する予定",
        "id = \"intended\", label = \"設置する予定",
    );
    season.redefine(
        "questions.toml",
        "any_of = [\"always\", \"partial\", \"planned\"]",
        "any_of = [\"always\", \"partial\", \"intended\"]",
    );
    let ran = season.disclose(2023, &[]);
    if ran.status == 2 {
        // Other files of the definition name the option as well: then the definition itself is refused.
        assert!(ran.err.contains("planned"), "{}", ran.err);
    } else {
        assert_eq!(ran.status, 1, "{}", ran.out);
        assert!(ran.out.contains("warning[D09 edition-not-remade]"), "{}", ran.out);
    }
    assert!(readers(&season) == then);
}

#[test]
fn a_note_that_the_definition_changes_leaves_the_files_and_can_still_be_corrected() {
    let season = Season::released();
    let then = readers(&season);
    let words = "2022事務年度は、方針と計画を一つの設問で尋ねた";
    let others = "2022事務年度は、方針と計画を一つの設問で尋ねた（補足）";
    season.redefine("concordance_fy2022_fy2023.toml", words, others);
    let ran = season.disclose(2023, &[]);
    assert_eq!(ran.status, 1, "{}\n{}", ran.out, ran.err);
    let (code, message) = &season.found(2023)[0];
    assert_eq!(code, "D09");
    assert!(
        message.contains("edition 1 of the public release of fiscal year 2023 (2024-04-01) cannot be made again"),
        "{message}"
    );
    assert!(readers(&season) == then, "the files stay as they are");
    season.answers(2023, &with(collection(), &[("1031", "regional_bank", "partial")]));
    let ran = season.disclose(2023, &["--correct", "訂正", "--release", "2024-05-01", "--fail-on", "error"]);
    assert_eq!(ran.status, 0, "{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains("released 2024-05-01 as edition 2"), "{}", ran.out);
    assert!(season.text(2023, "public/changes.csv").contains(others));
}
