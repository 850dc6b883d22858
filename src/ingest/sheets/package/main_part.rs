//! The main part of a package: the list of its sheets.

use crate::ingest::sheets::package::relationships::{attribute, read_elements};

/// A sheet as the list of sheets names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSheet {
    /// Its name.
    pub name: String,
    /// Whether Excel shows it.
    pub visible: bool,
    /// The relationship that leads to its part.
    pub relationship: String,
}

/// What the main part says.
#[derive(Debug, Default)]
pub struct MainPart {
    /// The name of its outermost element; empty where it has none.
    pub root: String,
    /// The sheets, in order.
    pub sheets: Vec<ListedSheet>,
    /// Whether days are counted from 1904.
    pub counts_from_1904: bool,
}

/// Reads the main part; `None` where it is damaged.
pub fn main_part(part: &[u8]) -> Option<MainPart> {
    let mut main = MainPart::default();
    read_elements(part, |element| {
        let name = element.local_name();
        if main.root.is_empty() {
            main.root = name.as_ref().to_owned();
        }
        match name.as_ref() {
            "sheet" => main.sheets.push(ListedSheet {
                name: attribute(element, "name").unwrap_or_default(),
                visible: attribute(element, "state").is_none_or(|state| state == "visible"),
                relationship: attribute(element, "id").unwrap_or_default(),
            }),
            "workbookPr" => {
                let flag = attribute(element, "date1904");
                main.counts_from_1904 |= flag.is_some_and(|flag| flag == "1" || flag == "true");
            }
            _ => {}
        }
    })?;
    Some(main)
}

/// A list of so many sheets, which are named by their numbers.
pub fn list_of_sheets(count: usize, counts_from_1904: bool) -> Vec<u8> {
    let sheets: String = (1..=count)
        .map(|number| format!(r#"<sheet name="{number}" sheetId="{number}" r:id="rId{number}"/>"#))
        .collect();
    let flag = if counts_from_1904 { r#"<workbookPr date1904="1"/>"# } else { "" };
    let spaces = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;
    format!("<workbook {spaces}>{flag}<sheets>{sheets}</sheets></workbook>").into_bytes()
}
