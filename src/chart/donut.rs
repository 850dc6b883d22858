//! A ring of parts, each named beside it at the end of a leader line.

use super::block::Block;
use super::callout::{self, Callout, STALK};
use super::canvas::{Align, Canvas, WIDTH};
use super::model::{Share, Slice};
use super::palette::{AXIS, LABEL, QUIET, UNTOLD, VALUE, WHITE, fill, ink_on, steps};
use super::partition::{Partition, partition};
use super::ring::{OUTER, Ring};
use super::style::Color;
use super::style::Style;
use crate::texts::ChartTexts;

/// A part of the ring: where it stands and what is said about it.
struct Part<'a> {
    slice: &'a Slice,
    /// Begin and end in tenths of the whole; withheld parts share what is left.
    span: (u32, u32),
    color: Color,
    inside: bool,
}

/// Draws the plot; returns its foot.
pub(super) fn draw(canvas: &mut Canvas, texts: &ChartTexts, slices: &[Slice], top: f64) -> f64 {
    let shares: Vec<Share> = slices.iter().map(|slice| slice.share).collect();
    let parted = partition(&shares).expect("slices over 100 per cent were refused before");
    let parts = parts(texts, slices, &parted);
    let center = WIDTH / 2.0;
    let (right, left) = callouts(texts, &parts, &parted, callout::column(center));
    let height = [&right, &left].into_iter().map(|side| callout::height(side)).fold(2.0 * (OUTER + STALK), f64::max);
    let ring = Ring { center: (center, top + height / 2.0), whole: parted.whole };

    let mut spans = Vec::new();
    for part in parts.iter().filter(|part| part.is_drawn()) {
        ring.sector(canvas, part.span, part.color);
        spans.push(part.span);
    }
    if let Some(rest) = parted.rest {
        let withheld = shares.contains(&Share::Withheld);
        ring.sector(canvas, rest, if withheld { UNTOLD } else { WHITE });
        ring.outline(canvas, rest);
        spans.push(rest);
    }
    ring.seams(canvas, &spans);
    for part in parts.iter().filter(|part| part.inside) {
        let (x, y) = ring.seat(part.span);
        let style = Style { color: ink_on(part.color), ..VALUE };
        let text = part.slice.share.with_unit(texts);
        canvas.text(&text, (x, y - style.size / 2.0), Align::Center, style);
    }
    callout::draw(canvas, &ring, &right, 1.0, (top, top + height));
    callout::draw(canvas, &ring, &left, -1.0, (top, top + height));
    top + height
}

impl Part<'_> {
    fn is_drawn(&self) -> bool {
        self.slice.share.tenths() > 0
    }
}

fn parts<'a>(texts: &ChartTexts, slices: &'a [Slice], parted: &Partition) -> Vec<Part<'a>> {
    // Whether a number fits depends on the shape of the ring, not on its place.
    let ring = Ring { center: (0.0, 0.0), whole: parted.whole };
    let steps = steps(slices.iter().map(|slice| slice.tone));
    slices
        .iter()
        .zip(&parted.parts)
        .map(|(slice, &own)| {
            let span = match (slice.share, parted.rest) {
                (Share::Withheld, Some(rest)) => rest,
                _ => own,
            };
            let mut part = Part { slice, span, color: fill(slice.tone, steps), inside: false };
            part.inside = part.is_drawn() && ring.holds(&slice.share.with_unit(texts), span);
            part
        })
        .collect()
}

/// The texts at the right and at the left of the ring, each from the top.
fn callouts(texts: &ChartTexts, parts: &[Part<'_>], parted: &Partition, column: f64) -> (Vec<Callout>, Vec<Callout>) {
    let (mut right, mut left) = (Vec::new(), Vec::new());
    for part in parts {
        let mut block = Block::new();
        if !part.inside {
            block.push(&part.slice.share.with_unit(texts), VALUE, column);
        }
        block.push(&part.slice.label, LABEL, column);
        if let Some(previous) = part.slice.previous {
            block.push(&(texts.previous)(&previous.with_unit(texts)), Style { color: QUIET, ..LABEL }, column);
        }
        let doubled = part.span.0 + part.span.1;
        let turn = f64::from(doubled) / f64::from(2 * parted.whole);
        let color = if part.slice.share == Share::Withheld { AXIS } else { part.color };
        let side = if doubled <= parted.whole { &mut right } else { &mut left };
        side.push(Callout { block, color, turn, leads: part.span.1 > part.span.0 });
    }
    // Withheld parts stand where the rest is, which need not be their place in the order.
    right.sort_by(|one, other| one.turn.total_cmp(&other.turn));
    left.sort_by(|one, other| one.turn.total_cmp(&other.turn));
    left.reverse();
    (right, left)
}
