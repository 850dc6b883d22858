//! Charts to test with: every figure of the sample, and difficult layouts.

pub mod extremes;
pub mod sample;

use cssa::chart::{AnswerMode, Bars, Body, Chart, Heading, LegendEntry, Row, Series, Share, Slice, Stacked, Tone};
use cssa::tabulate::Percent;
use cssa::texts::Language;

const SOURCE: &str = "（出所）サイバーセキュリティセルフアセスメント（2023事務年度）回収票";

/// A chart and the name of its file.
pub type Named = (String, Chart);

pub fn chart(title: &str, mode: Option<AnswerMode>, body: Body) -> Chart {
    Chart {
        heading: Heading {
            sector: "地域金融機関".to_owned(),
            year: "2023事務年度".to_owned(),
            reference: None,
            title: title.to_owned(),
            mode,
        },
        body,
        base: "（母数）地域金融機関498先".to_owned(),
        notes: Vec::new(),
        source: SOURCE.to_owned(),
        language: Language::Japanese,
        confidential: false,
    }
}

/// A share in tenths of a percent.
pub fn share(tenths: u16) -> Share {
    Share::Percent(Percent::from_tenths(tenths).expect("no more than 100.0 is written here"))
}

pub fn shares<const N: usize>(tenths: [u16; N]) -> Vec<Share> {
    tenths.into_iter().map(share).collect()
}

pub fn slice(label: &str, tone: Tone, share: Share) -> Slice {
    Slice { label: label.to_owned(), tone, share, previous: None }
}

pub fn bars(rows: &[(&str, u16)]) -> Body {
    let series = Series { name: "今回".to_owned(), shares: rows.iter().map(|row| share(row.1)).collect() };
    Body::Bars(Bars { labels: rows.iter().map(|row| row.0.to_owned()).collect(), series: vec![series] })
}

pub fn paired(rows: &[(&str, u16, u16)]) -> Body {
    let series = |name: &str, pick: fn(&(&str, u16, u16)) -> u16| Series {
        name: name.to_owned(),
        shares: rows.iter().map(|row| share(pick(row))).collect(),
    };
    Body::Bars(Bars {
        labels: rows.iter().map(|row| row.0.to_owned()).collect(),
        series: vec![series("今回", |row| row.1), series("前回", |row| row.2)],
    })
}

pub fn stacked(legend: &[(&str, Tone)], rows: &[(&str, Vec<Share>)]) -> Body {
    let entry = |&(label, tone): &(&str, Tone)| LegendEntry { label: label.to_owned(), tone };
    let row = |(label, shares): &(&str, Vec<Share>)| Row { label: (*label).to_owned(), shares: shares.clone() };
    Body::Stacked(Stacked { legend: legend.iter().map(entry).collect(), rows: rows.iter().map(row).collect() })
}
