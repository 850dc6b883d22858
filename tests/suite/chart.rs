//! Charts as drawn: nothing collides, nothing varies, every number is said and seen.

use cssa::chart::{Body, ChartError, Divider, Picture, Share, TextBox, draw, partition, png, svg};
use cssa::tabulate::Percent;
use cssa::typeface::{Weight, width};

use crate::support::gallery::{self, Named, bars, chart, share, shares, slice, stacked};

fn all() -> Vec<Named> {
    gallery::sample::all().into_iter().chain(gallery::extremes::all()).collect()
}

fn drawn((name, chart): &Named) -> Picture {
    draw(chart).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn overlap(one: &TextBox, other: &TextBox) -> bool {
    let apart = one.right <= other.left || other.right <= one.left;
    !apart && one.top < other.bottom && other.top < one.bottom
}

#[test]
fn texts_stand_inside_the_picture_and_apart() {
    for named in all() {
        let picture = drawn(&named);
        for (index, text) in picture.texts.iter().enumerate() {
            let inside = text.left >= 0.0 && text.top >= 0.0;
            assert!(inside && text.right <= picture.width && text.bottom <= picture.height, "{}: {text:?}", named.0);
            for other in &picture.texts[index + 1..] {
                assert!(!overlap(text, other), "{}: {text:?} and {other:?}", named.0);
            }
        }
    }
}

#[test]
fn no_text_is_below_nine_points() {
    // 1600 units are 160 mm; a point is 25.4 / 72 mm.
    let nine_points = 9.0 * 254.0 / 72.0;
    for named in all() {
        for text in drawn(&named).texts {
            assert!(text.bottom - text.top >= nine_points, "{}: {text:?}", named.0);
        }
    }
}

/// A size that plotters rounds would be drawn otherwise than it is measured.
#[test]
fn texts_are_drawn_in_the_size_they_are_measured_in() {
    for named in all() {
        let picture = drawn(&named);
        let written = picture.svg.split("font-size=\"").skip(1);
        let sizes = written.map(|rest| rest.split('"').next().and_then(|size| size.parse::<f64>().ok()));
        // The SVG is ten times finer inside.
        let measured = picture.texts.iter().map(|text| Some((text.bottom - text.top) * 10.0));
        for (size, measured) in sizes.zip(measured) {
            let difference = size.zip(measured).map(|(size, measured)| (size - measured).abs());
            assert!(difference.is_some_and(|difference| difference < 1e-6), "{}: {size:?}", named.0);
        }
        assert_eq!(picture.svg.matches("<text ").count(), picture.texts.len(), "{}", named.0);
    }
}

#[test]
fn a_chart_is_drawn_alike_every_time() {
    for named in all() {
        assert_eq!(drawn(&named), drawn(&named), "{}", named.0);
    }
    let first = svg(&all()[0].1).expect("the first figure can be drawn");
    assert_eq!(png(&first).expect("it can be rendered"), png(&first).expect("twice"));
}

#[test]
fn the_description_says_every_number() {
    for named in all() {
        let picture = drawn(&named);
        let start = picture.svg.find("<desc>").expect("there is a description");
        let end = picture.svg.find("</desc>").expect("it ends");
        let description = &picture.svg[start..end];
        for number in numbers(&named.1.body) {
            assert!(description.contains(&number.to_string()), "{}: {number}", named.0);
        }
        assert!(picture.svg.contains("lang=\"ja\"") && picture.svg.contains("<title>"), "{}", named.0);
    }
}

fn numbers(body: &Body) -> Vec<Percent> {
    let shares: Vec<Share> = match body {
        Body::Donut(slices) => slices.iter().flat_map(|slice| [Some(slice.share), slice.previous]).flatten().collect(),
        Body::Bars(bars) => bars.series.iter().flat_map(|series| series.shares.clone()).collect(),
        Body::Stacked(stacked) => stacked.rows.iter().flat_map(|row| row.shares.clone()).collect(),
        Body::Panels(panels) => panels.panels.iter().flat_map(|panel| panel.shares.clone()).collect(),
    };
    let percents = shares.into_iter().filter_map(|share| match share {
        Share::Percent(percent) => Some(percent),
        _ => None,
    });
    percents.collect()
}

#[test]
fn every_number_of_a_figure_is_printed() {
    for named in all() {
        let picture = drawn(&named);
        for number in numbers(&named.1.body) {
            let number = number.to_string();
            assert!(picture.texts.iter().any(|text| text.text.contains(&number)), "{}: {number}", named.0);
        }
    }
}

#[test]
fn every_number_is_printed_as_it_is_counted() {
    for tenths in 0..=1000 {
        let percent = Percent::from_tenths(tenths).expect("no more than a whole");
        assert_eq!(percent.to_string(), format!("{}.{}", tenths / 10, tenths % 10));
    }
    assert_eq!(Percent::from_tenths(1001), None);
    // 41.566…, 0.05 exactly (half up), and the largest share that is not all of them.
    for (count, base, printed) in [(207, 498, "41.6"), (1, 2000, "0.1"), (497, 498, "99.8")] {
        assert_eq!(Percent::of(count, base).map(|percent| percent.to_string()).as_deref(), Some(printed));
    }
    assert_eq!(Percent::of(0, 0), None);
    assert_eq!(Percent::of(2, 1), None);
}

#[test]
fn the_parts_of_a_ring_are_the_whole_ring() {
    let mark = Share::Withheld;
    for given in [
        shares([390, 526, 60, 24]),
        shares([416, 430, 155]),
        shares([337, 363, 299]),
        shares([0, 0, 0]),
        vec![share(390), mark, share(241), mark],
        vec![share(1000)],
    ] {
        let partition = partition(&given).expect("these are no more than a whole");
        let mut end = 0;
        for &(from, to) in partition.parts.iter().chain(&partition.rest) {
            assert_eq!(from, end, "{given:?}");
            end = to;
        }
        assert_eq!(end, partition.whole, "{given:?}");
    }
    // Rounding adds up to 100.1, which fills the ring; 60.2 does not.
    assert_eq!(partition(&shares([416, 430, 155])).map(|parts| parts.whole), Some(1001));
    assert_eq!(partition(&shares([462, 122, 18])).and_then(|parts| parts.rest), Some((602, 1000)));
    assert_eq!(partition(&shares([600, 600])), None);
}

#[test]
fn texts_are_drawn_as_wide_as_they_are_measured() {
    for (text, weight) in [
        ("AVATAR Yo. Toyota 1.1", Weight::Regular),
        ("サイバーセキュリティの確保・「外部委託」（トップ）、", Weight::Regular),
        ("AVATAR To. 11.7％ クラウドサービス", Weight::Bold),
    ] {
        let (measured, drawn) = (width(text, weight, 40.0), drawn_width(text, weight));
        assert!((drawn - measured).abs() < 1.5, "{text}: {measured} measured, {drawn} drawn");
    }
}

#[test]
fn ligatures_are_drawn_no_wider_than_their_letters() {
    for text in ["fi", "fl", "ffi", "ffl", "certified traffic"] {
        let (measured, drawn) = (width(text, Weight::Regular, 40.0), drawn_width(text, Weight::Regular));
        assert!(drawn < measured + 1.5, "{text}: {measured} measured, {drawn} drawn");
    }
}

/// The width of a text at 40 pixels as rendered, to the pixel.
fn drawn_width(text: &str, weight: Weight) -> f64 {
    let weight = if weight == Weight::Bold { "bold" } else { "normal" };
    let ink = |text: &str| {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1600\" height=\"60\" font-kerning=\"none\">\
             <text x=\"1500\" y=\"40\" text-anchor=\"end\" font-family=\"BIZ UDPGothic\" font-size=\"40\" \
             font-weight=\"{weight}\">{text}</text></svg>"
        );
        first_ink(&png(&svg).expect("it can be rendered"))
    };
    // Right-aligned, a first stroke moves left by exactly the width of the text that follows it.
    ink("H") - ink(&format!("H{text}"))
}

