//! The heading above the plot: sector and year, marks at the right, the caption.

use super::block::Block;
use super::canvas::{Align, Canvas, WIDTH};
use super::model::{AnswerMode, Chart};
use super::palette::{CAPTION, NAVY, OVERLINE, QUIET, SEAL};
use super::style::Color;
use super::style::Style;

/// The white edge at both sides.
pub(super) const MARGIN: f64 = 40.0;
pub(super) const RIGHT: f64 = WIDTH - MARGIN;

const TOP: f64 = 34.0;
const TAG_HEIGHT: f64 = 50.0;
const TAG_PADDING: f64 = 16.0;

/// Draws the heading; returns where the plot may begin.
pub(super) fn draw(canvas: &mut Canvas, chart: &Chart) -> f64 {
    let heading = &chart.heading;
    let texts = chart.texts();
    let mut right = RIGHT;
    if chart.confidential {
        right = tag(canvas, texts.confidential, right, SEAL) - TAG_PADDING;
    }
    if let Some(mode) = heading.mode {
        let text = match mode {
            AnswerMode::Single => texts.single,
            AnswerMode::Multiple => texts.multiple,
        };
        right = tag(canvas, text, right, QUIET) - TAG_PADDING;
    }
    let overline = (texts.overline)(&heading.sector, &heading.year);
    let overline = Block::label(&overline, OVERLINE, right - 2.0 * MARGIN);
    let overline_top = TOP + (TAG_HEIGHT - OVERLINE.size) / 2.0;
    overline.draw(canvas, MARGIN, overline_top, Align::Left);

    let mark = "▽ ";
    let indent = CAPTION.width(mark);
    let caption = Block::label(&chart.title(), CAPTION, RIGHT - MARGIN - indent);
    let caption_top = (overline_top + overline.height()).max(TOP + TAG_HEIGHT) + 18.0;
    canvas.text(mark.trim_end(), (MARGIN, caption_top), Align::Left, CAPTION);
    caption.draw(canvas, MARGIN + indent, caption_top, Align::Left);
    let rule = caption_top + caption.height() + 16.0;
    canvas.line(vec![(MARGIN, rule), (RIGHT, rule)], 3.0, NAVY);
    rule + 36.0
}

/// A framed word that ends at `right`; returns where it begins.
fn tag(canvas: &mut Canvas, text: &str, right: f64, color: Color) -> f64 {
    let style = Style { color, ..OVERLINE };
    let left = right - style.width(text) - 2.0 * TAG_PADDING;
    canvas.frame((left, TOP), (right, TOP + TAG_HEIGHT), 2.0, color);
    let middle = (left + right) / 2.0;
    canvas.text(text, (middle, TOP + (TAG_HEIGHT - style.size) / 2.0), Align::Center, style);
    left
}
