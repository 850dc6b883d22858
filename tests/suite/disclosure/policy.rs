//! Mistakes in a policy, each with its place.

use crate::definitions::one_mistake;

const FILE: &str = "disclosure.toml";

/// The first limit of the first policy.
const LIMIT: &str = "minimum_base = { value = 10, authority = \"本調査の方針：10先未満の区分は統計として公表しない\" }";

#[test]
fn a_limit_is_there_and_rests_on_something() {
    one_mistake(FILE, LIMIT, "", ("[public]", 0), &["`minimum_base` is missing here"]);
    let alone = "minimum_base = { value = 10 }";
    one_mistake(FILE, LIMIT, alone, ("{ value = 10 }", 0), &["`authority` is missing"]);
    let blank = "minimum_base = { value = 10, authority = \"　\" }";
    one_mistake(FILE, LIMIT, blank, ("\"　\"", 0), &["a limit without an authority cannot be defended"]);
    let most = LIMIT.replace("10,", "1000001,");
    let expected = ["`minimum_base` is 1000001, expected a whole number from 1 to 1000000"];
    one_mistake(FILE, LIMIT, &most, ("1000001", 0), &expected);
}

#[test]
fn bands_rise_from_nothing_to_everything() {
    for bands in ["[0, 25, 25, 75, 100]", "[0, 50, 25, 100]", "[10, 100]", "[0, 50]", "[]", "[0, -5, 100]"] {
        let spoiled = format!("bands = {bands}");
        let said = ["`bands` has to rise from 0 to 100", "such as bands = [0, 25, 50, 75, 100]"];
        one_mistake(FILE, "bands = [0, 25, 50, 75, 100]", &spoiled, ("[public]", 0), &said);
    }
}

#[test]
fn what_a_policy_names_is_there() {
    let unknown = ["there is no sector `trusts`"];
    one_mistake(FILE, "never = [\"trust\"", "never = [\"trusts\"", ("\"trusts\"", 0), &unknown);
    let panel = "bands_below = { value = 20";
    one_mistake(FILE, panel, &format!("panel = false\n{panel}"), ("panel", 0), &["unknown key `panel`"]);
    one_mistake(FILE, "[feedback]", "[feeds]", ("feeds", 0), &["unknown key `feeds`"]);
    let more = LIMIT.replace("value = 10", "value = 10, unit = \"先\"");
    one_mistake(FILE, LIMIT, &more, ("unit", 0), &["unknown key `unit`"]);
}
