//! Several lines of text that belong together.

use super::canvas::{Align, Canvas};
use super::style::Style;
use crate::typeface::{break_lines, fill_lines};

/// From one line to the next, in sizes.
const LEADING: f64 = 1.3;

pub(super) struct Block {
    lines: Vec<(String, Style)>,
}

impl Block {
    pub fn new() -> Self {
        Self { lines: Vec::new() }
    }

    /// A label of balanced lines.
    pub fn label(text: &str, style: Style, max_width: f64) -> Self {
        let mut block = Self::new();
        block.push(text, style, max_width);
        block
    }

    pub fn push(&mut self, text: &str, style: Style, max_width: f64) {
        let lines = break_lines(text, style.weight, style.size, max_width);
        self.lines.extend(lines.into_iter().map(|line| (line, style)));
    }

    pub fn width(&self) -> f64 {
        self.lines.iter().map(|(line, style)| style.width(line)).fold(0.0, f64::max)
    }

    /// From the top of the first em box to the foot of the last.
    pub fn height(&self) -> f64 {
        let leading: f64 = self.lines.iter().skip(1).map(|(_, style)| LEADING * style.size).sum();
        leading + self.lines.first().map_or(0.0, |(_, style)| style.size)
    }

    pub fn draw(&self, canvas: &mut Canvas, x: f64, top: f64, align: Align) {
        let mut foot = top;
        for (index, (line, style)) in self.lines.iter().enumerate() {
            foot += if index == 0 { style.size } else { LEADING * style.size };
            canvas.text(line, (x, foot - style.size), align, *style);
        }
    }
}

/// Draws running text whose later lines stand under the end of `mark`; returns its foot.
pub(super) fn hang(
    canvas: &mut Canvas,
    mark: &str,
    text: &str,
    (x, top): (f64, f64),
    style: Style,
    max_width: f64,
) -> f64 {
    let indent = style.width(mark);
    canvas.text(mark, (x, top), Align::Left, style);
    let mut foot = top;
    for line in fill_lines(text, style.weight, style.size, max_width - indent) {
        canvas.text(&line, (x + indent, foot), Align::Left, style);
        foot += LEADING * style.size;
    }
    foot
}
