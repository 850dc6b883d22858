//! The form in a workbook: its cover, its labels and where each question stands.

pub(super) mod blocks;
pub(super) mod cover;
pub(super) mod examples;
pub(super) mod labelled;
