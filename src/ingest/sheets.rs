//! From parts to sheets of filled cells, format by format, with the looks of cells where these change the meaning.

pub(super) mod active;
pub(super) mod binary;
pub(super) mod elements;
pub(super) mod legacy;
pub(super) mod looks;
pub(super) mod number_formats;
pub(super) mod opendocument;
pub(super) mod package;
pub(super) mod sheet;
pub(super) mod sheet_parts;
pub(super) mod workbook;
