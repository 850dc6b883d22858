//! The sheet that figures are drawn on: marks and texts are recorded first, because the height
//! is known only at the end, then written as SVG. The only file that names plotters.
//!
//! Positions are tenths of a millimetre from the upper left corner. plotters takes whole
//! numbers, so the SVG is ten times finer than that inside.

use std::fmt::Write as _;

use plotters::prelude::{DrawingBackend, IntoTextStyle, RGBColor, SVGBackend, ShapeStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::palette;
use super::style::{Color, Style};
use crate::typeface::Weight;

/// The width of every picture: 160 mm.
pub(super) const WIDTH: f64 = 1600.0;
/// How many whole numbers of the SVG make one unit.
const FINENESS: f64 = 10.0;
/// plotters divides the size of a text by this before it writes it down.
const PLOTTERS_TEXT_SCALE: f64 = 1.24;
/// Where plotters puts the baseline of a text that hangs from its position, and where the
/// baseline stands in the em box of the typeface (880 of 1000); both in ems.
const PLOTTERS_BASELINE: f64 = 0.76;
const BASELINE: f64 = 0.88;
/// Other cuts of the same design first, then what Windows and macOS have.
const FAMILIES: &str = "'BIZ UDPGothic', 'BIZ UDPゴシック', 'Yu Gothic', 'Hiragino Sans', Meiryo, sans-serif";

/// A finished figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    pub svg: String,
    /// In tenths of a millimetre.
    pub width: f64,
    pub height: f64,
    /// Every text of the figure, in the order drawn.
    pub texts: Vec<TextBox>,
}

/// A text and the em box it stands in, for checking that nothing collides.
#[derive(Debug, Clone, PartialEq)]
pub struct TextBox {
    pub text: String,
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Center,
    Right,
}

pub(super) type Point = (f64, f64);

enum Mark {
    Area { corners: Vec<Point>, color: Color },
    Line { points: Vec<Point>, width: f64, color: Color },
    Text { text: String, at: Point, align: Align, style: Style },
}

/// The marks of a figure in the making.
pub(super) struct Canvas {
    marks: Vec<Mark>,
    texts: Vec<TextBox>,
}

impl Canvas {
    pub fn new() -> Self {
        Self { marks: Vec::new(), texts: Vec::new() }
    }

    pub fn area(&mut self, corners: Vec<Point>, color: Color) {
        self.marks.push(Mark::Area { corners, color });
    }

    pub fn rectangle(&mut self, (left, top): Point, (right, bottom): Point, color: Color) {
        let corners = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
        self.area(corners, color);
    }

    pub fn frame(&mut self, (left, top): Point, (right, bottom): Point, width: f64, color: Color) {
        // The path runs on along its first side, so that the corner is closed.
        let points = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top), (right, top)];
        self.line(points, width, color);
    }

    pub fn line(&mut self, points: Vec<Point>, width: f64, color: Color) {
        self.marks.push(Mark::Line { points, width, color });
    }

    /// One line of text whose em box hangs from `top`.
    pub fn text(&mut self, text: &str, (x, top): Point, align: Align, style: Style) {
        if text.is_empty() {
            return;
        }
        let width = style.width(text);
        let left = match align {
            Align::Left => x,
            Align::Center => x - width / 2.0,
            Align::Right => x - width,
        };
        self.texts.push(TextBox { text: text.to_owned(), left, top, right: left + width, bottom: top + style.size });
        self.marks.push(Mark::Text { text: text.to_owned(), at: (x, top), align, style });
    }

    /// A text that nothing drawn before shows through.
    pub fn backed_text(&mut self, text: &str, (x, top): Point, align: Align, style: Style) {
        let reach = style.width(text) + 6.0;
        let left = match align {
            Align::Left => x - 3.0,
            Align::Center => x - reach / 2.0,
            Align::Right => x - reach + 3.0,
        };
        self.rectangle((left, top), (left + reach, top + style.size), palette::WHITE);
        self.text(text, (x, top), align, style);
    }

    /// Writes everything down on a sheet of this height.
    pub fn finish(self, height: f64, title: &str, description: &str) -> Picture {
        let height = height.ceil();
        let (fine_width, fine_height) = (fine(WIDTH), fine(height));
        let mut body = String::new();
        {
            let size = (fine_width.unsigned_abs(), fine_height.unsigned_abs());
            let mut backend = SVGBackend::with_string(&mut body, size);
            for mark in &self.marks {
                write_mark(&mut backend, mark);
            }
            infallible(backend.present());
        }
        // plotters' own first tag knows nothing of language, title or physical size.
        let marks = body.split_once('\n').map_or("", |(_, marks)| marks);
        let mut svg = String::new();
        write!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
             viewBox=\"0 0 {fine_width} {fine_height}\" lang=\"ja\" xml:lang=\"ja\" role=\"img\" \
             font-kerning=\"none\" style=\"font-kerning:none;font-variant-ligatures:none\">\n\
             <title>{}</title>\n<desc>{}</desc>\n\
             <rect width=\"{fine_width}\" height=\"{fine_height}\" fill=\"#FFFFFF\"/>\n{marks}",
            escaped(title),
            escaped(description),
        )
        .expect("writing to a string cannot fail");
        Picture { svg, width: WIDTH, height, texts: self.texts }
    }
}

fn write_mark(backend: &mut SVGBackend<'_>, mark: &Mark) {
    match mark {
        Mark::Area { corners, color } => {
            infallible(backend.fill_polygon(corners.iter().map(fine_point), &rgb(*color)));
        }
        Mark::Line { points, width, color } => {
            let style =
                ShapeStyle { color: rgb(*color).into(), filled: false, stroke_width: fine(*width).unsigned_abs() };
            infallible(backend.draw_path(points.iter().map(fine_point), &style));
        }
        Mark::Text { text, at: (x, top), align, style } => {
            let horizontal = match align {
                Align::Left => HPos::Left,
                Align::Center => HPos::Center,
                Align::Right => HPos::Right,
            };
            let size = style.size * FINENESS * PLOTTERS_TEXT_SCALE;
            let font = match style.weight {
                Weight::Regular => (FAMILIES, size).into_text_style(&(0, 0)),
                Weight::Bold => (FAMILIES, size, plotters::style::FontStyle::Bold).into_text_style(&(0, 0)),
            };
            let color = rgb(style.color);
            let font = font.color(&color).pos(Pos::new(horizontal, VPos::Top));
            let y = top + (BASELINE - PLOTTERS_BASELINE) * style.size;
            infallible(backend.draw_text(text, &font, fine_point(&(*x, y))));
        }
    }
}

/// plotters writes into a string here, which cannot fail; its signature says otherwise.
fn infallible<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.expect("plotters' SVG backend fails only when it writes a file")
}

fn fine(value: f64) -> i32 {
    (value * FINENESS).round() as i32
}

fn fine_point(&(x, y): &Point) -> (i32, i32) {
    (fine(x), fine(y))
}

fn rgb(Color(red, green, blue): Color) -> RGBColor {
    RGBColor(red, green, blue)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
