//! Drawings and controls over a sheet: shapes, and the check boxes of forms.

use crate::finding::CellAddress;
use crate::ingest::sheets::elements::{Attributes, Step, walk};
use crate::ingest::sheets::looks::geometry::Corner;

/// A mark that is no content of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A circle or oval.
    Circle,
    /// A sign that is written in a shape.
    Written(&'static str),
    /// A check box that is ticked.
    Checked,
}

/// Something drawn or set over a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The cell in which it begins.
    pub first: CellAddress,
    /// The cell in which it ends.
    pub last: CellAddress,
    /// The one cell on which it stands, where that is certain.
    pub center: Option<CellAddress>,
    /// Its kind, for people; `None` where nobody needs to be told.
    pub what: Option<String>,
    /// The mark that it is, if it is one.
    pub mark: Option<Mark>,
    /// Whether it is a callout: a note that somebody attached, as a comment is.
    pub is_note: bool,
    /// Its corners.
    pub corners: [Corner; 2],
}

impl Eq for Drawn {}

impl Drawn {
    /// Something that lies over the sheet, nobody knows where.
    pub(super) fn anywhere(what: String) -> Drawn {
        let corner = Corner::default();
        let last = CellAddress { row: u32::MAX, column: u32::MAX };
        Drawn { last, ..drawn(corner, corner, what, None) }
    }

    /// The same as a note that somebody attached: no mark, whatever it says.
    pub(super) fn into_note(self) -> Drawn {
        Drawn { mark: None, is_note: true, ..self }
    }
}

/// Signs that people write in text boxes to choose.
const SIGNS: [&str; 9] = ["○", "〇", "◯", "●", "◎", "✓", "✔", "レ", "☑"];
/// The outlines that are circles. (ECMA-376, part 1, 20.1.10.56.)
const CIRCLES: [&str; 5] = ["ellipse", "donut", "flowChartConnector", "circularArrow", "arc"];

/// A shape while it is walked through.
#[derive(Default)]
struct Shape {
    from: Corner,
    to: Option<Corner>,
    /// Its width and height, where it has no end of its own.
    extent: Option<(f64, f64)>,
    kind: &'static str,
    outline: String,
    text: String,
    hidden: bool,
    is_note: bool,
    shapes: usize,
}

/// Reads a part of drawings (ECMA-376, part 1, 20.5).
pub fn of_drawing(part: &[u8]) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    let mut shape: Option<Shape> = None;
    // The corner and the number that the walk is in.
    let (mut in_to, mut number, mut in_text) = (false, None::<&'static str>, false);
    walk(part, |step| match step {
        Step::Begin("twoCellAnchor" | "oneCellAnchor", _) => shape = Some(Shape::default()),
        Step::Begin(name, attributes) => {
            let Some(shape) = &mut shape else { return };
            match name {
                "from" => in_to = false,
                "to" => {
                    in_to = true;
                    shape.to = Some(Corner::default());
                }
                "col" => number = Some("col"),
                "colOff" => number = Some("colOff"),
                "row" => number = Some("row"),
                "rowOff" => number = Some("rowOff"),
                "ext" if shape.extent.is_none() && shape.kind.is_empty() => {
                    shape.extent = attributes.number("cx").zip(attributes.number("cy"));
                }
                "sp" => shape.begin("shape"),
                "cxnSp" => shape.begin("line"),
                "pic" => shape.begin("picture"),
                "graphicFrame" => shape.begin("chart"),
                "cNvPr" => {
                    shape.hidden |= attributes.flag("hidden");
                    shape.is_note |= attributes.get("name").is_some_and(|name| is_callout(&name));
                }
                "prstGeom" => {
                    shape.outline = attributes.get("prst").unwrap_or_default();
                    shape.is_note |= is_callout(&shape.outline);
                }
                "t" => in_text = true,
                _ => {}
            }
        }
        Step::Text(text) => {
            let Some(shape) = &mut shape else { return };
            if in_text {
                shape.text.push_str(text);
            }
            let (Some(number), Ok(value)) = (number, text.trim().parse::<f64>()) else { return };
            let corner = if in_to { shape.to.get_or_insert_default() } else { &mut shape.from };
            match number {
                "col" => corner.column = whole(value),
                "colOff" => corner.right = value,
                "row" => corner.row = whole(value),
                _ => corner.down = value,
            }
        }
        Step::End("twoCellAnchor" | "oneCellAnchor") => drawn.extend(shape.take().and_then(Shape::finish)),
        Step::End("col" | "colOff" | "row" | "rowOff") => number = None,
        Step::End("t") => in_text = false,
        Step::End(_) => {}
    });
    drawn
}

