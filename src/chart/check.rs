//! Checks of a chart before it is drawn: its parts fit together and its texts can be set.

use super::model::{Body, Chart, Share};
use super::partition::partition;
use crate::typeface::{TypefaceError, compose};

/// A chart that cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChartError {
    #[error("figure 「{title}」")]
    Text { title: String, source: TypefaceError },
    #[error("figure 「{title}」: no {what}, at least one is needed")]
    Empty { title: String, what: &'static str },
    #[error("figure 「{title}」: {found} series of bars, one or two can be drawn")]
    SeriesCount { title: String, found: usize },
    #[error("figure 「{title}」: 「{of}」 has {found} shares, {expected} expected")]
    Length { title: String, of: String, expected: usize, found: usize },
    #[error("figure 「{title}」: the shares of 「{of}」 exceed 100.0％; parts of a whole are single choices")]
    Overfull { title: String, of: String },
    #[error("figure 「{title}」: the divider stands before row {before} of {rows}")]
    Divider { title: String, before: usize, rows: usize },
}

/// The chart with its texts composed, if it can be drawn.
pub(super) fn checked(chart: &Chart) -> Result<Chart, ChartError> {
    let title = chart.heading.title.clone();
    check_shape(&title, &chart.body)?;
    let mut chart = chart.clone();
    let Chart { heading, body, base, notes, source, .. } = &mut chart;
    let mut texts = vec![("title", &mut heading.title), ("sector", &mut heading.sector), ("year", &mut heading.year)];
    texts.extend(heading.reference.as_mut().map(|reference| ("number in print", reference)));
    texts.extend([("base", base), ("source", source)]);
    texts.extend(notes.iter_mut().map(|note| ("note", note)));
    texts.extend(body_texts(body));
    for (place, text) in texts {
        *text = compose(text, place).map_err(|source| ChartError::Text { title: title.clone(), source })?;
    }
    Ok(chart)
}

fn body_texts(body: &mut Body) -> Vec<(&'static str, &mut String)> {
    match body {
        Body::Donut(slices) => slices.iter_mut().map(|slice| ("option", &mut slice.label)).collect(),
        Body::Bars(bars) => {
            let names = bars.series.iter_mut().map(|series| ("name of a series", &mut series.name));
            bars.labels.iter_mut().map(|label| ("label", label)).chain(names).collect()
        }
        Body::Stacked(stacked) => {
            let labels = stacked.rows.iter_mut().map(|row| ("label", &mut row.label));
            stacked.legend.iter_mut().map(|entry| ("legend", &mut entry.label)).chain(labels).collect()
        }
        Body::Panels(panels) => {
            let titles = panels.panels.iter_mut().map(|panel| ("title of a panel", &mut panel.title));
            let divider = panels.divider.iter_mut().map(|divider| ("divider", &mut divider.text));
            panels.labels.iter_mut().map(|label| ("label", label)).chain(titles).chain(divider).collect()
        }
    }
}

fn check_shape(title: &str, body: &Body) -> Result<(), ChartError> {
    let check = Shape { title };
    match body {
        Body::Donut(slices) => {
            check.some(slices.len(), "slices")?;
            let shares: Vec<Share> = slices.iter().map(|slice| slice.share).collect();
            check.whole(title, &shares)
        }
        Body::Bars(bars) => {
            check.some(bars.labels.len(), "labels")?;
            if !(1..=2).contains(&bars.series.len()) {
                return Err(ChartError::SeriesCount { title: title.to_owned(), found: bars.series.len() });
            }
            bars.series.iter().try_for_each(|series| check.length(&series.name, bars.labels.len(), series.shares.len()))
        }
        Body::Stacked(stacked) => {
            check.some(stacked.legend.len(), "legend")?;
            check.some(stacked.rows.len(), "rows")?;
            stacked.rows.iter().try_for_each(|row| {
                check.length(&row.label, stacked.legend.len(), row.shares.len())?;
                check.whole(&row.label, &row.shares)
            })
        }
        Body::Panels(panels) => {
            check.some(panels.labels.len(), "labels")?;
            check.some(panels.panels.len(), "panels")?;
            let rows = panels.labels.len();
            if let Some(divider) = panels.divider.as_ref().filter(|divider| divider.before >= rows) {
                let before = divider.before;
                return Err(ChartError::Divider { title: title.to_owned(), before, rows });
            }
            panels.panels.iter().try_for_each(|panel| check.length(&panel.title, rows, panel.shares.len()))
        }
    }
}

/// The conditions on a body, each of which names the chart when it does not hold.
struct Shape<'a> {
    title: &'a str,
}

impl Shape<'_> {
    fn some(&self, count: usize, what: &'static str) -> Result<(), ChartError> {
        if count > 0 {
            return Ok(());
        }
        Err(ChartError::Empty { title: self.title.to_owned(), what })
    }

    fn length(&self, of: &str, expected: usize, found: usize) -> Result<(), ChartError> {
        if expected == found {
            return Ok(());
        }
        Err(ChartError::Length { title: self.title.to_owned(), of: of.to_owned(), expected, found })
    }

    fn whole(&self, of: &str, shares: &[Share]) -> Result<(), ChartError> {
        if partition(shares).is_some() {
            return Ok(());
        }
        Err(ChartError::Overfull { title: self.title.to_owned(), of: of.to_owned() })
    }
}
