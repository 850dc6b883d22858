//! Difficult layouts: long labels, many bars, slivers, marks in place of numbers.

use cssa::chart::{AnswerMode, Bars, Body, Chart, Divider, Panel, Panels, Series, Share, Tone};

use super::{Named, bars, chart, paired, share, shares, slice, stacked};

/// 80 characters without a bracket or comma to break at.
const LONG: &str = "サイバーセキュリティ対策の実効性向上に向けた取り組みを経営層の関与のもとで着実に進めるとともに外部委託先を含めた管理態勢の整備状況を定期的に検証し改善している先の割合";
const STEPS: [Tone; 6] = [Tone::Step(0), Tone::Step(1), Tone::Step(2), Tone::Step(3), Tone::Neutral, Tone::Lacking];

pub fn all() -> Vec<Named> {
    let charts = [
        ("donut_slivers", donut(&[998, 2, 0, 0, 0, 0].map(share))),
        ("donut_small_neighbours", donut(&[390, 526, 2, 60, 20, 2].map(share))),
        ("donut_all_zero", donut(&[share(0); 4])),
        ("donut_whole", donut(&[share(1000)])),
        ("donut_withheld", donut(&[share(390), Share::Withheld, share(241), Share::Withheld])),
        ("donut_all_withheld", donut(&[Share::Withheld; 3])),
        ("donut_marks", donut(&[share(800), Share::None, share(200), Share::NotApplicable])),
        ("donut_not_available", donut(&[Share::NotAvailable; 3])),
        ("donut_long_labels", long_donut()),
        ("bars_fourteen", fourteen()),
        ("bars_long_labels", bars(&[(LONG, 1000), (LONG, 5), (LONG, 0)])),
        ("bars_one", bars(&[("実施している", 500)])),
        ("bars_marks", marks()),
        ("bars_paired_extremes", paired(&[("すべて", 1000, 0), ("なし", 0, 1000), (LONG, 999, 1)])),
        ("stacked_partial", partial()),
        ("stacked_slivers", slivers()),
        ("stacked_withheld", withheld()),
        ("panels_one", one_panel()),
        ("panels_four", four_panels()),
        ("panels_marks", marked_panels()),
    ];
    let mut named: Vec<Named> =
        charts.into_iter().map(|(name, body)| (name.to_owned(), confidential(name, body))).collect();
    named.push(("heading_long".to_owned(), long_heading()));
    named
}

fn confidential(title: &str, body: Body) -> Chart {
    let mut chart = chart(title, Some(AnswerMode::Single), body);
    chart.confidential = true;
    chart
}

fn donut(shares: &[Share]) -> Body {
    let labels = [
        "複数年度の計画を策定している",
        "単年度の計画を策定している",
        "策定を予定している",
        "策定を検討している（時期は未定）",
        "いずれでもない",
        "策定する予定はない",
    ];
    let parts = labels.into_iter().zip(STEPS).zip(shares);
    Body::Donut(parts.map(|((label, tone), &share)| slice(label, tone, share)).collect())
}

fn long_donut() -> Body {
    let tenths = [250, 150, 100, 200, 50, 250];
    let mut slices: Vec<_> =
        STEPS.into_iter().zip(tenths).map(|(tone, tenths)| slice(LONG, tone, share(tenths))).collect();
    for slice in &mut slices {
        slice.previous = Some(Share::Withheld);
    }
    Body::Donut(slices)
}

fn fourteen() -> Body {
    let labels: Vec<String> = (1..=14).map(|number| format!("項目{number}の対策を実施している")).collect();
    let rows: Vec<(&str, u16)> = labels.iter().map(String::as_str).zip((0..14).map(|row| 1000 - 73 * row)).collect();
    bars(&rows)
}

fn marks() -> Body {
    let series = |name: &str, shares: [Share; 5]| Series { name: name.to_owned(), shares: shares.to_vec() };
    Body::Bars(Bars {
        labels: ["秘匿", "不詳", "該当しない", "該当なし", "数値"].map(str::to_owned).to_vec(),
        series: vec![
            series("今回", [Share::Withheld, Share::NotAvailable, Share::NotApplicable, Share::None, share(333)]),
            series("前回", [share(412), Share::Withheld, share(0), share(1000), Share::NotAvailable]),
        ],
    })
}

