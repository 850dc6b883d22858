//! How a text looks.

use crate::typeface::{self, Weight};

/// A colour, as red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Color(pub u8, pub u8, pub u8);

/// Size, weight and colour of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    pub size: f64,
    pub weight: Weight,
    pub color: Color,
}

impl Style {
    pub fn width(self, text: &str) -> f64 {
        typeface::width(text, self.weight, self.size)
    }
}
