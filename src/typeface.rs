//! The embedded typeface: its characters, their widths, and the places where lines may break.
//!
//! BIZ UDPGothic (SIL Open Font License, see `typeface/fonts/OFL.txt`) is compiled into the program, so that a text
//! is measured, drawn and checked with the same glyphs everywhere. Widths are the plain sums of the font's advances;
//! drawing turns kerning off.

mod breaking;
mod face;
mod kinsoku;
mod legible;

pub use breaking::{break_lines, fill_lines};
pub use face::{bytes, width};
pub use legible::{TypefaceError, compose};

/// The family name that the font files carry.
pub const FAMILY: &str = "BIZ UDPGothic";

/// The two weights there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}
