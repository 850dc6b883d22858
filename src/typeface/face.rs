//! The font files and their measures. The only file that names `ttf_parser`.

use std::sync::LazyLock;

use ttf_parser::Face;

use super::Weight;

static REGULAR: &[u8] = include_bytes!("fonts/BIZUDPGothic-Regular.ttf");
static BOLD: &[u8] = include_bytes!("fonts/BIZUDPGothic-Bold.ttf");

static REGULAR_FACE: LazyLock<Face<'static>> = LazyLock::new(|| parse(REGULAR));
static BOLD_FACE: LazyLock<Face<'static>> = LazyLock::new(|| parse(BOLD));

fn parse(bytes: &'static [u8]) -> Face<'static> {
    Face::parse(bytes, 0).expect("the embedded font files are part of the program and sound")
}

fn face(weight: Weight) -> &'static Face<'static> {
    match weight {
        Weight::Regular => &REGULAR_FACE,
        Weight::Bold => &BOLD_FACE,
    }
}

/// The font file of a weight, for embedding and rendering.
#[must_use]
pub fn bytes(weight: Weight) -> &'static [u8] {
    match weight {
        Weight::Regular => REGULAR,
        Weight::Bold => BOLD,
    }
}

/// The width of a text on one line, in the unit of `size`.
///
/// Kerning and ligatures do not enter. resvg cannot be kept from joining `fi` and its like, which
/// it then draws narrower than this by less than a tenth of the size, never wider.
#[must_use]
pub fn width(text: &str, weight: Weight, size: f64) -> f64 {
    let units: u32 = text.chars().map(|character| advance(character, weight)).sum();
    f64::from(units) * size / f64::from(units_per_em(weight))
}

/// The advance of a character in font units; a character without a glyph counts as none.
pub(super) fn advance(character: char, weight: Weight) -> u32 {
    let face = face(weight);
    face.glyph_index(character).and_then(|glyph| face.glyph_hor_advance(glyph)).map_or(0, u32::from)
}

/// How many font units the size of a text is divided into.
pub(super) fn units_per_em(weight: Weight) -> u16 {
    face(weight).units_per_em()
}

/// Whether both weights have a glyph for the character.
pub(super) fn has_glyph(character: char) -> bool {
    [Weight::Regular, Weight::Bold].into_iter().all(|weight| face(weight).glyph_index(character).is_some())
}
