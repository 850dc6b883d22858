//! Texts beside a ring, and the lines that lead to them.

use super::block::Block;
use super::canvas::{Align, Canvas};
use super::heading::MARGIN;
use super::palette::AXIS;
use super::ring::{OUTER, Ring};
use super::spread::{Wish, spread};
use super::style::Color;

/// How far a leader line goes straight out before it turns to its label.
pub(super) const STALK: f64 = 24.0;
/// Between the ring and the column of labels.
const CLEARANCE: f64 = 92.0;
/// The coloured bar between a leader line and its text.
const FLAG: f64 = 10.0;
const FLAG_GAP: f64 = 14.0;
const LABEL_GAP: f64 = 34.0;
/// Between the level stretches of two leader lines.
const LEVEL_GAP: f64 = 9.0;

/// A text beside the ring.
pub(super) struct Callout {
    pub block: Block,
    pub color: Color,
    /// The middle of its part in turns, clockwise from the top.
    pub turn: f64,
    /// Whether there is something to lead to: a share of nothing has no part of the ring.
    pub leads: bool,
}

/// The width that texts may take beside a ring in the middle of the sheet.
pub(super) fn column(center: f64) -> f64 {
    center - OUTER - CLEARANCE - FLAG - FLAG_GAP - MARGIN
}

/// The height that the texts of one side need.
pub(super) fn height(callouts: &[Callout]) -> f64 {
    let heights: f64 = callouts.iter().map(|callout| callout.block.height()).sum();
    heights + LABEL_GAP * callouts.len().saturating_sub(1) as f64
}

/// Sets the texts of one side beside the ring; `side` is 1 at the right and -1 at the left.
pub(super) fn draw(canvas: &mut Canvas, ring: &Ring, callouts: &[Callout], side: f64, (top, bottom): (f64, f64)) {
    let wishes: Vec<Wish> = callouts
        .iter()
        .map(|callout| {
            let middle = ring.toward(callout.turn, OUTER + STALK).1;
            Wish { middle, extent: callout.block.height() }
        })
        .collect();
    let levels: Vec<Wish> = wishes.iter().map(|wish| Wish { extent: 0.0, ..*wish }).collect();
    let levels = spread(&levels, LEVEL_GAP, top, bottom);
    let near = ring.center.0 + side * (OUTER + CLEARANCE);
    let middles = spread(&wishes, LABEL_GAP, top, bottom);
    for ((callout, middle), level) in callouts.iter().zip(middles).zip(levels) {
        let half = callout.block.height() / 2.0;
        let text = near + side * (FLAG + FLAG_GAP);
        let left = if side > 0.0 { text } else { text - callout.block.width() };
        callout.block.draw(canvas, left, middle - half, Align::Left);
        let (flag, past) = (near.min(near + side * FLAG), near.max(near + side * FLAG));
        canvas.rectangle((flag, middle - half), (past, middle + half), callout.color);
        if !callout.leads {
            continue;
        }
        // Out of the ring, level past its side, then to the text: such lines cross neither
        // the ring nor each other, because texts stand in the order of their parts.
        let out = (ring.toward(callout.turn, OUTER + STALK).0, level);
        let knee = ring.center.0 + side * (OUTER + STALK + 6.0);
        let edge = ring.toward(callout.turn, OUTER);
        canvas.line(vec![edge, out, (knee, level), (near, middle)], 2.0, AXIS);
    }
}
