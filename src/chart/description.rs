//! A figure in words, for those who hear it: its title, and every number it shows.

use super::model::{AnswerMode, Body, Chart, Panel, Series, Share};
use crate::texts::{ChartTexts, Texts};

pub(super) fn description(chart: &Chart) -> String {
    let heading = &chart.heading;
    let all = chart.language.texts();
    let texts = &all.chart;
    let mode = heading.mode.map(|mode| match mode {
        AnswerMode::Single => texts.single,
        AnswerMode::Multiple => texts.multiple,
    });
    let (kind, numbers) = match &chart.body {
        Body::Donut(slices) => {
            let numbers = slices.iter().map(|slice| match slice.previous {
                Some(previous) => {
                    (texts.spoken_with_previous)(&slice.label, &spoken(texts, slice.share), &spoken(texts, previous))
                }
                None => (texts.spoken)(&slice.label, &spoken(texts, slice.share)),
            });
            (texts.donut, numbers.collect())
        }
        Body::Bars(bars) => (texts.bars, by_label(all, &bars.labels, &bars.series)),
        Body::Stacked(stacked) => {
            let rows = stacked.rows.iter().map(|row| {
                let entries = stacked.legend.iter().map(|entry| entry.label.as_str());
                (texts.spoken_row)(&row.label, &listed(all, entries, &row.shares))
            });
            (texts.stacked, rows.collect())
        }
        Body::Panels(panels) => {
            let divider = panels.divider.as_ref().map(|divider| divider.text.clone());
            let rows = panels.panels.iter().map(|panel| in_panel(all, &panels.labels, panel));
            (texts.panels, rows.chain(divider).collect::<Vec<_>>())
        }
    };
    let lines = std::iter::once((texts.described)(chart.confidential, &heading.sector, &heading.year, mode, kind))
        .chain(numbers.into_iter().map(|line| (texts.sentence)(&line)))
        .chain([chart.base.clone()])
        .chain(chart.notes.clone())
        .chain([chart.source.clone()]);
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn by_label(all: &Texts, labels: &[String], series: &[Series]) -> Vec<String> {
    let texts = &all.chart;
    let row = |(index, label): (usize, &String)| match series {
        [only] => (texts.spoken)(label, &spoken(texts, only.shares[index])),
        several => {
            let names = several.iter().map(|series| series.name.as_str());
            let shares: Vec<Share> = several.iter().map(|series| series.shares[index]).collect();
            (texts.spoken_row)(label, &listed(all, names, &shares))
        }
    };
    labels.iter().enumerate().map(row).collect()
}

fn in_panel(all: &Texts, labels: &[String], panel: &Panel) -> String {
    let list = listed(all, labels.iter().map(String::as_str), &panel.shares);
    (all.chart.spoken_row)(&panel.title, &list)
}

fn listed<'a>(all: &Texts, names: impl Iterator<Item = &'a str>, shares: &[Share]) -> String {
    let texts = &all.chart;
    let items = names.zip(shares).map(|(name, share)| (texts.spoken)(name, &spoken(texts, *share)));
    items.collect::<Vec<_>>().join(all.punctuation.comma)
}

/// A share as it is read aloud: a mark alone would be passed over in silence.
fn spoken(texts: &ChartTexts, share: Share) -> String {
    match share {
        Share::Percent(percent) => (texts.percent)(&percent.to_string()),
        Share::Withheld => texts.spoken_withheld.to_owned(),
        Share::NotAvailable => texts.spoken_not_available.to_owned(),
        Share::NotApplicable => texts.spoken_not_applicable.to_owned(),
        Share::None => texts.spoken_none.to_owned(),
    }
}
