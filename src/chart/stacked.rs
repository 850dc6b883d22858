//! Horizontal bars of parts of a whole, with a key above them.

use super::axis::{Axis, OVERHANG, TICKS_HEIGHT};
use super::block::Block;
use super::canvas::{Align, Canvas};
use super::heading::{MARGIN, RIGHT};
use super::legend;
use super::model::{Row, Share, Stacked};
use super::palette::{AXIS, LABEL, QUIET, UNTOLD, VALUE, WHITE, fill, ink_on, steps};
use super::partition::partition;
use super::spread::{Wish, spread};
use super::style::Color;
use super::style::Style;
use crate::texts::ChartTexts;

const LABEL_WIDTH: f64 = 530.0;
const LABEL_GAP: f64 = 26.0;
const ROW_GAP: f64 = 28.0;
const THICKNESS: f64 = 62.0;
/// White on both sides of a number inside its segment.
const PADDING: f64 = 4.0;
/// From a segment up to the number that did not fit into it.
const LIFT: f64 = 16.0;
/// How far such a number may reach into the gap between rows.
const OVERLAP: f64 = 12.0;
const SEAM: f64 = 3.0;
const NUMBER_GAP: f64 = 14.0;

/// Draws the plot; returns its foot.
pub(super) fn draw(canvas: &mut Canvas, texts: &ChartTexts, stacked: &Stacked, top: f64) -> f64 {
    let steps = steps(stacked.legend.iter().map(|entry| entry.tone));
    let colors: Vec<Color> = stacked.legend.iter().map(|entry| fill(entry.tone, steps)).collect();
    let mut key: Vec<(String, Color)> =
        stacked.legend.iter().map(|entry| entry.label.clone()).zip(colors.iter().copied()).collect();
    if stacked.rows.iter().any(|row| row.shares.contains(&Share::Withheld)) {
        key.push((texts.withheld_parts.to_owned(), UNTOLD));
    }
    let top = legend::draw(canvas, &key, top) + 30.0;

    let labels: Vec<Block> = stacked.rows.iter().map(|row| Block::label(&row.label, LABEL, LABEL_WIDTH)).collect();
    let column = labels.iter().map(Block::width).fold(0.0, f64::max);
    let axis = Axis { left: MARGIN + column + LABEL_GAP, right: RIGHT - OVERHANG };
    let segments: Vec<Vec<Segment>> = stacked.rows.iter().map(|row| divide(row, &colors, axis)).collect();
    // How far each row reaches above and below the middle of its bar.
    let reaches: Vec<(f64, f64)> = labels
        .iter()
        .zip(&segments)
        .map(|(label, segments)| {
            let lift = if segments.iter().all(Segment::fits) { 0.0 } else { LIFT + VALUE.size - OVERLAP };
            let (bar, text) = (THICKNESS / 2.0, label.height() / 2.0);
            (text.max(bar + lift), text.max(bar))
        })
        .collect();
    let bottom = top + reaches.iter().map(|(above, below)| above + below + ROW_GAP).sum::<f64>();

    axis.grid(canvas, top, bottom);
    let mut row_top = top + ROW_GAP / 2.0;
    for ((label, segments), (above, below)) in labels.iter().zip(&segments).zip(&reaches) {
        let middle = row_top + above;
        label.draw(canvas, MARGIN, middle - label.height() / 2.0, Align::Left);
        draw_row(canvas, segments, axis, middle - THICKNESS / 2.0);
        row_top = middle + below + ROW_GAP;
    }
    axis.scale(canvas, top, bottom);
    axis.unit(canvas, texts, bottom);
    bottom + TICKS_HEIGHT
}

/// A drawn part of a row and the number printed in it or above it.
struct Segment {
    left: f64,
    right: f64,
    color: Color,
    number: String,
    open: bool,
}

impl Segment {
    fn fits(&self) -> bool {
        self.number.is_empty() || VALUE.width(&self.number) + 2.0 * PADDING <= self.right - self.left
    }

    fn middle(&self) -> f64 {
        (self.left + self.right) / 2.0
    }
}

/// The segments of a row. Withheld shares cannot be told apart: they are one segment at the end.
fn divide(row: &Row, colors: &[Color], axis: Axis) -> Vec<Segment> {
    if let Some(mark) = only_mark(&row.shares) {
        let number = mark.to_string();
        return vec![Segment { left: axis.left, right: axis.right, color: WHITE, number, open: true }];
    }
    let parted = partition(&row.shares).expect("rows over 100 per cent were refused before");
    let mut segments: Vec<Segment> = row
        .shares
        .iter()
        .zip(&parted.parts)
        .zip(colors)
        .filter(|((share, _), _)| **share != Share::Withheld)
        .map(|((share, &(begin, end)), &color)| Segment {
            left: axis.at(begin, parted.whole),
            right: axis.at(end, parted.whole),
            color,
            number: share.to_string(),
            open: false,
        })
        .collect();
    let withheld = row.shares.contains(&Share::Withheld);
    if let Some((begin, end)) = parted.rest {
        segments.push(Segment {
            left: axis.at(begin, parted.whole),
            right: axis.at(end, parted.whole),
            color: if withheld { UNTOLD } else { WHITE },
            number: if withheld { Share::Withheld.to_string() } else { String::new() },
            open: true,
        });
    }
    segments
}

/// The mark that stands for the whole row, if nothing else does.
fn only_mark(shares: &[Share]) -> Option<Share> {
    let first = *shares.first()?;
    let one_mark = !matches!(first, Share::Percent(_) | Share::Withheld);
    (one_mark && shares.iter().all(|share| *share == first)).then_some(first)
}

fn draw_row(canvas: &mut Canvas, segments: &[Segment], axis: Axis, top: f64) {
    let bottom = top + THICKNESS;
    for segment in segments.iter().filter(|segment| segment.right > segment.left) {
        canvas.rectangle((segment.left, top), (segment.right, bottom), segment.color);
    }
    for segment in segments.iter().filter(|segment| segment.open) {
        canvas.frame((segment.left, top), (segment.right, bottom), 2.0, AXIS);
    }
    // White seams keep neighbours apart even where they print in the same grey.
    let drawn: Vec<&Segment> = segments.iter().filter(|segment| segment.right > segment.left).collect();
    for pair in drawn.windows(2).filter(|pair| !pair[1].open) {
        let seam = pair[0].right;
        let narrower = (seam - pair[0].left).min(pair[1].right - seam);
        canvas.line(vec![(seam, top), (seam, bottom)], SEAM.min(narrower / 3.0), WHITE);
    }
    for segment in segments.iter().filter(|segment| segment.fits()) {
        let style = Style { color: ink_on(segment.color), ..VALUE };
        let row = (top + bottom - style.size) / 2.0;
        canvas.text(&segment.number, (segment.middle(), row), Align::Center, style);
    }
    let lifted: Vec<&Segment> = segments.iter().filter(|segment| !segment.fits()).collect();
    let wishes: Vec<Wish> =
        lifted.iter().map(|segment| Wish { middle: segment.middle(), extent: VALUE.width(&segment.number) }).collect();
    let places = spread(&wishes, NUMBER_GAP, axis.left + 4.0, RIGHT);
    for (segment, x) in lifted.iter().zip(places) {
        canvas.backed_text(&segment.number, (x, top - LIFT - VALUE.size), Align::Center, VALUE);
        // A share of nothing has no segment to point at.
        if segment.right > segment.left {
            canvas.line(vec![(x, top - LIFT + 3.0), (segment.middle(), top)], 2.0, QUIET);
        }
    }
}
