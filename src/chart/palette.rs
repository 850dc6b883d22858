//! Colours, and the sizes of text that go with them.
//!
//! Levels run from deep to pale blue, the lack of anything is a pale warm tone: the lightness
//! alone tells them apart, in grey print and to colour-blind readers.

use super::model::Tone;
use super::style::{Color, Style};
use crate::typeface::Weight;

pub(super) const INK: Color = Color(0x22, 0x26, 0x2B);
pub(super) const QUIET: Color = Color(0x50, 0x58, 0x60);
pub(super) const NAVY: Color = Color(0x0F, 0x35, 0x63);
pub(super) const SEAL: Color = Color(0x9C, 0x2F, 0x2F);
pub(super) const GRID: Color = Color(0xDD, 0xE1, 0xE6);
pub(super) const AXIS: Color = Color(0x7A, 0x84, 0x8E);
pub(super) const WHITE: Color = Color(0xFF, 0xFF, 0xFF);
/// A remainder that exists but is not assigned to a part.
pub(super) const UNTOLD: Color = Color(0xE8, 0xEB, 0xEE);
/// The year before, beside this year's [`NAVY`].
pub(super) const BEFORE: Color = Color(0xA3, 0xBF, 0xDA);

const STRONGEST: Color = Color(0x14, 0x44, 0x7C);
const WEAKEST: Color = Color(0x93, 0xBB, 0xDD);
const LACKING: Color = Color(0xEE, 0xC9, 0x9B);
const NEUTRAL: Color = Color(0xE0, 0xE4, 0xE8);

/// 32.5 tenths of a millimetre are 9.2 points: nothing is set smaller. All sizes are multiples of
/// 2.5, because plotters rounds what it is given, which is 1.24 times the size it writes.
const fn style(size: f64, weight: Weight, color: Color) -> Style {
    Style { size, weight, color }
}

pub(super) const CAPTION: Style = style(42.5, Weight::Bold, NAVY);
pub(super) const OVERLINE: Style = style(32.5, Weight::Regular, QUIET);
pub(super) const LABEL: Style = style(32.5, Weight::Regular, INK);
pub(super) const TITLE: Style = style(35.0, Weight::Bold, INK);
pub(super) const VALUE: Style = style(35.0, Weight::Bold, INK);
/// The number of the year before, beside this year's [`VALUE`].
pub(super) const VALUE_BEFORE: Style = style(35.0, Weight::Regular, INK);
pub(super) const TICK: Style = style(32.5, Weight::Regular, QUIET);
pub(super) const NOTE: Style = style(32.5, Weight::Regular, QUIET);

/// The colour of a tone where the strongest of `steps` levels is the deepest.
pub(super) fn fill(tone: Tone, steps: u8) -> Color {
    match tone {
        Tone::Lacking => LACKING,
        Tone::Neutral => NEUTRAL,
        // Two levels alone keep to the darker half, which leaves the pale end to the rest.
        Tone::Step(step) => between(STRONGEST, WEAKEST, step, steps.saturating_sub(1).max(2)),
    }
}

/// How many levels a figure has, from the deepest step that occurs in it.
pub(super) fn steps(tones: impl Iterator<Item = Tone>) -> u8 {
    tones.map(|tone| if let Tone::Step(step) = tone { step.saturating_add(1) } else { 0 }).max().unwrap_or(0)
}

fn between(from: Color, to: Color, part: u8, whole: u8) -> Color {
    let channel = |from: u8, to: u8| {
        let (from, to) = (i32::from(from), i32::from(to));
        let mixed = from + (to - from) * i32::from(part.min(whole)) / i32::from(whole);
        u8::try_from(mixed).expect("a mixture lies between two channels")
    };
    Color(channel(from.0, to.0), channel(from.1, to.1), channel(from.2, to.2))
}

/// The text colour that can be read on a background.
pub(super) fn ink_on(Color(red, green, blue): Color) -> Color {
    // Weights of ITU-R BT.601 in thousandths: how light a colour prints in grey.
    let grey = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    if grey < 120_000 { WHITE } else { INK }
}
