//! A figure in words, for those who hear it: its title, and every number it shows.

use super::model::{AnswerMode, Body, Chart, Panel, Series, Share};

pub(super) fn title(chart: &Chart) -> String {
    match &chart.heading.reference {
        Some(reference) => format!("{}（{reference}）", chart.heading.title),
        None => chart.heading.title.clone(),
    }
}

pub(super) fn description(chart: &Chart) -> String {
    let heading = &chart.heading;
    let mode = match heading.mode {
        Some(AnswerMode::Single) => "、単一回答",
        Some(AnswerMode::Multiple) => "、複数回答",
        None => "",
    };
    let mark = if chart.confidential { "機密・庁内限り。" } else { "" };
    let (kind, numbers) = match &chart.body {
        Body::Donut(slices) => {
            let numbers = slices.iter().map(|slice| match slice.previous {
                Some(previous) => {
                    format!("{}は{}（前回は{}）", slice.label, spoken(slice.share), spoken(previous))
                }
                None => format!("{}は{}", slice.label, spoken(slice.share)),
            });
            ("円グラフ", numbers.collect())
        }
        Body::Bars(bars) => ("横棒グラフ", by_label(&bars.labels, &bars.series)),
        Body::Stacked(stacked) => {
            let rows = stacked.rows.iter().map(|row| {
                let entries = stacked.legend.iter().map(|entry| entry.label.as_str());
                format!("{}：{}", row.label, listed(entries, &row.shares))
            });
            ("積上げ横棒グラフ", rows.collect())
        }
        Body::Panels(panels) => {
            let divider = panels.divider.as_ref().map(|divider| divider.text.clone());
            let rows = panels.panels.iter().map(|panel| in_panel(&panels.labels, panel));
            ("横棒グラフの並び", rows.chain(divider).collect::<Vec<_>>())
        }
    };
    let lines = std::iter::once(format!("{mark}{}、{}{mode}。{kind}。", heading.sector, heading.year))
        .chain(numbers.into_iter().map(|line| format!("{line}。")))
        .chain([chart.base.clone()])
        .chain(chart.notes.clone())
        .chain([chart.source.clone()]);
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn by_label(labels: &[String], series: &[Series]) -> Vec<String> {
    let row = |(index, label): (usize, &String)| match series {
        [only] => format!("{label}は{}", spoken(only.shares[index])),
        several => {
            let names = several.iter().map(|series| series.name.as_str());
            let shares: Vec<Share> = several.iter().map(|series| series.shares[index]).collect();
            format!("{label}：{}", listed(names, &shares))
        }
    };
    labels.iter().enumerate().map(row).collect()
}

fn in_panel(labels: &[String], panel: &Panel) -> String {
    format!("{}：{}", panel.title, listed(labels.iter().map(String::as_str), &panel.shares))
}

fn listed<'a>(names: impl Iterator<Item = &'a str>, shares: &[Share]) -> String {
    let items: Vec<String> = names.zip(shares).map(|(name, share)| format!("{name}は{}", spoken(*share))).collect();
    items.join("、")
}

/// A share as it is read aloud: a mark alone would be passed over in silence.
fn spoken(share: Share) -> String {
    match share {
        Share::Percent(percent) => format!("{percent}％"),
        Share::Withheld => "秘匿（x）".to_owned(),
        Share::NotAvailable => "数値なし（…）".to_owned(),
        Share::NotApplicable => "該当なし（・）".to_owned(),
        Share::None => "該当数値なし（-）".to_owned(),
    }
}