/// A number of a cell, from 0.
fn whole(number: f64) -> u32 {
    if (0.0..2_000_000.0).contains(&number) { number as u32 } else { 0 }
}

impl Shape {
    fn begin(&mut self, kind: &'static str) {
        self.kind = kind;
        self.shapes += 1;
    }

    fn finish(self) -> Option<Drawn> {
        // Nobody sees a hidden shape, and a chart is no answer.
        if self.hidden || self.kind.is_empty() || self.kind == "chart" {
            return None;
        }
        let is_circle = CIRCLES.contains(&self.outline.as_str());
        let (what, mark) = told(if self.shapes > 1 { "group" } else { self.kind }, is_circle, &self.text);
        let to = self.to.unwrap_or_else(|| self.from.moved(self.extent.unwrap_or_default()));
        let drawn = drawn(self.from, to, what, mark);
        Some(if self.is_note { drawn.into_note() } else { drawn })
    }
}

/// Whether the name of a shape or of its outline is that of a callout.
pub(super) fn is_callout(name: &str) -> bool {
    name.contains("吹き出し") || name.to_ascii_lowercase().contains("callout")
}

/// The kind of a shape, in words, and the mark that it is, if it is one.
pub(super) fn told(kind: &str, is_circle: bool, text: &str) -> (String, Option<Mark>) {
    let text = text.trim();
    let sign = SIGNS.into_iter().find(|sign| *sign == text);
    let mark = match (kind, sign) {
        ("shape", Some(sign)) => Some(Mark::Written(sign)),
        ("shape", None) if is_circle && text.is_empty() => Some(Mark::Circle),
        _ => None,
    };
    let what = match kind {
        "group" => "a group of shapes".to_owned(),
        "line" => "a line".to_owned(),
        "picture" => "a picture".to_owned(),
        _ if !text.is_empty() => format!("a text box that says 「{}」", text.chars().take(80).collect::<String>()),
        _ if is_circle => "a circle".to_owned(),
        _ => "a shape".to_owned(),
    };
    (what, mark)
}

/// A box of a form that is ticked.
pub(super) fn ticked(from: Corner, to: Corner) -> Drawn {
    drawn(from, to, "a ticked box".to_owned(), Some(Mark::Checked))
}

pub(super) fn drawn(from: Corner, to: Corner, what: String, mark: Option<Mark>) -> Drawn {
    let at = |corner: Corner| CellAddress { row: corner.row, column: corner.column };
    Drawn { first: at(from), last: at(to), center: None, what: Some(what), mark, is_note: false, corners: [from, to] }
}

/// Reads the boxes of forms in a part of old drawings, in which Excel keeps them, and whether each is
/// ticked. ([MS-OE376] 2.4: `x:ClientData`.)
pub fn of_controls(part: &[u8]) -> Vec<(bool, Drawn)> {
    let mut found = Vec::new();
    let mut control: Option<(bool, String)> = None;
    let mut within = String::new();
    walk(part, |step| match step {
        Step::Begin("ClientData", attributes) => {
            let is_box = attributes.get("ObjectType").is_some_and(|kind| matches!(kind.as_str(), "Checkbox" | "Radio"));
            control = is_box.then(Default::default);
        }
        Step::Begin(name, _) => name.clone_into(&mut within),
        Step::Text(text) => {
            let Some((checked, anchor)) = &mut control else { return };
            match within.as_str() {
                // 1 is ticked, 2 neither the one nor the other.
                "Checked" if !text.trim().is_empty() => *checked = text.trim() == "1",
                "Anchor" => anchor.push_str(text),
                _ => {}
            }
        }
        Step::End("ClientData") => {
            if let Some((checked, anchor)) = control.take() {
                found.extend(anchored(&anchor).map(|drawn| (checked, drawn)));
            }
        }
        Step::End(_) => within.clear(),
    });
    found
}

