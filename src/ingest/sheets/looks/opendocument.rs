//! How the cells of an OpenDocument spreadsheet look: its styles, which name one another, and what a
//! cell shows, which stands in the document beside its value. (OpenDocument 1.3, part 3, 16 and 19.)

use std::collections::HashMap;

use super::Shown;
use crate::ingest::sheets::elements::{Step, walk};
use crate::ingest::sheets::looks::colours::{BLACK, Rgb, WHITE, of_digits};
use crate::ingest::sheets::looks::formats::is_same;
use crate::ingest::sheets::looks::geometry::POINT;
pub use crate::ingest::sheets::looks::opendocument_drawn::Drawing;
pub use crate::ingest::sheets::looks::rows::{CellLook, SheetRows};
use crate::ingest::sheets::looks::styles::{Font, Style, is_speck};

/// How many styles may stand behind one another.
const PARENTS: usize = 32;

/// A style by itself; what it does not say, its parent says.
#[derive(Debug, Clone, Default)]
struct Own {
    parent: Option<String>,
    struck: Option<bool>,
    colour: Option<Option<Rgb>>,
    ground: Option<Option<Rgb>>,
    /// Whether its text is too small to be seen.
    is_speck: Option<bool>,
    /// Whether a line crosses the cell from the upper left, and from the lower left.
    crossed: [Option<bool>; 2],
    /// The width of a column or the height of a row.
    size: Option<f64>,
}

/// The styles of a document, by what they are for and their name.
#[derive(Debug, Clone, Default)]
pub struct Styles {
    all: HashMap<String, HashMap<String, Own>>,
    /// The style that the walk is in.
    open: Option<(String, String, Own)>,
}

impl Styles {
    /// Reads the part of styles that the document has beside its content.
    pub fn of(part: &[u8]) -> Styles {
        let mut styles = Styles::default();
        // Its automatic styles are those of headers and footers.
        let mut is_of_pages = false;
        walk(part, |step| match step {
            Step::Begin("automatic-styles" | "master-styles", _) => is_of_pages = true,
            Step::End("automatic-styles" | "master-styles") => is_of_pages = false,
            Step::Begin(name, attributes) if !is_of_pages => styles.begin(name, |name| attributes.get(name)),
            Step::End(name) if !is_of_pages => styles.end(name),
            _ => {}
        });
        styles
    }

    /// An element begins; names are those without their prefix.
    pub fn begin(&mut self, name: &str, attribute: impl Fn(&str) -> Option<String>) {
        if matches!(name, "style" | "default-style") {
            let family = attribute("family").unwrap_or_default();
            let own = Own { parent: attribute("parent-style-name"), ..Own::default() };
            self.open = Some((family, attribute("name").unwrap_or_default(), own));
            return;
        }
        let Some((_, _, own)) = &mut self.open else { return };
        match name {
            "text-properties" => {
                let lines = [attribute("text-line-through-style"), attribute("text-line-through-type")];
                let mut lines = lines.into_iter().flatten().peekable();
                if lines.peek().is_some() {
                    own.struck = Some(lines.all(|line| line != "none"));
                }
                if let Some(colour) = attribute("color") {
                    own.colour = Some(of_digits(&colour));
                }
                if let Some(size) = attribute("font-size").and_then(|size| length(&size)) {
                    own.is_speck = Some(is_speck(size / POINT));
                }
                if attribute("use-window-font-color").as_deref() == Some("true") {
                    own.colour = Some(Some(BLACK));
                }
            }
            "table-cell-properties" => {
                if let Some(ground) = attribute("background-color") {
                    own.ground = Some(if ground == "transparent" { Some(WHITE) } else { of_digits(&ground) });
                }
                for (way, crossed) in ["diagonal-tl-br", "diagonal-bl-tr"].into_iter().zip(&mut own.crossed) {
                    *crossed = attribute(way).map(|line| is_line(&line)).or(*crossed);
                }
            }
            "table-row-properties" => own.size = attribute("row-height").and_then(|height| length(&height)),
            "table-column-properties" => own.size = attribute("column-width").and_then(|width| length(&width)),
            _ => {}
        }
    }

