//! Drawings and controls over a sheet of Excel 97 to 2003: a tree of shapes that goes over several records,
//! between which stands for each shape what kind of object it is and which text it has.
//! ([MS-ODRAW] 2.2; [MS-XLS] 2.4.181 and 2.4.329.)

use crate::ingest::sheets::legacy::records::{CONTINUED, OBJECT, Record, double, word};
use crate::ingest::sheets::looks::drawn::{Drawn, drawn, ticked, told};
use crate::ingest::sheets::looks::geometry::{Corner, Geometry};

const DRAWING: u16 = 0x00EC;
const TEXT: u16 = 0x01B6;
/// The parts of the tree.
const SHAPE_BEGINS: u16 = 0xF004;
const SHAPE: u16 = 0xF00A;
const PROPERTIES: u16 = 0xF00B;
const ANCHOR: u16 = 0xF010;
const OBJECT_FOLLOWS: u16 = 0xF011;
const TEXT_FOLLOWS: u16 = 0xF00D;
/// The part with which an object begins since Excel 97. ([MS-XLS] 2.5.143.)
const PART_OF_OBJECT: u16 = 0x15;
/// The property that says whether a shape is printed and seen.
const SEEN: u16 = 0x03BF;

/// A shape.
#[derive(Debug, Default)]
struct Shape {
    outline: u16,
    /// Whether it stands for a group of others, is one of those, or is none at all.
    flags: u32,
    hidden: bool,
    /// Columns, rows and what is beyond them of both corners, as in the file.
    anchor: Option<[u16; 8]>,
    object: u16,
    is_checked: bool,
    text: String,
}

/// The shapes of a sheet as they are read.
#[derive(Debug, Default)]
pub struct Drawing {
    tree: Vec<u8>,
    /// Kind of each object, and whether it is a ticked box.
    objects: Vec<(u16, bool)>,
    /// The objects that people draw, each with its corners where it states them.
    drawn: Vec<Option<[u16; 8]>>,
    texts: Vec<String>,
    /// The kind of the last record: what goes on belongs to it.
    last: u16,
    /// How much of the text of a shape is still to come.
    to_come: usize,
}

impl Drawing {
    /// Takes a record of the sheet.
    pub fn take(&mut self, record: &Record<'_>) {
        let content = record.content;
        match record.kind {
            DRAWING => self.tree.extend_from_slice(content),
            CONTINUED if self.last == DRAWING => {
                self.tree.extend_from_slice(content);
                return;
            }
            OBJECT => self.take_object(content),
            TEXT => {
                self.to_come = usize::from(word(content, 10).unwrap_or(0));
                self.texts.push(String::new());
            }
            CONTINUED if self.last == TEXT && self.to_come > 0 => {
                self.go_on(content);
                return;
            }
            CONTINUED => return,
            _ => {}
        }
        self.last = record.kind;
    }

    fn take_object(&mut self, content: &[u8]) {
        let kind = word(content, 4).unwrap_or(0);
        self.objects.push((kind, is_checked(content)));
        if !is_set_over(kind) {
            // Since Excel 97 an object begins with a part, and its corners stand in the tree.
            let is_of_excel_5 = word(content, 0) != Some(PART_OF_OBJECT);
            self.drawn.push(if is_of_excel_5 { numbers(content, 10) } else { None });
        }
    }

    /// The text of a shape goes on; whether its characters are wide stands before them.
    fn go_on(&mut self, content: &[u8]) {
        let Some((text, (&flags, bytes))) = self.texts.last_mut().zip(content.split_first()) else { return };
        let units: Vec<u16> = if flags & 1 == 1 {
            bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()
        } else {
            bytes.iter().map(|&byte| u16::from(byte)).collect()
        };
        let count = units.len().min(self.to_come);
        text.push_str(&String::from_utf16_lossy(&units[..count]));
        self.to_come -= count;
    }

    /// The shapes, on cells of these sizes.
    pub fn finish(self, geometry: &Geometry) -> Vec<Drawn> {
        let Drawing { tree, objects, texts, drawn, .. } = self;
        if tree.is_empty() {
            return drawn.into_iter().map(|corners| object_of_excel_5(corners, geometry)).collect();
        }
        let (mut objects, mut texts) = (objects.into_iter(), texts.into_iter());
        let mut shapes: Vec<Shape> = Vec::new();
        let mut at = 0;
        while let (Some(head), Some(kind), Some(length)) = (word(&tree, at), word(&tree, at + 2), double(&tree, at + 4))
        {
            let is_container = head & 0x0F == 0x0F;
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            let content = tree.get(at + 8..(at + 8).saturating_add(length).min(tree.len())).unwrap_or_default();
            match (kind, shapes.last_mut()) {
                (SHAPE_BEGINS, _) => shapes.push(Shape::default()),
                (SHAPE, Some(shape)) => {
                    shape.outline = head >> 4;
                    shape.flags = double(content, 4).unwrap_or(0);
                }
                (PROPERTIES, Some(shape)) => shape.hidden |= is_hidden(content, head >> 4),
                (ANCHOR, Some(shape)) => {
                    shape.anchor = numbers(content, 2);
                }
                (OBJECT_FOLLOWS, Some(shape)) => (shape.object, shape.is_checked) = objects.next().unwrap_or_default(),
                (TEXT_FOLLOWS, Some(shape)) => shape.text = texts.next().unwrap_or_default(),
                _ => {}
            }
            // The parts of a container are walked through in turn.
            at = (at + 8).saturating_add(if is_container { 0 } else { length });
        }
        shapes.into_iter().filter_map(|shape| shape.finish(geometry)).collect()
    }
}