const FREQUENCIES: [(&str, Tone); 3] = [
    ("2回以上実施している", Tone::Step(0)),
    ("1回実施し、次回の実施を予定している", Tone::Step(1)),
    ("1回実施し、次回の実施予定はない", Tone::Step(2)),
];

fn partial() -> Body {
    stacked(
        &FREQUENCIES,
        &[
            ("ペネトレーションテスト", shares([462, 122, 18])),
            ("いずれもなし", shares([0, 0, 0])),
            ("", shares([500, 300, 200])),
        ],
    )
}

fn slivers() -> Body {
    let legend = ["強い", "やや強い", "普通", "やや弱い", "いずれでもない", "なし"];
    let legend: Vec<(&str, Tone)> = legend.into_iter().zip(STEPS).collect();
    stacked(
        &legend,
        &[
            ("端に寄る", shares([2, 3, 1, 990, 2, 2])),
            (LONG, shares([0, 0, 998, 0, 2, 0])),
            ("すべて", shares([1000, 0, 0, 0, 0, 0])),
            ("丸めで超える", shares([167, 167, 167, 167, 167, 167])),
        ],
    )
}

fn withheld() -> Body {
    stacked(
        &FREQUENCIES,
        &[
            ("一部秘匿", vec![share(700), Share::Withheld, Share::Withheld]),
            ("間の秘匿", vec![Share::Withheld, share(510), Share::Withheld]),
            ("僅かな秘匿", vec![share(995), Share::Withheld, Share::Withheld]),
            ("すべて秘匿", vec![Share::Withheld; 3]),
            ("数値なし", vec![Share::NotAvailable; 3]),
            ("該当なし", vec![Share::NotApplicable, Share::None, share(1000)]),
        ],
    )
}

/// Three panels of six rows, with a divider below the first.
pub fn contingency() -> Panels {
    let panel = |title: &str, tenths: [u16; 6]| Panel { title: title.to_owned(), shares: shares(tenths) };
    let labels = [
        "攻撃別のコンティンジェンシープランがある",
        "これまでに攻撃別の訓練・演習を実施している",
        "プランに外部委託先への攻撃を想定した対応が含まれている",
        "目標復旧時間を設定している",
        "外部委託先がプランの訓練・演習に参加している",
        "いずれも実施していない",
    ];
    Panels {
        labels: labels.map(str::to_owned).to_vec(),
        panels: vec![
            panel("Webサイトの改ざん", [950, 837, 427, 336, 180, 100]),
            panel("DDoS攻撃", [948, 860, 439, 339, 163, 5]),
            panel("ランサムウェア攻撃", [926, 855, 373, 336, 215, 0]),
        ],
        divider: Some(Divider { before: 1, text: "以下、プランがある先を対象に集計".to_owned() }),
    }
}

fn one_panel() -> Body {
    let mut panels = contingency();
    panels.panels.truncate(1);
    Body::Panels(panels)
}

fn four_panels() -> Body {
    let mut panels = contingency();
    let title = "サプライチェーンを経由した攻撃".to_owned();
    panels.panels.push(Panel { title, shares: shares([1000, 0, 1, 999, 500, 750]) });
    panels.divider = None;
    Body::Panels(panels)
}

fn marked_panels() -> Body {
    let panel = |title: &str, shares: [Share; 3]| Panel { title: title.to_owned(), shares: shares.to_vec() };
    Body::Panels(Panels {
        labels: ["プランがある", LONG, "目標復旧時間を設定している"].map(str::to_owned).to_vec(),
        panels: vec![
            panel("Webサイトの改ざん", [share(1000), Share::Withheld, share(0)]),
            panel("DDoS攻撃", [Share::NotAvailable, Share::NotApplicable, Share::None]),
        ],
        divider: None,
    })
}

fn long_heading() -> Chart {
    let mut chart = confidential(LONG, bars(&[("実施している", 500)]));
    chart.heading.sector = LONG.to_owned();
    chart.heading.reference = Some("図表2".to_owned());
    chart.base = format!("（母数）{LONG}498先");
    chart.notes = vec![format!("（注１）{LONG}。{LONG}。"), "（注２）短い注。".to_owned()];
    chart
}
