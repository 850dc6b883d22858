//! Things in a workbook that act or reach out when somebody opens it, by the names of its
//! parts. Nothing of it is run or followed here.

/// Macros.
pub const MACROS: &str = "macros";
/// Macros written into cells.
pub const OLD_MACROS: &str = "macros of Excel 4.0";
/// Windows of controls.
pub const DIALOGS: &str = "dialogs of Excel 5";
/// References to cells elsewhere.
pub const LINKS: &str = "links to other workbooks";
/// Queries.
pub const CONNECTIONS: &str = "connections to data elsewhere";
/// Buttons, check boxes and the like.
pub const CONTROLS: &str = "controls";
/// Notes in shapes with a pointer.
pub const CALLOUTS: &str = "callouts drawn over its cells";
/// Files and objects.
pub const OBJECTS: &str = "embedded files or objects";

/// Pieces of the names of parts, in small letters and after a `/`, and the kind of such parts.
const CARRIED: [(&str, &str); 19] = [
    ("/vbaproject", MACROS),
    ("/basic/", MACROS),
    ("/dialogs/", MACROS),
    ("/scripts/", MACROS),
    ("/macrosheets/", OLD_MACROS),
    ("/intlmacrosheets/", OLD_MACROS),
    ("/dialogsheets/", DIALOGS),
    ("/externallinks/", LINKS),
    ("/connections.", CONNECTIONS),
    ("/querytables/", CONNECTIONS),
    ("/model/", CONNECTIONS),
    ("/embeddings/", OBJECTS),
    ("/object ", OBJECTS),
    ("/activex/", CONTROLS),
    ("/ctrlprops/", CONTROLS),
    ("/webextensions/", "web extensions"),
    ("/customui/", "changes to the ribbon"),
    ("/usercustomization/", "changes to the ribbon"),
    ("/attachedtoolbars", "changes to the ribbon"),
];

/// The things that a container carries.
pub fn of_parts(names: &[String]) -> Vec<&'static str> {
    // A folder alone, or the lists of modules that LibreOffice always writes, are nothing yet.
    let is_one = |name: &String| !name.ends_with('/') && !name.ends_with("-lc.xml") && !name.ends_with(".rels");
    let names: Vec<String> =
        names.iter().map(|name| format!("/{}", name.to_ascii_lowercase())).filter(is_one).collect();
    let mut carried = Vec::new();
    for (part, what) in CARRIED {
        if !carried.contains(&what) && names.iter().any(|name| name.contains(part)) {
            carried.push(what);
        }
    }
    carried
}
