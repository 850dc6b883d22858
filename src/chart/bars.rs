//! Horizontal bars, one for each label or one for each label and year.

use super::axis::{Axis, Look, TICKS_HEIGHT};
use super::block::Block;
use super::canvas::{Align, Canvas};
use super::heading::{MARGIN, RIGHT};
use super::legend;
use super::model::Bars;
use super::palette::{BEFORE, LABEL, NAVY, VALUE, VALUE_BEFORE};
use super::style::Color;
use crate::texts::ChartTexts;

/// This year and the year before.
const LOOKS: [Look; 2] = [Look { color: NAVY, number: VALUE }, Look { color: BEFORE, number: VALUE_BEFORE }];
const LABEL_WIDTH: f64 = 600.0;
const LABEL_GAP: f64 = 26.0;
/// Room for 「100.0」 behind a full bar.
const NUMBER_ROOM: f64 = 126.0;
const ROW_GAP: f64 = 30.0;
const SINGLE: f64 = 50.0;
const PAIRED: f64 = 40.0;
const PAIR_GAP: f64 = 4.0;

/// Draws the plot; returns its foot.
pub(super) fn draw(canvas: &mut Canvas, texts: &ChartTexts, bars: &Bars, top: f64) -> f64 {
    let mut top = top;
    if bars.series.len() > 1 {
        let entries: Vec<(String, Color)> =
            bars.series.iter().map(|series| series.name.clone()).zip(LOOKS.map(|look| look.color)).collect();
        top = legend::draw(canvas, &entries, top) + 30.0;
    }
    let labels: Vec<Block> = bars.labels.iter().map(|label| Block::label(label, LABEL, LABEL_WIDTH)).collect();
    let column = labels.iter().map(Block::width).fold(0.0, f64::max);
    let axis = Axis { left: MARGIN + column + LABEL_GAP, right: RIGHT - NUMBER_ROOM };
    let thickness = if bars.series.len() > 1 { PAIRED } else { SINGLE };
    let group = thickness * bars.series.len() as f64 + PAIR_GAP * (bars.series.len() - 1) as f64;
    let heights: Vec<f64> = labels.iter().map(|label| label.height().max(group)).collect();
    let bottom = top + heights.iter().map(|height| height + ROW_GAP).sum::<f64>();

    axis.grid(canvas, top, bottom);
    let mut row_top = top + ROW_GAP / 2.0;
    for (index, (label, height)) in labels.iter().zip(&heights).enumerate() {
        let middle = row_top + height / 2.0;
        label.draw(canvas, MARGIN, middle - label.height() / 2.0, Align::Left);
        let mut bar_top = middle - group / 2.0;
        for (series, look) in bars.series.iter().zip(LOOKS) {
            axis.bar(canvas, series.shares[index], (bar_top, bar_top + thickness), RIGHT, look);
            bar_top += thickness + PAIR_GAP;
        }
        row_top += height + ROW_GAP;
    }
    axis.scale(canvas, top, bottom);
    axis.unit(canvas, texts, bottom);
    bottom + TICKS_HEIGHT
}
