//! Drawings and controls over a sheet of an OpenDocument spreadsheet: within the cell to which it is tied,
//! or before the rows. (OpenDocument 1.3, part 3, 9.2.8, 10.3 and 13.5.)

use std::collections::BTreeSet;

use crate::finding::CellAddress;
use crate::ingest::sheets::looks::drawn::{Drawn, drawn, is_callout, ticked, told};
use crate::ingest::sheets::looks::geometry::{Corner, Geometry};
use crate::ingest::sheets::looks::opendocument::length;
use crate::ingest::sheets::looks::sheet_part::address;

/// Elements that are shapes by themselves.
const SHAPES: [&str; 14] = [
    "draw:custom-shape",
    "draw:ellipse",
    "draw:circle",
    "draw:rect",
    "draw:frame",
    "draw:line",
    "draw:connector",
    "draw:polyline",
    "draw:polygon",
    "draw:path",
    "draw:g",
    "draw:control",
    "draw:caption",
    "draw:regular-polygon",
];
/// The outlines that are circles, whatever stands before them in the name.
const CIRCLES: [&str; 6] = ["ellipse", "donut", "ring", "flowchartconnector", "arc", "circulararrow"];

/// A shape as it is walked through.
#[derive(Debug, Default)]
struct Shape {
    /// The cell that it is tied to; otherwise it is measured from the corner of the sheet.
    cell: Option<CellAddress>,
    place: (f64, f64),
    size: (f64, f64),
    end: Option<Corner>,
    kind: &'static str,
    is_circle: bool,
    is_checked: bool,
    hidden: bool,
    is_note: bool,
    text: String,
}

/// The shapes of a sheet as they are read.
#[derive(Debug, Default)]
pub struct Drawing {
    shapes: Vec<Shape>,
    /// How many shapes the walk is in.
    depth: usize,
    /// The controls that are ticked.
    checked: BTreeSet<String>,
}

impl Drawing {
    /// An element begins; `cell` is the one that it stands in.
    pub fn begin(&mut self, name: &str, attribute: &dyn Fn(&str) -> Option<String>, cell: Option<CellAddress>) {
        match name {
            "form:checkbox" | "form:radio" => self.note_control(attribute),
            name if SHAPES.contains(&name) => {
                if self.depth == 0 {
                    self.shapes.push(self.shape(name, attribute, cell));
                } else if self.shapes.last().is_some_and(|shape| shape.kind == "group") {
                    let part = self.shape(name, attribute, cell);
                    if let Some(group) = self.shapes.last_mut() {
                        group.take_in(&part);
                    }
                }
                self.depth += 1;
            }
            _ if self.depth != 1 => {}
            "draw:enhanced-geometry" => {
                let outline = attribute("draw:type").unwrap_or_default().replace('-', "").to_ascii_lowercase();
                if let Some(shape) = self.shapes.last_mut() {
                    let outline = outline.strip_prefix("ooxml").unwrap_or(&outline);
                    shape.is_circle |= CIRCLES.contains(&outline);
                    shape.is_note |= is_callout(outline);
                }
            }
            "draw:image" | "draw:object" | "draw:object-ole" => {
                if let Some(shape) = self.shapes.last_mut().filter(|shape| shape.kind != "chart") {
                    // A chart stands there first, and then a picture of it.
                    shape.kind = if name == "draw:image" { "picture" } else { "chart" };
                }
            }
            _ => {}
        }
    }

    /// An element ends.
    pub fn end(&mut self, name: &str) {
        if SHAPES.contains(&name) {
            self.depth = self.depth.saturating_sub(1);
        }
    }

    /// Text within a shape.
    pub fn text(&mut self, text: &str) {
        if let Some(shape) = self.shapes.last_mut().filter(|shape| self.depth > 0 && shape.kind != "group") {
            shape.text.push_str(text);
        }
    }