/// The ticked boxes of a sheet: those that its old drawings say are ticked, and those that a part of their
/// own says so of, by their position among the `anchored` ones. Some programs leave the place of these
/// to the old drawings.
pub fn ticked_boxes(anchored: Vec<(String, Drawn)>, old: Vec<(bool, Drawn)>, checked: &[usize]) -> Vec<Drawn> {
    let mut boxes = Vec::new();
    let are_the_same = old.len() == anchored.len();
    for &position in checked {
        let own = &anchored[position].1;
        let has_place = own.corners != [Corner::default(); 2];
        boxes.push(match old.get(position) {
            _ if has_place => own.clone(),
            Some((_, old_box)) if are_the_same => old_box.clone(),
            _ => Drawn::anywhere("a ticked box".to_owned()),
        });
    }
    // A box that its own part says is ticked is counted once.
    let is_counted = |position: usize| are_the_same && checked.contains(&position);
    let others =
        old.into_iter().enumerate().filter(|(position, (is_checked, _))| *is_checked && !is_counted(*position));
    boxes.extend(others.map(|(_, (_, drawn))| drawn));
    boxes
}

/// The controls that a sheet part anchors (ECMA-376, part 1, 18.3.1.19), each with the relationship to
/// the part that says whether it is ticked.
pub fn anchored_controls(part: &[u8]) -> Vec<(String, Drawn)> {
    let mut found = Vec::new();
    // Most sheets over which something is drawn have no controls.
    if memchr::memmem::find(part, b"control").is_none() {
        return found;
    }
    let mut control: Option<(String, [Corner; 2])> = None;
    let (mut in_to, mut number) = (false, String::new());
    walk(part, |step| match step {
        Step::Begin("control", attributes) => control = attributes.get("id").map(|id| (id, Default::default())),
        Step::Begin("from", _) => in_to = false,
        Step::Begin("to", _) => in_to = true,
        Step::Begin(name, _) => name.clone_into(&mut number),
        Step::Text(text) => {
            let (Some((_, corners)), Ok(value)) = (&mut control, text.trim().parse::<f64>()) else { return };
            let corner = &mut corners[usize::from(in_to)];
            match number.as_str() {
                "col" => corner.column = whole(value),
                "colOff" => corner.right = value,
                "row" => corner.row = whole(value),
                "rowOff" => corner.down = value,
                _ => {}
            }
        }
        Step::End("control") => {
            if let Some((id, [from, to])) = control.take() {
                found.push((id, ticked(from, to)));
            }
        }
        Step::End(_) => number.clear(),
    });
    found
}

/// Whether a part of a control says that it is a ticked box.
pub fn is_checked(part: &[u8]) -> bool {
    let mut checked = false;
    let is_box = |attributes: &Attributes<'_, '_>| {
        attributes.get("objectType").is_some_and(|kind| matches!(kind.as_str(), "CheckBox" | "Radio"))
    };
    walk(part, |step| {
        if let Step::Begin("formControlPr", attributes) = step {
            checked |= is_box(&attributes) && attributes.get("checked").as_deref() == Some("Checked");
        }
    });
    checked
}

/// `3, 15, 24, 2, 3, 40, 24, 18`: columns, rows and what is beyond them in pixels, of both corners.
fn anchored(anchor: &str) -> Option<Drawn> {
    let numbers: Vec<f64> = anchor.split(',').map(|number| number.trim().parse().ok()).collect::<Option<_>>()?;
    let [left, right, top, down, last, last_right, bottom, last_down] = numbers.try_into().ok()?;
    let corner = |column: f64, right: f64, row: f64, down: f64| Corner {
        column: whole(column),
        right: right * super::geometry::PIXEL,
        row: whole(row),
        down: down * super::geometry::PIXEL,
    };
    let (from, to) = (corner(left, right, top, down), corner(last, last_right, bottom, last_down));
    Some(ticked(from, to))
}
