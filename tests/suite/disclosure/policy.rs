//! Mistakes in a policy, each with its place.

use crate::definitions::one_mistake;

const FILE: &str = "disclosure.toml";

#[test]
fn a_policy_lacks_no_limit_and_no_authority() {
    let limit = "minimum_base = { value = 10, authority = \"本調査の方針：10先未満の区分は統計として公表しない\" }\n";
    one_mistake(FILE, limit, "", ("[public]", 0), &["`minimum_base` is missing here"]);
}
