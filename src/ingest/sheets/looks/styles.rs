//! The styles of a workbook: which of them strike out, hide, or show numbers otherwise.

use std::collections::BTreeMap;

use crate::ingest::sheets::elements::{Attributes, Step, walk};
use crate::ingest::sheets::looks::colours::{BLACK, Palette, Rgb, WHITE, is_alike, of_digits, of_theme};

/// The effect of a style on the content of a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Style {
    /// It strikes out.
    pub struck: bool,
    /// A line is drawn across the cell, from corner to corner.
    pub crossed: bool,
    /// Text and ground have one colour, or the text is too small to be seen.
    pub invisible: bool,
    /// The format of numbers, where it is not the general one.
    pub format: Option<String>,
    /// The format is none that Excel writes, so that nobody can tell what it shows.
    pub has_foreign_format: bool,
}

/// The most characters of a format. (Excel specifications and limits, number format length.)
const FORMAT: usize = 255;
/// Text of fewer points than these is a speck. The smallest that Excel offers is 1.
const SPECK: f64 = 1.5;
/// The most times that a format shows the text of its cell; those of Excel show it once.
const TEXTS: usize = 4;

impl Style {
    /// The style of a cell, by its font, its ground where that is one colour, whether a line crosses it,
    /// and its format.
    pub(super) fn of(font: Font, ground: Option<Rgb>, crossed: bool, format: Option<&str>) -> Style {
        let is_like_ground = font.colour.zip(ground).is_some_and(|(one, other)| is_alike(one, other));
        let invisible = is_like_ground || font.is_speck;
        let is_plain = |format: &&str| format.eq_ignore_ascii_case("General") || matches!(*format, "@" | "G/標準");
        let is_foreign = |format: &&str| format.chars().nth(FORMAT).is_some() || format.matches('@').count() > TEXTS;
        let has_foreign_format = format.as_ref().is_some_and(is_foreign);
        let format = format.filter(|format| !has_foreign_format && !format.is_empty() && !is_plain(format));
        Style { struck: font.struck, crossed, invisible, format: format.map(str::to_owned), has_foreign_format }
    }
}

/// The styles of cells, by number.
#[derive(Debug, Clone, Default)]
pub struct Styles {
    cells: Vec<Style>,
    fonts: Vec<Font>,
}

/// A font: struck out or not, its colour where that is known, and whether it is too small to be seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Font {
    pub struck: bool,
    pub colour: Option<Rgb>,
    pub is_speck: bool,
}

/// Whether text of so many points is too small to be seen.
pub(super) fn is_speck(points: f64) -> bool {
    points < SPECK
}

impl Default for Font {
    fn default() -> Font {
        Font { struck: false, colour: Some(BLACK), is_speck: false }
    }
}