    fn note_control(&mut self, attribute: &dyn Fn(&str) -> Option<String>) {
        let says = |names: [&str; 2]| names.iter().find_map(|name| attribute(name));
        let is_checked = says(["form:current-state", "form:state"]).is_some_and(|state| state == "checked")
            || says(["form:current-selected", "form:selected"]).is_some_and(|selected| selected == "true");
        if is_checked {
            self.checked.extend(["form:id", "xml:id"].iter().filter_map(|name| attribute(name)));
        }
    }

    fn shape(&self, name: &str, attribute: &dyn Fn(&str) -> Option<String>, cell: Option<CellAddress>) -> Shape {
        let size = |name: &str| attribute(name).and_then(|text| length(&text));
        let point = |names: [&str; 2]| names.iter().find_map(|name| size(name)).unwrap_or(0.0);
        let place = (point(["svg:x", "svg:x1"]), point(["svg:y", "svg:y1"]));
        // A line has a second point and no size.
        let extent = |name: &str, end: &str, from: f64| {
            size(name).or_else(|| size(end).map(|to| (to - from).abs())).unwrap_or(0.0)
        };
        let end = attribute("table:end-cell-address").and_then(|text| {
            let CellAddress { row, column } = address(&text.rsplit('.').next()?.replace('$', ""))?;
            let beyond = |name: &str| size(name).unwrap_or(0.0);
            Some(Corner { row, column, right: beyond("table:end-x"), down: beyond("table:end-y") })
        });
        let kind = match name {
            "draw:line" | "draw:connector" | "draw:polyline" => "line",
            "draw:g" => "group",
            "draw:control" => "control",
            _ => "shape",
        };
        Shape {
            cell,
            place,
            size: (extent("svg:width", "svg:x2", place.0), extent("svg:height", "svg:y2", place.1)),
            end,
            kind,
            is_circle: matches!(name, "draw:ellipse" | "draw:circle"),
            is_checked: attribute("draw:control").is_some_and(|id| self.checked.contains(&id)),
            hidden: attribute("draw:display").is_some_and(|display| display == "none"),
            is_note: name == "draw:caption" || attribute("draw:name").is_some_and(|name| is_callout(&name)),
            text: String::new(),
        }
    }

    /// The shapes, on cells of these sizes.
    pub fn finish(self, geometry: &Geometry) -> Vec<Drawn> {
        // More than are looked at one by one are not measured either.
        self.shapes.into_iter().filter_map(|shape| shape.finish(geometry)).take(super::DRAWN + 1).collect()
    }
}

impl Shape {
    /// Makes a group reach over one of its shapes.
    fn take_in(&mut self, part: &Shape) {
        if self.size == (0.0, 0.0) {
            (self.place, self.size) = (part.place, part.size);
        } else {
            let end = (
                (self.place.0 + self.size.0).max(part.place.0 + part.size.0),
                (self.place.1 + self.size.1).max(part.place.1 + part.size.1),
            );
            self.place = (self.place.0.min(part.place.0), self.place.1.min(part.place.1));
            self.size = (end.0 - self.place.0, end.1 - self.place.1);
        }
    }

    fn finish(self, geometry: &Geometry) -> Option<Drawn> {
        // Nobody sees a shape without a size.
        let is_nothing = self.size == (0.0, 0.0) && self.end.is_none();
        if self.hidden || self.kind == "chart" || is_nothing {
            return None;
        }
        let CellAddress { row, column } = self.cell.unwrap_or(CellAddress { row: 0, column: 0 });
        let (right, down) = self.place;
        let from = geometry.within(Corner { row, column, right: right.max(0.0), down: down.max(0.0) });
        let to = self.end.unwrap_or_else(|| geometry.within(from.moved(self.size)));
        if self.kind == "control" {
            return self.is_checked.then(|| ticked(from, to));
        }
        let (what, mark) = told(self.kind, self.is_circle, &self.text);
        let drawn = drawn(from, to, what, mark);
        Some(if self.is_note { drawn.into_note() } else { drawn })
    }
}
