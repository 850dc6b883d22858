//! Figures in the style of the publications: a [`Chart`] becomes an SVG, an SVG becomes a PNG.
//!
//! A chart is laid out in tenths of a millimetre on a picture 160 mm wide. The layout
//! (`heading`, the body's own file, `footing`) records marks and text boxes on a [`canvas`];
//! only there plotters writes them down. The same chart always gives the same bytes.

mod axis;
mod bars;
mod block;
mod callout;
mod canvas;
mod check;
mod compose;
mod description;
mod donut;
mod footing;
mod heading;
mod legend;
mod model;
mod palette;
mod panels;
mod partition;
mod png;
mod ring;
mod spread;
mod stacked;
mod style;

pub use canvas::{Picture, TextBox};
pub use check::ChartError;
pub use compose::{Composed, compose};
pub use model::{
    AnswerMode, Bars, Body, Chart, Divider, Heading, LegendEntry, Panel, Panels, Row, Series, Share, Slice, Stacked,
    Tone,
};
pub use partition::{Partition, partition};
pub use png::{PngError, png};

use canvas::Canvas;

/// Draws a chart and tells where its texts stand.
///
/// # Errors
/// A chart that does not fit together, or a text with a character that cannot be set.
pub fn draw(chart: &Chart) -> Result<Picture, ChartError> {
    let chart = check::checked(chart)?;
    let texts = chart.texts();
    let mut canvas = Canvas::new();
    let top = heading::draw(&mut canvas, &chart);
    let bottom = match &chart.body {
        Body::Donut(slices) => donut::draw(&mut canvas, texts, slices, top),
        Body::Bars(bars) => bars::draw(&mut canvas, texts, bars, top),
        Body::Stacked(stacked) => stacked::draw(&mut canvas, texts, stacked, top),
        Body::Panels(panels) => panels::draw(&mut canvas, texts, panels, top),
    };
    let height = footing::draw(&mut canvas, &chart, bottom);
    Ok(canvas.finish(height, &chart.title(), &description::description(&chart)))
}

/// Draws a chart as a stand-alone SVG document.
///
/// # Errors
/// As [`draw`].
pub fn svg(chart: &Chart) -> Result<String, ChartError> {
    draw(chart).map(|picture| picture.svg)
}
