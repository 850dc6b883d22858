//! A ring on the sheet: its sectors, the seams between them, the numbers that fit inside.

use std::f64::consts::TAU;

use super::canvas::{Canvas, Point};
use super::palette::{AXIS, VALUE, WHITE};
use super::style::Color;

pub(super) const OUTER: f64 = 250.0;
const INNER: f64 = 96.0;
/// White around a number inside its part.
const PADDING: f64 = 7.0;
const SEAM: f64 = 4.0;
/// One corner of the polygon for each so many tenths of a percent of a turn.
const ARC_STEP: usize = 2;

/// The ring's place on the sheet, and what a full turn stands for.
pub(super) struct Ring {
    pub center: Point,
    pub whole: u32,
}

impl Ring {
    /// The point at `numerator / denominator` tenths of the whole and a distance from the centre.
    fn at(&self, numerator: u32, denominator: u32, radius: f64) -> Point {
        self.toward(f64::from(numerator) / f64::from(denominator * self.whole), radius)
    }

    /// The point in a direction, given in turns clockwise from the top.
    pub fn toward(&self, turn: f64, radius: f64) -> Point {
        let (sine, cosine) = (turn * TAU).sin_cos();
        (self.center.0 + radius * sine, self.center.1 - radius * cosine)
    }

    /// The length of a part of the outer edge.
    fn arc(&self, (begin, end): (u32, u32)) -> f64 {
        f64::from(end - begin) / f64::from(self.whole) * TAU * OUTER
    }

    fn edge(&self, (begin, end): (u32, u32)) -> Vec<Point> {
        let steps = (begin..end).step_by(ARC_STEP).chain([end]);
        let back: Vec<u32> = steps.clone().collect();
        let outer = steps.map(|at| self.at(at, 1, OUTER));
        outer.chain(back.into_iter().rev().map(|at| self.at(at, 1, INNER))).collect()
    }

    pub fn sector(&self, canvas: &mut Canvas, span: (u32, u32), color: Color) {
        canvas.area(self.edge(span), color);
    }

    pub fn outline(&self, canvas: &mut Canvas, span: (u32, u32)) {
        let mut points = self.edge(span);
        if span == (0, self.whole) {
            // A whole ring has an outer and an inner edge and nothing in between.
            let inner = points.split_off(points.len() / 2);
            canvas.line(inner, 2.0, AXIS);
        } else {
            points.extend(points.first().copied());
        }
        canvas.line(points, 2.0, AXIS);
    }

    /// White lines where one of several spans meets the next, thinner than what they part.
    pub fn seams(&self, canvas: &mut Canvas, spans: &[(u32, u32)]) {
        if spans.len() < 2 {
            return;
        }
        let before = spans.iter().cycle().skip(spans.len() - 1);
        for (span, before) in spans.iter().zip(before) {
            let narrower = self.arc(*span).min(self.arc(*before));
            let seam = vec![self.at(span.0, 1, INNER - 2.0), self.at(span.0, 1, OUTER + 2.0)];
            canvas.line(seam, SEAM.min(narrower / 3.0), WHITE);
        }
    }

    /// Where the middle of a number inside a span stands.
    pub fn seat(&self, (begin, end): (u32, u32)) -> Point {
        self.at(begin + end, 2, (OUTER + INNER) / 2.0)
    }

    /// Whether the corners of a number's box stay within the span.
    pub fn holds(&self, number: &str, span: (u32, u32)) -> bool {
        let (begin, end) = span;
        let seat = self.seat(span);
        let (x, y) = (seat.0 - self.center.0, seat.1 - self.center.1);
        let half_width = VALUE.width(number) / 2.0 + PADDING;
        let half_height = VALUE.size / 2.0 + PADDING;
        let half_span = f64::from(end - begin) / f64::from(self.whole) * TAU / 2.0;
        let middle = f64::from(begin + end) / f64::from(2 * self.whole) * TAU;
        [(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)].into_iter().all(|(across, down)| {
            let (x, y) = (x + across * half_width, y + down * half_height);
            let away = (x.atan2(-y) - middle).rem_euclid(TAU);
            (INNER..OUTER).contains(&x.hypot(y)) && away.min(TAU - away) <= half_span
        })
    }
}
