//! The footing below the plot: base, notes, the marks used, source.

use super::block::hang;
use super::canvas::Canvas;
use super::heading::{MARGIN, RIGHT};
use super::model::{Body, Chart, Share};
use super::palette::{GRID, NOTE};

/// Draws the footing; returns the height of the picture.
pub(super) fn draw(canvas: &mut Canvas, chart: &Chart, bottom: f64) -> f64 {
    let rule = bottom + 34.0;
    canvas.line(vec![(MARGIN, rule), (RIGHT, rule)], 2.0, GRID);
    let mut top = rule + 20.0;
    let legend = marks_legend(chart);
    let lines = std::iter::once(&chart.base).chain(&chart.notes).chain(&legend).chain([&chart.source]);
    for line in lines.filter(|line| !line.is_empty()) {
        let (mark, text) = split_mark(line, chart.texts().brackets);
        top = hang(canvas, mark, text, (MARGIN, top), NOTE, RIGHT - MARGIN);
    }
    top + 24.0
}

/// 「（注）」 or 「（母数）」 at the head of a line, under whose end its later lines stand.
fn split_mark(line: &str, [opening, closing]: [char; 2]) -> (&str, &str) {
    // A longer bracket is not a heading but part of the sentence.
    const LONGEST: usize = 6;
    let end = line.char_indices().take(LONGEST).find(|(_, character)| *character == closing);
    match end {
        Some((at, bracket)) if line.starts_with(opening) => line.split_at(at + bracket.len_utf8()),
        _ => ("", line),
    }
}

/// A line that explains the marks that stand in place of percentages, if any do.
fn marks_legend(chart: &Chart) -> Option<String> {
    let texts = chart.texts();
    let shares = shares(&chart.body);
    let meanings: Vec<String> = [
        (Share::Withheld, texts.withheld),
        (Share::NotAvailable, texts.not_available),
        (Share::NotApplicable, texts.not_applicable),
        (Share::None, texts.none),
    ]
    .into_iter()
    .filter(|(mark, _)| shares.contains(mark))
    .map(|(mark, meaning)| (texts.mark)(&mark.to_string(), meaning))
    .collect();
    (!meanings.is_empty()).then(|| (texts.marks)(&meanings.join(chart.language.texts().punctuation.comma)))
}

fn shares(body: &Body) -> Vec<Share> {
    match body {
        Body::Donut(slices) => {
            slices.iter().flat_map(|slice| std::iter::once(slice.share).chain(slice.previous)).collect()
        }
        Body::Bars(bars) => bars.series.iter().flat_map(|series| series.shares.clone()).collect(),
        Body::Stacked(stacked) => stacked.rows.iter().flat_map(|row| row.shares.clone()).collect(),
        Body::Panels(panels) => panels.panels.iter().flat_map(|panel| panel.shares.clone()).collect(),
    }
}
