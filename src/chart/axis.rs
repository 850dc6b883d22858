//! The horizontal axis from 0 to 100 per cent, its grid, and the bars measured by it.

use super::canvas::{Align, Canvas};
use super::model::Share;
use super::palette::{AXIS, GRID, QUIET, TICK, ink_on};
use super::style::Color;
use super::style::Style;
use crate::texts::ChartTexts;

/// Room below the plot that the numbers of the axis take.
pub(super) const TICKS_HEIGHT: f64 = 14.0 + TICK.size;
/// Room at the right that 「100」 and 「％」 need beyond the end of the axis.
pub(super) const OVERHANG: f64 = 70.0;
/// Between the end of a bar and its number.
const VALUE_GAP: f64 = 10.0;

/// Between the numbers of the axis.
const TICK_GAP: f64 = 10.0;

/// A scale of percentages between two horizontal positions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    pub left: f64,
    pub right: f64,
}

/// The colour of a bar and how its number is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub color: Color,
    pub number: Style,
}

impl Axis {
    /// The position of a share of `whole` tenths.
    pub fn at(self, tenths: u32, whole: u32) -> f64 {
        self.left + (self.right - self.left) * f64::from(tenths) / f64::from(whole)
    }

    /// Draws the lines that bars stand on.
    pub fn grid(self, canvas: &mut Canvas, top: f64, bottom: f64) {
        for tick in self.ticks().skip(1) {
            let x = self.at(tick, 100);
            canvas.line(vec![(x, top), (x, bottom)], 2.0, GRID);
        }
    }

    /// Draws the line at zero and the numbers below.
    pub fn scale(self, canvas: &mut Canvas, top: f64, bottom: f64) {
        canvas.line(vec![(self.left, top), (self.left, bottom)], 3.0, AXIS);
        let row = bottom + TICKS_HEIGHT - TICK.size;
        for tick in self.ticks() {
            canvas.text(&tick.to_string(), (self.at(tick, 100), row), Align::Center, TICK);
        }
    }

    /// Draws the unit behind the last number of the axis.
    pub fn unit(self, canvas: &mut Canvas, texts: &ChartTexts, bottom: f64) {
        let left = self.right + TICK.width("100") / 2.0 + 4.0;
        canvas.text(texts.percent_sign, (left, bottom + TICKS_HEIGHT - TICK.size), Align::Left, TICK);
    }

    /// Every 20 per cent, or every 50 where the numbers would touch.
    fn ticks(self) -> impl Iterator<Item = u32> {
        let widest = (TICK.width("80") + TICK.width("100")) / 2.0 + TICK_GAP;
        let step = if self.at(20, 100) - self.left < widest { 50 } else { 20 };
        (0..=100).step_by(step)
    }

    /// Draws a bar and its number: behind the end if it fits before `limit`, inside if not.
    pub fn bar(self, canvas: &mut Canvas, share: Share, (top, bottom): (f64, f64), limit: f64, look: Look) {
        let Look { color, number } = look;
        let end = self.at(u32::from(share.tenths()), 1000);
        if end > self.left {
            canvas.rectangle((self.left, top), (end, bottom), color);
        }
        let style = match share {
            Share::Percent(_) => number,
            _ => Style { color: QUIET, ..number },
        };
        let text = share.to_string();
        let row = (top + bottom - style.size) / 2.0;
        if end + VALUE_GAP + style.width(&text) <= limit {
            canvas.backed_text(&text, (end + VALUE_GAP, row), Align::Left, style);
        } else {
            let style = Style { color: ink_on(color), ..style };
            canvas.text(&text, (end - VALUE_GAP, row), Align::Right, style);
        }
    }
}
