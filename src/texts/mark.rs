//! The marks of Japanese official statistics in the place of a number, the same in every language.

/// Withheld.
pub const WITHHELD: &str = "x";
/// None.
pub const NONE: &str = "-";
/// Not available: asked, and nobody answered.
pub const NOT_AVAILABLE: &str = "…";
/// Not applicable: nobody was asked, or there is nothing to compare with.
pub const NOT_APPLICABLE: &str = "・";
