//! The key to colours: a swatch and a name each, on as few lines as hold them.

use super::block::Block;
use super::canvas::{Align, Canvas};
use super::heading::{MARGIN, RIGHT};
use super::palette::{AXIS, LABEL};
use super::style::Color;

const SWATCH: f64 = 28.0;
const SWATCH_GAP: f64 = 12.0;
const ENTRY_GAP: f64 = 44.0;
const LINE_GAP: f64 = 14.0;

/// Draws the key from the left margin; returns its foot.
pub(super) fn draw(canvas: &mut Canvas, entries: &[(String, Color)], top: f64) -> f64 {
    let (mut x, mut top, mut line_height) = (MARGIN, top, 0.0_f64);
    for (label, color) in entries {
        let block = Block::label(label, LABEL, RIGHT - MARGIN - SWATCH - SWATCH_GAP);
        let width = SWATCH + SWATCH_GAP + block.width();
        if x > MARGIN && x + width > RIGHT {
            x = MARGIN;
            top += line_height + LINE_GAP;
            line_height = 0.0;
        }
        let swatch = top + (LABEL.size - SWATCH) / 2.0;
        canvas.rectangle((x, swatch), (x + SWATCH, swatch + SWATCH), *color);
        canvas.frame((x, swatch), (x + SWATCH, swatch + SWATCH), 1.0, AXIS);
        block.draw(canvas, x + SWATCH + SWATCH_GAP, top, Align::Left);
        line_height = line_height.max(block.height());
        x += width + ENTRY_GAP;
    }
    top + line_height
}