    /// An element ends.
    pub fn end(&mut self, name: &str) {
        if matches!(name, "style" | "default-style")
            && let Some((family, name, own)) = self.open.take()
        {
            self.all.entry(family).or_default().insert(name, own);
        }
    }

    /// The first of a style and those behind it that says something.
    fn first<T>(&self, family: &str, name: &str, says: impl Fn(&Own) -> Option<T>) -> Option<T> {
        let family = self.all.get(family)?;
        let mut name = name;
        for _ in 0..PARENTS {
            // The style without a name is that of everything that has no other.
            let Some(own) = family.get(name) else { return family.get("").and_then(says) };
            if let Some(found) = says(own) {
                return Some(found);
            }
            name = own.parent.as_deref().unwrap_or("");
        }
        None
    }

    /// The style of a cell.
    pub fn cell(&self, name: &str) -> Style {
        let struck = self.first("table-cell", name, |own| own.struck).unwrap_or(false);
        let colour = self.first("table-cell", name, |own| own.colour).unwrap_or(Some(BLACK));
        let ground = self.first("table-cell", name, |own| own.ground).unwrap_or(Some(WHITE));
        let is_speck = self.first("table-cell", name, |own| own.is_speck).unwrap_or(false);
        let crosses = |way: usize| self.first("table-cell", name, |own| own.crossed[way]).unwrap_or(false);
        Style::of(Font { struck, colour, is_speck }, ground, crosses(0) || crosses(1), None)
    }

    /// Whether the style of a piece of text strikes it out; `None` where it does not say so.
    pub fn strikes(&self, name: &str) -> Option<bool> {
        self.first("text", name, |own| own.struck)
    }

    /// The height of a row.
    pub fn height(&self, name: &str) -> Option<f64> {
        self.first("table-row", name, |own| own.size)
    }

    /// The width of a column.
    pub fn width(&self, name: &str) -> Option<f64> {
        self.first("table-column", name, |own| own.size)
    }
}

/// Whether a border such as `0.74pt solid #000000` is drawn; Gnumeric writes `0.000cm none #c7c7c7`.
fn is_line(border: &str) -> bool {
    !border.split_whitespace().any(|word| matches!(word, "none" | "hidden"))
}

/// A length such as `0.83in` in English metric units.
pub fn length(text: &str) -> Option<f64> {
    let end = text.find(|character: char| character.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(end);
    let size = match unit {
        "in" => 914_400.0,
        "cm" => 360_000.0,
        "mm" => 36_000.0,
        "pt" => 12_700.0,
        "pc" => 152_400.0,
        "px" => 9_525.0,
        _ => return None,
    };
    number.trim().parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| number * size)
}

/// The text that a cell with a number shows, by the text that stands in it.
pub fn number_shown(number: f64, text: &str) -> Option<Shown> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Shown::Nothing);
    }
    // A number of many digits is shown with as many as there is room for, or as a power.
    let is_rounded = |shown: f64| {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        (digits >= 9 || text.contains(['E', 'e'])) && (shown - number).abs() <= number.abs() * 1e-2
    };
    let is_as_stored = is_same(text, number) || text.replace(',', "").parse().is_ok_and(is_rounded);
    (!is_as_stored).then(|| Shown::Text(text.to_owned()))
}

/// The text that a cell with a text of its own shows, by the text that stands in it.
pub fn text_shown(own: &str, text: &str) -> Option<Shown> {
    let bare = |text: &str| text.chars().filter(|character| !character.is_whitespace()).collect::<String>();
    if text.trim().is_empty() {
        return Some(Shown::Nothing);
    }
    (bare(own) != bare(text)).then(|| Shown::Text(text.trim().to_owned()))
}
