//! Walks through the elements of a small part, for those who look for a few of them.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// What is met on the way.
pub enum Step<'s, 'e> {
    /// An element begins: its name without a prefix, and its attributes.
    Begin(&'s str, Attributes<'s, 'e>),
    /// A piece of text within the innermost element.
    Text(&'s str),
    /// An element ends.
    End(&'s str),
}

/// The attributes of an element.
#[derive(Clone, Copy)]
pub struct Attributes<'s, 'e>(&'s BytesStart<'e>);

impl Attributes<'_, '_> {
    /// An attribute by its name without a prefix.
    pub fn get(&self, name: &str) -> Option<String> {
        let mut all = self.0.attributes();
        let found = all.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
        found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
    }

    /// A number.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.trim().parse().ok()
    }

    /// A flag that is set.
    pub fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| matches!(value.as_str(), "1" | "true" | "on"))
    }
}

/// Walks through a part, as far as it is sound XML in UTF-8.
pub fn walk(part: &[u8], mut visit: impl FnMut(Step<'_, '_>)) {
    let Ok(text) = std::str::from_utf8(part) else { return };
    let mut source = Reader::from_str(text);
    source.config_mut().expand_empty_elements = true;
    source.config_mut().check_end_names = false;
    loop {
        match source.read_event() {
            Ok(Event::Start(element)) => {
                let name = element.local_name();
                visit(Step::Begin(name.as_ref(), Attributes(&element)));
            }
            Ok(Event::End(element)) => visit(Step::End(element.local_name().as_ref())),
            Ok(Event::Text(text)) => visit(Step::Text(&text.xml10_content())),
            Ok(Event::CData(text)) => visit(Step::Text(&text.xml10_content())),
            Ok(Event::GeneralRef(entity)) => match entity.resolve_char_ref() {
                Ok(Some(character)) => visit(Step::Text(character.encode_utf8(&mut [0; 4]))),
                _ => visit(Step::Text(resolve_predefined_entity(&entity).unwrap_or(""))),
            },
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}