/// The leftmost column of pixels that is not empty.
fn first_ink(png: &[u8]) -> f64 {
    let pixels = resvg::tiny_skia::Pixmap::decode_png(png).expect("our own picture");
    let width = pixels.width() as usize;
    let ink = pixels.pixels().iter().enumerate().filter(|(_, pixel)| pixel.alpha() > 127);
    let column = ink.map(|(index, _)| index % width).min().expect("something is drawn");
    f64::from(u32::try_from(column).expect("pictures are small"))
}

#[test]
fn charts_that_do_not_fit_together_are_refused() {
    let refused = |body: Body| draw(&chart("題名", None, body)).expect_err("this chart is not sound");
    assert!(matches!(refused(Body::Donut(Vec::new())), ChartError::Empty { .. }));
    assert!(matches!(refused(bars(&[])), ChartError::Empty { .. }));

    let tone = cssa::chart::Tone::Lacking;
    let twice = vec![slice("甲", tone, share(700)), slice("乙", tone, share(700))];
    assert!(matches!(refused(Body::Donut(twice)), ChartError::Overfull { .. }));
    let short = stacked(&[("甲", tone), ("乙", tone)], &[("行", shares([500]))]);
    assert!(matches!(refused(short), ChartError::Length { expected: 2, found: 1, .. }));

    let mut panels = gallery::extremes::contingency();
    panels.divider = Some(Divider { before: 6, text: "以下".to_owned() });
    assert!(matches!(refused(Body::Panels(panels)), ChartError::Divider { before: 6, rows: 6, .. }));

    let Body::Bars(mut none) = bars(&[("項目", 1)]) else { unreachable!("bars are bars") };
    none.series.clear();
    assert!(matches!(refused(Body::Bars(none)), ChartError::SeriesCount { found: 0, .. }));
}

#[test]
fn a_character_that_cannot_be_set_is_refused_wherever_it_stands() {
    let sound = chart("題名", None, bars(&[("項目", 1)]));
    let change: [fn(&mut cssa::chart::Chart); 6] = [
        |chart| chart.heading.title.push('☑'),
        |chart| chart.heading.sector.push('☑'),
        |chart| chart.base.push('☑'),
        |chart| chart.source.push('☑'),
        |chart| chart.notes.push("☑".to_owned()),
        |chart| {
            if let Body::Bars(bars) = &mut chart.body {
                bars.labels[0].push('☑');
            }
        },
    ];
    assert!(draw(&sound).is_ok());
    for change in change {
        let mut chart = sound.clone();
        change(&mut chart);
        assert!(matches!(draw(&chart), Err(ChartError::Text { .. })), "{chart:?}");
    }
}

#[test]
fn confidential_pictures_say_so() {
    let mut chart = chart("題名", None, bars(&[("項目", 1)]));
    assert!(!svg(&chart).expect("sound").contains("機密"));
    chart.confidential = true;
    let picture = draw(&chart).expect("sound");
    assert!(picture.texts.iter().any(|text| text.text == "機密・庁内限り"));
}