/// Eight numbers in a row: columns, rows and what is beyond them of both corners.
fn numbers(content: &[u8], at: usize) -> Option<[u16; 8]> {
    let numbers: Option<Vec<u16>> = (0..8).map(|place| word(content, at + 2 * place)).collect();
    numbers.and_then(|numbers| numbers.try_into().ok())
}

/// Corners as they stand in the file, on cells of these sizes.
fn corners(
    [left, right, top, down, last, last_right, bottom, last_down]: [u16; 8],
    geometry: &Geometry,
) -> [Corner; 2] {
    let corner = |column: u16, right: u16, row: u16, down: u16| {
        let (column, row) = (u32::from(column), u32::from(row));
        // A column is divided into 1,024 parts, a row into 256.
        let right = f64::from(right) / 1024.0 * geometry.width(column);
        Corner { column, row, right, down: f64::from(down) / 256.0 * geometry.height(row) }
    };
    [corner(left, right, top, down), corner(last, last_right, bottom, last_down)]
}

/// Whether a kind of object is set over a sheet by the program or a form, and is no shape that people draw:
/// controls, charts, notes, and the arrows of lists.
fn is_set_over(kind: u16) -> bool {
    matches!(kind, 0x05 | 0x07 | 0x0B..=0x14 | 0x19)
}

/// An object of Excel 5 and 95, which has no tree of shapes: reported where it lies, and never read.
/// (LibreOffice reads it so: sc/source/filter/excel/xiescher.cxx, ReadObj5.)
fn object_of_excel_5(stated: Option<[u16; 8]>, geometry: &Geometry) -> Drawn {
    let what = || "a drawn object".to_owned();
    let Some(stated) = stated else { return Drawn::anywhere(what()) };
    let [from, to] = corners(stated, geometry);
    let is_placed = from.row <= to.row && from.column <= to.column;
    if is_placed { drawn(from, to, what(), None) } else { Drawn::anywhere(what()) }
}

/// Whether a table of so many properties says that the shape is hidden: a bit, and one that says that the
/// bit counts.
fn is_hidden(properties: &[u8], count: u16) -> bool {
    let hides = |property: &[u8]| {
        word(property, 0).is_some_and(|id| id & 0x3FFF == SEEN)
            && double(property, 2).is_some_and(|value| value & 0x0002_0002 == 0x0002_0002)
    };
    properties.chunks_exact(6).take(usize::from(count)).any(hides)
}

/// Whether an object is a check box that is ticked ([MS-XLS] 2.5.144), by its parts, each with a kind and a
/// length before it. Some programs write the state only in the part before that for it.
fn is_checked(content: &[u8]) -> bool {
    let (mut at, mut checked) = (0, false);
    while let (Some(kind), Some(length)) = (word(content, at), word(content, at + 2)) {
        match kind {
            0x12 => return word(content, at + 4) == Some(1),
            0x0A => checked |= word(content, at + 4) == Some(1),
            _ => {}
        }
        at += 4 + usize::from(length);
    }
    checked
}

impl Shape {
    fn finish(self, geometry: &Geometry) -> Option<Drawn> {
        // Deleted, the sheet itself, or one of a group: the group has its own anchor.
        let is_none = self.flags & 0x0E != 0;
        let [from, to] = corners(self.anchor.filter(|_| !is_none)?, geometry);
        let kind = match self.object {
            0x0B | 0x0C => return self.is_checked.then(|| ticked(from, to)),
            kind if is_set_over(kind) => return None,
            _ if self.hidden => return None,
            _ if self.flags & 1 == 1 => "group",
            _ => match self.outline {
                20 | 32..=40 => "line",
                75 => "picture",
                _ => "shape",
            },
        };
        // Ellipse, arc, ring, circular arrow, and the connector of a flow chart.
        let is_circle = matches!(self.outline, 3 | 19 | 23 | 99 | 120);
        let (what, mark) = told(kind, is_circle, &self.text);
        let drawn = drawn(from, to, what, mark);
        // Callouts with lines, with corners, round, and as clouds.
        let is_callout = matches!(self.outline, 41..=52 | 61..=63 | 106 | 178..=181);
        Some(if is_callout { drawn.into_note() } else { drawn })
    }
}
