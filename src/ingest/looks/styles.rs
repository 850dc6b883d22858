//! The styles of a workbook: which of them strike out, hide, or show numbers otherwise.

use std::collections::BTreeMap;

use crate::ingest::elements::{Attributes, Step, walk};

/// What a style does to what a cell holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Style {
    /// It strikes out.
    pub struck: bool,
    /// Text and ground have one colour.
    pub invisible: bool,
    /// The format of numbers, where it is not the general one.
    pub format: Option<String>,
}

/// The styles of cells, by number.
#[derive(Debug, Clone, Default)]
pub struct Styles {
    cells: Vec<Style>,
}

type Rgb = [u8; 3];
const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/// A font: struck out or not, and its colour where that is known.
#[derive(Debug, Clone, Copy)]
struct Font {
    struck: bool,
    colour: Option<Rgb>,
}

/// The formats that have a number and no text in the part. (ECMA-376, part 1, 18.8.30.)
fn built_in(id: u32) -> Option<&'static str> {
    Some(match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        37 | 38 => "#,##0;-#,##0",
        39 | 40 => "#,##0.00;-#,##0.00",
        _ => return None,
    })
}

impl Styles {
    /// Reads the part of styles.
    pub fn of(part: &[u8]) -> Styles {
        let mut formats: BTreeMap<u32, String> = BTreeMap::new();
        let (mut fonts, mut grounds): (Vec<Font>, Vec<Option<Rgb>>) = (Vec::new(), Vec::new());
        let mut cells: Vec<Style> = Vec::new();
        // Where in the part the walk is: the outer element, and the kind of fill.
        let mut within = String::new();
        let mut solid = false;
        walk(part, |step| match step {
            Step::Begin(name, attributes) => match (within.as_str(), name) {
                (_, "numFmts" | "fonts" | "fills" | "cellXfs" | "cellStyleXfs" | "dxfs" | "borders") => {
                    name.clone_into(&mut within);
                }
                ("numFmts", "numFmt") => {
                    if let (Some(id), Some(code)) = (attributes.number("numFmtId"), attributes.get("formatCode")) {
                        formats.insert(id, code);
                    }
                }
                ("fonts", "font") => fonts.push(Font { struck: false, colour: Some(BLACK) }),
                ("fonts", "strike") => {
                    if let Some(font) = fonts.last_mut() {
                        font.struck = is_on(attributes);
                    }
                }
                ("fonts", "color") => {
                    if let Some(font) = fonts.last_mut() {
                        font.colour = colour(attributes);
                    }
                }
                ("fills", "fill") => grounds.push(Some(WHITE)),
                ("fills", "patternFill") => {
                    let pattern = attributes.get("patternType");
                    solid = pattern.as_deref() == Some("solid");
                    let is_plain = pattern.as_deref().is_none_or(|pattern| pattern == "none");
                    if let Some(ground) = grounds.last_mut() {
                        *ground = is_plain.then_some(WHITE);
                    }
                }
                ("fills", "gradientFill") => {
                    if let Some(ground) = grounds.last_mut() {
                        *ground = None;
                    }
                }
                ("fills", "fgColor") if solid => {
                    if let Some(ground) = grounds.last_mut() {
                        *ground = colour(attributes);
                    }
                }
                ("cellXfs", "xf") => cells.push(style(attributes, &fonts, &grounds, &formats)),
                _ => {}
            },
            Step::End("numFmts" | "fonts" | "fills" | "cellXfs" | "cellStyleXfs" | "dxfs" | "borders") => {
                within.clear()
            }
            Step::End(_) | Step::Text(_) => {}
        });
        Styles { cells }
    }

    /// The style of a number.
    pub fn get(&self, number: usize) -> Option<&Style> {
        self.cells.get(number).filter(|style| **style != Style::default())
    }

    /// Whether any of them says something.
    pub fn say_something(&self) -> bool {
        self.cells.iter().any(|style| *style != Style::default())
    }
}

fn style(
    attributes: Attributes<'_, '_>,
    fonts: &[Font],
    grounds: &[Option<Rgb>],
    formats: &BTreeMap<u32, String>,
) -> Style {
    let place = |name: &str| attributes.number::<usize>(name).unwrap_or(0);
    let font = fonts.get(place("fontId")).copied().unwrap_or(Font { struck: false, colour: Some(BLACK) });
    let ground = grounds.get(place("fillId")).copied().unwrap_or(Some(WHITE));
    let id = attributes.number::<u32>("numFmtId").unwrap_or(0);
    let format = formats.get(&id).map(String::as_str).or_else(|| built_in(id));
    let invisible = font.colour.zip(ground).is_some_and(|(one, other)| is_alike(one, other));
    let format = format.filter(|format| !matches!(*format, "General" | "@" | "G/標準"));
    Style { struck: font.struck, invisible, format: format.map(str::to_owned) }
}

/// An element that stands for yes unless it says no.
fn is_on(attributes: Attributes<'_, '_>) -> bool {
    attributes.get("val").is_none_or(|value| !matches!(value.as_str(), "0" | "false" | "off"))
}

/// A colour, where it is known without the theme of the workbook: the first two of a theme are the
/// white of paper and the black of ink.
fn colour(attributes: Attributes<'_, '_>) -> Option<Rgb> {
    if attributes.get("tint").is_some_and(|tint| tint.trim().parse::<f64>().is_ok_and(|tint| tint.abs() > 0.01)) {
        return None;
    }
    if let Some(rgb) = attributes.get("rgb") {
        let digits = rgb.get(rgb.len().checked_sub(6)?..)?;
        let channel = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        return Some([channel(0)?, channel(2)?, channel(4)?]);
    }
    if let Some(theme) = attributes.number::<u32>("theme") {
        return [WHITE, BLACK].get(theme as usize).copied();
    }
    match attributes.number::<u32>("indexed") {
        Some(0 | 8 | 64) => Some(BLACK),
        Some(1 | 9 | 65) => Some(WHITE),
        Some(_) => None,
        None => attributes.flag("auto").then_some(BLACK),
    }
}

/// Whether nobody tells two colours apart.
fn is_alike(one: Rgb, other: Rgb) -> bool {
    one.iter().zip(other).all(|(one, other)| one.abs_diff(other) <= 8)
}