/// The formats that have a number and no text in the part. (ECMA-376, part 1, 18.8.30.)
pub(super) fn built_in(id: u32) -> Option<&'static str> {
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
        // Of each border, the ways in which a line may cross the cell, and whether there is such a line.
        let mut borders: Vec<(bool, bool)> = Vec::new();
        let mut cells: Vec<Style> = Vec::new();
        let palette = palette(part);
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
                ("fonts", "font") => fonts.push(Font::default()),
                ("fonts", "strike") => {
                    if let Some(font) = fonts.last_mut() {
                        font.struck = is_on(attributes);
                    }
                }
                ("fonts", "color") => {
                    if let Some(font) = fonts.last_mut() {
                        font.colour = colour(attributes, &palette);
                    }
                }
                ("fonts", "sz") => {
                    if let Some(font) = fonts.last_mut() {
                        font.is_speck = attributes.number("val").is_some_and(is_speck);
                    }
                }
                ("borders", "border") => {
                    borders.push((attributes.flag("diagonalUp") || attributes.flag("diagonalDown"), false));
                }
                ("borders", "diagonal") => {
                    if let Some((_, is_drawn)) = borders.last_mut() {
                        *is_drawn = attributes.get("style").is_some_and(|style| style != "none");
                    }
                }
                ("fills", "fill") => grounds.push(Some(WHITE)),
                ("fills", "patternFill") => {
                    let pattern = attributes.get("patternType");
                    solid = pattern.as_deref() == Some("solid");
                    if let Some(ground) = grounds.last_mut() {
                        // A solid one without a colour has that of ink.
                        *ground = match pattern.as_deref() {
                            None | Some("none") => Some(WHITE),
                            Some("solid") => Some(BLACK),
                            _ => None,
                        };
                    }
                }
                ("fills", "gradientFill") => {
                    if let Some(ground) = grounds.last_mut() {
                        *ground = None;
                    }
                }
                ("fills", "fgColor") if solid => {
                    if let Some(ground) = grounds.last_mut() {
                        *ground = colour(attributes, &palette);
                    }
                }
                ("cellXfs", "xf") => cells.push(style(attributes, &fonts, &grounds, &borders, &formats)),
                _ => {}
            },
            Step::End("numFmts" | "fonts" | "fills" | "cellXfs" | "cellStyleXfs" | "dxfs" | "borders") => {
                within.clear()
            }
            Step::End(_) | Step::Text(_) => {}
        });
        Styles { cells, fonts }
    }

    /// Styles that were read from records.
    pub(super) fn new(cells: Vec<Style>, fonts: Vec<Font>) -> Styles {
        Styles { cells, fonts }
    }

    /// Whether a font strikes out; one that is not there does not.
    pub(super) fn font_strikes(&self, number: usize) -> bool {
        self.fonts.get(number).is_some_and(|font| font.struck)
    }

    /// Whether any font strikes out.
    pub(super) fn any_strikes(&self) -> bool {
        self.fonts.iter().any(|font| font.struck)
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
    borders: &[(bool, bool)],
    formats: &BTreeMap<u32, String>,
) -> Style {
    let place = |name: &str| attributes.number::<usize>(name).unwrap_or(0);
    let font = fonts.get(place("fontId")).copied().unwrap_or_default();
    let ground = grounds.get(place("fillId")).copied().unwrap_or(Some(WHITE));
    let crossed = borders.get(place("borderId")).is_some_and(|(is_meant, is_drawn)| *is_meant && *is_drawn);
    let id = attributes.number::<u32>("numFmtId").unwrap_or(0);
    let format = formats.get(&id).map(String::as_str).or_else(|| built_in(id));
    Style::of(font, ground, crossed, format)
}

/// Whether an element that stands for yes unless it says no says yes.
pub(super) fn is_on(attributes: Attributes<'_, '_>) -> bool {
    attributes.get("val").is_none_or(|value| !matches!(value.as_str(), "0" | "false" | "off"))
}

/// The colours that have a number: the workbook's own where it has any.
fn palette(part: &[u8]) -> Palette {
    if memchr::memmem::find(part, b"indexedColors").is_none() {
        return Palette::default();
    }
    // The first eight of a list of its own are those that stand there twice.
    let (mut own, mut is_within) = (Vec::new(), false);
    walk(part, |step| match step {
        Step::Begin("indexedColors", _) => is_within = true,
        Step::End("indexedColors") => is_within = false,
        Step::Begin("rgbColor", attributes) if is_within => {
            own.push(attributes.get("rgb").and_then(|rgb| of_digits(&rgb)).unwrap_or(BLACK));
        }
        _ => {}
    });
    Palette::default().with(own.into_iter().skip(8))
}

/// A colour, where it is known without the part of the theme.
fn colour(attributes: Attributes<'_, '_>, palette: &Palette) -> Option<Rgb> {
    if attributes.get("tint").is_some_and(|tint| tint.trim().parse::<f64>().is_ok_and(|tint| tint.abs() > 0.01)) {
        return None;
    }
    if let Some(rgb) = attributes.get("rgb") {
        return of_digits(&rgb);
    }
    if let Some(theme) = attributes.number::<u32>("theme") {
        return of_theme(theme);
    }
    match attributes.number::<u32>("indexed") {
        Some(number) => palette.get(number),
        None => attributes.flag("auto").then_some(BLACK),
    }
}
