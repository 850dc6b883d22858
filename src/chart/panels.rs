//! Bar charts side by side with the labels of their rows at the left.

use super::axis::{Axis, Look, OVERHANG, TICKS_HEIGHT};
use super::block::Block;
use super::canvas::{Align, Canvas};
use super::heading::{MARGIN, RIGHT};
use super::model::Panels;
use super::palette::{AXIS, LABEL, NAVY, NOTE, TITLE, VALUE};
use crate::texts::ChartTexts;

const LABEL_GAP: f64 = 24.0;
const PANEL_GAP: f64 = 76.0;
const ROW_GAP: f64 = 32.0;
const THICKNESS: f64 = 52.0;
/// The width reserved for each panel before the labels get the rest.
const PANEL_WIDTH: f64 = 304.0;
const LABEL_WIDTHS: std::ops::RangeInclusive<f64> = 376.0..=600.0;

/// Draws the plot; returns its foot.
pub(super) fn draw(canvas: &mut Canvas, texts: &ChartTexts, panels: &Panels, top: f64) -> f64 {
    let count = panels.panels.len() as f64;
    let wanted = count * (PANEL_WIDTH + PANEL_GAP) - PANEL_GAP + OVERHANG;
    let room = (RIGHT - MARGIN - LABEL_GAP - wanted).clamp(*LABEL_WIDTHS.start(), *LABEL_WIDTHS.end());
    let labels: Vec<Block> = panels.labels.iter().map(|label| Block::label(label, LABEL, room)).collect();
    let column = labels.iter().map(Block::width).fold(0.0, f64::max);
    let left = MARGIN + column + LABEL_GAP;
    let pitch = (RIGHT - OVERHANG - left + PANEL_GAP) / count;
    let axes: Vec<Axis> = (0..panels.panels.len())
        .map(|index| left + pitch * index as f64)
        .map(|left| Axis { left, right: left + pitch - PANEL_GAP })
        .collect();

    let titles: Vec<Block> =
        panels.panels.iter().map(|panel| Block::label(&panel.title, TITLE, pitch - 20.0)).collect();
    let title_height = titles.iter().map(Block::height).fold(0.0, f64::max);
    for (title, axis) in titles.iter().zip(&axes) {
        let middle = (axis.left + axis.right) / 2.0;
        title.draw(canvas, middle, top + title_height - title.height(), Align::Center);
    }
    let top = top + title_height + 20.0;

    let divider =
        panels.divider.as_ref().map(|divider| (divider.before, Block::label(&divider.text, NOTE, RIGHT - MARGIN)));
    let rows = place_rows(&labels, divider.as_ref(), top);
    for axis in &axes {
        for &(from, to) in &rows.stretches {
            axis.grid(canvas, from, to);
        }
    }
    let look = Look { color: NAVY, number: VALUE };
    for (index, (label, middle)) in labels.iter().zip(&rows.middles).enumerate() {
        label.draw(canvas, MARGIN, middle - label.height() / 2.0, Align::Left);
        let span = (middle - THICKNESS / 2.0, middle + THICKNESS / 2.0);
        for (panel, axis) in panels.panels.iter().zip(&axes) {
            axis.bar(canvas, panel.shares[index], span, axis.right + 16.0, look);
        }
    }
    if let (Some((_, text)), Some(divider_top)) = (&divider, rows.divider) {
        text.draw(canvas, MARGIN, divider_top, Align::Left);
    }
    for axis in &axes {
        for (index, &(from, to)) in rows.stretches.iter().enumerate() {
            if index + 1 == rows.stretches.len() {
                axis.scale(canvas, from, to);
            } else {
                canvas.line(vec![(axis.left, from), (axis.left, to)], 3.0, AXIS);
            }
        }
    }
    if let Some(axis) = axes.last() {
        axis.unit(canvas, texts, rows.bottom);
    }
    rows.bottom + TICKS_HEIGHT
}

/// Where the rows stand, and the stretches of the grid that the divider leaves.
struct Rows {
    middles: Vec<f64>,
    stretches: Vec<(f64, f64)>,
    divider: Option<f64>,
    bottom: f64,
}

fn place_rows(labels: &[Block], divider: Option<&(usize, Block)>, top: f64) -> Rows {
    let mut rows = Rows { middles: Vec::new(), stretches: Vec::new(), divider: None, bottom: top };
    let mut stretch_top = top;
    for (index, label) in labels.iter().enumerate() {
        if let Some((_, text)) = divider.filter(|(before, _)| *before == index) {
            if rows.bottom > stretch_top {
                rows.stretches.push((stretch_top, rows.bottom));
            }
            rows.divider = Some(rows.bottom + 20.0);
            rows.bottom += 20.0 + text.height() + 20.0;
            stretch_top = rows.bottom;
        }
        let height = label.height().max(THICKNESS) + ROW_GAP;
        rows.middles.push(rows.bottom + height / 2.0);
        rows.bottom += height;
    }
    rows.stretches.push((stretch_top, rows.bottom));
    rows
}
