//! Relationships, which lead from part to part. (ECMA-376, part 2, 9.3.)

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{damaged_part, unpack_text};
use crate::ingest::refusal::Refusal;
use crate::ingest::unpack::unpacking::Parts;

/// A way from one part to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// Its name.
    pub id: String,
    /// The last word of its type, such as `worksheet`.
    pub kind: String,
    /// The name of the other part.
    pub target: String,
}

/// The relationships of a part; none where there are none.
pub fn relationships(
    parts: &mut Parts<'_, '_>,
    folder: &str,
    name: &str,
    part: &mut Vec<u8>,
) -> Result<Vec<Relationship>, Refusal> {
    let path = if folder.is_empty() { format!("_rels/{name}") } else { format!("{folder}/_rels/{name}") };
    let Some(index) = parts.position(&path) else { return Ok(Vec::new()) };
    unpack_text(parts, index, None, part)?;
    let mut found = Vec::new();
    let read = read_elements(part, |element| {
        if element.local_name().as_ref() != "Relationship"
            || attribute(element, "TargetMode").as_deref() == Some("External")
        {
            return;
        }
        let (id, kind) = (attribute(element, "Id"), attribute(element, "Type"));
        if let (Some(id), Some(kind), Some(target)) = (id, kind, attribute(element, "Target")) {
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            found.push(Relationship { id, kind, target: resolved(folder, &target) });
        }
    });
    read.map(|()| found).ok_or_else(|| damaged_part(&path))
}

/// The name of the part that a target means, seen from a folder.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let target = target.split('#').next().unwrap_or_default();
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    path.join("/")
}

/// Looks at each element of a part; `None` where the part is no sound XML.
pub fn read_elements(part: &[u8], mut look: impl FnMut(&BytesStart<'_>)) -> Option<()> {
    let mut source = Reader::from_str(std::str::from_utf8(part).ok()?);
    let mut depth = 0_usize;
    loop {
        match source.read_event().ok()? {
            Event::Start(element) => {
                depth += 1;
                look(&element);
            }
            Event::Empty(element) => look(&element),
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof => return (depth == 0).then_some(()),
            _ => {}
        }
    }
}

/// An attribute by the last part of its name.
pub fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes().flatten();
    let found = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

/// A part of relationships: id, kind and target of each.
pub fn relationships_of(ways: impl IntoIterator<Item = (String, &'static str, String)>) -> Vec<u8> {
    let space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let one = |(id, kind, target)| format!(r#"<Relationship Id="{id}" Type="{space}/{kind}" Target="{target}"/>"#);
    let ways: String = ways.into_iter().map(one).collect();
    let space = "http://schemas.openxmlformats.org/package/2006/relationships";
    format!(r#"<Relationships xmlns="{space}">{ways}</Relationships>"#).into_bytes()
}
