//! The kinds of damage, each drawn by a random number.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::book::Parts;

/// How many kinds there are.
pub const KINDS: usize = 17;

/// Numbers that look random and are the same every time (Steele, Lea, Flood: SplitMix64).
pub struct Random(u64);

impl Random {
    pub fn of(seed: u64) -> Random {
        let mut random = Random(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("below a size")
    }

    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }
}

/// A sound workbook.
pub struct Source {
    pub name: String,
    bytes: Vec<u8>,
    parts: Option<Parts>,
    /// The cells that hold answers, on whatever sheet.
    answers: BTreeSet<String>,
}

type Kind = (&'static str, fn(&Source, &mut Random) -> Option<Vec<u8>>);

const OF_ANY: [Kind; 2] = [("cut off", cut_off), ("bytes changed", bytes_changed)];

const OF_ZIPS: [Kind; 3] =
    [("part removed", part_removed), ("part cut off", part_cut_off), ("parts exchanged", parts_exchanged)];

const OF_SHEETS: [Kind; 12] = [
    ("row removed", |source, random| source.edit_rows(random, |rows, at, _| drop(rows.remove(at)))),
    ("row twice", |source, random| source.edit_rows(random, |rows, at, _| rows.insert(at, rows[at].clone()))),
    ("row twice elsewhere", |source, random| {
        source.edit_rows(random, |rows, at, to| rows.insert(to, rows[at].clone()))
    }),
    ("rows exchanged", |source, random| source.edit_rows(random, |rows, at, to| rows.swap(at, to))),
    ("row with another number", |source, random| {
        source.edit_rows(random, |rows, at, to| rows[at] = renumbered(&rows[at], to + 1))
    }),
    ("label removed", |source, random| source.edit_label(random, |_, _| String::new())),
    ("label with another place", |source, random| {
        source.edit_label(random, |cell, other| with_reference(cell, &reference(other)))
    }),
    ("label without a place", |source, random| source.edit_label(random, |cell, _| without(cell, " r=\""))),
    ("label without a type", |source, random| source.edit_label(random, |cell, _| without(cell, " t=\""))),
    ("cell twice, with another content", cell_twice),
    ("shared text removed", shared_text_removed),
    ("shared text out of range", shared_text_out_of_range),
];

impl Source {
    pub fn of(name: String, bytes: Vec<u8>, answers: BTreeSet<String>) -> Source {
        let parts = bytes.starts_with(b"PK").then(|| Parts::in_bytes(&bytes));
        Source { name, bytes, parts, answers }
    }

    /// A damaged copy, and the kind of damage.
    pub fn damaged(&self, random: &mut Random) -> (&'static str, Vec<u8>) {
        let kinds: Vec<Kind> = match &self.parts {
            None => OF_ANY.to_vec(),
            Some(_) if self.name.ends_with(".xlsb") => [&OF_ANY[..], &OF_ZIPS[..]].concat(),
            Some(_) if self.name.ends_with(".ods") => [&OF_ANY[..], &OF_ZIPS[..], &OF_SHEETS[..4]].concat(),
            Some(_) => [&OF_ANY[..], &OF_ZIPS[..], &OF_SHEETS[..], &OF_SHEETS[..]].concat(),
        };
        loop {
            let (kind, make) = random.pick(&kinds);
            if let Some(bytes) = make(self, random).filter(|bytes| *bytes != self.bytes) {
                return (kind, bytes);
            }
        }
    }

    /// The name and text of a part that holds sheets.
    fn sheet(&self, random: &mut Random) -> Option<(String, String)> {
        let is_sheet = |name: &str| name.replace('\\', "/").starts_with("xl/worksheets/sheet") || name == "content.xml";
        let parts = self.parts.as_ref()?;
        let names: Vec<&str> = parts.names().filter(|name| is_sheet(name)).collect();
        let name = *random.pick(&names);
        Some((name.to_owned(), String::from_utf8(parts.content(name).to_vec()).expect("a sheet is text")))
    }

    fn with_part(&self, name: &str, content: Vec<u8>) -> Option<Vec<u8>> {
        let mut parts = self.parts.clone()?;
        parts.put(name, content);
        Some(parts.bytes())
    }

    /// Changes the list of rows of a sheet, at one place and with another.
    fn edit_rows(&self, random: &mut Random, edit: fn(&mut Vec<String>, usize, usize)) -> Option<Vec<u8>> {
        let (name, text) = self.sheet(random)?;
        let tag = if name == "content.xml" { "table:table-row" } else { "row" };
        let spans = elements(&text, tag);
        let first = spans.first()?.start;
        let last = spans.last()?.end;
        // What stands between rows, such as the end of one sheet and the beginning of the next,
        // goes with the row before it.
        let ends = spans.iter().skip(1).map(|span| span.start).chain([last]);
        let mut rows: Vec<String> =
            spans.iter().zip(ends).map(|(span, end)| text[span.start..end].to_owned()).collect();
        let sound = rows.iter().all(|row| elements(row, tag).len() == 1 && !row.contains("<table:table "));
        let at = random.below(rows.len());
        let to = random.below(rows.len());
        if !sound && (rows[at].contains("<table:table ") || rows[to].contains("<table:table ")) {
            return None;
        }
        edit(&mut rows, at, to);
        let changed = format!("{}{}{}", &text[..first], rows.concat(), &text[last..]);
        self.with_part(&name, changed.into_bytes())
    }

    /// Changes one cell that holds no answer.
    fn edit_label(&self, random: &mut Random, edit: fn(&str, &str) -> String) -> Option<Vec<u8>> {
        let (name, text) = self.sheet(random)?;
        let cells = elements(&text, "c");
        let (cell, other) = (random.pick(&cells).clone(), random.pick(&cells).clone());
        let (own, elsewhere) = (&text[cell.clone()], &text[other]);
        if self.answers.contains(&reference(own)) {
            return None;
        }
        let changed = format!("{}{}{}", &text[..cell.start], edit(own, elsewhere), &text[cell.end..]);
        self.with_part(&name, changed.into_bytes())
    }
}

fn cut_off(source: &Source, random: &mut Random) -> Option<Vec<u8>> {
    Some(source.bytes[..random.below(source.bytes.len())].to_vec())
}

/// Changes up to eight bytes. In a compound file only those of its header and its table of sectors,
/// because no checksum tells whether its content is what was written.
fn bytes_changed(source: &Source, random: &mut Random) -> Option<Vec<u8>> {
    let mut bytes = source.bytes.clone();
    let mut places: Vec<usize> = (0..bytes.len()).collect();
    if source.parts.is_none() {
        let number = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize;
        // [MS-CFB] 2.2: the first sector of the table stands at 76; sectors have 512 bytes.
        let table = (number(76) + 1) * 512;
        places = (0..512).chain(table..table + 512).collect();
    }
    for _ in 0..=random.below(8) {
        let place = *random.pick(&places);
        bytes[place] ^= 1 << random.below(8);
    }
    Some(bytes)
}

fn part_removed(source: &Source, random: &mut Random) -> Option<Vec<u8>> {
    let mut parts = source.parts.clone()?;
    let names: Vec<String> = parts.names().map(str::to_owned).collect();
    let name = random.pick(&names);
    parts.take(name);
    Some(parts.bytes())
}

fn part_cut_off(source: &Source, random: &mut Random) -> Option<Vec<u8>> {
    let parts = source.parts.as_ref()?;
    let names: Vec<&str> = parts.names().filter(|name| !parts.content(name).is_empty()).collect();
    let name = random.pick(&names);
    let content = parts.content(name);
    source.with_part(name, content[..random.below(content.len())].to_vec())
}

fn parts_exchanged(source: &Source, random: &mut Random) -> Option<Vec<u8>> {
    let parts = source.parts.as_ref()?;
    let names: Vec<&str> = parts.names().filter(|name| name.ends_with(".xml") || name.ends_with(".bin")).collect();
    let (one, other) = (*random.pick(&names), *random.pick(&names));
    let mut exchanged = parts.clone();
    exchanged.put(one, parts.content(other).to_vec());
    exchanged.put(other, parts.content(one).to_vec());
    Some(exchanged.bytes())
}

/// A cell stands twice, the second time with what stands in another cell: there is no telling
/// which of the two is meant, so even an answer's cell must not be read in silence.
fn cell_twice(source: &Source, random: &mut Random) -> Option<Vec<u8>> {
    let (name, text) = source.sheet(random)?;
    let cells = elements(&text, "c");
    let (cell, other) = (random.pick(&cells).clone(), random.pick(&cells).clone());
    let copy = with_reference(&text[other], &reference(&text[cell.clone()]));
    let at = if random.below(2) == 0 { cell.start } else { cell.end };
    source.with_part(&name, format!("{}{copy}{}", &text[..at], &text[at..]).into_bytes())
}

fn shared_text_removed(source: &Source, random: &mut Random) -> Option<Vec<u8>> {
    let parts = source.parts.as_ref()?;
    let name = parts.names().find(|name| name.ends_with("sharedStrings.xml"))?;
    let text = std::str::from_utf8(parts.content(name)).expect("texts are text");
    let span = random.pick(&elements(text, "si")).clone();
    source.with_part(name, format!("{}{}", &text[..span.start], &text[span.end..]).into_bytes())
}

/// A number that is not that of any text. None at all is how some programs write an empty cell.
fn shared_text_out_of_range(source: &Source, random: &mut Random) -> Option<Vec<u8>> {
    let (name, text) = source.sheet(random)?;
    let mut cells = elements(&text, "c");
    cells.retain(|cell| text[cell.clone()].contains(" t=\"s\""));
    let cell = cells.get(random.below(cells.len().max(1)))?.clone();
    let own = &text[cell.clone()];
    let (before, rest) = own.split_once("<v>")?;
    let (_, after) = rest.split_once("</v>")?;
    let wrong = ["99999", "-1", "x", "1x", "4294967296"][random.below(5)];
    let changed = format!("{}{before}<v>{wrong}</v>{after}{}", &text[..cell.start], &text[cell.end..]);
    source.with_part(&name, changed.into_bytes())
}

/// Where the elements of a name stand; none of them holds another of its kind.
fn elements(text: &str, tag: &str) -> Vec<Range<usize>> {
    let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find(&open).map(|at| from + at) {
        from = start + open.len();
        if !text[from..].starts_with([' ', '>', '/']) {
            continue;
        }
        let Some(end_of_tag) = text[from..].find('>').map(|at| from + at + 1) else { break };
        from = end_of_tag;
        if !text[..end_of_tag].ends_with("/>") {
            let Some(end) = text[from..].find(&close) else { break };
            from += end + close.len();
        }
        found.push(start..from);
    }
    found
}

/// The reference of a cell; empty where it has none.
fn reference(cell: &str) -> String {
    let tag = cell.split_once('>').map_or(cell, |(tag, _)| tag);
    let after = tag.split_once(" r=\"").map_or("", |(_, after)| after);
    after.split('"').next().unwrap_or("").to_owned()
}

fn with_reference(cell: &str, to: &str) -> String {
    cell.replacen(&format!(" r=\"{}\"", reference(cell)), &format!(" r=\"{to}\""), 1)
}

/// An element without one of its attributes.
fn without(element: &str, attribute: &str) -> String {
    let Some(start) = element.split_once('>').and_then(|(tag, _)| tag.find(attribute)) else {
        return element.to_owned();
    };
    let end = element[start + attribute.len()..].find('"').map_or(element.len(), |at| start + attribute.len() + at + 1);
    format!("{}{}", &element[..start], &element[end..])
}

/// A row, with its cells, under another number.
fn renumbered(row: &str, to: usize) -> String {
    let mut changed = String::new();
    let mut rest = row;
    while let Some((before, after)) = rest.split_once(" r=\"") {
        let (old, tail) = after.split_once('"').expect("an attribute ends");
        let letters: String = old.chars().take_while(char::is_ascii_alphabetic).collect();
        changed.push_str(&format!("{before} r=\"{letters}{to}\""));
        rest = tail;
    }
    changed + rest
}
